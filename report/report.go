// Package report holds one report and the layers that the reading writes on
// it. Each layer is written by one stage (see package read) and never touches
// the text. Offsets are bytes of Text; see package record for what is published.
package report

import (
	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/fa/phrase"
	"github.com/sanad-project/sanad/fa/when"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/span"
)

// Report is a news report as it came and what was read from it.
type Report struct {
	ID, URL   string
	Outlet    string // as given with the report, e.g. «خبرگزاری فارس»; "" when unknown
	OutletID  string // its entity in the lexicon; "" when unknown
	Title     string
	Published when.Date // zero when unknown
	Text      string    // title, a newline, the text; the text alone where there is no title. Never changed.

	Dropped    []Dropped       // clean: page furniture, not read by later stages
	Words      word.Text       // fa: words and sentences
	Phrases    phrase.Tree     // fa/phrase: noun phrases and clauses
	Times      []when.Time     // fa/when
	Numbers    []number.Amount // fa/number; count chooses those of weight and gives the unit
	Entities   []Entity        // who, refer: in the order of first mention
	Mentions   []Mention       // who, refer: sorted by Span
	Loaded     []Loaded        // who
	Statements []Statement     // said
	Events     []Event         // what
	Notes      []Note          // any stage: what could not be decided, and where
}

// Dropped is a stretch of the text that is not part of the report.
type Dropped struct {
	Span   span.Span
	Reason string // in plain English: "teaser line", "sign-off", …
}

// Type is the kind of an entity.
type Type string

// The kinds of entities of the record.
const (
	PER   Type = "PER"
	GRP   Type = "GRP" // armed groups, movements, parties
	ORG   Type = "ORG" // other organisations, institutions, militaries
	STATE Type = "STATE"
	MEDIA Type = "MEDIA"
	PLACE Type = "PLACE"
)

// Entity is somebody or something the report speaks of.
type Entity struct {
	ID     string // the lexicon's id, or one made from the name for an entity met only here
	Type   Type
	Name   string // neutral Persian name; for a described one the description as written
	NameEn string // "" when unknown
	Known  bool   // in the lexicon
	Roles  []Role
	Place  *Geo // where a PLACE or STATE is; nil when unknown
}

// Geo is a place on the map.
type Geo struct {
	GeoNames  int     // GeoNames id; 0 when unknown
	Lat, Lon  float64 // degrees WGS84
	Country   string  // ISO 3166-1 alpha-2
	Precision string  // "point", "city", "province", "country", "region"
}

// Role is an office that the report gives to a person.
type Role struct {
	Title string
	Of    string // entity id; "" when not said
	Span  span.Span
}

// Form is how a mention refers.
type Form string

// The forms of mention.
const (
	Name        Form = "name"
	Description Form = "description"
	Pronoun     Form = "pronoun"
)

// Mention is one place where the report refers to an entity.
type Mention struct {
	Span        span.Span
	First, Last int // Words[First:Last]
	Entity      string
	Form        Form
	Loaded      bool   // the wording takes a side
	Rule        string // lexicon entry or rule, for explain
}

// Loaded is wording that takes a side, with whom or what it refers to.
type Loaded struct {
	Span   span.Span
	Entity string
	Rule   string
}

// Ref points to an entity and to the words it was read from.
type Ref struct {
	Entity string
	Span   span.Span
}

// DateRef is a resolved time and the words it was read from.
type DateRef struct {
	Value string // ISO 8601, see when.Time
	Span  span.Span
}

// Act is what kind of speech a statement is.
type Act string

// The kinds of speech.
const (
	Say      Act = "say"
	Announce Act = "announce"
	Deny     Act = "deny"
	Confirm  Act = "confirm"
	Claim    Act = "claim"
	Threaten Act = "threaten"
	Demand   Act = "demand"
	Promise  Act = "promise"
	Accuse   Act = "accuse"
	Condemn  Act = "condemn"
	Write    Act = "write"
	Ask      Act = "ask"
)

// Statement is one stretch of content that the report takes from somebody.
type Statement struct {
	ID        string // s1, s2, … in the order of the text
	Content   []span.Span
	Speaker   Ref // Entity "" when the text does not say who
	Cue       span.Span
	Quoted    bool
	Act       Act
	Via       []Ref // from the publisher inwards, both ends left out
	Addressee *Ref
	Date      *DateRef
	Rule      string
}

// Status tells what happened from what did not.
type Status string

// The statuses of an event.
const (
	Happened     Status = "happened"
	Ongoing      Status = "ongoing"
	Future       Status = "future"
	Hypothetical Status = "hypothetical"
	Negated      Status = "negated"
)

// Event is one political act, by PLOVER 2.0's types and modes.
type Event struct {
	ID               string // e1, e2, … in the order of the text
	Trigger          span.Span
	Type, Mode       string
	Actor, Recipient []Ref
	Place            *Ref
	Date             *DateRef
	Status           Status
	SaidBy           string // statement id; "" when the report says it in its own voice
	Killed, Wounded  int    // indexes into Report.Numbers; -1 when absent
	Count            int    // likewise
	Weapon           span.Span
	Rule             string
	Why              []string // one line a decision, for explain
}

// Note says where a stage could not decide, in plain English.
type Note struct {
	Span  span.Span
	Stage string
	Text  string
}

// Entity returns the entity of that id, nil when there is none.
func (r *Report) Entity(id string) *Entity {
	for i := range r.Entities {
		if r.Entities[i].ID == id {
			return &r.Entities[i]
		}
	}
	return nil
}
