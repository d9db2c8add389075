// Package record is the published form of a reading: the JSON record, with
// offsets in Unicode code points. Nothing else in Sanad counts code points.
package record

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"unicode/utf8"

	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

// Schema names the version of the record.
const Schema = "sanad.record/1"

// Record is what one reading of one report says.
type Record struct {
	Schema     string      `json:"schema"`
	Document   Document    `json:"document"`
	Entities   []Entity    `json:"entities"`
	Mentions   []Mention   `json:"mentions"`
	Times      []Time      `json:"times"`
	Numbers    []Number    `json:"numbers"`
	Statements []Statement `json:"statements"`
	Events     []Event     `json:"events"`
	Loaded     []Loaded    `json:"loaded"`
	Dropped    []Dropped   `json:"dropped"`
	Notes      []Note      `json:"notes,omitempty"`
}

// Document is the report itself.
type Document struct {
	ID        string  `json:"id"`
	URL       *string `json:"url"`
	Outlet    *string `json:"outlet"` // entity id
	Title     string  `json:"title"`
	Published *string `json:"published"` // ISO day
	Language  string  `json:"language"`
	SHA256    string  `json:"sha256"` // of Text in UTF-8
	Text      string  `json:"text"`
}

// Span is a half-open range of code points of Document.Text.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Quote is a span with the text it covers.
type Quote struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// Entity is somebody or something the report speaks of.
type Entity struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	NameEn string `json:"name_en,omitempty"`
	Known  bool   `json:"known"`
	Roles  []Role `json:"roles"`
	Place  *Geo   `json:"place,omitempty"`
}

// Geo is a place on the map.
type Geo struct {
	GeoNames  int     `json:"geonames,omitempty"`
	Lat       float64 `json:"lat"`
	Lon       float64 `json:"lon"`
	Country   string  `json:"country,omitempty"`
	Precision string  `json:"precision"`
}

// Role is an office that the report gives to a person.
type Role struct {
	Title string  `json:"title"`
	Of    *string `json:"of"`
	Span  Quote   `json:"span"`
}

// Mention is one place where the report refers to an entity.
type Mention struct {
	Quote
	Entity string `json:"entity"`
	Form   string `json:"form"`
	Loaded bool   `json:"loaded"`
}

// Time is a resolved time expression.
type Time struct {
	Quote
	Type     string `json:"type"`
	Value    string `json:"value"`
	Calendar string `json:"calendar"`
	Note     string `json:"note,omitempty"`
}

// Number is an amount; nil bounds are open.
type Number struct {
	Quote
	Min   *int64 `json:"min"`
	Max   *int64 `json:"max"`
	Unit  string `json:"unit"`
	Hedge string `json:"hedge"`
}

// Ref points to an entity and the words it was read from.
type Ref struct {
	Entity string `json:"entity"`
	Span   *Quote `json:"span,omitempty"`
}

// DateRef is a date and the words it was read from.
type DateRef struct {
	Value string `json:"value"`
	Span  *Quote `json:"span,omitempty"`
}

// Statement is a stretch of content taken from somebody.
type Statement struct {
	ID          string   `json:"id"`
	Content     []Span   `json:"content"`
	Speaker     *string  `json:"speaker"`
	SpeakerSpan *Quote   `json:"speaker_span"`
	Cue         *Quote   `json:"cue"`
	Quoted      bool     `json:"quoted"`
	Act         string   `json:"act"`
	Via         []Ref    `json:"via"`
	Addressee   *Ref     `json:"addressee,omitempty"`
	Date        *DateRef `json:"date,omitempty"`
	Rule        string   `json:"rule,omitempty"`
}

// Event is one political act.
type Event struct {
	ID        string   `json:"id"`
	Trigger   Quote    `json:"trigger"`
	Type      string   `json:"type"`
	Mode      *string  `json:"mode"`
	Actor     []Ref    `json:"actor"`
	Recipient []Ref    `json:"recipient"`
	Place     *Ref     `json:"place"`
	Date      *DateRef `json:"date"`
	Status    string   `json:"status"`
	SaidBy    *string  `json:"said_by"`
	Killed    *int     `json:"killed"`
	Wounded   *int     `json:"wounded"`
	Count     *int     `json:"count"`
	Weapon    *Quote   `json:"weapon"`
	Rule      string   `json:"rule"`
}

// Loaded is wording that takes a side.
type Loaded struct {
	Quote
	Entity *string `json:"entity"`
}

// Dropped is a stretch that was not read.
type Dropped struct {
	Span
	Reason string `json:"reason"`
}

// Note says where the reader could not decide.
type Note struct {
	Span
	Stage string `json:"stage"`
	Text  string `json:"text"`
}

// From makes the record of a report that was read.
func From(r *report.Report) *Record {
	c := newCounter(r.Text)
	sum := sha256.Sum256([]byte(r.Text))
	d := &Record{
		Schema: Schema,
		Document: Document{ID: r.ID, URL: opt(r.URL), Outlet: opt(r.OutletID), Title: r.Title, Language: "fa",
			SHA256: hex.EncodeToString(sum[:]), Text: r.Text},
		Entities: []Entity{}, Mentions: []Mention{}, Times: []Time{}, Numbers: []Number{},
		Statements: []Statement{}, Events: []Event{}, Loaded: []Loaded{}, Dropped: []Dropped{},
	}
	if r.Published.Known() {
		d.Document.Published = opt(fmt.Sprintf("%04d-%02d-%02d", r.Published.Year, r.Published.Month, r.Published.Day))
	}
	for _, e := range r.Entities {
		x := Entity{ID: e.ID, Type: string(e.Type), Name: e.Name, NameEn: e.NameEn, Known: e.Known, Roles: []Role{}}
		for _, o := range e.Roles {
			x.Roles = append(x.Roles, Role{o.Title, opt(o.Of), c.quote(o.Span)})
		}
		if e.Place != nil {
			x.Place = &Geo{e.Place.GeoNames, e.Place.Lat, e.Place.Lon, e.Place.Country, e.Place.Precision}
		}
		d.Entities = append(d.Entities, x)
	}
	for _, m := range r.Mentions {
		d.Mentions = append(d.Mentions, Mention{c.quote(m.Span), m.Entity, string(m.Form), m.Loaded})
	}
	for _, t := range r.Times {
		d.Times = append(d.Times, Time{c.quote(t.Span), string(t.Kind), t.Value, t.Calendar, t.Note})
	}
	for _, n := range r.Numbers {
		d.Numbers = append(d.Numbers, Number{c.quote(n.Span), n.Min, n.Max, n.Unit, string(n.Hedge)})
	}
	for _, s := range r.Statements {
		x := Statement{ID: s.ID, Content: []Span{}, Speaker: opt(s.Speaker.Entity), SpeakerSpan: c.optQuote(s.Speaker.Span), Cue: c.optQuote(s.Cue),
			Quoted: s.Quoted, Act: string(s.Act), Via: c.refs(s.Via), Rule: s.Rule}
		for _, p := range s.Content {
			x.Content = append(x.Content, c.span(p))
		}
		x.Addressee = c.ref(s.Addressee)
		x.Date = c.date(s.Date)
		d.Statements = append(d.Statements, x)
	}
	for _, e := range r.Events {
		d.Events = append(d.Events, Event{ID: e.ID, Trigger: c.quote(e.Trigger), Type: e.Type, Mode: opt(e.Mode),
			Actor: c.refs(e.Actor), Recipient: c.refs(e.Recipient), Place: c.ref(e.Place), Date: c.date(e.Date),
			Status: string(e.Status), SaidBy: opt(e.SaidBy), Killed: index(e.Killed), Wounded: index(e.Wounded), Count: index(e.Count),
			Weapon: c.optQuote(e.Weapon), Rule: e.Rule})
	}
	for _, l := range r.Loaded {
		d.Loaded = append(d.Loaded, Loaded{c.quote(l.Span), opt(l.Entity)})
	}
	for _, x := range r.Dropped {
		d.Dropped = append(d.Dropped, Dropped{c.span(x.Span), x.Reason})
	}
	for _, n := range r.Notes {
		d.Notes = append(d.Notes, Note{c.span(n.Span), n.Stage, n.Text})
	}
	return d
}

func opt(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func index(i int) *int {
	if i < 0 {
		return nil
	}
	return &i
}

// counter turns byte offsets into code point offsets. It keeps the count at
// every 64th byte or so, which makes a lookup a short walk.
type counter struct {
	text  string
	bytes []int // byte offset of each mark
	runes []int // code points before it
}

func newCounter(text string) *counter {
	c := &counter{text: text}
	n, next := 0, 0
	for i := range text {
		if i >= next {
			c.bytes, c.runes, next = append(c.bytes, i), append(c.runes, n), i+64
		}
		n++
	}
	return c
}

func (c *counter) at(b int) int {
	i := sort.SearchInts(c.bytes, b+1) - 1
	if i < 0 {
		return 0
	}
	return c.runes[i] + utf8.RuneCountInString(c.text[c.bytes[i]:b])
}

func (c *counter) span(s span.Span) Span { return Span{c.at(s.Start), c.at(s.End)} }

func (c *counter) quote(s span.Span) Quote { return Quote{c.at(s.Start), c.at(s.End), s.Of(c.text)} }

func (c *counter) optQuote(s span.Span) *Quote {
	if s.Empty() {
		return nil
	}
	q := c.quote(s)
	return &q
}

func (c *counter) ref(r *report.Ref) *Ref {
	if r == nil {
		return nil
	}
	return &Ref{r.Entity, c.optQuote(r.Span)}
}

func (c *counter) refs(list []report.Ref) []Ref {
	out := []Ref{}
	for i := range list {
		out = append(out, *c.ref(&list[i]))
	}
	return out
}

func (c *counter) date(d *report.DateRef) *DateRef {
	if d == nil {
		return nil
	}
	return &DateRef{d.Value, c.optQuote(d.Span)}
}
