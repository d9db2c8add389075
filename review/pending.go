// What stands here until its own file does.
package review

import "github.com/sanad-project/sanad/record"

type Change struct{}
type Merges struct{}

func Diff(a, b *record.Record) []Change                           { return nil }
func Validate(r *record.Record, d *Decision) error { return nil }
func Seal(prev string, d *Decision) error                         { return nil }
func Entities([]Decision) *Merges                                 { return nil }
func Apply(r *record.Record, ds []Decision) (*Reviewed, error)    { return &Reviewed{Record: r}, nil }
