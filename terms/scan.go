package terms

import (
	"unicode"
	"unicode/utf8"
)

// The classes of runes that the scan tells apart.
type class uint8

const (
	sep    class = iota // ends a token
	space               // ends a token; one may stand before an affix
	letter              // of any script
	digit
	inside // marks, tatweel, half-space and controls: part of a token between its letters
)

// arabic are the classes of U+0600 to U+06FF, where almost all of a text lies.
var arabic = func() (t [256]class) {
	for i := range t {
		t[i] = slow(rune(0x600 + i))
	}
	return
}()

func classOf(r rune) class {
	switch {
	case r < 0x80:
		switch {
		case r == ' ' || r == '\t':
			return space
		case r >= '0' && r <= '9':
			return digit
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			return letter
		}
		return sep
	case r >= 0x600 && r <= 0x6ff:
		return arabic[r-0x600]
	}
	return slow(r)
}

func slow(r rune) class {
	switch {
	case r == 'ـ', r == '\u200b', r == '\u2009', unicode.Is(unicode.Cf, r), unicode.IsMark(r):
		return inside
	case r == '\u00a0':
		return space
	case unicode.IsLetter(r):
		return letter
	case unicode.IsNumber(r):
		return digit
	}
	return sep
}

func mark(r rune) bool { return r == 'ـ' || unicode.IsMark(r) }

// token is a stretch of letters and digits.
type token struct {
	start, end int
	e          *entry
	near       bool // nothing but blanks before it, and few
}

// next returns the token that begins at or after i; ok is false at the end.
func next(s string, i int) (tok token, ok bool) {
	tok.near = i > 0
	from := i
	for i < len(s) {
		r, n := decode(s, i)
		c := classOf(r)
		if c == letter || c == digit {
			break
		}
		if c == sep {
			tok.near = false
		}
		i += n
	}
	if i >= len(s) {
		return tok, false
	}
	tok.near = tok.near && i-from <= 8 && i > from
	tok.start = i
	last := class(sep)
	for i < len(s) {
		r, n := decode(s, i)
		c := classOf(r)
		if c == sep && last == digit && (r == '.' || r == ',' || r == '٫' || r == '٬') && i+n < len(s) {
			if r2, _ := decode(s, i+n); classOf(r2) == digit {
				i += n
				last = sep
				continue
			}
		}
		if c == sep || c == space {
			break
		}
		i += n
		if c == letter || c == digit || mark(r) {
			tok.end = i
		}
		if c != inside {
			last = c
		}
	}
	return tok, true
}

func decode(s string, i int) (rune, int) {
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

// each calls f with what is known of each token of s and where it lies.
// Tokens that are one word («می شود», «گروه ها», «گفت و گو») come as one.
func (t *Terms) each(s string, f func(e *entry, start, end int)) {
	var ring [3]token // the token at hand and the two after it
	n, at := 0, 0
	fill := func() {
		for n < len(ring) {
			tok, ok := next(s, at)
			if !ok {
				return
			}
			tok.e = t.entry(s[tok.start:tok.end])
			ring[n], at = tok, tok.end
			n++
		}
	}
	drop := func(k int) {
		copy(ring[:], ring[k:n])
		n -= k
	}
	for fill(); n > 0; fill() {
		first := ring[0]
		e, end, used := first.e, first.end, 1
		if (first.e.lead&spelt != 0 || first.e.lead&preverb != 0 && n > 1 && ring[1].e.lead&verbal != 0) && n == 3 && ring[1].near && ring[2].near {
			if j := t.joined(s[first.start:ring[2].end]); j.ok {
				e, end, used = j, ring[2].end, 3
			}
		}
		for used == 1 || used < n && e.ok {
			if n <= used || !ring[used].near || !e.takes(ring[used].e, used == 1) {
				break
			}
			j := t.joined(s[first.start:ring[used].end])
			if !j.ok {
				break
			}
			e, end = j, ring[used].end
			used++
		}
		f(e, first.start, end)
		drop(used)
	}
}
