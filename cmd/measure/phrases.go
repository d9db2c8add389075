package main

import (
	"fmt"
	"maps"
	"os"
	"strings"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/phrase"
	"github.com/sanad-project/sanad/internal/conllu"
)

func init() {
	commands["phrases"] = struct {
		about string
		run   func([]string) error
	}{"print the phrases and clauses of a text", printPhrases}
	commands["roles"] = struct {
		about string
		run   func([]string) error
	}{"heads of subjects and objects against the trees of a CoNLL-U treebank (-errors lists them)", roles}
}

var roleNames = [...]string{"other", "subject", "object", "oblique", "light", "predicate", "when"}
var kindNames = [...]string{"main", "complement", "relative", "conditional", "adverbial", "coordinate"}

func printPhrases(args []string) error {
	for _, name := range args {
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		t := fa.Read(string(b), nil)
		tree := phrase.Find(&t)
		c := 0
		for _, s := range t.Sentences {
			fmt.Println("#", s.Span.Of(t.Source))
			for i := s.First; i < s.Last; i++ {
				w := &t.Words[i]
				e := ""
				if w.Ezafe {
					e = "+"
				}
				fmt.Printf("%s/%s%s ", w.Form, w.Tag, e)
			}
			fmt.Println()
			for ; c < len(tree.Clauses) && tree.Clauses[c].First < s.Last; c++ {
				cl := &tree.Clauses[c]
				fmt.Printf("  %d %s parent=%d [%s] %s\n", c, kindNames[cl.Kind], cl.Parent, cl.Lemma, t.Span(cl.First, cl.Last).Of(t.Source))
				for _, q := range tree.In(c) {
					ph := &tree.Phrases[q]
					fmt.Printf("      %d %s (%s) %s", q, roleNames[ph.Role], ph.Prep, t.Span(ph.First, ph.Last).Of(t.Source))
					if ph.Of >= 0 {
						fmt.Printf(" of=%d", ph.Of)
					}
					if ph.And >= 0 {
						fmt.Printf(" and=%d", ph.And)
					}
					if ph.Same >= 0 {
						fmt.Printf(" same=%d", ph.Same)
					}
					fmt.Println()
				}
				if q := tree.Subject(c); q >= 0 {
					fmt.Printf("      -> subject %s\n", t.Span(tree.Phrases[q].First, tree.Phrases[q].Last).Of(t.Source))
				}
			}
		}
	}
	return nil
}

func roles(args []string) error {
	show := len(args) > 0 && args[0] == "-errors"
	if show {
		args = args[1:]
	}
	for _, name := range args {
		sentences, err := conllu.Read(name)
		if err != nil {
			return err
		}
		var subj, obj score
		for _, s := range sentences {
			t := fa.Read(s.Text, nil)
			tree := phrase.Find(&t)
			at := conllu.Positions(s.Text)
			// gold by place of the token's start
			gold := map[int]string{}
			for _, tok := range s.Tokens {
				for _, w := range s.Words[tok.First:tok.Last] {
					rel := w.Rel
					switch {
					case strings.HasPrefix(rel, "nsubj"):
						gold[at[tok.Start]] = "subject"
					case rel == "obj":
						gold[at[tok.Start]] = "object"
					}
				}
			}
			ours := map[int]string{}
			for _, p := range tree.Phrases {
				if p.And >= 0 || p.Same >= 0 {
					continue
				}
				switch p.Role {
				case phrase.Subject, phrase.Object:
					ours[at[t.Words[p.Head].Span.Start]] = roleNames[p.Role]
				}
			}
			for k, r := range gold {
				sc := &subj
				if r == "object" {
					sc = &obj
				}
				sc.there++
				if ours[k] == r {
					sc.right++
				}
			}
			for _, r := range ours {
				sc := &subj
				if r == "object" {
					sc = &obj
				}
				sc.said++
			}
			if show && !maps.Equal(gold, ours) {
				fmt.Println(s.Text)
				for i := range t.Words {
					w := &t.Words[i]
					k := at[w.Span.Start]
					m := ""
					if gold[k] != "" {
						m += " gold=" + gold[k]
					}
					if ours[k] != "" {
						m += " ours=" + ours[k]
					}
					if gold[k] != ours[k] {
						fmt.Printf("    %s/%s%s\n", w.Form, w.Tag, m)
					}
				}
			}
		}
		fmt.Printf("%s\n  subjects %v\n  objects  %v\n", name, subj, obj)
	}
	return nil
}
