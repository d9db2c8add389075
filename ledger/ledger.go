package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Ledger is an open ledger. It may be used from many goroutines; what writes
// takes its turn.
type Ledger struct {
	where string
	kind  kind
	read  *sql.DB // as many connections as are asked for
	has   *sql.Stmt
	write *sql.DB // for writer alone

	turn   sync.Mutex           // guards what follows
	writer *sql.Conn            // the only connection that writes
	stmts  map[string]*sql.Stmt // prepared on it
}

// Options say how a ledger is opened.
type Options struct {
	Create   bool // make the ledger where there is none
	ReadOnly bool // change nothing, not even its form
}

// ErrNone says that there is no ledger where one was looked for.
var ErrNone = errors.New("there is no ledger there")

// Default is the place of the user's own ledger: $SANAD_LEDGER, else
// sanad/ledger.db in the folder for the user's data ($XDG_DATA_HOME, else
// ~/.local/share).
func Default() (string, error) {
	if s := os.Getenv("SANAD_LEDGER"); s != "" {
		return s, nil
	}
	dir := os.Getenv("XDG_DATA_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", errors.New("no home folder is known for the ledger: say where it is with --ledger or $SANAD_LEDGER")
		}
		dir = filepath.Join(home, ".local", "share")
	}
	return filepath.Join(dir, "sanad", "ledger.db"), nil
}

// Open opens the ledger at a place: the path of an SQLite file or the address
// of a PostgreSQL database ("postgres://…"). An older ledger is brought to the
// present form unless Options.ReadOnly says otherwise.
func Open(ctx context.Context, where string, opt Options) (*Ledger, error) {
	l := &Ledger{where: where, stmts: map[string]*sql.Stmt{}}
	var err error
	if isPostgres(where) {
		l.kind = postgres
		err = l.openPostgres(ctx, opt)
	} else {
		l.kind = lite
		err = l.openSQLite(ctx, opt)
	}
	if err == nil {
		err = l.migrate(ctx, opt)
	}
	if err == nil {
		l.has, err = l.read.PrepareContext(ctx, l.sql("SELECT 1 FROM arrivals WHERE text = ? AND origin = ? AND url = ? AND meta = ?"))
	}
	if err != nil {
		l.Close()
		return nil, l.explain(err)
	}
	return l, nil
}

// Close ends the use of the ledger.
func (l *Ledger) Close() error {
	l.turn.Lock()
	defer l.turn.Unlock()
	errs := []error{l.dropWriter()}
	if l.has != nil {
		errs = append(errs, l.has.Close())
	}
	if l.read != nil {
		errs = append(errs, l.read.Close())
	}
	if l.write != nil && l.write != l.read {
		errs = append(errs, l.write.Close())
	}
	return errors.Join(errs...)
}

// Where names the place of the ledger, without a password.
func (l *Ledger) Where() string { return place(l.where) }

// place names where a ledger is, without a password.
func place(where string) string {
	if !isPostgres(where) {
		return where
	}
	if u, err := url.Parse(where); err == nil {
		if u.User != nil {
			u.User = url.User(u.User.Username())
		}
		v := u.Query()
		for name := range v {
			if strings.Contains(strings.ToLower(name), "password") {
				v.Del(name)
			}
		}
		u.RawQuery = v.Encode()
		return u.String()
	}
	// What is no address may hold a password all the same.
	scheme, rest, _ := strings.Cut(where, "://")
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		user, _, _ := strings.Cut(rest[:at], ":")
		rest = user + rest[at:]
	}
	rest, _, _ = strings.Cut(rest, "?")
	return scheme + "://" + rest
}

// tx is a transaction of the only writer.
type tx struct {
	*sql.Conn
	l *Ledger
}

// tx runs f in one transaction. What f did is durable when tx returns nil, and
// has left no trace when it returns an error.
func (l *Ledger) tx(ctx context.Context, f func(*tx) error) error {
	l.turn.Lock()
	defer l.turn.Unlock()
	if l.write == nil {
		return errors.New("the ledger was opened for reading only")
	}
	if l.writer == nil {
		c, err := l.write.Conn(ctx)
		if err != nil {
			return l.explain(err)
		}
		l.writer = c
	}
	err := l.inTx(ctx, &tx{l.writer, l}, f)
	if err != nil && l.writer.PingContext(context.WithoutCancel(ctx)) != nil {
		l.dropWriter() // a lost connection; the next transaction opens another
	}
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx) // whatever the database says of it
	}
	return l.explain(err)
}

func (l *Ledger) inTx(ctx context.Context, t *tx, f func(*tx) error) error {
	begin := "BEGIN IMMEDIATE"
	if l.kind == postgres {
		begin = "BEGIN"
	}
	// The end of a transaction does not wait for whoever gave up on it.
	end := context.WithoutCancel(ctx)
	if _, err := t.ExecContext(ctx, begin); err != nil {
		t.ExecContext(end, "ROLLBACK") // it may have begun all the same, and been given up then
		return err
	}
	done := false
	defer func() {
		if !done {
			t.ExecContext(end, "ROLLBACK")
		}
	}()
	if l.kind == postgres {
		// SQLite lets one writer in; so that lines of the log follow each other
		// without gaps, PostgreSQL does the same here.
		if _, err := t.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(advisoryLock)); err != nil {
			return err
		}
	}
	if err := f(t); err != nil {
		return err
	}
	if _, err := t.ExecContext(end, "COMMIT"); err != nil {
		return err
	}
	done = true
	return nil
}

// put runs a statement that is kept prepared.
func (t *tx) put(ctx context.Context, query string, args ...any) error {
	s, err := t.prepared(ctx, query)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(ctx, args...)
	return err
}

// rows runs a query that is kept prepared and calls f on each row.
func (t *tx) rows(ctx context.Context, query string, args []any, f func(*sql.Rows) error) error {
	s, err := t.prepared(ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	return eachRow(rows, f)
}

func (t *tx) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	s := t.l.stmts[query]
	if s == nil {
		var err error
		if s, err = t.PrepareContext(ctx, t.l.sql(query)); err != nil {
			return nil, err
		}
		t.l.stmts[query] = s
	}
	return s, nil
}

func (l *Ledger) dropWriter() error {
	var errs []error
	for q, s := range l.stmts {
		errs = append(errs, s.Close())
		delete(l.stmts, q)
	}
	if l.writer != nil {
		errs = append(errs, l.writer.Close())
		l.writer = nil
	}
	return errors.Join(errs...)
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// each runs a query and calls f on each row.
func (l *Ledger) each(ctx context.Context, q querier, query string, args []any, f func(*sql.Rows) error) error {
	rows, err := q.QueryContext(ctx, l.sql(query), args...)
	if err != nil {
		return err
	}
	return eachRow(rows, f)
}

func eachRow(rows *sql.Rows, f func(*sql.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// one scans the only row of a query; found is false where there is none.
func (l *Ledger) one(ctx context.Context, q querier, query string, args []any, into ...any) (found bool, err error) {
	err = q.QueryRowContext(ctx, l.sql(query), args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func (l *Ledger) exec(ctx context.Context, q querier, query string, args ...any) error {
	_, err := q.ExecContext(ctx, l.sql(query), args...)
	return err
}

// Damage says that what the ledger holds is not what was put into it.
type Damage struct {
	Table string
	Seq   int64  // of the row; 0 where it has none
	What  string // in plain English
}

func (d *Damage) Error() string {
	if d.Seq == 0 {
		return fmt.Sprintf("damage in %s: %s", d.Table, d.What)
	}
	return fmt.Sprintf("damage in %s, row %d: %s", d.Table, d.Seq, d.What)
}
