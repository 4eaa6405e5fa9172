"""The piece of a photo that is meant, and the small picture with which another piece can be asked for.

The server keeps no pixels. What the page of results needs to search with another piece goes to the browser:
a small upright picture, signed, which the browser gives back with the new box.
"""

import base64
import io
import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass

from django.core import signing
from PIL import Image

SALT = "similarity.piece"
MAX_AGE_S = 3600
# Half of it is still more than the network looks at; some 10 to 30 KB.
SIDE_PX = 512
QUALITY = 82
# A piece smaller than this, of either side, is a slip of the hand.
SIDE_MIN = 0.05
FIELDS = ("left", "top", "width", "height")


@dataclass(frozen=True)
class Box:
    """A part of a picture, in fractions of its width and height as it is seen, that is: turned upright."""

    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> "Box":
        """The box of a form, brought inside the picture. What is missing or no number is as if untouched."""
        left, top = _number(fields.get("left"), 0.0), _number(fields.get("top"), 0.0)
        left, top = min(max(left, 0.0), 1 - SIDE_MIN), min(max(top, 0.0), 1 - SIDE_MIN)
        width, height = _number(fields.get("width"), 1.0), _number(fields.get("height"), 1.0)
        width, height = (
            min(max(width, SIDE_MIN), 1 - left),
            min(max(height, SIDE_MIN), 1 - top),
        )
        return cls(*(round(value, 4) for value in (left, top, width, height)))

    @property
    def is_whole(self) -> bool:
        return self == WHOLE

    @property
    def fields(self) -> dict[str, float]:
        return dict(zip(FIELDS, astuple(self), strict=True))

    def cut(self, picture: Image.Image) -> Image.Image:
        """That part of an upright picture, at least one pixel of it."""
        if self.is_whole:
            return picture
        left, top = int(self.left * picture.width), int(self.top * picture.height)
        right = math.ceil((self.left + self.width) * picture.width)
        bottom = math.ceil((self.top + self.height) * picture.height)
        return picture.crop((left, top, min(right, picture.width), min(bottom, picture.height)))


WHOLE = Box()


def _number(text: object, default: float) -> float:
    try:
        value = float(str(text).replace(",", "."))
    except ValueError:
        return default
    return value if math.isfinite(value) else default


def small(picture: Image.Image) -> bytes:
    """An upright RGB picture as a WebP of at most `SIDE_PX` a side."""
    picture = picture.copy()
    picture.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC, reducing_gap=2.0)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY)
    return out.getvalue()


def data_url(content: bytes) -> str:
    """The small picture as an address that <img> understands."""
    return f"data:image/webp;base64,{base64.b64encode(content).decode()}"


def sign(photo_id: str, content: bytes) -> str:
    """A token, valid for an hour, that holds the small picture of the photo `photo_id`."""
    text = f"{photo_id}.{base64.urlsafe_b64encode(content).decode()}"
    return signing.TimestampSigner(salt=SALT).sign(text)


def unsign(token: str) -> tuple[str, bytes] | None:
    """(photo, small picture) of a token; None when it is forged or older than an hour."""
    try:
        text = signing.TimestampSigner(salt=SALT).unsign(token, max_age=MAX_AGE_S)
    except signing.BadSignature:
        return None
    photo_id, _, content = text.partition(".")
    return photo_id, base64.urlsafe_b64decode(content)
