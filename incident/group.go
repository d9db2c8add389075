package incident

import (
	"cmp"
	"container/heap"
	"slices"
)

// group is a cluster of accounts.
type group struct{ members []*node }

// most is how many accounts are averaged together. Of more that hang together
// the ties that hold are those of a higher score, the higher the more there are.
const most = 5000

// groups clusters the accounts of a part that tell of something that happened.
// Others are attached afterwards.
func (l *linker) groups(part []*node) []*group {
	var list []*node
	for _, a := range part {
		if a.happened {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, before)
	return l.split(list, 1)
}

func (l *linker) split(list []*node, above int64) []*group {
	if len(list) <= most {
		return l.average(list)
	}
	up := make([]int, len(list))
	for i := range up {
		up[i] = i
	}
	root := func(i int) int {
		for up[i] != i {
			up[i] = up[up[i]]
			i = up[i]
		}
		return i
	}
	b := l.blocks(slices.Clone(list))
	for i, x := range b.nodes {
		b.earlier(i, func(j int) {
			if p, q := root(i), root(j); p != q && l.score(x, b.nodes[j]) > above*1000 {
				up[max(p, q)] = min(p, q)
			}
		})
	}
	parts := map[int][]*node{}
	var order []int
	for i, x := range b.nodes {
		r := root(i)
		if parts[r] == nil {
			order = append(order, r)
		}
		parts[r] = append(parts[r], x)
	}
	var out []*group
	for _, r := range order {
		p := parts[r]
		if above >= 20 { // copies of one text by the thousand
			for len(p) > most {
				out = append(out, l.sorted(p[:most])...)
				p = p[most:]
			}
		}
		slices.SortFunc(p, before)
		out = append(out, l.split(p, above+1)...)
	}
	return out
}

func (l *linker) sorted(list []*node) []*group {
	list = slices.Clone(list)
	slices.SortFunc(list, before)
	return l.average(list)
}

// tie is what is known of two groups: the sum of the scores of those pairs that
// were compared, and how many these are.
type tie struct {
	sum   int64
	n     int32
	never bool // accounts of one report
}

// average joins the two groups that are most alike on average, of several
// those of the lowest ids, until no two are more alike than not.
func (l *linker) average(list []*node) []*group {
	groups := make([]*group, len(list))
	for i, a := range list {
		groups[i] = &group{[]*node{a}}
	}
	if len(list) < 2 {
		return groups
	}
	ties := make([]map[int32]tie, len(list))
	for i := range ties {
		ties[i] = map[int32]tie{}
	}
	best := &candidates{}
	put := func(i, j int, t tie) {
		ties[i][int32(j)], ties[j][int32(i)] = t, t
		if t.sum > 0 && !t.never {
			heap.Push(best, candidate{int32(min(i, j)), int32(max(i, j)), t.sum, t.n})
		}
	}
	pair := func(i, j int) {
		if a, b := list[i], list[j]; a.sketch.Report == b.sketch.Report {
			put(i, j, tie{n: 1, never: true})
		} else {
			put(i, j, tie{sum: l.score(a, b), n: 1})
		}
	}
	if len(list) <= crowd {
		for i := range list {
			for j := range i {
				pair(i, j)
			}
		}
	} else {
		for i := range list { // two accounts of one report are never one, whether they met or not
			for j := i - 1; j >= 0 && list[j].sketch.Report == list[i].sketch.Report; j-- {
				pair(i, j)
			}
		}
		index := map[*node]int{}
		for i, a := range list {
			index[a] = i
		}
		b := l.blocks(slices.Clone(list))
		for i, a := range b.nodes {
			b.earlier(i, func(j int) { pair(index[a], index[b.nodes[j]]) })
		}
	}
	for best.Len() > 0 {
		c := heap.Pop(best).(candidate)
		i, j := c.i, c.j
		if groups[i] == nil || groups[j] == nil {
			continue
		}
		if t := ties[i][j]; t.sum != c.sum || t.n != c.n {
			continue // they have grown since
		}
		groups[i].members = append(groups[i].members, groups[j].members...)
		groups[j] = nil
		delete(ties[i], j)
		for k, t := range ties[j] {
			if k == i {
				continue
			}
			o := ties[i][k]
			delete(ties[k], j)
			put(int(i), int(k), tie{t.sum + o.sum, t.n + o.n, t.never || o.never})
		}
		ties[j] = nil
	}
	return slices.DeleteFunc(groups, func(g *group) bool { return g == nil })
}

// candidate is a pair of groups that may be joined.
type candidate struct {
	i, j int32
	sum  int64
	n    int32
}

// candidates is a heap, the most alike on average on top.
type candidates []candidate

func (c candidates) Len() int { return len(c) }

func (c candidates) Less(x, y int) bool {
	a, b := c[x], c[y]
	return cmp.Or(cmp.Compare(b.sum*int64(a.n), a.sum*int64(b.n)), cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j)) < 0
}

func (c candidates) Swap(x, y int) { c[x], c[y] = c[y], c[x] }

func (c *candidates) Push(v any) { *c = append(*c, v.(candidate)) }

func (c *candidates) Pop() any {
	old := *c
	v := old[len(old)-1]
	*c = old[:len(old)-1]
	return v
}

// some are the members of a group that an account is held against: all of a
// small one, the hundred nearest by day and id of a large one.
func (g *group) some(a *node) []*node {
	if len(g.members) <= crowd {
		return g.members
	}
	at, _ := slices.BinarySearchFunc(g.members, a, before)
	from := max(0, min(at-window/2, len(g.members)-window))
	return g.members[from : from+window]
}

// decide applies people's decisions to the groups of a part: first what they
// joined, then what they parted, which wins. Of a group that is parted each other
// member goes with the one of the two that it is more like, and with those it
// was joined to. It returns the groups, and the accounts that people decided on.
func (l *linker) decide(groups []*group) ([]*group, map[key]bool) {
	type pair struct{ a, b *node }
	byPeople := map[key]bool{}
	of := map[key]*group{}
	nodes := map[key]*node{}
	for _, g := range groups {
		for _, a := range g.members {
			if len(l.decided[a.key()]) > 0 {
				nodes[a.key()] = a
			}
		}
	}
	if len(nodes) == 0 {
		return groups, byPeople
	}
	for _, g := range groups {
		for _, a := range g.members {
			of[a.key()] = g
		}
	}
	var joined, parted []pair
	for _, d := range l.decisions {
		a, b := nodes[d.a], nodes[d.b]
		if d.lost || a == nil || b == nil {
			continue
		}
		if d.Same {
			joined = append(joined, pair{a, b})
		} else if a != b {
			parted = append(parted, pair{a, b})
		}
	}
	for _, p := range joined {
		g, h := of[p.a.key()], of[p.b.key()]
		byPeople[p.a.key()], byPeople[p.b.key()] = true, true
		if g == h {
			continue
		}
		for _, a := range h.members {
			of[a.key()] = g
		}
		g.members = append(g.members, h.members...)
		h.members = nil
	}
	for _, p := range parted {
		g := of[p.a.key()]
		byPeople[p.a.key()], byPeople[p.b.key()] = true, true
		if g != of[p.b.key()] {
			continue
		}
		side := map[*node]int{p.a: 1, p.b: 2}
		for changed := true; changed; { // who was joined by a person goes along
			changed = false
			for _, q := range joined {
				if s, t := side[q.a], side[q.b]; s != 0 && t == 0 {
					side[q.b], changed = s, true
				} else if t != 0 && s == 0 {
					side[q.a], changed = t, true
				}
			}
		}
		h := &group{}
		var stay []*node
		for _, a := range g.members {
			s := side[a]
			if s == 0 {
				s = 1
				if l.score(a, p.b) > l.score(a, p.a) {
					s = 2
				}
			}
			if s == 2 {
				h.members = append(h.members, a)
				of[a.key()] = h
			} else {
				stay = append(stay, a)
			}
		}
		g.members = stay
		groups = append(groups, h)
	}
	return slices.DeleteFunc(groups, func(g *group) bool { return len(g.members) == 0 }), byPeople
}
