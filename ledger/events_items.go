package ledger

import (
	"context"
	"database/sql"
	"iter"

	"github.com/sanad-project/sanad/export"
	"github.com/sanad-project/sanad/record"
)

// EventItems yields the reports that have events which pass the filter, as
// exports take them, with these events alone, in the order in which the reports
// came into the ledger. They are those of one moment; one of them is in memory
// at a time.
func (l *Ledger) EventItems(ctx context.Context, f EventFilter) iter.Seq2[*export.Item, error] {
	return func(yield func(*export.Item, error) bool) {
		if err := l.eventItems(ctx, f, usualLimits, func(it *export.Item) bool { return yield(it, nil) }); err != nil {
			yield(nil, l.explain(err))
		}
	}
}

func (l *Ledger) eventItems(ctx context.Context, f EventFilter, limits eventLimits, yield func(*export.Item) bool) error {
	snap, err := l.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: l.kind == postgres, Isolation: l.isolation()})
	if err != nil {
		return err
	}
	defer snap.Rollback()
	v, err := l.eventView(ctx, snap, &f)
	if err != nil {
		return err
	}
	v.limits = limits
	lead, n, err := v.lead()
	if err != nil || n == 0 {
		return err
	}
	merges, err := l.merges(ctx, snap)
	if err != nil {
		return err
	}
	page := v.inOrder
	if lead != byAll && n <= int64(v.limits.few) {
		list, err := v.gathered(lead)
		if err != nil {
			return err
		}
		page = func(eventKey) ([]eventKey, error) {
			out := list
			list = nil
			return out, nil
		}
	}
	var at eventKey
	at.report = -1 << 62
	for {
		keys, err := page(at)
		if err != nil || len(keys) == 0 {
			return err
		}
		at = keys[len(keys)-1]
		for len(keys) > 0 {
			report, events := keys[0].report, []int{}
			for len(keys) > 0 && keys[0].report == report {
				events = append(events, int(keys[0].n))
				keys = keys[1:]
			}
			it, err := l.item(ctx, snap, report)
			if err != nil {
				return err
			}
			it.Record = onlyEvents(merged(it.Record, it.ID, merges), events)
			if it.Told, err = l.told(ctx, snap, report); err != nil {
				return err
			}
			if !yield(it) {
				return nil
			}
		}
	}
}

// gathered are all events of the leading field that pass, by report.
func (v *eventView) gathered(lead int) ([]eventKey, error) {
	led, args := v.led(lead, 0, true, nil)
	cond, more := v.rest(lead, false)
	query := "SELECT e.day, e.report, e.n, 0 FROM (" + led + ") w CROSS JOIN event_days e WHERE e.day = w.day AND e.report = w.report AND e.n = w.n"
	if cond != "" {
		query += " AND " + cond
	}
	var list []eventKey
	err := v.l.each(v.ctx, v.q, query+" ORDER BY e.report, e.n", append(args, more...), func(r *sql.Rows) error {
		k, err := scanKey(r)
		list = append(list, k)
		return err
	})
	return list, err
}

// inOrder are the next events that pass, by report: some hundred reports at a
// time, the last one whole.
func (v *eventView) inOrder(after eventKey) ([]eventKey, error) {
	const reports = 200
	cond, args := v.rest(byAll, true)
	if cond != "" {
		cond = " AND " + cond
	}
	for last := after.report; ; {
		var to int64
		_, err := v.l.one(v.ctx, v.q, "SELECT coalesce(max(report), -1) FROM (SELECT report FROM documents WHERE report > ? ORDER BY report LIMIT ?) d", []any{last, reports}, &to)
		if err != nil || to < 0 {
			return nil, err
		}
		var list []eventKey
		err = v.l.each(v.ctx, v.q, "SELECT e.day, e.report, e.n, 0 FROM event_days e WHERE e.report > ? AND e.report <= ?"+cond+" ORDER BY e.report, e.n", append([]any{last, to}, args...), func(r *sql.Rows) error {
			k, err := scanKey(r)
			list = append(list, k)
			return err
		})
		if err != nil || len(list) > 0 {
			return list, err
		}
		last = to
	}
}

// onlyEvents is a record with these of its events, by their number. The record
// that is given is left as it is.
func onlyEvents(rec *record.Record, events []int) *record.Record {
	out := *rec
	out.Events = []record.Event{}
	for _, n := range events {
		if n >= 0 && n < len(rec.Events) {
			out.Events = append(out.Events, rec.Events[n])
		}
	}
	return &out
}
