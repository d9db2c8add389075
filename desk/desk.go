// Package desk is the workbench in the browser: people find reports, read them
// beside what was read from them, and decide.
//
//	language  text/*/*.txt: the strings of the interface; digits, days, sentences
//	guard     what may ask, and what a page may do; rights: who may do what; team: accounts
//	filter    what somebody wants to see of the ledger's reports
//	sentence  findings as plain sentences; sheet, chain, panel: one report laid out
//	decide    a form as a decision; add, jobs: reports that people bring, read apart from requests
//	incidents what linking finds: incidents, relays, outlets; a linking runs apart from requests
//	actor*    who says, does and suffers what; network: who acts on whom; outlet, wording: how outlets word it
//	events    all reports' events in a table, on a timeline, on a map; views that people keep
//	pages     HTML, rendered here (page/*.html); api: the same as JSON (openapi.json)
//	lexicon   the entries that reports are read with: seen, tried on the ledger, kept
//	static    one style sheet, a few scripts without which the pages work too, a font
//
// # Laws
//
//   - Pages can be read and used without script. A script only saves steps: it
//     highlights, swaps in what the server rendered, fills in a selected span.
//   - The text of a report is never touched: each paragraph is one text node
//     with the report's own letters, and what is marked in it is painted over it.
//   - Places in the text are code points of document.text everywhere but inside
//     the browser's own ranges.
//   - Nothing is decided but by ledger.Decide with the state that the person
//     saw; nothing that comes from a report is HTML.
//   - Nothing is fetched from anywhere but this server.
package desk

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/account"
	"github.com/sanad-project/sanad/intake"
	"github.com/sanad-project/sanad/ledger"
)

//go:embed static
var static embed.FS

// Options say how a desk is run.
type Options struct {
	Hosts   []string      // values of the Host header that it answers to; see Hosts
	Author  string        // who decides
	Version string        // of the program
	Lexicon string        // the user's folder of entries, which the reader reads with; "" for none
	Fetch   intake.Getter // gets addresses that people add; nil: none is fetched
	Demo    bool          // the reports are the examples, in a ledger that is thrown away
	Log     *log.Logger

	patience time.Duration // of a form for its job; 0 for the usual one

	// Of a desk that others can reach; see rights.go.
	Accounts *account.Store // who may use it; nil asks nobody
	Origin   string         // at which people ask for it: https://desk.example.org; "" is http and the first of Hosts
	Proxy    bool           // a proxy of ours stands before it and says who asks and how
}

// Desk is the workbench on one ledger.
type Desk struct {
	ledger *ledger.Ledger
	engine atomic.Pointer[engine]
	opt    Options
	guard  *guard
	asset  string // hash of the static files, part of their addresses

	linking linking
	sides   sides
	jobs    jobs
	trying  chan struct{}          // held by who tries an entry of the lexicon
	casts   atomic.Pointer[castOf] // actors.go
	near    near                   // actor_decide.go
	reread  readings               // of reports that were explained last

	life context.Context // ends when the desk is closed
	end  context.CancelFunc
}

// Handler serves a desk. Close it before its ledger: what it does apart from
// requests, as linking, is then stopped at the next place where nothing is
// lost by it, and waited for.
type Handler interface {
	http.Handler
	io.Closer
}

// New makes the workbench on a ledger. The reader reads what people add.
func New(l *ledger.Ledger, r *sanad.Reader, opt Options) Handler {
	if opt.Log == nil {
		opt.Log = log.Default()
	}
	d := &Desk{ledger: l, opt: opt, asset: assetHash(), trying: make(chan struct{}, 1)}
	d.life, d.end = context.WithCancel(context.Background())
	d.engine.Store(newEngine(r, opt.Version, opt.Lexicon))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", d.inboxPage)
	mux.HandleFunc("GET /add", d.addPage)
	mux.HandleFunc("POST /add", d.addPost)
	mux.HandleFunc("GET /jobs", d.jobsPage)
	mux.HandleFunc("GET /jobs/{id}", d.jobPage)
	mux.HandleFunc("GET /report/{id}", d.readingPage)
	mux.HandleFunc("POST /report/{id}/decide", d.decidePost)
	// Where a form was refused its address stays in the browser's bar.
	mux.HandleFunc("GET /report/{id}/decide", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/report/"+url.PathEscape(r.PathValue("id"))+"?"+r.URL.RawQuery, http.StatusSeeOther)
	})
	mux.HandleFunc("GET /static/{hash}/{name}", d.staticFile)
	d.api(mux)
	d.incidentRoutes(mux)
	d.incidentAPI(mux)
	d.eventRoutes(mux)
	d.eventAPI(mux)
	d.teamRoutes(mux)
	d.compareRoutes(mux)
	d.lexiconRoutes(mux)
	d.actorRoutes(mux)
	d.actorAPI(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { d.trouble(w, r, http.StatusNotFound, nil) })
	d.guard = newGuard(opt.Hosts, mux)
	d.guard.desk = d
	return d.guard
}

// Close stops what the desk does apart from requests and waits for it.
func (g *guard) Close() error {
	g.desk.end()
	g.desk.jobs.close()
	g.desk.linking.close()
	return nil
}

// assetHash changes with any of the static files, so that a browser never
// mixes those of two versions.
func assetHash() string {
	h := sha256.New()
	var names []string
	fs.WalkDir(static, "static", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, name)
		}
		return err
	})
	sort.Strings(names)
	for _, n := range names {
		b, _ := static.ReadFile(n)
		h.Write([]byte(n))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// media types of the static files.
var media = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".svg": "image/svg+xml"}

func (d *Desk) staticFile(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	b, err := static.ReadFile("static/" + name)
	if err != nil || strings.Contains(name, "/") {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", media[name[strings.LastIndexByte(name, '.'):]])
	if r.PathValue("hash") == d.asset {
		w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	}
	w.Write(b)
}

// author is who a request decides as.
func (d *Desk) author(ctx context.Context) string {
	if d.opt.Accounts != nil {
		return visitorOf(ctx).Name
	}
	return d.opt.Author
}

// full returns a report.
func (d *Desk) full(ctx context.Context, id string) (*ledger.Full, error) {
	return d.ledger.Full(ctx, id)
}
