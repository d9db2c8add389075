package archive

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/testing/passert"
)

func init() { register.Function3x0(asLine) }

func asLine(key string, value []byte, emit func(string)) { emit(key + " " + string(value)) }

// connected runs connect over edges written "a b".
func connected(t *testing.T, edges []string, rounds int, want []string) error {
	t.Helper()
	p, s := beam.NewPipelineWithRoot()
	labels := connect(s, "test", beam.ParDo(s, asKey, beam.CreateList(s, edges)), rounds)
	lines := beam.ParDo(s, asLine, labels)
	passert.Equals(s, lines, beam.CreateList(s, want))
	return runPipeline(t, p)
}

// labelsOf are what connect is to find.
func labelsOf(edges []string) []string {
	up := map[string]string{}
	var root func(string) string
	root = func(v string) string {
		if up[v] == "" || up[v] == v {
			up[v] = v
			return v
		}
		return root(up[v])
	}
	for _, e := range edges {
		a, b, _ := strings.Cut(e, " ")
		if a, b = root(a), root(b); a != b {
			up[max(a, b)] = min(a, b)
		}
	}
	var out []string
	for v := range up {
		out = append(out, v+" "+root(v))
	}
	slices.Sort(out)
	return out
}

func path(n int, name func(i int) int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("v%04d v%04d", name(i), name(i+1)))
	}
	return out
}

func TestConnect(t *testing.T) {
	shuffled := rand.New(rand.NewPCG(1, 2)).Perm(514)
	var random, stars []string
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 400 {
		random = append(random, fmt.Sprintf("v%04d v%04d", 2*rnd.IntN(300), 2*rnd.IntN(300)+1))
	}
	for i := range 300 {
		stars = append(stars, fmt.Sprintf("v%04d v%04d", i, 9000+i%3))
	}
	for _, test := range []struct {
		name   string
		edges  []string
		rounds int
	}{
		{"one edge", []string{"b a"}, 1},
		{"one edge twice, both ways", []string{"b a", "a b", "b a"}, 1},
		{"a triangle and a pair", []string{"a b", "b c", "c a", "x y"}, 2},
		{"stars whose middle is greatest", stars, 2},
		{"a way of 513 steps, in order", path(512, func(i int) int { return i }), 10},
		{"a way of 513 steps, in any order", path(512, func(i int) int { return shuffled[i] }), 10},
		{"at random", random, 6},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := connected(t, test.edges, test.rounds, labelsOf(test.edges)); err != nil {
				t.Error(err)
			}
		})
	}
}

// Rounds that are too few are an error, never components that are too small.
func TestConnectTooFewRounds(t *testing.T) {
	edges := path(512, func(i int) int { return i })
	err := connected(t, edges, 2, labelsOf(edges))
	if err == nil || !strings.Contains(err.Error(), "run again with more rounds") {
		t.Errorf("want the error that asks for more rounds, got: %v", err)
	}
}
