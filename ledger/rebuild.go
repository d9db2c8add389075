package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// deriveAgain makes the rows of one report anew.
func (l *Ledger) deriveAgain(ctx context.Context, t *tx, report int64) error {
	a := &adding{l: l, tx: t, ctx: ctx}
	if err := a.begin(); err != nil {
		return err
	}
	if err := a.again(report); err != nil {
		return err
	}
	return a.end()
}

// again takes the rows of a report away and gathers the new ones.
func (a *adding) again(report int64) error {
	old := &rows{}
	err := a.l.each(a.ctx, a.tx, "SELECT entity, name, name_en, type, known FROM entities WHERE report = ? AND entity NOT LIKE '~%'", []any{report}, func(r *sql.Rows) error {
		var n name
		err := r.Scan(&n.entity, &n.name, &n.nameEn, &n.kind, &n.known)
		old.names = append(old.names, n)
		return err
	})
	if err != nil {
		return err
	}
	a.derived(report, old, 0, -1)
	if err := a.dropFacets(report); err != nil {
		return err
	}
	if err := a.unlink(report); err != nil {
		return err
	}
	if err := a.dropEvents(report); err != nil {
		return err
	}
	for _, t := range tables {
		if t.name == "facets" {
			continue
		}
		if err := a.put("DELETE FROM "+t.name+" WHERE report = ?", report); err != nil {
			return err
		}
	}
	return a.fresh(report)
}

// dropFacets takes the facets of a report and its words away. The table of facets is kept in the
// order of facets and days, so the report's own list says which they are.
func (a *adding) dropFacets(report int64) error {
	var list string
	var day int64
	found, err := a.l.one(a.ctx, a.tx, "SELECT facets, day FROM documents WHERE report = ?", []any{report}, &list, &day)
	if err != nil || !found {
		return err
	}
	if err := a.unindex(placeOf(day, report)); err != nil {
		return err
	}
	for _, f := range strings.Split(list, "\n") {
		if err := a.put("DELETE FROM facets WHERE facet = ? AND day = ? AND report = ?", f, day, report); err != nil {
			return err
		}
	}
	return nil
}

// fresh gathers the rows of a report that has none.
func (a *adding) fresh(report int64) error {
	_, reading, rev, err := a.l.inForce(a.ctx, a.tx, report)
	if err != nil {
		return err
	}
	s, err := a.l.source(a.ctx, a.tx, report)
	if err != nil {
		return err
	}
	r, err := derive(s, rev, reading)
	if err != nil {
		return err
	}
	a.derived(report, r, reading, 1)
	return nil
}

// Rebuild empties the derived tables and makes them anew from readings and
// decisions; those of links and incidents stay empty until reports are linked
// again. progress, where it is not nil, is told how many reports are done.
func (l *Ledger) Rebuild(ctx context.Context, progress func(done, of int64)) error {
	return l.tx(ctx, func(t *tx) error { return l.rebuild(ctx, t, progress) })
}

func (l *Ledger) rebuild(ctx context.Context, t *tx, progress func(done, of int64)) error {
	for _, x := range tables {
		if err := l.exec(ctx, t, "DELETE FROM "+x.name); err != nil {
			return err
		}
	}
	if err := l.exec(ctx, t, "DELETE FROM names"); err != nil {
		return err
	}
	if err := l.emptyLinks(ctx, t); err != nil {
		return err
	}
	if err := l.emptyIndex(ctx, t); err != nil {
		return err
	}
	plain, err := l.emptyEvents(ctx, t)
	if err != nil {
		return err
	}
	if err := l.compareAll(ctx, t); err != nil {
		return err
	}
	var last int64
	if _, err := l.one(ctx, t, "SELECT coalesce(max(seq), 0) FROM reports", nil, &last); err != nil {
		return err
	}
	const step = 200
	for from := int64(1); from <= last; from += step {
		a := &adding{l: l, tx: t, ctx: ctx, plain: plain}
		if err := a.begin(); err != nil {
			return err
		}
		for report := from; report < from+step && report <= last; report++ {
			if err := a.fresh(report); err != nil {
				return fmt.Errorf("report %d: %w", report, err)
			}
		}
		if err := a.end(); err != nil {
			return err
		}
		if progress != nil {
			progress(min(from+step-1, last), last)
		}
	}
	return nil
}
