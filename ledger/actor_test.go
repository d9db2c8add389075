package ledger

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/review"
)

// castTest is the cast of all tests.
var castTest = func() *Cast { return NewCast(reader().Lexicon) }

// reported is an item of an invented report.
func reported(n int, outlet, day, text string) *input.Item {
	return item(fmt.Sprintf("actor-%d.jsonl", n), sanad.Article{Outlet: outlet, Published: day, Text: text})
}

// An official in no lexicon who speaks, somebody who only suffers and an activist; what the
// Taliban do, are said to do, and suffer; their names.
var scene = []sanad.Article{
	{Outlet: "خبرگزاری ایرنا", Published: "2024-01-02", Text: "مهران طاهری‌پور، سخنگوی پلیس هرات، گفت: طالبان دیروز دو سرباز را در هرات کشتند."},
	{Outlet: "خبرگزاری فارس", Published: "2024-01-05", Text: "مهران طاهری‌پور، فرمانده پلیس هرات، گفت: طالبان دیروز دو نفر را در هرات بازداشت کردند."},
	{Outlet: "خبرگزاری ایرنا", Published: "2024-01-03", Text: "مریم صادقی‌فر در هرات کشته شد. مریم صادقی‌فر دیروز در انفجار بمب زخمی شده بود."},
	{Outlet: "خبرگزاری ایرنا", Published: "2024-01-04", Text: "رضا کاظمی‌نژاد، فعال حقوق بشر ایران، گفت این بازداشت‌ها ادامه دارد."},
	{Outlet: "خبرگزاری فارس", Published: "2024-01-06", Text: "طالبان دیروز سه نفر را در هرات بازداشت کرد. ترکیه طالبان را محکوم کرد. حزب الله اعلام کرد رژیم صهیونیستی به لبنان حمله کرد."},
	{Outlet: "خبرگزاری فارس", Published: "", Text: "طالبان اعلام کرد به ایران حمله نمی‌کند. طالبان حمله به کابل را تکذیب کرد."},
}

func sceneIn(t testing.TB, l *Ledger) []Added {
	var list []*input.Item
	for i, a := range scene {
		list = append(list, item(fmt.Sprintf("scene-%d.jsonl", i), a))
	}
	return add(t, l, list...)
}

// Who has a page, and why others have none.
func TestActorRule(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		ids := sceneIn(t, l)
		ctx, c := context.Background(), castTest()
		for _, x := range []struct{ ref, why string }{
			{"taliban", ""}, {"iran", ""}, {"irna", ""}, {"herat-plis", ""}, {"mhran-tahri-pvr", ""},
			{"ali-khamenei", ""}, // in the lexicon, in no report
			{"mrim-sadqi-fr", "private"}, {"rza-kazmi-nzhad", "private"}, {ids[2].ID + "/mrim-sadqi-fr", "private"},
			{"~sh-nfr", "described"}, {"herat", "place"}, {"nobody-at-all", "none"}, {"", "none"}, {"x\x00\xff", "none"}, {"\x00\xff/x", "none"}, {strings.Repeat("y", 5000), "none"}, {"ffff/taliban", ""},
		} {
			a, err := l.Actor(ctx, c, x.ref)
			var withheld *Withheld
			var none *NoActor
			got := ""
			switch {
			case errors.As(err, &withheld):
				got = withheld.Why
			case errors.As(err, &none):
				got = "none"
			case err != nil:
				t.Fatalf("%s: %v", short(x.ref), err)
			case a == nil || a.Type == "":
				t.Errorf("%s: %+v", x.ref, a)
			}
			if got != x.why {
				t.Errorf("%s: %q, want %q", short(x.ref), got, x.why)
			}
		}
		a, err := l.Actor(ctx, c, "taliban")
		if err != nil || a.Reports != 4 || a.First != "2024-01-02" || a.Last != "2024-01-06" || a.Type != "GRP" || !a.Known {
			t.Errorf("%+v %v", a, err)
		}
		if a, err := l.Actor(ctx, c, "iraqi-police"); err == nil && a.Country != "iraq" {
			t.Errorf("%+v", a)
		}
		// A person who is made one with an actor goes by its rule, as long as that holds.
		merge(t, l, "taliban", "mrim-sadqi-fr")
		if a, err := l.Actor(ctx, c, "mrim-sadqi-fr"); err != nil || a.ID != "taliban" || a.Reports != 5 {
			t.Errorf("%+v %v", a, err)
		}
		if _, err := l.DecideEntities(ctx, review.Decision{Author: "leila", Action: review.Undo, Undoes: 1}, Anyway); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Actor(ctx, c, "mrim-sadqi-fr"); err == nil {
			t.Error("the page stays")
		}
		// Two private persons made one are private still.
		merge(t, l, "rza-kazmi-nzhad", "mrim-sadqi-fr")
		if a, err := l.Actor(ctx, c, "mrim-sadqi-fr"); err == nil {
			t.Errorf("%+v", a)
		}
	})
}

func short(s string) string { return s[:min(len(s), 40)] }

func merge(t testing.TB, l *Ledger, into string, others ...string) {
	t.Helper()
	v, _ := json.Marshal(others)
	if _, err := l.DecideEntities(context.Background(), review.Decision{Author: "leila", Action: review.Merge, Target: review.Target{Kind: review.Entity, ID: into}, Value: v}, Anyway); err != nil {
		t.Fatal(err)
	}
}

func actorIn(t testing.TB, l *Ledger, ref string) *Actor {
	t.Helper()
	a, err := l.Actor(context.Background(), castTest(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// said are the findings of a section: day, kind, word.
func said(list []Deed) (out []string) {
	for _, d := range list {
		out = append(out, strings.TrimSpace(d.Report.Published+" "+d.Act+d.Type+" "+d.Word))
	}
	return out
}

// What an actor says, does, suffers and is said to have done.
func TestDoings(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		sceneIn(t, l)
		ctx := context.Background()
		x, err := l.Doings(ctx, actorIn(t, l, "taliban"), 5)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][]string{
			Says: {"announce"}, Denies: {"deny"}, Does: {"2024-01-06 COERCE voice"},
			Accused: {"2024-01-05 COERCE other", "2024-01-02 ASSAULT other"}, Suffers: {"2024-01-06 ACCUSE voice"},
		}
		for _, s := range x.Sections {
			got := said(s.List)
			switch s.Part {
			case Does: // what it says of itself has no day and comes last
				got = got[:min(len(got), 1)]
			}
			if !slices.Equal(got, want[s.Part]) {
				t.Errorf("%s: %q, want %q", s.Part, got, want[s.Part])
			}
		}
		happened := Count{}
		for _, n := range x.Acts.Counts {
			if n.Status == "happened" {
				happened = n
			}
		}
		if happened.Voice < 1 || happened.Other != 2 || x.Acts.More {
			t.Errorf("%+v", x.Acts)
		}
		// The parts one by one, a finding at a time, are the same.
		for _, s := range x.Sections {
			var got []string
			from := Place{}
			for n := 0; ; n++ {
				one, err := l.Section(ctx, actorIn(t, l, "taliban"), s.Part, from, 1)
				if err != nil || n > 20 {
					t.Fatal(n, err)
				}
				got = append(got, said(one.List)...)
				if one.Next == "" {
					break
				}
				if from, err = ParsePlace(one.Next); err != nil {
					t.Fatal(err)
				}
			}
			if !slices.Equal(got, said(s.List)) {
				t.Errorf("%s: %q, want %q", s.Part, got, said(s.List))
			}
		}
	})
}

func TestParsePlace(t *testing.T) {
	for _, s := range []string{"x", "1.2", "1.2.3.4", "1.-2.3", "1.0.3", "1.2.-3", "99999999999999999999.1.1", "1.2.x"} {
		if _, err := ParsePlace(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
	p := Place{-1_000_000, 7, 3}
	if got, err := ParsePlace(p.String()); err != nil || got != p {
		t.Errorf("%v %v", got, err)
	}
}

// Windows meet: whatever their size and whatever was made one, each report
// is in one of them, the newest first.
func TestSights(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		var list []*input.Item
		for i := range 23 {
			who := []string{"طالبان", "حزب الله لبنان", "طالبان و حزب الله لبنان"}[i%3]
			list = append(list, reported(i, "خبرگزاری فارس", fmt.Sprintf("2024-01-%02d", 1+i*7%9), fmt.Sprintf("%s دیروز %d نفر را در هرات بازداشت کرد.", who, i+2)))
		}
		added := add(t, l, list...)
		merge(t, l, "taliban", "hezbollah")
		split := added[4].ID + "/hezbollah"
		if _, err := l.DecideEntities(context.Background(), review.Decision{Author: "leila", Action: review.Split, Target: review.Target{Kind: review.Entity, ID: split}}, Anyway); err != nil {
			t.Fatal(err)
		}
		a := actorIn(t, l, "hezbollah")
		whole, next, err := l.sights(context.Background(), a, "entity", Place{}, 1000)
		if err != nil || next.Report != 0 || len(whole) != 22 {
			t.Fatalf("%d, %v, %v", len(whole), next, err)
		}
		if !slices.IsSortedFunc(whole, newest) || slices.ContainsFunc(whole, func(s sight) bool { return s.id == added[4].ID }) {
			t.Errorf("%+v", whole)
		}
		for limit := 2; limit < 12; limit++ {
			var got []sight
			from := Place{}
			for n := 0; n < 40; n++ {
				part, next, err := l.sights(context.Background(), a, "entity", from, limit)
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range part {
					if from.Report != s.report {
						got = append(got, s)
					}
				}
				if from = next; next.Report == 0 {
					break
				}
			}
			if !slices.Equal(got, whole) {
				t.Errorf("by %d: %d reports, want %d", limit, len(got), len(whole))
			}
		}
	})
}

// How reports write an actor, by outlet; what takes a side is marked.
func TestForms(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		sceneIn(t, l)
		ctx := context.Background()
		w, err := l.Worded(ctx, actorIn(t, l, "israel"), 50)
		if err != nil {
			t.Fatal(err)
		}
		forms, looked := w.Forms(), w.Looked
		if looked != 1 || len(forms) != 1 || forms[0].Text != "رژیم صهیونیستی" || !forms[0].Loaded || forms[0].Count != 1 {
			t.Errorf("%+v %d %v", forms, looked, err)
		}
		_, rev, err := l.Record(ctx, forms[0].Report)
		if r := []rune(rev.Record.Document.Text); err != nil || string(r[forms[0].Start:forms[0].End]) != forms[0].Text {
			t.Errorf("the words stand elsewhere: %v", err)
		}
		x, err := l.WordingOf(ctx, actorIn(t, l, "taliban"), Filter{}, 50)
		if err != nil || len(x.List) != 2 || x.Looked != 4 || x.More {
			t.Fatalf("%+v %v", x, err)
		}
		for _, w := range x.List {
			if w.Loaded != 0 || w.Neutral == 0 || w.Actor != "taliban" {
				t.Errorf("%+v", w)
			}
		}
		all, err := l.Wording(ctx, Filter{}, 50)
		if err != nil || len(all.List) != 1 || all.List[0].Actor != "israel" || all.List[0].Outlet != "fars-news" || all.List[0].Loaded != 1 || all.Looked != len(scene) {
			t.Errorf("%+v %v", all, err)
		}
	})
}

// Offices over time, from reports that are spread over it.
func TestOffices(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		sceneIn(t, l)
		list, looked, err := l.Offices(context.Background(), actorIn(t, l, "mhran-tahri-pvr"))
		if err != nil || looked != 2 || len(list) != 2 {
			t.Fatalf("%+v %d %v", list, looked, err)
		}
		if x := list[0]; x.Title != "فرمانده" || x.Of != "herat-plis" || x.Last != "2024-01-05" || x.OfName != "پلیس هرات" {
			t.Errorf("%+v", x)
		}
		if x := list[1]; x.Title != "سخنگو" || x.First != "2024-01-02" {
			t.Errorf("%+v", x)
		}
	})
}

// Who acts on whom: told and claimed apart; nobody in it who has no page.
func TestNetwork(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		sceneIn(t, l)
		ctx, c := context.Background(), castTest()
		x, err := l.Network(ctx, c, Filter{}, TieFilter{Unreal: true, Actors: 100, Ties: 100, Reports: 100})
		if err != nil {
			t.Fatal(err)
		}
		in := map[string]bool{}
		for _, a := range x.Actors {
			in[a.ID] = true
			if strings.HasPrefix(a.ID, "~") || a.Type == "PLACE" || a.Type == "PER" && !a.Known {
				t.Errorf("%+v", a)
			}
		}
		if !in["turkey"] || !in["taliban"] || x.Looked != len(scene) {
			t.Errorf("%+v", x)
		}
		i := slices.IndexFunc(x.Ties, func(t Tie) bool { return t.From == "turkey" && t.To == "taliban" })
		if i < 0 || x.Ties[i].Kind != Opposition || x.Ties[i].Told != 1 || x.Ties[i].Claimed != 0 || x.Ties[i].Origins != 1 {
			t.Errorf("%+v", x.Ties)
		}
		for _, tie := range x.Ties {
			if !in[tie.From] || !in[tie.To] || tie.Told+tie.Claimed+tie.Unreal == 0 {
				t.Errorf("%+v", tie)
			}
		}
		again, err := l.Network(ctx, c, Filter{}, TieFilter{Unreal: true, Actors: 100, Ties: 100, Reports: 100})
		if err != nil || !reflect.DeepEqual(x, again) {
			t.Errorf("another time it is another one")
		}
		if less, err := l.Network(ctx, c, Filter{}, TieFilter{Kind: Cooperation, Actors: 100, Ties: 100, Reports: 100}); err != nil || slices.ContainsFunc(less.Ties, func(t Tie) bool { return t.Kind != Cooperation }) {
			t.Errorf("%+v %v", less, err)
		}
		if few, err := l.Network(ctx, c, Filter{}, TieFilter{Unreal: true, Actors: 2, Ties: 1, Reports: 100}); err != nil || len(few.Actors) > 2 || len(few.Ties) != 1 || few.Left < 1 {
			t.Errorf("%+v %v", few, err)
		}
		around, err := l.Around(ctx, c, actorIn(t, l, "turkey"), TieFilter{Unreal: true, Actors: 9, Ties: 9, Reports: 9})
		if err != nil || slices.ContainsFunc(around.Ties, func(t Tie) bool { return t.From != "turkey" && t.To != "turkey" }) || len(around.Ties) == 0 {
			t.Errorf("%+v %v", around, err)
		}
	})
}

// The lists of actors: whom the newest reports name, and whom one asks for.
func TestActorLists(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		sceneIn(t, l)
		ctx, c := context.Background(), castTest()
		list, of, err := l.FrequentActors(ctx, c, "", 50)
		if err != nil || of != len(scene) || len(list) == 0 || !slices.IsSortedFunc(list, func(a, b Named) int { return int(b.Reports - a.Reports) }) {
			t.Errorf("%+v %d %v", list, of, err)
		}
		for _, n := range list {
			if n.Type == "PER" && !n.Known || n.Type == "PLACE" {
				t.Errorf("%+v", n)
			}
		}
		if list, _, err := l.FrequentActors(ctx, c, "GRP", 50); err != nil || slices.ContainsFunc(list, func(n Named) bool { return n.Type != "GRP" }) {
			t.Errorf("%+v %v", list, err)
		}
		for name, want := range map[string]string{"طالبان": "taliban", "Taliban": "taliban", "مهران طاهری‌پور": "mhran-tahri-pvr", "مریم صادقی‌فر": "", "رضا کاظمی‌نژاد": "", "هرات": ""} {
			list, err := l.FindActors(ctx, reader().Lexicon, c, name, 10)
			if err != nil || want == "" && slices.ContainsFunc(list, func(n Named) bool { return n.Type == "PLACE" || n.Type == "PER" && !n.Known }) || want != "" && (len(list) == 0 || list[0].ID != want) {
				t.Errorf("%s: %+v %v", name, list, err)
			}
		}
	})
}

// A decision on an old state of what is one is refused with what came since.
func TestDecideEntities(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		sceneIn(t, l)
		ctx := context.Background()
		merge(t, l, "taliban", "hezbollah")
		log, err := l.EntityLog(ctx)
		if err != nil || len(log.List) != 1 || log.Last != log.List[0].Hash {
			t.Fatalf("%+v %v", log, err)
		}
		d := review.Decision{Author: "omid", Action: review.Split, Target: review.Target{Kind: review.Entity, ID: "hezbollah"}}
		var c *Conflict
		if _, err := l.DecideEntities(ctx, d, ""); !errors.As(err, &c) || len(c.Theirs) != 1 {
			t.Errorf("%v", err)
		}
		if _, err := l.DecideEntities(ctx, d, log.Last); err != nil {
			t.Error(err)
		}
		if _, err := l.DecideEntities(ctx, review.Decision{Author: "omid", Action: review.Undo, Undoes: 2}, Anyway); err != nil {
			t.Error(err)
		}
		if log, err = l.EntityLog(ctx); err != nil {
			t.Fatal(err)
		}
		list, counts := log.About([]string{"hezbollah"})
		if len(list) != 3 || !slices.Equal(counts, []bool{true, false, true}) {
			t.Errorf("%+v %v", list, counts)
		}
		if list, _ := log.About([]string{"iran"}); len(list) != 0 {
			t.Errorf("%+v", list)
		}
		check(t, l)
	})
}

// Whatever an actor does, its page asks through indexes: no table is walked.
func TestActorPlans(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l := openAt(t, path, Options{Create: true})
	sceneIn(t, l)
	ctx := context.Background()
	var queries []asking
	plain := l.read
	l.read = sql.OpenDB(&spy{plain.Driver(), "file:" + path, &queries})
	defer l.read.Close()
	c := castTest()
	a := actorIn(t, l, "taliban")
	steps := []func() error{
		func() error { _, err := l.Actor(ctx, c, "mhran-tahri-pvr"); return err },
		func() error { _, err := l.Worded(ctx, a, 50); return err },
		func() error { _, _, err := l.Offices(ctx, a); return err },
		func() error { _, err := l.Doings(ctx, a, 5); return err },
		func() error { _, err := l.Section(ctx, a, Accused, Place{19000, 3, 0}, 5); return err },
		func() error { _, err := l.Around(ctx, c, a, TieFilter{Actors: 9, Ties: 9, Reports: 9}); return err },
		func() error {
			_, err := l.Network(ctx, c, Filter{From: "2024-01-01"}, TieFilter{Actors: 9, Ties: 9, Reports: 9})
			return err
		},
		func() error { _, err := l.WordingOf(ctx, a, Filter{}, 50); return err },
		func() error { _, err := l.Wording(ctx, Filter{Outlet: []string{"irna"}}, 50); return err },
		func() error { _, err := l.OutletReviews(ctx, []string{"irna"}); return err },
		func() error { _, _, err := l.OutletNamed(ctx, "irna"); return err },
		func() error { _, _, err := l.FrequentActors(ctx, c, "GRP", 9); return err },
	}
	for _, f := range steps {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	l.read.Close()
	l.read = plain
	if len(queries) < 30 {
		t.Fatalf("%d queries", len(queries))
	}
	for _, q := range queries {
		args := make([]any, len(q.args))
		for i, v := range q.args {
			args[i] = v.Value
		}
		err := l.each(ctx, l.read, "EXPLAIN QUERY PLAN "+q.query, args, func(r *sql.Rows) error {
			var id, parent, n int
			var step string
			err := r.Scan(&id, &parent, &n, &step)
			if strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, "USING COVERING INDEX documents_day") && step != "SCAN p" && step != "SCAN u" { // these are what was chosen already
				t.Errorf("%s\n\t%s", step, q.query)
			}
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", q.query, err)
		}
	}
}

// asking is a query as it went to the database.
type asking struct {
	query string
	args  []driver.NamedValue
}

// spy opens connections that note each query.
type spy struct {
	driver driver.Driver
	dsn    string
	seen   *[]asking
}

func (s *spy) Driver() driver.Driver { return s.driver }

func (s *spy) Connect(context.Context) (driver.Conn, error) {
	c, err := s.driver.Open(s.dsn)
	return &spying{c, s.seen}, err
}

type spying struct {
	driver.Conn
	seen *[]asking
}

func (s *spying) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	*s.seen = append(*s.seen, asking{query, args})
	return s.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

// Names that reports made of wording that takes a side are known as such.
func TestTakesSide(t *testing.T) {
	c := castTest()
	for name, want := range map[string]bool{"پلیس رژیم صهیونیستی": true, "پليس رژيم‌صهيونيستی": true, "ارتش اسرائیل": false, "پلیس هرات": false, "": false} {
		if got := c.TakesSide(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
