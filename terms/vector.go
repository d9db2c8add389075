package terms

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Doc is what an index keeps of a text: the terms of its title and of what
// follows, a space between two.
type Doc struct{ Title, Text string }

// Tokens returns the terms of a title and a text for an index.
func (t *Terms) Tokens(title, text string) Doc { return Doc{t.join(title), t.join(text)} }

// titled stands before a term of the title where titles alone are searched. No
// term begins so. Titles are short, so what a search in them has to read is
// little, however common a word is in texts.
const titled = "_"

// Columns returns the text of two columns of an index: the title's terms, each
// with "_" before it; and the terms of title and text, a "_" between the two,
// which no phrase goes over.
func (d *Doc) Columns() (title, body string) {
	if d.Title == "" {
		return "", d.Text
	}
	return titled + strings.ReplaceAll(d.Title, " ", " "+titled), d.Title + " " + titled + " " + d.Text
}

// Facet is a value that reports are filtered by, as a word of the index: it
// begins with "__", and differs where kind or value do.
//
//	Facet("actor", "us-army") → __actor_us_army
func Facet(kind, value string) string {
	b := make([]byte, 0, len(kind)+len(value)+8)
	b = append(append(append(b, "__"...), kind...), '_')
	for _, r := range value {
		switch {
		case r == '-':
			b = append(b, '_')
		case r >= 0x80 || r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b = utf8.AppendRune(b, r)
		default: // capitals too: an index may make no difference between them and small ones
			b = append(strconv.AppendInt(append(b, "_u"...), int64(r), 16), '_')
		}
	}
	return string(b)
}

// What PostgreSQL takes: https://www.postgresql.org/docs/current/textsearch-limitations.html
const (
	maxPosition  = 16383   // positions behind it are all the same
	maxPositions = 255     // of one term
	maxVector    = 900_000 // bytes; 1 MB is the most
)

// TSVector returns the text of a PostgreSQL tsvector with what Columns returns,
// and facets, which have no position.
//
// PostgreSQL keeps no positions behind the 16,383rd term and no more than 1 MB:
// of a longer text the terms are found, but not all phrases.
func (d *Doc) TSVector(facets ...string) string {
	places := map[string][]int{}
	var order []string
	n, size := 0, 0
	add := func(sign, terms string) {
		for term := range strings.SplitSeq(terms, " ") {
			if term == "" {
				continue
			}
			n++
			term = sign + term
			at, known := places[term]
			if !known {
				if size+len(term)+8 > maxVector {
					continue
				}
				order, size = append(order, term), size+len(term)+8
			}
			p := min(n, maxPosition)
			if k := len(at); k < maxPositions && (k == 0 || at[k-1] != p) && size+2 <= maxVector {
				at, size = append(at, p), size+2
			}
			places[term] = at
		}
		n++ // no phrase goes from one to the next
	}
	add(titled, d.Title)
	add("", d.Title)
	add("", d.Text)
	var b strings.Builder
	for _, f := range facets {
		b.WriteString("'" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(f) + "' ")
	}
	for _, term := range order {
		b.WriteString("'" + term + "'")
		for i, p := range places[term] {
			sep := byte(',')
			if i == 0 {
				sep = ':'
			}
			b.WriteByte(sep)
			b.WriteString(strconv.Itoa(p))
		}
		b.WriteByte(' ')
	}
	return b.String()
}
