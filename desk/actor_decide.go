package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

// onEntities is a decision on entities everywhere, as a person asks for it.
type onEntities struct {
	Action review.Action `json:"action"` // merge, split, undo
	Entity string        `json:"entity"` // merge: the other one, an id, REPORT/id or a name; split: which is taken out
	Undoes int64         `json:"undoes"`
	Seen   *string       `json:"seen"` // the log's last hash, as the page of the actor has it
}

// decideEntities makes a decision on an actor. The errors are
// *ledger.Conflict, those of the ledger itself, and errForm for a decision that cannot be.
func (d *Desk) decideEntities(ctx context.Context, a *ledger.Actor, o onEntities) (review.Decision, error) {
	x := review.Decision{Author: d.author(ctx), Action: o.Action, Undoes: o.Undoes}
	if o.Seen == nil || *o.Seen == ledger.Anyway {
		return x, badForm(`say with "seen" which decisions on entities you saw: the actor's "seen", "" where there was none`)
	}
	if !utf8.ValidString(o.Entity) || strings.ContainsRune(o.Entity, 0) {
		return x, badForm("this is no name")
	}
	switch o.Action {
	case review.Merge:
		ref, err := d.refOf(ctx, o.Entity)
		if err != nil {
			return x, err
		}
		x.Target = review.Target{Kind: review.Entity, ID: a.ID}
		x.Value, _ = json.Marshal([]string{ref}) // a string is always JSON
	case review.Split:
		if o.Entity = strings.TrimSpace(o.Entity); !slices.Contains(a.Refs, o.Entity) && !strings.Contains(o.Entity, "/") {
			return x, badForm("%s was not made one with this actor", o.Entity)
		}
		x.Target = review.Target{Kind: review.Entity, ID: o.Entity}
	case review.Undo:
	default:
		return x, badForm("there is no action %q on an actor", o.Action)
	}
	out, err := d.ledger.DecideEntities(ctx, x, *o.Seen)
	if err != nil && !isOwn(err) {
		err = errForm{err}
	}
	return out, err
}

// refOf is the entity that a person names: an id, REPORT/id, or a name that
// one entity alone bears.
func (d *Desk) refOf(ctx context.Context, name string) (string, error) {
	if name = strings.TrimSpace(name); name == "" {
		return "", badForm("say which entity is the same")
	}
	if id, local, ok := strings.Cut(name, "/"); ok {
		x, err := d.ledger.Report(ctx, id)
		if err != nil {
			return "", errForm{err}
		}
		_, rev, err := d.ledger.Record(ctx, x.ID)
		if err != nil {
			return "", err
		}
		for i := range rev.Record.Entities {
			if rev.Record.Entities[i].ID == local {
				return x.ID + "/" + local, nil
			}
		}
		return "", badForm("report %s has no entity %q", x.ID, local)
	}
	ids, err := d.ledger.Resolve(ctx, d.reader().Lexicon, name)
	switch {
	case err != nil:
		return "", err
	case slices.Contains(ids, name):
		return name, nil
	case len(ids) == 0:
		return "", badForm("neither the lexicon nor any report has the name %s", name)
	case len(ids) > 1:
		return "", badForm("%q may be %s: give the id", name, strings.Join(ids[:min(len(ids), 8)], ", "))
	}
	return ids[0], nil
}

func (d *Desk) actorPost(w http.ResponseWriter, r *http.Request) {
	if !d.formOf(w, r) {
		return
	}
	a := d.actorOf(w, r)
	if a == nil {
		return
	}
	f := r.PostForm
	seen := f.Get("seen")
	o := onEntities{Action: review.Action(f.Get("action")), Entity: f.Get("entity"), Seen: &seen}
	var err error
	if n := f.Get("undoes"); n != "" {
		if o.Undoes, err = strconv.ParseInt(n, 10, 64); err != nil {
			err = badForm("%q is no number of a decision", n)
		}
	}
	var made review.Decision
	if err == nil {
		made, err = d.decideEntities(r.Context(), a, o)
	}
	var c *ledger.Conflict
	switch {
	case errors.As(err, &c):
		d.actor(w, r, a, http.StatusConflict, "", c)
	case err != nil && statusOf(err) == http.StatusUnprocessableEntity:
		d.actor(w, r, a, http.StatusUnprocessableEntity, err.Error(), nil)
	case err != nil:
		d.trouble(w, r, statusOf(err), err)
	default:
		d.near.forget()
		http.Redirect(w, r, actorLink(a.ID)+"?made="+strconv.FormatInt(made.Seq, 10)+"#same", http.StatusSeeOther)
	}
}

// DecidedEntities says what somebody decided on entities.
func (l *language) DecidedEntities(d *review.Decision) template.HTML {
	p := parts{"into": ltr(short(d.Target.ID, 80)), "seq": template.HTML(l.Digits(strconv.FormatInt(d.Undoes, 10)))}
	switch d.Action {
	case review.Merge:
		var ids, list []string
		json.Unmarshal(d.Value, &ids) // what is no list is shown as none
		for _, id := range ids[:min(len(ids), 6)] {
			list = append(list, string(ltr(short(id, 80))))
		}
		p["others"] = template.HTML(strings.Join(list, template.HTMLEscapeString(l.T("list.comma"))+" "))
		return l.Sentence("actor.log.merge", p)
	case review.Split:
		return l.Sentence("actor.log.split", p)
	case review.Undo:
		return l.Sentence("log.undo", p)
	}
	return ltr(string(d.Action))
}

// near are the machine's proposals which names are of one entity. To make them
// all names of the ledger are compared, which takes long where there are many:
// they are made when somebody asks for them, and kept until somebody decides or asks anew.
type near struct {
	making     sync.Mutex // held while they are made
	sync.Mutex            // of what is below
	made       time.Time  // zero: not made
	list       []ledger.Proposal
}

// now are the proposals that are there.
func (n *near) now() ([]ledger.Proposal, time.Time) {
	n.Lock()
	defer n.Unlock()
	return n.list, n.made
}

func (n *near) forget() {
	n.Lock()
	defer n.Unlock()
	n.made, n.list = time.Time{}, nil
}

// leastSure is how sure a proposal is that is shown.
const leastSure = 0.3

// proposals returns the proposals, made anew where there are none or anew is
// asked for.
func (d *Desk) proposals(ctx context.Context, anew bool) ([]ledger.Proposal, time.Time, error) {
	if list, made := d.near.now(); !anew && !made.IsZero() {
		return list, made, nil
	}
	d.near.making.Lock()
	defer d.near.making.Unlock()
	if list, made := d.near.now(); !anew && !made.IsZero() {
		return list, made, nil // somebody else had them made
	}
	all, err := d.ledger.Proposals(ctx, d.reader().Lexicon, leastSure)
	if err != nil {
		return nil, time.Time{}, err
	}
	// Names that are alike are gathered of actors alone: a list of victims'
	// names in several reports is none that Sanad makes.
	public := map[string]bool{}
	list := []ledger.Proposal{}
	for _, p := range all {
		ok, there := public[p.Into]
		if !there {
			_, err := d.ledger.Actor(ctx, d.cast(), p.Into)
			if err != nil && !noActor(err) {
				return nil, time.Time{}, err
			}
			ok = err == nil
			public[p.Into] = ok
		}
		if ok {
			list = append(list, p)
		}
	}
	d.near.Lock()
	defer d.near.Unlock()
	d.near.list, d.near.made = list, time.Now()
	return list, d.near.made, nil
}

type proposalRow struct {
	ledger.Proposal
	Into, Others nameLink
	Sure         string
	Seen         []nameLink // reports that name the other
}

func (d *Desk) proposalRow(l *language, p *ledger.Proposal) proposalRow {
	x := proposalRow{Proposal: *p, Sure: l.T("percent", int(100*p.Confidence+0.5))}
	x.Into = nameLink{bdi(d.actorName(l, p.Into, p.IntoName, "")), actorLink(p.Into), ""}
	x.Others = nameLink{Name: bdi(short(p.OtherName, 80))}
	for _, id := range p.Reports[:min(len(p.Reports), 4)] {
		x.Seen = append(x.Seen, nameLink{ltr(short(id, 8)), "/report/" + id, ""})
	}
	return x
}

// proposalsOf are those about an actor among the proposals that were made.
func (d *Desk) proposalsOf(l *language, a *ledger.Actor) (list []proposalRow) {
	near, _ := d.near.now()
	for i := range near {
		if p := &near[i]; slices.Contains(a.Refs, p.Into) || slices.Contains(a.Refs, p.Other) {
			list = append(list, d.proposalRow(l, p))
		}
	}
	return list[:min(len(list), 12)]
}

// proposalsBody is the page of proposals.
type proposalsBody struct {
	*language
	List  []proposalRow
	More  int
	Made  template.HTML
	Why   string
	Token string
	Done  string
}

// proposalsShown is how many proposals are on a page: the surest.
const proposalsShown = 50

func (d *Desk) proposalsPage(w http.ResponseWriter, r *http.Request) {
	d.showProposals(w, r, http.StatusOK, "")
}

func (d *Desk) showProposals(w http.ResponseWriter, r *http.Request, status int, why string) {
	l := languageOf(r)
	q := r.URL.Query()
	list, made, err := d.proposals(r.Context(), q.Get("anew") != "")
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	b := proposalsBody{language: l, Made: l.Moment(made), Why: why, Token: d.token(r.Context()), More: max(0, len(list)-proposalsShown)}
	if done := q.Get("done"); done == "accept" || done == "refuse" {
		b.Done = l.T("proposals.done." + done)
	}
	for i := range list[:min(len(list), proposalsShown)] {
		b.List = append(b.List, d.proposalRow(l, &list[i]))
	}
	d.show(w, r, status, "proposals", l.T("proposals.title"), &b)
}

// decideProposal accepts or refuses one of the proposals.
func (d *Desk) decideProposal(ctx context.Context, id, action string) (review.Decision, error) {
	list, _, err := d.proposals(ctx, false)
	if err != nil {
		return review.Decision{}, err
	}
	i := slices.IndexFunc(list, func(p ledger.Proposal) bool { return p.ID == id })
	if i < 0 {
		return review.Decision{}, badForm("there is no proposal %q any more", id)
	}
	p := list[i]
	var made review.Decision
	switch action {
	case "accept":
		made, err = d.ledger.Accept(ctx, p, d.author(ctx))
	case "refuse":
		made, err = d.ledger.Refuse(ctx, p, d.author(ctx))
	default:
		return made, badForm("a proposal is accepted or refused")
	}
	if err != nil {
		if !isOwn(err) {
			err = errForm{err}
		}
		return made, err
	}
	d.near.Lock()
	defer d.near.Unlock()
	d.near.list = slices.DeleteFunc(slices.Clone(d.near.list), func(x ledger.Proposal) bool { return x.ID == id })
	return made, nil
}

func (d *Desk) proposalsPost(w http.ResponseWriter, r *http.Request) {
	if !d.formOf(w, r) {
		return
	}
	f := r.PostForm
	_, err := d.decideProposal(r.Context(), f.Get("proposal"), f.Get("action"))
	switch {
	case err != nil && statusOf(err) == http.StatusUnprocessableEntity:
		d.showProposals(w, r, http.StatusUnprocessableEntity, err.Error())
	case err != nil:
		d.trouble(w, r, statusOf(err), err)
	default:
		next := local(cmp.Or(f.Get("next"), "/actors/proposals"), "/actors/proposals")
		u, _ := url.Parse(next) // local has parsed it
		q := u.Query()
		q.Set("done", f.Get("action"))
		u.RawQuery = q.Encode()
		http.Redirect(w, r, u.String(), http.StatusSeeOther)
	}
}
