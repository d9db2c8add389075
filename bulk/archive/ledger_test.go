package archive

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/ledger"
)

// corpus writes files of articles, invented ones and what an archive has besides: the same text
// again from the same outlet, from another and from nobody, reports of no day, another outlet's name, and
// lines that are no reports. It returns them in order.
func corpus(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var files []string
	var again []map[string]string
	for i, set := range []string{"dev", "fourth", "second"} {
		b, err := os.ReadFile("../../examples/link/" + set + "/reports.jsonl")
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for n, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
			var a map[string]string
			if err := json.Unmarshal([]byte(line), &a); err != nil {
				t.Fatal(err)
			}
			a["id"] = set + a["id"]
			switch n % 9 {
			case 2:
				delete(a, "published")
			case 5:
				a["outlet"] = "روزنامه چاپ " + fmt.Sprint(n%2) // one that no lexicon knows
			case 7:
				again = append(again, a)
			}
			lines = append(lines, asJSON(t, a))
		}
		lines = append(lines, `{"id": "cut off`, `{"id": "empty", "text": ""}`, `{"text": "An English text that nobody reads here, since it is not Persian."}`)
		name := filepath.Join(dir, fmt.Sprintf("%d.jsonl", i))
		write := []byte(strings.Join(lines, "\n"))
		if i == 1 {
			var z bytes.Buffer
			w := gzip.NewWriter(&z)
			w.Write(write)
			w.Close()
			name, write = name+".gz", z.Bytes()
		}
		if err := os.WriteFile(name, write, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	var lines []string
	for i, a := range again {
		switch i % 4 {
		case 0:
			a["outlet"] = "خبرگزاری رونوشت"
			a["url"] = ""
		case 1:
			a["outlet"], a["url"] = "", ""
		case 2:
			a["published"] = "2021-01-01T10:00:00Z"
		}
		lines = append(lines, asJSON(t, a))
	}
	name := filepath.Join(dir, "again.jsonl")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return append(files, name)
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The pipeline's answers are those of a ledger that the same files were added to.
func TestLedger(t *testing.T) {
	files := corpus(t)
	o := Defaults()
	o.Files, o.Shards = files, 3
	got := linked(t, o)
	want := onLedger(t, files)
	for _, kind := range []string{Relays, Origins, Incidents} {
		if len(want[kind]) < 5 {
			t.Errorf("only %d %s to compare", len(want[kind]), kind)
		}
		wantLines(t, kind, got[kind], want[kind])
		t.Logf("%d %s", len(want[kind]), kind)
	}
	if len(got[Errors]) != 9 {
		t.Errorf("%d lines that cannot be read, want 9: %q", len(got[Errors]), got[Errors])
	}
	for _, line := range got[Errors] {
		var bad Bad
		if err := json.Unmarshal([]byte(line), &bad); err != nil || bad.File == "" || bad.Line == 0 || bad.Error == "" {
			t.Errorf("a line of errors that does not say file, line and reason: %s", line)
		}
	}
}

// onLedger adds the files to a ledger, links it, and writes what it answers as
// the pipeline's output is written.
func onLedger(t *testing.T, files []string) map[string][]string {
	t.Helper()
	ctx := context.Background()
	rd, err := sanad.New("")
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(ctx, filepath.Join(t.TempDir(), "l.db"), ledger.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	m := ledger.NewMaker(rd, "test")
	var ids []string
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".gz") {
			z, err := gzip.NewReader(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			var plain bytes.Buffer
			if _, err := plain.ReadFrom(z); err != nil {
				t.Fatal(err)
			}
			b = plain.Bytes()
		}
		(&input.Reader{}).From(bytes.NewReader(b), strings.TrimSuffix(name, ".gz"), func(it input.Item) bool {
			if it.Err != nil {
				return true
			}
			e, err := m.Entry(&it)
			if err != nil {
				return true
			}
			added, err := l.Add(ctx, []*ledger.Entry{e})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, added[0].ID)
			return true
		})
	}
	if _, err := l.Link(ctx, ledger.NewLinker(rd.Lexicon), ledger.LinkOptions{All: true}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(ids)
	out := map[string][]string{}
	for _, id := range slices.Compact(ids) {
		r, err := l.Relays(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range r.From {
			out[Relays] = append(out[Relays], relayLine(t, x.Report.ID, id, x, false))
		}
		for _, x := range r.Common { // of each of the two: once for each is enough
			a, b := x.Report.ID, id
			if first, ok := firstOf(t, l, a, b); ok {
				if first == b {
					continue
				}
				out[Relays] = append(out[Relays], relayLine(t, a, b, x, true))
			}
		}
		if r.Origin != nil {
			var g Origin
			g.Name = r.Origin.Name
			for _, x := range r.Origin.Reports {
				g.Reports = append(g.Reports, x.ID)
			}
			if g.ID = g.Reports[0]; g.ID == id {
				out[Origins] = append(out[Origins], asJSON(t, g))
			}
		}
	}
	rows, err := l.Incidents(ctx, ledger.IncidentFilter{}, 100_000, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		full, err := l.Incident(ctx, row.ID)
		if err != nil {
			t.Fatal(err)
		}
		out[Incidents] = append(out[Incidents], asJSON(t, full.Linked))
	}
	for _, list := range out {
		slices.Sort(list)
	}
	return out
}

// firstOf says which of two reports with a common source a link names first.
func firstOf(t *testing.T, l *ledger.Ledger, a, b string) (string, bool) {
	t.Helper()
	for item, err := range l.RelayItems(context.Background(), ledger.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if item.From.Report == a && item.To.Report == b || item.From.Report == b && item.To.Report == a {
			return item.From.Report, true
		}
	}
	return "", false
}

func relayLine(t *testing.T, from, to string, x ledger.Relayed, common bool) string {
	t.Helper()
	r := Relay{From: from, To: to, Direct: x.Direct, Common: common, Source: x.Source, How: x.How, Words: x.Words, Share: x.Share, ShareFrom: x.ShareFrom,
		Confidence: x.Confidence, Lag: x.Lag, Why: x.Why, Passages: []Together{}}
	for _, p := range x.Passages {
		r.Passages = append(r.Passages, Together{Place{p.From.Start, p.From.End}, Place{p.To.Start, p.To.End}, p.Words})
	}
	return asJSON(t, r)
}
