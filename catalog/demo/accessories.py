"""Watches, sunglasses and belts."""

import numpy as np

from . import trimmings
from .geometry import band, box, curve, ellipse, shape
from .item import Item
from .palette import Colour, darker, lighter, luminance, thread
from .shading import barrel, together, wrinkles
from .studio import Cloth, Studio


def watch(studio: Studio, item: Item, angle: str) -> None:
    """Wrist watch seen from the front, or laid on its side."""
    if angle == "side":
        with studio.placed(0, 400, 1.0, turn=-0.62):
            _watch(studio, item)
        return
    with studio.placed(0, 400, 1.0):
        _watch(studio, item)


def _watch(studio: Studio, item: Item) -> None:
    steel: Colour = item.get("metal", trimmings.STEEL)
    r = item.get("r", 112)
    case = trimmings.metal(steel)
    form = item.get("form", "round")
    _strap(studio, item, r, steel)
    if item.get("sport"):
        studio.part(
            _octagon(r * 1.14) if form == "square" else ellipse(0, 0, r * 1.16, r * 1.16),
            item.cloth.plain(),
            puff=1.4,
            cast=0.4,
        )
    for y in (-0.34, 0.0, 0.34) if item.get("chrono") else (0.0,):
        studio.part(box(r - 4, y * r - 9, r + 16, y * r + 9, 4), case, puff=0.8, cast=0.2)
    outer = _octagon(r) if form == "square" else ellipse(0, 0, r, r, n=72)
    studio.part(outer, case, puff=1.1, cast=0.4, reach=9)
    bezel = item.get("bezel")
    if bezel:
        studio.part(
            ellipse(0, 0, r * 0.96, r * 0.96, n=72), Cloth(bezel, "satin", gloss=0.4), puff=0.4, cast=0.2
        )
        for k in range(12):
            a = k * np.pi / 6
            p = np.array([np.sin(a), -np.cos(a)])
            studio.line(
                np.array([p * r * 0.85, p * r * 0.92]), lighter(bezel, 0.8), 3.4 if k % 3 == 0 else 1.8, 0.9
            )
    inner = 0.80 if bezel else 0.86
    dial = item.get("dial", (0.95, 0.95, 0.93))
    face = _octagon(r * inner) if form == "square" else ellipse(0, 0, r * inner, r * inner, n=72)
    studio.part(face, Cloth(dial, "satin", gloss=0.12), puff=-0.35, cast=0.25)
    if item.get("digital"):
        _digits(studio, item, r)
    else:
        _hands(studio, item, r * inner, dial)
    # The crystal catches the window.
    glare = shape(
        [(-r * 0.62, -r * 0.1), (-r * 0.30, -r * 0.62), (r * 0.02, -r * 0.72), (-r * 0.40, r * 0.06)]
    )
    studio.shade(glare, 0.13, (1, 1, 1), soft=4)


def _octagon(r: float) -> np.ndarray:
    return box(-r * 0.90, -r * 0.98, r * 0.90, r * 0.98, r * 0.26)


def _strap(studio: Studio, item: Item, r: float, steel: Colour) -> None:
    c = item.cloth
    w = item.get("w", 74)
    if item.get("bracelet"):
        for s in (-1, 1):
            for k in range(9):
                y = s * (r * 0.86 + 15 + 27 * k)
                taper = 1 - 0.03 * k
                dim = 1.0 - 0.022 * k
                for x0, x1, shade in (
                    (-0.5, -0.19, 1.0),
                    (-0.18, 0.18, 0.92 if not item.get("duo") else 1.0),
                    (0.19, 0.5, 1.0),
                ):
                    metal = (
                        trimmings.metal(item.get("duo"))
                        if item.get("duo") and x0 == -0.18
                        else trimmings.metal(steel)
                    )
                    studio.part(
                        box(x0 * w * taper, y - 13, x1 * w * taper, y + 13, 5),
                        metal,
                        puff=0.7,
                        cast=0.25,
                        reach=3,
                        dim=shade * dim,
                    )
        return
    if item.get("mesh"):
        for s in (-1, 1):
            studio.part(
                _strap_outline(s, r, w),
                Cloth(steel, "straw", gloss=0.5, grain=0.4),
                relief=barrel(10),
                puff=0.8,
            )
        return
    for s in (-1, 1):
        outline = _strap_outline(s, r, w)
        part = studio.part(outline, c, relief=together(barrel(10), wrinkles(60, 30, 1.6)), puff=0.9)
        if c.weave == "leather" or item.get("stitched"):
            edge = curve([(-w * 0.42, s * r * 0.9), (-w * 0.36, s * 340)])
            studio.stitch([edge, edge * (-1, 1)], item.get("thread", thread(c.colour)), 0.8, clip=part)
        if item.get("nato"):
            for x in (-0.16, 0.16):
                studio.panel(part, box(x * w - w * 0.09, -400, x * w + w * 0.09, 400), item.trim)
        if s > 0:
            for k in range(6):
                studio.shade(ellipse(0, 214 + 21 * k, 3.6, 4.6, n=12), 0.75)
        else:
            studio.part(box(-w * 0.44, -258, w * 0.44, -242, 4), c, puff=0.6, cast=0.35, reach=4)
            trimmings.ring(studio, 0, -330, w * 0.48, 22, 7, steel)
            studio.part(box(-3, -346, 3, -306, 2), trimmings.metal(steel), puff=0.6, cast=0.3)


def _strap_outline(s: int, r: float, w: float) -> np.ndarray:
    end = 330 if s < 0 else 346
    tip = (
        [(-w * 0.38, s * end, 1), (w * 0.38, s * end, 1)]
        if s < 0
        else [(-w * 0.38, s * (end - 16)), (0, s * end), (w * 0.38, s * (end - 16))]
    )
    return shape(
        [
            (-w * 0.5, s * r * 0.72, 1),
            (-w * 0.47, s * (r + 60)),
            *tip,
            (w * 0.47, s * (r + 60)),
            (w * 0.5, s * r * 0.72, 1),
        ]
    )


def _hands(studio: Studio, item: Item, r: float, dial: Colour) -> None:
    ink = item.get("ink") or ((0.15, 0.15, 0.18) if luminance(dial) > 0.5 else (0.93, 0.93, 0.9))
    marks = item.get("marks", "bars")
    for k in range(60):
        a = k * np.pi / 30
        p = np.array([np.sin(a), -np.cos(a)])
        if k % 5:
            if marks in ("bars", "rail"):
                studio.line(np.array([p * r * 0.93, p * r * 0.97]), ink, 1.0, 0.7)
        elif marks == "dots":
            studio.part(
                ellipse(*(p * r * 0.82), 5, 5, n=16), Cloth(ink, "satin"), puff=0.3, cast=0.2, reach=2
            )
        elif marks != "none":
            studio.line(
                np.array([p * r * (0.78 if k % 15 else 0.70), p * r * 0.93]), ink, 4.0 if k % 15 else 5.5, 1.0
            )
    if item.get("chrono"):
        for x, y in ((-0.40, 0.05), (0.40, 0.05), (0.0, 0.44)):
            cx, cy, q = x * r, y * r, r * 0.23
            studio.part(
                ellipse(cx, cy, q, q, n=36),
                Cloth(darker(dial, 0.12) if luminance(dial) > 0.4 else lighter(dial, 0.1), "satin"),
                puff=-0.3,
                cast=0,
            )
            a = x * 7 + y * 3
            studio.line(
                np.array([(cx, cy), (cx + q * 0.8 * np.sin(a), cy - q * 0.8 * np.cos(a))]), ink, 1.8, 0.9
            )
    elif item.get("date"):
        studio.shade(box(r * 0.48, -7, r * 0.68, 8), 1.0, (0.97, 0.97, 0.95))
        studio.line(np.array([(r * 0.55, -3), (r * 0.55, 4)]), (0.1, 0.1, 0.1), 2, 0.9)
    # Ten past ten: the hands frame the dial, as in every shop window.
    hand = Cloth(ink, "satin", gloss=0.3)
    for minutes, length, width in ((305, 0.50, 8.5), (60, 0.76, 6.5)):
        a = np.radians(minutes)
        p = np.array([np.sin(a), -np.cos(a)])
        studio.part(
            band(np.array([p * -r * 0.10, p * r * length]), width, width * 0.45),
            hand,
            puff=0.5,
            cast=0.3,
            reach=4,
        )
    a = np.radians(212)
    p = np.array([np.sin(a), -np.cos(a)])
    studio.line(np.array([p * -r * 0.16, p * r * 0.84]), item.get("second", (0.75, 0.2, 0.18)), 1.7, 0.95)
    studio.part(ellipse(0, 0, 6, 6, n=16), hand, puff=0.6, cast=0.3, reach=2)


def _digits(studio: Studio, item: Item, r: float) -> None:
    """Seven-segment figures: 10:08."""
    ink = item.get("ink") or (0.12, 0.14, 0.13)
    segments = {"1": "bc", "0": "abcdef", "8": "abcdefg"}
    w, h = r * 0.22, r * 0.40
    for x, figure in ((-0.52, "1"), (-0.22, "0"), (0.16, "0"), (0.46, "8")):
        cx = x * r
        lines = {
            "a": [(cx, -h / 2), (cx + w, -h / 2)], "b": [(cx + w, -h / 2), (cx + w, 0)], "c": [(cx + w, 0), (cx + w, h / 2)],
            "d": [(cx, h / 2), (cx + w, h / 2)], "e": [(cx, 0), (cx, h / 2)], "f": [(cx, -h / 2), (cx, 0)], "g": [(cx, 0), (cx + w, 0)],
        }  # fmt: skip
        studio.line([np.array(lines[s]) for s in segments[figure]], ink, r * 0.055, 0.95)
    studio.line(
        [np.array([(r * 0.07, y), (r * 0.07, y + 5)]) for y in (-h * 0.25, h * 0.2)], ink, r * 0.05, 0.95
    )
    studio.line(
        [
            np.array([(-r * 0.5, r * 0.42), (r * 0.1, r * 0.42)]),
            np.array([(-r * 0.5, -r * 0.42), (r * 0.5, -r * 0.42)]),
        ],
        ink,
        r * 0.03,
        0.6,
    )


LENSES = {
    "wayfarer": [
        (-196, 352, 1),
        (-100, 344),
        (-22, 358, 1),
        (-26, 410),
        (-62, 446),
        (-126, 448),
        (-172, 416),
    ],
    "round": [
        (-106, 336),
        (-44, 362),
        (-22, 408),
        (-44, 456),
        (-106, 480),
        (-166, 456),
        (-190, 408),
        (-166, 362),
    ],
    "aviator": [
        (-194, 366),
        (-150, 346),
        (-80, 346),
        (-28, 366),
        (-24, 408),
        (-56, 466),
        (-110, 484),
        (-166, 456),
        (-194, 408),
    ],
    "cat": [
        (-216, 340, 1),
        (-150, 346),
        (-70, 356),
        (-24, 376),
        (-28, 418),
        (-74, 446),
        (-134, 442),
        (-182, 402),
    ],
    "square": [(-196, 348, 1), (-26, 348, 1), (-30, 440), (-46, 458), (-172, 458), (-190, 440)],
    "narrow": [(-200, 372, 1), (-110, 366), (-24, 380, 1), (-34, 414), (-80, 430), (-150, 428), (-190, 408)],
}


def sunglasses(studio: Studio, item: Item, angle: str) -> None:
    """Sunglasses from the front, or turned with one temple in view."""
    form = item.get("form", "wayfarer")
    wire = bool(item.get("wire"))
    c = item.cloth
    lens: Colour = item.get("lens", (0.16, 0.16, 0.18))
    squeeze, turn = (1.0, 0.0) if angle == "front" else (0.82, -0.10)
    with studio.placed(0 if angle == "front" else -46, 400, 1.18, turn=turn, squeeze=squeeze):
        with studio.placed(0, -400):
            if angle != "front":
                temple = curve([(206, 366), (290, 352), (356, 372), (384, 430)])
                studio.part(band(temple, 9 if wire else 19, 14), c, puff=1.0, cast=0)
            _temples(studio, item, wire)
            rim = shape(LENSES[form])
            middle = rim.mean(axis=0)
            for s in (-1, 1):
                path = rim * (s, 1)
                centre = middle * (s, 1)
                grow = 1.05 if wire else item.get("rim", 1.17)
                big = (path - centre) * grow + centre
                studio.part(big, trimmings.metal(c.colour) if wire else c, puff=0.8, cast=0.2)
                _lens(studio, path, centre, lens, item)
            if wire:
                studio.part(
                    band(curve([(-28, 384), (0, 372), (28, 384)]), 6),
                    trimmings.metal(c.colour),
                    puff=0.8,
                    cast=0.2,
                )
                if form == "aviator":
                    studio.part(
                        band(curve([(-60, 350), (0, 342), (60, 350)]), 6),
                        trimmings.metal(c.colour),
                        puff=0.8,
                        cast=0.2,
                    )
            else:
                studio.part(
                    shape([(-36, 356, 1), (0, 362), (36, 356, 1), (28, 384, 1), (0, 376), (-28, 384, 1)]),
                    c,
                    puff=0.9,
                    cast=0.2,
                )
                for s in (-1, 1):
                    trimmings.button(studio, s * 204, 366, 4, item.get("metal", trimmings.BRASS), holes=False)


def _temples(studio: Studio, item: Item, wire: bool) -> None:
    """The folded temples show a little behind the lenses."""
    c = item.cloth.plain()
    for s in (-1, 1):
        path = curve([(s * 206, 366), (s * 212, 384), (s * 196, 404)])
        studio.part(band(path, 8 if wire else 15), c, dim=0.8, puff=0.8, cast=0)


def _lens(studio: Studio, path: np.ndarray, centre: np.ndarray, lens: Colour, item: Item) -> None:
    part = studio.part(path, Cloth(lens, "satin", gloss=0.5), puff=0.5, cast=0.15, reach=3)
    if part is not None and item.get("fade", True):
        inside = path[path[:, 1] > centre[1] + 4]
        if len(inside) > 3:
            studio.shade((inside - centre) * 0.98 + centre, 0.30, lighter(lens, 0.75), soft=12)
    glare = shape(
        [
            (centre[0] - 52, centre[1] + 16),
            (centre[0] - 16, centre[1] - 40),
            (centre[0] + 6, centre[1] - 42),
            (centre[0] - 32, centre[1] + 22),
        ]
    )
    studio.shade(glare, 0.22, (1, 1, 1), soft=2)


def belt(studio: Studio, item: Item, angle: str) -> None:
    """Belt: rolled up with its buckle in front, or hung in a loop."""
    if angle == "loop":
        _belt_loop(studio, item)
    else:
        _belt_rolled(studio, item)


def _belt_rolled(studio: Studio, item: Item) -> None:
    """A coil seen from slightly above: the rim of each turn and the broad outside."""
    c = item.cloth
    w = item.get("w", 74)
    top = 400 - w / 2
    for k, rx in enumerate((196, 172, 148, 122, 94)):
        ry = rx * 0.40
        cx = 6 * k
        rim = ellipse(cx, top - 2 + 3 * k, rx, ry, n=64)
        studio.part(
            rim,
            Cloth(darker(c.colour, 0.12), "leather", gloss=c.gloss * 0.6)
            if k % 2 == 0
            else Cloth(lighter(c.colour, 0.14), "suede"),
            puff=0.3,
            cast=0.3,
            reach=5,
            dim=0.92 - 0.06 * k,
        )
        hole = ellipse(cx + 2, top + 2 + 3 * k, rx - 12, ry - 7, n=64)
        studio.part(hole, Cloth(darker(c.colour, 0.35), "suede"), dim=0.5, puff=-0.4, cast=0)
    a = np.linspace(0, np.pi, 40)
    upper = np.stack([196 * np.cos(a), top + 78 * np.sin(a)], 1)
    wall = np.vstack([upper, (upper + (0, w))[::-1]])
    part = studio.part(wall, c, relief=barrel(60), puff=0.7, cast=0.2)
    ink = item.get("thread", thread(c.colour))
    if item.get("stitched", True):
        studio.stitch([upper + (0, 7), upper + (0, w - 7)], ink, 0.7, clip=part)
    if item.get("woven"):
        for k in range(-9, 10):
            x = k * 20
            studio.seam(curve([(x, top - 10), (x + 14, top + 200)]), 0.3, clip=part)
    y = top + 77 + w / 2
    tip = curve([(120, y - 17), (60, y - 4), (-30, y + 1), (-66, y - 2)])
    strap = studio.part(band(tip, w * 0.98), c, puff=0.7, cast=0.35)
    if item.get("stitched", True):
        studio.stitch([tip + (0, w * 0.40), tip - (0, w * 0.40)], ink, 0.7, clip=strap)
    for k in range(4):
        studio.shade(ellipse(96 - 26 * k, y - 9 + 3 * k, 3.6, 4.4, n=12), 0.8)
    _buckle(studio, item, -62, y - 2, w)
    studio.part(box(4, y - w * 0.56, 24, y + w * 0.56, 4), c, puff=0.7, cast=0.4, reach=5)


def _buckle(studio: Studio, item: Item, x: float, y: float, w: float) -> None:
    metal = item.get("metal", trimmings.STEEL)
    kind = item.get("buckle", "frame")
    if kind == "plate":
        studio.part(
            box(x - 50, y - w * 0.62, x + 46, y + w * 0.62, 8), trimmings.metal(metal), puff=0.8, cast=0.45
        )
        studio.line(box(x - 42, y - w * 0.52, x + 38, y + w * 0.52, 6), darker(metal, 0.35), 1.4, 0.7)
    elif kind == "round":
        trimmings.ring(studio, x, y, w * 0.72, w * 0.72, 11, metal)
        studio.part(
            band(np.array([(x - w * 0.66, y), (x + w * 0.62, y)]), 9),
            trimmings.metal(metal),
            puff=0.7,
            cast=0.4,
        )
    elif kind == "double":
        for dx in (-16, 26):
            trimmings.ring(studio, x + dx, y, 30, w * 0.66, 8, metal)
    elif kind == "western":
        for grow, tone in ((1.0, metal), (0.78, darker(metal, 0.16)), (0.60, metal)):
            studio.part(
                shape(
                    [
                        (x - 58 * grow, y),
                        (x - 40 * grow, y - w * 0.66 * grow),
                        (x + 40 * grow, y - w * 0.66 * grow),
                        (x + 58 * grow, y),
                        (x + 40 * grow, y + w * 0.66 * grow),
                        (x - 40 * grow, y + w * 0.66 * grow),
                    ]
                ),
                trimmings.metal(tone),
                puff=0.8,
                cast=0.35,
            )
    else:
        trimmings.buckle(studio, x, y, 84, w * 1.28, metal, 10)


def _belt_loop(studio: Studio, item: Item) -> None:
    """Hung as a long loop, the buckle at its top."""
    c = item.cloth
    w = item.get("w", 74) * 0.62
    ink = item.get("thread", thread(c.colour))
    right = curve([(0, 150), (64, 196), (84, 320), (70, 500), (30, 640), (-4, 668)])
    left = curve([(0, 150), (-64, 196), (-84, 320), (-70, 500), (-30, 640), (4, 668)])
    for path in (right, left):
        part = studio.part(band(path, w), c, puff=0.9, cast=0.35)
        if item.get("stitched", True):
            studio.stitch(band(path, w - 9), ink, 0.7, clip=part)
    tail = curve([(-66, 196), (-20, 150), (60, 140), (150, 176)])
    part = studio.part(band(tail, w), c, puff=0.9, cast=0.4)
    if item.get("stitched", True):
        studio.stitch(band(tail, w - 9), ink, 0.7, clip=part)
    for k in range(4):
        studio.shade(ellipse(56 + 20 * k, 141 + 7 * k, 3, 3.6, n=12), 0.8)
    with studio.placed(-28, 158, 0.72, turn=-0.35):
        _buckle(studio, item, 0, 0, item.get("w", 74))
