package ledger

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
	"github.com/sanad-project/sanad/terms"
)

// The states of a report's review.
const (
	stateNew  = "new"
	stateOpen = "in review"
	stateDone = "done"
)

// undated is documents.day of a report whose day is unknown: before all others.
const undated = -1_000_000

// table is a derived table and its columns after "report".
type table struct {
	name    string
	columns []string
}

// The derived tables that have rows of a report, in the order in which they
// are written. Tables names and words are written apart.
var tables = []table{
	{"documents", []string{"id", "title", "head", "outlet", "outlet_name", "url", "author", "published", "day", "guessed", "reading", "review", "decisions", "statements", "events", "facets"}},
	{"entities", []string{"entity", "type", "name", "name_en", "known", "country", "lat", "lon", "precise", "mentions"}},
	{"mentions", []string{"n", "start", "stop", "entity", "form", "loaded", "review"}},
	{"times", []string{"n", "start", "stop", "type", "value", "calendar", "first", "last", "review"}},
	{"numbers", []string{"n", "start", "stop", "low", "high", "unit", "hedge", "review"}},
	{"statements", []string{"n", "id", "start", "stop", "speaker", "act", "quoted", "addressee", "date", "review"}},
	{"chain", []string{"statement", "place", "entity", "start", "stop"}},
	{"events", []string{"n", "id", "start", "stop", "type", "mode", "status", "said_by", "place", "country", "date", "first", "last",
		"killed_low", "killed_high", "wounded_low", "wounded_high", "count_low", "count_high", "rule", "review"}},
	{"arguments", []string{"event", "role", "place", "entity", "start", "stop"}},
	{"loaded", []string{"n", "start", "stop", "entity"}},
	{"facets", []string{"facet", "day"}},
}

// source is a report's identity and what came with it.
type source struct {
	report int64
	id     string
	outlet string // entity id or key
	url    string
	meta   Meta
}

// rows are the derived rows of one report. Each row begins with a place for
// the report's number.
type rows struct {
	of     [][][]any // by index of tables
	names  []name
	day    int64     // documents.day
	doc    terms.Doc // of the index
	facets []string
}

// name is a row of names.
type name struct {
	entity, name, nameEn, kind string
	known                      bool
}

// derive makes the rows of a report. It is the only place that does: adding,
// deciding, reading again and rebuilding give the same rows.
func derive(s *source, r *review.Reviewed, readingSeq int64) (*rows, error) {
	rec := r.Record
	out := &rows{of: make([][][]any, len(tables))}
	day := int64(undated)
	published := ""
	if rec.Document.Published != nil {
		published = *rec.Document.Published
		day = dayOf(published)
	}
	d := deriver{rows: out, rec: rec, rev: r, facet: map[string]bool{}}

	count := int64(0)
	for _, f := range r.Findings {
		count += int64(len(f.By))
	}
	d.add("documents", s.id, rec.Document.Title, head(&rec.Document), s.outlet, s.meta.Outlet, s.url, s.meta.Author, published, day, strings.Join(s.meta.Guessed, " "),
		readingSeq, r.State, count+int64(len(r.Notes)+len(r.Lost)), int64(len(rec.Statements)), int64(len(rec.Events)), "")
	if s.outlet != "" {
		d.ask("outlet", s.outlet)
	}
	d.ask("review", r.State)
	d.entities()
	d.findings()
	d.statements()
	d.events()
	for f := range d.facet {
		out.facets = append(out.facets, f)
	}
	slices.Sort(out.facets)
	document := out.of[0][0]
	document[len(document)-1] = strings.Join(out.facets, "\n")
	for _, f := range out.facets {
		d.add("facets", f, day)
	}
	out.day, out.doc = day, docOf(rec.Document.Title, rec.Document.Text)
	return out, nil
}

// head is what a list shows of a report: its title, or the beginning of its
// text.
func head(d *record.Document) string {
	const most = 120 // letters
	if strings.TrimSpace(d.Title) != "" {
		return d.Title
	}
	s, _, _ := strings.Cut(strings.TrimSpace(d.Text), "\n")
	n := 0
	for i := range s {
		if n++; n > most {
			if blank := strings.LastIndexByte(s[:i], ' '); blank > 0 {
				i = blank
			}
			return s[:i] + " …"
		}
	}
	return s
}

type deriver struct {
	rows  *rows
	rec   *record.Record
	rev   *review.Reviewed
	facet map[string]bool
	geo   map[string]*record.Geo
}

var tableAt = func() map[string]int {
	m := map[string]int{}
	for i, t := range tables {
		m[t.name] = i
	}
	return m
}()

func (d *deriver) add(table string, values ...any) {
	i := tableAt[table]
	row := make([]any, 1, len(values)+1)
	for _, v := range values {
		if s, ok := v.(string); ok {
			s = storable(s)
			if table != "documents" { // of which the outlet alone is a key
				s = clip(s)
			}
			v = s
		}
		row = append(row, v)
	}
	d.rows.of[i] = append(d.rows.of[i], row)
}

// ask lets a report be asked for.
func (d *deriver) ask(kind, value string) {
	if value != "" {
		// A document has its facets in lines.
		d.facet[clip(storable(kind+":"+strings.ReplaceAll(value, "\n", " ")))] = true
	}
}

func (d *deriver) entities() {
	mentions := map[string]int64{}
	for i := range d.rec.Mentions {
		mentions[d.rec.Mentions[i].Entity]++
	}
	d.geo = map[string]*record.Geo{}
	for i := range d.rec.Entities {
		e := &d.rec.Entities[i]
		var lat, lon any
		country, precise := "", ""
		if e.Place != nil {
			lat, lon, country, precise = e.Place.Lat, e.Place.Lon, e.Place.Country, e.Place.Precision
			d.geo[e.ID] = e.Place
		}
		d.add("entities", e.ID, e.Type, e.Name, e.NameEn, b2i(e.Known), country, lat, lon, precise, mentions[e.ID])
		if !strings.HasPrefix(e.ID, "~") { // what is only described has no name to be found by
			d.ask("entity", e.ID)
			d.rows.names = append(d.rows.names, name{clip(storable(e.ID)), clip(storable(e.Name)), clip(storable(e.NameEn)), e.Type, e.Known})
		}
	}
}

func (d *deriver) findings() {
	for i := range d.rec.Mentions {
		m := &d.rec.Mentions[i]
		d.add("mentions", int64(i), int64(m.Start), int64(m.End), m.Entity, m.Form, b2i(m.Loaded), d.verdict(review.Mention, m.Start, m.End))
	}
	for i := range d.rec.Times {
		t := &d.rec.Times[i]
		var first, last any
		if t.Type == "DATE" || t.Type == "TIME" {
			first, last = dayRange(t.Value)
		}
		d.add("times", int64(i), int64(t.Start), int64(t.End), t.Type, t.Value, t.Calendar, first, last, d.verdict(review.Time, t.Start, t.End))
	}
	for i := range d.rec.Numbers {
		n := &d.rec.Numbers[i]
		d.add("numbers", int64(i), int64(n.Start), int64(n.End), optInt(n.Min), optInt(n.Max), n.Unit, n.Hedge, d.verdict(review.Number, n.Start, n.End))
	}
	for i := range d.rec.Loaded {
		l := &d.rec.Loaded[i]
		d.add("loaded", int64(i), int64(l.Start), int64(l.End), optString(l.Entity))
	}
}

func (d *deriver) statements() {
	for i := range d.rec.Statements {
		s := &d.rec.Statements[i]
		var start, stop int64
		if len(s.Content) > 0 {
			start, stop = int64(s.Content[0].Start), int64(s.Content[0].End)
		}
		addressee, date := "", ""
		if s.Addressee != nil {
			addressee = s.Addressee.Entity
		}
		if s.Date != nil {
			date = s.Date.Value
		}
		speaker := optString(s.Speaker)
		d.add("statements", int64(i), s.ID, start, stop, speaker, s.Act, b2i(s.Quoted), addressee, date, string(d.rev.Verdict(review.Statement, s.ID)))
		d.ask("speaker", speaker)
		d.ask("act", s.Act)
		for j, v := range s.Via {
			a, b := optSpan(v.Span)
			d.add("chain", int64(i), int64(j), v.Entity, a, b)
			d.ask("via", v.Entity)
		}
	}
}

func (d *deriver) events() {
	said := map[string]int64{}
	for i := range d.rec.Statements {
		said[d.rec.Statements[i].ID] = int64(i)
	}
	amount := func(i *int) (low, high any) {
		if i == nil || *i < 0 || *i >= len(d.rec.Numbers) {
			return nil, nil
		}
		return optInt(d.rec.Numbers[*i].Min), optInt(d.rec.Numbers[*i].Max)
	}
	for i := range d.rec.Events {
		e := &d.rec.Events[i]
		var by, first, last any
		if e.SaidBy != nil {
			if n, ok := said[*e.SaidBy]; ok {
				by = n
			}
		}
		place, country, date := "", "", ""
		if e.Place != nil {
			place = e.Place.Entity
			if g := d.geo[place]; g != nil {
				country = g.Country
			}
		}
		if e.Date != nil {
			date = e.Date.Value
			first, last = dayRange(date)
		}
		kl, kh := amount(e.Killed)
		wl, wh := amount(e.Wounded)
		cl, ch := amount(e.Count)
		d.add("events", int64(i), e.ID, int64(e.Trigger.Start), int64(e.Trigger.End), e.Type, optString(e.Mode), e.Status, by, place, country, date, first, last,
			kl, kh, wl, wh, cl, ch, e.Rule, string(d.rev.Verdict(review.Event, e.ID)))
		d.ask("type", e.Type)
		d.ask("mode", optString(e.Mode))
		d.ask("status", e.Status)
		d.ask("place", place)
		d.ask("country", country)
		d.arguments(i, "actor", e.Actor)
		d.arguments(i, "recipient", e.Recipient)
	}
}

func (d *deriver) arguments(event int, role string, refs []record.Ref) {
	for j, r := range refs {
		a, b := optSpan(r.Span)
		d.add("arguments", int64(event), role, int64(j), r.Entity, a, b)
		d.ask(role, r.Entity)
	}
}

// verdict is that of a finding named by its place in the text.
func (d *deriver) verdict(k review.Kind, start, end int) string {
	for i := range d.rev.Findings {
		f := &d.rev.Findings[i]
		if f.Target.Kind == k && f.Target.Start == start && f.Target.End == end && f.Verdict != review.Rejected {
			return string(f.Verdict)
		}
	}
	return ""
}

// dayOf counts the days from 1970-01-01 to an ISO day.
func dayOf(iso string) int64 {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return undated
	}
	return t.Unix() / 86400
}

// dayRange is the first and the last day of a time value, nil where it has none.
func dayRange(value string) (first, last any) {
	d, ok := record.DaysOf(value)
	if !ok {
		return nil, nil
	}
	if d.Last.IsZero() {
		return d.First.Unix() / 86400, nil
	}
	return d.First.Unix() / 86400, d.Last.Unix() / 86400
}

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func optInt(p *int64) any {
	if p == nil {
		return nil
	}
	return *p
}

func optString(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

func optSpan(q *record.Quote) (start, stop any) {
	if q == nil {
		return nil, nil
	}
	return int64(q.Start), int64(q.End)
}

// insert writes the statement that puts in n rows, "report" first.
func (t *table) insert(n int) string {
	one := "(?" + strings.Repeat(",?", len(t.columns)) + ")"
	return fmt.Sprintf("INSERT INTO %s (report, %s) VALUES %s%s", t.name, strings.Join(t.columns, ", "), one, strings.Repeat(","+one, n-1))
}
