package ledger

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// flows are five stories of an agency, each of which a site copies some time
// later; a second site copies one from the first, of which only the day is known.
func flows() []*Entry {
	var list []*Entry
	for i, after := range []time.Duration{10, 20, 30, 60, 600} {
		at := time.Date(2024, 3, 1+7*i, 6, 0, 0, 0, time.UTC)
		words := make([]string, 50)
		for k := range words {
			words[k] = fmt.Sprintf("واژه%dاز%d", k*k%97, i)
		}
		text := strings.Join(words, " ")
		list = append(list, printed(fmt.Sprint("a", i), "خبرگزاری فارس", at.Format(time.RFC3339), fmt.Sprint("خبر ", i), text))
		list = append(list, printed(fmt.Sprint("b", i), "تابناک", at.Add(after*time.Minute).Format(time.RFC3339), fmt.Sprint("خبر ", i), text))
		if i == 0 {
			list = append(list, printed("c", "عصر ایران", at.AddDate(0, 0, 2).Format(time.DateOnly), "خبر تابناک", "به گزارش تابناک "+text))
		}
	}
	return append(list, printed("alone", "تابناک", "2024-03-02", "سیل", flood))
}

func TestOutlets(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		addEntries(t, l, flows())
		link(t, l, LinkOptions{})
		days := int64(2)
		all := []Outlet{
			{ID: "tabnak", Name: "تابناک", Reports: 6, Relays: 5, Taken: 1, From: []OutletPair{{ID: "fars-news", Name: "خبرگزاری فارس", Relays: 5, Copies: 5, Timed: 5, Low: 20 * 60, Median: 30 * 60, High: 60 * 60}}},
			{ID: "asr-iran", Name: "عصر ایران", Reports: 1, Relays: 1, From: []OutletPair{{ID: "tabnak", Name: "تابناک", Relays: 1, Copies: 1, Days: &days}}},
			{ID: "fars-news", Name: "خبرگزاری فارس", Reports: 5, Taken: 5, From: []OutletPair{}},
		}
		two := []Outlet{
			{ID: "tabnak", Name: "تابناک", Reports: 2, Relays: 2, From: []OutletPair{{ID: "fars-news", Name: "خبرگزاری فارس", Relays: 2, Copies: 2, Timed: 2, Low: 20 * 60, Median: 20 * 60, High: 20 * 60}}},
			{ID: "fars-news", Name: "خبرگزاری فارس", Reports: 2, Taken: 2, From: []OutletPair{}},
		}
		for _, c := range []struct {
			name string
			f    Filter
			want []Outlet
		}{
			{"all", Filter{}, all},
			{"some days", Filter{From: "2024-03-05", To: "2024-03-16"}, two},
			{"no day", Filter{From: "2030-01-01"}, nil},
			{"an outlet that relays", Filter{Outlet: []string{"asr-iran"}}, []Outlet{all[1], {ID: "tabnak", Name: "تابناک", Reports: 6, Taken: 1, From: []OutletPair{}}}},
			{"one that is in no pair", Filter{Outlet: []string{"irna"}}, nil},
		} {
			have, err := l.Outlets(ctx, c.f)
			if err != nil || len(have) != len(c.want) || len(have) > 0 && !reflect.DeepEqual(have, c.want) {
				t.Errorf("%s: %+v, %v\nwant %+v", c.name, have, err, c.want)
			}
		}
		if _, err := l.Outlets(ctx, Filter{From: "yesterday"}); err == nil {
			t.Error("no day was taken for one")
		}
	})
}

func TestRelays(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		list := flows()
		addEntries(t, l, list)
		link(t, l, LinkOptions{})
		r, err := l.Relays(ctx, list[1].ID[:8]) // b0: from a0, to c
		if err != nil || !r.Linked || len(r.From) != 1 || len(r.To) != 1 || len(r.Common) != 0 {
			t.Fatalf("%+v, %v", r, err)
		}
		from, to := r.From[0], r.To[0]
		if from.Report.ID != list[0].ID || from.How != "copy" || !from.Direct || from.Lag == nil || *from.Lag != 600 || from.Time != "2024-03-01T06:00:00Z" || len(from.Why) == 0 {
			t.Errorf("from %+v", from)
		}
		if to.Report.ID != list[2].ID || to.Lag != nil || to.Time != "2024-03-03" {
			t.Errorf("to %+v", to)
		}
		for _, k := range []Relayed{from, to} {
			for _, p := range k.Passages {
				if n := len([]rune(p.From.Text)); p.From.End-p.From.Start != n || n == 0 || p.To.Text == "" {
					t.Errorf("passage %+v", p)
				}
			}
		}
		if o := r.Origin; o == nil || o.Name != list[0].ID || len(o.Reports) != 3 || o.Reports[0].ID != list[0].ID {
			t.Errorf("origin %+v", o)
		}
		// The step that follows from others is there, and is said to.
		r, err = l.Relays(ctx, list[2].ID)
		if err != nil || len(r.From) != 2 || !r.From[0].Direct || r.From[1].Direct || r.From[1].Report.ID != list[0].ID {
			t.Errorf("%+v, %v", r, err)
		}
		r, err = l.Relays(ctx, list[len(list)-1].ID)
		if err != nil || !r.Linked || r.Origin != nil || len(slices.Concat(r.From, r.To, r.Common)) > 0 {
			t.Errorf("alone: %+v, %v", r, err)
		}
		if _, err := l.Relays(ctx, "ffffffff"); err == nil {
			t.Error("no report has relays")
		}
	})
}
