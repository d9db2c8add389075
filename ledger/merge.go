package ledger

import (
	"encoding/json"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// merged is a record with the entities that people made one under one id. The
// record that is given is left as it is; where nothing is merged it is the
// same.
func merged(rec *record.Record, report string, m *review.Merges) *record.Record {
	to := map[string]string{}
	for i := range rec.Entities {
		id := rec.Entities[i].ID
		if into := m.Of(report, id); into != id && into != report+"/"+id {
			to[id] = into
		}
	}
	if len(to) == 0 {
		return rec
	}
	out := clone(rec)
	id := func(s *string) {
		if into, ok := to[*s]; ok {
			*s = into
		}
	}
	opt := func(s *string) {
		if s != nil {
			id(s)
		}
	}
	ref := func(r *record.Ref) {
		if r != nil {
			id(&r.Entity)
		}
	}
	at := map[string]int{}
	kept := out.Entities[:0]
	for _, e := range out.Entities {
		own := e.ID
		id(&e.ID)
		for i := range e.Roles {
			opt(e.Roles[i].Of)
		}
		i, there := at[e.ID]
		if !there {
			at[e.ID] = len(kept)
			kept = append(kept, e)
			continue
		}
		roles := append(kept[i].Roles, e.Roles...)
		if own == e.ID { // the one that the others were merged into has the name
			kept[i] = e
		}
		kept[i].Roles = roles
	}
	out.Entities = kept
	opt(out.Document.Outlet)
	for i := range out.Mentions {
		id(&out.Mentions[i].Entity)
	}
	for i := range out.Loaded {
		opt(out.Loaded[i].Entity)
	}
	for i := range out.Statements {
		s := &out.Statements[i]
		opt(s.Speaker)
		ref(s.Addressee)
		for j := range s.Via {
			ref(&s.Via[j])
		}
	}
	for i := range out.Events {
		e := &out.Events[i]
		ref(e.Place)
		for j := range e.Actor {
			ref(&e.Actor[j])
		}
		for j := range e.Recipient {
			ref(&e.Recipient[j])
		}
	}
	return out
}

// clone copies a record, text and all.
func clone(rec *record.Record) *record.Record {
	b, err := json.Marshal(rec)
	out := new(record.Record)
	if err != nil || json.Unmarshal(b, out) != nil {
		return rec // a record that was read from JSON goes back into it
	}
	return out
}
