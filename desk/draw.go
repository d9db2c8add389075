package desk

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/ledger"
)

// sheetOf is the style sheet of a page: those of actors, and of how outlets
// word them, have one.
func sheetOf(name string) string {
	switch name {
	case "actors", "actorpart", "noactor", "network", "proposals", "wording", "outlet":
		return "actor"
	}
	return name
}

// letters is how many letters of a name a butterfly has room for.
const letters = 26

// tieRow is one line of the table of ties.
type tieRow struct {
	From, To  nameLink
	Kind      string // conflict, cooperation
	Types     string
	Told      int
	Claimed   int
	Unreal    int
	Reports   int
	Origins   int
	Certainty string // told, claimed, unreal: the strongest that any account gives
}

// certainty is the strongest that any account gives: a report says in its own
// voice that it happened, somebody says so, or nobody does.
func certainty(t *ledger.Tie) string {
	switch {
	case t.Told > 0:
		return "told"
	case t.Claimed > 0:
		return "claimed"
	}
	return "unreal"
}

// tieRows are the ties in words; names are those of actors by id.
func (d *Desk) tieRows(l *language, x *ledger.Network) (list []tieRow) {
	names := map[string]nameLink{}
	for _, a := range x.Actors {
		plain := d.actorName(l, a.ID, a.Name, a.NameEn)
		names[a.ID] = nameLink{bdi(plain), actorLink(a.ID), plain}
	}
	for i := range x.Ties {
		t := &x.Ties[i]
		row := tieRow{From: names[t.From], To: names[t.To], Kind: t.Kind, Told: t.Told, Claimed: t.Claimed, Unreal: t.Unreal, Reports: t.Reports, Origins: t.Origins, Certainty: certainty(t)}
		var types []string
		for k := range t.Types {
			types = append(types, k)
		}
		slices.SortFunc(types, func(a, b string) int { return cmp.Or(t.Types[b]-t.Types[a], strings.Compare(a, b)) })
		for j, k := range types[:min(len(types), 3)] {
			types[j] = l.Word("value.event.type", k) + " " + l.Digits(strconv.Itoa(t.Types[k]))
		}
		row.Types = strings.Join(types[:min(len(types), 3)], l.T("list.comma")+" ")
		list = append(list, row)
	}
	return list
}

// line is a drawn tie: a path with its kind, how sure it is, and its width.
type drawnLine struct {
	Path  string
	Class string
	Kind  string
	Width string
	Title string
	A, B  int // places of its ends among the nodes
	X, Y  string
	Count string
}

// node is a drawn actor.
type drawnNode struct {
	N       int
	Link    string
	Name    string // as much of it as there is room for
	Whole   string
	X, Y, R string // of its dot
	Turn    string // of its name: rotate(…)
	Anchor  string
	TextX   string
}

// butterfly draws an actor with those who act on it on one side and those on
// whom it acts on the other.
type butterfly struct {
	Width, Height int
	Centre        drawnNode
	CentreX       int
	Nodes         []drawnNode
	Lines         []drawnLine
	Heads         [2]head // over the two sides
	More          int     // ties that are in the table alone
}

type head struct {
	X      int
	Text   string
	Anchor string
}

// The measures of a butterfly.
const (
	wingRow   = 38
	wingShown = 8 // on a side
	wingWidth = 760
	wingNames = 215 // where the names of one side end
)

// widthOf is how wide a tie of so many reports is drawn.
//
//	1 → 1.2, 8 → 2.7, 64 → 4.2
func widthOf(reports int) string {
	return strconv.FormatFloat(math.Min(5, 1.2+0.5*math.Log2(float64(max(1, reports)))), 'f', 1, 64)
}

// newButterfly draws the neighbourhood of an actor. In a language that is
// written from right to left the sides change places: reading goes from those who act.
func newButterfly(l *language, x *ledger.Network, rows []tieRow, centre string) *butterfly {
	b := &butterfly{Width: wingWidth, CentreX: wingWidth / 2}
	names := map[[2]string]nameLink{}
	var sides [2][]string // who acts on it; on whom it acts
	of := map[[2]string][]int{}
	for i, t := range x.Ties {
		side, other := 0, t.From
		if t.From == centre {
			side, other = 1, t.To
		}
		k := [2]string{strconv.Itoa(side), other}
		if of[k] == nil {
			if len(sides[side]) == wingShown {
				b.More++
				continue
			}
			sides[side] = append(sides[side], other)
		}
		of[k] = append(of[k], i)
		names[k] = rows[i].From
		if side == 1 {
			names[k] = rows[i].To
		}
	}
	n := max(len(sides[0]), len(sides[1]))
	if n == 0 {
		return nil
	}
	b.Height = 40 + max(n, 2)*wingRow + 10
	middle := 40 + max(n, 2)*wingRow/2
	place := func(x int) int {
		if l.Dir == "rtl" {
			return wingWidth - x
		}
		return x
	}
	anchors := [2]string{"end", "start"}
	if l.Dir == "rtl" {
		anchors = [2]string{"start", "end"}
	}
	for i, key := range [...]string{"actor.acts-on-it", "actor.it-acts-on"} {
		if len(sides[i]) > 0 {
			b.Heads[i] = head{place([...]int{wingNames, wingWidth - wingNames}[i]), l.T(key), anchors[i]}
		}
	}
	b.Centre = drawnNode{X: strconv.Itoa(b.CentreX), Y: strconv.Itoa(middle + 5)}
	for side, list := range sides {
		for i, id := range list {
			y := 40 + (max(n, 2)-len(list))*wingRow/2 + i*wingRow + wingRow/2
			edge, inner := wingNames, wingNames+12
			if side == 1 {
				edge, inner = wingWidth-wingNames, wingWidth-wingNames-12
			}
			link := names[[2]string{strconv.Itoa(side), id}]
			whole := link.Plain
			b.Nodes = append(b.Nodes, drawnNode{Link: link.Link, Name: clipName(whole, letters), Whole: whole, TextX: strconv.Itoa(place(edge)), Y: strconv.Itoa(y + 5), Anchor: anchors[side]})
			ties := of[[2]string{strconv.Itoa(side), id}]
			for j, k := range ties {
				t := &x.Ties[k]
				dy := 0
				if len(ties) > 1 {
					dy = 14*j - 7
				}
				x1, x2 := place(inner), b.CentreX
				turn := -58
				if x1 > x2 {
					turn = 58
				}
				x2 += turn
				y1, y2 := y+dy, middle+(2*i-len(list)+1)*5+dy/3
				if side == 1 { // from the centre outwards
					x1, x2, y1, y2 = x2, x1, y2, y1
				}
				half := (x1 + x2) / 2
				cx, cy := float64(place(inner)), float64(y+dy+4)
				if place(inner) < b.CentreX {
					cx += 16
				} else {
					cx -= 16
				}
				b.Lines = append(b.Lines, drawnLine{Path: fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, half, y1, half, y2, x2, y2), Class: "kind-" + t.Kind + " " + certainty(t), Kind: t.Kind, Width: widthOf(t.Reports),
					X: num(cx), Y: num(cy), Count: l.Digits(strconv.Itoa(t.Reports)), Title: rows[k].title(l)})
			}
		}
	}
	return b
}

// title says a tie in one line.
func (t *tieRow) title(l *language) string {
	return l.T("network.kind."+t.Kind) + l.T("list.comma") + " " + l.T("network.certainty."+t.Certainty) + ": " + t.Types + " (" + l.T("incidents.reports", t.Reports) + ")"
}

// clipName is as much of a name as there is room for.
func clipName(s string, room int) string {
	r := []rune(s)
	if len(r) <= room {
		return s
	}
	return strings.TrimSpace(string(r[:room-1])) + "…"
}

func num(f float64) string {
	s := strconv.FormatFloat(f, 'f', 1, 64)
	return strings.TrimSuffix(strings.TrimSuffix(s, "0"), ".")
}

// wheel draws a network: its actors on a circle, those who have to do with each
// other beside each other, their names outwards.
type wheel struct {
	Half  int // of the side of its square, whose middle is 0, 0
	Size  int
	Font  string
	Nodes []drawnNode
	Lines []drawnLine
}

// The measures of a wheel, in the units of its drawing: the radius is that
// of one with so many actors, and around it there is room for names.
const wheelNames = 200

func wheelRadius(n int) float64 { return math.Max(130, math.Min(300, 70+9*float64(n))) }

// newWheel draws a network of up to 100 actors. The same network gives the
// same drawing.
func newWheel(l *language, x *ledger.Network, rows []tieRow) *wheel {
	n := len(x.Actors)
	if n == 0 {
		return nil
	}
	at := map[string]int{}
	for i, a := range x.Actors {
		at[a.ID] = i
	}
	weight := make([][]float64, n)
	for i := range weight {
		weight[i] = make([]float64, n)
	}
	total := make([]float64, n)
	for _, t := range x.Ties {
		i, j, w := at[t.From], at[t.To], float64(t.Reports)
		weight[i][j] += w
		weight[j][i] += w
		total[i] += w
		total[j] += w
	}
	order := round(weight, total)
	place := make([]int, n)
	for p, i := range order {
		place[i] = p
	}
	rim := wheelRadius(n)
	w := &wheel{Font: num(fontOf(n))}
	letter := 0.53 * fontOf(n) // how wide one is, about
	room, longest := int((wheelNames-24)/letter), 0
	links := map[string]nameLink{}
	for i, t := range x.Ties {
		links[t.From], links[t.To] = rows[i].From, rows[i].To
	}
	most := slices.Max(total)
	radius := func(i int) float64 { return 3 + 5*math.Sqrt(total[i]/most) }
	angle := func(i int) float64 { return 2*math.Pi*float64(place[i])/float64(n) - math.Pi/2 }
	for _, i := range order {
		a := angle(i)
		whole := links[x.Actors[i].ID].Plain
		node := drawnNode{N: i, Link: links[x.Actors[i].ID].Link, Whole: whole, Name: clipName(whole, room), X: num(rim * math.Cos(a)), Y: num(rim * math.Sin(a)), R: num(radius(i))}
		turn := a * 180 / math.Pi
		left := math.Cos(a) < -1e-9
		node.TextX, node.Anchor = num(rim+14), "start"
		if left {
			turn, node.TextX, node.Anchor = turn+180, num(-rim-14), "end"
		}
		node.Turn = "rotate(" + num(turn) + ")"
		longest = max(longest, len([]rune(node.Name)))
		w.Nodes = append(w.Nodes, node)
	}
	w.Half = int(rim + 30 + letter*float64(longest))
	w.Size = 2 * w.Half
	for k := range x.Ties {
		t := &x.Ties[k]
		i, j := at[t.From], at[t.To]
		ax, ay := rim*math.Cos(angle(i)), rim*math.Sin(angle(i))
		bx, by := rim*math.Cos(angle(j)), rim*math.Sin(angle(j))
		// Neighbours are joined near the rim, those across by way of the middle. What goes there and back, and
		// the two kinds, take ways of their own.
		apart := float64(min(abs(place[i]-place[j]), n-abs(place[i]-place[j]))) / math.Max(1, float64(n)/2)
		pull := 0.72 * (1 - apart)
		side := 14.0
		if t.Kind == ledger.Cooperation {
			side = 34
		}
		mx, my := (ax+bx)/2*pull, (ay+by)/2*pull
		dx, dy := bx-ax, by-ay
		length := math.Max(1, math.Hypot(dx, dy))
		mx, my = mx-dy/length*side, my+dx/length*side
		// The arrow ends at the dot, not in it.
		ex, ey := bx-mx, by-my
		reach := math.Max(1, math.Hypot(ex, ey))
		short := radius(j) + 5
		bx, by = bx-ex/reach*short, by-ey/reach*short
		w.Lines = append(w.Lines, drawnLine{Path: "M" + num(ax) + " " + num(ay) + "Q" + num(mx) + " " + num(my) + " " + num(bx) + " " + num(by), Class: "kind-" + t.Kind + " " + certainty(t), Kind: t.Kind, Width: widthOf(t.Reports), A: i, B: j,
			Title: rows[k].From.Plain + " – " + rows[k].To.Plain + ": " + rows[k].title(l)})
	}
	slices.Reverse(w.Lines) // the strongest are drawn last, over the others
	return w
}

// fontOf is the size of the names of so many actors: names stand a font and a
// quarter apart on the rim at least.
func fontOf(n int) float64 {
	return math.Max(9, math.Min(15, 2*math.Pi*(wheelRadius(n)+14)/float64(n)/1.25))
}

// round orders actors on a circle so that those who have much to do with each
// other are near each other: one after the other is put where it has most to do with those
// there, then pairs change places as long as ways get shorter.
func round(weight [][]float64, total []float64) []int {
	n := len(total)
	var order []int
	in := make([]bool, n)
	for len(order) < n {
		best, score := -1, -1.0
		for i := range n {
			if in[i] {
				continue
			}
			s := total[i] / 1000
			for back, j := range order {
				s += weight[i][j] / float64(1+min(len(order)-1-back, back))
			}
			if s > score {
				best, score = i, s
			}
		}
		in[best] = true
		if k := len(order); k > 1 && weight[best][order[0]] > weight[best][order[k-1]] {
			order = slices.Insert(order, 0, best)
			continue
		}
		order = append(order, best)
	}
	cost := func(i, p int, order []int) (c float64) {
		for q, j := range order {
			if j != i && weight[i][j] > 0 {
				c += weight[i][j] * float64(min(abs(p-q), n-abs(p-q)))
			}
		}
		return c
	}
	for range 12 {
		better := false
		for p := range n {
			for q := p + 1; q < n; q++ {
				i, j := order[p], order[q]
				before := cost(i, p, order) + cost(j, q, order)
				order[p], order[q] = j, i
				if cost(i, q, order)+cost(j, p, order) < before-1e-9 {
					better = true
				} else {
					order[p], order[q] = i, j
				}
			}
		}
		if !better {
			break
		}
	}
	return order
}

func abs(n int) int { return max(n, -n) }

// aroundIt are the ties that the page of an actor has.
var aroundIt = ledger.TieFilter{Unreal: true, Actors: 41, Ties: 60, Reports: tiesOf}

func (b *actorPageOf) around(ctx context.Context) error {
	x, err := b.desk.ledger.Around(ctx, b.desk.cast(), b.A, aroundIt)
	if err != nil || len(x.Ties) == 0 {
		return err
	}
	b.Ties = b.desk.tieRows(b.language, x)
	b.Around = newButterfly(b.language, x, b.Ties, b.A.ID)
	return nil
}

// networkBody is the page of who acts on whom.
type networkBody struct {
	*language
	From, To string
	Kinds    []option
	Windows  []option
	Unreal   bool
	Why      string
	Wheel    *wheel
	Rows     []tieRow
	Actors   int
	Left     int
	Of       string
}

// networkWindows are from how many of the newest reports a network may be
// drawn: the first takes a moment, the last some seconds.
var networkWindows = []int{500, 2000, 10000, 50000}

// So much of a network is drawn.
const (
	networkActors = 100
	networkTies   = 140
)

// network returns who acts on whom: from, to, kind, unreal, reports.
func (d *Desk) network(ctx context.Context, q url.Values) (*ledger.Network, error) {
	var f ledger.Filter
	var err error
	if f.From, f.To, err = days(strings.TrimSpace(q.Get("from")), strings.TrimSpace(q.Get("to"))); err != nil {
		return nil, err
	}
	t := ledger.TieFilter{Kind: q.Get("kind"), Unreal: q.Get("unreal") != "", Actors: networkActors, Ties: networkTies, Reports: networkWindows[0]}
	if t.Kind != "" && t.Kind != ledger.Opposition && t.Kind != ledger.Cooperation {
		return nil, badForm("%q is no kind of tie", t.Kind)
	}
	if s := q.Get("reports"); s != "" {
		if t.Reports, err = strconv.Atoi(latin(s)); err != nil || t.Reports < 1 || t.Reports > networkWindows[len(networkWindows)-1] {
			return nil, badForm("%q is no number of reports from 1 to %d", s, networkWindows[len(networkWindows)-1])
		}
	}
	return d.ledger.Network(ctx, d.cast(), f, t)
}

func (d *Desk) networkPage(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	q := r.URL.Query()
	b := networkBody{language: l, From: q.Get("from"), To: q.Get("to"), Unreal: q.Get("unreal") != ""}
	x, err := d.network(r.Context(), q)
	status := http.StatusOK
	switch {
	case err == nil:
		b.Rows = d.tieRows(l, x)
		b.Wheel = newWheel(l, x, b.Rows)
		b.Actors, b.Left = len(x.Actors), x.Left
		b.Of = l.T("network.of.all", x.Looked)
		if x.More {
			b.Of = l.T("network.of.newest", x.Looked)
		}
	case statusOf(err) == http.StatusUnprocessableEntity:
		status, b.Why = http.StatusUnprocessableEntity, err.Error()
	default:
		d.trouble(w, r, statusOf(err), err)
		return
	}
	for _, k := range [...]string{"", ledger.Opposition, ledger.Cooperation} {
		o := option{k, l.T("network.kind." + k), k == q.Get("kind")}
		if k == "" {
			o.Label = l.T("network.both")
		}
		b.Kinds = append(b.Kinds, o)
	}
	for _, n := range networkWindows {
		s := strconv.Itoa(n)
		b.Windows = append(b.Windows, option{s, l.T("network.newest", n), s == cmp.Or(q.Get("reports"), strconv.Itoa(networkWindows[0]))})
	}
	d.show(w, r, status, "network", l.T("network.title"), &b)
}
