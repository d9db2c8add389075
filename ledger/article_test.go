package ledger

import (
	"context"
	"errors"
	"testing"

	"github.com/sanad-project/sanad/review"
)

// What Article gives reads as the reading that is kept.
func TestArticle(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		ctx := context.Background()
		for _, x := range add(t, l, stories(0, 4)...) {
			a, err := l.Article(ctx, x.ID)
			if err != nil {
				t.Fatal(err)
			}
			full, err := l.Full(ctx, x.ID)
			if err != nil {
				t.Fatal(err)
			}
			rec, err := reader().Read(a)
			if err != nil {
				t.Fatal(err)
			}
			if d := review.Diff(full.Machine, rec); len(d) > 0 {
				t.Errorf("%s: %v", x.ID, d)
			}
		}
		var n *NotFound
		if _, err := l.Article(ctx, "0123456789abcdef"); !errors.As(err, &n) {
			t.Errorf("no such report: %v", err)
		}
	})
}
