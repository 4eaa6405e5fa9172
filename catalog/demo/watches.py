"""Wrist watches: with hands, counters or figures, on straps and bracelets."""

import numpy as np

from . import trimmings
from .cloth import Cloth
from .geometry import band, box, curve, ellipse, shape
from .item import Item
from .palette import Colour, darker, lighter, luminance, thread
from .shading import barrel, together, wrinkles
from .studio import Studio


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
                ellipse(float(p[0]) * r * 0.82, float(p[1]) * r * 0.82, 5, 5, n=16),
                Cloth(ink, "satin"),
                puff=0.3,
                cast=0.2,
                reach=2,
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
            "a": [(cx, -h / 2), (cx + w, -h / 2)],
            "b": [(cx + w, -h / 2), (cx + w, 0)],
            "c": [(cx + w, 0), (cx + w, h / 2)],
            "d": [(cx, h / 2), (cx + w, h / 2)],
            "e": [(cx, 0), (cx, h / 2)],
            "f": [(cx, -h / 2), (cx, 0)],
            "g": [(cx, 0), (cx + w, 0)],
        }
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
