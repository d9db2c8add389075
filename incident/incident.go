package incident

import (
	"fmt"
	"time"

	"github.com/sanad-project/sanad/record"
)

// Doc is a report as it goes in.
type Doc struct {
	ID        string
	Outlet    string
	Published string // ISO day, or day and time (RFC 3339); "" where unknown: the record's day then
	Record    *record.Record
	Origin    string // reports of one origin have one value; "" for one of its own
}

// Quote is words of a report, in code points of its text.
type Quote struct {
	Report string `json:"report"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
	Text   string `json:"text"`
}

// Incident is one thing that happened, as far as reports say so.
type Incident struct {
	ID       string     `json:"id"`             // from its earliest member: it stays while that does
	Kinds    []string   `json:"kinds"`          // the kinds of its acts, the commonest first; data/kinds.txt has them
	First    Day        `json:"first,omitzero"` // the days on which it was, as far as known
	Last     Day        `json:"last,omitzero"`
	Members  []Member   `json:"members"`
	Attached []Attached `json:"attached"`
}

// Member is one report's account of the incident.
type Member struct {
	Report     string   `json:"report"`
	Outlet     string   `json:"outlet,omitempty"`
	At         At       `json:"at"`               // which account of the report
	Quotes     []Quote  `json:"quotes"`           // the words of its acts, the clearest first
	Events     []string `json:"events,omitempty"` // ids in the report's record
	Reason     string   `json:"reason"`
	Confidence float64  `json:"confidence"` // 0 to 1; a score made by hand-tuned weights, no measured probability
	account    *account
}

// How something stands to an incident without telling that it happened.
const (
	Threat     = "threat"
	Plan       = "plan"
	Denial     = "denial"
	Retraction = "retraction"
	Claim      = "claim of responsibility"
)

// Attached is what a report says about an incident without counting as it.
type Attached struct {
	Report     string  `json:"report"`
	Outlet     string  `json:"outlet,omitempty"`
	At         At      `json:"at"` // which account of the report; several things said in one account have one place
	As         string  `json:"as"`
	Quote      Quote   `json:"quote"`
	By         string  `json:"by,omitempty"` // who threatens, denies, claims
	Reason     string  `json:"reason"`
	Confidence float64 `json:"confidence"`
	account    *account
}

// reports returns the ids of the reports that are members.
func (in *Incident) reports() []string {
	var out []string
	for _, m := range in.Members {
		out = append(out, m.Report)
	}
	return out
}

// At is the place of an account in its report: its clearest words, in code
// points. It stays while the report and its reading do.
type At struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Day is a day of the Gregorian calendar at midnight UTC, in JSON as
// "2009-03-10"; its zero value is no day.
type Day struct{ time.Time }

// MarshalText writes the day, "" for none.
func (d Day) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.Format(time.DateOnly)), nil
}

// UnmarshalText reads what MarshalText wrote.
func (d *Day) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Day{}
		return nil
	}
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		return fmt.Errorf("%q is no day: want one like 2009-03-10", b)
	}
	*d = Day{t}
	return nil
}

// MarshalJSON writes the day as text.
func (d Day) MarshalJSON() ([]byte, error) {
	b, _ := d.MarshalText()
	return []byte(`"` + string(b) + `"`), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (d *Day) UnmarshalJSON(b []byte) error {
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return fmt.Errorf("%s is no day: want one like \"2009-03-10\"", b)
	}
	return d.UnmarshalText(b[1 : len(b)-1])
}
