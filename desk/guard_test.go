package desk

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestHostHeader(t *testing.T) {
	b := newBench(t)
	for host, want := range map[string]int{
		"127.0.0.1:8080": 200, "localhost:8080": 200, "LOCALHOST:8080": 200,
		"evil.example:8080": 421, "127.0.0.1": 421, "127.0.0.1:81": 421, "evil.example": 421, "": 421, "127.0.0.1:8080.evil.example": 421,
	} {
		r := b.request("GET", "/", nil)
		r.Host = host
		if w := b.do(r); w.Code != want {
			t.Errorf("Host %q: %d, want %d", host, w.Code, want)
		}
	}
}

func TestHosts(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8080": "127.0.0.1:8080 localhost:8080",
		"[::1]:8080":     "[::1]:8080 127.0.0.1:8080 localhost:8080",
	} {
		if got := strings.Join(Hosts(addr), " "); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
}

func TestLoopback(t *testing.T) {
	for addr, ok := range map[string]bool{
		"127.0.0.1:0": true, "localhost:8080": true, "[::1]:8080": true, "127.0.0.2:1": true,
		"0.0.0.0:8080": false, ":8080": false, "[::]:8080": false, "192.0.2.1:8080": false, "example.org:8080": false, "8080": false, "": false,
	} {
		if err := Loopback(addr); (err == nil) != ok {
			t.Errorf("%q: %v", addr, err)
		}
	}
	if err := Loopback("0.0.0.0:80"); err == nil || !strings.Contains(err.Error(), "other machines") {
		t.Errorf("the refusal does not say why: %v", err)
	}
}

// Every request that would change something is refused where it comes from
// another site, or without the token of a page of this run.
func TestOtherSites(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	token := b.desk.(*guard).token
	state := formOf("action", "state", "value", "done", "token", token)
	send := func(path string, f url.Values, media string, body string, header ...string) int {
		if f != nil {
			body = f.Encode()
		}
		r := b.request("POST", path, strings.NewReader(body))
		r.Header.Set("Content-Type", media)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return b.do(r).Code
	}
	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name, path string
		code       int
		header     []string
	}{
		{"cross-site", "/report/" + id + "/decide", 403, []string{"Sec-Fetch-Site", "cross-site"}},
		{"same site, other origin", "/report/" + id + "/decide", 403, []string{"Sec-Fetch-Site", "same-site"}},
		{"foreign origin", "/report/" + id + "/decide", 403, []string{"Origin", "http://evil.example"}},
		{"other port", "/report/" + id + "/decide", 403, []string{"Origin", "http://127.0.0.1:9999"}},
		{"null origin", "/report/" + id + "/decide", 403, []string{"Origin", "null"}},
		{"adding", "/add", 403, []string{"Sec-Fetch-Site", "cross-site"}},
		{"the API", "/api/v1/reports", 403, []string{"Sec-Fetch-Site", "cross-site"}},
	} {
		if got := send(c.path, state, form, "", c.header...); got != c.code {
			t.Errorf("%s: %d, want %d", c.name, got, c.code)
		}
	}
	for _, token := range []string{"", "x", strings.Repeat("0", len(token))} {
		f := formOf("action", "state", "value", "done", "token", token)
		if got := send("/report/"+id+"/decide", f, form, ""); got != 403 {
			t.Errorf("token %q: %d", token, got)
		}
		if got := send("/add", formOf("text", "متن", "token", token), form, ""); got != 403 {
			t.Errorf("adding with token %q: %d", token, got)
		}
	}
	// A form of another site can be sent without headers that give it away by an
	// old browser, but it cannot be JSON.
	for _, media := range []string{form, "text/plain", "multipart/form-data; boundary=x", ""} {
		if got := send("/api/v1/reports/"+id+"/decisions", nil, media, `{"action":"state","value":"done","seen":""}`); got != 415 {
			t.Errorf("the API takes %q: %d", media, got)
		}
	}
	if x := b.full(id); x.Review != "new" || len(x.Log) > 0 {
		t.Errorf("something was decided: %s, %d decisions", x.Review, len(x.Log))
	}
	if got := send("/report/"+id+"/decide", state, form, "", "Origin", "http://"+host, "Sec-Fetch-Site", "same-origin"); got != 303 {
		t.Errorf("the desk's own form: %d", got)
	}
}

func TestMethods(t *testing.T) {
	b := newBench(t)
	for _, m := range []string{"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"} {
		r := b.request(m, "/", nil)
		if w := b.do(r); w.Code != 405 {
			t.Errorf("%s: %d", m, w.Code)
		}
	}
}

func TestHeaders(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	for _, path := range []string{"/", "/add", "/report/" + id, "/nowhere", "/static/x/desk.js", "/api/v1/reports"} {
		w := b.do(b.request("GET", path, nil))
		csp := w.Header().Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy lacks %s: %s", path, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") {
			t.Errorf("%s: the policy is too wide: %s", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin"} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}

// No page has what the policy would stop, or what would need the network.
func TestNothingInline(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	for _, lang := range []string{"en", "fa"} {
		b.lang = lang
		for _, path := range []string{"/", "/add", "/report/" + id + "?f=event:e1"} {
			page := b.get(path)
			mustNot(t, page, " style=", " onclick=", " onload=", "<style", "javascript:", "src=\"http", "href=\"http", "url(")
		}
	}
}

func TestLocal(t *testing.T) {
	for next, want := range map[string]string{
		"/": "/", "/report/ab?f=event%3Ae1#x": "/report/ab?f=event%3Ae1#x",
		"//evil.example": "!", "///evil.example": "!", "/\\evil.example": "!", "\\\\evil.example": "!", "http://evil.example/": "!",
		"https:evil.example": "!", "javascript:alert(1)": "!", "evil.example": "!", "": "!", "/\t/evil.example": "!", "/\n/evil.example": "!", "data:text/html,x": "!",
	} {
		if got := local(next, "!"); got != want {
			t.Errorf("%q: %q, want %q", next, got, want)
		}
	}
}

// Whatever a form says of where to go next, it goes to the report.
func TestNoOpenRedirect(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	for _, next := range []string{"//evil.example", "http://evil.example/", "/\\evil.example", "\r\nLocation: http://evil.example"} {
		f := formOf("action", "accept", "kind", "event", "id", "e1", "next", next, "seen", b.full(id).Reviewed.Last)
		w := b.post("/report/"+id+"/decide", f)
		if u, err := url.Parse(w.Header().Get("Location")); w.Code != 303 || err != nil || u.Host != "" || u.Path != "/report/"+id {
			t.Errorf("%q: %d %q", next, w.Code, w.Header().Get("Location"))
		}
	}
	for _, path := range []string{"//evil.example/", "/%2f/evil.example", "/report/%2f%2fevil.example/decide"} {
		r := b.request("GET", "/", nil)
		r.URL.Path, _ = url.PathUnescape(path)
		r.RequestURI = path
		if w := b.do(r); w.Header().Get("Location") != "" && (!strings.HasPrefix(w.Header().Get("Location"), "/") || strings.HasPrefix(w.Header().Get("Location"), "//")) {
			t.Errorf("%s leads to %q", path, w.Header().Get("Location"))
		} else {
			mustNot(t, w.Body.String(), `href="//`)
		}
	}
}

func TestLimits(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	f := formOf("action", "note", "kind", "report", "note", strings.Repeat("آ", maxForm))
	if w := b.post("/report/"+id+"/decide", f); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a form of %d MB: %d", len(f.Get("note"))>>20, w.Code)
	}
	s := Server(b.desk)
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes <= 0 {
		t.Errorf("a slow request may take for ever: %+v", s)
	}
	var left bool
	g := newGuard([]string{host}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, left = r.Context().Deadline() }))
	(&bench{t: t, desk: g}).do((&bench{}).request("GET", "/", nil))
	if !left {
		t.Error("a handler has no deadline")
	}
}

// The server of a desk answers on the address that it is bound to.
func TestServes(t *testing.T) {
	b := serving(t)
	res, err := http.Get(b.base + "/")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 {
		t.Errorf("%d", res.StatusCode)
	}
	// The same server under a name that somebody made to point here.
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", strings.TrimPrefix(b.base, "http://"))
	}}}
	res, err = client.Get("http://rebound.example/")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("a rebound name is answered with %d", res.StatusCode)
	}
}
