package review

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/agree"
	"github.com/sanad-project/sanad/record"
)

// Comparison says how far two people agree on a report.
//
// A unit is a finding: a place in the text, or an entity, at which the reading
// or either person has one. Only units that both saw count: each judged it,
// or a field of it, or rejected what it hangs on, or set the review of the
// report to "done", which says that all of it was looked at. What neither the
// machine nor either person marked is no unit, so alpha cannot see that both
// left a stretch of text alone; Krippendorff has another coefficient for that.
type Comparison struct {
	A, B        *Side
	Layers      []Agreement
	Overall     Agreement    // all layers, see agree.Pool
	Differences []Difference // of units that both saw, in the order of the text
	Units       int          // findings of either, or of the reading
	Both        int          // that both saw
	OnlyOne     int          // on which they differ, but one of them never looked

	tables *tables
}

// Agreement is what one layer says.
//
//	layer       unit                        value                        counted for F1
//	entities    entity                      type                         entity with type
//	mentions    stretch of text             entity                       stretch with entity
//	times       stretch                     value                        stretch with value
//	numbers     stretch                     bounds, unit and hedge       stretch with these
//	statements  statement                   speaker                      statement with speaker
//	acts        statement that both have    act                          statement with act
//	chains      statement that both have    whole chain, in order        links
//	events      event                       type and mode                event with these
//	statuses    event that both have        status                       event with status
//	grounds     event that both have        the statement it rests on    event with that
//	arguments   actor, recipient and place  the entities, sorted         event, role and entity
//	            of an event that both have
//	details     date, dead, wounded and     day; number of the text      event, detail and value
//	            count of an event that both
//	            have
//	loaded      stretch                     entity                       stretch with entity
//
// Of all layers together the parts of one finding are not units of their own:
// there is no alpha below agree.MinUnits findings, however many parts they have.
//
// "none" is a value like the others for alpha: who rejected a finding, or says
// that it names nobody, gave it that value. For F1 it is nothing.
type Agreement struct {
	Layer string `json:"layer"`
	agree.Counts
	agree.Reliability
	Findings int `json:"findings,omitempty"` // of all layers: that both saw
}

// Difference is something on which two people who both looked differ.
type Difference struct {
	Target  Target // in either side
	Field   string // "" where one has the finding and the other has not
	Words   string
	A, B    Stand
	Settled *Decision // by which somebody settled it; nil where nobody did
}

// Stand is what one person says there.
type Stand struct {
	In    bool            // the finding is in force
	Value json.RawMessage // of the field, in the form of Decision.Value
	Text  string          // likewise for people, as Reviewed.Show has it
	By    []Decision      // by which they said so; none for what a closed report implies
}

// absent is the value of a unit that somebody says there is not, or of a field
// that names nothing. No value of a record begins so.
const absent = "\x00none"

// Compare compares two people on a report, of which ds are all decisions.
//
// They may have seen each other's decisions: who decides, decides on the report
// in force, with the decisions of all. To review blind, each would have to be
// shown and checked against their own side; but then an acceptance of what one
// sees would overrule, unseen, what the other has corrected, and that must not
// be. It takes decisions that are not in force before somebody brings them
// together, which the log has no notion of. Until then who wants two independent
// reviews has them made on two ledgers.
func Compare(rec *record.Record, ds []Decision, a, b string) (*Comparison, error) {
	if a == b {
		return nil, errors.New("give two people")
	}
	c := &Comparison{}
	var err error
	if c.A, err = Alone(rec, ds, a); err != nil {
		return nil, err
	}
	if c.B, err = Alone(rec, ds, b); err != nil {
		return nil, err
	}
	t := &tables{}
	c.tables = t
	settled := settling(ds)
	for _, k := range kinds {
		keys, inA := c.A.units(k)
		more, inB := c.B.units(k)
		for _, key := range more {
			if inA[key] == nil {
				keys = append(keys, key)
			}
		}
		if k != Entity {
			slices.SortStableFunc(keys, func(x, y unitKey) int { return x.at.Start - y.at.Start })
		}
		for _, key := range keys {
			c.unit(t, k, inA[key], inB[key], settled)
		}
	}
	slices.SortStableFunc(c.Differences, func(x, y Difference) int { return x.Target.Start - y.Target.Start })
	c.Layers, c.Overall = t.agreements()
	return c, nil
}

// unit compares one finding; f or g may be nil.
func (c *Comparison) unit(t *tables, k Kind, f, g *finding, settled map[string]*Decision) {
	c.Units++
	hasA, hasB := f != nil && f.out == nil, g != nil && g.out == nil
	fields := fieldsOf(k)
	var differ []field
	if hasA && hasB {
		for _, x := range fields {
			if !x.fixed && c.A.said(f, x) != c.B.said(g, x) {
				differ = append(differ, x)
			}
		}
	}
	if !c.A.saw(f) || !c.B.saw(g) {
		if hasA != hasB || len(differ) > 0 {
			c.OnlyOne++
		}
		return
	}
	c.Both++
	t.findings++
	t.add(k, c.A, c.B, f, g, hasA, hasB)
	one, side := f, c.A
	if one == nil {
		one, side = g, c.B
	}
	d := Difference{Target: target(one), Words: side.work.words(one)}
	if hasA != hasB {
		d.A, d.B = c.A.stand(f, nil), c.B.stand(g, nil)
		d.Settled = settled[placeKey(d.Target, "")]
		c.Differences = append(c.Differences, d)
	}
	for i := range differ {
		x := &differ[i]
		d.Field, d.A, d.B = x.name, c.A.stand(f, x), c.B.stand(g, x)
		d.Settled = settled[placeKey(d.Target, x.name)]
		c.Differences = append(c.Differences, d)
	}
}

// stand is what a person says of a finding, or of a field of it.
func (s *Side) stand(f *finding, x *field) Stand {
	if f == nil {
		return Stand{}
	}
	o := Stand{In: f.out == nil, By: f.by}
	if f.out != nil && f.why != "" {
		o.By = append(slices.Clone(f.by), *f.out)
	}
	if x != nil {
		o.Value, o.Text = f.value[x.name], s.work.show(*x, f.value[x.name])
	}
	return o
}

// placeKey names what a difference is about, so that it can be found in the log.
func placeKey(t Target, field string) string {
	if t.Kind == Entity {
		return string(t.Kind) + " " + t.ID + " " + field
	}
	return fmt.Sprintf("%s %d-%d %s", t.Kind, t.Start, t.End, field)
}

// settling are the decisions that count and settle a difference, by what it is
// about; the last one on each.
func settling(ds []Decision) map[string]*Decision {
	m := map[string]*Decision{}
	counts := newWorkless().counting(ds)
	for i := range ds {
		if d := &ds[i]; counts[i] && len(d.Settles) > 0 {
			field := d.Field
			if d.Action == Note {
				field = ""
			}
			m[placeKey(d.Target, field)] = d
		}
	}
	return m
}

// tables gather units and items by layer.
type tables struct {
	findings int
	units    map[string][][]string
	a, b     map[string][]string
}

var compared = [...]string{"entities", "mentions", "times", "numbers", "statements", "acts", "chains", "events", "statuses", "grounds", "arguments", "details", "loaded"}

// put adds a unit with the two values of it, and what each has for F1.
func (t *tables) put(layer, key, a, b string) {
	if t.units == nil {
		t.units, t.a, t.b = map[string][][]string{}, map[string][]string{}, map[string][]string{}
	}
	t.units[layer] = append(t.units[layer], []string{a, b})
	if a != absent {
		t.a[layer] = append(t.a[layer], key+"\x00"+a)
	}
	if b != absent {
		t.b[layer] = append(t.b[layer], key+"\x00"+b)
	}
}

// lists is put for values that are lists: alpha takes each as a whole, F1 their
// parts.
func (t *tables) lists(layer, key string, a, b []string) {
	none := func(s []string) string {
		if len(s) == 0 {
			return absent
		}
		return strings.Join(s, "\x00")
	}
	t.put(layer, key, none(a), none(b))
	drop := func(list []string, s []string) []string {
		if len(s) > 0 {
			list = list[:len(list)-1]
		}
		for _, x := range s {
			list = append(list, key+"\x00"+x)
		}
		return list
	}
	t.a[layer], t.b[layer] = drop(t.a[layer], a), drop(t.b[layer], b)
}

// add puts a finding that both saw into its layers.
func (t *tables) add(k Kind, a, b *Side, f, g *finding, hasA, hasB bool) {
	one := f
	if one == nil {
		one = g
	}
	key := fmt.Sprintf("%d-%d", one.at.Start, one.at.End)
	if k == Entity {
		key = one.id
	}
	// A layer's own value; "?" for what names nobody, since it is there.
	label := func(s *Side, f *finding, has bool, names ...string) string {
		if !has {
			return absent
		}
		var list []string
		for _, n := range names {
			x, _ := fieldOf(k, n)
			list = append(list, s.said(f, x))
		}
		return "?" + strings.Join(list, "\x00")
	}
	whole := func(layer string, names ...string) {
		t.put(layer, key, label(a, f, hasA, names...), label(b, g, hasB, names...))
	}
	only := func(s *Side, f *finding, name string) string {
		x, _ := fieldOf(k, name)
		if v := s.said(f, x); v != "" {
			return v
		}
		return absent
	}
	part := func(layer, name string) { t.put(layer, key+" "+name, only(a, f, name), only(b, g, name)) }
	list := func(layer, name string) {
		x, _ := fieldOf(k, name)
		t.lists(layer, key+" "+name, a.named(f, x), b.named(g, x))
	}
	both := hasA && hasB
	switch k {
	case Entity:
		whole("entities", "type")
	case Mention:
		whole("mentions", "entity")
	case Time:
		whole("times", "value")
	case Number:
		whole("numbers", "min", "max", "unit", "hedge")
	case Loaded:
		whole("loaded", "entity")
	case Statement:
		whole("statements", "speaker")
		if both {
			part("acts", "act")
			list("chains", "via")
		}
	case Event:
		whole("events", "type", "mode")
		if both {
			part("statuses", "status")
			part("grounds", "said_by")
			for _, n := range [...]string{"actor", "recipient", "place"} {
				list("arguments", n)
			}
			for _, n := range [...]string{"date", "killed", "wounded", "count"} {
				part("details", n)
			}
		}
	}
}

// Together takes the comparisons of the same two people, in the same order, on
// several reports together: the units of a layer are those of all reports.
func Together(list []*Comparison) ([]Agreement, Agreement) {
	t := &tables{units: map[string][][]string{}, a: map[string][]string{}, b: map[string][]string{}}
	for i, c := range list {
		t.findings += c.Both
		of := strconv.Itoa(i) + "\x00" // the same words of two reports are two things
		for l, units := range c.tables.units {
			t.units[l] = append(t.units[l], units...)
			for _, x := range c.tables.a[l] {
				t.a[l] = append(t.a[l], of+x)
			}
			for _, x := range c.tables.b[l] {
				t.b[l] = append(t.b[l], of+x)
			}
		}
	}
	return t.agreements()
}

func (t *tables) agreements() (list []Agreement, overall Agreement) {
	var all []agree.Reliability
	overall.Layer = "all"
	for _, l := range compared {
		x := Agreement{Layer: l, Counts: agree.Count(t.a[l], t.b[l]), Reliability: agree.Alpha(t.units[l])}
		list = append(list, x)
		overall.Counts = overall.Counts.Plus(x.Counts)
		all = append(all, x.Reliability)
	}
	overall.Reliability, overall.Findings = agree.Pool(all...), t.findings
	if t.findings < agree.MinUnits {
		overall.Why, overall.Alpha = agree.TooFew, 0
	}
	return list, overall
}

// Settle is the decision by which somebody settles a difference: what one of
// the two says holds. now is the report in force. Where that is in force
// already the decision says so all the same, so that the log has it.
func (c *Comparison) Settle(d *Difference, sideA bool, now *Reviewed) (Decision, error) {
	side, want := c.B, d.B
	if sideA {
		side, want = c.A, d.A
	}
	out := Decision{Action: Accept, Target: Target{Kind: d.Target.Kind, Start: d.Target.Start, End: d.Target.End}, Field: d.Field}
	for _, list := range [][]Decision{d.A.By, d.B.By} {
		for _, x := range list {
			if !slices.Contains(out.Settles, x.Seq) {
				out.Settles = append(out.Settles, x.Seq)
			}
		}
	}
	slices.Sort(out.Settles)
	if len(out.Settles) == 0 {
		return out, errors.New("neither of the two decided anything there")
	}
	w := now.work
	if w == nil {
		w = newWork(now.Record)
	}
	if d.Target.Kind == Entity {
		out.Target = Target{Kind: Entity, ID: d.Target.ID}
	}
	f, err := w.locate(&out.Target)
	if err != nil {
		return out, fmt.Errorf("it is not in the report as it stands now: %w", err)
	}
	if d.Field == "" {
		switch {
		case !want.In && f.out == nil:
			out.Action = Reject
		case !want.In: // accepting what is out of force would bring it back
			out.Action, out.Note = Note, "settled: rejected, as "+side.Author+" says"
		}
		return out, nil
	}
	if f.out != nil {
		return out, fmt.Errorf("%s is rejected as the report stands now: settle first whether it is there", w.called(f))
	}
	x, _ := fieldOf(d.Target.Kind, d.Field)
	value, err := side.elsewhere(x, want.Value, w)
	if err != nil {
		return out, err
	}
	if !bytes.Equal(value, f.value[d.Field]) {
		out.Action, out.Value = Correct, value
	}
	return out, nil
}

// elsewhere is a value of one side in the report in force, where what a person
// added may have another id.
func (s *Side) elsewhere(x field, raw json.RawMessage, w *work) (json.RawMessage, error) {
	entity := func(id string) (string, error) {
		name := s.entity(id)
		now := Side{Reviewed: &Reviewed{work: w}}
		for _, f := range w.list[Entity] {
			if now.entity(f.id) == name {
				return f.id, nil
			}
		}
		return "", fmt.Errorf("%s is no entity of the report as it stands now", id)
	}
	var err error
	switch x.refer {
	case oneEntity:
		if id := str(raw); id != "" {
			id, err = entity(id)
			return plain(id), err
		}
	case oneRef:
		var r *record.Ref
		if err := json.Unmarshal(raw, &r); err != nil || r == nil {
			return raw, err
		}
		r.Entity, err = entity(r.Entity)
		return plain(r), err
	case manyRefs:
		list := []record.Ref{}
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, err
		}
		for i := range list {
			if list[i].Entity, err = entity(list[i].Entity); err != nil {
				return nil, err
			}
		}
		return plain(list), nil
	case toStatement:
		o := s.work.ids[Statement][str(raw)]
		if o == nil {
			return raw, nil
		}
		t := Target{Kind: Statement, Start: o.at.Start, End: o.at.End}
		f, err := w.locate(&t)
		if err != nil {
			return nil, fmt.Errorf("the statement is not in the report as it stands now: %w", err)
		}
		return plain(f.id), nil
	}
	return raw, nil
}
