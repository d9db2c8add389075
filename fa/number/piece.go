package number

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/span"
)

// Piece is a part of a word that is all letters, all digits, or one sign. A
// number glued to its noun («13پليس») or to a month («14مهر92») is several
// pieces; most words are one.
type Piece struct {
	Span  span.Span
	Word  int    // index of the word it belongs to
	Key   string // spell.Key
	Digit bool   // all digits
	Sign  bool   // one punctuation sign or symbol
	Glued bool   // no space before it
	// Legacy marks ASCII digits among letters typed ي: such texts, once turned
	// over for display, write the fraction first («5/38 ميليارد» is 38.5).
	Legacy bool
}

// Boundary is the key of the empty piece that stands between two sentences,
// so that nothing is read across.
const Boundary = "\n"

// Pieces cuts the words of t into pieces, in text order.
func Pieces(t *word.Text) []Piece {
	list := make([]Piece, 0, len(t.Words)+len(t.Words)/8)
	end := -1
	for i := range t.Words {
		w := &t.Words[i]
		s := w.Span
		if i > 0 && w.Sentence != t.Words[i-1].Sentence {
			list = append(list, Piece{Span: span.Span{Start: s.Start, End: s.Start}, Word: i, Key: Boundary, Sign: true})
		}
		if kind(w.Key) == letters && uniform(t.Source[s.Start:s.End]) {
			list = append(list, Piece{Span: s, Word: i, Key: w.Key, Glued: s.Start == end})
			end = s.End
			continue
		}
		for at := s.Start; at < s.End; {
			r, n := utf8.DecodeRuneInString(t.Source[at:s.End])
			k := runeKind(r)
			if k == skip {
				at += n
				continue
			}
			to := at + n
			if k != sign {
				for to < s.End {
					r, n := utf8.DecodeRuneInString(t.Source[to:s.End])
					if c := runeKind(r); c != k && (c != skip || k == digits || unicode.IsSpace(r)) {
						break
					}
					to += n
				}
			}
			key := spell.Key(t.Source[at:to])
			if key != "" {
				legacy := k == digits && r < utf8.RuneSelf && strings.Contains(t.Source[to:min(to+40, len(t.Source))], "ي")
				list = append(list, Piece{Span: span.Span{Start: at, End: to}, Word: i, Key: key, Digit: k == digits, Sign: k == sign, Glued: at == end, Legacy: legacy})
				end = to
			}
			at = to
		}
	}
	return list
}

type pieceKind uint8

const (
	skip pieceKind = iota // spaces, joiners, marks: belong to the letters around them
	letters
	digits
	sign
)

func runeKind(r rune) pieceKind {
	switch {
	case r < utf8.RuneSelf && (r == ' ' || r == '\t' || r == '\n' || r == '\r'), unicode.IsSpace(r):
		return skip
	case unicode.IsDigit(r):
		return digits
	case unicode.IsLetter(r), r == 'ـ':
		return letters
	case unicode.IsMark(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
		return skip
	}
	return sign
}

// kind tells whether a whole key is letters; anything mixed is sign.
func kind(key string) pieceKind {
	for i := 0; i < len(key); i++ {
		if c := key[i]; c < utf8.RuneSelf && (c < 'A' || c > 'z' || (c > 'Z' && c < 'a')) {
			return sign
		}
	}
	if key == "" {
		return sign
	}
	return letters
}

// uniform reports whether source, whose key is all letters, has nothing else
// in it but joiners: no space, no sign.
func uniform(source string) bool {
	for i := 0; i < len(source); i++ {
		switch c := source[i]; {
		case c < utf8.RuneSelf && (c < 'A' || c > 'z' || (c > 'Z' && c < 'a')):
			return false
		case c == 0xd8 && i+1 < len(source) && (source[i+1] == 0x8c || source[i+1] == 0x9b || source[i+1] == 0x9f): // ، ؛ ؟
			return false
		case c == 0xc2 || c == 0xe2 && i+2 < len(source) && source[i+1] == 0x80 && source[i+2] != 0x8c && source[i+2] < 0xaa:
			return false
		}
	}
	return true
}
