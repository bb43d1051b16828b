"""PNG and TIFF, made by Pillow and tifffile; and files of kinds that are not read."""

import io
import struct
import zlib

import numpy
import tifffile
from PIL import Image

import scene
from lossy import pillow_rgb, saved, turned
from scene import Case


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(values, depth, color_type, *, before=()):
    """Of samples height × width × channels, without filters."""
    height, width = values.shape[:2]
    if depth == 16:
        lines = values.astype(">u2").reshape(height, -1).view(numpy.uint8)
    elif depth == 8:
        lines = values.astype(numpy.uint8).reshape(height, -1)
    else:
        flat = values.reshape(height, -1)
        bits = (flat[:, :, None] >> numpy.arange(depth - 1, -1, -1)) & 1
        lines = numpy.packbits(bits.reshape(height, -1).astype(numpy.uint8), axis=1)
    data = b"".join(b"\0" + line.tobytes() for line in lines)
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunk(*part) for part in before)
            + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))


def upper(values):
    return (values >> 8).astype(numpy.uint8)


def pngs(width, height):
    colors, gray, opacity = scene.rgb(width, height), scene.gray(width, height), scene.alpha(width, height)
    for depth in (1, 2, 4, 8, 16):
        stored = scene.quantized(gray, (1 << depth) - 1)
        shown = upper(stored) if depth == 16 else scene.scaled(stored, (1 << depth) - 1)
        yield Case(f"gray{depth}.png", png(stored[:, :, None], depth, 0), scene.three(shown), is_damaged=depth in (4, 16))
        if depth <= 8:
            table, values = scene.palette(1 << depth), scene.indices(width, height, 1 << depth)
            yield Case(f"index{depth}.png", png(values[:, :, None], depth, 3, before=[(b"PLTE", table.tobytes())]),
                       table[values], is_damaged=depth == 8)
    wide_colors, wide_opacity = scene.quantized(colors, 65535), scene.quantized(opacity, 65535)
    for depth, rgb, alpha in ((8, colors, opacity), (16, wide_colors, wide_opacity)):
        narrow_rgb, narrow_alpha = (rgb, alpha) if depth == 8 else (upper(rgb), upper(alpha))
        grays, narrow_gray = rgb[:, :, 2], narrow_rgb[:, :, 2]
        yield Case(f"rgb{depth}.png", png(rgb, depth, 2), narrow_rgb)
        yield Case(f"rgba{depth}.png", png(numpy.dstack([rgb, alpha]), depth, 6), scene.over_white(narrow_rgb, narrow_alpha))
        yield Case(f"gray-alpha{depth}.png", png(numpy.dstack([grays, alpha]), depth, 4),
                   scene.over_white(scene.three(narrow_gray), narrow_alpha), is_damaged=False)
    picture = Image.fromarray(colors)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield Case(f"orientation-{orientation}.png", saved(picture, "PNG", exif=exif), turned(colors, orientation),
                   is_damaged=False)


def tiffs(width, height):
    colors, gray, opacity = scene.rgb(width, height), scene.gray(width, height), scene.alpha(width, height)
    picture = Image.fromarray(colors)

    def written(values, **options):
        file = io.BytesIO()
        tifffile.imwrite(file, values, metadata=None, **options)
        return file.getvalue()

    # Zstandard's frames have no checksum in a TIFF: what is changed in them is another picture, to each release of its library
    # another one, where it does not break a code.
    for compression in (None, "lzw", "adobe_deflate", "packbits", "zstd", "lzma"):
        for tile in (None, (16, 16)):
            for byteorder in ("<", ">"):
                name = f"rgb-{compression or 'plain'}-{'tiles' if tile else 'strips'}-{'little' if byteorder == '<' else 'big'}"
                predictor = compression in ("lzw", "adobe_deflate") and tile is not None
                data = written(colors, photometric="rgb", compression=compression, tile=tile, byteorder=byteorder,
                               predictor=predictor, rowsperstrip=None if tile else 8)
                yield Case(f"{name}.tif", data, colors, is_damaged=byteorder == "<" and compression != "zstd",
                           asks_pillow=False)
    yield Case("gray8.tif", written(gray, photometric="minisblack"), scene.three(gray), is_damaged=False)
    yield Case("gray8-white-is-zero.tif", written(gray, photometric="miniswhite"), scene.three(255 - gray), is_damaged=False)
    wide = scene.quantized(gray, 65535).astype(numpy.uint16)
    yield Case("gray16.tif", written(wide, photometric="minisblack"), scene.three(upper(wide)))
    wide = scene.quantized(colors, 65535).astype(numpy.uint16)
    yield Case("rgb16.tif", written(wide, photometric="rgb"), upper(wide), asks_pillow=False)
    yield Case("planes.tif", written(numpy.moveaxis(colors, 2, 0), photometric="rgb", planarconfig="separate"), colors,
               asks_pillow=False)
    yield Case("big.tif", written(colors, photometric="rgb", bigtiff=True), colors)
    yield Case("rgba-unassociated.tif", written(numpy.dstack([colors, opacity]), photometric="rgb", extrasamples=["unassalpha"]),
               scene.over_white(colors, opacity))
    bits = scene.indices(width, height, 2)
    yield Case("bits.tif", written(bits.astype(bool), photometric="minisblack"), scene.three(255 * bits), asks_pillow=False)
    floats = gray.astype(numpy.float32) / 255
    yield Case("gray-float32.tif", written(floats, photometric="minisblack"), scene.three(gray), asks_pillow=False)
    for orientation in range(1, 9):
        for tile in (None, (16, 16)):
            data = written(colors, photometric="rgb", tile=tile, extratags=[(274, "H", 1, orientation, True)])
            yield Case(f"orientation-{orientation}-{'tiles' if tile else 'strips'}.tif", data, turned(colors, orientation),
                       is_damaged=False, asks_pillow=False)
    for compression in ("group3", "group4", "jpeg"):
        source = Image.fromarray(255 * bits).convert("1") if compression != "jpeg" else picture
        data = saved(source, "TIFF", compression=compression)
        yield Case(f"{compression}.tif", data, pillow_rgb(data), tolerance=4 if compression == "jpeg" else 0)


def kinds(width, height):
    """Of each: a beginning that tells what it is."""
    picture = Image.fromarray(scene.rgb(width, height))
    made = {"picture.avif": "AVIF", "picture.ico": "ICO", "picture.jp2": "JPEG2000", "picture.tga": "TGA", "picture.pcx": "PCX",
            "picture.sgi": "SGI", "picture.dds": "DDS", "page.pdf": "PDF"}
    files = {name: saved(picture, kind) for name, kind in made.items()}
    files |= {
        "picture.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(60),
        "picture.jxl": b"\xff\x0a" + bytes(60), "boxed.jxl": b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(60),
        "codes.j2k": b"\xff\x4f\xff\x51" + bytes(60), "picture.svg": b"<?xml version='1.0'?>\n<svg xmlns='x'/>",
        "picture.psd": b"8BPS\0\x01" + bytes(60), "picture.exr": b"v/1\x01" + bytes(60),
        "picture.hdr": b"#?RADIANCE\n" + bytes(60), "picture.cr2": b"II*\0\x10\0\0\0CR\x02\0" + bytes(60),
        "picture.cr3": b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom" + bytes(60), "picture.raf": b"FUJIFILMCCD-RAW" + bytes(60),
        "picture.qoi": b"qoif" + bytes(60), "picture.pfm": b"PF\n1 1\n-1.0\n" + bytes(12),
        "array.bmp": b"BA" + bytes(12) + b"BM" + bytes(60),
        "picture.dib": struct.pack("<IiiHHI", 40, 2, 2, 1, 24, 0) + bytes(60),
        "page.jpg": b"<!DOCTYPE html>\n<html><body>404</body></html>", "video.mp4": b"\0\0\0\x18ftypisom" + bytes(60),
        "pointer.png": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n",
    }
    for name, data in files.items():
        yield Case(name, data, None, is_damaged=False, asks_pillow=False)
