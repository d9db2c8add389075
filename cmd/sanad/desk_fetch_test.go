package main

import (
	"testing"

	"github.com/spf13/cobra"
)

// A desk fetches addresses as "sanad add" does, and none with --no-fetch.
func TestFetchFlags(t *testing.T) {
	for _, c := range []struct {
		args    []string
		bad     bool
		fetches bool
	}{
		{nil, false, true},
		{[]string{"--no-fetch"}, false, false},
		{[]string{"--delay", "0s"}, true, false},
		{[]string{"--contact", "desk@example.org", "--delay", "5s"}, false, true},
	} {
		var f fetchFlags
		cmd := &cobra.Command{}
		f.add(cmd)
		if err := cmd.ParseFlags(c.args); err != nil {
			t.Fatal(err)
		}
		if err := f.check(); (err != nil) != c.bad {
			t.Errorf("%v: %v", c.args, err)
		}
		if !c.bad && (f.getter() != nil) != c.fetches {
			t.Errorf("%v: fetches %t", c.args, f.getter() != nil)
		}
	}
}
