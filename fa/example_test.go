package fa_test

import (
	"fmt"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/word"
)

// A space inside a word, Arabic letters, a number stuck to its noun: the words
// come out as a careful typist sets them, each with the bytes it was read from.
func ExampleRead() {
	text := fa.Read("30نفر در حمله گروه هاي مسلح كشته شده اند.", nil)
	for _, w := range text.Words {
		fmt.Printf("%d-%d %s %s\n", w.Span.Start, w.Span.End, w.Form, w.Tag)
	}
	// Output:
	// 0-2 30 NUM
	// 2-8 نفر NOUN
	// 9-13 در ADP
	// 14-22 حمله NOUN
	// 23-38 گروه‌های NOUN
	// 39-47 مسلح ADJ
	// 48-56 کشته VERB
	// 57-70 شده‌اند VERB
	// 70-71 . PUNCT
}

// A verb form of several words is analysed on its head.
func ExampleRead_verb() {
	text := fa.Read("این نامه فردا فرستاده نخواهد شد.", nil)
	for i, w := range text.Words {
		if v := w.Verb; v != nil && v.Head == i {
			form := text.Span(v.First, v.Last+1).Of(text.Source)
			fmt.Println(form, "|", w.Lemma, "| future:", v.Tense == word.Future, "passive:", v.Passive, "negative:", v.Negative)
		}
	}
	// Output:
	// فرستاده نخواهد شد | فرستادن | future: true passive: true negative: true
}
