package what

import (
	"slices"
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/lexicon"
)

// frame is one kind of act, see lexicon/data/frames.txt.
type frame struct {
	id, typ, mode    string
	group            string   // acts of one group are told once in a sentence
	casualty         string   // "killed" or "wounded"
	actor, recipient []string // where they stand, see the file
	gen              string   // what the ezafe after the noun is
	genSingular      string   // the same of the singular alone
	status           string
	byDefault        string // the status of a noun where nothing tells it
	needs            need
	active           map[string]bool // nominals whose «شدن» has the actor as its subject
	none, pair       bool
	undergo          bool   // the subject of its light verbs undergoes the act: «در بازداشت … به سر می‌برد»
	performative     bool   // saying it does it: «تبریک می‌گوییم»
	present          string // the status of its present tense: «راهی پاریس می‌شود»
	asks             bool   // one of its +words must stand beside it
}

// need is what a frame asks of the words around it.
type need uint16

const (
	needPolitics need = 1 << iota
	needArg
	needVerb
	needForce
	needWeapon
	needProtest
	needDiplomacy
	needAddressee
	needReal
	needPerson
	needCounted
	needAbroad
	needForeign
)

var needNames = map[string]need{"politics": needPolitics, "arg": needArg, "verb": needVerb, "force": needForce, "weapon": needWeapon,
	"protest": needProtest, "diplomacy": needDiplomacy, "addressee": needAddressee, "real": needReal, "person": needPerson, "counted": needCounted, "abroad": needAbroad, "foreign": needForeign}

// kind is how the words of an item tell their frame.
type kind uint8

const (
	noun  kind = iota // alone
	light             // with a light verb at once
	split             // with a light verb further on
)

// item is one wording of a frame.
type item struct {
	frame int
	kind  kind
	verbs []lightVerb
}

// lightVerb is «قرار دادن»: the words before the verb and its infinitive, as keys.
type lightVerb struct {
	pre, lemma string
	negative   bool // «راه ندادن»: the verb must be negated
	trigger    bool // these words are the trigger, not the nominal: «حملات … متوقف کرد»
}

// passive are the light verbs whose subject undergoes the act.
var passive = map[string]bool{"شدن": true, "گردیدن": true, "قرارگرفتن": true, "واقعشدن": true, "رسیدن": true, "باختن": true,
	"خوردن": true, "ماندن": true, "برداشتن": true, "دیدن": true, "یافتن": true, "گشتن": true}

// plainVerbs are the verbs that carry a nominal and say nothing themselves.
var plainVerbs = map[string]bool{"کردن": true, "شدن": true, "دادن": true, "گرفتن": true, "داشتن": true, "زدن": true, "خوردن": true, "بردن": true,
	"آوردن": true, "اوردن": true, "رسیدن": true, "رساندن": true, "بودن": true, "گفتن": true, "گذاشتن": true, "کشیدن": true, "خواندن": true, "دانستن": true, "ورزیدن": true, "گردیدن": true,
	"نمودن": true, "ساختن": true, "یافتن": true, "پذیرفتن": true, "ماندن": true, "باختن": true, "خواستن": true}

func (v lightVerb) String() string { return v.pre + v.lemma }

// topic is what words speak of, see topics.txt.
type topic int

const (
	sport topic = iota
	culture
	economy
	carried
	memory
	accident
	crime
	conflict
	politics
	protest
	topics
)

var topicNames = map[string]topic{"sport": sport, "culture": culture, "economy": economy, "carried": carried, "memory": memory, "accident": accident, "crime": crime,
	"conflict": conflict, "politics": politics, "protest": protest}

// cue is one entry of status.txt.
type cue struct {
	id, status, prep string
}

// cuePlace is where a cue stands.
type cuePlace uint8

const (
	cueBefore cuePlace = iota
	cueAfter
	cueClause
	cueOpens
)

// weapon is one entry of weapons.txt.
type weapon struct {
	id, mode string
	plain    bool
}

// compile reads the lexicon's files.
func compile(l *lexicon.Lexicon) *Framer {
	f := &Framer{verbs: map[string][]int{}, carries: map[string]int{}, nisba: map[string]string{}, country: map[string]string{}}
	var keys, minus, agents, plus []string
	var vals, minusOf, agentOf, plusOf []int
	f.duty = -1
	for _, e := range l.File("frames") {
		n := len(f.frames)
		fr := frame{id: e.ID, typ: e.Get("type"), mode: e.Get("mode"), group: e.Get("group"), casualty: e.Get("casualty"),
			actor: sources(e.Get("actor")), recipient: sources(e.Get("recipient")), gen: e.Get("gen"), genSingular: e.Get("gen-singular"), status: e.Get("status"), pair: e.Has("pair"),
			byDefault: e.Get("default"), performative: e.Has("performative"), undergo: e.Has("undergo"), present: e.Get("present"), asks: e.Has("+words")}
		fr.none = fr.typ == "none"
		for _, w := range strings.Fields(e.Get("needs")) {
			fr.needs |= needNames[w]
		}
		if a := e.All("active"); a != nil {
			fr.active = map[string]bool{}
			for _, w := range a {
				fr.active[spell.Key(w)] = true
			}
		}
		add := func(words string, k kind, vs []lightVerb) {
			keys, vals = append(keys, words), append(vals, len(f.items))
			f.items = append(f.items, item{n, k, vs})
		}
		for _, w := range e.All("noun") {
			add(w, noun, nil)
		}
		for k, field := range map[kind]string{light: "light", split: "split"} {
			for _, v := range e.All(field) {
				words, vs, ok := strings.Cut(v, " + ")
				if !ok {
					continue
				}
				add(words, k, lightVerbs(vs))
			}
		}
		for _, v := range e.All("verb") {
			f.verbs[spell.Key(v)] = append(f.verbs[spell.Key(v)], n)
		}
		for _, w := range e.All("-words") {
			minus, minusOf = append(minus, w), append(minusOf, n)
		}
		for _, w := range e.All("agents") {
			agents, agentOf = append(agents, w), append(agentOf, n)
		}
		for _, w := range e.All("+words") {
			plus, plusOf = append(plus, w), append(plusOf, n)
		}
		if e.Has("duty") {
			f.duty, f.dutyWords = n, map[string]bool{}
			for _, w := range e.All("duty") {
				f.dutyWords[spell.Key(w)] = true
			}
		}
		f.frames = append(f.frames, fr)
	}
	f.agents = lexicon.BuildNames(agents, agentOf)
	f.nominals = map[string]bool{}
	for i, it := range f.items {
		if it.kind != noun && !strings.Contains(keys[i], " ") {
			f.nominals[spell.Key(keys[i])] = true
		}
	}
	f.trie = lexicon.BuildNames(keys, vals)
	f.minus = lexicon.BuildNames(minus, minusOf)
	f.plus = lexicon.BuildNames(plus, plusOf)

	keys, vals = nil, nil
	for _, e := range l.File("weapons") {
		for _, w := range e.All("fa") {
			keys, vals = append(keys, w), append(vals, len(f.weapon))
		}
		f.weapon = append(f.weapon, weapon{e.ID, e.Get("mode"), e.Has("plain")})
	}
	f.weapons = lexicon.BuildNames(keys, vals)

	keys, vals = nil, nil
	for _, e := range l.File("topics") {
		if t, ok := topicNames[e.ID]; ok {
			for _, w := range e.All("fa") {
				if t == carried {
					f.nominals[spell.Key(w)] = true
					continue
				}
				keys, vals = append(keys, w), append(vals, int(t))
			}
		}
	}
	f.topicWords = lexicon.BuildNames(keys, vals)

	keys, vals = nil, nil
	for _, e := range l.File("status") {
		n := len(f.cue)
		f.cue = append(f.cue, cue{e.ID, e.Get("status"), spell.Key(e.Get("prep"))})
		for place, field := range []string{"before", "after", "clause", "opens"} {
			for _, w := range e.All(field) {
				keys, vals = append(keys, w), append(vals, n<<2|place)
			}
		}
		for _, w := range e.All("carries") {
			f.carries[spell.Key(w)] = n
		}
	}
	f.cues = lexicon.BuildNames(keys, vals)

	for _, e := range l.File("actors") {
		for _, w := range e.All("nisba") {
			if k := spell.Key(w); f.nisba[k] == "" {
				f.nisba[k] = e.ID
				if c := e.Get("iso"); c != "" {
					f.country[c] = e.ID
				}
				f.names = append(f.names, actorName{e.ID, e.Get("type"), e.Get("fa"), e.Get("en")})
			}
		}
	}
	f.serves = map[string]string{}
	for _, e := range l.File("people") {
		of := e.Get("in")
		for _, role := range e.All("role") {
			if _, id, ok := strings.Cut(role, "@"); ok {
				of = strings.TrimSpace(id)
				break
			}
		}
		f.serves[e.ID] = of
	}
	slices.SortFunc(f.names, func(a, b actorName) int { return strings.Compare(a.id, b.id) })
	return f
}

// lightVerbs reads «قرار دادن, گرفتن»: a verb alone takes no words before it.
func lightVerbs(s string) []lightVerb {
	var out []lightVerb
	for v := range strings.SplitSeq(s, ",") {
		v, trigger := strings.CutPrefix(strings.TrimSpace(v), "*")
		w := strings.Fields(v)
		if len(w) == 0 {
			continue
		}
		lv := lightVerb{pre: spell.Key(strings.Join(w[:len(w)-1], "")), lemma: spell.Key(w[len(w)-1]), trigger: trigger}
		if l, ok := strings.CutPrefix(lv.lemma, "ن"); ok && plainVerbs[l] {
			lv.lemma, lv.negative = l, true
		}
		out = append(out, lv)
	}
	// the longer verb first: «آغاز کردن» before «کردن»
	slices.SortStableFunc(out, func(a, b lightVerb) int { return len(b.pre) - len(a.pre) })
	return out
}

// sources reads «subj به علیه»; prepositions become keys.
func sources(s string) []string {
	out := strings.Fields(s)
	for i, w := range out {
		out[i] = spell.Key(w)
	}
	return out
}
