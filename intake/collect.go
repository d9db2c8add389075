package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/feed"
	"github.com/sanad-project/sanad/fetch"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/page"
)

// Collector asks feeds, round after round, for the reports that are not kept
// yet. It remembers what became of each address, so that an article is fetched
// once, one that is of no use is not fetched each round, and a feed that has
// nothing new sends nothing.
//
// Its law: a feed is remembered as seen only after every report in it is kept
// or known to be of no use. Whoever stops the program between two items, or
// kills it, makes the next round ask again, and loses nothing.
type Collector struct {
	Get    func(ctx context.Context, url string, c fetch.Cond) (*fetch.Page, error) // fetch.Fetcher.Get
	Memory Memory
	Every  time.Duration // between two rounds; failing addresses rest for multiples of it
	Now    func() time.Time
}

// Bounds of one round.
const (
	feedsAtATime = 16
	mostArticles = 100 // of one feed; the others wait for the next round
)

// Round is what came of one round.
type Round struct {
	Feeds     int       // asked
	Unchanged int       // of them, that had nothing new
	Resting   int       // not asked, since they failed of late
	Later     int       // articles that are left for a later round
	Failed    []Failure // feeds and articles, in the order in which they failed

	c    *Collector
	mu   sync.Mutex
	feed []*asked            // of this round
	item map[string]*article // by the address that is the item's File
	down map[string]bool     // hosts that are not asked again in this round
	memo []Memo              // not yet kept
	err  error               // of the memory; ends the round
}

// Failure is a feed or an article of which nothing came.
type Failure struct {
	URL  string
	Feed bool
	Err  error
}

// asked is a feed that answered.
type asked struct {
	memo Memo // as it is to be kept once all is settled
	open int  // articles under way
	left bool // some are left for later
}

// article is one on its way into the ledger.
type article struct {
	memo Memo
	feed *asked
}

// Begin makes a round. Run goes through it, [Round.Settle] is told the fate of
// each item that Run yields, and [Round.Close] ends it.
func (c *Collector) Begin() *Round {
	return &Round{c: c, item: map[string]*article{}, down: map[string]bool{}}
}

// Run asks the feeds and yields what is new until all are through, yield
// returns false or ctx is done.
func (r *Round) Run(ctx context.Context, feeds []string, yield func(input.Item) bool) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	items := make(chan input.Item)
	slots := make(chan struct{}, feedsAtATime)
	var wg sync.WaitGroup
	seen := map[string]bool{}
	for _, u := range feeds {
		if seen[u] {
			continue
		}
		seen[u] = true
		wg.Go(func() {
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
			case <-ctx.Done():
				return
			}
			if err := r.one(ctx, u, items); err != nil {
				r.mu.Lock()
				r.err = errors.Join(r.err, err)
				r.mu.Unlock()
				stop()
			}
		})
	}
	go func() {
		wg.Wait()
		close(items)
	}()
	going := true
	for it := range items {
		if going = going && yield(it); !going {
			stop()
		}
	}
}

// one goes through one feed. Its error is the memory's.
func (r *Round) one(ctx context.Context, u string, items chan<- input.Item) error {
	c := r.c
	now := c.Now()
	m, err := c.Memory.Recall(ctx, u)
	if err != nil || ctx.Err() != nil {
		return unless(ctx, err)
	}
	if m.Failures > 0 && now.Before(m.Next) {
		r.mu.Lock()
		r.Resting++
		r.mu.Unlock()
		return nil
	}
	p, err := c.Get(ctx, u, fetch.Cond{ETag: m.ETag, LastModified: m.Modified})
	if ctx.Err() != nil {
		return nil
	}
	var list []input.Item
	if err == nil && !p.Unchanged {
		list, err = r.list(u, p)
	}
	r.mu.Lock()
	r.Feeds++
	if err != nil {
		r.fail(u, true, err)
		r.memo = append(r.memo, m.failed(err, now, c.Every))
		r.mu.Unlock()
		return nil
	}
	m.At, m.Failures, m.Error, m.Next, m.ETag, m.Modified = p.At, 0, "", p.At, p.ETag, p.LastModified
	if p.Unchanged {
		r.Unchanged++
		r.memo = append(r.memo, m)
		r.mu.Unlock()
		return nil
	}
	f := &asked{memo: m, open: 1} // until the list is through
	r.feed = append(r.feed, f)
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		f.open--
		r.mu.Unlock()
	}()
	fetched := 0
	for _, it := range list {
		if ctx.Err() != nil {
			r.mu.Lock()
			f.left = true
			r.mu.Unlock()
			return nil
		}
		late := fetched >= mostArticles || c.Now().Sub(now) > max(c.Every, time.Minute)
		asked, err := r.item1(ctx, f, it, late, items)
		if err != nil {
			return unless(ctx, err)
		}
		if asked {
			fetched++
		}
	}
	return nil
}

// unless is err, but nil where the user stopped the round.
func unless(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// fail notes a failure; r.mu is held.
func (r *Round) fail(u string, feed bool, err error) {
	r.Failed = append(r.Failed, Failure{u, feed, err})
}

// item1 goes after one article; asked says whether that took a request. When it
// is late, what would take one is left for later. Its error is the memory's.
func (r *Round) item1(ctx context.Context, f *asked, it input.Item, late bool, items chan<- input.Item) (asked bool, err error) {
	c := r.c
	now := c.Now()
	r.mu.Lock()
	_, twice := r.item[it.File] // another feed has it too
	r.mu.Unlock()
	if twice {
		return false, nil
	}
	m, err := c.Memory.Recall(ctx, it.File)
	if err != nil {
		return false, err
	}
	sum := ""
	if it.Article.Text != "" { // the feed carries it whole
		h := sha256.Sum256([]byte(it.Article.Title + "\n" + it.Article.Text))
		sum = hex.EncodeToString(h[:])
		if m.ETag == sum && m.settled() {
			return false, nil
		}
		m.ETag = sum
	} else if now.Before(m.Next) {
		if !m.settled() {
			r.later(f)
		}
		return false, nil
	}
	host := hostOf(it.File)
	r.mu.Lock()
	wait := sum == "" && (late || r.down[host])
	if !wait {
		r.item[it.File] = &article{memo: m, feed: f}
		f.open++
	}
	r.mu.Unlock()
	if wait {
		r.later(f)
		return false, nil
	}
	if sum == "" {
		list, err := r.read(ctx, it)
		if ctx.Err() != nil {
			r.drop(it.File)
			return true, nil
		}
		if err != nil {
			r.mu.Lock()
			r.down[host] = r.down[host] || hostDown(err)
			r.mu.Unlock()
			return true, r.Settle(ctx, &it, err)
		}
		it = list
	}
	select {
	case items <- it:
	case <-ctx.Done():
		r.drop(it.File)
	}
	return sum == "", nil
}

func (r *Round) later(f *asked) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f.left = true
	r.Later++
}

// drop takes an article back that was not yielded.
func (r *Round) drop(address string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a := r.item[address]; a != nil {
		a.feed.open--
		a.feed.left = true
		delete(r.item, address)
	}
}

// keepEvery is how many memos are kept at a time.
const keepEvery = 50

// Settle says what became of an item of this round: nil where the ledger has
// it, else why it could not be read or kept.
func (r *Round) Settle(ctx context.Context, it *input.Item, err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.item[it.File]
	if a == nil || a.feed == nil {
		return nil
	}
	now := r.c.Now()
	f := a.feed
	a.feed = nil // once is enough
	f.open--
	switch {
	case err == nil:
		r.memo = append(r.memo, a.memo.kept(now))
	case hopeless(err):
		r.fail(it.File, false, err)
		r.memo = append(r.memo, a.memo.lost(err, now))
	default:
		r.fail(it.File, false, err)
		m := a.memo.failed(err, now, r.c.Every)
		r.memo = append(r.memo, m)
		f.left = f.left || !m.settled()
	}
	if len(r.memo) >= keepEvery {
		return r.flush(ctx)
	}
	return nil
}

// flush keeps the memos; r.mu is held.
func (r *Round) flush(ctx context.Context) error {
	err := r.c.Memory.Keep(ctx, r.memo...)
	r.memo = nil
	return err
}

// Close ends the round: what is to be remembered of feeds is kept, for those
// with open ends without their validators, so that they send everything again.
func (r *Round) Close(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.feed {
		if f.left || f.open > 0 {
			f.memo.ETag, f.memo.Modified = "", ""
		}
		r.memo = append(r.memo, f.memo)
	}
	r.feed = nil
	return errors.Join(r.err, r.flush(ctx))
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// list makes items of what a feed, or the preview of a channel, announces.
// Those with a text are whole; the others are to be fetched from File.
func (r *Round) list(u string, p *fetch.Page) ([]input.Item, error) {
	hint := hintOf(p)
	f, err := feed.Read(p.Body, hint, p.URL)
	if err != nil {
		if pg, e := page.Read(p.Body, hint, p.URL); e == nil && len(pg.Posts) > 0 {
			var out []input.Item
			for _, post := range pg.Posts {
				if post.URL != "" {
					out = append(out, pageItem(post.URL, post, []byte(post.Text), "text/plain; charset=utf-8", p.At))
				}
			}
			return out, nil
		}
		return nil, fmt.Errorf("%w: check the address", err)
	}
	if f.Damage != "" {
		r.mu.Lock()
		r.fail(u, true, errors.New(f.Damage))
		r.mu.Unlock()
	}
	var out []input.Item
	for _, x := range f.Items {
		it := input.Item{File: x.Link, Author: x.Author, At: p.At, Kind: input.Feed,
			Article: sanad.Article{URL: x.Link, Title: x.Title, Published: x.Published, Text: x.Text}}
		if x.Link == "" {
			if x.Text == "" {
				continue // a headline without a report
			}
			it.File = p.URL + "#" + x.GUID
			if x.GUID == "" {
				h := sha256.Sum256([]byte(x.Title + "\n" + x.Text))
				it.File += hex.EncodeToString(h[:8])
			}
		}
		if x.Text != "" {
			if f.Title != "" {
				it.Article.Outlet, it.Guessed = f.Title, []string{"outlet"}
			}
			it.Raw, it.Media = []byte(x.HTML), "text/html; charset=utf-8"
			it.Bytes = int64(len(it.Raw))
		}
		out = append(out, it)
	}
	return out, nil
}

// read fetches the article that a feed's item announces.
func (r *Round) read(ctx context.Context, it input.Item) (input.Item, error) {
	p, err := r.c.Get(ctx, it.File, fetch.Cond{})
	if err != nil {
		return it, err
	}
	pg, err := page.Read(p.Body, hintOf(p), p.URL)
	if err == nil && pg.Text == "" {
		err = page.ErrNoText
	}
	if err != nil {
		return it, notRead{err}
	}
	out := pageItem(it.File, pg, p.Body, hintOf(p), p.At)
	out.Bytes = int64(len(p.Body))
	// The feed's word, which the publisher writes for machines, beats a guess.
	a := &out.Article
	for _, x := range []struct {
		name string
		to   *string
		said string
	}{{"title", &a.Title, it.Article.Title}, {"published", &a.Published, it.Article.Published}} {
		guessed := false
		var rest []string
		for _, g := range out.Guessed {
			if g == x.name {
				guessed = true
			} else {
				rest = append(rest, g)
			}
		}
		if x.said != "" && (*x.to == "" || guessed) {
			*x.to, out.Guessed = x.said, rest
		}
	}
	if out.Author == "" {
		out.Author = it.Author
	}
	return out, nil
}

// pageItem is the item of a page that was read.
func pageItem(address string, p page.Page, raw []byte, media string, at time.Time) input.Item {
	u := p.URL
	if u == "" {
		u = address
	}
	return input.Item{File: address, Kind: input.HTML, Raw: raw, Media: media, Author: p.Author, At: at, Guessed: p.Guessed,
		Article: sanad.Article{URL: u, Outlet: p.Outlet, Title: p.Title, Published: p.Published, Text: p.Text}}
}

// hintOf is the media type as the server gave it.
func hintOf(p *fetch.Page) string {
	if p.Charset == "" {
		return p.Media
	}
	return strings.TrimPrefix(p.Media+"; charset="+p.Charset, "; ")
}
