// Package conllu reads treebanks in the CoNLL-U form,
// https://universaldependencies.org/format.html, for training and measuring.
package conllu

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"unicode"
)

// Word is a syntactic word: one line of the treebank.
type Word struct {
	Form, Lemma, UPOS, XPOS, Feats string
	Head                           int // index of the head in Sentence.Words, -1 for the root
	Rel                            string
	Misc                           string
}

// Token is what stands between spaces or punctuation: one word or, with
// clitics, several.
type Token struct {
	Form        string
	Start, End  int // bytes of Sentence.Text
	First, Last int // Sentence.Words[First:Last]
}

// Sentence is a sentence of a treebank. Its text is built of its tokens.
type Sentence struct {
	Text   string
	Tokens []Token
	Words  []Word
}

// Read reads the sentences of a file.
func Read(name string) ([]Sentence, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []Sentence
	var s Sentence
	var text strings.Builder
	until, space := 0, false // last word of the open token; a space is due
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		line := sc.Text()
		if line == "" {
			if len(s.Words) > 0 {
				s.Text = text.String()
				list = append(list, s)
			}
			s, until, space = Sentence{}, 0, false
			text.Reset()
			continue
		}
		col := strings.Split(line, "\t")
		if line[0] == '#' || len(col) < 10 || strings.Contains(col[0], ".") {
			continue
		}
		token := func(first, last int) {
			if space {
				text.WriteByte(' ')
			}
			start := text.Len()
			text.WriteString(col[1])
			s.Tokens = append(s.Tokens, Token{col[1], start, text.Len(), first - 1, last})
			until, space = last, !strings.Contains(col[9], "SpaceAfter=No")
		}
		if a, b, ok := strings.Cut(col[0], "-"); ok {
			first, _ := strconv.Atoi(a)
			last, _ := strconv.Atoi(b)
			token(first, last)
			continue
		}
		n, _ := strconv.Atoi(col[0])
		head, _ := strconv.Atoi(col[6])
		s.Words = append(s.Words, Word{col[1], col[2], col[3], col[4], col[5], head - 1, col[7], col[9]})
		if n > until {
			token(n, n)
		}
	}
	if len(s.Words) > 0 {
		s.Text = text.String()
		list = append(list, s)
	}
	return list, sc.Err()
}

// Positions numbers the letters of a text, leaving out spaces and half-spaces:
// the number of letters before each byte. Texts that differ in spacing only
// have their words at equal positions.
func Positions(text string) []int {
	at := make([]int, len(text)+1)
	n := 0
	for i, r := range text {
		at[i] = n
		for j := i; j < len(text) && j < i+len(string(r)); j++ {
			at[j] = n
		}
		if !unicode.IsSpace(r) && r != '\u200c' {
			n++
		}
	}
	at[len(text)] = n
	return at
}
