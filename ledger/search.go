package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/span"
	"github.com/sanad-project/sanad/terms"
)

// Found is a report that a search found.
type Found struct {
	Report
	Match   string        `json:"match"`    // how it matched: "the words as typed, in the title", …
	InTitle []record.Span `json:"in_title"` // what was found in the title
	Snippet Snippet       `json:"snippet"`
}

// Snippet is the stretch of a report's text, behind the title, that shows best
// why it was found. Spans count code points of the record's document.text.
type Snippet struct {
	record.Quote
	Hits   []record.Span `json:"hits"`
	Before bool          `json:"before"` // there is more of the text before it
	After  bool          `json:"after"`
}

// BadQuery says what is wrong with a search, in plain English.
type BadQuery struct{ Err error }

func (e *BadQuery) Error() string { return e.Err.Error() }
func (e *BadQuery) Unwrap() error { return e.Err }

// snippetWidth is how many letters of a text a search shows.
const snippetWidth = 160

// window is how many reports are ranked at a time: see Search.
const window = 1000

// Search returns reports that match a query (terms.Terms.Query says what may be
// typed) and pass the filter, the best first:
//
//  1. the words follow each other in the title, as they were typed;
//  2. all of them are in the title;
//  3. the others, a thousand at a time from the newest on: among these come
//     first those that have the words one after the other, then those that have
//     them near each other, then the rest.
//
// Within each of these the newest day of publication comes first. There are no
// weights: bm25 would have to read every place of every word, which takes
// seconds where a word is in hundreds of thousands of reports.
func (l *Ledger) Search(ctx context.Context, query string, f Filter, limit, offset int) ([]Found, error) {
	q, err := index().Query(query)
	if err != nil {
		return nil, &BadQuery{err}
	}
	from, to, err := f.days()
	if err != nil {
		return nil, err
	}
	var list []Found
	// One moment for all that is asked; what is added meanwhile is left out.
	snap, err := l.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: l.isolation()})
	if err != nil {
		return nil, l.explain(err)
	}
	defer snap.Rollback()
	s := searching{l: l, ctx: ctx, snap: snap, q: q, low: placeOf(from, 0), high: placeOf(min(to, 1<<30), 1<<32-1), need: offset + limit, seen: map[int64]bool{}}
	s.filter(&f)
	if err := s.run(); err != nil {
		return nil, l.explain(err)
	}
	if offset < len(s.found) {
		list, err = s.show(s.found[offset:min(len(s.found), offset+limit)])
	}
	return list, l.explain(err)
}

// searching is one search.
type searching struct {
	l         *Ledger
	ctx       context.Context
	snap      querier
	q         terms.Query
	facets    string // what the filter adds to an expression of the index
	event     string // what facets cannot tell, SQL on documents f; "" for nothing
	eventArgs []any
	low, high int64 // places

	need  int // reports wanted
	found []match
	seen  map[int64]bool // places found already
}

// match is one report found.
type match struct {
	place int64
	tier  terms.Tier
}

// filter turns a filter into words of the index.
func (s *searching) filter(f *Filter) {
	and, or := " AND ", " OR "
	if s.l.kind == postgres {
		and, or = " & ", " | "
	}
	var b strings.Builder
	list := f.of()
	for _, a := range list {
		b.WriteString(and + "(")
		for i, facet := range a.facets {
			if i > 0 {
				b.WriteString(or)
			}
			if s.l.kind == postgres {
				b.WriteString("'" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(facetTerm(facet)) + "'")
			} else {
				b.WriteString(`"` + strings.ReplaceAll(facetTerm(facet), `"`, `""`) + `"`)
			}
		}
		b.WriteString(")")
	}
	s.facets = b.String()
	s.event, s.eventArgs = f.precise(list)
}

// run finds the places of the reports that are wanted, the best first.
func (s *searching) run() error {
	tiers := s.q.Tiers()
	for _, t := range tiers {
		if t != terms.TitlePhrase && t != terms.Title {
			continue
		}
		// Those of the tier before are among them.
		for high := s.high; len(s.found) < s.need; {
			list, err := s.match(s.expr(t), s.low, high, s.need+len(s.seen))
			if err != nil {
				return err
			}
			if err := s.keep(list, t); err != nil {
				return err
			}
			if len(list) < s.need+len(s.seen) {
				break
			}
			high = list[len(list)-1] - 1
		}
	}
	// All that have the words in the title are found by now, and left out by keep.
	all := s.expr(terms.All)
	for high := s.high; len(s.found) < s.need; {
		list, err := s.match(all, s.low, high, window)
		if err != nil || len(list) == 0 {
			return err
		}
		last := list[len(list)-1]
		rest := list
		for _, t := range tiers {
			if t != terms.Phrase && t != terms.Near || len(list) == 1 || t == terms.Near && s.l.kind == postgres {
				continue
			}
			best, err := s.match(s.expr(t), last, list[0], window)
			if err != nil {
				return err
			}
			if err := s.keep(best, t); err != nil {
				return err
			}
			has := map[int64]bool{}
			for _, p := range best {
				has[p] = true
			}
			rest = slices.DeleteFunc(slices.Clone(rest), func(p int64) bool { return has[p] })
		}
		if err := s.keep(rest, terms.All); err != nil {
			return err
		}
		if len(list) < window {
			return nil
		}
		high = last - 1
	}
	return nil
}

// keep adds to the reports found those of the list that are new and pass what
// has to hold of one event.
func (s *searching) keep(list []int64, t terms.Tier) error {
	list = slices.DeleteFunc(slices.Clone(list), func(p int64) bool { return s.seen[p] })
	for part := range slices.Chunk(list, 500) {
		passes := map[int64]bool{}
		if s.event != "" {
			args := make([]any, len(part), len(part)+len(s.eventArgs))
			for i, p := range part {
				args[i] = reportAt(p)
			}
			err := s.l.each(s.ctx, s.snap, "SELECT f.report FROM documents f WHERE f.report IN ("+marks(len(part))+") AND "+s.event, append(args, s.eventArgs...), func(r *sql.Rows) error {
				var report int64
				err := r.Scan(&report)
				passes[report] = true
				return err
			})
			if err != nil {
				return err
			}
		}
		for _, p := range part {
			s.seen[p] = true
			if s.event == "" || passes[reportAt(p)] {
				s.found = append(s.found, match{p, t})
			}
		}
		if len(s.found) >= s.need {
			return nil
		}
	}
	return nil
}

// expr is the query and the filter as the index takes them.
func (s *searching) expr(t terms.Tier) string {
	if s.l.kind == postgres {
		return s.q.TSQuery(t) + s.facets
	}
	return s.q.FTS5(t) + s.facets
}

// match returns the places from high down to low that an expression finds.
func (s *searching) match(expr string, low, high int64, limit int) ([]int64, error) {
	query := "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?"
	if s.l.kind == postgres {
		query = "SELECT place FROM words WHERE terms @@ ?::tsquery AND place BETWEEN ? AND ? ORDER BY place DESC LIMIT ?"
	}
	var list []int64
	err := s.l.each(s.ctx, s.snap, query, []any{expr, low, high, limit}, func(r *sql.Rows) error {
		var p int64
		err := r.Scan(&p)
		list = append(list, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("searching: %w", err)
	}
	return list, nil
}

// show reads the reports and makes their snippets.
func (s *searching) show(list []match) ([]Found, error) {
	out := make([]Found, len(list))
	at := map[int64]int{}
	for i, m := range list {
		at[reportAt(m.place)] = i
		out[i].Match = m.tier.String()
	}
	texts := map[int64][]byte{}
	for part := range slices.Chunk(list, 500) {
		args := make([]any, len(part))
		for i, m := range part {
			args[i] = reportAt(m.place)
		}
		err := s.l.each(s.ctx, s.snap, "SELECT "+reportColumns+" FROM documents d WHERE d.report IN ("+marks(len(part))+")", args, func(r *sql.Rows) error {
			x, err := scanReport(r)
			out[at[x.Seq]].Report = x
			return err
		})
		if err != nil {
			return nil, err
		}
		err = s.l.each(s.ctx, s.snap, "SELECT r.seq, b.data FROM reports r JOIN blobs b ON b.hash = r.text WHERE r.seq IN ("+marks(len(part))+")", args, func(r *sql.Rows) error {
			var seq int64
			var data []byte
			err := r.Scan(&seq, &data)
			texts[seq] = data
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for i := range out {
		seq := reportAt(list[i].place)
		text, err := unpack(texts[seq])
		if err != nil {
			return nil, &Damage{"blobs", 0, fmt.Sprintf("the text of report %d cannot be unpacked: %v", seq, err)}
		}
		out[i].snip(s.q, string(text))
	}
	return out, nil
}

// snip fills in what is shown of the text.
func (x *Found) snip(q terms.Query, text string) {
	body := 0 // where the text begins behind the title
	if x.Title != "" && strings.HasPrefix(text, x.Title+"\n") {
		body = len(x.Title) + 1
	}
	points := func(from, to int) int { return utf8.RuneCountInString(text[from:to]) }
	spans := func(hits []span.Span, add int) []record.Span {
		out := []record.Span{}
		at, n := 0, 0
		for _, h := range hits {
			n += points(at, add+h.Start)
			size := points(add+h.Start, add+h.End)
			out = append(out, record.Span{Start: n, End: n + size})
			at, n = add+h.End, n+size
		}
		return out
	}
	x.InTitle = []record.Span{}
	if body > 0 {
		x.InTitle = spans(index().Snippet(x.Title, q, len(x.Title)+16).Hits, 0)
	}
	s := index().Snippet(text[body:], q, snippetWidth)
	start := points(0, body+s.Start)
	x.Snippet = Snippet{
		Quote:  record.Quote{Start: start, End: start + utf8.RuneCountInString(s.Text), Text: s.Text},
		Hits:   spans(s.Hits, body),
		Before: s.Start > 0, After: body+s.Start+len(s.Text) < len(text),
	}
}

// OtherIndex reports whether the search index was made by other rules than
// those that queries are brought to terms by: words may not be found then.
// Rebuild makes it anew.
func (l *Ledger) OtherIndex(ctx context.Context) (bool, error) {
	var rules string
	found, err := l.one(ctx, l.read, "SELECT rules FROM made WHERE what = 'words'", nil, &rules)
	return found && rules != index().Version(), l.explain(err)
}
