// Package said attributes: who says what, by which cue, through which chain
// of outlets and sources.
package said

import (
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/refer"
	"github.com/sanad-project/sanad/report"
)

// Attributor finds statements by the cues of lexicon/data/cues.txt.
type Attributor struct{}

// New compiles the cues of the lexicon.
func New(l *lexicon.Lexicon) *Attributor { return &Attributor{} }

// Attribute returns the statements of the report in text order.
// It reads every layer but the events.
func (a *Attributor) Attribute(r *report.Report, ref *refer.Resolver) []report.Statement { return nil }
