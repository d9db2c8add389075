package incident

import (
	"github.com/sanad-project/sanad/record"
)

// elsewise is who did it in the words of a report that denies what others say.
const elsewise = "not as others say"

func (b *builder) parties(a *account) {
	for _, s := range a.scenes {
		for _, c := range s.acts {
			if c.event == nil || !c.real {
				continue
			}
			for _, r := range c.event.Actor {
				b.party(Actor, a, r)
			}
			for _, r := range c.event.Recipient {
				b.party(Recipient, a, r)
			}
		}
	}
}

func (b *builder) party(field string, a *account, r record.Ref) {
	e := a.doc.entity[r.Entity]
	if e == nil || r.Span == nil {
		return
	}
	b.put(field, Value{Value: e.Name, ID: e.ID, body: e.Type != "PER"}, a, r.Span.Start, r.Span.End)
}
