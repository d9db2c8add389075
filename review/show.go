package review

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sanad-project/sanad/record"
)

// Item is one finding for people to look at: of the reading, added or
// rejected, whether somebody decided on it or not.
type Item struct {
	Target  Target
	Words   string // that name it; the name of an entity
	Gist    string // what it says in force: ASSAULT drone happened
	Verdict Verdict
	Values  []Value  // all that say something, and on whose word an event rests
	Finding *Finding // what was decided; nil where nothing was
}

// Value is one field of an item, in words for people; "" means none.
type Value struct {
	Name    string
	Machine string    // what the machine says; "" for what a person added
	Now     string    // what is in force
	Judged  bool      // somebody judged the field itself, or Now is not the machine's
	By      *Decision // who; nil where it is the machine's and nobody judged the field alone
}

// Items lists the findings of one kind, in the order of the record, those out
// of force among them.
func (r *Reviewed) Items(k Kind) []Item {
	w := r.work
	if w == nil {
		w = newWork(r.Record)
	}
	var out []Item
	for _, f := range w.list[k] {
		x := Item{Target: target(f), Words: w.words(f), Gist: w.gist(f)}
		for i := range r.Findings {
			if o := &r.Findings[i]; o.Target.Kind == k && o.Target.ID == f.id {
				x.Finding, x.Verdict = o, o.Verdict
			}
		}
		for _, n := range fieldsOf(k) {
			if n.fixed {
				continue
			}
			v := Value{Name: n.name, Now: w.show(n, f.value[n.name])}
			if f.machine != nil {
				v.Machine = w.show(n, f.machine[n.name])
			}
			if j, ok := f.judged[n.name]; ok && (j.alone || f.machine != nil && !bytes.Equal(f.value[n.name], f.machine[n.name])) {
				v.Judged, v.By = true, &j.by
			}
			if v.Now != "" || v.Machine != "" || v.Judged || n.refer == toStatement {
				x.Values = append(x.Values, v)
			}
		}
		out = append(out, x)
	}
	if k != Entity {
		slices.SortStableFunc(out, func(a, b Item) int { return a.Target.Start - b.Target.Start })
	}
	return out
}

// Undoable returns the number of the last decision that counts on a finding,
// on the report where t names none; 0 where there is none.
func (r *Reviewed) Undoable(t Target) (int64, error) {
	w := r.work
	if w == nil {
		return 0, nil
	}
	f, err := w.locate(&t)
	if err != nil {
		return 0, err
	}
	id := ""
	if f != nil {
		id = f.id
	}
	var last int64
	counts := newWorkless().counting(r.decisions)
	for i := range r.decisions {
		d := &r.decisions[i]
		switch {
		case !counts[i] || d.Action == Undo:
		case f == nil && d.Target.Kind == Report, f != nil && f.has(d.Seq),
			f != nil && d.Action == Note && d.Target.Kind == f.kind && (d.Target.ID == id || f.kind != Entity && d.Target.Start == f.at.Start && d.Target.End == f.at.End):
			last = d.Seq
		}
	}
	return last, nil
}

// Parse reads a value of a field as a person types it, for [Reviewed.Validate]
// to check. JSON is taken as it stands, where the field does not want a text
// that looks like it. Otherwise: none, null and - are no value; words of the
// text are found in it, those nearest to the finding; entities are ids or
// names of the report, more than one set apart by commas, each with =words
// where they were read from words of its own ("army=نظامیان"); a date likewise
// ("2024-03-09=دیروز").
func (r *Reviewed) Parse(t Target, name, arg string) (json.RawMessage, error) {
	w := r.work
	if w == nil {
		w = newWork(r.Record)
	}
	f, err := w.locate(&t)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return nil, errors.New("the report as a whole has no such field")
	}
	x, ok := fieldOf(f.kind, name)
	if !ok {
		return nil, fmt.Errorf("%s has no field %q; it has %s", article(string(f.kind)), name, strings.Join(Fields(f.kind), ", "))
	}
	arg = strings.TrimSpace(arg)
	if v, err := generic([]byte(arg)); err == nil {
		_, number := v.(json.Number)
		if !number || name != "name" && name != "name_en" && name != "value" && name != "date" {
			return json.RawMessage(arg), nil
		}
	}
	if x.zero == "null" && (arg == "none" || arg == "-" || arg == "") || x.zero == "[]" && (arg == "none" || arg == "-" || arg == "") {
		return json.RawMessage(x.zero), nil
	}
	near := func(words string) (*record.Quote, error) {
		s, err := w.nearest(words, f.at.Start)
		if err != nil {
			return nil, err
		}
		return &record.Quote{Start: s.Start, End: s.End, Text: words}, nil
	}
	with := func(s string) (string, *record.Quote, error) {
		v, words, ok := strings.Cut(s, "=")
		v, words = strings.TrimSpace(v), strings.TrimSpace(words)
		if !ok {
			return v, nil, nil
		}
		q, err := near(words)
		return v, q, err
	}
	entity := func(s string) (record.Ref, error) {
		id, q, err := with(s)
		if err != nil {
			return record.Ref{}, err
		}
		id, err = w.named(id)
		return record.Ref{Entity: id, Span: q}, err
	}
	switch x.refer {
	case oneEntity:
		id, err := w.named(arg)
		return plain(id), err
	case oneRef:
		e, err := entity(arg)
		return plain(e), err
	case manyRefs:
		var list []record.Ref
		for s := range strings.SplitSeq(strings.ReplaceAll(arg, "،", ","), ",") {
			e, err := entity(s)
			if err != nil {
				return nil, err
			}
			list = append(list, e)
		}
		return plain(list), nil
	}
	switch name {
	case "trigger", "weapon", "cue", "speaker_span":
		q, err := near(arg)
		return plain(q), err
	case "content":
		q, err := near(arg)
		if err != nil {
			return nil, err
		}
		return plain([]record.Span{{Start: q.Start, End: q.End}}), nil
	case "date":
		v, q, err := with(arg)
		return plain(record.DateRef{Value: v, Span: q}), err
	}
	return plain(arg), nil
}

// nearest finds words in the text, the place nearest to at.
func (w *work) nearest(words string, at int) (record.Span, error) {
	if words == "" {
		return record.Span{}, errors.New("say which words of the text")
	}
	if !utf8.ValidString(words) {
		return record.Span{}, errors.New("the words are not valid UTF-8")
	}
	best, found := record.Span{}, false
	n := len([]rune(words))
	start, from := 0, 0 // code point and byte
	for {
		i := strings.Index(w.text.text[from:], words)
		if i < 0 {
			break
		}
		for w.text.at[start] < from+i {
			start++
		}
		if s := (record.Span{Start: start, End: start + n}); !found || distance(s.Start, at) < distance(best.Start, at) {
			best, found = s, true
		}
		from = w.text.at[start+1]
	}
	if !found {
		return best, fmt.Errorf("the text does not have the words «%s»", short(words))
	}
	return best, nil
}

func distance(a, b int) int { return max(a-b, b-a) }

// named finds an entity in force by its id or one of its names.
func (w *work) named(s string) (string, error) {
	if w.has(s) {
		return s, nil
	}
	var ids []string
	for _, f := range w.list[Entity] {
		if f.out == nil && s != "" && (str(f.value["name"]) == s || strings.EqualFold(str(f.value["name_en"]), s)) {
			ids = append(ids, f.id)
		}
	}
	for _, f := range w.list[Mention] {
		if id := str(f.value["entity"]); f.out == nil && w.words(f) == s && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	switch len(ids) {
	case 1:
		return ids[0], nil
	case 0:
		return "", fmt.Errorf("this report has no entity %q: add it first", s)
	}
	return "", fmt.Errorf("%q may be %s: give the id", s, strings.Join(ids, " or "))
}
