package desk

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/when"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/review"
	"github.com/sanad-project/sanad/span"
)

// why says why a finding is there: the rule, the words it rests on, the entries
// of the lexicon that played a part, the sentence as it was analysed. The record
// names the rule alone; the rest comes from reading the text once more.
type why struct {
	Rule    string     `json:"rule"`
	Entries []whyEntry `json:"entries"` // of the rule
	Steps   []string   `json:"steps"`   // one line a decision, in English
	Spans   []whySpan  `json:"spans"`
	Words   []whyWord  `json:"words"` // the sentence, word by word
	Other   bool       `json:"other"` // the reading in force was made by another version or lexicon
	Gone    bool       `json:"gone"`  // read now, the finding is not there
}

// whyEntry is an entry of the lexicon that a rule names.
type whyEntry struct {
	Kind   string     `json:"kind"`
	ID     string     `json:"id"`
	Places []whyPlace `json:"places"`
	Link   string     `json:"-"`
	Match  []string   `json:"match"` // its values that the words have
	Values []string   `json:"-"`     // some of the others
	More   int        `json:"-"`     // values that are not shown
}

// whyPlace is a line of a file.
type whyPlace struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Own  bool   `json:"own"` // of the user's folder
}

// whySpan are words that the finding rests on.
type whySpan struct {
	Role    string     `json:"role"` // a field of the finding: trigger, actor, cue …
	Words   string     `json:"words"`
	Start   int        `json:"start"` // code points of document.text
	End     int        `json:"end"`
	Entity  string     `json:"entity,omitempty"`
	Name    string     `json:"-"`
	Rule    string     `json:"rule,omitempty"`
	Entries []whyEntry `json:"entries,omitempty"`
}

// whyWord is one word as it was analysed.
type whyWord struct {
	Form  string `json:"form"`
	Lemma string `json:"lemma,omitempty"`
	Tag   string `json:"tag"`
	In    bool   `json:"in"` // it belongs to the finding's own words
}

// readings keeps the last reports that were read once more to be explained:
// people go from one finding to the next.
type readings struct {
	mu   sync.Mutex
	list []reread // the last used last
}

type reread struct {
	id, lexicon string
	report      *report.Report
}

// So many readings are kept, of reports no longer than so many bytes.
const (
	keptReadings = 6
	keptBytes    = 200_000
)

func (k *readings) find(id, lexicon string) *report.Report {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, x := range k.list {
		if x.id == id && x.lexicon == lexicon {
			k.list = append(slices.Delete(k.list, i, i+1), x)
			return x.report
		}
	}
	return nil
}

func (k *readings) keep(x reread) {
	if len(x.report.Text) > keptBytes {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.list = append(k.list, x); len(k.list) > keptReadings {
		k.list = slices.Delete(k.list, 0, 1)
	}
}

// layersOf reads a report of the ledger once more, with all its layers.
func (d *Desk) layersOf(ctx context.Context, e *engine, id, text string) (*report.Report, error) {
	hash := e.reader.Lexicon.Hash()
	if r := d.reread.find(id, hash); r != nil && r.Text == text {
		return r, nil
	}
	a, err := d.ledger.Article(ctx, id)
	if err != nil {
		return nil, err
	}
	r, err := e.reader.Report(a)
	if err != nil {
		return nil, badForm("the report can no longer be read: %v", err)
	}
	d.reread.keep(reread{id, hash, r})
	return r, nil
}

// why explains a finding of a report.
func (d *Desk) why(ctx context.Context, full *ledger.Full, t review.Target) (*why, error) {
	e := d.engine.Load()
	s, err := e.shelf()
	if err != nil {
		return nil, err
	}
	r, err := d.layersOf(ctx, e, full.ID, full.Machine.Document.Text)
	if err != nil {
		return nil, err
	}
	x := &explaining{shelf: s, r: r, lex: e.reader.Lexicon, why: &why{Entries: []whyEntry{}, Steps: []string{}, Spans: []whySpan{}, Words: []whyWord{}}}
	for i := range full.Readings {
		if g := &full.Readings[i]; g.InForce {
			x.Other = g.Reader != e.maker.Version || g.Lexicon != x.lex.Hash()
		}
	}
	x.points()
	x.Gone = !x.finding(t)
	return x.why, nil
}

// explaining is the explanation of one finding.
type explaining struct {
	*why
	shelf *shelf
	r     *report.Report
	lex   *lexicon.Lexicon
	runes []int // of each code point, the byte at which it begins; and the end
}

func (x *explaining) points() {
	for i := range x.r.Text {
		x.runes = append(x.runes, i)
	}
	x.runes = append(x.runes, len(x.r.Text))
}

// point is the code point at a byte.
func (x *explaining) point(b int) int {
	i, _ := slices.BinarySearch(x.runes, b)
	return i
}

func (x *explaining) bytes(s record.Span) span.Span {
	if s.Start < 0 || s.End < s.Start || s.End >= len(x.runes) {
		return span.Span{}
	}
	return span.Span{Start: x.runes[s.Start], End: x.runes[s.End]}
}

// finding explains the finding that stands at the words of t; false where the
// reading has none there.
func (x *explaining) finding(t review.Target) bool {
	at := x.bytes(record.Span{Start: t.Start, End: t.End})
	r := x.r
	switch t.Kind {
	case review.Event:
		i := slices.IndexFunc(r.Events, func(o report.Event) bool { return o.Trigger == at && o.ID == t.ID })
		if i < 0 {
			i = slices.IndexFunc(r.Events, func(o report.Event) bool { return o.Trigger == at })
		}
		if i < 0 {
			return false
		}
		x.event(&r.Events[i])
	case review.Statement:
		same := func(o report.Statement) bool {
			if !o.Cue.Empty() {
				return o.Cue == at
			}
			return len(o.Content) > 0 && o.Content[0] == at
		}
		i := slices.IndexFunc(r.Statements, func(o report.Statement) bool { return same(o) && o.ID == t.ID })
		if i < 0 {
			i = slices.IndexFunc(r.Statements, same)
		}
		if i < 0 {
			return false
		}
		x.statement(&r.Statements[i])
	case review.Entity:
		e := r.Entity(t.ID)
		if e == nil {
			return false
		}
		for i := range r.Mentions {
			if m := &r.Mentions[i]; m.Entity == t.ID && len(x.Spans) < 8 {
				x.ref("mention", report.Ref{Entity: m.Entity, Span: m.Span})
			}
		}
		if e.Known {
			x.Rule, x.Entries = "lexicon "+e.ID, x.named(e.ID, "", x.Spans)
		} else if len(x.Spans) > 0 {
			x.rule(x.Spans[0].Rule)
		}
	case review.Mention:
		i := slices.IndexFunc(r.Mentions, func(o report.Mention) bool { return o.Span == at })
		if i < 0 {
			return false
		}
		m := &r.Mentions[i]
		x.put("mention", m.Span)
		x.rule(m.Rule)
		if len(x.Entries) == 0 {
			x.Entries = x.named(m.Entity, "", x.Spans)
		}
		x.sentence(m.Span)
	case review.Time:
		i := slices.IndexFunc(r.Times, func(o when.Time) bool { return o.Span == at })
		if i < 0 {
			return false
		}
		x.put("time", at)
		if n := r.Times[i].Note; n != "" {
			x.Steps = append(x.Steps, n)
		}
		x.rule(r.Times[i].Rule)
		x.sentence(at)
	case review.Number:
		i := slices.IndexFunc(r.Numbers, func(o number.Amount) bool { return o.Span == at })
		if i < 0 {
			return false
		}
		x.put("number", at)
		x.rule(r.Numbers[i].Rule)
		if len(x.Entries) == 0 {
			x.Entries = x.named(r.Numbers[i].Unit, "units", x.Spans)
		}
		x.sentence(at)
	case review.Loaded:
		i := slices.IndexFunc(r.Loaded, func(o report.Loaded) bool { return o.Span == at })
		if i < 0 {
			return false
		}
		x.put("loaded", at)
		x.rule(r.Loaded[i].Rule)
		x.sentence(at)
	default:
		return false
	}
	return true
}

func (x *explaining) event(e *report.Event) {
	x.put("trigger", e.Trigger)
	x.rule(e.Rule)
	x.Steps = append(x.Steps, e.Why...)
	for _, a := range e.Actor {
		x.ref("actor", a)
	}
	for _, a := range e.Recipient {
		x.ref("recipient", a)
	}
	if e.Place != nil {
		x.ref("place", *e.Place)
	}
	x.date(e.Date)
	for _, c := range [...]struct {
		role string
		n    int
	}{{"killed", e.Killed}, {"wounded", e.Wounded}, {"count", e.Count}} {
		if c.n >= 0 && c.n < len(x.r.Numbers) {
			s := x.put(c.role, x.r.Numbers[c.n].Span)
			s.Rule = x.r.Numbers[c.n].Rule
		}
	}
	x.put("weapon", e.Weapon)
	for i := range x.r.Statements {
		if st := &x.r.Statements[i]; st.ID == e.SaidBy {
			x.put("said_by", st.Cue)
		}
	}
	x.sentence(e.Trigger)
}

func (x *explaining) statement(s *report.Statement) {
	x.put("cue", s.Cue)
	x.rule(s.Rule)
	x.ref("speaker", s.Speaker)
	for _, v := range s.Via {
		x.ref("via", v)
	}
	if s.Addressee != nil {
		x.ref("addressee", *s.Addressee)
	}
	for _, c := range s.Content {
		x.put("content", c)
	}
	x.date(s.Date)
	at := s.Cue
	if at.Empty() && len(s.Content) > 0 {
		at = s.Content[0]
	}
	x.sentence(at)
}

// put adds words with what they are to the finding.
func (x *explaining) put(role string, s span.Span) *whySpan {
	if s.Empty() {
		return &whySpan{}
	}
	x.Spans = append(x.Spans, whySpan{Role: role, Words: short(s.Of(x.r.Text), 160), Start: x.point(s.Start), End: x.point(s.End)})
	return &x.Spans[len(x.Spans)-1]
}

// ref adds the words of an entity, with the rule and the entry that made them a
// mention of it.
func (x *explaining) ref(role string, r report.Ref) {
	if r.Span.Empty() {
		return
	}
	s := x.put(role, r.Span)
	s.Entity = r.Entity
	if e := x.r.Entity(r.Entity); e != nil {
		s.Name = e.Name
	}
	for i := range x.r.Mentions {
		if m := &x.r.Mentions[i]; m.Entity == r.Entity && m.Span == r.Span {
			s.Rule = m.Rule
			s.Entries = x.ruled(m.Rule, []whySpan{*s})
			return
		}
	}
}

func (x *explaining) date(d *report.DateRef) {
	if d == nil {
		return
	}
	s := x.put("date", d.Span)
	for i := range x.r.Times {
		if t := &x.r.Times[i]; t.Span == d.Span {
			s.Rule = t.Rule
		}
	}
}

// rule notes the finding's rule with its entries.
func (x *explaining) rule(name string) {
	x.Rule = name
	x.Entries = append(x.Entries, x.ruled(name, x.Spans)...)
}

// kindsOfRules are the kinds of the entries that rules of a name begin with.
var kindsOfRules = map[string]string{"cue": "cues", "head": "heads"}

// ruled are the entries that a rule names: "attack", "cue say", "lexicon irna".
func (x *explaining) ruled(rule string, words []whySpan) []whyEntry {
	list := x.named(rule, "", words)
	if len(list) > 0 {
		return list
	}
	parts := strings.FieldsFunc(rule, func(r rune) bool { return strings.ContainsRune("/ :,+", r) })
	for i, part := range parts {
		kind := ""
		if i > 0 {
			kind = kindsOfRules[parts[0]]
		}
		if part != rule {
			list = append(list, x.named(part, kind, words)...)
		}
	}
	return list
}

// named are the entries of an id; of one kind where that is told.
func (x *explaining) named(id, kind string, words []whySpan) []whyEntry {
	var list []whyEntry
	var keys []string
	for _, w := range words {
		keys = append(keys, spell.Key(w.Words))
	}
	for _, e := range x.lex.Named(id) {
		k := strings.TrimSuffix(e.File, ".txt")
		if kind != "" && k != kind {
			continue
		}
		o := whyEntry{Kind: k, ID: id, Link: entryLink(k, id), Places: []whyPlace{}, Match: []string{}}
		for _, p := range x.shelf.book.Parts(k, id) {
			o.Places = append(o.Places, whyPlace{p.File, p.Line, p.User})
		}
		all := e.Words()
		// The words hold the value; of an inflected verb the value begins as they do.
		o.Match = append(o.Match, fitting(all, keys, func(words, value string) bool { return strings.Contains(words, value) })...)
		if len(o.Match) == 0 {
			o.Match = append(o.Match, fitting(all, keys, func(words, value string) bool { return strings.HasPrefix(value, words) })...)
		}
		for _, w := range all {
			if !slices.Contains(o.Match, w) {
				o.Values = append(o.Values, w)
			}
		}
		if n := 8; len(o.Values) > n {
			o.More = len(o.Values) - n
			o.Values = o.Values[:n]
		}
		list = append(list, o)
	}
	return list
}

// fitting are the values that fit one of the words, both as the lexicon
// compares them.
func fitting(values, keys []string, fits func(words, value string) bool) []string {
	var list []string
	for _, v := range values {
		first, _, _ := strings.Cut(v, ",")
		if k := spell.Key(first); k != "" && slices.ContainsFunc(keys, func(s string) bool { return s != "" && fits(s, k) }) {
			list = append(list, v)
		}
	}
	return list
}

// sentence adds the sentence around words, word by word.
func (x *explaining) sentence(s span.Span) {
	if s.Empty() {
		return
	}
	for i, z := range x.r.Words.Sentences {
		if !z.Span.Overlaps(s) {
			continue
		}
		for _, w := range x.r.Words.Of(i) {
			o := whyWord{Form: w.Form, Tag: w.Tag.String(), In: w.Span.Overlaps(s)}
			if w.Lemma != w.Form {
				o.Lemma = w.Lemma
			}
			x.Words = append(x.Words, o)
		}
		return
	}
}

func (d *Desk) apiWhy(w http.ResponseWriter, r *http.Request) {
	full, err := d.full(r.Context(), r.PathValue("id"))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	kind, id := review.Kind(r.URL.Query().Get("kind")), r.URL.Query().Get("finding")
	for _, k := range [...]review.Kind{review.Statement, review.Event, review.Entity, review.Mention, review.Time, review.Number, review.Loaded} {
		if k != kind {
			continue
		}
		for _, it := range full.Reviewed.Items(k) {
			if it.Target.ID == id {
				y, err := d.why(r.Context(), full, it.Target)
				if err != nil {
					d.refuse(w, r, err)
					return
				}
				d.answer(w, http.StatusOK, y)
				return
			}
		}
	}
	d.refuse(w, r, badForm("the report has no finding %s %q", kind, id))
}
