package who_test

import (
	"testing"

	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/where"
	"github.com/sanad-project/sanad/who"
)

func TestOutlet(t *testing.T) {
	lex, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	f := who.New(lex, where.New(lex))
	for name, want := range map[string]string{
		"روزنامه ایران":    "iran-newspaper",
		"اسپوتنیک ایران":   "sputnik",
		"کانون صنفی ایران": "",
		"پایگاه خبری مهر":  "mehr-news",
		"خبرگزاری فارس":    "fars-news",
		"هیچ":              "",
		"":                 "",
	} {
		if got := f.Outlet(name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
}
