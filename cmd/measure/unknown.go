package main

import (
	"fmt"
	"os"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/lex"
	"github.com/sanad-project/sanad/fa/word"
)

func init() {
	commands["unknown"] = struct {
		about string
		run   func([]string) error
	}{"list the words of a text that neither the dictionary nor the analysis of forms knows", unknown}
}

func unknown(args []string) error {
	for _, name := range args {
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		t := fa.Read(string(b), nil)
		for i := range t.Words {
			w := &t.Words[i]
			if w.Tag == word.PUNCT || w.Tag == word.NUM || w.Verb != nil || w.Clitic.Form != "" || w.Plural || w.Indef || w.Degree > 0 || lex.Of(w.Key) != 0 {
				continue
			}
			fmt.Println(w.Form)
		}
	}
	return nil
}
