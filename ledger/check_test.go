package ledger

import (
	"testing"
)

func TestCheckFindsNothing(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		check(t, l)
		add(t, l, stories(0, 60)...)
		n := check(t, l)
		if n.Reports != 60 || n.Arrivals != 60 || n.Readings != 60 || n.Derived != 60 || n.Damages != 0 || n.Blobs < 60 {
			t.Errorf("counted %+v", n)
		}
	})
}
