package ledger

import (
	"context"
	"errors"
)

// Checked counts what Check looked at.
type Checked struct {
	Blobs     int64 // kept bytes
	Reports   int64
	Arrivals  int64
	Readings  int64
	Decisions int64
	Derived   int64 // reports whose derived rows were compared with rows derived anew; 0 of a quick check
	Damages   int64 // how often found was called
}

// Check proves the ledger. It calls found for each damage and goes on behind
// it; the error says that the check itself could not be done. A quick check
// leaves out the derived tables, which can be made anew.
func (l *Ledger) Check(ctx context.Context, quick bool, found func(Damage)) (Checked, error) {
	return Checked{}, errors.New("the check is not written yet")
}
