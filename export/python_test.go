package export

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPython opens the exports with what their users open them with: Python's
// csv, pandas and openpyxl. Where these are not installed the test is skipped
// and says so; with SANAD_PYTHON set to an interpreter it has to pass.
func TestPython(t *testing.T) {
	python, must := os.LookupEnv("SANAD_PYTHON")
	if !must {
		python = "python3"
	}
	if out, err := exec.Command(python, "-c", "import pandas, openpyxl").CombinedOutput(); err != nil {
		if must {
			t.Fatalf("%s cannot import pandas and openpyxl: %v\n%s", python, err, out)
		}
		t.Skip("SKIPPED, NOT PASSED: exports were not read by an independent program. It wants a Python with pandas and openpyxl: " +
			"python3 -m venv venv && venv/bin/pip install pandas openpyxl && SANAD_PYTHON=$PWD/venv/bin/python go test ./export")
	}
	dir := t.TempDir()
	for name, f := range map[string]struct {
		format string
		opt    Options
	}{
		"acled.csv": {"acled", Options{}}, "ged.csv": {"ged", Options{}}, "plover.jsonl": {"plover", Options{}},
		"reports.csv": {"csv", Options{Kind: Reports}}, "book.xlsx": {"xlsx", Options{}},
	} {
		main, _ := written(t, f.format, items(t), f.opt)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(main), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(python, filepath.Join("testdata", "read.py"), dir)
	cmd.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	raw, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	type coded struct {
		Columns  []string   `json:"columns"`
		Rows     [][]string `json:"rows"`
		Frame    int        `json:"frame"`
		Numbers  []*int64   `json:"numbers"`
		Latitude string     `json:"latitude"`
		Days     []*string  `json:"days"`
	}
	var got struct {
		ACLED   coded `json:"acled"`
		GED     coded `json:"ged"`
		Reports struct {
			Columns []string  `json:"columns"`
			Titles  []*string `json:"titles"`
		} `json:"reports"`
		PLOVER []string `json:"plover"`
		XLSX   map[string]struct {
			RTL      bool     `json:"rtl"`
			Freeze   string   `json:"freeze"`
			Filter   string   `json:"filter"`
			Formulas []string `json:"formulas"`
			Rows     [][]any  `json:"rows"`
		} `json:"xlsx"`
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}

	for name, c := range map[string]struct {
		got         coded
		order       string
		number, day string
	}{"acled": {got.ACLED, acledOrder, "fatalities", "event_date"}, "ged": {got.GED, gedOrder, "best", "date_start"}} {
		if d := cmp.Diff(strings.Split(c.order, ", "), c.got.Columns); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		main, _ := written(t, name, items(t), Options{})
		columns, rows := tableOf(t, main)
		if c.got.Frame != len(rows) || len(c.got.Rows) != len(rows) {
			t.Fatalf("%s: pandas has %d rows, the csv module %d, want %d", name, c.got.Frame, len(c.got.Rows), len(rows))
		}
		if c.got.Latitude != "float64" {
			t.Errorf("%s: latitude is %s", name, c.got.Latitude)
		}
		for i, row := range rows {
			for j, column := range columns {
				if c.got.Rows[i][j] != row[column] {
					t.Errorf("%s row %d, %s: %q, want %q", name, i, column, c.got.Rows[i][j], row[column])
				}
			}
			if n := strings.Replace(show(c.got.Numbers[i]), "-", "", 1); n != row[c.number] {
				t.Errorf("%s row %d: %s %s, want %s", name, i, c.number, n, row[c.number])
			}
			if d := str(c.got.Days[i]); d != row[c.day] {
				t.Errorf("%s row %d: %s %s, want %s", name, i, c.day, d, row[c.day])
			}
		}
	}

	if d := cmp.Diff(reportColumns, got.Reports.Columns); d != "" {
		t.Errorf("the byte order mark is in the way: %s", d)
	}
	n := 0
	for i, it := range items(t) {
		if title := unguard(str(got.Reports.Titles[i])); title != it.Title {
			t.Errorf("%s: title %q", it.ID, title)
		}
		n += len(it.Record.Events)
	}
	if len(got.PLOVER) != n {
		t.Errorf("plover: %d lines, want %d", len(got.PLOVER), n)
	}

	if len(got.XLSX) != len(Kinds()) {
		t.Errorf("%d sheets", len(got.XLSX))
	}
	for kind, s := range got.XLSX {
		if !s.RTL || s.Freeze != "A2" || !strings.HasPrefix(s.Filter, "A1:") || len(s.Formulas) > 0 {
			t.Errorf("%s: right to left %v, frozen at %s, filter %s, formulas %v", kind, s.RTL, s.Freeze, s.Filter, s.Formulas)
		}
		main, _ := written(t, "csv", items(t), Options{Kind: kind})
		if _, rows := tableOf(t, main); len(s.Rows) != len(rows)+1 {
			t.Errorf("%s: %d rows, want %d", kind, len(s.Rows), len(rows)+1)
		}
	}
	for i, it := range items(t) {
		row := got.XLSX[Reports].Rows[i+1]
		title, _ := row[1].(string)
		// openpyxl leaves the format's escape of a carriage return as it stands.
		text := strings.ReplaceAll(row[12].(string), "_x000D_", "\r")
		if title != it.Title || text != it.Record.Document.Text {
			t.Errorf("%s: title %q, text %q", it.ID, title, text)
		}
	}
}
