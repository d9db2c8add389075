package export

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestTold: the incident of an event and the independent origins behind it
// stand in every format that has a place for them, and only beside that event.
func TestTold(t *testing.T) {
	list := items(t)
	main, side := written(t, "ged", list, Options{})
	_, rows := tableOf(t, main)
	for _, r := range rows {
		want := [2]string{"", "1"}
		if r["id"] == "chain-e2" {
			want = [2]string{"incident-1", "3"}
		}
		if got := [2]string{r["relid"], r["number_of_sources"]}; got != want {
			t.Errorf("ged %s: %v, want %v", r["id"], got, want)
		}
	}
	if n := strings.Count(side, `"incident":{"incident":"incident-1","origins":3,"reports":12}`); n != 1 {
		t.Errorf("ged, sidecar: %d lines name the incident", n)
	}
	main, _ = written(t, "acled", list, Options{})
	_, rows = tableOf(t, main)
	for _, r := range rows {
		tag, note := "incident=incident-1; independent sources=3", "One of 12 reports of incident incident-1, which has 3 independent sources."
		if it := r["event_id_cnty"] == "chain-e2"; strings.Contains(r["tags"], tag) != it || strings.Contains(r["notes"], note) != it {
			t.Errorf("acled %s: tags %q, notes %q", r["event_id_cnty"], r["tags"], r["notes"])
		}
	}
	main, _ = written(t, "csv", list, Options{})
	_, rows = tableOf(t, main)
	for _, r := range rows {
		if it := r["report"] == "chain" && r["event"] == "e2"; (r["incident"] == "incident-1" && r["origins"] == "3") != it || !it && r["incident"]+r["origins"] != "" {
			t.Errorf("csv %s %s: %q, %q", r["report"], r["event"], r["incident"], r["origins"])
		}
	}
	for _, r := range readRows[eventRow](t, Events, stream(list)) {
		if it := r.Report == "chain" && r.Event == "e2"; (str(r.Incident) == "incident-1") != it || it != (r.Origins != nil && *r.Origins == 3) {
			t.Errorf("parquet %s %s: %v, %v", r.Report, r.Event, r.Incident, r.Origins)
		}
	}
	main, _ = written(t, "geojson", list, Options{})
	if n := strings.Count(main, `"incident":"incident-1","origins":3`); n != 1 {
		t.Errorf("geojson: %d features name the incident", n)
	}
	main, _ = written(t, "jsonl", list, Options{})
	for i, line := range strings.Split(strings.TrimSpace(main), "\n") {
		var x struct{ Incidents map[string]Telling }
		if err := json.Unmarshal([]byte(line), &x); err != nil || len(x.Incidents) != len(list[i].Told) {
			t.Errorf("jsonl %s: %v, %v", list[i].ID, x.Incidents, err)
		}
	}
}

// TestToldBadly: what no linking gives makes no row that lies.
func TestToldBadly(t *testing.T) {
	it := *items(t)[0]
	it.Told = map[string]Telling{"e2": {Incident: "x"}, "e1": {Origins: 7}, "e99": {Incident: "y", Origins: 2}}
	main, _ := written(t, "ged", []*Item{&it}, Options{})
	_, rows := tableOf(t, main)
	for _, r := range rows {
		if r["number_of_sources"] != "1" {
			t.Errorf("%s: %s sources", r["id"], r["number_of_sources"])
		}
	}
}
