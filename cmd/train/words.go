package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/crf"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/tag"
)

// The lexicon classes of a word, a bit each.
var lexBit = map[string]byte{
	"verb": 1, "noun_singular": 2, "noun_plural": 4, "adjective": 8, "adjective_comparative": 8, "adjective_superlative": 8,
	"adverb": 16, "pronoun": 32, "adposition": 32, "conjunction": 32, "determiner": 32, "numeral": 32, "classifier": 32, "interjection": 32,
	"foreign": 64,
}

// record of a word: lexicon classes, lean, fine cluster (2), coarse cluster.
const recordWidth = 5

func lines(name string, each func(string)) error {
	f, err := os.Open(data(name))
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		each(sc.Text())
	}
	return sc.Err()
}

// raw calls each with every line of raw text: PerDT's training sentences and news.
func raw(each func(string)) error {
	if err := lines("ud/fa_perdt-ud-train.raw.txt", each); err != nil {
		return err
	}
	return lines("news/fars.jsonl", func(l string) {
		var a struct{ Text string }
		if json.Unmarshal([]byte(l), &a) == nil {
			for p := range strings.SplitSeq(a.Text, "\n") {
				each(p)
			}
		}
	})
}

func words() error {
	lex := map[string]byte{}
	err := lines("lexicon/lilak-lexicon.txt", func(l string) {
		if w, rest, ok := strings.Cut(l, ","); ok && l[0] != '#' {
			class, _, _ := strings.Cut(rest, ",")
			lex[spell.Key(w)] |= lexBit[class]
		}
	})
	if err != nil {
		return err
	}
	err = lines("lexicon/given-names.csv", func(l string) {
		if w, _, ok := strings.Cut(l, ","); ok && w != "Name" {
			lex[spell.Key(w)] |= 128
		}
	})
	if err != nil {
		return err
	}
	var text [][]string
	err = raw(func(l string) {
		t := fa.Words(l, nil)
		for s := range t.Sentences {
			var keys []string
			for _, w := range t.Of(s) {
				k := w.Key
				if k == "" {
					k = w.Form
				}
				keys = append(keys, k)
			}
			text = append(text, keys)
		}
	})
	if err != nil {
		return err
	}
	fine := cluster(text, 256, 8)
	coarse := cluster(text, 40, 8)
	log.Printf("%d words in the lexicon, %d in clusters", len(lex), len(fine))
	records := map[uint64][]byte{}
	rec := func(k string) []byte {
		h := tag.Hash(k)
		if records[h] == nil {
			records[h] = make([]byte, recordWidth)
		}
		return records[h]
	}
	for k, bits := range lex {
		rec(k)[0] = bits
	}
	for k, c := range fine {
		r := rec(k)
		r[2], r[3], r[4] = byte(c+1), byte((c+1)>>8), byte(coarse[k]+1)
	}
	return write("words.bin", crf.AppendTable(nil, recordWidth, records))
}
