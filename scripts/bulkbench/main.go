// Bulkbench writes articles that were never there, to measure reading with:
//
//	go run ./scripts/bulkbench -n 100000 ARTICLES.jsonl... >many.jsonl
//	go run ./scripts/bulkbench -n 100000 -warc ARTICLES.jsonl... >many.warc
//
// Each is made of one of the articles that are given: another day, another outlet of
// those that are there, and a quarter of its words of four letters and more replaced by words
// of the same length from all of them, as often as these are used. So sentences
// keep their build, and names, figures and verbs stay among them; no two are alike. With -warc each
// stands in a page between menus and lists of links, one gzip member a page,
// with as many pages again that are no Persian news.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
)

func main() {
	n := flag.Int("n", 10000, "how many articles")
	archive := flag.Bool("warc", false, "write a web archive, one gzip member a page")
	flag.Parse()
	if err := run(*n, *archive, flag.Args(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bulkbench:", err)
		os.Exit(1)
	}
}

func run(n int, archive bool, files []string, out io.Writer) error {
	var all []sanad.Article
	var outlets []string
	words := map[int][]string{} // by number of letters
	(&input.Reader{}).Each(files, func(it input.Item) bool {
		if a := it.Article; it.Err == nil {
			all = append(all, a)
			outlets = append(outlets, a.Outlet)
			for _, w := range strings.FieldsFunc(a.Text, func(r rune) bool { return !unicode.IsLetter(r) }) {
				l := utf8.RuneCountInString(w)
				words[l] = append(words[l], w)
			}
		}
		return true
	})
	if len(all) == 0 {
		return fmt.Errorf("%q: no article", files)
	}
	b := bufio.NewWriterSize(out, 1<<20)
	lines := json.NewEncoder(b)
	lines.SetEscapeHTML(false)
	r := rand.New(rand.NewPCG(1, 1))
	first := time.Date(2014, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		a := all[i%len(all)]
		a.ID, a.URL = fmt.Sprint("b", i), fmt.Sprintf("https://news.example/%d", i)
		a.Outlet = outlets[r.IntN(len(outlets))]
		a.Published = first.AddDate(0, 0, r.IntN(3650)).Format(time.DateOnly)
		a.Text = vary(r, a.Text, words)
		if !archive {
			if err := lines.Encode(a); err != nil {
				return err
			}
			continue
		}
		if err := page(b, &a, "<p>"+strings.ReplaceAll(html.EscapeString(a.Text), "\n", "</p>\n<p>")+"</p>"); err != nil {
			return err
		}
		a.Title, a.URL = "Photo gallery", a.URL+"/photos"
		if err := page(b, &a, "<p>Pictures of the day, taken by our photographers in many places, and shown here without further words.</p>"); err != nil {
			return err
		}
	}
	return b.Flush()
}

// vary replaces words of a text.
func vary(r *rand.Rand, text string, words map[int][]string) string {
	var b strings.Builder
	for len(text) > 0 {
		end := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
		if end < 0 {
			end = len(text)
		}
		if end == 0 {
			_, end = utf8.DecodeRuneInString(text)
			b.WriteString(text[:end])
		} else if l := utf8.RuneCountInString(text[:end]); l >= 4 && r.IntN(4) == 0 {
			b.WriteString(words[l][r.IntN(len(words[l]))])
		} else {
			b.WriteString(text[:end])
		}
		text = text[end:]
	}
	return b.String()
}

// page writes an article's page as a record of a web archive.
func page(w io.Writer, a *sanad.Article, body string) error {
	var p strings.Builder
	fmt.Fprintf(&p, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<!DOCTYPE html><html lang=\"fa\"><head><meta charset=\"utf-8\"><title>%s</title>", html.EscapeString(a.Title))
	fmt.Fprintf(&p, "<meta property=\"og:title\" content=\"%s\"><meta property=\"og:site_name\" content=\"%s\"><meta property=\"article:published_time\" content=\"%sT08:30:00Z\">", html.EscapeString(a.Title), html.EscapeString(a.Outlet), a.Published)
	p.WriteString("<style>" + strings.Repeat(".box{margin:0 auto;padding:4px}\n", 150) + "</style></head><body><nav><ul>" + strings.Repeat("<li><a href=\"/section/1\">صفحه نخست</a></li>\n", 60) + "</ul></nav><article><h1>" + html.EscapeString(a.Title) + "</h1>")
	p.WriteString(body + "</article><aside>" + strings.Repeat("<div class=\"teaser\"><a href=\"/news/2\">خبرهای دیگر را اینجا بخوانید</a></div>\n", 80) + "</aside><script>" + strings.Repeat("var tracking = {id: 12345, on: true};\n", 200) + "</script><footer>همه حقوق محفوظ است</footer></body></html>")
	content := p.String()
	z := gzip.NewWriter(w)
	fmt.Fprintf(z, "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: %s\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", a.URL, len(content), content)
	return z.Close()
}
