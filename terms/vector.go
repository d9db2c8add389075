package terms

import (
	"strconv"
	"strings"
)

// What PostgreSQL takes: https://www.postgresql.org/docs/current/textsearch-limitations.html
const (
	maxPosition  = 16383   // positions behind it are all the same
	maxPositions = 255     // of one term
	maxVector    = 900_000 // bytes; 1 MB is the most
)

// TSVector returns the text of a PostgreSQL tsvector: the terms with their
// positions, those of the title with weight A, and facets without a position.
// A facet has letters, digits and '_' and begins with '_', which no term does.
//
// PostgreSQL keeps no positions behind the 16,383rd term and no more than 1 MB:
// of a longer text the terms are found, but not all phrases.
func (d *Doc) TSVector(facets ...string) string {
	type place struct {
		at     []int
		titled int // how many of them lie in the title
	}
	places := map[string]*place{}
	var order []string
	n, size := 0, 0
	add := func(terms string, title bool) {
		for term := range strings.SplitSeq(terms, " ") {
			if term == "" {
				continue
			}
			n++
			p := places[term]
			if p == nil {
				if size+len(term)+8 > maxVector {
					continue
				}
				p = &place{}
				places[term], order, size = p, append(order, term), size+len(term)+8
			}
			at := min(n, maxPosition)
			if k := len(p.at); k < maxPositions && (k == 0 || p.at[k-1] != at) && size+2 <= maxVector {
				p.at, size = append(p.at, at), size+2
				if title {
					p.titled++
				}
			}
		}
	}
	add(d.Title, true)
	n += near + 1 // no phrase goes from the title to the text
	add(d.Text, false)
	var b strings.Builder
	for _, f := range facets {
		b.WriteString("'" + f + "' ")
	}
	for _, term := range order {
		p := places[term]
		b.WriteString("'" + term + "'")
		for i, at := range p.at {
			sep := byte(',')
			if i == 0 {
				sep = ':'
			}
			b.WriteByte(sep)
			b.WriteString(strconv.Itoa(at))
			if i < p.titled {
				b.WriteByte('A')
			}
		}
		b.WriteByte(' ')
	}
	return b.String()
}
