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
	time, light, office map[string]bool
	preposition         map[string][]entry
	whole               map[string][]entry
	conditional         map[string][]entry
	adverbial           map[string][]entry
}

// entry is a list entry as it is cut into keys.
type entry struct {
	text string
	keys []string
}

var load = sync.OnceValue(func() *lists {
	l := &lists{time: map[string]bool{}, light: map[string]bool{}, office: map[string]bool{}, preposition: map[string][]entry{}, whole: map[string][]entry{}, conditional: map[string][]entry{}, adverbial: map[string][]entry{}}
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
			add := func(m map[string][]entry) {
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
			switch list {
			case "time":
				l.time[strings.Join(keys, "")] = true
			case "office":
				l.office[strings.Join(keys, "")] = true
			case "light":
				l.light[keys[len(keys)-1]] = true
			case "preposition":
				add(l.preposition)
			case "whole":
				add(l.whole)
			case "conditional":
				add(l.conditional)
			case "adverbial":
				add(l.adverbial)
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
