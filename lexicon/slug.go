package lexicon

import (
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
)

// latin spells Persian letters for ids.
var latin = map[rune]string{
	'ا': "a", 'ب': "b", 'پ': "p", 'ت': "t", 'ث': "s", 'ج': "j", 'چ': "ch", 'ح': "h", 'خ': "kh", 'د': "d", 'ذ': "z", 'ر': "r",
	'ز': "z", 'ژ': "zh", 'س': "s", 'ش': "sh", 'ص': "s", 'ض': "z", 'ط': "t", 'ظ': "z", 'ع': "a", 'غ': "gh", 'ف': "f", 'ق': "q",
	'ک': "k", 'گ': "g", 'ل': "l", 'م': "m", 'ن': "n", 'و': "v", 'ه': "h", 'ی': "i",
}

// Slug makes an entity id of a name: the same letters give the same id,
// whatever the spelling. «احمد ابراهيم» is "ahmd-abrahim".
func Slug(name string) string {
	var b strings.Builder
	for _, w := range strings.FieldsFunc(name, func(r rune) bool {
		return r == ' ' || r == spell.ZWNJ || strings.ContainsRune("«»\"“”‹›'‘’„″.,،-/()[]:؛؟!", r)
	}) {
		if b.Len() > 0 {
			b.WriteByte('-')
		}
		for _, r := range spell.Key(w) {
			switch s, ok := latin[r]; {
			case ok:
				b.WriteString(s)
			case r < 128:
				b.WriteString(strings.ToLower(string(r)))
			default:
				b.WriteString("x")
			}
		}
	}
	if b.Len() == 0 {
		return "unnamed"
	}
	return b.String()
}
