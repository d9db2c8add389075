package review

import (
	"encoding/json"

	"github.com/sanad-project/sanad/record"
)

// Verdict is what people say of a finding.
type Verdict string

// The verdicts. A finding that nobody judged as a whole has none, also where
// single fields of it were accepted or another decision changed a field.
const (
	Unseen    Verdict = ""
	Accepted  Verdict = "accepted"
	Corrected Verdict = "corrected" // a field of it has another value; accepted besides or not
	Rejected  Verdict = "rejected"
	Added     Verdict = "added"
)

// Reviewed is a reading with the decisions on it.
type Reviewed struct {
	Record   *record.Record // in force; a record that passes record.Check
	State    string         // "new", "in review" or "done"
	Findings []Finding      // those that somebody decided on or that a decision changed, in the order of the text; rejected ones too
	Notes    []Decision     // remarks that still count
	Lost     []Lost         // decisions that found no place in this reading
	Last     string         // Hash of the last decision on this report; "" when there is none

	machine   *record.Record
	decisions []Decision
	work      *work
}

// Finding is what is held of one finding that somebody decided on, or that a
// decision on another one changed: an event whose number was rejected. The
// report as a whole is one too where its state was set.
//
// Target.ID is that of Record; of the machine's reading where the finding was
// rejected. Target.Start and End are where the machine read it, also when its
// trigger was corrected.
type Finding struct {
	Target  Target
	Verdict Verdict
	Fields  []Field    // the fields that were judged one by one, and those whose value differs from the machine's
	By      []Decision // the decisions that made it so, oldest first
	Moved   []string   // fields of which the machine says something else now than when they were judged
	Why     string     // why it is as it is where nobody decided on it: "it rests on s1, which was rejected"
}

// Field is one judged field: the machine's value and the person's.
type Field struct {
	Name    string
	Machine json.RawMessage // in the form of Decision.Value; nil where the machine has none
	Human   json.RawMessage // likewise
	By      Decision
}

// Lost is a decision that no longer has its evidence: the words are there, but
// this reading finds nothing of that kind in them. An accepted or corrected
// finding is kept in Record as the person left it; the loss is listed so that
// somebody looks again.
type Lost struct {
	Decision Decision
	Why      string
	Kept     bool // what the person left is in force all the same
}

// Verdict returns what people say of a finding, by the id it has in Findings.
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
