// Command measure prints how well the parts of the reader do on public data:
//
//	go run ./cmd/measure ud fa_perdt-ud-test.conllu
//
// Each subcommand is a file of this folder.
package main

import (
	"fmt"
	"os"
	"sort"
)

// commands are the subcommands: what each measures, and the function.
var commands = map[string]struct {
	about string
	run   func(args []string) error
}{}

func main() {
	if len(os.Args) > 1 {
		if c, ok := commands[os.Args[1]]; ok {
			if err := c.run(os.Args[2:]); err != nil {
				fmt.Fprintln(os.Stderr, "measure:", err)
				os.Exit(1)
			}
			return
		}
	}
	var names []string
	for n := range commands {
		names = append(names, n)
	}
	sort.Strings(names)
	fmt.Fprintln(os.Stderr, "usage: measure COMMAND [flags] FILE...")
	for _, n := range names {
		fmt.Fprintf(os.Stderr, "  %-10s %s\n", n, commands[n].about)
	}
	os.Exit(2)
}
