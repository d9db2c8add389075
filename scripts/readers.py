"""Checks a folder of exports against its jsonl export. scripts/readers runs it."""

import datetime
import json
import math
import os
import re
import sys
import unicodedata

import duckdb
import openpyxl
import pandas
from followthemoney import model
from followthemoney.exc import InvalidData

folder = sys.argv[1]
failures = 0


def path(name):
    return os.path.join(folder, name)


def check(ok, what):
    """Counts what is wrong; goes on, so that one run shows all of it."""
    global failures
    if not ok:
        failures += 1
        if failures <= 40:
            print("WRONG:", what)


def same(got, want, what):
    check(got == want, f"{what}: {got!r}, want {want!r}")


def lines(name):
    with open(path(name), encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def happened(e):
    return e["status"] in ("happened", "ongoing")


reports = lines("jsonl.jsonl")
kinds = ["reports", "events", "statements", "chain", "mentions", "entities", "times", "numbers"]
rows = {k: [(r["ledger"]["id"], x) for r in reports for x in r["record"][k]] for k in kinds if k not in ("reports", "chain")}
rows["reports"] = [(r["ledger"]["id"], r) for r in reports]


def read_jsonl():
    for r in reports:
        same(sorted(set(r) - {"incidents"}), ["ledger", "record", "review", "schema"], "jsonl: fields")
        text = r["record"]["document"]["text"]
        for m in r["record"]["mentions"]:
            same(text[m["start"] : m["end"]], m["text"], "jsonl: a mention's words")
    judged = [f for r in reports if r["review"] for f in r["review"]["findings"]]
    same({f["verdict"] for f in judged}, {"accepted", "corrected", "added", "rejected"}, "jsonl: verdicts")
    return f"{len(reports)} reports, {len(rows['events'])} events, {len(judged)} judged findings"


def read_parquet():
    con = duckdb.connect()

    def q(sql):
        return con.execute(sql).fetchall()

    files = {k: path(f"parquet.{k}.parquet") for k in kinds}
    for k, f in files.items():
        if k != "chain":
            same(q(f"select count(*) from '{f}'")[0][0], len(rows[k]), f"parquet: rows of {k}")
    links = sum(2 + len(s["via"]) for _, s in rows["statements"])
    same(q(f"select count(*) from '{files['chain']}'")[0][0], links, "parquet: rows of chain")

    types = {name: kind for name, kind, *_ in q(f"describe select * from '{files['events']}'")}
    for name, kind in {"published": "DATE", "date_first": "DATE", "date_last": "DATE", "killed_min": "BIGINT", "latitude": "DOUBLE",
                       "claim": "BOOLEAN", "actor": "VARCHAR[]", "chain": "VARCHAR[]", "trigger_start": "INTEGER", "trigger": "VARCHAR"}.items():
        same(types.get(name), kind, f"parquet: type of events.{name}")
    types = {name: kind for name, kind, *_ in q(f"describe select * from '{files['reports']}'")}
    check(types["added"].startswith("TIMESTAMP"), f"parquet: type of reports.added: {types['added']}")

    got = q(f"""select report, event, type, mode, status, trigger, trigger_start, trigger_end, claim, said_by, actor, recipient, place,
        date, killed_min, killed_max, weapon, rule from '{files['events']}'""")
    want = []
    for r in reports:
        for e in r["record"]["events"]:
            killed = r["record"]["numbers"][e["killed"]] if e["killed"] is not None else {"min": None, "max": None}
            want.append((r["ledger"]["id"], e["id"], e["type"], e["mode"], e["status"], e["trigger"]["text"], e["trigger"]["start"],
                         e["trigger"]["end"], e["said_by"] is not None, e["said_by"], [a["entity"] for a in e["actor"]],
                         [a["entity"] for a in e["recipient"]], e["place"]["entity"] if e["place"] else None,
                         e["date"]["value"] if e["date"] else None, killed["min"], killed["max"],
                         e["weapon"]["text"] if e["weapon"] else None, e["rule"]))
    same(got, want, "parquet: events")
    for value, first, last in q(f"select date, date_first, date_last from '{files['events']}' where date_first is not null"):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            same((first, last), (datetime.date.fromisoformat(value),) * 2, "parquet: days of " + value)
    same(q(f"select report, text, sha256 from '{files['reports']}'"),
         [(i, r["record"]["document"]["text"], r["record"]["document"]["sha256"]) for i, r in rows["reports"]], "parquet: texts")
    same(q(f"select report, text, start, \"end\", entity, form, loaded from '{files['mentions']}'"),
         [(i, m["text"], m["start"], m["end"], m["entity"], m["form"], m["loaded"]) for i, m in rows["mentions"]], "parquet: mentions")
    same(q(f"select report, text, min, max, unit, hedge from '{files['numbers']}'"),
         [(i, n["text"], n["min"], n["max"], n["unit"], n["hedge"]) for i, n in rows["numbers"]], "parquet: numbers")
    same(q(f"select report, text, value, calendar from '{files['times']}'"),
         [(i, t["text"], t["value"], t["calendar"]) for i, t in rows["times"]], "parquet: times")
    same(q(f"select report, entity, name, known from '{files['entities']}'"),
         [(i, e["id"], e["name"], e["known"]) for i, e in rows["entities"]], "parquet: entities")
    same(q(f"select report, statement, act, quoted, speaker from '{files['statements']}'"),
         [(i, s["id"], s["act"], s["quoted"], s["speaker"]) for i, s in rows["statements"]], "parquet: statements")
    # What words a quotation has is what the text has at its place, as DuckDB counts.
    wrong = q(f"""select count(*) from '{files['mentions']}' m join '{files['reports']}' r using (report)
        where array_to_string(list_slice(string_split(r.text, ''), m.start + 1, m."end"), '') <> m.text""")[0][0]
    same(wrong, 0, "parquet: mentions that DuckDB finds elsewhere")
    return f"{len(files)} files read by DuckDB {duckdb.__version__}"


def read_geojson():
    n = 0
    for name, every in (("geojson.geojson", False), ("geojson.all.geojson", True)):
        with open(path(name), encoding="utf-8") as f:
            doc = json.load(f)
        same(doc["type"], "FeatureCollection", name)
        want = [(i, e) for i, e in rows["events"] if every or happened(e)]
        same([f["id"] for f in doc["features"]], [f"{i}#{e['id']}" for i, e in want], name + ": features")
        places = {(i, e["id"]): e for i, e in rows["entities"]}
        for feature, (i, e) in zip(doc["features"], want):
            n += 1
            same(set(feature), {"type", "id", "geometry", "properties"}, name + ": members of a feature")
            p, g = feature["properties"], feature["geometry"]
            same((p["quote"], p["status"], p["claim"]), (e["trigger"]["text"], e["status"], e["said_by"] is not None), name + ": " + feature["id"])
            at = places[i, e["place"]["entity"]].get("place") if e["place"] else None
            if at is None:
                same(g, None, name + ": geometry of an event without coordinates")
                continue
            same(g, {"type": "Point", "coordinates": [at["lon"], at["lat"]]}, name + ": geometry")
            check(-180 <= g["coordinates"][0] <= 180 and -90 <= g["coordinates"][1] <= 90, name + ": coordinates")
            same(p["precision"], at["precision"], name + ": precision")
            check(p["radius_km"] is None or p["radius_km"] > 0, name + ": radius")
    return f"{n} features"


def read_annotations():
    with open(path("webannotation.jsonld"), encoding="utf-8") as f:
        doc = json.load(f)
    same(doc["@context"], "http://www.w3.org/ns/anno.jsonld", "annotations: context")
    page = doc["first"]
    same((doc["type"], page["type"], page["partOf"], doc["last"]), ("AnnotationCollection", "AnnotationPage", doc["id"], page["id"]), "annotations: page")
    same(doc["total"], len(page["items"]), "annotations: total")
    motivations = {"assessing", "classifying", "commenting", "describing", "editing", "identifying", "linking", "tagging"}
    texts, ids, resolved, made = {}, set(), 0, {}
    for a in page["items"]:
        check(a["id"] not in ids, "annotations: a second " + a["id"])
        ids.add(a["id"])
        same(a["type"], "Annotation", a["id"])
        check(a["motivation"] in motivations, a["id"] + ": motivation " + a["motivation"])
        for c in a["creator"] if isinstance(a["creator"], list) else [a["creator"]]:
            check(c["type"] in ("Software", "Person") and c["id"] and c["name"], a["id"] + ": creator")
            made[c["type"]] = made.get(c["type"], 0) + 1
        for b in a["body"]:
            check(b.get("purpose", "describing") in motivations, a["id"] + ": purpose")
            same("value" in b, b["type"] == "TextualBody", a["id"] + ": value of a body")
            if b.get("format") == "application/json":
                json.loads(b["value"])
        for t in a["target"] if isinstance(a["target"], list) else [a["target"]]:
            if isinstance(t, str):
                check(t in ids, a["id"] + ": target " + t)
                continue
            if a["id"].endswith(":text"):
                texts[t["source"]] = a["body"][0]["value"]
            if "selector" not in t:
                continue
            pos, quote = t["selector"]
            same((pos["type"], quote["type"]), ("TextPositionSelector", "TextQuoteSelector"), a["id"])
            text = texts[t["source"]]  # Python counts code points, as the model asks
            same(text[pos["start"] : pos["end"]], quote["exact"], a["id"] + ": position")
            at = text.find(quote["prefix"] + quote["exact"] + quote["suffix"])
            same(at + len(quote["prefix"]), pos["start"], a["id"] + ": quotation")
            resolved += 1
    want = sum(len(rows[k]) for k in ("events", "statements", "mentions", "times", "numbers"))
    got = sum(1 for a in page["items"] if re.search(r":(event|statement|mention|time|number):\d+-\d+(:\d+)?$", a["id"]) and ":link:" not in a["id"])
    same(got, want, "annotations: findings")
    return f"{len(ids)} annotations, {resolved} selector pairs resolved, creators {made}"


def seen(text):
    """What is seen of a text: composed, without format characters."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(c for c in composed if unicodedata.category(c) != "Cf").split())


def read_ftm():
    counts = {}
    for name, every in (("ftm.ftm.jsonl", False), ("ftm.all.ftm.jsonl", True)):
        entities, references = {}, []
        for data in lines(name):
            schema = model.get(data["schema"])
            if schema is None or schema.abstract:
                check(False, f"{name}: schema {data['schema']}")
                continue
            check(data["id"] not in entities or model.get(entities[data["id"]]).is_a("Thing"), f"{name}: a second {data['id']}")
            entities[data["id"]] = data["schema"]
            counts[data["schema"]] = counts.get(data["schema"], 0) + 1
            try:
                schema.validate(data)
                proxy = model.get_proxy(data)
            except InvalidData as e:
                check(False, f"{name}: {data['id']}: {e} {e.errors}")
                continue
            for prop in schema.required:
                check(data["properties"].get(prop), f"{name}: {data['schema']} without {prop}")
            for prop, values in data["properties"].items():
                p = schema.properties.get(prop)
                if p is None:
                    check(False, f"{name}: {data['schema']} has no property {prop}")
                    continue
                check(not p.stub, f"{name}: {p} is the other end of a property")
                same(len(proxy.get(prop)), len(set(values)), f"{name}: values of {p} that are kept")
                for value in values:
                    check(len(value) <= p.max_length, f"{name}: {p} of {len(value)} code points")
                    # FtM cleans what it is given. A text as it came may lose half-spaces and other signs that are not seen, and
                    # change to composed letters; an address, date or code may not change at all.
                    clean = p.type.clean(value, proxy=proxy)
                    if p.type.name in ("name", "string", "text", "address"):
                        check(clean is not None and seen(clean) == seen(value), f"{name}: {p}: {value!r} becomes {clean!r}")
                    else:
                        same(clean, value, f"{name}: {p}, cleaned")
                    if p.type.name == "entity":
                        references.append((p, value))
        for p, value in references:
            check(value in entities and model.get(entities[value]).is_a(p.range), f"{name}: {p} points to {value}, {entities.get(value)}")
        done = [e for _, e in rows["events"] if every or happened(e)]
        same(sum(1 for s in entities.values() if s == "Event"), len(done), name + ": events")
        same(sum(1 for s in entities.values() if s == "Article"), len(reports), name + ": articles")
        same(sum(1 for s in entities.values() if s == "Note"), len(rows["statements"]), name + ": notes")
    return f"{sum(counts.values())} entities valid: " + ", ".join(f"{n} {s}" for s, n in sorted(counts.items()))


def read_tables():
    done = []
    for k in kinds:
        name = f"csv.{k}.csv"
        table = pandas.read_csv(path(name), dtype=str, keep_default_na=False, encoding="utf-8-sig")
        check(table.columns.is_unique, name + ": columns")
        if k != "chain":
            same(len(table), len(rows[k]), name + ": rows")
        done.append(k)
        if k == "events":
            same(list(table["trigger"]), [e["trigger"]["text"] for _, e in rows[k]], name + ": triggers")
            same([int(x) for x in table["trigger_start"]], [e["trigger"]["start"] for _, e in rows[k]], name + ": starts")
    book = openpyxl.load_workbook(path("xlsx.xlsx"), read_only=False)
    same(book.sheetnames, kinds, "xlsx: sheets")
    for k in kinds:
        sheet = book[k]
        check(sheet.sheet_view.rightToLeft, f"xlsx: {k} runs from left to right")
        if k != "chain":
            same(sheet.max_row - 1, len(rows[k]), f"xlsx: rows of {k}")
    column = [c.value for c in book["events"][1]].index("trigger") + 1
    same([book["events"].cell(i, column).value for i in range(2, len(rows["events"]) + 2)], [e["trigger"]["text"] for _, e in rows["events"]], "xlsx: triggers")

    acled = pandas.read_csv(path("acled.csv"))
    same(len(acled.columns), 31, "acled: columns")
    check(acled["event_id_cnty"].is_unique, "acled: event_id_cnty")
    dated = acled[acled["event_date"].notna()]
    same(list(pandas.to_datetime(dated["event_date"]).dt.year), list(dated["year"]), "acled: years")
    check(set(acled["geo_precision"].dropna()) <= {1, 2, 3} and set(acled["time_precision"].dropna()) <= {1, 2, 3}, "acled: precisions")
    status = {(i, e["id"]): e["status"] for i, e in rows["events"]}
    for i in acled["event_id_cnty"]:
        report, _, event = i.rpartition("-")
        check(status.get((report, event)) in ("happened", "ongoing"), f"acled: {i} is {status.get((report, event))}")
    ged = pandas.read_csv(path("ged.csv"))
    same(len(ged.columns), 49, "ged: columns")
    for _, row in ged.iterrows():  # a bound or day that no report gives is empty, and compares with nothing
        check(not row["low"] > row["best"] and not row["best"] > row["high"], f"ged: {row['low']} to {row['high']}, best {row['best']}")
        ends = [x for x in (row["date_start"], row["date_end"]) if isinstance(x, str)]
        check(ends == sorted(ends), f"ged: {ends}")
        if not math.isnan(row["latitude"]):
            numbers = [float(x) for x in re.findall(r"-?[0-9.]+", row["geom_wkt"])]
            same(numbers, [row["longitude"], row["latitude"]], "ged: geom_wkt")
    plover = lines("plover.jsonl")
    for e in plover:
        check({"id", "date", "actor", "event"} <= set(e), "plover: required fields")
    same(len({e["id"] for e in plover}), len(plover), "plover: ids")
    return f"8 csv tables and acled ({len(acled)} rows), ged ({len(ged)}) by pandas {pandas.__version__}, 8 sheets by openpyxl, {len(plover)} plover events"


def read_incidents():
    want = lines("jsonl.incidents.jsonl")
    ids = [x["incident"]["id"] for x in want]
    same(len(set(ids)), len(ids), "incidents: ids")
    con = duckdb.connect()
    got = con.execute(f"select incident, origins, killed_best, date_first, outlets, happened from '{path('parquet.incidents.parquet')}'").fetchall()
    same([r[0] for r in got], ids, "incidents: parquet rows")
    same([r[1] for r in got], [max(x["incident"]["table"]["origins"], 1) for x in want], "incidents: origins")
    table = pandas.read_csv(path("csv.incidents.csv"), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    same([i.removeprefix("'") for i in table["incident"]], ids, "incidents: csv rows")
    for (_, _, killed, day, outlets, happened), (_, row) in zip(got, table.iterrows()):
        same(row["killed_best"], "" if killed is None else str(killed), "incidents: killed_best")
        same(row["date_first"], "" if day is None else day.isoformat(), "incidents: date_first")
        same(row["outlets"], " | ".join(outlets), "incidents: outlets")
        same(row["happened"], str(happened).lower(), "incidents: happened")
    sheet = openpyxl.load_workbook(path("xlsx.incidents.xlsx"))["incidents"]
    same([r[0].value for r in sheet.iter_rows(min_row=2)], ids, "incidents: sheet")
    with open(path("geojson.incidents.geojson"), encoding="utf-8") as f:
        features = json.load(f)["features"]
    check({x["id"] for x in features} <= set(ids), "incidents: features")
    for name, column, count in (("acled", "event_id_cnty", 31), ("ged", "id", 49)):
        coded = pandas.read_csv(path(f"{name}.incidents.csv"), dtype={column: str})
        same(len(coded.columns), count, f"incidents, {name}: columns")
        check({i.removeprefix("'") for i in coded[column]} <= set(ids), f"incidents, {name}: ids")
    ged = pandas.read_csv(path("ged.incidents.csv"))
    for _, row in ged.iterrows():
        check(not row["low"] > row["best"] and not row["best"] > row["high"], f"incidents, ged: {row['low']} to {row['high']}, best {row['best']}")
        check(row["number_of_sources"] >= 1, "incidents, ged: sources")
        parts = [row[c].split("; ") for c in ("source_article", "source_office")]
        same(len(parts[0]), len(parts[1]), "incidents, ged: sources")
    relays = con.execute(f"select from_report, to_report, lag_seconds, confidence from '{path('parquet.relays.parquet')}'").fetchall()
    same([r[:2] for r in relays], [(x["from_report"], x["to_report"]) for x in lines("jsonl.relays.jsonl")], "relays: rows")
    same(len(pandas.read_csv(path("csv.relays.csv"), encoding="utf-8-sig")), len(relays), "relays: csv rows")
    same(openpyxl.load_workbook(path("xlsx.relays.xlsx"))["relays"].max_row, len(relays) + 1, "relays: sheet")
    return f"{len(ids)} incidents, {len(ged)} lethal, {len(features)} on the map; {len(relays)} relays"


for name, reader in (("jsonl", read_jsonl), ("parquet", read_parquet), ("geojson", read_geojson), ("webannotation", read_annotations),
                     ("ftm", read_ftm), ("tables", read_tables), ("incidents", read_incidents)):
    before = failures
    said = reader()
    print(f"{'ok' if failures == before else 'WRONG':6}{name:15}{said}")
if failures:
    sys.exit(f"{failures} mismatches")
