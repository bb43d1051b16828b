#!/usr/bin/env python3
"""Measures how the cost of an image grows: with the batch, with its size, with the number of images, with the threads.

    python3 Benchmarks/growth.py            everything, into Benchmarks/GROWTH.{md,json,svg}: about ten minutes
    python3 Benchmarks/growth.py --quick    fewer and shorter runs, to see that it works

PyTorch, as a user writes it, is set beside the batch sizes where the peers' environment has been built.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "Peers")]

import growth_report  # noqa: E402
import machine  # noqa: E402
import measure  # noqa: E402
import quiet  # noqa: E402
import run as driver  # noqa: E402

BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
SIZES = [28, 40, 56, 80, 112, 160, 224]
COUNTS = [1_000, 10_000, 100_000, 1_000_000]
NETWORK = ("lenet-training", "lenet-inference")
DATA = ("folder-jpeg", "memory-lenet-training")


def plan(options, has_peer):
    """Every run as (sweep, x, work, peer, threads); those of one sweep in rounds, so that a drift hits all alike."""
    threads = [1, measure.THREADS]
    batches, sizes, counts = BATCHES, SIZES, COUNTS
    if options.quick:
        batches, sizes, counts = [1, 32, 1024], [28, 80, 224], [1_000, 10_000]
    runs = []
    for _ in range(options.repetitions):
        runs += [("batch", x, work, "fovea", count) for x in batches for work in NETWORK for count in threads]
        runs += [("size", x, work, "fovea", count) for x in sizes for work in NETWORK for count in threads]
    if has_peer:
        runs += [("batch", x, work, "pytorch", measure.THREADS) for x in batches[::2] for work in NETWORK]
    # The largest take minutes: once is enough.
    return runs + [("count", x, work, "fovea", measure.THREADS) for x in counts for work in DATA]


def command(sweep, x, work, peer, threads, options, ours, python):
    # A pass over a million images takes as long as it takes; a shorter one is gone through again.
    arguments = ["--work", work, "--seconds", str(options.seconds)]
    if peer == "pytorch":
        return [python, str(HERE / "Peers" / "pytorch_peer.py"), *arguments, "--batch-size", str(x)]
    option = {"batch": "--batch-size", "size": "--input-size", "count": "--images"}[sweep]
    return [*ours, *arguments, "--threads", str(threads), option, str(x)]


def held(work, batch):
    """What a peer's input batches take, in MB of 2^20 bytes; ours says so itself."""
    channels, size, _, _ = measure.NETWORKS[work.rsplit("-", 1)[0]]
    return measure.BATCHES * batch * channels * size * size * 4 / 2**20


def measured(key, options, ours, python):
    """One run's line, with what was asked for; where it fails, with the reason."""
    sweep, x, work, peer, threads = key
    line = {"sweep": sweep, "x": x, "work": work, "peer": peer, "threads": threads}
    surroundings = os.environ | {"OMP_NUM_THREADS": str(threads), "FOVEA_BENCH_IMAGES": str(options.images)}
    try:
        arguments = command(*key, options, ours, python)
        run = subprocess.run(arguments, capture_output=True, text=True, env=surroundings, timeout=options.timeout)
        for text in reversed(run.stdout.splitlines()):
            if text.startswith("{"):
                found = json.loads(text) | line
                if peer == "pytorch":
                    found["heldMemoryMB"] = held(work, x)
                return found
        reason = (run.stderr.strip().splitlines() or [f"exit code {run.returncode}"])[-1]
        return line | {"problem": reason[-200:]}
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return line | {"problem": str(error)[-200:]}


def pictures(options):
    """The folder of JPEGs: as told, as made for the peers, or the tests' photographs."""
    told = options.images or os.environ.get("FOVEA_BENCH_IMAGES")
    made = options.environment / "assets" / "jpegs"
    return told or (made.resolve() if made.is_dir() else driver.shared_photographs())


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few runs of 0.3 seconds")
    parser.add_argument("--seconds", type=float, default=1, help="of each run, warming up apart")
    parser.add_argument("--repetitions", type=int, default=2, help="of the runs that are short")
    parser.add_argument("--sweeps", help=f"of {','.join(growth_report.SWEEPS)}")
    parser.add_argument("--no-peer", action="store_true", help="leave PyTorch out")
    parser.add_argument("--ours", help="command of fovea-bench; otherwise its release build")
    parser.add_argument("--environment", type=Path, default=HERE.parent / ".build-peers")
    parser.add_argument("--images", help="folder of JPEGs; otherwise FOVEA_BENCH_IMAGES, the peers' or the tests' photographs")
    parser.add_argument("--output", type=Path, default=HERE)
    parser.add_argument("--name", default="GROWTH")
    parser.add_argument("--patience", type=float, default=10, help="seconds to wait, before each run, for a quiet machine")
    parser.add_argument("--timeout", type=float, default=900)
    options = parser.parse_args()
    options.sweeps = driver.chosen(options.sweeps, growth_report.SWEEPS, "sweep")
    if options.quick:
        options.seconds, options.repetitions = 0.3, 1
    options.images = pictures(options)
    return options


def main():
    options = parse()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: measure.THREADS])
    ours = driver.our_command(options)
    if not ours:
        raise SystemExit("there is no fovea-bench; build it by Benchmarks/grow")
    python = options.environment / "venv" / "bin" / "python"
    has_peer = not options.no_peer and (options.environment / "venv" / "stamp").exists()
    settings = {
        "date": datetime.date.today().isoformat(), "seconds": options.seconds, "repetitions": options.repetitions,
        "load": os.getloadavg()[0],
    }  # fmt: skip
    runs = [key for key in plan(options, has_peer) if key[0] in options.sweeps]
    lines = []
    for number, key in enumerate(runs, 1):
        quiet.wait(options.patience)
        watch = quiet.Watch()
        line = measured(key, options, ours, str(python))
        line["others"] = round(watch.others(), 3)
        lines.append(line)
        time = growth_report.microseconds(line)
        shown = f"{time:.4g} µs an image" if time else line.get("unsupported") or line.get("problem", "no figure")
        shown += f"  (others took {line['others']:.0%})" if line["others"] > quiet.TOLERATED else ""
        sweep, x, work, peer, threads = key
        driver.say(f"[{number}/{len(runs)}] {sweep:6} {x:>9,} {work:22} {peer:8} {threads} threads  {shown}")
    print(growth_report.write(lines, machine.describe(), settings, options.output, options.name))


if __name__ == "__main__":
    main()
