package tag_test

import (
	"strings"
	"testing"

	"github.com/sanad-project/sanad/fa"
)

func TestTags(t *testing.T) {
	for _, c := range []string{
		"نویسنده/NOUN کتاب/NOUN دیروز/NOUN به/ADP بغداد/PROPN رفت/VERB ./PUNCT",
		"این/DET گروه/NOUN در/ADP بیانیه‌ای/NOUN حمله/NOUN را/ADP محکوم/ADJ کرد/VERB ./PUNCT",
		"او/PRON گفت/VERB که/SCONJ ۱۲/NUM نفر/NOUN کشته/VERB شدند/VERB ./PUNCT",
	} {
		var text []string
		var want []string
		for f := range strings.FieldsSeq(c) {
			w, tag, _ := strings.Cut(f, "/")
			text, want = append(text, w), append(want, tag)
		}
		r := fa.Read(strings.Join(text, " "), nil)
		if len(r.Words) != len(want) {
			t.Errorf("%s: %d words", c, len(r.Words))
			continue
		}
		for i, w := range r.Words {
			if w.Tag.String() != want[i] {
				t.Errorf("%s: %s read as %s", c, text[i], w.Tag)
			}
		}
	}
}

func BenchmarkRead(b *testing.B) {
	text := strings.Repeat("سخنگوی وزارت خارجه روز گذشته در نشست خبری خود حمله پهپادی به شهر مرزی را محکوم کرد و گفت که این اقدام بی‌پاسخ نمی‌ماند.\n", 100)
	words := len(fa.Read(text, nil).Words)
	b.ReportAllocs()
	for b.Loop() {
		fa.Read(text, nil)
	}
	b.ReportMetric(float64(words*b.N)/b.Elapsed().Seconds(), "words/s")
}

func FuzzRead(f *testing.F) {
	f.Add("سلام دنیا")
	f.Add("\u200c\u200c ي \xff")
	f.Fuzz(func(t *testing.T, s string) {
		r := fa.Read(s, nil)
		for i, w := range r.Words {
			if w.Span.Start < 0 || w.Span.End > len(s) || w.Span.Start > w.Span.End {
				t.Fatalf("word %d at %v of %d bytes", i, w.Span, len(s))
			}
		}
	})
}

func TestLemmas(t *testing.T) {
	r := fa.Read("نمایندگان این گروه‌هایی که در کشورهای منطقه پایگاه دارند، بزرگ‌ترین حملهٔ افراد مسلح را اعلام کردند.", nil)
	want := map[string]string{"نمایندگان": "نماینده", "گروه‌هایی": "گروه", "کشورهای": "کشور", "بزرگ‌ترین": "بزرگ", "حملهٔ": "حمله", "افراد": "فرد", "کردند": "کردن", "دارند": "داشتن"}
	for _, w := range r.Words {
		s := w.Span.Of(r.Source)
		if l, ok := want[s]; ok && w.Lemma != l {
			t.Errorf("%s: lemma %q, want %q", s, w.Lemma, l)
		}
		delete(want, s)
	}
	if len(want) > 0 {
		t.Errorf("not read as words: %v", want)
	}
}

func TestEzafe(t *testing.T) {
	r := fa.Read("وزیر دفاع دولت جدید در سفر به شمال کشور با مردم گفتگو کرد.", nil)
	want := "+++----+-------"
	got := ""
	for _, w := range r.Words {
		if w.Ezafe {
			got += "+"
		} else {
			got += "-"
		}
	}
	if got != want[:len(got)] {
		t.Errorf("ezafe %s, want %s", got, want)
	}
}
