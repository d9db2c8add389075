package ledger

import (
	"context"
	"database/sql"
	"strings"
)

// eventRows returns what lists show of events, in the order of the keys.
func (l *Ledger) eventRows(ctx context.Context, keys []eventKey) ([]EventRow, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	type place struct{ report, n int64 }
	at := map[place]int{}
	out := make([]EventRow, len(keys))
	// The events that are wanted, as a table that the others are joined to.
	wanted := "WITH w(report, n) AS (VALUES " + strings.TrimSuffix(strings.Repeat("(CAST(? AS BIGINT), CAST(? AS BIGINT)), ", len(keys)), ", ") + ") "
	var args []any
	for i, k := range keys {
		at[place{k.report, k.n}] = i
		args = append(args, k.report, k.n)
		out[i].at = k
	}
	said := map[int]int64{}
	err := l.each(ctx, l.read, wanted+`SELECT e.report, e.n, e.id, e.type, e.mode, e.status, e.said_by, e.place, e.country, e.date, e.first, e.last, e.killed_low, e.killed_high, e.wounded_low, e.wounded_high, e.review,
		d.id, d.head, d.published, d.outlet, d.outlet_name, coalesce(x.name, ''), coalesce(x.name_en, ''), coalesce(x.type, ''), coalesce(x.precise, ''), coalesce(s.id, ''), coalesce(s.act, ''), coalesce(s.speaker, ''), coalesce(y.name, ''), coalesce(y.name_en, ''), coalesce(y.type, '')
		FROM w CROSS JOIN events e JOIN documents d ON d.report = e.report
		LEFT JOIN entities x ON x.report = e.report AND x.entity = e.place
		LEFT JOIN statements s ON s.report = e.report AND s.n = e.said_by
		LEFT JOIN entities y ON y.report = e.report AND y.entity = s.speaker
		WHERE e.report = w.report AND e.n = w.n`, args, func(r *sql.Rows) error {
		var p place
		var x EventRow
		var where, who NamedEntity
		var by, first, last, kl, kh, wl, wh sql.NullInt64
		err := r.Scan(&p.report, &p.n, &x.Event, &x.Type, &x.Mode, &x.Status, &by, &where.ID, &x.Country, &x.Date, &first, &last, &kl, &kh, &wl, &wh, &x.Review,
			&x.Report, &x.Head, &x.Published, &x.Outlet, &x.OutletName, &where.Name, &where.NameEn, &where.Type, &x.Precision, &x.SaidBy, &x.Act, &who.ID, &who.Name, &who.NameEn, &who.Type)
		if err != nil {
			return err
		}
		i := at[p]
		x.at = out[i].at
		if x.at.day != undated {
			x.Day = isoDay(x.at.day)
		}
		x.Told = first.Valid
		if last.Valid {
			x.Last = isoDay(last.Int64)
		}
		if where.ID != "" {
			x.Place = &where
		}
		if who.ID != "" {
			x.Speaker = &who
		}
		if by.Valid {
			said[i] = by.Int64
		}
		x.KilledLow, x.KilledHigh, x.WoundLow, x.WoundHigh = nullInt(kl), nullInt(kh), nullInt(wl), nullInt(wh)
		x.Actors, x.Recipients, x.Via = []NamedEntity{}, []NamedEntity{}, []NamedEntity{}
		out[i] = x
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = l.each(ctx, l.read, wanted+`SELECT a.report, a.event, a.role, a.entity, coalesce(x.name, ''), coalesce(x.name_en, ''), coalesce(x.type, '')
		FROM w CROSS JOIN arguments a LEFT JOIN entities x ON x.report = a.report AND x.entity = a.entity
		WHERE a.report = w.report AND a.event = w.n ORDER BY a.report, a.event, a.role, a.place`, args, func(r *sql.Rows) error {
		var p place
		var role string
		var x NamedEntity
		if err := r.Scan(&p.report, &p.n, &role, &x.ID, &x.Name, &x.NameEn, &x.Type); err != nil {
			return err
		}
		into := &out[at[p]].Actors
		if role == "recipient" {
			into = &out[at[p]].Recipients
		}
		for _, y := range *into {
			if y.ID == x.ID {
				return nil
			}
		}
		*into = append(*into, x)
		return nil
	})
	if err != nil || len(said) == 0 {
		return out, err
	}
	args = args[:0:0]
	of := map[place][]int{}
	for i, k := range keys {
		if n, ok := said[i]; ok {
			args = append(args, k.report, n)
			of[place{k.report, n}] = append(of[place{k.report, n}], i)
		}
	}
	wanted = "WITH w(report, n) AS (VALUES " + strings.TrimSuffix(strings.Repeat("(CAST(? AS BIGINT), CAST(? AS BIGINT)), ", len(args)/2), ", ") + ") "
	err = l.each(ctx, l.read, wanted+`SELECT DISTINCT c.report, c.statement, c.place, c.entity, coalesce(x.name, ''), coalesce(x.name_en, ''), coalesce(x.type, '')
		FROM w CROSS JOIN chain c LEFT JOIN entities x ON x.report = c.report AND x.entity = c.entity
		WHERE c.report = w.report AND c.statement = w.n ORDER BY c.report, c.statement, c.place`, args, func(r *sql.Rows) error {
		var p place
		var n int64
		var x NamedEntity
		if err := r.Scan(&p.report, &p.n, &n, &x.ID, &x.Name, &x.NameEn, &x.Type); err != nil {
			return err
		}
		for _, i := range of[p] {
			out[i].Via = append(out[i].Via, x)
		}
		return nil
	})
	return out, err
}

func nullInt(n sql.NullInt64) *int64 {
	if !n.Valid {
		return nil
	}
	return &n.Int64
}
