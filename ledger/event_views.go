package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// EventView is a query of the page of events that somebody kept under a name.
type EventView struct {
	Name  string    `json:"name"`
	Query string    `json:"query"` // as in an address: type=ASSAULT&from=2024-01-01
	At    time.Time `json:"at"`    // when it was kept
}

// The limits of what is kept: letters of a name, bytes of a query, views of one
// person.
const (
	maxViewName  = 80
	maxViewQuery = 4000
	maxViews     = 200
)

// EventViews returns the views that a person keeps, by name.
func (l *Ledger) EventViews(ctx context.Context, author string) ([]EventView, error) {
	var list []EventView
	err := l.each(ctx, l.read, "SELECT name, query, at FROM event_views WHERE author = ? ORDER BY name LIMIT ?", []any{storable(author), maxViews}, func(r *sql.Rows) error {
		var x EventView
		var at int64
		err := r.Scan(&x.Name, &x.Query, &at)
		x.At = time.UnixMilli(at).UTC()
		list = append(list, x)
		return err
	})
	return list, l.explain(err)
}

// KeepEventView keeps a query under a name for a person; one of that name that
// the person has is replaced.
func (l *Ledger) KeepEventView(ctx context.Context, author, name, query string) (EventView, error) {
	name = strings.Join(strings.Fields(storable(name)), " ")
	x := EventView{Name: name, Query: query, At: time.Now().UTC().Truncate(time.Millisecond)}
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return x, &BadQuery{errors.New("a view that is kept needs a name")}
	case n > maxViewName:
		return x, &BadQuery{fmt.Errorf("the name of a view has %d letters at most, this one has %d", maxViewName, n)}
	}
	if _, err := url.ParseQuery(query); err != nil || len(query) > maxViewQuery {
		return x, &BadQuery{errors.New("this is no query of the page of events that could be kept")}
	}
	err := l.tx(ctx, func(t *tx) error {
		var n int
		if _, err := l.one(ctx, t, "SELECT count(*) FROM event_views WHERE author = ? AND name <> ?", []any{storable(author), name}, &n); err != nil {
			return err
		}
		if n >= maxViews {
			return &BadQuery{fmt.Errorf("%d views are kept already: delete one first", n)}
		}
		return t.put(ctx, "INSERT INTO event_views (author, name, query, at) VALUES (?, ?, ?, ?) ON CONFLICT (author, name) DO UPDATE SET query = excluded.query, at = excluded.at", storable(author), name, storable(query), x.At.UnixMilli())
	})
	return x, err
}

// DropEventView deletes a view that a person keeps; was is false where there
// is none of that name.
func (l *Ledger) DropEventView(ctx context.Context, author, name string) (was bool, err error) {
	err = l.tx(ctx, func(t *tx) error {
		var n int
		if was, err = l.one(ctx, t, "SELECT 1 FROM event_views WHERE author = ? AND name = ?", []any{storable(author), storable(name)}, &n); err != nil || !was {
			return err
		}
		return t.put(ctx, "DELETE FROM event_views WHERE author = ? AND name = ?", storable(author), storable(name))
	})
	return was, err
}
