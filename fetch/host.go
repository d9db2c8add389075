package fetch

import (
	"context"
	"sync"
	"time"
)

// maxHosts is how many hosts are remembered. A feed with links to a million
// names must not fill the memory.
const maxHosts = 4096

// hosts are the hosts that were asked of late.
type hosts struct {
	mu  sync.Mutex
	all map[string]*host
}

// host is one host name, whatever its ports.
type host struct {
	turn chan struct{} // holds one token: who has it may ask

	// guarded by hosts.mu
	users int
	free  time.Time // when the next request may begin
	until time.Time // the host asked for patience until then
}

// use returns the host of a name; give it back with done.
func (hs *hosts) use(name string) *host {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	h := hs.all[name]
	if h == nil {
		if len(hs.all) >= maxHosts {
			hs.forget(time.Now())
		}
		h = &host{turn: make(chan struct{}, 1)}
		h.turn <- struct{}{}
		hs.all[name] = h
	}
	h.users++
	return h
}

func (hs *hosts) done(h *host) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	h.users--
}

// forget drops the hosts that nobody uses and that need no pause; if that is
// too little, any that nobody uses, down to three quarters.
func (hs *hosts) forget(now time.Time) {
	for name, h := range hs.all {
		if h.users == 0 && now.After(h.free) && now.After(h.until) {
			delete(hs.all, name)
		}
	}
	for name, h := range hs.all {
		if len(hs.all) < maxHosts*3/4 {
			return
		}
		if h.users == 0 {
			delete(hs.all, name)
		}
	}
}

// patience returns the time until which the host must not be asked.
func (hs *hosts) patience(h *host) time.Time {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	return h.until
}

// askPatience keeps the later of the times that a host asked for.
func (hs *hosts) askPatience(h *host, until time.Time) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if until.After(h.until) {
		h.until = until
	}
}

// take waits for the host's turn and for the pause behind its last request.
func (hs *hosts) take(ctx context.Context, h *host) error {
	select {
	case <-h.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	hs.mu.Lock()
	wait := time.Until(h.free)
	hs.mu.Unlock()
	t := time.NewTimer(max(wait, 0))
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		h.turn <- struct{}{}
		return err
	}
	return nil
}

// give gives the turn back; the next request may begin after a pause.
func (hs *hosts) give(h *host, pause time.Duration) {
	hs.mu.Lock()
	if t := time.Now().Add(pause); t.After(h.free) {
		h.free = t
	}
	hs.mu.Unlock()
	h.turn <- struct{}{}
}
