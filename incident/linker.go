package incident

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/terms"
)

// Linker groups accounts into incidents. It is for one goroutine.
type Linker struct {
	data    *data
	terms   *terms.Terms
	docs    map[string]*doc
	order   []string       // ids as they came
	df      map[string]int // reports with the term, as counted when all was last compared
	counted int            // reports then
	keys    map[string][]*account
	pairs   map[*account]map[*account]float64 // scores of those that share a key
	groups  map[*account]*group
	dirty   map[*account]bool
}

// group is a cluster of accounts.
type group struct{ members []*account }

// Reader makes sketches of reports and links them. Many goroutines may use it.
type Reader struct {
	data    *data
	terms   *terms.Terms
	version string
}

// New makes a reader. The lexicon is for the words of texts, and says which
// places are no towns.
func New(lex *lexicon.Lexicon) *Reader {
	d := *loaded
	d.areas = map[string]bool{}
	for _, e := range lex.File("places") {
		switch e.Get("precision") {
		case "province", "region", "water":
			d.areas[e.ID] = true
		}
	}
	r := &Reader{data: &d, terms: terms.New(lex)}
	sum := crc32.NewIEEE()
	for _, f := range []string{kindsFile, wordsFile} {
		sum.Write([]byte(f))
	}
	r.version = fmt.Sprintf("%d-%08x-%s", rules, sum.Sum32(), r.terms.Version())
	return r
}

// rules is raised whenever the code makes other sketches than before.
const rules = 1

// Version names what sketches depend on: the rules, the words of package
// incident, and the terms of texts. Sketches of another version have to be made anew.
func (r *Reader) Version() string { return r.version }

func (r *Reader) linker() *Linker {
	return &Linker{data: r.data, terms: r.terms, docs: map[string]*doc{}, df: map[string]int{}, keys: map[string][]*account{},
		pairs: map[*account]map[*account]float64{}, groups: map[*account]*group{}, dirty: map[*account]bool{}}
}

// Add takes reports in; one whose id is there already replaces it. A report
// without a record or without acts is kept and belongs to no incident.
func (l *Linker) Add(list ...Doc) {
	for _, d := range list {
		if l.docs[d.ID] != nil {
			l.Remove(d.ID)
		}
		x := newDoc(d, l.data, l.terms)
		l.docs[d.ID] = x
		l.order = append(l.order, d.ID)
		if len(l.docs) >= 2*l.counted {
			continue // all is compared anew at the next call of Incidents
		}
		for _, a := range x.accounts {
			l.enter(a)
		}
	}
}

// Remove takes a report out.
func (l *Linker) Remove(id string) {
	x := l.docs[id]
	if x == nil {
		return
	}
	for _, a := range x.accounts {
		for b := range l.pairs[a] {
			delete(l.pairs[b], a)
			l.dirty[b] = true
		}
		if g := l.groups[a]; g != nil {
			for _, b := range g.members {
				l.dirty[b] = true
			}
		}
		for _, k := range l.blocks(a) {
			l.keys[k] = slices.DeleteFunc(l.keys[k], func(b *account) bool { return b == a })
		}
		delete(l.pairs, a)
		delete(l.groups, a)
		delete(l.dirty, a)
	}
	delete(l.docs, id)
	l.order = slices.DeleteFunc(l.order, func(s string) bool { return s == id })
}

// Relink compares all anew, with the rarity of words in the reports that are
// there now. Incidents does so by itself whenever the number of reports has
// doubled; between, words are as rare as they were then, so that a report
// touches its own blocks only. After Relink the order of coming plays no part.
func (l *Linker) Relink() {
	l.df, l.counted = map[string]int{}, len(l.docs)
	l.keys, l.pairs, l.groups, l.dirty = map[string][]*account{}, map[*account]map[*account]float64{}, map[*account]*group{}, map[*account]bool{}
	ids := slices.Sorted(maps.Keys(l.docs))
	for _, id := range ids {
		seen := map[string]bool{}
		for _, a := range l.docs[id].accounts {
			for t := range a.facets() {
				if !seen[t] {
					seen[t] = true
					l.df[t]++
				}
			}
		}
	}
	for _, id := range ids {
		for _, a := range l.docs[id].accounts {
			l.enter(a)
		}
	}
}

// crowd is how many accounts of one block are compared with a new one. Of a
// block that is larger (a capital's name in a week of war) the latest are; the
// narrower blocks that the account stands in, too, find the rest.
const crowd = 200

// enter compares an account with those of its blocks.
func (l *Linker) enter(a *account) {
	l.dirty[a] = true
	l.pairs[a] = map[*account]float64{}
	for _, k := range l.blocks(a) {
		list := l.keys[k]
		l.keys[k] = append(list, a)
		if len(list) > crowd {
			list = list[len(list)-crowd/4:]
		}
		for _, b := range list {
			if _, done := l.pairs[a][b]; done || b.doc == a.doc {
				continue
			}
			s, _ := l.score(a, b)
			l.pairs[a][b], l.pairs[b][a] = s, s
			l.dirty[b] = true
		}
	}
}

// blocks returns the keys under which an account meets others: a fortnight,
// and a town, a named party or one of its forty rarest words. Accounts near
// the end of a fortnight stand in two.
func (l *Linker) blocks(a *account) []string {
	first, last := a.first, a.last
	if first.IsZero() {
		first, last = a.doc.day(), a.doc.day()
		if !last.IsZero() {
			first = first.Add(-3 * day)
		}
	}
	var when []string
	if last.IsZero() {
		when = []string{"undated"}
	} else {
		const fortnight = 14 * 24 * 3600
		if a.threatens() {
			last = last.Add(14 * day) // what is threatened comes later
		}
		for w := first.Add(-day).Unix() / fortnight; w <= last.Add(day).Unix()/fortnight; w++ {
			when = append(when, itoa(w))
		}
		if a.doc.published.IsZero() {
			when = append(when, "undated")
		}
	}
	var what []string
	for _, p := range a.towns {
		what = append(what, "at "+p.key)
	}
	for p := range a.parties {
		what = append(what, "by "+p)
	}
	words := slices.Sorted(maps.Keys(a.terms))
	sort.SliceStable(words, func(i, j int) bool { return l.df[words[i]] < l.df[words[j]] })
	words = slices.DeleteFunc(words, func(t string) bool { return l.df[t] == 1 && len(l.docs) == l.counted })
	for _, t := range words[:min(len(words), 40)] {
		what = append(what, "word "+t)
	}
	sort.Strings(what)
	var out []string
	for _, k := range what {
		for _, w := range when {
			out = append(out, w+" "+k)
		}
	}
	return out
}

// Incidents returns the incidents, the earliest first, with what is attached.
func (l *Linker) Incidents() []Incident {
	if len(l.docs) >= 2*l.counted && len(l.docs) > 0 {
		l.Relink()
	}
	l.cluster()
	var out []Incident
	done := map[*group]bool{}
	for _, id := range slices.Sorted(maps.Keys(l.docs)) {
		for _, a := range l.docs[id].accounts {
			g := l.groups[a]
			if g == nil || done[g] {
				continue
			}
			done[g] = true
			if in, ok := l.incident(g); ok {
				out = append(out, in)
			}
		}
	}
	sortIncidents(out)
	return out
}

func sortIncidents(list []Incident) {
	sort.SliceStable(list, func(i, j int) bool {
		if !list[i].First.Equal(list[j].First.Time) {
			return list[i].First.Before(list[j].First.Time)
		}
		return list[i].ID < list[j].ID
	})
}

// cluster groups anew the accounts that hang together with a dirty one.
func (l *Linker) cluster() {
	seen := map[*account]bool{}
	var starts []*account
	for a := range l.dirty {
		starts = append(starts, a)
	}
	sortAccounts(starts)
	for _, a := range starts {
		if seen[a] {
			continue
		}
		var part []*account
		stack := []*account{a}
		seen[a] = true
		for len(stack) > 0 {
			x := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			part = append(part, x)
			for y, s := range l.pairs[x] {
				if s > 0 && !seen[y] {
					seen[y] = true
					stack = append(stack, y)
				}
			}
		}
		sortAccounts(part)
		l.average(part)
	}
	l.dirty = map[*account]bool{}
}

func sortAccounts(list []*account) {
	sort.Slice(list, func(i, j int) bool {
		if list[i].doc.ID != list[j].doc.ID {
			return list[i].doc.ID < list[j].doc.ID
		}
		return list[i].n < list[j].n
	})
}

// average joins the two groups that are most alike on average, until no two
// are more alike than not. Accounts that tell of nothing that happened stay
// alone; they are attached afterwards.
func (l *Linker) average(part []*account) {
	var groups []*group
	for _, a := range part {
		g := &group{[]*account{a}}
		l.groups[a] = g
		if a.happened {
			groups = append(groups, g)
		}
	}
	n := len(groups)
	sum, pairs := make([][]float64, n), make([][]float64, n)
	for i := range sum {
		sum[i], pairs[i] = make([]float64, n), make([]float64, n)
	}
	for i := range sum {
		for j := range i {
			if s, ok := l.near(groups[i].members[0], groups[j].members[0], n); ok {
				sum[i][j], sum[j][i], pairs[i][j], pairs[j][i] = s, s, 1, 1
			}
		}
	}
	mean := func(i, j int) float64 { return sum[i][j] / max(1, pairs[i][j]) } // over those that were compared
	best := make([]int, n)                                                    // the group that each is most like, -1 for none
	find := func(i int) {
		best[i] = -1
		for j := range groups {
			if j != i && groups[j] != nil && sum[i][j] > never/2 && mean(i, j) > 1e-9 && (best[i] < 0 || mean(i, j) > mean(i, best[i])+1e-9) {
				best[i] = j
			}
		}
	}
	for i := range groups {
		find(i)
	}
	for {
		bi := -1
		for i := range groups {
			if groups[i] != nil && best[i] >= 0 && (bi < 0 || mean(i, best[i]) > mean(bi, best[bi])+1e-9) {
				bi = i
			}
		}
		if bi < 0 {
			return
		}
		bi, bj := min(bi, best[bi]), max(bi, best[bi])
		groups[bi].members = append(groups[bi].members, groups[bj].members...)
		for _, a := range groups[bj].members {
			l.groups[a] = groups[bi]
		}
		groups[bj] = nil
		for k := range groups {
			if k != bi && groups[k] != nil {
				sum[bi][k] += sum[bj][k]
				sum[k][bi] = sum[bi][k]
				pairs[bi][k] += pairs[bj][k]
				pairs[k][bi] = pairs[bi][k]
			}
		}
		for k := range groups { // an average never rises above both of its parts, so others keep their best
			if groups[k] != nil && (k == bi || best[k] == bi || best[k] == bj) {
				find(k)
			}
		}
	}
}

// near is the score of a pair in a part of n accounts that hang together; ok is
// false where they were not compared. In a small part those are compared, too,
// that met others but not each other.
func (l *Linker) near(a, b *account, n int) (s float64, ok bool) {
	if _, ok := l.pairs[a][b]; !ok && n > crowd && a.doc != b.doc {
		return 0, false
	}
	return l.pair(a, b), true
}

func (l *Linker) pair(a, b *account) float64 {
	if a.doc == b.doc {
		return never * 100 // one report tells of two acts
	}
	if s, ok := l.pairs[a][b]; ok {
		return s
	}
	s, _ := l.score(a, b) // they met others of one incident, but not each other
	return s
}

// incident writes a group down; ok is false where nothing in it happened.
func (l *Linker) incident(g *group) (in Incident, ok bool) {
	kinds := map[string]int{}
	type dated struct{ f, e time.Time }
	votes := map[dated]int{}
	members := slices.Clone(g.members)
	slices.SortStableFunc(members, func(a, b *account) int {
		if !a.doc.published.Equal(b.doc.published) {
			switch {
			case a.doc.published.IsZero():
				return 1
			case b.doc.published.IsZero():
				return -1
			}
			return a.doc.published.Compare(b.doc.published)
		}
		if a.doc.ID != b.doc.ID {
			return strings.Compare(a.doc.ID, b.doc.ID)
		}
		return a.n - b.n
	})
	for _, a := range members {
		if !a.happened {
			return in, false
		}
		for k, n := range a.kinds {
			kinds[k] += n
		}
		if !a.first.IsZero() && !a.inherited {
			votes[dated{a.first, a.last}]++
		}
		in.Members = append(in.Members, l.member(a, g))
	}
	for v, n := range votes {
		b := dated{in.First.Time, in.Last.Time}
		if d, e := v.e.Sub(v.f), b.e.Sub(b.f); in.First.IsZero() || d < e || d == e && (n > votes[b] || n == votes[b] && v.f.Before(b.f)) {
			in.First, in.Last = Day{v.f}, Day{v.e}
		}
	}
	in.Kinds = slices.Sorted(maps.Keys(kinds))
	slices.SortStableFunc(in.Kinds, func(a, b string) int { return kinds[b] - kinds[a] })
	in.ID = idOf(members[0])
	in.Attached = l.attached(g)
	return in, true
}

// idOf is an incident's id: from the report of its earliest member and the
// place of that account in it.
func idOf(a *account) string {
	c, _ := a.clearest()
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s\n%d", a.doc.ID, c.start)))
	return hex.EncodeToString(sum[:8])
}

func (l *Linker) member(a *account, g *group) Member {
	first, _ := a.clearest()
	m := Member{Report: a.doc.ID, Outlet: a.doc.Outlet, At: At{first.start, first.end}, account: a}
	m.Quotes = append(m.Quotes, a.doc.quote(first.start, first.end))
	for _, s := range a.scenes {
		for _, c := range s.acts {
			if c.real && c != first {
				m.Quotes = append(m.Quotes, a.doc.quote(c.start, c.end))
			}
			if c.event != nil {
				m.Events = append(m.Events, c.event.ID)
			}
		}
	}
	if len(g.members) == 1 {
		m.Reason, m.Confidence = "the only report that tells of it", 1
		return m
	}
	sum, n, best := 0.0, 0, never*1000.0
	var with *account
	others := slices.Clone(g.members)
	sortAccounts(others)
	for _, b := range others {
		if b == a {
			continue
		}
		s, ok := l.near(a, b, len(others))
		if !ok {
			continue
		}
		sum += s
		n++
		if s > best {
			best, with = s, b
		}
	}
	if with == nil {
		m.Reason, m.Confidence = "a person decided", 1 // joined to what it was never compared with
		return m
	}
	_, why := l.score(a, with)
	m.Reason = "most like " + with.doc.ID + ": " + reason(why)
	m.Confidence = confidence(sum / float64(n))
	return m
}
