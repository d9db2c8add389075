package review

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/record"
)

// The states of a report's review.
const (
	stateNew  = "new"
	stateOpen = "in review"
	stateDone = "done"
)

// Apply lays the decisions on a report over a reading of it, which may be
// another one than they were made on. See the package for the rules. What is
// given is not changed; the same input gives the same result, in whatever
// order the decisions come (their Seq counts).
//
// The only errors are a record that does not pass its own check, and a fault
// of Apply: decisions that cannot be laid over this reading are in Lost.
func Apply(rec *record.Record, ds []Decision) (*Reviewed, error) {
	ds = slices.Clone(ds)
	slices.SortStableFunc(ds, func(a, b Decision) int { return cmp.Compare(a.Seq, b.Seq) })
	r := &Reviewed{Record: rec, State: stateNew, machine: rec, decisions: ds}
	if len(ds) == 0 {
		return r, nil
	}
	if errs := rec.Check(); len(errs) > 0 {
		return nil, fmt.Errorf("decisions cannot be laid over a damaged record: %w", errors.Join(errs...))
	}
	w := newWork(rec)
	counts := w.counting(ds)
	w.match = w.pair(places(ds, counts))
	for i := range ds {
		if !counts[i] || ds[i].Action == Undo {
			continue
		}
		w.now = i
		if lost := w.decide(&ds[i]); lost != "" {
			w.lost[i] = append(w.lost[i], lost)
		}
	}
	w.settle(ds)
	r.work, r.Notes, r.Last = w, w.notes, ds[len(ds)-1].Hash
	var err error
	if r.Record, err = w.record(); err == nil {
		err = errors.Join(r.Record.Check()...)
	}
	if err != nil {
		return nil, fmt.Errorf("the decisions do not give a valid record; this is a fault of the program: %w", err)
	}
	r.Findings = w.findings()
	for i := range ds {
		if why := append(w.lost[i], w.stays[i]...); len(why) > 0 {
			r.Lost = append(r.Lost, Lost{ds[i], strings.Join(why, "; "), len(w.lost[i]) == 0})
		}
	}
	switch {
	case w.state != "":
		r.State = w.state
	case slices.ContainsFunc(r.Findings, func(f Finding) bool { return len(f.By) > 0 }), len(r.Lost) > 0:
		r.State = stateOpen
	}
	return r, nil
}

// counting says which decisions still count: not those that an undo names
// which itself counts.
func (w *work) counting(ds []Decision) []bool {
	counts := make([]bool, len(ds))
	undone := map[int64]bool{}
	for i := len(ds) - 1; i >= 0; i-- {
		d := &ds[i]
		counts[i] = !undone[d.Seq]
		if !counts[i] || d.Action != Undo {
			continue
		}
		if d.Undoes >= d.Seq || !slices.ContainsFunc(ds[:i], func(o Decision) bool { return o.Seq == d.Undoes }) {
			w.lost[i] = append(w.lost[i], fmt.Sprintf("there is no decision %d before it on this report", d.Undoes))
			continue
		}
		undone[d.Undoes] = true
	}
	for i := range ds {
		d := &ds[i]
		if counts[i] || d.Action != Add || w.gone[d.Target.Kind] == nil {
			continue
		}
		id := addedID(d.Target.Kind, d.Seq)
		if letter(d.Target.Kind) != "" {
			id = ID(d.Target.Kind, d.Target.Start, d.Target.End)
		} else if d.Target.Kind == Entity && d.Target.ID != "" {
			id = d.Target.ID
		}
		w.gone[d.Target.Kind][id] = true
	}
	return counts
}

// places are those at which the decisions look for findings.
func places(ds []Decision, counts []bool) []sought {
	var list []sought
	seen := map[place]int{}
	add := func(k Kind, at record.Span, content []record.Span) {
		p := place{k, at}
		if i, ok := seen[p]; !ok {
			seen[p] = len(list)
			list = append(list, sought{p, content})
		} else if list[i].content == nil {
			list[i].content = content
		}
	}
	for i := range ds {
		d := &ds[i]
		if !counts[i] {
			continue
		}
		if d.Target.End > d.Target.Start && d.Action != Add {
			add(d.Target.Kind, record.Span{Start: d.Target.Start, End: d.Target.End}, nil)
		}
		if d.Seen == nil {
			continue
		}
		for i := range d.Seen.Statements {
			s := &d.Seen.Statements[i]
			add(Statement, anchor(s), s.Content)
		}
		for _, n := range d.Seen.Numbers {
			add(Number, record.Span{Start: n.Start, End: n.End}, nil)
		}
	}
	return list
}

// decide lays one decision over the reading. What it returns says why it found
// no place, "" where it found one.
func (w *work) decide(d *Decision) string {
	switch d.Action {
	case Note:
		w.notes = append(w.notes, *d)
		return ""
	case State:
		s := str(d.Value)
		if s != stateNew && s != stateOpen && s != stateDone {
			return fmt.Sprintf("%s is no state of a review", d.Value)
		}
		w.state = s
		w.whole.by = append(w.whole.by, *d)
		return ""
	case Merge, Split: // see Entities
		w.whole.by = append(w.whole.by, *d)
		return ""
	case Add:
		if err := w.add(d); err != nil {
			return err.Error()
		}
		return ""
	case Accept, Correct, Reject:
		return w.judge(d)
	}
	return fmt.Sprintf("there is no action %q", d.Action)
}

// add lays an addition over the reading: a finding of its own or, where one
// that is in force stands at the same words, the values it names on that one.
func (w *work) add(d *Decision) error {
	k := d.Target.Kind
	if !slices.Contains(kinds[:], k) {
		return fmt.Errorf("a person can add no %q", k)
	}
	c := newContext(w, d)
	v, named, at, id, err := c.given(k, d.Value)
	if err != nil {
		return err
	}
	var f *finding
	if k == Entity {
		if id == "" {
			id = c.newID(k)
		}
		if f = w.ids[k][id]; f != nil && f.out != nil {
			return fmt.Errorf("the entity %s was rejected", id)
		}
	} else {
		id = c.newID(k)
		for _, o := range w.list[k] {
			if o.at == at && o.out == nil {
				f = o
				break
			}
		}
	}
	if f == nil {
		f = w.enter(&finding{kind: k, id: id, at: at}, values{})
	} else if id != "" {
		w.ids[k][id] = f
	}
	f.added, f.kept = true, false
	f.by = append(f.by, *d)
	for name, x := range v {
		if f.machine == nil || named[name] {
			f.set(name, x, d, false)
		}
	}
	w.lacks(c.kept)
	return nil
}

// given reads the value of an addition: all values of the finding, and which of
// them it names.
func (c *context) given(k Kind, raw json.RawMessage) (v values, named map[string]bool, at record.Span, id string, err error) {
	in := values{}
	if err := decode(raw, &in); err != nil {
		return nil, nil, at, "", err
	}
	if _, ok := in["id"]; ok {
		if err := decode(in["id"], &id); err != nil {
			return nil, nil, at, "", fmt.Errorf("id: %w", err)
		}
		delete(in, "id")
	}
	if letter(k) != "" {
		q := map[string]json.RawMessage{}
		for _, n := range [...]string{"start", "end", "text"} {
			if x, ok := in[n]; ok {
				q[n] = x
				delete(in, n)
			}
		}
		var words record.Quote
		if err := decode(plain(q), &words); err != nil {
			return nil, nil, at, "", err
		}
		if err := c.text.quote(&words); err != nil {
			return nil, nil, at, "", err
		}
		at = record.Span{Start: words.Start, End: words.End}
	}
	named = map[string]bool{}
	for name := range in {
		named[name] = true
		if _, ok := fieldOf(k, name); !ok {
			return nil, nil, at, "", fmt.Errorf("%s has no field %q", article(string(k)), name)
		}
	}
	if v, err = c.values(k, in, &struct{}{}); err != nil {
		return nil, nil, at, "", err
	}
	switch k {
	case Entity:
		if id != "" {
			err = goodID(id)
		}
	case Event:
		var q record.Quote
		err = json.Unmarshal(v["trigger"], &q)
		at = record.Span{Start: q.Start, End: q.End}
	case Statement:
		var s record.Statement
		err = errors.Join(json.Unmarshal(v["content"], &s.Content), json.Unmarshal(v["cue"], &s.Cue))
		at = anchor(&s)
	}
	return v, named, at, id, err
}

// lacks notes what had to be kept for the decision at hand.
func (w *work) lacks(kept []string) {
	if len(kept) > 0 {
		w.stays[w.now] = append(w.stays[w.now], "this reading does not have "+strings.Join(kept, " and ")+", which it names; kept for it")
	}
}

// find returns the finding that a decision speaks of, nil where this reading
// has none.
func (w *work) find(d *Decision) *finding {
	t := d.Target
	if t.Kind == Entity {
		return w.ids[Entity][t.ID]
	}
	if f := w.at(place{t.Kind, record.Span{Start: t.Start, End: t.End}}, t.ID); f != nil {
		return f
	}
	if t.End <= t.Start {
		return w.ids[t.Kind][t.ID]
	}
	return nil
}

// judge lays an acceptance, a correction or a rejection over the reading.
func (w *work) judge(d *Decision) string {
	k := d.Target.Kind
	if !slices.Contains(kinds[:], k) {
		return fmt.Sprintf("a decision of this kind cannot be on %q", k)
	}
	if d.Action == Reject && d.Field != "" {
		return "a field cannot be rejected: correct it"
	}
	var x field
	if d.Field != "" {
		var ok bool
		if x, ok = fieldOf(k, d.Field); !ok || x.fixed {
			return fmt.Sprintf("%s has no field %q that a person can judge", article(string(k)), d.Field)
		}
	} else if d.Action == Correct {
		return "the correction names no field"
	}
	c := newContext(w, d)
	f := w.find(d)
	if f == nil {
		var err error
		if f, err = c.restore(d); err != nil {
			return fmt.Sprintf("this reading finds no %s there, and it cannot be kept: %v", k, err)
		}
		c.kept = nil // said of the finding itself
	}
	var say []string
	switch {
	case d.Action == Reject:
		if k == Entity && w.base.Document.Outlet != nil && *w.base.Document.Outlet == f.id {
			return fmt.Sprintf("%s published the report and cannot be rejected", f.id)
		}
		if was, now := w.core(f, d); was != now {
			return fmt.Sprintf("%s is %s now, where %s was rejected", w.called(f), now, was)
		}
		f.out, f.why = d, ""
	case d.Action == Correct:
		v, err := x.form(c, d.Value)
		if err != nil {
			return fmt.Sprintf("%s of %s cannot be corrected so any more: %v", x.name, w.called(f), err)
		}
		if k == Number {
			trial := maps.Clone(f.value)
			trial[x.name] = v
			if err := bounds(trial); err != nil && (x.name == "min" || x.name == "max") {
				return fmt.Sprintf("%s: %v", w.called(f), err)
			}
		}
		f.set(x.name, v, d, true)
		f.corrected, f.out = true, nil
	case d.Field != "":
		saw := c.saw(d)
		if v, ok := saw[x.name]; ok {
			if got, err := x.form(c, v); err == nil {
				f.set(x.name, got, d, true)
			} else {
				say = append(say, fmt.Sprintf("%s cannot be kept as accepted: %v", x.name, err))
			}
		} else {
			f.set(x.name, f.value[x.name], d, true)
		}
		f.out = nil
	default:
		say = append(say, c.pin(f, d)...)
		f.accepted, f.out = true, nil
	}
	w.compare(f, d)
	f.by = append(f.by, *d)
	w.lacks(c.kept)
	return strings.Join(say, "; ")
}

// saw are the values that the author of a decision had before them.
func (c *context) saw(d *Decision) values {
	k, v, _ := c.seen.find(d.Target)
	if k == "" {
		return nil
	}
	return v
}

// pin gives a finding that was accepted as a whole the values that were seen.
func (c *context) pin(f *finding, d *Decision) (say []string) {
	saw := c.saw(d)
	trial := maps.Clone(f.value)
	for _, x := range fieldsOf(f.kind) {
		if x.fixed {
			continue
		}
		v, ok := saw[x.name]
		if !ok {
			v = f.value[x.name]
		} else if got, err := x.form(c, v); err != nil {
			say = append(say, fmt.Sprintf("%s cannot be kept as accepted: %v", x.name, err))
			continue
		} else {
			v = got
		}
		trial[x.name] = v
	}
	if f.kind == Number && bounds(trial) != nil {
		return append(say, "its bounds cannot be kept as accepted")
	}
	for _, x := range fieldsOf(f.kind) {
		if !x.fixed && !(f.judged[x.name].alone && bytes.Equal(f.value[x.name], trial[x.name])) {
			f.set(x.name, trial[x.name], d, false)
		}
	}
	return say
}

// restore enters the finding that a decision was made on and this reading does
// not make.
func (c *context) restore(d *Decision) (*finding, error) {
	k, saw, e := c.seen.find(d.Target)
	switch {
	case k == "" || c.gone[k][d.Target.ID]:
		return nil, errors.New("what was seen of it is not on record")
	case k == Entity:
		if err := c.keepEntity(e); err != nil {
			return nil, err
		}
		return c.ids[Entity][e.ID], nil
	}
	at := record.Span{Start: d.Target.Start, End: d.Target.End}
	if err := c.text.span(at.Start, at.End); err != nil {
		return nil, err
	}
	v, err := c.values(k, saw, nil)
	if err != nil {
		return nil, err
	}
	return c.keep(place{k, at}, v), nil
}

// find returns what was seen of the finding that a decision speaks of: its
// values, or the entity; "" where it is not there.
func (s *Seen) find(t Target) (Kind, values, *record.Entity) {
	if s == nil {
		return "", nil, nil
	}
	var numbers []string
	for i := range s.Numbers {
		numbers = append(numbers, ID(Number, s.Numbers[i].Start, s.Numbers[i].End))
	}
	here := func(q *record.Quote) bool { return q.Start == t.Start && q.End == t.End }
	switch t.Kind {
	case Entity:
		for i := range s.Entities {
			if s.Entities[i].ID == t.ID {
				return Entity, valuesOf(Entity, &s.Entities[i], nil), &s.Entities[i]
			}
		}
	case Statement:
		for i := range s.Statements {
			if s.Statements[i].ID == t.ID {
				return Statement, valuesOf(Statement, &s.Statements[i], nil), nil
			}
		}
	case Event:
		for i := range s.Events {
			if s.Events[i].ID == t.ID {
				return Event, valuesOf(Event, &s.Events[i], numbers), nil
			}
		}
	case Mention:
		for i := range s.Mentions {
			if here(&s.Mentions[i].Quote) {
				return Mention, valuesOf(Mention, &s.Mentions[i], nil), nil
			}
		}
	case Time:
		for i := range s.Times {
			if here(&s.Times[i].Quote) {
				return Time, valuesOf(Time, &s.Times[i], nil), nil
			}
		}
	case Number:
		for i := range s.Numbers {
			if here(&s.Numbers[i].Quote) {
				return Number, valuesOf(Number, &s.Numbers[i], nil), nil
			}
		}
	case Loaded:
		for i := range s.Loaded {
			if here(&s.Loaded[i].Quote) {
				return Loaded, valuesOf(Loaded, &s.Loaded[i], nil), nil
			}
		}
	}
	return "", nil, nil
}

// core says what a finding is at heart, as it was rejected and as it is now:
// the type of an event or a time, whom a mention means. A rejection is of that
// and does not hold for something else in the same words.
func (w *work) core(f *finding, d *Decision) (was, now string) {
	name := map[Kind]string{Event: "type", Time: "type", Mention: "entity"}[f.kind]
	m := map[string]json.RawMessage{}
	if name == "" || f.machine == nil || f.added || json.Unmarshal(d.Was, &m) != nil || m[name] == nil {
		return "", ""
	}
	return str(m[name]), str(f.machine[name])
}

// compare notes of which fields the machine says something else than when they
// were judged.
func (w *work) compare(f *finding, d *Decision) {
	if f.machine == nil || len(d.Was) == 0 {
		return
	}
	one := func(x field, was json.RawMessage) {
		if bytes.Equal(w.today(x, d, was), f.machine[x.name]) {
			delete(f.moved, x.name)
		} else {
			f.moved[x.name] = true
		}
	}
	if d.Field != "" {
		if x, ok := fieldOf(f.kind, d.Field); ok {
			one(x, d.Was)
		}
		return
	}
	m := map[string]json.RawMessage{}
	if json.Unmarshal(d.Was, &m) != nil {
		return
	}
	for _, x := range fieldsOf(f.kind) {
		if was, ok := m[x.name]; ok && !x.fixed {
			one(x, was)
		}
	}
}

// today is a value of another reading with the ids of this one.
func (w *work) today(x field, d *Decision, was json.RawMessage) json.RawMessage {
	was = plain(was)
	id := str(was)
	switch {
	case id == "":
	case x.refer == toStatement && d.Seen != nil:
		for i := range d.Seen.Statements {
			if s := &d.Seen.Statements[i]; s.ID == id {
				if f := w.match[place{Statement, anchor(s)}]; f != nil {
					return plain(f.id)
				}
				return plain(id + "?")
			}
		}
	case x.refer == toNumber:
		if at, ok := placeOf(Number, id); ok {
			if f := w.match[place{Number, at}]; f != nil {
				return plain(f.id)
			}
		}
	}
	return was
}

// settle carries what was rejected and corrected over to what rests on it.
func (w *work) settle(ds []Decision) {
	for _, t := range w.list[Time] {
		w.dates(t)
	}
	for _, k := range kinds {
		for _, f := range w.list[k] {
			if f.out == nil {
				w.without(f, ds)
			}
		}
	}
	for _, k := range kinds {
		for _, f := range w.list[k] {
			if !f.kept || f.out != nil {
				continue
			}
			for i := range ds {
				if w.lost[i] == nil && f.has(ds[i].Seq) {
					w.stays[i] = append(w.stays[i], fmt.Sprintf("this reading does not find %s; it is kept as it was left", w.called(f)))
				}
			}
		}
	}
}

// has reports whether a decision is one of those on the finding.
func (f *finding) has(seq int64) bool {
	return slices.ContainsFunc(f.by, func(d Decision) bool { return d.Seq == seq })
}

// dates gives the dates that were read from a time its corrected value, or
// none where it was rejected, unless somebody judged them themselves.
func (w *work) dates(t *finding) {
	if t.machine == nil || t.out == nil && bytes.Equal(t.value["value"], t.machine["value"]) {
		return
	}
	by, v := t.out, json.RawMessage("null")
	for _, k := range [...]Kind{Statement, Event} {
		for _, f := range w.list[k] {
			var d *record.DateRef
			if _, judged := f.judged["date"]; judged || json.Unmarshal(f.value["date"], &d) != nil || d == nil || d.Span == nil ||
				d.Span.Start != t.at.Start || d.Span.End != t.at.End || d.Value != str(t.machine["value"]) {
				continue
			}
			if t.out == nil {
				j := t.judged["value"].by
				d.Value = str(t.value["value"])
				by, v = &j, plain(d)
			}
			f.set("date", v, by, false)
		}
	}
}

// without takes out of a finding what was rejected elsewhere. A mention of
// nobody is none. An event whose statement was rejected is out with it: said
// by nobody it would stand as the report's own word, a claim become a fact.
func (w *work) without(f *finding, ds []Decision) {
	drop := func(cause *finding) {
		f.out, f.why = cause.out, fmt.Sprintf("it rests on %s, which was rejected", cause.id)
		for i := range ds {
			if f.has(ds[i].Seq) {
				w.lost[i] = append(w.lost[i], fmt.Sprintf("%s rests on %s, which was rejected", w.called(f), cause.id))
			}
		}
	}
	for _, x := range fieldsOf(f.kind) {
		v := f.value[x.name]
		var cause *finding
		switch x.refer {
		case oneEntity:
			cause = w.rejected(Entity, str(v))
			if cause != nil && x.zero == "" {
				drop(cause)
				return
			}
			v = json.RawMessage("null")
		case oneRef:
			var r *record.Ref
			if json.Unmarshal(v, &r) == nil && r != nil {
				cause = w.rejected(Entity, r.Entity)
			}
			v = json.RawMessage("null")
		case manyRefs:
			var list []record.Ref
			if json.Unmarshal(v, &list) != nil {
				continue
			}
			list = slices.DeleteFunc(list, func(r record.Ref) bool {
				c := w.rejected(Entity, r.Entity)
				if c != nil {
					cause = c
				}
				return c != nil
			})
			v = plain(list)
		case toNumber:
			cause = w.rejected(Number, str(v))
			v = json.RawMessage("null")
		case toStatement:
			if cause = w.rejected(Statement, str(v)); cause != nil {
				drop(cause)
				return
			}
		}
		if cause != nil {
			f.set(x.name, v, cause.out, false)
		}
	}
}

func (w *work) rejected(k Kind, id string) *finding {
	if f := w.ids[k][id]; f != nil && f.out != nil {
		return f
	}
	return nil
}

// findings lists what somebody decided on and what changed with it.
func (w *work) findings() []Finding {
	var out []Finding
	if len(w.whole.by) > 0 {
		x := Finding{Target: Target{Kind: Report}, By: w.whole.by}
		if w.state != "" {
			i := len(w.whole.by) - 1
			for w.whole.by[i].Action != State {
				i--
			}
			x.Fields = []Field{{Name: "state", Human: plain(w.state), By: w.whole.by[i]}}
		}
		out = append(out, x)
	}
	var list []Finding
	for _, k := range kinds {
		for _, f := range w.list[k] {
			x := Finding{Target: Target{Kind: k, ID: f.id, Start: f.at.Start, End: f.at.End}, By: f.by, Why: f.why}
			for _, n := range fieldsOf(k) {
				j, ok := f.judged[n.name]
				if ok && (j.alone || f.machine != nil && !bytes.Equal(f.value[n.name], f.machine[n.name])) {
					x.Fields = append(x.Fields, Field{n.name, f.machine[n.name], f.value[n.name], j.by})
				}
				if f.moved[n.name] {
					x.Moved = append(x.Moved, n.name)
				}
			}
			switch {
			case f.out != nil:
				x.Verdict = Rejected
				if f.why != "" {
					x.By = append(slices.Clone(f.by), *f.out)
				}
			case f.added:
				x.Verdict = Added
			case f.corrected:
				x.Verdict = Corrected
			case f.accepted:
				x.Verdict = Accepted
			}
			if len(x.By) > 0 || len(x.Fields) > 0 {
				list = append(list, x)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Finding) int { return a.Target.Start - b.Target.Start })
	return append(out, list...)
}

// integer returns the whole number that a JSON value is, nil where it is none.
func integer(raw json.RawMessage) *int64 {
	var n *int64
	if json.Unmarshal(raw, &n) != nil {
		return nil
	}
	return n
}
