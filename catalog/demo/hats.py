"""Hats, caps, beanies and berets."""

import numpy as np

from . import trimmings
from .geometry import band, curve, ellipse, mirrored, moved, shape
from .item import Item
from .palette import darker, thread
from .shading import Grid, barrel, creases, drape, together, wrinkles
from .studio import Studio


def hat(studio: Studio, item: Item, angle: str) -> None:
    """Draw headwear of one of many forms."""
    form = item.get("form", "cap")
    with studio.placed(0, 0, 1.0, flip=angle == "back" and form in ("cap", "fedora", "straw", "beret")):
        HATS[form](studio, item, angle == "back")


def cap(studio: Studio, item: Item, back: bool) -> None:
    """Baseball cap, turned a little."""
    c, t = item.cloth, item.trim
    ink = thread(c.colour)
    inside = shape([(-150, 470, 1), (0, 500), (168, 462, 1), (60, 440), (-60, 446)])
    studio.part(inside, c, dim=0.5, cast=0)
    crown = shape(
        [
            (-158, 476, 1),
            (-172, 400),
            (-140, 300),
            (-60, 238),
            (30, 232),
            (118, 280),
            (168, 380),
            (172, 466, 1),
            (80, 448),
            (-40, 452),
        ]
    )
    part = studio.part(crown, c, relief=together(barrel(30), wrinkles(90, 80, 2)), puff=2.0)
    if item.get("front"):
        studio.panel(
            part,
            shape([(-160, 480, 1), (-176, 400), (-140, 290), (-20, 232, 1), (30, 330), (44, 470, 1)]),
            item.get("front"),
        )
    seams = [
        curve([(-22, 234), (30, 320), (46, 452)]),
        curve([(-22, 234), (90, 300), (140, 456)]),
        curve([(-22, 234), (-110, 300), (-132, 456)]),
    ]
    studio.seam(seams, 0.35, clip=part)
    studio.stitch([moved(s, 5, 0) for s in seams] + [s - (5, 0) for s in seams], ink, 0.4, clip=part)
    trimmings.eyelets(studio, [(-76, 322), (68, 306)], 5, darker(c.colour, 0.15))
    studio.part(ellipse(-22, 233, 12, 8), c, puff=1.2, cast=0.3)
    peak = shape(
        [
            (-164, 470, 1),
            (-210, 510),
            (-232, 556),
            (-190, 580),
            (-80, 560),
            (20, 516),
            (60, 462, 1),
            (-40, 452),
        ]
    )
    part = studio.part(peak, t, puff=1.2, cast=0.4)
    for k in range(4):
        d = 11 + 13 * k
        studio.stitch(
            curve(
                [
                    (-196 + d * 0.3, 560 - d),
                    (-80, 556 - d),
                    (24, 508 - d * 0.8),
                    (58 - d * 0.3, 470 - d * 0.3),
                ]
            ),
            thread(t.colour),
            0.45,
            clip=part,
        )
    logo = item.get("badge")
    if logo == "round":
        studio.part(ellipse(-62, 378, 34, 38, -0.1), item.get("badge_cloth") or t, puff=0.4, cast=0.3)
        studio.stitch(ellipse(-62, 378, 29, 33, -0.1), thread(t.colour), 0.7)
    elif logo == "bar":
        studio.part(
            shape([(-100, 366, 1), (-28, 356, 1), (-26, 384, 1), (-98, 394, 1)]),
            item.get("badge_cloth") or t,
            puff=0.4,
            cast=0.3,
        )
    elif logo == "peak":
        studio.part(
            np.array([(-104, 402), (-74, 346), (-56, 378), (-44, 360), (-20, 396)]),
            item.get("badge_cloth") or t,
            puff=0.4,
            cast=0.25,
        )


def beanie(studio: Studio, item: Item, back: bool) -> None:
    """Knitted hat, with or without turn-up and pompom."""
    c, t = item.cloth, item.trim
    tall = item.get("tall", 0)
    crown = shape(
        mirrored(
            [
                (0, 216 - tall),
                (-60, 226 - tall),
                (-132, 300 - tall * 0.3),
                (-156, 420),
                (-154, 560, 1),
                (0, 574),
            ]
        )
    )

    def gather(g: Grid) -> np.ndarray:
        return np.clip(1 - g.v * 2.4, 0, 1) * 4 * np.sin(g.t * 22) * g.scale

    studio.part(crown, c, relief=together(barrel(56), gather, wrinkles(90, 80, 4)), puff=2.0)
    if item.get("cuff", True):
        fold = shape(mirrored([(0, 488), (-120, 480), (-164, 472, 1), (-166, 520), (-160, 586, 1), (0, 602)]))
        studio.part(
            fold, t.plain(weave=item.get("rib", "rib")), relief=barrel(56), puff=1.4, cast=0.4, reach=9
        )
        if item.get("patch") and not back:
            trimmings.label(studio, -40, 546, 62, 34, item.get("patch"))
    if item.get("pompom"):
        rng = np.random.default_rng(item.seed)
        a = np.linspace(0, 2 * np.pi, 90, endpoint=False)
        r = 60 + rng.normal(0, 3.4, 90)
        ball = np.stack([r * np.cos(a), 196 - tall + r * np.sin(a)], 1)
        studio.part(ball, item.get("pompom"), relief=wrinkles(9, 9, 3), puff=2.4, cast=0.3)


def bucket(studio: Studio, item: Item, back: bool) -> None:
    """Bucket hat."""
    c, t = item.cloth, item.trim
    brim_back = shape([(-208, 500), (-150, 446), (0, 430), (150, 446), (208, 500), (0, 520)])
    studio.part(brim_back, c, dim=0.55, cast=0)
    crown = shape(
        [
            (-128, 282, 1),
            (-60, 262),
            (60, 262),
            (128, 282, 1),
            (146, 380),
            (160, 470, 1),
            (0, 494),
            (-160, 470, 1),
            (-146, 380),
        ]
    )
    part = studio.part(crown, c, relief=together(barrel(50), wrinkles(80, 60, 3)), puff=1.2)
    top = curve([(-128, 286), (0, 312), (128, 286)])
    studio.seam(top, 0.35, clip=part)
    studio.stitch(moved(top, 0, 6), thread(c.colour), 0.5, clip=part)
    brim = shape(
        [
            (-160, 462, 1),
            (0, 486),
            (160, 462, 1),
            (200, 510),
            (232, 560),
            (150, 594),
            (0, 606),
            (-150, 594),
            (-232, 560),
            (-200, 510),
        ]
    )
    part = studio.part(brim, t, relief=together(barrel(20), drape(9, 6, 0.1)), puff=1.0, cast=0.3)
    for k in range(5):
        d = 12 * k
        studio.stitch(
            curve(
                [
                    (-180 - d, 500 + d),
                    (-100, 530 + d * 1.05),
                    (0, 542 + d),
                    (100, 530 + d * 1.05),
                    (180 + d, 500 + d),
                ]
            ),
            thread(t.colour),
            0.45,
            clip=part,
        )
    trimmings.eyelets(studio, [(-112, 400), (-84, 404)], 5, trimmings.STEEL)


def _brimmed(studio: Studio, item: Item, wide: float, crown: list, dip: float, pinch: bool) -> None:
    c, t = item.cloth, item.trim
    brim = shape(
        [
            (-wide, 500 - dip),
            (-wide * 0.6, 470),
            (0, 458),
            (wide * 0.6, 470),
            (wide, 500 - dip),
            (wide * 0.86, 548),
            (0, 588),
            (-wide * 0.86, 548),
        ]
    )
    part = studio.part(brim, c, relief=together(wrinkles(160, 60, 5), drape(5, 5)), puff=0.8)
    edge = shape(
        [
            (-wide, 500 - dip),
            (-wide * 0.6, 470),
            (0, 458),
            (wide * 0.6, 470),
            (wide, 500 - dip),
            (wide * 0.86, 548),
            (0, 588),
            (-wide * 0.86, 548),
        ]
    ) * 0.97 + np.array([0, 15.5])
    studio.stitch(np.vstack([edge, edge[:1]]), thread(c.colour), 0.4, clip=part)
    lines = (
        [curve([(-20, 262), (10, 300), (14, 350)]), curve([(-74, 330), (-50, 372), (-40, 420)])]
        if pinch
        else []
    )
    part = studio.part(
        shape(crown),
        c,
        relief=together(barrel(50), creases(lines, 7, 14), wrinkles(100, 80, 2)),
        puff=1.6,
        cast=0.4,
        reach=11,
    )
    low = [(-146, 474), (-80, 500), (0, 508), (80, 500), (146, 474)]
    ribbon = np.vstack(
        [curve([(x * 1.08, y - 38) for x, y in low]), curve([(x * 1.12, y + 8) for x, y in low])[::-1]]
    )
    studio.panel(part, ribbon, t)
    studio.seam(curve([(x * 1.05, y - 38) for x, y in low]), 0.3, clip=part)
    if item.get("bow"):
        studio.part(shape([(84, 456, 1), (132, 440, 1), (134, 482, 1), (86, 500, 1)]), t, puff=0.7, cast=0.4)
        studio.part(
            shape([(104, 450, 1), (114, 447, 1), (116, 492, 1), (106, 495, 1)]),
            t,
            puff=0.7,
            cast=0.4,
            reach=3,
        )


def fedora(studio: Studio, item: Item, back: bool) -> None:
    """Felt hat with a pinched crown."""
    crown = [
        (-150, 482, 1),
        (-148, 400),
        (-124, 300),
        (-84, 252),
        (-34, 262),
        (0, 278),
        (40, 258),
        (92, 250),
        (128, 304),
        (148, 400),
        (150, 482, 1),
        (80, 506),
        (0, 514),
        (-80, 506),
    ]
    _brimmed(studio, item, item.get("wide", 244), crown, 12, True)


def straw(studio: Studio, item: Item, back: bool) -> None:
    """Straw hat: boater or wide sun hat."""
    if item.get("boater"):
        crown = [
            (-146, 482, 1),
            (-142, 350, 1),
            (0, 332),
            (142, 350, 1),
            (146, 482, 1),
            (80, 506),
            (0, 514),
            (-80, 506),
        ]
    else:
        crown = [
            (-150, 482, 1),
            (-142, 380),
            (-100, 296),
            (0, 266),
            (100, 296),
            (142, 380),
            (150, 482, 1),
            (80, 506),
            (0, 514),
            (-80, 506),
        ]
    _brimmed(studio, item, item.get("wide", 258), crown, -4, False)


def beret(studio: Studio, item: Item, back: bool) -> None:
    """Wool beret."""
    c = item.cloth
    body = shape(
        [
            (-150, 500),
            (-214, 452),
            (-206, 372),
            (-110, 304),
            (30, 286),
            (150, 316),
            (204, 392),
            (190, 460),
            (140, 500),
            (0, 520),
        ]
    )
    lines = [
        curve([(-120, 500), (-160, 450), (-150, 400)]),
        curve([(60, 512), (110, 460), (170, 440)]),
        curve([(-20, 516), (-40, 470), (-20, 430)]),
    ]
    studio.part(body, c, relief=together(creases(lines, 5, 12), wrinkles(120, 80, 7)), puff=2.4)
    studio.part(
        shape([(-142, 490, 1), (0, 516), (142, 492, 1), (138, 524, 1), (0, 546), (-136, 522, 1)]),
        item.trim,
        relief=barrel(40),
        puff=0.9,
        cast=0.35,
    )
    studio.part(band(curve([(6, 292), (10, 272), (4, 256)]), 8, 6), c, puff=1, cast=0.2)


HATS = {"cap": cap, "beanie": beanie, "bucket": bucket, "fedora": fedora, "straw": straw, "beret": beret}
