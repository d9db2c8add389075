package score

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWant holds the figures and error lists against testdata/want, which the
// annotation project's own script wrote for these readings.
func TestWant(t *testing.T) {
	texts := map[string]string{}
	f, err := os.Open("testdata/articles.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var a struct{ ID, Title, Text string }
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		texts[a.ID] = strings.TrimPrefix(a.Title+"\n"+a.Text, "\n")
	}
	names, err := filepath.Glob("testdata/gold/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal("no annotations", err)
	}
	sort.Strings(names)
	score := func(layer string) *Scorer {
		c := &Scorer{Errors: layer}
		for _, name := range names {
			gold, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			read, err := os.ReadFile(filepath.Join("testdata/read", filepath.Base(name)))
			if err != nil {
				t.Fatal(err)
			}
			id := strings.TrimSuffix(filepath.Base(name), ".json")
			if err := c.Annotation(id, texts[id], gold, read); err != nil {
				t.Fatal(err)
			}
		}
		return c
	}
	var got bytes.Buffer
	for _, layer := range []string{"mentions_typed", "times_value", "numbers", "statements_via", "events_args", "loaded", "false_facts", "claims_as_facts"} {
		score(layer).Print(&got)
	}
	if err := score("").PrintJSON(&got); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/want")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("-script +sanad:\n%s", diff)
	}
}

func TestFind(t *testing.T) {
	x := newText("ااا ب")
	for _, c := range []struct {
		s         string
		occ, from int
		want      int
	}{{"اا", 1, 0, 0}, {"اا", 2, 0, 2}, {"اا", 3, 0, -1}, {"ب", 0, 0, 7}, {"ب", 1, 9, -1}, {"", 2, 0, 2}} {
		if got := x.find(c.s, c.occ, c.from); got != c.want {
			t.Errorf("find(%q, %d, %d) = %d, want %d", c.s, c.occ, c.from, got, c.want)
		}
	}
}
