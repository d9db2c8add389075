package desk

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strconv"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// panel is a finding opened: its values, who decided what on it, and the forms
// to decide.
type panel struct {
	Line    *line
	Rows    []row
	Way     []template.HTML // of a statement, from the publisher to the speaker
	Source  template.HTML   // of an event: on whose word
	Before  string          // the words in their sentence
	Words   string
	After   string
	By      []review.Decision
	Notes   []review.Decision
	Undo    int64  // the decision that undo would take back; 0 for none
	Next    string // key of the finding to go to when this one is judged
	Why     string
	Moved   []string // names of fields of which the machine says otherwise now
	Rule    string
	Because *why   // why it is there, where that is asked for
	Unknown string // why that cannot be said
}

// row is one field of a finding.
type row struct {
	Name    string
	Now     template.HTML
	Machine template.HTML // what the machine says, where a person says otherwise
	By      *review.Decision
	Input   *control
}

// control is the part of a form that gives one field a value.
type control struct {
	Kind     review.Kind
	Field    string
	Shape    shape
	Needed   bool
	Value    string // of a choice, id or text
	Words    string // the stretch of the text
	Start    int    // its place; End is 0 where there is none
	End      int
	Options  []option
	Refs     []refInput
	Language *language
}

// refInput is one row of a field that names several entities.
type refInput struct {
	N            int
	Entity       string
	Words        string
	Start, End   int
	Empty, Extra bool
}

type option struct {
	Value, Label string
	Picked       bool
}

// panel opens a line.
func (s *sheet) panel(x *line) *panel {
	p := &panel{Line: x, Next: s.next(x.Key)}
	now, machine := s.fields(s.teller, x), s.fields(s.machine, x)
	if now == nil {
		now = machine
	}
	judged := map[string]*review.Decision{}
	for i := range x.Item.Values {
		if v := &x.Item.Values[i]; v.Judged {
			judged[v.Name] = v.By
		}
	}
	for _, name := range review.Fields(x.Kind) {
		r := row{Name: name, Now: s.value(x.Kind, name, now[name])}
		by, is := judged[name]
		if r.By = by; is && machine != nil {
			if m := s.machine.value(x.Kind, name, machine[name]); m != r.Now {
				if r.Machine = m; m == "" {
					r.Machine = template.HTML(template.HTMLEscapeString(s.T("none")))
				}
			}
		}
		if !x.Out {
			r.Input = s.input(x.Kind, name, now[name])
		}
		p.Rows = append(p.Rows, r)
	}
	if st := s.statements[x.ID]; st != nil && x.Kind == review.Statement {
		p.Way, p.Rule = s.way(st), st.Rule
	}
	if e := s.events[x.ID]; e != nil && x.Kind == review.Event {
		p.Source, p.Rule = s.source(e), e.Rule
	}
	if f := x.Item.Finding; f != nil {
		p.By, p.Why, p.Moved = f.By, f.Why, f.Moved
	}
	t := x.Item.Target
	for _, d := range s.Full.Reviewed.Notes {
		if o := d.Target; o.Kind == t.Kind && (o.ID == t.ID || o.Kind != review.Entity && o.Start == t.Start && o.End == t.End) {
			p.Notes = append(p.Notes, d)
		}
	}
	p.Undo, _ = s.Full.Reviewed.Undoable(review.Target{Kind: t.Kind, ID: t.ID})
	if start, end := t.Start, t.End; start < end && end <= len(s.runes) {
		from, to := max(0, start-60), min(len(s.runes), end+60)
		p.Before, p.Words, p.After = string(s.runes[from:start]), string(s.runes[start:end]), string(s.runes[end:to])
	}
	return p
}

// input makes the form of a field with its present value.
func (s *sheet) input(k review.Kind, name string, raw json.RawMessage) *control {
	in := &control{Kind: k, Field: name, Shape: shapeOf(k, name), Needed: needed[name], Language: s.language}
	none := func(picked bool) {
		if !in.Needed {
			in.Options = append(in.Options, option{"", s.T("none"), picked})
		}
	}
	var text string
	isText := json.Unmarshal(raw, &text) == nil
	put := func(q *record.Quote) {
		if q != nil {
			in.Words, in.Start, in.End = q.Text, q.Start, q.End
		}
	}
	switch in.Shape {
	case choice:
		none(text == "")
		for _, v := range review.Choices(k, name) {
			in.Options = append(in.Options, option{v, s.Word("value."+string(k)+"."+name, v), v == text})
		}
	case truth:
		in.Options = []option{{"false", s.T("truth.false"), string(raw) != "true"}, {"true", s.T("truth.true"), string(raw) == "true"}}
	case words:
		var q record.Quote
		var list []record.Span
		if json.Unmarshal(raw, &q) == nil && q.End > 0 {
			put(&q)
		} else if json.Unmarshal(raw, &list) == nil && len(list) > 0 {
			c := record.Span{Start: list[0].Start, End: list[len(list)-1].End}
			put(&record.Quote{Start: c.Start, End: c.End, Text: string(s.runes[c.Start:c.End])})
		}
	case oneEntity:
		in.Value = text
	case reference:
		var r record.Ref
		if json.Unmarshal(raw, &r) == nil {
			in.Value = r.Entity
			put(r.Span)
		}
	case references:
		var list []record.Ref
		json.Unmarshal(raw, &list)
		for i, r := range list {
			x := refInput{N: i, Entity: r.Entity}
			if r.Span != nil {
				x.Words, x.Start, x.End = r.Span.Text, r.Span.Start, r.Span.End
			}
			in.Refs = append(in.Refs, x)
		}
		in.Refs = append(in.Refs, refInput{N: len(list), Extra: true})
	case dated:
		var d record.DateRef
		if json.Unmarshal(raw, &d) == nil {
			in.Value = d.Value
			put(d.Span)
		}
	case ofStatement:
		none(text == "")
		at := before(s.starts(review.Statement), s.near())
		if i := slices.IndexFunc(s.rec.Statements, func(o record.Statement) bool { return o.ID == text }); i >= 0 {
			at = i
		}
		from, to := around(len(s.rec.Statements), at)
		for i := from; i < to; i++ {
			st := &s.rec.Statements[i]
			who := s.T("said.nobody")
			if st.Speaker != nil {
				who = tame(s.label(*st.Speaker))
			}
			in.Options = append(in.Options, option{st.ID, fmt.Sprintf("%s: %s — %s", st.ID, who, tame(short(s.content(st), 50))), st.ID == text})
		}
	case ofNumber:
		at := -1
		if json.Unmarshal(raw, &at) != nil {
			at = -1
		}
		if string(raw) == "null" || len(raw) == 0 {
			at = -1
		}
		none(at < 0)
		mid := at
		if at < 0 {
			mid = before(s.starts(review.Number), s.near())
		}
		from, to := around(len(s.rec.Numbers), mid)
		for i := from; i < to; i++ {
			n := &s.rec.Numbers[i]
			in.Options = append(in.Options, option{review.ID(review.Number, n.Start, n.End), "«" + tame(n.Text) + "»", i == at})
		}
	case integer:
		var n int64
		if len(raw) > 0 && string(raw) != "null" && json.Unmarshal(raw, &n) == nil {
			in.Value = strconv.FormatInt(n, 10)
		}
	default:
		if isText {
			in.Value = text
		}
	}
	return in
}

// near is where in the text the choices of a form are looked for.
func (s *sheet) near() int {
	if x := s.byKey[s.Picked]; x != nil && x.at >= 0 {
		return x.at
	}
	return s.Parts[s.Part].Start
}

// starts are the places of all findings of a kind in force, in their order.
func (s *sheet) starts(k review.Kind) []int {
	var list []int
	switch k {
	case review.Statement:
		for i := range s.rec.Statements {
			if o := &s.rec.Statements[i]; o.Cue != nil {
				list = append(list, o.Cue.Start)
			} else {
				list = append(list, o.Content[0].Start)
			}
		}
	case review.Number:
		for i := range s.rec.Numbers {
			list = append(list, s.rec.Numbers[i].Start)
		}
	}
	slices.Sort(list)
	return list
}

// adds are the forms for findings that the machine missed: of each kind the
// fields that it has to have, and those that one would give at once.
var adds = []struct {
	Kind   review.Kind
	Fields []string
}{
	{review.Statement, []string{"content", "act", "speaker", "cue"}},
	{review.Event, []string{"trigger", "type", "status", "said_by"}},
	{review.Entity, []string{"name", "type", "name_en"}},
	{review.Mention, []string{"entity", "form"}},
	{review.Number, []string{"min", "max", "unit", "hedge"}},
	{review.Time, []string{"type", "value"}},
	{review.Loaded, []string{"entity"}},
}

// addForm is the form for one kind.
type addForm struct {
	Kind   review.Kind
	Own    bool // its own words have to be given: it has no field that is them
	Inputs []*control
}

// AddForms are the forms for what the machine missed.
func (s *sheet) AddForms() []addForm {
	var list []addForm
	for _, a := range adds {
		f := addForm{Kind: a.Kind, Own: a.Kind == review.Mention || a.Kind == review.Number || a.Kind == review.Time || a.Kind == review.Loaded}
		for _, name := range a.Fields {
			f.Inputs = append(f.Inputs, s.input(a.Kind, name, nil))
		}
		list = append(list, f)
	}
	return list
}

// offered is how many choices a field offers at most. Those furthest from the
// finding are left out; any entity can be typed.
const offered = 60

// around cuts n choices to those that are offered: the ones around i.
func around(n, i int) (from, to int) {
	from = max(0, min(i-offered/2, n-offered))
	return from, min(n, from+offered)
}

// Names are the entities in force of the part that is shown, with their ids,
// for people to choose from.
func (s *sheet) Names() []option {
	var list []option
	for _, g := range s.Groups {
		for _, x := range g.Lines {
			if x.Kind == review.Entity && !x.Out && len(list) < offered {
				list = append(list, option{Value: x.ID, Label: tame(s.label(x.ID))})
			}
		}
	}
	return list
}
