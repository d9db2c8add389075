package page

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// writer writes the text of elements as a reader sees it: blanks of any kind
// are one blank, <br> begins a line, a block or two <br> a paragraph, which an
// empty line parts from the one before.
type writer struct {
	b    strings.Builder
	gap  gap
	skip map[*html.Node]bool
}

// gap is what stands between the last letter written and the next.
type gap int

const (
	none gap = iota
	blank
	newLine
	paragraph
)

func (w *writer) part(g gap) { w.gap = max(w.gap, g) }

func (w *writer) text(s string) {
	for len(s) > 0 {
		i := strings.IndexFunc(s, isBlank)
		switch {
		case i == 0:
			w.part(blank)
			s = strings.TrimLeftFunc(s, isBlank)
			continue
		case i < 0:
			i = len(s)
		}
		if w.b.Len() > 0 {
			w.b.WriteString([...]string{"", " ", "\n", "\n\n"}[w.gap])
		}
		w.gap = none
		w.b.WriteString(s[:i])
		s = s[i:]
	}
}

// isBlank: a half-space (U+200C) is a letter's business and no blank.
func isBlank(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' || r == 0 }

func (w *writer) node(n *html.Node) {
	if w.skip[n] {
		return
	}
	switch n.Type {
	case html.TextNode:
		w.text(n.Data)
		return
	case html.ElementNode, html.DocumentNode:
	default:
		return
	}
	g := none
	switch n.DataAtom {
	case atom.Br:
		if w.gap >= newLine {
			w.part(paragraph)
		}
		w.part(newLine)
		return
	case atom.Script, atom.Style, atom.Head, atom.Noscript, atom.Iframe, atom.Textarea, atom.Select, atom.Button:
		return
	case atom.Td, atom.Th:
		g = blank
		if !dataCell(n) {
			g = paragraph
		}
	case atom.Tr:
		g = newLine
	default:
		if blocks[n.Data] {
			g = paragraph
		}
	}
	w.part(g)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
	w.part(g)
}

var blocks = set("address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre section summary table tbody tfoot thead ul optgroup option")

// dataCell reports whether a table's cell is one of figures: short, and with
// neither paragraphs nor line breaks in it. Other tables only lay out a page.
func dataCell(td *html.Node) bool {
	n := 0
	var plain func(n *html.Node) bool
	plain = func(e *html.Node) bool {
		if e.Type == html.TextNode {
			n += len(e.Data)
			return n < 200
		}
		if e.DataAtom == atom.Br || blocks[e.Data] {
			return false
		}
		for c := e.FirstChild; c != nil; c = c.NextSibling {
			if !plain(c) {
				return false
			}
		}
		return true
	}
	for c := td.FirstChild; c != nil; c = c.NextSibling {
		if !plain(c) {
			return false
		}
	}
	return true
}

// written is the text of an element, without what is skipped.
func written(n *html.Node, skip map[*html.Node]bool) string {
	w := writer{skip: skip}
	w.node(n)
	return w.b.String()
}

// line is the text of an element in one line.
func line(n *html.Node) string {
	return squeeze(written(n, nil))
}

// Fragment is the text of a piece of HTML, as feeds carry it in an item: all of
// it, save pictures' captions, scripts and forms. Plain text comes back with
// its entities read. The error says that it is no HTML that can be read.
func Fragment(s string) (string, error) {
	if len(s) > MaxBytes {
		return "", ErrTooLarge
	}
	doc, err := tree(s)
	if err != nil {
		return "", err
	}
	skip := map[*html.Node]bool{}
	each(doc, func(n *html.Node) { skip[n] = n.DataAtom != atom.Head && never[n.Data] })
	return written(doc, skip), nil
}
