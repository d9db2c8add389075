package shard

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// Run says what a run reads and with what: two runs that are equal in all of it
// write the same bytes. Only such a run may go on with what another has left.
type Run struct {
	Shard   string `json:"shard"`   // "3/16"
	Input   string `json:"input"`   // SHA-256 of the names and sizes of the files
	Options string `json:"options"` // that change what is read or how it is written
	Reader  string `json:"reader"`  // version of the program
	Lexicon string `json:"lexicon"` // hash of it
	Every   int    `json:"every"`   // see Options.Every
}

// Report is what stands in run-….json when a run is complete.
type Report struct {
	Schema string `json:"schema"`
	Run
	Records int64 `json:"records"` // lines in records-…
	Errors  int64 `json:"errors"`  // lines in errors-…
}

// reportSchema names the version of a Report.
const reportSchema = "sanad.run/1"

// Place is how far an input has been read. Places grow along the input.
type Place struct {
	Nth    int `json:"nth"`    // of the files, from 1
	Record int `json:"record"` // of the file, from 1; End where there is no more
}

// End is the place behind the last record of a file.
const End = math.MaxInt

// Before reports whether p comes before q.
func (p Place) Before(q Place) bool {
	return p.Nth < q.Nth || p.Nth == q.Nth && p.Record < q.Record
}

// Options say where and how an Output is written.
type Options struct {
	Dir         string
	Shard       Shard
	Compression Compression
	Run         Run // Shard and Every are filled in
	Resume      bool

	// Every is how many lines are written between two checkpoints: so many are
	// done again, at most, after a crash. 1000 where 0.
	Every int
}

// everyBytes is how much is written between two checkpoints at most.
const everyBytes = 16 << 20

// Output is the files of a run. While it is written they end in .part, and
// run-….state says up to where they are safe.
type Output struct {
	Options
	files   [2]*stream // records, errors
	state   state
	last    Place // of the last line
	lines   int   // since the last checkpoint
	bytes   int
	whole   bool // nothing is left to do
	resumed Place
}

// state is a checkpoint: the lines up to Done are the first Sizes bytes of the
// files.
type state struct {
	Run    Run      `json:"run"`
	Done   Place    `json:"done"`
	Counts [2]int64 `json:"counts"`
	Sizes  [2]int64 `json:"sizes"`
	Whole  bool     `json:"whole"`
}

// The reasons for which nothing is written.
var (
	ErrExists = errors.New("is there already: go on with --resume, or write into another folder")
	ErrBusy   = errors.New("another run is writing it")
)

const (
	records = iota
	failures
)

var kinds = [2]string{"records", "errors"}

// Name is the path of the records.
func (o *Output) Name() string { return o.path(records) }

func (o *Output) path(kind int) string {
	return filepath.Join(o.Dir, kinds[kind]+"-"+o.Shard.name()+".jsonl"+o.Compression.suffix())
}

func (o *Output) about(suffix string) string {
	return filepath.Join(o.Dir, "run-"+o.Shard.name()+suffix)
}

// Open opens the files of a run. With Options.Resume it goes on behind what an
// earlier one, equal in all of Options.Run, has left; without, what an earlier
// one has left unfinished is dropped, and what it has finished is ErrExists.
func Open(opt Options) (*Output, error) {
	o := &Output{Options: opt}
	if o.Every == 0 {
		o.Every = 1000
	}
	o.Run.Shard, o.Run.Every = o.Shard.String(), o.Every
	o.Run.Options = strings.TrimSpace(o.Run.Options + " " + string(o.Compression))
	o.state.Run = o.Run
	if err := os.MkdirAll(o.Dir, 0o777); err != nil {
		return nil, err
	}
	if done, err := o.finished(); done || err != nil {
		return o, err
	}
	for kind := range o.files {
		f, err := os.OpenFile(o.path(kind)+".part", os.O_RDWR|os.O_CREATE, 0o666)
		if err == nil {
			if err = lock(f); err != nil {
				err = fmt.Errorf("%s %w", f.Name(), err)
			}
		}
		if err == nil {
			o.files[kind], err = newStream(f, o.Compression)
		}
		if err != nil {
			o.Close()
			return nil, err
		}
	}
	// Another run may have come to its end before the lock was ours.
	if done, err := o.finished(); done || err != nil {
		for kind := range o.files {
			os.Remove(o.path(kind) + ".part")
		}
		o.Close()
		return o, err
	}
	if err := o.goOn(); err != nil {
		o.Close()
		return nil, err
	}
	return o, nil
}

// finished reports whether the run was complete before.
func (o *Output) finished() (bool, error) {
	if _, err := os.Stat(o.path(records)); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	if !o.Resume {
		return false, fmt.Errorf("%s %w", o.path(records), ErrExists)
	}
	raw, err := os.ReadFile(o.about(".json"))
	if err != nil {
		return false, err
	}
	var r Report
	if err := json.Unmarshal(raw, &r); err != nil {
		return false, fmt.Errorf("%s: %w", o.about(".json"), err)
	}
	if err := o.same(r.Run); err != nil {
		return false, err
	}
	o.whole, o.state.Counts = true, [2]int64{r.Records, r.Errors}
	os.Remove(o.about(".state"))
	return true, nil
}

// same says in what another run differs from this one.
func (o *Output) same(was Run) error {
	for _, x := range [...]struct{ what, was, is string }{
		{"the shard", was.Shard, o.Run.Shard},
		{"the files that are read, or their sizes,", was.Input, o.Run.Input},
		{"an option", was.Options, o.Run.Options},
		{"the version of the program", was.Reader, o.Run.Reader},
		{"the lexicon", was.Lexicon, o.Run.Lexicon},
		{"the number of lines between checkpoints", fmt.Sprint(was.Every), fmt.Sprint(o.Run.Every)},
	} {
		if x.was != x.is {
			return fmt.Errorf("%s cannot be resumed: %s changed since (%q, now %q); write into another folder, or start anew without --resume", o.path(records), x.what, x.was, x.is)
		}
	}
	return nil
}

// goOn brings the open files to the last checkpoint, to their beginning where
// there is none.
func (o *Output) goOn() error {
	raw, err := os.ReadFile(o.about(".state"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case !o.Resume:
		// It must be gone before the files that it speaks of are touched.
		if err := o.remove(o.about(".state")); err != nil {
			return err
		}
	default:
		var s state
		if err := json.Unmarshal(raw, &s); err != nil {
			return fmt.Errorf("%s: %w; start anew without --resume", o.about(".state"), err)
		}
		if err := o.same(s.Run); err != nil {
			return err
		}
		o.state = s
	}
	for kind, s := range o.files {
		st, err := s.f.Stat()
		if err != nil {
			return err
		}
		size := o.state.Sizes[kind]
		moved := o.state.Whole && st.Size() == 0 // it has its name already; Open has made another
		if moved {
			if _, err := os.Stat(o.path(kind)); err == nil {
				if err := os.Remove(s.f.Name()); err != nil {
					return err
				}
				continue
			}
		}
		if st.Size() < size {
			return fmt.Errorf("%s has %d bytes where %d were written safely: it was changed; start anew without --resume", s.f.Name(), st.Size(), size)
		}
		if err := s.f.Truncate(size); err != nil {
			return err
		}
		if _, err := s.f.Seek(size, 0); err != nil {
			return err
		}
	}
	o.last, o.resumed = o.state.Done, o.state.Done
	if o.state.Whole {
		return o.publish()
	}
	return nil
}

// Done is the place up to which an earlier run has written: the caller goes on
// behind it.
func (o *Output) Done() Place { return o.resumed }

// Whole reports whether everything is written: nothing is left to do.
func (o *Output) Whole() bool { return o.whole }

// Counts are the lines of records and of errors, those of earlier runs too.
func (o *Output) Counts() (records, errors int64) { return o.state.Counts[0], o.state.Counts[1] }

// Record writes the line of a record; line ends in a newline. Lines of one
// place follow each other, and places do not go back.
func (o *Output) Record(at Place, line []byte) error { return o.line(records, at, line) }

// Error writes the line of an input that could not be read.
func (o *Output) Error(at Place, line []byte) error { return o.line(failures, at, line) }

func (o *Output) line(kind int, at Place, line []byte) error {
	// Only between two places: that of a channel's page has many lines, and a
	// run that goes on begins at a place.
	if at != o.last && (o.lines >= o.Every || o.bytes >= everyBytes) {
		if err := o.checkpoint(); err != nil {
			return err
		}
	}
	o.last = at
	o.lines++
	o.bytes += len(line)
	o.state.Counts[kind]++
	_, err := o.files[kind].Write(line)
	return err
}

// checkpoint makes safe what was written.
func (o *Output) checkpoint() error {
	for kind, s := range o.files {
		var err error
		if o.state.Sizes[kind], err = s.end(); err != nil {
			return err
		}
	}
	o.state.Done, o.lines, o.bytes = o.last, 0, 0
	return o.save(o.about(".state"), o.state)
}

// save writes a file in one step.
func (o *Output) save(name string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	f, err := os.Create(name + ".new")
	if err != nil {
		return err
	}
	_, err = f.Write(append(raw, '\n'))
	if err == nil {
		err = flush(f)
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err == nil {
		o.sync()
	}
	return err
}

// sync makes the names in the folder safe. Some file systems cannot, and do
// without.
func (o *Output) sync() {
	if d, err := os.Open(o.Dir); err == nil {
		flush(d)
		d.Close()
	}
}

func (o *Output) remove(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	o.sync()
	return nil
}

// Finish makes the run complete: the files get their names.
func (o *Output) Finish() error {
	if o.whole {
		return nil
	}
	if o.state.Counts[records] == 0 {
		if err := o.files[records].empty(); err != nil {
			return err
		}
	}
	o.state.Whole = true
	if err := o.checkpoint(); err != nil {
		return err
	}
	return o.publish()
}

// publish gives the files their names, the records last: where they are, all
// is. It may be done again after a crash at any point.
func (o *Output) publish() error {
	if err := o.save(o.about(".json"), Report{reportSchema, o.Run, o.state.Counts[records], o.state.Counts[failures]}); err != nil {
		return err
	}
	for _, kind := range [...]int{failures, records} {
		part := o.path(kind) + ".part"
		var err error
		if kind == failures && o.state.Counts[failures] == 0 {
			err = errors.Join(o.remove(part), o.remove(o.path(kind)))
		} else if err = os.Rename(part, o.path(kind)); errors.Is(err, fs.ErrNotExist) {
			_, err = os.Stat(o.path(kind))
		}
		if err != nil {
			return err
		}
		o.sync()
	}
	o.whole = true
	return o.remove(o.about(".state"))
}

// Close lets go of the files. What was not finished can be resumed.
func (o *Output) Close() error {
	var errs []error
	for _, s := range o.files {
		if s != nil {
			errs = append(errs, s.f.Close())
		}
	}
	o.files = [2]*stream{}
	return errors.Join(errs...)
}
