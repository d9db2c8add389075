"""Asks Spark SQL the questions of bulk/sql and prints the answers, one JSON
object a row, as bulk/spark/test.py asks DuckDB.

    spark-submit query.py FOLDER QUERY.sql...

FOLDER has what "sanad export --as parquet --kind KIND" writes, KIND.parquet each.
"""

import glob
import json
import os
import sys

from pyspark.sql import SparkSession

folder, queries = sys.argv[1], sys.argv[2:]
spark = SparkSession.builder.appName("sanad questions").getOrCreate()
for name in glob.glob(os.path.join(folder, "*.parquet")):
    spark.read.parquet(name).createOrReplaceTempView(os.path.basename(name).removesuffix(".parquet"))
for query in queries:
    for row in spark.sql(open(query).read()).collect():
        print("row", json.dumps([os.path.basename(query), row.asDict()], ensure_ascii=False, default=float))
