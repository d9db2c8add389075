package segment_test

import (
	"os"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/segment"
	"github.com/sanad-project/sanad/span"
)

func TestCorpus(t *testing.T) {
	b, err := os.ReadFile("testdata/words.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(b)) {
		in, want, ok := strings.Cut(strings.TrimSpace(line), " => ")
		if !ok || line[0] == '#' {
			continue
		}
		n++
		in = strings.NewReplacer("~", "\u200c", "¶", "\n").Replace(in)
		text := fa.Words(in, nil)
		var sentences []string
		for i := range text.Sentences {
			var words []string
			for _, w := range text.Of(i) {
				words = append(words, w.Form)
			}
			sentences = append(sentences, strings.Join(words, " | "))
		}
		if got := strings.Join(sentences, " || "); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
	if n == 0 {
		t.Error("no cases")
	}
}

func TestSkip(t *testing.T) {
	source := "اول. کنار گذاشته شد دوم."
	start := strings.Index(source, "کنار")
	end := strings.Index(source, " دوم")
	text := segment.Text(source, []span.Span{{Start: start, End: end}})
	if len(text.Words) != 4 || len(text.Sentences) != 2 {
		t.Fatalf("%d words, %d sentences", len(text.Words), len(text.Sentences))
	}
	if got := text.Words[2].Span.Of(source); got != "دوم" {
		t.Errorf("after the stretch comes %q", got)
	}
}

func FuzzText(f *testing.F) {
	f.Add("او مي شود.", 0, 0)
	f.Add("«\u200c\u200c» ي \xff\u0654 ـ ۳٫۴", 3, 6)
	f.Add("a.b@c 1/2.. نمي\u200c رود؟!", 5, 2)
	f.Fuzz(func(t *testing.T, s string, from, to int) {
		var skip []span.Span
		if 0 <= from && from < to && to <= len(s) {
			skip = []span.Span{{Start: from, End: to}}
		}
		text := segment.Text(s, skip)
		end := 0
		for i, w := range text.Words {
			if w.Span.Start < end || w.Span.End <= w.Span.Start || w.Span.End > len(s) {
				t.Fatalf("word %d at %v after %d, of %d bytes", i, w.Span, end, len(s))
			}
			end = w.Span.End
			for _, k := range skip {
				if w.Span.Overlaps(k) {
					t.Fatalf("word %d at %v inside %v", i, w.Span, k)
				}
			}
		}
		n := 0
		for i, q := range text.Sentences {
			if q.First != n || q.Last <= q.First {
				t.Fatalf("sentence %d has words %d to %d after %d", i, q.First, q.Last, n)
			}
			for _, w := range text.Words[q.First:q.Last] {
				if w.Sentence != i {
					t.Fatalf("a word of sentence %d says %d", i, w.Sentence)
				}
			}
			n = q.Last
		}
		if n != len(text.Words) {
			t.Fatalf("%d words in sentences, %d in all", n, len(text.Words))
		}
	})
}

func BenchmarkText(b *testing.B) {
	source := strings.Repeat("سخنگوي وزارت خارجه روز گذشته در نشست خبري خود گفت كه نيرو هاي مرزي حمله را دفع كرده اند و اوضاع آرام مي شود.\n", 200)
	b.SetBytes(int64(len(source)))
	b.ReportAllocs()
	for b.Loop() {
		segment.Text(source, nil)
	}
}
