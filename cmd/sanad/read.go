package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"syscall"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/digest"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/report"
)

func (p *program) readCommand() *cobra.Command {
	var format string
	var def input.Defaults
	cmd := &cobra.Command{
		Use:   "read [PATH...]",
		Short: "Read reports: a digest on the terminal, one JSON record a line elsewhere",
		Long: `Reads reports and says what each of them says.

PATH is a .txt file (one report; UTF-8, UTF-16 or windows-1256), a .jsonl file
(one report a line, with the fields id, url, outlet, title, published, text),
a .json file, a folder (its .txt and .jsonl files), or - for the standard input.
The first line of a .txt file is its title where an empty line follows it.

Records come out in the order of the input. A report that cannot be read (it is
empty, not Persian, cut off, ...) is named on standard error, the others are
still read, and the exit code is 1.`,
		Example: `  sanad read examples/
  sanad read --format jsonl articles.jsonl > records.jsonl
  sanad read --published 1402-12-20 --outlet "خبرگزاری حوزه" report.txt
  cat page.txt | sanad read -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			asJSON := false
			switch format {
			case "auto":
				asJSON = !isTerminal(p.out)
			case "jsonl":
				asJSON = true
			case "digest":
			default:
				return usage{fmt.Errorf("--format %s: give digest, jsonl or auto", format)}
			}
			if def.Published != "" {
				if _, err := sanad.ParseDate(def.Published); err != nil {
					return usage{fmt.Errorf("--published: %w", err)}
				}
			}
			if len(args) == 0 {
				if isTerminal(p.in) {
					return usage{errors.New("nothing to read: give a file, a folder, or - for the standard input")}
				}
				args = []string{"-"}
			}
			d, err := p.reader()
			if err != nil {
				return err
			}
			defer p.profile()()
			w := &reading{program: p, reader: d, json: asJSON, style: style(p.out), def: def}
			return w.run(args)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&format, "format", "f", "auto", "digest, jsonl, or auto: digest on a terminal, jsonl elsewhere")
	f.StringVar(&def.Published, "published", "", "day of publication of reports that do not say it: ISO (2024-03-10) or Jalali (1402-12-20)")
	f.StringVar(&def.Outlet, "outlet", "", "outlet of reports that do not say it, as it calls itself")
	f.StringVar(&def.Title, "title", "", "title of a report that has none")
	f.StringVar(&def.ID, "id", "", "id of a .txt report (default: its file name)")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"digest", "jsonl", "auto"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func isTerminal(v any) bool {
	f, ok := v.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// style is how a digest looks on out.
func style(out io.Writer) digest.Style {
	s := digest.Style{Width: 100}
	if isTerminal(out) {
		if w, _, err := term.GetSize(int(out.(*os.File).Fd())); err == nil && w > 0 {
			s.Width = w
		}
		s.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	return s
}

// profile starts the profiles that were asked for and returns what ends them.
func (p *program) profile() func() {
	var cpu *os.File
	if p.cpuFile != "" {
		if f, err := os.Create(p.cpuFile); err == nil {
			cpu = f
			pprof.StartCPUProfile(f)
		}
	}
	return func() {
		if cpu != nil {
			pprof.StopCPUProfile()
			cpu.Close()
		}
		if p.heapFile != "" {
			if f, err := os.Create(p.heapFile); err == nil {
				pprof.Lookup("allocs").WriteTo(f, 0)
				f.Close()
			}
		}
	}
}

// reading is one run of "sanad read". Workers read; what they made is written
// in the order of the input.
type reading struct {
	*program
	reader *sanad.Reader
	json   bool
	style  digest.Style
	def    input.Defaults
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

func (w *reading) run(paths []string) error {
	jobs := w.jobs
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	var (
		work  = make(chan *job)
		order = make(chan *job, 4*jobs)
		stop  = make(chan struct{})
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
	go func() {
		in := &input.Reader{Stdin: w.in, Defaults: w.def}
		in.Each(paths, func(it input.Item) bool {
			j := &job{item: it, done: make(chan struct{})}
			gate.enter(len(it.Article.Text))
			select {
			case order <- j:
			case <-stop:
				return false
			}
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
	bar := w.progress(input.Size(paths))
	out := bufio.NewWriterSize(w.out, 64<<10)
	var failed error
	for j := range order {
		select {
		case <-j.done:
		default:
			out.Flush() // somebody may be waiting for what is ready
			<-j.done
		}
		gate.leave(len(j.item.Article.Text))
		if failed != nil {
			continue
		}
		bar.add(j.item.Bytes)
		if j.note != "" {
			bar.clear()
			fmt.Fprintf(w.err, "sanad: %s: note: %s\n", j.item.Where(), j.note)
		}
		if j.err != nil {
			w.exit = exitFailed
			bar.clear()
			out.Flush()
			fmt.Fprintf(w.err, "sanad: %s: %v\n", j.item.Where(), j.err)
			continue
		}
		if _, err := out.Write(j.out); err != nil {
			failed = err
			close(stop)
		}
	}
	wg.Wait()
	bar.finish()
	if err := out.Flush(); failed == nil {
		failed = err
	}
	if errors.Is(failed, syscall.EPIPE) {
		return nil // the reader of our output has seen enough
	}
	return failed
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
	j.out, j.err = w.form(r)
}

func (w *reading) form(r *report.Report) ([]byte, error) {
	var b bytes.Buffer
	if w.json {
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		err := e.Encode(record.From(r))
		return b.Bytes(), err
	}
	digest.Write(&b, r, w.style)
	return b.Bytes(), nil
}

// gate lets in as much text as there is room for.
type gate struct {
	mu   sync.Mutex
	free sync.Cond
	room int
	in   int
}

func newGate(room int) *gate {
	g := &gate{room: room}
	g.free.L = &g.mu
	return g
}

func (g *gate) enter(n int) {
	g.mu.Lock()
	for g.in > 0 && g.in+n > g.room {
		g.free.Wait()
	}
	g.in += n
	g.mu.Unlock()
}

func (g *gate) leave(n int) {
	g.mu.Lock()
	g.in -= n
	g.mu.Unlock()
	g.free.Signal()
}

// bar is a progress bar on standard error. There is none where that is no
// terminal, where the records go to the terminal themselves, or where the
// work is short.
type bar struct {
	bar *progressbar.ProgressBar
}

// progress starts a bar for an input of so many bytes, -1 where that is not
// known.
func (p *program) progress(n int64) *bar {
	const long = 1 << 20 // bytes
	if !isTerminal(p.err) || isTerminal(p.out) || n >= 0 && n < long {
		return &bar{}
	}
	return &bar{progressbar.NewOptions64(n, progressbar.OptionSetWriter(p.err), progressbar.OptionSetDescription("reading"),
		progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))}
}

// counting starts a bar for so many things.
func (p *program) counting(what string, n int64) *bar {
	if !isTerminal(p.err) || n < 1000 {
		return &bar{}
	}
	return &bar{progressbar.NewOptions64(n, progressbar.OptionSetWriter(p.err), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))}
}

func (b *bar) set(n int64) {
	if b.bar != nil {
		b.bar.Set64(n)
	}
}

func (b *bar) add(n int64) {
	if b.bar != nil {
		b.bar.Add64(n)
	}
}

func (b *bar) clear() {
	if b.bar != nil {
		b.bar.Clear()
	}
}

func (b *bar) finish() {
	if b.bar != nil {
		b.bar.Finish()
	}
}
