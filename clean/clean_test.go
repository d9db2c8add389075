package clean_test

import (
	"strings"
	"testing"

	"github.com/sanad-project/sanad/clean"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

func cleaner(t testing.TB) *clean.Cleaner {
	t.Helper()
	l, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return clean.New(l)
}

// TestCorpus runs the pages of lexicon/corpus/furniture.txt.
func TestCorpus(t *testing.T) {
	pages, err := lexicon.ReadFile("../lexicon/corpus/furniture.txt")
	if err != nil {
		t.Fatal(err)
	}
	c := cleaner(t)
	for _, page := range pages {
		reason := strings.TrimRight(page.ID, " 0123456789")
		r := &report.Report{}
		want := map[report.Dropped]bool{}
		for i, l := range page.All("page") {
			mark, text, _ := strings.Cut(l, " ")
			if i > 0 {
				r.Text += "\n"
			}
			if mark == "-" {
				want[report.Dropped{Span: span.Span{Start: len(r.Text), End: len(r.Text) + len(text)}, Reason: reason}] = true
			}
			r.Text += text
		}
		for _, d := range c.Find(r) {
			if !want[d] {
				t.Errorf("%s:%d %s: «%s» was dropped as %s", page.File, page.Line, page.ID, d.Span.Of(r.Text), d.Reason)
			}
			delete(want, d)
		}
		for d := range want {
			t.Errorf("%s:%d %s: «%s» was read", page.File, page.Line, page.ID, d.Span.Of(r.Text))
		}
	}
}

func TestSignOffBehindASentence(t *testing.T) {
	r := &report.Report{Text: "پلیس گفت دو نفر بازداشت شدند. انتهاي پيام/م\n"}
	got := cleaner(t).Find(r)
	if len(got) != 1 || got[0].Span.Of(r.Text) != "انتهاي پيام/م" {
		t.Errorf("dropped %v, want the sign-off alone", got)
	}
}

func TestTitleIsRead(t *testing.T) {
	r := &report.Report{Title: "در گفتگو با ما مطرح شد", Text: "در گفتگو با ما مطرح شد\nوزیر گفت."}
	if got := cleaner(t).Find(r); len(got) != 0 {
		t.Errorf("dropped %v, want nothing", got)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("خبر\nانتهای پیام/\n[1] a\n")
	f.Add("\xff\n\u202e@\n...")
	c := cleaner(f)
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, d := range c.Find(&report.Report{Text: text}) {
			if d.Span.Start < at || d.Span.End > len(text) || d.Span.Empty() {
				t.Fatalf("dropped %v of %d bytes after byte %d", d.Span, len(text), at)
			}
			at = d.Span.End
		}
	})
}
