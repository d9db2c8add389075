package ledger

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/review"
)

// incidents checks what can be told of incidents without grouping anew: that
// sketches can be read and stand where they should, that all rows are of reports
// and incidents that are there, and that what lists show of an incident is what
// its table and people's grades give. What it finds is mended by "sanad link --all".
func (c *checker) incidents() error {
	for _, pass := range []func() error{c.sketches, c.incidentTables, c.incidentRows} {
		if err := c.mark(); err != nil {
			return err
		}
		if err := pass(); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf calls f on each row of a query on a table of incidents.
func (c *checker) rowsOf(table, query string, f func(values) error) error {
	err := c.l.each(c.ctx, c.q, query, nil, func(r *sql.Rows) error {
		v, err := scanValues(r)
		if err != nil {
			return err
		}
		return f(v)
	})
	if err == nil || !unreadable(err) {
		return err
	}
	c.say(table, 0, "the rows cannot be read: %v", err)
	return c.goOn()
}

func (c *checker) sketches() error {
	at := map[int64][]int64{}
	err := c.rowsOf("sketch_stretches", "SELECT report, stretch FROM sketch_stretches ORDER BY report, stretch", func(v values) error {
		var report, stretch int64
		if !v.into(&report, &stretch) {
			c.say("sketch_stretches", 0, "a value has another type")
			return nil
		}
		at[report] = append(at[report], stretch)
		return nil
	})
	if err != nil {
		return err
	}
	if err := c.mark(); err != nil {
		return err
	}
	return c.rowsOf("sketches", "SELECT k.report, coalesce(r.id, ''), k.data FROM sketches k LEFT JOIN reports r ON r.seq = k.report ORDER BY k.report", func(v values) error {
		var report int64
		var id string
		var data any
		if !v.into(&report, &id, &data) {
			c.say("sketches", report, "a value has another type")
			return nil
		}
		var s incident.Sketch
		raw, _ := data.([]byte)
		switch err := s.UnmarshalBinary(raw); {
		case id == "":
			if !c.missing(report) {
				c.say("sketches", report, "there is a sketch of a report that is not there")
			}
		case err != nil:
			c.say("sketches", report, "the sketch cannot be read: %v", err)
		case s.Report != id && !c.badID[id]:
			c.say("sketches", report, "the sketch is one of report %s, not of %s", s.Report, id)
		case !slices.Equal(at[report], s.Stretches()):
			c.say("sketch_stretches", report, "the stretches of report %s are not those of its sketch", id)
		}
		return nil
	})
}

// incidentTables checks that nothing hangs in the air: each row is of an
// incident and of a report.
func (c *checker) incidentTables() error {
	for _, x := range [...]struct{ table, column string }{{"incident_tables", "incident"}, {"members", "incident"}, {"incident_events", "incident"}, {"incident_facets", "incident"}} {
		if err := c.mark(); err != nil {
			return err
		}
		err := c.rowsOf(x.table, "SELECT DISTINCT x."+x.column+" FROM "+x.table+" x LEFT JOIN incidents i ON i.id = x."+x.column+" WHERE i.id IS NULL ORDER BY 1", func(v values) error {
			c.say(x.table, 0, "there are rows of an incident that is not there (%v)", v[0])
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, table := range [...]string{"members", "incident_events"} {
		if err := c.mark(); err != nil {
			return err
		}
		err := c.rowsOf(table, "SELECT DISTINCT x.report FROM "+table+" x LEFT JOIN reports r ON r.seq = x.report WHERE r.seq IS NULL ORDER BY 1", func(v values) error {
			var report int64
			if !v.into(&report) || !c.missing(report) {
				c.say(table, report, "there are rows of a report that is not there")
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// incidentRows compares what stands in columns with the table of each incident.
func (c *checker) incidentRows() error {
	ds, err := c.l.decisionsOn(c.ctx, c.q, "")
	if err != nil {
		return nil // the log was checked before
	}
	judge := review.OnIncidents(ds)
	var list []IncidentRow
	err = c.l.each(c.ctx, c.q, "SELECT "+rowColumns+" FROM incidents i ORDER BY i.id", nil, func(r *sql.Rows) error {
		x, err := scanIncident(r)
		list = append(list, x)
		return err
	})
	if err != nil {
		if !unreadable(err) && !strings.Contains(err.Error(), "converting") {
			return err
		}
		c.say("incidents", 0, "the rows cannot be read: %v", err)
		return c.goOn()
	}
	for i := range list {
		if err := c.mark(); err != nil {
			return err
		}
		if why, err := c.oneIncident(&list[i], judge); err != nil {
			if !unreadable(err) {
				return err
			}
			c.say("incident_tables", 0, "the rows of incident %s cannot be read: %v", list[i].ID, err)
			if err := c.goOn(); err != nil {
				return err
			}
		} else if why != "" {
			c.say("incidents", 0, "incident %s: %s", list[i].ID, why)
		}
	}
	return nil
}

// oneIncident says what is wrong with the rows of an incident, "" where
// nothing is.
func (c *checker) oneIncident(row *IncidentRow, judge *review.Incidents) (string, error) {
	var data []byte
	if found, err := c.l.one(c.ctx, c.q, "SELECT data FROM incident_tables WHERE incident = ?", []any{row.ID}, &data); err != nil || !found {
		return "its table is missing", err
	}
	var x incident.Linked
	raw, err := unpack(data)
	if err == nil {
		err = json.Unmarshal(raw, &x)
	}
	if err != nil {
		return fmt.Sprintf("its table cannot be read: %v", err), nil
	}
	grade, _ := judge.Grade(tellers(&x))
	want := rowOf(&x, grade)
	if len(want.Kinds) == 0 {
		want.Kinds = row.Kinds
	}
	if !reflect.DeepEqual(want, *row) {
		return "its row is not what its table gives", nil
	}
	var facets []string
	err = c.l.each(c.ctx, c.q, "SELECT facet FROM incident_facets WHERE incident = ? AND day = ?", []any{row.ID, dayOf(row.First)}, func(r *sql.Rows) error {
		var f string
		err := r.Scan(&f)
		facets = append(facets, f)
		return err
	})
	if err != nil {
		return "", err
	}
	slices.Sort(facets)
	if !slices.Equal(facets, facetsOf(&x, row)) {
		return "it cannot be asked for by what its table gives", nil
	}
	var members, named []string
	err = c.l.each(c.ctx, c.q, "SELECT r.id, m.role, m.start, m.stop FROM members m JOIN reports r ON r.seq = m.report WHERE m.incident = ? ORDER BY m.n", []any{row.ID}, func(r *sql.Rows) error {
		var id, role string
		var start, stop int
		err := r.Scan(&id, &role, &start, &stop)
		members = append(members, fmt.Sprint(id, role, start, stop))
		return err
	})
	for _, m := range x.Members {
		named = append(named, fmt.Sprint(m.Report, "member", m.At.Start, m.At.End))
	}
	for _, a := range x.Attached {
		named = append(named, fmt.Sprint(a.Report, a.As, a.At.Start, a.At.End))
	}
	if err == nil && !slices.Equal(members, named) {
		return "its members are not those of its table", nil
	}
	return "", err
}
