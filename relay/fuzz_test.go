package relay_test

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sanad-project/sanad/relay"
)

// Whatever two texts are compared: passages lie in them, are apart and begin and end
// between characters; shares are shares; and the answer does not depend on which is named first.
func FuzzCompare(f *testing.F) {
	for _, s := range [...]string{"", "حمله به پاسگاه", "a\xff\xd8", strings.Repeat("بیست و پنج نفر ", 20)} {
		f.Add(s, s, s)
	}
	f.Add("سه تن", "گروهی مسلح به پاسگاه مرزی سومار حمله کردند و سه سرباز کشته شدند و مهاجمان گریختند", "به گزارش مهر گروهی مسلح به پاسگاه مرزي سومار حمله کردند و ۳ سرباز شهید شدند و مهاجمان گریختند")
	f.Fuzz(func(t *testing.T, title, one, two string) {
		a := &relay.Doc{ID: "a", Outlet: "x", Title: title, Text: one}
		b := &relay.Doc{ID: "b", Outlet: "y", Name: title, Text: two}
		l, ok := reader().Compare(a, b, nil)
		m, also := reader().Compare(b, a, nil)
		if ok != also || l.From != m.From || len(l.Passages) != len(m.Passages) {
			t.Fatalf("%v %v one way, %v %v the other", ok, l, also, m)
		}
		if !ok {
			return
		}
		from, to := a.Whole(), b.Whole()
		if l.From == "b" {
			from, to = to, from
		}
		if math.IsNaN(l.Share) || l.Share < 0 || l.Share > 1 || l.ShareFrom < 0 || l.ShareFrom > 1 || l.Confidence <= 0 || l.Confidence > 1 {
			t.Fatalf("%+v", l)
		}
		last := 0
		for _, p := range l.Passages {
			if p.B.Start < last || p.B.End <= p.B.Start || p.B.End > len(to) || p.A.Start < 0 || p.A.End <= p.A.Start || p.A.End > len(from) {
				t.Fatalf("passage %+v", p)
			}
			if utf8.ValidString(from) && !utf8.ValidString(p.A.Of(from)) || utf8.ValidString(to) && !utf8.ValidString(p.B.Of(to)) {
				t.Fatalf("passage %+v cuts a character", p)
			}
			last = p.B.End
		}
	})
}

// Damaged signatures are refused and nothing else happens; what is read is written as it was.
func FuzzSignature(f *testing.F) {
	s := reader().Sign(&relay.Doc{ID: "a", Title: "حمله به پاسگاه", Text: "سه سرباز در حمله به پاسگاهی کشته شدند"})
	b, _ := s.MarshalBinary()
	f.Add(b)
	f.Add([]byte{1, 2, 3, 4, 5, 6})
	f.Fuzz(func(t *testing.T, b []byte) {
		var s relay.Signature
		if s.UnmarshalBinary(b) != nil {
			return
		}
		c, err := s.MarshalBinary()
		var u relay.Signature
		if err != nil || u.UnmarshalBinary(c) != nil {
			t.Fatal("what was read cannot be written")
		}
		relay.NewIndex(0).Add(s)
	})
}

// Any time is read or refused.
func FuzzMoment(f *testing.F) {
	f.Add("2024-03-10T08:30:00+03:30")
	f.Add("۱۴۰۲/۱۲/۲۰ ۰۸:۳۰")
	f.Fuzz(func(t *testing.T, s string) {
		m, err := relay.ParseMoment(s)
		if err == nil && m.To.Before(m.From) {
			t.Fatalf("%q ends before it begins: %v", s, m)
		}
	})
}
