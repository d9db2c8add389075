package desk

import (
	"cmp"
	"context"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-project/sanad/export"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

// eventRoutes are the page of events, its export and the views of it that
// people keep.
func (d *Desk) eventRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /events", d.eventsPage)
	mux.HandleFunc("GET /events/export", d.eventsExport)
	mux.HandleFunc("POST /events/views", d.eventViewsPost)
	mux.HandleFunc("GET /events/views", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/events", http.StatusSeeOther)
	})
}

// verdicts of an event, as a filter names them.
var verdicts = []string{ledger.Unreviewed, string(review.Accepted), string(review.Corrected), string(review.Added)}

// eventsWanted is what somebody wants to see of events, as they typed it.
type eventsWanted struct {
	Type    []string
	Status  []string
	Review  []string
	Actor   string // ids or names
	Target  string
	Place   string
	Country string // ids, names or codes
	Outlet  string
	From    string // days, ISO or Jalali
	To      string
	Dead    int  // at least
	Placed  bool // a place is named
	Told    bool // the day is told
	Sort    ledger.EventOrder
	Limit   int
	After   string // keys of pages
	Before  string
	Box     string // part of the map
	All     bool   // count all, however long it takes
}

// eventsPageSize is how many events are on a page.
const eventsPageSize = 50

// eventsWantedOf reads a query: type, status, review (each as often as is
// wanted), actor, target, place, country, outlet, from, to, dead, placed, told,
// sort, limit, after, before, box, count.
func eventsWantedOf(v url.Values) eventsWanted {
	get := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	list := func(name string) (out []string) {
		for _, s := range v[name] {
			if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) && len(out) < 20 {
				out = append(out, s)
			}
		}
		return out
	}
	a := eventsWanted{Type: list("type"), Status: list("status"), Review: list("review"), Actor: get("actor"), Target: get("target"), Place: get("place"), Country: get("country"), Outlet: get("outlet"),
		From: get("from"), To: get("to"), Placed: get("placed") != "", Told: get("told") != "", Sort: ledger.EventOrder(cmp.Or(get("sort"), string(ledger.ByDay))), Limit: eventsPageSize,
		After: get("after"), Before: get("before"), Box: get("box"), All: get("count") == "all"}
	if n, err := strconv.Atoi(latin(get("dead"))); err == nil && n > 0 {
		a.Dead = n
	}
	if n, err := strconv.Atoi(latin(get("limit"))); err == nil && n >= 1 && n <= 200 {
		a.Limit = n
	}
	return a
}

// values is the inverse of eventsWantedOf.
func (a eventsWanted) values() url.Values {
	v := url.Values{}
	for _, p := range [...]struct {
		name string
		list []string
	}{{"type", a.Type}, {"status", a.Status}, {"review", a.Review}} {
		if len(p.list) > 0 {
			v[p.name] = p.list
		}
	}
	for _, p := range [...][2]string{{"actor", a.Actor}, {"target", a.Target}, {"place", a.Place}, {"country", a.Country}, {"outlet", a.Outlet}, {"from", a.From}, {"to", a.To},
		{"after", a.After}, {"before", a.Before}, {"box", a.Box}} {
		if p[1] != "" {
			v.Set(p[0], p[1])
		}
	}
	if a.Dead > 0 {
		v.Set("dead", strconv.Itoa(a.Dead))
	}
	if a.Placed {
		v.Set("placed", "1")
	}
	if a.Told {
		v.Set("told", "1")
	}
	if a.Sort != ledger.ByDay {
		v.Set("sort", string(a.Sort))
	}
	if a.Limit != eventsPageSize {
		v.Set("limit", strconv.Itoa(a.Limit))
	}
	if a.All {
		v.Set("count", "all")
	}
	return v
}

// link is the page of what is wanted, with some of it changed. A change of
// what is wanted begins with its first page.
func (a eventsWanted) link(change func(*eventsWanted)) string {
	a.After, a.Before, a.All = "", "", false
	change(&a)
	if q := a.values().Encode(); q != "" {
		return "/events?" + q
	}
	return "/events"
}

// Filters reports whether less than all events is wanted.
func (a eventsWanted) Filters() bool {
	return len(a.Type)+len(a.Status)+len(a.Review) > 0 || a.Actor+a.Target+a.Place+a.Country+a.Outlet+a.From+a.To != "" || a.Dead > 0 || a.Placed || a.Told
}

// eventFilter resolves names and days to what the ledger asks for.
func (d *Desk) eventFilter(ctx context.Context, a eventsWanted) (ledger.EventFilter, error) {
	f := ledger.EventFilter{Type: a.Type, Status: a.Status, Review: a.Review, Dead: a.Dead, Placed: a.Placed, Told: a.Told}
	for _, c := range [...]struct {
		list, known []string
		what        string
	}{{a.Type, review.Choices(review.Event, "type"), "type of event"}, {a.Status, review.Choices(review.Event, "status"), "status of an event"}, {a.Review, verdicts, "state of review of an event"}} {
		for _, x := range c.list {
			if !slices.Contains(c.known, x) {
				return f, badForm("%q is no %s: there are %s", x, c.what, strings.Join(c.known, ", "))
			}
		}
	}
	var err error
	if f.From, f.To, err = days(a.From, a.To); err != nil {
		return f, err
	}
	for _, n := range [...]struct {
		value string
		into  *[]string
	}{{a.Actor, &f.Actor}, {a.Target, &f.Recipient}, {a.Outlet, &f.Outlet}, {a.Place, &f.Place}, {a.Country, &f.Country}} {
		if n.value == "" {
			continue
		}
		var ids []string
		if n.into == &f.Country {
			ids = d.coded(n.value)
		}
		var err error
		if len(ids) == 0 {
			if ids, err = d.ledger.Resolve(ctx, d.reader().Lexicon, n.value); err != nil {
				return f, err
			}
		}
		switch n.into {
		case &f.Outlet:
			ids = append(ids, ledger.OutletKey(n.value))
		case &f.Place:
			ids = d.withCountries(ids)
		case &f.Country:
			states := d.states()
			ids = slices.DeleteFunc(d.withCountries(ids), func(id string) bool { return states[id] == "" && !strings.HasPrefix(id, "country:") })
			if len(ids) == 0 {
				return f, badForm("%s is no country that the lexicon has: give its name or its code of two letters, as IQ", n.value)
			}
		}
		if len(ids) == 0 {
			return f, badForm("neither the lexicon nor any report has the name %s", n.value)
		}
		*n.into = ids
	}
	return f, nil
}

// coded are the states of a code of two letters and what is in them.
func (d *Desk) coded(code string) (ids []string) {
	code = strings.ToUpper(code)
	if len(code) != 2 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return nil
	}
	for id, c := range d.states() {
		if c == code {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return append(ids, "country:"+code)
}

// withCountries adds to states what is in them.
func (d *Desk) withCountries(ids []string) []string {
	states := d.states()
	for _, id := range ids {
		if c := states[id]; c != "" && !slices.Contains(ids, "country:"+c) {
			ids = append(ids, "country:"+c)
		}
	}
	return ids
}

// states are the codes of the states of the lexicon by their ids.
func (d *Desk) states() map[string]string {
	m := map[string]string{}
	for _, e := range d.reader().Lexicon.File("actors") {
		if c := e.Get("iso"); c != "" && e.Get("type") == "STATE" {
			m[e.ID] = c
		}
	}
	return m
}

// findEvents returns a page of the events that somebody asked for.
func (d *Desk) findEvents(ctx context.Context, a eventsWanted) (*ledger.EventList, ledger.EventFilter, error) {
	f, err := d.eventFilter(ctx, a)
	if err != nil {
		return nil, f, err
	}
	list, err := d.ledger.Events(ctx, f, ledger.EventPage{Order: a.Sort, Limit: a.Limit, After: a.After, Before: a.Before})
	return list, f, err
}

// countAllTime is how long counting all may take.
const countAllTime = 30 * time.Second

// tallyEvents counts events by day and place: as many as a page may, or all.
func (d *Desk) tallyEvents(ctx context.Context, a eventsWanted, f ledger.EventFilter) (*ledger.EventTally, error) {
	most := ledger.Tallied
	if a.All {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, countAllTime)
		defer cancel()
		most = ledger.TalliedAll
	}
	return d.ledger.EventTally(ctx, f, most)
}

// eventsBody is the page of events.
type eventsBody struct {
	*language
	Asked    eventsWanted
	Types    []option
	Statuses []option
	Reviews  []option
	Sorts    []tab
	Rows     []eventRow
	First    string // the first page, where this is another
	Prev     string
	Next     string
	Looked   int
	Why      string
	Tally    *ledger.EventTally
	CountAll string // where not all were counted
	Slow     bool   // counting all took too long
	Timeline *timeline
	Map      *eventMap
	Views    []eventViewLink
	Keep     string // the query that is kept under a name
	Formats  []option
	Sidecars string      // the formats that have one
	Export   [][2]string // the query as fields of a form
	Any      bool        // the ledger has events
	Here     string
}

// eventViewLink is a view that somebody keeps.
type eventViewLink struct {
	Name, Link string
	Here       bool
}

func (d *Desk) eventsPage(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	a := eventsWantedOf(r.URL.Query())
	b := eventsBody{language: l, Asked: a, Here: a.link(func(x *eventsWanted) { *x = a })}
	status := http.StatusOK
	list, f, err := d.findEvents(r.Context(), a)
	if err == nil {
		b.Tally, err = d.tallyEvents(r.Context(), a, f)
		if a.All && errors.Is(err, context.DeadlineExceeded) && r.Context().Err() == nil {
			b.Slow = true
			b.Tally, err = d.ledger.EventTally(r.Context(), f, ledger.Tallied)
		}
	}
	if err != nil {
		if status = statusOf(err); status != http.StatusUnprocessableEntity {
			d.trouble(w, r, status, err)
			return
		}
		b.Why = err.Error()
	} else {
		d.fillEvents(&b, list)
	}
	for _, c := range [...]struct {
		into  *[]option
		list  []string
		group string
		have  []string
	}{{&b.Types, review.Choices(review.Event, "type"), "value.event.type", a.Type}, {&b.Statuses, review.Choices(review.Event, "status"), "value.event.status", a.Status}, {&b.Reviews, verdicts, "events.review", a.Review}} {
		for _, x := range c.list {
			*c.into = append(*c.into, option{x, l.Word(c.group, x), slices.Contains(c.have, x)})
		}
	}
	for _, o := range ledger.EventOrders {
		b.Sorts = append(b.Sorts, tab{Name: l.T("events.sort." + string(o)), State: string(o), Query: a.link(func(x *eventsWanted) { x.Sort = o }), Here: o == a.Sort})
	}
	views, err := d.ledger.EventViews(r.Context(), d.author(r.Context()))
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	b.Keep = keptQuery(a)
	for _, v := range views {
		x := eventViewLink{Name: v.Name, Link: "/events", Here: v.Query == b.Keep}
		if v.Query != "" {
			x.Link += "?" + v.Query
		}
		b.Views = append(b.Views, x)
	}
	var sidecars []string
	for _, x := range export.Formats() {
		b.Formats = append(b.Formats, option{Value: x.Name, Label: x.Name})
		if x.Sidecar {
			sidecars = append(sidecars, x.Name)
		}
	}
	b.Sidecars = strings.Join(sidecars, ", ")
	for name, list := range a.values() {
		for _, v := range list {
			if name != "after" && name != "before" && name != "box" && name != "count" && name != "limit" && name != "sort" {
				b.Export = append(b.Export, [2]string{name, v})
			}
		}
	}
	slices.SortFunc(b.Export, func(x, y [2]string) int { return cmp.Or(strings.Compare(x[0], y[0]), strings.Compare(x[1], y[1])) })
	d.show(w, r, status, "events", l.T("events.title"), &b)
}

// fillEvents lays out what was found.
func (d *Desk) fillEvents(b *eventsBody, list *ledger.EventList) {
	a, l := b.Asked, b.language
	outlets := map[string]template.HTML{}
	for i := range list.Events {
		e := &list.Events[i]
		key := e.Outlet + "\n" + e.OutletName
		if _, ok := outlets[key]; !ok {
			outlets[key] = d.called(l, e.Outlet, e.OutletName)
		}
		b.Rows = append(b.Rows, newEventRow(l, a, e, outlets[key]))
	}
	b.Looked = list.Looked
	if a.After != "" || a.Before != "" {
		b.First = a.link(func(*eventsWanted) {})
	}
	if list.Prev != "" {
		b.Prev = a.link(func(x *eventsWanted) { x.Before = list.Prev })
	}
	if list.Next != "" {
		b.Next = a.link(func(x *eventsWanted) { x.After = list.Next })
	}
	t := b.Tally
	b.Any = t.Total > 0 || a.Filters() || len(list.Events) > 0
	if (t.Since != "" || t.PlacesSince != "") && !b.Slow {
		b.CountAll = a.link(func(x *eventsWanted) { x.All = true })
	}
	b.Timeline = newTimeline(l, a, t)
	b.Map = newEventMap(l, a, t, d.states())
}

// Until says down to which day something was counted.
func (b *eventsBody) Until(key, day string) template.HTML {
	return b.Sentence(key, parts{"day": b.Day(day)})
}

// Count writes a number.
func (b *eventsBody) Count(n int) string { return b.Number(int64(n)) }

// Blank stands where a report does not say.
func (b *eventsBody) Blank() template.HTML { return `<span class="unknown">–</span>` }

// Rest is where a bar of a height begins.
func (b *eventsBody) Rest(height int) int { return 100 - height }

// keptQuery is what of a query is worth keeping.
func keptQuery(a eventsWanted) string {
	a.After, a.Before, a.All = "", "", false
	return a.values().Encode()
}

// eventViewsPost keeps a view or deletes one.
//
//	do     keep, drop
//	name   of the view
//	query  what is kept
func (d *Desk) eventViewsPost(w http.ResponseWriter, r *http.Request) {
	if !d.formOf(w, r) {
		return
	}
	f := r.PostForm
	query, err := url.ParseQuery(f.Get("query"))
	kept := keptQuery(eventsWantedOf(query))
	who := d.author(r.Context())
	switch {
	case err != nil:
		err = badForm("this is no query of the page of events: %v", err)
	case f.Get("do") == "keep":
		_, err = d.ledger.KeepEventView(r.Context(), who, f.Get("name"), kept)
	case f.Get("do") == "drop":
		_, err = d.ledger.DropEventView(r.Context(), who, f.Get("name"))
	default:
		err = badForm("a view can be kept and dropped, nothing else")
	}
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	to := "/events"
	if kept != "" {
		to += "?" + kept
	}
	http.Redirect(w, r, local(to, "/events"), http.StatusSeeOther)
}
