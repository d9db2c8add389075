package fetch

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"syscall"
	"time"
)

// hop is what one request and its connection know of each other; it travels in
// the context, which the transport hands to the dialer.
type hop struct {
	url     string
	public  bool        // the redirect comes from a public address: no private one, even where they are allowed
	proxied bool        // the connection goes to the proxy, which is the user's choice
	private atomic.Bool // the connection goes to an address that is not public
}

type hopKey struct{}

// newTransport makes the transport: one connection a request, so that no
// request can be answered by what a server sent after an earlier one, and each
// address is checked anew.
func (f *Fetcher) newTransport() *http.Transport {
	d := &net.Dialer{Timeout: f.o.Connect, Resolver: f.o.Resolver, KeepAlive: -1}
	d.ControlContext = func(ctx context.Context, network, address string, _ syscall.RawConn) error {
		return f.guard(ctx, address)
	}
	t := &http.Transport{
		Proxy: f.o.Proxy,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := d.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			if h, ok := ctx.Value(hopKey{}).(*hop); ok && !h.proxied {
				a, err := netip.ParseAddrPort(c.RemoteAddr().String())
				h.private.Store(err != nil || notPublic(a.Addr().Unmap()) != "")
			}
			return &patient{Conn: c, idle: f.o.Idle}, nil
		},
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: f.o.Roots},
		TLSHandshakeTimeout:    f.o.Idle,
		DisableKeepAlives:      true,
		DisableCompression:     true, // we ask for gzip and decode it ourselves, so that the limit is ours
		MaxResponseHeaderBytes: f.o.MaxHeader,
		ForceAttemptHTTP2:      true, // a dialer of our own would switch it off
	}
	return t
}

// guard refuses addresses that are not public. It is called with the address
// that is about to be dialled, after the name was looked up.
func (f *Fetcher) guard(ctx context.Context, address string) error {
	h, _ := ctx.Value(hopKey{}).(*hop)
	if h == nil {
		return fmt.Errorf("a connection that no request asked for: %s", address)
	}
	if h.proxied {
		return nil
	}
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	addr := a.Addr().Unmap() // the dialer may write an IPv4 address either way
	if why := f.refuses(addr); why != "" {
		return private(h.url, addr, why)
	}
	if why := notPublic(addr); h.public && why != "" {
		return &Error{Kind: Private, URL: h.url, Why: fmt.Sprintf("a public page redirects to %s, an address %s", addr, why),
			Do: "do not follow; if the target is yours, give its URL itself"}
	}
	return nil
}

// refuses says why an address is not to be reached; "" where it may.
func (f *Fetcher) refuses(a netip.Addr) string {
	if f.o.AllowPrivate {
		return ""
	}
	for _, p := range f.o.Allow {
		if p.Contains(a) {
			return ""
		}
	}
	return notPublic(a)
}

func private(url string, a netip.Addr, why string) *Error {
	return &Error{Kind: Private, URL: url, Why: fmt.Sprintf("the host's address %s is not of the public internet: it is %s", shown(a.String()), why),
		Do: "if the server is your own, allow private addresses (--allow-private)"}
}

// patient is a connection that breaks off after a silence. Each read and each
// write begins the wait anew; the time as a whole is limited by the request's
// context.
type patient struct {
	net.Conn
	idle time.Duration
}

func (c *patient) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.idle)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c *patient) Write(p []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(c.idle)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
