package incident

import (
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
	ID       string     `json:"id"`    // from its earliest member: it stays while that does
	Kinds    []string   `json:"kinds"` // the kinds of its acts, the commonest first; data/kinds.txt has them
	First    time.Time  `json:"-"`     // the days on which it was, as far as known
	Last     time.Time  `json:"-"`
	Members  []Member   `json:"members"`
	Attached []Attached `json:"attached"`
}

// Member is one report's account of the incident.
type Member struct {
	Report     string   `json:"report"`
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
