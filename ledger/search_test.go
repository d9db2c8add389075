package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/terms"
)

// news are reports that the tests of search look for.
func news() []sanad.Article {
	a := func(published, outlet, title, text string) sanad.Article {
		return sanad.Article{Published: published, Outlet: outlet, Title: title, Text: text}
	}
	return []sanad.Article{
		0: a("2024-03-01", "خبرگزاری ایرنا", "حمله پهپادی به پایگاه رمادی", "سخنگوی پلیس گفت سه نفر کشته شدند."),
		1: a("2024-03-02", "خبرگزاری فارس", "پهپادی که در حمله سرنگون شد", "ارتش آمریکا در بیانیه‌ای این خبر را تأیید کرد."),
		2: a("2024-03-03", "خبرگزاری فارس", "خبرهای کوتاه", "سخنگوی ارتش گفت دیروز حملات پهپادی در بغداد ادامه داشت."),
		3: a("2024-03-04", "خبرگزاری ایرنا", "نشست وزیران", "وزیر خارجه روسیه گفت پهپادی که از مرز گذشت به این شهر حمله نکرد."),
		4: a("2024-03-05", "", "گزارش", "وزیر خارجه گفت حمله را محکوم می‌کند. "+strings.Repeat("در این نشست نمایندگان کشورها نیز سخن گفتند. ", 6)+"سپس خبر سرنگونی هواپیمای پهپادی رسید."),
		5: a("", "", "بیانیه", "کتائب حزب‌الله اعلام کرد عملیات نظامی را تعلیق می کند."),
		6: a("2024-03-07", "خبرگزاری فارس", "", "گروههای مسلح در شمال سوریه عقب‌نشینی کردند."),
	}
}

func searched(t *testing.T, l *Ledger, query string, f Filter, limit, offset int) []Found {
	t.Helper()
	list, err := l.Search(context.Background(), query, f, limit, offset)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return list
}

func numbers(list []Found) string {
	var s []string
	for _, x := range list {
		s = append(s, fmt.Sprint(x.Seq-1))
	}
	return strings.Join(s, " ")
}

func TestSearch(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		for i, a := range news() {
			add(t, l, item(fmt.Sprintf("n%d.jsonl", i), a))
		}
		ids := func(names ...string) (out []string) { return names }
		for _, c := range []struct {
			query  string
			filter Filter
			want   string
		}{
			// one tier after the other: phrase in the title, title, phrase, near, all
			{query: "حمله پهپادی", want: "0 1 2 3 4"},
			{query: "حملات پهپادی", want: "0 1 2 3 4"},
			{query: `"حمله پهپادی"`, want: "0 2"},
			{query: "پهپادی -بغداد", want: "1 0 4 3"},
			{query: "کتائب حزب الله تعلیق عملیات", want: "5"},
			{query: "گروه‌های مسلح", want: "6"},
			{query: "رمادی OR بغداد", want: "0 2"},
			{query: "سوری* شمال", want: "6"},
			{query: "گفت", want: "4 3 2 0"},
			{query: "فوتبال", want: ""},
			// filters
			{query: "پهپادی", filter: Filter{Outlet: ids("irna")}, want: "0 3"},
			{query: "پهپادی", filter: Filter{Outlet: ids("irna", "fars-news")}, want: "1 0 3 2"},
			{query: "پهپادی", filter: Filter{From: "2024-03-02", To: "2024-03-03"}, want: "1 2"},
			{query: "پهپادی", filter: Filter{From: "2024-03-04"}, want: "4 3"},
			{query: "عملیات", filter: Filter{From: "2000-01-01"}, want: ""},
			{query: "پهپادی", filter: Filter{Outlet: ids("x' OR 1=1 --", `\`, `"`)}, want: ""},
			{query: "نفر", filter: Filter{Type: ids("ASSAULT"), Mode: ids("drone")}, want: "0"},
			{query: "نفر", filter: Filter{Type: ids("ASSAULT"), Status: ids("negated")}, want: ""},
		} {
			want := c.want
			if got := numbers(searched(t, l, c.query, c.filter, 20, 0)); got != want {
				t.Errorf("%s %+v: found %q, want %q", c.query, c.filter, got, want)
			}
			var one []Found
			for i := range 8 {
				one = append(one, searched(t, l, c.query, c.filter, 1, i)...)
			}
			if got := numbers(one); got != want {
				t.Errorf("%s %+v: one at a time %q, want %q", c.query, c.filter, got, want)
			}
		}
		for _, query := range []string{
			`a OR title : b NEAR(c) AND ^d {facet} : __other' \ -- ; :x <-> & | ! 'x':A`, `x') OR 1=1; DROP TABLE words; --`,
			"\x00 a\u0000b", "\xff\xfe حمله", strings.Repeat("ا", 2000), "ab* -cd* \"ef gh\"", "«it's» \\ '' \\\\", "_حمله __outlet_irna",
		} {
			for range 2 { // the second time the words come from the cache
				if list, err := l.Search(context.Background(), query, Filter{}, 5, 0); err != nil || len(list) > 0 && !strings.Contains(query, "حمله") {
					t.Errorf("%q: %d found, %v", query, len(list), err)
				}
			}
		}
		for _, query := range []string{"", "-حمله", `"حمله`, "OR"} {
			var bad *BadQuery
			if _, err := l.Search(context.Background(), query, Filter{}, 1, 0); !errors.As(err, &bad) {
				t.Errorf("%s: %v", query, err)
			}
		}
		if other, err := l.OtherIndex(context.Background()); other || err != nil {
			t.Errorf("other rules: %v, %v", other, err)
		}
	})
}

// What is shown quotes the report, and what is marked is what was found.
func TestSearchShows(t *testing.T) {
	l := openAt(t, t.TempDir()+"/l.db", Options{Create: true})
	for i, a := range news() {
		add(t, l, item(fmt.Sprintf("n%d.jsonl", i), a))
	}
	of := func(text string, spans []record.Span) (out []string) {
		for _, s := range spans {
			out = append(out, string([]rune(text)[s.Start:s.End]))
		}
		return out
	}
	for _, c := range []struct{ query, title, hits string }{
		{"حمله پهپادی بغداد", "", "حملات پهپادی بغداد"},
		{"خبر کوتاه حمله", "خبرهای کوتاه", "حملات"},
		{"خبر ارتش ادامه", "خبرهای", "ارتش ادامه"},
	} {
		x := searched(t, l, c.query, Filter{}, 5, 0)
		i := slices.IndexFunc(x, func(f Found) bool { return f.Seq == 3 })
		if i < 0 {
			t.Fatalf("%s: not found", c.query)
		}
		rec, _, err := l.Record(context.Background(), x[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		text := rec.Document.Text
		if got := strings.Join(of(text, x[i].InTitle), " "); got != c.title {
			t.Errorf("%s: marked in the title: %q", c.query, got)
		}
		if got := strings.Join(of(text, x[i].Snippet.Hits), " "); got != c.hits {
			t.Errorf("%s: marked: %q", c.query, got)
		}
		if got := of(text, []record.Span{{Start: x[i].Snippet.Start, End: x[i].Snippet.End}})[0]; got != x[i].Snippet.Text {
			t.Errorf("%s: the snippet %q is %q in the text", c.query, x[i].Snippet.Text, got)
		}
	}
}

// Behind the first window of reports the next one is ranked, and what comes
// first does not depend on how many are asked for.
func TestSearchWindows(t *testing.T) {
	l := openAt(t, t.TempDir()+"/l.db", Options{Create: true})
	const n = 2*window + 30
	var items []*input.Item
	for i := range n {
		text := fmt.Sprintf("روز %d حمله دوم رخ داد و پس از آن چند خبر دیگر هم از سوی دولت و مردم شهر و روستاهای پیرامون بغداد رسید", i)
		if i%40 == 0 {
			text = fmt.Sprintf("روز %d حمله بغداد", i)
		}
		items = append(items, item(fmt.Sprintf("n%d", i), sanad.Article{Text: text, Published: fmt.Sprintf("2024-01-%02d", 1+i%28)}))
	}
	add(t, l, items...)
	all := searched(t, l, "حمله بغداد", Filter{}, n+10, 0)
	if len(all) != n {
		t.Fatalf("%d found of %d", len(all), n)
	}
	seen := map[int64]bool{}
	for i, x := range all {
		if seen[x.Seq] {
			t.Fatalf("report %d is found twice", x.Seq)
		}
		seen[x.Seq] = true
		if i%window == 0 {
			continue
		}
		before := all[i-1]
		first := func(f Found) bool { return f.Match == terms.Phrase.String() }
		if !first(before) && first(x) || first(before) == first(x) && x.Published > before.Published {
			t.Fatalf("%d: %s of %s after %s of %s", i, x.Match, x.Published, before.Match, before.Published)
		}
	}
	for _, need := range []int{1, window - 1, window, window + 1, 2*window + 7} {
		if got := searched(t, l, "حمله بغداد", Filter{}, need, 0); numbers(got) != numbers(all[:need]) {
			t.Errorf("the first %d are others than those of all", need)
		}
	}
}

// A report whose day becomes known moves in the index, and is there once.
func TestSearchAfterReread(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		a := news()[6]
		a.Published = ""
		add(t, l, item("a.jsonl", a))
		a.Published = "2024-03-07"
		out := add(t, l, item("b.jsonl", a))
		if !out[0].Stale {
			t.Fatalf("%+v", out[0])
		}
		if _, err := l.Reread(context.Background(), maker(), out[0].ID); err != nil {
			t.Fatal(err)
		}
		for _, f := range []Filter{{}, {From: "2024-03-07"}} {
			if got := numbers(searched(t, l, "گروه مسلح", f, 5, 0)); got != "0" {
				t.Errorf("%+v: found %q", f, got)
			}
		}
		if err := l.Rebuild(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		if got := numbers(searched(t, l, "گروه مسلح", Filter{From: "2024-03-07"}, 5, 0)); got != "0" {
			t.Errorf("after a rebuild: found %q", got)
		}
	})
}

func TestNames(t *testing.T) {
	lex, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		for i, a := range news() {
			add(t, l, item(fmt.Sprintf("n%d.jsonl", i), a))
		}
		for _, c := range []struct{ name, want string }{
			{"کتائب حزب الله", "kataib-hezbollah"},
			{"كتائب حزب‌الله", "kataib-hezbollah"},
			{"Kata'ib Hezbollah", "kataib-hezbollah"},
			{"kataib-hezbollah", "kataib-hezbollah"},
			{"baghdad", "baghdad"},
			{"بغدا", "baghdad"},
		} {
			list, err := l.Names(context.Background(), lex, c.name, 10)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 || list[0].ID != c.want || list[0].Reports != 1 || list[0].Name == "" {
				t.Errorf("%s: %+v", c.name, list)
			}
		}
		for _, none := range []string{"", "نامی که هیچ‌کس ندارد", "»"} {
			if list, err := l.Names(context.Background(), lex, none, 10); err != nil || len(list) > 0 {
				t.Errorf("%s: %v, %v", none, list, err)
			}
		}
	})
}
