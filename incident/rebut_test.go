package incident

import (
	"slices"
	"strings"
	"testing"
)

// What a report says that something was not, and words that look so.
func TestRebuttals(t *testing.T) {
	for _, c := range []struct {
		text  string
		class string // of words that are negated
		want  bool
	}{
		{"شهردار گفت آنچه در حمله به کارخانه خورد پهپاد بود، نه موشک.", "weapon-missile", true},
		{"شهردار گفت آنچه در حمله به کارخانه خورد پهپاد بود، نه موشک.", "weapon-drone", false},
		{"در حمله صبح دوشنبه نه موشک به کارخانه خورد.", "weapon-missile", false}, // nine
		{"هدف حمله روز دوشنبه خودروهای پلیس نبود.", "police", true},
		{"در این حمله هیچ غیرنظامی کشته نشد.", "civilians", true},
		{"در این حمله نه تنها سربازان بلکه غیرنظامیان کشته شدند.", "civilians", false},
		{"هدف حمله پادگان بود و نه بیمارستان.", "target-hospital", true},
		{"فرماندار گفت در انفجار کافه بمبی در کار نبود و گاز نشت کرده بود.", "weapon-bomb", true},
		{"پلیس گفت بمب در خودرو منفجر شد.", "weapon-bomb", false},
	} {
		x := newDoc(docOf(t, "a", "ایرنا", "2020-01-07", "حمله در شهر", c.text), loaded)
		got := false
		for _, a := range x.accounts {
			for _, r := range x.rebuttals(loaded, a) {
				got = got || loaded.has(c.class, r.tokens)
			}
		}
		if got != c.want {
			t.Errorf("%q: %s is negated: %v, want %v", c.text, c.class, got, c.want)
		}
	}
}

// Of whom a number tells ends where the sentence goes on.
func TestWhose(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"در درگیری روز دوشنبه قرقیزستان دو تن از نظامیان قرقیز کشته شدند.", "soldiers kyrgyzstan"},
		{"در حمله روز دوشنبه سه مامور پلیس به دست افراد مسلح کشته شدند.", "police"},
		{"در حمله روز دوشنبه هفت نفر که همه از نگهبانان بودند کشته شدند.", "soldiers"},
		{"در حمله روز دوشنبه پنج شبه‌نظامی کشته شدند.", "fighters"},
		{"در حمله روز دوشنبه پنج نفر کشته شدند.", ""},
	} {
		x := newDoc(docOf(t, "a", "ایرنا", "2020-01-07", "", c.text), loaded)
		got := "no number"
		for _, a := range x.accounts {
			for _, s := range a.scenes {
				for _, n := range x.Record.Numbers {
					if n.Start >= s.start && n.Start < s.end {
						who := x.of(loaded, s, n)
						got = strings.Join(slices.Concat(who.people, who.states), " ")
					}
				}
			}
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// The day of an act, in a report of Tuesday 25 October 2016.
func TestDays(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"در انفجار صبح سه‌شنبه در شهر مکلا دو نفر کشته شدند.", "2016-10-25"}, // not that of next week
		{"روزنامه الشرق روز سه‌شنبه نوشت: در انفجار روز یکشنبه در شهر مکلا دو نفر کشته شدند.", "2016-10-23"},
		{"در انفجار روز شنبه در شهر مکلا دو نفر کشته شدند.", "2016-10-22"},
	} {
		x := newDoc(docOf(t, "a", "رادیو فردا", "2016-10-25T20:00:00+03:00", "انفجار در مکلا", c.text), loaded)
		if len(x.accounts) != 1 || x.accounts[0].first.Format("2006-01-02") != c.want {
			t.Errorf("%q: %d accounts, want one of %s", c.text, len(x.accounts), c.want)
			for _, a := range x.accounts {
				t.Log(a.first, a.last)
			}
		}
	}
}

// An act elsewhere on the same day is another account; what a title tells is not.
func TestSeveralActs(t *testing.T) {
	for _, c := range []struct {
		title, text string
		want        int
	}{
		{"دو حمله در یک روز", "در انفجار صبح دوشنبه در کرکوک دو نفر کشته شدند. ساعاتی پیش از آن در شهر موصل سه سرباز در حمله‌ای کشته شدند.", 2},
		{"انفجار دوباره در کرکوک", "دومین انفجار بمب در کمتر از یک هفته در کرکوک روز دوشنبه جان دو نفر را گرفت.", 1},
		{"انفجار در کرکوک", "در انفجار صبح دوشنبه در کرکوک دو نفر کشته شدند و پلیس ساعتی بعد به محل انفجار رسید.", 1},
	} {
		x := newDoc(docOf(t, "a", "ایرنا", "2020-01-07", c.title, c.text), loaded)
		if len(x.accounts) != c.want {
			t.Errorf("%q: %d accounts, want %d", c.text, len(x.accounts), c.want)
		}
	}
}
