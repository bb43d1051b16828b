"""Classifies a list of pictures by Apache Spark: each task hands some paths to a process of fovea, and gives back its rows.

  spark.py MODEL LIST RESULT.jsonl [--master URL] [--parts N]

LIST has a path a line, which the workers must see under the same name. An executor that dies takes its tasks with it,
and Spark does these again elsewhere.
"""
import argparse
import os
import subprocess
import sys

import pandas
from pyspark import StorageLevel
from pyspark.sql import SparkSession


def classifier(model):
    """What a task does with its share: numbered paths in, numbered rows out."""

    def classify(frames):
        for frame in frames:
            paths = [bytes(path) for path in frame["path"]]
            command = ["fovea", "classify", model, "--from", "-", "-0", "--format", "jsonl", "--threads", "1"]
            done = subprocess.run(command, input=b"\0".join(paths) + b"\0", capture_output=True)
            # 2 says that some could not be classified; their rows say why.
            if done.returncode not in (0, 2):
                raise RuntimeError(done.stderr.decode(errors="replace"))
            rows = done.stdout.decode().splitlines()
            if len(rows) != len(paths):
                raise RuntimeError(f"{len(rows)} rows of {len(paths)} pictures")
            yield pandas.DataFrame({"number": frame["number"], "row": rows})

    return classify


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("list")
    parser.add_argument("result")
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--parts", type=int, default=16)
    arguments = parser.parse_args()

    with open(arguments.list, "rb") as file:
        paths = file.read().split(b"\n")[:-1]
    # The workers' Python is this one, with what it has installed.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = (
        SparkSession.builder.master(arguments.master).appName("fovea")
        .config("spark.task.maxFailures", "20")
        .config("spark.executorEnv.PATH", os.environ["PATH"])
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "256")
        .getOrCreate())
    numbered = session.createDataFrame(
        pandas.DataFrame({"number": range(len(paths)), "path": paths}), "number long, path binary")
    rows = (
        numbered.repartitionByRange(arguments.parts, "number").sortWithinPartitions("number")
        .mapInPandas(classifier(os.path.abspath(arguments.model)), "number long, row string")
        .persist(StorageLevel.DISK_ONLY))
    # All parts are made side by side, and then read one by one, so that the driver never holds all rows.
    rows.count()
    unfinished = arguments.result + ".partial"
    with open(unfinished, "w") as file:
        for row in rows.toLocalIterator():
            file.write(row["row"] + "\n")
    os.replace(unfinished, arguments.result)
    session.stop()


if __name__ == "__main__":
    main()
