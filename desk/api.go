package desk

import (
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// openAPI describes what is under /api/v1; a test walks it.
//
//go:embed openapi.json
var openAPI []byte

// api are the handlers that give as JSON what the pages give as HTML.
func (d *Desk) api(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/v1/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(openAPI)
	})
	mux.HandleFunc("GET /api/v1/reports", d.apiReports)
	mux.HandleFunc("POST /api/v1/reports", d.apiAdd)
	mux.HandleFunc("GET /api/v1/jobs", d.apiJobs)
	mux.HandleFunc("POST /api/v1/jobs", d.apiFetch)
	mux.HandleFunc("GET /api/v1/jobs/{id}", d.apiJob)
	mux.HandleFunc("GET /api/v1/reports/{id}", d.apiReport)
	mux.HandleFunc("GET /api/v1/reports/{id}/findings", d.apiFindings)
	mux.HandleFunc("GET /api/v1/reports/{id}/why", d.apiWhy)
	mux.HandleFunc("POST /api/v1/reports/{id}/decisions", d.apiDecide)
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		d.answer(w, http.StatusNotFound, problem{Error: "there is nothing at this address; /api/v1/openapi.json says what there is"})
	})
}

// problem is what went wrong, in plain English.
type problem struct {
	Error  string            `json:"error"`
	Yours  *review.Decision  `json:"yours,omitempty"`  // of a conflict: what was refused
	Theirs []review.Decision `json:"theirs,omitempty"` // what was decided since the state that was seen
}

func (d *Desk) answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		d.opt.Log.Printf("desk: an answer could not be sent: %v", err)
	}
}

func (d *Desk) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := problem{Error: err.Error()}
	var c *ledger.Conflict
	if errors.As(err, &c) {
		p.Yours, p.Theirs = &c.Yours, c.Theirs
	}
	status := statusOf(err)
	if status == http.StatusInternalServerError {
		d.opt.Log.Printf("desk: %s: %v", r.URL.Path, err)
	}
	d.answer(w, status, p)
}

// take reads the JSON body of a request into v; false where it cannot, and
// then the answer is given. Only application/json is taken: a form of another
// site cannot send that.
func (d *Desk) take(w http.ResponseWriter, r *http.Request, v any) bool {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		d.answer(w, http.StatusUnsupportedMediaType, problem{Error: "send JSON, with Content-Type: application/json"})
		return false
	}
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil {
		if _, err = dec.Token(); err == io.EOF {
			return true
		}
		err = errors.New("something stands after the JSON")
	}
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		d.answer(w, http.StatusRequestEntityTooLarge, problem{Error: "the request is too large"})
		return false
	}
	d.answer(w, http.StatusBadRequest, problem{Error: "the request is not the JSON that is wanted: " + strings.TrimPrefix(err.Error(), "json: ")})
	return false
}

func (d *Desk) apiReports(w http.ResponseWriter, r *http.Request) {
	list, more, err := d.find(r.Context(), askedOf(r.URL.Query()))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	for i := range list {
		x := &list[i]
		if x.InTitle == nil {
			x.InTitle = []record.Span{}
		}
		if x.Snippet.Hits == nil {
			x.Snippet.Hits = []record.Span{}
		}
	}
	if list == nil {
		list = []ledger.Found{}
	}
	d.answer(w, http.StatusOK, struct {
		Reports []ledger.Found `json:"reports"`
		More    bool           `json:"more"`
	}{list, more})
}

func (d *Desk) apiAdd(w http.ResponseWriter, r *http.Request) {
	var a sanad.Article
	if !d.take(w, r, &a) {
		return
	}
	x, err := d.addText(r.Context(), a)
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	status := http.StatusOK
	if x.New {
		status = http.StatusCreated
	}
	d.answer(w, status, struct {
		ID  string `json:"id"`
		New bool   `json:"new"`
	}{x.ID, x.New})
}

func (d *Desk) apiReport(w http.ResponseWriter, r *http.Request) {
	x, err := d.full(r.Context(), r.PathValue("id"))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusOK, struct {
		Report  *ledger.Full   `json:"report"`
		Seen    string         `json:"seen"` // what to send with a decision
		Record  *record.Record `json:"record"`
		Machine *record.Record `json:"machine"`
	}{x, x.Reviewed.Last, x.Reviewed.Record, x.Machine})
}

// finding is one finding of the API, in force or out of it.
type finding struct {
	Target  review.Target  `json:"target"`
	Words   string         `json:"words"`
	Verdict string         `json:"verdict"`
	Why     string         `json:"why,omitempty"`
	Moved   []string       `json:"moved,omitempty"`
	Fields  []findingField `json:"fields"`
}

type findingField struct {
	Field   string `json:"field"`
	Machine string `json:"machine"`
	Now     string `json:"now"`
	By      string `json:"by,omitempty"`
}

func (d *Desk) apiFindings(w http.ResponseWriter, r *http.Request) {
	x, err := d.full(r.Context(), r.PathValue("id"))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	want := review.Kind(r.URL.Query().Get("kind"))
	out := struct {
		Seen     string    `json:"seen"`
		Findings []finding `json:"findings"`
	}{x.Reviewed.Last, []finding{}}
	for _, a := range adds {
		if want != "" && want != a.Kind {
			continue
		}
		for _, it := range x.Reviewed.Items(a.Kind) {
			f := finding{Target: it.Target, Words: it.Words, Verdict: string(it.Verdict), Fields: []findingField{}}
			if it.Finding != nil {
				f.Why, f.Moved = it.Finding.Why, it.Finding.Moved
			}
			for _, v := range it.Values {
				o := findingField{v.Name, v.Machine, v.Now, ""}
				if v.By != nil {
					o.By = v.By.Author
				}
				f.Fields = append(f.Fields, o)
			}
			out.Findings = append(out.Findings, f)
		}
	}
	d.answer(w, http.StatusOK, out)
}

func (d *Desk) apiDecide(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Seen   *string         `json:"seen"`
		Action review.Action   `json:"action"`
		Target review.Target   `json:"target"`
		Field  string          `json:"field"`
		Value  json.RawMessage `json:"value"`
		Note   string          `json:"note"`
		Undoes int64           `json:"undoes"`
	}
	if !d.take(w, r, &in) {
		return
	}
	if in.Seen == nil || *in.Seen == ledger.Anyway {
		d.answer(w, http.StatusUnprocessableEntity, problem{Error: `say with "seen" which state of the report you saw: its "seen", "" where nobody decided on it yet`})
		return
	}
	a := ask{Seen: *in.Seen, Decision: review.Decision{Action: in.Action, Target: in.Target, Field: in.Field, Value: in.Value, Note: in.Note, Undoes: in.Undoes}}
	x, err := d.ledger.Report(r.Context(), r.PathValue("id"))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	out, err := d.decide(r.Context(), x.ID, a)
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusCreated, out)
}
