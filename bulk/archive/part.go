package archive

import (
	"encoding/json"
	"errors"
	"iter"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"github.com/sanad-project/sanad/incident"
)

func init() {
	register.DoFn4x1[string, func(*[]byte) bool, func(*[]byte) bool, func(string, []byte), error](&belonging{})
	register.DoFn6x1[string, func(*[]byte) bool, func(*[]byte) bool, func(*[]byte) bool, func(*[]byte) bool, func(string, []byte), error](&gathering{})
	register.DoFn3x1[string, func(*[]byte) bool, func(string, []byte), error](&grouping{})
	beam.RegisterType(reflect.TypeFor[belonging]())
	beam.RegisterType(reflect.TypeFor[gathering]())
	beam.RegisterType(reflect.TypeFor[grouping]())
}

// parts writes the incidents of what hangs together, as lines.
func parts(s beam.Scope, o Options, tellers, origins, accounts, edges, rare beam.PCollection) beam.PCollection {
	s = s.Scope("parts")
	labels := connect(s, "accounts", edges, o.Rounds)
	members := beam.ParDo(s, &belonging{}, group(s, "members", accounts, labels))
	gathered := beam.ParDo(s, &gathering{}, group(s, "tellers", tellers, origins, rare, members))
	return beam.ParDo(s, &grouping{Lexicon: o.Lexicon}, group(s, "parts", gathered))
}

// belonging says, by report, which account of it belongs to what.
type belonging struct{}

func (*belonging) ProcessElement(key string, accounts, labels func(*[]byte) bool, emit func(string, []byte)) error {
	var b []byte
	if !accounts(&b) { // those of other stretches say the same
		return errors.New("account " + key + " hangs together with others and stands nowhere")
	}
	u := unpacking{b: b}
	report, n, alone := u.str(), u.num(), u.num()
	if err := u.done(); err != nil {
		return err
	}
	label := key
	if list := all(labels); len(list) > 0 {
		label = string(list[0])
	}
	emit(report, packing(nil).str(label).num(n).num(alone))
	return nil
}

// gathering sends a report to all that its accounts belong to.
type gathering struct{}

func (*gathering) ProcessElement(id string, tellers, origins, rarities, members func(*[]byte) bool, emit func(string, []byte)) error {
	var teller, rare []byte
	if list := all(tellers); len(list) > 0 {
		teller = list[0]
	}
	if list := all(rarities); len(list) > 0 {
		rare = list[0]
	}
	var origin string
	if list := all(origins); len(list) > 0 {
		origin = string(list[0])
	}
	for _, b := range all(members) {
		u := unpacking{b: b}
		label, n, alone := u.str(), u.num(), u.num()
		if err := u.done(); err != nil {
			return err
		}
		if teller == nil || rare == nil {
			return errors.New("report " + id + " has accounts and is not there")
		}
		emit(label, packing(nil).num(n).num(alone).str(origin).raw(rare).raw(teller))
	}
	return nil
}

// grouping groups accounts that hang together.
type grouping struct{ Lexicon string }

func (f *grouping) ProcessElement(_ string, next func(*[]byte) bool, emit func(string, []byte)) error {
	t, err := toolsOf(f.Lexicon)
	if err != nil {
		return err
	}
	st := store{}
	rare := &incident.Rarity{}
	var accounts []incident.Account
	lonely := false
	for _, b := range all(next) {
		u := unpacking{b: b}
		n, alone, origin, known := u.num(), u.num(), u.str(), u.raw()
		v := unpacking{b: u.raw()}
		x := &teller{report: v.report(), origin: origin}
		if err := x.sketch.UnmarshalBinary(v.raw()); err != nil {
			return err
		}
		x.sketch.Origin = origin
		if err := errors.Join(u.done(), v.done()); err != nil {
			return err
		}
		if st[x.id] == nil {
			var some incident.Rarity
			if err := some.UnmarshalBinary(known); err != nil {
				return err
			}
			rare.Join(&some)
			st[x.id] = x
		}
		accounts = append(accounts, incident.Account{Report: x.id, N: int(n)})
		lonely = lonely || alone != 0
	}
	return t.incident.Group(st, rare, accounts, lonely, func(p incident.Part) error {
		for i := range p.Incidents {
			raw, err := json.Marshal(&p.Incidents[i])
			if err != nil {
				return err
			}
			emit(shardKey(p.Incidents[i].ID), raw)
		}
		return nil
	})
}

// teller is a report that tells of something.
type teller struct {
	report
	sketch incident.Sketch
	origin string
}

// store is the incident.Store of one part. Records are unpacked when they are
// asked for, and not kept.
type store map[string]*teller

var errPart = errors.New("the store of one part has no stretches")

func (s store) Stretches() ([]int64, error) { return nil, errPart }

func (s store) Sketches(int64) iter.Seq2[*incident.Sketch, error] {
	return func(yield func(*incident.Sketch, error) bool) { yield(nil, errPart) }
}

func (s store) SketchesOf(ids []string) ([]*incident.Sketch, error) {
	var out []*incident.Sketch
	for _, id := range ids {
		if x := s[id]; x != nil {
			out = append(out, &x.sketch)
		}
	}
	return out, nil
}

func (s store) Docs(ids []string) ([]incident.Doc, error) {
	var out []incident.Doc
	for _, id := range ids {
		x := s[id]
		if x == nil {
			continue
		}
		rec, err := x.whole()
		if err != nil {
			return nil, err
		}
		out = append(out, x.told(rec, x.origin))
	}
	return out, nil
}

func (s store) With([]incident.Ref) ([]incident.Ref, error) { return nil, errPart }
