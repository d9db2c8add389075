package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/review"
)

// printed is an invented report with an id, an outlet, a time, a title and a text.
func printed(id, outlet, published, title, text string) *Entry {
	it := item(id+".jsonl", sanad.Article{ID: id, Outlet: outlet, Published: published, Title: title, Text: text})
	e, err := maker().Entry(it)
	if err != nil {
		panic(err)
	}
	return e
}

const (
	flood = "بر اثر جاری شدن سیل در روستای کهن‌چنار دیشب پل ورودی روستا فرو ریخت و راه چهارده خانواده بسته شد. گروهی از امدادگران با قایق به محل رفتند و پنج نفر را از بام خانه‌ها پایین آوردند. آب شرب روستا نیز قطع شده است."
	mine  = "در معدن زغال‌سنگ دره‌سرخ ریزش تونل سه کارگر را گرفتار کرد. گروه نجات پس از نه ساعت حفاری به محل رسید و دو نفر را زنده بیرون آورد. جست‌وجو برای یافتن نفر سوم ادامه دارد و علت ریزش بررسی می‌شود."
)

func TestLinkBad(t *testing.T) {
	closing := "\nخوانندگان می‌توانند عکس‌ها و فیلم‌های خود را از راه پیام‌رسان‌ها برای دفتر این روزنامه بفرستند تا بهترین آن‌ها هر هفته با نام فرستنده در همین صفحه و در شماره پنجشنبه چاپ شود و برای دریافت خبرها عضو کانال ما شوید."
	release := "«شورای شهر مارون آغاز بازسازی سه محله آسیب‌دیده را در پاییز امسال اعلام می‌کند و از ساکنان می‌خواهد تا پایان ماه برای ثبت خسارت به دفتر شورا در خیابان ساحلی مراجعه کنند و مدارک مالکیت را همراه داشته باشند.»"
	var b strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&b, "واژه%d ", i*7919%100_003)
	}
	huge := b.String()
	subjects := []string{"کارگران کارخانه نساجی برای دریافت دستمزد مقابل فرمانداری گرد آمدند.", "دو کشتی ماهیگیری به دلیل توفان از مسیر خارج شدند.", "دادگاه حکم زندان سه روزنامه‌نگار را لغو کرد.", "برف راه چند روستای کوهستانی را بست.", "نمایشگاه کتاب با حضور ناشران شهرستانی گشایش یافت."}
	for _, c := range []struct {
		name    string
		entries []*Entry
		links   []string // direct
		groups  []string
	}{
		{"nothing", nil, nil, nil},
		{"one", []*Entry{printed("a", "تابناک", "", "", flood)}, nil, nil},
		{"a word", []*Entry{printed("a", "تابناک", "", "", "فوری"), printed("b", "ایسنا", "", "", "فوری")}, nil, nil},
		{"identical texts of two outlets, the time of one known", []*Entry{printed("a", "تابناک", "", "سیل", flood), printed("b", "ایسنا", "2024-03-10T09:00:00+03:30", "سیل", flood)},
			[]string{"b>a copy"}, []string{"b (b): a b"}}, // an agency goes before a site
		{"identical texts, neither dated: what came first", []*Entry{printed("a", "تابناک", "", "سیل", flood), printed("b", "عصر ایران", "", "سیل", flood)},
			[]string{"a>b copy"}, []string{"a (a): a b"}},
		{"no outlet and no day", []*Entry{printed("a", "", "", "سیل", flood), printed("b", "", "", "ریزش معدن", mine), printed("c", "", "", "سیل در روستا", "خبر تازه: "+flood)},
			[]string{"a>c copy"}, []string{"a (a): a c"}},
		{"a long text that holds a small one", []*Entry{printed("a", "تابناک", "2024-03-10", "سیل", flood), printed("b", "عصر ایران", "2024-03-11", "گزارش سال", huge[:30_000]+"\n"+flood+"\n"+huge[30_000:60_000])},
			[]string{"a>b edited"}, []string{"a (a): a b"}},
		{"a huge text, twice", []*Entry{printed("a", "تابناک", "2024-03-10", "کتاب", huge), printed("b", "عصر ایران", "2024-03-11", "کتاب", huge)},
			[]string{"a>b copy"}, []string{"a (a): a b"}},
		{"a time that is none", []*Entry{printed("a", "تابناک", "2024-03-10T99:99", "سیل", flood), printed("b", "عصر ایران", "2024-03-12T10:00:00+03:30", "سیل", flood)},
			[]string{"a>b copy"}, []string{"a (a): a b"}},
		{"what an outlet prints under everything", func() (list []*Entry) {
			for i, s := range subjects {
				list = append(list, printed(fmt.Sprint(i), "روزنامه نیم‌روز", fmt.Sprintf("2024-03-%02d", 10+i), s[:strings.Index(s, " ")], s+closing))
			}
			return list
		}(), nil, nil},
		{"a release that all carry, each with a lead of its own", func() (list []*Entry) {
			for i, outlet := range []string{"تابناک", "عصر ایران", "جام جم", "ایسنا"} {
				s := subjects[i]
				list = append(list, printed(outlet, outlet, fmt.Sprintf("2024-03-10T%02d:00:00+03:30", 8+i), s[:strings.Index(s, " ")], s+" در بیانیه شورای شهر مارون آمده است: "+release))
			}
			return list
		}(), nil, []string{"تابناک (شورا شهر مارون): ایسنا تابناک جام جم عصر ایران"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, open func() *Ledger) {
				l := open()
				if len(c.entries) > 0 {
					addEntries(t, l, c.entries)
				}
				out := link(t, l, LinkOptions{})
				if out.Reports != int64(len(c.entries)) || out.Signed != out.Reports {
					t.Errorf("%+v", out)
				}
				if have := links(t, l, "direct = 1"); c.links != nil && !slices.Equal(have, c.links) || c.groups == nil && len(have) > 0 {
					t.Errorf("links %q, want %q", have, c.links)
				}
				have := groups(t, l)
				if len(have) != len(c.groups) || len(have) == 1 && !strings.HasSuffix(have[0], c.groups[0][strings.Index(c.groups[0], ":"):]) {
					t.Errorf("groups %q, want %q", have, c.groups)
				}
				check(t, l)
			})
		})
	}
}

// A report that is read again or corrected after it was linked is one to be
// linked, and is linked anew with what belongs to it; nothing else is.
func TestLinkChanged(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		addEntries(t, l, dev(t))
		addEntries(t, l, []*Entry{printed("one", "تابناک", "2024-03-10T08:00:00+03:30", "سیل", flood), printed("two", "عصر ایران", "2024-03-10T09:00:00+03:30", "سیل", flood), printed("three", "جام جم", "2024-03-10T10:00:00+03:30", "سیل", flood)})
		if _, err := l.Relays(ctx, printed("one", "تابناک", "", "سیل", flood).ID); !errors.Is(err, ErrNotLinked) {
			t.Errorf("before linking: %v", err)
		}
		if _, err := l.Outlets(ctx, Filter{}); !errors.Is(err, ErrNotLinked) {
			t.Errorf("before linking: %v", err)
		}
		link(t, l, LinkOptions{})
		want, origins := links(t, l, "direct = 1"), groups(t, l)
		if !slices.Contains(want, "one>two copy") || !slices.Contains(want, "one>three copy") {
			t.Fatalf("links %q", want)
		}
		notSmall := *linker()
		notSmall.small = 0
		id := printed("two", "عصر ایران", "", "سیل", flood).ID
		again := func(what string, signed int64) {
			t.Helper()
			r, err := l.Relays(ctx, id)
			if err != nil || r.Linked || len(r.From) != 1 {
				t.Errorf("%s: before it is linked again: %+v, %v", what, r, err)
			}
			check(t, l)
			out, err := l.Link(ctx, &notSmall, LinkOptions{})
			if err != nil || out.Signed != signed || out.Anew || out.Pairs > 6 {
				t.Errorf("%s: %+v, %v", what, out, err)
			}
			if have := links(t, l, "direct = 1"); !slices.Equal(have, want) {
				t.Errorf("%s: links %q, want %q", what, have, want)
			}
			if have := groups(t, l); !slices.Equal(have, origins) {
				t.Errorf("%s: origins %q, want %q", what, have, origins)
			}
			if r, err = l.Relays(ctx, id); err != nil || !r.Linked || len(r.From) != 1 || !r.From[0].Direct {
				t.Errorf("%s: linked again: %+v, %v", what, r, err)
			}
			check(t, l)
		}
		if _, err := l.Decide(ctx, review.Decision{Author: "سارا", Report: id, Action: review.State, Value: json.RawMessage(`"done"`)}, Anyway); err != nil {
			t.Fatal(err)
		}
		again("decided on", 1)
		m := maker()
		m.Version = "another"
		if _, err := l.Reread(ctx, m, id); err != nil {
			t.Fatal(err)
		}
		again("read again", 1)
		// All that is derived goes when all is derived anew.
		if err := l.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		for _, table := range slices.Concat(relayTables, incidentTables) {
			var n int
			if some, err := l.one(ctx, l.read, "SELECT 1 FROM "+table+" LIMIT 1", nil, &n); err != nil || some {
				t.Errorf("after rebuilding %s has rows: %v", table, err)
			}
		}
		link(t, l, LinkOptions{})
		if have := links(t, l, "direct = 1"); !slices.Equal(have, want) {
			t.Errorf("rebuilt: links %q, want %q", have, want)
		}
		check(t, l)
	})
}

// Another lexicon signs all anew.
func TestLinkRules(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		addEntries(t, l, dev(t))
		link(t, l, LinkOptions{})
		lk := *linker()
		lk.rules = "others"
		out, err := l.Link(context.Background(), &lk, LinkOptions{})
		if err != nil || out.Signed != 50 {
			t.Errorf("%+v, %v", out, err)
		}
		if out = link(t, l, LinkOptions{}); out.Signed != 50 || len(links(t, l, "direct = 1")) != 16 {
			t.Errorf("%+v", out)
		}
		// What reads only cannot link, and says so.
		ro := openAt(t, l.where, Options{ReadOnly: true})
		if _, err := ro.Link(context.Background(), linker(), LinkOptions{All: true}); err == nil || !strings.Contains(err.Error(), "reading only") {
			t.Errorf("read only: %v", err)
		}
	})
}

// With a reach of a few reports, those that stand further apart are not compared; what is
// in reach is found however the reports come.
func TestLinkReach(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		r := rand.New(rand.NewPCG(5, 5))
		lk := *linker()
		lk.small, lk.reach = 0, 6
		// Forty reports, each on a day of its own; every fifth is copied the day after.
		var list []*Entry
		var want []string
		for n := range 40 {
			words := make([]string, 60)
			for i := range words {
				words[i] = fmt.Sprintf("واژه%dاز%d", r.IntN(1000), n)
			}
			day := time.Date(2024, 1, 1+n, 8, 0, 0, 0, time.UTC)
			text := strings.Join(words, " ")
			a, b := fmt.Sprintf("%02da", n), fmt.Sprintf("%02db", n)
			list = append(list, printed(a, "تابناک", day.Format(time.RFC3339), "خبر "+a, text))
			if n%5 == 0 {
				list = append(list, printed(b, "عصر ایران", day.AddDate(0, 0, 1).Format(time.RFC3339), "خبر "+b, text))
				want = append(want, a+">"+b+" copy")
			}
			if n%5 == 1 { // too far behind
				list = append(list, printed(b, "عصر ایران", day.AddDate(0, 0, 20).Format(time.RFC3339), "خبر "+b, text))
			}
		}
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		addEntries(t, l, list)
		if _, err := l.Link(context.Background(), &lk, LinkOptions{}); err != nil {
			t.Fatal(err)
		}
		if have := links(t, l, "1 = 1"); !slices.Equal(have, want) {
			t.Errorf("links %q\nwant %q", have, want)
		}
		check(t, l)
	})
}

// Stopped at any step, linking goes on with the next call.
func TestLinkStopped(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		addEntries(t, l, dev(t))
		for _, at := range []string{"signing", "comparing", "sorting"} {
			ctx, stop := context.WithCancel(context.Background())
			_, err := l.Link(ctx, linker(), LinkOptions{All: true, Progress: func(what string, done, of int64) {
				if what == at {
					stop()
				}
			}})
			stop()
			if !errors.Is(err, context.Canceled) {
				t.Errorf("stopped while %s: %v", at, err)
			}
			check(t, l)
			link(t, l, LinkOptions{})
			if have := links(t, l, "direct = 1"); len(have) != 16 {
				t.Errorf("stopped while %s: links %q", at, have)
			}
			if have := groups(t, l); len(have) != 6 {
				t.Errorf("stopped while %s: origins %q", at, have)
			}
		}
	})
}

// Two that link at once, while a third adds and decides, leave what one leaves
// that links alone.
func TestLinkTogether(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		list := dev(t)
		addEntries(t, l, list[:20])
		id := list[3].ID
		var wait sync.WaitGroup
		for range 2 {
			other := open()
			wait.Go(func() {
				for range 3 {
					if _, err := other.Link(ctx, linker(), LinkOptions{}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wait.Go(func() {
			for i := 20; i < 50; i += 5 {
				if _, err := l.Add(ctx, list[i:i+5]); err != nil {
					t.Error(err)
				}
				d := review.Decision{Author: "سارا", Report: id, Action: review.Note, Note: fmt.Sprint("یادداشت ", i)}
				if _, err := l.Decide(ctx, d, Anyway); err != nil {
					t.Error(err)
				}
			}
		})
		wait.Wait()
		link(t, l, LinkOptions{})
		check(t, l)
		have, origins := links(t, l, "direct = 1"), groups(t, l)
		link(t, l, LinkOptions{All: true})
		if want := links(t, l, "direct = 1"); !slices.Equal(have, want) {
			t.Errorf("links %q\nwant %q", have, want)
		}
		if want := groups(t, l); !slices.Equal(origins, want) {
			t.Errorf("origins %q\nwant %q", origins, want)
		}
	})
}

// Killed at any moment while it links, a ledger is sound, and the next linking
// gives what one gives that was never killed.
func TestLinkKilled(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	eachHome(t, func(t *testing.T, h home) {
		r := rand.New(rand.NewPCG(11, 11))
		l := openAt(t, h.dsn, Options{Create: true})
		addEntries(t, l, dev(t))
		link(t, l, LinkOptions{})
		want, origins := links(t, l, "direct = 1"), groups(t, l)
		l.Close()
		for n := range rounds {
			killed(t, r, "link", h.dsn)
			intact(t, h.dsn, func(l *Ledger, _ Checked) {
				link(t, l, LinkOptions{})
				if have := links(t, l, "direct = 1"); !slices.Equal(have, want) {
					t.Errorf("round %d: links %q, want %q", n, have, want)
				}
				if have := groups(t, l); !slices.Equal(have, origins) {
					t.Errorf("round %d: origins %q, want %q", n, have, origins)
				}
				check(t, l)
			})
			if t.Failed() {
				return
			}
		}
	})
}

// What is damaged in the tables of links is named.
func TestLinkDamage(t *testing.T) {
	eachHome(t, func(t *testing.T, h home) {
		l := openAt(t, h.dsn, Options{Create: true})
		addEntries(t, l, dev(t)[:14])
		link(t, l, LinkOptions{})
		db := h.raw(t)
		for _, c := range []struct{ do, want string }{
			{"UPDATE signatures SET data = substr(data, 1, 40) WHERE report = 3", "damage in signatures, row 3: a stored signature is damaged"},
			{"DELETE FROM signatures WHERE report = 4", "damage in signatures, row 4: the signature of report"},
			{"INSERT INTO origins (report, origin, name) VALUES (900, 1, '')", "damage in origins, row 900: there are rows of a report that is not there"},
			{"UPDATE links SET b = 901 WHERE 1000 * a + b = (SELECT min(1000 * a + b) FROM links)", "damage in links, row 901: there are rows of a report that is not there"},
		} {
			if _, err := db.Exec(c.do); err != nil {
				t.Fatal(err)
			}
			check(t, l, c.want)
			if _, err := db.Exec("UPDATE linked SET state = 0"); err != nil {
				t.Fatal(err)
			}
			l.Link(context.Background(), linker(), LinkOptions{}) // comes to an end, with an error or without
			link(t, l, LinkOptions{All: true})                    // mends it
			check(t, l)
		}
	})
}
