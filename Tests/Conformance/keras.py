#!/usr/bin/env python3
"""Compares models of Keras, saved in each of its formats, with what Keras itself computes; and feeds damaged ones to the library.

    python3 Tests/Conformance/keras.py                     all models in all formats; ends with 1 where one differs
    python3 Tests/Conformance/keras.py --only nested       some of them
    python3 Tests/Conformance/keras.py --mutations 5000    damaged files instead: each must be read or refused, and none crash

TensorFlow, Keras and tf_keras come from PyPI into `.build/conformance`, which may be deleted at any time.
"""

import argparse
import collections
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / ".build" / "conformance"
PACKAGES = ["tensorflow-cpu==2.21.0", "keras==3.15.1", "tf_keras==2.21.0"]
TOLERANCE = 1e-4


def python():
    """A Python with TensorFlow."""
    path = WORK / "keras" / "bin" / "python"
    if not path.exists():
        print(f"Installing {', '.join(PACKAGES)} into {path.parent.parent}", file=sys.stderr)
        venv.create(path.parent.parent, with_pip=True)
        subprocess.run([path, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return path


def make(folder, only):
    """Saves all models, their inputs and outputs; runs in the Python with TensorFlow."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    # This file's own name is Keras'.
    sys.path[:] = [path for path in sys.path if Path(path).resolve() != HERE]
    import keras
    import numpy as np
    import tf_keras

    sys.path.append(str(HERE))
    import keras_models

    for module, formats in [(keras, ["keras", "h5"]), (tf_keras, ["keras", "h5"])]:
        functions = keras_models.LARGE + keras_models.SMALL + ([keras_models.operations] if module is keras else [])
        for function in functions:
            if only and function.__name__ not in only:
                continue
            module.utils.set_random_seed(3)
            module.backend.clear_session()
            model = keras_models.shaken(function(module))
            chance = np.random.default_rng(5)
            scale = 255 if function.__name__ in ("efficientnet_b0", "transfer") else 1
            sizes = [[64 if extent is None else extent for extent in tensor.shape[1:]] for tensor in model.inputs]
            if function.__name__ == "open_size":
                sizes = [[224, 224, 3]]
            inputs = [(chance.uniform(-scale if scale == 1 else 0, scale, [3, *size])).astype("float32") for size in sizes]
            results = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
            results = results if isinstance(results, (list, tuple)) else [results]
            names = [keras_models.input_name(tensor) for tensor in model.inputs]
            outputs = model.output_names if not isinstance(model, module.Sequential) else [model.layers[-1].name]
            for format in formats:
                target = folder / f"{function.__name__}-{module.__name__}-{format}"
                for part in ("inputs", "outputs"):
                    (target / part).mkdir(parents=True)
                model.save(target / f"model.{format}")
                for name, value in zip(names, inputs):
                    np.save(target / "inputs" / f"{name}.npy", value)
                for name, value in zip(outputs, results):
                    np.save(target / "outputs" / f"{name}.npy", value)


def lines(program, arguments, paths, limit=None):
    """What the program says of each path; it is begun again behind one that ended it."""
    results, rest = {}, [str(path) for path in paths]

    def limited():
        if limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    while rest:
        process = subprocess.Popen(
            [program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=limited)
        try:
            output, said = process.communicate("".join(path + "\n" for path in rest), timeout=600)
            reason = next((line for line in said.splitlines() if "Fatal" in line), f"exit status {process.returncode}")
        except subprocess.TimeoutExpired:
            process.kill()
            output, reason = process.communicate()[0], "it does not end"
        for line in output.splitlines():
            path, verdict, more = line.split("\t", 2)
            results[path] = (verdict, more)
        rest = [path for path in rest if path not in results]
        if rest:
            results[rest[0]] = ("crashed", reason)
            rest = rest[1:]
    return results


def compare(options):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([options.python or python(), __file__, "--make", folder, *(["--only", *options.only] if options.only else [])], check=True)
        results = lines(options.program, [], sorted(folder.iterdir()))
        bad = 0
        print(f"{'model':40}{'difference':>12}  nodes of ONNX")
        for path, (verdict, more) in sorted(results.items()):
            difference, nodes = more.split("\t") if verdict == "computed" else ("", more)
            good = verdict == "computed" and float(difference) <= TOLERANCE
            bad += not good
            number = f"{float(difference):12.1e}" if difference else f"{verdict:>12}"
            print(f"{Path(path).name:40}{number}  {nodes}{'' if good else '   <-'}")
        print(f"{len(results) - bad} of {len(results)} are Keras' within {TOLERANCE}")
        return bad > 0


def mutated(data, chance):
    data = bytearray(data)
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        kind = chance.randrange(6)
        place = chance.randrange(len(data))
        if kind == 0:
            for _ in range(chance.choice([1, 2, 8])):
                data[chance.randrange(len(data))] = chance.randrange(256)
        elif kind == 1:
            data = data[:max(place, 16)]
        elif kind == 2:
            number = chance.choice([0, 1, 255, 1 << 31, 1 << 40, (1 << 63) - 1, (1 << 64) - 1, len(data), chance.randrange(len(data))])
            data[place & ~7:(place & ~7) + 8] = number.to_bytes(8, "little")
        elif kind == 3:
            number = chance.choice([0, 0xFFFFFFFF, 0x7FFFFFFF, 0x10000])
            data[place & ~3:(place & ~3) + 4] = number.to_bytes(4, "little")
        elif kind == 4:
            # Numbers in a configuration.
            digits = [index for index in range(len(data)) if 48 <= data[index] <= 57]
            if digits:
                at = chance.choice(digits)
                data[at:at + 1] = chance.choice([b"0", b"-1", b"999999999999", b"9", b"1e30", b"2.5", b"null", b"[]"]) if chance.random() < 0.5 else bytes([48 + chance.randrange(10)])
        else:
            del data[place:place + chance.choice([1, 4, 8, 64])]
    return bytes(data)


def zipped(members):
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        with zipfile.ZipFile(file.name, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return Path(file.name).read_bytes()


def damage(options):
    chance = random.Random(11)
    seeds = sorted(path for path in (ROOT / "Tests" / "Fixtures" / "Keras").rglob("*") if path.suffix in (".h5", ".keras"))
    verdicts = collections.Counter()
    with tempfile.TemporaryDirectory() as name:
        folder, bad = Path(name), []
        for start in range(0, options.mutations, 250):
            paths = []
            for number in range(start, min(start + 250, options.mutations)):
                seed = chance.choice(seeds)
                data = seed.read_bytes()
                if seed.suffix == ".keras" and chance.random() < 0.7:
                    # Within the archive, whose checksums are then right.
                    with zipfile.ZipFile(seed) as archive:
                        members = {info.filename: archive.read(info) for info in archive.infolist()}
                    victim = chance.choice([member for member in members if member != "metadata.json"])
                    members[victim] = mutated(members[victim], chance)
                    data = zipped(members)
                else:
                    data = mutated(data, chance)
                path = folder / f"{number}{seed.suffix}"
                path.write_bytes(data)
                paths.append(path)
            for path, (verdict, more) in lines(options.program, ["import"], paths, limit=8 << 30).items():
                verdicts[verdict] += 1
                if verdict not in ("imported", "refused"):
                    bad.append(f"{Path(path).name}: {verdict}: {more}")
                    if options.keep:
                        shutil.copy(path, options.keep)
            for path in paths:
                path.unlink()
        print(", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())))
        print(f"most memory: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")
        print("\n".join(bad))
        return bool(bad)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--program", default=ROOT / ".build" / "release" / "RunKerasTests")
    options.add_argument("--python", type=Path, help="a Python with TensorFlow, Keras and tf_keras")
    options.add_argument("--only", nargs="*", help="names of models")
    options.add_argument("--mutations", type=int, default=0)
    options.add_argument("--keep", help="a folder for the files that ended the program")
    options.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    options = options.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    if options.make:
        return make(options.make, options.only)
    return damage(options) if options.mutations else compare(options)


if __name__ == "__main__":
    sys.exit(main())
