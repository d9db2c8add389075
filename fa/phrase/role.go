package phrase

import (
	"strings"

	"github.com/sanad-project/sanad/fa/word"
)

// place puts the phrases of the sentence into their clauses.
func (f *finder) place() {
	f.marked = append(f.marked[:0], make([]bool, len(f.tree.Clauses)-f.clause0)...)
	for p := f.base; p < len(f.tree.Phrases); p++ {
		ph := &f.tree.Phrases[p]
		ph.Clause = f.tree.ClauseOf[ph.Head]
		switch {
		case f.object[p-f.base]:
			ph.Role = Object
			if ph.Clause >= 0 {
				f.marked[ph.Clause-f.clause0] = true
			}
		case ph.Prep != "":
			ph.Role = Oblique
		}
	}
}

// lights finds the nominal part of the verb of clause c and names the verb.
func (f *finder) lights(c int) {
	cl := &f.tree.Clauses[c]
	if cl.Verb < 0 {
		return
	}
	v := f.w(cl.Verb).Verb
	cl.Lemma = v.Past + "ن"
	if v.Past == "شد" || v.Past == "بود" || v.Past == "کرد" || v.Past == "گردید" || v.Past == "دانست" {
		// «خواستار … شد»
		for k, n := v.First-1, 0; k >= cl.First && n < 40; n++ {
			p := f.tree.PhraseOf[k]
			if p < 0 {
				k--
				continue
			}
			ph := &f.tree.Phrases[p]
			if h := f.w(ph.First); ph.Clause == c && f.l.predicate[h.Key] && ph.Prep == "" && (h.Ezafe || ph.Last < v.First && f.w(ph.Last).Tag == word.ADP) {
				cl.Light = ph.First
				cl.Lemma = h.Form + " " + cl.Lemma
				ph.Role = Predicate
				return
			}
			k = min(k, ph.First) - 1
		}
	}
	i := v.First - 1
	if !f.l.light[key(v.Past)] && !(i >= cl.First && f.l.pair[f.w(i).Key+key(v.Past)]) {
		return
	}
	if i >= cl.First && (f.w(i).Tag == word.AUX || f.w(i).Tag == word.ADV && f.w(i).Key == "نیز" || f.w(i).Key == "هم" || f.w(i).Key == "باید") {
		i--
	}
	if i < cl.First || f.tree.ClauseOf[i] != c {
		return
	}
	w := f.w(i)
	if w.Tag == word.PUNCT || w.Key == "را" || w.Clitic.Form != "" && !w.Clitic.Copula && w.Tag == word.PROPN {
		return
	}
	p := f.tree.PhraseOf[i]
	if p < 0 {
		// «باز», «فراهم» as adverbs
		if w.Tag == word.ADV || w.Tag == word.VERB && w.Verb == nil {
			cl.Light = i
			cl.Lemma = w.Form + " " + cl.Lemma
		}
		return
	}
	ph := &f.tree.Phrases[p]
	if ph.Role == Object && !(w.Key == "قرار") {
		return
	}
	single := ph.First == i && ph.Last == i+1
	switch {
	case w.Key == "قرار" && i-1 >= cl.First && f.tree.ClauseOf[i-1] == c:
		f.qarar(c, i)
		return
	case ph.Prep != "":
		if !single {
			return
		}
		if _, end := f.longest(f.l.whole, ph.PrepFirst, i+1); end == i+1 && ph.PrepFirst < i {
			cl.Light = i
			cl.Lemma = ph.Prep + " " + w.Form + " " + cl.Lemma
			ph.Role = LightNoun
		}
	case single && (w.Tag == word.NOUN || w.Tag == word.ADJ) && !w.Plural && w.Verb == nil && !f.l.time[w.Key]:
		cl.Light = i
		cl.Lemma = w.Form + " " + cl.Lemma
		ph.Role = LightNoun
	case !single && ph.Last == i+1 && !f.w(i-1).Ezafe && ph.First < i && w.Tag == word.ADJ && ph.Head < i:
		// «پایگاه ویران شد»: the adjective is the verb's, not the noun's
		ph.Last = i
		f.tree.PhraseOf[i] = -1
		cl.Light = i
		cl.Lemma = w.Form + " " + cl.Lemma
	}
}

// qarar reads «مورد حمله قرار گرفت» and «هدف گلوله قرار داد»: word i is «قرار».
func (f *finder) qarar(c, i int) {
	cl := &f.tree.Clauses[c]
	cl.Light = i
	cl.Lemma = "قرار " + cl.Lemma
	p := f.tree.PhraseOf[i]
	q := f.tree.PhraseOf[i-1]
	f.tree.Phrases[p].Role = LightNoun
	if q < 0 {
		return
	}
	first := f.tree.Phrases[q].First
	switch f.w(first).Key {
	case "مورد", "تحت", "هدف", "مد", "اماج", "موردحمله":
		f.tree.Phrases[q].Role = LightNoun
		cl.Lemma = f.w(first).Form + " " + cl.Lemma
		cl.Light = first
		if n := first + 1; n < i && f.w(first).Key != "هدف" && f.w(n).Tag != word.PUNCT {
			cl.Light = n
			cl.Lemma = strings.Replace(cl.Lemma, " ", " "+f.w(n).Form+" ", 1)
		}
	default:
		if f.tree.Phrases[q].Prep == "تحت" || f.tree.Phrases[q].Prep == "مورد" {
			f.tree.Phrases[q].Role = LightNoun
			cl.Light = first
			cl.Lemma = f.tree.Phrases[q].Prep + " " + f.w(first).Form + " " + cl.Lemma
		}
	}
}

// transitive are past stems of verbs that take an object without a light noun
// beside them more often than not.
var transitive = map[string]bool{"کرد": true, "داد": true, "زد": true, "گرفت": true, "داشت": true, "کشت": true, "برد": true, "آورد": true, "ساخت": true, "نوشت": true, "خواند": true, "دید": true, "خواست": true, "فرستاد": true, "گذاشت": true, "گفت": true, "یافت": true, "خورد": true, "شنید": true, "پرداخت": true, "کشید": true, "برداشت": true, "نمود": true, "ساخته": true, "پذیرفت": true, "خرید": true, "فروخت": true, "انداخت": true, "بست": true, "ربود": true, "راند": true, "دانست": true, "درآورد": true, "دریافت": true, "بخشید": true}

// roles gives the bare phrases of the sentence's clauses their roles.
func (f *finder) roles() {
	bare := make([][]int, len(f.tree.Clauses)-f.clause0) // of each clause
	for q := f.base; q < len(f.tree.Phrases); q++ {
		ph := &f.tree.Phrases[q]
		if ph.Clause < 0 || ph.Role != Other || ph.Same >= 0 || ph.And >= 0 {
			continue
		}
		if f.isTime(ph) {
			ph.Role = When
			continue
		}
		if cl := &f.tree.Clauses[ph.Clause]; cl.Verb >= 0 && ph.First > cl.Verb {
			continue
		}
		if w := f.w(ph.Head); w.Tag == word.ADJ && !w.Plural && ph.Last == ph.First+1 && ph.Role == Other && !f.copula(ph.Clause) {
			continue // «شبانه», «راحت‌تر»
		}
		bare[ph.Clause-f.clause0] = append(bare[ph.Clause-f.clause0], q)
	}
	for k, list := range bare {
		if len(list) > 0 {
			f.roleIn(f.clause0+k, list)
		}
	}
	for q := f.base; q < len(f.tree.Phrases); q++ {
		ph := &f.tree.Phrases[q]
		for _, to := range [...]int{ph.Same, ph.And} {
			if to >= f.base && ph.Role == Other && f.tree.Phrases[to].Role != LightNoun {
				ph.Role = f.tree.Phrases[to].Role
			}
		}
	}
}

// roleIn gives roles to the bare phrases list of clause c.
func (f *finder) roleIn(c int, list []int) {
	cl := &f.tree.Clauses[c]
	if cl.Verb < 0 {
		f.tree.Phrases[list[0]].Role = Subject
		return
	}
	v := f.w(cl.Verb).Verb
	role := func(p int, r Role) { f.tree.Phrases[p].Role = r }
	hasObject := f.marked[c-f.clause0]
	if (v.Person == 1 || v.Person == 2) && v.Tense != word.Participle {
		// «ما» and «من» may be said; any other bare phrase is what it is done to
		if w := f.w(f.tree.Phrases[list[0]].Head); w.Tag == word.PRON {
			role(list[0], Subject)
			list = list[1:]
		}
		if len(list) > 0 && !hasObject {
			r := Object
			if v.Past == "بود" || v.Past == "شد" {
				r = Predicate
			}
			role(list[len(list)-1], r)
		}
		return
	}
	copula := f.copula(c)
	if copula && len(list) > 1 {
		role(list[len(list)-1], Predicate)
		role(list[0], Subject)
		return
	}
	if copula && len(list) == 1 && f.tree.Phrases[list[0]].Last == v.First && (f.w(f.tree.Phrases[list[0]].Head).Tag == word.ADJ || f.l.predicate[f.w(f.tree.Phrases[list[0]].Head).Key] || cl.Kind == Relative || cl.Kind == Coordinate) {
		role(list[0], Predicate)
		return
	}
	if len(list) == 1 && v.Past == "داشت" && cl.Light < 0 && !hasObject && !f.names(&f.tree.Phrases[list[0]]) {
		role(list[0], Object)
		return
	}
	if v.Passive || hasObject || len(list) == 0 {
		role(list[0], Subject)
		return
	}
	if len(list) > 1 {
		role(list[0], Subject)
		if o := list[len(list)-1]; transitive[v.Past] && (cl.Light < 0 || f.reach(o) == cl.Light && f.unspecific(o)) {
			role(o, Object)
		}
		return
	}
	p := &f.tree.Phrases[list[0]]
	w := f.w(p.Head)
	// One bare phrase: the subject, but for a bare object right before its verb.
	switch {
	case v.Plural && !w.Plural && transitive[v.Past] && f.single(list[0]) && w.Tag == word.NOUN && !collective(w):
		role(list[0], Object)
	case transitive[v.Past] && (cl.Kind == Coordinate || p.First > cl.First+2) && (p.Last == v.First || cl.Light >= 0 && p.Last == cl.Light) && w.Tag == word.NOUN && (w.Indef || cl.Kind == Coordinate && cl.Light >= 0):
		role(list[0], Object)
	default:
		role(list[0], Subject)
	}
}

// copula reports whether the verb of clause c says what its subject is.
func (f *finder) copula(c int) bool {
	cl := &f.tree.Clauses[c]
	if cl.Verb < 0 || cl.Light >= 0 {
		return false
	}
	v := f.w(cl.Verb).Verb
	switch v.Past {
	case "بود", "ماند":
		return true
	case "شد", "گردید", "گشت":
		return !v.Passive
	}
	return false
}

func collective(w *word.Word) bool {
	switch w.Key {
	case "مردم", "پلیس", "گروه", "جمعیت", "نفر", "تن", "عدهای", "گروهی", "جمعی", "برخی", "بسیاری", "همه", "دو", "اکثریت", "شماری", "تعدادی", "ارتش", "طالبان":
		return true
	}
	return false
}

// unspecific reports whether phrase p may be an object without را beside a
// subject: a word alone, one with the indefinite ی, a counted one; or there is
// something between it and the phrase before it.
func (f *finder) unspecific(p int) bool {
	ph := &f.tree.Phrases[p]
	if ph.First == 0 || p == 0 || f.tree.Phrases[p-1].Last < ph.First && f.w(ph.First-1).Form != "،" {
		return true
	}
	switch h := f.w(ph.Head); {
	case h.Indef, f.w(ph.First).Tag == word.NUM, f.w(ph.First).Tag == word.DET:
		return true
	case ph.Last == ph.First+1:
		return h.Tag == word.NOUN && f.tree.Phrases[p-1].Prep != ""
	}
	return false
}

// reach returns the word after phrase p and what is joined to it.
func (f *finder) reach(p int) int {
	end := f.tree.Phrases[p].Last
	for q := p + 1; q < len(f.tree.Phrases); q++ {
		if n := &f.tree.Phrases[q]; n.And == q-1 || n.Same == q-1 {
			end = n.Last
			continue
		}
		break
	}
	return end
}

// single reports whether nothing is joined to phrase p by و.
func (f *finder) single(p int) bool {
	return p+1 >= len(f.tree.Phrases) || f.tree.Phrases[p+1].And != p
}
