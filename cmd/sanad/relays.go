package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/digest"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
)

func (p *program) relaysCommand() *cobra.Command {
	var all bool
	var format string
	cmd := &cobra.Command{
		Use:   "relays ID",
		Short: "Show whom a report takes its words from, and who takes words from it",
		Long: `Shows, for one report, whom it takes words from, who takes words from it, and
with whom it shares a source: each with the reasons, how sure that is (0 to 1, no
measured probability), the times, and the passages side by side as they were
written. Steps that follow from others (C took it from B, which took it from A)
are shown with --all.

--format jsonl prints a line for each link, with "side": from, to or common, and
one with "side": origin for the group of reports that rest on one origin.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage{errors.New("give one id, as \"sanad list\" prints it")}
			}
			if err := oneOf("format", format, "text", "jsonl"); err != nil {
				return err
			}
			return p.at(ledger.Options{ReadOnly: true}, func(ctx context.Context, l *ledger.Ledger) error {
				lex, err := p.loadLexicon()
				if err != nil {
					return err
				}
				x, err := l.Relays(ctx, args[0])
				if err != nil {
					return err
				}
				if format == "jsonl" {
					return p.relaysJSON(x, all)
				}
				p.relays(x, lex, all)
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "steps that follow from others, too")
	cmd.Flags().StringVarP(&format, "format", "f", "text", "text or jsonl")
	return cmd
}

// sides are the links of a report by what they say of it.
func sides(x *ledger.Relays) []struct {
	name, title string
	list        []ledger.Relayed
} {
	return []struct {
		name, title string
		list        []ledger.Relayed
	}{{"from", "takes words from", x.From}, {"to", "gives words to", x.To}, {"common", "shares a source with", x.Common}}
}

func (p *program) relaysJSON(x *ledger.Relays, all bool) error {
	for _, s := range sides(x) {
		for i := range s.list {
			if !all && !s.list[i].Direct {
				continue
			}
			err := writeJSON(p.out, struct {
				ID   string `json:"id"`
				Side string `json:"side"` // from, to or common
				ledger.Relayed
			}{x.Report.ID, s.name, s.list[i]})
			if err != nil {
				return err
			}
		}
	}
	if x.Origin == nil {
		return nil
	}
	var ids []string
	for i := range x.Origin.Reports {
		ids = append(ids, x.Origin.Reports[i].ID)
	}
	return writeJSON(p.out, struct {
		ID      string   `json:"id"`
		Side    string   `json:"side"`   // origin
		Name    string   `json:"origin"` // a report's id, an entity or a name; "" where several reports may be it
		Reports []string `json:"reports"`
	}{x.Report.ID, "origin", x.Origin.Name, ids})
}

func (p *program) relays(x *ledger.Relays, lex *lexicon.Lexicon, all bool) {
	reportLine(p.out, &x.Report, lex)
	if !x.Linked {
		fmt.Fprintln(p.err, "sanad: this report came in or changed since reports were last linked: run \"sanad link\"")
	}
	more := 0
	for _, s := range sides(x) {
		for i := range s.list {
			if r := &s.list[i]; all || r.Direct {
				p.relayed(x, r, s.title, s.name != "to", lex)
			} else {
				more++
			}
		}
	}
	switch {
	case x.Origin != nil:
		p.origin(x, lex)
	case x.Linked && len(x.From)+len(x.To)+len(x.Common) == 0:
		fmt.Fprintln(p.out, "\n  It shares its words with no report of the ledger.")
	}
	if more > 0 {
		fmt.Fprintf(p.err, "sanad: %s more that follow from these: --all\n", count(more, "link"))
	}
}

// relayed prints one link: what it is, its reasons, and the passages. right says
// that the report that was asked for is the one that took words.
func (p *program) relayed(x *ledger.Relays, r *ledger.Relayed, title string, right bool, lex *lexicon.Lexicon) {
	fmt.Fprintf(p.out, "\n  %s %s  %s\n", title, r.Report.ID, outletName(r.Report.Outlet, r.Report.OutletName, lex))
	if r.Report.Head != "" {
		fmt.Fprintf(p.out, "    %s\n", digest.Isolate(cut(r.Report.Head, 74)))
	}
	about := []string{string(r.How), fmt.Sprintf("confidence %.2f", r.Confidence)}
	if r.Time != "" {
		about = append(about, "published "+when(r.Time))
	}
	if r.Lag != nil {
		about = append(about, lag(*r.Lag))
	}
	if !r.Direct {
		about = append(about, "follows from others")
	}
	fmt.Fprintf(p.out, "    %s\n", strings.Join(about, ", "))
	if r.Source != "" {
		fmt.Fprintf(p.out, "    source: %s\n", outletName(r.Source, r.Source, lex))
	}
	for _, why := range r.Why {
		for i, line := range wrap(why, 72) {
			mark := "- "
			if i > 0 {
				mark = "  "
			}
			fmt.Fprintf(p.out, "    %s%s\n", mark, digest.Isolate(line))
		}
	}
	if len(r.Passages) == 0 {
		return
	}
	left, own := r.Report.ID, x.Report.ID
	if !right {
		left, own = own, left
	}
	p.beside(left, own)
	for _, g := range r.Passages {
		fmt.Fprintln(p.out)
		a, b := wrap(g.From.Text, column), wrap(g.To.Text, column)
		for i := range max(len(a), len(b)) {
			var s, t string
			if i < len(a) {
				s = a[i]
			}
			if i < len(b) {
				t = b[i]
			}
			p.beside(s, t)
		}
	}
}

// column is the width of one of two texts side by side on a terminal of 80.
const column = 35

// beside prints two lines side by side.
func (p *program) beside(s, t string) {
	fmt.Fprintf(p.out, "    %s%s  | %s\n", digest.Isolate(s), strings.Repeat(" ", max(column-width(s), 0)), digest.Isolate(t))
}

func (p *program) origin(x *ledger.Relays, lex *lexicon.Lexicon) {
	o := x.Origin
	name := "several may be the first"
	switch {
	case o.Name == x.Report.ID:
		name = "this report"
	case o.Name != "":
		name = outletName(o.Name, o.Name, lex)
	}
	fmt.Fprintf(p.out, "\n  origin: %s; %s rest on it\n", name, count(len(o.Reports), "report"))
	for i := range o.Reports {
		r := &o.Reports[i]
		mark := " "
		if r.ID == x.Report.ID {
			mark = "*"
		}
		day := "day unknown"
		if r.Published != "" {
			day = r.Published
		}
		fmt.Fprintf(p.out, "  %s %s  %s  %s\n", mark, r.ID, day, outletName(r.Outlet, r.OutletName, lex))
	}
}

// outletName is what to call an outlet or another entity: its English name where the
// lexicon has one, else the name as given.
func outletName(id, name string, lex *lexicon.Lexicon) string {
	for _, e := range lex.Named(id) {
		if en := e.Get("en"); en != "" {
			return en
		}
	}
	if name == "" {
		return "outlet unknown"
	}
	return digest.Isolate(name)
}

// when writes a time of publication.
func when(s string) string {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.Format("2006-01-02 15:04 UTC")
	}
	return s
}

// lag says how long after the source a report came out.
func lag(seconds int64) string {
	if seconds < 0 {
		return timeSpan(-seconds) + " before, by its own clock"
	}
	return timeSpan(seconds) + " after"
}

// timeSpan writes a length of time in its two largest units.
func timeSpan(seconds int64) string {
	m := int64(math.Round(float64(seconds) / 60))
	switch {
	case m < 60:
		return fmt.Sprintf("%d min", m)
	case m < 48*60 && m%60 == 0:
		return fmt.Sprintf("%d h", m/60)
	case m < 48*60:
		return fmt.Sprintf("%d h %d min", m/60, m%60)
	}
	return fmt.Sprintf("%.1f days", float64(m)/60/24)
}

// width is how many columns a text takes: marks and half-spaces take none.
func width(s string) (n int) {
	for _, r := range s {
		if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			n++
		}
	}
	return n
}

// wrap breaks a text at blanks into lines of at most n columns; a longer word is cut.
func wrap(s string, n int) (lines []string) {
	line, used := "", 0
	for w := range strings.FieldsSeq(s) {
		for width(w) > n {
			k := 0
			for i := range w {
				if width(w[:i]) == n {
					k = i
					break
				}
			}
			if line != "" {
				lines, line, used = append(lines, line), "", 0
			}
			lines, w = append(lines, w[:k]), w[k:]
		}
		switch {
		case line == "":
			line, used = w, width(w)
		case used+1+width(w) > n:
			lines = append(lines, line)
			line, used = w, width(w)
		default:
			line += " " + w
			used += 1 + width(w)
		}
	}
	return append(lines, line)
}

// cut is the beginning of a text, at most n columns.
func cut(s string, n int) string {
	lines := wrap(s, n-2)
	if len(lines) > 1 {
		return lines[0] + " …"
	}
	return lines[0]
}
