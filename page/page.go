// Package page turns an HTML page into an article: its main text with the
// paragraphs kept, title, outlet, author, day of publication and address.
//
// What the page says to machines (JSON-LD, <meta>, microdata) comes before
// what is only to be seen on it, and what was guessed is named as guessed:
//
//	<meta property="article:published_time" content="1402/08/14 12:30">   said
//	تاریخ انتشار: ۱۴ آبان ۱۴۰۲ - ۱۲:۳۰                                     guessed
//	https://…/1402/08/14/…                                                guessed
//
// A page is hostile until read: size, depth and number of its elements are
// bounded, nothing in it is run or fetched.
//
// The main text is what go-trafilatura finds, helped by what is known of news
// sites: which names of classes are furniture, and which are the text itself.
// On the 21 articles of testdata, which are invented (paragraphs lost and
// added; "unmarked" is without class, id and itemprop, as a site nobody knows):
//
//	                                       as they are          unmarked
//	go-trafilatura alone, its own text    4 right,  6 −, 48 +   4 right, 2 −, 52 +
//	furniture out, which paragraphs it
//	chose, the page's own text           17 right,  2 −,  6 +  10 right, 1 −, 35 +
//	and the marks followed               20 right,  0 −,  3 +  10 right, 1 −, 35 +
//	the finder that stood here before    20 right,  0 −,  5 +   7 right, 2 −, 52 +
//
// What is still wrong is listed in testdata/unmarked.txt.
package page

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/sanad-project/sanad/input"
)

// Page is what a page holds.
type Page struct {
	URL       string   // canonical
	Title     string   // without the outlet's name
	Outlet    string   // as the site calls itself
	Author    string   // several parted by «، »
	Published string   // 2006-01-02, the day in Iran; see Day
	Text      string   // paragraphs, an empty line between two
	Guessed   []string // of "title", "outlet", "published": those that the page does not say to machines

	// Posts are the messages of a page that is a channel's preview, each with
	// an address, day and text of its own. Text is "" then.
	Posts []Page
}

// The reasons for which a page is no article.
var (
	ErrTooLarge = fmt.Errorf("larger than %d MB: this is no article", MaxBytes>>20)
	ErrNoText   = errors.New("no article text on this page")
)

// longest title that is believed, in letters.
const maxTitle = 500

// Read reads a page. The hint is its media type as HTTP gives it («text/html;
// charset=windows-1256») or "", address where it was got from or "".
func Read(raw []byte, hint, address string) (Page, error) {
	if len(raw) > MaxBytes {
		return Page{}, ErrTooLarge
	}
	s, bad, err := Decode(raw, hint)
	if err != nil {
		return Page{}, err
	}
	doc, err := tree(s)
	if err != nil {
		return Page{}, err
	}
	m := metaOf(doc)
	if posts := telegram(doc); posts != nil {
		return Page{URL: m.address(address), Outlet: posts[0].Outlet, Posts: posts}, nil
	}
	p := Page{URL: m.address(address), Outlet: m.outlet()}
	f := &finder{extractor: trafilatura{}, doc: doc, heading: findHeading(doc, m.titles())}
	p.title(m, shown(f.heading))
	p.Author = m.author(p.Outlet)
	text, in, err := f.main()
	if err != nil {
		return p, err
	}
	p.Text = text
	if p.Published = m.published(in); p.Published == "" {
		if p.Published = f.visibleDay(p.URL, in); p.Published != "" {
			p.Guessed = append(p.Guessed, "published")
		}
	}
	slices.Sort(p.Guessed)
	switch {
	case letters(p.Text) == 0 && find(doc, atom.Frameset) != nil:
		return p, errFrames
	case letters(p.Text) == 0:
		return p, ErrNoText
	case bad > 0 && strings.Contains(p.Text+p.Title, "�"):
		return p, fmt.Errorf("the text has bytes that are not of the page's charset (%d of them on the page)", bad)
	}
	return p, nil
}

// titles are the titles that the page names, the surest first.
func (m *meta) titles() []string {
	var out []string
	add := func(s string) {
		if s = squeeze(s); s != "" && utf8.RuneCountInString(s) <= maxTitle && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	add(m.said())
	for _, k := range [...]string{"og:title", "twitter:title", "title"} {
		add(m.first(k))
	}
	add(m.title)
	return out
}

// said is the title that the page says to machines.
func (m *meta) said() string {
	var all []string
	if m.article != nil && articleRank(m.article) > 1 {
		all = append(all, firstText(m.article["headline"]))
	}
	all = append(all, m.first("og:title"), m.first("twitter:title"), m.first("title"), m.first("dc.title", "dcterms.title"), m.first("headline"))
	short := ""
	for _, s := range all {
		if s == "" || utf8.RuneCountInString(s) > maxTitle {
			continue
		}
		// Some systems cut the headline of JSON-LD at 110 letters.
		if strings.HasSuffix(s, "…") || strings.HasSuffix(s, "...") {
			if short == "" {
				short = s
			}
			continue
		}
		return s
	}
	return short
}

// title sets title and, where the page does not say it, outlet.
func (p *Page) title(m *meta, shown string) {
	if utf8.RuneCountInString(shown) > maxTitle {
		shown = ""
	}
	full := m.title
	if utf8.RuneCountInString(full) > maxTitle {
		full = ""
	}
	said := m.said()
	switch {
	case said != "" && shown != "" && titled(said, shown):
		p.Title = shown
	case said != "":
		p.Title = without(said, p.Outlet)
	case shown != "":
		p.Title = shown
		p.Guessed = append(p.Guessed, "title")
	default:
		p.Title = without(full, p.Outlet)
		if p.Title != "" {
			p.Guessed = append(p.Guessed, "title")
		}
	}
	if p.Outlet != "" || full == "" {
		return
	}
	// «پیام نمونه: انفجار در مسیر خط لوله»: what is left of <title> is the
	// site's name, where it is one short part.
	rest := ""
	if i := strings.Index(full, p.Title); i >= 0 && p.Title != "" && p.Title != full {
		a, b := strings.TrimSpace(full[:i]), strings.TrimSpace(full[i+len(p.Title):])
		switch {
		case a == "" && beginsWithSeparator(b):
			rest = b
		case b == "" && endsInSeparator(a):
			rest = a
		}
	} else if parts := strongParts(full); len(parts) == 2 && said == "" && shown == "" {
		long, short := parts[0], parts[1]
		if len(strings.Fields(long)) < len(strings.Fields(short)) {
			long, short = short, long
		}
		if len(strings.Fields(long)) >= 4 && len(strings.Fields(short)) <= 4 {
			p.Title, rest = long, short
		}
	}
	rest = strings.Trim(rest, separators+" ")
	if rest != "" && len(strings.Fields(rest)) <= 5 && len(strongParts(rest)) == 1 && !strings.ContainsAny(rest, ":؟?!") {
		p.Outlet = rest
		p.Guessed = append(p.Guessed, "outlet")
	}
}

// strongParts parts a <title> at separators with blanks around them.
func strongParts(s string) []string {
	for _, sep := range [...]string{" | ", " - ", " – ", " — ", " » ", " « ", " :: "} {
		s = strings.ReplaceAll(s, sep, "\n")
	}
	return strings.Split(s, "\n")
}

// without takes the outlet's name off either end of a title.
func without(title, outlet string) string {
	if outlet == "" || title == outlet {
		return title
	}
	if rest, ok := strings.CutSuffix(title, outlet); ok {
		if rest = strings.TrimSpace(rest); endsInSeparator(rest) {
			return strings.TrimSpace(strings.TrimRight(rest, separators+" "))
		}
	}
	if rest, ok := strings.CutPrefix(title, outlet); ok {
		if rest = strings.TrimSpace(rest); beginsWithSeparator(rest) {
			return strings.TrimSpace(strings.TrimLeft(rest, separators+" "))
		}
	}
	return title
}

// visibleDay guesses the day of publication: a labelled dateline, the address,
// a line by the heading that is a day and nothing else.
//
// An unlabelled day counts only in the article's part of the page, behind the
// heading: at the top of a page stands today.
func (f *finder) visibleDay(address string, in func(*html.Node) bool) string {
	labelled, plain := "", ""
	var behind bool
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode || labelled != "" || n.Type == html.ElementNode && never[n.Data] || f.skip[n] && !f.keep[n] && n != f.heading && comments(n) {
			return
		}
		if n == f.heading {
			behind = true
		}
		if n.Type == html.ElementNode && (blocks[n.Data] || n.DataAtom == atom.Td || n.DataAtom == atom.Span || n.DataAtom == atom.Time) && short(n, 400) {
			bare := plain == "" && (behind || f.heading == nil) && in(n)
			switch d, l, ok := dateline(line(n), bare); {
			case ok && l:
				labelled = d
				return
			case ok:
				plain = d
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(f.doc)
	for _, d := range [...]string{labelled, urlDay(address), plain} {
		if d != "" {
			return d
		}
	}
	return ""
}

func comments(n *html.Node) bool {
	return slices.ContainsFunc(names(n), func(s string) bool { return strings.Contains(s, "comment") || strings.Contains(s, "nazar") })
}

// short reports whether an element holds at most so many bytes of text.
func short(n *html.Node, left int) bool {
	var walk func(n *html.Node) bool
	walk = func(n *html.Node) bool {
		if n.Type == html.TextNode {
			left -= len(strings.TrimSpace(n.Data))
		}
		for c := n.FirstChild; c != nil && left >= 0; c = c.NextSibling {
			walk(c)
		}
		return left >= 0
	}
	return walk(n)
}

// Item makes the article of one page or post for the reader's input; what the
// command line says of outlet and the rest goes in where the page is silent.
func (p *Page) Item(def input.Defaults) input.Item {
	it := input.Item{Kind: input.HTML, Author: p.Author, Guessed: slices.Clone(p.Guessed)}
	a := &it.Article
	a.URL, a.Title, a.Outlet, a.Published, a.Text = p.URL, p.Title, p.Outlet, p.Published, p.Text
	said := func(field *string, name, value string) {
		// Said on the command line beats what was guessed.
		if value != "" && (*field == "" || slices.Contains(it.Guessed, name)) {
			*field = value
			it.Guessed = slices.DeleteFunc(it.Guessed, func(s string) bool { return s == name })
		}
	}
	said(&a.Title, "title", def.Title)
	said(&a.Outlet, "outlet", def.Outlet)
	said(&a.Published, "published", def.Published)
	return it
}
