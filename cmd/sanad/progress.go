package main

import (
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// gate lets in as much text as there is room for.
type gate struct {
	mu   sync.Mutex
	free sync.Cond
	room int
	in   int
}

func newGate(room int) *gate {
	g := &gate{room: room}
	g.free.L = &g.mu
	return g
}

func (g *gate) enter(n int) {
	g.mu.Lock()
	for g.in > 0 && g.in+n > g.room {
		g.free.Wait()
	}
	g.in += n
	g.mu.Unlock()
}

func (g *gate) leave(n int) {
	g.mu.Lock()
	g.in -= n
	g.mu.Unlock()
	g.free.Signal()
}

// bar is a progress bar on standard error. There is none where that is no
// terminal, where the records go to the terminal themselves, or where the
// work is short.
type bar struct {
	bar *progressbar.ProgressBar
}

// progress starts a bar for an input of so many bytes, -1 where that is not
// known.
func (p *program) progress(n int64) *bar {
	const long = 1 << 20 // bytes
	if !isTerminal(p.err) || isTerminal(p.out) || n >= 0 && n < long {
		return &bar{}
	}
	return &bar{progressbar.NewOptions64(n, progressbar.OptionSetWriter(p.err), progressbar.OptionSetDescription("reading"),
		progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))}
}

// counting starts a bar for so many things.
func (p *program) counting(what string, n int64) *bar {
	if !isTerminal(p.err) || n < 1000 {
		return &bar{}
	}
	return &bar{progressbar.NewOptions64(n, progressbar.OptionSetWriter(p.err), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))}
}

func (b *bar) set(n int64) {
	if b.bar != nil {
		b.bar.Set64(n)
	}
}

func (b *bar) add(n int64) {
	if b.bar != nil {
		b.bar.Add64(n)
	}
}

func (b *bar) clear() {
	if b.bar != nil {
		b.bar.Clear()
	}
}

func (b *bar) finish() {
	if b.bar != nil {
		b.bar.Finish()
	}
}
