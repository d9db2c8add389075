package ledger

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/record"
)

// known is what a naive reader of the filter knows of a report.
type known struct {
	Report
	rec *record.Record
}

// passes evaluates a filter on one report, as the words of Filter have it.
func (k *known) passes(f *Filter) bool {
	if (f.From != "" || f.To != "") && k.Published == "" {
		return false
	}
	if f.From != "" && k.Published < f.From || f.To != "" && k.Published > f.To {
		return false
	}
	in := func(want []string, have ...string) bool {
		return len(want) == 0 || slices.ContainsFunc(have, func(s string) bool { return s != "" && slices.Contains(want, s) })
	}
	var entities, speakers, via, acts []string
	country := map[string]string{}
	for _, e := range k.rec.Entities {
		if e.ID[0] != '~' {
			entities = append(entities, e.ID)
		}
		if e.Place != nil {
			country[e.ID] = e.Place.Country
		}
	}
	for _, s := range k.rec.Statements {
		if s.Speaker != nil {
			speakers = append(speakers, *s.Speaker)
		}
		acts = append(acts, s.Act)
		for _, v := range s.Via {
			via = append(via, v.Entity)
		}
	}
	if !in(f.Outlet, k.Outlet) || !in(f.Entity, entities...) || !in(f.Speaker, speakers...) || !in(f.Via, via...) || !in(f.Act, acts...) || !in(f.Review, k.Review) {
		return false
	}
	if len(f.Actor)+len(f.Recipient)+len(f.Type)+len(f.Mode)+len(f.Status)+len(f.Place) == 0 {
		return true
	}
	for _, e := range k.rec.Events {
		var actor, recipient []string
		for _, r := range e.Actor {
			actor = append(actor, r.Entity)
		}
		for _, r := range e.Recipient {
			recipient = append(recipient, r.Entity)
		}
		mode, place := "", ""
		if e.Mode != nil {
			mode = *e.Mode
		}
		if e.Place != nil {
			place = e.Place.Entity
		}
		if in(f.Actor, actor...) && in(f.Recipient, recipient...) && in(f.Type, e.Type) && in(f.Mode, mode) && in(f.Status, e.Status) && in(f.Place, place, "country:"+country[place]) {
			return true
		}
	}
	return false
}

// List gives what a naive evaluation of the filter on every record gives, in
// the order that it promises, for every field alone and for many at once.
func TestListAgainstAll(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		ids := add(t, l, stories(0, 120)...)
		for i := range 6 {
			decide(t, l, ids[i*7].ID)
		}
		var all []known
		pool := map[string][]string{}
		offer := func(field string, values ...string) {
			for _, v := range values {
				if v != "" && !slices.Contains(pool[field], v) {
					pool[field] = append(pool[field], v)
				}
			}
		}
		for _, x := range ids {
			r, err := l.Report(ctx, x.ID)
			if err != nil {
				t.Fatal(err)
			}
			_, rev, err := l.Record(ctx, x.ID)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, known{*r, rev.Record})
			offer("outlet", r.Outlet)
			offer("review", r.Review)
			for _, e := range rev.Record.Entities {
				offer("entity", e.ID)
			}
			for _, s := range rev.Record.Statements {
				offer("act", s.Act)
				if s.Speaker != nil {
					offer("speaker", *s.Speaker)
				}
				for _, v := range s.Via {
					offer("via", v.Entity)
				}
			}
			for _, e := range rev.Record.Events {
				offer("type", e.Type)
				offer("status", e.Status)
				if e.Mode != nil {
					offer("mode", *e.Mode)
				}
				for _, a := range e.Actor {
					offer("actor", a.Entity)
				}
				for _, a := range e.Recipient {
					offer("recipient", a.Entity)
				}
				if e.Place != nil {
					offer("place", e.Place.Entity, "country:IQ", "country:SY")
				}
			}
		}
		slices.SortFunc(all, func(a, b known) int {
			if c := strings.Compare(b.Published, a.Published); c != 0 {
				return c
			}
			return int(b.Seq - a.Seq)
		})
		fields := []string{"outlet", "entity", "speaker", "via", "act", "review", "actor", "recipient", "type", "mode", "status", "place"}
		for _, field := range fields {
			if len(pool[field]) == 0 {
				t.Errorf("no report has a value of %s", field)
			}
			pool[field] = append(pool[field], "nothing-of-that-name")
		}
		set := func(f *Filter, field string, values []string) {
			*map[string]*[]string{"outlet": &f.Outlet, "entity": &f.Entity, "speaker": &f.Speaker, "via": &f.Via, "act": &f.Act, "review": &f.Review, "actor": &f.Actor,
				"recipient": &f.Recipient, "type": &f.Type, "mode": &f.Mode, "status": &f.Status, "place": &f.Place}[field] = values
		}
		found := 0
		try := func(f Filter, limit, offset int) {
			t.Helper()
			var want, have []string
			for _, k := range all {
				if k.passes(&f) {
					want = append(want, k.ID)
				}
			}
			want = want[min(offset, len(want)):]
			want = want[:min(limit, len(want))]
			list, err := l.List(ctx, f, limit, offset)
			if err != nil {
				t.Fatalf("%+v: %v", f, err)
			}
			for _, x := range list {
				have = append(have, x.ID)
			}
			if !slices.Equal(have, want) {
				t.Errorf("%+v, %d from %d, gives %d reports, not %d\n%v\n%v", f, limit, offset, len(have), len(want), have, want)
			}
			found += len(want)
		}
		try(Filter{}, 1000, 0)
		try(Filter{From: "2024-01-20"}, 1000, 0)
		try(Filter{To: "2024-01-20"}, 1000, 0)
		try(Filter{From: "2024-01-20", To: "2024-01-30"}, 1000, 0)
		try(Filter{From: "2024-01-30", To: "2024-01-20"}, 1000, 0)
		for _, field := range fields {
			for _, v := range pool[field] {
				if field == "entity" && v[0] == '~' {
					continue // what is only described is not found by a name
				}
				var f Filter
				set(&f, field, []string{v})
				try(f, 1000, 0)
				try(f, 3, 2)
			}
		}
		r := rand.New(rand.NewPCG(7, 1))
		for range 400 {
			var f Filter
			for _, field := range fields {
				if r.IntN(4) > 0 {
					continue
				}
				var values []string
				for range 1 + r.IntN(4) {
					if v := pool[field][r.IntN(len(pool[field]))]; field != "entity" || v[0] != '~' {
						values = append(values, v)
					}
				}
				set(&f, field, values)
			}
			if r.IntN(3) == 0 {
				f.From = fmt.Sprintf("2024-01-%02d", 1+r.IntN(31))
			}
			if r.IntN(3) == 0 {
				f.To = fmt.Sprintf("2024-02-%02d", 1+r.IntN(29))
			}
			try(f, 1+r.IntN(30), r.IntN(5))
		}
		if found < 2000 {
			t.Errorf("only %d reports were found in all: the filters ask for what is not there", found)
		}
	})
}

// Pages of a list are the list.
func TestPaging(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		add(t, l, stories(0, 40)...)
		for _, f := range []Filter{{}, {Type: []string{"ASSAULT", "COERCE"}}, {Outlet: []string{"irna", "fars-news"}, From: "2024-01-10"}} {
			whole, err := l.List(ctx, f, 100, 0)
			if err != nil || len(whole) < 8 {
				t.Fatalf("%d %v", len(whole), err)
			}
			var pages []string
			for n := 0; ; n += 7 {
				page, err := l.List(ctx, f, 7, n)
				if err != nil {
					t.Fatal(err)
				}
				for _, x := range page {
					pages = append(pages, x.ID)
				}
				if len(page) < 7 {
					break
				}
			}
			for i, x := range whole {
				if i >= len(pages) || pages[i] != x.ID {
					t.Fatalf("%+v: pages differ at %d", f, i)
				}
			}
			if len(pages) != len(whole) {
				t.Errorf("%d on pages, %d in the list", len(pages), len(whole))
			}
		}
		if list, err := l.List(ctx, Filter{}, 10, 1_000_000); err != nil || len(list) != 0 {
			t.Errorf("behind the end: %v %v", list, err)
		}
	})
}

func TestReportByPrefix(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		ids := add(t, l, stories(0, 300)...)
		by := map[string][]string{}
		for _, x := range ids {
			by[x.ID[:4]] = append(by[x.ID[:4]], x.ID)
		}
		ambiguous := 0
		for prefix, list := range by {
			r, err := l.Report(ctx, prefix)
			if len(list) == 1 {
				if err != nil || r.ID != list[0] {
					t.Fatalf("%s: %v %v", prefix, r, err)
				}
				continue
			}
			ambiguous++
			var nf *NotFound
			slices.Sort(list)
			if !errors.As(err, &nf) || !slices.Equal(nf.Many, list) || !strings.Contains(err.Error(), prefix) {
				t.Errorf("%s of %v: %v", prefix, list, err)
			}
		}
		if ambiguous == 0 {
			t.Log("no two reports of this test begin alike")
		}
		id := ids[17].ID
		for _, s := range []string{id, id[:9], " " + strings.ToUpper(id[:8]) + "\n"} {
			if r, err := l.Report(ctx, s); err != nil || r.ID != id {
				t.Errorf("%q: %v", s, err)
			}
		}
		for _, s := range []string{"", id[:3], id + "0", "zzzz", "%%%%", "____", "12'--", strings.Repeat("a", 1<<16)} {
			var nf *NotFound
			if r, err := l.Report(ctx, s); !errors.As(err, &nf) || len(nf.Many) > 0 {
				t.Errorf("%.20q: %v %v", s, r, err)
			}
		}
	})
}
