package relay

import "github.com/sanad-project/sanad/span"

// run is a passage in words: a[i0:i1] and b[j0:j1], of which equal are the same.
type run struct {
	i0, i1, j0, j1 int
	equal, content int
	pairs          [][2]int
}

// align finds the stretches that b shares with a, each word of either in one
// stretch at the most. It goes through b from its beginning and takes at each
// word the longest stretch of a that begins there, over small changes too; so it
// is linear in both texts.
func align(a, b []word) []run {
	k, gap := int(limit("run")), int(limit("gap"))
	if len(a) < k || len(b) < k {
		k = min(len(a), len(b))
		if k == 0 {
			return nil
		}
	}
	at := make(map[uint64][]int32, len(a))
	for i := 0; i+k <= len(a); i++ {
		h := foldWords(a[i : i+k])
		if l := at[h]; len(l) < 8 { // of what a text repeats, the first times are enough
			at[h] = append(l, int32(i))
		}
	}
	used := make([]bool, len(a))
	var out []run
	for j := 0; j+k <= len(b); {
		best := run{}
		for _, i := range at[foldWords(b[j:j+k])] {
			if used[i] {
				continue
			}
			if r := extend(a, b, used, int(i), j, gap); r.equal > best.equal {
				best = r
			}
		}
		if best.equal < k {
			j++
			continue
		}
		for _, p := range best.pairs {
			used[p[0]] = true
		}
		for _, p := range best.pairs {
			if !b[p[1]].empty {
				best.content++
			}
		}
		if best.equal >= int(limit("passage")) && best.content >= int(limit("content")) || best.equal == min(len(a), len(b)) {
			out = append(out, best)
		}
		j = best.j1
	}
	return out
}

// extend follows a stretch from a[i], b[j] to its end.
func extend(a, b []word, used []bool, i, j, gap int) run {
	r := run{i0: i, j0: j}
	for {
		for i < len(a) && j < len(b) && a[i].key == b[j].key && !used[i] {
			r.pairs = append(r.pairs, [2]int{i, j})
			i++
			j++
		}
		r.i1, r.j1 = i, j
		x, y, ok := over(a, b, used, i, j, gap)
		if !ok {
			break
		}
		i, j = x, y
	}
	r.equal = len(r.pairs)
	return r
}

// over looks for two equal words behind a few that differ.
func over(a, b []word, used []bool, i, j, gap int) (int, int, bool) {
	for d := 1; d <= 2*gap; d++ {
		for di := max(0, d-gap); di <= min(d, gap); di++ {
			x, y := i+di, j+d-di
			if x+1 < len(a) && y+1 < len(b) && a[x].key == b[y].key && a[x+1].key == b[y+1].key && !used[x] && !used[x+1] {
				return x, y, true
			}
		}
	}
	return 0, 0, false
}

// spans are the bytes of the passage in both texts.
func (r run) spans(a, b []word) Passage {
	return Passage{
		A:     span.Span{Start: int(a[r.i0].start), End: int(a[r.i1-1].end)},
		B:     span.Span{Start: int(b[r.j0].start), End: int(b[r.j1-1].end)},
		Words: r.equal,
	}
}
