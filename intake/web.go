package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sanad-project/sanad/feed"
	"github.com/sanad-project/sanad/fetch"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/page"
)

// get fetches an address. The page is nil, without an error, where it has not
// changed since it was fetched last.
func (r *run) get(address string) (*fetch.Page, error) {
	if r.Get == nil {
		return nil, errors.New("nothing is fetched here: give a file")
	}
	var c fetch.Cond
	if r.Cond != nil {
		c = r.Cond(address)
	}
	p, err := r.Get.Get(r.ctx, address, c)
	if r.ctx.Err() != nil {
		return nil, r.ctx.Err() // the address is not to blame
	}
	if r.Got != nil {
		r.Got(address, p, err)
	}
	if err != nil {
		return nil, err
	}
	if p.Unchanged {
		return nil, nil
	}
	return p, nil
}

// address reads what an address gives: a page, a feed or a list of feeds.
func (r *run) address(address string, yield func(input.Item) bool) bool {
	p, err := r.get(address)
	if err != nil {
		return yield(failed(address, err))
	}
	if p == nil {
		return true
	}
	switch feed.Sniff(p.Body) {
	case feed.IsFeed:
		return r.feed(p.Body, hintOf(p), p.URL, address, p.At, yield)
	case feed.IsOPML:
		return r.list(p.Body, hintOf(p), p.URL, address, yield)
	}
	return r.fetched(p, address, nil, yield)
}

// fetched reads a page that was fetched; text is taken, too.
func (r *run) fetched(p *fetch.Page, address string, entry *announced, yield func(input.Item) bool) bool {
	it := input.Item{File: address, Media: hintOf(p), At: p.At}
	switch {
	case isHTML(p.Media) || feed.Sniff(p.Body) == feed.IsPage:
		return r.page(p.Body, hintOf(p), p.URL, it, entry, yield)
	case strings.HasPrefix(p.Media, "text/plain"):
		s, bad, err := page.Decode(p.Body, hintOf(p))
		if err == nil && bad > 0 {
			err = fmt.Errorf("%d bytes of the text are not of its charset", bad)
		}
		it.Kind, it.Err = input.Text, err
		if r.Keep {
			it.Raw = p.Body
		}
		title, text := input.Headline(s)
		it.Article.URL, it.Article.Title, it.Article.Text = page.Address(p.URL), title, text
		it.Article.Outlet, it.Article.Published = r.Defaults.Outlet, r.Defaults.Published
		return yield(it)
	}
	it.Err = fmt.Errorf("%s: neither a page nor a feed nor text", quoted(p.Media))
	return yield(it)
}

func quoted(media string) string {
	if media == "" {
		return "a document of unknown kind"
	}
	return fmt.Sprintf("a document of kind %q", media)
}

// announced is what a feed says of a page.
type announced struct {
	item   feed.Item
	outlet string // the feed's title
}

// complete fills what the page does not say itself with what the feed says. A
// feed's title is often outlet and section in one: it is a guess.
func (a *announced) complete(p *page.Page) {
	take := func(field *string, name, value string, guess bool) {
		guessed := slices.Contains(p.Guessed, name)
		if value == "" || *field != "" && (!guessed || guess) {
			return
		}
		*field = value
		p.Guessed = slices.DeleteFunc(p.Guessed, func(s string) bool { return s == name })
		if guess {
			p.Guessed = append(p.Guessed, name)
			slices.Sort(p.Guessed)
		}
	}
	take(&p.Title, "title", a.item.Title, false)
	take(&p.Published, "published", a.item.Published, a.item.Updated)
	take(&p.Outlet, "outlet", a.outlet, true)
	if p.Author == "" && a.item.Author != p.Outlet {
		p.Author = a.item.Author
	}
}

// feed reads a feed, fetched at a time or not: what it carries itself, and the
// pages of its other items.
func (r *run) feed(raw []byte, hint, address, name string, at time.Time, yield func(input.Item) bool) bool {
	f, err := feed.Read(raw, hint, address)
	if err != nil {
		return yield(input.Item{File: name, Bytes: int64(len(raw)), Err: err})
	}
	if f.Damage != "" && !yield(input.Item{File: name, Err: errors.New(f.Damage)}) {
		return false
	}
	seen := map[string]bool{}
	for _, it := range f.Items {
		if r.ctx.Err() != nil {
			return false
		}
		if it.Link != "" && (seen[it.Link] || r.Known != nil && r.Known(it.Link)) {
			continue
		}
		seen[it.Link] = true
		if !r.entry(&announced{it, f.Title}, name, at, yield) {
			return false
		}
	}
	return true
}

// entry reads one item of a feed.
func (r *run) entry(a *announced, name string, at time.Time, yield func(input.Item) bool) bool {
	switch {
	case a.item.Text != "":
		p := page.Page{URL: a.item.Link, Text: a.item.Text}
		a.complete(&p)
		it := p.Item(r.Defaults)
		it.File, it.Kind, it.Media, it.At = name, input.Feed, "text/html", at
		if r.Keep {
			it.Raw = []byte(a.item.HTML)
		}
		return yield(it)
	case a.item.Link == "":
		return yield(failed(name, fmt.Errorf("«%s»: the feed gives neither the report's text nor its address", a.item.Title)))
	case r.Get == nil:
		return yield(failed(name, fmt.Errorf("%s: the feed has no more of it than a summary, and nothing is fetched here", a.item.Link)))
	}
	p, err := r.get(a.item.Link)
	if err != nil {
		return r.ctx.Err() == nil && yield(failed(a.item.Link, err))
	}
	if p == nil {
		return true
	}
	return r.fetched(p, a.item.Link, a, yield)
}

// list reads the feeds of an OPML list, several at a time: hosts are slow, and
// the fetcher sees to it that each is asked gently.
func (r *run) list(raw []byte, hint, address, name string, yield func(input.Item) bool) bool {
	feeds, cut, err := feed.OPML(raw, hint, address)
	if err != nil {
		return yield(input.Item{File: name, Bytes: int64(len(raw)), Err: err})
	}
	if cut && !yield(failed(name, fmt.Errorf("the list is cut off: %d feeds were read from it", len(feeds)))) {
		return false
	}
	ctx, stop := context.WithCancel(r.ctx)
	defer stop()
	side := &run{ctx: ctx, Options: r.Options}
	todo, items := make(chan string), make(chan input.Item)
	var wg sync.WaitGroup
	n := r.Parallel
	if n <= 0 {
		n = 8
	}
	for range min(n, len(feeds)) {
		wg.Go(func() {
			for url := range todo {
				side.oneFeed(url, func(it input.Item) bool {
					select {
					case items <- it:
						return true
					case <-ctx.Done():
						return false
					}
				})
			}
		})
	}
	go func() {
		defer close(items)
		seen := map[string]bool{}
		for _, f := range feeds {
			if seen[f.URL] {
				continue
			}
			seen[f.URL] = true
			if ctx.Err() != nil {
				break
			}
			select {
			case todo <- f.URL:
			case <-ctx.Done():
			}
		}
		close(todo)
		wg.Wait()
	}()
	ok := true
	for it := range items {
		if ok = ok && yield(it); !ok {
			stop() // the others end; their items are taken from them and dropped
		}
	}
	return ok && r.ctx.Err() == nil
}

// oneFeed reads a feed of a list. What is no feed is an error: a page in a list
// of feeds is a mistake, and a list within a list could go on for ever.
func (r *run) oneFeed(address string, yield func(input.Item) bool) {
	p, err := r.get(address)
	switch {
	case r.ctx.Err() != nil:
	case err != nil:
		yield(failed(address, err))
	case p == nil:
	case feed.Sniff(p.Body) != feed.IsFeed:
		yield(failed(address, errors.New("no feed: the list names an address that gives something else")))
	default:
		r.feed(p.Body, hintOf(p), p.URL, address, p.At, yield)
	}
}
