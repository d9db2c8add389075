package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/digest"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/intake"
	"github.com/sanad-project/sanad/shard"
)

func (p *program) readCommand() *cobra.Command {
	o := readOptions{program: p}
	var part, compress string
	cmd := &cobra.Command{
		Use:   "read [PATH...]",
		Short: "Read reports: a digest on the terminal, one JSON record a line elsewhere",
		Long: `Reads reports and says what each of them says.

PATH is a .txt file (one report; UTF-8, UTF-16 or windows-1256), a .jsonl file
(one report a line, with the fields id, url, outlet, title, published, text),
a .json file, an HTML page, a web archive (.warc), a feed, any of them with .gz,
a folder of these, or - for the standard input. The first line of a .txt file is
its title where an empty line follows it. Nothing is fetched.

Records come out in the order of the input, in memory that does not grow with
it. A report that cannot be read (it is empty, not Persian, cut off, ...) is
named on standard error, the others are still read, and the exit code is 3.
With --errors it is also a line of JSON, {"error": ..., "input": ...}; with
--errors - such lines stand among the records.

A record alone is what a report says; with --full it comes with the article's file,
outlet as it was named, author, ..., and the version and lexicon that read it.

With --shard I/N only a part of the reports is read: the records of each file
are dealt out in turn, so that N runs, each with its I, read each report once.
Damage to a file as a whole is told by each of them.

With -o DIR the records go to files named by the shard, records-1-of-1.jsonl
and errors-1-of-1.jsonl, which appear when they are whole. A run that was
stopped or killed goes on with --resume and leaves the same bytes as one that
was not. run-1-of-1.json says what was read and by which version.

Exit codes: 0 all was read; 3 some input could not be read, the rest was; 2 the
command line is wrong, nothing was done; 1 the run was stopped or failed.`,
		Example: `  sanad read examples/
  sanad read --format jsonl articles.jsonl > records.jsonl
  sanad read --published 1402-12-20 --outlet "خبرگزاری حوزه" report.txt
  cat page.txt | sanad read -
  sanad read --shard 3/16 -o out --compress zstd --resume crawl/*.warc.gz`,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch o.format {
			case "auto":
				o.json = o.dir != "" || !isTerminal(p.out)
			case "jsonl":
				o.json = true
			case "digest":
			default:
				return usage{fmt.Errorf("--format %s: give digest, jsonl or auto", o.format)}
			}
			if o.def.Published != "" {
				if _, err := sanad.ParseDate(o.def.Published); err != nil {
					return usage{fmt.Errorf("--published: %w", err)}
				}
			}
			var err error
			if part != "" {
				if o.shard, err = shard.Parse(part); err != nil {
					return usage{fmt.Errorf("--shard: %w", err)}
				}
			}
			if o.compression, err = shard.ParseCompression(compress); err != nil {
				return usage{fmt.Errorf("--compress: %w", err)}
			}
			switch {
			case o.dir != "" && !o.json:
				return usage{errors.New("-o writes records: leave out --format digest")}
			case o.dir == "" && (o.resume || compress != ""):
				return usage{errors.New("--resume and --compress are about files: give their folder with -o")}
			case o.dir != "" && o.errors != "":
				return usage{errors.New("-o writes the errors beside the records: leave out --errors")}
			case o.errors == "-" && !o.json:
				return usage{errors.New("--errors - writes lines of JSON: add --format jsonl")}
			case o.full && !o.json:
				return usage{errors.New("--full writes lines of JSON: add --format jsonl")}
			case o.raw && !o.full:
				return usage{errors.New("--raw is about what stands beside a record: add --full")}
			case o.every < 1:
				return usage{fmt.Errorf("--checkpoint %d: give a number above 0", o.every)}
			}
			if len(args) == 0 {
				if isTerminal(p.in) {
					return usage{errors.New("nothing to read: give a file, a folder, or - for the standard input")}
				}
				args = []string{"-"}
			}
			return o.run(args)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.format, "format", "f", "auto", "digest, jsonl, or auto: digest on a terminal, jsonl elsewhere")
	f.StringVar(&o.def.Published, "published", "", "day of publication of reports that do not say it: ISO (2024-03-10) or Jalali (1402-12-20)")
	f.StringVar(&o.def.Outlet, "outlet", "", "outlet of reports that do not say it, as it calls itself")
	f.StringVar(&o.def.Title, "title", "", "title of a report that has none")
	f.StringVar(&o.def.ID, "id", "", "id of a .txt report (default: its file name)")
	f.StringVarP(&o.dir, "out", "o", "", "write files into this folder, named by the shard, each appearing when it is whole")
	f.StringVar(&part, "shard", "", "read only the I-th of N parts of the input: I/N, from 1/N to N/N")
	f.BoolVar(&o.resume, "resume", false, "go on with what a run that was stopped has left in the folder of -o")
	f.StringVar(&compress, "compress", "", "compress the files of -o: gzip, zstd or none")
	f.IntVar(&o.every, "checkpoint", 1000, "make the files of -o safe after so many lines: a run that is resumed does no more than these again")
	f.StringVar(&o.errors, "errors", "", "write what could not be read as JSON Lines to this file; - writes them among the records")
	f.BoolVar(&o.full, "full", false, "write with each record what it was read from and by: adding it to a ledger is then as good as adding the article")
	f.BoolVar(&o.raw, "raw", false, "with --full: write the bytes of the article, too")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "name no single report on standard error")
	f.BoolVar(&o.progress, "progress", false, "say how far it is, with the rate and the time left, on standard error (on a terminal it does so anyway)")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"digest", "jsonl", "auto"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("compress", cobra.FixedCompletions([]string{"none", "gzip", "zstd"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// readOptions is what the command line says of a run.
type readOptions struct {
	*program
	format      string
	json        bool
	def         input.Defaults
	shard       shard.Shard
	dir         string
	resume      bool
	compression shard.Compression
	every       int
	errors      string
	quiet       bool
	progress    bool
	full, raw   bool
}

// run reads paths to where the options say.
func (o *readOptions) run(paths []string) error {
	d, err := o.reader()
	if err != nil {
		return err
	}
	defer o.profile()()
	ctx, stop := interruptible()
	defer stop()
	w := &reading{program: o.program, reader: d, json: o.json, full: o.full, raw: o.raw, lexiconHash: d.Lexicon.Hash(), quiet: o.quiet, style: style(o.out), def: o.def, shard: o.shard}
	w.meter = o.meter(intake.Size(paths))
	if o.dir != "" {
		return o.toFiles(ctx, w, paths)
	}
	// A reader of our output that goes away is no reason to die, but to stop.
	signal.Ignore(syscall.SIGPIPE)
	defer signal.Reset(syscall.SIGPIPE)
	out := &piped{out: bufio.NewWriterSize(o.out, 64<<10)}
	w.sink = out
	var file *os.File
	switch o.errors {
	case "":
	case "-":
		out.errors = out.out
	default:
		if file, err = os.Create(o.errors); err != nil {
			return err
		}
		defer file.Close()
		out.errors = file
	}
	err = w.run(ctx, paths)
	if file != nil {
		if cerr := file.Close(); err == nil {
			err = cerr
		}
	}
	if w.failed > 0 {
		o.exit = exitSome
	}
	switch {
	case enough(err):
		return nil
	case ctx.Err() != nil:
		return errors.New("stopped; the records above are whole, the rest was not read")
	}
	return err
}

// toFiles reads paths into the files of a folder.
func (o *readOptions) toFiles(ctx context.Context, w *reading, paths []string) error {
	out, err := shard.Open(shard.Options{Dir: o.dir, Shard: o.shard, Compression: o.compression, Resume: o.resume, Every: o.every,
		Run: shard.Run{Input: inputHash(paths), Options: o.changing(), Reader: version(), Lexicon: w.reader.Lexicon.Hash()}})
	if err != nil {
		return err
	}
	defer out.Close()
	w.sink = filed{out}
	if !out.Whole() {
		if err := w.run(ctx, paths); ctx.Err() != nil {
			return fmt.Errorf("stopped; run the same command with --resume to go on with %s", out.Name())
		} else if err != nil {
			return fmt.Errorf("%w; what is written can be gone on with: run the same command with --resume", err)
		}
		if err := out.Finish(); err != nil {
			return err
		}
	}
	records, failed := out.Counts()
	if failed > 0 {
		o.exit = exitSome
	}
	s := count(int(records), "report") + " read"
	if failed > 0 {
		s += fmt.Sprintf(", %d could not be read", failed)
	}
	fmt.Fprintf(o.err, "sanad: %s; %s\n", s, out.Name())
	return nil
}

// changing writes the options that change what is read.
func (o *readOptions) changing() string {
	raw, _ := json.Marshal([]any{o.def.ID, o.def.Outlet, o.def.Title, o.def.Published, o.full, o.raw})
	return string(raw)
}

// inputHash is the SHA-256 of the names and sizes of what is read.
func inputHash(paths []string) string {
	h := sha256.New()
	intake.Files(paths, func(name string, size int64) { fmt.Fprintf(h, "%d %q\n", size, name) })
	return hex.EncodeToString(h.Sum(nil))
}

// meter is the meter of a run. Unasked it speaks on a terminal alone, where the
// records do not go there themselves and the work is long.
func (o *readOptions) meter(size int64) *meter {
	const long = 1 << 20 // bytes
	terminal := isTerminal(o.err)
	if !o.progress && (!terminal || o.dir == "" && isTerminal(o.out) || size >= 0 && size < long) {
		return &meter{}
	}
	return newMeter(o.err, !terminal, size)
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
