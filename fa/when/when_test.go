package when

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/fa/segment"
)

// TestCorpus reads testdata/corpus.txt: every phrasing gives its value at its
// place and nothing else.
func TestCorpus(t *testing.T) {
	f, err := os.Open("testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var pub Date
	value := ""
	sc := bufio.NewScanner(f)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimRight(sc.Text(), " ")
		if line == "" || line[0] == '#' {
			continue
		}
		if p, ok := strings.CutPrefix(line, "published "); ok {
			pub = Date{}
			if p != "-" {
				if pub, err = Published(p); err != nil {
					t.Fatalf("line %d: %v", n, err)
				}
			}
			continue
		}
		if line[0] != '\t' {
			value = line
			continue
		}
		want, text := value, strings.TrimSpace(line)
		if a, b, ok := strings.Cut(text, " | "); ok {
			text, want = strings.TrimSpace(a), strings.TrimSpace(b)
		}
		quote := ""
		if i := strings.Index(text, "["); i >= 0 {
			j := strings.Index(text, "]")
			quote = text[i+1 : j]
			text = text[:i] + quote + text[j+1:]
		} else if want != "-" {
			quote = text
		}
		words := segment.Text(text, nil)
		got := Find(&words, pub)
		if want == "-" {
			if quote == "" && len(got) > 0 {
				t.Errorf("line %d: %s: read «%s» as %s (%s), want nothing", n, text, got[0].Span.Of(text), got[0].Value, got[0].Rule)
			}
			continue
		}
		if len(got) != 1 || got[0].Value != want || got[0].Span.Of(text) != quote {
			t.Errorf("line %d: %s: want «%s» %s", n, text, quote, want)
			for _, x := range got {
				t.Logf("\tread «%s» %s by %s", x.Span.Of(text), x.Value, x.Rule)
			}
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestWeekdayThatDoesNotFit(t *testing.T) {
	w := segment.Text("دوشنبه 16 اسفند 1402", nil)
	got := Find(&w, Date{})
	if len(got) != 1 || got[0].Value != "2024-03-06" || got[0].Note != "the weekday does not fit: 2024-03-06 is a Wednesday" {
		t.Errorf("read %+v", got)
	}
}

func TestPublished(t *testing.T) {
	for _, s := range []string{"2024-03-10", "1402-12-20", "۱۴۰۲/۱۲/۲۰", "٢٠٢٤/٠٣/١٠", "20 اسفند 1402", "۲۰ اسفند ماه ۱۴۰۲", "یکشنبه ۲۰ اسفند ۱۴۰۲", "2024-03-10T08:30:00Z", "10 مارس 2024", "1402.12.20", "10/3/2024", " 2024-03-10 "} {
		d, err := Published(s)
		if err != nil || d != (Date{2024, 3, 10}) {
			t.Errorf("Published(%q) = %v, %v", s, d, err)
		}
	}
	for _, s := range []string{"", "امروز", "1402-13-20", "1402-12-32", "2023-02-29", "20 اسفند", "2024", "hello", strings.Repeat("1", 300), "\xff\xfe"} {
		if d, err := Published(s); err == nil {
			t.Errorf("Published(%q) = %v, want an error", s, d)
		}
	}
}

// FuzzFind holds the laws: spans in range and in order, a value, never a panic.
func FuzzFind(f *testing.F) {
	f.Add("عصر چهارشنبه ۱۶ اسفند ۱۴۰۲ تا 12/13/99 ساعت 25:61")
	f.Add("از سال 1991 تا 2016 میلادی، دهه‌های 50 تا 70")
	f.Fuzz(func(t *testing.T, s string) {
		for _, pub := range []Date{{}, {2007, 4, 16}} {
			for _, style := range []Style{{}, {true, true}} {
				w := segment.Text(s, nil)
				at := 0
				for _, x := range FindStyle(&w, pub, style) {
					if x.Span.Start < at || x.Span.End <= x.Span.Start || x.Span.End > len(s) || x.Value == "" || x.First >= x.Last || x.Last > len(w.Words) {
						t.Fatalf("%q: %+v", s, x)
					}
					at = x.Span.End
				}
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("به گزارش خبرگزاری، روز 13 ژانویه سه نفر در شهر کشته شدند و شامگاه دوشنبه نشستی برگزار شد که تا پایان سال جاری ادامه دارد.\n", 200)
	w := segment.Text(text, nil)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Find(&w, Date{2005, 1, 14})
	}
}
