// Package export writes reports in the forms that other programs import. Each
// format is one file; all of them take the same stream of items and hold no
// more than one of them in memory.
package export

import (
	"time"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// Item is one report of a ledger, with what is held of it now: the machine's
// reading with people's decisions laid over it.
type Item struct {
	ID         string    // of the report in the ledger
	Title      string    // as given
	OutletName string    // as given; the entity is Record.Document.Outlet
	URL        string    // "" where unknown
	Author     string    // "" where unknown
	Added      time.Time // when it came into the ledger

	Record *record.Record // in force: corrected values in place, rejected findings gone, added ones there
	Review *review.Reviewed

	Told map[string]Telling // by event id of the record: the incident it belongs to; empty where reports were not linked

	Hash    string // of the machine's record, before decisions
	Reader  string // version of the program that read it
	Lexicon string // hash of the lexicon it read with
}

// Telling says where an event stands among what other reports tell.
type Telling struct {
	Incident string `json:"incident"` // id
	Origins  int    `json:"origins"`  // independent origins of the incident's reports
	Reports  int    `json:"reports"`  // that tell of it; twelve copies of one are twelve reports and one origin
}
