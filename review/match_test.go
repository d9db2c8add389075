package review

import (
	"testing"

	"github.com/sanad-project/sanad/record"
)

// TestPair: one finding stands at one place only, the one at exactly these
// words before any other; mentions have to be exact.
func TestPair(t *testing.T) {
	wide := "سه نفر در حمله به شهر سرو کشته شدند. پلیس دو تن"
	rec := reading()
	rec.Numbers = []record.Number{{Quote: q(wide), Min: p(int64(5)), Unit: "people", Hedge: "at_least"}}
	rec.Events[0].Killed, rec.Events[1].Count = nil, nil
	w := newWork(rec)
	ask := func(k Kind, words string) sought { return sought{place: place{k, at(words)}} }
	for _, c := range []struct {
		list []sought
		want []string // id that is paired with each, "" for none
	}{
		{[]sought{ask(Number, "سه نفر"), ask(Number, "دو تن")}, []string{w.list[Number][0].id, ""}},
		{[]sought{ask(Number, "دو تن"), ask(Number, wide)}, []string{"", w.list[Number][0].id}},
		{[]sought{ask(Event, "حمله به شهر"), ask(Event, "تجمع کردند"), ask(Event, "سرو")}, []string{"e1", "e3", ""}},
		{[]sought{ask(Mention, "ارتش"), ask(Mention, "ارتش شمال")}, []string{"", "m22-31"}},
		{[]sought{{place{Statement, at("شمال")}, []record.Span{at("سه نفر در حمله به شهر سرو کشته شدند")}}, ask(Statement, "شمال گفت")}, []string{"s1", ""}},
		{[]sought{{place{Statement, at("شمال")}, []record.Span{at("سه نفر")}}}, []string{""}},
	} {
		got := w.pair(c.list)
		for i, s := range c.list {
			id := ""
			if f := got[s.place]; f != nil {
				id = f.id
			}
			if want := c.want[i]; id != want {
				t.Errorf("%v: paired with %q, want %q", s.place, id, want)
			}
		}
	}
}
