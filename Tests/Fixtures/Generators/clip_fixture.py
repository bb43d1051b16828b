"""Makes Samples/Clips/walking.gif: a handwritten 3 that walks across its field and back, sixteen frames of a tenth of a second.

    python3 -m venv v && v/bin/pip install pillow==13.0.0 && v/bin/python Tests/Fixtures/Generators/clip_fixture.py
"""
import pathlib

from PIL import Image

IMAGES = pathlib.Path(__file__).resolve().parents[3] / "Samples/Images"


def main():
    digit = Image.open(IMAGES / "digits/3-1.png").convert("L")
    edge = digit.getpixel((0, 0))
    shifts = [*range(-8, 8, 2), *range(8, -8, -2)]
    frames = []
    for shift in shifts:
        frame = Image.new("L", digit.size, edge)
        frame.paste(digit, (shift, 0))
        frames.append(frame)
    frames[0].save(IMAGES.parent / "Clips/walking.gif", save_all=True, append_images=frames[1:], duration=100, loop=0, optimize=True)


main()
