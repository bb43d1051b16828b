#!/usr/bin/env python3
"""Runs the tests that ONNX brings through the library, and compares with the list of those that pass.

    python3 Tests/Conformance/onnx.py             the counts; ends with 1 where one of the list no longer passes
    python3 Tests/Conformance/onnx.py --write     writes the list anew
    python3 Tests/Conformance/onnx.py --verbose   and says of each that does not pass why

The package onnx comes from PyPI into `.build/conformance`, which may be deleted at any time. A test that ends the program
has crashed; the others go on behind it.
"""

import argparse
import collections
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / ".build" / "conformance"
PACKAGE = "onnx==1.19.1"
SUITES = ["node", "simple", "pytorch-converted", "pytorch-operator"]
LIST = HERE / "onnx-passing.txt"


def data():
    """The folder with ONNX's tests."""
    python = WORK / "onnx" / "bin" / "python"
    if not python.exists():
        venv.create(python.parent.parent, with_pip=True)
    find = [python, "-c", "import onnx, os; print(onnx.__version__, os.path.dirname(onnx.__file__))"]
    found = subprocess.run(find, capture_output=True, text=True, cwd=WORK)
    if not found.stdout.startswith(PACKAGE.split("==")[1]):
        print(f"Installing {PACKAGE} into {python.parent.parent}", file=sys.stderr)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PACKAGE], check=True)
        found = subprocess.run(find, capture_output=True, text=True, check=True, cwd=WORK)
    return Path(found.stdout.split(maxsplit=1)[1].strip()) / "backend" / "test" / "data"


def run(program, folders):
    """For each folder, what became of it and why."""
    results, rest = {}, list(folders)
    while rest:
        answer = subprocess.run([program], input="".join(f"{folder}\n" for folder in rest), capture_output=True, text=True)
        for line in answer.stdout.splitlines():
            folder, verdict, reason = line.split("\t", 2)
            results[folder] = (verdict, reason)
        rest = [folder for folder in rest if str(folder) not in results]
        if rest:
            said = [line for line in answer.stderr.splitlines() if "Fatal" in line]
            results[str(rest[0])] = ("crashed", said[0] if said else f"exit status {answer.returncode}")
            rest = rest[1:]
    return results


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--program", default=ROOT / ".build" / "release" / "RunONNXTests")
    options.add_argument("--data", type=Path, help="ONNX's tests, where they are installed already")
    options.add_argument("--write", action="store_true")
    options.add_argument("--verbose", action="store_true")
    options = options.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    root = options.data or data()
    folders = [folder for suite in SUITES for folder in sorted((root / suite).iterdir())]
    names = {str(folder): f"{folder.parent.name}/{folder.name}" for folder in folders}
    results = {names[folder]: result for folder, result in run(options.program, folders).items()}

    verdicts = ["passed", "failed", "unsupported", "crashed"]
    print(f"{'':20}" + "".join(f"{verdict:>13}" for verdict in verdicts))
    for suite in SUITES:
        counts = collections.Counter(verdict for name, (verdict, _) in results.items() if name.split("/")[0] == suite)
        print(f"{suite:20}" + "".join(f"{counts[verdict]:13}" for verdict in verdicts))
    if options.verbose:
        for name, (verdict, reason) in sorted(results.items()):
            if verdict != "passed":
                print(f"{name}: {verdict}: {reason}")
    passing = sorted(name for name, (verdict, _) in results.items() if verdict == "passed")
    if options.write:
        LIST.write_text("".join(f"{name}\n" for name in passing))
        return 0
    expected = LIST.read_text().split()
    lost = [name for name in expected if name not in set(passing)]
    crashed = [name for name, (verdict, _) in results.items() if verdict == "crashed"]
    for name in lost + [name for name in crashed if name not in lost]:
        verdict, reason = results.get(name, ("missing", "there is no such test"))
        print(f"{name} no longer passes: {verdict}: {reason}", file=sys.stderr)
    gained = len(set(passing) - set(expected))
    if gained:
        print(f"{gained} more pass than the list has; --write takes them in", file=sys.stderr)
    return 1 if lost or crashed else 0


sys.exit(main())
