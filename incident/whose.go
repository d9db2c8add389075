package incident

import (
	"slices"
	"strings"

	"github.com/sanad-project/sanad/record"
)

// whose says of whom a number tells: the classes of people and the states that
// its words name, «دو تن از نظامیان قرقیز»: soldiers, Kyrgyzstan. Of two tolls that
// tell of different people none is the rival of the other.
type whose struct {
	people []string
	states []string
	nation string // «سه شهروند ترکیه»: of which state they are citizens
}

// peopleClasses are those classes of words that say what people are.
var peopleClasses = []string{"civilians", "fighters", "police", "soldiers", "peshmerga", "porters", "journalists"}

// phrase returns the words of a number with those that say of whom it is: up to
// the next number, the verb, or six words.
func (x *doc) phrase(w *data, s *scene, n record.Number) []token {
	i := slices.IndexFunc(s.tokens, func(t token) bool { return t.end > n.Start })
	if i < 0 {
		return nil
	}
	end := s.end
	all := false // «… که همه از نیروهای نگهبانی بودند»
	for _, m := range x.Record.Numbers {
		if m.Start >= n.End && m.Start < end {
			end = m.Start
		}
	}
	j := i
	for j < len(s.tokens) && s.tokens[j].start < end && (s.tokens[j].start < n.End || j < i+7) {
		if all = all || w.has("all-of", s.tokens[j:j+1]); all {
			j++
			continue
		}
		if s.tokens[j].start >= n.End && w.endsPhrase(s.tokens[j:]) {
			break
		}
		j++
	}
	return s.tokens[i:j]
}

// endsPhrase says whether the words of a number end before the first of a list.
func (w *data) endsPhrase(list []token) bool {
	for _, class := range []string{"dead", "hurt", "held", "phrase-end"} {
		for _, r := range w.find(class, list[:min(2, len(list))]) {
			if r[0] == 0 {
				return true
			}
		}
	}
	return false
}

// of returns whose a number is.
func (x *doc) of(w *data, s *scene, n record.Number) whose {
	out := x.whoseOf(w, x.phrase(w, s, n))
	if len(out.people) == 0 { // «شمار مجروحان پلیس را چهار نفر اعلام کرد»
		i := slices.IndexFunc(s.tokens, func(t token) bool { return t.end > n.Start })
		if i > 1 && s.tokens[i-1].key == "را" {
			out.people = x.whoseOf(w, s.tokens[max(0, i-4):i]).people
		}
	}
	return out
}

// whoseOf reads of whom some words tell.
func (x *doc) whoseOf(w *data, list []token) whose {
	var out whose
	for _, class := range peopleClasses {
		if w.has(class, list) {
			out.people = append(out.people, class)
		}
	}
	if len(out.people) == 0 && (w.has("armed-people", list) || w.has("member", list) && x.armed(list)) {
		out.people = []string{"fighters"} // «۱۱ عضو یک گروه», but «عساکر مزدور» are soldiers
	}
	if slices.Contains(out.people, "fighters") { // «شبه‌نظامی» is no soldier
		out.people = slices.DeleteFunc(out.people, func(c string) bool { return c == "soldiers" || c == "police" || c == "civilians" })
	}
	for i, t := range list {
		if out.nation == "" && i > 0 && w.has("national", list[i-1:i]) && !w.has("dead", list[i:i+1]) && !noName(t.key) {
			out.nation = t.key
			if id := x.state(t); id != "" {
				out.nation = x.name(id)
			}
		}
		if id := x.state(t); id != "" && !slices.Contains(out.states, id) {
			out.states = append(out.states, id)
		}
	}
	return out
}

// state returns the state that a word names or of which it is the adjective:
// «تاجیک» beside «تاجیکستان», «سوری» beside «سوریه».
func (x *doc) state(t token) string {
	for _, m := range x.Record.Mentions {
		if e := x.entity[m.Entity]; e != nil && e.Type == "STATE" && !strings.HasPrefix(e.ID, "~") && m.Start <= t.start && t.end <= m.End {
			return e.ID
		}
	}
	if len([]rune(t.key)) < 3 {
		return ""
	}
	id := ""
	for _, e := range x.Record.Entities {
		if e.Type != "STATE" || strings.HasPrefix(e.ID, "~") {
			continue
		}
		if k := keyOf(e.Name); k == t.key+"ستان" || k == t.key+"ه" || k == strings.TrimSuffix(t.key, "ی")+"ستان" || k == strings.TrimSuffix(t.key, "ی") {
			id = e.ID
		}
	}
	return id
}

// with adds what is known of another number of the same people.
func (a whose) with(b whose) whose {
	if len(a.people) == 0 {
		a.people = b.people
	}
	if len(a.states) == 0 {
		a.states = b.states
	}
	return a
}

// mistaken says whether the one calls fighters those whom the other calls civilians: of an
// attack on a house both count the dead.
func (a whose) mistaken(b whose) bool {
	return a.fight() && b.civil() || a.civil() && b.fight()
}

// civil says whether a number is of people who do not fight alone.
func (a whose) civil() bool {
	return len(a.people) > 0 && !slices.ContainsFunc(a.people, func(c string) bool { return c != "civilians" && c != "porters" && c != "journalists" })
}

// armed says whether words name an armed group or a movement of the lexicon.
func (x *doc) armed(list []token) bool {
	return slices.ContainsFunc(x.Record.Mentions, func(m record.Mention) bool {
		e := x.entity[m.Entity]
		return e != nil && e.Known && e.Type == "GRP" && len(list) > 0 && m.Start >= list[0].start && m.Start < list[len(list)-1].end
	})
}

// fight says whether a number is of fighters alone.
func (a whose) fight() bool {
	return len(a.people) > 0 && !slices.ContainsFunc(a.people, func(c string) bool { return c != "fighters" })
}

// forces says whether a number is of police or soldiers alone.
func (a whose) forces() bool {
	return len(a.people) > 0 && !slices.ContainsFunc(a.people, func(c string) bool { return c != "police" && c != "soldiers" && c != "peshmerga" })
}

// others says whether two numbers tell of different people.
func (a whose) others(b whose) bool {
	return len(a.states) > 0 && len(b.states) > 0 && !meet(a.states, b.states) ||
		len(a.people) > 0 && len(b.people) > 0 && !meet(a.people, b.people)
}

// victims notes what those who were struck were, where a sentence says it of all of
// them: «همه قربانیان غیرنظامی بودند», «کشته‌شدگان کارگر ساختمانی بودند».
func (b *builder) victims(a *account) {
	w := b.data
	for _, s := range a.scenes {
		if s.denied || s.unreal != "" {
			continue
		}
		for _, r := range w.find("victims", s.tokens) {
			for j := r[1]; j < min(len(s.tokens), r[1]+10); j++ {
				if w.has("some-of", s.tokens[max(0, r[0]-3):j+1]) || a.doc.counted(s.tokens[r[1]:j+1]) {
					break
				}
				if !w.has("were", s.tokens[j:j+1]) {
					continue
				}
				for _, class := range peopleClasses {
					if w.has(class, s.tokens[r[1]:j]) {
						b.put(Recipient, Value{Value: class, class: true, all: true}, a, s.tokens[r[0]].start, s.tokens[j].end)
						break
					}
				}
				break
			}
		}
	}
}

// counted says whether a number stands among words.
func (x *doc) counted(list []token) bool {
	return slices.ContainsFunc(list, x.counts)
}
