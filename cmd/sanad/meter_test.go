package main

import (
	"strings"
	"testing"
	"time"
)

// The meter says how many, how fast and how long; what was done by an earlier run
// does not make this one look fast.
func TestMeter(t *testing.T) {
	for name, c := range map[string]struct {
		size  int64
		bytes []int64 // of each item
		bad   int     // of them, the last ones
		took  time.Duration
		want  string
	}{
		"known size":   {100 << 20, []int64{0, 5 << 20, 5 << 20}, 1, 10 * time.Second, "sanad: 2 reports, 1 bad, 0/s; 10 of 100 MB, about 2 min left"},
		"unknown size": {-1, []int64{1, 1}, 0, time.Second, "sanad: 2 reports, 2/s"},
		"resumed":      {100 << 20, []int64{50 << 20, 10 << 20}, 0, 20 * time.Minute, "sanad: 2 reports, 0/s; 60 of 100 MB, about 80 min left"},
		"at the end":   {10 << 20, []int64{5 << 20, 5 << 20}, 0, time.Second, "sanad: 2 reports, 2/s; 10 of 10 MB"},
		"long":         {100 << 20, []int64{0, 1 << 20}, 0, 10 * time.Minute, "sanad: 2 reports, 0/s; 1 of 100 MB, about 16.5 h left"},
	} {
		var b strings.Builder
		m := newMeter(&b, true, c.size)
		now := m.begin
		m.now = func() time.Time { return now }
		for i, n := range c.bytes {
			m.add(n, i >= len(c.bytes)-c.bad)
		}
		now = m.begin.Add(c.took)
		m.end()
		if got := strings.TrimSuffix(b.String(), "\n"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
