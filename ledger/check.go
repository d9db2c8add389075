package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Checked counts what Check looked at.
type Checked struct {
	Blobs     int64 // kept bytes
	Reports   int64
	Arrivals  int64
	Readings  int64
	Decisions int64
	Derived   int64 // reports whose derived rows were compared with rows derived anew; 0 of a quick check
	Damages   int64 // how often found was called
}

// Check proves the ledger as it is at one moment. It calls found for each
// damage and goes on behind it; the error says that the check itself could not
// be done. A quick check leaves out the derived tables, which can be made anew.
//
// What is kept is checked by code of its own (check_seal.go): a fault of the
// writer does not hide itself. One damaged value gives one finding: what else
// is wrong because of it is not said again.
func (l *Ledger) Check(ctx context.Context, quick bool, found func(Damage)) (Checked, error) {
	q, done, err := l.snapshot(ctx)
	if err != nil {
		return Checked{}, l.explain(err)
	}
	defer done()
	c := newChecker(ctx, l, q, found)
	c.deep = true
	if err := c.database(quick); err != nil {
		return c.n, l.explain(err)
	}
	if err := c.kept(); err != nil {
		return c.n, l.explain(err)
	}
	if !quick {
		err = c.derived()
	}
	return c.n, l.explain(err)
}

// snapshot begins a transaction in which the ledger stays as it is. done ends
// it.
func (l *Ledger) snapshot(ctx context.Context) (q querier, done func(), err error) {
	conn, err := l.read.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	begin := "BEGIN"
	if l.kind == postgres {
		begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	}
	if _, err := conn.ExecContext(ctx, begin); err != nil {
		conn.Close()
		return nil, nil, err
	}
	return conn, func() {
		conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		conn.Close()
	}, nil
}

// checker is one check.
type checker struct {
	l     *Ledger
	ctx   context.Context
	q     querier
	found func(Damage)
	deep  bool // records are valid, too
	n     Checked

	marked bool // PostgreSQL has a place to go back to

	// What was damaged, so that what follows from it is not said again.
	badBlob  map[string]bool // by hash
	taint    map[int64]bool  // reports of which something is damaged
	unsealed map[int64]bool  // those of which an arrival or a reading has no true seal
	badText  map[string]bool // hashes of texts of such reports
	badID    map[string]bool // ids of damaged reports
	wrong    map[int64]bool  // reports whose own row is damaged
	gaps     [][2]int64      // numbers of missing reports, from and to
	blind    bool            // not all kept rows could be read
	later    []pending
}

// pending is a damage that is not said where the report's own row is damaged.
type pending struct {
	report int64
	Damage
}

func newChecker(ctx context.Context, l *Ledger, q querier, found func(Damage)) *checker {
	return &checker{l: l, ctx: ctx, q: q, found: found,
		badBlob: map[string]bool{}, taint: map[int64]bool{}, unsealed: map[int64]bool{}, badText: map[string]bool{}, badID: map[string]bool{}, wrong: map[int64]bool{}}
}

func (c *checker) say(table string, seq int64, format string, args ...any) {
	c.n.Damages++
	c.found(Damage{table, seq, fmt.Sprintf(format, args...)})
}

// missing reports whether it was said that a report is not there.
func (c *checker) missing(report int64) bool {
	for _, g := range c.gaps {
		if g[0] <= report && report <= g[1] {
			return true
		}
	}
	return c.blind
}

// database asks the database whether its own structures are sound.
func (c *checker) database(quick bool) error {
	if c.l.kind == postgres {
		return c.amcheck()
	}
	pragma := "PRAGMA integrity_check(100)"
	if quick {
		pragma = "PRAGMA quick_check(100)"
	}
	// FTS5 looks at a part of the index that it has in memory, and notices only
	// when a table is opened that another connection has changed it.
	var n int
	_, err := c.l.one(c.ctx, c.q, "SELECT rowid FROM words LIMIT 1", nil, &n)
	if err != nil && !unreadable(err) {
		return err
	}
	err = c.l.each(c.ctx, c.q, pragma, nil, func(r *sql.Rows) error {
		var s string
		if err := r.Scan(&s); err != nil {
			return err
		}
		if s != "ok" {
			table, what := c.tree(s)
			c.say(table, 0, "%s", what)
		}
		return nil
	})
	if err != nil && unreadable(err) {
		c.say("the database", 0, "it cannot check itself: %v", err)
		return c.goOn()
	}
	return err
}

var treeMessage = regexp.MustCompile(`^Tree (\d+) (.*)$`)

// tree names the table that a message of SQLite speaks of.
func (c *checker) tree(s string) (table, what string) {
	m := treeMessage.FindStringSubmatch(s)
	if m == nil {
		return "the database", s
	}
	root, _ := strconv.Atoi(m[1])
	if ok, err := c.l.one(c.ctx, c.q, "SELECT tbl_name FROM sqlite_master WHERE rootpage = ?", []any{root}, &table); !ok || err != nil {
		return "the database", s
	}
	return table, m[2]
}

// amcheck runs PostgreSQL's own checks of indexes, where the extension is
// installed in the database.
func (c *checker) amcheck() error {
	if err := c.mark(); err != nil {
		return err
	}
	var there bool
	if _, err := c.l.one(c.ctx, c.q, "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'amcheck') AND has_function_privilege('bt_index_check(regclass)', 'EXECUTE')", nil, &there); err != nil || !there {
		return c.skip(err)
	}
	type index struct{ table, name string }
	var list []index
	err := c.l.each(c.ctx, c.q, `SELECT t.relname, i.indexrelid::regclass::text FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid JOIN pg_am m ON m.oid = x.relam
		WHERE m.amname = 'btree' AND t.relnamespace = current_schema()::regnamespace`, nil, func(r *sql.Rows) error {
		var i index
		err := r.Scan(&i.table, &i.name)
		list = append(list, i)
		return err
	})
	if err != nil {
		return err
	}
	for _, i := range list {
		if err := c.mark(); err != nil {
			return err
		}
		if err := c.l.exec(c.ctx, c.q, "SELECT bt_index_check(?::text::regclass)", i.name); err != nil {
			if !unreadable(err) {
				return err
			}
			c.say(i.table, 0, "the index %s: %v", i.name, err)
			if err := c.goOn(); err != nil {
				return err
			}
		}
	}
	return nil
}

// skip passes over an error of a check that cannot be had.
func (c *checker) skip(err error) error {
	if err == nil {
		return nil
	}
	if unreadable(err) {
		return c.goOn()
	}
	return err
}

// mark sets the place to which goOn goes back: in PostgreSQL an error ends
// what was done in a transaction since then.
func (c *checker) mark() error {
	if c.l.kind == lite {
		return nil
	}
	if c.marked {
		if err := c.l.exec(c.ctx, c.q, "RELEASE SAVEPOINT checked"); err != nil {
			return err
		}
	}
	c.marked = true
	return c.l.exec(c.ctx, c.q, "SAVEPOINT checked")
}

// goOn lets the transaction go on after an error.
func (c *checker) goOn() error {
	if c.l.kind == lite {
		return nil
	}
	return c.l.exec(c.ctx, c.q, "ROLLBACK TO SAVEPOINT checked")
}

// unreadable reports whether an error says that the database cannot give what
// it holds, in contrast to one of the connection or of whoever gave up.
func unreadable(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG:
			return true
		}
		return false
	}
	var p *pgconn.PgError
	if errors.As(err, &p) && len(p.Code) >= 2 {
		switch p.Code[:2] {
		case "XX", "22", "42", "58": // internal, data, names, files
			return true
		}
	}
	return false
}

// scan runs a query that ends in "seq > ? ORDER BY seq" and calls f on the
// values of each row. Where the database cannot read a row, scan says so and
// goes on behind it. *last is the number of the last row.
func (c *checker) scan(table, query string, last *int64, f func(values) error) error {
	step := int64(1)
	var low int64
	if err := c.mark(); err != nil {
		return err
	}
	if _, err := c.l.one(c.ctx, c.q, "SELECT coalesce(min(seq), 1) FROM "+table, nil, &low); err != nil {
		if err := c.skip(err); err != nil {
			return err
		}
	} else if low < 1 {
		c.say(table, low, "rows are numbered from 1 on")
	}
	for {
		if err := c.mark(); err != nil {
			return err
		}
		from, said := *last, step > 1
		err := c.l.each(c.ctx, c.q, query, []any{from}, func(r *sql.Rows) error {
			v, err := scanValues(r)
			if err != nil {
				return err
			}
			seq, ok := v[0].(int64)
			if !ok {
				c.say(table, 0, "a row has no number")
				return nil
			}
			if seq > *last+1 && step == 1 {
				c.gap(table, *last+1, seq-1)
			}
			*last, step = seq, 1
			return f(v)
		})
		if err == nil || !unreadable(err) {
			return err
		}
		if !said || *last > from {
			c.say(table, *last+1, "from here on rows cannot be read: %v", err)
		}
		c.blind = true
		if err := c.goOn(); err != nil {
			return err
		}
		var end int64
		if _, err := c.l.one(c.ctx, c.q, "SELECT coalesce(max(seq), 0) FROM "+table, nil, &end); err != nil {
			return c.skip(err)
		}
		if *last += step; *last >= end {
			return nil
		}
		step *= 2
	}
}

// gap says that rows are missing.
func (c *checker) gap(table string, from, to int64) {
	if table == "reports" {
		c.gaps = append(c.gaps, [2]int64{from, to})
	}
	if from == to {
		c.say(table, from, "the row is missing")
		return
	}
	c.say(table, from, "this row and all up to %d are missing", to)
}

// refused reports whether an error says that a database does not take a row.
func refused(err error) bool {
	var e *sqlite.Error
	if errors.As(err, &e) {
		code := e.Code() & 0xff
		return code == sqlite3.SQLITE_CONSTRAINT || code == sqlite3.SQLITE_TOOBIG || code == sqlite3.SQLITE_MISMATCH
	}
	var p *pgconn.PgError
	return errors.As(err, &p) && len(p.Code) == 5 && (p.Code[:2] == "22" || p.Code[:2] == "23")
}

// values are those of one row, as the database gives them.
type values []any

func scanValues(r *sql.Rows) (values, error) {
	columns, err := r.Columns()
	if err != nil {
		return nil, err
	}
	v := make(values, len(columns))
	into := make([]any, len(columns))
	for i := range v {
		into[i] = &v[i]
	}
	return v, r.Scan(into...)
}

// into takes the values into variables of the types that they should have;
// false says that one of them has another type.
func (v values) into(vars ...any) bool {
	for i, p := range vars {
		ok := true
		switch p := p.(type) {
		case *int64:
			*p, ok = v[i].(int64)
		case *string:
			*p, ok = v[i].(string)
		case *[]byte:
			*p, ok = v[i].([]byte)
		case **int64: // may be NULL
			if v[i] != nil {
				var n int64
				n, ok = v[i].(int64)
				*p = &n
			}
		case **string:
			if v[i] != nil {
				var s string
				s, ok = v[i].(string)
				*p = &s
			}
		case *any: // may be NULL
			if v[i] != nil {
				var b []byte
				b, ok = v[i].([]byte)
				*p = b
			}
		}
		if !ok {
			return false
		}
	}
	return true
}
