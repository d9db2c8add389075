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
	item map[string]*article // those under way, by their items
	had  map[string]bool     // addresses that were looked at in this round
	down map[string]bool     // hosts that are not asked again in this round
	memo []Memo              // not yet kept
	last time.Time           // when memos were kept last
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

// article is one on its way into the ledger: mostly one item, several where an
// address gives the preview of a channel.
type article struct {
	memo Memo
	feed *asked
	open int   // items whose fate is not known
	err  error // of one of them
}

// found is what a feed announces: what is to be fetched, or what is there
// already.
type found struct {
	address string // by which it is remembered
	entry   *announced
	whole   []input.Item // where the feed carries it
}

// Begin makes a round. Run goes through it, [Round.Settle] is told the fate of
// each item that Run yields, and [Round.Close] ends it.
func (c *Collector) Begin() *Round {
	return &Round{c: c, item: map[string]*article{}, had: map[string]bool{}, down: map[string]bool{}}
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
	var list []found
	if err == nil && !p.Unchanged {
		list, err = r.list(ctx, u, p)
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
	for _, x := range list {
		if ctx.Err() != nil {
			r.mu.Lock()
			f.left = true
			r.mu.Unlock()
			return nil
		}
		late := fetched >= mostArticles || c.Now().Sub(now) > max(c.Every, time.Minute)
		asked, err := r.follow(ctx, f, x, late, items)
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

// follow goes after one article; asked says whether that took a request. When it
// is late, what would take one is left for later. Its error is the memory's.
func (r *Round) follow(ctx context.Context, f *asked, x found, late bool, items chan<- input.Item) (asked bool, err error) {
	c := r.c
	r.mu.Lock()
	twice := r.had[x.address] // another feed has it too
	r.had[x.address] = true
	r.mu.Unlock()
	if twice {
		return false, nil
	}
	m, err := c.Memory.Recall(ctx, x.address)
	if err != nil {
		return false, err
	}
	if x.whole != nil {
		sum := sumOf(&x.whole[0])
		if m.ETag == sum && m.settled() {
			return false, nil
		}
		m.ETag = sum
	} else {
		if c.Now().Before(m.Next) {
			if !m.settled() {
				r.later(f)
			}
			return false, nil
		}
		host := hostOf(x.address)
		r.mu.Lock()
		wait := late || r.down[host]
		r.mu.Unlock()
		if wait {
			r.later(f)
			return false, nil
		}
		asked = true
		x.whole, err = r.read(ctx, x)
		if ctx.Err() != nil {
			r.later(f)
			return true, nil
		}
		if err != nil {
			r.mu.Lock()
			r.down[host] = r.down[host] || hostDown(err)
			r.mu.Unlock()
		}
	}
	a := &article{memo: m, feed: f, err: err}
	r.mu.Lock()
	f.open++
	var list []input.Item
	for _, it := range x.whole {
		switch key := itemKey(&it); {
		case it.Err != nil:
			a.err = notRead{it.Err}
		case r.item[key] == nil:
			r.item[key] = a
			a.open++
			list = append(list, it)
		}
	}
	if a.open == 0 {
		defer r.mu.Unlock()
		return asked, r.end(ctx, a)
	}
	r.mu.Unlock()
	for _, it := range list {
		select {
		case items <- it:
		case <-ctx.Done(): // its fate stays open, and so does the feed
			return asked, nil
		}
	}
	return asked, nil
}

// sumOf is the hash of an item's text.
func sumOf(it *input.Item) string {
	h := sha256.Sum256([]byte(it.Article.Title + "\n" + it.Article.Text))
	return hex.EncodeToString(h[:])
}

// itemKey tells the items of a round apart.
func itemKey(it *input.Item) string {
	return it.File + "\n" + it.Article.URL + "\n" + sumOf(it)
}

func (r *Round) later(f *asked) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f.left = true
	r.Later++
}

// Memos are kept when there are so many, or when the last ones were kept so
// long ago: a program that is killed forgets little.
const (
	keepEvery = 50
	keepAfter = time.Second
)

// Settle says what became of an item of this round: nil where the ledger has
// it, else why it could not be read or kept.
func (r *Round) Settle(ctx context.Context, it *input.Item, err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := itemKey(it)
	a := r.item[key]
	if a == nil {
		return nil
	}
	delete(r.item, key)
	if err != nil {
		a.err = err
	}
	if a.open--; a.open > 0 {
		return nil
	}
	return r.end(ctx, a)
}

// end remembers an article whose fate is known; r.mu is held.
func (r *Round) end(ctx context.Context, a *article) error {
	now := r.c.Now()
	a.feed.open--
	switch {
	case a.err == nil:
		r.memo = append(r.memo, a.memo.kept(now))
	case hopeless(a.err):
		r.fail(a.memo.URL, false, a.err)
		r.memo = append(r.memo, a.memo.lost(a.err, now))
	default:
		r.fail(a.memo.URL, false, a.err)
		m := a.memo.failed(a.err, now, r.c.Every)
		r.memo = append(r.memo, m)
		a.feed.left = a.feed.left || !m.settled()
	}
	if len(r.memo) >= keepEvery || now.Sub(r.last) >= keepAfter {
		return r.flush(ctx)
	}
	return nil
}

// flush keeps the memos; r.mu is held.
func (r *Round) flush(ctx context.Context) error {
	err := r.c.Memory.Keep(ctx, r.memo...)
	r.memo, r.last = nil, r.c.Now()
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

// list finds what a feed, or the preview of a channel, announces.
func (r *Round) list(ctx context.Context, u string, p *fetch.Page) (out []found, err error) {
	one := &run{ctx: ctx, Options: Options{Keep: true}}
	if feed.Sniff(p.Body) == feed.IsPage {
		if pg, err := page.Read(p.Body, hintOf(p), p.URL); err != nil || len(pg.Posts) == 0 {
			return nil, errors.New("a page and no feed: look for the feed's address on it")
		}
		one.fetched(p, u, nil, func(it input.Item) bool {
			if it.Err == nil && it.Article.URL != "" {
				out = append(out, found{address: it.Article.URL, whole: []input.Item{it}})
			}
			return true
		})
		return out, nil
	}
	f, err := feed.Read(p.Body, hintOf(p), p.URL)
	if err != nil {
		return nil, fmt.Errorf("%w: check the address", err)
	}
	if f.Damage != "" {
		r.mu.Lock()
		r.fail(u, true, errors.New(f.Damage))
		r.mu.Unlock()
	}
	for _, x := range f.Items {
		e := found{address: x.Link, entry: &announced{x, f.Title}}
		if x.Text != "" {
			one.entry(e.entry, u, p.At, func(it input.Item) bool {
				e.whole = []input.Item{it}
				return true
			})
			if e.address == "" {
				e.address = u + "#" + sumOf(&e.whole[0])
			}
		}
		if e.address != "" { // what has neither text nor address is a headline
			out = append(out, e)
		}
	}
	return out, nil
}

// read fetches an article that a feed announces.
func (r *Round) read(ctx context.Context, x found) (list []input.Item, err error) {
	p, err := r.c.Get(ctx, x.address, fetch.Cond{})
	if err != nil {
		return nil, err
	}
	one := &run{ctx: ctx, Options: Options{Keep: true}}
	one.fetched(p, x.address, x.entry, func(it input.Item) bool {
		list = append(list, it)
		return true
	})
	return list, nil
}

// hintOf is the media type as the server gave it.
func hintOf(p *fetch.Page) string {
	if p.Charset == "" {
		return p.Media
	}
	return strings.TrimPrefix(p.Media+"; charset="+p.Charset, "; ")
}
