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

	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// So much of each part is on the page of an actor; a part's own page has more.
const (
	partShown  = 5
	partPage   = 25
	formsShown = 30
	namesOf    = 80  // the newest reports of which the page shows how they write it
	tiesOf     = 120 // the newest reports in which it acts, and is acted on, whose ties are drawn
	quoteOfRow = 220 // letters of what somebody says
)

// actorBody is the page of an actor.
type actorBody struct {
	*language
	A        *ledger.Actor
	Link     string
	Called   string
	Also     string // in the other language
	Type     string
	Country  nameLink
	In       nameLink
	Held     []string // offices, by the lexicon
	Outlet   string   // the page of the outlet that it is
	Names    []formRow
	Loaded   []formRow
	Looked   int // reports that the names are of
	Offices  []officeRow
	Over     int // reports that the offices are of
	Parts    []partView
	Tallies  []tallyView
	Around   *butterfly
	Ties     []tieRow
	Wording  []wordingRow
	Members  []memberRow
	Log      []entityLine
	Near     []proposalRow
	Token    string
	Seen     string
	Why      string
	Conflict []review.Decision // made since the page was
	Form     [][2]string       // the form that was refused for it
	Made     *review.Decision
}

type formRow struct {
	Text  string
	Count int
	Link  string
}

type officeRow struct {
	Title   string
	Of      nameLink
	From    template.HTML
	To      template.HTML
	Reports int
	Link    string
}

// partView is a part of what reports say of an actor.
type partView struct {
	Name   string
	Rows   []deedRow
	All    string // its own page
	Next   string // of its own page: what follows
	Looked int
	Rest   bool // not all reports were looked at
}

// deedRow is one statement or event.
type deedRow struct {
	Day    string
	Outlet template.HTML
	Text   template.HTML
	Link   string
	Act    string
	Status string
	Word   string
	Way    []template.HTML // of what others say: from the publisher to who says it
}

type tallyView struct {
	Name   string
	Counts []ledger.Count
	Of     string // of which reports
}

type memberRow struct {
	Ref  string
	Name string
}

type entityLine struct {
	Seq    int64
	Text   template.HTML
	Signed template.HTML
	Counts bool
}

func (d *Desk) actorPage(w http.ResponseWriter, r *http.Request) {
	if a := d.actorOf(w, r); a != nil {
		d.actor(w, r, a, http.StatusOK, "", nil)
	}
}

// actor renders an actor, and what went wrong.
func (d *Desk) actor(w http.ResponseWriter, r *http.Request, a *ledger.Actor, status int, why string, c *ledger.Conflict) {
	ctx, l := r.Context(), languageOf(r)
	b := d.newActorBody(l, a)
	b.Token, b.Why = d.token(ctx), why
	if c != nil {
		b.Conflict, b.Form = c.Theirs, again(r.PostForm)
	}
	steps := []func(context.Context) error{b.names, b.offices, b.doings, b.around, b.decided}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			d.trouble(w, r, statusOf(err), err)
			return
		}
	}
	if seq, err := strconv.ParseInt(r.URL.Query().Get("made"), 10, 64); err == nil {
		for i := range b.Log {
			if b.Log[i].Seq == seq {
				b.Made = &review.Decision{Seq: seq}
			}
		}
	}
	b.Near = d.proposalsOf(l, a)
	d.show(w, r, status, "actor", b.Called, &b.actorBody)
}

// actorPageOf is a page of an actor while it is made.
type actorPageOf struct {
	actorBody
	desk *Desk
}

func (d *Desk) newActorBody(l *language, a *ledger.Actor) *actorPageOf {
	b := &actorPageOf{actorBody: actorBody{language: l, A: a, Link: actorLink(a.ID)}, desk: d}
	b.Called = d.actorName(l, a.ID, a.Name, a.NameEn)
	if other := d.actorName(languages[l.Other], a.ID, a.Name, a.NameEn); other != b.Called {
		b.Also = other
	}
	b.Type = l.Word("value.entity.type", a.Type)
	link := func(id string) nameLink {
		if id == "" {
			return nameLink{}
		}
		return nameLink{bdi(d.actorName(l, id, "", "")), actorLink(id), ""}
	}
	b.Country, b.In = link(a.Country), link(a.In)
	if e := d.cast().Entry(a.ID); e != nil {
		for _, role := range e.All("role") {
			title, of, _ := strings.Cut(role, "@")
			if title = strings.TrimSpace(title); strings.TrimSpace(of) != "" {
				title += " (" + d.actorName(l, strings.TrimSpace(of), "", "") + ")"
			}
			b.Held = append(b.Held, title)
		}
	}
	if a.Type == "MEDIA" {
		b.Outlet = outletLink(a.ID)
	}
	return b
}

// outletLink is the page of an outlet, "" where it is not known which.
func outletLink(id string) string {
	if id == "" {
		return ""
	}
	return "/outlet/" + url.PathEscape(id)
}

func (b *actorPageOf) names(ctx context.Context) error {
	x, err := b.desk.ledger.Worded(ctx, b.A, namesOf)
	if err != nil {
		return err
	}
	b.Looked = x.Looked
	for _, f := range x.Forms() {
		row := formRow{short(f.Text, 120), f.Count, wordsLink(f.Report, f.Start, f.End)}
		switch {
		case f.Loaded && len(b.Loaded) < formsShown:
			b.Loaded = append(b.Loaded, row)
		case !f.Loaded && len(b.Names) < formsShown:
			b.Names = append(b.Names, row)
		}
	}
	if len(b.Loaded) > 0 { // else nobody takes a side with words
		b.Wording = b.desk.wordingRows(b.language, x, map[string]*ledger.Actor{b.A.ID: b.A})
		b.Wording = b.Wording[:min(len(b.Wording), 12)]
	}
	return nil
}

func (b *actorPageOf) offices(ctx context.Context) error {
	if b.A.Type != "PER" {
		return nil // only people hold them
	}
	list, looked, err := b.desk.ledger.Offices(ctx, b.A)
	b.Over = looked
	for _, o := range list {
		row := officeRow{Title: short(o.Title, 120), From: b.Day(o.First), To: b.Day(o.Last), Reports: o.Reports, Link: wordsLink(o.Report, o.Start, o.End)}
		if o.First == o.Last {
			row.To = ""
		}
		if o.First == "" {
			row.From = ""
		}
		if o.Of != "" {
			row.Of.Name = bdi(b.desk.actorName(b.language, o.Of, o.OfName, ""))
			if e := b.desk.cast().Entry(o.Of); e != nil && e.Get("type") != "PLACE" {
				row.Of.Link = actorLink(o.Of)
			}
		}
		b.Offices = append(b.Offices, row)
	}
	return err
}

// partLink is the page of one part.
func (b *actorPageOf) partLink(part, from string) string {
	s := b.Link + "/" + part
	if from != "" {
		s += "?from=" + from
	}
	return s
}

func (b *actorPageOf) doings(ctx context.Context) error {
	x, err := b.desk.ledger.Doings(ctx, b.A, partShown)
	if err != nil {
		return err
	}
	t := newTellers(b.desk, b.language)
	for i := range x.Sections {
		s := &x.Sections[i]
		v := partView{Name: s.Part, Looked: s.Looked, Rest: s.Next != ""}
		if s.Next != "" {
			v.All = b.partLink(s.Part, "")
			if len(s.List) == 0 {
				v.All = b.partLink(s.Part, s.Next)
			}
		}
		if v.Rows, err = t.rows(ctx, s.List); err != nil {
			return err
		}
		b.Parts = append(b.Parts, v)
	}
	for _, y := range [...]struct {
		name string
		t    ledger.Tally
	}{{"acts", x.Acts}, {"suffers", x.Suffers}} {
		if len(y.t.Counts) == 0 {
			continue
		}
		v := tallyView{Name: y.name, Counts: y.t.Counts, Of: b.T("actor.tally.all", y.t.Reports)}
		if y.t.More {
			v.Of = b.T("actor.tally.newest", y.t.Reports)
		}
		b.Tallies = append(b.Tallies, v)
	}
	return nil
}

// tellers tell findings of several reports.
type tellers struct {
	desk *Desk
	*language
	of map[string]*teller
}

func newTellers(d *Desk, l *language) *tellers { return &tellers{d, l, map[string]*teller{}} }

// rows tells statements and events, each by the record in force of its report.
func (t *tellers) rows(ctx context.Context, list []ledger.Deed) ([]deedRow, error) {
	var out []deedRow
	for i := range list {
		x := &list[i]
		one := t.of[x.Report.ID]
		if one == nil {
			_, rev, err := t.desk.ledger.Record(ctx, x.Report.ID)
			if err != nil {
				return nil, err
			}
			one = newTeller(t.language, rev.Record)
			t.of[x.Report.ID] = one
		}
		row := deedRow{Day: x.Report.Published, Outlet: t.desk.outlet(t.language, &x.Report), Act: x.Act, Status: x.Status, Word: x.Word}
		kind := review.Event
		if x.Act != "" {
			kind = review.Statement
			s := one.statements[x.ID]
			if s == nil {
				continue // the report was read again meanwhile
			}
			row.Text = one.statement(s, short(one.content(s), quoteOfRow))
		} else {
			e := one.events[x.ID]
			if e == nil {
				continue
			}
			row.Text = one.event(e)
			if s := one.statements[x.Said]; s != nil && x.Word == ledger.Others {
				row.Way = t.way(one, &x.Report, s)
			}
		}
		row.Link = "/report/" + x.Report.ID + "?f=" + url.QueryEscape(keyOf(kind, x.ID)) + "#panel"
		out = append(out, row)
	}
	return out, nil
}

// way is who says something and through whom: from the publisher to the
// speaker.
func (t *tellers) way(one *teller, x *ledger.Report, s *record.Statement) []template.HTML {
	var list []template.HTML
	if o := t.desk.outlet(t.language, x); o != "" {
		list = append(list, o)
	}
	for i := range s.Via {
		list = append(list, one.ref(&s.Via[i]))
	}
	switch {
	case s.Speaker != nil && len(s.Via) == 0 && *s.Speaker == x.Outlet:
		return list // the outlet's own word
	case s.Speaker != nil:
		list = append(list, one.name(*s.Speaker))
	case s.SpeakerSpan != nil:
		list = append(list, quote(s.SpeakerSpan.Text))
	default:
		list = append(list, template.HTML(template.HTMLEscapeString(t.T("said.nobody"))))
	}
	return list
}

// actorPart is the page of one part of what reports say of an actor.
type actorPart struct {
	*language
	Called string
	Link   string
	Part   partView
	Tabs   []tab
	First  string // the newest
}

func (d *Desk) actorPartPage(w http.ResponseWriter, r *http.Request) {
	part := r.PathValue("part")
	if !slices.Contains(ledger.Parts, part) {
		d.trouble(w, r, http.StatusNotFound, nil)
		return
	}
	a := d.actorOf(w, r)
	if a == nil {
		return
	}
	s, err := d.section(r.Context(), a, part, r.URL.Query().Get("from"), partPage)
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	l := languageOf(r)
	b := d.newActorBody(l, a)
	v := partView{Name: part, Looked: s.Looked, Rest: s.Next != ""}
	if s.Next != "" {
		v.Next = b.partLink(part, s.Next)
	}
	if v.Rows, err = newTellers(d, l).rows(r.Context(), s.List); err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	out := actorPart{language: l, Called: b.Called, Link: b.Link, Part: v}
	if r.URL.Query().Get("from") != "" {
		out.First = b.partLink(part, "")
	}
	for _, p := range ledger.Parts {
		out.Tabs = append(out.Tabs, tab{l.T("actor." + p), p, b.partLink(p, ""), p == part})
	}
	d.show(w, r, http.StatusOK, "actorpart", l.T("actor."+part)+" · "+b.Called, &out)
}

// section is a page of one part.
func (d *Desk) section(ctx context.Context, a *ledger.Actor, part, from string, limit int) (*ledger.Section, error) {
	if !slices.Contains(ledger.Parts, part) {
		return nil, badForm("%q is no part of an actor's page", part)
	}
	at, err := ledger.ParsePlace(from)
	if errors.Is(err, ledger.ErrPlace) {
		return nil, errForm{err}
	}
	return d.ledger.Section(ctx, a, part, at, limit)
}

// named in so many reports, in words.
func (b *actorBody) NamedIn() string {
	if b.A.Reports > ledger.ActorMost {
		return b.T("actor.reports.more", ledger.ActorMost)
	}
	return b.T("actor.reports", b.A.Reports)
}

// decided fills in which entities people made one, and who did.
func (b *actorPageOf) decided(ctx context.Context) error {
	log, err := b.desk.ledger.EntityLog(ctx)
	if err != nil {
		return err
	}
	b.Seen = log.Last
	for _, ref := range b.A.Refs[1:] {
		b.Members = append(b.Members, memberRow{ref, b.desk.actorName(b.language, ref, "", "")})
	}
	list, counts := log.About(b.A.Refs)
	for i := len(list) - 1; i >= 0; i-- {
		b.Log = append(b.Log, entityLine{Seq: list[i].Seq, Text: b.DecidedEntities(&list[i]), Signed: b.Signed(list[i]), Counts: counts[i]})
	}
	b.Log = b.Log[:min(len(b.Log), logged)]
	return nil
}

// Short is as much of the name as there is room for in the middle of a
// drawing.
func (b *actorBody) Short() string {
	return clipName(b.Called, 14)
}

// DecidedAny says what somebody decided on entities.
func (b *actorBody) DecidedAny(d review.Decision) template.HTML { return b.DecidedEntities(&d) }
