package incident

import (
	"maps"
	"slices"
)

func (b *builder) ranges(field string) {
	by := map[string]*Range{}
	votes, sure := map[string]int{}, map[string]bool{}
	for _, v := range b.t.Values[field] {
		n := v.Low
		if n == nil {
			n = v.High
		}
		if n == nil || v.Replaced {
			continue
		}
		exact := v.High != nil && v.Low != nil
		high := *n
		if v.High != nil {
			high = *v.High
		}
		r := by[v.Of]
		if r == nil {
			r = &Range{Field: field, Of: v.Of, Low: *n, Best: *n, High: high}
			by[v.Of] = r
			votes[v.Of], sure[v.Of] = v.Origins, exact
		}
		r.Low, r.High = min(r.Low, *n), max(r.High, high)
		if exact != sure[v.Of] && !exact {
			continue
		}
		if exact != sure[v.Of] || v.Origins > votes[v.Of] || v.Origins == votes[v.Of] && *n < r.Best {
			r.Best, votes[v.Of], sure[v.Of] = *n, v.Origins, exact
		}
	}
	for _, k := range slices.Sorted(maps.Keys(by)) {
		b.t.Ranges = append(b.t.Ranges, *by[k])
	}
}
