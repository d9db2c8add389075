package archive

import (
	"errors"
	"fmt"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
)

// Options say what is linked, and how.
type Options struct {
	Files   []string // JSON Lines, .gz too: articles, or records that "sanad read" wrote
	Out     string   // the folder of the output files
	Lexicon string   // a folder of lexicon files, the same on every worker; "" for none
	Reach   int      // how many reports before it, in the order of days, a report is compared with; 16384 in a ledger
	Rounds  int      // in which components are found: 2 to the power of it is the longest way that is surely found
	Shards  int      // files of each kind of output
}

// Defaults are those of a ledger, and rounds for any archive that was seen.
func Defaults() Options { return Options{Reach: 16384, Rounds: 10, Shards: 4} }

// The kinds of output: files KIND-00000-of-00004.jsonl.
const (
	Relays    = "relays"    // a Relay a line
	Origins   = "origins"   // an Origin a line
	Incidents = "incidents" // an incident.Linked a line
	Errors    = "errors"    // a Bad a line: what could not be read
)

// Link builds the pipeline.
func Link(s beam.Scope, o Options) error {
	switch {
	case len(o.Files) == 0:
		return errors.New("no files to link: name JSON Lines files")
	case o.Reach < 1 || o.Rounds < 1 || o.Shards < 1:
		return fmt.Errorf("reach %d, rounds %d, shards %d: each has to be 1 or more", o.Reach, o.Rounds, o.Shards)
	}
	texts, arrivals, bad := read(s, o)
	placed := order(s, same(s, arrivals))
	windows, tellers, sketches := sign(s, o, texts, placed)
	links := judge(s, o, windows)
	relays, groups, origins := originsOf(s, o, links)
	accounts, edges, rare := ties(s, o, sketches, origins)
	incidents := parts(s, o, tellers, origins, accounts, edges, rare)
	write(s, o, Relays, relays)
	write(s, o, Origins, groups)
	write(s, o, Incidents, incidents)
	write(s, o, Errors, bad)
	return nil
}
