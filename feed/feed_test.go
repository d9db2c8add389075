package feed

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
)

const base = "https://www.khabar-nemuneh.example/rss/politics"

// full is a report long enough to be one.
var full = strings.Repeat("<p>سخنگوی وزارت خارجه روز یکشنبه در نشست خبری گفت که گفت‌وگوها با همسایگان ادامه دارد و تا پایان ماه نتیجه آن اعلام خواهد شد؛ او درباره جزئیات توضیحی نداد.</p>\n", 8)

var fullText = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(full, "<p>", ""), "</p>\n", "\n\n"))

func read(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	// JSON has no line ends in strings.
	s := strings.ReplaceAll(string(raw), "FULLJSON", strings.ReplaceAll(full, "\n", " "))
	return []byte(strings.ReplaceAll(s, "FULL", full))
}

var wants = map[string]Feed{
	"agency.rss": {Title: "خبرگزاری نمونه - سیاسی", Site: "https://www.khabar-nemuneh.example", Items: []Item{
		{Title: "سخنگو: گفت‌وگوها ادامه دارد", Link: "https://www.khabar-nemuneh.example/news/101/سخنگو", GUID: "https://www.khabar-nemuneh.example/news/101", Author: "نرگس پارسا", Published: "2023-11-05", Summary: "سخنگوی وزارت خارجه گفت گفت‌وگوها ادامه دارد."},
		{Title: "دو کشته در درگیری & تیراندازی", Link: "https://www.khabar-nemuneh.example/news/102", GUID: "102", Published: "2023-11-05", Summary: "خلاصه خبر دوم …"},
		{Title: "خبر سوم با متن کامل", Link: "https://www.khabar-nemuneh.example/news/103", Published: "2023-11-05", Summary: "خلاصه خبر سوم", Text: fullText, HTML: full},
		{Title: "بی‌تاریخ و بی‌پیوند", GUID: "https://www.khabar-nemuneh.example/news/104", Link: "https://www.khabar-nemuneh.example/news/104"},
	}},
	"blog.atom": {Title: "نگاه نمونه", Site: "https://negah-nemuneh.example/", Items: []Item{
		{Title: "گزارش «شاهد» از میدان", Link: "https://negah-nemuneh.example/2023/11/5", GUID: "tag:negah-nemuneh.example,2023:5", Author: "رهگذر، مینا", Published: "2023-11-05", Text: fullText, HTML: full},
		{Title: "تنها روز تغییر", Link: "https://negah-nemuneh.example/2023/11/6", GUID: "tag:negah-nemuneh.example,2023:6", Published: "2023-11-06", Updated: true, Summary: "چند کلمه"},
	}},
	"site.json": {Title: "پایگاه نمونه", Site: "https://paygah-nemuneh.example/", Items: []Item{
		{Title: "خبر نخست", Link: "https://paygah-nemuneh.example/1", GUID: "1", Author: "کاوه راد", Published: "2023-11-05", Text: fullText, HTML: strings.ReplaceAll(full, "\n", " ")},
		{Title: "خبر دوم", Link: "https://paygah-nemuneh.example/2", GUID: "2", Summary: "خلاصه"},
	}},
	"old.rdf": {Title: "پیام نمونه", Site: "http://www.payam-nemuneh.example/", Items: []Item{
		{Title: "انفجار در خط لوله", Link: "http://www.payam-nemuneh.example/show.asp?id=1", Author: "خبرنگار", Published: "2007-04-16", Summary: "متن کوتاه"},
	}},
}

func TestRead(t *testing.T) {
	for name, want := range wants {
		f, err := Read(read(t, name), "", base)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(want, f); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		if k := Sniff(read(t, name)); k != IsFeed {
			t.Errorf("%s: sniffed as %q", name, k)
		}
	}
}

// TestCut cuts feeds off at every place: what is whole is read, in its order,
// and the feed says that something is missing.
func TestCut(t *testing.T) {
	for name, want := range wants {
		raw := read(t, name)
		most := 0
		for n := 0; n < len(raw)-2; n += 97 {
			f, err := Read(raw[:n], "", base)
			if err != nil {
				continue
			}
			most = max(most, len(f.Items))
			if f.Damage == "" && !strings.Contains(string(raw[n:]), "\n") {
				t.Fatalf("%s cut at %d: nothing said, %d items", name, n, len(f.Items))
			}
			if len(f.Items) > len(want.Items) {
				t.Fatalf("%s cut at %d: %d items", name, n, len(f.Items))
			}
			for i, it := range f.Items {
				if d := cmp.Diff(want.Items[i], it); d != "" {
					t.Fatalf("%s cut at %d, item %d:\n%s", name, n, i, d)
				}
			}
		}
		if most < len(want.Items)-1 {
			t.Errorf("%s: at most %d of %d items were read when cut off", name, most, len(want.Items))
		}
	}
}

func TestCharset(t *testing.T) {
	s := "<?xml version=\"1.0\" encoding=\"windows-1256\"?><rss version=\"2.0\"><channel><title>پيام نمونه</title><item><title>خبر تازه از مجلس</title><link>/1</link></item></channel></rss>"
	raw, err := charmap.Windows1256.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []struct {
		name string
		raw  []byte
		hint string
	}{
		{"declared", raw, ""},
		{"declared, HTTP says UTF-8", raw, "application/rss+xml; charset=utf-8"},
		{"UTF-8, declared windows-1256", []byte(s), ""},
		{"UTF-8 with its mark", []byte("\xef\xbb\xbf" + strings.Replace(s, "windows-1256", "utf-8", 1)), ""},
		{"declared as what nobody knows", []byte(strings.Replace(string(raw), "windows-1256", "x-nonsense", 1)), ""},
	} {
		f, err := Read(in.raw, in.hint, base)
		if err != nil || len(f.Items) != 1 || f.Items[0].Title != "خبر تازه از مجلس" || f.Items[0].Link != "https://www.khabar-nemuneh.example/1" || f.Damage != "" {
			t.Errorf("%s: %v, %+v", in.name, err, f)
		}
	}
}

func TestHostile(t *testing.T) {
	rss := func(in string) string {
		return "<rss version=\"2.0\"><channel><title>ن</title>" + in + "</channel></rss>"
	}
	item := "<item><title>خبر</title><link>https://a.example/1</link></item>"
	lol := "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"ha\">"
	for i := 'b'; i < 'k'; i++ {
		lol += fmt.Sprintf("<!ENTITY %c \"%s\">", i, strings.Repeat(fmt.Sprintf("&%c;", i-1), 20))
	}
	lol += "]>"
	for _, c := range []struct {
		name, in string
		items    int // -1: an error
		damage   bool
	}{
		{"a bomb of entities", lol + rss("<item><title>&j;</title></item>"+item), 2, false},
		{"an outside entity", `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + rss("<item><title>&x;</title></item>"+item), 2, false},
		{"deep nesting", rss(strings.Repeat("<a>", 100_000)), -1, false},
		{"deep nesting in an item", rss("<item>" + strings.Repeat("<a:b>", 100_000)), -1, false},
		{"deep nesting of HTML in an item", rss("<item><title>خبر</title><description><![CDATA[" + strings.Repeat("<div>", 50_000) + "متن]]></description></item>"), 1, false},
		{"a title of 10 MB", rss("<item><title>" + strings.Repeat("خبر ", 1_300_000) + "</title><link>https://a.example/1</link></item>" + item), 2, false},
		{"an attribute of 5 MB", rss("<item x='" + strings.Repeat("x", 5<<20) + "'><title>خبر</title></item>" + item), 2, false},
		{"a damaged item between two", rss(item + "<item><title>خبر</titel></description></item>" + item), 3, true},
		{"stray signs", rss(item + "<item><title>AT&T < 5 > 3</title></item>"), 1, true},
		{"200k empty items", rss(strings.Repeat("<item/>", 200_000)), -1, false},
		{"30k items", rss(strings.Repeat("<item></item>", 30_000)), -1, false},
		{"no items", rss(""), 0, false},
		{"a page", "<!DOCTYPE html><html><body>خبر</body></html>", -1, false},
		{"other XML", "<?xml version=\"1.0\"?><urlset><url><loc>x</loc></url></urlset>", -1, false},
		{"other JSON", `{"a": 1}`, -1, false},
		{"nested JSON", strings.Repeat(`{"items":[`, 50_000), -1, false},
		{"JSON of other types", `{"version":"https://jsonfeed.org/version/1","title":5,"items":[{"id":{"a":1},"title":["x"]},7,null]}`, -2, false},
		{"text", "خبر", -1, false},
		{"nothing", "", -1, false},
		{"an open comment", "<!-- " + rss(item), -1, false},
		{"NULs", rss("<item>\x00<title>خبر\x00</title></item>" + item), 2, false},
	} {
		f, err := Read([]byte(c.in), "", base)
		switch {
		case c.items == -2:
		case c.items < 0 && err == nil:
			t.Errorf("%s: no error, %d items", c.name, len(f.Items))
		case c.items >= 0 && (err != nil || len(f.Items) != c.items || c.damage != (f.Damage != "")):
			t.Errorf("%s: %v, %d items, damage %q", c.name, err, len(f.Items), f.Damage)
		}
		for _, it := range f.Items {
			if utf8.RuneCountInString(it.Title) > maxTitle || len(it.Summary) > 1<<20 || strings.Contains(it.Title, "root:") {
				t.Errorf("%s: %.200q", c.name, it.Title)
			}
		}
	}
}

func TestWhole(t *testing.T) {
	long := strings.Repeat("سخنگو گفت که گفت‌وگوها ادامه دارد. ", 60)
	for _, c := range []struct {
		text, summary string
		want          bool
	}{
		{long, "خلاصه", true}, {long, "", true}, {long + "…", "خلاصه", false}, {long + " ادامه مطلب", "خلاصه", false},
		{long[:2*len(long)/7], "", false}, {"کوتاه", "", false}, {"", "", false}, {long[:len(long)/3], long[:len(long)/3], false},
	} {
		text := strings.ToValidUTF8(c.text, "")
		if got := whole(text, strings.ToValidUTF8(c.summary, ""), 1200); got != c.want {
			t.Errorf("%d letters beside %d: %v", letters(text), letters(c.summary), got)
		}
	}
}

func TestOPML(t *testing.T) {
	raw := read(t, "feeds.opml")
	list, cut, err := OPML(raw, "", "https://a.example/lists/feeds.opml")
	want := []Outline{
		{Title: "خبرگزاری نمونه", URL: "https://www.khabar-nemuneh.example/rss", Site: "https://www.khabar-nemuneh.example/", Path: []string{"ایران", "خبرگزاری‌ها"}},
		{Title: "عصر نمونه & یاران", URL: "https://asr-nemuneh.example/rss?a=1&b=2", Path: []string{"ایران", "خبرگزاری‌ها"}},
		{Title: "نگاه نمونه", URL: "https://a.example/lists/negah.atom", Path: []string{"ایران"}},
		{Title: "بی‌پوشه", URL: "https://b.example/feed"},
	}
	if err != nil || cut {
		t.Fatal(err, cut)
	}
	for i := range list {
		if len(list[i].Path) == 0 {
			list[i].Path = nil
		}
	}
	if d := cmp.Diff(want, list); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if k := Sniff(raw); k != IsOPML {
		t.Errorf("sniffed as %q", k)
	}
	list, cut, err = OPML(raw[:strings.Index(string(raw), "نگاه")], "", "")
	if err != nil || !cut || len(list) != 2 {
		t.Errorf("cut off: %d feeds, cut %v, %v", len(list), cut, err)
	}
	for _, bad := range []string{"", "<opml/>", "<opml><body><outline text='x'/></body></opml>", "<rss/>", "<opml>" + strings.Repeat("<outline text='x'>", 100_000),
		"<!DOCTYPE opml [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><opml><body><outline text='&b;'/></body></opml>", "<opml><body><outline xmlUrl='javascript:alert(1)'/><outline xmlUrl='file:///etc/passwd'/></body></opml>"} {
		if list, _, err := OPML([]byte(bad), "", ""); err == nil {
			t.Errorf("%.60q: no error, %v", bad, list)
		}
	}
}

func TestSniff(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Kind
	}{
		{"<!DOCTYPE html><html><head><link type=application/rss+xml>", IsPage}, {"<!-- x --><HTML>", IsPage}, {"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0//EN' 'x'>\n<html>", IsPage},
		{"<?xml version=\"1.0\"?><!-- x --><rss>", IsFeed}, {"\xef\xbb\xbf<feed xmlns='x'>", IsFeed}, {"<rdf:RDF>", IsFeed}, {"<opml version='1.0'>", IsOPML},
		{`{"version": "https://jsonfeed.org/version/1.1"}`, IsFeed}, {`{"text": "خبر"}`, IsOther}, {"خبر", IsOther}, {"", IsOther}, {"<svg>", IsOther}, {"<!--", IsOther}, {"%PDF-1.4", IsOther},
	} {
		if got := Sniff([]byte(c.in)); got != c.want {
			t.Errorf("%.40q is %q, want %q", c.in, got, c.want)
		}
	}
}

func TestNoFeed(t *testing.T) {
	if _, err := Read([]byte("<html></html>"), "", ""); !errors.Is(err, ErrNoFeed) {
		t.Error(err)
	}
}

// FuzzFeed: whatever comes in, there is an error or a feed of valid UTF-8
// whose links are addresses of HTTP.
func FuzzFeed(f *testing.F) {
	for name := range wants {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		Sniff(in)
		d, err := Read(in, "", base)
		if err != nil && d.Damage != "" {
			t.Fatal("both error and damage")
		}
		for _, it := range d.Items {
			for _, s := range []string{it.Title, it.Author, it.Summary, it.Text, it.GUID} {
				if !utf8.ValidString(s) {
					t.Fatalf("%q", s)
				}
			}
			if it.Link != "" && !strings.HasPrefix(it.Link, "http") {
				t.Fatalf("link %q", it.Link)
			}
		}
	})
}

func FuzzOPML(f *testing.F) {
	raw, err := os.ReadFile("testdata/feeds.opml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, in []byte) {
		list, _, err := OPML(in, "", base)
		if (err == nil) != (len(list) > 0) {
			t.Fatalf("%d feeds, %v", len(list), err)
		}
		for _, o := range list {
			if !strings.HasPrefix(o.URL, "http") || !utf8.ValidString(o.Title) {
				t.Fatalf("%+v", o)
			}
		}
	})
}
