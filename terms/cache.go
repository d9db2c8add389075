package terms

import (
	"hash/maphash"
	"strings"
	"sync"
)

// entry is what is known of one token.
type entry struct {
	parts []part
	lead  lead
	ok    bool // of tokens that a space parts: they are one word
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

// takes reports whether the two tokens have to be asked whether they are one word.
func (e *entry) takes(next *entry, first bool) bool {
	return next.lead&affix != 0 ||
		first && (e.lead&verbal != 0 || e.lead&preverb != 0 && next.lead&mi != 0 || e.lead&spelt != 0)
}

// cache holds what was found of the tokens that came last. Persian text has
// some 100,000 forms, and a few thousand of them make up nine tenths of it.
//
// Each shard has two generations: when the young one is full it becomes the old
// one and the old one is forgotten. What is still in use is taken over.
type cache struct {
	seed   maphash.Seed
	once   sync.Once
	shards [16]shard
}

type shard struct {
	mu         sync.Mutex
	young, old map[string]*entry
}

const (
	generation = 2048 // entries of one generation of one shard: 64k in all
	longest    = 96   // bytes of a token that is worth keeping
)

func (c *cache) get(key string, make func(string) *entry) *entry {
	if len(key) > longest {
		return make(key)
	}
	c.once.Do(func() { c.seed = maphash.MakeSeed() })
	s := &c.shards[maphash.String(c.seed, key)%uint64(len(c.shards))]
	s.mu.Lock()
	e := s.young[key]
	if e == nil {
		if e = s.old[key]; e != nil {
			s.put(key, e)
		}
	}
	s.mu.Unlock()
	if e != nil {
		return e
	}
	key = strings.Clone(key) // the text it lies in is not to be held for it
	e = make(key)
	s.mu.Lock()
	s.put(key, e)
	s.mu.Unlock()
	return e
}

func (s *shard) put(key string, e *entry) {
	if len(s.young) >= generation || s.young == nil {
		s.young, s.old = make(map[string]*entry, generation/4), s.young
	}
	s.young[strings.Clone(key)] = e
}
