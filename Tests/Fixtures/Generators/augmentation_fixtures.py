"""Makes `Images/resampled.json` and `Images/augmented.json`: what Pillow, torchvision and Keras make of a small picture.

    pip install numpy "pillow<13" torch torchvision keras scipy matplotlib

Resizing and colors are Pillow's; hue is torchvision's; geometry is that of Keras' `ImageDataGenerator`, by its own function.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import numpy
import torch
from PIL import Image, ImageEnhance, ImageOps

# Only colors and sizes are wanted of torchvision, not its compiled operators, which a torch without CUDA may not find.
for name in ("nms", "qnms"):
    try:
        torch.library.define(f"torchvision::{name}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    except RuntimeError:
        pass
from torchvision.transforms.v2 import functional
from keras.src.legacy.preprocessing.image import apply_affine_transform

from image_fixtures import array, scene, write_json

FILTERS = {
    "bilinearAntialiased": Image.Resampling.BILINEAR,
    "bicubicAntialiased": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


def noisy(width, height, channels=3):
    """A scene with hard edges, in which nothing that a filter leaves out stays unseen."""
    random = numpy.random.default_rng(3)
    picture = scene(width, height).astype(int)[..., :channels]
    picture += random.integers(-60, 60, picture.shape)
    picture[height // 3: height // 2, width // 4: width // 2] = 255
    return numpy.clip(picture, 0, 255).astype(numpy.uint8)


def resampled():
    cases = []
    for channels in (3, 1):
        source = noisy(29, 23, channels)
        image = Image.fromarray(source if channels == 3 else source[..., 0])
        for name, filter in FILTERS.items():
            for size in ((7, 5), (29, 9), (11, 23), (40, 31), (1, 1), (64, 3)):
                pixels = numpy.asarray(image.resize(size, filter)).reshape(size[1], size[0], channels)
                cases.append({"channels": channels, "interpolation": name, "result": array(pixels)})
    write_json("resampled", {
        "sources": [array(noisy(29, 23, 3)), array(noisy(29, 23, 1))],
        "cases": cases,
        "shorterSide": [
            {"width": w, "height": h, "side": s,
             "result": list(functional.resize(torch.zeros(1, h, w), [s]).shape[:0:-1])}
            for w, h, s in ((160, 120, 64), (101, 160, 50), (64, 64, 32), (333, 77, 100))
        ],
    })


def augmented():
    source = noisy(29, 23)
    image = Image.fromarray(source)
    tensor = torch.from_numpy(source).permute(2, 0, 1)
    colors = {}
    for factor in (0, 0.6, 1.4):
        for kind, enhance in (("brightness", ImageEnhance.Brightness), ("contrast", ImageEnhance.Contrast),
                              ("saturation", ImageEnhance.Color), ("sharpness", ImageEnhance.Sharpness)):
            colors[f"{kind} {factor}"] = array(numpy.asarray(enhance(image).enhance(factor)))
    colors["posterize 3"] = array(numpy.asarray(ImageOps.posterize(image, 3)))
    colors["solarize 100"] = array(numpy.asarray(ImageOps.solarize(image, 100)))
    narrow = Image.fromarray((source // 2 + 30).astype(numpy.uint8))
    colors["autoContrast narrow"] = array(numpy.asarray(ImageOps.autocontrast(narrow)))
    colors["equalize narrow"] = array(numpy.asarray(ImageOps.equalize(narrow)))
    for turn in (-0.4, 0.1, 0.5):
        colors[f"hue {turn}"] = array(functional.adjust_hue(tensor, turn).permute(1, 2, 0).numpy())
    for gamma in (0.5, 2):
        colors[f"gamma {gamma}"] = array(functional.adjust_gamma(tensor, gamma).permute(1, 2, 0).numpy())
    colors["blur 1.2"] = array(
        functional.gaussian_blur(tensor.double(), [9, 9], [1.2, 1.2]).permute(1, 2, 0).numpy(), 1)

    # Keras turns about the center of a square only: of others it takes the sides for each other.
    smooth = scene(24, 24)[..., 2:].astype(float)
    geometry = []
    for settings in (
        {"theta": 20}, {"shear": 15}, {"zx": 0.7, "zy": 1.3}, {"tx": 3.5}, {"ty": -2.25},
        {"theta": -10, "shear": 5, "zx": 1.1, "zy": 0.9},
    ):
        # SciPy's 'wrap' takes the first and the last pixel for the same.
        for fill in ("nearest", "reflect", "constant") if "theta" in settings else ("nearest",):
            result = apply_affine_transform(
                smooth.copy(), row_axis=0, col_axis=1, channel_axis=2, fill_mode=fill, cval=90, **settings)
            geometry.append({"settings": settings, "fill": fill, "result": array(result, 1)})
    write_json("augmented", {
        "source": array(source), "narrow": array(numpy.asarray(narrow)), "colors": colors,
        "smooth": array(smooth.astype(int)), "geometry": geometry,
    })


if __name__ == "__main__":
    resampled()
    augmented()
