package export

import "github.com/sanad-project/sanad/record"

// groupOf returns what sort of actor ref is, by the words of its name, of the
// words it was read from, and of the offices that the report gives it; nil
// where no word tells.
func (v *view) groupOf(ref record.Ref) *group {
	best := -1
	look := func(text string) {
		if g := world().group(words(text)); g >= 0 && (best < 0 || g < best) {
			best = g
		}
	}
	if e := v.entities[ref.Entity]; e != nil {
		look(e.Name)
		for _, o := range e.Roles {
			look(o.Title)
		}
	}
	if ref.Span != nil {
		look(ref.Span.Text)
	}
	if best < 0 {
		return nil
	}
	return &world().groups[best]
}

// sector returns the PLOVER sector of an actor, "UNK" where the record does
// not tell. A state is its government, save where it is attacked; an outlet is
// press.
func (v *view) sector(ref record.Ref, attacked bool) string {
	e := v.entities[ref.Entity]
	switch {
	case e == nil, e.Type == "STATE" && attacked:
		return "UNK"
	case e.Type == "STATE":
		return "GOV"
	case e.Type == "MEDIA":
		return "JRN"
	}
	if g := v.groupOf(ref); g != nil {
		return g.sector
	}
	return "UNK"
}

// kind returns "civilians", "force", or "" where the record does not tell. A
// state is neither: who attacks Yemen may hit its army or its people.
func (v *view) kind(ref record.Ref) string {
	if world().armed[ref.Entity] {
		return "force"
	}
	if g := v.groupOf(ref); g != nil {
		return g.kind
	}
	return ""
}

// kinds returns the kind that all of the refs have, "" where they differ or
// one has none.
func (v *view) kinds(refs []record.Ref) string {
	k := ""
	for i, r := range refs {
		x := v.kind(r)
		if x == "" || i > 0 && x != k {
			return ""
		}
		k = x
	}
	return k
}

// armed reports whether the actors of an attack are all armed bodies; a state
// attacks by its forces.
func (v *view) armed(actors []record.Ref) bool {
	for _, r := range actors {
		if v.state(r.Entity) == nil && v.kind(r) != "force" {
			return false
		}
	}
	return len(actors) > 0
}

// state returns the country that the entity is, nil where it is none.
func (v *view) state(id string) *country {
	if e := v.entities[id]; e == nil || e.Type != "STATE" {
		return nil
	}
	return world().byEntity[id]
}

// names returns the names of refs, the same one once.
func (v *view) names(refs []record.Ref) []string {
	var out []string
	seen := map[string]bool{}
	for _, r := range refs {
		if !seen[r.Entity] {
			seen[r.Entity] = true
			out = append(out, v.name(r.Entity))
		}
	}
	return out
}

// outlet returns the name of the publisher, "" when unknown.
func (v *view) outlet() string {
	if id := str(v.rec.Document.Outlet); id != "" {
		return v.name(id)
	}
	return v.OutletName
}

// origin returns the person or organisation that the account of an event comes
// from: the speaker of the statement that it rests on, where nobody is told
// the innermost link of its chain; "" where the publisher tells it in its own
// voice.
func (v *view) origin(s *record.Statement) string {
	switch {
	case s == nil:
		return ""
	case s.Speaker != nil:
		return v.name(*s.Speaker)
	case len(s.Via) > 0:
		return v.name(s.Via[len(s.Via)-1].Entity)
	}
	return ""
}

// isParty reports whether the speaker of the statement takes part in the
// event: as actor or recipient, or as one who holds an office in one of them.
func (v *view) isParty(s *record.Statement, e *record.Event) bool {
	if s == nil || s.Speaker == nil {
		return false
	}
	of := map[string]bool{*s.Speaker: true}
	if p := v.entities[*s.Speaker]; p != nil {
		for _, o := range p.Roles {
			of[str(o.Of)] = true
		}
	}
	for _, list := range [...][]record.Ref{e.Actor, e.Recipient} {
		for _, r := range list {
			if r.Entity != "" && of[r.Entity] {
				return true
			}
		}
	}
	return false
}
