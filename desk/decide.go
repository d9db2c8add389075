package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// errForm says what is wrong with a form, in plain English.
type errForm struct{ error }

func badForm(format string, args ...any) error { return errForm{fmt.Errorf(format, args...)} }

// ask is a decision as a form or the API asks for it.
type ask struct {
	Decision review.Decision
	Seen     string // hash of the last decision that the person saw
}

// parseAsk reads the form of a decision on a report in force. The decision may
// still be refused: review.Validate has the last word.
//
//	action   accept, correct, reject, add, note, undo, state
//	kind id  the finding
//	seen     hash of the last decision that the person saw
//	field    of accept, correct; the names below then give its value
//	value    a choice, an id, a name, a day, a number, a text
//	words    a stretch of the text, with start and end in code points where it was selected
//	entity.N words.N start.N end.N   the entities of a field that has several
func parseAsk(f url.Values, r *review.Reviewed, lex *lexicon.Lexicon) (ask, error) {
	for name, list := range f {
		for _, v := range list {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return ask{}, badForm("%s holds what is no text", name)
			}
		}
	}
	a := ask{Seen: f.Get("seen")}
	d := &a.Decision
	d.Action = review.Action(f.Get("action"))
	d.Target = review.Target{Kind: review.Kind(f.Get("kind")), ID: f.Get("id")}
	p := formReader{f: f, rec: r.Record, text: []rune(r.Record.Document.Text)}
	for _, it := range r.Items(d.Target.Kind) {
		if it.Target.ID == d.Target.ID {
			p.near = it.Target.Start
		}
	}
	var err error
	switch d.Action {
	case review.Accept:
		d.Field = f.Get("field")
	case review.Reject:
	case review.Correct:
		d.Field = f.Get("field")
		d.Value, err = p.value(d.Target.Kind, d.Field)
	case review.Add:
		d.Target.ID = ""
		d.Value, err = p.addition(d.Target.Kind, lex)
	case review.Note:
		d.Note = strings.TrimSpace(strings.ReplaceAll(f.Get("note"), "\r\n", "\n"))
	case review.Undo:
		if n := f.Get("undoes"); n != "" {
			d.Undoes, err = strconv.ParseInt(n, 10, 64)
			if err != nil {
				return a, badForm("%q is no number of a decision", n)
			}
		} else if d.Undoes, err = r.Undoable(d.Target); err == nil && d.Undoes == 0 {
			err = badForm("there is no decision on %s to undo", d.Target.ID)
		}
		d.Target = review.Target{}
	case review.State:
		d.Target = review.Target{}
		d.Value, err = json.Marshal(f.Get("value"))
	default:
		err = badForm("there is no action %q", d.Action)
	}
	return a, err
}

// formReader reads the values of fields from a form.
type formReader struct {
	f    url.Values
	rec  *record.Record
	text []rune
	near int // where the finding stands: words are looked for from there
}

// value is the value of a field in the form of the record.
func (p *formReader) value(k review.Kind, field string) (json.RawMessage, error) {
	value := strings.TrimSpace(p.f.Get("value"))
	return p.shaped(shapeOf(k, field), k, field, value, "")
}

// shaped reads one field; suffix tells its inputs from those of others.
func (p *formReader) shaped(sh shape, k review.Kind, field, value, suffix string) (json.RawMessage, error) {
	q, err := p.span("words"+suffix, "start"+suffix, "end"+suffix)
	if err != nil {
		return nil, err
	}
	null := json.RawMessage("null")
	switch sh {
	case choice, ofStatement, ofNumber:
		if value == "" && !needed[field] {
			return null, nil
		}
		return json.Marshal(value)
	case plainText:
		if k == review.Time {
			if value, err = isoValue(value); err != nil {
				return nil, err
			}
		}
		return json.Marshal(value)
	case truth:
		return json.Marshal(value == "true")
	case integer:
		if value == "" {
			return null, nil
		}
		n, err := strconv.ParseInt(latin(value), 10, 64)
		if err != nil {
			return nil, badForm("%q is no number", value)
		}
		return json.Marshal(n)
	case words:
		switch {
		case q == nil && needed[field]:
			return nil, badForm("give the words of the text, or select them there")
		case q == nil:
			return null, nil
		case field == "content":
			return json.Marshal([]record.Span{{Start: q.Start, End: q.End}})
		}
		return json.Marshal(q)
	case oneEntity:
		if value == "" {
			return null, nil
		}
		id, err := p.entity(value)
		if err != nil {
			return nil, err
		}
		return json.Marshal(id)
	case reference:
		if value == "" && q == nil {
			return null, nil
		}
		r, err := p.ref(value, q)
		if err != nil {
			return nil, err
		}
		return json.Marshal(r)
	case references:
		return p.refs()
	case dated:
		if value == "" {
			return null, nil
		}
		if value, err = isoValue(value); err != nil {
			return nil, err
		}
		return json.Marshal(record.DateRef{Value: value, Span: q})
	}
	return nil, badForm("%s has no field %q", k, field)
}

// refs reads a field that has several entities, in rows; an empty row is none.
func (p *formReader) refs() (json.RawMessage, error) {
	list := []record.Ref{}
	for n := range 200 {
		suffix := "." + strconv.Itoa(n)
		if !p.f.Has("entity" + suffix) {
			break
		}
		name := strings.TrimSpace(p.f.Get("entity" + suffix))
		if name == "" {
			continue
		}
		q, err := p.span("words"+suffix, "start"+suffix, "end"+suffix)
		if err != nil {
			return nil, err
		}
		r, err := p.ref(name, q)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return json.Marshal(list)
}

func (p *formReader) ref(name string, q *record.Quote) (record.Ref, error) {
	id, err := p.entity(name)
	return record.Ref{Entity: id, Span: q}, err
}

// entity finds an entity in force by its id or a name of it.
func (p *formReader) entity(name string) (string, error) {
	var ids []string
	add := func(id string) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for i := range p.rec.Entities {
		e := &p.rec.Entities[i]
		if e.ID == name {
			return name, nil
		}
		if e.Name == name || e.NameEn != "" && strings.EqualFold(e.NameEn, name) {
			add(e.ID)
		}
	}
	for i := range p.rec.Mentions {
		if p.rec.Mentions[i].Text == name {
			add(p.rec.Mentions[i].Entity)
		}
	}
	switch len(ids) {
	case 0:
		return "", badForm("this report has no entity %q: add it first", name)
	case 1:
		return ids[0], nil
	}
	return "", badForm("%q may be %s: give the id", name, strings.Join(ids, " or "))
}

// span reads a stretch of the text: by its place where it was selected and the
// words are still those, else by its words, the nearest to the finding. nil
// where nothing is given.
func (p *formReader) span(words, start, end string) (*record.Quote, error) {
	text := p.f.Get(words)
	from, err1 := strconv.Atoi(p.f.Get(start))
	to, err2 := strconv.Atoi(p.f.Get(end))
	if err1 == nil && err2 == nil && from >= 0 && from < to && to <= len(p.text) {
		if at := string(p.text[from:to]); text == "" || same(at, text) {
			return &record.Quote{Start: from, End: to, Text: at}, nil
		}
	}
	if text = strings.TrimSpace(text); text == "" {
		return nil, nil
	}
	want := []rune(text)
	best := -1
	for i := 0; i+len(want) <= len(p.text); i++ {
		if p.text[i] == want[0] && slices.Equal(p.text[i:i+len(want)], want) && (best < 0 || distance(i, p.near) < distance(best, p.near)) {
			best = i
		}
	}
	if best < 0 {
		return nil, badForm("the text does not have the words «%s»", short(text, 60))
	}
	return &record.Quote{Start: best, End: best + len(want), Text: text}, nil
}

// same reports whether a form gives back words of the text: a browser makes
// line ends of a form its own.
func same(text, form string) bool {
	fold := strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")
	return fold.Replace(text) == fold.Replace(form)
}

func distance(a, b int) int { return max(a-b, b-a) }

// addition is what a person adds, in the form of the record.
func (p *formReader) addition(k review.Kind, lex *lexicon.Lexicon) (json.RawMessage, error) {
	i := slices.IndexFunc(adds, func(a struct {
		Kind   review.Kind
		Fields []string
	}) bool {
		return a.Kind == k
	})
	if i < 0 {
		return nil, badForm("%q is no kind of finding", k)
	}
	if k == review.Entity && p.f.Get("known") != "" {
		return known(lex, strings.TrimSpace(p.f.Get("known")))
	}
	out := map[string]json.RawMessage{}
	switch k {
	case review.Mention, review.Number, review.Time, review.Loaded:
		q, err := p.span("words", "start", "end")
		if err != nil {
			return nil, err
		}
		if q == nil {
			return nil, badForm("give the words of the text, or select them there")
		}
		out["start"], out["end"] = json.RawMessage(strconv.Itoa(q.Start)), json.RawMessage(strconv.Itoa(q.End))
	}
	for _, name := range adds[i].Fields {
		v, err := p.shaped(shapeOf(k, name), k, name, strings.TrimSpace(p.f.Get("value."+name)), "."+name)
		if err != nil {
			return nil, err
		}
		if string(v) != "null" {
			out[name] = v
		}
	}
	return json.Marshal(out)
}

// known is an entity of the lexicon, by its id or a name, as it is added to a
// report.
func known(lex *lexicon.Lexicon, name string) (json.RawMessage, error) {
	if lex != nil {
		for _, f := range [...]struct{ file, kind string }{{"actors", ""}, {"people", "PER"}, {"outlets", "MEDIA"}, {"places", "PLACE"}} {
			for _, e := range lex.File(f.file) {
				if e.ID != name && !slices.Contains(e.All("fa"), name) && !slices.Contains(e.All("en"), name) {
					continue
				}
				kind := e.Get("type")
				if f.kind != "" {
					kind = f.kind
				}
				return json.Marshal(map[string]any{"id": e.ID, "type": kind, "name": e.Get("fa"), "name_en": e.Get("en"), "known": true})
			}
		}
	}
	return nil, badForm("the lexicon has no entity %q: leave that field empty and describe it", name)
}

// latin writes digits of any kind as 0 to 9.
func latin(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		}
		return r
	}, s)
}

// isoValue turns a day as people type it, Jalali too, into a value of the
// record. What is no day is left as it is for the check to judge, but words:
// the record's form allows letters, for seasons and parts of day.
func isoValue(s string) (string, error) {
	s = latin(strings.TrimSpace(s))
	if len(s) == 10 || strings.ContainsAny(s, " \u200c/") && !strings.Contains(s, "T") && len(s) < 40 {
		if d, err := sanad.ParseDate(s); err == nil {
			return d.String(), nil
		}
	}
	if !strings.ContainsAny(s, "0123456789") && !strings.HasSuffix(s, "_REF") && !strings.HasPrefix(s, "PX") {
		return "", badForm("%q is no time value: write 2024-03-10, 1402-12-20, 2024-03, P8D or PAST_REF", s)
	}
	return s, nil
}

// decide makes a decision on a report. The errors are *ledger.Conflict,
// *ledger.NotFound, those of the ledger itself, and errForm for a decision
// that cannot be.
func (d *Desk) decide(ctx context.Context, id string, a ask) (review.Decision, error) {
	a.Decision.Report, a.Decision.Author = id, d.author(ctx)
	out, err := d.ledger.Decide(ctx, a.Decision, a.Seen)
	if err != nil && !isOwn(err) {
		err = errForm{err}
	}
	return out, err
}

// isOwn reports whether an error is the ledger's and not about what was asked.
func isOwn(err error) bool {
	var c *ledger.Conflict
	var n *ledger.NotFound
	var f *ledger.Failure
	var g *ledger.Damage
	return errors.As(err, &c) || errors.As(err, &n) || errors.As(err, &f) || errors.As(err, &g) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
