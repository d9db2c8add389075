package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/input"
)

// Added says what became of one entry.
type Added struct {
	ID        string // of the report
	New       bool   // the report was not there before
	Again     bool   // this very arrival was there before; nothing was written
	VersionOf string // another report that was read from the same address; "" where there is none
	Stale     bool   // what came with it changes what is known of the report: read it again
}

// Add writes entries in one transaction: when it returns without an error all
// of them are kept, whatever happens to the machine; when it returns an error
// none is.
func (l *Ledger) Add(ctx context.Context, entries []*Entry) ([]Added, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	out := make([]Added, len(entries))
	err := l.tx(ctx, func(tx *tx) error {
		a := &adding{l: l, tx: tx, ctx: ctx}
		if err := a.begin(); err != nil {
			return err
		}
		for i, e := range entries {
			var err error
			if out[i], err = a.one(e); err != nil {
				return fmt.Errorf("%s: %w", e.origin, err)
			}
		}
		return a.end()
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Has reports whether this very item came in before: the same text from the
// same place with the same things said of it. It spares reading it again.
func (l *Ledger) Has(ctx context.Context, it *input.Item) (bool, error) {
	text := it.Article.Text
	if it.Article.Title != "" {
		text = it.Article.Title + "\n" + text
	}
	h := hashOf([]byte(text))
	meta, err := metaOf(it).encode()
	if err != nil {
		return false, err
	}
	var n int
	err = l.has.QueryRowContext(ctx, h[:], storable(it.Where()), storable(it.Article.URL), meta).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, l.explain(err)
}

// adding is one transaction of Add. Rows are gathered and written at the end,
// many to a statement.
type adding struct {
	l    *Ledger
	tx   *tx
	ctx  context.Context
	next struct{ report, arrival, reading int64 }
	rows [][][]any      // by index of tables
	name map[name]int64 // how many reports more have it
	word []word

	plain bool // the ledger has no tables of events yet: it is on its way to a newer form
}

func (a *adding) begin() error {
	a.rows = make([][][]any, len(tables))
	a.name = map[name]int64{}
	for table, next := range map[string]*int64{"reports": &a.next.report, "arrivals": &a.next.arrival, "readings": &a.next.reading} {
		if _, err := a.l.one(a.ctx, a.tx, "SELECT coalesce(max(seq), 0) + 1 FROM "+table, nil, next); err != nil {
			return err
		}
	}
	return nil
}

func (a *adding) put(query string, args ...any) error { return a.tx.put(a.ctx, query, args...) }

func (a *adding) one(e *Entry) (Added, error) {
	report, id, known, err := a.find(e)
	if err != nil {
		return Added{}, err
	}
	meta, err := e.meta.encode()
	if err != nil {
		return Added{}, err
	}
	var raw any // NULL where it was not kept
	if e.hasRaw {
		raw = e.rawHash[:]
	}
	if known {
		var n int
		again, err := a.l.one(a.ctx, a.tx, "SELECT 1 FROM arrivals WHERE report = ? AND origin = ? AND url = ? AND meta = ? AND bytes IS NOT DISTINCT FROM ?", []any{report, e.origin, e.url, meta, raw}, &n)
		if err != nil || again {
			return Added{ID: id, Again: again}, err
		}
	}
	if err := a.blob(e.hash[:], e.size, e.textData); err != nil {
		return Added{}, err
	}
	if raw != nil && e.rawHash != e.hash {
		if err := a.blob(e.rawHash[:], e.rawSize, e.rawData); err != nil {
			return Added{}, err
		}
	}
	out := Added{ID: id, New: !known}
	if !known {
		if err := a.put("INSERT INTO reports (seq, id, text, added) VALUES (?, ?, ?, ?)", report, id, e.hash[:], e.reading.at.UnixMilli()); err != nil {
			return out, err
		}
	}
	if e.url != "" {
		err := a.tx.rows(a.ctx, "SELECT r.id FROM arrivals a JOIN reports r ON r.seq = a.report WHERE a.url = ? AND a.url <> '' AND a.report <> ? ORDER BY a.seq DESC LIMIT 1", []any{e.url, report}, func(r *sql.Rows) error {
			return r.Scan(&out.VersionOf)
		})
		if err != nil {
			return out, err
		}
	}
	var before *source
	if known {
		if before, err = a.l.source(a.ctx, a.tx, report); err != nil {
			return out, err
		}
	}
	s := arrivalSeal(report, e.hash[:], e.outlet, e.at.UnixMilli(), e.origin, string(e.kind), e.media, raw, e.url, meta)
	if err := a.put("INSERT INTO arrivals (seq, report, text, outlet, at, origin, kind, media, bytes, url, meta, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		a.next.arrival, report, e.hash[:], e.outlet, e.at.UnixMilli(), e.origin, string(e.kind), e.media, raw, e.url, meta, s[:]); err != nil {
		return out, err
	}
	a.next.arrival++
	if known {
		after, err := a.l.source(a.ctx, a.tx, report)
		if err != nil {
			return out, err
		}
		out.Stale = !before.same(after)
		return out, nil
	}
	if err := a.reading(report, &e.reading); err != nil {
		return out, err
	}
	a.derived(report, e.rows, a.next.reading-1, 1)
	return out, nil
}

// find returns the report that the entry belongs to, or the number and id of a
// new one. Of the reports of this text it is the one from the same address,
// whatever outlet was guessed for it then; else that outlet's; else, where one
// of the two came without an outlet, the first.
func (a *adding) find(e *Entry) (report int64, id string, known bool, err error) {
	type found struct {
		report      int64
		id          string
		outlet, url string
	}
	var list []found
	err = a.tx.rows(a.ctx, "SELECT a.report, r.id, a.outlet, a.url FROM arrivals a JOIN reports r ON r.seq = a.report WHERE a.text = ? ORDER BY a.seq", []any{e.hash[:]}, func(r *sql.Rows) error {
		var f found
		err := r.Scan(&f.report, &f.id, &f.outlet, &f.url)
		list = append(list, f)
		return err
	})
	if err != nil {
		return 0, "", false, err
	}
	outlets := map[int64]string{}
	for _, f := range list {
		if f.outlet != "" {
			outlets[f.report] = f.outlet
		}
	}
	for _, same := range []func(f *found) bool{
		func(f *found) bool { return e.url != "" && f.url == e.url },
		func(f *found) bool { return e.outlet != "" && f.outlet == e.outlet },
		func(f *found) bool { return e.outlet == "" || outlets[f.report] == "" },
	} {
		for i := range list {
			if same(&list[i]) {
				return list[i].report, list[i].id, true, nil
			}
		}
	}
	report = a.next.report
	a.next.report++
	return report, e.ID, false, nil
}

func (a *adding) blob(hash []byte, size int, data []byte) error {
	return a.put("INSERT INTO blobs (hash, size, data) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", hash, int64(size), data)
}

func (a *adding) reading(report int64, r *reading) error {
	s := readingSeal(report, r.hash[:], r.reader, r.lexicon, r.at.UnixMilli(), int64(r.cut))
	err := a.put("INSERT INTO readings (seq, report, hash, reader, lexicon, at, cut, record, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		a.next.reading, report, r.hash[:], r.reader, r.lexicon, r.at.UnixMilli(), int64(r.cut), r.data, s[:])
	a.next.reading++
	return err
}

// derived gathers the rows of a report; sign is 1 where they are new and -1
// where they go (their rows were deleted; only names are counted).
func (a *adding) derived(report int64, r *rows, reading int64, sign int64) {
	for _, n := range r.names {
		a.name[n] += sign
	}
	if sign < 0 {
		return
	}
	for i, list := range r.of {
		for _, row := range list {
			row[0] = report
			if i == 0 {
				row[1+slices.Index(tables[0].columns, "reading")] = reading
			}
		}
		a.rows[i] = append(a.rows[i], list...)
	}
	a.word = append(a.word, word{placeOf(r.day, report), r.doc, r.facets})
}

// chunk is how many rows go into one statement at most.
const chunk = 64

// end writes what was gathered.
func (a *adding) end() error {
	// Rows go in in the order in which their tables keep them: the next one is
	// mostly on the page of the one before.
	facets := a.rows[tableAt["facets"]]
	slices.SortFunc(facets, func(x, y []any) int {
		return cmp.Or(strings.Compare(x[1].(string), y[1].(string)), cmp.Compare(x[2].(int64), y[2].(int64)), cmp.Compare(x[0].(int64), y[0].(int64)))
	})
	for i := range tables {
		if err := a.many(tables[i].insert, "", a.rows[i]); err != nil {
			return fmt.Errorf("%s: %w", tables[i].name, err)
		}
	}
	if err := a.events(); err != nil {
		return fmt.Errorf("tables of events: %w", err)
	}
	if err := a.names(); err != nil {
		return fmt.Errorf("names: %w", err)
	}
	return a.index()
}

// many writes rows, many to a statement; insert writes the statement for so
// many rows, and tail stands behind it.
func (a *adding) many(insert func(n int) string, tail string, list [][]any) error {
	for n := chunk; len(list) > 0; n /= 2 {
		for len(list) >= n {
			args := make([]any, 0, n*len(list[0]))
			for _, row := range list[:n] {
				args = append(args, row...)
			}
			if err := a.put(insert(n)+tail, args...); err != nil {
				return err
			}
			list = list[n:]
		}
	}
	return nil
}

// names counts the names that reports have more, or less, than before.
func (a *adding) names() error {
	var list, less [][]any
	for n, more := range a.name {
		if more != 0 {
			list = append(list, []any{n.entity, n.name, n.nameEn, n.kind, b2i(n.known), more})
		}
		if more < 0 {
			less = append(less, []any{n.entity, n.name, n.nameEn, n.kind, b2i(n.known)})
		}
	}
	slices.SortFunc(list, func(x, y []any) int {
		return cmp.Or(strings.Compare(x[0].(string), y[0].(string)), strings.Compare(x[1].(string), y[1].(string)))
	})
	insert := func(n int) string {
		return "INSERT INTO names (entity, name, name_en, type, known, reports) VALUES " + strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?), ", n), ", ")
	}
	if err := a.many(insert, " ON CONFLICT (entity, name, name_en, type, known) DO UPDATE SET reports = names.reports + excluded.reports", list); err != nil {
		return err
	}
	for _, n := range less {
		if err := a.put("DELETE FROM names WHERE entity = ? AND name = ? AND name_en = ? AND type = ? AND known = ? AND reports <= 0", n...); err != nil {
			return err
		}
	}
	return nil
}

// encode writes the meta data as JSON, always in the same way.
func (m Meta) encode() (string, error) {
	b, err := json.Marshal(m)
	return string(b), err
}

func metaOf(it *input.Item) Meta {
	a := it.Article
	// As they come back from JSON; the reader has looked at the others.
	id, author := strings.ToValidUTF8(a.ID, "\uFFFD"), strings.ToValidUTF8(it.Author, "\uFFFD")
	return Meta{ID: id, Outlet: a.Outlet, Title: a.Title, Author: author, Published: a.Published, Guessed: it.Guessed}
}

// source puts together what is known of a report: of each field the first
// value that a publisher gave, else the first that was guessed.
func (l *Ledger) source(ctx context.Context, q querier, report int64) (*source, error) {
	s := &source{report: report}
	if found, err := l.one(ctx, q, "SELECT id FROM reports WHERE seq = ?", []any{report}, &s.id); err != nil || !found {
		if err == nil {
			err = &Damage{"reports", report, "the report is missing"}
		}
		return nil, err
	}
	var guessedOutlet string
	fields := []struct {
		name string
		in   func(*Meta) *string
	}{
		{"id", func(m *Meta) *string { return &m.ID }}, {"outlet", func(m *Meta) *string { return &m.Outlet }}, {"title", func(m *Meta) *string { return &m.Title }},
		{"author", func(m *Meta) *string { return &m.Author }}, {"published", func(m *Meta) *string { return &m.Published }},
	}
	err := l.each(ctx, q, "SELECT outlet, url, meta FROM arrivals WHERE report = ? ORDER BY seq", []any{report}, func(r *sql.Rows) error {
		var outlet, url, raw string
		if err := r.Scan(&outlet, &url, &raw); err != nil {
			return err
		}
		var m Meta
		if err := json.Unmarshal([]byte(raw), &m); err != nil {
			return &Damage{"arrivals", 0, "what came with report " + s.id + " is no JSON"}
		}
		if s.url == "" {
			s.url = url
		}
		if m.guessed("outlet") {
			if guessedOutlet == "" {
				guessedOutlet = outlet
			}
		} else if s.outlet == "" {
			s.outlet = outlet
		}
		for _, f := range fields {
			have, new := f.in(&s.meta), f.in(&m)
			if *new == "" {
				continue
			}
			switch guess := m.guessed(f.name); {
			case *have == "":
				*have = *new
				if guess {
					s.meta.Guessed = append(s.meta.Guessed, f.name)
				}
			case s.meta.guessed(f.name) && !guess:
				*have = *new
				s.meta.Guessed = slices.DeleteFunc(s.meta.Guessed, func(g string) bool { return g == f.name })
			}
		}
		return nil
	})
	if s.outlet == "" {
		s.outlet = guessedOutlet
	}
	return s, err
}

// same reports whether a reader would be given the same.
func (s *source) same(o *source) bool {
	return s.url == o.url && s.outlet == o.outlet && s.meta.Outlet == o.meta.Outlet && s.meta.Title == o.meta.Title && s.meta.Author == o.meta.Author &&
		s.meta.Published == o.meta.Published && slices.Equal(s.meta.Guessed, o.meta.Guessed)
}
