package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/sanad-project/sanad/fa/halfspace"
	"github.com/sanad-project/sanad/internal/conllu"
)

func init() {
	commands["halfspace"] = struct {
		about string
		run   func([]string) error
	}{"half-spaces put back into text that lost them: treebanks or plain text of careful spelling", halfSpaces}
}

// halfSpaces damages the half-spaces of each line in three ways (stripped,
// turned into spaces, either), restores them, and counts the places, in
// letters, where a half-space is set that was there.
func halfSpaces(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("usage: measure halfspace FILE.conllu|FILE.txt, or several")
	}
	show := args[0] == "-errors"
	if show {
		args = args[1:]
	}
	r := halfspace.Default()
	for _, name := range args {
		var lines []string
		if strings.HasSuffix(name, ".conllu") {
			sentences, err := conllu.Read(name)
			if err != nil {
				return err
			}
			for _, s := range sentences {
				lines = append(lines, s.Text)
			}
		} else {
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			sc := bufio.NewScanner(f)
			sc.Buffer(nil, 1<<24)
			for sc.Scan() {
				lines = append(lines, sc.Text())
			}
			f.Close()
		}
		fmt.Println(name)
		var all score
		for how, title := range []string{"stripped", "broken", "mixed"} {
			var s score
			for _, l := range lines {
				there := halfspace.Places(l)
				back := r.Repair(halfspace.Spoil(l, halfspace.Damage(how)))
				said := halfspace.Places(back)
				s.there += len(there)
				s.said += len(said)
				for p := range said {
					if there[p] {
						s.right++
					}
				}
				if show {
					at := halfspace.Letters(l)
					for i, c := range l {
						if c == ' ' || c == '\u200c' {
							continue
						}
						p := at[i]
						if there[p] == said[p] {
							continue
						}
						sign := "-"
						if said[p] {
							sign = "+"
						}
						from, to := strings.LastIndexAny(l[:i], " \n")+1, i+strings.IndexByte(l[i:]+" ", ' ')
						fmt.Println(title, sign, strings.ReplaceAll(l[from:i]+"^"+l[i:to], "\u200c", "|"))
					}
				}
			}
			all.right, all.said, all.there = all.right+s.right, all.said+s.said, all.there+s.there
			fmt.Printf("  %-9s %v\n", title, s)
		}
		fmt.Printf("  %-9s %v\n", "all", all)
	}
	return nil
}
