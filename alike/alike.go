package alike

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/lexicon"
)

// Name is a name of an entity. An entity may have several.
type Name struct {
	ID      string
	Type    string // PER, ORG, GRP, PLACE, …
	Text    string
	Known   bool // the lexicon has the entity
	Reports int  // that name it
}

// Reader finds names that may be one. Many goroutines may use it.
type Reader struct {
	titles  map[string]bool   // keys of what stands before a name and is not part of it
	given   map[string]bool   // keys of given names
	before  map[string]bool   // keys of particles that belong to the word behind them
	after   map[string]bool   // keys of endings that belong to the word before them
	offices map[string]string // key of a title → the office
	one     map[string]bool   // offices that one holds at a time
	named   map[string]string // office of several titles → its English name
	people  []Name            // of the lexicon
	roles   map[string][]Office
}

// Office is a role of a person: what and in which country or body.
type Office struct {
	Title string // as reports have it
	Of    string // entity id, "" where it is not told
}

// New makes a reader from the lexicon's words of names, offices and people.
func New(lex *lexicon.Lexicon) *Reader {
	r := &Reader{titles: map[string]bool{}, given: map[string]bool{}, before: map[string]bool{}, after: map[string]bool{}, offices: map[string]string{}, one: map[string]bool{}, named: map[string]string{}, roles: map[string][]Office{}}
	for _, e := range lex.File("persons") {
		switch e.ID {
		case "title":
			for _, t := range e.All("fa") {
				r.titles[spell.Key(t)] = true
			}
		case "given", "weak":
			for _, t := range e.All("fa") {
				r.given[spell.Key(t)] = true
			}
		case "ending":
			for _, t := range e.All("fa") {
				r.after[spell.Key(t)] = true
			}
		}
	}
	for _, f := range fields(joinsFile, 2) {
		for w := range strings.SplitSeq(f[1], " | ") {
			if f[0] == "before" {
				r.before[spell.Key(w)] = true
			} else {
				r.titles[spell.Key(w)] = true
			}
		}
	}
	for _, e := range lex.File("roles") {
		for _, t := range e.All("fa") {
			office := e.ID
			if !e.Has("same") { // its titles are several offices: the ministers of energy and of trade
				office += " " + spell.Key(t)
			} else {
				r.named[office] = e.Get("en")
			}
			r.offices[spell.Key(t)], r.one[office] = office, e.Has("one")
		}
	}
	for _, e := range lex.File("people") {
		for _, f := range [...]string{"fa", "surname"} {
			for _, t := range e.All(f) {
				if f == "surname" && e.Has("weak") {
					continue
				}
				r.people = append(r.people, Name{ID: e.ID, Type: "PER", Text: t, Known: true})
			}
		}
		for _, role := range e.All("role") {
			title, of, ok := strings.Cut(role, " @ ")
			if !ok {
				of = e.Get("in")
			}
			r.roles[e.ID] = append(r.roles[e.ID], Office{title, of})
		}
	}
	return r
}

// name is a Name taken apart.
type name struct {
	Name
	words    []string // keys of its words, titles left out
	titled   bool
	whole    string   // all letters
	skeleton []string // of the words
}

func (r *Reader) read(n Name) (name, bool) {
	x := name{Name: n}
	for _, w := range strings.FieldsFunc(n.Text, func(c rune) bool {
		return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == spell.ZWNJ || c == '\u00a0'
	}) {
		if k := spell.Key(w); k != "" {
			x.words = append(x.words, k)
		}
	}
	if n.Type == "PER" {
		for n := r.title(x.words); n > 0; n = r.title(x.words) {
			x.words, x.titled = x.words[n:], true
		}
		x.words = r.joined(x.words)
	}
	for _, w := range x.words {
		x.skeleton = append(x.skeleton, skeleton(w))
	}
	x.whole = strings.Join(x.words, "")
	return x, utf8.RuneCountInString(x.whole) >= 3
}

// title counts the words of a title that a name begins with; a word that is
// also a given name is none before a surname alone («امیر قلعه‌نویی»).
func (r *Reader) title(words []string) int {
	for n := min(3, len(words)-1); n > 0; n-- {
		if r.titles[strings.Join(words[:n], "")] && !(n == 1 && len(words) == 2 && r.given[words[0]]) {
			return n
		}
	}
	return 0
}

// joined puts words together that are one part of a name: «آل هاشم»,
// «فردوسی پور».
func (r *Reader) joined(words []string) []string {
	var out []string
	glue := false
	for i, w := range words {
		if glue || i > 0 && r.after[w] && utf8.RuneCountInString(w) > 1 && !r.given[words[i-1]] {
			out[len(out)-1] += w
		} else {
			out = append(out, w)
		}
		glue = r.before[w] && i+1 < len(words)
	}
	return out
}

// Pair is two names that are worth a look, and what speaks for them by
// themselves.
type Pair struct {
	Into, Other Name
	Kind        string // of data/weights.txt: letters, surname, …
	Of          int    // for surname and common: how many full names have the surname
}

// A block of more names than this says nothing: a name of so many people that
// any two of them are hardly one.
const (
	maxBlock    = 200
	maxSurnames = 20
)

// Pairs returns the pairs of different entities whose names are alike. Of the
// names the caller gives those that are in no lexicon; people of the lexicon
// are looked at too. Each entity that is no target of
// another stands in few pairs, the order is that of ids.
func (r *Reader) Pairs(names []Name) []Pair {
	list := make([]name, 0, len(names)+len(r.people))
	for _, n := range append(slices.Clone(names), r.people...) {
		if x, ok := r.read(n); ok {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(a, b name) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Text, b.Text), strings.Compare(a.Type, b.Type))
	})
	p := &pairing{r: r, best: map[[2]string]Pair{}}
	p.blocks(list, func(x *name) []string { return []string{class(x.Type) + x.whole} }, p.letters)
	p.blocks(list, func(x *name) []string {
		if x.Type != "PER" || len(x.words) < 2 {
			return nil
		}
		var keys []string // surname, and the first sound of each given name
		last := x.skeleton[len(x.skeleton)-1]
		for _, s := range x.skeleton[:len(x.skeleton)-1] {
			if first, _ := utf8.DecodeRuneInString(s); s != "" {
				keys = append(keys, last+" "+string(first))
			}
		}
		slices.Sort(keys)
		return slices.Compact(keys)
	}, p.full)
	p.surnames(list)
	p.bodies(list)
	out := slices.Collect(maps.Values(p.best))
	slices.SortFunc(out, func(a, b Pair) int {
		return cmp.Or(strings.Compare(a.Into.ID, b.Into.ID), strings.Compare(a.Other.ID, b.Other.ID))
	})
	return out
}

// class is what types of entities are compared: a party may be read as a group
// or as an organisation.
func class(typ string) string {
	if typ == "GRP" {
		return "ORG"
	}
	return typ
}

// pairing collects pairs, of each two entities the one that says most.
type pairing struct {
	r    *Reader
	best map[[2]string]Pair
}

func (p *pairing) put(a, b *name, kind string, of int) {
	if a.ID == b.ID || a.Known && b.Known {
		return
	}
	// The one that goes on is the lexicon's, else the one that more reports name, else the fuller name.
	if c := cmp.Or(truth(b.Known)-truth(a.Known), b.Reports-a.Reports, len(b.words)-len(a.words), len(b.whole)-len(a.whole), strings.Compare(a.ID, b.ID)); c > 0 && (kind != "surname" && kind != "common" && kind != "part") {
		a, b = b, a
	}
	key := [2]string{a.ID, b.ID}
	if old, ok := p.best[[2]string{b.ID, a.ID}]; ok && weights[old.Kind] >= weights[kind] {
		return
	} else if ok {
		delete(p.best, [2]string{b.ID, a.ID})
	}
	if old, ok := p.best[key]; !ok || weights[old.Kind] < weights[kind] {
		p.best[key] = Pair{a.Name, b.Name, kind, of}
	}
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// blocks calls compare on all pairs of names that share a key.
func (p *pairing) blocks(list []name, keys func(*name) []string, compare func(a, b *name)) {
	by := map[string][]int{}
	for i := range list {
		for _, k := range keys(&list[i]) {
			by[k] = append(by[k], i)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(by)) {
		block := by[k]
		if len(block) > maxBlock {
			continue
		}
		for i := range block {
			for _, j := range block[i+1:] {
				compare(&list[block[i]], &list[j])
			}
		}
	}
}

// letters compares names of the same letters.
func (p *pairing) letters(a, b *name) {
	switch {
	case a.Type != "PER":
		p.put(a, b, "body", 0)
	case len(a.words) < 2 && len(b.words) < 2:
		p.put(a, b, "word", 0)
	case a.titled != b.titled:
		p.put(a, b, "title", 0)
	default:
		p.put(a, b, "letters", 0)
	}
}

// full compares two full names of people that share how the surname sounds.
func (p *pairing) full(a, b *name) {
	if a.whole == b.whole {
		return
	}
	ga, gb := a.words[:len(a.words)-1], b.words[:len(b.words)-1]
	sa, sb := a.words[len(a.words)-1], b.words[len(b.words)-1]
	if sa == sb {
		if len(ga) > len(gb) {
			ga, gb = gb, ga
		}
		if strings.Join(ga, "") != strings.Join(gb, "") && subset(ga, gb) {
			p.put(a, b, "given", 0)
			return
		}
		if len(ga) == 1 && utf8.RuneCountInString(ga[0]) == 1 && strings.HasPrefix(gb[0], ga[0]) {
			p.put(a, b, "initial", 0)
			return
		}
	}
	// A given name that differs is another person's, save a foreign one that is spelt otherwise.
	ja, jb := strings.Join(ga, ""), strings.Join(gb, "")
	alike := func(x, y string) bool {
		return x == y || utf8.RuneCountInString(x) >= 5 && utf8.RuneCountInString(y) >= 5 && near(x, y) || skeleton(x) == skeleton(y) && utf8.RuneCountInString(skeleton(x)) >= 2
	}
	own := func(x string) bool { return p.r.given[x] }
	if ja != jb && own(ja) && own(jb) {
		return // «حسن» and «حسین» are two names
	}
	if alike(ja, jb) && alike(sa, sb) && !otherEnding(sa, sb) {
		p.put(a, b, "variant", 0)
	}
}

// subset says that the words of a stand in b, in that order; «محمدجواد» and
// «محمد جواد» are the same words.
func subset(a, b []string) bool {
	if strings.HasSuffix(strings.Join(b, ""), strings.Join(a, "")) || strings.HasPrefix(strings.Join(b, ""), strings.Join(a, "")) {
		return slices.Contains(b, a[0]) || slices.Contains(b, a[len(a)-1]) || len(b) == 1
	}
	i := 0
	for _, w := range b {
		if i < len(a) && a[i] == w {
			i++
		}
	}
	return i == len(a)
}

// surnames compares a name of one part with the full names that end so: «باهنر»
// and «محمدرضا باهنر», «رحمانی فضلی» and «عبدالرضا رحمانی فضلی».
func (p *pairing) surnames(list []name) {
	ends := map[string][]int{}
	for i := range list {
		x := &list[i]
		if x.Type != "PER" {
			continue
		}
		for n := 1; n < len(x.words) && n <= 3; n++ {
			k := strings.Join(x.words[len(x.words)-n:], "")
			ends[k] = append(ends[k], i)
		}
	}
	for i := range list {
		x := &list[i]
		if x.Type != "PER" || x.Known || len(x.words) > 2 || p.r.given[x.words[0]] {
			continue // a given name is no surname, and of «علی کریمی» the end is
		}
		full := map[string]int{} // entities
		for _, j := range ends[x.whole] {
			if y := &list[j]; y.ID != x.ID && len(y.words) > len(x.words) {
				if o, ok := full[y.ID]; !ok || len(list[o].words) < len(y.words) {
					full[y.ID] = j
				}
			}
		}
		if len(full) > maxSurnames {
			continue
		}
		kind := "surname"
		if len(full) > 1 {
			kind = "common"
		}
		for _, id := range slices.Sorted(maps.Keys(full)) {
			p.put(&list[full[id]], x, kind, len(full))
		}
	}
}

// bodies compares names of bodies of which one begins with the other, of two
// words at least: «کمیسیون تلفیق» and «کمیسیون تلفیق مجلس». One that ends so is a
// part of the other: «سازمان ترافیک شهرداری همدان».
func (p *pairing) bodies(list []name) {
	whole := map[string][]int{}
	for i := range list {
		if x := &list[i]; class(x.Type) == "ORG" && len(x.words) >= 2 {
			whole[x.whole] = append(whole[x.whole], i)
		}
	}
	longer := map[string][]int{} // names that begin with that of an entity
	for i := range list {
		x := &list[i]
		if class(x.Type) != "ORG" {
			continue
		}
		for n := 2; n < len(x.words); n++ {
			for _, j := range whole[strings.Join(x.words[:n], "")] {
				if list[j].ID != x.ID && !list[j].Known {
					longer[list[j].ID+"\t"+list[j].Text] = append(longer[list[j].ID+"\t"+list[j].Text], i, j)
				}
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(longer)) {
		if found := longer[k]; len(found) <= 2*maxBlock {
			for n := 0; n < len(found); n += 2 {
				p.put(&list[found[n]], &list[found[n+1]], "part", 0)
			}
		}
	}
}

// Here reports whether the shorter of the two names may mean others elsewhere:
// a surname, a body without its country. What is found then holds for the
// report alone that it was found in.
func (p *Pair) Here() bool {
	return p.Kind == "surname" || p.Kind == "common" || p.Kind == "part" || p.Kind == "word" || p.Kind == "initial"
}

// Seen is what reports say of an entity.
type Seen struct {
	Offices []Office
	With    map[string]bool // ids of those named beside it, and outlets
	Reports map[string]bool // in which it is named
}

// Proposal is two entities that may be one.
type Proposal struct {
	Into       string   `json:"into"` // id that would go on
	IntoName   string   `json:"into_name"`
	Known      bool     `json:"known"` // the lexicon has it
	Other      string   `json:"other"`
	OtherName  string   `json:"other_name"`
	Type       string   `json:"type"`
	Confidence float64  `json:"confidence"` // 0 to 1; a score made by hand-tuned weights, no measured probability
	Why        []string `json:"why"`
}

// Judge weighs a pair by what reports say of the two. rarity says how much it
// tells that two entities share the company of a third, from 0, which all
// have, to 1.
func (r *Reader) Judge(p Pair, into, other *Seen, rarity func(id string) float64) Proposal {
	x := Proposal{Into: p.Into.ID, IntoName: p.Into.Text, Known: p.Into.Known, Other: p.Other.ID, OtherName: p.Other.Text, Type: p.Other.Type}
	sum := 0.0
	add := func(w float64, format string, args ...any) {
		sum += w
		x.Why = append(x.Why, fmt.Sprintf(format, args...))
	}
	kind := map[string]string{
		"letters": "the same letters, spaced otherwise", "word": "the same letters", "body": "the same letters, spaced otherwise",
		"title": "the same full name but for a title", "given": "the same surname and given name, one with another given name besides",
		"variant": "full names that sound alike", "initial": "the same surname, and the given name begins so",
		"surname": "the only full name with this surname", "common": "one of several full names with this surname", "part": "the longer name begins with the shorter",
	}[p.Kind]
	if p.Kind == "common" {
		kind = fmt.Sprintf("one of %d full names with this surname", p.Of)
	}
	add(weights[p.Kind], "%s", kind)
	mine := into.Offices
	if p.Into.Known {
		mine = append(slices.Clone(mine), r.roles[p.Into.ID]...)
	}
	if p.Other.Type == "PER" {
		r.judgeOffices(mine, other.Offices, add)
	}
	if id := least(other.Reports, into.Reports); id != "" {
		switch p.Kind {
		case "surname", "part":
			add(weights["introduced"], "report %s has both names", id)
		case "given":
			add(weights["shortened"], "report %s has both names", id)
		case "variant":
			add(weights["together"], "report %s has both names", id)
		}
		return x.sure(sum) // their company is one report's
	}
	shared, a, b := 0.0, 0.0, 0.0
	var names []string
	for _, id := range slices.Sorted(maps.Keys(into.With)) {
		if id == p.Into.ID || id == p.Other.ID {
			continue
		}
		w := rarity(id)
		a += w
		if other.With[id] {
			shared += w
			names = append(names, id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(other.With)) {
		if id != p.Into.ID && id != p.Other.ID {
			b += rarity(id)
		}
	}
	switch {
	case a == 0 || b == 0:
	case shared == 0:
		add(weights["strangers"], "nobody is named beside both")
	default:
		slices.SortStableFunc(names, func(x, y string) int { return cmp.Compare(rarity(y), rarity(x)) })
		more := ""
		if len(names) > 3 {
			more, names = fmt.Sprintf(" and %d more", len(names)-3), names[:3]
		}
		add(weights["company"]*min(1, shared)*shared/math.Sqrt(a*b), "named beside both: %s%s", strings.Join(names, ", "), more)
	}
	return x.sure(sum)
}

func (x Proposal) sure(sum float64) Proposal {
	x.Confidence = math.Round(min(max(sum, 0), 0.98)*100) / 100
	return x
}

func least(a, b map[string]bool) string {
	for _, id := range slices.Sorted(maps.Keys(a)) {
		if b[id] {
			return id
		}
	}
	return ""
}

// judgeOffices adds what the offices of two people say: the strongest of what
// speaks for them, or what speaks against.
func (r *Reader) judgeOffices(a, b []Office, add func(w float64, format string, args ...any)) {
	best, why := "", ""
	put := func(kind, format string, args ...any) {
		if best == "" || weights[kind] > weights[best] {
			best, why = kind, fmt.Sprintf(format, args...)
		}
	}
	against, whyNot := "", ""
	for _, x := range a {
		for _, y := range b {
			ox, oy := r.office(x.Title), r.office(y.Title)
			switch {
			case ox == oy && (x.Of == "" || y.Of == ""):
				put("job", "both are called %s", r.says(ox, x.Title))
			case ox == oy && within(x.Of, y.Of):
				put("office", "both are called %s of %s", r.says(ox, x.Title), x.Of)
			case ox == oy:
				kind := "apart"
				if r.one[ox] {
					kind = "rival"
				}
				if against == "" || weights[kind] < weights[against] {
					against, whyNot = kind, fmt.Sprintf("%s of %s and of %s", r.says(ox, x.Title), x.Of, y.Of)
				}
			case x.Of != "" && within(x.Of, y.Of):
				put("kindred", "both hold an office of %s", x.Of)
			}
		}
	}
	if best == "office" || best == "job" && against == "" || best == "kindred" && against == "" {
		add(weights[best], "%s", why)
	} else if against != "" {
		add(weights[against], "%s", whyNot)
	}
}

// office is the office of a title, or the title itself where the lexicon has
// none.
func (r *Reader) office(title string) string {
	k := spell.Key(title)
	if o, ok := r.offices[k]; ok {
		return o
	}
	return "«" + k
}

func (r *Reader) says(office, title string) string {
	if n := r.named[office]; n != "" {
		return n
	}
	return "«" + title + "»"
}

// within says that two bodies are one, or one is in the other, as ids tell:
// "iran" and "iran-parliament".
func within(a, b string) bool {
	return a != "" && b != "" && (a == b || strings.HasPrefix(a, b+"-") || strings.HasPrefix(b, a+"-"))
}
