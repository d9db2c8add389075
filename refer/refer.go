// Package refer says whom a phrase means: a pronoun, a role alone, a surname
// alone, «این گروه»; or makes an entity of a description that names nobody.
//
// Its law: a phrase means a named entity only where the report lets a reader
// see it; where it does not, the description itself is the entity, with an id
// that begins with "~". The mention of a description covers its own words and
// none of a name inside it: of «سخنگوی وزارت دفاع افغانستان» it is «سخنگوی».
package refer

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/sanad-project/sanad/fa/phrase"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

// class is a set of classes of words, see refer.txt.
type class uint32

const (
	he class = 1 << iota
	they
	we
	speaker
	this
	person
	people
	state
	place
	media
	org
	group
	text
	member
	desk
	title
	arms
	nation
	former  // «سابق»: an office held before
	several // «دو طرف»: the two named last
	any     // nouns for a human being that say nothing of him: «این مقام»
	paper   // what a body puts out itself: «این بیانیه»
	voices  // nouns of those who mostly speak: «منابع امنیتی»
	forces
	officials
	listed // stands in refer.txt itself, not only as a form of a word there
)

var classNames = map[string]class{"he": he, "they": they, "we": we, "i": speaker, "this": this, "person": person, "people": people,
	"state": state, "place": place, "media": media, "org": org, "group": group, "text": text, "member": member, "desk": desk, "arms": arms, "nation": nation, "former": former, "several": several, "any": any, "paper": paper, "voices": voices, "forces": forces, "officials": officials}

// Rules holds the compiled words of reference: pronouns, roles, group nouns.
type Rules struct {
	class  map[string]class // by key of a word
	roles  *lexicon.Trie
	role   []role
	desks  *lexicon.Trie
	titl   *lexicon.Trie
	two    *lexicon.Trie        // «دو کشور»
	nisba  map[string]stateName // adjective of a country → the country
	in     map[string]string    // body or person → country
	states map[string]stateName
	office map[string]string   // title → the office that several titles mean
	past   map[string][]office // person of the lexicon → offices held at some time
	home   stateName           // the country of «کشورمان» in its own press
}

type stateName struct{ id, name, en string }

// office is a title and the country or body it is held in.
type office struct{ title, of string }

type role struct {
	id     string
	one    bool
	plural bool
	same   bool // any of its titles means the same office: «وزیر خارجه», «وزیر امور خارجه»
}

// New compiles them from the lexicon.
func New(l *lexicon.Lexicon) *Rules {
	x := &Rules{class: map[string]class{}, nisba: map[string]stateName{}, in: map[string]string{}, states: map[string]stateName{}, office: map[string]string{}, past: map[string][]office{}}
	for _, file := range []string{"actors", "outlets", "people"} {
		for _, e := range l.File(file) {
			if in := e.Get("in"); in != "" {
				x.in[e.ID] = in
			}
		}
	}
	for _, e := range l.File("people") {
		for _, t := range e.All("role") {
			title, of, ok := strings.Cut(t, " @ ")
			if !ok {
				of = e.Get("in")
			}
			x.past[e.ID] = append(x.past[e.ID], office{spell.Key(title), of})
		}
	}
	for _, e := range l.File("actors") {
		if e.ID == "iran" {
			x.home = stateName{e.ID, e.Get("fa"), e.Get("en")}
		}
		if e.Get("type") == string(report.STATE) {
			x.states[e.ID] = stateName{e.ID, e.Get("fa"), e.Get("en")}
			for _, n := range e.All("nisba") {
				x.class[spell.Key(n)+"ها"] |= people
				if _, ok := x.nisba[spell.Key(n)]; !ok {
					x.nisba[spell.Key(n)] = stateName{e.ID, e.Get("fa"), e.Get("en")}
				}
			}
		}
	}
	var desks, roles, titles, twos []string
	var deskAt, roleAt, titleAt, twoAt []int
	for _, e := range l.File("refer") {
		c := classNames[e.ID]
		for _, w := range e.All("fa") {
			if c == desk {
				desks, deskAt = append(desks, w), append(deskAt, 0)
			}
			if c == several {
				twos, twoAt = append(twos, w), append(twoAt, 0)
				continue
			}
			k := spell.Key(w)
			x.class[k] |= c | listed
			if c&(person|state|place|media|org|group) != 0 {
				for _, end := range []string{"ها", "های", "ان", "ی", "ای", "هایی"} {
					if p := k + end; x.class[p] == 0 {
						x.class[p] |= plural(c, end)
					}
				}
			}
		}
	}
	for _, e := range l.File("roles") {
		for _, field := range []string{"fa", "plural"} {
			for _, w := range e.All(field) {
				roles, roleAt = append(roles, w), append(roleAt, len(x.role))
				x.role = append(x.role, role{e.ID, e.Has("one"), field == "plural", e.Has("same")})
				if e.Has("same") && field == "fa" {
					x.office[spell.Key(w)] = e.ID
				}
			}
		}
	}
	for _, e := range l.File("persons") {
		if e.ID == "title" {
			for _, w := range e.All("fa") {
				titles, titleAt = append(titles, w), append(titleAt, 0)
				x.class[spell.Key(w)] |= title
			}
		}
	}
	x.roles = lexicon.BuildNames(roles, roleAt)
	x.desks = lexicon.BuildNames(desks, deskAt)
	x.titl = lexicon.BuildNames(titles, titleAt)
	x.two = lexicon.BuildNames(twos, twoAt)
	return x
}

// plural is the class of a noun of class c with that ending.
func plural(c class, end string) class {
	if end == "ی" || end == "ای" {
		return c
	}
	return people
}

// Resolver resolves the phrases of one report, in any order. It adds
// mentions and described entities to the report as it goes.
type Resolver struct {
	r       *report.Report
	rules   *Rules
	index   map[string]int // entity id → Entities
	names   []int          // Mentions that are names, by position
	spoke   []spoken
	done    map[[2]int]answer
	deep    int    // pronouns being resolved by way of others
	told    []told // descriptions made so far, in the order they were asked for
	buf     []lexicon.Match
	mention []report.Mention // descriptions and pronouns, to be merged in
}

type spoken struct {
	entity string
	at     int
}

type answer struct {
	ref report.Ref
	ok  bool
}

// told is a description that became an entity.
type told struct {
	at     int
	head   string // key of the head noun
	entity string
}

// On starts a resolver for a report whose names were found.
func (x *Rules) On(r *report.Report) *Resolver {
	v := &Resolver{r: r, rules: x, index: map[string]int{}, done: map[[2]int]answer{}}
	for i := range r.Entities {
		v.index[r.Entities[i].ID] = i
	}
	v.names = make([]int, 0, len(r.Mentions))
	for i := range r.Mentions {
		v.names = append(v.names, i)
	}
	v.mention = slices.Clone(r.Mentions)
	return v
}

// Spoke tells the resolver that the entity was the speaker of a statement
// whose cue is at that word: the next «وی» most likely means it.
func (v *Resolver) Spoke(entity string, at int) {
	i, _ := slices.BinarySearchFunc(v.spoke, at, func(s spoken, at int) int { return s.at - at })
	v.spoke = slices.Insert(v.spoke, i, spoken{entity, at})
}

// Phrase resolves Words[first:last], a noun phrase or pronoun, to an entity.
// ok is false where nothing can be said, e.g. for an expletive or a phrase of
// things. The mention (name, description or pronoun) is added to the report.
func (v *Resolver) Phrase(first, last int) (ref report.Ref, ok bool) {
	words := v.r.Words.Words
	first, last = max(first, 0), min(last, len(words))
	for first < last && v.skip(first) {
		first++
	}
	for last > first && words[last-1].Tag == word.PUNCT {
		last--
	}
	if last <= first {
		return report.Ref{}, false
	}
	if first > 0 && v.rules.class[words[first-1].Key]&this != 0 && v.rules.class[words[first].Key]&(state|group|org|media|place|person|people) != 0 && words[first-1].Sentence == words[first].Sentence {
		first-- // «تجهیزات این | کشور»
	}
	key := [2]int{first, last}
	if a, ok := v.done[key]; ok {
		return a.ref, a.ok
	}
	ref, form, ok := v.resolve(first, last)
	v.done[key] = answer{ref, ok}
	if ok && form != report.Name {
		v.note(ref, form)
	}
	return ref, ok
}

// PhraseAll resolves a phrase that may mean several: «ایران و ترکیه», «دو
// کشور», «رهبران دو کشور». Of any other phrase it gives what Phrase gives; nil
// where nothing can be said.
func (v *Resolver) PhraseAll(first, last int) []report.Ref {
	words := v.r.Words.Words
	first, last = max(first, 0), min(last, len(words))
	for first < last && v.skip(first) {
		first++
	}
	for i := first; i < last && i < first+3; i++ {
		if i > first && v.rules.class[words[i-1].Key]&people == 0 {
			if _, ro := v.roleAt(i - 1); ro < 0 || !v.rules.role[ro].plural {
				break
			}
		}
		v.buf = v.rules.two.At(v.buf[:0], words[:last], i, nil)
		if len(v.buf) > 0 {
			if a, b := v.pair(i); b != "" {
				s := v.span(first, v.buf[0].Last)
				return []report.Ref{{Entity: a, Span: s}, {Entity: b, Span: s}}
			}
			break
		}
	}
	var out []report.Ref
	at := first
	for k := v.nameAt(first); k < len(v.mention) && v.mention[k].First == at && v.mention[k].Last <= last; k++ {
		m := &v.mention[k]
		out = append(out, report.Ref{Entity: m.Entity, Span: m.Span})
		if at = m.Last; at >= last || words[at].Key != "و" && words[at].Form != "،" {
			break
		}
		at++
	}
	if len(out) > 1 && at == last {
		return out
	}
	if ref, ok := v.Phrase(first, last); ok {
		return []report.Ref{ref}
	}
	return nil
}

// pair returns the two that were named together last before word i: states, or
// those whose bodies, people or adjectives stand there. b is "" where there are
// no two.
func (v *Resolver) pair(i int) (a, b string) {
	w := v.r.Words.Words
	for j := i - 1; j >= 0 && j > i-80 && w[i].Sentence-w[j].Sentence <= 4; j-- {
		id, from := v.stateAt(j, true)
		if id == "" || from > 0 && w[from-1].Key == "در" {
			j = min(j, from)
			continue
		}
		j = from
		if b == "" {
			b = id
		} else if id != b {
			return id, b
		}
	}
	return "", ""
}

// stateAt returns the state that word i speaks of by name or adjective, with
// body also by one of its bodies or officers, and where the wording begins; i
// itself where there is none.
func (v *Resolver) stateAt(i int, body bool) (id string, from int) {
	w := v.r.Words.Words
	if k := v.nameAt(i); k < len(v.mention) && v.mention[k].First <= i {
		m := &v.mention[k]
		switch v.typeOf(m.Entity) {
		case report.STATE:
			return m.Entity, m.First
		case report.ORG:
			if body {
				return v.stateOf(m.Entity), m.First
			}
		case report.PER:
			if body {
				return v.countryOf(m.Entity), m.First
			}
		}
		return "", m.First
	}
	if n, ok := v.rules.nisba[w[i].Key]; ok {
		v.add(n)
		return n.id, i
	}
	return "", i
}

// skip reports whether word i is only in the way of a phrase: an opening quote or bracket.
func (v *Resolver) skip(i int) bool { return v.r.Words.Words[i].Tag == word.PUNCT }

// note adds the mention to the report, once.
func (v *Resolver) note(ref report.Ref, form report.Form) {
	m := report.Mention{Span: ref.Span, Entity: ref.Entity, Form: form, Rule: "refer"}
	words := v.r.Words.Words
	m.First, _ = slices.BinarySearchFunc(words, ref.Span.Start, func(w word.Word, at int) int { return w.Span.Start - at })
	m.Last, _ = slices.BinarySearchFunc(words, ref.Span.End, func(w word.Word, at int) int { return w.Span.Start - at })
	i, _ := slices.BinarySearchFunc(v.r.Mentions, m, func(a, b report.Mention) int {
		return cmp.Or(a.Span.Start-b.Span.Start, a.Span.End-b.Span.End)
	})
	if i < len(v.r.Mentions) && v.r.Mentions[i].Span == m.Span {
		return
	}
	v.r.Mentions = slices.Insert(v.r.Mentions, i, m)
}

// resolve answers for a phrase without outer punctuation.
func (v *Resolver) resolve(first, last int) (report.Ref, report.Form, bool) {
	words := v.r.Words.Words
	c := v.rules.class[words[first].Key]
	if last == first+1 && c&(he|they|we|speaker) != 0 {
		return v.pronoun(first, c)
	}
	if c&this != 0 && last > first+1 {
		if ref, ok := v.pointed(first, last); ok {
			return ref, report.Description, true
		}
	}
	if ref, ok := v.named(first, last); ok {
		return ref, report.Name, true
	}
	if ref, ok := v.held(first, last); ok {
		return ref, report.Description, true
	}
	if ref, ok := v.body(first, last); ok {
		return ref, report.Description, true
	}
	return v.described(first, last)
}

// span returns the source span of Words[i:j].
func (v *Resolver) span(i, j int) span.Span { return v.r.Words.Span(i, j) }

// typeOf returns the type of an entity of the report.
func (v *Resolver) typeOf(id string) report.Type {
	if i, ok := v.index[id]; ok {
		return v.r.Entities[i].Type
	}
	return ""
}

// nameAt returns the index in v.mention of the first name that ends after word i.
func (v *Resolver) nameAt(i int) int {
	k, _ := slices.BinarySearchFunc(v.mention, i, func(m report.Mention, i int) int { return m.Last - 1 - i })
	return k
}

// window is how many names back a pronoun may reach.
const window = 12

// pronoun resolves وی, او, آنها and the like.
func (v *Resolver) pronoun(i int, c class) (report.Ref, report.Form, bool) {
	ref := report.Ref{Span: v.span(i, i+1)}
	s, _ := slices.BinarySearchFunc(v.spoke, i, func(s spoken, at int) int { return s.at - at })
	if c&(we|speaker) != 0 {
		if s > 0 {
			ref.Entity = v.spoke[s-1].entity
			return ref, report.Pronoun, true
		}
		return ref, report.Pronoun, false
	}
	if c&he != 0 {
		// The nearest person named in an earlier sentence or clause, unless somebody spoke since.
		spokeAt, who := -1, ""
		for k := s - 1; k >= 0 && k > s-4; k-- {
			if t := v.typeOf(v.spoke[k].entity); t == report.PER {
				spokeAt, who = v.spoke[k].at, v.spoke[k].entity
				break
			}
		}
		n := v.nameAt(i) - 1
		lead := -1
		for k := n; k >= 0 && k > n-window; k-- {
			m := &v.mention[k]
			if v.typeOf(m.Entity) != report.PER {
				continue
			}
			if spokeAt >= 0 && m.First < spokeAt {
				break
			}
			lead = k // the first one after the last speech: mostly the subject
			if spokeAt < 0 {
				break
			}
		}
		if id := v.inside(i, spokeAt); id != "" {
			ref.Entity = id
			return ref, report.Pronoun, true
		}
		switch {
		case who != "":
			ref.Entity = who
		case lead >= 0:
			ref.Entity = v.mention[lead].Entity
		default:
			for k := len(v.told) - 1; k >= 0 && k > len(v.told)-40; k-- {
				if v.told[k].at < i && v.typeOf(v.told[k].entity) == report.PER {
					ref.Entity = v.told[k].entity
					return ref, report.Pronoun, true
				}
			}
			return ref, report.Pronoun, false
		}
		return ref, report.Pronoun, true
	}
	if id := v.several(i); id != "" {
		ref.Entity = id
		return ref, report.Pronoun, true
	}
	// the last described or named group
	best, at := "", -1
	for k := len(v.told) - 1; k >= 0 && k > len(v.told)-40; k-- {
		if t := v.told[k]; t.at < i && t.at > at && v.typeOf(t.entity) != report.PER {
			best, at = t.entity, t.at
		}
	}
	n := v.nameAt(i) - 1
	for k := n; k >= 0 && k > n-4; k-- {
		m := &v.mention[k]
		if t := v.typeOf(m.Entity); (t == report.GRP || t == report.ORG) && m.First > at && v.close(m.First, i) {
			best = m.Entity
			break
		}
	}
	if best == "" {
		return ref, report.Pronoun, false
	}
	ref.Entity = best
	return ref, report.Pronoun, true
}

// inside returns the person named last before the pronoun at word i inside
// what somebody said in the same sentence: a speaker does not call himself
// «وی». "" where there is none.
func (v *Resolver) inside(i, cue int) string {
	w := v.r.Words.Words
	if cue < 0 || w[cue].Sentence != w[i].Sentence || w[i-1].Key == "گفته" || w[i-1].Tag == word.PUNCT || w[i-1].Key == "نوشته" {
		return ""
	}
	for k := v.nameAt(i) - 1; k >= 0 && v.mention[k].First > cue; k-- {
		if v.typeOf(v.mention[k].Entity) == report.PER {
			return v.mention[k].Entity
		}
	}
	return ""
}

// maxBack is how many phrases back «آنها» and «این عناصر» are looked for.
const maxBack = 40

// before resolves «این عناصر» at word i: to the nearest phrase before it with
// the same head noun, or whoever holds an office so called, and says where that
// is. "" where there is none.
func (v *Resolver) before(i int) (id string, at int) {
	t := &v.r.Phrases
	w := v.r.Words.Words
	if v.rules.class[w[i+1].Key]&(person|people|group|org|media) == 0 || v.deep > 8 {
		return "", -1
	}
	v.deep++
	defer func() { v.deep-- }()
	head := w[i+1].Key
	if v.rules.class[head]&person != 0 && !w[i+1].Plural {
		for k := range v.r.Entities {
			for _, o := range v.r.Entities[k].Roles {
				if from := v.wordAt(o.Span.Start); from < i && from > at && v.isA(v.r.Entities[k].ID, head) {
					id, at = v.r.Entities[k].ID, from
				}
			}
		}
		if id != "" {
			return id, at
		}
	}
	k := sort.Search(len(t.Phrases), func(k int) bool { return t.Phrases[k].First >= i }) - 1
	for n := 0; k >= 0 && n < 3*maxBack; k, n = k-1, n+1 {
		p := &t.Phrases[k]
		if p.Last > i || p.Head < p.First || w[p.Head].Key != head && (w[p.Head].Lemma != w[i+1].Lemma || w[p.Head].Plural != w[i+1].Plural) || v.rules.class[w[p.First].Key]&this != 0 {
			continue
		}
		if ref, ok := v.Phrase(p.First, p.Last); ok && ref.Entity != "" {
			return ref.Entity, p.First
		}
	}
	return "", -1
}

// isA reports whether the report calls the person so: in the title of an
// office of his, or in the description that is all it says of him.
func (v *Resolver) isA(id, noun string) bool {
	for i := max(0, len(v.told)-200); i < len(v.told); i++ {
		if v.told[i].entity == id && v.told[i].head == noun {
			return true
		}
	}
	k, ok := v.index[id]
	if !ok {
		return false
	}
	for _, o := range v.r.Entities[k].Roles {
		if title := spell.Key(o.Title); title == noun || strings.HasPrefix(title, noun+" ") || noun == "نماینده" && strings.HasPrefix(title, noun) {
			return true
		}
	}
	return false
}

// wordAt returns the word that begins at that byte, or the next one.
func (v *Resolver) wordAt(at int) int {
	i, _ := slices.BinarySearchFunc(v.r.Words.Words, at, func(w word.Word, at int) int { return w.Span.Start - at })
	return i
}

// issuer returns who put out what «این بیانیه» at word i points to: whose name
// follows the noun where it stands before, or the subject of that clause.
func (v *Resolver) issuer(i int) string {
	w, t := v.r.Words.Words, &v.r.Phrases
	if v.deep > 8 {
		return ""
	}
	v.deep++
	defer func() { v.deep-- }()
	for j := i - 1; j >= 0 && j > i-150; j-- {
		if w[j].Lemma != w[i+1].Lemma && w[j].Key != w[i+1].Key || j > 0 && v.rules.class[w[j-1].Key]&this != 0 {
			continue
		}
		if k := v.nameAt(j + 1); k < len(v.mention) && v.mention[k].First == j+1 && v.typeOf(v.mention[k].Entity) != report.PLACE {
			return v.mention[k].Entity
		}
		if j >= len(t.ClauseOf) || t.ClauseOf[j] < 0 {
			continue
		}
		if p := t.Subject(t.ClauseOf[j]); p >= 0 && (t.Phrases[p].First > j || t.Phrases[p].Last <= j) {
			if ref, ok := v.Phrase(t.Phrases[p].First, t.Phrases[p].Last); ok && v.typeOf(ref.Entity) != report.PLACE {
				return ref.Entity
			}
		}
	}
	return ""
}

// several resolves «آنها» at word i: to the phrase of several people or bodies
// that is nearest before it. The subject of its own clause is not meant by it
// («سربازان آنها را زدند»); where it is itself the subject, the subject of the
// clause before comes first. "" where there is no such phrase near.
func (v *Resolver) several(i int) string {
	t := &v.r.Phrases
	w := v.r.Words.Words
	if i >= len(t.PhraseOf) || v.deep > 8 {
		return ""
	}
	v.deep++
	defer func() { v.deep-- }()
	clause, subject := -1, false
	own := t.PhraseOf[i]
	if own >= 0 {
		clause = t.Phrases[own].Clause
		subject = t.Phrases[own].Role == phrase.Subject && t.Phrases[own].First == i
	}
	k := sort.Search(len(t.Phrases), func(k int) bool { return t.Phrases[k].First >= i }) - 1
	says := i > 0 && w[i-1].Key == "گفته"
	near := ""
	for n := 0; k >= 0 && n < maxBack; k, n = k-1, n+1 {
		p := &t.Phrases[k]
		if w[i].Sentence-w[p.First].Sentence > 2 {
			break
		}
		if p.Last > i && k != own || p.Role == phrase.Subject && p.Clause == clause && k != own {
			continue
		}
		from := v.plural(p, i)
		if from < 0 || v.rules.class[w[p.Head].Key]&voices != 0 && !subject && !says {
			continue
		}
		if near != "" && (p.Role != phrase.Subject || w[i].Sentence-w[p.First].Sentence > 1) {
			continue
		}
		ref, ok := v.Phrase(from, min(p.Last, i))
		if !ok || ref.Entity == "" {
			continue
		}
		if ty := v.typeOf(ref.Entity); ty == report.PLACE || ty == report.MEDIA || ty == report.PER {
			continue
		}
		if !subject || p.Role == phrase.Subject {
			return ref.Entity
		}
		near = ref.Entity
	}
	return near
}

// plural returns where in the phrase, before word i, a wording of several
// people or bodies begins: «ثروت دهها شاهزاده» has one inside. -1 for none.
func (v *Resolver) plural(p *phrase.Phrase, i int) int {
	w := v.r.Words.Words
	number := -1
	if p.First > 0 && quantity[w[p.First-1].Key] {
		number = p.First - 1
	}
	for j := p.First; j < min(p.Last, i, p.First+12); j++ {
		if k := v.nameAt(j); k < len(v.mention) && v.mention[k].First <= j {
			number = -1
			continue
		}
		c := v.rules.class[w[j].Key]
		if c&they != 0 {
			if j == p.First {
				return j
			}
			return -1
		}
		if c == 0 {
			c = v.rules.class[spell.Key(w[j].Lemma)]
		}
		if number < 0 && (w[j].Tag == word.NUM && w[j].Key != "یک" || quantity[w[j].Key] || c&people != 0 && v.light(j) && j+1 < p.Last && w[j+1].Key == "از") {
			number = j
		}
		if c&(person|people|group|org|state|media) == 0 || c&nation != 0 || c&this != 0 {
			continue
		}
		if w[j].Plural || c&people != 0 && c&person == 0 && !v.light(j) || number >= 0 {
			if number >= 0 {
				return number
			}
			if j > p.First && v.light(j-1) {
				return j - 1
			}
			return j
		}
	}
	return -1
}

// quantity are words of number that are no numerals.
var quantity = map[string]bool{"دهها": true, "صدها": true, "هزاران": true, "چند": true, "چندین": true, "چندصد": true}

// close reports whether two words are at most two sentences apart.
func (v *Resolver) close(a, b int) bool {
	w := v.r.Words.Words
	return w[b].Sentence-w[a].Sentence <= 2
}

// pointed resolves «این مقام», «این گروه», «این گزارش».
func (v *Resolver) pointed(first, last int) (report.Ref, bool) {
	w := v.r.Words.Words
	c := v.rules.class[w[first+1].Key]
	end := first + 2
	for end < last && w[end].Tag == word.ADJ {
		end++
	}
	ref := report.Ref{Span: v.span(first, end)}
	n := v.nameAt(first) - 1
	back := func(types ...report.Type) bool {
		for k := n; k >= 0 && k > n-window; k-- {
			if slices.Contains(types, v.typeOf(v.mention[k].Entity)) {
				ref.Entity = v.mention[k].Entity
				return true
			}
		}
		return false
	}
	sp, _ := slices.BinarySearchFunc(v.spoke, first, func(s spoken, at int) int { return s.at - at })
	if c&any != 0 && !w[first+1].Plural && sp > 0 {
		// the last speaker of that kind, or else the last one
		for k := sp - 1; k >= 0 && k > sp-6; k-- {
			if id := v.spoke[k].entity; v.typeOf(id) == report.PER && (ref.Entity == "" || v.isA(id, w[first+1].Key)) {
				if ref.Entity = id; v.isA(id, w[first+1].Key) {
					return ref, true
				}
			}
		}
		if ref.Entity != "" {
			return ref, true
		}
	}
	if c&state == 0 {
		at := -1
		for k := len(v.told) - 1; k >= 0 && k > len(v.told)-40; k-- {
			if t := v.told[k]; t.at < first && t.at > at && t.head == w[first+1].Key {
				ref.Entity, at = t.entity, t.at
			}
		}
		if id, from := v.before(first); id != "" && from > at {
			ref.Entity, at = id, from
		}
		if at >= 0 {
			return ref, true
		}
	}
	switch {
	case c&state != 0:
		ref.Entity = v.country(first)
		return ref, ref.Entity != "" || back(report.STATE)
	case c&person != 0:
		if r, _, ok := v.pronoun(first, he); ok {
			ref.Entity = r.Entity
			return ref, true
		}
		return ref, false
	case c&text != 0:
		if c&paper != 0 {
			if ref.Entity = v.issuer(first); ref.Entity == "" && sp > 0 && v.spoke[sp-1].entity != v.r.OutletID {
				ref.Entity = v.spoke[sp-1].entity
			}
			return ref, ref.Entity != ""
		}
		return ref, back(report.MEDIA)
	case c&media != 0 && back(report.MEDIA):
		return ref, true
	case c&group != 0 && back(report.GRP, report.ORG):
		return ref, true
	case c&org != 0 && back(report.ORG, report.GRP):
		return ref, true
	case c&place != 0 && back(report.PLACE):
		return ref, true
	}
	return ref, false
}

// named resolves a phrase that is a name, or a name with its title, head noun
// or apposition: «دکتر "احمد ابراهیم"، معاون بیمارستان».
func (v *Resolver) named(first, last int) (report.Ref, bool) {
	w := v.r.Words.Words
	k := v.nameAt(first)
	if k >= len(v.mention) || v.mention[k].First >= last {
		return report.Ref{}, false
	}
	m := &v.mention[k]
	hit := func(m *report.Mention) (report.Ref, bool) { return report.Ref{Entity: m.Entity, Span: m.Span}, true }
	if m.First <= first {
		return hit(m)
	}
	// a person after a title or role, whatever stands between
	onlyTitles := true
	for j := first; j < m.First; j++ {
		if w[j].Tag != word.PUNCT && v.rules.class[w[j].Key]&title == 0 {
			onlyTitles = false
		}
	}
	if onlyTitles {
		return hit(m)
	}
	roleEnd, _ := v.roleAt(first)
	for j := k; j < len(v.mention) && v.mention[j].First < last; j++ {
		p := &v.mention[j]
		if v.typeOf(p.Entity) != report.PER {
			continue
		}
		// «رئیس‌جمهور روسیه ولادیمیر پوتین»: nothing but the role, names and titles before it
		at := roleEnd
		if at == 0 {
			if v.rules.class[w[first].Key]&person == 0 {
				break
			}
			at = first + 1
		}
		ok := true
		for ; at < p.First && ok; at++ {
			if q := v.nameAt(at); q < j && v.mention[q].First <= at {
				continue
			}
			cl := v.rules.class[w[at].Key]
			ok = w[at].Tag == word.PUNCT || cl&title != 0 || w[at].Tag == word.ADJ
		}
		if ok {
			return hit(p)
		}
		break
	}
	t := v.typeOf(m.Entity)
	c := v.rules.class[w[first].Key]
	v.buf = v.rules.desks.At(v.buf[:0], w, first, nil)
	deskEnd := 0
	for _, b := range v.buf {
		deskEnd = max(deskEnd, b.Last)
	}
	gap := m.First - first
	switch {
	case t == report.MEDIA && (deskEnd > 0 && m.First-deskEnd <= 1 || c&media != 0 && gap <= 4):
		return hit(m)
	case c&text != 0 && gap <= 2 && t != report.PLACE:
		return hit(m)
	case t == report.PLACE && c&place != 0 && gap <= 2:
		return hit(m)
	case c&member != 0 && gap == 1 && (t == report.GRP || t == report.ORG):
		return hit(m)
	case (t == report.GRP || t == report.ORG) && c&(group|org) != 0 && gap <= 2:
		return hit(m)
	case (t == report.STATE || t == report.GRP) && c&state != 0 && gap == 1:
		return hit(m)
	}
	return report.Ref{}, false
}

// roleAt returns the end of the longest office at word i and its index; 0, -1 for none.
func (v *Resolver) roleAt(i int) (end, role int) {
	role = -1
	v.buf = v.rules.roles.At(v.buf[:0], v.r.Words.Words, i, func(rest string) bool { return rest == "ی" })
	for _, m := range v.buf {
		if m.Last > end {
			end, role = m.Last, m.Value
		}
	}
	return end, role
}

// held resolves an office alone to the person to whom the report gives it.
func (v *Resolver) held(first, last int) (report.Ref, bool) {
	end, ro := v.roleAt(first)
	if ro < 0 || end > last || v.rules.role[ro].plural {
		return report.Ref{}, false
	}
	of := ""
	stop := last
	if k := v.nameAt(end); k < len(v.mention) && v.mention[k].First < last {
		if v.mention[k].First <= end+2 {
			of = v.mention[k].Entity
		}
		stop = v.mention[k].First
	} else if id := v.thisBody(end, last); id != "" {
		of = id
	}
	title := spell.Key(v.span(first, end).Of(v.r.Text))
	office := v.rules.office[title]
	was := v.former(first, end)
	best, bestScore, bestAt := "", 0, -1
	for i := range v.r.Entities {
		e := &v.r.Entities[i]
		if e.Type != report.PER {
			continue
		}
		for _, o := range e.Roles {
			k := spell.Key(o.Title)
			score := 0
			switch {
			case was != v.formerRole(o):
				continue
			case k == title || office != "" && v.rules.office[k] == office:
				score = 4
			case strings.HasSuffix(k, title) || strings.HasPrefix(k, title) || strings.HasPrefix(title, k):
				score = 2
			default:
				continue
			}
			switch {
			case of != "" && of == o.Of:
				score += 4
			case of == "" || o.Of == "":
				score++
			case v.akin(of, o.Of):
				score += 2
			default:
				continue
			}
			if score < bestScore {
				continue
			}
			if at := v.lastBefore(e.ID, first); score > bestScore || at > bestAt {
				best, bestScore, bestAt = e.ID, score, at
			}
		}
	}
	if best == "" && !was {
		best = v.known(title, of)
	}
	if best == "" {
		return report.Ref{}, false
	}
	return report.Ref{Entity: best, Span: v.span(first, min(stop, end))}, true
}

// known returns the only person named in the report to whom the lexicon gives
// the office, and the report no other; "" where there is none or several.
func (v *Resolver) known(title, of string) string {
	id := v.rules.office[title]
	best := ""
	for i := range v.r.Entities {
		e := &v.r.Entities[i]
		if e.Type != report.PER || len(e.Roles) > 0 {
			continue
		}
		for _, o := range v.rules.past[e.ID] {
			if (o.title == title || id != "" && v.rules.office[o.title] == id) && (of == o.of || of == "" && id == "supreme-leader") {
				if best != "" && best != e.ID {
					return ""
				}
				best = e.ID
			}
		}
	}
	return best
}

// former reports whether the office Words[first:end] was held before, or is
// not yet: «نخست‌وزیر سابق», «رئیس‌جمهور آمریکا در آن وقت» not.
func (v *Resolver) former(first, end int) bool {
	w := v.r.Words.Words
	is := func(i int) bool { return i < len(w) && v.rules.class[w[i].Key]&former != 0 }
	for i := first; i <= end; i++ {
		if is(i) {
			return true
		}
	}
	if k := v.nameAt(end); k < len(v.mention) && v.mention[k].First == end {
		return is(v.mention[k].Last)
	}
	return false
}

// formerRole reports whether the report gives the office as one held before.
func (v *Resolver) formerRole(o report.Role) bool {
	w := v.r.Words.Words
	i, _ := slices.BinarySearchFunc(w, o.Span.Start, func(w word.Word, at int) int { return w.Span.Start - at })
	last := i
	for last < len(w) && w[last].Span.Start < o.Span.End {
		last++
	}
	return v.former(i, last)
}

// lastBefore returns the word where the entity is named last before word i, -1
// where it is not, or too far back.
func (v *Resolver) lastBefore(id string, i int) int {
	n := v.nameAt(i)
	for k := n - 1; k >= 0 && k > n-200; k-- {
		if v.mention[k].Entity == id {
			return v.mention[k].First
		}
	}
	return -1
}

// country returns the state that the words before word i speak of last: by its
// name, in the name of one of its bodies, or by its adjective; "" for none.
func (v *Resolver) country(i int) string {
	w := v.r.Words.Words
	regime := i+1 < len(w) && w[i+1].Key == "رژیم" // no report calls the scene so
	scene := ""                                    // where it happens, «در سوریه»: only if nothing else is there
	for j := i - 1; j >= 0 && j > i-60; j-- {
		if k := v.nameAt(j); k < len(v.mention) && v.mention[k].First <= j {
			m := &v.mention[k]
			switch v.typeOf(m.Entity) {
			case report.STATE:
				if m.First > 0 && w[m.First-1].Key == "در" && !regime && (w[m.First].Sentence == w[i].Sentence || i == 0 || w[i-1].Key != "در") {
					if scene != "" {
						break
					}
					scene = m.Entity
					break
				}
				return m.Entity
			case report.ORG:
				if s := v.stateOf(m.Entity); s != "" {
					return s
				}
			}
			j = m.First
			continue
		}
		if n, ok := v.rules.nisba[w[j].Key]; ok {
			v.add(n)
			return n.id
		}
	}
	return scene
}

// countryOf returns the state in which a person holds office, as the report
// says or else the lexicon; "" where neither does.
func (v *Resolver) countryOf(id string) string {
	i, ok := v.index[id]
	if !ok {
		return ""
	}
	for _, o := range v.r.Entities[i].Roles {
		if v.typeOf(o.Of) == report.STATE {
			return o.Of
		}
		if s := v.stateOf(o.Of); s != "" {
			return s
		}
	}
	if in, ok := v.rules.in[id]; ok {
		if n, ok := v.rules.states[in]; ok {
			v.add(n)
			return in
		}
	}
	return ""
}

// stateOf returns the state of the report whose body the entity is.
func (v *Resolver) stateOf(id string) string {
	if in := v.rules.in[id]; in != "" && v.typeOf(in) == report.STATE {
		return in
	}
	for j := strings.IndexByte(id, '-'); j > 0 && j < len(id); {
		if v.typeOf(id[:j]) == report.STATE {
			return id[:j]
		}
		n := strings.IndexByte(id[j+1:], '-')
		if n < 0 {
			break
		}
		j += 1 + n
	}
	return ""
}

// thisBody resolves «این کشور», «این حزب» at word i inside a phrase; "" for none.
func (v *Resolver) thisBody(i, last int) string {
	w := v.r.Words.Words
	if i+1 >= last || v.rules.class[w[i].Key]&this == 0 {
		return ""
	}
	c := v.rules.class[w[i+1].Key]
	if c&(state|group|org|media) == 0 {
		return ""
	}
	if ref, ok := v.pointed(i, i+2); ok {
		return ref.Entity
	}
	return ""
}

// body resolves the head noun of a body alone, or with «این کشور», to the one
// that the report names so: «پارلمان» is «پارلمان اسپانیا», «دولت این کشور» the
// state. The people of a country and its arms are the country: «ملت فلسطین»,
// «جنگنده‌های انگلیسی».
func (v *Resolver) body(first, last int) (report.Ref, bool) {
	w := v.r.Words.Words
	key := w[first].Key
	c := v.rules.class[key]
	if last > first+1 && c&(arms|nation) != 0 {
		if id, ok := v.rules.nisba[w[first+1].Key]; ok && c&arms != 0 {
			if v.add(id) {
				return report.Ref{Entity: id.id, Span: v.span(first, first+2)}, true
			}
		}
		if k := v.nameAt(first + 1); k < len(v.mention) && v.mention[k].First == first+1 && v.typeOf(v.mention[k].Entity) == report.STATE {
			return report.Ref{Entity: v.mention[k].Entity, Span: v.span(first, v.mention[k].Last)}, true
		}
		return report.Ref{}, false
	}
	switch key {
	case "کشورش", "کشورشان":
		if r, _, ok := v.pronoun(first, he); ok {
			if of := v.countryOf(r.Entity); of != "" {
				return report.Ref{Entity: of, Span: v.span(first, first+1)}, true
			}
		}
		id := v.country(first)
		return report.Ref{Entity: id, Span: v.span(first, first+1)}, id != ""
	case "کشورمان":
		if v.rules.in[v.r.OutletID] != v.rules.home.id || v.rules.home.id == "" {
			return report.Ref{}, false
		}
		v.add(v.rules.home)
		return report.Ref{Entity: v.rules.home.id, Span: v.span(first, first+1)}, true
	}
	if c&member != 0 && last > first+1 && v.rules.class[w[first+1].Key]&org != 0 && v.rules.class[w[first+1].Key]&listed != 0 {
		if ref, ok := v.body(first+1, last); ok { // «نظامیان ارتش»
			ref.Span = v.span(first, last)
			return ref, true
		}
	}
	if c&(state|org|group) == 0 || c&listed == 0 || w[first].Plural {
		return report.Ref{}, false
	}
	if c&state != 0 && key != "کشور" {
		j := first + 1
		for j < last && w[j].Tag == word.ADJ && v.rules.class[w[j].Key]&former == 0 && v.nameAt(j) == v.nameAt(first+1) {
			j++
		}
		if k := v.nameAt(j); j > first+1 && k < len(v.mention) && v.mention[k].First == j && v.mention[k].Last == last && v.typeOf(v.mention[k].Entity) == report.STATE {
			return report.Ref{Entity: v.mention[k].Entity, Span: v.span(first, last)}, true // «دولت جدید مصر»
		}
	}
	if k := v.nameAt(first + 1); c&state != 0 && k < len(v.mention) && v.mention[k].First <= first+2 && v.mention[k].First < last && v.typeOf(v.mention[k].Entity) == report.PER {
		id := v.countryOf(v.mention[k].Entity) // «دولت بوش»
		if id == "" {
			id = v.country(first)
		}
		return report.Ref{Entity: id, Span: v.span(first, v.mention[k].Last)}, id != ""
	}
	of := v.thisBody(first+1, last)
	if last > first+1 && of == "" {
		return report.Ref{}, false
	}
	ref := report.Ref{Span: v.span(first, last)}
	n := v.nameAt(first) - 1
	if c&state != 0 && key == "کشور" {
		return ref, false
	}
	if c&state != 0 {
		if of != "" {
			ref.Entity = of
			return ref, v.typeOf(of) == report.STATE
		}
		for k := n; k >= 0; k-- {
			m := &v.mention[k]
			if k < n-200 {
				break
			}
			if w[m.First].Key == key && v.typeOf(m.Entity) == report.STATE {
				ref.Entity = m.Entity
				return ref, true
			}
		}
		for k := n + 1; k < len(v.mention) && k < n+60; k++ {
			if m := &v.mention[k]; w[m.First].Key == key && v.typeOf(m.Entity) == report.STATE {
				ref.Entity = m.Entity
				return ref, true
			}
		}
		ref.Entity = v.country(first)
		return ref, ref.Entity != ""
	}
	named := func(k int) bool {
		m := &v.mention[k]
		if w[m.First].Key == key && m.Last > m.First+1 && (of == "" || v.stateOf(m.Entity) == of) {
			ref.Entity = m.Entity
			return true
		}
		return false
	}
	for k := n; k >= 0 && k > n-200; k-- {
		if named(k) {
			return ref, true
		}
	}
	for k := n + 1; k < len(v.mention) && k < n+60; k++ {
		if named(k) {
			return ref, true
		}
	}
	return ref, false
}

// add makes sure that a state of the lexicon is among the entities.
func (v *Resolver) add(s stateName) bool {
	v.entity(report.Entity{ID: s.id, Type: report.STATE, Name: s.name, NameEn: s.en, Known: true})
	return true
}

// entity makes sure that e is among the entities once: later stages add some
// too.
func (v *Resolver) entity(e report.Entity) {
	if _, ok := v.index[e.ID]; ok {
		return
	}
	i := slices.IndexFunc(v.r.Entities, func(x report.Entity) bool { return x.ID == e.ID })
	if i < 0 {
		i = len(v.r.Entities)
		v.r.Entities = append(v.r.Entities, e)
	}
	v.index[e.ID] = i
}

// akin reports whether one entity's id or name is part of the other's: a
// hospital and the hospital of a town.
func (v *Resolver) akin(a, b string) bool {
	if strings.HasPrefix(a, b) || strings.HasPrefix(b, a) {
		return true
	}
	x, y := v.index[a], v.index[b]
	m, n := spell.Key(v.r.Entities[x].Name), spell.Key(v.r.Entities[y].Name)
	return strings.HasPrefix(m, n) || strings.HasPrefix(n, m)
}

// described makes an entity of a description: «یک منبع امنیتی در شهر موصل».
func (v *Resolver) described(first, last int) (report.Ref, report.Form, bool) {
	w := v.r.Words.Words
	head := first
	for head < last-1 && v.light(head) {
		head++
	}
	c := v.rules.class[w[head].Key]
	if c == 0 {
		c = v.rules.class[spell.Key(w[head].Lemma)]
	}
	_, ro := v.roleAt(head)
	if c&(person|people|state|media|org|group|member|desk) == 0 && ro < 0 {
		return report.Ref{}, "", false
	}
	// its own words, up to the first name inside it
	end := last
	if k := v.nameAt(first); k < len(v.mention) && v.mention[k].First < last {
		end = v.mention[k].First
	}
	for end > head+1 && (w[end-1].Tag == word.PUNCT || w[end-1].Tag == word.ADP || w[end-1].Tag == word.CCONJ || closes[w[end-1].Key]) {
		end--
	}
	if end <= first {
		return report.Ref{}, "", false
	}
	typ := report.GRP
	switch {
	case c&people != 0 && c&person == 0 || w[head].Plural && ro < 0:
	case c&person != 0 || ro >= 0 && !v.rules.role[ro].plural:
		typ = report.PER
	case c&state != 0:
		typ = report.STATE
	case c&media != 0:
		typ = report.MEDIA
	case c&org != 0:
		typ = report.ORG
	}
	if typ == report.PER && first < head && (w[first].Tag == word.NUM && w[first].Key != "یک" || quantity[w[first].Key]) {
		typ = report.GRP
	}
	name := strings.Join(strings.Fields(v.span(first, last).Of(v.r.Text)), " ")
	id := "~" + lexicon.Slug(name)
	if kind := c & (forces | officials); kind != 0 && head == first {
		for j := head + 1; j < min(last, head+3); j++ {
			if state, _ := v.stateAt(j, false); v.typeOf(state) == report.STATE && v.rules.states[state].id != "" {
				id, name = "~"+state+"-officials", "مقامات "+v.rules.states[state].name
				if kind&forces != 0 {
					id, name = "~"+state+"-forces", "نیروهای "+v.rules.states[state].name
				}
				break
			}
			if w[j].Tag != word.ADJ {
				break
			}
		}
	}
	if last == first+1 && w[head].Plural { // «مهاجمان» are those described before
		for k := len(v.told) - 1; k >= 0 && k > len(v.told)-40; k-- {
			if t := v.told[k]; t.at < first && t.head == w[head].Key && v.typeOf(t.entity) == typ {
				return report.Ref{Entity: t.entity, Span: v.span(first, end)}, report.Description, true
			}
		}
	}
	v.entity(report.Entity{ID: id, Type: typ, Name: name})
	v.told = append(v.told, told{first, w[head].Key, id})
	return report.Ref{Entity: id, Span: v.span(first, end)}, report.Description, true
}

// light reports whether word i stands before the head of a noun phrase.
func (v *Resolver) light(i int) bool {
	w := &v.r.Words.Words[i]
	switch w.Tag {
	case word.NUM, word.DET, word.PUNCT, word.ADV, word.ADP:
		return true
	}
	switch w.Key {
	case "یک", "یکی", "دو", "سه", "چهار", "چند", "چندین", "برخی", "بعضی", "شماری", "تعدادی", "جمعی", "گروهی", "بسیاری", "از", "نفر", "تن", "این", "ان", "هر", "هیچ", "دیگر", "همه", "تمام", "تمامی", "سایر", "کلیه", "اکثر", "حدود", "بیش", "دست", "کم", "دستکم", "حداقل", "نخستین", "اولین", "بقیه", "دهها", "صدها", "هزاران", "میلیونها", "عده‌ای":
		return true
	}
	return false
}

// closes are prepositions and conjunctions that end no description.
var closes = map[string]bool{"در": true, "به": true, "از": true, "با": true, "بر": true, "برای": true, "و": true, "علیه": true, "توسط": true, "که": true, "شهر": true, "استان": true, "را": true}
