package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/review"
)

func TestBroken(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"", 10, ""},
		{"  two   words ", 20, "two words"},
		{"these are more words", 10, "these are|more words"},
		{"می‌رود و می‌آید", 10, "می‌رود و|می‌آید"}, // half-spaces take no column
		{strings.Repeat("x", 25), 10, "xxxxxxxxxx|xxxxxxxxxx|xxxxx"},
		{"a " + strings.Repeat("x", 12), 10, "a|xxxxxxxxxx|xx"},
		{"few", -3, "few"},
	} {
		if got := strings.Join(broken(c.in, c.n), "|"); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

// Whatever reports hold, a page stays within its lines and changes nothing of the
// terminal.
func TestIncidentPageHostile(t *testing.T) {
	lex, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	evil := "\x1b[2J\x07\u202eabc\u2066 «" + strings.Repeat("بلند ", 300) + "\r\n<b>\x00\u0085" + strings.Repeat("y", 400)
	low := int64(3)
	quote := incident.Quote{Report: "00000000000000aa", Start: 1, End: 4, Text: evil}
	value := incident.Value{Value: evil, Precision: "spot", Low: &low, High: &low, Reports: []string{quote.Report}, Origins: 1}
	for range 20 {
		value.Sayings = append(value.Sayings, incident.Saying{Quote: quote, Outlet: evil, Speaker: evil, Via: []string{evil, "Reuters"}})
	}
	x := &ledger.IncidentFull{
		IncidentRow: ledger.IncidentRow{ID: "00000000000000ff", Head: evil, Kinds: []string{evil}, First: "2009-03-10", Last: "2009-03-12", Place: evil, Suggested: "weak", Grade: "fair"},
		Graded:      &review.Decision{Author: evil},
		Notes:       []review.Decision{{Author: evil, Note: evil}},
		Log: []review.Decision{{Author: evil, Action: review.Note, Note: evil, Target: review.Target{Kind: review.Incident, ID: evil}},
			{Action: review.Part, Target: review.Target{Kind: review.Incident}, Others: make([]review.Account, 9)}},
		Of: map[string]ledger.Report{quote.Report: {ID: quote.Report, Head: evil, OutletName: evil, Outlet: evil}},
	}
	x.Linked.Where.Country = evil
	x.Linked.Table = incident.Table{GradeReason: evil, Values: map[string][]incident.Value{"killed": {value, value}, "date": {{Value: evil}, {Value: "2009-03-10/"}, {Value: ""}}, evil: {value}, "x": nil},
		Ranges:         []incident.Range{{Field: "killed", Low: 1, Best: 2, High: 3}},
		Contradictions: []incident.Contradiction{{Field: "killed", Sides: []incident.Value{value, {}}, Why: evil}, {Field: "weapon", Of: evil, Sides: nil}}}
	for range 60 {
		x.Linked.Members = append(x.Linked.Members, incident.Member{Report: quote.Report, Outlet: evil, Reason: evil, Quotes: []incident.Quote{quote}}, incident.Member{Report: "short"})
		x.Linked.Attached = append(x.Linked.Attached, incident.Attached{Report: "", As: evil, By: evil, Quote: quote, Reason: evil})
	}
	var out bytes.Buffer
	p := &program{out: &out}
	p.incidentPage(x, lex)
	incidentLine(&out, &x.IncidentRow)
	for n, l := range strings.Split(out.String(), "\n") {
		if strings.ContainsAny(l, "\x1b\x00\x07\r\u202e\u0085") {
			t.Errorf("line %d: %q", n+1, l)
		}
		opened := strings.Count(l, "\u2066") + strings.Count(l, "\u2067") + strings.Count(l, "\u2068")
		if closed := strings.Count(l, "\u2069"); opened != closed {
			t.Errorf("line %d opens %d isolates and closes %d: %q", n+1, opened, closed, l)
		}
	}
	(&program{out: &out}).incidentPage(&ledger.IncidentFull{}, lex) // nothing at all
}
