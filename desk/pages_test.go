package desk

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

// inboxed are the titles of an inbox page, in its order.
func inboxed(page string) []string {
	var list []string
	for _, m := range regexp.MustCompile(`(?s)<h2 lang="fa" dir="rtl"><a [^>]*>(.*?)</a>`).FindAllStringSubmatch(page, -1) {
		list = append(list, html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(m[1], "")))
	}
	return list
}

func TestInbox(t *testing.T) {
	b := newBench(t)
	page := b.get("/")
	must(t, page, "The ledger is empty", `href="/add"`)
	first := b.add(article)
	second := article
	second.Outlet, second.Title, second.Published, second.Text = "خبرگزاری فارس", "دیدار در تهران", "2013-01-02", "وزیر خارجه ایران در تهران با همتای عراقی خود دیدار کرد."
	b.add(second)
	b.decides(first, "action", "state", "value", "done")

	for _, c := range []struct {
		query string
		want  []string
	}{
		{"", []string{second.Title}},
		{"?state=done", []string{article.Title}},
		{"?state=all", []string{second.Title, article.Title}},
		{"?q=" + url.QueryEscape("انفجارها"), []string{article.Title}},
		{"?q=" + url.QueryEscape("کشته شدن") + "&state=done", []string{article.Title}},
		{"?state=all&outlet=" + url.QueryEscape("خبرگزاری فارس"), []string{second.Title}},
		{"?state=all&outlet=IRNA", []string{article.Title}},
		{"?state=all&from=1391-10-01", []string{second.Title}},
		{"?state=all&to=2012-12-31", []string{article.Title}},
		{"?state=all&place=Iraq", []string{article.Title}},
		{"?state=all&type=ASSAULT", []string{article.Title}},
		{"?state=all&actor=" + url.QueryEscape("ایران") + "&type=ASSAULT", nil},
		{"?state=all&limit=1", []string{second.Title}},
		{"?state=all&limit=1&offset=1", []string{article.Title}},
		{"?state=all&offset=99", nil},
	} {
		if got := inboxed(b.get("/" + c.query)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.query, got, c.want)
		}
	}
	must(t, b.get("/?q="+url.QueryEscape("انفجارها")), "<mark>انفجار</mark>")
	must(t, b.get("/?state=all&limit=1"), `rel="next" href="/?limit=1&amp;offset=1&amp;state=all"`)
	must(t, b.get("/?state=all&limit=1&offset=1"), `rel="prev" href="/?limit=1&amp;state=all"`)
	must(t, b.get("/?q="+url.QueryEscape("نیست‌درجهان")), "Nothing here")
}

// What cannot be asked is said on the page, which stays usable.
func TestBadQuestions(t *testing.T) {
	b := newBench(t)
	b.add(article)
	for query, why := range map[string]string{
		"?from=99":    "99",
		"?type=WAR":   "no type of event",
		"?state=lost": "no state",
		"?actor=" + url.QueryEscape("هیچ‌کس‌نیست"):  "neither the lexicon nor any report",
		"?q=" + url.QueryEscape(`"`):                "",
		"?q=" + url.QueryEscape("-حمله"):            "",
		"?q=" + url.QueryEscape("<b>x</b>\x00\xff"): "",
	} {
		w := b.do(b.request("GET", "/"+query, nil))
		if w.Code != 422 && !(w.Code == 200 && why == "") {
			t.Errorf("%s: %d", query, w.Code)
		}
		if !strings.Contains(alert(w.Body.String()), why) {
			t.Errorf("%s: %q", query, alert(w.Body.String()))
		}
		must(t, w.Body.String(), `<input id="q"`)
	}
	for path, code := range map[string]int{"/report/0000000000000000": 404, "/report/x": 404, "/nowhere": 404, "/static/x/none.js": 404, "/static/x/..%2fdesk.go": 404, "/report/%ff": 404} {
		if w := b.do(b.request("GET", path, nil)); w.Code != code {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// allPages are pages of every kind and state.
func allPages(t *testing.T, b *bench, id string) map[string]string {
	pages := map[string]string{}
	for _, path := range []string{"/", "/?state=all", "/?q=" + url.QueryEscape("انفجار"), "/?q=x", "/?type=WAR", "/add", "/nowhere", "/report/0000000000000000", "/report/" + id, "/report/" + id + "?made=1"} {
		pages[path] = b.do(b.request("GET", path, nil)).Body.String()
	}
	for _, a := range adds {
		for _, it := range b.full(id).Reviewed.Items(a.Kind) {
			path := "/report/" + id + "?f=" + url.QueryEscape(keyOf(a.Kind, it.Target.ID))
			page := b.get(path)
			if !strings.Contains(page, `id="panel"`) {
				t.Errorf("%s opens nothing", path)
			}
			pages[path] = page
		}
	}
	return pages
}

// Every page in both languages: no raw key, well-formed, each id once, each
// field with a label, nothing without a language.
func TestEveryPage(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	e := event(t, b.record(id), "انفجار بمب").ID
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "mode", "value", "suicide-attack")
	b.decides(id, "action", "reject", "kind", "statement", "id", "s2")
	b.decides(id, "action", "note", "kind", "event", "id", e, "note", "یادداشت <b>")
	b.decides(id, "action", "undo", "undoes", "3")
	b.decides(id, "action", "add", "kind", "time", "words", "بازداشت", "value.type", "DATE", "value.value", "1391-02-24")
	b.decides(id, "action", "state", "value", "in review")
	for _, lang := range []string{"en", "fa"} {
		b.lang = lang
		untitled := article
		untitled.Title = ""
		pages := allPages(t, b, id)
		pages["untitled"] = b.get("/report/" + b.add(untitled))
		untitled.Title = "عنوان در\nدو سطر"
		pages["two lines"] = b.get("/report/" + b.add(untitled))
		for path, page := range pages {
			name := lang + " " + path
			if i := strings.Index(page, missing); i >= 0 {
				t.Errorf("%s: a raw key: %s", name, page[i:min(len(page), i+60)])
			}
			must(t, page, `<html lang="`+lang+`" dir="`+languages[lang].Dir+`">`)
			wellFormed(t, name, page)
		}
	}
}

// wellFormed checks a page as a screen reader would stumble over it.
func wellFormed(t *testing.T, name, page string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	labels := map[string]bool{}
	var walk func(n *html.Node, inLabel bool)
	attr := func(n *html.Node, key string) string {
		for _, a := range n.Attr {
			if a.Key == key {
				return a.Val
			}
		}
		return ""
	}
	var gather func(n *html.Node)
	gather = func(n *html.Node) {
		if n.Data == "label" && attr(n, "for") != "" {
			labels[attr(n, "for")] = true
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			gather(c)
		}
	}
	gather(root)
	h1 := 0
	walk = func(n *html.Node, inLabel bool) {
		if n.Type == html.ElementNode {
			if id := attr(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("%s: the id %s is there twice", name, id)
				}
				ids[id] = true
			}
			inLabel = inLabel || n.Data == "label"
			switch n.Data {
			case "h1":
				h1++
			case "input", "select", "textarea":
				if kind := attr(n, "type"); kind != "hidden" && !inLabel && !labels[attr(n, "id")] {
					t.Errorf("%s: a field %s without a label", name, attr(n, "name"))
				}
			case "form":
				if m := attr(n, "method"); m == "post" && !strings.Contains(render(n), `name="token"`) {
					t.Errorf("%s: a form without the token: %s", name, attr(n, "action"))
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, inLabel)
		}
	}
	walk(root, false)
	if h1 != 1 {
		t.Errorf("%s: %d main headings", name, h1)
	}
	if n := strings.Count(page, "<main"); n != 1 {
		t.Errorf("%s: %d main parts", name, n)
	}
}

func render(n *html.Node) string {
	var b bytes.Buffer
	html.Render(&b, n)
	return b.String()
}

// shownText puts together the text of a reading page as a browser has it: each
// paragraph has to be one text node at the place that it says.
func shownText(t *testing.T, page string, text []rune) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	covered := make([]bool, len(text))
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for _, a := range n.Attr {
			if a.Key != "data-at" {
				continue
			}
			at, err := strconv.Atoi(a.Val)
			if err != nil || n.FirstChild == nil || n.FirstChild != n.LastChild || n.FirstChild.Type != html.TextNode {
				t.Errorf("the paragraph at %s is not one text node: %s", a.Val, render(n))
				continue
			}
			have := []rune(n.FirstChild.Data)
			// The parser of HTML makes line ends its own, one for one.
			want := []rune(strings.ReplaceAll(string(text[at:min(len(text), at+len(have))]), "\r", "\n"))
			want = []rune(strings.ReplaceAll(string(want), "\x00", "\ufffd"))
			if !slices.Equal(have, want) {
				t.Errorf("at %d stands %q, not %q", at, string(have), string(want))
			}
			for i := range have {
				covered[at+i] = true
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	for i, ok := range covered {
		if !ok && strings.TrimSpace(string(text[i])) != "" {
			t.Fatalf("the page lacks the letter %q at %d", text[i], i)
		}
	}
}

func TestTextIsUntouched(t *testing.T) {
	b := newBench(t)
	for _, text := range []string{
		article.Text,
		"سخنگوی دولت گفت: «می‌رویم».\r\nپایان\r\n\r\n  دو سطر بعد & <b>تیره</b> &amp; 😀 \u202eوارونه\u202c و \u2067باز \u200fنشان.",
		"بدون عنوان؛ ارتش عراق دیروز اعلام کرد.\n\n\nآخر",
		"یک\rدو ارتش ایران گفت که سه\u0085چهار\u2028پنج",
		"كتاب‌هاي عربي با ي و ك از ارتش عراق مي‌گويد 1234 ۱۲۳۴",
	} {
		for _, title := range []string{"", article.Title, "عنوان <i>& دو"} {
			a := sanad.Article{Title: title, Text: text, Published: "2012-05-14"}
			id := b.add(a)
			shownText(t, b.get("/report/"+id), []rune(b.record(id).Document.Text))
		}
	}
}

// Titles, names and texts are hostile.
func TestHostile(t *testing.T) {
	b := newBench(t)
	evil := `"><script>alert(1)</script><img src=x onerror=alert(1)>'` + "\u202e\u2066"
	a := article
	a.Title, a.Outlet, a.URL = "ارتش عراق "+evil, "رسانه "+evil, "javascript:alert(1)//"+evil
	a.Text = evil + "\nسخنگوی پلیس " + evil + " گفت: دیروز سه نفر در انفجار بمب در بعقوبه کشته شدند.\nسخنگوی ارتش عراق گفت که <img src=x> سه نفر بازداشت شدند." + strings.Repeat("\nنیروهای امنیتی اعلام کردند که تحقیقات دربارهٔ این انفجار ادامه دارد.", 5) + "\n</article></script><!--"
	id := b.add(a)
	b.decides(id, "action", "note", "kind", "report", "note", evil)
	b.decides(id, "action", "add", "kind", "entity", "value.name", evil, "value.type", "GRP", "value.name_en", evil)
	b.decides(id, "action", "add", "kind", "mention", "words", "تحقیقات", "value.entity", "h2", "value.form", "description")
	b.decides(id, "action", "correct", "kind", "event", "id", "e1", "field", "actor", "entity.0", "h2")
	for _, lang := range []string{"en", "fa"} {
		b.lang = lang
		pages := allPages(t, b, id)
		pages["title"] = b.get("/?state=all&q=" + url.QueryEscape("ارتش"))
		pages["snippet"] = b.get("/?state=all&q=" + url.QueryEscape("سخنگوی"))
		must(t, pages["title"], "<mark>ارتش</mark>", "&lt;script&gt;")
		must(t, pages["snippet"], "<mark>سخنگوی</mark>", "&lt;script&gt;")
		pages["echo"] = b.do(b.request("GET", "/?state=all&q="+url.QueryEscape("انفجار "+evil)+"&outlet="+url.QueryEscape(evil), nil)).Body.String()
		for path, page := range pages {
			mustNot(t, page, "<script>alert", "<img", "</article></script>", `href="javascript:`, "<!--")
			wellFormed(t, path, page)
			// Marks that turn the line are in the text alone, which is a block of its own.
			outside := regexp.MustCompile(`(?s)<article.*?</article>|<input[^>]*>|<textarea.*?</textarea>`).ReplaceAllString(page, "")
			if strings.ContainsAny(outside, "\u202e\u2066") {
				i := strings.IndexAny(outside, "\u202e\u2066")
				t.Errorf("%s: a mark of direction outside the text: %q", path, outside[max(0, i-100):i+20])
			}
		}
		shownText(t, pages["/report/"+id], []rune(b.record(id).Document.Text))
	}
}

// Versions of one page lead to each other.
func TestVersions(t *testing.T) {
	b := newBench(t)
	a := article
	a.URL = "https://example.org/news/1"
	one := b.add(a)
	a.Text += "\nاین گزارش تکمیل می‌شود."
	two := b.add(a)
	must(t, b.get("/report/"+one), `href="/report/`+two+`"`, "Other versions")
	must(t, b.get("/report/"+two), `href="/report/`+one+`"`)
}

// What another reading made of decisions is shown: fields of which the machine
// says otherwise now, decisions that lost their words.
func TestLookAgain(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	e := event(t, b.record(id), "انفجار بمب").ID
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "type", "value", "COERCE")
	b.decides(id, "action", "accept", "kind", "event", "id", event(t, b.record(id), "محکوم").ID)
	dir := t.TempDir() // a lexicon in which nobody condemns
	if err := os.WriteFile(filepath.Join(dir, "frames.txt"), []byte("# Test data.\n\ncondemn\n\t-\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	other, err := sanad.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.ledger.Reread(context.Background(), ledger.NewMaker(other, "next"), id); err != nil {
		t.Fatal(err)
	}
	x := b.full(id)
	if len(x.Reviewed.Lost) == 0 {
		t.Fatalf("the example is carried over otherwise: %+v", x.Reviewed.Findings)
	}
	for i := range x.Reviewed.Findings { // as if the machine had come to another type
		if f := &x.Reviewed.Findings[i]; f.Target.ID == e {
			f.Moved = []string{"type"}
		}
	}
	for _, l := range languages {
		body := &reading{sheet: newSheet(l, x, keyOf(review.Event, e), 0)}
		var out bytes.Buffer
		if err := templates[l.Code].ExecuteTemplate(&out, "side", &page{language: l, Body: body}); err != nil {
			t.Fatal(err)
		}
		must(t, out.String(), l.T("read.lost"), l.T("read.moved"), l.T("read.moved.what"), `class="lost"`)
		mustNot(t, out.String(), missing)
		b.lang = l.Code
		page := b.get("/report/" + id)
		must(t, page, l.T("read.lost"))
		wellFormed(t, l.Code, page)
	}
}

func TestLanguages(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct{ query, cookie, accept, want string }{
		{"", "", "", "en"}, {"", "", "fa-IR,fa;q=0.9,en;q=0.8", "fa"}, {"", "", "de,fr", "en"}, {"", "en", "fa", "en"}, {"", "fa", "", "fa"},
		{"?lang=fa", "en", "", "fa"}, {"?lang=xx", "fa", "", "fa"}, {"?lang=../../etc", "", "", "en"}, {"", "xx", "", "en"},
	} {
		r := b.request("GET", "/"+c.query, nil)
		r.Header.Set("Accept-Language", c.accept)
		if c.cookie != "" {
			r.AddCookie(&http.Cookie{Name: cookie, Value: c.cookie})
		}
		w := b.do(r)
		if !strings.Contains(w.Body.String(), `<html lang="`+c.want+`"`) {
			t.Errorf("%+v: not in %s", c, c.want)
		}
		set := w.Header().Get("Set-Cookie")
		if (c.query == "?lang=fa") != strings.Contains(set, cookie+"=fa") || set != "" && (!strings.Contains(set, "HttpOnly") || !strings.Contains(set, "SameSite=Lax")) {
			t.Errorf("%+v: cookie %q", c, set)
		}
	}
	b.lang = "fa"
	must(t, b.get("/report/"+b.add(article)), "۲۵ اردیبهشت ۱۳۹۱", "۲۰۱۲-۰۵-۱۴", `?lang=en"`)
}

// long is a report of at least n letters, about as dense as news is.
func long(n int) sanad.Article {
	var s strings.Builder
	for i := 0; s.Len() < 2*n; i++ {
		fmt.Fprintf(&s, "به گزارش خبرگزاری رویترز، سخنگوی ارتش اسرائیل در نوبت %d گفت که نیروهای این ارتش شامگاه سه‌شنبه دست‌کم %d نفر را در شهر جنین بازداشت کردند. "+
			"این در حالی است که ساکنان محل می‌گویند شمار زیادی از مردم در خیابان‌های اصلی شهر گرد آمده بودند و رفت‌وآمد در بسیاری از محله‌ها تا ساعت‌ها دشوار بود.\n", i, i%40+2)
	}
	return sanad.Article{Outlet: "بی‌بی‌سی فارسی", Title: "گزارش بلند", Published: "2022-11-09", Text: s.String()}
}

// maxPage is what no page may weigh more than, in bytes, without the font.
const maxPage = 300 << 10

func TestPageSize(t *testing.T) {
	b := newBench(t)
	var static int
	for name := range map[string]bool{"desk.css": true, "desk.js": true, "spans.js": true, "reading.js": true} {
		x, err := os.ReadFile("static/" + name)
		if err != nil {
			t.Fatal(err)
		}
		static += len(x)
	}
	dense := article
	dense.Text = strings.Repeat(article.Text+"\n", 90)
	crowded := dense
	crowded.Text = article.Text + "\nپرتصمیم"
	for _, a := range []sanad.Article{long(500), long(30000), long(90000), dense, crowded} {
		id := b.add(a)
		n := len(a.Text)
		if a.Text == crowded.Text {
			for range 80 {
				b.decides(id, "action", "note", "kind", "event", "id", "e1", "note", strings.Repeat("یادداشتی بلند ", 60))
			}
		}
		full := b.full(id)
		text := []rune(full.Machine.Document.Text)
		parts := len(newSheet(languages["en"], full, "", 0).Parts)
		events, shown, most := len(full.Machine.Events), 0, 0
		for _, lang := range []string{"en", "fa"} {
			b.lang = lang
			for part := 1; part <= parts; part++ {
				path := "/report/" + id + "?part=" + strconv.Itoa(part)
				page := b.get(path)
				if part == 1 || part == parts { // the heaviest: with a finding open
					first := regexp.MustCompile(`id="(event:[^"]*)"`).FindStringSubmatch(page)
					if first != nil {
						page = b.get("/report/" + id + "?f=" + url.QueryEscape(first[1]))
						must(t, page, `id="panel"`)
					}
				}
				if size := len(page) + static; size > maxPage {
					t.Errorf("%d letters, %s: %d kB", n, path, size>>10)
				}
				most = max(most, len(page)+static)
				shown += strings.Count(page, `id="event:`)
			}
		}
		t.Logf("%d letters: %d parts, %d events, %d kB at most", len(text), parts, events, most>>10)
		if shown != 2*events {
			t.Errorf("%d letters: %d of %d events are shown", n, shown/2, events)
		}
	}
	for i := range 60 {
		a := article
		a.Text += fmt.Sprintf("\nشمارهٔ %d %s", i, strings.Repeat("خبر ", 50))
		a.Title = strings.Repeat("عنوانی بسیار بلند ", 40) + strconv.Itoa(i)
		b.add(a)
	}
	if size := len(b.get("/?state=all&q="+url.QueryEscape("خبر"))) + static; size > maxPage {
		t.Errorf("the inbox: %d kB", size>>10)
	}
}

func TestPartsCoverTheText(t *testing.T) {
	b := newBench(t)
	a := long(90000)
	a.Text += strings.Repeat("ارتش عراق گفت و رفت و ", 5000) // one paragraph longer than a page
	id := b.add(a)
	s := newSheet(languages["en"], b.full(id), "", 0)
	at := 0
	for _, p := range s.Parts {
		if p.Start != at || p.End <= p.Start {
			t.Fatalf("parts %v", s.Parts)
		}
		at = p.End
	}
	if at != len(s.runes) || len(s.Parts) < 4 {
		t.Errorf("%d parts end at %d of %d", len(s.Parts), at, len(s.runes))
	}
}

func TestAdd(t *testing.T) {
	b := newBench(t)
	w := b.post("/add", formOf("title", article.Title, "outlet", article.Outlet, "published", "۲۵ اردیبهشت ۱۳۹۱", "url", "https://example.org/1", "text", strings.ReplaceAll(article.Text, "\n", "\r\n")))
	if w.Code != 303 {
		t.Fatalf("%d %s", w.Code, alert(w.Body.String()))
	}
	x := b.full(strings.TrimPrefix(w.Header().Get("Location"), "/report/"))
	if x.Machine.Document.Text != article.Title+"\n"+article.Text || x.Published != "2012-05-14" || x.Outlet != "irna" || x.Arrivals[0].URL != "https://example.org/1" {
		t.Errorf("%+v", x.Report)
	}
	for _, c := range []struct{ name, text, day, url, why string }{
		{"nothing", "", "", "", "no text"},
		{"English", "The army said on Monday that nothing had happened in the north of the country.", "", "", "not Persian"},
		{"no day", article.Text, "دیشب", "", "دیشب"},
		{"no address", article.Text, "", "javascript:alert(1)", "no address"},
		{"a password", article.Text, "", "https://user:pw@example.org/", "no address"},
	} {
		w := b.post("/add", formOf("title", "عنوان من", "text", c.text, "published", c.day, "url", c.url))
		if w.Code != 422 || !strings.Contains(html.UnescapeString(alert(w.Body.String())), c.why) {
			t.Errorf("%s: %d %q", c.name, w.Code, alert(w.Body.String()))
		}
		must(t, w.Body.String(), "عنوان من") // what was typed is not lost
	}
}

func (b *bench) upload(files map[string]string) (int, string, string) {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	m.WriteField("token", b.desk.(*guard).token)
	m.WriteField("outlet", "خبرگزاری ایرنا")
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f, _ := m.CreateFormFile("files", name)
		f.Write([]byte(files[name]))
	}
	m.Close()
	r := b.request("POST", "/add", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Origin", "http://"+host)
	w := b.do(r)
	return w.Code, w.Header().Get("Location"), w.Body.String()
}

func TestFiles(t *testing.T) {
	b := newBench(t)
	code, to, _ := b.upload(map[string]string{"one.txt": article.Title + "\n\n" + article.Text})
	if code != 303 || !strings.HasPrefix(to, "/report/") {
		t.Fatalf("%d %q", code, to)
	}
	x := b.full(strings.TrimPrefix(to, "/report/"))
	if x.Arrivals[0].Origin != "one.txt" || x.Outlet != "irna" {
		t.Errorf("%+v", x.Arrivals)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(article.Text))
	z.Close()
	code, _, page := b.upload(map[string]string{
		"../../etc/two.jsonl": `{"title":"نخست","text":"ارتش عراق دیروز سه نفر را در بغداد بازداشت کرد."}` + "\n{broken\n" + `{"title":"دوم","text":"سخنگوی دولت ایران گفت مذاکره ادامه دارد."}` + "\n",
		"bomb.txt.gz":         packed.String(), "three.exe": "MZ", "empty.txt": "", "page.html": "<html><title>خبر</title><p>" + strings.Repeat("ارتش عراق دیروز سه نفر را در موصل بازداشت کرد. ", 20) + "</p></html>",
	})
	if code != 200 {
		t.Fatal(code)
	}
	must(t, page, "3 new reports", "4 could not be read", "two.jsonl:1", "two.jsonl:2", "two.jsonl:3", "bomb.txt.gz", "three.exe", "empty.txt")
	mustNot(t, page, "sanad-desk-", "/etc/", os.TempDir()+"/sanad")
}

func TestExamplesAreTheExamples(t *testing.T) {
	want, err := os.ReadFile("../examples/articles.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(demo, want) {
		t.Error("desk/demo.jsonl is not examples/articles.jsonl: copy it")
	}
	l := newLedger(t)
	if err := Examples(context.Background(), l, reader(), "test"); err != nil {
		t.Fatal(err)
	}
	list, err := l.List(context.Background(), ledger.Filter{}, 100, 0)
	if err != nil || len(list) != bytes.Count(want, []byte("\n")) {
		t.Errorf("%d reports: %v", len(list), err)
	}
}
