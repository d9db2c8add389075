package review

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanad-project/sanad/agree"
)

func (k *desk) compare(a, b string) *Comparison {
	k.t.Helper()
	c, err := Compare(k.rec, k.log, a, b)
	if err != nil {
		k.t.Fatal(err)
	}
	return c
}

func (c *Comparison) layer(name string) Agreement {
	for _, l := range c.Layers {
		if l.Layer == name {
			return l
		}
	}
	return Agreement{}
}

// difference returns what two people differ on of a finding of the reading.
func (c *Comparison) difference(t *testing.T, words, field string) *Difference {
	t.Helper()
	for i := range c.Differences {
		if d := &c.Differences[i]; d.Words == words && d.Field == field {
			return d
		}
	}
	t.Fatalf("they do not differ on %q of %q: %+v", field, words, c.Differences)
	return nil
}

// Each side is the reading with one person's decisions, whatever others did.
func TestAlone(t *testing.T) {
	k := newDesk(t)
	k.by("lale", Correct, "e1", "type", `"COERCE"`)
	k.by("omid", Correct, "e1", "type", `"THREATEN"`)
	k.by("omid", Undo, "", "", "1") // what omid takes back of lale's is still lale's
	k.by("lale", Reject, "e3", "", "")
	k.by("lale", Undo, "", "", "4")
	k.by("lale", Note, "e2", "", "x")
	k.by("omid", Add, "event", "", `{"trigger":`+string(plain(q("کشته شدند")))+`,"type":"ASSAULT","status":"happened"}`)
	k.by("sara", Accept, "e1000007", "", "")
	lale, err := Alone(k.rec, k.log, "lale")
	if err != nil {
		t.Fatal(err)
	}
	omid, _ := Alone(k.rec, k.log, "omid")
	sara, err := Alone(k.rec, k.log, "sara")
	if err != nil {
		t.Fatal(err)
	}
	if x := event(lale.Reviewed, "e1"); x.Type != "COERCE" || event(lale.Reviewed, "e3") == nil || len(lale.Record.Events) != 3 || lale.Decisions != 1 || lale.Closed {
		t.Errorf("lale: %+v, %d decisions", lale.Record.Events, lale.Decisions)
	}
	if x := event(omid.Reviewed, "e1"); x.Type != "THREATEN" || len(omid.Record.Events) != 4 || omid.Decisions != 2 {
		t.Errorf("omid: %+v, %d decisions", omid.Record.Events, omid.Decisions)
	}
	// Sara vouches for what omid added, and has it too.
	if len(sara.Record.Events) != 4 || event(sara.Reviewed, "e1").Type != "ASSAULT" {
		t.Errorf("sara: %+v", sara.Record.Events)
	}
	got := Reviewers(k.log)
	if want := []Reviewer{{"omid", 2}, {"lale", 1}, {"sara", 1}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if nobody, err := Alone(k.rec, k.log, "nobody"); err != nil || nobody.Decisions != 0 || len(nobody.Record.Events) != 3 {
		t.Errorf("%+v %v", nobody, err)
	}
}

// Only what both looked at counts.
func TestCompareSeen(t *testing.T) {
	k := newDesk(t)
	k.by("lale", Accept, "e1", "", "")
	k.by("lale", Reject, "e3", "", "")
	k.by("omid", Accept, "e2", "", "")
	c := k.compare("lale", "omid")
	if c.Both != 0 || len(c.Differences) != 0 || c.OnlyOne != 1 || c.Overall.Why != agree.TooFew {
		t.Errorf("%+v", c)
	}
	k.by("omid", Correct, "e1", "status", `"ongoing"`)
	c = k.compare("lale", "omid")
	if c.Both != 1 || len(c.Differences) != 1 {
		t.Fatalf("%d, %+v", c.Both, c.Differences)
	}
	d := c.difference(t, "حمله", "status")
	if string(d.A.Value) != `"happened"` || string(d.B.Value) != `"ongoing"` || len(d.A.By) != 1 || d.A.By[0].Author != "lale" {
		t.Errorf("%+v", d)
	}
	// One finding has many parts, and says little all the same.
	if c.Overall.Units < agree.MinUnits || c.Overall.Why != agree.TooFew || c.Overall.Findings != 1 {
		t.Errorf("%+v", c.Overall)
	}
	if l := c.layer("events"); l.Counts != (agree.Counts{Both: 1}) || l.Units != 1 {
		t.Errorf("%+v", l)
	}
	if l := c.layer("statuses"); l.Counts != (agree.Counts{OnlyA: 1, OnlyB: 1}) {
		t.Errorf("%+v", l)
	}
	if l := c.layer("arguments"); l.Counts != (agree.Counts{Both: 2}) || l.Units != 3 {
		t.Errorf("%+v", l)
	}
	// Who closed the report has looked at all of it.
	k.by("lale", State, "", "", `"done"`)
	k.by("omid", State, "", "", `"done"`)
	c = k.compare("lale", "omid")
	if c.Both != c.Units || c.Both != 19 || c.OnlyOne != 0 {
		t.Errorf("%d of %d, %d", c.Both, c.Units, c.OnlyOne)
	}
	d = c.difference(t, "تجمع", "")
	if d.A.In || !d.B.In {
		t.Errorf("%+v", d)
	}
	if l := c.layer("events"); l.Counts != (agree.Counts{Both: 2, OnlyB: 1}) || l.Units != 3 || l.Why != agree.TooFew {
		t.Errorf("%+v", l)
	}
	// 3 events of which 2 have arguments to compare, 6 entities, 5 mentions, …
	if c.Overall.Why != "" || c.Overall.Alpha < 0.5 || c.Overall.Alpha >= 1 {
		t.Errorf("%+v", c.Overall)
	}
}

// The figures of one layer, worked out by hand: six entities, of which lale
// says that two are another type and that one is none.
func TestCompareFigures(t *testing.T) {
	k := newDesk(t)
	k.by("lale", Correct, "army", "type", `"GRP"`)
	k.by("lale", Correct, "police", "type", `"GRP"`)
	k.by("lale", Reject, "~three", "", "")
	k.by("lale", State, "", "", `"done"`)
	k.by("omid", State, "", "", `"done"`)
	l := k.compare("lale", "omid").layer("entities")
	if l.Counts != (agree.Counts{Both: 3, OnlyA: 2, OnlyB: 3}) {
		t.Errorf("%+v", l.Counts)
	}
	if f, _ := l.F1(); math.Abs(f-6.0/11) > 1e-12 {
		t.Errorf("F1 %v", f)
	}
	// lale MEDIA GRP PER PLACE GRP none; omid MEDIA ORG PER PLACE ORG GRP:
	// n=12, GRP 3, ORG 2, MEDIA 2, PER 2, PLACE 2, none 1; three units differ.
	if l.Units != 6 || math.Abs(l.Observed-6.0/12) > 1e-12 || math.Abs(l.Expected-(1-(6+2+2+2+2)/132.0)) > 1e-12 || l.Why != agree.TooFew {
		t.Errorf("%+v", l)
	}
}

// What two people added of the same name or at the same words is the same.
func TestCompareAdded(t *testing.T) {
	k := newDesk(t)
	k.by("lale", Add, "entity", "", `{"type":"GRP","name":"معترضان"}`)
	k.by("lale", Correct, "e3", "actor", `[{"entity":"h1"}]`)
	k.by("lale", State, "", "", `"done"`)
	k.by("omid", Undo, "", "", "2")
	k.by("omid", Undo, "", "", "1")
	k.by("omid", Add, "entity", "", `{"type":"GRP","name":"معترضان"}`)
	k.by("omid", Correct, "e3", "actor", `[{"entity":"h6"}]`)
	k.by("omid", State, "", "", `"done"`)
	c := k.compare("lale", "omid")
	if len(c.Differences) != 0 {
		t.Errorf("%+v", c.Differences)
	}
	if l := c.layer("arguments"); l.OnlyA+l.OnlyB != 0 || l.Both != 4 {
		t.Errorf("%+v", l)
	}
}

// Somebody settles each difference as one of the two says; it is in force then,
// the log says what it settles, and the figures stay.
func TestSettle(t *testing.T) {
	k := newDesk(t)
	k.by("lale", Correct, "e1", "type", `"COERCE"`)
	k.by("omid", Accept, "e1", "", "") // as lale left it
	k.by("omid", Correct, "e1", "type", `"THREATEN"`)
	k.by("lale", Reject, "e3", "", "")
	k.by("omid", Accept, "e3", "", "")
	k.by("omid", Reject, "e2", "", "")
	k.by("lale", Accept, "e2", "", "")
	k.by("lale", Correct, "s1", "speaker", `"army"`)
	k.by("omid", Correct, "s1", "speaker", `null`)
	before := k.compare("lale", "omid")
	settle := func(words, field string, a bool) Decision {
		t.Helper()
		c := k.compare("lale", "omid")
		d, err := c.Settle(c.difference(t, words, field), a, k.now())
		if err != nil {
			t.Fatal(err)
		}
		d.Report, d.Author = "r", "sara"
		if err := k.try(d); err != nil {
			t.Fatal(err)
		}
		return k.log[len(k.log)-1]
	}
	if d := settle("حمله", "type", true); d.Action != Correct || string(d.Value) != `"COERCE"` || !slices.Equal(d.Settles, []int64{1, 2, 3}) {
		t.Errorf("%+v", d)
	}
	if d := settle("تجمع", "", true); d.Action != Reject || !slices.Equal(d.Settles, []int64{4, 5}) {
		t.Errorf("%+v", d)
	}
	if d := settle("بازداشت", "", false); d.Action != Reject {
		t.Errorf("%+v", d)
	}
	if d := settle("گفت", "speaker", true); d.Action != Correct || string(d.Value) != `"army"` {
		t.Errorf("%+v", d)
	}
	r := k.now().Record
	if len(r.Events) != 1 || r.Events[0].Type != "COERCE" || *r.Statements[0].Speaker != "army" {
		t.Errorf("%+v", r.Events)
	}
	after := k.compare("lale", "omid")
	if after.Overall != before.Overall || len(after.Differences) != len(before.Differences) {
		t.Errorf("settling changed the figures: %+v, %+v", before.Overall, after.Overall)
	}
	for _, d := range after.Differences {
		if d.Settled == nil || d.Settled.Author != "sara" {
			t.Errorf("%s %s is not settled", d.Words, d.Field)
		}
	}
	// Sara is no side of it.
	if got := Reviewers(k.log); len(got) != 2 {
		t.Errorf("%+v", got)
	}
	// What is in force already is settled all the same, and says so.
	if d := settle("حمله", "type", true); d.Action != Accept || d.Field != "type" {
		t.Errorf("%+v", d)
	}
	if d := settle("تجمع", "", true); d.Action != Note || d.Note == "" {
		t.Errorf("%+v", d)
	}
	// The other way round, and back.
	if d := settle("تجمع", "", false); d.Action != Accept {
		t.Errorf("%+v", d)
	}
	if r := k.now().Record; len(r.Events) != 2 {
		t.Errorf("%+v", r.Events)
	}
}

// Several reports of the same two people taken together.
func TestTogether(t *testing.T) {
	one, two := newDesk(t), newDesk(t)
	for _, k := range []*desk{one, two} {
		k.by("lale", State, "", "", `"done"`)
		k.by("omid", State, "", "", `"done"`)
	}
	one.by("lale", Correct, "army", "type", `"GRP"`)
	two.by("lale", Reject, "e3", "", "")
	list := []*Comparison{one.compare("lale", "omid"), two.compare("lale", "omid")}
	layers, overall := Together(list)
	for i, l := range layers {
		want := list[0].Layers[i].Counts.Plus(list[1].Layers[i].Counts)
		if l.Counts != want || l.Units != list[0].Layers[i].Units+list[1].Layers[i].Units {
			t.Errorf("%s: %+v, want %+v", l.Layer, l, want)
		}
	}
	// Twelve entities, where either report has too few: 24 values, ORG 7, GRP 5, 4 of
	// each other; one unit differs.
	if e := layers[0]; e.Why != "" || math.Abs(e.Alpha-(1-(2.0/24)/(1-(7*6+5*4+3*4*3)/(24*23.0)))) > 1e-12 {
		t.Errorf("%+v", e)
	}
	if overall.Counts != list[0].Overall.Counts.Plus(list[1].Overall.Counts) || overall.Why != "" {
		t.Errorf("%+v", overall)
	}
	if _, none := Together(nil); none.Why != agree.TooFew || none.Both != 0 {
		t.Errorf("%+v", none)
	}
}

func TestSettlesIsChecked(t *testing.T) {
	k := newDesk(t)
	k.by("lale", Accept, "e1", "", "")
	for _, d := range []Decision{
		{Report: "r", Action: Accept, Target: Target{ID: "e1"}, Settles: []int64{7}},
		{Report: "r", Action: State, Value: json.RawMessage(`"done"`), Settles: []int64{1}},
		{Report: "r", Action: Undo, Undoes: 1, Settles: []int64{1}},
		{Action: Merge, Target: Target{ID: "army"}, Value: json.RawMessage(`["police"]`), Settles: []int64{1}},
	} {
		if err := k.try(d); err == nil {
			t.Errorf("%+v is taken", d)
		}
	}
	if _, err := Compare(k.rec, k.log, "lale", "lale"); err == nil {
		t.Error("somebody is compared with themselves")
	}
}

// Whatever three people decide: each side is valid, comparing never fails, says
// the same both ways round, and every difference can be settled both ways or
// says why not.
func TestCompareLaws(t *testing.T) {
	settledOnes, refused := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		k := &desk{t: t, rec: drawReading(rt)}
		people := []string{"lale", "omid", "sara"}
		for range rapid.IntRange(1, 12).Draw(rt, "decisions") {
			d := drawDecision(rt, k.now(), k.log)
			d.Author = rapid.SampledFrom(people).Draw(rt, "author")
			_ = k.try(d)
		}
		if rapid.Bool().Draw(rt, "reread") {
			k.rec = drawReading(rt)
		}
		c, back := k.compare("lale", "omid"), k.compare("omid", "lale")
		if c.Units != back.Units || c.Both != back.Both || len(c.Differences) != len(back.Differences) || c.OnlyOne != back.OnlyOne {
			rt.Fatalf("another way round: %+v, %+v", c, back)
		}
		for i, l := range c.Layers {
			m := back.Layers[i]
			if l.Counts.Both != m.Counts.Both || l.OnlyA != m.OnlyB || l.Reliability != m.Reliability {
				rt.Fatalf("%s: %+v, the other way round %+v", l.Layer, l, m)
			}
			if l.Counts.Both+l.OnlyA > 0 && l.Alpha > 1 {
				rt.Fatalf("%+v", l)
			}
		}
		for _, s := range []*Side{c.A, c.B} {
			if errs := s.Record.Check(); len(errs) > 0 {
				rt.Fatal(errs)
			}
		}
		for i := range c.Differences {
			now, err := Apply(k.rec, k.log)
			if err != nil {
				rt.Fatal(err)
			}
			d, err := c.Settle(&c.Differences[i], rapid.Bool().Draw(rt, "side"), now)
			if err != nil {
				refused++
				continue
			}
			d.Report, d.Author = "r", "sara"
			if k.try(d) != nil {
				refused++
				continue
			}
			settledOnes++
			if after := k.compare("lale", "omid"); after.Overall != c.Overall {
				rt.Fatalf("settling changed the figures: %+v, %+v", c.Overall, after.Overall)
			}
		}
	})
	t.Logf("%d settled, %d refused", settledOnes, refused)
	if settledOnes == 0 || refused > settledOnes {
		t.Error("too few differences can be settled to show anything")
	}
}
