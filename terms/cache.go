package terms

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// entry is what is known of one token. What adding a text looks at comes first:
// with a text's thousands of tokens what costs time is to fetch each from memory.
type entry struct {
	all   string // the token, as it stands in the text, and its terms, a space before each
	key   uint8  // bytes of all that are the token
	ok    bool   // of tokens that a space parts: they are one word
	lead  lead
	parts []part
}

// part is one term of a token. from and to count letters of the token's key;
// to is 0 where the term is the whole token.
type part struct {
	term     string
	from, to uint16
}

// lead says how a token may go together with another.
type lead uint8

const (
	verbal  lead = 1 << iota // می and نمی, which stand before a verb
	preverb                  // باز، بر، در …, which stand before «می‌گردد»
	mi                       // begins with می or نمی
	affix                    // ها، تر، اند …, which stand behind a word
	spelt                    // the first word of a spelling that has several, «گفت و گو»
)

// together lays the token and its terms side by side.
func (e *entry) together(key string) {
	n := len(key)
	for i := range e.parts {
		n += 1 + len(e.parts[i].term)
	}
	var b strings.Builder
	b.Grow(n)
	b.WriteString(key)
	for i := range e.parts {
		b.WriteByte(' ')
		b.WriteString(e.parts[i].term)
	}
	e.all, e.key = b.String(), uint8(len(key))
	all := e.all[len(key):]
	var parts []part
	for _, p := range e.parts { // those that were given may be shared
		parts = append(parts, part{all[1 : 1+len(p.term)], p.from, p.to})
		all = all[1+len(p.term):]
	}
	e.parts = parts
}

// terms are the terms with a space before each.
func (e *entry) terms() string { return e.all[e.key:] }

// is reports whether it is the entry of this token.
func (e *entry) is(key string) bool { return int(e.key) == len(key) && e.all[:len(key)] == key }

// takes reports whether the two tokens have to be asked whether they are one word.
func (e *entry) takes(next *entry, first bool) bool {
	return next.lead&affix != 0 ||
		first && (e.lead&verbal != 0 || e.lead&preverb != 0 && next.lead&mi != 0 || e.lead&spelt != 0)
}

// cache holds what was found of the tokens that came last. Persian text has
// some 100,000 forms, and a few thousand of them make up nine tenths of it.
//
// A token has two places, next to each other. A new one takes the first and
// moves who was there to the second. Nobody waits for anybody: an entry is
// never changed, and two who make the same one make equal ones.
type cache struct {
	seed   maphash.Seed
	places []atomic.Pointer[entry]
}

const (
	places  = 1 << 17 // of entries, some 200 bytes each
	longest = 96      // bytes of a token that is worth keeping
)

func newCache() cache {
	return cache{maphash.MakeSeed(), make([]atomic.Pointer[entry], places)}
}

func (c *cache) get(key string, make func(string) *entry) *entry {
	if len(key) > longest {
		n := make(key)
		n.together("")
		return n
	}
	i := maphash.String(c.seed, key) % places
	first, second := &c.places[i], &c.places[i^1]
	e := first.Load()
	if e != nil && e.is(key) {
		return e
	}
	if o := second.Load(); o != nil && o.is(key) {
		return o
	}
	n := make(key)
	n.together(key) // the text it lies in is not to be held for it
	first.Store(n)
	if e != nil {
		second.Store(e)
	}
	return n
}
