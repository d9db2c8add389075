package terms

import (
	"fmt"
	"hash/crc32"
	"strings"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/models"
	"github.com/sanad-project/sanad/span"
)

// Term is one term of a text: letters and digits, in the spelling of keys.
type Term struct {
	Text string
	Span span.Span // the bytes it was read from: a word with its endings, or one part of a half-spaced word
}

// Terms brings texts and queries to terms. It may be used by many goroutines.
type Terms struct {
	names    map[string]string // key of a name written in one → its words, a space between
	single   map[string]bool   // keys of names of one word, which end as they will
	version  string
	cache    cache
	function map[string]bool // terms that queries drop
}

// rules is raised whenever the code brings a word to other terms than before.
const rules = 2

// New makes the terms of a lexicon: its names tell how glued words are cut.
func New(lex *lexicon.Lexicon) *Terms {
	t := &Terms{names: map[string]string{}, single: map[string]bool{}, function: map[string]bool{}, cache: newCache()}
	for _, file := range [...]string{"actors", "people", "places", "outlets"} {
		for _, e := range lex.File(file) {
			for _, field := range [...]string{"fa", "short", "surname"} {
				for _, name := range e.All(field) {
					t.name(name)
				}
			}
		}
	}
	table := crc32.MakeTable(crc32.Castagnoli)
	sum := uint32(0)
	for _, s := range [...]string{lex.Hash(), models.Words, models.HalfSpace, models.Lemma, fixedData} {
		sum = crc32.Update(sum, table, []byte(s))
	}
	t.version = fmt.Sprintf("%d-%08x", rules, sum)
	for w := range words(functionData) {
		for _, m := range t.Text(w) {
			t.function[m.Text] = true
		}
	}
	return t
}

// Version names what the terms depend on: the rules, the models of the text
// layer and the lexicon. An index made by another version has to be made anew.
func (t *Terms) Version() string { return t.version }

// name learns how a name of the lexicon is cut when it is written in one.
func (t *Terms) name(name string) {
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '\u00a0' })
	for _, p := range parts {
		if strings.ContainsRune(p, spell.ZWNJ) {
			t.glue(strings.Split(p, string(spell.ZWNJ)))
		}
	}
	switch {
	case len(parts) == 2:
		t.glue(strings.Split(strings.Join(parts, string(spell.ZWNJ)), string(spell.ZWNJ)))
	case len(parts) == 1 && !strings.ContainsRune(name, spell.ZWNJ):
		t.single[spell.Key(name)] = true
	}
}

// glue learns a name of several parts, unless one of them is so short that
// another word may be written like it.
func (t *Terms) glue(parts []string) {
	key, text := "", ""
	for _, p := range parts {
		k := spell.Key(p)
		if utf8.RuneCountInString(k) < 2 || affixes[k] || !persian(k) {
			return
		}
		key, text = key+k, text+" "+k
	}
	if utf8.RuneCountInString(key) >= 6 {
		t.names[key] = text[1:]
	}
}

func persian(key string) bool {
	for _, r := range key {
		if r < 0x600 || r > 0x6ff {
			return false
		}
	}
	return true
}

// Text returns the terms of s in order. A word of several parts gives several
// terms, one after the other, so that «حزب‌الله», «حزب الله» and «حزبالله» are
// the same two. Function words are terms like others: phrases need them.
func (t *Terms) Text(s string) []Term { return t.Append(nil, s) }

// Append appends the terms of s to dst.
func (t *Terms) Append(dst []Term, s string) []Term {
	t.each(s, func(e *entry, start, end int) {
		for i := range e.parts {
			p := &e.parts[i]
			sp := span.Span{Start: start, End: end}
			if p.to > 0 {
				sp = letters(s, sp, int(p.from), int(p.to))
			}
			dst = append(dst, Term{p.term, sp})
		}
	})
	return dst
}

func (t *Terms) join(s string) string {
	b := make([]byte, 0, len(s)+len(s)/8)
	t.each(s, func(e *entry, _, _ int) { b = append(b, e.terms()...) })
	if len(b) == 0 {
		return ""
	}
	return string(b[1:]) // without the first space
}

// letters returns the bytes of s in sp that hold its key's letters from..to.
func letters(s string, sp span.Span, from, to int) span.Span {
	out := span.Span{Start: sp.End, End: sp.End}
	n := 0
	for i := sp.Start; i < sp.End; {
		r, size := utf8.DecodeRuneInString(s[i:sp.End])
		k := 0
		if classOf(r) != inside {
			k = utf8.RuneCountInString(spell.Key(string(r)))
		}
		switch {
		case k == 0 && n <= from || n+k <= from: // before it
		case k == 0 && n <= to:
			if n < to || mark(r) {
				out.End = i + size
			}
		case n < to:
			if out.Start == sp.End {
				out.Start = i
			}
			out.End = i + size
		}
		n += k
		i += size
	}
	return out
}
