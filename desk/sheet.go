package desk

import (
	"cmp"
	"encoding/json"
	"html/template"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// layers of the reading page, in the order of their keys 1 to 6.
var layers = []string{"speech", "events", "people", "times", "numbers", "loaded"}

var layerOf = map[review.Kind]string{
	review.Statement: "speech", review.Event: "events", review.Entity: "people", review.Mention: "people",
	review.Time: "times", review.Number: "numbers", review.Loaded: "loaded",
}

// sheet is a report as the reading page shows it.
type sheet struct {
	*teller
	Full    *ledger.Full
	machine *teller

	Parts  []part // of a long report; one otherwise
	Part   int    // which is shown
	Blocks []block
	Groups []group
	Chain  []*hop
	Picked string // key of the finding that is open
	lines  []*line
	byKey  map[string]*line
	spans  map[string][]role
}

// part is one stretch of a long report.
type part struct{ Start, End int }

// block is a paragraph of the text: one text node, whose first letter is code
// point Start of the document.
type block struct {
	Start int
	Title bool
	Text  string
}

// group is one section of the record.
type group struct {
	Layer string
	Lines []*line
}

// line is one finding as a sentence.
type line struct {
	Kind    review.Kind
	ID      string
	Key     string // "event:e1": in addresses and as the id of the element
	Layer   string
	Text    template.HTML
	Status  string        // of an event, where it is not that it happened
	Source  template.HTML // of an event that does not stand under its statement: on whose word
	Verdict review.Verdict
	Out     bool // not in force
	Moved   bool
	Sub     []*line // events on a statement's word; mentions of an entity
	Item    *review.Item
	Panel   *panel // where it is open

	at       int // where it stands in the text
	stop     int
	Mentions int // of an entity
}

// role is a stretch of the text that a finding rests on, and what for.
type role struct {
	What       string // "main", "content", "part"
	Start, End int
}

func keyOf(k review.Kind, id string) string { return string(k) + ":" + id }

// partSize is how much of a long report is on one page: letters, and findings
// where it has more of them than news has.
const (
	partSize  = 32000
	partLines = 220
)

// newSheet lays out a report. picked is the key of a finding to open, "" for
// none; part counts from 0 and yields to the picked finding's.
func newSheet(l *language, full *ledger.Full, picked string, part int) *sheet {
	rec := full.Reviewed.Record
	s := &sheet{teller: newTeller(l, rec), Full: full, machine: newTeller(l, full.Machine),
		byKey: map[string]*line{}, spans: map[string][]role{}}
	s.items()
	s.cut()
	if x := s.byKey[picked]; x != nil {
		s.Picked = picked
		if x.at >= 0 {
			for i, p := range s.Parts {
				if x.at >= p.Start {
					part = i
				}
			}
		}
	}
	s.Part = min(max(part, 0), len(s.Parts)-1)
	s.blocks()
	s.groups()
	s.Chain = s.chains()
	if x := s.byKey[s.Picked]; x != nil {
		x.Panel = s.panel(x)
	}
	return s
}

// items makes the lines of all findings.
func (s *sheet) items() {
	for _, k := range [...]review.Kind{review.Statement, review.Event, review.Entity, review.Mention, review.Time, review.Number, review.Loaded} {
		items := s.targets(k)
		for i := range items {
			it := &items[i]
			x := &line{Kind: k, ID: it.Target.ID, Key: keyOf(k, it.Target.ID), Layer: layerOf[k], Verdict: it.Verdict, Item: it, at: it.Target.Start, stop: it.Target.End}
			if f := it.Finding; f != nil {
				x.Moved = len(f.Moved) > 0
			}
			if k == review.Entity {
				x.at = -1
			}
			if !s.tell(s.teller, x) {
				x.Out = true
				if !s.tell(s.machine, x) {
					x.Text = quote(it.Words)
				}
			}
			s.byKey[x.Key] = x
			s.lines = append(s.lines, x)
		}
	}
	for i := range s.rec.Mentions {
		m := &s.rec.Mentions[i]
		if e := s.byKey[keyOf(review.Entity, m.Entity)]; e != nil {
			e.Mentions++
			if e.at < 0 || m.Start < e.at {
				e.at, e.stop = m.Start, m.End
			}
		}
	}
}

// targets are the findings of a kind, those out of force among them. Where
// nobody decided anything they are the record's own, and asking package review
// would only make it take the whole record apart, for each kind anew.
func (s *sheet) targets(k review.Kind) []review.Item {
	if len(s.Full.Log) > 0 {
		return s.Full.Reviewed.Items(k)
	}
	var list []review.Item
	add := func(id string, start, end int, words string) {
		list = append(list, review.Item{Target: review.Target{Kind: k, ID: id, Start: start, End: end}, Words: words})
	}
	put := func(q *record.Quote) { add(review.ID(k, q.Start, q.End), q.Start, q.End, q.Text) }
	switch k {
	case review.Statement:
		for i := range s.rec.Statements {
			o := &s.rec.Statements[i]
			if o.Cue != nil {
				add(o.ID, o.Cue.Start, o.Cue.End, o.Cue.Text)
			} else {
				add(o.ID, o.Content[0].Start, o.Content[0].End, "")
			}
		}
	case review.Event:
		for i := range s.rec.Events {
			o := &s.rec.Events[i]
			add(o.ID, o.Trigger.Start, o.Trigger.End, o.Trigger.Text)
		}
	case review.Entity:
		for i := range s.rec.Entities {
			add(s.rec.Entities[i].ID, 0, 0, s.rec.Entities[i].Name)
		}
		return list
	case review.Mention:
		for i := range s.rec.Mentions {
			put(&s.rec.Mentions[i].Quote)
		}
	case review.Time:
		for i := range s.rec.Times {
			put(&s.rec.Times[i].Quote)
		}
	case review.Number:
		for i := range s.rec.Numbers {
			put(&s.rec.Numbers[i].Quote)
		}
	case review.Loaded:
		for i := range s.rec.Loaded {
			put(&s.rec.Loaded[i].Quote)
		}
	}
	slices.SortStableFunc(list, func(a, b review.Item) int { return a.Target.Start - b.Target.Start })
	return list
}

// tell says the finding of a line by the record of t, and where it was read;
// false where that record does not have it.
func (s *sheet) tell(t *teller, x *line) bool {
	put := func(what string, q *record.Quote) {
		if q != nil {
			s.spans[x.Key] = append(s.spans[x.Key], role{what, q.Start, q.End})
		}
	}
	ref := func(r *record.Ref) {
		if r != nil {
			put("part", r.Span)
		}
	}
	switch x.Kind {
	case review.Statement:
		o := t.statements[x.ID]
		if o == nil {
			return false
		}
		x.Text = t.statement(o, s.content(o))
		put("main", o.Cue)
		put("part", o.SpeakerSpan)
		ref(o.Addressee)
		for i := range o.Via {
			ref(&o.Via[i])
		}
		for _, c := range o.Content {
			s.spans[x.Key] = append(s.spans[x.Key], role{"content", c.Start, c.End})
		}
		return true
	case review.Event:
		o := t.events[x.ID]
		if o == nil {
			return false
		}
		x.Text = t.event(o)
		if o.Status != "happened" {
			x.Status = o.Status
		}
		put("main", &o.Trigger)
		for i := range o.Actor {
			ref(&o.Actor[i])
		}
		for i := range o.Recipient {
			ref(&o.Recipient[i])
		}
		ref(o.Place)
		if o.Date != nil {
			put("part", o.Date.Span)
		}
		put("part", o.Weapon)
		for _, n := range [...]*int{o.Killed, o.Wounded, o.Count} {
			if n != nil && *n >= 0 && *n < len(t.rec.Numbers) {
				put("part", &record.Quote{Start: t.rec.Numbers[*n].Start, End: t.rec.Numbers[*n].End})
			}
		}
		return true
	case review.Entity:
		o := t.entities[x.ID]
		if o == nil {
			return false
		}
		x.Text = t.entity(o)
		return true
	case review.Mention:
		if o := t.mentions[place(x)]; o != nil && x.Verdict != review.Rejected {
			x.Text = t.mention(o)
			put("main", &o.Quote)
			return true
		}
	case review.Time:
		if o := t.times[place(x)]; o != nil && x.Verdict != review.Rejected {
			x.Text = t.time(o)
			put("main", &o.Quote)
			return true
		}
	case review.Number:
		if o := t.numbers[place(x)]; o != nil && x.Verdict != review.Rejected {
			x.Text = t.number(o)
			put("main", &o.Quote)
			return true
		}
	case review.Loaded:
		if o := t.wordings[place(x)]; o != nil && x.Verdict != review.Rejected {
			x.Text = t.loaded(o)
			put("main", &o.Quote)
			return true
		}
	}
	return false
}

// place is where the finding of a line was read.
func place(x *line) record.Span {
	return record.Span{Start: x.Item.Target.Start, End: x.Item.Target.End}
}

// cut divides a long report at ends of paragraphs, so that no page grows
// without bound; a paragraph that is longer than a page is divided at a space.
func (s *sheet) cut() {
	var weight []int
	for _, x := range s.lines {
		if x.at >= 0 && x.Kind != review.Mention {
			weight = append(weight, x.at)
		}
	}
	slices.Sort(weight)
	start, last, used := 0, 0, 0 // last: the end of the last paragraph that fits
	for i := 0; i <= len(s.runes); i++ {
		for used < len(weight) && weight[used] < i {
			used++
		}
		end := i == len(s.runes)
		full := i-start > partSize || used-before(weight, start) > partLines
		switch {
		case end:
			s.Parts = append(s.Parts, part{start, i})
		case full && last > start:
			s.Parts = append(s.Parts, part{start, last})
			start = last
		case full && i-start > partSize/16 && s.runes[i-1] == ' ':
			s.Parts = append(s.Parts, part{start, i})
			start, last = i, i
		case full && i-start > 2*partSize:
			s.Parts = append(s.Parts, part{start, i})
			start, last = i, i
		}
		if !end && s.runes[i] == '\n' {
			last = i + 1
		}
	}
}

// before counts the numbers of a sorted list below n.
func before(list []int, n int) int {
	i, _ := slices.BinarySearch(list, n)
	return i
}

// blocks makes the paragraphs of the part that is shown.
func (s *sheet) blocks() {
	p := s.Parts[s.Part]
	title := utf8.RuneCountInString(s.rec.Document.Title)
	at := p.Start
	for i := p.Start; i <= p.End; i++ {
		if i < p.End && s.runes[i] != '\n' {
			continue
		}
		if text := string(s.runes[at:i]); strings.TrimSpace(text) != "" {
			s.Blocks = append(s.Blocks, block{Start: at, Title: at == 0 && title > 0, Text: text})
		}
		at = i + 1
	}
}

// groups lays out the lines of the part that is shown.
func (s *sheet) groups() {
	p, last := s.Parts[s.Part], s.Part == len(s.Parts)-1
	here := func(x *line) bool { return x.at >= p.Start && x.at < p.End || x.at < 0 && last }
	by := map[string][]*line{}
	under := map[string][]*line{}
	for _, x := range s.lines {
		if x.Kind == review.Event && here(x) {
			on := s.saidBy(x)
			if st := s.byKey[keyOf(review.Statement, on)]; st != nil && !st.Out && here(st) {
				under[on] = append(under[on], x)
				continue
			}
			by["events"] = append(by["events"], x)
			if e := s.events[x.ID]; on != "" && e != nil { // a claim never looks like a fact
				x.Source = s.source(e)
			}
		}
	}
	for _, x := range s.lines {
		switch {
		case x.Kind == review.Event, x.Kind == review.Mention, !here(x):
			continue
		case x.Kind == review.Statement:
			x.Sub = under[x.ID]
		}
		by[x.Layer] = append(by[x.Layer], x)
	}
	slices.SortStableFunc(by["people"], func(a, b *line) int {
		return cmp.Or(cmp.Compare(order(a.at), order(b.at)), cmp.Compare(a.stop, b.stop))
	})
	// The mentions of an entity are shown where it or one of them is open.
	if x := s.byKey[s.Picked]; x != nil && layerOf[x.Kind] == "people" {
		id := x.ID
		if x.Kind == review.Mention {
			id = s.mentioned(x)
		}
		if e := s.byKey[keyOf(review.Entity, id)]; e != nil {
			for _, m := range s.lines {
				if m.Kind == review.Mention && s.mentioned(m) == id {
					e.Sub = append(e.Sub, m)
				}
			}
		}
	}
	for _, layer := range layers {
		if len(by[layer]) > 0 {
			s.Groups = append(s.Groups, group{layer, by[layer]})
		}
	}
}

// order puts what stands nowhere behind the rest.
func order(at int) int {
	if at < 0 {
		return 1 << 40
	}
	return at
}

// saidBy is the statement that an event rests on, "" where it is none's.
func (s *sheet) saidBy(x *line) string {
	for _, t := range [...]*teller{s.teller, s.machine} {
		if e := t.events[x.ID]; e != nil && e.SaidBy != nil {
			return *e.SaidBy
		} else if e != nil {
			return ""
		}
	}
	return ""
}

// mentioned is the entity that a mention refers to.
func (s *sheet) mentioned(x *line) string {
	for _, t := range [...]*teller{s.teller, s.machine} {
		if m := t.mentions[place(x)]; m != nil {
			return m.Entity
		}
	}
	return ""
}

// flat is the order in which people go through the lines.
func (s *sheet) flat() []*line {
	var out []*line
	var walk func([]*line)
	walk = func(list []*line) {
		for _, x := range list {
			out = append(out, x)
			walk(x.Sub)
		}
	}
	for _, g := range s.Groups {
		walk(g.Lines)
	}
	return out
}

// next is the key of the line after the one of that key; its own where it is
// the last.
func (s *sheet) next(key string) string {
	list := s.flat()
	for i, x := range list {
		if x.Key == key && i+1 < len(list) {
			return list[i+1].Key
		}
	}
	return key
}

// Marks are the stretches of the part that is shown, for the script that
// highlights them: key, layer, and of each stretch its role and its place in
// code points; of a mention the key of its entity, whose stretches these are.
func (s *sheet) Marks() any {
	type mark [3]any
	out := []any{}
	for _, x := range s.lines {
		if len(s.spans[x.Key]) == 0 || x.Out {
			continue
		}
		p := s.Parts[s.Part]
		list := []mark{}
		for _, r := range s.spans[x.Key] {
			if r.End > p.Start && r.Start < p.End {
				list = append(list, mark{r.What[:1], r.Start, r.End})
			}
		}
		switch {
		case len(list) == 0:
		case x.Kind == review.Mention:
			out = append(out, []any{x.Key, x.Layer, list, keyOf(review.Entity, s.mentioned(x))})
		default:
			out = append(out, []any{x.Key, x.Layer, list})
		}
	}
	return out
}

// fields of a finding in a record, by their JSON names; nil where the record
// does not have it.
func (s *sheet) fields(t *teller, x *line) map[string]json.RawMessage {
	var v any
	var found bool
	switch x.Kind {
	case review.Statement:
		v, found = t.statements[x.ID], t.statements[x.ID] != nil
	case review.Entity:
		v, found = t.entities[x.ID], t.entities[x.ID] != nil
	case review.Event:
		v, found = t.events[x.ID], t.events[x.ID] != nil
	case review.Mention:
		v, found = t.mentions[place(x)], t.mentions[place(x)] != nil
	case review.Time:
		v, found = t.times[place(x)], t.times[place(x)] != nil
	case review.Number:
		v, found = t.numbers[place(x)], t.numbers[place(x)] != nil
	case review.Loaded:
		v, found = t.wordings[place(x)], t.wordings[place(x)] != nil
	}
	if !found {
		return nil
	}
	var m map[string]json.RawMessage
	if b, err := json.Marshal(v); err != nil || json.Unmarshal(b, &m) != nil {
		return nil
	}
	return m
}
