package desk

import (
	"sync"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/ledger"
)

// engine is what the desk reads with: a lexicon, compiled. It is made whole and
// put in place of the one before at once, so that a request reads with the one
// or the other and never with both; what was begun with the old one goes on
// with it to its end.
type engine struct {
	reader *sanad.Reader
	maker  *ledger.Maker
	linker func() *ledger.Linker // made when reports are first linked
}

func newEngine(r *sanad.Reader, version string) *engine {
	return &engine{r, ledger.NewMaker(r, version), sync.OnceValue(func() *ledger.Linker { return ledger.NewLinker(r.Lexicon) })}
}

// reader, maker and linker are those in use now.
func (d *Desk) reader() *sanad.Reader  { return d.engine.Load().reader }
func (d *Desk) maker() *ledger.Maker   { return d.engine.Load().maker }
func (d *Desk) linker() *ledger.Linker { return d.engine.Load().linker() }
