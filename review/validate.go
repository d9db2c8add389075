package review

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sanad-project/sanad/record"
)

// The longest author, note and value that a decision may have, in bytes.
const (
	MaxAuthor = 200
	MaxNote   = 64 << 10
	MaxValue  = 1 << 20
)

// Validate is [Reviewed.Validate] for a report that nobody decided on yet; for
// a decision on entities everywhere (Merge, Split, Undo of these) rec is nil.
func Validate(rec *record.Record, d *Decision) error {
	if rec == nil {
		return everywhere(d)
	}
	return (&Reviewed{Record: rec}).Validate(d)
}

// Validate says in plain English what is wrong with a decision on the report
// as it stands, nil when it may be appended to the log. It completes the
// decision: Target from an id, from a place, or from an id without its kind;
// Was from the machine's reading; Seen from what is in force; and Value in the
// form in which it is kept (the words of a span may be left out, a number may
// be given by its index in Record).
//
// A decision that would take away the ground of an earlier one, as undoing an
// addition that was corrected since, is refused: undo the later one first.
func (r *Reviewed) Validate(d *Decision) error {
	if err := common(d); err != nil {
		return err
	}
	machine := r.machine
	if machine == nil {
		machine = r.Record
	}
	w := r.work
	if w == nil {
		if errs := machine.Check(); len(errs) > 0 {
			return fmt.Errorf("decisions cannot be laid over a damaged record: %w", errors.Join(errs...))
		}
		w = newWork(machine)
	}
	full := *d
	if err := w.complete(&full, r.decisions); err != nil {
		return err
	}
	// What is left to say, Apply says.
	trial := full
	trial.Seq = 1
	if n := len(r.decisions); n > 0 {
		trial.Seq = r.decisions[n-1].Seq + 1
	}
	after, err := Apply(machine, append(slices.Clone(r.decisions), trial))
	if err != nil {
		return err
	}
	for _, l := range after.Lost {
		switch {
		case l.Kept:
		case l.Decision.Seq == trial.Seq:
			return errors.New(l.Why)
		case !slices.ContainsFunc(r.Lost, func(o Lost) bool { return !o.Kept && o.Decision.Seq == l.Decision.Seq }):
			return fmt.Errorf("decision %d of %s (%s) rests on this: %s. Undo or change that one first", l.Decision.Seq, l.Decision.Author, l.Decision.Action, l.Why)
		}
	}
	*d = full
	return nil
}

// common checks what every decision has.
func common(d *Decision) error {
	switch {
	case strings.TrimSpace(d.Author) == "":
		return errors.New("a decision needs an author")
	case len(d.Author) > MaxAuthor || strings.ContainsAny(d.Author, "\n\r\t\x00"):
		return fmt.Errorf("the author is one line of at most %d bytes", MaxAuthor)
	case !utf8.ValidString(d.Author) || !utf8.ValidString(d.Note) || !utf8.Valid(d.Value):
		return errors.New("the decision holds text that is not valid UTF-8")
	case len(d.Note) > MaxNote:
		return fmt.Errorf("the note has %d bytes; at most %d are kept", len(d.Note), MaxNote)
	case len(d.Value) > MaxValue:
		return fmt.Errorf("the value has %d bytes; at most %d are kept", len(d.Value), MaxValue)
	case strings.ContainsRune(d.Note, 0):
		return errors.New("the note holds a NUL character")
	}
	if len(d.Value) > 0 {
		v, err := generic(d.Value)
		if err != nil {
			return fmt.Errorf("the value is not JSON: %w", err)
		}
		if holdsNUL(v) {
			return errors.New("the value holds a NUL character")
		}
	}
	if d.Undoes != 0 && d.Action != Undo {
		return fmt.Errorf("only an undo undoes: this is %q", d.Action)
	}
	if len(d.Settles) > 0 && (d.Report == "" || d.Action != Accept && d.Action != Correct && d.Action != Reject && d.Action != Note) {
		return fmt.Errorf("what settles a disagreement accepts, corrects or rejects on a report: this is %q", d.Action)
	}
	if len(d.Accounts)+len(d.Others) > 0 && d.Target.Kind != Incident {
		return errors.New("only a decision on an incident names accounts")
	}
	return nil
}

func holdsNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		return slices.ContainsFunc(v, holdsNUL)
	case map[string]any:
		for k, e := range v {
			if strings.ContainsRune(k, 0) || holdsNUL(e) {
				return true
			}
		}
	}
	return false
}

// everywhere checks a decision on entities of all reports.
func everywhere(d *Decision) error {
	if err := common(d); err != nil {
		return err
	}
	switch {
	case d.Report != "":
		return fmt.Errorf("a decision on entities everywhere names no report, as this does (%s); an entity of one report is REPORT/id", d.Report)
	case d.Action == Undo:
		if d.Undoes <= 0 {
			return errors.New("say which decision is to be undone, by its number")
		}
		return nil
	case d.Action == Join || d.Action == Part || d.Action == Grade:
		return fmt.Errorf("%q is a decision on an incident: say which", d.Action)
	case d.Action != Merge && d.Action != Split:
		return fmt.Errorf("%q is a decision on a report: say which", d.Action)
	case d.Target.Kind != "" && d.Target.Kind != Entity:
		return fmt.Errorf("only entities can be merged and split, not %q", d.Target.Kind)
	case d.Target.Start != 0 || d.Target.End != 0 || d.Field != "":
		return errors.New("a merge or split names entities only, no place and no field")
	}
	if err := goodRef(d.Target.ID); err != nil {
		return err
	}
	if d.Action == Split {
		if len(d.Value) > 0 {
			return errors.New("a split has no value: it names the entity that stands for itself again")
		}
		d.Target.Kind = Entity
		return nil
	}
	var ids []string
	if err := decode(d.Value, &ids); err != nil {
		return fmt.Errorf(`the entities that are the same: %w; give a list, as ["us-army"]`, err)
	}
	if len(ids) == 0 {
		return errors.New("say which entities are the same as " + d.Target.ID)
	}
	for _, id := range ids {
		if err := goodRef(id); err != nil {
			return err
		}
		if id == d.Target.ID {
			return fmt.Errorf("%s is itself already", id)
		}
	}
	d.Target.Kind, d.Value = Entity, plain(ids)
	return nil
}

// goodRef checks an entity id or "REPORT/id".
func goodRef(ref string) error {
	id := ref[strings.LastIndexByte(ref, '/')+1:]
	if id != ref && len(id)+1 == len(ref) {
		return fmt.Errorf("%q names no report before its slash", ref)
	}
	return goodID(id)
}

// complete checks the parts of a decision on a report and fills in the rest.
func (w *work) complete(d *Decision, before []Decision) error {
	if d.Action == Merge || d.Action == Split {
		return fmt.Errorf("a %s speaks of entities everywhere and names no report; an entity of one report is REPORT/id", d.Action)
	}
	if d.Target.Kind == Incident || d.Action == Join || d.Action == Part || d.Action == Grade {
		return errors.New("a decision on an incident names accounts in reports, and no report of its own")
	}
	if d.Action != State && d.Action != Correct && d.Action != Add && len(d.Value) > 0 {
		return fmt.Errorf("%q takes no value", d.Action)
	}
	if d.Action != Accept && d.Action != Correct && d.Field != "" {
		if d.Action == Reject {
			return errors.New("a field cannot be rejected: correct it")
		}
		return fmt.Errorf("%q takes no field", d.Action)
	}
	for _, seq := range d.Settles {
		if !slices.ContainsFunc(before, func(o Decision) bool { return o.Seq == seq }) {
			return fmt.Errorf("there is no decision %d on this report to settle", seq)
		}
	}
	d.Was, d.Seen = nil, nil
	switch d.Action {
	case Undo:
		i := slices.IndexFunc(before, func(o Decision) bool { return o.Seq == d.Undoes })
		if i < 0 {
			return fmt.Errorf("there is no decision %d on this report", d.Undoes)
		}
		if !w.counting(before)[i] {
			return fmt.Errorf("decision %d is undone already", d.Undoes)
		}
		d.Target = before[i].Target
		return nil
	case State:
		if d.Target.Kind != "" && d.Target.Kind != Report || d.Target.ID != "" {
			return errors.New("a report has a state of review, a finding has none")
		}
		s := str(d.Value)
		if s != stateNew && s != stateOpen && s != stateDone {
			return fmt.Errorf("%s is no state of a review: it is %q, %q or %q", d.Value, stateNew, stateOpen, stateDone)
		}
		d.Target, d.Value = Target{Kind: Report}, plain(s)
		return nil
	case Add:
		return w.completeAdd(d)
	case Note:
		if strings.TrimSpace(d.Note) == "" {
			return errors.New("the note is empty")
		}
	case Accept, Correct, Reject:
	default:
		return fmt.Errorf("there is no action %q", d.Action)
	}
	f, err := w.locate(&d.Target)
	if err != nil {
		return err
	}
	if f == nil {
		if d.Action == Note {
			return nil
		}
		return fmt.Errorf("%q speaks of a finding, and this names the report; its review is \"done\" when you set it so", d.Action)
	}
	if d.Action == Note {
		d.Seen = w.sees(f, values{}, "")
		return nil
	}
	var x field
	if d.Field != "" {
		var ok bool
		if x, ok = fieldOf(f.kind, d.Field); !ok || x.fixed {
			return fmt.Errorf("%s has no field %q to judge; it has %s", article(string(f.kind)), d.Field, strings.Join(Fields(f.kind), ", "))
		}
	} else if d.Action == Correct {
		return fmt.Errorf("say which field is to be corrected: %s", strings.Join(Fields(f.kind), ", "))
	}
	extra := values{}
	switch {
	case f.out != nil && d.Action == Reject:
		return fmt.Errorf("%s is rejected already", w.called(f))
	case f.out != nil && f.why != "":
		return fmt.Errorf("%s is out of force: %s. Undo that rejection first, or correct what rested on it before you reject", w.called(f), f.why)
	case f.out != nil && d.Action == Correct:
		return fmt.Errorf("%s was rejected by %s: accept it first, or undo decision %d", w.called(f), f.out.Author, f.out.Seq)
	case d.Action == Correct:
		v, err := x.form(&context{work: w}, d.Value)
		if err != nil {
			return fmt.Errorf("%s of %s: %w", d.Field, w.called(f), err)
		}
		d.Value, extra[d.Field] = v, v
	}
	if f.machine != nil {
		if d.Field != "" {
			d.Was = f.machine[d.Field]
		} else {
			d.Was = plain(f.machine)
		}
	}
	d.Seen = w.sees(f, extra, f.kind)
	return nil
}

// completeAdd checks an addition. An entity may be given an id of its own, as
// one that the lexicon has; without one it gets the number of the decision.
func (w *work) completeAdd(d *Decision) error {
	k := d.Target.Kind
	if !slices.Contains(kinds[:], k) {
		return fmt.Errorf("a person can add an event, statement, number, time, mention, entity or loaded wording, not %q", k)
	}
	in := map[string]json.RawMessage{}
	if err := decode(d.Value, &in); err != nil {
		return fmt.Errorf("what is to be added: %w", err)
	}
	if _, ok := in["id"]; ok && k != Entity {
		return fmt.Errorf("%s that is added gets its id from the log: leave id out", article(string(k)))
	}
	v, named, at, id, err := (&context{work: w}).given(k, d.Value)
	if err != nil {
		return err
	}
	if k == Entity && id != "" && id[0] == 'h' && strings.Trim(id[1:], "0123456789") == "" {
		return fmt.Errorf("ids like %q are given by the log: leave id out, or give another", id)
	}
	if f := w.ids[k][id]; k == Entity && f != nil && f.out != nil {
		return fmt.Errorf("%s was rejected: accept it again instead", w.called(f))
	} else if k == Entity && f != nil {
		return fmt.Errorf("%s is there already: correct it instead", w.called(f))
	}
	for _, f := range w.list[k] {
		if k != Entity && f.out == nil && f.at == at {
			return fmt.Errorf("%s is there already: correct it instead", w.called(f))
		}
	}
	value := map[string]json.RawMessage{}
	for name := range named {
		value[name] = v[name]
	}
	switch {
	case letter(k) != "":
		value["start"], value["end"], value["text"] = plain(at.Start), plain(at.End), plain(w.text.of(at.Start, at.End))
	case id != "":
		value["id"] = plain(id)
	}
	d.Value = plain(value)
	d.Target = Target{Kind: k, ID: id, Start: at.Start, End: at.End}
	d.Seen = w.sees(nil, v, k)
	return nil
}

// locate finds the finding that a person means and completes the target; nil
// for the report as a whole.
func (w *work) locate(t *Target) (*finding, error) {
	if t.Kind == Report || t.Kind == "" && t.ID == "" && t.End == 0 {
		*t = Target{Kind: Report}
		return nil, nil
	}
	if t.Kind != "" && w.ids[t.Kind] == nil {
		return nil, fmt.Errorf("there is no kind of finding %q", t.Kind)
	}
	var found []*finding
	for _, k := range kinds {
		if t.Kind != "" && t.Kind != k {
			continue
		}
		var f *finding
		if t.ID != "" {
			if f = w.ids[k][t.ID]; f == nil {
				f = w.begins(k, t.ID)
			}
		} else {
			for _, o := range w.list[k] {
				if k != Entity && o.at.Start == t.Start && o.at.End == t.End && (f == nil || f.out != nil) {
					f = o
				}
			}
		}
		if f != nil {
			found = append(found, f)
		}
	}
	switch {
	case len(found) == 0 && t.ID != "":
		return nil, fmt.Errorf("this report has no %s%s", t.ID, w.offers(t.ID))
	case len(found) == 0:
		return nil, fmt.Errorf("this report has nothing of the kind at %d to %d", t.Start, t.End)
	case len(found) > 1:
		return nil, fmt.Errorf("%s may be %s or %s: say which kind is meant", t.ID, found[0].kind, found[1].kind)
	}
	f := found[0]
	if t.End != 0 && (t.Start != f.at.Start || t.End != f.at.End) {
		return nil, fmt.Errorf("%s stands at %d to %d, not at %d to %d: look at the report again", w.called(f), f.at.Start, f.at.End, t.Start, t.End)
	}
	*t = Target{Kind: f.kind, ID: f.id, Start: f.at.Start, End: f.at.End}
	return f, nil
}

// offers says which ids of the same letter there are.
func (w *work) offers(id string) string {
	for _, k := range kinds {
		if k == Entity || id[0] != k[0] {
			continue
		}
		var list []string
		for _, f := range w.list[k] {
			list = append(list, f.id)
		}
		switch {
		case len(list) > 8:
			return fmt.Sprintf("; it has %s … %s", list[0], list[len(list)-1])
		case len(list) > 0:
			return "; it has " + strings.Join(list, ", ")
		}
		return fmt.Sprintf("; it has no %s at all", k)
	}
	return ""
}

// sees gathers what a decision on f rests on: f itself, what it, the machine's
// values of it and the new values point to. With no kind only f is taken.
func (w *work) sees(f *finding, extra values, k Kind) *Seen {
	s := &Seen{}
	var entities, numbers, statements []string
	note := func(list *[]string, id string) {
		if id != "" && !slices.Contains(*list, id) {
			*list = append(*list, id)
		}
	}
	gather := func(k Kind, v values) {
		for _, x := range fieldsOf(k) {
			switch raw := v[x.name]; x.refer {
			case oneEntity:
				note(&entities, str(raw))
			case oneRef:
				var r *record.Ref
				if json.Unmarshal(raw, &r) == nil && r != nil {
					note(&entities, r.Entity)
				}
			case manyRefs:
				var list []record.Ref
				json.Unmarshal(raw, &list)
				for _, r := range list {
					note(&entities, r.Entity)
				}
			case toNumber:
				note(&numbers, str(raw))
			case toStatement:
				note(&statements, str(raw))
			}
		}
	}
	if f != nil {
		gather(f.kind, f.value)
		gather(f.kind, f.machine)
		switch f.kind {
		case Entity:
			note(&entities, f.id)
		case Statement:
			note(&statements, f.id)
		case Number:
			note(&numbers, f.id)
		}
	}
	gather(k, extra)
	index := func(id string) int { return slices.Index(numbers, id) }
	for _, id := range statements {
		if o := w.ids[Statement][id]; o != nil {
			gather(Statement, o.value)
			add(w, &s.Statements, o, index)
		}
	}
	for i, id := range numbers {
		if o := w.ids[Number][id]; o != nil {
			numbers[i] = o.id
			add(w, &s.Numbers, o, index)
		}
	}
	for _, id := range entities {
		if o := w.ids[Entity][id]; o != nil {
			add(w, &s.Entities, o, index)
		}
	}
	if f != nil {
		switch f.kind {
		case Mention:
			add(w, &s.Mentions, f, index)
		case Time:
			add(w, &s.Times, f, index)
		case Event:
			add(w, &s.Events, f, index)
		case Loaded:
			add(w, &s.Loaded, f, index)
		}
	}
	return s
}

func add[T any](w *work, list *[]T, f *finding, index func(string) int) {
	var v T
	if w.into(f, f.value, &v, index) == nil {
		*list = append(*list, v)
	}
}
