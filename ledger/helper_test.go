package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/internal/pgtest"
)

// reader is the reader of all tests: making one takes a while.
var reader = sync.OnceValue(func() *sanad.Reader {
	r, err := sanad.New("")
	if err != nil {
		panic(err)
	}
	return r
})

// testNow is when tests add.
var testNow = time.Date(2024, 3, 12, 9, 30, 0, 0, time.UTC)

func maker() *Maker {
	return &Maker{Reader: reader(), Version: "test", Now: func() time.Time { return testNow }}
}

// place is where a test keeps its ledger.
type home struct {
	dsn  string
	path string // of the SQLite file; "" for PostgreSQL
}

// each runs a test on both databases: on SQLite always, on PostgreSQL where
// $SANAD_TEST_POSTGRES names a database in which schemas may be made
// (scripts/postgres gives one). open opens the test's own ledger.
func each(t *testing.T, f func(t *testing.T, open func() *Ledger)) {
	eachHome(t, func(t *testing.T, h home) {
		f(t, func() *Ledger { return openAt(t, h.dsn, Options{Create: true}) })
	})
}

func eachHome(t *testing.T, f func(t *testing.T, h home)) {
	t.Parallel() // much of the time goes into waiting for the disk
	t.Run("sqlite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "ledger.db")
		f(t, home{path, path})
	})
	t.Run("postgres", func(t *testing.T) { f(t, home{dsn: schema(t)}) })
}

// schema makes an empty schema in the test database and returns the address
// that opens it.
func schema(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv("SANAD_TEST_POSTGRES")
	if dsn == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("NOT TESTED ON POSTGRESQL: $CI is set, but $SANAD_TEST_POSTGRES is not; run scripts/postgres go test ./ledger")
		}
		t.Skip("NOT TESTED ON POSTGRESQL: $SANAD_TEST_POSTGRES is not set; run scripts/postgres go test ./ledger")
	}
	return pgtest.Schema(t, dsn)
}

func openAt(t testing.TB, dsn string, opt Options) *Ledger {
	t.Helper()
	l, err := Open(context.Background(), dsn, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// raw opens the database of a ledger beside the ledger, with nothing that
// keeps it from being changed.
func (h home) raw(t testing.TB) *sql.DB {
	t.Helper()
	driver, dsn := "pgx", h.dsn
	if h.path != "" {
		driver, dsn = "sqlite", "file:"+h.path+"?_pragma=busy_timeout(20000)&_pragma=foreign_keys(0)"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

// item is an article as input gives it.
func item(file string, a sanad.Article) *input.Item {
	raw := fmt.Sprintf(`{"title": %q, "text": %q}`, a.Title, a.Text)
	return &input.Item{Article: a, File: file, Line: 1, Kind: input.JSON, Raw: []byte(raw), Media: "application/json"}
}

func entry(t testing.TB, it *input.Item) *Entry {
	t.Helper()
	e, err := maker().Entry(it)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// add adds items in one transaction.
func add(t testing.TB, l *Ledger, items ...*input.Item) []Added {
	t.Helper()
	var list []*Entry
	for _, it := range items {
		list = append(list, entry(t, it))
	}
	out, err := l.Add(context.Background(), list)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// story is the n-th of an endless row of invented reports that differ in
// outlet, day, place, people and deeds.
func story(n int) *input.Item {
	pick := func(list []string, by int) string { return list[n/by%len(list)] }
	outlet := pick([]string{"خبرگزاری فارس", "خبرگزاری ایرنا", "روزنامه نیم‌روز", ""}, 1)
	city := pick([]string{"بغداد", "دمشق", "صنعا", "کابل", "غزه"}, 1)
	army := pick([]string{"ارتش اسرائیل", "ارتش آمریکا", "نیروهای حشد الشعبی"}, 2)
	deed := pick([]string{
		"عصر دیروز به مواضع مخالفان در اطراف %[1]s حمله هوایی کرد",
		"روز گذشته یک پهپاد را نزدیک %[1]s سرنگون کرد",
		"سه نفر را در %[1]s بازداشت کرد",
		"اعلام کرد فردا از %[1]s عقب‌نشینی می‌کند",
	}, 3)
	talk := pick([]string{
		"سخنگوی وزارت خارجه ایران این اقدام را محکوم کرد.",
		"به گزارش خبرگزاری رویترز، سخنگوی پلیس گفت: «در این رویداد دست‌کم %[2]d نفر کشته و %[3]d نفر زخمی شدند.»",
		"حزب الله لبنان هرگونه دخالت در این ماجرا را تکذیب کرد.",
	}, 5)
	title := ""
	if n%3 != 0 {
		title = fmt.Sprintf("گزارش شماره %d از %s", n, city)
	}
	published := ""
	if n%7 != 0 {
		published = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n*5%60).Format(time.DateOnly)
	}
	text := fmt.Sprintf(army+" "+deed+".\n"+talk+"\nشمار گزارش: %[4]d", city, 2+n%9, 10+n%30, n)
	if i := strings.Index(text, "%!(EXTRA"); i >= 0 {
		text = text[:i] + fmt.Sprintf("\nشمار گزارش: %d", n)
	}
	a := sanad.Article{Outlet: outlet, Title: title, Published: published, Text: text}
	if n%4 == 1 {
		a.URL = fmt.Sprintf("https://example.org/news/%d", n)
	}
	return item(fmt.Sprintf("news-%d.jsonl", n), a)
}

func stories(from, to int) []*input.Item {
	var list []*input.Item
	for n := from; n < to; n++ {
		list = append(list, story(n))
	}
	return list
}

// check demands exactly these findings, each named by a part of its sentence.
func check(t testing.TB, l *Ledger, want ...string) Checked {
	t.Helper()
	var have []string
	n, err := l.Check(context.Background(), false, func(d Damage) { have = append(have, d.Error()) })
	if err != nil {
		t.Fatal(err)
	}
	ok := len(have) == len(want)
	for i := range min(len(have), len(want)) {
		ok = ok && strings.Contains(have[i], want[i])
	}
	if !ok {
		t.Errorf("the check finds\n\t%s\nnot\n\t%s", strings.Join(have, "\n\t"), strings.Join(want, "\n\t"))
	}
	return n
}

// dump writes out tables, rows in order.
func dump(t testing.TB, l *Ledger, names ...string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, name := range names {
		rows := []string{}
		err := l.each(context.Background(), l.read, "SELECT * FROM "+name, nil, func(r *sql.Rows) error {
			v, err := scanValues(r)
			rows = append(rows, rowText(v))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(rows)
		out[name] = rows
	}
	return out
}

var keptTables = []string{"blobs", "reports", "arrivals", "readings", "decisions"}

// derivedTables are all derived tables that can be read back.
func derivedTables(l *Ledger) []string {
	list := []string{"names"}
	for _, t := range tables {
		list = append(list, t.name)
	}
	if l.kind == lite {
		// FTS5 notes in which of its generations a row was written.
		return append(list, "(SELECT id, sz FROM words_docsize) w")
	}
	return append(list, "words")
}
