package export

import (
	"fmt"
	"strings"

	"github.com/sanad-project/sanad/incident"
)

// notes says of an incident what the columns of a row cannot hold, in English,
// with the words of the reports in «…» as they stand.
func (s *story) notes() string {
	var out []string
	say := func(parts ...string) { out = append(out, strings.Join(parts, "")+".") }
	say("Incident told by ", counted(len(s.articles), "report"), " of ", counted(s.origins(), "independent source"))
	if s.Grade != "" {
		say("Graded ", s.Grade, " by ", s.GradeBy)
	} else if s.Table.Grade != "" {
		say("Suggested grade: ", s.Table.Grade, " (", s.Table.GradeReason, ")")
	}
	if r := s.rests(); r != "" {
		out = append(out, r)
	}
	for _, c := range s.Table.Contradictions {
		out = append(out, s.contradiction(c))
	}
	for _, a := range s.Incident.Attached {
		out = append(out, s.attached(a))
	}
	if q := s.head(); q != "" {
		say("Original: «", q, "»")
	}
	return strings.Join(out, " ")
}

// rests says on whose word an incident stands, "" where a report tells it in
// its own voice.
func (s *story) rests() string {
	who, own := s.speakers()
	if own {
		return ""
	}
	var names []string
	for _, w := range who {
		n := s.name(w)
		if s.party[w] {
			n += " (a party to the event)"
		}
		names = append(names, n)
	}
	if len(names) == 1 {
		return "Rests on one party's word: " + names[0] + "."
	}
	return "No report tells it in its own voice; on the word of " + strings.Join(names, ", ") + "."
}

// contradiction says what accounts contradict each other on.
func (s *story) contradiction(c incident.Contradiction) string {
	var sides []string
	for _, v := range c.Sides {
		x := fmt.Sprintf("%s (%s", s.name(v.Value), counted(max(v.Origins, 1), "independent source"))
		if len(v.Sayings) > 0 {
			say := v.Sayings[0]
			if o := s.byID[say.Quote.Report].outlet; o != "" {
				x += ", as " + o
			}
			if say.Speaker != "" {
				x += " has it from " + s.name(say.Speaker)
			}
			x += " «" + flat(say.Quote.Text, longestTitle) + "»"
		}
		sides = append(sides, x+")")
	}
	field := c.Field
	if c.Of != "" {
		field += " of " + c.Of
	}
	return "CONTRADICTED " + field + ": " + strings.Join(sides, " against ") + ": " + c.Why + "."
}

// attached says what somebody says about the incident.
func (s *story) attached(a incident.Attached) string {
	what := map[string]string{incident.Denial: "DENIED", incident.Retraction: "TAKEN BACK", incident.Claim: "Responsibility claimed",
		incident.Threat: "Threatened before", incident.Plan: "Planned or announced"}[a.As]
	if what == "" {
		what = a.As
	}
	if a.By != "" {
		what += " by " + s.name(a.By)
	}
	if o := s.byID[a.Report].outlet; o != "" {
		what += ", as published by " + o
	}
	return what + ": «" + flat(a.Quote.Text, longestTitle) + "»."
}

// head returns the clearest words for the incident.
func (s *story) head() string {
	if s.Head.Text != "" {
		return flat(s.Head.Text, longestQuote)
	}
	for _, m := range s.Incident.Members {
		for _, q := range m.Quotes {
			if q.Text != "" {
				return flat(q.Text, longestQuote)
			}
		}
	}
	return ""
}

// flat returns words on one line, the first n code points of them.
func flat(s string, n int) string { return cut(strings.Join(strings.Fields(s), " "), n) }
