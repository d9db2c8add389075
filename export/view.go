package export

import (
	"encoding/json"
	"io"

	"github.com/sanad-project/sanad/record"
)

// each calls do with the items until one of them fails.
func each(items Items, do func(*Item) error) error {
	for it, err := range items {
		if err != nil {
			return err
		}
		if err := do(it); err != nil {
			return err
		}
	}
	return nil
}

// view finds what an item's record holds by its id.
type view struct {
	*Item
	rec        *record.Record
	entities   map[string]*record.Entity
	statements map[string]*record.Statement
	text       []rune // of the document; made when it is asked for
}

func newView(it *Item) *view {
	v := &view{Item: it, rec: it.Record, entities: make(map[string]*record.Entity, len(it.Record.Entities)),
		statements: make(map[string]*record.Statement, len(it.Record.Statements))}
	for i := range v.rec.Entities {
		v.entities[v.rec.Entities[i].ID] = &v.rec.Entities[i]
	}
	for i := range v.rec.Statements {
		v.statements[v.rec.Statements[i].ID] = &v.rec.Statements[i]
	}
	return v
}

// slice returns the document's code points from start to end.
func (v *view) slice(start, end int) string {
	if v.text == nil {
		v.text = []rune(v.rec.Document.Text)
	}
	if start < 0 || end > len(v.text) || start >= end {
		return ""
	}
	return string(v.text[start:end])
}

// name returns an entity's English name, else its Persian one, else the id.
func (v *view) name(id string) string {
	e := v.entities[id]
	switch {
	case e == nil:
		return id
	case e.NameEn != "":
		return e.NameEn
	case e.Name != "":
		return e.Name
	}
	return id
}

// said returns the statement that an event rests on, nil where the report says
// it in its own voice.
func (v *view) said(e *record.Event) *record.Statement {
	if e.SaidBy == nil {
		return nil
	}
	return v.statements[*e.SaidBy]
}

// telling returns the incident that an event belongs to, nil where the reports
// were not linked and where it is in none.
func (v *view) telling(e *record.Event) *Telling {
	if t, ok := v.Told[e.ID]; ok && t.Incident != "" {
		t.Origins, t.Reports = max(t.Origins, 1), max(t.Reports, 1) // this report at least
		return &t
	}
	return nil
}

// number returns the number of that index, nil where there is none.
func (v *view) number(i *int) *record.Number {
	if i == nil || *i < 0 || *i >= len(v.rec.Numbers) {
		return nil
	}
	return &v.rec.Numbers[*i]
}

// published returns the day of publication, "" when unknown.
func (v *view) published() string { return str(v.rec.Document.Published) }

// str returns what p points to, "" for nil.
func str(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// lines writes one JSON object a line, with Persian letters as they are.
func lines(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}
