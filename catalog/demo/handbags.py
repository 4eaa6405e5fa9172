"""Handbags: totes, satchels, shoulder bags, buckets, hobos and clutches."""

import numpy as np

from . import trimmings
from .bag_parts import handle, soft, stitched_edge, tabs
from .geometry import along, band, box, curve, ellipse, moved, shape
from .item import Item
from .palette import darker, thread
from .shading import barrel, creases, drape, together, wrinkles
from .studio import Studio


def handbag(studio: Studio, item: Item, angle: str) -> float:
    """Draw a handbag of one of many shapes, from the front or the back."""
    form = item.get("form", "tote")
    floor = {"clutch": 560, "crossbody": 610, "hobo": 620}.get(form, 650)
    FORMS[form](studio, item, angle == "back")
    return float(floor)


def tote(studio: Studio, item: Item, back: bool) -> None:
    """Shopper with two long handles."""
    c, t = item.cloth, item.trim
    metal = item.get("metal", trimmings.BRASS)
    top, w, b = item.get("top", 330), item.get("w", 196), item.get("base", 172)
    rise = item.get("rise", 190)
    handle(
        studio,
        [
            (-84, top + 6),
            (-80, top - rise * 0.6),
            (-40, top - rise * 0.98),
            (40, top - rise * 0.98),
            (80, top - rise * 0.6),
            (84, top + 6),
        ],
        17,
        t,
        behind=True,
    )
    studio.part(shape([(-w, top, 1), (0, top - 12), (w, top, 1), (0, top + 22)]), c.plain(), dim=0.45, cast=0)
    outline = shape(
        [
            (-w, top, 1),
            (0, top + 8),
            (w, top, 1),
            (b + 10, 500),
            (b, 640, 1),
            (0, 650),
            (-b, 640, 1),
            (-b - 10, 500),
        ]
    )
    part = studio.part(outline, c, relief=soft(1.2), puff=1.2)
    if item.get("bottom"):
        line = curve([(-260, 560), (0, 568), (260, 560)])
        studio.panel(part, np.vstack([line, moved(line[::-1], 0, 150)]), t)
        studio.seam(line, 0.4, clip=part)
    studio.seam(
        [curve([(s * (w - 26), top), (s * (b - 18), 520), (s * (b - 30), 650)]) for s in (-1, 1)],
        0.25,
        clip=part,
    )
    edge = curve([(-w, top + 14), (0, top + 22), (w, top + 14)])
    studio.stitch(edge, thread(c.colour), 0.6, clip=part)
    for s in (-1, 1):
        studio.part(box(s * 86 - 13, top - 4, s * 86 + 13, top + 74, 4), t, puff=0.4, cast=0.35, reach=4)
        studio.stitch(box(s * 86 - 10, top, s * 86 + 10, top + 70, 3), thread(t.colour), 0.6)
    handle(
        studio,
        [
            (-86, top + 60),
            (-88, top - rise * 0.4),
            (-46, top - rise * 0.86),
            (46, top - rise * 0.86),
            (88, top - rise * 0.4),
            (86, top + 60),
        ],
        18,
        t,
    )
    if not back and item.get("charm", True):
        trimmings.label(studio, 0, top + 120, 56, 24, t.colour)
    if back:
        studio.seam(curve([(-120, top + 100), (0, top + 106), (120, top + 100)]), 0.4, clip=part)
        studio.stitch(
            curve([(-120, top + 107), (0, top + 113), (120, top + 107)]), thread(c.colour), 0.5, clip=part
        )
    elif item.get("ring"):
        trimmings.ring(studio, 0, top + 40, 17, 17, 5, metal)


def satchel(studio: Studio, item: Item, back: bool) -> None:
    """Structured bag with one top handle and a lock."""
    c, t = item.cloth, item.trim
    metal = item.get("metal", trimmings.BRASS)
    top, w, b = 370, item.get("w", 170), item.get("base", 200)
    handle(studio, [(-74, top + 16), (-70, top - 90), (0, top - 126), (70, top - 90), (74, top + 16)], 21, t)
    outline = shape(
        [
            (-w, top, 1),
            (w, top, 1),
            (b - 2, 500),
            (b, 632, 1),
            (b - 14, 648),
            (0, 652),
            (-b + 14, 648),
            (-b, 632, 1),
            (-b + 2, 500),
        ]
    )
    part = studio.part(outline, c, relief=soft(0.6), puff=1.3)
    stitched_edge(studio, outline, (0, 510), thread(c.colour), part)
    for s in (-1, 1):
        gus = curve([(s * (w - 22), top), (s * (b - 46), 480), (s * (b - 20), 652)])
        studio.shade(np.vstack([gus, moved(gus[::-1], s * 60, 0)]), 0.14)
        studio.seam(gus, 0.35, clip=part)
    tabs(studio, (-74, 74), top + 6, t, metal)
    if back:
        studio.part(box(-110, 450, 110, 590, 8), c, puff=0.3, cast=0.3)
        return
    if item.get("flap", True):
        lid = shape(
            [
                (-w - 2, top - 3, 1),
                (w + 2, top - 3, 1),
                (w + 8, top + 80),
                (w - 40, top + 120),
                (0, top + 132),
                (-w + 40, top + 120),
                (-w - 8, top + 80),
            ]
        )
        studio.part(lid, c, relief=soft(0.4), puff=0.9, cast=0.42, reach=9)
        stitched_edge(studio, lid, (0, top + 50), thread(c.colour), None, 0.94)
        y = top + 124
    else:
        trimmings.zipper(studio, np.array([(-w + 12, top + 7), (w - 12, top + 7)]), metal, 4)
        y = top + 60
    studio.part(box(-17, y - 24, 17, y + 26, 5), trimmings.metal(metal), puff=0.6, cast=0.45, reach=5)
    studio.shade(ellipse(0, y + 6, 4, 6), 0.7)
    if item.get("straps"):
        for s in (-1, 1):
            studio.part(
                box(s * 110 - 12, top - 2, s * 110 + 12, top + 190, 5), t, puff=0.5, cast=0.4, reach=5
            )
            trimmings.buckle(studio, s * 110, top + 146, 38, 30, metal, 5)


def crossbody(studio: Studio, item: Item, back: bool) -> None:
    """Small flap bag on a chain or strap."""
    c, t = item.cloth, item.trim
    metal = item.get("metal", trimmings.BRASS)
    top, w = 410, item.get("w", 168)
    strap = [
        (-w + 14, top + 26),
        (-w + 4, top - 110),
        (-70, top - 270),
        (40, top - 290),
        (w - 30, top - 140),
        (w - 14, top + 26),
    ]
    if item.get("chain"):
        path = curve(strap)
        for k, (x, y, a) in enumerate(along(path, 17)):
            link = ellipse(x, y, 11, 6.5 if k % 2 else 3.4, a)
            hole = ellipse(x, y, 6.5, 3 if k % 2 else 0.6, a)
            studio.part([link], trimmings.metal(metal), puff=0.6, cast=0.2, reach=3, holes=[hole])
    else:
        handle(studio, strap, item.get("strap", 14), t)
    r = item.get("round", 30)
    outline = shape(
        [
            (-w, top + 6, 1),
            (0, top - 2),
            (w, top + 6, 1),
            (w + 4, 520),
            (w, 606 - r),
            (w - r, 606),
            (0, 610),
            (-w + r, 606),
            (-w, 606 - r),
            (-w - 4, 520),
        ]
    )
    part = studio.part(outline, c, relief=soft(0.7), puff=1.4)
    stitched_edge(studio, outline, (0, 510), thread(c.colour), part)
    for s in (-1, 1):
        trimmings.ring(studio, s * (w - 14), top + 22, 11, 13, 4, metal)
    if back:
        studio.seam(curve([(-w + 30, 470), (0, 476), (w - 30, 470)]), 0.4, clip=part)
        return
    drop = item.get("drop", 120)
    if item.get("saddle"):
        lid = shape(
            [
                (-w - 3, top + 2, 1),
                (0, top - 6),
                (w + 3, top + 2, 1),
                (w - 4, top + drop * 0.9),
                (w * 0.4, top + drop * 1.25),
                (0, top + drop * 1.3),
                (-w * 0.4, top + drop * 1.25),
                (-w + 4, top + drop * 0.9),
            ]
        )
    elif item.get("envelope"):
        lid = shape(
            [
                (-w - 3, top + 2, 1),
                (0, top - 6),
                (w + 3, top + 2, 1),
                (w, top + 40, 1),
                (14, top + drop + 12),
                (-14, top + drop + 12),
                (-w, top + 40, 1),
            ]
        )
    else:
        lid = shape(
            [
                (-w - 3, top + 2, 1),
                (0, top - 6),
                (w + 3, top + 2, 1),
                (w + 4, top + drop - 30),
                (w - 24, top + drop),
                (0, top + drop + 5),
                (-w + 24, top + drop),
                (-w - 4, top + drop - 30),
            ]
        )
    studio.part(lid, c, relief=soft(0.5), puff=1.0, cast=0.45, reach=9)
    stitched_edge(studio, lid, (0, top + drop * 0.45), thread(c.colour), None, 0.94)
    y = top + drop * (1.16 if item.get("saddle") else 0.92)
    clasp = item.get("clasp", "turn")
    if clasp == "turn":
        studio.part(box(-20, y - 14, 20, y + 14, 6), trimmings.metal(metal), puff=0.6, cast=0.45, reach=4)
        studio.part(
            box(-4, y - 11, 4, y + 11, 3), trimmings.metal(darker(metal, 0.1)), puff=0.8, cast=0.5, reach=3
        )
    elif clasp == "ring":
        trimmings.ring(studio, 0, y, 26, 26, 7, metal)
    elif clasp == "tassel":
        trimmings.button(studio, 0, y - 10, 9, metal, holes=False)
        trimmings.fringe(studio, np.array([(-8, y), (8, y)]), 66, t, 3.4)
    else:
        trimmings.button(studio, 0, y, 8, metal, holes=False)


def bucket(studio: Studio, item: Item, back: bool) -> None:
    """Bucket bag gathered by a drawstring."""
    c, t = item.cloth, item.trim
    metal = item.get("metal", trimmings.BRASS)
    top, w, b = 360, 150, 134
    handle(
        studio,
        [
            (-w + 6, top + 50),
            (-w - 8, top - 110),
            (-40, top - 210),
            (60, top - 196),
            (w + 4, top - 80),
            (w - 6, top + 50),
        ],
        17,
        t,
    )
    rim = [(x, top + 6 * np.sin(x / 13) - 3, 0) for x in np.linspace(-w + 14, w - 14, 15)]
    studio.part(
        shape([(-w + 14, top, 1), (0, top - 22), (w - 14, top, 1), (0, top + 16)]),
        c.plain(),
        dim=0.45,
        cast=0,
    )
    outline = shape(
        [
            (rim[0][0], rim[0][1], 1),
            *rim[1:-1],
            (rim[-1][0], rim[-1][1], 1),
            (w - 16, top + 56),
            (w + 2, 500),
            (b, 640, 1),
            (0, 652),
            (-b, 640, 1),
            (-w - 2, 500),
            (-w + 16, top + 56),
        ]
    )
    part = studio.part(
        outline,
        c,
        relief=together(
            barrel(34),
            drape(13, -9, top=1.0),
            lambda g: np.clip(1 - g.v * 2.6, 0, 1) * 5 * np.sin(g.t * 26) * g.scale,
            wrinkles(80, 90, 3),
        ),
        puff=1.2,
    )
    base = curve([(-w - 20, 596), (0, 608), (w + 20, 596)])
    studio.panel(part, np.vstack([base, moved(base[::-1], 0, 90)]), t)
    studio.seam(base, 0.4, clip=part)
    studio.stitch(moved(base, 0, 6), thread(t.colour), 0.6, clip=part)
    trimmings.eyelets(
        studio, [(x, top + 40 - abs(x) * 0.03) for x in (-106, -62, -20, 20, 62, 106)], 7, metal
    )
    for a, d in ((-106, -62), (-20, 20), (62, 106)):
        studio.part(
            band(curve([(a, top + 38), ((a + d) / 2, top + 43), (d, top + 38)]), 7),
            t,
            puff=0.8,
            cast=0.3,
            reach=3,
        )
    if not back:
        for s in (-1, 1):
            trimmings.cord(
                studio, [(s * 20, top + 40), (s * 30, top + 90), (s * 22, top + 140)], 7, t.plain()
            )
            trimmings.fringe(studio, np.array([(s * 22 - 5, top + 140), (s * 22 + 5, top + 140)]), 40, t, 3.4)


def hobo(studio: Studio, item: Item, back: bool) -> None:
    """Soft crescent shoulder bag."""
    c, t = item.cloth, item.trim
    metal = item.get("metal", trimmings.BRASS)
    outline = shape(
        [
            (-196, 360, 1),
            (-120, 424),
            (0, 446),
            (120, 424),
            (196, 360, 1),
            (216, 450),
            (176, 566),
            (90, 612),
            (0, 620),
            (-90, 612),
            (-176, 566),
            (-216, 450),
        ]
    )
    handle(
        studio,
        [(-190, 372), (-176, 250), (-90, 168), (0, 150), (90, 168), (176, 250), (190, 372)],
        item.get("strap", 24),
        t,
    )
    lines = [
        curve([(s * 190, 380), (s * 140, 470 + 18 * k), (s * 60, 520 + 26 * k)])
        for s in (-1, 1)
        for k in range(3)
    ]
    part = studio.part(
        outline, c, relief=together(barrel(20), creases(lines, 3.4, 10), wrinkles(90, 80, 4)), puff=1.6
    )
    top = curve([(-192, 372), (-120, 434), (0, 456), (120, 434), (192, 372)])
    if item.get("zip", True):
        trimmings.zipper(
            studio, curve([(-150, 420), (-100, 438), (0, 450), (100, 438), (150, 420)]), metal, 4
        )
    studio.stitch(moved(top, 0, 10), thread(c.colour), 0.6, clip=part)
    for s in (-1, 1):
        trimmings.ring(studio, s * 190, 362, 16, 18, 5, metal)
    if item.get("knot") and not back:
        studio.part(
            shape([(140, 330, 1), (176, 300), (200, 330, 1), (190, 362), (154, 366)]),
            t,
            relief=wrinkles(20, 20, 5),
            puff=1.6,
            cast=0.4,
        )


def clutch(studio: Studio, item: Item, back: bool) -> None:
    """Evening clutch."""
    c = item.cloth
    metal = item.get("metal", trimmings.BRASS)
    outline = box(-214, 330, 214, 556, 14)
    if item.get("wrist"):
        handle(studio, [(206, 350), (270, 380), (268, 470), (214, 440)], 11, item.trim)
    part = studio.part(outline, c, relief=soft(0.5), puff=1.2)
    if back:
        stitched_edge(studio, outline, (0, 443), thread(c.colour), part, 0.96)
        return
    if item.get("frame"):
        studio.part(box(-216, 322, 216, 344, 8), trimmings.metal(metal), puff=0.8, cast=0.4)
        for s in (-1, 1):
            studio.part(ellipse(s * 9, 318, 11, 11), trimmings.metal(metal), puff=1.2, cast=0.4)
        return
    lid = (
        shape([(-216, 328, 1), (216, 328, 1), (212, 400, 1), (20, 486), (0, 490), (-20, 486), (-212, 400, 1)])
        if item.get("envelope", True)
        else box(-216, 328, 216, 450, 10)
    )
    studio.part(lid, item.trim, relief=soft(0.4), puff=0.8, cast=0.45, reach=9)
    stitched_edge(studio, lid, (0, 390), thread(c.colour), None, 0.95)
    y = 470 if item.get("envelope", True) else 438
    trimmings.button(studio, 0, y, 9, metal, holes=False)


FORMS = {
    "tote": tote,
    "satchel": satchel,
    "crossbody": crossbody,
    "bucket": bucket,
    "hobo": hobo,
    "clutch": clutch,
}
