package relay

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Links finds all links among the reports, each step direct ([Direct]). It
// judges when all reports have come in, so what is boilerplate is known as
// well as it can be. Texts are read twice; at the most some thousand are held ready at once.
func (r *Reader) Links(docs []Doc) []Link {
	x := NewIndex(0)
	type couple struct{ a, b int }
	place := make(map[string]int, len(docs))
	var todo []couple
	for from := 0; from < len(docs); from += block {
		part := docs[from:min(from+block, len(docs))]
		signs := make([]Signature, len(part))
		each(len(part), func(i int) { signs[i] = r.Sign(&part[i]) })
		for i := range part {
			if _, twice := place[part[i].ID]; twice {
				continue
			}
			place[part[i].ID] = from + i
			for _, c := range x.Add(signs[i]) {
				todo = append(todo, couple{place[c.ID], from + i})
			}
		}
	}
	ready := map[int]*Text{}
	var order []int // of what is ready, the oldest first
	var links []Link
	for from := 0; from < len(todo); from += block {
		part := todo[from:min(from+block, len(todo))]
		for len(order) > held {
			delete(ready, order[0])
			order = order[1:]
		}
		var read []int
		for _, c := range part {
			for _, i := range [...]int{c.a, c.b} {
				if _, ok := ready[i]; !ok {
					ready[i] = nil
					read = append(read, i)
				}
			}
		}
		texts := make([]*Text, len(read))
		each(len(read), func(i int) { texts[i] = r.Read(&docs[read[i]]) })
		for i, n := range read {
			ready[n] = texts[i]
		}
		order = append(order, read...)
		found := make([]Link, len(part))
		each(len(part), func(i int) {
			if l, ok := r.Judge(ready[part[i].a], ready[part[i].b], x); ok {
				found[i] = l
			}
		})
		for _, l := range found {
			if l.Why != nil {
				links = append(links, l)
			}
		}
	}
	return Direct(links, docs)
}

const (
	block = 512  // reports, or pairs, that are worked on at a time
	held  = 4096 // reports that stay ready to be compared, some 6 kB each
)

// each calls f with 0 to n-1, on all processors.
func each(n int, f func(int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				f(i)
			}
		})
	}
	wg.Wait()
}

// Direct keeps of the links that lead to one report the direct step: where B
// takes from A, and C from B, C shares words with A too; that link is dropped.
// A report that takes different passages from two that are not linked keeps both.
//
// Of several that a report may have taken the same words from, the one is
// taken that it names first; else the one with which it shares clearly more; else
// the one whose spelling it has; else the earliest.
func Direct(links []Link, docs []Doc) []Link {
	first := make(map[string]int, len(docs))
	for i := range docs {
		first[docs[i].ID] = i
	}
	up := map[string][]string{}
	to := map[string][]int{}
	common := map[[2]string]bool{}
	for i, l := range links {
		if l.Common {
			common[[2]string{l.From, l.To}], common[[2]string{l.To, l.From}] = true, true
		} else {
			to[l.To] = append(to[l.To], i)
			up[l.To] = append(up[l.To], l.From)
		}
	}
	for _, list := range up { // the way to the origin is the shortest by the earliest
		slices.SortStableFunc(list, func(a, b string) int { return first[a] - first[b] })
	}
	drop := make([]bool, len(links))
	for _, list := range to {
		slices.SortFunc(list, func(i, j int) int { return better(&links[i], &links[j], docs, first) })
		var kept []int
		for _, i := range list {
			for _, k := range kept {
				if common[[2]string{links[i].From, links[k].From}] || tiedBy(up, links[i].From, links[k].From) || outletOf(docs, first, links[i].From) == outletOf(docs, first, links[k].From) && links[i].How == Cites {
					drop[i] = true
				}
			}
			if !drop[i] {
				kept = append(kept, i)
			}
		}
	}
	// A common source that follows from what is kept needs no link of its own.
	parent := map[string][]string{}
	for i, l := range links {
		if !l.Common && !drop[i] {
			parent[l.To] = append(parent[l.To], l.From)
		}
	}
	for i, l := range links {
		if l.Common {
			drop[i] = implied(common, above(parent, l.From), above(parent, l.To), l)
		}
	}
	var out []Link
	for i := range links {
		if !drop[i] {
			out = append(out, links[i])
		}
	}
	slices.SortStableFunc(out, func(a, b Link) int {
		if c := first[a.To] - first[b.To]; c != 0 {
			return c
		}
		return first[a.From] - first[b.From]
	})
	return out
}

// implied reports whether a common source follows from other links: the two
// relay one report, or reports of which others have a common source.
func implied(common map[[2]string]bool, from, to []string, l Link) bool {
	for _, a := range from {
		for _, b := range to {
			if a == b || common[[2]string{a, b}] && (a != l.From || b != l.To) {
				return true
			}
		}
	}
	return false
}

// tiedBy reports whether a relays b or something that b relays too, in one or more steps.
func tiedBy(parent map[string][]string, a, b string) bool {
	return implied(nil, above(parent, a), above(parent, b), Link{})
}

// above is a report with what it relays, in one or more steps, the nearest
// first. There may be circles: citations are not always in the order of the
// times. Of a text that hundreds print, some dozens are enough to meet.
func above(parent map[string][]string, id string) []string {
	const enough = 64
	out := []string{id}
	for i := 0; i < len(out); i++ {
		for _, p := range parent[out[i]] {
			if len(out) == enough {
				return out
			}
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// outletOf is the outlet of a report, or its id where the outlet is not known.
func outletOf(docs []Doc, first map[string]int, id string) string {
	if i, ok := first[id]; ok && docs[i].Outlet != "" {
		return docs[i].Outlet
	}
	return "\x00" + id
}

func better(a, b *Link, docs []Doc, first map[string]int) int {
	if s, t := a.Step, b.Step; s != t && (s > 0 || t > 0) {
		if s > 0 && (t == 0 || s < t) {
			return -1
		}
		return 1
	}
	if d := float64(a.Words - b.Words); d > 3+0.08*float64(b.Words) {
		return -1
	} else if -d > 3+0.08*float64(a.Words) {
		return 1
	}
	if d := a.ShareFrom - b.ShareFrom; d > 0.1 { // less of it was left out
		return -1
	} else if d < -0.1 {
		return 1
	}
	if d := a.Spelling - b.Spelling; d > 0.05 {
		return -1
	} else if d < -0.05 {
		return 1
	}
	if d := a.Alike - b.Alike; a.Words == 0 && b.Words == 0 && d != 0 {
		if d > 0 {
			return -1
		}
		return 1
	}
	i, j := first[a.From], first[b.From]
	if later(&docs[i], &docs[j]) {
		return 1
	}
	return -1
}
