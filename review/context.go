package review

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sanad-project/sanad/record"
)

// context is what a value is checked against: the text, and what the ids in it
// mean. Ids in a line of the log are those that its author saw; its Seen says
// what they stood for.
type context struct {
	*work
	seen *Seen // nil: the ids are those in force
	seq  int64
	kept []string // what was taken back from Seen because this reading lacks it
}

func newContext(w *work, d *Decision) *context { return &context{work: w, seen: d.Seen, seq: d.Seq} }

func (c *context) quoteOK(q *record.Quote) error {
	if q == nil {
		return nil
	}
	return c.text.quote(q)
}

// ref checks a reference and gives it the entity in force.
func (c *context) ref(r *record.Ref) (err error) {
	if r.Entity, err = c.entity(r.Entity); err != nil {
		return err
	}
	return c.quoteOK(r.Span)
}

// entity returns the id in force of an entity, which it takes back from Seen
// where this reading does not have it.
func (c *context) entity(id string) (string, error) {
	if f := c.ids[Entity][id]; f != nil {
		if f.out != nil {
			return "", fmt.Errorf("the entity %s was rejected", id)
		}
		return f.id, nil
	}
	if c.gone[Entity][id] {
		return "", fmt.Errorf("the entity %s was added and that was undone", id)
	}
	if c.seen != nil {
		for i := range c.seen.Entities {
			if e := &c.seen.Entities[i]; e.ID == id {
				return id, c.keepEntity(e)
			}
		}
	}
	return "", fmt.Errorf("there is no entity %q in this report: add it first", id)
}

func (c *context) keepEntity(e *record.Entity) error {
	if err := goodID(e.ID); err != nil {
		return err
	}
	v, err := c.values(Entity, valuesOf(Entity, e, nil), nil)
	if err != nil {
		return err
	}
	c.enter(&finding{kind: Entity, id: e.ID, kept: true}, v)
	c.kept = append(c.kept, "the entity "+e.ID)
	return nil
}

// statement returns the id in force of a statement.
func (c *context) statement(id string) (string, error) {
	f := c.ids[Statement][id]
	if c.seen != nil && (f == nil || f.id == id && f.machine != nil) {
		f = nil
		for i := range c.seen.Statements {
			s := &c.seen.Statements[i]
			if s.ID != id {
				continue
			}
			p := place{Statement, anchor(s)}
			if f = c.at(p, ""); f == nil && c.gone[Statement][id] {
				return "", fmt.Errorf("the statement %s was added and that was undone", id)
			}
			if f == nil {
				v, err := c.values(Statement, valuesOf(Statement, s, nil), nil)
				if err != nil {
					return "", err
				}
				f = c.keep(p, v)
				c.kept = append(c.kept, "the statement "+f.id)
			}
			break
		}
	}
	switch {
	case f == nil:
		return "", fmt.Errorf("there is no statement %q in this report", id)
	case f.out != nil:
		return "", fmt.Errorf("the statement %s was rejected", id)
	}
	return f.id, nil
}

// number returns the id in force of a number.
func (c *context) number(id string) (string, error) {
	f := c.ids[Number][id]
	if f == nil && !strings.Contains(id, "-") {
		f = c.begins(Number, id)
	}
	if at, ok := placeOf(Number, id); ok && f == nil {
		p := place{Number, at}
		if f = c.at(p, ""); f == nil && c.gone[Number][id] {
			return "", fmt.Errorf("the number %s was added and that was undone", id)
		}
		if f == nil && c.seen != nil {
			for i := range c.seen.Numbers {
				n := &c.seen.Numbers[i]
				if n.Start != at.Start || n.End != at.End {
					continue
				}
				v, err := c.values(Number, valuesOf(Number, n, nil), nil)
				if err != nil {
					return "", err
				}
				if err := c.text.span(at.Start, at.End); err != nil {
					return "", err
				}
				f = c.keep(p, v)
				c.kept = append(c.kept, "the number "+f.id)
				break
			}
		}
	}
	switch {
	case f == nil:
		return "", fmt.Errorf("there is no number %q in this report", id)
	case f.out != nil:
		return "", fmt.Errorf("the number %s was rejected", id)
	}
	return f.id, nil
}

// begins returns the finding in force of which the id is the beginning, nil
// where none or more than one is: "n68".
func (w *work) begins(k Kind, id string) *finding {
	var found *finding
	for _, f := range w.list[k] {
		if f.out == nil && strings.HasPrefix(f.id, id+"-") {
			if found != nil {
				return nil
			}
			found = f
		}
	}
	return found
}

// at returns the finding that stands at a place: the machine's that was paired
// with it or the one that was kept for it.
func (w *work) at(p place, id string) *finding {
	if f := w.ids[p.kind][id]; f != nil && (f.machine == nil || f.id != id) {
		return f // a person's, or the machine's by the id a person's had
	}
	if f := w.match[p]; f != nil {
		return f
	}
	return w.again[p]
}

// keep enters what another reading found and a decision rests on.
func (c *context) keep(p place, v values) *finding {
	f := c.enter(&finding{kind: p.kind, id: c.newID(p.kind), at: p.at, kept: true}, v)
	c.again[p] = f
	return f
}

// newID is a free id for what the decision adds or keeps.
func (c *context) newID(k Kind) string {
	seq := c.seq
	for c.ids[k][addedID(k, seq)] != nil {
		seq += addedBase // a log with two decisions of one number
	}
	return addedID(k, seq)
}

// values checks all values of a finding. Where zero is nil, a value that does
// not hold any more becomes none; but a claim must not become a fact, nor lose
// what it cannot be without: those are errors. Where it is given, what is not
// named takes its zero and every fault is an error.
func (c *context) values(k Kind, in values, strict *struct{}) (values, error) {
	out := values{}
	for _, f := range fieldsOf(k) {
		raw, ok := in[f.name]
		if !ok && f.zero == "" {
			return nil, fmt.Errorf("%s has to say its %s", article(string(k)), f.name)
		}
		if !ok {
			out[f.name] = []byte(f.zero)
			continue
		}
		v, err := f.form(c, raw)
		switch {
		case err == nil:
		case strict != nil || f.zero == "" || f.refer == toStatement:
			return nil, fmt.Errorf("%s: %w", f.name, err)
		default:
			v = []byte(f.zero)
		}
		out[f.name] = v
	}
	if k == Number {
		if err := bounds(out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// bounds says what is wrong with the bounds of a number.
func bounds(v values) error {
	lo, hi := integer(v["min"]), integer(v["max"])
	switch {
	case lo == nil && hi == nil:
		return errors.New("a number has to have min or max")
	case lo != nil && hi != nil && *lo > *hi:
		return fmt.Errorf("min %d would be above max %d: correct the other one first", *lo, *hi)
	}
	return nil
}
