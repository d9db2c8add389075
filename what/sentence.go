package what

import (
	"slices"
	"strings"

	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

// sentence frames the events of one sentence.
func (f *Framer) sentence(r *report.Report, st *state, n int, out []report.Event) []report.Event {
	se := r.Words.Sentences[n]
	f.cut(r, st, se.First, se.Last)
	cands := f.candidates(r, st)
	if len(cands) == 0 {
		return out
	}
	begin := len(out)
	var kept []cand
	for i := range cands {
		c := &cands[i]
		fr := &f.frames[c.frame]
		if !f.wanted(r, st, n, c) || fr.needs&needCounted != 0 && f.attacked(cands, c) {
			continue
		}
		if k := f.echo(r, st, kept, out[begin:], c); k >= 0 {
			f.join(r, st, &out[begin+k], c)
			continue
		}
		e := report.Event{Type: fr.typ, Mode: fr.mode, Killed: -1, Wounded: -1, Count: -1, Rule: fr.id,
			Trigger: span.Span{Start: r.Words.Words[c.first].Span.Start, End: r.Words.Words[c.last-1].Span.End}}
		var why string
		e.Status, why = f.statusOf(r, st, c)
		e.Why = append(e.Why, "status "+string(e.Status)+": "+why)
		// «به آتش‌بس و پیوستن به دولت فراخواند»: what is joined has one status
		if k := len(kept) - 1; k >= 0 && e.Status == report.Happened && c.use == asNoun && kept[k].use == asNoun && f.joinedTo(r.Words.Words, &kept[k], c) {
			if p := &out[len(out)-1]; p.Status != report.Ongoing {
				e.Status = p.Status
				e.Why = append(e.Why, "status "+string(p.Status)+": joined to the act before")
			}
		}
		f.arguments(r, st, c, &e)
		if strings.Contains(why, impersonal) {
			e.Actor = nil // «می‌توان حمله کرد»: nobody in particular
		}
		if fr.typ == "ACCUSE" || fr.typ == "SUPPORT" || fr.typ == "REJECT" {
			f.answered(&st.s, kept, out[begin:], c, &e)
		}
		if fr.needs&needReal != 0 && e.Status == report.Hypothetical ||
			c.use == asNoun && (fr.typ == "CONSULT" || fr.typ == "SUPPORT") && e.Status == report.Hypothetical && f.under(&st.s, c, "برای", "جهت", "بهمنظور") ||
			fr.typ == "COOPERATE" && c.use == asNoun && f.topical(&st.s, kept, c) ||
			fr.typ == "ASSAULT" && c.use == asNoun && len(e.Actor)+len(e.Recipient) == 0 && f.generic(r.Words.Words, &st.s, c) {
			continue
		}
		if fr.needs&needArg != 0 && len(e.Actor) == 0 && len(e.Recipient) == 0 ||
			fr.group == "harm" && st.topic[memory] >= 2 && len(e.Actor) == 0 ||
			fr.needs&needAddressee != 0 && len(e.Recipient) == 0 ||
			fr.needs&needPerson != 0 && !(f.person(r, e.Actor) && f.somewhere(r, e.Recipient)) ||
			fr.needs&needVerb != 0 && c.kind == noun && c.use == asNoun && len(e.Actor) == 0 && len(e.Recipient) == 0 {
			continue
		}
		if k := st.statement(e.Trigger); k >= 0 {
			e.SaidBy = r.Statements[k].ID
			if c.frame != f.duty {
				f.content(r, st, c, &e, &r.Statements[k])
			}
		}
		// a meeting to come is an agreement to meet, aid to come a promise
		if e.Status == report.Future && (e.Type == "CONSULT" || e.Type == "AID" && c.use == asActive) && !f.foretold(r.Words.Words, &st.s, c) {
			e.Type, e.Mode = "AGREE", ""
			e.Why = append(e.Why, "type AGREE: still to come")
		}
		f.weaponOf(r, st, c, &e)
		f.placeAndDate(r, st, c, &e)
		kept = append(kept, *c)
		out = append(out, e)
		w := r.Words.Words
		st.at = append(st.at, site{n, stem(w, c), fr.id, c.first > se.First && this[w[c.first-1].Key], fr.gen == "thing", fr.mode == "visit", c.use == asNoun && e.Status == report.Happened, len(e.Recipient) == 0 && f.points(w, &st.s, c, fr)})
	}
	f.numbers(r, st, kept, out[begin:])
	return out
}

// points reports whether the words point to what was told before as what the
// act is about: «این اقدام را محکوم کرد», «با این امر مخالفت کرد».
func (f *Framer) points(w []word.Word, s *sentence, c *cand, fr *frame) bool {
	if fr.typ != "ACCUSE" && fr.typ != "REJECT" && fr.typ != "SUPPORT" {
		return false
	}
	for i := range s.phrases {
		p := &s.phrases[i]
		if p.clause == c.clause && p.first < max(c.first, c.end+4) && !p.time && this[w[p.first].Key] && (p.ra || slices.Contains(fr.recipient, p.prep)) {
			return true
		}
	}
	return false
}

// answered corrects whom a judgement is about: of «حمله اسرائیل را محکوم کرد» it
// is who attacked, not who was attacked.
func (f *Framer) answered(s *sentence, kept []cand, events []report.Event, c *cand, e *report.Event) {
	if c.use == asNoun {
		return
	}
	for k := range kept {
		p := &kept[k]
		if p.clause != c.clause || p.use != asNoun || events[k].Type != "ASSAULT" && events[k].Type != "COERCE" && events[k].Type != "SANCTION" {
			continue
		}
		for i := range s.phrases {
			q := &s.phrases[i]
			if q.first <= p.first && p.first < q.last && (q.ra || q.prep == "از") {
				if len(e.Recipient) > 0 || !meet(e.Actor, events[k].Actor) {
					e.Recipient = events[k].Actor
				}
				return
			}
		}
	}
}

// topical reports whether a noun only says what a meeting of the same clause was about.
func (f *Framer) topical(s *sentence, kept []cand, c *cand) bool {
	for k := range kept {
		if kept[k].clause == c.clause && f.frames[kept[k].frame].typ == "CONSULT" && kept[k].use == asNoun {
			return true
		}
	}
	return false
}

// generic reports whether the clause says what acts of the kind are like:
// «حمله نظامی راه موثری نیست».
func (f *Framer) generic(w []word.Word, s *sentence, c *cand) bool {
	v := s.clauses[c.clause].verb
	return v > c.last && lemma(&w[v]) == "بودن" && w[v].Verb.Negative
}

// joinedTo reports whether «و» joins the noun c to the noun p a few words before.
func (f *Framer) joinedTo(w []word.Word, p, c *cand) bool {
	if c.first < 1 || c.first-p.end > 14 || w[c.first-1].Key != "و" || p.clause != c.clause {
		return false
	}
	for i := p.end; i < c.first-1; i++ {
		if w[i].Tag == word.PUNCT || w[i].Verb != nil {
			return false
		}
	}
	return true
}

// wanted reports whether the words around the trigger are what its frame needs.
func (f *Framer) wanted(r *report.Report, st *state, n int, c *cand) bool {
	fr := &f.frames[c.frame]
	t := &st.topic
	if fr.group == "harm" && st.about(n, accident) && (fr.casualty != "" || fr.gen == "thing" || !st.about(n, conflict)) {
		return false
	}
	if st.about(n, sport) && t[sport] >= 3 && !st.about(n, conflict) {
		return false
	}
	if fr.casualty != "" && r.Title != "" && st.about(0, accident) {
		return false
	}
	if (fr.typ == "COERCE" || fr.typ == "SANCTION" || fr.typ == "ACCUSE" || fr.typ == "RETREAT" || fr.group == "harm") && st.about(n, crime) && t[crime] >= 2 && t[crime] > t[conflict] {
		return false
	}
	if fr.needs&needPolitics != 0 {
		if t[politics]+t[conflict] < 10 && !st.about(n, politics) && !st.about(n, conflict) {
			return false
		}
		if t[politics]+t[conflict] < min(3, len(r.Words.Words)/40+1) && !(len(r.Words.Words) < 40 && st.about(n, politics)) {
			return false
		}
	}
	if fr.needs&needForce != 0 && (t[conflict] < min(2, 1+len(r.Words.Words)/40) || !st.about(n, conflict) && t[conflict] < 6) {
		return false
	}
	if fr.needs&needProtest != 0 && !st.about(n, protest) {
		return false
	}
	if fr.needs&needAbroad != 0 && !st.abroad || fr.needs&needForeign != 0 && !st.foreign {
		return false
	}
	if fr.needs&needDiplomacy != 0 && !f.diplomatic(r, st) {
		return false
	}
	if fr.needs&needCounted != 0 {
		w := r.Words.Words
		if c.first == st.s.first || w[c.first-1].Tag != word.NUM || c.kind != noun || c.use != asNoun || c.end < st.s.last && w[c.end].Verb != nil {
			return false
		}
	}
	if fr.needs&needWeapon != 0 && f.weaponIn(r, st) < 0 {
		return false
	}
	return true
}

// attacked reports whether an attack of the same clause tells of the dead too.
func (f *Framer) attacked(cands []cand, c *cand) bool {
	return slices.ContainsFunc(cands, func(x cand) bool {
		return x.clause == c.clause && f.frames[x.frame].group == "harm" && x.frame != c.frame
	})
}

// foretold reports whether the clause only says what is likely, which nobody promised.
func (f *Framer) foretold(w []word.Word, s *sentence, c *cand) bool {
	for i := max(s.first, c.first-25); i < c.first; i++ {
		if s.of[i-s.first] == c.clause && w[i].Key == "احتمال" {
			return true
		}
	}
	return false
}

// person reports whether one of those is a person.
func (f *Framer) person(r *report.Report, refs []report.Ref) bool {
	return slices.ContainsFunc(refs, func(x report.Ref) bool { return typeOf(r, x.Entity) == report.PER })
}

// somewhere reports whether one of those is a state or a place.
func (f *Framer) somewhere(r *report.Report, refs []report.Ref) bool {
	return slices.ContainsFunc(refs, func(x report.Ref) bool {
		t := typeOf(r, x.Entity)
		return t == report.STATE || t == report.PLACE
	})
}

// diplomatic reports whether the sentence names a state or a body of states.
func (f *Framer) diplomatic(r *report.Report, st *state) bool {
	for i := st.s.first; i < st.s.last; i++ {
		if n := st.nameAt(i); n >= 0 {
			id := st.names[n].Entity
			if typeOf(r, id) == report.STATE && id != "iran" {
				return true
			}
			if e := r.Entity(id); e != nil && e.Type == report.PLACE && e.Place != nil && e.Place.Country != "" && e.Place.Country != "IR" {
				return true
			}
		}
	}
	return false
}

// echo returns the index of an event of the sentence that c only tells again, -1 for none.
func (f *Framer) echo(r *report.Report, st *state, kept []cand, events []report.Event, c *cand) int {
	fr := &f.frames[c.frame]
	w := r.Words.Words
	for k := len(kept) - 1; k >= 0; k-- {
		p := &kept[k]
		pf := &f.frames[p.frame]
		if pf.typ != fr.typ {
			continue
		}
		same := p.frame == c.frame
		if same && stem(w, p) == stem(w, c) {
			// told again: «این حملات»; not where another one undergoes it
			if p.use != asNoun && c.use != asNoun && p.clause != c.clause {
				continue
			}
			var x report.Event
			f.arguments(r, st, c, &x)
			if e := &events[k]; len(x.Recipient) > 0 && len(e.Recipient) > 0 && !meet(x.Recipient, e.Recipient) && !this[w[max(c.first-1, 0)].Key] {
				continue
			}
			return k
		}
		if same && f.joinedTo(w, p, c) {
			return k // «توقیف و مصادره»
		}
		if fr.group == "" || fr.group != pf.group {
			continue
		}
		between := 0
		for i := p.last; i < c.first; i++ {
			if w[i].Key == "و" && w[i].Tag == word.CCONJ {
				between++
			}
		}
		switch {
		case fr.casualty != "" && pf.casualty == "" && c.use != asActive:
			return k // an attack and those it killed
		case fr.casualty != "" && pf.casualty != "" && fr.id != pf.id && p.clause != c.clause && p.use != asNoun && c.use != asNoun && between == 0:
			// «که زخمی شده بود … به شهادت رسید»: first the one, then the other
		case fr.casualty != "" && pf.casualty != "" && (p.clause == c.clause || c.use != asActive):
			return k // killed and wounded
		case fr.casualty == "" && pf.casualty != "" && c.use == asNoun && p.clause == c.clause:
			return k // killed in an attack
		case fr.casualty == "" && pf.casualty == "" && p.clause == c.clause && c.use == asNoun && between == 0 && c.first-p.last < 8:
			return k // «عملیات … حمله»
		}
	}
	return -1
}

// this are the words that point to an act told before.
var this = map[string]bool{"این": true, "آن": true, "ان": true, "همین": true}

// stem is the first word of a trigger without its plural.
func stem(w []word.Word, c *cand) string {
	k := w[c.first].Key
	if w[c.first].Lemma != "" {
		k = keyOf(w[c.first].Lemma)
	}
	switch k {
	case "حملات":
		return "حمله"
	}
	return k
}

// join gives the event what the words that only tell it again say more.
func (f *Framer) join(r *report.Report, st *state, e *report.Event, c *cand) {
	fr := &f.frames[c.frame]
	if e.Mode == "" {
		e.Mode = fr.mode
	}
	if len(e.Recipient) == 0 || len(e.Actor) == 0 {
		var x report.Event
		f.arguments(r, st, c, &x)
		if len(e.Recipient) == 0 && fr.casualty != "" {
			e.Recipient = x.Recipient
		}
		if len(e.Actor) == 0 {
			e.Actor = x.Actor
		}
		for _, a := range e.Actor {
			e.Recipient = slices.DeleteFunc(e.Recipient, func(b report.Ref) bool { return a.Entity == b.Entity })
		}
	}
}

// content corrects the status by what kind of speech tells the act.
func (f *Framer) content(r *report.Report, st *state, c *cand, e *report.Event, s *report.Statement) {
	if e.Status != report.Happened && e.Status != report.Ongoing {
		return
	}
	w := r.Words.Words
	past := false
	if c.use != asNoun && c.verb >= 0 {
		switch w[c.verb].Verb.Tense {
		case word.Past, word.Perfect, word.Pluperfect, word.Imperfect, word.Participle:
			past = true
		}
	}
	// the content of a demand or threat is a bare phrase: «… را به اقدام نظامی تهدید کرد»
	first := len(s.Content) > 0 && e.Trigger.Start-s.Content[0].Start < 40
	switch s.Act {
	case report.Threaten:
		if !past && (c.use != asNoun || first) {
			e.Status = report.Future
			e.Why = append(e.Why, "status future: content of a threat")
		}
	case report.Demand:
		if !past && c.use != asNoun || c.use == asNoun && first && e.Trigger.Start-s.Content[0].Start < 24 {
			e.Status = report.Hypothetical
			e.Why = append(e.Why, "status hypothetical: content of a demand")
		}
	case report.Deny:
		if len(s.Content) > 0 && e.Trigger.Start-s.Content[0].Start < 14 && c.use == asNoun && f.under(&st.s, c, "") {
			e.Status = report.Negated
			e.Why = append(e.Why, "status negated: content of a denial")
		}
	}
}

// weaponIn returns the first weapon in the sentence, -1 for none.
func (f *Framer) weaponIn(r *report.Report, st *state) int {
	for i := st.s.first; i < st.s.last; i++ {
		st.buf = f.weapons.At(st.buf[:0], r.Words.Words[:st.s.last], i, inflection)
		for _, m := range st.buf {
			if !f.weapon[m.Value].plain {
				return i
			}
		}
	}
	return -1
}

// weaponOf finds the weapon nearest to the trigger in its clause.
func (f *Framer) weaponOf(r *report.Report, st *state, c *cand, e *report.Event) {
	if e.Type != "ASSAULT" {
		return
	}
	w, s := r.Words.Words, &st.s
	best, bestD, bestLast := -1, 1<<30, 0
	for i := max(s.first, c.first-20); i < min(s.last, c.last+20); i++ {
		if s.of[i-s.first] != c.clause {
			continue
		}
		st.buf = f.weapons.At(st.buf[:0], w[:s.last], i, inflection)
		for _, m := range st.buf {
			d := max(c.first-i, i-c.last)
			if f.weapon[m.Value].plain && f.frames[c.frame].id != "ram" {
				continue
			}
			if d < bestD || d == bestD && m.Last > bestLast {
				best, bestD, bestLast = m.Value, d, m.Last
				e.Weapon = r.Words.Span(i, m.Last)
			}
		}
	}
	if best >= 0 && e.Mode == "" && bestD <= 6 {
		e.Mode = f.weapon[best].mode
		e.Why = append(e.Why, "mode by the weapon")
	}
}

// numbers ties the counts of killed and wounded to the events that tell them.
func (f *Framer) numbers(r *report.Report, st *state, kept []cand, events []report.Event) {
	if len(events) == 0 {
		return
	}
	s := &st.s
	lo := len(r.Numbers)
	for i := range r.Numbers {
		if r.Numbers[i].First >= s.first {
			lo = i
			break
		}
	}
	for i := lo; i < len(r.Numbers) && r.Numbers[i].First < s.last; i++ {
		a := &r.Numbers[i]
		best, bestD := -1, 1<<30
		for k := range kept {
			if f.frames[kept[k].frame].typ != "ASSAULT" && a.Unit != "detained" {
				continue
			}
			d := max(a.First-kept[k].last, kept[k].first-a.Last)
			if s.of[a.First-s.first] != kept[k].clause {
				d += 15
			}
			if d < bestD {
				best, bestD = k, d
			}
		}
		if best < 0 {
			continue
		}
		switch e := &events[best]; a.Unit {
		case "killed":
			if e.Killed < 0 {
				e.Killed = i
			}
		case "wounded":
			if e.Wounded < 0 {
				e.Wounded = i
			}
		case "detained", "attacks":
			if e.Count < 0 {
				e.Count = i
			}
		}
	}
}
