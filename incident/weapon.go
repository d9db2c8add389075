package incident

import (
	"slices"
	"strings"
)

func (b *builder) weapons(a *account) {
	w := b.data
	bad := b.rebuttals(a)
	arms := "armed"
	if slices.ContainsFunc(a.scenes, func(s *scene) bool { return w.has("unarmed", s.tokens) }) {
		arms = "unarmed" // who says so names the arms of others only to deny them
	}
	struck := slices.ContainsFunc(a.scenes, func(s *scene) bool { return !s.denied && s.unreal == "" && w.has("strike", s.tokens) }) // the depot is what was struck
	for i, s := range a.scenes {
		if s.unreal != "" || s.denied || len(s.acts) == 0 && i > 3 || w.has("maybe", s.tokens) {
			continue
		}
		found := w.has("found-arms", s.tokens) // «دو قبضه سلاح کشف شد», «هفت پهپاد سرنگون شد»: nobody was struck with them
		if a.kind() == "arrest" && len(arms) > 0 {
			if r := w.find(arms, s.tokens); len(r) > 0 {
				b.put(Weapon, Value{Value: arms}, a, s.tokens[r[0][0]].start, s.tokens[r[0][1]-1].end)
				arms = ""
			}
		}
		for _, class := range w.classes {
			name, ok := strings.CutPrefix(class, "weapon-")
			if !ok || found || name == "depot" && struck {
				continue
			}
			for _, r := range w.find(class, s.tokens) {
				start, end := s.tokens[r[0]].start, s.tokens[r[1]-1].end
				if !slices.ContainsFunc(bad, func(o rebuttal) bool { return o.start <= start && end <= o.end }) {
					b.put(Weapon, Value{Value: name, all: w.has("only", s.tokens[max(0, r[0]-3):r[0]])}, a, start, end)
				}
			}
		}
		for _, c := range s.acts {
			if c.event != nil && c.event.Weapon != nil && c.real {
				q := c.event.Weapon
				list := tokensIn(s.tokens, q.Start, q.End)
				if !slices.ContainsFunc(w.classes, func(k string) bool { return strings.HasPrefix(k, "weapon-") && w.has(k, list) }) {
					b.put(Weapon, Value{Value: q.Text}, a, q.Start, q.End)
				}
			}
		}
	}
}

// clash says whether two causes of one blast or strike cannot both be true.
func (b *builder) clash(v, w string) bool {
	if v == "armed" || v == "unarmed" || w == "armed" || w == "unarmed" {
		return v == "armed" && w == "unarmed" || v == "unarmed" && w == "armed"
	}
	if b.data.only[v] || b.data.only[w] {
		return b.data.rival[[2]string{v, w}]
	}
	return !b.data.fit[[2]string{v, w}]
}
