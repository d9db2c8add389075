package page

import (
	"errors"
	"fmt"
	"strings"
	"time"

	tr "github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// extractor finds the article in a page. It returns the article's elements,
// nil where it finds none; the page is a copy and its own to change.
type extractor interface {
	extract(page *html.Node) *html.Node
}

// trafilatura is go-trafilatura, with its fallbacks: it asks readability and
// dom-distiller where it finds little itself.
type trafilatura struct{}

func (trafilatura) extract(page *html.Node) *html.Node {
	c := tr.DefaultConfig()
	c.MinExtractedSize = 25 // letters; many a flash has less than its 250
	r, err := tr.ExtractDocument(page, tr.Options{
		Config:          c,
		EnableFallback:  true,
		ExcludeComments: true,
		// FavorRecall adds 7 paragraphs on the pages of testdata where this
		// adds 3, and loses none, as this; unmarked 48 and 35, lost 0 and 1.
		Focus: tr.Balanced,
		// Days are read by this package; see internal/nodateparser.
		HtmlDateMode: tr.Disabled,
	})
	if err != nil {
		return nil // too little text, says its only error under these options
	}
	return r.ContentNode
}

// The bounds of what an extractor is given. Libraries clone a page many times:
// a page made to be slow, of 16,000 elements and 1.5 MB of text, took 7 s and
// 5 GB of short-lived memory on one core; a report of a news site takes 1 ms.
// Of a page beyond the bounds the text is taken whole.
const (
	maxExtractElements = 20_000
	maxExtractText     = 2 << 20 // bytes
	maxExtractTime     = 20 * time.Second
)

// extract runs an extractor on a page that may be hostile: a panic and taking
// longer than limit are errors. An extractor cannot be stopped; one that took
// too long ends soon after, since the page is bounded.
func extract(e extractor, page *html.Node, limit time.Duration) (*html.Node, error) {
	type answer struct {
		content *html.Node
		err     error
	}
	done := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if r := recover(); r != nil {
				a = answer{err: fmt.Errorf("the text of this page cannot be extracted: %v", r)}
			}
			done <- a
		}()
		a.content = e.extract(page)
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case a := <-done:
		return a.content, a.err
	case <-timer.C:
		return nil, errors.New("the text of this page takes too long to extract")
	}
}

// copied is a page without what is skipped.
func copied(n *html.Node, skip map[*html.Node]bool) *html.Node {
	c := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Attr: append([]html.Attribute(nil), n.Attr...)}
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if !skip[k] {
			c.AppendChild(copied(k, skip))
		}
	}
	return c
}

// named gives elements their DataAtom, which extractors leave out where they
// make elements or change their names.
func named(n *html.Node) *html.Node {
	each(n, func(n *html.Node) { n.DataAtom = atom.Lookup([]byte(n.Data)) })
	return n
}

// chosen is what of a page's text an extractor chose: the paragraphs from the
// first chosen to the last, less those between that it left and that hold a
// link. linkless is the page's text without its links.
//
// The extractor's own text is not taken as it is, since libraries lose and
// double in their output. Of «<p>…</p><h3>…</h3><ul>…</ul>» in a <div>
// go-trafilatura gives the <p> alone; of lines with <br> in an <article>, each
// line twice. What a page says between two paragraphs of its text is text.
func chosen(text, linkless, extracted string) string {
	const run = 4 // words: as many in a row do not come together by chance
	lines, runs := map[string]bool{}, map[string]bool{}
	for l := range strings.Lines(extracted) {
		lines[strings.TrimSpace(l)] = true
	}
	words := strings.Fields(extracted)
	for i := run; i <= len(words); i++ {
		runs[strings.Join(words[i-run:i], " ")] = true
	}
	free := map[string]bool{}
	for p := range strings.SplitSeq(linkless, "\n\n") {
		free[p] = true
	}
	var out []string
	last := 0 // the end of what was chosen in out
	seen := map[string]bool{}
	for p := range strings.SplitSeq(text, "\n\n") {
		words := strings.Fields(p)
		in, of := 0, 0
		for i := run; i <= len(words); i++ {
			of++
			if runs[strings.Join(words[i-run:i], " ")] {
				in++
			}
		}
		switch {
		case !seen[p] && (in > 0 && 2*in >= of || lines[p]):
			out = append(out, p)
			last = len(out)
			seen[p] = true
		case last > 0 && free[p]:
			out = append(out, p)
		}
	}
	return strings.Join(out[:last], "\n\n")
}
