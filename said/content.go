package said

import (
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

// read reads the cue hits[k] of sentence s into a statement, where it is one.
// from is where its clause may begin, hi the end of the sentence, prev the
// last speaker of the sentence.
func (d *doc) read(s int, hits []hit, k, from, hi int, prev np) {
	h := &hits[k]
	c := &d.a.cues[h.cue]
	from = d.clauseStart(from, h.first)
	switch c.frame {
	case participle:
		end := d.participleEnd(hits, k, hi)
		if len(d.stack) > 0 && !d.ledTo(hits, k) && h.first > from && d.w[h.first-1].Key != "،" {
			return // «مقابله با تهدید سخت»
		}
		sp, ok := d.subject(from, h.first, d.tagged)
		if !ok && prev.last > 0 {
			sp, ok = prev, true
		}
		if !ok && h.sub {
			return
		}
		if !ok { // «با بیان اینکه …، وزیر گفت»
			if k+1 < len(hits) {
				sp, ok = d.subject(end, hits[k+1].first, false)
			}
			if !ok {
				return
			}
		}
		i := h.last
		if d.w[i-1].Key != "اینکه" && i < hi && (d.w[i].Key == "اینکه" || d.w[i].Key == "که") {
			i++
		}
		d.add(s, h, c, sp, i, end, false, from)
		return
	case according:
		d.according(s, h, c, from, hi)
		return
	case noun:
		sp, ok := d.subject(h.first+1, h.last, false)
		if !ok {
			return
		}
		d.add(s, h, c, sp, h.end, d.clauseEnd(h.end, hi), false, from)
		return
	case impersonal:
		if h.sub || h.first > 0 && d.w[h.first-1].Key == "که" || !d.startsClause(from, h.first) {
			return
		}
		h.end = h.last
		i, j, q := d.following(s, hits, k, hi)
		d.add(s, h, c, np{}, i, j, q, from)
		return
	case open:
		sp, ok := d.subject(from, h.first, d.tagged)
		if st := stem(&d.w[h.verb]); c.act == report.Accuse && (st == "شد" || st == "بود") {
			if sp, ok = d.agent(from, h.first); !ok {
				return
			}
		}
		if !ok && prev.last > 0 {
			sp, ok = prev, true
		}
		if !ok && h.sub {
			sp, ok = d.antecedent(from)
		}
		if !ok && sp.last == 0 {
			return
		}
		// «خواستار توضیح کشورهایی شد که …» goes on behind the verb
		i, j := h.last, d.first(h.verb)
		if e := d.after(h.verb); e < hi && d.w[e].Key == "که" {
			j = d.sentenceEnd(s, hits, k, e, hi)
			if n := d.first(h.verb) - i; n <= 1 || n == 2 && d.w[i].Key == "این" { // «خواستار آن شد که …»
				i = e + 1
			}
		}
		h.end = max(h.end, i)
		d.add(s, h, c, sp, i, j, false, from)
		return
	case document:
		d.document(s, hits, k, from, hi)
		return
	}

	// a verb: which of its frames does the clause fill?
	byFrame := func(f frame) *cue {
		for _, x := range h.all {
			if d.a.cues[x].frame == f {
				return &d.a.cues[x]
			}
		}
		return nil
	}
	next := d.next(h.end, hi)
	cl := byFrame(clause)
	if cl != nil && cl.by != nil && !d.has(from, h.first, cl.by) {
		cl = nil
	}
	if h.sub && next == nextComma || next == nextThat && d.meanwhile(from, h.first) {
		next = nextEnd
	}
	if ra := d.ra(from, h.first); cl != nil && next == nextThat && ra > from && ra == h.first-1 && (cl.explicit || d.w[ra-1].Indef || ra-2 >= from && d.w[ra-2].Indef) && !d.w[ra-1].Ezafe || cl != nil && next == nextThat && ra > from && h.first-ra > 3 && byFrame(judge) != nil {
		cl, next = nil, nextEnd // «طرحی را پیشنهاد کرد که …»
	}
	if cl != nil && (next == nextColon || next == nextQuote || next == nextThat) {
		d.clause(s, hits, k, cl, from, hi, prev)
		return
	}
	if cl != nil && cl.explicit {
		cl = nil
	}
	if cl != nil && next == nextBare && d.clauseLike(h.end, hi) {
		d.clause(s, hits, k, cl, from, hi, prev)
		return
	}
	if ra := d.ra(from, h.first); ra >= 0 && (ra == from || d.w[ra-1].Key != "خود") {
		if x := byFrame(judge); x != nil && h.first-ra > 1 && (x.by == nil || d.has(ra, h.first, x.by)) {
			end := h.first
			if next == nextThat { // «… توصیف کرد که …»
				end = hi
			}
			d.thing(s, h, x, from, end, prev)
			return
		}
		if x := byFrame(object); x != nil {
			d.thing(s, h, x, from, ra, prev)
			return
		}
	}
	if x := byFrame(prep); x != nil && next != nextBare {
		if d.behind(s, h, x, from, prev) {
			return
		}
	}
	if cl != nil && (next == nextComma || next == nextBare) && d.clauseLike(d.skip(h.end, hi), hi) {
		d.clause(s, hits, k, cl, from, hi, prev)
		return
	}
	if x := byFrame(prep); x != nil && next == nextBare {
		if d.behind(s, h, x, from, prev) {
			return
		}
	}
	if cl != nil && next == nextEnd && !h.sub {
		d.before(s, h, cl, from, prev)
	}
}

// meanwhile reports whether «در حالی» stands in Words[i:j] with its «که» still
// to come: «در حالی از حمله خبر داد که …».
func (d *doc) meanwhile(i, j int) bool {
	for ; i < j; i++ {
		k := d.w[i].Key
		if k == "درحالی" || k == "حالی" && i > 0 && d.w[i-1].Key == "در" {
			return i+1 >= j || d.w[i+1].Key != "که"
		}
	}
	return false
}

// What follows a cue.
type following int

const (
	nextEnd following = iota
	nextColon
	nextThat
	nextQuote
	nextComma
	nextBare
)

func (d *doc) next(i, hi int) following {
	if i >= hi {
		if i < len(d.w) && i > 0 && d.w[i].Line == d.w[i-1].Line && d.quote(i) == 1 {
			return nextQuote
		}
		return nextEnd
	}
	switch k := d.w[i].Key; {
	case k == ":":
		return nextColon
	case k == "که" || k == "تا" && d.w[i-1].Verb != nil:
		return nextThat
	case d.quote(i) == 1:
		return nextQuote
	case k == "،" || k == "," || k == "-":
		if i+1 < hi && d.quote(i+1) == 1 && d.close[i+1] > i+6 {
			return nextQuote
		}
		return nextComma
	case d.w[i].Tag == word.PUNCT, k == "و", k == "اما", k == "ولی":
		return nextEnd
	}
	return nextBare
}

// skip returns the index of the first word of what follows a cue.
func (d *doc) skip(i, hi int) int {
	for i < hi && (d.w[i].Tag == word.PUNCT && d.quote(i) == 0 && d.w[i].Key != "(" || d.w[i].Key == "که") {
		i++
	}
	return i
}

// clauseLike reports whether Words[i:hi] can be what somebody said: it has a
// finite verb and does not begin by joining on.
func (d *doc) clauseLike(i, hi int) bool {
	if i >= hi || d.w[i].Key == "و" || d.w[i].Key == "اما" {
		return false
	}
	for j := i; j < hi; j++ {
		if d.finite(j) {
			return j > i
		}
	}
	return hi-i >= 5 // its verb may be one that no analysis knows
}

// following returns the content behind the cue hits[k].
func (d *doc) following(s int, hits []hit, k, hi int) (first, last int, quoted bool) {
	h := &hits[k]
	i := h.end
	colon := i < hi && d.w[i].Key == ":"
	limit := hi
	nested := len(d.stack) > 0
	if nested {
		limit = min(limit, d.out[d.stack[len(d.stack)-1]].last)
	}
	lineEnd := d.lineEnd(s)
	for i < lineEnd && (d.w[i].Tag == word.PUNCT && d.quote(i) == 0 && d.w[i].Key != "(" && d.w[i].Key != "[" || d.w[i].Key == "که") {
		i++
	}
	if ss := d.r.Words.Sentences; i >= lineEnd && colon && !nested && d.line[s] < len(ss) { // «گفت:» and a new line
		next := d.line[s]
		return ss[next].First, ss[d.line[next]-1].Last, false
	}
	if h.end < hi && d.w[h.end].Key == "تا" && i == h.end && d.a.cues[h.cue].act == report.Demand {
		i++
	}
	if i < lineEnd && d.quote(i) == 1 {
		c := d.close[i]
		switch {
		case c > 0 && d.closes(c, i, lineEnd):
			return i + 1, c, true
		case c < 0 && d.w[i].Key != "\"": // never closed
			return i + 1, lineEnd, true
		}
	}
	if h.sub {
		return i, d.clauseEnd(i, limit), false
	}
	if nested {
		j := d.sentenceEnd(s, hits, k, i, limit)
		for x := i; x < j; x++ {
			if d.w[x].Key == "اما" || d.w[x].Key == "ولی" {
				j = x
			}
		}
		return i, j, false
	}
	j := d.sentenceEnd(s, hits, k, i, hi)
	if colon && j >= hi {
		j = d.paragraph(s)
	}
	return i, j, false
}

// closes reports whether the quotation o…c is the whole of what is said
// rather than a name at its start.
func (d *doc) closes(c, o, lineEnd int) bool {
	if c+1 >= lineEnd || c-o > 12 {
		return true
	}
	if d.w[c+1].Tag == word.PUNCT && d.w[c+1].Key != "(" && d.w[c+1].Key != ":" {
		for j := o; j < c; j++ {
			if d.finite(j) {
				return true
			}
		}
		return d.w[c+1].Key != "،"
	}
	for j := o; j < c; j++ {
		if d.finite(j) && c-o > 4 {
			return true
		}
	}
	return false
}

// lineEnd returns the index behind the last word of the line of sentence s.
func (d *doc) lineEnd(s int) int { return d.r.Words.Sentences[d.line[s]-1].Last }

// paragraph returns the end of what is said when it goes on after sentence s:
// to the end of the line, or to the sentence where a new cue or the report's
// own voice takes over.
func (d *doc) paragraph(s int) int {
	ss := d.r.Words.Sentences
	for x := s + 1; x < d.line[s]; x++ {
		if d.long(ss[x].First, ss[x].Last, aside) > ss[x].First {
			return ss[x-1].Last
		}
		for _, h := range d.cues(x) {
			c := &d.a.cues[h.cue]
			if c.frame == according && h.first < ss[x].First+2 {
				return ss[x-1].Last
			}
			if h.verb < 0 || h.sub || h.negative || !h.past || c.frame == open {
				continue
			}
			if _, ok := d.subject(ss[x].First, h.first, false); ok && d.next(h.end, ss[x].Last) != nextEnd {
				return ss[x-1].Last
			}
			if d.is(ss[x].First, pronoun) {
				return ss[x-1].Last
			}
		}
	}
	return d.lineEnd(s)
}

// sentenceEnd returns where what begins at i ends within its sentence: at hi,
// or where another cue of the same depth takes over.
func (d *doc) sentenceEnd(s int, hits []hit, k, i, hi int) int {
	if d.a.cues[hits[k].cue].act == report.Demand { // «خواست نیرو بفرستند که در همین راستا …»: what came of it
		for j := i + 1; j+2 < hi && j < i+60; j++ {
			if d.w[j].Key == "که" && (d.w[j+1].Key == "در" && d.w[j+2].Key == "همین" || d.w[j+1].Key == "این" && d.w[j+2].Key == "امر") && d.verbTense(j-1) == word.Subjunctive {
				hi = j
				break
			}
		}
	}
	for x := k + 1; x < len(hits); x++ {
		h := &hits[x]
		if h.first < i || h.first >= hi || h.sub || h.verb < 0 {
			continue
		}
		f := d.a.cues[h.cue].frame
		if hits[k].verb >= 0 && h.past && d.agrees(&hits[k], h) && d.a.cues[hits[k].cue].act == report.Demand {
			for j := h.first - 1; j > i && j > h.first-60; j-- { // «از مردم خواست صرفه‌جویی کنند و آن را وظیفه دانست»
				if d.w[j].Key == "و" && d.verbEnds(j-1) {
					ra := d.ra(j+1, h.first)
					if ra < 0 {
						ra = h.first
					}
					if _, ok := d.subject(j+1, ra, true); !ok && d.verbTense(j-1) == word.Subjunctive {
						return j
					}
				}
				if d.finite(j) && d.verb(j).Tense != word.Subjunctive {
					break
				}
			}
		}
		if f == open && h.past {
			for j := h.first - 1; j > i && !d.finite(j); j-- {
				if d.w[j].Key == "اما" || d.w[j].Key == "ولی" {
					if _, ok := d.subject(j+1, h.first, false); ok {
						return j
					}
				}
			}
		}
		if f != clause {
			continue
		}
		// «… و افزود»
		j := h.first - 1
		for j > i && (d.is(j, adverb) && d.w[j].Key != "و" || d.time[j] > 0) {
			j--
		}
		if j > i && d.w[j].Key == "و" && h.past && d.agrees(&hits[k], h) {
			return j
		}
		// «… اما دولت اعلام کرد»
		for j = h.first - 1; j > i && !d.finite(j); j-- {
			if d.quote(j) == 1 {
				break
			}
			if (d.w[j].Key == "اما" || d.w[j].Key == "ولی") && h.past {
				if d.next(h.end, hi) == nextEnd && d.ra(j, h.first) < 0 {
					break // «… ولی او به کار خود ادامه می‌دهد»
				}
				if h.first-j <= 2 && d.agrees(&hits[k], h) { // «… اما تاکید کردند که»
					return j
				}
				if _, ok := d.subject(j+1, h.first, false); ok {
					return j
				}
			}
		}
	}
	return hi
}

// verbTense returns the tense of the verb form that ends with word i.
func (d *doc) verbTense(i int) word.Tense {
	if v := d.w[i].Verb; v != nil && v.Head >= 0 && v.Head < len(d.w) {
		return d.verb(v.Head).Tense
	}
	return word.NoTense
}

// agrees reports whether two verbs can have one subject and one teller:
// «گفت … و افزود», not «گفت … و ادعا می‌کنند».
func (d *doc) agrees(a, b *hit) bool {
	if a.verb < 0 || b.verb < 0 {
		return true
	}
	x, y := d.verb(a.verb), d.verb(b.verb)
	if x.Tense == word.Participle || y.Tense == word.Participle {
		return true
	}
	return x.Plural == y.Plural && (x.Tense == word.Present) == (y.Tense == word.Present)
}

// clauseEnd returns the end of the clause that begins at i: behind its first
// finite verb that no «که» opened after it.
func (d *doc) clauseEnd(i, hi int) int {
	depth := 0
	for j := i; j < hi; j++ {
		switch {
		case d.w[j].Key == "که":
			depth++
		case d.finite(j):
			if depth > 0 {
				depth--
				continue
			}
			end := min(d.after(j), hi)
			switch stem(&d.w[j]) {
			case "خواست", "توانست", "داشت": // «قصد ندارد … تولید کند»
				for x := end; x < hi && d.w[x].Key != "که"; x++ {
					if d.finite(x) {
						if d.verb(x).Tense != word.Subjunctive {
							break
						}
						end = min(d.after(x), hi)
					}
				}
			}
			return end
		}
	}
	return hi
}

// clauseStart returns where the clause of a cue at word i begins: behind the
// last finished clause in Words[from:i] that is joined to it.
func (d *doc) clauseStart(from, i int) int {
	rel, start := 0, from
	for j := from; j < i; j++ {
		if d.w[j].Key == "که" {
			if j > from && d.verbEnds(j-1) {
				start, rel = j+1, 0
				continue
			}
			rel = 1
			if !d.closed(j+1, i) {
				return j + 1
			}
			continue
		}
		if !d.finite(j) || d.after(j) > i {
			continue
		}
		if rel > 0 {
			rel = 0
			continue
		}
		// another clause before: a subject of its own?
		n := d.after(j)
		if n < i && (d.w[n].Key == "و" || d.w[n].Key == "اما" || d.w[n].Key == "ولی" || d.w[n].Key == "،") {
			if _, ok := d.subject(n, i, true); ok {
				start = n
			}
		}
	}
	return start
}

// closed reports whether a finite verb stands in Words[i:j].
func (d *doc) closed(i, j int) bool {
	for ; i < j; i++ {
		if d.finite(i) {
			return true
		}
	}
	return false
}

// participleEnd returns the end of a participle phrase: the last comma before
// the cue it belongs to, or that cue.
func (d *doc) participleEnd(hits []hit, k, hi int) int {
	end, found := hi, false
	for x := k + 1; x < len(hits); x++ {
		h := &hits[x]
		if h.sub || h.first <= hits[k].last || h.verb < 0 && d.a.cues[h.cue].frame != open {
			continue
		}
		if !found {
			end, found = h.first, true
		}
		if d.commaBefore(hits[k].last, h.first) {
			end = h.first
			break
		}
	}
	for c := end - 1; c > hits[k].last; c-- {
		if d.w[c].Key == "،" && d.quote(c) == 0 {
			return c
		}
		if d.finite(c) {
			return min(d.after(c), end)
		}
	}
	return end
}

// ledTo reports whether a cue that is no participle follows hits[k], to which
// the participle belongs.
func (d *doc) ledTo(hits []hit, k int) bool {
	for _, h := range hits[k+1:] {
		if !h.sub && (h.verb >= 0 || d.a.cues[h.cue].frame == open) {
			return true
		}
	}
	return false
}

// commaBefore reports whether a comma stands in Words[lo:i] with no finite verb
// between it and word i.
func (d *doc) commaBefore(lo, i int) bool {
	for i--; i > lo; i-- {
		if d.w[i].Key == "،" {
			return true
		}
		if d.finite(i) {
			return false
		}
	}
	return false
}

// startsClause reports whether nothing but adverbs, times and prepositional
// phrases stands between from and word i.
func (d *doc) startsClause(from, i int) bool {
	for from < i {
		switch {
		case d.time[from] > from:
			from = d.time[from]
		case d.w[from].Tag == word.PUNCT || d.is(from, adverb):
			from++
		case d.is(from, preposition) || d.w[from].Tag == word.ADP:
			from = max(from+1, d.pp(from, i))
		default:
			return false
		}
	}
	return true
}

// has reports whether one of the words stands in Words[i:j].
func (d *doc) has(i, j int, keys map[string]bool) bool {
	for ; i < j; i++ {
		if keys[d.w[i].Key] {
			return true
		}
	}
	return false
}

// ra returns the index of the last «را» in Words[i:j] outside a «که» clause, -1 for none.
func (d *doc) ra(i, j int) int {
	for x := j - 1; x >= i; x-- {
		if d.w[x].Key == "را" {
			return x
		}
	}
	return -1
}

// first returns the index of the first word of the verb form at i.
func (d *doc) first(i int) int {
	if v := d.w[i].Verb; v != nil && v.First >= 0 && v.First <= i {
		return v.First
	}
	return i
}

// clause adds the statement of a cue that its content follows.
func (d *doc) clause(s int, hits []hit, k int, c *cue, from, hi int, prev np) {
	h := &hits[k]
	if d.ownWords(h) {
		return
	}
	if c.lead {
		for _, x := range hits[k+1:] {
			if !x.sub && x.verb >= 0 {
				return
			}
		}
	}
	sp, ok := d.subject(from, h.first, d.tagged)
	if ok { // nothing else claims the words that follow
		if e := min(d.npEnd(sp.first, h.first, false), h.first); e > sp.last && d.mention[sp.last-1].typ != report.PER && (e == h.first || !d.finite(e) && d.w[e].Key != "را") {
			sp.last = e
		}
	}
	if !ok && prev.last == 0 {
		if x, y := d.beside(from, h.first); y {
			sp, ok = x, true
		}
	}
	if !ok && prev.last > 0 && h.first-from < 3 && (sp.last == 0 || len(d.stack) == 0) {
		sp, ok = prev, true
	}
	if !ok && from > 0 && d.w[from-1].Key == "که" {
		if x, y := d.antecedent(from); y {
			sp, ok = x, true
		} else if d.verbEnds(max(from-2, 0)) && prev.last == 0 {
			if x, y := d.subject(d.r.Words.Sentences[s].First, from-1, true); y {
				sp, ok = x, true
			}
		}
	}
	if ss := d.r.Words.Sentences; !ok && prev.last == 0 && s > 0 && d.line[s-1] > s && d.w[ss[s-1].Last-1].Key == "؟" {
		sp, ok = d.subject(ss[s-1].First, ss[s-1].Last, false) // «وی در پاسخ به این پرسش که …؟ گفت»
	}
	if !ok && sp.last == 0 && len(d.stack) > 0 {
		if x, y := d.subject(d.out[d.stack[len(d.stack)-1]].first, h.first, true); y {
			sp, ok = x, true
		}
	}
	if !ok && prev.last > 0 && (sp.last == 0 || len(d.stack) == 0) {
		sp, ok = prev, true
	}
	if !ok && sp.last == 0 {
		return
	}
	i, j, q := d.following(s, hits, k, hi)
	d.add(s, h, c, sp, i, j, q, from)
}

// agent finds who does what a passive says: «از سوی آمریکا متهم به …».
func (d *doc) agent(lo, hi int) (np, bool) {
	for i := hi - 2; i > lo; i-- {
		if k := d.w[i].Key; k == "سوی" && d.w[i-1].Key == "از" || k == "توسط" || k == "جانب" && d.w[i-1].Key == "از" {
			e := min(d.npEnd(i+1, hi, true), hi)
			return np{i + 1, e, true}, e > i+1 && d.able(i+1, e)
		}
	}
	return np{}, false
}

// ownWords reports whether the cue only colours what an outer speaker says:
// «پاکستان معتقد است …» inside speech is his own way of putting it.
func (d *doc) ownWords(h *hit) bool {
	return len(d.stack) > 0 && h.verb >= 0 && d.verb(h.verb).Tense == word.Present && d.out[d.stack[len(d.stack)-1]].Rule != "source"
}

// antecedent returns the noun phrase that a «که» before word i belongs to.
func (d *doc) antecedent(i int) (np, bool) {
	if i < 2 || d.w[i-1].Key != "که" {
		return np{}, false
	}
	j := i - 1
	f := j
	for f > 0 && j-f < 12 && d.w[f-1].Sentence == d.w[j].Sentence {
		if d.quote(f-1) == 2 {
			f = d.openOf[f-1] - 1
			continue
		}
		if d.w[f-1].Tag == word.PUNCT || d.stop(f-1) {
			break
		}
		f--
	}
	if f < j && d.able(f, j) {
		return np{f, j, true}, true
	}
	return np{}, false
}

// thing adds the statement of a cue whose content is a phrase before it:
// from behind the subject to end.
func (d *doc) thing(s int, h *hit, c *cue, from, end int, prev np) {
	if d.ownWords(h) {
		return
	}
	if h.sub && from+1 < h.first && d.w[from+1].Key == "را" && d.is(from, pronoun) {
		return // «فردی که او را … نامید»
	}
	sp, ok := d.subject(from, min(end, h.first), true)
	start := from
	if ra := d.ra(from, h.first); ok && ra >= 0 && sp.first > ra && prev.last > 0 && d.w[from].Key == "و" {
		ok = false // «و آن را یک وظیفه دانست»
	}
	switch {
	case ok && sp.last < end && d.ra(sp.first, sp.last) < 0:
		start = sp.last
	case prev.last > 0 && (from >= end || d.w[from].Key == "و" || d.w[from].Key == "،"):
		sp = prev
	case h.sub:
		var y bool
		if sp, y = d.antecedent(from); !y {
			return
		}
	default:
		return
	}
	start = max(start, d.lastClause(start, min(end, h.first)))
	if ra := d.ra(start, h.first); ra > start && (c.unless[d.w[d.trimStart(start, ra)].Key] || c.unless[d.w[ra-1].Key]) {
		return
	}
	d.add(s, h, c, sp, d.trimStart(start, end), end, false, from)
}

// lastClause returns where the last clause of Words[i:j] begins: behind a
// finite verb that closes no «که».
func (d *doc) lastClause(i, j int) int {
	depth := 0
	for x := i; x < j; x++ {
		switch {
		case d.w[x].Key == "که":
			depth++
		case d.finite(x) && depth > 0:
			depth--
		case d.finite(x) && d.after(x) < j:
			i = d.after(x)
		}
	}
	return i
}

// trimStart returns where the content that begins at i really begins: behind
// adverbs, times and short prepositional phrases such as «در بیانیه‌ای».
func (d *doc) trimStart(i, end int) int {
	for i < end {
		switch {
		case d.time[i] > 0 && d.time[i] < end:
			i = d.time[i]
		case d.w[i].Key == "که":
			i = d.past(i+1, end)
		case d.long(i, end, adverbial) > i && d.long(i, end, adverbial) < end-1:
			i = d.long(i, end, adverbial)
		case d.w[i].Tag == word.PUNCT && d.quote(i) == 0, d.is(i, adverb) && d.mention[i].last == 0:
			i++
		case d.is(i, preposition) && d.mention[i].last == 0:
			e := d.pp(i, end)
			if e >= end-1 || d.w[e-1].Key == "را" || d.w[e].Key == "را" {
				return max(i, d.split(i+1, min(e, end)))
			}
			i = e
		default:
			return i
		}
	}
	return i
}

// behind adds the statement of a cue whose content is a prepositional phrase
// before it: «از … خبر داد». It reports whether there was one.
func (d *doc) behind(s int, h *hit, c *cue, from int, prev np) bool {
	sp, ok := d.subject(from, h.first, true)
	at := from
	if ok {
		at = sp.last
	}
	at = max(at, d.lastClause(at, h.first))
	for i := at; i < h.first; i++ {
		if k := d.w[i].Key; k == "با" || k == "ضمن" { // «با اشاره به …، از … خبر داد»
			if e := d.pp(i, h.first); e < h.first && d.w[e].Key == "،" {
				i = e
				continue
			}
		}
		if d.time[i] > 0 || !c.by[d.w[i].Key] {
			continue
		}
		if i+1 < h.first && (d.time[i+1] > 0 || d.w[i+1].Key == "سوی" || d.w[i+1].Key == "جمله") {
			continue
		}
		if !ok {
			if len(d.stack) > 0 && sp.last > 0 {
				return false // «نظرسنجی‌ها به … اشاره می‌کنند»
			} else if prev.last > 0 {
				sp = prev
			} else if x, y := d.antecedent(from); h.sub && y {
				sp = x
			} else {
				return false
			}
		}
		j := i + 1
		if d.w[i].Key == "نسبت" && j < h.first && d.w[j].Key == "به" {
			j++
		}
		if h.first-j < 1 {
			return false
		}
		d.add(s, h, c, sp, j, h.first, false, from)
		return true
	}
	return false
}

// before adds the statement of a cue at the end of its sentence whose content
// is a quotation before it: «…»، وی گفت.
func (d *doc) before(s int, h *hit, c *cue, from int, prev np) {
	for q := h.first - 1; q > from && q > h.first-20; q-- {
		if d.quote(q) != 2 {
			continue
		}
		o := d.openOf[q] - 1
		if q-o < 5 || o < from || !d.closed(o, q) {
			return
		}
		sp, ok := d.subject(q+1, h.first, false)
		if !ok {
			sp, ok = d.subject(from, o, false)
		}
		if !ok && prev.last > 0 {
			sp, ok = prev, true
		}
		if ok {
			d.add(s, h, c, sp, o+1, q, true, from)
		}
		return
	}
}

// document adds «در بیانیه X آمده است: …».
func (d *doc) document(s int, hits []hit, k, from, hi int) {
	h := &hits[k]
	n := d.next(h.end, hi)
	if n == nextEnd || n == nextBare {
		return
	}
	for i := h.first - 1; i >= from; i-- {
		if !d.is(i, docNoun) {
			continue
		}
		for i > from && (d.is(i-1, docNoun) || d.w[i-1].Key == "این" || d.w[i-1].Key == "از" && i > from+1 && d.is(i-2, docNoun)) {
			i--
		}
		e := min(d.npEnd(i, h.first, false), h.first)
		sp := np{i, e, true}
		// «در بیانیه به نقل از X آمده»
		for x := e; x < h.first; x++ {
			if q := d.long(x, h.first, quoting); q > x {
				if y := min(d.npEnd(q, h.first, false), h.first); y > q {
					sp = np{q, y, true}
				}
				break
			}
			if d.w[x].Key == "سوی" || d.w[x].Key == "توسط" {
				if y := min(d.npEnd(x+1, h.first, false), h.first); y > x+1 && d.able(x+1, y) {
					sp = np{x + 1, y, true}
				}
				break
			}
		}
		a, b, q := d.following(s, hits, k, hi)
		d.add(s, h, &d.a.cues[h.cue], sp, a, b, q, from)
		return
	}
}

// according adds «به گفته X، …».
func (d *doc) according(s int, h *hit, c *cue, from, hi int) {
	e := min(d.npEnd(h.last, hi, d.tagged), hi)
	if e <= h.last {
		return
	}
	sp := np{h.last, e, true}
	if !d.able(h.last, e) && !d.is(h.last, speaker) && d.w[h.last].Key != "این" && d.w[h.last].Key != "یک" {
		return
	}
	i := e
	// the phrase goes on to a comma close by
	for x := e; x < hi && x < e+8; x++ {
		if d.finite(x) {
			break
		}
		if d.w[x].Key == "،" {
			i = x
			sp.last = x
			if d.w[e].Key != "،" && !d.is(e, preposition) {
				sp.last = e
			}
			break
		}
	}
	if i < hi && d.clauseLike(d.skip(i, hi), hi) {
		j := hi
		quoted := false
		if o := d.skip(i, hi); o < hi && d.quote(o) == 1 && d.close[o] > 0 && d.closes(d.close[o], o, d.lineEnd(s)) {
			i, j, quoted = o+1, d.close[o], true
		} else if h.sub {
			j = d.clauseEnd(i, hi)
		}
		d.add(s, h, c, sp, i, j, quoted, from)
		return
	}
	// «…، به گفته X.»
	if b := d.skip(from, h.first); h.first-b > 3 && d.closed(b, h.first) {
		d.add(s, h, c, sp, b, h.first, false, from)
	}
}

// add writes the statement with the content Words[i:j].
func (d *doc) add(s int, h *hit, c *cue, sp np, i, j int, quoted bool, from int) {
	for len(d.stack) > 0 && d.out[d.stack[len(d.stack)-1]].last <= h.first {
		d.stack = d.stack[:len(d.stack)-1]
	}
	for i < j && (d.w[i].Tag == word.PUNCT && d.quote(i) != 1 && d.w[i].Key != "(" && d.w[i].Key != "[" || d.w[i].Key == "که") {
		i++
	}
	for i < j && d.w[j-1].Tag == word.PUNCT && d.quote(j-1) != 2 && d.w[j-1].Key != ")" && d.w[j-1].Key != "]" {
		j--
	}
	if j > i+2 && d.quote(i) == 1 && d.close[i] == j-1 && !quoted {
		i, j, quoted = i+1, j-1, true
	}
	if j == i+1 && d.is(i, pronoun) || j == i+1 && (d.w[i].Key == "ان" || d.w[i].Key == "این") {
		return
	}
	for i < j && quoted && d.w[j-1].Tag == word.PUNCT && d.w[j-1].Key != ")" && d.quote(j-1) != 2 {
		j--
	}
	if i >= j {
		return
	}
	m := made{first: i, last: j, speaker: sp}
	m.Act, m.Quoted, m.Rule = c.act, quoted, "cue "+c.id
	m.Content = []span.Span{{Start: d.w[i].Span.Start, End: d.w[j-1].Span.End}}
	m.Cue = span.Span{Start: d.w[h.first].Span.Start, End: d.w[h.last-1].Span.End}
	if h.last <= h.first {
		m.Cue = d.w[h.first].Span
	}
	lo, hi := from, h.first
	d.attribute(&m, h, sp, lo, hi)
	if m.Speaker.Entity == "" && c.frame != impersonal && m.Speaker.Span.End == 0 {
		return
	}
	for x := hi - 1; x >= lo; x-- {
		if t := d.timeOf[x]; t > 0 && (x < i || x >= j) {
			m.Date = &report.DateRef{Value: d.r.Times[t-1].Value, Span: d.r.Times[t-1].Span}
			break
		}
	}
	d.push(m, h.first)
}

// push keeps the statement and opens it for what is said inside it.
func (d *doc) push(m made, cue int) {
	if m.Speaker.Entity != "" && len(d.stack) == 0 { // «وی» of the next sentence means the outer speaker
		d.ref.Spoke(m.Speaker.Entity, cue)
	}
	d.out = append(d.out, m)
	d.stack = append(d.stack, len(d.out)-1)
}
