package digest

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/fa/when"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

var update = flag.Bool("update", false, "write the golden files anew")

// built is a report read by hand, with one of everything.
func built() *report.Report {
	text := "حمله پهپادی به فرودگاه اربیل\nخبرگزاری ایرنا به نقل از رویترز نوشت: یک مقام محلی گفت «دیشب سه نفر در حمله پهپادی شبه‌نظامیان به فرودگاه اربیل کشته شدند» و رژیم بعث پاسخی نداد.\nانتهای پیام/"
	at := func(s string, n int) span.Span {
		i := -1
		for range n {
			i += 1 + strings.Index(text[i+1:], s)
		}
		return span.Span{Start: i, End: i + len(s)}
	}
	three := int64(3)
	return &report.Report{
		ID: "built", Title: "حمله پهپادی به فرودگاه اربیل", Outlet: "خبرگزاری ایرنا", OutletID: "irna", Text: text, Published: when.Date{Year: 2024, Month: 3, Day: 10},
		Entities: []report.Entity{
			{ID: "irna", Type: report.MEDIA, Name: "خبرگزاری ایرنا", NameEn: "IRNA", Known: true},
			{ID: "reuters", Type: report.MEDIA, Name: "رویترز", NameEn: "Reuters", Known: true},
			{ID: "x1", Type: report.PER, Name: "یک مقام محلی"},
			{ID: "x2", Type: report.GRP, Name: "شبه‌نظامیان"},
			{ID: "erbil-airport", Type: report.PLACE, Name: "فرودگاه اربیل", NameEn: "Erbil airport", Known: true},
			{ID: "baath", Type: report.GRP, Name: "حکومت بعث عراق", NameEn: "Ba'athist Iraq", Known: true},
		},
		Mentions: []report.Mention{
			{Span: at("فرودگاه اربیل", 1), Entity: "erbil-airport", Form: report.Name},
			{Span: at("خبرگزاری ایرنا", 1), Entity: "irna", Form: report.Name},
			{Span: at("رویترز", 1), Entity: "reuters", Form: report.Name},
			{Span: at("یک مقام محلی", 1), Entity: "x1", Form: report.Description},
			{Span: at("فرودگاه اربیل", 2), Entity: "erbil-airport", Form: report.Name},
		},
		Numbers: []number.Amount{{Span: at("سه نفر", 1), Min: &three, Max: &three, Hedge: number.Exact, Unit: "killed"}},
		Loaded:  []report.Loaded{{Span: at("رژیم بعث", 1), Entity: "baath"}},
		Dropped: []report.Dropped{{Span: at("انتهای پیام/", 1), Reason: "sign-off"}},
		Statements: []report.Statement{{ID: "s1", Speaker: report.Ref{Entity: "x1", Span: at("یک مقام محلی", 1)}, Cue: at("گفت", 1), Quoted: true, Act: report.Say,
			Content: []span.Span{at("دیشب سه نفر در حمله پهپادی شبه‌نظامیان به فرودگاه اربیل کشته شدند", 1)},
			Via:     []report.Ref{{Entity: "reuters", Span: at("رویترز", 1)}}}},
		Events: []report.Event{
			{ID: "e1", Trigger: at("حمله پهپادی", 1), Type: "ASSAULT", Mode: "drone", Status: report.Happened, Killed: -1, Wounded: -1, Count: -1, Place: &report.Ref{Entity: "erbil-airport", Span: at("فرودگاه اربیل", 1)}},
			{ID: "e2", Trigger: at("کشته", 1), Type: "ASSAULT", Status: report.Happened, SaidBy: "s1", Killed: 0, Wounded: -1, Count: -1,
				Actor: []report.Ref{{Entity: "x2", Span: at("شبه‌نظامیان", 1)}}, Date: &report.DateRef{Value: "2024-03-09TNI", Span: at("دیشب", 1)}, Weapon: at("پهپادی", 2)},
			{ID: "e3", Trigger: at("پاسخی", 1), Type: "ASSAULT", Status: report.Negated, Killed: -1, Wounded: -1, Count: -1, Actor: []report.Ref{{Entity: "baath", Span: at("رژیم بعث", 1)}}},
		},
		Notes: []report.Note{{Span: at("دیشب", 1), Stage: "x", Text: "an example of a note"}},
	}
}

func TestGolden(t *testing.T) {
	for name, s := range map[string]Style{"plain": {Width: 80}, "narrow": {Width: 50}, "color": {Width: 80, Color: true}} {
		var b bytes.Buffer
		if err := Write(&b, built(), s); err != nil {
			t.Fatal(err)
		}
		golden := "testdata/" + name + ".golden"
		if *update {
			if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), b.String()); diff != "" {
			t.Errorf("%s (-want +got; -update writes it anew):\n%s", name, diff)
		}
	}
}

// TestIsolated: every Persian letter stands inside an isolate, every isolate
// is closed on its line.
func TestIsolated(t *testing.T) {
	r := built()
	r.Title = "\u202e" + r.Title + "\u2067"
	var b bytes.Buffer
	if err := Write(&b, r, Style{Width: 60}); err != nil {
		t.Fatal(err)
	}
	for n, line := range strings.Split(b.String(), "\n") {
		depth := 0
		for _, c := range line {
			switch {
			case c == '\u2068' || c == '\u2067':
				depth++
			case c == '\u2069':
				depth--
			case c >= 0x202a && c <= 0x202e:
				t.Errorf("line %d: %U in the output", n+1, c)
			case unicode.Is(unicode.Arabic, c) && depth == 0:
				t.Errorf("line %d: %q outside an isolate: %s", n+1, c, line)
			}
			if depth < 0 || depth > 1 {
				t.Fatalf("line %d: isolates %d deep: %s", n+1, depth, line)
			}
		}
		if depth != 0 {
			t.Errorf("line %d: an isolate is not closed: %s", n+1, line)
		}
		if width(line) > 60 {
			t.Errorf("line %d: %d columns: %s", n+1, width(line), line)
		}
	}
}

func TestDay(t *testing.T) {
	for in, want := range map[string]string{
		"2024-03-10":    "2024-03-10 (20 Esfand 1402)",
		"2024-03-09TNI": "2024-03-09 night (19 Esfand 1402)",
		"2024-03":       "2024-03",
		"PAST_REF":      "some time ago",
		"2024-03-10/..": "2024-03-10/..",
		"":              "",
	} {
		if got := Day(in); got != want {
			t.Errorf("Day(%q) = %q, want %q", in, got, want)
		}
	}
}
