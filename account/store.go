package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite"
)

//go:embed form.sql
var form string

// applicationID marks the SQLite file: "snac" in ASCII.
const applicationID = 0x736e6163

// version of the form of the file.
const version = 1

// Options say how accounts are opened.
type Options struct {
	Create bool             // make the file where there is none
	Cost   Cost             // of new hashes; the zero value is Recommended. Tests take less.
	Now    func() time.Time // the clock; nil is time.Now
}

// Store are the accounts of one desk. It may be used from many goroutines, and
// several processes may have it open.
type Store struct {
	db    *sql.DB
	cost  Cost
	now   func() time.Time
	blind string        // a hash that no password has; see SignIn
	works chan struct{} // one for each hash that may be made at a time
	made  atomic.Int64  // how many were made
}

// ErrNone says that there is no file of accounts.
var ErrNone = errors.New("there are no accounts yet: make the first with \"sanad accounts add NAME --role admin\"")

// File is the place of the accounts of the ledger at a path: ledger.db has
// ledger.accounts.db beside it.
func File(ledger string) string {
	return strings.TrimSuffix(ledger, filepath.Ext(ledger)) + ".accounts.db"
}

// Open opens the accounts in a file.
func Open(ctx context.Context, file string, opt Options) (*Store, error) {
	st, err := os.Stat(file)
	switch {
	case err == nil && !st.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no plain file", file)
	case err == nil && st.Mode().Perm()&0o077 != 0:
		return nil, fmt.Errorf("%s can be read by others on this machine: it holds the hashes of passwords; run chmod 600 on it", file)
	case errors.Is(err, fs.ErrNotExist) && !opt.Create:
		return nil, fmt.Errorf("%w (%s)", ErrNone, file)
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return nil, err
		}
		f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if err == nil {
			err = f.Close()
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	case err != nil:
		return nil, err
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: url.Values{"_txlock": {"immediate"},
		"_pragma": {"busy_timeout(20000)", "foreign_keys(1)", "journal_mode(WAL)", "synchronous(2)", "secure_delete(1)"}}.Encode()}
	s := &Store{cost: opt.Cost, now: opt.Now, works: make(chan struct{}, hashes)}
	if s.cost == (Cost{}) {
		s.cost = Recommended
	}
	if s.now == nil {
		s.now = time.Now
	}
	salt := make([]byte, saltSize)
	rand.Read(salt)
	// A tag that nothing has: comparing with it costs what comparing with any costs.
	s.blind = fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", s.cost.Memory, s.cost.Time, s.cost.Threads, base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(make([]byte, tagSize)))
	if s.db, err = sql.Open("sqlite", u.String()); err != nil {
		return nil, err
	}
	// One connection: what is written takes its turn, and there is little of it.
	s.db.SetMaxOpenConns(1)
	if err := s.migrate(ctx); err != nil {
		s.db.Close()
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// Close closes the file.
func (s *Store) Close() error { return s.db.Close() }

func (s *Store) migrate(ctx context.Context) error {
	return s.tx(ctx, func(t *sql.Tx) error {
		var id, have, tables int
		for _, q := range []struct {
			query string
			into  *int
		}{{"PRAGMA application_id", &id}, {"PRAGMA user_version", &have}, {"SELECT count(*) FROM sqlite_master", &tables}} {
			if err := t.QueryRowContext(ctx, q.query).Scan(q.into); err != nil {
				return err
			}
		}
		switch {
		case tables > 0 && id != applicationID:
			return errors.New("this is an SQLite file of something else and holds no accounts")
		case have > version:
			return fmt.Errorf("the accounts were made by a newer Sanad (form %d, this one knows %d): use that one", have, version)
		case have == version:
			return nil
		}
		if _, err := t.ExecContext(ctx, form); err != nil {
			return err
		}
		_, err := t.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version))
		return err
	})
}

// tx runs f in a transaction.
func (s *Store) tx(ctx context.Context, f func(*sql.Tx) error) error {
	t, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(t); err != nil {
		t.Rollback()
		return err
	}
	return t.Commit()
}

// token is a secret of 256 random bits and what is stored of it.
func token() (secret string, stored []byte) {
	b := make([]byte, 32)
	rand.Read(b)
	secret = base64.RawURLEncoding.EncodeToString(b)
	return secret, storedOf(secret)
}

func storedOf(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

func (s *Store) ms() int64 { return s.now().UnixMilli() }

// hashes is how many passwords are looked at at a time: each takes 64 MiB.
const hashes = 2

// errBusy says that too many passwords wait to be looked at.
var errBusy = errors.New("too many people sign in at the same time: try again")

// work waits for its turn to make a hash. Who gives up leaves the queue.
func (s *Store) work(ctx context.Context) (done func(), err error) {
	select {
	case s.works <- struct{}{}:
		s.made.Add(1)
		return func() { <-s.works }, nil
	case <-ctx.Done():
		return nil, errBusy
	}
}
