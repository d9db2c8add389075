package number

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/fa/segment"
)

// TestCorpus reads testdata/corpus.txt: every phrasing gives its amount at its
// place and nothing else.
func TestCorpus(t *testing.T) {
	f, err := os.Open("testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	value := ""
	show := func(p *int64) string {
		if p == nil {
			return "-"
		}
		return fmt.Sprint(*p)
	}
	sc := bufio.NewScanner(f)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimRight(sc.Text(), " ")
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] != '\t' {
			value = line
			continue
		}
		text := strings.TrimSpace(line)
		quote := text
		if i := strings.Index(text, "["); i >= 0 {
			j := strings.Index(text, "]")
			quote = text[i+1 : j]
			text = text[:i] + quote + text[j+1:]
		}
		words := segment.Text(text, nil)
		got := Find(&words)
		if value == "-" {
			for _, a := range got {
				if a.Kind != Measure {
					t.Errorf("line %d: %s: read «%s», want nothing", n, text, a.Span.Of(text))
				}
			}
			continue
		}
		if len(got) != 1 || got[0].Span.Of(text) != quote || fmt.Sprintf("%s %s %s", show(got[0].Min), show(got[0].Max), got[0].Hedge) != value {
			t.Errorf("line %d: %s: want «%s» %s", n, text, quote, value)
			for _, a := range got {
				t.Logf("\tread «%s» %s %s %s by %s", a.Span.Of(text), show(a.Min), show(a.Max), a.Hedge, a.Rule)
			}
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

// TestWordsOfNumbers reads every number up to 2000, and around each scale, as
// it is spelled out.
func TestWordsOfNumbers(t *testing.T) {
	check := func(v int64) {
		text := spelled(v) + " نفر"
		words := segment.Text(text, nil)
		got := Find(&words)
		if len(got) != 1 || got[0].Min == nil || *got[0].Min != v {
			t.Errorf("%d: «%s» read as %+v", v, text, got)
		}
	}
	for v := int64(1); v <= 2000; v++ {
		check(v)
	}
	for s := int64(1000); s <= 1e12; s *= 1000 {
		for _, d := range []int64{-1, 0, 1, 20, 355} {
			for _, k := range []int64{1, 2, 19, 20, 21, 100, 999} {
				check(k*s + d)
			}
		}
	}
}

// spelled writes v in Persian words.
func spelled(v int64) string {
	small := map[int64]string{1: "یک", 2: "دو", 3: "سه", 4: "چهار", 5: "پنج", 6: "شش", 7: "هفت", 8: "هشت", 9: "نه", 10: "ده", 11: "یازده", 12: "دوازده", 13: "سیزده", 14: "چهارده", 15: "پانزده", 16: "شانزده", 17: "هفده", 18: "هجده", 19: "نوزده", 20: "بیست", 30: "سی", 40: "چهل", 50: "پنجاه", 60: "شصت", 70: "هفتاد", 80: "هشتاد", 90: "نود", 100: "صد", 200: "دویست", 300: "سیصد", 400: "چهارصد", 500: "پانصد", 600: "ششصد", 700: "هفتصد", 800: "هشتصد", 900: "نهصد"}
	var parts []string
	for _, s := range []struct {
		v    int64
		name string
	}{{1e12, "تریلیون"}, {1e9, "میلیارد"}, {1e6, "میلیون"}, {1000, "هزار"}} {
		if k := v / s.v; k > 0 {
			parts = append(parts, spelled(k)+" "+s.name)
			v %= s.v
		}
	}
	for _, p := range []int64{100, 10} {
		if k := v / p * p; k > 0 && (p == 100 || v >= 20) {
			parts = append(parts, small[k])
			v %= p
		}
	}
	if v > 0 {
		parts = append(parts, small[v])
	}
	return strings.Join(parts, " و ")
}

func FuzzFind(f *testing.F) {
	f.Add("بیش از ۲/۵ میلیون و 355 نفر تا 30 هزار")
	f.Add("سیصدهزارهزارهزارمیلیارد999999999999999 هزار میلیارد تریلیون")
	f.Fuzz(func(t *testing.T, s string) {
		w := segment.Text(s, nil)
		at := 0
		for _, a := range Find(&w) {
			if a.Span.Start < at || a.Span.End <= a.Span.Start || a.Span.End > len(s) || a.First >= a.Last || a.Last > len(w.Words) || a.Noun >= len(w.Words) {
				t.Fatalf("%q: %+v", s, a)
			}
			if a.Min != nil && *a.Min < 0 || a.Min != nil && a.Max != nil && *a.Max < *a.Min {
				t.Fatalf("%q: %d..%d", s, *a.Min, *a.Max)
			}
			at = a.Span.End
		}
	})
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("در این حمله دست‌کم سه میلیون و پانصد هزار نفر و 13 سرباز کشته و بیش از ۱۶۰ تن زخمی شدند و شهر به تصرف درآمد.\n", 200)
	w := segment.Text(text, nil)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Find(&w)
	}
}
