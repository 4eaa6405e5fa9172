"""Ballerinas, loafers, lace-ups, espadrilles and sandals, from the side and from above.

A shoe is drawn toe to the left, standing on y = 0; see `sneakers` for trainers.
"""

import numpy as np

from . import trimmings
from .boots import flat_sole
from .cloth import Cloth
from .collars import bow
from .geometry import band, box, curve, ellipse, moved, shape
from .heels import INSOLE, SOLE
from .item import Item
from .palette import darker, thread
from .shading import creases, together, wrinkles
from .sneaker_sides import laces
from .studio import Part, Studio


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
            item.trim.plain(darker(item.trim.colour, 0.14)),
            puff=0.7,
            cast=0.5,
            reach=6,
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
        flat_sole(studio, item.get("sole") or SOLE, bool(item.get("lug")))


def _dress_shoe(studio: Studio, item: Item, part: Part | None) -> None:
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
    studio.stitch(moved(quarter, 4, 0), ink, 0.5, clip=part)
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
    spans: tuple[tuple[int, int, int], ...]
    if cut == "slide":
        spans = ((-150, 0, 84),) if item.get("straps", 1) == 1 else ((-172, -92, 66), (-66, 14, 82))
    elif cut == "fisherman":
        spans = ((-184, -150, 46), (-136, -100, 58), (-86, -48, 68))
    else:
        spans = ((-172, -142, 46), (-70, -42, 66))
    for a, b, up in spans:
        # The far side of the strap shows through its front opening.
        studio.part(ellipse(a + 30, y - up * 0.52, 24, up * 0.5, 0.35), c.plain(), dim=0.5, cast=0)
        if cut == "strappy":
            loop = [
                (a, y + 10),
                (a + 4, y - up * 0.55),
                (a + 30, y - up),
                (a + 60, y - up * 0.7),
                (a + 72, y),
            ]
            studio.part(band(curve(loop), 17), c, puff=1.0, cast=0.3)
            continue
        strap = shape(
            [
                (a, y + 14, 1),
                (a + 8, y - up * 0.55),
                (a + 32, y - up, 1),
                ((a + b) / 2 + 36, y - up - 8),
                (b + 34, y - up - 2, 1),
                (b + 16, y - up * 0.5),
                (b + 6, y + 14, 1),
            ]
        )
        part = studio.part(strap, c, puff=1.2, cast=0.3)
        middle = np.array([(a + b) / 2 + 18, y - up * 0.45])
        studio.stitch(np.vstack([strap, strap[:1]]) * 0.9 + middle * 0.1, thread(c.colour), 0.45, clip=part)
        if item.get("buckles"):
            trimmings.buckle(
                studio, (a + b) / 2 + 14, y - up * 0.45, 26, 24, item.get("metal", trimmings.BRASS), 4
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
