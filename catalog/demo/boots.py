"""Boots: chelsea, lace-up, heeled, knee-high, western and rain boots."""

import numpy as np

from . import trimmings
from .cloth import Cloth
from .geometry import band, box, curve, ellipse, shape
from .heels import INSOLE, SOLE, heel_block, sole_line
from .item import Item
from .palette import darker, lighter, thread
from .shading import creases, together, wrinkles
from .sneaker_sides import laces
from .studio import Part, Studio

STACKED = Cloth((0.42, 0.28, 0.18), "cord", grain=0.5, gloss=0.2)


def boot(studio: Studio, item: Item, angle: str) -> float:
    """Boots: chelsea, lace-up, heeled ankle boots, knee-high and rain boots."""
    shaft = item.get("shaft", 190)
    floor = 490 + shaft * 0.46
    size = 1.16 if shaft < 240 else 1.04 if shaft < 320 else 1.0
    with studio.placed(0 if angle == "side" else -24, floor, size * (1 if angle == "side" else 0.93)):
        if angle == "pair":
            with studio.placed(56, -62, 0.93):
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
        heel_block(studio, h, item.get("heel"), item.get("heel_cloth") or STACKED)
        sole_line(studio, h, 8, SOLE)
    heel_y = -lift - (2 if lift else 14)
    rest = 3 if lift else 12  # how far the upper stays above the line of the sole
    mouth_l, mouth_r = 22 - wide, 196 + wide * 0.6
    studio.part(
        ellipse((mouth_l + mouth_r) / 2, top + 2, (mouth_r - mouth_l) / 2 - 3, 11), INSOLE, dim=0.5, cast=0
    )
    arch = lift * 0.52
    ankle = -lift - 118
    outline = [
        (-208, -12, 1),
        (-210, -34),
        (-182, -62),
        (-120, -78),
        (-50, -96 - arch * 0.5),
        (10, ankle - 6),
        *([(18 - wide * 0.5, (ankle + top) / 2 - 10)] if shaft > 150 else []),
        (mouth_l, top, 1),
        ((mouth_l + mouth_r) / 2, top + 12),
        (mouth_r, top, 1),
        *([(194 + wide * 0.4, (ankle + top) / 2)] if shaft > 150 else []),
        (186, ankle + 8),
        (200, heel_y - 40),
        (204, heel_y, 1),
        (120, heel_y),
        (20, -arch - rest - 2),
        (-60, -lift * 0.1 - rest - 3),
        (-120, -11),
    ]
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
        flat_sole(studio, item.get("sole") or SOLE, item.get("lug", False))


def _laced(studio: Studio, item: Item, part: Part | None, top: float, ankle: float) -> None:
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


def flat_sole(studio: Studio, cloth: Cloth, lug: bool) -> None:
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
