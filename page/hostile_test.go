package page

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/sanad-project/sanad"
)

const report = "سخنگوی دولت روز یکشنبه در نشست خبری گفت که لایحه بودجه در موعد قانونی به مجلس می‌رود."

func page(head, body string) string {
	return "<html><head>" + head + "</head><body><h1>سخنگو: بودجه به موقع می‌رود</h1>" + body + "</body></html>"
}

// TestHostile: pages made to exhaust a parser come back soon with their text
// or with an error that says why not.
func TestHostile(t *testing.T) {
	deep := strings.Repeat
	for _, c := range []struct {
		name, in string
		wants    string // in the text; "" where err is wanted
		err      error
	}{
		{"100k divs", page("", deep("<div>", 100_000)+"<p>"+report+"</p>"+deep("</div>", 100_000)), report, nil},
		{"100k divs, never closed", page("", deep("<div>", 100_000)+"<p>"+report), report, nil},
		{"100k spans around each word", page("", "<p>"+deep("<span>", 50_000)+report+"</p>"), report, nil},
		{"nested tables", page("", deep("<table><tr><td>", 20_000)+report), report, nil},
		{"nested lists", page("", deep("<ul><li>", 20_000)+report), report, nil},
		{"unclosed formatting, opened again in each paragraph", page("", deep("<b class=x><i id=y><font color=z>", 5_000)+deep("<p>متن</p>", 5_000)+"<p>"+report), report, nil},
		{"unclosed links in paragraphs", page("", deep("<a href=1><p>متن", 5_000)+"</a><p>"+report), report, nil},
		{"links in tables", page("", deep("<table><a href=1>", 3_000)+"</table><p>"+report), report, nil},
		{"a title of 10 MB", page("<title>"+deep("عنوان ", 1_000_000)+"</title>", "<p>"+report+"</p>"), report, nil},
		{"a heading of 3 MB", "<h1>" + deep("عنوان ", 300_000) + "</h1><p>" + report, report, nil},
		{"an attribute of 10 MB", page("", "<div class='"+deep("x ", 5<<20)+"'><p>"+report+"</p></div>"), report, nil},
		{"100k attributes", page("", "<div "+deep("x=1 ", 100_000)+"><p>"+report+"</p></div>"), report, nil},
		{"a canonical address of 1 MB", page("<link rel=canonical href='http://a.example/"+deep("x", 1<<20)+"'>", "<p>"+report), report, nil},
		{"entities", page("", "<p>"+deep("&amp;", 100_000)+"&bogus;&#0;&#x110000;&#xD800; "+report), report, nil},
		{"nested JSON-LD", page("<script type='application/ld+json'>"+deep(`{"@graph":[`, 20_000)+"</script>", "<p>"+report), report, nil},
		{"JSON-LD of other types", page(`<script type="application/ld+json">{"@type":{"a":[1]},"headline":5,"author":[[["x"]]],"datePublished":{"x":1},"publisher":[null]}</script>`, "<p>"+report), report, nil},
		{"NULs between the letters of tags", page("", "<p>\x00"+report+"\x00</p>\x00<\x00p>"), report, nil},
		{"an unclosed comment ahead of the text's twin", page("", "<p>"+report+"</p><!-- "+deep("x", 100_000)), report, nil},
		{"no html, no body", report, report, nil},
		{"plain text in the body", "<body>" + report, report, nil},
		{"300k elements", page("", deep("<p>متن</p>", 400_000)), "", errAny},
		{"script only", page("", "")[:20] + "<script>document.write('" + report + "')</script>", "", ErrNoText},
		{"nothing but tags", "<html><head></head><body><div></div></body></html>", "", ErrNoText},
		{"frames", "<html><frameset cols=20%,80%><frame src=a.htm><frame src=b.htm></frameset></html>", "", errFrames},
		{"blank", " \r\n\t ", "", sanad.ErrEmpty},
		{"nothing", "", "", sanad.ErrEmpty},
		{"too large", deep(" ", MaxBytes) + "x", "", ErrTooLarge},
		{"binary", deep("\x00\xff\x80\x01\xfe", 10_000), "", errAny},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			p, err := Read([]byte(c.in), "text/html; charset=utf-8", "https://a.example/1")
			runtime.ReadMemStats(&after)
			switch {
			case c.err == errAny && err == nil:
				t.Fatalf("no error, text %.100q", p.Text)
			case c.err != nil && c.err != errAny && !errors.Is(err, c.err):
				t.Fatalf("error %v, want %v", err, c.err)
			case c.err == nil && err != nil:
				t.Fatal(err)
			case c.err == nil && !strings.Contains(p.Text, c.wants):
				t.Fatalf("the text is lost: %.300q", p.Text)
			}
			if utf8.RuneCountInString(p.Title) > maxTitle {
				t.Errorf("a title of %d bytes", len(p.Title))
			}
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 400 {
				t.Errorf("%d MB allocated for a page of %d MB", mb, len(c.in)>>20)
			}
		})
	}
}

var errAny = errors.New("any error")

func TestCharset(t *testing.T) {
	old := strings.NewReplacer("ی", "ي", "\u200c", " ").Replace(report) // as it is written without Persian letters
	win := must(t)(charmap.Windows1256.NewEncoder().String(strings.ReplaceAll(report, "ی", "ي")))
	iso := must(t)(charmap.ISO8859_6.NewEncoder().String(strings.NewReplacer("گ", "ك", "پ", "ب", "چ", "ج", "ک", "ك").Replace(old)))
	le := must(t)(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String("<p>" + report))
	be := must(t)(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String("<p>" + report))
	meta := func(cs string) string {
		return "<meta http-equiv=Content-Type content='text/html; charset=" + cs + "'>"
	}
	winText, isoText := strings.ReplaceAll(report, "ی", "ي"), strings.NewReplacer("گ", "ك", "پ", "ب", "چ", "ج", "ک", "ك").Replace(old)
	for _, c := range []struct{ name, in, hint, want string }{
		{"windows-1256, nothing said", "<p>" + win, "", winText},
		{"windows-1256, HTTP says it", "<p>" + win, "text/html; charset=windows-1256", winText},
		{"windows-1256, meta says it", meta("windows-1256") + "<p>" + win, "text/html", winText},
		{"windows-1256, called ISO-8859-1", meta("iso-8859-1") + "<p>" + win, "", winText},
		{"windows-1256, called UTF-8", meta("utf-8") + "<p>" + win, "text/html; charset=UTF-8", winText},
		{"windows-1256, called something unknown", meta("x-arabic-thing") + "<p>" + win, "", winText},
		{"UTF-8, called windows-1256", meta("windows-1256") + "<p>" + report, "text/html; charset=windows-1256", report},
		{"UTF-8 with its mark", "\xef\xbb\xbf<p>" + report, "", report},
		{"UTF-8 with one broken letter elsewhere", "<nav>\xd8</nav><p>" + report, "", report},
		{"ISO-8859-6, nothing said", "<p>" + iso, "", isoText},
		{"ISO-8859-6, said", meta("iso-8859-6") + "<p>" + iso, "", isoText},
		{"UTF-16 without its mark", le, "", report},
		{"UTF-16, big end first, HTTP says UTF-8", be, "text/html; charset=utf-8", report},
		{"UTF-16, cut off within a letter", be + "\x06", "", report},
	} {
		p, err := Read([]byte(c.in), c.hint, "")
		if err != nil || p.Text != c.want {
			t.Errorf("%s: %v\n got %q\nwant %q", c.name, err, p.Text, c.want)
		}
	}
	for _, c := range []struct{ name, in string }{
		{"a broken letter within the text", "<p>" + report + "\xd8 و دیگر هیچ</p>"},
		{"bytes of no charset", "<p>" + strings.Repeat("\xff\xfa\x90\xd8\xd8", 100)},
	} {
		if p, err := Read([]byte(c.in), "", ""); err == nil {
			t.Errorf("%s: no error, text %q", c.name, p.Text)
		}
	}
}

func must(t *testing.T) func(string, error) string {
	return func(s string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

// TestFrontPage: a page that only shows others is no article.
func TestFrontPage(t *testing.T) {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><html><head><title>خبرگزاری نمونه</title><meta property='og:site_name' content='خبرگزاری نمونه'></head><body><header><a href='/'>خانه</a></header><main>")
	for i := range 12 {
		fmt.Fprintf(&b, "<div class='box%d'><a href='/n/%d'><img src=x></a><h3><a href='/n/%d'>خبر شماره %d از مجلس و دولت</a></h3><p>%s</p></div>", i, i, i, i, report)
	}
	b.WriteString("</main><footer>حقوق محفوظ است</footer></body></html>")
	if p, err := Read([]byte(b.String()), "", "https://a.example/"); !errors.Is(err, ErrNoText) {
		t.Errorf("%v, text %q", err, p.Text)
	}
}

func TestAddress(t *testing.T) {
	for _, c := range []struct{ base, canonical, want string }{
		{"https://a.example/n/1?utm_source=x&id=2#c", "", "https://a.example/n/1?id=2"},
		{"https://a.example/n/1", "/n/1/title", "https://a.example/n/1/title"},
		{"https://amp.a.example/n/1", "https://www.a.example/n/1", "https://www.a.example/n/1"},
		{"https://a.example/n/1", "https://evil.example.org/n/1", "https://a.example/n/1"},
		{"https://a.co.ir/n/1", "https://b.co.ir/n/1", "https://a.co.ir/n/1"},
		{"https://a.example/n/1", "https://a.example/", "https://a.example/n/1"},
		{"https://a.example/n/1", "javascript:alert(1)", "https://a.example/n/1"},
		{"https://a.example/n/1", "https://user:pw@a.example/n/2", "https://a.example/n/1"},
		{"https://a.example/%D8%AE%D8%A8%D8%B1/1", "", "https://a.example/خبر/1"},
		{"https://a.example/خبر/1", "", "https://a.example/خبر/1"},
		{"https://a.example/%D8%AE%20%D8%B1", "", "https://a.example/%D8%AE%20%D8%B1"},
		{"", "https://a.example/n/1", "https://a.example/n/1"},
		{"", "", ""},
	} {
		m := &meta{canonical: c.canonical, tags: map[string][]string{}}
		if got := m.address(c.base); got != c.want {
			t.Errorf("at %q, canonical %q: %q, want %q", c.base, c.canonical, got, c.want)
		}
	}
}

// FuzzPage: whatever comes in, there is an error or a text in valid UTF-8, and
// the same bytes give the same page.
func FuzzPage(f *testing.F) {
	files, _ := filepath.Glob("testdata/pages/*.txtar")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, "text/html", "https://a.example/1402/08/14/x")
	}
	f.Add([]byte("<title>خبر | سایت</title><h1>خبر</h1><table><tr><td>"+report), "text/html; charset=windows-1256", "")
	f.Fuzz(func(t *testing.T, in []byte, hint, address string) {
		p, err := Read(in, hint, address)
		for _, q := range append(p.Posts, p) {
			if !utf8.ValidString(q.Text) || !utf8.ValidString(q.Title) || !utf8.ValidString(q.Outlet) || !utf8.ValidString(q.Author) {
				t.Fatalf("not valid UTF-8: %+v", q)
			}
			if q.Published != "" && Day(q.Published) != q.Published {
				t.Fatalf("published %q", q.Published)
			}
		}
		if err == nil && p.Text == "" && len(p.Posts) == 0 {
			t.Fatal("neither text nor error")
		}
		if bytes.Contains([]byte(p.Text), []byte("\n\n\n")) {
			t.Fatalf("%q", p.Text)
		}
		again, _ := Read(in, hint, address)
		if show(again) != show(p) {
			t.Fatalf("twice the same page:\n%s\n%s", show(p), show(again))
		}
	})
}

func BenchmarkRead(b *testing.B) {
	files, _ := filepath.Glob("testdata/pages/*.txtar")
	for _, file := range files {
		raw, hint, url, _ := load(b, file)
		b.Run(filepath.Base(file), func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(raw, hint, url); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
