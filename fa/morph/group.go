package morph

import (
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
)

// Resolve settles the verbs of t once its words are tagged: readings that the
// tags speak against go, forms of several words are joined («گفته شده است»,
// «کشته خواهند شد»), and each verb gets its infinitive as lemma.
//
// The head is the last word of the lexical verb; it carries the analysis of
// the whole, the others are marked Aux and point to it.
func Resolve(t *word.Text) {
	for s := range t.Sentences {
		resolve(t.Words, t.Sentences[s].First, t.Sentences[s].Last)
	}
}

func isVerb(w *word.Word) bool { return w.Tag == word.VERB || w.Tag == word.AUX }

func of(w *word.Word, past string) bool { return w.Verb != nil && w.Verb.Past == past }

func resolve(words []word.Word, first, last int) {
	at := func(i int) *word.Word {
		if i < first || i >= last {
			return &nothing
		}
		return &words[i]
	}
	for i := first + 1; i+1 < last; i++ {
		if k := words[i].Key; k == "و" || strings.HasPrefix(k, "وگو") {
			twin(words, i)
		}
	}
	for i := first + 2; i+1 < last; i++ {
		if w := &words[i]; w.Tag == word.NOUN && of(w, "خواست") && w.Verb.Tense == word.Past && asked(words, first, i, last) {
			w.Tag, w.Ezafe, words[i-1].Ezafe = word.VERB, false, false
		}
	}
	for i := first; i < last; i++ {
		w := &words[i]
		if w.Tag == word.PROPN && len(w.Clitic.Form) == 2 { // names end as they will
			w.Clitic = word.Clitic{}
		}
		if w.Verb == nil {
			continue
		}
		switch w.Verb.Tense {
		case word.Infinitive:
		case word.Participle:
			n := at(i + 1)
			if !isVerb(w) && !of(n, "شد") && !(of(n, "بود") && isVerb(n)) && !(of(n, "خواست") && of(at(i+2), "شد")) {
				w.Verb = nil
			}
		default:
			if !isVerb(w) {
				w.Verb = nil
			}
		}
	}
	for i := first; i < last; i++ {
		w := &words[i]
		if w.Verb == nil || w.Verb.Aux {
			continue
		}
		switch {
		case w.Verb.Tense == word.Participle:
			participle(words, i, last)
		case of(w, "خواست") && !w.Verb.Aux && w.Verb.Tense == word.Subjunctive && !strings.HasPrefix(w.Key, "ب"):
			// «خواهد گفت»
			if n := at(i + 1); n.Verb != nil && n.Verb.Tense == word.Past && n.Verb.Person == 3 && !n.Verb.Plural && !n.Verb.Negative {
				future(words, i, i+1, i+1)
			}
		}
	}
	for i := first + 1; i < last; i++ {
		if v := words[i].Verb; v != nil && v.First == i && !v.Aux && v.Tense != word.Infinitive && v.Tense != word.Participle {
			preverb(words, i)
		}
	}
	for i := first; i < last; i++ {
		w := &words[i]
		if v := w.Verb; v != nil && (isVerb(w) || v.Tense == word.Infinitive) {
			w.Lemma = v.Past + "ن"
			// «باید» and «نباید» say how the verb after them is meant
			if v.Past == "بایست" {
				v.Aux = true
				for j := i + 1; j < last && j < i+60; j++ {
					if n := words[j].Verb; n != nil && !n.Aux && n.Tense != word.Infinitive && n.Tense != word.Participle {
						v.Head = n.Head
						break
					}
				}
			}
		}
	}
}

// asked reports whether the «خواست» at word i is a verb: «از ایران خواست … متوقف
// کند» asks of somebody, and a subjunctive tells for what.
func asked(words []word.Word, first, i, last int) bool {
	from := -1
	for j := i - 1; j >= first && i-j <= 15 && from < 0; j-- {
		switch w := &words[j]; {
		case w.Tag == word.VERB, w.Tag == word.PUNCT, w.Tag == word.ADP && w.Key != "از":
			return false
		case w.Tag == word.ADP:
			from = j
		}
	}
	if from < 0 || from == i-1 {
		return false
	}
	for j := i + 1; j < last && j-i <= 40; j++ {
		if w := &words[j]; w.Tag == word.VERB && w.Verb != nil {
			return w.Verb.Tense == word.Subjunctive
		}
	}
	return false
}

// twins are nouns of two verb stems: «گفت و گو», «زد و خورد».
var twins = map[string]string{"گفت": "گو", "جست": "جو", "شست": "شو", "رفت": "امد", "زد": "خورد", "داد": "ستد", "ساخت": "ساز", "تاخت": "تاز", "سوخت": "ساز", "پخت": "پز", "کند": "کاو", "خرید": "فروش", "گیر": "دار", "نشست": "برخاست", "برد": "باخت", "پرس": "جو", "افت": "خیز", "ریخت": "پاش"}

// twin takes the verbs out of such a noun around the و at word i.
func twin(words []word.Word, i int) {
	a, b := &words[i-1], &words[i+1]
	second := twins[a.Key]
	switch {
	case second == "":
	case a.Key == "گفت" && strings.HasPrefix(words[i].Key, "وگو"):
		a.Verb, words[i].Verb = nil, nil
		a.Tag, words[i].Tag = word.NOUN, word.NOUN
	case strings.HasPrefix(b.Key, second) && words[i].Key == "و" && len(b.Key) <= len(second)+8 && (b.Key == second || second != "امد" && second != "خورد" && second != "فروش" && second != "ساز"):
		a.Verb, b.Verb = nil, nil
		a.Tag, b.Tag = word.NOUN, word.NOUN
	}
}

var nothing word.Word

// future joins «خواهد» at i with the verb at head; the form ends at end.
func future(words []word.Word, i, head, end int) {
	v, aux := words[head].Verb, words[i].Verb
	v.Tense, v.Person, v.Plural, v.Negative = word.Future, aux.Person, aux.Plural, aux.Negative
	group(words, head, min(head, i), end)
}

// group marks words[first:end+1] as the form of head.
func group(words []word.Word, head, first, end int) {
	h := words[head].Verb
	h.First, h.Last, h.Head = first, end, head
	for k := first; k <= end; k++ {
		if k != head && words[k].Verb != nil {
			v := words[k].Verb
			v.Aux, v.Head, v.First, v.Last = true, head, first, end
		}
	}
}

// participle joins the participle at i with what follows it.
func participle(words []word.Word, i, last int) {
	h := words[i].Verb
	j := i + 1
	at := func(j int) *word.Word {
		if j >= last {
			return &nothing
		}
		return &words[j]
	}
	take := func(v *word.Verb, tense word.Tense) {
		h.Tense, h.Person, h.Plural = tense, v.Person, v.Plural
		h.Negative = h.Negative || v.Negative
	}
	// the passive: what stands for the verb from here on is شدن
	if h.Past != "شد" && h.Past != "بود" {
		switch n := at(j); {
		case of(n, "شد") && n.Verb.Tense != word.Participle:
			take(n.Verb, n.Verb.Tense)
			h.Passive = true
			group(words, i, i, j)
			return
		case of(n, "شد"):
			h.Passive = true
			h.Negative = h.Negative || n.Verb.Negative
			j++
		case of(n, "خواست") && of(at(j+1), "شد") && at(j+1).Verb.Tense == word.Past:
			take(n.Verb, word.Future)
			h.Passive = true
			group(words, i, i, j+1)
			return
		}
	}
	n := at(j)
	if n.Verb == nil || !of(n, "بود") || !isVerb(n) {
		if j > i+1 {
			group(words, i, i, j-1)
		} else if (n.Key == "و" || n.Key == "یا") && h.Past != "شد" {
			// «راننده کشته و دو تن زخمی شدند»: شدن serves both
			for k := j + 1; k < last && k < j+20; k++ {
				if v := words[k].Verb; v != nil && isVerb(&words[k]) && v.Tense != word.Infinitive {
					if v.Past == "شد" && v.Tense != word.Participle {
						h.Passive = true
						take(v, v.Tense)
					}
					break
				}
			}
		}
		return
	}
	switch n.Verb.Tense {
	case word.Present:
		take(n.Verb, word.Perfect)
	case word.Past:
		take(n.Verb, word.Pluperfect)
	case word.Subjunctive:
		take(n.Verb, word.PastSubj)
	case word.Participle: // «گفته بوده است»
		take(n.Verb, word.Perfect)
		if m := at(j + 1); of(m, "بود") && isVerb(m) && m.Verb.Tense == word.Present {
			take(m.Verb, word.Perfect)
			j++
		}
	default:
		take(n.Verb, word.Perfect)
	}
	group(words, i, i, j)
}

// preverb joins a preverb that stands apart to its verb: «باز می‌گردد». A
// preposition cannot stand there, it would lack its noun.
func preverb(words []word.Word, i int) {
	p, v := &words[i-1], words[i].Verb
	head := &words[v.Head]
	for _, k := range preverbs {
		if p.Key != k {
			continue
		}
		for _, w := range load().past[k+"+"+spell.Key(head.Verb.Past)] {
			h := head.Verb
			h.Past, h.Present = w.Preverb+w.Past, w.Preverb+w.Present
			p.Verb = &word.Verb{Past: h.Past, Present: h.Present, Aux: true, Head: v.Head}
			group(words, v.Head, i-1, h.Last)
			return
		}
	}
}
