"""What all outer garments share: lining, sleeves with their cuffs, pockets."""

import numpy as np

from . import trimmings
from .cloth import Cloth
from .geometry import band, box, shape
from .item import Item
from .palette import Colour, thread
from .shading import Relief
from .studio import Studio
from .torso import (
    Frame,
    Sleeve,
    both_sides,
    cuff_band,
    cuff_edge,
    sleeve,
    torso_outline,
)

LINING = Cloth((0.33, 0.32, 0.34), "satin", gloss=0.25)


def coat_sleeves(studio: Studio, f: Frame, item: Item, finish: str, relief: Relief | None = None) -> Sleeve:
    s = sleeve(f, item.get("arm", 405), 54 + item.get("roomy", 0), item.get("spread", 13), 0, item.seed)
    cloth = item.get("sleeve_cloth") or item.cloth

    torso = torso_outline(f)

    def one() -> None:
        part = studio.part(
            s.outline, cloth, relief=relief or s.folds, turn=s.turn, cast=0.28, puff=1.1, joined=[torso]
        )
        if finish == "rib":
            trimmings.rib_band(studio, part, cuff_band(s, 32), item.trim, cuff_edge(s, 32), s.turn)
        elif finish == "buttons":
            x, y = s.cuff[3]
            for k in range(3):
                trimmings.button(
                    studio,
                    float(x) + 5 + 1.4 * k,
                    float(y) - 14 - 11 * k,
                    4,
                    item.get("buttons", trimmings.HORN),
                )
        elif finish == "strap":
            edge = cuff_edge(s, 44)
            studio.part(band(edge, 15), cloth, turn=s.turn, puff=0.3, cast=0.35, reach=4)
            middle = edge[8]
            trimmings.ring(
                studio, float(middle[0]), float(middle[1]), 8, 10, 3, item.get("metal", trimmings.HORN)
            )
        elif finish == "cuff":
            studio.seam(cuff_edge(s, 36), 0.5, clip=part)
            studio.stitch(
                [cuff_edge(s, 32), s.cuff - (0, 4)], item.get("thread", thread(cloth.colour)), 0.6, clip=part
            )

    both_sides(studio, one)
    return s


def flap_pockets(
    studio: Studio, cloth: Cloth, x: float, y: float, w: float, slant: float = 6, h: float = 22
) -> None:
    for s in (-1, 1):
        lid = shape(
            [
                (s * (x - w / 2), y, 1),
                (s * (x + w / 2), y + slant, 1),
                (s * (x + w / 2 - 1), y + slant + h, 1),
                (s * (x - w / 2 + 1), y + h, 1),
            ]
        )
        studio.part(lid, cloth, puff=0.3, cast=0.35, reach=5)


def patch_pockets(
    studio: Studio,
    cloth: Cloth,
    x: float,
    y: float,
    w: float,
    h: float,
    flap: bool,
    stud: Colour | None = None,
) -> None:
    for s in (-1, 1):
        studio.part(box(s * x - w / 2, y, s * x + w / 2, y + h, 6), cloth, puff=0.35, cast=0.3, reach=5)
        studio.stitch(
            box(s * x - w / 2 + 3, y + 3, s * x + w / 2 - 3, y + h - 3, 5), thread(cloth.colour), 0.45
        )
        if flap:
            lid = shape(
                [
                    (s * x - w / 2 - 2, y - 4, 1),
                    (s * x + w / 2 + 2, y - 4, 1),
                    (s * x + w / 2 + 2, y + 20, 1),
                    (s * x, y + 29),
                    (s * x - w / 2 - 2, y + 20, 1),
                ]
            )
            studio.part(lid, cloth, puff=0.35, cast=0.4, reach=5)
            if stud is not None:
                trimmings.button(studio, s * x, y + 17, 5, stud, holes=False)


def welts(
    studio: Studio, cloth: Cloth, x: float, y: float, length: float, lean: float, zipped: Colour | None = None
) -> None:
    for s in (-1, 1):
        a, b = (s * x, y), (s * (x + lean), y + length)
        if zipped is not None:
            trimmings.zipper(studio, np.array([a, b], dtype=float), zipped, 3.4)
        else:
            studio.part(band(np.array([a, b], dtype=float), 14), cloth, puff=0.3, cast=0.35, reach=4)
