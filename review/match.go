package review

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/sanad-project/sanad/record"
)

// sought is a place where a decision, or another reading, has a finding.
type sought struct {
	place
	content []record.Span // of a statement; nil when unknown
}

// pair finds for each place the finding of the machine that stands there: the
// one at exactly these words or, for events, statements, numbers and times
// that have none, one whose words contain them or are contained in them and
// that stands at no other place (a trigger «حمله» that is now read as «حمله
// پهپادی»). Of statements the content may say it too: half of what either says
// has to be the same.
func (w *work) pair(list []sought) map[place]*finding {
	out, taken := map[place]*finding{}, map[*finding]bool{}
	exact := map[place]*finding{}
	for _, k := range kinds {
		for _, f := range w.list[k] {
			if f.machine != nil && exact[place{k, f.at}] == nil && k != Entity {
				exact[place{k, f.at}] = f
			}
		}
	}
	var open []sought
	for _, s := range list {
		if f := exact[s.place]; f != nil {
			out[s.place], taken[f] = f, true
		} else {
			open = append(open, s)
		}
	}
	slices.SortStableFunc(open, func(a, b sought) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), a.at.Start-b.at.Start, a.at.End-b.at.End)
	})
	for _, s := range open {
		switch s.kind {
		case Event, Statement, Number, Time:
		default:
			continue
		}
		if out[s.place] != nil {
			continue
		}
		var best *finding
		most := 0
		for _, f := range w.list[s.kind] {
			if f.machine == nil || taken[f] {
				continue
			}
			n := 0
			if within(s.at, f.at) || within(f.at, s.at) {
				n = overlap(s.at, f.at)
			}
			if n == 0 && s.kind == Statement {
				n = same(s.content, contentSpans(f.machine))
			}
			if n > most {
				best, most = f, n
			}
		}
		if best != nil {
			out[s.place], taken[best] = best, true
		}
	}
	return out
}

func contentSpans(v values) []record.Span {
	var list []record.Span
	if json.Unmarshal(v["content"], &list) != nil {
		return nil
	}
	return list
}

func within(a, b record.Span) bool { return a.Start >= b.Start && a.End <= b.End && a.Start < a.End }

func overlap(a, b record.Span) int { return max(0, min(a.End, b.End)-max(a.Start, b.Start)) }

// same returns how many code points two contents share, 0 where that is less
// than half of what both have together.
func same(a, b []record.Span) int {
	n, all := 0, 0
	for _, x := range a {
		all += x.End - x.Start
		for _, y := range b {
			n += overlap(x, y)
		}
	}
	for _, y := range b {
		all += y.End - y.Start
	}
	if 2*n < all-n {
		return 0
	}
	return n
}
