"""Reads exports as their users do, with the csv module, pandas and openpyxl,
and prints what came out as JSON for the Go test to compare."""
import csv
import json
import sys

import openpyxl
import pandas

folder = sys.argv[1]
out = {}

for name, number in (("acled", "fatalities"), ("ged", "best")):
    path = f"{folder}/{name}.csv"
    with open(path, encoding="utf-8", newline="") as f:
        rows = list(csv.reader(f))
    frame = pandas.read_csv(path)
    out[name] = {
        "columns": list(frame.columns),
        "rows": rows[1:],
        "frame": len(frame),
        "numbers": [None if pandas.isna(x) else int(x) for x in frame[number]],
        "latitude": str(frame["latitude"].dtype),
        "days": [None if pandas.isna(x) else str(x.date()) for x in pandas.to_datetime(frame["event_date" if name == "acled" else "date_start"])],
    }

frame = pandas.read_csv(f"{folder}/reports.csv")  # its byte order mark is skipped
out["reports"] = {"columns": list(frame.columns), "titles": [None if pandas.isna(x) else x for x in frame["title"]]}

with open(f"{folder}/plover.jsonl", encoding="utf-8") as f:
    out["plover"] = [json.loads(line)["id"] for line in f]

book = openpyxl.load_workbook(f"{folder}/book.xlsx")
out["xlsx"] = {}
for sheet in book:
    out["xlsx"][sheet.title] = {
        "rtl": sheet.sheet_view.rightToLeft,
        "freeze": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "formulas": [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"],
        "rows": [[c.value for c in row] for row in sheet.iter_rows()],
    }
json.dump(out, sys.stdout, ensure_ascii=False)
