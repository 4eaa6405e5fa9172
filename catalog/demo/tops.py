"""Tops: tees, polos, shirts, blouses, knitwear, sweatshirts and hoodies."""

import numpy as np

from . import collars, trimmings
from .cloth import Cloth
from .geometry import band, box, curve, mirrored, moved, shape
from .item import Item
from .palette import thread
from .shading import creases, drape, together
from .studio import Part, Studio
from .torso import (
    Frame,
    Sleeve,
    below,
    body_folds,
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
)

SLEEVES = {"short": (122, 66), "cap": (66, 78), "elbow": (190, 62), "three": (300, 52), "long": (400, 42)}


def ribbing(item: Item) -> Cloth:
    """Return the cloth of the ribs: where the trim is the print's ink, they stay in the main colour."""
    return item.cloth.plain() if item.get("plain_band") or item.get("block") else item.trim


def draw_sleeves(studio: Studio, f: Frame, item: Item, cuff: str) -> Sleeve | None:
    """Draw both sleeves; `cuff` is rib, shirt, stitch or none."""
    kind = item.get("sleeve", "short")
    if kind == "none":
        return None
    length, width = SLEEVES[kind]
    roomy = item.get("roomy", 0)
    s = sleeve(f, length, width + roomy, item.get("spread", 15), item.get("full", 0), item.seed)
    cloth = item.get("sleeve_cloth") or item.cloth
    torso = torso_outline(f)

    def one() -> None:
        part = studio.part(s.outline, cloth, relief=s.folds, turn=s.turn, cast=0.25, joined=[torso])
        if cuff == "rib":
            trimmings.rib_band(studio, part, cuff_band(s, 30), ribbing(item), cuff_edge(s, 30), s.turn)
        elif cuff == "shirt":
            studio.panel(
                part,
                cuff_band(s, 34),
                item.get("cuff_cloth") or cloth,
                s.turn + np.pi / 2 * bool(cloth.pattern),
            )
            studio.seam(cuff_edge(s, 34), 0.45, clip=part)
            studio.stitch([cuff_edge(s, 30), moved(s.cuff, 0, -5)], thread(cloth.colour), 0.4, clip=part)
            x, y = s.cuff[len(s.cuff) // 3]
            trimmings.button(studio, float(x) - 4, float(y) - 17, 4, item.get("buttons", trimmings.PEARL))
        elif cuff == "stitch":
            studio.stitch(moved(s.cuff, 0, -8), thread(cloth.colour), 0.5, clip=part)

    both_sides(studio, one)
    return s


def draw_body(
    studio: Studio, f: Frame, item: Item, front: list, depth: float = 1.0, arms: Sleeve | None = None
) -> Part | None:
    """Draw the torso with its folds."""
    relief = body_folds(f, depth * item.get("folds", 1.0), item.seed)
    if item.get("gathered"):
        relief = together(relief, drape(16, 4.0, top=0.0))
    part = studio.part(
        shape(mirrored(body_half(f, front))),
        item.cloth,
        relief=relief,
        cast=0.22,
        reach=7,
        joined=pair(arms.outline) if arms else (),
    )
    if arms:
        sew_armholes(studio, f, part)
    return part


def chest_pocket(
    studio: Studio, f: Frame, cloth: Cloth, x: float, y: float, w: float = 56, flap: bool = False
) -> None:
    """Sew on a breast pocket."""
    h = w * 1.12
    outline = np.array(
        [(x - w / 2, y), (x + w / 2, y), (x + w / 2, y + h * 0.86), (x, y + h), (x - w / 2, y + h * 0.86)]
    )
    studio.part(outline, cloth, puff=0.22, cast=0.28, reach=4)
    studio.stitch(outline * 1.0 + (0, -2.5), thread(cloth.colour), 0.45)
    if flap:
        lid = np.array(
            [
                (x - w / 2 - 1, y - 8),
                (x + w / 2 + 1, y - 8),
                (x + w / 2 + 1, y + 10),
                (x, y + 20),
                (x - w / 2 - 1, y + 10),
            ]
        )
        studio.part(lid, cloth, puff=0.25, cast=0.35, reach=4)
        trimmings.button(studio, x, y + 10, 4, trimmings.STEEL, holes=False)
    else:
        studio.stitch(np.array([(x - w / 2, y + 9), (x + w / 2, y + 9)]), thread(cloth.colour), 0.4)


def tee(studio: Studio, item: Item, angle: str) -> None:
    """T-shirt or tank top; trims: neck band, pocket, ringer cuffs, a printed motif."""
    f = frame_of(item)
    neck = item.get("neck", "crew")
    back = angle == "back"
    inside_neck(studio, f, item.cloth, collars.DEPTHS.get(neck, 70) if not back else 8)
    arms = draw_sleeves(studio, f, item, "stitch")
    front = collars.neckline(f, "high" if back else neck)
    part = draw_body(studio, f, item, front, arms=arms)
    if item.get("yoke"):
        line = curve([(-200, 250), (0, 256), (200, 250)])
        studio.panel(part, np.vstack([line, line[::-1] - (0, 200)]), item.trim)
        studio.seam(line, 0.3, clip=part)
    if item.get("panel_low"):
        line = curve([(-200, 470), (0, 476), (200, 470)])
        studio.panel(part, below(line, 300), item.trim)
        studio.seam(line, 0.3, clip=part)
    if not back:
        motif(studio, part, item)
        if item.get("pocket"):
            chest_pocket(studio, f, item.get("pocket_cloth") or item.cloth, f.chest * 0.48, 268, 54)
    if item.get("band", True):
        collars.rib_neck(studio, f, "high" if back else neck, ribbing(item), 13)
    else:
        collars.bound_neck(studio, f, "high" if back else neck, item.cloth)
    studio.stitch(hem_line(f, 11), thread(item.cloth.colour), 0.5, clip=part)
    if not back:
        trimmings.label(studio, 0, f.neck_y + 14, 20, 9, item.get("label", (0.9, 0.9, 0.88)))


def motif(studio: Studio, part: Part | None, item: Item) -> None:
    """Print an abstract motif on the chest."""
    kind = item.get("motif")
    if not kind:
        return
    ink = item.trim.plain(weave="jersey")
    cx, cy = 0.0, 300.0
    if kind == "sun":
        studio.panel(
            part, curve([(cx + 44 * np.cos(a), cy + 44 * np.sin(a)) for a in np.linspace(0, 6.28, 24)]), ink
        )
        for k in range(4):
            studio.panel(part, box(cx - 60, cy + 8 + 11 * k, cx + 60, cy + 12 + 11 * k), item.cloth)
    elif kind == "peaks":
        studio.panel(part, np.array([(-62, 340), (-18, 262), (10, 308), (26, 284), (64, 340)]), ink)
        studio.panel(
            part,
            np.array([(-30, 284), (-18, 262), (-4, 285), (-12, 292), (-19, 284), (-24, 291)]),
            item.cloth,
        )
    elif kind == "bars":
        for k, w in enumerate((70, 52, 34)):
            studio.panel(part, box(-w, 262 + 20 * k, w, 274 + 20 * k, 5), ink)
    elif kind == "wave":
        for k in range(4):
            x = np.linspace(-66, 66, 40)
            y = 270 + 17 * k + 7 * np.sin(x / 11)
            studio.panel(part, np.vstack([np.stack([x, y], 1), np.stack([x, y + 7], 1)[::-1]]), ink)
    elif kind == "circle":
        for r, c in ((52, ink), (40, item.cloth), (28, ink)):
            studio.panel(
                part, curve([(cx + r * np.cos(a), cy + r * np.sin(a)) for a in np.linspace(0, 6.28, 24)]), c
            )


def polo(studio: Studio, item: Item, angle: str) -> None:
    """Polo shirt: flat collar, short placket, ribbed cuffs."""
    f = frame_of(item)
    back = angle == "back"
    inside_neck(studio, f, item.cloth, 30)
    arms = draw_sleeves(studio, f, item, "rib" if item.get("sleeve", "short") == "long" else "stitch")
    part = draw_body(studio, f, item, collars.neckline(f, "high" if back else "polo"), arms=arms)
    studio.stitch(hem_line(f, 10), thread(item.cloth.colour), 0.5, clip=part)
    if item.get("chest_band"):
        studio.panel(part, np.array([(-200, 262), (200, 262), (200, 300), (-200, 300)]), item.trim)
        studio.panel(part, np.array([(-200, 306), (200, 306), (200, 312), (-200, 312)]), item.trim)
    if back:
        collars.collar_back(studio, f, item.trim, 26)
        return
    studio.part(box(-13, f.neck_y + 22, 13, f.neck_y + 118, 2), item.cloth, puff=0.2, cast=0.25, reach=3)
    studio.stitch(box(-10, f.neck_y + 22, 10, f.neck_y + 115), thread(item.cloth.colour), 0.4)
    trimmings.buttons(
        studio,
        np.array([(0, f.neck_y + 56), (0, f.neck_y + 100)]),
        2,
        4.6,
        item.get("buttons", trimmings.PEARL),
    )
    collars.shirt_collar(studio, f, item.trim.plain(weave="rib"), 1.0, 14, 0.8)


def shirt(studio: Studio, item: Item, angle: str) -> None:
    """Button-through shirt or blouse."""
    f = frame_of(item)
    back = angle == "back"
    kind = item.get("collar", "shirt")
    inside_neck(studio, f, item.cloth, 112 if kind == "camp" else 40)
    arms = draw_sleeves(
        studio, f, item, "shirt" if item.get("sleeve", "long") in ("long", "three") else "stitch"
    )
    part = draw_body(
        studio,
        f,
        item,
        collars.neckline(f, "high" if back else "v" if kind in ("camp", "bow-v") else "polo"),
        arms=arms,
    )
    studio.stitch(hem_line(f, 7), thread(item.cloth.colour), 0.4, clip=part)
    collar = item.get("collar_cloth") or item.cloth
    if back:
        collars.yoke_back(studio, part, f, f.shoulder_y + 36)
        if kind in ("shirt", "camp", "button-down"):
            collars.collar_back(studio, f, collar)
        else:
            collars.stand_collar(studio, f, collar, 16)
            studio.part(
                shape(
                    [
                        (-f.neck, f.neck_y - 14, 1),
                        (0, f.neck_y - 20),
                        (f.neck, f.neck_y - 14, 1),
                        (f.neck + 3, f.neck_y + 8, 1),
                        (0, f.neck_y + 12),
                        (-f.neck - 3, f.neck_y + 8, 1),
                    ]
                ),
                collar,
                puff=0.7,
            )
        return
    top = f.neck_y + (104 if kind == "camp" else 34)
    hue = item.get("buttons", trimmings.PEARL)
    if item.get("popover"):
        collars.placket(studio, part, f, item.cloth, hue, top, top + 190, 4)
    else:
        collars.placket(
            studio,
            part,
            f,
            item.cloth,
            hue,
            top,
            f.hem_y + f.hem_dip,
            7 if kind != "camp" else 5,
            hidden=bool(item.get("hidden")),
        )
    pockets = item.get("pockets", 1)
    if pockets:
        for s in (1, -1)[:pockets]:
            chest_pocket(studio, f, item.cloth, s * f.chest * 0.52, 286, 58, flap=bool(item.get("flaps")))
    if kind == "camp":
        collars.lapels(studio, f, collar, f.neck_y + 106, 44)
    elif kind == "band":
        collars.stand_collar(studio, f, collar, 18)
    elif kind == "bow":
        collars.stand_collar(studio, f, collar, 20)
        collars.bow(studio, 0, f.neck_y + 36, 92, item.cloth)
    else:
        collars.shirt_collar(studio, f, collar, item.get("spread_collar", 1.0), 10)
        if kind == "button-down":
            for s in (-1, 1):
                trimmings.button(studio, s * 41, f.neck_y + 62, 3, hue)


def knit(studio: Studio, item: Item, angle: str) -> None:
    """Jumper, roll neck or cardigan with ribbed borders."""
    f = frame_of(item)
    back = angle == "back"
    neck = item.get("neck", "crew")
    cardigan = item.get("open") and not back
    inside_neck(studio, f, item.cloth.plain(), 40 if neck != "v" and not cardigan else 110)
    arms = draw_sleeves(studio, f, item, "rib")
    shown = "high" if back or neck == "roll" else "v" if cardigan else neck
    part = draw_body(studio, f, item, collars.neckline(f, shown), 0.8, arms=arms)
    hem = hem_line(f, 40)
    trimmings.rib_band(studio, part, below(hem), item.trim, hem)
    if cardigan:
        _cardigan_front(studio, f, part, item)
    elif neck == "roll":
        collars.turtleneck(studio, f, item.trim)
    else:
        collars.rib_neck(studio, f, shown, item.trim, 18)


def _cardigan_front(studio: Studio, f: Frame, part: Part | None, item: Item) -> None:
    bottom = f.hem_y + f.hem_dip
    depth = f.neck_y + collars.DEPTHS["v"]
    rib = item.trim.plain(weave="rib")
    for s in (-1, 1):
        path = curve(
            [
                (s * f.neck, f.neck_y),
                (s * f.neck * 0.62, f.neck_y + 44),
                (s * 6, depth, 1),
                (s * 1, depth + 14),
                (s * 1, bottom),
            ]
        )
        studio.part(band(path, 24), rib, puff=0.5, cast=0.3, reach=5, clip=None)
    trimmings.buttons(
        studio,
        np.array([(0, depth + 22), (0, bottom - 22)]),
        item.get("count", 5),
        7,
        item.get("buttons", trimmings.HORN),
    )
    if item.get("pockets"):
        for s in (-1, 1):
            studio.part(box(s * 66 - 38, 500, s * 66 + 38, 584, 3), item.cloth, puff=0.3, cast=0.3, reach=4)
            studio.part(box(s * 66 - 39, 496, s * 66 + 39, 514, 2), rib, puff=0.3, cast=0.2, reach=3)


def sweat(studio: Studio, item: Item, angle: str) -> None:
    """Sweatshirt or hoodie, pulled over or zipped."""
    f = frame_of(item)
    back = angle == "back"
    hooded = item.get("hood", True)
    inside_neck(studio, f, item.cloth, 34)
    arms = draw_sleeves(studio, f, item, "rib")
    part = draw_body(studio, f, item, collars.neckline(f, "high" if back else "crew"), 1.1, arms=arms)
    if item.get("block"):
        line = curve([(-220, 318), (0, 326), (220, 318)])
        studio.panel(part, np.vstack([line, line[::-1] - (0, 260)]), item.get("block"))
        studio.seam(line, 0.35, clip=part)
    hem = hem_line(f, 36)
    trimmings.rib_band(studio, part, below(hem), ribbing(item), hem)
    if not back:
        motif(studio, part, item)
    if back:
        if hooded:
            collars.hood_back(studio, f, item.get("block") or item.cloth)
        else:
            collars.rib_neck(studio, f, "high", ribbing(item), 16)
        return
    zipped = item.get("zip")
    if item.get("pouch", True):
        _pouch(studio, f, item.cloth, bool(zipped))
    if zipped:
        top = f.neck_y + (60 if hooded else 24)
        trimmings.zipper(
            studio, np.array([(0, top), (0, f.hem_y + f.hem_dip - 3)]), item.get("metal", trimmings.STEEL)
        )
    if hooded:
        lining = item.get("lining") or item.cloth
        tip = trimmings.STEEL if item.get("tips", True) else None
        collars.hood(
            studio, f, item.get("block") or item.cloth, lining, item.get("cords") or item.trim.plain(), tip
        )
    elif zipped:
        collars.stand_collar(studio, f, item.trim.plain(weave="rib"), 26)
    else:
        collars.rib_neck(studio, f, "crew", ribbing(item), 17)
        studio.seam(
            [np.array([(0, f.neck_y + 68), (s * 14, f.neck_y + 48)]) for s in (-1, 1)], 0.3, clip=part
        )


def _pouch(studio: Studio, f: Frame, cloth: Cloth, split: bool) -> None:
    low, high = f.hem_y - 34, f.hem_y - 152
    for s in (-1, 1):
        outline = shape(
            [
                (0, high, 1),
                (s * 58, high, 1),
                (s * 78, high + 36),
                (s * 96, high + 82, 1),
                (s * 96, low, 1),
                (0, low, 1),
            ]
        )
        studio.part(
            outline,
            cloth,
            relief=creases([curve([(s * 20, low - 20), (s * 50, low - 50), (s * 80, low - 52)])], 2, 7),
            puff=0.30,
            cast=0.3,
            reach=5,
        )
        edge = curve([(s * 55, high + 3), (s * 75, high + 38), (s * 92, high + 82)])
        studio.stitch(edge, thread(cloth.colour), 0.5)
    if not split:
        # The two halves are one pocket: cover their seam.
        studio.part(box(-22, high, 22, low), cloth, puff=0.0, cast=0)
    studio.stitch(np.array([(-58, high + 5), (58, high + 5)]), thread(cloth.colour), 0.45)
