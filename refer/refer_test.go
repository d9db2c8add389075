package refer_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/phrase"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/refer"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/where"
	"github.com/sanad-project/sanad/who"
)

// TestPhrases runs lexicon/corpus/refer.txt.
func TestPhrases(t *testing.T) {
	lex, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	finder, rules := who.New(lex, where.New(lex)), refer.New(lex)
	cases, err := lexicon.ReadFile("../lexicon/corpus/refer.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			r := &report.Report{Text: strings.ReplaceAll(c.Get("text"), " / ", "\n")}
			r.Words = fa.Read(r.Text, nil)
			r.Phrases = phrase.Find(&r.Words)
			finder.Find(r)
			v := rules.On(r)
			for _, s := range c.All("spoke") {
				at, name, _ := strings.Cut(s, " > ")
				first, _ := words(t, r, at)
				for _, e := range r.Entities {
					if e.Name == name {
						v.Spoke(e.ID, first)
					}
				}
			}
			for _, ask := range c.All("ask") {
				what, want, _ := strings.Cut(ask, " > ")
				ref, ok := v.Phrase(words(t, r, what))
				got := "-"
				if ok {
					got = r.Entity(ref.Entity).Name
				}
				if got != want {
					t.Errorf("%s means %s (%s), want %s", what, got, ref.Entity, want)
				}
			}
			for _, ask := range c.All("all") {
				what, want, _ := strings.Cut(ask, " > ")
				var got []string
				for _, ref := range v.PhraseAll(words(t, r, what)) {
					got = append(got, r.Entity(ref.Entity).Name)
				}
				if got := strings.Join(got, " + "); got != want {
					t.Errorf("%s means %q, want %q", what, got, want)
				}
			}
			for i, m := range r.Mentions {
				if i > 0 && m.Span.Start < r.Mentions[i-1].Span.Start {
					t.Errorf("mention %q out of order", m.Span.Of(r.Text))
				}
				if r.Entity(m.Entity) == nil {
					t.Errorf("mention of no entity: %+v", m)
				}
			}
		})
	}
}

// words finds the words of what, "words #2" for their second occurrence.
func words(t *testing.T, r *report.Report, what string) (first, last int) {
	t.Helper()
	what, nth, ok := strings.Cut(what, " #")
	n := 1
	if ok {
		n, _ = strconv.Atoi(nth)
	}
	at := -1
	for n > 0 {
		i := strings.Index(r.Text[at+1:], what)
		if i < 0 {
			t.Fatalf("no %q in the text", what)
		}
		at += 1 + i
		for _, w := range r.Words.Words {
			if w.Span.Start == at {
				n--
			}
		}
	}
	first = -1
	for i, w := range r.Words.Words {
		if w.Span.Start >= at && w.Span.End <= at+len(what) {
			if first < 0 {
				first = i
			}
			last = i + 1
		}
	}
	return first, last
}
