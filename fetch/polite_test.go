package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestPage(t *testing.T) {
	var head http.Header
	s := open(t, func(w http.ResponseWriter, r *http.Request) {
		head = r.Header.Clone()
		switch r.URL.Path {
		case "/old":
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
			http.Redirect(w, r, "/خبر?x=1#y", http.StatusMovedPermanently)
		default:
			w.Header().Set("Content-Type", "text/html; charset=windows-1256")
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("ETag", `"v1"`)
			w.Header().Set("Last-Modified", "Sun, 10 Mar 2024 11:00:00 GMT")
			w.Write(packed(t, "gzip", "متن"))
		}
	})
	o := small()
	o.Version, o.Contact = "1.2", "desk@khabar.example"
	before := time.Now()
	p, err := get(t, New(o), s.URL+"/old#top")
	if err != nil {
		t.Fatal(err)
	}
	final := s.URL + "/%d8%ae%d8%a8%d8%b1?x=1" // as the server spells it
	if p.URL != final || len(p.Chain) != 1 || p.Chain[0] != (Hop{s.URL + "/old", 301}) || p.Status != 200 || p.Media != "text/html" ||
		p.Charset != "windows-1256" || string(p.Body) != "متن" || p.ETag != `"v1"` || p.LastModified != "Sun, 10 Mar 2024 11:00:00 GMT" ||
		p.At.Before(before) || p.At.Location() != time.UTC || p.Unchanged {
		t.Errorf("%+v", p)
	}
	if head.Get("User-Agent") != agent("1.2", "desk@khabar.example") || head.Get("Accept-Encoding") != "gzip" ||
		head.Get("Cookie") != "" || head.Get("Referer") != "" || head.Get("If-None-Match") != "" {
		t.Errorf("%v", head)
	}
}

func TestUnchanged(t *testing.T) {
	const day = "Sun, 10 Mar 2024 11:00:00 GMT"
	s := open(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/", http.StatusFound)
			return
		}
		w.Header().Set("ETag", `"v2"`)
		if r.Header.Get("If-None-Match") == `"v2"` || r.Header.Get("If-Modified-Since") == day {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, "متن")
	})
	f := New(small())
	for _, c := range []struct {
		path string
		cond Cond
		want bool
	}{
		{"/", Cond{}, false}, {"/", Cond{ETag: `"v1"`}, false}, {"/", Cond{ETag: `"v2"`}, true}, {"/", Cond{LastModified: day}, true},
		{"/moved", Cond{ETag: `"v2"`}, true}, {"/", Cond{ETag: "\"v2\"\r\nX: y"}, false},
	} {
		p, err := f.Get(t.Context(), s.URL+c.path, c.cond)
		if err != nil {
			t.Fatal(err)
		}
		if p.Unchanged != c.want || p.ETag != `"v2"` || p.LastModified != c.cond.LastModified || (p.Body == nil) != c.want || (p.Status == 304) != c.want {
			t.Errorf("%+v: %+v", c, p)
		}
	}
}

func TestRedirects(t *testing.T) {
	s := open(t, func(w http.ResponseWriter, r *http.Request) {
		var n int
		fmt.Sscan(r.URL.Path[1:], &n)
		switch {
		case r.URL.Path == "/circle":
			http.Redirect(w, r, "/circle2", http.StatusFound)
		case r.URL.Path == "/circle2":
			http.Redirect(w, r, "/circle", http.StatusSeeOther)
		case n > 0:
			http.Redirect(w, r, fmt.Sprint("/", n-1), []int{301, 302, 303, 307, 308}[n%5])
		}
	})
	f := New(small())
	p, err := get(t, f, s.URL+"/5")
	if err != nil || len(p.Chain) != 5 || p.URL != s.URL+"/0" {
		t.Errorf("%+v, %v", p, err)
	}
	_, err = get(t, f, s.URL+"/6")
	wantKind(t, err, Redirects)
	_, err = get(t, f, s.URL+"/circle")
	if wantKind(t, err, Redirects); !strings.Contains(err.Error(), "circle") {
		t.Error(err)
	}
	o := small()
	o.Hops = -1
	_, err = get(t, New(o), s.URL+"/1")
	wantKind(t, err, Redirects)
}

func TestRobotsTxt(t *testing.T) {
	var robots, pages atomic.Int32
	file := "User-agent: *\nDisallow: /private\nCrawl-delay: 3600\n"
	status := http.StatusOK
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			robots.Add(1)
			w.WriteHeader(status)
			io.WriteString(w, file)
			return
		}
		pages.Add(1)
		if r.URL.Path == "/way" {
			http.Redirect(w, r, "/private/b", http.StatusFound)
		}
	}))
	defer s.Close()
	o := small()
	o.MaxDelay = time.Nanosecond
	f := New(o)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := get(t, f, s.URL+"/open"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	_, err := get(t, f, s.URL+"/private/a?b")
	if e := wantKind(t, err, Robots); e.LineNo != 2 || e.Line != "Disallow: /private" {
		t.Errorf("%+v", e)
	}
	_, err = get(t, f, s.URL+"/way")
	wantKind(t, err, Robots)
	if robots.Load() != 1 || pages.Load() != 9 {
		t.Errorf("robots.txt was asked %d times, pages %d times; want 1 and 9", robots.Load(), pages.Load())
	}
	for _, c := range []struct {
		status int
		want   Kind
	}{{401, ""}, {403, ""}, {404, ""}, {410, ""}, {204, ""}, {500, NotNow}, {502, NotNow}, {304, NotNow}, {429, Limited}} {
		status = c.status
		robots.Store(0)
		pages.Store(0)
		f := New(o)
		for range 2 {
			_, err := get(t, f, s.URL+"/private/a")
			if KindOf(err) != c.want {
				t.Errorf("status %d: %v", c.status, err)
			}
			if e, ok := err.(*Error); ok && (!e.Until.After(time.Now()) || !e.Temporary()) {
				t.Errorf("status %d: until %v", c.status, e.Until)
			}
		}
		if robots.Load() != 1 || (pages.Load() > 0) != (c.want == "") {
			t.Errorf("status %d: robots.txt was asked %d times, the page %d times", c.status, robots.Load(), pages.Load())
		}
	}
	// the cache ages
	status = 200
	robots.Store(0)
	o.RobotsAge = time.Nanosecond
	f = New(o)
	for range 3 {
		get(t, f, s.URL+"/open")
	}
	if robots.Load() != 3 {
		t.Errorf("robots.txt was asked %d times, want 3", robots.Load())
	}
}

// TestRobotsTxtElsewhere: a robots.txt that is that of another site is kept for
// it, too.
func TestRobotsTxtElsewhere(t *testing.T) {
	var asked atomic.Int32
	www := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			asked.Add(1)
			io.WriteString(w, "User-agent: *\nDisallow: /private\n")
		}
	}))
	defer www.Close()
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, www.URL+r.URL.Path, http.StatusMovedPermanently)
	}))
	defer bare.Close()
	f := New(small())
	if _, err := get(t, f, bare.URL+"/page"); err != nil {
		t.Error(err)
	}
	_, err := get(t, f, www.URL+"/private")
	wantKind(t, err, Robots)
	_, err = get(t, f, bare.URL+"/private")
	wantKind(t, err, Robots)
	if n := asked.Load(); n != 1 {
		t.Errorf("robots.txt was asked for %d times", n)
	}
}

// TestOddRobotsTxt: endless, far away, compressed, slow, in a circle.
func TestOddRobotsTxt(t *testing.T) {
	t.Parallel()
	ok := "HTTP/1.1 200 OK\r\n"
	bomb := packed(t, "gzip", "User-agent: *\nDisallow: /page\n"+strings.Repeat("\n", 4<<20))
	for _, c := range []struct {
		name string
		do   func(c net.Conn)
		want Kind
	}{
		{"without end", func(c net.Conn) {
			io.WriteString(c, ok+"\r\nUser-agent: *\nDisallow: /page\n")
			drip(c, strings.Repeat("# much ado\n", 1000), 0)
		}, Robots},
		{"too late", func(c net.Conn) { // the ban stands behind what is read
			io.WriteString(c, ok+"\r\nUser-agent: *\n"+strings.Repeat("#", 64<<10)+"\nDisallow: /page\n")
		}, ""},
		{"half a line", func(c net.Conn) { // "Disallow: /" of "Disallow: /pictures" would forbid all
			s := "User-agent: *\n"
			s += strings.Repeat("#", 32<<10-len(s)-len("\nDisallow: /")) + "\nDisallow: /"
			io.WriteString(c, ok+"\r\n"+s+"pictures\n")
		}, ""},
		{"one line without end", func(c net.Conn) { io.WriteString(c, ok+"\r\n"); drip(c, strings.Repeat("a", 1000), 0) }, ""},
		{"bomb", func(c net.Conn) {
			io.WriteString(c, ok+"Content-Encoding: gzip\r\n\r\n")
			c.Write(bomb)
		}, Robots},
		{"redirected", func(c net.Conn) { io.WriteString(c, "HTTP/1.1 301 Moved\r\nLocation: /r\r\n\r\n") }, Robots},
		{"in a circle", func(c net.Conn) { io.WriteString(c, "HTTP/1.1 301 Moved\r\nLocation: /robots.txt\r\n\r\n") }, NotNow},
		{"to a file", func(c net.Conn) { io.WriteString(c, "HTTP/1.1 301 Moved\r\nLocation: file:///etc/passwd\r\n\r\n") }, NotNow},
		{"slow", func(c net.Conn) { drip(c, "H", 20*time.Millisecond) }, NotNow},
		{"silent", func(c net.Conn) { io.Copy(io.Discard, c) }, NotNow},
		{"cut off", func(c net.Conn) { io.WriteString(c, ok+"Content-Length: 100\r\n\r\nUser-agent: *\n") }, NotNow},
		{"no HTTP", func(c net.Conn) { io.WriteString(c, "User-agent: *\n") }, NotNow},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			url := rawAt(t, "127.0.0.1:0", func(path string, conn net.Conn) {
				switch path {
				case "/robots.txt":
					c.do(conn)
				case "/r":
					io.WriteString(conn, ok+"\r\nUser-agent: *\nDisallow: /page\n")
				default:
					io.WriteString(conn, ok+"Content-Length: 3\r\n\r\nabc")
				}
			})
			o := small()
			if strings.HasPrefix(c.name, "s") { // slow, silent
				o = hasty()
			}
			o.RobotsSize = 32 << 10
			_, err := get(t, New(o), url+"/page")
			if KindOf(err) != c.want {
				t.Errorf("%v (%q), want %q", err, KindOf(err), c.want)
			}
		})
	}
}

func TestPatience(t *testing.T) {
	var asked atomic.Int32
	var status int
	var after string
	s := open(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Retry-After", after)
		w.WriteHeader(status)
	})
	for _, c := range []struct {
		status int
		after  string
		kind   Kind
		wait   time.Duration // with a second's grace
	}{
		{429, "120", Limited, 2 * time.Minute},
		{503, "120", Limited, 2 * time.Minute},
		{429, time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), Limited, time.Hour},
		{429, "", Limited, 5 * time.Minute},
		{429, "99999999", Limited, 24 * time.Hour},
		{503, "", Status, 0},
	} {
		status, after = c.status, c.after
		asked.Store(0)
		f := New(small())
		now := time.Now()
		for i := range 3 {
			_, err := get(t, f, fmt.Sprint(s.URL, "/", i))
			e := wantKind(t, err, c.kind)
			if d := e.Until.Sub(now); c.kind == Limited && (d < c.wait-2*time.Second || d > c.wait+20*time.Second) {
				t.Errorf("%d %q: until %v later, want %v", c.status, c.after, d, c.wait)
			}
		}
		if want := map[Kind]int32{Limited: 1, Status: 3}[c.kind]; asked.Load() != want {
			t.Errorf("%d %q: asked %d times, want %d", c.status, c.after, asked.Load(), want)
		}
	}
}

// TestOneAtATime counts the requests that a host and all hosts see at once.
func TestOneAtATime(t *testing.T) {
	var mu sync.Mutex
	at, most := map[string]int{}, map[string]int{}
	count := func(name string, by int) {
		at[name] += by
		most[name] = max(most[name], at[name])
	}
	const hosts, parallel = 6, 3
	var gather sync.WaitGroup // of the first pages of parallel hosts: they have to be there at once
	gather.Add(parallel)
	var arrived atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.Split(r.Host, ":")[0]
		mu.Lock()
		count(name, 1)
		count("all", 1)
		mu.Unlock()
		if arrived.Add(1) <= parallel {
			gather.Done()
		}
		gather.Wait()
		mu.Lock()
		count(name, -1)
		count("all", -1)
		mu.Unlock()
	}))
	defer s.Close()
	n := &names{all: map[string][][]string{}}
	o := small()
	o.Resolver, o.Parallel = n.resolver(), parallel
	port := s.URL[strings.LastIndex(s.URL, ":"):]
	for i := range hosts {
		n.all[fmt.Sprintf("h%d.example", i)] = [][]string{{"127.0.0.1"}}
	}
	f := New(o)
	var wg sync.WaitGroup
	for i := range hosts * 4 {
		wg.Go(func() {
			if _, err := get(t, f, fmt.Sprintf("http://h%d.example%s/%d", i%hosts, port, i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for name, n := range most {
		if want := map[bool]int{true: parallel, false: 1}[name == "all"]; n != want {
			t.Errorf("%s: %d requests at a time, want %d", name, n, want)
		}
	}
	if len(most) != hosts+1 {
		t.Errorf("%d hosts", len(most)-1)
	}
}

// TestPause: the next request begins no earlier than the pause behind the end
// of the last. It fails where a pause is too short, never where it is long.
func TestPause(t *testing.T) {
	const pause = 40 * time.Millisecond
	var mu sync.Mutex
	var ends time.Time
	n := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if d := time.Since(ends); d < pause {
			t.Errorf("%s %v after the last one", r.URL.Path, d)
		}
		n++
		if r.URL.Path == "/a" {
			http.Redirect(w, r, "/b", http.StatusFound)
		}
		ends = time.Now()
	}))
	defer s.Close()
	o := small()
	o.Delay = pause
	f := New(o)
	for range 2 {
		if _, err := get(t, f, s.URL+"/a"); err != nil {
			t.Error(err)
		}
	}
	if n != 5 {
		t.Errorf("%d requests, want 5", n)
	}
}

// TestManyHosts: what is remembered of hosts stays bounded.
func TestManyHosts(t *testing.T) {
	f := New(small())
	busy := f.hosts.use("busy")
	for i := range 3 * maxHosts {
		h := f.hosts.use(fmt.Sprint(i))
		f.hosts.askPatience(h, time.Now().Add(time.Hour))
		f.hosts.done(h)
		e := f.robots.use(fmt.Sprint(i))
		f.robots.keep(e, &robots{size: 16 << 10}, nil, time.Now().Add(time.Hour))
		f.robots.done(e)
	}
	if len(f.hosts.all) > maxHosts || f.hosts.all["busy"] != busy {
		t.Errorf("%d hosts, the busy one is there: %v", len(f.hosts.all), f.hosts.all["busy"] == busy)
	}
	size := 0
	for _, e := range f.robots.all {
		size += e.robots.size
	}
	if size > maxRobotsBytes+16<<10 || size != f.robots.size {
		t.Errorf("%d bytes of robots.txt, counted as %d", size, f.robots.size)
	}
}

func contextWith(ctx context.Context, h *hop) context.Context {
	return context.WithValue(ctx, hopKey{}, h)
}

func BenchmarkGet(b *testing.B) {
	page := bytes.Repeat([]byte("<p>خبرگزاری پیشاهنگ: گفت‌وگوها از سر گرفته شد.</p>\n"), 800)
	body := packed(b, "gzip", string(page))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(body)
	}))
	defer s.Close()
	f := New(Options{AllowPrivate: true, Delay: -1, MaxRatio: 1000})
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Get(context.Background(), s.URL, Cond{}); err != nil {
			b.Fatal(err)
		}
	}
}
