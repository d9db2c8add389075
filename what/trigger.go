package what

import (
	"slices"
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/report"
)

// use is how the words of a trigger stand in their clause.
type use uint8

const (
	asNoun    use = iota // a noun among other phrases: «در حمله آمریکا به عراق»
	asActive             // a verb, or a noun that a verb carries out
	asPassive            // a verb whose subject undergoes the act
)

// cand is a wording of a frame found in a sentence.
type cand struct {
	first, last int // Words[first:last], the trigger
	from        int // where the wording begins; before first where the trigger is its verb
	end         int // the end of the trigger with its light verb, where that follows at once; last otherwise
	frame       int
	kind        kind
	use         use
	clause      int // index into sentence.clauses
	verb        int // the word of the verb that tells it, -1 for none
	infinitive  bool
	negative    bool // the wording itself is a negated verb
}

// carriers are the nominal parts of light verbs that no full verb of a frame has.
var carriers = map[string]bool{"صورت": true, "انجام": true, "پایان": true, "تاثیر": true, "تاثیری": true, "نام": true, "قرار": true}

func keyOf(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 || s[i] == ' ' {
			return spell.Key(s)
		}
	}
	return s
}

// match reports whether the verb at head is one of the item's light verbs, and
// where the words of the light verb begin.
func match(w []word.Word, head, from int, verbs []lightVerb) (lightVerb, int, bool) {
	v := w[head].Verb
	l := lemma(&w[head])
	for _, lv := range verbs {
		if lv.lemma != l || lv.negative && !v.Negative {
			continue
		}
		at := min(v.First, head)
		if lv.pre == "" {
			return lv, at, true
		}
		rest := lv.pre
		for at > from && rest != "" && strings.HasSuffix(rest, w[at-1].Key) && w[at-1].Key != "" {
			rest = strings.TrimSuffix(rest, w[at-1].Key)
			at--
		}
		if rest == "" {
			return lv, at, true
		}
	}
	return lightVerb{}, 0, false
}

// candidates finds the wordings of frames in the sentence that st holds.
func (f *Framer) candidates(r *report.Report, st *state) []cand {
	w, s := r.Words.Words, &st.s
	var out []cand
	type block struct{ first, last int }
	var blocks []block
	for i := s.first; i < s.last; i++ {
		if w[i].Tag == word.PUNCT {
			continue
		}
		st.buf = f.trie.At(st.buf[:0], w[:s.last], i, inflection)
		matches := slices.Clone(st.buf)
		for _, m := range matches {
			it := &f.items[m.Value]
			fr := &f.frames[it.frame]
			if fr.none {
				blocks = append(blocks, block{i, m.Last})
				continue
			}
			if n := st.nameAt(i); n >= 0 && st.nameAt(m.Last-1) == n && !(len(it.verbs) > 0 && it.verbs[0].trigger) {
				continue
			}
			c := cand{first: i, last: m.Last, from: i, end: m.Last, frame: it.frame, kind: it.kind, verb: -1, clause: s.of[m.Last-1-s.first]}
			if v := w[m.Last-1].Verb; it.kind == noun && v != nil && finite(v) && m.Last-i > 1 && m.Last < s.last {
				c.clause = s.of[m.Last-s.first] // «عقب نشینی» is no verb: the clause goes on
			}
			if it.kind == noun {
				if f.adjectival(w, s, &c, m.Rest) {
					continue
				}
				f.carried(w, s, &c)
				out = append(out, c)
				continue
			}
			if m.Rest != "" && m.Rest != "ی" && m.Rest != "یی" && m.Rest != "ای" {
				continue // a nominal of a light verb has no plural: «هدف‌های … قرار دهند»
			}
			if m.Rest != "" && fr.active[strings.TrimSuffix(spellWords(w, i, m.Last), m.Rest)] {
				continue // «نگرانی» is not «نگران»
			}
			if f.lightAt(w, s, &c, it) {
				out = append(out, c)
			}
		}
		if v := w[i].Verb; v != nil && !v.Aux && v.Head == i {
			for _, n := range f.verbs[lemma(&w[i])] {
				c := cand{first: i, last: i + 1, from: i, end: max(i, v.Last) + 1, frame: n, kind: light, verb: i, clause: s.of[i-s.first], use: asActive}
				if v.Passive || v.Tense == word.Participle && w[i].Key == "کشته" {
					c.use = asPassive
				}
				if v.Tense == word.Infinitive {
					c.use, c.infinitive = asNoun, true
				}
				if v.Tense == word.Participle && f.attributive(w, s, i, v.Last) {
					continue
				}
				if v.First > s.first && carriers[w[v.First-1].Key] {
					continue // «صورت خواهد پذیرفت»
				}
				c.end = min(c.end, s.last)
				out = append(out, c)
			}
		}
	}
	out = slices.DeleteFunc(out, func(c cand) bool {
		for _, b := range blocks {
			if b.first <= c.first && c.first < b.last && b.last-b.first >= c.last-c.first {
				return true
			}
		}
		return f.vetoed(w, st, &c)
	})
	out = f.duties(r, st, out)
	// the longer wording wins, then the one with a verb
	slices.SortStableFunc(out, func(a, b cand) int {
		if (a.from < a.first) != (b.from < b.first) {
			if a.from < a.first {
				return -1
			}
			return 1
		}
		if d := (b.last - b.first) - (a.last - a.first); d != 0 {
			return d
		}
		if d := int(min(b.kind, 1)) - int(min(a.kind, 1)); d != 0 {
			return d
		}
		return a.first - b.first
	})
	var kept []cand
	for _, c := range out {
		if !slices.ContainsFunc(kept, func(k cand) bool { return overlaps(&c, &k) }) {
			kept = append(kept, c)
		}
	}
	slices.SortFunc(kept, func(a, b cand) int { return a.first - b.first })
	return kept
}

// overlaps reports whether two wordings share a word. Of one whose trigger is
// its verb the nominal counts too: «حملات» of «حملات … متوقف کرد».
func overlaps(a, b *cand) bool {
	in := func(a, b *cand) bool {
		return a.first < max(b.last, b.end) && b.first < max(a.last, a.end) || a.from < a.first && a.from >= b.first && a.from < b.last
	}
	return in(a, b) || in(b, a)
}

// adjectival reports whether a noun with the ending ی is an adjective: «شیوه انفجاری».
func (f *Framer) adjectival(w []word.Word, s *sentence, c *cand, rest string) bool {
	return rest == "ی" && w[c.last-1].Tag == word.ADJ && (c.last-c.first > 1 || c.first == s.first || w[c.first-1].Ezafe)
}

// lightAt looks for the light verb of the nominal.
func (f *Framer) lightAt(w []word.Word, s *sentence, c *cand, it *item) bool {
	try := func(head int, adjacent bool) bool {
		if w[head].Verb == nil || w[head].Verb.Aux && w[head].Verb.Head != head {
			return false
		}
		lv, at, ok := match(w, head, c.last, it.verbs)
		joined := ok && adjacent && f.shared(w, c, lv, at)
		if joined {
			adjacent = false
		}
		if !ok || at < c.last || adjacent && at-c.last > 1 {
			return false
		}
		if at-c.last == 1 && adjacent && lv.pre == "" && plainVerbs[lv.lemma] && f.nominals[w[c.last].Key] && !w[c.last-1].Ezafe {
			return false // «مهندسان متعهد دعوت می‌کنیم»
		}
		if at-c.last == 1 && adjacent && (w[c.last].Tag == word.PUNCT && !quote(&w[c.last]) || w[c.last].Verb != nil) {
			return false
		}
		if lv.pre == "" && at > c.last && carriers[w[at-1].Key] {
			return false // «با این هدف صورت گرفت»
		}
		v := w[head].Verb
		if !adjacent && !joined && !f.frames[c.frame].active[spellWords(w, c.first, c.last)] && lv.pre == "" && plainVerbs[lv.lemma] && at > c.last && f.nominals[w[at-1].Key] && !w[at-1].Ezafe && !(at-2 >= c.last && w[at-2].Ezafe && w[at-1].Tag == word.ADJ) {
			return false // «برای مبارزه با داعش توافق کردند»: the verb carries another nominal; but «خواستار … از راه مذاکره شد»
		}
		if !adjacent && !joined && f.under(s, c, "با", "ضمن", "بهمنظور", "پساز", "پیشاز", "بهدنبال") && slices.ContainsFunc(w[c.last:at], func(x word.Word) bool { return x.Form == "،" }) {
			return false // «با تهدید حماس، خواستار … شد»
		}
		if judges[lv.lemma] && lv.pre == "" && it.kind == split && !marked(w, s, c) {
			return false // «این مسئول … خواند» judges nobody
		}
		c.verb, c.negative = head, lv.negative
		if adjacent {
			c.end = min(max(head, v.Last)+1, s.last)
		}
		fr := &f.frames[c.frame]
		c.use = asActive
		if !fr.active[spellWords(w, c.first, c.last)] && (passive[lv.String()] || v.Passive && lv.lemma != "شدن" || lv.lemma == "بودن" && slices.Contains(fr.recipient, "obj") || fr.undergo) {
			c.use = asPassive
		}
		if v.Tense == word.Infinitive {
			c.infinitive = true
			c.use = asNoun
		}
		if lv.trigger {
			c.first, c.last = at, max(min(v.First, head), at+1)
		}
		c.end = max(c.end, c.last)
		if v.Tense == word.Participle && adjacent && f.attributive(w, s, c.first, max(v.Last, head)) {
			return false
		}
		return true
	}
	for head := c.last; head < min(c.last+5, s.last); head++ {
		if try(head, true) {
			return true
		}
		if v := w[head].Verb; v != nil && !v.Aux && finite(v) {
			break
		}
	}
	if it.kind == light {
		return false
	}
	if v := s.clauses[c.clause].verb; v >= c.last && v-c.last < 60 {
		return try(v, false)
	}
	return false
}

// shared reports whether «و» joins another nominal of the same light verb:
// «محکوم و اعلام کرد» condemns.
func (f *Framer) shared(w []word.Word, c *cand, lv lightVerb, at int) bool {
	i := c.last
	if i < at && w[i].Form == "،" {
		i++
	}
	return at-i == 2 && w[i].Key == "و" && lv.pre == "" && plainVerbs[lv.lemma] && f.nominals[w[at-1].Key] && w[at-1].Verb == nil
}

// judges are the verbs that call somebody something: their object has را.
var judges = map[string]bool{"دانستن": true, "خواندن": true, "شناختن": true}

// marked reports whether را stands in the clause before the trigger.
func marked(w []word.Word, s *sentence, c *cand) bool {
	for i := c.first - 1; i >= s.first && c.first-i < 50; i-- {
		if w[i].Key == "را" {
			return true
		}
	}
	return c.last < s.last && w[c.last].Key == "را"
}

func spellWords(w []word.Word, first, last int) string {
	if last == first+1 {
		return w[first].Key
	}
	var b strings.Builder
	for _, x := range w[first:last] {
		b.WriteString(x.Key)
	}
	return b.String()
}

// attributive reports whether a participle at first..last modifies the noun before it: «افراد کشته شده».
func (f *Framer) attributive(w []word.Word, s *sentence, first, last int) bool {
	if last+1 >= s.last {
		return false
	}
	switch n := &w[last+1]; {
	case n.Tag == word.CCONJ, n.Tag == word.PUNCT && !quote(n):
		return false
	case n.Key == "و", n.Key == "که", n.Key == "تا":
		return false
	}
	return true
}

// carried sees whether the verb of the clause carries the noun out: «عملیاتی … انجام دادند».
func (f *Framer) carried(w []word.Word, s *sentence, c *cand) {
	v := s.clauses[c.clause].verb
	if v < c.last {
		return
	}
	n, _ := f.governor(w, s, c.clause, c.last)
	if n < 0 || f.cue[n].status == "negated" || f.cue[n].id == "possible" {
		return
	}
	// the noun heads the subject or object of that verb
	for i := range s.phrases {
		p := &s.phrases[i]
		if p.first <= c.first && c.first < p.last {
			if p.first >= c.first-1 && (p.prep == "" || p.prep == "به" && v-c.last < 6) {
				c.verb, c.use = v, asActive
				if lm := lemma(&w[v]); passive[lm] || lm == "گرفتن" || lm == "دادن" && w[max(v-1, 0)].Key == "رخ" || lm == "پیوستن" || lm == "داشتن" {
					c.use = asNoun
				}
			}
			return
		}
	}
}

// governor returns the cue of the verb that governs a noun of the clause, -1 for none.
func (f *Framer) governor(w []word.Word, s *sentence, clause, after int) (int, string) {
	v := s.clauses[clause].verb
	if v < after {
		return -1, ""
	}
	l := lemma(&w[v])
	at := min(s.clauses[clause].first, v)
	key := l
	best, bestKey := -1, ""
	if n, ok := f.carries[key]; ok && (at-after <= 1 || f.cue[n].prep != "") {
		best, bestKey = n, key
	}
	for k := 1; k <= 3 && at-k >= after; k++ {
		key = w[at-k].Key + key
		if n, ok := f.carries[key]; ok {
			best, bestKey = n, key
		}
	}
	return best, bestKey
}

// vetoed reports whether words of the same phrase say that it is no act of the frame.
func (f *Framer) vetoed(w []word.Word, st *state, c *cand) bool {
	s := &st.s
	lo, hi := max(s.first, c.first-4), min(s.last, c.last+7)
	found := !f.frames[c.frame].asks
	for i := lo; i < hi && !found; i++ {
		st.buf = f.plus.At(st.buf[:0], w[:s.last], i, inflection)
		for _, m := range st.buf {
			found = found || m.Value == c.frame
		}
	}
	if !found {
		return true
	}
	for i := lo; i < hi; i++ {
		if i >= c.last && w[i].Tag == word.PUNCT && !quote(&w[i]) {
			break
		}
		st.buf = f.minus.At(st.buf[:0], w[:s.last], i, inflection)
		for _, m := range st.buf {
			if m.Value == c.frame && (m.Last > c.first || i < c.first) {
				return true
			}
		}
	}
	return false
}

// plainStates are the verbs that tell how something is, not what somebody does.
var plainStates = map[string]bool{"بودن": true, "داشتن": true, "دانستن": true, "توانستن": true, "گفتن": true}

// duties adds the acts that a speaker says others must do, where no frame has
// the verb: «دولت باید … پایان دهد» asks the government.
func (f *Framer) duties(r *report.Report, st *state, out []cand) []cand {
	if f.duty < 0 {
		return out
	}
	w, s := r.Words.Words, &st.s
	for k := range s.clauses {
		cl := &s.clauses[k]
		if cl.verb < 0 || w[cl.verb].Verb == nil {
			continue
		}
		v := w[cl.verb].Verb
		if v.Tense != word.Subjunctive || v.Person != 3 || plainStates[lemma(&w[cl.verb])] || st.statement(w[cl.verb].Span) < 0 {
			continue
		}
		must := -1
		for i := max(cl.opened, s.first, cl.verb-40); i < cl.verb; i++ {
			if s.of[i-s.first] == k && f.dutyWords[w[i].Key] {
				must = i
			}
		}
		if must < 0 || slices.ContainsFunc(out, func(c cand) bool { return c.verb == cl.verb || c.first > must && c.last <= cl.verb && c.clause == k }) {
			continue
		}
		first := max(min(v.First, cl.verb), s.first)
		last := min(max(cl.verb, v.Last)+1, s.last)
		if first-1 > must && !w[first-2].Ezafe && w[first-1].Tag != word.PUNCT && w[first-1].Tag != word.ADP && w[first-1].Key != "را" {
			first--
		}
		out = append(out, cand{first: first, last: last, from: first, end: last, frame: f.duty, kind: light, verb: cl.verb, clause: k, use: asActive})
	}
	return out
}
