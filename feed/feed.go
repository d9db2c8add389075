// Package feed reads feeds (RSS 0.9 to 2.0, RDF, Atom, JSON Feed) and OPML, the
// lists of feeds that feed readers exchange.
//
// A feed that is damaged or cut off gives the items that are whole, and says so
// in Damage. Sizes and depths are bounded before a parser sees the feed; XML
// entities that a document declares are never expanded.
package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"

	"github.com/sanad-project/sanad/page"
)

// Limits of what is taken for a feed.
const (
	MaxBytes = page.MaxBytes
	MaxItems = 20_000
	maxTitle = 500 // letters; what is longer is no title
)

// Feed is what a feed holds.
type Feed struct {
	Title  string // as the feed calls itself: often outlet and section
	Site   string // address of the site, "" where unknown
	Items  []Item
	Damage string // "" or what of the feed could not be read, in a sentence
}

// Item is one report that a feed announces, or carries.
type Item struct {
	Title     string
	Link      string // absolute; "" where there is none
	GUID      string
	Author    string // several parted by «، »
	Published string // 2006-01-02, see page.Day; "" where unknown
	Updated   bool   // Published is the day of the last change: the feed says no other
	Summary   string // text; "" where it is no more than Text
	Text      string // the report's text where the feed carries all of it, with its paragraphs; else ""
	HTML      string // Text as the feed has it
}

// ErrNoFeed says that the bytes are no feed.
var ErrNoFeed = errors.New("no feed: neither RSS, Atom nor JSON Feed")

// Read reads a feed. The hint is its media type as HTTP gives it or "", address
// where it was got from or "": links that are relative are completed with it.
func Read(raw []byte, hint, address string) (Feed, error) {
	if len(raw) > MaxBytes {
		return Feed{}, fmt.Errorf("larger than %d MB: this is no feed", MaxBytes>>20)
	}
	s, _, err := page.Decode(raw, hint)
	if err != nil {
		return Feed{}, err
	}
	base, err := url.Parse(address)
	if err != nil {
		base = &url.URL{}
	}
	if head := strings.TrimLeftFunc(s, blank); strings.HasPrefix(head, "{") {
		return readJSON(head, base)
	}
	return readXML(s, base)
}

func blank(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' || r == 0 }

func readXML(s string, base *url.URL) (Feed, error) {
	l, err := scan(s)
	if err != nil {
		return Feed{}, err
	}
	switch l.root[strings.IndexByte(l.root, ':')+1:] {
	case "rss", "RDF", "feed", "channel":
	default:
		return Feed{}, fmt.Errorf("%w: an XML document of <%s>", ErrNoFeed, clip(l.root))
	}
	if l.count > MaxItems {
		return Feed{}, fmt.Errorf("more than %d items: this is no feed", MaxItems)
	}
	// Prolog and document type stay behind: the charset is read already, and
	// entities are not.
	if l.whole {
		if g, err := parse(s[l.begin:]); err == nil && len(g.Items) >= len(l.items) {
			return convert(g, base), nil
		}
	}
	return salvage(s, l, base)
}

// parse calls the parser; a panic within it is an error of this feed.
func parse(s string) (g *gofeed.Feed, err error) {
	defer func() {
		if r := recover(); r != nil {
			g, err = nil, fmt.Errorf("the feed cannot be parsed: %v", r)
		}
	}()
	p := gofeed.NewParser()
	p.KeepOriginalFeed = true
	return p.Parse(strings.NewReader(s))
}

// salvage reads the whole items of a feed that cannot be read as one.
func salvage(s string, l layout, base *url.URL) (Feed, error) {
	open, shut := s[l.begin:l.inner], "</"+l.root+">"
	rss := strings.HasSuffix(l.root, "rss")
	if rss {
		open, shut = open+"<channel>", "</channel>"+shut
	}
	// What stands before the first item: title and address of the feed.
	end := len(s)
	if len(l.items) > 0 {
		end = l.items[0][0]
	}
	out := Feed{}
	if g, err := parse(heads(s[l.inner:end], open, shut)); err == nil {
		out = convert(g, base)
		out.Items = nil
	}
	bad := 0
	for _, it := range l.items {
		g, err := parse(open + s[it[0]:it[1]] + shut)
		if err != nil || len(g.Items) == 0 {
			bad++
			continue
		}
		out.Items = append(out.Items, convert(g, base).Items...)
	}
	var why []string
	if !l.whole {
		why = append(why, "the feed is cut off before its end")
	}
	if bad > 0 {
		why = append(why, fmt.Sprintf("%d of its items cannot be parsed", bad))
	}
	if len(out.Items) == 0 {
		if len(why) == 0 {
			why = append(why, "the feed cannot be parsed")
		}
		return out, fmt.Errorf("%s, and no item of it is whole", strings.Join(why, "; "))
	}
	if len(why) == 0 {
		why = append(why, "the feed is not well-formed")
	}
	out.Damage = strings.Join(why, "; ") + fmt.Sprintf(": %d items were read", len(out.Items))
	return out, nil
}

// heads makes a feed without items of the <title> and <link> in what stands
// before the first one.
func heads(s, open, shut string) string {
	var b strings.Builder
	b.WriteString(open)
	for _, name := range [...]string{"title", "link"} {
		if i := strings.Index(s, "<"+name+">"); i >= 0 {
			if j := strings.Index(s[i:], "</"+name+">"); j >= 0 {
				b.WriteString(s[i : i+j+len(name)+3])
			}
		}
	}
	b.WriteString(shut)
	return b.String()
}

func readJSON(s string, base *url.URL) (Feed, error) {
	g, err := parse(s)
	if err == nil {
		if len(g.Items) > MaxItems {
			return Feed{}, fmt.Errorf("more than %d items: this is no feed", MaxItems)
		}
		f := convert(g, base)
		if f.Title == "" && len(f.Items) == 0 {
			return f, ErrNoFeed
		}
		return f, nil
	}
	if errors.Is(err, gofeed.ErrFeedTypeNotDetected) {
		return Feed{}, ErrNoFeed
	}
	// Read what is whole of "items".
	dec := json.NewDecoder(strings.NewReader(s))
	head := map[string]json.RawMessage{}
	var items []json.RawMessage
	for depth := 0; ; {
		tok, err := dec.Token()
		if err != nil {
			break
		}
		if d, ok := tok.(json.Delim); ok {
			if d == '{' || d == '[' {
				depth++
			} else {
				depth--
			}
			continue
		}
		key, ok := tok.(string)
		if !ok || depth != 1 {
			break
		}
		if key != "items" {
			var v json.RawMessage
			if dec.Decode(&v) != nil {
				break
			}
			head[key] = v
			continue
		}
		if _, err := dec.Token(); err != nil {
			break
		}
		for dec.More() && len(items) < MaxItems {
			var v json.RawMessage
			if dec.Decode(&v) != nil {
				break
			}
			items = append(items, bytes.Clone(v))
		}
		break
	}
	out, bad := Feed{}, 0
	for _, it := range items {
		head["items"], _ = json.Marshal([]json.RawMessage{it})
		one, err := json.Marshal(head)
		if err != nil {
			bad++
			continue
		}
		g, err := parse(string(one))
		if err != nil {
			bad++
			continue
		}
		f := convert(g, base)
		out.Title, out.Site = f.Title, f.Site
		out.Items = append(out.Items, f.Items...)
	}
	if len(out.Items) == 0 {
		return out, errors.New("the JSON feed is cut off or damaged, and no item of it is whole")
	}
	out.Damage = fmt.Sprintf("the JSON feed is cut off or damaged: %d items were read", len(out.Items))
	return out, nil
}

func convert(g *gofeed.Feed, base *url.URL) Feed {
	out := Feed{Title: title(g.Title), Site: absolute(g.Link, base)}
	of, _ := g.OriginalFeed().(*atom.Feed)
	for i, g := range g.Items {
		if g == nil {
			continue
		}
		it := item(g, base)
		// The parser takes the day of change for that of publication.
		if of != nil && i < len(of.Entries) && of.Entries[i] != nil && of.Entries[i].Published == "" && it.Published != "" {
			it.Updated = true
		}
		out.Items = append(out.Items, it)
	}
	return out
}

func item(g *gofeed.Item, base *url.URL) Item {
	it := Item{Title: title(g.Title), Link: absolute(g.Link, base), GUID: clip(strings.TrimSpace(g.GUID))}
	if it.Link == "" && len(g.Links) > 0 {
		it.Link = absolute(g.Links[0], base)
	}
	if it.Link == "" && (strings.HasPrefix(it.GUID, "http://") || strings.HasPrefix(it.GUID, "https://")) {
		it.Link = absolute(it.GUID, base)
	}
	var authors []string
	for _, a := range g.Authors {
		if a != nil {
			if n := title(a.Name); n != "" && utf8.RuneCountInString(n) <= 80 && !slices.Contains(authors, n) && len(authors) < 20 {
				authors = append(authors, n)
			}
		}
	}
	it.Author = strings.Join(authors, "، ")
	if it.Published = day(g.Published, g.PublishedParsed); it.Published == "" {
		it.Published = day(g.Updated, g.UpdatedParsed)
		it.Updated = it.Published != ""
	}
	summary, _ := page.Fragment(g.Description)
	text, _ := page.Fragment(g.Content)
	switch {
	case whole(text, summary, 500):
		it.Text, it.HTML = text, g.Content
	case whole(summary, "", 1200):
		// Some sites put the whole report into the description.
		it.Text, it.HTML = summary, g.Description
	case letters(text) > letters(summary):
		summary = text
	}
	if summary != it.Text {
		it.Summary = summary
	}
	return it
}

// whole reports whether text is a report and not its beginning: it is long
// enough (least, in letters, where no summary stands beside it), says more
// than the summary, and does not break off.
func whole(text, summary string, least int) bool {
	n, m := letters(text), letters(summary)
	switch {
	case m == 0 && n < least, n < 300:
		return false
	case 10*n < 13*m && n < 1500:
		return false
	}
	tail := strings.TrimRight(text, " \n")
	for _, cut := range [...]string{"…", "...", "[…]", "[...]", "ادامه مطلب", "ادامه خبر", "بیشتر بخوانید", "ادامه", "مشروح خبر"} {
		if strings.HasSuffix(tail, cut) {
			return false
		}
	}
	return true
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// day reads a day as page.Day does; where that does not know the form, the one
// that the parser read counts, if it can be the year of a report.
func day(s string, t *time.Time) string {
	if d := page.Day(s); d != "" {
		return d
	}
	if t != nil && t.Year() > 1900 {
		return page.Day(t.Format(time.RFC3339))
	}
	return ""
}

// title reads a title, in which feeds put entities and tags.
func title(s string) string {
	if len(s) > 64<<10 {
		return ""
	}
	if strings.ContainsAny(s, "<&") {
		if t, err := page.Fragment(s); err == nil {
			s = t
		}
	}
	s = strings.Join(strings.FieldsFunc(s, blank), " ")
	if utf8.RuneCountInString(s) > maxTitle {
		return ""
	}
	return s
}

func absolute(s string, base *url.URL) string {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 4000 {
		return ""
	}
	u, err := base.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return page.Address(u.String())
}

func clip(s string) string {
	if len(s) > 500 {
		return strings.ToValidUTF8(s[:500], "")
	}
	return s
}
