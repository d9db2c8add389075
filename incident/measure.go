package incident

import (
	"encoding/json"
	"os"
	"slices"
)

// Gold is what a person found in a set of reports; examples/link/dev/README.md
// has its fields.
type Gold struct {
	Origins   [][]string `json:"origins"`
	Incidents []struct {
		ID      string `json:"id"`
		Members []struct {
			Report string `json:"report"`
			Quote  string `json:"quote"`
		} `json:"members"`
		Attached []struct {
			Report string `json:"report"`
			Quote  string `json:"quote"`
			As     string `json:"as"`
		} `json:"attached"`
	} `json:"incidents"`
	Contradictions []struct {
		Incident string `json:"incident"`
		Field    string `json:"field"`
		Of       string `json:"of"`
		Sides    []struct {
			Value   string   `json:"value"`
			Reports []string `json:"reports"`
		} `json:"sides"`
	} `json:"contradictions"`
}

// ReadGold reads a gold file.
func ReadGold(file string) (*Gold, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	g := &Gold{}
	return g, json.Unmarshal(b, g)
}

// Measure is precision, recall and their harmonic mean.
type Measure struct{ P, R, F1 float64 }

func measure(p, r float64) Measure {
	m := Measure{P: p, R: r}
	if p+r > 0 {
		m.F1 = 2 * p * r / (p + r)
	}
	return m
}

// BCubed compares two groupings of reports by B³, in the form of Amigó and
// others (2009) for things that stand in several groups: for each report and
// each report it stands with, how many of the groups that the one side gives
// the two the other side gives them too. A report that stands alone stands
// with itself. Reports are those of ids, in a group or not.
func BCubed(found, gold [][]string, ids []string) Measure {
	return measure(bcubed(found, gold, ids), bcubed(gold, found, ids))
}

func bcubed(of, by [][]string, ids []string) float64 {
	sum, n := 0.0, 0
	for _, a := range ids {
		s, k := 0.0, 0
		for _, b := range ids {
			x, y := both(of, a, b), both(by, a, b)
			if a == b { // a report may tell of things that no other tells of; gold leaves some out
				x, y = 1, 1
			}
			if x == 0 {
				continue
			}
			s += float64(min(x, y)) / float64(x)
			k++
		}
		sum += s / float64(k)
		n++
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

func both(groups [][]string, a, b string) int {
	n := 0
	for _, g := range groups {
		if slices.Contains(g, a) && slices.Contains(g, b) {
			n++
		}
	}
	return n
}

// Groups returns the members of each incident as report ids.
func Groups(list []Linked) [][]string {
	var out [][]string
	for i := range list {
		out = append(out, list[i].reports())
	}
	return out
}

// Groups returns the members of each incident of the gold.
func (g *Gold) Groups() [][]string {
	var out [][]string
	for _, in := range g.Incidents {
		var list []string
		for _, m := range in.Members {
			list = append(list, m.Report)
		}
		out = append(out, list)
	}
	return out
}

// Scored is how one contradiction of the gold fared.
type Scored struct {
	Incident, Field, Of string
	Found               bool
}

// ContradictionF1 compares the contradictions of incidents with those of the gold. One is found where the incidents share most
// of their members, the field is the same, and two of its sides stand each for
// another side of the gold, the reports of the one overlapping with those of
// the other. Each is counted once. Wrong are those found that the gold has not.
func (g *Gold) ContradictionF1(list []Linked) (m Measure, gold []Scored, wrong []Scored) {
	type at struct{ i, j int }
	used := map[at]bool{}
	groups := map[string][]string{}
	for i, m := range g.Groups() {
		groups[g.Incidents[i].ID] = m
	}
	match := map[string]int{} // gold incident → found incident with most of its members
	for id, members := range groups {
		best := 0
		for i := range list {
			n := 0
			for _, r := range list[i].reports() {
				if slices.Contains(members, r) {
					n++
				}
			}
			if n > best || n == best && n > 0 && len(list[i].Members) < len(list[match[id]].Members) {
				best, match[id] = n, i
			}
		}
		if best == 0 {
			match[id] = -1
		}
	}
	hits, total := 0, 0
	for _, c := range g.Contradictions {
		s := Scored{Incident: c.Incident, Field: c.Field, Of: c.Of}
		if i := match[c.Incident]; i >= 0 {
			for j, f := range list[i].Table.Contradictions {
				if s.Found || used[at{i, j}] || f.Field != c.Field {
					continue
				}
				if matches(len(c.Sides), len(f.Sides), func(k, n int) bool { return meet(c.Sides[k].Reports, f.Sides[n].Reports) }) {
					s.Found, used[at{i, j}] = true, true
					hits++
				}
			}
		}
		gold = append(gold, s)
	}
	for i := range list {
		for j, c := range list[i].Table.Contradictions {
			total++
			if !used[at{i, j}] {
				wrong = append(wrong, Scored{Incident: list[i].ID, Field: c.Field, Of: c.Of})
			}
		}
	}
	p, r := 0.0, 0.0
	if total > 0 {
		p = float64(hits) / float64(total)
	}
	if len(g.Contradictions) > 0 {
		r = float64(hits) / float64(len(g.Contradictions))
	}
	return measure(p, r), gold, wrong
}

// matches says whether two of the first stand for two of the second.
func matches(a, b int, same func(i, j int) bool) bool {
	for i := range a {
		for k := range i {
			for j := range b {
				for m := range b {
					if j != m && same(i, j) && same(k, m) {
						return true
					}
				}
			}
		}
	}
	return false
}
