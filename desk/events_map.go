package desk

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/ledger"
)

// eventMap draws where events are. A place is never a point: it is as wide as
// what is known of it, a town some kilometres, a province or a region a wide
// soft disc, a state its outline. What has no place on the map is in the table
// beside it.
type eventMap struct {
	Drawn   bool // something is on the map
	Width   int
	Height  int
	Lands   []string // outlines of countries without events
	Areas   []area   // states as places, then discs, the widest first
	Labels  []mapLabel
	In      string // links: nearer, farther, to the sides, all of it
	Out     string
	North   string
	South   string
	East    string
	West    string
	Whole   string
	Places  []placeRow
	More    int  // places that are not listed
	Outside int  // places on the map, but outside the frame
	Missing bool // some places have no place on the map
}

// area is a place on the map.
type area struct {
	Path    string // of a country
	X, Y, R int    // of a disc
	Class   string
	Title   string
	Link    string
}

// mapLabel is a name on the map.
type mapLabel struct {
	X, Y   int
	Name   string
	Events string
}

// placeRow is a place in the table.
type placeRow struct {
	Name   template.HTML
	Rough  string
	Events int64
	Link   string
	Near   string // the map round it; "" where it is not on the map
}

const (
	mapWidth   = 1000
	mapHeight  = 620
	listedMost = 40 // places in the table
	labelsMost = 14 // names on the map
)

// extents are how far a place may reach from its coordinates, in degrees of
// latitude: a town about ten kilometres, a province some 75.
var extents = map[string]float64{"site": 0.05, "place": 0.05, "point": 0.05, "city": 0.1, "province": 0.7, "region": 2.5, "water": 2.5, "country": 3}

// placed is a place that can be drawn.
type placed struct {
	*ledger.EventPlace
	at      geo
	country string  // code, where it is drawn as an outline
	extent  float64 // degrees
}

// newEventMap draws the places of a tally. states are the codes of states by id.
func newEventMap(l *language, a eventsWanted, t *ledger.EventTally, states map[string]string) *eventMap {
	m := &eventMap{Width: mapWidth, Height: mapHeight}
	var list []placed
	most := int64(1)
	rings := countries().rings
	for i := range t.Places {
		p := &t.Places[i]
		x := placed{EventPlace: p, extent: extents[p.Precision]}
		switch code := states[p.ID]; {
		case code != "" && rings[code] != nil:
			x.country = code
		case p.Lat != nil && p.Lon != nil && math.Abs(*p.Lat) <= 90 && math.Abs(*p.Lon) <= 180:
			x.at = geo{*p.Lon, *p.Lat}
			if x.extent == 0 {
				x.extent = extents["region"] // nothing says how exact it is
			}
		default:
			x.extent = -1
		}
		row := placeRow{Name: l.nameOf(p.NamedEntity), Rough: l.precision(p.Type, p.Precision), Events: p.Events}
		if p.ID != "" && p.ID[0] != '~' {
			row.Link = a.link(func(q *eventsWanted) { q.Place = p.ID })
		}
		if x.extent >= 0 {
			f := x.frame().padded(2)
			row.Near = a.link(func(q *eventsWanted) { q.Box = f.String() }) + "#map"
			list, most = append(list, x), max(most, p.Events)
		} else {
			m.Missing = true
		}
		if len(m.Places) < listedMost {
			m.Places = append(m.Places, row)
		} else {
			m.More++
		}
	}
	if m.Drawn = len(list) > 0; !m.Drawn {
		return m
	}
	home := homeOf(list)
	f, ok := readFrame(a.Box)
	if !ok {
		f = home
	}
	f = f.shaped()
	m.draw(l, a, list, most, f)
	move := func(g frame) string { return a.link(func(q *eventsWanted) { q.Box = g.String() }) + "#map" }
	w, h := f.east-f.west, f.north-f.south
	if w > 1.5 {
		m.In = move(frame{f.west + w/4, f.south + h/4, f.east - w/4, f.north - h/4})
	}
	if w < 350 {
		m.Out = move(frame{f.west - w/2, f.south - h/2, f.east + w/2, f.north + h/2}.inside())
	}
	for _, s := range [...]struct {
		into   *string
		dx, dy float64
	}{{&m.North, 0, h / 2}, {&m.South, 0, -h / 2}, {&m.East, w / 2, 0}, {&m.West, -w / 2, 0}} {
		if g := (frame{f.west + s.dx, f.south + s.dy, f.east + s.dx, f.north + s.dy}).inside(); g != f {
			*s.into = move(g)
		}
	}
	if a.Box != "" {
		m.Whole = a.link(func(q *eventsWanted) { q.Box = "" }) + "#map"
	}
	return m
}

// frame is the part of the map that a place may be in.
func (p *placed) frame() frame {
	if p.country != "" {
		return countries().mainland[p.country]
	}
	e := max(p.extent, 0.2)
	return frame{p.at.lon - e, p.at.lat - e, p.at.lon + e, p.at.lat + e}
}

// homeOf is a frame with all places but the outermost: of the events, one in
// fifty may stay outside at each side.
func homeOf(list []placed) frame {
	cut := func(edge func(frame) float64, least bool) float64 {
		type at struct {
			v float64
			n int64
		}
		var edges []at
		total := int64(0)
		for i := range list {
			edges = append(edges, at{edge(list[i].frame()), list[i].Events})
			total += list[i].Events
		}
		slices.SortFunc(edges, func(x, y at) int {
			if less := x.v < y.v; less == least && x.v != y.v {
				return -1
			} else if x.v == y.v {
				return 0
			}
			return 1
		})
		sum := int64(0)
		for _, e := range edges {
			if sum += e.n; sum*50 > total {
				return e.v
			}
		}
		return edges[len(edges)-1].v
	}
	f := frame{cut(func(f frame) float64 { return f.west }, true), cut(func(f frame) float64 { return f.south }, true),
		cut(func(f frame) float64 { return f.east }, false), cut(func(f frame) float64 { return f.north }, false)}
	return f.padded(0.08)
}

// padded is a frame made wider by a share of its size on each side.
func (f frame) padded(share float64) frame {
	dx, dy := max(0.3, (f.east-f.west)*share), max(0.3, (f.north-f.south)*share)
	return frame{f.west - dx, f.south - dy, f.east + dx, f.north + dy}
}

// shaped is a frame made as wide or as high as the drawing wants, and no smaller
// than two degrees.
func (f frame) shaped() frame {
	middle := geo{(f.west + f.east) / 2, (f.south + f.north) / 2}
	k := max(0.2, math.Cos(middle.lat*math.Pi/180))
	w, h := max(f.east-f.west, 2), max(f.north-f.south, 1.2)
	if want := h * mapWidth / mapHeight / k; w < want {
		w = want
	} else {
		h = w * k * mapHeight / mapWidth
	}
	w, h = min(w, 360), min(h, 180)
	return frame{middle.lon - w/2, middle.lat - h/2, middle.lon + w/2, middle.lat + h/2}.inside()
}

// inside is a frame moved, and where it has to be cut, so that it is on the earth.
func (f frame) inside() frame {
	if w := f.east - f.west; w >= 360 {
		f.west, f.east = -180, 180
	} else if f.west < -180 {
		f.west, f.east = -180, -180+w
	} else if f.east > 180 {
		f.west, f.east = 180-w, 180
	}
	if h := f.north - f.south; h >= 180 {
		f.south, f.north = -90, 90
	} else if f.south < -90 {
		f.south, f.north = -90, -90+h
	} else if f.north > 90 {
		f.south, f.north = 90-h, 90
	}
	return f
}

// String is a frame as an address has it: west, south, east, north.
func (f frame) String() string {
	return fmt.Sprintf("%.2f,%.2f,%.2f,%.2f", f.west, f.south, f.east, f.north)
}

func readFrame(s string) (frame, bool) {
	parts := strings.Split(latin(s), ",")
	if len(parts) != 4 {
		return frame{}, false
	}
	var n [4]float64
	for i, p := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || math.IsNaN(v) || math.Abs(v) > 360 {
			return frame{}, false
		}
		n[i] = v
	}
	f := frame{n[0], n[1], n[2], n[3]}
	return f, !f.empty()
}

// level is one of five steps of how many events a place has, by the logarithm.
func level(n, most int64) int {
	if most <= 1 {
		return 3
	}
	return 1 + min(4, int(4*math.Log(float64(n))/math.Log(float64(most))+0.5))
}

func (m *eventMap) draw(l *language, a eventsWanted, list []placed, most int64, f frame) {
	s := sketch{f, mapWidth, mapHeight}
	filled := map[string]*placed{}
	for i := range list {
		if list[i].country != "" {
			filled[list[i].country] = &list[i]
		}
	}
	paths := s.paths()
	for _, code := range countries().codes {
		p := paths[code]
		if p == "" {
			continue
		}
		if x := filled[code]; x != nil {
			m.Areas = append(m.Areas, x.area(l, a, most, "state"))
			m.Areas[len(m.Areas)-1].Path = p
		} else {
			m.Lands = append(m.Lands, p)
		}
	}
	// A degree of latitude, as it is drawn.
	degree := mapHeight / (f.north - f.south)
	discs := slices.DeleteFunc(slices.Clone(list), func(p placed) bool { return p.country != "" })
	slices.SortStableFunc(discs, func(x, y placed) int {
		switch {
		case x.extent > y.extent:
			return -1
		case x.extent < y.extent:
			return 1
		}
		return 0
	})
	for i := range discs {
		p := &discs[i]
		x, y := s.at(p.at)
		r := max(p.extent*degree, 6)
		if x < -r || x > mapWidth+r || y < -r || y > mapHeight+r {
			m.Outside++
			continue
		}
		kind := "town"
		if p.extent > extents["city"] {
			kind = "wide"
		}
		o := p.area(l, a, most, kind)
		o.X, o.Y, o.R = int(math.Round(x)), int(math.Round(y)), int(math.Round(min(r, mapWidth)))
		m.Areas = append(m.Areas, o)
	}
	m.label(l, list, s, degree)
}

// area is what a place has whatever it is drawn as.
func (p *placed) area(l *language, a eventsWanted, most int64, kind string) area {
	o := area{Class: fmt.Sprintf("area %s level-%d", kind, level(p.Events, most))}
	name := p.Name
	if l.Code != "fa" && p.NameEn != "" {
		name = p.NameEn
	}
	rough := l.precision(p.Type, p.Precision)
	if rough != "" {
		name = l.T("events.place-rough", name, rough)
	}
	o.Title = tame(l.T("events.bar", name, l.T("events.count", l.Number(p.Events))))
	if p.ID != "" && p.ID[0] != '~' {
		o.Link = a.link(func(q *eventsWanted) { q.Place = p.ID })
	}
	return o
}

// label writes the names of the places with most events, where there is room
// for them.
func (m *eventMap) label(l *language, list []placed, s sketch, degree float64) {
	type box struct{ x0, y0, x1, y1 float64 }
	var taken []box
	for i := range list {
		p := &list[i]
		if len(m.Labels) == labelsMost {
			break
		}
		at, r := p.at, max(p.extent*degree, 6)
		if p.country != "" {
			f := countries().mainland[p.country]
			at, r = geo{(f.west + f.east) / 2, (f.south + f.north) / 2}, 0
		}
		x, y := s.at(at)
		name := p.Name
		if l.Code != "fa" && p.NameEn != "" {
			name = p.NameEn
		}
		o := mapLabel{Name: tame(short(name, 24)), Events: l.Number(p.Events)}
		half := float64(len([]rune(o.Name))+len(o.Events)+2) * 6.4
		if p.extent <= extents["city"] && p.country == "" {
			y -= r + 8 // above a town; in the middle of what is wide
		}
		b := box{x - half, y - 20, x + half, y + 6}
		if b.x0 < 4 || b.x1 > mapWidth-4 || b.y0 < 4 || b.y1 > mapHeight-4 ||
			slices.ContainsFunc(taken, func(t box) bool { return b.x0 < t.x1 && t.x0 < b.x1 && b.y0 < t.y1 && t.y0 < b.y1 }) {
			continue
		}
		taken = append(taken, b)
		o.X, o.Y = int(math.Round(x)), int(math.Round(y))
		m.Labels = append(m.Labels, o)
	}
}
