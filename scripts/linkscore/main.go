// Linkscore measures linking against what a person found in a set of reports.
//
//	go run ./scripts/linkscore examples/link/dev
//
// A set is a folder with reports.jsonl and gold.json; examples/link/dev/README.md has
// its form. The reports go into a ledger of their own and are linked there as
// "sanad link" does it. Printed are precision, recall and F1 of
//
//	relay pairs      a report and the one that it takes its words from
//	origin groups    B³: who rests on one origin
//	incident groups  B³: who tells of one thing
//	contradictions   what cannot both be true, see incident.Gold.ContradictionF1
//
// With -v what was missed and what was made up is listed.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
)

func main() {
	verbose := flag.Bool("v", false, "list what was missed and what was made up")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: linkscore [-v] FOLDER")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "linkscore:", err)
		os.Exit(1)
	}
}

// relays is the part of a gold file that package incident does not read.
type relays struct {
	Relays []struct{ From, To string }
}

func run(set string, verbose bool) error {
	ctx := context.Background()
	gold, err := incident.ReadGold(filepath.Join(set, "gold.json"))
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(filepath.Join(set, "gold.json"))
	if err != nil {
		return err
	}
	var more relays
	if err := json.Unmarshal(raw, &more); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "linkscore")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	l, err := ledger.Open(ctx, filepath.Join(dir, "ledger.db"), ledger.Options{Create: true})
	if err != nil {
		return err
	}
	defer l.Close()
	ids, given, err := add(ctx, l, filepath.Join(set, "reports.jsonl"))
	if err != nil {
		return err
	}
	lex, err := lexicon.Load("")
	if err != nil {
		return err
	}
	if _, err := l.Link(ctx, ledger.NewLinker(lex), ledger.LinkOptions{}); err != nil {
		return err
	}

	want := map[[2]string]bool{}
	for _, r := range more.Relays {
		want[[2]string{r.From, r.To}] = true
	}
	found := map[[2]string]bool{}
	origins := [][]string{}
	for item, err := range l.RelayItems(ctx, ledger.Filter{}) {
		if err != nil {
			return err
		}
		if item.Direct && !item.Common {
			found[[2]string{given[item.From.Report], given[item.To.Report]}] = true
		}
	}
	seen := map[string]bool{}
	for id := range given {
		x, err := l.Relays(ctx, id)
		if err != nil {
			return err
		}
		if x.Origin == nil || seen[x.Origin.Reports[0].ID] {
			continue
		}
		var group []string
		for _, r := range x.Origin.Reports {
			seen[r.ID] = true
			group = append(group, given[r.ID])
		}
		origins = append(origins, group)
	}
	hits := 0
	for p := range want {
		if found[p] {
			hits++
		} else if verbose {
			fmt.Println("relay missed:", p)
		}
	}
	for p := range found {
		if !want[p] && verbose {
			fmt.Println("relay made up:", p)
		}
	}
	show("relay pairs", ratio(hits, len(found)), ratio(hits, len(want)))
	m := incident.BCubed(origins, gold.Origins, ids)
	show("origin groups, B³", m.P, m.R)

	var list []incident.Linked
	for item, err := range l.IncidentItems(ctx, ledger.IncidentFilter{}) {
		if err != nil {
			return err
		}
		list = append(list, inOwnNames(item.Linked, given))
	}
	m = incident.BCubed(incident.Groups(list), gold.Groups(), ids)
	show("incident groups, B³", m.P, m.R)
	if verbose {
		for _, in := range list {
			if len(in.Members) > 1 {
				fmt.Println("  found:", incident.Groups([]incident.Linked{in})[0], in.Head.Text)
			}
		}
		for i, g := range gold.Groups() {
			fmt.Println("  gold: ", g, gold.Incidents[i].ID)
		}
	}
	m, fared, wrong := gold.ContradictionF1(list)
	show("contradictions", m.P, m.R)
	if verbose {
		for _, s := range fared {
			if !s.Found {
				fmt.Println("  missed:", s.Incident, s.Field, s.Of)
			}
		}
		for _, s := range wrong {
			fmt.Println("  made up:", s.Incident, s.Field, s.Of)
		}
	}
	return nil
}

// add reads the reports into the ledger; it returns their ids as given, and
// for each id of the ledger the one that was given.
func add(ctx context.Context, l *ledger.Ledger, file string) (ids []string, given map[string]string, err error) {
	rd, err := sanad.New("")
	if err != nil {
		return nil, nil, err
	}
	maker := ledger.NewMaker(rd, "linkscore")
	given = map[string]string{}
	in := &input.Reader{}
	in.Each([]string{file}, func(it input.Item) bool {
		var e *ledger.Entry
		var added []ledger.Added
		if err = it.Err; err == nil {
			e, err = maker.Entry(&it)
		}
		if err == nil {
			added, err = l.Add(ctx, []*ledger.Entry{e})
		}
		if err != nil {
			return false
		}
		ids = append(ids, it.Article.ID)
		given[added[0].ID] = it.Article.ID
		return true
	})
	return ids, given, err
}

// inOwnNames is an incident with reports by the ids that they were given.
func inOwnNames(x *incident.Linked, given map[string]string) incident.Linked {
	out := *x
	out.Members = append([]incident.Member(nil), x.Members...)
	for i := range out.Members {
		out.Members[i].Report = given[out.Members[i].Report]
	}
	out.Table.Contradictions = append([]incident.Contradiction(nil), x.Table.Contradictions...)
	for i := range out.Table.Contradictions {
		c := &out.Table.Contradictions[i]
		c.Sides = append([]incident.Value(nil), c.Sides...)
		for j := range c.Sides {
			var reports []string
			for _, r := range c.Sides[j].Reports {
				reports = append(reports, given[r])
			}
			c.Sides[j].Reports = reports
		}
	}
	return out
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func show(what string, p, r float64) {
	f := 0.0
	if p+r > 0 {
		f = 2 * p * r / (p + r)
	}
	fmt.Printf("%-20s P %.3f  R %.3f  F1 %.3f\n", what, p, r, f)
}
