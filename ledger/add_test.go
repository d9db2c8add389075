package ledger

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
)

func TestSpeed(t *testing.T) {
	file := os.Getenv("SANAD_BENCH")
	if file == "" {
		t.Skip()
	}
	rd, err := sanad.New("")
	if err != nil {
		t.Fatal(err)
	}
	m := NewMaker(rd, "test")
	in := &input.Reader{Keep: true}
	var entries []*Entry
	var items []input.Item
	in.Each([]string{file}, func(it input.Item) bool { items = append(items, it); return true })
	t0 := time.Now()
	for _, it := range items {
		rd.Read(it.Article)
	}
	t.Log("read alone", time.Since(t0))
	t0 = time.Now()
	for _, it := range items {
		e, err := m.Entry(&it)
		if err != nil {
			continue
		}
		entries = append(entries, e)
	}
	t.Log("read and pack", time.Since(t0), len(entries))
	l, err := Open(context.Background(), filepath.Join(t.TempDir(), "x.db"), Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	t0 = time.Now()
	for i := 0; i < len(entries); i += 64 {
		if _, err := l.Add(context.Background(), entries[i:min(i+64, len(entries))]); err != nil {
			t.Fatal(err)
		}
	}
	t.Log("write", time.Since(t0))
	list, err := l.List(context.Background(), Filter{Type: []string{"ASSAULT"}, Actor: []string{"israel"}}, 3, 0)
	t.Log(len(list), list, err)
	st, _ := os.Stat(filepath.Join(filepath.Dir(l.where), "x.db"))
	t.Log(st.Size())
}
