// Package tag decides the part of speech of every word, whether an ezafe
// joins it to the next, and its lemma.
//
// It is trained: package models holds the weights, cmd/train makes them.
package tag

import (
	"fmt"
	"strings"
	"sync"

	"github.com/sanad-project/sanad/fa/crf"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/models"
)

// Tagger is a trained tagger. It may be used by many goroutines.
type Tagger struct {
	words crf.Table
	upos  *crf.Model
	tags  []word.Tag // of upos's labels
	ezafe []bool     // whether the label has an ezafe
	plain uint32     // the labels that have none
	pool  sync.Pool  // of *work
}

type work struct {
	atoms   []atom
	feats   []uint64
	lattice crf.Lattice
}

// Load makes a tagger of weights in the forms of package models.
func Load(words, upos string) (*Tagger, error) {
	m := &Tagger{}
	m.pool.New = func() any { return new(work) }
	var err error
	if m.words, err = crf.ReadTable(words); err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	if upos != "" {
		if m.upos, err = crf.Load(upos); err != nil {
			return nil, fmt.Errorf("upos: %w", err)
		}
		for _, name := range m.upos.Labels {
			name, ezafe := strings.CutSuffix(name, "+e")
			t, ok := word.ParseTag(name)
			if !ok {
				return nil, fmt.Errorf("upos: no tag %q", name)
			}
			if !ezafe {
				m.plain |= 1 << len(m.tags)
			}
			m.tags, m.ezafe = append(m.tags, t), append(m.ezafe, ezafe)
		}
	}
	return m, nil
}

// Default returns the embedded tagger.
var Default = sync.OnceValue(func() *Tagger {
	m, err := Load(models.Words, models.UPOS)
	if err != nil {
		panic("embedded tagger: " + err.Error())
	}
	return m
})

// Text fills in Tag and Ezafe of the words of t.
func (m *Tagger) Text(t *word.Text) {
	w := m.pool.Get().(*work)
	defer m.pool.Put(w)
	for s := range t.Sentences {
		m.sentence(w, t.Of(s))
	}
}

// longest is the most words that are decoded at once; a longer sentence is
// read in pieces.
const longest = 400

func (m *Tagger) sentence(w *work, words []word.Word) {
	for len(words) > longest {
		m.sentence(w, words[:longest])
		words = words[longest:]
	}
	w.fill(m, words)
	w.lattice.Start(m.upos, len(words))
	for i := range words {
		w.feats = features(w.feats[:0], w.atoms, i)
		w.lattice.AddAll(i, w.feats)
		if strings.HasSuffix(words[i].Key, "ا") {
			w.lattice.Bar(i, m.plain) // after ا an ezafe is written: «نیروهای»
		}
	}
	for i, y := range w.lattice.Best() {
		words[i].Tag = m.tags[y]
		words[i].Ezafe = m.ezafe[y]
	}
}

func (w *work) fill(m *Tagger, words []word.Word) {
	if cap(w.atoms) < len(words) {
		w.atoms = make([]atom, len(words)*2)
	}
	w.atoms = w.atoms[:len(words)]
	for i := range words {
		w.atoms[i].fill(m, &words[i])
	}
}

// Features returns the features of each word of a sentence, for training.
func (m *Tagger) Features(words []word.Word) [][]uint64 {
	var w work
	w.fill(m, words)
	list := make([][]uint64, len(words))
	for i := range words {
		list[i] = features(nil, w.atoms, i)
	}
	return list
}
