#!/usr/bin/env python3
"""Makes Tests/Fixtures/Inputs: archives by Python's tarfile and zipfile, animations and pages by Pillow, and what Pillow
sees in their frames. Written with Python 3.11 and Pillow 13.

  input_fixtures.py
"""
import gzip
import io
import json
import pathlib
import struct
import tarfile
import zipfile

from PIL import Image, ImageDraw, ImageSequence

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Inputs"
tarfile.RECORDSIZE = 1024


def png(gray):
    file = io.BytesIO()
    Image.new("L", (6, 5), gray).save(file, "PNG")
    return file.getvalue()


LONG = "folder" * 15 + "/" + "name" * 15 + ".png"
# Name, contents; what is no picture is passed over.
MEMBERS = [("b/dark.png", png(10)), ("b/dark.cls", b"0"), ("a.bright.png", png(240)), (LONG, png(20)),
           ("../out.png", png(30)), (".hidden.png", png(40)), ("damaged.png", b"no picture"), ("name \xe9.png", png(250))]


def tar(path, format, mode="w"):
    with tarfile.open(path, mode, format=format) as archive:
        for name, contents in MEMBERS:
            info = tarfile.TarInfo(name)
            info.size = len(contents)
            archive.addfile(info, io.BytesIO(contents))
        link = tarfile.TarInfo("link.png")
        link.type, link.linkname = tarfile.SYMTYPE, "b/dark.png"
        archive.addfile(link)


def zips(path, compression, large=False):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, contents in MEMBERS:
            # The time is the same each time.
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=large) as file:
                file.write(contents)


def zips_in_order():
    zips(FOLDER / "stored.zip", zipfile.ZIP_STORED)
    with zipfile.ZipFile(FOLDER / "deflated.zip", "w") as archive:
        for name, contents in MEMBERS:
            archive.writestr(zipfile.ZipInfo(name), contents, zipfile.ZIP_DEFLATED)
    zips(FOLDER / "zip64.zip", zipfile.ZIP_STORED, large=True)
    # A directory of a zip64 file, where all that can be is said in 64 bits.
    data = bytearray((FOLDER / "stored.zip").read_bytes())
    end = data.rindex(b"PK\5\6")
    count, size, offset = struct.unpack("<HII", data[end + 10:end + 20])
    record = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    (FOLDER / "zip64.zip").write_bytes(bytes(data[:end]) + record + locator + tail)


def frames(count, size=(14, 9)):
    made = []
    for number in range(count):
        image = Image.new("RGBA", size, (0, 0, 0, 0))
        draw = ImageDraw.Draw(image)
        draw.rectangle((number * 2, number, number * 2 + 5, number + 4), fill=(250, 40 * number, 30, 255))
        made.append(image)
    return made


def seen(path):
    """Each frame over white, as rows of red, green and blue."""
    with Image.open(path) as image:
        result = []
        for frame in ImageSequence.Iterator(image):
            rgba = frame.convert("RGBA")
            white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
            result.append(list(Image.alpha_composite(white, rgba).convert("RGB").tobytes()))
        return {"width": image.width, "height": image.height, "frames": result}


def animations():
    many = frames(4)
    many[0].save(FOLDER / "cleared.gif", save_all=True, append_images=many[1:], disposal=2, duration=50)
    many[0].save(FOLDER / "kept.gif", save_all=True, append_images=many[1:], disposal=1, duration=50)
    many[0].save(FOLDER / "restored.gif", save_all=True, append_images=many[1:], disposal=[1, 3, 3, 1], duration=50)
    many[0].save(FOLDER / "animated.webp", save_all=True, append_images=many[1:], lossless=True, duration=50)
    still = [image.convert("RGB") for image in frames(3)]
    still[0].save(FOLDER / "pages.tif", save_all=True, append_images=still[1:], compression="tiff_lzw")
    names = ["cleared.gif", "kept.gif", "restored.gif", "animated.webp", "pages.tif"]
    (FOLDER / "frames.json").write_text(json.dumps({name: seen(FOLDER / name) for name in names}))


def main():
    FOLDER.mkdir(exist_ok=True)
    tar(FOLDER / "ustar.tar", tarfile.USTAR_FORMAT)
    tar(FOLDER / "pax.tar", tarfile.PAX_FORMAT)
    tar(FOLDER / "gnu.tar", tarfile.GNU_FORMAT)
    packed = gzip.compress((FOLDER / "pax.tar").read_bytes(), mtime=0)
    # A gzip file may be several, one after the other.
    half = (FOLDER / "gnu.tar").read_bytes()
    (FOLDER / "pax.tar.gz").write_bytes(packed)
    (FOLDER / "parts.tgz").write_bytes(gzip.compress(half[:3000], mtime=0) + gzip.compress(half[3000:], mtime=0))
    zips_in_order()
    animations()


main()
