package record_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/fa/when"
	"github.com/sanad-project/sanad/internal/valid"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

// full is a report, read by hand, with one of everything.
func full() *report.Report {
	text := "رویترز: پلیس بغداد گفت 😀 سه نفر دیروز با بمب کشته شدند"
	at := func(s string) span.Span {
		i := strings.Index(text, s)
		return span.Span{Start: i, End: i + len(s)}
	}
	three := int64(3)
	ref := func(id, s string) report.Ref { return report.Ref{Entity: id, Span: at(s)} }
	place, to := ref("baghdad", "بغداد"), ref("reuters", "رویترز")
	return &report.Report{ID: "x", Text: text, OutletID: "reuters", Published: when.Date{Year: 2024, Month: 3, Day: 10},
		Entities: []report.Entity{
			{ID: "reuters", Type: report.MEDIA, Name: "رویترز", Known: true},
			{ID: "police", Type: report.ORG, Name: "پلیس بغداد", Roles: []report.Role{{Title: "پلیس", Of: "baghdad", Span: at("پلیس")}}},
			{ID: "baghdad", Type: report.PLACE, Name: "بغداد", Known: true, Place: &report.Geo{GeoNames: 98182, Lat: 33.3, Lon: 44.4, Country: "IQ", Precision: "city"}}},
		Mentions:   []report.Mention{{Span: at("رویترز"), Entity: "reuters", Form: report.Name}, {Span: at("پلیس بغداد"), Entity: "police", Form: report.Name}},
		Times:      []when.Time{{Span: at("دیروز"), Kind: when.DATE, Value: "2024-03-09", Calendar: "relative"}},
		Numbers:    []number.Amount{{Span: at("سه نفر"), Min: &three, Max: &three, Hedge: number.Exact, Unit: "killed"}},
		Loaded:     []report.Loaded{{Span: at("پلیس"), Entity: "police"}},
		Statements: []report.Statement{{ID: "s1", Speaker: ref("police", "پلیس بغداد"), Cue: at("گفت"), Act: report.Say, Content: []span.Span{at("سه نفر دیروز با بمب کشته شدند")}, Via: []report.Ref{to}, Addressee: &to}},
		Events: []report.Event{{ID: "e1", Trigger: at("کشته"), Type: "ASSAULT", Mode: "explosives", Status: report.Happened, SaidBy: "s1", Killed: 0, Wounded: -1, Count: -1,
			Place: &place, Recipient: []report.Ref{ref("police", "سه نفر")}, Date: &report.DateRef{Value: "2024-03-09", Span: at("دیروز")}, Weapon: at("بمب"), Rule: "r"}},
		Notes: []report.Note{{Span: at("بمب"), Stage: "x", Text: "a note"}},
	}
}

func TestFull(t *testing.T) {
	d := record.From(full())
	if err := valid.Record(d); err != nil {
		t.Error(err)
	}
	// Offsets count code points: the emoji is one.
	runes := []rune(d.Document.Text)
	if m := d.Events[0].Weapon; string(runes[m.Start:m.End]) != "بمب" {
		t.Errorf("the weapon's span quotes %q", string(runes[m.Start:m.End]))
	}
}

// TestDamage: each damage gives exactly one error, which names the place.
func TestDamage(t *testing.T) {
	five := 5
	nobody := "nobody"
	for name, c := range map[string]struct {
		damage func(d *record.Record)
		want   string
	}{
		"text":        {func(d *record.Record) { d.Document.SHA256 = strings.Repeat("0", 64) }, "document.sha256"},
		"outlet":      {func(d *record.Record) { d.Document.Outlet = &nobody }, "document.outlet"},
		"span":        {func(d *record.Record) { d.Mentions[1].End = 9999 }, "mentions[1]"},
		"empty span":  {func(d *record.Record) { d.Statements[0].Content[0].End = d.Statements[0].Content[0].Start }, "statements[0].content[0]"},
		"quote":       {func(d *record.Record) { d.Times[0].Start-- }, "times[0]"},
		"mention":     {func(d *record.Record) { d.Mentions[0].Entity = "nobody" }, "mentions[0]"},
		"role":        {func(d *record.Record) { d.Entities[1].Roles[0].Of = &nobody }, "entities[1].roles[0].of"},
		"twice":       {func(d *record.Record) { d.Entities = append(d.Entities, d.Entities[0]) }, "entities[3]"},
		"order":       {func(d *record.Record) { d.Mentions[0], d.Mentions[1] = d.Mentions[1], d.Mentions[0] }, "mentions[1]"},
		"statement":   {func(d *record.Record) { d.Events[0].SaidBy = &nobody }, "events[0].said_by"},
		"number":      {func(d *record.Record) { d.Events[0].Killed = &five }, "events[0]: no number 5"},
		"addressee":   {func(d *record.Record) { d.Statements[0].Addressee.Entity = "nobody" }, "statements[0].addressee"},
		"via":         {func(d *record.Record) { d.Statements[0].Via[0].Span.Text = "x" }, "statements[0].via[0]"},
		"open number": {func(d *record.Record) { d.Numbers[0].Min, d.Numbers[0].Max = nil, nil }, "numbers[0]"},
	} {
		d := record.From(full())
		c.damage(d)
		errs := d.Check()
		if len(errs) != 1 || !strings.Contains(errs[0].Error(), c.want) {
			t.Errorf("%s: %v, want one error about %s", name, errs, c.want)
		}
	}
}

// TestSchemaRefuses: what the contract does not allow, the schema does not.
func TestSchemaRefuses(t *testing.T) {
	for name, damage := range map[string]func(d *record.Record){
		"entity type":  func(d *record.Record) { d.Entities[0].Type = "THING" },
		"event type":   func(d *record.Record) { d.Events[0].Type = "FIGHT" },
		"mode":         func(d *record.Record) { m := "bomb"; d.Events[0].Mode = &m },
		"status":       func(d *record.Record) { d.Events[0].Status = "maybe" },
		"act":          func(d *record.Record) { d.Statements[0].Act = "shout" },
		"unit":         func(d *record.Record) { d.Numbers[0].Unit = "" },
		"time value":   func(d *record.Record) { d.Times[0].Value = "دیروز" },
		"published":    func(d *record.Record) { p := "1402/12/20"; d.Document.Published = &p },
		"no content":   func(d *record.Record) { d.Statements[0].Content = []record.Span{} },
		"statement id": func(d *record.Record) { d.Statements[0].ID = "e1" },
		"offset":       func(d *record.Record) { d.Mentions[0].Start = -1 },
	} {
		d := record.From(full())
		damage(d)
		raw, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid.JSON(raw); err == nil || !strings.Contains(err.Error(), "jsonschema") {
			t.Errorf("%s: the schema says %v", name, err)
		}
	}
}
