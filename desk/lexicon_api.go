package desk

import (
	"net/http"

	"github.com/sanad-project/sanad/lexicon"
)

// apiFields are the fields of an entry by name.
type apiFields map[string][]string

func fieldsOf(e *lexicon.Entry) apiFields {
	m := apiFields{}
	for _, f := range e.Fields {
		m[f.Name] = noNil(f.Values)
	}
	return m
}

// apiRow is one entry in JSON.
type apiRow struct {
	Kind    string    `json:"kind"`
	ID      string    `json:"id"`
	Fields  apiFields `json:"fields"`
	Own     bool      `json:"own"`     // the user's folder says something of it
	Removed bool      `json:"removed"` // the user's folder takes it out
	Parts   []apiPart `json:"parts,omitempty"`
}

type apiPart struct {
	File   string    `json:"file"`
	Line   int       `json:"line"`
	Own    bool      `json:"own"`
	Fields apiFields `json:"fields"`
}

func rowOf(r *shelfRow) apiRow {
	return apiRow{Kind: r.Kind, ID: r.Entry.ID, Fields: fieldsOf(r.Entry), Own: r.Own, Removed: r.Removed}
}

func (d *Desk) apiLexicon(w http.ResponseWriter, r *http.Request) {
	s, err := d.engine.Load().shelf()
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	a := lexiconAskedOf(r.URL.Query())
	if _, ok := s.book.Form(a.Kind); a.Kind != "" && !ok {
		d.refuse(w, r, badForm("%q is no kind of entry", a.Kind))
		return
	}
	list, _ := s.find(a)
	out := struct {
		Kinds   []string `json:"kinds"`
		Entries []apiRow `json:"entries"`
		More    bool     `json:"more"`
	}{s.book.Kinds(), []apiRow{}, len(list) > a.Offset+a.Limit}
	for _, row := range list[min(a.Offset, len(list)):min(a.Offset+a.Limit, len(list))] {
		out.Entries = append(out.Entries, rowOf(row))
	}
	d.answer(w, http.StatusOK, out)
}

func (d *Desk) apiEntry(w http.ResponseWriter, r *http.Request) {
	s, err := d.engine.Load().shelf()
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	v, err := d.entryOf(s, r.PathValue("kind"), r.PathValue("id"))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	row := rowOf(v.Row)
	for i := range v.Parts {
		p := &v.Parts[i]
		row.Parts = append(row.Parts, apiPart{p.File, p.Line, p.User, fieldsOf(&p.Entry)})
	}
	d.answer(w, http.StatusOK, row)
}

// takeCandidate reads an entry from the JSON of a request.
func (d *Desk) takeCandidate(w http.ResponseWriter, r *http.Request) (candidate, bool) {
	var in struct {
		Kind    string    `json:"kind"`
		ID      string    `json:"id"`
		Fields  apiFields `json:"fields"`
		For     []string  `json:"for"`
		Against []string  `json:"against"`
	}
	if !d.take(w, r, &in) {
		return candidate{}, false
	}
	c := candidate{Kind: in.Kind, Entry: lexicon.Entry{ID: in.ID}, Sentences: lexicon.Sentences{For: in.For, Against: in.Against}}
	s, err := d.engine.Load().shelf()
	if err != nil {
		d.refuse(w, r, err)
		return c, false
	}
	form, _ := s.book.Form(in.Kind)
	for _, f := range form.Fields { // in the order of the file's head
		if v, ok := in.Fields[f.Name]; ok {
			c.Entry.Fields = append(c.Entry.Fields, lexicon.Field{Name: f.Name, Values: v})
			delete(in.Fields, f.Name)
		}
	}
	for name, v := range in.Fields { // unknown: refused with its name
		c.Entry.Fields = append(c.Entry.Fields, lexicon.Field{Name: name, Values: v})
		break
	}
	return c, true
}

func (d *Desk) apiTry(w http.ResponseWriter, r *http.Request) {
	c, ok := d.takeCandidate(w, r)
	if !ok {
		return
	}
	t, err := d.try(r.Context(), languageOf(r), c, trialReports)
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusOK, t)
}

func (d *Desk) apiKeep(w http.ResponseWriter, r *http.Request) {
	c, ok := d.takeCandidate(w, r)
	if !ok {
		return
	}
	if err := d.keepEntry(r.Context(), languageOf(r), c); err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusCreated, struct {
		Kind    string `json:"kind"`
		ID      string `json:"id"`
		Lexicon string `json:"lexicon"` // hash of the lexicon in use now
	}{c.Kind, c.Entry.ID, d.reader().Lexicon.Hash()})
}
