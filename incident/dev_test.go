package incident

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/lexicon"
)

const devDir = "../examples/link/dev/"

// devDocs reads the development reports with the reader.
func devDocs(t testing.TB) []Doc {
	f, err := os.Open(devDir + "reports.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []Doc
	for s := bufio.NewScanner(f); s.Scan(); {
		var a sanad.Article
		if err := json.Unmarshal(s.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		r, err := sanad.Read(a)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, Doc{ID: a.ID, Outlet: a.Outlet, Published: a.Published, Record: r})
	}
	return out
}

func devGold(t testing.TB) *Gold {
	g, err := ReadGold(devDir + "gold.json")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

var words = sync.OnceValues(func() (*lexicon.Lexicon, error) { return lexicon.Load("") })

func lex(t testing.TB) *lexicon.Lexicon {
	t.Helper()
	l, err := words()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestDev(t *testing.T) {
	docs := devDocs(t)
	list := All(lex(t), docs, nil)
	gold := devGold(t)
	var ids []string
	for _, d := range docs {
		ids = append(ids, d.ID)
	}
	m := BCubed(Groups(list), gold.Groups(), ids)
	t.Logf("B³ P %.3f R %.3f F1 %.3f", m.P, m.R, m.F1)
	cm, fared, wrong := gold.ContradictionF1(list)
	t.Logf("contradictions P %.3f R %.3f F1 %.3f", cm.P, cm.R, cm.F1)
	if testing.Verbose() {
		for _, s := range fared {
			t.Log(map[bool]string{true: "HIT", false: "MISS"}[s.Found], s.Incident, s.Field, s.Of)
		}
		for _, s := range wrong {
			t.Log("FALSE", s.Incident, s.Field, s.Of)
		}
		for i := range list {
			tb := &list[i].Table
			if len(list[i].Members)+len(list[i].Attached) < 2 {
				continue
			}
			t.Log(tb.Incident, list[i].reports(), tb.Grade, tb.GradeReason, tb.Ranges)
			t.Log("   ", list[i].Head.Text, list[i].Where, list[i].Facets)
			for _, f := range fields {
				for _, v := range tb.Values[f] {
					t.Log("      ", f, v.Of, v.Value, v.Precision, v.Reports, v.Origins, v.Sayings[0].Quote.Text, "|", v.Sayings[0].Speaker, v.Sayings[0].Via)
				}
			}
			for _, c := range tb.Contradictions {
				t.Log("   !", c.Field, c.Of, c.Why)
				for _, s := range c.Sides {
					t.Log("      ", s.Value, s.Reports)
				}
			}
		}
		for _, in := range list {
			if len(in.Members) < 2 && len(in.Attached) == 0 {
				continue
			}
			t.Log(in.ID, in.Kinds, in.First.Format("2006-01-02"), in.Last.Format("2006-01-02"), "members", strings.Join(in.reports(), " "))
			for _, m := range in.Members {
				t.Logf("   %s %.2f %q %s", m.Report, m.Confidence, m.Quotes[0].Text, m.Reason)
			}
			for _, a := range in.Attached {
				t.Logf("   + %s %s %.2f by %q: %q", a.Report, a.As, a.Confidence, a.By, a.Quote.Text)
			}
		}
		found := Groups(list)
		for i, g := range gold.Groups() {
			var parts []string
			for _, f := range found {
				var in []string
				for _, r := range f {
					if slices.Contains(g, r) {
						in = append(in, r)
					}
				}
				if len(in) > 0 && (len(in) > 1 || len(f) == 1) {
					parts = append(parts, strings.Join(in, " ")+"/"+itoa(int64(len(f))))
				}
			}
			t.Log("gold", gold.Incidents[i].ID, len(g), "found", strings.Join(parts, " | "))
		}
	}
	if m.F1 < 0.85 {
		t.Errorf("B³ F1 %.3f of the development set, want 0.85", m.F1)
	}
	if cm.F1 < 0.80 {
		t.Errorf("contradictions F1 %.3f of the development set, want 0.80", cm.F1)
	}
}

// With the origins of the gold the figures hold too.
func TestDevOrigins(t *testing.T) {
	gold, docs := devGold(t), devDocs(t)
	for i := range docs {
		for j, o := range gold.Origins {
			if slices.Contains(o, docs[i].ID) {
				docs[i].Origin = itoa(int64(j))
			}
		}
	}
	list := All(lex(t), docs, nil)
	var ids []string
	for _, d := range docs {
		ids = append(ids, d.ID)
	}
	m := BCubed(Groups(list), gold.Groups(), ids)
	c, _, _ := gold.ContradictionF1(list)
	t.Logf("B³ F1 %.3f, contradictions F1 %.3f", m.F1, c.F1)
	if m.F1 < 0.85 || c.F1 < 0.80 {
		t.Errorf("B³ F1 %.3f, contradictions F1 %.3f; want 0.85 and 0.80", m.F1, c.F1)
	}
}
