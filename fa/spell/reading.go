package spell

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Reading is a text in standard spelling with the place in the source that
// each byte of it came from.
//
// Its law: Source(i, j) covers exactly the source bytes that were read into
// Text[i:j], and the source spans of stretches that follow each other follow
// each other too. What was dropped (a doubled half-space, a bidi control, a
// tatweel) belongs to the letter before it, or to the first one.
type Reading struct {
	Text string
	at   []int32 // source offset of each byte of Text, and the end
}

// Source returns the bytes of the source that Text[i:j] was read from.
func (r *Reading) Source(i, j int) (start, end int) {
	return int(r.at[i]), int(r.at[j])
}

// Read reads source in standard spelling: ی and ک for their Arabic twins,
// letters for presentation forms, one half-space for several and none where
// it joins nothing, no diacritics but ٔ and ً, no tatweel or bidi controls.
// Digits stay, and so do invalid bytes.
//
// Reading what was read of valid UTF-8 changes nothing.
func Read(source string) Reading {
	r := Reading{at: make([]int32, 0, len(source)+1)}
	var b strings.Builder
	b.Grow(len(source))
	prev, half := rune(0), -1
	put := func(c rune, at int) {
		from := b.Len()
		b.WriteRune(c)
		for range b.Len() - from {
			r.at = append(r.at, int32(at))
		}
		prev = c
	}
	for i := 0; i < len(source); {
		c, n := utf8.DecodeRuneInString(source[i:])
		if c == utf8.RuneError && n == 1 {
			b.WriteByte(source[i])
			r.at = append(r.at, int32(i))
			prev, half = c, -1
			i++
			continue
		}
		switch out := standardRune(c); {
		case out < 0:
		case out == ZWNJ:
			if half < 0 {
				half = i
			}
		default:
			if half >= 0 && inWord(prev) && inWord(out) {
				put(ZWNJ, half)
			}
			half = -1
			if c >= 0xFB50 && c <= 0xFEFC && out == c {
				last := b.Len()
				for _, d := range norm.NFKC.String(string(c)) {
					if d = standardRune(d); d >= 0 && d != ' ' && d != ZWNJ {
						put(d, i)
					}
				}
				if b.Len() > last {
					break
				}
			}
			put(out, i)
		}
		i += n
	}
	r.at = append(r.at, int32(len(source)))
	r.at[0] = 0
	r.Text = b.String()
	return r
}

// inWord reports whether a half-space may stand beside r.
func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }

// Standard is the standard spelling of a word: Read without the places, spaces
// inside the word made half-spaces.
func Standard(s string) string {
	plain := true
	for _, r := range s {
		if r == ZWNJ || standardRune(r) != r || r == ' ' || r == '\u00a0' || r == '\t' || r == utf8.RuneError {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	half := false
	for _, r := range s {
		if r == ' ' || r == '\t' || r == '\u00a0' || r == '\r' {
			r = ZWNJ
		}
		r = standardRune(r)
		switch {
		case r < 0:
		case r == ZWNJ:
			half = b.Len() > 0
		default:
			if half {
				b.WriteRune(ZWNJ)
				half = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// standardRune is the standard letter for r; -1 where r is dropped.
func standardRune(r rune) rune {
	if r < 0x600 {
		if r == 0xAD {
			return -1
		}
		return r
	}
	switch r {
	case 'ي', 'ى', 'ې':
		return 'ی'
	case 'ك', 'ڪ':
		return 'ک'
	case 'ە', 'ہ', 'ھ':
		return 'ه'
	case 'ـ', '\u200d', '\u200e', '\u200f', '\ufeff', 0x0670:
		return -1
	case '\u200b', '\u2009':
		return ZWNJ
	case 0x064B, 0x0654:
		return r
	}
	switch {
	case r >= 0x064C && r <= 0x065F, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return -1
	case r >= 0xFB50 && r <= 0xFEFC:
		if p := presentation(r); p < 0xFB50 {
			return standardRune(p)
		}
	}
	return r
}

// presentation is the letter of an Arabic presentation form, in the spelling
// of keys; r itself where it stands for several letters or is none.
func presentation(r rune) rune {
	d := norm.NFKC.String(string(r))
	c, n := utf8.DecodeRuneInString(d)
	if n != len(d) || c == r || !unicode.IsLetter(c) {
		return r
	}
	switch c {
	case 'ي', 'ى':
		return 'ی'
	case 'ك':
		return 'ک'
	}
	return c
}
