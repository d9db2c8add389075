package record

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"unicode/utf8"
)

// JSONSchema is the JSON Schema (draft 2020-12) of a record.
//
//go:embed schema.json
var JSONSchema []byte

// Check returns what is wrong with the record beyond its schema, nil when
// nothing is: a span that does not quote the text, an id that nothing bears,
// an index that points nowhere.
func (d *Record) Check() []error {
	c := &checker{runes: make([]int, 0, len(d.Document.Text)+1), text: d.Document.Text}
	for i := range c.text {
		c.runes = append(c.runes, i)
	}
	c.runes = append(c.runes, len(c.text))
	if !utf8.ValidString(c.text) {
		c.say("document.text is not valid UTF-8")
	}
	if sum := sha256.Sum256([]byte(c.text)); hex.EncodeToString(sum[:]) != d.Document.SHA256 {
		c.say("document.sha256 is not that of document.text")
	}
	entities := map[string]bool{}
	for i, e := range d.Entities {
		if entities[e.ID] {
			c.say("entities[%d]: a second %q", i, e.ID)
		}
		entities[e.ID] = true
		for j := range e.Roles {
			c.quote(&e.Roles[j].Span, "entities[%d].roles[%d]", i, j)
		}
	}
	entity := func(id string, where string, args ...any) {
		if !entities[id] {
			c.say("%s: no entity %q", fmt.Sprintf(where, args...), id)
		}
	}
	if d.Document.Outlet != nil {
		entity(*d.Document.Outlet, "document.outlet")
	}
	for i, e := range d.Entities {
		for j, o := range e.Roles {
			if o.Of != nil {
				entity(*o.Of, "entities[%d].roles[%d].of", i, j)
			}
		}
	}
	ref := func(r *Ref, where string, args ...any) {
		if r != nil {
			entity(r.Entity, where, args...)
			c.quote(r.Span, where, args...)
		}
	}
	at := 0
	for i := range d.Mentions {
		m := &d.Mentions[i]
		c.quote(&m.Quote, "mentions[%d]", i)
		entity(m.Entity, "mentions[%d]", i)
		if m.Start < at {
			c.say("mentions[%d]: out of order", i)
		}
		at = m.Start
	}
	for i := range d.Times {
		c.quote(&d.Times[i].Quote, "times[%d]", i)
	}
	for i := range d.Numbers {
		n := &d.Numbers[i]
		c.quote(&n.Quote, "numbers[%d]", i)
		if n.Min != nil && n.Max != nil && *n.Min > *n.Max {
			c.say("numbers[%d]: min %d above max %d", i, *n.Min, *n.Max)
		}
		if n.Min == nil && n.Max == nil {
			c.say("numbers[%d]: neither min nor max", i)
		}
	}
	statements := map[string]bool{}
	for i := range d.Statements {
		s := &d.Statements[i]
		if statements[s.ID] {
			c.say("statements[%d]: a second %q", i, s.ID)
		}
		statements[s.ID] = true
		for j, p := range s.Content {
			c.span(p.Start, p.End, "statements[%d].content[%d]", i, j)
		}
		if s.Speaker != nil {
			entity(*s.Speaker, "statements[%d].speaker", i)
		}
		c.quote(s.SpeakerSpan, "statements[%d].speaker_span", i)
		c.quote(s.Cue, "statements[%d].cue", i)
		for j := range s.Via {
			ref(&s.Via[j], "statements[%d].via[%d]", i, j)
		}
		ref(s.Addressee, "statements[%d].addressee", i)
		if s.Date != nil {
			c.quote(s.Date.Span, "statements[%d].date", i)
		}
	}
	ids := map[string]bool{}
	for i := range d.Events {
		e := &d.Events[i]
		if ids[e.ID] {
			c.say("events[%d]: a second %q", i, e.ID)
		}
		ids[e.ID] = true
		c.quote(&e.Trigger, "events[%d].trigger", i)
		for j := range e.Actor {
			ref(&e.Actor[j], "events[%d].actor[%d]", i, j)
		}
		for j := range e.Recipient {
			ref(&e.Recipient[j], "events[%d].recipient[%d]", i, j)
		}
		ref(e.Place, "events[%d].place", i)
		if e.Date != nil {
			c.quote(e.Date.Span, "events[%d].date", i)
		}
		c.quote(e.Weapon, "events[%d].weapon", i)
		if e.SaidBy != nil && !statements[*e.SaidBy] {
			c.say("events[%d].said_by: no statement %q", i, *e.SaidBy)
		}
		for _, n := range [...]*int{e.Killed, e.Wounded, e.Count} {
			if n != nil && (*n < 0 || *n >= len(d.Numbers)) {
				c.say("events[%d]: no number %d", i, *n)
			}
		}
	}
	for i := range d.Loaded {
		l := &d.Loaded[i]
		c.quote(&l.Quote, "loaded[%d]", i)
		if l.Entity != nil {
			entity(*l.Entity, "loaded[%d]", i)
		}
	}
	for i, x := range d.Dropped {
		c.span(x.Start, x.End, "dropped[%d]", i)
	}
	return c.errs
}

type checker struct {
	text  string
	runes []int // byte of each code point, and of the end
	errs  []error
}

func (c *checker) say(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf(format, args...))
}

func (c *checker) span(start, end int, where string, args ...any) bool {
	if start < 0 || start >= end || end >= len(c.runes) {
		c.say("%s: span %d to %d in a text of %d code points", fmt.Sprintf(where, args...), start, end, len(c.runes)-1)
		return false
	}
	return true
}

func (c *checker) quote(q *Quote, where string, args ...any) {
	if q == nil || !c.span(q.Start, q.End, where, args...) {
		return
	}
	if t := c.text[c.runes[q.Start]:c.runes[q.End]]; t != q.Text {
		c.say("%s: quotes %q where the text has %q", fmt.Sprintf(where, args...), q.Text, t)
	}
}
