package review

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/record"
)

// What became of a finding from one reading to the next.
const (
	Found   = "found"
	Gone    = "gone"
	Changed = "changed"
)

// Change is one difference between two readings of one text.
type Change struct {
	What   string `json:"what"`            // found, gone, changed
	Target Target `json:"target"`          // in the new reading; in the old one where it is gone
	Text   string `json:"text"`            // the words that name it; the name of an entity
	Field  string `json:"field,omitempty"` // of a change
	Old    string `json:"old,omitempty"`   // for people: «بغداد» baghdad, ASSAULT, 3 to 5 killed
	New    string `json:"new,omitempty"`
}

// String says it in one line: event «حمله» at 120: type ASSAULT → COERCE
func (c Change) String() string {
	var b strings.Builder
	b.WriteString(string(c.Target.Kind))
	if c.Text != "" {
		fmt.Fprintf(&b, " «%s»", short(strings.Join(strings.Fields(c.Text), " ")))
	}
	switch {
	case c.Target.Kind == Entity:
		fmt.Fprintf(&b, " (%s)", c.Target.ID)
	case c.Target.End > 0:
		fmt.Fprintf(&b, " at %d", c.Target.Start)
	}
	b.WriteString(": ")
	switch c.What {
	case Changed:
		fmt.Fprintf(&b, "%s %s → %s", c.Field, orNone(c.Old), orNone(c.New))
	case Found:
		b.WriteString(strings.TrimSuffix("found, "+c.New, ", "))
	default:
		b.WriteString(strings.TrimSuffix("gone, was "+c.Old, ", was "))
	}
	return b.String()
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// Diff says what changed between two readings of one text: what was found,
// what is gone, and field by field what is another. Findings are the same when
// they stand at the same words (see [Reviewed]); ids and indexes that merely
// shifted are no change, what they point at is compared. Nil means that both
// say the same.
func Diff(before, after *record.Record) []Change {
	var out []Change
	whole := func(field, a, b string) {
		if a != b {
			out = append(out, Change{What: Changed, Target: Target{Kind: Report}, Field: field, Old: a, New: b})
		}
	}
	if before.Document.SHA256 != after.Document.SHA256 || before.Document.Text != after.Document.Text {
		whole("text", before.Document.SHA256, after.Document.SHA256)
		return out
	}
	whole("outlet", value(before.Document.Outlet), value(after.Document.Outlet))
	whole("published", value(before.Document.Published), value(after.Document.Published))
	a, b := newWork(before), newWork(after)
	pairs := map[*finding]*finding{} // of the old reading to the new
	back := map[*finding]bool{}
	var list []sought
	for _, k := range kinds {
		for _, f := range a.list[k] {
			if k == Entity {
				if g := b.ids[Entity][f.id]; g != nil && !back[g] {
					pairs[f], back[g] = g, true
				}
				continue
			}
			list = append(list, sought{place{k, f.at}, contentSpans(f.machine)})
		}
	}
	match := b.pair(list)
	for _, k := range kinds {
		for _, f := range a.list[k] {
			if g := match[place{k, f.at}]; k != Entity && g != nil && !back[g] {
				pairs[f], back[g] = g, true
			}
		}
	}
	same := func(k Kind, x, y string) bool { // do two ids mean the same finding?
		f, g := a.ids[k][x], b.ids[k][y]
		return f != nil && g != nil && pairs[f] == g
	}
	for _, k := range kinds {
		var part []Change
		for _, f := range a.list[k] {
			g := pairs[f]
			if g == nil {
				part = append(part, Change{What: Gone, Target: target(f), Text: a.words(f), Old: a.gist(f)})
				continue
			}
			if letter(k) != "" && f.at != g.at {
				part = append(part, Change{What: Changed, Target: target(g), Text: b.words(g), Field: "text", Old: a.quoted(f.at), New: b.quoted(g.at)})
			}
			for _, x := range fieldsOf(k) {
				v, u := f.machine[x.name], g.machine[x.name]
				equal := bytes.Equal(v, u)
				switch x.refer {
				case toNumber:
					equal = equal && str(v) == "" || same(Number, str(v), str(u))
				case toStatement:
					equal = equal && str(v) == "" || same(Statement, str(v), str(u))
				}
				if equal || x.name == "rule" { // by which rule it was found is no finding
					continue
				}
				c := Change{What: Changed, Target: target(g), Text: b.words(g), Field: x.name, Old: a.show(x, v), New: b.show(x, u)}
				if c.Old == c.New { // the same words elsewhere
					c.Old, c.New = string(v), string(u)
				}
				part = append(part, c)
			}
		}
		for _, g := range b.list[k] {
			if !back[g] {
				part = append(part, Change{What: Found, Target: target(g), Text: b.words(g), New: b.gist(g)})
			}
		}
		if k != Entity {
			slices.SortStableFunc(part, func(a, b Change) int { return a.Target.Start - b.Target.Start })
		}
		out = append(out, part...)
	}
	return out
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func target(f *finding) Target {
	return Target{Kind: f.kind, ID: f.id, Start: f.at.Start, End: f.at.End}
}

func (w *work) words(f *finding) string {
	switch {
	case f.kind == Entity:
		return str(f.value["name"])
	case w.text.span(f.at.Start, f.at.End) != nil:
		return ""
	}
	return w.text.of(f.at.Start, f.at.End)
}

func (w *work) quoted(s record.Span) string {
	if w.text.span(s.Start, s.End) != nil {
		return ""
	}
	return "«" + short(w.text.of(s.Start, s.End)) + "»"
}

// gist is what a finding says, in a few words.
func (w *work) gist(f *finding) string {
	v := f.value
	switch f.kind {
	case Entity:
		return str(v["type"])
	case Mention, Loaded:
		return str(v["entity"])
	case Time:
		return str(v["value"])
	case Number:
		return amount(v)
	case Statement:
		return strings.TrimSpace(str(v["act"]) + " " + str(v["speaker"]))
	case Event:
		return strings.Join(slices.DeleteFunc([]string{str(v["type"]), str(v["mode"]), str(v["status"])}, func(s string) bool { return s == "" }), " ")
	}
	return ""
}

// amount is a number for people: 3, 3 to 5, at least 3; its hedge only where
// the bounds do not say it.
func amount(v values) string {
	lo, hi := integer(v["min"]), integer(v["max"])
	n := func(p *int64) string { return strconv.FormatInt(*p, 10) }
	s := ""
	switch {
	case lo != nil && hi != nil && *lo == *hi:
		s = n(lo)
	case lo != nil && hi != nil:
		s = n(lo) + " to " + n(hi)
	case lo != nil:
		s = n(lo) + " or more"
	case hi != nil:
		s = n(hi) + " or less"
	}
	return s + " " + str(v["unit"])
}

// show is the value of a field for people, "" where there is none.
func (w *work) show(x field, v json.RawMessage) string {
	switch x.refer {
	case oneRef:
		var r *record.Ref
		if json.Unmarshal(v, &r) != nil || r == nil {
			return ""
		}
		return showRef(*r)
	case manyRefs:
		var list []record.Ref
		json.Unmarshal(v, &list)
		var s []string
		for _, r := range list {
			s = append(s, showRef(r))
		}
		return strings.Join(s, ", ")
	case toStatement:
		if f := w.ids[Statement][str(v)]; f != nil {
			return w.called(f)
		}
	case toNumber:
		if f := w.ids[Number][str(v)]; f != nil {
			return amount(f.value) + " " + w.quoted(f.at)
		}
	}
	switch x.name {
	case "trigger", "weapon", "cue", "speaker_span":
		var q *record.Quote
		if json.Unmarshal(v, &q) != nil || q == nil {
			return ""
		}
		return "«" + q.Text + "»"
	case "date":
		var d *record.DateRef
		if json.Unmarshal(v, &d) != nil || d == nil {
			return ""
		}
		if d.Span != nil {
			return d.Value + " «" + d.Span.Text + "»"
		}
		return d.Value
	case "content":
		var s []string
		for _, p := range contentSpans(values{"content": v}) {
			s = append(s, w.quoted(p))
		}
		return strings.Join(s, " ")
	case "roles":
		var list []record.Role
		json.Unmarshal(v, &list)
		var s []string
		for _, r := range list {
			s = append(s, strings.TrimSpace(r.Title+" "+value(r.Of)))
		}
		return strings.Join(s, ", ")
	case "place":
		var g *record.Geo
		if json.Unmarshal(v, &g) != nil || g == nil {
			return ""
		}
		return fmt.Sprintf("%g, %g (%s)", g.Lat, g.Lon, g.Precision)
	}
	if s := str(v); s != "" || string(v) == `""` {
		return s
	}
	if string(v) == "null" {
		return ""
	}
	return string(v)
}

func showRef(r record.Ref) string {
	if r.Span == nil {
		return r.Entity
	}
	return r.Entity + " «" + r.Span.Text + "»"
}

// Show returns the value of a field in words for people, "" where there is
// none; the value is that of a [Field] of this review.
func (r *Reviewed) Show(k Kind, name string, v []byte) string {
	w := r.work
	if w == nil {
		w = newWork(r.Record)
	}
	x, ok := fieldOf(k, name)
	if !ok {
		if s := str(v); s != "" {
			return s
		}
		return string(v)
	}
	return w.show(x, v)
}
