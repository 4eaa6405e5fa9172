"""Sneakers: framed from the side, and drawn in pairs from above."""

import numpy as np

from .cloth import Cloth
from .geometry import band, curve, ellipse, shape
from .item import Item
from .palette import lighter, luminance
from .shading import wrinkles
from .sneaker_sides import RUBBER, side_low, side_runner, side_slip
from .studio import Studio


def above(studio: Studio, item: Item) -> None:
    """One sneaker from above, toe up; the inner side is to the right. About 430 units long, centred."""
    c, t = item.cloth, item.trim
    sole = item.get("sole") or RUBBER
    studio.part(
        shape(
            [
                (-8, -218),
                (-62, -182),
                (-80, -100),
                (-66, 0),
                (-60, 110),
                (-48, 196),
                (0, 216),
                (48, 196),
                (58, 110),
                (58, 0),
                (70, -100),
                (50, -186),
            ]
        ),
        sole,
        puff=0.7,
        cast=0.35,
    )
    upper = studio.part(
        shape(
            [
                (-8, -206),
                (-54, -172),
                (-70, -100),
                (-56, 0),
                (-52, 110),
                (-42, 186),
                (0, 204),
                (42, 186),
                (50, 110),
                (48, 0),
                (60, -100),
                (42, -176),
            ]
        ),
        c,
        relief=wrinkles(44, 44, 2.4),
        puff=1.5,
        cast=0.35,
    )
    if item.get("toecap"):
        cap = curve([(-90, -116), (-6, -136), (90, -116)])
        studio.panel(upper, np.vstack([cap, [(90, -260), (-90, -260)]]), item.get("toecap"))
    studio.seam(curve([(-84, -110), (-6, -132), (74, -110)]), 0.4, clip=upper)
    studio.panel(upper, shape([(-60, 150, 1), (0, 128), (60, 150, 1), (60, 230, 1), (-60, 230, 1)]), t)
    hole = shape([(0, 18, 1), (-34, 44), (-36, 130), (0, 172), (36, 130), (34, 44)])
    studio.part(hole, (t if item.get("lined") else c).plain(), dim=0.42, puff=-0.6, cast=0)
    studio.part(
        shape([(-28, 56, 1), (0, 48), (28, 56, 1), (26, 130), (0, 156), (-26, 130)]),
        Cloth((0.80, 0.78, 0.74), "jersey"),
        dim=0.55,
        puff=-0.3,
        cast=0,
    )
    if item.kind == "slip":
        studio.part(
            shape([(-34, 40, 1), (0, -6), (34, 40, 1), (0, 30)]), t.plain(weave="rib"), puff=0.4, cast=0.2
        )
        return
    studio.part(
        shape([(-24, -98, 1), (24, -98, 1), (31, 30), (28, 66, 1), (0, 76), (-28, 66, 1), (-31, 30)]),
        (t if item.get("runner") else c).plain(),
        puff=0.8,
        cast=0.3,
    )
    for s in (-1, 1):
        stay = shape(
            [
                (s * 14, -104, 1),
                (s * 38, -96, 1),
                (s * 46, 20),
                (s * 42, 40, 1),
                (s * 26, 36, 1),
                (s * 20, -30),
            ]
        )
        studio.part(stay, t if item.get("eyestay") else c.plain(), puff=0.4, cast=0.3, reach=4)
    lace = item.get("laces") or Cloth(
        lighter(c.colour, 0.7) if luminance(c.colour) > 0.25 else (0.93, 0.92, 0.9), "rib"
    )
    for k in range(5):
        y = -82 + 25 * k
        w = 26 + 2.0 * k
        studio.part(band(curve([(-w, y), (0, y - 7), (w, y + 1)]), 9), lace, puff=0.8, cast=0.4, reach=4)
    for s in (-1, 1):
        loop = curve([(0, 34), (s * 30, 14), (s * 52, 34), (s * 26, 46), (0, 36)])
        studio.part(band(loop, 7), lace, puff=0.8, cast=0.4, reach=4)
        studio.part(band(curve([(0, 36), (s * 16, 66), (s * 38, 92)]), 7), lace, puff=0.8, cast=0.4, reach=4)
    studio.part(ellipse(0, 35, 8, 7), lace, puff=0.8, cast=0.4, reach=3)


SIDES = {"court": side_low, "high-top": side_low, "runner": side_runner, "slip": side_slip}


def sneaker(studio: Studio, item: Item, angle: str) -> float | None:
    """Draw a sneaker; return the row of the floor when it stands."""
    if angle == "above":
        for x, flipped in ((-108, False), (108, True)):
            with studio.placed(x, 405, 1.32, 0.05 if flipped else -0.05, flip=flipped):
                above(studio, item)
        return None
    with studio.placed(0, 480 + item.get("high", 0) * 0.5, 1.17):
        SIDES[item.get("form", "court")](studio, item)
    return 480 + item.get("high", 0) * 0.5
