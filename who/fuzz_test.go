package who_test

import (
	"sync"
	"testing"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/phrase"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/refer"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/where"
	"github.com/sanad-project/sanad/who"
)

var finder = sync.OnceValues(func() (*who.Finder, *refer.Rules) {
	lex, err := lexicon.Load("")
	if err != nil {
		panic(err)
	}
	return who.New(lex, where.New(lex)), refer.New(lex)
})

// FuzzFind checks the laws of the layer on any text: mentions in text order
// and apart, each of an entity that is there, spans of whole words.
func FuzzFind(f *testing.F) {
	cases, err := lexicon.ReadFile("../lexicon/corpus/names.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		f.Add(c.Get("text"))
	}
	f.Add("«")
	f.Add("\"وزارت \"\" و دولت این کشور\n«علی»، «")
	f.Fuzz(func(t *testing.T, text string) {
		find, rules := finder()
		r := &report.Report{Text: text}
		r.Words = fa.Read(text, nil)
		r.Phrases = phrase.Find(&r.Words)
		find.Find(r)
		ids := map[string]bool{}
		for _, e := range r.Entities {
			if e.ID == "" || ids[e.ID] {
				t.Errorf("entity %q is there twice or has no id", e.ID)
			}
			ids[e.ID] = true
		}
		end := 0
		for _, m := range r.Mentions {
			if m.Span.Start < end || m.Span.End <= m.Span.Start || m.Span.End > len(text) {
				t.Errorf("mention at %v after %d", m.Span, end)
			}
			end = m.Span.End
			if !ids[m.Entity] {
				t.Errorf("mention of %q, which is no entity", m.Entity)
			}
			if m.Span != r.Words.Span(m.First, m.Last) {
				t.Errorf("mention %v is not of Words[%d:%d]", m.Span, m.First, m.Last)
			}
		}
		v := rules.On(r)
		n := len(r.Words.Words)
		for i := 0; i < n && i < 60; i++ {
			for j := i; j <= n && j < i+5; j++ {
				if ref, ok := v.Phrase(i, j); ok && (r.Entity(ref.Entity) == nil || ref.Span.Empty()) {
					t.Errorf("Words[%d:%d] mean %+v", i, j, ref)
				}
			}
		}
	})
}
