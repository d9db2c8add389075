package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/review"
)

// The kinds of what actors do to one another, after PLOVER's quad categories,
// words and deeds together.
const (
	Opposition  = "conflict"    // REQUEST, ACCUSE, REJECT, THREATEN; PROTEST, SANCTION, MOBILIZE, COERCE, ASSAULT
	Cooperation = "cooperation" // AGREE, CONSULT, SUPPORT, CONCEDE; COOPERATE, AID, RETREAT
)

// cooperative are the types of Cooperation; the others are of conflict.
var cooperative = []string{"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"}

// KindOf is the kind of an event of a PLOVER type.
func KindOf(plover string) string {
	if slices.Contains(cooperative, plover) {
		return Cooperation
	}
	return Opposition
}

// Tie is what one actor does to another, in one kind.
type Tie struct {
	From    string         `json:"from"` // ref in force of who acts
	To      string         `json:"to"`   // of whom it acts on
	Kind    string         `json:"kind"`
	Types   map[string]int `json:"types"`   // accounts by type of event: all of them
	Told    int            `json:"told"`    // accounts that it happened or is going on, in a report's own voice
	Claimed int            `json:"claimed"` // that it happened, on the word of somebody
	Unreal  int            `json:"unreal"`  // that it is to come, is possible or did not happen
	Reports int            `json:"reports"` // that tell of it in any of these ways
	Origins int            `json:"origins"` // independent ones, as far as reports are linked
}

// Network is who acts on whom.
type Network struct {
	Actors []Named `json:"actors"` // by id
	Ties   []Tie   `json:"ties"`   // those of most reports first
	Looked int     `json:"looked"` // reports that were looked at: the newest
	More   bool    `json:"more"`   // there are others, which were not
	Left   int     `json:"left"`   // weaker ties that are left out
}

// TieFilter chooses ties.
type TieFilter struct {
	Kind    string // "" for both
	Unreal  bool   // also what is only to come, possible or denied
	Actors  int    // at most
	Ties    int    // at most
	Reports int    // how many of the newest reports are looked at
}

// Network returns who acts on whom in the newest reports that pass the filter.
// In it stand the actors that have a page (see Actor), but for persons whom no
// lexicon has.
func (l *Ledger) Network(ctx context.Context, c *Cast, f Filter, t TieFilter) (*Network, error) {
	in, more, err := l.chosen(ctx, f, t.Reports)
	if err != nil {
		return nil, l.explain(err)
	}
	m, err := l.merges(ctx, l.read)
	if err != nil {
		return nil, l.explain(err)
	}
	out, err := l.network(ctx, c, m, in, t, nil)
	if err != nil {
		return nil, l.explain(err)
	}
	out.More = more
	return out, nil
}

// Around returns who acts on an actor and on whom it acts, in its newest
// reports.
func (l *Ledger) Around(ctx context.Context, c *Cast, a *Actor, t TieFilter) (*Network, error) {
	var in []sight
	more := false
	for _, kind := range [...]string{"actor", "recipient"} {
		list, next, err := l.sights(ctx, a, kind, Place{}, t.Reports)
		if err != nil {
			return nil, l.explain(err)
		}
		more = more || next.Report != 0
		in = append(in, list...)
	}
	slices.SortFunc(in, newest)
	in = slices.Compact(in)
	out, err := l.network(ctx, c, a.merges, in, t, a)
	if err != nil {
		return nil, l.explain(err)
	}
	out.More = more
	return out, nil
}

func (l *Ledger) network(ctx context.Context, c *Cast, m *review.Merges, in []sight, t TieFilter, around *Actor) (*Network, error) {
	by := map[int64]string{}
	for _, s := range in {
		by[s.report] = s.id
	}
	type pair struct{ from, to, kind string }
	type tie struct {
		Tie
		reports, origins map[int64]bool
		seen             map[[2]int64]bool
	}
	ties := map[pair]*tie{}
	for part := range slices.Chunk(in, 400) {
		args := make([]any, len(part))
		for i, s := range part {
			args[i] = s.report
		}
		query := "SELECT a.report, a.event, a.entity, b.entity, e.type, e.status, e.said_by IS NOT NULL, coalesce(o.origin, a.report)" +
			" FROM arguments a JOIN arguments b ON b.report = a.report AND b.event = a.event AND b.role = 'recipient' JOIN events e ON e.report = a.report AND e.n = a.event" +
			" LEFT JOIN origins o ON o.report = a.report WHERE a.report IN (" + marks(len(part)) + ") AND a.role = 'actor'"
		err := l.each(ctx, l.read, query, args, func(r *sql.Rows) error {
			var report, event, origin int64
			var from, to, kind, status string
			var claimed bool
			if err := r.Scan(&report, &event, &from, &to, &kind, &status, &claimed, &origin); err != nil {
				return err
			}
			id := by[report]
			from, to = m.Of(id, from), m.Of(id, to)
			unreal := status != "happened" && status != "ongoing"
			switch {
			case from == to, from == "", to == "", unreal && !t.Unreal, t.Kind != "" && t.Kind != KindOf(kind):
				return nil
			case around != nil && from != around.ID && to != around.ID:
				return nil
			}
			p := pair{from, to, KindOf(kind)}
			x := ties[p]
			if x == nil {
				x = &tie{Tie{From: from, To: to, Kind: p.kind, Types: map[string]int{}}, map[int64]bool{}, map[int64]bool{}, map[[2]int64]bool{}}
				ties[p] = x
			}
			x.reports[report], x.origins[origin] = true, true
			if k := [2]int64{report, event}; !x.seen[k] { // an event may name one of them twice
				x.seen[k] = true
				x.Types[kind]++
				switch {
				case unreal:
					x.Unreal++
				case claimed:
					x.Claimed++
				default:
					x.Told++
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	all := make([]*tie, 0, len(ties))
	for _, x := range ties {
		x.Reports, x.Origins = len(x.reports), len(x.origins)
		all = append(all, x)
	}
	slices.SortFunc(all, func(x, y *tie) int {
		return cmp.Or(cmp.Compare(y.Origins, x.Origins), cmp.Compare(y.Reports, x.Reports), strings.Compare(x.From, y.From), strings.Compare(x.To, y.To), strings.Compare(x.Kind, y.Kind))
	})
	out := &Network{Actors: []Named{}, Ties: []Tie{}, Looked: len(in)}
	cast := map[string]*Named{} // nil: has no place here
	public := func(id string) (bool, error) {
		if n, there := cast[id]; there {
			return n != nil, nil
		}
		cast[id] = nil
		if around != nil && id == around.ID {
			cast[id] = &Named{ID: id, Type: around.Type, Name: around.Name, NameEn: around.NameEn, Known: around.Known, Reports: around.Reports}
			return true, nil
		}
		_, own := refOf(id)
		if strings.HasPrefix(own, "~") {
			return false, nil
		}
		n := Named{ID: id}
		if e := c.by[id]; e != nil {
			n.Type, n.Name, n.NameEn, n.Known = e.Get("type"), e.Get("fa"), e.Get("en"), true
		} else {
			report, own := refOf(id)
			n.ID = own
			if err := l.nameOf(ctx, report, &n); err != nil {
				return false, err
			}
			n.ID = id
		}
		if n.Type == "" || n.Type == "PLACE" || n.Type == "PER" && !n.Known {
			return false, nil
		}
		cast[id] = &n
		return true, nil
	}
	drawn := map[string]bool{}
	for i, x := range all {
		if len(out.Ties) >= t.Ties {
			out.Left += len(all) - i
			break
		}
		a, err := public(x.From)
		if err != nil {
			return nil, err
		}
		b, err := public(x.To)
		if err != nil {
			return nil, err
		}
		if !a || !b {
			continue
		}
		more := 0
		for _, id := range [...]string{x.From, x.To} {
			if !drawn[id] {
				more++
			}
		}
		if len(drawn)+more > t.Actors {
			out.Left++
			continue
		}
		drawn[x.From], drawn[x.To] = true, true
		out.Ties = append(out.Ties, x.Tie)
	}
	for id := range drawn {
		out.Actors = append(out.Actors, *cast[id])
	}
	slices.SortFunc(out.Actors, func(x, y Named) int { return strings.Compare(x.ID, y.ID) })
	return out, nil
}
