package page

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed data/body.txt
var bodyNames string

//go:embed data/furniture.txt
var furnitureNames string

var (
	bodies, leads  = kinds(bodyNames)
	furniture      = entries(furnitureNames)
	furnitureStems = stems(furniture)
)

func entries(file string) map[string]bool {
	m := map[string]bool{}
	for l := range strings.Lines(file) {
		if l = strings.TrimSpace(l); l != "" && l[0] != '#' {
			m[l] = true
		}
	}
	return m
}

func kinds(file string) (body, lead map[string]bool) {
	body, lead = map[string]bool{}, map[string]bool{}
	for e := range entries(file) {
		if name, ok := strings.CutPrefix(e, "body "); ok {
			body[name] = true
		} else if name, ok := strings.CutPrefix(e, "lead "); ok {
			lead[name] = true
		}
	}
	return body, lead
}

func stems(entries map[string]bool) (out []string) {
	for e := range entries {
		if s, ok := strings.CutSuffix(e, "*"); ok {
			out = append(out, s)
		}
	}
	return out
}

// finder finds the article in a page.
//
// What is named as furniture, what is hidden, and lists of links are left out
// first. Where the page marks its text (itemprop="articleBody", or a class name
// that content systems use for it), the mark is followed; else an extractor
// looks in what stands behind the heading.
type finder struct {
	extractor
	doc     *html.Node
	heading *html.Node
	keep    map[*html.Node]bool // the elements that the heading and marked texts stand in
	skip    map[*html.Node]bool
	size    map[*html.Node]size
}

// size is what an element holds that is not skipped, in letters, and what the
// lists of links within it held.
type size struct{ text, link, links, goneText, goneLinks int }

// main returns the article's text, and whether an element belongs to the
// article's part of the page. The text is "" where there is none.
func (f *finder) main() (text string, in func(*html.Node) bool, err error) {
	text, err = f.try(true)
	if letters(text) < 25 && err == nil {
		text, err = f.try(false)
	}
	// The article's part of the page is the nearest element around the heading
	// that holds as much as the text. Where no heading is known, none is: at
	// the top of a page stand other things.
	part, n := f.heading, letters(text)
	for part != nil && 10*f.size[part].text < 8*n && part.DataAtom != atom.Body {
		part = part.Parent
	}
	return text, func(n *html.Node) bool { return part != nil && inside(n, part) && !f.skipped(n) }, err
}

func (f *finder) try(byName bool) (string, error) {
	f.keep, f.skip, f.size = map[*html.Node]bool{}, map[*html.Node]bool{}, map[*html.Node]size{}
	protect := func(n *html.Node) {
		for ; n != nil && !f.keep[n]; n = n.Parent {
			f.keep[n] = true
		}
	}
	protect(f.heading)
	var said, known []*html.Node // by itemprop, by name
	each(f.doc, func(n *html.Node) {
		switch {
		case slices.Contains(strings.Fields(strings.ToLower(attr(n, "itemprop"))), "articlebody"):
			said = append(said, n)
			protect(n)
		case slices.ContainsFunc(names(n), func(s string) bool { return bodies[s] }) && n.DataAtom != atom.Body && n.DataAtom != atom.Html:
			known = append(known, n)
		}
	})
	f.prune(f.doc, false, byName)
	f.cards(f.doc)
	f.measure(f.doc)
	body := find(f.doc, atom.Body)
	if body == nil {
		return "", nil
	}
	if n := f.most(said, 1); n != nil {
		return f.marked(n), nil
	}
	if n := f.most(known, 25); n != nil && 5*f.size[n].plain() >= 2*f.size[body].plain() {
		return f.marked(n), nil
	}
	skip := f.skipBefore(body)
	rest := trimTop(written(body, skip), shown(f.heading))
	if len(rest) > maxExtractText || len(f.size) > maxExtractElements || letters(rest) == 0 {
		return rest, nil
	}
	content, err := extract(f.extractor, copied(f.doc, skip), maxExtractTime)
	if err != nil || content == nil {
		return rest, err
	}
	links := maps.Clone(skip)
	each(body, func(n *html.Node) {
		if n.DataAtom == atom.A && hasAttr(n, "href") {
			links[n] = true
		}
	})
	if text := chosen(rest, written(body, links), written(named(content), nil)); text != "" {
		return text, nil
	}
	return rest, nil
}

// marked is the text of the element that the page marks, with the lead that
// stands between the heading and it.
func (f *finder) marked(root *html.Node) string {
	var lead []*html.Node
	between := false // heading and text
	each(f.doc, func(n *html.Node) {
		switch {
		case n == root:
			between = false
		case n == f.heading:
			between = !inside(n, root)
		case between && f.isLead(n) && !inside(n, f.heading) && !inside(root, n) && !f.skipped(n) && !(len(lead) > 0 && inside(n, lead[len(lead)-1])):
			lead = append(lead, n)
		}
	})
	w := &writer{skip: f.skip}
	for _, n := range lead {
		if s := line(n); letters(s) > 10 && s != shown(f.heading) {
			w.part(paragraph)
			w.node(n)
		}
	}
	head := w.b.String()
	body := &writer{skip: f.skipBefore(root)}
	body.node(root)
	text := trimTop(body.b.String(), shown(f.heading))
	if head != "" && !strings.HasPrefix(squeeze(text), squeeze(head)) {
		text = head + "\n\n" + text
	}
	return strings.TrimSpace(text)
}

// shown is the text of an element that may be missing.
func shown(n *html.Node) string {
	if n == nil {
		return ""
	}
	return line(n)
}

func (s size) plain() int { return s.text - s.link }

func each(n *html.Node, do func(*html.Node)) {
	if n.Type == html.ElementNode {
		do(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, do)
	}
}

func inside(n, outer *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == outer {
			return true
		}
	}
	return false
}

func (f *finder) skipped(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if f.skip[n] {
			return true
		}
	}
	return false
}

func (f *finder) isLead(n *html.Node) bool {
	return n.DataAtom != atom.Meta && (slices.ContainsFunc(names(n), func(s string) bool { return leads[s] }) || attr(n, "itemprop") == "description")
}

// never holds text of the article.
var never = set("script style noscript template nav aside figure figcaption button select textarea input iframe object embed audio video canvas picture dialog head applet marquee map")

var foreignRoles = set("navigation complementary banner contentinfo search menu menubar dialog alert tablist toolbar")

// prune marks what is no part of any article.
func (f *finder) prune(n *html.Node, within, byName bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		inner := within || c.DataAtom == atom.Article || c.DataAtom == atom.Main
		if never[c.Data] || !f.keep[c] && f.foreign(c, within, byName) {
			f.skip[c] = true
			continue
		}
		f.prune(c, inner, byName)
	}
}

func (f *finder) foreign(n *html.Node, within, byName bool) bool {
	switch {
	case strings.HasPrefix(n.Data, "amp-"), foreignRoles[attr(n, "role")], hasAttr(n, "hidden"):
		return true
	case n.DataAtom == atom.Footer, n.DataAtom == atom.Header && !within:
		return true
	}
	if style := strings.ReplaceAll(strings.ToLower(attr(n, "style")), " ", ""); strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
		return true
	}
	if !byName || n.DataAtom == atom.Body || n.DataAtom == atom.Html || n.DataAtom == atom.Main || n.DataAtom == atom.Article || n.DataAtom == atom.P {
		return false
	}
	cl := names(n)
	if slices.ContainsFunc(cl, func(s string) bool { return bodies[s] || leads[s] }) {
		return false
	}
	for _, s := range cl {
		if furniture[s] || furniture["="+s] {
			return true
		}
		for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '-' || r == '_' || unicode.IsDigit(r) }) {
			if furniture[part] || slices.ContainsFunc(furnitureStems, func(stem string) bool { return strings.HasPrefix(part, stem) }) {
				return true
			}
		}
	}
	return false
}

// cards skips the boxes in which a page shows its other reports: three or more
// elements side by side, each with a heading that is a link, and little text. It
// returns the number of such headings in n. A front page is made of them, and
// nothing is left of it.
func (f *finder) cards(n *html.Node) (headings int) {
	var side []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || f.skip[c] {
			continue
		}
		k := f.cards(c)
		if k == 0 && linkedHeading(c) {
			k = 1
		}
		if k > 0 && k <= 2 && !f.keep[c] && blocks[c.Data] && !heading(c) && short(c, 2000) {
			side = append(side, c)
		}
		headings += k
	}
	if len(side) >= 3 {
		for _, c := range side {
			f.skip[c] = true
		}
	}
	return headings
}

func heading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// linkedHeading reports whether n is a heading with a link in it, or a link
// with a heading in it.
func linkedHeading(n *html.Node) bool {
	link := func(n *html.Node) bool {
		href := attr(n, "href")
		return n.DataAtom == atom.A && href != "" && href[0] != '#'
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && (heading(n) && link(c) || link(n) && heading(c)) {
			return true
		}
	}
	return false
}

// measure fills size, and skips lists of links.
func (f *finder) measure(n *html.Node) size {
	var s size
	if f.skip[n] {
		return s
	}
	switch n.Type {
	case html.TextNode:
		s.text = letters(n.Data)
		return s
	case html.CommentNode, html.DoctypeNode:
		return s
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		t := f.measure(c)
		s.text += t.text
		s.link += t.link
		s.links += t.links
		s.goneText += t.goneText
		s.goneLinks += t.goneLinks
	}
	if n.DataAtom == atom.A && hasAttr(n, "href") {
		s.link, s.links = s.text, 1
	}
	if !f.keep[n] && n.DataAtom != atom.P && n.DataAtom != atom.Body && blocks[n.Data] && s.text > 0 && !slices.ContainsFunc(names(n), func(s string) bool { return bodies[s] || leads[s] }) {
		list := n.DataAtom == atom.Ul || n.DataAtom == atom.Ol
		switch {
		case s.links >= 2 && 10*s.link >= 6*s.text, list && s.links >= 1 && 10*s.link >= 8*s.text, s.links >= 2 && 10*s.link >= 4*s.text && s.plain() < 80,
			// the heading of a list that is gone
			s.goneLinks >= 2 && s.text < 60 && s.goneText > s.text/2:
			f.skip[n] = true
			return size{goneText: s.text + s.goneText, goneLinks: s.links + s.goneLinks}
		}
	}
	if n.Type == html.ElementNode {
		f.size[n] = s
	}
	return s
}

// most returns the element with most text; of one within the other, the inner
// one where it holds nearly all.
func (f *finder) most(nodes []*html.Node, least int) *html.Node {
	var best *html.Node
	for _, n := range nodes {
		if f.skipped(n) || f.size[n].text < least {
			continue
		}
		a := f.size[n].plain()
		switch b := 0; {
		case best == nil:
			best = n
		default:
			b = f.size[best].plain()
			if a > b || inside(n, best) && 10*a >= 9*b {
				best = n
			}
		}
	}
	return best
}

// late reports whether more than half of the text stands before the heading:
// then it is the heading of something else.
func (f *finder) late(root *html.Node) bool {
	before, seen := 0, false
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n == f.heading {
			seen = true
		}
		if seen || f.skip[n] {
			return
		}
		if n.Type == html.TextNode {
			before += letters(n.Data)
		}
		for c := n.FirstChild; c != nil && !seen; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return 2*before > f.size[root].text
}

// skipBefore is skip and, where root holds the heading, what stands in root
// down to it.
func (f *finder) skipBefore(root *html.Node) map[*html.Node]bool {
	if f.heading == nil || !inside(f.heading, root) || f.late(root) {
		return f.skip
	}
	skip := maps.Clone(f.skip)
	for n := f.heading; n != root; n = n.Parent {
		for s := n.PrevSibling; s != nil; s = s.PrevSibling {
			skip[s] = true
		}
	}
	skip[f.heading] = true
	return skip
}

// trimTop drops lines above the first paragraph that are the title again, a
// dateline, or a number under which the site files the report.
func trimTop(s, title string) string {
	for n := 0; s != "" && n < 20; n++ {
		first, rest, _ := strings.Cut(s, "\n")
		l := squeeze(first)
		_, _, day := dateline(l, true)
		if l != "" && l != title && !day && !strings.HasPrefix(l, "کد خبر") && !strings.HasPrefix(l, "شناسه خبر") && !strings.HasPrefix(l, "کد مطلب") {
			break
		}
		s = rest
	}
	return s
}

// findHeading returns the element that shows the title: the first heading, or
// else the first short element, whose text is a title that the page names.
func findHeading(doc *html.Node, named []string) *html.Node {
	size := map[*html.Node]int{}
	var measure func(n *html.Node) int
	measure = func(n *html.Node) int {
		sum := 0
		if n.Type == html.TextNode {
			sum = len(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			sum += measure(c)
		}
		if n.Type == html.ElementNode {
			size[n] = sum
		}
		return sum
	}
	measure(doc)
	var best *html.Node
	rank, long := 0, 0
	var hs []*html.Node
	body := find(doc, atom.Body)
	if body == nil {
		return nil
	}
	each(body, func(n *html.Node) {
		if size[n] == 0 || size[n] > 2000 {
			return
		}
		r := 0
		switch n.DataAtom {
		case atom.H1:
			r = 5
			hs = append(hs, n)
		case atom.H2, atom.H3:
			r = 4
		case atom.H4, atom.H5, atom.H6:
			r = 3
		case atom.Div, atom.P, atom.Td, atom.Center, atom.Span:
			r = 1
		default:
			return
		}
		if strings.EqualFold(attr(n, "itemprop"), "headline") {
			r = 6
		}
		t := line(n)
		l := utf8.RuneCountInString(t)
		if l < 6 {
			return
		}
		for _, s := range named {
			if !titled(s, t) {
				continue
			}
			// A heading before an element that only happens to show the title
			// (a trail of links, say); among headings the fullest.
			if best == nil || r > rank && (rank < 3 || l >= long) || r >= 3 && rank >= 3 && l > long {
				best, rank, long = n, r, l
			}
		}
	})
	if best == nil && len(hs) == 1 && letters(line(hs[0])) >= 10 {
		return hs[0]
	}
	return best
}

// titled reports whether shown is the title that s names, perhaps with the
// site's name before or behind it.
func titled(s, shown string) bool {
	if s == shown {
		return true
	}
	i := strings.Index(s, shown)
	if i < 0 || letters(shown) < 8 {
		return false
	}
	a, b := strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+len(shown):])
	return (a == "" || endsInSeparator(a)) && (b == "" || beginsWithSeparator(b))
}

const separators = "|-–—:؛«»•·/\\>‹›"

func endsInSeparator(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(separators, r)
}

func beginsWithSeparator(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune(separators, r)
}
