package shard

import (
	"fmt"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Shard
		ok   bool
	}{
		{"1/1", Shard{1, 1}, true}, {"3/16", Shard{3, 16}, true}, {"16/16", Shard{16, 16}, true},
		{"0/4", Shard{}, false}, {"5/4", Shard{}, false}, {"1/0", Shard{}, false}, {"-1/4", Shard{}, false},
		{"", Shard{}, false}, {"3", Shard{}, false}, {"a/b", Shard{}, false}, {"1/2/3", Shard{}, false}, {"1/9999999", Shard{}, false},
	} {
		got, err := Parse(c.in)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("Parse(%q) = %v, %v; want %v, ok %v", c.in, got, err, c.want, c.ok)
		}
	}
}

// Each record is in exactly one shard; shards of one file differ by one record
// at most, and files of one record each are spread.
func TestHas(t *testing.T) {
	for _, n := range []int{1, 2, 3, 16, 97} {
		single := make([]int, n)
		for file := range 2000 {
			key := fmt.Sprintf("folder/%d/index.html", file)
			held := make([]int, n)
			const of = 50
			for record := 1; record <= of; record++ {
				owners := 0
				for i := range n {
					if (Shard{i + 1, n}).Has(key, record) {
						owners++
						held[i]++
						if record == 1 {
							single[i]++
						}
					}
				}
				if owners != 1 {
					t.Fatalf("record %d of %s is in %d of %d shards", record, key, owners, n)
				}
			}
			for i, h := range held {
				if h < of/n || h > (of+n-1)/n {
					t.Fatalf("shard %d/%d has %d of %d records", i+1, n, h, of)
				}
			}
		}
		for i, h := range single {
			if mean := 2000 / n; h < mean/3 || h > mean*3 {
				t.Errorf("shard %d/%d has %d of 2000 files with one record", i+1, n, h)
			}
		}
	}
	if !(Shard{}).Has("x", 7) {
		t.Error("the whole lacks a record")
	}
}

func TestName(t *testing.T) {
	for s, want := range map[Shard]string{{}: "1-of-1", {3, 16}: "03-of-16", {100, 100}: "100-of-100"} {
		if got := s.name(); got != want {
			t.Errorf("%v is called %s, want %s", s, got, want)
		}
	}
}
