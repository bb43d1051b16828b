"""PNM and PAM: text and binary, every kind of largest sample, comments, several pictures in a file."""

import numpy

import scene
from scene import Case


def text(values):
    return b"\n".join(b" ".join(b"%d" % value for value in row.reshape(-1)) for row in values) + b"\n"


def binary(values, most):
    return values.astype(">u2" if most > 255 else numpy.uint8).tobytes()


def cases(width, height):
    bits = (scene.indices(width, height, 2) > 0).astype(numpy.uint8)
    shown = scene.three(255 - 255 * bits)
    size = b"%d %d\n" % (width, height)
    plain = b"\n".join(b"".join(b"%d" % bit for bit in row) for row in bits) + b"\n"
    yield Case("bits.pbm", b"P4\n" + size + numpy.packbits(bits, axis=1).tobytes(), shown)
    yield Case("bits-text.pbm", b"P1\n" + size + text(bits), shown)
    yield Case("bits-text-packed.pbm", b"P1\n# no spaces between\n" + size + plain, shown, is_damaged=False)
    for kind, values in (("gray", scene.gray(width, height)), ("rgb", scene.rgb(width, height))):
        letters = (b"P2", b"P5") if kind == "gray" else (b"P3", b"P6")
        ending = "pgm" if kind == "gray" else "ppm"
        for most in (1, 15, 100, 254, 255, 256, 1023, 4095, 65535):
            stored = scene.quantized(values, most)
            expected = scene.scaled(stored, most)
            if kind == "gray":
                expected = scene.three(expected)
            head = size + b"%d\n" % most
            # Pillow holds gray of more than 8 bits as numbers up to 65,535.
            pillow = most < 256 or kind == "rgb"
            yield Case(f"{kind}-{most}.{ending}", letters[1] + b"\n" + head + binary(stored, most), expected,
                       asks_pillow=pillow, is_damaged=most in (255, 4095))
            yield Case(f"{kind}-{most}-text.{ending}", letters[0] + b"\n" + head + text(stored), expected,
                       asks_pillow=pillow, is_damaged=most in (255, 4095))
        stored = scene.quantized(values, 100)
        over = stored.copy()
        over.reshape(-1)[5] = 101
        for name, letter, body in (("", letters[1], binary(over, 100)), ("-text", letters[0], text(over))):
            yield Case(f"{kind}-beyond-100{name}.{ending}", letter + b"\n" + size + b"100\n" + body, None,
                       is_damaged=False)
    colors = scene.rgb(width, height)
    body = colors.tobytes()
    commented = b"P6 # kind\n# a line\n%d# width\n %d\t# height\n255\n" % (width, height)
    yield Case("comments.ppm", commented + body, colors, asks_pillow=False)
    yield Case("comment-ends-header.ppm", b"P6\n" + size + b"255#last\n" + body, colors, asks_pillow=False,
               is_damaged=False)
    hash_first = numpy.frombuffer(b"#\n12345\n", numpy.uint8).reshape(2, 4)
    yield Case("begins-like-a-comment.pgm", b"P5\n4 2\n255\n" + hash_first.tobytes(), scene.three(hash_first),
               is_damaged=False)
    yield Case("two-pictures.ppm", (b"P6\n" + size + b"255\n" + body) * 2, colors, is_damaged=False)
    yield Case("comments-text.ppm", b"P3\n" + size + b"255\n# rows\n" + text(colors).replace(b"\n", b"\n# row\n", 2),
               colors, is_damaged=False)
    for name, head in (("maximum-0", b"0\n"), ("maximum-65536", b"65536\n"), ("no-maximum", b"\n")):
        yield Case(f"{name}.pgm", b"P5\n" + size + head + bytes(2 * width * height), None, is_damaged=False)
    yield from arbitrary_maps(width, height)


def arbitrary_maps(width, height):
    colors, gray, opacity = scene.rgb(width, height), scene.gray(width, height), scene.alpha(width, height)
    kinds = {
        "GRAYSCALE": (gray[:, :, None], scene.three(gray)), "RGB": (colors, colors),
        "GRAYSCALE_ALPHA": (numpy.dstack([gray, opacity]), scene.over_white(scene.three(gray), opacity)),
        "RGB_ALPHA": (numpy.dstack([colors, opacity]), scene.over_white(colors, opacity)),
    }
    for name, (values, expected) in kinds.items():
        head = b"P7\nWIDTH %d\n# a comment\nHEIGHT %d\nDEPTH %d\nMAXVAL 255\nTUPLTYPE %s\nENDHDR\n" % (
            width, height, values.shape[2], name.encode())
        yield Case(f"{name.lower()}.pam", head + values.tobytes(), expected, asks_pillow=False)
    bits = (scene.indices(width, height, 2) > 0).astype(numpy.uint8)
    head = b"P7\nWIDTH %d\nHEIGHT %d\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n" % (width, height)
    yield Case("blackandwhite.pam", head + bits.tobytes(), scene.three(255 * bits), asks_pillow=False)
