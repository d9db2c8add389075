// Package segment cuts Persian text into sentences and orthographic words.
package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/span"
)

// Text cuts source into sentences and words, leaving out the stretches in skip.
func Text(source string, skip []span.Span) word.Text {
	t := word.Text{Source: source}
	line, first := 0, 0
	end := func() {
		if len(t.Words) > first {
			t.Sentences = append(t.Sentences, word.Sentence{Span: t.Span(first, len(t.Words)), First: first, Last: len(t.Words)})
			first = len(t.Words)
		}
	}
	add := func(s span.Span, tag word.Tag) {
		f := s.Of(source)
		t.Words = append(t.Words, word.Word{Span: s, Form: f, Key: spell.Key(f), Lemma: f, Tag: tag, Line: line, Sentence: len(t.Sentences)})
	}
	for i := 0; i < len(source); {
		if len(skip) > 0 && i >= skip[0].Start {
			end()
			line += strings.Count(source[i:skip[0].End], "\n")
			i, skip = max(i, skip[0].End), skip[1:]
			continue
		}
		r, n := utf8.DecodeRuneInString(source[i:])
		switch {
		case r == '\n':
			end()
			line++
		case unicode.IsSpace(r) || (r == utf8.RuneError && n == 1):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			j := i
			for j < len(source) {
				r, n := utf8.DecodeRuneInString(source[j:])
				if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !unicode.Is(unicode.Cf, r) && r != 'ـ' {
					break
				}
				j += n
			}
			tag := word.NOUN
			if unicode.IsDigit(r) {
				tag = word.NUM
			}
			add(span.Span{Start: i, End: j}, tag)
			i = j
			continue
		default:
			add(span.Span{Start: i, End: i + n}, word.PUNCT)
			if strings.ContainsRune(".!؟?", r) {
				end()
			}
		}
		i += n
	}
	end()
	return t
}
