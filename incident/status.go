package incident

import (
	"slices"
)

// status says who tells that it happened, and who that it did not. A report
// that denies and yet tells of it otherwise (who did it, with what) does not
// deny that it happened.
func (b *builder) status() {
	members := map[string]bool{}
	for _, m := range b.in.Members {
		if m.account == nil {
			continue
		}
		members[m.Report] = true
		if s := m.account.flatly(b.data); s != nil {
			b.put(Status, Value{Value: "did not happen", not: true}, m.account, s.start, s.end)
			continue
		}
		if s := b.denies(m.account); s != nil {
			b.put(Status, Value{Value: "did not happen", not: true}, m.account, s.start, s.end)
			continue
		}
		c, _ := m.account.clearest()
		b.put(Status, Value{Value: "happened"}, m.account, c.start, c.end)
	}
	for _, a := range b.in.Attached {
		if (a.As == Denial || a.As == Retraction) && !members[a.Report] && a.account != nil && (a.As == Retraction || a.account.denies(b.data)) {
			b.put(Status, Value{Value: "did not happen", not: true}, a.account, a.Quote.Start, a.Quote.End)
		}
	}
	for _, a := range b.in.Attached { // a member that denies the act, not a part in it, denies who did it
		if a.As != Denial || !members[a.Report] || a.account == nil {
			continue
		}
		if k := b.in.Kinds[0]; k != "violence" && k != "abduction" || a.account.flatly(b.data) != nil {
			continue // who arrests or meets is no secret
		}
		if slices.ContainsFunc(a.account.scenes, func(s *scene) bool { return s.claims }) {
			continue // it denies that others did it
		}
		for _, s := range a.account.scenes {
			if !s.title && s.start > a.account.doc.textStart() {
				break // further down it denies something about the act
			}
			if s.denied && !b.data.has("role", s.tokens) && !b.data.has("figures", s.tokens) && slices.ContainsFunc(s.acts, func(c act) bool { return c.kind == b.in.Kinds[0] }) {
				b.put(Actor, Value{Value: elsewise, not: true}, a.account, s.start, s.end)
				break
			}
		}
	}
}

// denies returns the first words by which a member denies what others tell mainly, be it that
// it tells of something else: «اخراج نشده‌اند, فراخوانده شده‌اند». Violence, arrests and
// protests are told of by their tolls and by who did it.
func (b *builder) denies(a *account) *scene {
	w := b.data
	var no *scene
	others := func(kind string) bool { // others tell of such an act
		return slices.ContainsFunc(b.members(), func(o *account) bool {
			return o.doc != a.doc && slices.ContainsFunc(o.scenes, func(s *scene) bool {
				return slices.ContainsFunc(s.acts, func(c act) bool { return c.real && c.kind == kind })
			})
		})
	}
	held := func(kind string) bool { return kind == "abduction" || kind == "seizure" || kind == "arrest" }
	for _, s := range a.scenes {
		for _, c := range s.acts {
			if c.real && held(c.kind) && held(b.in.Kinds[0]) && c.kind != b.in.Kinds[0] && !w.has("had-said", s.tokens) {
				return nil // one calls it a seizure, the other one a robbery
			}
			switch c.kind {
			case "abduction", "expulsion", "deportation", "seizure", "release", "resignation", "withdrawal":
				if !slices.Contains(b.in.Kinds[:min(2, len(b.in.Kinds))], c.kind) {
					continue
				}
			case "meeting", "agreement", "ceasefire":
				if b.in.Kinds[0] != c.kind {
					continue
				}
			default:
				continue
			}
			told := c.real || presupposed(s.sentence, c.end)
			negated := s.denied && !w.has("role", s.tokens) || c.event != nil && c.event.Status == "negated"
			switch {
			case negated && no == nil && others(c.kind) && s.start <= a.doc.sentences[min(4, len(a.doc.sentences)-1)].start:
				no = s
			case told && !negated && !w.has("had-said", s.tokens):
				return nil
			}
		}
	}
	return no
}

// flatly returns the first words of a report that say there was no such act at all,
// «حمله‌ای در کار نبوده»; nil where it tells of one, or denies something further down.
func (a *account) flatly(w *data) *scene {
	if k := a.kind(); k != "violence" && k != "abduction" {
		return nil
	}
	for _, s := range a.scenes {
		if s.start > a.doc.sentences[min(3, len(a.doc.sentences)-1)].start {
			return nil
		}
		if r := w.find("no-such", s.tokens); len(r) > 0 && s.denied {
			before := s.tokens[max(0, r[0][0]-2):r[0][0]] // the act itself stands there, not its cause: «بمبی در کار نبود»
			if slices.ContainsFunc(s.acts, func(c act) bool {
				return len(before) > 0 && c.kind == a.kind() && c.start >= before[0].start && c.start < before[len(before)-1].end
			}) {
				return s
			}
		}
	}
	return nil
}
