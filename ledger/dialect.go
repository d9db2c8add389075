package ledger

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// kind is the database under a ledger. Queries are written once, in the SQL
// that both understand, with ? for a value.
type kind int

const (
	lite kind = iota
	postgres
)

// advisoryLock is the number of PostgreSQL's lock under which ledgers are
// written: "sanad" in ASCII.
const advisoryLock = 0x73616e6164

// applicationID marks an SQLite file as a ledger: "snad" in ASCII.
const applicationID = 0x736e6164

func isPostgres(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

// sql turns a query into the dialect of the database.
func (l *Ledger) sql(query string) string {
	if l.kind == lite {
		return query
	}
	var b strings.Builder
	n := 0
	for i := range len(query) {
		if query[i] == '?' {
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
			continue
		}
		b.WriteByte(query[i])
	}
	return b.String()
}

func (l *Ledger) openSQLite(ctx context.Context, opt Options) error {
	st, err := os.Stat(l.where)
	switch {
	case err == nil && st.IsDir():
		return fmt.Errorf("%s is a folder: a ledger is a file", l.where)
	case errors.Is(err, fs.ErrNotExist) && !opt.Create:
		return fmt.Errorf("%w: %s", ErrNone, l.where)
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(filepath.Dir(l.where), 0o700); err != nil {
			return err
		}
		// Reports may be sensitive where they are kept: the file is the user's own.
		f, err := os.OpenFile(l.where, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if err == nil {
			err = f.Close()
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	case err != nil:
		return err
	}
	open := func(pragmas ...string) (*sql.DB, error) {
		abs, err := filepath.Abs(l.where)
		if err != nil {
			return nil, err
		}
		v := url.Values{"_pragma": pragmas}
		if opt.ReadOnly && !writable(abs) {
			v.Set("mode", "ro")
			if _, err := os.Stat(abs + "-wal"); errors.Is(err, fs.ErrNotExist) {
				v.Set("immutable", "1") // a medium that nobody can write to
			}
		}
		u := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: v.Encode()}
		return sql.Open("sqlite", u.String())
	}
	// Without recursive_triggers, INSERT OR REPLACE removes rows unseen by the
	// triggers that keep them.
	common := []string{"busy_timeout(20000)", "foreign_keys(1)", "recursive_triggers(1)", "temp_store(2)"}
	if l.read, err = open(append(common, "query_only(1)", "cache_size(-32768)")...); err != nil {
		return err
	}
	l.read.SetMaxOpenConns(8)
	l.read.SetMaxIdleConns(8)
	if opt.ReadOnly {
		return nil
	}
	// The file of another program is left as it is: the next lines write to it.
	if _, err := l.form(ctx, l.read); err != nil {
		return err
	}
	// WAL with synchronous=FULL: what a commit acknowledged survives the loss of
	// power; readers and the writer do not wait for each other. The WAL goes back
	// into the file at 128 MB: the names and facets of many reports touch pages
	// all over the file, and the more of them wait, the fewer are written twice.
	if l.write, err = open(append(common, "page_size(4096)", "journal_mode(WAL)", "synchronous(2)", "wal_autocheckpoint(32000)", "cache_size(-65536)")...); err != nil {
		return err
	}
	l.write.SetMaxOpenConns(1)
	return l.write.PingContext(ctx)
}

// writable reports whether SQLite may write to the file and put its own files
// beside it, as it does even for reading.
func writable(name string) bool {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	f.Close()
	if _, err := os.Stat(name + "-shm"); err == nil {
		return true
	}
	f, err = os.CreateTemp(filepath.Dir(name), ".sanad-*")
	if err != nil {
		return false
	}
	f.Close()
	os.Remove(f.Name())
	return true
}

func (l *Ledger) openPostgres(ctx context.Context, opt Options) error {
	db, err := sql.Open("pgx", l.where)
	if err != nil {
		return fmt.Errorf("the address of the database cannot be read: %w", hidePassword(err))
	}
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(8)
	l.read = db
	if !opt.ReadOnly {
		l.write = db
	}
	return db.PingContext(ctx)
}

// hidePassword keeps the address, which may hold a password, out of messages.
func hidePassword(err error) error {
	var parse *pgconn.ParseConfigError
	if errors.As(err, &parse) {
		return errors.New("postgres://USER:PASSWORD@HOST:PORT/DATABASE is wanted")
	}
	return err
}

// explain turns an error of a database into one that says what to do.
func (l *Ledger) explain(err error) error {
	if err == nil {
		return nil
	}
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return &Failure{"another process is writing to the ledger: try again when it is done", err}
		case sqlite3.SQLITE_FULL:
			return &Failure{"the disk is full: nothing of this step was kept, what was kept before is safe; make room and run the command again", err}
		case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
			return &Failure{"the ledger cannot be written: check the permissions of " + l.Where() + " and of its folder", err}
		case sqlite3.SQLITE_CANTOPEN:
			return &Failure{"the ledger cannot be opened: check the permissions of " + l.Where() + " and of its folder", err}
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_TOOBIG: // a length that cannot be is damage too: nothing so large is written
			return &Failure{"the ledger is damaged: \"sanad check\" says where; \"sanad restore\" makes a new one from a backup", err}
		case sqlite3.SQLITE_NOTADB:
			return &Failure{l.Where() + " is no ledger (no SQLite file)", err}
		case sqlite3.SQLITE_IOERR:
			return &Failure{"the disk fails: nothing of this step was kept; copy the ledger to another disk", err}
		}
	}
	var p *pgconn.PgError
	if errors.As(err, &p) {
		switch p.Code {
		case "53100":
			return &Failure{"the database server's disk is full: nothing of this step was kept", err}
		case "25006":
			return &Failure{"the database is read-only", err}
		case "42501":
			return &Failure{"the database user lacks a permission: " + p.Message, err}
		case "XX001", "XX002":
			return &Failure{"the database is damaged: restore a backup", err}
		}
	}
	var n *net.OpError
	if p != nil && strings.HasPrefix(p.Code, "57P") || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &n) {
		var c *pgconn.ConnectError
		if !errors.As(err, &c) {
			return &Failure{"the connection to the database was lost: run the command again, what was kept is not added twice", err}
		}
	}
	var c *pgconn.ConnectError
	if errors.As(err, &c) {
		return &Failure{"no connection to the database at " + l.Where(), err}
	}
	return err
}

// Failure is an error of disk, file or database, with what to do.
type Failure struct {
	Advice string
	Err    error
}

func (f *Failure) Error() string { return fmt.Sprintf("%s (%v)", f.Advice, f.Err) }
func (f *Failure) Unwrap() error { return f.Err }
