package phrase_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/phrase"
)

var roles = [...]string{"", "subject", "object", "oblique", "", "predicate", "when"}
var kinds = [...]string{"main", "complement", "relative", "conditional", "adverbial", "coordinate"}

func describe(s string) (out []string) {
	t := fa.Read(s, nil)
	tree := phrase.Find(&t)
	for c := range tree.Clauses {
		cl := &tree.Clauses[c]
		lemma := cl.Lemma
		if cl.Verb < 0 {
			lemma = "-"
		}
		line := lemma + " " + kinds[cl.Kind]
		for _, p := range tree.In(c) {
			ph := &tree.Phrases[p]
			r := roles[ph.Role]
			if r == "" {
				continue
			}
			if ph.Prep != "" {
				r += "(" + ph.Prep + ")"
			}
			line += " " + r + "=" + t.Span(ph.First, ph.Last).Of(s)
		}
		out = append(out, line)
	}
	return out
}

func TestClauses(t *testing.T) {
	b, err := os.ReadFile("testdata/clauses.txt")
	if err != nil {
		t.Fatal(err)
	}
	var in string
	var want []string
	check := func() {
		if in == "" {
			return
		}
		if got := describe(in); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s\n got %s\nwant %s", in, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
		in, want = "", nil
	}
	for line := range strings.Lines(string(b)) {
		switch {
		case line[0] == '#', line == "\n":
		case line[0] == '\t':
			want = append(want, strings.TrimSpace(line))
		default:
			check()
			in = strings.TrimSpace(line)
		}
	}
	check()
}

// A verb of saying far from its subject, and content that comes without که.
func TestSubject(t *testing.T) {
	for in, want := range map[string]string{
		"او می‌تواند به خانه برود.":              "او",
		"نیروها آمدند و شهر را گرفتند.":          "نیروها",
		"گروهی که مسئولیت را پذیرفت ناشناس است.": "گروهی",
	} {
		text := fa.Read(in, nil)
		tree := phrase.Find(&text)
		got := ""
		for c := range tree.Clauses {
			p := tree.Subject(c)
			if p < 0 {
				t.Errorf("%s: clause %d (%s) has no subject", in, c, tree.Clauses[c].Lemma)
				continue
			}
			got = text.Span(tree.Phrases[p].First, tree.Phrases[p].Last).Of(in)
			if got != want {
				t.Errorf("%s: the subject of %s is %s, want %s", in, tree.Clauses[c].Lemma, got, want)
			}
		}
	}
}

func check(t *testing.T, s string) {
	text := fa.Read(s, nil)
	tree := phrase.Find(&text)
	end := 0
	for i, p := range tree.Phrases {
		if p.First < end || p.Last <= p.First || p.Last > len(text.Words) || p.Head < p.First || p.Head >= p.Last || p.PrepFirst > p.First || p.Clause >= len(tree.Clauses) || p.Of >= i || p.And >= i || p.Same >= i {
			t.Fatalf("phrase %d after word %d: %+v", i, end, p)
		}
		end = p.Last
	}
	for i, c := range tree.Clauses {
		if c.First < 0 || c.Last > len(text.Words) || c.Last <= c.First || c.Verb >= c.Last || c.Light >= c.Last || c.Parent >= len(tree.Clauses) || c.Parent == i {
			t.Fatalf("clause %d: %+v", i, c)
		}
		tree.Subject(i)
	}
	for i, c := range tree.ClauseOf {
		if c >= len(tree.Clauses) {
			t.Fatalf("word %d in clause %d of %d", i, c, len(tree.Clauses))
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("مردی که گفت اگر او برود، ما «نمی‌رویم» شهر را گرفت و کشته شد.")
	f.Add("که که را را و و «:» کشته شده است خواهد")
	f.Fuzz(check)
}

func TestLong(t *testing.T) {
	check(t, strings.Repeat("مردی که ", 20000))
	check(t, strings.Repeat("کتاب را گفت و ", 10000))
}

func BenchmarkFind(b *testing.B) {
	text := fa.Read(strings.Repeat("سخنگوی وزارت خارجه روز گذشته در نشست خبری خود حمله پهپادی به شهر مرزی را محکوم کرد و گفت که این اقدام بی‌پاسخ نمی‌ماند.\n", 100), nil)
	b.ReportAllocs()
	for b.Loop() {
		phrase.Find(&text)
	}
	b.ReportMetric(float64(len(text.Words)*b.N)/b.Elapsed().Seconds(), "words/s")
}

func ExampleFind() {
	text := fa.Read("سخنگوی ارتش گفت که نیروها شهر را تصرف کردند.", nil)
	tree := phrase.Find(&text)
	for c := range tree.Clauses {
		p := tree.Phrases[tree.Subject(c)]
		fmt.Println(tree.Clauses[c].Lemma, "←", text.Span(p.First, p.Last).Of(text.Source))
	}
	// Output:
	// گفتن ← سخنگوی ارتش
	// تصرف کردن ← نیروها
}
