package relay

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/limits.txt
var limitsData string

//go:embed data/cues.txt
var cuesData string

//go:embed data/empty.txt
var emptyData string

//go:embed data/same.txt
var sameData string

//go:embed data/common.txt
var commonData string

// limits are the figures of data/limits.txt.
var limits = sync.OnceValue(func() map[string]float64 {
	m := map[string]float64{}
	for line := range dataLines(limitsData) {
		f := strings.Fields(line)
		if len(f) < 2 {
			panic("relay/data/limits.txt: " + line)
		}
		v, err := strconv.ParseFloat(f[1], 64)
		if err != nil {
			panic("relay/data/limits.txt: " + err.Error())
		}
		m[f[0]] = v
	}
	return m
})

// limit is one of them. A name that the file lacks is a mistake of this program.
func limit(name string) float64 {
	v, ok := limits()[name]
	if !ok {
		panic("relay/data/limits.txt has no " + name)
	}
	return v
}

// dataLines are the lines of a data file without comments and blanks.
func dataLines(data string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(data) {
			if i := strings.IndexByte(line, '#'); i >= 0 {
				line = line[:i]
			}
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}
