package review

import (
	"slices"
	"testing"

	"github.com/sanad-project/sanad/record"
)

func TestDiff(t *testing.T) {
	for name, c := range map[string]struct {
		change func(r *record.Record)
		want   []string
	}{
		"none": {func(r *record.Record) {}, nil},
		"type": {func(r *record.Record) { r.Events[0].Type = "COERCE" }, []string{"event «حمله» at 52: type ASSAULT → COERCE"}},
		"trigger": {func(r *record.Record) { r.Events[0].Trigger = q("حمله به شهر") },
			[]string{"event «حمله به شهر» at 52: trigger «حمله» → «حمله به شهر»"}},
		"gone":  {func(r *record.Record) { r.Events = r.Events[:2] }, []string{"event «تجمع» at 114: gone, was PROTEST demo happened"}},
		"rule":  {func(r *record.Record) { r.Events[0].Rule = "other" }, nil},
		"place": {func(r *record.Record) { r.Events[0].Place = nil }, []string{"event «حمله» at 52: place sarv «شهر سرو» → none"}},
		"numbers that shift": {func(r *record.Record) {
			r.Numbers[0], r.Numbers[1] = r.Numbers[1], r.Numbers[0]
			r.Events[0].Killed, r.Events[1].Count = p(1), p(0)
		}, nil},
		"statements that shift": {func(r *record.Record) {
			r.Statements[0].ID, r.Statements[1].ID = "s2", "s1"
			r.Events[0].SaidBy = p("s2")
		}, nil},
		"the same id, another statement": {func(r *record.Record) { r.Statements[0].ID, r.Statements[1].ID = "s2", "s1" },
			[]string{"event «حمله» at 52: said_by s1 «گفت» → s1 «وعده»"}},
		"number": {func(r *record.Record) { r.Numbers[0].Max = nil; r.Numbers[0].Hedge = "at_least" },
			[]string{"number «سه نفر» at 42: max 3 → none", "number «سه نفر» at 42: hedge exact → at_least"}},
		"entity": {func(r *record.Record) { r.Entities[1].Name = "ارتش" }, []string{"entity «ارتش» (army): name ارتش شمال → ارتش"}},
		"found": {func(r *record.Record) {
			r.Loaded = []record.Loaded{{Quote: q("وعده تحریم"), Entity: p("army")}}
		}, []string{"loaded «وعده تحریم» at 127: found, army"}},
		"two in one": {func(r *record.Record) {
			r.Numbers[0].Quote, r.Numbers[0].Min, r.Numbers[0].Max = q("سه نفر در حمله به شهر سرو کشته شدند. پلیس دو تن"), p(int64(5)), p(int64(5))
			r.Numbers = r.Numbers[:1]
			r.Events[1].Count = nil
		}, []string{
			"number «سه نفر در حمله به شهر سرو کشته شدند. پلیس دو تن» at 42: text «سه نفر» → «سه نفر در حمله به شهر سرو کشته شدند. پلیس دو تن»",
			"number «سه نفر در حمله به شهر سرو کشته شدند. پلیس دو تن» at 42: min 3 → 5",
			"number «سه نفر در حمله به شهر سرو کشته شدند. پلیس دو تن» at 42: max 3 → 5",
			"number «دو تن» at 84: gone, was 2 detained",
			"event «بازداشت» at 93: count 2 detained «دو تن» → none"}},
		"outlet": {func(r *record.Record) { r.Document.Outlet = nil }, []string{"report: outlet nasim → none"}},
		"text":   {func(r *record.Record) { *r = *reading(); r.Document.Text += " "; r.Document.SHA256 = "x" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := reading()
			c.change(b)
			var got []string
			for _, x := range Diff(reading(), b) {
				got = append(got, x.String())
			}
			if name == "text" {
				if len(got) != 1 {
					t.Error(got)
				}
			} else if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			// What is found one way is gone the other way.
			if n := len(Diff(b, reading())); n != len(got) {
				t.Errorf("%d changes forth, %d back", len(got), n)
			}
		})
	}
}
