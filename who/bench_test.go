package who_test

import (
	"os"
	"testing"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/where"
	"github.com/sanad-project/sanad/who"
)

func BenchmarkNew(b *testing.B) {
	lex, err := lexicon.Load("")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		who.New(lex, where.New(lex))
	}
}

// BenchmarkFind finds the names of the corpus's own texts, one after the other.
func BenchmarkFind(b *testing.B) {
	lex, err := lexicon.Load("")
	if err != nil {
		b.Fatal(err)
	}
	f := who.New(lex, where.New(lex))
	text, err := os.ReadFile("../lexicon/corpus/names.txt")
	if err != nil {
		b.Fatal(err)
	}
	r := report.Report{Text: string(text)}
	r.Words = fa.Read(r.Text, nil)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		c := r
		f.Find(&c)
	}
}
