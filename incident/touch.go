package incident

import (
	"cmp"
	"slices"
)

// touch links anew what hangs together with some reports.
func (l *linker) touch(dirty []string) error {
	gone := slices.Clone(dirty)
	slices.Sort(gone)
	gone = slices.Compact(gone)
	first := Part{Reports: gone, Lost: l.lost()}
	for _, id := range gone {
		first.Accounts = append(first.Accounts, Ref{Report: id})
	}
	seeds, err := l.with(first.Accounts)
	if err != nil {
		return err
	}
	sketches, err := l.sketches(gone)
	if err != nil {
		return err
	}
	for _, s := range sketches {
		for n := range s.gists {
			seeds = append(seeds, l.node(s, n))
		}
	}
	slices.SortFunc(seeds, func(a, b *node) int { return cmp.Or(cmp.Compare(a.when(), b.when()), before(a, b)) })
	if err := l.emit(first); err != nil {
		return err
	}
	near := &recent{l: l, at: map[int64]*blocks{}}
	seen := map[key]bool{}
	for _, a := range seeds {
		if seen[a.key()] {
			continue
		}
		parts, err := l.spread(a, seen, near)
		if err != nil {
			return err
		}
		for _, p := range parts {
			if err := l.part(p); err != nil {
				return err
			}
		}
	}
	return l.flush()
}

// with returns the accounts that stand in an incident with some, as they were
// linked last, those that are still there.
func (l *linker) with(refs []Ref) ([]*node, error) {
	var out []*node
	for len(refs) > 0 {
		n := min(len(refs), batch)
		others, err := l.store.With(refs[:n])
		if err != nil {
			return nil, err
		}
		refs = refs[n:]
		var ids []string
		for _, r := range others {
			ids = append(ids, r.Report)
		}
		sketches, err := l.sketches(ids)
		if err != nil {
			return nil, err
		}
		for _, r := range others {
			if s := sketches[r.Report]; s != nil {
				if n := s.find(r); n >= 0 {
					out = append(out, l.node(s, n))
				}
			}
		}
	}
	return out, nil
}

// spread returns the part that an account belongs to: whatever is tied to it,
// to those tied to it, and so on, and what people joined. It adds what stood in one incident with any of
// them, and the parts that those belong to.
func (l *linker) spread(a *node, seen map[key]bool, near *recent) ([][]*node, error) {
	var all []*node
	of := map[key]*node{}
	put := func(b *node) *node {
		if of[b.key()] == nil {
			seen[b.key()] = true
			b = &node{gist: b.gist, sketch: b.sketch, n: b.n, rarity: b.rarity, all: b.all, open: b.open, keys: b.keys}
			b.up, b.ring = b, []*node{b} // a stretch that is held may be looked at again
			of[b.key()] = b
			all = append(all, b)
		}
		return of[b.key()]
	}
	put(a)
	for done := 0; done < len(all); {
		wave := all[done:]
		done = len(all)
		var refs []Ref
		var joined []string
		for _, x := range wave {
			refs = append(refs, x.ref())
			for _, w := range x.stretches(x.sketch) {
				b, err := near.get(w)
				if err != nil {
					return nil, err
				}
				i := b.find(x)
				if i < 0 {
					l.alone[x.key()] = true
					continue
				}
				look := func(j int) {
					y := b.nodes[j]
					if o := of[y.key()]; o != nil && o.root() == x.root() {
						return
					}
					if l.tied(x, y) {
						join(x, put(y))
					}
				}
				b.earlier(i, look)
				b.later(i, look)
			}
			for _, d := range l.decided[x.key()] {
				if l.decisions[d].Same {
					joined = append(joined, l.decisions[d].a.report, l.decisions[d].b.report)
				}
			}
		}
		old, err := l.with(refs)
		if err != nil {
			return nil, err
		}
		for _, y := range old {
			put(y)
		}
		if len(joined) == 0 {
			continue
		}
		sketches, err := l.sketches(joined)
		if err != nil {
			return nil, err
		}
		for _, x := range wave {
			for _, d := range l.decided[x.key()] {
				for _, k := range []key{l.decisions[d].a, l.decisions[d].b} {
					if s := sketches[k.report]; l.decisions[d].Same && s != nil && k.n < len(s.gists) {
						join(x, put(l.node(s, k.n)))
					}
				}
			}
		}
	}
	var out [][]*node
	for _, x := range all {
		if r := x.root(); r == x {
			slices.SortFunc(x.ring, before)
			out = append(out, x.ring)
		}
	}
	slices.SortFunc(out, func(x, y []*node) int { return before(x[0], y[0]) })
	return out, nil
}

// recent holds the stretches that were looked at last.
type recent struct {
	l     *linker
	at    map[int64]*blocks
	order []int64
	nodes int
}

// held is how many accounts of stretches are held while more are looked at.
const held = 40_000

func (n *recent) get(w int64) (*blocks, error) {
	if b := n.at[w]; b != nil {
		return b, nil
	}
	list, _, err := n.l.load(w, map[key]*node{})
	if err != nil {
		return nil, err
	}
	b := n.l.blocks(list)
	for len(n.order) > 2 && n.nodes+len(list) > held {
		n.nodes -= len(n.at[n.order[0]].nodes)
		delete(n.at, n.order[0])
		n.order = n.order[1:]
	}
	n.at[w] = b
	n.order = append(n.order, w)
	n.nodes += len(list)
	return b, nil
}
