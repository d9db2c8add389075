package export

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-project/sanad/record"
)

// ACLED's columns, typed from its codebook's list and not from the code.
const acledOrder = "event_id_cnty, event_date, year, time_precision, disorder_type, event_type, sub_event_type, actor1, assoc_actor_1, inter1, " +
	"actor2, assoc_actor_2, inter2, interaction, civilian_targeting, iso, region, country, admin1, admin2, admin3, location, latitude, longitude, " +
	"geo_precision, source, source_scale, notes, fatalities, tags, timestamp"

var acledTypes = map[string][]string{
	"Battles":                    {"Armed clash", "Government regains territory", "Non-state actor overtakes territory"},
	"Explosions/Remote violence": {"Chemical weapon", "Air/drone strike", "Suicide bomb", "Shelling/artillery/missile attack", "Remote explosive/landmine/IED", "Grenade"},
	"Protests":                   {"Peaceful protest", "Protest with intervention", "Excessive force against protesters"},
	"Riots":                      {"Violent demonstration", "Mob violence"},
	"Strategic developments": {"Agreement", "Arrests", "Change to group/activity", "Disrupted weapons use", "Headquarters or base established",
		"Looting/property destruction", "Non-violent transfer of territory", "Other"},
	"Violence against civilians": {"Sexual violence", "Attack", "Abduction/forced disappearance"},
}

// ploverModes are PLOVER 2.0's types and modes.
var ploverModes = map[string]string{
	"ASSAULT":  "abduct beat torture sexual targeted destroy primitive firearms explosives suicide-attack aerial drone heavy-weapons crowd-control unconventional",
	"COERCE":   "seize restrict censor curfew martial-law arrest deport withhold misinformation cyber",
	"MOBILIZE": "troops weapons police militia", "PROTEST": "demo riot strike hunger boycott obstruct vandalize",
	"RETREAT": "withdraw release disarm ceasefire access resign", "THREATEN": "restrict arrest relations expel territory violence",
	"REQUEST": "assist change yield meet", "REJECT": "assist change yield meet", "ACCUSE": "disapprove investigate allege",
	"SANCTION": "convict expel withdraw discontinue", "CONSULT": "visit third-party multilateral phone",
	"AGREE": "", "SUPPORT": "", "CONCEDE": "", "COOPERATE": "", "AID": "",
}

// tableOf reads CSV into rows by column name.
func tableOf(t testing.TB, text string) (columns []string, rows []map[string]string) {
	t.Helper()
	return tableRows(t, text)
}

func tableRows(t interface{ Fatal(...any) }, text string) (columns []string, rows []map[string]string) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, mark)))
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, c := range all[0] {
			row[c] = line[i]
		}
		rows = append(rows, row)
	}
	return all[0], rows
}

func TestACLEDColumns(t *testing.T) {
	main, _ := written(t, "acled", nil, Options{})
	columns, _ := tableOf(t, main)
	if d := cmp.Diff(strings.Split(acledOrder, ", "), columns); d != "" || len(columns) != 31 {
		t.Errorf("%d columns:\n%s", len(columns), d)
	}
}

// TestACLEDRules: every type and mode of PLOVER finds its line, and every line
// names types that ACLED has.
func TestACLEDRules(t *testing.T) {
	for _, r := range acledRules() {
		if _, ok := ploverModes[r.typ]; !ok || r.mode != "*" && r.mode != "" && !slices.Contains(strings.Fields(ploverModes[r.typ]), r.mode) {
			t.Errorf("PLOVER has no %s %s", r.typ, r.mode)
		}
		if r.out {
			continue
		}
		if r.event != "" && acledTypes[r.event] == nil || r.sub != "" && !slices.Contains(acledTypes[r.event], r.sub) {
			t.Errorf("ACLED has no %s, %s", r.event, r.sub)
		}
		if !slices.Contains([]string{"Political violence", "Demonstrations", "Political violence; Demonstrations", "Strategic developments"}, r.disorder) {
			t.Errorf("ACLED has no disorder %q", r.disorder)
		}
		if !slices.Contains([]string{"*", "civilians", "force", "lethal"}, r.target) {
			t.Errorf("no condition %q", r.target)
		}
	}
	covered := func(typ, mode string) bool {
		return slices.ContainsFunc(acledRules(), func(r acledRule) bool {
			return r.typ == typ && (r.mode == "*" || r.mode == mode) && r.target == "*" && r.words == nil
		})
	}
	for typ, modes := range ploverModes {
		for _, m := range append(strings.Fields(modes), "") {
			if !covered(typ, m) {
				t.Errorf("no line for %s %q whatever the rest", typ, m)
			}
		}
	}
}

func TestACLEDRule(t *testing.T) {
	entities := []record.Entity{{ID: "iraq", Type: "STATE", Name: "عراق"}, {ID: "army", Type: "ORG", Name: "ارتش سوریه"},
		{ID: "~c", Type: "GRP", Name: "پنج غیرنظامی"}, {ID: "~x", Type: "GRP", Name: "سه نفر"}, {ID: "group", Type: "GRP", Name: "جنبش سبز"},
		{ID: "isis", Type: "GRP", Name: "داعش"}}
	v := newView(&Item{Record: &record.Record{Entities: entities, Numbers: []record.Number{*num(2, 2, "exact")}}})
	ref := func(id string) []record.Ref {
		if id == "" {
			return nil
		}
		return []record.Ref{{Entity: id}}
	}
	two := 0
	for _, c := range []struct {
		typ, mode, actor, recipient, trigger string
		killed                               bool
		want                                 string
	}{
		{"ASSAULT", "firearms", "group", "~c", "تیراندازی", false, "Violence against civilians, Attack"},
		{"ASSAULT", "", "isis", "army", "حمله", false, "Battles, Armed clash"},
		{"ASSAULT", "", "army", "iraq", "حمله", false, ", "}, // the state's army or its people
		{"ASSAULT", "", "iraq", "army", "حمله", false, "Battles, Armed clash"},
		{"ASSAULT", "", "group", "army", "حمله", false, ", "}, // whether the group is armed the record does not say
		{"ASSAULT", "", "", "~x", "حمله", true, ", "},
		{"ASSAULT", "aerial", "", "", "حمله موشکی", false, "Explosions/Remote violence, Shelling/artillery/missile attack"},
		{"ASSAULT", "aerial", "", "", "حمله هوایی", false, "Explosions/Remote violence, Air/drone strike"},
		{"ASSAULT", "aerial", "", "", "حمله", false, "Explosions/Remote violence, "},
		{"ASSAULT", "explosives", "", "", "انفجار نارنجک", false, "Explosions/Remote violence, Grenade"},
		{"ASSAULT", "explosives", "", "", "انفجار", false, "Explosions/Remote violence, Remote explosive/landmine/IED"},
		{"ASSAULT", "crowd-control", "", "", "سرکوب", true, "Protests, Excessive force against protesters"},
		{"ASSAULT", "crowd-control", "", "", "سرکوب", false, "Protests, Protest with intervention"},
		{"COERCE", "arrest", "", "", "بازداشت", false, "Strategic developments, Arrests"},
		{"COERCE", "censor", "", "", "سانسور", false, "out"},
		{"AGREE", "", "", "", "وعده", false, "out"},
		{"AGREE", "", "", "", "توافق", false, "Strategic developments, Agreement"},
		{"THREATEN", "violence", "", "", "تهدید", false, "out"},
		{"CONSULT", "visit", "", "", "دیدار", false, "out"},
		{"PROTEST", "strike", "", "", "اعتصاب", false, "out"},
		{"PROTEST", "demo", "", "", "تظاهرات", false, "Protests, "},
		{"PROTEST", "demo", "", "", "تظاهرات مسالمت‌آمیز", false, "Protests, Peaceful protest"},
		{"NOVEL", "", "", "", "x", false, "out"},
	} {
		e := &record.Event{Type: c.typ, Trigger: record.Quote{Text: c.trigger}, Actor: ref(c.actor), Recipient: ref(c.recipient), Status: "happened"}
		if c.mode != "" {
			e.Mode = &c.mode
		}
		if c.killed {
			e.Killed = &two
		}
		got := "out"
		if r := v.acledRule(e); r != nil {
			got = r.event + ", " + r.sub
		}
		if got != c.want {
			t.Errorf("%s %s «%s» %s → %s: %s, want %s", c.typ, c.mode, c.trigger, c.actor, c.recipient, got, c.want)
		}
	}
}

func TestACLEDGolden(t *testing.T) {
	main, side := written(t, "acled", items(t), Options{})
	golden(t, "acled.csv", main)
	golden(t, "acled.sidecar.jsonl", side)
	main, _ = written(t, "acled", items(t), Options{Unrealised: true})
	golden(t, "acled-unrealised.csv", main)
}

// TestRowsHappened: no row of acled or ged tells of what did not happen, every
// row has its line in the sidecar, and every number of dead is one of the record.
func TestRowsHappened(t *testing.T) {
	events, numbers := map[string]*record.Event{}, map[string]map[string]bool{}
	for _, it := range items(t) {
		for i := range it.Record.Events {
			e := &it.Record.Events[i]
			id := it.ID + "-" + e.ID
			events[id], numbers[id] = e, map[string]bool{"": true}
			for _, n := range it.Record.Numbers {
				numbers[id][show(n.Min)], numbers[id][show(n.Max)] = true, true
			}
		}
	}
	for format, columns := range map[string][]string{
		"acled": {"event_id_cnty", "fatalities"},
		"ged":   {"id", "best", "low", "high", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"},
	} {
		for _, opt := range []Options{{}, {All: true}, {Unrealised: true}} {
			main, side := written(t, format, items(t), opt)
			_, rows := tableOf(t, main)
			if len(rows) == 0 {
				t.Errorf("%s: no rows", format)
			}
			beside := strings.Split(strings.TrimSpace(side), "\n")
			if len(beside) != len(rows) {
				t.Fatalf("%s: %d rows, %d lines beside", format, len(rows), len(beside))
			}
			for i, row := range rows {
				id := row[columns[0]]
				e := events[id]
				if e == nil {
					t.Fatalf("%s: row %q is no event", format, id)
				}
				if !opt.Unrealised && e.Status != "happened" && e.Status != "ongoing" {
					t.Errorf("%s: %s is %s", format, id, e.Status)
				}
				if e.Status != "happened" && e.Status != "ongoing" && !strings.Contains(row["notes"]+row["code_status"], e.Status) {
					t.Errorf("%s: %s does not say that it is %s", format, id, e.Status)
				}
				for _, c := range columns[1:] {
					if !numbers[id][row[c]] {
						t.Errorf("%s: %s: %s is %s, a number that the record has not", format, id, c, row[c])
					}
				}
				var x side2
				if err := json.Unmarshal([]byte(beside[i]), &x); err != nil {
					t.Fatal(err)
				}
				if x.Row != id || x.Event.ID != e.ID || x.Report.Record == "" {
					t.Errorf("%s: line %d beside is of %s", format, i+1, x.Row)
				}
			}
		}
	}
}

// side2 is read from a sidecar by hand: the test shares no type with the writer.
type side2 struct {
	Row    string `json:"row"`
	Report struct {
		Record string `json:"record"`
	} `json:"report"`
	Event struct {
		ID string `json:"id"`
	} `json:"event"`
}

func TestACLEDDates(t *testing.T) {
	for value, want := range map[string]string{
		"2007-04-15":            "2007-04-15 2007 1",
		"2007-04-15TNI":         "2007-04-15 2007 1",
		"2007-04-15~":           "2007-04-15 2007 2",
		"2007-04-15/2007-04-20": "2007-04-15 2007 2",
		"2007-04":               "2007-04-01 2007 3",
		"2021-02-19/2021-03-20": "2021-02-19 2021 3",
		"2007":                  " 2007 ",
		"2007/2009":             "  ",
		"2007-04-15/..":         "  ",
		"PAST_REF":              "  ",
		"XXXX-jal-12-16":        "  ",
	} {
		row := map[string]any{}
		newView(&Item{Record: &record.Record{}}).acledDate(&record.Event{Date: &record.DateRef{Value: value}}, row)
		if got := strings.Join([]string{cell(row["event_date"]), cell(row["year"]), cell(row["time_precision"])}, " "); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
}

func TestInteraction(t *testing.T) {
	v := newView(&Item{Record: &record.Record{Entities: []record.Entity{
		{ID: "iraq", Type: "STATE", Name: "عراق"}, {ID: "usa", Type: "STATE", Name: "آمریکا"}, {ID: "~c", Type: "GRP", Name: "غیرنظامیان"},
		{ID: "mosul", Type: "PLACE", Name: "موصل", NameEn: "Mosul", Place: &record.Geo{Country: "IQ", Precision: "city"}}}}})
	at := &record.Ref{Entity: "mosul"}
	for _, c := range []struct {
		e    record.Event
		want string
	}{
		{record.Event{Type: "ASSAULT", Actor: []record.Ref{{Entity: "iraq"}}, Recipient: []record.Ref{{Entity: "~c"}}, Place: at}, "1 7 17"},
		{record.Event{Type: "ASSAULT", Actor: []record.Ref{{Entity: "usa"}}, Recipient: []record.Ref{{Entity: "~c"}}, Place: at}, "8 7 78"},
		{record.Event{Type: "ASSAULT", Actor: []record.Ref{{Entity: "usa"}}, Recipient: []record.Ref{{Entity: "~c"}}}, " 7 "},
		{record.Event{Type: "PROTEST", Actor: []record.Ref{{Entity: "~c"}}, Place: at}, "6  60"},
	} {
		row := map[string]any{}
		v.acledActors(&c.e, &acledRule{disorder: "Political violence"}, row)
		if got := strings.Join([]string{cell(row["inter1"]), cell(row["inter2"]), cell(row["interaction"])}, " "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.e.Actor, got, c.want)
		}
	}
}
