package who_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/read"
	"github.com/sanad-project/sanad/report"
)

// TestNames runs lexicon/corpus/names.txt: what must be found, and nothing else.
func TestNames(t *testing.T) {
	lex, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	reader := read.New(lex)
	cases, err := lexicon.ReadFile("../lexicon/corpus/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			r := &report.Report{Text: strings.ReplaceAll(c.Get("text"), " / ", "\n")}
			reader.Read(r)
			var names, loaded []string
			want := c.All("name")
			for _, m := range r.Mentions {
				if m.Form == report.Name {
					s := m.Span.Of(r.Text) + " : " + string(r.Entity(m.Entity).Type)
					if n := len(names); n < len(want) && strings.Contains(want[n], " = ") {
						s += " = " + m.Entity
					}
					names = append(names, s)
				}
				if m.Loaded {
					loaded = append(loaded, m.Span.Of(r.Text))
				}
			}
			for _, l := range r.Loaded {
				loaded = append(loaded, l.Span.Of(r.Text))
			}
			if d := cmp.Diff(want, names); d != "" {
				t.Errorf("names (-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.All("loaded"), loaded); d != "" {
				t.Errorf("loaded (-want +got):\n%s", d)
			}
			for _, want := range c.All("role") {
				who, office, _ := strings.Cut(want, " : ")
				title, of, _ := strings.Cut(office, " @ ")
				ok := false
				for _, e := range r.Entities {
					for _, o := range e.Roles {
						ok = ok || e.Name == who && o.Title == title && o.Of == of
					}
				}
				if !ok {
					t.Errorf("no role %q", want)
				}
			}
		})
	}
}
