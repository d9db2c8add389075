package ledger

import (
	"context"
	"errors"
	"slices"

	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/relay"
)

// Linker is what linking reports rests on. It may be used by many goroutines.
type Linker struct {
	Relay *relay.Reader

	rules string // of relays: what was signed by others is signed anew
}

// NewLinker makes the linker of a lexicon.
func NewLinker(lex *lexicon.Lexicon) *Linker {
	r := relay.New(lex)
	return &Linker{Relay: r, rules: r.Version() + " " + lex.Hash()}
}

// LinkOptions say how reports are linked.
type LinkOptions struct {
	All bool // link all reports anew, not only those that came or changed since the last time

	// Progress, where it is not nil, is told how far a step of linking is. It is
	// called by one goroutine at a time.
	Progress func(what string, done, of int64)
}

func (o *LinkOptions) progress(what string, done, of int64) {
	if o.Progress != nil {
		o.Progress(what, done, of)
	}
}

// Linked counts what Link did, and what there is now.
type Linked struct {
	Signed  int64            // reports that came or changed since the last time
	Pairs   int64            // pairs of reports that were compared
	Links   map[string]int64 // direct links in the ledger by relay.How, those of a common source under "common"
	Origins int64            // groups of two reports or more that rest on one origin
	Anew    bool             // all was linked anew

	Incidents int64 // in the ledger
	Regrouped int64 // incidents that were made or made anew
	Unplaced  int64 // decisions of people whose words were found no more
}

// relayTables are the tables of relays, emptied when all is derived anew.
var relayTables = []string{"signatures", "linked", "links", "origins", "link_notes"}

// unlink makes a report, whose reading or decisions changed, one to be linked
// anew. Its links stay until then: they rest on its text, which is the same.
func (a *adding) unlink(report int64) error {
	for _, table := range []string{"signatures", "linked"} {
		if err := a.put("DELETE FROM "+table+" WHERE report = ?", report); err != nil {
			return err
		}
	}
	return a.unsketch(report)
}

// emptyLinks takes away all that linking made: reports are to be linked anew.
// A ledger of a form below five has no such tables.
func (l *Ledger) emptyLinks(ctx context.Context, t *tx) error {
	have, err := l.form(ctx, t)
	if err != nil || have < 5 {
		return err
	}
	for _, table := range slices.Concat(relayTables, incidentTables) {
		if err := l.exec(ctx, t, "DELETE FROM "+table); err != nil {
			return err
		}
	}
	return nil
}

// Link finds who takes words from whom and which reports tell of one thing, for
// all reports that came in or changed since the last time. It writes in many
// transactions; one that is stopped or killed is gone on with by the next call,
// and other processes may add, decide and link meanwhile.
func (l *Ledger) Link(ctx context.Context, lk *Linker, opt LinkOptions) (Linked, error) {
	return Linked{}, errors.New("reports cannot be linked yet")
}
