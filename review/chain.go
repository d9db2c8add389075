package review

import (
	"cmp"
	"fmt"
	"slices"
)

// Damage is a way in which a log is not what was written.
type Damage string

// The damages.
const (
	Altered  Damage = "altered"      // a line is not what was sealed
	Missing  Damage = "missing"      // a line is not there
	Moved    Damage = "out of order" // a line is there, in another place
	Inserted Damage = "inserted"     // a line is there that the log does not have
	Replaced Damage = "replaced"     // a line was exchanged for another with a seal of its own
)

// Fault is one damaged line of a log.
type Fault struct {
	Seq    int64 // of the line that is damaged or missing
	Line   int   // where it stands in the log, from 1; where it should stand if it is missing
	Damage Damage
	Why    string
}

func (f Fault) Error() string {
	return fmt.Sprintf("decision %d (line %d) is %s: %s", f.Seq, f.Line, f.Damage, f.Why)
}

// Chain verifies a log as its lines come: give [Chain.Add] each line in order,
// then ask [Chain.End] once for what is wrong. One damaged line gives one
// fault. It keeps no lines, only the gaps and the faults.
//
// A log cut off at its end is whole as far as it goes: compare Seq and Hash of
// its last line ([Chain.Last]) with what was noted elsewhere, a backup or the
// state that was derived from it.
type Chain struct {
	line   int
	seq    int64    // of the last line in its place
	hashes []string // by any of which the next line may know it
	twins  []twin   // lines with the number of the last one, among them the one that is no other's
	gaps   []gap
	faults []Fault
}

// twin is one of several lines with one number.
type twin struct {
	line   int
	hashes []string
}

// gap is a row of missing lines.
type gap struct {
	from, to int64  // both included
	line     int    // of the line after it
	before   string // hash of the line before it, "" when not known
	after    string // what the line after it seals
}

// Add takes the next line.
func (c *Chain) Add(d *Decision) {
	c.line++
	h, err := hash(d)
	altered := err != nil || h != d.Hash
	own := []string{d.Hash}
	if altered {
		// Either the content or the hash was altered; the next line seals what
		// was there before.
		own = append(own, h)
	}
	next := c.seq + 1
	switch {
	case altered && d.Prev != "" && d.Seq != next && c.follows(d.Prev), altered && d.Seq == next:
		// Altered in its place, perhaps in its very number.
		c.place(next, own)
		c.fault(next, c.line, Altered, "its hash is not that of its content")
	case altered:
		c.gap(d, next)
		c.fault(d.Seq, c.line, Altered, "its hash is not that of its content")
		if d.Seq > c.seq {
			c.place(d.Seq, own)
		}
	case d.Seq == next:
		if c.seq > 0 || d.Prev != "" {
			c.link(d)
		}
		c.place(next, own)
	case d.Seq > next:
		c.gap(d, next)
		c.place(d.Seq, own)
	case d.Seq == c.seq:
		c.twins = append(c.twins, twin{c.line, own})
	case c.fills(d):
		c.fault(d.Seq, c.line, Moved, fmt.Sprintf("it comes after decision %d", c.seq))
	default:
		c.fault(d.Seq, c.line, Inserted, "there is another line of that number")
	}
}

// follows reports whether a line that seals prev may stand here.
func (c *Chain) follows(prev string) bool {
	return c.seq == 0 && prev == "" || slices.Contains(c.hashes, prev)
}

// link checks what a line says of the one before it.
func (c *Chain) link(d *Decision) {
	for i, t := range c.twins {
		if !c.follows(d.Prev) && slices.Contains(t.hashes, d.Prev) { // the later one is the true one
			c.twins[i], c.hashes = twin{c.twinLine(), c.hashes}, t.hashes
		}
	}
	switch {
	case c.follows(d.Prev):
	case c.seq == 0:
		c.fault(d.Seq, c.line, Altered, "it is the first line and seals another before it")
	default:
		c.fault(c.seq, c.line-1-len(c.twins), Replaced, fmt.Sprintf("decision %d, after it, seals another line", d.Seq))
	}
}

// twinLine is where the first line of the last number stands.
func (c *Chain) twinLine() int { return c.line - 1 - len(c.twins) }

// place makes a line the last one.
func (c *Chain) place(seq int64, hashes []string) {
	c.settle()
	c.seq, c.hashes = seq, hashes
}

// settle names the lines that have the number of the last one and are not it.
func (c *Chain) settle() {
	for _, t := range c.twins {
		c.fault(c.seq, t.line, Inserted, "there is another line of that number")
	}
	c.twins = nil
}

// gap notes the lines that are missing before d.
func (c *Chain) gap(d *Decision, next int64) {
	if d.Seq <= next {
		return
	}
	g := gap{from: next, to: d.Seq - 1, line: c.line, after: d.Prev}
	if len(c.hashes) == 1 {
		g.before = c.hashes[0]
	}
	c.gaps = append(c.gaps, g)
}

// fills takes a line that was missing into its place.
func (c *Chain) fills(d *Decision) bool {
	for i, g := range c.gaps {
		if d.Seq < g.from || d.Seq > g.to ||
			d.Seq == g.from && g.from > 1 && g.before != "" && d.Prev != g.before ||
			d.Seq == g.from && g.from == 1 && d.Prev != "" ||
			d.Seq == g.to && g.after != "" && d.Hash != g.after {
			continue
		}
		left, right := g, g
		left.to, left.after = d.Seq-1, d.Prev
		right.from, right.before = d.Seq+1, d.Hash
		var rest []gap
		for _, p := range [...]gap{left, right} {
			if p.from <= p.to {
				rest = append(rest, p)
			}
		}
		c.gaps = slices.Replace(c.gaps, i, i+1, rest...)
		return true
	}
	return false
}

func (c *Chain) fault(seq int64, line int, d Damage, why string) {
	c.faults = append(c.faults, Fault{seq, line, d, why})
}

// Last returns number and hash of the last line in its place, 0 and "" when
// there was none.
func (c *Chain) Last() (seq int64, hash string) {
	if len(c.hashes) > 0 {
		hash = c.hashes[0]
	}
	return c.seq, hash
}

// End returns what is wrong with the log, in its order; nil when nothing is.
func (c *Chain) End() []Fault {
	c.settle()
	for _, g := range c.gaps {
		why := "the line is not there"
		if g.from < g.to {
			why = fmt.Sprintf("decisions %d to %d are not there", g.from, g.to)
		}
		c.fault(g.from, g.line, Missing, why)
	}
	c.gaps = nil
	slices.SortStableFunc(c.faults, func(a, b Fault) int { return cmp.Or(a.Line-b.Line, cmp.Compare(a.Seq, b.Seq)) })
	return c.faults
}
