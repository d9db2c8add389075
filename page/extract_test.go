package page

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

type fake func(*html.Node) *html.Node

func (f fake) extract(n *html.Node) *html.Node { return f(n) }

const (
	first  = "وزیر نفت گزارش‌ها درباره توقف صادرات به همسایگان را نادرست خواند."
	second = "سخنگوی دولت روز یکشنبه در نشست خبری گفت که لایحه بودجه در موعد قانونی به مجلس می‌رود."
	plain  = "<div><p>" + first + "</p></div><div><p>" + second + "</p></div>"
)

// found runs the finder with an extractor on a page without marks.
func found(t *testing.T, e extractor, body string) (string, error) {
	t.Helper()
	doc, err := tree(page("", body))
	if err != nil {
		t.Fatal(err)
	}
	f := &finder{extractor: e, doc: doc, heading: findHeading(doc, nil)}
	s, _, err := f.main()
	return s, err
}

func TestExtractor(t *testing.T) {
	asked := 0
	last := fake(func(n *html.Node) *html.Node {
		asked++
		if strings.Contains(line(n), "سخنگو: بودجه") {
			t.Error("the extractor was given the heading")
		}
		d := find(n, atom.Body).LastChild
		d.Parent.RemoveChild(d)
		return d
	})
	if s, err := found(t, last, plain); err != nil || s != second {
		t.Errorf("%q, %v", s, err)
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	whole := first + "\n\n" + second
	nothing := fake(func(*html.Node) *html.Node { return nil })
	if s, err := found(t, nothing, plain); err != nil || s != whole {
		t.Errorf("where the extractor finds nothing: %q, %v", s, err)
	}
	empty := fake(func(*html.Node) *html.Node { return &html.Node{Type: html.ElementNode, Data: "body"} })
	if s, err := found(t, empty, plain); err != nil || s != whole {
		t.Errorf("where the extractor finds an empty element: %q, %v", s, err)
	}
	broken := fake(func(*html.Node) *html.Node { panic("index out of range") })
	if s, err := found(t, broken, plain); err == nil || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("a panic: %q, %v", s, err)
	}
	asked = 0
	if s, err := found(t, last, strings.Repeat("<p>متن خبر</p>", maxExtractElements)); err != nil || asked > 0 || strings.Count(s, "متن خبر") != maxExtractElements {
		t.Errorf("many elements: asked %d times, %d bytes, %v", asked, len(s), err)
	}
	if s, err := found(t, last, strings.Repeat("متن خبر ", maxExtractText/10)); err != nil || asked > 0 || len(s) < maxExtractText {
		t.Errorf("much text: asked %d times, %d bytes, %v", asked, len(s), err)
	}
	// An element that the extractor made has a name only.
	row := &html.Node{Type: html.ElementNode, Data: "tr"}
	for _, s := range [...]string{"سال", "بشکه"} {
		td := &html.Node{Type: html.ElementNode, Data: "td"}
		td.AppendChild(&html.Node{Type: html.TextNode, Data: s})
		row.AppendChild(td)
	}
	if s, err := found(t, fake(func(*html.Node) *html.Node { return row }), plain+"<table><tr><td>سال<td>بشکه</table>"); err != nil || s != "سال بشکه" {
		t.Errorf("cells of a table: %q, %v", s, err)
	}
}

func TestChosen(t *testing.T) {
	const third, link = "هنوز کسی مسئولیت این حمله را نپذیرفته است.", "نقشه راه میانجی‌ها"
	join := func(ps ...string) string { return strings.Join(ps, "\n\n") }
	for _, c := range []struct{ name, text, extracted, want string }{
		{"all", join(first, second, third), join(first, second, third), join(first, second, third)},
		{"lost between", join(first, second, third), join(first, third), join(first, second, third)},
		{"lost between, with a link", join(first, link, third), join(first, third), join(first, third)},
		{"a link that was chosen", join(first, link, third), join(first, link, third), join(first, link, third)},
		{"before and behind", join(first, second, third), second, second},
		{"doubled by the extractor", join(first, second), join(first, first, second, second), join(first, second)},
		{"lines run together by the extractor", join(first+"\n"+second, third), first + " " + second + " " + third, join(first+"\n"+second, third)},
		{"again below other things", join(first, second, third, first), join(first, second), join(first, second)},
		{"a few words", join("واکنش مقام‌ها", first), join("واکنش مقام‌ها", first), join("واکنش مقام‌ها", first)},
		{"half of a paragraph", first + " " + link, first, first + " " + link},
		{"something else", join(first, second), third, ""},
		{"nothing", join(first, second), "", ""},
	} {
		if got := chosen(c.text, strings.ReplaceAll(c.text, link, ""), c.extracted); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

func TestSlowExtractor(t *testing.T) {
	end := make(chan bool)
	defer close(end)
	slow := fake(func(n *html.Node) *html.Node { <-end; return n })
	if n, err := extract(slow, &html.Node{}, time.Nanosecond); n != nil || err == nil {
		t.Errorf("%v, %v", n, err)
	}
}

// TestLetters: what joins, parts and directs letters comes through the
// extractor as it stands in the page.
func TestLetters(t *testing.T) {
	want := "می\u200cرود و ه\u200d پایان \u200f(۱۴٪)\u200f و \u200eA-1\u200e و \u202bالف\u202c و \u2067ب\u2069؛ کِتابٌ، ك ي ۀ ـ «" + report + "»"
	s, err := found(t, trafilatura{}, "<div><p>"+want+"</p></div><div><p>"+report+"</p><p>انتهای پیام</p></div>")
	if s != want+"\n\n"+report+"\n\nانتهای پیام" || err != nil {
		t.Errorf("%q, %v", s, err)
	}
}

var (
	itemprop = regexp.MustCompile(` itemprop=("[^"]*"|'[^']*')`)
	allNames = regexp.MustCompile(` (?:class|id|itemprop)=("[^"]*"|'[^']*'|[^ />]+)`)
)

// TestUnmarked reads the pages of testdata without the marks that they carry,
// as pages of sites that nobody has seen yet, and writes down which paragraphs
// are lost and which are added.
func TestUnmarked(t *testing.T) {
	files, _ := filepath.Glob("testdata/pages/*.txtar")
	var b strings.Builder
	for _, c := range []struct {
		name string
		gone *regexp.Regexp
	}{{"the pages as they are", regexp.MustCompile(`^\z`)}, {"without itemprop", itemprop}, {"without class, id and itemprop", allNames}} {
		var list strings.Builder
		right, all, lost, added := 0, 0, 0, 0
		for _, file := range files {
			raw, hint, url, want := load(t, file)
			if len(want) > 1 {
				continue // a channel's preview
			}
			p, err := Read(c.gone.ReplaceAll(raw, nil), hint, url)
			if err != nil {
				t.Fatalf("%s, %s: %v", file, c.name, err)
			}
			_, text, _ := strings.Cut(want[0], "\n\n")
			a, b := strings.Split(strings.TrimSpace(text), "\n\n"), strings.Split(p.Text, "\n\n")
			if all++; slices.Equal(a, b) {
				right++
				continue
			}
			fmt.Fprintf(&list, "%s\n", filepath.Base(file))
			for _, s := range a {
				if !slices.Contains(b, s) {
					lost++
					fmt.Fprintf(&list, "- %s\n", s)
				}
			}
			for _, s := range b {
				if !slices.Contains(a, s) {
					added++
					fmt.Fprintf(&list, "+ %s\n", s)
				}
			}
		}
		fmt.Fprintf(&b, "# %s: %d of %d right, %d paragraphs lost, %d added\n\n%s\n", c.name, right, all, lost, added, list.String())
	}
	const golden = "testdata/unmarked.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("this differs from %s; look at both, then run with -update:\n%s", golden, b.String())
	}
}
