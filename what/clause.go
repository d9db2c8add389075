package what

import (
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/report"
)

// clause is a verb and the words that belong to it, as far as «که», commas and
// the verbs themselves tell.
type clause struct {
	verb     int // index of the head word, -1 for none
	last     int // index of the last word of the verb form
	first    int // index of its first word
	embedded bool
	prev     int // the clause before it at the same level, -1 for none
	opened   int // the word that opens it
}

// phr is a noun phrase of a clause, between prepositions, را and punctuation.
type phr struct {
	first, last int
	prep        string // key of its preposition, "" for none
	prepAt      int
	ra          bool // followed by را
	time        bool
	clause      int
	joined      bool // by «و» to the phrase before it
}

// sentence is a sentence cut into clauses and phrases.
type sentence struct {
	first, last int
	clauses     []clause
	of          []int // clause of each word, by index - first
	phrases     []phr
}

// cut reads Words[first:last] into s, reusing its memory.
func (f *Framer) cut(r *report.Report, st *state, first, last int) {
	s := &st.s
	w := r.Words.Words
	s.first, s.last = first, last
	s.clauses, s.phrases, s.of = s.clauses[:0], s.phrases[:0], s.of[:0]
	open := func(embedded bool, prev, at int) int {
		s.clauses = append(s.clauses, clause{verb: -1, first: -1, last: -1, embedded: embedded, prev: prev, opened: at})
		return len(s.clauses) - 1
	}
	var stack [8]int
	depth := 1
	stack[0] = open(false, -1, first)
	content := false // the clause on top has words of its own
	for i := first; i < last; i++ {
		top := stack[depth-1]
		s.of = append(s.of, top)
		v := w[i].Verb
		switch {
		case w[i].Tag == word.PUNCT && (w[i].Form == ":" || w[i].Form == "؛") && content:
			// a colon ends what stands before it: «چلبی: سربازان …»
			stack[depth-1] = open(s.clauses[top].embedded, -1, i+1)
			content = false
			continue
		case w[i].Key == "که" && content && s.clauses[top].verb < 0 && depth < len(stack):
			stack[depth] = open(true, -1, i)
			depth++
			s.of[len(s.of)-1] = stack[depth-1]
			content = false
			continue
		case v != nil && finite(v) && v.Last == i:
			head := v.Head
			if head < first || head >= last {
				head = i
			}
			c := &s.clauses[top]
			c.verb, c.last, c.first = head, i, i
			if hv := w[head].Verb; hv != nil {
				c.first = max(hv.First, first)
			}
			next := i + 1
			if next < last && w[next].Tag == word.CCONJ || depth == 1 {
				stack[depth-1] = open(s.clauses[top].embedded, top, next)
			} else {
				depth--
			}
			content = false
			continue
		}
		if w[i].Tag != word.PUNCT && w[i].Tag != word.CCONJ && w[i].Tag != word.SCONJ {
			content = true
		}
	}
	f.phrases(r, st)
}

// finite reports whether a verb form closes a clause.
func finite(v *word.Verb) bool {
	return v.Tense != word.Infinitive && v.Tense != word.NoTense
}

// nominal reports whether the word can be part of a noun phrase.
func nominal(w *word.Word) bool {
	switch w.Tag {
	case word.NOUN, word.PROPN, word.ADJ, word.NUM, word.DET, word.PRON, word.X, word.SYM:
		return w.Verb == nil || !finite(w.Verb)
	case word.VERB, word.AUX:
		return w.Verb == nil || w.Verb.Tense == word.Infinitive
	}
	return false
}

// quote reports whether the word is a mark that may stand inside a phrase.
func quote(w *word.Word) bool {
	if w.Tag != word.PUNCT {
		return false
	}
	switch w.Form {
	case "«", "»", "\"", "“", "”", "(", ")", "'", "‘", "’", "[", "]":
		return true
	}
	return false
}

// phrases cuts the sentence into noun phrases.
func (f *Framer) phrases(r *report.Report, st *state) {
	s := &st.s
	w := r.Words.Words
	prep, prepAt, joined := "", -1, false
	for i := s.first; i < s.last; {
		if i > s.first && w[i].Key == "از" && moreThan[w[i-1].Key] || i > s.first && w[i].Key == "به" && w[i-1].Key == "نزدیک" && i+1 < s.last && w[i+1].Tag == word.NUM {
			i++ // «بیش از ۱۸۰ نفر» is no «از»
			continue
		}
		if st.inTime(r, i) {
			j := i
			for j < s.last && st.inTime(r, j) {
				j++
			}
			s.phrases = append(s.phrases, phr{first: i, last: j, prep: prep, prepAt: prepAt, time: true, clause: s.of[i-s.first]})
			i, prep, prepAt, joined = j, "", -1, false
			continue
		}
		switch {
		case (w[i].Tag == word.ADP || compound[w[i].Key] != nil && i+1 < s.last && compound[w[i].Key][w[i+1].Key]) && !st.inName(i) && w[i].Key != "را":
			if prep != "" && chain[prep] && prepAt == i-1 && (w[i].Key == "از" || w[i].Key == "به" || w[i].Key == "بر") {
				prep += w[i].Key // «پس از»
			} else {
				prep, prepAt = w[i].Key, i
			}
			if i+1 < s.last && compound[w[i].Key][w[i+1].Key] && !st.inName(i+1) {
				prep += w[i+1].Key
				i++
			}
			i++
			joined = false
			continue
		case w[i].Key == "را":
			if n := len(s.phrases); n > 0 && s.phrases[n-1].last >= i-2 {
				s.phrases[n-1].ra = true
			}
			i++
			prep, prepAt, joined = "", -1, false
			continue
		case nominal(&w[i]) || st.inName(i):
			j := i + 1
			for j < s.last {
				if st.inTime(r, j) {
					break
				}
				if st.inName(j) && (st.inName(j-1) && st.nameOf[j-st.base] == st.nameOf[j-1-st.base] || !st.starts(r, j)) {
					j++
					continue
				}
				if quote(&w[j]) && j+1 < s.last && (st.inName(j+1) || st.inName(j-1) || w[j-1].Ezafe) {
					j++
					continue
				}
				if w[j].Key == "از" && partOf[w[j-1].Key] && j+1 < s.last && (nominal(&w[j+1]) || st.inName(j+1)) {
					j += 2 // «تعدادی از نمایندگان»
					continue
				}
				if !nominal(&w[j]) || st.newPhrase(r, w, i, j, prep) {
					break
				}
				j++
			}
			p := phr{first: i, last: j, prep: prep, prepAt: prepAt, clause: s.of[i-s.first], joined: joined}
			if joined && p.prep == "" && len(s.phrases) > 0 {
				p.prep, p.prepAt = s.phrases[len(s.phrases)-1].prep, s.phrases[len(s.phrases)-1].prepAt
			}
			s.phrases = append(s.phrases, p)
			i, prep, prepAt, joined = j, "", -1, false
			continue
		case w[i].Tag == word.CCONJ && w[i].Key == "و":
			joined = len(s.phrases) > 0 && s.phrases[len(s.phrases)-1].last >= i-1 && s.of[i-s.first] == s.phrases[len(s.phrases)-1].clause
			i++
			prep, prepAt = "", -1
			continue
		case quote(&w[i]):
			i++
			continue
		}
		joined = false
		prep, prepAt = "", -1
		i++
	}
}

// partOf are the words whose «از» does not end a phrase: «سیزده تن از نمایندگان».
var partOf = map[string]bool{"تن": true, "نفر": true, "یکی": true, "تعدادی": true, "شماری": true, "برخی": true, "بسیاری": true, "گروهی": true,
	"جمعی": true, "بخشی": true, "تعداد": true, "شمار": true, "بعضی": true, "عدهای": true, "چندتن": true, "نیمی": true, "دستهای": true, "یک": true,
	"توجهی": true, "زیادی": true, "کثیری": true, "یکنفر": true}

// chain are the words that a preposition continues: «پس از», «مبنی بر».
var chain = map[string]bool{"پس": true, "پیش": true, "قبل": true, "بعد": true, "غیر": true, "نسبت": true, "راجع": true, "علاوه": true, "مبنی": true, "بنا": true, "جدا": true, "به": true}

// moreThan are the words whose «از» belongs to an amount.
var moreThan = map[string]bool{"بیش": true, "بیشتر": true, "کمتر": true, "فراتر": true, "افزون": true}

// compound are the prepositions of two words: «از سوی», «بر اثر».
var compound = map[string]map[string]bool{
	"از":   {"سوی": true, "طرف": true, "جانب": true, "سمت": true, "قبل": true},
	"به":   {"دست": true, "وسیله": true, "دنبال": true, "منظور": true, "علت": true, "دلیل": true, "همراه": true, "سوی": true, "سمت": true, "طرف": true, "نفع": true, "موجب": true, "خاطر": true, "بهانه": true, "جای": true, "دستور": true, "رهبری": true, "نقل": true, "ضرب": true, "عنوان": true, "واسطه": true, "اتهام": true, "جز": true, "ویژه": true, "مناسبت": true},
	"بر":   {"اثر": true, "ضد": true, "علیه": true, "روی": true, "اساس": true, "سر": true},
	"در":   {"پی": true, "اثر": true, "برابر": true, "مورد": true, "خصوص": true, "زمینه": true, "باره": true, "جریان": true, "مقابل": true, "واکنش": true, "پاسخ": true, "نتیجه": true, "راستای": true, "قبال": true, "ارتباط": true, "صورت": true, "میان": true},
	"پس":   {"از": true},
	"پیش":  {"از": true},
	"قبل":  {"از": true},
	"بعد":  {"از": true},
	"با":   {"هدف": true, "حضور": true, "مشارکت": true, "وجود": true, "استفاده": true},
	"نسبت": {"به": true},
	"راجع": {"به": true},
}

// apposed are words that open an apposition after the name of a person or place.
var apposed = map[string]bool{"پایتخت": true, "مرکز": true, "واقع": true, "رییس": true, "رییسجمهور": true, "رییسجمهوری": true, "نخستوزیر": true, "وزیر": true,
	"رهبر": true, "سخنگوی": true, "فرمانده": true, "دبیرکل": true, "دبیر": true, "معاون": true, "نماینده": true, "سفیر": true, "مدیر": true, "استاندار": true, "عضو": true, "پادشاه": true}

// title are words that stand before a name without an ezafe.
var title = map[string]bool{"سید": true, "شیخ": true, "دکتر": true, "ژنرال": true, "سرهنگ": true, "سردار": true, "حاج": true, "ملا": true, "امام": true, "شهید": true, "حجت": true}

// starts reports whether the name at word j begins a noun phrase of its own:
// «رئیس‌جمهور آمریکا | سوریه را»; a person's name may follow in apposition.
func (st *state) starts(r *report.Report, j int) bool {
	p, n := st.nameAt(j-1), st.nameAt(j)
	if p < 0 || n < 0 || p == n {
		return false
	}
	a, b := typeOf(r, st.names[p].Entity), typeOf(r, st.names[n].Entity)
	switch a {
	case report.STATE, report.GRP, report.ORG:
		if b == report.PLACE && a != report.ORG {
			return a == report.STATE || !r.Words.Words[j-1].Ezafe // «اسرائیل | غزه را»
		}
		// the tagger often reads an ezafe between two names; two states have none
		return (b == report.STATE || b == report.GRP || b == report.ORG) && (a == report.STATE || !r.Words.Words[j-1].Ezafe || a == report.ORG && b == report.ORG)
	}
	return false
}

// newPhrase reports whether a phrase that began at i ends before the nominal word j.
func (st *state) newPhrase(r *report.Report, w []word.Word, i, j int, prep string) bool {
	if st.starts(r, j) {
		return true
	}
	switch w[j-1].Key {
	case "خود", "وی", "او", "آن", "ان", "انها", "انان", "ما", "خویش", "من", "ایشان", "همدیگر", "یکدیگر":
		if j-1 > i || w[j-1].Tag == word.PRON {
			return true
		}
	}
	switch w[j].Key {
	case "یک", "این", "آن", "ان", "هر", "هیچ", "چند", "برخی", "تعدادی", "شماری", "بعضی", "وی", "او", "آنها", "انها", "خود", "همه":
		if point := w[j].Key == "این" || w[j].Key == "آن" || w[j].Key == "ان"; point && w[j-1].Tag == word.NOUN && st.nameAt(j-1) < 0 {
			return false // «پارلمان این کشور»
		}
		return w[j].Key != "خود" && !w[j-1].Ezafe && (prep == "" || j-i > 1) // «از ورود | یک نماینده» is one
	}
	// a country or person is followed by no ezafe: «پاکستان | قطعات»
	if p := &w[j-1]; w[j].Tag == word.NUM && !p.Ezafe && (p.Tag == word.ADJ || p.Tag == word.NOUN && p.Plural) && st.nameAt(j) < 0 {
		return true // «افراد مسلح | دو خبرنگار»
	}
	if w[j].Tag == word.NUM && st.nameAt(j-1) >= 0 && st.nameAt(j) < 0 {
		return true // «لبنان | دو تن»
	}
	at := j - 1
	if quote(&w[at]) && at > i {
		at--
	}
	if m := st.nameAt(j - 1); m >= 0 && apposed[w[j].Key] && typeOf(r, st.names[m].Entity) != report.STATE && typeOf(r, st.names[m].Entity) != report.GRP {
		return false // «بیروت پایتخت لبنان»
	}
	if p := &w[j-1]; !p.Ezafe && p.Clitic.Form == "" && (p.Tag == word.NOUN || p.Tag == word.PROPN || p.Tag == word.ADJ) && w[j].Tag == word.NOUN && p.Degree == 0 && !title[p.Key] {
		return true
	}
	if m := st.nameAt(at); m >= 0 && w[j].Tag == word.NOUN {
		return true
	}
	return false
}
