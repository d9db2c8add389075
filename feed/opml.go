package feed

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/sanad-project/sanad/page"
)

// Outline is one feed of an OPML list.
type Outline struct {
	Title string
	URL   string   // of the feed
	Site  string   // of the site, "" where the list does not say it
	Path  []string // the folders it stands in, the outermost first
}

// OPML reads a list of feeds: every outline, however deep in folders, that has
// the address of a feed. An outline that only includes another list
// (type="include") is no feed. cut says that the list ended before its end and
// what was read is whole.
func OPML(raw []byte, hint, address string) (list []Outline, cut bool, err error) {
	if len(raw) > MaxBytes {
		return nil, false, fmt.Errorf("larger than %d MB: this is no list of feeds", MaxBytes>>20)
	}
	s, _, err := page.Decode(raw, hint)
	if err != nil {
		return nil, false, err
	}
	l, err := scan(s)
	if err != nil {
		return nil, false, err
	}
	if !strings.EqualFold(l.root, "opml") {
		return nil, false, fmt.Errorf("no OPML: an XML document of <%s>", clip(l.root))
	}
	base, err := url.Parse(address)
	if err != nil {
		base = &url.URL{}
	}
	d := xml.NewDecoder(strings.NewReader(s[l.begin:]))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	var folders []string
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			cut = true
			break
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if !strings.EqualFold(t.Name.Local, "outline") {
				continue
			}
			o, kind := Outline{}, ""
			for _, a := range t.Attr {
				switch strings.ToLower(a.Name.Local) {
				case "xmlurl", "url":
					if o.URL == "" || strings.EqualFold(a.Name.Local, "xmlUrl") {
						o.URL = absolute(a.Value, base)
					}
				case "htmlurl":
					o.Site = absolute(a.Value, base)
				case "title":
					if s := title(a.Value); s != "" {
						o.Title = s
					}
				case "text":
					if o.Title == "" {
						o.Title = title(a.Value)
					}
				case "type":
					kind = strings.ToLower(a.Value)
				}
			}
			o.Path = append([]string(nil), folders...)
			if o.URL != "" && kind != "include" && kind != "link" {
				if len(list) == MaxItems {
					return nil, false, fmt.Errorf("more than %d feeds in the list", MaxItems)
				}
				list = append(list, o)
			}
			folders = append(folders, o.Title)
		case xml.EndElement:
			if strings.EqualFold(t.Name.Local, "outline") && len(folders) > 0 {
				folders = folders[:len(folders)-1]
			}
		}
	}
	cut = cut || !l.whole
	if len(list) == 0 {
		if cut {
			return nil, cut, errors.New("the list is cut off before its first feed")
		}
		return nil, cut, errors.New("no feed in this list")
	}
	return list, cut, nil
}

// Kind is what a document is, as far as its beginning shows.
type Kind string

// The kinds.
const (
	IsFeed  Kind = "feed"
	IsOPML  Kind = "opml"
	IsPage  Kind = "page"
	IsOther Kind = ""
)

// Sniff tells feeds, lists of feeds and pages apart by their beginning. Servers
// send all of them as text/xml or text/html, so the media type is not asked.
func Sniff(raw []byte) Kind {
	raw = raw[:min(len(raw), 64<<10)]
	s, _, err := page.Decode(raw, "")
	if err != nil {
		return IsOther
	}
	head := strings.TrimLeftFunc(s, blank)
	if strings.HasPrefix(head, "{") {
		if strings.Contains(head[:min(len(head), 2000)], "jsonfeed.org/version") {
			return IsFeed
		}
		return IsOther
	}
	for i := 0; i < len(s); {
		j := strings.IndexByte(s[i:], '<')
		if j < 0 {
			return IsOther
		}
		i += j
		if strings.HasPrefix(strings.ToLower(s[i:min(len(s), i+14)]), "<!doctype html") {
			return IsPage
		}
		if end, is := aside(s, i); is {
			if end < 0 {
				return IsOther
			}
			i = end
			continue
		}
		end := tagEnd(s, i)
		if end < 0 {
			end = len(s)
		}
		name := strings.ToLower(tagName(strings.TrimSuffix(s[i+1:end], ">") + ">"))
		switch name[strings.IndexByte(name, ':')+1:] {
		case "rss", "rdf", "feed":
			return IsFeed
		case "opml":
			return IsOPML
		case "html", "head", "body", "meta", "title", "div", "p", "table", "script", "article", "main", "link", "h1", "center", "frameset", "span", "br", "style", "a":
			return IsPage
		}
		return IsOther
	}
	return IsOther
}
