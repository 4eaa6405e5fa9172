"""Scarves: draped around the neck, folded, snoods, silk squares."""

import numpy as np

from . import trimmings
from .geometry import band, curve, ellipse, shape
from .item import Item
from .palette import lighter
from .shading import barrel, creases, drape, together, wrinkles
from .studio import Studio


def scarf(studio: Studio, item: Item, angle: str) -> None:
    """Scarves: draped around the neck, folded flat, snoods, silk squares."""
    form = item.get("form", "draped")
    if form == "square":
        _square(studio, item, angle)
    elif form == "snood":
        _snood(studio, item)
    elif angle == "back":
        _folded(studio, item)
    else:
        _draped(studio, item)


def _draped(studio: Studio, item: Item) -> None:
    """Once around the neck, both ends hanging."""
    c = item.cloth
    w = item.get("w", 96)
    long = curve([(60, 250), (44, 380), (52, 520), (46, 664)])
    studio.part(
        band(long, w * 0.92, w * 1.14),
        c,
        relief=together(drape(5, 9), wrinkles(30, 160, 3)),
        puff=1.0,
        turn=-0.03,
    )
    _ends(studio, item, (46, 664), w * 1.14)
    behind = shape(
        [(-140, 250), (-104, 176), (0, 148), (104, 176), (140, 250), (90, 250), (0, 206), (-90, 250)]
    )
    studio.part(behind, c, relief=wrinkles(80, 24, 5), dim=0.72, puff=1.2, cast=0.2, turn=1.57)
    front = curve([(-30, 300), (-58, 400), (-50, 500), (-62, 604)])
    studio.part(
        band(front, w * 0.86, w * 1.1),
        c,
        relief=together(drape(5, 9), wrinkles(30, 160, 3)),
        puff=1.0,
        cast=0.4,
        reach=10,
        turn=0.05,
    )
    _ends(studio, item, (-62, 604), w * 1.1)
    loop = shape(
        [
            (-148, 236),
            (-120, 204, 0),
            (-70, 250),
            (0, 276),
            (70, 250),
            (120, 204),
            (148, 236),
            (128, 310),
            (60, 356),
            (0, 366),
            (-60, 356),
            (-128, 310),
        ]
    )
    lines = [
        curve(
            [
                (-136, 244 + 20 * k),
                (-60, 292 + 20 * k),
                (10, 304 + 20 * k),
                (80, 284 + 20 * k),
                (136, 240 + 20 * k),
            ]
        )
        for k in range(3)
    ]
    studio.part(
        loop,
        c,
        relief=together(creases(lines, 5, 11), wrinkles(90, 30, 4)),
        puff=1.6,
        cast=0.42,
        reach=11,
        turn=1.57,
    )


def _ends(studio: Studio, item: Item, at: tuple[float, float], w: float) -> None:
    if item.get("fringe", True):
        trimmings.fringe(
            studio,
            np.array([(at[0] - w / 2 + 3, at[1]), (at[0] + w / 2 - 3, at[1])]),
            item.get("tassel", 46),
            item.get("fringe_cloth") or item.cloth,
            8,
        )


def _folded(studio: Studio, item: Item) -> None:
    """Folded lengthwise and laid once over itself."""
    c = item.cloth
    studio.part(
        shape(
            [
                (-118, 176, 1),
                (0, 170),
                (104, 180, 1),
                (112, 430),
                (108, 640, 1),
                (0, 646),
                (-112, 640, 1),
                (-120, 400),
            ]
        ),
        c,
        relief=together(drape(4, 5, -0.5), wrinkles(110, 150, 4)),
        puff=0.9,
    )
    _ends(studio, item, (-2, 641), 216)
    studio.part(
        shape(
            [
                (-122, 172, 1),
                (0, 164),
                (108, 176, 1),
                (114, 380),
                (112, 560, 1),
                (0, 566),
                (-116, 560, 1),
                (-124, 360),
            ]
        ),
        c,
        relief=together(drape(4, 5, -0.5), wrinkles(110, 150, 4)),
        puff=1.0,
        cast=0.4,
        reach=9,
    )
    _ends(studio, item, (-2, 561), 222)
    trimmings.label(studio, -70, 524, 40, 18, lighter(c.colour, 0.8))


def _snood(studio: Studio, item: Item) -> None:
    c = item.cloth
    studio.part(ellipse(0, 330, 150, 60), c, dim=0.5, relief=wrinkles(60, 20, 5), puff=1.0, cast=0)
    ring = shape(
        [
            (-190, 380),
            (-168, 320),
            (-120, 344),
            (0, 372),
            (120, 344),
            (168, 320),
            (190, 380),
            (196, 470),
            (150, 548),
            (0, 580),
            (-150, 548),
            (-196, 470),
        ]
    )
    lines = [
        curve(
            [
                (-176, 360 + 46 * k),
                (-80, 414 + 46 * k),
                (20, 424 + 46 * k),
                (110, 400 + 46 * k),
                (178, 350 + 46 * k),
            ]
        )
        for k in range(4)
    ]
    studio.part(
        ring, c, relief=together(creases(lines, 7, 14), wrinkles(110, 40, 6), barrel(30)), puff=2.0, turn=1.57
    )


def _square(studio: Studio, item: Item, angle: str) -> None:
    """Silk square: spread out, or knotted."""
    c, t = item.cloth, item.trim
    if angle != "back":
        outline = shape(
            [
                (-222, 190, 1),
                (0, 184),
                (222, 190, 1),
                (228, 400),
                (222, 612, 1),
                (0, 620),
                (-222, 612, 1),
                (-228, 400),
            ]
        )
        part = studio.part(
            outline, c, relief=together(wrinkles(150, 120, 6, 0.5), wrinkles(60, 240, 3, -0.6)), puff=0.5
        )
        for inset, width, cloth in ((14, 24, t), (44, 5, t)):
            path = np.array(
                [
                    (-226 + inset, 186 + inset),
                    (226 - inset, 186 + inset),
                    (226 - inset, 618 - inset),
                    (-226 + inset, 618 - inset),
                ]
            )
            inner = np.array(
                [
                    (-226 + inset + width, 186 + inset + width),
                    (226 - inset - width, 186 + inset + width),
                    (226 - inset - width, 618 - inset - width),
                    (-226 + inset + width, 618 - inset - width),
                ]
            )
            for k in range(4):
                j = (k + 1) % 4
                studio.panel(part, np.array([path[k], path[j], inner[j], inner[k]]), cloth)
        return
    for s, tilt in ((-1, 0.3), (1, -0.2)):
        tail = shape([(0, 320, 1), (s * 60, 400), (s * 110 + 40 * tilt, 560, 1), (s * 40, 600), (s * 6, 470)])
        studio.part(tail, c, relief=drape(4, 8), puff=1.0, cast=0.3)
    loop = shape(
        [(-150, 230), (-110, 200), (0, 270), (110, 200), (150, 230), (90, 310), (0, 340), (-90, 310)]
    )
    studio.part(loop, c, relief=wrinkles(90, 18, 6), puff=1.6, cast=0.4, turn=1.57)
    studio.part(
        shape([(-30, 296), (0, 286), (30, 296), (34, 336), (0, 352), (-34, 336)]),
        t,
        relief=wrinkles(18, 30, 4),
        puff=1.6,
        cast=0.45,
    )
