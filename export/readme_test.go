package export

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReadme: README.md speaks of every column of acled and ged, and of no
// other, and of every field of PLOVER that can occur.
func TestReadme(t *testing.T) {
	b, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, columns := range map[string][]string{"acled": acledColumns, "ged": gedColumns, "plover": ploverFields} {
		_, section, ok := strings.Cut(string(b), "\n## "+name+"\n")
		if !ok {
			t.Fatalf("no section %s", name)
		}
		section, _, _ = strings.Cut(section, "\n## ")
		var told []string
		for _, line := range strings.Split(section, "\n") {
			first, _, _ := strings.Cut(strings.TrimPrefix(line, "|"), " | ")
			if strings.HasPrefix(line, "| `") {
				for _, m := range regexp.MustCompile("`([a-z0-9_]+)`").FindAllStringSubmatch(first, -1) {
					told = append(told, m[1])
				}
			}
		}
		for _, c := range columns {
			if !slices.Contains(told, c) {
				t.Errorf("%s: nothing is said of %s", name, c)
			}
		}
		for _, c := range told {
			if !slices.Contains(columns, c) {
				t.Errorf("%s: there is no %s", name, c)
			}
		}
	}
}
