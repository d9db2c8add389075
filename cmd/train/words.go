package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/crf"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/tag"
	"github.com/sanad-project/sanad/fa/word"
)

// The lexicon classes of a word, a bit each.
var lexBit = map[string]byte{
	"verb": 1, "noun_singular": 2, "noun_plural": 4, "adjective": 8, "adjective_comparative": 8, "adjective_superlative": 8,
	"adverb": 16, "pronoun": 32, "adposition": 32, "conjunction": 32, "determiner": 32, "numeral": 32, "classifier": 32, "interjection": 32,
	"foreign": 64,
}

// record of a word: lexicon classes, lean, fine cluster (2), coarse cluster, second lean, names.
const recordWidth = 7

func lines(name string, each func(string)) error { return linesOf(data(name), each) }

func linesOf(path string, each func(string)) error {
	f, err := os.Open(path)
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

// wordTable is the contents of words.bin in the making.
type wordTable map[uint64][]byte

func (t wordTable) rec(key string) []byte {
	h := tag.Hash(key)
	if t[h] == nil {
		t[h] = make([]byte, recordWidth)
	}
	return t[h]
}

func (t wordTable) bytes() string { return string(crf.AppendTable(nil, recordWidth, t)) }

// words collects what is known of words before training.
func words() (wordTable, error) {
	lex := map[string]byte{}
	err := lines("lexicon/lilak-lexicon.txt", func(l string) {
		if w, rest, ok := strings.Cut(l, ","); ok && l[0] != '#' {
			class, _, _ := strings.Cut(rest, ",")
			lex[spell.Key(w)] |= lexBit[class]
		}
	})
	if err != nil {
		return nil, err
	}
	err = lines("lexicon/given-names.csv", func(l string) {
		if w, _, ok := strings.Cut(l, ","); ok && w != "Name" {
			lex[spell.Key(w)] |= 128
		}
	})
	if err != nil {
		return nil, err
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
		return nil, err
	}
	fine := cluster(text, 256, 8)
	coarse := cluster(text, 40, 8)
	log.Printf("%d words in the lexicon, %d in clusters", len(lex), len(fine))
	table := wordTable{}
	for k, bits := range lex {
		table.rec(k)[0] = bits
	}
	for k, c := range fine {
		r := table.rec(k)
		r[2], r[3], r[4] = byte(c+1), byte((c+1)>>8), byte(coarse[k]+1)
	}
	return table, names(table.rec)
}

// lean fills in the tags that words have in raw text, as model m says.
func lean(rec func(string) []byte, m *tag.Tagger) error {
	counts := map[string]*[word.VERB + 1]int{}
	err := raw(func(l string) {
		t := fa.Words(l, nil)
		m.Text(&t)
		for _, w := range t.Words {
			c := counts[w.Key]
			if c == nil {
				c = new([word.VERB + 1]int)
				counts[w.Key] = c
			}
			c[w.Tag]++
		}
	})
	for k, c := range counts {
		all, a, b := 0, 0, -1
		for i, n := range c {
			all += n
			if n > c[a] {
				a = i
			}
		}
		for i, n := range c {
			if i != a && n > 0 && (b < 0 || n > c[b]) {
				b = i
			}
		}
		conf := 0
		switch {
		case c[a]*20 > all*19:
			conf = 1
		case c[a]*4 > all*3:
			conf = 2
		}
		if all > 3 {
			conf += 3
		}
		r := rec(k)
		r[1] = byte(a+1) | byte(conf)<<5
		if b >= 0 && c[b]*12 > all {
			r[5] = byte(b + 1)
		}
	}
	return err
}

// Which names a word is in, a bit each.
const (
	placeName = 1 << iota
	inPlace   // a word of a place's name
	person    // given name or surname
	weakGiven // given name and common word
	actor
	tweetPER // most often in such a name in ParsTwiNER
	tweetLOC
	tweetORG
)

// names fills in the names that words are in, from the lexicon of news and
// from ParsTwiNER.
func names(rec func(string) []byte) error {
	put := func(name string, bit byte) {
		if k := spell.Key(name); k != "" {
			rec(k)[6] |= bit
		}
	}
	each := func(value string, alone, part byte) {
		f := strings.Fields(value)
		if len(f) == 1 {
			put(f[0], alone)
			return
		}
		for _, w := range f {
			if part != 0 && len([]rune(w)) > 2 {
				put(w, part)
			}
		}
	}
	for _, file := range []string{"places.txt", "people.txt", "persons.txt", "actors.txt"} {
		id := ""
		err := linesOf(filepath.Join(*lexiconDir, file), func(l string) {
			if l == "" || l[0] == '#' {
				return
			}
			if l[0] != '\t' && l[0] != ' ' {
				id = strings.TrimSpace(l)
				return
			}
			field, values, _ := strings.Cut(strings.TrimSpace(l), " ")
			if field != "fa" && field != "surname" {
				return
			}
			for v := range strings.SplitSeq(values, "|") {
				v = strings.TrimSpace(v)
				switch file {
				case "places.txt":
					each(v, placeName, inPlace)
				case "people.txt":
					each(v, person, person)
				case "actors.txt":
					each(v, actor, 0)
				case "persons.txt":
					switch id {
					case "given", "surname":
						each(v, person, person)
					case "weak":
						each(v, weakGiven, 0)
					}
				}
			}
		})
		if err != nil {
			return err
		}
	}
	type tally struct{ out, per, loc, org int }
	seen := map[string]*tally{}
	err := lines("ner/parstwiner-train.txt", func(l string) {
		w, label, ok := strings.Cut(l, "\t")
		if !ok {
			return
		}
		k := spell.Key(w)
		if seen[k] == nil {
			seen[k] = new(tally)
		}
		switch t := seen[k]; {
		case strings.HasSuffix(label, "PER"):
			t.per++
		case strings.HasSuffix(label, "LOC"):
			t.loc++
		case strings.HasSuffix(label, "ORG"), strings.HasSuffix(label, "POG"):
			t.org++
		default:
			t.out++
		}
	})
	for k, t := range seen {
		half := (t.out + t.per + t.loc + t.org) / 2
		switch {
		case k == "":
		case t.per > half:
			rec(k)[6] |= tweetPER
		case t.loc > half:
			rec(k)[6] |= tweetLOC
		case t.org > half:
			rec(k)[6] |= tweetORG
		}
	}
	return err
}
