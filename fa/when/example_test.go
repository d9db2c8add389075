package when_test

import (
	"fmt"

	"github.com/sanad-project/sanad/fa/segment"
	"github.com/sanad-project/sanad/fa/when"
)

func ExampleFind() {
	text := segment.Text("روز 13 ژانويه سه نفر کشته شدند و شامگاه دوشنبه، ۲۰ دی، آتش‌بس پایان یافت.", nil)
	for _, t := range when.Find(&text, when.Date{Year: 2005, Month: 1, Day: 14}) {
		fmt.Printf("%s «%s» %s.\n", t.Value, t.Span.Of(text.Source), t.Note)
	}
	// Output:
	// 2005-01-13 «روز 13 ژانويه» .
	// 2005-01-09TEV «شامگاه دوشنبه، ۲۰ دی» the weekday does not fit: 2005-01-09 is a Sunday.
}
