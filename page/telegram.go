package page

import (
	"slices"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// telegram reads the preview of a public channel (t.me/s/NAME) or of one of
// its messages; nil where the page is none. A message without a text gives no
// post: its picture cannot be read.
func telegram(doc *html.Node) []Page {
	var out []Page
	channel := ""
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			if channel == "" && has(n, "tgme_header_title") {
				channel = line(n)
			}
			if post := attr(n, "data-post"); post != "" && has(n, "tgme_widget_message") {
				p := Page{URL: "https://t.me/" + post}
				p.message(n)
				if p.Text != "" {
					out = append(out, p)
				}
				return
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	for i := range out {
		if out[i].Outlet == "" {
			out[i].Outlet = channel
		}
	}
	return out
}

func (p *Page) message(n *html.Node) {
	if n.Type == html.ElementNode {
		cl := names(n)
		switch {
		case slices.Contains(cl, "tgme_widget_message_reply"):
			return // what is answered to is another message
		case slices.Contains(cl, "tgme_widget_message_owner_name"):
			p.Outlet = line(n)
		case slices.Contains(cl, "tgme_widget_message_from_author"):
			p.Author = line(n)
		case slices.Contains(cl, "tgme_widget_message_date"):
			if t := find(n, atom.Time); t != nil {
				p.Published = Day(attr(t, "datetime"))
			}
		case slices.Contains(cl, "tgme_widget_message_text") && p.Text == "":
			w := writer{}
			w.node(n)
			p.Text = w.b.String()
			return
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.message(c)
	}
}
