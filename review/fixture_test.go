package review

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/sanad-project/sanad/internal/valid"
	"github.com/sanad-project/sanad/record"
)

const sample = "خبرگزاری نسیم: سخنگوی ارتش شمال گفت دیروز سه نفر در حمله به شهر سرو کشته شدند. پلیس دو تن را بازداشت کرد. معترضان تجمع کردند و وعده تحریم دادند."

// at returns the first place of some words in the sample.
func at(words string) record.Span {
	i := strings.Index(sample, words)
	if i < 0 {
		panic("not in the sample: " + words)
	}
	n := utf8.RuneCountInString(sample[:i])
	return record.Span{Start: n, End: n + utf8.RuneCountInString(words)}
}

func q(words string) record.Quote {
	s := at(words)
	return record.Quote{Start: s.Start, End: s.End, Text: words}
}

func pq(words string) *record.Quote { x := q(words); return &x }

func p[T any](v T) *T { return &v }

func rf(id, words string) record.Ref { return record.Ref{Entity: id, Span: pq(words)} }

// reading is a record of the sample, read by hand: e1 is a claim (s1), e2 and
// e3 the report's own words.
func reading() *record.Record {
	sum := sha256.Sum256([]byte(sample))
	return &record.Record{
		Schema:   record.Schema,
		Document: record.Document{ID: "x", Outlet: p("nasim"), Published: p("2024-03-10"), Language: "fa", SHA256: hex.EncodeToString(sum[:]), Text: sample},
		Entities: []record.Entity{
			{ID: "nasim", Type: "MEDIA", Name: "خبرگزاری نسیم", Known: true, Roles: []record.Role{}},
			{ID: "army", Type: "ORG", Name: "ارتش شمال", NameEn: "Northern Army", Known: true, Roles: []record.Role{}},
			{ID: "~speaker", Type: "PER", Name: "سخنگوی ارتش شمال", Roles: []record.Role{{Title: "سخنگو", Of: p("army"), Span: q("سخنگوی")}}},
			{ID: "sarv", Type: "PLACE", Name: "سرو", Known: true, Roles: []record.Role{}, Place: &record.Geo{Lat: 37.7, Lon: 44.6, Country: "IR", Precision: "city"}},
			{ID: "police", Type: "ORG", Name: "پلیس", Roles: []record.Role{}},
			{ID: "~three", Type: "GRP", Name: "سه نفر", Roles: []record.Role{}},
		},
		Mentions: []record.Mention{
			{Quote: q("خبرگزاری نسیم"), Entity: "nasim", Form: "name"}, {Quote: q("ارتش شمال"), Entity: "army", Form: "name"},
			{Quote: q("سه نفر"), Entity: "~three", Form: "description"}, {Quote: q("سرو"), Entity: "sarv", Form: "name"}, {Quote: q("پلیس"), Entity: "police", Form: "name"},
		},
		Times: []record.Time{{Quote: q("دیروز"), Type: "DATE", Value: "2024-03-09", Calendar: "relative"}},
		Numbers: []record.Number{
			{Quote: q("سه نفر"), Min: p(int64(3)), Max: p(int64(3)), Unit: "killed", Hedge: "exact"},
			{Quote: q("دو تن"), Min: p(int64(2)), Max: p(int64(2)), Unit: "detained", Hedge: "exact"},
		},
		Statements: []record.Statement{
			{ID: "s1", Content: []record.Span{at("دیروز سه نفر در حمله به شهر سرو کشته شدند")}, Speaker: p("~speaker"), SpeakerSpan: pq("سخنگوی ارتش شمال"), Cue: pq("گفت"), Act: "say", Via: []record.Ref{}},
			{ID: "s2", Content: []record.Span{at("تحریم")}, Cue: pq("وعده"), Act: "promise", Via: []record.Ref{}},
		},
		Events: []record.Event{
			{ID: "e1", Trigger: q("حمله"), Type: "ASSAULT", Actor: []record.Ref{}, Recipient: []record.Ref{rf("~three", "سه نفر")}, Place: p(rf("sarv", "شهر سرو")),
				Date: &record.DateRef{Value: "2024-03-09", Span: pq("دیروز")}, Status: "happened", SaidBy: p("s1"), Killed: p(0), Rule: "attack"},
			{ID: "e2", Trigger: q("بازداشت"), Type: "COERCE", Mode: p("arrest"), Actor: []record.Ref{rf("police", "پلیس")}, Recipient: []record.Ref{}, Status: "happened", Count: p(1), Rule: "arrest"},
			{ID: "e3", Trigger: q("تجمع"), Type: "PROTEST", Mode: p("demo"), Actor: []record.Ref{}, Recipient: []record.Ref{}, Status: "happened", Rule: "rally"},
		},
		Loaded:  []record.Loaded{},
		Dropped: []record.Dropped{},
	}
}

// later is another reading of the sample: the statement of e1 has the number
// s2, e1 is e2 and COERCE with a longer trigger, the arrest is gone, so is its
// number, and there is an event that was not there.
func later() *record.Record {
	r := reading()
	r.Statements[0], r.Statements[1] = r.Statements[1], r.Statements[0]
	r.Statements[0].ID, r.Statements[1].ID = "s1", "s2"
	attack, rally := r.Events[0], r.Events[2]
	attack.ID, attack.Type, attack.SaidBy, attack.Killed, attack.Trigger = "e2", "COERCE", p("s2"), p(0), q("حمله به شهر")
	rally.ID = "e3"
	fresh := record.Event{ID: "e1", Trigger: q("تحریم"), Type: "SANCTION", Actor: []record.Ref{}, Recipient: []record.Ref{}, Status: "future", SaidBy: p("s1"), Rule: "embargo"}
	r.Events = []record.Event{fresh, attack, rally}
	r.Numbers = r.Numbers[:1]
	r.Entities = append(r.Entities[:4:4], r.Entities[5])
	r.Mentions = r.Mentions[:4]
	return r
}

// desk is a log that grows as a person decides, on one reading.
type desk struct {
	t   testing.TB
	rec *record.Record
	log []Decision
}

func newDesk(t testing.TB) *desk { return &desk{t: t, rec: reading()} }

func (k *desk) try(d Decision) error {
	k.t.Helper()
	r := k.now()
	if d.Author == "" {
		d.Author = "lale"
	}
	if err := r.Validate(&d); err != nil {
		return err
	}
	prev := ""
	if n := len(k.log); n > 0 {
		prev = k.log[n-1].Hash
	}
	d.Seq, d.At = int64(len(k.log)+1), time.Date(2026, 1, 2, 3, 4, len(k.log), 5_600_000, time.UTC)
	if err := Seal(prev, &d); err != nil {
		k.t.Fatal(err)
	}
	// The log is text: what comes back from it has to be the same line.
	raw, err := json.Marshal(d)
	if err != nil {
		k.t.Fatal(err)
	}
	var back Decision
	if err := json.Unmarshal(raw, &back); err != nil {
		k.t.Fatal(err)
	}
	k.log = append(k.log, back)
	return nil
}

// do decides; see by.
func (k *desk) do(a Action, id, field, value string) {
	k.t.Helper()
	k.by("", a, id, field, value)
}

// by decides as somebody.
func (k *desk) by(author string, a Action, id, field, value string) {
	k.t.Helper()
	d := Decision{Author: author, Action: a, Target: Target{ID: id}, Field: field}
	switch {
	case a == Undo:
		json.Unmarshal([]byte(value), &d.Undoes)
		d.Target = Target{}
	case a == Note:
		d.Note = value
	case a == Add:
		d.Target = Target{Kind: Kind(id)}
		fallthrough
	case value != "":
		d.Value = json.RawMessage(value)
	}
	if err := k.try(d); err != nil {
		k.t.Fatalf("%s: %s %s %s %s: %v", author, a, id, field, value, err)
	}
}

func (k *desk) now() *Reviewed { k.t.Helper(); return k.on(k.rec) }

// on lays the log over a reading and checks what always holds.
func (k *desk) on(rec *record.Record) *Reviewed {
	k.t.Helper()
	before, _ := json.Marshal(rec)
	r, err := Apply(rec, k.log)
	if err != nil {
		k.t.Fatal(err)
	}
	if after, _ := json.Marshal(rec); string(after) != string(before) {
		k.t.Error("Apply changed the reading")
	}
	laws(k.t, rec, k.log, r)
	return r
}

// laws are what holds whatever was decided.
func laws(t testing.TB, rec *record.Record, log []Decision, r *Reviewed) {
	t.Helper()
	if err := valid.Record(r.Record); err != nil {
		t.Fatalf("what is in force is not valid: %v", err)
	}
	again, err := Apply(rec, log)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(r)
	b, _ := json.Marshal(again)
	if string(a) != string(b) {
		t.Fatal("the same decisions gave another result")
	}
	// No decision is lost.
	shown := map[int64]bool{}
	for _, f := range r.Findings {
		for _, d := range f.By {
			shown[d.Seq] = true
		}
	}
	for _, d := range r.Notes {
		shown[d.Seq] = true
	}
	for _, l := range r.Lost {
		shown[l.Decision.Seq] = true
	}
	counts := newWorkless().counting(log)
	for i, d := range log {
		if counts[i] && d.Action != Undo && !shown[d.Seq] {
			t.Fatalf("decision %d (%s %s %s) is nowhere to be seen", d.Seq, d.Action, d.Target.ID, d.Field)
		}
	}
	// Nothing changes without a decision that says so, and no claim becomes a
	// fact by another decision than one on its said_by.
	w := r.work
	if w == nil {
		return
	}
	said := map[string]Finding{}
	for _, f := range r.Findings {
		said[string(f.Target.Kind)+f.Target.ID] = f
	}
	for _, k := range kinds {
		for _, f := range w.list[k] {
			x := said[string(k)+f.id]
			if f.out != nil && x.Verdict != Rejected {
				t.Fatalf("%s is not in force and nothing says why", f.id)
			}
			for _, n := range fieldsOf(k) {
				if f.machine == nil || f.out != nil || string(f.value[n.name]) == string(f.machine[n.name]) {
					continue
				}
				ok := false
				for _, y := range x.Fields {
					ok = ok || y.Name == n.name && string(y.Human) == string(f.value[n.name]) && string(y.Machine) == string(f.machine[n.name]) && y.By.Seq != 0
				}
				if !ok {
					t.Fatalf("%s of %s is not the machine's and nothing says why", n.name, f.id)
				}
				if n.refer == toStatement && string(f.value[n.name]) == "null" && f.judged[n.name].by.Target.Kind != Event {
					t.Fatalf("the claim %s became a fact", f.id)
				}
			}
		}
	}
}

func find(t testing.TB, r *Reviewed, id string) Finding {
	t.Helper()
	for _, f := range r.Findings {
		if f.Target.ID == id {
			return f
		}
	}
	t.Fatalf("%s is not among the findings", id)
	return Finding{}
}

func event(r *Reviewed, id string) *record.Event {
	for i := range r.Record.Events {
		if r.Record.Events[i].ID == id {
			return &r.Record.Events[i]
		}
	}
	return nil
}
