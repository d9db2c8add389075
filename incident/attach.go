package incident

import (
	"maps"
	"slices"
	"sort"
	"strings"
)

// attached returns what is said about an incident without telling that it
// happened: by its own members (a claim, a denial beside the tale) and by
// accounts of nothing that happened that fit it best.
func (l *Linker) attached(g *group) []Attached {
	var out []Attached
	for _, a := range g.members {
		out = append(out, l.about(a, a, "the report tells of the incident too", 1)...)
	}
	near := map[*account]bool{}
	for _, m := range g.members {
		for a := range l.pairs[m] {
			if !a.happened {
				near[a] = true
			}
		}
	}
	list := slices.Collect(maps.Keys(near))
	sortAccounts(list)
	for _, a := range list {
		if best, s := l.nearest(a); best == g && (s > 0 || s > -1 && a.threatens()) {
			_, with := l.fit(a, g)
			_, why := l.score(a, with)
			out = append(out, l.about(a, a, reason(why), confidence(s))...)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].Report != out[j].Report {
			return out[i].Report < out[j].Report
		}
		return out[i].Quote.Start < out[j].Quote.Start
	})
	return out
}

// nearest returns the group that an account which tells of nothing that
// happened fits best.
func (l *Linker) nearest(a *account) (best *group, score float64) {
	score = never
	var groups []*group
	others := slices.Collect(maps.Keys(l.pairs[a]))
	sortAccounts(others)
	for _, b := range others {
		if g := l.groups[b]; b.happened && g != nil && !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	for _, g := range groups {
		if a.threatens() && slices.ContainsFunc(g.members, func(m *account) bool { return !m.last.IsZero() && m.last.Before(a.doc.day()) }) {
			continue // a threat comes first
		}
		if s, _ := l.fit(a, g); s > score {
			best, score = g, s
		}
	}
	return best, score
}

// fit is the mean of an account's three best scores with members of a group,
// and the best of these.
func (l *Linker) fit(a *account, g *group) (float64, *account) {
	var list []float64
	var with *account
	best := never * 1000.0
	members := slices.Clone(g.members)
	sortAccounts(members)
	for _, b := range members {
		s, ok := l.near(a, b, len(members))
		if !ok {
			continue
		}
		list = append(list, s)
		if s > best {
			best, with = s, b
		}
	}
	slices.Sort(list)
	slices.Reverse(list)
	list = list[:min(3, len(list))]
	if len(list) == 0 {
		return never, members[0]
	}
	sum := 0.0
	for _, s := range list {
		sum += s
	}
	return sum / float64(len(list)), with
}

// about reads out of an account's scenes what they are to its incident.
func (l *Linker) about(a, key *account, why string, sure float64) []Attached {
	var out []Attached
	at, _ := a.clearest()
	put := func(as string, s *scene) {
		if slices.ContainsFunc(out, func(o Attached) bool { return o.As == as }) {
			return // the first words of it suffice
		}
		end := s.end
		for end > s.start && strings.ContainsRune(" \n.؟!؛", a.doc.text[end-1]) {
			end--
		}
		start := s.start
		for start < end && strings.ContainsRune(" \n", a.doc.text[start]) {
			start++
		}
		out = append(out, Attached{Report: a.doc.ID, Outlet: a.doc.Outlet, At: At{at.start, at.end}, As: as, Quote: a.doc.quote(start, end), By: l.by(a, s, as), Reason: why, Confidence: sure, account: key})
	}
	main := a.kind()
	for _, s := range a.scenes {
		of := slices.ContainsFunc(s.acts, func(c act) bool { return c.kind == main })
		switch {
		case s.claims && l.by(a, s, Claim) != "":
			put(Claim, s)
		case s.retracts:
			put(Retraction, s)
		case s.denied && (of || !a.happened && len(s.acts) == 0 || s.title):
			put(Denial, s)
		}
	}
	for _, s := range a.scenes {
		if s.unreal != "" && len(out) == 0 && !a.happened {
			put(s.unreal, s)
		}
	}
	if len(out) == 0 && !a.happened {
		if c, s := a.clearest(); s != nil {
			as := Plan
			if c.event != nil && c.event.Status == "negated" {
				as = Denial
			}
			put(as, s)
		}
	}
	return out
}

// by returns who says it: for a claim the group that the sentence names, for
// the rest the speaker.
func (l *Linker) by(a *account, s *scene, as string) string {
	x := a.doc
	if as == Claim {
		return x.claimant(s)
	}
	for _, st := range x.Record.Statements {
		for _, c := range st.Content {
			if c.Start < s.end && s.start < c.End && st.Speaker != nil {
				return x.name(*st.Speaker)
			}
		}
		if st.Cue != nil && st.Cue.Start >= s.start && st.Cue.Start < s.end && st.Speaker != nil {
			return x.name(*st.Speaker)
		}
	}
	if as == Threat {
		for i := range x.Record.Events {
			if e := &x.Record.Events[i]; e.Type == "THREATEN" && e.Trigger.Start >= s.start && e.Trigger.Start < s.end && len(e.Actor) > 0 {
				return x.name(e.Actor[0].Entity)
			}
		}
	}
	return ""
}

func (x *doc) name(id string) string {
	if e := x.entity[id]; e != nil {
		return e.Name
	}
	return id
}

// claimant returns the name of who takes responsibility in a sentence: words
// in quotation marks, a named group, or what stands after «به نام».
func (x *doc) claimant(s *scene) string {
	text := string(x.text[s.start:s.end])
	if _, rest, ok := strings.Cut(text, "«"); ok {
		if name, _, ok := strings.Cut(rest, "»"); ok && len(strings.Fields(name)) <= 5 {
			return name
		}
	}
	for _, after := range []string{"به نام ", "موسوم به "} {
		if _, rest, ok := strings.Cut(text, after); ok {
			if f := strings.Fields(rest); len(f) >= 2 {
				return f[0] + " " + f[1]
			}
		}
	}
	for _, m := range x.Record.Mentions {
		if e := x.entity[m.Entity]; m.Start >= s.start && m.Start < s.end && e != nil && !strings.HasPrefix(e.ID, "~") && (e.Type == "GRP" || e.Type == "ORG") {
			return e.Name
		}
	}
	return ""
}
