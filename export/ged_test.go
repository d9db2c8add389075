package export

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-project/sanad/record"
)

// UCDP GED's columns, typed from its codebook's list and not from the code.
const gedOrder = "id, relid, year, active_year, code_status, type_of_violence, conflict_dset_id, conflict_new_id, conflict_name, dyad_dset_id, " +
	"dyad_new_id, dyad_name, side_a_dset_id, side_a_new_id, side_a, side_b_dset_id, side_b_new_id, side_b, number_of_sources, source_article, " +
	"source_office, source_date, source_headline, source_original, where_prec, where_coordinates, where_description, adm_1, adm_2, latitude, " +
	"longitude, geom_wkt, priogrid_gid, country, country_id, region, event_clarity, date_prec, date_start, date_end, deaths_a, deaths_b, " +
	"deaths_civilians, deaths_unknown, best, high, low, gwnoa, gwnob"

func TestGEDColumns(t *testing.T) {
	main, _ := written(t, "ged", nil, Options{})
	columns, _ := tableOf(t, main)
	if d := cmp.Diff(strings.Split(gedOrder, ", "), columns); d != "" || len(columns) != 49 {
		t.Errorf("%d columns:\n%s", len(columns), d)
	}
}

func TestGEDGolden(t *testing.T) {
	main, side := written(t, "ged", items(t), Options{})
	golden(t, "ged.csv", main)
	golden(t, "ged.sidecar.jsonl", side)
}

func TestGEDDates(t *testing.T) {
	for _, c := range []struct{ value, status, want string }{
		{"2007-04-15", "happened", "2007-04-15 2007-04-15 1 2007"},
		{"2007-04-15TNI", "happened", "2007-04-15 2007-04-15 1 2007"},
		{"2007-04-15~", "happened", "2007-04-15 2007-04-15 2 2007"},
		{"2007-04-13/2007-04-15", "happened", "2007-04-13 2007-04-15 2 2007"},
		{"2007-04-09/2007-04-15", "happened", "2007-04-09 2007-04-15 3 2007"},
		{"2007-04", "happened", "2007-04-01 2007-04-30 4 2007"},
		{"2007", "happened", "2007-01-01 2007-12-31 5 2007"},
		{"2006-12-30/2007-01-02", "happened", "2006-12-30 2007-01-02 2 "},
		{"2005/2007", "happened", "2005-01-01 2007-12-31  "},
		{"2007-04-13/..", "happened", "2007-04-13 2007-04-16 2 2007"}, // published on the 16th
		{"2007-05-13/..", "happened", "2007-05-13   "},                // a start after publication: no end can be concluded
		{"2007-04-13/..", "future", "2007-04-13   "},
		{"PAST_REF", "happened", "   "},
		{"XXXX-jal-12-16", "happened", "   "},
	} {
		published := "2007-04-16"
		v := newView(&Item{Record: &record.Record{Document: record.Document{Published: &published}}})
		row := map[string]any{}
		v.gedDate(&record.Event{Status: c.status, Date: &record.DateRef{Value: c.value}}, row)
		if got := strings.Join([]string{cell(row["date_start"]), cell(row["date_end"]), cell(row["date_prec"]), cell(row["year"])}, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.value, got, c.want)
		}
	}
}

func TestGEDLethalOnly(t *testing.T) {
	for _, opt := range []Options{{}, {Unrealised: true}} {
		main, _ := written(t, "ged", items(t), opt)
		_, rows := tableOf(t, main)
		for _, r := range rows {
			if r["best"] == "" && r["high"] == "" || r["best"] == "0" {
				t.Errorf("%s: nobody died", r["id"])
			}
		}
	}
	few, _ := written(t, "ged", items(t), Options{})
	all, _ := written(t, "ged", items(t), Options{All: true})
	if strings.Count(all, "\n") <= strings.Count(few, "\n") {
		t.Error("--all gives no more")
	}
}

// TestOrigin: source_original is who the account comes from, source_office who
// published it.
func TestOrigin(t *testing.T) {
	main, _ := written(t, "ged", items(t), Options{})
	_, rows := tableOf(t, main)
	got := map[string]string{}
	for _, r := range rows {
		got[r["id"]] = r["source_original"] + " | " + r["source_office"]
	}
	for id, want := range map[string]string{
		"chain-e2":   "سخنگوی پلیس استان دیاله | IRNA",
		"hedges-e1":  "منبع پزشکی | Fars News Agency",
		"hedges-e3":  "Al Jazeera | Fars News Agency",
		"hostile-e1": " | Fars News Agency",
	} {
		if got[id] != want {
			t.Errorf("%s: %q, want %q", id, got[id], want)
		}
	}
	// No speaker is named: the innermost link of the chain.
	v := newView(&Item{Record: &record.Record{Entities: []record.Entity{{ID: "afp", NameEn: "AFP"}, {ID: "reuters", NameEn: "Reuters"}}}})
	if o := v.origin(&record.Statement{Via: []record.Ref{{Entity: "afp"}, {Entity: "reuters"}}}); o != "Reuters" {
		t.Errorf("origin %q", o)
	}
}
