package export

import (
	"strings"
	"time"

	"github.com/sanad-project/sanad/record"
)

const isoDay = "2006-01-02"

// period is when an event took place: the earliest and the latest day that its
// date may mean.
type period struct {
	first, last time.Time // last is zero where the date is open to the right
	about       bool      // the report says "about"
	known       bool      // false: no date, or one that names no day
	days        int       // from first to last, both included; 0 where open
}

// when returns the days of an event's date.
func when(e *record.Event) period {
	if e.Date == nil {
		return period{}
	}
	d, ok := record.DaysOf(e.Date.Value)
	if !ok {
		return period{}
	}
	s := period{first: d.First, last: d.Last, about: d.About, known: true}
	if !d.Last.IsZero() {
		s.days = int(d.Last.Sub(d.First).Hours()/24+0.5) + 1
	}
	return s
}

// year returns the year that all the days have, 0 where they differ.
func (p period) year() int {
	if !p.known || p.last.IsZero() || p.first.Year() != p.last.Year() {
		return 0
	}
	return p.first.Year()
}

// clock returns the time of day of a value with one, "" otherwise:
// 2017-08-30T17:30 gives 17:30, 2017-08-30TNI nothing.
func clock(value string) string {
	if strings.Contains(value, "/") {
		return ""
	}
	_, t, ok := strings.Cut(strings.TrimSuffix(value, "~"), "T")
	if !ok || len(t) < 5 || t[2] != ':' || t == "24:00" {
		return ""
	}
	for i := range t {
		if t[i] != ':' && (t[i] < '0' || t[i] > '9') {
			return ""
		}
	}
	return t
}

// happened reports whether the report tells the act as one that was done or is
// being done.
func happened(e *record.Event) bool { return e.Status == "happened" || e.Status == "ongoing" }
