package review

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanad-project/sanad/internal/valid"
	"github.com/sanad-project/sanad/record"
)

// drawReading is the sample as another reader may read it: findings are gone,
// others have other values, words, numbers and order. It is always valid.
func drawReading(t *rapid.T) *record.Record {
	yes := func(what string) bool { return rapid.IntRange(0, 3).Draw(t, what) == 0 }
	r := reading()
	if rapid.Bool().Draw(t, "later") {
		r = later()
	}
	if yes("no s1") {
		for i := range r.Events {
			if r.Events[i].SaidBy != nil && *r.Events[i].SaidBy == "s1" {
				r.Events[i].SaidBy = nil
			}
		}
		r.Statements = r.Statements[1:]
		if len(r.Statements) > 0 && r.Statements[0].ID == "s1" {
			r.Statements = nil
			for i := range r.Events {
				r.Events[i].SaidBy = nil
			}
		}
		if r.Statements == nil {
			r.Statements = []record.Statement{}
		}
	}
	if yes("no numbers") {
		r.Numbers = []record.Number{}
		for i := range r.Events {
			r.Events[i].Killed, r.Events[i].Wounded, r.Events[i].Count = nil, nil, nil
		}
	}
	if n := len(r.Events); yes("no event") {
		i := rapid.IntRange(0, n-1).Draw(t, "which")
		r.Events = slices.Delete(r.Events, i, i+1)
	}
	for i := range r.Events {
		e := &r.Events[i]
		e.ID = fmt.Sprintf("e%d", i+1)
		if yes("type") {
			e.Type = rapid.SampledFrom(Choices(Event, "type")).Draw(t, "type")
		}
		if yes("status") {
			e.Status = rapid.SampledFrom(Choices(Event, "status")).Draw(t, "status")
		}
		if yes("wide") && e.Trigger.Start > 3 {
			s := record.Span{Start: e.Trigger.Start - 2, End: e.Trigger.End}
			e.Trigger = record.Quote{Start: s.Start, End: s.End, Text: contentOf(sample).of(s.Start, s.End)}
		}
	}
	if yes("cue") && len(r.Statements) > 0 {
		r.Statements[0].Cue = nil
	}
	if err := valid.Record(r); err != nil {
		t.Fatal(err)
	}
	return r
}

// drawDecision is what a person may do to a finding in force; many are refused.
func drawDecision(t *rapid.T, r *Reviewed, log []Decision) Decision {
	ids := []string{"", "e1", "e2", "e3", "s1", "s2", "nasim", "army", "~speaker", "sarv", "police", "~three", "h1", "h2", "e1000001", "s1000002"}
	for _, n := range r.Record.Numbers {
		ids = append(ids, ID(Number, n.Start, n.End))
	}
	for _, n := range r.Record.Mentions {
		ids = append(ids, ID(Mention, n.Start, n.End))
	}
	for _, n := range r.Record.Times {
		ids = append(ids, ID(Time, n.Start, n.End))
	}
	for _, e := range r.Record.Events {
		ids = append(ids, e.ID, e.ID)
	}
	for _, s := range r.Record.Statements {
		ids = append(ids, s.ID)
	}
	id := rapid.SampledFrom(ids)
	words := rapid.SampledFrom([]string{"حمله", "تحریم", "وعده", "سرو", "دو تن", "معترضان", "گفت", "شمال", "پلیس دو تن را"})
	d := Decision{Author: "lale", Action: rapid.SampledFrom([]Action{Accept, Accept, Correct, Correct, Correct, Reject, Reject, Add, Note, Undo, State}).Draw(t, "action")}
	d.Target.ID = id.Draw(t, "id")
	value := func() any {
		switch rapid.IntRange(0, 9).Draw(t, "value") {
		case 0:
			return nil
		case 1:
			return id.Draw(t, "id")
		case 2:
			return rapid.IntRange(-1, 4).Draw(t, "n")
		case 3:
			return []any{map[string]any{"entity": id.Draw(t, "id"), "span": q(words.Draw(t, "words"))}}
		case 4:
			return map[string]any{"entity": id.Draw(t, "id")}
		case 5:
			return q(words.Draw(t, "words"))
		case 6:
			return map[string]any{"value": rapid.SampledFrom([]string{"2024-03-08", "2024", "P1D", "2024-13-01"}).Draw(t, "day")}
		case 7:
			return rapid.SampledFrom([]string{"happened", "future", "killed", "exact", "say", "ORG", "name", "2024-03-01", "demo", "DATE"}).Draw(t, "word")
		case 8:
			return rapid.SampledFrom(Choices(Event, "type")).Draw(t, "type")
		}
		return []any{at(words.Draw(t, "words"))}
	}
	switch d.Action {
	case Correct, Accept:
		if f, err := newWork(r.Record).locate(&Target{ID: d.Target.ID}); err == nil && f != nil && (d.Action == Correct || rapid.Bool().Draw(t, "field?")) {
			d.Field = rapid.SampledFrom(Fields(f.kind)).Draw(t, "field")
		}
		if d.Action == Correct {
			d.Value = plain(value())
		}
	case Add:
		k := rapid.SampledFrom(kinds[:]).Draw(t, "kind")
		d.Target = Target{Kind: k}
		q := q(words.Draw(t, "words"))
		var m map[string]any
		switch k {
		case Entity:
			m = map[string]any{"type": "GRP", "name": q.Text}
			if rapid.Bool().Draw(t, "with id") {
				m["id"] = rapid.SampledFrom([]string{"police", "new", "~three"}).Draw(t, "new id")
			}
		case Event:
			m = map[string]any{"trigger": q, "type": "ASSAULT", "status": "happened", "said_by": value(), "killed": value()}
		case Statement:
			m = map[string]any{"content": []any{at("تحریم دادند")}, "cue": q, "act": "say", "speaker": value()}
		default:
			m = map[string]any{"start": q.Start, "end": q.End, "text": q.Text}
			switch k {
			case Number:
				m["min"], m["max"], m["unit"], m["hedge"] = 1, value(), "people", "exact"
			case Time:
				m["type"], m["value"] = "DATE", "2024-03-05"
			case Mention:
				m["entity"], m["form"] = id.Draw(t, "id"), "name"
			}
		}
		d.Value = plain(m)
	case Note:
		d.Note = "x"
	case Undo:
		d.Target, d.Undoes = Target{}, int64(rapid.IntRange(1, len(log)+1).Draw(t, "undoes"))
	case State:
		d.Target, d.Value = Target{}, plain(rapid.SampledFrom([]string{"new", "in review", "done"}).Draw(t, "state"))
	}
	return d
}

// TestLaws: people decide as they like, on one reading and another; what is in
// force is always valid, no decision is lost, nothing changes by itself, and a
// decision that was not refused is in force as it was made.
func TestLaws(t *testing.T) {
	made, refused := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		k := &desk{t: t, rec: drawReading(rt)}
		for range rapid.IntRange(1, 14).Draw(rt, "decisions") {
			if rapid.IntRange(0, 5).Draw(rt, "reread") == 0 {
				k.rec = drawReading(rt)
			}
			before := k.now()
			d := drawDecision(rt, before, k.log)
			if k.try(d) != nil {
				refused++
				continue
			}
			made++
			r := k.now()
			last := k.log[len(k.log)-1]
			for _, l := range r.Lost {
				if l.Decision.Seq == last.Seq && !l.Kept {
					rt.Fatalf("a decision that was taken is lost at once: %s", l.Why)
				}
			}
			if last.Action != Correct {
				continue
			}
			for _, f := range r.Findings {
				if f.Target.Kind == last.Target.Kind && f.Target.ID == last.Target.ID {
					for _, x := range f.Fields {
						if x.Name == last.Field && (x.By.Seq != last.Seq || string(x.Human) != string(last.Value)) {
							rt.Fatalf("%s of %s is %s by decision %d, not %s", x.Name, f.Target.ID, x.Human, x.By.Seq, last.Value)
						}
					}
				}
			}
		}
		other := drawReading(rt)
		k.on(other)
		if c := Diff(other, other); c != nil {
			rt.Fatal("a reading differs from itself:", c)
		}
		for _, c := range Diff(k.rec, other) {
			if s := c.String(); s == "" || strings.Contains(s, "\n") {
				rt.Fatalf("%+v: %q", c, s)
			}
		}
		var c Chain
		for i := range k.log {
			c.Add(&k.log[i])
		}
		if f := c.End(); f != nil {
			rt.Fatal(f)
		}
		// The order in which the lines come makes no difference.
		back := slices.Clone(k.log)
		slices.Reverse(back)
		a, _ := Apply(k.rec, k.log)
		b, _ := Apply(k.rec, back)
		if string(plain(a)) != string(plain(b)) {
			rt.Fatal("another order of the lines gave another result")
		}
	})
	t.Logf("%d decisions made, %d refused", made, refused)
	if made < refused/20 {
		t.Error("too few decisions hold to show anything")
	}
}

// FuzzApply takes logs that nobody validated: whatever is JSON of decisions.
// It never panics, and what is in force is valid.
func FuzzApply(f *testing.F) {
	k := newDesk(f)
	k.do(Accept, "e1", "", "")
	k.do(Correct, "e2", "status", `"ongoing"`)
	k.do(Correct, "s2", "speaker", `"police"`)
	k.do(Reject, "sarv", "", "")
	k.do(Note, "e3", "", "x")
	k.do(Undo, "", "", "4")
	k.do(Reject, "s2", "", "")
	k.do(Add, "entity", "", `{"type":"GRP","name":"x"}`)
	k.do(Correct, "e3", "actor", `[{"entity":"h8"}]`)
	k.do(State, "", "", `"done"`)
	for i := range k.log {
		raw, _ := json.Marshal(k.log[i:])
		f.Add(raw)
	}
	f.Add([]byte(`[{"action":"accept","target":{"kind":"event","id":"e7","start":52,"end":56},"seen":{"events":[{"id":"e7","type":"ASSAULT","status":"x"}]}}]`))
	f.Add([]byte(`[{"seq":1,"action":"add","target":{"kind":"number"},"value":{"start":1,"end":4,"min":9223372036854775807,"unit":"people","hedge":"exact"}},{"seq":1,"action":"add","target":{"kind":"event"},"value":{}}]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var log []Decision
		if json.Unmarshal(raw, &log) != nil || len(log) > 50 {
			return
		}
		for _, rec := range []*record.Record{reading(), later()} {
			r, err := Apply(rec, log)
			if err != nil {
				t.Fatal(err)
			}
			if err := valid.Record(r.Record); err != nil {
				t.Fatal(err)
			}
			for i := range log {
				d := log[i]
				_ = r.Validate(&d)
				_, _ = hash(&d)
			}
			Diff(rec, r.Record)
		}
		Entities(log)
	})
}
