package review

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// accounts reads "a b:5-9": accounts by their report; without a span they are
// at 0 to 10.
func accounts(s string) []Account {
	var list []Account
	for f := range strings.FieldsSeq(s) {
		a := Account{Start: 0, End: 10}
		report, span, ok := strings.Cut(f, ":")
		if a.Report = report; ok {
			fmt.Sscanf(span, "%d-%d", &a.Start, &a.End)
		}
		list = append(list, a)
	}
	return list
}

// incidentLog reads lines like "join a | b c", "part a b | c", "grade fair | a", "note | a", "undo 2".
func incidentLog(t testing.TB, lines ...string) *Incidents {
	t.Helper()
	var log []Decision
	for i, l := range lines {
		what, rest, _ := strings.Cut(l, " ")
		d := Decision{Seq: int64(i + 1), Author: "lale", Action: Action(what), Target: Target{Kind: Incident, ID: "0000"}}
		left, right, _ := strings.Cut(rest, "|")
		switch d.Action {
		case Undo:
			fmt.Sscan(rest, &d.Undoes)
		case Grade:
			d.Value, _ = json.Marshal(strings.TrimSpace(left))
			d.Accounts = accounts(right)
		case Note:
			d.Note, d.Accounts = "باید پرسید", accounts(right)
		default:
			d.Accounts, d.Others = accounts(left), accounts(right)
		}
		x := OnIncidents(log)
		if err := x.Validate(&d); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		log = append(log, d)
	}
	return OnIncidents(log)
}

func TestBonds(t *testing.T) {
	for _, c := range []struct {
		log  []string
		want string
	}{
		{nil, ""},
		{[]string{"join a | b c"}, "a=b a=c"},
		{[]string{"join a b | c"}, "a=b a=c b=c"},
		{[]string{"join a | b", "undo 1"}, ""},
		{[]string{"join a | b", "undo 1", "undo 2"}, "a=b"},
		{[]string{"part a b | c"}, "a=b a≠c b≠c"},
		{[]string{"join a | b c", "part a c | b"}, "a=c a≠b a=c b≠c"},
		{[]string{"join a | b c", "part b c | a"}, "a≠b a≠c b=c"},
		{[]string{"part a | b", "join b | a"}, "a=b"},
		{[]string{"part a | b", "join a:20-30 | b"}, "a=b a≠b"}, // another account of the same report
		{[]string{"grade fair | a", "note | a"}, ""},
		{[]string{"part a | b", "join a | b", "undo 2"}, "a≠b"},
	} {
		var got []string
		for _, b := range incidentLog(t, c.log...).Bonds() {
			a, o := b.A.Report, b.B.Report
			if a > o {
				a, o = o, a
			}
			got = append(got, a+map[bool]string{true: "=", false: "≠"}[b.Same]+o)
		}
		slices.Sort(got)
		want := strings.Fields(c.want)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", c.log, got, want)
		}
	}
}

func TestIncidentGrade(t *testing.T) {
	for _, c := range []struct {
		log   []string
		of    string
		grade string
	}{
		{nil, "a", ""},
		{[]string{"grade fair | a b"}, "a b", "fair"},
		{[]string{"grade fair | a b"}, "a:5-20 x", "fair"}, // half of what was seen, with the first
		{[]string{"grade fair | a b"}, "b x", ""},          // the other half
		{[]string{"grade fair | a b c"}, "b c", "fair"},
		{[]string{"grade fair | a b c"}, "a x y", ""},
		{[]string{"grade fair | a"}, "a:20-30", ""},
		{[]string{"grade fair | a", "grade weak | a"}, "a", "weak"},
		{[]string{"grade fair | a", "grade weak | a", "undo 2"}, "a", "fair"},
		{[]string{"grade fair | a", "grade  | a"}, "a", ""},
		{[]string{"grade fair | a", "grade weak | b", "join a | b"}, "a b", "weak"},
	} {
		if got, _ := incidentLog(t, c.log...).Grade(accounts(c.of)); got != c.grade {
			t.Errorf("%q of %s: %q, want %q", c.log, c.of, got, c.grade)
		}
	}
}

func TestIncidentValidate(t *testing.T) {
	x := incidentLog(t, "join a | b", "grade fair | a b", "undo 1")
	on := Target{Kind: Incident, ID: "0000"}
	many := slices.Repeat(accounts("a"), MaxAccounts+1)
	for _, c := range []struct {
		d    Decision
		want string // "" where it is right
	}{
		{Decision{Action: Join, Accounts: accounts("a"), Others: accounts("b")}, ""},
		{Decision{Action: Grade, Accounts: accounts("a b"), Value: json.RawMessage(`"weak"`)}, ""},
		{Decision{Action: Undo, Undoes: 3}, ""},
		{Decision{Action: Join, Accounts: accounts("a")}, "say which other accounts"},
		{Decision{Action: Join, Others: accounts("a")}, "say which accounts"},
		{Decision{Action: Part, Accounts: accounts("a"), Others: accounts("a:5-7")}, "both sides"},
		{Decision{Action: Part, Accounts: many, Others: accounts("b")}, "at most 500"},
		{Decision{Action: Join, Accounts: accounts("a:9-3"), Others: accounts("b")}, "no words"},
		{Decision{Action: Join, Accounts: []Account{{Report: "a\xff", End: 1}}, Others: accounts("b")}, "no id of a report"},
		{Decision{Action: Join, Accounts: accounts("a"), Others: accounts("b"), Value: json.RawMessage(`1`)}, "takes no value"},
		{Decision{Action: Grade, Accounts: accounts("a b"), Value: json.RawMessage(`"fair"`)}, "graded fair already"},
		{Decision{Action: Grade, Accounts: accounts("c"), Value: json.RawMessage(`""`)}, "nobody graded it"},
		{Decision{Action: Grade, Accounts: accounts("a"), Value: json.RawMessage(`"good"`)}, "no grade: give one of confirmed"},
		{Decision{Action: Grade, Accounts: accounts("a"), Value: json.RawMessage(`7`)}, "no grade"},
		{Decision{Action: Grade, Accounts: accounts("a")}, "no grade"},
		{Decision{Action: Grade, Accounts: accounts("a"), Others: accounts("b"), Value: json.RawMessage(`"fair"`)}, "about one incident"},
		{Decision{Action: Note, Accounts: accounts("a"), Note: " "}, "the note is empty"},
		{Decision{Action: Undo, Undoes: 1}, "undone already"},
		{Decision{Action: Undo, Undoes: 9}, "no decision 9 on an incident"},
		{Decision{Action: Accept, Accounts: accounts("a")}, "not \"accept\""},
		{Decision{Action: Join, Report: "a", Accounts: accounts("a"), Others: accounts("b")}, "no report"},
	} {
		d := c.d
		d.Author, d.Target = "lale", on
		err := x.Validate(&d)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: %v, want %q", c.d, err, c.want)
		}
	}
	d := Decision{Author: "lale", Action: Undo, Undoes: 2, Target: on}
	if err := x.Validate(&d); err != nil || !slices.Equal(d.Accounts, accounts("a b")) {
		t.Errorf("%+v %v", d, err)
	}
	if n := x.Undoable(accounts("b")); n != 2 {
		t.Errorf("undoable %d", n)
	}
	if n := len(x.About(accounts("b"))); n != 3 {
		t.Errorf("%d decisions about b", n)
	}
	// They are nothing to entities and to reports, and those are nothing to them.
	if err := Entities(x.list).Validate(&Decision{Author: "lale", Action: Undo, Undoes: 2}); err == nil {
		t.Error("a grade was undone as a merge")
	}
	if err := Validate(nil, &Decision{Author: "lale", Action: Join, Target: on, Accounts: accounts("a"), Others: accounts("b")}); err == nil {
		t.Error("a join was taken for a merge")
	}
	if err := Validate(nil, &Decision{Author: "lale", Action: Merge, Target: Target{ID: "x"}, Value: json.RawMessage(`["y"]`), Accounts: accounts("a")}); err == nil {
		t.Error("a merge has accounts")
	}
}

// A line with accounts is sealed like any other, and lines without are sealed
// as they always were.
func TestIncidentSeal(t *testing.T) {
	x := incidentLog(t, "part a b | c")
	d := x.list[0]
	if err := Seal("", &d); err != nil {
		t.Fatal(err)
	}
	raw, _ := json.Marshal(d)
	for _, part := range []string{`"accounts":[{"report":"a","start":0,"end":10},`, `"others":[{"report":"c",`} {
		if !strings.Contains(string(raw), part) {
			t.Errorf("%s has no %s", raw, part)
		}
	}
	var back Decision
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if err := Verify(&back, nil); err != nil {
		t.Error(err)
	}
	back.Others[0].Start = 1
	if err := Verify(&back, nil); err == nil {
		t.Error("an altered account was not seen")
	}
	d.Others = []Account{{Report: "\xff", End: 1}}
	if err := Seal("", &d); err == nil {
		t.Error("text that is not UTF-8 was sealed")
	}
}
