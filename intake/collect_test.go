package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/fetch"
	"github.com/sanad-project/sanad/input"
)

// web is a site without a network: addresses, what they answer, and how often
// they were asked.
type web struct {
	mu    sync.Mutex
	pages map[string]string
	fails map[string]*fetch.Error
	asks  map[string]int
	now   time.Time
	memos map[string]Memo
	every time.Duration
}

func newWeb() *web {
	return &web{pages: map[string]string{}, fails: map[string]*fetch.Error{}, asks: map[string]int{}, memos: map[string]Memo{},
		now: time.Date(2024, 3, 10, 12, 0, 0, 0, time.UTC), every: 15 * time.Minute}
}

func (w *web) get(_ context.Context, url string, c fetch.Cond) (*fetch.Page, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asks[url]++
	if e := w.fails[url]; e != nil {
		return nil, e
	}
	body, ok := w.pages[url]
	if !ok {
		return nil, &fetch.Error{Kind: fetch.Status, Status: 404, URL: url, Why: "no such page"}
	}
	p := &fetch.Page{URL: url, Status: 200, At: w.now, ETag: fmt.Sprintf("%q", fmt.Sprint(len(body))), Body: []byte(body)}
	if c.ETag == p.ETag {
		p.Unchanged, p.Body, p.Status = true, nil, 304
	}
	return p, nil
}

func (w *web) Recall(_ context.Context, url string) (Memo, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := w.memos[url]
	m.URL = url
	return m, nil
}

func (w *web) Keep(_ context.Context, list ...Memo) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range list {
		w.memos[m.URL] = m
	}
	return nil
}

// feed publishes a feed with items such as "<link>/1</link>".
func (w *web) feed(url string, items ...string) {
	s := `<?xml version="1.0"?><rss version="2.0"><channel><title>خبرگزاری پیشاهنگ</title><link>https://khabar.example/</link>`
	for _, it := range items {
		s += "<item>" + it + "</item>"
	}
	w.pages[url] = s + "</channel></rss>"
}

const site = "https://khabar.example/"

func link(n int) string { return fmt.Sprintf("<title>خبر %d</title><link>%s%d</link>", n, site, n) }

// article publishes a page.
func (w *web) article(n int, text string) {
	w.pages[fmt.Sprint(site, n)] = `<html><head><title>خبر</title></head><body><article><h1>عنوان خبر</h1><p>` + text + `</p></article></body></html>`
}

const persian = "سخنگوی وزارت کشور روز دوشنبه گفت که گفت‌وگوها درباره آتش‌بس در شهر از سر گرفته شده است و ادامه خواهد داشت. "

// round goes through one round and settles each item with what fate says; it
// returns the addresses that were yielded.
func (w *web) round(t *testing.T, fate func(input.Item) error, feeds ...string) (*Round, []string) {
	t.Helper()
	c := &Collector{Get: w.get, Memory: w, Every: w.every, Now: func() time.Time { return w.now }}
	r := c.Begin()
	var got []string
	r.Run(t.Context(), feeds, func(it input.Item) bool {
		got = append(got, it.File)
		if err := r.Settle(t.Context(), &it, fate(it)); err != nil {
			t.Error(err)
		}
		return true
	})
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
	slices.Sort(got)
	w.now = w.now.Add(w.every)
	return r, got
}

func kept(input.Item) error { return nil }

func TestGrowingFeed(t *testing.T) {
	w := newWeb()
	feedURL := site + "rss"
	for i := range 4 {
		w.article(i, strings.Repeat(persian, 5))
	}
	w.feed(feedURL, link(1), link(0))
	r, got := w.round(t, kept, feedURL)
	if fmt.Sprint(got) != fmt.Sprint([]string{site + "0", site + "1"}) || r.Feeds != 1 || len(r.Failed) != 0 {
		t.Errorf("%v, %+v", got, r.Failed)
	}
	r, got = w.round(t, kept, feedURL, feedURL)
	if len(got) != 0 || r.Unchanged != 1 || r.Feeds != 1 {
		t.Errorf("nothing new: %v, %+v", got, r)
	}
	w.feed(feedURL, link(3), link(2), link(1), link(0))
	other := site + "other"
	w.feed(other, link(3), link(0), "<title>بی‌پیوند</title>")
	r, got = w.round(t, kept, feedURL, other)
	if fmt.Sprint(got) != fmt.Sprint([]string{site + "2", site + "3"}) || r.Feeds != 2 {
		t.Errorf("two new: %v, %+v", got, r.Failed)
	}
	for i := range 4 {
		if n := w.asks[fmt.Sprint(site, i)]; n != 1 {
			t.Errorf("article %d was asked for %d times", i, n)
		}
	}
}

// TestItem: what the feed says stands where the page only lets it be guessed.
func TestItem(t *testing.T) {
	w := newWeb()
	w.article(1, strings.Repeat(persian, 5))
	w.feed(site+"rss", link(1)+"<pubDate>Sun, 10 Mar 2024 10:00:00 GMT</pubDate>")
	var it input.Item
	w.round(t, func(x input.Item) error { it = x; return nil }, site+"rss")
	if it.Article.Published != "2024-03-10" || it.Article.URL != site+"1" || it.File != site+"1" || it.Kind != input.HTML || it.At.IsZero() ||
		!strings.Contains(it.Article.Text, "آتش‌بس") || string(it.Raw) != w.pages[site+"1"] || slices.Contains(it.Guessed, "published") {
		t.Errorf("%+v", it)
	}
}

func TestFailingArticles(t *testing.T) {
	w := newWeb()
	feedURL := site + "rss"
	w.feed(feedURL, link(1), link(2), link(3), link(4), link(5))
	w.article(1, strings.Repeat(persian, 5))
	w.article(2, strings.Repeat("This page speaks of something else, in another language, at some length. ", 5))
	w.pages[site+"3"] = "<html><body></body></html>"
	w.fails[site+"4"] = &fetch.Error{Kind: fetch.Robots, URL: site + "4", Why: "forbidden"}
	w.fails[site+"5"] = &fetch.Error{Kind: fetch.Status, Status: 500, URL: site + "5", Why: "in trouble"}
	fate := func(it input.Item) error {
		if it.File == site+"2" {
			return &sanad.NotPersian{Why: "English"}
		}
		return nil
	}
	r, got := w.round(t, fate, feedURL)
	if len(got) != 2 || len(r.Failed) != 4 {
		t.Fatalf("%v, %+v", got, r.Failed)
	}
	for range 3 {
		w.round(t, fate, feedURL)
	}
	for n, want := range map[int]int{1: 1, 2: 1, 3: 1, 4: 1, 5: 3} { // rounds 1, 2 and 4 for what may yet come
		if got := w.asks[fmt.Sprint(site, n)]; got != want {
			t.Errorf("article %d was asked for %d times, want %d", n, got, want)
		}
	}
	if w.memos[feedURL].ETag != "" {
		t.Error("the feed is remembered as seen while an article of it may yet come")
	}
	delete(w.fails, site+"5")
	w.article(5, strings.Repeat(persian, 6))
	for range 4 {
		_, got = w.round(t, fate, feedURL)
		if len(got) == 1 {
			break
		}
	}
	if len(got) != 1 || got[0] != site+"5" {
		t.Errorf("%v, want the article that came late", got)
	}
	if r, _ = w.round(t, fate, feedURL); r.Unchanged != 1 {
		t.Errorf("the feed is still not remembered as seen: %+v", w.memos[feedURL])
	}
}

// TestFailingFeeds: one that fails does not stop the others, and is asked ever
// more seldom.
func TestFailingFeeds(t *testing.T) {
	w := newWeb()
	w.feed(site + "good")
	w.pages[site+"html"] = "<html><body><p>" + persian + "</p></body></html>"
	w.fails["https://down.example/rss"] = &fetch.Error{Kind: fetch.Unreachable, URL: "https://down.example/rss", Why: "no connection"}
	until := w.now.Add(5 * time.Hour)
	w.fails["https://busy.example/rss"] = &fetch.Error{Kind: fetch.Limited, URL: "https://busy.example/rss", Until: until, Why: "patience"}
	feeds := []string{"https://down.example/rss", site + "html", "https://busy.example/rss", site + "good"}
	r, _ := w.round(t, kept, feeds...)
	if r.Feeds != 4 || len(r.Failed) != 3 {
		t.Errorf("%+v", r)
	}
	const day = 96 // rounds
	for range 7*day - 1 {
		w.round(t, kept, feeds...)
	}
	if n := w.asks[site+"good"]; n != 7*day {
		t.Errorf("the good feed was asked %d times, want %d", n, 7*day)
	}
	// 7 times until the pause is a day, then once a day
	if n := w.asks["https://down.example/rss"]; n < 10 || n > 15 {
		t.Errorf("the failing feed was asked %d times in a week", n)
	}
	if n := w.asks["https://busy.example/rss"]; n < 8 || n > 15 {
		t.Errorf("the busy feed was asked %d times in a week", n)
	}
	if m := w.memos["https://down.example/rss"]; m.Error == "" || m.Next.Sub(m.At) > 24*time.Hour {
		t.Errorf("%+v", m)
	}
	delete(w.fails, "https://down.example/rss")
	w.feed("https://down.example/rss")
	w.now = w.now.Add(24 * time.Hour)
	w.round(t, kept, feeds...)
	if m := w.memos["https://down.example/rss"]; m.Failures != 0 || m.Error != "" {
		t.Errorf("after it came back: %+v", m)
	}
}

// TestRetryAfter: a host that asks for patience is not asked before.
func TestRetryAfter(t *testing.T) {
	w := newWeb()
	u := site + "rss"
	until := w.now.Add(5 * time.Hour)
	w.fails[u] = &fetch.Error{Kind: fetch.Limited, URL: u, Until: until, Why: "patience"}
	for range 20 {
		w.round(t, kept, u)
	}
	if n := w.asks[u]; n != 1 || !w.memos[u].Next.Equal(until) {
		t.Errorf("asked %d times, the next not before %v", n, w.memos[u].Next)
	}
}

// TestStoppedRound: what was not settled is asked for again.
func TestStoppedRound(t *testing.T) {
	w := newWeb()
	u := site + "rss"
	w.feed(u, link(0), link(1), link(2))
	for i := range 3 {
		w.article(i, strings.Repeat(persian, 5))
	}
	c := &Collector{Get: w.get, Memory: w, Every: w.every, Now: func() time.Time { return w.now }}
	r := c.Begin()
	n := 0
	r.Run(t.Context(), []string{u}, func(it input.Item) bool {
		n++
		if n == 1 {
			r.Settle(t.Context(), &it, nil)
		}
		return n < 2 // the second was taken and its fate is not known
	})
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := w.memos[u]; n != 2 || m.ETag != "" {
		t.Errorf("%d items, %+v", n, m)
	}
	_, got := w.round(t, kept, u)
	if fmt.Sprint(got) != fmt.Sprint([]string{site + "1", site + "2"}) {
		t.Errorf("%v", got)
	}
	// killed: nothing is closed
	w.feed(u, link(0), link(1), link(2), link(3))
	w.article(3, strings.Repeat(persian, 5))
	r = c.Begin()
	r.Run(t.Context(), []string{u}, func(input.Item) bool { return true })
	if _, got = w.round(t, kept, u); len(got) != 1 || got[0] != site+"3" {
		t.Errorf("after a kill: %v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r = c.Begin()
	r.Run(ctx, []string{u}, func(input.Item) bool { t.Error("an item after the end"); return true })
	if err := r.Close(t.Context()); err != nil || w.memos[u].ETag == "" {
		t.Errorf("%v, %+v", err, w.memos[u])
	}
}

// TestHostDown: after one page that the host does not give, its others wait.
func TestHostDown(t *testing.T) {
	w := newWeb()
	u := "https://list.example/rss"
	w.feed(u, link(1), link(2), link(3))
	w.fails[site+"1"] = &fetch.Error{Kind: fetch.TooSlow, URL: site + "1", Why: "slow"}
	w.article(2, strings.Repeat(persian, 5))
	r, got := w.round(t, kept, u)
	if len(got) != 0 || r.Later != 2 || len(r.Failed) != 1 || w.asks[site+"2"] != 0 || w.memos[u].ETag != "" {
		t.Errorf("%v, %+v", got, r)
	}
}

// TestManyArticles: a feed with many is read in several rounds.
func TestManyArticles(t *testing.T) {
	w := newWeb()
	u := site + "rss"
	var items []string
	for i := range mostArticles + 20 {
		items = append(items, link(i))
		w.article(i, strings.Repeat(persian, 5))
	}
	w.feed(u, items...)
	r, got := w.round(t, kept, u)
	if len(got) != mostArticles || r.Later != 20 {
		t.Errorf("%d, %d later", len(got), r.Later)
	}
	if r, got = w.round(t, kept, u); len(got) != 20 || r.Later != 0 {
		t.Errorf("%d, %d later", len(got), r.Later)
	}
	if r, _ = w.round(t, kept, u); r.Unchanged != 1 {
		t.Errorf("%+v", r)
	}
}

// TestTextInFeed: a report that stands in the feed is not fetched; another text
// in the same place is another report.
func TestTextInFeed(t *testing.T) {
	w := newWeb()
	u := site + "rss"
	full := func(s string) string {
		return link(1) + `<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/"><![CDATA[<p>` + strings.Repeat(s, 8) + `</p>]]></content:encoded>`
	}
	w.feed(u, full(persian))
	_, got := w.round(t, kept, u)
	if len(got) != 1 || w.asks[site+"1"] != 0 {
		t.Fatalf("%v, asked %d times", got, w.asks[site+"1"])
	}
	w.feed(u, full(persian), "<title>تازه</title>")
	if _, got = w.round(t, kept, u); len(got) != 0 {
		t.Errorf("again: %v", got)
	}
	w.feed(u, full(persian+" تصحیح شد."))
	if _, got = w.round(t, kept, u); len(got) != 1 {
		t.Errorf("another text: %v", got)
	}
}

func TestMemoryFails(t *testing.T) {
	w := newWeb()
	w.feed(site + "rss")
	c := &Collector{Get: w.get, Memory: noMemory{}, Every: w.every, Now: time.Now}
	r := c.Begin()
	r.Run(t.Context(), []string{site + "rss"}, func(input.Item) bool { return true })
	if err := r.Close(t.Context()); !errors.Is(err, errNoMemory) {
		t.Error(err)
	}
}

var errNoMemory = errors.New("the disk is full")

type noMemory struct{}

func (noMemory) Recall(context.Context, string) (Memo, error) { return Memo{}, errNoMemory }
func (noMemory) Keep(context.Context, ...Memo) error          { return nil }

// TestChannel: the preview of a channel is a feed that carries its messages.
func TestChannel(t *testing.T) {
	w := newWeb()
	const u = "https://t.me/s/kanal_azmun"
	message := func(n int, text string) string {
		return fmt.Sprintf(`<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="kanal_azmun/%d"><div class="tgme_widget_message_bubble">
<div class="tgme_widget_message_text js-message_text" dir="auto">%s</div><div class="tgme_widget_message_footer"><a class="tgme_widget_message_date" href="https://t.me/kanal_azmun/%d">
<time datetime="2024-03-10T07:12:00+00:00">07:12</time></a></div></div></div></div>`, n, text, n)
	}
	channel := func(messages ...string) {
		w.pages[u] = `<!DOCTYPE html><html><head><meta property="og:title" content="کانال آزمون"></head><body><main class="tgme_main">
<section class="tgme_channel_history js-message_history">` + strings.Join(messages, "\n") + `</section></main></body></html>`
	}
	var urls []string
	fate := func(it input.Item) error {
		urls = append(urls, it.Article.URL)
		if it.File != u {
			t.Errorf("an item from %s", it.File)
		}
		return nil
	}
	channel(message(1, persian), message(2, "سخنگوی وزارت خارجه حمله را محکوم کرد."))
	r, _ := w.round(t, fate, u)
	if want := []string{"https://t.me/kanal_azmun/1", "https://t.me/kanal_azmun/2"}; fmt.Sprint(urls) != fmt.Sprint(want) || len(r.Failed) != 0 {
		t.Fatalf("%v, %+v", urls, r.Failed)
	}
	urls = nil
	channel(message(1, persian), message(2, "سخنگوی وزارت خارجه حمله را به تندی محکوم کرد."), message(3, "هیئت‌ها فردا دیدار می‌کنند."))
	r, _ = w.round(t, fate, u)
	if want := []string{"https://t.me/kanal_azmun/2", "https://t.me/kanal_azmun/3"}; fmt.Sprint(urls) != fmt.Sprint(want) || len(r.Failed) != 0 {
		t.Errorf("%v, %+v", urls, r.Failed)
	}
	if len(w.asks) != 1 {
		t.Errorf("asked for %v", w.asks)
	}
}
