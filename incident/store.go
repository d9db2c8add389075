package incident

import "iter"

// Store is what linking looks up. None of its methods is called while a
// sequence of another one is being read.
type Store interface {
	// Stretches returns the stretches of days in which any sketch stands, in
	// ascending order, each once.
	Stretches() ([]int64, error)

	// Sketches returns the sketches that stand in a stretch, ordered by the id
	// of their report.
	Sketches(stretch int64) iter.Seq2[*Sketch, error]

	// SketchesOf returns the sketches of these reports, in any order; those
	// that are gone, or have none, are left out.
	SketchesOf(reports []string) ([]*Sketch, error)

	// Docs returns these reports with their records and origins, in any order;
	// those that are gone are left out.
	Docs(reports []string) ([]Doc, error)

	// With returns, of the incidents as they were last linked, all members and
	// all that is attached (see Linked.Accounts) of those incidents to which
	// one of these accounts belongs. An account whose End is 0 stands for all
	// accounts of its report. It is asked only when a part is linked anew; where nothing was
	// linked yet it returns nil.
	With(accounts []Ref) ([]Ref, error)
}

// Part is what hangs together, grouped anew. A very large one is given in
// several Parts, the first of which names all accounts: to store them in one transaction is best.
//
// Every incident of the last linking that has one of Accounts among its own
// (Linked.Accounts) is void: it is to be deleted before Incidents are stored. No void incident has an
// account that is not given in the same Part, so nothing is lost, and a caller may stop after any.
type Part struct {
	Accounts  []Ref    // those that were grouped, and those of void incidents that are no more; sorted
	Reports   []string // the reports of Accounts, each once, sorted
	Incidents []Linked // what they are now, people's decisions applied, the earliest first
	Lost      []Decision
}

// Linked is an incident with all that is to be shown of it. As JSON it keeps
// everything; nothing else is needed to show it again.
type Linked struct {
	Incident
	Head   Quote  `json:"head"` // the clearest words for it: the title of its earliest report that opens with it, or the sentence of that report that tells of it
	Where  Where  `json:"where"`
	Facets Facets `json:"facets"`
	Table  Table  `json:"table"`
}

// Where is a place as most independent origins have it.
type Where struct {
	ID      string `json:"id,omitempty"` // entity of the lexicon, "~…" or "spot …" where it has none
	Name    string `json:"name,omitempty"`
	Country string `json:"country,omitempty"` // ISO 3166-1, as in the record
}

// Facets are what an incident can be asked for, each list sorted. Places,
// actors and recipients are ids of entities; what is only described ("~…") and spots that
// are known by their name alone are left out. An outlet that is no entity stands with its name.
type Facets struct {
	Kinds      []string `json:"kinds,omitempty"`
	Places     []string `json:"places,omitempty"`
	Countries  []string `json:"countries,omitempty"`
	Actors     []string `json:"actors,omitempty"`
	Recipients []string `json:"recipients,omitempty"`
	Outlets    []string `json:"outlets,omitempty"`
}

// Accounts are the accounts of the incident, those of its members first. The
// place of an account is where its clearest words stand.
func (l *Linked) Accounts() []Ref {
	var out []Ref
	seen := map[Ref]bool{}
	put := func(r Ref) {
		if !seen[r] {
			seen[r] = true
			out = append(out, r)
		}
	}
	for _, m := range l.Members {
		put(Ref{m.Report, m.At.Start, m.At.End})
	}
	for _, a := range l.Attached {
		put(Ref{a.Report, a.At.Start, a.At.End})
	}
	return out
}
