package main

import (
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/internal/conllu"
	"github.com/sanad-project/sanad/models"
)

func init() {
	commands["ud"] = struct {
		about string
		run   func([]string) error
	}{"words, sentences, UPOS and lemmas of a CoNLL-U treebank, read from raw text (F1 of CoNLL 2018)", ud}
}

// udWord is a word of either side: a syntactic word in the sense of UD.
type udWord struct {
	start, end        int // in letters, without spaces
	form, upos, lemma string
	token             int // the words of one token share it
	split             bool
	ezafe             conllu.Ezafe
	context           string
}

// score is a count of pairs right of those said and those there.
type score struct{ right, said, there int }

func (s score) String() string {
	p, r := 100*float64(s.right)/float64(max(s.said, 1)), 100*float64(s.right)/float64(max(s.there, 1))
	return fmt.Sprintf("precision %6.2f  recall %6.2f  F1 %6.2f", p, r, 200*float64(s.right)/float64(max(s.said+s.there, 1)))
}

func ud(args []string) error {
	set := flag.NewFlagSet("ud", flag.ContinueOnError)
	show := set.String("errors", "", "list the commonest errors of upos or lemma")
	wordsFile := set.String("words", "", "try these weights: words.bin")
	uposFile := set.String("upos", "", "and upos.bin")
	if err := set.Parse(args); err != nil || set.NArg() == 0 {
		return fmt.Errorf("usage: measure ud [-errors upos|lemma] FILE.conllu, or several")
	}
	if *uposFile != "" {
		w, err := os.ReadFile(*wordsFile)
		if err != nil {
			return err
		}
		u, err := os.ReadFile(*uposFile)
		if err != nil {
			return err
		}
		models.Words, models.UPOS = string(w), string(u)
	}
	for _, name := range set.Args() {
		if err := udFile(name, *show); err != nil {
			return err
		}
	}
	return nil
}

func udFile(name, show string) error {
	sentences, err := conllu.Read(name)
	if err != nil {
		return err
	}
	// The whole treebank is one text, a sentence after the other with a space between.
	var text strings.Builder
	var gold []udWord
	goldEnds := map[int]bool{}
	letters, token := 0, 0
	for _, s := range sentences {
		text.WriteString(s.Text)
		text.WriteByte(' ')
		at := conllu.Positions(s.Text)
		ezafes := s.Ezafes()
		for k, t := range s.Tokens {
			token++
			for _, w := range s.Words[t.First:t.Last] {
				gold = append(gold, udWord{start: letters + at[t.Start], end: letters + at[t.End], form: w.Form, upos: w.UPOS, lemma: w.Lemma, token: token, split: t.Last-t.First > 1, ezafe: ezafes[k], context: s.Text})
			}
		}
		letters += at[len(s.Text)]
		goldEnds[letters] = true
	}
	source := text.String()
	read := fa.Read(source, nil)
	at := conllu.Positions(source)
	var ours []udWord
	for i := range read.Words {
		ours = append(ours, syntactic(&read.Words[i], i, at, source)...)
	}
	var ends score
	ends.there = len(goldEnds)
	last := 0
	starts := map[int]int{}
	prev := 0
	for _, e := range sortedKeys(goldEnds) {
		starts[e] = prev
		prev = e
	}
	for _, s := range read.Sentences {
		end := at[read.Words[s.Last-1].Span.End]
		ends.said++
		if st, ok := starts[end]; ok && st == last {
			ends.right++
		}
		last = end
	}
	pairs := align(ours, gold)
	words := score{len(pairs), len(ours), len(gold)}
	upos, lemma := words, words
	upos.right, lemma.right = 0, 0
	var ez score
	errors := map[string]int{}
	for _, p := range pairs {
		o, g := ours[p[0]], gold[p[1]]
		if o.upos == g.upos {
			upos.right++
		} else if show == "upos" {
			errors[g.upos+" read as "+o.upos]++
			errors[fmt.Sprintf("   %s: %s read as %s", g.form, g.upos, o.upos)]++
		}
		if g.ezafe != conllu.MaybeEzafe && !o.split && !g.split {
			if o.ezafe == conllu.HasEzafe {
				ez.said++
			}
			if g.ezafe == conllu.HasEzafe {
				ez.there++
			}
			if g.ezafe == conllu.HasEzafe && o.ezafe == conllu.HasEzafe {
				ez.right++
			} else if g.ezafe != o.ezafe && show == "ezafe" {
				next := ""
				if p[1]+1 < len(gold) {
					next = gold[p[1]+1].form
				}
				errors[fmt.Sprintf("%d %s %s", g.ezafe, g.form, next)]++
			}
		}
		if o.lemma == g.lemma || g.lemma == "_" {
			lemma.right++
		} else if show == "lemma" {
			errors[fmt.Sprintf("%s %s: %s read as %s", g.upos, g.form, g.lemma, o.lemma)]++
		}
	}
	if show == "words" {
		for _, g := range missed(gold, pairs, 1) {
			errors["- "+g.form]++
		}
		for _, o := range missed(ours, pairs, 0) {
			errors["+ "+o.form]++
		}
	}
	fmt.Printf("%s\n  sentences %v\n  words     %v\n  UPOS      %v\n  lemmas    %v\n  ezafe     %v\n", name, ends, words, upos, lemma, ez)
	list := make([]string, 0, len(errors))
	for e := range errors {
		list = append(list, e)
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := errors[list[i]], errors[list[j]]
		return a > b || a == b && list[i] < list[j]
	})
	for i, e := range list {
		if i >= 150 {
			break
		}
		fmt.Fprintf(os.Stdout, "%6d %s\n", errors[e], e)
	}
	return nil
}

func sortedKeys(m map[int]bool) (list []int) {
	for k := range m {
		list = append(list, k)
	}
	sort.Ints(list)
	return list
}

func missed(list []udWord, pairs [][2]int, side int) (out []udWord) {
	seen := map[int]bool{}
	for _, p := range pairs {
		seen[p[side]] = true
	}
	for i, w := range list {
		if !seen[i] {
			out = append(out, w)
		}
	}
	return out
}

// syntactic turns a word of ours into the words of UD: an enclitic is a word of its own.
func syntactic(w *word.Word, token int, at []int, source string) []udWord {
	o := udWord{start: at[w.Span.Start], end: at[w.Span.End], form: w.Form, upos: w.Tag.String(), lemma: perdtLemma(w), token: token}
	if w.Ezafe {
		o.ezafe = conllu.HasEzafe
	}
	if w.Clitic.Form == "" {
		return []udWord{o}
	}
	c := o
	o.split, c.split = true, true
	o.form = source[w.Span.Start:w.Clitic.Span.Start]
	c.form, c.upos, c.lemma = w.Clitic.Form, "PRON", pronoun(w.Clitic)
	if w.Clitic.Copula {
		c.upos, c.lemma = "AUX", "است"
	}
	return []udWord{o, c}
}

func pronoun(c word.Clitic) string {
	names := [2][3]string{{"من", "تو", "او"}, {"ما", "شما", "آنها"}}
	if c.Person < 1 || c.Person > 3 {
		return c.Form
	}
	n := 0
	if c.Plural {
		n = 1
	}
	return names[n][c.Person-1]
}

// perdtLemma is the lemma in PerDT's convention: a verb's is its past stem;
// the forms of است and هست have these for lemma, and impersonal توان is its own.
func perdtLemma(w *word.Word) string {
	if w.Verb == nil || w.Tag != word.VERB && w.Tag != word.AUX {
		return w.Lemma
	}
	present := strings.HasPrefix(w.Key, "هست") || strings.HasPrefix(w.Key, "نیست") || w.Key == "است"
	switch {
	case w.Verb.Past == "بود" && present && w.Tag == word.AUX:
		return "است"
	case w.Verb.Past == "بود" && present:
		return "هست"
	case strings.HasSuffix(w.Key, "توان"):
		return "توان"
	case w.Verb.Past != "":
		return w.Verb.Past
	}
	return w.Lemma
}

// align pairs the words of both sides that cover the same letters; the words
// of a token that has several are paired in order of their forms (CoNLL 2018).
func align(a, b []udWord) (pairs [][2]int) {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if !a[i].split && !b[j].split {
			switch {
			case a[i].start == b[j].start && a[i].end == b[j].end:
				pairs = append(pairs, [2]int{i, j})
				i++
				j++
			case a[i].start <= b[j].start:
				i++
			default:
				j++
			}
			continue
		}
		// Take every word of both sides that lies in the reach of the split token.
		start, end := 0, 0
		if a[i].split && (!b[j].split || a[i].start <= b[j].start) {
			start, end = a[i].start, a[i].end
		} else {
			start, end = b[j].start, b[j].end
		}
		for i < len(a) && a[i].start < start && !a[i].split {
			i++
		}
		for j < len(b) && b[j].start < start && !b[j].split {
			j++
		}
		i2, j2 := i, j
		for grown := true; grown; {
			grown = false
			for i2 < len(a) && a[i2].start < end {
				if a[i2].split {
					end = max(end, a[i2].end)
				}
				i2++
				grown = true
			}
			for j2 < len(b) && b[j2].start < end {
				if b[j2].split {
					end = max(end, b[j2].end)
				}
				j2++
				grown = true
			}
		}
		for _, p := range common(a[i:i2], b[j:j2]) {
			pairs = append(pairs, [2]int{i + p[0], j + p[1]})
		}
		i, j = i2, j2
	}
	return pairs
}

// common is the longest common subsequence of forms.
func common(a, b []udWord) (pairs [][2]int) {
	l := make([][]int, len(a)+1)
	for i := range l {
		l[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i].form == b[j].form {
				l[i][j] = l[i+1][j+1] + 1
			} else {
				l[i][j] = max(l[i+1][j], l[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].form == b[j].form:
			pairs = append(pairs, [2]int{i, j})
			i++
			j++
		case l[i+1][j] >= l[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}
