package main

import (
	"context"
	"math/rand/v2"
	"strings"
	"unicode"

	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/record"
)

// text is a report of the ledger that questions are made of.
type text struct {
	id, outlet, entity string
	title, words       []string
	events             []record.Event
}

// texts returns reports from all over the ledger.
func texts(ctx context.Context, l *ledger.Ledger, r *rand.Rand, n int) ([]text, error) {
	var out []text
	for len(out) < n {
		day := first.AddDate(0, 0, r.IntN(days)).Format("2006-01-02")
		list, err := l.List(ctx, ledger.Filter{To: day}, 3, 0)
		if err != nil {
			return nil, err
		}
		for i := range list {
			x := &list[i]
			_, rev, err := l.Record(ctx, x.ID)
			if err != nil {
				return nil, err
			}
			d := rev.Record
			t := text{id: x.ID, outlet: x.Outlet, title: words(d.Document.Title), words: words(d.Document.Text), events: d.Events}
			for _, e := range d.Entities {
				if e.Known && e.Type != "MEDIA" && (t.entity == "" || r.IntN(3) == 0) {
					t.entity = e.ID
				}
			}
			if len(t.words) > 20 && len(t.title) > 2 && t.entity != "" {
				out = append(out, t)
			}
		}
	}
	return out, nil
}

// words are the words of three letters and more.
func words(s string) []string {
	var list []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '\u200c' }) {
		if len([]rune(w)) >= 3 {
			list = append(list, w)
		}
	}
	return list
}
