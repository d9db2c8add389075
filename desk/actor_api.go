package desk

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

// actorAPI are the handlers that give as JSON what the pages of actors and of
// outlets' wording give as HTML.
func (d *Desk) actorAPI(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/v1/actors", d.apiActors)
	mux.HandleFunc("GET /api/v1/actors/{id}", d.apiActor)
	mux.HandleFunc("GET /api/v1/actors/{id}/{part}", d.apiActorPart)
	mux.HandleFunc("POST /api/v1/actors/{id}/decisions", d.apiDecideActor)
	mux.HandleFunc("GET /api/v1/network", d.apiNetwork)
	mux.HandleFunc("GET /api/v1/proposals", d.apiProposals)
	mux.HandleFunc("POST /api/v1/proposals/{id}", d.apiDecideProposal)
	mux.HandleFunc("GET /api/v1/outlets/{id}", d.apiOutlet)
	mux.HandleFunc("GET /api/v1/wording", d.apiWording)
}

// refuseActor answers where something about an actor cannot be given.
func (d *Desk) refuseActor(w http.ResponseWriter, r *http.Request, err error) {
	if noActor(err) {
		d.answer(w, http.StatusNotFound, problem{Error: err.Error()})
		return
	}
	d.refuse(w, r, err)
}

func (d *Desk) apiActors(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	list, of, err := d.findActors(r.Context(), q.Get("q"), q.Get("type"))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	for i := range list {
		list[i].Matched = noNil(list[i].Matched)
	}
	d.answer(w, http.StatusOK, struct {
		Actors []ledger.Named `json:"actors"`
		Of     int            `json:"of"` // the newest reports that the list is of; 0 where a name was asked for
	}{noNil(list), of})
}

// actorWhole is all that the page of an actor has.
type actorWhole struct {
	*ledger.Actor
	Names   []ledger.Form   `json:"names"`
	NamesOf int             `json:"names_of"` // the newest reports that they are of
	Offices []ledger.Office `json:"offices"`
	Over    int             `json:"offices_of"`
	Doings  *ledger.Doings  `json:"doings"`
	Ties    []ledger.Tie    `json:"ties"`
	Seen    string          `json:"seen"` // what to send with a decision
}

func (d *Desk) wholeActor(ctx context.Context, id string) (*actorWhole, error) {
	a, err := d.ledger.Actor(ctx, d.cast(), id)
	if err != nil {
		return nil, err
	}
	x := &actorWhole{Actor: a}
	words, err := d.ledger.Worded(ctx, a, namesOf)
	if err != nil {
		return nil, err
	}
	x.Names, x.NamesOf = words.Forms(), words.Looked
	if a.Type == "PER" {
		if x.Offices, x.Over, err = d.ledger.Offices(ctx, a); err != nil {
			return nil, err
		}
	}
	if x.Doings, err = d.ledger.Doings(ctx, a, partShown); err != nil {
		return nil, err
	}
	for i := range x.Doings.Sections {
		x.Doings.Sections[i].List = noNil(x.Doings.Sections[i].List)
	}
	n, err := d.ledger.Around(ctx, d.cast(), a, aroundIt)
	if err != nil {
		return nil, err
	}
	log, err := d.ledger.EntityLog(ctx)
	if err != nil {
		return nil, err
	}
	x.Names, x.Offices, x.Ties, x.Seen = noNil(x.Names), noNil(x.Offices), n.Ties, log.Last
	return x, nil
}

func (d *Desk) apiActor(w http.ResponseWriter, r *http.Request) {
	x, err := d.wholeActor(r.Context(), r.PathValue("id"))
	if err != nil {
		d.refuseActor(w, r, err)
		return
	}
	d.answer(w, http.StatusOK, x)
}

func (d *Desk) apiActorPart(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit := partPage
	if n, err := strconv.Atoi(q.Get("limit")); err == nil && n >= 1 && n <= 200 {
		limit = n
	}
	a, err := d.ledger.Actor(r.Context(), d.cast(), r.PathValue("id"))
	var s *ledger.Section
	if err == nil {
		s, err = d.section(r.Context(), a, r.PathValue("part"), q.Get("from"), limit)
	}
	if err != nil {
		d.refuseActor(w, r, err)
		return
	}
	s.List = noNil(s.List)
	d.answer(w, http.StatusOK, s)
}

func (d *Desk) apiDecideActor(w http.ResponseWriter, r *http.Request) {
	var in onEntities
	if !d.take(w, r, &in) {
		return
	}
	a, err := d.ledger.Actor(r.Context(), d.cast(), r.PathValue("id"))
	var made review.Decision
	if err == nil {
		made, err = d.decideEntities(r.Context(), a, in)
	}
	if err != nil {
		d.refuseActor(w, r, err)
		return
	}
	d.near.forget()
	d.answer(w, http.StatusCreated, made)
}

func (d *Desk) apiNetwork(w http.ResponseWriter, r *http.Request) {
	x, err := d.network(r.Context(), r.URL.Query())
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	for i := range x.Actors {
		x.Actors[i].Matched = noNil(x.Actors[i].Matched)
	}
	d.answer(w, http.StatusOK, x)
}

func (d *Desk) apiProposals(w http.ResponseWriter, r *http.Request) {
	list, made, err := d.proposals(r.Context(), r.URL.Query().Get("anew") != "")
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusOK, struct {
		Proposals []ledger.Proposal `json:"proposals"`
		Made      time.Time         `json:"made"`
	}{noNil(list), made.UTC()})
}

func (d *Desk) apiDecideProposal(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Action string `json:"action"`
	}
	if !d.take(w, r, &in) {
		return
	}
	made, err := d.decideProposal(r.Context(), r.PathValue("id"), in.Action)
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusCreated, made)
}

// written leaves out of wordings those who have no page.
func written(x *ledger.Written, cast map[string]*ledger.Actor) *ledger.Written {
	out := *x
	out.List = []ledger.Wording{}
	for _, w := range x.List {
		if cast[w.Actor] != nil {
			w.Forms = noNil(w.Forms)
			out.List = append(out.List, w)
		}
	}
	return &out
}

func (d *Desk) apiOutlet(w http.ResponseWriter, r *http.Request) {
	x, err := d.outletByID(r.Context(), r.PathValue("id"))
	if errors.Is(err, errNoOutlet) {
		d.answer(w, http.StatusNotFound, problem{Error: "no report is of this outlet"})
		return
	}
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	x.Wording = written(x.Wording, x.cast)
	d.answer(w, http.StatusOK, x)
}

func (d *Desk) apiWording(w http.ResponseWriter, r *http.Request) {
	x, cast, err := d.wordingAsked(r.Context(), r.URL.Query())
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusOK, written(x, cast))
}
