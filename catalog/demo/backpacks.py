"""Backpacks: classic, roll-top, flap rucksacks, small leather ones, and their harness."""

import numpy as np

from . import trimmings
from .bag_parts import handle, soft, stitched_edge
from .cloth import Cloth
from .geometry import band, box, curve, mirrored, moved, shape
from .item import Item
from .palette import Colour, darker, thread
from .shading import wrinkles
from .studio import Studio


def backpack(studio: Studio, item: Item, angle: str) -> float:
    """Backpacks: classic, roll-top, flap rucksack, small leather ones."""
    c, t = item.cloth, item.trim
    form = item.get("form", "classic")
    metal = item.get("metal", trimmings.STEEL)
    small = form == "mini"
    top, w, low = (290, 140, 610) if small else (190, 166, 650)
    ink = thread(c.colour)
    handle(studio, [(-30, top + 6), (-26, top - 42), (0, top - 52), (26, top - 42), (30, top + 6)], 15, t)
    if angle == "back":
        _harness_view(studio, item, top, w, low)
        return float(low)
    for s in (-1, 1):
        strap = curve(
            [
                (s * 60, top + 20),
                (s * (w + 30), top + 60),
                (s * (w + 52), (top + low) / 2),
                (s * (w + 6), low - 36),
            ]
        )
        studio.part(band(strap, 26), t, puff=1.0, cast=0, dim=0.8)
    head = (
        [(0, top), (-80, top + 4), (-w + 10, top + 60)]
        if form != "roll"
        else [(0, top + 10), (-w + 26, top + 10, 1), (-w + 6, top + 90)]
    )
    body = shape(
        mirrored(
            [*head, (-w, top + 160), (-w - 6, low - 110), (-w + 6, low - 10), (-w + 40, low), (0, low + 4)]
        )
    )
    part = studio.part(body, c, relief=soft(1.0), puff=1.7)
    stitched_edge(studio, body, (0, (top + low) / 2), ink, part, 0.93)
    if item.get("base"):
        line = curve([(-220, low - 76), (0, low - 66), (220, low - 76)])
        studio.panel(part, np.vstack([line, moved(line[::-1], 0, 120)]), item.get("base"))
        studio.seam(line, 0.4, clip=part)
    if form in ("classic", "mini"):
        arch = curve(
            [
                (-w + 14, top + 150),
                (-w + 30, top + 66),
                (-70, top + 30),
                (0, top + 24),
                (70, top + 30),
                (w - 30, top + 66),
                (w - 14, top + 150),
            ]
        )
        trimmings.zipper(studio, arch[::-1], metal, 3.4)
        _front_pocket(studio, item, w, low, small, ink)
    elif form == "flap":
        _front_pocket(studio, item, w, low, False, ink)
        lid = shape(
            [
                (-w - 4, top + 40),
                (-w + 24, top + 2),
                (0, top - 6),
                (w - 24, top + 2),
                (w + 4, top + 40),
                (w + 4, top + 150),
                (w - 20, top + 186),
                (0, top + 192),
                (-w + 20, top + 186),
                (-w - 4, top + 150),
            ]
        )
        studio.part(lid, c, relief=soft(1.0), puff=1.2, cast=0.45, reach=10)
        stitched_edge(studio, lid, (0, top + 96), ink, None, 0.94)
        for s in (-1, 1):
            studio.part(
                box(s * 76 - 11, top + 130, s * 76 + 11, top + 296, 4), t, puff=0.5, cast=0.4, reach=5
            )
            trimmings.buckle(studio, s * 76, top + 226, 34, 26, metal, 4)
    else:
        roll = shape(
            [
                (-w + 8, top + 6),
                (-w + 2, top - 10),
                (0, top - 24),
                (w - 2, top - 10),
                (w - 8, top + 6),
                (w - 10, top + 34),
                (0, top + 40),
                (-w + 10, top + 34),
            ]
        )
        studio.part(roll, c, relief=wrinkles(90, 16, 4), puff=1.5, cast=0.45, reach=9)
        for s in (-1, 1):
            studio.part(box(s * 60 - 9, top - 18, s * 60 + 9, top + 150, 3), t, puff=0.4, cast=0.4, reach=4)
            studio.part(
                box(s * 60 - 17, top + 120, s * 60 + 17, top + 156, 6),
                Cloth((0.16, 0.16, 0.17), "satin", gloss=0.4),
                puff=0.6,
                cast=0.4,
                reach=4,
            )
        _front_pocket(studio, item, w, low, False, ink)
    trimmings.label(studio, 0, low - (70 if small else 92), 42, 20, item.get("label", t.colour))
    return float(low)


def _front_pocket(studio: Studio, item: Item, w: float, low: float, small: bool, ink: Colour) -> None:
    h = 140 if small else 210
    c = item.get("pocket_cloth") or item.cloth
    top = low - h
    pocket = shape(
        [
            (-w + 30, top + 8),
            (-w + 60, top),
            (0, top - 4),
            (w - 60, top),
            (w - 30, top + 8),
            (w - 20, top + 60),
            (w - 18, low - 30),
            (w - 40, low - 12),
            (0, low - 8),
            (-w + 40, low - 12),
            (-w + 18, low - 30),
            (-w + 20, top + 60),
        ]
    )
    part = studio.part(pocket, c, relief=soft(0.8), puff=1.0, cast=0.42, reach=9)
    stitched_edge(studio, pocket, (0, (top + low) / 2), ink, part, 0.94)
    trimmings.zipper(
        studio,
        curve([(w - 40, top + 40), (0, top + 30), (-w + 40, top + 40)]),
        item.get("metal", trimmings.STEEL),
        3.4,
    )
    if item.get("side"):
        for s in (-1, 1):
            studio.part(
                shape(
                    [
                        (s * (w - 6), low - 150, 1),
                        (s * (w + 22), low - 142, 1),
                        (s * (w + 18), low - 14),
                        (s * (w - 12), low - 10),
                    ]
                ),
                item.trim,
                puff=0.8,
                cast=0.3,
            )


def _harness_view(studio: Studio, item: Item, top: float, w: float, low: float) -> None:
    """The side that lies on the back, with its shoulder straps."""
    c, t = item.cloth, item.trim
    body = shape(
        mirrored(
            [
                (0, top),
                (-80, top + 4),
                (-w + 10, top + 60),
                (-w, top + 160),
                (-w - 6, low - 110),
                (-w + 6, low - 10),
                (-w + 40, low),
                (0, low + 4),
            ]
        )
    )
    studio.part(body, c, relief=soft(1.0), puff=1.6)
    pad = shape(
        [
            (-w + 40, top + 70),
            (0, top + 56),
            (w - 40, top + 70),
            (w - 34, low - 60),
            (0, low - 50),
            (-w + 34, low - 60),
        ]
    )
    part = studio.part(
        pad, Cloth(darker(c.plain().colour, 0.12), "mesh"), relief=soft(0.8), puff=1.2, cast=0.2
    )
    studio.seam(np.array([(0, top + 56), (0, low - 50)]), 0.35, clip=part)
    for s in (-1, 1):
        strap = curve(
            [(s * 26, top + 14), (s * 62, top + 100), (s * 84, (top + low) / 2 - 10), (s * 92, low - 130)]
        )
        studio.part(band(strap, 46, 34), t, puff=1.2, cast=0.42, reach=9)
        studio.stitch(strap, thread(t.colour), 0.4)
        studio.part(
            band(curve([(s * 92, low - 134), (s * 100, low - 70), (s * (w - 20), low - 22)]), 13),
            Cloth((0.18, 0.18, 0.19), "nylon"),
            puff=0.5,
            cast=0.35,
        )
        studio.part(
            box(s * 92 - 15, low - 146, s * 92 + 15, low - 116, 4),
            Cloth((0.15, 0.15, 0.16), "satin", gloss=0.4),
            puff=0.5,
            cast=0.4,
        )
    studio.part(box(-40, top + 4, 40, top + 30, 6), t, puff=0.6, cast=0.3)
