package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const pageHTML = `<!doctype html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>انفجار در بعقوبه | خبرگزاری نمونه</title>
<meta property="og:site_name" content="خبرگزاری ایرنا"><meta property="article:published_time" content="2024-03-10T08:30:00+03:30">
<link rel="canonical" href="%[1]s/news/%[2]s"></head><body><nav><a href="/">خانه</a></nav><article><h1>انفجار در بعقوبه %[2]s</h1>
<p>سخنگوی پلیس استان دیاله گفت: دیروز دست‌کم %[2]s نفر در انفجار بمب در بعقوبه کشته شدند و چند خودرو نیز آسیب دید.</p>
<p>وی افزود که تحقیقات درباره این انفجار ادامه دارد و هنوز هیچ گروهی مسئولیت آن را بر عهده نگرفته است.</p></article></body></html>`

// site is a news site on this machine: two pages, a feed of them, and a list
// of feeds.
func site(t *testing.T) *httptest.Server {
	var s *httptest.Server
	s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /private/\n")
		case strings.HasPrefix(r.URL.Path, "/news/"):
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, pageHTML, s.URL, strings.TrimPrefix(r.URL.Path, "/news/"))
		case r.URL.Path == "/rss":
			w.Header().Set("Content-Type", "application/rss+xml")
			fmt.Fprintf(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>ایرنا</title><link>%[1]s</link>
<item><title>یک</title><link>%[1]s/news/3</link></item><item><title>دو</title><link>%[1]s/news/4</link></item></channel></rss>`, s.URL)
		case r.URL.Path == "/private/page":
			t.Error("a page was fetched that robots.txt forbids")
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func sanadRun(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// TestAddAddresses adds what a site serves: a page, then the feed that
// announces it and another one.
func TestAddAddresses(t *testing.T) {
	s := site(t)
	db := filepath.Join(t.TempDir(), "l.db")
	add := func(args ...string) (int, string, string) {
		return sanadRun(t, append([]string{"add", "--ledger", db, "--allow-private", "--delay", "1ms"}, args...)...)
	}
	if code, out, errs := add(s.URL + "/news/3"); code != 0 || strings.Count(out, "new\t") != 1 {
		t.Fatalf("a page: code %d\n%s%s", code, out, errs)
	}
	if code, out, errs := add(s.URL + "/rss"); code != 0 || strings.Count(out, "new\t") != 1 || !strings.Contains(out, "/news/4") {
		t.Fatalf("a feed: code %d\n%s%s", code, out, errs)
	}
	if code, _, errs := add(s.URL+"/private/page", s.URL+"/nowhere"); code != exitSome || !strings.Contains(errs, "robots.txt") || !strings.Contains(errs, "404") {
		t.Errorf("what cannot be had: code %d\n%s", code, errs)
	}
	if code, _, errs := sanadRun(t, "add", "--ledger", db, s.URL+"/news/5"); code != exitSome || !strings.Contains(errs, "--allow-private") {
		t.Errorf("a private address: code %d\n%s", code, errs)
	}
	_, out, errs := sanadRun(t, "list", "--ledger", db, "--format", "jsonl")
	if strings.Count(out, `"outlet":"irna"`) != 2 || strings.Count(out, `"published":"2024-03-10"`) != 2 {
		t.Errorf("the list:\n%s%s", out, errs)
	}
}

// TestAddFiles adds a folder of pages, archives and feeds.
func TestAddFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, b []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	page := func(n string) []byte { return fmt.Appendf(nil, pageHTML, "https://khabar.example", n) }
	write("a.html", page("3"))
	var z bytes.Buffer
	g := gzip.NewWriter(&z)
	body := page("4")
	http1 := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	fmt.Fprintf(g, "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8>\r\nWARC-Date: 2024-03-10T09:00:00Z\r\nWARC-Target-URI: https://khabar.example/news/4\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", len(http1), http1)
	g.Close()
	write("b.warc.gz", z.Bytes())
	write("c.txt", []byte("سخنگوی پلیس استان دیاله گفت: تحقیقات درباره این انفجار ادامه دارد."))
	write("d.html", []byte("<html><body><p>nothing here</p></body></html>"))
	db := filepath.Join(t.TempDir(), "l.db")
	code, out, errs := sanadRun(t, "add", "--ledger", db, dir)
	if code != exitSome || strings.Count(out, "new\t") != 3 || !strings.Contains(errs, "d.html") {
		t.Fatalf("code %d\n%s%s", code, out, errs)
	}
	_, list, _ := sanadRun(t, "list", "--ledger", db, "--outlet", "irna", "--format", "jsonl")
	if n := strings.Count(list, "\n"); n != 2 {
		t.Fatalf("%d reports of the outlet:\n%s", n, list)
	}
	for _, line := range strings.Split(strings.TrimSpace(list), "\n") {
		_, id, _ := strings.Cut(line, `"id":"`)
		_, raw, errs := sanadRun(t, "show", "--ledger", db, "--format", "bytes", id[:16])
		if raw != string(page("3")) && raw != string(page("4")) {
			t.Errorf("%s: the bytes it came from are not those of the page: %.60q %s", id[:16], raw, errs)
		}
	}
	if code, out, errs := sanadRun(t, "check", "--ledger", db); code != 0 {
		t.Errorf("check: %d\n%s%s", code, out, errs)
	}
}
