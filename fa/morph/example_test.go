package morph_test

import (
	"fmt"

	"github.com/sanad-project/sanad/fa/morph"
	"github.com/sanad-project/sanad/fa/spell"
)

// A form without its half-space is read all the same.
func ExampleForms() {
	f := morph.Forms(nil, spell.Key("نميگرفتند"))[0]
	fmt.Println(f.Verb.Infinitive(), f.Spelling(), f.Person, f.Plural, f.Negative)
	// Output:
	// گرفتن نمی‌گرفتند 3 true true
}
