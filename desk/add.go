package desk

import (
	"context"
	"io"
	"mime/multipart"
	"net/url"
	"os"
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

// pasted checks a text that somebody pasted.
func pasted(a sanad.Article) (sanad.Article, error) {
	a.Text = strings.ReplaceAll(a.Text, "\r\n", "\n") // as a browser sends what was pasted
	if strings.TrimSpace(a.Text) == "" {
		return a, badForm("there is no text to read")
	}
	if err := aDay(a.Published); err != nil {
		return a, err
	}
	if u, err := url.Parse(a.URL); a.URL != "" && (err != nil || !intake.IsURL(a.URL) || u.User != nil) {
		return a, badForm("%q is no address of a page", a.URL)
	}
	return a, nil
}

// aDay says what is wrong with a day of publication; "" is none.
func aDay(s string) error {
	if s == "" {
		return nil
	}
	if _, err := sanad.ParseDate(s); err != nil {
		return badForm("%v", err)
	}
	return nil
}

// itemOf is a pasted text as it is kept.
func itemOf(a sanad.Article) input.Item {
	return input.Item{Article: a, File: "desk", Kind: input.Text, Raw: []byte(a.Text), Media: "text/plain; charset=utf-8", Bytes: int64(len(a.Text))}
}

// addText reads one pasted text and keeps it.
func (d *Desk) addText(ctx context.Context, a sanad.Article) (arrived, error) {
	a, err := pasted(a)
	if err != nil {
		return arrived{}, err
	}
	list, err := d.keep(ctx, []input.Item{itemOf(a)})
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

// store writes an uploaded file to a path.
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
