package ledger

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/terms"
)

// Named is an entity that bears a name somebody asked for.
type Named struct {
	ID      string   `json:"id"`
	Type    string   `json:"type"`
	Name    string   `json:"name"`
	NameEn  string   `json:"name_en"`
	Known   bool     `json:"known"` // the lexicon has it
	Matched []string `json:"matched"`
	Reports int64    `json:"reports"` // that name it

	whole bool // one of its names is just what was asked for
}

// Names returns the entities that bear a name: one of the names that lexicon and
// reports have for them, in Persian or English, has every word that was asked
// for, in any form or from its beginning on (three letters at least). Whole
// names come first, then those that more reports have.
func (l *Ledger) Names(ctx context.Context, lex *lexicon.Lexicon, name string, limit int) ([]Named, error) {
	name = strings.TrimSpace(name)
	want := index().Text(name)
	if len(want) == 0 {
		return nil, nil
	}
	found := map[string]*Named{}
	key := spell.Key(strings.ToLower(name))
	try := func(n Named, names ...string) {
		for _, s := range names {
			whole := spell.Key(strings.ToLower(s)) == key
			if !whole && !bears(index().Text(s), want) {
				continue
			}
			x := found[n.ID]
			if x == nil {
				x = &n
				found[n.ID] = x
			}
			x.whole = x.whole || whole
			if !slices.Contains(x.Matched, s) {
				x.Matched = append(x.Matched, s)
			}
		}
	}
	for _, file := range named {
		for _, e := range lex.File(file) {
			n := Named{ID: e.ID, Type: e.Get("type"), Name: e.Get("fa"), NameEn: e.Get("en"), Known: true}
			try(n, e.ID)
			for _, field := range [...]string{"fa", "short", "surname", "loaded", "en"} {
				try(n, e.All(field)...)
			}
		}
	}
	cond, args := l.maybe(want)
	err := l.each(ctx, l.read, "SELECT entity, name, name_en, type, known FROM names WHERE "+cond+" ORDER BY entity, name", args, func(r *sql.Rows) error {
		var n Named
		if err := r.Scan(&n.ID, &n.Name, &n.NameEn, &n.Type, &n.Known); err != nil {
			return err
		}
		try(n, n.Name)
		if n.NameEn != "" {
			try(n, n.NameEn)
		}
		return nil
	})
	if err != nil {
		return nil, l.explain(err)
	}
	list := make([]Named, 0, len(found))
	for _, n := range found {
		if i := slices.Index(n.Matched, n.ID); i >= 0 && len(n.Matched) > 1 { // an id is no name
			n.Matched = slices.Delete(n.Matched, i, i+1)
		}
		list = append(list, *n)
	}
	at := map[string]int{}
	var ids []any
	for i := range list {
		at[list[i].ID] = i
		ids = append(ids, list[i].ID)
	}
	for part := range slices.Chunk(ids, 500) {
		err := l.each(ctx, l.read, "SELECT entity, sum(reports) FROM names WHERE entity IN ("+marks(len(part))+") GROUP BY entity", part, func(r *sql.Rows) error {
			var id string
			var n int64
			err := r.Scan(&id, &n)
			list[at[id]].Reports = n
			return err
		})
		if err != nil {
			return nil, l.explain(err)
		}
	}
	slices.SortFunc(list, func(a, b Named) int {
		switch {
		case a.whole != b.whole:
			if a.whole {
				return -1
			}
			return 1
		case a.Reports != b.Reports:
			return int(min(max(b.Reports-a.Reports, -1), 1))
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list[:min(len(list), limit)], nil
}

// variants are the letters that texts have for one letter of a term.
var variants = map[rune]string{'ک': "کكڪ", 'ی': "یيىئې", 'ه': "هةۀەہھ", 'ا': "اآأإٱ", 'و': "وؤ"}

// maybe is a condition on names that those which bear the words pass, and few
// others: the name has the first two letters of each word beside each other. A
// ledger may have hundreds of thousands of names, too many to look at each.
func (l *Ledger) maybe(want []terms.Term) (string, []any) {
	var cond []string
	var args []any
	for _, w := range want {
		var b strings.Builder
		n := 0
		for _, r := range w.Text {
			if n++; n > 2 {
				break
			}
			switch v := variants[r]; {
			case v != "":
				b.WriteString("[" + v + "]")
			case r >= '0' && r <= '9':
				b.WriteString("[" + string([]rune{r, r - '0' + '۰', r - '0' + '٠'}) + "]")
			default:
				b.WriteRune(r) // a letter
			}
		}
		if l.kind == postgres {
			cond = append(cond, "(name ~* ? OR name_en ~* ?)")
			args = append(args, b.String(), b.String())
			continue
		}
		cond = append(cond, "(lower(name) GLOB ? OR lower(name_en) GLOB ?)")
		args = append(args, "*"+b.String()+"*", "*"+b.String()+"*")
	}
	return strings.Join(cond, " AND "), args
}

// bears reports whether a name has all the words.
func bears(name, want []terms.Term) bool {
	for _, w := range want {
		if !slices.ContainsFunc(name, func(n terms.Term) bool {
			return n.Text == w.Text || len([]rune(w.Text)) >= 3 && strings.HasPrefix(n.Text, w.Text)
		}) {
			return false
		}
	}
	return true
}
