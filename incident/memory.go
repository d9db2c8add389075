package incident

import (
	"iter"
	"maps"
	"slices"
	"strings"
)

// Memory is a Store in memory, for tests, measuring and collections that are
// not kept. It is for one goroutine.
type Memory struct {
	reader   *Reader
	docs     map[string]Doc
	sketches map[string]*Sketch
	rare     Rarity
	linked   []Linked
}

// NewMemory makes a store of these reports.
func NewMemory(r *Reader, docs ...Doc) *Memory {
	m := &Memory{reader: r, docs: map[string]Doc{}, sketches: map[string]*Sketch{}}
	m.Add(docs...)
	return m
}

// Add takes reports in; one whose id is there already replaces it.
func (m *Memory) Add(docs ...Doc) {
	for _, d := range docs {
		m.Remove(d.ID)
		s := m.reader.Sketch(d)
		m.docs[d.ID], m.sketches[d.ID] = d, &s
		m.rare.Add(&s)
	}
}

// Remove takes reports out.
func (m *Memory) Remove(ids ...string) {
	for _, id := range ids {
		if s := m.sketches[id]; s != nil {
			m.rare.Remove(s)
			delete(m.docs, id)
			delete(m.sketches, id)
		}
	}
}

// Rarity is that of words in the reports that are there now.
func (m *Memory) Rarity() *Rarity { return &m.rare }

// Keep is what a caller of Link does with a part: it drops what is void and
// takes in what is new.
func (m *Memory) Keep(p Part) error {
	void := map[Ref]bool{}
	for _, r := range p.Accounts {
		void[r] = true
	}
	m.linked = slices.DeleteFunc(m.linked, func(l Linked) bool {
		return slices.ContainsFunc(l.Accounts(), func(r Ref) bool { return void[r] || void[Ref{Report: r.Report}] })
	})
	m.linked = append(m.linked, p.Incidents...)
	return nil
}

// Linked are the incidents that Keep took in, sorted by their first day.
func (m *Memory) Linked() []Linked {
	sortLinked(m.linked)
	return m.linked
}

// Stretches is that of Store.
func (m *Memory) Stretches() ([]int64, error) {
	all := map[int64]bool{}
	for _, s := range m.sketches {
		for _, w := range s.Stretches() {
			all[w] = true
		}
	}
	return slices.Sorted(maps.Keys(all)), nil
}

// Sketches is that of Store.
func (m *Memory) Sketches(stretch int64) iter.Seq2[*Sketch, error] {
	return func(yield func(*Sketch, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(m.sketches)) {
			if s := m.sketches[id]; slices.Contains(s.Stretches(), stretch) && !yield(s, nil) {
				return
			}
		}
	}
}

// SketchesOf is that of Store.
func (m *Memory) SketchesOf(reports []string) ([]*Sketch, error) {
	var out []*Sketch
	for _, id := range reports {
		if s := m.sketches[id]; s != nil {
			out = append(out, s)
		}
	}
	return out, nil
}

// Docs is that of Store.
func (m *Memory) Docs(reports []string) ([]Doc, error) {
	var out []Doc
	for _, id := range reports {
		if d, ok := m.docs[id]; ok {
			out = append(out, d)
		}
	}
	return out, nil
}

// With is that of Store.
func (m *Memory) With(accounts []Ref) ([]Ref, error) {
	asked := map[Ref]bool{}
	for _, r := range accounts {
		asked[r] = true
	}
	var out []Ref
	for i := range m.linked {
		list := m.linked[i].Accounts()
		if slices.ContainsFunc(list, func(r Ref) bool { return asked[r] || asked[Ref{Report: r.Report}] }) {
			out = append(out, list...)
		}
	}
	return out, nil
}

func sortLinked(list []Linked) {
	slices.SortStableFunc(list, func(a, b Linked) int {
		if !a.First.Equal(b.First.Time) {
			return a.First.Compare(b.First.Time)
		}
		return strings.Compare(a.ID, b.ID)
	})
}
