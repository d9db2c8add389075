package incident

import (
	"slices"

	"github.com/sanad-project/sanad/relay"
)

// claim says who stands behind the words of an account at a place: the
// innermost statement that they stand in, or the report itself. A title is the
// report's own words for what its text has from somebody: there the first
// sentence of the text that tells of the act decides.
func (b *builder) claim(a *account, start int) relay.Claim {
	x := a.doc
	if first := x.sentences; x.titled() && len(first) > 0 && start < first[0].end {
		for _, s := range a.scenes {
			if i := slices.IndexFunc(s.acts, func(c act) bool { return c.real }); i >= 0 && !s.title {
				start = s.acts[i].start
				break
			}
		}
	}
	d := relay.Doc{ID: x.ID, Outlet: x.outlet(), Record: x.Record}
	if i := x.statement(start); i >= 0 {
		return relay.StatementClaim(&d, i)
	}
	return relay.Claim{Report: d.ID, Outlet: d.Outlet}
}

// count is how many independent origins claims rest on: two have one where
// they have one outlet, one author (Doc.Origin), or one primary source, a speaker
// or an outlet in their chains.
func (b *builder) count(claims []relay.Claim) int { return len(relay.Independent(claims, b.groups)) }

// origins is how many independent origins reports rest on, as members of the
// incident.
func (b *builder) origins(reports []string) int {
	var claims []relay.Claim
	for _, r := range reports {
		c, ok := b.claims[r]
		if !ok {
			c = b.plain(r)
		}
		claims = append(claims, c)
	}
	return b.count(claims)
}

// plain is the claim of a report that has it on nobody's word.
func (b *builder) plain(report string) relay.Claim {
	c := relay.Claim{Report: report}
	if x := b.docs[report]; x != nil {
		c.Outlet = x.outlet()
	}
	return c
}

// one says whether two reports have one author or one outlet.
func (b *builder) one(p, q string) bool {
	x, y := b.docs[p], b.docs[q]
	return x != nil && y != nil && (x.outlet() != "" && x.outlet() == y.outlet() || x.Origin != "" && x.Origin == y.Origin)
}

// saying says on whose word a report has what stands between start and end.
func (x *doc) saying(start, end int) Saying {
	s := Saying{Quote: x.quote(start, end), Outlet: x.Outlet}
	if i := x.statement(start); i >= 0 {
		in := &x.Record.Statements[i]
		if in.Speaker != nil {
			s.Speaker = x.name(*in.Speaker)
		}
		for _, v := range in.Via {
			s.Via = append(s.Via, x.name(v.Entity))
		}
	}
	return s
}

// statement returns the innermost statement that a place stands in, -1 for
// none.
func (x *doc) statement(at int) int {
	in := -1
	for i := range x.Record.Statements {
		for _, c := range x.Record.Statements[i].Content {
			if c.Start <= at && at < c.End {
				in = i // the innermost opens last
			}
		}
	}
	return in
}
