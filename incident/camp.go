package incident

import (
	"slices"
	"strings"

	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/record"
)

// bodies says to which states the armies, ministries and groups of the lexicon belong.
type bodies struct {
	parent map[string]string // id → that of the body or state it is a part of
	typ    map[string]string
	state  map[string]string // ISO 3166-1 code → id of the state
}

func bodiesOf(l *lexicon.Lexicon) bodies {
	b := bodies{map[string]string{}, map[string]string{}, map[string]string{}}
	for _, e := range l.File("actors") {
		b.typ[e.ID] = e.Get("type")
		if in := e.Get("in"); in != "" {
			b.parent[e.ID] = in
		}
		if iso := e.Get("iso"); iso != "" {
			b.state[iso] = e.ID
		}
	}
	return b
}

// camp is for whom a body acts: its state, or itself for an armed group, even one that
// stands under a state.
func (b bodies) camp(id string) string {
	for range 10 {
		if b.typ[id] == "GRP" || b.parent[id] == "" {
			break
		}
		id = b.parent[id]
	}
	return id
}

// akin says whether one of two camps belongs to the other.
func (b bodies) akin(v, w string) bool {
	for _, two := range [][2]string{{v, w}, {w, v}} {
		id := two[0]
		for range 10 {
			if id == two[1] {
				return true
			}
			if id = b.parent[id]; id == "" {
				break
			}
		}
	}
	return false
}

// campOf returns the camp of somebody whom a report names or describes, "" where
// nothing says whose he is: «نیروهای اسرائیل» is Israel's, «ارتش» that of the land.
func (b *builder) campOf(a *account, r record.Ref) string {
	x, w := a.doc, b.data
	e := x.entity[r.Entity]
	if e == nil || e.Type != "STATE" && e.Type != "GRP" && e.Type != "ORG" && e.Type != "PER" {
		return ""
	}
	if r.Span != nil {
		s := x.sentenceAt(r.Span.Start)
		i := slices.IndexFunc(s.tokens, func(t token) bool { return t.end > r.Span.Start })
		if w.has("outlaws", s.tokens[max(0, i-2):max(0, i)]) || w.has("outlaws", tokensIn(s.tokens, r.Span.Start, r.Span.End)) {
			return "" // «دزدان دریایی سومالی» are nobody's forces
		}
	}
	if !strings.HasPrefix(e.ID, "~") {
		if w.bodies.typ[e.ID] == "" || e.Type == "PER" {
			return ""
		}
		return w.bodies.camp(e.ID)
	}
	id := strings.TrimPrefix(e.ID, "~")
	for i := range id {
		if id[i] == '-' && w.bodies.typ[id[:i]] == "STATE" {
			return id[:i]
		}
	}
	list := tokensOf(e.Name)
	if w.has("speaker", list) {
		return "" // «سخنگوی ارتش» tells of it
	}
	if r.Span != nil && w.has("this-land", list) { // «وزارت دفاع روسیه … نیروهای مسلح این کشور»
		camp := ""
		for _, m := range x.Record.Mentions {
			if o := x.entity[m.Entity]; o != nil && m.Start >= x.sentenceAt(r.Span.Start).start && m.End <= r.Span.Start && w.bodies.typ[o.ID] != "" {
				if c := w.bodies.camp(o.ID); w.bodies.typ[c] == "STATE" {
					camp = c
				}
			}
		}
		return camp
	}
	for _, t := range list {
		for _, m := range x.Record.Mentions {
			if o := x.entity[m.Entity]; o != nil && w.bodies.typ[o.ID] != "" && r.Span != nil && keyOf(m.Text) == t.key {
				return w.bodies.camp(o.ID)
			}
		}
	}
	if w.has("home-forces", list[:min(1, len(list))]) {
		for _, p := range append(slices.Clone(a.main), a.areas...) {
			if s := w.bodies.state[p.country]; s != "" {
				return s
			}
		}
	}
	return ""
}

// did are the camps of which an account says that they did it, the most often named first.
type did struct {
	camp       string
	n          int
	start, end int
	lead       bool // in the first three sentences
}

func (b *builder) did(a *account) []did {
	x, w := a.doc, b.data
	var out, plain []did
	put := func(camp string, start, end int) {
		if camp == "" {
			return
		}
		lead := x.sentenceAt(start).start <= x.sentences[min(2, len(x.sentences)-1)].start
		for i := range out {
			if out[i].camp == camp {
				out[i].n++
				return
			}
		}
		out = append(out, did{camp, 1, start, end, lead})
	}
	for _, s := range a.scenes {
		if s.unreal != "" || w.has("background", s.tokens) || w.has("standing", s.tokens) {
			continue
		}
		for _, c := range s.acts {
			if c.event == nil || !c.real || c.kind != "violence" && c.kind != "abduction" && c.kind != "seizure" {
				continue
			}
			for _, r := range c.event.Actor {
				if r.Span != nil {
					put(b.campOf(a, r), r.Span.Start, r.Span.End)
				}
			}
		}
		if s.denied {
			continue
		}
		plain, out = out, plain                          // what is said outright goes before who is named beside the act
		for _, r := range w.find("its-work", s.tokens) { // «کار اسرائیل بود», «سپاه پشت این حمله بود»
			from, to := s.tokens[max(0, r[0]-4)].start, s.tokens[min(len(s.tokens)-1, r[1]+1)].end
			for _, m := range x.Record.Mentions {
				if m.Start >= from && m.End <= to {
					put(b.campOf(a, record.Ref{Entity: m.Entity, Span: &m.Quote}), m.Start, m.End)
				}
			}
		}
		plain, out = out, plain
	}
	if len(plain) > 0 {
		out = plain
	}
	slices.SortStableFunc(out, func(p, q did) int { return q.n - p.n })
	return out
}

// doers finds where reports name other camps for one act. A report that names both
// takes no side.
func (b *builder) doers() {
	if len(b.in.Kinds) == 0 || !slices.Contains([]string{"violence", "abduction", "seizure"}, b.in.Kinds[0]) {
		return
	}
	var sides []Value
	all := map[string][]string{}
	for _, a := range b.members() {
		list := b.did(a)
		for _, d := range list {
			all[a.doc.ID] = append(all[a.doc.ID], d.camp)
		}
		if len(list) == 0 || list[0].n < 2 && !list[0].lead {
			continue // named once and in passing
		}
		d := list[0]
		i := slices.IndexFunc(sides, func(v Value) bool { return v.ID == d.camp })
		if i < 0 {
			sides, i = append(sides, Value{ID: d.camp}), len(sides)
		}
		name := sides[i].Value
		if name == "" {
			name = a.doc.name(d.camp)
			if name == d.camp { // the report names a part of it alone
				name = a.doc.quote(d.start, d.end).Text
			}
		}
		b.side(&sides[i], name, a, d.start, d.end)
	}
	for i := range sides {
		sides[i].Origins = b.count(sides[i].claims)
	}
	b.rival(Actor, "", sides, func(v, w Value) bool {
		if b.data.bodies.akin(v.ID, w.ID) {
			return false
		}
		for _, r := range v.Reports {
			for _, q := range w.Reports {
				near := func(of string) func(string) bool { return func(c string) bool { return b.data.bodies.akin(c, of) } }
				if !slices.ContainsFunc(all[r], near(w.ID)) && !slices.ContainsFunc(all[q], near(v.ID)) {
					return true
				}
			}
		}
		return false
	}, "each names another")
}
