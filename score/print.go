package score

import (
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/record"
)

// Annotation adds the score of an article whose reading is an annotation too.
func (c *Scorer) Annotation(id, articleText string, gold, read []byte) error {
	x := newText(articleText)
	S, err := fromAnnotation(read, x)
	if err != nil {
		return fmt.Errorf("%s: the reading: %w", id, err)
	}
	return c.reading(id, x, gold, S)
}

// Record adds the score of an article whose reading is a record; nil where it
// was not read at all.
func (c *Scorer) Record(id, articleText string, gold []byte, d *record.Record) error {
	x := newText(articleText)
	S := &reading{}
	if d != nil {
		S = fromRecord(d, x)
	}
	return c.reading(id, x, gold, S)
}

func (c *Scorer) reading(id string, x *text, gold []byte, S *reading) error {
	G, err := fromAnnotation(gold, x)
	if err != nil {
		return fmt.Errorf("%s: the annotation: %w", id, err)
	}
	c.article(id, x, G, S)
	return nil
}

// Result is one layer's figures, rounded to four places.
type Result struct {
	P, R, F    float64
	Gold, Read int
}

// MarshalJSON writes whole figures as 1.0.
func (r Result) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, `{"p": %s, "r": %s, "f": %s, "gold": %d, "read": %d}`, figure(r.P), figure(r.R), figure(r.F), r.Gold, r.Read), nil
}

func figure(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func round(f float64) float64 {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'f', 4, 64), 64)
	return v
}

// Result returns the figures of a layer; ok is false where nothing was counted.
func (c *Scorer) Result(layer string) (r Result, ok bool) {
	t := c.tally[layer]
	if t == nil {
		return r, false
	}
	var p, q, f float64
	if t.read > 0 {
		p = float64(t.hit) / float64(t.read)
	}
	if t.gold > 0 {
		q = float64(t.hit) / float64(t.gold)
	}
	if p+q > 0 {
		f = 2 * p * q / (p + q)
	}
	return Result{round(p), round(q), round(f), t.gold, t.read}, true
}

// Mean returns the headline figure, not rounded.
func (c *Scorer) Mean() float64 {
	sum := 0.0
	for _, k := range Headline {
		r, _ := c.Result(k)
		sum += r.F
	}
	return sum / float64(len(Headline))
}

// Print writes the error list and the table.
func (c *Scorer) Print(w io.Writer) {
	for _, e := range c.Listed {
		fmt.Fprintln(w, e)
	}
	fmt.Fprintf(w, "%d articles, %d spans that do not match the text\n", c.Articles, c.Bad)
	fmt.Fprintf(w, "%-22s%8s%8s%8s%7s%7s\n", "layer", "P", "R", "F1", "gold", "read")
	for _, k := range Layers {
		if x, ok := c.Result(k); ok {
			fmt.Fprintf(w, "%-22s%8.3f%8.3f%8.3f%7d%7d\n", k, x.P, x.R, x.F, x.Gold, x.Read)
		}
	}
	details := []string{}
	for _, k := range c.order {
		if strings.HasPrefix(k, "event.") {
			details = append(details, k)
		}
	}
	sort.Strings(details)
	for _, k := range details {
		x, _ := c.Result(k)
		fmt.Fprintf(w, "%-22s%8s%8s%8.3f%7d\n", k, "", "acc", x.R, x.Gold)
	}
	for _, k := range Rates {
		what := "not-happened recorded as happened"
		if k == "claims_as_facts" {
			what = "claims recorded without a claimant"
		}
		if x, ok := c.Result(k); ok {
			fmt.Fprintf(w, "%-22s%8s%8s%8.3f%7d   %s, of the events found\n", k, "", "rate", x.R, x.Gold, what)
		}
	}
	fmt.Fprintf(w, "%-22s%16s%8.3f   of %s\n", "HEADLINE (mean F1)", "", c.Mean(), strings.Join(Headline, ", "))
}

// PrintJSON writes the figures as one line of JSON.
func (c *Scorer) PrintJSON(w io.Writer) error {
	fmt.Fprintf(w, `{"articles": %d, "bad_spans": %d, "headline": %s, "layers": {`, c.Articles, c.Bad, figure(round(c.Mean())))
	for i, k := range c.order {
		x, _ := c.Result(k)
		b, err := x.MarshalJSON()
		if err != nil {
			return err
		}
		if i > 0 {
			fmt.Fprint(w, ", ")
		}
		name, _ := json.Marshal(k)
		fmt.Fprintf(w, "%s: %s", name, b)
	}
	_, err := fmt.Fprintln(w, "}}")
	return err
}
