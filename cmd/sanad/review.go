package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/digest"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/review"
)

func (p *program) reviewCommand() *cobra.Command {
	var by, format string
	cmd := &cobra.Command{
		Use:   "review ID [FINDING] [ACTION]",
		Short: "Show or make decisions on what was read: accept, correct, reject, add, note, undo",
		Long: `With an id alone, shows every finding of a report with its number, what the
machine says of it, what a person says, and who. With an action, appends a
decision to the log; nothing is overwritten.

  sanad review ID                              what was found and decided
  sanad review ID done|open|new                set the state of the report's review
  sanad review ID note TEXT                    a remark on the report
  sanad review ID undo N                       decision N no longer counts
  sanad review ID add KIND VALUE               a finding that the machine missed, as JSON
                                               of the record; an entity of the lexicon by its id
  sanad review ID FINDING accept [FIELD]       it is right, as a whole or in one field
  sanad review ID FINDING correct FIELD VALUE  one field of it has another value
  sanad review ID FINDING reject               there is no such finding
  sanad review ID FINDING note TEXT            a remark on it
  sanad review ID FINDING undo                 take back the last decision on it

FINDING is a number as shown: e1, s2, an entity's id, n68 (a number that begins
at character 68), t62, m9, l0.

VALUE is a word of the record (COERCE), an entity's id or name (several with
commas), words of the text, a day, none, or JSON of the record. Where an entity
or a day was read from words of its own, add them: "us-army=نظامیان".`,
		Example: `  sanad review b68f e1 correct type COERCE
  sanad review b68f e1 correct actor "us-army=ارتش آمریکا"
  sanad review b68f s1 reject
  sanad review b68f done`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage{errors.New("give the id of a report, as \"sanad list\" prints it")}
			}
			if err := oneOf("format", format, "text", "jsonl"); err != nil {
				return err
			}
			ctx, stop := interruptible()
			defer stop()
			if len(args) == 1 {
				l, err := p.looking(ctx)
				if err != nil {
					return err
				}
				defer l.Close()
				x, err := l.Full(ctx, args[0])
				if err != nil {
					return err
				}
				if format == "jsonl" {
					return p.findingsJSON(x)
				}
				p.findings(x)
				return nil
			}
			return p.decide(ctx, by, args)
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "who decides (default $SANAD_AUTHOR, else your user name)")
	cmd.Flags().StringVarP(&format, "format", "f", "text", "text or jsonl, one finding a line")
	return cmd
}

// author is who decides.
func author(by string) (string, error) {
	if by == "" {
		by = os.Getenv("SANAD_AUTHOR")
	}
	if by == "" {
		if u, err := user.Current(); err == nil {
			by = u.Username
		}
	}
	if by = strings.TrimSpace(by); by == "" {
		return "", usage{errors.New("say who decides with --by or $SANAD_AUTHOR")}
	}
	return by, nil
}

// decide makes the decision of a command line: ID [FINDING] ACTION ....
func (p *program) decide(ctx context.Context, by string, args []string) error {
	who, err := author(by)
	if err != nil {
		return err
	}
	l, err := p.open(ctx, ledger.Options{})
	if err != nil {
		return err
	}
	defer l.Close()
	x, err := l.Full(ctx, args[0])
	if err != nil {
		return err
	}
	d, err := p.decision(x, args[1:])
	if err != nil {
		return err
	}
	d.Report, d.Author = x.ID, who
	// What was resolved above has to hold still when it is written.
	if d, err = l.Decide(ctx, d, x.Reviewed.Last); err != nil {
		return err
	}
	p.made(&d)
	return nil
}

// made says which decision was made.
func (p *program) made(d *review.Decision) {
	fmt.Fprintf(p.err, "sanad: decision %d: %s\n", d.Seq, about(d))
}

// decision reads what stands behind the id of the report.
func (p *program) decision(x *ledger.Full, args []string) (review.Decision, error) {
	var d review.Decision
	states := map[string]string{"done": "done", "open": "in review", "new": "new"}
	// need checks the number of words behind an action.
	need := func(rest []string, least, most int, how string) error {
		if len(rest) < least || len(rest) > most {
			return usage{fmt.Errorf("write: sanad review %s %s", x.ID, how)}
		}
		return nil
	}
	switch word, rest := args[0], args[1:]; {
	case states[word] != "" && len(rest) == 0:
		d.Action, d.Value = review.State, mustJSON(states[word])
		return d, nil
	case word == "note":
		d.Action, d.Note = review.Note, strings.Join(rest, " ")
		return d, need(rest, 1, 1<<20, "note TEXT")
	case word == "add":
		if err := need(rest, 2, 2, "add KIND VALUE"); err != nil {
			return d, err
		}
		d.Action, d.Target.Kind = review.Add, review.Kind(rest[0])
		var err error
		d.Value, err = p.added(d.Target.Kind, rest[1])
		return d, err
	case word == "undo":
		d.Action = review.Undo
		if err := need(rest, 0, 1, "undo N"); err != nil {
			return d, err
		}
		if len(rest) == 1 {
			n, err := strconv.ParseInt(rest[0], 10, 64)
			if err != nil {
				return d, usage{fmt.Errorf("undo %s: give the number of a decision, as \"sanad log %s\" prints it", rest[0], x.ID)}
			}
			d.Undoes = n
			return d, nil
		}
		n, err := x.Reviewed.Undoable(review.Target{})
		if err == nil && n == 0 {
			err = errors.New("there is no decision on the report as a whole to undo")
		}
		d.Undoes = n
		return d, err
	case len(rest) == 0:
		return d, usage{fmt.Errorf("say what to do with %s: accept, correct FIELD VALUE, reject, note TEXT or undo", word)}
	}
	d.Target.ID, d.Action = args[0], review.Action(args[1])
	rest := args[2:]
	switch d.Action {
	case review.Accept:
		if len(rest) == 1 {
			d.Field = rest[0]
		}
		return d, need(rest, 0, 1, args[0]+" accept [FIELD]")
	case review.Reject:
		return d, need(rest, 0, 0, args[0]+" reject")
	case review.Correct:
		if err := need(rest, 2, 2, args[0]+" correct FIELD VALUE"); err != nil {
			return d, err
		}
		d.Field = rest[0]
		var err error
		d.Value, err = x.Reviewed.Parse(d.Target, d.Field, rest[1])
		return d, err
	case review.Note:
		d.Note = strings.Join(rest, " ")
		return d, need(rest, 1, 1<<20, args[0]+" note TEXT")
	case review.Undo:
		if err := need(rest, 0, 0, args[0]+" undo"); err != nil {
			return d, err
		}
		n, err := x.Reviewed.Undoable(d.Target)
		if err == nil && n == 0 {
			err = fmt.Errorf("there is no decision on %s to undo", args[0])
		}
		d.Target, d.Undoes = review.Target{}, n
		return d, err
	}
	return d, usage{fmt.Errorf("there is no action %q: give accept, correct, reject, note or undo", args[1])}
}

// added is the value of an addition: JSON or the id of an entity of the lexicon.
func (p *program) added(k review.Kind, value string) (json.RawMessage, error) {
	if k != review.Entity || strings.HasPrefix(strings.TrimSpace(value), "{") {
		return json.RawMessage(value), nil
	}
	lex, err := p.loadLexicon()
	if err != nil {
		return nil, err
	}
	for file, kind := range map[string]string{"actors": "", "outlets": "MEDIA", "people": "PER", "places": "PLACE"} {
		for _, e := range lex.File(file) {
			if e.ID == value {
				if t := e.Get("type"); t != "" {
					kind = t
				}
				return mustJSON(map[string]any{"id": e.ID, "type": kind, "name": e.Get("fa"), "name_en": e.Get("en"), "known": true}), nil
			}
		}
	}
	return nil, fmt.Errorf(`the lexicon has no entity %q; describe it: {"type":"PER","name":"…"}`, value)
}

func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and maps of strings are always JSON
	}
	return b
}

// layers are the kinds of findings in the order in which a person reviews them.
var layers = []struct {
	kind review.Kind
	name string
}{
	{review.Statement, "Statements"}, {review.Event, "Events"}, {review.Number, "Numbers"}, {review.Time, "Times"},
	{review.Entity, "Entities"}, {review.Mention, "Mentions"}, {review.Loaded, "Loaded wording"},
}

// findings prints what was found and decided.
func (p *program) findings(x *ledger.Full) {
	r := x.Reviewed
	fmt.Fprintf(p.out, "%s  %s\n", x.ID, digest.Isolate(x.Head))
	fmt.Fprintf(p.out, "  review %s, %s\n", r.State, count(len(x.Log), "decision"))
	for _, layer := range layers {
		items := r.Items(layer.kind)
		if len(items) == 0 {
			continue
		}
		fmt.Fprintf(p.out, "\n  %s\n", layer.name)
		for i := range items {
			p.item(&items[i])
		}
	}
	if len(r.Notes) > 0 {
		fmt.Fprint(p.out, "\n  Notes\n")
		for _, d := range r.Notes {
			on := ""
			if d.Target.ID != "" {
				on = d.Target.ID + ": "
			}
			fmt.Fprintf(p.out, "    %s%s  [%s]\n", on, digest.Isolate(strings.Join(strings.Fields(d.Note), " ")), signed(&d))
		}
	}
	if len(r.Lost) > 0 {
		fmt.Fprint(p.out, "\n  Look again\n")
		for _, l := range r.Lost {
			fmt.Fprintf(p.out, "    decision %d, %s: %s  [%s]\n", l.Decision.Seq, about(&l.Decision), l.Why, signed(&l.Decision))
		}
	}
}

// item prints one finding: its number, words and verdict, and below it the
// fields of a statement or event, and those that somebody judged.
func (p *program) item(x *review.Item) {
	fmt.Fprintf(p.out, "    %s  %s  %s", x.Target.ID, digest.Isolate("«"+strings.Join(strings.Fields(x.Words), " ")+"»"), isolated(x.Gist))
	if f := x.Finding; f != nil {
		if x.Verdict != review.Unseen {
			fmt.Fprintf(p.out, "  %s", x.Verdict)
		}
		if f.Why != "" {
			fmt.Fprintf(p.out, ": %s", f.Why)
		}
		if n := len(f.By); n > 0 {
			fmt.Fprintf(p.out, "  [%s]", signed(&f.By[n-1]))
		}
		if len(f.Moved) > 0 {
			fmt.Fprintf(p.out, "  the machine now says otherwise of: %s", strings.Join(f.Moved, ", "))
		}
	}
	fmt.Fprintln(p.out)
	all := x.Target.Kind == review.Statement || x.Target.Kind == review.Event
	for _, v := range x.Values {
		if !v.Judged && (!all || v.Name == "trigger" || v.Name == "cue" || v.Name == "quoted" && v.Now == "false") || x.Verdict == review.Rejected && !v.Judged {
			continue
		}
		fmt.Fprintf(p.out, "        %-12s %s", v.Name, isolated(none(v.Now)))
		if v.Judged {
			if x.Verdict != review.Added || v.Machine != "" {
				fmt.Fprintf(p.out, "  (machine: %s)", isolated(none(v.Machine)))
			}
			if v.By != nil {
				fmt.Fprintf(p.out, "  [%s]", signed(v.By))
			}
		}
		fmt.Fprintln(p.out)
	}
}

func none(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// isolated keeps Persian words from turning the line around them.
func isolated(s string) string {
	for _, r := range s {
		if r > 0x7f {
			return digest.Isolate(s)
		}
	}
	return s
}

// signed says who decided and when.
func signed(d *review.Decision) string {
	return fmt.Sprintf("%s, %s", digest.Isolate(d.Author), d.At.Format("2006-01-02 15:04"))
}

// about says in a few words what a decision does.
func about(d *review.Decision) string {
	if d.Target.Kind == review.Incident && d.Action != review.Undo {
		return aboutIncident(d)
	}
	t := d.Target.ID
	if t == "" {
		t = string(d.Target.Kind)
	}
	value := isolated(inWords(d.Value))
	switch d.Action {
	case review.Correct:
		return fmt.Sprintf("%s: %s is %s", t, d.Field, value)
	case review.Accept:
		if d.Field != "" {
			return fmt.Sprintf("%s: %s is right", t, d.Field)
		}
		return t + " is right"
	case review.Reject:
		return t + " is rejected"
	case review.Add:
		return fmt.Sprintf("added %s %s", d.Target.Kind, value)
	case review.Note:
		return fmt.Sprintf("note on %s: %s", t, isolated(strings.Join(strings.Fields(d.Note), " ")))
	case review.Undo:
		return fmt.Sprintf("decision %d is undone", d.Undoes)
	case review.State:
		return "review is " + value
	case review.Merge:
		var ids []string
		json.Unmarshal(d.Value, &ids)
		return fmt.Sprintf("%s is also %s", t, strings.Join(ids, ", "))
	case review.Split:
		return t + " stands for itself"
	}
	return string(d.Action)
}

// inWords says the value of a decision in words: the entities and words that
// JSON of the record names, what else it is as it stands.
func inWords(raw json.RawMessage) string {
	var s string
	if string(raw) == "null" {
		return "none"
	}
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		if len(list) == 0 {
			return "none"
		}
		var words []string
		for _, v := range list {
			words = append(words, inWords(v))
		}
		return strings.Join(words, ", ")
	}
	type quote struct{ Text string }
	var v struct {
		ID, Entity, Type, Name, Value, Text string
		Trigger, Cue, Span                  *quote
	}
	if json.Unmarshal(raw, &v) != nil {
		return string(raw)
	}
	var words []string
	for _, w := range [...]string{v.ID, v.Entity, v.Type, v.Value, v.Name} {
		if w != "" {
			words = append(words, w)
		}
	}
	for _, q := range [...]*quote{{v.Text}, v.Trigger, v.Cue, v.Span} {
		if q != nil && q.Text != "" {
			words = append(words, "«"+q.Text+"»")
		}
	}
	if len(words) == 0 {
		return string(raw)
	}
	return strings.Join(words, " ")
}

// findingsJSON prints one finding a line, in force or out of it.
func (p *program) findingsJSON(x *ledger.Full) error {
	type value struct {
		Field   string `json:"field"`
		Machine string `json:"machine"`
		Now     string `json:"now"`
		By      string `json:"by,omitempty"`
	}
	for _, layer := range layers {
		for _, it := range x.Reviewed.Items(layer.kind) {
			line := struct {
				review.Target
				Text    string   `json:"text"`
				Verdict string   `json:"verdict,omitempty"`
				Why     string   `json:"why,omitempty"`
				Moved   []string `json:"moved,omitempty"`
				Fields  []value  `json:"fields"`
			}{Target: it.Target, Text: it.Words, Verdict: string(it.Verdict), Fields: []value{}}
			if it.Finding != nil {
				line.Why, line.Moved = it.Finding.Why, it.Finding.Moved
			}
			for _, v := range it.Values {
				f := value{v.Name, v.Machine, v.Now, ""}
				if v.By != nil {
					f.By = v.By.Author
				}
				line.Fields = append(line.Fields, f)
			}
			if err := writeJSON(p.out, line); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *program) mergeCommand() *cobra.Command {
	var by string
	var undo int64
	cmd := &cobra.Command{
		Use:   "merge INTO OTHER...",
		Short: "Say that entities are one; it can be taken back",
		Long: `Says that INTO and the others are one entity, which goes by INTO from now on.
An entity is an id ("us-army"), in all reports, a name, or an id in one report
("REPORT/id"). Nothing is overwritten: "sanad split" takes an entity out again,
--undo takes back one decision, a merge or a split, by its number in "sanad log".
Without arguments, lists what was merged.`,
		Example: `  sanad merge us-army centcom
  sanad merge us-army 25c0a4b86f4be0d1/~nzamian`,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := interruptible()
			defer stop()
			switch {
			case undo != 0 && len(args) > 0:
				return usage{errors.New("--undo goes without entities")}
			case undo != 0:
				return p.entities(ctx, by, review.Decision{Action: review.Undo, Undoes: undo}, nil)
			case len(args) == 0:
				l, err := p.looking(ctx)
				if err != nil {
					return err
				}
				defer l.Close()
				m, err := l.Merges(ctx)
				if err != nil {
					return err
				}
				m.All(func(ref string, members []string) {
					fmt.Fprintf(p.out, "%s  also %s\n", ref, strings.Join(members, ", "))
				})
				return nil
			case len(args) == 1:
				return usage{fmt.Errorf("say which entities are the same as %s", args[0])}
			}
			return p.entities(ctx, by, review.Decision{Action: review.Merge}, args)
		},
	}
	cmd.Flags().Int64Var(&undo, "undo", 0, "take back decision N on entities")
	cmd.Flags().StringVar(&by, "by", "", "who decides (default $SANAD_AUTHOR, else your user name)")
	return cmd
}

func (p *program) splitCommand() *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:   "split ENTITY",
		Short: "Take an entity out of those it was merged with",
		Long: `Takes an entity out of those it was merged with. Where the others go by its id,
all of them stand for themselves again. REPORT/id says that in this report the
id is somebody else than everywhere else.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage{errors.New("give one entity")}
			}
			ctx, stop := interruptible()
			defer stop()
			return p.entities(ctx, by, review.Decision{Action: review.Split}, args)
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "who decides (default $SANAD_AUTHOR, else your user name)")
	return cmd
}

// entities makes a decision on entities everywhere.
func (p *program) entities(ctx context.Context, by string, d review.Decision, names []string) error {
	who, err := author(by)
	if err != nil {
		return err
	}
	l, err := p.open(ctx, ledger.Options{})
	if err != nil {
		return err
	}
	defer l.Close()
	lex, err := p.loadLexicon()
	if err != nil {
		return err
	}
	var refs []string
	for _, n := range names {
		ref, err := p.ref(ctx, l, lex, n)
		if err != nil {
			return err
		}
		refs = append(refs, ref)
	}
	d.Author = who
	if len(refs) > 0 {
		d.Target = review.Target{Kind: review.Entity, ID: refs[0]}
	}
	if d.Action == review.Merge {
		d.Value = mustJSON(refs[1:])
	}
	m, err := l.Merges(ctx)
	if err != nil {
		return err
	}
	if err := m.Validate(&d); err != nil {
		return err
	}
	if d, err = l.Decide(ctx, d, ledger.Anyway); err != nil {
		return err
	}
	p.made(&d)
	return nil
}

// ref is the entity that a person names: REPORT/id with the whole id of the
// report, or what the ledger resolves.
func (p *program) ref(ctx context.Context, l *ledger.Ledger, lex *lexicon.Lexicon, name string) (string, error) {
	if id, local, ok := strings.Cut(name, "/"); ok {
		rec, _, err := l.Record(ctx, id)
		if err != nil {
			return "", err
		}
		x, err := l.Report(ctx, id)
		if err != nil {
			return "", err
		}
		for _, e := range rec.Entities {
			if e.ID == local {
				return x.ID + "/" + local, nil
			}
		}
		return "", fmt.Errorf("report %s has no entity %q", x.ID, local)
	}
	ids, err := l.Resolve(ctx, lex, name)
	if err != nil {
		return "", err
	}
	for _, id := range ids {
		if id == name {
			return id, nil
		}
	}
	switch len(ids) {
	case 0:
		return "", &ledger.UnknownName{Field: "entity", Name: name}
	case 1:
		return ids[0], nil
	}
	return "", usage{fmt.Errorf("%q may be %s: give the id", name, strings.Join(ids, ", "))}
}

func (p *program) logCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "log [ID]",
		Short: "Print the decisions on a report, or all of them, the oldest first",
		Long: `Prints the log of decisions. --format jsonl prints its lines as they are sealed:
"prev" is the hash of the line before, "hash" that of the line itself.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage{errors.New("give one id, or none for all reports")}
			}
			if err := oneOf("format", format, "text", "jsonl"); err != nil {
				return err
			}
			return p.at(ledger.Options{ReadOnly: true}, func(ctx context.Context, l *ledger.Ledger) error {
				id := ""
				if len(args) == 1 {
					x, err := l.Report(ctx, args[0])
					if err != nil {
						return err
					}
					id = x.ID
				}
				return l.Log(ctx, id, func(d review.Decision) error { return logLine(p.out, &d, format, id == "") })
			})
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", "text or jsonl")
	return cmd
}

// settling names the decisions between which one decides, "" where it settles
// nothing.
func settling(d *review.Decision) string {
	var list []string
	for _, seq := range d.Settles {
		list = append(list, strconv.FormatInt(seq, 10))
	}
	if len(list) == 0 {
		return ""
	}
	return "; settles " + strings.Join(list, ", ")
}

// logLine prints one decision, with its report where all are printed.
func logLine(w io.Writer, d *review.Decision, format string, all bool) error {
	if format == "jsonl" {
		return writeJSON(w, d)
	}
	report := ""
	if all && d.Report != "" {
		report = d.Report + "  "
	}
	_, err := fmt.Fprintf(w, "%d  %s  %s  %s%s\n", d.Seq, d.At.Format("2006-01-02 15:04:05"), digest.Isolate(d.Author), report, about(d)+settling(d))
	return err
}
