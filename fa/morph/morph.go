// Package morph reads the forms of Persian words: verbs of all tenses, of one
// word and of several, and the endings of nouns and adjectives.
//
// It works on dictionary keys (spell.Key), in which half-spaces and variants
// of letters make no difference: «ميشود», «می شود» and «می‌شود» are one form.
package morph

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/sanad-project/sanad/fa/lex"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/span"
)

// Words writes what the form of each word tells: Verb, Plural, Indef, Ezafe,
// Degree, Clitic. It looks at one word at a time and needs no tags.
func Words(t *word.Text) {
	var buf [16]Form
	for i := range t.Words {
		w := &t.Words[i]
		if w.Tag == word.PUNCT || w.Tag == word.NUM {
			continue
		}
		if f, ok := best(buf[:0], w.Key); ok {
			w.Verb = verb(&f, i)
			if s := f.Spelling(); s != "" {
				w.Form = s
			}
		}
		if w.Verb == nil || bare(w) {
			endings(t.Source, w)
		}
	}
}

// bare reports whether w, read as a verb, may as well be a noun.
func bare(w *word.Word) bool { return w.Verb.Tense == word.Past && lex.Of(w.Key)&lex.Nominal != 0 }

// best is the likeliest reading of key as a verb; ok is false where it is
// none or the dictionary says that it is something else.
func best(buf []Form, key string) (Form, bool) {
	list := Forms(buf, key)
	if len(list) == 0 {
		return Form{}, false
	}
	f := list[0]
	c := lex.Of(key)
	switch {
	case f.Tense == word.Imperative && f.Be && !f.Plural && lex.Of(key[len("ب"):])&lex.Noun != 0: // «بکار» is «به کار»
		return f, false
	case c&lex.Verb != 0 && c&lex.Closed == 0, c == 0, f.Verb.rank < 0 && f.Bare && f.Tense == word.Past:
	case load().fixed[key].Verb != nil:
	case c&(lex.Nominal|lex.Closed|lex.Adverb) != 0 && (f.Tense == word.Participle || f.Tense == word.Infinitive):
	case f.Tense == word.Past && f.Bare && c&lex.Closed == 0 && f.ending == "":
	default:
		return f, false
	}
	return f, true
}

func verb(f *Form, i int) *word.Verb {
	v := &word.Verb{
		Past: f.Verb.Preverb + f.Verb.Past, Present: f.Verb.Preverb + f.Verb.Present,
		Tense: f.Tense, Person: f.Person, Plural: f.Plural, Negative: f.Negative,
		Head: i, First: i, Last: i,
	}
	return v
}

type suffix struct {
	s      string
	person int8
	plural bool
}

var pronouns = [...]suffix{{"شان", 3, true}, {"مان", 1, true}, {"تان", 2, true}, {"م", 1, false}, {"ت", 2, false}, {"ش", 3, false}}
var copulas = [...]suffix{{"ند", 3, true}, {"یم", 1, true}, {"ید", 2, true}, {"م", 1, false}}

// Endings that may stand between a stem and what hangs on it.
var inner = [...]string{"های", "ها", "ان", "ات", "ترین", "تر", "ی", "ای", "گان"}

// known reports whether key is a word of the dictionary, as it stands or with
// one ending of nouns.
func known(key string) lex.Class {
	if c := lex.Of(key) &^ (lex.Foreign); c != 0 {
		return c
	}
	for _, e := range inner {
		if s, ok := strings.CutSuffix(key, e); ok && len(s) >= 4 {
			if c := lex.Of(s) & (lex.Nominal | lex.Adverb); c != 0 {
				return c
			}
		}
	}
	return 0
}

// endings reads the endings of a word that is no verb.
func endings(source string, w *word.Word) {
	clitic(source, w)
	key := w.Key
	if w.Clitic.Form != "" {
		key = strings.TrimSuffix(key, strings.TrimLeft(w.Clitic.Form, "\u200c"))
	}
	// «بیانیه‌ای» is no plural: the half-space tells it from «بیانی‌های»
	if s, ok := strings.CutSuffix(w.Form, "ه\u200cای"); ok && s != "" || strings.HasSuffix(key, "های") && lex.Of(strings.TrimSuffix(key, "های"))&lex.Nominal == 0 && lex.Of(strings.TrimSuffix(key, "ای"))&lex.Nominal != 0 {
		w.Indef = true
		w.Form = halfSpace(w.Form, "ای")
		return
	}
	for _, e := range [...]string{"هایی", "های", "ها"} {
		if s, ok := strings.CutSuffix(key, e); ok && len(s) >= 4 && (lex.Of(key) == 0 || lex.Of(s)&(lex.Noun|lex.Adjective|lex.Name) != 0 || s == "ان" || s == "این") {
			w.Plural = true
			w.Indef = e == "هایی"
			w.Ezafe = e == "های" && w.Clitic.Form == ""
			if s != "ان" && s != "این" {
				w.Form = halfSpace(w.Form, e)
			}
			return
		}
	}
	c := lex.Of(key)
	switch {
	case c&lex.Plural != 0 && c&lex.Noun == 0:
		w.Plural = true
	case c&(lex.Nominal|lex.Closed|lex.Adverb) != 0:
	case strings.HasSuffix(key, "ترین"):
		w.Degree = 2
		w.Form = halfSpace(w.Form, "ترین")
	case strings.HasSuffix(key, "تر") && len(key) > 6:
		w.Degree = 1
		w.Form = halfSpace(w.Form, "تر")
	case strings.HasSuffix(key, "ان") && lex.Of(strings.TrimSuffix(key, "ان"))&(lex.Noun|lex.Adjective) != 0,
		strings.HasSuffix(key, "گان") && lex.Of(strings.TrimSuffix(key, "گان")+"ه")&(lex.Noun|lex.Adjective) != 0,
		strings.HasSuffix(key, "ات") && lex.Of(strings.TrimSuffix(key, "ات"))&lex.Noun != 0,
		strings.HasSuffix(key, "ین") && lex.Of(strings.TrimSuffix(key, "ین"))&lex.Noun != 0:
		w.Plural = true
	case strings.HasSuffix(key, "های"):
	case strings.HasSuffix(key, "ای") && lex.Of(strings.TrimSuffix(key, "ای"))&lex.Nominal != 0,
		strings.HasSuffix(key, "ی") && lex.Of(strings.TrimSuffix(key, "ی"))&lex.Noun != 0:
		s := strings.TrimSuffix(key, "ی")
		if strings.HasSuffix(s, "ا") && !strings.HasSuffix(strings.TrimSuffix(s, "ا"), "ه") || strings.HasSuffix(s, "و") {
			w.Ezafe = true
		} else {
			w.Indef = true
		}
	}
	if strings.HasSuffix(w.Form, "هٔ") || strings.HasSuffix(w.Form, "ه\u200cی") {
		w.Ezafe = true
	}
	switch w.Key {
	case "مهتر", "دفتر":
		w.Degree = 0
	}
}

// halfSpace puts a half-space before the ending of form where there is none.
func halfSpace(form, e string) string {
	i := strings.LastIndex(form, e)
	if i <= 3 || strings.HasSuffix(form[:i], "\u200c") {
		return form
	}
	return form[:i] + "\u200c" + form[i:]
}

// clitic finds the pronoun or copula that hangs on w: the word is not in the
// dictionary, what is left without the ending is.
func clitic(source string, w *word.Word) {
	key := w.Key
	if whole()[key] {
		return
	}
	if key == "مرا" || key == "ترا" {
		hang(source, w, suffix{"را", 0, false}, "را", false)
		return
	}
	switch key {
	case "چیست", "کیست", "کجاست", "اینست", "انست", "کدامست":
		hang(source, w, suffix{"ست", 3, false}, "ست", true)
		return
	}
	for _, e := range pronouns {
		if s, ok := strings.CutSuffix(key, e.s); ok && hosts[s] {
			hang(source, w, e, e.s, false)
			return
		}
	}
	if c := lex.Of(key); c != 0 && c != lex.Foreign && c != lex.Verb {
		return
	}
	if len(key) < 6 {
		return
	}
	// «متهمان» is the plural of متهم
	if s, ok := strings.CutSuffix(key, "ان"); ok && lex.Of(s)&(lex.Noun|lex.Adjective) != 0 {
		return
	}
	// «حاضریم», «مخالفند»
	for _, e := range copulas {
		if s, ok := strings.CutSuffix(key, e.s); ok && e.s != "م" && lex.Of(s)&lex.Adjective != 0 {
			hang(source, w, e, e.s, true)
			return
		}
	}
	if s, ok := strings.CutSuffix(key, "ست"); ok && len(s) >= 4 {
		switch {
		case strings.HasSuffix(s, "ا") || strings.HasSuffix(s, "و") || strings.HasSuffix(s, "ی"):
			if known(s) != 0 {
				hang(source, w, suffix{"ست", 3, false}, "ست", true)
				return
			}
		}
	}
	for _, e := range pronouns {
		s, ok := strings.CutSuffix(key, e.s)
		if !ok || len(s) < 4 {
			continue
		}
		form := e.s
		switch last := s[len(s)-2:]; {
		case last == "ی" && (strings.HasSuffix(s, "ای") || strings.HasSuffix(s, "وی")) && known(s[:len(s)-2]) != 0 && !strings.HasSuffix(s, "های"):
			s, form = s[:len(s)-2], "ی"+e.s
		case last == "ا" && (strings.HasSuffix(s, "ها") && e.person > 0 || strings.HasSuffix(s, "یا") || strings.HasSuffix(s, "ها")):
			if !e.plural && (strings.HasSuffix(s, "یا") || strings.HasSuffix(s, "ها")) {
				// «خانه‌اش»، «زندگی‌اش»
				s, form = s[:len(s)-2], "ا"+e.s
			}
		}
		c := known(s)
		if c == 0 || c == lex.Verb || c == lex.Adverb || e.s == "ت" && (len(s) < 6 || strings.HasSuffix(s, "ی")) {
			continue
		}
		copula := form == e.s && e.s == "م" && c&lex.Adjective != 0 && c&lex.Noun == 0
		hang(source, w, e, form, copula)
		return
	}
	for _, e := range copulas {
		s, ok := strings.CutSuffix(key, e.s)
		if !ok || len(s) < 4 {
			continue
		}
		form := e.s
		if t, ok := strings.CutSuffix(s, "ا"); ok && (strings.HasSuffix(t, "ه") || strings.HasSuffix(t, "ی")) {
			s, form = t, "ا"+e.s
		}
		if c := known(s); c&lex.Adjective != 0 || c&lex.Nominal != 0 && strings.HasSuffix(w.Form, "\u200c"+form) {
			hang(source, w, e, form, true)
			return
		}
	}
}

//go:embed data/whole.txt
var wholeData string

// whole are the words of data/whole.txt.
var whole = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(wholeData) {
		if line[0] != '#' {
			for f := range strings.FieldsSeq(line) {
				m[spell.Key(f)] = true
			}
		}
	}
	return m
})

// hosts are closed-class words that take a pronoun.
var hosts = map[string]bool{"خود": true, "برای": true, "همه": true, "همگی": true, "بین": true, "میان": true, "مابین": true, "کنار": true, "هیچکدام": true, "هرکدام": true, "هریک": true, "یکی": true, "سراسر": true, "تمام": true, "علیه": true, "درباره": true, "تک": true, "نزد": true, "بدون": true, "مثل": true, "پیش": true}

// hang writes the clitic form on w if its letters end the word in the source.
func hang(source string, w *word.Word, e suffix, form string, copula bool) {
	if !strings.HasSuffix(w.Form, form) {
		return
	}
	s := w.Span
	start := s.End
	for n := len([]rune(form)); n > 0 && start > s.Start; n-- {
		start--
		for start > s.Start && source[start]&0xc0 == 0x80 {
			start--
		}
	}
	w.Clitic = word.Clitic{Form: form, Span: span.Span{Start: start, End: s.End}, Person: e.person, Plural: e.plural, Copula: copula}
}
