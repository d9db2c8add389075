package intake

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/input"
)

// told prints what an item is, with its place.
func told(it input.Item) string {
	s := fmt.Sprintf("%d.%d %s %s %s", it.Nth, it.Record, it.Where(), it.Article.URL, it.Article.Text)
	if it.Err != nil {
		s += " error: " + it.Err.Error()
	}
	return s
}

// dealt reads the arguments in n parts, record by record, and puts the parts
// together again in the order of their places.
func dealt(args []string, n int) (list []string) {
	type part struct {
		nth, record int
		text        string
	}
	var all []part
	for i := range n {
		o := Options{Parallel: 1, Take: func(p Place) bool { return p.Record == 0 || (len(p.Key)+p.Record)%n == i }}
		Each(context.Background(), args, o, func(it input.Item) bool {
			if it.Record > 0 || i == 0 { // what is wrong with a file as a whole each of them says
				all = append(all, part{it.Nth, it.Record, told(it)})
			}
			return true
		})
	}
	// Behind the records of a file stands why it could not be read on.
	slices.SortStableFunc(all, func(a, b part) int {
		if a.nth != b.nth {
			return a.nth - b.nth
		}
		if a.record == 0 || b.record == 0 {
			return b.record - a.record
		}
		return a.record - b.record
	})
	for _, p := range all {
		list = append(list, p.text)
	}
	return list
}

func differs(whole []input.Item, parts []string) string {
	for i := range max(len(whole), len(parts)) {
		var a, b string
		if i < len(whole) {
			a = told(whole[i])
		}
		if i < len(parts) {
			b = parts[i]
		}
		if a != b {
			return fmt.Sprintf("item %d is %q, in parts %q", i, a, b)
		}
	}
	return ""
}

// Parts together are the whole, each record in one of them, whatever the kind
// of file and whatever is wrong with it.
func TestTake(t *testing.T) {
	dir := files(t)
	for name, s := range map[string]string{
		"g.jsonl":     "\n\n{\"text\": \"یک خبر\"}\n\n[]\n{\"text\": \"دو خبر\n \n" + strings.Repeat("{\"text\": \"سه خبر\"}\n\n", 9),
		"h.json":      "[{\"text\": \"یک\"}, {}, 7, {\"text\": \"دو\"}",
		"i.jsonl.gz":  zip(strings.Repeat("{\"text\": \"سه خبر\"}\n", 500))[:60],
		"j.warc":      recordOf(1, "text/html") + recordOf(2, "text/html")[:400] + recordOf(3, "text/html") + recordOf(4, "text/html"),
		"k.json":      " ",
		"l.warc.gz":   zip(recordOf(1, "text/html")) + "garbage" + zip(recordOf(2, "text/html")) + zip(recordOf(3, "text/html")),
		"m.html":      "",
		"n.xml":       "<rss><channel><title>x</title>" + strings.Repeat("<item><title>خبر</title></item>", 4) + "</channel></rss>",
		"o.warc":      strings.Repeat("no archive\n", 9),
		"p/q.jsonl":   "{\"text\": \"یک خبر\"}",
		"lists.opml":  "<opml><body><outline xmlUrl='https://a.example/1'/><outline xmlUrl='https://a.example/2'/></body></opml>",
		"broken.html": "\x00\x01\x02",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{dir, filepath.Join(dir, "missing"), filepath.Join(dir, "noname-warc"), filepath.Join(dir, "noname-lines"), filepath.Join(dir, "noname-html"), filepath.Join(dir, "h.json"), "https://a.example/x"}
	whole := collect(context.Background(), args, Options{Parallel: 1})
	places := map[[2]int]int{}
	for i, it := range whole {
		if it.Nth == 0 {
			t.Errorf("%s has no place", told(it))
		}
		if i > 0 && it.Record > 0 && (whole[i-1].Nth > it.Nth || whole[i-1].Nth == it.Nth && whole[i-1].Record >= it.Record) {
			t.Errorf("%s comes behind %s", told(it), told(whole[i-1]))
		}
		if it.Record == 0 {
			places[[2]int{it.Nth, 0}]++
		}
	}
	for p, n := range places {
		if n > 1 {
			t.Errorf("file %d is wrong %d times", p[0], n)
		}
	}
	for _, n := range []int{1, 2, 3, 7} {
		if s := differs(whole, dealt(args, n)); s != "" {
			t.Errorf("%d parts: %s", n, s)
		}
	}
	// A file that is refused is not opened, and those behind it keep their places.
	var got []input.Item
	Each(context.Background(), args, Options{Parallel: 1, Take: func(p Place) bool { return p.Nth > 7 }}, func(it input.Item) bool {
		got = append(got, it)
		return true
	})
	i := slices.IndexFunc(whole, func(it input.Item) bool { return it.Nth > 7 })
	var want []string
	for _, it := range whole[i:] {
		want = append(want, told(it))
	}
	if s := differs(got, want); s != "" {
		t.Error("from the eighth file on: " + s)
	}
}

// Of an archive damaged anywhere, parts together are the whole.
func TestTakeDamaged(t *testing.T) {
	var plain, members strings.Builder
	for i := range 6 {
		media := "text/html"
		if i == 2 {
			media = "image/png"
		}
		plain.WriteString(recordOf(i, media))
		members.WriteString(zip(recordOf(i, media)))
	}
	r := rand.New(rand.NewPCG(1, 9))
	name := filepath.Join(t.TempDir(), "a.warc")
	rounds := 200
	if testing.Short() {
		rounds = 60
	}
	for round := range rounds {
		raw := []byte([]string{plain.String(), members.String(), zip(plain.String())}[round%3])
		for range 1 + r.IntN(4) {
			at := r.IntN(len(raw))
			switch r.IntN(4) {
			case 0:
				raw = append(raw[:at:at], raw[min(len(raw), at+r.IntN(40)):]...)
			case 1:
				raw = slices.Insert(raw, at, []byte("\nWARC/1.0\r\n\x1f\x8b\x08junk")[:r.IntN(18)]...)
			default:
				raw[at] ^= byte(1 << r.IntN(8))
			}
		}
		if err := os.WriteFile(name, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		whole := collect(context.Background(), []string{name}, Options{})
		for _, n := range []int{2, 5} {
			if s := differs(whole, dealt([]string{name}, n)); s != "" {
				t.Fatalf("round %d, %d parts: %s", round, n, s)
			}
		}
	}
}
