package review

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/record"
)

// finding is one finding while decisions are laid over a reading.
type finding struct {
	kind    Kind
	id      string
	at      record.Span // where it was read; zero for entities
	value   values      // in force
	machine values      // nil where the reading makes no such finding
	by      []Decision
	nth     int // place in its list of the reading

	judged    map[string]judgement
	corrected bool      // a person gave one of the values
	accepted  bool      // as a whole
	added     bool      // by a person
	kept      bool      // by another reading, and kept for a decision
	out       *Decision // by which it is not in force; nil where it is
	why       string
	moved     map[string]bool
}

// judgement says by what a field has the value it has.
type judgement struct {
	by    Decision
	alone bool // the decision was on this field
}

// values are the fields of a finding, each in the bytes of plain. killed,
// wounded and count are ids of numbers here.
type values map[string]json.RawMessage

func (f *finding) set(name string, v json.RawMessage, by *Decision, alone bool) {
	f.value[name] = v
	f.judged[name] = judgement{*by, alone}
}

// addedBase is above the number of findings that a text of sanad.MaxText can
// have: what people add is numbered from here, so that no reading takes its
// id. The record's schema wants a letter and a number.
const addedBase = 1_000_000

// addedID is the id of what decision seq adds, or keeps, where it needs one.
func addedID(k Kind, seq int64) string {
	switch k {
	case Event, Statement:
		return string(k[:1]) + strconv.FormatInt(addedBase+seq, 10)
	case Entity:
		return "h" + strconv.FormatInt(seq, 10)
	}
	return ""
}

// letter begins the ids of findings that have none in the record.
func letter(k Kind) string {
	switch k {
	case Mention, Time, Number, Loaded:
		return string(k[:1])
	}
	return ""
}

// ID returns the id of a mention, time, number or loaded wording by its place
// in the text: "n68-81". The other kinds have theirs in the record.
func ID(k Kind, start, end int) string {
	if letter(k) == "" {
		return ""
	}
	return fmt.Sprintf("%s%d-%d", letter(k), start, end)
}

// placeOf is the inverse of ID.
func placeOf(k Kind, id string) (record.Span, bool) {
	rest, ok := strings.CutPrefix(id, letter(k))
	from, to, dash := strings.Cut(rest, "-")
	if letter(k) == "" || !ok || !dash {
		return record.Span{}, false
	}
	to, _, _ = strings.Cut(to, ".")
	start, err1 := strconv.Atoi(from)
	end, err2 := strconv.Atoi(to)
	return record.Span{Start: start, End: end}, err1 == nil && err2 == nil
}

// anchor is the place that names a statement.
func anchor(s *record.Statement) record.Span {
	switch {
	case s.Cue != nil:
		return record.Span{Start: s.Cue.Start, End: s.Cue.End}
	case len(s.Content) > 0:
		return s.Content[0]
	}
	return record.Span{}
}

// valuesOf turns a finding of a record into values; numbers are the ids of
// what its indexes point to.
func valuesOf(k Kind, v any, numbers []string) values {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	g, err := generic(raw)
	if err != nil {
		return nil
	}
	m := g.(map[string]any)
	out := values{}
	for _, f := range fieldsOf(k) {
		x, ok := m[f.name]
		switch {
		case !ok, x == nil && f.zero == "[]":
			out[f.name] = json.RawMessage(f.zero)
			continue
		case f.refer == toNumber:
			n, _ := x.(json.Number)
			if i, err := strconv.Atoi(n.String()); err == nil && i >= 0 && i < len(numbers) {
				x = numbers[i]
			} else {
				x = nil
			}
		}
		var b bytes.Buffer
		canonical(&b, x)
		out[f.name] = b.Bytes()
	}
	return out
}

// into writes a finding into the struct of the record that v points to; index
// gives the place of a number by its id.
func (w *work) into(f *finding, value values, v any, index func(id string) int) error {
	m := map[string]any{}
	for _, x := range fieldsOf(f.kind) {
		raw := value[x.name]
		if x.refer == toNumber && string(raw) != "null" {
			m[x.name] = index(str(raw))
			continue
		}
		m[x.name] = raw
	}
	switch {
	case letter(f.kind) != "":
		m["start"], m["end"], m["text"] = f.at.Start, f.at.End, w.text.of(f.at.Start, f.at.End)
	default:
		m["id"] = f.id
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}

// work is a reading on which decisions are laid.
type work struct {
	base  *record.Record
	text  *content
	list  map[Kind][]*finding // the machine's in the order of the record, then the others
	ids   map[Kind]map[string]*finding
	match map[place]*finding // which finding of this reading stands where a decision looks for one
	again map[place]*finding // which was kept for that place
	gone  map[Kind]map[string]bool
	state string
	whole *finding // the report
	notes []Decision
	now   int              // index of the decision at hand
	lost  map[int][]string // by index: why it is not in force as it was made
	stays map[int][]string // by index: what is in force for its sake only
}

// place is where a decision looks for a finding.
type place struct {
	kind Kind
	at   record.Span
}

var kinds = [...]Kind{Entity, Mention, Time, Number, Statement, Event, Loaded}

func newWork(rec *record.Record) *work {
	w := &work{base: rec, text: contentOf(rec.Document.Text), list: map[Kind][]*finding{}, ids: map[Kind]map[string]*finding{},
		match: map[place]*finding{}, again: map[place]*finding{}, gone: map[Kind]map[string]bool{}, lost: map[int][]string{}, stays: map[int][]string{}}
	for _, k := range kinds {
		w.ids[k], w.gone[k] = map[string]*finding{}, map[string]bool{}
	}
	w.whole = &finding{kind: Report}
	var numbers []string
	for i := range rec.Numbers {
		n := &rec.Numbers[i]
		f := w.put(&finding{kind: Number, at: record.Span{Start: n.Start, End: n.End}}, valuesOf(Number, n, nil))
		numbers = append(numbers, f.id)
	}
	for i := range rec.Entities {
		e := &rec.Entities[i]
		w.put(&finding{kind: Entity, id: e.ID}, valuesOf(Entity, e, nil))
	}
	for i := range rec.Mentions {
		m := &rec.Mentions[i]
		w.put(&finding{kind: Mention, at: record.Span{Start: m.Start, End: m.End}}, valuesOf(Mention, m, nil))
	}
	for i := range rec.Times {
		t := &rec.Times[i]
		w.put(&finding{kind: Time, at: record.Span{Start: t.Start, End: t.End}}, valuesOf(Time, t, nil))
	}
	for i := range rec.Statements {
		s := &rec.Statements[i]
		w.put(&finding{kind: Statement, id: s.ID, at: anchor(s)}, valuesOf(Statement, s, nil))
	}
	for i := range rec.Events {
		e := &rec.Events[i]
		w.put(&finding{kind: Event, id: e.ID, at: record.Span{Start: e.Trigger.Start, End: e.Trigger.End}}, valuesOf(Event, e, numbers))
	}
	for i := range rec.Loaded {
		l := &rec.Loaded[i]
		w.put(&finding{kind: Loaded, at: record.Span{Start: l.Start, End: l.End}}, valuesOf(Loaded, l, nil))
	}
	return w
}

// put adds a finding of the machine.
func (w *work) put(f *finding, v values) *finding {
	f.machine, f.nth = v, len(w.list[f.kind])
	return w.enter(f, maps.Clone(v))
}

func (w *work) enter(f *finding, v values) *finding {
	if letter(f.kind) != "" {
		f.id = ID(f.kind, f.at.Start, f.at.End)
		for n := 2; w.ids[f.kind][f.id] != nil; n++ {
			f.id = fmt.Sprintf("%s.%d", ID(f.kind, f.at.Start, f.at.End), n)
		}
	}
	f.value, f.judged, f.moved = v, map[string]judgement{}, map[string]bool{}
	w.list[f.kind] = append(w.list[f.kind], f)
	w.ids[f.kind][f.id] = f
	return f
}

// has reports whether an entity is in force.
func (w *work) has(entity string) bool {
	f := w.ids[Entity][entity]
	return f != nil && f.out == nil
}

// inForce returns the findings of a kind in force, in the order of the record:
// the machine's as it has them, each of the others before the first that
// stands further on in the text.
func (w *work) inForce(k Kind) []*finding {
	var out, more []*finding
	for _, f := range w.list[k] {
		switch {
		case f.out != nil:
		case f.machine != nil:
			out = append(out, f)
		default:
			more = append(more, f)
		}
	}
	if k == Entity {
		return append(out, more...)
	}
	slices.SortStableFunc(more, func(a, b *finding) int { return a.at.Start - b.at.Start })
	for _, f := range more {
		i := slices.IndexFunc(out, func(o *finding) bool { return o.at.Start > f.at.Start })
		if i < 0 {
			i = len(out)
		}
		out = slices.Insert(out, i, f)
	}
	return out
}

// numberAt returns the id of the number of that index in force.
func (w *work) numberAt(i int) string {
	if list := w.inForce(Number); i >= 0 && i < len(list) {
		return list[i].id
	}
	return ""
}

// record returns what is in force.
func (w *work) record() (*record.Record, error) {
	out := *w.base
	if o := out.Document.Outlet; o != nil && !w.has(*o) {
		out.Document.Outlet = nil
	}
	index := map[string]int{}
	for i, f := range w.inForce(Number) {
		index[f.id] = i
	}
	at := func(id string) int {
		if i, ok := index[id]; ok {
			return i
		}
		return -1
	}
	var err error
	out.Entities = listOf(w, Entity, w.base.Entities, at, &err)
	for i := range out.Entities {
		for j := range out.Entities[i].Roles {
			if of := out.Entities[i].Roles[j].Of; of != nil && !w.has(*of) {
				out.Entities[i].Roles = slices.Clone(out.Entities[i].Roles) // the reading's own
				out.Entities[i].Roles[j].Of = nil
			}
		}
	}
	out.Mentions = listOf(w, Mention, w.base.Mentions, at, &err)
	out.Times = listOf(w, Time, w.base.Times, at, &err)
	out.Numbers = listOf(w, Number, w.base.Numbers, at, &err)
	out.Statements = listOf(w, Statement, w.base.Statements, at, &err)
	out.Events = listOf(w, Event, w.base.Events, at, &err)
	out.Loaded = listOf(w, Loaded, w.base.Loaded, at, &err)
	return &out, err
}

// listOf is the list of a kind in force; what nothing was decided on is taken
// over as it is in the reading's own list.
func listOf[T any](w *work, k Kind, own []T, at func(string) int, err *error) []T {
	list := w.inForce(k)
	out := make([]T, len(list))
	for i, f := range list {
		if f.machine != nil && len(f.judged) == 0 && w.unmoved(f, at) {
			out[i] = own[f.nth]
		} else if e := w.into(f, f.value, &out[i], at); e != nil && *err == nil {
			*err = fmt.Errorf("%s: %w", f.id, e)
		}
	}
	return out
}

// unmoved reports whether the numbers that an event points to have the indexes
// that they have in the reading.
func (w *work) unmoved(f *finding, at func(string) int) bool {
	for _, n := range [...]string{"killed", "wounded", "count"} {
		if id := str(f.value[n]); id != "" && at(id) != w.ids[Number][id].nth {
			return false
		}
	}
	return true
}

// called names a finding for people: e1 «حمله».
func (w *work) called(f *finding) string {
	switch {
	case f.kind == Entity:
		return fmt.Sprintf("%s «%s»", f.id, str(f.value["name"]))
	case f.at.End > f.at.Start && f.at.End < len(w.text.at):
		return fmt.Sprintf("%s «%s»", f.id, short(w.text.of(f.at.Start, f.at.End)))
	}
	return f.id
}

// short cuts a long text for a message.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}
