package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/fetch"
	"github.com/sanad-project/sanad/ledger"
)

// TestWatch runs testdata/watch/*.txtar beside a site of their own, at $SITE: it
// serves the files of the folder "site", in which $SITE is filled in. A file
// NAME.status holds the status that NAME is answered with; one NAME.hang keeps
// the answer back. Beside the commands of TestScripts:
//
//	fill FILE          put the address of the site for $SITE
//	asked NAME N       wait until NAME was asked for N times in all
//	times NAME N       NAME was asked for so many times and no more
func TestWatch(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/watch", Setup: func(e *testscript.Env) error {
		s := &newsSite{dir: filepath.Join(e.WorkDir, "site"), asked: map[string]int{}, news: make(chan struct{})}
		s.Server = httptest.NewServer(s)
		e.Defer(s.Close)
		e.Defer(s.CloseClientConnections)
		e.Setenv("SITE", s.URL)
		e.Setenv("SANAD_LEDGER", filepath.Join(e.WorkDir, "l.db"))
		e.Values["site"] = s
		return nil
	}, Cmds: map[string]func(*testscript.TestScript, bool, []string){
		"code": code,
		"fill": func(ts *testscript.TestScript, _ bool, args []string) {
			s := ts.Value("site").(*newsSite)
			name := ts.MkAbs(args[0])
			ts.Check(os.WriteFile(name, []byte(strings.ReplaceAll(ts.ReadFile(args[0]), "$SITE", s.URL)), 0o600))
		},
		"asked": func(ts *testscript.TestScript, _ bool, args []string) {
			s := ts.Value("site").(*newsSite)
			want, err := strconv.Atoi(args[1])
			ts.Check(err)
			late := time.After(30 * time.Second)
			for {
				n, news := s.count(args[0])
				if n >= want {
					return
				}
				select {
				case <-news:
				case <-late:
					ts.Fatalf("%s was asked for %d times", args[0], n)
				}
			}
		},
		"times": func(ts *testscript.TestScript, _ bool, args []string) {
			if n, _ := ts.Value("site").(*newsSite).count(args[0]); strconv.Itoa(n) != args[1] {
				ts.Fatalf("%s was asked for %d times, want %s", args[0], n, args[1])
			}
		},
	}})
}

// newsSite serves a folder that grows.
type newsSite struct {
	*httptest.Server
	dir string

	mu    sync.Mutex
	asked map[string]int
	news  chan struct{} // closed at the next request
}

func (s *newsSite) count(name string) (int, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[name], s.news
}

func (s *newsSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	s.mu.Lock()
	s.asked[name]++
	close(s.news)
	s.news = make(chan struct{})
	s.mu.Unlock()
	path := filepath.Join(s.dir, filepath.Base(name))
	if _, err := os.Stat(path + ".hang"); err == nil {
		<-r.Context().Done()
		return
	}
	if status, err := os.ReadFile(path + ".status"); err == nil {
		n, _ := strconv.Atoi(strings.TrimSpace(string(status)))
		w.WriteHeader(n)
		return
	}
	body, err := os.ReadFile(path)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	body = bytes.ReplaceAll(body, []byte("$SITE"), []byte(s.URL))
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(body))
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if strings.HasPrefix(string(body), "<html") {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	w.Write(body)
}

// TestWatchRounds goes through rounds without waiting: the pauses that are
// asked for lie a tenth around --every, the list of feeds is read anew each
// round, and one that cannot be read stays as it was.
func TestWatchRounds(t *testing.T) {
	dir := t.TempDir()
	site := &newsSite{dir: dir, asked: map[string]int{}, news: make(chan struct{})}
	site.Server = httptest.NewServer(site)
	defer site.Close()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list := func(names ...string) {
		s := `<opml version="2.0"><body>`
		for _, n := range names {
			s += fmt.Sprintf(`<outline type="rss" xmlUrl="%s/%s"/>`, site.URL, n)
		}
		write("feeds.opml", s+"</body></opml>")
	}
	for _, n := range []string{"a", "b"} {
		write(n, `<rss version="2.0"><channel><title>خبر</title></channel></rss>`)
	}
	list("a")
	l, err := ledger.Open(t.Context(), filepath.Join(dir, "l.db"), ledger.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	reader, err := sanad.New("")
	if err != nil {
		t.Fatal(err)
	}
	var out, errw bytes.Buffer
	const every = time.Hour
	ctx, stop := context.WithCancel(t.Context())
	round := 0
	w := &watcher{program: &program{out: &out, err: &errw, jobs: 1}, ledger: l, maker: ledger.NewMaker(reader, "test"), every: every,
		fetcher: fetch.New(fetch.Options{AllowPrivate: true, Delay: -1}),
		random:  func() float64 { return float64(round%2) * 0.999 },
		wait: func(_ context.Context, d time.Duration) {
			least, most := every*8/10, every*9/10 // 0.9, less what the round took
			if round%2 == 1 {
				least, most = every, every*11/10
			}
			if d < least || d > most {
				t.Errorf("a pause of %v behind round %d, want %v to %v", d, round+1, least, most)
			}
			switch round++; round {
			case 1:
				list("a", "b")
			case 2:
				write("feeds.opml", "not a list")
			case 3:
				stop()
			}
		}}
	if err := w.run(ctx, []string{filepath.Join(dir, "feeds.opml")}); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]int{"a": 3, "b": 2} {
		if n, _ := site.count(name); n != want {
			t.Errorf("%s was asked for %d times, want %d", name, n, want)
		}
	}
	lines := strings.Split(strings.TrimSpace(errw.String()), "\n")
	if len(lines) != 4 || !strings.Contains(lines[0], "round 1: 1 feed looked at") || !strings.Contains(lines[1], "round 2: 2 feeds looked at, 0 new reports, 1 feed unchanged") ||
		!strings.Contains(lines[2], "2 feeds unchanged, 1 failed (") || !strings.Contains(lines[2], "feeds.opml: no XML") {
		t.Errorf("%s", errw.String())
	}
}
