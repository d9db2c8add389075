package incident

import (
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
)

//go:embed data/kinds.txt
var kindsFile string

//go:embed data/words.txt
var wordsFile string

//go:embed data/weights.txt
var weightsFile string

// data is what the files of the folder data say.
type data struct {
	kinds    map[string]string // "TYPE" or "TYPE mode" → kind
	talk     map[string]bool   // kinds whose parties are always known
	like     map[[2]string]bool
	fit      map[[2]string]bool // weapons that are two words for one thing, or parts of one
	apart    map[[2]string]bool // classes of people that nobody is both of
	only     map[string]bool    // the first of each rival
	rival    map[[2]string]bool // causes that are compared with these alone
	other    map[[2]string]bool // those of which the same number cannot be both
	words    map[string][]pattern
	number   map[string]int     // of a class, by the order of the file
	heads    map[string]classes // by a word: the classes of which a pattern begins with it
	prefixes map[string]classes // the same for words that stand for all that begin so
	classes  []string           // of words, in the order of the file
	weights  map[string]float64 // of the features of score.go
	areas    map[string]bool    // ids of places that are no town and no spot
	bodies   bodies
}

// pattern is a row of words; see data/words.txt.
type pattern []patternWord

type patternWord struct {
	key    string
	prefix bool
	gap    bool // up to eight words of any kind
}

var loaded = must(load(kindsFile, wordsFile, weightsFile))

// must is for files that the program carries: they were right when it was built.
func must(d *data, err error) *data {
	if err != nil {
		panic(err)
	}
	return d
}

func load(kinds, words, weights string) (*data, error) {
	d := &data{kinds: map[string]string{}, like: map[[2]string]bool{}, fit: map[[2]string]bool{}, apart: map[[2]string]bool{}, other: map[[2]string]bool{}, rival: map[[2]string]bool{}, only: map[string]bool{}, talk: map[string]bool{}, words: map[string][]pattern{}, number: map[string]int{}, heads: map[string]classes{}, prefixes: map[string]classes{}, weights: map[string]float64{}}
	err := lines("kinds.txt", kinds, 2, func(f []string) error {
		pairs := map[string]map[[2]string]bool{"like": d.like, "fit": d.fit, "apart": d.apart, "other": d.other, "rival": d.rival}[f[0]]
		if pairs == nil && f[0] != "open" {
			d.kinds[f[0]] = f[1]
			return nil
		}
		if f[0] == "open" {
			d.talk[f[1]] = true
			return nil
		}
		two := strings.Fields(f[1])
		if len(two) != 2 {
			return fmt.Errorf("%q: want two kinds", f[1])
		}
		if f[0] == "rival" {
			d.only[two[0]] = true
		}
		pairs[[2]string{two[0], two[1]}], pairs[[2]string{two[1], two[0]}] = true, true
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = lines("words.txt", words, 2, func(f []string) error {
		if d.words[f[0]] == nil {
			d.number[f[0]] = len(d.classes)
			d.classes = append(d.classes, f[0])
			if len(d.classes) > 256 {
				return errors.New("more than 256 classes: widen type classes")
			}
		}
		for _, s := range strings.Split(f[1], "|") {
			var p pattern
			for _, w := range strings.Fields(s) {
				if w == "…" {
					p = append(p, patternWord{gap: true})
					continue
				}
				w, prefix := strings.CutSuffix(w, "*")
				if k := spell.Key(w); k != "" {
					p = append(p, patternWord{key: k, prefix: prefix})
				}
			}
			if len(p) == 0 || p[0].gap {
				return fmt.Errorf("%q has no word to begin with", s)
			}
			d.words[f[0]] = append(d.words[f[0]], p)
			to := d.heads
			if p[0].prefix {
				to = d.prefixes
			}
			c := to[p[0].key]
			c.add(d.number[f[0]])
			to[p[0].key] = c
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = lines("weights.txt", weights, 3, func(f []string) error {
		w, err := strconv.ParseFloat(f[1], 64)
		d.weights[f[0]] = w
		return err
	})
	return d, err
}

func lines(name, text string, fields int, f func([]string) error) error {
	for i, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		list := strings.Split(line, "\t")
		err := fmt.Errorf("want %d fields, parted by tabs", fields)
		if len(list) == fields {
			err = f(list)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return nil
}

// kind returns the kind of an act, "" for one that founds no incident.
func (d *data) kind(typ string, mode *string) string {
	if mode != nil {
		if k := d.kinds[typ+" "+*mode]; k != "" {
			return k
		}
	}
	return d.kinds[typ]
}
