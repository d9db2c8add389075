// Package said attributes: who says what, by which cue, through which chain
// of outlets and sources.
//
// It reads the words, names and times of a report and writes its statements.
// Its law: a stretch of text is a statement only where a cue of the lexicon
// stands, and its content, speaker and chain are words of the text. In
//
//	به گزارش رویترز، سخنگوی پلیس گفت دو نفر کشته شدند.
//
// the cue is «گفت», the speaker «سخنگوی پلیس», the content «دو نفر کشته شدند»
// and the chain Reuters.
package said

import (
	"fmt"
	"slices"
	"sort"

	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/refer"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

// doc is the reading of one report.
type doc struct {
	a   *Attributor
	r   *report.Report
	ref *refer.Resolver
	w   []word.Word

	tagged  bool    // the words carry a tagger's ezafe
	close   []int   // for an opening quotation mark the index of its closing one, -1 for none; 0 for other words
	openOf  []int   // for a closing quotation mark 1+ the index of its opening one; 0 for other words
	time    []int   // for a word of a time expression the index behind it; 0 for others
	timeOf  []int   // 1+ the index into r.Times
	mention []ment  // the name that covers a word
	line    []int   // for each sentence the sentence behind the last one of its line
	hits    [][]hit // the cues of each sentence, found when asked for
	found   []bool  // which were
	buf     []lexicon.Match

	out   []made
	stack []int // statements whose content may still be open, indexes into out

	chain   []report.Ref            // what the opening «به گزارش X» governs
	local   []report.Ref            // outlets that only the last speaker's statements came through
	lone    bool                    // they stand in the place of the chain
	voice   map[string]bool         // the entities that this speaker was
	heard   []heard                 // who else spoke to an outlet of his own
	through map[string][]report.Ref // the chain through which an outlet was quoted
	aside   bool                    // the sentence tells the background: it does not come through the chain
	opens   bool                    // the sentence names its source itself
	listing bool                    // the report lists the headlines of outlets
	last    report.Ref              // the outlet that «این گزارش» means
	outlets map[string]string       // outlets met in this report that no lexicon knows: key of the last word → entity
	outlet  map[string]bool         // entities that spoke as outlets
	house   map[string]bool         // entities that mean the publisher
	pub     string                  // key by which the publisher is known in the text
}

// ment is a name as a word sees it.
type ment struct {
	last   int // index behind it; 0 where there is none
	entity string
	typ    report.Type
}

// heard is a speaker and the outlets that his statements came through.
type heard struct {
	entity, name string
	local        []report.Ref
	lone         bool
}

// made is a statement with the words of its content.
type made struct {
	report.Statement
	first, last int // Words[first:last]
	speaker     np
}

// Attribute returns the statements of the report in text order.
// It reads every layer but the events.
func (a *Attributor) Attribute(r *report.Report, ref *refer.Resolver) []report.Statement {
	d := &doc{a: a, r: r, ref: ref, w: r.Words.Words}
	if len(d.w) == 0 {
		return nil
	}
	d.prepare()
	for s := range r.Words.Sentences {
		d.headlines(s)
		d.sentence(s)
	}
	sort.SliceStable(d.out, func(i, j int) bool {
		x, y := d.out[i], d.out[j]
		if x.first != y.first {
			return x.first < y.first
		}
		return x.last > y.last
	})
	var out []report.Statement
	for i := range d.out {
		st := d.out[i].Statement
		if len(out) > 0 && slices.Equal(out[len(out)-1].Content, st.Content) {
			continue
		}
		st.ID = fmt.Sprintf("s%d", len(out)+1)
		out = append(out, st)
	}
	return out
}

// Covering returns the innermost statement whose content covers s, nil for none.
func Covering(list []report.Statement, s span.Span) *report.Statement {
	var best *report.Statement
	size := 0
	for i := range list {
		for _, c := range list[i].Content {
			if c.Start > s.Start {
				break
			}
			if n := c.End - c.Start; s.End <= c.End && (best == nil || n < size) {
				best, size = &list[i], n
			}
		}
	}
	return best
}

// prepare lays out what is asked of each word.
func (d *doc) prepare() {
	n := len(d.w)
	d.close, d.openOf = make([]int, n), make([]int, n)
	d.time, d.timeOf = make([]int, n), make([]int, n)
	d.mention = make([]ment, n)
	types := make(map[string]report.Type, len(d.r.Entities))
	for i := range d.r.Entities {
		types[d.r.Entities[i].ID] = d.r.Entities[i].Type
	}
	for _, m := range d.r.Mentions {
		for k := max(m.First, 0); k < m.Last && k < n; k++ {
			d.mention[k] = ment{m.Last, m.Entity, types[m.Entity]}
		}
	}
	for i, t := range d.r.Times {
		for k := max(t.First, 0); k < t.Last && k < n; k++ {
			d.time[k], d.timeOf[k] = t.Last, i+1
		}
	}
	var stack []int
	for i := range d.w {
		d.tagged = d.tagged || d.w[i].Ezafe
		if i > 0 && d.w[i].Line != d.w[i-1].Line {
			stack = stack[:0]
		}
		if d.w[i].Tag != word.PUNCT {
			continue
		}
		switch k := d.w[i].Form; k {
		case "«", "“", "‹":
			d.close[i] = -1
			stack = append(stack, i)
		case "»", "”", "›":
			if len(stack) > 0 {
				o := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				d.close[o], d.openOf[i] = i, o+1
			}
		case "\"":
			if len(stack) > 0 && d.w[stack[len(stack)-1]].Form == "\"" {
				o := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				d.close[o], d.openOf[i] = i, o+1
			} else {
				d.close[i] = -1
				stack = append(stack, i)
			}
		}
	}
	ss := d.r.Words.Sentences
	d.line = make([]int, len(ss))
	for s := len(ss) - 1; s >= 0; s-- {
		d.line[s] = s + 1
		if s+1 < len(ss) && d.w[ss[s+1].First].Line == d.w[ss[s].Last-1].Line {
			d.line[s] = d.line[s+1]
		}
	}
	d.hits, d.found = make([][]hit, len(ss)), make([]bool, len(ss))
	d.pub = publisherKey(d.r.Outlet)
	d.house, d.outlets, d.voice = map[string]bool{}, map[string]string{}, map[string]bool{}
	d.outlet = map[string]bool{}
	d.through = map[string][]report.Ref{}
	if d.r.OutletID != "" {
		d.house[d.r.OutletID] = true
	}
}

// quote says whether the word at i opens (1) or closes (2) a quotation.
func (d *doc) quote(i int) int {
	switch {
	case d.close[i] != 0:
		return 1
	case d.openOf[i] != 0:
		return 2
	}
	return 0
}

// cues returns the cues of sentence s.
func (d *doc) cues(s int) []hit {
	if !d.found[s] {
		st := d.r.Words.Sentences[s]
		d.hits[s], d.found[s] = d.find(st.First, st.Last), true
	}
	return d.hits[s]
}

// sentence reads the statements of sentence s.
func (d *doc) sentence(s int) {
	st := d.r.Words.Sentences[s]
	lo, hi := st.First, st.Last
	for len(d.stack) > 0 && d.out[d.stack[len(d.stack)-1]].last <= lo {
		d.stack = d.stack[:len(d.stack)-1]
	}
	if len(d.stack) == 0 {
		lo = d.dateline(lo, hi)
	}
	if lo >= hi {
		return
	}
	if d.r.Title != "" && d.w[lo].Line == 0 && d.title(lo, hi) {
		return
	}
	hits := d.cues(s)
	opened, body, src := false, lo, []report.Ref(nil)
	if len(d.stack) == 0 || d.out[d.stack[len(d.stack)-1]].first > lo {
		opened, body, src = d.opening(lo, hi)
	}
	d.opens, d.aside = opened, !opened && len(d.stack) == 0 && d.background(lo, hi)
	before := len(d.out)
	prev := np{}
	from := body
	main := false
	for k := range hits {
		h := &hits[k]
		if h.first < body {
			continue
		}
		for len(d.stack) > 0 && d.out[d.stack[len(d.stack)-1]].last <= h.first {
			d.stack = d.stack[:len(d.stack)-1]
		}
		nested := len(d.stack) > 0
		if !h.sub && !nested && (h.verb >= 0 || d.a.cues[h.cue].frame == open) {
			main = main || !h.negative || len(src) == 0 || d.house[src[len(src)-1].Entity]
		}
		if h.negative && (h.first == 0 || d.w[h.first-1].Key != "بعید") { // «… را بعید ندانست»
			continue
		}
		start := from
		if n := len(d.out); n > before && !nested && d.out[n-1].first >= start && d.out[n-1].last <= h.first {
			start = d.out[n-1].last // behind what was said before
		}
		if nested {
			start = max(start, d.out[d.stack[len(d.stack)-1]].first)
		}
		n := len(d.out)
		d.read(s, hits, k, start, hi, prev)
		if len(d.out) > n {
			m := d.out[len(d.out)-1]
			if d.a.cues[h.cue].frame == according && !h.sub && h.first <= body+1 {
				main = true // «به گزارش رویترز، به گفته وزیر، …»
			}
			if !nested || m.speaker.last > 0 {
				prev = m.speaker
			}
			if !h.sub {
				from = max(from, h.last)
				switch d.a.cues[h.cue].frame {
				case participle:
					from = max(from, m.last)
				case open:
					from = max(from, d.after(h.verb))
				}
			}
		}
	}
	if len(d.out) == before && !opened && len(d.stack) == 0 {
		d.relays(lo, hi)
	}
	if opened && len(src) > 0 && (!main || len(d.out) == before && d.closed(body, hi) && !d.house[src[len(src)-1].Entity]) {
		d.opened(lo, body, hi, src, before)
		d.talked(body, hi)
	}
}
