// Package lexicon holds what Sanad knows of words and actors, as files that a
// researcher can read and edit, and the automaton that finds their entries in
// text. Which file means what is said in the file's own head and in the
// package that asks for it; this package knows only the form (see Entry).
package lexicon

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"sort"
	"strings"
)

//go:embed data
var data embed.FS

// corpus are the examples that the tests run; see Examples.
//
//go:embed corpus
var corpus embed.FS

// Lexicon is a set of files of entries.
type Lexicon struct {
	files map[string][]Entry // by file name without ".txt"
	hash  string
}

// Load reads the embedded lexicon and, where dir is not "", adds the *.txt
// files of that folder: entries with an id that is there already add to it or
// replace its fields, others are new. An error names file and line.
func Load(dir string) (*Lexicon, error) {
	files, err := readFiles(dir)
	if err != nil {
		return nil, err
	}
	return assemble(files)
}

// layerFile is one file of entries as it is written.
type layerFile struct {
	name string // "actors.txt"
	user bool   // of the user's folder
	text []byte
}

// readFiles reads the embedded files and those of a folder, in the order in
// which they count.
func readFiles(dir string) ([]layerFile, error) {
	sub, err := fs.Sub(data, "data")
	if err != nil {
		return nil, err
	}
	layers := []fs.FS{sub}
	if dir != "" {
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			return nil, fmt.Errorf("lexicon %s: not a folder; --lexicon takes a folder of .txt files", dir)
		}
		layers = append(layers, os.DirFS(dir))
	}
	var list []layerFile
	for i, fsys := range layers {
		names, err := fs.Glob(fsys, "*.txt")
		if err != nil {
			return nil, err
		}
		sort.Strings(names)
		for _, name := range names {
			b, err := fs.ReadFile(fsys, name)
			if err != nil {
				return nil, fmt.Errorf("lexicon: %w", err)
			}
			list = append(list, layerFile{name, i > 0, b})
		}
	}
	return list, nil
}

// assemble makes a lexicon of files in the order in which they count.
func assemble(files []layerFile) (*Lexicon, error) {
	l := &Lexicon{files: map[string][]Entry{}}
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%s %d\n", f.name, len(f.text))
		h.Write(f.text)
		list, err := parse(bytes.NewReader(f.text), f.name)
		if err != nil {
			return nil, fmt.Errorf("lexicon: %w", err)
		}
		l.merge(strings.TrimSuffix(path.Base(f.name), ".txt"), list)
	}
	l.hash = hex.EncodeToString(h.Sum(nil))
	return l, nil
}

// merge adds the entries to the file, entry by entry.
func (l *Lexicon) merge(file string, list []Entry) {
	at := map[string]int{}
	have := l.files[file]
	for i := range have {
		at[have[i].ID] = i
	}
	for _, e := range list {
		i, ok := at[e.ID]
		if !ok {
			at[e.ID] = len(have)
			n := Entry{ID: e.ID, File: e.File, Line: e.Line}
			for _, f := range e.Fields {
				n.add(f.Name, f.Values)
			}
			have = append(have, n)
			continue
		}
		have[i].File, have[i].Line = e.File, e.Line
		for _, f := range e.Fields {
			have[i].add(f.Name, f.Values)
		}
	}
	kept := have[:0]
	for _, e := range have {
		if !e.Has("-") {
			kept = append(kept, e)
		}
	}
	l.files[file] = kept
}

// File returns the entries of data/NAME.txt, in file order; nil when there is
// no such file.
func (l *Lexicon) File(name string) []Entry { return l.files[name] }

// Named returns the entries of that id in all files, sorted by file.
func (l *Lexicon) Named(id string) []Entry {
	var list []Entry
	for _, name := range slices.Sorted(maps.Keys(l.files)) {
		for _, e := range l.files[name] {
			if e.ID == id {
				list = append(list, e)
			}
		}
	}
	return list
}

// Hash identifies the content: the same entries give the same hash.
func (l *Lexicon) Hash() string { return l.hash }
