package count

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/fa/phrase"
	"github.com/sanad-project/sanad/fa/segment"
	"github.com/sanad-project/sanad/fa/when"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
)

// TestCorpus reads lexicon/corpus/units.txt.
func TestCorpus(t *testing.T) {
	l, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	c := New(l)
	b, err := os.ReadFile("../lexicon/corpus/units.txt")
	if err != nil {
		t.Fatal(err)
	}
	unit := ""
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] != '\t' {
			unit = line
			continue
		}
		for text := range strings.SplitSeq(strings.TrimPrefix(line, "\ttext "), " | ") {
			want := ""
			if i := strings.Index(text, "["); i >= 0 {
				j := strings.Index(text, "]")
				want = text[i+1 : j]
				text = text[:i] + want + text[j+1:]
			}
			r := &report.Report{Text: text, Words: segment.Text(text, nil)}
			r.Times = when.Find(&r.Words, when.Date{})
			got := c.Units(r, number.Find(&r.Words))
			switch {
			case want == "" && len(got) == 0:
			case len(got) == 1 && got[0].Span.Of(text) == want && got[0].Unit == unit:
			default:
				t.Errorf("%s: want «%s» %s", text, want, unit)
				for _, a := range got {
					t.Logf("\tread «%s» %s", a.Span.Of(text), a.Unit)
				}
			}
		}
	}
}

// A که clause with dead of its own does not lend its verb to those counted in
// the clause around it.
func TestEmbedded(t *testing.T) {
	l, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	text := "پلیس گفت 12 نفر به اتهام دست داشتن در انفجاری که منجر به کشته شدن 40 تن و زخمی شدن 90 نفر شد، بازداشت شدند."
	r := &report.Report{Text: text, Words: fa.Read(text, nil)}
	r.Phrases = phrase.Find(&r.Words)
	var got []string
	for _, a := range New(l).Units(r, number.Find(&r.Words)) {
		got = append(got, a.Span.Of(text)+" "+a.Unit)
	}
	want := []string{"12 نفر " + Detained, "40 تن " + Killed, "90 نفر " + Wounded}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
