package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding/charmap"

	"github.com/sanad-project/sanad/internal/valid"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sanad": main})
}

// TestScripts runs testdata/script/*.txtar. Beside testscript's own commands:
//
//	code N PROGRAM ARG...          run it, want this exit code; stdin as usual
//	valid FILE N                   the file holds N records, each valid
//	encode ENCODING FROM TO        write a text file in another encoding
//	long FILE MB                   append a line of that many megabytes
//	bytes FILE HEX                 append bytes
//	repeat FILE TEXT N             append a text N times
//	united WHOLE PART...           the parts have the lines of the whole, in another order
//	field FILE PATH VALUE          the first record's field has this value, in JSON
//	id NAME FILE                   $NAME is the id of the first record, or the first word; $SHORT its beginning
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: func(e *testscript.Env) error {
		wd, err := os.Getwd()
		e.Setenv("EXAMPLES", wd+"/../../examples")
		return err
	}, Cmds: map[string]func(*testscript.TestScript, bool, []string){
		"code": code, "valid": validFile, "encode": encode, "long": long, "bytes": appendBytes, "repeat": repeat, "field": field, "id": id, "united": united,
	}})
}

func code(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if err != nil {
		if _, e := fmt.Sscanf(err.Error(), "exit status %d", &got); e != nil {
			ts.Fatalf("%v", err)
		}
	}
	if (got == want) == neg {
		ts.Fatalf("exit code %d", got)
	}
}

func lines(ts *testscript.TestScript, name string) [][]byte {
	var list [][]byte
	sc := bufio.NewScanner(strings.NewReader(ts.ReadFile(name)))
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		list = append(list, bytes.Clone(sc.Bytes()))
	}
	ts.Check(sc.Err())
	return list
}

func validFile(ts *testscript.TestScript, _ bool, args []string) {
	list := lines(ts, args[0])
	if n, _ := strconv.Atoi(args[1]); n != len(list) {
		ts.Fatalf("%d records, want %s", len(list), args[1])
	}
	for i, l := range list {
		if err := valid.JSON(l); err != nil {
			ts.Fatalf("record %d: %v", i+1, err)
		}
	}
}

func field(ts *testscript.TestScript, _ bool, args []string) {
	list := lines(ts, args[0])
	if len(list) == 0 {
		ts.Fatalf("no record")
	}
	var v any
	ts.Check(json.Unmarshal(list[0], &v))
	for p := range strings.SplitSeq(args[1], ".") {
		m, ok := v.(map[string]any)
		if !ok {
			ts.Fatalf("no field %s", args[1])
		}
		v = m[p]
	}
	got, err := json.Marshal(v)
	ts.Check(err)
	if string(got) != args[2] {
		ts.Fatalf("%s is %s, want %s", args[1], got, args[2])
	}
}

func united(ts *testscript.TestScript, _ bool, args []string) {
	var list [][]byte
	for _, name := range args[1:] {
		list = append(list, lines(ts, name)...)
	}
	whole := lines(ts, args[0])
	for _, l := range [][][]byte{whole, list} {
		slices.SortFunc(l, bytes.Compare)
	}
	if !slices.EqualFunc(whole, list, bytes.Equal) {
		ts.Fatalf("%s has %d lines, the parts have others, %d", args[0], len(whole), len(list))
	}
}

func id(ts *testscript.TestScript, _ bool, args []string) {
	list := lines(ts, args[1])
	if len(list) == 0 {
		ts.Fatalf("no record")
	}
	var v struct{ ID string }
	if v.ID, _, _ = strings.Cut(string(list[0]), " "); list[0][0] == '{' {
		ts.Check(json.Unmarshal(list[0], &v))
	}
	ts.Setenv(args[0], v.ID)
	ts.Setenv("SHORT", v.ID[:min(7, len(v.ID))])
}

func encode(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[1])
	var out []byte
	units := func(little bool) {
		for _, u := range utf16.Encode([]rune(text)) {
			a, b := byte(u>>8), byte(u)
			if little {
				a, b = b, a
			}
			out = append(out, a, b)
		}
	}
	switch args[0] {
	case "utf-8-bom":
		out = append([]byte("\xef\xbb\xbf"), text...)
	case "utf-16le":
		units(true)
	case "utf-16be":
		units(false)
	case "utf-16le-bom":
		out = []byte("\xff\xfe")
		units(true)
	case "utf-16be-bom":
		out = []byte("\xfe\xff")
		units(false)
	case "windows-1256":
		b, err := charmap.Windows1256.NewEncoder().String(text)
		ts.Check(err)
		out = []byte(b)
	default:
		ts.Fatalf("encoding %s", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), out, 0o644))
}

func appendTo(ts *testscript.TestScript, name string, b []byte) {
	f, err := os.OpenFile(ts.MkAbs(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	ts.Check(err)
	_, err = f.Write(b)
	ts.Check(err)
	ts.Check(f.Close())
}

func long(ts *testscript.TestScript, _ bool, args []string) {
	mb, err := strconv.Atoi(args[1])
	ts.Check(err)
	appendTo(ts, args[0], append(bytes.Repeat([]byte("x"), mb<<20), '\n'))
}

func appendBytes(ts *testscript.TestScript, _ bool, args []string) {
	var b []byte
	_, err := fmt.Sscanf(args[1], "%x", &b)
	ts.Check(err)
	appendTo(ts, args[0], b)
}

func repeat(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	appendTo(ts, args[0], []byte(strings.Repeat(args[1], n)))
}
