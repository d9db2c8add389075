package desk

import (
	"html/template"
	"strconv"
	"time"

	"github.com/jalaali/go-jalaali"

	"github.com/sanad-project/sanad/ledger"
)

// timeline draws events on time: a bar for each day, month, year, decade or
// century, whichever gives no more bars than can be told apart. In Persian
// months and years are those of the calendar of Iran, and time runs from right
// to left.
type timeline struct {
	Unit  string // day, month, year, decade, century
	Bars  []bucket
	Rows  []bucket // those with events
	Most  int64    // events of the highest bar
	Ticks []template.HTML
	Width int // of the drawing; each bar has ten
	Clear string
}

// bucket is a bar.
type bucket struct {
	From, To string // ISO days
	Label    template.HTML
	Plain    string // the same for a title
	Events   int64
	Link     string // the page of these days alone; "" where it is this one
	X        int
	Height   int // in hundredths
}

// The most days, months and years that are drawn one by one.
const (
	mostDays   = 93
	mostMonths = 120
	mostYears  = 100
)

func newTimeline(l *language, a eventsWanted, t *ledger.EventTally) *timeline {
	if len(t.Days) == 0 {
		return nil
	}
	first, last := isoTime(t.Days[0].Day), isoTime(t.Days[len(t.Days)-1].Day)
	long := int((last.Unix()-first.Unix())/86400) + 1 // a time.Duration ends after 292 years
	x := &timeline{}
	switch {
	case long <= mostDays:
		x.Unit = "day"
	case long <= mostMonths*30:
		x.Unit = "month"
	case long <= mostYears*366:
		x.Unit = "year"
	case long <= 10*mostYears*366:
		x.Unit = "decade"
	default:
		x.Unit = "century"
	}
	c := calendar{l, l.Code == "fa"}
	if y, _, _, err := jalaali.ToJalaali(first.Year(), first.Month(), first.Day()); err != nil || y < 1 {
		c.jalali = false // before the calendar begins
	}
	for i := 0; ; {
		at := first
		if len(x.Bars) > 0 {
			at = isoTime(x.Bars[len(x.Bars)-1].To).AddDate(0, 0, 1)
		}
		if at.After(last) {
			break
		}
		b := c.bucket(at, x.Unit)
		for ; i < len(t.Days) && t.Days[i].Day <= b.To; i++ {
			b.Events += t.Days[i].Events
		}
		x.Most = max(x.Most, b.Events)
		x.Bars = append(x.Bars, b)
	}
	x.Width = 10 * len(x.Bars)
	from, to, _ := days(a.From, a.To)
	for i := range x.Bars {
		b := &x.Bars[i]
		b.X = 10 * i
		if l.Dir == "rtl" {
			b.X = x.Width - 10 - b.X
		}
		if b.Events > 0 {
			b.Height = int(max(2, (100*b.Events+x.Most/2)/x.Most))
			if b.From != from || b.To != to {
				b.Link = a.link(func(q *eventsWanted) { // never wider than it was
					q.From, q.To = max(b.From, from), b.To
					if to != "" {
						q.To = min(b.To, to)
					}
				})
			}
			b.Plain = l.T("events.bar", b.Plain, l.T("events.count", l.Number(b.Events)))
			x.Rows = append(x.Rows, *b)
		}
	}
	const ticks = 5
	for i := range min(ticks, len(x.Bars)) {
		n := 0
		if m := min(ticks, len(x.Bars)); m > 1 {
			n = i * (len(x.Bars) - 1) / (m - 1)
		}
		x.Ticks = append(x.Ticks, x.Bars[n].Label)
	}
	if a.From != "" || a.To != "" {
		x.Clear = a.link(func(q *eventsWanted) { q.From, q.To = "", "" })
	}
	return x
}

func isoTime(day string) time.Time {
	t, _ := time.Parse(time.DateOnly, day)
	return t
}

// calendar finds the bucket that a day is in.
type calendar struct {
	*language
	jalali bool
}

// bucket is the day, month, year, decade or century of a day.
func (c calendar) bucket(at time.Time, unit string) bucket {
	y, m := at.Year(), int(at.Month())
	if c.jalali {
		jy, jm, _, err := jalaali.ToJalaali(at.Year(), at.Month(), at.Day())
		if err != nil {
			c.jalali = false
		} else {
			y, m = jy, int(jm)
		}
	}
	var from, to time.Time
	var label string
	switch unit {
	case "day":
		b := bucket{From: at.Format(time.DateOnly), To: at.Format(time.DateOnly), Plain: c.Digits(at.Format(time.DateOnly))}
		if j := c.language.jalali(at); j != "" && c.jalali {
			b.Plain = j
		}
		b.Label = template.HTML("<bdi>" + template.HTMLEscapeString(b.Plain) + "</bdi>")
		return b
	case "month":
		next, year := m+1, y
		if next > 12 {
			next, year = 1, y+1
		}
		from, to = c.begin(y, m), c.begin(year, next).AddDate(0, 0, -1)
		if c.jalali {
			label = c.T("month."+strconv.Itoa(m)) + " " + strconv.Itoa(y)
		} else {
			label = from.Format("2006-01")
		}
	case "year":
		from, to, label = c.begin(y, 1), c.begin(y+1, 1).AddDate(0, 0, -1), strconv.Itoa(y)
	default:
		n := 10
		if unit == "century" {
			n = 100
		}
		y -= (y%n + n) % n
		from, to, label = c.begin(y, 1), c.begin(y+n, 1).AddDate(0, 0, -1), strconv.Itoa(y)+"–"+strconv.Itoa(y+n-1)
	}
	label = c.Digits(label)
	return bucket{From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), Plain: label, Label: template.HTML("<bdi>" + template.HTMLEscapeString(label) + "</bdi>")}
}

// begin is the first day of a month.
func (c calendar) begin(y, m int) time.Time {
	if c.jalali && y > 0 {
		if gy, gm, gd, err := jalaali.ToGregorian(y, jalaali.Month(m), 1); err == nil {
			return time.Date(gy, gm, gd, 0, 0, 0, 0, time.UTC)
		}
	}
	return time.Date(max(y, 0), time.Month(m), 1, 0, 0, 0, 0, time.UTC)
}
