package what

import (
	"slices"
	"sort"

	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/report"
)

// window is how many events before and after are asked for a missing side.
const window = 24

// infer gives an act of which one side is told the other side, where the rest
// of the report tells it: what «این اقدام» points to, who is described as doing
// such acts, another act of the kind; of judgements and protests, last, whoever
// is named beside. Nobody acts against themselves.
func (f *Framer) infer(r *report.Report, st *state, events []report.Event) {
	coming(st, events)
	for i := range events {
		if st.at[i].points && len(events[i].Recipient) == 0 {
			if refs, why := pointedAt(r, st, events, i); refs != nil {
				events[i].Recipient = refs
				events[i].Why = append(events[i].Why, "recipient: "+why)
			}
		}
	}
	told := slices.Clone(events)
	f.byAgents(r, st, events)
	victims(st, events)
	for i := range events {
		e := &events[i]
		if len(e.Actor) > 0 && len(e.Recipient) == 0 && !st.at[i].thing {
			refs, why := opposite(told, i, false)
			if refs == nil && (e.Type == "ACCUSE" || e.Type == "PROTEST") {
				refs, why = f.beside(r, st, e)
			}
			if refs != nil {
				e.Recipient = refs
				e.Why = append(e.Why, "recipient: "+why)
			}
		}
		if len(e.Recipient) > 0 && len(e.Actor) == 0 {
			refs, why := opposite(told, i, true)
			if refs != nil {
				e.Actor = refs
				e.Why = append(e.Why, "actor: "+why)
			}
		}
	}
}

// victims gives an attack without a victim those whom the words right after it
// in the sentence tell as killed or wounded: «… را بمباران کردند که ۱۲ نفر کشته شدند».
func victims(st *state, events []report.Event) {
	for i := range events {
		e := &events[i]
		if e.Type != "ASSAULT" || len(e.Recipient) > 0 {
			continue
		}
		for k := i + 1; k < len(events) && st.at[k].sentence == st.at[i].sentence; k++ {
			x := &events[k]
			if x.Type != "ASSAULT" || len(x.Recipient) == 0 || x.Status != e.Status || len(x.Actor) > 0 && !meet(x.Actor, e.Actor) || meet(x.Recipient, e.Actor) {
				continue
			}
			e.Recipient = x.Recipient
			e.Why = append(e.Why, "recipient: harmed in the same sentence")
			break
		}
	}
}

// coming makes a visit told by its bare noun one to come, where the report
// tells in a verb that the visit to that host is still to come.
func coming(st *state, events []report.Event) {
	var hosts []report.Ref
	for i := range events {
		if e := &events[i]; st.at[i].visit && e.Status == report.Future {
			hosts = append(hosts, e.Recipient...)
		}
	}
	for i := range events {
		if e := &events[i]; st.at[i].visit && st.at[i].bare && meet(e.Recipient, hosts) {
			e.Type, e.Mode, e.Status = "AGREE", "", report.Future
			e.Why = append(e.Why, "status future: a visit that the report tells as to come")
		}
	}
}

// pointedAt returns whose act or words «این اقدام» of event i means: of a denial
// the one who spoke last, else the actor of the act told last, in the sentence
// or the one before.
func pointedAt(r *report.Report, st *state, events []report.Event, i int) ([]report.Ref, string) {
	e := &events[i]
	if e.Type == "REJECT" {
		n := sort.Search(len(st.parts), func(k int) bool { return st.parts[k].span.Start >= e.Trigger.Start })
		for k := n - 1; k >= 0 && k > n-4; k-- {
			s := &r.Statements[st.parts[k].of]
			if p := st.parts[k].span; p.End > e.Trigger.Start || e.Trigger.Start-p.End > 300 || s.Speaker.Entity == "" || r.Statements[st.parts[k].of].ID == e.SaidBy {
				continue
			}
			if !meet([]report.Ref{s.Speaker}, e.Actor) {
				return []report.Ref{s.Speaker}, "who said what is denied"
			}
		}
	}
	for k := i - 1; k >= 0 && st.at[k].sentence >= st.at[i].sentence-1; k-- {
		if len(events[k].Actor) > 0 && !meet(events[k].Actor, e.Actor) {
			return events[k].Actor[:1], "actor of what the words point to"
		}
	}
	return nil, ""
}

// near is how many words away those who do the act may be told.
const near = 80

// byAgents gives acts without an actor whoever the words next to them describe
// as doing such acts: «تظاهرات … معترضان», «انفجار … عامل انتحاری».
func (f *Framer) byAgents(r *report.Report, st *state, events []report.Event) {
	w := r.Words.Words
	var at [][3]int // first word, last word, frame
	for i := range w {
		st.buf = f.agents.At(st.buf[:0], w, i, inflection)
		for _, m := range st.buf {
			at = append(at, [3]int{i, m.Last, m.Value})
		}
	}
	for i := range events {
		e := &events[i]
		if len(at) == 0 || len(e.Actor) > 0 {
			continue
		}
		from := sort.Search(len(w), func(k int) bool { return w[k].Span.Start >= e.Trigger.Start })
		k := sort.Search(len(at), func(k int) bool { return at[k][0] >= from })
		best, bestD := -1, near
		for j := max(0, k-8); j < min(len(at), k+8); j++ {
			if d := abs(at[j][0] - from); d < bestD && f.frames[at[j][2]].typ == e.Type {
				best, bestD = j, d
			}
		}
		if best < 0 {
			continue
		}
		first, last := at[best][0], at[best][1]
		if p := r.Phrases.PhraseOf[first]; p >= 0 {
			for first > r.Phrases.Phrases[p].First && (w[first-1].Tag == word.NUM || w[first-1].Tag == word.DET) {
				first-- // «سه | مهاجم», not «انفجار | عامل انتحاری»
			}
			last = max(last, r.Phrases.Phrases[p].Last)
		}
		refs := f.refs(r, st, first, last, true)
		for k := at[best][0]; k < at[best][1] && refs == nil; k++ {
			if ref, ok := st.ref.Phrase(k, last); ok {
				refs = []report.Ref{ref} // «عامل | انتحاری»
			}
		}
		if refs != nil && !meet(refs, e.Recipient) {
			e.Actor = refs
			e.Why = append(e.Why, "actor: described as one who does such acts")
		}
	}
}

// beside returns the state, group or person named next after the act in its
// sentence who is not one of its sides; whom a protest is about may be named
// before it too.
func (f *Framer) beside(r *report.Report, st *state, e *report.Event) ([]report.Ref, string) {
	n := sort.Search(len(st.names), func(k int) bool { return st.names[k].Span.Start >= e.Trigger.End })
	s := r.Words.Sentences
	sn := sort.Search(len(s), func(k int) bool { return r.Words.Words[s[k].Last-1].Span.End >= e.Trigger.End })
	if sn >= len(s) {
		return nil, ""
	}
	lo, hi := r.Words.Words[s[sn].First].Span.Start, r.Words.Words[s[sn].Last-1].Span.End
	speaker := ""
	if k := st.statement(e.Trigger); k >= 0 {
		speaker = r.Statements[k].Speaker.Entity
	}
	ok := func(m *report.Mention) bool {
		switch typeOf(r, m.Entity) {
		case report.STATE, report.GRP, report.ORG, report.PER:
		default:
			return false
		}
		is := func(a report.Ref) bool { return a.Entity == m.Entity }
		return m.Entity != speaker && !slices.ContainsFunc(e.Actor, is) && !slices.ContainsFunc(e.Recipient, is)
	}
	for k := n; k < len(st.names) && st.names[k].Span.End <= hi; k++ {
		if ok(&st.names[k]) {
			return []report.Ref{{Entity: st.names[k].Entity, Span: st.names[k].Span}}, "named next after it"
		}
	}
	if e.Type != "PROTEST" {
		return nil, ""
	}
	for k := n - 1; k >= 0 && st.names[k].Span.Start >= lo; k-- {
		if ok(&st.names[k]) {
			return []report.Ref{{Entity: st.names[k].Entity, Span: st.names[k].Span}}, "named in its sentence"
		}
	}
	return nil, ""
}

// material are the types whose acts one side does to many: whom it attacked a
// page before says nothing of whom it attacks here.
var material = map[string]bool{"ASSAULT": true, "COERCE": true}

// opposite returns who stands on the missing side of event i in other acts of
// the type that the side told has part in: the one told most often, of equals
// the nearest.
func opposite(events []report.Event, i int, actor bool) ([]report.Ref, string) {
	e := &events[i]
	window := window
	if material[e.Type] {
		if actor {
			return nil, ""
		}
		window = 3
	}
	have := e.Actor
	if actor {
		have = e.Recipient
	}
	best, bestScore := -1, 0
	var score map[string]int
	for k := max(0, i-window); k < min(len(events), i+window+1); k++ {
		x := &events[k]
		known, wanted := x.Actor, x.Recipient
		if actor {
			known, wanted = x.Recipient, x.Actor
		}
		if actor && e.Type == "ACCUSE" && x.Rule != e.Rule {
			continue // who condemns a deed is not who tries the doer
		}
		if k == i || len(wanted) == 0 || x.Type != e.Type || !meet(known, have) || meet(wanted, have) {
			continue
		}
		if score == nil {
			score = map[string]int{}
		}
		score[wanted[0].Entity]++
		if s := score[wanted[0].Entity]*64 - abs(i-k); best < 0 || s > bestScore {
			best, bestScore = k, s
		}
	}
	if best < 0 {
		return nil, ""
	}
	if actor {
		return events[best].Actor, "as in another act of the kind"
	}
	return events[best].Recipient, "as in another act of the kind"
}

func abs(x int) int { return max(x, -x) }
