package terms

import (
	"database/sql"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	_ "modernc.org/sqlite"

	"github.com/sanad-project/sanad/lexicon"
)

var shared = sync.OnceValue(func() *Terms {
	lex, err := lexicon.Load("")
	if err != nil {
		panic(err)
	}
	return New(lex)
})

// finds says whether a text has what the query wants, by the terms alone.
func (q *Query) finds(list []Term) bool {
	has := func(u unit) bool {
		for i := range list {
			if u.at(list, i) {
				return true
			}
		}
		return false
	}
	for _, g := range q.must {
		if !slices.ContainsFunc(g, has) {
			return false
		}
	}
	return !slices.ContainsFunc(q.not, has)
}

// fts is an SQLite index of one report at a time.
func fts(t testing.TB) func(d Doc, query string) bool {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec(`CREATE VIRTUAL TABLE f USING fts5(title, body, facet, tokenize = "ascii tokenchars '_'")`); err != nil {
		t.Fatal(err)
	}
	return func(d Doc, query string) bool {
		var n int
		if _, err := db.Exec(`DELETE FROM f`); err != nil {
			t.Fatal(err)
		}
		title, body := d.Columns()
		if _, err := db.Exec(`INSERT INTO f VALUES (?, ?, ?)`, title, body, "__other"); err != nil {
			t.Fatal(err)
		}
		if err := db.QueryRow(`SELECT count(*) FROM f WHERE f MATCH ?`, query).Scan(&n); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return n == 1
	}
}

// TestCorpus runs testdata/corpus.txt, against the terms and against SQLite.
func TestCorpus(t *testing.T) {
	b, err := os.ReadFile("testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	m, index := shared(), fts(t)
	var q Query
	var query string
	pairs := 0
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		text := strings.TrimPrefix(line[1:], " ")
		pairs++
		switch line[0] {
		case '?':
			query = text
			q, err = m.Query(query)
			pairs--
		case '!':
			if err == nil || !strings.HasPrefix(err.Error(), text) {
				t.Errorf("%s: error %v, want %s …", query, err, text)
			}
		case '+', '-':
			if err != nil {
				t.Errorf("%s: %v", query, err)
				continue
			}
			want := line[0] == '+'
			list := m.Text(text)
			if got := q.finds(list); got != want {
				t.Errorf("%s: found %v, want %v, in %s\n%s\n%v", query, got, want, text, q.FTS5(All), list)
			}
			d := m.Tokens("", text)
			if got := index(d, q.FTS5(All)); got != want {
				t.Errorf("%s: SQLite found %v, want %v, in %s\n%s\n%s", query, got, want, text, q.FTS5(All), d.Text)
			}
			if s := m.Snippet(text, q, 80); want && len(s.Hits) == 0 {
				t.Errorf("%s: no hit marked in %s", query, text)
			}
		default:
			t.Fatalf("what is %q?", line)
		}
	}
	if pairs < 80 {
		t.Errorf("%d examples", pairs)
	}
}

func TestTiers(t *testing.T) {
	m, index := shared(), fts(t)
	q, err := m.Query("حمله پهپادی بغداد")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("و خبرهای دیگر هم رسید ", 10)
	for _, c := range []struct {
		title, text string
		first       Tier
	}{
		{"حمله پهپادی بغداد", "", TitlePhrase},
		{"بغداد: حملات پهپادی", "", Title},
		{"خبر", "یک حملهٔ پهپادی بغداد را لرزاند", Phrase},
		{"خبر", "پهپادی که به شهر بغداد حمله کرد", Near},
		{"بغداد", "حمله " + long + " پهپادی", All},
	} {
		d := m.Tokens(c.title, c.text)
		for _, tier := range []Tier{TitlePhrase, Title, All} {
			want := tier >= c.first
			if got := index(d, q.FTS5(tier)); got != want {
				t.Errorf("%s / %s: %v matches: %v", c.title, c.text[:min(len(c.text), 40)], tier, got)
			}
		}
		if c.first >= Phrase {
			if _, got := m.Excerpt(c.text, q, 40); got != c.first {
				t.Errorf("%s / %s: %v", c.title, c.text[:min(len(c.text), 40)], got)
			}
		}
	}
	one, _ := m.Query("حزب‌الله")
	if one.Several() || !q.Several() {
		t.Error("what are several words?")
	}
}

func TestSpans(t *testing.T) {
	m := shared()
	for in, want := range map[string]string{
		"حزب‌الله می شود ۱٬۲۰۰نفر": "حزب|الله|می شود|۱٬۲۰۰|نفر",
		"حزبالله":                           "حزبالله|حزبالله",
		"«گروه‌هایشان»، F-16":               "گروه‌هایشان|F|16",
		"\u202bکِتاب‌ها\u202c لازماست":      "کِتاب‌ها|لازم|است",
		"گفت و گوهای صلح":                   "گفت و گوهای|صلح",
		"سلام\nها":                          "سلام|ها",
		"حزب\u200c\u200c\u200fالله‌های عمر": "حزب|الله‌های|عمر",
	} {
		var got []string
		for _, x := range m.Text(in) {
			got = append(got, x.Span.Of(in))
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%q:\n got %q\nwant %q", in, s, want)
		}
	}
}

func TestSnippet(t *testing.T) {
	m := shared()
	text := "خبر نخست روز.\n" + strings.Repeat("در این میان خبر دیگری نبود. ", 20) + "به گفتهٔ پلیس، حملات پهپادی به پایگاه حزب‌الله در جنوب ادامه دارد و سه نفر کشته شدند. " + strings.Repeat("پایان خبر نبود. ", 20)
	q, _ := m.Query("حمله حزب الله")
	s := m.Snippet(text, q, 80)
	got := s.Mark("[", "]")
	if want := "به گفتهٔ پلیس، [حملات] پهپادی به پایگاه [حزب]‌[الله] در جنوب ادامه دارد و سه نفر کشته شدند."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if text[s.Start:s.Start+len(s.Text)] != s.Text {
		t.Error("the snippet is not where it says")
	}
	none, _ := m.Query("فوتبال")
	if s := m.Snippet(text, none, 30); s.Start != 0 || len(s.Hits) > 0 || !strings.HasPrefix(s.Text, "خبر نخست روز.") || utf8.RuneCountInString(s.Text) > 45 {
		t.Errorf("without a hit: %+v", s)
	}
	if s := m.Snippet("", none, 30); s.Text != "" {
		t.Errorf("of nothing: %+v", s)
	}
	endless := strings.Repeat("آ", 5000)
	if s := m.Snippet(endless, none, 30); len(s.Text) > 400 {
		t.Errorf("%d bytes of a word without end", len(s.Text))
	}
}

func TestTSVector(t *testing.T) {
	d := shared().Tokens("حمله حمله", "حمله بغداد")
	if got, want := d.TSVector(Facet("outlet", "irna")), "'__outlet_irna' '_حمله':1,2 'حمله':4,5,7 'بغداد':8 "; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	q, _ := shared().Query(`حمله "در بغداد" -موصل دیپ*`)
	if got, want := q.TSQuery(Title), "((('_حمله')) & (('_در' <-> '_بغداد')) & (('_دیپ':*)) & !(('موصل')))"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	long := Doc{Text: strings.Repeat("a b ", 40000) + "c"}
	v := long.TSVector()
	if strings.Contains(v, "16384") || !strings.Contains(v, "'c':16383") || strings.Count(v, ",") > 2*maxPositions {
		t.Errorf("a long text: %d bytes", len(v))
	}
}

func TestFacet(t *testing.T) {
	seen := map[string][2]string{}
	for _, f := range [][2]string{{"actor", "us-army"}, {"actor", "us army"}, {"actor", "us_army"}, {"actor", "~us-army"}, {"actor", "US-army"}, {"country", "IQ"}, {"country", "iq"}, {"outlet", "خبرآنلاین"}, {"outlet", `a'b\`}} {
		k := Facet(f[0], f[1])
		if old, ok := seen[k]; ok {
			t.Errorf("%v and %v are both %s", old, f, k)
		}
		seen[k] = f
		if !strings.HasPrefix(k, "__") || strings.ContainsAny(k, `'"\ `) {
			t.Errorf("%v is %s", f, k)
		}
	}
}

// A cache that forgets, and many goroutines at once, change nothing.
func TestConcurrent(t *testing.T) {
	lex, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	m := New(lex)
	texts := make([]string, 400)
	want := make([]string, len(texts))
	letters := []rune("ابپتجدرسشکلمنوهی")
	for i := range texts {
		var b strings.Builder
		for j := range 200 {
			for k := range 5 {
				b.WriteRune(letters[(i*7+j*(k+3)*13+k*j*i)%len(letters)])
			}
			b.WriteByte(' ')
		}
		texts[i] = b.String()
		want[i] = m.Tokens("", texts[i]).Text
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range texts {
				if i := (i + g*50) % len(texts); m.Tokens("", texts[i]).Text != want[i] {
					t.Errorf("text %d has other terms now", i)
					return
				}
			}
		})
	}
	wg.Wait()
}

func FuzzText(f *testing.F) {
	f.Add("حزب‌الله می شود، «گفت و گو» ۱٬۲۰۰نفر F-16")
	f.Add("\u200c\u200d\u202bکِـ\u0654ها ها\xff\u00ad9.ﷲ")
	f.Add("Ｒ Ｆ-１６")
	f.Add("باز می\u200cگردد لازماست سال‌هاست A ها ح\u06010")
	m := shared()
	f.Fuzz(func(t *testing.T, s string) {
		list := m.Text(s)
		at := 0
		for _, x := range list {
			if x.Span.Start < at || x.Span.End <= x.Span.Start || x.Span.End > len(s) {
				t.Fatalf("term %+v after byte %d of %d", x, at, len(s))
			}
			at = x.Span.Start
			if x.Text == "" || !plainTerm(x.Text) {
				t.Fatalf("term %q", x.Text)
			}
		}
		d := m.Tokens("", s)
		if d.Text != strings.Join(termsOf(list), " ") {
			t.Fatalf("tokens %q", d.Text)
		}
		if again := m.Text(s); !slices.Equal(again, list) {
			t.Fatalf("the second time: %v, %v", list, again)
		}
	})
}

func plainTerm(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) || unicode.IsUpper(r) }) < 0
}

// Whatever is typed gives an error or an expression that SQLite understands.
func FuzzQuery(f *testing.F) {
	f.Add(`حمله -"به بغداد" OR دیپ* | «x"»`)
	f.Add(`a" OR title : b NEAR(c) AND ^d {facet} : _other * ' \ -- ;`)
	f.Add("OR -OR AND NOT -\"\" \x00 ** \u200c*")
	m, index := shared(), fts(f)
	f.Fuzz(func(t *testing.T, s string) {
		q, err := m.Query(s)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error without a word")
			}
			return
		}
		for _, tier := range []Tier{TitlePhrase, Title, All} {
			index(Doc{"a", "b"}, q.FTS5(tier))
			ts := q.TSQuery(tier)
			if strings.ContainsAny(ts, "\\\x00;\"") || strings.Count(ts, "(") != strings.Count(ts, ")") || strings.Count(ts, "'")%2 != 0 {
				t.Fatalf("tsquery %s", ts)
			}
		}
		m.Snippet(s, q, 40)
	})
}

func FuzzSnippet(f *testing.F) {
	f.Add("حمله به بغداد ادامه دارد", "حمله", 20)
	m := shared()
	f.Fuzz(func(t *testing.T, text, query string, width int) {
		q, err := m.Query(query)
		if err != nil {
			return
		}
		s := m.Snippet(text, q, width)
		if s.Start < 0 || s.Start+len(s.Text) > len(text) || text[s.Start:s.Start+len(s.Text)] != s.Text {
			t.Fatalf("snippet at %d, %d bytes", s.Start, len(s.Text))
		}
		at := s.Start
		for _, h := range s.Hits {
			if h.Start < at || h.End <= h.Start || h.End > s.Start+len(s.Text) {
				t.Fatalf("hit %v in %d+%d", h, s.Start, len(s.Text))
			}
			at = h.End
		}
		if utf8.ValidString(text) && !utf8.ValidString(s.Text) {
			t.Fatal("cut inside a letter")
		}
		s.Mark("[", "]")
	})
}

func BenchmarkTokens(b *testing.B) {
	text := strings.Repeat("سخنگوی وزارت خارجه روز گذشته در نشست خبری خود حمله پهپادی به شهر مرزی را محکوم کرد و گفت که این اقدام بی‌پاسخ نمی‌ماند.\n", 15)
	m := shared()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		m.Tokens("", text)
	}
}

func BenchmarkUnseen(b *testing.B) {
	m := shared()
	words := strings.Fields("نمی‌گفتند رهبرانشان سرمایهگذاریها حزب‌اللهی‌ها بیانیه‌ای بزرگ‌ترین")
	b.ReportAllocs()
	for b.Loop() {
		for _, w := range words {
			m.token(w, w)
		}
	}
}
