package tag

import (
	"strings"
	"sync"

	"github.com/sanad-project/sanad/fa/lex"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/models"
)

// Lemmas fills in the lemma of every word of t that is not a verb form: the
// singular of a noun, without ezafe, indefinite ی and enclitic; the positive
// of an adjective; any other word as it stands. «گروه‌هایی» is «گروه»,
// «کشورهایشان» is «کشور», «افراد» is «فرد», «بزرگ‌ترین» is «بزرگ».
func Lemmas(t *word.Text) {
	for i := range t.Words {
		w := &t.Words[i]
		switch {
		case w.Tag == word.PUNCT:
			w.Lemma = w.Form
		case w.Verb != nil && (w.Tag == word.VERB || w.Tag == word.AUX || w.Verb.Tense == word.Infinitive):
		default:
			w.Lemma = Lemma(w)
		}
	}
}

// Lemma returns the lemma of a tagged word that is no verb form.
func Lemma(w *word.Word) string {
	form := w.Form
	if c := w.Clitic.Form; c != "" {
		form = strings.TrimRight(strings.TrimSuffix(form, c), zwnj)
	}
	key := spell.Key(form)
	table := exceptions()
	if l, ok := table[w.Tag.String()+key]; ok {
		return l
	}
	switch w.Tag {
	case word.NOUN, word.PROPN, word.ADJ, word.PRON, word.NUM, word.ADV, word.DET, word.ADP, word.X:
	default:
		return form
	}
	form = strings.TrimSuffix(form, "\u0654") // هٔ
	form = strings.TrimSuffix(form, zwnj+"ی")
	if f, ok := strings.CutSuffix(form, "ۀ"); ok {
		form = f + "ه"
	}
	switch w.Tag {
	case word.NOUN, word.PROPN:
		return noun(form, w, table)
	case word.ADJ:
		return adjective(form, w)
	case word.PRON, word.DET, word.NUM, word.ADV:
		return form
	}
	return form
}

const zwnj = "\u200c"

// exceptions is models/lemma.txt: lemmas of forms, by tag and key.
var exceptions = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for l := range strings.SplitSeq(models.Lemma, "\n") {
		if f := strings.Split(l, "\t"); len(f) == 3 {
			m[f[0]+f[1]] = f[2]
		}
	}
	return m
})

// cut cuts an ending and the half-space before it.
func cut(form, ending string) (string, bool) {
	s, ok := strings.CutSuffix(form, ending)
	if !ok {
		return form, false
	}
	s = strings.TrimRight(s, zwnj)
	return s, len(s) >= 4
}

func classes(form string) lex.Class { return lex.Of(spell.Key(form)) }

// vowel cuts the ی that ezafe or indefiniteness puts after a vowel: «جای», «عضوی».
func vowel(form string) string {
	if s, ok := cut(form, "ی"); ok && (strings.HasSuffix(s, "ا") || strings.HasSuffix(s, "و")) {
		if c := classes(s); c&(lex.Noun|lex.Plural|lex.Adjective) != 0 {
			return s
		}
	}
	return form
}

func noun(form string, w *word.Word, table map[string]string) string {
	again := func(s string) string {
		if l, ok := table["NOUN"+spell.Key(s)]; ok {
			return l
		}
		return s
	}
	for _, e := range [...]string{"هایی", "های", "ها"} {
		if s, ok := cut(form, e); ok {
			if e == "ها" && !strings.HasSuffix(form, zwnj+e) && classes(form)&lex.Noun != 0 {
				break
			}
			return s
		}
	}
	if s, ok := cut(form, zwnj+"ای"); ok {
		return again(s)
	}
	c := classes(form)
	if c&lex.Noun == 0 || c&lex.Plural != 0 {
		if s, ok := plural(form); ok {
			return s
		}
	}
	if s := vowel(form); s != form {
		return again(s)
	}
	if s, ok := cut(form, "ی"); ok && c&lex.Noun == 0 && !w.Ezafe || ok && w.Indef {
		if classes(s)&(lex.Noun|lex.Adjective|lex.Plural) != 0 {
			if p, ok := plural(s); ok {
				return p
			}
			return again(s)
		}
	}
	return form
}

// plural returns the singular of a plural in ان، ات، ین.
func plural(form string) (string, bool) {
	if s, ok := cut(form, "گان"); ok {
		if classes(s+"ه")&(lex.Noun|lex.Adjective) != 0 {
			return s + "ه", true
		}
	}
	if s, ok := cut(form, "یان"); ok && (strings.HasSuffix(s, "ا") || strings.HasSuffix(s, "و")) {
		if classes(s)&(lex.Noun|lex.Adjective) != 0 {
			return s, true
		}
	}
	if s, ok := cut(form, "ان"); ok {
		if classes(s)&(lex.Noun|lex.Adjective) != 0 {
			return s, true
		}
	}
	if s, ok := cut(form, "ات"); ok {
		switch {
		case classes(s)&lex.Noun != 0:
			return s, true
		case classes(s+"ه")&lex.Noun != 0:
			return s + "ه", true
		}
	}
	if s, ok := cut(form, "جات"); ok && classes(s)&lex.Noun != 0 {
		return s, true
	}
	if s, ok := cut(form, "ین"); ok && classes(s)&lex.Noun != 0 && classes(form)&lex.Plural != 0 {
		return s, true
	}
	return "", false
}

func adjective(form string, w *word.Word) string {
	for _, e := range [...]string{"ترینی", "ترین", "تری", "تر"} {
		if s, ok := cut(form, e); ok && (classes(s)&(lex.Adjective|lex.Adverb|lex.Noun) != 0 || strings.HasSuffix(form, zwnj+e)) {
			return s
		}
	}
	if s, ok := cut(form, zwnj+"ای"); ok && classes(form)&lex.Adjective == 0 && classes(s)&lex.Adjective != 0 {
		return s
	}
	for _, e := range [...]string{"های", "ها"} {
		if s, ok := cut(form, e); ok && classes(form) == 0 {
			return s
		}
	}
	if s := vowel(form); s != form && classes(form)&lex.Adjective == 0 {
		return s
	}
	if s, ok := cut(form, "ی"); ok && classes(form)&lex.Adjective == 0 && classes(s)&(lex.Adjective|lex.Noun) == lex.Adjective {
		return s
	}
	return form
}
