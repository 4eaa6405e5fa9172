"""What the processes do that draw the demo side by side. Imports no models: they start without Django."""

import io

from catalog.demo.assortment import DemoView, draw
from catalog.demo.photos import QueryPhoto, draw_photo
from catalog.images import CleanImage, clean


def picture_of(view: DemoView) -> CleanImage:
    """Draw a view and take it through the door."""
    out = io.BytesIO()
    draw(view).save(out, "PNG", compress_level=1)
    out.seek(0)
    return clean(out)


def photo_of(photo: QueryPhoto) -> bytes:
    """Draw a sample photo as JPEG."""
    out = io.BytesIO()
    draw_photo(photo).save(out, "JPEG", quality=82)
    return out.getvalue()
