package relay

import (
	"fmt"
	"slices"
	"strings"
)

// Group is a set of reports that rest on one origin.
type Group struct {
	Origin  string   // the report that the others go back to, or the outlet or speaker that is their common source; "" where several may be
	Reports []string // ids, in the order of the documents
	Why     []string
}

// Origins puts reports that rest on one origin into groups: every report is in
// one group, most alone. Links below the confidence do not count; 0 counts all.
//
// By the Every Casualty Standards (2016) sources confirm each other only when
// they are different outlets, different authors and rest on different primary
// sources. A group is what links show to be one author's words; [Independent]
// adds the outlets and the primary sources of a claim.
func Origins(links []Link, docs []Doc, confidence float64) []Group {
	f := newForest()
	for i := range docs {
		f.find(docs[i].ID)
	}
	for _, l := range links {
		if l.Confidence >= confidence {
			f.join(l.From, l.To)
		}
	}
	index := map[string]int{}
	var out []Group
	seen := make(map[string]bool, len(docs))
	for i := range docs {
		if seen[docs[i].ID] {
			continue
		}
		seen[docs[i].ID] = true
		root := f.find(docs[i].ID)
		n, ok := index[root]
		if !ok {
			n = len(out)
			index[root] = n
			out = append(out, Group{})
		}
		out[n].Reports = append(out[n].Reports, docs[i].ID)
	}
	relays, common := map[string]bool{}, map[string][]string{}
	for _, l := range links {
		n, ok := index[f.find(l.From)]
		if !ok || l.Confidence < confidence {
			continue
		}
		g := &out[n]
		switch {
		case !l.Common:
			relays[l.To] = true
			g.Why = append(g.Why, fmt.Sprintf("%s takes it from %s (%s)", l.To, l.From, l.How))
		default:
			root := f.find(l.From)
			if !slices.Contains(common[root], l.Source) {
				common[root] = append(common[root], l.Source)
			}
			source := "one text that is not here"
			if l.Source != "" {
				source = l.Source
			}
			g.Why = append(g.Why, fmt.Sprintf("%s and %s both rest on %s", l.From, l.To, source))
		}
	}
	for i := range out {
		g := &out[i]
		var heads []string
		for _, id := range g.Reports {
			if !relays[id] {
				heads = append(heads, id)
			}
		}
		switch sources := common[f.find(g.Reports[0])]; {
		case len(sources) == 1:
			g.Origin = sources[0]
		case len(heads) == 1 && len(sources) == 0:
			g.Origin = heads[0]
		}
	}
	return out
}

// Claim is one statement or event of one report, for counting who stands behind it.
type Claim struct {
	Report  string
	Outlet  string
	Speaker string   // who says so: an entity id; "" where the report says it in its own voice or the speaker is only described
	Via     []string // outlets through which it came, as in the record
}

// EventClaim is what counts of event i of the report's record: on whose word
// it is told, and by way of whom.
func EventClaim(d *Doc, i int) Claim {
	if by := d.Record.Events[i].SaidBy; by != nil {
		for j := range d.Record.Statements {
			if d.Record.Statements[j].ID == *by {
				return StatementClaim(d, j)
			}
		}
	}
	return Claim{Report: d.ID, Outlet: d.Outlet}
}

// StatementClaim is what counts of statement i of the report's record. A
// speaker who is only described ("a security source") is nobody that two reports can be
// known to share; an outlet that speaks is the end of the chain.
func StatementClaim(d *Doc, i int) Claim {
	s := &d.Record.Statements[i]
	c := Claim{Report: d.ID, Outlet: d.Outlet}
	for _, v := range s.Via {
		if v.Entity != d.Outlet && v.Entity != "" {
			c.Via = append(c.Via, v.Entity)
		}
	}
	if s.Speaker == nil || *s.Speaker == d.Outlet || strings.HasPrefix(*s.Speaker, "~") {
		return c
	}
	for _, e := range d.Record.Entities {
		if e.ID == *s.Speaker && e.Type == "MEDIA" {
			c.Via = append(c.Via, e.ID)
			return c
		}
	}
	c.Speaker = *s.Speaker
	return c
}

// Source is one independent origin of a claim.
type Source struct {
	Name    string   // speaker, outlet or report: the deepest that is known
	Reports []string // those that rest on it
	Why     string
}

// Independent counts the independent origins of a claim that several reports
// make: claims have one origin where they have the same outlet, or the same author
// (a group of Origins), or the same primary source: one speaker, or one outlet in
// their chains. So a press release that everybody prints counts once, for who
// wrote it; two reports that quote one spokesman count once, for him. Its length is the number of origins.
//
// It is a lower bound on purpose: two that differ in all three may still have
// one source that neither names.
func Independent(claims []Claim, groups []Group) []Source {
	of := map[string]int{}
	for i, g := range groups {
		for _, id := range g.Reports {
			of[id] = i
		}
	}
	f := newForest()
	node := func(kind, v string) string { return kind + "\x00" + v }
	for _, c := range claims {
		me := node("report", c.Report)
		f.find(me)
		if c.Outlet != "" {
			f.join(node("outlet", c.Outlet), me)
		}
		if g, ok := of[c.Report]; ok {
			f.join(node("group", fmt.Sprint(g)), me)
		}
		if c.Speaker != "" {
			f.join(node("speaker", c.Speaker), me)
		}
		for _, v := range c.Via {
			if v != "" {
				f.join(node("outlet", v), me)
			}
		}
	}
	index := map[string]int{}
	var out []Source
	for _, c := range claims {
		root := f.find(node("report", c.Report))
		n, ok := index[root]
		if !ok {
			n = len(out)
			index[root] = n
			out = append(out, Source{})
		}
		s := &out[n]
		if !slices.Contains(s.Reports, c.Report) {
			s.Reports = append(s.Reports, c.Report)
		}
		deepest, why := c.Report, "the report's own voice"
		switch g, ok := of[c.Report]; {
		case c.Speaker != "":
			deepest, why = c.Speaker, "who is quoted"
		case len(c.Via) > 0:
			deepest, why = c.Via[len(c.Via)-1], "the outlet at the end of the chain"
		case ok && groups[g].Origin != "" && len(groups[g].Reports) > 1:
			deepest, why = groups[g].Origin, "what the reports take their words from"
		case c.Outlet != "":
			deepest, why = c.Outlet, "the outlet's own voice"
		}
		if s.Name == "" || rank(why) < rank(s.Why) {
			s.Name, s.Why = deepest, why
		}
	}
	return out
}

func rank(why string) int {
	return slices.Index([]string{"who is quoted", "the outlet at the end of the chain", "what the reports take their words from",
		"the outlet's own voice", "the report's own voice"}, why)
}

// forest is a union-find whose roots are the names that came first.
type forest struct {
	up    map[string]string
	order map[string]int
}

func newForest() *forest { return &forest{map[string]string{}, map[string]int{}} }

func (f *forest) find(v string) string {
	if _, ok := f.up[v]; !ok {
		f.up[v] = v
		f.order[v] = len(f.order)
	}
	root := v
	for f.up[root] != root {
		root = f.up[root]
	}
	for f.up[v] != root {
		f.up[v], v = root, f.up[v]
	}
	return root
}

func (f *forest) join(a, b string) {
	a, b = f.find(a), f.find(b)
	if f.order[a] > f.order[b] {
		a, b = b, a
	}
	f.up[b] = a
}
