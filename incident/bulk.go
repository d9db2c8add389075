package incident

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// What many machines need to do Link's work in parts: which accounts of one
// stretch of days hang together (Ties), the incidents of what hangs together
// (Group), and counts of words that are made in parts and sent in parts
// (Merge, Of, Join). Link's answer for all reports and no decisions is that of:
//
//	r.Ties(w, sketches of w, drifting, rare)  for each stretch w
//	r.Group(store, rare, part, …, emit)        for each part: accounts that are in one list of some stretch, or hang together through others that are

// Account is one account of a report: the one of that number in its sketch.
type Account struct {
	Report string
	N      int
}

// Ties says which accounts of a stretch of days hang together, as Link finds it
// on its way through all stretches. Every account that stands in the stretch is
// in one list, most alone in theirs; lists are sorted, and come in the order of
// their first accounts. The sketches are all that stand in the stretch, drifting
// is what [Reader.Drifting] gives, and rare counts all reports.
//
// Alone are accounts that are compared with no other, since more than
// 200,000 reports have no day; they are in no list.
func (r *Reader) Ties(stretch int64, sketches, drifting []*Sketch, rare *Rarity) (parts [][]Account, alone []Account) {
	l := r.linker(shelved(drifting), rare, nil)
	err := l.drift()
	l.store = shelved(sketches)
	live := map[key]*node{}
	list, left, err2 := l.load(stretch, live)
	if err = errors.Join(err, err2); err != nil {
		panic(fmt.Sprintf("ties in memory: %v", err)) // its store has no errors
	}
	l.tie(l.blocks(list))
	for _, a := range list {
		if a.root() != a {
			continue
		}
		slices.SortFunc(a.ring, before)
		var part []Account
		for _, b := range a.ring {
			part = append(part, asAccount(b.key()))
		}
		parts = append(parts, part)
	}
	slices.SortFunc(parts, func(a, b []Account) int { return beforeAccount(a[0], b[0]) })
	some, err := l.sketches(left)
	if err != nil {
		panic(fmt.Sprintf("ties in memory: %v", err))
	}
	live = map[key]*node{}
	for _, s := range some {
		l.without(s, live)
	}
	for k := range live {
		alone = append(alone, asAccount(k))
	}
	slices.SortFunc(alone, beforeAccount)
	return parts, alone
}

// Drifting returns those of the sketches of the stretch Undated, in any order, of
// which accounts are compared in every stretch, too: some two thousand.
func (r *Reader) Drifting(sketches []*Sketch) []*Sketch {
	m := shelved(sketches)
	l := r.linker(m, &Rarity{}, nil)
	if err := l.drift(); err != nil {
		panic(fmt.Sprintf("drifting in memory: %v", err)) // its store has no errors
	}
	var out []*Sketch
	for _, k := range l.adrift {
		if n := len(out); n == 0 || out[n-1].Report != k.report {
			out = append(out, l.drifting[k])
		}
	}
	return out
}

// shelved is a store that has nothing but sketches.
func shelved(list []*Sketch) *Memory {
	m := &Memory{sketches: make(map[string]*Sketch, len(list))}
	for _, s := range list {
		m.sketches[s.Report] = s
	}
	return m
}

func asAccount(k key) Account { return Account{k.report, k.n} }

func beforeAccount(a, b Account) int {
	return cmp.Or(strings.Compare(a.Report, b.Report), a.N-b.N)
}

// Group groups accounts that hang together, all of them, and calls emit as
// Link does for such a part. Of the store it asks SketchesOf and Docs. Rare
// has to know what the sketches of the accounts have ([Rarity.Of]), counted over all reports.
// Alone says that the accounts are of those that Ties compared with no other.
func (r *Reader) Group(st Store, rare *Rarity, accounts []Account, alone bool, emit func(Part) error) error {
	l := r.linker(st, rare, emit)
	var ids []string
	for _, a := range accounts {
		ids = append(ids, a.Report)
	}
	sketches, err := l.sketches(ids)
	if err != nil {
		return err
	}
	var nodes []*node
	for _, a := range accounts {
		s := sketches[a.Report]
		if s == nil || a.N < 0 || a.N >= len(s.gists) {
			return fmt.Errorf("report %s has no account %d", a.Report, a.N)
		}
		n := l.node(s, a.N)
		l.alone[n.key()] = alone
		nodes = append(nodes, n)
	}
	slices.SortFunc(nodes, before)
	if err := l.part(nil, nodes); err != nil {
		return err
	}
	return l.flush()
}

// Merge adds what another has counted of other reports.
func (r *Rarity) Merge(o *Rarity) {
	if r.of == nil {
		r.of = make(map[uint32]uint32, len(o.of))
	}
	r.reports += o.reports
	for h, n := range o.of {
		r.of[h] += n
	}
}

// Of is what is counted of the words, towns and parties of one report: all that is
// needed to compare it with others.
func (r *Rarity) Of(s *Sketch) *Rarity {
	out := &Rarity{reports: r.reports, of: map[uint32]uint32{}}
	s.facets(func(h uint32) {
		if n := r.of[h]; n > 0 {
			out.of[h] = n
		}
	})
	return out
}

// Join takes in what another knows of more words; both are Of one count.
func (r *Rarity) Join(o *Rarity) {
	if r.of == nil {
		r.of = make(map[uint32]uint32, len(o.of))
	}
	r.reports = o.reports
	maps.Copy(r.of, o.of)
}
