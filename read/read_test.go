package read_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/read"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/report"
)

// articles returns reports to measure with: those of the file that SANAD_BENCH
// names (JSON Lines), or the examples.
func articles(b *testing.B) []report.Report {
	b.Helper()
	name := os.Getenv("SANAD_BENCH")
	if name == "" {
		name = "../examples/articles.jsonl"
	}
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var list []report.Report
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		var a struct{ ID, Title, Text string }
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			b.Fatal(err)
		}
		r := report.Report{ID: a.ID, Title: a.Title, Text: a.Text}
		if a.Title != "" {
			r.Text = a.Title + "\n" + a.Text
		}
		list = append(list, r)
	}
	return list
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		l, err := lexicon.Load("")
		if err != nil {
			b.Fatal(err)
		}
		read.New(l)
	}
}

func newReader(b *testing.B) *read.Reader {
	b.Helper()
	l, err := lexicon.Load("")
	if err != nil {
		b.Fatal(err)
	}
	return read.New(l)
}

// BenchmarkRead reads one article an operation.
func BenchmarkRead(b *testing.B) {
	d, list := newReader(b), articles(b)
	b.ReportAllocs()
	n := 0
	for i := 0; b.Loop(); i++ {
		r := list[i%len(list)]
		n += len(r.Text)
		d.Read(&r)
	}
	b.SetBytes(int64(n / b.N))
}

// BenchmarkRecord reads one article an operation and encodes its record.
func BenchmarkRecord(b *testing.B) {
	d, list := newReader(b), articles(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r := list[i%len(list)]
		d.Read(&r)
		if _, err := json.Marshal(record.From(&r)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLength reads texts of growing length: the figures per byte should
// stay alike.
func BenchmarkLength(b *testing.B) {
	d, list := newReader(b), articles(b)
	var text strings.Builder
	for i := 0; text.Len() < 1<<20; i++ {
		text.WriteString(list[i%len(list)].Text + "\n")
	}
	for _, c := range []struct {
		name string
		size int
	}{{"64KB", 64 << 10}, {"256KB", 256 << 10}, {"1MB", 1 << 20}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(c.size))
			for b.Loop() {
				r := report.Report{Text: strings.ToValidUTF8(text.String()[:c.size], "")}
				d.Read(&r)
			}
		})
	}
}
