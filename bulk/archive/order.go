package archive

import (
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
)

func init() {
	register.DoFn4x1[string, func(*[]byte) bool, func(string, []byte), func(string, []byte), error](&withinDay{})
	register.DoFn3x1[string, func(*[]byte) bool, func(string, []byte), error](&calendar{})
	register.DoFn4x1[string, func(*[]byte) bool, func(*[]byte) bool, func(string, []byte), error](&ranked{})
	beam.RegisterType(reflect.TypeFor[withinDay]())
	beam.RegisterType(reflect.TypeFor[calendar]())
	beam.RegisterType(reflect.TypeFor[ranked]())
}

// order gives each report its rank, from 0, in the order of days, those of one
// day by file and line. It counts the reports of each day, adds up the days,
// and joins the sums to the days. The result is by text.
func order(s beam.Scope, reports beam.PCollection) beam.PCollection {
	s = s.Scope("order")
	days, counts := beam.ParDo2(s, &withinDay{}, group(s, "days", reports))
	firsts := beam.ParDo(s, &calendar{}, group(s, "calendar", counts))
	return beam.ParDo(s, &ranked{}, group(s, "ranks", days, firsts))
}

// placed is a report and its rank: within its day at first, then among all.
type placed struct {
	arrival
	text string
	rank int64
}

func (p *placed) pack() []byte { return p.arrival.pack().str(p.text).num(p.rank) }

func (u *unpacking) placed() placed { return placed{u.arrival(), u.str(), u.num()} }

// withinDay sorts the reports of a day, and counts them.
type withinDay struct{}

func (*withinDay) ProcessElement(day string, next func(*[]byte) bool, report, count func(string, []byte)) error {
	var list []placed
	for _, b := range all(next) {
		u := unpacking{b: b}
		list = append(list, placed{arrival: u.arrival(), text: u.str()})
		if err := u.done(); err != nil {
			return err
		}
	}
	slices.SortFunc(list, func(a, b placed) int { return before(a.file, a.line, b.file, b.line) })
	for i := range list {
		list[i].rank = int64(i)
		report(day, list[i].pack())
	}
	count("all", packing(nil).str(day).num(int64(len(list))))
	return nil
}

// calendar says for each day how many reports are of days before.
type calendar struct{}

func (*calendar) ProcessElement(_ string, next func(*[]byte) bool, emit func(string, []byte)) error {
	type day struct {
		key string
		n   int64
	}
	var days []day
	for _, b := range all(next) {
		u := unpacking{b: b}
		days = append(days, day{u.str(), u.num()})
		if err := u.done(); err != nil {
			return err
		}
	}
	slices.SortFunc(days, func(a, b day) int { return strings.Compare(a.key, b.key) })
	n := int64(0)
	for _, d := range days {
		emit(d.key, packing(nil).num(n))
		n += d.n
	}
	return nil
}

// ranked adds the reports of earlier days to the place within a day.
type ranked struct{}

func (*ranked) ProcessElement(_ string, reports, firsts func(*[]byte) bool, emit func(string, []byte)) error {
	first := all(firsts)
	if len(first) != 1 {
		return errors.New("a day without its place in the calendar")
	}
	u := unpacking{b: first[0]}
	n := u.num()
	if err := u.done(); err != nil {
		return err
	}
	for _, b := range all(reports) {
		u := unpacking{b: b}
		p := u.placed()
		if err := u.done(); err != nil {
			return err
		}
		p.rank += n
		emit(p.text, p.pack())
	}
	return nil
}
