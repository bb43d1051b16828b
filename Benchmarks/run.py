#!/usr/bin/env python3
"""Runs Fovea and its peers on the same work, in turn, and writes tables and a chart.

    python3 Benchmarks/run.py                      everything, into Benchmarks/RESULTS.{md,json,svg}
    python3 Benchmarks/run.py --quick              one short run of each, to see that it works
    python3 Benchmarks/run.py --works lenet-training,lenet-latency --entrants fovea,pytorch

The peers come from PyPI into `.build-peers`, which may be deleted at any time. What is missing is reported, and the
rest goes on. Figures of a machine that does something else at the same time are worth little: each run says how much
of the processor others took, and a median leaves disturbed runs out if there are others.
"""

import argparse
import datetime
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "Peers")]

import environment  # noqa: E402
import machine  # noqa: E402
import measure  # noqa: E402
import quiet  # noqa: E402
import report  # noqa: E402

ENTRANTS = {
    "fovea": ["default"],
    "pytorch": ["eager", "fused", "channels-last", "compiled", "torchvision"],
    "tensorflow": ["graph", "xla", "fit"],
    "onnxruntime": ["default"],
    "openvino": ["latency", "throughput"],
    "opencv": ["default"],
    "dali": ["default"],
    "libjpeg": ["default"],
    "explainers": ["default"],
}


INSTRUCTIONS = {
    "best": {},
    "avx2": {"FOVEA_INSTRUCTIONS": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"},
}
"""What makes a processor an older one, for all who let themselves be told: ONNX Runtime's and OpenCV's own kernels do not."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def our_command(options):
    """The command of `fovea-bench`: as told, or where a release build puts it."""
    if options.ours:
        return shlex.split(options.ours)
    program = HERE.parent / ".build" / "release" / "fovea-bench"
    return [str(program)] if program.exists() else None


def command(peer, variant, work, options, python, ours):
    arguments = ["--work", work, "--seconds", str(options.seconds)]
    if peer == "fovea":
        return ours + arguments if ours else None
    script = HERE / "Peers" / f"{peer}_peer.py"
    if python is None or not script.exists():
        return None
    assets = ["--assets", str(options.environment / "assets"), "--images", str(options.images)]
    return [python, str(script), *arguments, "--variant", variant, *assets]


def cold_start(options):
    """Ours is the program itself: from the start of `fovea classify` to the line with its prediction."""
    arguments = [options.fovea, "classify", options.model, options.image, "--format", "jsonl"]
    value = measure.cold_start([str(each) for each in arguments], options.seconds)
    return {"unit": "s", "value": value, "peakMemoryMB": None, "version": None}


def measured(peer, variant, work, options, python, ours):
    """One run's line; where it fails, a line with the reason."""
    line = {"peer": peer, "variant": variant, "work": work}
    try:
        if peer == "fovea" and work == "cold-start" and options.fovea.exists() and options.model.exists():
            return line | cold_start(options)
        arguments = command(peer, variant, work, options, python, ours)
        if arguments is None:
            return line | {"problem": "not built" if peer == "fovea" else "not installed"}
        surroundings = os.environ | {
            "OMP_NUM_THREADS": str(measure.THREADS), "FOVEA_BENCH_IMAGES": str(options.images),
            "FOVEA_BENCH_THREADS": str(measure.THREADS),
        }  # fmt: skip
        surroundings |= INSTRUCTIONS[options.isa]
        run = subprocess.run(arguments, capture_output=True, text=True, env=surroundings, timeout=options.timeout)
        for text in reversed(run.stdout.splitlines()):
            if text.startswith("{"):
                return line | json.loads(text) | {"peer": peer, "variant": variant, "work": work}
        reason = (run.stderr.strip().splitlines() or [f"exit code {run.returncode}"])[-1]
        return line | {"problem": reason[-200:]}
    except (OSError, RuntimeError, ValueError, subprocess.TimeoutExpired) as error:
        return line | {"problem": str(error)[-200:]}


def chosen(text, known, what):
    names = text.split(",") if text else list(known)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SystemExit(f"unknown {what} {', '.join(unknown)}; known: {', '.join(known)}")
    return names


def shared_photographs():
    """The folder of real photographs that tests use too, where this machine has it."""
    told = os.environ.get("FOVEA_SHARED_DATA")
    places = [Path(told)] if told else [folder / "shared" / "data" for folder in HERE.parents]
    return next((str(place / "photos") for place in places if (place / "photos").is_dir()), None)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", help=f"of {','.join(measure.WORKS)}")
    parser.add_argument("--entrants", help=f"of {','.join(ENTRANTS)}")
    parser.add_argument("--seconds", type=float, default=4, help="of each run, warming up apart")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one repetition of one second")
    parser.add_argument("--ours", help="command of fovea-bench; otherwise its release build")
    parser.add_argument("--fovea", type=Path, default=HERE.parent / ".build/release/fovea", help="for cold-start")
    parser.add_argument("--model", type=Path, default=HERE.parent / "Samples/Models/digits.safetensors")
    parser.add_argument("--image", type=Path, help="image for cold-start; otherwise the peers' digit, or a sample")
    parser.add_argument("--environment", type=Path, default=HERE.parent / ".build-peers")
    parser.add_argument("--photographs", default=shared_photographs(), help="folder of JPEGs that folder-jpeg goes round; drawn without")
    parser.add_argument("--images", type=Path, help="folder of JPEGs as it is, instead of going round --photographs")
    parser.add_argument("--count", type=int, default=2000, help="JPEGs of folder-jpeg")
    parser.add_argument("--find-links", help="folder of wheels for pip, to fetch less")
    parser.add_argument("--output", type=Path, default=HERE)
    parser.add_argument("--name", default="RESULTS")
    parser.add_argument("--patience", type=float, default=20, help="seconds to wait, before each run, for a quiet machine")
    parser.add_argument("--isa", choices=INSTRUCTIONS, default="best", help="measure as on a processor with these instructions")
    parser.add_argument("--busy", type=int, default=0, help="beside so many programs that compute all the time")
    parser.add_argument("--timeout", type=float, default=300)
    options = parser.parse_args()
    options.works = chosen(options.works, measure.WORKS, "work")
    options.entrants = chosen(options.entrants, ENTRANTS, "entrant")
    if options.quick:
        options.seconds, options.repetitions = 1, 1
    return options


def find_pictures(options):
    """What was made for the peers, so that all have the same; without them, what lies about."""
    made, digit = options.environment / "assets" / "jpegs", options.environment / "assets" / "digit.png"
    options.images = (options.images or (made if made.is_dir() else Path(options.photographs or made))).resolve()
    options.image = options.image or (digit if digit.exists() else HERE.parent / "Samples/Images/digits/1-1.png")


def main():
    options = parse()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: measure.THREADS])
    python = None
    if set(options.entrants) - {"fovea"}:
        python = environment.build(options.environment, ["--find-links", options.find_links] if options.find_links else [])
    if python:
        environment.add_extras(python, options.environment)
        environment.prepare(python, options.environment / "assets", options.photographs, options.count)
    find_pictures(options)
    settings = {
        "date": datetime.date.today().isoformat(), "seconds": options.seconds, "repetitions": options.repetitions,
        "works": options.works, "load": os.getloadavg()[0], "photographs": "given" if options.photographs else "drawn",
        "isa": options.isa, "busy": options.busy,
    }  # fmt: skip
    ours = our_command(options)
    entrants = [(peer, variant) for peer in options.entrants for variant in ENTRANTS[peer]]
    lines, hopeless = [], set()
    for repetition in range(options.repetitions):
        for work in options.works:
            # Another one begins each time, so that none always runs on a machine that has just warmed up.
            turn = repetition % len(entrants)
            for peer, variant in entrants[turn:] + entrants[:turn]:
                if (work, peer, variant) in hopeless:
                    continue
                quiet.wait(options.patience)
                with quiet.busy(options.busy):
                    watch = quiet.Watch()
                    line = measured(peer, variant, work, options, python, ours)
                    line["others"] = 0 if options.busy else round(watch.others(), 3)
                if "value" not in line:
                    hopeless.add((work, peer, variant))
                lines.append(line)
                shown = f"{line['value']:.6g} {line['unit']}" if "value" in line else line.get("unsupported") or line["problem"]
                shown += f"  (others took {line['others']:.0%})" if line["others"] > quiet.TOLERATED else ""
                say(f"[{repetition + 1}/{options.repetitions}] {work:24} {peer:12} {variant:14} {shown}")
        # Written after each round, so that an interrupted evening is not lost.
        text = report.write(lines, machine.describe(), settings, options.output, options.name)
    print(text)


if __name__ == "__main__":
    main()
