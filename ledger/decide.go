package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/sanad-project/sanad/review"
)

// Anyway as the last argument of Decide says that the person did not look at a
// state of the report first.
const Anyway = "*"

// Conflict says that somebody else decided on the report, or the incident, since
// it was looked at. Nothing was written.
type Conflict struct {
	Yours  review.Decision
	Theirs []review.Decision // since then, the oldest first
}

func (c *Conflict) Error() string {
	last, what := c.Theirs[len(c.Theirs)-1], "report"
	if last.Target.Kind == review.Incident {
		what = "incident"
	}
	return fmt.Sprintf("%s decided on this %s in the meantime (%s, %s): look at it again", last.Author, what, last.Action, last.At.Format("2006-01-02 15:04"))
}

// Decide appends a decision to the log. Of d the caller gives author, action,
// report, target, field, value and note; the rest is filled in. seen is the
// hash of the last decision on the report that the person saw, "" where there
// was none: if there is a later one, the decision is refused with a *Conflict.
func (l *Ledger) Decide(ctx context.Context, d review.Decision, seen string) (review.Decision, error) {
	err := l.tx(ctx, func(t *tx) error {
		var report int64
		if d.Report != "" {
			found, err := l.one(ctx, t, "SELECT seq FROM reports WHERE id = ?", []any{d.Report}, &report)
			if err != nil {
				return err
			}
			if !found {
				return &NotFound{ID: d.Report}
			}
			_, seq, rev, err := l.inForce(ctx, t, report)
			if err != nil {
				return err
			}
			before, err := l.decisionsOn(ctx, t, d.Report)
			if err != nil {
				return err
			}
			if seen != Anyway && seen != rev.Last {
				return &Conflict{d, since(before, seen)}
			}
			var sum []byte
			if _, err := l.one(ctx, t, "SELECT hash FROM readings WHERE seq = ?", []any{seq}, &sum); err != nil {
				return err
			}
			d.Reading = fmt.Sprintf("%x", sum)
			if err := rev.Validate(&d); err != nil {
				return err
			}
		} else {
			m, err := l.merges(ctx, t)
			if err != nil {
				return err
			}
			if err := m.Validate(&d); err != nil {
				return err
			}
		}
		if err := l.appendDecision(ctx, t, &d); err != nil {
			return err
		}
		if d.Report == "" {
			return nil
		}
		return l.deriveAgain(ctx, t, report)
	})
	return d, err
}

// since returns the decisions after the one of that hash; all where it is not
// among them.
func since(list []review.Decision, hash string) []review.Decision {
	for i := range list {
		if list[i].Hash == hash {
			return list[i+1:]
		}
	}
	return list
}

// appendDecision writes the next line of the log.
func (l *Ledger) appendDecision(ctx context.Context, t *tx, d *review.Decision) error {
	var prev string
	d.Seq = 0
	if _, err := l.one(ctx, t, "SELECT seq, hash FROM decisions ORDER BY seq DESC LIMIT 1", nil, &d.Seq, &prev); err != nil {
		return err
	}
	d.Seq++
	d.At = time.Now().UTC().Truncate(time.Millisecond)
	if err := review.Seal(prev, d); err != nil {
		return err
	}
	line, err := json.Marshal(d)
	if err != nil {
		return err
	}
	if err := t.put(ctx, "INSERT INTO decisions (seq, report, hash, line) VALUES (?, ?, ?, ?)", d.Seq, d.Report, d.Hash, string(line)); err != nil {
		return err
	}
	return l.noteCompared(ctx, t, d.Report)
}

// Log calls f on the decisions on a report, or on all where id is "", the
// oldest first.
func (l *Ledger) Log(ctx context.Context, id string, f func(review.Decision) error) error {
	query, args := "SELECT seq, line FROM decisions ORDER BY seq", []any(nil)
	if id != "" {
		query, args = "SELECT seq, line FROM decisions WHERE report = ? ORDER BY seq", []any{id}
	}
	return l.explain(l.each(ctx, l.read, query, args, func(r *sql.Rows) error {
		d, err := scanDecision(r)
		if err != nil {
			return err
		}
		return f(d)
	}))
}

// Merges returns which entities people made one.
func (l *Ledger) Merges(ctx context.Context) (*review.Merges, error) {
	m, err := l.merges(ctx, l.read)
	return m, l.explain(err)
}

func (l *Ledger) merges(ctx context.Context, q querier) (*review.Merges, error) {
	list, err := l.decisionsOn(ctx, q, "")
	return review.Entities(list), err
}
