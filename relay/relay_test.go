package relay_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/relay"
)

var reader = sync.OnceValue(func() *relay.Reader {
	lex, err := lexicon.Load("")
	if err != nil {
		panic(err)
	}
	return relay.New(lex)
})

// line is one report of testdata/reports.jsonl: written for these tests.
type line struct {
	ID, Outlet, Name, Published, Title, Text string
	Speaker                                  string // whose words the text after «: » is
	Names                                    []string
	Cites                                    []string
}

// load reads the reports of a file. The record has what the line says and no more.
func load(t testing.TB, name string) []relay.Doc {
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var docs []relay.Doc
	for s := bufio.NewScanner(f); s.Scan(); {
		var l line
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		m, err := relay.ParseMoment(l.Published)
		if err != nil {
			t.Fatal(err)
		}
		d := relay.Doc{ID: l.ID, Outlet: l.Outlet, Name: l.Name, Published: m, Title: l.Title, Text: l.Text}
		if l.Speaker != "" || l.Names != nil || l.Cites != nil {
			d.Record = &record.Record{}
			whole := []rune(d.Whole())
			for _, e := range l.Names {
				d.Record.Entities = append(d.Record.Entities, record.Entity{ID: e, Type: "ORG", Name: e})
			}
			s := record.Statement{ID: "s1"}
			if l.Speaker != "" {
				s.Speaker = &l.Speaker
				from := strings.Index(d.Whole(), ": ")
				s.Content = []record.Span{{Start: len([]rune(d.Whole()[:from])) + 2, End: len(whole)}}
			}
			for _, c := range l.Cites {
				s.Via = append(s.Via, record.Ref{Entity: c})
			}
			d.Record.Statements = append(d.Record.Statements, s)
		}
		docs = append(docs, d)
	}
	return docs
}

func text(links []relay.Link) []string {
	var out []string
	for _, l := range links {
		arrow := ">"
		if l.Common {
			arrow = "="
		}
		out = append(out, l.From+arrow+l.To+" "+string(l.How))
	}
	slices.Sort(out)
	return out
}

func TestLinks(t *testing.T) {
	docs := load(t, "testdata/reports.jsonl")
	links := reader().Links(docs)
	want := []string{
		"gulf=gulf-release edited",     // one statement, each with its own lead
		"paper=radio cites",            // one foreign paper, two translations
		"road=road-minute copy",        // the same minute: a wire
		"sumar>sumar-broad edited",     // a passage in a long report
		"sumar>sumar-cites cites",      // own words, names the agency
		"sumar>sumar-copy copy",        // other spelling, digits, half-spaces, loaded words
		"sumar-copy>sumar-step edited", // names the site, not the agency
	}
	slices.Sort(want)
	if got := text(links); !slices.Equal(got, want) {
		t.Errorf("links:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		for _, l := range links {
			t.Logf("%s %s %q", l.From, l.To, l.Why)
		}
	}
	by := map[string]*relay.Doc{}
	for i := range docs {
		by[docs[i].ID] = &docs[i]
	}
	for _, l := range links {
		if len(l.Why) == 0 || l.Confidence <= 0 || l.Confidence >= 1 {
			t.Errorf("%s to %s: confidence %v, reasons %q", l.From, l.To, l.Confidence, l.Why)
		}
		a, b := by[l.From].Whole(), by[l.To].Whole()
		for _, p := range l.Passages {
			if p.A.Empty() || p.B.Empty() || p.A.End > len(a) || p.B.End > len(b) {
				t.Errorf("%s to %s: passage %v", l.From, l.To, p)
			}
		}
	}
	var groups [][]string
	for _, g := range relay.Origins(links, docs, 0) {
		if len(g.Reports) > 1 {
			groups = append(groups, g.Reports)
			if len(g.Why) == 0 {
				t.Errorf("group %v has no reason", g.Reports)
			}
		}
	}
	if got, want := fmt.Sprint(groups), "[[sumar sumar-copy sumar-step sumar-cites sumar-broad] [gulf gulf-release] [road road-minute] [paper radio]]"; got != want {
		t.Errorf("groups %s, want %s", got, want)
	}
}

// What comes in later finds what came before, and the order in which
// candidates are judged changes nothing.
func TestIndex(t *testing.T) {
	docs := load(t, "testdata/reports.jsonl")
	for range 2 {
		x := relay.NewIndex(0)
		found := map[string]bool{}
		for i := range docs {
			s := reader().Sign(&docs[i])
			for _, c := range x.Add(s) {
				found[c.ID+" "+s.ID] = true
				found[s.ID+" "+c.ID] = true
			}
		}
		for _, l := range reader().Links(docs) {
			if !found[l.From+" "+l.To] {
				t.Errorf("%s and %s were no candidates", l.From, l.To)
			}
		}
		slices.Reverse(docs)
	}
}

// A full index forgets the older half and finds the rest.
func TestLimit(t *testing.T) {
	x := relay.NewIndex(10)
	d := relay.Doc{Title: "زلزله در بم", Text: strings.Repeat("چند خانه در روستایی نزدیک بم بر اثر زمین‌لرزه دیشب ویران شد ", 3)}
	for i := range 100 {
		d.ID = fmt.Sprint(i)
		d.Text += fmt.Sprint(" ", i)
		if c := x.Add(reader().Sign(&d)); i > 0 && len(c) == 0 {
			t.Fatalf("report %d has no candidates", i)
		}
		if x.Len() > 10 {
			t.Fatalf("%d reports in an index of 10", x.Len())
		}
	}
}

func TestSignature(t *testing.T) {
	docs := load(t, "testdata/reports.jsonl")
	for i := range docs {
		s := reader().Sign(&docs[i])
		b, err := s.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var u relay.Signature
		if err := u.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		if c, _ := u.MarshalBinary(); string(b) != string(c) {
			t.Errorf("%s: read back it is another", s.ID)
		}
		for _, at := range []int{0, 5, len(b) / 2, len(b) - 1} {
			b[at] ^= 1
			if u.UnmarshalBinary(b) == nil {
				t.Errorf("%s: damage at byte %d is not seen", s.ID, at)
			}
			b[at] ^= 1
		}
		if u.UnmarshalBinary(b[:len(b)-1]) == nil {
			t.Errorf("%s: a byte less is not seen", s.ID)
		}
	}
}

// The closing paragraph of an outlet, longer than its reports, ties nothing.
func TestBoilerplate(t *testing.T) {
	closing := "\nاین خبرگزاری از همه خوانندگان دعوت می‌کند نظرها، عکس‌ها و فیلم‌های خود را از راه پیام‌رسان‌ها برای دفتر مرکزی بفرستند تا بهترین آن‌ها هر هفته با نام فرستنده در همین صفحه و در برنامه شامگاهی رادیو منتشر شود. برای دریافت خبرها عضو کانال ما شوید."
	stories := []string{
		"کارگران کارخانه نساجی بروجرد برای دریافت دستمزد عقب‌افتاده خود مقابل فرمانداری گرد آمدند.",
		"وزیر خارجه ارمنستان در سفر به تفلیس با همتای گرجی خود درباره راه‌آهن گفت‌وگو کرد.",
		"دو کشتی ماهیگیری در آب‌های نزدیک عدن به دلیل توفان از مسیر خارج شدند.",
		"دادگاهی در استانبول حکم زندان سه روزنامه‌نگار را لغو کرد.",
	}
	var docs []relay.Doc
	for i, s := range stories {
		docs = append(docs, relay.Doc{ID: fmt.Sprint("own", i), Outlet: "one", Title: s[:strings.Index(s, " ")], Text: s + closing})
	}
	if links := reader().Links(docs); len(links) > 0 {
		t.Errorf("boilerplate makes %v: %q", text(links), links[0].Why)
	}
	// Another outlet that takes over a closing paragraph takes over nothing else.
	docs = append(docs, relay.Doc{ID: "other", Outlet: "two", Title: "برف در مریوان", Text: "راه چند روستای مریوان بر اثر بارش برف بسته شد و امدادگران به آنجا رفتند." + closing})
	if links := reader().Links(docs); len(links) > 0 {
		t.Errorf("boilerplate makes %v: %q", text(links), links[0].Why)
	}
	// A whole copy is one, closing paragraph and all.
	copied := docs[1]
	copied.ID, copied.Outlet = "copied", "three"
	if got := text(reader().Links(append(docs, copied))); !slices.Equal(got, []string{"own1>copied copy"}) && !slices.Equal(got, []string{"copied>own1 copy"}) {
		t.Errorf("a whole copy gives %v", got)
	}
}

// A release that twenty outlets print is one origin, and so are twenty reports
// that have one text to the letter.
func TestRelease(t *testing.T) {
	release := "در این بیانیه آمده است: شورای شهر خرمشهر از آغاز بازسازی سه محله آسیب‌دیده در پاییز امسال خبر می‌دهد و از ساکنان می‌خواهد تا پایان ماه برای ثبت خسارت به دفتر شورا در خیابان ساحلی مراجعه کنند."
	leads := []string{"شورای شهر خرمشهر بیانیه داد.", "ساکنان خرمشهر باید خسارت‌های خود را ثبت کنند.", "بازسازی محله‌های خرمشهر نزدیک است.", "خبرنگار ما در خوزستان می‌گوید کار از سر گرفته می‌شود."}
	var docs []relay.Doc
	for i := range 20 {
		lead := leads[i%len(leads)]
		docs = append(docs, relay.Doc{ID: fmt.Sprint(i), Outlet: fmt.Sprint("outlet", i), Title: lead, Text: lead + " " + release})
	}
	if g := relay.Origins(reader().Links(docs), docs, 0); len(g) != 1 {
		t.Errorf("%d groups, want one", len(g))
	}
	docs = docs[:0]
	for i := range 200 { // more than are looked at for any of them
		docs = append(docs, relay.Doc{ID: fmt.Sprint(i), Outlet: fmt.Sprint("outlet", i), Text: release})
	}
	if g := relay.Origins(reader().Links(docs), docs, 0); len(g) != 1 {
		t.Errorf("%d groups of identical texts, want one", len(g))
	}
}

// Odd input gives no link, no panic, and takes no time worth speaking of.
func TestBad(t *testing.T) {
	long := strings.Repeat("حمله به پاسگاه مرزی ", 200_000)
	var many strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&many, "واژه%d ", i)
	}
	docs := []relay.Doc{
		{ID: "empty"}, {ID: "empty too"}, {ID: "blank", Text: " \n\t"}, {ID: "signs", Text: "!!! … «»"},
		{ID: "bytes", Text: "\xff\xfe\x00 حمله \xd8"}, {ID: "short", Text: "فوری"}, {ID: "short too", Text: "فوری"},
		{ID: "same", Text: "دو نفر زخمی شدند"}, {ID: "again", Text: "دو نفر زخمی شدند"},
		{ID: "long", Text: long}, {ID: "many", Text: many.String()}, {ID: "", Text: "بی‌نام"},
	}
	if links := reader().Links(docs); len(links) > 0 {
		t.Errorf("%v: %q", text(links), links[0].Why)
	}
	// One line that two outlets have to the letter is one source.
	line := "یک منبع محلی از شنیده شدن صدای انفجار در حومه شهر زاهدان خبر داد"
	docs = []relay.Doc{{ID: "a", Outlet: "one", Text: line}, {ID: "b", Outlet: "two", Text: line}}
	if got := text(reader().Links(docs)); len(got) != 1 {
		t.Errorf("two flashes that are one: %v", got)
	}
	// A report with itself, or with one that has its id, is no pair.
	if _, ok := reader().Compare(&docs[0], &docs[0], nil); ok {
		t.Error("a report relays itself")
	}
}

func TestIndependent(t *testing.T) {
	groups := []relay.Group{{Origin: "a", Reports: []string{"a", "b"}}, {Reports: []string{"c"}}, {Reports: []string{"d"}}, {Reports: []string{"e"}}, {Reports: []string{"f"}}}
	for _, c := range []struct {
		why    string
		claims []relay.Claim
		want   int
	}{
		{"nobody", nil, 0},
		{"one copies the other", []relay.Claim{{Report: "a", Outlet: "one"}, {Report: "b", Outlet: "two"}}, 1},
		{"two outlets, two texts", []relay.Claim{{Report: "a", Outlet: "one"}, {Report: "c", Outlet: "two"}}, 2},
		{"one outlet twice", []relay.Claim{{Report: "c", Outlet: "one"}, {Report: "d", Outlet: "one"}}, 1},
		{"one spokesman", []relay.Claim{{Report: "c", Outlet: "one", Speaker: "police"}, {Report: "d", Outlet: "two", Speaker: "police"}}, 1},
		{"two speakers", []relay.Claim{{Report: "c", Outlet: "one", Speaker: "police"}, {Report: "d", Outlet: "two", Speaker: "hospital"}}, 2},
		{"both from one agency", []relay.Claim{{Report: "c", Outlet: "one", Via: []string{"afp"}}, {Report: "d", Outlet: "two", Via: []string{"afp"}}}, 1},
		{"the agency itself", []relay.Claim{{Report: "c", Outlet: "one", Via: []string{"afp"}}, {Report: "d", Outlet: "afp"}}, 1},
		{"a chain of reasons", []relay.Claim{{Report: "a", Outlet: "one"}, {Report: "b", Outlet: "two", Speaker: "police"}, {Report: "c", Outlet: "three", Speaker: "police"},
			{Report: "d", Outlet: "three"}, {Report: "e", Outlet: "four", Speaker: "witness"}, {Report: "f"}}, 3},
	} {
		got := relay.Independent(c.claims, groups)
		if len(got) != c.want {
			t.Errorf("%s: %d origins %v, want %d", c.why, len(got), got, c.want)
		}
	}
}

func TestMoment(t *testing.T) {
	for _, c := range []struct {
		in, want string
		exact    bool
	}{
		{"2024-03-10T08:30:00+03:30", "2024-03-10T05:00:00Z 2024-03-10T05:00:00Z", true},
		{"2024-03-10", "2024-03-09T20:30:00Z 2024-03-10T20:29:59Z", false},
		{"۱۴۰۲/۱۲/۲۰", "2024-03-09T20:30:00Z 2024-03-10T20:29:59Z", false},
		{"1402-12-20 08:30", "2024-03-10T05:00:00Z 2024-03-10T05:00:59Z", true},
		{"۲۰ اسفند ۱۴۰۲ ۰۸:۳۰", "2024-03-10T05:00:00Z 2024-03-10T05:00:59Z", true},
		{"2024-03-10T08:30Z", "2024-03-10T08:30:00Z 2024-03-10T08:30:59Z", true},
		{"2024-03-10 08:30:15 -05:00", "2024-03-10T13:30:15Z 2024-03-10T13:30:15Z", true},
	} {
		m, err := relay.ParseMoment(c.in)
		if got := m.From.UTC().Format(time.RFC3339) + " " + m.To.UTC().Format(time.RFC3339); err != nil || got != c.want || m.Exact() != c.exact {
			t.Errorf("%s: %s, exact %v, %v", c.in, got, m.Exact(), err)
		}
	}
	if m, err := relay.ParseMoment(" "); err != nil || m.Known() {
		t.Error("an absent time is no error, and not known")
	}
	for _, bad := range []string{"دیروز", "2024-13-40", strings.Repeat("1", 1000)} {
		if _, err := relay.ParseMoment(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// What looks like a relay and is none.
func TestNone(t *testing.T) {
	at := func(s string) relay.Moment {
		m, err := relay.ParseMoment(s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	rec := func(cites string, names ...string) *record.Record {
		r := &record.Record{}
		for _, n := range names {
			r.Entities = append(r.Entities, record.Entity{ID: n, Type: "ORG", Name: n})
		}
		if cites != "" {
			r.Statements = append(r.Statements, record.Statement{ID: "s1", Via: []record.Ref{{Entity: cites, Span: &record.Quote{}}}})
		}
		return r
	}
	agency := relay.Doc{ID: "agency", Outlet: "fars-news", Name: "خبرگزاری فارس", Published: at("2020-05-01T08:00:00+04:30"), Title: "سه کشته در درگیری مرزی سراوان",
		Text: "سه مرزبان بامداد جمعه در درگیری با افراد مسلح در سراوان کشته شدند. فرمانده مرزبانی گفت مهاجمان گریختند.", Record: rec("", "saravan", "border-guard", "iran")}
	for _, c := range []struct {
		why string
		doc relay.Doc
		rel int
	}{
		{"another account, of its own sources, that names the agency for what it said before",
			relay.Doc{Outlet: "bbc-persian", Published: at("2020-05-01T18:00:00+04:30"), Title: "شاهدان درگیری مرزی سراوان: پنج مرزبان کشته شدند",
				Text: "خبرگزاری فارس پیشتر از کشته شدن سه مرزبان خبر داده بود. دو شاهد در سراوان می‌گویند پنج پیکر دیده‌اند.", Record: rec("fars-news", "saravan", "border-guard", "iran")}, 0},
		{"the same in its own words, the agency as its source",
			relay.Doc{Outlet: "bbc-persian", Published: at("2020-05-01T18:00:00+04:30"), Title: "درگیری مرزی سراوان سه کشته داد",
				Text: "خبرگزاری فارس از کشته شدن سه مرزبان ایرانی در سراوان خبر داده است. مهاجمان به گفته مرزبانی گریختند.", Record: rec("fars-news", "saravan", "border-guard", "iran")}, 1},
		{"the same town a month later",
			relay.Doc{Outlet: "bbc-persian", Published: at("2020-06-05T18:00:00+04:30"), Title: "درگیری مرزی تازه در سراوان دو کشته داد",
				Text: "خبرگزاری فارس از کشته شدن دو مرزبان ایرانی در سراوان خبر داده است. مهاجمان گریختند.", Record: rec("fars-news", "saravan", "border-guard", "iran")}, 0},
	} {
		c.doc.ID = "other"
		for _, s := range c.doc.Record.Statements {
			at := strings.Index(c.doc.Whole(), "خبرگزاری فارس")
			s.Via[0].Span.Start = len([]rune(c.doc.Whole()[:at]))
			s.Via[0].Span.End = s.Via[0].Span.Start + 13
		}
		if links := reader().Links([]relay.Doc{agency, c.doc}); len(links) != c.rel {
			t.Errorf("%s: %v", c.why, text(links))
		}
	}
	// Police reports are written by formula.
	formula := "به گزارش پایگاه خبری پلیس، فرمانده انتظامی شهرستان %s گفت در پی دریافت خبری مبنی بر %s موضوع به صورت ویژه در دستور کار ماموران قرار گرفت. ماموران پس از هماهنگی با مقام قضایی %s. وی از شهروندان خواست موارد مشکوک را از طریق مرکز فوریت‌های پلیسی 110 گزارش دهند."
	a := relay.Doc{ID: "a", Outlet: "one", Published: at("2020-01-02"), Title: "کشف سوخت قاچاق در ایرانشهر", Text: fmt.Sprintf(formula, "ایرانشهر", "دپوی سوخت قاچاق در انباری متروکه", "وارد انبار شدند و بیست هزار لیتر گازوئیل یافتند که ارزش آن را کارشناسان سی میلیون تومان برآورد کردند و یک متهم را با خود بردند")}
	b := relay.Doc{ID: "b", Outlet: "two", Published: at("2020-01-03"), Title: "دستگیری سارقان احشام در الیگودرز", Text: fmt.Sprintf(formula, "الیگودرز", "سرقت چند راس گوسفند از روستاها", "پنج نفر را در مخفیگاهی شناسایی کردند و آنان در بازجویی به بیست فقره دزدی از دامداران اقرار کردند و روانه زندان شدند")}
	if links := reader().Links([]relay.Doc{a, b}); len(links) > 0 {
		t.Errorf("one formula: %v %q", text(links), links[0].Why)
	}
}

// TestPress reads a second corpus with the whole engine, so with the sources, speakers and
// names that it finds. The last line of the file is the gold.
func TestPress(t *testing.T) {
	f, err := os.Open("testdata/press.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var docs []relay.Doc
	var want []string
	for s := bufio.NewScanner(f); s.Scan(); {
		var l struct {
			sanad.Article
			Links []string
		}
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		if l.Links != nil {
			want = l.Links
			continue
		}
		rec, err := sanad.Read(l.Article)
		if err != nil {
			t.Fatal(err)
		}
		m, err := relay.ParseMoment(l.Published)
		if err != nil {
			t.Fatal(err)
		}
		d := relay.Doc{ID: l.ID, Outlet: spell.Key(l.Outlet), Name: l.Outlet, Published: m, Title: l.Title, Text: l.Text, Record: rec}
		if rec.Document.Outlet != nil {
			d.Outlet = *rec.Document.Outlet
		}
		docs = append(docs, d)
	}
	slices.Sort(want)
	for range 2 {
		links := reader().Links(docs)
		if got := text(links); !slices.Equal(got, want) {
			t.Errorf("links:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		slices.Reverse(docs) // times tell the order, not the ledger's
	}
	// Every claim has a report and an outlet, and no speaker who is only described.
	for i := range docs {
		var claims []relay.Claim
		for j := range docs[i].Record.Events {
			claims = append(claims, relay.EventClaim(&docs[i], j))
		}
		for j := range docs[i].Record.Statements {
			claims = append(claims, relay.StatementClaim(&docs[i], j))
		}
		for _, c := range claims {
			if c.Report != docs[i].ID || c.Outlet != docs[i].Outlet || strings.HasPrefix(c.Speaker, "~") || slices.Contains(c.Via, c.Outlet) {
				t.Errorf("%+v", c)
			}
		}
	}
}
