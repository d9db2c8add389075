package agree

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// rows turns one line of values for each observer into units; "." is no value.
func rows(lines ...string) [][]string {
	var units [][]string
	for _, l := range lines {
		for i, v := range strings.Fields(l) {
			if i == len(units) {
				units = append(units, nil)
			}
			if v != "." {
				units[i] = append(units[i], v)
			}
		}
	}
	return units
}

// The examples of Krippendorff 2011: A (two observers, two values), B (two
// observers, several values), C (several observers, values missing). In each he
// gives alpha to three places, and the numbers on the way.
func TestPublished(t *testing.T) {
	for _, c := range []struct {
		name                string
		units               [][]string
		alpha               float64
		pairable, values    int
		observed1, expected float64 // n·Dₒ and n(n−1)·Dₑ, which he has as whole numbers
	}{
		{"A", rows("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"), 0.095, 10, 20, 8, 2 * 14 * 6},
		{"B", rows("a a b b d c c c e d d a", "b a b b b c c c e d d d"), 0.692, 12, 24, 6, 24*23 - 104},
		{"C", rows("1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."), 0.743, 11, 40, -1, -1},
	} {
		r := Alpha(c.units)
		if r.Why != "" || math.Abs(r.Alpha-c.alpha) > 0.0005 || r.Units != c.pairable || r.Values != c.values {
			t.Errorf("%s: %+v, want %v", c.name, r, c.alpha)
		}
		n := float64(r.Values)
		if c.observed1 >= 0 && (math.Abs(r.Observed*n-c.observed1) > 1e-9 || math.Abs(r.Expected*n*(n-1)-c.expected) > 1e-9) {
			t.Errorf("%s: on the way %v and %v, want %v and %v", c.name, r.Observed*n, r.Expected*n*(n-1), c.observed1, c.expected)
		}
	}
}

// The example of the package's comment, and the ends of the scale.
func TestAlpha(t *testing.T) {
	many := func(u []string, n int) [][]string {
		var list [][]string
		for range n {
			list = append(list, u)
		}
		return list
	}
	for _, c := range []struct {
		name  string
		units [][]string
		alpha float64
		why   Reason
	}{
		{"nothing", nil, 0, TooFew},
		{"four units", rows("a a b a", "a a b b"), 0, TooFew},
		{"nine", many([]string{"a", "b"}, 9), 0, TooFew},
		{"one value each", many([]string{"a"}, 50), 0, TooFew},
		{"one value for all", many([]string{"a", "a"}, 50), 0, NoVariation},
		{"perfect", rows("a b c d e a b c d e", "a b c d e a b c d e"), 1, ""},
		{"always the other", append(many([]string{"a", "b"}, 10), many([]string{"b", "a"}, 10)...), 1 - 1/(2*20*20/(40.0*39)), ""},
	} {
		r := Alpha(c.units)
		if r.Why != c.why || math.Abs(r.Alpha-c.alpha) > 1e-12 {
			t.Errorf("%s: %+v, want %v %q", c.name, r, c.alpha, c.why)
		}
	}
	r := Alpha(rows("a a b a", "a a b b"))
	if math.Abs(1-r.Observed/r.Expected-0.533) > 0.0005 {
		t.Errorf("the example of the package: %+v", r)
	}
}

// Neither the order of the units nor that of the observers matters, and chance
// gives 0.
func TestLaws(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	units := make([][]string, 4000)
	for i := range units {
		for range 2 + rnd.IntN(3) {
			units[i] = append(units[i], string(rune('a'+rnd.IntN(4))))
		}
	}
	r := Alpha(units)
	if math.Abs(r.Alpha) > 0.03 {
		t.Errorf("values by chance give %v", r.Alpha)
	}
	rnd.Shuffle(len(units), func(i, j int) { units[i], units[j] = units[j], units[i] })
	for _, u := range units {
		slices.Reverse(u)
	}
	if again := Alpha(units); math.Abs(again.Alpha-r.Alpha) > 1e-9 || again.Values != r.Values {
		t.Errorf("another order gives %v, not %v", again.Alpha, r.Alpha)
	}
}

func TestPool(t *testing.T) {
	a, b := Alpha(rows("a a b b d c c c e d d a", "b a b b b c c c e d d d")), Alpha(rows("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"))
	r := Pool(a, b)
	// 1 − (6 + 8)/(448/23 + 168/19), from the whole numbers of examples B and A.
	if want := 1 - 14/(448.0/23+168.0/19); math.Abs(r.Alpha-want) > 1e-12 || r.Units != 22 || r.Values != 44 {
		t.Errorf("%+v, want %v", r, want)
	}
	if one := Pool(a); math.Abs(one.Alpha-a.Alpha) > 1e-12 {
		t.Errorf("one alone: %v, want %v", one.Alpha, a.Alpha)
	}
	// Many layers that are too small each may be enough together.
	small := Alpha(rows("a a b a", "a a b b"))
	if small.Why != TooFew || Pool(small, small).Why != TooFew || Pool(small, small, small).Why != "" {
		t.Errorf("%+v", Pool(small, small, small))
	}
	if Pool().Why != TooFew {
		t.Error("nothing has an alpha")
	}
}

func TestCounts(t *testing.T) {
	c := Count([]string{"a", "b", "b", "c"}, []string{"b", "a", "d"})
	if c != (Counts{2, 2, 1}) {
		t.Errorf("%+v", c)
	}
	if f, ok := c.F1(); !ok || math.Abs(f-4.0/7) > 1e-12 {
		t.Errorf("%v %v", f, ok)
	}
	if f, ok := (Counts{}).F1(); ok {
		t.Errorf("nothing has an F1: %v", f)
	}
	if c.Plus(Counts{1, 1, 1}) != (Counts{3, 3, 2}) {
		t.Errorf("%+v", c.Plus(Counts{1, 1, 1}))
	}
	if Count([]string{"a", "a"}, []string{"a"}) != (Counts{1, 1, 0}) {
		t.Error("what stands twice counts once")
	}
}
