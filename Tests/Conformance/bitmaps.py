"""BMP: every header, depth, mask and run-length code."""

import struct

import numpy

import scene
from scene import Case


def packed(values, bits):
    """Rows of indices, the first in the upper bits, padded to four bytes."""
    height, width = values.shape
    result = bytearray()
    for row in values:
        number = 0
        for value in row:
            number = number << bits | int(value)
        length = (width * bits + 31) // 32 * 4
        result += (number << (length * 8 - width * bits)).to_bytes(length, "big")
    return bytes(result)


def rows(values):
    """Rows of whole bytes, padded to four."""
    height = values.shape[0]
    flat = values.reshape(height, -1)
    padding = -flat.shape[1] % 4
    return numpy.pad(flat, ((0, 0), (0, padding))).astype(numpy.uint8).tobytes()


def file(width, height, bits, pixels, *, header=40, compression=0, masks=(), palette=None, gap=0, colors=None,
         top_down=False, offset=None):
    count = 0 if palette is None else len(palette)
    stored_height = -height if top_down else height
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
        table = b"" if palette is None else palette[:, ::-1].astype(numpy.uint8).tobytes()
    else:
        info = struct.pack(
            "<IiiHHIIiiII", header, width, stored_height, 1, bits, compression, len(pixels), 2835, 2835,
            (count if colors is None else colors), 0)[:header]
        packed_masks = b"".join(struct.pack("<I", mask) for mask in masks)
        info = info + packed_masks if header == 40 else (info + packed_masks).ljust(header, b"\0")
        table = b"" if palette is None else b"".join(bytes([b, g, r, 0]) for r, g, b in palette.tolist())
    start = 14 + len(info) + len(table) + gap
    body = info + table + bytes(gap) + pixels
    return b"BM" + struct.pack("<IHHI", 14 + len(body), 0, 0, start if offset is None else offset) + body


def runs(values, bits, *, literal=False, skips=0):
    """Run-length codes of rows that are already in stored order; pixels of value `skips` at a row's end are skipped."""
    result = bytearray()
    for row in values:
        x = 0
        row = list(row)
        while x < len(row):
            rest = row[x:]
            if skips is not None and all(value == skips for value in rest):
                break
            if literal and len(rest) >= 3:
                count = min(len(rest), 200)
                part = rest[:count]
                result += bytes([0, count])
                if bits == 8:
                    data = bytes(part)
                elif bits == 4:
                    part = part + [0] * (len(part) % 2)
                    data = bytes(part[index] << 4 | part[index + 1] for index in range(0, len(part), 2))
                else:
                    data = b"".join(bytes(color[::-1]) for color in part)
                result += data + bytes(len(data) % 2)
            else:
                count = next((index for index, value in enumerate(rest) if value != rest[0]), len(rest))
                count = min(count, 255)
                value = rest[0]
                code = bytes([value]) if bits == 8 else bytes([value << 4 | value]) if bits == 4 else bytes(value[::-1])
                result += bytes([count]) + code
            x += count
        result += b"\0\0"
    return bytes(result + b"\0\1")


def masked(planes, masks):
    """Numbers that hold the channels of 0…255 by their masks, and the channels that a reader gets back."""
    numbers = numpy.zeros(planes[0].shape, numpy.uint64)
    read = []
    for plane, mask in zip(planes, masks):
        if mask == 0:
            read.append(numpy.zeros(plane.shape, numpy.uint8))
            continue
        shift = (mask & -mask).bit_length() - 1
        most = mask >> shift
        stored = scene.quantized(plane, most)
        numbers |= stored.astype(numpy.uint64) << numpy.uint64(shift)
        read.append(scene.scaled(stored, most))
    return numbers, read


MASKS = {
    16: {
        "565": (0xF800, 0x07E0, 0x001F), "555": (0x7C00, 0x03E0, 0x001F), "bgr565": (0x001F, 0x07E0, 0xF800),
        "444": (0x0F00, 0x00F0, 0x000F), "4444": (0x0F00, 0x00F0, 0x000F, 0xF000),
        "5551": (0x7C00, 0x03E0, 0x001F, 0x8000), "rgba4444": (0xF000, 0x0F00, 0x00F0, 0x000F),
        "332": (0x00E0, 0x001C, 0x0003), "754": (0xFE00, 0x01F0, 0x000F), "no-green": (0xF800, 0, 0x001F),
    },
    32: {
        "8888": (0xFF0000, 0xFF00, 0xFF, 0xFF000000), "888": (0xFF0000, 0xFF00, 0xFF),
        "rgba": (0xFF000000, 0xFF0000, 0xFF00, 0xFF), "bgr": (0xFF, 0xFF00, 0xFF0000),
        "abgr": (0xFF, 0xFF00, 0xFF0000, 0xFF000000), "101010": (0x3FF00000, 0xFFC00, 0x3FF),
        "a2rgb30": (0x3FF00000, 0xFFC00, 0x3FF, 0xC0000000), "111110": (0xFFE00000, 0x1FFC00, 0x3FF),
        "565": (0xF800, 0x07E0, 0x001F), "wide": (0xFFFF0000, 0xFF00, 0xFF), "7": (0x7F0000, 0x7F00, 0x7F),
    },
}
# What Pillow reads; of fewer than 8 bits it cuts off where we round.
PILLOWS = {(32, name) for name in ("8888", "888", "rgba", "abgr")}


def cases(width, height):
    colors = scene.rgb(width, height)
    stored = colors[::-1]
    for bits in (1, 2, 4, 8):
        table = scene.palette(1 << bits)
        values = scene.indices(width, height, 1 << bits)
        expected = table[values]
        pillow = bits != 2
        for header in (12, 40, 64, 108, 124):
            yield Case(
                f"index{bits}-header{header}.bmp",
                file(width, height, bits, packed(values[::-1], bits), header=header, palette=table), expected,
                asks_pillow=pillow, is_damaged=header == 40)
        yield Case(
            f"index{bits}-top-down.bmp", file(width, height, bits, packed(values, bits), palette=table, top_down=True),
            expected, asks_pillow=pillow, is_damaged=False)
        yield Case(
            f"index{bits}-gap.bmp", file(width, height, bits, packed(values[::-1], bits), palette=table, gap=10),
            expected, asks_pillow=pillow, is_damaged=False)
        few = max(2, (1 << bits) - 1) if bits > 1 else 2
        few_values = scene.indices(width, height, few)
        yield Case(
            f"index{bits}-short-palette.bmp",
            file(width, height, bits, packed(few_values[::-1], bits), palette=scene.palette(few)),
            scene.palette(few)[few_values], asks_pillow=pillow, is_damaged=False)
        if bits > 1:
            yield Case(
                f"index{bits}-beyond-palette.bmp",
                file(width, height, bits, packed(values[::-1], bits), palette=table[:2]), None, is_damaged=False)
    for header in (12, 40, 64, 124):
        yield Case(f"rgb24-header{header}.bmp", file(width, height, 24, rows(stored[:, :, ::-1]), header=header), colors,
                   is_damaged=header == 40)
    yield Case("rgb24-top-down.bmp", file(width, height, 24, rows(colors[:, :, ::-1]), top_down=True), colors,
               is_damaged=False)
    unused = numpy.full((height, width, 1), 7, numpy.uint8)
    yield Case("rgb32-unused.bmp", file(width, height, 32, rows(numpy.concatenate([stored[:, :, ::-1], unused], -1))),
               colors)
    yield Case("rgb24-place-unsaid.bmp", file(width, height, 24, rows(stored[:, :, ::-1]), offset=0), colors,
               asks_pillow=False, is_damaged=False)
    table, values = scene.palette(256), scene.indices(width, height, 256)
    pixels = packed(values[::-1], 8)
    yield Case("index8-palette-forgotten.bmp", file(width, height, 8, pixels, palette=table, offset=54), table[values],
               is_damaged=False)
    yield from masked_cases(width, height, stored)
    yield from run_cases(width, height)
    yield Case("negative-width.bmp", file(-width, height, 24, rows(stored[:, :, ::-1])), None, is_damaged=False)
    yield Case("64-bit.bmp", file(width, height, 64, bytes(width * height * 8)), None, is_damaged=False)
    yield Case("jpeg-inside.bmp", file(width, height, 0, b"\xff\xd8", compression=4), None, is_damaged=False)
    yield Case("png-inside.bmp", file(width, height, 0, b"\x89PNG", compression=5), None, is_damaged=False)
    yield Case("mask-with-hole.bmp",
               file(width, height, 16, bytes((width + 1) // 2 * 4 * height), compression=3, masks=(0xF00F, 0x0F0, 0)), None,
               is_damaged=False)


def masked_cases(width, height, stored):
    opacity = scene.alpha(width, height)[::-1]
    planes = [stored[:, :, channel] for channel in range(3)] + [opacity]
    five = (0x7C00, 0x03E0, 0x001F)
    numbers, read = masked(planes, five)
    yield Case("rgb16-no-masks.bmp", file(width, height, 16, rows(numbers.astype("<u2").view(numpy.uint8))),
               numpy.stack(read, -1)[::-1], asks_pillow=False)
    for bits, named in MASKS.items():
        for name, masks in named.items():
            numbers, read = masked(planes, masks)
            pixels = rows(numbers.astype("<u2" if bits == 16 else "<u4").view(numpy.uint8))
            expected = numpy.stack(read[:3], -1)
            if len(masks) == 4:
                expected = scene.over_white(expected, read[3])
            for header in ((56, 124) if len(masks) == 4 else (40, 52)):
                yield Case(
                    f"rgb{bits}-{name}-header{header}.bmp",
                    file(width, height, bits, pixels, header=header, compression=3, masks=masks), expected[::-1],
                    asks_pillow=(bits, name) in PILLOWS, is_damaged=header in (56, 40) and name in ("565", "8888"))
    numbers, read = masked([*planes[:3], numpy.zeros_like(opacity)], MASKS[32]["8888"])
    yield Case("rgb32-no-opacity-set.bmp",
               file(width, height, 32, rows(numbers.astype("<u4").view(numpy.uint8)), header=124, compression=3,
                    masks=MASKS[32]["8888"]), numpy.stack(read[:3], -1)[::-1], asks_pillow=False, is_damaged=False)
    numbers, read = masked(planes, MASKS[32]["8888"])
    yield Case("rgb32-alpha-masks.bmp",
               file(width, height, 32, rows(numbers.astype("<u4").view(numpy.uint8)), compression=6,
                    masks=MASKS[32]["8888"]),
               scene.over_white(numpy.stack(read[:3], -1), read[3])[::-1], asks_pillow=False, is_damaged=False)


def run_cases(width, height):
    for bits, compression in ((8, 1), (4, 2)):
        table = scene.palette(1 << bits)
        values = scene.indices(width, height, 1 << bits)
        stored = values[::-1]
        whole = dict(compression=compression, palette=table)
        for name, pixels in {
            "runs": runs(stored, bits, skips=None), "literal": runs(stored, bits, literal=True, skips=None),
            "skips": runs(stored, bits), "no-end": runs(stored, bits, skips=None)[:-2],
        }.items():
            yield Case(f"rle{bits}-{name}.bmp", file(width, height, bits, pixels, **whole), table[values])
        # The second row is left out, and the third begins in its middle.
        holes = stored.copy()
        holes[1] = 0
        holes[2, : width // 2] = 0
        pixels = (runs(holes[:1], bits, skips=None)[:-2] + bytes([0, 2, width // 2, 1])
                  + runs([row for row in [holes[2, width // 2 :]]], bits, skips=None)[:-2]
                  + runs(holes[3:], bits, skips=None))
        yield Case(f"rle{bits}-delta.bmp", file(width, height, bits, pixels, **whole), table[holes[::-1]])
        full = runs(stored, bits, skips=None)
        rows_only = [runs(stored[index : index + 1], bits, skips=None)[:-2] for index in range(height)]
        for name, pixels in {
            "ends-early": b"".join(rows_only[: height // 2]) + b"\0\1",
            "data-end-early": b"".join(rows_only[: height // 2]), "empty": b"", "end-at-once": b"\0\1",
            "beyond-row": bytes([255, 0]) * height + full, "delta-beyond": b"\0\2\xff\xff" + full,
            "delta-cut": b"".join(rows_only[:1]) + b"\0\2\1",
        }.items():
            yield Case(f"rle{bits}-{name}.bmp", file(width, height, bits, pixels, **whole), None, is_damaged=False)
        yield Case(f"rle{bits}-top-down.bmp", file(width, height, bits, full, top_down=True, **whole), None,
                   is_damaged=False)
    table = scene.palette(16)
    values = scene.indices(width, height, 16)
    stored = [[tuple(color) for color in row] for row in table[values[::-1]].tolist()]
    for name, literal in (("runs", False), ("literal", True)):
        yield Case(f"rle24-{name}.bmp",
                   file(width, height, 24, runs(stored, 24, literal=literal, skips=None), header=64, compression=4),
                   table[values], asks_pillow=False)
