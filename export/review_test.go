package export

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/sanad-project/sanad/review"
)

// TestDecisions: rows are of the record in force. What a person rejected or
// corrected to not having happened has none; what a person accepted says so.
func TestDecisions(t *testing.T) {
	for _, c := range []struct {
		name   string
		d      review.Decision
		row    bool
		notes  string
		beside string
	}{
		{"accept", review.Decision{Action: review.Accept}, true, "A person has accepted this event.", `"verdict":"accepted"`},
		{"reject", review.Decision{Action: review.Reject}, false, "", ""},
		{"did not happen", review.Decision{Action: review.Correct, Field: "status", Value: json.RawMessage(`"negated"`)}, false, "", ""},
		{"mode", review.Decision{Action: review.Correct, Field: "mode", Value: json.RawMessage(`"suicide-attack"`)}, true, "ASSAULT (suicide-attack)",
			`{"name":"mode","machine":"explosives","human":"suicide-attack"}`},
	} {
		it := *items(t)[0] // its e2 has the dead
		var e = it.Record.Events[1]
		c.d.Seq, c.d.Author, c.d.At, c.d.Report = 1, "mina", time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC), it.ID
		c.d.Target = review.Target{Kind: review.Event, ID: e.ID, Start: e.Trigger.Start, End: e.Trigger.End}
		if err := review.Seal("", &c.d); err != nil {
			t.Fatal(err)
		}
		applied, err := review.Apply(it.Record, []review.Decision{c.d})
		if err != nil {
			t.Fatal(err)
		}
		it.Record, it.Review = applied.Record, applied
		for _, format := range []string{"acled", "ged"} {
			main, side := written(t, format, []*Item{&it}, Options{})
			columns, rows := tableOf(t, main)
			var row map[string]string
			for _, r := range rows {
				if r[columns[0]] == it.ID+"-"+e.ID {
					row = r
				}
			}
			if (row != nil) != c.row {
				t.Errorf("%s, %s: row %v", c.name, format, row)
			}
			if row != nil && (format == "acled" && !strings.Contains(row["notes"], c.notes) || !strings.Contains(side, c.beside)) {
				t.Errorf("%s, %s: notes %q, beside %s", c.name, format, row["notes"], side)
			}
		}
	}
}
