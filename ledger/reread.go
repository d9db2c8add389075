package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/sanad-project/sanad/review"
)

// Reread is what a new reading of a report changed.
type Reread struct {
	ID      string
	Title   string
	Same    bool            // the new reading says the same; it was not kept
	Changes []review.Change // from the reading before to the new one
	Lost    []review.Lost   // decisions that no longer have their evidence
	Moved   []review.Finding
}

// Outdated calls f with the ids of the reports whose reading in force was not
// made with this version and lexicon; with all, of every report.
func (l *Ledger) Outdated(ctx context.Context, m *Maker, all bool, f func(id string) error) error {
	query := "SELECT d.id FROM documents d JOIN readings g ON g.seq = d.reading WHERE g.reader <> ? OR g.lexicon <> ? ORDER BY d.report"
	args := []any{m.Version, m.Reader.Lexicon.Hash()}
	if all {
		query, args = "SELECT d.id FROM documents d ORDER BY d.report", nil
	}
	return l.explain(l.each(ctx, l.read, query, args, func(r *sql.Rows) error {
		var id string
		if err := r.Scan(&id); err != nil {
			return err
		}
		return f(id)
	}))
}

// Reread reads a report again, with what is known of it now, and keeps the new
// reading beside the old ones. Decisions are carried over; those that find no
// evidence are listed.
func (l *Ledger) Reread(ctx context.Context, m *Maker, id string) (*Reread, error) {
	x, err := l.Report(ctx, id)
	if err != nil {
		return nil, err
	}
	var text []byte
	if _, err := l.one(ctx, l.read, "SELECT text FROM reports WHERE seq = ?", []any{x.Seq}, &text); err != nil {
		return nil, l.explain(err)
	}
	body, err := l.blob(ctx, l.read, text)
	if err != nil {
		return nil, l.explain(err)
	}
	s, err := l.source(ctx, l.read, x.Seq)
	if err != nil {
		return nil, l.explain(err)
	}
	rec, err := m.Reader.Read(s.article(string(body)))
	if err != nil {
		return nil, fmt.Errorf("%s can no longer be read: %w", x.ID, err)
	}
	if rec.Document.Text != string(body) {
		return nil, errors.New(x.ID + ": the text that was read is not the one that was kept")
	}
	var r reading
	if err := m.finish(rec, x.ID, &r); err != nil {
		return nil, err
	}
	out := &Reread{ID: x.ID, Title: x.Head}
	err = l.tx(ctx, func(t *tx) error {
		before, seq, _, err := l.inForce(ctx, t, x.Seq)
		if err != nil {
			return err
		}
		var reader, lexicon string
		var hash []byte
		if _, err := l.one(ctx, t, "SELECT hash, reader, lexicon FROM readings WHERE seq = ?", []any{seq}, &hash, &reader, &lexicon); err != nil {
			return err
		}
		if string(hash) == string(r.hash[:]) {
			out.Same = true
			if reader == r.reader && lexicon == r.lexicon {
				return l.deriveAgain(ctx, t, x.Seq) // what came with it may have changed
			}
		} else {
			out.Changes = review.Diff(before, rec)
		}
		a := &adding{l: l, tx: t, ctx: ctx}
		if err := a.begin(); err != nil {
			return err
		}
		if err := a.reading(x.Seq, &r); err != nil {
			return err
		}
		if err := a.again(x.Seq); err != nil {
			return err
		}
		if err := a.end(); err != nil {
			return err
		}
		ds, err := l.decisionsOn(ctx, t, x.ID)
		if err != nil {
			return err
		}
		rev, err := reviewed(rec, ds)
		if err != nil {
			return err
		}
		out.Lost = rev.Lost
		for _, f := range rev.Findings {
			if len(f.Moved) > 0 {
				out.Moved = append(out.Moved, f)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
