package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/review"
)

// What is asked of one actor is asked of so many reports at most, the newest
// first, so that an actor which a million reports name is shown as soon as one
// that ten do. What is counted says of how many reports.
const (
	// ActorWindow is how many reports the counts of an actor are of.
	ActorWindow = 200
	// ActorMost is how far the reports that name an actor are counted.
	ActorMost = 10_000
)

// Cast is who and what a lexicon knows, by id.
type Cast struct {
	by      map[string]*lexicon.Entry
	offices map[string]bool // keys of titles
	sides   []string        // keys of wording that takes a side
}

// noOffice are the entries of the lexicon's roles that are no public office: the one of whoever is asked for an
// opinion or known for what they do (experts, activists, lawyers, journalists, physicians), and membership.
var noOffice = []string{"official", "member"}

// NewCast makes the cast of a lexicon.
func NewCast(lex *lexicon.Lexicon) *Cast {
	c := &Cast{by: map[string]*lexicon.Entry{}, offices: map[string]bool{}}
	for _, file := range named {
		list := lex.File(file)
		for i := range list {
			if c.by[list[i].ID] == nil {
				c.by[list[i].ID] = &list[i]
			}
			for _, s := range list[i].All("loaded") {
				c.sides = append(c.sides, spell.Key(s))
			}
		}
	}
	for _, e := range lex.File("roles") {
		if !slices.Contains(noOffice, e.ID) {
			for _, t := range e.All("fa") {
				c.offices[spell.Key(t)] = true
			}
		}
	}
	return c
}

// Entry is the lexicon's entry of an id, nil where it has none.
func (c *Cast) Entry(id string) *lexicon.Entry { return c.by[id] }

// TakesSide reports whether a name, as reports made it, has wording in it that
// takes a side: «پلیس رژیم صهیونیستی». Such a name is quoted, not used.
func (c *Cast) TakesSide(name string) bool {
	key := spell.Key(name)
	return slices.ContainsFunc(c.sides, func(s string) bool { return len(s) > 6 && strings.Contains(key, s) })
}

// Actor is an entity whose mentions in all reports are looked at together.
type Actor struct {
	ID      string   `json:"id"`      // the ref in force: see review.Merges
	Refs    []string `json:"refs"`    // what it stands for: itself first, then those that people made one with it
	Type    string   `json:"type"`    // PER, GRP, …
	Name    string   `json:"name"`    // as the lexicon has it, else as most reports do
	NameEn  string   `json:"name_en"` // "" where unknown
	Known   bool     `json:"known"`   // the lexicon has it
	Country string   `json:"country"` // id of the state that it belongs to, by the lexicon; "" where it says none
	In      string   `json:"in"`      // id of the body it is a part of, likewise
	Reports int64    `json:"reports"` // that name it; where there are more than ActorMost, ActorMost + 1
	First   string   `json:"first"`   // day of publication of the first report that names it, "" where none has a day
	Last    string   `json:"last"`    // and of the last

	merges *review.Merges
}

// Withheld says why there is no page of an entity.
type Withheld struct {
	ID  string
	Why string // "private", "described", "place"
}

func (e *Withheld) Error() string {
	switch e.Why {
	case "described":
		return "what is only described in a report is not the same in another one: there is no page of it"
	case "place":
		return "this is a place: the filters of reports and incidents find what happened there"
	}
	return "Sanad gathers nothing about private persons: a person whom no lexicon has is shown as an actor only where a report gives them an office that it names, and reports have them speak or act"
}

// NoActor says that neither the lexicon nor any report has an entity.
type NoActor struct{ ID string }

func (e *NoActor) Error() string { return "neither the lexicon nor any report has the entity " + e.ID }

// refOf splits a ref into the report it is of, "" for all, and the id.
func refOf(ref string) (report, id string) {
	if report, id, local := strings.Cut(ref, "/"); local {
		return report, id
	}
	return "", ref
}

// Actor returns the actor of an id or ref; where people made it one with
// another, that one, so that ID may be other than what was asked for.
//
// # Who has no page
//
// Sanad tracks no private persons. What several reports say is gathered for
// states, groups, bodies and media, and for people in a public role, by these
// rules:
//
//   - Whom the lexicon has is an actor, but for places.
//   - What is only described («سه نفر», id "~…") is nobody outside its report.
//   - Groups, bodies and states that are named are actors.
//   - A person whom no lexicon has is one only where a report gives them an
//     office in something that it names (record.Role with Of, the title being one of
//     the lexicon's public offices: not "expert", "activist", "lawyer",
//     "journalist", "member"), and where reports have them speak or act. Who
//     only is named, is only spoken of, or only suffers, has no page, however
//     many reports name them: a victim, a witness, a relative, an accused.
//
// Where people made such a person one with an actor, that actor's rule counts.
// The error is then a *Withheld, and nothing of what reports say is given.
func (l *Ledger) Actor(ctx context.Context, c *Cast, ref string) (*Actor, error) {
	a, err := l.actor(ctx, c, ref)
	return a, l.explain(err)
}

func (l *Ledger) actor(ctx context.Context, c *Cast, ref string) (*Actor, error) {
	m, err := l.merges(ctx, l.read)
	if err != nil {
		return nil, err
	}
	a, err := l.cast(ctx, c, m, storable(ref))
	if err != nil {
		return nil, err
	}
	for _, r := range a.Refs {
		report, id := refOf(r)
		if report != "" {
			if seq, _, err := l.seqOf(ctx, report); err != nil {
				return nil, err
			} else if seq > 0 {
				a.Reports++
			}
			continue
		}
		var n int64
		if _, err := l.one(ctx, l.read, "SELECT count(*) FROM (SELECT 1 FROM facets WHERE facet = ? LIMIT ?) p", []any{facetOf("entity", id), ActorMost + 1}, &n); err != nil {
			return nil, err
		}
		a.Reports = min(a.Reports+n, ActorMost+1) // a report that names two of them counts twice
	}
	for _, end := range [...]struct {
		order string
		into  *string
	}{{"ASC", &a.First}, {"DESC", &a.Last}} {
		for _, r := range a.Refs {
			report, id := refOf(r)
			if report != "" {
				continue
			}
			var day int64
			found, err := l.one(ctx, l.read, "SELECT day FROM facets WHERE facet = ? AND day > ? ORDER BY day "+end.order+", report "+end.order+" LIMIT 1", []any{facetOf("entity", id), undated}, &day)
			if err != nil {
				return nil, err
			}
			if s := isoOf(day); found && (*end.into == "" || (end.order == "ASC") == (s < *end.into)) {
				*end.into = s
			}
		}
	}
	return a, nil
}

// cast is Actor without what is counted.
func (l *Ledger) cast(ctx context.Context, c *Cast, m *review.Merges, ref string) (*Actor, error) {
	report, id := refOf(ref)
	a := &Actor{ID: m.Of(report, id), merges: m}
	if report != "" && a.ID == id { // neither merged nor split there: it is what the id is everywhere
		a.ID = id
	}
	a.Refs = append([]string{a.ID}, m.Members(a.ID)...)
	private, there := false, false
	for i, r := range a.Refs {
		report, id := refOf(r)
		n := Named{ID: id}
		if e := c.by[id]; e != nil && report == "" {
			n.Type, n.Name, n.NameEn, n.Known = e.Get("type"), e.Get("fa"), e.Get("en"), true
			if n.Type == "" {
				n.Type = "PLACE" // files of places leave it out
			}
		} else if err := l.nameOf(ctx, report, &n); err != nil {
			return nil, err
		}
		if n.Type == "" {
			continue // no report has it any more
		}
		there = true
		if i == 0 || a.Name == "" {
			a.Name, a.NameEn = n.Name, n.NameEn
		}
		if a.Type == "" || n.Known && !a.Known {
			a.Type = n.Type
		}
		a.Known = a.Known || n.Known && n.Type != "PLACE"
		private = private || !n.Known && n.Type == "PER"
	}
	a.Country, a.In = c.country(a.Refs)
	switch _, id := refOf(a.ID); {
	case a.Known:
	case strings.HasPrefix(id, "~"):
		return nil, &Withheld{a.ID, "described"}
	case !there:
		return nil, &NoActor{a.ID}
	case private:
		public, err := l.inOffice(ctx, c, a)
		if err != nil {
			return nil, err
		}
		if !public {
			return nil, &Withheld{a.ID, "private"}
		}
	case a.Type == "PLACE":
		return nil, &Withheld{a.ID, "place"}
	}
	return a, nil
}

// country is the state that an entity belongs to, by the lexicon, and the body
// that it is part of where that is another.
func (c *Cast) country(refs []string) (country, in string) {
	for _, r := range refs {
		e := c.by[r]
		if e == nil {
			continue
		}
		in = e.Get("in")
		for n := 0; e != nil && n < 8; n++ { // chains are short; a circle in somebody's own lexicon ends here
			if e.Get("iso") != "" && e.Get("type") == "STATE" {
				country = e.ID
				break
			}
			e = c.by[e.Get("in")]
		}
		if in == country {
			in = ""
		}
		if slices.Contains(refs, country) {
			country = ""
		}
		return country, in
	}
	return "", ""
}

// nameOf fills in the name that most reports have for an entity, and its type:
// PER where any report takes it for a person.
func (l *Ledger) nameOf(ctx context.Context, report string, n *Named) error {
	query, args := "SELECT type, name, name_en, known FROM names WHERE entity = ? ORDER BY reports DESC, name, name_en, type LIMIT 50", []any{clip(storable(n.ID))}
	if report != "" {
		query, args = "SELECT e.type, e.name, e.name_en, e.known FROM reports r JOIN entities e ON e.report = r.seq WHERE r.id = ? AND e.entity = ?", []any{report, clip(storable(n.ID))}
	}
	return l.each(ctx, l.read, query, args, func(r *sql.Rows) error {
		var x Named
		if err := r.Scan(&x.Type, &x.Name, &x.NameEn, &x.Known); err != nil {
			return err
		}
		if n.Type == "" {
			n.Type, n.Name = x.Type, x.Name
		}
		if x.Type == "PER" {
			n.Type = x.Type
		}
		n.NameEn = cmp.Or(n.NameEn, x.NameEn)
		return nil
	})
}

// officeSought is in how many reports an office is looked for.
const officeSought = 12

// inOffice reports whether a person is in a public role: see Actor.
func (l *Ledger) inOffice(ctx context.Context, c *Cast, a *Actor) (bool, error) {
	does := false
	for _, kind := range [...]string{"speaker", "actor"} {
		list, _, err := l.sights(ctx, a, kind, Place{}, 1)
		if err != nil {
			return false, err
		}
		does = does || len(list) > 0
	}
	if !does {
		return false, nil
	}
	list, _, err := l.sights(ctx, a, "entity", Place{}, officeSought)
	if err != nil {
		return false, err
	}
	for _, s := range list {
		roles, err := l.rolesIn(ctx, a, s)
		if err != nil {
			return false, err
		}
		for _, r := range roles {
			if r.Of != nil && c.offices[spell.Key(r.Title)] {
				return true, nil
			}
		}
	}
	return false, nil
}

// facetOf is a facet as derive writes it.
func facetOf(kind, value string) string {
	return clip(storable(kind + ":" + strings.ReplaceAll(value, "\n", " ")))
}

// seqOf is the number and the day of a report of exactly that id, 0 for none.
func (l *Ledger) seqOf(ctx context.Context, id string) (seq, day int64, err error) {
	_, err = l.one(ctx, l.read, "SELECT d.report, d.day FROM reports r JOIN documents d ON d.report = r.seq WHERE r.id = ?", []any{id}, &seq, &day)
	return seq, day, err
}

// FindActors returns actors that bear a name, those first that more reports
// have; see Names. Who has no page is left out.
func (l *Ledger) FindActors(ctx context.Context, lex *lexicon.Lexicon, c *Cast, name string, limit int) ([]Named, error) {
	list, err := l.Names(ctx, lex, name, limit*3)
	if err != nil {
		return nil, err
	}
	m, err := l.Merges(ctx)
	if err != nil {
		return nil, err
	}
	return l.actorsOf(ctx, c, m, list, limit)
}

// actorsOf are those of a list who have a page, by the refs in force, once each.
func (l *Ledger) actorsOf(ctx context.Context, c *Cast, m *review.Merges, list []Named, limit int) ([]Named, error) {
	var out []Named
	at := map[string]int{}
	for _, n := range list {
		if len(out) == limit {
			break
		}
		a, err := l.cast(ctx, c, m, n.ID)
		var none *NoActor
		var withheld *Withheld
		if errors.As(err, &withheld) || errors.As(err, &none) {
			continue
		}
		if err != nil {
			return nil, l.explain(err)
		}
		if i, there := at[a.ID]; there {
			out[i].Reports += n.Reports
			continue
		}
		at[a.ID] = len(out)
		out = append(out, Named{ID: a.ID, Type: a.Type, Name: a.Name, NameEn: a.NameEn, Known: a.Known, Matched: n.Matched, Reports: n.Reports})
	}
	return out, nil
}

// FrequentActors returns the actors that most of the newest reports name, the
// commonest first, and of how many reports that is: Reports is the number of
// these that name it.
func (l *Ledger) FrequentActors(ctx context.Context, c *Cast, kind string, limit int) (list []Named, of int, err error) {
	list, of, err = l.frequent(ctx, c, kind, limit)
	return list, of, l.explain(err)
}

func (l *Ledger) frequent(ctx context.Context, c *Cast, kind string, limit int) ([]Named, int, error) {
	seqs, err := l.choose(ctx, &Filter{}, undated, 1<<40, ActorWindow)
	if err != nil || len(seqs) == 0 {
		return nil, 0, err
	}
	m, err := l.merges(ctx, l.read)
	if err != nil {
		return nil, 0, err
	}
	cond, args := "", seqValues(seqs)
	if kind != "" {
		cond, args = " AND type = ?", append(args, kind)
	}
	// A person whom no lexicon has is asked for by name: a list of those whom the
	// news names most would be one of victims.
	var all []Named
	err = l.each(ctx, l.read, "SELECT entity, count(*) FROM entities WHERE report IN ("+marks(len(seqs))+") AND type <> 'PLACE' AND NOT (type = 'PER' AND known = 0) AND entity NOT LIKE '~%'"+cond+
		" GROUP BY entity ORDER BY count(*) DESC, entity LIMIT ?", append(args, 2*limit), func(r *sql.Rows) error {
		var n Named
		err := r.Scan(&n.ID, &n.Reports)
		all = append(all, n)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	list, err := l.actorsOf(ctx, c, m, all, limit)
	slices.SortStableFunc(list, func(a, b Named) int { return cmp.Compare(b.Reports, a.Reports) })
	return list, len(seqs), err
}

// seqValues are values of a query.
func seqValues(seqs []int64) []any {
	out := make([]any, len(seqs))
	for i, s := range seqs {
		out[i] = s
	}
	return out
}
