package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"
)

const head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

// TestHostile lets servers do what they should not; each case ends, and with
// the error that fits.
func TestHostile(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 16 {
		z.Write(make([]byte, 1<<20))
	}
	z.Close()
	text := packed(t, "gzip", strings.Repeat("متن خبر ", 1000))
	for _, c := range []struct {
		name string
		kind Kind
		do   func(c net.Conn)
	}{
		{"silence", TooSlow, func(c net.Conn) { io.Copy(io.Discard, c) }},
		{"slow header", TooSlow, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nX: "); drip(c, "a", 20*time.Millisecond) }},
		{"slow header lines", TooSlow, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\n"); drip(c, "X: a\r\n", 20*time.Millisecond) }},
		{"header without end", TooLarge, func(c net.Conn) { io.WriteString(c, head); drip(c, strings.Repeat("X: aaaaaaaaaaaaaaaa\r\n", 100), 0) }},
		{"header of 10 MB", TooLarge, func(c net.Conn) { io.WriteString(c, head+"X: "+strings.Repeat("a", 10<<20)+"\r\n\r\n") }},
		{"status line without end", TooLarge, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 "); drip(c, strings.Repeat("a", 1000), 0) }},
		{"preliminary answers without end", TooLarge, func(c net.Conn) { drip(c, "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n", 0) }},
		{"slow body", TooSlow, func(c net.Conn) { io.WriteString(c, head+"\r\n"); drip(c, "a", 20*time.Millisecond) }},
		{"body that stops", TooSlow, func(c net.Conn) { io.WriteString(c, head+"Content-Length: 100\r\n\r\nabc"); io.Copy(io.Discard, c) }},
		{"slow chunks", TooSlow, func(c net.Conn) {
			io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\n")
			drip(c, "1\r\na\r\n", 20*time.Millisecond)
		}},
		{"body without end", TooLarge, func(c net.Conn) { io.WriteString(c, head+"\r\n"); drip(c, strings.Repeat("a", 64<<10), 0) }},
		{"chunks without end", TooLarge, func(c net.Conn) {
			io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\n")
			drip(c, "1000\r\n"+strings.Repeat("a", 0x1000)+"\r\n", 0)
		}},
		{"chunk extension without end", Broken, func(c net.Conn) {
			io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\n1;")
			drip(c, strings.Repeat("a", 1000), 0)
		}},
		{"chunk of 2^63", Broken, func(c net.Conn) {
			io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\n8000000000000000\r\n"+"abc")
		}},
		{"trailer without end", Broken, func(c net.Conn) {
			io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\n0\r\n")
			drip(c, "X: "+strings.Repeat("a", 1000)+"\r\n", 0)
		}},
		{"length announced too large", TooLarge, func(c net.Conn) { io.WriteString(c, head+"Content-Length: 99999999999\r\n\r\nabc") }},
		{"length that lies", Broken, func(c net.Conn) { io.WriteString(c, head+"Content-Length: 100\r\n\r\nabc") }},
		{"length below 0", Broken, func(c net.Conn) { io.WriteString(c, head+"Content-Length: -1\r\n\r\nabc") }},
		{"two lengths", Broken, func(c net.Conn) { io.WriteString(c, head+"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd") }},
		{"gzip bomb", TooLarge, func(c net.Conn) { io.WriteString(c, head+"Content-Encoding: gzip\r\n\r\n"); c.Write(bomb.Bytes()) }},
		{"gzip in gzip", Broken, func(c net.Conn) {
			io.WriteString(c, head+"Content-Encoding: gzip, gzip\r\n\r\n")
			c.Write(packed(t, "gzip", bomb.String()))
		}},
		{"unknown encoding", Broken, func(c net.Conn) { io.WriteString(c, head+"Content-Encoding: zstd\r\n\r\nabc") }},
		{"gzip cut off", Broken, func(c net.Conn) {
			io.WriteString(c, head+"Content-Encoding: gzip\r\n\r\n")
			c.Write(text[:len(text)/2])
		}},
		{"gzip with a wrong sum", Broken, func(c net.Conn) {
			bad := bytes.Clone(text)
			bad[len(bad)-5] ^= 1
			io.WriteString(c, head+"Content-Encoding: gzip\r\n\r\n")
			c.Write(bad)
		}},
		{"no gzip", Broken, func(c net.Conn) { io.WriteString(c, head+"Content-Encoding: gzip\r\n\r\n<html>") }},
		{"closed at once", Broken, func(c net.Conn) {}},
		{"reset", Broken, func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) }},
		{"reset in the body", Broken, func(c net.Conn) {
			io.WriteString(c, head+"Content-Length: 100\r\n\r\nabc")
			c.(*net.TCPConn).SetLinger(0)
		}},
		{"no HTTP", Broken, func(c net.Conn) { io.WriteString(c, "220 mail.khabar.example ESMTP\x1b[2J\r\n") }},
		{"TLS", Broken, func(c net.Conn) { c.Write([]byte{0x15, 3, 1, 0, 2, 2, 40}) }},
		{"status of four digits", Broken, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 2000 OK\r\n\r\n") }},
		{"redirect to nowhere", Redirects, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 302 Found\r\n\r\n") }},
		{"redirect to no URL", Redirects, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n") }},
		{"redirect to a file", BadURL, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n") }},
		{"redirect with a password", BadURL, func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: http://a:b@khabar.example/\r\n\r\n")
		}},
		{"redirect of 10 kB", BadURL, func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: /"+strings.Repeat("a", 10<<10)+"\r\n\r\n")
		}},
		{"304 that nobody asked for", Status, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 304 Not Modified\r\n\r\n") }},
		{"part of a page", Status, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\n\r\nabc") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			url := raw(t, c.do)
			o := small()
			if c.kind == TooSlow {
				o = hasty()
			}
			_, err := get(t, New(o), url+"/page")
			wantKind(t, err, c.kind)
		})
	}
}

// TestMoreThanAnnounced: what a server sends beyond its Content-Length is not
// read, and answers no later request.
func TestMoreThanAnnounced(t *testing.T) {
	n := 0
	url := raw(t, func(c net.Conn) {
		n++
		fmt.Fprintf(c, head+"Content-Length: 5\r\n\r\npage%dHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", n)
	})
	f := New(small())
	for _, want := range []string{"page1", "page2"} {
		p, err := get(t, f, url+"/"+want)
		if err != nil || string(p.Body) != want {
			t.Fatalf("%v, %v", p, err)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	f := New(small())
	_, err = get(t, f, "http://"+l.Addr().String()+"/")
	if wantKind(t, err, Unreachable); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("%v does not hold its cause", err)
	}
	o := small()
	o.Resolver = (&names{}).resolver()
	_, err = get(t, New(o), "http://nowhere.example/")
	if wantKind(t, err, Unreachable); !strings.Contains(err.Error(), "name is not known") {
		t.Error(err)
	}
}

func TestCertificates(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, r.Proto)
	}))
	s.EnableHTTP2 = true
	s.Config.ErrorLog = silent()
	s.StartTLS()
	defer s.Close()
	o := small()
	_, err := get(t, New(o), s.URL)
	if wantKind(t, err, Unreachable); !strings.Contains(err.Error(), "certificate") {
		t.Error(err)
	}
	o.Roots = s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	p, err := get(t, New(o), s.URL)
	if err != nil || string(p.Body) != "HTTP/2.0" {
		t.Errorf("%+v, %v; want HTTP/2.0", p, err)
	}
	plain := open(t, func(http.ResponseWriter, *http.Request) {})
	_, err = get(t, New(small()), strings.Replace(plain.URL, "http:", "https:", 1))
	if wantKind(t, err, Unreachable); !strings.Contains(err.Error(), "no TLS") {
		t.Error(err)
	}
}

// TestHostileHTTP2 does over HTTP/2 what an honest server library can be made
// to do.
func TestHostileHTTP2(t *testing.T) {
	t.Parallel()
	block := strings.Repeat("a", 32<<10)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/header", "/headers": // beyond the limit, and twice beyond it
			for i := range map[string]int{"/header": 12, "/headers": 64}[r.URL.Path] {
				w.Header().Set(fmt.Sprint("X-", i), block[:2000])
			}
		case "/endless":
			for {
				if _, err := io.WriteString(w, block); err != nil {
					return
				}
			}
		case "/silent":
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		case "/slow":
			for r.Context().Err() == nil {
				io.WriteString(w, "a")
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		case "/short":
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "abc")
		case "/abort":
			io.WriteString(w, "abc")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		default:
			http.NotFound(w, r)
		}
	}))
	s.EnableHTTP2 = true
	s.Config.ErrorLog = silent()
	s.StartTLS()
	t.Cleanup(s.Close)
	o := small()
	o.Roots = s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	for path, kind := range map[string]Kind{"/header": TooLarge, "/headers": Broken, "/endless": TooLarge, "/silent": TooSlow, "/slow": TooSlow, "/short": Broken, "/abort": Broken, "/none": Status} {
		t.Run(path[1:], func(t *testing.T) {
			t.Parallel()
			o := o
			if kind == TooSlow {
				o.Idle, o.Total = 300*time.Millisecond, 600*time.Millisecond // a handshake comes first
			}
			_, err := get(t, New(o), s.URL+path)
			if KindOf(err) != kind {
				t.Errorf("%v (%s), want %s", err, KindOf(err), kind)
			}
		})
	}
}

func TestStatuses(t *testing.T) {
	s := open(t, func(w http.ResponseWriter, r *http.Request) {
		var code int
		fmt.Sscan(r.URL.Path[1:], &code)
		w.WriteHeader(code)
	})
	f := New(small())
	for _, code := range []int{204, 300, 400, 401, 403, 404, 410, 418, 451, 500, 502, 503} {
		_, err := get(t, f, fmt.Sprint(s.URL, "/", code))
		if e := wantKind(t, err, Status); e.Status != code || e.Temporary() != (code >= 500) {
			t.Errorf("%d: %+v", code, e)
		}
	}
}

func TestStop(t *testing.T) {
	asked := make(chan bool)
	s := open(t, func(_ http.ResponseWriter, r *http.Request) { asked <- true; <-r.Context().Done() })
	f := New(small())
	ctx, cancel := context.WithCancel(t.Context())
	errs := make(chan error)
	for range 2 { // one asks, the other waits for its turn
		go func() {
			_, err := f.Get(ctx, s.URL, Cond{})
			errs <- err
		}()
	}
	<-asked
	cancel()
	for range 2 {
		if err := <-errs; !errors.Is(err, context.Canceled) {
			t.Error(err)
		} else {
			wantKind(t, err, Stopped)
		}
	}
	// the turn was given back
	go func() {
		_, err := f.Get(t.Context(), s.URL, Cond{})
		errs <- err
	}()
	<-asked
	s.CloseClientConnections()
	wantKind(t, <-errs, Broken)
}
