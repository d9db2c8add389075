// Sanad reads Persian news reports into sourced, checkable records.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/sanad-project/sanad/fa/when"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/read"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/report"
)

func main() {
	lex, err := lexicon.Load("")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	reader := read.New(lex)
	f, err := os.Open(os.Args[len(os.Args)-1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 100<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for sc.Scan() {
		var a struct{ ID, URL, Outlet, Title, Published, Text string }
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		r := &report.Report{ID: a.ID, URL: a.URL, Outlet: a.Outlet, Title: a.Title, Text: a.Text}
		if a.Title != "" {
			r.Text = a.Title + "\n" + a.Text
		}
		var d when.Date
		if n, _ := fmt.Sscanf(a.Published, "%d-%d-%d", &d.Year, &d.Month, &d.Day); n == 3 {
			r.Published = d
		}
		reader.Read(r)
		out.Encode(record.From(r))
	}
}
