package relay

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/sanad-project/sanad/span"
)

// Compare judges whether one of two reports takes its words from the other, or
// both from a third. The index says what is boilerplate; it may be nil.
// The answer depends on what the index knows: a passage that turns out to be
// boilerplate later makes no link any more.
func (r *Reader) Compare(a, b *Doc, x *Index) (Link, bool) { return r.Judge(r.Read(a), r.Read(b), x) }

// pair is two reports while they are judged.
type pair struct {
	r          *Reader
	x          *Index
	a, b       *Text
	runs       []run // what they share, boilerplate aside
	setAside   int   // words of boilerplate
	shortest   int   // words of the shorter of the two, boilerplate aside
	equal      int   // words shared
	longest    int   // of them in one passage
	shareA     float64
	shareB     float64
	near       float64
	ca, cb     cite // a names b's outlet, b names a's
	aCites     bool
	bCites     bool
	third      string // an outlet that both name
	thirdA     cite   // where they do
	thirdB     cite
	thirdAside bool // one of them only in passing
	why        []string
	far        map[int32]uint8 // of reports of the index: farKnown, farA, farB
}

// Judge is Compare for reports that were read before.
func (r *Reader) Judge(a, b *Text, x *Index) (Link, bool) {
	if r.follows(a, b) { // a is the one that came first, as far as that is known
		a, b = b, a
	}
	p := &pair{r: r, x: x, a: a, b: b}
	if a.doc.ID == b.doc.ID {
		return Link{}, false
	}
	p.measure()
	p.ca, p.aCites = a.citesOutlet(r, b)
	p.cb, p.bCites = b.citesOutlet(r, a)
	p.findThird()
	return p.judge()
}

// follows reports whether a is the later one of the two, as far as anything
// tells: the times; else the agency is first, and the longer text; else what came in first.
func (r *Reader) follows(a, b *Text) bool {
	if a.doc.Published.Before(b.doc.Published) || b.doc.Published.Before(a.doc.Published) {
		return later(a.doc, b.doc)
	}
	if x, y := r.agency[a.doc.Outlet], r.agency[b.doc.Outlet]; x != y {
		return y
	}
	x, y := float64(len(a.words)), float64(len(b.words))
	switch more := limit("longer"); {
	case x > more*y:
		return false
	case y > more*x:
		return true
	}
	return later(a.doc, b.doc)
}

// later orders reports: what was published first comes first, then what came in first, then the smaller id.
func later(a, b *Doc) bool {
	switch {
	case a.Published.Before(b.Published):
		return false
	case b.Published.Before(a.Published):
		return true
	case !a.Added.Equal(b.Added) && !a.Added.IsZero() && !b.Added.IsZero():
		return a.Added.After(b.Added)
	}
	return a.ID > b.ID
}

// measure aligns the two and sets boilerplate aside.
func (p *pair) measure() {
	a, b := p.a, p.b
	lenA, lenB := len(a.words), len(b.words)
	oneOutlet := a.doc.Outlet != "" && a.doc.Outlet == b.doc.Outlet
	near := 0
	for _, whole := range align(a.words, b.words) {
		kept := p.own(whole)
		left := whole.equal
		for _, q := range kept {
			left -= q.equal
			p.runs = append(p.runs, q)
			p.equal += q.equal
			p.longest = max(p.longest, q.equal)
			for _, k := range q.pairs {
				if a.whole[a.words[k[0]].start:a.words[k[0]].end] == b.whole[b.words[k[1]].start:b.words[k[1]].end] {
					near++
				}
			}
		}
		p.setAside += left
		lenA -= left
		lenB -= left
	}
	p.shortest = min(lenA, lenB)
	if oneOutlet && p.setAside > 0 && p.equal < p.setAside { // what is left of one outlet's closing words
		p.runs, p.equal, p.longest = nil, 0, 0
	}
	p.shareA, p.shareB = ratio(p.equal, lenA), ratio(p.equal, lenB)
	p.near = ratio(near, p.equal)
}

// own returns the stretches of a passage that are not boilerplate.
func (p *pair) own(q run) []run {
	var marks []mark
	stray := 0
	for _, m := range p.b.prints {
		if m.at >= q.j0 && m.at+shingle <= q.j1 {
			if p.x.boilerplate(m.hash, p) {
				stray++
			} else {
				m.hash = 0
			}
			marks = append(marks, m)
		}
	}
	if stray == 0 {
		return []run{q}
	}
	if stray == len(marks) {
		return nil
	}
	bad := make([]bool, q.j1-q.j0)
	for i, m := range marks {
		if m.hash == 0 {
			continue
		}
		from, to := m.at, m.at+shingle
		if i == 0 {
			from = q.j0
		}
		if i == len(marks)-1 {
			to = q.j1
		} else if marks[i+1].hash != 0 {
			to = max(to, marks[i+1].at)
		}
		for j := from; j < min(to, q.j1); j++ {
			bad[j-q.j0] = true
		}
	}
	var out []run
	var r run
	flush := func() {
		if r.equal = len(r.pairs); r.equal >= int(limit("passage")) {
			first, last := r.pairs[0], r.pairs[r.equal-1]
			r.i0, r.j0, r.i1, r.j1 = first[0], first[1], last[0]+1, last[1]+1
			out = append(out, r)
		}
		r = run{}
	}
	for _, k := range q.pairs {
		if bad[k[1]-q.j0] {
			flush()
			continue
		}
		r.pairs = append(r.pairs, k)
	}
	flush()
	return out
}

func ratio(n, of int) float64 {
	if of <= 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// findThird looks for a source that both name and that neither is.
func (p *pair) findThird() {
	for _, c := range p.a.cites {
		for _, d := range p.b.cites {
			if c.id == d.id && c.id != p.a.doc.Outlet && c.id != p.b.doc.Outlet {
				p.third = c.id
				p.thirdA, p.thirdB = c, d
				p.thirdAside = p.a.aside(p.r, c, p.b, 30) || p.b.aside(p.r, d, p.a, 30) || p.a.late(c) || p.b.late(d)
				return
			}
		}
	}
}

// speaker returns who says, in both reports, most of what they share.
func (p *pair) speaker() (said, bool) {
	for _, s := range p.a.said {
		for _, t := range p.b.said {
			if s.speaker != t.speaker {
				continue
			}
			in := 0
			for _, q := range p.runs {
				for _, k := range q.pairs {
					if inside(s.at, p.a.words[k[0]].span()) && inside(t.at, p.b.words[k[1]].span()) {
						in++
					}
				}
			}
			if p.equal > 0 && ratio(in, p.equal) >= limit("quoted") && p.framing(0, 0) < limit("framing") {
				return s, true
			}
		}
	}
	return said{}, false
}

func inside(list []span.Span, s span.Span) bool {
	for _, o := range list {
		if s.Start >= o.Start && s.End <= o.End {
			return true
		}
	}
	return false
}

// strong reports whether the words alone tie the two.
func (p *pair) strong() bool {
	most, least := max(p.shareA, p.shareB), min(p.shareA, p.shareB)
	switch {
	case float64(p.equal) < limit("words"):
		return float64(p.shortest) >= limit("flash") && least >= 0.95
	case p.a.doc.Outlet != "" && p.a.doc.Outlet == p.b.doc.Outlet:
		return most >= limit("same-outlet") && least >= limit("same-outlet")/2 && (least >= limit("copy") || p.x.same(p.a.topic, p.b.topic))
	case float64(p.longest) < limit("solid"):
		return false
	}
	if most < limit("formula") && (!p.story() || p.otherTowns()) {
		return float64(p.longest) >= limit("lifted")
	}
	return most >= limit("share") || float64(p.longest) >= limit("long")
}

// otherTowns reports whether each of the two names towns, and none that the other has: «انفجار خودروی
// بمب‌گذاری‌شده در بازار … کشته بر جا گذاشت» is told of one town today and of another tomorrow.
func (p *pair) otherTowns() bool {
	none := func(a, b *Text) bool {
		in := make(map[uint64]bool, len(b.words))
		for _, w := range b.words {
			in[w.key] = true
		}
		return len(a.towns) > 0 && !slices.ContainsFunc(a.towns, func(m town) bool { return in[m.key] })
	}
	return none(p.a, p.b) && none(p.b, p.a)
}

// story reports whether the title of one is told in the other: what reports
// share that tell different stories is a formula, or a passage lifted from one.
func (p *pair) story() bool {
	if p.a.title == 0 && p.b.title == 0 {
		return p.x.same(p.a.topic, p.b.topic)
	}
	return max(p.told(p.a, p.b, nil), p.told(p.b, p.a, nil)) >= limit("story")
}

func (p *pair) told(a, b *Text, own map[uint64]bool) float64 { return told(a, b, own, p.x.weight) }

// told is the weight of the words of a's title that stand in b, own aside.
func told(a, b *Text, own map[uint64]bool, weight func(uint32) float64) float64 {
	in := map[uint64]bool{}
	for _, w := range b.words {
		in[w.key] = true
	}
	var all, both float64
	for _, w := range a.words[:a.title] {
		if !w.empty && !own[w.key] {
			v := weight(uint32(w.key >> 32))
			all += v
			if in[w.key] {
				both += v
			}
		}
	}
	if all == 0 {
		return 0
	}
	return both / all
}

func (p *pair) judge() (Link, bool) {
	a, b := p.a.doc, p.b.doc
	strong := p.strong()
	swap := false
	l := Link{How: Edited}
	gap := a.Published.Apart(b.Published)
	days := gap.Hours() / 24
	within := days <= limit("cited-days")
	alike := 0.0
	if within && (p.aCites || p.bCites || p.third != "" || len(p.a.said) > 0 && len(p.b.said) > 0) {
		alike = p.x.overlap(contentOf(p.a), contentOf(p.b))
	}
	tied, often := false, false
	if alike > 0 {
		likeness := p.likeness(alike, nil)
		tied, often = likeness >= limit("cited"), likeness >= limit("cited-often")
	}
	// Who names whom decides, unless the one named came a good while later.
	named := ""
	switch {
	case p.bCites && (strong || within && p.retells(p.b, p.a, p.cb)):
		named = "b"
	case p.aCites && (strong && gap < 6*time.Hour || gap == 0 && p.retells(p.a, p.b, p.ca)):
		named, swap = "a", true
	}
	quoted, byOne, release := said{}, false, false
	if strong && named == "" {
		if quoted, byOne = p.speaker(); !byOne {
			release = p.statement() || p.issued()
		}
	}
	switch {
	case named != "":
		c, who, whom := p.cb, p.b, a
		if swap {
			c, who, whom = p.ca, p.a, b
		}
		l.Step = c.step
		if !c.at.Empty() {
			p.say("%s names %s as its source: «%s»", id(who.doc), outlet(whom), around(who.whole, c.at))
		} else {
			p.say("%s gives what it says by way of %s", id(who.doc), outlet(whom))
		}
		l.Confidence = 0.75
	case strong && byOne:

		l.Common, l.Source = true, quoted.speaker
		p.say("what the two share is what %s says in both", name(quoted))
		l.Confidence = 0.7
	case release:
		l.Common = true
		p.say("both print the same statement, each with a lead of its own")
		l.Confidence = 0.65
	case strong && p.third != "" && (p.r.persian[p.third] || !p.thirdAside && max(p.shareA, p.shareB) < limit("translated") && float64(p.longest) < limit("one-hand") || a.Published.Same(b.Published)):
		l.Common, l.Source = true, p.third
		p.say("both name %s as their source, and neither names the other", p.third)
		l.Confidence = 0.75
	case strong && a.Published.Same(b.Published):
		l.Common = true
		p.say("both came out in one minute, so neither can have taken it from the other")
		l.Confidence = 0.7
	case strong:
		l.Confidence = 0.6
	case within && p.heardBy(&quoted):
		p.say("%s gives what %s told %s, in other words, and does not say to whom", b.ID, name(quoted), outlet(a))
		l.Confidence = 0.5
	case p.third != "" && !p.thirdAside && within && tied && (often || !p.r.persian[p.third]) && !p.elsewhere() && !p.otherTowns():
		l.Common, l.Source = true, p.third
		p.say("both take it from %s, in other words", p.third)
		l.Confidence = 0.5
	case within && p.sameSpeaker(&quoted) && p.bySpeaker(alike, &quoted):
		l.Common, l.Source = true, quoted.speaker
		p.say("both give what %s said", name(quoted))
		l.Confidence = 0.45
	default:
		return Link{}, false
	}
	l.From, l.To, l.Share, l.ShareFrom = a.ID, b.ID, p.shareB, p.shareA
	if swap {
		l.From, l.To, l.Share, l.ShareFrom = b.ID, a.ID, p.shareA, p.shareB
	}
	l.Words, l.Spelling, l.Alike = p.equal, p.near, alike
	for _, q := range p.runs {
		s := q.spans(p.a.words, p.b.words)
		if swap {
			s.A, s.B = s.B, s.A
		}
		l.Passages = append(l.Passages, s)
	}
	slices.SortFunc(l.Passages, func(a, b Passage) int { return a.B.Start - b.B.Start })
	switch {
	case min(p.shareA, p.shareB) >= limit("copy"):
		l.How = Copy
	case (named != "" || !strong) && l.Share < limit("edited"):
		l.How = Cites
	}
	p.reasons(&l, strong)
	l.Why = p.why
	return l, true
}

// likeness says how much two reports that go back to one source tell the same of it:
// the mean of how far their words, the people, bodies and places they name, and the words of a
// title that stand in the other agree. What the source is called is set aside: it
// is in both whatever they tell.
func (p *pair) likeness(alike float64, by *said) float64 {
	a, b := p.a.names, p.b.names
	if len(a) == 0 || len(b) == 0 { // without records words have to do
		if alike >= limit("cited-words") && p.x.same(p.a.topic, p.b.topic) {
			return limit("cited")
		}
		return 0
	}
	var own map[uint64]bool
	if by != nil {
		own = map[uint64]bool{}
		for _, s := range by.own {
			for _, w := range p.r.one(p.r.plain(s, 0)) {
				own[w.key] = true
			}
		}
		without := func(list []uint32) (out []uint32) {
			for _, k := range list {
				if !slices.Contains(by.names, k) {
					out = append(out, k)
				}
			}
			return out
		}
		a, b = without(a), without(b)
	}
	days := apart(p.a.days, p.b.days)
	if float64(shared(a, b)+shared(p.a.topic, p.b.topic)) < limit("cited-both") || alike < limit("cited-least") || float64(days) > limit("cited-apart") {
		return 0
	}
	v := (alike + p.x.overlap(a, b) + max(p.told(p.a, p.b, own), p.told(p.b, p.a, own))) / 3
	if days > 0 { // «شب چهارشنبه» and «بامداد پنجشنبه» may be one, but need not
		v -= limit("cited-next")
	}
	return v
}

// bySpeaker reports whether both give the same saying of the speaker.
func (p *pair) bySpeaker(alike float64, by *said) bool {
	v := p.likeness(alike, by)
	return v >= limit("cited-often") || by.person && v >= limit("cited")
}

func shared(a, b []uint32) (n int) {
	for _, k := range a {
		if _, ok := slices.BinarySearch(b, k); ok {
			n++
		}
	}
	return n
}

// statement reports whether both print a text that they say is one, «در
// اطلاعیه آمده است», and share no more than that text.
func (p *pair) statement() bool {
	for _, q := range p.runs { // in the order of b
		if p.a.announced(q.i0) && p.b.announced(q.j0) {
			return p.framing(q.i0, q.j0) < limit("framing")
		}
	}
	return false
}

// issued reports whether what the two share begins in a text that one of them says is a statement, and in
// the other in what the body says that issued it: «صلیب سرخ اعلام کرد که …» beside «در بیانیه صلیب سرخ آمده است: …».
func (p *pair) issued() bool {
	by := func(t *Text, i int, o *Text) bool {
		at := int(t.words[i].start)
		for _, s := range t.said {
			if s.person || !slices.ContainsFunc(o.said, func(u said) bool { return u.speaker == s.speaker }) {
				continue
			}
			for _, c := range s.at {
				if c.Start <= at && !strings.Contains(t.whole[c.Start:at], "\n") || c.Start > at && c.Start-at < 60 {
					return true
				}
			}
		}
		return false
	}
	for _, q := range p.runs {
		inA, inB := p.a.announced(q.i0), p.b.announced(q.j0)
		if inA && !inB && by(p.b, q.j0, p.a) || inB && !inA && by(p.a, q.i0, p.b) {
			return p.framing(q.i0, q.j0) < limit("framing")
		}
	}
	return false
}

// announced reports whether words before word i announce a statement that it
// stands in: not far before, or with a colon behind them, «متن این اطلاعیه به شرح زیر است: …», so that the rest is the statement.
func (t *Text) announced(i int) bool {
	if t.open >= 0 && t.open < i+4 { // the passage may begin with it
		return true
	}
	k, _ := slices.BinarySearch(t.issued, i-30)
	return k < len(t.issued) && t.issued[k] < i+4
}

// framing is how much of the words that are a report's own the two share: the
// title, and the text up to word i of a and j of b.
func (p *pair) framing(i, j int) float64 {
	i, j = max(i, p.a.title), max(j, p.b.title)
	n := 0
	for _, q := range p.runs {
		for _, k := range q.pairs {
			if k[0] < i && k[1] < j {
				n++
			}
		}
	}
	return ratio(n, min(i, j))
}

// elsewhere reports whether each of the two, where it tells what it has from a source that
// both name, names towns that the other does not.
func (p *pair) elsewhere() bool {
	return p.retold(p.a, p.b, p.thirdA).astray && p.retold(p.b, p.a, p.thirdB).astray
}

// heardBy is heard with the later one as the one that heard of it.
func (p *pair) heardBy(out *said) (ok bool) {
	*out, ok = p.heard(p.a, p.b)
	return ok
}

// sameSpeaker reports whether one known speaker has most of the say in both.
func (p *pair) sameSpeaker(out *said) bool {
	if len(p.a.said) == 0 || len(p.b.said) == 0 || p.a.said[0].speaker != p.b.said[0].speaker || p.a.said[0].speaker == "" {
		return false
	}
	if p.a.doc.Outlet != "" && p.a.doc.Outlet == p.b.doc.Outlet {
		return false
	}
	*out = p.a.said[0]
	half := func(t *Text) bool { return 3*t.said[0].bytes >= len(t.doc.Text) }
	return half(p.a) && half(p.b)
}

// reasons says the rest of why, and what it does to the confidence.
func (p *pair) reasons(l *Link, strong bool) {
	a, b := p.a.doc, p.b.doc
	if p.equal > 0 {
		p.say("they share %d words in %s: %.0f %% of %s, %.0f %% of %s", p.equal, count(len(p.runs), "passage"),
			100*l.ShareFrom, l.From, 100*l.Share, l.To)
	}
	if strong {
		l.Confidence += 0.2 * min(1, max(p.shareA, p.shareB)) * min(1, float64(p.longest)/30)
	}
	if p.setAside > 0 {
		p.say("%d more words are boilerplate of the outlet and were not counted", p.setAside)
	}
	if n := p.only(); n > 0 && p.x.Len() > 2 {
		p.say("%s of five words in them stand in no other of %d reports", count(n, "sequence"), p.x.Len())
		l.Confidence += 0.04
	}
	if odd := p.odd(); odd != "" {
		p.say("both write «%s», which looks like one slip of the keyboard that was copied", odd)
		l.Confidence += 0.04
	}
	if !l.Common {
		switch first, last := a, b; {
		case first.Published.Before(last.Published) && l.From == first.ID:
			p.say("%s came out first, %s before", first.ID, ago(first.Published.Apart(last.Published)))
			l.Confidence += 0.05
		case first.Published.Before(last.Published):
			p.say("%s bears an earlier time than its source; the citation counts", first.ID)
			l.Confidence -= 0.15
		case l.Step == 0:
			p.say("which of the two came first is not known; %s is taken for the earlier", l.From)
			l.Confidence -= 0.2
		}
	}
	l.Confidence = math.Round(100*min(0.99, max(0.05, l.Confidence))) / 100
}

// only counts the fingerprints of what is shared that nobody else has.
func (p *pair) only() (n int) {
	for _, q := range p.runs {
		for _, m := range p.b.prints {
			if m.at >= q.j0 && m.at+shingle <= q.j1 && p.x.reports(m.hash) <= 2 {
				n++
			}
		}
	}
	return n
}

func (p *pair) say(format string, args ...any) { p.why = append(p.why, fmt.Sprintf(format, args...)) }

func id(d *Doc) string { return d.ID }

func outlet(d *Doc) string {
	switch {
	case d.Name != "":
		return "«" + d.Name + "»"
	case d.Outlet != "":
		return d.Outlet
	}
	return "the outlet of " + d.ID
}

func name(s said) string {
	if s.name != "" {
		return "«" + s.name + "»"
	}
	return s.speaker
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func ago(d time.Duration) string {
	switch {
	case d < time.Hour:
		return count(int(d.Minutes()), "minute")
	case d < 48*time.Hour:
		return count(int(d.Hours()), "hour")
	}
	return count(int(d.Hours()/24), "day")
}

// around is the citation with the words before it, on one line.
func around(text string, s span.Span) string {
	from := s.Start
	for n := 0; from > 0 && n < 4; from-- {
		if c := text[from-1]; c == '\n' || c == '.' {
			break
		} else if c == ' ' {
			n++
			if n == 4 {
				break
			}
		}
	}
	return strings.TrimSpace(text[from:s.End])
}

func contentOf(t *Text) []uint32 {
	out := make([]uint32, 0, len(t.words))
	for _, w := range t.words[:min(len(t.words), 400)] {
		if !w.empty {
			out = append(out, uint32(w.key>>32))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
