"""Jackets and coats: blazers, bombers, denim and biker jackets, puffers, parkas, trenches, wool coats, waistcoats."""

from dataclasses import replace

import numpy as np

from . import collars, trimmings
from .geometry import band, box, curve, mirrored, shape
from .item import Item
from .palette import darker, thread
from .shading import Relief, creases
from .studio import Cloth, Studio
from .tops import draw_body
from .torso import (
    Frame,
    Sleeve,
    below,
    body_half,
    both_sides,
    cuff_band,
    cuff_edge,
    frame_of,
    hem_line,
    inside_neck,
    pair,
    sew_armholes,
    sleeve,
    torso_outline,
)  # fmt: skip

LINING = Cloth((0.33, 0.32, 0.34), "satin", gloss=0.25)


def _sleeves(studio: Studio, f: Frame, item: Item, finish: str, relief: Relief | None = None) -> Sleeve:
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
            trimmings.ring(studio, *(float(c) for c in edge[8]), 8, 10, 3, item.get("metal", trimmings.HORN))
        elif finish == "cuff":
            studio.seam(cuff_edge(s, 36), 0.5, clip=part)
            studio.stitch(
                [cuff_edge(s, 32), s.cuff - (0, 4)], item.get("thread", thread(cloth.colour)), 0.6, clip=part
            )

    both_sides(studio, one)
    return s


def _flap_pockets(
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


def _patch_pockets(
    studio: Studio, cloth: Cloth, x: float, y: float, w: float, h: float, flap: bool, stud=None
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


def _welts(studio: Studio, cloth: Cloth, x: float, y: float, length: float, lean: float, zipped=None) -> None:
    for s in (-1, 1):
        a, b = (s * x, y), (s * (x + lean), y + length)
        if zipped is not None:
            trimmings.zipper(studio, np.array([a, b], dtype=float), zipped, 3.4)
        else:
            studio.part(band(np.array([a, b], dtype=float), 14), cloth, puff=0.3, cast=0.35, reach=4)


def blazer(studio: Studio, item: Item, angle: str) -> None:
    """Tailored jacket, single or double breasted; long ones are overcoats, sleeveless ones waistcoats."""
    f = frame_of(item, neck=46)
    back = angle == "back"
    inside_neck(studio, f, LINING, 130)
    finish = "none" if item.get("coat") else "buttons"
    arms = None
    if item.get("sleeve") != "none":
        arms = _sleeves(studio, f, item, finish)
    low = f.hem_y + f.hem_dip
    close = item.get("close", 330)
    part = draw_body(studio, f, item, collars.neckline(f, "high" if back else "v"), 0.7, arms=arms)
    if back:
        studio.seam(np.array([(0, f.neck_y + 8), (1, low)]), 0.35, clip=part)
        studio.shade(np.array([(0, low - 130), (7, low), (-1, low)]), 0.5)
        if item.get("belt"):
            _belt(studio, f, item, 420)
        collars.collar_back(studio, f, item.trim, 28)
        return
    double = bool(item.get("double"))
    fold = 30 if double else 0
    # The open edge below the last button falls away, showing what is behind.
    if not item.get("coat"):
        gap = shape(
            [
                (fold * 0.4, close + 90, 1),
                (fold * 0.4 + 3, low - 40),
                (26, low + 14, 1),
                (-14, low + 14, 1),
                (-1, low - 30),
            ]
        )
        if not double:
            studio.part(gap, LINING, dim=0.55, cast=0, puff=0.1, clip=part)
    edge = curve(
        [
            (2, f.neck_y + 104),
            (fold, close, 1),
            (fold, low - 36),
            (fold - (0 if item.get("coat") or double else 18), low + 3),
        ]
    )
    studio.shade(np.vstack([edge, edge[::-1] + (9, 0)]), 0.30, soft=4)
    studio.seam(edge, 0.5, clip=part)
    for s in (-1, 1):
        dart = curve([(s * f.chest * 0.52, 330), (s * f.chest * 0.46, 430), (s * f.chest * 0.5, 520)])
        studio.seam(dart, 0.14, clip=part)
    count = item.get("count", 2)
    hue = item.get("buttons", trimmings.HORN)
    for k in range(count):
        y = close + 8 + 58 * k
        trimmings.button(studio, -16 if double else -3, y, 7.5, hue)
        if double:
            trimmings.button(studio, fold + 20, y, 7.5, hue)
            if k == 0:
                for s in (-1, 1):
                    trimmings.button(studio, 4 + s * 40, y - 58, 7.5, hue)
    if item.get("patch"):
        _patch_pockets(studio, item.cloth, f.chest * 0.56, f.hem_y - 130, 74, 88, False)
    else:
        _flap_pockets(studio, item.cloth, f.chest * 0.57, f.hem_y - 140 if not item.get("coat") else 520, 74)
    if item.get("welt", True):
        studio.part(
            np.array([(44, 268), (88, 260), (89, 272), (45, 280)]), item.cloth, puff=0.2, cast=0.3, reach=3
        )
    if item.get("square"):
        studio.part(
            shape([(50, 266, 1), (56, 246, 1), (66, 258), (74, 242, 1), (84, 262, 1)]),
            item.get("square"),
            puff=0.4,
            cast=0.3,
        )
    collars.lapels(studio, f, item.trim, close, item.get("lapel", 54), double, bool(item.get("shawl")))
    if item.get("belt"):
        _belt(studio, f, item, 420)


def _belt(studio: Studio, f: Frame, item: Item, y: float) -> None:
    w = f.waist + 5
    path = curve([(-w, y), (0, y + 9), (w, y)])
    studio.part(band(path, 24), item.cloth, puff=0.4, cast=0.45, reach=7)
    trimmings.buckle(studio, 6, y + 9, 38, 36, item.get("metal", trimmings.HORN), 6)
    studio.part(
        band(curve([(22, y + 12), (44, y + 50), (40, y + 116)]), 22), item.cloth, puff=0.5, cast=0.45, reach=7
    )


def trench(studio: Studio, item: Item, angle: str) -> None:
    """Double-breasted trench coat: storm flaps, epaulettes, belt."""
    f = frame_of(item, neck=48)
    inside_neck(studio, f, LINING, 90)
    arms = _sleeves(studio, f, item, "strap")
    low = f.hem_y + f.hem_dip
    back = angle == "back"
    part = draw_body(studio, f, item, collars.neckline(f, "high" if back else "v"), 1.0, arms=arms)
    c = item.cloth
    if back:
        cape = shape(
            [
                (-f.shoulder - 2, f.shoulder_y - 12, 1),
                (f.shoulder + 2, f.shoulder_y - 12, 1),
                (f.chest - 6, 300, 1),
                (0, 330),
                (-f.chest + 6, 300, 1),
            ]
        )
        studio.part(cape, c, puff=0.3, cast=0.35, clip=part)
        studio.shade(np.array([(0, low - 190), (9, low), (-2, low)]), 0.5)
        _belt_plain(studio, f, c, 425)
        collars.collar_back(studio, f, c, 40)
        return
    studio.seam(np.array([(44, 250), (44, low)]), 0.5, clip=part)
    studio.shade(np.array([(44, 250), (52, 250), (52, low), (44, low)]), 0.25, soft=3)
    flap = shape(
        [
            (-f.shoulder + 10, f.shoulder_y - 8, 1),
            (-34, 210, 1),
            (-40, 300),
            (-96, 318),
            (-f.chest + 12, 280, 1),
        ]
    )
    studio.part(flap, c, puff=0.35, cast=0.35, clip=part)
    for s in (-1, 1):
        studio.part(
            band(
                np.array([(s * (f.shoulder - 2), f.shoulder_y + 3), (s * (f.neck + 16), f.neck_y + 13)]), 17
            ),
            c,
            puff=0.35,
            cast=0.35,
            reach=4,
        )
        trimmings.button(studio, s * (f.neck + 26), f.neck_y + 17, 4, trimmings.HORN)
    for y in (300, 362, 478):
        for x in (-52, 34):
            trimmings.button(studio, x, y, 7.5, item.get("buttons", trimmings.HORN))
    _welts(studio, c, f.chest * 0.5, 486, 70, 16)
    collars.lapels(studio, f, c, 288, 66)
    _belt(studio, f, item, 418)


def _belt_plain(studio: Studio, f: Frame, cloth: Cloth, y: float) -> None:
    studio.part(
        band(curve([(-f.waist - 4, y), (0, y + 8), (f.waist + 4, y)]), 24), cloth, puff=0.4, cast=0.4, reach=6
    )


def denim(studio: Studio, item: Item, angle: str) -> None:
    """Trucker jacket: yoke, V seams, flapped chest pockets, waistband."""
    f = frame_of(item)
    back = angle == "back"
    gold = item.get("thread", (0.78, 0.58, 0.30))
    lining = item.get("lining") or item.cloth
    inside_neck(studio, f, lining, 34)
    arms = _sleeves(studio, f, item, "cuff")
    part = draw_body(studio, f, item, collars.neckline(f, "high" if back else "polo"), 1.0, arms=arms)
    hem = hem_line(f, 34)
    studio.seam(hem, 0.5, clip=part)
    studio.stitch([hem + (0, 5), hem + (0, 28)], gold, 0.8, clip=part)
    low = f.hem_y + f.hem_dip
    yoke = curve([(-f.chest - 6, 262), (0, 268 if not back else 258), (f.chest + 6, 262)])
    studio.seam(yoke, 0.5, clip=part)
    studio.stitch([yoke + (0, 5), yoke - (0, 4)], gold, 0.75, clip=part)
    lines = [np.array([(s * f.chest * 0.62, 266), (s * (26 if not back else 44), low - 34)]) for s in (-1, 1)]
    lines += (
        [np.array([(s * f.chest * 0.40, 266), (s * (18 if not back else 40), low - 34)]) for s in (-1, 1)]
        if not back
        else []
    )
    studio.seam(lines, 0.4, clip=part)
    studio.stitch([line + (4, 0) for line in lines], gold, 0.7, clip=part)
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
    arms = _sleeves(studio, f, item, "rib")
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
    _welts(
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
    arms = _sleeves(studio, f, item, "cuff")
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
    studio.shade(np.vstack([zip_line, zip_line[::-1] + (14, 0)]), 0.4, soft=4)
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
        arms = _sleeves(studio, f, replace(item, cut=(*item.cut, ("roomy", 16))), "cuff", relief)
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
    _welts(studio, item.cloth.plain(), f.chest * 0.52, low - 160, 66, 14)
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
    arms = _sleeves(studio, f, item, "cuff")
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
            y = 268 + 72 * k
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
        for y in np.linspace(236, low - 60, 6):
            trimmings.button(studio, 0, float(y), 5.5, item.get("metal", trimmings.GUNMETAL), holes=False)
    _patch_pockets(
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


def shacket(studio: Studio, item: Item, angle: str) -> None:
    """Overshirt or chore jacket: shirt collar, big buttons, patch pockets."""
    f = frame_of(item)
    back = angle == "back"
    inside_neck(studio, f, LINING if item.get("lined") else item.cloth, 36)
    arms = _sleeves(studio, f, item, "cuff")
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
        _patch_pockets(studio, item.cloth, f.chest * 0.55, low - 150, 88, 104, False)
    collars.shirt_collar(studio, f, collar, 1.3, 20, 1.15)
