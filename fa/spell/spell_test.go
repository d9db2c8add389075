package spell_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/spell"
)

func TestKey(t *testing.T) {
	for _, same := range [][]string{
		{"آمریکا", "امريكا", "آمریـکا"},
		{"حزب‌الله", "حزب الله", "حزبالله"},
		{"۱۲۳", "123", "١٢٣"},
		{"مسئول", "مسیول"},
		{"خانهٔ", "خانه", "خانۀ"},
		{"ﻛﺘﺎب", "کتاب"},
	} {
		for _, s := range same[1:] {
			if spell.Key(s) != spell.Key(same[0]) {
				t.Errorf("%q and %q have the keys %q and %q", same[0], s, spell.Key(same[0]), spell.Key(s))
			}
		}
	}
	for _, differ := range [][2]string{{"شیر", "شبر"}, {"او", "آن"}} {
		if spell.Key(differ[0]) == spell.Key(differ[1]) {
			t.Errorf("%q and %q have one key", differ[0], differ[1])
		}
	}
}

func TestRead(t *testing.T) {
	for in, want := range map[string]string{
		"ميكند":              "میکند",
		"مي\u200c\u200cشود":  "می\u200cشود",
		"بندر\u200c است":     "بندر است",
		"کـــتاب":            "کتاب",
		"كِتاب":              "کتاب",
		"همۀ":                "همۀ",
		"\u202bمتن\u202c":    "متن",
		"ﻻ":                  "لا",
		"بد\xffبایت":         "بد\xffبایت",
		"قبلاً":              "قبلاً",
		"":                   "",
		"خانه\u200f\u200cها": "خانه\u200cها",
	} {
		if got := spell.Read(in).Text; got != want {
			t.Errorf("%q is read %q, want %q", in, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("مي\u200c\u200cشود ﷲ ﻻ \xff\u202b")
	f.Add("\u0640\u064b\u200cی")
	f.Add("\ufbe4\ufbaa\ufe93") // presentation forms of letters that have a standard letter of their own
	f.Fuzz(func(t *testing.T, s string) {
		r := spell.Read(s)
		// the places cover the source in order, without holes
		var back strings.Builder
		for i := 0; i < len(r.Text); {
			_, n := utf8.DecodeRuneInString(r.Text[i:])
			start, end := r.Source(i, i+n)
			if start > end || end > len(s) {
				t.Fatalf("bytes %d to %d come from %d to %d of %d", i, i+n, start, end, len(s))
			}
			back.WriteString(s[start:end])
			i += n
		}
		if back.String() != s && r.Text != "" {
			t.Fatalf("the places give %q for %q", back.String(), s)
		}
		if again := spell.Read(r.Text).Text; again != r.Text && utf8.ValidString(s) {
			t.Fatalf("%q is read %q, and that %q", s, r.Text, again)
		}
	})
}

func BenchmarkKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		spell.Key("ميكنند")
		spell.Key("می‌کنند")
		spell.Key("بغداد")
	}
}
