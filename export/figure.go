package export

import (
	"fmt"

	"github.com/sanad-project/sanad/record"
)

// figure is what a number of the record says of how many, by the columns best,
// low and high. Each is a bound that the report gives or nil; nothing is
// rounded and no middle is taken.
//
//	three            best 3   low 3   high 3
//	at least three   best 3   low 3   high -
//	more than 160    best 160 low 160 high -
//	about 80         best 80  low -   high -
//	10 to 15         best 10  low 10  high 15
//	up to 30         best -   low -   high 30
//	less than 30     best -   low -   high 30
//
// The best figure of a range is its lower end, as both projects code
// cautiously; an upper bound alone is no likely figure.
type figure struct{ best, low, high *int64 }

func figureOf(n *record.Number) figure {
	if n == nil {
		return figure{}
	}
	switch n.Hedge {
	case "about":
		if n.Min != nil && n.Max != nil && *n.Min != *n.Max {
			return figure{n.Min, n.Min, n.Max}
		}
		if n.Min != nil {
			return figure{best: n.Min}
		}
	case "up_to", "less_than":
		return figure{low: n.Min, high: n.Max}
	}
	return figure{n.Min, n.Min, n.Max}
}

// lethal reports whether somebody was killed: one at least, or up to so many.
func lethal(n *record.Number) bool {
	return n != nil && (n.Min != nil && *n.Min > 0 || n.Min == nil && n.Max != nil && *n.Max > 0)
}

// amount returns a number in English: "at least 3", "10 to 15".
func amount(n *record.Number) string {
	hedge := map[string]string{"about": "about ", "more_than": "more than ", "at_least": "at least ", "up_to": "up to ", "less_than": "less than "}[n.Hedge]
	switch {
	case n.Min != nil && n.Max != nil && *n.Min != *n.Max:
		if n.Hedge == "about" {
			return fmt.Sprintf("about %d to %d", *n.Min, *n.Max)
		}
		return fmt.Sprintf("%d to %d", *n.Min, *n.Max)
	case n.Hedge == "up_to" || n.Hedge == "less_than":
		if n.Max != nil {
			return fmt.Sprintf("%s%d", hedge, *n.Max)
		}
	}
	if n.Min != nil {
		return fmt.Sprintf("%s%d", hedge, *n.Min)
	}
	if n.Max != nil {
		return fmt.Sprintf("up to %d", *n.Max)
	}
	return ""
}
