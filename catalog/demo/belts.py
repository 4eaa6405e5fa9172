"""Belts: rolled up with the buckle in front, or hung in a loop."""

import numpy as np

from . import trimmings
from .cloth import Cloth
from .geometry import band, box, curve, ellipse, moved, shape
from .item import Item
from .palette import darker, lighter, thread
from .shading import barrel
from .studio import Studio


def belt(studio: Studio, item: Item, angle: str) -> None:
    """Belt: rolled up with its buckle in front, or hung in a loop."""
    if angle == "loop":
        _belt_loop(studio, item)
    else:
        _belt_rolled(studio, item)


def _belt_rolled(studio: Studio, item: Item) -> None:
    """A coil seen from slightly above: the rim of each turn and the broad outside."""
    c = item.cloth
    w = item.get("w", 74)
    top = 400 - w / 2
    for k, rx in enumerate((196, 172, 148, 122, 94)):
        ry = rx * 0.40
        cx = 6 * k
        rim = ellipse(cx, top - 2 + 3 * k, rx, ry, n=64)
        studio.part(
            rim,
            Cloth(darker(c.colour, 0.12), "leather", gloss=c.gloss * 0.6)
            if k % 2 == 0
            else Cloth(lighter(c.colour, 0.14), "suede"),
            puff=0.3,
            cast=0.3,
            reach=5,
            dim=0.92 - 0.06 * k,
        )
        hole = ellipse(cx + 2, top + 2 + 3 * k, rx - 12, ry - 7, n=64)
        studio.part(hole, Cloth(darker(c.colour, 0.35), "suede"), dim=0.5, puff=-0.4, cast=0)
    a = np.linspace(0, np.pi, 40)
    upper = np.stack([196 * np.cos(a), top + 78 * np.sin(a)], 1)
    wall = np.vstack([upper, (moved(upper, 0, w))[::-1]])
    part = studio.part(wall, c, relief=barrel(60), puff=0.7, cast=0.2)
    ink = item.get("thread", thread(c.colour))
    if item.get("stitched", True):
        studio.stitch([moved(upper, 0, 7), moved(upper, 0, w - 7)], ink, 0.7, clip=part)
    if item.get("woven"):
        for k in range(-9, 10):
            x = k * 20
            studio.seam(curve([(x, top - 10), (x + 14, top + 200)]), 0.3, clip=part)
    y = top + 77 + w / 2
    tip = curve([(120, y - 17), (60, y - 4), (-30, y + 1), (-66, y - 2)])
    strap = studio.part(band(tip, w * 0.98), c, puff=0.7, cast=0.35)
    if item.get("stitched", True):
        studio.stitch([moved(tip, 0, w * 0.4), tip - (0, w * 0.40)], ink, 0.7, clip=strap)
    for k in range(4):
        studio.shade(ellipse(96 - 26 * k, y - 9 + 3 * k, 3.6, 4.4, n=12), 0.8)
    _buckle(studio, item, -62, y - 2, w)
    studio.part(box(4, y - w * 0.56, 24, y + w * 0.56, 4), c, puff=0.7, cast=0.4, reach=5)


def _buckle(studio: Studio, item: Item, x: float, y: float, w: float) -> None:
    metal = item.get("metal", trimmings.STEEL)
    kind = item.get("buckle", "frame")
    if kind == "plate":
        studio.part(
            box(x - 50, y - w * 0.62, x + 46, y + w * 0.62, 8), trimmings.metal(metal), puff=0.8, cast=0.45
        )
        studio.line(box(x - 42, y - w * 0.52, x + 38, y + w * 0.52, 6), darker(metal, 0.35), 1.4, 0.7)
    elif kind == "round":
        trimmings.ring(studio, x, y, w * 0.72, w * 0.72, 11, metal)
        studio.part(
            band(np.array([(x - w * 0.66, y), (x + w * 0.62, y)]), 9),
            trimmings.metal(metal),
            puff=0.7,
            cast=0.4,
        )
    elif kind == "double":
        for dx in (-16, 26):
            trimmings.ring(studio, x + dx, y, 30, w * 0.66, 8, metal)
    elif kind == "western":
        for grow, tone in ((1.0, metal), (0.78, darker(metal, 0.16)), (0.60, metal)):
            studio.part(
                shape(
                    [
                        (x - 58 * grow, y),
                        (x - 40 * grow, y - w * 0.66 * grow),
                        (x + 40 * grow, y - w * 0.66 * grow),
                        (x + 58 * grow, y),
                        (x + 40 * grow, y + w * 0.66 * grow),
                        (x - 40 * grow, y + w * 0.66 * grow),
                    ]
                ),
                trimmings.metal(tone),
                puff=0.8,
                cast=0.35,
            )
    else:
        trimmings.buckle(studio, x, y, 84, w * 1.28, metal, 10)


def _belt_loop(studio: Studio, item: Item) -> None:
    """Hung as a long loop, the buckle at its top."""
    c = item.cloth
    w = item.get("w", 74) * 0.62
    ink = item.get("thread", thread(c.colour))
    loop = curve(
        [
            (-4, 152),
            (64, 196),
            (84, 320),
            (74, 480),
            (48, 610),
            (0, 660),
            (-48, 610),
            (-74, 480),
            (-84, 320),
            (-64, 196),
            (4, 152),
        ]
    )
    part = studio.part(band(loop, w), c, puff=0.35, cast=0.35)
    if item.get("stitched", True):
        studio.stitch(band(loop, w - 9), ink, 0.7, clip=part)
    tail = curve([(-66, 196), (-20, 150), (60, 140), (150, 176)])
    part = studio.part(band(tail, w), c, puff=0.4, cast=0.4)
    if item.get("stitched", True):
        studio.stitch(band(tail, w - 9), ink, 0.7, clip=part)
    for k in range(4):
        studio.shade(ellipse(56 + 20 * k, 141 + 7 * k, 3, 3.6, n=12), 0.8)
    with studio.placed(-28, 158, 0.72, turn=-0.35):
        _buckle(studio, item, 0, 0, item.get("w", 74))
