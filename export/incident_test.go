package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/lexicon"
)

var relink = flag.Bool("relink", false, "link the reports of testdata/incident-reports.jsonl anew")

// incidentReports reads testdata/incident-reports.jsonl, whose reports are invented.
var incidentReports = sync.OnceValues(func() (list []*Item, err error) {
	err = eachLine("incident-reports.jsonl", func(line []byte) error {
		var a sanad.Article
		if err := json.Unmarshal(line, &a); err != nil {
			return err
		}
		rec, err := sanad.Read(a)
		list = append(list, &Item{ID: a.ID, Title: a.Title, OutletName: a.Outlet, URL: a.URL, Record: rec})
		return err
	})
	return list, err
})

func eachLine(name string, do func([]byte) error) error {
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	for sc.Buffer(nil, 1<<24); sc.Scan(); {
		if err := do(sc.Bytes()); err != nil {
			return err
		}
	}
	return sc.Err()
}

// linkReports links them: what testdata/linked.jsonl holds, as linking was when
// that was written. The first five have one text and one origin.
func linkReports(t testing.TB) []incident.Linked {
	list, err := incidentReports()
	if err != nil {
		t.Fatal(err)
	}
	lex, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	var docs []incident.Doc
	for _, it := range list {
		d := incident.Doc{ID: it.ID, Outlet: it.OutletName, Published: str(it.Record.Document.Published), Record: it.Record}
		if it.ID <= "b5" {
			d.Origin = "b1"
		}
		docs = append(docs, d)
	}
	return incident.All(lex, docs, nil)
}

func itemOfIncident(in *incident.Linked) (*IncidentItem, error) {
	list, err := incidentReports()
	var own []*Item
	for _, it := range list {
		if slices.ContainsFunc(in.Accounts(), func(r incident.Ref) bool { return r.Report == it.ID }) {
			own = append(own, it)
		}
	}
	return &IncidentItem{Linked: in, Items: stream(own)}, err
}

// readIncidents reads testdata/linked.jsonl: incidents as a ledger keeps them.
var readIncidents = sync.OnceValues(func() (out []*IncidentItem, err error) {
	err = eachLine("linked.jsonl", func(line []byte) error {
		in := new(incident.Linked)
		if err := json.Unmarshal(line, in); err != nil {
			return err
		}
		x, err := itemOfIncident(in)
		out = append(out, x)
		return err
	})
	return out, err
})

func incidentItems(t testing.TB) []*IncidentItem {
	t.Helper()
	list, err := readIncidents()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func incidentStream(list []*IncidentItem) IncidentItems {
	return func(yield func(*IncidentItem, error) bool) {
		for _, x := range list {
			if !yield(x, nil) {
				return
			}
		}
	}
}

func writtenIncidents(t testing.TB, format string, list []*IncidentItem, opt Options) (main, side string) {
	t.Helper()
	var a, b bytes.Buffer
	if f, err := find(format); err != nil {
		t.Fatal(err)
	} else if f.Sidecar {
		opt.Sidecar = &b
	}
	if err := WriteIncidents(&a, format, incidentStream(list), opt); err != nil {
		t.Fatal(err)
	}
	return a.String(), b.String()
}

// TestRelink writes testdata/linked.jsonl anew with -relink, and else holds
// only that linking of now can be exported.
func TestRelink(t *testing.T) {
	var b bytes.Buffer
	var list []*IncidentItem
	for _, in := range linkReports(t) {
		if err := lines(&b).Encode(in); err != nil {
			t.Fatal(err)
		}
		x, err := itemOfIncident(&in)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, x)
	}
	if *relink {
		if err := os.WriteFile(filepath.Join("testdata", "linked.jsonl"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	main, _ := writtenIncidents(t, "ged", list, Options{})
	if _, rows := tableOf(t, main); len(rows) == 0 {
		t.Error("no incident of those that linking finds has a row")
	}
}

// incidentOf returns the row whose sources hold the words.
func incidentOf(t testing.TB, rows []map[string]string, column, words string) map[string]string {
	t.Helper()
	var found map[string]string
	for _, r := range rows {
		if strings.Contains(r[column], words) {
			if found != nil {
				t.Fatalf("two rows have %q in %s", words, column)
			}
			found = r
		}
	}
	return found
}

func TestIncidentsGolden(t *testing.T) {
	for _, format := range Has(Incidents) {
		if format == "xlsx" || format == "parquet" {
			continue // no text
		}
		main, side := writtenIncidents(t, format, incidentItems(t), Options{})
		golden(t, "incidents."+format, main)
		if side != "" {
			golden(t, "incidents."+format+".sidecar", side)
		}
	}
}

// TestIncidentRows: one row an incident, whoever copied it; only what happened;
// on whose word; what is contradicted, and nothing chosen between equal sides.
func TestIncidentRows(t *testing.T) {
	list := incidentItems(t)
	main, _ := writtenIncidents(t, "ged", list, Options{})
	_, rows := tableOf(t, main)
	bomb := incidentOf(t, rows, "source_article", "example.org/b1")
	for column, want := range map[string]string{"number_of_sources": "2", "best": "11", "low": "11", "high": "17", "date_start": "2012-05-14",
		"date_end": "2012-05-14", "date_prec": "1", "where_prec": "1", "where_coordinates": "Baqubah", "source_original": "",
		"source_office": "IRNA; Fars News Agency; Mehr News Agency; Tasnim; ISNA; Euronews",
		"source_date":   "2012-05-14; 2012-05-14; 2012-05-14; 2012-05-14; 2012-05-14; 2012-05-15", "code_status": "check killed", "side_b": ""} {
		if bomb[column] != want {
			t.Errorf("six reports of one bomb: %s is %q, want %q", column, bomb[column], want)
		}
	}
	if post := incidentOf(t, rows, "source_article", "example.org/d1"); post["deaths_a"] != "2" || post["deaths_unknown"] != "3" || post["best"] != "5" || post["side_b"] == "دو نفر از مهاجمان" {
		t.Errorf("the post: deaths_a %s, deaths_unknown %s, best %s, side_b %s", post["deaths_a"], post["deaths_unknown"], post["best"], post["side_b"])
	}
	if own := incidentOf(t, rows, "source_article", "example.org/c1"); own["source_original"] != "Turkish Armed Forces" {
		t.Errorf("told by a party: %q", own["source_original"])
	}
	for _, format := range []string{"acled", "ged", "geojson"} {
		main, _ := writtenIncidents(t, format, list, Options{})
		for words, want := range map[string]bool{"رمادی": false, "کتائب": false, "Ramadi": false} {
			if strings.Contains(main, words) != want {
				t.Errorf("%s: what was taken back, or only threatened, has a row (%s)", format, words)
			}
		}
		main, _ = writtenIncidents(t, format, list, Options{Unrealised: true})
		if !strings.Contains(main, "Ramadi") || strings.Contains(main, "کتائب") {
			t.Errorf("%s, unrealised: what was taken back is missing, or a threat is there", format)
		}
	}
	main, _ = writtenIncidents(t, "acled", list, Options{Unrealised: true})
	_, rows = tableOf(t, main)
	for words, want := range map[string]string{
		"Turkish":    "Rests on one party's word: Turkish Armed Forces (a party to the event).",
		"Jaish":      "Responsibility claimed by Jaish al-Adl, as published by BBC Persian",
		"CONTRADICT": "",
		"TAKEN BACK": "Suggested grade: discounted",
	} {
		for _, r := range rows {
			if strings.Contains(r["notes"], words) && !strings.Contains(r["notes"], want) {
				t.Errorf("%s: %s", words, r["notes"])
			}
		}
	}
	if r := incidentOf(t, rows, "location", "Ramadi"); !strings.Contains(r["tags"], "status=discounted") {
		t.Errorf("taken back: tags %q", r["tags"])
	}
	main, _ = writtenIncidents(t, "csv", list, Options{})
	if _, rows := tableOf(t, main); len(rows) != len(list) {
		t.Errorf("csv: %d rows of %d incidents", len(rows), len(list))
	}
}

// TestGraded: a person's grade counts, not the suggested one.
func TestGraded(t *testing.T) {
	x := *incidentItems(t)[0]
	x.Grade, x.GradeBy = incident.Discounted, "mina"
	if main, _ := writtenIncidents(t, "ged", []*IncidentItem{&x}, Options{}); strings.Count(main, "\n") != 1 {
		t.Errorf("what a person discounts has a row: %s", main)
	}
	main, _ := writtenIncidents(t, "acled", []*IncidentItem{&x}, Options{Unrealised: true})
	if !strings.Contains(main, "Graded discounted by mina.") {
		t.Error(main)
	}
	main, _ = writtenIncidents(t, "jsonl", []*IncidentItem{&x}, Options{})
	if !strings.Contains(main, `"grade":{"grade":"discounted","by":"mina"}`) {
		t.Error(main)
	}
}

func value(v string, origins int, low, high *int64) incident.Value {
	return incident.Value{Value: v, Origins: origins, Low: low, High: high}
}

// TestSettled: of sides that contradict each other the one of more independent
// origins; of equal ones none.
func TestSettled(t *testing.T) {
	a, b, c := value("a", 3, nil, nil), value("b", 3, nil, nil), value("c", 1, nil, nil)
	for _, x := range []struct {
		list, rivals []incident.Value
		want         string
	}{
		{nil, nil, ""}, {[]incident.Value{c, a}, nil, "c"}, {[]incident.Value{a, b}, []incident.Value{a, b}, ""},
		{[]incident.Value{c}, []incident.Value{c, a}, "a"}, {nil, []incident.Value{value("not a", 5, nil, nil), a}, ""},
	} {
		got := ""
		if v := settled(x.list, x.rivals); v != nil {
			got = v.Value
		}
		if got != x.want {
			t.Errorf("%v against %v: %q, want %q", x.list, x.rivals, got, x.want)
		}
	}
}

// TestToll: a bound that the accounts leave open is no figure.
func TestToll(t *testing.T) {
	n := func(i int64) *int64 { return &i }
	for _, c := range []struct {
		values []incident.Value
		r      incident.Range
		want   string // low best high
	}{
		{[]incident.Value{value("3", 2, n(3), n(3)), value("11", 1, n(11), n(11))}, incident.Range{Low: 3, Best: 3, High: 11}, "3 3 11"},
		{[]incident.Value{value("at least 20", 1, n(20), nil)}, incident.Range{Low: 20, Best: 20, High: 20}, "20 20 -"},
		{[]incident.Value{value("at least 20", 1, n(20), nil), value("24", 1, n(24), n(24))}, incident.Range{Low: 20, Best: 24, High: 24}, "20 24 24"},
		{[]incident.Value{value("at most 30", 1, nil, n(30))}, incident.Range{Low: 30, Best: 30, High: 30}, "- - 30"},
		{[]incident.Value{value("5 to 8", 1, n(5), n(8))}, incident.Range{Low: 5, Best: 5, High: 8}, "5 5 8"},
	} {
		c.r.Field = incident.Killed
		s := &story{IncidentItem: &IncidentItem{Linked: &incident.Linked{Table: incident.Table{Values: map[string][]incident.Value{incident.Killed: c.values}, Ranges: []incident.Range{c.r}}}}}
		f := s.toll(incident.Killed, "")
		if got := show(f.low) + " " + show(f.best) + " " + show(f.high); got != c.want {
			t.Errorf("%+v: %s, want %s", c.r, got, c.want)
		}
	}
}

// TestIncidentDays: accounts that contradict each other leave all days from the
// first to the last possible.
func TestIncidentDays(t *testing.T) {
	a, b := value("2015-12-02", 6, nil, nil), value("2015-12-04", 2, nil, nil)
	for _, c := range []struct {
		values, sides []incident.Value
		want          string
	}{
		{nil, nil, ""}, {[]incident.Value{a, b}, nil, "2015-12-02"}, {[]incident.Value{a, b}, []incident.Value{a, b}, "2015-12-02/2015-12-04"},
		{[]incident.Value{value("2015-11-29/2015-12-05", 1, nil, nil)}, nil, "2015-11-29/2015-12-05"}, {[]incident.Value{value("no day", 1, nil, nil)}, nil, ""},
	} {
		in := &incident.Linked{Table: incident.Table{Values: map[string][]incident.Value{incident.Date: c.values}}}
		if c.sides != nil {
			in.Table.Contradictions = []incident.Contradiction{{Field: incident.Date, Sides: c.sides}}
		}
		if got := (&story{IncidentItem: &IncidentItem{Linked: in}}).days(); got != c.want {
			t.Errorf("%v: %q, want %q", c.values, got, c.want)
		}
	}
}

// TestIncidentMemory: twenty thousand incidents, and one of twenty thousand
// reports, take no more memory than ten thousand do.
func TestIncidentMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 20,000 incidents in each format")
	}
	list := incidentItems(t)
	for _, format := range Has(Incidents) {
		var heap []uint64
		err := WriteIncidents(io.Discard, format, func(yield func(*IncidentItem, error) bool) {
			for i := range 20_000 {
				if i%2000 == 1999 {
					heap = append(heap, live())
				}
				if !yield(list[i%len(list)], nil) {
					return
				}
			}
		}, Options{})
		if err != nil || len(heap) != 10 {
			t.Fatalf("%s: %v, %d samples", format, err, len(heap))
		}
		if first, then := slices.Max(heap[:5]), slices.Max(heap[5:]); then > first+(4<<20) {
			t.Errorf("%s: %d bytes at most among the first 10,000, %d later: it grows: %v", format, first, then, heap)
		}
	}
}

// TestIncidentErrors: an error of the incidents or of the reports of one ends an
// export, a full disk too, and a format without incidents says which have them.
func TestIncidentErrors(t *testing.T) {
	list := incidentItems(t)
	broken, full := errors.New("incident 7 is damaged"), errors.New("disk full")
	long := func(yield func(*IncidentItem, error) bool) {
		for range 500 {
			for _, x := range list {
				if !yield(x, nil) {
					return
				}
			}
		}
	}
	for _, format := range Has(Incidents) {
		for name, items := range map[string]IncidentItems{
			"incidents": func(yield func(*IncidentItem, error) bool) { _ = yield(list[0], nil) && yield(nil, broken) },
			"reports":   incidentStream([]*IncidentItem{{Linked: list[0].Linked, Items: func(yield func(*Item, error) bool) { yield(nil, broken) }}}),
		} {
			if err := WriteIncidents(io.Discard, format, items, Options{}); !errors.Is(err, broken) || !strings.Contains(err.Error(), format) {
				t.Errorf("%s, %s: %v", format, name, err)
			}
		}
		if err := WriteIncidents(failing{full}, format, long, Options{}); !errors.Is(err, full) {
			t.Errorf("%s: a full disk gave %v", format, err)
		}
		if err := WriteIncidents(io.Discard, format, incidentStream(nil), Options{}); err != nil {
			t.Errorf("%s: nothing gave %v", format, err)
		}
		// An incident without reports, members or a table is no panic.
		if err := WriteIncidents(io.Discard, format, incidentStream([]*IncidentItem{{Linked: &incident.Linked{}}}), Options{All: true, Unrealised: true}); err != nil {
			t.Errorf("%s: an empty incident gave %v", format, err)
		}
	}
	if err := WriteIncidents(io.Discard, "plover", incidentStream(nil), Options{}); err == nil || !strings.Contains(err.Error(), "there are acled, ged") {
		t.Error(err)
	}
	if err := WriteRelays(io.Discard, "acled", nil, Options{}); err == nil || !strings.Contains(err.Error(), "there are csv, xlsx") {
		t.Error(err)
	}
}

// TestIncidentParquet reads the rows back.
func TestIncidentParquet(t *testing.T) {
	main, _ := writtenIncidents(t, "parquet", incidentItems(t), Options{})
	rows, err := parquet.Read[incidentRow](strings.NewReader(main), int64(len(main)))
	if err != nil || len(rows) != len(incidentItems(t)) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	plain, _ := writtenIncidents(t, "csv", incidentItems(t), Options{})
	columns, cells := tableOf(t, plain)
	var typed []string
	for _, path := range parquet.SchemaOf(incidentRow{}).Columns() {
		typed = append(typed, path[0])
	}
	if d := cmp.Diff(columns, typed); d != "" {
		t.Errorf("the columns differ: %s", d)
	}
	for i, r := range rows {
		if c := cells[i]; strings.TrimPrefix(c["incident"], "'") != r.Incident || c["origins"] != strconv.Itoa(int(r.Origins)) || c["killed_best"] != strings.Trim(show(r.KilledBest), "-") || c["outlets"] != strings.Join(r.Outlets, " | ") {
			t.Errorf("%+v\n%v", r, c)
		}
	}
}

// relayList are two links, one of them with all that may be missing.
func relayList() []*RelayItem {
	lag := int64(5400)
	return []*RelayItem{
		{From: LinkedReport{"r1", "IRNA", "2012-05-14", "=انفجار", "https://example.org/1"}, To: LinkedReport{"r2", "ایسنا", "2012-05-14", "", ""},
			Direct: true, How: "copy", Words: 41, Confidence: 0.97, Lag: &lag, Reasons: []string{"41 words in a row", "names IRNA"}},
		{From: LinkedReport{Report: "r2"}, To: LinkedReport{Report: "r3"}, Common: true, How: "edited", Source: "رویترز", SourceEn: "Reuters", Confidence: 0.5},
	}
}

func relayStream(list []*RelayItem) RelayItems {
	return func(yield func(*RelayItem, error) bool) {
		for _, x := range list {
			if !yield(x, nil) {
				return
			}
		}
	}
}

func TestRelays(t *testing.T) {
	for _, format := range Has(Relays) {
		var b bytes.Buffer
		if err := WriteRelays(&b, format, relayStream(relayList()), Options{}); err != nil {
			t.Fatal(err)
		}
		switch format {
		case "csv", "jsonl":
			golden(t, "relays."+format, b.String())
		case "parquet":
			rows, err := parquet.Read[relayRow](bytes.NewReader(b.Bytes()), int64(b.Len()))
			if err != nil || len(rows) != 2 || *rows[0].LagSeconds != 5400 || *rows[1].Source != "Reuters" || rows[1].LagSeconds != nil {
				t.Errorf("%+v, %v", rows, err)
			}
		}
		broken := errors.New("link 3 is damaged")
		if err := WriteRelays(io.Discard, format, func(yield func(*RelayItem, error) bool) { yield(nil, broken) }, Options{}); !errors.Is(err, broken) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// FuzzIncidents: whatever stands in an incident's JSON, no export panics, and
// each row of ged counts one source at least.
func FuzzIncidents(f *testing.F) {
	if err := eachLine("linked.jsonl", func(line []byte) error { f.Add(slices.Clone(line)); return nil }); err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"members":[{"report":"b1","events":["e1","e99"]}],"where":{"name":"x","country":"??"},"table":{"values":{"killed":[{"value":"","low":-5}],"date":[{"value":"2012-13-45/.."}]},"ranges":[{"field":"killed","low":-5,"best":-5,"high":9223372036854775807}],"contradictions":[{"field":"place","sides":[{},{}]}]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		in := new(incident.Linked)
		if json.Unmarshal(b, in) != nil {
			return
		}
		x, err := itemOfIncident(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range Has(Incidents) {
			if format == "xlsx" || format == "parquet" {
				continue // their rows are those of csv
			}
			main, _ := writtenIncidents(t, format, []*IncidentItem{x}, Options{Unrealised: true, All: true})
			if format != "ged" {
				continue
			}
			if _, rows := tableOf(t, main); len(rows) > 0 {
				if n, err := strconv.Atoi(rows[0]["number_of_sources"]); err != nil || n < 1 {
					t.Errorf("%s sources", rows[0]["number_of_sources"])
				}
			}
		}
	})
}
