package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sanad-project/sanad/input"
)

var linker = sync.OnceValue(func() *Linker { return NewLinker(reader().Lexicon) })

// link links what is there.
func link(t testing.TB, l *Ledger, opt LinkOptions) Linked {
	t.Helper()
	out, err := l.Link(context.Background(), linker(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// links are the links of the ledger, each as a line; ids are shortened to what
// the publisher gave, where it gave one.
func links(t testing.TB, l *Ledger, cond string) []string {
	t.Helper()
	var out []string
	query := "SELECT ra.id, rb.id, k.common, k.how FROM links k JOIN reports ra ON ra.seq = k.a JOIN reports rb ON rb.seq = k.b WHERE " + cond
	err := l.each(context.Background(), l.read, query, nil, func(r *sql.Rows) error {
		var a, b, how string
		var common bool
		err := r.Scan(&a, &b, &common, &how)
		arrow := ">"
		if common {
			arrow = "="
		}
		out = append(out, given(t, l, a)+arrow+given(t, l, b)+" "+how)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// given is the id that the publisher gave a report.
func given(t testing.TB, l *Ledger, id string) string {
	f, err := l.Full(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	if f.Arrivals[0].Meta.ID != "" {
		return f.Arrivals[0].Meta.ID
	}
	return id
}

// groups are the groups of origins, each as a line.
func groups(t testing.TB, l *Ledger) []string {
	t.Helper()
	m := map[string][]string{}
	err := l.each(context.Background(), l.read, "SELECT o.id, r.id, g.name FROM origins g JOIN reports o ON o.seq = g.origin JOIN reports r ON r.seq = g.report", nil, func(r *sql.Rows) error {
		var origin, report, name string
		err := r.Scan(&origin, &report, &name)
		m[origin+" "+name] = append(m[origin+" "+name], given(t, l, report))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for k, list := range m {
		slices.Sort(list)
		origin, name, _ := strings.Cut(k, " ")
		if len(name) == 16 && strings.Trim(name, "0123456789abcdef") == "" {
			name = given(t, l, name)
		}
		out = append(out, fmt.Sprint(given(t, l, origin), " (", name, "): ", strings.Join(list, " ")))
	}
	slices.Sort(out)
	return out
}

// dev are the entries of the development set, made anew: adding writes to them.
func dev(t testing.TB) []*Entry {
	t.Helper()
	var list []*Entry
	in := &input.Reader{}
	in.Each([]string{"../examples/link/dev/reports.jsonl"}, func(it input.Item) bool {
		list = append(list, entry(t, &it))
		return true
	})
	return list
}

func addEntries(t testing.TB, l *Ledger, list []*Entry) {
	t.Helper()
	if _, err := l.Add(context.Background(), list); err != nil {
		t.Fatal(err)
	}
}

// The relays of the development set are found in a ledger as they are in memory.
func TestLinkDev(t *testing.T) {
	raw, err := os.ReadFile("../examples/link/dev/gold.json")
	if err != nil {
		t.Fatal(err)
	}
	var gold struct {
		Relays  []struct{ From, To string }
		Common  []struct{ Reports []string }
		Origins [][]string
	}
	if err := json.Unmarshal(raw, &gold); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, g := range gold.Relays {
		want[g.From+">"+g.To] = true
	}
	for _, c := range gold.Common {
		for i, a := range c.Reports {
			for _, b := range c.Reports[i+1:] {
				want[a+"="+b] = true
			}
		}
	}
	var origins []string
	for _, g := range gold.Origins {
		if len(g) > 1 {
			slices.Sort(g)
			origins = append(origins, strings.Join(g, " "))
		}
	}
	slices.Sort(origins)
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		addEntries(t, l, dev(t))
		out := link(t, l, LinkOptions{})
		right, wrong := 0, 0
		for _, s := range links(t, l, "direct = 1") {
			pair, _, _ := strings.Cut(s, " ")
			if a, b, common := strings.Cut(pair, "="); common && a > b {
				pair = b + "=" + a
			}
			if !want[pair] {
				wrong++
				t.Logf("wrong: %s", s)
				continue
			}
			right++
		}
		t.Logf("%d of %d links, %d wrong; %+v", right, len(want), wrong, out)
		if right < len(want) || wrong > 0 {
			t.Errorf("%d links are missing, %d are wrong", len(want)-right, wrong)
		}
		var have []string
		for _, g := range groups(t, l) {
			_, list, _ := strings.Cut(g, "): ")
			have = append(have, list)
		}
		slices.Sort(have)
		if !slices.Equal(have, origins) {
			t.Errorf("origins\n%s\nnot\n%s", strings.Join(have, "\n"), strings.Join(origins, "\n"))
		}
		if again := link(t, l, LinkOptions{}); again.Signed+again.Pairs > 0 {
			t.Errorf("linked again it does something: %+v", again)
		}
		check(t, l)
	})
}

// What is linked in batches as it comes is linked as it is at once. Nothing is
// compared anew meanwhile.
func TestLinkBatches(t *testing.T) {
	seeds := uint64(4)
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			each(t, func(t *testing.T, open func() *Ledger) { linkBatches(t, open(), seed) })
		})
	}
}

func linkBatches(t *testing.T, l *Ledger, seed uint64) {

	ctx := context.Background()
	r := rand.New(rand.NewPCG(seed, 1))
	list := dev(t)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	lk := *linker()
	lk.small = 0
	for first := true; len(list) > 0; first = false {
		n := 1 + r.IntN(min(len(list), 12))
		addEntries(t, l, list[:n])
		list = list[n:]
		out, err := l.Link(ctx, &lk, LinkOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if out.Anew != first || out.Signed != int64(n) {
			t.Errorf("%d reports: %+v", n, out)
		}
		if err := l.tx(ctx, func(t *tx) error { return setNote(ctx, t, "anew", fmt.Sprint(1<<40)) }); err != nil {
			t.Fatal(err)
		}
	}
	have, origins := links(t, l, "direct = 1"), groups(t, l)
	check(t, l)
	link(t, l, LinkOptions{All: true})
	if want := links(t, l, "direct = 1"); !slices.Equal(have, want) {
		t.Errorf("seed %d: in batches:\n%s\nat once:\n%s", seed, strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
	if want := groups(t, l); !slices.Equal(origins, want) {
		t.Errorf("seed %d: origins in batches:\n%s\nat once:\n%s", seed, strings.Join(origins, "\n"), strings.Join(want, "\n"))
	}
}
