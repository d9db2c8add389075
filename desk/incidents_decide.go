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
	"unicode/utf8"

	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

// incidentConflict is a decision on an incident that was refused because
// somebody else decided since the page was made: both versions.
type incidentConflict struct {
	Yours  review.Decision
	Theirs []review.Decision
	Form   [][2]string
}

// onIncident reads the form of a decision on an incident.
//
//	action   join, part, grade, note, undo
//	seen     what the person saw, as the page of the incident has it
//	other    join: the other incident; seen_too is what the person saw of that
//	report   part: a report that tells of something else; any number of them
//	grade    "" takes the grade back
//	note
//	undoes   number of a decision; none for the last
func onIncident(f url.Values) (ledger.OnIncident, error) {
	for name, list := range f {
		for _, v := range list {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return ledger.OnIncident{}, badForm("%s holds what is no text", name)
			}
		}
	}
	o := ledger.OnIncident{Action: review.Action(f.Get("action")), Seen: f.Get("seen")}
	switch o.Action {
	case review.Join:
		o.Other, o.SeenToo = f.Get("other"), f.Get("seen_too")
	case review.Part:
		if o.Reports = f["report"]; len(o.Reports) == 0 {
			return o, badForm("choose the reports that tell of something else")
		}
	case review.Grade:
		o.Grade = f.Get("grade")
	case review.Note:
		o.Note = strings.TrimSpace(strings.ReplaceAll(f.Get("note"), "\r\n", "\n"))
	case review.Undo:
		if n := f.Get("undoes"); n != "" {
			var err error
			if o.Undoes, err = strconv.ParseInt(n, 10, 64); err != nil || o.Undoes < 1 {
				return o, badForm("%q is no number of a decision", n)
			}
		}
	}
	return o, nil
}

// decideIncident makes a decision on an incident. The errors are
// *ledger.Conflict, *ledger.NoIncident, those of the ledger itself, and errForm
// for a decision that cannot be.
func (d *Desk) decideIncident(ctx context.Context, o ledger.OnIncident) (review.Decision, error) {
	switch o.Action {
	case review.Join, review.Part, review.Grade, review.Note, review.Undo:
	default:
		return review.Decision{}, badForm("there is no action %q on an incident", o.Action)
	}
	if o.Seen == ledger.Anyway || o.SeenToo == ledger.Anyway {
		return review.Decision{}, badForm("say which state of the incident you saw")
	}
	o.Author = d.author(ctx)
	out, err := d.ledger.DecideIncident(ctx, d.linker(), o)
	if err != nil && !isOwn(err) && !notThere(err) {
		err = errForm{err}
	}
	return out, err
}

func (d *Desk) incidentPost(w http.ResponseWriter, r *http.Request) {
	if !d.formOf(w, r) {
		return
	}
	x := d.incidentOf(w, r, r.PathValue("id"))
	if x == nil {
		return
	}
	f := r.PostForm
	o, err := onIncident(f)
	o.Incident = x.ID
	var made review.Decision
	if err == nil {
		made, err = d.decideIncident(r.Context(), o)
	}
	var c *ledger.Conflict
	switch {
	case errors.As(err, &c):
		yours := c.Yours
		yours.Author, yours.Target.ID = d.author(r.Context()), x.ID
		if yours.Action == review.Grade {
			yours.Value = []byte(strconv.Quote(o.Grade))
		}
		for _, id := range o.Reports {
			yours.Others = append(yours.Others, review.Account{Report: id})
		}
		if o.Action == review.Join { // both are looked at again
			http.Redirect(w, r, "/incident/"+x.ID+"/join?changed=1&other="+url.QueryEscape(o.Other), http.StatusSeeOther)
			return
		}
		d.incident(w, r, http.StatusConflict, "", &incidentConflict{Yours: yours, Theirs: c.Theirs, Form: again(f)})
		return
	case err != nil && (statusOf(err) == http.StatusUnprocessableEntity || notThere(err)):
		d.incident(w, r, http.StatusUnprocessableEntity, err.Error(), nil)
		return
	case err != nil:
		d.trouble(w, r, statusOf(err), err)
		return
	}
	http.Redirect(w, r, "/incident/"+d.moved(r.Context(), &made)+"?made="+strconv.FormatInt(made.Seq, 10), http.StatusSeeOther)
}

// moved is the id under which an incident goes on after a decision: one that
// got another earliest report has another.
func (d *Desk) moved(ctx context.Context, made *review.Decision) string {
	id := made.Target.ID
	if _, err := d.ledger.Incident(ctx, id); err == nil || len(made.Accounts) == 0 {
		return id
	}
	list, err := d.ledger.Incidents(ctx, ledger.IncidentFilter{Report: made.Accounts[0].Report}, 1, 0)
	if err == nil && len(list) > 0 {
		return list[0].ID
	}
	return id
}

// joining is the page that shows two incidents beside each other before they
// are made one.
type joining struct {
	*language
	Sides   []*incidentBody
	Other   string
	Why     string
	Changed bool // somebody decided on one of them meanwhile
}

func (d *Desk) joinPage(w http.ResponseWriter, r *http.Request) {
	x := d.incidentOf(w, r, r.PathValue("id"))
	if x == nil {
		return
	}
	l := languageOf(r)
	q := r.URL.Query()
	b := joining{language: l, Other: strings.TrimSpace(q.Get("other")), Changed: q.Get("changed") != ""}
	add := func(x *ledger.IncidentFull) {
		s := &incidentBody{language: l, X: x, desk: d}
		s.members(0)
		s.Members = s.Members[:min(len(s.Members), 12)]
		b.Sides = append(b.Sides, s)
	}
	add(x)
	status := http.StatusOK
	y, err := d.ledger.Incident(r.Context(), b.Other)
	switch {
	case notThere(err):
		status, b.Why = http.StatusUnprocessableEntity, err.Error()
	case err != nil:
		d.trouble(w, r, statusOf(err), err)
		return
	case y.ID == x.ID:
		status, b.Why = http.StatusUnprocessableEntity, l.T("incident.join.itself")
	default:
		add(y)
	}
	d.show(w, r, status, "join", l.T("incident.join"), &b)
}

// Decided says what somebody decided on an incident.
func (l *language) DecidedIncident(x any) template.HTML {
	d, ok := x.(review.Decision)
	if p, is := x.(*review.Decision); is {
		d, ok = *p, true
	}
	if !ok {
		return ""
	}
	reports := func(list []review.Account) template.HTML {
		var ids []string
		for _, a := range list {
			if !slices.Contains(ids, a.Report) {
				ids = append(ids, a.Report)
			}
		}
		var out []string
		for i, id := range ids {
			if i == 4 {
				return template.HTML(strings.Join(out, l.T("list.comma")+" ")) + " " + bdi(l.T("incident.more", len(ids)-i))
			}
			out = append(out, `<a href="/report/`+url.PathEscape(id)+`">`+string(ltr(short(id, 8)))+"</a>")
		}
		return template.HTML(strings.Join(out, l.T("list.comma")+" "))
	}
	p := parts{"note": bdi(short(d.Note, 2000)), "reports": reports(d.Others), "seq": template.HTML(l.Digits(strconv.FormatInt(d.Undoes, 10)))}
	key := "log.incident." + string(d.Action)
	if d.Action == review.Grade {
		grade := strings.Trim(string(d.Value), `"`)
		if grade == "" || grade == "null" {
			key += ".none"
		}
		p["grade"] = bdi(l.Word("grade", grade))
	}
	if d.Action == review.Undo {
		key = "log.undo"
	}
	if !l.has(key) {
		return ltr(string(d.Action))
	}
	return l.Sentence(key, p)
}
