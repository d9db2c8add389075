// Package phrase finds the noun phrases and clauses of Persian sentences from
// the finite verb, «که», «را», ezafe and prepositions. It is a shallow
// structure, made to be right where it speaks: no full tree is built, and a
// word that fits nowhere is in no phrase.
//
// «سخنگوی ارتش گفت که نیروها شهر را تصرف کردند» has two clauses: گفتن, with
// «سخنگوی ارتش» as subject, and its complement تصرف کردن, with the subject
// «نیروها» and the object «شهر».
package phrase

import "github.com/sanad-project/sanad/fa/word"

// Role is what a phrase is to the verb of its clause, as far as form tells.
type Role uint8

// The roles of a noun phrase in its clause.
const (
	Other     Role = iota
	Subject        // before the verb, no marker, agrees; or the head of a passive
	Object         // marked by را, or bare beside a light verb
	Oblique        // after a preposition, named by Prep
	LightNoun      // the nominal part of a light verb: «حمله» of «حمله کردند»
	Predicate      // what a copula says of its subject: «رهبر» of «او رهبر است»
	When           // a bare phrase of time: «روز دوشنبه»
)

// Phrase is a noun phrase: a head, its ezafe chain and apposition.
type Phrase struct {
	First, Last int    // Words[First:Last], preposition left out
	Head        int    // index of the head word
	Prep        string // lemma of the preposition that governs it, compound ones joined by a space («از سوی»); "" for none
	PrepFirst   int    // index of the preposition's first word; First when there is none
	Role        Role
	Clause      int // index into Tree.Clauses
	Of          int // index of the phrase right before that this one, with its preposition, may belong to («به پایگاه» of «حمله به پایگاه»), -1 for none
	And         int // index of the phrase that «و» joins it to, -1 for none; prepositions and را hold for both
	Same        int // index of the phrase that this one names again («رهبر حزب» after a name), -1 for none
}

// Clause is a verb and what belongs to it.
type Clause struct {
	First, Last int    // Words[First:Last]; embedded clauses inside count to the outer one too
	Verb        int    // index of the head word of the verb; -1 for a verbless clause (headline)
	Light       int    // index of the nominal part of a light verb; -1 for none
	Lemma       string // lemma of the verb, with its nominal part where it has one: «اعلام کردن»
	Parent      int    // index of the clause it depends on, -1 for none
	Kind        Kind
	Noun        int // index of the noun phrase that a relative clause belongs to, -1 for none
}

// Kind is how a clause is tied to its parent.
type Kind uint8

// The kinds of clauses.
const (
	Main        Kind = iota
	Complement       // content of a verb of saying, with or without که
	Relative         // که after a noun
	Conditional      // اگر، چنانچه، در صورتی که
	Adverbial        // پس از آنکه، در حالی که، تا، زیرا
	Coordinate       // joined by و، اما …
)

// Tree holds the phrases and clauses of a text, each list in text order.
type Tree struct {
	Phrases  []Phrase
	Clauses  []Clause
	ClauseOf []int // for each word, its innermost clause, -1 for none
	PhraseOf []int // for each word, its phrase, -1 for none; a preposition is in none
	starts   []int // for each clause, its phrases: members[starts[c]:starts[c+1]]
	members  []int
}

// In returns the phrases of clause c in text order, those of clauses inside it
// left out.
func (t *Tree) In(c int) []int {
	if c < 0 || c+1 >= len(t.starts) {
		return nil
	}
	return t.members[t.starts[c]:t.starts[c+1]]
}

// With returns the first phrase of clause c in that role, -1 for none.
func (t *Tree) With(c int, r Role) int {
	for _, p := range t.In(c) {
		if t.Phrases[p].Role == r {
			return p
		}
	}
	return -1
}

// Subject returns the phrase that is the subject of clause c, -1 for none.
// A clause without one of its own has that of the clause it is joined to, a
// relative clause the noun before که, the complement of «توانستن» and its like
// the subject of that verb.
func (t *Tree) Subject(c int) int {
	for range 6 { // deep chains are not followed for ever
		if c < 0 || c >= len(t.Clauses) {
			return -1
		}
		if p := t.With(c, Subject); p >= 0 {
			return p
		}
		cl := &t.Clauses[c]
		switch cl.Kind {
		case Relative:
			return cl.Noun
		case Coordinate, Complement, Adverbial:
			c = cl.Parent
		default:
			return -1
		}
	}
	return -1
}

// Object returns the phrase that is the object of clause c, -1 for none.
func (t *Tree) Object(c int) int { return t.With(c, Object) }

// Extent returns the words of phrase p with what is joined to it by و and what
// names it again: First and Last of the whole.
func (t *Tree) Extent(p int) (first, last int) {
	first, last = t.Phrases[p].First, t.Phrases[p].Last
	for q := p + 1; q < len(t.Phrases) && (t.Phrases[q].And == q-1 || t.Phrases[q].Same == q-1); q++ {
		last = t.Phrases[q].Last
	}
	return first, last
}

// Find reads the words of t into phrases and clauses.
func Find(t *word.Text) Tree {
	tree := Tree{ClauseOf: make([]int, len(t.Words)), PhraseOf: make([]int, len(t.Words))}
	for i := range tree.ClauseOf {
		tree.ClauseOf[i], tree.PhraseOf[i] = -1, -1
	}
	f := finder{t: t, tree: &tree, l: load()}
	for _, s := range t.Sentences {
		f.sentence(s.First, s.Last)
	}
	tree.index()
	return tree
}

// index fills members.
func (t *Tree) index() {
	t.starts = make([]int, len(t.Clauses)+1)
	for i := range t.Phrases {
		if c := t.Phrases[i].Clause; c >= 0 {
			t.starts[c+1]++
		}
	}
	for c := range t.Clauses {
		t.starts[c+1] += t.starts[c]
	}
	t.members = make([]int, t.starts[len(t.Clauses)])
	at := append([]int(nil), t.starts...)
	for i := range t.Phrases {
		if c := t.Phrases[i].Clause; c >= 0 {
			t.members[at[c]] = i
			at[c]++
		}
	}
}
