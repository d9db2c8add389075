package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/ledger"
)

// bazaar are invented reports: the first three tell of one bombing and differ,
// the fourth of another in the same town, the fifth threatens it, the sixth has
// nothing to do with it; the seventh takes the words of the first.
var bazaar = []sanad.Article{
	{Outlet: "خبرگزاری ایرنا", Published: "2009-03-11", Title: "انفجار در بازار بعقوبه ۱۱ کشته برجا گذاشت",
		Text: "بر اثر انفجار یک خودروی بمب‌گذاری‌شده در بازار بعقوبه، ۱۱ نفر کشته و ۲۰ نفر زخمی شدند. این انفجار صبح روز سه‌شنبه ۱۰ مارس ۲۰۰۹ روی داد. مغازه‌داران بازار می‌گویند شیشه‌های ساختمان‌های پیرامون فرو ریخت و آتش‌نشانان تا ظهر سرگرم خاموش کردن شعله‌ها بودند."},
	{Outlet: "خبرگزاری فارس", Published: "2009-03-11", Title: "۱۷ کشته در انفجار بازار بعقوبه",
		Text: "پلیس عراق گفت: ۱۷ نفر در انفجار خودروی بمب‌گذاری‌شده در بازار بعقوبه کشته شدند. این انفجار روز سه‌شنبه ۱۰ مارس ۲۰۰۹ رخ داد."},
	{Outlet: "روزنامه نیم‌روز", Published: "2009-03-12", Title: "شمار قربانیان انفجار بعقوبه افزایش یافت",
		Text: "یک منبع بیمارستانی اعلام کرد شمار کشته‌شدگان انفجار روز سه‌شنبه در بازار بعقوبه به ۱۷ نفر رسید. در این انفجار خودروی بمب‌گذاری‌شده ۲۵ نفر زخمی شدند."},
	{Outlet: "خبرگزاری ایرنا", Published: "2009-03-25", Title: "انفجار بمب کنار جاده در بعقوبه",
		Text: "بر اثر انفجار بمب کنار جاده‌ای در بعقوبه سه سرباز کشته شدند. این انفجار روز سه‌شنبه ۲۴ مارس ۲۰۰۹ روی داد."},
	{Outlet: "خبرگزاری فارس", Published: "2009-03-09", Title: "تهدید القاعده به انفجار در بازار بعقوبه",
		Text: "گروه القاعده تهدید کرد که در بازار بعقوبه خودروی بمب‌گذاری‌شده منفجر می‌کند."},
	{Outlet: "خبرگزاری ایرنا", Published: "2009-03-11", Title: "بازداشت پنج نفر در کابل",
		Text: "پلیس افغانستان روز سه‌شنبه ۱۰ مارس ۲۰۰۹ پنج نفر را در کابل بازداشت کرد."},
	{Outlet: "تابناک", Published: "2009-03-12", Title: "انفجار مرگبار در بازار بعقوبه",
		Text: "به گزارش ایرنا، بر اثر انفجار یک خودروی بمب‌گذاری‌شده در بازار بعقوبه، ۱۱ نفر کشته و ۲۰ نفر زخمی شدند. این انفجار صبح روز سه‌شنبه ۱۰ مارس ۲۰۰۹ روی داد. مغازه‌داران بازار می‌گویند شیشه‌های ساختمان‌های پیرامون فرو ریخت و آتش‌نشانان تا ظهر سرگرم خاموش کردن شعله‌ها بودند."},
}

// links links all that a bench holds.
func (b *bench) links() {
	b.t.Helper()
	if _, err := b.ledger.Link(context.Background(), ledger.NewLinker(reader().Lexicon), ledger.LinkOptions{}); err != nil {
		b.t.Fatal(err)
	}
}

// tells is the incident that a report tells of.
func (b *bench) tells(report string) *ledger.IncidentFull {
	b.t.Helper()
	list, err := b.ledger.Incidents(context.Background(), ledger.IncidentFilter{Report: report}, 10, 0)
	if err != nil || len(list) != 1 {
		b.t.Fatalf("%d incidents, %v", len(list), err)
	}
	x, err := b.ledger.Incident(context.Background(), list[0].ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return x
}

// market is a bench with the reports of bazaar, linked.
func (b *bench) market() (ids []string) {
	b.t.Helper()
	for _, a := range bazaar {
		ids = append(ids, b.add(a))
	}
	b.links()
	return ids
}

// judges sends a decision on an incident on the state that is there.
func (b *bench) judges(id string, pairs ...string) string {
	b.t.Helper()
	x, err := b.ledger.Incident(context.Background(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	f := formOf(pairs...)
	f.Set("seen", x.Seen)
	w := b.post("/incident/"+id+"/decide", f)
	if w.Code != http.StatusSeeOther {
		b.t.Fatalf("%v: %d %s", pairs, w.Code, alert(w.Body.String()))
	}
	return w.Header().Get("Location")
}

func TestKindsAreTheKinds(t *testing.T) {
	raw, err := os.ReadFile("../incident/data/kinds.txt")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(raw)) {
		what, kind, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if ok && strings.ToUpper(what[:1]) == what[:1] && !strings.HasPrefix(line, "#") && !slices.Contains(want, kind) {
			want = append(want, kind)
		}
	}
	got := slices.Clone(kinds)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	for _, l := range languages {
		for _, k := range kinds {
			if !l.has("kind-of." + k) {
				t.Errorf("%s: no word for %s", l.Code, k)
			}
		}
		for _, f := range tableFields {
			if !l.has("field." + f) {
				t.Errorf("%s: no word for %s", l.Code, f)
			}
		}
	}
}

func TestWantedQuery(t *testing.T) {
	a := wanted{Head: "x", Kind: "arrest", Place: "بغداد", Actor: "a", Outlet: "b", Grade: "fair", Suggested: "weak", From: "1402-01-01", To: "2024-01-01", Origins: 2, Contradicted: true, Report: "r", Limit: 7, Offset: 14}
	v, err := url.ParseQuery(strings.TrimPrefix(a.query(14), "?"))
	if err != nil || wantedOf(v) != a || !a.Filters() || (wanted{Head: "x", Limit: 3}).Filters() {
		t.Errorf("%+v, %v", wantedOf(v), err)
	}
	if got := wantedOf(url.Values{"origins": {"۳"}, "limit": {"999"}, "offset": {"-1"}}); got.Origins != 3 || got.Limit != pageSize || got.Offset != 0 {
		t.Errorf("%+v", got)
	}
}

func TestIncidents(t *testing.T) {
	b := newBench(t)
	ids := b.market()
	x := b.tells(ids[0])
	page := b.get("/incidents")
	must(t, page, `href="/incident/`+x.ID+`"`, "2009-03-10", "20 Esfand 1387", "contradiction", "17", "suggested", "بعقوبه")
	mustNot(t, page, missing)
	if n := strings.Count(page, `class="report incident-row"`); n != 3 {
		t.Errorf("%d incidents are listed", n)
	}
	for query, want := range map[string]int{
		"?place=" + url.QueryEscape("کابل"): 1, "?kind=arrest": 1, "?kind=violence": 2, "?contradicted=1": 1, "?origins=2": 1, "?origins=900": 0, "?from=2009-03-20": 1,
		"?from=1388-01-01": 1, "?to=2009-03-15": 2, "?outlet=" + url.QueryEscape("تابناک"): 1, "?suggested=contested": 0, "?grade=fair": 0, "?report=" + ids[4]: 1,
		"?q=" + url.QueryEscape("كابل"): 1, "?actor=" + url.QueryEscape("کسی که نیست"): 0, "?limit=1": 1, "?limit=1&offset=2": 1, "?offset=50": 0,
	} {
		page := b.get("/incidents" + query)
		if n := strings.Count(page, `class="report incident-row"`); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
		mustNot(t, page, missing, `class="empty unlinked"`)
	}
	must(t, b.get("/incidents?limit=1"), `rel="next" href="/incidents?limit=1&amp;offset=1"`)
	must(t, b.get("/incidents?limit=1&offset=2"), `rel="prev" href="/incidents?limit=1&amp;offset=1"`)
	for query, status := range map[string]int{"?kind=war": 422, "?grade=A": 422, "?from=yesterday": 422, "?report=ffffffffffffffff": 404} {
		if w := b.do(b.request("GET", "/incidents"+query, nil)); w.Code != status || alert(w.Body.String()) == "" {
			t.Errorf("%s: %d %s", query, w.Code, alert(w.Body.String()))
		}
	}
	b.lang = "fa"
	page = b.get("/incidents")
	must(t, page, "۲۰ اسفند ۱۳۸۷", "ناسازگاری", "خشونت", "پیشنهادی")
	mustNot(t, page, missing, ">17<")
}

// Nothing is linked: every page says so and offers to do it, which does not
// hold up any other request.
func TestNotLinked(t *testing.T) {
	b := newBench(t)
	id := b.add(bazaar[0])
	b.add(bazaar[6])
	for _, path := range []string{"/incidents", "/outlets", "/report/" + id + "/relays", "/incident/abcdef", "/link"} {
		page := b.get(path)
		must(t, page, `action="/link"`, "not linked yet", `name="token"`)
		mustNot(t, page, missing)
	}
	if w := b.post("/link", formOf("next", "//evil.example/x")); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/link?next=%2Fincidents" {
		t.Fatalf("%d %s", w.Code, w.Header().Get("Location"))
	}
	if w := b.do(b.request("POST", "/link", strings.NewReader("next=/"))); w.Code != http.StatusForbidden {
		t.Errorf("without a token: %d", w.Code)
	}
	b.waits()
	page := b.get("/link?next=/report/" + id + "/relays")
	must(t, page, `href="/report/`+id+`/relays"`, "Reports are linked")
	must(t, b.get("/incidents"), `class="report incident-row"`, "Link again")
}

// waits until the desk has linked.
func (b *bench) waits() {
	b.t.Helper()
	k := &b.desk.(*guard).desk.linking
	k.wait.Wait()
	if s := k.state(); s.Running || s.Error != "" {
		b.t.Fatalf("%+v", s)
	}
}

// While reports are linked the page says how far that is, comes anew by
// itself, and a second request starts nothing.
func TestLinkingGoesOn(t *testing.T) {
	b := newBench(t)
	b.add(bazaar[0])
	k := &b.desk.(*guard).desk.linking
	hold, reached, runs := make(chan bool), make(chan bool), 0
	link := func(progress func(string, int64, int64)) (ledger.Linked, error) {
		runs++
		progress("comparing", 3, 40)
		close(reached)
		<-hold
		return ledger.Linked{}, fmt.Errorf("the disk is full")
	}
	k.start(link, func(error) {})
	<-reached
	w := b.do(b.request("GET", "/link?next=/outlets", nil))
	if w.Code != 200 || w.Header().Get("Refresh") != "2" {
		t.Errorf("%d, Refresh %q", w.Code, w.Header().Get("Refresh"))
	}
	must(t, w.Body.String(), "3 of 40", "Comparing reports", `<progress max="40" value="3">`, `next=%2foutlets`)
	b.get("/incidents")
	if w := b.post("/link", formOf()); w.Code != http.StatusSeeOther {
		t.Errorf("%d", w.Code)
	}
	close(hold)
	k.wait.Wait()
	page := b.get("/link")
	must(t, page, "the disk is full")
	if w := b.do(b.request("GET", "/link", nil)); w.Header().Get("Refresh") != "" || runs != 1 {
		t.Errorf("it goes on: %q, %d runs", w.Header().Get("Refresh"), runs)
	}
}

func TestIncidentPage(t *testing.T) {
	b := newBench(t)
	ids := b.market()
	x := b.tells(ids[0])
	for lang, words := range map[string][]string{
		"en": {"Contradiction", "no number is in both", "low <bdi dir=\"ltr\">11</bdi>, best", "independent origins", "threat", "القاعده", "IRNA", "confidence 0.", "tells of something else"},
		"fa": {"ناسازگاری", "هیچ عددی در هر دو نمی‌گنجد", "کمینه <bdi dir=\"ltr\">۱۱</bdi>", "تهدید", "۲۰ اسفند ۱۳۸۷"},
	} {
		b.lang = lang
		page := b.get("/incident/" + x.ID)
		must(t, page, words...)
		mustNot(t, page, missing, "%!")
		if strings.Count(page, "<h1") != 1 || strings.Count(page, "<main") != 1 {
			t.Error("not one main heading and part")
		}
		for _, m := range x.Linked.Members {
			must(t, page, `value="`+m.Report+`"`, `href="/report/`+m.Report+`/relays"`)
		}
		for f, list := range x.Linked.Table.Values {
			for _, v := range list {
				s := v.Sayings[0]
				if f == "status" && len(list) == 1 {
					must(t, page, `href="/incident/`+x.ID+`/field/status"`)
					continue
				}
				must(t, page, `href="`+wordsLink(s.Quote.Report, s.Quote.Start, s.Quote.End)+`"`)
			}
			field := b.get("/incident/" + x.ID + "/field/" + f)
			mustNot(t, field, missing)
			for _, v := range list {
				for _, s := range distinct(v.Sayings) {
					if v.Of == "" {
						must(t, field, wordsLink(s.Quote.Report, s.Quote.Start, s.Quote.End))
					}
				}
			}
		}
	}
	for _, path := range []string{"/incident/ffffffff", "/incident/" + x.ID + "/field/nothing", "/incident/" + x.ID + "/field/killed?of=x", "/report/" + ids[0] + "/at/x", "/report/" + ids[0] + "/at/9-3", "/report/ffffffff/at/1-2", "/report/ffffffff/relays"} {
		if w := b.do(b.request("GET", path, nil)); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// A quote leads to its words in the report.
func TestWordsAt(t *testing.T) {
	b := newBench(t)
	a := article
	a.Text = strings.Repeat("سخنگوی پلیس بغداد اعلام کرد که تحقیقات ادامه دارد و کسی بازداشت نشده است.\n", 700) + a.Text
	id := b.add(a)
	text := []rune(b.record(id).Document.Text)
	for _, words := range []string{"انفجار در بعقوبه", "دست‌کم سه نفر", "ارتش آمریکا"} {
		at := len([]rune(strings.SplitN(string(text), words, 2)[0]))
		w := b.do(b.request("GET", wordsLink(id, at, at+len([]rune(words))), nil))
		to, err := url.Parse(w.Header().Get("Location"))
		if w.Code != http.StatusSeeOther || err != nil || to.Query().Get("at") != fmt.Sprintf("%d-%d", at, at+len([]rune(words))) {
			t.Fatalf("%d %s", w.Code, to)
		}
		page := b.get(to.Path + "?" + to.RawQuery)
		_, rest, ok := strings.Cut(page, ` id="`+to.Fragment+`"`)
		if _, rest, _ = strings.Cut(rest, ">"); !ok || !strings.Contains(strings.SplitN(rest, "</", 2)[0], words) {
			t.Errorf("%s leads to %q, not to %s", to, short(rest, 60), words)
		}
	}
	if w := b.do(b.request("GET", "/report/"+id+"/at/99999999-99999999", nil)); w.Code != http.StatusSeeOther {
		t.Errorf("%d", w.Code)
	}
}

func TestDecidesOnIncidents(t *testing.T) {
	b := newBench(t)
	ids := b.market()
	id := b.tells(ids[0]).ID
	to := b.judges(id, "action", "grade", "grade", "contested")
	must(t, b.get(to), "graded it", "grade-contested", "leila", "Kept:")
	if x := b.tells(ids[0]); x.Grade != "contested" {
		t.Errorf("graded %q", x.Grade)
	}
	must(t, b.get("/incidents?grade=contested"), id)
	must(t, b.get(b.judges(id, "action", "note", "note", "<b>دیدم</b> \u202e")), "&lt;b&gt;دیدم&lt;/b&gt;")
	to = b.judges(id, "action", "undo", "undoes", "1")
	if x := b.tells(ids[0]); x.Grade != "" {
		t.Errorf("graded %q after undo", x.Grade)
	}
	must(t, b.get(to), "took back decision 1")
	// Part the first from the others, then join the two again.
	to = b.judges(id, "action", "part", "report", ids[1])
	must(t, b.get(to), "parted from what is told by", ids[1][:8])
	one, other := b.tells(ids[0]), b.tells(ids[1])
	if one.ID == other.ID {
		t.Fatalf("they were not parted: %+v", one.Linked.Members)
	}
	page := b.get("/incident/" + one.ID + "/join?other=" + other.ID)
	must(t, page, other.ID, one.ID, `name="seen_too" value="`+other.Seen+`"`, "They are one")
	b.judges(one.ID, "action", "join", "other", other.ID, "seen_too", other.Seen)
	if x, y := b.tells(ids[0]), b.tells(ids[1]); x.ID != y.ID {
		t.Error("they were not joined")
	}
	for path, status := range map[string]int{"/join?other=ffffffff": 422, "/join": 422, "/join?other=" + b.tells(ids[0]).ID: 422} {
		if w := b.do(b.request("GET", "/incident/"+b.tells(ids[0]).ID+path, nil)); w.Code != status || alert(w.Body.String()) == "" {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	// What cannot be decided.
	x := b.tells(ids[0])
	for _, bad := range [][]string{{"action", "part"}, {"action", "part", "report", "ffffffffffffffff"}, {"action", "grade", "grade", "A"}, {"action", "note", "note", " "}, {"action", "undo", "undoes", "x"},
		{"action", "undo", "undoes", "999"}, {"action", "accept"}, {"action", "note", "note", "a\x00"}, {"action", "join", "other", "ffffffff"}, {"action", "note", "note", "x", "seen", ledger.Anyway}} {
		f := formOf(append([]string{"seen", x.Seen}, bad...)...)
		w := b.post("/incident/"+x.ID+"/decide", f)
		if w.Code != 422 || alert(w.Body.String()) == "" {
			t.Errorf("%v: %d %s", bad, w.Code, alert(w.Body.String()))
		}
	}
	if y := b.tells(ids[0]); y.Seen != x.Seen {
		t.Error("something was written")
	}
	if w := b.do(b.request("GET", "/incident/"+x.ID+"/decide", nil)); w.Code != http.StatusSeeOther {
		t.Errorf("%d", w.Code)
	}
}

// What somebody else decided meanwhile is shown beside what was refused, and
// the refused one can be sent again.
func TestIncidentConflict(t *testing.T) {
	b := newBench(t)
	ids := b.market()
	x := b.tells(ids[0])
	b.judges(x.ID, "action", "grade", "grade", "weak")
	w := b.post("/incident/"+x.ID+"/decide", formOf("action", "grade", "grade", "fair", "seen", x.Seen))
	if w.Code != http.StatusConflict || b.tells(ids[0]).Grade != "weak" {
		t.Fatalf("%d, graded %s", w.Code, b.tells(ids[0]).Grade)
	}
	page := w.Body.String()
	now := b.tells(ids[0])
	must(t, page, "Somebody decided in the meantime", "graded it <bdi>weak</bdi>", "graded it <bdi>fair</bdi>", `name="grade" value="fair"`, `name="seen" value="`+now.Seen+`"`)
	b.judges(x.ID, "action", "grade", "grade", "fair")
	// Of two that are joined either may have changed.
	other := b.tells(ids[3])
	w = b.post("/incident/"+x.ID+"/decide", formOf("action", "join", "other", other.ID, "seen", x.Seen, "seen_too", other.Seen))
	if w.Code != http.StatusSeeOther || !strings.Contains(w.Header().Get("Location"), "/join?changed=1&other="+other.ID) {
		t.Fatalf("%d %s", w.Code, w.Header().Get("Location"))
	}
	must(t, b.get(w.Header().Get("Location")), "Nothing was joined")
}

func TestRelaysPage(t *testing.T) {
	b := newBench(t)
	ids := b.market()
	for lang, words := range map[string][]string{"en": {"Takes words from", "Origin", "words in common", "Incidents it tells of"}, "fa": {"از این‌ها برگرفته است", "سرچشمه"}} {
		b.lang = lang
		page := b.get("/report/" + ids[6] + "/relays")
		must(t, page, append(words, "<mark>", `/report/`+ids[0]+`/at/`, `/report/`+ids[6]+`/at/`)...)
		mustNot(t, page, missing, "%!")
		mustNot(t, b.get("/report/"+ids[0]+"/relays"), missing)
		must(t, b.get("/report/"+ids[5]+"/relays"), `class="empty"`)
		must(t, b.get("/report/"+ids[6]), `href="/report/`+ids[6]+`/relays"`)
		outlets := b.get("/outlets")
		must(t, outlets, `class="amount"`, "<table")
		mustNot(t, outlets, missing)
	}
	b.lang = "en"
	late := b.add(article)
	must(t, b.get("/report/"+late+"/relays"), "since reports were last linked", `action="/link"`)
	for query, row := range map[string]bool{"?outlet=" + url.QueryEscape("تابناک"): true, "?from=2010-01-01": false, "?outlet=" + url.QueryEscape("کسی نیست"): false, "?from=1387-01-01&to=1388-12-29": true} {
		if page := b.get("/outlets" + query); strings.Contains(page, `class="amount"`) != row {
			t.Errorf("%s: %t", query, !row)
		}
	}
	if w := b.do(b.request("GET", "/outlets?from=never", nil)); w.Code != 422 {
		t.Errorf("%d", w.Code)
	}
}

func TestSharedWords(t *testing.T) {
	for _, c := range []struct{ a, b, left, right string }{
		{"سه نفر کشته شدند", "دست‌کم سه تن كشته شدند.", "<mark>سه</mark> نفر <mark>کشته شدند</mark>", "دست‌کم <mark>سه</mark> تن <mark>كشته شدند</mark>."},
		{"a b a", "b a", "a <mark>b a</mark>", "<mark>b a</mark>"},
		{"<i>x</i>", "x", "&lt;i&gt;<mark>x</mark>&lt;/i&gt;", "<mark>x</mark>"},
		{"", "x", "", "x"},
	} {
		left, right := sharedWords(c.a, c.b)
		if string(left) != c.left || string(right) != c.right {
			t.Errorf("%q, %q: %q, %q", c.a, c.b, left, right)
		}
	}
}

func TestLengthsOfTime(t *testing.T) {
	for seconds, want := range map[int64]string{0: "0 minutes", 60: "1 minute", 3600: "1 hour", 5400: "1 hour 30 minutes", 86400 * 3: "3 days"} {
		if got := languages["en"].span(seconds); got != want {
			t.Errorf("%d: %q, want %q", seconds, got, want)
		}
	}
	for seconds, want := range map[int64]int{-5: 0, 60: 0, 3 * 3600: 49, 30 * 86400: 100, 1 << 40: 100} {
		if got := onScale(seconds); got != want {
			t.Errorf("%d stands at %d, not %d", seconds, got, want)
		}
	}
	d, day := newBench(t).desk.(*guard).desk, int64(2)
	row := d.pair(languages["en"], &ledger.OutletPair{Name: "x", Relays: 3, Timed: 3, Low: 600, Median: 3600, High: 7200}, 6)
	if row.After != "1 hour after" || row.Spread != "middle half 10 minutes to 2 hours" || row.Bar.Width != 50 || row.Times == nil || *row.Times != (timeBar{22, 23, 38}) {
		t.Errorf("%+v, %+v", row, row.Times)
	}
	if row = d.pair(languages["fa"], &ledger.OutletPair{Name: "x", Relays: 1, Days: &day}, 6); row.After != "۲ روز پس از آن" || row.Times != nil {
		t.Errorf("%+v", row)
	}
}

// Whatever titles, names and texts hold, it is text.
func TestHostileIncidents(t *testing.T) {
	b := newBench(t)
	evil := `"><script>hurt()</script>` + "\u202e"
	var ids []string
	for i, a := range bazaar {
		a.Title += evil
		a.Outlet += evil + fmt.Sprint(i)
		a.Text += evil
		ids = append(ids, b.add(a))
	}
	b.links()
	x := b.tells(ids[0])
	b.judges(x.ID, "action", "note", "note", evil)
	for _, path := range []string{"/incidents", "/incident/" + x.ID, "/incident/" + x.ID + "/field/killed", "/incident/" + x.ID + "/join?other=" + b.tells(ids[3]).ID, "/report/" + ids[6] + "/relays", "/outlets",
		"/incidents?q=" + url.QueryEscape(evil), "/incidents?place=" + url.QueryEscape(evil), "/outlets?outlet=" + url.QueryEscape(evil), "/link?next=" + url.QueryEscape(`javascript:hurt()"><script>`)} {
		w := b.do(b.request("GET", path, nil))
		mustNot(t, w.Body.String(), "<script>", "javascript:")
		if !strings.Contains(path, "?q=") && !strings.Contains(path, "place=") && !strings.Contains(path, "outlet=") { // a field gives back what was typed
			mustNot(t, w.Body.String(), "\u202e")
		}
	}
}

// An incident of 500 reports is paged, and no page is large.
func TestLargeIncident(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads 500 reports")
	}
	b := newBench(t)
	long := strings.Repeat(" و مغازه‌داران بازار از ویرانی گسترده سخن گفتند", 12)
	for i := range 500 {
		a := bazaar[0]
		a.Outlet = fmt.Sprintf("روزنامه شماره %d %s", i, strings.Repeat("دراز ", 30))
		a.Title = fmt.Sprintf("%s، روایت %d", a.Title, i)
		a.Text = strings.Replace(a.Text, "۱۱ نفر", fmt.Sprintf("%d نفر", 11+i%30), 1) + fmt.Sprintf(" گزارشگر شماره %d نوشت%s.", i, long)
		b.add(a)
	}
	b.links()
	list, err := b.ledger.Incidents(context.Background(), ledger.IncidentFilter{MinReports: 400}, 1, 0)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d incidents of 400 reports, %v", len(list), err)
	}
	id := list[0].ID
	x, _ := b.ledger.Incident(context.Background(), id)
	seen := map[string]bool{}
	for path := "/incident/" + id; path != ""; {
		page := b.get(path)
		if len(page) > 300_000 {
			t.Errorf("%s: %d bytes", path, len(page))
		}
		for _, m := range x.Linked.Members {
			if strings.Contains(page, `name="report" value="`+m.Report+`"`) {
				seen[m.Report] = true
			}
		}
		_, rest, ok := strings.Cut(page, `rel="next" href="`)
		if path = ""; ok {
			path = strings.SplitN(strings.SplitN(rest, `"`, 2)[0], "#", 2)[0]
		}
	}
	if len(seen) != list[0].Reports {
		t.Errorf("%d of %d reports are on the pages", len(seen), list[0].Reports)
	}
	sayings := 0
	for path := "/incident/" + id + "/field/killed"; path != ""; {
		page := b.get(path)
		if len(page) > 300_000 {
			t.Errorf("%s: %d bytes", path, len(page))
		}
		sayings += strings.Count(page, `<a class="words"`)
		_, rest, ok := strings.Cut(page, `rel="next" href="`)
		if path = ""; ok {
			path = strings.ReplaceAll(strings.SplitN(rest, `"`, 2)[0], "&amp;", "&")
		}
	}
	want := 0
	for _, v := range x.Linked.Table.Values["killed"] {
		if v.Of == "" {
			want += len(distinct(v.Sayings))
		}
	}
	if sayings != want || want < 20 {
		t.Errorf("%d of %d sayings are on the pages", sayings, want)
	}
	for _, path := range []string{"/outlets", "/incidents", "/report/" + x.Linked.Members[0].Report + "/relays", "/report/" + x.Linked.Members[0].Report + "/relays?all=1"} {
		if n := len(b.get(path)); n > 300_000 {
			t.Errorf("%s: %d bytes", path, n)
		}
	}
	raw, _ := json.Marshal(x.Linked.Table.Grade)
	t.Logf("the incident's page has %d bytes, %s", len(b.get("/incident/"+id)), raw)
}

// A desk that is closed amid a linking ends it before it returns, so that the
// ledger can be closed behind it, and begins none after.
func TestCloseWhileLinking(t *testing.T) {
	b := newBench(t)
	b.market()
	d := b.desk.(*guard).desk
	inside, ended := make(chan bool), false
	d.linking.start(func(func(string, int64, int64)) (ledger.Linked, error) {
		close(inside)
		<-d.life.Done()
		_, err := d.ledger.Link(d.life, d.linker(), ledger.LinkOptions{})
		ended = true
		return ledger.Linked{}, err
	}, func(err error) { t.Errorf("the linking that was stopped failed: %v", err) })
	<-inside
	if err := b.desk.(*guard).Close(); err != nil || !ended {
		t.Fatalf("closed amid a linking: %v", err)
	}
	d.link()
	if s := d.linking.state(); s.Running || s.Error != "" {
		t.Errorf("after the close: %+v", s)
	}
}
