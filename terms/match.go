package terms

import "strings"

// Tier is one way in which a report may match, the best first. An index tells
// Title and TitlePhrase from All; Phrase and Near are told from the text, by
// Terms.Excerpt: an index has to read every place of every word for them.
type Tier uint8

// The tiers.
const (
	TitlePhrase Tier = iota // the words follow each other in the title
	Title                   // the title has all of them
	Phrase                  // they follow each other somewhere
	Near                    // they stand close to each other
	All                     // the report has all of them
)

func (t Tier) String() string {
	return [...]string{"the words as typed, in the title", "all words in the title", "the words as typed, in the text", "the words near each other", "all words"}[t]
}

// near is how many other words may stand between the words of tier Near.
const near = 10

// Several reports whether the query has several words and nothing else, so that
// it matters how they stand to each other.
func (q *Query) Several() bool { return len(q.plain) > 1 && len(q.must) > 1 }

// FTS5 returns the query as an expression in brackets for an SQLite FTS5 table
// that holds the columns of Doc.Columns and is tokenized by
// "ascii tokenchars '_'". The tier is TitlePhrase, Title or All.
func (q *Query) FTS5(t Tier) string {
	if len(q.must) == 0 {
		return `("")`
	}
	sign := t.sign()
	f := func(u unit) string { return u.fts5(sign) }
	var b strings.Builder
	b.WriteString("((")
	if t == TitlePhrase {
		b.WriteString(f(unit{terms: q.phrase()}))
	} else {
		for i, g := range q.must {
			if i > 0 {
				b.WriteString(" AND ")
			}
			oneOf(&b, g, " OR ", f)
		}
	}
	b.WriteString(")")
	if len(q.not) > 0 {
		b.WriteString(" NOT ")
		oneOf(&b, q.not, " OR ", func(u unit) string { return u.fts5("") })
	}
	b.WriteString(")")
	return b.String()
}

// sign is what stands before a term where the tier looks for it.
func (t Tier) sign() string {
	if t == TitlePhrase || t == Title {
		return titled
	}
	return ""
}

// phrase is the sequence of tier TitlePhrase.
func (q *Query) phrase() []string {
	if len(q.plain) > 0 {
		return q.plain
	}
	return q.must[0][0].terms
}

func oneOf(b *strings.Builder, g group, or string, f func(unit) string) {
	b.WriteByte('(')
	for i, u := range g {
		if i > 0 {
			b.WriteString(or)
		}
		b.WriteString(f(u))
	}
	b.WriteByte(')')
}

// fts5 is the unit as an FTS5 string. Terms have letters and digits only, so
// nothing of what a user typed can end it.
func (u unit) fts5(sign string) string {
	s := `"` + sign + strings.Join(u.terms, " "+sign) + `"`
	if u.prefix {
		s += " *"
	}
	return s
}

// TSQuery returns the query as the text of a PostgreSQL tsquery for vectors
// made by Doc.TSVector.
func (q *Query) TSQuery(t Tier) string {
	if len(q.must) == 0 {
		return ""
	}
	f := func(u unit) string { return u.tsquery(t.sign()) }
	var b strings.Builder
	b.WriteByte('(')
	if t == TitlePhrase {
		b.WriteString(f(unit{terms: q.phrase()}))
	} else {
		for i, g := range q.must {
			if i > 0 {
				b.WriteString(" & ")
			}
			oneOf(&b, g, " | ", f)
		}
	}
	if len(q.not) > 0 {
		b.WriteString(" & !")
		oneOf(&b, q.not, " | ", func(u unit) string { return u.tsquery("") })
	}
	b.WriteByte(')')
	return b.String()
}

func (u unit) tsquery(sign string) string {
	var b strings.Builder
	b.WriteByte('(')
	for i, s := range u.terms {
		if i > 0 {
			b.WriteString(" <-> ")
		}
		b.WriteString("'" + sign + s + "'")
	}
	if u.prefix {
		b.WriteString(":*")
	}
	b.WriteByte(')')
	return b.String()
}
