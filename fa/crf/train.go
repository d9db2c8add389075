package crf

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// Example is one labelled sequence.
type Example struct {
	Features [][]uint64
	Labels   []uint32 // for each word the set of labels it may have: one bit where it is known
	Domain   int      // the collection it is from, 0 for the one the model is made for
	Weight   float32  // 0 means 1
}

// Options are the settings of Train. Every feature has a weight shared by all
// domains and one of each domain's own; the model keeps the sum of the shared
// one and that of domain 0 (Daumé 2007, "Frustratingly easy domain adaptation").
type Options struct {
	Labels  []string
	Domains int
	Epochs  int
	MinSeen int     // features seen less often are left out
	Rate    float64 // step size of AdaGrad, .1 if 0
	L2      float64 // penalty, per epoch part of each weight that is taken away
	Dropout float64 // part of the features of a word that is left out at random in training
	Prune   float64 // features whose weights are all smaller are left out of the model
	Log     func(format string, args ...any)
}

// trainer holds the weights in training. A row is n weights.
type trainer struct {
	Options
	n      int
	ids    map[uint64]int32
	hashes []uint64
	w, g   [][]float32 // 0: shared, 1+d: domain d; rows by feature id; row len(hashes).. are transitions
}

// Train trains a model on list and returns its bytes.
func Train(o Options, list []Example) []byte {
	if o.Rate == 0 {
		o.Rate = .1
	}
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	t := &trainer{Options: o, n: len(o.Labels), ids: map[uint64]int32{}}
	seen := map[uint64]int32{}
	for _, e := range list {
		for _, fs := range e.Features {
			for _, f := range fs {
				seen[f]++
			}
		}
	}
	ids := make([][][]int32, len(list))
	for k, e := range list {
		ids[k] = make([][]int32, len(e.Features))
		for i, fs := range e.Features {
			row := make([]int32, 0, len(fs))
			for _, f := range fs {
				if int(seen[f]) < o.MinSeen {
					continue
				}
				id, ok := t.ids[f]
				if !ok {
					id = int32(len(t.hashes))
					t.ids[f] = id
					t.hashes = append(t.hashes, f)
				}
				row = append(row, id)
			}
			ids[k][i] = row
		}
	}
	rows := len(t.hashes) + t.n + 1
	for range 1 + o.Domains {
		t.w = append(t.w, make([]float32, rows*t.n))
		t.g = append(t.g, make([]float32, rows*t.n))
	}
	var sum []float32
	averaged := 0
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for epoch := range o.Epochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		loss, words := 0.0, 0
		for k, i := range order {
			loss += t.step(t.drop(rnd, ids[i]), list[i])
			words += len(ids[i])
			if (k+1)%(len(order)/4+1) == 0 || k+1 == len(order) {
				t.decay(float32(1 - o.L2/4))
			}
		}
		if epoch >= o.Epochs/2 {
			if sum == nil {
				sum = make([]float32, rows*t.n)
			}
			averaged++
			for i := range sum {
				sum[i] += t.w[0][i] + t.w[1][i]
			}
		}
		o.Log("epoch %d: loss %.4f a word, %d features", epoch+1, loss/float64(max(words, 1)), len(t.hashes))
	}
	for i := range sum {
		sum[i] /= float32(averaged)
	}
	return t.bytes(sum)
}

// drop leaves out features at random, so that the model does not lean on one.
func (t *trainer) drop(rnd *rand.Rand, ids [][]int32) [][]int32 {
	if t.Dropout == 0 {
		return ids
	}
	out := make([][]int32, len(ids))
	limit := uint32(t.Dropout * (1 << 32))
	for i, row := range ids {
		keep := make([]int32, 0, len(row))
		for _, f := range row {
			if rnd.Uint32() >= limit {
				keep = append(keep, f)
			}
		}
		out[i] = keep
	}
	return out
}

func (t *trainer) decay(keep float32) {
	if keep == 1 {
		return
	}
	for _, w := range t.w {
		for i := range w {
			w[i] *= keep
		}
	}
}

// step moves the weights along the gradient of one example and returns its loss.
func (t *trainer) step(ids [][]int32, e Example) float64 {
	n, length := t.n, len(ids)
	if length == 0 {
		return 0
	}
	w0, w1 := t.w[0], t.w[1+e.Domain]
	base := len(t.hashes)
	emit := make([]float64, length*n)
	for i, fs := range ids {
		row := emit[i*n : (i+1)*n]
		for _, f := range fs {
			a, b := w0[int(f)*n:int(f+1)*n], w1[int(f)*n:int(f+1)*n]
			for y := range row {
				row[y] += float64(a[y] + b[y])
			}
		}
	}
	trans := make([]float64, (n+1)*n)
	for i := range trans {
		trans[i] = math.Exp(float64(w0[base*n+i] + w1[base*n+i]))
	}
	for i := range length {
		row := emit[i*n : (i+1)*n]
		m := row[0]
		for _, v := range row {
			m = max(m, v)
		}
		for y := range row {
			row[y] = math.Exp(row[y] - m)
		}
	}
	free, freeTrans, z := marginals(n, emit, trans, nil)
	gold, goldTrans, zg := marginals(n, emit, trans, e.Labels)
	weight := e.Weight
	if weight == 0 {
		weight = 1
	}
	rate := float32(t.Rate)
	g0, g1 := t.g[0], t.g[1+e.Domain]
	update := func(at int, d float32) {
		d *= weight
		g0[at] += d * d
		w0[at] -= rate * d / float32(math.Sqrt(float64(g0[at])+1e-8))
		g1[at] += d * d
		w1[at] -= rate * d / float32(math.Sqrt(float64(g1[at])+1e-8))
	}
	for i, fs := range ids {
		for y := range n {
			d := float32(free[i*n+y] - gold[i*n+y])
			if d < 1e-3 && d > -1e-3 {
				continue
			}
			for _, f := range fs {
				update(int(f)*n+y, d)
			}
		}
	}
	for i := range freeTrans {
		if d := float32(freeTrans[i] - goldTrans[i]); d > 1e-4 || d < -1e-4 {
			update(base*n+i, d)
		}
	}
	return (z - zg) * float64(weight)
}

// marginals returns the probability of each label at each word, the expected
// number of each transition, and the logarithm of the sum over all paths
// (up to a constant of emit), with words held to the sets in allow.
func marginals(n int, emit, trans []float64, allow []uint32) (node, edge []float64, z float64) {
	length := len(emit) / n
	fwd := make([]float64, len(emit))
	bwd := make([]float64, len(emit))
	ok := func(i, y int) bool { return allow == nil || allow[i]>>y&1 == 1 }
	scale := func(row []float64) float64 {
		s := 0.0
		for _, v := range row {
			s += v
		}
		if s == 0 || math.IsInf(s, 0) || math.IsNaN(s) {
			panic(fmt.Sprintf("crf: sum %v", s))
		}
		for y := range row {
			row[y] /= s
		}
		return s
	}
	for i := range length {
		row := fwd[i*n : (i+1)*n]
		for y := range row {
			if !ok(i, y) {
				continue
			}
			s := trans[n*n+y]
			if i > 0 {
				s = 0
				for x, v := range fwd[(i-1)*n : i*n] {
					s += v * trans[x*n+y]
				}
			}
			row[y] = s*emit[i*n+y] + 1e-300
		}
		z += math.Log(scale(row))
	}
	edge = make([]float64, (n+1)*n)
	for y := range n {
		bwd[(length-1)*n+y] = 1
	}
	node = make([]float64, len(emit))
	tmp := make([]float64, n)
	pair := make([]float64, n*n)
	for i := length - 1; i >= 0; i-- {
		row := node[i*n : (i+1)*n]
		for y := range row {
			row[y] = fwd[i*n+y] * bwd[i*n+y]
		}
		scale(row)
		if i == 0 {
			copy(edge[n*n:], row)
			break
		}
		for y := range n {
			tmp[y] = 0
			if ok(i, y) {
				tmp[y] = emit[i*n+y] * bwd[i*n+y]
			}
		}
		sum := 0.0
		for x := range n {
			s := 0.0
			f := fwd[(i-1)*n+x]
			for y, v := range tmp {
				p := trans[x*n+y] * v
				s += p
				pair[x*n+y] = f * p
				sum += f * p
			}
			bwd[(i-1)*n+x] = s
		}
		scale(bwd[(i-1)*n : i*n])
		for k, v := range pair {
			edge[k] += v / sum
		}
	}
	return node, edge, z
}

// bytes writes the model of weights w.
func (t *trainer) bytes(w []float32) []byte {
	n := t.n
	base := len(t.hashes) * n
	for i := range w[:base] {
		w[i] *= float32(1 - t.Dropout) // in use there are more features than in training
	}
	most := 0.0
	for _, v := range w[:base] {
		most = max(most, math.Abs(float64(v)))
	}
	// A few very large weights would make the steps of all others coarse:
	// they are cut to four.
	unit := min(most, 4) / 127
	out := []byte(magic + strings.Join(t.Labels, " ") + "\n")
	for _, v := range w[base:] {
		q := math.Round(float64(v) / unit)
		out = binary.LittleEndian.AppendUint16(out, uint16(int16(max(-32767, min(32767, q)))))
	}
	records := map[uint64][]byte{}
	for id, h := range t.hashes {
		row := w[id*n : (id+1)*n]
		big := 0.0
		for _, v := range row {
			big = max(big, math.Abs(float64(v)))
		}
		if big <= t.Prune {
			continue
		}
		if n == 2 {
			row = []float32{row[1] - row[0]}
		}
		rec := make([]byte, len(row))
		for y, v := range row {
			rec[y] = byte(int8(max(-127, min(127, math.Round(float64(v)/unit)))))
		}
		records[h] = rec
	}
	t.Log("%d of %d features kept, unit %.4f", len(records), len(t.hashes), unit)
	return AppendTable(out, width(n), records)
}
