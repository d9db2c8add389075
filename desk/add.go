package desk

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/intake"
	"github.com/sanad-project/sanad/ledger"
)

// arrived says what became of one article that somebody added.
type arrived struct {
	Where string `json:"where"`           // the file and line; "" for a pasted text
	ID    string `json:"id,omitempty"`    // of the report
	New   bool   `json:"new"`             // it was not there before
	Why   string `json:"error,omitempty"` // why it could not be read; "" where it was
}

// batch is how many reports go into one transaction.
const batch = 100

// addText reads one pasted text and keeps it.
func (d *Desk) addText(ctx context.Context, a sanad.Article) (arrived, error) {
	a.Text = strings.ReplaceAll(a.Text, "\r\n", "\n") // as a browser sends what was pasted
	if strings.TrimSpace(a.Text) == "" {
		return arrived{}, badForm("there is no text to read")
	}
	if a.Published != "" {
		if _, err := sanad.ParseDate(a.Published); err != nil {
			return arrived{}, badForm("%v", err)
		}
	}
	if u, err := url.Parse(a.URL); a.URL != "" && (err != nil || !intake.IsURL(a.URL) || u.User != nil) {
		return arrived{}, badForm("%q is no address of a page", a.URL)
	}
	it := input.Item{Article: a, File: "desk", Kind: input.Text, Raw: []byte(a.Text), Media: "text/plain; charset=utf-8"}
	list, err := d.keep(ctx, []input.Item{it})
	if err != nil {
		return arrived{}, err
	}
	if list[0].Why != "" {
		return arrived{}, badForm("%s", list[0].Why)
	}
	list[0].Where = ""
	return list[0], nil
}

// keep reads items and keeps them in one transaction.
func (d *Desk) keep(ctx context.Context, items []input.Item) ([]arrived, error) {
	out := make([]arrived, len(items))
	var entries []*ledger.Entry
	var of []int
	for i := range items {
		it := &items[i]
		out[i].Where = it.Where()
		err := it.Err
		var e *ledger.Entry
		if err == nil {
			e, err = d.maker().Entry(it)
		}
		if err != nil {
			out[i].Why = err.Error()
			continue
		}
		entries, of = append(entries, e), append(of, i)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	added, err := d.ledger.Add(ctx, entries)
	if err != nil {
		return nil, err
	}
	for n, a := range added {
		out[of[n]].ID, out[of[n]].New = a.ID, a.New
		if a.Stale { // what came with it changes what is known of the report
			if _, err := d.ledger.Reread(ctx, d.maker(), a.ID); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// takes are the kinds of files that can be dropped on the desk: none that is
// packed, or stands for pages elsewhere.
var takes = []string{".txt", ".jsonl", ".json", ".html", ".htm"}

// addFiles reads uploaded files and keeps what is in them.
func (d *Desk) addFiles(ctx context.Context, files []*multipart.FileHeader, def input.Defaults) ([]arrived, error) {
	dir, err := os.MkdirTemp("", "sanad-desk-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var out []arrived
	var items []input.Item
	flush := func() error {
		list, err := d.keep(ctx, items)
		out, items = append(out, list...), items[:0]
		return err
	}
	for _, f := range files {
		name := tame(filepath.Base(filepath.ToSlash(f.Filename)))
		ext := strings.ToLower(filepath.Ext(name))
		if !slices.Contains(takes, ext) {
			out = append(out, arrived{Where: name, Why: "files of this kind cannot be dropped here: give " + strings.Join(takes, ", ") + ", or use sanad add"})
			continue
		}
		path := filepath.Join(dir, "file"+ext)
		if err := store(f, path); err != nil {
			return nil, err
		}
		var failed error
		intake.Each(ctx, []string{path}, intake.Options{Defaults: def, Keep: true}, func(it input.Item) bool {
			it.File = name
			if it.Err != nil {
				it.Err = errors.New(strings.ReplaceAll(it.Err.Error(), path, name))
			}
			if items = append(items, it); len(items) == batch {
				failed = flush()
			}
			return failed == nil
		})
		if failed == nil {
			failed = flush()
		}
		if failed != nil {
			return nil, failed
		}
	}
	return out, ctx.Err()
}

func store(f *multipart.FileHeader, path string) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
