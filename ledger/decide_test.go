package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/sanad-project/sanad/review"
)

// decide makes a few decisions on a report that has an event.
func decide(t testing.TB, l *Ledger, id string) {
	t.Helper()
	event := review.Target{Kind: review.Event, ID: "e1"}
	for _, d := range []review.Decision{
		{Action: review.Accept, Target: event, Field: "type"},
		{Action: review.Correct, Target: event, Field: "status", Value: json.RawMessage(`"future"`)},
		{Action: review.Note, Note: "با دفتر تماس گرفته شد"},
		{Action: review.Reject, Target: review.Target{Kind: review.Event, ID: "e2"}},
		{Action: review.State, Value: json.RawMessage(`"done"`)},
	} {
		d.Author, d.Report = "سارا", id
		if _, err := l.Decide(context.Background(), d, Anyway); err != nil {
			t.Fatalf("%s: %v", d.Action, err)
		}
	}
}

func TestDecide(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		ids := add(t, l, stories(0, 6)...)
		decide(t, l, ids[1].ID)
		f := fullOf(t, l, ids[1].ID)
		if f.Review != "done" || len(f.Log) != 5 || f.Reviewed.State != "done" || f.Events != len(f.Machine.Events)-1 || f.Reviewed.Record.Events[0].Status != "future" {
			t.Errorf("%+v", f.Report)
		}
		if list, err := l.List(ctx, Filter{Review: []string{"done"}}, 9, 0); err != nil || len(list) != 1 || list[0].ID != ids[1].ID {
			t.Errorf("%+v %v", list, err)
		}
		if list, err := l.List(ctx, Filter{Status: []string{"future"}}, 9, 0); err != nil || len(list) != 1 {
			t.Errorf("%+v %v", list, err)
		}

		d := review.Decision{Author: "رضا", Action: review.Accept, Report: ids[1].ID, Target: review.Target{Kind: review.Event, ID: "e1"}}
		var conflict *Conflict
		if _, err := l.Decide(ctx, d, f.Log[2].Hash); !errors.As(err, &conflict) || len(conflict.Theirs) != 2 {
			t.Errorf("somebody else decided: %v", err)
		}
		if _, err := l.Decide(ctx, d, ""); !errors.As(err, &conflict) || len(conflict.Theirs) != 5 {
			t.Errorf("nothing was seen: %v", err)
		}
		if _, err := l.Decide(ctx, d, f.Reviewed.Last); err != nil {
			t.Errorf("the last was seen: %v", err)
		}
		if _, err := l.Decide(ctx, review.Decision{Author: "رضا", Action: review.Accept, Report: "0000000000000000"}, Anyway); err == nil {
			t.Error("a report that is not there")
		}
		if _, err := l.Decide(ctx, review.Decision{Author: "رضا", Action: review.Merge, Target: review.Target{Kind: review.Entity, ID: "irna"}, Value: json.RawMessage(`["fars-news"]`)}, ""); err != nil {
			t.Errorf("merging: %v", err)
		}
		var log []review.Decision
		if err := l.Log(ctx, "", func(d review.Decision) error { log = append(log, d); return nil }); err != nil || len(log) != 7 {
			t.Errorf("%d lines, %v", len(log), err)
		}
		var chain review.Chain
		for i := range log {
			chain.Add(&log[i])
		}
		if faults := chain.End(); len(faults) > 0 {
			t.Errorf("%v", faults)
		}
		check(t, l)

		before := dump(t, l, derivedTables(l)...)
		if err := l.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		same(t, dump(t, l, derivedTables(l)...), before)
		check(t, l)
	})
}

// Decisions and reports that come in mixed order give the rows that rebuilding
// gives.
func TestRebuild(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		ids := add(t, l, stories(0, 25)...)
		for i := range 8 {
			decide(t, l, ids[i*3].ID)
		}
		more := add(t, l, stories(25, 40)...)
		decide(t, l, more[3].ID)
		for _, x := range append(ids[:5:5], more[3]) {
			m := maker()
			m.Version = "next"
			if _, err := l.Reread(ctx, m, x.ID); err != nil {
				t.Fatal(err)
			}
		}
		check(t, l)
		before := dump(t, l, derivedTables(l)...)
		var done []int64
		if err := l.Rebuild(ctx, func(n, of int64) { done = append(done, n, of) }); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(done, []int64{40, 40}) {
			t.Errorf("progress %v", done)
		}
		same(t, dump(t, l, derivedTables(l)...), before)
		check(t, l)
	})
}
