// Outlines makes the map of the desk: the outlines of countries from Natural
// Earth, simplified, one ring a line.
//
//	npm pack world-atlas@2.0.2 && tar xf world-atlas-2.0.2.tgz
//	go run ./scripts/outlines package/countries-50m.json > desk/data/outlines.txt
//
// Borders that two countries share are simplified once, so that they still
// meet. Islands that would be a dot are left out.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

const (
	tolerance = 0.035 // degrees that a border may be moved by simplifying it
	smallest  = 0.02  // square degrees: a ring with less area is left out, unless it is all that a country has
)

// topology is what is read of a TopoJSON file.
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   struct {
		Countries struct {
			Geometries []struct {
				Type       string
				ID         string
				Arcs       json.RawMessage
				Properties struct{ Name string }
			}
		}
	}
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./scripts/outlines countries-50m.json > desk/data/outlines.txt")
		os.Exit(2)
	}
	if err := run(os.Args[1], "export/data/countries.txt", os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "outlines:", err)
		os.Exit(1)
	}
}

func run(file, countries string, to io.Writer) error {
	codes, err := readCodes(countries)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var t topology
	if err := json.Unmarshal(b, &t); err != nil {
		return fmt.Errorf("%s is no TopoJSON: %w", file, err)
	}
	arcs := make([][]point, len(t.Arcs))
	for i, a := range t.Arcs {
		var x, y float64
		for _, p := range a {
			x, y = x+p[0], y+p[1]
			arcs[i] = append(arcs[i], point{x*t.Transform.Scale[0] + t.Transform.Translate[0], y*t.Transform.Scale[1] + t.Transform.Translate[1]})
		}
		arcs[i] = simplify(arcs[i])
	}
	var lines []string
	for _, g := range t.Objects.Countries.Geometries {
		var polygons [][][]int
		if g.Type == "Polygon" {
			var one [][]int
			err = json.Unmarshal(g.Arcs, &one)
			polygons = [][][]int{one}
		} else {
			err = json.Unmarshal(g.Arcs, &polygons)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", g.Properties.Name, err)
		}
		var rings [][]point
		if g.Properties.Name == "Antarctica" { // goes round the pole, which no flat ring does
			continue
		}
		for _, p := range polygons {
			for _, r := range p {
				rings = append(rings, cut(ring(arcs, r))...)
			}
		}
		slices.SortStableFunc(rings, func(a, b []point) int { return int(math.Copysign(1, area(b)-area(a))) })
		code := codes[strings.TrimLeft(g.ID, "0")]
		switch {
		case g.Properties.Name == "Kosovo":
			code = "XK"
		case code == "":
			code = "-"
		}
		for i, r := range rings {
			if s := written(r); s != "" && (i == 0 || area(r) >= smallest) {
				lines = append(lines, code+"\t"+s)
			}
		}
	}
	slices.Sort(lines)
	w := bufio.NewWriter(to)
	fmt.Fprint(w, `# Outlines of countries, for the map of events.
#
# Fields, one ring a line, separated by a tab:
#   1 ISO 3166-1 alpha-2, "-" for a territory that has none; a country has a line for each of its rings, holes too
#   2 points in hundredths of a degree WGS84, longitude and latitude: the first as it is, the others as steps from the one before;
#     the last is joined to the first
#
# The lines are de facto ones, as Natural Earth draws them; they say nothing about whose a territory is.
# Source: Natural Earth 4.1.0, Admin 0 countries, 1:50m (public domain), through npm world-atlas 2.0.2 (ISC); simplified by
# scripts/outlines, islands smaller than a dot left out.
# Licence: public domain.

`)
	for _, l := range lines {
		fmt.Fprintln(w, l)
	}
	return w.Flush()
}

// readCodes reads numeric codes and what they are in two letters.
func readCodes(file string) (map[string]string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	m := map[string]string{}
	for line := range strings.Lines(string(b)) {
		if f := strings.Split(line, "\t"); line[0] != '#' && len(f) > 3 {
			m[f[2]] = f[0]
		}
	}
	return m, nil
}

type point struct{ x, y float64 }

// simplify leaves out points that are no farther than tolerance from the line
// without them (Douglas and Peucker); a degree of longitude counts as it is
// long there.
func simplify(line []point) []point {
	if len(line) < 3 {
		return line
	}
	first, last := line[0], line[len(line)-1]
	far, at := 0.0, 0
	for i := 1; i < len(line)-1; i++ {
		if d := distance(line[i], first, last); d > far {
			far, at = d, i
		}
	}
	if far <= tolerance {
		if first == last { // a whole island
			return []point{first, line[at], last}
		}
		return []point{first, last}
	}
	head := simplify(line[:at+1])
	return append(head[:len(head)-1:len(head)-1], simplify(line[at:])...)
}

func distance(p, a, b point) float64 {
	k := math.Cos(p.y * math.Pi / 180)
	px, py, bx, by := (p.x-a.x)*k, p.y-a.y, (b.x-a.x)*k, b.y-a.y
	if l := bx*bx + by*by; l > 0 {
		t := min(1, max(0, (px*bx+py*by)/l))
		px, py = px-t*bx, py-t*by
	}
	return math.Hypot(px, py)
}

// ring puts arcs together; ^i is arc i backwards.
func ring(arcs [][]point, list []int) []point {
	var out []point
	for _, i := range list {
		a := arcs[max(i, ^i)]
		if i < 0 {
			a = slices.Clone(a)
			slices.Reverse(a)
		}
		if len(out) > 0 {
			a = a[1:]
		}
		out = append(out, a...)
	}
	return out
}

// cut parts a ring that crosses the 180th meridian into those on both sides.
func cut(r []point) [][]point {
	far := 0.0
	whole := []point{r[0]}
	for i, p := range r[1:] {
		if d := p.x - r[i].x; d > 180 {
			far -= 360
		} else if d < -180 {
			far += 360
		}
		whole = append(whole, point{p.x + far, p.y})
	}
	var out [][]point
	for _, shift := range []float64{-360, 0, 360} {
		side := make([]point, len(whole))
		for i, p := range whole {
			side[i] = point{p.x + shift, p.y}
		}
		side = half(half(side, -180, 1), 180, -1)
		if len(side) > 3 {
			out = append(out, side)
		}
	}
	return out
}

// half is the part of a ring that is on one side of a meridian: east of it
// where sign is 1, west where it is -1.
func half(r []point, at, sign float64) []point {
	var out []point
	in := func(p point) bool { return (p.x-at)*sign >= 0 }
	for i, p := range r {
		if i > 0 && in(p) != in(r[i-1]) {
			q := r[i-1]
			out = append(out, point{at, q.y + (p.y-q.y)*(at-q.x)/(p.x-q.x)})
		}
		if in(p) {
			out = append(out, p)
		}
	}
	if len(out) > 0 && out[0] != out[len(out)-1] {
		out = append(out, out[0])
	}
	return out
}

func area(r []point) float64 {
	sum := 0.0
	for i, p := range r {
		q := r[(i+1)%len(r)]
		sum += p.x*q.y - q.x*p.y
	}
	return math.Abs(sum) / 2
}

// written is a ring as the file has it; "" where fewer than three points are left.
func written(r []point) string {
	var steps []string
	var x, y int
	n := 0
	for _, p := range r[:len(r)-1] {
		nx, ny := int(math.Round(p.x*100)), int(math.Round(p.y*100))
		if n > 0 && nx == x && ny == y {
			continue
		}
		steps = append(steps, strconv.Itoa(nx-x), strconv.Itoa(ny-y))
		x, y, n = nx, ny, n+1
	}
	if n < 3 {
		return ""
	}
	return strings.Join(steps, " ")
}
