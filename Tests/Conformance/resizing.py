#!/usr/bin/env python3
"""Resizes real photographs by the toolkit's steps, by Pillow and by torchvision, and prints how far they are apart, as the
table of Documentation/Augmentation.md has it.

    python3 Tests/Conformance/resizing.py FOLDER… [--count 200] [--program .build/debug/DecodePictures]

Needs Pillow before 13 and NumPy; torch and torchvision where they are installed. Photographs are decoded once, by Pillow, and handed
on as PPM, so that only the resizing differs.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
from PIL import Image, ImageOps

sys.path.insert(0, str(Path(__file__).resolve().parent))
from decoder import Decoder

try:
    import torch

    for name in ("nms", "qnms"):
        torch.library.define(f"torchvision::{name}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    from torchvision.transforms import InterpolationMode
    from torchvision.transforms.v2 import functional
except ImportError:
    torch = None

SIZE = 64
SIDE, CROP = 72, 64
FILTERS = {
    "nearest": (Image.Resampling.NEAREST, "NEAREST_EXACT"),
    "bilinear": (Image.Resampling.BILINEAR, "BILINEAR"),
    "area": (Image.Resampling.BOX, None),
    "bilinearAntialiased": (Image.Resampling.BILINEAR, "BILINEAR"),
    "bicubicAntialiased": (Image.Resampling.BICUBIC, "BICUBIC"),
    "lanczos": (Image.Resampling.LANCZOS, None),
}


class Steps(Decoder):
    """The toolkit's program with preprocessing steps."""

    def __init__(self, program, *steps):
        super().__init__(program)
        self.arguments = [json.dumps(step) for step in steps]

    def decode(self, path):
        if self.process is None:
            self.process = subprocess.Popen(
                [self.program, *self.arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return super().decode(path)


def torch_resized(image, mode, size, antialias):
    tensor = torch.from_numpy(numpy.asarray(image).copy()).permute(2, 0, 1)
    return functional.resize(tensor, size, getattr(InterpolationMode, mode), antialias=antialias)


def pixels(tensor):
    return tensor.permute(1, 2, 0).numpy()


def cases():
    for name, (filter, mode) in FILTERS.items():
        pillow = lambda image, filter=filter: numpy.asarray(image.resize((SIZE, SIZE), filter))
        torchvision = None
        if torch is not None and mode is not None:
            antialias = name not in ("nearest", "bilinear")
            torchvision = lambda image, mode=mode, antialias=antialias: pixels(
                torch_resized(image, mode, [SIZE, SIZE], antialias))
        yield f"resize, {name}", [
            {"kind": "resize", "width": SIZE, "height": SIZE, "interpolation": name}], pillow, torchvision

    def fitted(image):
        scale = SIDE / min(image.size)
        size = [SIDE if side == min(image.size) else int(SIDE * side / min(image.size)) for side in image.size]
        return image.resize(size, Image.Resampling.BICUBIC)

    def cropped(image):
        left, top = (image.width - CROP) // 2, (image.height - CROP) // 2
        return image.crop((left, top, left + CROP, top + CROP))

    shorter = {"kind": "resizeShorterSide", "side": SIDE, "interpolation": "bicubicAntialiased"}
    center = {"kind": "centerCrop", "width": CROP, "height": CROP}
    sided = None if torch is None else lambda image: pixels(torch_resized(image, "BICUBIC", [SIDE], True))
    middle = None if torch is None else lambda image: pixels(
        functional.center_crop(torch_resized(image, "BICUBIC", [SIDE], True), [CROP, CROP]))
    yield "resizeShorterSide, bicubicAntialiased", [shorter], lambda image: numpy.asarray(fitted(image)), sided
    yield "resizeShorterSide, centerCrop", [shorter, center], \
        lambda image: numpy.asarray(cropped(fitted(image))), middle


def text(differences):
    if not differences:
        return "–"
    worst = max(d.max() for d in differences)
    mean = numpy.mean([d.mean() for d in differences])
    return "identical" if worst == 0 else f"{worst:.0f} / {mean:.4f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--program", default=".build/debug/DecodePictures")
    options = parser.parse_args()
    files = sorted(f for folder in options.folders for f in folder.rglob("*.jpg"))
    files = random.Random(1).sample(files, min(options.count, len(files)))
    with tempfile.TemporaryDirectory() as folder:
        images = []
        for number, file in enumerate(files):
            image = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
            path = Path(folder) / f"{number}.ppm"
            image.save(path)
            images.append((path, image))
        print(f"{len(images)} photographs; largest / mean difference of 0…255\n")
        print("| step | Pillow | torchvision |\n|---|---:|---:|")
        for name, steps, pillow, torchvision in cases():
            program = Steps(options.program, *steps)
            against = {"pillow": [], "torchvision": []}
            for path, image in images:
                answer = program.decode(path)
                if answer.pixels is None:
                    sys.exit(f"{path}: {answer.error}")
                ours = answer.pixels.astype(int)
                for other, function in (("pillow", pillow), ("torchvision", torchvision)):
                    if function is not None:
                        theirs = function(image).astype(int)
                        if theirs.shape != ours.shape:
                            sys.exit(f"{name}: {ours.shape} here, {theirs.shape} by {other}")
                        against[other].append(numpy.abs(ours - theirs))
            program.close()
            print(f"| {name} | {text(against['pillow'])} | {text(against['torchvision'])} |", flush=True)


if __name__ == "__main__":
    main()
