package ledger

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// derived compares the derived tables with rows derived anew. What it finds
// is mended by "sanad rebuild".
func (c *checker) derived() error {
	search, err := c.openIndex()
	if err != nil {
		return err
	}
	defer search.close()
	const step = 50
	last := int64(-1 << 62) // rows of reports below 1 are found, too
	for {
		var list []derivedReport
		err := c.l.each(c.ctx, c.q, "SELECT seq, id, text FROM reports WHERE seq > ? ORDER BY seq LIMIT ?", []any{last, step}, func(r *sql.Rows) error {
			var x derivedReport
			err := r.Scan(&x.seq, &x.id, &x.text)
			list = append(list, x)
			return err
		})
		if err != nil {
			return c.skip(err) // said where kept tables were read
		}
		to := int64(1 << 62)
		if len(list) == step {
			to = list[len(list)-1].seq
		}
		if err := c.part(last, to, list, search); err != nil {
			return err
		}
		if len(list) < step {
			break
		}
		last = to
	}
	if c.blind {
		return nil
	}
	for _, pass := range []func() error{c.facets, c.names, c.events, c.compared, search.rest, c.links, c.incidents} {
		if err := pass(); err != nil {
			return err
		}
	}
	return nil
}

type derivedReport struct {
	seq   int64
	id    string
	text  []byte
	known bool // its kept rows are sound
	rows  *rows
	off   bool // a finding of it was said
}

// part compares the rows of the reports after last up to to.
func (c *checker) part(last, to int64, list []derivedReport, search *indexCheck) error {
	at := map[int64]*derivedReport{}
	for i := range list {
		x := &list[i]
		at[x.seq] = x
		if c.blind || c.taint[x.seq] || c.wrong[x.seq] || c.badID[x.id] || c.badText[string(x.text)] {
			continue
		}
		if err := c.mark(); err != nil {
			return err
		}
		var err error
		var reading int64
		if x.rows, reading, err = c.anew(x.seq); err != nil {
			var d *Damage
			switch {
			case errors.As(err, &d):
				c.n.Damages++
				c.found(*d)
			case c.ctx.Err() != nil:
				return err
			default:
				c.say("documents", x.seq, "report %s cannot be derived: %v", x.id, err)
			}
			if err := c.goOn(); err != nil {
				return err
			}
			continue
		}
		x.known = true
		c.n.Derived++
		setReport(x.rows, x.seq, reading)
	}
	for i, t := range tables {
		if t.name == "facets" {
			continue
		}
		if err := c.compare(i, last, to, at); err != nil {
			return err
		}
	}
	return search.compare(list)
}

// anew derives the rows of a report.
func (c *checker) anew(report int64) (*rows, int64, error) {
	_, reading, rev, err := c.l.inForce(c.ctx, c.q, report)
	if err != nil {
		return nil, 0, err
	}
	s, err := c.l.source(c.ctx, c.q, report)
	if err != nil {
		return nil, 0, err
	}
	r, err := derive(s, rev, reading)
	return r, reading, err
}

// setReport fills in what rows have only when they are written.
func setReport(r *rows, report, reading int64) {
	at := 1 + slices.Index(tables[0].columns, "reading")
	for i, list := range r.of {
		for _, row := range list {
			row[0] = report
			if i == 0 {
				row[at] = reading
			}
		}
	}
}

// compare compares the rows of one table.
func (c *checker) compare(table int, last, to int64, at map[int64]*derivedReport) error {
	t := &tables[table]
	have := map[int64][]string{}
	err := c.mark()
	if err != nil {
		return err
	}
	err = c.l.each(c.ctx, c.q, "SELECT report, "+strings.Join(t.columns, ", ")+" FROM "+t.name+" WHERE report > ? AND report <= ?", []any{last, to}, func(r *sql.Rows) error {
		v, err := scanValues(r)
		if err != nil {
			return err
		}
		report, ok := v[0].(int64)
		if !ok {
			c.say(t.name, 0, "a row has the report %v, which is no number", v[0])
			return nil
		}
		have[report] = append(have[report], rowText(v))
		return nil
	})
	if err != nil {
		if !unreadable(err) {
			return err
		}
		c.say(t.name, max(last+1, 1), "from here on rows cannot be read: %v", err)
		return c.goOn()
	}
	var reports []int64
	for report := range have {
		reports = append(reports, report)
	}
	slices.Sort(reports)
	for _, report := range reports {
		if at[report] == nil && !c.missing(report) {
			c.say(t.name, report, "there are rows of a report that is not there")
		}
	}
	for _, report := range sortedKeys(at) {
		x := at[report]
		if !x.known {
			continue
		}
		var want []string
		for _, row := range x.rows.of[table] {
			want = append(want, rowText(row))
		}
		if why := differ(have[report], want); why != "" {
			c.say(t.name, report, "%s of report %s", why, x.id)
			x.off = true
		}
	}
	return nil
}

func sortedKeys(m map[int64]*derivedReport) []int64 {
	list := make([]int64, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// differ says how the rows that are there differ from those that should be, ""
// where they do not.
func differ(have, want []string) string {
	slices.Sort(have)
	slices.Sort(want)
	if slices.Equal(have, want) {
		return ""
	}
	lost, more := 0, 0
	for len(have) > 0 || len(want) > 0 {
		switch {
		case len(want) == 0 || len(have) > 0 && have[0] < want[0]:
			more, have = more+1, have[1:]
		case len(have) == 0 || want[0] < have[0]:
			lost, want = lost+1, want[1:]
		default:
			have, want = have[1:], want[1:]
		}
	}
	switch {
	case lost == 0:
		return fmt.Sprintf("%d rows too many", more)
	case more == 0:
		return fmt.Sprintf("%d rows are missing", lost)
	}
	return fmt.Sprintf("%d rows are not those that its reading and decisions give", max(lost, more))
}

// rowText writes the values of a row in one form, whatever database they are
// from.
func rowText(row []any) string {
	var b strings.Builder
	for _, v := range row {
		switch v := v.(type) {
		case nil:
			b.WriteByte('-')
		case int64:
			b.WriteString(strconv.FormatInt(v, 10))
		case int:
			b.WriteString(strconv.Itoa(v))
		case float64:
			b.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
		case string:
			b.WriteString(strconv.Quote(v))
		default:
			fmt.Fprintf(&b, "%T %v", v, v)
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// facets compares the list of facets that each document has with the table in
// which they are found.
func (c *checker) facets() error {
	if err := c.mark(); err != nil {
		return err
	}
	var have, want int64
	said := map[int64]bool{}
	err := c.l.each(c.ctx, c.q, "SELECT f.facet, f.day, f.report, d.day, d.facets FROM facets f LEFT JOIN documents d ON d.report = f.report", nil, func(r *sql.Rows) error {
		v, err := scanValues(r)
		if err != nil {
			return err
		}
		have++
		var facet string
		var day, report int64
		var documentDay *int64
		var list *string
		if !v.into(&facet, &day, &report, &documentDay, &list) {
			c.say("facets", 0, "a value has another type")
			return nil
		}
		if list != nil && *documentDay == day && strings.Contains("\n"+*list+"\n", "\n"+facet+"\n") {
			return nil
		}
		if !said[report] && !c.missing(report) {
			said[report] = true
			c.say("facets", report, "the report is found by %q of day %d, which is not its own", facet, day)
		}
		return nil
	})
	if err == nil {
		_, err = c.l.one(c.ctx, c.q, "SELECT coalesce(sum(1 + length(facets) - length(replace(facets, ?, ''))), 0) FROM documents WHERE facets <> ''", []any{"\n"}, &want)
	}
	if err == nil && have < want && len(said) == 0 {
		err = c.lostFacets()
	}
	if err != nil && unreadable(err) {
		c.say("facets", 0, "after %d rows no more can be read: %v", have, err)
		return c.goOn()
	}
	return err
}

// lostFacets finds the reports that lack a row of facets.
func (c *checker) lostFacets() error {
	last := int64(-1 << 62)
	for more := true; more; {
		more = false
		type document struct {
			report, day int64
			facets      string
		}
		var list []document
		err := c.l.each(c.ctx, c.q, "SELECT report, day, facets FROM documents WHERE report > ? ORDER BY report LIMIT 200", []any{last}, func(r *sql.Rows) error {
			var d document
			err := r.Scan(&d.report, &d.day, &d.facets)
			list = append(list, d)
			return err
		})
		if err != nil {
			return err
		}
		for _, d := range list {
			last, more = d.report, true
			for _, f := range strings.Split(d.facets, "\n") {
				var n int
				there, err := c.l.one(c.ctx, c.q, "SELECT 1 FROM facets WHERE facet = ? AND day = ? AND report = ?", []any{f, d.day, d.report}, &n)
				if err != nil {
					return err
				}
				if !there && f != "" {
					c.say("facets", d.report, "the report is not found by %q", f)
					break
				}
			}
		}
	}
	return nil
}

// names compares the counts of names with the entities of reports.
func (c *checker) names() error {
	if err := c.mark(); err != nil {
		return err
	}
	entities := "SELECT entity, name, name_en, type, known, count(*) FROM entities WHERE entity NOT LIKE '~%' GROUP BY entity, name, name_en, type, known"
	names := "SELECT entity, name, name_en, type, known, reports FROM names"
	said := map[[2]string]bool{}
	for _, query := range []string{entities + " EXCEPT " + names, names + " EXCEPT " + entities} {
		err := c.l.each(c.ctx, c.q, query, nil, func(r *sql.Rows) error {
			v, err := scanValues(r)
			if err != nil {
				return err
			}
			if key := [2]string{fmt.Sprint(v[0]), fmt.Sprint(v[1])}; !said[key] {
				said[key] = true
				c.say("names", 0, "how many reports have the name %q of %s is not counted rightly", key[1], key[0])
			}
			return nil
		})
		if err != nil {
			if unreadable(err) {
				c.say("names", 0, "the rows cannot be read: %v", err)
				return c.goOn()
			}
			return err
		}
	}
	return nil
}
