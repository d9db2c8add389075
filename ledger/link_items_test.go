package ledger

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/export"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/review"
)

// copied are the reports of bazaar and a copy of its first by another outlet.
func copied() []*input.Item {
	list := bazaar()
	a := list[0].Article
	a.ID, a.Outlet, a.Title, a.Text = "", "خبرگزاری مهر", "یازده کشته در انفجار بازار بعقوبه", "به گزارش ایرنا، "+a.Text
	return append(list, item("bazaar-copy.json", sanad.Article{Outlet: a.Outlet, Published: a.Published, Title: a.Title, Text: a.Text}))
}

// rowsOf reads CSV by its columns.
func rowsOf(t *testing.T, b *bytes.Buffer) []map[string]string {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, c := range lines[0] {
			row[c] = l[i]
		}
		out = append(out, row)
	}
	return out
}

// TestIncidentItems: what a ledger links comes out as one row an incident, with
// independent origins, the sources named, and a person's grade; relays as rows.
func TestIncidentItems(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		for _, err := range l.IncidentItems(ctx, IncidentFilter{}) {
			t.Errorf("an empty ledger has an incident, or %v", err)
		}
		for _, err := range l.RelayItems(ctx, Filter{}) {
			t.Errorf("an empty ledger has a link, or %v", err)
		}
		ids := add(t, l, copied()...)
		linkIncidents(t, l, false)
		ged := func(f IncidentFilter) []map[string]string {
			var b bytes.Buffer
			if err := export.WriteIncidents(&b, "ged", l.IncidentItems(ctx, f), export.Options{}); err != nil {
				t.Fatal(err)
			}
			return rowsOf(t, &b)
		}
		rows := ged(IncidentFilter{})
		if len(rows) != 2 { // of the arrest nobody died, and the threat is none
			t.Fatalf("%d rows: %v", len(rows), rows)
		}
		day := IncidentFilter{From: "2009-03-10", To: "2009-03-10"}
		market := ged(day)
		if len(market) != 1 {
			t.Fatalf("of one day: %v", market)
		}
		x := with(t, l, ids[0].ID, ids[1].ID)
		r := market[0]
		for column, want := range map[string]string{"id": x.ID, "number_of_sources": fmt.Sprint(x.Origins), "low": "11", "high": "17", "date_start": "2009-03-10", "where_coordinates": "Baqubah"} {
			if strings.TrimPrefix(r[column], "'") != want {
				t.Errorf("%s is %q, want %q", column, r[column], want)
			}
		}
		if n := strings.Count(r["source_article"], "; ") + 1; n != 4 || x.Origins >= 4 {
			t.Errorf("%d articles of %d origins: %s", n, x.Origins, r["source_article"])
		}
		if !strings.HasPrefix(r["source_article"], "IRNA, 2009-03-11") {
			t.Errorf("not the earliest first: %s", r["source_article"])
		}
		var b bytes.Buffer
		if err := export.Write(&b, "ged", l.Items(ctx, Filter{}), export.Options{}); err != nil {
			t.Fatal(err)
		}
		told := 0
		for _, e := range rowsOf(t, &b) {
			if strings.TrimPrefix(e["relid"], "'") == x.ID {
				told++
				if e["number_of_sources"] != fmt.Sprint(x.Origins) {
					t.Errorf("%s: %s sources", e["id"], e["number_of_sources"])
				}
			}
		}
		if told < 3 {
			t.Errorf("%d rows of events belong to the incident", told)
		}

		if _, err := l.DecideIncident(ctx, linker(), OnIncident{Author: "mina", Action: review.Grade, Incident: x.ID, Grade: "discounted", Seen: Anyway}); err != nil {
			t.Fatal(err)
		}
		if rows := ged(day); len(rows) != 0 {
			t.Errorf("what a person discounts has a row: %v", rows)
		}

		b.Reset()
		if err := export.WriteRelays(&b, "csv", l.RelayItems(ctx, Filter{}), export.Options{}); err != nil {
			t.Fatal(err)
		}
		found := false
		for _, r := range rowsOf(t, &b) {
			if strings.TrimPrefix(r["from_report"], "'") == ids[0].ID && strings.TrimPrefix(r["to_report"], "'") == ids[6].ID {
				found = r["from_outlet"] == "IRNA" && r["to_outlet"] == "Mehr News Agency" && r["direct"] == "true" && r["reason"] != "" && r["words"] != "0"
			}
		}
		if !found {
			t.Errorf("no row of the copy: %s", b.String())
		}
		n := 0
		for range l.RelayItems(ctx, Filter{Outlet: []string{"mehr"}}) {
			n++
		}
		all := 0
		for _, err := range l.RelayItems(ctx, Filter{}) {
			if all++; err != nil {
				t.Fatal(err)
			}
		}
		if n > all {
			t.Errorf("%d links of one outlet, %d of all", n, all)
		}
		for range l.IncidentItems(ctx, IncidentFilter{}) {
			break // the ledger is free again
		}
		linkIncidents(t, l, true)

		stopped, cancel := context.WithCancel(ctx)
		cancel()
		for _, err := range l.IncidentItems(stopped, IncidentFilter{}) {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled: %v", err)
			}
		}
		for _, err := range l.IncidentItems(ctx, IncidentFilter{From: "soon"}) {
			if err == nil {
				t.Error("a day that is none chooses incidents")
			}
		}
	})
}
