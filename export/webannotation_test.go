package export

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

type annoFile struct {
	Context string `json:"@context"`
	ID      string
	Type    string
	Label   string
	Total   int
	Last    string
	First   *struct {
		ID, Type, PartOf string
		StartIndex       int
		Items            []anno
	}
}

type anno struct {
	ID, Type, Motivation string
	Creator, Target      json.RawMessage
	Created, Modified    string
	Body                 []annoBody
}

type annoBody struct {
	Type, Purpose, Value, Format, Source string
	Creator                              *agent
}

type annoTarget struct {
	Type, Source, Scope string
	Selector            []selector
}

func readAnno(t testing.TB, b []byte) annoFile {
	var f annoFile
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// oneOrMore reads what may be one value or a list of them.
func oneOrMore[T any](t testing.TB, raw json.RawMessage) []T {
	var list []T
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var one T
	if err := json.Unmarshal(raw, &one); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return []T{one}
}

// TestWebAnnotationResolves finds every selector's words again in the text
// that the file itself carries: by position, and by quotation alone.
func TestWebAnnotationResolves(t *testing.T) {
	for _, items := range [][]*Item{webItems(t), hostile(t)} {
		f := readAnno(t, export(t, "webannotation", webStream(items, 2), Options{}))
		if f.Context != annoContext || f.Type != "AnnotationCollection" || f.ID == "" || f.First == nil || f.First.Type != "AnnotationPage" ||
			f.First.PartOf != f.ID || f.Last != f.First.ID || f.Total != len(f.First.Items) || !strings.Contains(f.Label, "code points") {
			t.Fatalf("the collection: %+v", f.Total)
		}
		texts := map[string]*quoter{}
		ids := map[string]bool{f.ID: true, f.First.ID: true}
		ambiguous, quotes := 0, 0
		for _, a := range f.First.Items {
			if ids[a.ID] {
				t.Errorf("a second %s", a.ID)
			}
			ids[a.ID] = true
			if a.Type != "Annotation" || a.Motivation == "" || len(a.Body) == 0 {
				t.Errorf("%s: %+v", a.ID, a)
			}
			if strings.HasPrefix(string(a.Target), `"`) {
				var on string
				if json.Unmarshal(a.Target, &on); !ids[on] {
					t.Errorf("%s: no annotation %s before it", a.ID, on)
				}
				continue
			}
			for _, target := range oneOrMore[annoTarget](t, a.Target) {
				if strings.HasSuffix(a.ID, ":text") {
					texts[target.Source] = newQuoter(a.Body[0].Value)
					continue
				}
				text, ok := texts[target.Source]
				if !ok {
					t.Fatalf("%s: no text of %s before it", a.ID, target.Source)
				}
				if len(target.Selector) == 0 {
					continue
				}
				pos, quote := target.Selector[0], target.Selector[1]
				if pos.Type != "TextPositionSelector" || quote.Type != "TextQuoteSelector" {
					t.Fatalf("%s: selectors %+v", a.ID, target.Selector)
				}
				if *pos.Start >= *pos.End || *pos.End >= len(text.bytes) || text.slice(*pos.Start, *pos.End) != *quote.Exact {
					t.Errorf("%s: position %d to %d is not «%s»", a.ID, *pos.Start, *pos.End, *quote.Exact)
				}
				whole := *quote.Prefix + *quote.Exact + *quote.Suffix
				i := strings.Index(text.text, whole)
				if quotes++; strings.Contains(text.text[i+1:], whole) {
					ambiguous++
				} else if utf8.RuneCountInString(text.text[:i])+utf8.RuneCountInString(*quote.Prefix) != *pos.Start {
					t.Errorf("%s: the quotation stands elsewhere than the position", a.ID)
				}
			}
		}
		if items[0].ID == webItems(t)[0].ID && ambiguous > 0 {
			t.Errorf("%d of %d quotations stand in two places", ambiguous, quotes)
		}
	}
}

// TestWebAnnotationCreators tells who made what, from the reviewed report.
func TestWebAnnotationCreators(t *testing.T) {
	f := readAnno(t, export(t, "webannotation", webStream(webItems(t), 1), Options{}))
	const a2 = "urn:sanad:report:00000000000000a2:"
	want := map[string]string{ // a Software or a Person
		a2 + "mention:8-18":                            "Software",
		a2 + "mention:8-18:accepted:3":                 "Person",
		a2 + "event:68-78":                             "Person Software",
		a2 + "link:8-18:actor:event:68-78":             "Person",
		a2 + "link:19-25:date:event:68-78":             "Software",
		a2 + "event:147-162":                           "Person",
		a2 + "link:122-128:actor:event:147-162":        "Person",
		a2 + "rejected:6":                              "Person",
		a2 + "note:7":                                  "Person",
		a2 + "statement:117-120":                       "Software",
		"urn:sanad:report:00000000000000a1:event:0-10": "Software",
	}
	software := 0
	for _, a := range f.First.Items {
		var got []string
		for _, c := range oneOrMore[agent](t, a.Creator) {
			if c.ID == "" || c.Name == "" {
				t.Errorf("%s: creator %+v", a.ID, c)
			}
			got = append(got, c.Type)
		}
		who := strings.Join(got, " ")
		if who == "Software" {
			software++
		}
		if w, ok := want[a.ID]; ok {
			if who != w {
				t.Errorf("%s: made by %s, want %s", a.ID, who, w)
			}
			delete(want, a.ID)
		} else if who != "Software" {
			t.Errorf("%s: made by %s", a.ID, who)
		}
		if a.ID == a2+"event:68-78" {
			edit := a.Body[len(a.Body)-1]
			if edit.Purpose != "editing" || edit.Creator == nil || edit.Creator.Type != "Person" || !strings.Contains(edit.Value, `"machine":[]`) {
				t.Errorf("the correction: %+v", edit)
			}
		}
	}
	for id := range want {
		t.Errorf("no annotation %s", id)
	}
	if software == 0 {
		t.Error("nothing was made by the machine")
	}
}

// TestWebAnnotationFindings compares the JSON bodies with the record: every
// finding is there, once.
func TestWebAnnotationFindings(t *testing.T) {
	for _, it := range webItems(t) {
		f := readAnno(t, export(t, "webannotation", webStream([]*Item{it}, 1), Options{}))
		got := map[string]int{}
		for _, a := range f.First.Items {
			for _, b := range a.Body {
				if b.Format == "application/json" && b.Purpose == "describing" {
					got[b.Value]++
				}
			}
		}
		need := func(v any) {
			s, err := compact(v)
			if err != nil {
				t.Fatal(err)
			}
			if got[s] != 1 {
				t.Errorf("%s: %d times: %s", it.ID, got[s], s)
			}
		}
		r := it.Record
		allOf(r.Mentions, need)
		allOf(r.Times, need)
		allOf(r.Numbers, need)
		allOf(r.Loaded, need)
		allOf(r.Statements, need)
		allOf(r.Events, need)
	}
}

func allOf[T any](list []T, do func(any)) {
	for i := range list {
		do(&list[i])
	}
}

func TestWebAnnotationEmpty(t *testing.T) {
	f := readAnno(t, export(t, "webannotation", webStream(nil, 1), Options{}))
	if f.First != nil || f.Total != 0 || f.ID == "" {
		t.Errorf("%+v", f)
	}
}

// TestWebAnnotationUTF16 shows what the unit means: after a sign outside the
// basic plane code points and UTF-16 units part, and the export counts the
// former.
func TestWebAnnotationUTF16(t *testing.T) {
	it := hostile(t)[2]
	f := readAnno(t, export(t, "webannotation", webStream([]*Item{it}, 1), Options{}))
	for _, a := range f.First.Items {
		if strings.Contains(a.ID, ":event:") && strings.HasPrefix(a.ID, "urn:sanad:report:"+it.ID+":event") {
			s := oneOrMore[annoTarget](t, a.Target)[0].Selector
			if *s[1].Exact == "انفجار" && *s[0].Start != 3 {
				t.Errorf("starts at %d; two signs and a space stand before it", *s[0].Start)
			}
			return
		}
	}
	t.Error("no event")
}

func FuzzQuoter(f *testing.F) {
	f.Add("یک بمب و یک بمب", 3, 6)
	f.Add("🚨🚨", 1, 2)
	f.Add("", 0, 0)
	f.Add("0", 1, -16)
	f.Fuzz(func(t *testing.T, text string, start, end int) {
		if len(text) > 1<<12 {
			return
		}
		q := newQuoter(text)
		exact, prefix, suffix := q.at(start, end)
		if !strings.Contains(text, prefix+exact+suffix) {
			t.Errorf("%q + %q + %q stand nowhere in %q", prefix, exact, suffix, text)
		}
		if start >= 0 && start < end && end < len(q.bytes) && utf8.RuneCountInString(exact) != end-start {
			t.Errorf("%q has not %d code points", exact, end-start)
		}
	})
}
