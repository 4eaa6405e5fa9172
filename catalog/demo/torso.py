"""The upper body: the outline of a torso for many fits, sleeves of any length, and the folds both throw."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .cloth import Cloth
from .geometry import Path, curve, mirrored, moved, part_of, shape
from .item import Item
from .shading import Relief, barrel, creases, drape, together, wrinkles
from .studio import Part, Studio


@dataclass(frozen=True)
class Frame:
    """Half widths and heights of a garment in design units."""

    neck: float = 52  # half width of the neck opening
    neck_y: float = 142
    shoulder: float = 138
    shoulder_y: float = 172
    chest: float = 148
    pit_y: float = 298
    waist: float = 142
    waist_y: float = 430
    hem: float = 146
    hem_y: float = 610
    hem_dip: float = 8  # how much lower the hem hangs in the middle
    hem_rise: float = 0  # how much higher it is at the sides (shirt tails)


FITS: dict[str, Frame] = {
    "regular": Frame(),
    "slim": Frame(shoulder=130, chest=134, waist=124, hem=130),
    "boxy": Frame(shoulder=156, shoulder_y=184, chest=162, waist=162, hem=162, hem_y=590, pit_y=310),
    "long": Frame(chest=150, waist=150, hem=156, hem_y=690),
    "women": Frame(neck=52, shoulder=116, chest=122, waist=108, waist_y=410, hem=128, hem_y=585, pit_y=284),
    "women-boxy": Frame(neck=56, shoulder=142, chest=148, waist=144, hem=144, hem_y=560, pit_y=300),
    "crop": Frame(neck=54, shoulder=126, chest=132, waist=124, waist_y=410, hem=126, hem_y=500, pit_y=290),
    "tank": Frame(neck=58, shoulder=88, shoulder_y=158, chest=126, waist=116, hem=130, hem_y=600, pit_y=292),
    "singlet": Frame(
        neck=62, shoulder=96, shoulder_y=160, chest=146, waist=142, hem=146, hem_y=610, pit_y=304
    ),
}


def frame_of(item: Item, **changes: float) -> Frame:
    """Return the frame for an item's fit; lengths may be changed by the cut."""
    frame = FITS[item.get("fit", "regular")]
    if item.get("hem_y"):
        frame = replace(frame, hem_y=item.get("hem_y"))
    return replace(frame, **changes) if changes else frame


def body_half(f: Frame, front: list) -> list:
    """Return the left half of a torso; `front` lists the neckline from its centre to the neck point."""
    return [
        *front,
        (-f.neck, f.neck_y, 1),
        (-(f.neck + f.shoulder) / 2, (f.neck_y + f.shoulder_y) / 2 - 3),
        (-f.shoulder, f.shoulder_y, 1),
        (-f.shoulder + 13, (f.shoulder_y + f.pit_y) / 2 + 8),
        (-f.chest, f.pit_y, 1),
        (-f.chest + (f.chest - f.waist) * 0.5 - 1, (f.pit_y + f.waist_y) / 2),
        (-f.waist, f.waist_y),
        (-(f.waist + f.hem) / 2 - 1, (f.waist_y + f.hem_y) / 2),
        (-f.hem, f.hem_y - f.hem_rise, 1),
        (-f.hem * 0.55, f.hem_y + f.hem_dip * 0.75 + f.hem_rise * 0.1),
        (0, f.hem_y + f.hem_dip),
    ]


def body_folds(f: Frame, depth: float = 1.0, seed: int = 0) -> Relief:
    """Return the folds of a hanging torso: drag lines from the armpits, soft drape towards the hem."""
    rng = np.random.default_rng(seed)
    lines = []
    for side in (-1, 1):
        for k in range(3):
            y0 = f.pit_y + 4 + 20 * k + rng.uniform(-6, 6)
            x0 = side * (f.chest - 6)
            lines.append(
                curve(
                    [
                        (x0, y0),
                        (x0 - side * 34, y0 + 16 + 10 * k),
                        (x0 - side * rng.uniform(56, 92), y0 + 52 + 26 * k),
                    ]
                )
            )
        y = f.waist_y + rng.uniform(-10, 50)
        lines.append(curve([(side * (f.waist - 4), y), (side * (f.waist - 44), y + 14), (side * 40, y + 10)]))
    return together(
        barrel(26),
        creases(lines, 2.2 * depth, 9),
        drape(8, 7.0 * depth, top=0.3),
        wrinkles(80, 130, 7.0 * depth, 0.3),
        wrinkles(34, 60, 1.6 * depth, -0.5),
    )


@dataclass(frozen=True)
class Sleeve:
    """A left sleeve: its outline, the line of its cuff and the direction of its cloth."""

    outline: Path
    outer: Path
    inner: Path
    cuff: Path  # from the outer to the inner end
    turn: float
    folds: Relief | None


def sleeve(
    f: Frame, length: float, cuff: float = 44, spread: float = 16, full: float = 0.0, seed: int = 0
) -> Sleeve:
    """Shape a left sleeve: `length` and `cuff` width in units, `spread` from the vertical in degrees,
    `full` extra width of a balloon sleeve."""
    rng = np.random.default_rng(seed)
    a1, a2 = np.radians(spread), np.radians(spread * 0.45)
    down = np.array([-np.sin(a1), np.cos(a1)])
    start = np.array([-f.shoulder + 2, f.shoulder_y + 34])
    elbow = start + down * length * 0.5
    wrist = elbow + np.array([-np.sin(a2), np.cos(a2)]) * length * 0.5
    across1 = np.array([np.cos(a1), np.sin(a1)])
    across2 = np.array([np.cos(a2), np.sin(a2)])
    top = f.pit_y - f.shoulder_y
    mid = (top * 0.62 + cuff) / 2 + full * 0.55
    flare = cuff if full == 0 else cuff * 0.9
    low = wrist - np.array([-np.sin(a2), np.cos(a2)]) * min(34, length * 0.25)
    outer = curve(
        [
            (-f.shoulder + 8, f.shoulder_y - 4, 1),
            (-f.shoulder - 5, f.shoulder_y + 4),
            (-f.shoulder - 18 - full * 0.12, f.shoulder_y + 26),
            *([tuple(elbow - across1 * mid / 2)] if length > 120 else []),
            *([tuple(low - across2 * (flare / 2 + full * 0.5))] if full else []),
            (*(wrist - across2 * cuff / 2), 1),
        ]
    )
    inner = curve(
        [
            (*(wrist + across2 * cuff / 2), 1),
            *([tuple(low + across2 * (flare / 2 + full * 0.5))] if full else []),
            *([tuple(elbow + across1 * mid / 2)] if length > 120 else []),
            (-f.chest + 4, f.pit_y + 4, 1),
            (-f.shoulder + 34, f.shoulder_y + 40),
        ]
    )
    hem = curve(
        [
            tuple(wrist - across2 * cuff / 2),
            tuple(wrist + np.array([0, 3])),
            tuple(wrist + across2 * cuff / 2),
        ]
    )
    lines = []
    if length > 200:
        for k in range(4):
            at = elbow + down * (k - 1.5) * 24 + rng.uniform(-5, 5, 2)
            s = 1 if k % 2 else -1
            lines.append(
                curve(
                    [
                        tuple(at + across1 * s * mid * 0.55 - down * 16),
                        tuple(at),
                        tuple(at - across1 * s * mid * 0.4 + down * 14),
                    ]
                )
            )
        for k in range(3):
            at = wrist - down * (30 + 17 * k)
            lines.append(
                curve(
                    [tuple(at - across2 * cuff * 0.6), tuple(at + down * 7), tuple(at + across2 * cuff * 0.6)]
                )
            )
    pit = np.array([-f.chest, f.pit_y])
    for k in range(2):
        end = start + down * (20 + 36 * k) - across1 * 20
        lines.append(curve([tuple(moved(pit, 0, 6 + 16 * k)), tuple((pit + end) / 2 + (0, 12)), tuple(end)]))
    turn = float(np.arctan2(wrist[0] - start[0], wrist[1] - start[1])) * -1
    folds = together(
        barrel(10),
        creases(lines, 2.2, 7),
        wrinkles(50, 90, 3.0, turn),
        drape(4, 7, top=0.4) if full else None,
    )
    return Sleeve(np.vstack([outer, inner]), outer, inner, hem, turn, folds)


def both_sides(studio: Studio, draw: Callable[[], None]) -> None:
    """Run a drawing of the left side for the left and, mirrored, for the right."""
    draw()
    with studio.placed(flip=True):
        draw()


def inside_neck(studio: Studio, f: Frame, cloth: Cloth, depth: float, rise: float = 6) -> None:
    """Draw the inside of the back, seen through the neck opening."""
    deep = max(f.neck_y + 14, f.neck_y + depth * 0.8)
    low = [(f.neck + 5, deep), (0, f.neck_y + depth + 14), (-f.neck - 5, deep)]
    outline = shape(
        [
            (-f.neck, f.neck_y - rise * 0.4, 1),
            (-f.neck * 0.6, f.neck_y + 5 - rise),
            (0, f.neck_y + 8 - rise),
            (f.neck * 0.6, f.neck_y + 5 - rise),
            (f.neck, f.neck_y - rise * 0.4, 1),
            *low,
        ]
    )
    if studio.worn is not None:
        studio.part(outline, studio.worn, puff=0.3, cast=0, dim=0.9)
        return
    studio.part(outline, cloth, dim=0.62, puff=0.4, cast=0)


def hem_line(f: Frame, up: float) -> Path:
    """Return the line that runs parallel to the hem, `up` units above it."""
    half = [
        (-f.hem - 4, f.hem_y - f.hem_rise - up),
        (-f.hem * 0.55, f.hem_y + f.hem_dip * 0.75 + f.hem_rise * 0.1 - up),
        (0, f.hem_y + f.hem_dip - up),
    ]
    return curve(half + [(-x, y) for x, y in half[-2::-1]])


def torso_outline(f: Frame) -> Path:
    """Return the plain outline of a torso, for the light on what is sewn to it."""
    return shape(mirrored(body_half(f, [(0, f.neck_y + 10)])))


def pair(path: Path) -> list[Path]:
    """Return an outline of the left side and its mirror image."""
    return [path, path * (-1, 1)]


def below(line: Path, depth: float = 80) -> Path:
    """Return the region from a line downwards, to be clipped by the part it dyes."""
    return np.vstack([line, moved(line[::-1], 0, depth)])


def cuff_band(s: Sleeve, width: float) -> Path:
    """Return the region of a sleeve that its cuff takes up."""
    outer, inner = s.cuff[0], s.cuff[-1]
    out_dir = s.outer[-6] - s.outer[-1]
    up = out_dir / (np.linalg.norm(out_dir) + 1e-9) * width
    side = (outer - inner) / (np.linalg.norm(outer - inner) + 1e-9) * 8
    return np.array([outer + side - up * 0.4, inner - side - up * 0.4, inner - side + up, outer + side + up])


def cuff_edge(s: Sleeve, width: float) -> Path:
    """Return the seam between a sleeve and its cuff."""
    region = cuff_band(s, width)
    return part_of(region[2:4][::-1], 0, 1)


def sew_armholes(studio: Studio, f: Frame, part: Part | None, depth: float = 0.35) -> None:
    """Draw the seams between torso and sleeves."""
    line = curve(
        [
            (-f.shoulder, f.shoulder_y),
            (-f.shoulder + 13, (f.shoulder_y + f.pit_y) / 2 + 8),
            (-f.chest, f.pit_y),
        ]
    )
    studio.seam([moved(line, 1.2, 0), line * (-1, 1) + (-1.2, 0)], depth, clip=part)
