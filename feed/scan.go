package feed

import (
	"errors"
	"fmt"
	"strings"
)

// maxDepth is how deep elements may nest. Feeds nest some six deep; an item in
// XHTML some dozen. The parser calls itself for each level.
const maxDepth = 200

var (
	errDeep  = fmt.Errorf("XML elements nested deeper than %d: this is no feed", maxDepth)
	errNoXML = errors.New("no XML element in it")
)

// layout is where the parts of an XML document stand, in bytes.
type layout struct {
	root  string   // name of the root element, with its prefix
	begin int      // of the root's start tag
	inner int      // behind that tag
	items [][2]int // the item and entry elements, whole ones
	count int      // of their start tags
	whole bool     // the root is closed
}

// scan goes over the tags of an XML document without building anything: it
// bounds the depth before a parser that recurses sees the document, and finds
// the items, so that those of a damaged or cut-off feed can be read one by one.
// It follows no entities; a document type with its declarations is passed over.
func scan(s string) (layout, error) {
	l := layout{begin: -1}
	depth, item, itemDepth := 0, -1, 0
	for i := 0; i < len(s); {
		j := strings.IndexByte(s[i:], '<')
		if j < 0 {
			break
		}
		i += j
		if end, is := aside(s, i); is {
			if end < 0 {
				break
			}
			i = end
			continue
		}
		end := tagEnd(s, i)
		if end < 0 {
			break
		}
		tag := s[i:end]
		switch {
		case strings.HasPrefix(tag, "</"):
			if item >= 0 && isItem(tagName(tag[2:]), l.root) {
				l.items = append(l.items, [2]int{item, end})
				item, depth = -1, itemDepth // whatever was left open within it
			}
			if depth--; depth == 0 && l.begin >= 0 {
				l.whole = tagName(tag[2:]) == l.root
				return l, nil
			}
			depth = max(depth, 0)
		default:
			name := tagName(tag[1:])
			if name == "" {
				break // a stray «<»
			}
			if l.begin < 0 {
				l.root, l.begin, l.inner = name, i, end
			}
			// An item within an item is a cut-off one's follower.
			if isItem(name, l.root) && depth > 0 && depth <= 3 {
				if item >= 0 {
					depth = itemDepth - 1
				}
				item, itemDepth = i, depth+1
				l.count++
				if strings.HasSuffix(tag, "/>") {
					item = -1 // empty
				}
			}
			if !strings.HasSuffix(tag, "/>") {
				if depth++; depth > maxDepth {
					return l, errDeep
				}
			}
		}
		i = end
	}
	if l.begin < 0 {
		return l, errNoXML
	}
	return l, nil
}

// isItem reports whether an element of a feed with that root is an item of it:
// <item> or <entry>, with the root's prefix or none.
func isItem(name, root string) bool {
	prefix, local, ok := strings.Cut(name, ":")
	if !ok {
		local = prefix
	} else if !strings.HasPrefix(root, prefix+":") {
		return false
	}
	return local == "item" || local == "entry"
}

// aside finds the end of what is no element: comment, CDATA, instruction,
// document type. The end is -1 where there is none.
func aside(s string, i int) (end int, is bool) {
	for _, a := range [...]struct{ open, close string }{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}} {
		if strings.HasPrefix(s[i:], a.open) {
			j := strings.Index(s[i+len(a.open):], a.close)
			if j < 0 {
				return -1, true
			}
			return i + len(a.open) + j + len(a.close), true
		}
	}
	if !strings.HasPrefix(s[i:], "<!") {
		return 0, false
	}
	// <!DOCTYPE rss [ <!ENTITY a "…"> ]>
	square := 0
	for k := i; k < len(s); k++ {
		switch s[k] {
		case '[':
			square++
		case ']':
			square--
		case '>':
			if square <= 0 {
				return k + 1, true
			}
		case '"', '\'':
			j := strings.IndexByte(s[k+1:], s[k])
			if j < 0 {
				return -1, true
			}
			k += j + 1
		}
	}
	return -1, true
}

// tagEnd returns the place behind the > that ends a tag; a > within quotes ends
// none. A quote that is never closed is a mistake and no quote.
func tagEnd(s string, i int) int {
	for k := i + 1; k < len(s); k++ {
		switch s[k] {
		case '>':
			return k + 1
		case '<':
			return k // the tag before is broken off
		case '"', '\'':
			if s[k-1] != '=' && s[k-1] != ' ' {
				continue
			}
			j := strings.IndexByte(s[k+1:], s[k])
			if j < 0 || j > 64<<10 {
				continue
			}
			k += j + 1
		}
	}
	return -1
}

func tagName(s string) string {
	i := strings.IndexFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n/>", r) })
	if i < 0 {
		return ""
	}
	return s[:i]
}
