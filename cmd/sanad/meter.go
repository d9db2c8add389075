package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// meter says on standard error how far a run is: reports, how many a second,
// bytes, and the time that is left.
//
//	sanad: 12840 reports, 31 bad, 214/s; 38 of 512 MB, about 12 min left
type meter struct {
	w     io.Writer // nil: it is silent
	lines bool      // a line now and then, not one that is written over
	now   func() time.Time
	size  int64 // of the input in bytes; -1 where it is not known

	begin, told  time.Time
	first        int64 // bytes that were passed over before the first report
	bytes        int64
	reports, bad int64
	shown        int // letters on the terminal
}

// How often it speaks.
const (
	meterOnTerminal = 200 * time.Millisecond
	meterInLines    = 10 * time.Second
)

func newMeter(w io.Writer, lines bool, size int64) *meter {
	m := &meter{w: w, lines: lines, size: size, now: time.Now}
	m.begin = m.now()
	m.told = m.begin
	return m
}

// add counts an item that used up so many bytes of the input.
func (m *meter) add(bytes int64, bad bool) {
	if m.w == nil {
		return
	}
	if m.reports+m.bad == 0 {
		m.first = bytes // of a run that goes on: nothing was done for them now
	}
	m.bytes += bytes
	if bad {
		m.bad++
	} else {
		m.reports++
	}
	every := meterOnTerminal
	if m.lines {
		every = meterInLines
	}
	if now := m.now(); now.Sub(m.told) >= every {
		m.told = now
		m.show(m.text(now))
	}
}

func (m *meter) text(now time.Time) string {
	took := now.Sub(m.begin)
	s := fmt.Sprintf("sanad: %s", count(int(m.reports), "report"))
	if m.bad > 0 {
		s += fmt.Sprintf(", %d bad", m.bad)
	}
	if took > 0 {
		s += fmt.Sprintf(", %.0f/s", float64(m.reports+m.bad)/took.Seconds())
	}
	if m.size < 0 {
		return s
	}
	s += fmt.Sprintf("; %d of %d MB", m.bytes>>20, m.size>>20)
	if done := m.bytes - m.first; done > 0 && m.bytes < m.size {
		left := time.Duration(float64(took) / float64(done) * float64(m.size-m.bytes))
		s += ", about " + rough(left) + " left"
	}
	return s
}

// rough writes a time as people say it.
func rough(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 90*time.Minute:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}

func (m *meter) show(s string) {
	if m.lines {
		fmt.Fprintln(m.w, s)
		return
	}
	pad := max(0, m.shown-len(s))
	m.shown = len(s)
	fmt.Fprint(m.w, "\r", s, strings.Repeat(" ", pad))
}

// clear makes place for another line.
func (m *meter) clear() {
	if m.shown > 0 {
		fmt.Fprint(m.w, "\r", strings.Repeat(" ", m.shown), "\r")
		m.shown = 0
	}
}

// end says how it went, where it has spoken before.
func (m *meter) end() {
	m.clear()
	if m.w != nil && m.lines {
		m.show(m.text(m.now()))
	}
}
