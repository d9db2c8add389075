package ledger

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/terms"
)

// index brings texts and queries to the terms of the search index. It goes by
// the embedded lexicon whatever lexicon reports are read with, so that one
// index has one rule.
var index = sync.OnceValue(func() *terms.Terms {
	lex, err := lexicon.Load("")
	if err != nil {
		panic("embedded lexicon: " + err.Error())
	}
	return terms.New(lex)
})

// word is a row of the search index.
type word struct {
	place  int64
	doc    terms.Doc
	facets []string
}

// placeOf is where a report stands in the index: newer days before older ones,
// and within a day the reports that came last first. FTS5 reads forwards much
// faster than backwards, so the newest are given without sorting or turning
// round, and a span of days is a span of places.
func placeOf(day, report int64) int64 { return -((day-undated)<<32 | report) }

// reportAt is the report of a place.
func reportAt(place int64) int64 { return -place & (1<<32 - 1) }

// docOf is what the index keeps of a report's text, which begins with the title.
func docOf(title, text string) terms.Doc { return index().Tokens(title, behind(title, text)) }

// behind is the text behind the title.
func behind(title, text string) string {
	if title == "" {
		return text
	}
	return strings.TrimPrefix(text, title+"\n")
}

// facetTerm is a facet ("actor:us-army") as a word of the index.
func facetTerm(facet string) string {
	kind, value, _ := strings.Cut(facet, ":")
	return terms.Facet(kind, value)
}

// index writes the gathered rows of the search index.
func (a *adding) index() error {
	if len(a.word) == 0 {
		return nil
	}
	if err := a.put("INSERT INTO made (what, rules) VALUES ('words', ?) ON CONFLICT DO NOTHING", index().Version()); err != nil {
		return err
	}
	// FTS5 wants them in order, or it makes a segment of each.
	slices.SortFunc(a.word, func(x, y word) int { return int(min(max(x.place-y.place, -1), 1)) })
	for i := range a.word {
		w := &a.word[i]
		facets := make([]string, len(w.facets))
		for j, f := range w.facets {
			facets[j] = facetTerm(f)
		}
		var err error
		if a.l.kind == postgres {
			err = a.put("INSERT INTO words (place, terms) VALUES (?, ?::tsvector)", w.place, w.doc.TSVector(facets...))
		} else {
			title, body := w.doc.Columns()
			err = a.put("INSERT INTO words (rowid, title, body, facet) VALUES (?, ?, ?, ?)", w.place, title, body, strings.Join(facets, " "))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unindex takes a row out of the search index.
func (a *adding) unindex(place int64) error {
	if a.l.kind == postgres {
		return a.put("DELETE FROM words WHERE place = ?", place)
	}
	return a.put("DELETE FROM words WHERE rowid = ?", place)
}

// emptyIndex empties the search index.
func (l *Ledger) emptyIndex(ctx context.Context, t *tx) error {
	empty := "DELETE FROM words"
	if l.kind == lite {
		empty = "INSERT INTO words (words) VALUES ('delete-all')"
	}
	if err := l.exec(ctx, t, empty); err != nil {
		return err
	}
	return l.exec(ctx, t, "DELETE FROM made WHERE what = 'words'")
}
