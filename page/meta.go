package page

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// meta is what a page says of itself for machines. Each list is in the order
// of the page.
type meta struct {
	tags      map[string][]string // <meta>: by property, name or itemprop, in lower case
	canonical string
	title     string                  // <title>
	article   map[string]any          // the JSON-LD object that speaks of the article; nil where there is none
	others    []map[string]any        // the other JSON-LD objects
	props     map[string][]*html.Node // elements by itemprop
	times     []*html.Node            // <time>, and <abbr class="published">
	authors   []string                // hCard and rel=author
}

func metaOf(doc *html.Node) *meta {
	m := &meta{tags: map[string][]string{}, props: map[string][]*html.Node{}}
	var objects []map[string]any
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			switch n.DataAtom {
			case atom.Meta:
				if c := strings.TrimSpace(attr(n, "content")); c != "" {
					for _, k := range [...]string{"property", "name", "itemprop"} {
						if k := strings.ToLower(strings.TrimSpace(attr(n, k))); k != "" {
							m.tags[k] = append(m.tags[k], c)
						}
					}
				}
			case atom.Link:
				if m.canonical == "" && slices.Contains(strings.Fields(strings.ToLower(attr(n, "rel"))), "canonical") {
					m.canonical = attr(n, "href")
				}
			case atom.Title:
				if m.title == "" {
					m.title = line(n)
				}
			case atom.Script:
				if n.FirstChild != nil && len(objects) < 200 {
					objects = append(objects, jsonLD(n.FirstChild.Data)...)
				}
			case atom.Time:
				m.times = append(m.times, n)
			case atom.Abbr:
				if slices.Contains(names(n), "published") {
					m.times = append(m.times, n)
				}
			}
			if p := attr(n, "itemprop"); p != "" && n.DataAtom != atom.Meta {
				for _, p := range strings.Fields(strings.ToLower(p)) {
					m.props[p] = append(m.props[p], n)
				}
			}
			if cl := names(n); attr(n, "rel") == "author" || slices.Contains(cl, "fn") && (has(n.Parent, "vcard") || has(n, "author")) {
				m.authors = append(m.authors, line(n))
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	rank := 0
	for _, o := range objects {
		if r := articleRank(o); r > rank {
			rank, m.article = r, o
		}
	}
	for _, o := range objects {
		if articleRank(o) == 0 {
			m.others = append(m.others, o)
		}
	}
	return m
}

func has(n *html.Node, name string) bool { return n != nil && slices.Contains(names(n), name) }

// first returns the first of these <meta> tags that is there.
func (m *meta) first(keys ...string) string {
	for _, k := range keys {
		if v := m.tags[k]; len(v) > 0 {
			return squeeze(v[0])
		}
	}
	return ""
}

// jsonLD returns the objects of a script, those of @graph and of arrays too.
// What is no JSON gives nothing: control characters within strings, which many
// pages have, are let through as blanks.
func jsonLD(s string) []map[string]any {
	s = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
	s = strings.TrimSpace(strings.NewReplacer("<!--", "", "-->", "", "//<![CDATA[", "", "//]]>", "").Replace(s))
	var v any
	if json.Unmarshal([]byte(strings.TrimSuffix(s, ";")), &v) != nil {
		return nil
	}
	var out []map[string]any
	var walk func(v any, depth int)
	walk = func(v any, depth int) {
		if depth > 4 || len(out) >= 200 {
			return
		}
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e, depth+1)
			}
		case map[string]any:
			out = append(out, v)
			walk(v["@graph"], depth+1)
			walk(v["mainEntity"], depth+1)
		}
	}
	walk(v, 0)
	return out
}

// articleRank tells how surely a JSON-LD object speaks of the article: 3 for
// an article, 2 for a posting, 1 for the page itself.
func articleRank(o map[string]any) int {
	rank := 0
	for _, t := range texts(o["@type"]) {
		switch t = t[strings.LastIndexAny(t, "/#:")+1:]; {
		case strings.HasSuffix(t, "Article"), t == "Report":
			rank = max(rank, 3)
		case strings.HasSuffix(t, "Posting"):
			rank = max(rank, 2)
		case t == "WebPage":
			rank = max(rank, 1)
		}
	}
	return rank
}

// texts are the strings of a JSON value that is one, or a list of them, or an
// object with a name.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		if s := squeeze(html.UnescapeString(v)); s != "" {
			return []string{s}
		}
	case []any:
		var out []string
		for _, e := range v[:min(len(v), 50)] {
			if _, ok := e.([]any); !ok {
				out = append(out, texts(e)...)
			}
		}
		return out
	case map[string]any:
		if s, ok := v["name"].(string); ok {
			return texts(s)
		}
		if s, ok := v["@value"].(string); ok {
			return texts(s)
		}
	}
	return nil
}

func firstText(v any) string {
	if t := texts(v); len(t) > 0 {
		return t[0]
	}
	return ""
}

// outlet is how the site calls itself.
func (m *meta) outlet() string {
	s := m.first("og:site_name")
	if s == "" && m.article != nil {
		s = firstText(m.article["publisher"])
	}
	if s == "" {
		s = m.first("dc.publisher", "dcterms.publisher", "application-name", "publisher", "apple-mobile-web-app-title")
	}
	for _, o := range m.others {
		for _, t := range texts(o["@type"]) {
			if s == "" && (t == "WebSite" || strings.HasSuffix(t, "Organization")) {
				s = firstText(o["name"])
			}
		}
	}
	if strings.Contains(s, "://") || len([]rune(s)) > 80 {
		return ""
	}
	return persianHalf(s)
}

// persianHalf takes «خبرگزاری نمونه» of «خبرگزاری نمونه | Nemuneh News»: a site
// that names itself in two scripts is one outlet.
func persianHalf(s string) string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '|' || r == '–' || r == '—' })
	if len(parts) != 2 {
		return s
	}
	a, b := strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1])
	switch {
	case persian(a) && !persian(b):
		return a
	case persian(b) && !persian(a):
		return b
	}
	return s
}

func persian(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Arabic, r) })
}

// author is who wrote the report; organizations and addresses are no authors,
// nor is the outlet.
func (m *meta) author(outlet string) string {
	var all []string
	if m.article != nil {
		all = people(m.article["author"])
	}
	if len(all) == 0 {
		all = slices.Concat(m.tags["author"], m.tags["article:author"], m.tags["dc.creator"], m.tags["dcterms.creator"], m.tags["parsely-author"], m.tags["sailthru.author"], m.tags["twitter:creator"])
		if len(all) > 1 {
			all = all[:1]
		}
	}
	if len(all) == 0 {
		for _, n := range m.props["author"] {
			all = append(all, line(n))
		}
	}
	if len(all) == 0 && len(m.authors) > 0 {
		all = m.authors[:1]
	}
	var out []string
	for _, s := range all {
		s = squeeze(s)
		n := len([]rune(s))
		if s == "" || n < 2 || n > 80 || strings.Contains(s, "://") || strings.HasPrefix(s, "@") || s == outlet || slices.Contains(out, s) || anonymous[strings.ToLower(s)] {
			continue
		}
		out = append(out, s)
	}
	return strings.Join(out, "، ")
}

// anonymous are what content systems print where nobody signed.
var anonymous = map[string]bool{"admin": true, "administrator": true, "editor": true, "root": true, "مدیر": true, "مدیر سایت": true, "ادمین": true}

func people(v any) []string {
	switch v := v.(type) {
	case []any:
		var out []string
		for _, e := range v[:min(len(v), 50)] {
			if _, ok := e.([]any); !ok {
				out = append(out, people(e)...)
			}
		}
		return out
	case map[string]any:
		for _, t := range texts(v["@type"]) {
			if strings.HasSuffix(t, "Organization") {
				return nil
			}
		}
	}
	return texts(v)
}

// published is the day of publication that the page says to machines: JSON-LD,
// <meta>, microdata, microformats, <time>, in this order.
func (m *meta) published(main func(*html.Node) bool) string {
	if m.article != nil {
		for _, k := range [...]string{"datePublished", "dateCreated", "uploadDate"} {
			if d := Day(firstText(m.article[k])); d != "" {
				return d
			}
		}
	}
	for _, k := range [...]string{
		"article:published_time", "og:published_time", "og:article:published_time", "datepublished", "date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date",
		"dc.date", "dc.date.issued", "dc.date.created", "dcterms.date", "dcterms.created", "dcterms.issued", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "article.published",
		"citation_publication_date", "datecreated", "date.created", "article_date_original", "rnews:datepublished",
	} {
		for _, v := range m.tags[k] {
			if d := Day(v); d != "" {
				return d
			}
		}
	}
	for _, n := range m.props["datepublished"] {
		for _, v := range [...]string{attr(n, "content"), attr(n, "datetime"), line(n)} {
			if d := Day(v); d != "" {
				return d
			}
		}
	}
	said := func(n *html.Node) string {
		if n.DataAtom == atom.Abbr {
			return Day(attr(n, "title"))
		}
		return Day(attr(n, "datetime"))
	}
	for _, n := range m.times {
		if hasAttr(n, "pubdate") || slices.ContainsFunc(names(n), func(s string) bool { return s == "published" || s == "entry-date" || s == "dt-published" }) {
			if d := said(n); d != "" {
				return d
			}
		}
	}
	for _, n := range m.times {
		if main(n) && !slices.ContainsFunc(names(n), func(s string) bool { return s == "updated" || s == "modified" }) {
			if d := said(n); d != "" {
				return d
			}
		}
	}
	return ""
}

// address is the page's own address: the canonical link where it is one of
// HTTP and not the bare front page, which careless templates put there.
func (m *meta) address(given string) string {
	base, err := url.Parse(given)
	if err != nil {
		base = &url.URL{}
	}
	for _, c := range [...]string{m.canonical, m.first("og:url")} {
		u, err := base.Parse(strings.TrimSpace(c))
		if c == "" || err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || len(c) > 2000 {
			continue
		}
		if strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && (strings.Trim(base.Path, "/") != "" || base.RawQuery != "") {
			continue
		}
		// Any page may call any address its own; only the same site, or one
		// of its other hosts, is believed.
		if base.Host != "" && site(u.Hostname()) != site(base.Hostname()) {
			continue
		}
		return Address(u.String())
	}
	return Address(given)
}

// Address brings an address to the form in which articles carry it, so that
// the same page has the same address: without fragment and without what
// campaigns append (utm_source=…), Persian letters of the path as letters.
func Address(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" {
		return s
	}
	u.Fragment, u.RawFragment, u.ForceQuery = "", "", false
	u.Host = strings.ToLower(u.Host)
	if u.RawQuery != "" {
		parts := slices.DeleteFunc(strings.Split(u.RawQuery, "&"), func(p string) bool {
			return p == "" || strings.HasPrefix(p, "utm_") || strings.HasPrefix(p, "fbclid=") || strings.HasPrefix(p, "gclid=")
		})
		u.RawQuery = strings.Join(parts, "&")
	}
	path, escaped := u.Path, u.EscapedPath()
	out := u.String()
	if !persian(path) || u.RawPath != "" && u.RawPath != path || strings.ContainsAny(path, " %?#\"<>\\^`{|}") || strings.ContainsFunc(path, unicode.IsControl) || !utf8.ValidString(path) {
		return out
	}
	return strings.Replace(out, escaped, path, 1)
}

// site is the name under which hosts of one site stand: the last two labels,
// three under co.ir, ac.uk and their like.
func site(host string) string {
	labels := strings.Split(strings.ToLower(host), ".")
	n := 2
	if len(labels) > 2 && secondLevel[labels[len(labels)-2]] {
		n = 3
	}
	return strings.Join(labels[max(0, len(labels)-n):], ".")
}

var secondLevel = set("ac co com edu gov id net or org sch")

// squeeze makes one line of s, blanks of any kind being one blank.
func squeeze(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == 0 || r == '\ufeff' }), " ")
}
