package desk

import (
	"bytes"
	"context"
	_ "embed"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/ledger"
)

// demo is examples/articles.jsonl: reports invented for this project. A test
// compares the two.
//
//go:embed demo.jsonl
var demo []byte

// Examples reads the invented examples into a ledger and links them.
func Examples(ctx context.Context, l *ledger.Ledger, r *sanad.Reader, version string) error {
	d := &Desk{ledger: l}
	d.engine.Store(newEngine(r, version, ""))
	var items []input.Item
	in := input.Reader{Stdin: bytes.NewReader(demo), Keep: true}
	in.Each([]string{"-"}, func(it input.Item) bool {
		it.File = "examples"
		items = append(items, it)
		return true
	})
	list, err := d.keep(ctx, items)
	for _, x := range list {
		if err == nil && x.Why != "" {
			err = badForm("%s: %s", x.Where, x.Why)
		}
	}
	if err != nil {
		return err
	}
	_, err = l.Link(ctx, ledger.NewLinker(r.Lexicon), ledger.LinkOptions{})
	return err
}
