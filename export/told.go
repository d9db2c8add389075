package export

import (
	"strings"

	"github.com/sanad-project/sanad/record"
)

// told is an event with those of its report that only tell it again.
type told struct {
	*record.Event
	again []*record.Event
}

// once returns the events of the list, those left out that tell nothing which
// another of them does not tell too: a title's «انفجار در بعقوبه» before the
// sentence that has the day and the dead. Counted apart they would be two
// explosions, and the dead of a sentence told twice would be twice as many.
//
// One event tells another again when both have the same type and status, they
// share a place, day, actor, recipient or number, and all that the one has the
// other has too. A number with a hedge tells a bare one again: «۳۰ کشته» in the
// title is «دست‌کم ۳۰ نفر» below. Those killed may be described in other words
// («دو تفنگدار»، «دو نظامی آمریکایی») where their number is the same. Otherwise,
// where words differ, both stay: the record does not say that they are the
// same. Two acts that the report does not tell apart by any of this become one
// row; the sidecar has both.
func (v *view) once(list []*record.Event) []told {
	into := make([]int, len(list)) // the event that this one is told by; -1 for itself
	for i := range list {
		into[i] = -1
		for j := range list {
			if i == j || !v.covers(list[j], list[i]) || v.covers(list[i], list[j]) && j > i {
				continue
			}
			if into[i] < 0 || v.covers(list[j], list[into[i]]) && !v.covers(list[into[i]], list[j]) {
				into[i] = j
			}
		}
	}
	out := []told{}
	place := map[int]int{}
	for i, e := range list {
		if into[i] < 0 {
			place[i] = len(out)
			out = append(out, told{Event: e})
		}
	}
	for i, e := range list {
		if j := into[i]; j >= 0 {
			for into[j] >= 0 {
				j = into[j]
			}
			out[place[j]].again = append(out[place[j]].again, e)
		}
	}
	return out
}

// covers reports whether a tells all that b tells and they have something in
// common.
func (v *view) covers(a, b *record.Event) bool {
	if a.Type != b.Type || a.Status != b.Status || b.Mode != nil && str(a.Mode) != *b.Mode {
		return false
	}
	shared := false
	dead := b.Killed != nil && tells(v.number(a.Killed), v.number(b.Killed))
	within := func(some, all []record.Ref, described bool) bool {
		have := map[string]bool{}
		for _, r := range all {
			have[r.Entity] = true
		}
		for _, r := range some {
			switch {
			case have[r.Entity]:
				shared = true
			case described && strings.HasPrefix(r.Entity, "~"):
			default:
				return false
			}
		}
		return true
	}
	if !within(b.Actor, a.Actor, false) || !within(b.Recipient, a.Recipient, dead) {
		return false
	}
	if b.Place != nil {
		if a.Place == nil || a.Place.Entity != b.Place.Entity {
			return false
		}
		shared = true
	}
	if b.Date != nil {
		if a.Date == nil || a.Date.Value != b.Date.Value {
			return false
		}
		shared = true
	}
	for _, n := range [...][2]*int{{a.Killed, b.Killed}, {a.Wounded, b.Wounded}, {a.Count, b.Count}} {
		if n[1] == nil {
			continue
		}
		if !tells(v.number(n[0]), v.number(n[1])) {
			return false
		}
		shared = true
	}
	return shared
}

// tells reports whether number a says what b says: the same, or the same figure
// with a hedge that b lacks.
func tells(a, b *record.Number) bool {
	if a == nil || b == nil || a.Unit != b.Unit {
		return false
	}
	if same(a.Min, b.Min) && same(a.Max, b.Max) && a.Hedge == b.Hedge {
		return true
	}
	x, y := figureOf(a).best, figureOf(b).best
	return b.Hedge == "exact" && same(b.Min, b.Max) && a.Hedge != "exact" && x != nil && same(x, y)
}

func same(a, b *int64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
