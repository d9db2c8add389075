package what

import (
	"sort"

	"github.com/sanad-project/sanad/fa/when"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/refer"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

// state is what the framer remembers while it reads one report.
type state struct {
	f       *Framer
	r       *report.Report
	ref     *refer.Resolver
	base    int
	nameOf  []int32 // for each word, the name it belongs to, -1 for none
	timeOf  []int32 // for each word, the time expression it belongs to, -1 for none
	topic   [topics]int
	in      []uint16 // topics of each sentence, one bit each
	s       sentence
	buf     []lexicon.Match
	names   []report.Mention // the names, before refer adds descriptions
	parts   []part           // contents of statements, by start
	maxEnd  []int            // the largest end among parts[:i+1]
	at      []site           // of each event, in the order they were framed
	harm    bool             // the act at hand is an attack: places are no recipients
	abroad  bool             // the report is about other countries too
	foreign bool             // the report tells more of other countries than of Iran
}

// part is one stretch of a statement's content.
type part struct {
	span span.Span
	of   int // index into Statements
}

func newState(f *Framer, r *report.Report, ref *refer.Resolver) *state {
	w := r.Words.Words
	st := &state{f: f, r: r, ref: ref, nameOf: make([]int32, len(w)), timeOf: make([]int32, len(w)), in: make([]uint16, len(r.Words.Sentences))}
	for i := range w {
		st.nameOf[i], st.timeOf[i] = -1, -1
	}
	for _, m := range r.Mentions {
		if m.Form != report.Name {
			continue
		}
		for i := m.First; i < m.Last && i < len(w); i++ {
			st.nameOf[i] = int32(len(st.names))
		}
		st.names = append(st.names, m)
	}
	for k, t := range r.Times {
		if t.Kind == when.SET {
			continue
		}
		for i := t.First; i < t.Last && i < len(w); i++ {
			st.timeOf[i] = int32(k)
		}
	}
	for k, s := range r.Statements {
		for _, c := range s.Content {
			st.parts = append(st.parts, part{c, k})
		}
	}
	sort.SliceStable(st.parts, func(a, b int) bool { return st.parts[a].span.Start < st.parts[b].span.Start })
	end := 0
	for _, p := range st.parts {
		end = max(end, p.span.End)
		st.maxEnd = append(st.maxEnd, end)
	}
	there, home := 0, 0
	for _, m := range st.names {
		e := r.Entity(m.Entity)
		switch {
		case e == nil:
		case e.Type == report.STATE && e.ID != "iran", e.Type == report.PLACE && e.Place != nil && e.Place.Country != "" && e.Place.Country != "IR":
			there++
		case e.Type == report.STATE, e.Type == report.PLACE && e.Place != nil && e.Place.Country == "IR":
			home++
		}
	}
	st.abroad = there >= min(2, 1+len(w)/40) && 2*there > home
	st.foreign = there >= 2 && there > home
	for i := range w {
		st.buf = f.topicWords.At(st.buf[:0], w, i, inflection)
		var seen uint16
		for _, m := range st.buf {
			if bit := uint16(1) << m.Value; seen&bit == 0 {
				seen |= bit
				st.topic[m.Value]++
			}
		}
		if s := w[i].Sentence; s < len(st.in) {
			st.in[s] |= seen
			if n := st.nameOf[i]; n >= 0 {
				if e := r.Entity(st.names[n].Entity); e != nil && (e.Type == report.STATE || e.Type == report.GRP || e.Type == report.PER && e.Known) {
					st.in[s] |= 1 << politics
				}
			}
		}
	}
	return st
}

// off reports whether the report is about something that has no political acts.
func (st *state) off() bool {
	t := &st.topic
	return t[sport] >= 4 && t[sport] > t[politics]+t[conflict]
}

// about reports whether sentence s speaks of the topic.
func (st *state) about(s int, t topic) bool { return st.in[s]&(1<<t) != 0 }

func (st *state) inName(i int) bool { return i >= 0 && i < len(st.nameOf) && st.nameOf[i] >= 0 }

// nameAt returns the name that word i belongs to, -1 for none.
func (st *state) nameAt(i int) int {
	if !st.inName(i) {
		return -1
	}
	return int(st.nameOf[i])
}

func (st *state) inTime(r *report.Report, i int) bool {
	return i >= 0 && i < len(st.timeOf) && st.timeOf[i] >= 0
}

// statement returns the innermost statement whose content covers the span, -1 for none.
func (st *state) statement(s span.Span) int {
	best, size := -1, 0
	i := sort.Search(len(st.parts), func(i int) bool { return st.parts[i].span.Start > s.Start }) - 1
	for n := 0; i >= 0 && n < 64; i, n = i-1, n+1 {
		if st.maxEnd[i] < s.End {
			break
		}
		if p := st.parts[i].span; p.Start <= s.Start && s.End <= p.End {
			if l := p.End - p.Start; best < 0 || l < size {
				best, size = st.parts[i].of, l
			}
		}
	}
	return best
}

func typeOf(r *report.Report, id string) report.Type {
	if e := r.Entity(id); e != nil {
		return e.Type
	}
	return ""
}

// inflection reports whether the leftover of a key is an ending of a noun.
func inflection(rest string) bool {
	switch rest {
	case "ها", "های", "هایی", "هایش", "هایشان", "هایمان", "هایم", "ی", "ای", "یی", "اش", "شان", "مان", "ش", "یش", "یشان", "هاست", "ست":
		return true
	}
	return false
}

// lemma returns the key of the infinitive of the verb at word i.
func lemma(w *word.Word) string { return keyOf(w.Lemma) }
