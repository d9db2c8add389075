package ledger

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/review"
)

// EntityLog is what people decided on entities everywhere.
type EntityLog struct {
	List []review.Decision // merges, splits, and what took them back; the oldest first
	Last string            // hash of the last of them: what DecideEntities wants as seen; "" where there is none
}

// EntityLog returns what people decided on entities everywhere.
func (l *Ledger) EntityLog(ctx context.Context) (*EntityLog, error) {
	x, err := l.entityLog(ctx, l.read)
	return x, l.explain(err)
}

func (l *Ledger) entityLog(ctx context.Context, q querier) (*EntityLog, error) {
	list, err := l.decisionsOn(ctx, q, "")
	if err != nil {
		return nil, err
	}
	x := &EntityLog{List: slices.DeleteFunc(list, func(d review.Decision) bool {
		return d.Target.Kind == review.Incident
	})}
	if n := len(x.List); n > 0 {
		x.Last = x.List[n-1].Hash
	}
	return x, nil
}

// About returns the decisions that speak of one of the refs, with what took
// them back, and whether each still counts.
func (x *EntityLog) About(refs []string) (list []review.Decision, counts []bool) {
	undone, about := map[int64]bool{}, map[int64]bool{}
	for i := len(x.List) - 1; i >= 0; i-- {
		if d := &x.List[i]; d.Action == review.Undo && !undone[d.Seq] {
			undone[d.Undoes] = true
		}
	}
	for i := range x.List {
		d := &x.List[i]
		var ids []string
		if d.Action == review.Merge {
			json.Unmarshal(d.Value, &ids) // what is no list names nobody
		}
		if d.Action == review.Undo {
			about[d.Seq] = about[d.Undoes]
		} else {
			about[d.Seq] = slices.ContainsFunc(append(ids, d.Target.ID), func(id string) bool {
				_, own := refOf(id)
				return slices.Contains(refs, id) || slices.Contains(refs, own) && strings.Contains(id, "/")
			})
		}
		if about[d.Seq] {
			list, counts = append(list, *d), append(counts, !undone[d.Seq])
		}
	}
	return list, counts
}

// DecideEntities is Decide for a decision on entities everywhere, refused with
// a *Conflict where somebody decided on entities since seen, the EntityLog's
// Last.
func (l *Ledger) DecideEntities(ctx context.Context, d review.Decision, seen string) (review.Decision, error) {
	err := l.tx(ctx, func(t *tx) error {
		log, err := l.entityLog(ctx, t)
		if err != nil {
			return err
		}
		if seen != Anyway && seen != log.Last {
			return &Conflict{d, since(log.List, seen)}
		}
		if err := review.Entities(log.List).Validate(&d); err != nil {
			return err
		}
		return l.appendDecision(ctx, t, &d)
	})
	return d, l.explain(err)
}
