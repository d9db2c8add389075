package said_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/read"
	"github.com/sanad-project/sanad/refer"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/said"
	"github.com/sanad-project/sanad/span"
)

func reader(t testing.TB) *read.Reader {
	t.Helper()
	l, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return read.New(l)
}

// makeReport makes a report the way the program does: title, newline, text.
func makeReport(title, text string) *report.Report {
	r := &report.Report{Title: title, Text: text, Outlet: "خبرگزاری فارس"}
	if title != "" {
		r.Text = title + "\n" + text
	}
	return r
}

// show writes a statement as the corpus does.
func show(r *report.Report, s *report.Statement) string {
	var content, via []string
	for _, c := range s.Content {
		content = append(content, c.Of(r.Text))
	}
	for _, v := range s.Via {
		via = append(via, v.Span.Of(r.Text))
	}
	out := s.Speaker.Span.Of(r.Text) + " // " + string(s.Act) + " // " + strings.Join(content, " … ")
	if len(via) > 0 {
		out += " // " + strings.Join(via, ", ")
	}
	return strings.TrimSpace(out)
}

func TestCorpus(t *testing.T) {
	d := reader(t)
	entries, err := lexicon.ReadFile("../lexicon/corpus/cues.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) < 30 {
		t.Fatalf("%d entries in the corpus", len(entries))
	}
	for i := range entries {
		e := &entries[i]
		t.Run(e.ID, func(t *testing.T) {
			r := makeReport(e.Get("title"), strings.ReplaceAll(e.Get("text"), "⏎", "\n"))
			d.Read(r)
			want := e.All("says")
			for i := range r.Statements {
				s := &r.Statements[i]
				got := show(r, s)
				if i >= len(want) {
					t.Errorf("made up: %s   (%s)", got, s.Rule)
				} else if got != strings.ReplaceAll(want[i], "⏎", "\n") {
					t.Errorf("line %d:\n got %s   (%s)\nwant %s", e.Line, got, s.Rule, want[i])
				}
			}
			for _, w := range want[min(len(want), len(r.Statements)):] {
				t.Errorf("line %d: missed: %s", e.Line, w)
			}
		})
	}
}

func TestCovering(t *testing.T) {
	list := []report.Statement{
		{ID: "s1", Content: []span.Span{{Start: 10, End: 90}}},
		{ID: "s2", Content: []span.Span{{Start: 40, End: 60}}},
	}
	for _, c := range []struct {
		at   span.Span
		want string
	}{{span.Span{Start: 45, End: 50}, "s2"}, {span.Span{Start: 12, End: 20}, "s1"}, {span.Span{Start: 55, End: 65}, "s1"}, {span.Span{Start: 95, End: 99}, ""}} {
		got := ""
		if s := said.Covering(list, c.at); s != nil {
			got = s.ID
		}
		if got != c.want {
			t.Errorf("Covering(%v) = %q, want %q", c.at, got, c.want)
		}
	}
}

// lawful checks what holds of every statement, whatever the text.
func lawful(t *testing.T, r *report.Report) {
	t.Helper()
	in := func(s span.Span) bool {
		return s.Start >= 0 && s.Start < s.End && s.End <= len(r.Text)
	}
	for _, s := range r.Statements {
		if len(s.Content) == 0 || !in(s.Cue) || s.Act == "" || s.Rule == "" {
			t.Fatalf("%s: no content, cue, act or rule", s.ID)
		}
		for _, c := range s.Content {
			if !in(c) {
				t.Fatalf("%s: content %v out of range", s.ID, c)
			}
		}
		if s.Speaker.Entity != "" && (!in(s.Speaker.Span) || r.Entity(s.Speaker.Entity) == nil) {
			t.Fatalf("%s: speaker %+v", s.ID, s.Speaker)
		}
		for _, v := range s.Via {
			if !in(v.Span) || r.Entity(v.Entity) == nil {
				t.Fatalf("%s: via %+v", s.ID, v)
			}
			if v.Entity == s.Speaker.Entity {
				t.Fatalf("%s: the speaker is in his own chain", s.ID)
			}
		}
	}
}

func FuzzAttribute(f *testing.F) {
	d := reader(f)
	f.Add("به گزارش رویترز، سخنگوی پلیس گفت: «دو نفر» کشته شدند.")
	f.Add("سخنگو: «وی گفت: \"نه\"» و افزود که خواستار آن شد")
	f.Add("با بیان اینکه با بیان اینکه گفت گفت که که: به گفته به گزارش به نقل از")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 4096 {
			t.Skip()
		}
		r := makeReport("", text)
		d.Read(r)
		lawful(t, r)
	})
}

// TestNested reads speech in speech in speech: the cost must not grow with the
// square of the depth.
func TestNested(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
	d := reader(t)
	for _, text := range []string{
		strings.Repeat("وی گفت: «", 10000),
		strings.Repeat("«", 10000) + "وی گفت" + strings.Repeat("»", 10000),
		strings.Repeat("وی گفت که ", 10000),
		strings.Repeat("به گفته وزیر، وی گفت: جاده باز است. ", 5000),
	} {
		r := makeReport("", text)
		d.Read(r)
		lawful(t, r)
	}
}

func BenchmarkAttribute(b *testing.B) {
	l, err := lexicon.Load("")
	if err != nil {
		b.Fatal(err)
	}
	d := read.New(l)
	var text strings.Builder
	for i := range 20 { // no line twice: those are page furniture
		fmt.Fprintf(&text, "به گزارش خبرگزاری رویترز، سخنگوی پلیس گفت %d نفر کشته شدند.\nوی با بیان اینکه راه %d بسته است، افزود: «کمک‌ها از هوا می‌رسد.»\n", i+3, i)
	}
	r := makeReport("", text.String())
	d.Read(r)
	a, rules := said.New(l), refer.New(l)
	entities, mentions := slices.Clone(r.Entities), slices.Clone(r.Mentions)
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		r.Entities, r.Mentions = slices.Clone(entities), slices.Clone(mentions)
		a.Attribute(r, rules.On(r))
	}
}
