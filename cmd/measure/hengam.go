package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/when"
)

func init() {
	commands["hengam"] = struct {
		about string
		run   func(args []string) error
	}{"strict span F1 of time expressions on HengamGold (token<TAB>B-DAT … lines)", hengam}
}

// hengam reads a file of HengamGold and compares spans, token for token.
//
// HengamGold draws its spans otherwise than the record does, and these are
// the only differences that are mapped (when.Style): a clock time stays apart
// from its day, a part of the day is a span of its own, and «در سال»,
// «پس از», «تا» before an expression belong to it; adverbs that only point («الان», «در حال
// حاضر», «اخیرا») are none. A span is TIM when it is a
// clock time, a part of the day other than night or a length below a day, else DAT.
func hengam(args []string) error {
	fs := flag.NewFlagSet("hengam", flag.ContinueOnError)
	show := fs.Bool("errors", false, "print each sentence that is not read as annotated")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() != 1 {
		return fmt.Errorf("hengam takes one file: hengam-gold.txt")
	}
	file, err := os.Open(fs.Arg(0))
	if err != nil {
		return err
	}
	defer file.Close()
	type key struct {
		from, to int
		tag      string
	}
	var hit, gold, read, typed int
	var words, tags []string
	flush := func() {
		if len(words) == 0 {
			return
		}
		starts := make([]int, len(words)+1)
		for i, w := range words {
			starts[i+1] = starts[i] + len(w) + 1
		}
		text := strings.Join(words, " ")
		want := map[key]bool{}
		for i := 0; i < len(tags); i++ {
			if !strings.HasPrefix(tags[i], "B-") {
				continue
			}
			j := i + 1
			for j < len(tags) && tags[j] == "I-"+tags[i][2:] {
				j++
			}
			want[key{i, j, tags[i][2:]}] = true
		}
		t := fa.Read(text, nil)
		got := map[key]bool{}
		var order []key
		for _, x := range when.FindStyle(&t, when.Date{}, when.Style{Apart: true, Wide: true}) {
			if x.Rule == "phrase" {
				continue
			}
			k := key{-1, -1, "DAT"}
			for i := range words {
				if x.Span.Start < starts[i+1]-1 && k.from < 0 {
					k.from = i
				}
				if x.Span.End > starts[i] {
					k.to = i + 1
				}
			}
			if x.Kind == when.TIME || strings.HasPrefix(x.Value, "PT") || strings.HasPrefix(x.Value, "T") && x.Value != "TNI" {
				k.tag = "TIM"
			}
			got[k] = true
			order = append(order, k)
		}
		bad := false
		for k := range want {
			gold++
			if got[k] {
				hit++
			} else {
				bad = true
			}
			for _, tag := range [...]string{"DAT", "TIM"} {
				if got[key{k.from, k.to, tag}] {
					typed++
				}
			}
		}
		read += len(got)
		for k := range got {
			bad = bad || !want[k]
		}
		if *show && bad {
			fmt.Println(text)
			for i := range tags {
				if strings.HasPrefix(tags[i], "B-") {
					for j := i + 1; ; j++ {
						if k := (key{i, j, tags[i][2:]}); want[k] {
							if !got[k] {
								fmt.Println("   -", k.tag, strings.Join(words[i:j], " "))
							}
							break
						}
					}
				}
			}
			for _, k := range order {
				if !want[k] {
					fmt.Println("   +", k.tag, strings.Join(words[k.from:k.to], " "))
				}
			}
		}
		words, tags = words[:0], tags[:0]
	}
	sc := bufio.NewScanner(file)
	for sc.Scan() {
		line := strings.TrimRight(sc.Text(), "\r\n")
		if strings.TrimSpace(line) == "" {
			flush()
			continue
		}
		w, tag, _ := strings.Cut(line, "\t")
		words, tags = append(words, w), append(tags, strings.TrimSpace(tag))
	}
	flush()
	if err := sc.Err(); err != nil {
		return err
	}
	p, r := float64(hit)/float64(max(read, 1)), float64(hit)/float64(max(gold, 1))
	f := 0.0
	if p+r > 0 {
		f = 2 * p * r / (p + r)
	}
	fmt.Printf("HengamGold: %d spans, %d read, %d right (%d with the bounds alone)\nstrict P %.3f  R %.3f  F1 %.3f\n", gold, read, hit, typed, p, r, f)
	return nil
}
