// Package models embeds the trained weights of the text layer. How they were
// made, from what, and under which licence is in README.md.
package models

import _ "embed"

// Words holds what is known of word forms before any training: classes in
// the lexicon and clusters of raw text.
//
//go:embed words.bin
var Words string

// UPOS tags words with their part of speech.
//
//go:embed upos.bin
var UPOS string

// Lemma holds lemmas that no rule gives: tag, key and lemma, a line each.
//
//go:embed lemma.txt
var Lemma string

// HalfSpace tells where half-spaces are missing.
//
//go:embed halfspace.bin
var HalfSpace string
