"""What a picture file says about itself, read before any decoder sees it.

A decoder walks through segments and chunks one by one, however many there are and whatever they hold. Here
they are only counted, so that a file made to keep it busy is refused within milliseconds.
"""

import re
import struct

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Phones write some hundred kilobytes (a preview, a depth map, a colour profile).
METADATA_MAX_BYTES = 4_000_000
# A camera's JPEG has some twenty segments, a PNG a chunk for every 8 KB of pixels.
PARTS_MAX = 10_000
# Each scan of a progressive JPEG goes over all pixels again; encoders write about ten.
SCANS_MAX = 60
FRAMES_MAX = 200

# What people bring most often in place of a JPEG, PNG or WebP.
FOREIGN = [
    (re.compile(rb"GIF8"), _("a GIF")),
    (re.compile(rb".{4}ftypavi[fs]", re.DOTALL), _("an AVIF")),
    (re.compile(rb".{4}ftyp(hei|hev|mif1|msf1)", re.DOTALL), _("a HEIC")),
    (re.compile(rb"II\*\0|MM\0\*|II\+\0|MM\0\+"), _("a TIFF")),
    (re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL), _("a BMP")),
    (re.compile(rb"8BPS"), _("a Photoshop file")),
    (re.compile(rb"\x00\x00\x01\x00"), _("an icon")),
    (re.compile(rb"(\0\0\0\x0cjP  |\xff\x4f\xff\x51)"), _("a JPEG 2000")),
    (re.compile(rb"(\xff\x0a|\0\0\0\x0cJXL )"), _("a JPEG XL")),
    (re.compile(rb"%PDF"), _("a PDF")),
    (re.compile(rb"PK\x03\x04"), _("a ZIP archive")),
    (
        re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!doctype svg|<svg)", re.I | re.S),
        _("an SVG"),
    ),
    (
        re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body|script)", re.IGNORECASE),
        _("a web page"),
    ),
]

JPEG_START = b"\xff\xd8\xff"
PNG_START = b"\x89PNG\r\n\x1a\n"
# The next marker in the pixels of a JPEG: not an escaped 0xFF, a restart or a filling byte.
MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd7\xff])", re.DOTALL)
FILLED = re.compile(rb"\xff+")
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9


class Suspicious(ValidationError):
    """The file is built to keep a decoder busy, or damaged so much that it could be."""


def foreign_name(source: bytes) -> str:
    """“a GIF”, if the bytes are a kind of file that people mistake for a picture we take; else empty."""
    return next((str(name) for pattern, name in FOREIGN if pattern.match(source[:1000])), "")


def check_parts(source: bytes) -> None:
    """Count metadata, parts, scans and frames of a JPEG, PNG or WebP. Raises `Suspicious`."""
    if source.startswith(JPEG_START):
        _check_jpeg(source)
    elif source.startswith(PNG_START):
        _check_chunks(source, at=8, format=">L4s", head_first=False)
    elif source[:4] == b"RIFF":
        _check_chunks(source, at=12, format="<4sL", head_first=True)


def _check_jpeg(source: bytes) -> None:
    at, parts, scans, metadata = 2, 0, 0, 0
    while at < len(source):
        found = MARKER.search(source, at)
        if found is None or found[1][0] == END_OF_IMAGE:
            break
        if scans == 0 and found.start() - at > PARTS_MAX:
            raise Suspicious(_("The picture is damaged or cut off."), code="damaged")
        at = found.end()
        size = int.from_bytes(source[at : at + 2], "big")
        if found[1][0] == START_OF_SCAN:
            scans += 1
        elif found[1][0] >= 0xE0:  # application data and comments
            metadata += size
        at += max(2, size)
        parts += 1
        _check(metadata, parts, frames=0)
        if scans > SCANS_MAX:
            raise Suspicious(_("The picture is stored in too many layers; save it anew."), code="parts")


def _check_chunks(source: bytes, at: int, format: str, head_first: bool) -> None:
    """PNG and WebP: chunks with a name and a length, PNG's with a checksum behind them."""
    parts, metadata, frames = 0, 0, 0
    while at + 8 <= len(source):
        first, second = struct.unpack_from(format, source, at)
        name, size = (first, second) if head_first else (second, first)
        if name == b"acTL" and size >= 4:
            frames = int.from_bytes(source[at + 8 : at + 12], "big")
        elif name == b"ANMF":
            frames += 1
        elif name not in (b"IDAT", b"fdAT", b"VP8 ", b"VP8L", b"ALPH"):
            metadata += size
        at += 8 + size + (size & 1 if head_first else 4)
        parts += 1
        _check(metadata, parts, frames)
        if name == b"IEND":
            break


def _check(metadata: int, parts: int, frames: int) -> None:
    if metadata > METADATA_MAX_BYTES:
        message = _("The picture carries more than %(limit)d MB of metadata; save it without.")
        raise Suspicious(message, code="parts", params={"limit": METADATA_MAX_BYTES // 1_000_000})
    if parts > PARTS_MAX:
        raise Suspicious(_("The picture is stored in too many parts; save it anew."), code="parts")
    if frames > FRAMES_MAX:
        message = _("The picture has more than %(limit)d frames; save one of them.")
        raise Suspicious(message, code="frames", params={"limit": FRAMES_MAX})
