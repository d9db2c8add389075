// Package spell reads Persian text in one spelling and remembers where each
// letter came from.
package spell

import "strings"

// ZWNJ is the zero-width non-joiner, Persian's half-space.
const ZWNJ = '\u200c'

// Key returns the dictionary key of a word or phrase: letters of one spelling
// (ی، ک، ه، ا for every variant), ASCII digits, and nothing else: no spaces, half-spaces,
// diacritics or tatweel. «آمریکا» and «امريكا» have one key, as have
// «حزب‌الله» and «حزب الله».
func Key(s string) string {
	for i, r := range s {
		if k := keyRune(r); k != r || k == 0xFFFD {
			return keyFrom(s, i)
		}
	}
	return s
}

func keyFrom(s string, i int) string {
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	for _, r := range s[i:] {
		if r = keyRune(r); r >= 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func keyRune(r rune) rune {
	if r < 0x80 {
		if r == ' ' || r == '\t' {
			return -1
		}
		return r
	}
	switch {
	case r == 'ي' || r == 'ى' || r == 'ئ' || r == 'ې':
		return 'ی'
	case r == 'ك' || r == 'ڪ':
		return 'ک'
	case r == 'ة' || r == 'ۀ' || r == 'ۂ' || r == 'ە':
		return 'ه'
	case r == 'آ' || r == 'أ' || r == 'إ' || r == 'ٱ':
		return 'ا'
	case r == 'ؤ':
		return 'و'
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	case r == 'ء', r == 'ـ', r >= 0x064B && r <= 0x065F, r == 0x0670, r == ZWNJ, r == '\u200d', r == '\u200e', r == '\u200f', r == '\ufeff', r == '\u00ad', r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return -1
	case r == '\u00a0':
		return -1
	case r >= 0xFB50 && r <= 0xFEFC:
		if p := presentation(r); p < 0xFB50 {
			return keyRune(p)
		}
	}
	return r
}
