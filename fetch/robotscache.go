package fetch

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"sync"
	"time"
)

// Limits of what is kept of the robots.txt of all hosts together.
const (
	maxRobots      = maxHosts
	maxRobotsBytes = 16 << 20
)

// robotsCache keeps what the robots.txt of a site says.
type robotsCache struct {
	mu   sync.Mutex
	all  map[string]*robotsEntry // by scheme, host and port
	size int
}

// robotsEntry is one site's. Who holds the token of ask may fill it.
type robotsEntry struct {
	ask   chan struct{}
	users int // guarded by robotsCache.mu, as are the others

	until  time.Time // when it has to be asked again
	robots *robots   // nil before the first time, or where err is not
	err    *Error    // why it is not known what is allowed
}

// use returns a site's entry; give it back with done.
func (c *robotsCache) use(site string) *robotsEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.all[site]
	if e == nil {
		for s, x := range c.all {
			if len(c.all) < maxRobots && c.size < maxRobotsBytes {
				break
			}
			if x.users == 0 {
				if x.robots != nil {
					c.size -= x.robots.size
				}
				delete(c.all, s)
			}
		}
		e = &robotsEntry{ask: make(chan struct{}, 1)}
		e.ask <- struct{}{}
		c.all[site] = e
	}
	e.users++
	return e
}

func (c *robotsCache) done(e *robotsEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.users--
}

// known returns what is known at a time; ok is false where it has to be asked.
func (c *robotsCache) known(e *robotsEntry, now time.Time) (*robots, *Error, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return e.robots, e.err, now.Before(e.until)
}

func (c *robotsCache) keep(e *robotsEntry, r *robots, err *Error, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.robots != nil {
		c.size -= e.robots.size
	}
	if r != nil {
		c.size += r.size
	}
	e.robots, e.err, e.until = r, err, until
}

// allowed asks the site's robots.txt about a URL. It returns the pause that the
// host wants between two requests.
func (f *Fetcher) allowed(ctx context.Context, u *url.URL, public bool) (time.Duration, *Error) {
	r, err := f.robotsOf(ctx, u, public)
	if err != nil {
		return 0, err
	}
	path := u.EscapedPath()
	if u.RawQuery != "" || u.ForceQuery {
		path += "?" + u.RawQuery
	}
	if rule, no := r.forbids(path); no && path != "/robots.txt" {
		line := shown(rule.line)
		return 0, &Error{Kind: Robots, URL: u.String(), Line: line, LineNo: rule.no,
			Why: fmt.Sprintf("the site's robots.txt forbids it in line %d: %s", rule.no, line),
			Do:  "ask the site, or save the page with a browser and add the file"}
	}
	return f.pause(r), nil
}

// pause is the time between two requests to a host.
func (f *Fetcher) pause(r *robots) time.Duration {
	d := max(f.o.Delay, 0)
	if r != nil {
		d = max(d, min(r.delay, f.o.MaxDelay))
	}
	return d
}

// robotsOf returns a site's robots.txt, from the cache or from the site; many
// who ask at once wait for one answer.
func (f *Fetcher) robotsOf(ctx context.Context, u *url.URL, public bool) (*robots, *Error) {
	site := u.Scheme + "://" + u.Host
	e := f.robots.use(site)
	defer f.robots.done(e)
	select {
	case <-e.ask:
		defer func() { e.ask <- struct{}{} }()
	case <-ctx.Done():
		return nil, stopped(u.String(), ctx.Err())
	}
	if r, err, ok := f.robots.known(e, time.Now()); ok {
		return r, err
	}
	r, from, err := f.askRobots(ctx, site, public)
	now := time.Now()
	if err == nil && from != site && from != "" {
		// http://khabar.example sends us to https://khabar.example/robots.txt, and
		// will send us to its pages next: that file need not be asked for twice.
		to := f.robots.use(from)
		f.robots.keep(to, r, nil, now.Add(f.o.RobotsAge))
		f.robots.done(to)
	}
	switch {
	case err == nil:
		f.robots.keep(e, r, nil, now.Add(f.o.RobotsAge))
	case err.Kind == NotNow || err.Kind == Unreachable: // a hundred links to a dead host are one failure
		f.robots.keep(e, nil, err, now.Add(min(f.o.Wait, f.o.RobotsAge)))
	}
	return r, err
}

// askRobots gets a robots.txt. Like a page it may redirect, to other hosts too;
// from is the site whose robots.txt it is in the end, "" where it is none's.
func (f *Fetcher) askRobots(ctx context.Context, site string, public bool) (r *robots, from string, bad *Error) {
	l := limits{wire: f.o.RobotsSize, body: f.o.RobotsSize, ratio: f.o.MaxRatio, cut: true}
	next := site + "/robots.txt"
	for hops := 0; ; hops++ {
		u, err := f.parse(next)
		if err != nil {
			if err.Kind == Private {
				return nil, "", err
			}
			return nil, "", f.notNow(next, err)
		}
		a, err := f.ask(ctx, u, Cond{}, public, l, f.pause(nil))
		switch {
		case err == nil && a.next != "" && hops >= max(f.o.Hops, 0):
			return nil, "", f.notNow(next, &Error{Kind: Redirects, Why: "it redirects too often"})
		case err == nil && a.next != "":
			next, public = a.next, public || !a.private
			continue
		case err == nil:
			body := a.page.Body
			if int64(len(body)) == l.body { // the last line may be half a line
				body = body[:bytes.LastIndexAny(body, "\r\n")+1]
			}
			if u.Path == "/robots.txt" && u.RawQuery == "" {
				from = u.Scheme + "://" + u.Host
			}
			return parseRobots(body, product), from, nil
		case err.Kind == Status && (err.Status == 204 || err.Status >= 400 && err.Status < 500):
			return &robots{}, "", nil // there is none, and nothing is forbidden
		case err.Kind == Private || err.Kind == Limited || err.Kind == Unreachable || err.Kind == Stopped:
			return nil, "", err // the page itself would fare no better
		}
		return nil, "", f.notNow(next, err)
	}
}

func (f *Fetcher) notNow(url string, err *Error) *Error {
	until := time.Now().UTC().Add(min(f.o.Wait, f.o.RobotsAge))
	return &Error{Kind: NotNow, URL: url, Status: err.Status, Until: until, Err: err,
		Why: fmt.Sprintf("the site's robots.txt cannot be read (%s), so it is not known what is allowed", err.Why),
		Do:  "try again after " + clock(until)}
}
