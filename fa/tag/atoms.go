package tag

import (
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/lex"
	"github.com/sanad-project/sanad/fa/word"
)

// atom is what the features of a word are made of, worked out once a word.
// Everything is taken from the key, so that the spelling of letters and the
// place of half-spaces make no difference.
type atom struct {
	key      uint64    // hash of the key
	pre      [4]uint64 // hashes of the first 1 to 4 letters, 0 where the word has no more
	suf      [5]uint64 // and of the last 1 to 5
	stemLex  uint64    // lexicon classes of the word without its ending
	lex      uint64    // lexicon classes
	lean     uint64    // the tags that its neighbours in raw text lean to, see words.bin
	top      uint64    // the first of them
	name     uint64    // the kinds of names it is in
	fine     uint64    // cluster, fine and coarse
	coarse   uint64
	shape    uint64
	verb     uint64 // verb analysis
	ending   uint64 // what the ending tells, bits
	bare     bool   // out of the vocabulary
	sentence int
}

// The shapes of words.
const (
	letters uint64 = iota + 1
	digits
	latin
	mixed
	mark // punctuation and everything else
)

const hashSeed, hashMul = 0xcbf29ce484222325, 0x9e3779b97f4a7c15

func step(h uint64, r rune) uint64 {
	h = (h ^ uint64(r)) * hashMul
	return h ^ h>>29
}

// Hash is the hash of a key in the tables of package models. The atoms of a
// word go through the same steps.
func Hash(key string) uint64 { return lex.Hash(key) }

// fill works out the atom of w.
func (a *atom) fill(m *Tagger, w *word.Word) {
	*a = atom{sentence: w.Sentence}
	key := w.Key
	if key == "" {
		key = w.Form
	}
	h := uint64(hashSeed)
	n := 0
	var seen uint8
	for _, r := range key {
		h = step(h, r)
		if n < len(a.pre) {
			a.pre[n] = h
		}
		n++
		switch {
		case r >= '0' && r <= '9' || unicode.IsDigit(r):
			seen |= 1
		case r < 0x250 && unicode.IsLetter(r):
			seen |= 2
		case unicode.IsLetter(r):
			seen |= 4
		}
	}
	a.key = h * hashMul
	switch seen {
	case 0:
		a.shape = mark
	case 1:
		a.shape = digits
	case 2:
		a.shape = latin
	case 4:
		a.shape = letters
	default:
		a.shape = mixed
	}
	for i := range a.pre {
		if i >= n-1 {
			a.pre[i] = 0
		}
	}
	h = hashSeed
	for i, end := 0, len(key); i < len(a.suf) && end > 0; i++ {
		r, size := utf8.DecodeLastRuneInString(key[:end])
		end -= size
		h = step(h, r)
		if i < n-1 {
			a.suf[i] = h
		}
	}
	rec := m.words.Get(a.key)
	a.bare = rec == ""
	if rec != "" {
		a.lex = uint64(rec[0])
		a.lean = uint64(rec[1]) | uint64(rec[5])<<8
		a.name = uint64(rec[6])
		a.top = uint64(rec[1] & 31)
		c := uint64(rec[2]) | uint64(rec[3])<<8
		a.fine, a.coarse = c, uint64(rec[4])
	}
	if stem := Stem(key); stem != key {
		if rec := m.words.Get(Hash(stem)); rec != "" {
			a.stemLex = uint64(rec[0]) + 1
		}
	}
	if v := w.Verb; v != nil {
		a.verb = uint64(v.Tense) + 1
		if v.Aux {
			a.verb += 32
		}
	}
	a.ending = 1 + uint64(w.Degree)<<1
	if w.Plural {
		a.ending |= 8
	}
	if w.Indef {
		a.ending |= 16
	}
	if w.Ezafe {
		a.ending |= 32
	}
	if w.Clitic.Form != "" {
		a.shape |= 8
		if w.Clitic.Copula {
			a.shape |= 16
		}
	}
}

// endings are the inflections of nouns and adjectives, longest first.
var endings = [...]string{"هایشان", "هایمان", "هایتان", "ترین", "هایی", "هایم", "هایت", "هایش", "های", "شان", "مان", "تان", "ها", "ان", "ات", "تر", "ای", "ام", "اش", "ی", "م", "ت", "ش"}

// Stem is a key without the longest ending it has, if three bytes and more stay.
func Stem(key string) string {
	for _, e := range endings {
		if len(key) >= len(e)+4 && key[len(key)-len(e):] == e {
			return key[:len(key)-len(e)]
		}
	}
	return key
}

// feature makes a feature of template t and its parts.
func feature(t int, a, b uint64) uint64 {
	h := (uint64(t)+1)*0xff51afd7ed558ccd ^ a
	h *= hashMul
	h ^= h >> 32
	h = (h ^ b*0xc4ceb9fe1a85ec53) * hashMul
	h ^= h >> 29
	return h * hashMul
}

var raKey = Hash("را")

var edge = atom{key: 1, shape: 99}

// features appends the features of atoms[i] to dst. Atoms are one sentence.
func features(dst []uint64, atoms []atom, i int) []uint64 {
	at := func(j int) *atom {
		if j < 0 || j >= len(atoms) {
			return &edge
		}
		return &atoms[j]
	}
	a, p, n, pp, nn := at(i), at(i-1), at(i+1), at(i-2), at(i+2)
	t := 0
	add := func(x, y uint64) {
		dst = append(dst, feature(t, x, y))
		t++
	}
	add(0, 0)
	add(a.key, 0)
	add(p.key, 0)
	add(n.key, 0)
	add(pp.key, 0)
	add(nn.key, 0)
	add(p.key, a.key)
	add(a.key, n.key)
	add(p.key, n.key)
	for k, s := range a.suf {
		t = 10 + k
		if s != 0 {
			add(s, 0)
		}
	}
	for k, s := range a.pre {
		t = 20 + k
		if s != 0 {
			add(s, 0)
		}
	}
	t = 30
	add(p.suf[1], 0)
	add(p.suf[2], 0)
	add(n.suf[1], 0)
	add(n.suf[2], 0)
	add(n.pre[1], 0)
	add(a.shape, 0)
	add(p.shape, a.shape)
	add(n.shape, a.shape)
	add(a.lex, a.suf[1])
	add(a.lex, a.stemLex)
	add(p.lex, a.lex)
	add(n.lex, a.lex)
	add(p.lex<<8|a.lex, n.lex)
	add(p.lex, 0)
	add(n.lex, 0)
	add(a.stemLex, a.suf[1])
	add(n.stemLex, n.lex)
	t = 50
	if !a.bare {
		add(a.fine, 0)
		add(a.coarse, 0)
		add(a.lean, a.lex)
		add(a.lean, 0)
	}
	t = 60
	add(p.fine, 0)
	add(n.fine, 0)
	add(p.coarse, a.coarse)
	add(n.coarse, a.coarse)
	add(p.coarse, n.coarse)
	add(p.lean, a.lean)
	add(n.lean, a.lean)
	add(p.top<<8|a.top, n.top)
	add(pp.top<<8|p.top, a.top)
	add(nn.top<<8|n.top, a.top)
	add(p.top, n.top)
	add(p.top<<16|n.top, a.suf[1])
	add(pp.coarse, 0)
	add(nn.coarse, 0)
	t = 90
	if a.name|p.name|n.name != 0 {
		add(a.name, 0)
		add(a.name, a.lex)
		add(p.name, a.name)
		add(n.name, a.name)
		add(p.name<<8|a.name, n.name)
		add(a.name, a.suf[1])
		add(p.key, a.name)
		add(n.key, a.name)
	}
	for j := uint64(1); j < 256; j <<= 1 {
		t = 100
		if a.name&j != 0 {
			add(j, 0)
		}
		if p.name&j != 0 {
			add(j, 1)
		}
		if n.name&j != 0 {
			add(j, 2)
		}
	}
	t = 70
	add(a.ending, 0)
	add(a.ending, a.lex)
	add(a.ending, n.top)
	add(p.ending, a.ending)
	add(n.ending, a.ending)
	// How far the next «را» is, with no preposition or verb between: a noun
	// before the object may be the subject, which takes no ezafe.
	ra := uint64(0)
	for k := 1; k <= 6 && i+k < len(atoms); k++ {
		x := &atoms[i+k]
		if x.key == raKey {
			ra = uint64(k)
			break
		}
		if x.verb != 0 && x.lex&6 == 0 || x.shape == mark || x.top == uint64(word.ADP)+1 {
			break
		}
	}
	start := uint64(0)
	if i == 0 || p.shape == mark || p.top == uint64(word.SCONJ)+1 || p.top == uint64(word.CCONJ)+1 {
		start = 1
	}
	t = 120
	add(ra, start)
	if ra > 1 {
		add(ra, a.top)
		add(ra, a.ending)
		add(ra, a.coarse)
		add(ra<<1|start, n.top)
		add(ra<<1|start, a.coarse)
		add(ra, n.key)
		add(ra<<1|start, n.lex)
	}
	t = 80
	if a.verb|p.verb|n.verb != 0 {
		add(a.verb, 0)
		add(p.verb, a.verb)
		add(n.verb, a.verb)
		add(a.verb, a.key)
	}
	return dst
}
