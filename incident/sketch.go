package incident

import (
	"cmp"
	"fmt"
	"hash/crc32"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/terms"
)

// Reader makes sketches of reports and links them. Many goroutines may use it.
type Reader struct {
	data    *data
	terms   *terms.Terms
	version string
	undated int // undatedMost, or less in a test
}

// rules is raised whenever the code makes other sketches than before.
const rules = 3

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
	d.bodies = bodiesOf(lex)
	r := &Reader{data: &d, terms: terms.New(lex), undated: undatedMost}
	sum := crc32.New(castagnoli)
	for _, file := range []string{kindsFile, wordsFile, weightsFile} {
		sum.Write([]byte(file))
	}
	r.version = fmt.Sprintf("%d.%d-%08x-%s", sketchVersion, rules, sum.Sum32(), r.terms.Version())
	return r
}

// Version names what sketches and groups depend on: the rules, words and
// weights of this package, and the terms of texts. Sketches of another version
// have to be made anew, and all reports linked.
func (r *Reader) Version() string { return r.version }

// Undated is the stretch of accounts of no day, and of all accounts in a
// report whose day of publication is unknown. It is less than every other.
const Undated = -1_000_000

// fortnight is the length of a stretch in days. Stretch 0 begins on 1970-01-01.
const fortnight = 14

// Sketch is what is kept of the accounts of one report to group them by. Its
// text and its record are not needed for that: about a kilobyte for a report of a page.
type Sketch struct {
	Report    string
	Origin    string // reports of one origin have one value, "" for one of its own; a store that keeps origins elsewhere sets it after reading
	published int64  // minutes since 1970, unknown for none
	gists     []gist
}

// unknown moments and days.
const (
	noTime = math.MinInt64
	noDay  = math.MinInt32
)

// gist is what grouping needs of one account.
type gist struct {
	at     At       // its clearest words
	scenes [][2]int // where its sentences stand, neighbours joined
	kinds  []counted
	first  int32 // its days since 1970, noDay where it says none
	last   int32
	flags
	towns   []spot
	main    []int // those of its act: indexes of towns
	areas   []spot
	parties []party  // sorted by id
	tolls   []string // sorted
	terms   []uint32 // hashes, sorted
	opening []uint32 // those of its first sentences, sorted
	names   []uint32 // of words that stand where a place does, «در بوکان», sorted: see account.placed
}

type flags struct {
	early     bool // see account
	late      bool
	loose     bool
	inherited bool
	happened  bool
	threatens bool
	lead      bool
}

type counted struct {
	kind string
	n    int
}

// party is somebody named as having done or suffered it.
type party struct{ id, name, typ string }

// ID is the id of the report.
func (s *Sketch) ID() string { return s.Report }

// Accounts is how many accounts the report has.
func (s *Sketch) Accounts() int { return len(s.gists) }

// Sketch makes the sketch of a report.
func (r *Reader) Sketch(d Doc) Sketch {
	x := newDoc(d, r.data)
	s := Sketch{Report: d.ID, Origin: d.Origin, published: noTime}
	if !x.published.IsZero() {
		s.published = x.published.Unix() / 60
	}
	for _, a := range x.accounts {
		s.gists = append(s.gists, a.gist(r.terms))
	}
	return s
}

func (a *account) gist(t *terms.Terms) gist {
	g := gist{at: a.at(), first: dayOf(a.first), last: dayOf(a.last), towns: a.towns, areas: a.areas,
		flags: flags{a.early, a.late, a.loose, a.inherited, a.happened, a.threatens(), a.lead}}
	if g.first == noDay || g.last == noDay {
		g.first, g.last = noDay, noDay
	}
	for _, s := range a.scenes {
		if n := len(g.scenes); n > 0 && g.scenes[n-1][1] == s.start {
			g.scenes[n-1][1] = s.end
		} else {
			g.scenes = append(g.scenes, [2]int{s.start, s.end})
		}
	}
	for _, k := range slices.Sorted(maps.Keys(a.kinds)) {
		g.kinds = append(g.kinds, counted{k, a.kinds[k]})
	}
	for _, p := range a.main {
		if i := slices.IndexFunc(g.towns, func(q spot) bool { return q.id == p.id }); i >= 0 {
			g.main = append(g.main, i)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(a.parties)) {
		e := a.doc.entity[id]
		g.parties = append(g.parties, party{id, cmp.Or(e.NameEn, e.Name), e.Type})
	}
	g.tolls = slices.Sorted(maps.Keys(a.tolls))
	a.words(t, func(term string, opening bool) {
		h := hash(term)
		g.terms = append(g.terms, h)
		if opening {
			g.opening = append(g.opening, h)
		}
	})
	for _, name := range a.placed {
		g.names = append(g.names, hashName(name))
	}
	for _, list := range []*[]uint32{&g.terms, &g.opening, &g.names} {
		slices.Sort(*list)
		*list = slices.Clip(slices.Compact(*list))
	}
	return g
}

// hash stands for a term, or for "at " and a town, "by " and a party. Of
// 300,000 terms about ten share theirs with another; that makes them a little less rare, and no more.
func hash(s string) uint32 {
	v := uint64(14695981039346656037) // FNV-1a, its halves folded
	for i := range len(s) {
		v = (v ^ uint64(s[i])) * 1099511628211
	}
	return uint32(v ^ v>>32)
}

// hashName stands for a name: odd for one in quotation marks, «آستریا», even for the rest.
func hashName(name string) uint32 {
	if n, ok := strings.CutPrefix(name, "«"); ok {
		return hash("in "+n) | 1
	}
	return hash("in "+name) &^ 1
}

func dayOf(t time.Time) int32 {
	if t.IsZero() {
		return noDay
	}
	return int32(floor(t.Unix(), 24*3600))
}

func floor(n, by int64) int64 {
	if n < 0 {
		n -= by - 1
	}
	return n / by
}

func dayTime(d int32) time.Time {
	if d == noDay {
		return time.Time{}
	}
	return time.Unix(int64(d)*24*3600, 0).UTC()
}

// day is the day of publication, noDay where it is unknown.
func (s *Sketch) day() int32 {
	if s.published == noTime {
		return noDay
	}
	return int32(floor(s.published, 24*60))
}

// Stretches returns the stretches of days, fortnights since 1970-01-01, that
// its accounts stand in, in ascending order; none for a report without accounts.
func (s *Sketch) Stretches() []int64 {
	var out []int64
	for i := range s.gists {
		out = append(out, s.gists[i].stretches(s)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// stretches returns those of an account, in ascending order: of its days, or,
// where it says none, of the days before publication. One near the end of a
// fortnight stands in two.
func (g *gist) stretches(s *Sketch) []int64 {
	first, last := g.first, g.last
	if first == noDay {
		if last = s.day(); last == noDay {
			return []int64{Undated}
		}
		first = last - 3
	}
	var out []int64
	if s.published == noTime {
		out = append(out, Undated)
	}
	if g.threatens {
		last += 14 // what is threatened comes later
	}
	for w := floor(int64(first)-1, fortnight); w <= floor(int64(last)+1, fortnight); w++ {
		out = append(out, w)
	}
	return out
}

// kind is the kind of act of which the account tells most.
func (g *gist) kind() string {
	best := counted{}
	for _, k := range g.kinds {
		if k.n > best.n {
			best = k
		}
	}
	return best.kind
}

// vague says whether an account names neither a day nor a town of its act, nor
// how many it struck.
func (g *gist) vague() bool {
	return (g.first == noDay || g.inherited || g.loose) && len(g.main) == 0 && len(g.tolls) == 0
}

// facets calls f once with each thing that Rarity counts: the terms, the towns
// and the parties.
func (s *Sketch) facets(f func(uint32)) {
	var all []uint32
	for i := range s.gists {
		g := &s.gists[i]
		all = append(all, g.terms...)
		all = append(all, g.names...)
		for _, p := range g.towns {
			all = append(all, hash("at "+p.name))
		}
		for _, p := range g.parties {
			all = append(all, hash("by "+p.id))
		}
	}
	slices.Sort(all)
	for _, h := range slices.Compact(all) {
		f(h)
	}
}

// find returns the number of the account that a ref points into, -1 for none.
func (s *Sketch) find(r Ref) int {
	for i := range s.gists {
		if g := &s.gists[i]; r.End != 0 && g.at == (At{r.Start, r.End}) {
			return i
		}
	}
	for i := range s.gists {
		if r.End == 0 || slices.ContainsFunc(s.gists[i].scenes, func(p [2]int) bool { return p[0] < r.End && r.Start < p[1] }) {
			return i
		}
	}
	return -1
}

// people says whether a person is among the parties, bodies whether a state, a
// group or an institution is. A minister and his state are not to be compared.
func (g *gist) people() bool {
	return slices.ContainsFunc(g.parties, func(p party) bool { return p.typ == "PER" })
}

func (g *gist) bodies() bool {
	return slices.ContainsFunc(g.parties, func(p party) bool { return p.typ != "PER" && p.typ != "PLACE" && p.typ != "MEDIA" })
}

func (s *Sketch) String() string {
	var out []string
	for i := range s.gists {
		g := &s.gists[i]
		out = append(out, fmt.Sprintf("%s %s", g.kind(), dayTime(g.first).Format(time.DateOnly)))
	}
	return s.Report + ": " + strings.Join(out, ", ")
}
