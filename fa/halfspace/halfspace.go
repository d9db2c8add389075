// Package halfspace puts half-spaces (ZWNJ) where careful Persian spelling has
// them and a text lost them: «میشود» and «می شود» become «می‌شود», «گروه ها»
// becomes «گروه‌ها», «جدایی طلبان» «جدایی‌طلبان».
//
// It is trained (models/halfspace.bin) on text whose half-spaces were taken
// out or turned into spaces, and follows the spelling of that text: no
// half-space after letters that do not join («کارها», «نیروهای»).
package halfspace

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/crf"
	"github.com/sanad-project/sanad/fa/lex"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/models"
)

// ZWNJ is the half-space.
const ZWNJ = "\u200c"

// Labels are the labels of the model: leave as it is, or set a half-space.
var Labels = []string{"-", "z"}

// Gap is a place where a half-space may be missing: inside a word, or at the
// space between two.
type Gap struct {
	Start, End int // bytes of the text; equal inside a word
	Features   []uint64
}

// Repairer sets half-spaces. It may be used by many goroutines.
type Repairer struct {
	model *crf.Model
	words crf.Table
}

// Load makes a repairer of weights in the forms of package models. Without
// model it finds gaps only.
func Load(words, model string) (*Repairer, error) {
	r := &Repairer{}
	var err error
	if r.words, err = crf.ReadTable(words); err != nil {
		return nil, err
	}
	if model != "" {
		r.model, err = crf.Load(model)
	}
	return r, err
}

// Default returns the embedded repairer.
var Default = sync.OnceValue(func() *Repairer {
	r, err := Load(models.Words, models.HalfSpace)
	if err != nil {
		panic("embedded half-space model: " + err.Error())
	}
	return r
})

// Repair returns text with the half-spaces that are missing. It changes
// nothing else: letters, punctuation and line ends stay as they are.
func (r *Repairer) Repair(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/16)
	var lattice crf.Lattice
	for line := range strings.Lines(text) {
		gaps := r.Gaps(line)
		last := 0
		for len(gaps) > 0 {
			n := min(len(gaps), 2000)
			lattice.Start(r.model, n)
			for i, g := range gaps[:n] {
				lattice.AddAll(i, g.Features)
			}
			for i, y := range lattice.Best() {
				if y == 1 {
					b.WriteString(line[last:gaps[i].Start])
					b.WriteString(ZWNJ)
					last = gaps[i].End
				}
			}
			gaps = gaps[n:]
		}
		b.WriteString(line[last:])
	}
	return b.String()
}

// Words puts half-spaces into the Form of words of t that the dictionary does
// not have in one piece: «سرمایهگذاریها» becomes
// «سرمایه‌گذاری‌ها».
// Spans and keys stay.
func (r *Repairer) Words(t *word.Text) {
	var lattice crf.Lattice
	for i := range t.Words {
		w := &t.Words[i]
		if w.Tag == word.PUNCT || len(w.Key) < 10 || lex.Of(w.Key) != 0 {
			continue
		}
		w.Form = r.word(&lattice, w.Form)
	}
}

func (r *Repairer) word(lattice *crf.Lattice, form string) string {
	gaps := r.Gaps(form)
	if len(gaps) == 0 {
		return form
	}
	lattice.Start(r.model, len(gaps))
	for i, g := range gaps {
		lattice.AddAll(i, g.Features)
	}
	out, last := "", 0
	for i, y := range lattice.Best() {
		if y == 1 && gaps[i].Start == gaps[i].End {
			out += form[last:gaps[i].Start] + ZWNJ
			last = gaps[i].End
		}
	}
	return out + form[last:]
}

// piece is a run of letters.
type piece struct {
	start, end int
	key        string
	known      known
}

// known is what words.bin has on a word form.
type known struct {
	hash, lex, coarse uint64
	raw               bool
}

func (r *Repairer) look(key string) known {
	k := known{hash: lex.Hash(key)}
	if rec := r.words.Get(k.hash); rec != "" {
		k.lex, k.coarse, k.raw = uint64(rec[0])+1, uint64(rec[4])+1, rec[4] != 0
	}
	return k
}

// joins reports whether a letter joins to the next, so that a half-space
// after it shows.
func joins(c rune) bool {
	switch c {
	case 'ا', 'آ', 'أ', 'إ', 'د', 'ذ', 'ر', 'ز', 'ژ', 'و', 'ؤ', 'ء':
		return false
	}
	return unicode.IsLetter(c) && c >= 0x600
}

func inWord(c rune) bool {
	return c >= 0x600 && (unicode.IsLetter(c) || unicode.IsMark(c)) || c == '\u200c'
}

// Gaps returns the places of a line where a half-space may be missing, with
// their features.
func (r *Repairer) Gaps(line string) []Gap {
	var pieces []piece
	for i := 0; i < len(line); {
		c, n := utf8.DecodeRuneInString(line[i:])
		if !inWord(c) {
			i += n
			continue
		}
		j := i
		for j < len(line) {
			c, n := utf8.DecodeRuneInString(line[j:])
			if !inWord(c) {
				break
			}
			j += n
		}
		key := spell.Key(line[i:j])
		pieces = append(pieces, piece{i, j, key, r.look(key)})
		i = j
	}
	var gaps []Gap
	for p := range pieces {
		gaps = r.inside(gaps, line, pieces, p)
		if p+1 < len(pieces) && line[pieces[p].end:pieces[p+1].start] == " " {
			if c, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line[:pieces[p].end], "\u0654")); joins(c) {
				gaps = append(gaps, Gap{pieces[p].end, pieces[p+1].start, r.between(pieces, p)})
			}
		}
	}
	return gaps
}

// longest is the most letters of a word that is looked into.
const longest = 40

func (r *Repairer) inside(gaps []Gap, line string, pieces []piece, p int) []Gap {
	w := &pieces[p]
	if len(w.key) > 2*longest {
		return gaps
	}
	text := line[w.start:w.end]
	for i, c := range text {
		if c == '\u200c' {
			continue
		}
		at := i + utf8.RuneLen(c)
		if c == utf8.RuneError || at >= len(text) || !joins(c) {
			continue
		}
		if next, _ := utf8.DecodeRuneInString(text[at:]); next == '\u200c' || unicode.IsMark(next) {
			continue
		}
		left, right := spell.Key(text[:at]), spell.Key(text[at:])
		if left == "" || right == "" {
			continue
		}
		a, b := r.look(left), r.look(right)
		f := pair(make([]uint64, 0, 32), 0, left, right, a, b, w.known)
		f = append(f, feature(40, w.known.hash, uint64(len(left))), feature(41, w.known.lex, b.hash), feature(42, w.known.lex, a.hash),
			feature(43, uint64(len(w.key)), 0))
		if p+1 < len(pieces) {
			f = append(f, feature(44, b.hash, pieces[p+1].known.hash))
		}
		gaps = append(gaps, Gap{w.start + at, w.start + at, f})
	}
	return gaps
}

func (r *Repairer) between(pieces []piece, p int) []uint64 {
	x, y := &pieces[p], &pieces[p+1]
	whole := r.look(x.key + y.key)
	f := pair(make([]uint64, 0, 32), 100, x.key, y.key, x.known, y.known, whole)
	edge := known{hash: 1}
	before, after := edge, edge
	if p > 0 {
		before = pieces[p-1].known
	}
	if p+2 < len(pieces) {
		after = pieces[p+2].known
	}
	return append(f, feature(140, whole.hash, 0), feature(141, before.hash, whole.hash), feature(142, whole.hash, after.hash),
		feature(143, before.hash, x.known.hash), feature(144, y.known.hash, after.hash), feature(145, after.hash, 0), feature(146, before.coarse, x.known.hash), feature(147, after.coarse, y.known.hash))
}

// pair makes the features of a left and a right part.
func pair(f []uint64, t int, left, right string, a, b, whole known) []uint64 {
	add := func(k int, x, y uint64) { f = append(f, feature(t+k, x, y)) }
	add(0, 0, 0)
	add(1, a.hash, 0)
	add(2, b.hash, 0)
	add(3, a.hash, b.lex)
	add(4, b.hash, a.lex)
	add(5, a.lex, b.lex)
	add(6, whole.lex, a.lex<<8|b.lex)
	add(7, a.hash, b.coarse)
	add(8, b.hash, a.coarse)
	add(9, a.coarse, b.coarse)
	add(10, lex.Hash(first(right, 2)), 0)
	add(11, lex.Hash(first(right, 3)), a.lex)
	add(12, lex.Hash(first(right, 4)), a.lex)
	add(13, lex.Hash(final(left, 2)), b.hash)
	add(14, lex.Hash(final(left, 3)), b.lex)
	add(15, lex.Hash(final(right, 3)), a.hash)
	add(16, lex.Hash(final(right, 2)), a.lex<<8|b.lex)
	add(17, uint64(len(left)), uint64(len(right)))
	add(18, whole.coarse, b.hash)
	add(19, lex.Hash(final(left, 1)), b.hash)
	return f
}

// first returns the first n letters of a key, final the last n.
func first(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func final(s string, n int) string {
	i := len(s)
	for ; n > 0 && i > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:i])
		i -= size
	}
	return s[i:]
}

func feature(t int, a, b uint64) uint64 {
	h := (uint64(t)+1)*0xff51afd7ed558ccd ^ a
	h *= 0x9e3779b97f4a7c15
	h ^= h >> 32
	h = (h ^ b*0xc4ceb9fe1a85ec53) * 0x9e3779b97f4a7c15
	h ^= h >> 29
	return h * 0x9e3779b97f4a7c15
}

// Damage is what happens to half-spaces on the way to a careless text.
type Damage uint8

// The kinds of damage: half-spaces stripped, broken into spaces, or either of
// the two, as it comes.
const (
	Stripped Damage = iota
	Broken
	Mixed
)

// Spoil returns text with its half-spaces damaged. It is deterministic: which
// of the two Mixed does depends on the text before the half-space alone.
func Spoil(text string, how Damage) string {
	var b strings.Builder
	h := uint64(1)
	for _, c := range text {
		if c != '\u200c' {
			b.WriteRune(c)
			h = (h ^ uint64(c)) * 0x9e3779b97f4a7c15
			h ^= h >> 29
			continue
		}
		if how == Broken || how == Mixed && h>>40&1 == 1 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// Letters returns, for each byte of text and its end, the number of letters
// before it, spaces and half-spaces left out.
func Letters(text string) []int {
	at := make([]int, len(text)+1)
	n, last := 0, 0
	for i, c := range text {
		for ; last <= i; last++ {
			at[last] = n
		}
		if c != '\u200c' && !unicode.IsSpace(c) {
			n++
		}
	}
	for ; last <= len(text); last++ {
		at[last] = n
	}
	return at
}

// Places returns the places of the half-spaces between letters of text, in
// letters before them.
func Places(text string) map[int]bool {
	at := Letters(text)
	m := map[int]bool{}
	for i := 0; i < len(text); {
		j := strings.Index(text[i:], ZWNJ)
		if j < 0 {
			break
		}
		i += j
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(ZWNJ):])
		if inWord(before) && inWord(after) && after != '\u200c' {
			m[at[i]] = true
		}
		i += len(ZWNJ)
	}
	return m
}
