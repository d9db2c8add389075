package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/sanad-project/sanad/feed"
	"github.com/sanad-project/sanad/fetch"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/page"
)

const sentence = "سخنگوی دولت روز یکشنبه در نشست خبری گفت که لایحه بودجه در موعد قانونی به مجلس می‌رود"

func html(i int) string {
	return fmt.Sprintf("<html><head><meta property='og:site_name' content='خبرگزاری نمونه'><meta property='og:title' content='خبر شماره %d از مجلس'><meta property='article:published_time' content='1402/08/14'></head><body><h1>خبر شماره %d از مجلس</h1><p>%s، بخش %d.</p></body></html>", i, i, sentence, i)
}

func zip(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.String()
}

func recordOf(i int, media string) string {
	c := "HTTP/1.1 200 OK\r\nContent-Type: " + media + "\r\n\r\n" + html(i)
	return fmt.Sprintf("WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2023-11-05T09:00:00Z\r\nWARC-Target-URI: https://a.example/%d\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", i, len(c), c)
}

const fullRSS = `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>خبرگزاری نمونه - سیاسی</title>
<item><title>گزارش کامل</title><link>https://a.example/full</link><pubDate>۱۴ آبان ۱۴۰۲</pubDate><description>خلاصه</description><content:encoded><![CDATA[FULL]]></content:encoded></item></channel></rss>`

func files(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	warc := recordOf(1, "text/html") + recordOf(2, "image/png") + recordOf(3, "text/html; charset=utf-8")
	for name, s := range map[string]string{
		"a.txt":           sentence + ".",
		"b/b.jsonl":       "{\"text\": \"" + sentence + "\", \"id\": \"j1\"}\n{\"text\": \"" + sentence + "\"}\n",
		"b/c.jsonl.gz":    zip("{\"text\": \"" + sentence + "\"}\n"),
		"b/d.html":        html(1),
		"b/e.HTM.gz":      zip(html(2)),
		"b/f.json":        "{\"text\": \"" + sentence + "\"}",
		"b/notes.md":      "x",
		"b/.hidden.txt":   "x",
		"b/.git/x.txt":    "x",
		"c.warc":          warc,
		"c2.warc.gz":      zip(recordOf(1, "text/html")) + zip(recordOf(3, "text/html")),
		"d.xml":           strings.ReplaceAll(fullRSS, "FULL", "<p>"+strings.Repeat(sentence+". ", 9)+"</p>"),
		"e.mhtml":         "x",
		"noname-html":     "<!DOCTYPE html>" + html(4),
		"noname-warc":     warc,
		"noname-warc-zip": zip(warc),
		"noname-text":     sentence + ".",
		"noname-lines":    "{\"text\": \"" + sentence + "\"}\n",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func collect(ctx context.Context, args []string, o Options) (out []input.Item) {
	Each(ctx, args, o, func(it input.Item) bool {
		out = append(out, it)
		return true
	})
	return out
}

// brief prints items one a line: place, kind, id, address, title, outlet, day,
// what was guessed, and the beginning of the text or of the error.
func brief(dir string, items []input.Item) string {
	var b strings.Builder
	if dir == "" {
		dir = "no folder"
	}
	for _, it := range items {
		a := it.Article
		text := strings.Join(strings.Fields(strings.TrimPrefix(a.Text, sentence)), " ")
		fmt.Fprintf(&b, "%s %s %s|%s|%s|%s|%s|%s|%.22s", strings.TrimPrefix(it.Where(), dir+"/"), it.Kind, a.ID, a.URL, a.Title, a.Outlet, a.Published, strings.Join(it.Guessed, ","), text)
		if it.Err != nil {
			fmt.Fprintf(&b, "error: %s", strings.ReplaceAll(it.Err.Error(), dir+"/", ""))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestFiles(t *testing.T) {
	dir := files(t)
	arg := func(names ...string) (out []string) {
		for _, n := range names {
			out = append(out, filepath.Join(dir, n))
		}
		return out
	}
	const page1, page3 = "|https://a.example/1|خبر شماره 1 از مجلس|خبرگزاری نمونه|2023-11-05||، بخش 1.\n", "|https://a.example/3|خبر شماره 3 از مجلس|خبرگزاری نمونه|2023-11-05||، بخش 3.\n"
	folder := "b/b.jsonl:1 json j1||||||\nb/b.jsonl:2 json b-2||||||\nb/c.jsonl.gz:1 json c-1||||||\nb/d.html html d||خبر شماره 1 از مجلس|خبرگزاری نمونه|2023-11-05||، بخش 1.\nb/e.HTM.gz html e||خبر شماره 2 از مجلس|خبرگزاری نمونه|2023-11-05||، بخش 2.\n"
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"text", arg("a.txt"), "a.txt text a||||||.\n"},
		{"a folder", arg("b"), folder},
		{"all", []string{dir}, "a.txt text a||||||.\n" + folder + "c.warc html " + page1 + "c.warc html " + page3 + "c2.warc.gz html " + page1 + "c2.warc.gz html " + page3 + "d.xml feed |https://a.example/full|گزارش کامل|خبرگزاری نمونه - سیاسی|2023-11-05|outlet|. سخنگوی دولت روز یکشن\n"},
		{"json, named", arg("b/f.json"), "b/f.json:1 json f||||||\n"},
		{"by content", arg("noname-html", "noname-warc", "noname-warc-zip", "noname-text", "noname-lines"), "noname-html html noname-html||خبر شماره 4 از مجلس|خبرگزاری نمونه|2023-11-05||، بخش 4.\nnoname-warc html " + page1 + "noname-warc html " + page3 + "noname-warc-zip html " + page1 + "noname-warc-zip html " + page3 + "noname-text text noname-text||||||.\nnoname-lines:1 json noname-lines-1||||||\n"},
		{"what is not there, and not read", arg("nowhere", "e.mhtml"), "nowhere  ||||||error: no such file or folder\ne.mhtml  ||||||error: a web page with its pictures in one file is not read: save the page as HTML\n"},
		{"an address where nothing is fetched", []string{"https://a.example/"}, "https://a.example/  ||||||error: nothing is fetched here: give a file\n"},
	} {
		if got := brief(dir, collect(context.Background(), c.args, Options{})); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
	if got := brief(dir, collect(context.Background(), []string{t.TempDir()}, Options{})); !strings.Contains(got, "nothing in this folder") {
		t.Error(got)
	}
}

func TestStdin(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"text", sentence + ".", "standard input text stdin||||||.\n"},
		{"lines", "{\"text\": \"" + sentence + "\"}\n", "standard input:1 json stdin-1||||||\n"},
		{"a page", html(1), "standard input html stdin||خبر شماره 1 از مجلس|خبرگزاری نمونه|2023-11-05||، بخش 1.\n"},
		{"an archive", zip(recordOf(1, "text/html")), "standard input html |https://a.example/1|خبر شماره 1 از مجلس|خبرگزاری نمونه|2023-11-05||، بخش 1.\n"},
	} {
		if got := brief("", collect(context.Background(), []string{"-"}, Options{Stdin: io.MultiReader(strings.NewReader(c.in))})); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestBytes: what the items used up is what Size foretold, and Raw is there
// only where it is asked for.
func TestBytes(t *testing.T) {
	dir := files(t)
	args := []string{filepath.Join(dir, "a.txt"), filepath.Join(dir, "b"), filepath.Join(dir, "noname-lines"), filepath.Join(dir, "noname-html")}
	for _, keep := range []bool{true, false} {
		var n int64
		for _, it := range collect(context.Background(), args, Options{Keep: keep}) {
			n += it.Bytes
			if (it.Raw != nil) != keep {
				t.Errorf("%s: keep %v, raw %q", it.Where(), keep, it.Raw)
			}
		}
		if n != Size(args) {
			t.Errorf("%d bytes of %d", n, Size(args))
		}
	}
	if n := Size([]string{"https://a.example/"}); n != -1 {
		t.Error(n)
	}
	for _, it := range collect(context.Background(), []string{filepath.Join(dir, "c2.warc.gz")}, Options{Keep: true}) {
		if !strings.HasPrefix(string(it.Raw), "<html>") || it.Media != "text/html" || !it.At.Equal(time.Date(2023, 11, 5, 9, 0, 0, 0, time.UTC)) {
			t.Errorf("%+v", it)
		}
	}
}

func TestDefaults(t *testing.T) {
	dir := files(t)
	o := Options{Defaults: input.Defaults{ID: "x", Outlet: "پیام", Title: "عنوان", Published: "1402-01-01"}}
	got := brief(dir, collect(context.Background(), []string{filepath.Join(dir, "d.xml"), filepath.Join(dir, "b/d.html")}, o))
	// What a page says stays; what is only guessed gives way.
	want := "d.xml feed |https://a.example/full|گزارش کامل|پیام|2023-11-05||. سخنگوی دولت روز یکشن\nb/d.html html x||خبر شماره 1 از مجلس|خبرگزاری نمونه|2023-11-05||، بخش 1.\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ in, want string }{
		"a.html":      {"<html><body></body></html>", "no article text"},
		"b.html.gz":   {zip(html(1))[:60], "cut off"},
		"c.jsonl.gz":  {"\x1f\x8b\x08rubbish", "gzip"},
		"d.warc.gz":   {zip("no archive"), "no WARC archive"},
		"e.xml":       {"<urlset/>", "no feed"},
		"f.opml":      {"<opml><body/></opml>", "no feed in this list"},
		"g.html":      {strings.Repeat(" ", page.MaxBytes+2), "larger than"},
		"h.rss":       {"", "no text to read"},
		"i.warc":      {recordOf(1, "text/html")[:300], "cut off"},
		"j.html.gz":   {zip(strings.Repeat("<p>متن ", 16<<20)), "larger than"},
		"k.xml":       {strings.ReplaceAll(fullRSS, "FULL", "x"), "nothing is fetched"},
		"l.html":      {"%PDF-1.4 \x00\x01\x02\x03\xff\xfe", "charset"},
		"m.mht.gz":    {zip("x"), "save the page as HTML"},
		"n.something": {"\x1f\x8b", "gzip"},
	} {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(c.in), 0o600); err != nil {
			t.Fatal(err)
		}
		items := collect(context.Background(), []string{name}, Options{})
		if len(items) != 1 || items[0].Err == nil || !strings.Contains(items[0].Err.Error(), c.want) || items[0].File != name {
			t.Errorf("%s: %s", filepath.Base(name), brief(dir, items))
		}
	}
}

// pages is a small part of the web.
type pages struct {
	pages map[string]*fetch.Page
	mu    sync.Mutex
	asked []string
	wait  chan struct{} // closed when pages may be answered; nil: at once
}

func (w *pages) Get(ctx context.Context, url string, c fetch.Cond) (*fetch.Page, error) {
	w.mu.Lock()
	w.asked = append(w.asked, url)
	w.mu.Unlock()
	if w.wait != nil {
		select {
		case <-w.wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p := w.pages[url]
	if p == nil {
		return nil, errors.New("not found")
	}
	if c.ETag != "" && c.ETag == p.ETag {
		return &fetch.Page{URL: p.URL, Status: 304, Unchanged: true, At: at}, nil
	}
	return p, nil
}

var at = time.Date(2023, 11, 6, 8, 0, 0, 0, time.UTC)

func newPages() *pages {
	w := &pages{pages: map[string]*fetch.Page{}}
	put := func(url, media, body string) {
		w.pages[url] = &fetch.Page{URL: url, Status: 200, Media: media, Body: []byte(body), At: at, ETag: "e-" + url}
	}
	put("https://a.example/1", "text/html", html(1))
	put("https://a.example/2", "text/html", html(2))
	// A page that says nothing of itself: the feed does.
	put("https://a.example/3", "text/html", "<html><body><div><p>"+sentence+"، بخش سوم.</p></div></body></html>")
	put("https://a.example/moved", "text/html", html(5))
	w.pages["https://a.example/moved"].URL = "https://a.example/new?utm_source=x"
	put("https://a.example/t.txt", "text/plain", sentence+".")
	put("https://a.example/x.pdf", "application/pdf", "%PDF-1.4")
	put("https://a.example/empty", "text/html", "<html></html>")
	put("https://a.example/rss", "text/html", `<rss version="2.0"><channel><title>خبرگزاری نمونه - سیاسی</title>
<item><title>عنوان دو</title><link>https://a.example/2?utm_source=rss</link></item>
<item><title>عنوان سه در خوراک</title><link>https://a.example/3</link><pubDate>۱۳ آبان ۱۴۰۲</pubDate><author>مینا</author></item>
<item><title>گم</title><link>https://a.example/gone</link></item>
<item><title>باز دو</title><link>https://a.example/2</link></item>
<item><title>بی‌پیوند</title></item></channel></rss>`)
	put("https://b.example/full.rss", "application/rss+xml", strings.ReplaceAll(fullRSS, "FULL", "<p>"+strings.Repeat(sentence+". ", 9)+"</p>"))
	put("https://a.example/list.opml", "text/xml", `<opml version="2.0"><body><outline text="x"><outline xmlUrl="https://a.example/rss"/></outline><outline xmlUrl="https://b.example/full.rss"/><outline xmlUrl="https://b.example/full.rss"/><outline xmlUrl="https://a.example/1"/><outline xmlUrl="https://b.example/gone"/></body></opml>`)
	return w
}

const (
	item2    = "|https://a.example/2|خبر شماره 2 از مجلس|خبرگزاری نمونه|2023-11-05||، بخش 2.\n"
	item3    = "https://a.example/3 html |https://a.example/3|عنوان سه در خوراک|خبرگزاری نمونه - سیاسی|2023-11-04|outlet|، بخش سوم.\n"
	gone     = "https://a.example/gone  ||||||error: not found\n"
	linkless = "https://a.example/rss  ||||||error: «بی‌پیوند»: the feed gives neither the report's text nor its address\n"
	full     = "https://b.example/full.rss feed |https://a.example/full|گزارش کامل|خبرگزاری نمونه - سیاسی|2023-11-05|outlet|. سخنگوی دولت روز یکشن\n"
)

func TestWeb(t *testing.T) {
	for _, c := range []struct{ arg, want string }{
		{"https://a.example/1", "https://a.example/1 html |https://a.example/1|خبر شماره 1 از مجلس|خبرگزاری نمونه|2023-11-05||، بخش 1.\n"},
		{"https://a.example/moved", "https://a.example/moved html |https://a.example/new|خبر شماره 5 از مجلس|خبرگزاری نمونه|2023-11-05||، بخش 5.\n"},
		{"https://a.example/t.txt", "https://a.example/t.txt text |https://a.example/t.txt|||||.\n"},
		{"https://a.example/x.pdf", "https://a.example/x.pdf  ||||||error: a document of kind \"application/pdf\": neither a page nor a feed nor text\n"},
		{"https://a.example/empty", "https://a.example/empty html |https://a.example/empty|||||error: no article text on this page\n"},
		{"https://a.example/gone", gone},
		{"https://a.example/rss", "https://a.example/2 html " + item2 + item3 + gone + linkless},
		{"https://b.example/full.rss", full},
	} {
		w := newPages()
		items := collect(context.Background(), []string{c.arg}, Options{Get: w, Keep: true})
		if got := brief("", items); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.arg, got, c.want)
		}
		for _, it := range items {
			if it.Err == nil && (it.Raw == nil || !it.At.Equal(at) || it.Media == "") {
				t.Errorf("%s: raw %d bytes, at %v, media %q", it.Where(), len(it.Raw), it.At, it.Media)
			}
		}
		if c.arg == "https://a.example/rss" && items[1].Author != "مینا" {
			t.Errorf("author %q", items[1].Author)
		}
	}
}

func TestList(t *testing.T) {
	w := newPages()
	got := strings.SplitAfter(brief("", collect(context.Background(), []string{"https://a.example/list.opml"}, Options{Get: w})), "\n")
	want := strings.SplitAfter("https://a.example/2 html "+item2+item3+gone+linkless+full+"https://a.example/1  ||||||error: no feed: the list names an address that gives something else\nhttps://b.example/gone  ||||||error: not found\n", "\n")
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, ""), strings.Join(want, ""))
	}
	n := 0
	for _, a := range w.asked {
		if a == "https://b.example/full.rss" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("a feed named twice was fetched %d times", n)
	}
}

func TestKnown(t *testing.T) {
	w := newPages()
	var told []string
	got := brief("", collect(context.Background(), []string{"https://a.example/rss"}, Options{
		Get:   w,
		Known: func(url string) bool { return url == "https://a.example/2" },
		Got: func(url string, p *fetch.Page, err error) {
			told = append(told, fmt.Sprint(url, " ", err == nil && p.ETag == "e-"+url))
		},
	}))
	if got != item3+gone+linkless {
		t.Error(got)
	}
	if want := []string{"https://a.example/rss true", "https://a.example/3 true", "https://a.example/gone false"}; !slices.Equal(told, want) {
		t.Error(told)
	}
	got = brief("", collect(context.Background(), []string{"https://a.example/rss"}, Options{Get: w, Cond: func(url string) fetch.Cond { return fetch.Cond{ETag: "e-" + url} }}))
	if got != "" {
		t.Errorf("an unchanged feed gave %s", got)
	}
}

// TestStop: when yield says no, or ctx is done, nothing more comes, and Each
// returns though pages are still under way.
func TestStop(t *testing.T) {
	dir := files(t)
	for _, args := range [][]string{{dir}, {filepath.Join(dir, "c.warc"), dir}, {"https://a.example/rss", dir}, {"https://a.example/list.opml", dir}} {
		n := 0
		Each(context.Background(), args, Options{Get: newPages()}, func(input.Item) bool { n++; return false })
		if n != 1 {
			t.Errorf("%v: %d items after the first was refused", args, n)
		}
		ctx, cancel := context.WithCancel(context.Background())
		n = 0
		Each(ctx, args, Options{Get: newPages()}, func(input.Item) bool { n++; cancel(); return true })
		if n != 1 {
			t.Errorf("%v: %d items after the end of the context", args, n)
		}
	}
	w := newPages()
	w.wait = make(chan struct{}) // nobody answers
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		Each(ctx, []string{"https://a.example/1"}, Options{Get: w}, func(it input.Item) bool { t.Error(it); return true })
		r, stdin := io.Pipe() // nobody writes
		defer stdin.Close()
		Each(ctx, []string{"-"}, Options{Stdin: r}, func(it input.Item) bool { t.Error(it); return true })
		close(over)
	}()
	cancel()
	<-over
	r, stdin := io.Pipe()
	defer stdin.Close()
	ctx, cancel = context.WithCancel(context.Background())
	begun := make(chan struct{})
	over = make(chan struct{})
	go func() {
		Each(ctx, []string{"-"}, Options{Stdin: reader(func(p []byte) (int, error) { close(begun); return r.Read(p) })}, func(it input.Item) bool { t.Error(it); return true })
		close(over)
	}()
	<-begun
	cancel()
	<-over
}

type reader func([]byte) (int, error)

func (f reader) Read(p []byte) (int, error) { return f(p) }

// TestFetcher goes through the real fetcher to a server of our own.
func TestFetcher(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/robots.txt", http.NotFound)
	mux.HandleFunc("/rss", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		io.WriteString(w, "<rss version='2.0'><channel><title>نمونه</title><item><title>یک</title><link>/n/1</link></item></channel></rss>")
	})
	mux.HandleFunc("/n/1", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, html(1)) })
	srv := httptest.NewServer(mux)
	defer srv.Close()
	f := fetch.New(fetch.Options{AllowPrivate: true, Delay: -1})
	got := brief("", collect(context.Background(), []string{srv.URL + "/rss"}, Options{Get: f}))
	want := srv.URL + "/n/1 html |" + srv.URL + "/n/1|خبر شماره 1 از مجلس|خبرگزاری نمونه|2023-11-05||، بخش 1.\n"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSniffsLikeFeed(t *testing.T) {
	// A feed that a server calls a page is read as a feed, and the other way round.
	if feed.Sniff([]byte(html(1))) != feed.IsPage || feed.Sniff([]byte(fullRSS)) != feed.IsFeed {
		t.Error("sniffing")
	}
}

func BenchmarkArchive(b *testing.B) {
	var s strings.Builder
	n := 0
	for i := range 300 {
		one := recordOf(i, "text/html; charset=utf-8")
		n += len(one)
		s.WriteString(zip(one))
	}
	name := filepath.Join(b.TempDir(), "a.warc.gz")
	if err := os.WriteFile(name, []byte(s.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(n))
	for b.Loop() {
		got := 0
		Each(context.Background(), []string{name}, Options{}, func(it input.Item) bool { got++; return it.Err == nil })
		if got != 300 {
			b.Fatal(got)
		}
	}
}
