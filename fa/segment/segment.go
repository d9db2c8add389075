// Package segment cuts Persian text into sentences and orthographic words.
//
// A word is what a careful typist sets between spaces: «می شود», «گروه ها»
// and «شده اند» are one word each, «30نفر» is two. Its span covers all of it,
// its Form has the half-spaces that the text lacks.
package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/lex"
	"github.com/sanad-project/sanad/fa/morph"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/span"
)

// kind is what a token is made of.
type kind uint8

const (
	letters kind = iota
	digits
	latin
	sign
)

// token is a stretch without spaces of one kind.
type token struct {
	span.Span
	kind  kind
	glued bool // nothing before it
	line  int
	cut   bool // a skipped stretch or a line's end lies before it
}

// Text cuts source into sentences and words, leaving out the stretches in
// skip, which are sorted and apart. No sentence crosses one, nor a line's end.
func Text(source string, skip []span.Span) word.Text {
	t := word.Text{Source: source}
	tokens := scan(source, skip)
	t.Words = make([]word.Word, 0, len(tokens))
	w := writer{t: &t, tokens: tokens}
	w.words()
	w.end()
	return t
}

// joins reports whether r belongs inside a word between letters.
func joins(r rune) bool {
	return r == 'ـ' || unicode.IsMark(r) || unicode.Is(unicode.Cf, r)
}

func isDigit(r rune) bool {
	return r >= '0' && r <= '9' || r >= '۰' && r <= '۹' || r >= '٠' && r <= '٩'
}

func isLatin(r rune) bool { return r < 0x250 && unicode.IsLetter(r) }

// scan cuts source into tokens.
func scan(source string, skip []span.Span) []token {
	tokens := make([]token, 0, len(source)/8+8)
	line, cut, end := 0, false, -1
	for i := 0; i < len(source); {
		for len(skip) > 0 && i >= skip[0].Start {
			stop := min(max(i, skip[0].End), len(source))
			line += strings.Count(source[i:stop], "\n")
			i, skip, cut = stop, skip[1:], true
		}
		limit := len(source)
		if len(skip) > 0 {
			limit = min(skip[0].Start, limit)
		}
		if i >= limit {
			continue
		}
		r, n := utf8.DecodeRuneInString(source[i:limit])
		j, k := i+n, sign
		switch {
		case r == '\n' || r == '\u2028' || r == '\u2029':
			if r == '\n' {
				line++
			}
			i, cut = j, true
			continue
		case unicode.IsSpace(r) || r == utf8.RuneError && n == 1 || joins(r):
			i = j
			continue
		case isDigit(r):
			j, k = scanDigits(source[:limit], j), digits
		case isLatin(r):
			j, k = scanLatin(source[:limit], j), latin
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			j, k = scanLetters(source[:limit], j), letters
		case r == '.':
			for j < limit && source[j] == '.' {
				j++
			}
		}
		tokens = append(tokens, token{Span: span.Span{Start: i, End: j}, kind: k, glued: i == end, line: line, cut: cut})
		i, cut, end = j, false, j
	}
	return tokens
}

// scanLetters returns the end of the letters that go on at j; a half-space or
// a control after the last one is left out.
func scanLetters(source string, j int) int {
	last := j
	for j < len(source) {
		r, n := utf8.DecodeRuneInString(source[j:])
		if isDigit(r) || isLatin(r) || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !joins(r) {
			break
		}
		j += n
		if !unicode.Is(unicode.Cf, r) {
			last = j
		}
	}
	return last
}

// scanDigits returns the end of the number that goes on at j: «3.5», «31/10/1917».
func scanDigits(source string, j int) int {
	for j < len(source) {
		r, n := utf8.DecodeRuneInString(source[j:])
		if strings.ContainsRune("./,٫٬", r) {
			if next, _ := utf8.DecodeRuneInString(source[j+n:]); !isDigit(next) {
				break
			}
		} else if !isDigit(r) {
			break
		}
		j += n
	}
	return j
}

// scanLatin returns the end of the Latin word, address or code that goes on at j.
func scanLatin(source string, j int) int {
	for j < len(source) {
		r, n := utf8.DecodeRuneInString(source[j:])
		switch {
		case isLatin(r), r >= '0' && r <= '9', r == '_', unicode.IsMark(r):
			j += n
			continue
		case strings.ContainsRune("-.@:/&'+?=%#~’", r):
			k := j + n
			for r == ':' || r == '/' {
				if k < len(source) && source[k] == '/' && k-j < 3 {
					k++
					continue
				}
				break
			}
			if r2, _ := utf8.DecodeRuneInString(source[k:]); isLatin(r2) || r2 >= '0' && r2 <= '9' {
				j = k
				continue
			}
		}
		break
	}
	return j
}

// longest is the most words a sentence has. Nobody writes one as long; text
// without a stop is cut there, so that what later stages do with a sentence
// keeps its cost linear in the length of the text.
const longest = 400

// writer turns tokens into words and sentences.
type writer struct {
	t      *word.Text
	tokens []token
	first  int // first word of the open sentence
	quotes int // straight quotation marks in it
}

func (w *writer) key(i int) string {
	if i < 0 || i >= len(w.tokens) || w.tokens[i].kind != letters {
		return ""
	}
	return spell.Key(w.tokens[i].Of(w.t.Source))
}

// near reports whether token i stands on the line of the one before, with no
// more than a space between.
func (w *writer) near(i int) bool {
	return i < len(w.tokens) && !w.tokens[i].cut && w.tokens[i].Start-w.tokens[i-1].End <= 8 && w.tokens[i].kind == letters && w.tokens[i-1].kind == letters
}

func (w *writer) words() {
	tk := w.tokens
	for i := 0; i < len(tk); {
		if tk[i].cut || len(w.t.Words)-w.first >= longest {
			w.end()
		}
		switch tk[i].kind {
		case letters:
			i = w.letters(i)
			continue
		case digits:
			w.add(tk[i].Span, word.NUM, tk[i].line)
		case latin:
			w.add(tk[i].Span, word.X, tk[i].line)
		default:
			i = w.sign(i)
			continue
		}
		i++
	}
}

func (w *writer) add(s span.Span, tag word.Tag, line int) *word.Word {
	f := spell.Standard(s.Of(w.t.Source))
	w.t.Words = append(w.t.Words, word.Word{Span: s, Form: f, Key: spell.Key(f), Lemma: f, Tag: tag, Line: line, Sentence: len(w.t.Sentences)})
	return &w.t.Words[len(w.t.Words)-1]
}

// letters writes the word that begins at token i, with the affixes that spaces
// part from it, and returns the token after it.
func (w *writer) letters(i int) int {
	tk := w.tokens
	key := w.key(i)
	if key == "" { // nothing but marks
		return i + 1
	}
	j := i + 1
	whole := key
	if key == "می" || key == "نمی" {
		if w.near(j) && morph.TakesMi(w.key(j)) {
			whole += w.key(j)
			j++
		}
	}
	for w.near(j) && !tk[j].glued && suffix(whole, w.key(j), tk[j].Of(w.t.Source)) {
		whole += w.key(j)
		j++
	}
	s := span.Span{Start: tk[i].Start, End: tk[j-1].End}
	if j == i+1 {
		if at := glued(w.t.Source, s, key); at > 0 {
			first := strings.TrimRight(w.t.Source[s.Start:at], "\u200c\u200d\u200e\u200f")
			w.add(span.Span{Start: s.Start, End: s.Start + len(first)}, word.NOUN, tk[i].line)
			w.add(span.Span{Start: at, End: s.End}, word.AUX, tk[i].line)
			return j
		}
	}
	w.add(s, word.NOUN, tk[i].line)
	return j
}

// suffix reports whether the token e, after a space, is an ending of the word
// before it; written is how it is spelled.
func suffix(before, e, written string) bool {
	if strings.HasPrefix(written, "آ") || strings.ContainsRune(written, 'أ') { // «آش» and «شأن» are no endings
		return false
	}
	switch e {
	case "ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان":
		return lex.Of(before)&lex.Closed == 0 || before == "این" || before == "ان"
	case "تر", "ترین", "تری":
		c := lex.Of(before)
		return c&(lex.Adjective|lex.Adverb) != 0 && c&lex.Closed == 0 || c == 0 && len(before) > 6
	case "اند", "ایم", "اید":
		return morph.IsParticiple(before)
	case "ام":
		return morph.IsParticiple(before) || strings.HasSuffix(before, "ه") && lex.Of(before)&lex.Noun != 0 && lex.Of(before)&lex.Closed == 0
	case "ای":
		return strings.HasSuffix(before, "ه") && len(before) > 4 && lex.Of(before)&(lex.Nominal|lex.Closed) != lex.Closed && before != "همه" && before != "بله"
	case "اش", "اشان":
		return (strings.HasSuffix(before, "ه") || strings.HasSuffix(before, "ی")) && len(before) > 4 && lex.Of(before)&lex.Closed == 0
	case "شان":
		c := lex.Of(before)
		return c&lex.Noun != 0 && c&(lex.Closed|lex.Verb) == 0 && len(before) > 4
	}
	return false
}

// stuck are the verb forms that old and careless texts stick to the word
// before them, with what may stand before: a participle or a noun.
var stuck = [...]struct {
	s    string
	noun bool
}{
	{"است", true}, {"خواهد", true}, {"خواهند", true}, {"نخواهد", true}, {"کردند", true}, {"نکرد", true}, {"کنند", true}, {"شدند", true}, {"نشد", true}, {"شوند", true}, {"شود", true},
	{"دادند", true}, {"دارند", true}, {"ندارد", true}, {"نیست", true}, {"گرفتند", true}, {"نمود", true}, {"داشت", true}, {"میکند", true}, {"میشود", true}, {"میکنند", true}, {"میشوند", true},
	{"شد", false}, {"بود", false}, {"بودند", false}, {"باشد", false},
}

// glued returns where a verb that is stuck to its word begins, 0 for none:
// «شده‌است», «لازماست», «خواهدشد».
func glued(source string, s span.Span, key string) int {
	if len(key) < 12 || len(key) > 60 || lex.Of(key) != 0 || morph.IsVerb(key) && !strings.HasSuffix(key, "است") {
		return 0
	}
	for i := range stuck {
		v := &stuck[i]
		rest, ok := strings.CutSuffix(key, v.s)
		if !ok || len(rest) < 6 {
			continue
		}
		switch c := lex.Of(rest); {
		case morph.IsParticiple(rest):
		case (rest == "خواهد" || rest == "خواهند" || rest == "نخواهد") && !v.noun:
		case v.s == "است" && (rest == "این" || rest == "چنین" || rest == "همین"):
		case v.noun && c&(lex.Noun|lex.Adjective) != 0 && len(rest) >= 8:
		default:
			continue
		}
		if at := letterBack(source, s, v.s); at > s.Start {
			return at
		}
	}
	return 0
}

// letterBack returns the place in s from which its letters read key to the end.
func letterBack(source string, s span.Span, key string) int {
	at := s.End
	for len(key) > 0 {
		if at <= s.Start {
			return 0
		}
		r, n := utf8.DecodeLastRuneInString(source[s.Start:at])
		at -= n
		k := spell.Key(string(r))
		if k == "" {
			continue
		}
		rest, ok := strings.CutSuffix(key, k)
		if !ok {
			return 0
		}
		key = rest
	}
	return at
}

// end closes the open sentence.
func (w *writer) end() {
	if n := len(w.t.Words); n > w.first {
		w.t.Sentences = append(w.t.Sentences, word.Sentence{Span: w.t.Span(w.first, n), First: w.first, Last: n})
		w.first = n
	}
	w.quotes = 0
}

// sign writes punctuation from token i on and ends the sentence where it does.
func (w *writer) sign(i int) int {
	s := w.tokens[i].Of(w.t.Source)
	w.mark(i)
	i++
	if !w.stops(i-1, s) {
		return i
	}
	// Further stops and what closes belong to the sentence.
	closed := false
	for i < len(w.tokens) && !w.tokens[i].cut && w.tokens[i].kind == sign {
		s := w.tokens[i].Of(w.t.Source)
		if !strings.Contains(")]»”’}", s) && !(s[0] == '.' || s == "!" || s == "؟" || s == "?") && !(s == "\"" && w.quotes%2 == 1) {
			break
		}
		if s[0] != '.' && s != "!" && s != "؟" && s != "?" {
			closed = true
		}
		w.mark(i)
		i++
	}
	if closed && i < len(w.tokens) && !w.tokens[i].cut && w.goesOn(i) {
		return i
	}
	w.end()
	return i
}

// goesOn reports whether the sentence goes on at token i although a quotation
// that ended with a stop has just closed: «… کجاست؟» پرسید.
func (w *writer) goesOn(i int) bool {
	switch s := w.tokens[i].Of(w.t.Source); s {
	case "،", "؛", ",", "-", "–", ":":
		return true
	}
	k := w.key(i)
	return k == "که" || k == "را" || k != "" && morph.IsFinite(k)
}

func (w *writer) mark(i int) {
	if w.tokens[i].Of(w.t.Source) == "\"" {
		w.quotes++
	}
	w.add(w.tokens[i].Span, word.PUNCT, w.tokens[i].line)
}

// stops reports whether the sign s at token i ends a sentence.
func (w *writer) stops(i int, s string) bool {
	switch {
	case s == "!" || s == "؟" || s == "?" || s == "۔":
		return true
	case s[0] != '.':
		return false
	}
	tk := w.tokens
	if len(w.t.Words)-w.first < 2 {
		return false
	}
	if s == "." && i > 0 && i+1 < len(tk) && !tk[i+1].cut && tk[i].Start == tk[i-1].End {
		prev := tk[i-1]
		switch prev.kind {
		case letters:
			// «ق.م.», «آ.اس»: one letter is an abbreviation, and so are two before a glued one
			n := utf8.RuneCountInString(w.key(i - 1))
			if letterNames[w.key(i-1)] && letterNames[w.key(i+1)] { // «بی. بی. سی»
				return false
			}
			if n == 1 && w.key(i-1) != "و" || n == 2 && tk[i+1].glued && !morph.IsFinite(w.key(i-1)) {
				return false
			}
		case latin:
			if tk[i+1].kind == latin {
				return false
			}
		case digits:
			if tk[i+1].glued && tk[i+1].kind == digits || len(w.t.Words)-w.first <= 2 {
				return false
			}
		}
	}
	if len(s) > 1 { // an ellipsis ends a sentence after its verb
		return i+1 >= len(tk) || tk[i+1].cut || i > 0 && morph.IsFinite(w.key(i-1))
	}
	return true
}

// letterNames are the names of Latin letters.
var letterNames = map[string]bool{"ای": true, "بی": true, "سی": true, "دی": true, "اف": true, "جی": true, "اچ": true, "کی": true, "ال": true, "ام": true, "ان": true, "او": true, "پی": true, "کیو": true, "ار": true, "اس": true, "تی": true, "یو": true, "ایکس": true}
