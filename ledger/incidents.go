package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/review"
)

// Killed is how many an incident killed, as UCDP means it: the least and the most
// that any origin gives, and what most origins give.
type Killed struct {
	Low  int64 `json:"low"`
	Best int64 `json:"best"`
	High int64 `json:"high"`
}

// IncidentRow is one incident, as lists show it.
type IncidentRow struct {
	ID             string   `json:"id"`
	Head           string   `json:"head"`  // the clearest words for it
	Kinds          []string `json:"kinds"` // the commonest first
	First          string   `json:"first"` // ISO days on which it was, "" where unknown
	Last           string   `json:"last"`
	Place          string   `json:"place"`   // as most origins have it; "" where none says it
	Reports        int      `json:"reports"` // that tell of it; those attached do not count
	Origins        int      `json:"origins"` // independent ones among them
	Killed         *Killed  `json:"killed,omitempty"`
	Contradictions int      `json:"contradictions"`
	Suggested      string   `json:"suggested_grade"`
	Grade          string   `json:"grade"` // that a person gave; "" where nobody did
}

// IncidentFilter chooses incidents. All that is set has to hold; of several
// values of one field one has to.
type IncidentFilter struct {
	From, To     string   // ISO days: it may have been on one of these or between them
	Kind         []string // violence, …: incident/data/kinds.txt has them
	Place        []string // entity ids, or "country:IQ"
	Actor        []string // entity ids
	Recipient    []string // entity ids
	Outlet       []string // entity ids or keys of names: of a report that tells of it
	Grade        []string // that a person gave
	Suggested    []string // that the rule gives
	MinReports   int
	MinOrigins   int
	Contradicted bool   // reports say what cannot both be true
	Report       string // id of a report that is a member, or attached
	Head         string // words that its head has, in any spelling
}

// asked are the facets of a filter, those of one field together.
func (f *IncidentFilter) asked() []asked {
	var list []asked
	add := func(kind string, values []string) {
		var a asked
		for _, v := range values {
			if c, ok := strings.CutPrefix(v, "country:"); ok && kind == "place" {
				a.facets = append(a.facets, "country:"+c)
				continue
			}
			if _, id, local := strings.Cut(v, "/"); local { // an entity of one report
				v = id
			}
			a.facets = append(a.facets, clip(storable(kind+":"+v)))
		}
		if len(a.facets) > 0 {
			list = append(list, a)
		}
	}
	add("kind", f.Kind)
	add("place", f.Place)
	add("actor", f.Actor)
	add("recipient", f.Recipient)
	add("outlet", f.Outlet)
	add("grade", f.Grade)
	add("suggested", f.Suggested)
	for _, least := range []struct {
		kind string
		n    int
	}{{"reports", f.MinReports}, {"origins", f.MinOrigins}} {
		if n := powers(least.n); len(n) > 0 {
			add(least.kind, n[len(n)-1:])
		}
	}
	if f.Contradicted {
		add("contradicted", []string{"yes"})
	}
	return list
}

// powers are the powers of two from 2 to n: an incident of eleven reports can be
// asked for as one of 2, 4 and 8, so that those of ten or more are sought among few.
func powers(n int) []string {
	var out []string
	for k := 2; k <= min(n, 1<<20); k *= 2 {
		out = append(out, strconv.Itoa(k))
	}
	return out
}

// where writes the conditions on incidents i that are no facets.
func (f *IncidentFilter) where() (cond []string, args []any) {
	if f.MinReports > 0 {
		cond, args = append(cond, "i.reports >= ?"), append(args, int64(f.MinReports))
	}
	if f.MinOrigins > 0 {
		cond, args = append(cond, "i.origins >= ?"), append(args, int64(f.MinOrigins))
	}
	if f.Contradicted {
		cond = append(cond, "i.contradictions > 0")
	}
	if f.Report != "" {
		cond, args = append(cond, "i.id IN (SELECT m.incident FROM members m JOIN reports r ON r.seq = m.report WHERE r.id = ?)"), append(args, storable(f.Report))
	}
	if key := spell.Key(strings.ToLower(storable(f.Head))); key != "" {
		cond, args = append(cond, `i.words LIKE ? ESCAPE '\'`), append(args, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(key)+"%")
	}
	return cond, args
}

// Incidents returns the incidents that pass the filter, the latest first, those
// of no known day last. There are none where reports were not linked (see
// LinkedYet).
func (l *Ledger) Incidents(ctx context.Context, f IncidentFilter, limit, offset int) ([]IncidentRow, error) {
	days := Filter{From: f.From, To: f.To}
	from, to, err := days.days()
	if err != nil {
		return nil, err
	}
	query, args, err := l.incidentQuery(ctx, &f, from, to, limit, offset)
	if err != nil {
		return nil, l.explain(err)
	}
	var list []IncidentRow
	err = l.each(ctx, l.read, query, args, func(r *sql.Rows) error {
		x, err := scanIncident(r)
		list = append(list, x)
		return err
	})
	return list, l.explain(err)
}

// longest is how many days may lie between the first and the last day of an
// incident: package incident takes no date that is wider for that of an act.
const longest = 62

// incidentQuery leads with the rarest facet that is asked for: its incidents
// are walked in the order of days, and the rest is looked up for each.
func (l *Ledger) incidentQuery(ctx context.Context, f *IncidentFilter, from, to int64, limit, offset int) (string, []any, error) {
	list := f.asked()
	cond, args := f.where()
	if f.From != "" { // what may have been on any day of a month is sought from its first on
		cond, args = append(cond, "i.last >= ?"), append(args, from)
		from -= longest
	}
	if len(list) == 0 || f.Report != "" { // a report is in few
		cond, args = append([]string{"i.first BETWEEN ? AND ?"}, cond...), append([]any{from, to}, args...)
		for _, a := range list {
			cond = append(cond, "EXISTS (SELECT 1 FROM incident_facets x WHERE x.facet IN ("+marks(len(a.facets))+") AND x.day = i.first AND x.incident = i.id)")
			for _, v := range a.facets {
				args = append(args, v)
			}
		}
		return "SELECT " + rowColumns + " FROM incidents i WHERE " + strings.Join(cond, " AND ") + " ORDER BY i.first DESC, i.id DESC LIMIT ? OFFSET ?", append(args, limit, offset), nil
	}
	lead, err := l.rarestOf(ctx, "incident_facets", list, from, to)
	if err != nil {
		return "", nil, err
	}
	walked := "incident_facets f"
	if len(cond) > 0 {
		walked += " JOIN incidents i ON i.id = f.incident"
	}
	for k, a := range list {
		if k == lead {
			continue
		}
		cond = append(cond, "EXISTS (SELECT 1 FROM incident_facets x WHERE x.facet IN ("+marks(len(a.facets))+") AND x.day = f.day AND x.incident = f.incident)")
		for _, v := range a.facets {
			args = append(args, v)
		}
	}
	more := ""
	if len(cond) > 0 {
		more = " AND " + strings.Join(cond, " AND ")
	}
	var parts []string
	var all []any
	for _, facet := range list[lead].facets {
		parts = append(parts, "SELECT * FROM (SELECT f.day AS day, f.incident AS incident FROM "+walked+" WHERE f.facet = ? AND f.day BETWEEN ? AND ?"+more+" ORDER BY f.day DESC, f.incident DESC LIMIT ?) p")
		all = append(append(append(all, facet, from, to), args...), limit+offset)
	}
	return "SELECT " + rowColumns + " FROM (SELECT day, incident FROM (" + strings.Join(parts, " UNION ") + ") u ORDER BY day DESC, incident DESC LIMIT ? OFFSET ?) v JOIN incidents i ON i.id = v.incident ORDER BY i.first DESC, i.id DESC", append(all, limit, offset), nil
}

const rowColumns = "i.id, i.head, i.kinds, i.first, i.last, i.place, i.reports, i.origins, i.killed_low, i.killed_best, i.killed_high, i.contradictions, i.suggested, i.grade"

func scanIncident(r *sql.Rows) (IncidentRow, error) {
	var x IncidentRow
	var kinds string
	var first, last int64
	var low, best, high sql.NullInt64
	err := r.Scan(&x.ID, &x.Head, &kinds, &first, &last, &x.Place, &x.Reports, &x.Origins, &low, &best, &high, &x.Contradictions, &x.Suggested, &x.Grade)
	x.Kinds = strings.Fields(kinds)
	if first != undated {
		x.First, x.Last = isoDay(first), isoDay(last)
	}
	if best.Valid {
		x.Killed = &Killed{low.Int64, best.Int64, high.Int64}
	}
	return x, err
}

func isoDay(n int64) string { return time.Unix(n*86400, 0).UTC().Format(time.DateOnly) }

// LinkedYet reports whether reports of this ledger were ever linked.
func (l *Ledger) LinkedYet(ctx context.Context) (bool, error) {
	note, err := l.linkingNote(ctx, l.read, "anew")
	return note != "", l.explain(err)
}

// NoIncident says that there is no such incident.
type NoIncident struct {
	ID   string
	Many []string // incidents whose ids all begin so
}

func (e *NoIncident) Error() string {
	if len(e.Many) > 0 {
		return fmt.Sprintf("%d incidents begin with %q: give more of the id (%s)", len(e.Many), e.ID, strings.Join(e.Many[:min(len(e.Many), 4)], ", "))
	}
	return fmt.Sprintf("there is no incident %q in the ledger", e.ID)
}

// IncidentFull is one incident with all that is held of it.
type IncidentFull struct {
	IncidentRow
	Linked incident.Linked   // members, what is attached, and the table
	Of     map[string]Report // the reports that tell of it or are attached, by id
	Graded *review.Decision  // who graded it; nil where nobody did
	Notes  []review.Decision // remarks that count, the oldest first
	Log    []review.Decision // all decisions about its accounts, the oldest first
	Seen   string            // hash of the last of them, "" where there is none: what OnIncident wants to be given
}

// Incident returns the incident of an id, or of the beginning of one, four
// characters at least, that only one incident has.
func (l *Ledger) Incident(ctx context.Context, id string) (*IncidentFull, error) {
	x, err := l.incident(ctx, l.read, id)
	return x, l.explain(err)
}

func (l *Ledger) incident(ctx context.Context, q querier, id string) (*IncidentFull, error) {
	id = strings.ToLower(strings.TrimSpace(id))
	if len(id) < 4 || strings.Trim(id, "0123456789abcdef") != "" {
		return nil, &NoIncident{ID: id}
	}
	var list []IncidentRow
	err := l.each(ctx, q, "SELECT "+rowColumns+" FROM incidents i WHERE i.id >= ? AND i.id < ? ORDER BY i.id LIMIT 10", []any{id, id + "g"}, func(r *sql.Rows) error {
		x, err := scanIncident(r)
		list = append(list, x)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, &NoIncident{ID: id}
	}
	if len(list) > 1 && list[0].ID != id {
		e := &NoIncident{ID: id}
		for _, x := range list {
			e.Many = append(e.Many, x.ID)
		}
		return nil, e
	}
	x := &IncidentFull{IncidentRow: list[0]}
	return x, l.fillIncident(ctx, q, x)
}

func (l *Ledger) fillIncident(ctx context.Context, q querier, x *IncidentFull) error {
	var data []byte
	id := x.IncidentRow.ID
	found, err := l.one(ctx, q, "SELECT data FROM incident_tables WHERE incident = ?", []any{id}, &data)
	if err != nil {
		return err
	}
	if !found {
		return &Damage{"incident_tables", 0, "the table of incident " + id + " is missing; \"sanad link --all\" makes it anew"}
	}
	raw, err := unpack(data)
	if err == nil {
		err = json.Unmarshal(raw, &x.Linked)
	}
	if err != nil {
		return &Damage{"incident_tables", 0, "the table of incident " + id + " cannot be read; \"sanad link --all\" makes it anew: " + err.Error()}
	}
	x.Of = map[string]Report{}
	err = l.each(ctx, q, "SELECT "+reportColumns+" FROM documents d WHERE d.report IN (SELECT report FROM members WHERE incident = ?)", []any{id}, func(r *sql.Rows) error {
		d, err := scanReport(r)
		x.Of[d.ID] = d
		return err
	})
	if err != nil {
		return err
	}
	ds, err := l.decisionsOn(ctx, q, "")
	if err != nil {
		return err
	}
	judge, accounts := review.OnIncidents(ds), tellers(&x.Linked)
	_, x.Graded = judge.Grade(accounts)
	x.Notes, x.Log = judge.Notes(accounts), judge.About(accounts)
	if n := len(x.Log); n > 0 {
		x.Seen = x.Log[n-1].Hash
	}
	return nil
}
