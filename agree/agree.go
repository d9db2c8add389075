// Package agree measures how far people who judged the same things agree:
// Krippendorff's alpha for names of things (nominal data), and F1. It knows
// nothing of reports; package review says what is a unit and what a value.
//
// The source of alpha is Klaus Krippendorff, "Computing Krippendorff's
// Alpha-Reliability" (University of Pennsylvania, 2011), whose worked examples
// are this package's tests. Alpha is 1 − Dₒ/Dₑ: the disagreement that is there,
// over that which would be there if the same values had been given to the units
// by chance. 1 is perfect, 0 is chance, below 0 is worse than chance. He asks for 0.800 where
// something rests on it, and takes 0.667 for tentative conclusions.
//
// An example: two people, four units, "a a", "a a", "b b", "a b".
// Eight values, five a and three b; one pair of four differs, so Dₒ = 2/8.
// By chance Dₑ = 2·5·3/(8·7) = 30/56, and alpha is 1 − 0.25/0.536 = 0.533.
package agree

// MinUnits is the number of units with two values or more below which no alpha
// is given: with fewer, one pair more or less that differs moves Dₒ by more
// than a tenth. The number is ours, not Krippendorff's; he has tables for how
// many units a level of confidence takes, and they begin higher.
const MinUnits = 10

// Reason says why there is no alpha.
type Reason string

// The reasons.
const (
	TooFew      Reason = "too few"      // fewer than MinUnits units have two values
	NoVariation Reason = "no variation" // all values are one and the same: chance and agreement cannot be told apart
)

// Reliability is what the values of some units say of those who gave them.
type Reliability struct {
	Alpha    float64 `json:"alpha"` // 0 where Why is set
	Why      Reason  `json:"why,omitempty"`
	Units    int     `json:"units"`    // with two values or more
	Values   int     `json:"values"`   // of these units: n
	Observed float64 `json:"observed"` // Dₒ
	Expected float64 `json:"expected"` // Dₑ
}

// Alpha computes Krippendorff's alpha for nominal data. A unit is the list of
// the values that it was given, one for each observer who gave one, in any
// order; who gave none is left out. Units with fewer than two values say
// nothing.
func Alpha(units [][]string) Reliability {
	var r Reliability
	total := map[string]int{} // n_c
	differ := 0.0             // Σ o_ck over c ≠ k
	for _, u := range units {
		if len(u) < 2 {
			continue
		}
		r.Units++
		r.Values += len(u)
		own := map[string]int{}
		for _, v := range u {
			own[v]++
			total[v]++
		}
		// Of the m(m−1) pairs of a unit those of different values, each counting
		// 1/(m−1), so that a unit weighs as much as it has values. They are counted as
		// whole numbers: the order of a map must not change the last digit.
		same := 0
		for _, n := range own {
			same += n * (n - 1)
		}
		differ += float64(len(u)*(len(u)-1)-same) / float64(len(u)-1)
	}
	if r.Values > 0 {
		r.Observed = differ / float64(r.Values)
		same := 0
		for _, n := range total {
			same += n * (n - 1)
		}
		r.Expected = 1 - float64(same)/float64(r.Values*(r.Values-1))
	}
	return r.settle()
}

// Pool takes several kinds of units together, as the layers of a report: the
// disagreement of all, over what chance would give within each kind. To throw
// all values into one table instead would take it for a feat that a person is
// not confused with a day.
func Pool(list ...Reliability) Reliability {
	var r Reliability
	for _, x := range list {
		r.Units += x.Units
		r.Values += x.Values
		r.Observed += float64(x.Values) * x.Observed
		r.Expected += float64(x.Values) * x.Expected
	}
	if r.Values > 0 {
		r.Observed /= float64(r.Values)
		r.Expected /= float64(r.Values)
	}
	return r.settle()
}

func (r Reliability) settle() Reliability {
	switch {
	case r.Units < MinUnits:
		r.Why = TooFew
	case r.Expected == 0:
		r.Why = NoVariation
	default:
		r.Alpha = 1 - r.Observed/r.Expected
	}
	return r
}

// Counts are what two people have in common, and what only one of them has.
type Counts struct {
	Both  int `json:"both"`
	OnlyA int `json:"only_a"`
	OnlyB int `json:"only_b"`
}

// Count compares two lists of things; what stands in a list twice counts twice.
func Count(a, b []string) Counts {
	var c Counts
	left := map[string]int{}
	for _, x := range a {
		left[x]++
	}
	for _, x := range b {
		if left[x] > 0 {
			left[x]--
			c.Both++
		} else {
			c.OnlyB++
		}
	}
	c.OnlyA = len(a) - c.Both
	return c
}

// Plus adds counts.
func (c Counts) Plus(o Counts) Counts {
	return Counts{c.Both + o.Both, c.OnlyA + o.OnlyA, c.OnlyB + o.OnlyB}
}

// F1 is the harmonic mean of precision and recall of either person against the
// other: it is the same both ways. false where neither has anything.
func (c Counts) F1() (float64, bool) {
	all := 2*c.Both + c.OnlyA + c.OnlyB
	if all == 0 {
		return 0, false
	}
	return float64(2*c.Both) / float64(all), true
}
