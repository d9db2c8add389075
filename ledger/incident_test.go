package ledger

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/export"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// linkIncidents links what changed, or all.
func linkIncidents(t testing.TB, l *Ledger, all bool) Linked {
	t.Helper()
	return link(t, l, LinkOptions{All: all})
}

// bazaar are invented reports: a, b and c tell of one bombing, d of another in
// the same town a fortnight later, e threatens it, f has nothing to do with it.
func bazaar() []*input.Item {
	var list []*input.Item
	for i, a := range []sanad.Article{
		{Outlet: "خبرگزاری ایرنا", Published: "2009-03-11", Title: "انفجار در بازار بعقوبه ۱۱ کشته برجا گذاشت",
			Text: "بر اثر انفجار یک خودروی بمب‌گذاری‌شده در بازار بعقوبه، ۱۱ نفر کشته و ۲۰ نفر زخمی شدند. این انفجار صبح روز سه‌شنبه ۱۰ مارس ۲۰۰۹ روی داد."},
		{Outlet: "خبرگزاری فارس", Published: "2009-03-11", Title: "۱۷ کشته در انفجار بازار بعقوبه",
			Text: "پلیس عراق گفت: ۱۷ نفر در انفجار خودروی بمب‌گذاری‌شده در بازار بعقوبه کشته شدند. این انفجار روز سه‌شنبه ۱۰ مارس ۲۰۰۹ رخ داد."},
		{Outlet: "روزنامه نیم‌روز", Published: "2009-03-12", Title: "شمار قربانیان انفجار بعقوبه افزایش یافت",
			Text: "یک منبع بیمارستانی اعلام کرد شمار کشته‌شدگان انفجار روز سه‌شنبه در بازار بعقوبه به ۱۷ نفر رسید. در این انفجار خودروی بمب‌گذاری‌شده ۲۵ نفر زخمی شدند."},
		{Outlet: "خبرگزاری ایرنا", Published: "2009-03-25", Title: "انفجار بمب کنار جاده در بعقوبه",
			Text: "بر اثر انفجار بمب کنار جاده‌ای در بعقوبه سه سرباز کشته شدند. این انفجار روز سه‌شنبه ۲۴ مارس ۲۰۰۹ روی داد."},
		{Outlet: "خبرگزاری فارس", Published: "2009-03-09", Title: "تهدید القاعده به انفجار در بازار بعقوبه",
			Text: "گروه القاعده تهدید کرد که در بازار بعقوبه خودروی بمب‌گذاری‌شده منفجر می‌کند."},
		{Outlet: "خبرگزاری ایرنا", Published: "2009-03-11", Title: "بازداشت پنج نفر در کابل",
			Text: "پلیس افغانستان روز سه‌شنبه ۱۰ مارس ۲۰۰۹ پنج نفر را در کابل بازداشت کرد."},
	} {
		list = append(list, item(fmt.Sprintf("bazaar-%d.json", i), a))
	}
	return list
}

// grouping writes down which reports are in one incident, with its grade; the n-th of ids
// is called by the n-th letter.
func grouping(t testing.TB, l *Ledger, ids []Added) string {
	t.Helper()
	list, err := l.Incidents(context.Background(), IncidentFilter{}, 1000, 0)
	if err != nil {
		t.Fatal(err)
	}
	var groups []string
	for _, row := range list {
		x := incidentOf(t, l, row.ID)
		var g []string
		for _, m := range x.Linked.Members {
			g = append(g, letterOf(ids, m.Report))
		}
		slices.Sort(g)
		groups = append(groups, strings.Join(slices.Compact(g), "")+strings.TrimSuffix(":"+row.Grade, ":"))
	}
	slices.Sort(groups)
	return strings.Join(groups, " ")
}

func letterOf(ids []Added, id string) string {
	i := slices.IndexFunc(ids, func(a Added) bool { return a.ID == id })
	return string(rune('a' + i))
}

func incidentOf(t testing.TB, l *Ledger, id string) *IncidentFull {
	t.Helper()
	x, err := l.Incident(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// with returns the incident of which these reports are members.
func with(t testing.TB, l *Ledger, ids ...string) *IncidentFull {
	t.Helper()
	list, err := l.Incidents(context.Background(), IncidentFilter{Report: ids[0]}, 100, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range list {
		x := incidentOf(t, l, row.ID)
		n := 0
		for _, id := range ids {
			for _, m := range x.Linked.Members {
				if m.Report == id {
					n++
					break
				}
			}
		}
		if n == len(ids) {
			return x
		}
	}
	t.Fatalf("no incident has %v", ids)
	return nil
}

// made are the tables of incidents, those that tell what linking made.
var made = []string{"sketches", "sketch_stretches", "incidents", "incident_tables", "members", "incident_events", "incident_facets"}

func TestIncidents(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		if yet, err := l.LinkedYet(ctx); err != nil || yet {
			t.Errorf("an empty ledger is linked: %v", err)
		}
		if out := linkIncidents(t, l, false); out.Incidents != 0 {
			t.Errorf("an empty ledger has %d incidents", out.Incidents)
		}
		if list, err := l.Incidents(ctx, IncidentFilter{}, 10, 0); err != nil || len(list) != 0 {
			t.Errorf("%v %v", list, err)
		}
		ids := add(t, l, bazaar()...)
		out := linkIncidents(t, l, false)
		if got := grouping(t, l, ids); got != "abc d f" {
			t.Fatalf("%s", got)
		}
		if yet, err := l.LinkedYet(ctx); err != nil || !yet || out.Incidents != 3 || out.Regrouped != 3 {
			t.Errorf("%+v %v %v", out, yet, err)
		}
		x := with(t, l, ids[0].ID, ids[1].ID)
		if x.First != "2009-03-10" || x.Reports != 3 || x.Origins != 3 || x.Killed == nil || x.Killed.Low != 11 || x.Killed.High != 17 || x.Contradictions == 0 || !strings.Contains(x.Head, "بعقوبه") || x.Suggested != "fair" || x.Grade != "" {
			t.Errorf("%+v %+v", x.IncidentRow, x.Killed)
		}
		if len(x.Of) != 4 || x.Of[ids[4].ID].Published != "2009-03-09" || len(x.Linked.Attached) != 1 {
			t.Errorf("%d reports, attached %+v", len(x.Of), x.Linked.Attached)
		}
		if y := incidentOf(t, l, " "+strings.ToUpper(x.ID[:9])); y.ID != x.ID {
			t.Errorf("the beginning of the id gives %s", y.ID)
		}
		for _, id := range []string{"", "abc", "zzzz", x.ID + "0", "0000", "' OR 1=1"} {
			var none *NoIncident
			if _, err := l.Incident(ctx, id); !errors.As(err, &none) {
				t.Errorf("%q: %v", id, err)
			}
		}
		for _, c := range []struct {
			f    IncidentFilter
			want string // the first report of each, in order
		}{
			{IncidentFilter{}, "daf"},
			{IncidentFilter{From: "2009-03-11"}, "d"},
			{IncidentFilter{To: "2009-03-10"}, "af"},
			{IncidentFilter{From: "2009-03-10", To: "2009-03-10"}, "af"},
			{IncidentFilter{From: "2009-03-10", Kind: []string{"violence", "arrest"}}, "daf"},
			{IncidentFilter{From: "2009-03-11", Kind: []string{"violence"}}, "d"},
			{IncidentFilter{Kind: []string{"arrest"}}, "f"},
			{IncidentFilter{MinReports: 2}, "a"},
			{IncidentFilter{MinOrigins: 3}, "a"},
			{IncidentFilter{MinOrigins: 4}, ""},
			{IncidentFilter{Contradicted: true}, "a"},
			{IncidentFilter{Report: ids[4].ID}, "a"},
			{IncidentFilter{Report: ids[2].ID, Suggested: []string{"fair"}}, "a"},
			{IncidentFilter{Report: "nobody"}, ""},
			{IncidentFilter{Head: "بازار بعقوبه"}, "a"},
			{IncidentFilter{Head: "بازاربعقوبه"}, "a"},
			{IncidentFilter{Head: "%"}, ""},
			{IncidentFilter{Head: "_"}, ""},
			{IncidentFilter{Head: `\`}, ""},
			{IncidentFilter{Place: []string{"country:IQ"}}, "da"},
			{IncidentFilter{Place: []string{"country:IQ"}, MinReports: 2}, "a"},
			{IncidentFilter{Place: []string{"kabul", "country:IQ"}, Suggested: []string{"weak"}}, "df"},
			{IncidentFilter{Place: []string{"country:IQ"}, From: "2009-03-20", Outlet: []string{"irna"}}, "d"},
			{IncidentFilter{Outlet: []string{"fars-news"}}, "a"},
			{IncidentFilter{Grade: []string{"fair"}}, ""},
			{IncidentFilter{Suggested: []string{"fair"}, Outlet: []string{"nobody", "irna"}}, "a"},
		} {
			list, err := l.Incidents(ctx, c.f, 10, 0)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, row := range list {
				x := incidentOf(t, l, row.ID)
				if !reflect.DeepEqual(row, x.IncidentRow) {
					t.Errorf("%+v is %+v", row, x.IncidentRow)
				}
				got += letterOf(ids, x.Linked.Members[0].Report)
			}
			if strings.ReplaceAll(got, "b", "a") != c.want {
				t.Errorf("%+v: %q, want %q", c.f, got, c.want)
			}
			for limit := range 3 {
				for offset := range 4 {
					part, err := l.Incidents(ctx, c.f, limit, offset)
					want := list[min(offset, len(list)):min(offset+limit, len(list))]
					if err != nil || len(part) != len(want) || len(want) > 0 && !reflect.DeepEqual(part, want) {
						t.Errorf("%+v limit %d offset %d: %+v %v", c.f, limit, offset, part, err)
					}
				}
			}
		}
		if _, err := l.Incidents(ctx, IncidentFilter{From: "spring"}, 10, 0); err == nil {
			t.Error("spring is a day")
		}
		told := map[string]export.Telling{}
		for it, err := range l.Items(ctx, Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			if len(it.Told) == 0 && len(it.Record.Events) > 0 && it.ID != ids[4].ID {
				t.Errorf("%s: no event of %d is told", it.ID, len(it.Record.Events))
			}
			for e, x := range it.Told {
				if !slices.ContainsFunc(it.Record.Events, func(v record.Event) bool { return v.ID == e }) {
					t.Errorf("%s has no event %s", it.ID, e)
				}
				told[it.ID] = x
			}
		}
		if want := (export.Telling{Incident: x.ID, Origins: 3, Reports: 3}); told[ids[1].ID] != want || told[ids[4].ID].Incident != "" {
			t.Errorf("%+v, want %+v", told, want)
		}
		check(t, l)
		// What may have been on any day of a month is found by each of them.
		d := with(t, l, ids[3].ID)
		if err := l.tx(ctx, func(t *tx) error { return l.exec(ctx, t, "UPDATE incidents SET last = first + 30 WHERE id = ?", d.ID) }); err != nil {
			t.Fatal(err)
		}
		for _, f := range []IncidentFilter{{}, {Kind: []string{"violence"}}} {
			for from, want := range map[string]int{"2009-03-25": 1, "2009-04-23": 1, "2009-04-24": 0} {
				f.From = from
				if list, err := l.Incidents(ctx, f, 10, 0); err != nil || len(list) != want {
					t.Errorf("from %s: %+v %v", from, list, err)
				}
			}
		}
	})
}

// Nothing that linking makes depends on what it made before.
func TestIncidentsAgain(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		add(t, l, stories(0, 40)...)
		ids := add(t, l, bazaar()...)
		linkIncidents(t, l, false)
		first := dump(t, l, made...)
		linkIncidents(t, l, false)
		if now := dump(t, l, made...); !reflect.DeepEqual(now, first) {
			t.Error("linking what is linked changes rows")
		}
		linkIncidents(t, l, true)
		if now := dump(t, l, made...); !reflect.DeepEqual(now, first) {
			t.Error("linking all anew changes rows")
		}
		if _, err := l.Reread(context.Background(), maker(), ids[1].ID); err != nil { // says the same
			t.Fatal(err)
		}
		linkIncidents(t, l, false)
		if now := dump(t, l, made...); !reflect.DeepEqual(now, first) {
			t.Error("reading again what says the same changes rows")
		}
		if err := l.Rebuild(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		if yet, err := l.LinkedYet(context.Background()); err != nil || yet {
			t.Errorf("linked after a rebuild: %v", err)
		}
		linkIncidents(t, l, false)
		if now := dump(t, l, made...); !reflect.DeepEqual(now, first) {
			t.Error("linking after a rebuild gives other rows")
		}
	})
}

// devItems are the development reports.
func devItems(t testing.TB) []*input.Item {
	f, err := os.Open("../examples/link/dev/reports.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []*input.Item
	for s := bufio.NewScanner(f); s.Scan(); {
		var a sanad.Article
		if err := json.Unmarshal(s.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		out = append(out, item("dev.jsonl", a))
	}
	return out
}

// Reports that come in batches, in any order, end as those that come at once.
func TestIncidentBatches(t *testing.T) {
	ctx := context.Background()
	items := devItems(t)
	whole := openAt(t, t.TempDir()+"/ledger.db", Options{Create: true})
	add(t, whole, items...)
	linkIncidents(t, whole, false)
	want := incidentDump(t, whole)
	bit := NewLinker(reader().Lexicon)
	bit.small = 0 // no more is linked anew than has to be
	for seed := range uint64(6) {
		if seed == 5 {
			bit = linker()
		}
		r := rand.New(rand.NewPCG(seed, 7))
		order := r.Perm(len(items))
		l := openAt(t, t.TempDir()+"/ledger.db", Options{Create: true})
		for len(order) > 0 {
			n := min(1+r.IntN(12), len(order))
			var part []*input.Item
			for _, i := range order[:n] {
				part = append(part, items[i])
			}
			order = order[n:]
			add(t, l, part...)
			if r.IntN(3) > 0 {
				if _, err := l.Link(ctx, bit, LinkOptions{}); err != nil {
					t.Fatal(err)
				}
			}
			if r.IntN(3) == 0 { // stopped somewhere
				stopped, stop := context.WithCancel(ctx)
				k := r.IntN(3)
				opt := LinkOptions{Progress: func(string, int64, int64) {
					if k--; k < 0 {
						stop()
					}
				}}
				if _, err := l.Link(stopped, bit, opt); err != nil && !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
				stop()
			}
		}
		if _, err := l.Link(ctx, bit, LinkOptions{}); err != nil {
			t.Fatal(err)
		}
		if got := incidentDump(t, l); measures.ReplaceAllString(got, "") != measures.ReplaceAllString(want, "") {
			t.Errorf("seed %d: other incidents than at once:\n%s\n\n%s", seed, got, want)
		}
		// How rare words are is another matter: it was counted as reports came.
		linkIncidents(t, l, true)
		if got := incidentDump(t, l); got != want {
			t.Errorf("seed %d, all grouped anew: other incidents than at once:\n%s\n\n%s", seed, got, want)
		}
	}
}

var measures = regexp.MustCompile(`"(reason|confidence)":("([^"\\]|\\.)*"|[0-9.]+),?`)

// incidentDump writes down the incidents with their tables.
func incidentDump(t testing.TB, l *Ledger) string {
	t.Helper()
	list, err := l.Incidents(context.Background(), IncidentFilter{}, 1000, 0)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, row := range list {
		raw, err := json.Marshal(map[string]any{"row": row, "whole": incidentOf(t, l, row.ID).Linked})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", raw)
	}
	return b.String()
}

func TestIncidentDecide(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		ids := add(t, l, bazaar()...)
		id := func(letter byte) string { return ids[letter-'a'].ID }
		linkIncidents(t, l, false)
		made := func(o OnIncident) (review.Decision, error) {
			o.Author = "سارا"
			return l.DecideIncident(ctx, linker(), o)
		}
		must := func(want string, o OnIncident) review.Decision {
			t.Helper()
			d, err := made(o)
			if err != nil {
				t.Fatalf("%+v: %v", o, err)
			}
			if got := grouping(t, l, ids); got != want {
				t.Fatalf("after %s: %s, want %s", o.Action, got, want)
			}
			// The next linking, and linking all anew, come to the same.
			out := linkIncidents(t, l, false)
			if got := grouping(t, l, ids); got != want || out.Regrouped != 0 || out.Unplaced != 0 {
				t.Fatalf("linked after %s: %s, want %s; %+v", o.Action, got, want, out)
			}
			linkIncidents(t, l, true)
			if got := grouping(t, l, ids); got != want {
				t.Fatalf("linked all after %s: %s, want %s", o.Action, got, want)
			}
			return d
		}
		refused := func(why string, o OnIncident) {
			t.Helper()
			if _, err := made(o); err == nil || !strings.Contains(err.Error(), why) {
				t.Errorf("%+v: %v, want %q", o, err, why)
			}
		}

		x := with(t, l, id('a'))
		y := with(t, l, id('d'))
		d := must("abcd f", OnIncident{Action: review.Join, Incident: x.ID[:8], Other: y.ID})
		if d.Target.ID != x.ID || len(d.Accounts) != 3 || len(d.Others) != 1 || d.Others[0].Report != id('d') || d.Seq != 1 {
			t.Errorf("%+v", d)
		}
		x = with(t, l, id('a'))
		if x.Seen != d.Hash || len(x.Log) != 1 {
			t.Errorf("last %s, want %s", x.Seen, d.Hash)
		}
		d = must("abd c f", OnIncident{Action: review.Part, Incident: x.ID, Seen: x.Seen, Reports: []string{id('c')[:6]}})
		if len(d.Accounts) != 3 || len(d.Others) != 1 {
			t.Errorf("%+v", d)
		}
		must("abd:fair c f", OnIncident{Action: review.Grade, Incident: with(t, l, id('a')).ID, Seen: d.Hash, Grade: "fair"})
		x = with(t, l, id('a'))
		if x.Graded == nil || x.Graded.Author != "سارا" || x.Grade != "fair" {
			t.Errorf("%+v", x.Graded)
		}
		if list, err := l.Incidents(ctx, IncidentFilter{Grade: []string{"fair"}}, 10, 0); err != nil || len(list) != 1 || list[0].ID != x.ID {
			t.Errorf("%+v %v", list, err)
		}
		// An old state is refused, and so is what makes no sense.
		var conflict *Conflict
		if _, err := made(OnIncident{Action: review.Note, Incident: x.ID, Seen: d.Hash, Note: "?"}); !errors.As(err, &conflict) || len(conflict.Theirs) != 1 || !strings.Contains(err.Error(), "on this incident in the meantime (grade") {
			t.Errorf("%v", err)
		}
		if _, err := made(OnIncident{Action: review.Join, Incident: with(t, l, id('f')).ID, Other: x.ID, SeenToo: d.Hash}); !errors.As(err, &conflict) {
			t.Errorf("%v", err)
		}
		f := with(t, l, id('f'))
		refused("itself already", OnIncident{Action: review.Join, Incident: f.ID, Other: f.ID})
		refused("no incident", OnIncident{Action: review.Join, Incident: f.ID, Other: "0000"})
		refused("all that tell of it", OnIncident{Action: review.Part, Incident: f.ID, Reports: []string{id('f')}})
		refused("tells of incident", OnIncident{Action: review.Part, Incident: f.ID, Reports: []string{id('a')}})
		refused("tells of incident", OnIncident{Action: review.Part, Incident: f.ID, Reports: []string{""}})
		if list, err := l.Incidents(ctx, IncidentFilter{Report: id('e')}, 10, 0); err != nil || len(list) != 1 {
			t.Errorf("the threat: %+v %v", list, err)
		} else {
			refused("is attached", OnIncident{Action: review.Part, Incident: list[0].ID, Seen: Anyway, Reports: []string{id('e')}})
		}
		refused("which other accounts", OnIncident{Action: review.Part, Incident: f.ID})
		refused("no grade", OnIncident{Action: review.Grade, Incident: f.ID, Grade: "bad"})
		refused("nobody graded", OnIncident{Action: review.Grade, Incident: f.ID})
		refused("graded fair already", OnIncident{Action: review.Grade, Incident: x.ID, Seen: Anyway, Grade: "fair"})
		refused("note is empty", OnIncident{Action: review.Note, Incident: f.ID})
		refused("no decision on this incident", OnIncident{Action: review.Undo, Incident: f.ID})
		refused("is not about this incident", OnIncident{Action: review.Undo, Incident: f.ID, Undoes: 1})
		refused("not \"accept\"", OnIncident{Action: review.Accept, Incident: f.ID})
		if _, err := l.DecideIncident(ctx, linker(), OnIncident{Action: review.Note, Incident: f.ID, Note: "?"}); err == nil {
			t.Error("nobody decided")
		}
		if list, _ := l.decisionsOn(ctx, l.read, ""); len(list) != 3 {
			t.Errorf("%d decisions", len(list))
		}

		d = must("abd:fair c f", OnIncident{Action: review.Note, Incident: x.ID, Seen: x.Seen, Note: "باید با بیمارستان تماس گرفت"})
		if x = with(t, l, id('a')); len(x.Notes) != 1 || x.Notes[0].Seq != 4 {
			t.Errorf("%+v", x.Notes)
		}
		must("abcd:fair f", OnIncident{Action: review.Undo, Incident: x.ID, Seen: x.Seen, Undoes: 2})
		must("abcd f", OnIncident{Action: review.Undo, Incident: x.ID, Seen: Anyway, Undoes: 3})
		x = with(t, l, id('a'))
		must("abcd f", OnIncident{Action: review.Undo, Incident: x.ID, Seen: x.Seen}) // the note
		must("abc d f", OnIncident{Action: review.Undo, Incident: with(t, l, id('d')).ID, Seen: Anyway})
		refused("no decision on this incident to undo", OnIncident{Action: review.Undo, Incident: with(t, l, id('d')).ID, Seen: Anyway})

		// A later joining takes the place of a parting, and the other way round.
		must("abc:weak d f", OnIncident{Action: review.Grade, Incident: with(t, l, id('a')).ID, Seen: Anyway, Grade: "weak"})
		must("ab:weak c d f", OnIncident{Action: review.Part, Incident: with(t, l, id('a')).ID, Seen: Anyway, Reports: []string{id('c')}})
		must("abc:weak d f", OnIncident{Action: review.Join, Incident: with(t, l, id('c')).ID, Seen: Anyway, Other: with(t, l, id('a')).ID, SeenToo: Anyway})
		must("ab:weak c d f", OnIncident{Action: review.Part, Incident: with(t, l, id('a')).ID, Seen: Anyway, Reports: []string{id('c')}})

		// They hold when reports are read again, and in a ledger made from a backup.
		m := maker()
		m.Version = "later"
		for _, a := range ids {
			if _, err := l.Reread(ctx, m, a.ID); err != nil {
				t.Fatal(err)
			}
		}
		linkIncidents(t, l, false)
		if got := grouping(t, l, ids); got != "ab:weak c d f" {
			t.Errorf("read again: %s", got)
		}
		if err := l.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		linkIncidents(t, l, false)
		if got := grouping(t, l, ids); got != "ab:weak c d f" {
			t.Errorf("rebuilt: %s", got)
		}
		check(t, l)
	})
}

// What was made of incidents is found damaged where it is, and mended by
// linking all anew.
func TestIncidentDamage(t *testing.T) {
	eachHome(t, func(t *testing.T, h home) {
		l := openAt(t, h.dsn, Options{Create: true})
		ids := add(t, l, bazaar()...)
		linkIncidents(t, l, false)
		x := with(t, l, ids[0].ID)
		check(t, l)
		db := h.raw(t)
		for _, c := range []struct{ do, want string }{
			{"UPDATE incidents SET origins = 9 WHERE id = '" + x.ID + "'", "its row is not what its table gives"},
			{"UPDATE incidents SET grade = 'fair' WHERE id = '" + x.ID + "'", "its row is not what its table gives"},
			{"DELETE FROM incident_tables WHERE incident = '" + x.ID + "'", "its table is missing"},
			{"UPDATE incident_facets SET facet = 'kind:peace' WHERE facet = 'kind:arrest'", "cannot be asked for"},
			{"UPDATE members SET start = start + 1 WHERE n = 0 AND incident = '" + x.ID + "'", "its members are not"},
			{"INSERT INTO incident_events (report, event, incident) VALUES (1, 'e1', 'nothing')", "an incident that is not there (nothing)"},
			{"DELETE FROM sketch_stretches WHERE report = 2", "the stretches of report " + ids[1].ID},
			{"UPDATE sketches SET data = (SELECT data FROM sketches k WHERE k.report = 3) WHERE report = 2", "of report " + ids[2].ID + ", not of " + ids[1].ID},
		} {
			if _, err := db.Exec(c.do); err != nil {
				t.Fatal(err)
			}
			check(t, l, c.want)
			if strings.Contains(c.do, "sketch") {
				if err := l.Rebuild(context.Background(), nil); err != nil {
					t.Fatal(err)
				}
			}
			linkIncidents(t, l, true)
			check(t, l, map[bool][]string{true: {c.want}}[strings.Contains(c.do, "'nothing'")]...)
			if _, err := db.Exec("DELETE FROM incident_events WHERE incident = 'nothing'"); err != nil {
				t.Fatal(err)
			}
		}
		var d *Damage
		if _, err := db.Exec("UPDATE incident_tables SET data = (SELECT data FROM sketches WHERE report = 1) WHERE incident = '" + x.ID + "'"); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Incident(context.Background(), x.ID); !errors.As(err, &d) || !strings.Contains(err.Error(), "sanad link --all") {
			t.Errorf("%v", err)
		}
	})
}

// Entities that people make one are one to incidents too, and part again.
func TestIncidentMerges(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		add(t, l, item("a.json", sanad.Article{Outlet: "خبرگزاری ایرنا", Published: "2009-03-11", Title: "حمله به پاسگاه در زابل",
			Text: "گروه توحید روز سه‌شنبه ۱۰ مارس ۲۰۰۹ به پاسگاهی در زابل حمله کرد و دو سرباز را کشت. حماس این حمله را محکوم کرد."}),
			item("b.json", sanad.Article{Outlet: "خبرگزاری فارس", Published: "2009-03-11", Title: "حمله حماس در غزه", Text: "حماس روز سه‌شنبه ۱۰ مارس ۲۰۰۹ در غزه به نیروهای ارتش اسرائیل حمله کرد."}))
		linkIncidents(t, l, false)
		asked := func(actor string) int {
			list, err := l.Incidents(ctx, IncidentFilter{Actor: []string{actor}}, 10, 0)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		if asked("hamas") != 1 {
			t.Fatalf("%d incidents of Hamas", asked("hamas"))
		}
		d, err := l.Decide(ctx, review.Decision{Author: "سارا", Action: review.Merge, Target: review.Target{Kind: review.Entity, ID: "hezbollah"}, Value: json.RawMessage(`["hamas"]`)}, Anyway)
		if err != nil {
			t.Fatal(err)
		}
		linkIncidents(t, l, false)
		if asked("hamas") != 0 || asked("hezbollah") != 1 {
			t.Errorf("merged: %d and %d", asked("hamas"), asked("hezbollah"))
		}
		if _, err := l.Decide(ctx, review.Decision{Author: "سارا", Action: review.Undo, Undoes: d.Seq}, Anyway); err != nil {
			t.Fatal(err)
		}
		linkIncidents(t, l, false)
		if asked("hamas") != 1 || asked("hezbollah") != 0 {
			t.Errorf("apart again: %d and %d", asked("hamas"), asked("hezbollah"))
		}
		check(t, l)
	})
}

// A report that reads otherwise now is grouped otherwise, and nothing is left
// of what it was.
func TestIncidentReread(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		ids := add(t, l, bazaar()...)
		linkIncidents(t, l, false)
		for _, e := range fullOf(t, l, ids[3].ID).Reviewed.Record.Events { // nothing of it happened, says a person
			d := review.Decision{Author: "سارا", Report: ids[3].ID, Action: review.Correct, Target: review.Target{Kind: review.Event, ID: e.ID}, Field: "status", Value: json.RawMessage(`"negated"`)}
			if _, err := l.Decide(ctx, d, Anyway); err != nil {
				t.Fatal(err)
			}
		}
		for it, err := range l.Items(ctx, Filter{}) { // not linked again yet: nobody knows
			if err != nil || it.ID == ids[3].ID && it.Told != nil {
				t.Errorf("%v %v", it.Told, err)
			}
		}
		check(t, l)
		bit := NewLinker(reader().Lexicon)
		bit.small = 0
		if _, err := l.Link(ctx, bit, LinkOptions{}); err != nil {
			t.Fatal(err)
		}
		before := dump(t, l, made...)
		check(t, l)
		linkIncidents(t, l, true)
		if now := dump(t, l, made...); !reflect.DeepEqual(now["members"], before["members"]) || !reflect.DeepEqual(now["sketches"], before["sketches"]) || !reflect.DeepEqual(now["incident_events"], before["incident_events"]) {
			t.Error("linking what changed leaves other rows than linking all")
		}
	})
}

// What was decided without a linker, or came with a backup, is followed by the
// next linking; what speaks of words that tell of nothing is counted and hurts nothing.
func TestIncidentDecideUnlinked(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		ids := add(t, l, bazaar()...)
		linkIncidents(t, l, false)
		x, y := with(t, l, ids[0].ID), with(t, l, ids[3].ID)
		if _, err := l.DecideIncident(ctx, nil, OnIncident{Author: "سارا", Action: review.Join, Incident: x.ID, Other: y.ID}); err != nil {
			t.Fatal(err)
		}
		if got := grouping(t, l, ids); got != "abc d f" {
			t.Errorf("grouped without a linker: %s", got)
		}
		if _, err := l.DecideIncident(ctx, nil, OnIncident{Author: "سارا", Action: review.Grade, Incident: y.ID, Seen: Anyway, Grade: "weak"}); err != nil {
			t.Fatal(err)
		}
		if got := grouping(t, l, ids); got != "abc d:weak f" {
			t.Errorf("graded without a linker: %s", got)
		}
		linkIncidents(t, l, false)
		if got := grouping(t, l, ids); got != "abcd:weak f" { // a grade goes along until a person gives another
			t.Errorf("linked: %s", got)
		}
		err := l.tx(ctx, func(t *tx) error {
			d := review.Decision{Author: "سارا", Action: review.Part, Target: review.Target{Kind: review.Incident, ID: "00"},
				Accounts: []review.Account{{Report: ids[0].ID, Start: 1, End: 9}}, Others: []review.Account{{Report: "ffffffffffffffff", Start: 1, End: 9}}}
			return l.appendDecision(ctx, t, &d)
		})
		if err != nil {
			t.Fatal(err)
		}
		if out := linkIncidents(t, l, false); out.Unplaced != 1 {
			t.Errorf("%+v", out)
		}
		if got := grouping(t, l, ids); got != "abcd:weak f" {
			t.Errorf("linked with a decision that finds nothing: %s", got)
		}
		check(t, l)
	})
}
