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
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
# Stored pictures are no larger than a zoomed view on a large screen needs.
STORED_SIDE_MAX_PX = 2048
JPEG_QUALITY = 92


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


def open_picture(file: IO[bytes]) -> Image.Image:
    """Read the header of `file` and check format and size before any pixel is decoded.

    Raises `ImageRefused`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageRefused(_("The picture has too many pixels."), code="pixels") from error
    except Exception as error:  # decoders raise far more than OSError on hostile bytes
        message = _("The file is not a picture that can be read: JPEG, PNG and WebP are accepted.")
        raise ImageRefused(message, code="format") from error
    pixels, limit = picture.width * picture.height, settings.IMAGE_MAX_PIXELS
    if pixels > limit or max(picture.size) > settings.IMAGE_MAX_SIDE_PX:
        raise ImageRefused(
            _("The picture has %(width)d × %(height)d pixels; at most %(limit)d million are accepted."),
            code="pixels",
            params={"width": picture.width, "height": picture.height, "limit": limit // 1_000_000},
        )
    return picture


def to_rgb(picture: Image.Image) -> Image.Image:
    """Decode a picture to RGB, transparency flattened on white. Raises `ImageRefused` when it is damaged."""
    try:
        if picture.has_transparency_data:
            rgba = picture.convert("RGBA")
            white = Image.new("RGBA", rgba.size, "white")
            return Image.alpha_composite(white, rgba).convert("RGB")
        return picture.convert("RGB")
    except Exception as error:  # decoders raise far more than OSError on hostile bytes
        raise ImageRefused(_("The picture is damaged or cut off."), code="damaged") from error


def clean(file: IO[bytes]) -> CleanImage:
    """Check `file`, turn it upright, drop its metadata, limit its size and encode it as JPEG.

    Raises `ImageRefused`. The same bytes always give the same result.
    """
    source = file.read(settings.IMAGE_MAX_BYTES + 1)
    if len(source) > settings.IMAGE_MAX_BYTES:
        limit = settings.IMAGE_MAX_BYTES // 1_000_000
        raise ImageRefused(_("The file is larger than %(limit)d MB."), code="bytes", params={"limit": limit})
    picture = open_picture(io.BytesIO(source))
    picture.draft("RGB", (STORED_SIDE_MAX_PX, STORED_SIDE_MAX_PX))
    picture = to_rgb(ImageOps.exif_transpose(picture))
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
