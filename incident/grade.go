package incident

import (
	"fmt"
	"slices"
)

// Grades of an incident after Airwars. A suggestion only: a person sets one.
const (
	Confirmed  = "confirmed"
	Fair       = "fair"
	Weak       = "weak"
	Contested  = "contested"
	Discounted = "discounted"
)

// grade suggests a grade, by the first rule that holds:
//
//	discounted  every origin that told of it took it back, or a retraction stands against a single origin
//	contested   rival claims of responsibility, who did it is denied, or whether it happened is denied
//	confirmed   one party takes responsibility
//	fair        two independent origins or more
//	weak        one origin
func (b *builder) grade() {
	var back []string // reports whose outlet or author took it back
	taken := func(r string) bool {
		return slices.ContainsFunc(back, func(q string) bool { return r == q || b.one(q, r) })
	}
	for _, a := range b.in.Attached {
		if a.As == Retraction && b.docs[a.Report] != nil {
			back = append(back, a.Report)
		}
	}
	held := 0
	for _, m := range b.in.Members {
		if !taken(m.Report) {
			held++
		}
	}
	rivals := map[string]bool{}
	for _, c := range b.t.Contradictions {
		rivals[c.Field] = true
	}
	claimed := ""
	for _, v := range b.t.Values[Responsibility] {
		for _, a := range b.in.Attached {
			if a.As == Claim && !v.not && a.By == v.Value {
				claimed = v.Value
			}
		}
	}
	set := func(g, why string) { b.t.Grade, b.t.GradeReason = g, why }
	switch {
	case len(back) > 0 && (held == 0 || b.t.Origins == 1):
		set(Discounted, "who reported it first took it back, and nobody else tells of it on other grounds")
	case rivals[Responsibility]:
		set(Contested, "accounts differ on who is responsible")
	case rivals[Status]:
		set(Contested, "whether it happened is denied")
	case rivals[Actor]:
		set(Contested, "who is named as having done it denies it")
	case claimed != "":
		set(Confirmed, claimed+" takes responsibility, and nobody else does")
	case b.t.Origins >= 2:
		set(Fair, fmt.Sprintf("%d independent origins tell of it", b.t.Origins))
	default:
		set(Weak, "one origin tells of it")
	}
}
