package alike

import (
	_ "embed"
	"strconv"
	"strings"
)

//go:embed data/letters.txt
var lettersFile string

//go:embed data/joins.txt
var joinsFile string

//go:embed data/weights.txt
var weightsFile string

var (
	sounds, endings = readLetters(lettersFile)
	weights         = readWeights(weightsFile)
)

// silent stands for letters that are left out of a skeleton.
const silent = -1

func readLetters(file string) (out map[rune]rune, ends []string) {
	out = map[rune]rune{}
	for _, f := range fields(file, 2) {
		if f[0] == "." {
			ends = strings.Fields(f[1])
			continue
		}
		to := []rune(f[0])[0]
		if f[0] == "-" {
			to = silent
		}
		for _, r := range f[1] {
			if r != ' ' {
				out[r] = to
			}
		}
	}
	return out, ends
}

// otherEnding reports whether only one of two words has an ending that makes
// another name of it.
func otherEnding(a, b string) bool {
	for _, e := range endings {
		if strings.HasSuffix(a, e) != strings.HasSuffix(b, e) {
			return true
		}
	}
	return false
}

func readWeights(file string) map[string]float64 {
	out := map[string]float64{}
	for _, f := range fields(file, 3) {
		w, err := strconv.ParseFloat(f[1], 64)
		if err != nil {
			panic("alike: data/weights.txt: " + f[1] + " is no number")
		}
		out[f[0]] = w
	}
	return out
}

// fields reads lines of n fields separated by tabs. A mistake in the files is
// one of the program; tests show it.
func fields(file string, n int) [][]string {
	var out [][]string
	for line := range strings.Lines(file) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != n {
			panic("alike: a data line has not " + strconv.Itoa(n) + " fields: " + line)
		}
		out = append(out, f)
	}
	return out
}

// skeleton is how a word sounds without its vowels: words of one skeleton may
// be spellings of one. Of a word of vowels alone it is the word.
func skeleton(key string) string {
	var b strings.Builder
	last := rune(0)
	for i, r := range key {
		if to, ok := sounds[r]; ok {
			if r = to; to == silent {
				if i > 0 {
					continue
				}
				r = '-' // a vowel at the beginning is heard
			}
		}
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// near reports whether two words differ by one letter at most: one more, one
// less, another, or two that changed places.
func near(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	rest := func(p, q []rune) bool { return string(p) == string(q) }
	switch {
	case i == len(x):
		return true
	case len(x) < len(y):
		return rest(x[i:], y[i+1:])
	}
	return rest(x[i+1:], y[i+1:]) || i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && rest(x[i+2:], y[i+2:])
}
