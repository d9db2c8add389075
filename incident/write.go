package incident

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// shelf holds the reports that were read last.
type shelf struct {
	l     *linker
	docs  map[string]*doc
	order []string
}

// room is how many reports the shelf holds; a batch is how many are fetched at
// once.
const (
	room  = 600
	batch = 256
)

// fetch brings reports, those that are not there yet.
func (s *shelf) fetch(ids []string) error {
	var missing []string
	for _, id := range ids {
		if s.docs[id] == nil && !slices.Contains(missing, id) {
			missing = append(missing, id)
		}
	}
	for len(missing) > 0 {
		n := min(len(missing), batch)
		list, err := s.l.store.Docs(missing[:n])
		if err != nil {
			return fmt.Errorf("reports to write incidents from: %w", err)
		}
		missing = missing[n:]
		made := make([]*doc, len(list))
		var wait sync.WaitGroup
		cores := runtime.GOMAXPROCS(0)
		for c := range cores {
			wait.Go(func() {
				for i := c; i < len(list); i += cores {
					made[i] = newDoc(list[i], s.l.data)
				}
			})
		}
		wait.Wait()
		for _, x := range made {
			if s.docs[x.ID] == nil {
				s.docs[x.ID] = x
				s.order = append(s.order, x.ID)
			}
		}
	}
	return nil
}

// trim takes the oldest away.
func (s *shelf) trim() {
	for len(s.order) > room {
		delete(s.docs, s.order[0])
		s.order = s.order[1:]
	}
}

// turn makes room, where there is none, and brings the reports of a batch.
func (s *shelf) turn(ids []string) error {
	if len(s.order)+len(ids) > 2*room {
		s.trim()
	}
	return s.fetch(ids)
}

// account returns the words of an account, nil where its report is gone or is
// not the one any more that the sketch was made of.
func (s *shelf) account(a *node) *account {
	x := s.docs[a.sketch.Report]
	if x == nil || a.n >= len(x.accounts) {
		return nil
	}
	full := x.accounts[a.n]
	if full.at() != a.at {
		return nil
	}
	return full
}

// tabled is how many accounts of an incident its table is made of, the
// earliest ones.
const tabled = 1000

// write makes what is shown of a group.
func (l *linker) write(g *group, fits []fitting, byPeople map[key]bool) (Linked, error) {
	out := Linked{Incident: Incident{Attached: []Attached{}}}
	kinds := map[string]int{}
	type dated struct{ f, e int32 }
	votes := map[dated]int{}
	members := slices.Clone(g.members)
	slices.SortFunc(members, func(a, b *node) int {
		p, q := a.sketch.published, b.sketch.published
		if p != q && (p == noTime || q == noTime) {
			return cmp.Compare(q, p) // unknown ones last
		}
		return cmp.Or(cmp.Compare(p, q), before(a, b))
	})
	var words []*account
	for i, a := range members {
		if i%batch == 0 {
			if err := l.shelf.turn(reportsOf(members[i:min(i+batch, len(members))])); err != nil {
				return out, err
			}
		}
		for _, k := range a.kinds {
			kinds[k.kind] += k.n
		}
		if a.first != noDay && !a.inherited {
			votes[dated{a.first, a.last}]++
		}
		full := l.shelf.account(a)
		m := l.member(a, full, g)
		if byPeople[a.key()] {
			m.Reason = strings.TrimPrefix(m.Reason+" (a person decided)", " ")
		}
		if i < tabled {
			m.account = full
			words = append(words, full)
		}
		if full != nil && !slices.Contains(out.Facets.Outlets, full.doc.outlet()) && full.doc.outlet() != "" {
			out.Facets.Outlets = append(out.Facets.Outlets, full.doc.outlet())
		}
		out.Members = append(out.Members, m)
	}
	first, last := int32(noDay), int32(noDay)
	for v, n := range votes {
		b := votes[dated{first, last}]
		if d, e := v.e-v.f, last-first; first == noDay || d < e || d == e && (n > b || n == b && v.f < first) {
			first, last = v.f, v.e
		}
	}
	out.First, out.Last = Day{dayTime(first)}, Day{dayTime(last)}
	for k := range kinds {
		out.Kinds = append(out.Kinds, k)
	}
	slices.SortFunc(out.Kinds, func(a, b string) int { return cmp.Or(kinds[b]-kinds[a], strings.Compare(a, b)) })
	out.ID = idOf(members[0])

	for _, a := range words {
		if a != nil {
			out.Attached = append(out.Attached, a.about("the report tells of the incident too", 1)...)
		}
	}
	for i, f := range fits {
		if i%batch == 0 {
			if err := l.shelf.turn(fittingReports(fits[i:min(i+batch, len(fits))])); err != nil {
				return out, err
			}
		}
		full := l.shelf.account(f.node)
		if full == nil {
			continue
		}
		list := full.about(reason(l.why(f.node, f.with), full.word(l)), confidence(f.score))
		if i >= tabled {
			for j := range list {
				list[j].account = nil
			}
		}
		out.Attached = append(out.Attached, list...)
	}
	slices.SortStableFunc(out.Attached, func(a, b Attached) int {
		return cmp.Or(strings.Compare(a.Report, b.Report), a.Quote.Start-b.Quote.Start)
	})

	b := newBuilder(l.data, &out.Incident)
	b.make()
	out.Table = b.t
	if n := len(out.Members) - tabled; n > 0 {
		out.Table.Left = n
	}
	out.Head = b.head()
	out.Where, out.Facets = b.mainPlace(), b.facets(out.Facets.Outlets)
	for i := range out.Members { // so that what is kept does not hold the reports
		out.Members[i].account = nil
	}
	for i := range out.Attached {
		out.Attached[i].account = nil
	}
	return out, nil
}

func reportsOf(list []*node) []string {
	var out []string
	for _, a := range list {
		out = append(out, a.sketch.Report)
	}
	return out
}

func fittingReports(list []fitting) []string {
	var out []string
	for _, f := range list {
		out = append(out, f.node.sketch.Report)
	}
	return out
}

// idOf is an incident's id: from the report of its earliest member and the
// place of that account in it.
func idOf(a *node) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d", a.sketch.Report, a.at.Start))
	return hex.EncodeToString(sum[:8])
}

func (l *linker) member(a *node, full *account, g *group) Member {
	m := Member{Report: a.sketch.Report, At: a.at}
	if full == nil {
		m.Quotes = []Quote{{Report: m.Report, Start: a.at.Start, End: a.at.End}}
	} else {
		m.Outlet = full.doc.Outlet
		m.Quotes = append(m.Quotes, full.doc.quote(a.at.Start, a.at.End))
		for _, s := range full.scenes {
			for _, c := range s.acts {
				if c.real && (At{c.start, c.end}) != a.at {
					m.Quotes = append(m.Quotes, full.doc.quote(c.start, c.end))
				}
				if c.event != nil {
					m.Events = append(m.Events, c.event.ID)
				}
			}
		}
	}
	if len(g.members) == 1 {
		m.Reason, m.Confidence = "the only report that tells of it", 1
		if l.alone[a.key()] {
			m.Reason = fmt.Sprintf("compared with no other: more than %d reports have no day", l.undated)
		}
		return m
	}
	sum, n, best := int64(0), 0, int64(never*1000)
	var with *node
	for _, b := range g.some(a) {
		if b == a {
			continue
		}
		s := l.score(a, b)
		sum += s
		n++
		if s > best {
			best, with = s, b
		}
	}
	m.Confidence = confidence(float64(sum) / float64(n))
	if why := reason(l.why(a, with), full.word(l)); why != "" {
		m.Reason = "most like " + with.sketch.Report + ": " + why
	}
	return m
}

// word returns a function that gives the letters of a term of the account.
func (a *account) word(l *linker) func(uint32) string {
	var words map[uint32]string
	return func(h uint32) string {
		if words == nil {
			words = map[uint32]string{}
			if a != nil {
				a.words(l.terms, func(term string, _ bool) { words[hash(term)] = term })
			}
		}
		return words[h]
	}
}

// outlet is who published the report: an entity of the lexicon, or the name
// that it was given.
func (x *doc) outlet() string {
	if x.Record != nil && x.Record.Document.Outlet != nil && *x.Record.Document.Outlet != "" {
		return *x.Record.Document.Outlet
	}
	return x.Outlet
}

// head is the title of the earliest report that opens with the incident, or
// else the sentence of the earliest that tells of it.
func (b *builder) head() Quote {
	for _, m := range b.in.Members {
		if a := m.account; a != nil && a.doc.titled() && len(a.scenes) > 0 && a.scenes[0].title {
			return a.doc.trimmed(a.scenes[0].start, a.scenes[0].end)
		}
	}
	for _, m := range b.in.Members {
		if m.account != nil {
			if _, s := m.account.clearest(); s != nil {
				return m.account.doc.trimmed(s.start, s.end)
			}
		}
	}
	if len(b.in.Members) > 0 && len(b.in.Members[0].Quotes) > 0 {
		return b.in.Members[0].Quotes[0]
	}
	return Quote{}
}

// titled says whether the first sentence of the text is a title.
func (x *doc) titled() bool { return x.Record != nil && x.Record.Document.Title != "" }

// trimmed is a quote without blanks and stops at its ends.
func (x *doc) trimmed(start, end int) Quote {
	end = min(end, len(x.text))
	for end > start && strings.ContainsRune(" \n.؛", x.text[end-1]) {
		end--
	}
	for start < end && strings.ContainsRune(" \n", x.text[start]) {
		start++
	}
	return x.quote(start, end)
}

// mainPlace is the place of the act as most independent origins have it, of
// several the first by its name.
func (b *builder) mainPlace() Where {
	type vote struct {
		where   Where
		reports []string
	}
	var list []*vote
	var countries []*vote
	put := func(to *[]*vote, w Where, report string) {
		for _, v := range *to {
			if v.where == w {
				v.reports = append(v.reports, report)
				return
			}
		}
		*to = append(*to, &vote{w, []string{report}})
	}
	for _, m := range b.in.Members {
		a := m.account
		if a == nil {
			continue
		}
		places := a.main
		if len(places) == 0 {
			places = a.areas
		}
		if len(places) > 0 {
			put(&list, Where{ID: places[0].id, Name: places[0].name}, m.Report)
		}
		for k, s := range [][]spot{a.main, a.areas, a.towns} {
			if i := slices.IndexFunc(s, func(p spot) bool { return p.country != "" && (k < 2 || p.local) }); i >= 0 {
				put(&countries, Where{Country: s[i].country}, m.Report)
				break
			}
		}
	}
	best := func(list []*vote) Where {
		if len(list) == 0 {
			return Where{}
		}
		return slices.MinFunc(list, func(v, w *vote) int {
			return cmp.Or(b.origins(w.reports)-b.origins(v.reports), len(w.reports)-len(v.reports), strings.Compare(v.where.Name+v.where.Country, w.where.Name+w.where.Country), strings.Compare(v.where.ID, w.where.ID))
		}).where
	}
	out := best(list)
	out.Country = best(countries).Country
	return out
}

// facets gathers what the incident can be asked for.
func (b *builder) facets(outlets []string) Facets {
	f := Facets{Kinds: slices.Sorted(slices.Values(b.in.Kinds)), Outlets: slices.Sorted(slices.Values(outlets))}
	put := func(to *[]string, v string) {
		if v != "" && !strings.HasPrefix(v, "~") && !slices.Contains(*to, v) {
			*to = append(*to, v)
		}
	}
	for _, v := range b.t.Values[Place] {
		put(&f.Places, v.ID)
		put(&f.Countries, v.spot.country)
	}
	for _, v := range b.t.Values[Actor] {
		put(&f.Actors, v.ID)
	}
	for _, v := range b.t.Values[Recipient] {
		put(&f.Recipients, v.ID)
	}
	for _, list := range []*[]string{&f.Places, &f.Countries, &f.Actors, &f.Recipients} {
		slices.Sort(*list)
	}
	return f
}
