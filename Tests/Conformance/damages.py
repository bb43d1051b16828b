"""Ten damages to a file, each the same in every run."""

import zlib

import numpy


def of(name, data):
    """(what was done, the damaged bytes)."""
    rng = numpy.random.default_rng(zlib.crc32(name.encode()))
    length = len(data)
    middle = length // 2
    yield "cut to three quarters", data[: 3 * length // 4]
    yield "cut to half", data[:middle]
    yield "cut to an eighth", data[: max(1, length // 8)]
    yield "last 40 bytes cut", data[: max(1, length - 40)]
    yield "64 bytes zeroed", data[:middle] + bytes(min(64, length - middle)) + data[middle + 64 :]
    yield "a byte lost", data[:middle] + data[middle + 1 :]
    yield "a byte doubled", data[:middle] + data[middle : middle + 1] + data[middle:]
    yield "header byte changed", _changed(rng, data, 0, min(40, length), 1)
    yield "8 bytes changed", _changed(rng, data, min(40, length - 1), length, 8)
    yield "64 bytes exchanged", data[: middle - 64] + data[middle : middle + 64] + data[middle - 64 : middle] + data[middle + 64 :]


def _changed(rng, data, start, end, count):
    damaged = bytearray(data)
    for place in rng.integers(start, end, count):
        damaged[place] ^= int(rng.integers(1, 256))
    return bytes(damaged)
