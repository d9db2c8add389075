package archive

import (
	"errors"
	"fmt"
	"hash/crc32"
	"reflect"
	"slices"
	"strconv"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"github.com/sanad-project/sanad/incident"
)

func init() {
	register.DoFn3x1[string, []byte, func(string, []byte), error](&counting{})
	register.DoFn3x1[string, func(*[]byte) bool, func(string, []byte), error](&summing{})
	register.DoFn5x1[string, func(*[]byte) bool, func(*[]byte) bool, func(string, []byte), func(string, []byte), error](&spreading{})
	register.Function3x0(onlyUndated)
	register.DoFn3x1[string, func(*[]byte) bool, func(string, []byte), error](&drifting{})
	register.DoFn5x1[string, func(*[]byte) bool, func(*[]byte) bool, func(*[]byte) bool, func(string, []byte), error](&furnishing{})
	register.DoFn6x1[string, func(*[]byte) bool, func(*[]byte) bool, func(string, []byte), func(string, []byte), func(string, []byte), error](&tying{})
	for _, t := range []reflect.Type{reflect.TypeFor[counting](), reflect.TypeFor[summing](), reflect.TypeFor[spreading](), reflect.TypeFor[drifting](), reflect.TypeFor[furnishing](), reflect.TypeFor[tying]()} {
		beam.RegisterType(t)
	}
}

// ties finds which accounts of each fortnight hang together: every account, the
// edges between them, and by report how rare its words are.
func ties(s beam.Scope, o Options, sketches, origins beam.PCollection) (accounts, edges, rare beam.PCollection) {
	s = s.Scope("ties")
	counts := beam.ParDo(s, &summing{}, group(s, "counts", beam.ParDo(s, &counting{}, sketches)))
	spread, stretches := beam.ParDo2(s, &spreading{}, group(s, "sketches", sketches, origins))
	drifters := beam.ParDo(s, &drifting{Lexicon: o.Lexicon}, group(s, "undated", beam.ParDo(s, onlyUndated, spread)))
	furniture := beam.ParDo(s, &furnishing{}, group(s, "fortnights", stretches, counts, drifters))
	return beam.ParDo3(s, &tying{Lexicon: o.Lexicon}, group(s, "stretches", spread, furniture))
}

// counting counts in how many reports words are, a bundle of them at a time.
type counting struct {
	rare *incident.Rarity
	key  string
}

func (f *counting) StartBundle(_ func(string, []byte)) { f.rare, f.key = &incident.Rarity{}, "" }

func (f *counting) ProcessElement(id string, data []byte, _ func(string, []byte)) error {
	var s incident.Sketch
	if err := s.UnmarshalBinary(data); err != nil {
		return err
	}
	f.rare.Add(&s)
	f.key = fmt.Sprint(crc32.ChecksumIEEE([]byte(id)) % 16) // sums of sums: no worker has all bundles
	return nil
}

func (f *counting) FinishBundle(emit func(string, []byte)) error {
	if f.key == "" {
		return nil
	}
	b, err := f.rare.MarshalBinary()
	if err == nil {
		emit(f.key, b)
	}
	return err
}

// summing adds counts up.
type summing struct{}

func (*summing) ProcessElement(_ string, next func(*[]byte) bool, emit func(string, []byte)) error {
	sum, err := summed(next)
	if err != nil {
		return err
	}
	b, err := sum.MarshalBinary()
	if err == nil {
		emit("all", b)
	}
	return err
}

func summed(next func(*[]byte) bool) (*incident.Rarity, error) {
	sum := &incident.Rarity{}
	var b []byte
	for next(&b) {
		var r incident.Rarity
		if err := r.UnmarshalBinary(b); err != nil {
			return nil, err
		}
		sum.Merge(&r)
	}
	return sum, nil
}

// spreading gives a sketch with its origin to each stretch of days that it
// stands in, and says which stretches there are.
type spreading struct{ stretches map[int64]bool }

func (f *spreading) StartBundle(_, _ func(string, []byte)) { f.stretches = map[int64]bool{} }

func (f *spreading) ProcessElement(_ string, sketches, origins func(*[]byte) bool, spread, _ func(string, []byte)) error {
	var origin string
	if list := all(origins); len(list) > 0 {
		origin = string(list[0])
	}
	for _, b := range all(sketches) {
		var s incident.Sketch
		if err := s.UnmarshalBinary(b); err != nil {
			return err
		}
		for _, w := range s.Stretches() {
			f.stretches[w] = true
			spread(fmt.Sprint(w), packing(nil).str(origin).raw(b))
		}
	}
	return nil
}

func (f *spreading) FinishBundle(_, stretches func(string, []byte)) {
	for w := range f.stretches {
		stretches("all", []byte(fmt.Sprint(w)))
	}
}

// sketchOf reads what spreading wrote.
func sketchOf(b []byte) (*incident.Sketch, error) {
	u := unpacking{b: b}
	origin := u.str()
	s := new(incident.Sketch)
	if err := s.UnmarshalBinary(u.raw()); err != nil {
		return nil, err
	}
	s.Origin = origin
	return s, u.done()
}

func onlyUndated(stretch string, sketch []byte, emit func(string, []byte)) {
	if stretch == fmt.Sprint(incident.Undated) {
		emit(stretch, sketch)
	}
}

// drifting chooses the sketches of no day that are compared in every stretch.
type drifting struct{ Lexicon string }

func (f *drifting) ProcessElement(_ string, next func(*[]byte) bool, emit func(string, []byte)) error {
	t, err := toolsOf(f.Lexicon)
	if err != nil {
		return err
	}
	var list []*incident.Sketch
	for _, b := range all(next) {
		s, err := sketchOf(b)
		if err != nil {
			return err
		}
		list = append(list, s)
	}
	for _, s := range t.incident.Drifting(list) {
		b, err := s.MarshalBinary()
		if err != nil {
			return err
		}
		emit("all", packing(nil).str(s.Origin).raw(b))
	}
	return nil
}

// What a stretch is furnished with, by the first byte of its value.
const (
	isRarity = 'r'
	isSketch = 's'
)

// furnishing gives each stretch how rare words are, and the sketches of no day.
type furnishing struct{}

func (*furnishing) ProcessElement(_ string, stretches, counts, drifters func(*[]byte) bool, emit func(string, []byte)) error {
	sum, err := summed(counts)
	if err != nil {
		return err
	}
	rare, err := sum.MarshalBinary()
	if err != nil {
		return err
	}
	more := all(drifters)
	var list []string
	for _, b := range all(stretches) {
		list = append(list, string(b))
	}
	slices.Sort(list)
	for _, w := range slices.Compact(list) {
		emit(w, append([]byte{isRarity}, rare...))
		if w == fmt.Sprint(incident.Undated) {
			continue
		}
		for _, b := range more {
			emit(w, append([]byte{isSketch}, b...))
		}
	}
	return nil
}

// tying finds what hangs together in a stretch.
type tying struct{ Lexicon string }

func (f *tying) ProcessElement(stretch string, sketches, furniture func(*[]byte) bool, account, edge, rarity func(string, []byte)) error {
	t, err := toolsOf(f.Lexicon)
	if err != nil {
		return err
	}
	w, err := strconv.ParseInt(stretch, 10, 64)
	if err != nil {
		return fmt.Errorf("stretch %q: %w", stretch, err)
	}
	var rare *incident.Rarity
	var drifting, list []*incident.Sketch
	for _, b := range all(furniture) {
		switch {
		case b[0] == isRarity && rare == nil:
			rare = &incident.Rarity{}
			if err := rare.UnmarshalBinary(b[1:]); err != nil {
				return err
			}
		case b[0] == isSketch:
			s, err := sketchOf(b[1:])
			if err != nil {
				return err
			}
			drifting = append(drifting, s)
		}
	}
	if rare == nil {
		return errors.New("a stretch of days without the rarity of words")
	}
	for _, b := range all(sketches) {
		s, err := sketchOf(b)
		if err != nil {
			return err
		}
		list = append(list, s)
		if s.Stretches()[0] == w { // it stands in others, too
			b, err := rare.Of(s).MarshalBinary()
			if err != nil {
				return err
			}
			rarity(s.Report, b)
		}
	}
	parts, alone := t.incident.Ties(w, list, drifting, rare)
	for _, p := range parts {
		first := accountKey(p[0])
		for _, a := range p {
			account(accountKey(a), packing(nil).str(a.Report).num(int64(a.N)).num(0))
			if a != p[0] {
				edge(accountKey(a), []byte(first))
			}
		}
	}
	for _, a := range alone {
		account(accountKey(a), packing(nil).str(a.Report).num(int64(a.N)).num(1))
	}
	return nil
}

func accountKey(a incident.Account) string { return fmt.Sprintf("%s-%d", a.Report, a.N) }
