package export

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sanad-project/sanad/record"
)

// TestJSONLRecords: every record is valid against its schema and the same bytes
// as "sanad read" gives.
func TestJSONLRecords(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(record.JSONSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("record.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("record.json")
	if err != nil {
		t.Fatal(err)
	}
	items := append(webItems(t), hostile(t)...)
	i := 0
	for l := range strings.Lines(string(export(t, "jsonl", webStream(items, 1), Options{}))) {
		var got struct {
			Schema string
			Ledger struct{ ID, Hash string }
			Record json.RawMessage
		}
		if err := json.Unmarshal([]byte(l), &got); err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(got.Record))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", items[i].ID, err)
		}
		want, err := compact(items[i].Record)
		if err != nil || string(got.Record) != want || got.Ledger.ID != items[i].ID || got.Schema != jsonlSchema {
			t.Errorf("%s: another record, %v", items[i].ID, err)
		}
		i++
	}
	if i != len(items) {
		t.Errorf("%d lines, want %d", i, len(items))
	}
}

// TestJSONLReview: machine and person are told apart, field by field.
func TestJSONLReview(t *testing.T) {
	var l struct{ Review *jsonlReview }
	if err := json.Unmarshal(export(t, "jsonl", webStream(webItems(t)[1:2], 1), Options{}), &l); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range l.Review.Findings {
		got[string(f.Verdict)] = f.By[0].Author
		for _, v := range f.Fields {
			got[v.Name] = string(v.Machine) + " → " + string(v.Human) + " by " + v.Author
		}
	}
	for k, want := range map[string]string{"accepted": "Reza", "rejected": "Reza", "added": "Sara <sara@example.org>", "corrected": "Sara <sara@example.org>",
		"actor": `[] → [{"entity":"turkish-army"}] by Sara <sara@example.org>`} {
		if got[k] != want {
			t.Errorf("%s: %s, want %s", k, got[k], want)
		}
	}
	if len(l.Review.Notes) != 1 || len(l.Review.Lost) != 1 {
		t.Error("a remark or a lost decision is missing")
	}
	if err := json.Unmarshal(export(t, "jsonl", webStream(webItems(t)[:1], 1), Options{}), &l); err != nil || l.Review != nil {
		t.Errorf("a review of what nobody looked at: %+v, %v", l.Review, err)
	}
}
