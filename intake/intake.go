// Package intake is what the arguments of "sanad add" mean: files, folders,
// addresses of pages and feeds, lists of feeds, web archives, and the standard
// input all become one stream of articles.
//
//	report.txt  page.html  articles.jsonl  folder/  crawl.warc.gz
//	https://…  feed.xml  feeds.opml  -
//	records-1-of-4.jsonl.zst  part-0001.parquet
//
// What cannot be read becomes an item with an error that names it; the rest
// goes on. One article is in memory at a time, several where feeds of several
// hosts are fetched at once.
package intake

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/fetch"
	"github.com/sanad-project/sanad/input"
)

// Getter gets pages; *fetch.Fetcher is one.
type Getter interface {
	Get(ctx context.Context, url string, c fetch.Cond) (*fetch.Page, error)
}

// Options say how Each reads. The zero value reads files, without the bytes
// they came from, and fetches nothing.
type Options struct {
	Stdin    io.Reader
	Defaults input.Defaults // said on the command line
	Keep     bool           // fill Item.Raw

	Get      Getter // nil: an address is an error, and a feed gives what it carries itself
	Parallel int    // feeds of a list that are read at a time; 8 where 0

	// Take is asked of each record before the work of reading it is done, with
	// the file's place among those of the run, its name and the record's number
	// in it; and, with record 0, of each file before it is opened. What it
	// refuses is passed over. nil: all are taken. See [Place].
	Take func(Place) bool

	// Known reports whether the caller holds the article of an address; a
	// feed's links to such are not followed. nil: none is known. Addresses are
	// in the form of page.Address. It may be called from several goroutines.
	Known func(url string) bool

	// Cond gives the validators of an address that was fetched before, so that
	// it is sent only where it has changed; nil: none. Got is told what became
	// of each address that was fetched. They may be called from several
	// goroutines.
	Cond func(url string) fetch.Cond
	Got  func(url string, p *fetch.Page, err error)
}

// Place is where an item stands: a law of it is that the same arguments give
// the same items the same places, whatever Take refuses. What comes from an
// address has none.
type Place struct {
	Nth    int    // of the files, from 1, in the order of the arguments; an argument that is no file counts, too
	File   string // as it was given; in a folder, behind the folder's name
	Key    string // the file's path in its folder, with slashes, or its bare name: the same on every machine
	Record int    // of the file, from 1; 0 for the file itself
}

// Each calls yield with the articles of the arguments, in their order, until
// yield returns false or ctx is done. Only the feeds of a list are read side by
// side, and come as they come. yield is called from one goroutine at a time.
func Each(ctx context.Context, args []string, o Options, yield func(input.Item) bool) {
	r := &run{ctx: ctx, Options: o}
	for _, arg := range args {
		if ctx.Err() != nil || !r.arg(arg, func(it input.Item) bool { return ctx.Err() == nil && yield(it) }) {
			return
		}
	}
}

// run is one call of Each.
type run struct {
	ctx context.Context
	Options
	place Place // of the file that is read
}

// opens counts a file and reports whether it is read.
func (r *run) opens(file, key string) bool {
	r.place = Place{Nth: r.place.Nth + 1, File: file, Key: filepath.ToSlash(key)}
	return r.Take == nil || r.Take(r.place)
}

// takes reports whether a record of the file is read.
func (r *run) takes(record int) bool {
	p := r.place
	p.Record = record
	return r.Take == nil || r.Take(p)
}

func (r *run) arg(arg string, outer func(input.Item) bool) bool {
	yield := func(it input.Item) bool {
		it.Nth = r.place.Nth
		return outer(it)
	}
	if IsURL(arg) {
		return !r.opens(arg, arg) || r.address(arg, yield)
	}
	if arg == "-" {
		return !r.opens(arg, arg) || r.stream(r.stdin(), arg, yield)
	}
	st, err := os.Stat(arg)
	if err != nil {
		return !r.opens(arg, filepath.Base(arg)) || yield(failed(arg, reason(err)))
	}
	if !st.IsDir() {
		return !r.opens(arg, filepath.Base(arg)) || r.file(arg, yield)
	}
	names, bad := folder(arg)
	for _, it := range bad {
		if r.opens(it.File, it.File) && !yield(it) {
			return false
		}
	}
	if len(names) == 0 && len(bad) == 0 {
		return !r.opens(arg, filepath.Base(arg)) || yield(failed(arg, errors.New("nothing in this folder that is read: no text, JSON Lines, HTML, feed or WARC file")))
	}
	for _, name := range names {
		key, err := filepath.Rel(arg, name)
		if err != nil {
			key = filepath.Base(name)
		}
		if r.ctx.Err() != nil || r.opens(name, key) && !r.file(name, yield) {
			return false
		}
	}
	return true
}

// Files calls f with the files that Each would read, in its order, with their
// sizes in bytes: -1 where that is not known. It is told of nothing that cannot
// be found.
func Files(args []string, f func(name string, size int64)) {
	for _, arg := range args {
		st, err := os.Stat(arg)
		switch {
		case IsURL(arg) || arg == "-":
			f(arg, -1)
		case err != nil:
		case st.IsDir():
			names, _ := folder(arg)
			for _, name := range names {
				if st, err := os.Stat(name); err == nil {
					f(name, st.Size())
				}
			}
		case st.Mode().IsRegular():
			f(arg, st.Size())
		default:
			f(arg, -1)
		}
	}
}

// IsURL reports whether an argument is an address of the web and no path.
func IsURL(arg string) bool {
	u, err := url.Parse(arg)
	return err == nil && (strings.EqualFold(u.Scheme, "http") || strings.EqualFold(u.Scheme, "https")) && u.Host != ""
}

// folder lists what is read of a folder and those inside it, sorted by path:
// hidden files and folders are left out, and so are .json files, since in a
// folder they may be anything.
func folder(dir string) (names []string, bad []input.Item) {
	filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			bad = append(bad, failed(name, reason(err)))
			return nil
		}
		hidden := name != dir && strings.HasPrefix(e.Name(), ".")
		switch {
		case e.IsDir() && hidden:
			return fs.SkipDir
		case !e.IsDir() && !hidden && takes(name) && regular(name, e):
			names = append(names, name)
		}
		return nil
	})
	slices.Sort(names)
	return names, bad
}

// regular keeps pipes and devices in a folder from being waited for.
func regular(name string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.Type().IsRegular()
	}
	st, err := os.Stat(name)
	return err != nil || st.Mode().IsRegular() // one that leads nowhere is told of when it is opened
}

// takes reports whether a folder's file of that name is read.
func takes(name string) bool {
	switch kindOf(name) {
	case byPage, byFeed, byArchive, byTable:
		return true
	case byInput:
		return input.Takes(plain(name))
	}
	return false
}

// plain is a file's name without the .gz or .zst behind it.
func plain(name string) string {
	if e := filepath.Ext(name); strings.EqualFold(e, ".gz") || strings.EqualFold(e, ".zst") {
		return name[:len(name)-len(e)]
	}
	return name
}

// reading is who reads a file.
type reading int

const (
	byContent reading = iota // the name does not say
	byInput
	byPage
	byFeed
	byArchive
	byTable
	byNobody
)

func kindOf(name string) reading {
	switch strings.ToLower(filepath.Ext(plain(name))) {
	case ".txt", ".jsonl", ".ndjson", ".json":
		return byInput
	case ".html", ".htm", ".xhtml":
		return byPage
	case ".xml", ".rss", ".atom", ".rdf", ".opml":
		return byFeed
	case ".warc":
		return byArchive
	case ".parquet":
		return byTable
	case ".mhtml", ".mht", ".webarchive":
		return byNobody
	}
	return byContent
}

// Size returns the bytes of the files that Each would read, -1 where that
// cannot be known: addresses, feeds, the standard input. The Bytes of the items
// add up to about as much.
func Size(args []string) int64 {
	var n int64
	for _, arg := range args {
		if IsURL(arg) || arg == "-" {
			return -1
		}
		names := []string{arg}
		if st, err := os.Stat(arg); err == nil && st.IsDir() {
			names, _ = folder(arg)
		}
		for _, name := range names {
			if kindOf(name) == byFeed {
				return -1
			}
			if st, err := os.Stat(name); err == nil && st.Mode().IsRegular() {
				n += st.Size()
			}
		}
	}
	return n
}

func failed(name string, err error) input.Item { return input.Item{File: name, Err: err} }

// reason drops the path from a file error: the item names it.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		if errors.Is(err, fs.ErrNotExist) {
			return errors.New("no such file or folder")
		}
		return p.Err
	}
	return err
}

// base is a file's name without folder and extension: the id of its article.
func base(name string) string {
	b := filepath.Base(plain(name))
	return strings.TrimSuffix(b, filepath.Ext(b))
}
