package incident

import (
	"slices"
)

// Ref points to words of a report, in code points of its text. It finds the
// account whose sentences hold them, so it survives a new reading of the same
// text. Where End is 0 it means the first account of the report.
type Ref struct {
	Report string `json:"report"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
}

// Decision is a person's: the two tell of one thing, or they do not.
type Decision struct {
	A    Ref  `json:"a"`
	B    Ref  `json:"b"`
	Same bool `json:"same"`
}

// Apply returns the incidents as people want them: first what they joined,
// then what they parted, which wins. Of an incident that is parted each other
// member goes with the one of the two that it is more like, and with those it
// was joined to. Lost are decisions of which one end is no account any more.
// Apply can be called on every new linking: the decisions hold on words.
func (l *Linker) Apply(list []Incident, decisions []Decision) (out []Incident, lost []Decision) {
	type pair struct{ a, b *account }
	groups := map[*account]*group{}
	var order []*group
	for i := range list {
		g := &group{}
		for j := range list[i].Members {
			if a := list[i].Members[j].account; a != nil {
				g.members = append(g.members, a)
				groups[a] = g
			}
		}
		if len(g.members) > 0 {
			order = append(order, g)
		}
	}
	var joined, parted []pair
	for _, d := range decisions {
		a, b := l.account(d.A), l.account(d.B)
		if a == nil || b == nil || groups[a] == nil || groups[b] == nil {
			lost = append(lost, d)
			continue
		}
		if d.Same {
			joined = append(joined, pair{a, b})
		} else if a != b {
			parted = append(parted, pair{a, b})
		}
	}
	byPeople := map[*account]bool{}
	for _, p := range joined {
		g, h := groups[p.a], groups[p.b]
		byPeople[p.a], byPeople[p.b] = true, true
		if g == h {
			continue
		}
		for _, a := range h.members {
			groups[a] = g
		}
		g.members = append(g.members, h.members...)
		h.members = nil
	}
	for _, p := range parted {
		g := groups[p.a]
		byPeople[p.a], byPeople[p.b] = true, true
		if g != groups[p.b] {
			continue
		}
		side := map[*account]int{p.a: 1, p.b: 2}
		for changed := true; changed; { // who was joined by a person goes along
			changed = false
			for _, q := range joined {
				if s, t := side[q.a], side[q.b]; s != 0 && t == 0 {
					side[q.b], changed = s, true
				} else if t != 0 && s == 0 {
					side[q.a], changed = t, true
				}
			}
		}
		h := &group{}
		var stay []*account
		for _, a := range g.members {
			s := side[a]
			if s == 0 {
				s = 1
				if l.pair(a, p.b) > l.pair(a, p.a) {
					s = 2
				}
			}
			if s == 2 {
				h.members = append(h.members, a)
				groups[a] = h
			} else {
				stay = append(stay, a)
			}
		}
		g.members = stay
		order = append(order, h)
	}
	before := l.groups
	l.groups = map[*account]*group{}
	for a, g := range before {
		l.groups[a] = g
	}
	for a, g := range groups {
		l.groups[a] = g
	}
	for _, g := range order {
		if len(g.members) == 0 {
			continue
		}
		sortAccounts(g.members)
		in, ok := l.incident(g)
		if !ok {
			continue
		}
		for i := range in.Members {
			if byPeople[in.Members[i].account] {
				in.Members[i].Reason += " (a person decided)"
			}
		}
		out = append(out, in)
	}
	l.groups = before
	sortIncidents(out)
	return out, lost
}

// account returns the account that a ref points into, nil where there is none.
func (l *Linker) account(r Ref) *account {
	x := l.docs[r.Report]
	if x == nil {
		return nil
	}
	for _, a := range x.accounts {
		if r.End == 0 {
			return a
		}
		if slices.ContainsFunc(a.scenes, func(s *scene) bool { return s.start < r.End && r.Start < s.end }) {
			return a
		}
	}
	return nil
}
