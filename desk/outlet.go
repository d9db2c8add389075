package desk

import (
	"cmp"
	"context"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/sanad-project/sanad/ledger"
)

// So much of how outlets word actors is on a page.
const (
	wordingReports = 300 // the newest reports that are looked at
	wordingShown   = 120 // rows: an actor and an outlet
	wordingForms   = 12  // of a row
)

// wordingRow is how one outlet words one actor.
type wordingRow struct {
	Actor   nameLink
	First   bool // the row is the first of its actor
	Rows    int  // of that actor
	Outlet  nameLink
	Loaded  []formRow
	Names   []formRow
	Times   string // worded so, of how many times named
	Reports int
}

// wordingRows are wordings in words, those of one actor together; named adds
// the forms that take no side.
func (d *Desk) wordingRows(l *language, x *ledger.Written, cast map[string]*ledger.Actor) (list []wordingRow) {
	for i := range x.List {
		w := &x.List[i]
		a := cast[w.Actor]
		if a == nil || len(list) == wordingShown {
			continue
		}
		row := wordingRow{Actor: nameLink{bdi(d.actorName(l, a.ID, a.Name, a.NameEn)), actorLink(a.ID), ""}, Reports: w.Reports, Times: l.T("wording.times", w.Loaded, w.Loaded+w.Neutral),
			Outlet: nameLink{cmp.Or(d.outlet(l, &ledger.Report{Outlet: w.Outlet, OutletName: short(w.OutletName, 80)}), bdi(l.T("inbox.no-outlet"))), outletLink(w.Outlet), ""}}
		for _, f := range w.Forms {
			r := formRow{short(f.Text, 80), f.Count, wordsLink(f.Report, f.Start, f.End)}
			switch {
			case f.Loaded && len(row.Loaded) < wordingForms:
				row.Loaded = append(row.Loaded, r)
			case !f.Loaded && len(row.Names) < wordingForms:
				row.Names = append(row.Names, r)
			}
		}
		list = append(list, row)
	}
	for i := len(list) - 1; i >= 0; i-- {
		list[i].First = i == 0 || list[i-1].Actor != list[i].Actor
		list[i].Rows = 1
		if i+1 < len(list) && list[i+1].Actor == list[i].Actor {
			list[i].Rows += list[i+1].Rows
		}
	}
	return list
}

// public are the actors of wordings that have a page.
func (d *Desk) public(ctx context.Context, x *ledger.Written) (map[string]*ledger.Actor, error) {
	cast := map[string]*ledger.Actor{}
	for i := range x.List {
		id := x.List[i].Actor
		if _, there := cast[id]; there {
			continue
		}
		a, err := d.ledger.Actor(ctx, d.cast(), id)
		if err != nil && !noActor(err) {
			return nil, err
		}
		cast[id] = a
		if err != nil {
			cast[id] = nil
		}
	}
	return cast, nil
}

// wordingAsked are how outlets word actors: actor, outlet, from, to.
func (d *Desk) wordingAsked(ctx context.Context, q url.Values) (*ledger.Written, map[string]*ledger.Actor, error) {
	f, err := d.outletsAsked(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	name := strings.TrimSpace(q.Get("actor"))
	if name == "" {
		x, err := d.ledger.Wording(ctx, f, wordingReports)
		if err != nil {
			return nil, nil, err
		}
		cast, err := d.public(ctx, x)
		return x, cast, err
	}
	a, err := d.ledger.Actor(ctx, d.cast(), name)
	if noActor(err) {
		var withheld *ledger.Withheld
		list, ferr := d.findActorsNamed(ctx, name)
		switch {
		case ferr != nil:
			return nil, nil, ferr
		case len(list) > 0:
			a, err = d.ledger.Actor(ctx, d.cast(), list[0].ID)
		case errors.As(err, &withheld):
			return nil, nil, errForm{err}
		default:
			return nil, nil, badForm("neither the lexicon nor any report has the name %s", name)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	x, err := d.ledger.WordingOf(ctx, a, f, wordingReports)
	return x, map[string]*ledger.Actor{a.ID: a}, err
}

func (d *Desk) findActorsNamed(ctx context.Context, name string) ([]ledger.Named, error) {
	return d.ledger.FindActors(ctx, d.reader().Lexicon, d.cast(), name, 1)
}

// wordingBody is the page of how outlets word actors.
type wordingBody struct {
	*language
	Actor, Outlet, From, To string
	Rows                    []wordingRow
	One                     bool // one actor was asked for: its other names are shown too
	Of                      string
	Why                     string
}

func (d *Desk) wordingPage(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	q := r.URL.Query()
	b := wordingBody{language: l, Actor: q.Get("actor"), Outlet: q.Get("outlet"), From: q.Get("from"), To: q.Get("to")}
	b.One = strings.TrimSpace(b.Actor) != ""
	x, cast, err := d.wordingAsked(r.Context(), q)
	status := http.StatusOK
	switch {
	case err == nil:
		b.Rows = d.wordingRows(l, x, cast)
		b.Of = l.wordingOf(x)
	case statusOf(err) == http.StatusUnprocessableEntity:
		status, b.Why = http.StatusUnprocessableEntity, err.Error()
	default:
		d.trouble(w, r, statusOf(err), err)
		return
	}
	d.show(w, r, status, "wording", l.T("wording.title"), &b)
}

// wordingOf says of which reports a table of wordings is.
func (l *language) wordingOf(x *ledger.Written) string {
	if x.More {
		return l.T("wording.of.newest", x.Looked)
	}
	return l.T("wording.of.all", x.Looked)
}

// outletBody is the page of one outlet.
type outletBody struct {
	*language
	ID      string
	Called  template.HTML
	Actor   string // its page as an actor
	Relays  string // whom it relays
	Reports string // its reports in the inbox
	Count   string
	Own     verdictView
	Origin  verdictView
	Rows    []wordingRow
	Of      string
	More    string // the table of wordings
}

// verdictView is how reviewers judged claims.
type verdictView struct {
	ledger.Verdicts
	Of     string // of how many claims
	In     string // in which reports
	Rows   []verdictRow
	Nobody bool
}

type verdictRow struct {
	Name  string
	Count int
	Share string
	Bar   bar
}

func newVerdicts(l *language, v ledger.Verdicts, reports int, more bool, key string) verdictView {
	n := v.Reviewed()
	out := verdictView{Verdicts: v, Of: l.T("outlet.of", n), In: l.T("outlet."+key+".in", reports), Nobody: n+v.Added == 0}
	if more {
		out.In = l.T("outlet."+key+".in.newest", reports)
	}
	if reports == 0 {
		out.In = ""
	}
	for _, x := range [...]struct {
		name string
		n    int
	}{{"accepted", v.Accepted}, {"corrected", v.Corrected}, {"rejected", v.Rejected}} {
		out.Rows = append(out.Rows, verdictRow{l.Word("verdict", x.name), x.n, l.T("outlet.share", x.n, n), bar{percent(int64(x.n), int64(max(1, n)))}})
	}
	return out
}

// outletOf is what is known of an outlet of an id, key or name.
type outletOf struct {
	ID      string                `json:"id"`
	Name    string                `json:"name"`
	Reports int64                 `json:"reports"` // in the ledger; where there are more than ledger.ActorMost, one more than that
	Reviews *ledger.OutletReviews `json:"reviews"`
	Wording *ledger.Written       `json:"wording"`

	cast map[string]*ledger.Actor
}

// errNoOutlet says that there is no such outlet.
var errNoOutlet = &ledger.NotFound{}

func (d *Desk) outletByID(ctx context.Context, id string) (*outletOf, error) {
	x := &outletOf{ID: id, Name: id}
	name, n, err := d.ledger.OutletNamed(ctx, id)
	if err != nil {
		return nil, err
	}
	e := d.cast().Entry(id)
	if n == 0 && (e == nil || e.Get("type") != "MEDIA") {
		return nil, errNoOutlet
	}
	if x.Reports = n; name != "" {
		x.Name = name
	}
	if e != nil {
		x.Name = e.Get("fa")
	}
	if x.Reviews, err = d.ledger.OutletReviews(ctx, []string{id}); err != nil {
		return nil, err
	}
	if x.Wording, err = d.ledger.Wording(ctx, ledger.Filter{Outlet: []string{id}}, wordingReports); err != nil {
		return nil, err
	}
	x.cast, err = d.public(ctx, x.Wording)
	return x, err
}

func (d *Desk) outletPage(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	x, err := d.outletByID(r.Context(), r.PathValue("id"))
	if err == errNoOutlet {
		d.show(w, r, http.StatusNotFound, "noactor", l.T("outlet.no"), struct{ Head, Why string }{l.T("outlet.no"), l.T("outlet.no.why")})
		return
	}
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	b := outletBody{language: l, ID: x.ID, Called: d.called(l, x.ID, x.Name), Relays: "/outlets?outlet=" + url.QueryEscape(x.ID), Reports: "/?state=all&outlet=" + url.QueryEscape(x.ID), More: "/outlets/wording?outlet=" + url.QueryEscape(x.ID)}
	b.Count = l.T("outlet.reports", x.Reports)
	if x.Reports > ledger.ActorMost {
		b.Count = l.T("outlet.reports.more", ledger.ActorMost)
	}
	if d.cast().Entry(x.ID) != nil {
		b.Actor = actorLink(x.ID)
	}
	v := x.Reviews
	b.Own = newVerdicts(l, v.Own, v.OwnReports, v.OwnMore, "own")
	b.Origin = newVerdicts(l, v.Origin, v.OriginReports, v.OriginMore, "origin")
	b.Rows, b.Of = d.wordingRows(l, x.Wording, x.cast), l.wordingOf(x.Wording)
	d.show(w, r, http.StatusOK, "outlet", d.plainOutlet(l, x), &b)
}

// plainOutlet is the name of an outlet without markup.
func (d *Desk) plainOutlet(l *language, x *outletOf) string {
	if e := d.cast().Entry(x.ID); e != nil && e.Get(l.Code) != "" {
		return e.Get(l.Code)
	}
	return short(x.Name, 80)
}
