package phrase

import (
	"strings"

	"github.com/sanad-project/sanad/fa/lex"
	"github.com/sanad-project/sanad/fa/word"
)

type finder struct {
	t    *word.Text
	tree *Tree
	l    *lists
	// of the sentence
	object  []bool // of each phrase from base on: را follows
	base    int
	pending []int
	clause0 int    // its first clause
	marked  []bool // of each clause from clause0 on: a phrase in it has را
}

func (f *finder) w(i int) *word.Word { return &f.t.Words[i] }

// sentence reads Words[first:last].
func (f *finder) sentence(first, last int) {
	f.base = len(f.tree.Phrases)
	f.object = f.object[:0]
	f.chunk(first, last)
	f.clause0 = len(f.tree.Clauses)
	f.clauses(first, last)
	f.place()
	for c := f.clause0; c < len(f.tree.Clauses); c++ {
		f.lights(c)
	}
	f.roles()
}

// finite reports whether word i is the head of a finite verb, or a participle
// that stands for one: «شهر را تصرف کرده و …».
func (f *finder) finite(i, last int) bool {
	w := f.w(i)
	v := w.Verb
	if v == nil || v.Aux || w.Tag != word.VERB && w.Tag != word.AUX {
		return false
	}
	switch v.Tense {
	case word.Infinitive, word.NoTense:
		return false
	case word.Participle:
		if w.Ezafe {
			return false
		}
		n := v.Last + 1
		return n >= last || f.w(n).Tag == word.PUNCT || f.w(n).Tag == word.CCONJ || f.w(n).Tag == word.SCONJ
	}
	return true
}

// verbWord reports whether word i belongs to a finite verb.
func (f *finder) verbWord(i, last int) bool {
	w := f.w(i)
	if w.Verb == nil {
		return false
	}
	if w.Verb.Aux {
		h := w.Verb.Head
		return h == i || h < 0 || h >= len(f.t.Words) || f.w(h).Verb == nil || f.w(h).Verb.Tense != word.Infinitive
	}
	return f.finite(i, last)
}

func isQuote(w *word.Word) bool {
	switch w.Form {
	case "«", "»", "\"", "“", "”", "‘", "’", "'":
		return true
	}
	return false
}

func nominal(w *word.Word) bool {
	switch w.Tag {
	case word.NOUN, word.PROPN, word.PRON, word.X, word.SYM:
		return true
	}
	return false
}

// chunk writes the noun phrases of Words[first:last].
func (f *finder) chunk(first, last int) {
	for i := first; i < last; {
		if _, end := f.longest(f.l.adverbial, i, last); end > i {
			i = end
			continue
		}
		if _, end := f.longest(f.l.conditional, i, last); end > i {
			i = end
			continue
		}
		prep, prepFirst := "", i
		start := i
		if w := f.w(i); w.Tag != word.VERB && w.Tag != word.PUNCT {
			if text, end := f.longest(f.l.preposition, i, last); text != "" && end < last && (w.Tag == word.ADP || end > i+1 || w.Ezafe || w.Tag == word.ADV) && !f.verbWord(end, last) && !(end > i+1 && f.lightAt(end, last) && !f.w(end-1).Ezafe && f.w(end-1).Tag != word.ADP) {
				prep, start = text, end
			} else if w.Tag == word.ADP && w.Key != "را" {
				prep, start = w.Form, i+1
				if w.Clitic.Form != "" && !w.Clitic.Copula {
					prep = "" // «برایشان»: its object is in it
					i++
					continue
				}
			}
		}
		if start >= last {
			return
		}
		end, head := f.noun(start, last)
		if head < 0 {
			i = max(start, i+1)
			continue
		}
		p := Phrase{First: start, Last: end, Head: head, Prep: prep, PrepFirst: start, Clause: -1, Of: -1, And: -1, Same: -1}
		if prep != "" {
			p.PrepFirst = prepFirst
		}
		f.link(&p)
		for k := start; k < end; k++ {
			f.tree.PhraseOf[k] = len(f.tree.Phrases)
		}
		f.tree.Phrases = append(f.tree.Phrases, p)
		f.object = append(f.object, false)
		i = end
		if w := f.w(end - 1); w.Clitic.Form == "را" { // «مرا»
			f.markObject()
			continue
		}
		// را, also after closing marks
		for k := end; k < last && k < end+3; k++ {
			if f.w(k).Key == "را" && f.w(k).Tag != word.NOUN {
				f.markObject()
				i = k + 1
				break
			}
			if !isQuote(f.w(k)) && f.w(k).Form != ")" && f.w(k).Form != "،" {
				break
			}
		}
	}
}

// markObject gives را to the phrase that it marks: the last one, or the bare
// one before it that it hangs on by a preposition («حمله به شهر را»).
func (f *finder) markObject() {
	list := f.tree.Phrases
	p := len(list) - 1
	for q, n := p, 0; n < 8 && q >= f.base; n++ {
		if list[q].Prep == "" {
			if !f.isTime(&list[q]) {
				p = q
			}
			break
		}
		switch ph := &list[q]; {
		case ph.Of >= 0:
			q = ph.Of
		case ph.And >= 0:
			q = ph.And
		case ph.Same >= 0:
			q = ph.Same
		default:
			q = -1
		}
	}
	for n := 0; n < 6 && p >= f.base; n++ {
		f.object[p-f.base] = true
		if list[p].Same >= f.base {
			p = list[p].Same
		} else if list[p].And >= f.base {
			p = list[p].And
		} else {
			break
		}
	}
}

// link ties p to the phrase before it.
func (f *finder) link(p *Phrase) {
	q := len(f.tree.Phrases) - 1
	if q < f.base {
		return
	}
	prev := &f.tree.Phrases[q]
	if f.object[q-f.base] {
		return
	}
	between := f.t.Words[prev.Last:p.PrepFirst]
	comma, and, other := false, false, false
	for i := range between {
		switch w := &between[i]; {
		case isQuote(w) || w.Form == "(" || w.Form == ")":
		case w.Form == "،" || w.Form == ",":
			comma = true
		case w.Key == "و" && w.Tag == word.CCONJ:
			and = true
		default:
			other = true
		}
	}
	switch {
	case other:
	case p.Prep != "":
		if !comma && !and {
			p.Of = q
		}
	case and && !comma:
		p.And, p.Prep = q, prev.Prep
	case comma && prev.Prep != "" && !f.l.source[prev.Prep] && f.w(prev.Head).Tag == word.PROPN && f.w(p.Head).Tag == word.PROPN:
		p.And, p.Prep = q, prev.Prep
	case comma && !f.l.source[prev.Prep] && !f.isTime(p) && !f.isTime(prev) && f.w(prev.Head).Tag == f.w(p.Head).Tag && f.listed(p.Last):
		p.And, p.Prep = q, prev.Prep
	case comma && f.l.source[prev.Prep]:
	case f.names(prev) && f.office(p) || f.office(prev) && f.names(p) && (len(between) > 0 || !f.w(prev.Last-1).Ezafe):
		// «گلبدين حكمتيار» رهبر حزب; رئیس پلیس، احمد رضایی،
		p.Same, p.Prep = q, prev.Prep
	}
}

// listed reports whether a list goes on at word i: «، … و …».
func (f *finder) listed(i int) bool {
	if i+1 >= len(f.t.Words) || f.w(i).Sentence != f.w(i+1).Sentence {
		return false
	}
	if k := f.w(i).Key; k != "و" && k != "یا" && k != "،" {
		return false
	}
	return nominal(f.w(i+1)) && f.w(i+1).Tag != word.PRON
}

// names reports whether p begins with a proper name or is one.
func (f *finder) names(p *Phrase) bool { return f.w(p.Head).Tag == word.PROPN }

// office reports whether p says what somebody is: «رهبر حزب».
func (f *finder) office(p *Phrase) bool {
	k := f.w(p.Head).Key
	return f.l.office[k] || f.l.office[strings.TrimSuffix(k, "ی")] || p.Head+1 < p.Last && f.l.office[k+f.w(p.Head+1).Key]
}

func (f *finder) isTime(p *Phrase) bool {
	w := f.w(p.Head)
	k := w.Key
	for _, e := range [...]string{"های", "ها"} {
		if s, ok := strings.CutSuffix(k, e); ok && w.Plural {
			k = s
		}
	}
	return f.l.time[k] || w.Tag == word.ADV
}

// noun reads a noun phrase from word i; head is -1 where there is none.
func (f *finder) noun(i, last int) (end, head int) {
	j := i
	// an opening mark before a short quotation
	if j < last && isQuote(f.w(j)) && f.closes(j, last) > 0 {
		j++
	}
	head = -1
	start := j
	if f.l.hedge[f.w(j).Key] {
		k := j + 1
		if k < last && (f.w(k).Key == "از" || f.w(k).Key == "به" || f.w(k).Key == "بر") {
			k++
		}
		if k < last && (f.w(k).Tag == word.NUM || f.w(k).Key == "چند") {
			j = k
		}
	}
	for j < last {
		w := f.w(j)
		if f.verbWord(j, last) {
			break
		}
		switch w.Tag {
		case word.DET, word.NUM:
			j++
			// «26 هزار و 251», «400 تا 500»
			if w.Tag == word.NUM && j+1 < last && f.w(j+1).Tag == word.NUM && (f.w(j).Key == "و" || f.w(j).Key == "تا" || f.w(j).Key == "یا") {
				j++
			} else if w.Tag == word.NUM && j+1 < last && f.w(j).Key == "و" && strings.HasSuffix(f.w(j+1).Key, "مین") {
				j += 2 // «چهل و سومین دوره»
			}
			continue
		case word.ADJ:
			if (w.Degree == 2 || strings.HasSuffix(w.Key, "ین") || w.Key == "تنها") && !w.Ezafe && j+1 < last && nominal(f.w(j+1)) {
				j++
				continue
			}
		case word.SYM:
			if w.Form == "%" || w.Form == "٪" {
				j++
				continue
			}
		}
		break
	}
	if j < last && !f.verbWord(j, last) && (nominal(f.w(j)) || f.w(j).Tag == word.ADJ || f.w(j).Verb != nil && (f.w(j).Ezafe || f.w(j).Verb.Tense == word.Infinitive || f.w(j).Verb.Passive && f.w(j).Verb.Tense == word.Participle)) {
		head = j
		j++
		// «نزدیک شدن», «کشته شدن»: the infinitive is the head
		if j < last && !f.w(head).Ezafe && infinitive(f.w(j)) {
			head = j
			j++
		}
		if f.l.quantity[f.w(head).Key] && j < last && f.w(head).Ezafe && nominal(f.w(j)) && f.w(j).Tag != word.PRON && !f.verbWord(j, last) {
			head = j // «همه نیروها»
			j++
		}
		// «30 نفر سرباز», «سه تن از …»
		if head > start && f.w(head-1).Tag == word.NUM && j < last && f.w(j).Tag == word.NOUN && !f.w(head).Ezafe && !f.verbWord(j, last) && classifier[f.w(head).Key] && !f.lightAt(j, last) {
			head = j
			j++
		}
	} else if j > start {
		head = j - 1 // «این», «دو»
	} else {
		return i, -1
	}
	j = f.chain(j, last)
	if j < last && isQuote(f.w(j)) && start > i {
		j++
	}
	return j, head
}

var classifier = map[string]bool{"نفر": true, "تن": true, "فروند": true, "دستگاه": true, "مورد": true, "قبضه": true, "عدد": true, "باب": true, "فقره": true, "هزار": true, "میلیون": true}

// chain follows ezafe from the words before j on.
func (f *finder) chain(j, last int) int {
	for j < last {
		prev := f.w(j - 1)
		w := f.w(j)
		if isQuote(prev) && j >= 2 {
			prev = f.w(j - 2)
		}
		if f.verbWord(j, last) {
			return j
		}
		linked := prev.Ezafe && prev.Clitic.Form == "" && !(indefinite(prev) && w.Tag != word.ADJ)
		if w.Tag != word.PUNCT && !written(prev) {
			if f.l.predicate[w.Key] && w.Ezafe {
				return j
			}
			if f.l.time[w.Key] && (!w.Ezafe && today(w.Key) || j+1 < last && f.l.dated[f.w(j+1).Key] || w.Key == "شامگاه") && !f.l.time[prev.Key] {
				return j
			}
		}
		switch {
		case isQuote(w) && (linked || (prev.Tag == word.NOUN || titled[prev.Key]) && !prev.Indef && prev.Clitic.Form == ""):
			// نشریه «کیهان»: the tagger sees no ezafe before a mark
			if k := f.closes(j, last); k > 0 {
				j = k + 1
				continue
			}
			return j
		case w.Form == "(":
			// (ص), (حماس): a short note
			k := j + 1
			for k < last && k < j+6 && f.w(k).Form != ")" {
				k++
			}
			if k < last && f.w(k).Form == ")" && linked {
				j = k + 1
				continue
			}
			if k == j+2 && k < last && f.w(k).Form == ")" && k+1 < last && len(f.w(j+1).Key) <= 4 {
				j = k + 1
				continue
			}
			return j
		case w.Tag == word.PUNCT:
			return j
		case linked && (nominal(w) || w.Tag == word.ADJ || w.Tag == word.NUM || w.Tag == word.DET || w.Tag == word.VERB && w.Verb != nil):
			j++
			// «سخنگوی این وزارتخانه»
			for j < last && (f.w(j-1).Tag == word.DET || f.w(j-1).Tag == word.NUM && !f.w(j-1).Ezafe) && (nominal(f.w(j)) || f.w(j).Tag == word.NUM) && !f.verbWord(j, last) {
				j++
			}
			continue
		case w.Tag == word.PROPN && prev.Tag == word.PROPN && prev.Clitic.Form == "":
			j++
			continue
		case prev.Tag == word.PROPN && (w.Tag == word.NOUN || w.Tag == word.ADJ) && lex.Of(w.Key)&lex.Name != 0 && lex.Of(prev.Key)&lex.Name != 0 && !f.lightAt(j, last):
			j++
			continue
		case prev.Tag == word.PROPN && !prev.Ezafe && lex.Of(prev.Key)&lex.Name != 0 && (w.Tag == word.NOUN || w.Tag == word.ADJ) && !w.Ezafe && !w.Plural && !f.l.time[w.Key] && !f.l.office[w.Key] && !f.lightAt(j, last) && !(j >= 2 && f.w(j-2).Tag == word.PROPN) && f.surname(j+1, last):
			j++ // «محمد حیاتی»: a given name does not stand alone
			continue
		case f.l.bound[prev.Key] && (nominal(w) && w.Tag != word.PRON || w.Tag == word.ADJ) && !w.Indef && !f.lightAt(j, last):
			j++
			continue
		case w.Tag == word.PROPN && prev.Tag == word.NOUN && !prev.Plural && !prev.Indef && prev.Clitic.Form == "" && !f.l.time[prev.Key] && titled[prev.Key]:
			j++
			continue
		case w.Tag == word.ADJ && (prev.Tag == word.NOUN || prev.Tag == word.ADJ) && !f.lightAt(j, last) && prev.Clitic.Form == "":
			j++
			continue
		case w.Tag == word.NUM && prev.Tag == word.NOUN && w.Key[0] < 0x80 && !(j+1 < last && nominal(f.w(j+1)) && !f.l.time[prev.Key]):
			j++
			continue
		case w.Key == "از" && j+1 < last && partitive[prev.Key]:
			if end, head := f.noun(j+1, last); head >= 0 {
				return end
			}
			return j
		case w.Key == "و" && j+1 < last && f.w(j-1).Tag == word.ADJ && f.w(j+1).Tag == word.ADJ && j >= 2 && f.w(j-2).Ezafe && !f.lightAt(j+1, last) && !(j+2 < last && infinitive(f.w(j+2))):
			j += 2
			continue
		case w.Key == "و" && j+1 < last && f.w(j-1).Tag == f.w(j+1).Tag && f.w(j+1).Ezafe && f.w(j+1).Tag != word.PROPN && !f.w(j-1).Ezafe && f.w(j-1).Clitic.Form == "" && !f.verbWord(j+1, last):
			// «صلح و امنیت منطقه»: the second has the ezafe of both
			if f.w(j-1).Tag == word.ADJ || f.w(j-1).Plural == f.w(j+1).Plural && !f.w(j-1).Indef {
				j += 2
				continue
			}
			return j
		default:
			return j
		}
	}
	return j
}

// surname reports whether what begins at word i may follow a surname: a
// preposition, a mark, an adverb or a verb.
func (f *finder) surname(i, last int) bool {
	if i >= last || f.verbWord(i, last) {
		return true
	}
	switch f.w(i).Tag {
	case word.ADP, word.PUNCT, word.ADV, word.SCONJ, word.CCONJ:
		return f.w(i).Key != "را"
	}
	return false
}

func infinitive(w *word.Word) bool { return w.Verb != nil && w.Verb.Tense == word.Infinitive }

// written reports whether the ezafe of w is in its letters.
func written(w *word.Word) bool {
	return w.Ezafe && (strings.HasSuffix(w.Form, "ای") || strings.HasSuffix(w.Form, "وی") || strings.HasSuffix(w.Form, "ۀ") || strings.HasSuffix(w.Form, "\u0654") || strings.HasSuffix(w.Form, "\u200cی"))
}

// indefinite reports whether w has the ی that takes no ezafe: «بیانیه‌ای».
func indefinite(w *word.Word) bool {
	return w.Tag == word.NOUN && (strings.HasSuffix(w.Form, "\u200cای") || strings.HasSuffix(w.Form, "هایی"))
}

// today reports whether the key names a day from the day of writing.
func today(key string) bool {
	switch key {
	case "امروز", "دیروز", "فردا", "امشب", "دیشب", "اکنون", "هماکنون", "امسال", "تاکنون", "تابحال":
		return true
	}
	return false
}

// titled are nouns that a name follows without ezafe.
var titled = map[string]bool{"دکتر": true, "مهندس": true, "سید": true, "ملا": true, "شیخ": true, "حاج": true, "سرتیپ": true, "سرهنگ": true, "سرلشکر": true, "ژنرال": true, "سردار": true, "پروفسور": true, "حجتالاسلام": true, "ایتالله": true, "ایهالله": true, "امام": true, "شهید": true, "پاسدار": true, "شاه": true, "دریادار": true, "امیر": true, "سرگرد": true, "سروان": true, "ستوان": true, "کاپیتان": true, "سر": true, "لرد": true, "میرزا": true, "مولوی": true, "ملک": true, "حجهالاسلام": true, "استاد": true}

// partitive are words that «از» and a noun complete: «یکی از سربازان».
var partitive = map[string]bool{"یکی": true, "برخی": true, "بسیاری": true, "تعدادی": true, "شماری": true, "بعضی": true, "یک": true, "تن": true, "نفر": true, "گروهی": true, "جمعی": true, "بخشی": true, "عدهای": true, "پارهای": true, "هریک": true, "هیچیک": true, "کدام": true, "هیچکدام": true, "هرکدام": true, "قسمتی": true, "شمار": true, "جمع": true, "نیمی": true, "دسته": true, "دستهای": true}

// closes returns the word that closes the quotation which word i opens, where
// it is short and has no verb; 0 otherwise.
func (f *finder) closes(i, last int) int {
	for j := i + 1; j < last && j < i+10; j++ {
		if isQuote(f.w(j)) {
			if j == i+1 {
				return 0
			}
			return j
		}
		if f.verbWord(j, last) {
			return 0
		}
	}
	return 0
}

// lightAt reports whether word i stands right before a verb that may make one
// verb with it.
func (f *finder) lightAt(i, last int) bool {
	j := i + 1
	if j >= last || f.w(i).Ezafe {
		return false
	}
	v := f.w(j).Verb
	if v == nil || !f.verbWord(j, last) {
		return false
	}
	if v.Aux && v.Head < len(f.t.Words) && f.w(v.Head).Verb != nil {
		v = f.w(v.Head).Verb
	}
	return f.l.light[key(v.Past)] || v.Past == "بود"
}
