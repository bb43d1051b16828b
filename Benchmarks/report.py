"""Medians and ratios of the runs, as JSON, Markdown and a chart."""

import json
import statistics
from pathlib import Path

import chart
import quiet

NAMES = {
    "fovea": "Fovea", "pytorch": "PyTorch", "tensorflow": "TensorFlow", "onnxruntime": "ONNX Runtime", "opencv": "OpenCV dnn",
    "openvino": "OpenVINO", "dali": "DALI", "libjpeg": "libjpeg", "explainers": "pytorch-grad-cam, Captum",
}  # fmt: skip
USUAL = ("fovea", "pytorch", "tensorflow", "onnxruntime", "opencv")
"""The others have a column where they have a figure."""
BOUNDS = {
    "folder-jpeg": "photographs-decoding", "folder-jpeg-csv": "photographs-decoding", "folder-jpeg-sqlite": "photographs-decoding",
    "photographs-loading": "photographs-decoding", "photographs-decoding": "photographs-decoding",
    "folder-jpeg-reduced": "photographs-decoding-reduced", "photographs-decoding-reduced": "photographs-decoding-reduced",
}  # fmt: skip
"""Works on JPEG files, and the one that says how fast libjpeg alone decodes as much of them."""
REFERENCES = ("pytorch", "tensorflow")
RUNTIMES = ("onnxruntime", "openvino")
PLAIN = {("pytorch", "eager"), ("tensorflow", "fit"), ("tensorflow", "graph")}
"""What a user writes first. `graph` counts where Keras's own loop has no such work."""


def smaller_wins(unit):
    return unit in ("s", "ms", "µs", "MB")


def summarize(lines):
    """One entry per (work, peer, variant), with the median and the extremes of its runs; failures keep their reason."""
    groups = {}
    for line in lines:
        groups.setdefault((line["work"], line["peer"], line["variant"]), []).append(line)
    entries = []
    for (work, peer, variant), runs in groups.items():
        entry = {"work": work, "peer": peer, "variant": variant}
        good = [run for run in runs if isinstance(run.get("value"), (int, float))]
        calm = [run for run in good if run.get("others", 0) <= quiet.TOLERATED]
        if good:
            disturbed, good = not calm, calm or good
            values = [run["value"] for run in good]
            memory = [run["peakMemoryMB"] for run in good if run.get("peakMemoryMB")]
            entry |= {
                "unit": good[0]["unit"], "value": statistics.median(values), "lowest": min(values),
                "highest": max(values), "runs": len(values), "disturbed": disturbed, "version": good[0].get("version"),
                "peakMemoryMB": statistics.median(memory) if memory else None,
            }  # fmt: skip
        else:
            entry["problem"] = next((run[key] for run in runs for key in ("unsupported", "problem") if run.get(key)), "")
        entries.append(entry)
    return entries


def best(entries, peers, only=None):
    """The best entry of those peers, if there is one."""
    fit = [each for each in entries if each["peer"] in peers and "value" in each]
    fit = [each for each in fit if only is None or (each["peer"], each["variant"]) in only]
    if not fit:
        return None
    return (min if smaller_wins(fit[0]["unit"]) else max)(fit, key=lambda each: each["value"])


def speed(entry, reference):
    """How many times `reference` is beaten: above 1 is better, whichever way the unit counts."""
    if not entry or not reference or not entry["value"] or not reference["value"]:
        return None
    ratio = entry["value"] / reference["value"]
    return 1 / ratio if smaller_wins(entry["unit"]) else ratio


def compare(entries, works):
    rows = []
    for work in works:
        of_work = [each for each in entries if each["work"] == work]
        ours, reference = best(of_work, ("fovea",)), best(of_work, REFERENCES)
        plain = best(of_work, REFERENCES, PLAIN - {("tensorflow", "graph")})
        if plain and plain["peer"] != "tensorflow" and not best(of_work, ("tensorflow",), {("tensorflow", "fit")}):
            plain = best(of_work, REFERENCES, PLAIN)
        row = {"work": work, "unit": next((each["unit"] for each in of_work if "unit" in each), "")}
        row |= {peer: best(of_work, (peer,)) for peer in NAMES}
        row["disturbed"] = any(each["disturbed"] for each in (ours, reference) if each)
        row |= {"reference": reference, "ratio": speed(ours, reference), "ratioToPlain": speed(ours, plain)}
        row["ratioToRuntimes"] = speed(ours, best(of_work, RUNTIMES))
        rows.append(row)
    return rows


def cell(entry):
    if not entry:
        return "–"
    variant = "" if entry["variant"] == "default" else f" ({entry['variant']})"
    return f"{chart.figure(entry['value'])}{variant}{'†' if entry['disturbed'] else ''}"


def times(ratio, mark):
    return f"{ratio:.2f}×{mark}" if ratio else "–"


def against_the_bound(entries):
    """A line for each entry of a work on JPEG files: what share of libjpeg's own decoding, in the same run, it reaches."""
    alone = {each["work"]: each["value"] for each in entries if each["peer"] == "libjpeg" and each.get("value")}
    lines = []
    for work, bound in BOUNDS.items():
        of_work = [each for each in entries if each["work"] == work and each["peer"] != "libjpeg" and each.get("value")]
        for each in sorted(of_work, key=lambda each: -each["value"]):
            if bound in alone:
                share = f"{each['value'] / alone[bound]:.1%}"
                lines.append(f"| {work} | {NAMES[each['peer']]} | {each['variant']} | {chart.figure(each['value'])} | {share} |")
    if not lines:
        return []
    bounds = "; ".join(f"`{work}` {chart.figure(value)} images/s" for work, value in alone.items())
    head = ["| work | peer | variant | images/s | of libjpeg alone |", "|---|---|---|---:|---:|"]
    return ["", "## Against libjpeg alone", "", f"libjpeg, with nothing around it, on as many threads: {bounds}.", "", *head, *lines]


def cost_of_rows(entries):
    """What writing rows to files adds to a picture, in microseconds of both cores, beside results that go nowhere."""
    ours = {each["work"]: each["value"] for each in entries if each["peer"] == "fovea" and each.get("value")}
    plain = ours.get("folder-jpeg")
    rows = [(name, ours[f"folder-jpeg-{name}"]) for name in ("csv", "sqlite") if f"folder-jpeg-{name}" in ours]
    if not plain or not rows:
        return []
    costs = ", ".join(f"`{name}` {1e6 / value - 1e6 / plain:+.1f} µs" for name, value in rows)
    return ["", f"Rows of `folder-jpeg` in a file, a picture: {costs}, of {1e6 / plain:.1f} µs."]


def markdown(entries, rows, machine, settings, image):
    used = f"{machine['coresUsed']} of {machine['cores']} cores"
    shown = [peer for peer in NAMES if peer in USUAL or any(row[peer] for row in rows)]
    lines = [
        "# Benchmark results", "",
        f"Measured {settings['date']} on {machine['processor']} ({used}, {', '.join(machine['vectors'])}; "
        f"{machine['memoryMB']:,} MB; {machine['system']}, Linux {machine['kernel']}).",
        f"{machine['swift'] or 'No Swift'}; Python {machine['python']}; "
        + "; ".join(sorted({f"{NAMES[each['peer']]} {each['version'].split('+')[0]}" for each in entries if each.get("version")})) + ".",
        f"Every figure is the median of {settings['repetitions']} alternating runs of {settings['seconds']:g} s, "
        f"2 threads; load when it began: {settings['load']:.2f}.", "",
        f"![Speed relative to the best peer]({image})", "",
        "Ratio: how many times Fovea beats the better of PyTorch's and TensorFlow's variants; beside it the same "
        "against what a user writes first (PyTorch eager, Keras's `fit` and `predict`), and the better of ONNX Runtime and OpenVINO. "
        "More is better, also where less time or memory wins.", "",
        "| work | unit | " + " | ".join(NAMES[peer] for peer in shown) + " | ratio | to plain | to runtimes |",
        "|---|---|" + "---:|" * (len(shown) + 3),
    ]  # fmt: skip
    for row in rows:
        mark = "†" if row["disturbed"] else ""
        cells = [cell(row[peer]) for peer in shown]
        lines.append(f"| {row['work']} | {row['unit']} | {' | '.join(cells)} | {times(row['ratio'], mark)} | {times(row['ratioToPlain'], mark)} | {times(row['ratioToRuntimes'], mark)} |")
    lines += cost_of_rows(entries) + against_the_bound(entries)
    lines += ["", "## Every variant", "", "| work | peer | variant | median | range | runs | peak memory MB |", "|---|---|---|---:|---:|---:|---:|"]
    for each in sorted(entries, key=lambda each: settings["works"].index(each["work"])):
        if "value" not in each:
            continue
        memory = f"{each['peakMemoryMB']:,.0f}" if each["peakMemoryMB"] and each["work"] != "cold-start" else "–"
        spread = f"{chart.figure(each['lowest'])} – {chart.figure(each['highest'])}"
        name = f"{NAMES[each['peer']]} | {each['variant']}"
        mark = "†" if each["disturbed"] else ""
        lines.append(f"| {each['work']} | {name} | {chart.figure(each['value'])} {each['unit']}{mark} | {spread} | {each['runs']} | {memory} |")
    if any(each.get("disturbed") for each in entries):
        lines += ["", f"† Disturbed: in every run other programs took more than {quiet.TOLERATED:.0%} of the processor."]
    done = {(each["work"], each["peer"]) for each in entries if "value" in each}
    missing = [each for each in entries if (each["work"], each["peer"]) not in done and each["peer"] in USUAL + tuple(shown)]
    if missing:
        lines += ["", "## Not measured", ""]
        reasons = {(each["work"], each["peer"]): each["problem"] for each in missing}
        lines += [f"- {work}, {NAMES[peer]}: {reason}" for (work, peer), reason in reasons.items()]
    return "\n".join(lines) + "\n"


def write(lines, machine, settings, folder, name):
    """Writes NAME.json, NAME.md and NAME.svg; the text is also given back."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    entries = summarize(lines)
    rows = compare(entries, settings["works"])
    groups = []
    for row in rows:
        shown = [(peer, row[peer]) for peer in NAMES if row[peer]]
        reference = row["reference"] or (shown[0][1] if shown else None)
        groups.append((row["work"], row["unit"], [
            (peer, NAMES[peer], each["value"], speed(each, reference)) for peer, each in shown
        ]))  # fmt: skip
    note = "Speed (or smallness) relative to the better of PyTorch and TensorFlow, each at its fastest variant; 2 threads"
    picture = chart.bars([group for group in groups if group[2]], "Fovea and its peers", note)
    text = markdown(entries, rows, machine, settings, f"{name}.svg")
    document = {"machine": machine, "settings": settings, "entries": entries, "comparison": rows, "runs": lines}
    (folder / f"{name}.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    (folder / f"{name}.svg").write_text(picture)
    (folder / f"{name}.md").write_text(text)
    return text
