package ledger

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/sanad-project/sanad/relay"
)

// signing is how many reports are signed in one transaction.
const signing = 400

// stamp says of which state of a report something was made: another reading
// or another decision make another one.
type stamp struct{ reading, decided int64 }

// toLink is a report as package relay compares it.
type toLink struct {
	relay.Doc
	stamp stamp
	day   int64 // of publication, or of coming in
}

// toLink reads a report from the ledger. What is not of one moment, because the
// report changed meanwhile, has a stamp that is no longer true when the stamp is checked.
func (l *Ledger) toLink(ctx context.Context, q querier, report int64) (*toLink, error) {
	var d toLink
	var added int64
	if _, err := l.one(ctx, q, "SELECT r.id, r.added, coalesce((SELECT max(d.seq) FROM decisions d WHERE d.report = r.id), 0) FROM reports r WHERE r.seq = ?", []any{report}, &d.ID, &added, &d.stamp.decided); err != nil {
		return nil, err
	}
	s, err := l.source(ctx, q, report)
	if err != nil {
		return nil, err
	}
	_, reading, rev, err := l.inForce(ctx, q, report)
	if err != nil {
		return nil, err
	}
	rec := rev.Record
	d.stamp.reading = reading
	d.Outlet, d.Name, d.Record = clip(storable(s.outlet)), s.meta.Outlet, rec
	d.Added = cameIn(report)
	// The spans of the record are places in the text as it is kept.
	d.Title, d.Text = rec.Document.Title, ""
	text, ok := strings.CutPrefix(rec.Document.Text, d.Title+"\n")
	if d.Text = text; !ok || d.Title == "" {
		d.Title, d.Text = "", rec.Document.Text
	}
	if d.Published, err = relay.ParseMoment(s.meta.Published); err != nil || !d.Published.Known() {
		d.Published, _ = relay.ParseMoment(optString(rec.Document.Published))
	}
	d.day = added / 86_400_000
	if day := dayOf(optString(rec.Document.Published)); day != undated {
		d.day = day
	}
	return &d, nil
}

// cameIn stands for the time at which a report came in: many come in one
// millisecond, and what counts is their order.
func cameIn(report int64) time.Time { return time.Unix(report, 0).UTC() }

// stampNow is the stamp of a report as the transaction sees it.
func (l *Ledger) stampNow(ctx context.Context, t *tx, report int64) (s stamp, err error) {
	err = t.rows(ctx, "SELECT (SELECT coalesce(max(g.seq), 0) FROM readings g WHERE g.report = r.seq), (SELECT coalesce(max(d.seq), 0) FROM decisions d WHERE d.report = r.id) FROM reports r WHERE r.seq = ?",
		[]any{report}, func(r *sql.Rows) error { return r.Scan(&s.reading, &s.decided) })
	return s, err
}

// errOtherRules says that another version of Sanad, or one with another
// lexicon, links the same ledger at the same time.
var errOtherRules = errors.New("the ledger is being linked by another version of Sanad, or with another lexicon: wait for it to end, and link again")

// sign makes the signatures that are missing.
func (l *Ledger) sign(ctx context.Context, lk *Linker, opt *LinkOptions, out *Linked) error {
	var of, have, done int64
	if _, err := l.one(ctx, l.read, "SELECT count(*) FROM reports", nil, &of); err != nil {
		return err
	}
	if _, err := l.one(ctx, l.read, "SELECT count(*) FROM linked", nil, &have); err != nil {
		return err
	}
	of = max(of-have, 0)
	var last int64
	for {
		var reports []int64
		err := l.each(ctx, l.read, "SELECT r.seq FROM reports r LEFT JOIN linked k ON k.report = r.seq WHERE r.seq > ? AND k.report IS NULL ORDER BY r.seq LIMIT ?", []any{last, signing}, func(r *sql.Rows) error {
			err := r.Scan(&last)
			reports = append(reports, last)
			return err
		})
		if err != nil || len(reports) == 0 {
			return err
		}
		docs := make([]*toLink, len(reports))
		data := make([][]byte, len(reports))
		err = together(ctx, len(reports), func(i int) error {
			d, err := l.toLink(ctx, l.read, reports[i])
			if err != nil {
				return err
			}
			s := lk.Relay.Sign(&d.Doc)
			data[i], err = s.MarshalBinary()
			d.Record, d.Text = nil, ""
			docs[i] = d
			return err
		})
		if err != nil {
			return err
		}
		err = l.tx(ctx, func(t *tx) error { return l.putSigned(ctx, t, lk, reports, docs, data, out) })
		if err != nil {
			return err
		}
		done += int64(len(reports))
		opt.progress("signing", done, max(of, done))
	}
}

// putSigned writes signatures. What changed since it was read is left for the next time.
func (l *Ledger) putSigned(ctx context.Context, t *tx, lk *Linker, reports []int64, docs []*toLink, data [][]byte, out *Linked) error {
	if rules, err := l.note(ctx, t, "rules"); err != nil || rules != lk.rules {
		if err == nil {
			err = errOtherRules
		}
		return err
	}
	when, err := l.tick(ctx, t)
	if err != nil {
		return err
	}
	for i, report := range reports {
		d := docs[i]
		now, err := l.stampNow(ctx, t, report)
		if err != nil {
			return err
		}
		have := stamp{}
		err = t.rows(ctx, "SELECT reading, decided FROM linked WHERE report = ?", []any{report}, func(r *sql.Rows) error { return r.Scan(&have.reading, &have.decided) })
		if err != nil {
			return err
		}
		if now != d.stamp || have == now { // another process signed it
			continue
		}
		if err := l.cutLinks(ctx, t, report); err != nil {
			return err
		}
		if err := t.put(ctx, "INSERT INTO signatures (report, data) VALUES (?, ?) ON CONFLICT (report) DO UPDATE SET data = excluded.data", report, data[i]); err != nil {
			return err
		}
		if err := t.put(ctx, "DELETE FROM linked WHERE report = ?", report); err != nil {
			return err
		}
		var first, last any
		if p := d.Published; p.Known() {
			first, last = p.From.Unix(), p.To.Unix()
		}
		err = t.put(ctx, `INSERT INTO linked (report, day, reading, decided, outlet, first, last, state, changed) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)`,
			report, d.day, d.stamp.reading, d.stamp.decided, d.Outlet, first, last, when)
		if err != nil {
			return err
		}
		out.Signed++
	}
	return nil
}

// cutLinks takes the links of a report away. The steps round the reports that it was
// linked with are to be sorted anew.
func (l *Ledger) cutLinks(ctx context.Context, t *tx, report int64) error {
	var others []int64
	err := t.rows(ctx, "SELECT b FROM links WHERE a = ? UNION SELECT a FROM links WHERE b = ?", []any{report, report}, func(r *sql.Rows) error {
		var n int64
		err := r.Scan(&n)
		others = append(others, n)
		return err
	})
	if err != nil || len(others) == 0 {
		return err
	}
	for _, n := range others {
		if err := t.put(ctx, "UPDATE linked SET state = 1 WHERE report = ? AND state = 2", n); err != nil {
			return err
		}
	}
	if err := t.put(ctx, "DELETE FROM links WHERE a = ?", report); err != nil {
		return err
	}
	return t.put(ctx, "DELETE FROM links WHERE b = ?", report)
}
