package incident

import (
	"iter"
	"slices"
	"testing"
)

// Stretch by stretch and part by part, in any order, each with no more than it is given,
// gives what Link gives for all reports at once.
func TestBulk(t *testing.T) {
	for _, undated := range []int{undatedMost, 2} {
		docs := many(t)
		for i := range docs {
			if i%5 == 2 {
				docs[i].Published = ""
				r := *docs[i].Record
				r.Document.Published = nil
				docs[i].Record = &r
			}
		}
		r := New(lex(t))
		r.undated = undated
		one := NewMemory(r, docs...)
		link(t, one, one.Rarity(), nil, nil)
		wantLinked(t, "in parts", inParts(t, r, docs), one.Linked())
	}
}

func inParts(t *testing.T, r *Reader, docs []Doc) []Linked {
	t.Helper()
	m := NewMemory(r, docs...)
	rare, half := &Rarity{}, [2]*Rarity{{}, {}} // counted in parts
	n := 0
	for _, s := range m.sketches {
		half[n%2].Add(s)
		n++
	}
	rare.Merge(half[1])
	rare.Merge(half[0])

	drifting := r.Drifting(slices.Collect(stretch(m, Undated)))
	stretches, _ := m.Stretches()
	slices.Reverse(stretches)
	part := map[Account][]Account{} // what hangs together, by each of its accounts
	lonely := map[Account]bool{}
	for _, w := range stretches {
		parts, alone := r.Ties(w, slices.Collect(stretch(m, w)), drifting, rare)
		for _, a := range alone {
			lonely[a] = true
		}
		for _, p := range parts {
			var all []Account
			for _, a := range p {
				if part[a] == nil {
					part[a] = []Account{a}
				}
				if !slices.Contains(all, a) {
					all = append(all, part[a]...)
				}
			}
			for _, a := range all {
				part[a] = all
			}
		}
	}
	for a := range lonely {
		if part[a] == nil {
			part[a] = []Account{a}
		}
	}
	out := NewMemory(r)
	done := map[Account]bool{}
	for a, list := range part {
		if done[a] {
			continue
		}
		some, known := NewMemory(r), &Rarity{}
		for _, b := range list {
			done[b] = true
			some.docs[b.Report], some.sketches[b.Report] = m.docs[b.Report], m.sketches[b.Report]
			known.Join(rare.Of(m.sketches[b.Report]))
		}
		if err := r.Group(some, known, list, lonely[a], out.Keep); err != nil {
			t.Fatal(err)
		}
	}
	return out.Linked()
}

func stretch(m *Memory, w int64) iter.Seq[*Sketch] {
	return func(yield func(*Sketch) bool) {
		for s := range m.Sketches(w) {
			if !yield(s) {
				return
			}
		}
	}
}

func TestGroupOfNoReport(t *testing.T) {
	r := New(lex(t))
	m := NewMemory(r, small(t)...)
	for _, a := range []Account{{"nobody", 0}, {small(t)[0].ID, 1000}, {small(t)[0].ID, -1}} {
		if err := r.Group(m, m.Rarity(), []Account{a}, false, m.Keep); err == nil {
			t.Errorf("no error for account %v", a)
		}
	}
}
