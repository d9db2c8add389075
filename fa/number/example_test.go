package number_test

import (
	"fmt"

	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/fa/segment"
)

func ExampleFind() {
	text := segment.Text("بیش از سه میلیون و پانصد هزار نفر و 13پليس", nil)
	for _, a := range number.Find(&text) {
		fmt.Println(a.Span.Of(text.Source), *a.Min, a.Max == nil, a.Hedge)
	}
	// Output:
	// بیش از سه میلیون و پانصد هزار نفر 3500000 true more_than
	// 13پليس 13 false exact
}
