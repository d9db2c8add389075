// Package digest writes what a reading says, for a person at a terminal.
package digest

import (
	"fmt"
	"io"

	"github.com/sanad-project/sanad/report"
)

// Style is how a digest looks.
type Style struct {
	Width   int  // columns
	Color   bool // escape codes for colour
	Isolate bool // Unicode isolates around Persian, so that an English line keeps its order
}

// Write writes the digest of one report.
func Write(w io.Writer, r *report.Report, s Style) error {
	_, err := fmt.Fprintln(w, r.ID, r.Title)
	return err
}
