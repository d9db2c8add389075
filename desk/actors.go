package desk

import (
	"cmp"
	"context"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
)

// actorRoutes are the pages of actors and of what outlets call them.
//
// A page gathers what many reports say of one actor; ledger.Actor has the rule
// by whom there is none. It is kept by the ledger, so that no page and no
// address of the API can go around it.
func (d *Desk) actorRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /actors", d.actorsPage)
	mux.HandleFunc("GET /actors/network", d.networkPage)
	mux.HandleFunc("GET /actors/proposals", d.proposalsPage)
	mux.HandleFunc("POST /actors/proposals", d.proposalsPost)
	mux.HandleFunc("GET /actor/{id}", d.actorPage)
	mux.HandleFunc("GET /actor/{id}/{part}", d.actorPartPage)
	mux.HandleFunc("POST /actor/{id}/decide", d.actorPost)
	mux.HandleFunc("GET /actor/{id}/decide", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, actorLink(r.PathValue("id")), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /outlet/{id}", d.outletPage)
	mux.HandleFunc("GET /outlets/wording", d.wordingPage)
}

// castOf is the cast of a lexicon, made once.
type castOf struct {
	lex  *lexicon.Lexicon
	cast *ledger.Cast
}

// cast is who and what the lexicon of the desk knows.
func (d *Desk) cast() *ledger.Cast {
	lex := d.reader().Lexicon
	if c := d.casts.Load(); c != nil && c.lex == lex {
		return c.cast
	}
	c := &castOf{lex, ledger.NewCast(lex)}
	d.casts.Store(c)
	return c.cast
}

func actorLink(id string) string { return "/actor/" + url.PathEscape(id) }

// actorName is the name of an actor in the language: the lexicon's, else what
// reports have, quoted where it takes a side.
func (d *Desk) actorName(l *language, id, name, nameEn string) string {
	if e := d.cast().Entry(id); e != nil {
		if s := e.Get(l.Code); s != "" {
			return tame(s)
		}
	}
	if l.Code != "fa" && nameEn != "" {
		return tame(nameEn)
	}
	if d.cast().TakesSide(name) {
		return "«" + tame(name) + "»"
	}
	return tame(cmp.Or(name, id))
}

// actorsBody is the page to find an actor.
type actorsBody struct {
	*language
	Asked  string
	Type   string
	Types  []option
	List   []actorRow
	Of     int // the newest reports that the list is of; 0 where a name was asked for
	Hidden bool
}

type actorRow struct {
	Link    string
	Name    string
	Other   string // its name in the other language
	Type    string
	Reports int64
	Bar     bar
	Matched string // by which name it was found, where that is another
}

// actorTypes are the types of entities that act.
var actorTypes = []string{"STATE", "GRP", "ORG", "PER", "MEDIA"}

// actorsShown is how many actors a list has.
const actorsShown = 40

// findActors returns the actors of a name, or those that the newest reports
// name most, and of how many reports that is.
func (d *Desk) findActors(ctx context.Context, name, kind string) (list []ledger.Named, of int, err error) {
	if kind != "" && !slices.Contains(actorTypes, kind) {
		return nil, 0, badForm("%q is no type of actor", kind)
	}
	if name == "" {
		return d.ledger.FrequentActors(ctx, d.cast(), kind, actorsShown)
	}
	list, err = d.ledger.FindActors(ctx, d.reader().Lexicon, d.cast(), name, actorsShown)
	if kind != "" {
		list = slices.DeleteFunc(list, func(n ledger.Named) bool { return n.Type != kind })
	}
	return list, 0, err
}

func (d *Desk) actorsPage(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	q := r.URL.Query()
	b := actorsBody{language: l, Asked: strings.TrimSpace(q.Get("q")), Type: q.Get("type")}
	list, of, err := d.findActors(r.Context(), b.Asked, b.Type)
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	b.Of = of
	most := int64(1)
	for i := range list {
		most = max(most, list[i].Reports)
	}
	for _, n := range list {
		row := actorRow{Link: actorLink(n.ID), Name: d.actorName(l, n.ID, n.Name, n.NameEn), Type: l.Word("value.entity.type", n.Type), Reports: n.Reports, Bar: bar{percent(n.Reports, most)}}
		if other := d.actorName(languages[l.Other], n.ID, n.Name, n.NameEn); other != row.Name {
			row.Other = other
		}
		for _, m := range n.Matched {
			if row.Matched == "" && tame(m) != row.Name && tame(m) != row.Other {
				row.Matched = short(m, 80)
			}
		}
		if slices.ContainsFunc(n.Matched, func(m string) bool { m = tame(m); return m == row.Name || m == row.Other }) {
			row.Matched = ""
		}
		b.List = append(b.List, row)
	}
	for _, t := range append([]string{""}, actorTypes...) {
		o := option{t, l.Word("value.entity.type", t), t == b.Type}
		if t == "" {
			o.Label = l.T("inbox.any")
		}
		b.Types = append(b.Types, o)
	}
	d.show(w, r, http.StatusOK, "actors", l.T("actors.title"), &b)
}

// noActorPage answers where an entity has no page; false for other errors.
func (d *Desk) noActorPage(w http.ResponseWriter, r *http.Request, err error) bool {
	var withheld *ledger.Withheld
	var none *ledger.NoActor
	l := languageOf(r)
	why := "none"
	switch {
	case errors.As(err, &withheld):
		why = withheld.Why
	case errors.As(err, &none):
	default:
		return false
	}
	d.show(w, r, http.StatusNotFound, "noactor", l.T("actor.no."+why), struct{ Head, Why string }{l.T("actor.no." + why), l.T("actor.no." + why + ".why")})
	return true
}

// noActor reports whether an error says that an entity has no page.
func noActor(err error) bool {
	var withheld *ledger.Withheld
	var none *ledger.NoActor
	return errors.As(err, &withheld) || errors.As(err, &none)
}

// actorOf finds an actor for a page; nil where there is none, and then the
// answer is given. One that people made another's goes on there.
func (d *Desk) actorOf(w http.ResponseWriter, r *http.Request) *ledger.Actor {
	id := r.PathValue("id")
	a, err := d.ledger.Actor(r.Context(), d.cast(), id)
	switch {
	case err == nil && a.ID != id && r.Method == http.MethodGet:
		to := actorLink(a.ID)
		if part := r.PathValue("part"); part != "" {
			to += "/" + url.PathEscape(part)
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	case err == nil:
		return a
	case !d.noActorPage(w, r, err):
		d.trouble(w, r, statusOf(err), err)
	}
	return nil
}

// nameLink is a link to an actor with its name.
type nameLink struct {
	Name  template.HTML
	Link  string
	Plain string // the name without markup, where a drawing needs it
}
