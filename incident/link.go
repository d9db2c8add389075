package incident

import (
	"fmt"
	"maps"
	"slices"

	"github.com/sanad-project/sanad/lexicon"
)

// Link groups the accounts of the reports in dirty and of whatever hangs
// together with them, and calls emit for each such part. Of dirty are reports
// that are new, that changed, whose origin changed, that decisions were made
// on since, and that are gone. Nil means all reports of the store: With is not asked then, and all
// incidents of the last linking are void.
//
// The decisions are all that people made, not only the new ones. Lost are
// those of which one end is no account any more.
func (r *Reader) Link(st Store, rare *Rarity, dirty []string, decisions []Decision, emit func(Part) error) error {
	ats, err := st.Stretches()
	if err != nil {
		return err
	}
	ids := map[string]bool{}
	for _, at := range ats {
		for s, err := range st.Sketches(at) {
			if err != nil {
				return err
			}
			ids[s.Report] = true
		}
	}
	docs, err := st.Docs(slices.Sorted(maps.Keys(ids)))
	if err != nil {
		return err
	}
	l := r.linker()
	l.Add(docs...)
	list, lost := l.Apply(l.Incidents(), decisions)
	p := Part{Lost: lost}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		p.Accounts, p.Reports = append(p.Accounts, Ref{Report: id}), append(p.Reports, id)
	}
	for _, id := range dirty {
		if !ids[id] {
			p.Accounts, p.Reports = append(p.Accounts, Ref{Report: id}), append(p.Reports, id)
		}
	}
	for i := range list {
		k := Linked{Incident: list[i], Table: l.Table(&list[i])}
		k.Head = k.Members[0].Quotes[0]
		k.Facets.Kinds = k.Kinds
		p.Incidents = append(p.Incidents, k)
	}
	return emit(p)
}

// All links reports in memory, with the rarity of words among them. The
// incidents come sorted by their first day.
func All(lex *lexicon.Lexicon, docs []Doc, decisions []Decision) []Linked {
	r := New(lex)
	m := NewMemory(r, docs...)
	var out []Linked
	err := r.Link(m, m.Rarity(), nil, decisions, func(p Part) error {
		out = append(out, p.Incidents...)
		return nil
	})
	if err != nil {
		panic(fmt.Sprintf("linking in memory: %v", err)) // its store has no errors
	}
	return out
}
