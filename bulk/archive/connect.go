package archive

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
)

func init() {
	register.Function3x0(bothWays)
	register.Function3x0(downward)
	register.Function3x0(largeStar)
	register.Function3x0(smallStar)
	register.Function3x0(upAndDown)
	register.DoFn3x1[string, func(*[]byte) bool, func(string, []byte), error](&starred{})
	beam.RegisterType(reflect.TypeFor[starred]())
}

// connect finds what hangs together: of edges, pairs of names, it makes a pair for
// each name with the least of all that it hangs together with. A name without an edge, or with one to
// itself alone, is in no pair.
//
// A round turns each name's neighbours to the least of them, first those that are
// greater than the name (large star), then the others (small star). What hangs
// together is never parted by it, and when all edges of a component lead to its least name a
// further round changes nothing. That is what starred checks.
func connect(s beam.Scope, name string, edges beam.PCollection, rounds int) beam.PCollection {
	s = s.Scope(name)
	for i := range rounds {
		edges = beam.ParDo(s, largeStar, group(s, fmt.Sprintf("%s.large-%d", name, i+1), beam.ParDo(s, bothWays, edges)))
		edges = beam.ParDo(s, smallStar, group(s, fmt.Sprintf("%s.small-%d", name, i+1), beam.ParDo(s, downward, edges)))
	}
	return beam.ParDo(s, &starred{Name: name, Rounds: rounds}, group(s, name+".check", beam.ParDo(s, upAndDown, edges)))
}

func bothWays(a string, b []byte, emit func(string, []byte)) {
	if a != string(b) {
		emit(a, b)
		emit(string(b), []byte(a))
	}
}

// downward gives each edge to its greater end.
func downward(a string, b []byte, emit func(string, []byte)) {
	switch {
	case a > string(b):
		emit(a, b)
	case a < string(b):
		emit(string(b), []byte(a))
	}
}

// neighbours are the names next to one, sorted, each once.
func neighbours(next func(*[]byte) bool) []string {
	var out []string
	var b []byte
	for next(&b) {
		out = append(out, string(b))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func largeStar(a string, next func(*[]byte) bool, emit func(string, []byte)) {
	list := neighbours(next)
	least := []byte(min(a, list[0]))
	for _, b := range list {
		if b > a {
			emit(b, least)
		}
	}
}

func smallStar(a string, next func(*[]byte) bool, emit func(string, []byte)) {
	list := neighbours(next) // all of them less than a
	least := []byte(list[0])
	for _, b := range list[1:] {
		emit(b, least)
	}
	emit(a, least)
}

// upAndDown tells the lesser end of an edge that it is one, and the greater one which.
func upAndDown(a string, least []byte, emit func(string, []byte)) {
	emit(a, least)
	emit(string(least), nil)
}

// starred checks that every name has one lesser one or is one, and not both. The
// pairs that it makes are those of connect.
type starred struct {
	Name   string
	Rounds int
}

func (f *starred) ProcessElement(a string, next func(*[]byte) bool, emit func(string, []byte)) error {
	list := neighbours(next)
	if len(list) != 1 {
		return fmt.Errorf("%s: what hangs together was not found in %d rounds: the chain through %s is longer; run again with more rounds", f.Name, f.Rounds, a)
	}
	if list[0] == "" {
		emit(a, []byte(a))
	} else {
		emit(a, []byte(list[0]))
	}
	return nil
}
