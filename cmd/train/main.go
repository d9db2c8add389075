// Command train makes the weights in models/ from public data:
//
//	go run ./cmd/train -data DIR STAGE...
//
// Stages: tagger, lemma, halfspace (these two with the weights of the
// stages before built in). Without a stage all are run. DIR holds ud/, lexicon/, news/ and ner/; models/README.md
// says what they hold and where they come from. The same data give the same
// bytes.
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"
	"time"
)

var (
	dataDir    = flag.String("data", "", "folder of the training data")
	lexiconDir = flag.String("lexicon", "lexicon/data", "folder of the lexicon of news")
	outDir     = flag.String("out", "models", "folder for the weights")
)

var stages = []struct {
	name string
	run  func() error
}{
	{"tagger", tagger},
	{"lemma", lemmas},
	{"halfspace", halfspaces},
}

func main() {
	log.SetFlags(0)
	flag.Parse()
	if *dataDir == "" {
		log.Fatal("usage: train -data DIR [stage...]")
	}
	for _, s := range stages {
		wanted := flag.NArg() == 0
		for _, a := range flag.Args() {
			wanted = wanted || a == s.name
		}
		if !wanted {
			continue
		}
		start := time.Now()
		if err := s.run(); err != nil {
			log.Fatalf("%s: %v", s.name, err)
		}
		log.Printf("%s: %.1fs", s.name, time.Since(start).Seconds())
	}
}

func data(name string) string { return filepath.Join(*dataDir, name) }

func write(name string, b []byte) error {
	log.Printf("%s: %d bytes", name, len(b))
	return os.WriteFile(filepath.Join(*outDir, name), b, 0o644)
}
