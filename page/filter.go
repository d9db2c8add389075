package page

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of what is taken for a page. A page of a news site has some thousand
// elements, nested some dozen deep.
const (
	MaxBytes    = 16 << 20
	maxElements = 300_000
	maxDepth    = 100
	maxValue    = 8 << 10 // of an attribute, bytes
	maxScript   = 1 << 20 // of a script with metadata, bytes
)

// tree parses HTML into a tree that can be walked safely: of bounded depth and
// size, whatever was nested, left open or repeated in s.
//
// The parser of x/net/html does as browsers do: it opens unclosed <b> and
// <font> again in every later paragraph, so that 3 bytes can make 500 nodes,
// and it refuses more than 512 open elements. Hence the tags pass a filter
// first: formatting is left out, since it says nothing of where the text is,
// and containers nested deeper than maxDepth become line breaks.
func tree(s string) (*html.Node, error) {
	for depth := maxDepth; ; depth /= 4 {
		b, err := filter(s, depth)
		if err != nil {
			return nil, err
		}
		doc, err := html.Parse(bytes.NewReader(b))
		if err == nil {
			return doc, nil
		}
		if depth < 10 {
			return nil, fmt.Errorf("no HTML that can be read: %w", err)
		}
	}
}

// void elements have no end; optional ones need none, and the parser closes
// them where the next begins.
var (
	void = set("area base br col embed hr img input link meta param source track wbr")

	optional = set("p li dt dd tr td th tbody thead tfoot caption colgroup option optgroup html head body")

	// formatting elements, and such as change how the rest is parsed
	dropped = set("b i u em strong font big small code s strike tt nobr svg math template path g use")

	kept = set("class id itemprop itemscope property name content http-equiv charset rel href datetime pubdate title role style hidden data-post type")
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

func filter(s string, limit int) ([]byte, error) {
	z := html.NewTokenizer(strings.NewReader(s))
	out := make([]byte, 0, len(s)/2)
	var open []string
	skipped := map[string]int{}
	elements, titles := 0, 0
	raw := "" // the element whose raw text comes next
	keepRaw := false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out, nil // the end; a Reader of a string has no other error
		case html.TextToken:
			switch t := z.Raw(); {
			case raw == "title":
				if len(t) <= maxValue {
					out = append(out, t...)
				}
			case raw == "script":
				if keepRaw && len(t) <= maxScript {
					out = append(out, t...)
				}
			case raw == "":
				out = append(out, t...)
			}
		case html.DoctypeToken:
			out = append(out, "<!DOCTYPE html>"...)
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := string(name)
			raw, keepRaw = "", false
			switch tag {
			case "script", "title", "style", "iframe", "noscript", "noembed", "noframes", "xmp", "textarea":
				raw = tag
			}
			if dropped[tag] {
				continue
			}
			if elements++; elements > maxElements {
				return nil, fmt.Errorf("more than %d elements: this is no article", maxElements)
			}
			var attr []byte
			for more {
				var k, v []byte
				k, v, more = z.TagAttr()
				if len(v) <= maxValue && len(k) < 32 && kept[string(k)] {
					attr = append(attr, ' ')
					attr = append(attr, k...)
					attr = append(attr, `="`...)
					attr = append(attr, html.EscapeString(string(v))...)
					attr = append(attr, '"')
					if raw == "script" && string(k) == "type" && strings.Contains(strings.ToLower(string(v)), "ld+json") {
						keepRaw = true
					}
				}
			}
			switch raw {
			case "":
			case "title":
				if titles++; titles > 1 {
					raw = "second title"
					continue
				}
			case "script":
				if !keepRaw {
					continue
				}
			default:
				continue
			}
			if !void[tag] && !optional[tag] && raw == "" {
				if len(open) >= limit {
					skipped[tag]++
					out = breaks(out)
					continue
				}
				open = append(open, tag)
			}
			out = append(out, '<')
			out = append(out, tag...)
			out = append(out, attr...)
			out = append(out, '>')
		case html.EndTagToken:
			name, _ := z.TagName()
			tag := string(name)
			was := raw
			raw = ""
			if dropped[tag] {
				continue
			}
			switch tag {
			case "title", "script":
				if was == tag && (tag == "title" || keepRaw) {
					out = append(out, "</"+tag+">"...)
				}
				continue
			case "style", "iframe", "noscript", "noembed", "noframes", "xmp", "textarea":
				continue
			}
			if skipped[tag] > 0 {
				skipped[tag]--
				out = breaks(out)
				continue
			}
			for i := len(open) - 1; i >= 0 && !optional[tag]; i-- {
				if open[i] == tag {
					open = open[:i]
					break
				}
			}
			out = append(out, "</"...)
			out = append(out, tag...)
			out = append(out, '>')
		}
	}
}

// breaks begins a paragraph where a container was left out; many of them in a
// row begin one.
func breaks(out []byte) []byte {
	if bytes.HasSuffix(out, []byte("<br><br>")) {
		return out
	}
	return append(out, "<br><br>"...)
}

// errFrames is of pages that only say which other pages to show.
var errFrames = errors.New("a page of frames has no text of its own: give the address of the frame")

func find(n *html.Node, a atom.Atom) *html.Node {
	if n.DataAtom == a && n.Type == html.ElementNode {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if f := find(c, a); f != nil {
			return f
		}
	}
	return nil
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// names are the words of class and id, in lower case.
func names(n *html.Node) []string {
	return strings.Fields(strings.ToLower(attr(n, "class") + " " + attr(n, "id")))
}
