// Package word holds what the Persian text layer says of a text: its words
// and sentences, tied to the bytes they were read from. It holds types only;
// the packages beside it fill them (spell, segment, morph, tag), and number,
// when and phrase read them.
package word

import "github.com/sanad-project/sanad/span"

// Tag is a Universal Dependencies part of speech (UPOS).
type Tag uint8

// The UPOS tags, https://universaldependencies.org/u/pos/.
const (
	X Tag = iota
	ADJ
	ADP
	ADV
	AUX
	CCONJ
	DET
	INTJ
	NOUN
	NUM
	PART
	PRON
	PROPN
	PUNCT
	SCONJ
	SYM
	VERB
)

var tagNames = [...]string{"X", "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB"}

func (t Tag) String() string { return tagNames[t] }

// ParseTag returns the tag of that UPOS name; ok is false for an unknown name.
func ParseTag(name string) (t Tag, ok bool) {
	for i, n := range tagNames {
		if n == name {
			return Tag(i), true
		}
	}
	return X, false
}

// Word is one orthographic word: what a careful typist sets between spaces or
// punctuation, with its half-spaced affixes. A prefix or suffix that the text
// separates by a space («می شود», «گروه ها») belongs to its word; two words
// that the text glues stay one unless the lexicon splits them.
type Word struct {
	Span  span.Span // bytes of the source, affixes included
	Form  string    // in standard spelling: ی and ک, no diacritics, half-spaces where they belong
	Key   string    // spell.Key of Form: what dictionaries are asked for
	Tag   Tag
	Lemma string // dictionary form in standard spelling; for a verb its infinitive («گفتن»)

	Plural bool   // noun plural: ها، ان، ات، ین and broken plurals the lexicon knows
	Indef  bool   // indefinite or restrictive ی
	Ezafe  bool   // an ezafe is written (ی، هٔ) or was decided by the tagger
	Degree int8   // 1 comparative تر, 2 superlative ترین
	Clitic Clitic // enclitic pronoun («شان» of «رهبرانشان») or copula; zero when there is none
	Verb   *Verb  // nil where the word is no verb form

	Sentence int // index into Text.Sentences
	Line     int // 0-based line of the source
}

// Clitic is what hangs on a word's end and is a syntactic word of its own in
// Universal Dependencies.
type Clitic struct {
	Form   string
	Span   span.Span
	Person int8 // 1 to 3
	Plural bool
	Copula bool // ام، است، اند as part of the word, not a pronoun
}

// Tense is what a verb form is, tense and mood in one.
type Tense uint8

// The forms of the Persian verb that the analyser tells apart.
const (
	NoTense     Tense = iota
	Past              // گفت
	Imperfect         // می‌گفت
	Present           // می‌گوید
	Subjunctive       // بگوید، گوید
	Imperative        // بگو
	Perfect           // گفته است، گفته
	Pluperfect        // گفته بود
	PastSubj          // گفته باشد
	Future            // خواهد گفت
	Participle        // گفته without auxiliary, not yet known to be finite
	Infinitive        // گفتن
)

// Verb is the analysis of a verb form. A form of several words («گفته شده
// است», «خواهد گفت») is analysed on its head, the last word of the lexical
// verb, and the auxiliaries point to it.
type Verb struct {
	Past, Present string // the two stems: گفت، گو
	Tense         Tense
	Person        int8 // 1 to 3; 0 unknown
	Plural        bool
	Negative      bool
	Passive       bool
	Aux           bool // an auxiliary of the verb at Head
	Head          int  // index of the head word; the word's own index for a head
	First, Last   int  // indexes of the first and last word of the whole form («خواهد گفت»: both)
}

// Sentence is a run of words. Headlines, lines without a full stop and
// paragraphs end one too.
type Sentence struct {
	Span        span.Span
	First, Last int // Words[First:Last]
}

// Text is a source text read into words.
type Text struct {
	Source    string
	Words     []Word
	Sentences []Sentence
}

// Of returns the words of sentence s.
func (t *Text) Of(s int) []Word { return t.Words[t.Sentences[s].First:t.Sentences[s].Last] }

// Span returns the source span of Words[i:j].
func (t *Text) Span(i, j int) span.Span {
	if j <= i {
		return span.Span{}
	}
	return span.Span{Start: t.Words[i].Span.Start, End: t.Words[j-1].Span.End}
}
