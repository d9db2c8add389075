package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/digest"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/record"
)

func (p *program) searchCommand() *cobra.Command {
	var flags filterFlags
	var limit, offset int
	var format string
	cmd := &cobra.Command{
		Use:   "search WORDS",
		Short: "Find reports by their words, or entities by their names",
		Long: `Finds the reports that have all the words, in any form: endings, plurals, verb
forms, half-spaces, Arabic letters and kinds of digits make no difference. What
may be typed, best inside one pair of single quotation marks:

  حمله پهپادی          both words
  "حمله به بغداد"       these words one after the other; «…» does as well
  حمله -موشکی          the first and not the second
  حمله بغداد OR موصل   the first and one of the other two
  دیپلما*              words whose dictionary form begins so

First come reports that have the words in the title as typed, then those that
have all of them in the title; then the others, fifty at a time from the
newest on: those that have them as typed, near each other, anywhere. Within
each the newest day comes first. Filters are those of "sanad list".

With --entity and no words it lists the entities that bear that name, by any
name in Persian or English, with their ids and the number of their reports.

Exit code 1 where nothing is found.`,
		Example: `  sanad search 'کتائب حزب الله تعلیق عملیات'
  sanad search '"شورای امنیت" -قطعنامه' --from 1402-01-01 --place Iraq
  sanad search --entity کتائب`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", format, "text", "jsonl"); err != nil {
				return err
			}
			if err := checkPages(limit, offset); err != nil {
				return err
			}
			ctx, stop := interruptible()
			defer stop()
			words := strings.TrimSpace(strings.Join(args, " "))
			if words == "" && len(flags.entity) == 0 {
				return usage{errors.New("give the words to search for, or --entity NAME for entities")}
			}
			l, err := p.looking(ctx)
			if err != nil {
				return err
			}
			defer l.Close()
			if words == "" {
				if cmd.Flags().NFlag() != countFlags(cmd, "entity", "limit", "format", "ledger", "lexicon") {
					return usage{errors.New("with --entity alone entities are listed, and other filters say nothing; give words to search reports")}
				}
				return p.bearers(ctx, l, strings.Join(flags.entity, " "), limit, format)
			}
			lex, err := p.loadLexicon()
			if err != nil {
				return err
			}
			f, err := flags.filter(ctx, l, lex)
			if err != nil {
				return err
			}
			list, err := l.Search(ctx, words, f, limit+1, offset)
			if bad := (*ledger.BadQuery)(nil); errors.As(err, &bad) {
				return usage{bad}
			}
			if err != nil {
				return err
			}
			if other, err := l.OtherIndex(ctx); err == nil && other {
				fmt.Fprintln(p.err, "sanad: the search index was made by other rules than this version's, so that words may be missed: \"sanad rebuild\" makes it anew")
			}
			more := len(list) > limit
			for i := range list[:min(len(list), limit)] {
				x := &list[i]
				if format == "jsonl" {
					if err := writeJSON(p.out, x); err != nil {
						return err
					}
					continue
				}
				p.found(x, lex)
			}
			switch {
			case len(list) == 0:
				p.exit = exitFailed
				if offset == 0 {
					fmt.Fprintf(p.err, "sanad: nothing was found for %s\n", digest.Isolate(words))
				} else {
					fmt.Fprintf(p.err, "sanad: nothing more was found for %s\n", digest.Isolate(words))
				}
			case more && format == "text":
				fmt.Fprintf(p.err, "sanad: there are more: --offset %d, or a larger --limit\n", offset+limit)
			}
			return nil
		},
	}
	flags.add(cmd)
	cmd.Flags().IntVarP(&limit, "limit", "n", 20, "how many at most")
	cmd.Flags().IntVar(&offset, "offset", 0, "how many to leave out at the start")
	cmd.Flags().StringVarP(&format, "format", "f", "text", "text or jsonl")
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		if strings.Contains(err.Error(), "shorthand") {
			err = fmt.Errorf("%w; to search without a word put the whole search in quotation marks: sanad search 'حمله -موشکی'", err)
		}
		return usage{err}
	})
	return cmd
}

// countFlags counts the flags among names that were given.
func countFlags(cmd *cobra.Command, names ...string) int {
	n := 0
	for _, name := range names {
		if cmd.Flags().Changed(name) {
			n++
		}
	}
	return n
}

// found prints a report that was found: the lines of a list and a snippet, what
// was found in bold on a terminal and between ** elsewhere.
func (p *program) found(x *ledger.Found, lex *lexicon.Lexicon) {
	open, closing := "**", "**"
	if style(p.out).Color {
		open, closing = "\x1b[1m", "\x1b[0m"
	}
	if x.Title != "" {
		x.Report.Head = markHits(x.Title, 0, x.InTitle)
	}
	var b strings.Builder
	reportLine(&b, &x.Report, lex)
	text := markHits(x.Snippet.Text, x.Snippet.Start, x.Snippet.Hits)
	if x.Snippet.Before {
		text = "… " + text
	}
	if x.Snippet.After {
		text += " …"
	}
	if x.Snippet.Text != "" {
		fmt.Fprintf(&b, "    %s\n", digest.Isolate(text))
	}
	fmt.Fprint(p.out, strings.NewReplacer(string(hitBegins), open, string(hitEnds), closing).Replace(b.String()))
}

// Characters for private use stand for the marks of hits until the text has
// been made fit for a terminal, which takes control characters out.
const hitBegins, hitEnds = '\ue0f0', '\ue0f1'

// markHits puts marks around the spans of text, which begins at code point at.
func markHits(text string, at int, hits []record.Span) string {
	var b strings.Builder
	n := at
	for _, r := range text {
		for len(hits) > 0 && n == hits[0].End {
			b.WriteRune(hitEnds)
			hits = hits[1:]
		}
		if len(hits) > 0 && n == hits[0].Start {
			b.WriteRune(hitBegins)
		}
		if r != hitBegins && r != hitEnds {
			b.WriteRune(r)
		}
		n++
	}
	if len(hits) > 0 && n == hits[0].End {
		b.WriteRune(hitEnds)
	}
	return b.String()
}

// bearers lists the entities that bear a name.
func (p *program) bearers(ctx context.Context, l *ledger.Ledger, name string, limit int, format string) error {
	lex, err := p.loadLexicon()
	if err != nil {
		return err
	}
	list, err := l.Names(ctx, lex, name, limit)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		p.exit = exitFailed
		fmt.Fprintf(p.err, "sanad: neither the lexicon nor any report has the name %s\n", digest.Isolate(name))
	}
	for i := range list {
		n := &list[i]
		if format == "jsonl" {
			if err := writeJSON(p.out, n); err != nil {
				return err
			}
			continue
		}
		about := []string{n.Type, digest.Isolate(n.Name)}
		if n.NameEn != "" {
			about = append(about, n.NameEn)
		}
		about = append(about, count(int(n.Reports), "report"))
		if !n.Known {
			about = append(about, "not in the lexicon")
		}
		fmt.Fprintf(p.out, "%s  %s\n", n.ID, strings.Join(about, ", "))
		for _, m := range n.Matched {
			if m != n.Name && m != n.NameEn {
				fmt.Fprintf(p.out, "    also %s\n", digest.Isolate(m))
			}
		}
	}
	return nil
}
