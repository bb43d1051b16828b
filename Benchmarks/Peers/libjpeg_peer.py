"""Measures libjpeg itself: a C program that decodes the files on two threads and does nothing else, the bound of all others."""

import subprocess
from pathlib import Path

from measure import SIDE, THREADS, Unsupported, jpegs, main

VARIANTS = ["default"]


def program(assets):
    """Compiled anew where its source is newer."""
    source, target = Path(__file__).with_name("libjpeg.c"), Path(assets) / "libjpeg"
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        target.parent.mkdir(parents=True, exist_ok=True)
        command = ["cc", "-O2", str(source), "-ljpeg", "-lpthread", "-o", str(target)]
        try:
            built = subprocess.run(command, capture_output=True, text=True)
        except OSError as error:
            raise Unsupported(f"no C compiler: {error}") from error
        if built.returncode:
            raise Unsupported(f"it cannot be compiled; libjpeg-dev may be missing: {built.stderr.strip()[-150:]}")
    return str(target)


def run(work, variant, options):
    if work not in ("photographs-decoding", "photographs-decoding-reduced"):
        raise Unsupported("libjpeg decodes and does no more")
    jpegs(options.images)
    least = SIDE if work.endswith("reduced") else 0
    command = [program(options.assets), options.images, str(THREADS), str(options.seconds), str(least)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    value, version = done.stdout.split()
    return float(value), "images/s", version


if __name__ == "__main__":
    main("libjpeg", VARIANTS, run)
