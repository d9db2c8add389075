package archive

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad"
)

// Records that were read before give what their articles give: the lines of "sanad read --full" all of it,
// bare records where the outlets are known and days are all that is said.
func TestRecords(t *testing.T) {
	b, err := os.ReadFile("../../examples/link/dev/reports.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	rd, err := sanad.New("")
	if err != nil {
		t.Fatal(err)
	}
	var whole, days, bare []byte
	for line := range bytes.Lines(b) {
		var a sanad.Article
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatal(err)
		}
		rec, err := rd.Read(a)
		if err != nil {
			t.Fatal(err)
		}
		raw := asJSON(t, rec)
		source, _ := json.Marshal(map[string]string{"url": a.URL, "outlet": a.Outlet, "title": a.Title, "published": a.Published})
		whole = append(whole, `{"schema":"sanad.reading/1","source":`+string(source)+`,"record":`+raw+"}\n"...)
		if rec.Document.Outlet == nil || rec.Document.Published == nil {
			continue
		}
		a.Published = *rec.Document.Published
		days = append(days, asJSON(t, a)+"\n"...)
		bare = append(bare, raw+"\n"...)
	}
	of := func(b []byte) map[string][]string {
		o := Defaults()
		o.Shards, o.Files = 1, []string{filepath.Join(t.TempDir(), "in.jsonl")}
		if err := os.WriteFile(o.Files[0], b, 0o600); err != nil {
			t.Fatal(err)
		}
		out := linked(t, o)
		if len(out[Errors]) > 0 {
			t.Errorf("not read: %s", out[Errors])
		}
		return out
	}
	articles, read := of(b), of(whole)
	same, record := of(days), of(bare)
	for _, kind := range []string{Relays, Origins, Incidents} {
		wantLines(t, "full: "+kind, read[kind], articles[kind])
		if kind != Relays { // the outlet's name as it was written is one reason for a link
			wantLines(t, "bare: "+kind, record[kind], same[kind])
		}
	}
}

// A record that is not what it says to be is a line of errors.
func TestBadRecords(t *testing.T) {
	rec, err := sanad.Read(sanad.Article{Title: "حمله به پاسگاه", Text: "سه سرباز در حمله به پاسگاه سومار کشته شدند.", Published: "2024-03-10"})
	if err != nil {
		t.Fatal(err)
	}
	good := asJSON(t, rec)
	lines := []string{good,
		strings.Replace(good, "سه سرباز", "سی سرباز", 1), // not in its quotations
		`{"schema":"sanad.reading/1","source":{"title":"دیگر"},"record":` + good + `}`,
		`{"schema":"sanad.reading/1","source":{}}`,
		`{"schema":"sanad.record/1"}`,
	}
	o := Defaults()
	o.Files = []string{filepath.Join(t.TempDir(), "in.jsonl")}
	if err := os.WriteFile(o.Files[0], []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	out := linked(t, o)
	var at []int
	for _, line := range out[Errors] {
		var bad Bad
		if err := json.Unmarshal([]byte(line), &bad); err != nil {
			t.Fatal(err)
		}
		at = append(at, bad.Line)
	}
	slices.Sort(at)
	if !slices.Equal(at, []int{2, 3, 4, 5}) {
		t.Errorf("errors in lines %v, want 2 to 5: %q", at, out[Errors])
	}
}
