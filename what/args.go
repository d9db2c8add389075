package what

import (
	"slices"
	"sort"
	"strings"

	"github.com/sanad-project/sanad/fa/when"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

// arguments finds who did what to whom.
func (f *Framer) arguments(r *report.Report, st *state, c *cand, e *report.Event) {
	fr := &f.frames[c.frame]
	w, s := r.Words.Words, &st.s
	st.harm = fr.typ == "ASSAULT"
	var actor, recipient []report.Ref
	var actorWhy, recipientWhy string

	// words of the noun's own phrase
	gen, preps := f.local(r, st, c)
	by := func() []report.Ref {
		for _, p := range preps {
			if byWords[p.prep] {
				return f.refs(r, st, p.first, p.last, true)
			}
		}
		if c.use != asNoun {
			return f.prepRefs(r, st, c, byWords, true)
		}
		return nil
	}
	if fr.pair {
		if a, b, ok := f.between(r, st, c, preps); ok {
			e.Actor, e.Recipient = a, b
			e.Why = append(e.Why, "actor and recipient: the two sides named")
			return
		}
	}
	effort := f.effort(r, st, c)
	switch c.use {
	case asNoun:
		switch {
		case len(effort) > 0:
			actor = effort
			actorWhy = "who tries"
			if fr.gen != "none" && fr.gen != "thing" {
				recipient = gen
				recipientWhy = "ezafe after the noun"
			}
		case fr.genSingular == "recipient" && !f.plural(w, c):
			recipient = gen // «تحریم ایران», but «تحریم‌های آمریکا»
			recipientWhy = "ezafe after the noun"
		case fr.gen == "actor" && slices.Contains(fr.recipient, "obj") && f.under(s, c, "با", "ضمن") && f.controlled(w, s, c, fr):
			recipient = gen // «با تهدید حماس»
			recipientWhy = "ezafe after the noun"
		case fr.gen == "actor":
			actor = gen
			actorWhy = "ezafe after the noun"
		case fr.gen == "recipient":
			recipient = gen
			recipientWhy = "ezafe after the noun"
		}
		if b := by(); len(b) > 0 {
			actor = b
			actorWhy = "named as the agent"
		}
		for _, p := range preps {
			if slices.Contains(fr.recipient, p.prep) && len(recipient) == 0 && !f.taken(w, c, p.prepAt) {
				recipient = f.refs(r, st, p.first, p.last, false)
				recipientWhy = "after " + p.prep
			}
		}
	case asActive:
		if slices.Contains(fr.actor, "subj") {
			actor = f.subject(r, st, c)
			actorWhy = "subject of the verb"
		}
		if len(actor) == 0 && fr.gen == "actor" {
			actor = gen
			actorWhy = "ezafe after the noun"
		}
		if len(actor) == 0 {
			actor = by()
			actorWhy = "named as the agent"
		}
		for _, src := range fr.recipient {
			switch src {
			case "obj":
				recipient = f.object(r, st, c)
				recipientWhy = "object of the verb"
			case "subj":
				recipient = f.subject(r, st, c) // «دولت باید …»: whom it is asked of
				recipientWhy = "subject of the verb"
			case "gen":
				if fr.gen != "actor" {
					recipient = gen
					recipientWhy = "ezafe after the noun"
				}
			default:
				recipient = f.prepRefs(r, st, c, map[string]bool{src: true}, false)
				recipientWhy = "after " + src
			}
			if len(recipient) > 0 {
				break
			}
		}
		if len(recipient) == 0 && fr.gen == "recipient" {
			recipient = gen
			recipientWhy = "ezafe after the noun"
		}
	case asPassive:
		recipient = f.subject(r, st, c)
		recipientWhy = "subject of the passive"
		if b := by(); len(b) > 0 {
			actor = b
			actorWhy = "named as the agent"
		} else if fr.gen == "actor" {
			actor = gen
			actorWhy = "ezafe after the noun"
		}
	}
	if len(recipient) == 0 && c.kind == noun {
		for i := c.last; i < min(c.last+3, s.last) && (w[i].Tag == word.ADJ || w[i].Tag == word.NOUN || w[i].Key == "ضد"); i++ {
			k := against(w[i].Key)
			if w[i].Key == "ضد" && i+1 < s.last {
				k = w[i+1].Key
			}
			if ref, ok := f.nisbaOf(r, k, w[i].Span); ok {
				recipient = []report.Ref{ref} // «عملیات ضدصهیونیستی»
				recipientWhy = "whom the adjective says it is against"
				break
			}
		}
	}
	if fr.typ == "MOBILIZE" && c.use == asPassive && len(actor) == 0 {
		actor, recipient = recipient, nil // «نیروها مستقر شدند»
		actorWhy = recipientWhy
	}
	// the statement that the words open says who speaks
	if k := f.cueOf(r, st, c); k >= 0 {
		sp := &r.Statements[k]
		if sp.Speaker.Entity != "" && c.use != asPassive {
			actor = []report.Ref{sp.Speaker}
			actorWhy = "speaker of the statement that the words open"
		}
		if len(recipient) == 0 && sp.Addressee != nil {
			recipient = []report.Ref{*sp.Addressee}
			recipientWhy = "addressee of the statement"
		}
	}
	if len(actor) == 0 && c.use == asActive && c.verb >= 0 && w[c.verb].Verb.Person == 1 {
		if k := st.statement(r.Words.Span(c.first, c.last)); k >= 0 && r.Statements[k].Speaker.Entity != "" {
			actor = []report.Ref{r.Statements[k].Speaker}
			actorWhy = "speaker of the statement around it"
		}
	}
	if v := s.clauses[c.clause].verb; len(actor) == 0 && c.use == asNoun && v > c.last && w[v].Verb.Person == 1 && (f.controlled(w, s, c, fr) || f.under(s, c, "درحال")) {
		if k := st.statement(r.Words.Span(c.first, c.last)); k >= 0 && r.Statements[k].Speaker.Entity != "" {
			actor = []report.Ref{r.Statements[k].Speaker}
			actorWhy = "speaker of the statement around it"
		}
	}
	if len(actor) == 0 && slices.Contains(fr.actor, "speaker") {
		if k := st.statement(r.Words.Span(c.first, c.last)); k >= 0 && r.Statements[k].Speaker.Entity != "" {
			actor = []report.Ref{r.Statements[k].Speaker}
			actorWhy = "speaker of the statement around it"
		}
	}
	// «حملات خود», «با انتقاد از …», «پس از دیدار با …»: whoever is the subject
	if len(actor) == 0 && c.use == asNoun && (f.own(w, s, c) || f.controlled(w, s, c, fr)) {
		actor = f.subject(r, st, c)
		actorWhy = "subject of the verb"
	}
	if fr.typ == "REQUEST" && len(recipient) == 0 && c.use == asActive && c.kind == split && c.verb > c.last {
		// «خواستار تعلیق فعالیت پارلمان شد»: of whom it is asked
		for i := range s.phrases {
			if p := &s.phrases[i]; p.clause == c.clause && p.last > c.last && p.first < c.verb && !p.time {
				recipient = f.refs(r, st, max(p.first, c.last), min(p.last, c.verb), true)
				recipientWhy = "in what is asked for"
				break
			}
		}
	}
	if len(recipient) == 0 && fr.typ == "THREATEN" && c.use == asActive {
		// «هشدار داد: اقلیم کردستان …»: whom the words of the threat name first
		if k := f.cueOf(r, st, c); k >= 0 {
			recipient = f.firstNamed(r, st, &r.Statements[k], actor)
			recipientWhy = "named first in the threat"
		}
	}
	if fr.typ == "AGREE" && len(recipient) == 0 && c.use == asActive && c.verb >= 0 {
		recipient = f.promised(r, st, c, actor)
		recipientWhy = "whom the promise is to or for"
	}
	if fr.mode == "visit" {
		for i := range recipient {
			if e := r.Entity(recipient[i].Entity); e != nil && e.Type == report.PLACE && e.Place != nil {
				if id := f.country[e.Place.Country]; id != "" && r.Entity(id) != nil {
					recipient[i].Entity = id
				}
			}
		}
	}
	recipient = slices.DeleteFunc(recipient, func(b report.Ref) bool {
		t := typeOf(r, b.Entity)
		return fr.typ == "REQUEST" && (t == report.MEDIA || t == report.PLACE)
	})
	if fr.typ == "REJECT" && c.use == asActive && f.deed(r, st, c, recipient) {
		recipient = nil // «تشدید تحریم‌ها علیه ایران را رد کرد»: a deed, nobody's words
	}
	if fr.pair && len(recipient) == 0 && len(actor) > 1 {
		actor, recipient = actor[:1], actor[1:]
		recipientWhy = "joined to the actor"
	}
	if c.verb >= 0 && w[c.verb].Verb.Person == 1 && w[c.verb].Verb.Plural {
		for i := range actor {
			f.body(r, st, &actor[i])
		}
	}
	if e.Status == report.Future || e.Status == report.Hypothetical {
		if fr.typ == "ASSAULT" || fr.typ == "MOBILIZE" {
			for i := range actor {
				f.body(r, st, &actor[i]) // who attacks is the army, not the minister who says so
			}
		}
	}
	if fr.typ == "PROTEST" {
		// «تظاهرات بحرین»: where it is, people protest
		actor = slices.DeleteFunc(actor, func(a report.Ref) bool {
			t := typeOf(r, a.Entity)
			return c.use == asNoun && (t == report.STATE || t == report.PLACE)
		})
	}
	for _, a := range actor {
		recipient = slices.DeleteFunc(recipient, func(b report.Ref) bool { return a.Entity == b.Entity })
	}
	if len(actor) > 0 {
		e.Why = append(e.Why, "actor: "+actorWhy)
	}
	if len(recipient) > 0 {
		e.Why = append(e.Why, "recipient: "+recipientWhy)
	}
	e.Actor, e.Recipient = actor, recipient
}

// controlled reports whether the subject of the clause is the actor of a noun
// in it: «با انتقاد از …», «پس از دیدار با …».
func (f *Framer) controlled(w []word.Word, s *sentence, c *cand, fr *frame) bool {
	for i := range s.phrases {
		p := &s.phrases[i]
		if p.first <= c.first && c.first < p.last {
			if c.first-p.first > 1 || p.prepAt > 0 && f.taken(w, c, p.prepAt) {
				return false
			}
			switch p.prep {
			case "با", "ضمن", "برای", "جهت", "بهمنظور", "بمنظور", "درصدد", "باهدف":
				return true
			case "بهدنبال":
				// «به دنبال حمله است» seeks it, «به دنبال تظاهرات …» comes after it
				v := s.clauses[c.clause].verb
				return v >= 0 && lemma(&w[v]) == "بودن"
			case "از":
				if v := s.clauses[c.clause].verb; v < 0 || !reporting[lemma(&w[v])] {
					return false
				}
				return fr.typ == "CONSULT" || fr.typ == "AGREE" || fr.typ == "COOPERATE" || fr.typ == "SUPPORT"
			case "پساز", "در", "طی", "پیشاز", "قبلاز", "درجریان", "به", "درواکنشبه":
				return fr.typ == "CONSULT" || fr.typ == "COOPERATE" || fr.typ == "AGREE" || fr.typ == "SUPPORT" || fr.typ == "ACCUSE" || fr.typ == "REQUEST" || fr.typ == "MOBILIZE" ||
					fr.typ == "COERCE" && (p.prep == "پساز" || p.prep == "پیشاز" || p.prep == "قبلاز")
			}
			return false
		}
	}
	return false
}

// reporting are the verbs of «از دیدار با … خبر داد».
var reporting = map[string]bool{"دادن": true, "گفتن": true}

// firstNamed returns the first state, group or person that the content of the
// statement names, other than those in but.
func (f *Framer) firstNamed(r *report.Report, st *state, s *report.Statement, but []report.Ref) []report.Ref {
	if len(s.Content) == 0 {
		return nil
	}
	c := s.Content[0]
	k := sort.Search(len(st.names), func(i int) bool { return st.names[i].Span.Start >= c.Start })
	for n := 0; k < len(st.names) && n < 3 && st.names[k].Span.End <= c.End; k, n = k+1, n+1 {
		m := &st.names[k]
		switch typeOf(r, m.Entity) {
		case report.STATE, report.GRP, report.ORG, report.PER:
			if !slices.ContainsFunc(but, func(b report.Ref) bool { return b.Entity == m.Entity }) {
				return []report.Ref{{Entity: m.Entity, Span: m.Span}}
			}
		}
	}
	return nil
}

// under reports whether one of the prepositions governs the phrase of the trigger.
func (f *Framer) under(s *sentence, c *cand, preps ...string) bool {
	for i := range s.phrases {
		if p := &s.phrases[i]; p.first <= c.first && c.first < p.last {
			return c.first-p.first <= 1 && slices.Contains(preps, p.prep)
		}
	}
	return false
}

// body puts the body that a speaker speaks for in the place of the speaker:
// «ما … حمله می‌کنیم» of a group's spokesman is the group.
func (f *Framer) body(r *report.Report, st *state, a *report.Ref) {
	e := r.Entity(a.Entity)
	if e == nil || e.Type != report.PER {
		return
	}
	for _, role := range e.Roles {
		if role.Of == "" {
			continue
		}
		if t := typeOf(r, role.Of); t == report.GRP || t == report.ORG || t == report.STATE {
			a.Entity = role.Of
			return
		}
	}
	if of := f.serves[a.Entity]; of != "" && r.Entity(of) != nil {
		a.Entity = of
		return
	}
	if a.Entity[0] != '~' {
		return
	}
	// «معاون دبیرکل گروه»: the group that the description ends with
	for k := range min(len(st.names), 64) {
		m := &st.names[k]
		if t := typeOf(r, m.Entity); (t == report.GRP || t == report.STATE) && strings.HasSuffix(e.Name, " "+r.Text[m.Span.Start:m.Span.End]) {
			a.Entity = m.Entity
			return
		}
	}
}

// plural reports whether the trigger is a plural.
func (f *Framer) plural(w []word.Word, c *cand) bool {
	for i := c.first; i < c.last; i++ {
		if w[i].Plural || strings.HasSuffix(w[i].Key, "ها") || strings.HasSuffix(w[i].Key, "های") || w[i].Key == "های" {
			return true
		}
	}
	return c.last < len(w) && (w[c.last].Key == "ها" || w[c.last].Key == "های" || w[c.last].Key == "هایی")
}

// efforts are the nouns of trying whose ezafe names who tries.
var efforts = map[string]bool{"تلاش": true, "تلاشهای": true, "قصد": true, "اقدام": true, "آمادگی": true, "امادگی": true, "تصمیم": true, "برنامه": true, "طرح": true, "اقدامات": true, "تهدید": true, "راهبرد": true, "سیاست": true, "نقش": true, "توان": true, "توانایی": true, "ناتوانی": true, "عزم": true, "هدف": true}

// effort resolves the actor of «تلاش دادگاه‌های آمریکا برای توقیف …».
func (f *Framer) effort(r *report.Report, st *state, c *cand) []report.Ref {
	w, s := r.Words.Words, &st.s
	if c.use != asNoun {
		return nil
	}
	for i := range s.phrases {
		p := &s.phrases[i]
		if p.first > c.first || c.first >= p.last {
			continue
		}
		if i == 0 || p.prep != "برای" && p.prep != "جهت" && p.prep != "به" && p.prep != "در" && p.prep != "از" || s.phrases[i-1].last != p.prepAt {
			return nil
		}
		q := &s.phrases[i-1]
		for k := q.first; k < min(q.first+2, q.last-1); k++ {
			if efforts[w[k].Key] {
				return f.refs(r, st, k+1, q.last, true)
			}
		}
		return nil
	}
	return nil
}

// byWords are prepositions that name who did it.
var byWords = map[string]bool{"توسط": true, "ازسوی": true, "بهدست": true, "ازجانب": true, "بهوسیله": true, "بدست": true, "ازطرف": true, "بوسیله": true, "بهدستور": true, "بهضرب": true}

// own reports whether «خود» or «ش» hangs on the trigger.
func (f *Framer) own(w []word.Word, s *sentence, c *cand) bool {
	for i := c.last; i < min(c.last+3, s.last); i++ {
		if w[i].Key == "خود" || w[i].Key == "خویش" || w[i].Key == "خودشان" {
			return true
		}
		if w[i].Tag != word.ADJ && w[i].Tag != word.NOUN {
			break
		}
	}
	return false
}

// local returns the ezafe complement of the trigger and the prepositional
// phrases that follow it inside its noun phrase.
func (f *Framer) local(r *report.Report, st *state, c *cand) (gen []report.Ref, preps []phr) {
	w, s := r.Words.Words, &st.s
	at := max(c.last, c.end)
	stop := s.last
	if c.use != asNoun {
		if c.end > c.last && c.verb >= 0 && min(w[c.verb].Verb.First, c.verb) <= c.last {
			return nil, nil
		}
		at = c.last // «راهی هند شد», «حمله آمریکا … آغاز شد»
	}
	if v := s.clauses[c.clause].verb; v >= at {
		stop = min(stop, s.clauses[c.clause].first)
		stop = max(stop, at)
	}
	// adjectives of the trigger
	for at < stop && st.inTime(r, at) {
		at++
	}
	adj := at
	for at < stop && w[at].Tag == word.ADJ && !st.inName(at) {
		at++
	}
	ezafe := at == c.last || at == c.end || w[at-1].Ezafe || at < s.last && (st.inName(at) || quote(&w[at]) || w[at].Tag == word.NUM || w[at].Tag == word.PRON || w[at].Tag == word.DET)
	if at < s.last && at > s.first && w[at].Tag == word.NOUN && !st.inName(at) && !w[at-1].Ezafe && w[at-1].Verb == nil {
		ezafe = false // «جنگ | اداره شد»
	}
	if ezafe && at < stop && (nominal(&w[at]) || st.inName(at) || quote(&w[at])) && w[at].Tag != word.ADJ {
		j := at
		for i := range s.phrases {
			if p := &s.phrases[i]; p.first <= at && at < p.last || quote(&w[at]) && p.first == at+1 {
				j = p.last
				at = max(at, p.first)
				if p.time {
					j = at
				}
				break
			}
		}
		if j = min(j, stop); j > at {
			gen = f.refs(r, st, at, j, true)
			// joined: «حمله آمریکا و انگلیس به عراق»
			at = j
			for i := range s.phrases {
				if p := &s.phrases[i]; p.joined && p.first >= at && p.first <= at+3 && p.last <= stop && p.prepAt < c.first && !p.time {
					if !f.tells(w, st, p.first) {
						gen = append(gen, f.refs(r, st, p.first, p.last, true)...)
					}
					at = p.last
				}
			}
		}
	}
	if len(gen) == 0 {
		for i := adj; i < at && i < stop; i++ {
			if against(w[i].Key) != "" {
				continue
			}
			if ref, ok := f.nisbaRef(r, w, i); ok {
				gen = append(gen, ref)
			}
		}
	}
	// what follows without a gap hangs on the noun: «حمله آمریکا در سال ۲۰۰۳ به عراق»
	for i := range s.phrases {
		p := &s.phrases[i]
		if p.first < at || p.clause != c.clause || p.first >= stop {
			continue
		}
		from := p.first
		if p.prep != "" {
			from = p.prepAt
		}
		if from-at > 1 || from < c.last {
			break
		}
		if p.prep != "" && !p.time {
			preps = append(preps, *p)
		} else if !p.time && !p.joined {
			break
		}
		at = p.last
	}
	return gen, preps
}

// tells reports whether a wording of a frame begins at word i: what «و» joins
// is then another act.
func (f *Framer) tells(w []word.Word, st *state, i int) bool {
	st.buf = f.trie.At(st.buf[:0], w[:st.s.last], i, inflection)
	return len(st.buf) > 0
}

// between resolves «درگیری میان الف و ب».
func (f *Framer) between(r *report.Report, st *state, c *cand, preps []phr) (a, b []report.Ref, ok bool) {
	s := &st.s
	for i := range s.phrases {
		p := &s.phrases[i]
		if p.clause != c.clause || (p.prep != "میان" && p.prep != "بین" && p.prep != "مابین") || p.joined {
			continue
		}
		a = f.refs(r, st, p.first, p.last, true)
		for k := i + 1; k < len(s.phrases) && s.phrases[k].joined; k++ {
			b = append(b, f.refs(r, st, s.phrases[k].first, s.phrases[k].last, true)...)
		}
		if len(a) > 1 && len(b) == 0 {
			a, b = a[:1], a[1:]
		}
		return a, b, len(a) > 0 || len(b) > 0
	}
	return nil, nil, false
}

// prepRefs returns whom the phrases of the clause after one of the prepositions mean.
func (f *Framer) prepRefs(r *report.Report, st *state, c *cand, preps map[string]bool, actor bool) []report.Ref {
	w, s := r.Words.Words, &st.s
	var out []report.Ref
	for i := range s.phrases {
		p := &s.phrases[i]
		if p.clause != c.clause || p.prep == "" || !preps[p.prep] || p.time || f.taken(w, c, p.prepAt) || cites[w[p.first].Key] {
			continue
		}
		last := p.last
		if p.first <= c.first && c.first < p.last {
			last = c.first // «از سوی نیروهای آمریکایی | متهم به …»
		}
		out = append(out, f.refs(r, st, p.first, last, actor)...)
		if len(out) > 0 && (i+1 >= len(s.phrases) || !s.phrases[i+1].joined) {
			break
		}
	}
	return out
}

// cites are the nouns of «به گزارش …», which names nobody's opposite.
var cites = map[string]bool{"گزارش": true, "نوشته": true, "گفته": true, "نقل": true, "اعتقاد": true, "عقیده": true}

// takers are nouns that take the preposition after them for themselves: «مبارزه با داعش».
var takers = map[string]bool{"مبارزه": true, "مقابله": true, "برخورد": true, "همکاری": true, "رابطه": true, "روابط": true, "ارتباط": true,
	"مواجهه": true, "مصاحبه": true, "هماهنگی": true, "درگیری": true, "جنگ": true, "حمله": true, "حملات": true, "پاسخ": true, "نسبت": true,
	"کمک": true, "وابسته": true, "مربوط": true, "موسوم": true, "متعلق": true, "نزدیک": true, "اشاره": true, "توجه": true, "پیوستن": true,
	"دستیابی": true, "رسیدگی": true, "سفر": true, "ورود": true, "گزارش": true, "تحریم": true, "مرز": true, "همسایگی": true}

// taken reports whether the noun before the preposition at word i, not the
// trigger, takes it.
func (f *Framer) taken(w []word.Word, c *cand, i int) bool {
	if i < 1 || i-1 >= c.first && i-1 < c.end {
		return false
	}
	return takers[w[i-1].Key]
}

// subject returns the subject of the clause of the trigger.
func (f *Framer) subject(r *report.Report, st *state, c *cand) []report.Ref {
	if out := f.ownSubject(r, st, c); len(out) > 0 {
		return out
	}
	if c.use == asNoun || c.verb >= 0 && r.Words.Words[c.verb].Verb.Person == 1 {
		return nil
	}
	return f.treeSubject(r, st, c)
}

// treeSubject returns the subject that the phrases of the sentence give the
// verb, where the clause itself names none.
func (f *Framer) treeSubject(r *report.Report, st *state, c *cand) []report.Ref {
	t := &r.Phrases
	at := c.first
	if c.verb >= 0 {
		at = c.verb
	}
	if at >= len(t.ClauseOf) || t.ClauseOf[at] < 0 {
		return nil
	}
	p := t.Subject(t.ClauseOf[at])
	if p < 0 || t.Phrases[p].First <= c.first && c.first < t.Phrases[p].Last || t.Phrases[p].First > c.first {
		return nil
	}
	first, last := t.Extent(p)
	return f.refs(r, st, first, min(last, c.first), true)
}

func (f *Framer) ownSubject(r *report.Report, st *state, c *cand) []report.Ref {
	w, s := r.Words.Words, &st.s
	cl := c.clause
	for depth := 0; depth < 4 && cl >= 0; depth++ {
		k := &s.clauses[cl]
		bare := false
		for i := range s.phrases {
			p := &s.phrases[i]
			if p.clause != cl || p.prep != "" || p.ra || p.time || k.verb >= 0 && p.first > k.verb {
				continue
			}
			if f.opensObject(s, i) {
				continue
			}
			last := p.last
			if p.first <= c.first && c.first < p.last {
				last = c.first
			}
			if p.first >= c.first && cl == c.clause {
				break
			}
			if k.first > p.first {
				last = min(last, k.first)
			}
			if last <= p.first {
				continue
			}
			out := f.refs(r, st, p.first, last, true)
			for j := i + 1; j < len(s.phrases) && s.phrases[j].joined && s.phrases[j].first < c.first && s.phrases[j].prep == ""; j++ {
				out = append(out, f.refs(r, st, s.phrases[j].first, min(s.phrases[j].last, c.first), true)...)
			}
			if len(out) > 0 && (typeOf(r, out[0].Entity) != report.MEDIA || c.use == asPassive && cl == c.clause || i+1 == len(s.phrases)) {
				return out
			}
			if len(out) > 0 {
				continue // «خبرگزاری فارس، وزارت خارجه …»
			}
			bare = bare || w[p.first].Tag == word.NOUN || w[p.first].Tag == word.NUM || w[p.first].Tag == word.DET
		}
		if bare && c.clause == cl {
			return nil // a thing is the subject
		}
		if k.embedded && k.prev < 0 {
			// «گروهی که … حمله کرد»: the noun before که
			return f.antecedent(r, st, k.opened)
		}
		if k.verb >= 0 && w[k.verb].Verb.Person == 1 {
			return nil
		}
		cl = k.prev
		if cl >= 0 && s.clauses[cl].verb >= 0 && st.statement(w[s.clauses[cl].verb].Span) != st.statement(w[c.first].Span) {
			return nil
		}
		if cl >= 0 && k.opened < len(w) && k.opened < s.last && w[k.opened].Tag != word.CCONJ && depth == 0 && w[k.opened].Tag != word.PUNCT {
			// a new main clause without «و»: only a dropped subject looks back
			continue
		}
	}
	return nil
}

// antecedent returns whom the phrase before «که» at word i means: «گروهی که …»,
// «رئیس فدراسیون در عربستان که …».
func (f *Framer) antecedent(r *report.Report, st *state, i int) []report.Ref {
	s := &st.s
	for k := len(s.phrases) - 1; k >= 0; k-- {
		p := &s.phrases[k]
		if p.last > i {
			continue
		}
		if i-p.last > 2 || p.time {
			return nil
		}
		for k > 0 && (p.prep == "در" || p.prep == "از") && s.phrases[k-1].last == p.prepAt && !s.phrases[k-1].time {
			k--
			p = &s.phrases[k]
		}
		return f.refs(r, st, p.first, p.last, true)
	}
	return nil
}

// object returns what «را» marks in the clause.
func (f *Framer) object(r *report.Report, st *state, c *cand) []report.Ref {
	s := &st.s
	for i := range s.phrases {
		p := &s.phrases[i]
		if p.clause != c.clause || !p.ra || p.time {
			continue
		}
		var out []report.Ref
		marked := i
		k := i
		for k > 0 && (s.phrases[k].joined || s.phrases[k].prep != "" && inside[s.phrases[k].prep] && s.phrases[k-1].last == s.phrases[k].prepAt && !s.phrases[k-1].time) {
			if !s.phrases[k].joined && s.phrases[k-1].prep == "" {
				k--
				i = k
				break
			}
			k--
		}
		top := k
		for ; k <= i; k++ {
			first, last := s.phrases[k].first, s.phrases[k].last
			if first <= c.first && c.first < last {
				continue
			}
			out = append(out, f.refs(r, st, first, last, false)...)
		}
		for k := top + 1; len(out) == 0 && k <= marked; k++ {
			out = f.refs(r, st, s.phrases[k].first, s.phrases[k].last, false)
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// deeds are the nouns of a deed or possibility that is rejected as such.
var deeds = map[string]bool{"تشدید": true, "نقض": true, "تعیین": true, "احتمال": true, "امکان": true, "وجود": true, "وقوع": true, "ایده": true, "افزایش": true, "کاهش": true}

// deed reports whether one of the refs is named inside a phrase about a deed
// that stands between the subject and the verb.
func (f *Framer) deed(r *report.Report, st *state, c *cand, refs []report.Ref) bool {
	w, s := r.Words.Words, &st.s
	for i := range s.phrases {
		p := &s.phrases[i]
		if p.clause != c.clause || p.time {
			continue
		}
		for k := p.first; k < min(p.last, c.first); k++ {
			if !deeds[w[k].Key] {
				continue
			}
			for _, b := range refs {
				if b.Span.Start > w[k].Span.Start && b.Span.End <= w[c.first].Span.Start {
					return true
				}
			}
		}
	}
	return false
}

// promised returns whom the clause that a promise opens is to or for:
// «متعهد شدند که … از مقاومت حمایت کنند».
func (f *Framer) promised(r *report.Report, st *state, c *cand, actor []report.Ref) []report.Ref {
	w, s := r.Words.Words, &st.s
	que := c.verb + 1
	if que >= s.last || w[que].Key != "که" {
		return nil
	}
	for i := range s.phrases {
		p := &s.phrases[i]
		if p.first <= que || p.time || p.first > que+15 || p.prep != "به" && p.prep != "از" && p.prep != "با" {
			continue
		}
		refs := f.refs(r, st, p.first, p.last, true)
		if len(refs) > 0 && !meet(refs, actor) {
			return refs
		}
	}
	return nil
}

// opensObject reports whether phrase i is the head of an object whose «را»
// stands after another phrase: «دارایی‌های ایران در این کانال را».
func (f *Framer) opensObject(s *sentence, i int) bool {
	for k := i + 1; k < len(s.phrases) && k < i+4; k++ {
		p := &s.phrases[k]
		if p.clause != s.phrases[i].clause || p.prep == "" || !inside[p.prep] || p.prepAt != s.phrases[k-1].last {
			return false
		}
		if p.ra {
			return true
		}
	}
	return false
}

// inside are prepositions that stand inside an object: «مواضع داعش در عراق را».
var inside = map[string]bool{"در": true, "از": true, "درزمینه": true, "درباره": true, "درمورد": true, "درخصوص": true, "به": true, "با": true, "برای": true, "علیه": true, "جهت": true, "مبنیبر": true, "بهمنظور": true}

// refs resolves Words[first:last] to entities: by name, description or
// pronoun; where the phrase is of things, the name or nisba inside it that
// owns them («مواضع داعش», «جنگنده‌های انگلیسی»).
func (f *Framer) refs(r *report.Report, st *state, first, last int, actor bool) []report.Ref {
	w := r.Words.Words
	first, last = max(first, 0), min(last, len(w))
	if last <= first {
		return nil
	}
	if w[first].Key == "خود" {
		return nil
	}
	if f.weaponAt(r, st, first, last) {
		// «جنگنده‌های انگلیسی»: who owns the weapon
		for i := first; i < last; i++ {
			if ref, ok := f.nisbaRef(r, w, i); ok {
				return []report.Ref{ref}
			}
		}
	}
	if all := st.ref.PhraseAll(first, last); len(all) > 1 && typeOf(r, all[0].Entity) != report.PLACE {
		return all
	}
	if ref, ok := st.ref.Phrase(first, last); ok && ref.Entity != "" {
		if t := typeOf(r, ref.Entity); t == report.PLACE && (actor || st.harm) || t == report.MEDIA && st.harm {
			return nil
		}
		if st.harm && !actor && ref.Entity[0] == '~' && (w[first].Tag == word.NOUN || w[first].Tag == word.NUM) {
			// «فرودگاه‌های اسرائیل»: whose it is
			if t := typeOf(r, ref.Entity); t == report.ORG || t == report.PLACE {
				for i := first; i < last; i++ {
					if n := st.nameAt(i); n >= 0 && owns[typeOf(r, st.names[n].Entity)] {
						return []report.Ref{{Entity: st.names[n].Entity, Span: st.names[n].Span}}
					}
				}
			}
		}
		return []report.Ref{ref}
	}
	// «مواضع داعش», «ادعاهای | کشورهای صنعتی»: the first that can act
	for i := first; i < last; i++ {
		if n := st.nameAt(i); n >= 0 {
			m := &st.names[n]
			t := typeOf(r, m.Entity)
			if t == report.MEDIA || (actor || st.harm) && t == report.PLACE {
				continue
			}
			return []report.Ref{{Entity: m.Entity, Span: m.Span}}
		}
		if i == first || i > first+6 || w[i].Tag != word.NOUN && w[i].Tag != word.PROPN && w[i].Tag != word.NUM && w[i].Tag != word.PRON {
			continue
		}
		if ref, ok := st.ref.Phrase(i, last); ok && ref.Entity != "" {
			if t := typeOf(r, ref.Entity); t == report.MEDIA || (actor || st.harm) && t == report.PLACE {
				continue
			}
			return []report.Ref{ref}
		}
	}
	for i := first; i < last; i++ {
		if ref, ok := f.nisbaRef(r, w, i); ok {
			return []report.Ref{ref}
		}
	}
	return nil
}

// owns are the types of entities that own what is attacked.
var owns = map[report.Type]bool{report.STATE: true, report.GRP: true}

// weaponAt reports whether a phrase is of weapons.
func (f *Framer) weaponAt(r *report.Report, st *state, first, last int) bool {
	st.buf = f.weapons.At(st.buf[:0], r.Words.Words[:last], first, inflection)
	return len(st.buf) > 0
}

// nisbaRef returns the state of an adjective like «آمریکایی».
func (f *Framer) nisbaRef(r *report.Report, w []word.Word, i int) (report.Ref, bool) {
	return f.nisbaOf(r, w[i].Key, w[i].Span)
}

// against returns the adjective inside one like «ضدآمریکایی», "" for none.
func against(key string) string {
	k, ok := strings.CutPrefix(key, "ضد")
	if !ok {
		return ""
	}
	return k
}

func (f *Framer) nisbaOf(r *report.Report, key string, at span.Span) (report.Ref, bool) {
	id := f.nisba[key]
	if id == "" {
		return report.Ref{}, false
	}
	if r.Entity(id) == nil {
		k := sort.Search(len(f.names), func(k int) bool { return f.names[k].id >= id })
		if k >= len(f.names) || f.names[k].id != id {
			return report.Ref{}, false
		}
		n := &f.names[k]
		r.Entities = append(r.Entities, report.Entity{ID: id, Type: report.Type(n.typ), Name: n.fa, NameEn: n.en, Known: true})
	}
	return report.Ref{Entity: id, Span: at}, true
}

// cueOf returns the statement whose cue the trigger is part of, -1 for none.
func (f *Framer) cueOf(r *report.Report, st *state, c *cand) int {
	t := r.Words.Span(c.first, c.end)
	if c.verb >= c.end {
		v := r.Words.Words[c.verb].Verb
		t.End = r.Words.Words[min(max(v.Last, c.verb), len(r.Words.Words)-1)].Span.End
	}
	k := sort.Search(len(r.Statements), func(i int) bool { return start(&r.Statements[i]) > t.End+400 })
	for i := k - 1; i >= 0 && i > k-12; i-- {
		cue := r.Statements[i].Cue
		if cue.Start < t.End && t.Start < cue.End {
			if r.Statements[i].Cue == (span.Span{}) {
				continue
			}
			own := r.Words.Span(c.first, c.last)
			if cue.Start < own.End && own.Start < cue.End || c.use != asNoun && c.verb >= 0 && cue.Start >= own.Start && cue.End <= t.End {
				return i
			}
		}
	}
	return -1
}

func start(s *report.Statement) int {
	if len(s.Content) == 0 {
		return s.Cue.Start
	}
	return min(s.Content[0].Start, s.Cue.Start)
}

// placeAndDate finds where and when, in the clause of the trigger, then in the sentence.
func (f *Framer) placeAndDate(r *report.Report, st *state, c *cand, e *report.Event) {
	s := &st.s
	bestD := 1 << 30
	for i := range s.phrases {
		p := &s.phrases[i]
		d := max(p.first-c.last, c.first-p.last)
		if p.clause != c.clause {
			d += 12
		}
		if p.time {
			if t := &r.Times[st.timeOf[p.first]]; e.Date == nil || d < bestD {
				if v := day(t); v != "" && p.clause == c.clause {
					bestD = d
					e.Date = &report.DateRef{Value: v, Span: t.Span}
				}
			}
		}
	}
	bestD = 1 << 30
	for i := range s.phrases {
		p := &s.phrases[i]
		if p.prep != "در" && p.prep != "به" && p.prep != "از" || p.time {
			continue
		}
		d := max(p.first-c.last, c.first-p.last)
		if p.prep != "در" {
			d += 10
		}
		if p.clause != c.clause || d >= bestD {
			continue
		}
		for k := p.first; k < p.last; k++ {
			if n := st.nameAt(k); n >= 0 {
				m := &st.names[n]
				if t := typeOf(r, m.Entity); t == report.PLACE || t == report.STATE && p.prep == "در" {
					e.Place, bestD = &report.Ref{Entity: m.Entity, Span: m.Span}, d
					break
				}
			}
		}
	}
}

// day is the date of an act told with that time, "" where it dates nothing.
func day(t *when.Time) string {
	v := strings.TrimSuffix(t.Value, "~")
	switch {
	case t.Kind != when.DATE && t.Kind != when.TIME, strings.HasSuffix(v, "_REF"), strings.HasPrefix(v, "P"), v == "":
		return ""
	}
	if i := strings.IndexByte(v, 'T'); i > 0 && !strings.Contains(v, "/") {
		v = v[:i]
	}
	return v
}
