package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/review"
)

// EventFilter chooses events. All that is set has to hold; of several values of
// one field one has to. An entity is named by its id, or by "REPORT/id" where it
// is meant in one report alone (see review.Merges).
//
// The day of an event is the first that it may have been on; where the report
// does not tell it, the report's day of publication. An event of a month, or of
// a year, stands at its first day.
type EventFilter struct {
	From, To  string   // first and last day, ISO
	Type      []string // PLOVER types: ASSAULT, …
	Status    []string // happened, …
	Actor     []string // entity ids
	Recipient []string // entity ids
	Place     []string // entity ids, or "country:IQ"
	Country   []string // the same once more: a place in a country is asked for by both
	Outlet    []string // entity ids, or keys of names: of the report
	Review    []string // accepted, corrected, added; Unreviewed
	Dead      int      // the report gives so many dead, or more
	Placed    bool     // the report names a place
	Told      bool     // the report tells the day
}

// Unreviewed is the value of EventFilter.Review for what no person has judged.
const Unreviewed = "machine"

// EventOrder is an order in which events are listed.
type EventOrder string

const (
	ByDay   EventOrder = "day"    // the latest first
	Oldest  EventOrder = "oldest" // the earliest first
	ByType  EventOrder = "type"   // types by the alphabet of their codes, in each the latest first
	ByAdded EventOrder = "added"  // the reports that came in last first
	ByDead  EventOrder = "dead"   // those with most dead first; what gives no dead is left out
)

// EventOrders are all of them.
var EventOrders = []EventOrder{ByDay, Oldest, ByType, ByAdded, ByDead}

// eventLimits say how far a list looks. A filter of which the rarest field has
// no more than few events is answered by looking at all of these; else events
// are walked in the order of the list, first of them and then last: where the
// page is not full by then it says how far it came, and its next page goes on
// from there. So no page costs more, whatever is asked of however many events.
type eventLimits struct{ few, first, last int }

var usualLimits = eventLimits{2500, 400, 8000}

// EventPage says which part of a list is wanted.
type EventPage struct {
	Order  EventOrder
	Limit  int
	After  string // EventList.Next of the page before
	Before string // EventList.Prev of the page behind

	limits eventLimits // usualLimits where it is empty
}

// EventList is a page of events.
type EventList struct {
	Events []EventRow
	Prev   string // "" at the beginning
	Next   string // "" at the end
	Looked int    // so many events were looked at without filling the page: there may be more behind; 0 where it is full, or all were seen
}

// NamedEntity is an entity as a report has it.
type NamedEntity struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	NameEn string `json:"name_en"`
	Type   string `json:"type"`
}

// EventRow is one event, as lists show it.
type EventRow struct {
	Report     string        `json:"report"` // id of the report
	Event      string        `json:"event"`  // id in its record
	Type       string        `json:"type"`
	Mode       string        `json:"mode"`
	Status     string        `json:"status"`
	Day        string        `json:"day"`  // ISO day under which it is listed; "" where unknown
	Told       bool          `json:"told"` // the report tells the day; else it is that of publication
	Date       string        `json:"date"` // as in the record; "" where the report does not tell it
	Last       string        `json:"last"` // last day that it may have been on; "" where that is open or not told
	Actors     []NamedEntity `json:"actors"`
	Recipients []NamedEntity `json:"recipients"`
	Place      *NamedEntity  `json:"place"`
	Country    string        `json:"country"`   // of the place, ISO 3166-1 alpha-2
	Precision  string        `json:"precision"` // of the place on a map; "" for none
	KilledLow  *int64        `json:"killed_low"`
	KilledHigh *int64        `json:"killed_high"`
	WoundLow   *int64        `json:"wounded_low"`
	WoundHigh  *int64        `json:"wounded_high"`
	SaidBy     string        `json:"said_by"` // statement on whose word it stands; "" in the report's own voice
	Speaker    *NamedEntity  `json:"speaker"` // of that statement
	Act        string        `json:"act"`     // of that statement
	Via        []NamedEntity `json:"via"`     // links between publisher and speaker
	Head       string        `json:"head"`    // of the report
	Published  string        `json:"published"`
	Outlet     string        `json:"outlet"`
	OutletName string        `json:"outlet_name"`
	Review     string        `json:"review"` // "", accepted, corrected, added

	at eventKey
}

// eventKey is where an event stands.
type eventKey struct {
	lead           string // type of a list by types, dead of one by dead
	day, report, n int64
}

func (k eventKey) write(o EventOrder) string {
	s := fmt.Sprintf("%d.%d.%d", k.day, k.report, k.n)
	if o == ByType || o == ByDead {
		s = k.lead + "." + s
	}
	return s
}

var errKey = &BadQuery{errors.New("this address of a further page is not one that the list gave: begin with its first page")}

func readEventKey(s string, o EventOrder) (eventKey, error) {
	var k eventKey
	parts := strings.Split(s, ".")
	if o == ByType || o == ByDead {
		if k.lead, parts = parts[0], parts[1:]; k.lead == "" || len(k.lead) > 40 {
			return k, errKey
		}
		if _, err := strconv.ParseInt(k.lead, 10, 64); o == ByDead && err != nil {
			return k, errKey
		}
	}
	if len(parts) != 3 {
		return k, errKey
	}
	for i, into := range []*int64{&k.day, &k.report, &k.n} {
		var err error
		if *into, err = strconv.ParseInt(parts[i], 10, 64); err != nil {
			return k, errKey
		}
	}
	return k, nil
}

// eventAsk is one field of a filter: an event has to have one of the facets.
type eventAsk struct {
	values []eventValue
	cond   string // the same as a condition on event_days e
	args   []any
}

// eventValue is a facet; where report is not "" it counts in that report alone.
type eventValue struct{ facet, report string }

// eventView is a filter made ready to be asked.
type eventView struct {
	l        *Ledger
	ctx      context.Context
	q        querier
	f        *EventFilter
	asks     []eventAsk
	from, to int64
	limits   eventLimits
}

func (l *Ledger) eventView(ctx context.Context, q querier, f *EventFilter) (*eventView, error) {
	v := &eventView{l: l, ctx: ctx, q: q, f: f, limits: usualLimits}
	days := Filter{From: f.From, To: f.To}
	var err error
	if v.from, v.to, err = days.days(); err != nil {
		return nil, &BadQuery{err}
	}
	if f.From != "" { // what has no day is in no span of days
		v.from = max(v.from, undated+1)
	}
	v.column("type", "e.type", f.Type)
	v.column("status", "e.status", f.Status)
	v.column("outlet", "e.outlet", f.Outlet)
	v.place(f.Place)
	v.place(f.Country)
	v.argument("actor", f.Actor)
	v.argument("recipient", f.Recipient)
	v.review(f.Review)
	return v, nil
}

// column is a field of which an event has one value.
func (v *eventView) column(kind, column string, values []string) {
	if len(values) == 0 {
		return
	}
	a := eventAsk{cond: column + " IN (" + marks(len(values)) + ")"}
	for _, x := range values {
		a.values = append(a.values, eventValue{facet: clip(storable(kind + ":" + x))})
		a.args = append(a.args, clip(storable(x)))
	}
	v.asks = append(v.asks, a)
}

// review is the verdict on an event; what nobody judged has no facet.
func (v *eventView) review(values []string) {
	if len(values) == 0 {
		return
	}
	a := eventAsk{cond: "e.review IN (" + marks(len(values)) + ")"}
	for _, x := range values {
		if x == Unreviewed {
			a.values, a.args = append(a.values, eventValue{}), append(a.args, "")
			continue
		}
		a.values = append(a.values, eventValue{facet: "review:" + x})
		a.args = append(a.args, storable(x))
	}
	v.asks = append(v.asks, a)
}

func (v *eventView) place(values []string) {
	if len(values) == 0 {
		return
	}
	var a eventAsk
	var cond []string
	for _, x := range values {
		if c, ok := strings.CutPrefix(x, "country:"); ok {
			a.values = append(a.values, eventValue{facet: clip(storable(x))})
			cond, a.args = append(cond, "e.country = ?"), append(a.args, storable(c))
			continue
		}
		report, id, local := strings.Cut(x, "/")
		if !local {
			report, id = "", x
		}
		id = clip(storable(id))
		a.values = append(a.values, eventValue{"place:" + id, report})
		c := "e.place = ?"
		a.args = append(a.args, id)
		if local {
			c = "(e.place = ? AND e.report = (SELECT seq FROM reports WHERE id = ?))"
			a.args = append(a.args, report)
		}
		cond = append(cond, c)
	}
	a.cond = "(" + strings.Join(cond, " OR ") + ")"
	v.asks = append(v.asks, a)
}

func (v *eventView) argument(role string, values []string) {
	if len(values) == 0 {
		return
	}
	var a eventAsk
	var cond []string
	for _, x := range values {
		report, id, local := strings.Cut(x, "/")
		if !local {
			report, id = "", x
		}
		facet := role + ":" + clip(storable(id))
		a.values = append(a.values, eventValue{facet, report})
		c := "EXISTS (SELECT 1 FROM event_facets x WHERE x.facet = ? AND x.day = e.day AND x.report = e.report AND x.n = e.n)"
		a.args = append(a.args, facet)
		if local {
			c = "(" + c + " AND e.report = (SELECT seq FROM reports WHERE id = ?))"
			a.args = append(a.args, report)
		}
		cond = append(cond, c)
	}
	a.cond = "(" + strings.Join(cond, " OR ") + ")"
	v.asks = append(v.asks, a)
}

// rest writes the conditions on event_days e that are left when the field at
// index lead is walked; days says whether those on days are among them.
func (v *eventView) rest(lead int, days bool) (string, []any) {
	var cond []string
	var args []any
	if days && (v.f.From != "" || v.f.To != "") {
		cond, args = append(cond, "e.day BETWEEN ? AND ?"), append(args, v.from, v.to)
	}
	for i, a := range v.asks {
		if i != lead {
			cond, args = append(cond, a.cond), append(args, a.args...)
		}
	}
	if v.f.Dead > 0 && lead != byDead {
		cond, args = append(cond, "e.dead >= ?"), append(args, int64(v.f.Dead))
	}
	if v.f.Placed {
		cond = append(cond, "e.place <> ''")
	}
	if v.f.Told {
		cond = append(cond, "e.told = 1")
	}
	return strings.Join(cond, " AND "), args
}

// What leads where no field does.
const (
	byAll  = -1 // all events
	byDead = -2 // those with so many dead
)

// lead returns the field that fewest events have, and how many; byAll and the number of
// all events in the days asked for where no field has a facet.
func (v *eventView) lead() (lead int, n int64, err error) {
	if n, err = v.count(""); err != nil {
		return 0, 0, err
	}
	lead = byAll
	for i, a := range v.asks {
		var sum int64
		for _, x := range a.values {
			if x.facet == "" {
				sum = n
				break
			}
			k, err := v.count(x.facet)
			if err != nil {
				return 0, 0, err
			}
			sum += k
		}
		if sum < n {
			lead, n = i, sum
		}
	}
	if v.f.Dead > 0 && n > int64(v.limits.few) {
		var k int64
		// Every event with so many dead is counted, whatever its day.
		if _, err := v.l.one(v.ctx, v.q, "SELECT count(*) FROM (SELECT 1 FROM event_days WHERE dead >= ? LIMIT ?) p", []any{int64(v.f.Dead), v.limits.few + 1}, &k); err != nil {
			return 0, 0, err
		}
		if k <= int64(v.limits.few) {
			lead, n = byDead, k
		}
	}
	return lead, n, nil
}

// count is how many events of the days asked for have a facet.
func (v *eventView) count(facet string) (n int64, err error) {
	_, err = v.l.one(v.ctx, v.q, "SELECT coalesce(sum(events), 0) FROM event_counts WHERE facet = ? AND day BETWEEN ? AND ?", []any{facet, v.from, v.to}, &n)
	return n, err
}

// led writes the query of the places of the leading field's events: their day,
// report and n. With walk it is in the order of days and ends after so many;
// after is where it goes on.
func (v *eventView) led(lead int, walk int, newest bool, after *eventKey) (string, []any) {
	if lead == byDead {
		// + 0: the order of days is no help here, the index on dead is.
		return "SELECT day, report, n FROM event_days WHERE dead >= ? AND day + 0 BETWEEN ? AND ?", []any{int64(v.f.Dead), v.from, v.to}
	}
	dir, than := " DESC", "<"
	if !newest {
		dir, than = "", ">"
	}
	var parts []string
	var args []any
	branch := func(table, cond string, values ...any) {
		s := "SELECT day, report, n FROM " + table + " WHERE " + cond
		args = append(args, values...)
		if after != nil {
			s += " AND (day, report, n) " + than + " (?, ?, ?)"
			args = append(args, after.day, after.report, after.n)
		}
		if walk > 0 {
			s = "SELECT day, report, n FROM (" + s + " ORDER BY day" + dir + ", report" + dir + ", n" + dir + " LIMIT ?) p"
			args = append(args, walk)
		}
		parts = append(parts, s)
	}
	if lead == byAll {
		branch("event_days", "day BETWEEN ? AND ?", v.from, v.to)
	} else {
		for _, x := range v.asks[lead].values {
			if x.report != "" {
				branch("event_facets", "facet = ? AND day BETWEEN ? AND ? AND report = (SELECT seq FROM reports WHERE id = ?)", x.facet, v.from, v.to, x.report)
			} else {
				branch("event_facets", "facet = ? AND day BETWEEN ? AND ?", x.facet, v.from, v.to)
			}
		}
	}
	query := strings.Join(parts, " UNION ")
	if walk > 0 && len(parts) > 1 {
		query = "SELECT day, report, n FROM (" + query + ") u ORDER BY day" + dir + ", report" + dir + ", n" + dir + " LIMIT ?"
		args = append(args, walk)
	}
	return query, args
}

// Events returns a page of the events that pass the filter.
func (l *Ledger) Events(ctx context.Context, f EventFilter, p EventPage) (*EventList, error) {
	x, err := l.eventList(ctx, &f, &p)
	return x, l.explain(err)
}

func (l *Ledger) eventList(ctx context.Context, f *EventFilter, p *EventPage) (*EventList, error) {
	if p.Order == "" {
		p.Order = ByDay
	}
	if !slices.Contains(EventOrders, p.Order) {
		return nil, &BadQuery{fmt.Errorf("events have no order %q; there are day, oldest, type, added, dead", p.Order)}
	}
	if p.Limit <= 0 {
		p.Limit = 50
	}
	v, err := l.eventView(ctx, l.read, f)
	if err != nil {
		return nil, err
	}
	if p.limits.few > 0 {
		v.limits = p.limits
	}
	s := &eventSeek{eventView: v, order: p.Order, limit: p.Limit, forward: p.Before == ""}
	if mark := cmp.Or(p.Before, p.After); mark != "" {
		k, err := readEventKey(mark, p.Order)
		if err != nil {
			return nil, err
		}
		s.after = &k
	}
	if p.Order == ByType {
		err = s.types()
	} else {
		err = s.seek()
	}
	if err != nil {
		return nil, err
	}
	out := &EventList{}
	more := len(s.found) > p.Limit
	if more {
		s.found = s.found[:p.Limit]
	} else if s.stopped != nil {
		out.Looked = s.looked
	}
	if !s.forward {
		slices.Reverse(s.found)
	}
	var first, last string
	if n := len(s.found); n > 0 {
		first, last = s.found[0].write(p.Order), s.found[n-1].write(p.Order)
	}
	if !more && s.stopped != nil { // go on behind what was looked at, found or not
		if end := s.stopped.write(p.Order); s.forward {
			last = end
		} else {
			first = end
		}
		more = true
	}
	switch {
	case s.forward:
		if more {
			out.Next = last
		}
		if p.After != "" {
			out.Prev = cmp.Or(first, p.After)
		}
	default:
		if more {
			out.Prev = first
		}
		out.Next = cmp.Or(last, p.Before)
	}
	out.Events, err = l.eventRows(ctx, s.found)
	return out, err
}

// eventSeek looks for the events of one page.
type eventSeek struct {
	*eventView
	order   EventOrder
	limit   int
	forward bool
	after   *eventKey

	found   []eventKey // one more than the limit where there are more
	looked  int
	stopped *eventKey // the last event that was looked at, where the end of looking was reached
}

// types looks for a list by types: type after type, in each the latest first.
func (s *eventSeek) types() error {
	list := slices.Clone(review.Choices(review.Event, "type"))
	if len(s.f.Type) > 0 {
		list = slices.Clone(s.f.Type)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if !s.forward {
		slices.Reverse(list)
	}
	for _, t := range list {
		var after *eventKey
		if s.after != nil {
			if s.forward && t < s.after.lead || !s.forward && t > s.after.lead {
				continue
			}
			if t == s.after.lead {
				after = s.after
			}
		}
		f := *s.f
		f.Type = []string{t}
		v, err := s.l.eventView(s.ctx, s.q, &f)
		if err != nil {
			return err
		}
		v.limits = s.limits
		one := &eventSeek{eventView: v, order: ByDay, limit: s.limit - len(s.found), forward: s.forward, after: after, looked: s.looked}
		if err := one.seek(); err != nil {
			return err
		}
		for _, k := range one.found {
			k.lead = t
			s.found = append(s.found, k)
		}
		s.looked = one.looked
		if one.stopped != nil {
			one.stopped.lead = t
			s.stopped = one.stopped
			return nil
		}
		if len(s.found) > s.limit {
			return nil
		}
	}
	return nil
}

// sorted is the order as SQL has it, of event_days e, and the direction in
// which the page is looked for.
func (s *eventSeek) sorted() (columns []string, down bool) {
	switch s.order {
	case ByAdded:
		columns = []string{"e.report", "e.n"}
	case ByDead:
		columns = []string{"e.dead", "e.day", "e.report", "e.n"}
	default:
		columns = []string{"e.day", "e.report", "e.n"}
	}
	down = s.order != Oldest
	if !s.forward {
		down = !down
	}
	return columns, down
}

// beyond is the condition that an event stands behind the mark.
func (s *eventSeek) beyond(columns []string, down bool) (string, []any) {
	if s.after == nil {
		return "", nil
	}
	than := ">"
	if down {
		than = "<"
	}
	dead, _ := strconv.ParseInt(s.after.lead, 10, 64)
	var args []any
	for _, c := range columns {
		args = append(args, map[string]int64{"e.dead": dead, "e.day": s.after.day, "e.report": s.after.report, "e.n": s.after.n}[c])
	}
	return "(" + strings.Join(columns, ", ") + ") " + than + " (" + marks(len(columns)) + ")", args
}

// ordered writes an order.
func ordered(columns []string, down bool) string {
	if !down {
		return " ORDER BY " + strings.Join(columns, ", ")
	}
	return " ORDER BY " + strings.Join(columns, " DESC, ") + " DESC"
}

// seek finds the events of a page in an order that is one of an index, or where
// few events are to be looked at in any.
func (s *eventSeek) seek() error {
	lead, n, err := s.lead()
	if err != nil {
		return err
	}
	if n == 0 {
		return nil
	}
	if lead != byAll && n <= int64(s.limits.few) {
		return s.all(lead)
	}
	for most := s.limits.first; ; most = max(s.limits.first+1, s.limits.last-s.looked) {
		done, err := s.walk(lead, most)
		if err != nil || done {
			return err
		}
	}
}

// all looks at all events of the leading field.
func (s *eventSeek) all(lead int) error {
	led, args := s.led(lead, 0, true, nil)
	cond, more := s.rest(lead, false)
	columns, down := s.sorted()
	query := "SELECT e.day, e.report, e.n, coalesce(e.dead, 0) FROM (" + led + ") w CROSS JOIN event_days e WHERE e.day = w.day AND e.report = w.report AND e.n = w.n"
	args = append(args, more...)
	if cond != "" {
		query += " AND " + cond
	}
	if s.order == ByDead {
		query += " AND e.dead > 0"
	}
	if c, a := s.beyond(columns, down); c != "" {
		query, args = query+" AND "+c, append(args, a...)
	}
	query += ordered(columns, down) + " LIMIT ?"
	return s.l.each(s.ctx, s.q, query, append(args, s.limit+1), func(r *sql.Rows) error {
		k, err := scanKey(r)
		s.found = append(s.found, k)
		return err
	})
}

func scanKey(r *sql.Rows, more ...any) (k eventKey, err error) {
	var dead int64
	err = r.Scan(append([]any{&k.day, &k.report, &k.n, &dead}, more...)...)
	k.lead = strconv.FormatInt(dead, 10)
	return k, err
}

// walk looks at the next events in the order of the list, so many at most; done
// is true where the page is full, all were seen, or no more may be looked at.
func (s *eventSeek) walk(lead, most int) (done bool, err error) {
	columns, down := s.sorted()
	byDay := s.order == ByDay || s.order == Oldest
	var query string
	var args []any
	if byDay && lead >= 0 {
		// The leading field's events stand in the order of days.
		led, a := s.led(lead, most, down, s.after)
		cond, more := s.rest(lead, false)
		query, args = "SELECT w.day, w.report, w.n, 0, 1 FROM ("+led+") w"+ordered([]string{"w.day", "w.report", "w.n"}, down), a
		if cond != "" {
			query = "SELECT e.day, e.report, e.n, 0, CASE WHEN " + cond + " THEN 1 ELSE 0 END FROM (" + led + ") w CROSS JOIN event_days e WHERE e.day = w.day AND e.report = w.report AND e.n = w.n" + ordered(columns, down)
			args = append(more, a...)
		}
	} else {
		cond, more := s.rest(byAll, !byDay)
		if cond == "" {
			cond = "1 = 1"
		}
		query, args = "SELECT e.day, e.report, e.n, coalesce(e.dead, 0), CASE WHEN "+cond+" THEN 1 ELSE 0 END FROM event_days e", more
		var where []string
		if byDay {
			where, args = append(where, "e.day BETWEEN ? AND ?"), append(args, s.from, s.to)
		}
		if s.order == ByDead {
			where, args = append(where, "e.dead >= ?"), append(args, int64(max(1, s.f.Dead)))
		}
		if c, a := s.beyond(columns, down); c != "" {
			where, args = append(where, c), append(args, a...)
		}
		if len(where) > 0 {
			query += " WHERE " + strings.Join(where, " AND ")
		}
		query += ordered(columns, down) + " LIMIT ?"
		args = append(args, most)
	}
	s.found = nil
	seen := 0
	var last eventKey
	err = s.l.each(s.ctx, s.q, query, args, func(r *sql.Rows) error {
		var ok int
		k, err := scanKey(r, &ok)
		if err != nil {
			return err
		}
		seen, last = seen+1, k
		if ok == 1 {
			if s.found = append(s.found, k); len(s.found) > s.limit {
				return errEnough
			}
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return true, nil
	}
	if err == nil && seen == most && most == s.limits.first && s.looked+most < s.limits.last {
		return false, nil
	}
	s.looked += seen
	if err != nil || seen < most {
		return true, err
	}
	s.stopped = &last
	return true, nil
}

// errEnough ends the reading of rows.
var errEnough = errors.New("enough")
