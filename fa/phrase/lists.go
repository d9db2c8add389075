package phrase

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/sanad-project/sanad/fa/spell"
)

//go:embed data/words.txt
var wordsData string

// lists are the lists of data/words.txt. Entries of several words are looked up
// by their first key.
type lists struct {
	time, dated, light, office, predicate, bound, hedge, source, control, pair, quantity map[string]bool
	preposition                                                                          map[string][]entry
	whole                                                                                map[string][]entry
	conditional                                                                          map[string][]entry
	adverbial                                                                            map[string][]entry
}

// entry is a list entry as it is cut into keys.
type entry struct {
	text string
	keys []string
}

var load = sync.OnceValue(func() *lists {
	l := &lists{}
	words := map[string]*map[string]bool{"time": &l.time, "dated": &l.dated, "light": &l.light, "office": &l.office, "predicate": &l.predicate, "bound": &l.bound, "hedge": &l.hedge, "source": &l.source, "control": &l.control, "pair": &l.pair, "quantity": &l.quantity}
	for _, m := range words {
		*m = map[string]bool{}
	}
	entries := map[string]*map[string][]entry{"preposition": &l.preposition, "whole": &l.whole, "conditional": &l.conditional, "adverbial": &l.adverbial}
	for _, m := range entries {
		*m = map[string][]entry{}
	}
	list := ""
	for line := range strings.Lines(wordsData) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if name, ok := strings.CutPrefix(line, "= "); ok {
			list = name
			continue
		}
		for e := range strings.SplitSeq(line, " | ") {
			e = strings.TrimSpace(e)
			var keys []string
			for k := range strings.FieldsSeq(e) {
				keys = append(keys, spell.Key(k))
			}
			if m := words[list]; m != nil {
				if list == "source" {
					(*m)[e] = true
				} else {
					(*m)[strings.Join(keys, "")] = true
				}
				continue
			}
			m := *entries[list]
			m[keys[0]] = append(m[keys[0]], entry{e, keys})
			if len(keys) > 1 { // «به‌دنبال», «درپی»: as one word
				k := strings.Join(keys, "")
				m[k] = append(m[k], entry{e, []string{k}})
				if len(keys) > 2 { // «باتوجه به»
					k := keys[0] + keys[1]
					m[k] = append(m[k], entry{e, append([]string{k}, keys[2:]...)})
				}
			}
		}
	}
	return l
})

// longest returns the longest entry of m that begins at word i and ends
// before last, and the word after it.
func (f *finder) longest(m map[string][]entry, i, last int) (string, int) {
	text, end := "", i
	for _, e := range m[f.t.Words[i].Key] {
		if i+len(e.keys) > last || i+len(e.keys) <= end {
			continue
		}
		ok := true
		for k := 1; k < len(e.keys); k++ {
			// «از سوي» and «از سوی‌» agree; an ezafe ی may be missing or there («به گفته‌ی»)
			if key := f.t.Words[i+k].Key; key != e.keys[k] && key != e.keys[k]+"ی" {
				ok = false
				break
			}
		}
		if ok {
			text, end = e.text, i+len(e.keys)
		}
	}
	return text, end
}
