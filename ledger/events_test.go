package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/export"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// act is what a naive reader of the filter knows of an event.
type act struct {
	Report
	*record.Event
	n         int
	day       string // "" where unknown
	told      bool
	dead      int64 // -1 where none is given
	country   string
	verdict   string
	actor     []string
	recipient []string
	place     string
}

func (a *act) id() string { return a.Report.ID + " " + a.Event.ID }

// passes evaluates a filter on one event, as the words of EventFilter have it.
func (a *act) passes(f *EventFilter) bool {
	if (f.From != "" || f.To != "") && a.day == "" || f.From != "" && a.day < f.From || f.To != "" && a.day > f.To {
		return false
	}
	in := func(want []string, have ...string) bool {
		return len(want) == 0 || slices.ContainsFunc(have, func(s string) bool { return s != "" && slices.Contains(want, s) })
	}
	local := func(list []string) []string {
		var out []string
		for _, id := range list {
			out = append(out, id, a.Report.ID+"/"+id)
		}
		return out
	}
	where := []string{}
	if a.place != "" {
		where = append(local([]string{a.place}), "country:"+a.country)
	}
	return in(f.Type, a.Type) && in(f.Status, a.Status) && in(f.Actor, local(a.actor)...) && in(f.Recipient, local(a.recipient)...) && in(f.Place, where...) && in(f.Country, where...) && in(f.Outlet, a.Outlet) &&
		in(f.Review, cmp.Or(a.verdict, Unreviewed)) && (f.Dead == 0 || a.dead >= int64(f.Dead)) && (!f.Placed || a.place != "") && (!f.Told || a.told)
}

// acts are all events of a ledger, by what its records say.
func acts(t testing.TB, l *Ledger, ids []Added) []act {
	t.Helper()
	var all []act
	for _, x := range ids {
		r, err := l.Report(context.Background(), x.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, rev, err := l.Record(context.Background(), x.ID)
		if err != nil {
			t.Fatal(err)
		}
		rec := rev.Record
		for i := range rec.Events {
			e := &rec.Events[i]
			a := act{Report: *r, Event: e, n: i, day: r.Published, dead: -1, verdict: string(rev.Verdict(review.Event, e.ID))}
			if e.Date != nil {
				if d, ok := record.DaysOf(e.Date.Value); ok {
					a.day, a.told = d.First.Format("2006-01-02"), true
				}
			}
			if e.Killed != nil {
				n := rec.Numbers[*e.Killed]
				if p := cmp.Or(n.Min, n.Max); p != nil {
					a.dead = *p
				}
			}
			for _, x := range e.Actor {
				a.actor = append(a.actor, x.Entity)
			}
			for _, x := range e.Recipient {
				a.recipient = append(a.recipient, x.Entity)
			}
			if e.Place != nil {
				a.place = e.Place.Entity
				for _, x := range rec.Entities {
					if x.ID == a.place && x.Place != nil {
						a.country = x.Place.Country
					}
				}
			}
			all = append(all, a)
		}
	}
	return all
}

// sortActs sorts as an order promises.
func sortActs(list []act, o EventOrder) []act {
	var out []act
	for _, a := range list {
		if o != ByDead || a.dead > 0 {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b act) int {
		day := cmp.Or(strings.Compare(b.day, a.day), cmp.Compare(b.Seq, a.Seq), cmp.Compare(b.n, a.n))
		switch o {
		case Oldest:
			return -day
		case ByType:
			return cmp.Or(strings.Compare(a.Type, b.Type), day)
		case ByAdded:
			return cmp.Or(cmp.Compare(b.Seq, a.Seq), cmp.Compare(b.n, a.n))
		case ByDead:
			return cmp.Or(cmp.Compare(b.dead, a.dead), day)
		}
		return day
	})
	return out
}

// Events, their tally and what is exported of them are what a naive evaluation
// of the filter on every record gives, for every field alone and for many at
// once, in each order, page by page forwards and back; and so they are where
// events are walked a few at a time.
func TestEventsAgainstAll(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		ids := add(t, l, stories(0, 90)...)
		for i := range 6 {
			decide(t, l, ids[i*7].ID)
		}
		check(t, l)
		all := acts(t, l, ids)
		pool := map[string][]string{}
		offer := func(field, v string) {
			if v != "" && !slices.Contains(pool[field], v) {
				pool[field] = append(pool[field], v)
			}
		}
		for i := range all {
			a := &all[i]
			offer("type", a.Type)
			offer("status", a.Status)
			offer("outlet", a.Outlet)
			offer("place", a.place)
			offer("review", cmp.Or(a.verdict, Unreviewed))
			if a.country != "" {
				offer("place", "country:"+a.country)
			}
			for _, x := range a.actor {
				offer("actor", x)
			}
			for _, x := range a.recipient {
				offer("recipient", x)
			}
		}
		fields := []string{"type", "status", "outlet", "place", "actor", "recipient", "review"}
		for _, field := range fields {
			if len(pool[field]) < 2 {
				t.Fatalf("the reports have too few values of %s: %q", field, pool[field])
			}
		}
		pool["place"] = append(pool["place"], all[0].Report.ID+"/"+pool["place"][0], "nowhere")
		pool["actor"] = append(pool["actor"], all[0].Report.ID+"/"+pool["actor"][0], "nobody")
		set := func(f *EventFilter, field string, values []string) {
			*map[string]*[]string{"type": &f.Type, "status": &f.Status, "outlet": &f.Outlet, "place": &f.Place, "actor": &f.Actor, "recipient": &f.Recipient, "review": &f.Review}[field] = values
		}
		usual, tight := eventLimits{}, eventLimits{few: 3, first: 5, last: 12}
		found := 0
		try := func(f EventFilter, o EventOrder, limit int, limits eventLimits) {
			t.Helper()
			var want, have []string
			var pass []act
			for i := range all {
				if all[i].passes(&f) {
					pass = append(pass, all[i])
				}
			}
			for _, a := range sortActs(pass, o) {
				want = append(want, a.id())
			}
			what := fmt.Sprintf("%+v by %s, %d a page, limits %+v", f, o, limit, limits)
			p := EventPage{Order: o, Limit: limit, limits: limits}
			var pages []EventPage
			for n := 0; ; n++ {
				x, err := l.Events(ctx, f, p)
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				for _, e := range x.Events {
					have = append(have, e.Report+" "+e.Event)
				}
				if len(x.Events) > limit || x.Looked == 0 && len(x.Events) < limit && x.Next != "" || x.Looked > 0 && x.Next == "" || n > 2*len(all) {
					t.Fatalf("%s: page %d has %d events, %d looked at, next %q", what, n, len(x.Events), x.Looked, x.Next)
				}
				pages = append(pages, p)
				if x.Next == "" {
					break
				}
				p.After = x.Next
			}
			if !slices.Equal(have, want) {
				t.Fatalf("%s\ngives %q\nnot   %q", what, have, want)
			}
			if len(pages) > 1 { // and back from the last page
				x, err := l.Events(ctx, f, p)
				if err != nil {
					t.Fatal(err)
				}
				back := []string{}
				for n := 0; x.Prev != ""; n++ {
					if x, err = l.Events(ctx, f, EventPage{Order: o, Limit: limit, Before: x.Prev, limits: limits}); err != nil || n > 2*len(all) {
						t.Fatalf("%s: back: %v", what, err)
					}
					var page []string
					for _, e := range x.Events {
						page = append(page, e.Report+" "+e.Event)
					}
					back = append(page, back...)
				}
				if len(back) > len(want) || !slices.Equal(back, want[:len(back)]) || len(want) > limit && len(back) == 0 && limits == usual {
					t.Fatalf("%s: back\n%q\nof %q", what, back, want)
				}
			}
			found += len(want)
			if o != ByDay {
				return
			}
			for _, most := range []int{Tallied, 7} {
				x, err := l.EventTally(ctx, f, most)
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				days, places, total, undated := map[string]int64{}, map[string]int64{}, int64(0), int64(0)
				for _, a := range pass {
					if x.Since == "" || a.day > x.Since { // the day at which counting ended may be counted in part
						if total++; a.day == "" {
							undated++
						} else {
							days[a.day]++
						}
					}
					if a.place != "" && (x.PlacesSince == "" || a.day > x.PlacesSince) {
						places[a.place]++
					}
				}
				for _, d := range x.Days {
					if (x.Since == "" || d.Day > x.Since) && days[d.Day] != d.Events {
						t.Errorf("%s: %d events on %s, not %d", what, d.Events, d.Day, days[d.Day])
					}
					delete(days, d.Day)
				}
				if len(days) > 0 || x.Since == "" && (x.Total != total || x.Undated != undated) || most == Tallied && (x.Since != "" || x.PlacesSince != "") {
					t.Errorf("%s: tally %+v, not counted %v, %d in all", what, x, days, total)
				}
				for _, p := range x.Places {
					if x.PlacesSince == "" && places[p.ID] != p.Events || p.Events < places[p.ID] || p.Name == "" {
						t.Errorf("%s: %+v, not %d", what, p, places[p.ID])
					}
					delete(places, p.ID)
				}
				if len(places) > 0 {
					t.Errorf("%s: places are missing: %v", what, places)
				}
			}
			var items []string
			err := l.eventItems(ctx, f, cmp.Or(limits, usualLimits), func(it *export.Item) bool {
				for _, e := range it.Record.Events {
					items = append(items, it.ID+" "+e.ID)
				}
				return true
			})
			slices.Sort(items)
			slices.Sort(want)
			if err != nil || !slices.Equal(items, want) {
				t.Errorf("%s: exported are %q, not %q: %v", what, items, want, err)
			}
		}
		for _, limits := range []eventLimits{usual, tight} {
			for _, o := range EventOrders {
				try(EventFilter{}, o, 10, limits)
				try(EventFilter{From: "2024-01-20", To: "2024-02-05"}, o, 7, limits)
				try(EventFilter{Dead: 1}, o, 4, limits)
				try(EventFilter{Dead: 5, Placed: true}, o, 4, limits)
				try(EventFilter{Told: true, To: "2024-01-20"}, o, 4, limits)
			}
			for _, field := range fields {
				for _, v := range pool[field] {
					var f EventFilter
					set(&f, field, []string{v})
					try(f, ByDay, 6, limits)
				}
			}
			r := rand.New(rand.NewPCG(7, 1))
			for range 60 {
				var f EventFilter
				for _, field := range fields {
					if r.IntN(3) == 0 {
						values := []string{pool[field][r.IntN(len(pool[field]))]}
						if v := pool[field][r.IntN(len(pool[field]))]; r.IntN(2) == 0 && v != values[0] {
							values = append(values, v)
						}
						set(&f, field, values)
					}
				}
				if r.IntN(6) == 0 {
					f.Country = []string{pool["place"][r.IntN(len(pool["place"]))]}
				}
				if r.IntN(4) == 0 {
					f.From = "2024-01-15"
				}
				try(f, EventOrders[r.IntN(len(EventOrders))], 1+r.IntN(9), limits)
			}
		}
		if found < 1000 {
			t.Errorf("only %d events were found in all", found)
		}
	})
}

// A row says who acts on whom where, and on whose word, as the record has it.
func TestEventRows(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		ids := add(t, l, stories(0, 40)...)
		all := acts(t, l, ids)
		x, err := l.Events(context.Background(), EventFilter{}, EventPage{Limit: 500})
		if err != nil || len(x.Events) != len(all) {
			t.Fatalf("%d events, not %d: %v", len(x.Events), len(all), err)
		}
		spoken, via, dead := 0, 0, 0
		for i, a := range sortActs(all, ByDay) {
			e := x.Events[i]
			var actor, recipient []string
			for _, n := range e.Actors {
				actor = append(actor, n.ID)
			}
			for _, n := range e.Recipients {
				recipient = append(recipient, n.ID)
			}
			dedup := func(s []string) []string {
				var out []string
				for _, v := range s {
					if !slices.Contains(out, v) {
						out = append(out, v)
					}
				}
				return out
			}
			place := ""
			if e.Place != nil {
				place = e.Place.ID
			}
			said := ""
			if a.SaidBy != nil {
				said = *a.SaidBy
			}
			if e.Day != a.day || e.Told != a.told || e.Type != a.Type || e.Status != a.Status || !slices.Equal(actor, dedup(a.actor)) || !slices.Equal(recipient, dedup(a.recipient)) ||
				place != a.place || e.Country != a.country || e.SaidBy != said || e.Head != a.Head || e.Outlet != a.Outlet || e.Review != a.verdict {
				t.Errorf("%+v\nis not %+v", e, a)
			}
			if e.Speaker != nil {
				spoken++
			}
			via += len(e.Via)
			if a.dead > 0 {
				dead++
				if n := cmp.Or(e.KilledLow, e.KilledHigh); n == nil || *n != a.dead {
					t.Errorf("%s: %v dead, not %d", a.id(), n, a.dead)
				}
			}
		}
		if spoken == 0 || via == 0 || dead == 0 {
			t.Errorf("%d with a speaker, %d links, %d with dead: nothing was tried", spoken, via, dead)
		}
	})
}

func TestEventsRefuse(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		add(t, l, stories(0, 3)...)
		var bad *BadQuery
		for _, p := range []EventPage{{Order: "colour"}, {After: "x"}, {After: "1.2"}, {After: "1.2.3.4"}, {Before: "1.2.x"}, {Order: ByDead, After: "ASSAULT.1.2.3"}, {Order: ByType, After: "1.2.3"},
			{After: "99999999999999999999.1.1"}, {Order: ByType, After: strings.Repeat("A", 50) + ".1.2.3"}} {
			if _, err := l.Events(context.Background(), EventFilter{}, p); !errors.As(err, &bad) {
				t.Errorf("%+v: %v", p, err)
			}
		}
		for _, f := range []EventFilter{{From: "yesterday"}, {To: "2024-13-01"}} {
			if _, err := l.Events(context.Background(), f, EventPage{}); !errors.As(err, &bad) {
				t.Errorf("%+v: %v", f, err)
			}
			if _, err := l.EventTally(context.Background(), f, 10); !errors.As(err, &bad) {
				t.Errorf("%+v: %v", f, err)
			}
		}
		// Any bytes are a value that no event has.
		if x, err := l.Events(context.Background(), EventFilter{Actor: []string{"a\x00b", "\xff"}, Place: []string{"country:\xff", strings.Repeat("م", 5000)}}, EventPage{}); err != nil || len(x.Events) > 0 {
			t.Errorf("%+v %v", x, err)
		}
	})
}

// Each damage to a table of events is found, and rebuilding mends it.
func TestEventDamage(t *testing.T) {
	eachHome(t, func(t *testing.T, h home) {
		l := openAt(t, h.dsn, Options{Create: true})
		add(t, l, stories(0, 12)...)
		check(t, l)
		db := h.raw(t)
		for _, c := range []struct{ do, want string }{
			{"UPDATE event_days SET day = day + 1 WHERE report = 3", "damage in event_days, row 3:"},
			{"DELETE FROM event_days WHERE report = 4", "damage in event_days, row 4: "},
			{"INSERT INTO event_days SELECT day, 99, n, told, type, status, country, place, outlet, review, dead FROM event_days WHERE report = 4", "damage in event_days, row 99: "},
			{"DELETE FROM event_facets WHERE report = 5", "damage in event_facets, row 5: "},
			{"INSERT INTO event_facets SELECT facet, day, 98, n FROM event_facets WHERE report = 5 AND facet LIKE 'type:%'", "damage in event_facets: "},
			{"UPDATE event_counts SET events = events + 1 WHERE facet = ''", "damage in event_counts: "},
			{"DELETE FROM event_counts WHERE facet LIKE 'type:%'", "damage in event_counts: "},
			{"UPDATE event_places SET events = 99", "damage in event_places: "},
		} {
			if _, err := db.Exec(c.do); err != nil {
				t.Fatalf("%s: %v", c.do, err)
			}
			var have []string
			if _, err := l.Check(context.Background(), false, func(d Damage) { have = append(have, d.Error()) }); err != nil {
				t.Fatal(err)
			}
			if len(have) != 1 || !strings.HasPrefix(have[0], c.want) {
				t.Errorf("%s: the check finds %q, not %q", c.do, have, c.want)
			}
			if err := l.Rebuild(context.Background(), nil); err != nil {
				t.Fatal(err)
			}
			check(t, l)
		}
	})
}

// millionEvents fills the tables of events with rows of n events of n/10
// reports that are not there otherwise, in SQL alone.
func millionEvents(t testing.TB, l *Ledger, n int) {
	t.Helper()
	ctx := context.Background()
	series := fmt.Sprintf("WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i < %d) ", n-1)
	err := l.tx(ctx, func(t *tx) error {
		for _, q := range []string{
			`INSERT INTO event_days (day, report, n, told, type, status, country, place, outlet, review, dead) ` + series + `SELECT 15000 + (i / 10 * 7919) % 4000, 1000 + i / 10, i % 10, i % 3 % 2,
				CASE i % 7 WHEN 0 THEN 'ASSAULT' WHEN 1 THEN 'CONSULT' WHEN 2 THEN 'ACCUSE' ELSE 'COERCE' END, CASE i % 11 WHEN 0 THEN 'future' ELSE 'happened' END,
				CASE i % 5 WHEN 0 THEN 'IQ' ELSE '' END, CASE i % 5 WHEN 0 THEN 'place-' || (i % 997) ELSE '' END, 'outlet-' || (i / 10 % 40), '', CASE i % 23 WHEN 0 THEN i % 101 ELSE NULL END FROM s`,
			`INSERT INTO event_facets (facet, day, report, n) SELECT 'type:' || type, day, report, n FROM event_days UNION ALL SELECT 'status:' || status, day, report, n FROM event_days
				UNION ALL SELECT 'place:' || place, day, report, n FROM event_days WHERE place <> '' UNION ALL SELECT 'country:IQ', day, report, n FROM event_days WHERE country <> ''
				UNION ALL SELECT 'outlet:' || outlet, day, report, n FROM event_days UNION ALL SELECT 'actor:actor-' || ((report * 10 + n) % 50), day, report, n FROM event_days ORDER BY 1, 2, 3, 4`,
			`INSERT INTO event_counts (facet, day, events) SELECT facet, day, count(*) FROM event_facets GROUP BY facet, day UNION ALL SELECT '', day, count(*) FROM event_days GROUP BY day
				UNION ALL SELECT 'type:' || type || ' status:' || status, day, count(*) FROM event_days GROUP BY type, status, day`,
			`INSERT INTO event_places (place, events) SELECT place, count(*) FROM event_days WHERE place <> '' GROUP BY place`,
		} {
			if err := l.exec(ctx, t, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// plans notes how SQLite answers each query that is asked through it.
type plans struct {
	querier
	l    *Ledger
	bad  []string
	seen int
}

func (p *plans) look(ctx context.Context, query string, args []any) {
	rows, err := p.querier.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		p.bad = append(p.bad, err.Error())
		return
	}
	eachRow(rows, func(r *sql.Rows) error {
		var id, parent, no int
		var detail string
		err := r.Scan(&id, &parent, &no, &detail)
		p.seen++
		// What a sub-query gave is scanned; a table never is but in the order of
		// an index, where a limit ends it.
		if strings.HasPrefix(detail, "SCAN event_") || strings.HasPrefix(detail, "SCAN e") && !strings.Contains(detail, "USING") && !strings.HasPrefix(detail, "SCAN e VIRTUAL") {
			p.bad = append(p.bad, detail+" in "+query)
		}
		return err
	})
}

func (p *plans) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p.look(ctx, query, args)
	return p.querier.QueryContext(ctx, query, args...)
}

func (p *plans) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	p.look(ctx, query, args)
	return p.querier.QueryRowContext(ctx, query, args...)
}

// On many events each query of a list and of a tally goes by an index, and
// looks at no more events than it may.
func TestEventPlans(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	l := openAt(t, t.TempDir()+"/ledger.db", Options{Create: true})
	n := 60_000
	millionEvents(t, l, n)
	filters := []EventFilter{{}, {Type: []string{"ASSAULT"}}, {Type: []string{"ASSAULT", "ACCUSE"}, Status: []string{"future"}}, {Place: []string{"country:IQ", "place-5"}}, {Actor: []string{"actor-3"}, Outlet: []string{"outlet-3"}},
		{Dead: 1}, {Dead: 100}, {Placed: true, Told: true}, {Review: []string{Unreviewed}}, {Review: []string{"accepted", Unreviewed}, Status: []string{"future"}}, {From: "2012-01-01", To: "2012-03-01"}, {Type: []string{"ASSAULT"}, From: "2012-01-01"},
		{Actor: []string{"0123456789abcdef/actor-3"}}}
	p := &plans{querier: l.read, l: l}
	for _, f := range filters {
		for _, o := range EventOrders {
			for _, page := range []EventPage{{Order: o}, {Order: o, After: map[EventOrder]string{ByType: "ASSAULT.", ByDead: "50."}[o] + "16000.2000.3"}, {Order: o, Before: map[EventOrder]string{ByType: "ASSAULT.", ByDead: "50."}[o] + "16000.2000.3"}} {
				v, err := l.eventView(ctx, p, &f)
				if err != nil {
					t.Fatal(err)
				}
				s := &eventSeek{eventView: v, order: o, limit: 50, forward: page.Before == ""}
				if mark := cmp.Or(page.After, page.Before); mark != "" {
					k, err := readEventKey(mark, o)
					if err != nil {
						t.Fatal(err)
					}
					s.after = &k
				}
				if o == ByType {
					err = s.types()
				} else {
					err = s.seek()
				}
				if err != nil {
					t.Fatal(err)
				}
				if s.looked > usualLimits.last+usualLimits.first {
					t.Errorf("%+v by %s: %d were looked at", f, o, s.looked)
				}
			}
		}
		v, err := l.eventView(ctx, p, &f)
		if err != nil {
			t.Fatal(err)
		}
		for _, days := range []bool{true, false} {
			x := &tallying{eventView: v, days: map[int64]int64{}, places: map[string]*tallied{}}
			if _, err := x.summed(); err != nil {
				t.Fatal(err)
			}
			if err := x.walk(Tallied, days); err != nil {
				t.Fatal(err)
			}
			if _, err := x.located(); err != nil {
				t.Fatal(err)
			}
		}
	}
	slices.Sort(p.bad)
	for _, s := range slices.Compact(p.bad) {
		t.Error(s)
	}
	if p.seen == 0 {
		t.Error("no plan was seen")
	}
}
