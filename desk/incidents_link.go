package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/sanad-project/sanad/ledger"
)

// linking is the linking of reports, which the desk runs apart from any
// request, one at a time: it may take minutes, and people go on reading and
// deciding meanwhile. Where the desk is closed amid it, the next linking goes
// on from there.
type linking struct {
	mu      sync.Mutex
	wait    sync.WaitGroup // for what runs
	running bool
	closed  bool   // nothing is begun any more
	what    string // the step it is at, as ledger.Link names it
	done    int64
	of      int64
	since   time.Time
	last    *ledger.Linked // what the last one that was done found
	err     error          // of the last one
}

// linkState is how linking stands, as pages and the API show it.
type linkState struct {
	Linked  bool    `json:"linked"`  // reports were linked at some time
	Running bool    `json:"running"` // they are being linked now
	What    string  `json:"what"`    // the step
	Done    int64   `json:"done"`    // of that step
	Of      int64   `json:"of"`
	Error   string  `json:"error,omitempty"` // of the last linking, where it failed
	Counts  *counts `json:"counts,omitempty"`
}

// counts are what the last linking of this run of the desk found.
type counts struct {
	Signed    int64 `json:"signed"`    // reports that came or changed since the linking before
	Origins   int64 `json:"origins"`   // groups of reports that rest on one origin
	Incidents int64 `json:"incidents"` // in the ledger
}

func (k *linking) state() linkState {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := linkState{Running: k.running, What: k.what, Done: k.done, Of: k.of}
	if k.err != nil {
		s.Error = k.err.Error()
	}
	if k.last != nil {
		s.Counts = &counts{k.last.Signed, k.last.Origins, k.last.Incidents}
	}
	return s
}

// start begins to link what came or changed, unless that is going on already.
func (k *linking) start(link func(progress func(string, int64, int64)) (ledger.Linked, error), failed func(error)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.running || k.closed {
		return
	}
	k.running, k.what, k.done, k.of, k.since, k.last, k.err = true, "", 0, 0, time.Now(), nil, nil
	k.wait.Go(func() {
		out, err := link(func(what string, done, of int64) {
			k.mu.Lock()
			k.what, k.done, k.of = what, done, of
			k.mu.Unlock()
		})
		if errors.Is(err, context.Canceled) {
			err = nil // the desk was closed; the next linking goes on from there
		} else if err != nil {
			failed(err)
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.running, k.err = false, err; err == nil && !k.closed {
			k.last = &out
		}
	})
}

// close begins nothing more and waits for what runs.
func (k *linking) close() {
	k.mu.Lock()
	k.closed = true
	k.mu.Unlock()
	k.wait.Wait()
}

// link begins to link in the background.
func (d *Desk) link() {
	d.linking.start(func(progress func(string, int64, int64)) (ledger.Linked, error) {
		return d.ledger.Link(d.life, d.linker(), ledger.LinkOptions{Progress: progress})
	}, func(err error) { d.opt.Log.Printf("desk: linking: %v", err) })
}

// linkStateNow is how linking stands.
func (d *Desk) linkStateNow(ctx context.Context) (linkState, error) {
	s := d.linking.state()
	var err error
	s.Linked, err = d.ledger.LinkedYet(ctx)
	return s, err
}

// linkBody is the page that shows how far linking is.
type linkBody struct {
	linkState
	Back string // where to go when it is done
}

// linkPage shows how linking stands; while it runs the page comes anew every
// two seconds, which needs no script.
func (d *Desk) linkPage(w http.ResponseWriter, r *http.Request) {
	s, err := d.linkStateNow(r.Context())
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	if s.Running {
		w.Header().Set("Refresh", "2")
	}
	d.show(w, r, http.StatusOK, "link", languageOf(r).T("link.title"), &linkBody{s, local(r.URL.Query().Get("next"), "/incidents")})
}

func (d *Desk) linkPost(w http.ResponseWriter, r *http.Request) {
	if !d.formOf(w, r) {
		return
	}
	d.link()
	next := local(r.PostForm.Get("next"), "/incidents")
	http.Redirect(w, r, "/link?next="+url.QueryEscape(next), http.StatusSeeOther)
}

// formOf reads the form of a request and checks its token; false where it
// cannot, and then the answer is given.
func (d *Desk) formOf(w http.ResponseWriter, r *http.Request) bool {
	if err := r.ParseForm(); err != nil {
		status := statusOf(err)
		if status == http.StatusInternalServerError {
			status = http.StatusBadRequest
		}
		d.trouble(w, r, status, err)
		return false
	}
	if err := d.checkToken(r.Context(), r.PostForm); err != nil {
		d.trouble(w, r, http.StatusForbidden, err)
		return false
	}
	return true
}

// unlinked shows what to do where nothing is linked yet; false for any other
// error.
func (d *Desk) unlinked(w http.ResponseWriter, r *http.Request, err error) bool {
	if !errors.Is(err, ledger.ErrNotLinked) {
		return false
	}
	here := r.URL.Path
	if r.URL.RawQuery != "" {
		here += "?" + r.URL.RawQuery
	}
	s := d.linking.state()
	d.show(w, r, http.StatusOK, "link", languageOf(r).T("link.title"), &linkBody{s, local(here, "/incidents")})
	return true
}
