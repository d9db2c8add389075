package incident

import (
	"slices"
	"strings"
)

func (b *builder) where(a *account) {
	x := a.doc
	for _, s := range a.scenes {
		for _, list := range [][]spot{s.towns, s.areas} {
			for _, p := range list {
				v := Value{Value: p.name, ID: p.id, Precision: "town", spot: p}
				if p.fine {
					v.ID, v.Precision = "", "spot"
				}
				if p.area {
					v.Precision = "area"
				}
				start, end := s.start, s.end
				for _, m := range x.Record.Mentions {
					if m.Entity == p.id && m.Start >= s.start && m.Start < s.end {
						start, end = m.Start, m.End
						break
					}
				}
				if p.fine {
					if i := slices.IndexFunc(s.tokens, func(t token) bool { return strings.TrimPrefix(t.key, "ال") == p.key }); i >= 0 {
						start, end = s.tokens[i].start, s.tokens[i].end
					}
				}
				b.put(Place, v, a, start, end)
			}
		}
	}
}

// mainPlaces are the places of which a member says that the act was there:
// the first of each account.
func (b *builder) mainPlaces() []Value {
	var out []Value
	for _, v := range b.t.Values[Place] {
		if v.spot.area || !v.spot.geo {
			continue
		}
		var reports []string
		for _, m := range b.in.Members {
			if m.account != nil && slices.ContainsFunc(m.account.main, func(p spot) bool { return p.id == v.spot.id && p.local }) {
				reports = append(reports, m.Report)
			}
		}
		if len(reports) > 0 {
			v.Reports = reports
			out = append(out, v)
		}
	}
	return out
}

// spots are the posts, villages, quarters and the like of members that name
// just one of its kind where they first tell of the act.
func (b *builder) spots() []Value {
	var out []Value
	for _, a := range b.members() {
		for _, s := range a.scenes {
			if s.unreal != "" || s.denied || !slices.ContainsFunc(s.acts, func(c act) bool { return len(b.in.Kinds) > 0 && c.kind == b.in.Kinds[0] }) {
				continue
			}
			if slices.ContainsFunc(s.acts, func(c act) bool { return c.kind == "protest" }) && b.in.Kinds[0] != "protest" {
				continue // where they mourn
			}
			list := slices.DeleteFunc(slices.Clone(s.towns), func(p spot) bool {
				return p.kind == "" || p.area || !b.data.has("narrow", []token{newToken(p.kind, 0, 0)})
			})
			if len(list) == 0 {
				continue
			}
			if len(list) == 1 {
				p := list[0]
				i := slices.IndexFunc(out, func(v Value) bool { return v.spot.key == p.key && v.spot.kind == p.kind })
				if i < 0 {
					out, i = append(out, Value{Value: p.name, ID: p.id, Precision: "spot", spot: p}), len(out)
				}
				b.side(&out[i], p.name, a, s.start, s.end)
			}
			break
		}
	}
	for i := range out {
		out[i].Origins = b.count(out[i].claims)
	}
	return out
}

// provinces are the provinces of members that name just one.
func (b *builder) provinces() []Value {
	var out []Value
	for _, m := range b.in.Members {
		if m.account == nil {
			continue
		}
		list := slices.DeleteFunc(slices.Clone(m.account.areas), func(p spot) bool { return !p.province })
		if len(list) != 1 {
			continue
		}
		if i := slices.IndexFunc(out, func(v Value) bool { return v.spot.key == list[0].key }); i >= 0 {
			out[i].Reports = append(out[i].Reports, m.Report)
			continue
		}
		for _, v := range b.t.Values[Place] {
			if v.spot.id == list[0].id {
				v.Reports = []string{m.Report}
				out = append(out, v)
			}
		}
	}
	return out
}

// both says whether a report of either place names the other as a place where
// something was, too.
func (b *builder) both(v, w Value) bool {
	for _, m := range b.in.Members {
		if m.account == nil {
			continue
		}
		for _, x := range [][2]Value{{v, w}, {w, v}} {
			if slices.Contains(x[0].Reports, m.Report) && slices.ContainsFunc(m.account.towns, func(p spot) bool { return p.local && relation(p, x[1].spot) == same }) {
				return true
			}
		}
	}
	return false
}
