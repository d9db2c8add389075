package what_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/read"
	"github.com/sanad-project/sanad/report"
)

func reader(t testing.TB) *read.Reader {
	t.Helper()
	l, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return read.New(l)
}

func makeReport(title, text string) *report.Report {
	r := &report.Report{Title: title, Text: text, Outlet: "خبرگزاری فارس"}
	if title != "" {
		r.Text = title + "\n" + text
	}
	return r
}

// show writes an event as the corpus does.
func show(r *report.Report, e *report.Event) string {
	side := func(refs []report.Ref) string {
		var out []string
		for _, x := range refs {
			out = append(out, x.Span.Of(r.Text))
		}
		if out == nil {
			return "-"
		}
		return strings.Join(out, "+")
	}
	return strings.Join([]string{e.Trigger.Of(r.Text), e.Type, string(e.Status), side(e.Actor), side(e.Recipient)}, " // ")
}

// TestCorpus runs lexicon/corpus/frames.txt: missing and made-up events fail alike.
func TestCorpus(t *testing.T) {
	d := reader(t)
	entries, err := lexicon.ReadFile("../lexicon/corpus/frames.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) < 40 {
		t.Fatalf("%d entries in the corpus", len(entries))
	}
	for i := range entries {
		e := &entries[i]
		t.Run(e.ID, func(t *testing.T) {
			r := makeReport(e.Get("title"), strings.ReplaceAll(e.Get("text"), "⏎", "\n"))
			d.Read(r)
			want := e.All("event")
			for i := range r.Events {
				ev := &r.Events[i]
				got := show(r, ev)
				if i >= len(want) {
					t.Errorf("line %d: made up: %s   (%s: %s)", e.Line, got, ev.Rule, strings.Join(ev.Why, "; "))
				} else if got != want[i] {
					t.Errorf("line %d:\n got %s   (%s: %s)\nwant %s", e.Line, got, ev.Rule, strings.Join(ev.Why, "; "), want[i])
				}
			}
			for _, w := range want[min(len(want), len(r.Events)):] {
				t.Errorf("line %d: missed: %s", e.Line, w)
			}
		})
	}
}

// sample is a report with a bit of everything, for the benchmark.
const sample = `وزیر خارجه فرانسه حمله ارتش سوریه به شهر حلب را محکوم کرد.
سخنگوی ارتش سوریه گفت: نیروهای ما به هیچ بیمارستانی حمله نکرده‌اند و اگر شورشیان آتش‌بس را نقض کنند، پاسخ خواهند گرفت.
در این درگیری‌ها که از صبح دوشنبه آغاز شد، دست‌کم ۱۲ نفر کشته و سی تن زخمی شدند.
دبیرکل سازمان ملل از همه طرف‌ها خواست مذاکرات صلح را از سر بگیرند.
`

// laws checks what holds of every reading, whatever the text.
func laws(t *testing.T, r *report.Report) {
	t.Helper()
	types := "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT"
	for i := range r.Events {
		e := &r.Events[i]
		if e.Trigger.Start < 0 || e.Trigger.End > len(r.Text) || e.Trigger.Start >= e.Trigger.End {
			t.Fatalf("trigger %v of %d bytes", e.Trigger, len(r.Text))
		}
		if i > 0 && e.Trigger.Start < r.Events[i-1].Trigger.Start {
			t.Fatal("events are not in the order of the text")
		}
		if !strings.Contains(types, e.Type) || e.Type == "" || e.Rule == "" || len(e.Why) == 0 {
			t.Fatalf("event %+v", e)
		}
		switch e.Status {
		case report.Happened, report.Ongoing, report.Future, report.Hypothetical, report.Negated:
		default:
			t.Fatalf("status %q", e.Status)
		}
		for _, a := range append(append([]report.Ref{}, e.Actor...), e.Recipient...) {
			if r.Entity(a.Entity) == nil || a.Span.Start < 0 || a.Span.End > len(r.Text) || a.Span.Start >= a.Span.End {
				t.Fatalf("argument %+v", a)
			}
		}
		for _, n := range []int{e.Killed, e.Wounded, e.Count} {
			if n < -1 || n >= len(r.Numbers) {
				t.Fatalf("number %d of %d", n, len(r.Numbers))
			}
		}
	}
}

func FuzzFrame(f *testing.F) {
	f.Add(sample)
	if b, err := os.ReadFile("../lexicon/corpus/frames.txt"); err == nil {
		f.Add(string(b))
	}
	f.Add("حمله که که که که که که که که که که حمله کرد")
	f.Add("از سوی \xff مورد حمله قرار")
	d := reader(f)
	f.Fuzz(func(t *testing.T, text string) {
		r := makeReport("", text)
		d.Read(r)
		laws(t, r)
		again := makeReport("", text)
		d.Read(again)
		if len(again.Events) != len(r.Events) {
			t.Fatal("two readings differ")
		}
		for i := range r.Events {
			if show(r, &r.Events[i]) != show(again, &again.Events[i]) {
				t.Fatal("two readings differ")
			}
		}
	})
}

func BenchmarkFrame(b *testing.B) {
	d := reader(b)
	var sb strings.Builder
	for i := range 50 { // no line twice: what repeats is page furniture
		sb.WriteString(strings.ReplaceAll(sample, ".", fmt.Sprintf(" در روز %d.", i)))
	}
	text := sb.String()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		d.Read(makeReport("", text))
	}
}
