package export

import (
	"encoding/json"
	"time"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// side is one line of a sidecar: all that the ledger holds of a row that the
// row itself cannot hold. Offsets count code points of the report's text.
type side struct {
	Format  string `json:"format"`
	Row     string `json:"row"` // value of the row's id column
	Offsets string `json:"offsets"`

	Report    sideReport        `json:"report"`
	Event     *record.Event     `json:"event"`
	Statement *record.Statement `json:"statement"` // the one that the event rests on; null where the publisher tells it
	Said      []string          `json:"said"`      // the words of its content
	Chain     []sideLink        `json:"chain"`     // from the publisher to the speaker
	Party     bool              `json:"speaker_is_party"`
	Incident  *Telling          `json:"incident,omitempty"` // the one that the event belongs to, where reports were linked
	Sentence  string            `json:"sentence"`           // the words around the trigger
	Again     []sideAgain       `json:"told_again"`         // events of the report that only tell this one again; they have no row
	Numbers   []sideNumber      `json:"numbers"`
	Entities  []*record.Entity  `json:"entities"` // all that this line names
	Verdicts  []sideVerdict     `json:"verdicts"` // people's, on what this line holds
}

type sideReport struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	URL       string    `json:"url,omitempty"`
	Outlet    string    `json:"outlet,omitempty"`
	Author    string    `json:"author,omitempty"`
	Published string    `json:"published,omitempty"`
	Added     time.Time `json:"added,omitzero"`
	SHA256    string    `json:"sha256"`  // of the text
	Record    string    `json:"record"`  // hash of the machine's record
	Reader    string    `json:"reader"`  // version that made it
	Lexicon   string    `json:"lexicon"` // hash
	Review    string    `json:"review,omitempty"`
}

type sideAgain struct {
	Event     *record.Event     `json:"event"`
	Statement *record.Statement `json:"statement"`
	Sentence  string            `json:"sentence"`
}

type sideLink struct {
	Role   string        `json:"role"` // publisher, via, speaker
	Entity string        `json:"entity,omitempty"`
	Name   string        `json:"name"`
	Span   *record.Quote `json:"span,omitempty"`
}

type sideNumber struct {
	Field string `json:"field"` // killed, wounded, count
	Index int    `json:"index"` // in the record
	record.Number
}

type sideVerdict struct {
	Kind    review.Kind    `json:"kind"`
	ID      string         `json:"id"`
	Verdict review.Verdict `json:"verdict"`
	Fields  []sideField    `json:"fields,omitempty"`
	By      []sideAuthor   `json:"by"`
}

type sideField struct {
	Name    string          `json:"name"`
	Machine json.RawMessage `json:"machine,omitempty"`
	Human   json.RawMessage `json:"human,omitempty"`
}

type sideAuthor struct {
	Author string        `json:"author"`
	At     time.Time     `json:"at"`
	Action review.Action `json:"action"`
	Hash   string        `json:"hash"` // of the decision
}

// sidecar returns the line that goes with the row of an event.
func (v *view) sidecar(format, row string, t told) *side {
	e := t.Event
	d := &v.rec.Document
	x := &side{Format: format, Row: row, Offsets: "code points", Event: e, Statement: v.said(e), Sentence: v.sentence(e), Again: []sideAgain{},
		Said: []string{}, Chain: []sideLink{}, Numbers: []sideNumber{}, Entities: []*record.Entity{}, Verdicts: []sideVerdict{},
		Report: sideReport{ID: v.ID, Title: v.Title, URL: v.URL, Outlet: v.outlet(), Author: v.Author, Published: v.published(), Added: v.Added,
			SHA256: d.SHA256, Record: v.Hash, Reader: v.Reader, Lexicon: v.Lexicon}}
	x.Incident = v.telling(e)
	if v.Review != nil {
		x.Report.Review = v.Review.State
	}
	for _, a := range t.again {
		x.Again = append(x.Again, sideAgain{a, v.said(a), v.sentence(a)})
	}
	used := map[string]bool{str(d.Outlet): true}
	ref := func(r *record.Ref) {
		if r != nil {
			used[r.Entity] = true
		}
	}
	for i := range e.Actor {
		ref(&e.Actor[i])
	}
	for i := range e.Recipient {
		ref(&e.Recipient[i])
	}
	ref(e.Place)
	if o := v.outlet(); o != "" {
		x.Chain = append(x.Chain, sideLink{Role: "publisher", Entity: str(d.Outlet), Name: o})
	}
	if s := x.Statement; s != nil {
		x.Party = v.isParty(s, e)
		for _, p := range s.Content {
			x.Said = append(x.Said, v.slice(p.Start, p.End))
		}
		for i := range s.Via {
			ref(&s.Via[i])
			x.Chain = append(x.Chain, sideLink{"via", s.Via[i].Entity, v.name(s.Via[i].Entity), s.Via[i].Span})
		}
		if s.Speaker != nil {
			used[*s.Speaker] = true
			x.Chain = append(x.Chain, sideLink{"speaker", *s.Speaker, v.name(*s.Speaker), s.SpeakerSpan})
		}
		ref(s.Addressee)
	}
	for _, n := range [...]struct {
		field string
		index *int
	}{{"killed", e.Killed}, {"wounded", e.Wounded}, {"count", e.Count}} {
		if m := v.number(n.index); m != nil {
			x.Numbers = append(x.Numbers, sideNumber{n.field, *n.index, *m})
		}
	}
	for i := range v.rec.Entities {
		p := &v.rec.Entities[i]
		if !used[p.ID] {
			continue
		}
		x.Entities = append(x.Entities, p)
	}
	x.Verdicts = v.verdicts(x, used)
	return x
}

// verdicts returns what people said of the event, its statement, and the
// entities and numbers of the line.
func (v *view) verdicts(x *side, used map[string]bool) []sideVerdict {
	out := []sideVerdict{}
	if v.Review == nil {
		return out
	}
	for i := range v.Review.Findings {
		f := &v.Review.Findings[i]
		var mine bool
		switch f.Target.Kind {
		case review.Event:
			mine = f.Target.ID == x.Event.ID && f.Verdict != review.Rejected
		case review.Statement:
			mine = x.Statement != nil && f.Target.ID == x.Statement.ID && f.Verdict != review.Rejected
		case review.Entity:
			mine = used[f.Target.ID]
		case review.Number:
			for _, n := range x.Numbers {
				mine = mine || n.Start == f.Target.Start && n.End == f.Target.End
			}
		}
		if !mine {
			continue
		}
		y := sideVerdict{Kind: f.Target.Kind, ID: f.Target.ID, Verdict: f.Verdict, By: []sideAuthor{}}
		for _, g := range f.Fields {
			y.Fields = append(y.Fields, sideField{g.Name, raw(g.Machine), raw(g.Human)})
		}
		for _, b := range f.By {
			y.By = append(y.By, sideAuthor{b.Author, b.At, b.Action, b.Hash})
		}
		out = append(out, y)
	}
	return out
}

// raw returns JSON that can stand in a line; nil where b is none.
func raw(b []byte) json.RawMessage {
	if !json.Valid(b) {
		return nil
	}
	return b
}
