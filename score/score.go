// Package score compares readings of reports with annotated ones and gives
// precision, recall and F1 for each layer of the record.
//
// It counts exactly as the annotation project's own script does, so that its
// figures may be laid beside published ones: greedy one-to-one matching, best
// pairs first, spans in code points; mentions by their exact span, times,
// numbers and loaded wording by overlap of a half, statements by overlap of
// their content, events by type and overlap of their trigger. Two entities are
// one where they share a place in the text, whatever their ids.
package score

import (
	"fmt"
	"sort"
	"strings"
)

// Layers are the layers of a score, in the order they are printed.
var Layers = []string{"mentions", "mentions_typed", "times", "times_value", "numbers", "statements", "statements_speaker",
	"statements_via", "events", "events_status", "events_args", "loaded"}

// Headline are the layers whose mean F1 is the one figure.
var Headline = []string{"mentions_typed", "times_value", "numbers", "statements_speaker", "statements_via", "events", "events_args", "loaded"}

// Rates are the layers that count errors, for which lower is better.
var Rates = []string{"false_facts", "claims_as_facts"}

// span is a half-open range of code points.
type span struct{ start, end int }

type (
	mention struct {
		at  span
		typ *string
	}
	timex struct {
		at    span
		value *string
	}
	number struct {
		at       *span // nil where the annotation's words are not in the text
		min, max *float64
		unit     *string
		hedge    *string
	}
	loaded struct {
		at     span
		entity *string
	}
	statement struct {
		id      string
		at      span
		speaker *string
		via     []*string
	}
	event struct {
		at                                span
		typ                               string
		mode, place, date, status, saidBy *string
		actor, recipient                  []*string
		killed, wounded                   *number
	}
)

// reading is one article's reading in a form that annotations and records share.
type reading struct {
	mentions   []mention
	times      []timex
	numbers    []number
	loaded     []loaded
	statements []statement
	events     []event
	places     map[string][]span // of each entity
	bad        int               // spans that do not match the text
}

func (r *reading) place(entity *string, s *span) {
	if entity != nil && s != nil {
		r.places[*entity] = append(r.places[*entity], *s)
	}
}

func overlap(a, b span) int { return max(0, min(a.end, b.end)-max(a.start, b.start)) }

func iou(a, b span) float64 {
	o := overlap(a, b)
	if o == 0 {
		return 0
	}
	return float64(o) / float64((a.end-a.start)+(b.end-b.start)-o)
}

type pair struct{ g, s int }

// match pairs greedily, best first; pairs that score 0 do not match.
func match(gold, read int, score func(g, s int) float64) []pair {
	type scored struct {
		v float64
		pair
	}
	var all []scored
	for g := range gold {
		for s := range read {
			if v := score(g, s); v > 0 {
				all = append(all, scored{v, pair{g, s}})
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].v > all[j].v })
	usedG, usedS := make([]bool, gold), make([]bool, read)
	var out []pair
	for _, p := range all {
		if !usedG[p.g] && !usedS[p.s] {
			usedG[p.g], usedS[p.s] = true, true
			out = append(out, p.pair)
		}
	}
	return out
}

func keep(pairs []pair, ok func(g, s int) bool) []pair {
	var out []pair
	for _, p := range pairs {
		if ok(p.g, p.s) {
			out = append(out, p)
		}
	}
	return out
}

// same reports whether the gold entity and the read entity are one.
func same(G, S *reading, g, s *string) bool {
	if g == nil || s == nil {
		return g == nil && s == nil
	}
	if len(G.places[*g]) == 0 { // only described in the gold: any read entity that is none of the named ones will do
		for _, m := range G.mentions {
			for _, b := range S.places[*s] {
				if overlap(m.at, b) > 0 {
					return false
				}
			}
		}
		return true
	}
	for _, a := range G.places[*g] {
		for _, b := range S.places[*s] {
			if overlap(a, b) > 0 {
				return true
			}
		}
	}
	return false
}

func someSame(G, S *reading, gs, ss []*string) bool {
	if len(gs) == 0 || len(ss) == 0 {
		return len(gs) == len(ss)
	}
	for _, g := range gs {
		for _, s := range ss {
			if same(G, S, g, s) {
				return true
			}
		}
	}
	return false
}

func equal[T comparable](a, b *T) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

func value(v *string) string {
	if v == nil {
		return ""
	}
	return strings.TrimRight(*v, "~")
}

// tally counts one layer.
type tally struct{ hit, gold, read int }

// Scorer adds up the scores of articles.
type Scorer struct {
	Errors   string   // the layer whose misses (-) and inventions (+) are listed
	Listed   []string // they, a line each
	Articles int
	Bad      int // spans that do not match the text

	order []string
	tally map[string]*tally
}

func (c *Scorer) of(layer string) *tally {
	if c.tally == nil {
		c.tally = map[string]*tally{}
	}
	t := c.tally[layer]
	if t == nil {
		t = &tally{}
		c.tally[layer] = t
		c.order = append(c.order, layer)
	}
	return t
}

func (c *Scorer) add(id, layer string, gold, read int, pairs []pair, goldText, readText func(int) string) {
	t := c.of(layer)
	t.hit += len(pairs)
	t.gold += gold
	t.read += read
	if layer != c.Errors {
		return
	}
	g, s := make([]bool, gold), make([]bool, read)
	for _, p := range pairs {
		g[p.g], s[p.s] = true, true
	}
	for i := range g {
		if !g[i] {
			c.Listed = append(c.Listed, id+" - "+goldText(i))
		}
	}
	for i := range s {
		if !s[i] {
			c.Listed = append(c.Listed, id+" + "+readText(i))
		}
	}
}

// article scores one article's reading.
func (c *Scorer) article(id string, x *text, G, S *reading) {
	c.Articles++
	c.Bad += S.bad

	exact := func(g, s int) float64 {
		if G.mentions[g].at == S.mentions[s].at {
			return 1
		}
		return 0
	}
	loose := func(a, b span) float64 {
		if v := iou(a, b); v >= 0.5 {
			return v
		}
		return 0
	}
	men := func(r *reading) func(int) string {
		return func(i int) string { return fmt.Sprintf("%s (%s,)", x.cut(r.mentions[i].at), quote(r.mentions[i].typ)) }
	}
	p := match(len(G.mentions), len(S.mentions), exact)
	c.add(id, "mentions", len(G.mentions), len(S.mentions), p, men(G), men(S))
	p = keep(p, func(g, s int) bool { return equal(G.mentions[g].typ, S.mentions[s].typ) })
	c.add(id, "mentions_typed", len(G.mentions), len(S.mentions), p, men(G), men(S))

	tim := func(r *reading) func(int) string {
		return func(i int) string { return fmt.Sprintf("%s (%s,)", x.cut(r.times[i].at), quote(r.times[i].value)) }
	}
	p = match(len(G.times), len(S.times), func(g, s int) float64 { return loose(G.times[g].at, S.times[s].at) })
	c.add(id, "times", len(G.times), len(S.times), p, tim(G), tim(S))
	p = keep(p, func(g, s int) bool { return value(G.times[g].value) == value(S.times[s].value) })
	c.add(id, "times_value", len(G.times), len(S.times), p, tim(G), tim(S))

	num := func(r *reading) func(int) string {
		return func(i int) string {
			n := r.numbers[i]
			return fmt.Sprintf("%s (%s, %s, %s, %s)", x.cut(*n.at), amount(n.min), amount(n.max), quote(n.unit), quote(n.hedge))
		}
	}
	p = match(len(G.numbers), len(S.numbers), func(g, s int) float64 { return loose(*G.numbers[g].at, *S.numbers[s].at) })
	p = keep(p, func(g, s int) bool {
		a, b := G.numbers[g], S.numbers[s]
		return equal(a.min, b.min) && equal(a.max, b.max) && equal(a.unit, b.unit) && equal(a.hedge, b.hedge)
	})
	c.add(id, "numbers", len(G.numbers), len(S.numbers), p, num(G), num(S))

	loa := func(r *reading) func(int) string {
		return func(i int) string { return fmt.Sprintf("%s (%s,)", x.cut(r.loaded[i].at), quote(r.loaded[i].entity)) }
	}
	p = match(len(G.loaded), len(S.loaded), func(g, s int) float64 { return loose(G.loaded[g].at, S.loaded[s].at) })
	p = keep(p, func(g, s int) bool { return same(G, S, G.loaded[g].entity, S.loaded[s].entity) })
	c.add(id, "loaded", len(G.loaded), len(S.loaded), p, loa(G), loa(S))

	sta := func(r *reading) func(int) string {
		return func(i int) string {
			s := r.statements[i]
			content := []rune(x.cut(s.at))
			return fmt.Sprintf("[%s via %s] %s", plain(s.speaker), list(s.via), string(content[:min(len(content), 160)]))
		}
	}
	ng, ns := len(G.statements), len(S.statements)
	found := match(ng, ns, func(g, s int) float64 { return loose(G.statements[g].at, S.statements[s].at) })
	c.add(id, "statements", ng, ns, found, sta(G), sta(S))
	speaker := keep(found, func(g, s int) bool { return same(G, S, G.statements[g].speaker, S.statements[s].speaker) })
	c.add(id, "statements_speaker", ng, ns, speaker, sta(G), sta(S))
	via := keep(speaker, func(g, s int) bool {
		a, b := G.statements[g].via, S.statements[s].via
		for i := range a {
			if len(a) != len(b) || !same(G, S, a[i], b[i]) {
				return false
			}
		}
		return len(a) == len(b)
	})
	c.add(id, "statements_via", ng, ns, via, sta(G), sta(S))
	byID := map[string]string{}
	for _, p := range found {
		byID[G.statements[p.g].id] = S.statements[p.s].id
	}

	eve := func(e *event) string {
		mode := plain(e.mode)
		return fmt.Sprintf("%s/%s «%s» %s→%s @%s %s %s by %s", e.typ, mode, x.cut(e.at), list(e.actor), list(e.recipient), plain(e.place), plain(e.date), plain(e.status), plain(e.saidBy))
	}
	evt := func(r *reading) func(int) string { return func(i int) string { return eve(&r.events[i]) } }
	ng, ns = len(G.events), len(S.events)
	events := match(ng, ns, func(g, s int) float64 {
		a, b := &G.events[g], &S.events[s]
		if overlap(a.at, b.at) == 0 || a.typ != b.typ {
			return 0
		}
		return 1 + iou(a.at, b.at)
	})
	c.add(id, "events", ng, ns, events, evt(G), evt(S))
	status := keep(events, func(g, s int) bool { return equal(G.events[g].status, S.events[s].status) })
	c.add(id, "events_status", ng, ns, status, evt(G), evt(S))
	args := keep(status, func(g, s int) bool {
		a, b := &G.events[g], &S.events[s]
		return someSame(G, S, a.actor, b.actor) && someSame(G, S, a.recipient, b.recipient)
	})
	c.add(id, "events_args", ng, ns, args, evt(G), evt(S))
	c.truth(id, G, S, events, eve)
	c.details(G, S, events, byID)
}

// truth counts, of the events that were found, those told as more than they are.
func (c *Scorer) truth(id string, G, S *reading, events []pair, text func(*event) string) {
	rate := func(layer string, g *event, wrong bool) {
		t := c.of(layer)
		t.gold++
		t.read++
		if wrong {
			t.hit++
			if layer == c.Errors {
				c.Listed = append(c.Listed, id+" ! "+text(g))
			}
		}
	}
	for _, p := range events {
		g, s := &G.events[p.g], &S.events[p.s]
		switch plain(g.status) {
		case "future", "hypothetical", "negated":
			st := plain(s.status)
			rate("false_facts", g, st == "happened" || st == "ongoing")
		}
		if g.saidBy != nil && *g.saidBy != "" {
			rate("claims_as_facts", g, s.saidBy == nil)
		}
	}
}

// details counts how often each part of the events that were found is right.
func (c *Scorer) details(G, S *reading, events []pair, byID map[string]string) {
	size := func(a, b *number) bool {
		if a == nil || b == nil {
			return a == nil && b == nil
		}
		return equal(a.min, b.min) && equal(a.max, b.max)
	}
	for _, d := range []struct {
		name string
		ok   func(g, s *event) bool
	}{
		{"place", func(g, s *event) bool { return same(G, S, g.place, s.place) }},
		{"date", func(g, s *event) bool { return value(g.date) == value(s.date) }},
		{"said_by", func(g, s *event) bool {
			if g.saidBy == nil || *g.saidBy == "" {
				return s.saidBy == nil
			}
			id, ok := byID[*g.saidBy]
			return ok && s.saidBy != nil && id == *s.saidBy || !ok && s.saidBy == nil
		}},
		{"killed", func(g, s *event) bool { return size(g.killed, s.killed) }},
		{"wounded", func(g, s *event) bool { return size(g.wounded, s.wounded) }},
		{"mode", func(g, s *event) bool { return equal(g.mode, s.mode) }},
	} {
		t := c.of("event." + d.name)
		for _, p := range events {
			t.gold++
			t.read++
			if d.ok(&G.events[p.g], &S.events[p.s]) {
				t.hit++
			}
		}
	}
}
