"""Sunglasses, from the front and turned."""

import numpy as np

from . import trimmings
from .cloth import Cloth
from .geometry import Point, band, curve, shape
from .item import Item
from .palette import Colour, lighter
from .studio import Studio

LENSES: dict[str, list[Point]] = {
    "wayfarer": [
        (-196, 352, 1),
        (-100, 344),
        (-22, 358, 1),
        (-26, 410),
        (-62, 446),
        (-126, 448),
        (-172, 416),
    ],
    "round": [
        (-106, 336),
        (-44, 362),
        (-22, 408),
        (-44, 456),
        (-106, 480),
        (-166, 456),
        (-190, 408),
        (-166, 362),
    ],
    "aviator": [
        (-194, 366),
        (-150, 346),
        (-80, 346),
        (-28, 366),
        (-24, 408),
        (-56, 466),
        (-110, 484),
        (-166, 456),
        (-194, 408),
    ],
    "cat": [
        (-216, 340, 1),
        (-150, 346),
        (-70, 356),
        (-24, 376),
        (-28, 418),
        (-74, 446),
        (-134, 442),
        (-182, 402),
    ],
    "square": [(-196, 348, 1), (-26, 348, 1), (-30, 440), (-46, 458), (-172, 458), (-190, 440)],
    "narrow": [(-200, 372, 1), (-110, 366), (-24, 380, 1), (-34, 414), (-80, 430), (-150, 428), (-190, 408)],
}


def sunglasses(studio: Studio, item: Item, angle: str) -> None:
    """Sunglasses from the front, or turned with one temple in view."""
    form = item.get("form", "wayfarer")
    wire = bool(item.get("wire"))
    c = item.cloth
    lens: Colour = item.get("lens", (0.16, 0.16, 0.18))
    squeeze, turn = (1.0, 0.0) if angle == "front" else (0.82, -0.10)
    x = 0 if angle == "front" else -46
    with studio.placed(x, 400, 1.18, turn=turn, squeeze=squeeze), studio.placed(0, -400):
        if angle != "front":
            temple = curve([(206, 366), (290, 352), (356, 372), (384, 430)])
            studio.part(band(temple, 9 if wire else 19, 14), c, puff=1.0, cast=0)
        _temples(studio, item, wire)
        rim = shape(LENSES[form])
        middle = rim.mean(axis=0)
        for s in (-1, 1):
            path = rim * (s, 1)
            centre = middle * (s, 1)
            grow = 1.05 if wire else item.get("rim", 1.17)
            big = (path - centre) * grow + centre
            studio.part(big, trimmings.metal(c.colour) if wire else c, puff=0.8, cast=0.2)
            _lens(studio, path, centre, lens, item)
        if wire:
            studio.part(
                band(curve([(-28, 384), (0, 372), (28, 384)]), 6),
                trimmings.metal(c.colour),
                puff=0.8,
                cast=0.2,
            )
            if form == "aviator":
                studio.part(
                    band(curve([(-60, 350), (0, 342), (60, 350)]), 6),
                    trimmings.metal(c.colour),
                    puff=0.8,
                    cast=0.2,
                )
        else:
            studio.part(
                shape([(-36, 356, 1), (0, 362), (36, 356, 1), (28, 384, 1), (0, 376), (-28, 384, 1)]),
                c,
                puff=0.9,
                cast=0.2,
            )
            for s in (-1, 1):
                trimmings.button(studio, s * 204, 366, 4, item.get("metal", trimmings.BRASS), holes=False)


def _temples(studio: Studio, item: Item, wire: bool) -> None:
    """The folded temples show a little behind the lenses."""
    c = item.cloth.plain()
    for s in (-1, 1):
        path = curve([(s * 206, 366), (s * 212, 384), (s * 196, 404)])
        studio.part(band(path, 8 if wire else 15), c, dim=0.8, puff=0.8, cast=0)


def _lens(studio: Studio, path: np.ndarray, centre: np.ndarray, lens: Colour, item: Item) -> None:
    part = studio.part(path, Cloth(lens, "satin", gloss=0.5), puff=0.5, cast=0.15, reach=3)
    if part is not None and item.get("fade", True):
        inside = path[path[:, 1] > centre[1] + 4]
        if len(inside) > 3:
            studio.shade((inside - centre) * 0.98 + centre, 0.30, lighter(lens, 0.75), soft=12)
    glare = shape(
        [
            (centre[0] - 52, centre[1] + 16),
            (centre[0] - 16, centre[1] - 40),
            (centre[0] + 6, centre[1] - 42),
            (centre[0] - 32, centre[1] + 22),
        ]
    )
    studio.shade(glare, 0.22, (1, 1, 1), soft=2)
