package archive

import (
	"cmp"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"github.com/sanad-project/sanad/relay"
)

func init() {
	register.Function3x1(edgeOfLink)
	register.DoFn4x1[string, func(*[]byte) bool, func(*[]byte) bool, func(string, []byte), error](&labelled{})
	register.DoFn5x1[string, func(*[]byte) bool, func(string, []byte), func(string, []byte), func(string, []byte), error](&sorting{})
	beam.RegisterType(reflect.TypeFor[labelled]())
	beam.RegisterType(reflect.TypeFor[sorting]())
}

// Relay is a line of the output: one report takes words from another, or both from a third.
type Relay struct {
	From       string     `json:"from"` // id of the report; of a common source the one that came first
	To         string     `json:"to"`
	Direct     bool       `json:"direct"` // the step that counts; otherwise it follows from other links
	Common     bool       `json:"common"`
	Source     string     `json:"source,omitempty"` // of a common source, where it is known: entity id or key
	How        relay.How  `json:"how"`
	Words      int        `json:"words"`         // that both have
	Share      float64    `json:"share"`         // of the words of To, boilerplate aside, that stand in From
	ShareFrom  float64    `json:"share_from"`    // of the words of From that stand in To
	Confidence float64    `json:"confidence"`    // 0 to 1, no measured probability
	Lag        *int64     `json:"lag,omitempty"` // seconds from From to To, where both times are known to the minute
	Why        []string   `json:"why"`
	Passages   []Together `json:"passages"`
}

// Together is a passage that both have.
type Together struct {
	From  Place `json:"from"`
	To    Place `json:"to"`
	Words int   `json:"words"` // that are equal
}

// Place is a place in a report, in code points of its text (document.text of its record).
type Place struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Origin is a line of the output: several reports that rest on one origin.
type Origin struct {
	ID      string   `json:"id"`             // the report of the group that was published first
	Name    string   `json:"name,omitempty"` // what they go back to: a report's id, an entity or the key of a name; "" where several may be
	Reports []string `json:"reports"`        // ids, those first that were published first
}

// originsOf sorts the links of what hangs together: the links as lines, the groups as
// lines, and by the id of each report that is in a group the id of its origin.
func originsOf(s beam.Scope, o Options, links beam.PCollection) (relays, groups, origins beam.PCollection) {
	s = s.Scope("origins")
	labels := connect(s, "relays", beam.ParDo(s, edgeOfLink, links), o.Rounds)
	together := beam.ParDo(s, &labelled{}, group(s, "links", links, labels))
	return beam.ParDo3(s, &sorting{}, group(s, "origins", together))
}

func edgeOfLink(to string, raw []byte, emit func(string, []byte)) error {
	var k link
	if err := json.Unmarshal(raw, &k); err != nil {
		return err
	}
	emit(to, []byte(k.From.ID))
	return nil
}

// labelled gives links to what hangs together.
type labelled struct{}

func (*labelled) ProcessElement(_ string, links, labels func(*[]byte) bool, emit func(string, []byte)) error {
	list := all(links)
	if len(list) == 0 { // takes words from nobody
		return nil
	}
	label := all(labels)
	if len(label) != 1 {
		return errors.New("a link that hangs together with nothing")
	}
	for _, b := range list {
		emit(string(label[0]), b)
	}
	return nil
}

// sorting sorts the links of what hangs together, as a ledger does.
type sorting struct{}

func (*sorting) ProcessElement(_ string, next func(*[]byte) bool, relays, groups, origins func(string, []byte)) error {
	var links []link
	ends := map[string]end{}
	for _, b := range all(next) {
		var k link
		if err := json.Unmarshal(b, &k); err != nil {
			return err
		}
		links = append(links, k)
		ends[k.From.ID], ends[k.To.ID] = k.From, k.To
	}
	seq := func(x, y end) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line))
	}
	slices.SortFunc(links, func(x, y link) int { return cmp.Or(seq(x.From, y.From), seq(x.To, y.To)) })
	var list []end
	for _, e := range ends {
		list = append(list, e)
	}
	slices.SortFunc(list, func(x, y end) int {
		return cmp.Or(cmp.Compare(x.Day, y.Day), x.doc().Published.From.Compare(y.doc().Published.From), seq(x, y))
	})
	var docs []relay.Doc
	for _, e := range list {
		docs = append(docs, e.doc())
	}
	var plain []relay.Link
	for _, k := range links {
		plain = append(plain, k.Link)
	}
	direct := relay.Direct(plain, docs)
	counts := map[[2]string]bool{}
	for _, l := range direct {
		counts[[2]string{l.From, l.To}] = true
	}
	for _, k := range links {
		l := k.Link
		out := Relay{From: l.From, To: l.To, Direct: counts[[2]string{l.From, l.To}], Common: l.Common, Source: l.Source, How: l.How, Words: l.Words,
			Share: l.Share, ShareFrom: l.ShareFrom, Confidence: l.Confidence, Lag: lag(k.From, k.To), Why: l.Why, Passages: k.Passages}
		raw, err := json.Marshal(out)
		if err != nil {
			return err
		}
		relays(shardKey(l.To), raw)
	}
	for _, g := range relay.Origins(direct, docs, 0) {
		if len(g.Reports) < 2 {
			continue
		}
		raw, err := json.Marshal(Origin{g.Reports[0], g.Origin, g.Reports})
		if err != nil {
			return err
		}
		groups(shardKey(g.Reports[0]), raw)
		for _, id := range g.Reports {
			origins(id, []byte(g.Reports[0]))
		}
	}
	return nil
}

// lag is how many seconds lie between two reports, nil where that is not known.
func lag(a, b end) *int64 {
	if !a.Known || !b.Known || !moment(a.First, a.Last).Exact() || !moment(b.First, b.Last).Exact() {
		return nil
	}
	n := b.First - a.First
	return &n
}

func moment(first, last int64) relay.Moment {
	return relay.Moment{From: time.Unix(first, 0).UTC(), To: time.Unix(last, 0).UTC()}
}
