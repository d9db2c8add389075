package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/lexicon"
)

// named are the files of the lexicon whose entries are entities.
var named = []string{"actors", "people", "outlets", "places"}

// Resolve returns the ids of the entities that a person means: an id, or any
// name in Persian or English that the lexicon or a report has for it, with the
// entities that people made one with it. An empty list means that nobody bears
// that name.
func (l *Ledger) Resolve(ctx context.Context, lex *lexicon.Lexicon, name string) ([]string, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return nil, nil
	}
	key, lower := spell.Key(name), strings.ToLower(name)
	var ids []string
	add := func(id string) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, file := range named {
		for _, e := range lex.File(file) {
			if e.ID == lower || hasName(&e, key, lower) {
				add(e.ID)
			}
		}
	}
	if len(ids) == 0 {
		err := l.each(ctx, l.read, "SELECT entity FROM names WHERE entity = ? OR name = ? OR lower(name_en) = ? ORDER BY reports DESC LIMIT 50", []any{lower, name, lower}, func(r *sql.Rows) error {
			var id string
			err := r.Scan(&id)
			add(id)
			return err
		})
		if err != nil {
			return nil, l.explain(err)
		}
	}
	m, err := l.Merges(ctx)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(ids); i++ {
		into := m.Of("", ids[i])
		add(into)
		for _, ref := range m.Members(into) {
			add(ref)
		}
	}
	return ids, nil
}

func hasName(e *lexicon.Entry, key, lower string) bool {
	for _, f := range e.Fields {
		switch f.Name {
		case "fa", "short", "loaded":
			for _, v := range f.Values {
				if spell.Key(v) == key {
					return true
				}
			}
		case "en":
			for _, v := range f.Values {
				if strings.ToLower(v) == lower {
					return true
				}
			}
		}
	}
	return false
}

// UnknownName says that no entity bears a name.
type UnknownName struct{ Field, Name string }

func (e *UnknownName) Error() string {
	return fmt.Sprintf("--%s %s: neither the lexicon nor any report has this name; \"sanad search --entity\" finds names", e.Field, e.Name)
}
