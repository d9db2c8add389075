package desk

import (
	"encoding/json"
	"html/template"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// teller says findings of one record in plain sentences of one language.
type teller struct {
	*language
	rec        *record.Record
	runes      []rune // of the text
	entities   map[string]*record.Entity
	statements map[string]*record.Statement
	events     map[string]*record.Event
	mentions   map[record.Span]*record.Mention
	times      map[record.Span]*record.Time
	numbers    map[record.Span]*record.Number
	wordings   map[record.Span]*record.Loaded
}

func newTeller(l *language, rec *record.Record) *teller {
	t := &teller{language: l, rec: rec, runes: []rune(rec.Document.Text), entities: map[string]*record.Entity{}, statements: map[string]*record.Statement{},
		events:   map[string]*record.Event{},
		mentions: places(rec.Mentions, func(o *record.Mention) *record.Quote { return &o.Quote }),
		times:    places(rec.Times, func(o *record.Time) *record.Quote { return &o.Quote }),
		numbers:  places(rec.Numbers, func(o *record.Number) *record.Quote { return &o.Quote }),
		wordings: places(rec.Loaded, func(o *record.Loaded) *record.Quote { return &o.Quote })}
	for i := range rec.Events {
		t.events[rec.Events[i].ID] = &rec.Events[i]
	}
	for i := range rec.Entities {
		t.entities[rec.Entities[i].ID] = &rec.Entities[i]
	}
	for i := range rec.Statements {
		t.statements[rec.Statements[i].ID] = &rec.Statements[i]
	}
	return t
}

// places are the findings of a list by where they stand.
func places[T any](list []T, where func(*T) *record.Quote) map[record.Span]*T {
	m := map[record.Span]*T{}
	for i := range list {
		q := where(&list[i])
		if at := (record.Span{Start: q.Start, End: q.End}); m[at] == nil {
			m[at] = &list[i]
		}
	}
	return m
}

// label is the name of an entity in the language; its id where the record does
// not have it.
func (t *teller) label(id string) string {
	e := t.entities[id]
	switch {
	case e == nil:
		return id
	case t.Code != "fa" && e.NameEn != "":
		return e.NameEn
	}
	return e.Name
}

// name is the name of an entity, isolated and marked as Persian where it is.
func (t *teller) name(id string) template.HTML {
	e := t.entities[id]
	if e != nil && (t.Code == "fa" || e.NameEn == "") {
		return template.HTML(`<bdi class="name" lang="fa">` + template.HTMLEscapeString(tame(e.Name)) + "</bdi>")
	}
	return template.HTML(`<bdi class="name">` + template.HTMLEscapeString(tame(t.label(id))) + "</bdi>")
}

// ref names an entity and, where they are other words than its name, the words
// it was read from.
func (t *teller) ref(r *record.Ref) template.HTML {
	if r == nil {
		return ""
	}
	if r.Entity == "" && r.Span != nil {
		return quote(r.Span.Text)
	}
	return t.name(r.Entity)
}

func (t *teller) refs(list []record.Ref) template.HTML {
	var names []string
	seen := map[template.HTML]bool{}
	for i := range list {
		if n := t.ref(&list[i]); !seen[n] {
			seen[n] = true
			names = append(names, string(n))
		}
	}
	return t.list(names)
}

// list joins what is escaped already: a, b and c.
func (t *teller) list(items []string) template.HTML {
	switch n := len(items); n {
	case 0:
		return ""
	case 1:
		return template.HTML(items[0])
	default:
		return template.HTML(strings.Join(items[:n-1], template.HTMLEscapeString(t.T("list.comma"))+" ") + " " + template.HTMLEscapeString(t.T("list.and")) + " " + items[n-1])
	}
}

// content is what a statement says, its stretches one after the other.
func (t *teller) content(s *record.Statement) string {
	var list []string
	for _, c := range s.Content {
		if c.Start >= 0 && c.Start < c.End && c.End <= len(t.runes) {
			list = append(list, string(t.runes[c.Start:c.End]))
		}
	}
	return strings.Join(list, " … ")
}

// statement is one statement as a sentence: Kata'ib Hezbollah announced,
// relayed by Fars News Agency: «…».
func (t *teller) statement(s *record.Statement, content string) template.HTML {
	p := parts{"who": template.HTML(template.HTMLEscapeString(t.T("said.nobody"))), "to": t.ref(s.Addressee), "via": t.refs(s.Via), "what": quote(short(content, 150))}
	if s.Speaker != nil {
		p["who"] = t.name(*s.Speaker)
	} else if s.SpeakerSpan != nil {
		p["who"] = quote(s.SpeakerSpan.Text)
	}
	if s.Date != nil {
		p["when"] = t.When(s.Date.Value)
	}
	return t.Sentence("said."+s.Act, p)
}

// event is one event as a sentence: Attack (drone) by … on … in …, 4 March
// 2024; at least 3 killed.
func (t *teller) event(e *record.Event) template.HTML {
	p := parts{"who": t.refs(e.Actor), "whom": t.refs(e.Recipient), "where": t.ref(e.Place)}
	if e.Mode != nil {
		p["mode"] = template.HTML(template.HTMLEscapeString(t.Word("value.event.mode", *e.Mode)))
	}
	if e.Date != nil {
		p["when"] = t.When(e.Date.Value)
	}
	if e.Weapon != nil {
		p["weapon"] = quote(e.Weapon.Text)
	}
	for name, i := range map[string]*int{"killed": e.Killed, "wounded": e.Wounded, "count": e.Count} {
		if i != nil && *i >= 0 && *i < len(t.rec.Numbers) {
			n := &t.rec.Numbers[*i]
			if name == "count" && (e.Killed != nil && *e.Killed == *i || e.Wounded != nil && *e.Wounded == *i) {
				continue
			}
			p[name] = template.HTML(template.HTMLEscapeString(t.Amount(n)))
		}
	}
	key := "event." + e.Type
	if e.Mode != nil && t.has(key+"."+*e.Mode) {
		key += "." + *e.Mode
	}
	return t.Sentence(key, p) + t.Sentence("event.tail", p)
}

// source says on whose word an event stands.
func (t *teller) source(e *record.Event) template.HTML {
	if e.SaidBy == nil {
		return template.HTML(template.HTMLEscapeString(t.T("source.voice")))
	}
	s := t.statements[*e.SaidBy]
	if s == nil || s.Speaker == nil {
		return t.Sentence("source.word", parts{"who": template.HTML(template.HTMLEscapeString(t.T("said.nobody")))})
	}
	return t.Sentence("source.word", parts{"who": t.name(*s.Speaker)})
}

func (t *teller) entity(e *record.Entity) template.HTML {
	kind := t.Word("value.entity.type", e.Type)
	p := parts{"name": t.name(e.ID), "type": template.HTML(template.HTMLEscapeString(kind))}
	if t.Code != "fa" && e.NameEn != "" && e.NameEn != e.Name {
		p["persian"] = template.HTML(`<bdi lang="fa">` + template.HTMLEscapeString(tame(e.Name)) + "</bdi>")
	}
	if len(e.Roles) > 0 {
		p["role"] = quote(e.Roles[0].Title)
	}
	return t.Sentence("entity", p)
}

func (t *teller) mention(m *record.Mention) template.HTML {
	return t.Sentence("mention", parts{"words": quote(m.Text), "name": t.name(m.Entity)})
}

func (t *teller) time(x *record.Time) template.HTML {
	return t.Sentence("time", parts{"words": quote(x.Text), "when": t.When(x.Value)})
}

func (t *teller) number(n *record.Number) template.HTML {
	return t.Sentence("number", parts{"words": quote(n.Text), "amount": template.HTML(template.HTMLEscapeString(t.Amount(n))),
		"unit": template.HTML(template.HTMLEscapeString(t.Word("value.number.unit", n.Unit)))})
}

func (t *teller) loaded(x *record.Loaded) template.HTML {
	p := parts{"words": quote(x.Text)}
	if x.Entity != nil {
		p["name"] = t.name(*x.Entity)
	}
	return t.Sentence("loaded", p)
}

// shape is what a field of a finding looks like in a form.
type shape string

const (
	choice      shape = "choice"    // one of review.Choices
	words       shape = "words"     // a stretch of the text
	oneEntity   shape = "entity"    // an entity of the report
	reference   shape = "ref"       // an entity and the words it was read from
	references  shape = "refs"      // any number of these
	dated       shape = "date"      // a day and the words it was read from
	ofStatement shape = "statement" // a statement of the report
	ofNumber    shape = "number"    // a number of the report
	integer     shape = "integer"
	truth       shape = "truth"
	plainText   shape = "text"
)

// shapes of the fields that are no choice.
var shapes = map[string]shape{
	"trigger": words, "weapon": words, "cue": words, "speaker_span": words, "content": words,
	"speaker": oneEntity, "entity": oneEntity, "addressee": reference, "place": reference,
	"via": references, "actor": references, "recipient": references,
	"date": dated, "said_by": ofStatement, "killed": ofNumber, "wounded": ofNumber, "count": ofNumber,
	"min": integer, "max": integer, "quoted": truth, "name": plainText, "name_en": plainText, "value": plainText,
}

func shapeOf(k review.Kind, field string) shape {
	if review.Choices(k, field) != nil {
		return choice
	}
	return shapes[field]
}

// needed are the fields that cannot be without a value.
var needed = map[string]bool{
	"trigger": true, "content": true, "type": true, "status": true, "act": true, "unit": true, "hedge": true, "form": true, "name": true, "value": true,
}

// value shows a field's value, JSON of the record, in words; "" for none.
func (t *teller) value(k review.Kind, field string, raw json.RawMessage) template.HTML {
	if len(raw) == 0 || string(raw) == "null" || string(raw) == "[]" || string(raw) == `""` {
		return ""
	}
	var s string
	text := json.Unmarshal(raw, &s) == nil
	switch shapeOf(k, field) {
	case choice:
		return template.HTML(template.HTMLEscapeString(t.Word("value."+string(k)+"."+field, s)))
	case words:
		var q record.Quote
		if json.Unmarshal(raw, &q) == nil && q.Text != "" {
			return quote(short(q.Text, 120))
		}
		var list []record.Span
		if json.Unmarshal(raw, &list) == nil {
			return quote(short(t.content(&record.Statement{Content: list}), 120))
		}
	case oneEntity:
		return t.name(s)
	case reference:
		var r record.Ref
		if json.Unmarshal(raw, &r) == nil {
			return t.withWords(&r)
		}
	case references:
		var list []record.Ref
		if json.Unmarshal(raw, &list) == nil {
			var items []string
			for i := range list {
				items = append(items, string(t.withWords(&list[i])))
			}
			return t.list(items)
		}
	case dated:
		var d record.DateRef
		if json.Unmarshal(raw, &d) == nil {
			p := parts{"value": t.When(d.Value)}
			if d.Span != nil {
				p["words"] = quote(d.Span.Text)
			}
			return t.Sentence("with.words", p)
		}
	case ofStatement:
		if x := t.statements[s]; x != nil && x.Speaker != nil {
			return t.Sentence("with.id", parts{"value": t.name(*x.Speaker), "id": ltr(s)})
		}
		return ltr(s)
	case ofNumber:
		var i int
		if json.Unmarshal(raw, &i) == nil && i >= 0 && i < len(t.rec.Numbers) {
			return t.number(&t.rec.Numbers[i])
		}
		for i := range t.rec.Numbers { // or by its id, as in a decision
			if n := &t.rec.Numbers[i]; review.ID(review.Number, n.Start, n.End) == s {
				return t.number(n)
			}
		}
	case integer:
		return template.HTML(template.HTMLEscapeString(t.Digits(string(raw))))
	case truth:
		return template.HTML(template.HTMLEscapeString(t.T("truth." + string(raw))))
	case plainText:
		if k == review.Time && text {
			return t.When(s)
		}
	}
	if text {
		return bdi(s)
	}
	return ltr(short(string(raw), 200))
}

// withWords names an entity and the words it was read from.
func (t *teller) withWords(r *record.Ref) template.HTML {
	p := parts{"value": t.name(r.Entity)}
	if r.Entity == "" && r.Span != nil {
		return quote(r.Span.Text)
	}
	if r.Span != nil && r.Span.Text != t.label(r.Entity) {
		p["words"] = quote(r.Span.Text)
	}
	return t.Sentence("with.words", p)
}

// decision says what somebody decided, without who and when.
func (t *teller) decision(d *review.Decision) template.HTML {
	p := parts{"what": t.target(&d.Target)}
	if d.Field != "" {
		p["field"] = template.HTML(template.HTMLEscapeString(t.T("field." + d.Field)))
	}
	switch d.Action {
	case review.Correct:
		p["value"] = t.value(d.Target.Kind, d.Field, d.Value)
		if p["value"] == "" {
			p["value"] = template.HTML(template.HTMLEscapeString(t.T("none")))
		}
		p["was"] = t.value(d.Target.Kind, d.Field, d.Was)
	case review.Add:
		p["value"] = t.added(d)
	case review.Note:
		p["note"] = bdi(short(d.Note, 500))
	case review.State:
		var s string
		json.Unmarshal(d.Value, &s)
		p["value"] = template.HTML(template.HTMLEscapeString(t.Word("state", s)))
	case review.Undo:
		p["seq"] = template.HTML(t.Digits(strconv.FormatInt(d.Undoes, 10)))
	}
	if key := "log." + string(d.Action); t.has(key) {
		return t.Sentence(key, p)
	}
	return ltr(string(d.Action) + " " + string(d.Target.Kind) + " " + d.Target.ID)
}

// target names a finding: its kind and its words.
func (t *teller) target(x *review.Target) template.HTML {
	p := parts{"kind": template.HTML(template.HTMLEscapeString(t.Word("kind", string(x.Kind))))}
	switch {
	case x.Kind == review.Report:
		return template.HTML(template.HTMLEscapeString(t.T("kind.report")))
	case x.Kind == review.Entity:
		p["words"] = t.name(x.ID)
	case x.Kind == review.Statement && t.statements[x.ID] != nil: // its cue may be a colon
		p["words"] = quote(short(t.content(t.statements[x.ID]), 60))
	case x.Start < x.End && x.Start >= 0 && x.End <= len(t.runes):
		p["words"] = quote(short(string(t.runes[x.Start:x.End]), 60))
	}
	return t.Sentence("target", p)
}

// added names what somebody added by its words.
func (t *teller) added(d *review.Decision) template.HTML {
	var v struct {
		ID, Name, Text string
		Trigger, Cue   *record.Quote
		Content        []record.Span
	}
	json.Unmarshal(d.Value, &v)
	switch {
	case v.Trigger != nil:
		return quote(short(v.Trigger.Text, 80))
	case len(v.Content) > 0:
		return quote(short(t.content(&record.Statement{Content: v.Content}), 80))
	case v.Text != "":
		return quote(short(v.Text, 80))
	case v.Name != "":
		return bdi(v.Name)
	}
	return ltr(v.ID)
}
