package desk

import (
	"net/http"
	"net/url"

	"github.com/sanad-project/sanad/ledger"
)

// eventAPI are the handlers that give as JSON what the page of events gives as
// HTML.
func (d *Desk) eventAPI(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/v1/events", d.apiEvents)
	mux.HandleFunc("GET /api/v1/events/timeline", d.apiTimeline)
	mux.HandleFunc("GET /api/v1/events/places", d.apiPlaces)
	mux.HandleFunc("GET /api/v1/events/views", d.apiViews)
	mux.HandleFunc("POST /api/v1/events/views", d.apiKeepView)
	mux.HandleFunc("POST /api/v1/events/views/drop", d.apiDropView)
}

func (d *Desk) apiEvents(w http.ResponseWriter, r *http.Request) {
	list, _, err := d.findEvents(r.Context(), eventsWantedOf(r.URL.Query()))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusOK, struct {
		Events []ledger.EventRow `json:"events"`
		After  string            `json:"after"`  // the next page; "" at the end
		Before string            `json:"before"` // the page before; "" at the beginning
		Looked int               `json:"looked"` // so many events were looked at without filling the page; 0 where it is full or the end
	}{noNil(list.Events), list.Next, list.Prev, list.Looked})
}

// apiTally counts what a query asks for; false where it cannot, and then the
// answer is given.
func (d *Desk) apiTally(w http.ResponseWriter, r *http.Request) (*ledger.EventTally, bool) {
	a := eventsWantedOf(r.URL.Query())
	f, err := d.eventFilter(r.Context(), a)
	var t *ledger.EventTally
	if err == nil {
		t, err = d.tallyEvents(r.Context(), a, f)
	}
	if err != nil {
		d.refuse(w, r, err)
		return nil, false
	}
	return t, true
}

func (d *Desk) apiTimeline(w http.ResponseWriter, r *http.Request) {
	t, ok := d.apiTally(w, r)
	if !ok {
		return
	}
	d.answer(w, http.StatusOK, struct {
		Days    []ledger.EventDay `json:"days"`
		Undated int64             `json:"undated"`
		Total   int64             `json:"total"`
		Since   string            `json:"since"`
	}{noNil(t.Days), t.Undated, t.Total, t.Since})
}

func (d *Desk) apiPlaces(w http.ResponseWriter, r *http.Request) {
	t, ok := d.apiTally(w, r)
	if !ok {
		return
	}
	d.answer(w, http.StatusOK, struct {
		Places []ledger.EventPlace `json:"places"`
		Placed int64               `json:"placed"`
		Since  string              `json:"since"`
	}{noNil(t.Places), t.Placed, t.PlacesSince})
}

func (d *Desk) apiViews(w http.ResponseWriter, r *http.Request) {
	list, err := d.ledger.EventViews(r.Context(), d.author(r.Context()))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusOK, struct {
		Views []ledger.EventView `json:"views"`
	}{noNil(list)})
}

func (d *Desk) apiKeepView(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name  string `json:"name"`
		Query string `json:"query"`
	}
	if !d.take(w, r, &in) {
		return
	}
	q, err := url.ParseQuery(in.Query)
	if err != nil {
		d.refuse(w, r, badForm("this is no query of events: %v", err))
		return
	}
	x, err := d.ledger.KeepEventView(r.Context(), d.author(r.Context()), in.Name, keptQuery(eventsWantedOf(q)))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusCreated, x)
}

func (d *Desk) apiDropView(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name string `json:"name"`
	}
	if !d.take(w, r, &in) {
		return
	}
	was, err := d.ledger.DropEventView(r.Context(), d.author(r.Context()), in.Name)
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusOK, struct {
		Dropped bool `json:"dropped"` // there was one of that name
	}{was})
}
