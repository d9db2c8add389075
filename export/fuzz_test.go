package export

import (
	"encoding/json"
	"io"
	"testing"

	"github.com/sanad-project/sanad/record"
)

// FuzzWrite: whatever a record holds, no format panics. A ledger checks its
// records, but a damaged one must end in an error and not in a crash.
func FuzzWrite(f *testing.F) {
	list, err := readItems()
	if err != nil {
		f.Fatal(err)
	}
	for _, it := range list {
		b, err := json.Marshal(it.Record)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"document":{"text":"a"},"events":[{"id":"e1","type":"ASSAULT","status":"happened","killed":7,"said_by":"s9","trigger":{"start":-3,"end":99},` +
		`"actor":[{"entity":"none"}],"place":{"entity":"none"},"date":{"value":"2007-04-15T"}}],"statements":[{"id":"s1","content":[{"start":5,"end":2}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var r record.Record
		if json.Unmarshal(b, &r) != nil {
			return
		}
		one := func(yield func(*Item, error) bool) { yield(&Item{ID: "x", Record: &r}, nil) }
		for _, format := range Formats() {
			opt := Options{Unrealised: true, All: true}
			if format.Sidecar {
				opt.Sidecar = io.Discard
			}
			_ = Write(io.Discard, format.Name, one, opt)
		}
	})
}
