"""Makes what the peers load: saved models, ONNX exports, one digit and a folder of JPEGs."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from measure import NETWORKS, Unsupported


def save_pytorch(folder):
    import torch

    from pytorch_networks import build

    for network, (channels, size, usual, _) in NETWORKS.items():
        if network == "resnet18-64":
            continue  # It is trained and nothing else.
        try:
            model, _ = build(network)
        except Unsupported as reason:
            print(f"without {network}: {reason}")
            continue
        model.eval()
        if network == "lenet":
            torch.save(model.state_dict(), folder / "lenet.pt")
        for batch in {1, usual}:
            torch.onnx.export(
                model, (torch.zeros(batch, channels, size, size),), folder / f"{network}-{batch}.onnx",
                input_names=["input"], output_names=["output"], external_data=False, dynamo=True, verbose=False,
            )  # fmt: skip


def save_keras(folder):
    from tensorflow_networks import build

    build("lenet", (28, 28, 1))[0].save(folder / "lenet.keras")


def digit(folder):
    """A one, drawn: every process of the cold-start work decodes and classifies it."""
    import numpy
    from PIL import Image

    image = numpy.zeros((28, 28), dtype=numpy.uint8)
    image[4:24, 12:16] = 230
    Image.fromarray(image).save(folder / "digit.png")


def photographs(folder, count, source):
    """Links `count` JPEGs, going round those in and below `source`; without a source, draws 100 of 390×390 to go round."""
    import numpy
    from PIL import Image

    links = folder / "jpegs"
    links.mkdir(exist_ok=True)
    if source:
        originals = sorted(path.resolve() for path in Path(source).rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))
    else:
        drawn = folder / "drawn"
        drawn.mkdir(exist_ok=True)
        random = numpy.random.default_rng(3)
        for index in range(100):
            coarse = Image.fromarray(random.integers(0, 256, (24, 24, 3), dtype=numpy.uint8))
            image = numpy.asarray(coarse.resize((390, 390), Image.Resampling.BICUBIC), dtype=float)
            grain = random.normal(0, 6, image.shape)
            Image.fromarray(numpy.clip(image + grain, 0, 255).astype(numpy.uint8)).save(
                drawn / f"{index:03}.jpg", quality=90
            )
        originals = sorted(path.resolve() for path in drawn.iterdir())
    for old in links.iterdir():
        old.unlink()
    for index in range(count):
        os.symlink(originals[index % len(originals)], links / f"{index:05}.jpg")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=Path, required=True)
    parser.add_argument("--photographs", help="folder of JPEGs to go round; drawn ones without it")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--step", choices=["pytorch", "keras", "digit", "photographs"])
    options = parser.parse_args()
    options.assets.mkdir(parents=True, exist_ok=True)
    if options.step == "photographs":
        photographs(options.assets, options.count, options.photographs)
    elif options.step:
        {"pytorch": save_pytorch, "keras": save_keras, "digit": digit}[options.step](options.assets)
    else:
        # Each in its own process: PyTorch and TensorFlow bring libraries of the same names.
        failed = False
        for step in ["digit", "photographs", "pytorch", "keras"]:
            done = subprocess.run([sys.executable, *sys.argv, "--step", step], stdout=sys.stderr)
            failed = failed or done.returncode != 0
        sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
