package incident

import (
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/terms"
)

const day = 24 * time.Hour

// account is what one report tells of one act, with its words. It is made
// again from the report whenever it is needed; what is kept of it is a gist.
type account struct {
	doc       *doc
	n         int // its number in the report
	kinds     map[string]int
	scenes    []*scene
	first     time.Time // the days it says, zero where it says none
	last      time.Time
	early     bool // its day is told with «بامداد» or the like
	late      bool // or with «شب»
	loose     bool // the days are weak: see scene
	beside    bool // they stand in an early sentence that names no act
	inherited bool // the days are those of the account before it
	towns     []spot
	main      []spot // the towns of its act: of the first scene that has an act and a town
	areas     []spot
	parties   map[string]bool
	tolls     map[string]bool
	happened  bool     // some scene tells that it was
	lead      bool     // it begins in the title or the first sentence
	placed    []string // words that stand where the place of its act does
}

// scene is one sentence of an account.
type scene struct {
	sentence
	acts     []act
	denied   bool
	retracts bool
	unreal   string // Threat, Plan or ""
	claims   bool
	towns    []spot
	areas    []spot
	first    time.Time
	last     time.Time
	title    bool
	early    bool
	late     bool
	plural   bool // tells of several acts at once
	weak     bool // the days stand in the sentence, but the reading did not tie them to its act
}

// act is a word that tells of an act.
type act struct {
	kind       string
	start, end int
	event      *record.Event // nil where the reading found none
	real       bool
}

// doc is a report with what was found in it.
type doc struct {
	Doc
	text      []rune
	published time.Time
	exact     bool // published has a time of day
	entity    map[string]*record.Entity
	sayings   map[string]*record.Statement
	accounts  []*account
	sentences []sentence
}

// newDoc finds the accounts of a report. The same report gives the same ones.
func newDoc(d Doc, w *data) *doc {
	x := &doc{Doc: d, entity: map[string]*record.Entity{}, sayings: map[string]*record.Statement{}}
	if d.Record == nil {
		return x
	}
	x.text = []rune(d.Record.Document.Text)
	if at, err := time.Parse(time.RFC3339, d.Published); err == nil {
		x.exact = true
		x.published = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
	} else if p := d.Record.Document.Published; p != nil {
		x.published, _ = time.Parse(time.DateOnly, *p)
	} else if len(d.Published) >= 10 {
		x.published, _ = time.Parse(time.DateOnly, d.Published[:10])
	}
	for i := range d.Record.Entities {
		x.entity[d.Record.Entities[i].ID] = &d.Record.Entities[i]
	}
	for i := range d.Record.Statements {
		x.sayings[d.Record.Statements[i].ID] = &d.Record.Statements[i]
	}
	x.sentences = sentences(x.text)
	x.tell(w)
	return x
}

func (x *doc) day() time.Time { return x.published.Truncate(day) }

func (x *doc) quote(start, end int) Quote {
	start, end = max(0, min(start, len(x.text))), max(0, min(end, len(x.text)))
	return Quote{x.ID, start, max(start, end), string(x.text[start:max(start, end)])}
}

// tell cuts the report into accounts.
func (x *doc) tell(w *data) {
	var now *account
	for i, s := range x.sentences {
		if x.dropped(s) {
			continue
		}
		sc := x.scene(w, s)
		sc.title = i == 0
		standing := w.has("standing", s.tokens)
		if standing {
			sc.acts = slices.DeleteFunc(sc.acts, func(a act) bool { return a.event == nil || sc.first.IsZero() || sc.last.Sub(sc.first) > 2*day })
		}
		switch {
		case len(sc.acts) == 0 && (now == nil || standing):
			if now == nil && i <= 1 && !standing { // an opening sentence that names no act still has its words and numbers
				now = &account{doc: x, lead: true, kinds: map[string]int{}}
				x.accounts = append(x.accounts, now)
				now.scenes = append(now.scenes, sc)
			}
			continue
		case len(sc.acts) == 0 && x.turns(w, sc, now):
			now = &account{doc: x, n: len(x.accounts), kinds: map[string]int{}}
			x.accounts = append(x.accounts, now)
			now.scenes = append(now.scenes, sc)
			continue
		case len(sc.acts) == 0:
			now.scenes = append(now.scenes, sc)
			continue
		}
		to := x.home(w, sc, now)
		if to == nil {
			to = &account{doc: x, n: len(x.accounts), lead: i <= 1, kinds: map[string]int{}}
			x.accounts = append(x.accounts, to)
		}
		to.scenes = append(to.scenes, sc)
		to.days()
		now = to
	}
	for _, a := range x.accounts {
		a.days()
		a.finish(w)
	}
	var lead account
	if len(x.accounts) > 0 {
		lead = *x.accounts[0]
	}
	x.accounts = slices.DeleteFunc(x.accounts, func(a *account) bool { return len(a.kinds) == 0 })
	for i, a := range x.accounts {
		a.n = i
		if a.threatens() {
			a.first, a.last = time.Time{}, time.Time{} // the day of the threat is not that of the act
			continue
		}
		if a.first.IsZero() && !lead.first.IsZero() {
			a.first, a.last, a.inherited = lead.first, lead.last, true
		}
	}
}

func (x *doc) dropped(s sentence) bool {
	for _, d := range x.Record.Dropped {
		if d.Start <= s.start && s.end <= d.End+1 {
			return true
		}
	}
	return false
}

// home returns the account that a scene belongs to, nil for a new one.
func (x *doc) home(w *data, sc *scene, now *account) *account {
	if now == nil {
		return nil
	}
	if w.has("other", sc.tokens) && slices.ContainsFunc(now.scenes, func(s *scene) bool { return len(s.acts) > 0 && s.start >= x.textStart() }) {
		return nil // a title is not told before its own lead: «انفجار دوباره در …» and then «دومین انفجار …»
	}
	if x.turns(w, sc, now) {
		return nil
	}
	real := func(s *scene) bool { return slices.ContainsFunc(s.acts, func(c act) bool { return c.real }) }
	if real(sc) && !slices.ContainsFunc(now.scenes, real) && slices.ContainsFunc(now.scenes, func(s *scene) bool { return s.unreal == Threat }) {
		return nil // what is threatened, and what is told beside the threat
	}
	if old := !sc.first.IsZero() && !x.published.IsZero() && x.day().Sub(sc.last) > 45*day; old && now.first.IsZero() && slices.ContainsFunc(now.scenes, func(s *scene) bool { return len(s.acts) > 0 }) {
		return nil // «… ادامه دارد. در انفجار آوریل ۲۰۲۲ …»: what was long ago
	}
	fits := func(a *account) bool {
		if sc.weak {
			return true
		}
		if !sc.first.IsZero() && !a.first.IsZero() && gap(sc.first, sc.last, a.first, a.last) > 1 {
			return false
		}
		towns := a.allTowns()
		if len(sc.towns) > 0 && len(towns) > 0 && !sc.first.IsZero() && !a.first.IsZero() && gap(sc.first, sc.last, a.first, a.last) > 0 && distance(sc.towns, towns) == far {
			return false
		}
		return true
	}
	if fits(now) {
		return now
	}
	for i := len(x.accounts) - 1; i >= 0; i-- {
		if a := x.accounts[i]; a != now && !sc.first.IsZero() && !a.first.IsZero() && gap(sc.first, sc.last, a.first, a.last) == 0 && fits(a) {
			return a
		}
	}
	return nil
}

// turns says whether a sentence turns to another act, at a town of its own: «چند ساعت بعد نوبت … بود»,
// «… هم همان روز هدف حمله قرار گرفت».
func (x *doc) turns(w *data, sc *scene, now *account) bool {
	open := sc.tokens[:min(6, len(sc.tokens))]
	if len(sc.towns) == 0 || !w.has("elsewhere", open) && !w.has("too", open[:min(3, len(open))]) {
		return false
	}
	return slices.ContainsFunc(now.scenes, func(s *scene) bool { return s.start >= x.textStart() && len(s.acts) > 0 }) && distance(sc.towns, now.allTowns()) != same
}

func (a *account) allTowns() []spot {
	var out []spot
	for _, s := range a.scenes {
		out = append(out, s.towns...)
	}
	return out
}

// scene reads one sentence.
func (x *doc) scene(w *data, s sentence) *scene {
	sc := &scene{sentence: s, early: w.has("early", s.tokens) || w.has("midnight", s.tokens), late: w.has("late", s.tokens) || w.has("midnight", s.tokens)}
	sc.denied = w.has("deny", s.tokens)
	sc.retracts = w.has("retract", s.tokens) || w.has("took-back", s.tokens) && w.has("hearsay", s.tokens)
	sc.claims = w.has("claim", s.tokens) && !w.has("no-claim", s.tokens)
	sc.towns, sc.areas = x.spots(w, s)
	unreal := w.has("unreal", s.tokens) || sc.retracts
	planned := w.has("plan", s.tokens)
	plural := false
	no := w.find("no-act", s.tokens)
	var days [][2]time.Time
	for i := range x.Record.Events {
		e := &x.Record.Events[i]
		if e.Trigger.Start < s.start || e.Trigger.Start >= s.end {
			continue
		}
		if e.Type == "THREATEN" && e.Status == "happened" && sc.unreal == "" {
			sc.unreal = Threat
		}
		k := w.kind(e.Type, e.Mode)
		if slices.ContainsFunc(no, func(r [2]int) bool {
			return s.tokens[r[0]].start <= e.Trigger.Start && e.Trigger.End <= s.tokens[r[1]-1].end
		}) {
			continue
		}
		if k == "" || w.has("standing", tokensIn(s.tokens, e.Trigger.Start, e.Trigger.End)) {
			continue
		}
		if n := x.number(e.Count); n != nil && n.Unit == "attacks" && n.Min != nil && *n.Min > 1 && w.has("act-violence", tokensIn(s.tokens, n.Start, n.End+16)) {
			plural = true
		}
		a := act{kind: k, start: e.Trigger.Start, end: e.Trigger.End, event: e}
		switch e.Status {
		case "happened", "ongoing":
			a.real = !sc.denied && !sc.retracts
		case "negated":
			a.real = !sc.denied && !x.denies(e) && (e.Killed != nil || e.Wounded != nil || e.Date != nil && k == "violence")
		case "future":
			if x.shifted(w, e.Date) {
				a.real = !unreal && !planned && !sc.denied
			}
		case "hypothetical":
			a.real = !unreal && !planned && !sc.denied && (e.Date != nil || e.Place != nil || w.has("managed", s.tokens)) && x.past(e.Date)
		}
		a.real = a.real || presupposed(s, e.Trigger.End)
		if e.Status == "future" && sc.unreal == "" && !a.real {
			sc.unreal = Plan
		}
		if f, l, ok := x.days(w, e.Date); ok && !x.ofSpeech(w, s, e) && (e.Date.Span == nil || !w.ofPress(s, e.Date.Span.End)) {
			days = append(days, [2]time.Time{f, l})
		}
		sc.acts = append(sc.acts, a)
	}
	if plural { // "two bombings north and south of Baghdad": the day is theirs, the place is neither's
		sc.acts, sc.towns, sc.areas, sc.plural = nil, nil, nil, true
	}
	for _, class := range w.classes {
		kind, ok := strings.CutPrefix(class, "act-")
		if !ok || plural {
			continue
		}
		for _, r := range w.find(class, s.tokens) {
			if slices.ContainsFunc(no, func(n [2]int) bool { return n[0] < r[1] && r[0] < n[1] }) {
				continue
			}
			start, end := s.tokens[r[0]].start, s.tokens[r[1]-1].end
			if slices.ContainsFunc(sc.acts, func(a act) bool { return a.kind == kind || a.start < end && start < a.end }) {
				continue
			}
			sc.acts = append(sc.acts, act{kind: kind, start: start, end: end, real: !sc.denied && !unreal && !planned || presupposed(s, end)})
		}
	}
	if len(sc.acts) == 0 && !plural && !w.has("background", s.tokens) {
		for _, n := range x.Record.Numbers { // who counts the dead tells of an act, whatever he calls it
			if n.Start >= s.start && n.Start < s.end && n.Unit == "killed" && n.Min != nil && *n.Min > 0 {
				sc.acts = append(sc.acts, act{kind: "violence", start: n.Start, end: n.End, real: !sc.denied && !unreal && !planned})
				break
			}
		}
	}
	sort.SliceStable(sc.acts, func(i, j int) bool { return sc.acts[i].start < sc.acts[j].start })
	for _, r := range w.find("threatens", s.tokens) { // «تهدید به حمله», «تهدید وزیر دفاع … به حمله»
		for i := range sc.acts {
			c := &sc.acts[i]
			j := sort.Search(len(s.tokens), func(j int) bool { return s.tokens[j].end > c.start })
			if j > r[0] && j-r[0] < 12 && s.tokens[j-1].key == "به" {
				c.real = false
			}
		}
	}
	for i := range sc.acts {
		if x.titleOf(w, s, sc.acts[i].start) {
			sc.acts[i].real = false
		}
	}
	real := slices.ContainsFunc(sc.acts, func(a act) bool { return a.real })
	if w.has("threat", s.tokens) && !real {
		sc.unreal = Threat
	} else if w.has("plan", s.tokens) && sc.unreal == "" && !real {
		sc.unreal = Plan
	}
	if len(days) == 0 {
		sc.weak = slices.ContainsFunc(sc.acts, func(a act) bool { return a.event != nil })
		press := 0
		after := false // a day behind the colon goes before that of the speech: «روز پنجشنبه نوشت: طرفین دوشنبه هفته پیش …»
		colon := x.colon(s)
		for _, t := range x.Record.Times {
			if t.Start < s.start || t.Start >= s.end || t.Type != "DATE" && t.Type != "TIME" || x.named(t.Quote) {
				continue
			}
			if i := sort.Search(len(s.tokens), func(i int) bool { return s.tokens[i].end > t.Start }); i > 0 && s.tokens[i-1].key == "تا" {
				continue // «تا ظهر یکشنبه»: what came of it
			}
			if f, l, ok := x.days(w, &record.DateRef{Value: t.Value, Span: &t.Quote}); ok {
				if behind := colon > 0 && t.Start > colon; behind && !after {
					days, after, press = nil, true, 0
				}
				if w.ofPress(s, t.End) || slices.ContainsFunc(sc.acts, func(c act) bool { return c.start > t.End && w.told(s, t.End, c.start) }) {
					if press++; press <= len(days) {
						continue // another one is the act's
					}
				} else if press == len(days) {
					days, press = nil, 0
				}
				days = append(days, [2]time.Time{f, l})
			}
		}
		sc.weak = sc.weak || press > 0 && press == len(days)
	}
	sort.SliceStable(days, func(i, j int) bool {
		a, b := days[i], days[j]
		if d, e := a[1].Sub(a[0]), b[1].Sub(b[0]); d != e {
			return d < e
		}
		return a[0].Before(b[0])
	})
	if len(days) > 0 {
		sc.first, sc.last = days[0][0], days[0][1]
		if !x.published.IsZero() && sc.first.After(x.day()) {
			for i := range sc.acts {
				sc.acts[i].real = false
			}
			if sc.unreal == "" {
				sc.unreal = Plan
			}
		}
	}
	return sc
}

// titleOf says whether a place stands in the title of another text, «گزارشی با عنوان «…»»:
// that text tells of it, and this one may take it back.
func (x *doc) titleOf(w *data, s sentence, at int) bool {
	for i := at - 1; i >= s.start; i-- {
		switch x.text[i] {
		case '»':
			return false
		case '«':
			j := sort.Search(len(s.tokens), func(j int) bool { return s.tokens[j].start >= i })
			return w.has("titled", s.tokens[max(0, j-1):j])
		}
	}
	return false
}

// presupposed says whether the word of an act that ends at a place is a participle
// that describes somebody: who denies that «دانش‌آموزان ربوده‌شده» are free
// says that they were taken. «ربوده شده است» tells, and may be denied.
func presupposed(s sentence, end int) bool {
	i := sort.Search(len(s.tokens), func(i int) bool { return s.tokens[i].end >= end })
	if i < len(s.tokens) && strings.HasSuffix(s.tokens[i].key, "شدگان") {
		return true
	}
	for j := i; j < min(i+2, len(s.tokens)); j++ {
		switch k := s.tokens[j].key; {
		case strings.HasPrefix(k, "شدگان"):
			return true
		case k == "شده" && j > 0 && s.tokens[j].start == s.tokens[j-1].end+1 && j+1 < len(s.tokens):
			next := s.tokens[j+1].key
			return !loaded.has("were", s.tokens[j+1:j+2]) && !strings.HasPrefix(next, "است") && !strings.HasPrefix(next, "بود") && next != "اند" && next != "باش"
		}
	}
	return false
}

func tokensIn(list []token, start, end int) []token {
	i := sort.Search(len(list), func(i int) bool { return list[i].end > start })
	j := i
	for j < len(list) && list[j].start < end {
		j++
	}
	return list[i:j]
}

// denies says whether the event is denied by whom it is taken from.
func (x *doc) denies(e *record.Event) bool {
	if e.SaidBy != nil {
		if s := x.sayings[*e.SaidBy]; s != nil && s.Act == "deny" {
			return true
		}
	}
	for _, r := range e.Recipient {
		if r.Span != nil && strings.HasPrefix(r.Span.Text, "هیچ") {
			return true
		}
	}
	return false
}

func (x *doc) number(i *int) *record.Number {
	if i == nil || *i < 0 || *i >= len(x.Record.Numbers) {
		return nil
	}
	return &x.Record.Numbers[*i]
}

func (x *doc) past(d *record.DateRef) bool {
	if d == nil || x.published.IsZero() {
		return true
	}
	v, ok := record.DaysOf(d.Value)
	return !ok || !v.First.After(x.published)
}

// days returns the days of a date, where they can be those of an act that a
// report tells: not after its publication by more than a week (a plan), no
// more than a month long.
func (x *doc) days(w *data, d *record.DateRef) (first, last time.Time, ok bool) {
	if d == nil {
		return
	}
	v, ok := record.DaysOf(d.Value)
	if !ok || v.Last.IsZero() || v.Last.Sub(v.First) > 31*day {
		return first, last, false
	}
	first, last = v.First, v.Last
	if d.Span != nil && !x.published.IsZero() && first.Equal(last) {
		if n, ok := w.weekday(tokensOf(d.Span.Text)); ok && n != first.Weekday() && n != first.AddDate(0, 0, 1).Weekday() && n != first.AddDate(0, 0, -1).Weekday() {
			first = x.day().AddDate(0, 0, -(int(x.day().Weekday())-int(n)+7)%7) // «دوشنبه شب گذشته» is no last night
			last = first
		}
	}
	if x.shifted(w, d) {
		first, last = first.AddDate(0, 0, -7), last.AddDate(0, 0, -7)
	}
	if !x.published.IsZero() {
		if clock, err := time.Parse("2006-01-02T15:04", d.Value); err == nil && x.exact && clock.After(x.published) && clock.Sub(x.published) < day {
			return first, last, false // "22:40 last night" of a report of the morning, read without the last word
		}
		if d.Span != nil && first.Equal(x.day()) {
			if list := tokensOf(d.Span.Text); w.has("hour", list) && !w.has("this-day", list) {
				return first, last, false // an hour alone says no day
			}
		}
		if first.Sub(x.day()) > 3*day {
			return first, last, false
		}
		if last.After(x.day()) && first.Before(x.day()) {
			last = x.day()
		}
	}
	if d.Span != nil {
		list := sentences([]rune(d.Span.Text))
		for _, s := range list {
			switch {
			case strings.HasPrefix(s.tokens[0].key, "روز"), len(d.Value) > 10 && d.Value[10] == 'T':
			case w.has("about-week", s.tokens) && first.Equal(last):
				first, last = first.Add(-3*day), last.Add(3*day)
			case w.has("about-month", s.tokens) && first.Equal(last):
				first, last = first.Add(-15*day), last.Add(15*day)
			}
		}
	}
	return first, last, true
}

// shifted says whether a day is meant to be a week earlier than it was read: a
// weekday that is named alone is the last one in news that tells of an act. «صبح یکشنبه» in a report of
// Sunday evening is that day, but «یکشنبه آینده» is not.
func (x *doc) shifted(w *data, d *record.DateRef) bool {
	if d == nil || d.Span == nil || x.published.IsZero() {
		return false
	}
	v, ok := record.DaysOf(d.Value)
	if !ok || v.First.Sub(x.day()) < day || v.First.Sub(x.day()) > 7*day {
		return false
	}
	list := tokensIn(x.sentenceAt(d.Span.Start).tokens, d.Span.Start, d.Span.End+8)
	return w.has("weekday", list) && !w.has("coming", x.sentenceAt(d.Span.Start).tokens) && !w.has("plan", x.sentenceAt(d.Span.Start).tokens)
}

// weekday returns the day of the week that words name first.
func (w *data) weekday(list []token) (time.Weekday, bool) {
	at, day := len(list), time.Sunday
	for n, class := range [...]string{"day-sunday", "day-monday", "day-tuesday", "day-wednesday", "day-thursday", "day-friday", "day-saturday"} {
		if r := w.find(class, list); len(r) > 0 && r[0][0] < at {
			at, day = r[0][0], time.Weekday(n)
		}
	}
	return day, at < len(list)
}

// sentenceAt returns the sentence that a place stands in.
func (x *doc) sentenceAt(at int) sentence {
	i := sort.Search(len(x.sentences), func(i int) bool { return x.sentences[i].end > at })
	if i == len(x.sentences) {
		return sentence{}
	}
	return x.sentences[i]
}

// colon returns the place of the first colon of a sentence that something follows, 0 for none.
func (x *doc) colon(s sentence) int {
	for i := s.start; i < s.end && i < len(x.text); i++ {
		if x.text[i] == ':' && i > s.start && (i+1 == len(x.text) || x.text[i+1] == ' ' || x.text[i+1] == '«') {
			return i
		}
	}
	return 0
}

// ofSpeech says whether the day of an event is that on which somebody spoke of
// it: it stands before the colon, the event behind it.
func (x *doc) ofSpeech(w *data, s sentence, e *record.Event) bool {
	if e.Date != nil && e.Date.Span != nil && e.Date.Span.Start >= s.start && e.Date.Span.End < e.Trigger.Start && w.told(s, e.Date.Span.End, e.Trigger.Start) {
		return true
	}
	colon := x.colon(s)
	return colon > 0 && e.Date != nil && e.Date.Span != nil && e.Date.Span.Start >= s.start && e.Date.Span.Start < colon && e.Trigger.Start > colon
}

// ofPress says whether the day that ends at a place is that on which somebody
// spoke: «دیروز اعلام کرد», «دیروز درباره دستگیری … انتشار یافت», but not «دیروز در انفجار … کشته شدند».
func (w *data) ofPress(s sentence, end int) bool {
	i := sort.Search(len(s.tokens), func(i int) bool { return s.tokens[i].start >= end })
	return w.has("announced", s.tokens[i:min(len(s.tokens), i+3)])
}

// told says whether somebody speaks between two places of a sentence, and what he says
// begins there: «دیروز از زبان … خبر داده بود که».
func (w *data) told(s sentence, from, to int) bool {
	i := sort.Search(len(s.tokens), func(i int) bool { return s.tokens[i].start >= from })
	j := sort.Search(len(s.tokens), func(i int) bool { return s.tokens[i].start >= to })
	list := s.tokens[i:max(i, j)]
	for _, r := range w.find("announced", list) {
		for k := r[1]; k < len(list) && k < r[1]+3; k++ {
			if list[k].key == "که" {
				return true
			}
		}
	}
	return false
}

// named says whether words are part of a name: «رادیو فردا» is no day.
func (x *doc) named(q record.Quote) bool {
	return slices.ContainsFunc(x.Record.Mentions, func(m record.Mention) bool {
		e := x.entity[m.Entity]
		return m.Start <= q.Start && q.End <= m.End && m.End-m.Start > q.End-q.Start && e != nil && e.Known
	})
}

// textStart is where the text begins behind the title.
func (x *doc) textStart() int {
	if i := slices.Index(x.text, '\n'); i >= 0 && len(x.sentences) > 0 && i < len(x.text)-1 {
		return i + 1
	}
	return 0
}

// gap returns the days between two spans of days, 0 where they meet.
func gap(f1, l1, f2, l2 time.Time) int {
	switch {
	case f2.After(l1):
		return int(f2.Sub(l1) / day)
	case f1.After(l2):
		return int(f1.Sub(l2) / day)
	}
	return 0
}

// days chooses the days of the account: the most exact, of these the one most
// scenes say, of these the earliest.
func (a *account) days() {
	type span struct{ f, l time.Time }
	votes := map[span]int{}
	for _, s := range a.scenes {
		if s.first.IsZero() || len(s.acts) == 0 && !s.plural {
			continue
		}
		if votes[span{s.first, s.last}] += 4; s.weak || s.unreal != "" && !slices.ContainsFunc(s.acts, func(c act) bool { return c.real }) || s.last.Sub(s.first) > 7*day && !s.last.Before(a.doc.day()) {
			votes[span{s.first, s.last}] -= 3
		}
	}
	var best span
	for v, n := range votes {
		b := votes[best]
		d, e := v.l.Sub(v.f), best.l.Sub(best.f)
		if strong := n >= 4; !best.f.IsZero() && strong != (b >= 4) {
			if strong {
				best = v
			}
			continue
		}
		if best.f.IsZero() || d < e || d == e && (n > b || n == b && v.f.Before(best.f)) {
			best = v
		}
	}
	a.first, a.last, a.loose, a.beside = best.f, best.l, votes[best] < 4, false
	if best.f.IsZero() {
		for _, s := range a.scenes[:min(4, len(a.scenes))] { // further down it tells of what came after
			if len(s.acts) == 0 && !s.weak && s.unreal == "" && !s.first.IsZero() && s.first.Equal(s.last) && a.doc.recent(s.first) {
				a.first, a.last, a.loose, a.beside = s.first, s.last, true, true
				break
			}
		}
	}
	a.early, a.late = false, false
	for _, s := range a.scenes {
		if s.first.Equal(a.first) && s.last.Equal(a.last) {
			a.early, a.late = a.early || s.early, a.late || s.late
		}
	}
}

// finish gathers what the scenes say.
func (a *account) finish(w *data) {
	a.parties, a.tolls = map[string]bool{}, map[string]bool{}
	x := a.doc
	a.lead = false
	lead := func(s *scene) bool { // the title, or the first sentence, of a report that opens with the act
		return a == x.accounts[0] && (s.title || s.start <= x.textStart())
	}
	real := map[string]bool{}
	for _, s := range a.scenes {
		for i := range s.acts {
			c := &s.acts[i]
			if c.event == nil && a.planned(c.kind) {
				c.real = false // «برای این تجمع درخواستی نداده‌اند»: a word says no more than the plan it is about
			}
			real[c.kind] = real[c.kind] || c.real
		}
	}
	for _, s := range a.scenes {
		a.lead = a.lead || len(s.acts) > 0 && s.start <= x.sentences[min(2, len(x.sentences)-1)].start
		a.towns, a.areas = add(a.towns, s.towns), add(a.areas, s.areas)
		if len(a.main) == 0 && (len(s.acts) > 0 || lead(s)) && len(s.towns) > 0 && !w.has("background", s.tokens) {
			a.main = slices.DeleteFunc(slices.Clone(s.towns), func(p spot) bool { return !p.local })
			if len(a.main) == 0 {
				a.main = s.towns
			}
			for _, c := range s.acts {
				if c.event == nil || c.event.Place == nil {
					continue
				}
				if i := slices.IndexFunc(s.towns, func(p spot) bool { return p.id == c.event.Place.Entity }); i >= 0 {
					a.main = []spot{s.towns[i]}
					a.main[0].local = true
					break
				}
			}
		}
		if len(s.acts) > 0 || s.start <= x.sentences[min(4, len(x.sentences)-1)].start {
			a.placed = append(a.placed, x.placed(s)...)
		}
		for _, c := range s.acts {
			a.kinds[c.kind]++
			a.happened = a.happened || c.real && !a.against(w, c.kind, real)
			if c.event == nil {
				continue
			}
			for _, list := range [][]record.Ref{c.event.Actor, c.event.Recipient} {
				for _, r := range list {
					if e := x.entity[r.Entity]; e != nil && !strings.HasPrefix(e.ID, "~") {
						a.parties[r.Entity] = true
					}
				}
			}
		}
		for _, n := range x.Record.Numbers {
			if n.Start >= s.start && n.Start < s.end && n.Min != nil && n.Max != nil && *n.Min == *n.Max && (n.Unit == "killed" || n.Unit == "wounded" || n.Unit == "detained") {
				a.tolls[n.Unit+" "+itoa(*n.Min)] = true
			}
		}
	}
}

// planned says whether the account opens with acts of a kind that are planned or threatened.
func (a *account) planned(kind string) bool {
	found := false
	for _, s := range a.scenes {
		if !s.title && s.start > a.doc.textStart() {
			break
		}
		for _, c := range s.acts {
			if c.kind == kind && c.real && c.event != nil {
				return false
			}
			found = found || c.kind == kind && !c.real && s.unreal != ""
		}
	}
	return found
}

// against says whether the account opens with denying or threatening acts and tells of none of
// their kind: what else it tells («صلح … آغاز می‌شود») is no act of that incident.
func (a *account) against(w *data, kind string, real map[string]bool) bool {
	for _, s := range a.scenes {
		if !s.title && s.start > a.doc.textStart() {
			return false
		}
		if !s.denied && s.unreal == "" || w.has("role", s.tokens) {
			continue
		}
		for _, c := range s.acts {
			if k := c.kind; !c.real && k != kind && !real[k] && (!s.denied || !w.like[[2]string{k, kind}]) {
				return true
			}
		}
	}
	return false
}

// words calls f with the terms of the account, some more than once. Opening are
// those of its first scenes: the title and the lead, mostly.
func (a *account) words(t *terms.Terms, f func(term string, opening bool)) {
	for i, s := range a.scenes {
		near := i == 0 && a.lead || i > 0 && len(a.scenes[i-1].acts) > 0 || i+1 < len(a.scenes) && len(a.scenes[i+1].acts) > 0
		if len(s.acts) == 0 && !near && i > 6 {
			continue // far from any act: what a long report also says
		}
		for _, m := range t.Text(string(a.doc.text[s.start:s.end])) {
			if utf8.RuneCountInString(m.Text) > 1 {
				f(m.Text, i < 2)
			}
		}
	}
}

// clearest returns the clearest words of the account's act: of the first scene that
// tells that it happened.
func (a *account) clearest() (act, *scene) {
	for _, real := range []bool{true, false} {
		for _, s := range a.scenes {
			for _, c := range s.acts {
				if c.real || !real {
					return c, s
				}
			}
		}
	}
	return act{}, nil
}

// at is the place of the account: of its clearest words.
func (a *account) at() At {
	c, _ := a.clearest()
	start := max(0, c.start)
	return At{start, max(start+1, c.end)} // an end of 0 would stand for the whole report
}

// kind is the kind of act of which the account tells most.
func (a *account) kind() string {
	best := ""
	for k, n := range a.kinds {
		if best == "" || n > a.kinds[best] || n == a.kinds[best] && k < best {
			best = k
		}
	}
	return best
}

// denies says whether a scene of the account denies an act of its kind, and
// not only a part in it.
func (a *account) denies(w *data) bool {
	main := a.kind()
	return slices.ContainsFunc(a.scenes, func(s *scene) bool {
		return slices.ContainsFunc(s.acts, func(c act) bool {
			if !s.denied && len(a.doc.none(w, s)) > 0 {
				return false // «کسی دستگیر نشده» is a toll of none
			}
			return c.kind == main && !w.has("role", s.tokens) && (s.denied || c.event != nil && c.event.Status == "negated")
		})
	})
}

// threatens says whether the account tells of a threat alone.
func (a *account) threatens() bool {
	return !a.happened && slices.ContainsFunc(a.scenes, func(s *scene) bool { return s.unreal == Threat })
}
