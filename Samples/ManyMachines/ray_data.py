"""Classifies a list of pictures by Ray Data: each task hands some paths to a process of fovea, and gives back its rows.

  ray_data.py MODEL LIST RESULT.jsonl [--parts N]

LIST has a path a line, which the workers must see under the same name. A worker that dies takes its task with it, and Ray
does it again elsewhere.
"""
import argparse
import os
import subprocess

import numpy
import ray


def classify(batch, model):
    """Numbered paths in, numbered rows out."""
    paths = list(batch["path"])
    command = ["fovea", "classify", model, "--from", "-", "-0", "--format", "jsonl", "--threads", "1"]
    done = subprocess.run(command, input=b"\0".join(paths) + b"\0", capture_output=True)
    # 2 says that some could not be classified; their rows say why.
    if done.returncode not in (0, 2):
        raise RuntimeError(done.stderr.decode(errors="replace"))
    rows = done.stdout.decode().splitlines()
    if len(rows) != len(paths):
        raise RuntimeError(f"{len(rows)} rows of {len(paths)} pictures")
    return {"number": batch["number"], "row": numpy.array(rows, dtype=object)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("list")
    parser.add_argument("result")
    parser.add_argument("--parts", type=int, default=16)
    arguments = parser.parse_args()

    with open(arguments.list, "rb") as file:
        paths = file.read().split(b"\n")[:-1]
    ray.init(num_cpus=os.cpu_count(), include_dashboard=False, log_to_driver=False)
    rows = (
        ray.data.from_items([{"number": number, "path": path} for number, path in enumerate(paths)])
        .repartition(arguments.parts)
        .map_batches(
            classify, fn_kwargs={"model": os.path.abspath(arguments.model)}, batch_size=256, max_retries=20)
        .sort("number"))
    # Row by row, so that this process never holds all of them.
    unfinished = arguments.result + ".partial"
    with open(unfinished, "w") as file:
        for row in rows.iter_rows():
            file.write(row["row"] + "\n")
    os.replace(unfinished, arguments.result)
    ray.shutdown()


if __name__ == "__main__":
    main()
