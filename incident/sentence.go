package incident

import (
	"strings"
	"unicode"

	"github.com/sanad-project/sanad/fa/spell"
)

// token is a word, or a part of one that a half-space ends; positions are code
// points of the report's text.
type token struct {
	key        string
	start, end int
	heads      classes // those of which a pattern may begin with it
}

func newToken(key string, start, end int) token { return token{key, start, end, loaded.begins(key)} }

// sentence is a stretch of the text between full stops or line ends.
type sentence struct {
	start, end int
	tokens     []token
}

// sentences cuts a text. The title is its first sentence; a full stop between
// letters («پ.ک.ک») ends none.
func sentences(text []rune) []sentence {
	var out []sentence
	s := sentence{}
	cut := func(end int) {
		if len(s.tokens) > 0 {
			s.end = end
			out = append(out, s)
		}
		s = sentence{start: end}
	}
	for i := 0; i < len(text); {
		r := text[i]
		switch {
		case word(r):
			j := i + 1
			for j < len(text) && word(text[j]) {
				j++
			}
			if k := spell.Key(string(text[i:j])); k != "" {
				s.tokens = append(s.tokens, newToken(k, i, j))
			}
			i = j
			continue
		case r == '\n' || r == '؟' || r == '!' || r == '؛' || r == ';' || r == '.' && (i+1 == len(text) || unicode.IsSpace(text[i+1]) || text[i+1] == '»'):
			cut(i + 1)
		}
		i++
	}
	cut(len(text))
	return out
}

func word(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == 'ـ'
}

// tokensOf are the tokens of a piece of text.
func tokensOf(s string) []token {
	var out []token
	for _, x := range sentences([]rune(s)) {
		out = append(out, x.tokens...)
	}
	return out
}

// at returns the index one past the last token of a match that begins at
// token i, 0 where p does not match there.
func (p pattern) at(list []token, i int) int {
	if len(p) == 0 {
		return i
	}
	if p[0].gap {
		for j := i; j <= len(list) && j <= i+8; j++ {
			if e := p[1:].at(list, j); e > 0 {
				return e
			}
		}
		return 0
	}
	if i >= len(list) {
		return 0
	}
	if k := list[i].key; k != p[0].key && !(p[0].prefix && strings.HasPrefix(k, p[0].key)) {
		return 0
	}
	if len(p) == 1 {
		return i + 1
	}
	return p[1:].at(list, i+1)
}

// classes is a set of classes of words.
type classes [4]uint64

func (c classes) has(n int) bool { return c[n/64]>>(n%64)&1 != 0 }

func (c *classes) add(n int) { c[n/64] |= 1 << (n % 64) }

// begins returns the classes of which a pattern may begin with a word.
func (d *data) begins(key string) classes {
	c := d.heads[key]
	for i := range key {
		if i == 0 {
			continue
		}
		if p, ok := d.prefixes[key[:i]]; ok {
			c.join(p)
		}
	}
	c.join(d.prefixes[key])
	return c
}

func (c *classes) join(o classes) {
	for i := range c {
		c[i] |= o[i]
	}
}

// find returns the token ranges of the patterns of a class.
func (d *data) find(class string, list []token) [][2]int {
	var out [][2]int
	n, ok := d.number[class]
	if !ok {
		return nil
	}
	for i := range list {
		if !list[i].heads.has(n) {
			continue
		}
		for _, p := range d.words[class] {
			if e := p.at(list, i); e > 0 {
				out = append(out, [2]int{i, e})
				break
			}
		}
	}
	return out
}

func (d *data) has(class string, list []token) bool {
	n, ok := d.number[class]
	if !ok {
		return false
	}
	for i := range list {
		if !list[i].heads.has(n) {
			continue
		}
		for _, p := range d.words[class] {
			if p.at(list, i) > 0 {
				return true
			}
		}
	}
	return false
}
