package lexicon

import (
	"sort"
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
)

// Trie finds entries in running words. It compares dictionary keys
// (spell.Key), so spelling variants, half-spaces and spaces make no
// difference: «حزب الله»، «حزب‌الله» and «حزبالله» are one. A match begins at
// a word's start and ends at a word's end, or before an ending that the
// caller accepts; it never crosses punctuation.
type Trie struct {
	nodes []node
	edges []edge // of each node, sorted by byte
	vals  []int32
}

type node struct{ first, n, val, nval int32 }
type edge struct {
	b  byte
	to int32
}

// Match is one entry found at a word.
type Match struct {
	Value int    // as given to Build
	Last  int    // the match is Words[first:Last]
	Rest  string // what is left of the last word's key after the entry: an inflection; "" mostly
}

// BuildNames makes a trie of names as they are written and their values; a name
// may have several values. A name written as one word is found only in one
// word, so that «اوبه» is not found in «او به»; one of several words («حزب
// الله»), or a long one («بندرعباس»), is found however it is cut.
func BuildNames(names []string, values []int) *Trie {
	keys := make([]string, len(names))
	vals := make([]int, len(names))
	for i, n := range names {
		keys[i], vals[i] = spell.Key(n), values[i]<<1
		if len(keys[i]) >= long || strings.ContainsAny(strings.TrimSpace(n), " \u00a0\u200c") {
			vals[i] |= 1
		}
	}
	return build(keys, vals)
}

// long is how many bytes of key make a name so long that nothing else is cut like it.
const long = 14

// Build is BuildNames for spell.Key forms, each of which may be cut anywhere.
func Build(keys []string, values []int) *Trie {
	vals := make([]int, len(values))
	for i, v := range values {
		vals[i] = v<<1 | 1
	}
	return build(keys, vals)
}

// build takes values with the lowest bit set where words may be joined.
func build(keys []string, values []int) *Trie {
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return keys[order[a]] < keys[order[b]] })
	t := &Trie{}
	var build func(lo, hi, depth int) int32
	build = func(lo, hi, depth int) int32 {
		id := int32(len(t.nodes))
		t.nodes = append(t.nodes, node{})
		n := node{val: int32(len(t.vals))}
		for lo < hi && len(keys[order[lo]]) == depth {
			t.vals = append(t.vals, int32(values[order[lo]]))
			lo++
		}
		n.nval = int32(len(t.vals)) - n.val
		var es []edge
		for lo < hi {
			b := keys[order[lo]][depth]
			end := lo
			for end < hi && keys[order[end]][depth] == b {
				end++
			}
			es = append(es, edge{b, build(lo, end, depth+1)})
			lo = end
		}
		n.first, n.n = int32(len(t.edges)), int32(len(es))
		t.edges = append(t.edges, es...)
		t.nodes[id] = n
		return id
	}
	if len(keys) > 0 {
		build(0, len(keys), 0)
	}
	return t
}

func (t *Trie) next(n int32, b byte) int32 {
	nd := t.nodes[n]
	es := t.edges[nd.first : nd.first+nd.n]
	for len(es) > 8 { // halve: the nodes near the root are wide
		if m := len(es) / 2; es[m].b <= b {
			es = es[m:]
		} else {
			es = es[:m]
		}
	}
	for i := range es {
		if es[i].b == b {
			return es[i].to
		}
	}
	return -1
}

// At appends to dst the matches that begin at words[i], the shortest first.
// ending says which leftovers of a last word are inflections; nil accepts
// none. Every value of a key gives a match of its own.
func (t *Trie) At(dst []Match, words []word.Word, i int, ending func(rest string) bool) []Match {
	if len(t.nodes) == 0 {
		return dst
	}
	n := int32(0)
	for j := i; j < len(words); j++ {
		if words[j].Tag == word.PUNCT {
			return dst
		}
		key := words[j].Key
		for k := 0; k < len(key); k++ {
			if ending != nil && k > 0 {
				if nd := t.nodes[n]; nd.nval > 0 && ending(key[k:]) {
					dst = t.emit(dst, nd, i, j+1, key[k:])
				}
			}
			if n = t.next(n, key[k]); n < 0 {
				return dst
			}
		}
		if nd := t.nodes[n]; nd.nval > 0 {
			dst = t.emit(dst, nd, i, j+1, "")
		}
	}
	return dst
}

func (t *Trie) emit(dst []Match, nd node, first, last int, rest string) []Match {
	for _, v := range t.vals[nd.val : nd.val+nd.nval] {
		if v&1 == 0 && last > first+1 {
			continue
		}
		dst = append(dst, Match{Value: int(v >> 1), Last: last, Rest: rest})
	}
	return dst
}
