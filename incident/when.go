package incident

import (
	"strings"
	"time"

	"github.com/sanad-project/sanad/record"
)

// hours is a stretch of a day in hours from its midnight; the night of a day goes on
// into the next, so it may end beyond 24, or begin before 0.
type hours struct{ from, to int }

// parts are the parts of a day that words name. Of two that a sentence names the
// first in this list counts.
var parts = []struct {
	class string
	hours
}{
	{"midnight", hours{-2, 26}},
	{"eve", hours{-6, 30}}, // «شب شنبه» is to some the night that ends on Saturday
	{"before-midnight", hours{18, 24}},
	{"early", hours{0, 6}},
	{"late", hours{18, 30}},
	{"morning", hours{6, 12}},
	{"noon", hours{10, 15}},
	{"afternoon", hours{13, 19}},
}

// when puts the day of an account into the table, with the hours that it says. Where no
// sentence with the act says a day, the first other one that does may: «جلسه روز دوشنبه بود».
func (b *builder) when(a *account) {
	first, last := a.first, a.last
	var at *scene
	if !first.IsZero() && !a.inherited && (!a.loose || a.beside) {
		for _, s := range a.scenes {
			if s.first.Equal(first) && s.last.Equal(last) {
				at = s
				break
			}
		}
	}
	if at == nil {
		return
	}
	v := Value{Value: first.Format(time.DateOnly), Precision: "day", first: first, last: last, hours: map[string]hours{}}
	if !first.Equal(last) {
		v.Value += "/" + last.Format(time.DateOnly)
		v.Precision = "about"
	}
	start, end := at.start, at.end
	for _, t := range a.doc.Record.Times {
		if d, ok := record.DaysOf(t.Value); ok && t.Start >= at.start && t.Start < at.end && !d.First.After(first) && (d.Last.IsZero() || !d.Last.Before(first)) {
			start, end = t.Start, t.End
			break
		}
	}
	h := hours{-1 << 20, 1 << 20}
	for _, s := range a.scenes {
		if s == at || s.first.Equal(first) && s.last.Equal(last) {
			if o := a.doc.hours(b.data, s); o.to-o.from < h.to-h.from {
				h = o // the most exact
			}
		}
	}
	v.hours[a.doc.ID] = h
	b.put(Date, v, a, start, end)
}

// recent says whether a day is within the fortnight before publication.
func (x *doc) recent(t time.Time) bool {
	return !x.published.IsZero() && !t.After(x.day()) && x.day().Sub(t) <= 14*day
}

// hours returns the hours that a sentence says: of a clock one before and after it, or
// of a part of the day, or all of it.
func (x *doc) hours(w *data, s *scene) hours {
	for _, t := range x.Record.Times {
		if t.Start < s.start || t.Start >= s.end || !strings.Contains(t.Text, "ساعت") {
			continue
		}
		c, err := time.Parse("2006-01-02T15:04", t.Value)
		if err != nil {
			continue
		}
		n := c.Hour()
		near := tokensIn(s.tokens, t.Start, min(s.end, t.End+8))
		switch {
		case n >= 12:
		case w.has("afternoon", near), w.has("late", near) && n >= 6:
			n += 12 // «ساعت ۱۱ چهارشنبه شب»
		case w.has("late", near) && !w.has("early", near):
			n += 24 // «ساعت ۲ شب» is past midnight
		}
		return hours{n - 1, n + 2}
	}
	for _, p := range parts {
		if w.has(p.class, s.tokens) {
			return p.hours
		}
	}
	return hours{0, 24}
}

// otherDays says whether two days of some reports cannot be one: not even the night
// between them, «شب گذشته» and «بامداد پنجشنبه».
func otherDays(v, w Value) bool {
	if gap(v.first, v.last, w.first, w.last) == 0 {
		return false
	}
	shift := int(w.first.Sub(v.first) / time.Hour)
	for _, r := range v.Reports {
		for _, q := range w.Reports {
			x, y := v.hours[r], w.hours[q]
			if r != q && (x.to <= y.from+shift || y.to+shift <= x.from) {
				return true
			}
		}
	}
	return false
}

// dayOfPress says whether a day may be that on which somebody spoke: it is
// the day of publication of all its reports, none says «امروز», and no two say it.
func (b *builder) dayOfPress(v Value) bool {
	for _, r := range v.Reports {
		if d := b.docs[r]; d == nil || !d.day().Equal(v.first) {
			return false
		}
		if h := v.hours[r]; h.to-h.from < 24 {
			return false // nobody says at what hour he spoke
		}
	}
	for _, s := range v.Sayings {
		if b.data.has("today", tokensOf(s.Quote.Text)) {
			return false
		}
	}
	return len(v.Reports) == 1
}
