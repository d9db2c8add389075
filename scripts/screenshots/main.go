// Screenshots takes the pictures of the desk that the README shows: of a
// desk on the invented reports of examples/, in Debian's chromium.
//
//	go run ./scripts/screenshots -o doc/desk
//
// It writes NAME.webp for each page of its list.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/desk"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/ledger"
)

// articles are what the desk is filled with.
var articles = []string{"examples/articles.jsonl", "examples/link/dev/reports.jsonl"}

// shot is one picture. Its path may hold {report}, the first report whose text
// the search for words finds, and {incident}, the one with most origins.
type shot struct {
	name, path, lang string
	width, height    int64
	script           string // run before the picture is taken
}

var shots = []shot{
	{name: "reading", path: "/report/{report}", lang: "en", width: 1280, height: 900, script: `document.querySelector("[data-finding]")?.click()`},
	{name: "reading-fa", path: "/report/{report}", lang: "fa", width: 1280, height: 900},
	{name: "events", path: "/events", lang: "en", width: 1280, height: 1000},
	{name: "incident", path: "/incident/{incident}", lang: "en", width: 1280, height: 900},
	{name: "network", path: "/actors/network", lang: "en", width: 1280, height: 900},
	{name: "outlets-fa", path: "/outlets", lang: "fa", width: 1280, height: 700},
}

// words find the report of the reading page.
const words = "جام جم منبع آگاه النهار"

func main() {
	out := flag.String("o", "doc/desk", "folder for the pictures")
	only := flag.String("only", "", "take this one alone")
	flag.Parse()
	if err := run(*out, *only); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func run(out, only string) error {
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	defer stop()
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "sanad-screenshots-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	l, err := ledger.Open(ctx, filepath.Join(dir, "ledger.db"), ledger.Options{Create: true})
	if err != nil {
		return err
	}
	defer l.Close()
	r, err := sanad.New("")
	if err != nil {
		return err
	}
	if err := fill(ctx, l, r); err != nil {
		return err
	}
	found, err := l.Search(ctx, words, ledger.Filter{}, 1, 0)
	if err != nil {
		return err
	}
	incidents, err := l.Incidents(ctx, ledger.IncidentFilter{MinOrigins: 4}, 1, 0)
	if err != nil {
		return err
	}
	if len(found) == 0 || len(incidents) == 0 {
		return fmt.Errorf("the examples hold no report of «%s», or no incident of four origins", words)
	}
	in, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	at := in.Addr().String()
	server := desk.Server(desk.New(l, r, desk.Options{Hosts: desk.Hosts(at), Author: "leila", Version: "screenshots"}))
	go server.Serve(in)
	defer server.Close()
	place := strings.NewReplacer("{report}", found[0].ID, "{incident}", incidents[0].ID)
	for _, s := range shots {
		if only != "" && s.name != only {
			continue
		}
		s.path = place.Replace(s.path)
		b, err := take(ctx, "http://"+at, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if err := os.WriteFile(filepath.Join(out, s.name+".webp"), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// fill reads the articles into the ledger and links them.
func fill(ctx context.Context, l *ledger.Ledger, r *sanad.Reader) error {
	m := ledger.NewMaker(r, "screenshots")
	var entries []*ledger.Entry
	var failed error
	in := input.Reader{Keep: true}
	in.Each(articles, func(it input.Item) bool {
		var e *ledger.Entry
		if failed = it.Err; failed == nil {
			e, failed = m.Entry(&it)
		}
		entries = append(entries, e)
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	if _, err := l.Add(ctx, entries); err != nil {
		return err
	}
	_, err := l.Link(ctx, ledger.NewLinker(r.Lexicon), ledger.LinkOptions{})
	return err
}

// take opens a page in a browser of its own and takes its picture.
func take(ctx context.Context, base string, s shot) ([]byte, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, fmt.Errorf("there is no chromium: run scripts/browser")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"), chromedp.Env("LC_ALL=C.UTF-8"))
	ctx, cancel := chromedp.NewExecAllocator(ctx, opts...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	sep := "?"
	if strings.Contains(s.path, "?") {
		sep = "&"
	}
	script := s.script
	if script == "" {
		script = "0"
	}
	for _, step := range []chromedp.Action[chromedp.Void]{
		chromedp.EmulateViewport(s.width, s.height),
		chromedp.Navigate(base + s.path + sep + "lang=" + s.lang),
	} {
		if err := chromedp.Do(ctx, step); err != nil {
			return nil, err
		}
	}
	// Fonts are there, the page's scripts have run, and two frames were drawn.
	ready := `document.fonts.ready.then(() => { void (` + script + `); return new Promise(r => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => r(true))), 500)) })`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](ready, chromedp.EvalAwaitPromise)); err != nil {
		return nil, err
	}
	quality := int64(85)
	shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatWebp, Quality: &quality})
	return shot.Data, err
}
