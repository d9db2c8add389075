package record

import (
	"strconv"
	"strings"
	"time"
)

// Days are the days that a time value may mean: from First to Last, both
// included, in UTC. Last is zero where the value is open to the right.
type Days struct {
	First, Last time.Time
	About       bool // the text says "about"
}

// DaysOf returns the days of a DATE or TIME value; ok is false for a value
// that names no day of the Gregorian calendar: a duration, PAST_REF, a day
// without a year.
//
//	2007-04-15TNI   15 April 2007
//	2007-04         1 to 30 April 2007
//	2001/2016-11-19 1 January 2001 to 19 November 2016
//	2013-09-21/..   from 21 September 2013
func DaysOf(value string) (d Days, ok bool) {
	value, d.About = strings.CutSuffix(value, "~")
	from, to, interval := strings.Cut(value, "/")
	var last time.Time
	if d.First, last, ok = days(from); !ok {
		return Days{}, false
	}
	switch {
	case !interval:
		d.Last = last
	case to == "..":
	default:
		if _, d.Last, ok = days(to); !ok {
			return Days{}, false
		}
		if d.Last.Before(d.First) { // the two ends of one night, or a slip of the text
			d.First, d.Last = d.Last, d.First
		}
	}
	return d, true
}

// days reads one end: a year, a month, a day, with or without a part of day or
// time of day.
func days(s string) (first, last time.Time, ok bool) {
	if i := strings.IndexByte(s, 'T'); i >= 0 {
		s = s[:i]
	}
	part := strings.Split(s, "-")
	if len(part) > 3 || len(part[0]) != 4 {
		return
	}
	var n [3]int
	for i, p := range part {
		v, err := strconv.ParseUint(p, 10, 16)
		if err != nil || i > 0 && len(p) != 2 {
			return
		}
		n[i] = int(v)
	}
	switch len(part) {
	case 1:
		first = time.Date(n[0], 1, 1, 0, 0, 0, 0, time.UTC)
		return first, first.AddDate(1, 0, -1), true
	case 2:
		first = time.Date(n[0], time.Month(n[1]), 1, 0, 0, 0, 0, time.UTC)
		return first, first.AddDate(0, 1, -1), int(first.Month()) == n[1]
	}
	first = time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	return first, first, int(first.Month()) == n[1] && first.Day() == n[2]
}
