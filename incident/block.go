package incident

import (
	"cmp"
	"slices"
)

// crowd is up to how many accounts all pairs are compared of; window is how
// many accounts before it, by day and id, an account is compared with in each
// of its blocks. Of a block that is larger (a capital's name in a week of war) the
// nearest are; the narrower blocks that the account stands in, too, find the rest.
const (
	crowd  = 200
	window = 100
)

// blocks are accounts by what they may share: a town, a named party, or one of
// the forty rarest words of each that another report has, too.
type blocks struct {
	nodes   []*node
	place   map[key]int
	entries []uint64 // hash and index of the node, sorted
	slots   []int32  // of each node: the entries it has
	begin   []int32  // where its slots begin
	stamp   []int32  // when a node was last met, for each node
	now     int32
}

func (l *linker) blocks(list []*node) *blocks {
	b := &blocks{nodes: list, stamp: make([]int32, len(list)), begin: make([]int32, len(list)+1)}
	slices.SortFunc(b.nodes, func(a, c *node) int { return cmp.Or(cmp.Compare(a.when(), c.when()), before(a, c)) })
	for i, a := range b.nodes {
		for _, h := range l.keys(a) {
			b.entries = append(b.entries, uint64(h)<<32|uint64(i))
			b.begin[i+1]++
		}
	}
	slices.Sort(b.entries)
	for i := range list {
		b.begin[i+1] += b.begin[i]
	}
	b.slots = make([]int32, len(b.entries))
	at := slices.Clone(b.begin)
	for p, e := range b.entries {
		i := uint32(e)
		b.slots[at[i]] = int32(p)
		at[i]++
	}
	return b
}

// when is the day by which accounts are put in order.
func (a *node) when() int32 {
	if a.first != noDay {
		return a.first
	}
	return a.sketch.day()
}

// keys are the hashes of what an account may share with others.
func (l *linker) keys(a *node) []uint32 {
	if a.keys != nil {
		return a.keys
	}
	words := make([]uint64, 0, len(a.terms)) // how many reports have it, and the hash
	for _, h := range a.terms {
		if n := l.rare.of[h]; n > 1 {
			words = append(words, uint64(n)<<32|uint64(h))
		}
	}
	slices.Sort(words)
	words = words[:min(len(words), 40)]
	out := make([]uint32, 0, len(a.towns)+len(a.parties)+len(words))
	for i := range a.towns {
		out = append(out, hash("at "+a.towns[i].key))
	}
	for i := range a.parties {
		out = append(out, hash("by "+a.parties[i].id))
	}
	for _, w := range words {
		out = append(out, uint32(w))
	}
	slices.Sort(out)
	a.keys = slices.Clip(slices.Compact(out))
	return a.keys
}

// earlier calls f once with each account that node i meets and that stands
// before it, later with those behind it.
func (b *blocks) earlier(i int, f func(j int)) {
	b.now++
	for _, p := range b.slots[b.begin[i]:b.begin[i+1]] {
		for q := p - 1; q >= 0 && q >= p-window && b.entries[q]>>32 == b.entries[p]>>32; q-- {
			if j := uint32(b.entries[q]); b.stamp[j] != b.now {
				b.stamp[j] = b.now
				f(int(j))
			}
		}
	}
}

func (b *blocks) later(i int, f func(j int)) {
	b.now++
	for _, p := range b.slots[b.begin[i]:b.begin[i+1]] {
		for q := p + 1; int(q) < len(b.entries) && q <= p+window && b.entries[q]>>32 == b.entries[p]>>32; q++ {
			if j := uint32(b.entries[q]); b.stamp[j] != b.now {
				b.stamp[j] = b.now
				f(int(j))
			}
		}
	}
}

// find returns the index of an account, -1 where it does not stand here.
func (b *blocks) find(a *node) int {
	if b.place == nil {
		b.place = make(map[key]int, len(b.nodes))
		for i, o := range b.nodes {
			b.place[o.key()] = i
		}
	}
	if i, ok := b.place[a.key()]; ok {
		return i
	}
	return -1
}

// tied says whether a and b hang together: they are more alike than not, or
// one is a threat that may belong to the other.
func (l *linker) tied(a, b *node) bool { return l.score(a, b) > least(a, b) }

func least(a, b *node) int64 {
	switch {
	case a.threatens || b.threatens:
		return -1000
	case a.adrift() != b.adrift():
		return 2000 // its day is no reason for or against
	}
	return 0
}

// adrift says whether nothing is known of an account's day.
func (a *node) adrift() bool { return a.first == noDay && a.sketch.published == noTime }

// join makes one part of those of a and b.
func join(a, b *node) {
	a, b = a.root(), b.root()
	if a == b {
		return
	}
	if len(a.ring) < len(b.ring) {
		a, b = b, a
	}
	b.up = a
	a.ring = append(a.ring, b.ring...)
	a.until = max(a.until, b.until)
	b.ring = nil
}

func (a *node) root() *node {
	for a.up != a {
		a.up = a.up.up
		a = a.up
	}
	return a
}
