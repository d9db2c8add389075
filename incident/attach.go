package incident

import (
	"slices"
	"strings"
)

// fitting is an account of nothing that happened with the group that it fits
// best.
type fitting struct {
	node  *node
	with  *node // the member that it is most like
	score float64
}

// attach finds for each account of a part that tells of nothing that happened
// the group that it fits best, where it fits one.
func (l *linker) attach(part []*node, groups []*group) map[*group][]fitting {
	out := map[*group][]fitting{}
	var loose []*node
	for _, a := range part {
		if !a.happened {
			loose = append(loose, a)
		}
	}
	if len(loose) == 0 || len(groups) == 0 {
		return out
	}
	slices.SortFunc(loose, before)
	near := func(*node) []*group { return groups }
	if len(part) > crowd { // of a large part those groups of which it meets an account
		of := map[*node]*group{}
		rank := map[*group]int{}
		for i, g := range groups {
			rank[g] = i
			for _, a := range g.members {
				of[a] = g
			}
		}
		b := l.blocks(slices.Clone(part))
		near = func(a *node) []*group {
			var list []*group
			put := func(j int) {
				if g := of[b.nodes[j]]; g != nil {
					list = append(list, g)
				}
			}
			b.earlier(b.find(a), put)
			b.later(b.find(a), put)
			slices.SortFunc(list, func(x, y *group) int { return rank[x] - rank[y] })
			return slices.Compact(list)
		}
	}
	for _, a := range loose {
		var best *group
		f := fitting{node: a, score: never}
		for _, g := range near(a) {
			if a.threatens && a.sketch.day() != noDay && slices.ContainsFunc(g.members, func(m *node) bool { return m.last != noDay && m.last < a.sketch.day() }) {
				continue // a threat comes first
			}
			if s, with := l.fit(a, g); s > f.score {
				best, f.score, f.with = g, s, with
			}
		}
		if best != nil && (f.score > 0 || f.score > -1000 && a.threatens) {
			out[best] = append(out[best], f)
		}
	}
	return out
}

// fit is the mean of an account's three best scores with members of a group,
// and the best of these.
func (l *linker) fit(a *node, g *group) (float64, *node) {
	var list []int64
	var with *node
	best := int64(never * 1000)
	for _, b := range g.some(a) {
		s := l.score(a, b)
		list = append(list, s)
		if s > best {
			best, with = s, b
		}
	}
	slices.Sort(list)
	list = list[max(0, len(list)-3):]
	sum := int64(0)
	for _, s := range list {
		sum += s
	}
	return float64(sum) / float64(len(list)), with
}

// about reads out of an account's scenes what they are to its incident.
func (a *account) about(why string, sure float64) []Attached {
	var out []Attached
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
		out = append(out, Attached{Report: a.doc.ID, Outlet: a.doc.Outlet, At: a.at(), As: as, Quote: a.doc.quote(start, end), By: a.by(s, as), Reason: why, Confidence: sure, account: a})
	}
	main := a.kind()
	for _, s := range a.scenes {
		of := slices.ContainsFunc(s.acts, func(c act) bool { return c.kind == main })
		switch {
		case s.claims && a.by(s, Claim) != "":
			put(Claim, s)
		case s.retracts:
			put(Retraction, s)
		case s.denied && (of || len(s.acts) > 0 && !s.title && s.start <= a.doc.textStart() && a.happened || !a.happened && len(s.acts) == 0 || s.title):
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
func (a *account) by(s *scene, as string) string {
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

// claimant returns the name of who takes responsibility in a sentence. Where it names nobody, «گروهی
// ناشناخته», one of the next two may: «این گروه که خود را … می‌نامد».
func (x *doc) claimant(s *scene) string {
	if name := x.claims(s.start, s.end); name != "" {
		return name
	}
	i := slices.IndexFunc(x.sentences, func(o sentence) bool { return o.start >= s.end })
	for k := 0; i >= 0 && k < 2 && i+k < len(x.sentences); k++ {
		o := x.sentences[i+k]
		if loaded.has("calls-itself", o.tokens) {
			return x.claims(o.start, o.end)
		}
	}
	return ""
}

// claims returns the name of a group between two places: words
// in quotation marks, a named group, or what stands after «به نام».
func (x *doc) claims(start, end int) string {
	text := string(x.text[start:end])
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
		if e := x.entity[m.Entity]; m.Start >= start && m.Start < end && e != nil && !strings.HasPrefix(e.ID, "~") && (e.Type == "GRP" || e.Type == "ORG") && !loaded.has("police", tokensOf(e.Name)) {
			return e.Name
		}
	}
	return ""
}
