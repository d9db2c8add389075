package incident

import (
	"bytes"
	"encoding/gob"
	"slices"
	"time"
)

// Undated is the stretch of accounts of no day, and of all accounts in a
// report whose day of publication is unknown. It is less than every other.
const Undated = -1_000_000

// fortnight is the length of a stretch in days. Stretch 0 begins on 1970-01-01.
const fortnight = 14

// Sketch is what is kept of the accounts of one report to group them by. Its
// text and its record are not needed for that.
type Sketch struct {
	Report string
	Origin string // reports of one origin have one value, "" for one of its own; a store that keeps origins elsewhere sets it after reading
	at     []int64
}

// ID is the id of the report.
func (s *Sketch) ID() string { return s.Report }

// Stretches returns the stretches of days, fortnights since 1970-01-01, that
// its accounts stand in, in ascending order; none for a report without accounts.
func (s *Sketch) Stretches() []int64 { return s.at }

// Sketch makes the sketch of a report.
func (r *Reader) Sketch(d Doc) Sketch {
	x := newDoc(d, r.data, r.terms)
	s := Sketch{Report: d.ID, Origin: d.Origin}
	for _, a := range x.accounts {
		first, last := a.first, a.last
		if first.IsZero() {
			first, last = x.day(), x.day()
			if !last.IsZero() {
				first = first.Add(-3 * day)
			}
		}
		if last.IsZero() || x.published.IsZero() {
			s.at = append(s.at, Undated)
		}
		if last.IsZero() {
			continue
		}
		if a.threatens() {
			last = last.Add(14 * day)
		}
		for w := stretch(first.Add(-day)); w <= stretch(last.Add(day)); w++ {
			s.at = append(s.at, w)
		}
	}
	slices.Sort(s.at)
	s.at = slices.Compact(s.at)
	return s
}

func stretch(t time.Time) int64 {
	d := t.Unix()
	const long = fortnight * 24 * 3600
	if d < 0 {
		d -= long - 1
	}
	return d / long
}

// MarshalBinary writes the sketch.
func (s *Sketch) MarshalBinary() ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(struct {
		Report, Origin string
		At             []int64
	}{s.Report, s.Origin, s.at})
	return b.Bytes(), err
}

// UnmarshalBinary reads what MarshalBinary wrote, and refuses anything else.
func (s *Sketch) UnmarshalBinary(b []byte) error {
	var x struct {
		Report, Origin string
		At             []int64
	}
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&x); err != nil {
		return err
	}
	*s = Sketch{x.Report, x.Origin, x.At}
	return nil
}
