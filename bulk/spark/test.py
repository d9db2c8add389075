"""Tests the job for Spark against the program itself; scripts/spark runs it.

    test.py SANAD SPARK_PYTHON FOLDER      (with a Python that has DuckDB)

1. One corpus of JSON Lines, compressed ones, a web archive, pages and bad input
   is read by "sanad read" and, on a cluster of two workers, by the job, one of
   whose workers is killed with -9 while it reads. The lines and the errors have to be
   the same, byte for byte and in any order.
2. The same for JSON Lines that Spark parts and pipes.
3. "sanad add" takes the job's Parquet, "sanad check" is content, and the ledger
   answers as one that was made of the articles. Its exports are asked the
   questions of bulk/sql by DuckDB and by Spark SQL; the answers have to be the same.
"""

import glob
import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time

import duckdb

sanad, python, work = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
FULL, BAD = '{"schema":"sanad.reading/1"', '{"error":'
quick = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # for processes that live a minute
started = time.time()


def say(text):
    print(f"{time.time() - started:5.0f} s  {text}", flush=True)


def fail(text):
    sys.exit("spark: " + text)


def run(*command, well=(0,)):
    p = subprocess.run(command, capture_output=True, text=True)
    if p.returncode not in well:
        fail(f"{' '.join(command)}: exit code {p.returncode}\n{p.stdout[-2000:]}{p.stderr[-4000:]}")
    return p.stdout


def corpus(folder):
    """Writes the corpus: invented reports of this repository, and what is bad."""
    articles = []
    for name in ("examples/articles.jsonl", "examples/link/dev/reports.jsonl"):
        with open(os.path.join(root, name), encoding="utf-8") as f:
            articles += [json.loads(line) for line in f if line.strip()]
    os.makedirs(os.path.join(folder, "pages"))
    lines = [json.dumps(a, ensure_ascii=False) for a in articles]
    bad = ['{"id": "x", "text": "ارتش', "", '{"id": "y", "text": null}', '{"id": "z", "text": "The army has left Aleppo today."}']
    with open(os.path.join(folder, "all.jsonl"), "w", encoding="utf-8") as f:
        f.write("\n".join(lines[:30] + bad + lines[30:]) + "\n")
    with gzip.open(os.path.join(folder, "more.jsonl.gz"), "wt", encoding="utf-8") as f:
        for i, a in enumerate(articles * 2):
            f.write(json.dumps(dict(a, id=f"m{i}", text=a["text"] + f"\nبخش {i}."), ensure_ascii=False) + "\n")
    with open(os.path.join(folder, "crawl.warc.gz"), "wb") as f:
        for i, a in enumerate(articles):
            paragraphs = "".join(f"<p>{p}</p>" for p in a["text"].split("\n"))
            page = f'<html><head><meta property="og:title" content="{a["title"] or ""}"></head><body>{paragraphs}</body></html>'
            if i % 7 == 3:
                page = "<html><body></body></html>"
            content = ("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page).encode()
            head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/{i}\r\nContent-Type: application/http\r\nContent-Length: {len(content)}\r\n\r\n"
            f.write(gzip.compress(head.encode() + content + b"\r\n\r\n"))
    with open(os.path.join(folder, "pages", "empty.txt"), "w"):
        pass
    with open(os.path.join(folder, "pages", "note.txt"), "w", encoding="utf-8") as f:
        f.write("ارتش سوریه از حلب عقب نشست.\n")
    return folder


def below(pid):
    """The processes that a process has started, and those have started."""
    children = {}
    for name in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(name) as f:
                stat = f.read()
        except OSError:
            continue
        children.setdefault(int(stat.rsplit(")", 1)[1].split()[1]), []).append(int(stat.split()[0]))
    found, todo = [], [pid]
    while todo:
        for child in children.get(todo.pop(), []):
            found.append(child)
            todo.append(child)
    return found


def words(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            return f.read().decode(errors="replace").split("\0")
    except OSError:
        return []


def kill_a_worker(job, killed):
    """Kills the first worker of a job that is seen reading."""
    while job.poll() is None:
        for worker in below(job.pid):
            if "org.apache.spark.executor.CoarseGrainedExecutorBackend" in words(worker):
                if any(words(p)[:2] == [sanad, "read"] for p in below(worker)):
                    os.kill(worker, signal.SIGKILL)
                    killed.append(worker)
                    return
        time.sleep(0.02)


def spark(script, *args, master, kill=False):
    package = run(python, "-c", "import pyspark, os; print(os.path.dirname(pyspark.__file__))").strip()
    env = dict(os.environ, SPARK_HOME=package, PYSPARK_PYTHON=python, PYSPARK_DRIVER_PYTHON=python, SPARK_LOCAL_IP="127.0.0.1", SPARK_WORKER_DIR=os.path.join(work, "workers"))
    conf = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.extraJavaOptions": quick,
        "spark.executor.extraJavaOptions": quick,
        "spark.local.dir": os.path.join(work, "local"),
        "spark.sql.warehouse.dir": os.path.join(work, "warehouse"),
    }
    command = [os.path.join(package, "bin", "spark-submit"), "--master", master]
    for key, value in conf.items():
        command += ["--conf", f"{key}={value}"]
    with open(os.path.join(work, "spark.log"), "a+") as log:
        job = subprocess.Popen([*command, os.path.join(here, script), *args], env=env, stdout=subprocess.PIPE, stderr=log, text=True, cwd=work)
        killed = []
        if kill:
            threading.Thread(target=kill_a_worker, args=(job, killed), daemon=True).start()
        late = threading.Timer(900, job.kill)  # it hangs
        late.start()
        out = job.stdout.read()
        code = job.wait()
        late.cancel()
        if code != 0:
            log.seek(0)
            fail(f"{script} {' '.join(args)}: exit code {code}\n{log.read()[-6000:]}")
    if kill and not killed:
        fail("no worker was killed: none was seen reading")
    return out


def told(folder):
    """The lines of records, and of errors, that a job has left."""
    rows = duckdb.execute("SELECT line FROM read_parquet(?)", [os.path.join(folder, "records", "*", "*", "*.parquet")]).fetchall()
    errors = []
    for name in glob.glob(os.path.join(folder, "errors", "part-*")):
        with open(name, encoding="utf-8") as f:
            errors += f.read().split("\n")[:-1]
    return sorted(r[0] for r in rows), sorted(errors)


def same(what, got, want):
    if got != want:
        extra, missing = [x for x in got if x not in set(want)], [x for x in want if x not in set(got)]
        fail(f"{what}: {len(got)} lines, want {len(want)}; too many {extra[:1]}, missing {missing[:1]}")
    say(f"{what}: {len(got)} lines, the same")


def main():
    source = corpus(os.path.join(work, "in"))
    local = run(sanad, "read", "--full", "--quiet", "--errors", "-", source, well=(3,)).split("\n")[:-1]
    records, errors = sorted(x for x in local if x.startswith(FULL)), sorted(x for x in local if x.startswith(BAD))
    if len(records) < 200 or len(errors) < 10 or len(records) + len(errors) != len(local):
        fail(f"{len(records)} records and {len(errors)} errors make no test")
    say(f"sanad read: {len(records)} records, {len(errors)} inputs that could not be read")

    out = os.path.join(work, "files")
    spark("read.py", "--sanad", sanad, "--part", "10000", source, out, master="local-cluster[2,1,1024]", kill=True)
    got = told(out)
    same("records, a worker killed", got[0], records)
    same("errors, a worker killed", got[1], errors)

    # Through a pipe lines have no file; what was read from them is the same.
    out2 = os.path.join(work, "lines")
    spark("read.py", "--sanad", sanad, "--lines", os.path.join(source, "*.jsonl*"), out2, master="local-cluster[2,1,1024]")
    bare = lambda lines: sorted(json.dumps(json.loads(x)["record"], ensure_ascii=False) for x in lines)
    why = lambda lines: sorted(json.loads(x)["error"] for x in lines)
    got = told(out2)
    same("records of a pipe", bare(got[0]), bare(x for x in records if ".jsonl" in json.loads(x)["source"]["file"]))
    same("errors of a pipe", why(got[1]), why(x for x in errors if ".jsonl" in json.loads(x)["input"]))

    ledgers = {}
    for name, what in (("articles", source), ("records", os.path.join(out, "records"))):
        db = os.path.join(work, name + ".db")
        run(sanad, "add", "--quiet", "--ledger", db, what, well=(0, 3))
        run(sanad, "check", "--ledger", db)
        run(sanad, "link", "--ledger", db)
        ledgers[name] = sorted(run(sanad, "list", "--ledger", db, "-n", "10000").split("\n"))
    same("reports of the ledger", ledgers["records"], ledgers["articles"])

    exports = os.path.join(work, "exports")
    os.makedirs(exports)
    for kind in ("events", "statements", "incidents", "relays"):
        run(sanad, "export", "--ledger", os.path.join(work, "records.db"), "--as", "parquet", "--kind", kind, "-o", os.path.join(exports, kind + ".parquet"))
        duckdb.execute(f"CREATE VIEW {kind} AS SELECT * FROM read_parquet('{os.path.join(exports, kind + '.parquet')}')")
    queries = sorted(glob.glob(os.path.join(root, "bulk", "sql", "*.sql")))
    answers = []
    for query in queries:
        with open(query) as f:
            asked = duckdb.execute(f.read())
        names = [c[0] for c in asked.description]
        for row in asked.fetchall():
            answers.append([os.path.basename(query), dict(zip(names, row))])
        if os.environ.get("SANAD_SHOW"):
            with open(query) as f:
                print(duckdb.sql(f.read()))
    for query in queries:
        if not any(a[0] == os.path.basename(query) for a in answers):
            fail(f"{query}: no answer")
    lines = spark("query.py", exports, *queries, master="local[2]").split("\n")
    asked = [json.loads(x.removeprefix("row ")) for x in lines if x.startswith("row ")]
    write = lambda rows: [json.dumps(r, ensure_ascii=False, default=float) for r in rows]
    same("answers of DuckDB and Spark SQL", write(asked), write(answers))


main()
