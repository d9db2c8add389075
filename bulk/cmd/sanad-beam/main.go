// Sanad-beam links an archive of reports on Apache Beam: see package archive.
//
//	sanad-beam -in 'news/*.jsonl.gz' -out linked
//	sanad-beam -in … -out … --runner=universal --endpoint=localhost:8099 --environment_type=LOOPBACK
//
// Without a runner it runs in this process, on Prism. The other flags are Beam's own.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/core/runtime/exec/optimized"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/core/runtime/harness/init"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/runners"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/flink"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/universal"

	"github.com/sanad-project/sanad/bulk/archive"
)

func main() {
	o := archive.Defaults()
	in := flag.String("in", "", "JSON Lines files of articles or records, .gz too: names or patterns, with commas between them")
	flag.StringVar(&o.Out, "out", "", "folder for the output files")
	flag.StringVar(&o.Lexicon, "lexicon", "", "folder with lexicon files of your own, at the same place on every worker")
	flag.IntVar(&o.Reach, "reach", o.Reach, "how many reports before it a report is compared with")
	flag.IntVar(&o.Rounds, "rounds", o.Rounds, "rounds in which it is found what hangs together")
	flag.IntVar(&o.Shards, "shards", o.Shards, "files of each kind of output")
	flag.Parse()
	beam.Init() // a worker goes on from here, and does not come back
	if err := run(context.Background(), o, *in, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sanad-beam:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o archive.Options, in string, out io.Writer) error {
	if in == "" || o.Out == "" {
		return fmt.Errorf("name the files with -in and a folder with -out")
	}
	var err error
	if o.Files, err = files(ctx, in); err != nil {
		return err
	}
	if err := empty(ctx, o.Out); err != nil {
		return err
	}
	p, s := beam.NewPipelineWithRoot()
	if err := archive.Link(s, o); err != nil {
		return err
	}
	runner := *runners.Runner
	if runner == "" {
		runner = "prism"
	}
	result, err := beam.Run(ctx, runner, p)
	if err != nil {
		return err
	}
	report(out, result)
	return nil
}

// files are the files of names and patterns, in the order of the names; those
// of one pattern sorted.
func files(ctx context.Context, in string) ([]string, error) {
	var out []string
	for _, pattern := range strings.Split(in, ",") {
		fs, err := filesystem.New(ctx, pattern)
		if err != nil {
			return nil, err
		}
		list, err := fs.List(ctx, pattern)
		fs.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", pattern, err)
		}
		if len(list) == 0 {
			return nil, fmt.Errorf("%s: no such file", pattern)
		}
		slices.Sort(list)
		out = append(out, list...)
	}
	return out, nil
}

// empty sees that no output of another run is mixed with that of this one.
func empty(ctx context.Context, folder string) error {
	fs, err := filesystem.New(ctx, folder)
	if err != nil {
		return err
	}
	defer fs.Close()
	for _, kind := range []string{archive.Relays, archive.Origins, archive.Incidents, archive.Errors} {
		list, err := fs.List(ctx, strings.TrimSuffix(folder, "/")+"/"+kind+"-*.jsonl")
		if err != nil {
			return err
		}
		if len(list) > 0 {
			return fmt.Errorf("%s is there already: give an empty folder with -out, or delete it", list[0])
		}
	}
	return nil
}

// report prints what was counted: what went into each grouping, what was done,
// and what this process used.
func report(out io.Writer, result beam.PipelineResult) {
	if result != nil {
		counts := map[string]map[string]int64{}
		for _, c := range result.Metrics().AllMetrics().Counters() {
			if counts[c.Namespace()] == nil {
				counts[c.Namespace()] = map[string]int64{}
			}
			counts[c.Namespace()][c.Name()] += c.Result()
		}
		for _, name := range sorted(counts["archive"]) {
			fmt.Fprintf(out, "%-20s %12d\n", name, counts["archive"][name])
		}
		var bytes, pairs int64
		fmt.Fprintf(out, "%-20s %12s %15s\n", "grouped by", "pairs", "bytes")
		for _, name := range sorted(counts[archive.ShuffleBytes]) {
			b, n := counts[archive.ShuffleBytes][name], counts[archive.ShufflePairs][name]
			bytes, pairs = bytes+b, pairs+n
			fmt.Fprintf(out, "%-20s %12d %15d\n", name, n, b)
		}
		fmt.Fprintf(out, "%-20s %12d %15d\n", "in all", pairs, bytes)
	}
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) == nil {
		cpu := float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
		fmt.Fprintf(out, "this process: %.1f s of CPU, %d MB at most\n", cpu, u.Maxrss/1024)
	}
}

func sorted(m map[string]int64) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
