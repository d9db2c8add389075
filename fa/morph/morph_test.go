package morph_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/morph"
	"github.com/sanad-project/sanad/fa/segment"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
)

var tenses = [...]string{"none", "past", "imperfect", "present", "subjunctive", "imperative", "perfect", "pluperfect", "pastsubj", "future", "participle", "infinitive"}

// verbs reads s with every verb form tagged as one.
func verbs(s string) word.Text {
	t := segment.Text(s, nil)
	morph.Words(&t)
	for i := range t.Words {
		if t.Words[i].Verb != nil {
			t.Words[i].Tag = word.VERB
		}
	}
	morph.Resolve(&t)
	return t
}

func describe(w *word.Word) string {
	v := w.Verb
	s := fmt.Sprintf("%s %s %d", w.Lemma, tenses[v.Tense], v.Person)
	if v.Plural {
		s += "p"
	}
	if v.Negative {
		s += " not"
	}
	if v.Passive {
		s += " passive"
	}
	return s
}

func TestVerbs(t *testing.T) {
	b, err := os.ReadFile("testdata/verbs.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		in, want, ok := strings.Cut(strings.TrimSpace(line), " => ")
		if !ok || line[0] == '#' {
			continue
		}
		text := verbs(in)
		got := "-"
		for i := range text.Words {
			if v := text.Words[i].Verb; v != nil && !v.Aux {
				got = describe(&text.Words[i])
				if v.First != 0 || v.Last != len(text.Words)-1 {
					t.Errorf("%s: the form is words %d to %d of %d", in, v.First, v.Last, len(text.Words))
				}
				break
			}
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

// Every form that the list of verbs makes is read as a form of its verb, with
// half-spaces and without.
func TestRoundTrip(t *testing.T) {
	for _, key := range []string{"می‌گویم", "می‌گویی", "می‌گوید", "می‌گوییم", "می‌گویید", "می‌گویند", "گفتم", "گفتی", "گفتیم", "گفتید", "گفتند", "بگویم", "نگویند", "نمی‌گفتند", "گفته‌ام", "گفته‌ایم", "برنمی‌گردند", "بازنمی‌گشت", "بیاید", "نیاورد", "نمی‌آیند"} {
		list := morph.Forms(nil, spell.Key(key))
		if len(list) == 0 {
			t.Errorf("%s is read as no verb", key)
			continue
		}
		found := false
		for i := range list {
			found = found || list[i].Spelling() == key
		}
		if !found {
			t.Errorf("%s is spelled %s", key, list[0].Spelling())
		}
	}
}

func TestEndings(t *testing.T) {
	b, err := os.ReadFile("testdata/endings.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		in, want, ok := strings.Cut(strings.TrimSpace(line), " => ")
		if !ok || line[0] == '#' {
			continue
		}
		text := segment.Text(in, nil)
		morph.Words(&text)
		w := &text.Words[0]
		got := w.Form
		if w.Plural {
			got += " plural"
		}
		if w.Indef {
			got += " indef"
		}
		if w.Degree > 0 {
			got += fmt.Sprint(" degree", w.Degree)
		}
		if c := w.Clitic; c.Form != "" {
			got += fmt.Sprint(" ", c.Form, c.Person)
			if c.Plural {
				got += "p"
			}
			if c.Copula {
				got += " copula"
			}
			if in[c.Span.Start:c.Span.End] != c.Form {
				t.Errorf("%s: the clitic lies at %q", in, in[c.Span.Start:c.Span.End])
			}
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("نمی‌گویند خانه‌اش")
	f.Add("\u200cبي\u064bا ست")
	f.Fuzz(func(t *testing.T, s string) {
		text := verbs(s)
		for i := range text.Words {
			w := &text.Words[i]
			if c := w.Clitic; c.Form != "" && !w.Span.Contains(c.Span) {
				t.Fatalf("clitic at %v of a word at %v", c.Span, w.Span)
			}
			if utf8.ValidString(s) && !utf8.ValidString(w.Form) {
				t.Fatalf("form %q", w.Form)
			}
			if v := w.Verb; v != nil && (v.Head < 0 || v.Head >= len(text.Words) || v.First < 0 || v.Last >= len(text.Words) || v.First > v.Last) {
				t.Fatalf("word %d: verb %+v", i, v)
			}
		}
	})
}

func BenchmarkForms(b *testing.B) {
	b.ReportAllocs()
	var buf [16]morph.Form
	for b.Loop() {
		morph.Forms(buf[:0], "نمیگرفتند")
		morph.Forms(buf[:0], "سازمان")
	}
}
