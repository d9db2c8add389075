package score

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/record"
)

// text is an article's text with its code points counted.
type text struct {
	s     string
	runes []rune
	at    []int32 // code points before each byte
}

func newText(s string) *text {
	x := &text{s: s, runes: []rune(s), at: make([]int32, len(s)+1)}
	n := int32(0)
	for i, r := range s {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(s[i:])
		}
		for j := i; j < i+size; j++ {
			x.at[j] = n
		}
		n++
	}
	x.at[len(s)] = n
	return x
}

func (x *text) span(i, n int) *span { return &span{int(x.at[i]), int(x.at[i+n])} }

// index returns the byte at which s stands at or behind from, -1 for nowhere.
func (x *text) index(s string, from int) int {
	if from > len(x.s) {
		return -1
	}
	i := strings.Index(x.s[from:], s)
	if i < 0 {
		return -1
	}
	return from + i
}

// next returns the byte of the code point behind the one at i.
func (x *text) next(i int) int {
	if i >= len(x.s) {
		return i + 1
	}
	_, n := utf8.DecodeRuneInString(x.s[i:])
	return i + n
}

// find returns the byte where s stands for the occ-th time from a byte on.
func (x *text) find(s string, occ, from int) int {
	if occ == 0 {
		occ = 1
	}
	i := -1
	for range occ {
		if i >= 0 {
			from = x.next(i)
		}
		if i = x.index(s, from); i < 0 {
			return -1
		}
	}
	return i
}

// cut quotes a span on one line.
func (x *text) cut(s span) string {
	a, b := clamp(s.start, len(x.runes)), clamp(s.end, len(x.runes))
	if b < a {
		b = a
	}
	return strings.ReplaceAll(string(x.runes[a:b]), "\n", " ⏎ ")
}

// clamp reads an index as a slice of n does that counts negative ones from the end.
func clamp(i, n int) int {
	if i < 0 {
		i += n
	}
	return min(max(i, 0), n)
}

// annotation is one file of the gold.
type annotation struct {
	Mentions []struct {
		Text   string
		Occ    int
		Type   *string
		Entity string
	}
	Times []struct {
		Text  string
		Occ   int
		Value *string
	}
	Numbers []struct {
		Text     string
		Occ      int
		Min, Max *float64
		Unit     *string
		Hedge    *string
	}
	Loaded []struct {
		Text   string
		Occ    int
		Entity *string
	}
	Statements []struct {
		ID          string
		First, Last string
		Occ         *int
		Speaker     *string
		SpeakerText *string `json:"speaker_text"`
		Via         []*string
	}
	Events []struct {
		Trigger          string
		Occ              int
		Type             string
		Mode             *string
		Actor, Recipient []*string
		Place, Date      *string
		Status           *string
		SaidBy           *string `json:"said_by"`
		Killed, Wounded  *int
	}
}

// fromAnnotation reads an annotation of the text.
func fromAnnotation(raw []byte, x *text) (*reading, error) {
	var g annotation
	if err := json.Unmarshal(raw, &g); err != nil {
		return nil, err
	}
	r := &reading{places: map[string][]span{}}
	at := func(s string, occ int) *span {
		if i := x.find(s, occ, 0); i >= 0 {
			return x.span(i, len(s))
		}
		return nil
	}
	for _, m := range g.Mentions {
		if s := at(m.Text, m.Occ); s != nil {
			r.mentions = append(r.mentions, mention{*s, m.Type})
			r.place(&m.Entity, s)
		}
	}
	for _, t := range g.Times {
		if s := at(t.Text, t.Occ); s != nil {
			r.times = append(r.times, timex{*s, t.Value})
		}
	}
	var all []number // with those whose words are not found: events point at them by index
	for _, n := range g.Numbers {
		all = append(all, number{at(n.Text, n.Occ), n.Min, n.Max, n.Unit, n.Hedge})
	}
	for _, n := range all {
		if n.at != nil {
			r.numbers = append(r.numbers, n)
		}
	}
	for _, l := range g.Loaded {
		if s := at(l.Text, l.Occ); s != nil {
			r.loaded = append(r.loaded, loaded{*s, l.Entity})
			r.place(l.Entity, s)
		}
	}
	from := 0
	for _, s := range g.Statements {
		var a int
		if s.Occ != nil {
			a = x.find(s.First, *s.Occ, 0)
		} else {
			a = x.find(s.First, 1, from)
		}
		if a < 0 {
			a = x.find(s.First, 1, 0)
		}
		if a < 0 {
			continue
		}
		b := x.find(s.Last, 1, a)
		if b < 0 {
			continue
		}
		from = a
		content := span{int(x.at[a]), int(x.at[b+len(s.Last)])}
		var words *span
		if s.SpeakerText != nil && *s.SpeakerText != "" {
			best := 0
			for i := x.index(*s.SpeakerText, 0); i >= 0; i = x.index(*s.SpeakerText, x.next(i)) {
				c := x.span(i, len(*s.SpeakerText))
				far := min(abs(c.start-content.start), abs(c.start-content.end))
				if words == nil || far < best {
					words, best = c, far
				}
			}
		}
		if s.Speaker != nil && *s.Speaker != "" {
			r.place(s.Speaker, words)
		}
		r.statements = append(r.statements, statement{s.ID, content, s.Speaker, s.Via})
	}
	size := func(i *int) (*number, error) {
		if i == nil {
			return nil, nil
		}
		if *i < 0 || *i >= len(all) {
			return nil, fmt.Errorf("an event points to number %d, there are %d", *i, len(all))
		}
		return &all[*i], nil
	}
	for _, e := range g.Events {
		s := at(e.Trigger, e.Occ)
		if s == nil {
			continue
		}
		killed, err := size(e.Killed)
		if err != nil {
			return nil, err
		}
		wounded, err := size(e.Wounded)
		if err != nil {
			return nil, err
		}
		r.events = append(r.events, event{at: *s, typ: e.Type, mode: e.Mode, place: e.Place, date: e.Date, status: e.Status, saidBy: e.SaidBy,
			actor: e.Actor, recipient: e.Recipient, killed: killed, wounded: wounded})
	}
	return r, nil
}

func abs(i int) int { return max(i, -i) }

// fromRecord takes a record of the text.
func fromRecord(d *record.Record, x *text) *reading {
	r := &reading{places: map[string][]span{}}
	if d.Document.Text != x.s {
		r.bad++
	}
	plainSpan := func(start, end int) *span {
		if start < 0 || start >= end || end > len(x.runes) {
			r.bad++
		}
		return &span{start, end}
	}
	sp := func(q *record.Quote) *span {
		if q == nil {
			return nil
		}
		a, b := clamp(q.Start, len(x.runes)), clamp(q.End, len(x.runes))
		if string(x.runes[a:max(a, b)]) != q.Text {
			r.bad++
		}
		return plainSpan(q.Start, q.End)
	}
	types := map[string]*string{}
	for i := range d.Entities {
		types[d.Entities[i].ID] = &d.Entities[i].Type
	}
	for i := range d.Mentions {
		m := &d.Mentions[i]
		s := sp(&m.Quote)
		r.place(&m.Entity, s)
		if m.Form == "name" {
			r.mentions = append(r.mentions, mention{*s, types[m.Entity]})
		}
		if m.Loaded {
			r.loaded = append(r.loaded, loaded{*s, &m.Entity})
		}
	}
	for i := range d.Loaded {
		l := &d.Loaded[i]
		s := sp(&l.Quote)
		r.loaded = append(r.loaded, loaded{*s, l.Entity})
		r.place(l.Entity, s)
	}
	for i := range d.Times {
		r.times = append(r.times, timex{*sp(&d.Times[i].Quote), &d.Times[i].Value})
	}
	for i := range d.Numbers {
		n := &d.Numbers[i]
		r.numbers = append(r.numbers, number{sp(&n.Quote), float(n.Min), float(n.Max), &n.Unit, &n.Hedge})
	}
	for i := range d.Statements {
		s := &d.Statements[i]
		if len(s.Content) == 0 {
			r.bad++
			continue
		}
		var content *span
		for _, c := range s.Content {
			p := plainSpan(c.Start, c.End)
			if content == nil {
				content = p
			}
			content.start, content.end = min(content.start, p.start), max(content.end, p.end)
		}
		if s.Speaker != nil {
			r.place(s.Speaker, sp(s.SpeakerSpan))
		} else {
			sp(s.SpeakerSpan)
		}
		st := statement{id: s.ID, at: *content, speaker: s.Speaker}
		for j := range s.Via {
			r.place(&s.Via[j].Entity, sp(s.Via[j].Span))
			st.via = append(st.via, &s.Via[j].Entity)
		}
		sp(s.Cue)
		r.statements = append(r.statements, st)
	}
	refs := func(list []record.Ref) (out []*string) {
		for i := range list {
			r.place(&list[i].Entity, sp(list[i].Span))
			out = append(out, &list[i].Entity)
		}
		return out
	}
	size := func(i *int) *number {
		if i == nil || *i < 0 || *i >= len(r.numbers) {
			return nil
		}
		return &r.numbers[*i]
	}
	for i := range d.Events {
		e := &d.Events[i]
		v := event{typ: e.Type, mode: e.Mode, status: &e.Status, saidBy: e.SaidBy, actor: refs(e.Actor), recipient: refs(e.Recipient),
			killed: size(e.Killed), wounded: size(e.Wounded)}
		if e.Place != nil {
			r.place(&e.Place.Entity, sp(e.Place.Span))
			v.place = &e.Place.Entity
		}
		if e.Date != nil {
			sp(e.Date.Span)
			v.date = &e.Date.Value
		}
		sp(e.Weapon)
		v.at = *sp(&e.Trigger)
		r.events = append(r.events, v)
	}
	return r
}

func float(i *int64) *float64 {
	if i == nil {
		return nil
	}
	f := float64(*i)
	return &f
}

// The error lists are written as the annotation project's script writes them:
// values in Python's notation, so that two lists can be compared line by line.

func plain(s *string) string {
	if s == nil {
		return "None"
	}
	return *s
}

func amount(f *float64) string {
	switch {
	case f == nil:
		return "None"
	case *f == math.Trunc(*f):
		return strconv.FormatFloat(*f, 'f', 0, 64)
	}
	return strconv.FormatFloat(*f, 'g', -1, 64)
}

func list(ids []*string) string {
	q := make([]string, len(ids))
	for i := range ids {
		q[i] = quote(ids[i])
	}
	return "[" + strings.Join(q, ", ") + "]"
}

func quote(s *string) string {
	if s == nil {
		return "None"
	}
	q := "'"
	if strings.Contains(*s, "'") && !strings.Contains(*s, `"`) {
		q = `"`
	}
	var b strings.Builder
	b.WriteString(q)
	for _, r := range *s {
		switch {
		case string(r) == q || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == ' ' || unicode.IsGraphic(r) && !unicode.Is(unicode.Z, r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteString(q)
	return b.String()
}
