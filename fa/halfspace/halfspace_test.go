package halfspace_test

import (
	"strings"
	"testing"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/halfspace"
)

func TestRepair(t *testing.T) {
	for _, c := range [][2]string{
		{"سخنگوی ارتش می گوید نیروهایش به روستاها نرسیده اند.", "سخنگوی ارتش می‌گوید نیروهایش به روستاها نرسیده‌اند."},
		{"گروههای مسلح نمیتوانند از خانه های خود خارج شوند", "گروه‌های مسلح نمی‌توانند از خانه‌های خود خارج شوند"},
		{"كتابها را ميخوانيم", "كتاب‌ها را مي‌خوانيم"},
		{"او از بغداد به تهران رفت.", "او از بغداد به تهران رفت."},
		{"line one\r\nخط دوم\n", "line one\r\nخط دوم\n"},
	} {
		if got := halfspace.Default().Repair(c[0]); got != c[1] {
			t.Errorf("%s: %s, want %s", c[0], strings.ReplaceAll(got, halfspace.ZWNJ, "|"), strings.ReplaceAll(c[1], halfspace.ZWNJ, "|"))
		}
	}
}

func TestWords(t *testing.T) {
	r := fa.Read("مردم با این سرمایهگذاریها مخالفند.", nil)
	for i, want := range map[int]string{3: "سرمایه‌گذاری‌ها"} {
		if w := r.Words[i]; w.Form != want {
			t.Errorf("%s is %s, want %s", w.Span.Of(r.Source), w.Form, want)
		}
	}
}

// FuzzRepair checks that nothing but half-spaces and the spaces they take the
// place of changes.
func FuzzRepair(f *testing.F) {
	f.Add("می شود گفت كه گروه ها")
	f.Add("\xff\u200c می\u200c\u200cشود \u0654\n\n")
	clean := strings.NewReplacer(halfspace.ZWNJ, "", " ", "")
	f.Fuzz(func(t *testing.T, s string) {
		if got := halfspace.Default().Repair(s); clean.Replace(got) != clean.Replace(s) {
			t.Fatalf("%q became %q", s, got)
		}
	})
}
