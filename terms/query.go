package terms

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/spell"
)

// Query is what somebody looks for. The zero Query finds nothing.
//
//	حمله پهپادی        both words, in any form
//	"حمله به بغداد"     these words one after the other; «…» and “…” do as well
//	حمله -موشکی        the first and not the second
//	بغداد OR موصل      one of the two; OR binds closer than the space: a b OR c is a and one of b and c
//	دیپلما*            words whose dictionary form begins so
//
// Small function words («به», «را») count in quotation marks only. Anything
// else that is no letter or digit is a space.
type Query struct {
	must  []group
	not   []unit
	plain []string // the terms in order where the query is nothing but words, function words between them too
}

// group is a list of which one has to be found, unit a sequence of terms that
// follow each other.
type (
	group []unit
	unit  struct {
		terms  []string
		prefix bool // the last term is the beginning of one
	}
)

// Limits of a query.
const (
	maxQuery = 4096 // bytes
	maxWords = 32
)

// Query reads what a user typed.
func (t *Terms) Query(s string) (Query, error) {
	if len(s) > maxQuery {
		return Query{}, fmt.Errorf("the search is %d bytes long; %d are the most", len(s), maxQuery)
	}
	items, err := lexQuery(s)
	if err != nil {
		return Query{}, err
	}
	var q Query
	type element struct {
		group
		function, or bool // or: an OR stands before it
	}
	var list []element
	plain, or := true, false
	for i := range items {
		it := &items[i]
		var found []element
		switch it.kind {
		case isOr:
			if len(list) == 0 || or || i+1 == len(items) || items[i-1].not || items[i+1].not {
				return Query{}, errors.New(`OR stands between two words: بغداد OR موصل`)
			}
			or, plain = true, false
			continue
		case isRun:
			last := 0
			t.each(it.text, func(e *entry, start, end int) {
				u := unit{terms: texts(e.parts)}
				if len(u.terms) == 0 {
					return
				}
				q.plain = append(q.plain, u.terms...)
				if n := len(found); n > 0 && !strings.Contains(it.text[last:start], " ") { // «F-16»
					before := &found[n-1]
					before.group[0].terms, before.function = append(before.group[0].terms, u.terms...), false
				} else {
					found = append(found, element{group: group{u}, function: len(u.terms) == 1 && t.function[u.terms[0]]})
				}
				last = end
			})
		case isPhrase:
			plain = false
			if u := (unit{terms: termsOf(t.Text(it.text))}); len(u.terms) > 0 {
				found = append(found, element{group: group{u}})
			}
		case isPrefix:
			plain = false
			g, err := t.prefix(it.text)
			if err != nil {
				return Query{}, err
			}
			found = append(found, element{group: g})
		}
		switch {
		case it.not:
			plain = false
			for _, e := range found {
				q.not = append(q.not, e.group...)
			}
			continue
		case or && len(found) == 0:
			return Query{}, errors.New(`OR stands between two words: بغداد OR موصل`)
		case or:
			found[0].or = true
		}
		or = false
		list = append(list, found...)
	}
	words := 0
	for i, e := range list {
		switch {
		case e.or:
			q.must[len(q.must)-1] = append(q.must[len(q.must)-1], e.group...)
		case e.function && !(i+1 < len(list) && list[i+1].or):
			words++
			continue
		default:
			q.must = append(q.must, e.group)
		}
		words++
	}
	if len(q.must) == 0 { // function words only
		for _, e := range list {
			q.must = append(q.must, e.group)
		}
	}
	if words+len(q.not) > maxWords {
		return Query{}, fmt.Errorf("the search has %d words; %d are the most", words+len(q.not), maxWords)
	}
	if len(q.must) == 0 {
		if len(q.not) > 0 {
			return Query{}, errors.New("the search says only what is not wanted: give a word without - too")
		}
		return Query{}, errors.New("the search has no word in it")
	}
	q.must = slices.CompactFunc(q.must, func(a, b group) bool { return slices.EqualFunc(a, b, unit.equal) })
	if !plain {
		q.plain = nil
	}
	for len(q.plain) > 0 && t.function[q.plain[0]] {
		q.plain = q.plain[1:]
	}
	for n := len(q.plain); n > 0 && t.function[q.plain[n-1]]; n-- {
		q.plain = q.plain[:n-1]
	}
	return q, nil
}

func (u unit) equal(v unit) bool { return u.prefix == v.prefix && slices.Equal(u.terms, v.terms) }

func termsOf(list []Term) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].Text
	}
	return out
}

// prefix reads word*: the letters as they are typed, or the word in any form.
func (t *Terms) prefix(word string) (group, error) {
	u := unit{prefix: true}
	for p := range strings.SplitSeq(word, zwnj) {
		u.terms = append(u.terms, texts(plain(p))...)
	}
	if len(u.terms) == 0 || utf8.RuneCountInString(u.terms[len(u.terms)-1]) < 2 {
		return nil, fmt.Errorf("%q: at least two letters have to stand before *", word+"*")
	}
	g := group{u}
	if whole := (unit{terms: termsOf(t.Text(word))}); len(whole.terms) > 0 && !strings.HasPrefix(strings.Join(whole.terms, " "), strings.Join(u.terms, " ")) {
		g = append(g, whole)
	}
	return g, nil
}

type itemKind uint8

const (
	isRun itemKind = iota // words, blanks between them
	isPhrase
	isPrefix
	isOr
)

type item struct {
	kind itemKind
	not  bool
	text string
}

var closing = map[rune]string{'"': "\"", '“': "”\"", '”': "”\"", '„': "“”\"", '«': "»"}

// lexQuery cuts what was typed into runs of words, phrases, prefixes and OR.
func lexQuery(s string) ([]item, error) {
	var items []item
	joins := false // the last item is a run that goes on
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if unicode.IsSpace(r) {
			i += n
			continue
		}
		it := item{}
		if r == '-' || r == '−' || r == '–' {
			if r2, n2 := utf8.DecodeRuneInString(s[i+n:]); n2 > 0 && !unicode.IsSpace(r2) && (closing[r2] != "" || classOf(r2) == letter || classOf(r2) == digit) {
				it.not = true
				i, r, n = i+n, r2, n2
			}
		}
		if ends := closing[r]; ends != "" {
			j := strings.IndexAny(s[i+n:], ends)
			if j < 0 {
				return nil, fmt.Errorf("the quotation that begins before %q does not end: put a %c behind it", clip(s[i+n:]), []rune(ends)[0])
			}
			it.kind, it.text = isPhrase, s[i+n:i+n+j]
			i += n + j
			_, n = utf8.DecodeRuneInString(s[i:])
			i += n
			items, joins = append(items, it), false
			continue
		}
		j := i
		for j < len(s) {
			r, n := utf8.DecodeRuneInString(s[j:])
			if unicode.IsSpace(r) || j > i && closing[r] != "" && r != '”' {
				break
			}
			j += n
		}
		word := s[i:j]
		i = j
		if k := strings.IndexByte(word, '*'); k >= 0 {
			if strings.Trim(word[k:], "*") != "" || k == 0 {
				return nil, fmt.Errorf("%q: a * stands only at the end of a word, for all words that begin so", clip(word))
			}
			it.kind, it.text = isPrefix, word[:k]
			items, joins = append(items, it), false
			continue
		}
		if (word == "OR" || word == "|") && !it.not {
			items, joins = append(items, item{kind: isOr}), false
			continue
		}
		if joins && !it.not {
			items[len(items)-1].text += " " + word
			continue
		}
		it.text = word
		items, joins = append(items, it), !it.not
	}
	return items, nil
}

// clip is the beginning of what was typed, for a message.
func clip(s string) string {
	r := []rune(strings.ReplaceAll(s, string(spell.ZWNJ), " "))
	if len(r) > 24 {
		return string(r[:24]) + "…"
	}
	return string(r)
}
