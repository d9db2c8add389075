package main

import (
	"slices"
	"strings"
	"testing"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want []string
	}{
		{"", 5, []string{""}},
		{" \n ", 5, []string{""}},
		{"آب و نان", 8, []string{"آب و نان"}},
		{"آب و نان", 7, []string{"آب و", "نان"}},
		{"می‌شود می‌شود", 5, []string{"می‌شود", "می‌شود"}}, // half-spaces take no room
		{"abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"x abcdefgh y", 3, []string{"x", "abc", "def", "gh", "y"}},
	} {
		if have := wrap(c.in, c.n); !slices.Equal(have, c.want) {
			t.Errorf("%q in %d columns: %q, want %q", c.in, c.n, have, c.want)
		}
	}
	// Whatever the text, no line is too wide and no letter is lost.
	for _, s := range []string{strings.Repeat("\u200c", 500), "ا\u064b" + strings.Repeat("\u064b", 90), strings.Repeat("نان‌ها ", 300), "\xff\xfe نان \x00"} {
		lines := wrap(s, 4)
		for _, l := range lines {
			if width(l) > 4 {
				t.Errorf("%q is %d wide", l, width(l))
			}
		}
		if have, want := strings.Join(lines, ""), strings.Join(strings.Fields(s), ""); strings.ReplaceAll(have, " ", "") != want {
			t.Errorf("%q became %q", want, have)
		}
	}
}

func TestTimeSpan(t *testing.T) {
	for seconds, want := range map[int64]string{0: "0 min", 29: "0 min", 90: "2 min", 3600: "1 h", 5400: "1 h 30 min", 172800: "2.0 days", 216000: "2.5 days"} {
		if have := timeSpan(seconds); have != want {
			t.Errorf("%d seconds: %q, want %q", seconds, have, want)
		}
	}
}
