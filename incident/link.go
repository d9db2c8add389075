package incident

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/lexicon"
)

// linker is one call of Link.
type linker struct {
	*Reader
	w       weights
	store   Store
	rare    *Rarity
	telling func(int32) float64 // of rare
	shelf   *shelf
	emit    func(Part) error

	decisions []decided
	decided   map[key][]int // by account, the decisions on it that are not lost
	alone     map[key]bool  // accounts that were compared with no other
	adrift    []key         // accounts of no day that stand in every stretch, see adriftMost
	drifting  map[key]*Sketch
	waiting   []waiting // parts that are complete
	reports   int       // of these
}

// waiting is a part that is complete, but not written yet. Where it is linked
// anew, it may have fallen into several pieces.
type waiting struct {
	pieces []piece
	nodes  int
	old    []Ref // accounts of void incidents that are no more
}

type piece struct {
	nodes  []*node
	groups []*group
	people map[key]bool
	fits   map[*group][]fitting
}

// decided is a decision with the accounts that it is on.
type decided struct {
	Decision
	a, b key
	lost bool
}

// undatedMost is how many reports of no day are compared with each other; of
// more those that come first by their ids. A million accounts of no day would otherwise have to be
// held together.
const undatedMost = 200_000

// adriftMost is how many accounts of no day look for their kind in every
// stretch; of more those that come first. The rest meet each other alone.
const adriftMost = 2000

// always is behind the last stretch.
const always = int64(1) << 61

// Link groups the accounts of the reports in dirty and of whatever hangs
// together with them, and calls emit for each such part. Of dirty are reports
// that are new, that changed, whose origin changed, that decisions were made
// on since, and that are gone. Nil means all reports of the store: With is not
// asked then, and all incidents of the last linking are void, whether a Part names their accounts or not.
//
// The decisions are all that people made, not only the new ones. Lost, in the
// first Part alone, are those of which one end is no account any more, or one
// that tells of nothing that happened. Where rare is nil, the reports of the store
// are counted first.
//
// The groups depend on the reports, their origins, the decisions and rare,
// and not on the order in which reports came, with one exception: in a block of more than a hundred
// accounts (see crowd) a new one may come between two others that were compared before, and linking part by part keeps that.
//
// Memory: linking all goes through the stretches in order and forgets what no
// later stretch can join. It holds the sketches of two or three stretches,
// those of stories that go on, and up to 600 reports with their
// records. Linking a part holds that part and the stretches that it stands in.
func (r *Reader) Link(st Store, rare *Rarity, dirty []string, decisions []Decision, emit func(Part) error) error {
	if rare == nil {
		var err error
		if rare, err = Count(st); err != nil {
			return err
		}
	}
	l := r.linker(st, rare, emit)
	if err := l.drift(); err != nil {
		return err
	}
	pins, err := l.resolve(decisions)
	if err != nil {
		return err
	}
	if dirty == nil {
		return l.sweep(pins)
	}
	return l.touch(dirty)
}

func (r *Reader) linker(st Store, rare *Rarity, emit func(Part) error) *linker {
	l := &linker{Reader: r, w: r.data.weigh(), store: st, rare: rare, emit: emit, telling: rare.telling(), decided: map[key][]int{}, alone: map[key]bool{}}
	l.shelf = &shelf{l: l, docs: map[string]*doc{}}
	return l
}

// drift finds the accounts of no day that look for their kind in every stretch:
// a claim of responsibility without a date belongs to an attack that has one.
func (l *linker) drift() error {
	l.drifting = map[key]*Sketch{}
	n := 0
	for s, err := range l.store.Sketches(Undated) {
		if err != nil {
			return fmt.Errorf("sketches of stretch %d: %w", int64(Undated), err)
		}
		if n++; n > l.undated {
			break
		}
		for i := range s.gists {
			if k := (key{s.Report, i}); len(l.adrift) < adriftMost && slices.Equal(s.gists[i].stretches(s), []int64{Undated}) {
				l.adrift = append(l.adrift, k)
				l.drifting[k] = s
			}
		}
	}
	return nil
}

// resolve finds the accounts that decisions are on. It returns those that are
// joined, so that they wait for each other.
func (l *linker) resolve(decisions []Decision) (map[key]*node, error) {
	pins := map[key]*node{}
	if len(decisions) == 0 {
		return pins, nil
	}
	var ids []string
	for _, d := range decisions {
		ids = append(ids, d.A.Report, d.B.Report)
	}
	sketches, err := l.sketches(ids)
	if err != nil {
		return nil, err
	}
	pin := func(k key) *node {
		if pins[k] == nil {
			pins[k] = l.node(sketches[k.report], k.n)
		}
		return pins[k]
	}
	for i, d := range decisions {
		x := decided{Decision: d}
		for _, end := range []struct {
			r Ref
			k *key
		}{{d.A, &x.a}, {d.B, &x.b}} {
			s := sketches[end.r.Report]
			if s == nil {
				x.lost = true
				continue
			}
			n := s.find(end.r)
			if n < 0 || !s.gists[n].happened {
				x.lost = true
				continue
			}
			*end.k = key{end.r.Report, n}
		}
		l.decisions = append(l.decisions, x)
		if x.lost {
			continue
		}
		l.decided[x.a] = append(l.decided[x.a], i)
		if x.a != x.b {
			l.decided[x.b] = append(l.decided[x.b], i)
		}
		if d.Same {
			join(pin(x.a), pin(x.b))
		}
	}
	return pins, nil
}

// sketches looks up those of some reports.
func (l *linker) sketches(ids []string) (map[string]*Sketch, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	out := map[string]*Sketch{}
	for len(ids) > 0 {
		n := min(len(ids), batch)
		list, err := l.store.SketchesOf(ids[:n])
		if err != nil {
			return nil, fmt.Errorf("sketches of reports: %w", err)
		}
		for _, s := range list {
			out[s.Report] = s
		}
		ids = ids[n:]
	}
	return out, nil
}

func (l *linker) lost() []Decision {
	var out []Decision
	for _, d := range l.decisions {
		if d.lost {
			out = append(out, d.Decision)
		}
	}
	return out
}

// sweep links all reports, stretch by stretch.
func (l *linker) sweep(live map[key]*node) error {
	if lost := l.lost(); len(lost) > 0 {
		if err := l.emit(Part{Lost: lost}); err != nil {
			return err
		}
	}
	stretches, err := l.store.Stretches()
	if err != nil {
		return fmt.Errorf("stretches of days: %w", err)
	}
	for _, w := range stretches {
		list, left, err := l.load(w, live)
		if err != nil {
			return err
		}
		l.tie(l.blocks(list))
		if err := l.close(live, w); err != nil {
			return err
		}
		for len(left) > 0 {
			n := min(len(left), batch)
			some, err := l.sketches(left[:n])
			if err != nil {
				return err
			}
			left = left[n:]
			for _, id := range slices.Sorted(maps.Keys(some)) {
				l.without(some[id], live)
			}
			if err := l.close(live, w); err != nil {
				return err
			}
		}
	}
	if err := l.close(live, 1<<62); err != nil {
		return err
	}
	return l.flush()
}

// tie makes one part of accounts that are more alike than not.
func (l *linker) tie(b *blocks) {
	for i, a := range b.nodes {
		b.earlier(i, func(j int) {
			if c := b.nodes[j]; a.root() != c.root() && l.tied(a, c) {
				join(a, c)
			}
		})
	}
}

// load reads the accounts that stand in a stretch. Left are reports of no day
// beyond the limit.
func (l *linker) load(w int64, live map[key]*node) (list []*node, left []string, err error) {
	n := 0
	for s, err := range l.store.Sketches(w) {
		if err != nil {
			return nil, nil, fmt.Errorf("sketches of stretch %d: %w", w, err)
		}
		if n++; w == Undated && n > l.undated {
			left = append(left, s.Report)
			continue
		}
		for i := range s.gists {
			if !slices.Contains(s.gists[i].stretches(s), w) {
				continue
			}
			k := key{s.Report, i}
			if live[k] == nil {
				live[k] = l.node(s, i)
			}
			list = append(list, live[k])
		}
	}
	if w == Undated {
		return list, left, nil
	}
	for _, k := range l.adrift {
		if live[k] == nil {
			live[k] = l.node(l.drifting[k], k.n)
		}
		list = append(list, live[k])
	}
	return list, left, nil
}

// without takes in the accounts of no day of a report that is beyond the limit.
func (l *linker) without(s *Sketch, live map[key]*node) {
	for i := range s.gists {
		if k := (key{s.Report, i}); live[k] == nil && slices.Equal(s.gists[i].stretches(s), []int64{Undated}) {
			live[k] = l.node(s, i)
			l.alone[k] = true
		}
	}
}

// close groups the parts that nothing can join after a stretch, and forgets
// them.
func (l *linker) close(live map[key]*node, w int64) error {
	var roots []*node
	for k, a := range live {
		if r := a.root(); r.until <= w {
			delete(live, k)
			if r == a {
				roots = append(roots, a)
			}
		}
	}
	for _, r := range roots {
		slices.SortFunc(r.ring, before)
	}
	slices.SortFunc(roots, func(a, b *node) int {
		return cmp.Or(cmp.Compare(a.ring[0].when(), b.ring[0].when()), before(a.ring[0], b.ring[0]))
	})
	for _, r := range roots {
		if err := l.part(nil, r.ring); err != nil {
			return err
		}
	}
	return nil
}

// part groups a part and has it written with the next batch.
func (l *linker) part(old []Ref, pieces ...[]*node) error {
	w := waiting{old: old}
	for _, list := range pieces {
		p := piece{nodes: list, groups: l.groups(list)}
		p.groups, p.people = l.decide(p.groups)
		for _, g := range p.groups {
			slices.SortFunc(g.members, before)
		}
		p.fits = l.attach(list, p.groups)
		for _, a := range list { // no longer needed; a large part waits for its reports
			a.keys = nil
		}
		w.pieces = append(w.pieces, p)
		w.nodes += len(list)
	}
	l.waiting = append(l.waiting, w)
	if l.reports += w.nodes; l.reports < batch {
		return nil
	}
	return l.flush()
}

// chunk is how many incidents one Part has at most.
const chunk = 256

// flush writes the parts that wait.
func (l *linker) flush() error {
	for len(l.waiting) > 0 {
		n, ids := 0, []string{} // as many parts as one batch of reports serves
		for n < len(l.waiting) && (n == 0 || len(ids)+l.waiting[n].nodes <= batch) {
			for _, p := range l.waiting[n].pieces {
				ids = append(ids, reportsOf(p.nodes)...)
			}
			n++
		}
		if len(ids) <= batch {
			if err := l.shelf.fetch(ids); err != nil {
				return err
			}
		}
		for i := range n {
			if err := l.give(l.waiting[i], len(ids) > batch); err != nil {
				return err
			}
			l.waiting[i] = waiting{}
		}
		l.waiting = l.waiting[n:]
		l.shelf.trim()
	}
	l.waiting, l.reports = nil, 0
	return nil
}

// give writes a part and emits it. A large one fetches its own reports.
func (l *linker) give(w waiting, large bool) error {
	p := Part{Accounts: w.old}
	for _, x := range w.pieces {
		for _, a := range x.nodes {
			p.Accounts = append(p.Accounts, a.ref())
		}
	}
	slices.SortFunc(p.Accounts, func(a, b Ref) int {
		return cmp.Or(strings.Compare(a.Report, b.Report), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	p.Accounts = slices.Compact(p.Accounts)
	for _, r := range p.Accounts {
		if n := len(p.Reports); n == 0 || p.Reports[n-1] != r.Report {
			p.Reports = append(p.Reports, r.Report)
		}
	}
	for _, x := range w.pieces {
		ahead := 0
		for i, g := range x.groups {
			if large && i >= ahead { // for this group and those that come after it
				var ids []string
				for ahead = i; ahead < len(x.groups) && len(ids) < batch; ahead++ {
					ids = append(ids, reportsOf(x.groups[ahead].members)...)
				}
				if err := l.shelf.turn(ids[:min(len(ids), batch)]); err != nil {
					return err
				}
			}
			in, err := l.write(g, x.fits[g], x.people)
			if err != nil {
				return err
			}
			if len(p.Incidents) == chunk {
				if err := l.send(p); err != nil {
					return err
				}
				p = Part{}
			}
			p.Incidents = append(p.Incidents, in)
		}
	}
	return l.send(p)
}

func (l *linker) send(p Part) error {
	sortLinked(p.Incidents)
	return l.emit(p)
}

// All links reports in memory, with the rarity of words among them. The
// incidents come sorted by their first day.
func All(lex *lexicon.Lexicon, docs []Doc, decisions []Decision) []Linked {
	r := New(lex)
	m := NewMemory(r, docs...)
	if err := r.Link(m, m.Rarity(), nil, decisions, m.Keep); err != nil {
		panic(fmt.Sprintf("linking in memory: %v", err)) // its store has no errors
	}
	return m.Linked()
}
