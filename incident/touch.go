package incident

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// touch links anew what hangs together with some reports. Whatever a part makes
// void stands in it whole, so a caller may stop between two parts: those reports of dirty that
// were in no part yet are what is left to do.
func (l *linker) touch(dirty []string) error {
	if lost := l.lost(); len(lost) > 0 {
		if err := l.emit(Part{Lost: lost}); err != nil {
			return err
		}
	}
	t := &toucher{linker: l, dirty: map[string]bool{}, near: recent{l: l, at: map[int64]*blocks{}}}
	for _, id := range dirty {
		t.dirty[id] = true
	}
	type seed struct {
		id string
		at int32
	}
	var seeds []seed
	for _, id := range slices.Sorted(maps.Keys(t.dirty)) {
		seeds = append(seeds, seed{id, noDay})
	}
	for i := 0; i < len(seeds); i += batch {
		list := seeds[i:min(i+batch, len(seeds))]
		var ids []string
		for _, s := range list {
			ids = append(ids, s.id)
		}
		sketches, err := l.sketches(ids)
		if err != nil {
			return err
		}
		for k := range list {
			if s := sketches[list[k].id]; s != nil && len(s.gists) > 0 {
				list[k].at = (&node{gist: &s.gists[0], sketch: s}).when()
			}
		}
	}
	slices.SortStableFunc(seeds, func(a, b seed) int { return cmp.Compare(a.at, b.at) }) // stretches that are held serve their neighbours
	for _, s := range seeds {
		if !t.dirty[s.id] {
			continue // it came with another
		}
		pieces, old, err := t.spread(s.id)
		if err != nil {
			return err
		}
		if len(pieces)+len(old) == 0 {
			continue
		}
		if err := l.part(old, pieces...); err != nil {
			return err
		}
	}
	return l.flush()
}

// toucher is one call of touch.
type toucher struct {
	*linker
	dirty map[string]bool // reports to be linked anew that were in no part yet
	near  recent
	every []int64 // all stretches, once they are asked for
}

// spread returns what a report belongs to: all that is tied to its accounts,
// to those tied to them, and so on, and what people joined. To that comes what stood in one
// incident with any of them, and what that belongs to. It falls into pieces that hang together; old are accounts of void
// incidents that are no more.
func (t *toucher) spread(id string) (pieces [][]*node, old []Ref, err error) {
	var all []*node
	of := map[key]*node{}
	var whole []string // dirty reports: what stood with any of their accounts comes along
	put := func(b *node) *node {
		k := b.key()
		if of[k] == nil {

			b = &node{gist: b.gist, sketch: b.sketch, n: b.n, rarity: b.rarity, all: b.all, open: b.open, keys: b.keys}
			b.up, b.ring = b, []*node{b} // a stretch that is held may be looked at again
			of[k] = b
			all = append(all, b)
			if t.dirty[k.report] {
				delete(t.dirty, k.report)
				whole = append(whole, k.report)
			}
		}
		return of[k]
	}
	delete(t.dirty, id)
	whole = append(whole, id)
	for done := 0; done < len(all) || len(whole) > 0; {
		wave, reports := all[done:], whole
		done, whole = len(all), nil
		var refs []Ref
		for _, id := range reports {
			refs = append(refs, Ref{Report: id})
		}
		ids := slices.Clone(reports)
		for _, x := range wave {
			refs = append(refs, x.ref())
			if err := t.look(x, of, put); err != nil {
				return nil, nil, err
			}
			for _, d := range t.decided[x.key()] {
				if t.decisions[d].Same {
					ids = append(ids, t.decisions[d].a.report, t.decisions[d].b.report)
				}
			}
		}
		var with []Ref
		for part := range slices.Chunk(refs, batch) {
			list, err := t.store.With(part)
			if err != nil {
				return nil, nil, fmt.Errorf("incidents as they were: %w", err)
			}
			with = append(with, list...)
		}
		for _, r := range with {
			ids = append(ids, r.Report)
		}
		sketches, err := t.sketches(ids)
		if err != nil {
			return nil, nil, err
		}
		for _, id := range reports {
			if s := sketches[id]; s != nil {
				for n := range s.gists {
					put(t.node(s, n))
				}
			}
		}
		for _, r := range with {
			if t.dirty[r.Report] {
				delete(t.dirty, r.Report)
				whole = append(whole, r.Report)
			}
			s := sketches[r.Report]
			if s == nil {
				old = append(old, r)
				continue
			}
			n := s.find(r)
			if n < 0 || s.gists[n].at != (At{r.Start, r.End}) {
				old = append(old, r)
			}
			if n >= 0 {
				put(t.node(s, n))
			}
		}
		for _, x := range wave {
			for _, d := range t.decided[x.key()] {
				for _, k := range []key{t.decisions[d].a, t.decisions[d].b} {
					if s := sketches[k.report]; t.decisions[d].Same && s != nil && k.n < len(s.gists) {
						join(x, put(t.node(s, k.n)))
					}
				}
			}
		}
	}
	for _, x := range all {
		if x.root() == x {
			slices.SortFunc(x.ring, before)
			pieces = append(pieces, x.ring)
		}
	}
	slices.SortFunc(pieces, func(x, y []*node) int { return before(x[0], y[0]) })
	return pieces, old, nil
}

// look ties an account to those that it meets.
func (t *toucher) look(x *node, of map[key]*node, put func(*node) *node) error {
	stretches := x.stretches(x.sketch)
	if t.drifting[x.key()] != nil {
		if t.every == nil {
			var err error
			if t.every, err = t.store.Stretches(); err != nil {
				return fmt.Errorf("stretches of days: %w", err)
			}
		}
		stretches = t.every
	}
	for _, w := range stretches {
		b, err := t.near.get(w)
		if err != nil {
			return err
		}
		i := b.find(x)
		if i < 0 {
			t.alone[x.key()] = len(stretches) == 1
			continue
		}
		meet := func(j int) {
			y := b.nodes[j]
			if o := of[y.key()]; (o == nil || o.root() != x.root()) && t.tied(x, y) {
				join(x, put(y))
			}
		}
		b.earlier(i, meet)
		b.later(i, meet)
	}
	return nil
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
