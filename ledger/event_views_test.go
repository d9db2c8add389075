package ledger

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// A view is a person's own: kept, replaced, deleted; and it comes back with a
// backup.
func TestEventViews(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		names := func(l *Ledger, who string) string {
			t.Helper()
			list, err := l.EventViews(ctx, who)
			if err != nil {
				t.Fatal(err)
			}
			var s []string
			for _, v := range list {
				s = append(s, v.Name+"?"+v.Query)
			}
			return strings.Join(s, " ")
		}
		keep := func(who, name, query string) error {
			_, err := l.KeepEventView(ctx, who, name, query)
			return err
		}
		for _, v := range [][3]string{{"لیلا", "  حمله‌های عراق،   ۱۴۰۲ ", "place=iraq"}, {"لیلا", "b", "type=ASSAULT"}, {"رضا", "b", "type=AID"}, {"لیلا", "b", "type=PROTEST&from=2024-01-01"}} {
			if err := keep(v[0], v[1], v[2]); err != nil {
				t.Fatal(err)
			}
		}
		want := "b?type=PROTEST&from=2024-01-01 حمله‌های عراق، ۱۴۰۲?place=iraq"
		if got := names(l, "لیلا"); got != want {
			t.Errorf("%q, not %q", got, want)
		}
		if was, err := l.DropEventView(ctx, "رضا", "حمله‌های عراق، ۱۴۰۲"); was || err != nil {
			t.Errorf("another's view was deleted: %v %v", was, err)
		}
		into := openAt(t, t.TempDir()+"/into.db", Options{Create: true})
		if _, err := into.Restore(ctx, strings.NewReader(string(backupOf(t, l))), nil); err != nil {
			t.Fatal(err)
		}
		if got := names(into, "لیلا") + " " + names(into, "رضا"); got != want+" b?type=AID" {
			t.Errorf("restored: %q", got)
		}
		if was, err := l.DropEventView(ctx, "لیلا", "b"); !was || err != nil {
			t.Errorf("%v %v", was, err)
		}
		if got := names(l, "لیلا") + "," + names(l, "رضا"); got != "حمله‌های عراق، ۱۴۰۲?place=iraq,b?type=AID" {
			t.Error(got)
		}
		var bad *BadQuery
		for _, v := range [][2]string{{" ", "a=b"}, {strings.Repeat("ن", 81), "a=b"}, {"x", "%zz"}, {"x", "q=" + strings.Repeat("x", 4000)}} {
			if err := keep("لیلا", v[0], v[1]); !errors.As(err, &bad) {
				t.Errorf("%.20q %.20q: %v", v[0], v[1], err)
			}
		}
		for i := range maxViews - 1 {
			if err := keep("لیلا", fmt.Sprint(i), ""); err != nil {
				t.Fatal(err)
			}
		}
		if err := keep("لیلا", "one more", ""); !errors.As(err, &bad) {
			t.Errorf("there is no end of views: %v", err)
		}
		if err := keep("لیلا", "7", "a=b"); err != nil {
			t.Errorf("one cannot be replaced: %v", err)
		}
	})
}
