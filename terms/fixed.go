package terms

import (
	_ "embed"
	"iter"
	"strings"
	"sync"

	"github.com/sanad-project/sanad/fa/spell"
)

//go:embed data/fixed.txt
var fixedData string

//go:embed data/function.txt
var functionData string

type fixedTable struct {
	terms   map[string][]part // by key
	several map[string]bool   // keys of spellings that take endings
	first   map[string]bool   // keys of the first words of spellings with spaces
}

// fixed is data/fixed.txt.
var fixed = sync.OnceValue(func() *fixedTable {
	t := &fixedTable{map[string][]part{}, map[string]bool{}, map[string]bool{}}
	for line := range strings.Lines(fixedData) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		head, forms, _ := strings.Cut(line, "=")
		var list []part
		for _, w := range strings.Fields(head) {
			list = append(list, part{term: spell.Key(w)})
		}
		for form := range strings.SplitSeq(forms, "|") {
			f := strings.Fields(form)
			key := spell.Key(form)
			t.terms[key] = list
			if len(f) > 1 {
				t.first[spell.Key(f[0])] = true
			}
			if strings.ContainsAny(strings.TrimSpace(form), " "+zwnj) || len(list) > 1 {
				t.several[key], t.several[spell.Key(head)] = true, true
			}
		}
		if len(list) == 1 {
			t.terms[list[0].term] = list
		}
	}
	return t
})

// words are the words of a list, line by line, comments left out.
func words(data string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(data) {
			if line[0] == '#' {
				continue
			}
			for w := range strings.FieldsSeq(line) {
				if !yield(w) {
					return
				}
			}
		}
	}
}
