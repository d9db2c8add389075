package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/textproto"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"
)

// Options are limits and manners. The zero value of a field stands for the
// default that its comment names.
type Options struct {
	Version string // of this program, in the User-Agent
	Contact string // mail address or URL of who runs it, in the User-Agent; "" for none

	Delay    time.Duration // pause between two requests to a host; 2 s. A negative one is none.
	MaxDelay time.Duration // longest Crawl-delay that is obeyed; 30 s
	Parallel int           // requests at a time, over all hosts; 8

	Connect   time.Duration // longest time to connect, the look-up of the name included; 15 s
	Idle      time.Duration // longest silence between two bytes; 20 s
	Total     time.Duration // longest time for one request, from dialling to the last byte; 90 s
	MaxHeader int64         // bytes of the header; 256 kB
	MaxSent   int64         // bytes of a body as sent; 10 MB
	MaxBody   int64         // bytes of a body as decoded; 10 MB
	MaxRatio  int64         // decoded by sent, from 1 MB on; 100. Persian HTML stays under 20.
	Hops      int           // redirects; 5. A negative number is none.

	RobotsAge  time.Duration // how long a robots.txt is kept; 1 h. RFC 9309 allows a day at most.
	RobotsSize int64         // bytes of it that are read; 500 kB, the least that RFC 9309 asks for
	MaxWait    time.Duration // longest Retry-After that is believed; 24 h
	Wait       time.Duration // patience where a host asks for it and does not say how long; 5 min

	AllowPrivate bool           // reach private, loopback and other special addresses, and any port
	Allow        []netip.Prefix // reach these though they are special
	Ports        []int          // ports beyond 80, 443, 8080 and 8443
	Resolver     *net.Resolver  // the system's where nil
	Roots        *x509.CertPool // authorities whose certificates are believed; the system's where nil

	// Proxy is asked for the proxy of each request; nil for none, whatever the
	// environment says: with a proxy it is the proxy that looks names up and
	// connects, and only hosts given as numbers can be checked here.
	Proxy func(*http.Request) (*url.URL, error)
}

// Cond are the validators of a page that is held already. Where both are ""
// the page is asked for in any case.
type Cond struct{ ETag, LastModified string }

// Page is what a server sent.
type Page struct {
	URL          string // the last hop's, without fragment
	Chain        []Hop  // the redirects that led to it, first to last
	Status       int    // 200, 203 or 304
	Media        string // "text/html"; "" where the server does not say
	Charset      string // as the server says, in lower case; "" where it does not
	Body         []byte // decoded; nil where Unchanged
	ETag         string // to be sent with the next request
	LastModified string
	At           time.Time // UTC
	Unchanged    bool      // 304: what is held is still what the server has
}

// Hop is a redirect: this URL answered with this status, which sent us on. 301
// and 308 say that the page has moved for good.
type Hop struct {
	URL    string
	Status int
}

// Fetcher gets pages. It may be used from many goroutines; they wait for each
// other at the same host.
type Fetcher struct {
	o         Options
	agent     string
	transport *http.Transport
	slots     chan struct{}
	hosts     hosts
	robots    robotsCache
}

// New makes a fetcher.
func New(o Options) *Fetcher {
	def(&o.Delay, 2*time.Second)
	def(&o.MaxDelay, 30*time.Second)
	def(&o.Parallel, 8)
	def(&o.Connect, 15*time.Second)
	def(&o.Idle, 20*time.Second)
	def(&o.Total, 90*time.Second)
	def(&o.MaxHeader, 256<<10)
	def(&o.MaxSent, 10<<20)
	def(&o.MaxBody, 10<<20)
	def(&o.MaxRatio, 100)
	def(&o.Hops, 5)
	def(&o.RobotsAge, time.Hour)
	def(&o.RobotsSize, 500<<10)
	def(&o.MaxWait, 24*time.Hour)
	def(&o.Wait, 5*time.Minute)
	f := &Fetcher{o: o, agent: agent(o.Version, o.Contact), slots: make(chan struct{}, max(o.Parallel, 1))}
	f.hosts.all = map[string]*host{}
	f.robots.all = map[string]*robotsEntry{}
	f.transport = f.newTransport()
	return f
}

func def[T int | int64 | time.Duration](v *T, d T) {
	if *v == 0 {
		*v = d
	}
}

// Get gets the page of a URL. It waits for the host's turn, asks its robots.txt
// where that is not known, and follows redirects. The error is an *[Error],
// always; there is never a page beside it.
func (f *Fetcher) Get(ctx context.Context, rawURL string, c Cond) (*Page, error) {
	u, bad := f.parse(rawURL)
	if bad != nil {
		return nil, bad
	}
	p, err := f.follow(ctx, u, c)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// follow gets a page hop by hop.
func (f *Fetcher) follow(ctx context.Context, u *url.URL, c Cond) (*Page, *Error) {
	var chain []Hop
	seen := map[string]bool{}
	public := false
	for {
		here := u.String()
		if seen[here] {
			return nil, &Error{Kind: Redirects, URL: here, Why: "the page redirects in a circle", Do: "the site may want a cookie; open the URL in a browser"}
		}
		seen[here] = true
		pause, err := f.allowed(ctx, u, public)
		if err != nil {
			return nil, err
		}
		a, err := f.ask(ctx, u, c, public, f.limits(), pause)
		if err != nil {
			return nil, err
		}
		if a.next == "" {
			a.page.Chain = chain
			return a.page, nil
		}
		chain = append(chain, Hop{here, a.status})
		if len(chain) > f.o.Hops {
			return nil, &Error{Kind: Redirects, URL: chain[0].URL, Why: fmt.Sprintf("more than %d redirects", max(f.o.Hops, 0)), Do: "open the URL in a browser and give the address it ends at"}
		}
		if u, err = f.parse(a.next); err != nil {
			err.Why = fmt.Sprintf("the redirect from %s leads to what is not fetched: %s", here, err.Why)
			err.Do = "open the URL in a browser to see where it leads"
			return nil, err
		}
		public = public || !a.private
	}
}

func (f *Fetcher) limits() limits {
	return limits{wire: f.o.MaxSent, body: f.o.MaxBody, ratio: f.o.MaxRatio}
}

// answer is one hop's.
type answer struct {
	status  int
	page    *Page  // nil of a redirect
	next    string // where a redirect leads
	private bool   // it came from an address that is not public
}

// ask sends one request, in the host's turn, and reads the answer.
func (f *Fetcher) ask(ctx context.Context, u *url.URL, c Cond, public bool, l limits, pause time.Duration) (*answer, *Error) {
	here := u.String()
	h := f.hosts.use(u.Hostname())
	defer f.hosts.done(h)
	if err := f.limited(h, here); err != nil {
		return nil, err
	}
	if err := f.hosts.take(ctx, h); err != nil {
		return nil, stopped(here, err)
	}
	asked := false
	defer func() {
		if !asked {
			pause = 0 // the pause is for the host's sake
		}
		f.hosts.give(h, pause)
	}()
	if err := f.limited(h, here); err != nil { // whoever had the turn before may have been told to wait
		return nil, err
	}
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	case <-ctx.Done():
		return nil, stopped(here, ctx.Err())
	}
	asked = true
	a, err := f.exchange(ctx, u, c, public, l)
	if err != nil && err.Kind == Limited {
		f.hosts.askPatience(h, err.Until)
	}
	return a, err
}

// limited is the error of a host that asked for patience; nil where none did.
func (f *Fetcher) limited(h *host, here string) *Error {
	until := f.hosts.patience(h)
	if !time.Now().Before(until) {
		return nil
	}
	return &Error{Kind: Limited, URL: here, Until: until, Why: "the host has asked for patience until " + clock(until), Do: "try again then"}
}

// most1xx is how many preliminary answers are read.
const most1xx = 5

// exchange is the request itself.
func (f *Fetcher) exchange(ctx context.Context, u *url.URL, c Cond, public bool, l limits) (*answer, *Error) {
	outer := ctx
	ctx, cancel := context.WithTimeout(ctx, f.o.Total)
	defer cancel()
	h := &hop{url: u.String(), public: public}
	ctx = context.WithValue(ctx, hopKey{}, h)
	preliminary := 0
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: func(int, textproto.MIMEHeader) error {
		if preliminary++; preliminary > most1xx {
			return errPreliminary
		}
		return nil
	}})
	req := (&http.Request{Method: "GET", URL: u, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{
		"User-Agent":      {f.agent},
		"Accept":          {"text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/plain;q=0.9, */*;q=0.1"},
		"Accept-Language": {"fa, *;q=0.5"},
		"Accept-Encoding": {"gzip"},
	}}).WithContext(ctx)
	if v := tag(c.ETag); v != "" {
		req.Header.Set("If-None-Match", v)
	}
	if v := tag(c.LastModified); v != "" {
		req.Header.Set("If-Modified-Since", v)
	}
	if f.o.Proxy != nil {
		via, err := f.o.Proxy(req)
		if err != nil {
			return nil, &Error{Kind: Unreachable, URL: h.url, Why: "the proxy's address is wrong", Do: "check the settings of the proxy", Err: err}
		}
		h.proxied = via != nil
	}
	fail := func(err error) *Error { return f.explain(h.url, outer, ctx, err) }
	// RoundTrip and not Client.Do: a client would follow redirects by itself.
	res, err := f.transport.RoundTrip(req)
	if err != nil {
		return nil, fail(err)
	}
	defer res.Body.Close()
	now := time.Now().UTC()
	a := &answer{status: res.StatusCode, private: h.private.Load()}
	p := &Page{URL: h.url, Status: res.StatusCode, At: now, ETag: tag(res.Header.Get("ETag")), LastModified: tag(res.Header.Get("Last-Modified"))}
	switch code := res.StatusCode; {
	case code == 429 || code == 503 && res.Header.Get("Retry-After") != "":
		until := retryAfter(res.Header, now, f.o.MaxWait)
		if until.IsZero() {
			until = now.Add(min(f.o.Wait, f.o.MaxWait))
		}
		return nil, &Error{Kind: Limited, URL: h.url, Status: code, Until: until,
			Why: fmt.Sprintf("the host asks for patience (status %d) until %s", code, clock(until)), Do: "try again then"}
	case code == 301 || code == 302 || code == 303 || code == 307 || code == 308:
		to, err := u.Parse(strings.TrimSpace(res.Header.Get("Location")))
		if res.Header.Get("Location") == "" || err != nil {
			return nil, &Error{Kind: Redirects, URL: h.url, Status: code, Why: "the page redirects to no valid address", Do: "open the URL in a browser to see where it leads", Err: err}
		}
		a.next = to.String()
		return a, nil
	case code == 304 && (c.ETag != "" || c.LastModified != ""):
		if p.ETag == "" {
			p.ETag = c.ETag
		}
		if p.LastModified == "" {
			p.LastModified = c.LastModified
		}
		p.Unchanged = true
		a.page = p
		return a, nil
	case code != 200 && code != 203:
		return nil, badStatus(h.url, code)
	}
	if res.ContentLength > l.wire && !l.cut {
		return nil, tooLarge(h.url, "the body, as announced,", l.wire, errWire)
	}
	p.Media, p.Charset = mediaOf(res.Header.Get("Content-Type"))
	p.Body, err = decode(res.Body, strings.Join(res.Header.Values("Content-Encoding"), ","), l)
	if err != nil {
		return nil, fail(err)
	}
	a.page = p
	return a, nil
}

var errPreliminary = errors.New("too many preliminary answers")

// explain makes an Error of what went wrong in one exchange.
func (f *Fetcher) explain(here string, outer, ctx context.Context, err error) *Error {
	var (
		own     *Error
		unknown unknownEncoding
		dns     *net.DNSError
		op      *net.OpError
		cert    *tls.CertificateVerificationError
		record  tls.RecordHeaderError
	)
	text := err.Error()
	switch {
	case errors.As(err, &own):
		return own
	case outer.Err() != nil:
		return stopped(here, outer.Err())
	case errors.Is(err, errWire):
		return tooLarge(here, "the body", f.o.MaxSent, err)
	case errors.Is(err, errBody):
		return tooLarge(here, "the body", f.o.MaxBody, err)
	case errors.Is(err, errBomb):
		return &Error{Kind: TooLarge, URL: here, Err: err, Why: fmt.Sprintf("the body grows more than %d times when it is decoded, as a decompression bomb does", f.o.MaxRatio), Do: "leave this site alone"}
	case strings.Contains(text, "response headers exceeded"), strings.Contains(text, "header list larger"), errors.Is(err, errPreliminary):
		// net/http gives these no type
		return tooLarge(here, "the header", f.o.MaxHeader, err)
	case errors.As(err, &unknown):
		e := &Error{Kind: Broken, URL: here, Err: err, Why: "the body is encoded as " + string(unknown) + ", for which nobody asked", Do: "save the page with a browser and add the file"}
		return e
	case errors.As(err, &dns) && !dns.IsTimeout:
		return &Error{Kind: Unreachable, URL: here, Err: err, Why: "the host's name is not known", Do: "check the URL and the connection"}
	case errors.As(err, &op) && op.Op == "dial" && op.Timeout(), errors.As(err, &dns):
		return &Error{Kind: Unreachable, URL: here, Err: err, Why: fmt.Sprintf("no connection within %s", f.o.Connect), Do: "check the connection; try again later"}
	case ctx.Err() != nil:
		return &Error{Kind: TooSlow, URL: here, Err: err, Why: fmt.Sprintf("the answer is not complete after %s", f.o.Total), Do: "try again later"}
	case errors.Is(err, os.ErrDeadlineExceeded), timeout(err):
		return &Error{Kind: TooSlow, URL: here, Err: err, Why: fmt.Sprintf("the server was silent for %s", f.o.Idle), Do: "try again later"}
	case errors.As(err, &cert):
		return &Error{Kind: Unreachable, URL: here, Err: err, Why: "the host's certificate is not valid: " + shown(cert.Err.Error()), Do: "do not trust this address; check this machine's clock"}
	case errors.As(err, &record):
		return &Error{Kind: Unreachable, URL: here, Err: err, Why: "the host speaks no TLS", Do: "try the URL with http://"}
	case errors.As(err, &op) && op.Op == "dial":
		return &Error{Kind: Unreachable, URL: here, Err: err, Why: "no connection: " + root(op.Err), Do: "check the URL and the connection"}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Kind: Broken, URL: here, Err: err, Why: "the answer is cut off", Do: "try again later"}
	}
	return &Error{Kind: Broken, URL: here, Err: err, Why: "the answer is no valid HTTP or does not decode: " + shown(text), Do: "try again later; if it stays so, save the page with a browser and add the file"}
}

// timeout reports whether err calls itself a timeout.
func timeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

// root is the innermost reason: "connection refused".
func root(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return shown(err.Error())
		}
		err = next
	}
}

func stopped(url string, err error) *Error {
	return &Error{Kind: Stopped, URL: url, Why: "stopped before the page was there", Err: err}
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
