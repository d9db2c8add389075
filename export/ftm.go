package export

import (
	"crypto/sha1"
	"encoding/hex"
	"io"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

var ftmFormat = Format{Name: "ftm", Extension: ".ftm.jsonl", About: "FollowTheMoney entities, JSON Lines: for Aleph and its kin", write: writeFTM}

// writeFTM writes FollowTheMoney entities, one a line, valid against the
// schemata of followthemoney 4. What becomes what:
//
//	report               Article, with its text
//	PER                  Person
//	GRP, ORG, MEDIA      Organization: what kind of body it is (public, incorporated) the record does not say
//	STATE                PublicBody: a state that acts or is acted upon; FtM's parties to an event are legal entities
//	PLACE                Address, with coordinates
//	role of somebody     Membership. No Position and Occupancy: whether two spokesmen hold one post no report says
//	names in the text    Mention, one for each report and legal entity, with the names as written
//	event                Event; its name says Reported or Claimed, never more
//	statement            Note on its speaker and report. FtM has no schema for speech, and an Event it must not be:
//	                     a claim would be counted as a happening
//
// Laws: somebody only described («یک منبع امنیتی») or met under loaded wording
// alone has no name, and is no entity here; the words stand in the text of the
// event or note. An entity of the lexicon has one id in every report and every
// export. One that the lexicon does not know has an id of its own in each
// report: a name shared is no person shared; people merge them (package
// review), or Aleph's matching proposes it. Ids are hashes of the ledger's ids.
// Direction and doubt, for which an FtM Event has no field (who acted on whom,
// planned or done, on whose word), stand in its name, summary and keywords.
//
// What did not happen is left out unless opt.Unrealised.
func writeFTM(w io.Writer, items Items, opt Options) error {
	f := &ftm{enc: lines(w), seen: map[[sha1.Size]byte]bool{}}
	return each(items, func(it *Item) error { return f.report(it, opt) })
}

type ftm struct {
	enc  interface{ Encode(any) error }
	seen map[[sha1.Size]byte]bool // of what the lexicon knows: bounded by it, not by the reports
}

type ftmEntity struct {
	ID         string              `json:"id"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
}

// newFTM makes an entity whose id is a hash of what it is.
func newFTM(schema string, id string) *ftmEntity {
	return &ftmEntity{ID: id, Schema: schema, Properties: map[string][]string{}}
}

// ftmID hashes the parts that make a thing what it is. FtM ids are letters,
// digits, dots and hyphens.
func ftmID(parts ...string) string {
	h := sha1.New()
	for _, p := range parts {
		io.WriteString(h, strconv.Itoa(len(p))+":"+p)
	}
	return "sanad-" + hex.EncodeToString(h.Sum(nil))
}

// FtM's limits on one value, in code points.
const (
	ftmName    = 384
	ftmString  = 1024
	ftmText    = 65000
	ftmAddress = 250
	ftmURL     = 4096
)

// add adds values to a property: without control characters, without doubles,
// cut where FtM would refuse them.
func (e *ftmEntity) add(property string, limit int, values ...string) {
	for _, v := range values {
		v = ftmClean(v, limit)
		if v == "" || contains(e.Properties[property], v) {
			continue
		}
		e.Properties[property] = append(e.Properties[property], v)
	}
}

// url adds a web address; what is none is left out.
func (e *ftmEntity) url(property, v string) {
	v = webAddress(v)
	if v != "" && len(v) <= ftmURL {
		e.Properties[property] = []string{v}
	}
}

// webAddress returns an http or https URL, "" for what is none. What is not
// seen in it, half-spaces and marks of direction, is percent-encoded, which
// means the same: IRIs must not have the latter (RFC 3987, 4.1), and
// FollowTheMoney would take both out and make another address of it.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || !utf8.ValidString(s) {
		return ""
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.In(r, unicode.Cf, unicode.Cc, unicode.Z, unicode.Cs, unicode.Co) || r == utf8.RuneError || strings.ContainsRune("<>\"{}|\\^`", r) {
			for _, c := range []byte(string(r)) {
				b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{c})))
			}
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// ftmClean takes out what no program should have to show: control characters
// and those that turn the direction of what follows. In names and labels
// (limits below that of a text) runs of white space become one space.
// Half-spaces stay: «می‌گوید» is spelt with one.
func ftmClean(s string, limit int) string {
	var b strings.Builder
	n, space := 0, false
	for _, r := range s {
		switch {
		case limit < ftmText && unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case unicode.IsControl(r) && r != '\n' && r != '\t',
			r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF, r == utf8.RuneError, r&0xFFFE == 0xFFFE:
			continue
		}
		if space {
			if n++; n >= limit {
				break
			}
			b.WriteByte(' ')
			space = false
		}
		if n++; n > limit {
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

// chunks cuts a text into values that FtM takes, at the end of a line where
// there is one.
func chunks(s string) []string {
	var out []string
	for s != "" {
		n, end, line := 0, len(s), 0
		for i, r := range s {
			if n == ftmText {
				if end = i; line > 0 {
					end = line
				}
				break
			}
			if n++; r == '\n' {
				line = i + 1
			}
		}
		out = append(out, s[:end])
		s = s[end:]
	}
	return out
}

func (f *ftm) report(it *Item, opt Options) error {
	r := &ftmReport{ftm: f, view: newView(it), seen: newVerdicts(it.Review), legal: map[string]string{}, places: map[string]string{}}
	r.id = ftmID("report", it.ID)
	if err := r.article(); err != nil {
		return err
	}
	if err := r.entitiesOf(); err != nil {
		return err
	}
	if err := r.mentions(); err != nil {
		return err
	}
	if err := r.notes(); err != nil {
		return err
	}
	return r.events(opt)
}

// ftmReport writes one report.
type ftmReport struct {
	*ftm
	*view
	seen   verdicts
	id     string            // of the Article
	legal  map[string]string // entity id → FtM id of a LegalEntity that was written
	places map[string]string // entity id → FtM id of an Address that was written
}

func (r *ftmReport) article() error {
	d := &r.rec.Document
	e := newFTM("Article", r.id)
	e.add("title", ftmString, r.Title)
	e.add("fileName", ftmString, r.ID+".txt") // required
	e.add("author", ftmString, r.Author)
	e.add("publisher", ftmString, r.OutletName)
	if d.Outlet != nil {
		if o := r.entities[*d.Outlet]; o != nil {
			e.add("publisher", ftmString, o.Name, o.NameEn)
		}
	}
	e.url("sourceUrl", r.URL)
	e.add("publishedAt", 32, r.published())
	if !r.Added.IsZero() {
		e.add("retrievedAt", 32, r.Added.UTC().Format("2006-01-02T15:04:05"))
	}
	e.add("language", 16, "fas")
	e.add("mimeType", ftmAddress, "text/plain")
	e.add("processingAgent", ftmString, strings.TrimSpace("Sanad "+r.Reader))
	if r.Review != nil && r.Review.State != "" {
		e.add("keywords", ftmString, "review:"+r.Review.State)
	}
	e.add("bodyText", ftmText, chunks(d.Text)...)
	return r.enc.Encode(e)
}

// entitiesOf writes whom and what the report names.
func (r *ftmReport) entitiesOf() error {
	loaded := map[string]bool{}
	for _, l := range r.rec.Loaded {
		loaded[l.Text] = true
	}
	for _, m := range r.rec.Mentions {
		if m.Loaded {
			loaded[m.Text] = true
		}
	}
	for i := range r.rec.Entities {
		x := &r.rec.Entities[i]
		if !named(x, loaded) {
			continue
		}
		e := newFTM(ftmSchema(x.Type), r.entityID(x))
		if x.Type == "PLACE" {
			address(e, x)
			r.places[x.ID] = e.ID
		} else {
			r.legal[x.ID] = e.ID
		}
		e.add("name", ftmName, x.Name)
		e.add("alias", ftmName, x.NameEn)
		if x.Type == "PER" {
			for _, o := range x.Roles {
				if o.Of == nil && !loaded[o.Title] {
					e.add("position", ftmString, o.Title)
				}
			}
		}
		if err := r.once(x, e); err != nil {
			return err
		}
	}
	for i := range r.rec.Entities {
		if err := r.roles(&r.rec.Entities[i], loaded); err != nil {
			return err
		}
	}
	return nil
}

// named says that an entity has a name that may stand for it: known to the
// lexicon, or a name as the report writes it that takes no side.
func named(x *record.Entity, loaded map[string]bool) bool {
	if x.Known {
		return true
	}
	if strings.HasPrefix(x.ID, "~") || ftmClean(x.Name, ftmName) == "" {
		return false
	}
	for l := range loaded {
		if strings.Contains(x.Name, l) {
			return false
		}
	}
	return true
}

// entityID hashes an entity's id, with the report's where the lexicon does not
// know it. An id with a stroke, "REPORT/id", is that of entities that people
// merged (review.Merges): it is the same in all reports.
func (r *ftmReport) entityID(x *record.Entity) string {
	if x.Known || strings.Contains(x.ID, "/") {
		return ftmID("entity", x.ID)
	}
	return ftmID("entity", r.ID, x.ID)
}

func ftmSchema(kind string) string {
	switch kind {
	case "PER":
		return "Person"
	case "STATE":
		return "PublicBody"
	case "PLACE":
		return "Address"
	}
	return "Organization"
}

// address fills in a place. A town's name is its address; FtM has no precision,
// so that of a wider place stands in its remarks.
func address(e *ftmEntity, x *record.Entity) {
	full := x.Name
	if x.NameEn != "" {
		full += ", " + x.NameEn
	}
	g := geo(x)
	if g == nil {
		e.add("full", ftmAddress, full)
		return
	}
	e.add("full", ftmAddress, full)
	e.add("country", 16, strings.ToLower(g.Country))
	switch g.Precision {
	case "city":
		e.add("city", ftmString, x.Name, x.NameEn)
	case "province":
		e.add("state", ftmString, x.Name, x.NameEn)
	case "region":
		e.add("region", ftmString, x.Name, x.NameEn)
	}
	if km, ok := Radius(g.Precision); ok && g.Precision == "province" {
		e.add("remarks", ftmString, "coordinates are the middle of its towns, within "+strconv.Itoa(int(km))+" km")
	} else if g.Precision == "region" || g.Precision == "water" {
		e.add("remarks", ftmString, "coordinates stand for a wide area")
	}
	if onEarth(g) {
		e.add("latitude", ftmAddress, strconv.FormatFloat(g.Lat, 'f', -1, 64))
		e.add("longitude", ftmAddress, strconv.FormatFloat(g.Lon, 'f', -1, 64))
	}
}

// once writes an entity of the lexicon only where these values of it were not
// written yet; two lines of one id are fragments, which FtM merges.
func (r *ftmReport) once(x *record.Entity, e *ftmEntity) error {
	if x.Known {
		s, err := compact(e)
		if err != nil {
			return err
		}
		k := sha1.Sum([]byte(s))
		if r.ftm.seen[k] {
			return nil
		}
		r.ftm.seen[k] = true
	}
	return r.enc.Encode(e)
}

// source says where an edge or event was read. Address and the like have no
// proof: they would differ in every report.
func (r *ftmReport) source(e *ftmEntity) {
	e.Properties["proof"] = []string{r.id}
	e.url("sourceUrl", r.URL)
	e.add("publisher", ftmString, str(outletName(r.view)))
}

func (r *ftmReport) roles(x *record.Entity, loaded map[string]bool) error {
	member := r.legal[x.ID]
	for i, o := range x.Roles {
		if member == "" || o.Of == nil || loaded[o.Title] {
			continue
		}
		of := r.entities[*o.Of]
		body := r.legal[*o.Of]
		if body == "" || body == member || of.Type == "PER" {
			continue
		}
		e := newFTM("Membership", ftmID("role", r.ID, x.ID, *o.Of, strconv.Itoa(i)))
		e.Properties["member"] = []string{member}
		e.Properties["organization"] = []string{body}
		e.add("role", ftmString, o.Title)
		e.add("date", 32, r.published()) // it held when the report came out; since when is not said
		e.add("recordId", ftmString, r.ID+"#"+place(o.Span.Start, o.Span.End))
		r.source(e)
		if err := r.enc.Encode(e); err != nil {
			return err
		}
	}
	return nil
}

// mentions writes which legal entities the report names, and how.
func (r *ftmReport) mentions() error {
	names := map[string][]string{}
	var order []string
	for _, m := range r.rec.Mentions {
		if m.Form != "name" || m.Loaded || r.legal[m.Entity] == "" {
			continue
		}
		if names[m.Entity] == nil {
			order = append(order, m.Entity)
		}
		names[m.Entity] = append(names[m.Entity], m.Text)
	}
	for _, id := range order {
		e := newFTM("Mention", ftmID("mention", r.ID, id))
		e.Properties["document"] = []string{r.id}
		e.Properties["resolved"] = []string{r.legal[id]}
		e.add("name", ftmName, names[id]...)
		e.add("detectedSchema", ftmString, ftmSchema(r.entities[id].Type))
		if len(e.Properties["name"]) == 0 {
			continue
		}
		if err := r.enc.Encode(e); err != nil {
			return err
		}
	}
	return nil
}

// notes writes the statements.
func (r *ftmReport) notes() error {
	for i := range r.rec.Statements {
		s := &r.rec.Statements[i]
		e := newFTM("Note", ftmID("statement", r.ID, s.ID))
		e.add("name", ftmName, "Statement ("+s.Act+"), "+r.speaker(s))
		e.add("summary", ftmText, r.chainLine(s))
		e.add("description", ftmText, content(r.view, s))
		e.add("keywords", ftmString, "act:"+s.Act)
		if s.Quoted {
			e.add("keywords", ftmString, "quoted")
		}
		if v := verdict(r.seen.of(review.Statement, s.ID)); v != "" {
			e.add("keywords", ftmString, "review:"+v)
		}
		e.Properties["entity"] = []string{r.id}
		if s.Speaker != nil && r.legal[*s.Speaker] != "" {
			e.Properties["entity"] = append(e.Properties["entity"], r.legal[*s.Speaker])
		}
		r.source(e)
		if err := r.enc.Encode(e); err != nil {
			return err
		}
	}
	return nil
}

// speaker returns who speaks, for a person to read.
func (r *ftmReport) speaker(s *record.Statement) string {
	if s.Speaker != nil && (r.legal[*s.Speaker] != "" || s.SpeakerSpan == nil) {
		return r.name(*s.Speaker)
	}
	if s.SpeakerSpan != nil {
		return "«" + s.SpeakerSpan.Text + "»"
	}
	return "speaker not named"
}

// chainLine returns the way of a statement: "IRNA ← Reuters ← «…»".
func (r *ftmReport) chainLine(s *record.Statement) string {
	var b []string
	if o := outletName(r.view); o != nil {
		b = append(b, *o)
	}
	for _, x := range s.Via {
		if n := r.name(x.Entity); r.legal[x.Entity] != "" || x.Span == nil {
			b = append(b, n)
		} else {
			b = append(b, "«"+x.Span.Text+"»")
		}
	}
	return strings.Join(append(b, r.speaker(s)), " ← ")
}

func (r *ftmReport) events(opt Options) error {
	for i := range r.rec.Events {
		x := &r.rec.Events[i]
		if !opt.Unrealised && !realised(x) {
			continue
		}
		e := newFTM("Event", ftmID("event", r.ID, x.ID))
		s := r.said(x)
		e.add("name", ftmName, r.eventName(x, s))
		e.add("summary", ftmText, r.eventSummary(x))
		if s != nil {
			e.add("description", ftmText, "On the word of: "+r.chainLine(s), cut(content(r.view, s), longestQuote))
		}
		e.add("keywords", ftmString, "type:"+x.Type, "status:"+x.Status)
		if x.Mode != nil {
			e.add("keywords", ftmString, "mode:"+*x.Mode)
		}
		if s != nil {
			e.add("keywords", ftmString, "claim")
		}
		if v := verdict(r.seen.of(review.Event, x.ID)); v != "" {
			e.add("keywords", ftmString, "review:"+v)
		}
		for _, ref := range append(x.Actor[:len(x.Actor):len(x.Actor)], x.Recipient...) {
			if id := r.legal[ref.Entity]; id != "" && !contains(e.Properties["involved"], id) {
				e.Properties["involved"] = append(e.Properties["involved"], id)
			}
		}
		r.where(e, x.Place)
		if x.Date != nil {
			ftmDates(e, x.Date.Value)
		}
		e.add("recordId", ftmString, r.ID+"#"+x.ID)
		r.source(e)
		if err := r.enc.Encode(e); err != nil {
			return err
		}
	}
	return nil
}

// eventName is neutral: the type and the place's name, after a word that says
// on what it rests. The report's own wording stands in the summary, quoted.
//
//	Claimed: ASSAULT (explosives), Baqubah
func (r *ftmReport) eventName(x *record.Event, s *record.Statement) string {
	n := "Reported: "
	if s != nil {
		n = "Claimed: "
	}
	if !realised(x) {
		n += "not happened (" + x.Status + "): "
	}
	n += x.Type
	if x.Mode != nil {
		n += " (" + *x.Mode + ")"
	}
	if x.Place != nil {
		if p := r.entities[x.Place.Entity]; p != nil && (r.places[p.ID] != "" || r.legal[p.ID] != "") {
			n += ", " + r.name(p.ID)
		}
	}
	return n
}

// eventSummary says who acted on whom, with the words of the report in
// guillemets.
func (r *ftmReport) eventSummary(x *record.Event) string {
	b := []string{"«" + x.Trigger.Text + "»"}
	party := func(role string, refs []record.Ref) {
		for _, ref := range refs {
			p := role + ": "
			if r.legal[ref.Entity] != "" || r.places[ref.Entity] != "" || ref.Span == nil {
				p += r.name(ref.Entity)
			}
			if ref.Span != nil {
				p += " «" + ref.Span.Text + "»"
			}
			b = append(b, strings.Replace(p, ":  ", ": ", 1))
		}
	}
	party("actor", x.Actor)
	party("recipient", x.Recipient)
	amount := func(role string, i *int) {
		if n := r.number(i); n != nil {
			b = append(b, role+": "+bounds(n)+" «"+n.Text+"»")
		}
	}
	amount("killed", x.Killed)
	amount("wounded", x.Wounded)
	amount("count", x.Count)
	if x.Weapon != nil {
		b = append(b, "weapon: «"+x.Weapon.Text+"»")
	}
	if x.Date != nil {
		b = append(b, "when: "+x.Date.Value)
	}
	return strings.Join(b, "; ")
}

// bounds writes an amount: "3", "about 80", "3 or more", "up to 5", "3 to 5".
func bounds(n *record.Number) string {
	i := func(p *int64) string { return strconv.FormatInt(*p, 10) }
	switch {
	case n.Min != nil && n.Max != nil && *n.Min != *n.Max:
		return i(n.Min) + " to " + i(n.Max)
	case n.Min != nil && n.Max != nil:
		if n.Hedge == "about" {
			return "about " + i(n.Min)
		}
		return i(n.Min)
	case n.Min != nil:
		return i(n.Min) + " or more"
	case n.Max != nil:
		return i(n.Max) + " or less"
	}
	return "?"
}

func (r *ftmReport) where(e *ftmEntity, ref *record.Ref) {
	if ref == nil {
		return
	}
	x := r.entities[ref.Entity]
	if x == nil {
		return
	}
	if id := r.places[x.ID]; id != "" {
		e.Properties["addressEntity"] = []string{id}
		e.add("location", ftmAddress, x.Name, x.NameEn)
	} else if r.legal[x.ID] != "" {
		e.add("location", ftmAddress, x.Name, x.NameEn)
	} else if ref.Span != nil {
		e.add("location", ftmAddress, ref.Span.Text)
	}
	if g := geo(x); g != nil {
		e.add("country", 16, strings.ToLower(g.Country))
	}
}

// ftmDates writes the day, month or year as FtM has them, or the two ends of an
// interval. A value that names no day stays out; the summary has it.
func ftmDates(e *ftmEntity, value string) {
	days, ok := record.DaysOf(value)
	if !ok {
		return
	}
	first := days.First.Format("2006-01-02")
	if !strings.Contains(value, "/") {
		v, _, _ := strings.Cut(strings.TrimSuffix(value, "~"), "T")
		e.add("date", 32, v)
		return
	}
	e.add("startDate", 32, first)
	if !days.Last.IsZero() {
		e.add("endDate", 32, days.Last.Format("2006-01-02"))
	}
}
