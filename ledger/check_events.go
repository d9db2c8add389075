package ledger

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
)

// events compares the tables of events with rows derived anew from events,
// documents and arguments, which are checked before. What it finds is mended by
// "sanad rebuild".
func (c *checker) events() error {
	if c.n.Damages > 0 { // it may follow from that; what mends the one mends the other
		return nil
	}
	const step = 200
	var last, facets int64
	if _, err := c.l.one(c.ctx, c.q, "SELECT coalesce(max(report), 0) FROM documents", nil, &last); err != nil {
		return c.unread("documents", err)
	}
	for at := int64(0); at <= last; at += step {
		from, to := at, at+step-1
		if at == 0 {
			from = -1 << 60 // rows of reports below 1 are found, too
		}
		if to >= last {
			to = 1 << 60
		}
		if err := c.mark(); err != nil {
			return err
		}
		want, have := map[int64][]string{}, map[int64][]string{}
		err := c.byReport(want, "SELECT report, day, n, told, type, status, country, place, outlet, review, dead FROM ("+eventDays+") x", from, to)
		if err == nil {
			err = c.byReport(have, "SELECT report, day, n, told, type, status, country, place, outlet, review, dead FROM event_days WHERE report BETWEEN ? AND ?", from, to)
		}
		if err != nil {
			if err := c.unread("event_days", err); err != nil {
				return err
			}
			continue
		}
		off := false
		for _, report := range reportsOf(want, have) {
			if why := differ(have[report], want[report]); why != "" && !c.missing(report) {
				off = true
				c.say("event_days", report, "%s", why)
			}
		}
		if off { // the others follow from it
			continue
		}
		lost := map[int64]bool{}
		err = c.l.each(c.ctx, c.q, "SELECT w.report, CASE WHEN f.n IS NULL THEN 0 ELSE 1 END FROM ("+eventFacets+") w LEFT JOIN event_facets f ON f.facet = w.facet AND f.day = w.day AND f.report = w.report AND f.n = w.n", bounds(from, to, inFacets), func(r *sql.Rows) error {
			var report, there int64
			err := r.Scan(&report, &there)
			facets++
			if there == 0 && !lost[report] {
				lost[report] = true
				c.say("event_facets", report, "an event of the report is not found by what it has")
			}
			return err
		})
		if err := c.unread("event_facets", err); err != nil {
			return err
		}
	}
	return c.eventSums(facets)
}

// byReport gathers rows by their first column.
func (c *checker) byReport(into map[int64][]string, query string, from, to int64) error {
	return c.l.each(c.ctx, c.q, query, []any{from, to}, func(r *sql.Rows) error {
		v, err := scanValues(r)
		if err != nil {
			return err
		}
		report, ok := v[0].(int64)
		if !ok {
			return fmt.Errorf("a row has the report %v, which is no number", v[0])
		}
		into[report] = append(into[report], rowText(v))
		return nil
	})
}

// reportsOf are the reports that one of the two has rows of, in order.
func reportsOf(a, b map[int64][]string) []int64 {
	list := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(list)
	return slices.Compact(list)
}

// eventSums compares the numbers of rows and the sums.
func (c *checker) eventSums(facets int64) error {
	if c.n.Damages > 0 {
		return nil
	}
	if err := c.mark(); err != nil {
		return err
	}
	var have int64
	if _, err := c.l.one(c.ctx, c.q, "SELECT count(*) FROM event_facets", nil, &have); err != nil {
		return c.unread("event_facets", err)
	}
	if have > facets {
		c.say("event_facets", 0, "%d rows too many", have-facets)
		return nil
	}
	if have != facets {
		return nil
	}
	const counted = "SELECT facet, day, count(*) FROM event_facets GROUP BY facet, day UNION ALL SELECT '', day, count(*) FROM event_days GROUP BY day UNION ALL SELECT 'type:' || type || ' status:' || status, day, count(*) FROM event_days GROUP BY type, status, day"
	for _, x := range [...]struct{ table, want, have string }{
		{"event_counts", "SELECT * FROM (" + counted + ") x", "SELECT facet, day, events FROM event_counts"},
		{"event_places", "SELECT place, count(*) FROM event_days WHERE place <> '' GROUP BY place", "SELECT place, events FROM event_places"},
	} {
		var n int64
		_, err := c.l.one(c.ctx, c.q, "SELECT count(*) FROM ("+x.want+" EXCEPT "+x.have+") x", nil, &n)
		if err == nil && n == 0 {
			_, err = c.l.one(c.ctx, c.q, "SELECT count(*) FROM ("+x.have+" EXCEPT "+x.want+") x", nil, &n)
		}
		if err != nil {
			return c.unread(x.table, err)
		}
		if n > 0 {
			c.say(x.table, 0, "%d rows are not the sums of the events", n)
		}
	}
	return nil
}
