// Package crf labels sequences with linear-chain conditional random fields
// over hashed features: the machine under the tagger (fa/tag). A model is a
// string of bytes, read in place; it has one weight of 8 bits for each
// feature and label, and one of 16 for each pair of neighbouring labels.
//
// Train makes models; it is deterministic: the same examples give the same bytes.
package crf

import (
	"errors"
	"strings"
)

// MaxLabels is the most labels that a model may have: a set of labels is a uint32.
const MaxLabels = 32

// Model is a trained labeller.
type Model struct {
	Labels  []string
	trans   []int32 // trans[a*n+b]: b after a; row n: b at the start
	weights Table
}

const magic = "crf1\n"

// width is the number of weights that a feature has in a model of n labels: of
// two labels only the difference is kept.
func width(n int) int {
	if n == 2 {
		return 1
	}
	return n
}

// Load reads a model. It keeps data.
func Load(data string) (*Model, error) {
	rest, ok := strings.CutPrefix(data, magic)
	names, rest, ok2 := strings.Cut(rest, "\n")
	if !ok || !ok2 {
		return nil, errors.New("no crf model")
	}
	m := &Model{Labels: strings.Split(names, " ")}
	n := len(m.Labels)
	if n > MaxLabels || len(rest) < (n+1)*n*2 {
		return nil, errTable
	}
	for i := range (n + 1) * n {
		m.trans = append(m.trans, int32(int16(uint16(rest[2*i])|uint16(rest[2*i+1])<<8)))
	}
	var err error
	if m.weights, rest, err = readTable(rest[(n+1)*n*2:]); err == nil && (rest != "" || m.weights.Width != width(n)) {
		err = errTable
	}
	return m, err
}

// Lattice holds the label scores of one sequence. It may be used again and
// again, not by two goroutines at a time.
type Lattice struct {
	m     *Model
	score []int32
	back  []uint8
	path  []uint8
	len   int

	touched byte // keeps AddAll's questions from being left out
}

// Start empties the lattice for a sequence of length words of model m.
func (l *Lattice) Start(m *Model, length int) {
	l.m, l.len = m, length
	size := length * len(m.Labels)
	if cap(l.score) < size {
		l.score = make([]int32, size+size/2)
		l.back = make([]uint8, size+size/2)
		l.path = make([]uint8, length+length/2)
	}
	l.score, l.back, l.path = l.score[:size], l.back[:size], l.path[:length]
	clear(l.score)
}

// Add adds the weights of feature f to word i.
func (l *Lattice) Add(i int, f uint64) {
	w := l.m.weights.Get(f)
	if w == "" {
		return
	}
	if len(w) == 1 {
		l.score[2*i+1] += int32(int8(w[0]))
		return
	}
	row := l.score[i*len(w) : (i+1)*len(w)]
	for y := range row {
		row[y] += int32(int8(w[y]))
	}
}

// AddAll adds the weights of the features fs to word i. The table is larger
// than the processor's caches, so it first asks for all the places and then
// reads them: memory answers many such questions in the time of one.
func (l *Lattice) AddAll(i int, fs []uint64) {
	const most = 64
	t, n := &l.m.weights, len(l.m.Labels)
	if t.buckets == "" {
		return
	}
	row := l.score[i*n : (i+1)*n]
	var from, to [most]int
	for len(fs) > 0 {
		some := fs[:min(len(fs), most)]
		fs = fs[len(some):]
		for k, h := range some {
			b := int(h>>t.shift) * 4
			from[k&(most-1)], to[k&(most-1)] = int(u32(t.buckets, b)), int(u32(t.buckets, b+4))
		}
		touched := byte(0)
		for k := range some {
			if at := from[k&(most-1)] * (4 + t.Width); at < len(t.entries) {
				touched ^= t.entries[at]
			}
		}
		l.touched = touched
		for k, h := range some {
			w := t.find(from[k&(most-1)], to[k&(most-1)], uint32(h))
			if w == "" {
				continue
			}
			if len(w) == 1 {
				row[1] += int32(int8(w[0]))
				continue
			}
			for y := range row {
				row[y] += int32(int8(w[y]))
			}
		}
	}
}

// Bar makes word i take one of the labels in set.
func (l *Lattice) Bar(i int, set uint32) {
	n := len(l.m.Labels)
	for y, row := 0, l.score[i*n:(i+1)*n]; y < n; y++ {
		if set>>y&1 == 0 {
			row[y] -= 1 << 20
		}
	}
}

// Best returns the index of the best label of every word. The slice is good
// until the next call.
func (l *Lattice) Best() []uint8 {
	n := len(l.m.Labels)
	if l.len == 0 {
		return nil
	}
	for y, row := 0, l.score[:n]; y < n; y++ {
		row[y] += l.m.trans[n*n+y]
	}
	for i := 1; i < l.len; i++ {
		prev, row, back := l.score[(i-1)*n:i*n], l.score[i*n:(i+1)*n], l.back[i*n:(i+1)*n]
		var best [MaxLabels]int32
		for y := range row {
			best[y] = -1 << 30
		}
		for x, s := range prev {
			for y, t := range l.m.trans[x*n : x*n+n] {
				if v := s + t; v > best[y] {
					best[y], back[y] = v, uint8(x)
				}
			}
		}
		for y := range row {
			row[y] += best[y]
		}
	}
	last := l.score[(l.len-1)*n:]
	y := 0
	for x := range last {
		if last[x] > last[y] {
			y = x
		}
	}
	for i := l.len - 1; i >= 0; i-- {
		l.path[i] = uint8(y)
		y = int(l.back[i*n+y])
	}
	return l.path
}
