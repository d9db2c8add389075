package review

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	k := newDesk(t)
	r := k.now()
	for _, c := range []struct{ id, field, arg, want string }{
		{"e1", "type", "COERCE", `"COERCE"`},
		{"e1", "mode", "none", "null"},
		{"e1", "killed", "1", "1"},
		{"e1", "said_by", "null", "null"},
		{"e1", "said_by", "s2", `"s2"`},
		{"e1", "actor", "army", `[{"entity":"army"}]`},
		{"e1", "actor", "ارتش شمال، پلیس", `[{"entity":"army"},{"entity":"police"}]`},
		{"e1", "actor", "-", "[]"},
		{"e1", "place", "Sarv=سرو", ""},
		{"e1", "place", "sarv=سرو", `{"entity":"sarv","span":{"end":67,"start":64,"text":"سرو"}}`},
		{"e1", "weapon", "شهر", `{"end":63,"start":60,"text":"شهر"}`},
		{"e1", "weapon", "تانک", ""},
		{"e1", "date", "2024-03-08", `{"value":"2024-03-08"}`},
		{"e1", "date", "2024", `{"value":"2024"}`},
		{"e1", "date", "2024-03-08=دیروز", `{"span":{"end":41,"start":36,"text":"دیروز"},"value":"2024-03-08"}`},
		{"s1", "speaker", "پلیس", `"police"`},
		{"s1", "quoted", "true", "true"},
		{"s1", "content", "سه نفر", `[{"end":48,"start":42}]`},
		{"army", "name", "12", `"12"`},
		{"army", "name", "ارتش", `"ارتش"`},
		{"n42", "max", "none", "null"},
		{"n42", "min", "5", "5"},
		{"e1", "colour", "red", ""},
	} {
		got, err := r.Parse(Target{ID: c.id}, c.field, c.arg)
		if (err == nil) != (c.want != "") || err == nil && string(got) != c.want {
			t.Errorf("%s %s %s: %s, %v", c.id, c.field, c.arg, got, err)
		}
		if err != nil {
			continue
		}
		d := Decision{Author: "lale", Action: Correct, Target: Target{ID: c.id}, Field: c.field, Value: got}
		if err := r.Validate(&d); err != nil && c.field != "min" {
			t.Errorf("%s %s %s: %v", c.id, c.field, c.arg, err)
		}
	}
}

func TestItems(t *testing.T) {
	k := newDesk(t)
	k.do(Correct, "e1", "type", `"COERCE"`)
	k.do(Reject, "e3", "", "")
	k.do(Note, "e2", "", "x")
	list := k.now().Items(Event)
	if len(list) != 3 || list[0].Verdict != Corrected || list[2].Verdict != Rejected || list[2].Words != "تجمع" {
		t.Fatalf("%+v", list)
	}
	v := list[0].Values[1]
	if v.Name != "type" || v.Machine != "ASSAULT" || v.Now != "COERCE" || v.By.Seq != 1 {
		t.Errorf("%+v", v)
	}
	var names []string
	for _, v := range list[0].Values {
		names = append(names, v.Name)
	}
	if got := strings.Join(names, " "); got != "trigger type recipient place date status said_by killed" {
		t.Error(got)
	}
	for id, want := range map[string]int64{"e1": 1, "e3": 2, "e2": 3, "s1": 0, "": 0} {
		if got, err := k.now().Undoable(Target{ID: id}); err != nil || got != want {
			t.Errorf("%s: %d, %v", id, got, err)
		}
	}
	k.do(Undo, "", "", "1")
	k.do(State, "", "", `"done"`)
	if got, _ := k.now().Undoable(Target{ID: "e1"}); got != 0 {
		t.Error(got)
	}
	if got, _ := k.now().Undoable(Target{}); got != 5 {
		t.Error(got)
	}
	for _, k2 := range kinds {
		(&Reviewed{Record: reading()}).Items(k2)
	}
}

// FuzzParse: whatever a person types gives a value or an error, and what
// Validate then takes can be applied.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"army=ارتش", "2024=دیروز", "-", "[{}]", "\x86", "n42", "ا", "."} {
		f.Add("e1", "actor", s)
		f.Add("s1", "content", s)
		f.Add("n42", "min", s)
	}
	f.Fuzz(func(t *testing.T, id, name, arg string) {
		r := newDesk(t).now()
		v, err := r.Parse(Target{ID: id}, name, arg)
		if err != nil {
			return
		}
		d := Decision{Author: "lale", Action: Correct, Target: Target{ID: id}, Field: name, Value: v}
		if r.Validate(&d) != nil {
			return
		}
		d.Seq = 1
		after, err := Apply(reading(), []Decision{d})
		if err != nil || len(after.Lost) > 0 {
			t.Fatal(err, after)
		}
		laws(t, reading(), []Decision{d}, after)
	})
}
