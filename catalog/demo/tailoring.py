"""Blazers, overcoats and trench coats."""

import numpy as np

from . import collars, trimmings
from .cloth import Cloth
from .coat_parts import LINING, coat_sleeves, flap_pockets, patch_pockets, welts
from .geometry import band, curve, moved, shape
from .item import Item
from .studio import Studio
from .tops import draw_body
from .torso import (
    Frame,
    frame_of,
    inside_neck,
)


def blazer(studio: Studio, item: Item, angle: str) -> None:
    """Tailored jacket, single or double breasted; long ones are overcoats, sleeveless ones waistcoats."""
    f = frame_of(item, neck=46)
    back = angle == "back"
    inside_neck(studio, f, LINING, 130)
    finish = "none" if item.get("coat") else "buttons"
    arms = None
    if item.get("sleeve") != "none":
        arms = coat_sleeves(studio, f, item, finish)
    low = f.hem_y + f.hem_dip
    close = item.get("close", 330)
    part = draw_body(studio, f, item, collars.neckline(f, "high" if back else "v"), 0.7, arms=arms)
    if back:
        studio.seam(np.array([(0, f.neck_y + 8), (1, low)]), 0.35, clip=part)
        studio.shade(np.array([(0, low - 130), (7, low), (-1, low)]), 0.5)
        if item.get("belt"):
            _belt(studio, f, item, 420)
        collars.collar_back(studio, f, item.trim, 28)
        return
    double = bool(item.get("double"))
    fold = 30 if double else 0
    # The open edge below the last button falls away, showing what is behind.
    if not item.get("coat"):
        gap = shape(
            [
                (fold * 0.4, close + 90, 1),
                (fold * 0.4 + 3, low - 40),
                (26, low + 14, 1),
                (-14, low + 14, 1),
                (-1, low - 30),
            ]
        )
        if not double:
            studio.part(gap, LINING, dim=0.55, cast=0, puff=0.1, clip=part)
    edge = curve(
        [
            (2, f.neck_y + 104),
            (fold, close, 1),
            (fold, low - 36),
            (fold - (0 if item.get("coat") or double else 18), low + 3),
        ]
    )
    studio.shade(np.vstack([edge, moved(edge[::-1], 9, 0)]), 0.30, soft=4)
    studio.seam(edge, 0.5, clip=part)
    for s in (-1, 1):
        dart = curve([(s * f.chest * 0.52, 330), (s * f.chest * 0.46, 430), (s * f.chest * 0.5, 520)])
        studio.seam(dart, 0.14, clip=part)
    count = item.get("count", 2)
    hue = item.get("buttons", trimmings.HORN)
    for k in range(count):
        y = close + 8 + 58 * k
        trimmings.button(studio, -16 if double else -3, y, 7.5, hue)
        if double:
            trimmings.button(studio, fold + 20, y, 7.5, hue)
            if k == 0:
                for s in (-1, 1):
                    trimmings.button(studio, 4 + s * 40, y - 58, 7.5, hue)
    if item.get("patch"):
        patch_pockets(studio, item.cloth, f.chest * 0.56, f.hem_y - 130, 74, 88, False)
    else:
        flap_pockets(studio, item.cloth, f.chest * 0.57, f.hem_y - 140 if not item.get("coat") else 520, 74)
    if item.get("welt", True):
        studio.part(
            np.array([(44, 268), (88, 260), (89, 272), (45, 280)]), item.cloth, puff=0.2, cast=0.3, reach=3
        )
    if item.get("square"):
        studio.part(
            shape([(50, 266, 1), (56, 246, 1), (66, 258), (74, 242, 1), (84, 262, 1)]),
            item.get("square"),
            puff=0.4,
            cast=0.3,
        )
    collars.lapels(studio, f, item.trim, close, item.get("lapel", 54), double, bool(item.get("shawl")))
    if item.get("belt"):
        _belt(studio, f, item, 420)


def _belt(studio: Studio, f: Frame, item: Item, y: float) -> None:
    w = f.waist + 5
    path = curve([(-w, y), (0, y + 9), (w, y)])
    studio.part(band(path, 24), item.cloth, puff=0.4, cast=0.45, reach=7)
    trimmings.buckle(studio, 6, y + 9, 38, 36, item.get("metal", trimmings.HORN), 6)
    studio.part(
        band(curve([(22, y + 12), (44, y + 50), (40, y + 116)]), 22), item.cloth, puff=0.5, cast=0.45, reach=7
    )


def trench(studio: Studio, item: Item, angle: str) -> None:
    """Double-breasted trench coat: storm flaps, epaulettes, belt."""
    f = frame_of(item, neck=48)
    inside_neck(studio, f, LINING, 90)
    arms = coat_sleeves(studio, f, item, "strap")
    low = f.hem_y + f.hem_dip
    back = angle == "back"
    part = draw_body(studio, f, item, collars.neckline(f, "high" if back else "v"), 1.0, arms=arms)
    c = item.cloth
    if back:
        cape = shape(
            [
                (-f.shoulder - 2, f.shoulder_y - 12, 1),
                (f.shoulder + 2, f.shoulder_y - 12, 1),
                (f.chest - 6, 300, 1),
                (0, 330),
                (-f.chest + 6, 300, 1),
            ]
        )
        studio.part(cape, c, puff=0.3, cast=0.35, clip=part)
        studio.shade(np.array([(0, low - 190), (9, low), (-2, low)]), 0.5)
        _belt_plain(studio, f, c, 425)
        collars.collar_back(studio, f, c, 40)
        return
    studio.seam(np.array([(44, 250), (44, low)]), 0.5, clip=part)
    studio.shade(np.array([(44, 250), (52, 250), (52, low), (44, low)]), 0.25, soft=3)
    flap = shape(
        [
            (-f.shoulder + 10, f.shoulder_y - 8, 1),
            (-34, 210, 1),
            (-40, 300),
            (-96, 318),
            (-f.chest + 12, 280, 1),
        ]
    )
    studio.part(flap, c, puff=0.35, cast=0.35, clip=part)
    for s in (-1, 1):
        studio.part(
            band(
                np.array([(s * (f.shoulder - 2), f.shoulder_y + 3), (s * (f.neck + 16), f.neck_y + 13)]), 17
            ),
            c,
            puff=0.35,
            cast=0.35,
            reach=4,
        )
        trimmings.button(studio, s * (f.neck + 26), f.neck_y + 17, 4, trimmings.HORN)
    for y in (300, 362, 478):
        for x in (-52, 34):
            trimmings.button(studio, x, y, 7.5, item.get("buttons", trimmings.HORN))
    welts(studio, c, f.chest * 0.5, 486, 70, 16)
    collars.lapels(studio, f, c, 288, 66)
    _belt(studio, f, item, 418)


def _belt_plain(studio: Studio, f: Frame, cloth: Cloth, y: float) -> None:
    studio.part(
        band(curve([(-f.waist - 4, y), (0, y + 8), (f.waist + 4, y)]), 24), cloth, puff=0.4, cast=0.4, reach=6
    )
