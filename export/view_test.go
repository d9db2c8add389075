package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

// readItems reads testdata/reports.jsonl, whose reports are invented, once.
var readItems = sync.OnceValues(func() ([]*Item, error) {
	f, err := os.Open(filepath.Join("testdata", "reports.jsonl"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []*Item
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var a sanad.Article
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			return nil, err
		}
		rec, err := sanad.Read(a)
		if err != nil {
			return nil, err
		}
		out = append(out, &Item{ID: a.ID, Title: a.Title, OutletName: a.Outlet, URL: a.URL, Record: rec, Hash: "hash-of-" + a.ID,
			Reader: "test", Lexicon: "lexicon", Added: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)})
	}
	out[0].Review = &review.Reviewed{Record: out[0].Record, State: "in review", Findings: []review.Finding{{
		Target: review.Target{Kind: review.Event, ID: "e2"}, Verdict: review.Corrected,
		Fields: []review.Field{{Name: "mode", Machine: []byte(`null`), Human: []byte(`"explosives"`)}},
		By:     []review.Decision{{Author: "mina", At: time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC), Action: review.Correct, Hash: "abc"}},
	}}}
	out[0].Told = map[string]Telling{"e2": {Incident: "incident-1", Origins: 3, Reports: 12}}
	return out, nil
})

func items(t testing.TB) []*Item {
	t.Helper()
	list, err := readItems()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func stream(list []*Item) Items {
	return func(yield func(*Item, error) bool) {
		for _, it := range list {
			if !yield(it, nil) {
				return
			}
		}
	}
}

// written returns what Write writes, and its sidecar where the format has one.
func written(t testing.TB, format string, list []*Item, opt Options) (main, side string) {
	t.Helper()
	var a, b bytes.Buffer
	if f, err := find(format); err != nil {
		t.Fatal(err)
	} else if f.Sidecar {
		opt.Sidecar = &b
	}
	if err := Write(&a, format, stream(list), opt); err != nil {
		t.Fatal(err)
	}
	return a.String(), b.String()
}

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", file, d)
	}
}

func num(min, max int64, hedge string) *record.Number {
	n := &record.Number{Hedge: hedge, Unit: "killed"}
	if min >= 0 {
		n.Min = &min
	}
	if max >= 0 {
		n.Max = &max
	}
	return n
}

func show(p *int64) string {
	if p == nil {
		return "-"
	}
	return fmt.Sprint(*p)
}

func TestFigures(t *testing.T) {
	for _, c := range []struct {
		n                       *record.Number
		best, low, high, amount string
		lethal                  bool
	}{
		{num(3, 3, "exact"), "3", "3", "3", "3", true},
		{num(3, -1, "at_least"), "3", "3", "-", "at least 3", true},
		{num(160, -1, "more_than"), "160", "160", "-", "more than 160", true},
		{num(80, 80, "about"), "80", "-", "-", "about 80", true},
		{num(70, 80, "about"), "70", "70", "80", "about 70 to 80", true},
		{num(10, 15, "exact"), "10", "10", "15", "10 to 15", true},
		{num(-1, 30, "up_to"), "-", "-", "30", "up to 30", true},
		{num(-1, 30, "less_than"), "-", "-", "30", "less than 30", true},
		{num(0, 0, "exact"), "0", "0", "0", "0", false},
		{num(0, 5, "exact"), "0", "0", "5", "0 to 5", false},
	} {
		f := figureOf(c.n)
		if show(f.best) != c.best || show(f.low) != c.low || show(f.high) != c.high || amount(c.n) != c.amount || lethal(c.n) != c.lethal {
			t.Errorf("%v: best %s, low %s, high %s, %q, lethal %v", c, show(f.best), show(f.low), show(f.high), amount(c.n), lethal(c.n))
		}
	}
	if f := figureOf(nil); f.best != nil || f.low != nil || f.high != nil || lethal(nil) {
		t.Error("no number has a figure")
	}
}

func TestClock(t *testing.T) {
	for value, want := range map[string]string{"2017-08-30T17:30": "17:30", "2017-08-30TNI": "", "2017-08-30": "", "2017-08-30T24:00": "",
		"2017-08-30T17:30~": "17:30", "2017-08-30T17:30/2017-08-31T01:00": "", "T": ""} {
		if got := clock(value); got != want {
			t.Errorf("%s: %q", value, got)
		}
	}
}

func TestPriogrid(t *testing.T) {
	for _, c := range []struct {
		lat, lon float64
		gid      int
	}{{-89.75, -179.75, 1}, {-89.75, 179.75, 720}, {-89.25, -179.75, 721}, {33.3406, 44.4009, 177569}, {90, 180, 259200}} {
		if got := priogrid(c.lat, c.lon); got != c.gid {
			t.Errorf("%v, %v: %d, want %d", c.lat, c.lon, got, c.gid)
		}
	}
}

func TestCountries(t *testing.T) {
	regions := map[string]bool{}
	for code, c := range world().byCode {
		if len(code) != 2 || len(c.alpha3) != 3 || c.name == "" || c.acled == "" || c.ucdp == "" || c.numeric < 0 || c.numeric > 999 || c.gw > 999 {
			t.Errorf("%+v", c)
		}
		regions[c.ucdp] = true
	}
	if len(regions) != 5 {
		t.Errorf("regions of UCDP: %v", regions)
	}
	for entity, want := range map[string]country{
		"iraq":        {code: "IQ", alpha3: "IRQ", numeric: 368, gw: 645, acled: "Middle East", ucdp: "Middle East"},
		"iran":        {code: "IR", alpha3: "IRN", numeric: 364, gw: 630, acled: "Middle East", ucdp: "Middle East"},
		"afghanistan": {code: "AF", alpha3: "AFG", numeric: 4, gw: 700, acled: "Caucasus and Central Asia", ucdp: "Asia"},
		"yemen":       {code: "YE", alpha3: "YEM", numeric: 887, gw: 678, acled: "Middle East", ucdp: "Middle East"},
	} {
		c := *world().byEntity[entity]
		c.entity, c.name = "", ""
		if c != want {
			t.Errorf("%s: %+v", entity, c)
		}
	}
}

func TestGroups(t *testing.T) {
	for name, want := range map[string]string{
		"پنج غیرنظامی": "CVL civilians", "دو غير نظامي": "CVL civilians", "سه سرباز آمریکایی": "MIL force", "پليس عراق": "COP force",
		"افراد مسلح": "UAF force", "شبه‌نظامیان": "PRM force", "سخنگوی وزارت خارجه": "GOV ", "سه نفر": "none", "یک خبرنگار": "JRN civilians",
	} {
		v := newView(&Item{Record: &record.Record{Entities: []record.Entity{{ID: "x", Type: "GRP", Name: name}}}})
		got := "none"
		if g := v.groupOf(record.Ref{Entity: "x"}); g != nil {
			got = g.sector + " " + g.kind
		}
		if got != want {
			t.Errorf("«%s»: %s, want %s", name, got, want)
		}
	}
}

// TestLexiconIDs: the ids that data files name are those of the lexicon.
func TestLexiconIDs(t *testing.T) {
	l, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	types, iso := map[string]string{}, map[string]string{}
	for _, e := range l.File("actors") {
		types[e.ID], iso[e.ID] = e.Get("type"), e.Get("iso")
	}
	for id := range world().armed {
		if types[id] != "GRP" {
			t.Errorf("data/armed.txt: %s is %q in the lexicon", id, types[id])
		}
	}
	for id, c := range world().byEntity {
		if types[id] != "STATE" || iso[id] != c.code {
			t.Errorf("data/countries.txt: %s is %q, %s in the lexicon", id, types[id], iso[id])
		}
	}
	for id, code := range iso {
		if code != "" && world().byEntity[id] == nil {
			t.Errorf("data/countries.txt lacks %s (%s)", id, code)
		}
	}
	for _, e := range l.File("places") {
		if code := e.Get("iso"); code != "" && world().byCode[code] == nil {
			t.Errorf("data/countries.txt lacks %s, where %s is", code, e.ID)
		}
	}
}

func TestOnce(t *testing.T) {
	three, four, least := 0, 1, 2
	numbers := []record.Number{*num(3, 3, "exact"), *num(4, 4, "exact"), *num(3, -1, "at_least")}
	at := func(id string) *record.Ref { return &record.Ref{Entity: id} }
	to := func(id string) []record.Ref { return []record.Ref{{Entity: id}} }
	bomb := "explosives"
	day := &record.DateRef{Value: "2020-01-01"}
	event := func(e record.Event) *record.Event {
		e.Type = "ASSAULT"
		if e.Status == "" {
			e.Status = "happened"
		}
		return &e
	}
	whole := record.Event{Mode: &bomb, Place: at("mosul"), Killed: &three}
	for _, c := range []struct {
		name   string
		events []*record.Event
		want   string
	}{
		{"a title before its sentence", []*record.Event{event(record.Event{Place: at("mosul")}), event(whole)}, "1<0"},
		{"the same twice", []*record.Event{event(whole), event(whole), event(record.Event{Place: at("mosul")})}, "0<1<2"},
		{"another number of dead", []*record.Event{event(whole), event(record.Event{Place: at("mosul"), Killed: &four})}, "0 1"},
		{"a hedge", []*record.Event{event(whole), event(record.Event{Mode: &bomb, Place: at("mosul"), Killed: &least, Date: day})}, "1<0"},
		{"another place", []*record.Event{event(whole), event(record.Event{Place: at("basra")})}, "0 1"},
		{"nothing in common", []*record.Event{event(whole), event(record.Event{})}, "0 1"},
		{"another status", []*record.Event{event(whole), event(record.Event{Place: at("mosul"), Status: "future"})}, "0 1"},
		{"the dead in other words", []*record.Event{event(record.Event{Recipient: to("~two-men"), Killed: &three}), event(record.Event{Recipient: to("~two-soldiers"), Killed: &three, Date: day})}, "1<0"},
		{"other words and no number", []*record.Event{event(record.Event{Recipient: to("~men"), Date: day}), event(record.Event{Recipient: to("~soldiers"), Date: day})}, "0 1"},
		{"a named recipient more", []*record.Event{event(record.Event{Recipient: to("hamas"), Killed: &three}), event(record.Event{Recipient: to("~men"), Killed: &three, Date: day})}, "0 1"},
		{"a chain", []*record.Event{event(record.Event{Place: at("mosul")}), event(record.Event{Place: at("mosul"), Mode: &bomb}), event(whole)}, "2<0<1"},
	} {
		v := newView(&Item{Record: &record.Record{Numbers: numbers}})
		for i, e := range c.events {
			e.ID = fmt.Sprint(i)
		}
		var got []string
		for _, e := range v.once(c.events) {
			s := e.ID
			for _, a := range e.again {
				s += "<" + a.ID
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}
