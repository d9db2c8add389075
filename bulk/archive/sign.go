package archive

import (
	"context"
	"fmt"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
)

func init() {
	register.DoFn7x1[context.Context, string, func(*[]byte) bool, func(*[]byte) bool, func(string, []byte), func(string, []byte), func(string, []byte), error](&signing{})
	beam.RegisterType(reflect.TypeFor[signing]())
}

// sign makes of the records of placed reports what is needed next: by window,
// reports with their signatures; by id, reports that tell of something; and by
// id, the sketch of every report.
func sign(s beam.Scope, o Options, texts, placed beam.PCollection) (windows, tellers, sketches beam.PCollection) {
	s = s.Scope("sign")
	return beam.ParDo3(s, &signing{Lexicon: o.Lexicon, Reach: int64(o.Reach)}, group(s, "texts", texts, placed))
}

type signing struct {
	Lexicon string
	Reach   int64
	reports beam.Counter
}

func (f *signing) Setup() { f.reports = beam.NewCounter("archive", "reports") }

func (f *signing) ProcessElement(ctx context.Context, _ string, texts, places func(*[]byte) bool, window, teller, sketch func(string, []byte)) error {
	t, err := toolsOf(f.Lexicon)
	if err != nil {
		return err
	}
	wanted := map[[2]int64]*report{}
	for _, b := range all(places) {
		u := unpacking{b: b}
		p := u.placed()
		if err := u.done(); err != nil {
			return err
		}
		wanted[[2]int64{p.file, p.line}] = &report{placed: p}
	}
	var b []byte
	for texts(&b) {
		u := unpacking{b: b}
		r := wanted[[2]int64{u.num(), u.num()}]
		data := u.raw()
		if err := u.done(); err != nil {
			return err
		}
		if r == nil { // another arrival of a report
			continue
		}
		r.record = append([]byte(nil), data...)
		rec, err := r.whole()
		if err != nil {
			return err
		}
		f.reports.Inc(ctx, 1)
		d := r.compared(rec)
		sig := t.relay.Sign(d)
		signature, err := sig.MarshalBinary()
		if err != nil {
			return err
		}
		item := r.pack().raw(signature)
		for _, w := range windowsOf(r.rank, f.Reach) {
			window(fmt.Sprint(w), item)
		}
		sk := t.incident.Sketch(r.told(rec, ""))
		data, err = sk.MarshalBinary()
		if err != nil {
			return err
		}
		sketch(r.id, data)
		if sk.Accounts() > 0 {
			teller(r.id, r.pack().raw(data))
		}
	}
	return nil
}
