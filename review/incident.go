package review

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Account is what one report tells of one thing, named by words of it, in code
// points of the report's text: those of its act, or their sentence. A text
// never changes, so the words are found again in every reading. Where End is 0
// it is the first account of the report.
type Account struct {
	Report string `json:"report"` // ledger id
	Start  int    `json:"start"`
	End    int    `json:"end"`
}

// meets says whether two spans of words may be of one account.
func (a Account) meets(b Account) bool {
	return a.Report == b.Report && (a.End == 0 || b.End == 0 || a.Start < b.End && b.Start < a.End)
}

// meet says whether an account of the one list is in the other.
func meet(a, b []Account) bool {
	return slices.ContainsFunc(a, func(x Account) bool { return slices.ContainsFunc(b, x.meets) })
}

// MaxAccounts is how many accounts of each side a decision names at most. Who
// decides on a larger incident decides on the first so many of it.
const MaxAccounts = 500

// Grades are the grades that a person may give, after Airwars.
var Grades = []string{"confirmed", "fair", "weak", "contested", "discounted"}

// Incidents says what people decided about incidents.
type Incidents struct {
	list   []Decision // on incidents, the earliest first
	counts []bool     // not those that were undone
}

// OnIncidents gathers the decisions on incidents; others are passed over.
//
//	join   all of Accounts and Others tell of one thing, whatever was said before
//	part   none of Others tells of what Accounts tell of, which belong together as they were seen
//	grade  Value is the grade of the incident that Accounts tell of, "" takes it back
//	note   a remark on it
//
// So to part one report of five is not to say anything of the other four but
// that they stay where they are.
func OnIncidents(ds []Decision) *Incidents {
	ds = slices.DeleteFunc(slices.Clone(ds), func(d Decision) bool { return d.Target.Kind != Incident })
	slices.SortStableFunc(ds, func(a, b Decision) int { return cmp.Compare(a.Seq, b.Seq) })
	return &Incidents{ds, newWorkless().counting(ds)}
}

// About returns the decisions that speak of one of the accounts, undone ones
// and undoings among them, the earliest first. An incident's last decision is
// the last of them.
func (x *Incidents) About(accounts []Account) []Decision {
	var out []Decision
	for i := range x.list {
		if meet(x.list[i].Accounts, accounts) || meet(x.list[i].Others, accounts) {
			out = append(out, x.list[i])
		}
	}
	return out
}

// Since returns the decisions after the one of that number.
func (x *Incidents) Since(seq int64) []Decision {
	i, _ := slices.BinarySearchFunc(x.list, seq+1, func(d Decision, n int64) int { return cmp.Compare(d.Seq, n) })
	return x.list[i:]
}

// Undoable returns the number of the last decision about the accounts that
// counts, 0 where there is none.
func (x *Incidents) Undoable(accounts []Account) int64 {
	var last int64
	for i := range x.list {
		d := &x.list[i]
		if x.counts[i] && d.Action != Undo && (meet(d.Accounts, accounts) || meet(d.Others, accounts)) {
			last = d.Seq
		}
	}
	return last
}

// Grade returns the grade that people gave to the incident of these accounts,
// and the decision that gave it; nil where nobody did. A grade was given to what its author
// saw: it is that of the incident with the most of those accounts, of two
// halves the one with the first.
func (x *Incidents) Grade(accounts []Account) (string, *Decision) {
	for i := len(x.list) - 1; i >= 0; i-- {
		d := &x.list[i]
		if d.Action != Grade || !x.counts[i] || !holds(accounts, d.Accounts) {
			continue
		}
		if g := str(d.Value); g != "" {
			return g, d
		}
		return "", nil
	}
	return "", nil
}

// holds says whether accounts are the incident that was seen as these.
func holds(accounts, seen []Account) bool {
	n := 0
	for _, s := range seen {
		if slices.ContainsFunc(accounts, s.meets) {
			n++
		}
	}
	return 2*n > len(seen) || n > 0 && 2*n == len(seen) && slices.ContainsFunc(accounts, seen[0].meets)
}

// Notes returns the remarks on the incident of these accounts that count.
func (x *Incidents) Notes(accounts []Account) []Decision {
	var out []Decision
	for i := range x.list {
		if d := &x.list[i]; d.Action == Note && x.counts[i] && meet(d.Accounts, accounts) {
			out = append(out, *d)
		}
	}
	return out
}

// Bond says of two accounts that they tell of one thing, or that they do not.
type Bond struct {
	A, B Account
	Same bool
	Seq  int64 // the decision that says so
}

// Bonds returns what the joinings and partings that count come to, the newest
// first. A later decision takes the place of what an earlier one said of the
// same accounts.
//
//	1 join a b, c    a=b a=c
//	2 part b | a c   a=c, b≠a b≠c; a=b is no more
func (x *Incidents) Bonds() []Bond {
	var out []Bond
	for i := range x.list {
		d := &x.list[i]
		if !x.counts[i] || d.Action != Join && d.Action != Part || len(d.Accounts) == 0 || len(d.Others) == 0 {
			continue
		}
		all := slices.Concat(d.Accounts, d.Others)
		in := func(list []Account, a Account) bool { return slices.ContainsFunc(list, a.meets) }
		out = slices.DeleteFunc(out, func(b Bond) bool {
			if b.Same == (d.Action == Join) {
				return false
			}
			if d.Action == Join {
				return in(all, b.A) && in(all, b.B)
			}
			return in(d.Accounts, b.A) && in(d.Others, b.B) || in(d.Others, b.A) && in(d.Accounts, b.B)
		})
		var now []Bond
		put := func(a, b Account, same bool) { now = append(now, Bond{a, b, same, d.Seq}) }
		for _, a := range d.Accounts[1:] {
			put(d.Accounts[0], a, true)
		}
		switch d.Action {
		case Join:
			for _, o := range d.Others {
				put(d.Accounts[0], o, true)
			}
			// Should the first account be gone from a later reading, the rest hold together.
			for _, a := range d.Accounts[1:] {
				put(a, d.Others[0], true)
			}
		case Part:
			for _, o := range d.Others {
				for _, a := range d.Accounts[:min(len(d.Accounts), 10)] {
					put(o, a, false)
				}
			}
		}
		out = append(now, out...)
	}
	return out
}

// Validate completes a decision on an incident and says in plain English what
// is wrong with it, as [Reviewed.Validate] does for one on a report. Of an
// undoing, Target and accounts are those of what is undone.
func (x *Incidents) Validate(d *Decision) error {
	if err := common(d); err != nil {
		return err
	}
	switch {
	case d.Target.Kind != Incident:
		return fmt.Errorf("a decision on an incident, not on %q, is wanted", d.Target.Kind)
	case d.Report != "" || d.Reading != "" || d.Field != "" || d.Target.Start != 0 || d.Target.End != 0:
		return errors.New("a decision on an incident names accounts, and no report, reading or field of its own")
	case d.Action != Grade && len(d.Value) > 0:
		return fmt.Errorf("%q takes no value", d.Action)
	}
	if d.Action == Undo {
		i := slices.IndexFunc(x.list, func(o Decision) bool { return o.Seq == d.Undoes })
		switch {
		case i < 0:
			return fmt.Errorf("there is no decision %d on an incident", d.Undoes)
		case !x.counts[i]:
			return fmt.Errorf("decision %d is undone already", d.Undoes)
		}
		d.Target, d.Accounts, d.Others = x.list[i].Target, x.list[i].Accounts, x.list[i].Others
		return nil
	}
	for _, list := range [][]Account{d.Accounts, d.Others} {
		if len(list) > MaxAccounts {
			return fmt.Errorf("a decision names at most %d accounts of each side, and this has %d", MaxAccounts, len(list))
		}
		for _, a := range list {
			if err := a.check(); err != nil {
				return err
			}
		}
	}
	if len(d.Accounts) == 0 {
		return errors.New("say which accounts the decision is about")
	}
	two := d.Action == Join || d.Action == Part
	switch {
	case two && len(d.Others) == 0:
		return fmt.Errorf("say which other accounts the %s is about", d.Action)
	case !two && len(d.Others) > 0:
		return fmt.Errorf("%q is about one incident", d.Action)
	case two && meet(d.Accounts, d.Others):
		return errors.New("an account is named on both sides")
	}
	switch d.Action {
	case Join, Part:
	case Note:
		if strings.TrimSpace(d.Note) == "" {
			return errors.New("the note is empty")
		}
	case Grade:
		g := str(d.Value)
		if g != "" && !slices.Contains(Grades, g) || g == "" && string(d.Value) != `""` {
			return fmt.Errorf("%s is no grade: give one of %s", d.Value, strings.Join(Grades, ", "))
		}
		have, _ := x.Grade(d.Accounts)
		switch {
		case g == have && g == "":
			return errors.New("nobody graded it")
		case g == have:
			return fmt.Errorf("it is graded %s already", g)
		}
		d.Value = plain(g)
	default:
		return fmt.Errorf("an incident can be joined with another, parted, graded or noted on, not %q", d.Action)
	}
	return nil
}

func (a Account) check() error {
	switch {
	case a.Report == "" || len(a.Report) > MaxAuthor || !utf8.ValidString(a.Report) || strings.ContainsAny(a.Report, "\x00\n/ "):
		return fmt.Errorf("%q is no id of a report", a.Report)
	case a.Start < 0 || a.End < a.Start || a.End == a.Start && a.End != 0:
		return fmt.Errorf("%d to %d are no words of report %s", a.Start, a.End, a.Report)
	}
	return nil
}
