"""Curves of how the cost of an image grows, as JSON, Markdown and a picture."""

import json
import math
import statistics
from pathlib import Path

import chart
import curves
import quiet

SWEEPS = {
    # name: (what grows, its column's head, what the rest is)
    "batch": ("images in a batch", "batch size", "LeNet, 28×28 pixels"),
    "size": ("width and height in pixels", "image size", "LeNet, batches of 128"),
    "count": ("images in all", "number of images", "JPEG files classified, LeNet trained from memory"),
}
WORKS = {
    "lenet-training": "training", "lenet-inference": "inference", "folder-jpeg": "classifying files",
    "memory-lenet-training": "training",
}  # fmt: skip
COLORS = {
    ("lenet-training", "fovea"): "#d1495b", ("lenet-inference", "fovea"): "#e9a03b", ("folder-jpeg", "fovea"): "#6b8f71",
    ("memory-lenet-training", "fovea"): "#d1495b", ("lenet-training", "pytorch"): "#3d7ea6",
    ("lenet-inference", "pytorch"): "#8d7f9e",
}  # fmt: skip


def microseconds(line):
    """The time of one image; None where a run failed."""
    rate = line.get("imagesPerSecond") or (line.get("value") if line.get("unit") == "images/s" else None)
    return 1e6 / rate if rate else None


def megabytes(line):
    """The peak memory, without the images that the measurement itself holds."""
    peak = line.get("peakMemoryMB")
    return None if peak is None else max(0.0, peak - (line.get("heldMemoryMB") or 0))


def series(lines, sweep):
    """{(work, peer, threads): {x: (µs per image, MB)}}: medians of the calm runs, or of all where none was calm."""
    groups = {}
    for line in lines:
        if line["sweep"] == sweep and microseconds(line):
            key = (line["work"], line["peer"], line["threads"])
            groups.setdefault(key, {}).setdefault(line["x"], []).append(line)
    result = {}
    for key, points in groups.items():
        result[key] = {}
        for x, runs in sorted(points.items()):
            runs = [run for run in runs if run.get("others", 0) <= quiet.TOLERATED] or runs
            memory = [megabytes(run) for run in runs if megabytes(run) is not None]
            result[key][x] = (
                statistics.median(map(microseconds, runs)), statistics.median(memory) if memory else None
            )  # fmt: skip
    return result


def disturbed(lines):
    """The points of which every run was disturbed by other programs."""
    points = {}
    for line in lines:
        key = (line["sweep"], line["x"], line["work"], line["peer"], line["threads"])
        points[key] = points.get(key, True) and line.get("others", 0) > quiet.TOLERATED
    return [key for key, value in points.items() if value]


def exponent(points):
    """p of y ∝ x^p, by least squares on logarithms; None for fewer than two points."""
    points = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y and y > 0]
    if len({x for x, _ in points}) < 2:
        return None
    x_mean, y_mean = (statistics.mean(each) for each in zip(*points))
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / sum((x - x_mean) ** 2 for x, _ in points)


def label(key, one_count=False):
    work, peer, threads = key
    name = ("PyTorch " if peer == "pytorch" else "") + WORKS[work]
    return name if one_count else f"{name}, {threads} thread{'s' if threads > 1 else ''}"


def ordered(found):
    """In the order of the works, ours first, fewer threads first."""
    return sorted(found, key=lambda key: (key[1] != "fovea", list(WORKS).index(key[0]), key[2]))


def table(found, sweep, index, unit):
    """One row for each x, one column for each curve."""
    keys = ordered(found)
    lines = [f"| {SWEEPS[sweep][1]} | " + " | ".join(f"{label(key)}, {unit}" for key in keys) + " |", "|---:" * (len(keys) + 1) + "|"]
    for x in sorted({x for points in found.values() for x in points}):
        cells = [found[key].get(x, (None, None))[index] for key in keys]
        lines.append(f"| {x:,} | " + " | ".join("–" if cell is None else chart.figure(cell) for cell in cells) + " |")
    return lines


def sentences(found, sweep):
    """What the curves come to."""
    lines = []
    for key in ordered(found):
        points = found[key]
        first, last = min(points), max(points)
        if first == last:
            continue
        power = exponent([(x, value[0]) for x, value in points.items()])
        time, memory = points[last][0] / points[first][0], None
        if points[first][1] and points[last][1]:
            memory = points[last][1] / points[first][1]
        text = f"- {label(key)}: from {first:,} to {last:,} the time of an image becomes {chart.figure(time)}× (∝ x^{power:.2f})"
        lines.append(text + (f", the peak memory {chart.figure(memory)}×." if memory else "."))
    works = {key[0] for key in found if (key[0], "fovea", 1) in found and (key[0], "fovea", 2) in found}
    for work in [work for work in WORKS if work in works]:
        one, two = found[(work, "fovea", 1)], found[(work, "fovea", 2)]
        gains = ", ".join(f"{one[x][0] / two[x][0]:.2f}× at {x:,}" for x in sorted(one) if x in two)
        lines.append(f"- {WORKS[work]}: the second thread makes it {gains}.")
    return lines


def markdown(lines, machine, settings, image):
    used = f"{machine['coresUsed']} of {machine['cores']} cores"
    text = [
        "# How cost grows", "",
        f"Measured {settings['date']} on {machine['processor']} ({used}, {', '.join(machine['vectors'])}; "
        f"{machine['memoryMB']:,} MB; {machine['system']}, Linux {machine['kernel']}); {machine['swift'] or 'no Swift'}.",
        f"Medians of {settings['repetitions']} runs of {settings['seconds']:g} s, one run where the number of images grows; "
        f"load when it began: {settings['load']:.2f}.", "",
        f"![Time of an image and peak memory]({image})", "",
        "Memory is the peak of the whole process, program and libraries included, without the images that the "
        "measurement itself holds. Where the number of images grows, the same files, or the same 60,000 images in memory, "
        "come again and again.",
    ]  # fmt: skip
    for sweep, (_, head, rest) in SWEEPS.items():
        found = series(lines, sweep)
        if not found:
            continue
        text += ["", f"## By {head}", f"{rest}.", "", *sentences(found, sweep), "", *table(found, sweep, 0, "µs an image")]
        text += ["", *table(found, sweep, 1, "MB")]
    if places := disturbed(lines):
        names = ", ".join(f"{sweep} {x:,} {label((work, peer, threads))}" for sweep, x, work, peer, threads in places)
        text += ["", f"Disturbed by other programs in every run: {names}."]
    problems = {f"{line['work']}, {line['peer']}": line.get("unsupported") or line.get("problem", "no figure") for line in lines if not microseconds(line)}
    if problems:
        text += ["", "## Not measured", "", *[f"- {what}: {reason}" for what, reason in problems.items()]]
    return "\n".join(text) + "\n"


def panels(lines):
    """For each sweep a column: time above, memory below."""
    result = []
    for sweep, (axis, head, rest) in SWEEPS.items():
        found = series(lines, sweep)
        if not found:
            continue
        # Where all curves have the same number of threads, the subtitle says it once.
        counts = {key[2] for key in found}
        single = len(counts) == 1
        note = f"{rest}; {counts.pop()} threads" if single else rest
        styles = [(key, label(key, single), COLORS[key[:2]], key[2] == 1) for key in ordered(found)]
        column = {"title": f"By {head}", "note": note, "axis": axis, "curves": []}
        for key, name, color, dashed in styles:
            points = found[key]
            column["curves"].append({
                "name": name, "color": color, "dashed": dashed,
                "time": [(x, value[0]) for x, value in points.items()],
                "memory": [(x, value[1]) for x, value in points.items() if value[1] is not None],
            })  # fmt: skip
        result.append(column)
    return result


def write(lines, machine, settings, folder, name):
    """Writes NAME.json, NAME.md and NAME.svg; the text is also given back."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    text = markdown(lines, machine, settings, f"{name}.svg")
    document = {"machine": machine, "settings": settings, "runs": lines}
    (folder / f"{name}.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    (folder / f"{name}.svg").write_text(curves.sheet(panels(lines), "How the cost of an image grows"))
    (folder / f"{name}.md").write_text(text)
    return text
