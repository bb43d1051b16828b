"""What every peer's script shares: its arguments, the clock, the memory gauge and the one line of JSON."""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

THREADS = 2
SIDE = 64
"""Of the network that JPEG files go through; what is decoded at the size needed is as large at least."""

BATCHES = 16
"""Batches held in memory; a training or inference loop goes round them."""

FIRST = {
    # name: (channels, height and width of the input, batch size, outputs)
    "lenet": (1, 28, 128, 10),
    "lenet5-1998": (1, 32, 128, 10),
    "mnist-2conv": (1, 28, 128, 10),
    "cats-and-dogs": (3, 64, 32, 1),
}

TODAY = ("resnet18", "resnet50", "mobilenet-v2", "squeezenet-1.1", "efficientnet-b0")
"""Networks of today, as torchvision has them: one image, and batches of 16."""

RESIDUAL = {"small-resnet": (3, 64, 64, 2), "resnet18-64": (3, 64, 32, 1000)}
"""Those that are trained on photographs of 64×64."""

NETWORKS = FIRST | RESIDUAL | {name: (3, 224, 16, 1000) for name in TODAY}

WORKS = [
    *[f"{network}-{mode}" for network in FIRST for mode in ("training", "inference")],
    "small-resnet-training",
    "small-resnet-inference",
    "resnet18-64-training",
    *[f"{network}-{mode}" for network in TODAY for mode in ("inference", "latency")],
    "lenet5-1998-online",
    "lenet-latency",
    "cold-start",
    "folder-jpeg",
    "folder-jpeg-reduced",
    "folder-jpeg-csv",
    "folder-jpeg-sqlite",
    "photographs-training",
    "photographs-loading",
    "photographs-decoding",
    "photographs-decoding-reduced",
    "memory-lenet-training",
    "explain-gradcam",
    "explain-photographs",
    "explain-occlusion",
    "explain-rise",
]

EXPLANATIONS = ("explain-gradcam", "explain-photographs", "explain-occlusion", "explain-rise")
"""Which have a peer of their own."""

ROWS = ("folder-jpeg-csv", "folder-jpeg-sqlite")
"""What writing rows to files costs, which no peer does."""

# Which of the six maps of S2 each of LeNet-5's sixteen C3 maps sees (LeCun et al. 1998, Table I).
LENET5_TABLE = (
    [[(first + step) % 6 for step in range(3)] for first in range(6)]
    + [[(first + step) % 6 for step in range(4)] for first in range(6)]
    + [[0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5], [0, 1, 2, 3, 4, 5]]
)


class Unsupported(Exception):
    """This peer has no such work; its text says why."""


def peak_memory():
    """The largest resident memory of this process so far, in MB of 2^20 bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return None


def rate(step, images, seconds):
    """Images per second of `step`, which does one batch of `images`; warmed up first, for compilers and caches."""
    warm_until = time.perf_counter() + max(0.5, seconds / 5)
    for done in range(1_000_000):
        step(done)
        if done >= 3 and time.perf_counter() > warm_until:
            break
    count, start = 0, time.perf_counter()
    while (now := time.perf_counter()) - start < seconds or count < 3:
        step(count)
        count += 1
    return count * images / (now - start) if now > start else None


def latency(step, seconds):
    """The median time of one `step` in microseconds."""
    for _ in range(20):
        step()
    times, end = [], time.perf_counter() + seconds
    while len(times) < 20 or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e6


def passes(run, images, seconds):
    """Images per second of `run`, which does all the images, over as many whole passes as begin within `seconds`."""
    run()
    count, start = 0, time.perf_counter()
    while count == 0 or time.perf_counter() - start < seconds:
        run()
        count += 1
    return count * images / (time.perf_counter() - start)


def cold_start(arguments, seconds):
    """The median time in seconds from starting a process to the first line that it prints, its prediction."""
    times, end = [], time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            line = process.stdout.readline()
            times.append(time.perf_counter() - start)
            _, problem = process.communicate()
        if not line.strip() or process.returncode:
            raise RuntimeError(f"no prediction from {' '.join(arguments)}: {problem.strip()[-300:]}")
    return statistics.median(times)


def rate_of_batches(batches, step, images, seconds):
    """Images per second of `step` over `batches`, which never end: what makes them counts too, as it does in use."""
    warm_until, start, count = time.perf_counter() + max(1, seconds / 5), None, 0
    for batch in batches:
        step(batch)
        now = time.perf_counter()
        if start is None:
            start = now if now > warm_until else None
            continue
        count += 1
        if now - start > seconds and count >= 3:
            return count * images / (now - start)


def rate_of_files(read, paths, seconds):
    """Files per second of `read` on all threads."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(THREADS) as workers:
        return passes(lambda: list(workers.map(read, paths, chunksize=16)), len(paths), seconds)


def jpegs(folder):
    paths = sorted(str(path) for path in Path(folder).iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))
    if not paths:
        raise Unsupported(f"no JPEG in {folder}")
    return paths


def reduction(width, height):
    """By how much libjpeg may shrink while it decodes."""
    return next((by for by in (8, 4, 2) if width >= SIDE * by and height >= SIDE * by), 1)


def pictures(numpy, network, count=BATCHES, batch=None, last=False):
    """Seeded batches `[batch, channels, height, width]` (channels last if asked) of 0...1, and their classes."""
    channels, size, usual, outputs = NETWORKS[network]
    count = 2 if network in TODAY else 4 if network in RESIDUAL else count
    random = numpy.random.default_rng(1998)
    shape = (batch or usual, size, size, channels) if last else (batch or usual, channels, size, size)
    images = [random.random(shape, dtype=numpy.float32) for _ in range(count)]
    return images, [random.integers(0, max(outputs, 2), shape[0]) for _ in range(count)]


def exported(work, options, load):
    """The value and unit of a work on a network that `prepare.py` exported; `load(path)` gives a function of one batch."""
    import numpy

    network, mode = work.rsplit("-", 1)
    batch = 1 if mode == "latency" else NETWORKS[network][2]
    path = f"{options.assets}/{network}-{batch}.onnx"
    if not Path(path).exists():
        raise Unsupported(f"there is no {path}")
    model = load(path)
    images, _ = pictures(numpy, network, batch=batch)
    if mode == "latency":
        return latency(lambda: model(images[0]), options.seconds), "µs"
    return rate(lambda index: model(images[index % len(images)]), batch, options.seconds), "images/s"


def main(peer, variants, run):
    """Parses, runs one work and prints its line. `run(work, variant, options)` gives (value, unit, version)."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--work", required=True, choices=WORKS)
    parser.add_argument("--variant", default=variants[0], choices=variants)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--batch-size", type=int, help="another than the work's own, where the peer knows how")
    parser.add_argument("--assets", default=".build-peers/assets", help="what `prepare.py` made")
    parser.add_argument("--images", default=".build-peers/assets/jpegs", help="folder of JPEGs, for folder-jpeg")
    parser.add_argument("--predict", action="store_true", help="the process that cold-start times: one prediction")
    options = parser.parse_args()
    line = {"peer": peer, "variant": options.variant, "work": options.work}
    try:
        if (options.work in EXPLANATIONS) != (peer == "explainers"):
            raise Unsupported("pytorch-grad-cam and Captum explain, and do nothing else")
        result = run(options.work, options.variant, options)
        if options.predict:
            return
        value, unit, version = result
        line |= {"unit": unit, "value": value, "peakMemoryMB": peak_memory(), "version": version}
    except Unsupported as reason:
        line |= {"unsupported": str(reason)}
    print(json.dumps(line))


def predict_again():
    """This very command, as the process that makes one prediction."""
    return [sys.executable, *sys.argv, "--predict"]
