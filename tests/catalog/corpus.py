"""Hostile and unusual picture files, each made here from nothing.

`refused()` gives (name, bytes, words of the sentence), `accepted()` gives (name, bytes) of files that show
the shirt, `flipped()` those that may be taken or refused, and `largest()` the costliest that are taken.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache

import numpy as np
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

GPS = b"N 48 51 29.99"


@cache
def shirt() -> Image.Image:
    """A red shirt with a blue sleeve and a yellow hem on white: each corner tells which it is."""
    picture = Image.new("RGB", (120, 160), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 30, 100, 140), fill=(200, 40, 40))
    draw.rectangle((4, 30, 20, 80), fill=(40, 60, 180))
    draw.rectangle((20, 120, 100, 140), fill=(230, 200, 60))
    return picture


def saved(picture: Image.Image, format: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def jpeg(**options: object) -> bytes:
    return saved(shirt(), "JPEG", **{"quality": 95, "subsampling": 0} | options)


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))


def png(width: int, height: int, rows: bytes, *before: bytes, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG of these deflated rows, whatever its header promises."""
    header = png_chunk(b"IHDR", struct.pack(">2L5B", width, height, depth, colour, 0, 0, 0))
    parts = [b"\x89PNG\r\n\x1a\n", header, *before, png_chunk(b"IDAT", rows), png_chunk(b"IEND", b"")]
    return b"".join(parts)


def zeros(count: int) -> bytes:
    """So many zero bytes, deflated to a thousandth."""
    deflate, out = zlib.compressobj(9), io.BytesIO()
    block = bytes(1_000_000)
    for size in [1_000_000] * (count // 1_000_000) + [count % 1_000_000]:
        out.write(deflate.compress(block[:size]))
    out.write(deflate.flush())
    return out.getvalue()


def with_segments(*segments: bytes) -> bytes:
    """The shirt's JPEG with these segments (marker and data) after its start."""
    source = jpeg()
    parts = (b"\xff" + part[:1] + struct.pack(">H", len(part) + 1) + part[1:] for part in segments)
    return source[:2] + b"".join(parts) + source[2:]


def exif(orientation: int | None = None, gps: bool = False) -> Image.Exif:
    data = Image.Exif()
    if orientation is not None:
        data[0x0112] = orientation
    if gps:
        data[0x010E] = GPS.decode()
        data.get_ifd(0x8825)[1] = "N"
    return data


TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def turned(orientation: int) -> bytes:
    """The shirt as a camera held in that way stores it; the EXIF data say how to turn it back."""
    turn = TURNS[orientation]
    picture = shirt().transpose(turn) if turn is not None else shirt()
    return saved(picture, "JPEG", quality=95, subsampling=0, exif=exif(orientation))


def encodings() -> dict[str, bytes]:
    """The same shirt in every way a picture can be stored that we read."""
    rgb, grey = shirt(), shirt().convert("L")
    alpha = Image.new("L", rgb.size, 255)
    behind = Image.new("RGBA", rgb.size, (0, 200, 0, 0))  # green, and invisible
    cut_out = Image.composite(rgb.convert("RGBA"), behind, _not_white(rgb))
    sixteen = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    grey_alpha = grey.copy()
    grey_alpha.putalpha(alpha)
    palette = rgb.convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    clear = palette.copy()
    clear.info["transparency"] = int(np.asarray(palette)[0, 0])  # the white around the shirt
    return {
        "JPEG": jpeg(),
        "JPEG, progressive": jpeg(progressive=True),
        "JPEG, grey": saved(grey, "JPEG", quality=95),
        "JPEG, CMYK": saved(rgb.convert("CMYK"), "JPEG", quality=95, subsampling=0),
        "JPEG, half the colour": jpeg(subsampling=2),
        "JPEG with sRGB profile": jpeg(
            icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        ),
        "PNG": saved(rgb, "PNG"),
        "PNG, transparent ground": saved(cut_out, "PNG"),
        "PNG, palette": saved(palette, "PNG"),
        "PNG, palette, transparent ground": saved(clear, "PNG"),
        "PNG, grey": saved(grey, "PNG"),
        "PNG, grey with alpha": saved(grey_alpha, "PNG"),
        "PNG, grey, 16 bits": saved(sixteen, "PNG"),
        "PNG, RGB, 16 bits": _sixteen_bit_rgb(rgb),
        "PNG, black and white": saved(rgb.convert("1", dither=Image.Dither.NONE), "PNG"),
        "PNG, one transparent colour": saved(rgb, "PNG", transparency=(255, 255, 255)),
        "WebP": saved(rgb, "WEBP", quality=95),
        "WebP, lossless, transparent ground": saved(cut_out, "WEBP", lossless=True, exact=True),
        "WebP, animated": saved(
            rgb, "WEBP", save_all=True, append_images=[grey.convert("RGB")] * 3, lossless=True
        ),
        "APNG": saved(rgb, "PNG", save_all=True, append_images=[grey.convert("RGB")] * 3),
        "JPEG with a second picture (MPO)": saved(
            rgb, "MPO", save_all=True, append_images=[grey.convert("RGB")], quality=95
        ),
    }


def _not_white(picture: Image.Image) -> Image.Image:
    return picture.convert("L").point(lambda value: 0 if value > 250 else 255)


def _sixteen_bit_rgb(picture: Image.Image) -> bytes:
    pixels = (np.asarray(picture).astype(">u2") * 257).tobytes()
    line = picture.width * 6
    rows = b"".join(b"\0" + pixels[at : at + line] for at in range(0, len(pixels), line))
    return png(*picture.size, zlib.compress(rows), depth=16)


def accepted() -> Iterator[tuple[str, bytes]]:
    """Unusual files that show the shirt all the same."""
    yield "a comment with a script", jpeg(comment=b"<script>alert(1)</script>")
    yield "EXIF with GPS", jpeg(exif=exif(gps=True))
    yield "XMP", jpeg(xmp=b"<x:xmpmeta>GPS</x:xmpmeta>")
    yield "a PNG with text", _png_with_text()
    yield "a web page behind the picture", jpeg() + b"<html><script>alert(1)</script></html>"
    yield "a ZIP behind the picture", jpeg() + _zip()
    yield "a film behind the picture", jpeg() + b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 400
    yield "broken EXIF", with_segments(b"\xe1Exif\0\0MM\0*\xff\xff\xff\xff", b"\xe1Exif\0\0garbage")
    yield "EXIF of 65,535 broken entries", with_segments(*_exif_segments(_entries(65_535)))
    yield "EXIF of 65,535 broken entries in a PNG", _with_chunk(saved(shirt(), "PNG"), _entries(65_535))
    yield "an orientation that does not exist", jpeg(exif=exif(orientation=42))
    yield "a colour profile of garbage", jpeg(icc_profile=b"garbage" * 300)
    yield "a colour profile for another kind of picture", jpeg(icc_profile=_lab())
    yield "unknown application data", with_segments(b"\xe7" + b"x" * 60_000, b"\xec" + b"y" * 60_000)
    yield "filling bytes", jpeg()[:2] + b"\xff" * 500 + jpeg()[2:]
    yield "restart markers", jpeg(restart_marker_blocks=4)


def _entries(count: int) -> bytes:
    """EXIF data with so many entries, whose values all lie beyond the end."""
    entries = (struct.pack(">2H2L", tag, 7, 2**31, 8) for tag in range(count))
    return b"MM\0*" + struct.pack(">LH", 8, count) + b"".join(entries) + bytes(4)


def _exif_segments(data: bytes) -> list[bytes]:
    """These EXIF data as segments of a JPEG, which Pillow joins."""
    return [b"\xe1Exif\0\0" + data[at : at + 60_000] for at in range(0, len(data), 60_000)]


def _with_chunk(source: bytes, exif: bytes) -> bytes:
    """The PNG with these EXIF data behind its header."""
    return source[:33] + png_chunk(b"eXIf", exif) + source[33:]


def _png_with_text() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Location", GPS.decode(), zip=True)
    return saved(shirt(), "PNG", pnginfo=info)


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("page.html", "<script>alert(1)</script>")
    return out.getvalue()


def _lab() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def refused() -> Iterator[tuple[str, bytes, str]]:
    """Files that the door does not take."""
    yield "empty", b"", "empty"
    yield "one byte", b"\xff", "not a picture"
    yield "text", b"Not a picture at all.", "not a picture"
    yield "zeros", bytes(100_000), "not a picture"
    yield "SVG", b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG"
    yield "SVG with a script", b'<svg onload="alert(1)"></svg>', "an SVG"
    yield "HTML", b"<!DOCTYPE html><title>x</title>", "a web page"
    yield "HTML that ends as a JPEG", b"<html><script>1</script></html>" + jpeg(), "a web page"
    yield "PDF", b"%PDF-1.7\n", "a PDF"
    yield "ZIP", _zip(), "a ZIP archive"
    yield "GIF", saved(shirt(), "GIF"), "a GIF"
    yield "GIF that is a script", b"GIF89a=1;alert(1)//", "a GIF"
    yield "animated GIF", saved(shirt(), "GIF", save_all=True, append_images=[shirt()] * 3), "a GIF"
    yield "TIFF", saved(shirt(), "TIFF"), "a TIFF"
    yield "BMP", saved(shirt(), "BMP"), "a BMP"
    yield "ICO", saved(shirt(), "ICO", sizes=[(16, 16)]), "an icon"
    yield "JPEG 2000", saved(shirt(), "JPEG2000"), "a JPEG 2000"
    yield "GIF of a thousand frames", _gif_of_frames(1000), "a GIF"
    yield "AVIF", saved(shirt(), "AVIF"), "an AVIF"
    yield "AVIF, its head alone", b"\0\0\0\x1cftypavif" + bytes(100), "an AVIF"
    yield "HEIC", b"\0\0\0\x18ftypheic" + bytes(100), "a HEIC"
    yield "Photoshop", b"8BPS\0\1" + bytes(100), "a Photoshop file"
    yield "DDS", saved(shirt(), "DDS"), "not a picture"
    yield "EPS", saved(shirt(), "EPS"), "not a picture"
    yield "FITS", b"SIMPLE  =                    T".ljust(2880), "not a picture"
    for percent in range(10, 100, 10):
        yield f"JPEG cut at {percent} %", _cut(jpeg(), percent), ""
        yield f"PNG cut at {percent} %", _cut(saved(_noise(), "PNG"), percent), ""
        yield f"WebP cut at {percent} %", _cut(saved(_noise(), "WEBP"), percent), ""
    yield "a JPEG's start alone", b"\xff\xd8\xff", "not a picture"
    yield "a PNG's start alone", b"\x89PNG\r\n\x1a\n", "not a picture"
    yield "a WebP's start alone", b"RIFF\4\0\0\0WEBP", "not a picture"
    yield "1 × 1", saved(Image.new("RGB", (1, 1)), "PNG"), "each side"
    yield "1 × 20,000", saved(Image.new("RGB", (1, 20_000)), "PNG"), "each side"
    yield "12 × 20,000", saved(Image.new("RGB", (12, 20_000)), "PNG"), "each side"
    yield "20,000 × 20,000 in 1.2 MB", png(20_000, 20_000, zeros(20_000 * 60_001)), "pixels"
    yield "50,000 × 50,000, promised only", png(50_000, 50_000, zeros(1000)), "pixels"
    yield "a size of nothing", png(0, 0, zeros(10)), ""
    yield "a size beyond all measure", png(2**31 - 1, 2**31 - 1, zeros(10)), ""
    yield "fewer pixels than promised", png(4000, 4000, zeros(1000)), "damaged"
    yield "colours of a palette that is missing", png(40, 40, zeros(40 * 41), colour=3), "damaged"
    yield "pixels that are no deflate", png(40, 40, b"garbage" * 20), "damaged"
    yield "a wrong checksum in a PNG", _flipped(saved(shirt(), "PNG"), 20), ""
    yield (
        "a colour profile of 100 MB",
        png(40, 40, zeros(40 * 121), png_chunk(b"iCCP", b"x\0\0" + zeros(100_000_000))),
        "",
    )
    yield "text that unpacks to 100 MB", png(40, 40, zeros(40 * 121), *[_big_text()] * 100), ""
    yield "60 MB of application data", with_segments(*[b"\xe1" + bytes(60_000)] * 1000), "larger than 12 MB"
    yield "8 MB of application data", with_segments(*[b"\xe1" + bytes(60_000)] * 140), "metadata"
    yield "a hundred thousand segments", with_segments(*[b"\xfex"] * 100_000), "too many parts"
    yield "11 MB of filling bytes", jpeg()[:2] + b"\xff" * 11_000_000 + jpeg()[2:], "damaged"
    yield (
        "a million chunks",
        png(40, 40, zeros(40 * 121), png_chunk(b"tEXt", b"a\0") * 700_000),
        "too many parts",
    )
    yield (
        "five thousand frames, promised",
        png(40, 40, zeros(40 * 121), png_chunk(b"acTL", struct.pack(">2L", 5000, 0))),
        "frames",
    )
    yield "an APNG of a thousand frames", _frames(1000, "PNG"), "frames"
    yield "a WebP of a thousand frames", _frames(1000, "WEBP", lossless=True, quality=0, method=0), "frames"
    yield "a JPEG of a thousand scans", _jpeg_of_scans(1000), "too many layers"
    yield "a WebP of garbage", b"RIFF\x20\0\0\0WEBPVP8 " + bytes(range(24)), "not a picture"
    yield "a JPEG of two broken tables", jpeg().replace(b"\xff\xc4", b"\xff\xc9"), ""


def _cut(source: bytes, percent: int) -> bytes:
    return source[: len(source) * percent // 100]


def _noise() -> Image.Image:
    return Image.effect_noise((90, 120), 60).convert("RGB")


def _flipped(source: bytes, at: int) -> bytes:
    return source[:at] + bytes([source[at] ^ 1]) + source[at + 1 :]


def _big_text() -> bytes:
    return png_chunk(b"zTXt", b"x\0\0" + zeros(1_000_000))


def _frames(count: int, format: str, **options: object) -> bytes:
    frames = [Image.new("RGB", (16, 16), (number % 256, number // 256, 0)) for number in range(count)]
    return saved(frames[0], format, save_all=True, append_images=frames[1:], **options)


def _gif_of_frames(count: int) -> bytes:
    return _frames(count, "GIF", duration=20)


def flipped() -> Iterator[tuple[str, bytes]]:
    """Files with one bit flipped, at every tenth of their length."""
    sources = encodings()
    for name in ("JPEG", "JPEG, progressive", "PNG", "WebP"):
        source = sources[name]
        for percent in range(5, 100, 10):
            yield f"{name}, a bit flipped at {percent} %", _flipped(source, len(source) * percent // 100)


def largest() -> Iterator[tuple[str, bytes]]:
    """The costliest pictures that are taken: as large as the limits let them be."""
    yield "PNG, RGBA, 40 million pixels", png(7000, 5700, zeros(5700 * 28_001), colour=6)
    yield "PNG, RGB of 16 bits, 40 million pixels", png(7000, 5700, zeros(5700 * 42_001), depth=16)
    yield "PNG, grey with alpha, 40 million pixels", png(7000, 5700, zeros(5700 * 14_001), colour=4)
    yield "PNG, 12,000 × 3,300", png(12_000, 3300, zeros(3300 * 36_001))
    yield "PNG, 3,300 × 12,000", png(3300, 12_000, zeros(12_000 * 9901))
    for mode in ("RGB", "CMYK", "L"):
        yield f"JPEG, {mode}, 40 million pixels", saved(Image.new(mode, (7000, 5700)), "JPEG")
    yield (
        "JPEG, progressive, 26 million pixels",
        saved(Image.new("RGB", (6000, 4400)), "JPEG", progressive=True),
    )
    yield "WebP, 10 million pixels", saved(Image.new("RGB", (3600, 2700)), "WEBP", method=0)
    noise = Image.effect_noise((2600, 2000), 90).convert("RGB")
    yield "PNG of noise, 5 million pixels", saved(noise, "PNG", compress_level=1)
    yield "JPEG of noise, 5 million pixels", saved(noise, "JPEG", quality=90)


def _jpeg_of_scans(count: int) -> bytes:
    """A progressive JPEG that goes over its pixels again and again, a few bytes each time."""
    source = jpeg(progressive=True)
    last = source.rindex(b"\xff\xda")
    return source[:last] + source[last:-2] * count + source[-2:]
