"""Puffers, gilets, parkas, duffle coats and raincoats."""

from dataclasses import replace

import numpy as np

from . import collars, trimmings
from .cloth import Cloth
from .coat_parts import LINING, coat_sleeves, patch_pockets, welts
from .geometry import band, box, curve, mirrored, shape
from .item import Item
from .palette import darker, thread
from .shading import Relief, creases
from .studio import Studio
from .tops import draw_body
from .torso import (
    body_half,
    frame_of,
    hem_line,
    inside_neck,
    pair,
    sew_armholes,
)


def _baffles(y0: float, pitch: float, depth: float) -> Relief:
    """Horizontal down-filled chambers with small gathers at their seams."""

    def relief(g):
        phase = ((g.y - y0 + 3 * np.sin(g.x / 60)) / pitch) % 1
        body = np.sqrt(np.clip(1 - (2 * phase - 1) ** 2, 0, 1))
        pucker = (
            np.sin(g.x * 0.16 + np.floor((g.y - y0) / pitch) * 2.4 + 1.6 * np.sin(g.x * 0.043))
            * (1 - body)
            * 2.2
        )
        return ((body * depth + pucker) * g.scale).astype(np.float32)

    return relief


def puffer(studio: Studio, item: Item, angle: str) -> None:
    """Quilted down jacket, coat or gilet, with collar or hood."""
    f = frame_of(item)
    back = angle == "back"
    pitch = item.get("pitch", 46)
    relief = _baffles(f.shoulder_y, pitch, 12 * pitch / 46)
    inside_neck(studio, f, LINING, 30)
    arms = None
    if item.get("sleeve") != "none":
        arms = coat_sleeves(studio, f, replace(item, cut=(*item.cut, ("roomy", 16))), "cuff", relief)
    part = studio.part(
        shape(mirrored(body_half(f, collars.neckline(f, "high" if back else "polo")))),
        item.cloth,
        relief=relief,
        joined=pair(arms.outline) if arms else (),
        puff=1.5,
        cast=0.35,
    )
    sew_armholes(studio, f, part, 0.4)
    low = f.hem_y + f.hem_dip
    if item.get("block"):
        line = curve(
            [(-220, f.shoulder_y + 2 * pitch), (0, f.shoulder_y + 2 * pitch), (220, f.shoulder_y + 2 * pitch)]
        )
        studio.panel(part, np.vstack([line, line[::-1] - (0, 260)]), item.get("block"))
    if back:
        if item.get("hood"):
            collars.hood_back(studio, f, item.cloth)
        else:
            n, y = f.neck, f.neck_y
            studio.part(
                shape(
                    [
                        (-n, y - 34, 1),
                        (0, y - 42),
                        (n, y - 34, 1),
                        (n + 9, y + 12, 1),
                        (0, y + 20),
                        (-n - 9, y + 12, 1),
                    ]
                ),
                item.cloth,
                puff=1.2,
            )
        return
    welts(studio, item.cloth.plain(), f.chest * 0.52, low - 160, 66, 14)
    if item.get("hood"):
        collars.hood(studio, f, item.cloth, item.get("lining") or LINING, None, None)
    else:
        collars.stand_collar(studio, f, item.cloth, 40, 5)
    trimmings.zipper(
        studio,
        np.array([(0, f.neck_y + (58 if item.get("hood") else 12)), (0, low - 3)]),
        item.get("metal", trimmings.GUNMETAL),
        5,
    )
    trimmings.label(studio, f.chest * 0.5, 252, 26, 12, item.get("label", (0.92, 0.92, 0.9)))


def parka(studio: Studio, item: Item, angle: str) -> None:
    """Parka, anorak, raincoat or duffle coat."""
    f = frame_of(item)
    back = angle == "back"
    inside_neck(studio, f, LINING, 40)
    arms = coat_sleeves(studio, f, item, "cuff")
    part = draw_body(studio, f, item, collars.neckline(f, "high" if back else "crew"), 1.2, arms=arms)
    low = f.hem_y + f.hem_dip
    studio.stitch(hem_line(f, 12), thread(item.cloth.colour), 0.5, clip=part)
    if item.get("waist"):
        line = curve([(-f.waist - 6, 430), (0, 438), (f.waist + 6, 430)])
        studio.part(band(line, 10), item.cloth, puff=0.8, cast=0.4, clip=part)
    if back:
        collars.hood_back(studio, f, item.cloth)
        return
    studio.shade(np.array([(16, 200), (24, 200), (24, low), (16, low)]), 0.3, soft=3)
    studio.seam([np.array([(s * 16, 190), (s * 16, low)]) for s in (-1, 1)], 0.45, clip=part)
    if item.get("toggles"):
        for k in range(4):
            y = 268.0 + 72 * k
            studio.line(
                [
                    np.array([(-46, y - 4), (10, y)]),
                    np.array([(-46, y + 4), (10, y)]),
                    np.array([(10, y), (46, y - 4)]),
                    np.array([(10, y), (46, y + 4)]),
                ],
                darker(trimmings.HORN, 0.2),
                2.6,
            )
            studio.part(
                band(np.array([(-18, y + 1), (16, y - 1)]), 10, 7),
                Cloth((0.72, 0.58, 0.40), "satin", gloss=0.3),
                puff=0.8,
                cast=0.45,
                reach=4,
            )
            for s in (-1, 1):
                studio.part(
                    box(s * 50 - 10, y - 10, s * 50 + 10, y + 10, 2),
                    Cloth(trimmings.HORN, "leather"),
                    puff=0.3,
                    cast=0.3,
                )
    else:
        for height in np.linspace(236, low - 60, 6):
            trimmings.button(
                studio, 0, float(height), 5.5, item.get("metal", trimmings.GUNMETAL), holes=False
            )
    patch_pockets(
        studio,
        item.cloth,
        f.chest * 0.56,
        506 if low > 600 else low - 140,
        82,
        96,
        True,
        item.get("metal", trimmings.GUNMETAL) if not item.get("toggles") else None,
    )
    collars.hood(
        studio,
        f,
        item.cloth,
        item.get("lining") or LINING,
        None if item.get("toggles") else item.get("cords"),
        None,
    )
    if item.get("fur"):
        y, n = f.neck_y, f.neck
        rim = curve(
            [
                (-n * 0.20, y + 66),
                (-n - 6, y - 4),
                (-n * 0.82, y - 58),
                (0, y - 76),
                (n * 0.82, y - 58),
                (n + 6, y - 4),
                (n * 0.20, y + 66),
            ]
        )
        studio.part(band(rim, 30), item.get("fur"), relief=creases([rim], 2, 5), puff=1.2, cast=0.4)
