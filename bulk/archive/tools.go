package archive

import (
	"sync"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/relay"
)

// tools are what reads and links. They are made once in a process, when the first
// bundle wants them: a lexicon takes a second and some tens of megabytes.
type tools struct {
	read     *sanad.Reader
	relay    *relay.Reader
	incident *incident.Reader
}

var made sync.Map // by folder of the lexicon: func() (*tools, error)

func toolsOf(lexicon string) (*tools, error) {
	f, _ := made.LoadOrStore(lexicon, sync.OnceValues(func() (*tools, error) {
		r, err := sanad.New(lexicon)
		if err != nil {
			return nil, err
		}
		return &tools{r, relay.New(r.Lexicon), incident.New(r.Lexicon)}, nil
	}))
	return f.(func() (*tools, error))()
}
