// Package when finds time expressions in Persian text and resolves them to
// ISO 8601, across the Jalali, Gregorian and lunar Hijri calendars.
package when

import (
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/span"
)

// Date is a day of the Gregorian calendar; the zero Date is "unknown".
type Date struct{ Year, Month, Day int }

// Known reports whether the date is set.
func (d Date) Known() bool { return d.Year != 0 }

// Kind is TIMEX3's type of a time expression.
type Kind string

// The kinds of time expressions.
const (
	DATE     Kind = "DATE"
	TIME     Kind = "TIME"
	DURATION Kind = "DURATION"
	SET      Kind = "SET"
)

// Time is one time expression.
type Time struct {
	Span        span.Span
	First, Last int // Words[First:Last]
	Kind        Kind
	Value       string // ISO 8601 as in the record contract; "~" at the end for "about"
	Calendar    string // gregorian, jalali, hijri, relative
	Note        string // said only where something is off
	Rule        string
}

// Find reads the time expressions of t, in text order, resolved against the
// day of publication where that is known.
func Find(t *word.Text, published Date) []Time { return nil }
