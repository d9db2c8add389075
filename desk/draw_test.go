package desk

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/ledger"
)

// someNetwork is an invented network of n actors with long names.
func someNetwork(n int) (*ledger.Network, []tieRow) {
	x := &ledger.Network{}
	for i := range n {
		x.Actors = append(x.Actors, ledger.Named{ID: fmt.Sprintf("a%03d", i), Name: strings.Repeat("ن", 5+i%60)})
	}
	var rows []tieRow
	name := func(i int) nameLink {
		return nameLink{Link: actorLink(x.Actors[i].ID), Plain: x.Actors[i].Name}
	}
	for i := range n {
		for k, j := range []int{(i + 1) % n, (i * 7) % n, n - 1 - i} {
			if i == j {
				continue
			}
			t := ledger.Tie{From: x.Actors[i].ID, To: x.Actors[j].ID, Kind: []string{ledger.Opposition, ledger.Cooperation}[k%2], Types: map[string]int{"ASSAULT": 1 + i%9}, Told: k % 2, Claimed: i % 2, Reports: 1 + i%9, Origins: 1}
			x.Ties = append(x.Ties, t)
			rows = append(rows, tieRow{From: name(i), To: name(j), Kind: t.Kind, Certainty: certainty(&t), Reports: t.Reports})
		}
	}
	return x, rows
}

// A network of any size up to 100: each actor once, names apart from each other
// and inside the drawing, the same drawing each time.
func TestWheel(t *testing.T) {
	for _, n := range []int{2, 3, 10, 40, 100} {
		x, rows := someNetwork(n)
		w := newWheel(languages["fa"], x, rows)
		if len(w.Nodes) != n || len(w.Lines) != len(x.Ties) {
			t.Fatalf("%d actors: %d nodes, %d lines", n, len(w.Nodes), len(w.Lines))
		}
		font, err := strconv.ParseFloat(w.Font, 64)
		if err != nil || font < 9 || font > 15 {
			t.Errorf("%d: font %s", n, w.Font)
		}
		f := func(s string) float64 {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		seen := map[string]bool{}
		for i, a := range w.Nodes {
			if seen[a.Link] {
				t.Errorf("%s stands twice", a.Link)
			}
			seen[a.Link] = true
			b := w.Nodes[(i+1)%n]
			if d := math.Hypot(f(a.X)-f(b.X), f(a.Y)-f(b.Y)); n > 2 && d < font {
				t.Errorf("%d: the names of two neighbours are %.1f apart, and %.1f high", n, d, font)
			}
			if end := math.Abs(f(a.TextX)) + 0.53*font*float64(len([]rune(a.Name))); end > float64(w.Half) {
				t.Errorf("%d: %q ends at %.0f of %d", n, a.Name, end, w.Half)
			}
			if a.Whole != x.Actors[a.N].Name {
				t.Errorf("%q is %q", a.Whole, x.Actors[a.N].Name)
			}
		}
		if again := newWheel(languages["fa"], x, rows); !reflect.DeepEqual(w, again) {
			t.Errorf("%d: another time it is drawn otherwise", n)
		}
	}
	if newWheel(languages["en"], &ledger.Network{}, nil) != nil {
		t.Error("nothing is drawn")
	}
}

// Who has much to do with each other is put side by side.
func TestRound(t *testing.T) {
	const n = 12
	weight := make([][]float64, n)
	total := make([]float64, n)
	for i := range weight {
		weight[i] = make([]float64, n)
	}
	tie := func(i, j int, w float64) {
		weight[i][j] += w
		weight[j][i] += w
		total[i] += w
		total[j] += w
	}
	for i := 0; i < n; i += 2 { // pairs that are far from each other in the list
		tie(i/2, n-1-i/2, 10)
	}
	order := round(weight, total)
	if s := slices.Sorted(slices.Values(order)); s[0] != 0 || s[n-1] != n-1 || len(slices.Compact(s)) != n {
		t.Fatalf("%v", order)
	}
	for i := range n / 2 {
		p, q := slices.Index(order, i), slices.Index(order, n-1-i)
		if d := abs(p - q); min(d, n-d) != 1 {
			t.Errorf("%d and %d are %d apart in %v", i, n-1-i, d, order)
		}
	}
}

// The wings: who acts on the actor on one side, on whom it acts on the other;
// in Persian they change places.
func TestButterfly(t *testing.T) {
	x := &ledger.Network{Actors: []ledger.Named{{ID: "c"}, {ID: "w"}, {ID: "m"}}, Ties: []ledger.Tie{
		{From: "w", To: "c", Kind: ledger.Opposition, Told: 1, Reports: 3}, {From: "c", To: "w", Kind: ledger.Opposition, Claimed: 2, Reports: 2},
		{From: "c", To: "m", Kind: ledger.Cooperation, Unreal: 1, Reports: 1}, {From: "w", To: "c", Kind: ledger.Cooperation, Claimed: 1, Reports: 1}}}
	var rows []tieRow
	for i := range x.Ties {
		tie := &x.Ties[i]
		rows = append(rows, tieRow{From: nameLink{Plain: "from " + tie.From}, To: nameLink{Plain: "to " + tie.To}, Kind: tie.Kind, Certainty: certainty(tie)})
	}
	for lang, left := range map[string]string{"en": "from w", "fa": "to w"} {
		b := newButterfly(languages[lang], x, rows, "c")
		if len(b.Nodes) != 3 || len(b.Lines) != 4 || b.More != 0 {
			t.Fatalf("%s: %+v", lang, b)
		}
		for _, n := range b.Nodes {
			at, _ := strconv.Atoi(n.TextX)
			if (n.Name == left || lang == "fa" && n.Name == "to m") != (at < b.Width/2) {
				t.Errorf("%s: %s stands at %d", lang, n.Name, at)
			}
		}
		for i, want := range []string{"kind-conflict told", "kind-cooperation claimed", "kind-conflict claimed", "kind-cooperation unreal"} {
			if b.Lines[i].Class != want {
				t.Errorf("%s: %q, want %q", lang, b.Lines[i].Class, want)
			}
		}
	}
	if newButterfly(languages["en"], &ledger.Network{}, nil, "c") != nil {
		t.Error("nothing is drawn")
	}
	many := &ledger.Network{}
	for i := range 30 {
		many.Ties = append(many.Ties, ledger.Tie{From: fmt.Sprint(i), To: "c", Kind: ledger.Opposition, Told: 1, Reports: 1})
	}
	if b := newButterfly(languages["en"], many, make([]tieRow, 30), "c"); len(b.Nodes) != wingShown || b.More != 30-wingShown {
		t.Errorf("%d, %d more", len(b.Nodes), b.More)
	}
}
