package who

import (
	"slices"
	"strings"

	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/report"
)

// bare takes a written ezafe off a title: «سخنگوی» is سخنگو.
func bare(title string) string {
	for _, e := range []string{"ی", "ي"} {
		if t, ok := strings.CutSuffix(title, e); ok && (strings.HasSuffix(t, "و") || strings.HasSuffix(t, "ا")) {
			return t
		}
	}
	return title
}

// roleOf gives people the offices that stand beside their names: «علی فضل‌الله،
// سخنگوی جنبش حقوق», «رئیس‌جمهور روسیه ولادیمیر پوتین».
func (x *finding) roleOf() {
	r := x.r
	words := r.Words.Words
	index := map[string]int{}
	for i := range r.Entities {
		index[r.Entities[i].ID] = i
	}
	for k := range r.Mentions {
		m := &r.Mentions[k]
		ei, ok := index[m.Entity]
		if !ok || r.Entities[ei].Type != report.PER {
			continue
		}
		add := func(first, last, of int) {
			role := report.Role{Title: bare(x.written(first, last)), Span: r.Words.Span(first, last)}
			if of >= 0 {
				role.Of = r.Mentions[of].Entity
				role.Span = r.Words.Span(first, r.Mentions[of].Last)
			}
			e := &r.Entities[ei]
			if !slices.ContainsFunc(e.Roles, func(o report.Role) bool { return o.Title == role.Title && o.Of == role.Of }) {
				e.Roles = append(e.Roles, role)
			}
		}
		// after the name
		j := m.Last
		for n := 0; n < 2 && j < len(words) && (isQuote(words[j].Form) || words[j].Form == "،" || words[j].Form == "," || words[j].Form == "("); n++ {
			j++
		}
		if e, _ := x.roleEnd(j); e > j && words[j].Sentence == words[m.First].Sentence {
			of := -1
			if n := k + 1; n < len(r.Mentions) && r.Mentions[n].First == e {
				of = n
			}
			add(j, e, of)
			continue
		}
		// before the name, and before its title
		j = m.First
		if j > 0 && isQuote(words[j-1].Form) {
			j--
		}
		for n := 0; n < 4 && j > 0 && x.class[words[j-1].Key]&titleWord != 0; n++ {
			j--
		}
		if j > 0 && (words[j-1].Form == "،" || words[j-1].Form == ",") {
			j--
		}
		of := -1
		if k > 0 && r.Mentions[k-1].Last == j {
			of, j = k-1, r.Mentions[k-1].First
		}
		for b := max(0, j-6); b < j; b++ {
			if words[b].Tag == word.PUNCT || words[b].Sentence != words[m.First].Sentence {
				continue
			}
			if e, ro := x.roleEnd(b); e == j && !x.role[ro].plural {
				add(b, e, of)
				break
			}
		}
	}
}

// leadRole gives the office that opens a news report to the person whom the
// next paragraph names without one. That is how agencies write: «وزیر کشور گفت:
// … / به گزارش فارس، مصطفی پورمحمدی … افزود: …».
func (x *finding) leadRole() {
	r := x.r
	words := r.Words.Words
	first, last, of := -1, 0, -1
	line := -1
	for i := 0; i < len(words) && words[i].Line < 4; i++ {
		if words[i].Line != line || words[i-1].Form == ":" {
			line = words[i].Line
			if e, ro := x.roleEnd(i); e > i && !x.role[ro].plural && first < 0 {
				first, last = i, e
			}
		}
		if first < 0 || words[i].Key != "گزارش" || i == 0 || words[i-1].Key != "به" || words[i].Line == words[first].Line {
			continue
		}
		k, _ := slices.BinarySearchFunc(r.Mentions, first, func(m report.Mention, i int) int { return m.First - i })
		if k < len(r.Mentions) && r.Mentions[k].First >= last && r.Mentions[k].First <= last+1 {
			of = k
			if e := r.Entity(r.Mentions[k].Entity); e == nil || e.Type == report.PER {
				return // the lead names him
			}
		}
		for ; k < len(r.Mentions) && r.Mentions[k].First < i+40; k++ {
			m := &r.Mentions[k]
			e := r.Entity(m.Entity)
			if m.First < i || e == nil || e.Type != report.PER {
				continue
			}
			if words[m.First].Line != words[i].Line || len(e.Roles) > 0 || !x.speaks(m.Last) {
				return
			}
			role := report.Role{Title: bare(x.written(first, last)), Span: r.Words.Span(first, last)}
			if of >= 0 {
				role.Of = r.Mentions[of].Entity
				role.Span = r.Words.Span(first, r.Mentions[of].Last)
			}
			e.Roles = append(e.Roles, role)
			return
		}
		return
	}
}
