"""Writes and checks fixture files: float32 tensors in safetensors, with a seeded source of numbers per case."""

import argparse
import json
import sys
import tempfile
import zlib
from pathlib import Path

import numpy
from safetensors import safe_open
from safetensors.numpy import load_file

FIXTURES = Path(__file__).resolve().parent.parent
LARGEST_FILE = 200_000


class Numbers:
    """A source of numbers that depends on the case's name alone, so that adding a case changes no other."""

    def __init__(self, name):
        self.generator = numpy.random.Generator(numpy.random.PCG64(zlib.crc32(name.encode())))

    def uniform(self, *shape, low=-1.0, high=1.0):
        values = self.generator.random(shape) * (high - low) + low
        return values.astype(numpy.float32)

    def integers(self, below, *shape):
        return (self.generator.random(shape) * below).astype(numpy.int32)


def write(path, tensors, metadata):
    """Writes a safetensors file byte for byte the same each time: the package orders metadata as it likes."""
    names = {numpy.dtype("float32"): "F32", numpy.dtype("int32"): "I32"}
    header = {"__metadata__": metadata}
    offset = 0
    blocks = []
    for name, tensor in tensors.items():
        tensor = numpy.ascontiguousarray(tensor)
        block = tensor.tobytes()
        header[name] = {
            "dtype": names[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + len(block)],
        }
        offset += len(block)
        blocks.append(block)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(blocks))
    if path.stat().st_size > LARGEST_FILE:
        raise SystemExit(f"{path.name} has {path.stat().st_size} bytes, more than {LARGEST_FILE}: make the case smaller")
    load_file(path)


def read(path):
    with safe_open(path, "np") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()


def difference(one, other):
    """The largest difference of two files' tensors relative to the largest value, or a text that says what differs."""
    tensors, metadata = read(one)
    others, other_metadata = read(other)
    if metadata != other_metadata:
        return "metadata differ"
    if tensors.keys() != others.keys():
        return f"tensors differ: {sorted(tensors.keys() ^ others.keys())}"
    worst = 0.0
    for name, tensor in tensors.items():
        if tensor.shape != others[name].shape or tensor.dtype != others[name].dtype:
            return f"{name} differs in shape or type"
        if tensor.size:
            scale = max(float(numpy.abs(tensor).max()), 1e-6)
            worst = max(worst, float(numpy.abs(tensor.astype(float) - others[name].astype(float)).max()) / scale)
    return worst


def main(folders, generate, tolerance=1e-5):
    """Writes the fixtures, or with `--check` writes them elsewhere and compares them with those committed."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed files and write nothing")
    if not parser.parse_args().check:
        generate(FIXTURES)
        return
    with tempfile.TemporaryDirectory() as scratch:
        generate(Path(scratch))
        failed = False
        for folder in folders:
            fresh = {path.name for path in (Path(scratch) / folder).glob("*.safetensors")}
            committed = {path.name for path in (FIXTURES / folder).glob("*.safetensors")}
            for name in sorted(fresh | committed):
                if name not in fresh or name not in committed:
                    found = "not committed" if name in fresh else "no longer generated"
                else:
                    found = difference(Path(scratch) / folder / name, FIXTURES / folder / name)
                bad = isinstance(found, str) or found > tolerance
                failed = failed or bad
                print(f"{'BAD' if bad else 'ok '} {folder}/{name}: {found}")
        sys.exit(1 if failed else 0)
