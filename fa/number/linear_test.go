package number

import (
	"strings"
	"testing"
	"time"

	"github.com/sanad-project/sanad/fa/segment"
)

// TestOddRuns reads runs that never end as one number, code or list. It has no
// time limit of its own; a cost that is not linear shows as a test that hangs.
func TestOddRuns(t *testing.T) {
	for _, unit := range []string{"1,", "1/", "1.", "سه هزار و ", "هزار میلیارد ", "بیست و ", "12:30:", "یک ", "دهها "} {
		w := segment.Text(strings.Repeat(unit, 400_000/len(unit)), nil)
		start := time.Now()
		Find(&w)
		t.Logf("%q: %v", unit, time.Since(start))
	}
}
