package what

import (
	"fmt"
	"slices"

	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/refer"
	"github.com/sanad-project/sanad/report"
)

// Framer frames events by the frames of lexicon/data/frames.txt.
type Framer struct {
	frames     []frame
	items      []item
	trie       *lexicon.Trie // of the nominals of the items
	verbs      map[string][]int
	minus      *lexicon.Trie
	serves     map[string]string // known person → the state or group whose forces they command
	agents     *lexicon.Trie     // words for those who do acts of a type: «معترضان»
	plus       *lexicon.Trie
	duty       int // the frame of what others must do, -1 for none
	dutyWords  map[string]bool
	weapons    *lexicon.Trie
	weapon     []weapon
	topicWords *lexicon.Trie
	cue        []cue
	cues       *lexicon.Trie
	carries    map[string]int  // key of a governing verb → cue
	nominals   map[string]bool // words that a light verb carries
	nisba      map[string]string
	country    map[string]string // ISO code → entity
	names      []actorName
}

type actorName struct{ id, typ, fa, en string }

// New compiles the frames of the lexicon.
func New(l *lexicon.Lexicon) *Framer { return compile(l) }

// Frame returns the events of the report in text order. It reads every layer.
func (f *Framer) Frame(r *report.Report, ref *refer.Resolver) []report.Event {
	st := newState(f, r, ref)
	if st.off() {
		return nil
	}
	var out []report.Event
	for i := range r.Words.Sentences {
		out = f.sentence(r, st, i, out)
	}
	slices.SortStableFunc(out, func(a, b report.Event) int { return a.Trigger.Start - b.Trigger.Start })
	f.same(r, st, out)
	f.infer(r, st, out)
	for i := range out {
		out[i].ID = fmt.Sprintf("e%d", i+1)
	}
	return out
}
