package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
)

// Outlet is what links say of one outlet.
type Outlet struct {
	ID      string       `json:"outlet"`  // entity id, or the key of the name; "" for reports of which it is not known
	Name    string       `json:"name"`    // as given
	Reports int64        `json:"reports"` // of this outlet
	Relays  int64        `json:"relays"`  // of them that take words from another outlet
	Taken   int64        `json:"taken"`   // reports of others that take words from it
	From    []OutletPair `json:"from"`    // whom it takes from, the one it takes from most often first
}

// OutletPair is how one outlet relays another.
type OutletPair struct {
	ID     string `json:"outlet"` // who is relayed
	Name   string `json:"name"`
	Relays int64  `json:"relays"` // reports that take words from it
	Copies int64  `json:"copies"` // of them that are whole copies
	Cites  int64  `json:"cites"`  // that cite it in words of their own

	// How long after, where both times are known to the minute: the middle of all, and what a quarter of them lies
	// below and above.
	Timed  int64 `json:"timed"`  // relays of which it is known
	Low    int64 `json:"low"`    // seconds; these three are 0 where Timed is
	Median int64 `json:"median"` // seconds
	High   int64 `json:"high"`   // seconds

	Days *int64 `json:"days"` // the middle of the days between, where days are all that is known; else nil
}

// Outlets says who relays whom, of the reports that pass the filter: those that
// take words from others. Of Outlet, one of the two has to be one of them. Those who take most come first.
func (l *Ledger) Outlets(ctx context.Context, f Filter) ([]Outlet, error) {
	out, err := l.outlets(ctx, f)
	return out, l.explain(err)
}

func (l *Ledger) outlets(ctx context.Context, f Filter) ([]Outlet, error) {
	from, to, err := f.days()
	if err != nil {
		return nil, err
	}
	q, done, err := l.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	var n int
	if some, err := l.one(ctx, q, "SELECT 1 FROM linked LIMIT 1", nil, &n); err != nil || !some {
		if err == nil {
			err = ErrNotLinked
		}
		return nil, err
	}
	either := f.Outlet
	f.Outlet = nil
	cond, args := f.where(f.of(), -1)
	if cond != "" {
		cond = " AND " + cond
	}
	args = append([]any{from, to}, args...)
	query := `SELECT x.outlet, y.outlet, k.b, k.how, k.lag, y.day - x.day, x.first IS NOT NULL AND y.first IS NOT NULL
		FROM links k JOIN linked x ON x.report = k.a JOIN linked y ON y.report = k.b JOIN documents f ON f.report = k.b
		WHERE k.direct = 1 AND k.common = 0 AND (x.outlet <> y.outlet OR x.outlet = '') AND f.day BETWEEN ? AND ?` + cond
	if len(either) > 0 {
		in := marks(len(either))
		query += " AND (x.outlet IN (" + in + ") OR y.outlet IN (" + in + "))"
		for range 2 {
			for _, v := range either {
				args = append(args, v)
			}
		}
	}
	type pair struct {
		OutletPair
		lags, days []int64
	}
	pairs := map[[2]string]*pair{}
	relays := map[string]map[int64]bool{}
	taken := map[string]map[int64]bool{}
	names := map[string]string{}
	add := func(m map[string]map[int64]bool, outlet string, report int64) {
		if m[outlet] == nil {
			m[outlet] = map[int64]bool{}
		}
		m[outlet][report] = true
		names[outlet] = ""
	}
	err = l.each(ctx, q, query, args, func(r *sql.Rows) error {
		var a, b, how string
		var report, days int64
		var lag sql.NullInt64
		var dated bool
		if err := r.Scan(&a, &b, &report, &how, &lag, &days, &dated); err != nil {
			return err
		}
		p := pairs[[2]string{b, a}]
		if p == nil {
			p = &pair{OutletPair: OutletPair{ID: a}}
			pairs[[2]string{b, a}] = p
		}
		p.Relays++
		switch how {
		case "copy":
			p.Copies++
		case "cites":
			p.Cites++
		}
		if lag.Valid {
			p.lags = append(p.lags, lag.Int64)
		} else if dated {
			p.days = append(p.days, days)
		}
		add(relays, b, report)
		add(taken, a, report)
		return nil
	})
	if err != nil {
		return nil, err
	}
	list := map[string]*Outlet{}
	for id := range names {
		o := &Outlet{ID: id, Relays: int64(len(relays[id])), Taken: int64(len(taken[id])), From: []OutletPair{}}
		list[id] = o
		if _, err := l.one(ctx, q, "SELECT d.outlet_name FROM facets f JOIN documents d ON d.report = f.report WHERE f.facet = ? AND f.day BETWEEN ? AND ? ORDER BY f.day DESC, f.report DESC LIMIT 1", []any{"outlet:" + id, from, to}, &o.Name); err != nil {
			return nil, err
		}
		names[id] = o.Name
		only := append([]any{"outlet:" + id}, args[:len(args)-2*len(either)]...)
		if _, err := l.one(ctx, q, "SELECT count(*) FROM facets f WHERE f.facet = ? AND f.day BETWEEN ? AND ?"+cond, only, &o.Reports); err != nil {
			return nil, err
		}
	}
	for k, p := range pairs {
		p.Name = names[p.ID]
		if p.Timed = int64(len(p.lags)); p.Timed > 0 {
			slices.Sort(p.lags)
			p.Low, p.Median, p.High = quantile(p.lags, 1, 4), quantile(p.lags, 2, 4), quantile(p.lags, 3, 4)
		} else if len(p.days) > 0 {
			slices.Sort(p.days)
			d := quantile(p.days, 2, 4)
			p.Days = &d
		}
		list[k[0]].From = append(list[k[0]].From, p.OutletPair)
	}
	out := make([]Outlet, 0, len(list))
	for _, o := range list {
		slices.SortFunc(o.From, func(x, y OutletPair) int { return cmp.Or(cmp.Compare(y.Relays, x.Relays), cmp.Compare(x.ID, y.ID)) })
		out = append(out, *o)
	}
	slices.SortFunc(out, func(x, y Outlet) int {
		return cmp.Or(cmp.Compare(y.Relays, x.Relays), cmp.Compare(y.Taken, x.Taken), cmp.Compare(x.ID, y.ID))
	})
	return out, nil
}

// quantile is the value of a sorted list below which n of d parts lie: the
// lower one of two in the middle.
func quantile(list []int64, n, d int) int64 { return list[(len(list)-1)*n/d] }
