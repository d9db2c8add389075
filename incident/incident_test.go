package incident

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/record"
)

// docOf reads an invented report.
func docOf(t testing.TB, id, outlet, published, title, text string) Doc {
	t.Helper()
	r, err := sanad.Read(sanad.Article{ID: id, Outlet: outlet, Published: published, Title: title, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return Doc{ID: id, Outlet: outlet, Published: published, Record: r}
}

// small is a collection of invented reports: a bombing in Kirkuk told thrice,
// another there four days later, one in Mosul on the first day, and a denial.
func small(t testing.TB) []Doc {
	return []Doc{
		docOf(t, "a", "ایرنا", "2009-03-10", "انفجار بمب در کرکوک پنج کشته بر جا گذاشت", "پلیس کرکوک گفت: صبح امروز سه‌شنبه در انفجار بمب در محله تسعین شهر کرکوک پنج نفر کشته و یازده نفر زخمی شدند. بمب در کنار یک نانوایی کار گذاشته شده بود."),
		docOf(t, "b", "مهر", "2009-03-10", "هشت کشته در انفجار بمب در محله تسعین کرکوک", "یک پزشک بیمارستان آزادی کرکوک به مهر گفت: در انفجار امروز محله تسعین هشت نفر کشته شدند. این انفجار در نزدیکی یک نانوایی روی داد."),
		docOf(t, "c", "فارس", "2009-03-11", "پنج کشته در انفجار دیروز کرکوک", "به گزارش فارس، پلیس کرکوک گفت در انفجار بمب روز سه‌شنبه در محله تسعین کرکوک پنج نفر کشته و یازده نفر زخمی شدند."),
		docOf(t, "d", "ایسنا", "2009-03-14", "انفجار خودروی بمب‌گذاری شده در کرکوک", "صبح امروز شنبه یک خودروی بمب‌گذاری شده در برابر شهرداری کرکوک منفجر شد و سه نفر کشته شدند."),
		docOf(t, "e", "ایلنا", "2009-03-10", "انفجار بمب در موصل", "در انفجار بمب صبح امروز سه‌شنبه در شهر موصل دو سرباز کشته شدند."),
		docOf(t, "f", "تابناک", "2009-03-11", "استاندار کرکوک انفجار محله تسعین را تکذیب کرد", "استاندار کرکوک خبر انفجار روز سه‌شنبه در محله تسعین را تکذیب کرد و گفت: چنین انفجاری روی نداده است."),
	}
}

func groupsOf(list []Linked) string {
	var out []string
	for _, in := range list {
		g := in.reports()
		slices.Sort(g)
		out = append(out, strings.Join(g, " "))
	}
	slices.Sort(out)
	return strings.Join(out, " | ")
}

func dump(t testing.TB, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestGroups(t *testing.T) {
	docs := small(t)
	list := All(lex(t), docs, nil)
	if got, want := groupsOf(list), "a b c | d | e"; got != want {
		t.Fatalf("incidents %s, want %s", got, want)
	}
	i := slices.IndexFunc(list, func(in Linked) bool { return len(in.Members) == 3 })
	in := &list[i]
	if len(in.Attached) != 1 || in.Attached[0].Report != "f" || in.Attached[0].As != Denial {
		t.Errorf("attached %s, want the denial of f", dump(t, in.Attached))
	}
	for _, m := range in.Members {
		if m.Reason == "" || m.Confidence < 0.5 {
			t.Errorf("%s: reason %q, confidence %v", m.Report, m.Reason, m.Confidence)
		}
		for _, q := range m.Quotes {
			d := docs[slices.IndexFunc(docs, func(d Doc) bool { return d.ID == q.Report })]
			if text := []rune(d.Record.Document.Text); string(text[q.Start:q.End]) != q.Text {
				t.Errorf("%s: quote %q is not what stands there", m.Report, q.Text)
			}
		}
	}
	tb := in.Table
	if got := fmt.Sprint(tb.Ranges); got != "[{killed  5 5 8} {wounded  11 11 11}]" {
		t.Errorf("ranges %s", got)
	}
	var fields []string
	for _, c := range tb.Contradictions {
		fields = append(fields, c.Field)
	}
	if got := strings.Join(fields, " "); got != "killed status" {
		t.Errorf("contradictions in %q, want killed status", got)
	}
	if tb.Grade != Contested || tb.GradeReason == "" {
		t.Errorf("grade %s: %s", tb.Grade, tb.GradeReason)
	}
}

// An earlier toll that the same origin raised later is no rival.
func TestRaised(t *testing.T) {
	docs := small(t)
	for i := range docs {
		if docs[i].ID == "a" || docs[i].ID == "b" {
			docs[i].Origin = "police"
		}
	}
	docs[1].Published = "2009-03-10T18:00:00+03:30"
	docs[0].Published = "2009-03-10T12:00:00+03:30"
	list := All(lex(t), docs[:2], nil)
	if groupsOf(list) != "a b" {
		t.Fatal(groupsOf(list))
	}
	tb := list[0].Table
	if len(tb.Contradictions) != 0 || tb.Origins != 1 || tb.Grade != Weak {
		t.Errorf("%s", dump(t, tb))
	}
	if got := fmt.Sprint(tb.Ranges); !strings.HasPrefix(got, "[{killed  8 8 8}") {
		t.Errorf("ranges %s", got)
	}
}

// Ids stay when later reports come.
func TestStable(t *testing.T) {
	docs := small(t)
	id := All(lex(t), docs[:1], nil)[0].ID
	if !slices.ContainsFunc(All(lex(t), docs, nil), func(in Linked) bool { return in.ID == id && len(in.Members) == 3 }) {
		t.Error("the incident lost its id")
	}
}

func TestDecisions(t *testing.T) {
	join := Decision{A: Ref{Report: "c"}, B: Ref{Report: "d"}, Same: true}
	part := Decision{A: Ref{Report: "a"}, B: Ref{Report: "b"}}
	for _, c := range []struct {
		d    []Decision
		want string
		lost int
	}{
		{nil, "a b c | d | e", 0},
		{[]Decision{join}, "a b c d | e", 0},
		{[]Decision{part}, "a c | b | d | e", 0},
		{[]Decision{part, join}, "a c d | b | e", 0},
		{[]Decision{{A: Ref{Report: "a"}, B: Ref{Report: "nowhere"}, Same: true}}, "a b c | d | e", 1},
		{[]Decision{{A: Ref{Report: "f"}, B: Ref{Report: "d"}, Same: true}}, "a b c | d | e", 1}, // a denial is no member
		{[]Decision{{A: Ref{Report: "a", Start: 1, End: 4}, B: Ref{Report: "e", Start: 2, End: 3}, Same: true}}, "a b c e | d", 0},
		{[]Decision{{A: Ref{Report: "a", Start: 4000, End: 4001}, B: Ref{Report: "e"}, Same: true}}, "a b c | d | e", 1},
	} {
		r := New(lex(t))
		m := NewMemory(r, small(t)...)
		lost := 0
		err := r.Link(m, m.Rarity(), nil, c.d, func(p Part) error {
			lost += len(p.Lost)
			return m.Keep(p)
		})
		if err != nil {
			t.Fatal(err)
		}
		if groupsOf(m.Linked()) != c.want || lost != c.lost {
			t.Errorf("%v: %s, %d lost; want %s, %d", c.d, groupsOf(m.Linked()), lost, c.want, c.lost)
		}
		for _, in := range m.Linked() {
			for _, k := range in.Members {
				on := slices.ContainsFunc(c.d, func(d Decision) bool { return c.lost == 0 && (d.A.Report == k.Report || d.B.Report == k.Report) })
				if got := strings.Contains(k.Reason, "a person decided"); got != on {
					t.Errorf("%v: reason of %s: %q", c.d, k.Report, k.Reason)
				}
			}
		}
		m.Add(docOf(t, "g", "شرق", "2009-03-12", "کرکوک پس از انفجار محله تسعین", "در انفجار روز سه‌شنبه بمب در محله تسعین کرکوک در کنار یک نانوایی پنج نفر کشته و یازده نفر زخمی شدند."))
		if err := r.Link(m, m.Rarity(), []string{"g"}, c.d, m.Keep); err != nil {
			t.Fatal(err)
		}
		if c.d != nil && c.d[0] == join && groupsOf(m.Linked()) != "a b c d g | e" {
			t.Errorf("after a new report: %s", groupsOf(m.Linked()))
		}
	}
}

// Whatever a record holds, nothing panics and quotes stay in the text.
func TestHostile(t *testing.T) {
	seven := 7
	r := &record.Record{Document: record.Document{ID: "x", Text: "حمله"}, Events: []record.Event{{ID: "e1", Type: "ASSAULT", Status: "happened", Trigger: record.Quote{Start: 0, End: 900}, Killed: &seven,
		Place: &record.Ref{Entity: "none"}, Date: &record.DateRef{Value: "9999-99"}, Actor: []record.Ref{{Entity: "none"}}}},
		Numbers: []record.Number{{Quote: record.Quote{Start: 3, End: 80}}}, Mentions: []record.Mention{{Quote: record.Quote{Start: 2, End: 1}, Entity: "none"}}}
	All(lex(t), []Doc{{}, {ID: "x", Record: r}, {ID: "y", Record: &record.Record{}}, {ID: "z", Record: r, Published: "tomorrow"}, {ID: "w", Record: r, Published: "0001-01-01"}, {ID: "v", Record: r, Published: "9999-12-31"}}, []Decision{{}, {Ref{"x", -5, 3}, Ref{"z", 7, -1}, true}})
	b := newBuilder(loaded, &Incident{Members: []Member{{}}, Attached: []Attached{{}}})
	b.make()
	b.head()
	b.mainPlace()
}

func FuzzText(f *testing.F) {
	f.Add("حمله به پاسگاه مرزی", "دیروز در حمله به پاسگاه سه نفر کشته شدند. گروه «ایکس» مسئولیت آن را پذیرفت.")
	f.Add("«", "استان در در «")
	l := lex(f)
	f.Fuzz(func(t *testing.T, title, text string) {
		a := sanad.Article{ID: "a", Title: title, Text: text, Published: "2010-01-01"}
		r, err := sanad.Read(a)
		if err != nil {
			return
		}
		for _, in := range All(l, []Doc{{ID: "a", Record: r}, {ID: "b", Record: r}}, nil) {
			for _, m := range in.Members {
				for _, q := range m.Quotes {
					if q.Start >= q.End {
						t.Errorf("empty quote %+v", q)
					}
				}
			}
		}
	})
}

func TestData(t *testing.T) {
	for _, c := range []struct{ kinds, words, weights string }{
		{"ASSAULT", "", ""}, {"", "x\t…", ""}, {"", "", "bias\tmany\twhy"},
	} {
		if _, err := load(c.kinds, c.words, c.weights); err == nil {
			t.Errorf("%q: no error", c)
		}
	}
	for _, name := range []string{"bias", "same-kind", "like-kind", "both-lead", "none-lead", "vague", "nothing-own", "same-day", "near-day", "near-night", "apart-day", "near-press", "far-press",
		"same-town", "within", "same-spot", "apart-town", "words", "rare", "opening", "same-toll", "same-actor", "other-parties", "origin"} {
		if _, ok := loaded.weights[name]; !ok {
			t.Errorf("no weight for %s", name)
		}
	}
}

func TestBCubed(t *testing.T) {
	ids := []string{"a", "b", "c", "d"}
	gold := [][]string{{"a", "b"}, {"b", "c"}}
	for _, c := range []struct {
		found [][]string
		p, r  float64
	}{
		{gold, 1, 1},
		{nil, 1, (0.5 + 1.0/3 + 0.5 + 1) / 4},
		{[][]string{{"a", "b", "c", "d"}}, (0.5 + 0.75 + 0.5 + 0.25) / 4, 1},
	} {
		m := BCubed(c.found, gold, ids)
		if d := m.P - c.p + m.R - c.r; d > 1e-9 || d < -1e-9 {
			t.Errorf("%v: %+v, want %v %v", c.found, m, c.p, c.r)
		}
	}
}

// A day of which hundreds of reports tell is still three incidents.
func TestCrowd(t *testing.T) {
	var docs []Doc
	for i := range 90 {
		for _, d := range small(t) {
			d.ID = fmt.Sprint(d.ID, i)
			docs = append(docs, d)
		}
	}
	var got []int
	for _, in := range All(lex(t), docs, nil) {
		got = append(got, len(in.Members))
	}
	slices.Sort(got)
	if !slices.Equal(got, []int{90, 90, 270}) {
		t.Errorf("incidents of %v reports", got)
	}
}
