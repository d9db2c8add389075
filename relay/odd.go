package relay

import (
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/lex"
	"github.com/sanad-project/sanad/fa/spell"
)

// odd returns a word that both texts write with the same letters inside a
// passage, once each, and that the dictionary does not have: a slip of the
// keyboard is copied with the rest. Names that a dictionary lacks are told from
// slips by their being in other reports, or twice in one.
func (p *pair) odd() string {
	times := map[uint64]int{}
	for _, t := range [...]*Text{p.a, p.b} {
		for _, w := range t.words {
			times[w.key]++
		}
	}
	for _, q := range p.runs {
		for _, k := range q.pairs {
			w := p.b.words[k[1]]
			form := p.b.whole[w.start:w.end]
			if w.empty || times[w.key] != 2 || form != p.a.whole[p.a.words[k[0]].start:p.a.words[k[0]].end] {
				continue
			}
			key := spell.Key(form)
			if n := utf8.RuneCountInString(key); n < 5 || n > 14 || !letters(form) || lex.Of(key) != 0 {
				continue
			}
			if near := neighbour(key); near {
				return form
			}
		}
	}
	return ""
}

func letters(s string) bool {
	for _, r := range s {
		if r < 0x621 || r > 0x6cc || r >= 0x660 && r <= 0x669 {
			return false
		}
	}
	return true
}

// neighbour reports whether a word of the dictionary is written like key but
// for two letters that changed places or one that is doubled.
func neighbour(key string) bool {
	l := []rune(key)
	for i := 1; i < len(l); i++ {
		if l[i] == l[i-1] {
			if lex.Of(string(append(append([]rune{}, l[:i]...), l[i+1:]...))) != 0 {
				return true
			}
			continue
		}
		l[i], l[i-1] = l[i-1], l[i]
		if lex.Of(string(l)) != 0 {
			return true
		}
		l[i], l[i-1] = l[i-1], l[i]
	}
	return false
}
