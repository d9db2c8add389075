package sanad_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/record"
)

// A record that is turned into a report and back is the same record.
func TestRecordAndBack(t *testing.T) {
	for _, a := range examples(t) {
		rec, err := sanad.Read(a)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(rec, record.From(rec.Report())); d != "" {
			t.Errorf("%s: %s", a.ID, d)
		}
	}
}
