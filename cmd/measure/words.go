package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/sanad-project/sanad/fa"
)

func init() {
	commands["words"] = struct {
		about string
		run   func([]string) error
	}{"print a text as it is cut into sentences and words, with what is read from each form", printWords}
}

func printWords(args []string) error {
	for _, name := range args {
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		t := fa.Read(string(b), nil)
		for s, sent := range t.Sentences {
			fmt.Printf("# %d\n", s)
			for i := sent.First; i < sent.Last; i++ {
				w := &t.Words[i]
				fmt.Printf("%d\t%s\t%s\t%s\t%s\t", i, w.Span.Of(t.Source), w.Form, w.Tag, w.Lemma)
				var f []string
				if w.Plural {
					f = append(f, "plural")
				}
				if w.Indef {
					f = append(f, "indef")
				}
				if w.Ezafe {
					f = append(f, "ezafe")
				}
				if w.Degree > 0 {
					f = append(f, fmt.Sprint("degree", w.Degree))
				}
				if w.Clitic.Form != "" {
					f = append(f, fmt.Sprintf("clitic=%s/%v", w.Clitic.Form, w.Clitic.Copula))
				}
				if v := w.Verb; v != nil {
					f = append(f, fmt.Sprintf("%s#%s tense%d person%d plural=%v neg=%v passive=%v aux=%v head=%d [%d,%d]", v.Past, v.Present, v.Tense, v.Person, v.Plural, v.Negative, v.Passive, v.Aux, v.Head, v.First, v.Last))
				}
				fmt.Println(strings.Join(f, " "))
			}
		}
	}
	return nil
}
