// Package table reads the word lists of the Persian text layer.
package table

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
)

// Row is one line of a word list: a class, a number and the words that mean it.
//
//	month.jalali 7  مهر | مهرماه
//
// Lines that begin with # are comments.
type Row struct {
	Class string
	Value int64
	Words []string // as written
	Line  int
}

// Parse reads a word list. A list is part of the program, so a broken line is
// a programming error and panics with file and line.
func Parse(name, data string) []Row {
	var rows []Row
	n := 0
	for line := range strings.Lines(data) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		class, rest, ok1 := cut(line)
		value, words, ok2 := cut(rest)
		v, err := strconv.ParseInt(value, 10, 64)
		if !ok1 || !ok2 || err != nil {
			panic(fmt.Sprintf("%s:%d: want a class, a number and words: %q", name, n, line))
		}
		row := Row{Class: class, Value: v, Line: n}
		for w := range strings.SplitSeq(words, "|") {
			if w = strings.TrimSpace(w); w != "" {
				row.Words = append(row.Words, w)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func cut(s string) (first, rest string, ok bool) {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s, "", false
	}
	return s[:i], strings.TrimLeft(s[i:], " \t"), true
}

// Keys returns the dictionary keys of the space-separated words of a phrase.
func Keys(phrase string) []string {
	f := strings.Fields(phrase)
	for i := range f {
		f[i] = spell.Key(f[i])
	}
	return f
}
