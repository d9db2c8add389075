package ledger

import (
	"context"

	"github.com/sanad-project/sanad"
)

// Article returns what a reading of a report is made of: its text and what is
// known of where it came from. Reread reads just this; who only wants to know
// what another lexicon would make of the report reads it without keeping it.
func (l *Ledger) Article(ctx context.Context, id string) (sanad.Article, error) {
	x, err := l.Report(ctx, id)
	if err != nil {
		return sanad.Article{}, err
	}
	var text []byte
	if _, err := l.one(ctx, l.read, "SELECT text FROM reports WHERE seq = ?", []any{x.Seq}, &text); err != nil {
		return sanad.Article{}, l.explain(err)
	}
	body, err := l.blob(ctx, l.read, text)
	if err != nil {
		return sanad.Article{}, l.explain(err)
	}
	s, err := l.source(ctx, l.read, x.Seq)
	if err != nil {
		return sanad.Article{}, l.explain(err)
	}
	return s.article(string(body)), nil
}
