// Package who finds the people, groups, organisations, states, outlets and
// places that a report names, ties the spellings and aliases of one actor to
// one entity, and marks loaded wording.
//
// Its law: the longest fixed name is one mention and nothing inside it is
// another («وزارت خارجه روسیه» does not also mention Russia); a person's title
// is no part of the name; an adjective names nobody («نیروهای آمریکایی»).
//
// A name is found in one of three ways: the lexicon has it (actors, outlets,
// people, places); it is put together by the grammar of heads.txt («پلیس شهر
// موصل»); or its neighbours show it (persons.txt, roles.txt: «دکتر "احمد
// ابراهیم"»). What the text names in full it may name in part later on: a bare
// surname is the person of that name.
package who

import (
	"slices"

	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
)

// found is a name found in the words.
type found struct {
	first, last int
	ent         int32       // entity of the lexicon, -1 for a name met only here
	alias       int32       // of ent
	id          string      // for ent < 0
	typ         report.Type // for ent < 0
	name        string      // for ent < 0: as written
	loaded      bool
	desc        bool // loaded wording that describes rather than names
	rule        string
}

// loadedSpan is loaded wording beside a name: Words[first:last], said of entity.
type loadedSpan struct {
	first, last int
	entity      string
}

// finding is the work on one report.
type finding struct {
	*Finder
	r     *report.Report
	cover []int32 // for each word, 1 + index into list of the name that holds it; 0 for none
	list  []found
	buf   []lexicon.Match

	kin      map[int]int32  // word that ends a surname of the lexicon with another's given name before it → whose
	borne    map[int32]bool // people of the lexicon whose surname another bears in this report
	load     []loadedSpan
	states   map[int]int32 // word → the state whose name begins there
	seats    map[int]int32 // word → the state whose capital is named there
	inTime   []bool        // for each word, whether a time expression holds it; empty for none
	inRole   []bool        // for each word, whether it belongs to the title of an office
	domestic bool          // the report is on Iran, as far as the names of countries tell
}

// Find writes r.Entities, r.Mentions (names) and r.Loaded, and r.OutletID.
// It reads r.Words, r.Times, r.Numbers and r.Phrases.
func (f *Finder) Find(r *report.Report) {
	x := &finding{Finder: f, r: r, cover: make([]int32, len(r.Words.Words))}
	x.outlet()
	x.known()
	x.compose()
	x.persons()
	x.places()
	x.cited()
	x.within()
	x.compose() // with the places that were found since
	x.again()
	x.write()
	x.roleOf()
	x.leadRole()
	x.markLoaded()
}

// put lays the name over its words, in place of whatever names it holds.
func (x *finding) put(n found) {
	x.list = append(x.list, n)
	for i := n.first; i < n.last; i++ {
		if c := x.cover[i]; c > 0 {
			o := &x.list[c-1]
			for k := o.first; k < o.last; k++ {
				x.cover[k] = 0
			}
			o.last = o.first
		}
	}
	for i := n.first; i < n.last; i++ {
		x.cover[i] = int32(len(x.list))
	}
}

// free reports whether no name holds any of Words[i:j].
func (x *finding) free(i, j int) bool {
	for ; i < j; i++ {
		if x.cover[i] > 0 {
			return false
		}
	}
	return true
}

// at returns the name that begins at word i, nil when there is none.
func (x *finding) at(i int) *found {
	if i < 0 || i >= len(x.cover) || x.cover[i] == 0 {
		return nil
	}
	if n := &x.list[x.cover[i]-1]; n.first == i {
		return n
	}
	return nil
}

// over returns the name that holds word i, nil when there is none.
func (x *finding) over(i int) *found {
	if i < 0 || i >= len(x.cover) || x.cover[i] == 0 {
		return nil
	}
	return &x.list[x.cover[i]-1]
}

func (x *finding) typeOf(n *found) report.Type {
	if n.ent >= 0 {
		return x.ents[n.ent].typ
	}
	return n.typ
}

func (x *finding) idOf(n *found) string {
	if n.ent >= 0 {
		return x.ents[n.ent].id
	}
	return n.id
}

// write turns the names into mentions and entities, in text order.
func (x *finding) write() {
	r := x.r
	slices.SortStableFunc(x.list, func(a, b found) int { return a.first - b.first })
	seen := map[string]bool{}
	for i := range x.list {
		n := &x.list[i]
		if n.last <= n.first {
			continue
		}
		id := x.idOf(n)
		if !seen[id] {
			seen[id] = true
			if n.ent >= 0 {
				e := &x.ents[n.ent]
				r.Entities = append(r.Entities, report.Entity{ID: e.id, Type: e.typ, Name: e.name, NameEn: e.en, Known: true, Place: e.geo})
			} else {
				r.Entities = append(r.Entities, report.Entity{ID: n.id, Type: n.typ, Name: n.name})
			}
		}
		form := report.Name
		if n.desc {
			form = report.Description
		}
		r.Mentions = append(r.Mentions, report.Mention{Span: r.Words.Span(n.first, n.last), First: n.first, Last: n.last, Entity: id,
			Form: form, Loaded: n.loaded, Rule: n.rule})
	}
	if id := r.OutletID; id != "" && !seen[id] {
		i := slices.IndexFunc(x.ents, func(e entity) bool { return e.id == id })
		e := &x.ents[i]
		r.Entities = append(r.Entities, report.Entity{ID: e.id, Type: e.typ, Name: e.name, NameEn: e.en, Known: true, Place: e.geo})
	}
}

// outlet looks up who published the report.
func (x *finding) outlet() {
	if x.r.Outlet == "" {
		return
	}
	if id := x.Outlet(x.r.Outlet); id != "" {
		x.r.OutletID = id
	}
}
