package export

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanad-project/sanad/record"
)

// spoiled returns a record of the tests with its events changed at random:
// other types, statuses, dates, numbers and actors, some of which do not exist.
func spoiled(t *rapid.T, list []*Item) *record.Record {
	b, err := json.Marshal(rapid.SampledFrom(list).Draw(t, "report").Record)
	if err != nil {
		t.Fatal(err)
	}
	var r record.Record
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	ids := []string{"nobody", "iraq", "usa", "baghdad"}
	for _, e := range r.Entities {
		ids = append(ids, e.ID)
	}
	for i := range r.Numbers {
		n := &r.Numbers[i]
		n.Hedge = rapid.SampledFrom([]string{"exact", "about", "more_than", "at_least", "up_to", "less_than"}).Draw(t, "hedge")
		for _, p := range [...]**int64{&n.Min, &n.Max} {
			if *p = nil; rapid.Bool().Draw(t, "bound") {
				x := rapid.Int64Range(0, 400).Draw(t, "n")
				*p = &x
			}
		}
	}
	types := slices.Sorted(maps.Keys(ploverModes))
	refs := func() []record.Ref {
		var out []record.Ref
		for range rapid.IntRange(0, 2).Draw(t, "refs") {
			out = append(out, record.Ref{Entity: rapid.SampledFrom(ids).Draw(t, "entity")})
		}
		return out
	}
	index := func() *int {
		if rapid.Bool().Draw(t, "none") {
			return nil
		}
		i := rapid.IntRange(-1, len(r.Numbers)).Draw(t, "number")
		return &i
	}
	for i := range r.Events {
		e := &r.Events[i]
		e.Type = rapid.SampledFrom(types).Draw(t, "type")
		e.Mode = nil
		if modes := strings.Fields(ploverModes[e.Type]); len(modes) > 0 && rapid.Bool().Draw(t, "mode?") {
			m := rapid.SampledFrom(modes).Draw(t, "mode")
			e.Mode = &m
		}
		e.Status = rapid.SampledFrom([]string{"happened", "ongoing", "future", "hypothetical", "negated"}).Draw(t, "status")
		e.Actor, e.Recipient = refs(), refs()
		e.Killed, e.Wounded, e.Count = index(), index(), index()
		e.Date = nil
		if v := rapid.SampledFrom([]string{"", "2007-04-15", "2007-04", "2007", "2007-04-15/..", "PAST_REF", "XXXX-jal-12-16", "2001/2016-11-19", "2007-04-15TNI~", "x"}).Draw(t, "date"); v != "" {
			e.Date = &record.DateRef{Value: v}
		}
		if rapid.Bool().Draw(t, "no place") {
			e.Place = nil
		}
		if rapid.Bool().Draw(t, "span") {
			e.Trigger.Start, e.Trigger.End = rapid.IntRange(-5, 500).Draw(t, "start"), rapid.IntRange(-5, 500).Draw(t, "end")
		}
	}
	return &r
}

// TestAnyRecord: whatever is in a record, no format fails, acled and ged have
// rows of what happened alone, and no figure that the record has not.
func TestAnyRecord(t *testing.T) {
	list := items(t)
	rapid.Check(t, func(t *rapid.T) {
		r := spoiled(t, list)
		status, figures := map[string]string{}, map[string]bool{"": true}
		for _, e := range r.Events {
			status["x-"+e.ID] = e.Status
		}
		for _, n := range r.Numbers {
			figures[show(n.Min)], figures[show(n.Max)] = true, true
		}
		one := func(yield func(*Item, error) bool) { yield(&Item{ID: "x", Record: r}, nil) }
		for _, f := range Formats() {
			var main bytes.Buffer
			opt := Options{All: true}
			if f.Sidecar {
				opt.Sidecar = io.Discard
			}
			if f.Name == "xlsx" && rapid.IntRange(0, 9).Draw(t, "xlsx") > 0 {
				continue // slow
			}
			if err := Write(&main, f.Name, one, opt); err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			columns := map[string][]string{"acled": {"fatalities"}, "ged": {"best", "low", "high", "deaths_civilians", "deaths_unknown"}}[f.Name]
			if columns == nil {
				continue
			}
			names, rows := tableRows(t, main.String())
			for _, row := range rows {
				if s := status[row[names[0]]]; s != "happened" && s != "ongoing" {
					t.Errorf("%s: row %s is %s", f.Name, row[names[0]], s)
				}
				for _, c := range columns {
					if !figures[row[c]] {
						t.Errorf("%s: %s %s is not in the record", f.Name, c, row[c])
					}
				}
			}
		}
	})
}
