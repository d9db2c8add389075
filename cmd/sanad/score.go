package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/score"
)

func (p *program) scoreCommand() *cobra.Command {
	var asJSON bool
	var layer string
	cmd := &cobra.Command{
		Use:   "score ARTICLES GOLD_DIR [READINGS]",
		Short: "Compare readings with annotations: precision, recall and F1 for each layer",
		Long: `Compares readings of the articles in ARTICLES (JSON Lines) with the annotations
in GOLD_DIR, one ID.json an article, and prints precision, recall and F1 for
each layer of the record.

READINGS is a .jsonl file of records, or a folder of annotations to compare two
annotators. Without it the articles are read now, by this program.

--errors LAYER lists what was missed (-) and what was made up (+); of the layers
false_facts and claims_as_facts it lists the events told as more than they are.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 && len(args) != 3 {
				return usage{fmt.Errorf("sanad score takes ARTICLES, GOLD_DIR and, if you have them, READINGS; %d given", len(args))}
			}
			if all := append(slices.Clone(score.Layers), score.Rates...); layer != "" && !slices.Contains(all, layer) {
				return usage{fmt.Errorf("--errors %s: give one of %s", layer, strings.Join(all, ", "))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			articles, err := articleTexts(args[0])
			if err != nil {
				return err
			}
			names, err := filepath.Glob(filepath.Join(args[1], "*.json"))
			if err != nil {
				return err
			}
			if len(names) == 0 {
				return fmt.Errorf("%s: no annotation (ID.json) in this folder", args[1])
			}
			sort.Strings(names)
			of, err := p.readings(args[2:])
			if err != nil {
				return err
			}
			c := &score.Scorer{Errors: layer}
			for _, name := range names {
				id := strings.TrimSuffix(filepath.Base(name), ".json")
				a, ok := articles[id]
				if !ok {
					return fmt.Errorf("%s: no such article in %s", id, args[0])
				}
				gold, err := os.ReadFile(name)
				if err != nil {
					return err
				}
				if err := of(c, a, gold); err != nil {
					return err
				}
			}
			if asJSON {
				return c.PrintJSON(p.out)
			}
			c.Print(p.out)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the figures as JSON")
	cmd.Flags().StringVar(&layer, "errors", "", "list the errors of this layer")
	cmd.RegisterFlagCompletionFunc("errors", cobra.FixedCompletions(append(slices.Clone(score.Layers), score.Rates...), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// articleTexts reads the articles by their ids.
func articleTexts(name string) (map[string]sanad.Article, error) {
	m := map[string]sanad.Article{}
	var first error
	new(input.Reader).Each([]string{name}, func(it input.Item) bool {
		if it.Err != nil {
			first = fmt.Errorf("%s: %w", it.Where(), it.Err)
			return false
		}
		m[it.Article.ID] = it.Article
		return true
	})
	return m, first
}

func textOf(a sanad.Article) string {
	if a.Title == "" {
		return a.Text
	}
	return a.Title + "\n" + a.Text
}

// readings returns what adds the score of one article's reading.
func (p *program) readings(args []string) (func(c *score.Scorer, a sanad.Article, gold []byte) error, error) {
	if len(args) == 0 {
		d, err := p.reader()
		if err != nil {
			return nil, err
		}
		return func(c *score.Scorer, a sanad.Article, gold []byte) error {
			rec, err := d.Read(a)
			if err != nil {
				fmt.Fprintf(p.err, "sanad: %s: %v\n", a.ID, err)
				p.exit = exitFailed
			}
			return c.Record(a.ID, textOf(a), gold, rec)
		}, nil
	}
	if st, err := os.Stat(args[0]); err == nil && st.IsDir() {
		return func(c *score.Scorer, a sanad.Article, gold []byte) error {
			raw, err := os.ReadFile(filepath.Join(args[0], a.ID+".json"))
			if errors.Is(err, os.ErrNotExist) {
				return c.Record(a.ID, textOf(a), gold, nil)
			} else if err != nil {
				return err
			}
			return c.Annotation(a.ID, textOf(a), gold, raw)
		}, nil
	}
	records, err := readRecords(args[0])
	if err != nil {
		return nil, err
	}
	return func(c *score.Scorer, a sanad.Article, gold []byte) error {
		return c.Record(a.ID, textOf(a), gold, records[a.ID])
	}, nil
}

func readRecords(name string) (map[string]*record.Record, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m := map[string]*record.Record{}
	sc := bufio.NewScanner(f)
	sc.Buffer(make([]byte, 64<<10), 256<<20)
	for n := 1; sc.Scan(); n++ {
		if len(bytes.TrimSpace(sc.Bytes())) == 0 {
			continue
		}
		d := &record.Record{}
		if err := json.Unmarshal(sc.Bytes(), d); err != nil {
			return nil, fmt.Errorf("%s:%d: no record: %w", name, n, err)
		}
		m[d.Document.ID] = d
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}
