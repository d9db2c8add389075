package who

import (
	"slices"
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/where"
)

// Files lists the lexicon files of named entities, in the order in which a
// name that stands in two of them is looked for.
var Files = []string{"actors", "outlets", "people", "places"}

// entity is an entry of the lexicon, compiled.
type entity struct {
	id       string
	typ      report.Type
	name, en string
	in       int32 // entity of the country or parent; -1 for none
	weak     bool  // its short names are common words too
	ctx      bool  // its short names need a word of ctx near
	roles    []report.Role
	geo      *report.Geo
}

// alias is one name of an entity.
type alias struct {
	ent     int32
	words   int8 // how many words it is written in
	surname bool // alone it is a later mention of somebody named in full
	loaded  bool
	nisba   bool // an adjective: no mention
	seat    bool // a capital that stands for its government
	none    bool // a phrase that is no mention at all
	home    bool // it bears no country: it means the Iranian body in a report on Iran
	need    bool // a common word: it needs other evidence
}

// Finder finds names by the lexicon and by context.
type Finder struct {
	ents    []entity
	byID    map[string]int32
	aliases []alias
	names   *lexicon.Trie // → aliases
	ctx     *lexicon.Trie // → entities

	heads    []head
	headTrie *lexicon.Trie // → heads and forms: see headForm
	headForm []headForm
	mods     *lexicon.Trie // → 1 + head; 0 stands for all heads
	acts     map[string]bool
	medium   map[string]bool

	class map[string]classes // key of a word → classes of persons.txt
	title *lexicon.Trie
	ends  []string
	roles *lexicon.Trie
	role  []role

	loaded     *lexicon.Trie
	loadedTerm []loadedTerm
}

// head is a head word of names, see heads.txt.
type head struct {
	id    string
	typ   report.Type
	part  bool
	own   bool
	open  bool
	needs string
}

type headForm struct {
	head int32
	key  string
}

type role struct {
	id, en string
	of     map[report.Type]bool
	one    bool
	plural bool
	fa     string
}

// classes is a set of classes of words, see persons.txt.
type classes uint32

const (
	given classes = 1 << iota
	weakGiven
	part
	kunya
	surname
	stop
	titleWord
	roleWord
	headWord
	nisbaWord
	peopleWord
	actorWord
	modWord
	personWord
)

// New compiles the actors, outlets, places, roles and loaded terms of the lexicon.
func New(l *lexicon.Lexicon, g *where.Gazetteer) *Finder {
	f := &Finder{byID: map[string]int32{}, class: map[string]classes{}, medium: map[string]bool{}, acts: map[string]bool{}}
	f.compileNames(l, g)
	f.compileHeads(l)
	f.compilePersons(l)
	f.compileLoaded(l)
	return f
}

func (f *Finder) compileNames(l *lexicon.Lexicon, g *where.Gazetteer) {
	var names, ctx []string
	var nameAt, ctxAt []int
	iso := map[string]string{}
	for _, e := range l.File("nonames") {
		n := int32(len(f.ents))
		f.ents = append(f.ents, entity{id: "no name: " + e.ID, in: -1})
		for _, name := range e.All("fa") {
			nameAt = append(nameAt, len(f.aliases))
			f.aliases = append(f.aliases, alias{ent: n, none: true, words: 2})
			names = append(names, name)
		}
	}
	for _, file := range Files {
		for _, e := range l.File(file) {
			name := e.Get("fa")
			if name == "" {
				name = e.Get("short")
			}
			if e.Get("type") == "" || name == "" {
				continue
			}
			id := e.ID
			if _, ok := f.byID[id]; ok && file == "places" && e.Get("iso") != "" {
				id += "-" + strings.ToLower(e.Get("iso"))
			}
			n, ok := f.byID[id]
			if !ok {
				n = int32(len(f.ents))
				f.byID[id] = n
				f.ents = append(f.ents, entity{id: id, typ: report.Type(e.Get("type")), name: name, en: e.Get("en"), in: -1, geo: g.Geo(e.ID)})
			}
			x := &f.ents[n]
			x.weak = x.weak || e.Has("weak")
			if c := e.Get("iso"); c != "" && x.typ == report.STATE {
				iso[c] = id
			}
			for _, c := range e.All("ctx") {
				x.ctx = true
				ctx, ctxAt = append(ctx, c), append(ctxAt, int(n))
			}
			for _, r := range e.All("role") {
				title, of, _ := strings.Cut(r, "@")
				x.roles = append(x.roles, report.Role{Title: strings.TrimSpace(title), Of: strings.TrimSpace(of)})
			}
			add := func(field string, a alias) {
				a.ent = n
				for _, name := range e.All(field) {
					a := a
					if strings.HasPrefix(name, "کشور ") || strings.HasPrefix(name, "کابینه ") || strings.HasPrefix(name, "شهر ") && field == "fa" {
						continue // «کشور فلسطین», «شهر غزه»: the noun is no part of the name
					}
					a.words = int8(min(len(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == spell.ZWNJ })), 100))
					a.home = field == "fa" && slices.Contains(e.All("home"), name)
					a.need = a.need || a.surname || a.seat || a.home || x.weak && a.words == 1
					nameAt = append(nameAt, len(f.aliases))
					f.aliases = append(f.aliases, a)
					names = append(names, name)
					if a.nisba && a.words == 1 && x.typ == report.STATE {
						f.class[spell.Key(name)] |= nisbaWord
					}
				}
			}
			add("fa", alias{})
			add("loaded", alias{loaded: true})
			add("surname", alias{surname: true})
			add("nisba", alias{nisba: true})
			add("short", alias{need: true})
			add("seat", alias{seat: true})
		}
	}
	for _, file := range Files {
		for _, e := range l.File(file) {
			if n, ok := f.byID[e.ID]; ok && f.ents[n].in < 0 {
				in := e.Get("in")
				if in == "" {
					in = iso[e.Get("iso")]
				}
				if p, ok := f.byID[in]; ok && p != n {
					f.ents[n].in = p
				}
			}
		}
	}
	f.names = lexicon.BuildNames(names, nameAt)
	f.ctx = lexicon.BuildNames(ctx, ctxAt)
}

func (f *Finder) compileHeads(l *lexicon.Lexicon) {
	var forms, mods []string
	var formAt, modAt []int
	for _, e := range l.File("heads") {
		switch e.ID {
		case "modifiers":
			for _, m := range e.All("fa") {
				mods, modAt = append(mods, m), append(modAt, 0)
				if !strings.Contains(m, " ") {
					f.class[spell.Key(m)] |= modWord
				}
			}
			continue
		case "acts":
			for _, m := range e.All("fa") {
				f.acts[spell.Key(m)] = true
			}
			continue
		case "medium":
			for _, m := range e.All("fa") {
				f.medium[spell.Key(m)] = true
			}
			continue
		}
		h := len(f.heads)
		f.heads = append(f.heads, head{id: e.ID, typ: report.Type(e.Get("type")), part: e.Get("form") == "part", own: e.Has("own"), open: e.Has("open"), needs: e.Get("needs")})
		for _, m := range e.All("fa") {
			forms, formAt = append(forms, m), append(formAt, len(f.headForm))
			f.headForm = append(f.headForm, headForm{int32(h), spell.Key(m)})
			if !strings.Contains(m, " ") {
				f.class[spell.Key(m)] |= headWord
			}
		}
		for _, m := range e.All("mod") {
			mods, modAt = append(mods, m), append(modAt, h+1)
		}
	}
	f.headTrie = lexicon.BuildNames(forms, formAt)
	f.mods = lexicon.BuildNames(mods, modAt)
}

func (f *Finder) compilePersons(l *lexicon.Lexicon) {
	bits := map[string]classes{"given": given, "weak": weakGiven, "part": part, "kunya": kunya, "surname": surname, "stop": stop, "title": titleWord}
	var titles, roles []string
	var titleAt, roleAt []int
	for _, e := range l.File("persons") {
		for _, w := range e.All("fa") {
			switch e.ID {
			case "ending":
				f.ends = append(f.ends, spell.Key(w))
			case "title":
				titles, titleAt = append(titles, w), append(titleAt, 0)
				fallthrough
			default:
				f.class[spell.Key(w)] |= bits[e.ID]
			}
		}
	}
	for _, e := range l.File("roles") {
		of := map[report.Type]bool{}
		for _, v := range e.All("of") {
			for _, t := range strings.Fields(v) {
				of[report.Type(t)] = true
			}
		}
		for _, field := range []string{"fa", "plural"} {
			for _, w := range e.All(field) {
				roles, roleAt = append(roles, w), append(roleAt, len(f.role))
				f.role = append(f.role, role{e.ID, e.Get("en"), of, e.Has("one"), field == "plural", w})
				if !strings.Contains(w, " ") {
					f.class[spell.Key(w)] |= roleWord
				}
			}
		}
	}
	for _, e := range l.File("refer") {
		switch e.ID {
		case "people", "member":
			for _, w := range e.All("fa") {
				f.class[spell.Key(w)] |= peopleWord | actorWord
			}
		case "person", "media", "org", "group":
			for _, w := range e.All("fa") {
				for _, end := range []string{"", "ها", "های", "ان"} {
					f.class[spell.Key(w)+end] |= actorWord
				}
				if e.ID == "person" {
					f.class[spell.Key(w)] |= personWord
				}
			}
		}
	}
	f.title = lexicon.BuildNames(titles, titleAt)
	f.roles = lexicon.BuildNames(roles, roleAt)
}

// givenShape reports whether the key is built like a given name: «زین‌العابدین»،
// «نصرالله»، «محمدعلی»، «عبدالسلام».
func givenShape(key string) bool {
	for _, e := range []string{"الدین", "العابدین", "الله"} {
		if len(key) > len(e)+4 && strings.HasSuffix(key, e) {
			return key != "حزبالله" && key != "انصارالله" && key != "جندالله" && key != "ثارالله" && key != "بقیهالله"
		}
	}
	if strings.HasPrefix(key, "عبدال") && len(key) > 14 {
		return true
	}
	for _, p := range []string{"محمد", "امیر", "غلام", "سید", "علی", "حسین"} {
		if !strings.HasPrefix(key, p) {
			continue
		}
		switch key[len(p):] {
		case "علی", "رضا", "حسین", "حسن", "مهدی", "جواد", "باقر", "تقی", "صادق", "هادی", "کاظم", "امین", "حسام", "عباس", "اکبر", "اصغر", "محمد", "احمد", "ابراهیم", "اسماعیل", "مرتضی", "مصطفی", "مجتبی", "محسن", "محمود":
			return true
		}
	}
	return false
}

// nameEnding accepts a written ezafe after a vowel: «آمریکای», «سنای».
// Anything longer makes another word of the name («آمریکایی»).
func nameEnding(rest string) bool { return rest == "ی" }

// vowelEnd reports whether an ezafe ی may hang on the key.
func vowelEnd(key string) bool {
	return strings.HasSuffix(key, "ا") || strings.HasSuffix(key, "و")
}
