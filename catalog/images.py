"""The one door for pixels: whatever a person or a file brings is checked, decoded and encoded anew here.

Nothing of the original bytes is kept, so that metadata (GPS), polyglots and decoder tricks end at the door.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageCms, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from catalog import headers

# With their plugins: asked for a format that it does not know yet, Pillow would load all it has.
FORMATS = {"JPEG": JpegImagePlugin, "PNG": PngImagePlugin, "WEBP": WebPImagePlugin}
SIDE_MIN_PX = 10
# Stored pictures are no larger than a zoomed view on a large screen needs.
STORED_SIDE_MAX_PX = 2048
JPEG_QUALITY = 92
# What decoding may take, so that a process stays below 300 MB. Bytes per pixel as measured: Pillow holds 4;
# a WebP lies in its decoder and in between, too; a progressive JPEG keeps all its coefficients. Other JPEGs
# are decoded at a fraction of their size.
DECODED_MAX_BYTES = 160_000_000
BYTES_PER_PIXEL = {"PNG": 4, "WEBP": 16}
PROGRESSIVE_BYTES_PER_PIXEL = 6
# Larger pictures are reduced, strip by strip, so that there is never a second one of full size.
REDUCED_PIXELS = 4_000_000
STRIP_PIXELS = 100_000
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SRGB = ImageCms.createProfile("sRGB")


class ImageRefused(ValidationError):
    """A picture that is not accepted; the message is a sentence for the person who brought it."""


@dataclass(frozen=True)
class CleanImage:
    """A checked picture, encoded anew as JPEG.

    `checksum` is the sha256 of `content`, `source_checksum` that of the bytes that were brought.
    """

    content: bytes
    checksum: str
    source_checksum: str
    width: int
    height: int


def read_source(file: IO[bytes]) -> bytes:
    """All bytes of `file`, read no further than the limit. Raises `ImageRefused` beyond it."""
    source = file.read(settings.IMAGE_MAX_BYTES + 1)
    if len(source) > settings.IMAGE_MAX_BYTES:
        limit = settings.IMAGE_MAX_BYTES / 1_000_000
        raise ImageRefused(_("The file is larger than %(limit)g MB."), code="bytes", params={"limit": limit})
    return source


def open_picture(file: IO[bytes]) -> Image.Image:
    """Read the header of `file` and check format and size before any pixel is decoded.

    The content decides on the format, never the name. Raises `ImageRefused`.
    """
    source = read_source(file)
    if not source:
        raise ImageRefused(_("The file is empty."), code="format")
    try:
        headers.check_parts(source)
        with warnings.catch_warnings(action="ignore"):  # our limit is lower than the one Pillow warns of
            picture = Image.open(io.BytesIO(source), formats=tuple(FORMATS))
    except headers.Suspicious as error:
        raise ImageRefused(error.message, error.code, error.params) from error
    except Image.DecompressionBombError as error:
        raise ImageRefused(_("The picture has too many pixels."), code="pixels") from error
    except Exception as error:  # decoders raise far more than OSError on hostile bytes
        raise _unreadable(source) from error
    _check_size(picture)
    return picture


def _unreadable(source: bytes) -> ImageRefused:
    if name := headers.foreign_name(source):
        message = _("The file is %(name)s; save the picture as JPEG, PNG or WebP and try again.")
        return ImageRefused(message, code="format", params={"name": name})
    message = _("The file is not a picture that can be read: JPEG, PNG and WebP are accepted.")
    return ImageRefused(message, code="format")


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    cost = BYTES_PER_PIXEL.get(picture.format or "", 0)
    if "progressive" in picture.info:
        cost = PROGRESSIVE_BYTES_PER_PIXEL
    limit = min(settings.IMAGE_MAX_PIXELS, DECODED_MAX_BYTES // cost if cost else settings.IMAGE_MAX_PIXELS)
    if _pixels(picture) > limit:
        raise ImageRefused(
            _("The picture has %(width)d × %(height)d pixels; at most %(limit)d million are accepted."),
            code="pixels",
            params={"width": width, "height": height, "limit": limit // 1_000_000},
        )
    if not SIDE_MIN_PX <= min(width, height) <= max(width, height) <= settings.IMAGE_MAX_SIDE_PX:
        raise ImageRefused(
            _("The picture has %(width)d × %(height)d pixels; each side must have %(least)d to %(most)d."),
            code="pixels",
            params={
                "width": width,
                "height": height,
                "least": SIDE_MIN_PX,
                "most": settings.IMAGE_MAX_SIDE_PX,
            },
        )


def upright_rgb(picture: Image.Image, side: int) -> Image.Image:
    """Decode an opened picture: upright, in sRGB, its transparency flattened on white.

    A large one is reduced on the way; its longer side is still at least `side`. Raises `ImageRefused` when
    it is damaged.
    """
    try:
        picture.draft("RGB", (side, side))
        picture.load()
        if picture.mode in ("P", "PA") and picture.palette is None:  # Pillow would only assert it later
            raise ValueError("There is no palette.")
    except Exception as error:  # decoders raise far more than OSError on hostile bytes
        raise ImageRefused(_("The picture is damaged or cut off."), code="damaged") from error
    turn = UPRIGHT.get(_orientation(picture))
    profile = picture.info.get("icc_profile")
    if _pixels(picture) > REDUCED_PIXELS:
        picture = _reduced(picture, max(1, max(picture.size) // side))
    picture = _in_srgb(_opaque(picture), profile)
    # Only the pixels go on: whoever saves or turns the result would act on what it says of itself.
    picture.info.clear()
    return picture.transpose(turn) if turn is not None else picture


def to_rgb(picture: Image.Image) -> Image.Image:
    """Decode an opened picture in its full size, as `upright_rgb` does. Raises `ImageRefused`."""
    return upright_rgb(picture, max(picture.size))


def _orientation(picture: Image.Image) -> int:
    """How the picture is to be turned, 1 (not at all) where its EXIF data do not say or are broken."""
    try:
        # Pillow would warn of each broken entry, and a file of a megabyte write 65,535 lines into the log.
        with warnings.catch_warnings(action="ignore"):
            return int(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # parsers raise whatever comes up on hostile bytes
        return 1


def _pixels(picture: Image.Image) -> int:
    return picture.width * picture.height


def _reduced(picture: Image.Image, factor: int) -> Image.Image:
    """The picture at 1/factor of its size, opaque."""
    size = -(-picture.width // factor), -(-picture.height // factor)
    rows = max(1, STRIP_PIXELS // picture.width // factor) * factor
    whole = None
    for top in range(0, picture.height, rows):
        strip = _opaque(picture.crop((0, top, picture.width, min(top + rows, picture.height))))
        if whole is None:
            whole = Image.new(strip.mode, size)
        whole.paste(strip.reduce(factor), (0, top // factor))
    assert whole is not None, "a picture has a row"  # noqa: S101
    return whole


def _opaque(picture: Image.Image) -> Image.Image:
    """In RGB, L or CMYK, eight bits each, on white."""
    if picture.mode.startswith(("I", "F")):  # sixteen bits: plain conversion would clip them to white
        picture.info.pop("transparency", None)  # of another depth than what comes out
        return picture.convert("I").point(lambda value: value / 257).convert("L")
    if picture.has_transparency_data:
        rgba = _with_alpha(picture)
        white = Image.new("RGB", picture.size, "white")
        white.paste(rgba, mask=rgba.getchannel("A"))
        return white
    return picture if picture.mode in ("RGB", "L", "CMYK") else picture.convert("RGB")


def _with_alpha(picture: Image.Image) -> Image.Image:
    try:
        return picture.convert("RGBA")
    except (TypeError, ValueError):  # a transparent colour that is none of the picture's
        picture.info.pop("transparency", None)
        return picture.convert("RGBA")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture's colours as a screen shows them; a profile that cannot be read is ignored."""
    if profile and b"sRGB" not in profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, SRGB, outputMode="RGB")
            if converted is not None:
                return converted
        except Exception:  # noqa: S110 - PyCMSError and more; without a profile sRGB is what is meant
            pass
    return picture.convert("RGB")


def clean(file: IO[bytes]) -> CleanImage:
    """Check `file`, turn it upright, drop its metadata, limit its size and encode it as JPEG.

    Raises `ImageRefused`. The same bytes always give the same result.
    """
    source = read_source(file)
    picture = upright_rgb(open_picture(io.BytesIO(source)), STORED_SIDE_MAX_PX)
    picture.thumbnail((STORED_SIDE_MAX_PX, STORED_SIDE_MAX_PX), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)
    content = out.getvalue()
    return CleanImage(
        content=content,
        checksum=hashlib.sha256(content).hexdigest(),
        source_checksum=hashlib.sha256(source).hexdigest(),
        width=picture.width,
        height=picture.height,
    )


def clean_upload(upload: File) -> CleanImage:
    """`clean` for a file that a person sent: the error names the file."""
    try:
        upload.seek(0)
        return clean(upload)
    except ImageRefused as error:
        message = _("%(file)s: %(reason)s")
        params = {"file": upload.name or "", "reason": " ".join(error.messages)}
        raise ImageRefused(message, error.code, params) from error
