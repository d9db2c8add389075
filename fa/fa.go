// Package fa is the Persian text layer: it reads a text into words and
// sentences, each tied to the bytes it came from, with part of speech, lemma
// and the analysis of its form. It knows nothing of news.
package fa

import (
	"github.com/sanad-project/sanad/fa/halfspace"
	"github.com/sanad-project/sanad/fa/morph"
	"github.com/sanad-project/sanad/fa/segment"
	"github.com/sanad-project/sanad/fa/tag"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/span"
)

// Read reads source into words and sentences. The stretches in skip, sorted
// and apart, are left out; no sentence crosses one.
func Read(source string, skip []span.Span) word.Text {
	t := Words(source, skip)
	tag.Default().Text(&t)
	morph.Resolve(&t)
	halfspace.Default().Words(&t)
	tag.Lemmas(&t)
	return t
}

// Words is Read without what the trained tagger says.
func Words(source string, skip []span.Span) word.Text {
	t := segment.Text(source, skip)
	morph.Words(&t)
	return t
}
