package what

import (
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/report"
)

// status says whether the act took place, and why.
func (f *Framer) statusOf(r *report.Report, st *state, c *cand) (report.Status, string) {
	w, s := r.Words.Words, &st.s
	fr := &f.frames[c.frame]
	cl := &s.clauses[c.clause]
	if c.frame == f.duty {
		return report.Happened, "said by saying it"
	}
	if c.use != asNoun && c.verb >= 0 {
		v := w[c.verb].Verb
		if !c.negative && (v.Negative || f.negated(w, s, c)) {
			return report.Negated, "the verb is negated"
		}
		if v.Tense == word.Future {
			return report.Future, "future tense"
		}
		if id := f.cueIn(w, st, c, cueOpens, cl.opened, c.first); id != nil {
			return report.Status(id.status), "clause opened by " + id.id
		}
		if v.Tense == word.Subjunctive && !v.Negative && f.achieved(w, s, c) {
			return report.Happened, "brought about or managed"
		}
		if id := f.modal(w, st, c, v); id != nil {
			return report.Status(id.status), "in a clause of " + id.id
		}
		if fr.status != "" {
			return report.Status(fr.status), "the frame says so"
		}
		if c.kind == noun {
			if x, why := f.nounCues(r, st, c); x != "" {
				return x, why
			}
			if x, why := f.governed(r, st, c); x != "" {
				return x, why
			}
		}
		if f.conditional(w, s, c) && (v.Tense == word.Present || v.Tense == word.Imperfect) {
			return report.Hypothetical, "after a condition"
		}
		return f.tense(r, st, c, v)
	}
	if x, why := f.nounCues(r, st, c); x != "" {
		return x, why
	}
	if fr.status != "" {
		return report.Status(fr.status), "the frame says so"
	}
	if x, why := f.governed(r, st, c); x != "" {
		return x, why
	}
	if v := cl.verb; v >= c.last && (c.infinitive || f.under(s, c, "با", "ازطریق", "بهوسیله", "بوسیله")) {
		// the means has the status of the end: «با حمله نظامی پاسخ خواهیم داد»
		x := w[v].Verb
		if x.Tense == word.Future {
			return report.Future, "its verb is future"
		}
		if id := f.modal(w, st, c, x); id != nil {
			return report.Status(id.status), "in a clause of " + id.id
		}
		if x.Tense == word.Subjunctive {
			return report.Hypothetical, "its verb is subjunctive"
		}
		if x.Tense == word.Present && f.conditional(w, s, c) {
			return report.Hypothetical, "after a condition"
		}
		if x.Tense == word.Present && !c.infinitive && c.use == asNoun && f.under(s, c, "با") {
			if k := st.statement(w[c.first].Span); k >= 0 && r.Statements[k].Act == report.Threaten {
				return report.Future, "means of what is threatened"
			}
		}
	}
	if id := f.cueIn(w, st, c, cueOpens, cl.opened, c.first); id != nil {
		return report.Status(id.status), "clause opened by " + id.id
	}
	if f.aimed(w, s, c) {
		return report.Hypothetical, "joined to an aim"
	}
	for i := range s.phrases {
		if p := &s.phrases[i]; p.time && p.clause == c.clause && later(r, st.timeOf[p.first]) && max(p.first-c.last, c.first-p.last) < 16 {
			return report.Future, "beside a future time"
		}
	}
	if v := cl.verb; fr.typ == "CONSULT" && v >= c.last && w[v].Verb.Tense == word.Future {
		return report.Future, "its verb is future"
	}
	if f.supposed(w, st, c, cl) {
		return report.Hypothetical, "subject or object of what is not yet so"
	}
	if fr.byDefault != "" {
		return report.Status(fr.byDefault), "as the frame has it"
	}
	return report.Happened, "told as a fact"
}

// supposed reports whether the noun is the subject or object of a clause that
// tells what would come of it or is asked for: «تحریم ایران کارساز نخواهد
// بود», «آتش‌بس را بپذیرند». An act that is pointed to («این حمله») or one of
// several («حملات») is spoken of as done.
func (f *Framer) supposed(w []word.Word, st *state, c *cand, cl *clause) bool {
	v := cl.verb
	if c.use != asNoun || v < c.last || w[c.first].Plural {
		return false
	}
	if t := w[v].Verb.Tense; t != word.Future && t != word.Subjunctive {
		return false
	}
	if c.first == 0 {
		return true
	}
	p := &w[c.first-1]
	return !this[p.Key] && p.Tag != word.ADP && !p.Ezafe
}

// aimed reports whether «و» joins the noun to a phrase of an aim: «برای ورود به
// پایتخت و دیدار با …».
func (f *Framer) aimed(w []word.Word, s *sentence, c *cand) bool {
	for i := range s.phrases {
		p := &s.phrases[i]
		if p.first > c.first || c.first >= p.last {
			continue
		}
		if !p.joined {
			return false
		}
		for k, n := i-1, 0; k >= 0 && n < 3; k, n = k-1, n+1 {
			q := &s.phrases[k]
			if q.clause != p.clause {
				return false
			}
			if q.prep == "برای" || q.prep == "جهت" || q.prep == "بهمنظور" {
				return true
			}
			if q.prep == "" && !q.joined {
				return false
			}
		}
		return false
	}
	return false
}

// impersonal names the modals that have no subject: «می‌توان».
const impersonal = "impersonal modal"

// modal returns the cue of possibility, duty or plan that governs the verb of
// the trigger's clause: in the clause itself, or before a subjunctive.
func (f *Framer) modal(w []word.Word, st *state, c *cand, v *word.Verb) *cue {
	s := &st.s
	cl := &s.clauses[c.clause]
	if id := f.cueIn(w, st, c, cueClause, max(cl.opened, s.first), min(max(cl.last, c.end)+1, s.last)); id != nil && id.status != "ongoing" {
		return id
	}
	// «می‌توان به آن حمله کرد»: a short infinitive, the modal stands before it
	if v.Tense == word.Past {
		for i := c.first - 1; i >= max(s.first, c.first-15); i-- {
			switch w[i].Key {
			case "میتوان", "میتوانست", "بتوان", "باید", "نباید", "بایستی", "میباید":
				return &cue{id: impersonal, status: "hypothetical"}
			case "نمیتوان":
				return &cue{id: impersonal, status: "negated"}
			}
			if x := w[i].Verb; x != nil && !x.Aux && finite(x) || w[i].Tag == word.PUNCT {
				break
			}
		}
	}
	if v.Tense != word.Subjunctive && v.Tense != word.PastSubj && v.Tense != word.Imperative {
		return nil
	}
	// «قصد دارد … توقیف کند»: the cue's own verb closed a clause
	for i := c.first - 1; i >= max(s.first, c.first-40); i-- {
		if s.of[i-s.first] != cl.prev && s.of[i-s.first] != c.clause && s.of[i-s.first] != c.clause-1 {
			continue
		}
		st.buf = f.cues.At(st.buf[:0], w[:s.last], i, nil)
		for _, m := range st.buf {
			if cuePlace(m.Value&3) == cueClause && f.cue[m.Value>>2].status != "ongoing" {
				return &f.cue[m.Value>>2]
			}
		}
	}
	return nil
}

// achieved reports whether the verb that governs a subjunctive says that the
// act came about: «موجب شد … فرابخواند», «موفق شدند … بکشند», «توانستند … بکشند».
func (f *Framer) achieved(w []word.Word, s *sentence, c *cand) bool {
	for i := c.first - 1; i >= max(s.first, c.first-25); i-- {
		v := w[i].Verb
		if v == nil {
			continue
		}
		switch v.Tense {
		case word.Past, word.Perfect, word.Pluperfect:
		default:
			if finite(v) {
				return false
			}
			continue
		}
		if v.Negative {
			return false
		}
		switch lemma(&w[i]) {
		case "توانستن":
			return true
		case "شدن", "گشتن", "گردیدن":
			for k := max(s.first, i-2); k < i; k++ {
				switch w[k].Key {
				case "موجب", "باعث", "سبب", "موفق", "مجبور", "ناچار", "ناگزیر", "منجر":
					return true
				}
			}
		}
		return false
	}
	return false
}

// conditional reports whether the clause before opens with «اگر».
func (f *Framer) conditional(w []word.Word, s *sentence, c *cand) bool {
	k := s.clauses[c.clause].prev
	if k < 0 && c.clause > 0 {
		k = c.clause - 1
	}
	if k < 0 {
		return false
	}
	for i := s.clauses[k].opened; i < min(s.clauses[k].opened+40, s.last, c.first); i++ {
		switch w[i].Key {
		case "اگر", "چنانچه", "درصورتیکه", "هرگاه":
			return true
		case "تا":
			if i+1 < s.last && (w[i+1].Key == "وقتی" || w[i+1].Key == "زمانی") {
				return true
			}
		}
	}
	return false
}

// governed reads the status from the verb that governs the noun.
func (f *Framer) governed(r *report.Report, st *state, c *cand) (report.Status, string) {
	w, s := r.Words.Words, &st.s
	cl := &s.clauses[c.clause]
	n, key := f.governor(w, s, c.clause, c.last)
	if n < 0 {
		return "", ""
	}
	q := &f.cue[n]
	if q.prep != "" {
		for i := range s.phrases {
			p := &s.phrases[i]
			if p.first <= c.first && c.first < p.last {
				if p.prep == q.prep && c.first-p.first <= 1 {
					return report.Status(q.status), "governed by " + key
				}
				break
			}
		}
		return "", ""
	}
	if !f.heads(s, c) {
		return "", ""
	}
	v := w[cl.verb].Verb
	switch {
	case v.Negative && q.id == "possible":
		return report.Hypothetical, "governed by " + key // «بعید ندانست»
	case v.Negative && q.status != "negated":
		return report.Negated, "its verb is negated"
	case v.Tense == word.Future:
		return report.Future, "its verb is future"
	case v.Tense == word.Subjunctive:
		if id := f.modal(w, st, c, v); id != nil {
			return report.Status(id.status), "in a clause of " + id.id
		}
		return report.Hypothetical, "its verb is subjunctive"
	case q.status == "ongoing" && v.Tense == word.Present && f.conditional(w, s, c):
		return report.Future, "after a condition"
	case q.status != "":
		return report.Status(q.status), "governed by " + key
	}
	return "", ""
}

// heads reports whether the noun heads its phrase and no preposition governs it.
func (f *Framer) heads(s *sentence, c *cand) bool {
	for i := range s.phrases {
		p := &s.phrases[i]
		if p.first <= c.first && c.first < p.last {
			return p.prep == "" || p.prep == "به"
		}
	}
	return false
}

// negated reports whether another word of the verb form carries the negation.
func (f *Framer) negated(w []word.Word, s *sentence, c *cand) bool {
	v := w[c.verb].Verb
	for i := max(v.First, s.first); i <= v.Last && i < s.last; i++ {
		if x := w[i].Verb; x != nil && x.Negative {
			return true
		}
	}
	return false
}

// tense reads the status from the verb form alone.
func (f *Framer) tense(r *report.Report, st *state, c *cand, v *word.Verb) (report.Status, string) {
	fr := &f.frames[c.frame]
	switch v.Tense {
	case word.Subjunctive, word.Imperative, word.PastSubj:
		return report.Hypothetical, "subjunctive"
	case word.Present:
		for i := range st.s.phrases {
			if p := &st.s.phrases[i]; p.time && p.clause == c.clause && later(r, st.timeOf[p.first]) {
				return report.Future, "present tense with a future time"
			}
		}
		if fr.present != "" && c.kind != noun {
			return report.Status(fr.present), "its present tense is no habit"
		}
		switch fr.typ {
		case "REQUEST", "THREATEN":
			return report.Happened, "said by saying it"
		case "SUPPORT", "ACCUSE", "REJECT":
			if fr.performative {
				return report.Happened, "said by saying it"
			}
			return report.Ongoing, "present tense"
		}
		if v.Person == 1 {
			return report.Future, "present tense, first person"
		}
		return report.Ongoing, "present tense"
	}
	return report.Happened, "past tense"
}

// later reports whether the k-th time begins after the publication: «فردا».
func later(r *report.Report, k int32) bool {
	if k < 0 {
		return false
	}
	v := r.Times[k].Value
	if v == "FUTURE_REF" {
		return true
	}
	p := r.Published.String()
	if !r.Published.Known() || len(v) < 4 || v[0] < '0' || v[0] > '9' {
		return false
	}
	n := min(len(v), len(p))
	for i := range n {
		if v[i] != '-' && (v[i] < '0' || v[i] > '9') {
			n = i
			break
		}
	}
	return v[:n] > p[:n]
}

// nounCues reads the words around a noun: «احتمال حمله», «حمله احتمالی».
func (f *Framer) nounCues(r *report.Report, st *state, c *cand) (report.Status, string) {
	w, s := r.Words.Words, &st.s
	best, bestAt := -1, -1
	far := 6
	for i := range s.phrases {
		if p := &s.phrases[i]; p.first <= c.first && c.first < p.last && p.prep == "به" {
			far = 12 // «وادار کردن نخست‌وزیر این کشور به استعفا»
		}
	}
	for i := max(s.first, c.first-far); i < c.first; i++ {
		st.buf = f.cues.At(st.buf[:0], w[:s.last], i, func(rest string) bool { return rest == "ی" || rest == "های" })
		for _, m := range st.buf {
			if cuePlace(m.Value&3) != cueBefore || m.Last > c.first {
				continue
			}
			gap := c.first - m.Last
			if far > 6 && f.cue[m.Value>>2].id == "urged-to" {
				gap = 0
			}
			if gap > 2 || s.of[i-s.first] != c.clause && s.of[i-s.first] != s.of[c.first-s.first] || gap > 0 && f.broken(w, m.Last, c.first) {
				continue
			}
			if w[i].Key == "به" && m.Last-i == 2 && w[i+1].Key == "دنبال" {
				if v := s.clauses[c.clause].verb; v >= 0 && (v < c.last || lemma(&w[v]) != "بودن") || i == s.first || w[i-1].Tag == word.PUNCT {
					continue // «به دنبال حمله … شد» means after it; «به دنبال حمله است» a plan
				}
			}
			if m.Last > bestAt || m.Last == bestAt && best < 0 {
				best, bestAt = m.Value>>2, m.Last
			}
		}
	}
	if best >= 0 && f.cue[best].status != "" {
		return report.Status(f.cue[best].status), "after a word of " + f.cue[best].id
	}
	for i := c.last; i < min(c.last+3, s.last); i++ {
		if w[i].Tag != word.ADJ && i > c.last {
			break
		}
		st.buf = f.cues.At(st.buf[:0], w[:s.last], i, nil)
		for _, m := range st.buf {
			if cuePlace(m.Value&3) == cueAfter {
				return report.Status(f.cue[m.Value>>2].status), "before a word of " + f.cue[m.Value>>2].id
			}
		}
	}
	return "", ""
}

// broken reports whether a verb, comma or preposition stands in Words[i:j].
func (f *Framer) broken(w []word.Word, i, j int) bool {
	for ; i < j; i++ {
		if w[i].Tag == word.PUNCT && !quote(&w[i]) || w[i].Tag == word.VERB || w[i].Tag == word.ADP || w[i].Verb != nil {
			return true
		}
	}
	return false
}

// cueIn returns the first cue of that place in Words[i:j].
func (f *Framer) cueIn(w []word.Word, st *state, c *cand, place cuePlace, i, j int) *cue {
	s := &st.s
	i, j = max(i, s.first, j-60), min(j, s.last)
	if place == cueOpens {
		j = min(j, i+6)
	}
	for ; i < j; i++ {
		if i >= c.first && i < c.last {
			continue
		}
		st.buf = f.cues.At(st.buf[:0], w[:s.last], i, nil)
		for _, m := range st.buf {
			if cuePlace(m.Value&3) == place && f.cue[m.Value>>2].status != "" && (place == cueOpens || s.of[i-s.first] == c.clause) {
				return &f.cue[m.Value>>2]
			}
		}
	}
	return nil
}
