package fetch

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/temoto/robotstxt"
)

func TestRobots(t *testing.T) {
	const star = "User-agent: *\n"
	for _, c := range []struct {
		file, path string
		line       int // that forbids; 0 where none does
	}{
		{"", "/", 0},
		{"<!DOCTYPE html><p>Disallow: /</p>", "/", 0},
		{"Disallow: /", "/", 0}, // no group
		{star + "Disallow:", "/", 0},
		{star + "Disallow: /", "/", 2},
		{star + "Disallow: /", "/a?b", 2},
		{"\ufeffUser-Agent : *\r\nDISALLOW: /a # no\r\n", "/a/b", 2},
		{"User-agent: *\rDisallow: /a\r", "/a", 2},
		{star + "Disallow: /a\n", "/b/a", 0},
		{star + "Disallow: /a\n", "/A", 0},
		{star + "Disallow: a/\n", "/a/b", 2},
		// the longest rule decides; Allow of two equal ones
		{star + "Disallow: /a\nAllow: /a/b\n", "/a/b/c", 0},
		{star + "Allow: /a/b\nDisallow: /a\n", "/a/c", 3},
		{star + "Disallow: /a\nAllow: /a\n", "/a", 0},
		{star + "Allow: /a\nDisallow: /a\n", "/a", 0},
		{star + "Disallow: /a\nDisallow: /a/b\n", "/a/b", 3},
		// stars and the end
		{star + "Disallow: /a*b\n", "/axxb", 2},
		{star + "Disallow: /a*b\n", "/news/a/b", 0},
		{star + "Disallow: *.pdf$\n", "/a.pdf", 2},
		{star + "Disallow: *.pdf$\n", "/a.pdf?x", 0},
		{star + "Disallow: /a$\n", "/a", 2},
		{star + "Disallow: /a$\n", "/ab", 0},
		{star + "Disallow: /*?\n", "/a?b", 2},
		{star + "Disallow: /*?\n", "/a", 0},
		{star + "Disallow: /a$b\n", "/a$b", 2},
		{star + "Disallow: /*a*b*c$\n", "/abcabc", 2},
		{star + "Disallow: /*a*b*c$\n", "/abcab", 0},
		{star + "Disallow: /*/print\n", "/fa/news/print/1", 2},
		// one spelling
		{star + "Disallow: /خبر/\n", "/%D8%AE%D8%A8%D8%B1/1", 2},
		{star + "Disallow: /%d8%ae%d8%a8%d8%b1/\n", "/%D8%AE%D8%A8%D8%B1/1", 2},
		{star + "Disallow: /%61\n", "/a", 2},
		{star + "Disallow: /a%2Fb\n", "/a/b", 0},
		{star + "Disallow: /a%2a\n", "/a*", 2},
		{star + "Disallow: /a%2a\n", "/ab", 0},
		// groups
		{star + "Disallow: /\n\nUser-agent: Sanad\nDisallow: /a\n", "/b", 0},
		{star + "Disallow: /\n\nUser-agent: Sanad\nDisallow: /a\n", "/a", 5},
		{"User-agent: sanad/1.0\nDisallow: /\n", "/", 2},
		{"User-agent: sanadbot\nDisallow: /\n", "/", 0},
		{"User-agent: other\nUser-agent: SANAD\nDisallow: /a\n", "/a", 3},
		{"User-agent: other\nDisallow: /\n", "/a", 0},
		{"User-agent: sanad\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: sanad\nDisallow: /b\n", "/b", 6},
		{"User-agent: sanad\nDisallow:\nUser-agent: *\nDisallow: /\n", "/b", 0},
		{"User-agent: sanad\nSitemap: https://x.example/s.xml\nUser-agent: y\nDisallow: /b\n", "/b", 4},
		// one bad line does not lift the others
		{star + "Crawl-delay: soon\nDisallow: /a\n", "/a", 3},
		{"Disallow: /z\n" + star + "Disallow: /a\n", "/a", 3},
		{star + "\x00\xff\xfe:\nDisallow: /a\n", "/a", 3},
	} {
		r, no := parseRobots([]byte(c.file), product).forbids(c.path)
		if got := map[bool]int{true: r.no}[no]; got != c.line {
			t.Errorf("%q: %s is forbidden by line %d (%q), want %d", c.file, c.path, got, r.line, c.line)
		}
	}
}

func TestCrawlDelay(t *testing.T) {
	for _, c := range []struct {
		file string
		want time.Duration
	}{
		{"User-agent: *\nCrawl-delay: 7\n", 7 * time.Second},
		{"User-agent: *\nCrawl-delay: 0.5\n", time.Second / 2},
		{"User-agent: *\nCrawl-delay: -1\n", 0},
		{"User-agent: *\nCrawl-delay: NaN\n", 0},
		{"User-agent: *\nCrawl-delay: 1e300\n", 1e6 * time.Second},
		{"User-agent: *\nCrawl-delay: 7\nUser-agent: sanad\nDisallow: /a\n", 0},
		{"User-agent: x\nCrawl-delay: 7\n", 0},
	} {
		if got := parseRobots([]byte(c.file), product).delay; got != c.want {
			t.Errorf("%q: %v, want %v", c.file, got, c.want)
		}
	}
	f := New(Options{})
	for _, c := range []struct{ said, want time.Duration }{{0, 2 * time.Second}, {time.Second, 2 * time.Second}, {7 * time.Second, 7 * time.Second}, {time.Hour, 30 * time.Second}} {
		if got := f.pause(&robots{delay: c.said}); got != c.want {
			t.Errorf("a delay of %v makes a pause of %v, want %v", c.said, got, c.want)
		}
	}
}

// TestRobotsAgainstAnother compares with a parser of other authors, on files
// of the plain kind: it neither anchors patterns nor reads percent-encoding, and
// gives up on a bad line.
func TestRobotsAgainstAnother(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	piece := func() string {
		s := ""
		for range 1 + rnd.IntN(3) {
			s += "/" + []string{"a", "b", "ab", "news"}[rnd.IntN(4)]
		}
		return s
	}
	for range 2000 {
		var b strings.Builder
		used := map[string]bool{}
		for _, agent := range []string{"*", "sanad", "other"} {
			if rnd.IntN(3) == 0 {
				continue
			}
			fmt.Fprintf(&b, "User-agent: %s\n", agent)
			for range 1 + rnd.IntN(4) {
				p := piece()
				if used[agent+p] {
					continue // the other lets the first of two equal ones decide
				}
				used[agent+p] = true
				fmt.Fprintf(&b, "%s: %s\n", []string{"Allow", "Disallow"}[rnd.IntN(2)], p)
			}
		}
		other, err := robotstxt.FromString(b.String())
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			p := piece()
			_, no := parseRobots([]byte(b.String()), product).forbids(p)
			if want := !other.TestAgent(p, product); no != want {
				t.Fatalf("%s: forbidden %v here and %v there, by\n%s", p, no, want, b.String())
			}
		}
	}
}

// FuzzRobots: any file and any path are judged, and a rule that forbids is a
// line of the file.
func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /a*b$\nAllow: /\nCrawl-delay: 2\n"), "/a%zzb")
	f.Add([]byte("\ufeffuser-agent:sanad\rdisallow:*%2a\x00#"), "/*$?")
	f.Fuzz(func(t *testing.T, file []byte, path string) {
		r := parseRobots(file, product)
		x, no := r.forbids(path)
		if !no {
			return
		}
		if x.no < 1 || x.no > strings.Count(string(file), "\n")+strings.Count(string(file), "\r")+1 || x.line == "" || x.allow {
			t.Fatalf("%+v", x)
		}
		if e := encoded(path, false); encoded(e, false) != e {
			t.Fatalf("%q is encoded as %q and again as %q", path, e, encoded(e, false))
		}
	})
}

func BenchmarkRobots(b *testing.B) {
	file := "User-agent: *\n" + strings.Repeat("Disallow: /*/print/*?page=\nAllow: /fa/news/\n", 200)
	r := parseRobots([]byte(file), product)
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		for b.Loop() {
			parseRobots([]byte(file), product)
		}
	})
	b.Run("forbids", func(b *testing.B) {
		for b.Loop() {
			r.forbids("/fa/news/14020815000123/%D8%AE%D8%A8%D8%B1")
		}
	})
}
