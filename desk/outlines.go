package desk

import (
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/outlines.txt
var outlinesFile string

// geo is a point of the map, in degrees.
type geo struct{ lon, lat float64 }

// frame is a part of the map, in degrees.
type frame struct{ west, south, east, north float64 }

func (f frame) empty() bool { return f.east <= f.west || f.north <= f.south }

// with is the frame with a point in it.
func (f frame) with(p geo) frame {
	return frame{min(f.west, p.lon), min(f.south, p.lat), max(f.east, p.lon), max(f.north, p.lat)}
}

func (f frame) meets(g frame) bool {
	return f.west <= g.east && g.west <= f.east && f.south <= g.north && g.south <= f.north
}

// nowhere is a frame with no point in it.
var nowhere = frame{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

// outline is a ring of a country's border.
type outline struct {
	code  string // ISO 3166-1 alpha-2; "" for a territory that has none
	ring  []geo
	frame frame
}

// outlines are the rings of data/outlines.txt. The file is part of the program:
// a damaged one stops it.
var outlines = sync.OnceValue(func() []outline {
	list, err := readOutlines(outlinesFile)
	if err != nil {
		panic("desk: data/outlines.txt: " + err.Error())
	}
	return list
})

// countries are the outlines by country, and the frame of each one's largest
// ring.
var countries = sync.OnceValue(func() (x struct {
	codes    []string // in order
	rings    map[string][]outline
	mainland map[string]frame
}) {
	x.rings, x.mainland = map[string][]outline{}, map[string]frame{}
	size := func(f frame) float64 { return (f.east - f.west) * (f.north - f.south) }
	for _, o := range outlines() {
		if x.rings[o.code] = append(x.rings[o.code], o); len(x.rings[o.code]) == 1 {
			x.codes = append(x.codes, o.code)
		}
		if f, ok := x.mainland[o.code]; o.code != "" && (!ok || size(o.frame) > size(f)) {
			x.mainland[o.code] = o.frame
		}
	}
	slices.Sort(x.codes)
	return x
})

// drawn keeps the outlines of the frames that were last asked for: drawing them
// takes longer than all else on the map.
var drawn struct {
	sync.Mutex
	paths map[frame]map[string]string // by country
}

// outlineMost is how many bytes of outlines a page has, and framesKept how many
// frames are kept.
const (
	outlineMost = 90000
	framesKept  = 64
)

// paths are the outlines of all countries that are in a frame.
func (s sketch) paths() map[string]string {
	drawn.Lock()
	m := drawn.paths[s.frame]
	drawn.Unlock()
	if m != nil {
		return m
	}
	for step := 1.0; ; step *= 1.6 {
		m = map[string]string{}
		size := 0
		for _, code := range countries().codes {
			if p := s.path(countries().rings[code], step); p != "" {
				m[code] = p
				size += len(p)
			}
		}
		if size <= outlineMost {
			break
		}
	}
	drawn.Lock()
	defer drawn.Unlock()
	if len(drawn.paths) >= framesKept || drawn.paths == nil {
		drawn.paths = map[frame]map[string]string{}
	}
	drawn.paths[s.frame] = m
	return m
}

func readOutlines(file string) ([]outline, error) {
	var list []outline
	n := 0
	for line := range strings.Lines(file) {
		if n++; line[0] == '#' || strings.TrimSpace(line) == "" {
			continue
		}
		code, points, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || code != "-" && len(code) != 2 {
			return nil, fmt.Errorf("line %d is no country and its points", n)
		}
		o := outline{code: strings.TrimPrefix(code, "-"), frame: nowhere}
		numbers := strings.Fields(points)
		if len(numbers)%2 != 0 || len(numbers) < 6 {
			return nil, fmt.Errorf("line %d: %d numbers are no ring", n, len(numbers))
		}
		x, y := 0, 0
		for i := 0; i < len(numbers); i += 2 {
			dx, err1 := strconv.Atoi(numbers[i])
			dy, err2 := strconv.Atoi(numbers[i+1])
			if err1 != nil || err2 != nil {
				return nil, fmt.Errorf("line %d: %s %s is no point", n, numbers[i], numbers[i+1])
			}
			x, y = x+dx, y+dy
			p := geo{float64(x) / 100, float64(y) / 100}
			if math.Abs(p.lon) > 180 || math.Abs(p.lat) > 90 {
				return nil, fmt.Errorf("line %d: %v is not on the earth", n, p)
			}
			o.ring, o.frame = append(o.ring, p), o.frame.with(p)
		}
		list = append(list, o)
	}
	return list, nil
}

// sketch draws outlines in a frame.
type sketch struct {
	frame         frame
	width, height float64
}

// at is the place of a point on the drawing: degrees of longitude are drawn as
// long as they are in the middle of the frame.
func (s sketch) at(p geo) (x, y float64) {
	return (p.lon - s.frame.west) / (s.frame.east - s.frame.west) * s.width, (s.frame.north - p.lat) / (s.frame.north - s.frame.south) * s.height
}

// path draws the rings of one country that are in the frame, leaving out points
// nearer than step to the one before; "" where none is.
//
//	M10 20l5-3 7 1z
func (s sketch) path(rings []outline, step float64) string {
	// Borders are cut a little outside the frame, so that the cut is not seen.
	dx, dy := (s.frame.east-s.frame.west)/20, (s.frame.north-s.frame.south)/20
	wide := frame{s.frame.west - dx, s.frame.south - dy, s.frame.east + dx, s.frame.north + dy}
	var b strings.Builder
	for _, o := range rings {
		if !o.frame.meets(wide) {
			continue
		}
		ring := clipped(o.ring, wide)
		if len(ring) < 3 {
			continue
		}
		var xs, ys []int
		for _, p := range ring {
			fx, fy := s.at(p)
			x, y := int(math.Round(fx)), int(math.Round(fy))
			if n := len(xs); n > 0 && math.Hypot(float64(x-xs[n-1]), float64(y-ys[n-1])) < step {
				continue
			}
			xs, ys = append(xs, x), append(ys, y)
		}
		if len(xs) < 3 {
			continue
		}
		fmt.Fprintf(&b, "M%d %dl", xs[0], ys[0])
		for i := 1; i < len(xs); i++ {
			digits(&b, xs[i]-xs[i-1], i > 1)
			digits(&b, ys[i]-ys[i-1], true)
		}
		b.WriteByte('z')
	}
	return b.String()
}

// digits writes a number of a path; a minus parts it from the one before.
func digits(b *strings.Builder, n int, part bool) {
	if part && n >= 0 {
		b.WriteByte(' ')
	}
	b.WriteString(strconv.Itoa(n))
}

// clipped is the part of a ring that is in a frame (Sutherland and Hodgman).
func clipped(ring []geo, f frame) []geo {
	for _, side := range [...]struct {
		in    func(geo) bool
		cross func(a, b geo) geo
	}{
		{func(p geo) bool { return p.lon >= f.west }, func(a, b geo) geo { return geo{f.west, a.lat + (b.lat-a.lat)*(f.west-a.lon)/(b.lon-a.lon)} }},
		{func(p geo) bool { return p.lon <= f.east }, func(a, b geo) geo { return geo{f.east, a.lat + (b.lat-a.lat)*(f.east-a.lon)/(b.lon-a.lon)} }},
		{func(p geo) bool { return p.lat >= f.south }, func(a, b geo) geo { return geo{a.lon + (b.lon-a.lon)*(f.south-a.lat)/(b.lat-a.lat), f.south} }},
		{func(p geo) bool { return p.lat <= f.north }, func(a, b geo) geo { return geo{a.lon + (b.lon-a.lon)*(f.north-a.lat)/(b.lat-a.lat), f.north} }},
	} {
		var out []geo
		for i, p := range ring {
			before := ring[(i+len(ring)-1)%len(ring)]
			if side.in(p) != side.in(before) {
				out = append(out, side.cross(before, p))
			}
			if side.in(p) {
				out = append(out, p)
			}
		}
		if ring = out; len(ring) == 0 {
			return nil
		}
	}
	return ring
}
