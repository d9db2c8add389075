package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/when"
)

func init() {
	commands["parstdex"] = struct {
		about string
		run   func(args []string) error
	}{"strict span F1 of time expressions on parstdex's own test cases (JSON)", parstdex}
}

// parstdex compares spans with the test cases of parstdex. Its conventions are
// those of HengamGold (see hengam), but neighbours with only spaces between
// are one span: «ساعت ۸ صبح روز پنجشنبه».
func parstdex(args []string) error {
	fs := flag.NewFlagSet("parstdex", flag.ContinueOnError)
	show := fs.Bool("errors", false, "print each case that is not read as expected")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() != 1 {
		return fmt.Errorf("parstdex takes one file: parstdex-spans.json")
	}
	b, err := os.ReadFile(fs.Arg(0))
	if err != nil {
		return err
	}
	var cases []struct {
		Input    string `json:"test_input"`
		Expected string `json:"expected"`
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		return fmt.Errorf("%s: %w", fs.Arg(0), err)
	}
	var s score
	whole := 0
	for _, c := range cases {
		var want [][2]int
		if err := json.Unmarshal([]byte(c.Expected), &want); err != nil {
			return fmt.Errorf("%s: %q: %w", fs.Arg(0), c.Input, err)
		}
		t := fa.Read(c.Input, nil)
		var got [][2]int
		end := -1
		for _, x := range when.FindStyle(&t, when.Date{}, when.Style{Apart: true, Wide: true}) {
			if x.Rule == "phrase" {
				continue
			}
			a := utf8.RuneCountInString(c.Input[:x.Span.Start])
			z := a + utf8.RuneCountInString(x.Span.Of(c.Input))
			if n := len(got); n > 0 && strings.TrimSpace(c.Input[end:x.Span.Start]) == "" {
				got[n-1][1] = z
			} else {
				got = append(got, [2]int{a, z})
			}
			end = x.Span.End
		}
		right := 0
		for _, g := range got {
			for _, w := range want {
				if g == w {
					right++
				}
			}
		}
		s.right, s.said, s.there = s.right+right, s.said+len(got), s.there+len(want)
		if right == len(got) && right == len(want) {
			whole++
		} else if *show {
			r := []rune(c.Input)
			fmt.Println(c.Input)
			for _, w := range want {
				fmt.Printf("   want %s\n", string(r[w[0]:min(w[1], len(r))]))
			}
			for _, g := range got {
				fmt.Printf("   read %s\n", string(r[g[0]:g[1]]))
			}
		}
	}
	fmt.Printf("parstdex: %d cases, %d read whole; spans %s\n", len(cases), whole, s)
	return nil
}
