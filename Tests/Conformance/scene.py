"""The picture that all files hold, and the case: a file with the pixels that it should be decoded to."""

from dataclasses import dataclass, field

import numpy


@dataclass
class Case:
    """`expected` is height × width × 3 with transparency over white; None: it must be refused."""

    name: str
    data: bytes
    expected: numpy.ndarray | None
    # The largest difference. Lossy kinds may be decoded by another release of their library.
    tolerance: int = 0
    # Whether Pillow's pixels follow the documented rule, so that they are asked, too.
    asks_pillow: bool = True
    # Whether ten damages are done to it.
    is_damaged: bool = True
    # Whether it is one of the fixtures of the tests.
    is_fixture: bool = True
    notes: str = field(default="", compare=False)


def rgb(width, height):
    """A smooth picture that no flip or turn maps to itself."""
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    red = 255 * x / max(1, width - 1)
    green = 255 * y / max(1, height - 1)
    blue = 127 + 120 * numpy.sin(0.35 * x + 0.15 * y)
    return numpy.rint(numpy.stack([red, green, blue], -1)).astype(numpy.uint8)


def gray(width, height):
    return rgb(width, height)[:, :, 2]


def alpha(width, height):
    return numpy.linspace(0, 255, width * height).round().astype(numpy.uint8).reshape(height, width)


def indices(width, height, count):
    """Indices into a palette of `count` colors, with stretches of the same one for run-length codes."""
    y, x = numpy.mgrid[0:height, 0:width]
    return ((x // 3 + y) % count).astype(numpy.uint8)


def palette(count):
    index = numpy.arange(count)
    return numpy.stack([index * 255 // max(1, count - 1), (index * 73 + 20) % 256, (index * 151 + 60) % 256], -1).astype(
        numpy.uint8
    )


def quantized(values, most):
    """Values of 0…255 as 0…most."""
    return (values.astype(numpy.int64) * most + 127) // 255


def scaled(values, most):
    """The documented rule: the largest stored value is 255, rounded."""
    return ((values.astype(numpy.int64) * 255 + most // 2) // most).astype(numpy.uint8)


def three(values):
    return numpy.repeat(values[:, :, None], 3, axis=2)


def over_white(colors, opacity):
    opacity = opacity.astype(int)[:, :, None]
    return ((colors.astype(int) * opacity + 255 * (255 - opacity) + 127) // 255).astype(numpy.uint8)
