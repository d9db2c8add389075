package archive

import (
	"cmp"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
)

func init() {
	register.DoFn3x1[string, func(*[]byte) bool, func(string, []byte), error](&sameText{})
	beam.RegisterType(reflect.TypeFor[sameText]())
}

// same makes reports of arrivals: of each report the first arrival, with what
// later ones added to it, by its day.
func same(s beam.Scope, arrivals beam.PCollection) beam.PCollection {
	s = s.Scope("same")
	return beam.ParDo(s, &sameText{}, group(s, "arrivals", arrivals))
}

type sameText struct{}

func (*sameText) ProcessElement(text string, next func(*[]byte) bool, emit func(string, []byte)) error {
	var list []arrival
	for _, b := range all(next) {
		u := unpacking{b: b}
		list = append(list, u.arrival())
		if err := u.done(); err != nil {
			return err
		}
	}
	inOrder(list)
	for _, r := range reports(list) {
		emit(dayKey(r.day), r.pack().str(text))
	}
	return nil
}

// reports finds which arrivals of one text are one report, as a ledger does
// (ledger.Ledger.Add): of the reports of this text it is the one from the same address; else that
// outlet's; else, where one of the two came without an outlet, the first.
func reports(list []arrival) []arrival {
	var out []arrival
	of := make([]int, len(list)) // the report of each arrival so far
	outlets := map[int]string{}  // of each report, the last that is known
	for i, a := range list {
		n := len(out)
		for _, is := range []func(b *arrival, n int) bool{
			func(b *arrival, _ int) bool { return a.url != "" && b.url == a.url },
			func(b *arrival, _ int) bool { return a.outlet != "" && b.outlet == a.outlet },
			func(_ *arrival, n int) bool { return a.outlet == "" || outlets[n] == "" },
		} {
			if j := find(list[:i], of, is); j >= 0 {
				n = of[j]
				break
			}
		}
		of[i] = n
		if n == len(out) {
			out = append(out, a)
		} else {
			r := &out[n]
			r.outlet, r.url, r.name, r.published = cmp.Or(r.outlet, a.outlet), cmp.Or(r.url, a.url), cmp.Or(r.name, a.name), cmp.Or(r.published, a.published)
		}
		if a.outlet != "" {
			outlets[n] = a.outlet
		}
	}
	return out
}

func find(list []arrival, of []int, is func(*arrival, int) bool) int {
	for j := range list {
		if is(&list[j], of[j]) {
			return j
		}
	}
	return -1
}

// dayKey is a key that sorts as days do. Reports of no day come last: in a
// ledger they have the day on which they came in.
func dayKey(day string) string { return cmp.Or(day, "unknown") }

func before(file, line, file2, line2 int64) int {
	return cmp.Or(cmp.Compare(file, file2), cmp.Compare(line, line2))
}
