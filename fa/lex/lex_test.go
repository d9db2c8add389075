package lex_test

import (
	"testing"

	"github.com/sanad-project/sanad/fa/lex"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/tag"
)

func TestHashAgreesWithTagger(t *testing.T) {
	for _, s := range []string{"", "گفت", "حزبالله", "2007", "\xff"} {
		if lex.Hash(s) != tag.Hash(s) {
			t.Errorf("%q: another hash than the tagger's", s)
		}
	}
}

func TestOf(t *testing.T) {
	for s, want := range map[string]lex.Class{"کتاب": lex.Noun, "بزرگ": lex.Adjective, "از": lex.Closed} {
		if got := lex.Of(spell.Key(s)); got&want == 0 {
			t.Errorf("%s: classes %b, without %b", s, got, want)
		}
	}
	if got := lex.Of("کتابمسیبل"); got != 0 {
		t.Errorf("no word has classes %b", got)
	}
}
