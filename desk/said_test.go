package desk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// verb is one verb of a format.
var verb = regexp.MustCompile(`%[-+#0-9.]*[a-z]`)

// saidBy are the sentences, as formats, that the calls of some functions in some
// files hold.
func saidBy(t *testing.T, files string, functions ...string) []string {
	t.Helper()
	names, err := filepath.Glob(files)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %v", files, err)
	}
	var list []string
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			called := ""
			switch fun := call.Fun.(type) {
			case *ast.Ident:
				called = fun.Name
			case *ast.SelectorExpr:
				called = fun.Sel.Name
				if x, ok := fun.X.(*ast.Ident); ok && (x.Name == "errors" || x.Name == "fmt") {
					called = x.Name + "." + called
				}
			}
			if lit, ok := call.Args[0].(*ast.BasicLit); ok && lit.Kind == token.STRING && slices.Contains(functions, called) {
				s, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, s)
			}
			return true
		})
	}
	return list
}

// passedOn are formats that only put a name before another error.
var passedOn = regexp.MustCompile(`^(%[a-z]+(: )?)+$`)

// What the desk and the lexicon refuse, what a search cannot be, and why reports
// are linked has a Persian form, every sentence of it.
func TestMessagesInPersian(t *testing.T) {
	fa := languages["fa"]
	var list []string
	list = append(list, saidBy(t, "*.go", "badForm")...)
	list = append(list, saidBy(t, "../lexicon/[bk]*.go", "bad")...)
	list = append(list, saidBy(t, "../terms/query.go", "errors.New", "fmt.Errorf")...)
	list = append(list, saidBy(t, "../ledger/incident_decide.go", "errors.New", "fmt.Errorf")...)
	list = append(list, saidBy(t, "../relay/compare.go", "say")...)
	if len(list) < 100 {
		t.Fatalf("only %d sentences were found", len(list))
	}
	for _, s := range list {
		if passedOn.MatchString(s) {
			continue
		}
		filled := strings.ReplaceAll(verb.ReplaceAllString(strings.ReplaceAll(s, "%%", "\x00"), "xyz"), "\x00", "%")
		out := string(fa.Said(filled))
		if strings.Contains(out, `lang="en"`) {
			t.Errorf("%q has no Persian form: add it to data/messages.txt", s)
		}
		if n := strings.Count(filled, "xyz"); strings.Count(out, "xyz") != n {
			t.Errorf("%q: %d values, in Persian %s", s, n, out)
		}
	}
}

func TestSaid(t *testing.T) {
	fa, en := languages["fa"], languages["en"]
	for s, want := range map[string]string{
		"there is no text to read":                                "متنی برای خواندن نیست",
		`"ftp://x" is no address of a page`:                       "«<bdi>ftp://x</bdi>» نشانی صفحه‌ای نیست",
		"3503f66a7d92684f came out first, 2 days before":          `نخست <bdi>3503f66a7d92684f</bdi> منتشر شد، <bdi dir="ltr">۲</bdi> روز پیش‌تر`,
		"on 2024-03-10; at Baqubah":                               `در <bdi dir="ltr">۲۰۲۴-۰۳-۱۰</bdi>؛ در <bdi>Baqubah</bdi>`,
		"both tell of arrest":                                     "هر دو از " + fa.T("kind-of.arrest") + " می‌گویند",
		"a.txt: no text to read":                                  "<bdi>a.txt</bdi>: متنی برای خواندن نیست",
		"they share 23 words in 2 passages: 40 % of a, 55 % of b": `<bdi dir="ltr">۲۳</bdi> واژه در <bdi dir="ltr">۲</bdi> پاره مشترک دارند: <bdi dir="ltr">۴۰</bdi>٪ از <bdi>a</bdi> و <bdi dir="ltr">۵۵</bdi>٪ از <bdi>b</bdi>`,
		"":                                      "",
		"something that nobody has said before": `<span lang="en" dir="ltr">something that nobody has said before</span>`,
		"at the end of what nobody has said before it": `<span lang="en" dir="ltr">at the end of what nobody has said before it</span>`,
		"<script>x</script> is no number":              "<bdi>&lt;script&gt;x&lt;/script&gt;</bdi> عدد نیست",
		"the text is empty; <b>":                       `<span lang="en" dir="ltr">the text is empty; &lt;b&gt;</span>`,
	} {
		if got := string(fa.Said(s)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", s, got, want)
		}
		if got := string(en.Said(s)); strings.Contains(got, "<") {
			t.Errorf("English: %s", got)
		}
	}
}

// Each sentence stands once and has a Persian form with the same open places.
func TestMessagesFile(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range messages {
		if seen[m.english] {
			t.Errorf("%q stands twice", m.english)
		}
		seen[m.english] = true
		if m.persian == "" || !persianLetters(m.persian) {
			t.Errorf("%q: %q is no Persian", m.english, m.persian)
		}
		for _, n := range openPattern.FindAllString(m.persian, -1) {
			if !strings.Contains(m.english, n) {
				t.Errorf("%q has no %s", m.english, n)
			}
		}
	}
	if len(messages) < 150 {
		t.Errorf("only %d sentences", len(messages))
	}
}

func FuzzSaid(f *testing.F) {
	for _, m := range messages[:20] {
		f.Add(m.english)
	}
	f.Add("a: b: c; d; e: <b>")
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range languages {
			if out := string(l.Said(s)); strings.Contains(out, "<script") || strings.Contains(out, "<b>") {
				t.Errorf("%q: %s", s, out)
			}
		}
	})
}
