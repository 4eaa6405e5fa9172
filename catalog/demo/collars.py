"""Necklines: where the front is cut, and what is sewn to the cut – ribs, collars, lapels, hoods."""

import numpy as np

from .cloth import Cloth
from .geometry import Path, band, curve, moved, shape
from .palette import Colour, thread
from .shading import creases, drape, together, wrinkles
from .studio import Part, Studio
from .torso import Frame, both_sides
from .trimmings import button

DEPTHS = {"crew": 34, "scoop": 74, "v": 104, "boat": 14, "wide-v": 150, "high": 6, "polo": 20}


def neckline(f: Frame, kind: str) -> list:
    """Return the left half of the front neckline, from its middle to shortly before the neck point."""
    y, n = f.neck_y, f.neck
    depth = DEPTHS.get(kind, 34)
    if kind in ("v", "wide-v"):
        return [(0, y + depth, 1), (-n * 0.55, y + depth * 0.45)]
    if kind == "boat":
        return [(0, y + depth), (-n * 0.6, y + depth * 0.85)]
    if kind == "square":
        return [(0, y + 66, 1), (-n * 0.9, y + 64, 1)]
    if kind == "sweetheart":
        return [(0, y + 92, 1), (-n * 0.5, y + 70), (-n * 0.95, y + 62)]
    return [(0, y + depth), (-n * 0.5, y + depth * 0.84), (-n * 0.88, y + depth * 0.42)]


def neck_path(f: Frame, kind: str) -> Path:
    """Return the whole front neckline from left to right."""
    half = [*neckline(f, kind), (-f.neck, f.neck_y)]
    whole = half[::-1] + [(-p[0], *p[1:]) for p in half[1:]]
    return curve(whole)


def rib_neck(studio: Studio, f: Frame, kind: str, cloth: Cloth, width: float = 15) -> None:
    """Edge the neckline with a ribbed band."""
    path = neck_path(f, kind)
    back = curve([(-f.neck, f.neck_y - 1), (0, f.neck_y + 5), (f.neck, f.neck_y - 1)])
    rib = cloth.plain(weave="rib")
    studio.part(band(back, width * 0.8), rib, puff=0.5, cast=0.2, dim=0.8)
    line = path.copy()
    line[:, 1] += width * 0.35
    studio.part(band(line, width), rib, puff=0.5, cast=0.22, reach=4)
    studio.stitch(moved(line, 0, width * 0.62), thread(cloth.colour), 0.35)


def bound_neck(studio: Studio, f: Frame, kind: str, cloth: Cloth) -> None:
    """Finish the neckline with a row of stitches."""
    studio.stitch(moved(neck_path(f, kind), 0, 6), thread(cloth.colour), 0.5)


def turtleneck(studio: Studio, f: Frame, cloth: Cloth, height: float = 46, rolled: bool = True) -> None:
    """Knit a high collar."""
    rib = cloth.plain(weave="rib")
    n, y = f.neck - 2, f.neck_y
    inside = shape(
        [(-n + 3, y - height, 1), (0, y - height - 9), (n - 3, y - height, 1), (0, y - height + 12)]
    )
    tube = [
        (-n + 2, y - height, 1),
        (0, y - height + 11),
        (n - 2, y - height, 1),
        (n + 1, y - height * 0.4),
        (n + 7, y + 8, 1),
        (0, y + 30),
        (-n - 7, y + 8, 1),
        (-n - 1, y - height * 0.4),
    ]
    studio.part(inside, rib, dim=0.55, cast=0)
    studio.part(shape(tube), rib, relief=wrinkles(60, 22, 3, 0.1), puff=1.2, cast=0.3)
    if rolled:
        low = [
            (-n - 1, y - height, 1),
            (0, y - height + 11),
            (n + 1, y - height, 1),
            (n + 5, y - 14, 1),
            (0, y + 6),
            (-n - 5, y - 14, 1),
        ]
        studio.part(shape(low), rib, relief=wrinkles(60, 22, 3, 0.1), puff=1.3, cast=0.4, reach=6)


def shirt_collar(
    studio: Studio, f: Frame, cloth: Cloth, spread: float = 1.0, open_to: float = 0.0, size: float = 1.0
) -> None:
    """Fold a shirt collar over the neck; `open_to` is how far down the front stands open."""
    y, n = f.neck_y, f.neck
    back = shape(
        [(-n - 1, y + 4, 1), (-n + 8, y - 17), (0, y - 24), (n - 8, y - 17), (n + 1, y + 4, 1), (0, y + 14)]
    )
    studio.part(back, cloth, dim=0.72, puff=0.6, cast=0.15)
    gap = 3 + open_to * 0.16
    meet = y + 30 + open_to * 0.42

    def leaf() -> None:
        tip = (-33 - 10 * spread - open_to * 0.1, y + 30 + 34 * size + open_to * 0.28)
        outline = shape(
            [
                (-n + 9, y - 19, 1),
                (-n + 4, y - 6),
                (-gap - 10 - open_to * 0.06, meet - 12),
                (-gap, meet, 1),
                (*tip, 1),
                (-n - 8, y + 24),
                (-n - 9, y + 6, 1),
                (-n - 3, y - 12),
            ]
        )
        studio.part(outline, cloth, turn=0.5, puff=0.55, cast=0.4, reach=6)
        edge = curve([(-gap - 6, meet + 2), (tip[0] + 3, tip[1] - 8), (-n - 4, y + 20), (-n - 5, y + 6)])
        studio.stitch(edge, thread(cloth.colour), 0.45)

    both_sides(studio, leaf)


def stand_collar(studio: Studio, f: Frame, cloth: Cloth, height: float = 22, gap: float = 4) -> None:
    """A small upright collar (mandarin, bomber rib, track top)."""
    y, n = f.neck_y, f.neck
    back = shape(
        [
            (-n, y + 2, 1),
            (-n + 6, y - height),
            (0, y - height - 5),
            (n - 6, y - height),
            (n, y + 2, 1),
            (0, y + 12),
        ]
    )
    studio.part(back, cloth, dim=0.66, puff=0.6, cast=0.1)

    def half() -> None:
        outline = shape(
            [
                (-n + 6, y - height, 1),
                (-n * 0.55, y + 10),
                (-gap, y + 30 - height * 0.5, 1),
                (-gap, y + 36, 1),
                (-n * 0.6, y + 27),
                (-n - 4, y + 5, 1),
            ]
        )
        studio.part(outline, cloth, puff=0.7, cast=0.3, reach=4)

    both_sides(studio, half)


def lapels(
    studio: Studio,
    f: Frame,
    cloth: Cloth,
    to_y: float,
    width: float = 58,
    peak: bool = False,
    shawl: bool = False,
) -> None:
    """Turn back the fronts of a blazer or coat down to the first button at `to_y`."""
    y, n = f.neck_y, f.neck
    back = shape(
        [(-n - 4, y + 6, 1), (-n + 6, y - 16), (0, y - 22), (n - 6, y - 16), (n + 4, y + 6, 1), (0, y + 16)]
    )
    studio.part(back, cloth, dim=0.7, puff=0.6, cast=0.1)
    notch = y + 66

    def side() -> None:
        if shawl:
            outline = [
                (-n + 6, y - 14, 1),
                (-n + 14, y + 40),
                (0, to_y, 1),
                (-width, y + 110),
                (-n - 16, y + 34),
                (-n - 8, y, 1),
            ]
            studio.part(shape(outline), cloth, turn=0.25, puff=0.7, cast=0.42, reach=8)
            return
        out = -width - n * 0.25
        lap = shape(
            [
                (-n * 0.62, y + 38, 1),
                (-n * 0.28, (y + to_y) / 2 + 4),
                (2, to_y, 1),
                (out * 0.66, (notch + to_y) / 2 + 22),
                (out - (10 if peak else 0), notch - (22 if peak else 4), 1),
                (-n - 10, notch - 6, 1),
            ]
        )
        studio.part(lap, cloth, turn=0.3, puff=0.6, cast=0.42, reach=8)
        collar = shape(
            [
                (-n + 6, y - 15, 1),
                (-n + 2, y + 10),
                (-n * 0.58, y + 42, 1),
                (-n - 12, notch - 6, 1),
                (out + 14, notch - 22 + (6 if peak else 0), 1),
                (-n - 14, y + 16),
                (-n - 7, y - 2, 1),
            ]
        )
        studio.part(collar, cloth, turn=0.6, puff=0.6, cast=0.35, reach=5)

    both_sides(studio, side)


def hood(
    studio: Studio,
    f: Frame,
    cloth: Cloth,
    lining: Cloth,
    cords: Cloth | None,
    tip: Colour | None,
    up: float = 1.0,
) -> None:
    """Lay a hood around the neck: its opening, its rim and two drawstrings."""
    y, n = f.neck_y, f.neck
    top = y - 74 * up
    outer = shape(
        [
            (0, top - 6),
            (-n * 0.95, top + 12),
            (-n - 26, y - 14),
            (-n - 24, y + 28),
            (-n * 0.4, y + 66),
            (0, y + 74),
            (n * 0.4, y + 66),
            (n + 24, y + 28),
            (n + 26, y - 14),
            (n * 0.95, top + 12),
        ]
    )
    studio.part(
        outer, cloth, relief=together(wrinkles(50, 34, 5, 0.4), drape(4, 4)), puff=1.3, cast=0.35, reach=9
    )
    mouth = shape(
        [
            (0, top + 14),
            (-n * 0.72, top + 30),
            (-n * 0.92, y - 8),
            (-n * 0.42, y + 38),
            (0, y + 60),
            (n * 0.42, y + 38),
            (n * 0.92, y - 8),
            (n * 0.72, top + 30),
        ]
    )
    if studio.worn is not None:
        lining = studio.worn
    studio.part(
        mouth,
        lining,
        relief=creases([curve([(0, top + 14), (4, y - 20), (0, y + 40)])], 3, 8),
        dim=0.5,
        puff=-0.5,
        cast=0.1,
    )
    rim = curve(
        [
            (-n * 0.30, y + 62),
            (-n * 0.98, y - 6),
            (-n * 0.78, top + 24),
            (0, top + 6),
            (n * 0.78, top + 24),
            (n * 0.98, y - 6),
            (n * 0.30, y + 62),
        ]
    )
    studio.stitch(rim, thread(cloth.colour), 0.4)
    if cords is not None:
        for s in (-1, 1):
            x = s * n * 0.42
            path = curve([(x, y + 52), (x + s * 5, y + 90), (x + s * 3, y + 128 + 6 * s)])
            studio.part(band(path, 5), cords, puff=0.7, cast=0.4, reach=5)
            if tip is not None:
                studio.part(
                    band(moved(path[-3:], 0, 3), 6.5),
                    Cloth(tip, "satin", gloss=0.7),
                    puff=0.6,
                    cast=0.3,
                    reach=3,
                )


def placket(
    studio: Studio,
    part: Part | None,
    f: Frame,
    cloth: Cloth,
    colour: Colour,
    top: float,
    bottom: float,
    count: int,
    r: float = 5.2,
    width: float = 25,
    hidden: bool = False,
) -> None:
    """Close the front: a band down the middle with its buttons."""
    studio.shade(
        np.array([(width / 2, top), (width / 2 + 6, top), (width / 2 + 6, bottom), (width / 2, bottom)]),
        0.16,
        soft=3,
    )
    lines = [np.array([(s * width / 2, top), (s * width / 2, bottom)]) for s in (-1, 1)]
    studio.seam(lines[1:], 0.4, clip=part)
    studio.stitch([lines[0] + (3, 0), lines[1] - (3, 0)], thread(cloth.colour), 0.4, clip=part)
    if hidden:
        return
    for y in np.linspace(top + 14, bottom - 34, count):
        button(studio, 0, float(y), r, colour)


def bow(studio: Studio, x: float, y: float, size: float, cloth: Cloth) -> None:
    """Tie a bow."""
    for s in (-1, 1):
        tail = [(x, y), (x + s * size * 0.25, y + size * 0.6), (x + s * size * 0.42, y + size * 1.35)]
        studio.part(band(curve(tail), size * 0.14, size * 0.30), cloth, puff=0.6, cast=0.35)
    for s in (-1, 1):
        loop = [
            (x, y, 1),
            (x + s * size * 0.45, y - size * 0.34),
            (x + s * size * 0.82, y - size * 0.1),
            (x + s * size * 0.5, y + size * 0.22),
        ]
        studio.part(
            shape(loop),
            cloth,
            relief=creases(
                [curve([(x + s * 4, y), (x + s * size * 0.4, y - 2), (x + s * size * 0.6, y - 4)])], 3, 5
            ),
            puff=1.2,
            cast=0.4,
        )
    knot = shape(
        [
            (x - size * 0.1, y - size * 0.13),
            (x + size * 0.1, y - size * 0.13),
            (x + size * 0.1, y + size * 0.13),
            (x - size * 0.1, y + size * 0.13),
        ]
    )
    studio.part(knot, cloth, puff=1, cast=0.4)


def yoke_back(studio: Studio, part: Part | None, f: Frame, y: float, pleat: bool = True) -> None:
    """Sew the shoulder yoke of a shirt's back."""
    line = curve([(-f.shoulder - 4, y), (0, y + 10), (f.shoulder + 4, y)])
    studio.seam(line, 0.32, clip=part)
    if pleat:
        studio.seam([np.array([(s * 8, y + 10), (s * 7, y + 120)]) for s in (-1, 1)], 0.22, clip=part)


def collar_back(studio: Studio, f: Frame, cloth: Cloth, height: float = 30) -> None:
    """The fold of a shirt collar, seen from behind."""
    y, n = f.neck_y, f.neck
    outline = shape(
        [
            (-n + 6, y - 18, 1),
            (0, y - 25),
            (n - 6, y - 18, 1),
            (n + 12, y + height * 0.6, 1),
            (0, y + height * 0.5),
            (-n - 12, y + height * 0.6, 1),
        ]
    )
    studio.part(outline, cloth, puff=0.6, cast=0.35, reach=5)
    studio.stitch(
        curve([(-n - 9, y + height * 0.42), (0, y + height * 0.34), (n + 9, y + height * 0.42)]),
        thread(cloth.colour),
        0.4,
    )


def hood_back(studio: Studio, f: Frame, cloth: Cloth) -> None:
    """A hood hanging down the back."""
    y, n = f.neck_y, f.neck
    outline = shape(
        [
            (-n * 0.8, y - 40),
            (0, y - 50),
            (n * 0.8, y - 40),
            (n + 26, y + 10),
            (n + 4, y + 84),
            (0, y + 122),
            (-n - 4, y + 84),
            (-n - 26, y + 10),
        ]
    )
    studio.part(
        outline, cloth, relief=together(wrinkles(46, 60, 5, 0.3), drape(4, 4)), puff=1.3, cast=0.42, reach=10
    )
    studio.seam(curve([(0, y - 48), (1, y + 30), (0, y + 118)]), 0.3)
