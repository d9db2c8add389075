package review

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// entitiesLog reads lines like "a < b c", "split a", "undo 2".
func entitiesLog(lines ...string) []Decision {
	var log []Decision
	for i, l := range lines {
		d := Decision{Seq: int64(i + 1), Author: "lale"}
		f := strings.Fields(l)
		switch f[0] {
		case "split":
			d.Action, d.Target = Split, Target{Kind: Entity, ID: f[1]}
		case "undo":
			d.Action = Undo
			fmt.Sscan(f[1], &d.Undoes)
		default:
			d.Action, d.Target = Merge, Target{Kind: Entity, ID: f[0]}
			d.Value, _ = json.Marshal(f[2:])
		}
		log = append(log, d)
	}
	return log
}

func TestEntities(t *testing.T) {
	for _, c := range []struct {
		log  []string
		want string // REPORT/id=entity …
	}{
		{nil, "r1/a=a"},
		{[]string{"a < b c"}, "r1/a=a r1/b=a r2/c=a r1/d=d"},
		{[]string{"a < b", "b < c"}, "r1/a=b r1/b=b r1/c=b"},
		{[]string{"a < b", "c < a"}, "r1/a=c r1/b=c r1/c=c"},
		{[]string{"a < b", "b < a"}, "r1/a=b r1/b=b"},
		{[]string{"a < b", "c < d", "a < c"}, "r1/d=a r1/c=a"},
		{[]string{"a < b c", "split b"}, "r1/b=b r1/c=a"},
		{[]string{"a < b c", "split a"}, "r1/a=a r1/b=b r1/c=c"},
		{[]string{"a < b c", "split b", "undo 2"}, "r1/b=a"},
		{[]string{"a < b", "undo 1"}, "r1/b=b"},
		{[]string{"a < b", "undo 1", "undo 2"}, "r1/b=a"},
		{[]string{"a < r1/b"}, "r1/b=a r2/b=b"},
		{[]string{"a < b", "r1/b < c"}, "r1/b=r1/b r2/b=a r1/c=r1/b"},
		{[]string{"a < b", "split r1/b"}, "r1/b=r1/b r2/b=a"},
		{[]string{"a < b", "split r1/b", "a < r1/b"}, "r1/b=a r2/b=a"},
		{[]string{"r1/x < r2/x"}, "r1/x=r1/x r2/x=r1/x r3/x=x"},
	} {
		m := Entities(entitiesLog(c.log...))
		for w := range strings.FieldsSeq(c.want) {
			ref, want, _ := strings.Cut(w, "=")
			report, id, _ := strings.Cut(ref, "/")
			if got := m.Of(report, id); got != want {
				t.Errorf("%v: %s is %s, want %s", c.log, ref, got, want)
			}
		}
	}
}

func TestMergesValidate(t *testing.T) {
	m := Entities(entitiesLog("a < b", "a < c", "undo 2"))
	for _, c := range []struct{ line, want string }{
		{"a < c", ""}, {"a < b", "these are a already"}, {"a < a", "itself already"}, {"b < a", ""},
		{"split b", ""}, {"split c", "was not merged"}, {"split r1/b", ""}, {"undo 1", ""}, {"undo 2", "undone already"}, {"undo 9", "no decision 9"},
		{"a < /x", "names no report"}, {"a <", "say which"},
	} {
		d := entitiesLog(c.line)[0]
		err := m.Validate(&d)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.line, err, c.want)
		}
	}
	for _, d := range []Decision{
		{Author: "x", Action: Accept, Target: Target{ID: "e1"}},
		{Author: "x", Action: Merge, Report: "r1", Target: Target{ID: "a"}, Value: []byte(`["b"]`)},
		{Author: "x", Action: Merge, Target: Target{ID: "a"}, Value: []byte(`"b"`)},
		{Author: "x", Action: Undo},
	} {
		if err := Validate(nil, &d); err == nil {
			t.Errorf("%s", plain(d))
		}
	}
}

// TestEntitiesLaws: whatever is merged and split, an entity in force stands
// for itself, and taking a decision back at once gives what was before.
func TestEntitiesLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ref := rapid.SampledFrom([]string{"a", "b", "c", "d", "r1/a", "r1/b", "r2/a"})
		var lines []string
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				lines = append(lines, "split "+ref.Draw(t, "ref"))
			case 1:
				lines = append(lines, fmt.Sprint("undo ", rapid.IntRange(1, 12).Draw(t, "seq")))
			default:
				lines = append(lines, ref.Draw(t, "into")+" < "+strings.Join(rapid.SliceOfN(ref, 1, 3).Draw(t, "refs"), " "))
			}
		}
		state := func(l ...string) (out []string) {
			m := Entities(entitiesLog(l...))
			for _, report := range []string{"r1", "r2", "r3"} {
				for _, id := range []string{"a", "b", "c", "d"} {
					of := m.Of(report, id)
					out = append(out, of)
					if m.root(of) != of {
						t.Fatalf("%v: %s/%s is %s, which is %s", l, report, id, of, m.root(of))
					}
				}
			}
			m.All(func(r string, members []string) {
				for _, x := range members {
					if m.root(x) != r || x == r {
						t.Fatalf("%v: %s stands for %s, which is %s", l, r, x, m.root(x))
					}
				}
			})
			return out
		}
		before := state(lines...)
		after := append(slices.Clone(lines), "a < b c")
		state(after...)
		if back := state(append(after, fmt.Sprint("undo ", len(after)))...); !slices.Equal(back, before) {
			t.Fatalf("%v: %v, after a merge that was undone %v", lines, before, back)
		}
	})
}
