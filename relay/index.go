package relay

import (
	"math"
	"slices"
	"time"
)

// Index finds the reports that share words with one that comes in. It holds
// signatures, no texts: 5 kB a report, 10 kB a long one of 600 words. Add is not for several
// goroutines at once; Compare may be used by many while none adds.
type Index struct {
	limit int
	sigs  []Signature
	place map[string]int32

	// One chain a bucket, the newest first. A bucket is a fingerprint's low
	// bits, key its high ones.
	heads []int32
	posts []post
	count []uint16 // in how many topics a word is, by the word's high bits

	// What Add needs for a while.
	score []float64
	tied  []int32
	alike []int8 // 1 alike, -1 not, 0 not known
	seen  []int32
}

type post struct {
	key       uint32
	doc, next int32
}

const (
	visit      = 48 // reports looked at for one fingerprint, the newest first
	candidates = 24 // returned by Add at the most
	slots      = 1 << 20
)

// NewIndex makes an index of at most so many reports; 0 is no limit. When it
// is full, the older half of it is forgotten: relays follow within days.
func NewIndex(limit int) *Index {
	x := &Index{limit: limit}
	x.clear(1 << 12)
	return x
}

func (x *Index) clear(buckets int) {
	x.place = map[string]int32{}
	x.heads = make([]int32, buckets)
	for i := range x.heads {
		x.heads[i] = -1
	}
	x.posts = x.posts[:0]
	x.count = make([]uint16, slots)
}

// Len is the number of reports in the index.
func (x *Index) Len() int {
	if x == nil {
		return 0
	}
	return len(x.sigs)
}

// Candidate is a report that may be tied to the one that was added.
type Candidate struct {
	ID    string
	Score float64 // rare fingerprints that both have; two are as good as certain
	Tied  int     // words of the topic with an outlet or speaker that both go back to
}

// Add takes a report in and returns the earlier ones that it may be tied to, the
// likeliest first. A report whose id is known is looked up and not taken in again.
func (x *Index) Add(s Signature) []Candidate {
	out := x.find(&s)
	x.Put(s)
	return out
}

// Put takes a report in without looking for those it may be tied to, as Add
// does of what was linked before.
func (x *Index) Put(s Signature) {
	if _, ok := x.place[s.ID]; ok {
		return
	}
	if x.limit > 0 && len(x.sigs) >= max(x.limit, 2) {
		rest := slices.Clone(x.sigs[len(x.sigs)/2:])
		x.sigs = nil
		x.clear(len(x.heads))
		for _, r := range rest {
			x.put(r)
		}
	}
	x.put(s)
}

func (x *Index) put(s Signature) {
	n := int32(len(x.sigs))
	x.place[s.ID] = n
	x.sigs = append(x.sigs, s)
	for _, list := range [...][]uint32{s.Topic, s.Names} {
		for _, k := range list {
			if c := &x.count[k%slots]; *c < math.MaxUint16 {
				*c++
			}
		}
	}
	if len(x.posts)+len(s.Prints)+len(s.Sources) > len(x.heads) {
		buckets := 2 * len(x.heads)
		for buckets < len(x.posts)+len(s.Prints)+len(s.Sources) {
			buckets *= 2
		}
		x.heads = make([]int32, buckets)
		for i := range x.heads {
			x.heads[i] = -1
		}
		x.posts = x.posts[:0]
		for i := range x.sigs[:n] {
			x.post(int32(i))
		}
	}
	x.post(n)
}

func (x *Index) post(doc int32) {
	s := &x.sigs[doc]
	for _, list := range [...][]uint64{s.Prints, s.Sources} {
		for _, h := range list {
			b := &x.heads[h&uint64(len(x.heads)-1)]
			key := uint32(h >> 32)
			if p := *b; p >= 0 && x.posts[p].doc == doc && x.posts[p].key == key {
				continue // twice in one report
			}
			x.posts = append(x.posts, post{key, doc, *b})
			*b = int32(len(x.posts) - 1)
		}
	}
}

// each calls f with the newest reports that have the fingerprint.
func (x *Index) each(h uint64, f func(doc int32)) {
	key, last, n := uint32(h>>32), int32(-1), 0
	for p := x.heads[h&uint64(len(x.heads)-1)]; p >= 0 && n < visit; p = x.posts[p].next {
		if q := &x.posts[p]; q.key == key && q.doc != last {
			last = q.doc
			n++
			f(q.doc)
		}
	}
}

func (x *Index) find(s *Signature) []Candidate {
	n := len(x.sigs)
	if len(x.score) < n {
		x.score, x.tied, x.alike = make([]float64, 2*n), make([]int32, 2*n), make([]int8, 2*n)
	}
	x.seen = x.seen[:0]
	touch := func(d int32) {
		if x.score[d] == 0 && x.tied[d] == 0 {
			x.seen = append(x.seen, d)
		}
	}
	var judged []int32
	other := func(d int32) bool {
		if x.alike[d] == 0 {
			judged = append(judged, d)
			x.alike[d] = -1
			if x.same(s.Topic, x.sigs[d].Topic) {
				x.alike[d] = 1
			}
		}
		return x.alike[d] < 0
	}
	list := make([]int32, 0, visit)
	prints := slices.Clone(s.Prints)
	slices.Sort(prints)
	for _, h := range slices.Compact(prints) {
		list = list[:0]
		own := 0
		x.each(h, func(d int32) {
			if x.sigs[d].ID != s.ID {
				list = append(list, d)
				if s.Outlet != "" && x.sigs[d].Outlet == s.Outlet && other(d) {
					own++
				}
			}
		})
		if own >= 3 { // the outlet prints it under everything
			continue
		}
		for _, d := range list {
			touch(d)
			x.score[d] += 1 / (1 + float64(len(list)-1)/8)
		}
	}
	days := int64(limit("cited-days") * 86400)
	for _, h := range s.Sources {
		x.each(h, func(d int32) {
			o := &x.sigs[d]
			if o.ID == s.ID || o.Outlet == s.Outlet && s.Outlet != "" ||
				s.From != math.MinInt64 && o.From != math.MinInt64 && max(s.From-o.To, o.From-s.To) > days {
				return
			}
			touch(d)
			x.tied[d]++
		})
	}
	var out []Candidate
	for _, d := range x.seen {
		o := &x.sigs[d]
		enough := 1.5
		if min(s.Words, o.Words) < 25 {
			enough = 0.5
		}
		if x.score[d] >= enough || x.tied[d] >= 2 {
			out = append(out, Candidate{o.ID, x.score[d], int(x.tied[d])})
		}
	}
	for _, d := range x.seen {
		x.score[d], x.tied[d] = 0, 0
	}
	for _, d := range judged {
		x.alike[d] = 0
	}
	slices.SortFunc(out, func(a, b Candidate) int {
		if p, q := a.Score+float64(a.Tied)/2, b.Score+float64(b.Tied)/2; p != q {
			if p > q {
				return -1
			}
			return 1
		}
		return int(x.place[a.ID] - x.place[b.ID])
	})
	return out[:min(len(out), candidates)]
}

// weight is how much a word tells of a topic: a rare one more.
func (x *Index) weight(k uint32) float64 {
	if x == nil || len(x.sigs) == 0 {
		return 1
	}
	return math.Log(1 + float64(len(x.sigs)+1)/float64(1+int(x.count[k%slots])))
}

// overlap is the weight of the words that both lists have, against that of the lighter one.
func (x *Index) overlap(a, b []uint32) float64 { return overlap(a, b, x.weight) }

// same reports whether two topics are one.
func (x *Index) same(a, b []uint32) bool { return x.overlap(a, b) >= limit("topic") }

// boilerplate reports whether the fingerprint is what an outlet, or many of
// them, print under reports on other topics than those of the pair.
func (x *Index) boilerplate(h uint64, p *pair) bool {
	if x == nil {
		return false
	}
	a, b := p.a, p.b
	var ofA, ofB, ofThird, many int
	var third map[string]int
	var first, last time.Time
	x.each(h, func(d int32) {
		o := &x.sigs[d]
		if o.ID == a.doc.ID || o.ID == b.doc.ID {
			return
		}
		far := x.far(d, p)
		farA, farB := far&isFarA != 0, far&isFarB != 0
		if farA && a.doc.Outlet != "" && o.Outlet == a.doc.Outlet {
			ofA++
		}
		if farB && b.doc.Outlet != "" && o.Outlet == b.doc.Outlet {
			ofB++
		}
		if farA && farB && o.Outlet != "" {
			if third == nil {
				third = map[string]int{}
			}
			third[o.Outlet]++
			ofThird = max(ofThird, third[o.Outlet])
		}
		if m := o.Moment(); farA && farB && m.Known() {
			many++
			if first.IsZero() || m.From.Before(first) {
				first = m.From
			}
			if m.From.After(last) {
				last = m.From
			}
		}
	})
	enough := int(limit("stray"))
	if a.doc.Outlet == b.doc.Outlet {
		enough = 1
	}
	return max(ofA, ofB) >= enough || ofThird > int(limit("stray")) || many >= int(limit("many")) && last.Sub(first).Hours() >= 24*limit("spread")
}

const (
	isKnown = 1 << iota
	isFarA
	isFarB
)

// far says whether a report is on another topic than a and b.
func (x *Index) far(d int32, p *pair) uint8 {
	f := p.far[d]
	if f == 0 {
		f = isKnown
		if !x.same(x.sigs[d].Topic, p.a.topic) {
			f |= isFarA
		}
		if !x.same(x.sigs[d].Topic, p.b.topic) {
			f |= isFarB
		}
		if p.far == nil {
			p.far = map[int32]uint8{}
		}
		p.far[d] = f
	}
	return f
}

// reports is how many of the index have the fingerprint, counted to visit.
func (x *Index) reports(h uint64) (n int) {
	if x != nil {
		x.each(h, func(int32) { n++ })
	}
	return n
}
