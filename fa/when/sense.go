package when

import (
	"fmt"
	"strings"
)

// partial is a day, month or year of a calendar as far as the text gives it;
// 0 is "not said".
type partial struct {
	cal     calendar
	y, m, d int
}

func (p partial) set() bool { return p.y != 0 || p.m != 0 || p.d != 0 }

// sense is what a time expression means before it is resolved.
type sense struct {
	kind    Kind
	cal     calendar // as the record names it; noCalendar is "relative"
	value   string   // ISO where it is known already
	date    partial
	weekday int // from Saturday; -1 not said
	shift   int // of the weekday: -1 the last, +1 the next, 0 by tense
	part    int // part of the day, see words.txt; 0 none
	clock   bool
	h, min  int
	about   bool
	rel     bool // the date was reckoned from another day
	bareDay bool // «روز»
	start   bool // it names a beginning: «ابتدای سال 2007» may open an interval
	open    bool // «از …»
	ends    bool // it names its own end: «(از) سال 1991 تا 2003»
}

var partCodes = [...]string{0: "", 1: "TMO", 2: "T12:00", 3: "TAF", 4: "TEV", 5: "TNI", 6: "T24:00"}

// iso writes a partial date; a Jalali or lunar date becomes the Gregorian day
// or days it stands for.
func (p partial) iso() (string, bool) {
	c := p.cal
	if c == noCalendar {
		c = gregorian
	}
	switch {
	case p.y == 0 && p.d != 0:
		return fmt.Sprintf("XXXX-%s%02d-%02d", c.code(), p.m, p.d), true
	case p.y == 0 && p.m != 0:
		return fmt.Sprintf("XXXX-%s%02d", c.code(), p.m), true
	case p.d != 0:
		g, ok := toGregorian(c, p.y, p.m, p.d)
		return g.String(), ok
	case p.m != 0 && c == gregorian:
		return fmt.Sprintf("%04d-%02d", p.y, p.m), p.m <= 12
	case p.m != 0:
		lo, hi, ok := monthRange(c, p.y, p.m)
		return lo.String() + "/" + hi.String(), ok
	case c == gregorian:
		return fmt.Sprintf("%04d", p.y), true
	}
	lo, hi, ok := yearRange(c, p.y, p.y)
	return lo.String() + "/" + hi.String(), ok
}

// days returns the first and last day of p; ok is false without a year.
func (p partial) days() (lo, hi Date, ok bool) {
	c := p.cal
	if c == noCalendar {
		c = gregorian
	}
	switch {
	case p.y == 0:
		return
	case p.d != 0:
		lo, ok = toGregorian(c, p.y, p.m, p.d)
		return lo, lo, ok
	case p.m != 0:
		return monthRange(c, p.y, p.m)
	}
	return yearRange(c, p.y, p.y)
}

// nearest fills in the year that brings p nearest to day; dir -1 wants one not
// after it, +1 one not before it.
func (p partial) nearest(day Date, dir int) partial {
	if p.y != 0 || p.m == 0 || !day.Known() {
		return p
	}
	c := p.cal
	if c == noCalendar {
		c = gregorian
	}
	y0, m0, _ := fromGregorian(c, day)
	if p.d == 0 { // a month: this year's, unless half a year off
		q := p
		q.y = y0
		diff := p.m - m0
		switch {
		case dir < 0 && diff > 0:
			q.y--
		case dir > 0 && diff < 0:
			q.y++
		case dir == 0 && diff > 6:
			q.y--
		case dir == 0 && diff < -6:
			q.y++
		}
		return q
	}
	best, dist := p, 1<<30
	for y := y0 - 1; y <= y0+1; y++ {
		q := p
		q.y = y
		g, ok := toGregorian(c, q.y, q.m, q.d)
		if !ok {
			continue
		}
		diff := g.days() - day.days()
		if dir < 0 && diff > 0 || dir > 0 && diff < 0 {
			continue
		}
		if diff < 0 {
			diff = max(-diff-10, 0) // news looks back: half a year off either way, it is the past one
		}
		if diff < dist {
			best, dist = q, diff
		}
	}
	return best
}

// firstOf and lastOf return the ends of a value: of an interval its begin and
// its end, of anything else itself.
func firstOf(v string) string {
	a, _, ok := strings.Cut(strings.TrimSuffix(v, "~"), "/")
	if ok {
		return a
	}
	return strings.TrimSuffix(v, "~")
}

func lastOf(v string) string {
	_, b, ok := strings.Cut(strings.TrimSuffix(v, "~"), "/")
	if ok {
		return b
	}
	return strings.TrimSuffix(v, "~")
}

// isVague reports whether v stands for no stretch of the time line that could
// be written down.
func isVague(v string) bool { return strings.HasSuffix(v, "_REF") }
