"""Pumps, slingbacks and heeled sandals. A shoe is drawn toe to the left, standing on y = 0."""

import numpy as np

from . import trimmings
from .cloth import Cloth
from .collars import bow
from .geometry import Point, band, box, curve, moved, shape
from .item import Item
from .palette import Colour, thread
from .shading import creases, wrinkles
from .studio import Studio

SOLE = Cloth((0.20, 0.17, 0.15), "satin", gloss=0.25)


INSOLE = Cloth((0.80, 0.66, 0.50), "leather", gloss=0.1)


def _arch(h: float) -> list:
    """Return the line of the insole from heel to toe for a heel `h` units high."""
    return [(196, -h - 4), (120, -h - 1), (20, -h * 0.52 - 4), (-60, -h * 0.10 - 8), (-120, -9), (-200, -12)]


def heel_block(studio: Studio, h: float, kind: str, cloth: Cloth) -> None:
    if kind == "stiletto":
        outline = [
            (128, -h + 2, 1),
            (150, -h * 0.72),
            (176, -h * 0.3),
            (181, 0, 1),
            (194, 0, 1),
            (198, -h * 0.4),
            (204, -h - 4, 1),
        ]
    elif kind == "block":
        outline = [
            (116, -h + 2, 1),
            (126, -h * 0.5),
            (128, 0, 1),
            (198, 0, 1),
            (201, -h * 0.5),
            (204, -h - 4, 1),
        ]
    elif kind == "flare":
        outline = [
            (122, -h + 2, 1),
            (136, -h * 0.6),
            (120, 0, 1),
            (206, 0, 1),
            (196, -h * 0.6),
            (204, -h - 4, 1),
        ]
    elif kind == "wedge":
        outline = [
            (-130, -10, 1),
            (-140, 0, 1),
            (200, 0, 1),
            (206, -h * 0.5),
            (204, -h - 4, 1),
            (120, -h),
            (20, -h * 0.52),
            (-60, -h * 0.1 - 6),
        ]
    else:  # kitten
        outline = [
            (134, -h + 2, 1),
            (164, -h * 0.6),
            (176, 0, 1),
            (192, 0, 1),
            (196, -h * 0.5),
            (204, -h - 4, 1),
        ]
    studio.part(shape(outline), cloth, puff=0.9, cast=0.1)
    if kind != "wedge":
        xs = {"stiletto": (180, 195), "block": (127, 199), "flare": (119, 207)}.get(kind, (175, 193))
        studio.part(box(xs[0], -6, xs[1], 1), SOLE, puff=0.2, cast=0)


def sole_line(studio: Studio, h: float, thick: float, cloth: Cloth) -> None:
    top = _arch(h)
    low = [(x, y + thick) for x, y in top[::-1]]
    studio.part(
        shape(
            [
                (*top[0], 1),
                *top[1:-1],
                (*top[-1], 1),
                (-207, -4),
                (*low[1][:1], 0),
                *[(x, min(0, y)) for x, y in low[2:-1]],
                (*low[-1], 1),
            ]
        ),
        cloth,
        puff=0.4,
        cast=0.1,
    )


def heel(studio: Studio, item: Item, angle: str) -> float:
    """Pumps, slingbacks and heeled sandals."""
    h = item.get("height", 92)
    floor = 460 + h * 0.5
    with studio.placed(0 if angle == "side" else -22, floor, 1.18 if angle == "side" else 1.08):
        if angle == "pair":
            with studio.placed(50, -78, 0.94):
                _one_heel(studio, item, h)
        _one_heel(studio, item, h)
    return floor


def _one_heel(studio: Studio, item: Item, h: float) -> None:
    c = item.cloth
    kind = item.get("heel", "stiletto")
    open_kind = item.get("open", "pump")
    heel_block(
        studio,
        h,
        kind,
        item.get("heel_cloth") or (c if kind != "wedge" else Cloth((0.76, 0.60, 0.40), "straw")),
    )
    if open_kind in ("sandal", "mule"):
        sole_line(studio, h, 9, INSOLE if open_kind == "sandal" else c)
        _heeled_straps(studio, item, h)
        return
    back = -h - 84
    arch = h * 0.52
    pointed = item.get("toe", "point") == "point"
    studio.part(
        shape(
            [
                (-110, -60, 1),
                (-40, -62 - arch * 0.2),
                (60, -arch - 74),
                (194, back - 4, 1),
                (110, -h - 34),
                (30, -arch - 26),
                (-60, -34 - arch * 0.1),
            ]
        ),
        INSOLE,
        dim=0.78,
        cast=0,
    )
    tip = [(-216, -7, 1), (-190, -28)] if pointed else [(-206, -8, 1), (-208, -26), (-186, -48)]
    topline = [(-104, -62, 1), (-60, -42 - arch * 0.12), (30, -arch - 38), (110, -h - 48), (194, back, 1)]
    heel_side: list[Point]
    if open_kind == "sling":
        topline = [(-104, -62, 1), (-40, -46 - arch * 0.2), (30, -arch - 26), (60, -arch * 1.3 - 8, 1)]
        heel_side = [(20, -arch - 4, 1)]
    else:
        heel_side = [(202, -h - 52), (203, -h - 6, 1), (120, -h - 1), (20, -arch - 3)]
    if open_kind == "dorsay":
        topline = [
            (-104, -62, 1),
            (-50, -34 - arch * 0.2),
            (20, -arch - 8),
            (100, -h - 10),
            (150, -h - 60),
            (194, back, 1),
        ]
    outline = [*tip, (-150, -50), *topline, *heel_side, (-60, -h * 0.10 - 4), (-120, -4)]
    part = studio.part(shape(outline), c, relief=wrinkles(80, 60, 1.5), puff=1.1, cast=0.1)
    studio.stitch(curve([(p[0], p[1] + 5) for p in topline]), thread(c.colour), 0.35, clip=part)
    if item.get("cap"):
        studio.panel(
            part,
            np.vstack([curve([(-150, -70), (-160, -30), (-150, 0)]), [(-230, 0), (-230, -80)]]),
            item.trim,
        )
    sole = moved(np.array(_arch(h))[::-1], 0, 3)
    studio.part(band(curve([tuple(p) for p in np.minimum(sole, (1e9, -3))]), 6), SOLE, puff=0.3, cast=0)
    if open_kind == "sling":
        studio.part(
            band(curve([(50, -arch - 26), (120, -h - 62), (196, back + 12)]), 9),
            c,
            puff=0.7,
            cast=0.2,
            reach=3,
        )
        trimmings.buckle(studio, 112, -h - 56, 17, 17, item.get("metal", trimmings.BRASS), 3)
    if item.get("strap"):
        _ankle(studio, c, h, item.get("metal", trimmings.BRASS))
    if item.get("bow"):
        bow(studio, -104, -64, 36, item.trim)


def _ankle(studio: Studio, cloth: Cloth, h: float, metal: Colour) -> None:
    y = -h - 118
    studio.part(band(curve([(196, -h - 80), (200, y + 20), (196, y)]), 12), cloth, puff=0.7, cast=0.15)
    loop = curve([(196, y), (150, y - 16), (104, y - 6), (150, y + 13), (196, y + 2)])
    studio.part(band(loop[:19], 11), cloth, dim=0.8, puff=0.7, cast=0)
    studio.part(band(loop[18:], 11), cloth, puff=0.8, cast=0.25, reach=3)
    trimmings.buckle(studio, 148, y + 12, 17, 17, metal, 3)


def _heeled_straps(studio: Studio, item: Item, h: float) -> None:
    c = item.cloth
    arch = h * 0.52
    if item.get("open") == "mule":
        vamp = shape(
            [
                (-196, -12, 1),
                (-178, -44),
                (-120, -72),
                (-60, -72 - arch * 0.2, 1),
                (-20, -arch - 30),
                (-4, -arch * 0.9 - 2, 1),
                (-80, -10),
                (-140, -8),
            ]
        )
        studio.part(
            vamp,
            c,
            relief=creases([curve([(-150, -30), (-110, -50), (-60, -40)])], 3, 8),
            puff=1.3,
            cast=0.25,
        )
        return
    width = item.get("width", 15)
    for x in (-150, -112) if item.get("straps", 2) == 2 else (-160, -130, -100):
        path = curve([(x - 22, -9), (x - 8, -42), (x + 26, -56), (x + 52, -38), (x + 58, -12)])
        studio.part(band(path, width), c, puff=0.8, cast=0.3, reach=4)
    studio.part(
        shape([(204, -h - 6, 1), (204, -h - 60), (196, -h - 84, 1), (168, -h - 70), (140, -h - 2, 1)]),
        c,
        puff=0.9,
        cast=0.2,
    )
    _ankle(studio, c, h, item.get("metal", trimmings.BRASS))
