"""Denim jackets, bombers, biker jackets and overshirts."""

import numpy as np

from . import collars, trimmings
from .coat_parts import LINING, coat_sleeves, patch_pockets, welts
from .geometry import band, box, curve, moved, shape
from .item import Item
from .palette import thread
from .studio import Studio
from .tops import draw_body
from .torso import (
    below,
    frame_of,
    hem_line,
    inside_neck,
)


def denim(studio: Studio, item: Item, angle: str) -> None:
    """Trucker jacket: yoke, V seams, flapped chest pockets, waistband."""
    f = frame_of(item)
    back = angle == "back"
    gold = item.get("thread", (0.78, 0.58, 0.30))
    lining = item.get("lining") or item.cloth
    inside_neck(studio, f, lining, 34)
    arms = coat_sleeves(studio, f, item, "cuff")
    part = draw_body(studio, f, item, collars.neckline(f, "high" if back else "polo"), 1.0, arms=arms)
    hem = hem_line(f, 34)
    studio.seam(hem, 0.5, clip=part)
    studio.stitch([moved(hem, 0, 5), moved(hem, 0, 28)], gold, 0.8, clip=part)
    low = f.hem_y + f.hem_dip
    yoke = curve([(-f.chest - 6, 262), (0, 268 if not back else 258), (f.chest + 6, 262)])
    studio.seam(yoke, 0.5, clip=part)
    studio.stitch([moved(yoke, 0, 5), yoke - (0, 4)], gold, 0.75, clip=part)
    lines = [np.array([(s * f.chest * 0.62, 266), (s * (26 if not back else 44), low - 34)]) for s in (-1, 1)]
    lines += (
        [np.array([(s * f.chest * 0.40, 266), (s * (18 if not back else 40), low - 34)]) for s in (-1, 1)]
        if not back
        else []
    )
    studio.seam(lines, 0.4, clip=part)
    studio.stitch([moved(line, 4, 0) for line in lines], gold, 0.7, clip=part)
    if back:
        collars.collar_back(studio, f, item.get("collar_cloth") or item.cloth, 34)
        return
    studio.shade(np.array([(13, 180), (19, 180), (19, low), (13, low)]), 0.3, soft=3)
    front = [np.array([(s * 13, f.neck_y + 30), (s * 13, low)]) for s in (-1, 1)]
    studio.seam(front, 0.5, clip=part)
    studio.stitch([front[0] + (4, 0), front[1] - (4, 0)], gold, 0.75, clip=part)
    for s in (-1, 1):
        x = s * f.chest * 0.50
        lid = shape([(x - 32, 264, 1), (x + 32, 264, 1), (x + 31, 282, 1), (x, 296, 1), (x - 31, 282, 1)])
        studio.part(lid, item.cloth, puff=0.3, cast=0.4, reach=4)
        studio.stitch(lid * 0.9 + np.array([x, 277]) * 0.1, gold, 0.7)
        trimmings.button(studio, x, 285, 5, trimmings.BRASS, holes=False)
    trimmings.buttons(
        studio, np.array([(0, f.neck_y + 48), (0, low - 16)]), 6, 6, trimmings.BRASS, holes=False
    )
    collars.shirt_collar(studio, f, item.get("collar_cloth") or item.cloth, 1.3, 18, 1.15)


def bomber(studio: Studio, item: Item, angle: str) -> None:
    """Bomber or track jacket: ribbed collar, cuffs and hem, a zip."""
    f = frame_of(item)
    back = angle == "back"
    inside_neck(studio, f, LINING, 30)
    arms = coat_sleeves(studio, f, item, "rib")
    part = draw_body(studio, f, item, collars.neckline(f, "high" if back else "polo"), 1.4, arms=arms)
    low = f.hem_y + f.hem_dip
    hem = hem_line(f, 38)
    trimmings.rib_band(studio, part, below(hem), item.trim, hem)
    if item.get("stripes"):
        for s in (-1, 1):
            studio.panel(
                part,
                band(
                    curve(
                        [
                            (s * (f.neck + 20), f.neck_y - 10),
                            (s * f.chest * 0.62, 300),
                            (s * f.chest * 0.62, low - 40),
                        ]
                    ),
                    12,
                ),
                item.trim,
            )
    rib = item.trim.plain(weave="rib")
    if back:
        collars.stand_collar(studio, f, rib, 18)
        n, y = f.neck, f.neck_y
        studio.part(
            shape(
                [
                    (-n + 4, y - 20, 1),
                    (0, y - 26),
                    (n - 4, y - 20, 1),
                    (n + 5, y + 10, 1),
                    (0, y + 16),
                    (-n - 5, y + 10, 1),
                ]
            ),
            rib,
            puff=0.8,
        )
        return
    welts(
        studio,
        item.cloth,
        f.chest * 0.46,
        low - 180,
        82,
        26,
        item.get("metal") if item.get("zip_pockets") else None,
    )
    trimmings.zipper(
        studio, np.array([(0, f.neck_y + 24), (0, low - 2)]), item.get("metal", trimmings.STEEL), 5
    )
    collars.stand_collar(studio, f, rib, 26)


def biker(studio: Studio, item: Item, angle: str) -> None:
    """Leather biker jacket: slanting zip, wide lapels, belted hem."""
    f = frame_of(item)
    back = angle == "back"
    inside_neck(studio, f, LINING, 118)
    arms = coat_sleeves(studio, f, item, "cuff")
    part = draw_body(studio, f, item, collars.neckline(f, "high" if back else "v"), 1.5, arms=arms)
    low = f.hem_y + f.hem_dip
    hem = hem_line(f, 34)
    studio.seam(hem, 0.55, clip=part)
    steel = item.get("metal", trimmings.STEEL)
    for s in (-1, 1):
        studio.seam(curve([(s * (f.shoulder - 8), 236), (s * 70, 268), (s * 60, low - 34)]), 0.35, clip=part)
    if back:
        studio.seam(curve([(-f.chest, 252), (0, 262), (f.chest, 252)]), 0.4, clip=part)
        collars.collar_back(studio, f, item.cloth, 34)
        return
    zip_line = curve([(52, 214), (34, 330), (12, 440), (6, low - 2)])
    studio.shade(np.vstack([zip_line, moved(zip_line[::-1], 14, 0)]), 0.4, soft=4)
    trimmings.zipper(studio, zip_line, steel, 5)
    for s, x0 in ((-1, -56), (1, 64)):
        trimmings.zipper(studio, np.array([(x0 + s * 20, 432), (x0 + s * 50, 492)], dtype=float), steel, 4)
    trimmings.zipper(studio, np.array([(-92, 300), (-44, 322)], dtype=float), steel, 3.4)
    collars.lapels(studio, f, item.cloth, 300, 72, peak=True)
    for s in (-1, 1):
        trimmings.button(studio, s * 62, 224, 4, steel, holes=False)
        trimmings.button(studio, s * 44, 198, 4, steel, holes=False)
    studio.part(
        band(curve([(-f.hem - 2, low - 24), (-60, low - 17), (-30, low - 15)]), 16),
        item.cloth,
        puff=0.4,
        cast=0.4,
        reach=4,
    )
    trimmings.buckle(studio, -34, low - 15, 26, 26, steel, 4)


def shacket(studio: Studio, item: Item, angle: str) -> None:
    """Overshirt or chore jacket: shirt collar, big buttons, patch pockets."""
    f = frame_of(item)
    back = angle == "back"
    inside_neck(studio, f, LINING if item.get("lined") else item.cloth, 36)
    arms = coat_sleeves(studio, f, item, "cuff")
    part = draw_body(studio, f, item, collars.neckline(f, "high" if back else "polo"), 1.0, arms=arms)
    low = f.hem_y + f.hem_dip
    studio.stitch(hem_line(f, 9), thread(item.cloth.colour), 0.5, clip=part)
    collar = item.get("collar_cloth") or item.cloth
    if back:
        collars.yoke_back(studio, part, f, f.shoulder_y + 46)
        collars.collar_back(studio, f, collar, 34)
        return
    hue = item.get("buttons", trimmings.HORN)
    collars.placket(studio, part, f, item.cloth, hue, f.neck_y + 34, low, 5, 7.5, 30)
    if item.get("chest", True):
        for s in (-1, 1):
            x, y = s * f.chest * 0.52, 290
            studio.part(box(x - 36, y, x + 36, y + 78, 4), item.cloth, puff=0.3, cast=0.3, reach=4)
            lid = shape(
                [
                    (x - 38, y - 5, 1),
                    (x + 38, y - 5, 1),
                    (x + 38, y + 16, 1),
                    (x, y + 27, 1),
                    (x - 38, y + 16, 1),
                ]
            )
            studio.part(lid, item.cloth, puff=0.3, cast=0.38, reach=4)
            trimmings.button(studio, x, y + 14, 5.5, hue)
    if item.get("hips", True):
        patch_pockets(studio, item.cloth, f.chest * 0.55, low - 150, 88, 104, False)
    collars.shirt_collar(studio, f, collar, 1.3, 20, 1.15)
