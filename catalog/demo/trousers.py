"""Trousers, jeans and shorts."""

from dataclasses import dataclass

import numpy as np

from . import trimmings
from .cloth import Cloth
from .collars import bow
from .geometry import Path, band, box, curve, moved, shape
from .item import Item
from .palette import Colour, lighter, thread
from .shading import Relief, barrel, creases, drape, pleats, together, wrinkles
from .studio import Part, Studio
from .torso import both_sides


@dataclass(frozen=True)
class Legs:
    """Half widths of trousers: waist, hip, then each leg at knee and hem; heights in design units."""

    waist: float
    hip: float
    knee: float  # width of one leg
    hem: float
    top: float = 110
    crotch: float = 292
    length: float = 725
    spread: float = 8  # how far the legs stand apart


LEGS = {
    "slim": Legs(98, 116, 78, 60),
    "skinny": Legs(94, 112, 68, 48),
    "straight": Legs(102, 122, 92, 84),
    "relaxed": Legs(104, 128, 106, 94),
    "wide": Legs(98, 126, 128, 148, spread=0),
    "flare": Legs(96, 116, 80, 128, spread=4),
    "tapered": Legs(104, 130, 98, 62),
    "jogger": Legs(100, 128, 98, 58, length=700),
    "cropped": Legs(100, 124, 108, 104, length=640),
    "leggings": Legs(88, 106, 66, 42),
    "shorts": Legs(104, 128, 127, 126, top=190, crotch=372, length=520, spread=5),
    "short-shorts": Legs(98, 124, 124, 126, top=230, crotch=412, length=486, spread=4),
    "bermuda": Legs(104, 128, 124, 118, top=150, crotch=332, length=570, spread=5),
}


def _leg(p: Legs) -> Path:
    """Return the outline of the left half of a pair of trousers."""
    long = p.length > 600
    knee_y = p.crotch + (p.length - p.crotch) * 0.46
    centre = -p.spread - p.hem / 2 - (12 if long else 2)
    kcentre = -p.spread * 0.6 - p.knee / 2 - (7 if long else 3)
    return shape(
        [
            (0, p.top + 6, 1),
            (-p.waist, p.top, 1),
            (-p.waist - (p.hip - p.waist) * 0.7, p.top + 60),
            (-p.hip, p.top + 128),
            (-p.hip + 1, p.crotch),
            (kcentre - p.knee / 2, knee_y),
            (centre - p.hem / 2, p.length, 1),
            (centre, p.length + 5),
            (centre + p.hem / 2, p.length, 1),
            (kcentre + p.knee / 2, knee_y),
            (-p.spread * 0.3 - 3, p.crotch + 26),
            (0, p.crotch, 1),
        ]
    )


def _leg_folds(p: Legs, depth: float, seed: int) -> Relief:
    rng = np.random.default_rng(seed)
    lines = []
    for k in range(4):
        end = (-p.hip * (0.55 + 0.12 * k), p.crotch - 36 + 34 * k)
        lines.append(
            curve(
                [
                    (-6, p.crotch - 8 + 10 * k),
                    (-p.hip * 0.35, p.crotch + 2 + 16 * k + rng.uniform(-5, 5)),
                    end,
                ]
            )
        )
    if p.length > 600:
        knee = p.crotch + (p.length - p.crotch) * 0.46
        c = -p.spread - p.knee / 2 - 8
        for k in range(4):
            y = knee - 34 + 24 * k + rng.uniform(-6, 6)
            s = 1 if k % 2 else -1
            lines.append(curve([(c + s * p.knee * 0.5, y - 8), (c, y + 3), (c - s * p.knee * 0.3, y + 12)]))
        for k in range(3):
            y = p.length - 20 - 24 * k
            c2 = -p.spread - p.hem / 2 - 12
            lines.append(curve([(c2 - p.hem * 0.48, y + 3), (c2, y - 6), (c2 + p.hem * 0.45, y + 6)]))
    return together(
        barrel(12),
        creases(lines, 2.4 * depth, 7),
        wrinkles(44, 100, 3.4 * depth, 0.15),
        drape(4, 4 * depth, 0.3),
    )


def trousers(studio: Studio, item: Item, angle: str) -> None:
    """Chinos, suit trousers, jeans, joggers, leggings and shorts."""
    p = LEGS[item.get("legs", "straight")]
    back = angle == "back"
    jeans = bool(item.get("jeans"))
    ink = item.get("thread") or thread(item.cloth.colour)
    cloth = item.cloth
    inside = shape([(-p.waist, p.top - 2, 1), (0, p.top - 7), (p.waist, p.top - 2, 1), (0, p.top + 16)])
    studio.part(inside, cloth.plain(), dim=0.5, cast=0)
    outline = _leg(p)
    parts: list[Part | None] = []

    def one() -> None:
        parts.append(
            studio.part(
                outline,
                cloth,
                relief=_leg_folds(p, item.get("folds", 1.0), item.seed),
                cast=0.25,
                turn=0.02,
                joined=[outline * (-1, 1)],
            )
        )

    both_sides(studio, one)
    if jeans and item.get("wash", 0.0) > 0:
        _fade(studio, p, cloth, item.get("wash"))
    studio.seam(curve([(0, p.top + 6), (1, p.crotch - 60), (0, p.crotch)]), 0.45)
    if item.get("crease"):
        _pressed(studio, p)
    if item.get("stripe"):
        for part, s in zip(parts, (-1, 1), strict=True):
            edge = outline[: len(outline) // 2] * (s * -1, 1)
            side = edge[(edge[:, 1] > p.top + 4)]
            studio.panel(part, band(side - (s * 9, 0), 12), item.trim)
    _cuffs(studio, p, item, ink)
    if item.get("elastic"):
        _elastic_waist(studio, p, item)
    else:
        _waistband(studio, p, item, ink, back)
    if back:
        _back_pockets(studio, p, item, ink, jeans)
        return
    if jeans:
        _jeans_front(studio, p, item, ink)
    elif not item.get("elastic"):
        for s in (-1, 1):
            line = curve([(s * p.waist * 0.62, p.top + 26), (s * (p.hip - 4), p.top + 106)])
            studio.seam(line, 0.45)
            studio.stitch(moved(line, -s * 5, 0), ink, 0.4)
        fly = curve([(13, p.top + 26), (13, p.crotch - 80), (1, p.crotch - 54)])
        studio.stitch(fly, ink, 0.4)
    if item.get("cargo"):
        for s in (-1, 1):
            x, y = s * (p.hip - 34), p.crotch + 90
            studio.part(box(x - 32, y, x + 32, y + 84, 4), cloth, puff=0.5, cast=0.35, reach=5)
            studio.part(box(x - 34, y - 6, x + 34, y + 20, 3), cloth, puff=0.4, cast=0.4, reach=4)
            trimmings.button(studio, x, y + 10, 4.5, trimmings.GUNMETAL, holes=False)
    if item.get("pleat"):
        studio.seam(
            [np.array([(s * x, p.top + 26), (s * (x + 2), p.top + 96)]) for s in (-1, 1) for x in (34, 54)],
            0.4,
        )
    if item.get("drawstring"):
        for s in (-1, 1):
            trimmings.cord(
                studio,
                [(s * 7, p.top + 18), (s * 12, p.top + 56), (s * 9, p.top + 96 + 5 * s)],
                5,
                item.trim.plain(),
            )


def _fade(studio: Studio, p: Legs, cloth: Cloth, wash: float) -> None:
    """Wash out thighs and knees, as worn denim does."""
    tone = lighter(cloth.colour, 0.45)
    for s in (-1, 1):
        x = s * (p.hip * 0.55)
        for y, rx, ry, k in ((p.crotch + 40, 30, 110, 0.30), (p.crotch + 200, 26, 90, 0.22)):
            blob = shape([(x - rx, y), (x, y - ry), (x + rx, y), (x, y + ry)])
            studio.shade(blob, wash * k * 2, tone, soft=22)


def _pressed(studio: Studio, p: Legs) -> None:
    lines = []
    for s in (-1, 1):
        hem = s * (p.spread + p.hem / 2 + 12)
        lines.append(
            curve(
                [
                    (s * p.waist * 0.46, p.top + 90),
                    (s * (p.knee / 2 + 10), p.crotch + 140),
                    (hem, p.length + 2),
                ]
            )
        )
    studio.seam(lines, 0.28)


def _cuffs(studio: Studio, p: Legs, item: Item, ink: Colour) -> None:
    kind = item.get("cuff", "stitch")
    c = p.spread + p.hem / 2 + (12 if p.length > 600 else 2)
    for s in (-1, 1):
        x0, x1, y = s * c - p.hem / 2, s * c + p.hem / 2, p.length
        if kind == "rib":
            rib = shape(
                [
                    (x0 - 1, y - 4, 1),
                    (x1 + 1, y - 4, 1),
                    (x1 - 5, y + 26, 1),
                    (s * c, y + 30),
                    (x0 + 5, y + 26, 1),
                ]
            )
            studio.part(rib, item.trim.plain(weave="rib"), puff=0.8, cast=0.25, reach=4)
        elif kind == "turn":
            tone = item.cloth.plain(lighter(item.cloth.colour, 0.3)) if item.get("jeans") else item.cloth
            studio.part(
                shape(
                    [
                        (x0 - 3, y - 26, 1),
                        (s * c, y - 22),
                        (x1 + 3, y - 26, 1),
                        (x1 + 2, y + 3, 1),
                        (s * c, y + 8),
                        (x0 - 2, y + 3, 1),
                    ]
                ),
                tone,
                puff=0.5,
                cast=0.35,
                reach=4,
            )
        elif kind == "stitch":
            studio.stitch(curve([(x0 + 1, y - 10), (s * c, y - 6), (x1 - 1, y - 10)]), ink, 0.55)
        elif kind == "raw":
            trimmings.fringe(
                studio,
                curve([(x0 + 2, y), (s * c, y + 4), (x1 - 2, y)]),
                9,
                item.cloth.plain(lighter(item.cloth.colour, 0.4)),
                3,
                0.3,
            )


def _waistband(studio: Studio, p: Legs, item: Item, ink: Colour, back: bool) -> None:
    t = p.top
    outline = shape(
        [
            (-p.waist - 1, t - 2, 1),
            (0, t + 5),
            (p.waist + 1, t - 2, 1),
            (p.waist + 5, t + 23, 1),
            (0, t + 31),
            (-p.waist - 5, t + 23, 1),
        ]
    )
    part = studio.part(outline, item.cloth, puff=0.5, cast=0.25, reach=4)
    studio.stitch(
        [
            curve([(-p.waist - 3, t + 19), (0, t + 27), (p.waist + 3, t + 19)]),
            curve([(-p.waist, t + 3), (0, t + 10), (p.waist, t + 3)]),
        ],
        ink,
        0.55,
        clip=part,
    )
    spots = (-0.72, -0.34, 0.34, 0.72) if not back else (-0.74, 0.0, 0.74)
    for k in spots:
        x = k * p.waist
        y = t + 5 * (1 - k * k)
        studio.part(box(x - 4.5, y - 4, x + 4.5, y + 31, 1), item.cloth, puff=0.4, cast=0.35, reach=3)
    if back:
        if item.get("jeans"):
            studio.part(
                box(p.waist * 0.36, t + 3, p.waist * 0.68, t + 28, 2),
                Cloth((0.62, 0.42, 0.24), "leather"),
                puff=0.2,
                cast=0.3,
            )
        return
    metal = trimmings.BRASS if item.get("jeans") else item.get("buttons", trimmings.HORN)
    trimmings.button(studio, 0, t + 17, 7 if item.get("jeans") else 5.5, metal, holes=not item.get("jeans"))
    if item.get("tie"):
        bow(studio, 0, t + 18, 84, item.cloth)


def _elastic_waist(studio: Studio, p: Legs, item: Item) -> None:
    t = p.top
    outline = shape(
        [
            (-p.waist + 2, t - 6, 1),
            (0, t),
            (p.waist - 2, t - 6, 1),
            (p.waist + 3, t + 27, 1),
            (0, t + 35),
            (-p.waist - 3, t + 27, 1),
        ]
    )
    studio.part(
        outline,
        item.trim.plain(weave="rib"),
        relief=pleats(26, 1.4, sharp=False),
        puff=0.7,
        cast=0.25,
        reach=4,
    )


def _back_pockets(studio: Studio, p: Legs, item: Item, ink: Colour, jeans: bool) -> None:
    if item.get("elastic") and not item.get("cargo"):
        return
    yoke = [curve([(s * (p.waist + 8), p.top + 62), (0, p.top + 92)]) for s in (-1, 1)]
    if jeans:
        studio.seam(yoke, 0.45)
        studio.stitch([moved(y, 0, 5) for y in yoke], ink, 0.7)
    for s in (-1, 1):
        x, y = s * p.hip * 0.5, p.top + (104 if jeans else 96)
        if jeans:
            pocket = np.array(
                [(x - 37, y), (x + 37, y - s * 0), (x + 34, y + 66), (x, y + 82), (x - 34, y + 66)]
            )
            studio.part(pocket, item.cloth, puff=0.3, cast=0.3, reach=4)
            studio.stitch(
                [
                    pocket * 0.93 + np.array([x, y + 40]) * 0.07,
                    curve([(x - 34, y + 28), (x, y + 44), (x + 34, y + 28)]),
                ],
                ink,
                0.7,
            )
        else:
            studio.seam(
                [np.array([(x - 36, y), (x + 36, y)]), np.array([(x - 36, y + 6), (x + 36, y + 6)])], 0.45
            )
            trimmings.button(studio, x, y + 17, 4.4, item.get("buttons", trimmings.HORN))


def _jeans_front(studio: Studio, p: Legs, item: Item, ink: Colour) -> None:
    lines = []
    for s in (-1, 1):
        line = curve(
            [
                (s * p.waist * 0.38, p.top + 28),
                (s * p.waist * 0.56, p.top + 66),
                (s * (p.hip - 5), p.top + 80),
            ]
        )
        lines.append(line)
        studio.stitch([moved(line, 0, 5), moved(line, 0, 9)], ink, 0.75)
    studio.seam(lines, 0.5)
    studio.stitch(curve([(p.waist * 0.66, p.top + 58), (p.waist * 0.9, p.top + 56)]), ink, 0.7)
    fly = curve([(17, p.top + 28), (17, p.crotch - 92), (2, p.crotch - 62)])
    studio.stitch([fly, fly - (5, 0)], ink, 0.75)
    for s in (-1, 1):
        for x, y in ((s * p.waist * 0.40, p.top + 35), (s * (p.hip - 10), p.top + 78)):
            trimmings.button(studio, x, y, 2.6, trimmings.BRASS, holes=False)
    if item.get("ripped"):
        for x, y, w in ((-p.hip * 0.5, p.crotch + 176, 30), (p.hip * 0.5, p.crotch + 130, 22)):
            hole = shape(
                [
                    (x - w, y),
                    (x - w * 0.3, y - 9),
                    (x + w, y - 3),
                    (x + w * 0.7, y + 9),
                    (x - w * 0.5, y + 10),
                ]
            )
            studio.shade(hole, 0.8, (0.86, 0.84, 0.80))
            studio.line(
                [np.array([(x - w, y + k), (x + w, y + k + 1)]) for k in (-5, 0, 5)], (0.95, 0.95, 0.93), 1.4
            )
