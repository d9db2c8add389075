// Package phrase finds the noun phrases and clauses of Persian sentences from
// the finite verb, «که», «را», ezafe and prepositions. It is a shallow
// structure, made to be right where it speaks: no full tree is built, and a
// word that fits nowhere is in no phrase.
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
)

// Phrase is a noun phrase: a head, its ezafe chain and apposition.
type Phrase struct {
	First, Last int    // Words[First:Last], preposition left out
	Head        int    // index of the head word
	Prep        string // lemma of the preposition that governs it, compound ones joined by a space («از سوی»); "" for none
	PrepFirst   int    // index of the preposition's first word; First when there is none
	Role        Role
	Clause      int // index into Tree.Clauses
	Of          int // index of the phrase this one modifies by a preposition inside it, -1 for none
}

// Clause is a verb and what belongs to it.
type Clause struct {
	First, Last int    // Words[First:Last]; embedded clauses inside count to the outer one too
	Verb        int    // index of the head word of the verb; -1 for a verbless clause (headline)
	Light       int    // index of the nominal part of a light verb; -1 for none
	Lemma       string // lemma of the verb, with its nominal part where it has one: «اعلام کردن»
	Parent      int    // index of the clause it depends on, -1 for none
	Kind        Kind
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
}

// Find reads the words of t into phrases and clauses.
func Find(t *word.Text) Tree { return Tree{} }
