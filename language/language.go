// Package language tells Persian from the other languages that come in its
// letters or beside them, so that the reader can say "this is Arabic" and read
// nothing instead of reading it badly.
//
// It counts letters by script, then the small words and letters of
// lexicon/data/languages.txt. A text too short to tell is taken for Persian.
package language

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/lexicon"
)

// Detector tells languages apart. It may be used by many goroutines.
type Detector struct {
	names   []string
	persian int
	words   map[string][]int
	longest int // bytes of the longest of words
	letters map[rune][]int
	begins  []beginning
}

type beginning struct {
	text string
	of   int
}

// New compiles the languages of the lexicon.
func New(l *lexicon.Lexicon) *Detector {
	d := &Detector{persian: -1, words: map[string][]int{}, letters: map[rune][]int{}}
	for i, e := range l.File("languages") {
		d.names = append(d.names, e.Get("name"))
		if e.ID == "fa" {
			d.persian = i
		}
		for _, w := range e.All("words") {
			k := spell.Key(w)
			d.words[k] = append(d.words[k], i)
			d.longest = max(d.longest, len(k))
		}
		for _, w := range e.All("letters") {
			r, _ := utf8.DecodeRuneInString(w)
			d.letters[r] = append(d.letters[r], i)
		}
		for _, w := range e.All("begins") {
			d.begins = append(d.begins, beginning{w, i})
		}
	}
	return d
}

// scripts are the ones that a message names.
var scripts = []struct {
	name  string
	table *unicode.RangeTable
}{{"Latin", unicode.Latin}, {"Cyrillic", unicode.Cyrillic}, {"Hebrew", unicode.Hebrew}, {"Greek", unicode.Greek}, {"Han", unicode.Han},
	{"Devanagari", unicode.Devanagari}, {"Armenian", unicode.Armenian}, {"Syriac", unicode.Syriac}, {"Hangul", unicode.Hangul}, {"Thaana", unicode.Thaana}}

const (
	enough = 16 << 10 // bytes looked at
	few    = 6        // words with which nothing can be told
)

// Other says why text is not Persian: "Arabic", "not in Arabic letters (mostly
// Latin)"; "" for Persian and for texts too short to tell.
func (d *Detector) Other(text string) string {
	if len(text) > enough {
		text = text[:enough]
	}
	hits := make([]int, len(d.names))
	arabic, other, words := 0, 0, 0
	counts := make([]int, len(scripts))
	start := -1
	word := func(end int) {
		if start < 0 {
			return
		}
		w := text[start:end]
		start = -1
		words++
		if len(w) <= d.longest+2 {
			for _, i := range d.words[spell.Key(w)] {
				hits[i] += 2
			}
		}
		for _, b := range d.begins {
			if len(w) > len(b.text)+4 && w[:len(b.text)] == b.text {
				hits[b.of]++
				break
			}
		}
	}
	for i, r := range text {
		persian := r >= 0x627 && r <= 0x64a && r != 'ـ' || r == 'ی' || r == 'ک' || r == 'پ' || r == 'چ' || r == 'گ' || r == 'ژ'
		switch {
		case r == ' ' || r == '\n':
			word(i)
		case !persian && (unicode.Is(unicode.Cf, r) || unicode.IsMark(r)):
		case !persian && !unicode.IsLetter(r):
			word(i)
		default:
			if start < 0 {
				start = i
			}
			if persian || unicode.Is(unicode.Arabic, r) {
				arabic++
				if !persian || r == 'ة' || r == 'ى' {
					for _, j := range d.letters[r] {
						hits[j]++
					}
				}
				continue
			}
			other++
			for j := range scripts {
				if unicode.Is(scripts[j].table, r) {
					counts[j]++
					break
				}
			}
		}
	}
	word(len(text))
	if other > arabic {
		best := 0
		for j := range counts {
			if counts[j] > counts[best] {
				best = j
			}
		}
		if counts[best]*2 > other {
			return fmt.Sprintf("mostly in %s letters", scripts[best].name)
		}
		return "mostly in other letters than Arabic"
	}
	if words < few || d.persian < 0 {
		return ""
	}
	best := d.persian
	for i := range hits {
		if hits[i] > hits[best] {
			best = i
		}
	}
	if best != d.persian && hits[best] > hits[d.persian]*5/4+2 {
		return d.names[best]
	}
	return ""
}
