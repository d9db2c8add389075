package export

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/record"
)

// What PLOVER 2.0's manual names, typed from it.
var (
	ploverFields = strings.Fields("id has_event date time enddate endtime actor recipient event event_loc event_text quad_code event_scale " +
		"mode context link text text_info cite_info coder coded_date coded_time comment dead injured arrested")
	ploverEntityFields = strings.Fields("code sector entity_text identifier_id identifier_text religion ethnicity office gender age")
	ploverPlaceFields  = strings.Fields("extracted_place resolved_place geonameid lat lon city district province country country_code feature_class feature_code resolution")
	ploverCiteFields   = strings.Fields("corpus citation url title language publication license copyright coder codebook version")
	ploverSectors      = strings.Fields("COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP PRE REL SOC")
)

func TestPLOVER(t *testing.T) {
	main, _ := written(t, "plover", items(t), Options{})
	golden(t, "plover.jsonl", main)
	status := map[string]string{}
	n := 0
	for _, it := range items(t) {
		for _, e := range it.Record.Events {
			status[it.ID+"-"+e.ID] = e.Status
			n++
		}
	}
	linesRead := strings.Split(strings.TrimSpace(main), "\n")
	if len(linesRead) != n {
		t.Fatalf("%d lines for %d events", len(linesRead), n)
	}
	only := func(where string, got map[string]any, names []string) {
		for k := range got {
			if !slices.Contains(names, k) {
				t.Errorf("%s: PLOVER has no field %q", where, k)
			}
		}
	}
	for _, line := range linesRead {
		var x map[string]any
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			t.Fatal(err)
		}
		id, _ := x["id"].(string)
		only(id, x, ploverFields)
		if d, ok := x["date"].(string); !ok || !regexp.MustCompile(`^(\d{4}-\d\d-\d\d)?$`).MatchString(d) {
			t.Errorf("%s: date %v", id, x["date"])
		}
		actors, _ := x["actor"].([]any)
		if len(actors) == 0 {
			t.Errorf("%s: no actor", id)
		}
		recipients, _ := x["recipient"].([]any)
		for _, a := range append(actors, recipients...) {
			m := a.(map[string]any)
			only(id, m, ploverEntityFields)
			if c, _ := m["code"].(string); len(c) != 3 || !slices.Contains(ploverSectors, m["sector"].(string)) {
				t.Errorf("%s: %v", id, m)
			}
		}
		types, _ := x["event"].([]any)
		if len(types) != 1 {
			t.Fatalf("%s: types %v", id, types)
		}
		modes, ok := ploverModes[types[0].(string)]
		if !ok {
			t.Errorf("%s: no type %v", id, types)
		}
		if m, ok := x["mode"].([]any); ok && !slices.Contains(strings.Fields(modes), m[0].(string)) {
			t.Errorf("%s: no mode %v of %v", id, m, types)
		}
		if p, ok := x["event_loc"].(map[string]any); ok {
			only(id, p, ploverPlaceFields)
		}
		only(id, x["cite_info"].(map[string]any), ploverCiteFields)
		only(id, x["text_info"].(map[string]any), []string{"sequence", "start", "end", "text_story"})

		context, _ := x["context"].([]any)
		want := map[string]string{"future": "future", "hypothetical": "hypothetical", "negated": "negation"}[status[id]]
		switch {
		case x["has_event"] != (status[id] == "happened" || status[id] == "ongoing"):
			t.Errorf("%s: %s has has_event %v", id, status[id], x["has_event"])
		case want == "" && context != nil, want != "" && (len(context) != 1 || context[0] != want):
			t.Errorf("%s: %s has context %v", id, status[id], context)
		}
	}
}

func TestPLOVERDates(t *testing.T) {
	published := "2007-04-16"
	for _, c := range []struct {
		value     string
		published bool
		want      string
	}{
		{"2007-04-15", true, "2007-04-15  "},
		{"2007-04-15T17:30", true, "2007-04-15  17:30"},
		{"2007-04", true, "2007-04-01 2007-04-30 "},
		{"2007-04-01/..", true, "2007-04-01  "},
		{"", true, "2007-04-16  "},
		{"PAST_REF", true, "2007-04-16  "},
		{"PAST_REF", false, "  "},
	} {
		v := newView(&Item{Record: &record.Record{}})
		if c.published {
			v.rec.Document.Published = &published
		}
		e := &record.Event{Status: "happened"}
		if c.value != "" {
			e.Date = &record.DateRef{Value: c.value}
		}
		x := v.plover(e)
		if got := x.Date + " " + x.EndDate + " " + x.Time; got != c.want {
			t.Errorf("%s: %q, want %q", c.value, got, c.want)
		}
		if told := strings.Contains(x.Comment, "publication"); told != (c.value == "" || c.value == "PAST_REF") {
			t.Errorf("%s: %s", c.value, x.Comment)
		}
	}
}
