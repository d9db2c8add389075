package ledger

import (
	"context"
	"database/sql"
	"encoding/hex"
	"iter"
	"time"

	"github.com/sanad-project/sanad/export"
)

// Items yields the reports that pass the filter, as exports take them, in the
// order in which they came into the ledger. They are those of one moment:
// what is added meanwhile is left out. One of them is in memory at a time.
func (l *Ledger) Items(ctx context.Context, f Filter) iter.Seq2[*export.Item, error] {
	return func(yield func(*export.Item, error) bool) {
		if err := l.items(ctx, f, func(it *export.Item) bool { return yield(it, nil) }); err != nil {
			yield(nil, l.explain(err))
		}
	}
}

func (l *Ledger) items(ctx context.Context, f Filter, yield func(*export.Item) bool) error {
	from, to, err := f.days()
	if err != nil {
		return err
	}
	cond, args := f.where(f.of(), -1)
	if cond != "" {
		cond = " AND " + cond
	}
	snap, err := l.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: l.kind == postgres, Isolation: l.isolation()})
	if err != nil {
		return err
	}
	defer snap.Rollback()
	merges, err := l.merges(ctx, snap)
	if err != nil {
		return err
	}
	const page = 200
	for last := int64(0); ; {
		var seqs []int64
		err := l.each(ctx, snap, "SELECT f.report FROM documents f WHERE f.report > ? AND f.day BETWEEN ? AND ?"+cond+" ORDER BY f.report LIMIT ?",
			append(append([]any{last, from, to}, args...), page), func(r *sql.Rows) error {
				var seq int64
				err := r.Scan(&seq)
				seqs = append(seqs, seq)
				return err
			})
		if err != nil {
			return err
		}
		for _, seq := range seqs {
			it, err := l.item(ctx, snap, seq)
			if err != nil {
				return err
			}
			it.Record = merged(it.Record, it.ID, merges)
			if it.Told, err = l.told(ctx, snap, seq); err != nil {
				return err
			}
			if !yield(it) {
				return nil
			}
			last = seq
		}
		if len(seqs) < page {
			return nil
		}
	}
}

// told says to which incidents the events of a report belong; nil where it was
// not linked.
func (l *Ledger) told(ctx context.Context, q querier, report int64) (map[string]export.Telling, error) {
	var out map[string]export.Telling
	err := l.each(ctx, q, "SELECT e.event, i.id, i.origins, i.reports FROM incident_events e JOIN incidents i ON i.id = e.incident WHERE e.report = ? ORDER BY e.event, i.id", []any{report}, func(r *sql.Rows) error {
		var event string
		var x export.Telling
		if err := r.Scan(&event, &x.Incident, &x.Origins, &x.Reports); err != nil {
			return err
		}
		if out == nil {
			out = map[string]export.Telling{}
		}
		if _, there := out[event]; !there {
			out[event] = x
		}
		return nil
	})
	return out, err
}

// isolation is the level at which one transaction sees one moment.
func (l *Ledger) isolation() sql.IsolationLevel {
	if l.kind == postgres {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

func (l *Ledger) item(ctx context.Context, q querier, report int64) (*export.Item, error) {
	_, reading, rev, err := l.inForce(ctx, q, report)
	if err != nil {
		return nil, err
	}
	s, err := l.source(ctx, q, report)
	if err != nil {
		return nil, err
	}
	it := &export.Item{ID: s.id, Title: rev.Record.Document.Title, OutletName: s.meta.Outlet, URL: s.url, Author: s.meta.Author, Record: rev.Record, Review: rev}
	var added int64
	var hash []byte
	_, err = l.one(ctx, q, "SELECT r.added, g.hash, g.reader, g.lexicon FROM readings g JOIN reports r ON r.seq = g.report WHERE g.seq = ?", []any{reading}, &added, &hash, &it.Reader, &it.Lexicon)
	it.Added, it.Hash = time.UnixMilli(added).UTC(), hex.EncodeToString(hash)
	return it, err
}
