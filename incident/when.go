package incident

import (
	"slices"
	"strconv"
	"time"

	"github.com/sanad-project/sanad/record"
)

func (b *builder) when(a *account) {
	if a.first.IsZero() || a.inherited || a.loose {
		return
	}
	v := Value{Value: a.first.Format(time.DateOnly), Precision: "day", first: a.first, last: a.last, early: a.early || a.eve(b.data), late: a.late && !a.evening(b.data)}
	if !a.first.Equal(a.last) {
		v.Value += "/" + a.last.Format(time.DateOnly)
		v.Precision = "about"
	}
	for _, s := range a.scenes {
		if s.first.Equal(a.first) && s.last.Equal(a.last) {
			start, end := s.start, s.end
			for _, t := range a.doc.Record.Times {
				if d, ok := record.DaysOf(t.Value); ok && t.Start >= s.start && t.Start < s.end && !d.First.After(a.first) && (d.Last.IsZero() || !d.Last.Before(a.first)) {
					start, end = t.Start, t.End
					break
				}
			}
			b.put(Date, v, a, start, end)
			return
		}
	}
}

// eve says whether an account tells of the night before a day: «شب شنبه» is to
// some the one that ends on Saturday.
func (a *account) eve(w *data) bool {
	return slices.ContainsFunc(a.scenes, func(s *scene) bool { return w.has("eve", s.tokens) })
}

// evening says whether an account gives an hour before midnight: «شب گذشته» may
// be the early morning of the next day, «ساعت ۲۲ شب گذشته» is not.
func (a *account) evening(w *data) bool {
	for _, s := range a.scenes {
		if w.has("before-midnight", s.tokens) {
			return true
		}
		for i, t := range s.tokens {
			if i == 0 || s.tokens[i-1].key != "ساعت" {
				continue
			}
			if n, err := strconv.Atoi(t.key); err == nil && n >= 18 && n < 24 {
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
	}
	for _, s := range v.Sayings {
		if b.data.has("today", tokensOf(s.Quote.Text)) {
			return false
		}
	}
	return len(v.Reports) == 1
}
