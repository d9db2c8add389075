package desk

import (
	"cmp"
	"context"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/sanad-project/sanad/account"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/lexicon"
)

// lexiconRoutes are the pages of the entries that reports are read with.
func (d *Desk) lexiconRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /lexicon", d.lexiconPage)
	mux.HandleFunc("GET /lexicon/{kind}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/lexicon?kind="+url.QueryEscape(r.PathValue("kind")), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /lexicon/{kind}/{id}", d.entryPage)
	mux.HandleFunc("GET /lexicon/add", d.entryForm)
	mux.HandleFunc("POST /lexicon/try", d.tryPost)
	mux.HandleFunc("POST /lexicon/keep", d.keepPost)
	// Where a form was refused its address stays in the bar.
	again := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/lexicon/add", http.StatusSeeOther) }
	mux.HandleFunc("GET /lexicon/try", again)
	mux.HandleFunc("GET /lexicon/keep", again)
	mux.HandleFunc("GET /api/v1/lexicon", d.apiLexicon)
	mux.HandleFunc("GET /api/v1/lexicon/{kind}/{id}", d.apiEntry)
	mux.HandleFunc("POST /api/v1/lexicon/try", d.apiTry)
	mux.HandleFunc("POST /api/v1/lexicon/keep", d.apiKeep)
}

// shelf is the lexicon in use, laid out to be looked through.
type shelf struct {
	book *lexicon.Book
	rows []shelfRow // by kind, then in the order of the files
	own  int        // rows that the user's folder has a part in
	// aside: the user's folder was changed by somebody else since it was taken in.
	aside bool
}

// shelfRow is one entry of the lexicon.
type shelfRow struct {
	Kind    string
	Entry   *lexicon.Entry
	Own     bool // the user's folder says something of it
	Added   bool // and the program nothing
	Removed bool // the user's folder takes it out
	keys    []string
}

func shelve(b *lexicon.Book, hash string) *shelf {
	s := &shelf{book: b, aside: b.Lexicon().Hash() != hash}
	for _, kind := range b.Kinds() {
		list := b.Lexicon().File(kind)
		there := map[string]bool{}
		put := func(e *lexicon.Entry, removed bool) {
			parts := b.Parts(kind, e.ID)
			row := shelfRow{Kind: kind, Entry: e, Removed: removed, Added: parts[0].User, Own: parts[len(parts)-1].User}
			row.keys = append(row.keys, searchKey(e.ID))
			for _, f := range e.Fields {
				for _, v := range f.Values {
					row.keys = append(row.keys, searchKey(v))
				}
			}
			if row.Own {
				s.own++
			}
			s.rows = append(s.rows, row)
		}
		for i := range list {
			there[list[i].ID] = true
			put(&list[i], false)
		}
		for _, id := range b.Own(kind) {
			if parts := b.Parts(kind, id); !there[id] {
				put(&parts[0].Entry, true)
			}
		}
	}
	return s
}

// searchKey is what is compared when somebody looks for a word: spelled as the
// lexicon compares, without spaces, hyphens and the difference of capitals.
//
//	«حزب الله» and «حزب‌الله» are one, "Kata'ib Hezbollah" and "kataib-hezbollah" too
func searchKey(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, spell.Key(s))
}

// lexiconAsked is what somebody wants to see of the lexicon.
type lexiconAsked struct {
	Words  string // part of an id, a name or any other value
	Kind   string // "" for all
	Own    bool   // only what the user's folder says something of
	Offset int
	Limit  int
}

// entriesPage is how many entries are on a page.
const entriesPage = 40

func lexiconAskedOf(v url.Values) lexiconAsked {
	a := lexiconAsked{Words: strings.TrimSpace(v.Get("q")), Kind: v.Get("kind"), Own: v.Get("own") != "", Limit: entriesPage}
	if n, err := strconv.Atoi(v.Get("offset")); err == nil && n >= 0 && n <= 1<<20 {
		a.Offset = n
	}
	if n, err := strconv.Atoi(v.Get("limit")); err == nil && n >= 1 && n <= 200 {
		a.Limit = n
	}
	return a
}

func (a lexiconAsked) link(kind string, own bool, offset int) string {
	v := url.Values{}
	if a.Words != "" {
		v.Set("q", a.Words)
	}
	if kind != "" {
		v.Set("kind", kind)
	}
	if own {
		v.Set("own", "1")
	}
	if offset > 0 {
		v.Set("offset", strconv.Itoa(offset))
	}
	if a.Limit != entriesPage {
		v.Set("limit", strconv.Itoa(a.Limit))
	}
	if len(v) == 0 {
		return "/lexicon"
	}
	return "/lexicon?" + v.Encode()
}

// find returns the entries that are asked for, those whose value is the word
// itself first, then those that begin with it, then those that have it; and how
// many entries of each kind there are.
func (s *shelf) find(a lexiconAsked) (list []*shelfRow, counts map[string]int) {
	key := searchKey(a.Words)
	counts = map[string]int{}
	var tiers [3][]*shelfRow
	for i := range s.rows {
		row := &s.rows[i]
		if a.Own && !row.Own {
			continue
		}
		tier := 3
		if key == "" {
			tier = 0
			if a.Words != "" {
				tier = 3 // nothing but signs
			}
		} else {
			for _, k := range row.keys {
				switch {
				case k == key:
					tier = 0
				case tier > 1 && strings.HasPrefix(k, key):
					tier = 1
				case tier > 2 && strings.Contains(k, key):
					tier = 2
				}
				if tier == 0 {
					break
				}
			}
		}
		if tier == 3 {
			continue
		}
		if counts[row.Kind]++; a.Kind == "" || a.Kind == row.Kind {
			tiers[tier] = append(tiers[tier], row)
		}
	}
	return slices.Concat(tiers[0], tiers[1], tiers[2]), counts
}

// lexiconBody is the page of the lexicon in each of its views.
type lexiconBody struct {
	*language
	View   string // list, entry, form, trial
	Why    string
	Folder string // the user's; "" where none was given
	Aside  bool
	Tries  bool // who asks may try an entry
	Keeps  bool // and keep it

	Asked lexiconAsked
	Kinds []kindTab
	Head  string // what the file's head says
	List  []entryLine
	Count int
	Prev  string
	Next  string
	Own   bool // some entry is the user's
	All   string
	Mine  string

	Entry *entryView
	Form  *entryEdit
	Trial *trial
	Kept  bool
}

type kindTab struct {
	Name  string // "" for all
	Count int
	Link  string
	Here  bool
}

// entryLine is an entry in a list.
type entryLine struct {
	*shelfRow
	Link  string
	First []fieldView
}

// fieldView is a field as it is shown.
type fieldView struct {
	Name    string
	Doc     string
	Values  []valueView
	Persian bool // its values are read from right to left
}

type valueView struct {
	Text    string
	Persian bool
	Link    string // of an id: its entry
}

// entryView is one entry with all that is known of it.
type entryView struct {
	Row      *shelfRow
	Fields   []fieldView
	Parts    []lexicon.Part
	Examples []exampleView
	Reports  string // the inbox with the reports that have it; "" where it is no name
	Add      string
}

// exampleView is an example from the files.
type exampleView struct {
	File   string
	Line   int
	Own    bool
	Fields []fieldView
	None   bool // nothing of its kind is to be read from it
}

func persianLetters(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x600 && r <= 0x6ff || r >= 0xfb50 && r <= 0xfdff })
}

// entryLink is the page of an entry.
func entryLink(kind, id string) string {
	return "/lexicon/" + url.PathEscape(kind) + "/" + url.PathEscape(id)
}

// viewField lays out a field. Values that are ids lead to their entries.
func (s *shelf) viewField(kind string, f lexicon.Field) fieldView {
	v := fieldView{Name: f.Name}
	if form, ok := s.book.Form(kind); ok {
		if x := form.Field(f.Name); x != nil {
			v.Doc = x.Doc
		}
	}
	for _, value := range f.Values {
		o := valueView{Text: value, Persian: persianLetters(value)}
		v.Persian = v.Persian || o.Persian
		if f.Name == "in" || f.Name == "entity" {
			for _, k := range [...]string{"actors", "outlets", "people", "places"} {
				if s.book.Parts(k, value) != nil {
					o.Link = entryLink(k, value)
					break
				}
			}
		}
		v.Values = append(v.Values, o)
	}
	return v
}

// lexiconView is a body with what every view has.
func (d *Desk) lexiconView(r *http.Request, l *language, view string) (*lexiconBody, *shelf, error) {
	s, err := d.engine.Load().shelf()
	if err != nil {
		return nil, nil, err
	}
	return &lexiconBody{language: l, View: view, Folder: d.opt.Lexicon, Aside: s.aside, Own: s.own > 0,
		Tries: d.may(r.Context(), account.Reviewer), Keeps: d.may(r.Context(), account.Admin)}, s, nil
}

func (d *Desk) lexiconPage(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	b, s, err := d.lexiconView(r, l, "list")
	if err != nil {
		d.trouble(w, r, http.StatusInternalServerError, err)
		return
	}
	a := lexiconAskedOf(r.URL.Query())
	status := http.StatusOK
	if a.Kind != "" && !slices.Contains(s.book.Kinds(), a.Kind) {
		b.Why = badForm("%q is no kind of entry", a.Kind).Error()
		status, a.Kind = http.StatusUnprocessableEntity, ""
	}
	list, counts := s.find(a)
	b.Asked, b.Count, b.Head = a, len(list), s.book.Head(a.Kind)
	all := 0
	for _, n := range counts {
		all += n
	}
	b.Kinds = append(b.Kinds, kindTab{"", all, a.link("", a.Own, 0), a.Kind == ""})
	for _, k := range s.book.Kinds() {
		if n := counts[k]; n > 0 || k == a.Kind {
			b.Kinds = append(b.Kinds, kindTab{k, n, a.link(k, a.Own, 0), a.Kind == k})
		}
	}
	b.All, b.Mine = a.link(a.Kind, false, 0), a.link(a.Kind, true, 0)
	at := min(a.Offset, max(0, (len(list)-1)/a.Limit*a.Limit))
	end := min(len(list), at+a.Limit)
	for _, row := range list[at:end] {
		b.List = append(b.List, entryLine{row, entryLink(row.Kind, row.Entry.ID), s.first(row)})
	}
	if at > 0 {
		b.Prev = a.link(a.Kind, a.Own, max(0, at-a.Limit))
	}
	if end < len(list) {
		b.Next = a.link(a.Kind, a.Own, end)
	}
	d.show(w, r, status, "lexicon", l.T("lexicon.title"), b)
}

// first are the fields of an entry that a list shows: the first of its words,
// its English name, its kind.
func (s *shelf) first(row *shelfRow) []fieldView {
	var words, more []fieldView
	for _, f := range row.Entry.Fields {
		if len(f.Values) == 0 {
			continue
		}
		v := s.viewField(row.Kind, lexicon.Field{Name: f.Name, Values: f.Values[:min(len(f.Values), 4)]})
		switch {
		case persianLetters(f.Values[0]) && len(words) < 1:
			words = append(words, v)
		case !persianLetters(f.Values[0]) && len(more) < 2 && f.Name != "geonames" && f.Name != "at" && f.Name != "iso":
			more = append(more, v)
		}
	}
	return append(words, more...)
}

// entryOf returns an entry with all that is known of it.
func (d *Desk) entryOf(s *shelf, kind, id string) (*entryView, error) {
	at := slices.IndexFunc(s.rows, func(o shelfRow) bool { return o.Kind == kind && o.Entry.ID == id })
	if at < 0 {
		return nil, errNoEntry
	}
	row := &s.rows[at]
	v := &entryView{Row: row, Parts: s.book.Parts(kind, id), Add: "/lexicon/add?kind=" + url.QueryEscape(kind) + "&id=" + url.QueryEscape(id)}
	for _, f := range row.Entry.Fields {
		v.Fields = append(v.Fields, s.viewField(kind, f))
	}
	switch kind {
	case "actors", "people":
		v.Reports = "/?state=all&actor=" + url.QueryEscape(id)
	case "outlets":
		v.Reports = "/?state=all&outlet=" + url.QueryEscape(id)
	case "places":
		v.Reports = "/?state=all&place=" + url.QueryEscape(id)
	}
	list, err := s.book.Examples(d.opt.Lexicon, kind, id, 8)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		o := exampleView{File: x.File, Line: x.Line, Own: x.User}
		asks := false
		for _, f := range x.Fields {
			o.Fields = append(o.Fields, s.viewField("", f))
			asks = asks || f.Name != "text" && f.Name != "title" && f.Name != "outlet" && f.Name != "page"
		}
		o.None = !asks && !x.User && x.File != "languages.txt" && x.File != "units.txt" && x.File != "furniture.txt"
		v.Examples = append(v.Examples, o)
	}
	return v, nil
}

var errNoEntry = errors.New("the lexicon has no such entry")

func (d *Desk) entryPage(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	b, s, err := d.lexiconView(r, l, "entry")
	if err != nil {
		d.trouble(w, r, http.StatusInternalServerError, err)
		return
	}
	b.Entry, err = d.entryOf(s, r.PathValue("kind"), r.PathValue("id"))
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	b.Kept = r.URL.Query().Get("kept") != ""
	d.show(w, r, http.StatusOK, "lexicon", b.Entry.Row.Entry.ID+" · "+l.T("lexicon.title"), b)
}

// entryEdit is the form of an entry that somebody wants to add.
type entryEdit struct {
	Kind    string
	ID      string
	There   bool // the entry is there: it is added to
	IDs     []string
	Fields  []editField
	For     string
	Against string
	Head    string
	Kinds   []option
}

type editField struct {
	lexicon.FormField
	Value   string // one value a line
	On      bool   // of a flag
	Needed  bool   // with a new entry
	Options []option
	Persian bool // it holds Persian words
	Rows    int
}

// newEdit makes the form of a kind with what is filled in already.
func newEdit(l *language, s *shelf, kind, id string, e *lexicon.Entry, given *lexicon.Sentences) *entryEdit {
	form, ok := s.book.Form(kind)
	x := &entryEdit{Kind: kind, ID: id, Head: s.book.Head(kind), IDs: form.IDs}
	for _, k := range s.book.Kinds() {
		if _, ok := s.book.Form(k); ok {
			x.Kinds = append(x.Kinds, option{k, k + " — " + l.T("lexicon.kind."+k), k == kind})
		}
	}
	if !ok {
		return x
	}
	x.There = id != "" && len(s.book.Parts(kind, id)) > 0
	if given != nil {
		x.For, x.Against = strings.Join(given.For, "\n"), strings.Join(given.Against, "\n")
	}
	for _, f := range form.Fields {
		o := editField{FormField: f, Needed: f.Needed && !x.There, Rows: 1}
		if f.Many {
			o.Rows = 3
		}
		var now []string
		if e != nil {
			now = e.All(f.Name)
			o.On = f.Flag && e.Has(f.Name)
			o.Value = strings.Join(now, "\n")
		}
		if f.Choices != nil {
			if !o.Needed || len(f.Choices) > 1 {
				o.Options = append(o.Options, option{"", l.T("none"), len(now) == 0})
			}
			for _, c := range f.Choices {
				o.Options = append(o.Options, option{c, c, slices.Contains(now, c)})
			}
		}
		o.Persian = f.Choices == nil && !slices.Contains([]string{"en", "in", "iso", "geonames", "at", "entity", "mode", "needs", "role", "actor", "recipient", "max", "reason", "theatre", "name"}, f.Name)
		x.Fields = append(x.Fields, o)
	}
	return x
}

// candidate is an entry that somebody wants to add, with its examples.
type candidate struct {
	Kind  string
	Entry lexicon.Entry
	lexicon.Sentences
}

// lines are the values of a field of a form, one a line.
func lines(s string) []string {
	var list []string
	for v := range strings.SplitSeq(strings.ReplaceAll(s, "\r", "\n"), "\n") {
		if v = strings.TrimSpace(v); v != "" {
			list = append(list, v)
		}
	}
	return list
}

// candidateOf reads the form.
func candidateOf(s *shelf, f url.Values) candidate {
	c := candidate{Kind: f.Get("kind"), Entry: lexicon.Entry{ID: strings.TrimSpace(f.Get("id"))}}
	if form, ok := s.book.Form(c.Kind); ok {
		for _, x := range form.Fields {
			values := lines(f.Get("f." + x.Name))
			switch {
			case x.Flag && f.Get("f."+x.Name) != "":
				c.Entry.Fields = append(c.Entry.Fields, lexicon.Field{Name: x.Name})
			case !x.Flag && len(values) > 0:
				c.Entry.Fields = append(c.Entry.Fields, lexicon.Field{Name: x.Name, Values: values})
			}
		}
	}
	c.For, c.Against = lines(f.Get("for")), lines(f.Get("against"))
	return c
}

// entryForm is the page with the form of an entry. What the address says is
// filled in already: kind, id, f.NAME, for.
func (d *Desk) entryForm(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	b, s, err := d.lexiconView(r, l, "form")
	if err != nil {
		d.trouble(w, r, http.StatusInternalServerError, err)
		return
	}
	v := r.URL.Query()
	v.Set("kind", cmp.Or(v.Get("kind"), "actors"))
	if _, ok := s.book.Form(v.Get("kind")); !ok {
		d.trouble(w, r, http.StatusNotFound, badForm("%q is no kind of entry", v.Get("kind")))
		return
	}
	c := candidateOf(s, v)
	b.Form = newEdit(l, s, c.Kind, c.Entry.ID, &c.Entry, &c.Sentences)
	d.show(w, r, http.StatusOK, "lexicon", l.T("lexicon.add"), b)
}

// refusedEntry shows the form again with what is wrong with it.
func (d *Desk) refusedEntry(w http.ResponseWriter, r *http.Request, c candidate, why error) {
	l := languageOf(r)
	b, s, err := d.lexiconView(r, l, "form")
	if err != nil {
		d.trouble(w, r, http.StatusInternalServerError, err)
		return
	}
	if _, ok := s.book.Form(c.Kind); !ok {
		d.trouble(w, r, http.StatusUnprocessableEntity, why)
		return
	}
	b.Why = why.Error()
	b.Form = newEdit(l, s, c.Kind, c.Entry.ID, &c.Entry, &c.Sentences)
	d.show(w, r, http.StatusUnprocessableEntity, "lexicon", l.T("lexicon.add"), b)
}

// isBad reports whether an error is about what somebody gave.
func isBad(err error) bool {
	var b *lexicon.BadEntry
	var f errForm
	return errors.As(err, &b) || errors.As(err, &f) || errors.Is(err, lexicon.ErrChanged)
}

func (d *Desk) tryPost(w http.ResponseWriter, r *http.Request) {
	if !d.formOf(w, r) {
		return
	}
	l := languageOf(r)
	b, s, err := d.lexiconView(r, l, "trial")
	if err != nil {
		d.trouble(w, r, http.StatusInternalServerError, err)
		return
	}
	c := candidateOf(s, r.PostForm)
	b.Trial, err = d.try(r.Context(), l, c, trialReports)
	switch {
	case err != nil && isBad(err):
		d.refusedEntry(w, r, c, err)
		return
	case err != nil:
		d.trouble(w, r, statusOf(err), err)
		return
	}
	b.Form = newEdit(l, s, c.Kind, c.Entry.ID, &c.Entry, &c.Sentences)
	d.show(w, r, http.StatusOK, "lexicon", l.T("lexicon.trial"), b)
}

// errNoFolder says that there is nowhere to keep entries.
var errNoFolder = badForm("this desk was opened without a folder for entries: open it with sanad desk --lexicon FOLDER, where FOLDER is a folder of yours, empty at first")

// keep tries an entry on its examples and writes it to the user's folder. New
// reports are read with it from then on.
func (d *Desk) keepEntry(ctx context.Context, l *language, c candidate) error {
	if d.opt.Lexicon == "" {
		return errNoFolder
	}
	if err := c.Check(); err != nil {
		return err
	}
	t, err := d.try(ctx, l, c, 0)
	if err != nil {
		return err
	}
	for _, x := range t.Examples {
		switch {
		case x.Want && !x.Changed:
			return badForm("the example «%s» is read as before: give one that is read otherwise because of the entry", x.Text)
		case !x.Want && x.Changed:
			return badForm("the example «%s» is read otherwise with the entry, and was to be read as before", x.Text)
		}
	}
	d.trying <- struct{}{} // one at a time: none is made of what another is about to replace
	defer func() { <-d.trying }()
	s, err := d.engine.Load().shelf()
	if err != nil {
		return err
	}
	book, err := s.book.Keep(d.opt.Lexicon, c.Kind, c.Entry, c.Sentences)
	if err != nil {
		if isBad(err) {
			return err
		}
		return badForm("the entry could not be written to %s: %v", filepath.Base(d.opt.Lexicon), err)
	}
	d.engine.Store(engineOf(book, d.opt.Version))
	return nil
}

func (d *Desk) keepPost(w http.ResponseWriter, r *http.Request) {
	if !d.formOf(w, r) {
		return
	}
	s, err := d.engine.Load().shelf()
	if err != nil {
		d.trouble(w, r, http.StatusInternalServerError, err)
		return
	}
	c := candidateOf(s, r.PostForm)
	if err := d.keepEntry(r.Context(), languageOf(r), c); err != nil {
		if isBad(err) {
			d.refusedEntry(w, r, c, err)
		} else {
			d.trouble(w, r, statusOf(err), err)
		}
		return
	}
	http.Redirect(w, r, entryLink(c.Kind, c.Entry.ID)+"?kept=1", http.StatusSeeOther)
}

// HTML is a value in its direction.
func (v valueView) HTML() template.HTML {
	if v.Persian {
		return template.HTML(`<bdi lang="fa" dir="rtl">` + template.HTMLEscapeString(tame(v.Text)) + "</bdi>")
	}
	return template.HTML(`<bdi dir="auto">` + template.HTMLEscapeString(tame(v.Text)) + "</bdi>")
}
