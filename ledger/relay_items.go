package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/sanad-project/sanad/export"
)

// RelayItems yields the links between reports of which the one that takes the
// words passes the filter, as exports take them, in the order in which the
// reports came into the ledger. They are those of one moment. There are none
// where reports were not linked.
func (l *Ledger) RelayItems(ctx context.Context, f Filter) iter.Seq2[*export.RelayItem, error] {
	return func(yield func(*export.RelayItem, error) bool) {
		if err := l.relayItems(ctx, f, func(x *export.RelayItem) bool { return yield(x, nil) }); err != nil {
			yield(nil, l.explain(err))
		}
	}
}

func (l *Ledger) relayItems(ctx context.Context, f Filter, yield func(*export.RelayItem) bool) error {
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
	names := map[string]string{} // of outlets and sources, "" where reports have none in English
	name := func(entity string) (string, error) {
		if n, ok := names[entity]; ok || entity == "" {
			return n, nil
		}
		var n string
		_, err := l.one(ctx, snap, "SELECT name_en FROM names WHERE entity = ? AND name_en <> '' ORDER BY reports DESC, name_en LIMIT 1", []any{entity}, &n)
		names[entity] = n
		return n, err
	}
	type row struct {
		a, b             int64
		outlet, toOutlet string // entities
		source           string
		item             export.RelayItem
	}
	const page = 500
	for a, b := int64(-1), int64(-1); ; {
		var rows []row
		err := l.each(ctx, snap, `SELECT k.a, k.b, k.common, k.direct, k.how, k.source, k.words, k.confidence, k.lag, k.data,
			g.id, g.outlet, g.outlet_name, g.published, g.title, g.url, f.id, f.outlet, f.outlet_name, f.published, f.title, f.url
			FROM links k JOIN documents g ON g.report = k.a JOIN documents f ON f.report = k.b
			WHERE (k.a > ? OR k.a = ? AND k.b > ?) AND f.day BETWEEN ? AND ?`+cond+" ORDER BY k.a, k.b LIMIT ?",
			append(append([]any{a, a, b, from, to}, args...), page), func(r *sql.Rows) error {
				var x row
				var data string
				var lag sql.NullInt64
				var words int64
				i := &x.item
				err := r.Scan(&x.a, &x.b, &i.Common, &i.Direct, &i.How, &x.source, &words, &i.Confidence, &lag, &data,
					&i.From.Report, &x.outlet, &i.From.Outlet, &i.From.Published, &i.From.Title, &i.From.URL,
					&i.To.Report, &x.toOutlet, &i.To.Outlet, &i.To.Published, &i.To.Title, &i.To.URL)
				if err != nil {
					return err
				}
				i.Words = int(words)
				if lag.Valid {
					i.Lag = &lag.Int64
				}
				var d struct{ Why []string }
				if err := json.Unmarshal([]byte(data), &d); err != nil {
					return &Damage{"links", x.a, fmt.Sprintf("the link from %s to %s cannot be read; \"sanad link --all\" makes it anew: %v", i.From.Report, i.To.Report, err)}
				}
				i.Reasons = d.Why
				rows = append(rows, x)
				return nil
			})
		if err != nil {
			return err
		}
		for i := range rows {
			x := &rows[i]
			for _, o := range [...]struct {
				entity string
				to     *string
			}{{x.outlet, &x.item.From.Outlet}, {x.toOutlet, &x.item.To.Outlet}} {
				n, err := name(o.entity)
				if err != nil {
					return err
				}
				if n != "" {
					*o.to = n
				}
			}
			x.item.Source = x.source
			if x.item.SourceEn, err = name(x.source); err != nil {
				return err
			}
			if !yield(&x.item) {
				return nil
			}
			a, b = x.a, x.b
		}
		if len(rows) < page {
			return nil
		}
	}
}
