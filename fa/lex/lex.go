// Package lex says what the dictionary knows of a word form: its classes.
//
// The dictionary is Lilak's (Apache-2.0) and lists of given names, packed by
// cmd/train into models/words.bin by hash; a form that is not in it is taken
// for one that is about once in 50,000.
package lex

import (
	"sync"

	"github.com/sanad-project/sanad/fa/crf"
	"github.com/sanad-project/sanad/models"
)

// Class is a set of the classes that a form has in the dictionary.
type Class uint8

// The classes. A form may have several: «خرید» is a verb and a noun.
const (
	Verb Class = 1 << iota
	Noun
	Plural
	Adjective
	Adverb
	Closed // pronouns, prepositions, conjunctions, determiners, numerals, interjections
	Foreign
	Name // a given name
)

// Nominal is the classes that take the endings of nouns.
const Nominal = Noun | Plural | Adjective | Name

var table = sync.OnceValue(func() *crf.Table {
	t, err := crf.ReadTable(models.Words)
	if err != nil {
		panic("embedded words: " + err.Error())
	}
	return &t
})

// Of returns the classes of the form with that spell.Key; 0 for one that the
// dictionary does not have.
func Of(key string) Class {
	if rec := table().Get(Hash(key)); rec != "" {
		return Class(rec[0])
	}
	return 0
}

// Hash is the hash of a key in the tables of package models.
func Hash(key string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for _, r := range key {
		h = (h ^ uint64(r)) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h * 0x9e3779b97f4a7c15
}
