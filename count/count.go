// Package count chooses, of the amounts in a report, those that weigh in a
// record, and says what they count: killed, wounded, detained, attacks,
// people or something other.
package count

import (
	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
)

// Counter gives amounts their unit by the words of lexicon/data/units.txt.
type Counter struct{}

// New compiles the words of the lexicon.
func New(l *lexicon.Lexicon) *Counter { return &Counter{} }

// Units reads r.Words, r.Times and r.Phrases and returns the amounts of
// weight with Unit set, in text order.
func (c *Counter) Units(r *report.Report, amounts []number.Amount) []number.Amount { return amounts }
