package spell_test

import (
	"fmt"

	"github.com/sanad-project/sanad/fa/spell"
)

// Dictionaries are asked for keys, in which spelling makes no difference.
func ExampleKey() {
	fmt.Println(spell.Key("امريكا") == spell.Key("آمریکا"))
	fmt.Println(spell.Key("حزب‌الله") == spell.Key("حزب الله"))
	// Output:
	// true
	// true
}

// What is found in the reading is shown in the source.
func ExampleRead() {
	source := "كتـــاب‌ها"
	r := spell.Read(source)
	start, end := r.Source(0, len("کتاب"))
	fmt.Println(r.Text, source[start:end])
	// Output:
	// کتاب‌ها كتـــاب
}
