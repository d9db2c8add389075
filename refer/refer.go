// Package refer says whom a phrase means: a pronoun, a role alone, a surname
// alone, «این گروه»; or makes an entity of a description that names nobody.
package refer

import (
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
)

// Rules holds the compiled words of reference: pronouns, roles, group nouns.
type Rules struct{}

// New compiles them from the lexicon.
func New(l *lexicon.Lexicon) *Rules { return &Rules{} }

// Resolver resolves the phrases of one report, in any order. It adds
// mentions and described entities to the report as it goes.
type Resolver struct {
	r     *report.Report
	rules *Rules
}

// On starts a resolver for a report whose names were found.
func (x *Rules) On(r *report.Report) *Resolver { return &Resolver{r, x} }

// Phrase resolves Words[first:last], a noun phrase or pronoun, to an entity.
// ok is false where nothing can be said, e.g. for an expletive or a phrase of
// things. The mention (name, description or pronoun) is added to the report.
func (v *Resolver) Phrase(first, last int) (ref report.Ref, ok bool) { return report.Ref{}, false }

// Spoke tells the resolver that the entity was the speaker of a statement
// whose cue is at that word: the next «وی» most likely means it.
func (v *Resolver) Spoke(entity string, at int) {}
