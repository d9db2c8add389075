package desk

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

// incidentRoutes are the pages of what linking finds: incidents, relays and
// outlets.
func (d *Desk) incidentRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /incidents", d.incidentsPage)
	mux.HandleFunc("GET /incident/{id}", d.incidentPage)
	mux.HandleFunc("GET /incident/{id}/field/{field}", d.fieldPage)
	mux.HandleFunc("GET /incident/{id}/join", d.joinPage)
	mux.HandleFunc("POST /incident/{id}/decide", d.incidentPost)
	mux.HandleFunc("GET /incident/{id}/decide", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/incident/"+url.PathEscape(r.PathValue("id")), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /report/{id}/relays", d.relaysPage)
	mux.HandleFunc("GET /report/{id}/at/{place}", d.wordsAt)
	mux.HandleFunc("GET /outlets", d.outletsPage)
	mux.HandleFunc("GET /link", d.linkPage)
	mux.HandleFunc("POST /link", d.linkPost)
}

// kinds of incidents, as incident/data/kinds.txt has them; a test compares.
var kinds = []string{"violence", "abduction", "arrest", "seizure", "deportation", "protest", "meeting", "expulsion", "sanction", "release", "withdrawal", "ceasefire", "resignation",
	"deployment", "restriction", "agreement", "aid"}

// wanted is what somebody wants to see of the incidents, as they typed it.
type wanted struct {
	Head         string // words of the heading
	Kind         string
	Place        string // ids or names
	Actor        string
	Outlet       string
	Grade        string // that a person gave
	Suggested    string // that the rule gives
	From         string // days, ISO or Jalali
	To           string
	Origins      int // at least
	Contradicted bool
	Report       string // that tells of it, or is attached
	Limit        int
	Offset       int
}

// wantedOf reads a query: q, kind, place, actor, outlet, grade, suggested,
// from, to, origins, contradicted, report, limit, offset.
func wantedOf(v url.Values) wanted {
	get := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	a := wanted{Head: get("q"), Kind: get("kind"), Place: get("place"), Actor: get("actor"), Outlet: get("outlet"), Grade: get("grade"), Suggested: get("suggested"),
		From: get("from"), To: get("to"), Contradicted: get("contradicted") != "", Report: get("report"), Limit: pageSize}
	number := func(name string, into *int, least, most int) {
		if n, err := strconv.Atoi(latin(get(name))); err == nil && n >= least && n <= most {
			*into = n
		}
	}
	number("origins", &a.Origins, 0, 1000)
	number("limit", &a.Limit, 1, 200)
	number("offset", &a.Offset, 0, 1<<20)
	return a
}

// query is the inverse of wantedOf, for another page of the same.
func (a wanted) query(offset int) string {
	v := url.Values{}
	for _, p := range [...][2]string{{"q", a.Head}, {"kind", a.Kind}, {"place", a.Place}, {"actor", a.Actor}, {"outlet", a.Outlet}, {"grade", a.Grade}, {"suggested", a.Suggested},
		{"from", a.From}, {"to", a.To}, {"report", a.Report}} {
		if p[1] != "" {
			v.Set(p[0], p[1])
		}
	}
	if a.Contradicted {
		v.Set("contradicted", "1")
	}
	for _, p := range [...]struct {
		name     string
		n, usual int
	}{{"origins", a.Origins, 0}, {"offset", offset, 0}, {"limit", a.Limit, pageSize}} {
		if p.n != p.usual {
			v.Set(p.name, strconv.Itoa(p.n))
		}
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// Filters reports whether more is asked for than words of the heading.
func (a wanted) Filters() bool {
	a.Head, a.Limit, a.Offset = "", 0, 0
	return a != wanted{}
}

// incidentFilter resolves names and days to what the ledger asks for. Who is
// in no lexicon is found by the name as it stands, too.
func (d *Desk) incidentFilter(ctx context.Context, a wanted) (ledger.IncidentFilter, error) {
	f := ledger.IncidentFilter{MinOrigins: a.Origins, Contradicted: a.Contradicted, Head: a.Head}
	var err error
	if f.From, f.To, err = days(a.From, a.To); err != nil {
		return f, err
	}
	for _, n := range [...]struct {
		value string
		into  *[]string
	}{{a.Outlet, &f.Outlet}, {a.Actor, &f.Actor}, {a.Place, &f.Place}} {
		if n.value == "" {
			continue
		}
		ids, err := d.ledger.Resolve(ctx, d.reader().Lexicon, n.value)
		if err != nil {
			return f, err
		}
		switch n.into {
		case &f.Outlet:
			ids = append(ids, ledger.OutletKey(n.value))
		case &f.Place:
			for _, id := range ids {
				if c := d.country(id); c != "" {
					ids = append(ids, "country:"+c)
				}
			}
		}
		*n.into = append(ids, n.value)
	}
	for _, c := range [...]struct {
		value string
		list  []string
		what  string
		into  *[]string
	}{{a.Kind, kinds, "kind of incident", &f.Kind}, {a.Grade, review.Grades, "grade", &f.Grade}, {a.Suggested, review.Grades, "grade", &f.Suggested}} {
		if c.value == "" {
			continue
		}
		if !slices.Contains(c.list, c.value) {
			return f, badForm("%q is no %s", c.value, c.what)
		}
		*c.into = []string{c.value}
	}
	if a.Report != "" {
		x, err := d.ledger.Report(ctx, a.Report)
		if err != nil {
			return f, err
		}
		f.Report = x.ID
	}
	return f, nil
}

// days reads two days as people type them, ISO or Jalali; "" where there is
// none.
func days(from, to string) (first, last string, err error) {
	for _, day := range [...]struct {
		value string
		into  *string
	}{{from, &first}, {to, &last}} {
		if day.value != "" {
			t, err := sanad.ParseDate(latin(day.value))
			if err != nil {
				return "", "", badForm("%v", err)
			}
			*day.into = t.String()
		}
	}
	return first, last, nil
}

// findIncidents returns the incidents that somebody asked for and whether
// there are more.
func (d *Desk) findIncidents(ctx context.Context, a wanted) (list []ledger.IncidentRow, more bool, err error) {
	f, err := d.incidentFilter(ctx, a)
	if err != nil {
		return nil, false, err
	}
	list, err = d.ledger.Incidents(ctx, f, a.Limit+1, a.Offset)
	if len(list) > a.Limit {
		return list[:a.Limit], true, err
	}
	return list, false, err
}

// incidents is the page that lists them.
type incidents struct {
	*language
	Asked     wanted
	Filters   bool
	List      []ledger.IncidentRow
	Prev      string
	Next      string
	Why       string
	Kinds     []option
	Grades    []option
	Suggested []option
	Linked    bool // reports were linked at all
	Here      string
	desk      *Desk
}

func (d *Desk) incidentsPage(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	a := wantedOf(r.URL.Query())
	b := incidents{language: l, Asked: a, Filters: a.Filters(), Here: "/incidents" + a.query(a.Offset), desk: d}
	list, more, err := d.findIncidents(r.Context(), a)
	status := http.StatusOK
	if err == nil {
		b.Linked, err = d.ledger.LinkedYet(r.Context())
	}
	if err != nil {
		if status = statusOf(err); status != http.StatusUnprocessableEntity && status != http.StatusNotFound {
			d.trouble(w, r, status, err)
			return
		}
		b.Why, b.Linked = err.Error(), true
	}
	b.List = list
	if more {
		b.Next = "/incidents" + a.query(a.Offset+a.Limit)
	}
	if a.Offset > 0 {
		b.Prev = "/incidents" + a.query(max(0, a.Offset-a.Limit))
	}
	for _, k := range kinds {
		b.Kinds = append(b.Kinds, option{k, l.Word("kind-of", k), k == a.Kind})
	}
	for _, g := range review.Grades {
		b.Grades = append(b.Grades, option{g, l.Word("grade", g), g == a.Grade})
		b.Suggested = append(b.Suggested, option{g, l.Word("grade", g), g == a.Suggested})
	}
	d.show(w, r, status, "incidents", l.T("incidents.title"), &b)
}

// WhenOf are the days on which an incident was.
func (l *language) WhenOf(x ledger.IncidentRow) template.HTML {
	switch x.First {
	case "":
		return template.HTML(template.HTMLEscapeString(l.T("inbox.no-day")))
	case x.Last:
		return l.Day(x.First)
	}
	return l.Sentence("when.interval", parts{"from": l.Day(x.First), "to": l.Day(x.Last)})
}

// KindsOf are the kinds of an incident in words.
func (l *language) KindsOf(x ledger.IncidentRow) string {
	var list []string
	for _, k := range x.Kinds {
		list = append(list, l.Word("kind-of", k))
	}
	return strings.Join(list, l.T("list.comma")+" ")
}

// Spread is a number as its origins give it: the best value, and the range
// where they differ.
func (l *language) Spread(low, best, high int64) template.HTML {
	n := func(i int64) template.HTML { return ltr(l.Digits(strconv.FormatInt(i, 10))) }
	if low == high {
		return n(best)
	}
	return l.Sentence("spread", parts{"low": n(low), "best": n(best), "high": n(high)})
}

// KilledOf is how many an incident killed.
func (l *language) KilledOf(x ledger.IncidentRow) template.HTML {
	if x.Killed == nil {
		return ""
	}
	return l.Spread(x.Killed.Low, x.Killed.Best, x.Killed.High)
}

// PlaceOf is where an incident was.
func (b *incidents) PlaceOf(x ledger.IncidentRow) template.HTML { return bdi(tame(x.Place)) }

// named is an entity of the lexicon by its name in the language, else the name
// as reports have it.
func (d *Desk) named(l *language, id, name string) template.HTML {
	if id != "" {
		for _, e := range d.reader().Lexicon.Named(id) {
			if s := e.Get(l.Code); s != "" {
				return bdi(s)
			}
		}
	}
	return bdi(name)
}

// notThere reports whether an error says that there is no such incident.
func notThere(err error) bool {
	var n *ledger.NoIncident
	return errors.As(err, &n)
}
