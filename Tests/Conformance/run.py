#!/usr/bin/env python3
"""Decodes pictures of every kind, good and damaged, and compares the pixels with the documented rule and with Pillow's.

    python3 Tests/Conformance/run.py                        the table; ends with 1 where something is wrong
    python3 Tests/Conformance/run.py --suites FOLDER…       and over files of your own, against Pillow alone
    python3 Tests/Conformance/run.py --fixtures             writes Tests/Fixtures/Images/conformance.json anew

Pillow and tifffile come from PyPI into `.build/conformance`, which may be deleted at any time; the pictures and what is
said of each lie there afterwards.
"""

import argparse
import base64
import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / ".build" / "conformance"
FIXTURES = ROOT / "Tests" / "Fixtures" / "Images" / "conformance.json"
PACKAGES = ["pillow", "numpy", "tifffile", "imagecodecs"]


def enter_environment():
    """Runs this again with the packages, where it runs without."""
    python = WORK / "python" / "bin" / "python"
    if Path(sys.prefix) == python.parent.parent:
        return
    if not python.exists():
        venv.create(python.parent.parent, with_pip=True)
    if subprocess.run([python, "-c", "import PIL, numpy, tifffile, imagecodecs"], capture_output=True).returncode != 0:
        print(f"Installing {', '.join(PACKAGES)} into {python.parent.parent}", file=sys.stderr)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    os.execv(python, [str(python), __file__, *sys.argv[1:]])


def formats():
    import bitmaps
    import gifs
    import lossy
    import netpbm
    import others

    return {
        "JPEG": lossy.jpegs, "PNG": others.pngs, "BMP": bitmaps.cases, "WebP": lossy.webps, "GIF": gifs.cases,
        "TIFF": others.tiffs, "PNM": netpbm.cases, "others": others.kinds,
    }


def difference(pixels, expected):
    import numpy

    if pixels.shape != expected.shape:
        return 256
    return int(numpy.abs(pixels.astype(int) - expected.astype(int)).max(initial=0))


class Tally:
    COLUMNS = ["right", "refused", "wrong", "damaged", "refused ", "unharmed", "as Pillow", "alone", "warned", "believed", "faults"]

    def __init__(self):
        self.counts = dict.fromkeys(self.COLUMNS, 0)
        self.complaints = []

    def add(self, column, complaint=None):
        self.counts[column] += 1
        if complaint:
            self.complaints.append(complaint)


def judge(case, answer, tally, pillow):
    """A good file, or one that must be refused."""
    if answer.is_fault:
        tally.add("faults", f"{case.name}: {answer.error}")
    elif case.expected is None:
        if answer.pixels is None:
            tally.add("refused")
        else:
            tally.add("wrong", f"{case.name}: decoded, but must be refused")
    elif answer.pixels is None:
        tally.add("wrong", f"{case.name}: refused: {answer.error}")
    elif (far := difference(answer.pixels, case.expected)) > case.tolerance:
        tally.add("wrong", f"{case.name}: differs by {far} from its rule ({case.tolerance} is allowed)")
    elif case.asks_pillow and (far := difference(answer.pixels, pillow(case.data))) > max(1, case.tolerance):
        tally.add("wrong", f"{case.name}: differs by {far} from Pillow's pixels")
    else:
        tally.add("right")


def judge_damage(name, data, answer, tally, pillow, case):
    """Damage that cannot be noticed is no fault: other readers, too, see another picture then.

    `pillow` is None where it does not read the picture that was damaged.
    """
    tolerance = case.tolerance
    tally.add("damaged")
    if answer.is_fault:
        tally.add("faults", f"{name}: {answer.error}")
    elif answer.pixels is None:
        tally.add("refused ")
    elif answer.warnings:
        tally.add("warned")
    elif case.expected is not None and difference(answer.pixels, case.expected) <= tolerance:
        tally.add("unharmed")
    elif pillow is None:
        tally.add("alone")
    else:
        try:
            far = difference(answer.pixels, pillow(data))
        except Exception as error:  # noqa: BLE001: whatever Pillow says, it refuses
            tally.add("believed", f"{name}: decoded without a word, but Pillow says: {error}")
            return
        if far > max(8, tolerance):
            tally.add("believed", f"{name}: decoded without a word, {far} from what Pillow makes of it")
        else:
            tally.add("as Pillow")


def reads(data):
    """Whether Pillow does."""
    from lossy import pillow_rgb

    try:
        pillow_rgb(data)
    except Exception:  # noqa: BLE001: whatever it says, it refuses
        return False
    return True


def run_format(name, cases, decoder):
    import damages
    from lossy import pillow_rgb

    folder = WORK / "pictures" / name
    folder.mkdir(parents=True)
    tally = Tally()
    for case in cases:
        path = folder / case.name
        path.write_bytes(case.data)
        judge(case, decoder.decode(path), tally, pillow_rgb)
        if not case.is_damaged:
            continue
        asked = pillow_rgb if reads(case.data) else None
        for what, data in damages.of(case.name, case.data):
            damaged = folder / f"{path.stem}, {what}{path.suffix}"
            damaged.write_bytes(data)
            judge_damage(f"{case.name}, {what}", data, decoder.decode(damaged), tally, asked, case)
    return tally


def run_suite(folder, decoder):
    """Files of strangers: where both decode, the pixels must agree."""
    from lossy import pillow_rgb

    counts, complaints = dict.fromkeys(["both", "differ", "ours alone", "Pillow alone", "neither", "faults"], 0), []
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        name = path.relative_to(folder)
        answer = decoder.decode(path)
        try:
            theirs = pillow_rgb(path.read_bytes())
        except Exception as error:  # noqa: BLE001: whatever Pillow says, it refuses
            theirs, why = None, error
        if answer.is_fault:
            counts["faults"] += 1
            complaints.append(f"{name}: {answer.error}")
        elif answer.pixels is None:
            counts["neither" if theirs is None else "Pillow alone"] += 1
            complaints.append(f"{name}: refused: {answer.error}")
        elif theirs is None:
            counts["ours alone"] += 1
            complaints.append(f"{name}: decoded, but Pillow says: {why}")
        elif (far := difference(answer.pixels, theirs)) > 8:
            counts["differ"] += 1
            complaints.append(f"{name}: differs by {far} from Pillow's pixels")
        else:
            counts["both"] += 1
    return counts, complaints


def table(rows, columns):
    widths = [max(len(str(row[column])) for row in [*rows, {c: c for c in columns}]) for column in columns]
    for row in [{column: column.strip() for column in columns}, *rows]:
        cells = [str(row[column]) for column in columns]
        print("  ".join(cell.rjust(width) if index else cell.ljust(width)
                        for index, (cell, width) in enumerate(zip(cells, widths))))


def classify_all(program, model):
    """Peak memory of the program over all pictures, in MB, and whether each became a row."""
    pictures = WORK / "pictures"
    output = WORK / "rows.csv"
    output.unlink(missing_ok=True)
    started = time.monotonic()
    done = subprocess.run(
        [program, "classify", model, pictures, "--threads", "2", "--format", "csv", "--output", output],
        capture_output=True, text=True, errors="replace")
    # Of all children so far, of which the decoder is still running.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / 1024, time.monotonic() - started, done


def write_fixtures():
    """One file, since there are hundreds of pictures of a few pixels."""
    listed = []
    for name, cases in formats().items():
        if name in ("TIFF", "PNG"):  # these have tests of their own
            continue
        for case in cases(11, 7):
            if not case.is_fixture:
                continue
            entry = {"name": case.name, "data": base64.b64encode(case.data).decode(), "tolerance": case.tolerance}
            if case.expected is not None:
                height, width = case.expected.shape[:2]
                entry |= {"width": width, "height": height, "rgb": base64.b64encode(case.expected.tobytes()).decode()}
            listed.append(entry)
    lines = ",\n".join(json.dumps(entry) for entry in listed)
    FIXTURES.write_text(f"[\n{lines}\n]\n")
    print(f"{len(listed)} pictures in {FIXTURES.relative_to(ROOT)}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--decoder", default=ROOT / ".build" / "release" / "DecodePictures")
    parser.add_argument("--program", default=ROOT / ".build" / "release" / "fovea")
    parser.add_argument("--model", default=ROOT / "Samples" / "Models" / "digits.safetensors")
    parser.add_argument("--formats", nargs="*", help="only these")
    parser.add_argument("--suites", nargs="*", type=Path, default=[], help="folders of pictures, compared with Pillow alone")
    parser.add_argument("--fixtures", action="store_true", help="write Tests/Fixtures/Images/conformance.json and end")
    return parser.parse_args()


def main():
    options = arguments()
    sys.path.insert(0, str(HERE))
    if options.fixtures:
        write_fixtures()
        return 0
    shutil.rmtree(WORK / "pictures", ignore_errors=True)
    from decoder import Decoder

    decoder = Decoder(options.decoder)
    rows, complaints = [], []
    for name, cases in formats().items():
        if options.formats and name not in options.formats:
            continue
        tally = run_format(name, cases(61, 43), decoder)
        rows.append({"": name} | tally.counts)
        complaints += [f"{name}: {text}" for text in tally.complaints]
    table(rows, ["", *Tally.COLUMNS])
    print("\nright: as the documented rule and Pillow have it; refused: as it must be; damaged: ten ways for each of some;")
    print("unharmed: every pixel is right all the same; as Pillow: damage that no reader can notice; alone: Pillow does not read the kind; believed: decoded where Pillow refuses or sees another picture\n")
    for text in complaints:
        print(text)
    suites = []
    for folder in options.suites:
        counts, said = run_suite(folder, decoder)
        suites.append({"": folder.name} | counts)
        (WORK / f"{folder.name}.txt").write_text("\n".join(said) + "\n")
    if suites:
        table(suites, list(suites[0]))
    if Path(options.program).exists():
        peak, seconds, done = classify_all(options.program, options.model)
        count = sum(1 for file in (WORK / "pictures").rglob("*") if file.is_file())
        with open(WORK / "rows.csv", newline="") as rows:
            written = sum(1 for _ in csv.reader(rows)) - 1
        print(f"fovea classify, 2 threads: {written} rows of {count} files, {peak:.0f} MB at most, {seconds:.0f} s, "
              f"status {done.returncode}")
    print(f"decoder: {decoder.close():.0f} MB at most")
    return 1 if complaints else 0


if __name__ == "__main__":
    enter_environment()
    sys.exit(main())
