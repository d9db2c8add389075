package what

import "github.com/sanad-project/sanad/report"

// reach is how many events back «این حمله» may look.
const reach = 8

// same gives an event that is told again what the other telling says of who
// did it to whom: the headline and the lead, «این حمله», one act told twice
// with the same victim. Only what agrees is taken over.
func (f *Framer) same(r *report.Report, st *state, events []report.Event) {
	for i := range events {
		for k := i - 1; k >= 0 && k >= i-reach; k-- {
			a, b := &events[k], &events[i]
			if a.Type != b.Type {
				continue
			}
			if !f.alike(st, k, i) {
				continue
			}
			bare := len(a.Actor)+len(a.Recipient) == 0 || len(b.Actor)+len(b.Recipient) == 0
			told := retold[a.Type]
			near := told && bare && st.at[i].sentence-st.at[k].sentence <= 3 || st.at[i].sentence-st.at[k].sentence <= 2 && st.at[k].sentence <= 1 || st.at[i].definite
			if !near && !(told && (meet(a.Recipient, b.Recipient) || meet(a.Actor, b.Actor))) {
				continue
			}
			lead := st.at[k].sentence == 0 && st.at[i].sentence <= 3
			if clash(a.Actor, b.Actor, lead) || clash(a.Recipient, b.Recipient, lead) {
				continue
			}
			if st.at[k].sentence == 0 && st.at[i].sentence <= 3 && a.Status == b.Status {
				f.name(r, a.Actor, b.Actor)
				f.name(r, a.Recipient, b.Recipient)
			}
			if len(a.Actor) != len(b.Actor) || len(a.Recipient) != len(b.Recipient) {
				why := "arguments shared with another telling of the act"
				a.Why, b.Why = append(a.Why, why), append(b.Why, why)
			}
			share(&a.Actor, &b.Actor)
			if !st.at[i].thing {
				share(&a.Recipient, &b.Recipient)
			}
			break
		}
	}
}

// name gives the person whom a headline only describes the name that the lead
// has for them.
func (f *Framer) name(r *report.Report, head, lead []report.Ref) {
	if len(head) != 1 || len(lead) != 1 || head[0].Entity[0] != '~' || lead[0].Entity[0] == '~' {
		return
	}
	if typeOf(r, head[0].Entity) == report.PER && typeOf(r, lead[0].Entity) == report.PER {
		head[0].Entity = lead[0].Entity
	}
}

// retold are the types whose acts a report comes back to; a second demand or
// judgement is another one.
var retold = map[string]bool{"ASSAULT": true, "COERCE": true, "CONSULT": true, "RETREAT": true, "PROTEST": true, "SANCTION": true, "MOBILIZE": true, "THREATEN": true}

// site is where an event stands, beside what the record says.
type site struct {
	sentence int
	stem     string
	rule     string
	definite bool // «این حمله»
	thing    bool // an explosion: whom it hit is told, not inferred
	visit    bool
	bare     bool // a noun that nothing around it says did not happen
	points   bool // what it is about is «این اقدام», told before
}

// alike reports whether two events may be one act by their words.
func (f *Framer) alike(st *state, a, b int) bool {
	x, y := &st.at[a], &st.at[b]
	return x.stem == y.stem || x.rule == y.rule
}

func share(a, b *[]report.Ref) {
	switch {
	case len(*a) == 0:
		*a = *b
	case len(*b) == 0:
		*b = *a
	}
}

func meet(a, b []report.Ref) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Entity == y.Entity {
				return true
			}
		}
	}
	return false
}

// clash reports whether both are told and differ; of a headline and its lead
// two descriptions may mean one.
func clash(a, b []report.Ref, lead bool) bool {
	if lead && len(a) > 0 && len(b) > 0 && (a[0].Entity[0] == '~' || b[0].Entity[0] == '~') {
		return false
	}
	return len(a) > 0 && len(b) > 0 && !meet(a, b)
}
