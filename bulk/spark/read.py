"""Reads an archive into records with Sanad on Spark.

    spark-submit read.py --sanad /usr/local/bin/sanad IN OUT

IN is a folder, or a file, of web archives, JSON Lines, pages or texts: whatever
"sanad read" takes. OUT gets

    OUT/records   Parquet, partitioned by date and outlet, one row a report
    OUT/errors    JSON Lines, one line an input that could not be read

A row's column "line" is the line of "sanad read --full": "sanad add" takes such
files in without reading again. The other columns say what is asked most.

Two ways to hand out the work:

  files (the default)  Each task reads one part of one file by itself, "sanad read
      --shard I/N FILE"; large files are parted, small ones are not. All workers have
      to see IN under the same path (a shared file system). The lines are those of
      "sanad read" on one machine, byte for byte.
  --lines  JSON Lines on any file system that Spark reads (HDFS, S3, ...), parted
      by Spark and piped through "sanad read". Lines have no file name then: a
      report without an id of its own is called after its place in its part.

Reading is deterministic, so a task that runs twice, since a worker died or was
slow, gives the same lines; Spark takes one of the two. The exit code of sanad is
looked at: 0 and 3 (some input was bad, it has its error lines) are well, anything
else fails the task.
"""

import argparse
import os
import shlex
import subprocess

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

READ = ["read", "--format", "jsonl", "--full", "--quiet", "--errors", "-", "--jobs", "1"]
PARTLY = 3  # sanad's exit code where some input was bad and the rest was read
KINDS = (".txt", ".jsonl", ".ndjson", ".html", ".htm", ".xhtml", ".xml", ".rss", ".atom", ".warc")


def inputs(path):
    """The files of a folder that sanad reads, with their sizes, sorted by path."""
    if os.path.isfile(path):
        return [(path, os.path.getsize(path))]
    found = []
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in names:
            plain = name.lower()
            for packed in (".gz", ".zst"):
                plain = plain.removesuffix(packed)
            if plain.endswith(KINDS) and not name.startswith("."):
                full = os.path.join(folder, name)
                found.append((full, os.path.getsize(full)))
    return sorted(found)


def tasks(files, part):
    """(file, I, N) so that a task has about part bytes of a file."""
    for name, size in files:
        n = max(1, -(-size // part))
        for i in range(1, n + 1):
            yield name, i, n


def lines_of(sanad, options):
    """A function that reads the tasks of a partition into lines."""

    def read(partition):
        for name, i, n in partition:
            command = [sanad, *READ, *options, "--shard", f"{i}/{n}", name]
            with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as run:
                for line in run.stdout:
                    yield line.decode("utf-8").rstrip("\n")
                if run.wait() not in (0, PARTLY):
                    raise RuntimeError(f"{' '.join(command)}: exit code {run.returncode}")

    return read


def piped(sanad, options):
    """The command for RDD.pipe, which takes no exit code but 0 for success."""
    run = shlex.join([sanad, *READ, *options, "-"])
    return shlex.join(["sh", "-c", f"{run}; code=$?; [ $code = {PARTLY} ] || exit $code"])


def table(lines, by):
    """The lines of records with the columns that are asked most."""
    field = lambda path: F.get_json_object("line", "$.record." + path)
    published = field("document.published")
    length = {"day": 10, "month": 7, "year": 4}[by]
    return lines.where(F.col("line").startswith('{"schema":"sanad.reading/1"')).select(
        "line",
        field("document.sha256").alias("sha256"),
        field("document.url").alias("url"),
        field("document.title").alias("title"),
        published.alias("published"),
        F.json_array_length(field("statements")).alias("statements"),
        F.json_array_length(field("events")).alias("events"),
        F.coalesce(F.substring(published, 1, length), F.lit("unknown")).alias("date"),
        F.coalesce(field("document.outlet"), F.lit("unknown")).alias("outlet"),
    )


def main():
    p = argparse.ArgumentParser(description="Reads an archive into records with Sanad on Spark.")
    p.add_argument("input")
    p.add_argument("output")
    p.add_argument("--sanad", default="sanad", help="the program, at the same path on all workers")
    p.add_argument("--lines", action="store_true", help="JSON Lines, parted by Spark")
    p.add_argument("--part", type=int, default=256 << 20, help="bytes of a file that a task reads")
    p.add_argument("--by", choices=["day", "month", "year"], default="month", help="what a partition's date is")
    p.add_argument("--option", action="append", default=[], help="an option for sanad read, such as --option=--outlet=IRNA")
    a = p.parse_args()

    spark = SparkSession.builder.appName("sanad read").getOrCreate()
    sc = spark.sparkContext
    if a.lines:
        lines = sc.textFile(a.input).pipe(piped(a.sanad, a.option), checkCode=True)
    else:
        work = list(tasks(inputs(os.path.abspath(a.input)), a.part))
        if not work:
            raise SystemExit(f"{a.input}: nothing in this folder that is read")
        lines = sc.parallelize(work, len(work)).mapPartitions(lines_of(a.sanad, a.option))
    # The lines go to disk once: records and errors are taken from there, not read twice.
    raw = os.path.join(a.output, "unsorted")
    spark.createDataFrame(lines.map(lambda line: (line,)), "line string").write.parquet(raw)
    lines = spark.read.parquet(raw)
    # One file a partition, in an order of its own: the same bytes whoever read what.
    table(lines, a.by).repartition("date", "outlet").sortWithinPartitions("date", "outlet", "sha256", "line").write.partitionBy("date", "outlet").option(
        "compression", "zstd"
    ).parquet(os.path.join(a.output, "records"))
    lines.where(F.col("line").startswith('{"error":')).coalesce(1).sortWithinPartitions("line").write.text(os.path.join(a.output, "errors"))
    path = sc._jvm.org.apache.hadoop.fs.Path(raw)
    path.getFileSystem(sc._jsc.hadoopConfiguration()).delete(path, True)
    spark.stop()


if __name__ == "__main__":
    main()
