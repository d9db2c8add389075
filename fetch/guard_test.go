package fetch

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// guarded reaches 127.0.0.2 and 127.0.0.3, which play the public internet, and
// no other special address.
func guarded(n *names) Options {
	o := small()
	o.AllowPrivate = false
	o.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.2/31")}
	o.Resolver = n.resolver()
	return o
}

// portOf adds the server's port to those that may be asked.
func portOf(t *testing.T, o *Options, server string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	fmt.Sscan(u.Port(), &n)
	o.Ports = append(o.Ports, n)
	return u.Port()
}

// TestPrivateNames: the address counts, not the name, and no connection is made.
func TestPrivateNames(t *testing.T) {
	asked := false
	s := open(t, func(http.ResponseWriter, *http.Request) { asked = true })
	n := &names{all: map[string][][]string{
		"loop.example": {{"127.0.0.1"}}, "six.example": {{"::1"}}, "mapped.example": {{"::ffff:127.0.0.1"}}, "nat.example": {{"64:ff9b::7f00:1"}},
		"ten.example": {{"10.0.0.1"}}, "meta.example": {{"169.254.169.254"}}, "all.example": {{"127.0.0.1", "::1", "10.0.0.1"}}, "null.example": {{"0.0.0.0"}},
	}}
	o := guarded(n)
	port := portOf(t, &o, s.URL)
	f := New(o)
	for name := range n.all {
		_, err := get(t, f, "http://"+name+":"+port+"/")
		wantKind(t, err, Private)
	}
	if asked {
		t.Error("the server was asked")
	}
}

// TestOddNumbers: spellings of 127.0.0.1 that some resolvers take for numbers.
func TestOddNumbers(t *testing.T) {
	o := guarded(&names{})
	o.Ports = []int{9}
	f := New(o)
	for _, host := range []string{"127.1", "2130706433", "0x7f000001", "0177.0.0.1", "017700000001", "localhost", "localhost.", "LOCALHOST"} {
		_, err := get(t, f, "http://"+host+":9/")
		if k := KindOf(err); k != Private && k != Unreachable {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// TestRebinding: a name that changes its address between the look-ups, from
// robots.txt to the page and from page to page, gains nothing.
func TestRebinding(t *testing.T) {
	var public, secret atomic.Int32
	answer := func(count *atomic.Int32) func(path string, c net.Conn) {
		return func(path string, c net.Conn) {
			count.Add(1)
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		}
	}
	out := rawAt(t, "127.0.0.2:0", answer(&public))
	n := &names{all: map[string][][]string{"moving.example": {{"127.0.0.2"}, {"127.0.0.2"}, {"127.0.0.1"}, {"127.0.0.2"}, {"::1", "127.0.0.1"}}}}
	o := guarded(n)
	port := portOf(t, &o, out)
	rawAt(t, "127.0.0.1:"+port, answer(&secret))
	f := New(o)
	var kinds []Kind
	for i := range 4 {
		_, err := get(t, f, fmt.Sprintf("http://moving.example:%s/%d", port, i))
		kinds = append(kinds, KindOf(err))
	}
	if got, want := fmt.Sprint(kinds), fmt.Sprint([]Kind{"", Private, "", Private}); got != want || public.Load() != 3 || secret.Load() != 0 {
		t.Errorf("%s, want %s; asked %d and %d times", got, want, public.Load(), secret.Load())
	}
}

// TestRedirectToPrivate: each hop is checked, by number and by name, the hops
// of robots.txt too.
func TestRedirectToPrivate(t *testing.T) {
	var secret atomic.Int32
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { secret.Add(1) }))
	defer inner.Close()
	targets := []string{inner.URL, strings.Replace(inner.URL, "127.0.0.1", "inner.example", 1), "http://[::1]/", "http://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "http://127.0.0.1/"}
	for _, where := range []string{"/robots.txt", "/page"} {
		for _, to := range targets {
			out := rawAt(t, "127.0.0.2:0", func(path string, c net.Conn) {
				if path == where {
					fmt.Fprintf(c, "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", to)
				} else {
					io.WriteString(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
				}
			})
			o := guarded(&names{all: map[string][][]string{"inner.example": {{"127.0.0.1"}}}})
			portOf(t, &o, out)
			portOf(t, &o, inner.URL)
			_, err := get(t, New(o), out+"/page")
			wantKind(t, err, Private)
		}
	}
	if n := secret.Load(); n != 0 {
		t.Errorf("asked %d times", n)
	}
}

// TestPublicToPrivate: where private addresses are allowed, a public page must
// not send us to one all the same; a private one may.
func TestPublicToPrivate(t *testing.T) {
	f := New(Options{AllowPrivate: true})
	ctx := t.Context()
	for _, c := range []struct {
		public bool
		addr   string
		want   Kind
	}{{false, "127.0.0.1:80", ""}, {true, "127.0.0.1:80", Private}, {true, "[::1]:80", Private}, {true, "8.8.8.8:80", ""}} {
		h := &hop{url: "http://x.example/", public: c.public}
		if got := KindOf(f.guard(contextWith(ctx, h), c.addr)); got != c.want {
			t.Errorf("public %v, %s: %q, want %q", c.public, c.addr, got, c.want)
		}
	}
	if f.guard(ctx, "8.8.8.8:80") == nil {
		t.Error("a connection without a request is let through")
	}
	s := open(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a" {
			http.Redirect(w, r, "/b", http.StatusFound)
		}
	})
	if p, err := get(t, New(small()), s.URL+"/a"); err != nil || p.URL != s.URL+"/b" {
		t.Errorf("%v, %v", p, err)
	}
}

// TestProxy: the environment's is not used, one that is named is.
func TestProxy(t *testing.T) {
	var through atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		through.Add(1)
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, r.URL)
	}))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	o := small()
	o.AllowPrivate, o.Resolver = false, (&names{}).resolver()
	_, err := get(t, New(o), "http://khabar.example/1")
	if wantKind(t, err, Unreachable); through.Load() != 0 {
		t.Error("the environment's proxy was used")
	}
	u, _ := url.Parse(proxy.URL)
	o.Proxy = http.ProxyURL(u)
	p, err := get(t, New(o), "http://khabar.example/1")
	if err != nil || string(p.Body) != "http://khabar.example/1" || through.Load() != 2 {
		t.Errorf("%v, %v, %d requests", p, err, through.Load())
	}
	_, err = get(t, New(o), "http://127.0.0.1/")
	wantKind(t, err, Private)
}
