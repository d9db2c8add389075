// Package number finds amounts in Persian text: numerals in words and digits,
// with their hedge and what they count.
package number

import (
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/span"
)

// Hedge is how sure an amount is said to be.
type Hedge string

// The hedges of the record.
const (
	Exact    Hedge = "exact"
	About    Hedge = "about"
	MoreThan Hedge = "more_than"
	AtLeast  Hedge = "at_least"
	UpTo     Hedge = "up_to"
	LessThan Hedge = "less_than"
)

// Amount is a count with the words it was read from.
type Amount struct {
	Span        span.Span // hedge, numeral, classifier and counted noun
	First, Last int       // Words[First:Last]
	Min, Max    *int64    // nil is open
	Hedge       Hedge
	Noun        int    // index of the counted noun or classifier, -1 for none
	Unit        string // killed, wounded, detained, attacks, people, other; given by package count, which knows news
	Rule        string
}

// Find reads the amounts of t, in text order. Dates, clock times and ordinals
// are no amounts.
func Find(t *word.Text) []Amount { return nil }
