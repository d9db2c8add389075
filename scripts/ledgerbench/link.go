package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
)

// linkAll links a ledger as "sanad link" does and prints how long each step took.
func linkAll(ctx context.Context, file string, all bool) error {
	debug.SetGCPercent(100)
	debug.SetMemoryLimit(384 << 20)
	lex, err := lexicon.Load("")
	if err != nil {
		return err
	}
	l, err := ledger.Open(ctx, file, ledger.Options{})
	if err != nil {
		return err
	}
	defer l.Close()
	begin, used := time.Now(), cpu()
	step, at, spent := "", begin, used
	end := func() {
		if step != "" {
			fmt.Printf("%-12s %8s, %8s on the processor, %d MB at most\n", step, time.Since(at).Round(time.Second/10), (cpu() - spent).Round(time.Second/10), peak())
		}
		at, spent = time.Now(), cpu()
	}
	out, err := l.Link(ctx, ledger.NewLinker(lex), ledger.LinkOptions{All: all, Progress: func(what string, done, of int64) {
		if what != step {
			end()
			step = what
		}
	}})
	if err != nil {
		return err
	}
	end()
	fmt.Printf("%+v\n", out)
	fmt.Printf("in all %s, %s on the processor, %d MB at most\n", time.Since(begin).Round(time.Second/10), (cpu() - used).Round(time.Second/10), peak())
	return nil
}

// peak is the most memory that this process had, in megabytes.
func peak() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return u.Maxrss >> 10
}
