"""GIF: depths, interlacing, transparency, frames that do not fill the screen, animations. Written by hand, so that every
case is there whatever an encoder would choose."""

import struct

import numpy

import scene
from scene import Case


def codes(values, bits, *, clears=None):
    """The values' codes, with the end's, in blocks. `clears`: begin anew after so many codes; 0: never."""
    clear, end = 1 << bits, (1 << bits) + 1
    out, pending, count = bytearray(), 0, 0
    width, table, written = bits + 1, {(value,): value for value in range(clear)}, 0

    def put(code):
        nonlocal pending, count
        pending |= code << count
        count += width
        while count >= 8:
            out.append(pending & 255)
            pending >>= 8
            count -= 8

    put(clear)
    word = ()
    for value in values:
        if word + (value,) in table:
            word += (value,)
            continue
        put(table[word])
        written += 1
        following = len(table) + 2
        if clears and written % clears == 0:
            put(clear)
            width, table = bits + 1, {(value,): value for value in range(clear)}
        elif following < 4096:
            table[word + (value,)] = following
            if following == 1 << width:
                width += 1
        elif clears is None:
            put(clear)
            width, table = bits + 1, {(value,): value for value in range(clear)}
        word = (value,)
    put(table[word])
    # The reader's table grows with this code, too.
    if len(table) + 2 == 1 << width and width < 12:
        width += 1
    put(end)
    if count:
        out.append(pending & 255)
    blocks = b"".join(bytes([len(out[index : index + 255])]) + out[index : index + 255] for index in range(0, len(out), 255))
    return bytes([bits]) + blocks + b"\0"


def table_flags(count):
    return 0x80 | (count.bit_length() - 2)


def frame(values, bits, *, left=0, top=0, interlaced=False, own=None, transparent=None, clears=None):
    height, width = values.shape
    data = b""
    if transparent is not None:
        data += b"\x21\xf9\x04\x01\0\0" + bytes([transparent]) + b"\0"
    flags = (0x40 if interlaced else 0) | (table_flags(len(own)) if own is not None else 0)
    data += b"\x2c" + struct.pack("<HHHHB", left, top, width, height, flags)
    if own is not None:
        data += own.astype(numpy.uint8).tobytes()
    if interlaced:
        order = [y for first, step in ((0, 8), (4, 8), (2, 4), (1, 2)) for y in range(first, height, step)]
        values = values[order]
    return data + codes([int(value) for value in values.reshape(-1)], bits, clears=clears)


def file(width, height, frames, table=None, *, end=b"\x3b", version=b"89a", before=b""):
    flags = 0 if table is None else table_flags(len(table))
    data = b"GIF" + version + struct.pack("<HHBBB", width, height, flags, 0, 0)
    if table is not None:
        data += table.astype(numpy.uint8).tobytes()
    return data + before + b"".join(frames) + end


def cases(width, height):
    for bits in range(1, 9):
        table, values = scene.palette(1 << bits), scene.indices(width, height, 1 << bits)
        for interlaced in (False, True):
            yield Case(f"index{bits}{'-interlaced' if interlaced else ''}.gif",
                       file(width, height, [frame(values, max(2, bits), interlaced=interlaced)], table), table[values],
                       is_damaged=bits in (1, 4, 8))
    table, values = scene.palette(16), scene.indices(width, height, 16)
    expected = table[values]
    own = table[::-1]
    rng = numpy.random.default_rng(1)
    noise, noise_table = rng.integers(0, 256, (height, width)).astype(numpy.uint8), scene.palette(256)
    large = rng.integers(0, 256, (97, 101)).astype(numpy.uint8)
    shown = scene.over_white(expected, numpy.where(values == 3, 0, 255).astype(numpy.uint8))
    yield Case("version-87a.gif", file(width, height, [frame(values, 4)], table, version=b"87a"), expected, is_damaged=False)
    yield Case("own-table.gif", file(width, height, [frame(values, 4, own=own)], table), own[values], is_damaged=False)
    yield Case("transparent.gif", file(width, height, [frame(values, 4, transparent=3)], table), shown)
    yield Case("no-trailer.gif", file(width, height, [frame(values, 4)], table, end=b""), expected, is_damaged=False)
    yield Case("animated.gif", file(width, height, [frame(values, 4), frame(values[::-1], 4)], table), expected)
    yield Case("noise.gif", file(width, height, [frame(noise, 8)], noise_table), noise_table[noise])
    for name, clears in (("full-table", None), ("never-cleared", 0), ("often-cleared", 50)):
        yield Case(f"{name}.gif", file(101, 97, [frame(large, 8, clears=clears)], noise_table), noise_table[large],
                   is_fixture=False, is_damaged=clears is None)
    comment = b"\x21\xfe\x05hello\0" + b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    yield Case("extensions.gif", file(width, height, [frame(values, 4)], table, before=comment), expected, is_damaged=False)
    inner = values[2:-1, 1:-3]
    screen = numpy.full((height, width, 3), 255, numpy.uint8)
    screen[2:-1, 1:-3] = table[inner]
    yield Case("wide-codes.gif", file(width, height, [frame(values, 11)], table), expected, is_damaged=False)
    yield Case("part-of-screen.gif", file(width, height, [frame(inner, 4, left=1, top=2)], table), screen,
               asks_pillow=False)
    yield Case("screen-too-small.gif", file(3, 2, [frame(values, 4)], table), expected, is_damaged=False)
    short = b"".join([frame(values[: height // 2], 4)]).replace(
        struct.pack("<HH", width, height // 2), struct.pack("<HH", width, height), 1)
    yield Case("codes-end-early.gif", file(width, height, [short], table), None, is_damaged=False)
    yield Case("no-picture.gif", file(width, height, [], table), None, is_damaged=False)
    yield Case("beyond-table.gif", file(width, height, [frame(values, 4)], table[:4]), None, is_damaged=False)
