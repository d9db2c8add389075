package desk

import (
	"net/http"

	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

// incidentAPI are the handlers that give as JSON what the pages of linking
// give as HTML.
func (d *Desk) incidentAPI(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/v1/incidents", d.apiIncidents)
	mux.HandleFunc("GET /api/v1/incidents/{id}", d.apiIncident)
	mux.HandleFunc("POST /api/v1/incidents/{id}/decisions", d.apiDecideIncident)
	mux.HandleFunc("GET /api/v1/reports/{id}/relays", d.apiRelays)
	mux.HandleFunc("GET /api/v1/outlets", d.apiOutlets)
	mux.HandleFunc("GET /api/v1/link", d.apiLinkState)
	mux.HandleFunc("POST /api/v1/link", d.apiLink)
}

func (d *Desk) apiIncidents(w http.ResponseWriter, r *http.Request) {
	list, more, err := d.findIncidents(r.Context(), wantedOf(r.URL.Query()))
	var linked bool
	if err == nil {
		linked, err = d.ledger.LinkedYet(r.Context())
	}
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	for i := range list {
		list[i].Kinds = noNil(list[i].Kinds)
	}
	d.answer(w, http.StatusOK, struct {
		Linked    bool                 `json:"linked"`
		Incidents []ledger.IncidentRow `json:"incidents"`
		More      bool                 `json:"more"`
	}{linked, noNil(list), more})
}

func (d *Desk) apiIncident(w http.ResponseWriter, r *http.Request) {
	x, err := d.ledger.Incident(r.Context(), r.PathValue("id"))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusOK, struct {
		Incident incident.Linked          `json:"incident"`
		Grade    string                   `json:"grade"` // that a person gave
		Reports  map[string]ledger.Report `json:"reports"`
		Notes    []review.Decision        `json:"notes"`
		Log      []review.Decision        `json:"log"`
		Seen     string                   `json:"seen"` // what to send with a decision
	}{x.Linked, x.Grade, x.Of, noNil(x.Notes), noNil(x.Log), x.Seen})
}

func (d *Desk) apiDecideIncident(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Seen    *string       `json:"seen"`
		Action  review.Action `json:"action"`
		Other   string        `json:"other"`
		SeenToo *string       `json:"seen_too"`
		Reports []string      `json:"reports"`
		Grade   string        `json:"grade"`
		Note    string        `json:"note"`
		Undoes  int64         `json:"undoes"`
	}
	if !d.take(w, r, &in) {
		return
	}
	if in.Seen == nil || in.Action == review.Join && in.SeenToo == nil {
		d.answer(w, http.StatusUnprocessableEntity, problem{Error: `say with "seen" which state of the incident you saw: its "seen", "" where nobody decided on it yet; and with "seen_too" that of the other one to be joined`})
		return
	}
	x, err := d.ledger.Incident(r.Context(), r.PathValue("id"))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	o := ledger.OnIncident{Action: in.Action, Incident: x.ID, Seen: *in.Seen, Other: in.Other, Reports: in.Reports, Grade: in.Grade, Note: in.Note, Undoes: in.Undoes}
	if in.SeenToo != nil {
		o.SeenToo = *in.SeenToo
	}
	made, err := d.decideIncident(r.Context(), o)
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusCreated, struct {
		Decision review.Decision `json:"decision"`
		Incident string          `json:"incident"` // the id under which it goes on
	}{made, d.moved(r.Context(), &made)})
}

func (d *Desk) apiRelays(w http.ResponseWriter, r *http.Request) {
	x, err := d.ledger.Relays(r.Context(), r.PathValue("id"))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusOK, x)
}

func (d *Desk) apiOutlets(w http.ResponseWriter, r *http.Request) {
	list, err := d.outlets(r.Context(), r.URL.Query())
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	for i := range list {
		list[i].From = noNil(list[i].From)
	}
	d.answer(w, http.StatusOK, struct {
		Outlets []ledger.Outlet `json:"outlets"`
	}{noNil(list)})
}

func (d *Desk) apiLinkState(w http.ResponseWriter, r *http.Request) {
	s, err := d.linkStateNow(r.Context())
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusOK, s)
}

func (d *Desk) apiLink(w http.ResponseWriter, r *http.Request) {
	var in struct{}
	if !d.take(w, r, &in) {
		return
	}
	d.link()
	s, err := d.linkStateNow(r.Context())
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusAccepted, s)
}
