"""Makes the pictures and numbers of `Images/` with Pillow, NumPy and Matplotlib: pip install numpy pillow matplotlib

Pictures come with what Pillow decodes of them; geometry is computed here, in double precision, from its definition.
"""

import json
import math
from pathlib import Path

import numpy
from matplotlib import colormaps
from PIL import Image, TiffImagePlugin

FOLDER = Path(__file__).resolve().parent.parent / "Images"


def write_json(name, value):
    (FOLDER / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")


def array(values, digits=None):
    height, width, channels = values.shape
    flat = values.reshape(-1).tolist()
    if digits is not None:
        flat = [round(value, digits) for value in flat]
    return {"width": width, "height": height, "channels": channels, "values": flat}


def scene(width, height):
    """A smooth picture that no flip or turn maps to itself."""
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    red = 255 * x / (width - 1)
    green = 255 * y / (height - 1)
    blue = 127 + 120 * numpy.sin(0.35 * x + 0.15 * y)
    return numpy.rint(numpy.stack([red, green, blue], -1)).astype(numpy.uint8)


# Decoding

def decoding():
    rgb = scene(22, 14)
    image = Image.fromarray(rgb)
    gray = image.convert("L")
    alpha = numpy.linspace(0, 255, 22 * 14).reshape(14, 22, 1).round().astype(numpy.uint8)
    rgba = numpy.concatenate([rgb, alpha], -1)
    translucent = Image.fromarray(rgba, "RGBA")
    files = {
        "baseline.jpg": (image, dict(quality=92)),
        "progressive.jpg": (image, dict(quality=92, progressive=True)),
        "gray.jpg": (gray, dict(quality=92)),
        "full-color.jpg": (image, dict(quality=92, subsampling=0)),
        "ink.jpg": (image.convert("CMYK"), dict(quality=95)),
        "restarts.jpg": (image, dict(quality=92, restart_marker_blocks=1)),
        "rgb.png": (image, {}),
        "translucent.png": (translucent, {}),
        "palette.png": (image.quantize(16), {}),
        "bottom-up.bmp": (image, {}),
        "lossless.webp": (image, dict(lossless=True)),
        "lossy.webp": (image, dict(quality=90)),
        "translucent.webp": (translucent, dict(lossless=True, exact=True)),
        "plain.tif": (image, {}),
        "packed.tif": (image, dict(compression="tiff_lzw")),
        "plain.ppm": (image, {}),
        "plain.pgm": (gray, {}),
    }
    expected = {}
    for name, (picture, options) in files.items():
        picture.save(FOLDER / name, **options)
        decoded = Image.open(FOLDER / name)
        if decoded.mode == "RGBA":
            values = numpy.asarray(decoded).astype(float)
            opacity = values[:, :, 3:] / 255
            pixels = numpy.floor(values[:, :, :3] * opacity + 255 * (1 - opacity) + 0.5).astype(int)
        else:
            pixels = numpy.asarray(decoded.convert("RGB"))
        expected[name] = array(pixels)
    write_json("decoded", expected)


def orientations():
    upright = Image.fromarray(scene(24, 16))
    # What must have been stored so that the turn named by EXIF brings the upright picture back.
    stored = {
        1: [], 2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM], 5: [Image.Transpose.TRANSPOSE], 6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE], 8: [Image.Transpose.ROTATE_270],
    }
    for orientation, turns in stored.items():
        image = upright
        for turn in turns:
            image = image.transpose(turn)
        exif = Image.Exif()
        exif[0x0112] = orientation
        image.save(FOLDER / f"orientation-{orientation}.jpg", quality=97, subsampling=0, exif=exif)
        if orientation == 6:
            image.save(FOLDER / "orientation-6.png", exif=exif)
            image.save(FOLDER / "orientation-6.webp", lossless=True, exif=exif)
            tags = TiffImagePlugin.ImageFileDirectory_v2()
            tags[0x0112] = orientation
            image.save(FOLDER / "orientation-6.tif", tiffinfo=tags)
    write_json("upright", array(numpy.asarray(upright)))


# Geometry

def nearest(source, width, height):
    image = Image.fromarray(source).resize((width, height), Image.Resampling.NEAREST)
    return numpy.asarray(image).astype(float)


def positions(old, new):
    return (numpy.arange(new) + 0.5) * old / new - 0.5


def sample(source, x, y):
    """Bilinear at (x, y), edges repeated."""
    height, width, _ = source.shape
    x, y = numpy.clip(x, 0, width - 1), numpy.clip(y, 0, height - 1)
    left, top = numpy.floor(x).astype(int), numpy.floor(y).astype(int)
    right, bottom = numpy.minimum(left + 1, width - 1), numpy.minimum(top + 1, height - 1)
    u, v = (x - left)[..., None], (y - top)[..., None]
    upper = source[top, left] * (1 - u) + source[top, right] * u
    lower = source[bottom, left] * (1 - u) + source[bottom, right] * u
    return upper * (1 - v) + lower * v


def bilinear(source, width, height):
    x, y = numpy.meshgrid(positions(source.shape[1], width), positions(source.shape[0], height))
    return sample(source.astype(float), x, y)


def coverage(old, new):
    """How much of each old pixel every new pixel covers, as weights that sum to 1."""
    weights = numpy.zeros((new, old))
    for index in range(new):
        start, end = index * old / new, (index + 1) * old / new
        for pixel in range(math.floor(start), math.ceil(end)):
            weights[index, pixel] = max(0, min(end, pixel + 1) - max(start, pixel))
    return weights / weights.sum(1, keepdims=True)


def area(source, width, height):
    rows, columns = coverage(source.shape[0], height), coverage(source.shape[1], width)
    return numpy.einsum("ij,jkc,lk->ilc", rows, source.astype(float), columns)


def resizing():
    generator = numpy.random.default_rng(7)
    source = generator.integers(0, 256, (9, 13, 3)).astype(numpy.uint8)
    cases = []
    for width, height in [(7, 5), (26, 18), (20, 17), (4, 3), (13, 4), (1, 1)]:
        for method, function in [("nearest", nearest), ("bilinear", bilinear)]:
            cases.append({"interpolation": method, "result": array(function(source, width, height), 4)})
        if width <= 13 and height <= 9:
            cases.append({"interpolation": "area", "result": array(area(source, width, height), 4)})
    # Shrinks in width, by area, and grows in height, bilinearly.
    cases.append({"interpolation": "area", "result": array(bilinear(area(source, 5, 9), 5, 20), 4)})
    write_json("resized", {"source": array(source), "cases": cases})


def warped(source, matrix, width, height, fill):
    """`fill` None: edges repeated. Otherwise the picture is surrounded by that value, and blends into it."""
    inverse = numpy.linalg.inv(numpy.vstack([numpy.array(matrix).reshape(2, 3), [0, 0, 1]]))
    x, y = numpy.meshgrid(numpy.arange(width), numpy.arange(height))
    from_x = inverse[0, 0] * x + inverse[0, 1] * y + inverse[0, 2]
    from_y = inverse[1, 0] * x + inverse[1, 1] * y + inverse[1, 2]
    source = source.astype(float)
    if fill is None:
        return sample(source, from_x, from_y)
    margin = 2
    surrounded = numpy.pad(source, ((margin, margin), (margin, margin), (0, 0)), constant_values=fill)
    return sample(surrounded, from_x + margin, from_y + margin)


def warping():
    source = scene(17, 12)
    turn = math.radians(20)
    # In the first five the positions are multiples of 1/32 pixel, which ours meet exactly.
    cases = [
        ("shift", [1, 0, 2.25, 0, 1, -1.5], 17, 12, 10, 0.01),
        ("quarter turn", [0, -1, 11, 1, 0, 0], 12, 17, 0, 0.01),
        ("doubled", [2, 0, 0.5, 0, 2, 0.5], 34, 24, None, 0.01),
        ("shear", [1, 0.5, -2, 0, 1, 0], 17, 12, 200, 0.01),
        ("mirror", [-1, 0, 16, 0, 1, 0], 17, 12, 0, 0.01),
        ("slight turn", [math.cos(turn), -math.sin(turn), 3, math.sin(turn), math.cos(turn), -1], 17, 12, None, 2),
    ]
    result = []
    for name, matrix, width, height, fill, tolerance in cases:
        values = array(warped(source, matrix, width, height, fill), 4)
        result.append({"name": name, "matrix": matrix, "fill": fill, "tolerance": tolerance, "result": values})
    write_json("warped", {"source": array(source), "cases": result})


def color_maps():
    names = ["viridis", "magma", "inferno", "plasma", "cividis", "gray"]
    tables = {name: numpy.rint(colormaps[name](numpy.arange(256))[:, :3] * 255).astype(int) for name in names}
    write_json("color-maps", {name: table.reshape(-1).tolist() for name, table in tables.items()})


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    decoding()
    orientations()
    resizing()
    warping()
    color_maps()
