package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-project/sanad/record"
)

// The parts of what reports say of an actor.
const (
	Says    = "says"    // statements in which it speaks, but for those of Denies
	Denies  = "denies"  // statements in which it denies or threatens
	Does    = "does"    // events with it as actor, in a report's own voice or on its own word
	Accused = "accused" // events with it as actor on the word of others, known or not
	Suffers = "suffers" // events with it as recipient
)

// Parts of an actor's page, in their order.
var Parts = []string{Says, Denies, Does, Accused, Suffers}

// On whose word an event stands.
const (
	OwnVoice = "voice" // the report's
	OwnWord  = "own"   // the actor's
	Others   = "other" // somebody else's
)

// Deed is one statement or event of one report.
type Deed struct {
	Report Report `json:"report"`
	ID     string `json:"id"`     // of the statement or event in the record
	Act    string `json:"act"`    // of a statement
	Type   string `json:"type"`   // of an event
	Mode   string `json:"mode"`   // likewise
	Status string `json:"status"` // likewise
	Word   string `json:"word"`   // of an event: on whose word, "voice", "own" or "other"
	Said   string `json:"said"`   // of an event: the statement that it stands in, "" in the report's own voice

	at sight
	n  int64
}

// Count is how many events of a window have one status.
type Count struct {
	Status string `json:"status"`
	Voice  int    `json:"voice"` // in the report's own voice
	Own    int    `json:"own"`   // on the actor's word
	Other  int    `json:"other"` // on the word of others
}

// Section is a part of what reports say of an actor, the newest day of
// publication first.
type Section struct {
	Part   string `json:"part"`
	List   []Deed `json:"list"`
	Looked int    `json:"looked"` // reports that were looked at for it
	Next   string `json:"next"`   // what to ask for to go on; "" where there is nothing more
}

// Place is where a section goes on: after finding N of a report of a day.
type Place struct{ Day, Report, N int64 }

// last is the end of a report.
const last = math.MaxInt32

func (p Place) String() string {
	return strconv.FormatInt(p.Day, 10) + "." + strconv.FormatInt(p.Report, 10) + "." + strconv.FormatInt(p.N, 10)
}

// ErrPlace says that a section cannot go on from there.
var ErrPlace = errors.New("this is no place to go on from: open the page of the actor again")

// ParsePlace is the inverse of String; "" is the beginning.
func ParsePlace(s string) (Place, error) {
	if s == "" {
		return Place{}, nil
	}
	var n [3]int64
	list := strings.Split(s, ".")
	if len(list) != len(n) {
		return Place{}, ErrPlace
	}
	for i, x := range list {
		var err error
		if n[i], err = strconv.ParseInt(x, 10, 64); err != nil {
			return Place{}, ErrPlace
		}
	}
	if n[1] <= 0 || n[2] < 0 {
		return Place{}, ErrPlace
	}
	return Place{n[0], n[1], n[2]}, nil
}

// sight is a report in which an actor is.
type sight struct {
	day, report int64
	id          string
}

func newest(a, b sight) int {
	return cmp.Or(cmp.Compare(b.day, a.day), cmp.Compare(b.report, a.report))
}

// sights returns the newest reports that have a facet of an actor, from a place
// on, that report too, and the place where others may follow, the zero Place
// where none does. The facets are in the order of the answer, so that the cost is
// that of what is returned, however common the actor is.
func (l *Ledger) sights(ctx context.Context, a *Actor, kind string, from Place, limit int) (list []sight, next Place, err error) {
	if from.Report == 0 {
		from = Place{1 << 40, math.MaxInt64, 0}
	}
	seen := map[int64]bool{}
	for _, ref := range a.Refs {
		report, id := refOf(ref)
		query := "SELECT f.day, f.report, r.id FROM facets f JOIN reports r ON r.seq = f.report WHERE f.facet = ? AND (f.day, f.report) <= (?, ?) ORDER BY f.day DESC, f.report DESC LIMIT ?"
		args := []any{facetOf(kind, id), from.Day, from.Report, limit + 1}
		if report != "" {
			query = "SELECT f.day, f.report, r.id FROM reports r JOIN documents d ON d.report = r.seq JOIN facets f ON f.facet = ? AND f.day = d.day AND f.report = r.seq WHERE (f.day, f.report) <= (?, ?) AND r.id = ?"
			args = []any{facetOf(kind, id), from.Day, from.Report, report}
			if kind == "entity" { // what is only described has no such facet
				query = "SELECT d.day, d.report, r.id FROM reports r JOIN documents d ON d.report = r.seq WHERE (d.day, d.report) <= (?, ?) AND r.id = ?"
				args = args[1:]
			}
		}
		n, end := 0, Place{}
		err := l.each(ctx, l.read, query, args, func(r *sql.Rows) error {
			var s sight
			if err := r.Scan(&s.day, &s.report, &s.id); err != nil {
				return err
			}
			n++
			switch {
			case n == limit:
				end = Place{s.day, s.report, last}
			case n > limit && (next.Report == 0 || next.before(end)): // what another ref has after this is left to the next call
				next = end
			}
			// Where people said that the id is another in this report it is not this actor.
			if n <= limit && !seen[s.report] && a.merges.Of(s.id, id) == a.ID {
				seen[s.report] = true
				list = append(list, s)
			}
			return nil
		})
		if err != nil {
			return nil, Place{}, err
		}
	}
	slices.SortFunc(list, newest)
	if next.Report != 0 {
		list = slices.DeleteFunc(list, func(s sight) bool { return Place{s.day, s.report, 0}.before(Place{next.Day, next.Report, 0}) })
	}
	if len(list) > limit {
		list = list[:limit]
		next = Place{list[limit-1].day, list[limit-1].report, last}
	}
	return list, next, nil
}

// before reports whether p is an older report than q.
func (p Place) before(q Place) bool { return p.Day < q.Day || p.Day == q.Day && p.Report < q.Report }

// ids are the ids that an actor has in reports.
func (a *Actor) ids() []any {
	var out []any
	for _, r := range a.Refs {
		_, id := refOf(r)
		if id = clip(storable(id)); !slices.Contains(out, any(id)) {
			out = append(out, id)
		}
	}
	return out
}

// is reports whether an id means the actor in a report.
func (a *Actor) is(report, id string) bool { return id != "" && a.merges.Of(report, id) == a.ID }

// deeds returns what reports have of an actor in one capacity: "speaker",
// "actor" or "recipient"; the reports in their order.
func (l *Ledger) deeds(ctx context.Context, a *Actor, kind string, in []sight) ([]Deed, error) {
	at := map[int64]int{}
	var list []Deed
	for i, s := range in {
		at[s.report] = i
	}
	ids := a.ids()
	for part := range slices.Chunk(in, 300) {
		args := make([]any, 0, len(part)+len(ids)+1)
		for _, s := range part {
			args = append(args, s.report)
		}
		var query string
		if kind == "speaker" {
			query = "SELECT s.report, s.n, s.id, s.act, '', '', '', '', '', s.speaker FROM statements s WHERE s.report IN (" + marks(len(part)) + ") AND s.speaker IN (" + marks(len(ids)) + ")"
		} else {
			query = "SELECT e.report, e.n, e.id, '', e.type, e.mode, e.status, coalesce(s.id, ''), coalesce(s.speaker, ''), a.entity FROM arguments a JOIN events e ON e.report = a.report AND e.n = a.event" +
				" LEFT JOIN statements s ON s.report = e.report AND s.n = e.said_by WHERE a.report IN (" + marks(len(part)) + ") AND a.role = ? AND a.entity IN (" + marks(len(ids)) + ")"
			args = append(args, kind)
		}
		err := l.each(ctx, l.read, query, append(args, ids...), func(r *sql.Rows) error {
			var d Deed
			var speaker, entity string
			if err := r.Scan(&d.at.report, &d.n, &d.ID, &d.Act, &d.Type, &d.Mode, &d.Status, &d.Said, &speaker, &entity); err != nil {
				return err
			}
			d.at = in[at[d.at.report]]
			switch {
			case kind == "speaker":
			case d.Said == "":
				d.Word = OwnVoice
			case a.is(d.at.id, speaker):
				d.Word = OwnWord
			default:
				d.Word = Others
			}
			if a.is(d.at.id, entity) {
				list = append(list, d)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(x, y Deed) int { return cmp.Or(newest(x.at, y.at), cmp.Compare(x.n, y.n)) })
	// An event may name the same actor twice.
	return slices.CompactFunc(list, func(x, y Deed) bool { return x.at == y.at && x.n == y.n }), nil
}

// capacity is the facet in which a part is found.
func capacity(part string) string {
	switch part {
	case Says, Denies:
		return "speaker"
	case Suffers:
		return "recipient"
	}
	return "actor"
}

// of reports whether a statement or event belongs to a part.
func (d *Deed) of(part string) bool {
	switch part {
	case Denies:
		return d.Act == "deny" || d.Act == "threaten"
	case Says:
		return d.Act != "deny" && d.Act != "threaten"
	case Does:
		return d.Word != Others
	case Accused:
		return d.Word == Others
	}
	return true
}

// windows is how many windows of reports one page of a section looks at.
const windows = 4

// Section returns a page of one part of what reports say of an actor. Where
// it is rare among what the actor does, the page may be short, or empty,
// and Next says where to look on.
func (l *Ledger) Section(ctx context.Context, a *Actor, part string, from Place, limit int) (*Section, error) {
	s, err := l.section(ctx, a, part, from, limit)
	return s, l.explain(err)
}

func (l *Ledger) section(ctx context.Context, a *Actor, part string, from Place, limit int) (*Section, error) {
	out := &Section{Part: part}
	for range windows {
		in, next, err := l.sights(ctx, a, capacity(part), from, ActorWindow)
		if err != nil {
			return nil, err
		}
		all, err := l.deeds(ctx, a, capacity(part), in)
		if err != nil {
			return nil, err
		}
		out.Looked += len(in)
		for _, d := range all {
			if !d.of(part) || d.at.report == from.Report && d.n <= from.N {
				continue
			}
			if len(out.List) == limit {
				x := &out.List[limit-1]
				out.Next = Place{x.at.day, x.at.report, x.n}.String()
				return out, l.withReports(ctx, out.List)
			}
			out.List = append(out.List, d)
		}
		if from = next; from.Report == 0 {
			out.Next = ""
			return out, l.withReports(ctx, out.List)
		}
		out.Next = from.String()
	}
	return out, l.withReports(ctx, out.List)
}

// withReports fills in the reports of deeds.
func (l *Ledger) withReports(ctx context.Context, list []Deed) error {
	var seqs []int64
	for i := range list {
		if s := list[i].at.report; !slices.Contains(seqs, s) {
			seqs = append(seqs, s)
		}
	}
	reports, err := l.reports(ctx, seqs)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].Report = reports[slices.Index(seqs, list[i].at.report)]
	}
	return nil
}

// Doings is the first view of an actor: the newest of each part, and the
// counts of the newest reports.
type Doings struct {
	Sections []Section `json:"sections"` // in the order of Parts
	Acts     Tally     `json:"acts"`     // events with it as actor
	Suffers  Tally     `json:"suffers"`  // events with it as recipient
}

// Tally counts events by status and by whose word they stand on, so that
// claim and fact stay apart.
type Tally struct {
	Counts  []Count `json:"counts"`
	Reports int     `json:"reports"` // that were counted: the newest
	More    bool    `json:"more"`    // there are others, which were not
}

// statuses in the order of the record's schema.
var statuses = []string{"happened", "ongoing", "future", "hypothetical", "negated"}

// Doings returns the first view of an actor, of ActorWindow reports for each
// of its capacities.
func (l *Ledger) Doings(ctx context.Context, a *Actor, each int) (*Doings, error) {
	d, err := l.doings(ctx, a, each)
	return d, l.explain(err)
}

func (l *Ledger) doings(ctx context.Context, a *Actor, each int) (*Doings, error) {
	out := &Doings{Sections: make([]Section, len(Parts))}
	for i, p := range Parts {
		out.Sections[i].Part = p
	}
	for _, kind := range [...]string{"speaker", "actor", "recipient"} {
		in, next, err := l.sights(ctx, a, kind, Place{}, ActorWindow)
		if err != nil {
			return nil, err
		}
		all, err := l.deeds(ctx, a, kind, in)
		if err != nil {
			return nil, err
		}
		for i, p := range Parts {
			if capacity(p) != kind {
				continue
			}
			s := &out.Sections[i]
			s.Looked = len(in)
			for _, d := range all {
				if !d.of(p) {
					continue
				}
				if len(s.List) == each {
					x := &s.List[each-1]
					s.Next = Place{x.at.day, x.at.report, x.n}.String()
					break
				}
				s.List = append(s.List, d)
			}
			if s.Next == "" && next.Report != 0 {
				s.Next = next.String()
			}
			if err := l.withReports(ctx, s.List); err != nil {
				return nil, err
			}
		}
		t := Tally{tally(all), len(in), next.Report != 0}
		switch kind {
		case "actor":
			out.Acts = t
		case "recipient":
			out.Suffers = t
		}
	}
	return out, nil
}

func tally(all []Deed) []Count {
	list := []Count{}
	for _, s := range statuses {
		c := Count{Status: s}
		for i := range all {
			switch d := &all[i]; {
			case d.Status != s:
			case d.Word == OwnVoice:
				c.Voice++
			case d.Word == OwnWord:
				c.Own++
			default:
				c.Other++
			}
		}
		if c.Voice+c.Own+c.Other > 0 {
			list = append(list, c)
		}
	}
	return list
}

// Office is a role that reports give to a person.
type Office struct {
	Title   string `json:"title"`
	Of      string `json:"of"`      // entity id, "" where the report does not say
	OfName  string `json:"of_name"` // as the report has it
	First   string `json:"first"`   // days of publication of the first and the last of these reports, "" where unknown
	Last    string `json:"last"`
	Reports int    `json:"reports"` // of those that were looked at
	Report  string `json:"report"`  // id of the last of them
	Start   int    `json:"start"`   // where it stands there, in code points
	End     int    `json:"end"`
}

// officesSought is over how many reports offices are looked for.
const officesSought = 14

// Offices returns the roles that reports give to an actor over time, the
// newest first, and of how many reports that is. It reads some reports that are spread
// evenly over the time in which the actor is named.
func (l *Ledger) Offices(ctx context.Context, a *Actor) (list []Office, looked int, err error) {
	list, looked, err = l.officesOf(ctx, a)
	return list, looked, l.explain(err)
}

func (l *Ledger) officesOf(ctx context.Context, a *Actor) ([]Office, int, error) {
	in, next, err := l.sights(ctx, a, "entity", Place{}, officesSought)
	if err != nil {
		return nil, 0, err
	}
	if first, last := dayOf(a.First), dayOf(a.Last); next.Report != 0 && first != undated && last > first {
		in = in[:1]
		for i := int64(1); i < officesSought; i++ {
			s, _, err := l.sights(ctx, a, "entity", Place{last - i*(last-first)/(officesSought-1), math.MaxInt64, 0}, 1)
			if err != nil {
				return nil, 0, err
			}
			if len(s) > 0 && s[0] != in[len(in)-1] {
				in = append(in, s[0])
			}
		}
	}
	var list []Office
	for _, s := range in {
		roles, err := l.rolesIn(ctx, a, s)
		if err != nil {
			return nil, 0, err
		}
		day := isoOf(s.day)
		for _, r := range roles {
			of := ""
			if r.Of != nil {
				of = *r.Of
			}
			i := slices.IndexFunc(list, func(o Office) bool { return o.Title == r.Title && o.Of == of })
			if i < 0 {
				list = append(list, Office{Title: r.Title, Of: of, OfName: r.ofName, Last: day, First: day, Report: s.id, Start: r.Span.Start, End: r.Span.End})
				i = len(list) - 1
			}
			list[i].Reports++
			if day != "" {
				list[i].First = day
			}
		}
	}
	return list, len(in), nil
}

// held is a role with the name of that which it is held in.
type held struct {
	record.Role
	ofName string
}

// rolesIn returns the roles that a report gives to an actor.
func (l *Ledger) rolesIn(ctx context.Context, a *Actor, s sight) ([]held, error) {
	_, _, rev, err := l.inForce(ctx, l.read, s.report)
	if err != nil {
		return nil, err
	}
	var out []held
	for i := range rev.Record.Entities {
		e := &rev.Record.Entities[i]
		if !a.is(s.id, e.ID) {
			continue
		}
		for _, r := range e.Roles {
			h := held{Role: r}
			if r.Of != nil {
				for j := range rev.Record.Entities {
					if rev.Record.Entities[j].ID == *r.Of {
						h.ofName = rev.Record.Entities[j].Name
					}
				}
				of := a.merges.Of(s.id, *r.Of)
				h.Of = &of
			}
			out = append(out, h)
		}
	}
	return out, nil
}

// isoOf is the inverse of dayOf, "" where a day is unknown.
func isoOf(day int64) string {
	if day <= undated {
		return ""
	}
	return time.Unix(day*86400, 0).UTC().Format(time.DateOnly)
}
