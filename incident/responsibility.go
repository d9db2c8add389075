package incident

import (
	"slices"
	"strings"
)

// responsibility gathers who takes it, who is named by others as having done
// it and denies it.
func (b *builder) responsibility() {
	if len(b.in.Kinds) == 0 || b.data.talk[b.in.Kinds[0]] || b.in.Kinds[0] == "release" {
		return // who meets is no secret
	}
	for _, a := range b.in.Attached {
		if a.account == nil {
			continue
		}
		x := a.account.doc
		if a.As == Claim && a.By != "" {
			for _, s := range a.account.scenes {
				if who := x.claimant(s); s.claims && who != "" {
					b.put(Responsibility, Value{Value: who}, a.account, s.start, s.end)
				}
			}
		}
	}
	w := b.data
	for _, a := range b.accounts() {
		for _, s := range a.scenes {
			if who, start, end := a.doc.blamed(w, s); who != "" && (!s.denied || w.has("role", s.tokens)) {
				b.put(Responsibility, Value{Value: who}, a, start, end)
			}
		}
	}
	for _, a := range b.accounts() {
		for _, s := range a.scenes {
			if !s.denied || !w.has("role", s.tokens) {
				continue
			}
			name, keys := a.doc.party(s)
			if name == "" {
				continue
			}
			b.put(Responsibility, Value{Value: "not " + name, not: true}, a, s.start, s.end)
			for _, o := range b.accounts() {
				if o.doc == a.doc {
					continue
				}
				for _, t := range o.scenes {
					if i := names(t.tokens, keys); i >= 0 && !t.denied && !t.claims {
						b.put(Responsibility, Value{Value: name}, o, t.tokens[i].start, t.end)
						break
					}
				}
			}
			break
		}
	}
}

// blamed returns the party that somebody holds responsible in a scene: the
// name before «را عامل … معرفی کرد», with its words.
func (x *doc) blamed(w *data, s *scene) (name string, start, end int) {
	for _, r := range w.find("blame", s.tokens) {
		if r[0] == 0 {
			continue
		}
		at := s.tokens[r[0]].start
		for _, m := range x.Record.Mentions {
			e := x.entity[m.Entity]
			if m.Start >= s.start && m.End <= at && at-m.End < 12 && e != nil && !strings.HasPrefix(e.ID, "~") && (e.Type == "GRP" || e.Type == "ORG" || e.Type == "STATE") {
				name, start, end = e.Name, m.Start, s.tokens[r[1]-1].end
			}
		}
		if name != "" {
			return name, start, end
		}
	}
	return "", 0, 0
}

// party returns the group or state named in a scene, and its words there.
func (x *doc) party(s *scene) (string, [][]string) {
	for _, m := range x.Record.Mentions {
		e := x.entity[m.Entity]
		if m.Start < s.start || m.Start >= s.end || e == nil || !e.Known || e.Type != "GRP" && e.Type != "ORG" {
			continue
		}
		var keys [][]string
		for _, o := range x.Record.Mentions {
			if o.Entity == m.Entity && o.Form == "name" {
				var k []string
				for _, t := range sentences([]rune(o.Text)) {
					for _, u := range t.tokens {
						k = append(k, u.key)
					}
				}
				if len(k) > 0 {
					keys = append(keys, k)
				}
			}
		}
		return e.Name, keys
	}
	return "", nil
}

func names(list []token, keys [][]string) int {
	for i := range list {
		for _, k := range keys {
			if i+len(k) <= len(list) {
				ok := true
				for j := range k {
					ok = ok && list[i+j].key == k[j]
				}
				if ok {
					return i
				}
			}
		}
	}
	return -1
}

// alike says whether two names may be of one party: the words of the shorter
// are all in the longer.
func alike(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	if len(y) < len(x) {
		x, y = y, x
	}
	for _, w := range x {
		if !slices.Contains(y, w) {
			return false
		}
	}
	return true
}
