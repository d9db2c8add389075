package export

import (
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// maxSentence is how far to each side of an event's trigger its sentence is
// looked for, in code points.
const maxSentence = 400

// sentence returns the words around an event's trigger, as they stand: back to
// and on to the nearest end of a sentence or line. Its whole context is in the
// sidecar.
func (v *view) sentence(e *record.Event) string {
	v.slice(0, 0) // makes v.text
	lo, hi := e.Trigger.Start, e.Trigger.End
	if lo < 0 || hi > len(v.text) || lo > hi {
		return e.Trigger.Text
	}
	ends := func(i int) bool {
		switch v.text[i] {
		case '\n', '\r', '؟', '!', '؛':
			return true
		case '.', '?':
			return i+1 == len(v.text) || v.text[i+1] == ' ' || v.text[i+1] == '\n' || v.text[i+1] == '\r'
		}
		return false
	}
	for lo > 0 && e.Trigger.Start-lo < maxSentence && !ends(lo-1) {
		lo--
	}
	for hi < len(v.text) && hi-e.Trigger.End < maxSentence && !ends(hi) {
		hi++
	}
	return strings.TrimSpace(string(v.text[lo:hi]))
}

// act names an event in English: "ASSAULT (explosives)".
func act(e *record.Event) string {
	if e.Mode != nil {
		return e.Type + " (" + *e.Mode + ")"
	}
	return e.Type
}

// notes returns what the columns of a row cannot hold, in English, made only
// of what the record holds, with the words of the report in «…» as they stand.
func (v *view) notes(e *record.Event) string {
	var out []string
	say := func(parts ...string) { out = append(out, strings.Join(parts, "")+".") }
	if !happened(e) {
		say("NOT AN ACT THAT HAPPENED: the report tells it as ", map[string]string{"future": "planned or announced", "hypothetical": "possible or attempted",
			"negated": "not having happened, or denied"}[e.Status], " (", e.Status, ")")
	}
	who := act(e)
	if a := v.names(e.Actor); len(a) > 0 {
		who += " by " + strings.Join(a, ", ")
	}
	if r := v.names(e.Recipient); len(r) > 0 {
		who += "; recipient: " + strings.Join(r, ", ")
	}
	say(who, "; ", e.Status)
	out = append(out, v.attribution(e))
	if n := v.number(e.Killed); n != nil {
		say("Killed: ", amount(n), " «", n.Text, "»")
	}
	if n := v.number(e.Wounded); n != nil {
		say("Wounded: ", amount(n), " «", n.Text, "»")
	}
	if n := v.number(e.Count); n != nil {
		say("Number: ", amount(n), " ", n.Unit, " «", n.Text, "»")
	}
	if e.Date != nil {
		d := "Date: " + e.Date.Value
		if e.Date.Span != nil {
			d += " «" + e.Date.Span.Text + "»"
		}
		say(d)
	}
	if e.Weapon != nil {
		say("Weapon: «", e.Weapon.Text, "»")
	}
	if t := v.telling(e); t != nil {
		say("One of ", counted(t.Reports, "report"), " of incident ", t.Incident, ", which has ", counted(t.Origins, "independent source"))
	}
	if t := v.Review.Verdict(review.Event, e.ID); t != review.Unseen {
		say("A person has ", map[review.Verdict]string{review.Accepted: "accepted", review.Corrected: "corrected", review.Added: "added"}[t], " this event")
	}
	say("Original: «", v.sentence(e), "»")
	return strings.Join(out, " ")
}

// attribution says on whose word an event rests and through whom it came.
func (v *view) attribution(e *record.Event) string {
	outlet := v.outlet()
	if outlet == "" {
		outlet = "a publisher that is not named"
	}
	s := v.said(e)
	if s == nil {
		return "Told by " + outlet + " in its own voice."
	}
	who := "somebody who is not named"
	if s.Speaker != nil {
		who = v.name(*s.Speaker)
	}
	a := "According to " + who
	if via := v.names(s.Via); len(via) > 0 {
		a += " (via " + strings.Join(via, ", ") + ")"
	}
	a += ", as published by " + outlet + " (" + s.Act + "). Rests on one party's word."
	if v.isParty(s, e) {
		a += " " + who + " is a party to the event."
	}
	return a
}

// counted returns "1 report", "2 reports".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
