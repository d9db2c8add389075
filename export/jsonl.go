package export

import (
	"encoding/json"
	"io"
	"time"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// jsonlSchema names the version of a line of the jsonl export.
const jsonlSchema = "sanad.export/1"

// jsonlLine is one report. Its record is the one in force, byte for byte as
// "sanad read" would print it; the schema of a record allows no other fields,
// so what the ledger knows of it stands beside it:
//
//	{"schema": "sanad.export/1", "ledger": {…}, "record": {…}, "review": {…}}
//
// "jq -c .record" gives what "sanad read" and "sanad score" speak.
type jsonlLine struct {
	Schema string         `json:"schema"`
	Ledger jsonlLedger    `json:"ledger"`
	Record *record.Record `json:"record"`
	Review *jsonlReview   `json:"review"` // null where nobody decided anything

	// Incidents has, by event id, the incident that the event belongs to. It is
	// missing where reports were not linked and where the report is in none.
	Incidents map[string]Telling `json:"incidents,omitempty"`
}

type jsonlLedger struct {
	ID         string  `json:"id"`
	Title      string  `json:"title"`
	OutletName string  `json:"outlet_name"`
	URL        *string `json:"url"`
	Author     *string `json:"author"`
	Added      *string `json:"added"`
	Hash       string  `json:"hash"` // of the machine's record, before decisions
	Reader     string  `json:"reader"`
	Lexicon    string  `json:"lexicon"`
}

// jsonlReview tells people's values from the machine's. A finding that does
// not stand in Findings is the machine's alone.
type jsonlReview struct {
	State    string            `json:"state"`
	Last     string            `json:"last,omitempty"`
	Findings []jsonlFinding    `json:"findings"`
	Notes    []review.Decision `json:"notes,omitempty"`
	Lost     []jsonlLost       `json:"lost,omitempty"`
}

type jsonlFinding struct {
	Target  review.Target     `json:"target"`
	Verdict review.Verdict    `json:"verdict"`
	Fields  []jsonlField      `json:"fields,omitempty"`
	Moved   []string          `json:"moved,omitempty"`
	By      []review.Decision `json:"by"`
	Why     string            `json:"why,omitempty"`
}

type jsonlField struct {
	Name    string          `json:"name"`
	Machine json.RawMessage `json:"machine"`
	Human   json.RawMessage `json:"human"`
	Author  string          `json:"author"`
	At      string          `json:"at"`
}

type jsonlLost struct {
	Why      string          `json:"why"`
	Decision review.Decision `json:"decision"`
}

var jsonLines = Format{Name: "jsonl", Extension: ".jsonl", About: "records in force with what people decided, JSON Lines", write: writeJSONL, incidents: writeJSONLIncidents, relays: writeJSONLRelays}

// writeJSONL writes one line for each report: the record in force, and what
// people decided of it.
func writeJSONL(w io.Writer, items Items, _ Options) error {
	enc := lines(w)
	return each(items, func(it *Item) error {
		return enc.Encode(jsonlLine{
			Schema: jsonlSchema,
			Ledger: jsonlLedger{ID: it.ID, Title: it.Title, OutletName: it.OutletName, URL: opt(it.URL), Author: opt(it.Author),
				Added: opt(stamp(it.Added)), Hash: it.Hash, Reader: it.Reader, Lexicon: it.Lexicon},
			Record: it.Record,
			Review: reviewLine(it.Review), Incidents: it.Told,
		})
	})
}

func reviewLine(r *review.Reviewed) *jsonlReview {
	if r == nil || r.State == "" && r.Last == "" && len(r.Findings)+len(r.Notes)+len(r.Lost) == 0 {
		return nil
	}
	out := &jsonlReview{State: r.State, Last: r.Last, Findings: []jsonlFinding{}, Notes: r.Notes}
	for _, f := range r.Findings {
		x := jsonlFinding{Target: f.Target, Verdict: f.Verdict, Moved: f.Moved, By: f.By, Why: f.Why}
		if x.By == nil {
			x.By = []review.Decision{}
		}
		for _, v := range f.Fields {
			x.Fields = append(x.Fields, jsonlField{Name: v.Name, Machine: rawValue(v.Machine), Human: rawValue(v.Human), Author: v.By.Author, At: stamp(v.By.At)})
		}
		out.Findings = append(out.Findings, x)
	}
	for _, l := range r.Lost {
		out.Lost = append(out.Lost, jsonlLost{Why: l.Why, Decision: l.Decision})
	}
	return out
}

// rawValue makes JSON of a value that may be missing.
func rawValue(b []byte) json.RawMessage {
	if len(b) == 0 {
		return json.RawMessage("null")
	}
	return b
}

// opt returns nil for "".
func opt(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// stamp writes a time in UTC to the millisecond, "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// verdicts finds what people say of the findings of one report.
type verdicts map[verdictKey]*review.Finding

type verdictKey struct {
	kind review.Kind
	id   string
}

// newVerdicts indexes the decided findings of a report by kind and, for those
// that have no id in a record, by their place.
func newVerdicts(r *review.Reviewed) verdicts {
	if r == nil {
		return nil
	}
	m := make(verdicts, len(r.Findings))
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Verdict != review.Rejected {
			m[keyOf(f.Target)] = f
		}
	}
	return m
}

// keyOf names a finding: events, statements and entities by id, the others,
// which have none, by their place in the text.
func keyOf(t review.Target) verdictKey {
	switch t.Kind {
	case review.Event, review.Statement, review.Entity:
		return verdictKey{t.Kind, t.ID}
	}
	return verdictKey{t.Kind, place(t.Start, t.End)}
}

// of returns the decisions on a finding, nil where nobody looked at it.
func (v verdicts) of(k review.Kind, id string) *review.Finding { return v[verdictKey{k, id}] }

// at returns the decisions on a finding that has no id.
func (v verdicts) at(k review.Kind, q record.Quote) *review.Finding {
	return v[verdictKey{k, place(q.Start, q.End)}]
}

// verdict returns the word for it: accepted, corrected or added, "" where
// nobody looked.
func verdict(f *review.Finding) string {
	if f == nil {
		return ""
	}
	return string(f.Verdict)
}

// human returns the names of the fields whose values are a person's, or
// follow from what a person decided.
func human(f *review.Finding) []string {
	if f == nil {
		return nil
	}
	var out []string
	for _, v := range f.Fields {
		if v.By.Action != review.Accept {
			out = append(out, v.Name)
		}
	}
	return out
}
