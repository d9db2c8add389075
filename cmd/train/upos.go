package main

import (
	"log"
	"math/rand/v2"
	"strings"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/crf"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/tag"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/internal/conllu"
)

// treebanks are the treebanks we train on. Domain 0 has the conventions we
// want. PerDT's test file is for measuring only.
var treebanks = []struct {
	file   string
	domain int
}{
	{"fa_perdt-ud-dev.conllu", 0},
	{"fa_seraji-ud-dev.conllu", 1},
	{"fa_seraji-ud-test.conllu", 1},
	{"iperudt-train.conllu", 2},
	{"iperudt-dev.conllu", 2},
	{"iperudt-test.conllu", 2},
}

// labels are the tags as they stand in a model: "+e" has an ezafe.
var labels = func() (list []string) {
	for t := word.ADJ; t <= word.VERB; t++ {
		list = append(list, t.String())
		switch t {
		case word.NOUN, word.PROPN, word.ADJ, word.PRON:
			list = append(list, t.String()+"+e")
		}
	}
	return append(list, "X")
}()

func labelBit(name string) uint32 {
	for i, l := range labels {
		if l == name {
			return 1 << i
		}
	}
	return 0
}

// reading is a treebank sentence as our text layer reads it, before tagging.
type reading struct {
	words  []word.Word
	gold   []int // index of the token that is exactly the word, -1 for none
	source *conllu.Sentence
}

// readAs reads text, which is s in some spelling, and ties its words to the tokens of s.
func readAs(s *conllu.Sentence, text string) reading {
	t := fa.Words(text, nil)
	r := reading{words: t.Words, source: s}
	ours, theirs := conllu.Positions(text), conllu.Positions(s.Text)
	k := 0
	for i := range r.words {
		r.words[i].Sentence = 0
		start, end := ours[r.words[i].Span.Start], ours[r.words[i].Span.End]
		for k < len(s.Tokens) && theirs[s.Tokens[k].Start] < start {
			k++
		}
		if k < len(s.Tokens) && theirs[s.Tokens[k].Start] == start && theirs[s.Tokens[k].End] == end {
			r.gold = append(r.gold, k)
		} else {
			r.gold = append(r.gold, -1)
		}
	}
	return r
}

// spellings returns the text of a sentence as it stands and, for some
// sentences, without its half-spaces or with spaces for them.
func spellings(rnd *rand.Rand, text string) []string {
	list := []string{text}
	switch rnd.IntN(5) {
	case 0:
		list = append(list, strings.ReplaceAll(text, "\u200c", ""))
	case 1:
		list = append(list, strings.ReplaceAll(text, "\u200c", " "))
	}
	if len(list) > 1 && list[1] == text {
		list = list[:1]
	}
	return list
}

// tagger makes words.bin and upos.bin. The tagger is trained twice: the first
// reads the raw text, and what tags it gives there to each word is one of the
// features of the second.
func tagger() error {
	table, err := words()
	if err != nil {
		return err
	}
	first, err := train(table.bytes(), 8)
	if err != nil {
		return err
	}
	m, err := tag.Load(table.bytes(), first)
	if err != nil {
		return err
	}
	if err := lean(table.rec, m); err != nil {
		return err
	}
	second, err := train(table.bytes(), 12)
	if err != nil {
		return err
	}
	if err := write("words.bin", []byte(table.bytes())); err != nil {
		return err
	}
	return write("upos.bin", []byte(second))
}

// train trains a tagger over the words of a table.
func train(words string, epochs int) (string, error) {
	m, err := tag.Load(words, "")
	if err != nil {
		return "", err
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	var list []crf.Example
	for _, tb := range treebanks {
		sentences, err := conllu.Read(data("ud/" + tb.file))
		if err != nil {
			return "", err
		}
		known, all := 0, 0
		for i := range sentences {
			s := &sentences[i]
			ezafes := s.Ezafes()
			for k, text := range spellings(rnd, s.Text) {
				r := readAs(s, text)
				e := crf.Example{Features: m.Features(r.words), Domain: tb.domain, Weight: 1}
				if k > 0 {
					e.Weight = .3
				}
				for _, g := range r.gold {
					set := uint32(1)<<len(labels) - 1
					if g >= 0 {
						set = allowed(tb.domain, &s.Words[s.Tokens[g].First], ezafe(tb.domain, ezafes[g]))
						known++
					}
					all++
					e.Labels = append(e.Labels, set)
				}
				list = append(list, e)
			}
		}
		log.Printf("%s: %d sentences, %d words, %.1f%% are tokens", tb.file, len(sentences), all, 100*float64(known)/float64(all))
	}
	err = linesOf("fa/tag/data/ezafe.txt", func(l string) {
		if l == "" || l[0] == '#' {
			return
		}
		var text []string
		with := map[string]bool{} // words never stand both with and without ezafe in one of these sentences
		for f := range strings.FieldsSeq(l) {
			w, ezafe := strings.CutSuffix(f, "+")
			text = append(text, w)
			with[spell.Key(w)] = ezafe
		}
		t := fa.Words(strings.Join(text, " "), nil)
		e := crf.Example{Features: m.Features(t.Words), Weight: 1}
		for _, w := range t.Words {
			set := uint32(0)
			for i, name := range labels {
				if ezafe, ok := with[w.Key]; !ok || ezafe == strings.HasSuffix(name, "+e") {
					set |= 1 << i
				}
			}
			e.Labels = append(e.Labels, set)
		}
		list = append(list, e)
	})
	if err != nil {
		return "", err
	}
	return string(crf.Train(crf.Options{Labels: labels, Domains: 3, Epochs: epochs, Rate: .03, MinSeen: 2, L2: .05, Dropout: .3, Prune: .08, Log: log.Printf}, list)), nil
}

// ezafe settles what the tree leaves open.
func ezafe(domain int, e conllu.Ezafe) conllu.Ezafe {
	if domain == 2 {
		return conllu.MaybeEzafe
	}
	return e
}

// allowed returns the tags, in PerDT's conventions, that a word may have.
func allowed(domain int, w *conllu.Word, e conllu.Ezafe) (set uint32) {
	names := []string{w.UPOS}
	switch {
	case domain == 0:
	case w.Form == "را" || w.Form == "رو":
		names[0] = "ADP"
	case w.UPOS == "NOUN":
		names = append(names, "PROPN")
	}
	for _, n := range names {
		plain, with := labelBit(n), labelBit(n+"+e")
		switch {
		case with == 0 || e == conllu.NoEzafe:
			set |= plain
		case e == conllu.HasEzafe:
			set |= with
		default:
			set |= plain | with
		}
	}
	if set == 0 {
		return 1<<len(labels) - 1
	}
	return set
}
