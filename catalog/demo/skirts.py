"""Skirts from pencil to maxi; dresses borrow their outlines and folds."""

from dataclasses import dataclass

import numpy as np

from . import trimmings
from .collars import bow
from .geometry import Path, Point, curve, flip, moved, shape
from .item import Item
from .palette import thread
from .shading import Relief, barrel, creases, drape, pleats, together, wrinkles
from .studio import Studio


@dataclass(frozen=True)
class Skirt:
    """Half widths of a skirt at waist, hip and hem; heights in design units."""

    waist: float
    hip: float
    hem: float
    top: float
    hem_y: float
    scallop: float = 0


SKIRTS = {
    "pencil": Skirt(88, 118, 102, 190, 610),
    "a-line": Skirt(92, 128, 186, 210, 580),
    "mini": Skirt(104, 136, 168, 260, 530),
    "midi": Skirt(86, 120, 196, 150, 680, 7),
    "maxi": Skirt(80, 112, 206, 110, 735, 8),
    "circle": Skirt(90, 140, 246, 210, 560, 9),
    "pleated": Skirt(86, 122, 190, 160, 660, 3),
    "tennis": Skirt(104, 146, 206, 270, 500, 3),
}


def skirt_outline(k: Skirt, folds: int = 5) -> Path:
    """Return the outline of a skirt; its hem waves by `scallop` units."""
    hem = []
    for i, x in enumerate(np.linspace(-1, 1, 2 * folds + 1)):
        wave = k.scallop * (0.7 if i % 2 else -0.5) * (1.0, 0.55, 0.85, 0.7)[i * 3 % 4]
        hem.append((x * k.hem, k.hem_y + 16 * (1 - x * x) + wave))
    mid = (k.top + k.hem_y) / 2
    sides: list[Point]
    if k.hem > k.hip:
        sides = [
            (-k.waist - (k.hem - k.waist) * s**0.9 - belly, k.top + (k.hem_y - k.top) * s)
            for s, belly in ((0.2, 7), (0.45, 9), (0.72, 5))
        ]
    else:
        sides = [
            (-k.waist - (k.hip - k.waist) * 0.72, k.top + 50),
            (-k.hip, k.top + 116),
            (-(k.hip + k.hem) / 2 - 2, mid + 40),
        ]
    left: list[Point] = [(-k.waist, k.top, 1), *sides]
    right = flip(left)[::-1]
    return shape([*left, (*hem[0], 1), *hem[1:-1], (*hem[-1], 1), *right, (0, k.top + 8)])


def skirt_relief(k: Skirt, kind: str, count: int, seed: int) -> Relief:
    """Return the folds that belong to a kind of skirt."""
    if kind == "pleats":
        return together(barrel(16), pleats(count, 5.5), wrinkles(90, 160, 4))
    if kind == "flared":
        return together(barrel(16), drape(count, 15, top=0.04, power=0.8), wrinkles(50, 120, 3))
    if kind == "gathered":
        return together(
            barrel(16), drape(count * 2, 6, top=-0.6), drape(count, 9, top=0.1), wrinkles(40, 90, 3)
        )
    rng = np.random.default_rng(seed)
    lines = [
        curve(
            [
                (s * (k.hip - 8), k.top + 120 + 26 * j),
                (s * 50, k.top + 132 + 26 * j),
                (s * -10, k.top + 128 + 30 * j + rng.uniform(-8, 8)),
            ]
        )
        for s in (-1, 1)
        for j in range(2)
    ]
    return together(barrel(24), creases(lines, 2.0, 9), wrinkles(70, 120, 4), drape(4, 4, 0.4))


def skirt(studio: Studio, item: Item, angle: str) -> None:
    """Skirts from pencil to maxi."""
    k = SKIRTS[item.get("form", "a-line")]
    back = angle == "back"
    kind = item.get("fall", "smooth")
    ink = item.get("thread") or thread(item.cloth.colour)
    studio.part(
        shape([(-k.waist, k.top - 3, 1), (0, k.top - 8), (k.waist, k.top - 3, 1), (0, k.top + 14)]),
        item.cloth.plain(),
        dim=0.5,
        cast=0,
    )
    part = studio.part(
        skirt_outline(k), item.cloth, relief=skirt_relief(k, kind, item.get("folds", 9), item.seed)
    )
    if item.get("tier"):
        for share in (0.36, 0.68):
            y = k.top + (k.hem_y - k.top) * share
            line = curve([(-300, y - 12), (0, y + 6), (300, y - 12)])
            studio.shade(np.vstack([line, moved(line[::-1], 0, 10)]), 0.35, soft=4)
            studio.seam(line, 0.4, clip=part)
    w = shape(
        [
            (-k.waist - 1, k.top - 3, 1),
            (0, k.top + 4),
            (k.waist + 1, k.top - 3, 1),
            (k.waist + 5, k.top + 22, 1),
            (0, k.top + 30),
            (-k.waist - 5, k.top + 22, 1),
        ]
    )
    if item.get("elastic"):
        studio.part(w, item.trim, relief=pleats(24, 1.3, sharp=False), puff=0.6, cast=0.25, reach=4)
    else:
        studio.part(w, item.cloth, puff=0.45, cast=0.25, reach=4)
    if back:
        studio.seam(np.array([(0, k.top + 30), (0, k.top + 200)]), 0.4, clip=part)
        if kind == "smooth" and k.hem < k.hip:
            studio.shade(np.array([(-2, k.hem_y - 100), (5, k.hem_y + 14), (-3, k.hem_y + 14)]), 0.6)
        return
    if item.get("row"):
        studio.seam(
            [np.array([(s * 12, k.top + 28), (s * 12, k.hem_y + 14)]) for s in (-1, 1)], 0.4, clip=part
        )
        trimmings.buttons(
            studio, np.array([(0, k.top + 16), (0, k.hem_y - 14)]), 7, 6, item.get("buttons", trimmings.HORN)
        )
    if item.get("wrap"):
        edge = curve(
            [(k.waist * 0.5, k.top + 20), (k.waist * 0.7, (k.top + k.hem_y) / 2), (k.hem * 0.2, k.hem_y + 14)]
        )
        studio.shade(np.vstack([edge, moved(edge[::-1], 12, 0)]), 0.34, soft=4)
        studio.seam(edge, 0.5, clip=part)
        bow(studio, k.waist * 0.55, k.top + 16, 76, item.cloth)
    if item.get("pockets"):
        for s in (-1, 1):
            line = curve(
                [
                    (s * k.waist * 0.5, k.top + 28),
                    (s * k.waist * 0.68, k.top + 70),
                    (s * (k.hip + 4), k.top + 88),
                ]
            )
            studio.seam(line, 0.45, clip=part)
            studio.stitch(moved(line, 0, 5), ink, 0.7, clip=part)
    if item.get("fly"):
        studio.stitch(curve([(15, k.top + 28), (15, k.top + 120), (1, k.top + 140)]), ink, 0.7)
        trimmings.button(studio, 0, k.top + 16, 6.5, trimmings.BRASS, holes=False)
    hem = curve(
        [
            (-k.hem - 3, k.hem_y - 10),
            (-k.hem * 0.5, k.hem_y + 3),
            (0, k.hem_y + 6),
            (k.hem * 0.5, k.hem_y + 3),
            (k.hem + 3, k.hem_y - 10),
        ]
    )
    if k.scallop == 0:
        studio.stitch(hem, ink, 0.5, clip=part)
