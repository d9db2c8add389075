package ledger

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"
	"time"
)

// The steps that bring a ledger from one form to the next, for each kind of
// database; the number before the underscore is the form that results. A step
// that was published is never edited: what has to change is a new step.
//
//go:embed migrations
var steps embed.FS

// step is one file of migrations.
type step struct {
	version int
	name    string
	sql     string
}

func (l *Ledger) steps() ([]step, error) {
	dir := "migrations/sqlite"
	if l.kind == postgres {
		dir = "migrations/postgres"
	}
	return stepsOf(steps, dir)
}

func stepsOf(fsys fs.FS, dir string) ([]step, error) {
	names, err := fs.Glob(fsys, dir+"/*.sql")
	if err != nil {
		return nil, err
	}
	var list []step
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(path.Base(name), "_")
		n, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("%s: the name must begin with the number of the form", name)
		}
		list = append(list, step{n, path.Base(name), string(b)})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].version < list[j].version })
	for i, s := range list {
		if s.version != i+1 {
			return nil, fmt.Errorf("%s: step %d is missing", dir, i+1)
		}
	}
	return list, nil
}

// migrate brings the ledger to the newest form.
func (l *Ledger) migrate(ctx context.Context, opt Options) error {
	list, err := l.steps()
	if err != nil {
		return err
	}
	if opt.ReadOnly {
		have, err := l.form(ctx, l.read)
		switch {
		case err != nil:
			return err
		case have == 0:
			return fmt.Errorf("%w: %s", ErrNone, l.Where())
		case have < len(list):
			return fmt.Errorf("the ledger has an older form (%d of %d): any command that writes to it, such as \"sanad add\", brings it up", have, len(list))
		}
		return l.notNewer(have, len(list))
	}
	have, err := l.form(ctx, l.write)
	if err != nil {
		return err
	}
	if err := l.notNewer(have, len(list)); err != nil {
		return err
	}
	if have == 0 && !opt.Create && l.kind == postgres {
		return fmt.Errorf("%w: %s", ErrNone, l.Where())
	}
	return l.migrateTo(ctx, list, len(list))
}

func (l *Ledger) notNewer(have, know int) error {
	if have > know {
		return fmt.Errorf("the ledger was made by a newer Sanad (form %d, this one knows %d): use that one", have, know)
	}
	return nil
}

// migrateTo takes the steps up to a form, in one transaction: a ledger never
// stands between two forms. Where a step changed derived tables (its name says
// "derived") and the ledger holds reports, their rows are made anew.
func (l *Ledger) migrateTo(ctx context.Context, list []step, to int) error {
	if have, err := l.form(ctx, l.write); err != nil || have >= to {
		return err
	}
	return l.tx(ctx, func(tx *tx) error {
		have, err := l.form(ctx, tx)
		if err != nil || have >= to {
			return err // another process was faster
		}
		if have == 0 {
			if err := l.exec(ctx, tx, "CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL)"); err != nil {
				return err
			}
			if l.kind == lite {
				if err := l.exec(ctx, tx, fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
					return err
				}
			}
		}
		derived := false
		for _, s := range list[have:to] {
			if _, err := tx.ExecContext(ctx, s.sql); err != nil {
				return fmt.Errorf("bringing the ledger to form %d: %w", s.version, err)
			}
			if err := l.exec(ctx, tx, "INSERT INTO migrations (version, name, at) VALUES (?, ?, ?)", s.version, s.name, time.Now().UnixMilli()); err != nil {
				return err
			}
			derived = derived || strings.Contains(s.name, "derived")
		}
		if !derived || to < len(list) {
			return nil
		}
		var n int
		if found, err := l.one(ctx, tx, "SELECT 1 FROM reports LIMIT 1", nil, &n); err != nil || !found {
			return err
		}
		return l.rebuild(ctx, tx, nil)
	})
}

// form returns the form of the ledger, 0 for a database that holds none.
func (l *Ledger) form(ctx context.Context, q querier) (int, error) {
	var n int
	if l.kind == lite {
		var id, tables int
		if _, err := l.one(ctx, q, "PRAGMA application_id", nil, &id); err != nil {
			return 0, err
		}
		if _, err := l.one(ctx, q, "SELECT count(*) FROM sqlite_master", nil, &tables); err != nil {
			return 0, err
		}
		if tables == 0 {
			return 0, nil
		}
		if id != applicationID {
			return 0, fmt.Errorf("%s is an SQLite file of another program, not a ledger", l.Where())
		}
	} else {
		var there bool
		if _, err := l.one(ctx, q, "SELECT to_regclass('migrations') IS NOT NULL", nil, &there); err != nil || !there {
			return 0, err
		}
	}
	_, err := l.one(ctx, q, "SELECT coalesce(max(version), 0) FROM migrations", nil, &n)
	if err == nil && n < 1 {
		return 0, &Damage{"migrations", 0, "the ledger says of no form that it has"}
	}
	return n, err
}
