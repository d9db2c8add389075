package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/digest"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
)

func (p *program) listCommand() *cobra.Command {
	var flags filterFlags
	var limit, offset int
	var format string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the reports of the ledger, the newest first",
		Long: `Lists reports, the newest day of publication first. All filters that are given
have to hold; of several values of one filter one has to. What is said of events
(actor, recipient, type, mode, status, place) has to hold of one and the same
event.`,
		Example: `  sanad list --from 1402-01-01 --actor "ارتش اسرائیل" --type ASSAULT
  sanad list --outlet "Fars News Agency" --review new --limit 20`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", format, "text", "jsonl"); err != nil {
				return err
			}
			if err := checkPages(limit, offset); err != nil {
				return err
			}
			return p.at(ledger.Options{ReadOnly: true}, func(ctx context.Context, l *ledger.Ledger) error {
				lex, err := p.loadLexicon()
				if err != nil {
					return err
				}
				f, err := flags.filter(ctx, l, lex)
				if err != nil {
					return err
				}
				list, err := l.List(ctx, f, limit+1, offset)
				if err != nil {
					return err
				}
				more := len(list) > limit
				if more {
					list = list[:limit]
				}
				for i := range list {
					if format == "jsonl" {
						if err := writeJSON(p.out, list[i]); err != nil {
							return err
						}
						continue
					}
					reportLine(p.out, &list[i], lex)
				}
				if more && format == "text" {
					fmt.Fprintf(p.err, "sanad: there are more: --offset %d, or a larger --limit\n", offset+limit)
				}
				return nil
			})
		},
	}
	flags.add(cmd)
	pages(cmd, &limit, &offset, &format)
	return cmd
}

// pages are the flags of a list.
func pages(cmd *cobra.Command, limit, offset *int, format *string) {
	cmd.Flags().IntVarP(limit, "limit", "n", 50, "how many at most")
	cmd.Flags().IntVar(offset, "offset", 0, "how many to leave out at the start")
	cmd.Flags().StringVarP(format, "format", "f", "text", "text or jsonl")
}

func checkPages(limit, offset int) error {
	if limit < 1 || offset < 0 {
		return usage{errors.New("--limit has to be 1 or more, --offset 0 or more")}
	}
	return nil
}

func oneOf(flag, value string, known ...string) error {
	for _, k := range known {
		if value == k {
			return nil
		}
	}
	return usage{fmt.Errorf("--%s %s: give one of %s", flag, value, strings.Join(known, ", "))}
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// loadLexicon loads the lexicon without compiling a reader.
func (p *program) loadLexicon() (*lexicon.Lexicon, error) {
	lex, err := lexicon.Load(p.lexicon)
	if err != nil && p.lexicon != "" {
		return nil, usage{err}
	}
	return lex, err
}

// reportLine prints a report on two lines.
func reportLine(w io.Writer, x *ledger.Report, lex *lexicon.Lexicon) {
	day := "day unknown"
	if x.Published != "" {
		day = digest.Day(x.Published)
	}
	outlet := x.OutletName
	for _, e := range lex.Named(x.Outlet) {
		if en := e.Get("en"); en != "" {
			outlet = en
		}
	}
	about := []string{day}
	if outlet != "" {
		about = append(about, digest.Isolate(outlet))
	}
	about = append(about, count(x.Statements, "statement"), count(x.Events, "event"))
	if x.Review != "new" {
		about = append(about, x.Review)
	}
	fmt.Fprintf(w, "%s  %s\n    %s\n", x.ID, strings.Join(about, ", "), digest.Isolate(x.Head))
}

func (p *program) showCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show one report: what it says, where it came from, what was decided on it",
		Long: `Shows a report of the ledger by its id or the beginning of its id.

The digest is that of the record in force: the newest reading with people's
decisions laid over it. --format json prints that record, machine the record of
the machine alone, text the report's text, bytes what it came from.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage{fmt.Errorf("give one id, as \"sanad list\" prints it")}
			}
			if err := oneOf("format", format, "digest", "json", "machine", "text", "bytes"); err != nil {
				return err
			}
			return p.at(ledger.Options{ReadOnly: true}, func(ctx context.Context, l *ledger.Ledger) error {
				x, err := l.Full(ctx, args[0])
				if err != nil {
					return err
				}
				switch format {
				case "json":
					return writeJSON(p.out, x.Reviewed.Record)
				case "machine":
					return writeJSON(p.out, x.Machine)
				case "text":
					_, err := io.WriteString(p.out, x.Machine.Document.Text)
					return err
				case "bytes":
					for _, a := range x.Arrivals {
						if a.Bytes != "" {
							b, err := l.Bytes(ctx, a.Bytes)
							if err == nil {
								_, err = p.out.Write(b)
							}
							return err
						}
					}
					return fmt.Errorf("the bytes that %s came from were not kept", x.ID)
				}
				r := x.Reviewed.Record.Report()
				r.Outlet = x.OutletName
				if err := digest.Write(p.out, r, style(p.out)); err != nil {
					return err
				}
				p.provenance(x)
				return nil
			})
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "digest", "digest, json, machine, text or bytes")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"digest", "json", "machine", "text", "bytes"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// provenance prints where a report came from, how often it was read, and what
// people decided.
func (p *program) provenance(x *ledger.Full) {
	fmt.Fprintln(p.out, "  In the ledger")
	for _, a := range x.Arrivals {
		fmt.Fprintf(p.out, "    came     %s from %s", a.At.Format("2006-01-02 15:04"), digest.Isolate(a.Origin))
		if a.Bytes != "" {
			fmt.Fprintf(p.out, ", %d bytes, sha256 %s…", a.Size, a.Bytes[:12])
		}
		fmt.Fprintln(p.out)
		if a.URL != "" {
			fmt.Fprintf(p.out, "             %s\n", digest.Isolate(a.URL))
		}
	}
	if len(x.Guessed) > 0 {
		fmt.Fprintf(p.out, "    guessed  %s\n", strings.Join(x.Guessed, ", "))
	}
	for _, r := range x.Readings {
		mark := ""
		if r.InForce {
			mark = ", in force"
		}
		fmt.Fprintf(p.out, "    read     %s by %s, lexicon %s…%s\n", r.At.Format("2006-01-02 15:04"), r.Reader, r.Lexicon[:min(8, len(r.Lexicon))], mark)
	}
	for _, v := range x.Versions {
		fmt.Fprintf(p.out, "    version  %s of the same address, published %s\n", v.ID, v.Published)
	}
	fmt.Fprintf(p.out, "    review   %s", x.Review)
	if n := len(x.Log); n > 0 {
		fmt.Fprintf(p.out, ", %s; the last by %s at %s", count(n, "decision"), x.Log[n-1].Author, x.Log[n-1].At.Format("2006-01-02 15:04"))
	}
	fmt.Fprintln(p.out)
}
