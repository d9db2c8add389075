package incident

import (
	"slices"

	"github.com/sanad-project/sanad/record"
)

// who notes what the people of a number were, where the words of the number say so.
func (b *builder) who(a *account, of whose, n record.Number) {
	if of.nation != "" && n.Min != nil && n.Max != nil && *n.Min == *n.Max {
		b.put(nation, Value{Value: of.nation}, a, n.Start, n.End)
		b.besides(nation, "", a.doc.ID, *n.Min, of.nation)
	}
	for _, class := range of.people {
		b.put(Recipient, Value{Value: class, class: true}, a, n.Start, n.End)
		if n.Min != nil && n.Max != nil && *n.Min == *n.Max {
			b.besides(Recipient, "", a.doc.ID, *n.Min, class)
		}
	}
}

// nation is a field while the table is made: the states of which those are who
// were struck and did not fight.
const nation = "nation"

// sameNumber says whether two reports give one number of people, but other people.
func (v Value) sameNumber(w Value) bool {
	for _, r := range v.Reports {
		for _, q := range w.Reports {
			if r == q {
				return false
			}
		}
	}
	for _, a := range v.also {
		for _, b := range w.also {
			if slices.ContainsFunc(a, func(n int64) bool { return slices.Contains(b, n) }) {
				return true
			}
		}
	}
	return false
}
