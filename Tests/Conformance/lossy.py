"""JPEG and WebP, made by Pillow; what Pillow cannot make is made of its files by hand."""

import io
import struct

import numpy
from PIL import Image

import scene
from scene import Case


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def pillow_rgb(data):
    """By the documented rule: turned, transparency over white."""
    image = Image.open(io.BytesIO(data))
    frame = image.tile[0][1] if image.format == "GIF" and image.tile else None
    image.load()
    # Behind the loading, which turns some TIFF pictures by itself, and forgets their tag.
    orientation = image.getexif().get(0x0112, 1)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        values = numpy.asarray(image.convert("RGBA"))
        values = scene.over_white(values[:, :, :3], values[:, :, 3])
    elif image.mode.startswith("I;16"):
        values = scene.three((numpy.asarray(image) >> 8).astype(numpy.uint8))
    elif image.mode == "I":
        values = scene.three((numpy.asarray(image).clip(0, 65535) >> 8).astype(numpy.uint8))
    elif image.mode == "F":
        values = scene.three(numpy.rint(numpy.asarray(image).clip(0, 1) * 255).astype(numpy.uint8))
    else:
        values = numpy.asarray(image.convert("RGB"))
    if frame is not None:
        # Pillow paints with the first color what a frame leaves free; here, it is transparent.
        left, top, right, bottom = frame
        screen = numpy.full_like(values, 255)
        screen[top:bottom, left:right] = values[top:bottom, left:right]
        values = screen
    return turned(values, orientation)


def turned(values, orientation):
    """As it is to be seen, by EXIF's numbers."""
    turns = {
        2: lambda v: v[:, ::-1], 3: lambda v: v[::-1, ::-1], 4: lambda v: v[::-1], 5: lambda v: v.swapaxes(0, 1),
        6: lambda v: v.swapaxes(0, 1)[:, ::-1], 7: lambda v: v.swapaxes(0, 1)[::-1, ::-1],
        8: lambda v: v.swapaxes(0, 1)[::-1],
    }
    return turns.get(orientation, lambda v: v)(values)


def segments(data):
    """Of a JPEG: (marker, start, end) of each segment up to its first scan's data."""
    offset = 2
    while offset < len(data):
        marker = data[offset + 1]
        length = struct.unpack(">H", data[offset + 2 : offset + 4])[0]
        yield marker, offset, offset + 2 + length
        if marker == 0xDA:
            return
        offset += 2 + length


def jpegs(width, height):
    picture = Image.fromarray(scene.rgb(width, height))
    gray = picture.convert("L")

    def case(name, data, tolerance=4, **options):
        return Case(name, data, pillow_rgb(data), tolerance=tolerance, **options)

    for subsampling in (0, 1, 2):
        for progressive in (False, True):
            yield case(f"{'progressive' if progressive else 'baseline'}-{('444', '422', '420')[subsampling]}.jpg",
                       saved(picture, "JPEG", quality=90, subsampling=subsampling, progressive=progressive))
    yield case("optimized.jpg", saved(picture, "JPEG", quality=75, optimize=True), is_damaged=False)
    for quality in (1, 30, 100):
        yield case(f"quality-{quality}.jpg", saved(picture, "JPEG", quality=quality), is_damaged=False)
    yield case("gray.jpg", saved(gray, "JPEG", quality=90), 2)
    yield case("gray-progressive.jpg", saved(gray, "JPEG", quality=90, progressive=True), 2)
    ink = saved(picture.convert("CMYK"), "JPEG", quality=95)
    yield case("cmyk.jpg", ink)
    adobe = next((start, end) for marker, start, end in segments(ink) if marker == 0xEE)
    yield case("cmyk-no-adobe-marker.jpg", ink[: adobe[0]] + ink[adobe[1] :], is_damaged=False)
    for blocks in (1, 3):
        yield case(f"restarts-{blocks}.jpg", saved(picture, "JPEG", quality=90, restart_marker_blocks=blocks))
    yield case("rgb.jpg", saved(picture, "JPEG", quality=90, keep_rgb=True), is_damaged=False)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield case(f"orientation-{orientation}.jpg", saved(picture, "JPEG", quality=90, exif=exif), is_damaged=False)
    whole = saved(picture, "JPEG", quality=90)
    expected = pillow_rgb(whole)
    yield Case("end-missing.jpg", whole[:-2], expected, tolerance=4, asks_pillow=False, is_damaged=False)
    yield Case("end-half-missing.jpg", whole[:-1], expected, tolerance=4, asks_pillow=False, is_damaged=False)
    progressive = saved(picture, "JPEG", quality=90, progressive=True)
    yield Case("end-missing-progressive.jpg", progressive[:-2], pillow_rgb(progressive), tolerance=4, asks_pillow=False,
               is_damaged=False)
    yield Case("trailer.jpg", whole + b"behind the end" * 9, expected, tolerance=4, is_damaged=False)
    fill = whole[:2] + b"\xff\xff\xff" + whole[2:]
    yield Case("fill-bytes.jpg", fill, expected, tolerance=4, is_damaged=False)
    yield Case("superfluous.jpg", whole[:-2] + bytes(300) + whole[-2:], None, is_damaged=False)
    frame = next(start for marker, start, _ in segments(whole) if marker == 0xC0)
    scan = next(start for marker, start, _ in segments(whole) if marker == 0xDA)
    for name, place, value in (("12-bit", frame + 4, 12), ("lossless", frame + 1, 0xC3), ("no-rows", frame + 6, 0)):
        changed = bytearray(whole)
        changed[place] = value
        if name == "no-rows":
            changed[frame + 5] = 0
        yield Case(f"{name}.jpg", bytes(changed), None, is_damaged=False)
    yield Case("no-scan.jpg", whole[:scan] + b"\xff\xd9", None, is_damaged=False)
    scans = [index for index in range(len(progressive) - 1) if progressive[index : index + 2] == b"\xff\xda"]
    tables = progressive[: scans[1]]
    cut = tables[: tables.rfind(b"\xff\xc4")]
    yield Case("last-scans-missing.jpg", cut, None, is_damaged=False)
    # The first scan over and over: refining nothing, and each costs as much as a picture.
    first = progressive[scans[0] : progressive.index(b"\xff\xc4", scans[0])]
    yield Case("601-scans.jpg", progressive[: scans[0]] + first * 600 + progressive[scans[0] :], None, is_damaged=False,
               is_fixture=False)


def webps(width, height):
    picture = Image.fromarray(scene.rgb(width, height))
    translucent = picture.copy()
    translucent.putalpha(Image.fromarray(scene.alpha(width, height)))

    def case(name, data, tolerance=0, **options):
        return Case(name, data, pillow_rgb(data), tolerance=tolerance, **options)

    for method in (0, 4, 6):
        yield case(f"lossless-{method}.webp", saved(picture, "WEBP", lossless=True, method=method), is_damaged=method == 4)
        yield case(f"lossy-{method}.webp", saved(picture, "WEBP", quality=80, method=method), 6, is_damaged=method == 4)
    yield case("lossless-alpha.webp", saved(translucent, "WEBP", lossless=True, exact=True))
    yield case("lossy-alpha.webp", saved(translucent, "WEBP", quality=80), 6)
    yield case("lossy-alpha-quality-20.webp", saved(translucent, "WEBP", quality=80, alpha_quality=20), 6, is_damaged=False)
    indexed = Image.fromarray(scene.palette(16)[scene.indices(width, height, 16)])
    yield case("lossless-palette.webp", saved(indexed, "WEBP", lossless=True))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield case(f"orientation-{orientation}.webp", saved(picture, "WEBP", lossless=True, exif=exif), is_damaged=False)
    other = picture.transpose(Image.Transpose.ROTATE_180)
    for name, first, second, options, tolerance in (
        ("animated-lossless", picture, other, dict(lossless=True), 0),
        ("animated-lossy", picture, other, dict(quality=80, minimize_size=True), 6),
        ("animated-alpha", translucent, translucent.transpose(Image.Transpose.ROTATE_180), dict(lossless=True, exact=True), 0),
        ("animated-lossy-alpha", translucent, translucent.transpose(Image.Transpose.ROTATE_180), dict(quality=80), 6),
    ):
        yield case(f"{name}.webp", saved(first, "WEBP", save_all=True, append_images=[second], duration=100, **options),
                   tolerance)
    yield case("tiny.webp", saved(Image.new("RGB", (width, height), (9, 99, 199)), "WEBP", lossless=True), is_damaged=False)
    still = saved(picture, "WEBP", lossless=True)
    yield Case("trailer.webp", still + b"behind the end", scene.rgb(width, height), is_damaged=False)
    yield Case("chunk-beyond-end.webp", still[:16] + struct.pack("<I", 1 << 20) + still[20:], None, is_damaged=False)
    yield Case("no-length.webp", still[:4] + bytes(4) + still[8:], None, is_damaged=False)
    yield Case("no-picture.webp", b"RIFF\x04\0\0\0WEBP", None, is_damaged=False)
