package ledger

import (
	"bytes"
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
)

const invented = "سخنگوی وزارت خارجه ایران حمله دیروز به دمشق را محکوم کرد.\nارتش اسرائیل در این حمله سه نفر را کشت."

func fullOf(t testing.TB, l *Ledger, id string) *Full {
	t.Helper()
	f, err := l.Full(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAdd(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		fars := sanad.Article{Outlet: "خبرگزاری فارس", Published: "2024-03-10", URL: "https://example.org/1", Text: invented}
		first := add(t, l, item("a.jsonl", fars))[0]
		if !first.New || first.Again || first.Stale || first.VersionOf != "" {
			t.Errorf("first: %+v", first)
		}
		if again := add(t, l, item("a.jsonl", fars))[0]; again != (Added{ID: first.ID, Again: true}) {
			t.Errorf("the very same: %+v", again)
		}
		if has, err := l.Has(context.Background(), item("a.jsonl", fars)); !has || err != nil {
			t.Errorf("Has of what is there: %v %v", has, err)
		}
		if has, err := l.Has(context.Background(), item("b.jsonl", fars)); has || err != nil {
			t.Errorf("Has of what is not: %v %v", has, err)
		}
		if copied := add(t, l, item("b.jsonl", fars))[0]; copied != (Added{ID: first.ID}) {
			t.Errorf("from another file: %+v", copied)
		}
		f := fullOf(t, l, first.ID)
		if len(f.Arrivals) != 2 || f.Arrivals[1].Origin != "b.jsonl:1" || len(f.Readings) != 1 || !f.Added.Equal(testNow) {
			t.Errorf("%+v", f)
		}

		irna := fars
		irna.Outlet, irna.URL = "خبرگزاری ایرنا", "https://example.com/2"
		other := add(t, l, item("a.jsonl", irna))[0]
		if !other.New || other.ID == first.ID || other.VersionOf != "" {
			t.Errorf("the text of another outlet: %+v", other)
		}

		changed := fars
		changed.Text += "\nاین خبر تکمیل شد."
		version := add(t, l, item("c.jsonl", changed))[0]
		if !version.New || version.VersionOf != first.ID {
			t.Errorf("another text at the address: %+v, not a version of %s", version, first.ID)
		}
		if f := fullOf(t, l, first.ID); len(f.Versions) != 1 || f.Versions[0].ID != version.ID {
			t.Errorf("versions of the first: %+v", f.Versions)
		}
		if f := fullOf(t, l, version.ID); len(f.Versions) != 1 || f.Versions[0].ID != first.ID {
			t.Errorf("versions of the second: %+v", f.Versions)
		}
		check(t, l)
	})
}

// One transaction sees what it has added itself.
func TestAddTwiceInOne(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		a := story(5)
		b := item("elsewhere.jsonl", a.Article)
		out := add(t, l, a, a, b, story(6), story(6))
		if !out[0].New || !out[1].Again || out[2].New || out[2].Again || !out[3].New || !out[4].Again || out[2].ID != out[0].ID {
			t.Errorf("%+v", out)
		}
		if n := check(t, l); n.Reports != 2 || n.Arrivals != 3 {
			t.Errorf("%+v", n)
		}
	})
}

// A text that came without an outlet is the report of the outlet that is learnt
// later, and of no second one.
func TestOutletLearntLater(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		a := sanad.Article{Text: invented}
		first := add(t, l, item("a.txt", a))[0]
		a.Outlet = "خبرگزاری فارس"
		learnt := add(t, l, item("b.txt", a))[0]
		if learnt != (Added{ID: first.ID, Stale: true}) {
			t.Errorf("with an outlet: %+v", learnt)
		}
		if r, err := l.Reread(context.Background(), maker(), first.ID); err != nil || r.Same {
			t.Errorf("read again: %+v %v", r, err)
		}
		if f := fullOf(t, l, first.ID); f.Outlet != "fars-news" || f.Machine.Document.Outlet == nil || f.Machine.Document.ID != first.ID {
			t.Errorf("outlet %q", f.Outlet)
		}
		a.Outlet = ""
		if x := add(t, l, item("c.txt", a))[0]; x != (Added{ID: first.ID}) {
			t.Errorf("without an outlet again: %+v", x)
		}
		a.Outlet = "خبرگزاری ایرنا"
		if x := add(t, l, item("d.txt", a))[0]; !x.New || x.ID == first.ID {
			t.Errorf("of a second outlet: %+v", x)
		}
		a.Outlet = "خبرگزاری فارس"
		if x := add(t, l, item("e.txt", a))[0]; x != (Added{ID: first.ID}) {
			t.Errorf("of the first outlet again: %+v", x)
		}
		check(t, l)
	})
}

// The outlet that was guessed for a page gives way to the one that is given for
// the same address, and that is no second report.
func TestGuessedOutlet(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		a := sanad.Article{Outlet: "خبرگزاری ایرنا", URL: "https://example.org/7", Text: invented}
		page := item("page.html", a)
		page.Guessed = []string{"outlet"}
		id := add(t, l, page)[0].ID
		a.Outlet = "خبرگزاری فارس"
		if x := add(t, l, item("feed.xml", a))[0]; x != (Added{ID: id, Stale: true}) {
			t.Errorf("given: %+v", x)
		}
		if _, err := l.Reread(context.Background(), maker(), id); err != nil {
			t.Fatal(err)
		}
		if f := fullOf(t, l, id); f.Outlet != "fars-news" || len(f.Guessed) != 0 {
			t.Errorf("outlet %q, guessed %v", f.Outlet, f.Guessed)
		}
		check(t, l)
	})
}

func TestMetadataBeatsGuess(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		page := item("page.html", sanad.Article{Title: "محکومیت حمله", Published: "2024-03-01", Outlet: "خبرگزاری فارس", Text: invented})
		page.Guessed = []string{"published", "outlet"}
		page.Author = "نویسنده ناشناس"
		id := add(t, l, page)[0].ID
		if f := fullOf(t, l, id); f.Published != "2024-03-01" || !slices.Equal(f.Guessed, []string{"outlet", "published"}) && !slices.Equal(f.Guessed, []string{"published", "outlet"}) || f.Author != page.Author {
			t.Errorf("guessed: %+v", f.Report)
		}
		feed := item("feed.xml", sanad.Article{Title: "محکومیت حمله", Published: "2024-03-02", Text: invented})
		if x := add(t, l, feed)[0]; x != (Added{ID: id, Stale: true}) {
			t.Errorf("given: %+v", x)
		}
		if r, err := l.Reread(ctx, maker(), id); err != nil || r.Same {
			t.Fatalf("read again: %+v %v", r, err)
		}
		f := fullOf(t, l, id)
		if f.Published != "2024-03-02" || !slices.Equal(f.Guessed, []string{"outlet"}) || f.Title != "محکومیت حمله" || len(f.Readings) != 2 || !f.Readings[1].InForce || f.Readings[0].InForce {
			t.Errorf("after the given day: %+v, %+v", f.Report, f.Readings)
		}
		guess := item("other.html", sanad.Article{Title: "محکومیت حمله", Published: "2024-03-09", Text: invented})
		guess.Guessed = []string{"published"}
		if x := add(t, l, guess)[0]; x != (Added{ID: id}) {
			t.Errorf("another guess changes nothing: %+v", x)
		}
		list, err := l.List(ctx, Filter{From: "2024-03-02", To: "2024-03-02"}, 10, 0)
		if err != nil || len(list) != 1 || list[0].ID != id {
			t.Errorf("by its day: %+v %v", list, err)
		}
		check(t, l)
	})
}

func TestUnknownDays(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		for i, published := range []string{"", "در روزهای اخیر", "1402-12-20"} {
			a := story(i).Article
			a.Published = published
			add(t, l, item("x.jsonl", a))
		}
		all, err := l.List(ctx, Filter{}, 10, 0)
		if err != nil || len(all) != 3 || all[0].Published != "2024-03-10" || all[1].Published != "" || all[1].Seq != 2 {
			t.Errorf("%+v %v", all, err)
		}
		for _, f := range []Filter{{From: "1900-01-01"}, {To: "2100-01-01"}, {From: "2024-03-10", To: "2024-03-10"}} {
			if list, err := l.List(ctx, f, 10, 0); err != nil || len(list) != 1 || list[0].Seq != 3 {
				t.Errorf("%+v gives %+v %v", f, list, err)
			}
		}
		if _, err := l.List(ctx, Filter{From: "1402-12-20x"}, 10, 0); err == nil || !strings.Contains(err.Error(), "is no day") {
			t.Errorf("a bound that is no day: %v", err)
		}
	})
}

// The bytes that a report came from come back as they were.
func TestBytes(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		all := make([]byte, 256)
		for i := range all {
			all[i] = byte(i)
		}
		text := story(1).Article
		whole := []byte(text.Title + "\n" + text.Text)
		for i, raw := range [][]byte{nil, {}, {0}, all, bytes.Repeat([]byte("<p>"), 100_000), whole} {
			it := item("x.html", text)
			it.Raw, it.Line, it.Kind, it.Media = raw, i+1, input.HTML, "text/html; charset=windows-1256"
			id := add(t, l, it)[0].ID
			f := fullOf(t, l, id)
			a := f.Arrivals[len(f.Arrivals)-1]
			if len(f.Arrivals) != i+1 || a.Media != it.Media || a.Kind != "html" {
				t.Fatalf("%d: %+v", i, f.Arrivals)
			}
			if raw == nil {
				if a.Bytes != "" {
					t.Errorf("bytes that were not kept: %q", a.Bytes)
				}
				continue
			}
			have, err := l.Bytes(ctx, a.Bytes)
			if err != nil || !bytes.Equal(have, raw) || a.Size != int64(len(raw)) {
				t.Errorf("%d: %d bytes of %d came back, size %d: %v", i, len(have), len(raw), a.Size, err)
			}
			if !add(t, l, it)[0].Again {
				t.Errorf("%d: the same again is not known", i)
			}
		}
		if _, err := l.Bytes(ctx, "zz"); err == nil {
			t.Error("zz is no SHA-256")
		}
		check(t, l)
	})
}

// What comes from outside may hold anything; the ledger keeps it, on both
// databases alike, and can be checked, backed up and made anew.
func TestHostileText(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		odd := "‌\u2028\u2029\x00\x01\x1f\x7f\"\\/<b>&'%_?$1\U0010ffff"
		a := sanad.Article{ID: odd, URL: "https://example.org/" + odd, Outlet: "روزنامه" + odd, Title: "تیتر" + odd + "محکوم کرد", Published: odd, Text: invented + odd}
		it := item("\xff\xfe"+odd, a)
		it.Author, it.Media = odd+"\xc3", "text/\xff"+odd
		x := add(t, l, it)[0]
		if again := add(t, l, it)[0]; !again.Again {
			t.Errorf("again: %+v", again)
		}
		if has, err := l.Has(ctx, it); !has || err != nil {
			t.Errorf("Has: %v %v", has, err)
		}
		if f := fullOf(t, l, x.ID); f.Machine.Document.Text != a.Title+"\n"+a.Text {
			t.Error("the text is not what came in")
		}
		check(t, l)
		before := dump(t, l, derivedTables(l)...)
		if err := l.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		same(t, dump(t, l, derivedTables(l)...), before)
		if r, err := l.Reread(ctx, maker(), x.ID); err != nil || !r.Same {
			t.Errorf("read again: %+v %v", r, err)
		}
		into := openAt(t, filepath.Join(t.TempDir(), "into.db"), Options{Create: true})
		if _, err := into.Restore(ctx, bytes.NewReader(backupOf(t, l)), nil); err != nil {
			t.Error(err)
		}
	})
}

// Words, names and addresses may be longer than an index takes.
func TestLongText(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		r := rand.New(rand.NewPCG(1, 2))
		word := func(n int) string {
			b := make([]rune, n)
			for i := range b {
				b[i] = []rune("ابپتثجچحخدذرزسشعغفقکگلمنوهی")[r.IntN(27)]
			}
			return string(b)
		}
		for _, who := range []string{"آقای " + word(9000), "حزب " + word(9000), "خبرگزاری " + word(9000), "محمد " + word(3000) + " " + word(3000)} {
			a := sanad.Article{Outlet: word(9000), Title: word(20_000) + " محکوم کرد", URL: "https://example.org/" + word(9000), Published: word(9000),
				Text: who + " گفت حمله دیروز به بغداد محکوم است.\nسه نفر کشته شدند."}
			it := item(word(9000), a)
			it.Author = word(9000)
			x := add(t, l, it)[0]
			other := add(t, l, item("b", sanad.Article{URL: a.URL, Text: invented + who}))[0]
			if other.VersionOf != x.ID {
				t.Errorf("not a version: %+v", other)
			}
		}
		check(t, l)
	})
}

// same demands equal tables.
func same(t testing.TB, have, want map[string][]string) {
	t.Helper()
	for table := range want {
		if !slices.Equal(have[table], want[table]) {
			t.Errorf("%s differs: %s", table, differ(slices.Clone(have[table]), slices.Clone(want[table])))
			for _, row := range have[table] {
				if !slices.Contains(want[table], row) {
					t.Logf("there is  %.300s", row)
				}
			}
			for _, row := range want[table] {
				if !slices.Contains(have[table], row) {
					t.Logf("should be %.300s", row)
				}
			}
		}
	}
}

// What is kept is never changed or removed: the database itself refuses.
func TestKeptIsKept(t *testing.T) {
	eachHome(t, func(t *testing.T, h home) {
		l := openAt(t, h.dsn, Options{Create: true})
		ids := add(t, l, stories(0, 3)...)
		decide(t, l, ids[1].ID)
		db := h.raw(t)
		for table, column := range map[string]string{"blobs": "size", "reports": "added", "arrivals": "at", "readings": "at", "decisions": "line"} {
			for _, query := range []string{"UPDATE " + table + " SET " + column + " = " + column, "DELETE FROM " + table, "INSERT INTO " + table + " SELECT * FROM " + table} {
				if _, err := db.Exec(query); err == nil {
					t.Errorf("%s: not refused", query)
				} else if !strings.Contains(err.Error(), "never") && !strings.HasPrefix(query, "INSERT") {
					t.Errorf("%s: %v", query, err)
				}
			}
			if h.path == "" {
				if _, err := db.Exec("TRUNCATE " + table + " CASCADE"); err == nil {
					t.Errorf("TRUNCATE %s: not refused", table)
				}
				continue
			}
			err := l.tx(context.Background(), func(t *tx) error {
				return l.exec(context.Background(), t, "INSERT OR REPLACE INTO "+table+" SELECT * FROM "+table)
			})
			if err == nil {
				t.Errorf("INSERT OR REPLACE INTO %s: not refused", table)
			}
		}
		check(t, l)
	})
}
