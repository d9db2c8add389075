package main

import (
	"math"
	"sort"
)

// cluster puts the words of text seen at least twice into n classes so that
// the class of a word tells as much as can be of the class of the next
// (Kneser and Ney 1993, the exchange algorithm).
func cluster(text [][]string, n, rounds int) map[string]int {
	count := map[string]int{}
	for _, s := range text {
		for _, w := range s {
			count[w]++
		}
	}
	var vocabulary []string
	for w, c := range count {
		if c > 1 {
			vocabulary = append(vocabulary, w)
		}
	}
	sort.Slice(vocabulary, func(i, j int) bool {
		a, b := vocabulary[i], vocabulary[j]
		return count[a] > count[b] || count[a] == count[b] && a < b
	})
	// Word 0 is the edge of a sentence, word 1 every rare word; each has a
	// class of its own, which no other word enters.
	id := map[string]int{}
	for i, w := range vocabulary {
		id[w] = i + 2
	}
	size := len(vocabulary) + 2
	type pair struct{ w, n int32 }
	next, prev := make([]map[int32]int32, size), make([]map[int32]int32, size)
	total := make([]int, size)
	for i := range next {
		next[i], prev[i] = map[int32]int32{}, map[int32]int32{}
	}
	for _, s := range text {
		last := 0
		for _, w := range append(s[:len(s):len(s)], "") {
			i, ok := id[w]
			if !ok {
				i = 1
			}
			if w == "" {
				i = 0
			}
			next[last][int32(i)]++
			prev[i][int32(last)]++
			total[i]++
			last = i
		}
	}
	flat := func(m map[int32]int32) (list []pair) {
		for w, c := range m {
			list = append(list, pair{w, c})
		}
		sort.Slice(list, func(i, j int) bool { return list[i].w < list[j].w })
		return list
	}
	after, before := make([][]pair, size), make([][]pair, size)
	for i := range next {
		after[i], before[i] = flat(next[i]), flat(prev[i])
	}
	c := n + 2
	class := make([]int, size)
	for i := range class {
		if i < 2 {
			class[i] = i
		} else if i-2 < n {
			class[i] = i
		} else {
			class[i] = 2 + i%n
		}
	}
	big := make([]int, c*c) // bigrams of classes
	uni := make([]int, c)
	for i := range after {
		uni[class[i]] += total[i]
		for _, p := range after[i] {
			big[class[i]*c+class[p.w]] += int(p.n)
		}
	}
	logs := make([]float64, 1<<20)
	for i := 1; i < len(logs); i++ {
		logs[i] = float64(i) * math.Log(float64(i))
	}
	xlogx := func(n int) float64 {
		if n < len(logs) {
			return logs[n]
		}
		return float64(n) * math.Log(float64(n))
	}
	right, left := make([]int, c), make([]int, c)
	for range rounds {
		moved := 0
		for w := 2; w < size; w++ {
			var rights, lefts []int
			self := 0
			for _, p := range after[w] {
				if int(p.w) == w {
					self = int(p.n)
					continue
				}
				k := class[p.w]
				if right[k] == 0 {
					rights = append(rights, k)
				}
				right[k] += int(p.n)
			}
			for _, p := range before[w] {
				if int(p.w) == w {
					continue
				}
				k := class[p.w]
				if left[k] == 0 {
					lefts = append(lefts, k)
				}
				left[k] += int(p.n)
			}
			old := class[w]
			apply := func(k, sign int) {
				for _, x := range rights {
					big[k*c+x] += sign * right[x]
				}
				for _, x := range lefts {
					big[x*c+k] += sign * left[x]
				}
				big[k*c+k] += sign * self
				uni[k] += sign * total[w]
			}
			apply(old, -1)
			best, top := old, math.Inf(-1)
			for k := 2; k < c; k++ {
				gain := 2*xlogx(uni[k]) - 2*xlogx(uni[k]+total[w])
				both := self
				for _, x := range rights {
					if x == k {
						both += right[x]
						continue
					}
					b := big[k*c+x]
					gain += xlogx(b+right[x]) - xlogx(b)
				}
				for _, x := range lefts {
					if x == k {
						both += left[x]
						continue
					}
					b := big[x*c+k]
					gain += xlogx(b+left[x]) - xlogx(b)
				}
				if both > 0 {
					gain += xlogx(big[k*c+k]+both) - xlogx(big[k*c+k])
				}
				if gain > top+1e-9 {
					best, top = k, gain
				}
			}
			apply(best, 1)
			if best != old {
				class[w] = best
				moved++
			}
			for _, x := range rights {
				right[x] = 0
			}
			for _, x := range lefts {
				left[x] = 0
			}
		}
		if moved < size/200 {
			break
		}
	}
	out := map[string]int{}
	for w, i := range id {
		out[w] = class[i] - 2
	}
	return out
}
