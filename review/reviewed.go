package review

import "github.com/sanad-project/sanad/record"

// Verdict is what people say of a finding.
type Verdict string

// The verdicts. A finding that nobody looked at has none.
const (
	Unseen    Verdict = ""
	Accepted  Verdict = "accepted"
	Corrected Verdict = "corrected"
	Rejected  Verdict = "rejected"
	Added     Verdict = "added"
)

// Reviewed is a reading with the decisions on it.
type Reviewed struct {
	Record   *record.Record // in force; a record that passes record.Check
	State    string         // "new", "in review" or "done"
	Findings []Finding      // those that somebody decided on, in the order of the text; rejected ones too
	Notes    []Decision     // remarks that still count
	Lost     []Lost         // decisions that found no place in this reading
	Last     string         // Hash of the last decision on this report; "" when there is none
}

// Finding is what is held of one finding that somebody decided on.
type Finding struct {
	Target  Target // ID is that of Record; of the machine's reading where it was rejected
	Verdict Verdict
	Fields  []Field    // the fields that were judged one by one
	By      []Decision // the decisions that made it so, oldest first
	Moved   []string   // fields of which the machine says something else now than when they were judged
}

// Field is one judged field: the machine's value and the person's.
type Field struct {
	Name    string
	Machine []byte // JSON; nil where the machine has none
	Human   []byte // JSON
	By      Decision
}

// Lost is a decision that no longer has its evidence: the words are there, but
// this reading finds nothing of that kind in them. An accepted or corrected
// finding is kept in Record as the person left it; the loss is listed so that
// somebody looks again.
type Lost struct {
	Decision Decision
	Why      string
}

// Verdict returns what people say of a finding of the record in force.
func (r *Reviewed) Verdict(k Kind, id string) Verdict {
	if r != nil {
		for i := range r.Findings {
			if f := &r.Findings[i]; f.Target.Kind == k && f.Target.ID == id {
				return f.Verdict
			}
		}
	}
	return Unseen
}
