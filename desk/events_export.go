package desk

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/export"
)

// exportMedia are the media types of what exports write, by extension.
var exportMedia = map[string]string{".csv": "text/csv; charset=utf-8", ".jsonl": "application/jsonl; charset=utf-8", ".json": "application/json; charset=utf-8", ".geojson": "application/geo+json",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".parquet": "application/vnd.apache.parquet"}

// eventsExport sends the events of a view, all of them and no others, in a
// format of package export: as=acled, csv, …; with part=sidecar the spans and
// chains that the format cannot hold. What did not happen is in it where the
// view has it; its rows say so.
//
// It has as long as any request. What is not whole by then is cut off in a way
// that a browser tells as a failed download, never sent as if it were whole.
func (d *Desk) eventsExport(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	f, err := d.eventFilter(r.Context(), eventsWantedOf(q))
	as := q.Get("as")
	at := slices.IndexFunc(export.Formats(), func(x export.Format) bool { return x.Name == as })
	if err == nil && at < 0 {
		err = badForm("%q is no format of an export: there are %s", as, formatNames())
	}
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	format := export.Formats()[at]
	name, extension := "sanad-events-"+format.Name, format.Extension
	opt := export.Options{Unrealised: true, All: true}
	if format.Kinds {
		opt.Kind = export.Events
	}
	out := &started{w: w}
	main := io.Writer(out)
	if q.Get("part") == "sidecar" {
		if !format.Sidecar {
			d.trouble(w, r, http.StatusUnprocessableEntity, badForm("what is exported as %s has no sidecar", format.Name))
			return
		}
		name, extension, main, opt.Sidecar = name+"-sidecar", ".jsonl", io.Discard, out
	}
	out.begin = func() {
		media := exportMedia[extension]
		if media == "" {
			media = "application/octet-stream"
		}
		w.Header().Set("Content-Type", media)
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+extension+`"`)
	}
	err = export.Write(main, format.Name, d.ledger.EventItems(r.Context(), f), opt)
	switch {
	case err == nil:
		out.Write(nil) // an export without rows has its name, too
	case out.on:
		if !errors.Is(err, context.Canceled) {
			d.opt.Log.Printf("desk: %s: cut off: %v", r.URL.Path, err)
		}
		panic(http.ErrAbortHandler)
	default:
		if errors.Is(err, context.DeadlineExceeded) {
			err = errors.Join(err, errors.New("choose fewer events, or use \"sanad export\", which has no such limit"))
		}
		d.trouble(w, r, statusOf(err), err)
	}
}

// started is a response whose head is written with its first bytes.
type started struct {
	w     http.ResponseWriter
	begin func()
	on    bool
}

func (s *started) Write(b []byte) (int, error) {
	if !s.on {
		s.on = true
		s.begin()
	}
	return s.w.Write(b)
}

// formatNames are the formats, for a sentence.
func formatNames() string {
	var names []string
	for _, f := range export.Formats() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}
