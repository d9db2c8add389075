package desk

import (
	_ "embed"
	"html/template"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// messagesFile are the sentences that the packages below say in English, with
// their Persian; see its head.
//
//go:embed data/messages.txt
var messagesFile string

// message is one sentence with what varies left open.
type message struct {
	english string
	pattern *regexp.Regexp
	literal string // the longest stretch of it that does not vary
	weight  int    // letters that do not vary
	persian string
}

// messages are the sentences, those that leave least open first.
var messages = func() []message {
	list, err := parseMessages(messagesFile)
	if err != nil {
		panic("desk: data/messages.txt: " + err.Error())
	}
	return list
}()

var openPattern = regexp.MustCompile(`\{(\d)\}`)

func parseMessages(s string) ([]message, error) {
	var list []message
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.TrimSpace(line) == "", line[0] == '#':
		case line[0] != '\t':
			m := message{english: line}
			var b strings.Builder
			b.WriteString("^")
			rest := line
			for {
				at := openPattern.FindStringIndex(rest)
				literal := rest
				if at != nil {
					literal = rest[:at[0]]
				}
				b.WriteString(regexp.QuoteMeta(literal))
				m.weight += len(literal)
				if len(literal) > len(m.literal) {
					m.literal = literal
				}
				if at == nil {
					break
				}
				b.WriteString("(.*?)")
				rest = rest[at[1]:]
			}
			b.WriteString("$")
			var err error
			if m.pattern, err = regexp.Compile("(?s)" + b.String()); err != nil {
				return nil, err
			}
			list = append(list, m)
		case len(list) > 0:
			list[len(list)-1].persian = strings.TrimSpace(line)
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].weight > list[j].weight })
	return list, nil
}

// Said is a sentence that another package made, in English, for a page: in
// Persian where there is a Persian form of it, else as it is, marked as English.
func (l *language) Said(s string) template.HTML {
	if l.Code == "en" || s == "" {
		return template.HTML(template.HTMLEscapeString(tame(s)))
	}
	if out, ok := l.inPersian(s, 3); ok {
		return template.HTML(out)
	}
	return template.HTML(`<span lang="en" dir="ltr">` + template.HTMLEscapeString(tame(s)) + "</span>")
}

// inPersian returns the Persian of a sentence, escaped; false where it is none
// of those that are known. Sentences are joined by "; ", and one may stand behind
// the name of what it is about: "a.txt: no text to read".
func (l *language) inPersian(s string, depth int) (string, bool) {
	for i := range messages {
		m := &messages[i]
		if !strings.Contains(s, m.literal) {
			continue
		}
		found := m.pattern.FindStringSubmatch(s)
		if found == nil {
			continue
		}
		args := make([]string, len(found)-1)
		ok := true
		for j, a := range found[1:] {
			if args[j], ok = l.argument(a, depth-1); !ok {
				break
			}
		}
		if !ok {
			continue
		}
		return openPattern.ReplaceAllStringFunc(template.HTMLEscapeString(m.persian), func(n string) string {
			if at := int(n[1] - '0'); at < len(args) {
				return args[at]
			}
			return ""
		}), true
	}
	if depth <= 0 {
		return "", false
	}
	if parts := strings.Split(s, "; "); len(parts) > 1 {
		for i := range parts {
			out, ok := l.inPersian(parts[i], depth-1)
			if !ok {
				return "", false
			}
			parts[i] = out
		}
		return strings.Join(parts, "؛ "), true
	}
	if name, rest, ok := strings.Cut(s, ": "); ok && !strings.Contains(name, " ") {
		if out, ok := l.inPersian(rest, depth-1); ok {
			return string(bdi(name)) + ": " + out, true
		}
	}
	return "", false
}

// figuresOnly are numbers, days and times of day.
var figuresOnly = regexp.MustCompile(`^[0-9][0-9 .,:/%-]*$`)

// argument is what stands in an open place: a sentence in Persian, a word that
// the language has, figures in its digits, else a name as it is. What looks like
// an English sentence that is not known is none of these: the whole is not
// translated by halves.
func (l *language) argument(a string, depth int) (string, bool) {
	if a == "" {
		return "", true
	}
	if strings.Contains(a, "; ") { // more than one sentence
		return "", false
	}
	if q, err := strconv.Unquote(a); err == nil && strings.HasPrefix(a, `"`) {
		return "«" + string(bdi(short(q, 200))) + "»", true
	}
	if key := "kind-of." + strings.ReplaceAll(a, " ", "-"); l.has(key) {
		return template.HTMLEscapeString(l.T(key)), true
	}
	if figuresOnly.MatchString(a) {
		return `<bdi dir="ltr">` + l.Digits(template.HTMLEscapeString(a)) + "</bdi>", true
	}
	if depth > 0 {
		if out, ok := l.inPersian(a, depth); ok {
			return out, true
		}
	}
	small := 0
	for w := range strings.FieldsSeq(a) {
		if strings.Trim(w, "abcdefghijklmnopqrstuvwxyz',.") == "" {
			small++
		}
	}
	return string(bdi(a)), small <= 4
}
