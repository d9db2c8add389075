package when

import (
	"fmt"
	"time"

	hijri "github.com/hablullah/go-hijri"
	jalaali "github.com/jalaali/go-jalaali"
)

// calendar is one of the three calendars of Persian news.
type calendar uint8

const (
	noCalendar calendar = iota
	gregorian
	jalali
	lunar
)

func (c calendar) String() string {
	return [...]string{"relative", "gregorian", "jalali", "hijri"}[c]
}

// code is the calendar's mark in a value without a year: XXXX-jal-12-16.
func (c calendar) code() string { return [...]string{"", "", "jal-", "hij-"}[c] }

// days returns the day number of d, counted from an epoch of no meaning.
func (d Date) days() int {
	a := (14 - d.Month) / 12
	y := d.Year + 4800 - a
	m := d.Month + 12*a - 3
	return d.Day + (153*m+2)/5 + 365*y + y/4 - y/100 + y/400 - 32045
}

func fromDays(n int) Date {
	a := n + 32044
	b := (4*a + 3) / 146097
	c := a - 146097*b/4
	d := (4*c + 3) / 1461
	e := c - 1461*d/4
	m := (5*e + 2) / 153
	return Date{100*b + d - 4800 + m/10, m + 3 - 12*(m/10), e - (153*m+2)/5 + 1}
}

// Add returns the day n days later.
func (d Date) Add(n int) Date { return fromDays(d.days() + n) }

// weekday counts from Saturday, 0.
func (d Date) weekday() int { return (d.days() + 2) % 7 }

// String is the ISO form.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

func monthDays(y, m int) int {
	return time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// addMonths moves d by n months, keeping the day where the month has it.
func (d Date) addMonths(n int) Date {
	k := d.Year*12 + d.Month - 1 + n
	y, m := k/12, k%12+1
	return Date{y, m, min(d.Day, monthDays(y, m))}
}

// toGregorian converts a day of a calendar; ok is false where there is no such day.
func toGregorian(c calendar, y, m, d int) (Date, bool) {
	if m < 1 || m > 12 || d < 1 {
		return Date{}, false
	}
	switch c {
	case jalali:
		if y < 1 || y > 1600 || d > 31 || (m > 6 && d > 30) {
			return Date{}, false
		}
		gy, gm, gd, err := jalaali.ToGregorian(y, jalaali.Month(m), d)
		if err != nil {
			return Date{}, false
		}
		return Date{gy, int(gm), gd}, true
	case lunar:
		if y < 1 || y > 1600 || d > 30 {
			return Date{}, false
		}
		var t time.Time
		if y >= 1356 && y <= 1500 {
			t = hijri.UmmAlQuraDate{Year: int64(y), Month: int64(m), Day: int64(d)}.ToGregorian()
		} else {
			t = hijri.HijriDate{Year: int64(y), Month: int64(m), Day: int64(d)}.ToGregorian()
		}
		return Date{t.Year(), int(t.Month()), t.Day()}, true
	}
	if y < 1 || y > 9999 || d > monthDays(y, m) {
		return Date{}, false
	}
	return Date{y, m, d}, true
}

// fromGregorian returns year, month and day of d in a calendar.
func fromGregorian(c calendar, d Date) (y, m, day int) {
	switch c {
	case jalali:
		y, jm, day, err := jalaali.ToJalaali(d.Year, time.Month(d.Month), d.Day)
		if err == nil {
			return y, int(jm), day
		}
	case lunar:
		t := time.Date(d.Year, time.Month(d.Month), d.Day, 12, 0, 0, 0, time.UTC)
		if h, err := hijri.CreateUmmAlQuraDate(t); err == nil {
			return int(h.Year), int(h.Month), int(h.Day)
		}
		if h, err := hijri.CreateHijriDate(t, hijri.Default); err == nil {
			return int(h.Year), int(h.Month), int(h.Day)
		}
	}
	return d.Year, d.Month, d.Day
}

// monthRange returns the first and last day of a month of a calendar.
func monthRange(c calendar, y, m int) (lo, hi Date, ok bool) {
	lo, ok = toGregorian(c, y, m, 1)
	if !ok {
		return
	}
	ny, nm := y, m+1
	if nm > 12 {
		ny, nm = y+1, 1
	}
	next, ok := toGregorian(c, ny, nm, 1)
	return lo, next.Add(-1), ok
}

// yearRange returns the first and last day of years y to z of a calendar.
func yearRange(c calendar, y, z int) (lo, hi Date, ok bool) {
	lo, ok = toGregorian(c, y, 1, 1)
	if !ok {
		return
	}
	next, ok := toGregorian(c, z+1, 1, 1)
	return lo, next.Add(-1), ok
}
