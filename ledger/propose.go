package ledger

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/alike"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/review"
)

// Proposal says that an entity which is in no lexicon may be another one. It is
// the machine's; a person accepts it by merging the two, or refuses it.
type Proposal struct {
	ID string `json:"id"` // of the two entities: the same pair has the same id
	alike.Proposal
	Reports []string `json:"reports"` // that name Other; where it may mean others elsewhere Other is REPORT/id
}

// sampled is how many reports of an entity are looked at, the newest.
const sampled = 12

// company is how many entities beside one are kept.
const company = 80

// Proposals returns which names that are in no lexicon may be of one entity,
// the surest first, leaving out what is less sure than least. What people merged,
// what they took apart again and what they refused is not proposed again.
//
// The names of the ledger are in memory meanwhile, and some reports' worth of
// what stands beside those names that are alike; of each such entity the newest
// reports are read.
func (l *Ledger) Proposals(ctx context.Context, lex *lexicon.Lexicon, least float64) ([]Proposal, error) {
	list, err := l.proposals(ctx, lex, least)
	return list, l.explain(err)
}

func (l *Ledger) proposals(ctx context.Context, lex *lexicon.Lexicon, least float64) ([]Proposal, error) {
	snap, err := l.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: l.kind == postgres, Isolation: l.isolation()})
	if err != nil {
		return nil, err
	}
	defer snap.Rollback()
	said, err := l.saidOfNames(ctx, snap)
	if err != nil {
		return nil, err
	}
	reader := alike.New(lex)
	var names []alike.Name
	reports := map[string]int{}
	err = l.each(ctx, snap, "SELECT entity, name, type, known, reports FROM names ORDER BY entity, name, name_en, type, known", nil, func(r *sql.Rows) error {
		var n alike.Name
		var count int64
		if err := r.Scan(&n.ID, &n.Text, &n.Type, &n.Known, &count); err != nil {
			return err
		}
		n.Reports = int(count)
		reports[n.ID] += n.Reports
		if !n.Known && !strings.HasPrefix(n.ID, "~") && said.merges.Of("", n.ID) == n.ID {
			names = append(names, n)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var pairs []alike.Pair
	wanted := map[string]bool{}
	for _, p := range reader.Pairs(names) {
		if said.merges.Of("", p.Into.ID) == p.Other.ID {
			continue
		}
		pairs = append(pairs, p)
		wanted[p.Into.ID], wanted[p.Other.ID] = true, true
	}
	seen, err := l.beside(ctx, snap, wanted)
	if err != nil {
		return nil, err
	}
	rarity := func(id string) float64 {
		if strings.HasPrefix(id, outletMark) {
			return 0.05 // most outlets name most people
		}
		return 1 / math.Log2(float64(2+reports[id]))
	}
	best := map[string]Proposal{}
	for _, p := range pairs {
		into := allOf(seen[p.Into.ID])
		put := func(other *alike.Seen, ref string) {
			x := Proposal{Proposal: reader.Judge(p, into, other, rarity), Reports: slices.Sorted(maps.Keys(other.Reports))}
			x.Other, x.Into = ref, said.merges.Of("", p.Into.ID)
			if x.Confidence < least || len(x.Reports) == 0 || said.parted(x.Into, x.Other) || said.parted(p.Into.ID, x.Other) {
				return
			}
			if old, ok := best[ref]; !ok || x.Confidence > old.Confidence || x.Confidence == old.Confidence && x.Into < old.Into {
				best[ref] = x
			}
		}
		if !p.Here() {
			put(allOf(seen[p.Other.ID]), p.Other.ID)
			continue
		}
		for _, s := range seen[p.Other.ID] {
			for report := range s.Reports { // one
				if said.merges.Of(report, p.Other.ID) == p.Other.ID {
					put(s, report+"/"+p.Other.ID)
				}
			}
		}
	}
	out := slices.Collect(maps.Values(best))
	for i := range out {
		sum := sha256.Sum256([]byte(out[i].Into + "\n" + out[i].Other))
		out[i].ID = hex.EncodeToString(sum[:4])
	}
	slices.SortFunc(out, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), strings.Compare(a.Into, b.Into), strings.Compare(a.Other, b.Other))
	})
	return out, nil
}

// outletMark begins what stands for an outlet among those named beside an
// entity; no id has a space.
const outletMark = "outlet "

// allOf is what several reports say of an entity.
func allOf(list []*alike.Seen) *alike.Seen {
	out := &alike.Seen{With: map[string]bool{}, Reports: map[string]bool{}}
	for _, s := range list {
		for _, o := range s.Offices {
			if !slices.Contains(out.Offices, o) {
				out.Offices = append(out.Offices, o)
			}
		}
		maps.Copy(out.With, s.With)
		maps.Copy(out.Reports, s.Reports)
	}
	return out
}

// beside reads the newest reports of each entity: what each says of its offices, and
// who and what is named beside it.
func (l *Ledger) beside(ctx context.Context, q querier, wanted map[string]bool) (map[string][]*alike.Seen, error) {
	in := map[int64][]string{} // report → entities
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		err := l.each(ctx, q, "SELECT report FROM facets WHERE facet = ? ORDER BY day DESC, report DESC LIMIT ?", []any{"entity:" + id, sampled}, func(r *sql.Rows) error {
			var report int64
			err := r.Scan(&report)
			in[report] = append(in[report], id)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	seen := map[string][]*alike.Seen{}
	for _, report := range slices.Sorted(maps.Keys(in)) {
		it, err := l.item(ctx, q, report)
		if err != nil {
			return nil, err
		}
		here := map[string]int{}
		for i := range it.Record.Entities {
			here[it.Record.Entities[i].ID] = i
		}
		for _, id := range in[report] {
			i, ok := here[id]
			if !ok {
				continue // people took it out, or made it another's
			}
			s := &alike.Seen{With: map[string]bool{}, Reports: map[string]bool{it.ID: true}}
			seen[id] = append(seen[id], s)
			for _, o := range it.Record.Entities[i].Roles {
				x := alike.Office{Title: o.Title}
				if o.Of != nil {
					x.Of = *o.Of
				}
				if !slices.Contains(s.Offices, x) {
					s.Offices = append(s.Offices, x)
				}
			}
			outlet := ""
			if o := it.Record.Document.Outlet; o != nil {
				outlet = *o
				s.With[outletMark+outlet] = true
			}
			for j := range it.Record.Entities {
				if e := it.Record.Entities[j].ID; e != id && e != outlet && !strings.HasPrefix(e, "~") && len(s.With) < company {
					s.With[e] = true
				}
			}
		}
	}
	return seen, nil
}

// Refused is how a note on an entity begins that says whom it is not. A note
// changes nothing; this one keeps the two from being proposed again, until it is undone.
const Refused = "not the same as "

// everywhere ends such a note that speaks of the id in all reports.
const everywhere = ", in any report"

// saidOfNames is what people said of which entities are one.
type saidOfNames struct {
	merges *review.Merges
	apart  map[[2]string]bool // merged once and taken apart, or refused
}

func (s *saidOfNames) parted(a, b string) bool { return s.apart[[2]string{min(a, b), max(a, b)}] }

func (l *Ledger) saidOfNames(ctx context.Context, q querier) (*saidOfNames, error) {
	var merges, log []review.Decision
	err := l.each(ctx, q, "SELECT seq, line FROM decisions ORDER BY seq", nil, func(r *sql.Rows) error {
		d, err := scanDecision(r)
		switch {
		case err != nil:
			return err
		case d.Action == review.Note && (d.Target.Kind != review.Entity || !strings.HasPrefix(d.Note, Refused)):
			return nil
		case d.Action == review.Note, d.Action == review.Undo, d.Action == review.Merge, d.Action == review.Split:
			d.Seen, d.Was = nil, nil
			log = append(log, d)
			if d.Report == "" {
				merges = append(merges, d)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s := &saidOfNames{review.Entities(merges), map[[2]string]bool{}}
	apart := func(a, b string) { s.apart[[2]string{min(a, b), max(a, b)}] = true }
	undone := map[int64]bool{}
	for i := len(log) - 1; i >= 0; i-- {
		d := &log[i]
		switch {
		case d.Action == review.Undo && !undone[d.Seq]:
			undone[d.Undoes] = true
		case d.Action == review.Note && !undone[d.Seq]:
			if into, ok := strings.CutSuffix(strings.TrimPrefix(d.Note, Refused), everywhere); ok {
				apart(d.Target.ID, into)
			} else {
				apart(d.Report+"/"+d.Target.ID, into)
			}
		case d.Action == review.Merge:
			var ids []string
			if json.Unmarshal(d.Value, &ids) != nil {
				continue
			}
			for _, id := range ids { // one that does not hold any more was taken back
				if s.merges.Of("", id) != s.merges.Of("", d.Target.ID) {
					apart(id, d.Target.ID)
				}
			}
		}
	}
	return s, nil
}

// Accept merges the two entities of a proposal: a decision like any other
// merge, which can be undone.
func (l *Ledger) Accept(ctx context.Context, p Proposal, author string) (review.Decision, error) {
	value, err := json.Marshal([]string{p.Other})
	if err != nil {
		return review.Decision{}, err
	}
	return l.Decide(ctx, review.Decision{Author: author, Action: review.Merge, Target: review.Target{Kind: review.Entity, ID: p.Into}, Value: value,
		Note: "proposed: " + strings.Join(p.Why, "; ")}, Anyway)
}

// Refuse notes on a report that names the entity that it is not the one
// proposed. Undoing the note lets the two be proposed again.
func (l *Ledger) Refuse(ctx context.Context, p Proposal, author string) (review.Decision, error) {
	if len(p.Reports) == 0 {
		return review.Decision{}, fmt.Errorf("no report names %s any more", p.Other)
	}
	d := review.Decision{Author: author, Action: review.Note, Report: p.Reports[0], Target: review.Target{Kind: review.Entity, ID: p.Other}, Note: Refused + p.Into + everywhere}
	if report, id, here := strings.Cut(p.Other, "/"); here {
		d.Report, d.Target.ID, d.Note = report, id, Refused+p.Into
	}
	return l.Decide(ctx, d, Anyway)
}
