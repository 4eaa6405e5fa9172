"""Small WebP versions of stored pictures, in three widths.

The address of a thumbnail follows from the picture's name and the width, so that a page of them costs no
look-up in database, cache or storage. The file is made when it is first asked for (`shop.media`), which
suits imports of any size, and heals whatever was lost.
"""

import re
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from imagekit import ImageSpec
from imagekit.processors import ResizeToFit
from PIL import Image

# A phone's two columns, a desktop's cards and large phones' full width, the product page.
WIDTHS_PX = (240, 480, 960)
NAME = re.compile(r"[^/]+/(?P<stem>(?:products|samples)/.+)/(?P<width>\d+)\.webp")


class Draft:
    """Lets the JPEG decoder stop at a fraction of the size; first of the processors."""

    def __init__(self, width: int):
        self.width = width

    def process(self, picture: Image.Image) -> Image.Image:
        picture.draft("RGB", (2 * self.width, 2 * self.width))
        return picture


class Thumbnail(ImageSpec):
    """`source` at most `width` wide, never enlarged."""

    # Quality 75 makes a card of 400 × 533 px 5 KB; AVIF made it no smaller in five times the time.
    format = "WEBP"
    options = {"quality": 75, "method": 4}

    def __init__(self, source: object, width: int):
        super().__init__(source)
        self.processors = [Draft(width), ResizeToFit(width, upscale=False)]


def name_of(picture: str, width: int) -> str:
    """Where the thumbnail of the stored `picture` is, or will be."""
    return f"{settings.IMAGEKIT_CACHEFILE_DIR}/{PurePosixPath(picture).with_suffix('')}/{width}.webp"


def url(picture: str, width: int) -> str:
    """Where the thumbnail is served; costs no look-up."""
    return default_storage.url(name_of(picture, width))


def make(name: str) -> bool:
    """Make the thumbnail that belongs at `name`; False when `name` is none, or its picture is missing."""
    match = NAME.fullmatch(name)
    if not match or name not in [name_of(match["stem"], width) for width in WIDTHS_PX]:
        return False
    try:
        with default_storage.open(f"{match['stem']}.jpg") as source:
            content = Thumbnail(source, int(match["width"])).generate().read()
    except (OSError, ValueError):  # no such file, a name outside the storage, or a damaged picture
        return False
    default_storage.save(name, ContentFile(content))
    return True


def srcset(picture: str, width: int) -> list[tuple[str, int]]:
    """Addresses and true widths of the thumbnails that a picture `width` px wide has use for."""
    smaller = [candidate for candidate in WIDTHS_PX if candidate < width]
    needed = [*smaller, *WIDTHS_PX[len(smaller) : len(smaller) + 1]]
    return [(url(picture, candidate), min(candidate, width)) for candidate in needed]
