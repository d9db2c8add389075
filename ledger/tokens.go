package ledger

import (
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
)

// tokens brings a text to the words by which it is found.
func tokens(s string) string {
	f := strings.Fields(s)
	for i := range f {
		f[i] = spell.Key(f[i])
	}
	return strings.Join(f, " ")
}

// vector is a row of the index as PostgreSQL's tsvector: title with weight A,
// body B, facets D.
func vector(w word) string {
	var b strings.Builder
	n := 0
	put := func(terms string, weight byte) {
		for _, t := range strings.Fields(terms) {
			if n++; n > 16383 { // PostgreSQL counts no further
				n = 16383
			}
			b.WriteByte('\'')
			b.WriteString(strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(t))
			b.WriteString("':")
			b.WriteString(strconv.Itoa(n))
			b.WriteByte(weight)
			b.WriteByte(' ')
		}
		n += 100 // no phrase goes over from the title into the body
	}
	put(w.title, 'A')
	put(w.body, 'B')
	put(w.facets, 'D')
	return b.String()
}
