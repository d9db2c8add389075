package fetch

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// small are limits that a test reaches soon. Nothing asserts them as times.
func small() Options {
	return Options{
		Delay: -1, Connect: 10 * time.Second, Idle: 10 * time.Second, Total: 10 * time.Second,
		MaxHeader: 16 << 10, MaxSent: 1 << 20, MaxBody: 2 << 20, MaxRatio: 20, AllowPrivate: true,
	}
}

// hasty are limits for a server that is to be found too slow.
func hasty() Options {
	o := small()
	o.Idle, o.Total = 300*time.Millisecond, 600*time.Millisecond
	return o
}

func get(t *testing.T, f *Fetcher, url string) (*Page, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	p, err := f.Get(ctx, url, Cond{})
	if (p == nil) == (err == nil) {
		t.Fatalf("%s: page %v and error %v", url, p, err)
	}
	return p, err
}

// wantKind checks the kind of an error, and that its text says what to do.
func wantKind(t *testing.T, err error, k Kind) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind != k {
		t.Fatalf("error %v (%q), want kind %q", err, KindOf(err), k)
	}
	if e.Why == "" || e.Do == "" && k != Stopped {
		t.Errorf("%q does not say what happened and what to do", err)
	}
	if strings.ContainsAny(e.Error(), "\n\r\x00\x1b") {
		t.Errorf("%q holds control characters", e)
	}
	return e
}

// open is a server without robots.txt.
func open(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// raw is a server that answers robots.txt with 404 and hands the connection of
// any other request, its head read, to answer.
func raw(t *testing.T, answer func(c net.Conn)) string {
	t.Helper()
	return rawAt(t, "127.0.0.1:0", func(path string, c net.Conn) {
		if path == "/robots.txt" {
			io.WriteString(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
			return
		}
		answer(c)
	})
}

func rawAt(t *testing.T, addr string, answer func(path string, c net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Skip(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open[c] = true
			mu.Unlock()
			wg.Go(func() {
				defer c.Close()
				r, err := http.ReadRequest(bufio.NewReader(c))
				if err == nil {
					answer(r.URL.Path, c)
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for c := range open {
			c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return "http://" + l.Addr().String()
}

// drip writes s again and again until the other side has had enough.
func drip(c io.Writer, s string, every time.Duration) {
	for {
		if _, err := io.WriteString(c, s); err != nil {
			return
		}
		time.Sleep(every)
	}
}

// names is a DNS server without a network: each look-up of a name takes the
// next of its lists of addresses, and the last one for ever after.
type names struct {
	mu   sync.Mutex
	all  map[string][][]string
	asks map[string]int
}

func (n *names) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		client, server := net.Pipe()
		go n.serve(server)
		return client, nil
	}}
}

// serve answers as over TCP: two bytes of length, then the message.
func (n *names) serve(c net.Conn) {
	defer c.Close()
	for {
		var size [2]byte
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return
		}
		buf := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(c, buf); err != nil {
			return
		}
		var m dnsmessage.Message
		if err := m.Unpack(buf); err != nil || len(m.Questions) != 1 {
			return
		}
		q := m.Questions[0]
		m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
		addrs, known := n.answer(strings.TrimSuffix(q.Name.String(), "."), q.Type == dnsmessage.TypeA)
		if !known {
			m.RCode = dnsmessage.RCodeNameError
		}
		for _, a := range addrs {
			h := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
			switch ip := netip.MustParseAddr(a); {
			case ip.Is4() && q.Type == dnsmessage.TypeA:
				m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: ip.As4()}})
			case ip.Is6() && q.Type == dnsmessage.TypeAAAA:
				m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}})
			}
		}
		out, err := m.Pack()
		if err != nil {
			return
		}
		binary.BigEndian.PutUint16(size[:], uint16(len(out)))
		if _, err := c.Write(append(size[:], out...)); err != nil {
			return
		}
	}
}

// answer returns the addresses of one look-up. A look-up asks for A and for AAAA;
// the A question counts.
func (n *names) answer(name string, count bool) ([]string, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	lists, ok := n.all[name]
	if !ok {
		return nil, false
	}
	i := min(n.asks[name], len(lists)-1)
	if count {
		if n.asks == nil {
			n.asks = map[string]int{}
		}
		n.asks[name]++
	}
	return lists[i], true
}

// silent is for servers that are made to fail.
func silent() *log.Logger { return log.New(io.Discard, "", 0) }
