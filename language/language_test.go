package language

import (
	"testing"

	"github.com/sanad-project/sanad/lexicon"
)

func TestCorpus(t *testing.T) {
	l, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	list, err := lexicon.ReadFile("../lexicon/corpus/languages.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, e := range l.File("languages") {
		names[e.ID] = e.Get("name")
	}
	d := New(l)
	for _, e := range list {
		for _, text := range e.All("text") {
			got := d.Other(text)
			switch e.ID {
			case "fa":
				if got != "" {
					t.Errorf("%q is told to be %s, it is Persian", text, got)
				}
			case "other":
				if got == "" {
					t.Errorf("%q is told to be Persian", text)
				}
			default:
				if got != names[e.ID] {
					t.Errorf("%q is told to be %q, it is %s", text, got, names[e.ID])
				}
			}
		}
	}
}
