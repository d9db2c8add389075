package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
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
const window = 50

// Search returns reports that match a query (terms.Terms.Query says what may be
// typed) and pass the filter, the best first:
//
//  1. the words follow each other in the title, as they were typed;
//  2. all of them are in the title;
//  3. the others, fifty at a time from the newest on: among these come first
//     those that have the words one after the other, then those that have them
//     near each other, then the rest.
//
// Within each of these the newest day of publication comes first. There are no
// weights, and how words stand to each other is told from the texts and not by
// the index: for bm25, and for a phrase of common words, an index has to read
// every place of every word, which takes seconds where these are in hundreds of
// thousands of reports.
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
	s := searching{l: l, ctx: ctx, snap: snap, q: q, low: placeOf(min(to, 1<<30), 1<<32-1), high: placeOf(from, 0), need: offset + limit, seen: map[int64]bool{}}
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
	low, high int64 // places: of the newest and of the oldest report that may be found

	need  int // reports wanted
	found []*match
	seen  map[int64]bool // places found already
}

// match is one report found.
type match struct {
	place   int64
	tier    terms.Tier
	title   string
	text    string         // behind the title
	at      int            // where it begins in the report's text, in code points
	snippet *terms.Snippet // nil until it is made
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
	tiers := []terms.Tier{terms.Title}
	if s.q.Several() {
		tiers = []terms.Tier{terms.TitlePhrase, terms.Title}
	}
	for _, t := range tiers {
		// Those of the tier before are among them.
		limit := s.need + len(s.seen)
		for low := s.low; len(s.found) < s.need; {
			list, err := s.match(s.expr(t), low, s.high, limit)
			if err != nil {
				return err
			}
			if err := s.keep(list, t); err != nil {
				return err
			}
			if len(list) < limit {
				break
			}
			low = list[len(list)-1] + 1
		}
	}
	// All that have the words in the title are found by now, and left out by keep.
	limit := window
	if !s.q.Several() {
		limit = max(window, s.need+len(s.seen))
	}
	for low := s.low; len(s.found) < s.need; {
		list, err := s.match(s.expr(terms.All), low, s.high, limit)
		if err != nil {
			return err
		}
		from := len(s.found)
		if err := s.keep(list, terms.All); err != nil {
			return err
		}
		if s.q.Several() {
			if err := s.rank(s.found[from:]); err != nil {
				return err
			}
		}
		if len(list) < limit {
			return nil
		}
		low = list[len(list)-1] + 1
	}
	return nil
}

// rank puts those first whose texts have the words side by side, or near each
// other.
func (s *searching) rank(list []*match) error {
	if err := s.snippets(list); err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b *match) int { return int(a.tier) - int(b.tier) })
	return nil
}

// snippets reads texts and makes their snippets, and tells the tiers of those
// that the index could not tell.
func (s *searching) snippets(list []*match) error {
	at := map[int64]*match{}
	var args []any
	for _, m := range list {
		if m.snippet == nil {
			report := reportAt(m.place)
			at[report], args = m, append(args, report)
		}
	}
	var todo []*match
	var packed [][]byte
	for part := range slices.Chunk(args, 500) {
		err := s.l.each(s.ctx, s.snap, "SELECT r.seq, d.title, b.data FROM reports r JOIN documents d ON d.report = r.seq JOIN blobs b ON b.hash = r.text WHERE r.seq IN ("+marks(len(part))+")", part, func(r *sql.Rows) error {
			var seq int64
			var title string
			var data []byte
			err := r.Scan(&seq, &title, &data)
			m := at[seq]
			m.title = title
			todo, packed = append(todo, m), append(packed, data)
			return err
		})
		if err != nil {
			return err
		}
	}
	// Most of the time that a search takes goes into these texts.
	errs := make([]error, len(todo))
	workers := min(len(todo), runtime.GOMAXPROCS(0), 8)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(todo); i += workers {
				errs[i] = todo[i].read(packed[i], &s.q)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// read makes the snippet of a text, and tells the tier if the index could not.
func (m *match) read(packed []byte, q *terms.Query) error {
	b, err := unpack(packed)
	if err != nil {
		return &Damage{"blobs", 0, fmt.Sprintf("the text of report %d cannot be unpacked: %v", reportAt(m.place), err)}
	}
	text := string(b)
	m.text = behind(m.title, text)
	m.at = utf8.RuneCountInString(text[:len(text)-len(m.text)])
	x, tier := index().Excerpt(m.text, *q, snippetWidth)
	m.snippet = &x
	if m.tier == terms.All {
		m.tier = tier
	}
	return nil
}

// keep adds to the reports found those of the list that are new and pass what
// facets cannot tell.
func (s *searching) keep(list []int64, t terms.Tier) error {
	list = slices.DeleteFunc(list, func(p int64) bool { return s.seen[p] })
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
				s.found = append(s.found, &match{place: p, tier: t})
			}
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

// match returns the places from low up to high, the newest reports first, that an expression finds.
func (s *searching) match(expr string, low, high int64, limit int) ([]int64, error) {
	query := "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ?"
	if s.l.kind == postgres {
		query = "SELECT place FROM words WHERE terms @@ ?::tsquery AND place BETWEEN ? AND ? ORDER BY place LIMIT ?"
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

// show reads what is shown of reports.
func (s *searching) show(list []*match) ([]Found, error) {
	if err := s.snippets(list); err != nil {
		return nil, err
	}
	at := map[int64]*Found{}
	out := make([]Found, len(list))
	var args []any
	for i, m := range list {
		report := reportAt(m.place)
		at[report], args = &out[i], append(args, report)
	}
	for part := range slices.Chunk(args, 500) {
		err := s.l.each(s.ctx, s.snap, "SELECT "+reportColumns+" FROM documents d WHERE d.report IN ("+marks(len(part))+")", part, func(r *sql.Rows) error {
			x, err := scanReport(r)
			at[x.Seq].Report = x
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for i, m := range list {
		if m.snippet == nil {
			return nil, &Damage{"documents", reportAt(m.place), "the search index has a report that is not there"}
		}
		out[i].fill(m, s.q)
	}
	return out, nil
}

// fill fills in what is shown of the text.
func (x *Found) fill(m *match, q terms.Query) {
	x.Match, x.InTitle = m.tier.String(), []record.Span{}
	if m.at > 0 {
		x.InTitle = points(m.title, index().Snippet(m.title, q, len(m.title)+16).Hits, 0)
	}
	start := m.at + utf8.RuneCountInString(m.text[:m.snippet.Start])
	x.Snippet = Snippet{
		Quote:  record.Quote{Start: start, End: start + utf8.RuneCountInString(m.snippet.Text), Text: m.snippet.Text},
		Hits:   points(m.text, m.snippet.Hits, m.at),
		Before: m.snippet.Start > 0, After: m.snippet.Start+len(m.snippet.Text) < len(m.text),
	}
}

// points are spans of a text in code points, of which it has some before it.
func points(text string, spans []span.Span, before int) []record.Span {
	out := []record.Span{}
	at, n := 0, before
	for _, h := range spans {
		n += utf8.RuneCountInString(text[at:h.Start])
		size := utf8.RuneCountInString(text[h.Start:h.End])
		out = append(out, record.Span{Start: n, End: n + size})
		at, n = h.End, n+size
	}
	return out
}

// OtherIndex reports whether the search index was made by other rules than
// those that queries are brought to terms by: words may not be found then.
// Rebuild makes it anew.
func (l *Ledger) OtherIndex(ctx context.Context) (bool, error) {
	var rules string
	found, err := l.one(ctx, l.read, "SELECT rules FROM made WHERE what = 'words'", nil, &rules)
	return found && rules != index().Version(), l.explain(err)
}
