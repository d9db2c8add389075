package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/spell"
)

// key is a stretch of text as a dictionary key, its words run together, with
// the places where words begin. Words are compared whole: «عکس» is not found
// in «عکس‌العمل». A punctuation mark is a word of its own.
type key struct {
	text   string
	raw    string
	source []int  // byte of raw for each byte of text, and for its end
	begins []bool // a word begins here; true for the end too
}

func newKey(raw string) key {
	k := key{raw: raw, source: make([]int, 0, len(raw)+1), begins: make([]bool, 0, len(raw)+1)}
	var b strings.Builder
	b.Grow(len(raw))
	begin := true // the next letter begins a word
	for i, r := range raw {
		var s string
		kind := kindOf(r)
		switch kind {
		case joiner:
			continue // part of the word that it stands in
		case space:
			begin = true
			continue
		case letter:
			s = letterKey(r)
		default:
			s, begin = raw[i:i+utf8.RuneLen(r)], true
		}
		for n := range len(s) {
			k.source = append(k.source, i)
			k.begins = append(k.begins, begin && n == 0)
		}
		b.WriteString(s)
		begin = begin && s == "" || kind != letter
	}
	k.text = b.String()
	k.source = append(k.source, len(raw))
	k.begins = append(k.begins, true)
	return k
}

// The kinds of characters that a key tells apart.
const (
	letter = iota // digits too
	joiner        // marks, half-spaces and others inside a word
	space
	punctuation
)

// kinds are the kinds of the Latin and Arabic blocks.
var kinds = func() (t [0x700]uint8) {
	for r := range t {
		t[r] = classify(rune(r))
	}
	return t
}()

// letterKeys are the keys of the letters in these blocks.
var letterKeys = func() (t [len(kinds)]string) {
	for r := range t {
		if kinds[r] == letter {
			t[r] = spell.Key(string(rune(r)))
		}
	}
	return t
}()

func letterKey(r rune) string {
	if int(r) < len(letterKeys) {
		return letterKeys[r]
	}
	return spell.Key(string(r))
}

func kindOf(r rune) uint8 {
	if int(r) < len(kinds) {
		return kinds[r]
	}
	return classify(r)
}

func classify(r rune) uint8 {
	switch {
	case unicode.Is(unicode.Cf, r) || unicode.IsMark(r) || r == 'ـ':
		return joiner
	case unicode.IsSpace(r) || r == utf8.RuneError:
		return space
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		return letter
	}
	return punctuation
}

// after returns the source behind the first i bytes of the key.
func (k *key) after(i int) string { return strings.TrimFunc(k.raw[k.source[i]:], blank) }

func (k *key) hasPrefix(list []string) bool {
	for _, p := range list {
		if strings.HasPrefix(k.text, p) && k.begins[len(p)] {
			return true
		}
	}
	return false
}

func (k *key) hasSuffix(list []string) bool {
	text := strings.TrimRight(k.text, ".:!؟?…»\"")
	for _, p := range list {
		if strings.HasSuffix(text, p) && k.begins[len(text)-len(p)] {
			return true
		}
	}
	return false
}

func (k *key) has(list []string) bool {
	for _, p := range list {
		if k.last(p) >= 0 {
			return true
		}
	}
	return false
}

// last returns where p stands last in the key, -1 for nowhere.
func (k *key) last(p string) int {
	for end := len(k.text); ; {
		i := strings.LastIndex(k.text[:end], p)
		if i < 0 || k.begins[i] && k.begins[i+len(p)] {
			return i
		}
		end = i + len(p) - 1
	}
}
