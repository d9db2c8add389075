package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/digest"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/intake"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/shard"
)

// reading is one run of "sanad read". Workers read; what they made is written
// in the order of the input.
type reading struct {
	*program
	reader *sanad.Reader
	json   bool
	full   bool // with the source of each record
	raw    bool // with the bytes it came from
	quiet  bool
	style  digest.Style
	def    input.Defaults
	shard  shard.Shard
	sink   sink
	meter  *meter

	lexiconHash     string
	records, failed int64
}

// sink takes the lines of a run in the order of the input.
type sink interface {
	Record(at shard.Place, line []byte) error
	Error(at shard.Place, line []byte) error
	Done() shard.Place // up to which an earlier run has come
	flush() error      // somebody may be waiting for what is ready
}

// job is one item on its way.
type job struct {
	item input.Item
	out  []byte
	err  error
	note string
	done chan struct{}
}

// room is the text, in bytes, that may be on its way at a time: it bounds
// memory whatever the input's size. One long report may exceed it alone.
const room = 1 << 20

// run reads paths into the sink until they are at their end, ctx is done or the
// sink fails.
func (w *reading) run(ctx context.Context, paths []string) error {
	jobs := w.jobs
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	source, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		work  = make(chan *job)
		order = make(chan *job, 4*jobs)
		gate  = newGate(room)
		wg    sync.WaitGroup
	)
	for range jobs {
		wg.Go(func() {
			for j := range work {
				w.one(j)
				close(j.done)
			}
		})
	}
	done := w.sink.Done()
	go func() {
		// Parallel 1: what an address gives comes in the order of the list.
		opt := intake.Options{Stdin: w.in, Defaults: w.def, Keep: w.raw, Parallel: 1, Take: func(p intake.Place) bool {
			if p.Record == 0 {
				return done.Before(shard.Place{Nth: p.Nth, Record: shard.End})
			}
			return done.Before(shard.Place{Nth: p.Nth, Record: p.Record}) && w.shard.Has(p.Key, p.Record)
		}}
		intake.Each(source, paths, opt, func(it input.Item) bool {
			j := &job{item: it, done: make(chan struct{})}
			gate.enter(len(it.Article.Text))
			order <- j // it is emptied to the end, whatever happens
			if it.Err != nil {
				j.err = it.Err
				close(j.done)
				return true
			}
			work <- j // a worker is always on its way back
			return true
		})
		close(work)
		close(order)
	}()
	var failed error
	// What is ready does not wait for what is not.
	flush := func() {
		if err := w.sink.flush(); failed == nil {
			failed = err
		}
	}
	for {
		var j *job
		var ok bool
		select {
		case j, ok = <-order:
		default:
			flush()
			j, ok = <-order
		}
		if !ok {
			break
		}
		select {
		case <-j.done:
		default:
			flush()
			<-j.done
		}
		gate.leave(len(j.item.Article.Text))
		if failed == nil {
			failed = w.write(j)
		}
		if failed != nil {
			cancel()
		}
	}
	wg.Wait()
	w.meter.end()
	if failed == nil {
		failed = w.sink.flush()
	}
	if failed == nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return failed
}

// write hands what came of an item to the sink.
func (w *reading) write(j *job) error {
	it := &j.item
	at := shard.Place{Nth: it.Nth, Record: it.Record}
	if it.Record == 0 {
		at.Record = shard.End // the file cannot be read on
	}
	if j.note != "" && !w.quiet {
		w.meter.clear()
		fmt.Fprintf(w.err, "sanad: %s: note: %s\n", it.Where(), j.note)
	}
	if j.err == nil {
		w.records++
		w.meter.add(it.Bytes, false)
		return w.sink.Record(at, j.out)
	}
	w.failed++
	w.meter.add(it.Bytes, true)
	if !w.quiet {
		if err := w.sink.flush(); err != nil {
			return err
		}
		w.meter.clear()
		fmt.Fprintf(w.err, "sanad: %s: %v\n", it.Where(), j.err)
	}
	line, err := errorLine(it, j.err)
	if err != nil {
		return err
	}
	return w.sink.Error(at, line)
}

// unread is the line of an input that could not be read.
type unread struct {
	Error  string `json:"error"`
	Input  string `json:"input"`            // the file as it was named, with the line where there are lines
	Record int    `json:"record,omitempty"` // of the file, from 1; 0: the file as a whole
	URL    string `json:"url,omitempty"`
}

func errorLine(it *input.Item, err error) ([]byte, error) {
	return line(unread{err.Error(), it.Where(), it.Record, it.Article.URL})
}

// line writes a value as JSON and a newline, and escapes no more than has to be.
func line(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// one reads one report into bytes. A panic is a defect of Sanad: it is
// reported as this report's error, and the others are read.
func (w *reading) one(j *job) {
	defer func() {
		if v := recover(); v != nil {
			j.err = fmt.Errorf("a defect in Sanad stopped the reading of this report, please report it: %v", v)
			if os.Getenv("SANAD_DEBUG") != "" {
				panic(v)
			}
		}
	}()
	if j.item.Read != nil {
		j.err = errors.New("a record: it was read before; sanad add takes it")
		return
	}
	source := intake.SourceOf(&j.item)
	if j.item.Article.ID == "" { // a page of an archive
		j.item.Article.ID = fmt.Sprintf("%s-%d", bare(j.item.File), j.item.Record)
	}
	r, err := w.reader.Report(j.item.Article)
	if err != nil {
		j.err = err
		return
	}
	for _, n := range r.Notes {
		if n.Stage == "input" {
			j.note = n.Text
		}
	}
	j.out, j.err = w.form(r, source)
}

// bare is the name of a file without its folder and what stands behind the
// first full stop: of "crawl/a.warc.gz" "a".
func bare(name string) string {
	b := filepath.Base(name)
	if i := strings.IndexByte(b, '.'); i > 0 {
		b = b[:i]
	}
	if b == "-" {
		b = "stdin"
	}
	return b
}

func (w *reading) form(r *report.Report, from intake.Source) ([]byte, error) {
	if w.full {
		rec, err := line(record.From(r))
		if err != nil {
			return nil, err
		}
		return line(intake.Full{Schema: intake.FullSchema, Reader: version(), Lexicon: w.lexiconHash, Source: from, Record: bytes.TrimSuffix(rec, []byte("\n"))})
	}
	if w.json {
		return line(record.From(r))
	}
	var b bytes.Buffer
	digest.Write(&b, r, w.style)
	return b.Bytes(), nil
}

// piped is the sink of a run that writes to standard output.
type piped struct {
	out    *bufio.Writer
	errors io.Writer // nil: only standard error tells of them
}

func (p *piped) Record(_ shard.Place, line []byte) error { _, err := p.out.Write(line); return err }

func (p *piped) Error(_ shard.Place, line []byte) error {
	if p.errors == nil {
		return nil
	}
	_, err := p.errors.Write(line)
	return err
}

func (p *piped) Done() shard.Place { return shard.Place{} }

func (p *piped) flush() error { return p.out.Flush() }

// filed is the sink of a run that writes files.
type filed struct{ *shard.Output }

func (filed) flush() error { return nil }

// enough reports whether the reader of our output has gone away, which is no
// failure.
func enough(err error) bool { return errors.Is(err, syscall.EPIPE) }
