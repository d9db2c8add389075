package who

import (
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
)

// again finds the later (and earlier) mentions of names met in this report: a
// name that only its neighbours showed, without them; a person's surname alone.
func (x *finding) again() {
	words := x.r.Words.Words
	var names []string
	var at []int
	have := map[string]bool{}
	add := func(name string, i int) {
		if k := spell.Key(name); !have[k] && len(k) > 2 {
			have[k] = true
			names, at = append(names, name), append(at, i)
		}
	}
	for i := range x.list { // «آژانس بین‌المللی انرژی اتمی (IAEA)»
		n := x.list[i]
		j := n.last
		if n.last <= n.first || j+2 >= len(words) || words[j].Form != "(" || words[j+2].Form != ")" || x.cover[j+1] > 0 || !acronym(words[j+1].Form) {
			continue
		}
		n.first, n.last, n.loaded, n.rule = j+1, j+2, false, "short form"
		x.put(n)
		add(words[j+1].Form, len(x.list)-1)
	}
	for i := range x.list {
		if n := &x.list[i]; n.last > n.first && n.ent < 0 {
			add(n.name, i)
		}
	}
	for i := range x.list {
		n := &x.list[i]
		if n.last <= n.first || x.typeOf(n) != report.PER || n.last-n.first < 2 {
			continue
		}
		short := x.shortOf(n)
		if short > n.first {
			name := x.written(short, n.last)
			add(name, i)
			if bare, ok := strings.CutPrefix(name, "ال"); ok && arabic(spell.Key(name)) {
				add(bare, i) // «الشمری» is شمری later on
			}
		}
	}
	x.unify()
	if len(names) == 0 {
		return
	}
	t := lexicon.BuildNames(names, at)
	for i := range words {
		if x.cover[i] > 0 || words[i].Tag == word.PUNCT {
			continue
		}
		x.buf = t.At(x.buf[:0], words, i, nil)
		last, of := 0, -1
		for _, m := range x.buf {
			if m.Last > last && x.free(i, m.Last) && words[m.Last-1].Sentence == words[i].Sentence {
				last, of = m.Last, m.Value
			}
		}
		if of < 0 || last == i+1 && !x.aloneName(i) {
			continue
		}
		n := x.list[of]
		n.first, n.last, n.loaded, n.rule = i, last, false, "named elsewhere"
		if x.typeOf(&n) == report.PLACE {
			n.first = x.withHead(i)
		}
		x.put(n)
	}
}

// people is how many people of one report are compared with each other.
const people = 150

// unify makes one person of two whose names differ by what may be left out:
// «عبدالله بن سعود» and «عبدالله بن سعود بن محمد», «عباس شبر» and «سید عباس شبر».
func (x *finding) unify() {
	type person struct {
		at  int
		key string
	}
	var list []person
	for i := range x.list {
		if n := &x.list[i]; n.last-n.first > 1 && x.typeOf(n) == report.PER && len(list) < people {
			key := " "
			for _, w := range x.r.Words.Words[n.first:n.last] {
				key += w.Key + " "
			}
			list = append(list, person{i, key})
		}
	}
	for _, a := range list {
		n := &x.list[a.at]
		if n.ent >= 0 {
			continue
		}
		for _, b := range list {
			o := &x.list[b.at]
			if len(b.key) <= len(a.key) || o.ent < 0 && o.id == n.id || !strings.HasPrefix(b.key, a.key) && !strings.HasSuffix(b.key, a.key) {
				continue
			}
			n.ent, n.alias, n.id, n.name = o.ent, o.alias, o.id, o.name
			break
		}
	}
}

// acronym reports whether the form is of Latin capitals: «IAEA».
func acronym(form string) bool {
	for _, r := range form {
		if r < 'A' || r > 'Z' {
			return false
		}
	}
	return len(form) > 1
}

// aloneName reports whether the one word i may be a name by its part of speech.
func (x *finding) aloneName(i int) bool {
	w := &x.r.Words.Words[i]
	switch w.Tag {
	case word.NOUN, word.PROPN, word.ADJ, word.X:
	default:
		return false
	}
	return x.class[w.Key]&(stop|roleWord|headWord|actorWord|peopleWord|titleWord|modWord) == 0 && !w.Plural
}

// shortOf returns where the surname begins inside a person's name: the last
// word, with the particle before it («بن سلمان», «پور محمدی»).
func (x *finding) shortOf(n *found) int {
	words := x.r.Words.Words
	j := n.last - 1
	if k := words[j].Key; j-1 > n.first && (k == "اف" || k == "پور" || k == "زاده" || k == "نژاد" || k == "نیا" || k == "مقدم" || k == "خان") {
		j--
	}
	if j-1 > n.first && x.class[words[j-1].Key]&(part|kunya) != 0 && x.class[words[j-1].Key]&given == 0 || j-1 > n.first && strings.HasPrefix(words[j-1].Key, "ابو") && len(words[j-1].Key) <= 6 {
		j--
	}
	return j
}
