package ledger

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/review"
)

// proposalCase is a case of testdata/proposals.txt.
type proposalCase struct {
	name string
	same bool
	a, b string
}

func proposalCases(t testing.TB) (cases []proposalCase, reports []*input.Item) {
	f, err := os.Open("testdata/proposals.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if line, ok := strings.CutPrefix(s.Text(), "# case "); ok {
			name, rest, _ := strings.Cut(line, " ")
			verdict, rest, _ := strings.Cut(rest, " ")
			a, b, ok := strings.Cut(rest, " / ")
			if !ok || verdict != "same" && verdict != "other" {
				t.Fatalf("not a case: %s", line)
			}
			cases = append(cases, proposalCase{name, verdict == "same", a, b})
			continue
		}
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		x := strings.Split(s.Text(), "\t")
		reports = append(reports, item(fmt.Sprintf("proposals-%d.json", len(reports)), sanad.Article{Outlet: x[0], Published: x[1], Text: x[2]}))
	}
	return cases, reports
}

func words(t testing.TB) *lexicon.Lexicon {
	lex, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return lex
}

func isOf(x *Proposal, c *proposalCase) bool {
	key := func(s string) string { return spell.Key(s) }
	i, o := key(x.IntoName), key(x.OtherName)
	return i == key(c.a) && o == key(c.b) || i == key(c.b) && o == key(c.a)
}

// TestProposalsMeasured prints precision and recall on invented reports. What
// is proposed of names that belong to no case is wrong too.
func TestProposalsMeasured(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		cases, reports := proposalCases(t)
		add(t, l, reports...)
		list, err := l.Proposals(context.Background(), words(t), 0.6)
		if err != nil {
			t.Fatal(err)
		}
		right, wrong, missed := 0, 0, 0
		for _, c := range cases {
			i := slices.IndexFunc(list, func(x Proposal) bool { return isOf(&x, &c) })
			switch {
			case c.same && i >= 0:
				right++
			case c.same:
				missed++
				t.Logf("missed: %s (%s / %s)", c.name, c.a, c.b)
			}
		}
		for _, x := range list {
			if !slices.ContainsFunc(cases, func(c proposalCase) bool { return c.same && isOf(&x, &c) }) {
				wrong++
				t.Logf("wrong: %s is %s: %.2f %v", x.OtherName, x.IntoName, x.Confidence, x.Why)
			}
		}
		p, r := float64(right)/float64(max(right+wrong, 1)), float64(right)/float64(max(right+missed, 1))
		t.Logf("proposals at 0.6: precision %.2f (%d of %d), recall %.2f (%d of %d)", p, right, right+wrong, r, right, right+missed)
		if wrong > 0 || r < 0.8 {
			t.Errorf("precision %.2f, recall %.2f", p, r)
		}
	})
}

// TestProposals: a proposal is accepted or refused, is not made again, and is
// made again when that is undone.
func TestProposals(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		lex := words(t)
		list, err := l.Proposals(ctx, lex, 0)
		if err != nil || len(list) != 0 {
			t.Fatalf("an empty ledger: %v %v", list, err)
		}
		_, reports := proposalCases(t)
		add(t, l, reports...)
		find := func(other string) *Proposal {
			t.Helper()
			list, err := l.Proposals(ctx, lex, 0.6)
			if err != nil {
				t.Fatal(err)
			}
			for i := range list {
				if spell.Key(list[i].OtherName) == spell.Key(other) || spell.Key(list[i].IntoName) == spell.Key(other) {
					return &list[i]
				}
			}
			return nil
		}
		for _, name := range []string{"گرایلی", "محمدرضا حبیب‌زاده"} { // one in one report, one everywhere
			x := find(name)
			if x == nil {
				t.Fatalf("%s is not proposed", name)
			}
			if here := strings.Contains(x.Other, "/"); here != (name == "گرایلی") {
				t.Errorf("%s: other is %s", name, x.Other)
			}
			d, err := l.Refuse(ctx, *x, "mina")
			if err != nil || d.Action != review.Note || d.Report == "" {
				t.Fatalf("%+v %v", d, err)
			}
			if y := find(name); y != nil {
				t.Errorf("%s: refused, and proposed again: %+v", name, y)
			}
			undo := review.Decision{Author: "leila", Action: review.Undo, Report: d.Report, Undoes: d.Seq}
			if _, err := l.Decide(ctx, undo, Anyway); err != nil {
				t.Fatal(err)
			}
			y := find(name)
			if y == nil || y.ID != x.ID {
				t.Fatalf("%s: the refusal is undone, and it is not proposed: %+v", name, y)
			}
			d, err = l.Accept(ctx, *y, "mina")
			if err != nil || d.Action != review.Merge || d.Target.ID != y.Into {
				t.Fatalf("%+v %v", d, err)
			}
			if z := find(name); z != nil {
				t.Errorf("%s: accepted, and proposed again: %+v", name, z)
			}
			m, err := l.Merges(ctx)
			if err != nil {
				t.Fatal(err)
			}
			report, id, here := strings.Cut(y.Other, "/")
			if !here {
				report, id = "", y.Other
			}
			if m.Of(report, id) != y.Into {
				t.Errorf("%s goes by %s, not by %s", y.Other, m.Of(report, id), y.Into)
			}
			if _, err := l.Decide(ctx, review.Decision{Author: "leila", Action: review.Undo, Undoes: d.Seq}, Anyway); err != nil {
				t.Fatal(err)
			}
			if z := find(name); z != nil {
				t.Errorf("%s: what people took apart is proposed again: %+v", name, z)
			}
		}
		stopped, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := l.Proposals(stopped, lex, 0); err == nil {
			t.Error("cancelled, and no error")
		}
	})
}
