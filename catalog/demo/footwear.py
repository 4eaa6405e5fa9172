"""Leather and summer shoes from the side and from above: heels, boots, lace-ups, loafers, ballerinas, sandals.

A shoe is drawn toe to the left, standing on y = 0; see `sneakers` for trainers.
"""

import numpy as np

from . import trimmings
from .collars import bow
from .geometry import band, box, curve, ellipse, shape
from .item import Item
from .palette import darker, lighter, thread
from .shading import creases, together, wrinkles
from .sneakers import laces
from .studio import Cloth, Studio

SOLE = Cloth((0.20, 0.17, 0.15), "satin", gloss=0.25)
STACKED = Cloth((0.42, 0.28, 0.18), "cord", grain=0.5, gloss=0.2)
INSOLE = Cloth((0.80, 0.66, 0.50), "leather", gloss=0.1)


def _arch(h: float) -> list:
    """Return the line of the insole from heel to toe for a heel `h` units high."""
    return [(196, -h - 4), (120, -h - 1), (20, -h * 0.52 - 4), (-60, -h * 0.10 - 8), (-120, -9), (-200, -12)]


def _heel(studio: Studio, h: float, kind: str, cloth: Cloth) -> None:
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


def _sole_line(studio: Studio, h: float, thick: float, cloth: Cloth) -> None:
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
    with studio.placed(0, floor, 1.18):
        if angle == "pair":
            with studio.placed(26, -46, 0.94):
                _one_heel(studio, item, h)
        _one_heel(studio, item, h)
    return floor


def _one_heel(studio: Studio, item: Item, h: float) -> None:
    c = item.cloth
    kind = item.get("heel", "stiletto")
    open_kind = item.get("open", "pump")
    _heel(
        studio,
        h,
        kind,
        item.get("heel_cloth") or (c if kind != "wedge" else Cloth((0.76, 0.60, 0.40), "straw")),
    )
    if open_kind in ("sandal", "mule"):
        _sole_line(studio, h, 9, INSOLE if open_kind == "sandal" else c)
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
                (120, back + 66),
                (-20, -arch - 20),
            ]
        ),
        INSOLE,
        dim=0.78,
        cast=0,
    )
    tip = [(-216, -7, 1), (-190, -28)] if pointed else [(-206, -8, 1), (-208, -26), (-186, -48)]
    topline = [(-104, -62, 1), (-60, -42 - arch * 0.12), (30, -arch - 38), (110, -h - 48), (194, back, 1)]
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
    sole = np.array(_arch(h))[::-1] + (0, 3)
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


def _ankle(studio: Studio, cloth: Cloth, h: float, metal) -> None:
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


def boot(studio: Studio, item: Item, angle: str) -> float:
    """Boots: chelsea, lace-up, heeled ankle boots, knee-high and rain boots."""
    shaft = item.get("shaft", 190)
    floor = 490 + shaft * 0.46
    size = 1.16 if shaft < 240 else 1.04 if shaft < 320 else 1.0
    with studio.placed(0 if angle == "side" else -14, floor, size):
        if angle == "pair":
            with studio.placed(40, -40, 0.93):
                _one_boot(studio, item, shaft)
        _one_boot(studio, item, shaft)
    return floor


def _one_boot(studio: Studio, item: Item, shaft: float) -> None:
    c = item.cloth
    h = item.get("height", 26)
    top = -shaft - h - 40
    wide = item.get("wide", 0)
    cut = item.get("form", "chelsea")
    lift = h if item.get("heel") else 0
    # Sole and heel first: the upper stands on them.
    if item.get("heel"):
        _heel(studio, h, item.get("heel"), item.get("heel_cloth") or STACKED)
        _sole_line(studio, h, 8, SOLE)
    heel_y = -lift - 14
    mouth_l, mouth_r = 22 - wide, 196 + wide * 0.6
    studio.part(
        ellipse((mouth_l + mouth_r) / 2, top + 2, (mouth_r - mouth_l) / 2 - 3, 11), INSOLE, dim=0.5, cast=0
    )
    arch = lift * 0.52
    ankle = -lift - 118
    outline = [
        (-208, -12, 1), (-210, -34), (-182, -62), (-120, -78), (-50, -96 - arch * 0.5), (10, ankle - 6),
        *([(18 - wide * 0.5, (ankle + top) / 2 - 10)] if shaft > 150 else []),
        (mouth_l, top, 1), ((mouth_l + mouth_r) / 2, top + 12), (mouth_r, top, 1),
        *([(194 + wide * 0.4, (ankle + top) / 2)] if shaft > 150 else []),
        (186, ankle + 8), (200, heel_y - 40), (204, heel_y, 1), (120, heel_y), (20, -arch - 13), (-60, -h * 0.06 - 12), (-120, -11),
    ]  # fmt: skip
    lines = [
        curve([(4, ankle + 4), (70, ankle + 24), (150, ankle + 8)]),
        curve([(14, ankle - 24), (80, ankle - 8), (170, ankle - 26)]),
        curve([(-70, -92), (-84, -66), (-80, -34)]),
        curve([(-40, -100), (-52, -72), (-46, -40)]),
    ]
    if shaft > 280:
        lines += [
            curve([(20, ankle - 60 - 40 * k), (90, ankle - 44 - 40 * k), (190, ankle - 70 - 40 * k)])
            for k in range(3)
        ]
    soft = item.get("slouch", 1.0)
    part = studio.part(
        shape(outline),
        c,
        relief=together(creases(lines, 3.2 * soft, 8), wrinkles(70, 60, 2.6)),
        puff=1.4,
        cast=0.15,
    )
    ink = thread(c.colour)
    if cut == "chelsea":
        gore = shape(
            [(74, top - 4, 1), (140, top - 4, 1), (130, ankle + 10), (108, ankle + 34, 1), (84, ankle + 4)]
        )
        studio.panel(part, gore, Cloth(darker(c.colour, 0.25), "rib"))
        studio.seam(np.vstack([gore, gore[:1]]), 0.4, clip=part)
        studio.part(band(np.array([(188, top + 16), (188, top - 20)]), 15), c, puff=0.5, cast=0.2)
    elif cut == "lace":
        _laced(studio, item, part, top, ankle)
    elif cut == "zip":
        trimmings.zipper(
            studio,
            curve([(120, top + 12), (112, ankle), (116, heel_y - 30)]),
            item.get("metal", trimmings.BRASS),
            3.6,
        )
    elif cut == "rain":
        studio.panel(part, box(-40, top - 2, 260, top + 24), item.trim)
        studio.seam(curve([(-230, -40), (-60, -34), (220, -40)]), 0.35, clip=part)
    elif cut == "western":
        for k in range(3):
            w = 60 - 16 * k
            path = curve(
                [(106 - w, top + 60 + 20 * k), (106, top + 120 + 26 * k), (106 + w, top + 60 + 20 * k)]
            )
            studio.stitch(path, lighter(c.colour, 0.4), 0.9, clip=part)
        studio.stitch(
            curve([(-150, -66), (-110, -48), (-60, -66), (-20, -92)]), lighter(c.colour, 0.4), 0.9, clip=part
        )
    elif cut == "plain":
        studio.seam(curve([(190, top + 4), (182, ankle), (196, heel_y - 20)]), 0.35, clip=part)
        studio.seam(curve([(-20, -116 - arch * 0.4), (40, -66), (60, heel_y)]), 0.3, clip=part)
    if item.get("band"):
        studio.part(
            band(curve([(16, ankle - 4), (100, ankle + 12), (186, ankle - 2)]), 16),
            c,
            puff=0.6,
            cast=0.35,
            reach=4,
        )
        trimmings.buckle(studio, 96, ankle + 11, 26, 26, item.get("metal", trimmings.BRASS), 4)
    if item.get("cuff"):
        studio.part(
            shape(
                [
                    (mouth_l - 6, top - 8, 1),
                    ((mouth_l + mouth_r) / 2, top + 4),
                    (mouth_r + 6, top - 8, 1),
                    (mouth_r + 5, top + 34, 1),
                    ((mouth_l + mouth_r) / 2, top + 46),
                    (mouth_l - 5, top + 34, 1),
                ]
            ),
            item.get("cuff"),
            puff=1.3,
            cast=0.35,
        )
    studio.stitch(
        curve([(mouth_l + 3, top + 7), ((mouth_l + mouth_r) / 2, top + 18), (mouth_r - 3, top + 7)]),
        ink,
        0.45,
        clip=part,
    )
    if not item.get("heel"):
        _flat_sole(studio, item.get("sole") or SOLE, item.get("lug", False))


def _laced(studio: Studio, item: Item, part, top: float, ankle: float) -> None:
    c = item.cloth
    stay = shape(
        [
            (-66, -92, 1),
            (-10, ankle - 6),
            (24, ankle - 30),
            (28, top + 3, 1),
            (58, top + 8, 1),
            (54, ankle - 10),
            (22, ankle + 34),
            (-28, -70, 1),
        ]
    )
    studio.panel(part, stay, item.trim)
    studio.seam(np.vstack([stay, stay[:1]]), 0.4, clip=part)
    cap = curve([(-116, -90), (-126, -50), (-112, 0)])
    studio.seam(cap, 0.4, clip=part)
    studio.stitch([cap - (5, 0), cap - (9, 0)], item.get("thread", thread(c.colour)), 0.6, clip=part)
    low = curve([(-30, -78), (20, ankle + 18), (48, ankle - 24), (52, top + 16)])
    far = curve([(-52, -96), (-2, ankle + 2), (26, ankle - 34), (30, top + 12)])
    laces(
        studio,
        low,
        far,
        7 if top < -200 else 5,
        item.get("laces") or Cloth(darker(c.colour, 0.4), "rib"),
        6.5,
    )
    studio.part(band(np.array([(190, top + 12), (193, top - 16)]), 13), c, puff=0.5, cast=0.2)
    if item.get("collar"):
        studio.panel(
            part,
            shape(
                [(0, top - 12, 1), (240, top - 12, 1), (240, top + 30, 1), (120, top + 40), (56, top + 30, 1)]
            ),
            item.get("collar"),
        )


def _flat_sole(studio: Studio, cloth: Cloth, lug: bool) -> None:
    thick = 30 if lug else 20
    outline = [
        (-212, -thick + 4, 1),
        (-216, -10),
        (-200, 0),
        (40, 0, 1),
        (52, -6 - 4 * lug, 1),
        (104, -6 - 4 * lug, 1),
        (110, 0, 1),
        (206, 0, 1),
        (210, -thick + 4, 1),
        (60, -thick + 8),
        (-100, -thick + 7),
    ]
    part = studio.part(shape(outline), cloth, puff=0.5, cast=0.35, reach=4)
    if lug:
        studio.line(
            [np.array([(x, -9), (x, 2)]) for x in range(-190, 206, 17)], (0.02, 0.02, 0.02), 5, 0.6, clip=part
        )
        studio.stitch(
            curve([(-206, -thick + 9), (-100, -thick + 12), (60, -thick + 13), (206, -thick + 9)]),
            (0.85, 0.72, 0.35),
            0.8,
            clip=part,
        )


def flat(studio: Studio, item: Item, angle: str) -> float | None:
    """Ballerinas, loafers, lace-ups and sandals."""
    if angle == "above":
        for x, flipped in ((-106, False), (106, True)):
            with studio.placed(x, 405, 1.32, 0.05 if flipped else -0.05, flip=flipped):
                _flat_above(studio, item)
        return None
    with studio.placed(0, 470, 1.2):
        _flat_side(studio, item)
    return 470.0


def _flat_side(studio: Studio, item: Item) -> None:
    c, cut = item.cloth, item.get("form", "loafer")
    ink = thread(c.colour)
    if cut in ("slide", "strappy", "fisherman"):
        _sandal_side(studio, item)
        return
    low = cut in ("ballet", "espadrille")
    base = 14 if low else 18
    throat = {"ballet": -112, "espadrille": -50, "loafer": -10}.get(cut, 10)
    rise = 40 if low else 74
    back = -92 if low else -112
    studio.part(
        shape([(throat, -rise - 20, 1), (80, -rise + 2), (196, back - 2, 1), (110, -rise + 26)]),
        INSOLE,
        dim=0.75,
        cast=0,
    )
    tip = -216 if item.get("toe") == "point" else -207
    outline = [
        (tip, -base + 2, 1),
        (tip + 2, -base - 14),
        (-176, -rise + 8 - 8 * (not low)),
        (-120, -rise - 8),
        (throat, -rise - 26, 1),
    ]
    if cut in ("oxford", "derby", "brogue", "monk"):
        outline = [
            (tip, -base + 2, 1),
            (tip + 1, -base - 16),
            (-172, -62),
            (-110, -80),
            (-40, -104),
            (52, -136, 1),
            (110, -112),
            (160, -108),
        ]
    else:
        outline += [(20, -rise - 2) if low else (40, -rise - 18), (120, -rise - 4)]
    outline += [(198, back, 1), (206, back + 34), (200, -base - 24), (206, -base + 2, 1)]
    folds = together(
        creases([curve([(-62, -rise - 10), (-76, -rise + 12), (-74, -base - 8)])], 2.2, 6),
        wrinkles(70, 50, 1.6),
    )
    part = studio.part(shape(outline), c, relief=folds, puff=1.15, cast=0.15)
    if cut in ("oxford", "derby", "brogue", "monk"):
        _dress_shoe(studio, item, part)
    elif cut == "loafer":
        apron = curve([(-178, -58), (-120, -60), (-60, -66), (-4, -64)])
        studio.seam(apron, 0.5, clip=part)
        studio.stitch(apron - (0, 4), ink, 0.5, clip=part)
        studio.part(
            shape([(-44, -112, 1), (6, -98, 1), (22, -50), (12, -24, 1), (-26, -24, 1), (-30, -66)]),
            item.trim,
            puff=0.5,
            cast=0.35,
            reach=4,
            clip=part,
        )
        if item.get("bit"):
            studio.part(
                band(curve([(-38, -92), (-14, -82), (8, -80)]), 8),
                trimmings.metal(trimmings.BRASS),
                puff=0.8,
                cast=0.4,
                reach=3,
            )
            trimmings.ring(studio, 8, -76, 9, 11, 4, trimmings.BRASS)
        elif item.get("tassel"):
            trimmings.fringe(studio, np.array([(-30, -88), (-14, -84)]), 32, c, 5)
        else:
            studio.shade(shape([(-24, -74), (-8, -84), (8, -70), (-8, -62)]), 0.5)
    elif item.get("bow"):
        bow(studio, -110, -66, 34, item.trim)
    if low:
        studio.stitch(curve([(p[0], p[1] + 6) for p in outline[4:8]]), ink, 0.4, clip=part)
    if cut == "espadrille":
        studio.part(
            box(-212, -30, 212, 0, 12), Cloth((0.80, 0.66, 0.45), "straw"), puff=0.5, cast=0.35, reach=4
        )
    elif low:
        studio.part(
            shape([(-214, -14, 1), (-204, 0), (190, 0), (208, -2, 1), (208, -15, 1)]),
            item.get("sole") or SOLE,
            puff=0.3,
            cast=0.2,
            reach=3,
        )
    else:
        _flat_sole(studio, item.get("sole") or SOLE, bool(item.get("lug")))


def _dress_shoe(studio: Studio, item: Item, part) -> None:
    c, cut = item.cloth, item.get("form")
    ink = item.get("thread", thread(c.colour))
    cap = curve([(-112, -94), (-124, -56), (-116, 0)])
    wing = curve([(-70, -100), (-118, -80), (-60, -52), (0, -26), (40, -16)])
    line = wing if cut == "brogue" else cap
    studio.seam(line, 0.5, clip=part)
    studio.stitch([line - (4, 1)], ink, 0.5, clip=part)
    if cut == "brogue":
        for x, y in line[::2]:
            studio.shade(ellipse(float(x) - 9, float(y) + 1, 2.2, 2.2, n=8), 0.75)
        for a in range(6):
            studio.shade(ellipse(-158 + 9 * np.cos(a), -48 + 9 * np.sin(a), 2, 2, n=8), 0.75)
    quarter = (
        curve([(-44, -106), (-34, -78), (20, -64), (60, -18)])
        if cut != "derby"
        else curve([(-26, -112), (-40, -70), (-8, -54), (40, -58), (60, -18)])
    )
    studio.seam(quarter, 0.5, clip=part)
    studio.stitch(quarter + (4, 0), ink, 0.5, clip=part)
    studio.seam(curve([(172, -112), (160, -66), (174, -18)]), 0.4, clip=part)
    if cut == "monk":
        strap = curve([(-34, -92), (10, -78), (62, -62)])
        studio.part(band(strap, 26), c, puff=0.5, cast=0.4, reach=4, clip=part)
        trimmings.buckle(studio, 44, -68, 20, 24, item.get("metal", trimmings.STEEL), 4)
        return
    laces(
        studio,
        curve([(-24, -92), (8, -100), (50, -124)]),
        curve([(-36, -104), (2, -120), (42, -138)]),
        4,
        Cloth(darker(c.colour, 0.45), "rib"),
        5,
    )


def _sandal_side(studio: Studio, item: Item) -> None:
    c, cut = item.cloth, item.get("form")
    thick = item.get("thick", 30)
    base = item.get("sole") or Cloth((0.70, 0.52, 0.36), "canvas")
    studio.part(
        shape(
            [
                (-208, -thick, 1),
                (-214, -thick * 0.5),
                (-200, 0),
                (196, 0),
                (212, -thick * 0.5),
                (206, -thick - 6, 1),
                (110, -thick - 3),
                (0, -thick - 8),
                (-110, -thick + 1),
            ]
        ),
        base,
        puff=0.7,
        cast=0.15,
    )
    studio.part(
        shape(
            [
                (-208, -thick, 1),
                (-110, -thick + 1),
                (0, -thick - 8),
                (110, -thick - 3),
                (206, -thick - 6, 1),
                (206, -thick - 14),
                (100, -thick - 12),
                (0, -thick - 16),
                (-110, -thick - 7),
                (-204, -thick - 6),
            ]
        ),
        INSOLE,
        puff=0.3,
        cast=0,
    )
    y = -thick - 2
    if cut == "slide":
        spans = ((-160, -20, 66),) if item.get("straps", 1) == 1 else ((-168, -100, 56), (-76, -8, 66))
    else:
        spans = (
            ((-176, -146, 44), (-128, -98, 56), (-78, -48, 66))
            if cut == "fisherman"
            else ((-166, -136, 48), (-60, -34, 70))
        )
    for a, b, up in spans:
        lean = 22
        strap = shape(
            [
                (a, y + 12, 1),
                (a + lean * 0.6, y - up * 0.6),
                (a + lean * 1.6, y - up, 1),
                (b + lean, y - up - 5, 1),
                (b + lean * 0.5, y - up * 0.5),
                (b, y + 12, 1),
            ]
        )
        part = studio.part(strap, c, puff=1.2, cast=0.3)
        studio.stitch(
            np.vstack([strap * 0.92 + np.array([(a + b) / 2 + 8, y - up / 2]) * 0.08]),
            thread(c.colour),
            0.4,
            clip=part,
        )
        if item.get("buckles"):
            trimmings.buckle(
                studio, (a + b) / 2 + 6, y - up * 0.42, 24, 22, item.get("metal", trimmings.BRASS), 4
            )
    if cut in ("strappy", "fisherman"):
        studio.part(band(curve([(190, y), (194, y - 50), (186, y - 92)]), 15), c, puff=0.8, cast=0.25)
        studio.part(
            band(curve([(188, y - 84), (120, y - 92), (56, y - 84), (-24, y - 64)]), 15),
            c,
            puff=0.8,
            cast=0.25,
            reach=4,
        )
        trimmings.buckle(studio, 112, y - 91, 22, 21, item.get("metal", trimmings.BRASS), 4)
        if item.get("centre"):
            studio.part(
                band(curve([(-150, y - 44), (-90, y - 58), (-40, y - 66)]), 13), c, puff=0.8, cast=0.25
            )


def _flat_above(studio: Studio, item: Item) -> None:
    """One flat shoe from above, toe up."""
    c, cut = item.cloth, item.get("form", "loafer")
    pointed = item.get("toe") == "point"
    tip = [(-6, -226), (-40, -186)] if pointed else [(-8, -212), (-52, -182)]
    outline = shape(
        [
            *tip,
            (-66, -100),
            (-52, 0),
            (-48, 110),
            (-40, 186),
            (0, 204),
            (40, 186),
            (46, 110),
            (44, 0),
            (56, -100),
            (34, -186),
        ]
    )
    sandal = cut in ("slide", "strappy", "fisherman")
    if sandal:
        base = item.get("sole") or Cloth((0.70, 0.52, 0.36), "canvas")
        studio.part(outline, base, puff=0.8, cast=0.3)
        studio.part(outline * 0.93, INSOLE, puff=-0.3, cast=0.1)
        spans = {
            "slide": ((-128, 84),) if item.get("straps", 1) == 1 else ((-140, 44), (-70, 50)),
            "fisherman": ((-160, 24), (-112, 26), (-62, 26)),
            "strappy": ((-142, 26), (-40, 26)),
        }[cut]
        for y, w in spans:
            studio.part(
                band(curve([(-72, y + 10), (-4, y - 14), (64, y + 8)]), w), c, puff=1.2, cast=0.4, reach=9
            )
            if item.get("buckles"):
                trimmings.buckle(studio, -38, y - 2, 24, 22, item.get("metal", trimmings.BRASS), 4)
        if cut != "slide":
            studio.part(
                band(curve([(-56, 130), (-50, 66), (0, 44), (46, 66), (50, 130)]), 15), c, puff=1, cast=0.4
            )
            studio.part(band(curve([(-44, 186), (0, 204), (44, 186)]), 18), c, puff=1, cast=0.3)
        return
    studio.part(outline * 1.03, item.get("sole") or SOLE, puff=0.4, cast=0.3)
    upper = studio.part(outline, c, relief=wrinkles(60, 60, 1.6), puff=1.5, cast=0.2)
    ink = thread(c.colour)
    if cut in ("ballet", "espadrille"):
        y0 = -96 if cut == "ballet" else -60
        hole = shape(
            [(-4, y0), (-38, y0 + 40), (-40, 40), (-34, 150), (0, 188), (34, 150), (36, 40), (32, y0 + 40)]
        )
    else:
        hole = shape([(0, 12, 1), (-34, 44), (-34, 140), (0, 178), (34, 140), (32, 44)])
    studio.part(hole, INSOLE, dim=0.72, puff=-0.7, cast=0)
    studio.stitch(np.vstack([hole, hole[:1]]) * 1.07, ink, 0.4, clip=upper)
    if cut == "loafer":
        apron = curve([(-46, 0), (-52, -90), (-4, -164), (44, -90), (40, 0)])
        studio.seam(apron, 0.5, clip=upper)
        studio.stitch(apron * 0.94, ink, 0.5, clip=upper)
        studio.part(
            shape([(-26, -14, 1), (0, -26), (24, -14, 1), (26, 40), (0, 52), (-26, 40)]),
            c,
            puff=0.7,
            cast=0.35,
        )
        studio.part(
            band(curve([(-56, -18), (0, -40), (50, -18)]), 26), item.trim, puff=0.6, cast=0.4, reach=5
        )
        if item.get("bit"):
            studio.part(
                band(np.array([(-24, -36), (20, -36)]), 7),
                trimmings.metal(trimmings.BRASS),
                puff=0.8,
                cast=0.4,
            )
    elif cut in ("oxford", "derby", "brogue", "monk"):
        cap = (
            curve([(-80, -120), (-6, -136), (76, -120)])
            if cut != "brogue"
            else curve([(-80, -60), (-40, -110), (-6, -150), (34, -110), (76, -60)])
        )
        studio.seam(cap, 0.5, clip=upper)
        studio.stitch(cap - (0, 5), ink, 0.5, clip=upper)
        if cut == "brogue":
            for x, y in cap[::2]:
                studio.shade(ellipse(float(x), float(y) - 10, 2.2, 2.2, n=8), 0.75)
        studio.part(
            shape([(-22, -66, 1), (22, -66, 1), (27, 20), (20, 52, 1), (0, 58), (-20, 52, 1), (-27, 20)]),
            c,
            puff=0.6,
            cast=0.35,
        )
        if cut == "monk":
            studio.part(band(curve([(-60, -6), (0, -24), (52, -4)]), 30), c, puff=0.6, cast=0.4, reach=5)
            trimmings.buckle(studio, -36, -12, 22, 26, item.get("metal", trimmings.STEEL), 4)
        else:
            lace = Cloth(darker(c.colour, 0.45), "rib")
            for k in range(4):
                studio.part(
                    band(curve([(-23, -50 + 22 * k), (0, -56 + 22 * k), (23, -49 + 22 * k)]), 6),
                    lace,
                    puff=0.8,
                    cast=0.4,
                    reach=3,
                )
    elif item.get("bow"):
        bow(studio, -3, -98, 34, item.trim)
