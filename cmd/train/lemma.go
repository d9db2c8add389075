package main

import (
	"fmt"
	"sort"
	"strings"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/tag"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/internal/conllu"
	"github.com/sanad-project/sanad/models"
)

// lemmas makes lemma.txt: the forms of the treebanks whose lemma the rules
// miss, with the lemma that they have most often.
func lemmas() error {
	models.Lemma = ""
	counts := map[string]map[string]int{}
	wrong := map[string]bool{}
	forms := map[string]string{}
	for _, tb := range treebanks {
		if tb.domain == 2 {
			continue
		}
		sentences, err := conllu.Read(data("ud/" + tb.file))
		if err != nil {
			return err
		}
		weight := 1
		if tb.domain == 0 {
			weight = 2
		}
		for i := range sentences {
			s := &sentences[i]
			t := fa.Read(s.Text, nil)
			ours, theirs := conllu.Positions(s.Text), conllu.Positions(s.Text)
			at := map[[2]int]*conllu.Token{}
			for k := range s.Tokens {
				tok := &s.Tokens[k]
				at[[2]int{theirs[tok.Start], theirs[tok.End]}] = tok
			}
			for k := range t.Words {
				w := t.Words[k]
				tok := at[[2]int{ours[w.Span.Start], ours[w.Span.End]}]
				if tok == nil || tok.Last-tok.First > 1 || w.Clitic.Form != "" {
					continue
				}
				g := s.Words[tok.First]
				gold, ok := word.ParseTag(g.UPOS)
				if !ok || gold == word.VERB || gold == word.AUX || gold == word.PUNCT || g.Lemma == "_" {
					continue
				}
				w.Tag = gold
				if tb.domain == 1 && gold == word.PART {
					continue
				}
				key := w.Tag.String() + "\t" + w.Key
				lemma := g.Lemma
				if strings.ContainsAny(lemma, "#\t") {
					continue
				}
				if counts[key] == nil {
					counts[key] = map[string]int{}
				}
				counts[key][lemma] += weight
				forms[key] = w.Form
				if tag.Lemma(&w) != lemma {
					wrong[key] = true
				}
			}
		}
	}
	// What a researcher wrote by hand goes first.
	hand := map[string]string{}
	err := linesOf("fa/tag/data/plurals.txt", func(l string) {
		if l == "" || l[0] == '#' {
			return
		}
		if f := strings.Fields(l); len(f) == 2 {
			hand["NOUN\t"+spell.Key(f[1])] = f[0]
		}
	})
	if err != nil {
		return err
	}
	out := map[string]string{}
	for k, l := range hand {
		out[k] = l
	}
	for key := range wrong {
		best, n := "", 0
		for l, c := range counts[key] {
			if c > n || c == n && l < best {
				best, n = l, c
			}
		}
		out[key] = best
	}
	var list []string
	for k, l := range out {
		list = append(list, k+"\t"+l)
	}
	sort.Strings(list)
	return write("lemma.txt", []byte(fmt.Sprintln(strings.Join(list, "\n"))))
}
