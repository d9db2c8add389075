package review

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/record"
)

// Side is what one person makes of a report: its reading with that person's
// decisions alone laid over it, as if nobody else had been there. What they
// decided to settle a disagreement of others is left out; so is what others took
// back of theirs. Who accepted what somebody else had corrected or added vouches
// for it, and has it too ([Seen]).
type Side struct {
	Author    string
	Closed    bool // they set the report's review to "done": all of it was looked at
	Decisions int  // of theirs that count, remarks left out
	*Reviewed
}

// Reviewer is one person who decided on a report.
type Reviewer struct {
	Author    string `json:"author"`
	Decisions int    `json:"decisions"` // that count, remarks left out
}

// Reviewers lists who decided on a report, who decided most first.
func Reviewers(ds []Decision) []Reviewer {
	var list []Reviewer
	for _, d := range ds {
		if !slices.ContainsFunc(list, func(r Reviewer) bool { return r.Author == d.Author }) {
			if n := decided(alone(ds, d.Author)); n > 0 {
				list = append(list, Reviewer{d.Author, n})
			}
		}
	}
	slices.SortFunc(list, func(a, b Reviewer) int {
		return cmp.Or(cmp.Compare(b.Decisions, a.Decisions), strings.Compare(a.Author, b.Author))
	})
	return list
}

// alone are the decisions that make up one person's own view.
func alone(ds []Decision, author string) []Decision {
	var list []Decision
	own := map[int64]bool{}
	for _, d := range ds {
		if d.Author != author || len(d.Settles) > 0 || d.Action == Undo && !own[d.Undoes] {
			continue
		}
		own[d.Seq] = true
		list = append(list, d)
	}
	return list
}

// decided counts the decisions that say something of the report and that count.
func decided(ds []Decision) (n int) {
	counts := newWorkless().counting(ds)
	for i := range ds {
		if counts[i] && ds[i].Action != Undo && ds[i].Action != Note {
			n++
		}
	}
	return n
}

// Alone is one person's side of a report, of which ds are all decisions.
func Alone(rec *record.Record, ds []Decision, author string) (*Side, error) {
	own := alone(ds, author)
	r, err := Apply(rec, own)
	if err != nil {
		return nil, fmt.Errorf("what %s decided cannot be laid over the reading alone: %w", author, err)
	}
	if r.work == nil { // nothing was decided
		r.work = newWork(rec)
	}
	return &Side{Author: author, Closed: r.State == stateDone, Decisions: decided(own), Reviewed: r}, nil
}

// same things have the same key on both sides: the kind and the words they were
// read from; for an entity its id or, where a person added it and the log gave
// it one, its name.
type unitKey struct {
	kind   Kind
	at     record.Span
	nth    int // of several findings of a kind at the same words
	entity string
}

// units of a kind, in the order of the record.
func (s *Side) units(k Kind) (keys []unitKey, found map[unitKey]*finding) {
	found = map[unitKey]*finding{}
	for _, f := range s.work.list[k] {
		key := unitKey{kind: k, at: f.at}
		if k == Entity {
			key.entity = s.entity(f.id)
		}
		for found[key] != nil {
			key.nth++
		}
		found[key] = f
		keys = append(keys, key)
	}
	return keys, found
}

// entity names an entity so that both sides name it alike.
func (s *Side) entity(id string) string {
	f := s.work.ids[Entity][id]
	if f == nil || f.machine != nil || id == "" || id[0] != 'h' || strings.Trim(id[1:], "0123456789") != "" {
		return id
	}
	return "=" + strings.Join(strings.Fields(str(f.value["name"])), " ")
}

// saw reports whether this person looked at a finding: judged it or one of its
// fields, rejected what it hangs on, or closed the report.
func (s *Side) saw(f *finding) bool {
	return s.Closed || f != nil && (len(f.by) > 0 || f.out != nil)
}

// said is the value of a field so that both sides write it alike: entities by
// entity, statements by their words; of what names an entity or a day the words
// are left out, since the question is whom or when it names.
func (s *Side) said(f *finding, x field) string {
	raw := f.value[x.name]
	if string(raw) == "null" || string(raw) == "[]" || string(raw) == `""` {
		return ""
	}
	switch x.refer {
	case oneEntity:
		return s.entity(str(raw))
	case oneRef, manyRefs:
		return strings.Join(s.named(f, x), ", ")
	case toStatement:
		if o := s.work.ids[Statement][str(raw)]; o != nil {
			return fmt.Sprintf("%d-%d", o.at.Start, o.at.End)
		}
	}
	if x.name == "date" {
		var d record.DateRef
		if json.Unmarshal(raw, &d) == nil {
			return d.Value
		}
	}
	if v := str(raw); v != "" {
		return v
	}
	return string(raw)
}

// named are the entities that a field names, sorted: whether an actor stands
// first or second says nothing. The links of a chain keep their order.
func (s *Side) named(f *finding, x field) []string {
	var list []string
	if x.refer == oneRef {
		var r *record.Ref
		if json.Unmarshal(f.value[x.name], &r) == nil && r != nil {
			list = append(list, s.entity(r.Entity))
		}
		return list
	}
	var refs []record.Ref
	json.Unmarshal(f.value[x.name], &refs)
	for _, r := range refs {
		list = append(list, s.entity(r.Entity))
	}
	if x.name != "via" {
		slices.Sort(list)
		list = slices.Compact(list)
	}
	return list
}
