package ledger

import (
	"bytes"
	"database/sql"
	"strings"
)

// indexCheck compares the search index with rows made anew. PostgreSQL gives
// the row back; SQLite keeps only how many words each column of a report has,
// so they are counted by an index in memory that is made like the ledger's own.
type indexCheck struct {
	c      *checker
	memory *sql.DB // SQLite's
	off    bool    // not to be compared
}

func (c *checker) openIndex() (*indexCheck, error) {
	x := &indexCheck{c: c}
	if err := c.mark(); err != nil {
		return nil, err
	}
	var rules, made string
	found, err := c.l.one(c.ctx, c.q, "SELECT rules FROM made WHERE what = 'words'", nil, &rules)
	if err == nil && c.l.kind == lite {
		_, err = c.l.one(c.ctx, c.q, "SELECT sql FROM sqlite_master WHERE name = 'words'", nil, &made)
	}
	switch {
	case err != nil && unreadable(err):
		x.off = true
		c.say("made", 0, "the rows cannot be read: %v", err)
		return x, c.goOn()
	case err != nil:
		return nil, err
	case found && rules != index().Version():
		x.off = true // made by other rules, and searched by them until it is rebuilt
		return x, nil
	case c.l.kind == postgres:
		return x, nil
	}
	x.memory, err = sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	x.memory.SetMaxOpenConns(1)
	if made == "" {
		x.off = true
		c.say("words", 0, "there is no search index")
		return x, nil
	}
	if _, err := x.memory.ExecContext(c.ctx, made); err != nil {
		x.off = true
		c.say("words", 0, "the search index is made in another way: %v", err)
	}
	return x, nil
}

func (x *indexCheck) close() {
	if x.memory != nil {
		x.memory.Close()
	}
}

// compare compares the rows of some reports.
func (x *indexCheck) compare(list []derivedReport) error {
	c := x.c
	if x.off {
		return nil
	}
	if err := c.mark(); err != nil {
		return err
	}
	if x.memory != nil {
		if _, err := x.memory.ExecContext(c.ctx, "INSERT INTO words (words) VALUES ('delete-all')"); err != nil {
			return err
		}
	}
	for i := range list {
		if r := &list[i]; r.known && !r.off {
			if err := x.one(r); err != nil {
				if !unreadable(err) {
					return err
				}
				c.say("words", r.seq, "what the search index has of report %s cannot be read: %v", r.id, err)
				if err := c.goOn(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (x *indexCheck) one(r *derivedReport) error {
	c := x.c
	facets := make([]string, len(r.rows.facets))
	for i, f := range r.rows.facets {
		facets[i] = facetTerm(f)
	}
	place := placeOf(r.rows.day, r.seq)
	var have, want []byte
	var found bool
	var err error
	if x.memory == nil {
		var a, b string
		if found, err = c.l.one(c.ctx, c.q, "SELECT terms::text FROM words WHERE place = ?", []any{place}, &a); err != nil {
			return err
		}
		if _, err = c.l.one(c.ctx, c.q, "SELECT ?::tsvector::text", []any{r.rows.doc.TSVector(facets...)}, &b); err != nil {
			return err
		}
		have, want = []byte(a), []byte(b)
	} else {
		title, body := r.rows.doc.Columns()
		if _, err := x.memory.ExecContext(c.ctx, "INSERT INTO words (rowid, title, body, facet) VALUES (?, ?, ?, ?)", place, title, body, strings.Join(facets, " ")); err != nil {
			return err
		}
		size := "SELECT sz FROM words_docsize WHERE id = ?"
		if _, err := c.l.one(c.ctx, x.memory, size, []any{place}, &want); err != nil {
			return err
		}
		if found, err = c.l.one(c.ctx, c.q, size, []any{place}, &have); err != nil {
			return err
		}
	}
	switch {
	case !found:
		c.say("words", r.seq, "report %s is not in the search index", r.id)
	case !bytes.Equal(have, want):
		c.say("words", r.seq, "report %s has other words in the search index than in its text", r.id)
	}
	return nil
}

// rest finds rows of the index that no report has.
func (x *indexCheck) rest() error {
	c := x.c
	if x.off {
		return nil
	}
	if err := c.mark(); err != nil {
		return err
	}
	query := "SELECT w.id, d.day FROM words_docsize w LEFT JOIN documents d ON d.report = (-w.id & 4294967295)"
	if c.l.kind == postgres {
		query = "SELECT w.place, d.day FROM words w LEFT JOIN documents d ON d.report = (-w.place & 4294967295)"
	}
	err := c.l.each(c.ctx, c.q, query, nil, func(r *sql.Rows) error {
		var place int64
		var day sql.NullInt64
		if err := r.Scan(&place, &day); err != nil {
			return err
		}
		if report := reportAt(place); (!day.Valid || placeOf(day.Int64, report) != place) && !c.missing(report) {
			c.say("words", report, "the search index has a row of the report that is not its own")
		}
		return nil
	})
	if err != nil && unreadable(err) {
		c.say("words", 0, "rows cannot be read: %v", err)
		return c.goOn()
	}
	return err
}
