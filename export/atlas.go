package export

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/sanad-project/sanad/fa/spell"
)

//go:embed data/countries.txt
var countriesFile string

//go:embed data/groups.txt
var groupsFile string

//go:embed data/armed.txt
var armedFile string

// country is a line of data/countries.txt.
type country struct {
	code, alpha3 string
	numeric      int
	entity       string // id of the state in the record; "" for a territory
	name         string
	gw           int    // Gleditsch and Ward number; 0 for none
	acled, ucdp  string // regions
}

// group is a line of data/groups.txt.
type group struct {
	sector string // PLOVER
	kind   string // "civilians", "force" or ""
}

// maxGroupWords is how many words an entry of data/groups.txt may have.
const maxGroupWords = 3

type atlas struct {
	armed            map[string]bool // ids of data/armed.txt
	byCode, byEntity map[string]*country
	groups           []group
	groupOf          map[string]int // line of groups by its words, in the form that words makes without the spaces at both ends
}

// world is what stands in the data files. A mistake in them is one of the
// program, so that the tests of this package are where it shows.
var world = sync.OnceValue(func() *atlas {
	a := &atlas{byCode: map[string]*country{}, byEntity: map[string]*country{}, groupOf: map[string]int{}, armed: map[string]bool{}}
	for _, f := range readTable(countriesFile, 8) {
		c := &country{code: f[0], alpha3: f[1], numeric: whole(f[2]), entity: f[3], name: f[4], gw: whole(f[5]), acled: f[6], ucdp: f[7]}
		a.byCode[c.code] = c
		if c.entity != "" {
			a.byEntity[c.entity] = c
		}
	}
	for _, f := range readTable(groupsFile, 3) {
		for _, w := range wordList(f[2]) {
			w = strings.TrimSpace(w)
			if _, ok := a.groupOf[w]; ok || strings.Count(w, " ") >= maxGroupWords {
				panic("export: data/groups.txt: a second or too long \"" + w + "\"")
			}
			a.groupOf[w] = len(a.groups)
		}
		a.groups = append(a.groups, group{f[0], f[1]})
	}
	for line := range strings.SplitSeq(armedFile, "\n") {
		if !strings.HasPrefix(line, "#") {
			for _, id := range strings.Fields(line) {
				a.armed[id] = true
			}
		}
	}
	return a
})

// readTable reads a data file of n fields a line, separated by tabs; "-" is an
// empty field, a line that begins with # a comment.
func readTable(file string, n int) [][]string {
	var out [][]string
	for i, line := range strings.Split(file, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != n {
			panic(fmt.Sprintf("export: data line %d has %d fields, not %d: %s", i+1, len(f), n, line))
		}
		for j := range f {
			if f[j] == "-" {
				f[j] = ""
			}
		}
		out = append(out, f)
	}
	return out
}

func whole(s string) int {
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		panic("export: no number: " + s)
	}
	return n
}

// wordList reads words separated by " | " for hasWord; "*" and "" are none.
func wordList(s string) []string {
	if s == "" || s == "*" {
		return nil
	}
	var out []string
	for w := range strings.SplitSeq(s, " | ") {
		out = append(out, words(w))
	}
	return out
}

// words returns s with each word by its dictionary key and a space before and
// behind each: half-spaces part words here, so that «غیرنظامی» and «شبه‌نظامیان»
// are looked for as they may be written.
func words(s string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, w := range strings.FieldsFunc(s, func(r rune) bool {
		return strings.ContainsRune(" \t\n\r\u00a0\u200c«»\"().,،:؛!؟-", r)
	}) {
		b.WriteString(spell.Key(w))
		b.WriteByte(' ')
	}
	return b.String()
}

// hasWord reports whether one of the words of a wordList stands in text, which
// words has made.
func hasWord(text string, list []string) bool {
	for _, w := range list {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// group returns the first line of data/groups.txt that has words of the text,
// -1 for none. The text is as words makes it.
func (a *atlas) group(text string) int {
	best := -1
	tokens := strings.Fields(text)
	for i := range tokens {
		for n := 1; n <= maxGroupWords && i+n <= len(tokens); n++ {
			if g, ok := a.groupOf[strings.Join(tokens[i:i+n], " ")]; ok && (best < 0 || g < best) {
				best = g
			}
		}
	}
	return best
}
