"""Dresses: a bodice in one of many cuts over a skirt in one of many falls."""

import numpy as np

from . import collars, trimmings
from .geometry import band, curve, mirrored, moved, shape
from .item import Item
from .palette import thread
from .shading import barrel, creases, drape, together, wrinkles
from .skirts import Skirt, skirt_outline, skirt_relief
from .studio import Part, Studio
from .torso import Frame, Sleeve, both_sides, cuff_band, cuff_edge, inside_neck, pair, sew_armholes, sleeve

LENGTHS = {"mini": 520, "knee": 590, "midi": 660, "maxi": 735}
TOP = 96.0  # the neck sits higher than on a shirt: a dress needs the room


def _frame(item: Item) -> Frame:
    strappy = item.get("straps")
    straight = item.get("line") == "shift"
    return Frame(
        neck=50 if not strappy else 62,
        neck_y=TOP,
        shoulder=104 if item.get("sleeve", "none") != "none" else 86,
        shoulder_y=TOP + 26,
        chest=108,
        pit_y=TOP + 126,
        waist=102 if straight else 84,
        waist_y=TOP + 234,
        hem=108 if straight else 92,
        hem_y=TOP + 262,
        hem_dip=4,
    )


def _bodice(f: Frame, item: Item, back: bool) -> list:
    neck = item.get("neck", "crew")
    low = [
        (-f.chest, f.pit_y, 1),
        (-f.chest + 10, f.pit_y + 60),
        (-f.waist, f.waist_y + 8, 1),
        (0, f.waist_y + 14),
    ]
    if item.get("straps"):
        y = f.neck_y + 74
        front = [
            (0, y + (26 if neck == "v" and not back else 4), int(neck == "v")),
            (-46, y - 8),
            (-64, y - 16, 1),
            (-80, y + 8),
            (-f.chest + 2, f.pit_y + 6, 1),
        ]
        return [*front, *low[1:]]
    return [
        *collars.neckline(f, "crew" if back and neck in ("wide-v", "v", "scoop", "square") else neck),
        (-f.neck, f.neck_y, 1),
        (-f.shoulder, f.shoulder_y, 1),
        (-f.shoulder + 11, (f.shoulder_y + f.pit_y) / 2 + 10),
        *low,
    ]


def _skirt(f: Frame, item: Item) -> Skirt:
    hem_y = LENGTHS[item.get("length", "knee")]
    kind = item.get("line", "a-line")
    top = f.waist_y + 4
    if kind == "sheath":
        return Skirt(f.waist + 1, 112, 98, top, hem_y)
    if kind == "shift":
        return Skirt(f.waist, 112, 122, top, hem_y)
    if kind == "slip":
        return Skirt(f.waist + 2, 110, 138, top, hem_y, 3)
    if kind == "full":
        return Skirt(f.waist + 1, 134, 224, top, hem_y, 9)
    return Skirt(f.waist + 1, 122, 176, top, hem_y, 6)


def _sleeves(studio: Studio, f: Frame, item: Item) -> Sleeve | None:
    kind = item.get("sleeve", "none")
    if kind == "none":
        return None
    length, cuff, full = {
        "cap": (62, 66, 0),
        "short": (104, 62, 0),
        "puff": (112, 58, 30),
        "elbow": (170, 56, 0),
        "long": (372, 38, 0),
        "bishop": (380, 32, 38),
        "flutter": (120, 96, 0),
    }[kind]
    s = sleeve(f, length, cuff, 15, full, item.seed)
    cloth = item.cloth
    torso = shape(mirrored(_bodice(f, item, False)))

    def one() -> None:
        folds = together(s.folds, drape(5, 6, 0.1)) if kind in ("flutter", "puff", "bishop") else s.folds
        part = studio.part(s.outline, cloth, relief=folds, turn=s.turn, cast=0.25, joined=[torso])
        if kind in ("long", "bishop", "puff"):
            studio.seam(cuff_edge(s, 16), 0.45, clip=part)
            if item.get("cuffs"):
                studio.panel(part, cuff_band(s, 16), item.trim)
        else:
            studio.stitch(s.cuff - (0, 7), thread(cloth.colour), 0.4, clip=part)

    both_sides(studio, one)
    return s


def dress(studio: Studio, item: Item, angle: str) -> None:
    """A dress."""
    f = _frame(item)
    back = angle == "back"
    neck = item.get("neck", "crew")
    cloth = item.cloth
    if item.get("straps"):
        y = f.neck_y + 62
        for s in (-1, 1):
            behind = curve([(s * 56, f.neck_y - 26), (s * 50, f.neck_y + 14), (s * 44, y + 30)])
            studio.part(band(behind, 7), cloth.plain(), dim=0.7, puff=0.6, cast=0)
        studio.part(
            shape(
                [
                    (-f.chest + 10, f.pit_y + 4, 1),
                    (0, f.pit_y - 22),
                    (f.chest - 10, f.pit_y + 4, 1),
                    (0, f.pit_y + 40),
                ]
            ),
            cloth,
            dim=0.55,
            cast=0,
        )
    else:
        inside_neck(studio, f, cloth, collars.DEPTHS.get(neck, 80) + 10)
    arms = _sleeves(studio, f, item)
    k = _skirt(f, item)
    line = item.get("line", "a-line")
    fall = item.get("fall") or {"sheath": "smooth", "shift": "smooth", "full": "gathered"}.get(line, "flared")
    bodice = shape(mirrored(_bodice(f, item, back)))
    skirt = skirt_outline(k)
    relief = skirt_relief(k, fall, item.get("folds", 8), item.seed)
    lower = studio.part(skirt, cloth, relief=relief, joined=[bodice])
    bust = [
        curve(
            [
                (s * (f.chest - 4), f.pit_y + 20 + 22 * j),
                (s * 66, f.pit_y + 34 + 18 * j),
                (s * 36, f.pit_y + 30 + 30 * j),
            ]
        )
        for s in (-1, 1)
        for j in range(3)
    ]
    relief = together(barrel(22), creases(bust, 2.2, 8), wrinkles(40, 60, 2.6, 0.3))
    sewn = [skirt, *(pair(arms.outline) if arms else [])]
    upper = studio.part(bodice, cloth, relief=relief, cast=0.2 if line != "shift" else 0.0, joined=sewn)
    if item.get("sleeve", "none") != "none":
        sew_armholes(studio, f, upper, 0.3)
    _straps(studio, f, item)
    _finish(studio, f, k, item, upper, lower, back)


def _straps(studio: Studio, f: Frame, item: Item) -> None:
    if not item.get("straps"):
        return
    width = 7 if item.get("straps") == "thin" else 20
    for s in (-1, 1):
        path = curve([(s * 66, f.neck_y + 62), (s * 62, f.neck_y + 10), (s * 56, f.neck_y - 28)])
        studio.part(band(path, width), item.cloth.plain(), puff=0.7, cast=0.25, reach=4)


def _finish(
    studio: Studio, f: Frame, k: Skirt, item: Item, upper: Part | None, lower: Part | None, back: bool
) -> None:
    waist = item.get("waist", "seam")
    y = f.waist_y + 10
    line = curve([(-f.waist - 6, y - 4), (0, y + 4), (f.waist + 6, y - 4)])
    cloth = item.cloth
    neck = item.get("neck", "crew")
    if neck == "collar" and not back:
        bottom = k.hem_y + 14 if item.get("through", True) else f.waist_y
        collars.placket(
            studio,
            None,
            f,
            cloth,
            item.get("buttons", trimmings.HORN),
            f.neck_y + 32,
            bottom,
            8 if bottom > 500 else 5,
            5,
            22,
        )
        collars.shirt_collar(studio, f, item.get("collar_cloth") or cloth, 1.0, 14, 0.9)
    elif neck == "collar":
        collars.collar_back(studio, f, cloth, 26)
    elif neck == "wide-v" and not back:
        edge = curve([(f.neck, f.neck_y), (10, f.neck_y + 140), (-f.waist * 0.7, f.waist_y + 4)])
        studio.shade(np.vstack([edge, moved(edge[::-1], 12, 8)]), 0.3, soft=4)
        studio.seam(edge, 0.5, clip=upper)
        over = curve(
            [
                (-f.waist * 0.3, f.waist_y + 6),
                (-f.waist * 0.5, (f.waist_y + k.hem_y) / 2),
                (-k.hem * 0.36, k.hem_y + 10),
            ]
        )
        studio.shade(np.vstack([over, moved(over[::-1], -12, 0)]), 0.3, soft=5)
        studio.seam(over, 0.5, clip=lower)
    elif neck == "high":
        collars.turtleneck(studio, f, item.trim if item.get("knit") else cloth, 30, rolled=False)
    elif not item.get("straps"):
        collars.bound_neck(studio, f, neck if not back else "crew", cloth)
    if item.get("tiers"):
        for share in (0.34, 0.67):
            ty = k.top + (k.hem_y - k.top) * share
            tier = curve([(-300, ty - 12), (0, ty + 8), (300, ty - 12)])
            studio.shade(np.vstack([tier, moved(tier[::-1], 0, 9)]), 0.35, soft=4)
            studio.seam(tier, 0.4, clip=lower)
    if waist == "seam" and item.get("line") != "shift":
        studio.seam(line, 0.35)
    elif waist == "belt":
        studio.part(band(line, 20), item.trim, puff=0.5, cast=0.4, reach=6)
        if not back:
            trimmings.buckle(studio, 4, y + 3, 30, 28, trimmings.BRASS, 5)
    elif waist == "sash":
        studio.part(band(line, 20), item.trim, puff=0.6, cast=0.4, reach=6)
        x = -f.waist * 0.55 if not back else 0.0
        collars.bow(studio, x, y + 1, 78, item.trim)
    if back:
        studio.seam(np.array([(0, f.neck_y + 34), (0, f.waist_y + 100)]), 0.4)
    if k.scallop == 0:
        hem = curve([(-k.hem - 3, k.hem_y - 10), (0, k.hem_y + 6), (k.hem + 3, k.hem_y - 10)])
        studio.stitch(hem, thread(cloth.colour), 0.4, clip=lower)
