package who

import (
	"slices"
	"strings"

	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
)

// loadedTerm is an entry of loaded.txt.
type loadedTerm struct {
	id     string
	refers string
	entity string
	needs  string
	noun   bool
	inside bool
	in     []theatre
}

// theatre is where a loaded noun means one actor: «اشغالگران» in Palestine.
type theatre struct {
	entity string
	names  []string
}

func (f *Finder) compileLoaded(l *lexicon.Lexicon) {
	var forms []string
	var at []int
	for _, e := range l.File("loaded") {
		n := len(f.loadedTerm)
		f.loadedTerm = append(f.loadedTerm, loadedTerm{e.ID, e.Get("refers"), e.Get("entity"), e.Get("needs"), e.Has("noun"), e.Has("inside"), nil})
		for _, line := range e.All("theatre") {
			if id, names, ok := strings.Cut(line, ": "); ok {
				f.loadedTerm[n].in = append(f.loadedTerm[n].in, theatre{id, []string{names}})
			} else if k := len(f.loadedTerm[n].in); k > 0 {
				f.loadedTerm[n].in[k-1].names = append(f.loadedTerm[n].in[k-1].names, line)
			}
		}
		for _, w := range e.All("word") {
			forms, at = append(forms, w), append(at, n)
		}
	}
	f.loaded = lexicon.BuildNames(forms, at)
}

// markLoaded marks wording that takes a side and is not itself a name, with
// whom it refers to.
func (x *finding) markLoaded() {
	r := x.r
	words := r.Words.Words
	slices.SortFunc(x.load, func(a, b loadedSpan) int { return a.first - b.first })
	load := x.load
	groups := slices.ContainsFunc(r.Entities, func(e report.Entity) bool { return e.Type == report.GRP })
	for i := 0; i < len(words); i++ {
		if words[i].Tag == word.PUNCT {
			continue
		}
		if len(load) > 0 && i >= load[0].first {
			l := load[0]
			load = load[1:]
			r.Loaded = append(r.Loaded, report.Loaded{Span: r.Words.Span(l.first, l.last), Entity: l.entity, Rule: "loaded name"})
			i = max(i, l.last-1)
			continue
		}
		x.buf = x.loaded.At(x.buf[:0], words, i, loadedEnding)
		last, term := 0, -1
		for _, m := range x.buf {
			if (m.Last > last || m.Last == last && m.Rest == "") && words[m.Last-1].Sentence == words[i].Sentence {
				last, term = m.Last, m.Value
			}
		}
		if term < 0 {
			continue
		}
		t := &x.loadedTerm[term]
		if t.needs == "never" {
			i = last - 1
			continue
		}
		if n := x.inside(i, last); n != nil && (n.Loaded || !t.inside && (n.First < i || n.Last > last)) {
			continue
		}
		first := i
		if t.noun && i > 0 && x.class[words[i-1].Key]&actorWord != 0 && words[i-1].Sentence == words[i].Sentence && x.inside(i-1, i) == nil {
			first--
		}
		switch t.needs {
		case "name":
			if !x.namedAt(last) {
				continue
			}
		case "group":
			if !groups {
				continue
			}
		case "noun":
			if first == i {
				continue
			}
		}
		if t.needs == "noun" && last < len(words) && x.class[words[last].Key]&nisbaWord != 0 && words[last].Sentence == words[i].Sentence {
			last++
		}
		if id := x.theatreOf(t); id != "" && (last >= len(words) || x.class[words[last].Key]&nisbaWord == 0) && x.inside(i, last) == nil {
			m := report.Mention{Span: r.Words.Span(first, last), First: first, Last: last, Entity: x.sure(id), Form: report.Name, Loaded: true, Rule: "loaded " + t.id}
			k, _ := slices.BinarySearchFunc(r.Mentions, first, func(m report.Mention, i int) int { return m.First - i })
			r.Mentions = slices.Insert(r.Mentions, k, m)
			i = last - 1
			continue
		}
		ref := x.loadedRef(t, i, last)
		r.Loaded = append(r.Loaded, report.Loaded{Span: r.Words.Span(first, last), Entity: ref, Rule: "loaded " + t.id})
		i = last - 1
	}
}

// inside returns a name that holds any of Words[i:j], nil when there is none.
func (x *finding) inside(i, j int) *report.Mention {
	ms := x.r.Mentions
	k, _ := slices.BinarySearchFunc(ms, i, func(m report.Mention, i int) int { return m.Last - 1 - i })
	if k < len(ms) && ms[k].First < j {
		return &ms[k]
	}
	return nil
}

// namedAt reports whether a person or group is named at word i, be it behind a quote.
func (x *finding) namedAt(i int) bool {
	words := x.r.Words.Words
	for ; i < len(words) && (isQuote(words[i].Form) || x.class[words[i].Key]&titleWord != 0); i++ {
	}
	m := x.inside(i, i+1)
	if m == nil || m.First != i {
		return false
	}
	e := x.r.Entity(m.Entity)
	return e != nil && (e.Type == report.PER || e.Type == report.GRP || e.Type == report.ORG)
}

// loadedEnding accepts the plural and ezafe endings of a loaded noun.
func loadedEnding(rest string) bool {
	switch rest {
	case "ها", "های", "هایی", "ی":
		return true
	}
	return false
}

// loadedRef says whom a loaded term refers to.
func (x *finding) loadedRef(t *loadedTerm, i, j int) string {
	r := x.r
	words := r.Words.Words
	ms := r.Mentions
	at, _ := slices.BinarySearchFunc(ms, i, func(m report.Mention, i int) int { return m.First - i })
	switch t.refers {
	case "next":
		if at < len(ms) && ms[at].First >= j && ms[at].First <= j+2 && words[ms[at].First].Sentence == words[i].Sentence {
			return ms[at].Entity
		}
	case "prev", "victim":
		for k := at - 1; k >= 0 && k > at-4; k-- {
			if words[ms[k].First].Sentence != words[i].Sentence {
				break
			}
			if e := r.Entity(ms[k].Entity); e != nil && (e.Type == report.PER || t.refers == "prev") {
				return e.ID
			}
		}
	}
	if id := x.sure(t.entity); id != "" {
		return id
	}
	name := strings.Join(strings.Fields(r.Words.Span(i, j).Of(r.Text)), " ")
	id := "~" + lexicon.Slug(name)
	if r.Entity(id) == nil {
		r.Entities = append(r.Entities, report.Entity{ID: id, Type: report.GRP, Name: name})
	}
	return id
}

// sure makes sure that the actor of the lexicon is among the entities, and
// returns its id; "" where there is none of that id.
func (x *finding) sure(id string) string {
	r := x.r
	if id == "" || r.Entity(id) != nil {
		return id
	}
	n, known := x.byID[id]
	if !known {
		return ""
	}
	e := &x.ents[n]
	r.Entities = append(r.Entities, report.Entity{ID: e.id, Type: e.typ, Name: e.name, NameEn: e.en, Known: true, Place: e.geo})
	return e.id
}

// theatreOf returns the actor that the term means in this report, "" for none.
func (x *finding) theatreOf(t *loadedTerm) string {
	for _, in := range t.in {
		for _, id := range in.names {
			if x.r.Entity(id) != nil {
				return in.entity
			}
		}
	}
	return ""
}

// Settle ties loaded wording to whom the later stages found it to speak of: a
// description that holds it («سه صهیونیست»), or the victim of the event that it
// tells («به شهادت رسیدند»). It is the last stage.
func (f *Finder) Settle(r *report.Report) {
	for i := range r.Loaded {
		l := &r.Loaded[i]
		if !strings.HasPrefix(l.Entity, "~") {
			continue
		}
		from, _ := slices.BinarySearchFunc(r.Mentions, l.Span.Start-200, func(m report.Mention, at int) int { return m.Span.Start - at })
		for ; from < len(r.Mentions) && r.Mentions[from].Span.Start < l.Span.End; from++ {
			if m := &r.Mentions[from]; m.Form == report.Description && m.Span.Overlaps(l.Span) {
				l.Entity = m.Entity
			}
		}
	}
	for i := range r.Events {
		e := &r.Events[i]
		if len(e.Recipient) == 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(r.Loaded, e.Trigger.Start-60, func(l report.Loaded, at int) int { return l.Span.Start - at })
		for ; at < len(r.Loaded) && r.Loaded[at].Span.Start < e.Trigger.End; at++ {
			if l := &r.Loaded[at]; l.Span.Overlaps(e.Trigger) && (l.Rule == "loaded martyred" || l.Rule == "loaded perished") {
				l.Entity = e.Recipient[0].Entity
			}
		}
	}
	f.prune(r)
}

// prune drops the described entities that nothing speaks of any more.
func (f *Finder) prune(r *report.Report) {
	used := map[string]bool{r.OutletID: true}
	for i := range r.Mentions {
		used[r.Mentions[i].Entity] = true
	}
	for i := range r.Loaded {
		used[r.Loaded[i].Entity] = true
	}
	for i := range r.Statements {
		s := &r.Statements[i]
		used[s.Speaker.Entity] = true
		for _, v := range s.Via {
			used[v.Entity] = true
		}
		if s.Addressee != nil {
			used[s.Addressee.Entity] = true
		}
	}
	for i := range r.Events {
		e := &r.Events[i]
		for _, a := range e.Actor {
			used[a.Entity] = true
		}
		for _, a := range e.Recipient {
			used[a.Entity] = true
		}
		if e.Place != nil {
			used[e.Place.Entity] = true
		}
	}
	for i := range r.Entities {
		for _, o := range r.Entities[i].Roles {
			used[o.Of] = true
		}
	}
	r.Entities = slices.DeleteFunc(r.Entities, func(e report.Entity) bool { return strings.HasPrefix(e.ID, "~") && !used[e.ID] })
}
