package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// at opens a database at an earlier form, without bringing it up.
func atForm(t testing.TB, h home, form int) *Ledger {
	t.Helper()
	ctx := context.Background()
	l := &Ledger{where: h.dsn, stmts: map[string]*sql.Stmt{}}
	err := error(nil)
	if h.path == "" {
		l.kind = postgres
		err = l.openPostgres(ctx, Options{})
	} else {
		err = l.openSQLite(ctx, Options{Create: true})
	}
	if err != nil {
		t.Fatal(err)
	}
	list, err := l.steps()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.migrateTo(ctx, list, form); err != nil {
		t.Fatal(err)
	}
	return l
}

// A ledger of every earlier form, with reports and decisions in it, is brought
// to the newest, and is then what one is that was made today.
func TestMigrations(t *testing.T) {
	ctx := context.Background()
	eachHome(t, func(t *testing.T, h home) {
		fresh := openAt(t, h.dsn, Options{Create: true})
		ids := add(t, fresh, stories(0, 12)...)
		decide(t, fresh, ids[1].ID)
		newest := len(must(fresh.steps()))
		for form := 1; form < newest; form++ {
			t.Run(fmt.Sprintf("form %d", form), func(t *testing.T) {
				old := home{dsn: filepath.Join(t.TempDir(), "old.db")}
				old.path = old.dsn
				if h.path == "" {
					old = home{dsn: schema(t)}
				}
				l := atForm(t, old, form)
				for _, table := range keptTables {
					copyTable(t, fresh, l, table)
				}
				later := false // the rows are made anew on the way up
				for _, s := range must(l.steps())[form:] {
					later = later || strings.Contains(s.name, "derived")
				}
				if !later {
					if err := l.Rebuild(ctx, nil); err != nil {
						t.Fatal(err)
					}
				}
				l.Close()

				if _, err := Open(ctx, old.dsn, Options{ReadOnly: true}); err == nil || !strings.Contains(err.Error(), "older form") {
					t.Errorf("read only: %v", err)
				}
				l = openAt(t, old.dsn, Options{})
				if have := must(l.form(ctx, l.read)); have != newest {
					t.Errorf("brought to form %d, not %d", have, newest)
				}
				check(t, l)
				all := append(derivedTables(l), keptTables...)
				same(t, dump(t, l, all...), dump(t, fresh, all...))
				add(t, l, stories(12, 14)...)
				check(t, l)
			})
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func copyTable(t testing.TB, from, to *Ledger, table string) {
	t.Helper()
	ctx := context.Background()
	err := to.tx(ctx, func(tx *tx) error {
		return from.each(ctx, from.read, "SELECT * FROM "+table, nil, func(r *sql.Rows) error {
			v, err := scanValues(r)
			if err != nil {
				return err
			}
			columns, err := r.Columns()
			if err != nil {
				return err
			}
			return to.exec(ctx, tx, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES ("+marks(len(v))+")", v...)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Two processes that bring a ledger up at once do it once.
func TestMigrateTwice(t *testing.T) {
	eachHome(t, func(t *testing.T, h home) {
		atForm(t, h, 1).Close()
		errs := make(chan error)
		for range 4 {
			go func() {
				l, err := Open(context.Background(), h.dsn, Options{Create: true})
				if err == nil {
					err = l.Close()
				}
				errs <- err
			}()
		}
		for range 4 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		check(t, openAt(t, h.dsn, Options{}))
	})
}

func TestNewerForm(t *testing.T) {
	eachHome(t, func(t *testing.T, h home) {
		l := openAt(t, h.dsn, Options{Create: true})
		err := l.tx(context.Background(), func(t *tx) error {
			return l.exec(context.Background(), t, "INSERT INTO migrations (version, name, at) VALUES (99, '99_future.sql', 0)")
		})
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		for _, opt := range []Options{{}, {Create: true}, {ReadOnly: true}} {
			if _, err := Open(context.Background(), h.dsn, opt); err == nil || !strings.Contains(err.Error(), "newer Sanad") {
				t.Errorf("%+v: %v", opt, err)
			}
		}
	})
}

// What is no ledger is refused and left as it is.
func TestNoLedger(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	foreign := filepath.Join(dir, "foreign.db")
	db := must(sql.Open("sqlite", foreign))
	if _, err := db.Exec("CREATE TABLE notes (x); INSERT INTO notes VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	text := filepath.Join(dir, "text.txt")
	os.WriteFile(text, bytes.Repeat([]byte("این یک نوشته است\n"), 1000), 0o600)
	short := filepath.Join(dir, "short.txt")
	os.WriteFile(short, []byte("کوتاه"), 0o600)
	for file, want := range map[string]string{foreign: "another program", text: "no ledger", short: "no ledger", dir: "is a folder"} {
		before, _ := os.ReadFile(file)
		for _, opt := range []Options{{}, {Create: true}, {ReadOnly: true}} {
			if l, err := Open(ctx, file, opt); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s, %+v: %v", filepath.Base(file), opt, err)
				if l != nil {
					l.Close()
				}
			}
		}
		if after, _ := os.ReadFile(file); !bytes.Equal(before, after) {
			t.Errorf("%s was changed", filepath.Base(file))
		}
	}
	for _, opt := range []Options{{}, {ReadOnly: true}} {
		if _, err := Open(ctx, filepath.Join(dir, "nowhere", "x.db"), opt); !errors.Is(err, ErrNone) {
			t.Errorf("no file, %+v: %v", opt, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a folder was made for a ledger that nobody asked for")
	}
	if _, err := Open(ctx, filepath.Join(text, "x.db"), Options{Create: true}); err == nil {
		t.Error("a ledger in a file")
	}
	for _, dsn := range []string{"postgres://u:secret@127.0.0.1:1/x?connect_timeout=2", "postgres://u:secret@[::bad", "postgresql://u:secret@127.0.0.1:1/x?sslmode=odd"} {
		_, err := Open(ctx, dsn, Options{Create: true})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}

func TestNoLedgerPostgres(t *testing.T) {
	t.Parallel()
	dsn := schema(t)
	for _, opt := range []Options{{}, {ReadOnly: true}} {
		if _, err := Open(context.Background(), dsn, opt); !errors.Is(err, ErrNone) {
			t.Errorf("%+v: %v", opt, err)
		}
	}
}

// A ledger that was opened for reading only is not written to.
func TestReadOnly(t *testing.T) {
	ctx := context.Background()
	eachHome(t, func(t *testing.T, h home) {
		l := openAt(t, h.dsn, Options{Create: true})
		id := add(t, l, story(1))[0].ID
		r := openAt(t, h.dsn, Options{ReadOnly: true})
		if _, err := r.Add(ctx, []*Entry{entry(t, story(2))}); err == nil || !strings.Contains(err.Error(), "reading only") {
			t.Errorf("adding: %v", err)
		}
		if err := r.Rebuild(ctx, nil); err == nil {
			t.Error("rebuilding")
		}
		fullOf(t, r, id)
		check(t, r)
		if backupOf(t, r) == nil {
			t.Error("no backup")
		}
		// It sees what is added meanwhile.
		fullOf(t, r, add(t, l, story(2))[0].ID)
	})
}

func TestPlace(t *testing.T) {
	for where, want := range map[string]string{
		"/home/x/ledger.db":                           "/home/x/ledger.db",
		"postgres://sanad@localhost/sanad":            "postgres://sanad@localhost/sanad",
		"postgres://sanad:secret@localhost/sanad":     "postgres://sanad@localhost/sanad",
		"postgresql://sanad:se:c@ret@localhost/sanad": "postgresql://sanad@localhost/sanad",
		"postgres://localhost/sanad":                  "postgres://localhost/sanad",
		"postgres:///sanad?password=secret&user=x":    "postgres:///sanad?user=x",
	} {
		if have := place(where); have != want {
			t.Errorf("place(%q) = %q, not %q", where, have, want)
		}
	}
}
