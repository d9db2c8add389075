package ledger

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/review"
)

// incidentRows writes the rows of incidents.
type incidentRows struct{ adding }

// insert writes rows, many to a statement.
func (w *incidentRows) insert(table, columns string, list [][]any) error {
	n := strings.Count(columns, ",") + 1
	row := "(?" + strings.Repeat(",?", n-1) + ")"
	return w.many(func(n int) string {
		return "INSERT INTO " + table + " (" + columns + ") VALUES " + row + strings.Repeat(","+row, n-1)
	}, "", list)
}

// drop takes incidents away.
func (w *incidentRows) drop(ids []string) error {
	for _, id := range ids {
		for _, q := range []string{
			"DELETE FROM incidents WHERE id = ?", "DELETE FROM incident_tables WHERE incident = ?", "DELETE FROM members WHERE incident = ?",
			"DELETE FROM incident_events WHERE incident = ?", "DELETE FROM incident_facets WHERE incident = ?",
		} {
			if err := w.adding.put(q, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// incidentColumns are those of table incidents, in the order of its rows.
const incidentColumns = "id, head, words, kinds, first, last, place, reports, origins, killed_low, killed_best, killed_high, contradictions, suggested, grade"

// put writes incidents; seqs has the numbers of their reports.
func (w *incidentRows) put(list []incident.Linked, seqs map[string]int64, judge *review.Incidents) error {
	var rows, tables, members, events, facets [][]any
	type event struct{ report, id, incident string }
	seen := map[event]bool{}
	for i := range list {
		x := &list[i]
		grade, _ := judge.Grade(tellers(x))
		row := rowOf(x, grade)
		low, best, high := any(nil), any(nil), any(nil)
		if k := row.Killed; k != nil {
			low, best, high = k.Low, k.Best, k.High
		}
		first, last := dayOf(row.First), dayOf(row.Last)
		rows = append(rows, []any{x.ID, row.Head, spell.Key(strings.ToLower(row.Head)), strings.Join(row.Kinds, " "), first, last, row.Place, int64(row.Reports), int64(row.Origins),
			low, best, high, int64(row.Contradictions), row.Suggested, row.Grade})
		data, err := json.Marshal(x)
		if err != nil {
			return err
		}
		tables = append(tables, []any{x.ID, pack(data)})
		n := int64(0)
		for _, m := range x.Members {
			members = append(members, []any{x.ID, n, seqs[m.Report], "member", int64(m.At.Start), int64(m.At.End), m.Confidence})
			n++
			for _, e := range m.Events {
				if k := (event{m.Report, e, x.ID}); !seen[k] {
					seen[k] = true
					events = append(events, []any{seqs[m.Report], storable(e), x.ID})
				}
			}
		}
		for _, a := range x.Attached {
			members = append(members, []any{x.ID, n, seqs[a.Report], a.As, int64(a.At.Start), int64(a.At.End), a.Confidence})
			n++
		}
		for _, f := range facetsOf(x, &row) {
			facets = append(facets, []any{f, first, x.ID})
		}
	}
	slices.SortFunc(facets, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	for _, t := range []struct {
		name, columns string
		rows          [][]any
	}{
		{"incidents", incidentColumns, rows}, {"incident_tables", "incident, data", tables},
		{"members", "incident, n, report, role, start, stop, confidence", members},
		{"incident_events", "report, event, incident", events}, {"incident_facets", "facet, day, incident", facets},
	} {
		if err := w.insert(t.name, t.columns, t.rows); err != nil {
			return err
		}
	}
	return nil
}

// tellers are the accounts of an incident's members, with all words of their
// acts: those by which people's decisions name them.
func tellers(x *incident.Linked) []review.Account {
	var out []review.Account
	for _, m := range x.Members {
		out = append(out, review.Account{Report: m.Report, Start: m.At.Start, End: m.At.End})
		for _, q := range m.Quotes {
			if q.End > q.Start && (q.Start != m.At.Start || q.End != m.At.End) {
				out = append(out, review.Account{Report: m.Report, Start: q.Start, End: q.End})
			}
		}
	}
	return out
}

// longest head that a list shows, in code points.
const maxHead = 300

// rowOf is what a list shows of an incident.
func rowOf(x *incident.Linked, grade string) IncidentRow {
	row := IncidentRow{ID: x.ID, Head: storable(strings.Join(strings.Fields(x.Head.Text), " ")), Kinds: x.Kinds, Place: storable(x.Where.Name), Origins: x.Table.Origins,
		Contradictions: len(x.Table.Contradictions), Suggested: x.Table.Grade, Grade: grade}
	if r := []rune(row.Head); len(r) > maxHead {
		row.Head = string(r[:maxHead]) + " …"
	}
	if !x.First.IsZero() {
		row.First, row.Last = x.First.Format(time.DateOnly), x.Last.Format(time.DateOnly)
	}
	var reports []string
	for _, m := range x.Members {
		reports = append(reports, m.Report)
	}
	slices.Sort(reports)
	row.Reports = len(slices.Compact(reports))
	for i := range x.Table.Ranges {
		if r := &x.Table.Ranges[i]; r.Field == incident.Killed && r.Of == "" {
			row.Killed = &Killed{r.Low, r.Best, r.High}
		}
	}
	return row
}

// facetsOf are what an incident can be asked for, sorted.
func facetsOf(x *incident.Linked, row *IncidentRow) []string {
	var out []string
	put := func(kind string, values ...string) {
		for _, v := range values {
			if v != "" {
				out = append(out, clip(storable(kind+":"+v)))
			}
		}
	}
	f := &x.Facets
	put("kind", f.Kinds...)
	put("place", f.Places...)
	put("country", f.Countries...)
	put("actor", f.Actors...)
	put("recipient", f.Recipients...)
	put("outlet", f.Outlets...)
	put("grade", row.Grade)
	put("suggested", row.Suggested)
	put("reports", powers(row.Reports)...)
	put("origins", powers(row.Origins)...)
	if row.Contradictions > 0 {
		put("contradicted", "yes")
	}
	slices.Sort(out)
	return slices.Compact(out)
}
