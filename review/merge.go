package review

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// Merges says which entities people made one. Entities are named by refs: an
// id alone is that entity in all reports ("us-army"), "REPORT/id" is it in one
// report, which matters for those that only that report knows.
type Merges struct {
	into    map[string]string // member → entity in force; that one itself not in it
	members map[string][]string
	alone   map[string]bool // "REPORT/id" split from what the id is elsewhere
	known   map[int64]bool  // decisions that count
	all     map[int64]bool
}

// Entities lays merges and splits on one another, the earliest first; other
// decisions are passed over. A merge makes the entities it names, with all
// that were merged with them before, one, which goes by the merge's target. A
// split of an entity in force takes all apart that it stands for; a split of
// another takes that one out; a split of "REPORT/id" that was never merged
// says that in this report the id is somebody else. Since a merge joins whole
// sets there can be no cycle; since it only says which are one, it can always
// be taken back.
func Entities(ds []Decision) *Merges {
	ds = slices.DeleteFunc(slices.Clone(ds), func(d Decision) bool { return d.Target.Kind == Incident })
	slices.SortStableFunc(ds, func(a, b Decision) int { return cmp.Compare(a.Seq, b.Seq) })
	m := &Merges{map[string]string{}, map[string][]string{}, map[string]bool{}, map[int64]bool{}, map[int64]bool{}}
	counts := newWorkless().counting(ds)
	for i := range ds {
		d := &ds[i]
		m.all[d.Seq] = true
		if !counts[i] {
			continue
		}
		m.known[d.Seq] = true
		switch d.Action {
		case Merge:
			var ids []string
			if json.Unmarshal(d.Value, &ids) == nil && d.Target.ID != "" {
				m.merge(d.Target.ID, ids)
			}
		case Split:
			m.split(d.Target.ID)
		}
	}
	return m
}

// newWorkless is a work with no reading, for counting.
func newWorkless() *work { return &work{lost: map[int][]string{}} }

func (m *Merges) root(ref string) string {
	if r, ok := m.into[ref]; ok {
		return r
	}
	return ref
}

func (m *Merges) merge(into string, ids []string) {
	delete(m.alone, into)
	set := []string{into}
	for _, id := range append([]string{into}, ids...) {
		if id == "" {
			continue
		}
		delete(m.alone, id)
		r := m.root(id)
		for _, x := range append([]string{r}, m.members[r]...) {
			if !slices.Contains(set, x) {
				set = append(set, x)
			}
		}
		delete(m.members, r)
	}
	delete(m.into, into)
	for _, x := range set[1:] {
		m.into[x] = into
	}
	if len(set) > 1 {
		m.members[into] = set[1:]
	}
}

func (m *Merges) split(ref string) {
	if r, ok := m.into[ref]; ok {
		delete(m.into, ref)
		m.members[r] = slices.DeleteFunc(m.members[r], func(x string) bool { return x == ref })
		if len(m.members[r]) == 0 {
			delete(m.members, r)
		}
		return
	}
	if list, ok := m.members[ref]; ok {
		for _, x := range list {
			delete(m.into, x)
		}
		delete(m.members, ref)
		return
	}
	m.alone[ref] = true
}

// Of returns the entity in force of an id in a report: the id itself where it
// was not merged, "REPORT/id" where it was split from the others of that id. A
// merge of "REPORT/id" counts before one of the id.
func (m *Merges) Of(report, id string) string {
	if m == nil {
		return id
	}
	local := report + "/" + id
	if r, ok := m.into[local]; ok {
		return r
	}
	if m.alone[local] || len(m.members[local]) > 0 {
		return local
	}
	return m.root(id)
}

// Members returns the refs that an entity in force stands for, itself left
// out, in the order in which they were merged.
func (m *Merges) Members(ref string) []string {
	if m == nil {
		return nil
	}
	return slices.Clone(m.members[ref])
}

// All calls f on each entity in force that stands for others, sorted.
func (m *Merges) All(f func(ref string, members []string)) {
	if m == nil {
		return
	}
	var refs []string
	for r := range m.members {
		refs = append(refs, r)
	}
	slices.Sort(refs)
	for _, r := range refs {
		f(r, slices.Clone(m.members[r]))
	}
}

// Validate completes a decision on entities everywhere and says what is wrong
// with it, as [Reviewed.Validate] does for one on a report.
func (m *Merges) Validate(d *Decision) error {
	if err := everywhere(d); err != nil {
		return err
	}
	switch d.Action {
	case Undo:
		if !m.all[d.Undoes] {
			return fmt.Errorf("there is no decision %d on entities everywhere", d.Undoes)
		}
		if !m.known[d.Undoes] {
			return fmt.Errorf("decision %d is undone already", d.Undoes)
		}
	case Split:
		ref := d.Target.ID
		_, member := m.into[ref]
		if local := slices.Contains([]byte(ref), '/'); !member && m.members[ref] == nil && (!local || m.alone[ref]) {
			return fmt.Errorf("%s was not merged with another entity", ref)
		}
	case Merge:
		var ids []string
		if err := json.Unmarshal(d.Value, &ids); err != nil {
			return err
		}
		if !slices.ContainsFunc(ids, func(id string) bool { return m.root(id) != d.Target.ID }) {
			return fmt.Errorf("these are %s already", d.Target.ID)
		}
	}
	return nil
}
