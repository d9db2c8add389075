// Package importtest states which package may import which. The direction is
//
//	span ← fa/… ← lexicon ← report ← clean count where who refer said what ← read ← record ← sanad ← digest score input review terms alike shard ← fetch page feed warc export relay incident ← intake ledger account ← desk ← cmd
//
// and the Persian text layer knows nothing of news.
package importtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/sanad-project/sanad"

// layers, the lowest first: a package may import packages of the layers below
// its own and, where the layer is open, its neighbours.
var layers = []struct {
	open     bool
	packages []string // "x/..." is x and what lies under it
}{
	{false, []string{"span", "agree", "models/..."}},
	{true, []string{"fa/..."}},
	{false, []string{"lexicon", "internal/conllu"}},
	{false, []string{"report", "language"}},
	{true, []string{"clean", "count", "where", "who", "refer", "said", "what"}},
	{false, []string{"read", "record"}},
	{false, []string{"."}},
	{false, []string{"digest", "score", "input", "review", "terms", "alike", "shard", "internal/valid"}},
	{true, []string{"fetch", "page", "feed", "warc", "export", "relay", "incident"}},
	{false, []string{"intake", "ledger", "account"}},
	{false, []string{"desk"}},
	{false, []string{"cmd/...", "scripts/..."}},
}

func layer(pkg string) int {
	for i, l := range layers {
		for _, p := range l.packages {
			if p == pkg || strings.HasSuffix(p, "/...") && (pkg + "/")[:min(len(pkg)+1, len(p)-3)] == strings.TrimSuffix(p, "...") {
				return i
			}
		}
	}
	return -1
}

// allowed are the neighbours that the finding packages may import: what one
// stage writes, later stages read, by way of the report or of these.
var allowed = map[string][]string{
	"who":      {"where"},
	"said":     {"refer"},
	"what":     {"refer"},
	"page":     {},
	"feed":     {"page"},
	"incident": {"relay"},
	"export":   {"incident"},
}

func TestImports(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (e.Name() == "testdata" || e.Name() != ".." && strings.HasPrefix(e.Name(), ".")) {
			return fs.SkipDir
		}
		if e.IsDir() && name != root {
			if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil {
				return fs.SkipDir
			}
		}
		if e.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		pkg := path.Dir(filepath.ToSlash(rel))
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, im := range f.Imports {
			p, _ := strconv.Unquote(im.Path.Value)
			if p == module {
				p = module + "/."
			}
			if to, ok := strings.CutPrefix(p, module+"/"); ok {
				if why := forbidden(pkg, to); why != "" {
					t.Errorf("%s: package %s must not import %s: %s", rel, pkg, to, why)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// forbidden says why from must not import to; "" where it may.
func forbidden(from, to string) string {
	a, b := layer(from), layer(to)
	switch {
	case a < 0:
		return from + " stands in no layer; give it one in this test"
	case b < 0:
		return to + " stands in no layer; give it one in this test"
	case b > a:
		return "it is of a layer above"
	case b < a || from == to:
		return ""
	case !layers[a].open:
		return "it is of the same layer"
	case strings.HasPrefix(from, "fa") && strings.HasPrefix(to, "fa"):
		return ""
	case slices.Contains(allowed[from], to):
		return ""
	}
	return "stages know each other only by the report"
}

func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		from, to string
		ok       bool
	}{
		{"fa/number", "fa/word", true}, {"fa", "fa/segment", true}, {"fa/when", "lexicon", false}, {"fa", "report", false},
		{"who", "where", true}, {"where", "who", false}, {"said", "what", false}, {"record", "report", true}, {"report", "record", false},
		{".", "read", true}, {"read", ".", false}, {"digest", ".", true}, {"cmd/sanad", "digest", true}, {"nowhere", "span", false},
	} {
		if got := forbidden(c.from, c.to) == ""; got != c.ok {
			t.Errorf("%s imports %s: allowed %v, want %v", c.from, c.to, got, c.ok)
		}
	}
}
