package review

import (
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/internal/valid"
)

func TestFixtures(t *testing.T) {
	for _, r := range []error{valid.Record(reading()), valid.Record(later())} {
		if r != nil {
			t.Error(r)
		}
	}
}

func TestNothingDecided(t *testing.T) {
	r := newDesk(t).now()
	if r.State != "new" || len(r.Findings) != 0 || r.Last != "" || r.Record == nil {
		t.Errorf("%+v", r)
	}
}

func TestVerdicts(t *testing.T) {
	k := newDesk(t)
	k.do(Accept, "e2", "", "")
	k.do(Correct, "e1", "type", `"COERCE"`)
	k.do(Correct, "e1", "killed", `1`)
	k.do(Reject, "e3", "", "")
	k.do(Accept, "s1", "act", "")
	k.do(Note, "e1", "", "نگاه دوباره")
	r := k.now()
	for id, want := range map[string]Verdict{"e1": Corrected, "e2": Accepted, "e3": Rejected} {
		if got := r.Verdict(Event, id); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	if got := r.Verdict(Statement, "s1"); got != Unseen {
		t.Errorf("s1, of which a field was accepted, is %q", got)
	}
	e1 := event(r, "e1")
	if e1.Type != "COERCE" || *e1.Killed != 1 || event(r, "e3") != nil {
		t.Errorf("%+v", e1)
	}
	f := find(t, r, "e1")
	two := ID(Number, at("دو تن").Start, at("دو تن").End)
	if len(f.Fields) != 2 || string(f.Fields[0].Machine) != `"ASSAULT"` || string(f.Fields[0].Human) != `"COERCE"` || string(f.Fields[1].Human) != `"`+two+`"` {
		t.Errorf("%+v", f.Fields)
	}
	if len(r.Notes) != 1 || r.State != "in review" || r.Last != k.log[5].Hash {
		t.Errorf("notes %v, state %s, last %s", r.Notes, r.State, r.Last)
	}
	// Later decisions beat earlier ones, and an undo takes the later one back.
	k.do(Correct, "e1", "type", `"THREATEN"`)
	if got := event(k.now(), "e1").Type; got != "THREATEN" {
		t.Error(got)
	}
	k.do(Undo, "", "", "7")
	if got := event(k.now(), "e1").Type; got != "COERCE" {
		t.Error(got)
	}
	k.do(Undo, "", "", "8")
	if got := event(k.now(), "e1").Type; got != "THREATEN" {
		t.Error("an undo that was undone:", got)
	}
	k.do(Accept, "e3", "", "")
	if event(k.now(), "e3") == nil {
		t.Error("e3 was accepted after it was rejected")
	}
	k.do(State, "", "", `"done"`)
	if r := k.now(); r.State != "done" || r.Findings[0].Target.Kind != Report {
		t.Errorf("%s %v", r.State, r.Findings[0])
	}
}

// TestClaims: rejecting a statement takes what rests on it out of force; it
// does not make it a fact.
func TestClaims(t *testing.T) {
	k := newDesk(t)
	k.do(Reject, "s1", "", "")
	r := k.now()
	if event(r, "e1") != nil || event(r, "e2") == nil {
		t.Error("e1 rests on s1, e2 does not")
	}
	if f := find(t, r, "e1"); f.Verdict != Rejected || f.Why != "it rests on s1, which was rejected" || f.By[0].Seq != 1 {
		t.Errorf("%+v", f)
	}
	if err := k.try(Decision{Action: Accept, Target: Target{ID: "e1"}}); err == nil || !strings.Contains(err.Error(), "rests on s1") {
		t.Error(err)
	}
	k.do(Undo, "", "", "1")
	k.do(Correct, "e1", "said_by", "null") // the person says: the report says so itself
	k.do(Reject, "s1", "", "")
	if e := event(k.now(), "e1"); e == nil || e.SaidBy != nil {
		t.Errorf("%+v", e)
	}
	// A statement that a judged event rests on is not rejected over it.
	k = newDesk(t)
	k.do(Accept, "e1", "", "")
	err := k.try(Decision{Action: Reject, Target: Target{ID: "s1"}})
	if err == nil || !strings.Contains(err.Error(), "decision 1 of lale") {
		t.Error(err)
	}
}

func TestRejectedElsewhere(t *testing.T) {
	k := newDesk(t)
	three := ID(Number, at("سه نفر").Start, at("سه نفر").End)
	k.do(Reject, three, "", "")
	r := k.now()
	if event(r, "e1").Killed != nil || *event(r, "e2").Count != 0 {
		t.Error("e1 has lost its number, and that of e2 is the first now")
	}
	if f := find(t, r, "e1"); f.Verdict != Unseen || len(f.Fields) != 1 || f.Fields[0].Name != "killed" || f.Fields[0].By.Seq != 1 {
		t.Errorf("%+v", f)
	}
	k.do(Reject, "sarv", "", "")
	r = k.now()
	if event(r, "e1").Place != nil || len(r.Record.Mentions) != 4 || len(r.Record.Entities) != 5 {
		t.Error("what the place was named by is still there")
	}
	if err := k.try(Decision{Action: Reject, Target: Target{ID: "nasim"}}); err == nil {
		t.Error("the publisher was rejected")
	}
	day := ID(Time, at("دیروز").Start, at("دیروز").End)
	k.do(Correct, day, "value", `"2024-03-08"`)
	if got := event(k.now(), "e1").Date.Value; got != "2024-03-08" {
		t.Error("the event's date was read from the time:", got)
	}
	k.do(Correct, "e1", "date", `{"value":"2024-03-07"}`)
	if got := event(k.now(), "e1").Date.Value; got != "2024-03-07" {
		t.Error("the event's own date beats the time's:", got)
	}
}

// TestAcceptedDate: a date that somebody accepted does not follow its time.
func TestAcceptedDate(t *testing.T) {
	k := newDesk(t)
	k.do(Accept, "e1", "date", "")
	k.do(Correct, ID(Time, at("دیروز").Start, at("دیروز").End), "value", `"2024-03-08"`)
	if got := event(k.now(), "e1").Date.Value; got != "2024-03-09" {
		t.Error(got)
	}
}

// TestNamed: what a correction names is kept where another reading lacks it.
func TestNamed(t *testing.T) {
	k := newDesk(t)
	k.do(Correct, "s2", "speaker", `"police"`)
	r := k.on(later())
	if len(r.Lost) != 1 || !r.Lost[0].Kept || !strings.Contains(r.Lost[0].Why, "the entity police") || *r.Record.Statements[0].Speaker != "police" {
		t.Errorf("%+v", r.Lost)
	}
}

// TestKeptClaim: an event that would be kept but whose statement was rejected
// is not kept as a fact.
func TestKeptClaim(t *testing.T) {
	a, b := newDesk(t), newDesk(t)
	a.do(Reject, "s1", "", "")
	b.do(Note, "", "", "x")
	b.do(Correct, "e1", "type", `"COERCE"`)
	rec := reading()
	rec.Events = rec.Events[1:]
	log := []Decision{a.log[0], b.log[1]}
	r, err := Apply(rec, log)
	if err != nil {
		t.Fatal(err)
	}
	laws(t, rec, log, r)
	if len(r.Record.Events) != 2 || len(r.Lost) != 1 || r.Lost[0].Kept {
		t.Errorf("%+v %+v", r.Record.Events, r.Lost)
	}
}

func TestAdd(t *testing.T) {
	k := newDesk(t)
	k.do(Add, "entity", "", `{"type":"GRP","name":"معترضان"}`)
	k.do(Add, "mention", "", string(plain(map[string]any{"start": at("معترضان").Start, "end": at("معترضان").End, "entity": "h1", "form": "description"})))
	k.do(Correct, "e3", "actor", string(plain([]any{map[string]any{"entity": "h1", "span": q("معترضان")}})))
	k.do(Add, "statement", "", string(plain(map[string]any{"content": []any{at("وعده تحریم")}, "cue": q("دادند"), "act": "announce", "speaker": "h1"})))
	k.do(Add, "event", "", string(plain(map[string]any{"trigger": q("تحریم"), "type": "SANCTION", "status": "future", "said_by": "s1000004"})))
	r := k.now()
	if len(r.Lost) != 0 {
		t.Fatal(r.Lost)
	}
	if e := event(r, "e1000005"); e == nil || *e.SaidBy != "s1000004" || r.Verdict(Event, "e1000005") != Added {
		t.Errorf("%+v", e)
	}
	if got := event(r, "e3").Actor[0].Entity; got != "h1" {
		t.Error(got)
	}
	if m := r.Record.Mentions; len(m) != 6 || m[5].Entity != "h1" {
		t.Errorf("%+v", m)
	}
	k.do(Correct, "e1000005", "type", `"THREATEN"`)
	if err := k.try(Decision{Action: Undo, Undoes: 1}); err == nil || !strings.Contains(err.Error(), "rests on this") {
		t.Error("an addition that others rest on was undone:", err)
	}
	// Another reading finds the added event itself: one event, the person's.
	r = k.on(later())
	if e := event(r, "e1"); e == nil || e.Type != "THREATEN" || r.Verdict(Event, "e1") != Added || event(r, "e1000005") != nil {
		t.Errorf("%+v", r.Record.Events)
	}
}

func TestValidate(t *testing.T) {
	three := ID(Number, at("سه نفر").Start, at("سه نفر").End)
	for _, c := range []struct {
		d    Decision
		want string // part of the error
	}{
		{Decision{Action: Accept, Target: Target{ID: "e9"}}, "this report has no e9; it has e1, e2, e3"},
		{Decision{Action: Accept}, "names the report"},
		{Decision{Action: Accept, Target: Target{Kind: Event, Start: 1, End: 2}}, "nothing of the kind at 1 to 2"},
		{Decision{Action: Accept, Target: Target{Kind: "verb", ID: "e1"}}, `no kind of finding "verb"`},
		{Decision{Action: Accept, Target: Target{ID: "e1", Start: 1, End: 2}}, "look at the report again"},
		{Decision{Action: Accept, Target: Target{ID: "e1"}, Value: []byte("1")}, "takes no value"},
		{Decision{Action: "approve", Target: Target{ID: "e1"}}, `no action "approve"`},
		{Decision{Action: Correct, Target: Target{ID: "e1"}}, "say which field"},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "rule", Value: []byte(`"x"`)}, `no field "rule" to judge; it has trigger, type`},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "type"}, "there is no value"},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "type", Value: []byte(`"WAR"`)}, `"WAR" is none of AGREE,`},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "type", Value: []byte(`3`)}, "cannot be a number"},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "type", Value: []byte(`null`)}, "null is none"},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "type", Value: []byte(`"x`)}, "not JSON"},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "said_by", Value: []byte(`"s7"`)}, `no statement "s7"`},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "killed", Value: []byte(`7`)}, "there is no number 7"},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "actor", Value: []byte(`[{"entity":"nobody"}]`)}, `no entity "nobody" in this report: add it first`},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "actor", Value: []byte(`[{"entity":"army","span":{"start":0,"end":3,"text":"xyz"}}]`)}, "0 to 3 is «خبر» in the text"},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "weapon", Value: []byte(`{"start":0,"end":3000}`)}, "no span 0 to 3000"},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "date", Value: []byte(`{"value":"2024-02-30"}`)}, "there is no day 2024-02-30"},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "date", Value: []byte(`{"value":"yesterday!"}`)}, "no time value"},
		{Decision{Action: Correct, Target: Target{ID: "e1"}, Field: "date", Value: []byte(`{"day":"2024-02-01"}`)}, "form of the record"},
		{Decision{Action: Correct, Target: Target{ID: three}, Field: "min", Value: []byte(`5`)}, "min 5 would be above max 3"},
		{Decision{Action: Correct, Target: Target{ID: "army"}, Field: "name", Value: []byte(`" "`)}, "the text is empty"},
		{Decision{Action: Reject, Target: Target{ID: "e1"}, Field: "type"}, "a field cannot be rejected"},
		{Decision{Action: Undo, Undoes: 4}, "there is no decision 4"},
		{Decision{Action: State, Value: []byte(`"ready"`)}, "no state of a review"},
		{Decision{Action: Note, Note: " \n"}, "the note is empty"},
		{Decision{Action: Note, Note: "x\xff"}, "UTF-8"},
		{Decision{Action: Merge, Target: Target{ID: "army"}, Value: []byte(`["police"]`)}, "entities everywhere"},
		{Decision{Action: Add, Target: Target{Kind: Event}, Value: []byte(`{"type":"ASSAULT"}`)}, "an event has to say its trigger"},
		{Decision{Action: Add, Target: Target{Kind: Event}, Value: []byte(`{"kind":"ASSAULT"}`)}, `no field "kind"`},
		{Decision{Action: Add, Target: Target{Kind: Event}, Value: plain(map[string]any{"trigger": q("حمله"), "type": "ASSAULT", "status": "happened"})}, "e1 «حمله» is there already"},
		{Decision{Action: Add, Target: Target{Kind: Entity}, Value: []byte(`{"id":"army","type":"ORG","name":"x"}`)}, "is there already"},
		{Decision{Action: Add, Target: Target{Kind: Entity}, Value: []byte(`{"id":"h7","type":"ORG","name":"x"}`)}, "given by the log"},
		{Decision{Action: Add, Target: Target{Kind: Entity}, Value: []byte(`{"id":"a b","type":"ORG","name":"x"}`)}, "cannot be an entity id"},
		{Decision{Action: Accept, Target: Target{ID: "e1"}, Author: strings.Repeat("x", 300)}, "at most 200"},
		{Decision{Action: Accept, Target: Target{ID: "e1"}, Author: " "}, "needs an author"},
	} {
		before := c.d
		if before.Author == "" {
			before.Author = "lale"
		}
		d := before
		err := Validate(reading(), &d)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s %s %s: %v, want %q", c.d.Action, c.d.Target.ID, c.d.Field, c.d.Value, err, c.want)
		}
		if string(plain(before)) != string(plain(d)) && err != nil {
			t.Errorf("%s: a decision that was refused was changed", c.d.Action)
		}
	}
	d := Decision{Author: "lale", Action: Correct, Target: Target{ID: "n" + strings.TrimPrefix(strings.Split(three, "-")[0], "n")}, Field: "unit", Value: []byte(` "wounded" `)}
	if err := Validate(reading(), &d); err != nil {
		t.Fatal(err)
	}
	if d.Target != (Target{Number, three, at("سه نفر").Start, at("سه نفر").End}) || string(d.Was) != `"killed"` || string(d.Value) != `"wounded"` || len(d.Seen.Numbers) != 1 {
		t.Errorf("%s", plain(d))
	}
}

// TestCarryOver lays decisions over another reading of the same text.
func TestCarryOver(t *testing.T) {
	k := newDesk(t)
	k.do(Accept, "e1", "", "")                 // later e2, COERCE, with another trigger; its statement has another number
	k.do(Correct, "e2", "status", `"ongoing"`) // later not found, nor is its number
	k.do(Reject, "e3", "", "")                 // later found again
	k.do(Correct, "s2", "speaker", `"police"`) // later s1; and there is no police
	r := k.on(later())

	e := event(r, "e2")
	if e == nil || e.Type != "ASSAULT" || e.Trigger.Text != "حمله" || *e.SaidBy != "s2" {
		t.Errorf("%+v", e)
	}
	if f := find(t, r, "e2"); f.Verdict != Accepted || !slices.Equal(f.Moved, []string{"trigger", "type"}) {
		t.Errorf("%s, moved %v", f.Verdict, f.Moved)
	}
	kept := event(r, "e1000002")
	if kept == nil || kept.Status != "ongoing" || r.Record.Numbers[*kept.Count].Text != "دو تن" || kept.Actor[0].Entity != "police" {
		t.Fatalf("%+v", kept)
	}
	if event(r, "e3") != nil || r.Verdict(Event, "e3") != Rejected {
		t.Error("a finding that was rejected came back")
	}
	if s := r.Record.Statements[0]; s.ID != "s1" || s.Act != "promise" || *s.Speaker != "police" {
		t.Errorf("%+v", s)
	}
	var lost []string
	for _, l := range r.Lost {
		lost = append(lost, l.Why)
	}
	want := []string{"this reading does not find e1000002 «بازداشت»; it is kept as it was left"}
	if !slices.Equal(lost, want) {
		t.Errorf("lost: %q", lost)
	}
	// What goes on from there holds on the first reading too.
	k.rec = later()
	k.do(Correct, "e1000002", "mode", "null")
	k.do(Correct, "e1", "said_by", `"s2"`) // the attack's statement
	if e := event(k.now(), "e1000002"); e.Mode != nil || e.Status != "ongoing" {
		t.Errorf("%+v", e)
	}
	r = k.on(reading())
	if e := event(r, "e2"); e.Mode != nil || e.Status != "ongoing" {
		t.Errorf("%+v", e)
	}
	if e := event(r, "e1000006"); e == nil || *e.SaidBy != "s1" {
		t.Errorf("%+v", e)
	}
}

// TestRejectedAgain: a rejection is of what was there, not of the words.
func TestRejectedAgain(t *testing.T) {
	k := newDesk(t)
	k.do(Reject, "e3", "", "")
	for _, c := range []struct {
		typ, status string
		in          bool
		moved, lost int
	}{{"PROTEST", "happened", false, 0, 0}, {"PROTEST", "future", false, 1, 0}, {"SUPPORT", "happened", true, 0, 1}} {
		rec := reading()
		rec.Events[2].Type, rec.Events[2].Status = c.typ, c.status
		r := k.on(rec)
		moved := 0
		for _, f := range r.Findings {
			moved += len(f.Moved)
		}
		if (event(r, "e3") != nil) != c.in || moved != c.moved || len(r.Lost) != c.lost {
			t.Errorf("%s %s: in force %v, moved %d, lost %v", c.typ, c.status, event(r, "e3") != nil, moved, r.Lost)
		}
	}
}

func TestDamagedReading(t *testing.T) {
	rec := reading()
	rec.Events[0].Trigger.Text = "x"
	if _, err := Apply(rec, []Decision{{Seq: 1, Action: Note, Note: "x"}}); err == nil {
		t.Error("a damaged record was taken")
	}
}
