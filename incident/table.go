package incident

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/relay"
)

// The fields of a table.
const (
	Killed         = "killed"
	Wounded        = "wounded"
	Detained       = "detained"
	Actor          = "actor"
	Recipient      = "recipient"
	Place          = "place"
	Date           = "date"
	Weapon         = "weapon"
	Status         = "status"
	Responsibility = "responsibility"
)

var fields = []string{Killed, Wounded, Detained, Actor, Recipient, Place, Date, Weapon, Status, Responsibility}

// Saying is one place in which a report gives a value.
type Saying struct {
	Quote   Quote    `json:"quote"`
	Outlet  string   `json:"outlet"`
	Speaker string   `json:"speaker,omitempty"` // on whose word; "" on the outlet's own
	Via     []string `json:"via,omitempty"`     // from the publisher inwards, both ends left out
}

// Value is what some reports give for a field.
type Value struct {
	Value     string   `json:"value"`
	ID        string   `json:"id,omitempty"`        // of places, actors and recipients: the entity, "~…" for one that is only described
	Of        string   `json:"of,omitempty"`        // whose: "attackers" for the toll of those who did it
	Low       *int64   `json:"low,omitempty"`       // of numbers; nil where open
	High      *int64   `json:"high,omitempty"`      //
	Precision string   `json:"precision,omitempty"` // of places: town, spot, area; of dates: day, about
	Reports   []string `json:"reports"`
	Origins   int      `json:"origins"` // independent ones
	Sayings   []Saying `json:"sayings"`
	Replaced  bool     `json:"replaced,omitempty"` // an earlier toll, which the same origin raised later

	claims      []relay.Claim // who stands behind it; also those whose sayings are left out
	first, last time.Time
	spot        spot
	not         bool               // a denial
	class       bool               // what the dead were, not who
	body        bool               // an actor that is no person: a state, a group, an army
	hours       map[string]hours   // of days: the hours that each report says
	all         bool               // what all of the dead were, «همه قربانیان غیرنظامی بودند»
	whose       map[string]whose   // of tolls: of whom, by report
	cited       map[string][]int64 // of these, those that it has from others
	also        map[string][]int64 // numbers of the field that its reports give besides, by report
}

// Range is a number as UCDP gives it. Low is the least that any origin gives,
// high the most; best is the value of most independent origins, of several the
// lowest, and one with both bounds before one that is open. Tolls that their own origin raised later play no part.
type Range struct {
	Field string `json:"field"`
	Of    string `json:"of,omitempty"`
	Low   int64  `json:"low"`
	Best  int64  `json:"best"`
	High  int64  `json:"high"`
}

// Contradiction is a field of which reports say what cannot both be true.
type Contradiction struct {
	Field string  `json:"field"`
	Of    string  `json:"of,omitempty"`
	Sides []Value `json:"sides"`
	Why   string  `json:"why"`
}

// Table is what the accounts of an incident say, field by field.
type Table struct {
	Incident       string             `json:"incident"`
	Values         map[string][]Value `json:"values"` // by field; the value of most origins first
	Ranges         []Range            `json:"ranges"`
	Contradictions []Contradiction    `json:"contradictions"`
	Origins        int                `json:"origins"` // independent origins of its members
	Grade          string             `json:"suggested_grade"`
	GradeReason    string             `json:"grade_reason"`
	Left           int                `json:"left,omitempty"` // members that the table leaves out: it is made of the earliest thousand
}

// builder makes the table of one incident.
type builder struct {
	data   *data
	in     *Incident
	docs   map[string]*doc
	claims map[string]relay.Claim // of members: on whose word they tell of it
	groups []relay.Group          // what Doc.Origin says
	t      Table

	negates map[*account][]rebuttal
	denials []Contradiction // of values that one report has and another one denies
}

func newBuilder(d *data, in *Incident) *builder {
	b := &builder{data: d, in: in, docs: map[string]*doc{}, claims: map[string]relay.Claim{}, negates: map[*account][]rebuttal{}, t: Table{Incident: in.ID, Values: map[string][]Value{}, Ranges: []Range{}, Contradictions: []Contradiction{}}}
	for _, a := range b.accounts() {
		if b.docs[a.doc.ID] != nil {
			continue
		}
		b.docs[a.doc.ID] = a.doc
		if o := a.doc.Origin; o != "" {
			i := slices.IndexFunc(b.groups, func(g relay.Group) bool { return g.Origin == o })
			if i < 0 {
				b.groups, i = append(b.groups, relay.Group{Origin: o}), len(b.groups)
			}
			b.groups[i].Reports = append(b.groups[i].Reports, a.doc.ID)
		}
	}
	return b
}

func (b *builder) make() {
	var reports []string
	for i := range b.in.Members {
		m := &b.in.Members[i]
		if m.account == nil {
			continue
		}
		reports = append(reports, m.Report)
		c, _ := m.account.clearest()
		b.claims[m.Report] = b.claim(m.account, c.start)
		b.parties(m.account)
		b.where(m.account)
		b.when(m.account)
		b.weapons(m.account)
		b.victims(m.account)
	}
	b.tolls()
	b.responsibility()
	b.status()
	b.rebut()
	b.didNot()
	b.t.Origins = b.origins(reports)
	for f, list := range b.t.Values {
		for i := range list {
			slices.Sort(list[i].Reports)
			list[i].Origins = b.count(list[i].claims)
		}
		sort.SliceStable(list, func(i, j int) bool {
			return cmp.Or(list[j].Origins-list[i].Origins, len(list[j].Reports)-len(list[i].Reports), strings.Compare(list[i].Value, list[j].Value)) < 0
		})
		b.t.Values[f] = list
	}
	for _, f := range fields[:3] {
		b.replace(f)
		b.ranges(f)
	}
	b.contradict()
	b.grade()
}

// put adds a saying to the value that it gives.
func (b *builder) put(field string, v Value, a *account, start, end int) {
	x := a.doc
	s, c := x.saying(start, end), b.claim(a, start)
	list := b.t.Values[field]
	for i := range list {
		if list[i].Of == v.Of && sameValue(list[i].Value, v.Value) {
			if !slices.Contains(list[i].Reports, x.ID) {
				list[i].Reports = append(list[i].Reports, x.ID)
			}
			if len(list[i].Sayings) < 50 {
				list[i].Sayings = append(list[i].Sayings, s)
			}
			list[i].claims = append(list[i].claims, c)
			list[i].all = list[i].all || v.all
			for r, h := range v.hours {
				list[i].hours[r] = h
			}
			return
		}
	}
	v.Reports, v.Sayings, v.claims = []string{x.ID}, []Saying{s}, []relay.Claim{c}
	b.t.Values[field] = append(list, v)
}

// sameValue reports whether two values are one but for their spelling: «کلگان», «كلگان».
func sameValue(a, b string) bool {
	if a == b {
		return true
	}
	k := spell.Key(a)
	return k != "" && k == spell.Key(b)
}

// accounts are those of members and of what is attached, each once.
func (b *builder) accounts() []*account {
	var out []*account
	for _, m := range b.in.Members {
		if m.account != nil {
			out = append(out, m.account)
		}
	}
	for _, a := range b.in.Attached {
		if a.account != nil && !slices.Contains(out, a.account) {
			out = append(out, a.account)
		}
	}
	return out
}
