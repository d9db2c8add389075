package terms

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/span"
)

// Snippet is the stretch of a text that shows best why it was found.
type Snippet struct {
	Text  string
	Start int         // where it begins in the text, in bytes
	Hits  []span.Span // what was found, bytes of the whole text, in order and apart
}

// far is how much of a text is looked through for a snippet, in bytes.
const far = 1 << 20

// hit is a place where a unit of a query was found.
type hit struct {
	span.Span
	unit int
}

// Snippet returns the stretch of at most about width letters of text that has
// the most of what q looks for, the earliest of the best. It begins and ends
// between words. Without a hit it is the beginning of the text.
func (t *Terms) Snippet(text string, q Query, width int) Snippet {
	s, _ := t.Excerpt(text, q, width)
	return s
}

// Excerpt is Snippet that also says how the words of q stand to each other in
// text: Phrase, Near or, farther apart or not all of them there, All.
func (t *Terms) Excerpt(text string, q Query, width int) (Snippet, Tier) {
	var list []Term
	if len(text) > far {
		list = t.Text(text[:far])
	} else {
		list = t.Text(text)
	}
	return best(text, q.hits(list), width), q.tier(list)
}

// best cuts the best stretch out of a text.
func best(text string, hits []hit, width int) Snippet {
	width = max(width, 16)
	first, last := 0, -1 // hits[first:last+1] is the best stretch
	most := 0
	for i, j := 0, 0; i < len(hits); i++ {
		seen := map[int]bool{}
		for j = i; j < len(hits) && j < i+64 && within(text, hits[i].Start, hits[j].End, width); j++ {
			seen[hits[j].unit] = true
		}
		if score := len(seen)<<8 + min(j-i, 8); j > i && score > most {
			most, first, last = score, i, j-1
		}
	}
	start, end := 0, 0
	if last >= 0 {
		start, end = hits[first].Start, hits[last].End
	} else if len(hits) > 0 { // one that is wider than the snippet
		start, end, last = hits[0].Start, hits[0].Start, 0
	}
	start = back(text, start, max(0, width-utf8.RuneCountInString(text[start:end]))/3)
	end = forth(text, max(end, start), width-utf8.RuneCountInString(text[start:max(end, start)]))
	if room := width - utf8.RuneCountInString(text[start:end]); room > 0 && end == len(text) {
		start = back(text, start, room)
	}
	s := Snippet{Text: text[start:end], Start: start}
	for _, h := range hits {
		h.Start, h.End = max(h.Start, start), min(h.End, end)
		if n := len(s.Hits); h.End <= h.Start {
			continue
		} else if n > 0 && h.Start <= s.Hits[n-1].End {
			s.Hits[n-1].End = max(h.End, s.Hits[n-1].End)
			continue
		}
		s.Hits = append(s.Hits, h.Span)
	}
	return s
}

// Mark returns the snippet's text with open and closing signs around its hits.
func (s *Snippet) Mark(open, closing string) string {
	var b strings.Builder
	at := s.Start
	for _, h := range s.Hits {
		b.WriteString(s.Text[at-s.Start:h.Start-s.Start] + open + s.Text[h.Start-s.Start:h.End-s.Start] + closing)
		at = h.End
	}
	b.WriteString(s.Text[at-s.Start:])
	return b.String()
}

func within(text string, start, end, width int) bool {
	return end-start <= width || end-start <= 4*width && utf8.RuneCountInString(text[start:end]) <= width
}

// hits returns where the units of q stand, in order.
func (q *Query) hits(list []Term) []hit {
	var units []unit
	begins := map[string][]int{} // units by their first term
	prefixes := []int{}
	for _, g := range q.must {
		for _, u := range g {
			if len(u.terms) == 1 && u.prefix {
				prefixes = append(prefixes, len(units))
			} else {
				begins[u.terms[0]] = append(begins[u.terms[0]], len(units))
			}
			units = append(units, u)
		}
	}
	var hits []hit
	for i := range list {
		n := len(hits)
		for _, k := range begins[list[i].Text] {
			if units[k].at(list, i) {
				hits = append(hits, hit{list[i].Span.Join(list[i+len(units[k].terms)-1].Span), k})
			}
		}
		if len(hits) > n {
			continue
		}
		for _, k := range prefixes {
			if units[k].at(list, i) {
				hits = append(hits, hit{list[i].Span, k})
			}
		}
	}
	return hits
}

// tier says how the words of q stand to each other.
func (q *Query) tier(list []Term) Tier {
	if !q.Several() {
		return All
	}
	whole := unit{terms: q.plain}
	last := make([]int, len(q.must)) // where each was seen last
	for i := range last {
		last[i] = -1
	}
	room := near + len(q.plain)
	best := All
	for i := range list {
		if whole.at(list, i) {
			return Phrase
		}
		seen := false
		for k, g := range q.must {
			for j := range g {
				if g[j].at(list, i) {
					last[k], seen = i, true
				}
			}
		}
		if seen {
			if first := slices.Min(last); first >= 0 && i-first < room {
				best = Near
			}
		}
	}
	return best
}

// at reports whether the unit stands at list[i].
func (u *unit) at(list []Term, i int) bool {
	if i+len(u.terms) > len(list) {
		return false
	}
	for k, s := range u.terms {
		got := list[i+k].Text
		if got != s && !(u.prefix && k == len(u.terms)-1 && strings.HasPrefix(got, s)) {
			return false
		}
	}
	return true
}

// longestWord is how far a cut is moved to stand between words, in letters.
const longestWord = 40

// back moves i back by at most n letters, to the begin of a word; of a line or
// sentence where one begins on the way.
func back(text string, i, n int) int {
	for at, k := i, 0; at > 0 && k < longestWord; k++ { // out of the word
		r, size := utf8.DecodeLastRuneInString(text[:at])
		if unicode.IsSpace(r) {
			i = at
			break
		}
		if at -= size; at == 0 {
			i = 0
		}
	}
	at, word := i, i
	for ; n > 0 && at > 0; n-- {
		r, size := utf8.DecodeLastRuneInString(text[:at])
		if at < i && (r == '\n' || r == '.' || r == '؟' || r == '!') {
			if next, _ := utf8.DecodeRuneInString(text[at:]); r == '\n' || unicode.IsSpace(next) {
				return i - len(strings.TrimLeftFunc(text[at:i], unicode.IsSpace))
			}
		}
		if unicode.IsSpace(r) {
			word = at
		}
		at -= size
	}
	if at == 0 {
		return 0
	}
	return word
}

// forth moves i on by at most n letters and a word, to the end of one.
func forth(text string, i, n int) int {
	at, word := i, -1
	for ; at < len(text); n-- {
		r, size := utf8.DecodeRuneInString(text[at:])
		if unicode.IsSpace(r) {
			word = at
			if n <= 0 {
				break
			}
		} else if n < -longestWord && !mark(r) && classOf(r) != inside {
			if word < 0 { // a word without end
				return at
			}
			break
		}
		at += size
	}
	if at == len(text) {
		return at
	}
	return max(word, i)
}
