package desk

import (
	"sync"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
)

// engine is what the desk reads with: a lexicon, compiled. It is made whole and
// put in place of the one before at once, so that a request reads with the one
// or the other and never with both; what was begun with the old one goes on
// with it to its end.
type engine struct {
	reader *sanad.Reader
	maker  *ledger.Maker
	linker func() *ledger.Linker  // made when reports are first linked
	shelf  func() (*shelf, error) // made when the lexicon is first looked at
}

// newEngine makes one of a reader whose lexicon is the program's and, where
// folder is not "", that folder's.
func newEngine(r *sanad.Reader, version, folder string) *engine {
	e := &engine{reader: r, maker: ledger.NewMaker(r, version)}
	e.linker = sync.OnceValue(func() *ledger.Linker { return ledger.NewLinker(r.Lexicon) })
	e.shelf = sync.OnceValues(func() (*shelf, error) {
		b, err := lexicon.OpenBook(folder)
		if err != nil {
			return nil, err
		}
		return shelve(b, r.Lexicon.Hash()), nil
	})
	return e
}

// engineOf makes one of a lexicon that is laid out already.
func engineOf(b *lexicon.Book, version string) *engine {
	e := newEngine(sanad.With(b.Lexicon()), version, "")
	e.shelf = sync.OnceValues(func() (*shelf, error) { return shelve(b, b.Lexicon().Hash()), nil })
	return e
}

// reader, maker and linker are those in use now.
func (d *Desk) reader() *sanad.Reader  { return d.engine.Load().reader }
func (d *Desk) maker() *ledger.Maker   { return d.engine.Load().maker }
func (d *Desk) linker() *ledger.Linker { return d.engine.Load().linker() }
