package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"iter"
	"math"

	"github.com/sanad-project/sanad/export"
	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/review"
)

// IncidentItems yields the incidents that pass the filter, as exports take
// them, in the order of Incidents. They are those of one moment. One of them is
// in memory at a time, and one of its reports; of the others only the ids.
func (l *Ledger) IncidentItems(ctx context.Context, f IncidentFilter) iter.Seq2[*export.IncidentItem, error] {
	return func(yield func(*export.IncidentItem, error) bool) {
		if err := l.incidentItems(ctx, f, func(x *export.IncidentItem) bool { return yield(x, nil) }); err != nil {
			yield(nil, l.explain(err))
		}
	}
}

func (l *Ledger) incidentItems(ctx context.Context, f IncidentFilter, yield func(*export.IncidentItem) bool) error {
	days := Filter{From: f.From, To: f.To}
	from, to, err := days.days()
	if err != nil {
		return err
	}
	query, args, err := l.incidentQuery(ctx, &f, from, to, math.MaxInt32, 0)
	if err != nil {
		return err
	}
	snap, err := l.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: l.kind == postgres, Isolation: l.isolation()})
	if err != nil {
		return err
	}
	defer snap.Rollback()
	var ids []string
	err = l.each(ctx, snap, query, args, func(r *sql.Rows) error {
		x, err := scanIncident(r)
		ids = append(ids, x.ID)
		return err
	})
	if err != nil {
		return err
	}
	ds, err := l.decisionsOn(ctx, snap, "")
	if err != nil {
		return err
	}
	judge, merges := review.OnIncidents(ds), review.Entities(ds)
	for _, id := range ids {
		x, err := l.incidentItem(ctx, snap, id, judge, merges)
		if err != nil {
			return err
		}
		if !yield(x) {
			return nil
		}
	}
	return nil
}

func (l *Ledger) incidentItem(ctx context.Context, q querier, id string, judge *review.Incidents, merges *review.Merges) (*export.IncidentItem, error) {
	x := &export.IncidentItem{Linked: new(incident.Linked)}
	var data []byte
	found, err := l.one(ctx, q, "SELECT data FROM incident_tables WHERE incident = ?", []any{id}, &data)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &Damage{"incident_tables", 0, "the table of incident " + id + " is missing; \"sanad link --all\" makes it anew"}
	}
	raw, err := unpack(data)
	if err == nil {
		err = json.Unmarshal(raw, x.Linked)
	}
	if err != nil {
		return nil, &Damage{"incident_tables", 0, "the table of incident " + id + " cannot be read; \"sanad link --all\" makes it anew: " + err.Error()}
	}
	if grade, by := judge.Grade(tellers(x.Linked)); by != nil {
		x.Grade, x.GradeBy = grade, by.Author
	}
	x.Items = func(yield func(*export.Item, error) bool) {
		var seqs []int64
		err := l.each(ctx, q, "SELECT report FROM documents WHERE report IN (SELECT report FROM members WHERE incident = ?) ORDER BY CASE WHEN day = ? THEN 1 ELSE 0 END, day, report",
			[]any{id, undated}, func(r *sql.Rows) error {
				var seq int64
				err := r.Scan(&seq)
				seqs = append(seqs, seq)
				return err
			})
		if err != nil {
			yield(nil, l.explain(err))
			return
		}
		for _, seq := range seqs {
			it, err := l.item(ctx, q, seq)
			if err != nil {
				yield(nil, l.explain(err))
				return
			}
			it.Record = merged(it.Record, it.ID, merges)
			if !yield(it, nil) {
				return
			}
		}
	}
	return x, nil
}
