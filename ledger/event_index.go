package ledger

import (
	"context"
	"database/sql"
	"slices"
)

// The statements that derive the tables of events from events, documents and
// arguments, those of the reports from ? to ?. They are the only ones that do: adding, deciding,
// reading again and rebuilding give the same rows, and so does the step that
// made the tables.
const (
	eventDays = `SELECT coalesce(e.first, d.day) AS day, e.report AS report, e.n AS n, CASE WHEN e.first IS NULL THEN 0 ELSE 1 END AS told, e.type AS type, e.status AS status, e.country AS country, e.place AS place, d.outlet AS outlet, e.review AS review, coalesce(e.killed_low, e.killed_high) AS dead
	FROM events e JOIN documents d ON d.report = e.report WHERE e.report BETWEEN ? AND ?`

	eventFacets = `SELECT 'type:' || type AS facet, day, report, n FROM event_days WHERE report BETWEEN ? AND ?
	UNION ALL SELECT 'status:' || status, day, report, n FROM event_days WHERE report BETWEEN ? AND ?
	UNION ALL SELECT 'country:' || country, day, report, n FROM event_days WHERE country <> '' AND report BETWEEN ? AND ?
	UNION ALL SELECT 'place:' || place, day, report, n FROM event_days WHERE place <> '' AND report BETWEEN ? AND ?
	UNION ALL SELECT 'outlet:' || outlet, day, report, n FROM event_days WHERE outlet <> '' AND report BETWEEN ? AND ?
	UNION ALL SELECT 'review:' || review, day, report, n FROM event_days WHERE review <> '' AND report BETWEEN ? AND ?
	UNION ALL SELECT DISTINCT a.role || ':' || a.entity, x.day, x.report, x.n FROM arguments a JOIN event_days x ON x.report = a.report AND x.n = a.event WHERE a.entity <> '' AND a.report BETWEEN ? AND ?`

	eventCounts = `SELECT facet, day, count(*) AS events FROM (` + eventFacets + `
	UNION ALL SELECT '', day, report, n FROM event_days WHERE report BETWEEN ? AND ?
	UNION ALL SELECT 'type:' || type || ' status:' || status, day, report, n FROM event_days WHERE report BETWEEN ? AND ?) f GROUP BY facet, day`

	eventPlaces = `SELECT place, count(*) AS events FROM event_days WHERE place <> '' AND report BETWEEN ? AND ? GROUP BY place`
)

// eventTables are the tables that these statements fill.
var eventTables = []string{"event_days", "event_facets", "event_counts", "event_places"}

// eventsForm is the form of a ledger from which on it has these tables.
const eventsForm = 6

// bounds repeats the bounds of a statement so often.
func bounds(from, to int64, times int) []any {
	args := make([]any, 0, 2*times)
	for range times {
		args = append(args, from, to)
	}
	return args
}

// How often the bounds stand in the statements.
const (
	inFacets = 7
	inCounts = inFacets + 2
)

// events puts the events of reports that were written into the tables of
// events. The numbers of new reports follow each other, so they are few spans.
func (a *adding) events() error {
	if a.plain {
		return nil
	}
	var list []int64
	for _, row := range a.rows[0] {
		list = append(list, row[0].(int64))
	}
	slices.Sort(list)
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n] == list[0]+int64(n) {
			n++
		}
		if err := a.eventsOf(list[0], list[n-1]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

func (a *adding) eventsOf(from, to int64) error {
	for _, s := range []struct {
		query string
		times int
	}{
		{"INSERT INTO event_days (day, report, n, told, type, status, country, place, outlet, review, dead) " + eventDays, 1},
		{"INSERT INTO event_facets (facet, day, report, n) " + eventFacets + " ORDER BY 1, 2, 3, 4", inFacets},
		{"INSERT INTO event_counts (facet, day, events) SELECT facet, day, events FROM (" + eventCounts + ") c WHERE true ORDER BY facet, day ON CONFLICT (facet, day) DO UPDATE SET events = event_counts.events + excluded.events", inCounts},
		{"INSERT INTO event_places (place, events) SELECT place, events FROM (" + eventPlaces + ") c WHERE true ORDER BY place ON CONFLICT (place) DO UPDATE SET events = event_places.events + excluded.events", 1},
	} {
		if err := a.put(s.query, bounds(from, to, s.times)...); err != nil {
			return err
		}
	}
	return nil
}

// dropEvents takes the events of a report out of the tables of events, while
// the tables that they were made of still have them.
func (a *adding) dropEvents(report int64) error {
	type count struct {
		key []any
		n   int64
	}
	var counts, places []count
	var facets [][]any
	err := a.tx.rows(a.ctx, eventCounts, bounds(report, report, inCounts), func(r *sql.Rows) error {
		var facet string
		var day, n int64
		err := r.Scan(&facet, &day, &n)
		counts = append(counts, count{[]any{facet, day}, n})
		return err
	})
	if err != nil {
		return err
	}
	err = a.tx.rows(a.ctx, eventPlaces, bounds(report, report, 1), func(r *sql.Rows) error {
		var place string
		var n int64
		err := r.Scan(&place, &n)
		places = append(places, count{[]any{place}, n})
		return err
	})
	if err != nil {
		return err
	}
	err = a.tx.rows(a.ctx, eventFacets, bounds(report, report, inFacets), func(r *sql.Rows) error {
		var facet string
		var day, report, n int64
		err := r.Scan(&facet, &day, &report, &n)
		facets = append(facets, []any{facet, day, report, n})
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range counts {
		if err := a.put("UPDATE event_counts SET events = events - ? WHERE facet = ? AND day = ?", append([]any{c.n}, c.key...)...); err != nil {
			return err
		}
		if err := a.put("DELETE FROM event_counts WHERE facet = ? AND day = ? AND events <= 0", c.key...); err != nil {
			return err
		}
	}
	for _, c := range places {
		if err := a.put("UPDATE event_places SET events = events - ? WHERE place = ?", append([]any{c.n}, c.key...)...); err != nil {
			return err
		}
		if err := a.put("DELETE FROM event_places WHERE place = ? AND events <= 0", c.key...); err != nil {
			return err
		}
	}
	for _, f := range facets {
		if err := a.put("DELETE FROM event_facets WHERE facet = ? AND day = ? AND report = ? AND n = ?", f...); err != nil {
			return err
		}
	}
	return a.put("DELETE FROM event_days WHERE report = ?", report)
}

// emptyEvents takes all rows of the tables of events away; plain is true where
// the ledger's form has no such tables yet.
func (l *Ledger) emptyEvents(ctx context.Context, t *tx) (plain bool, err error) {
	have, err := l.form(ctx, t)
	if err != nil || have < eventsForm {
		return true, err
	}
	for _, table := range eventTables {
		if err := l.exec(ctx, t, "DELETE FROM "+table); err != nil {
			return false, err
		}
	}
	return false, nil
}
