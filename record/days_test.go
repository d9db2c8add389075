package record

import "testing"

func TestDaysOf(t *testing.T) {
	for _, c := range []struct{ value, first, last string }{
		{"2007-04-15", "2007-04-15", "2007-04-15"},
		{"2007-04-15TNI", "2007-04-15", "2007-04-15"},
		{"2017-08-30T17:30", "2017-08-30", "2017-08-30"},
		{"2024-02", "2024-02-01", "2024-02-29"},
		{"2006", "2006-01-01", "2006-12-31"},
		{"2019-08-31/2019-09-29", "2019-08-31", "2019-09-29"},
		{"2001/2016-11-19", "2001-01-01", "2016-11-19"},
		{"2013-09-21/..", "2013-09-21", ""},
		{"2020-02-23~", "2020-02-23", "2020-02-23"},
		{"2016-11-02TAF/2016-10-29TMO", "2016-10-29", "2016-11-02"},
	} {
		d, ok := DaysOf(c.value)
		last := ""
		if !d.Last.IsZero() {
			last = d.Last.Format("2006-01-02")
		}
		if !ok || d.First.Format("2006-01-02") != c.first || last != c.last {
			t.Errorf("%s: %v to %v, %v; want %s to %s", c.value, d.First, d.Last, ok, c.first, c.last)
		}
	}
	for _, v := range []string{"", "P8D", "PAST_REF", "XXXX-jal-11-18", "T01:30", "2007-13", "2007-02-30", "2007-4-1", "20071-01-01", "2007/x", "/", "~"} {
		if d, ok := DaysOf(v); ok {
			t.Errorf("%q: %v", v, d)
		}
	}
	if d, _ := DaysOf("2020-02-23~"); !d.About {
		t.Error("«about» was lost")
	}
}

func FuzzDaysOf(f *testing.F) {
	f.Add("2013-09-21/..")
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := DaysOf(s); ok && !d.Last.IsZero() && d.Last.Before(d.First) {
			t.Errorf("%q: %v before %v", s, d.Last, d.First)
		}
	})
}
