"""Small hardware and finishing: buttons, zips, buckles, eyelets, labels, laces."""

from collections.abc import Iterable

import numpy as np

from .cloth import Cloth
from .geometry import Path, along, band, box, curve, ellipse
from .palette import Colour, darker, lighter, luminance
from .studio import Part, Studio

BRASS: Colour = (0.80, 0.63, 0.33)
STEEL: Colour = (0.74, 0.75, 0.77)
GUNMETAL: Colour = (0.36, 0.36, 0.39)
HORN: Colour = (0.30, 0.20, 0.13)
PEARL: Colour = (0.93, 0.91, 0.87)


def metal(colour: Colour) -> Cloth:
    """Return polished metal."""
    return Cloth(colour, weave="satin", gloss=0.75)


def button(studio: Studio, x: float, y: float, r: float, colour: Colour, holes: bool = True) -> None:
    """Sew on a round button."""
    studio.part(ellipse(x, y, r, r, n=24), Cloth(colour, "satin", gloss=0.3), puff=0.25, cast=0.45, reach=3)
    if holes and r * studio.scale > 3:
        rim = ellipse(x, y, r * 0.68, r * 0.68, n=24)
        studio.line(np.vstack([rim, rim[:1]]), darker(colour, 0.45), 0.7, 0.5)
        h = r * 0.24
        dots = [ellipse(x + a, y + b, r * 0.12, r * 0.12, n=8) for a in (-h, h) for b in (-h, h)]
        studio.shade(dots, 0.75)


def buttons(studio: Studio, path: Path, count: int, r: float, colour: Colour, holes: bool = True) -> None:
    """Sew a row of buttons along a path."""
    path = np.asarray(path, dtype=float)
    at = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    for d in np.linspace(0, at[-1], count):
        button(
            studio, float(np.interp(d, at, path[:, 0])), float(np.interp(d, at, path[:, 1])), r, colour, holes
        )


def zipper(studio: Studio, path: Path, colour: Colour = STEEL, width: float = 5.0, pull: bool = True) -> None:
    """Set in a zip along a path, its slider at the start."""
    tape = darker(colour, 0.55)
    studio.line(path, tape, width + 3.2, 0.55)
    studio.line(path, colour, width, 1.0, dash=(1.3, 1.1))
    studio.line(path, darker(colour, 0.6), 0.9, 0.8)
    if pull:
        x, y = path[0]
        studio.part(box(x - 4, y - 2, x + 4, y + 9, 2), metal(colour), puff=0.3, cast=0.5, reach=3)
        studio.part(box(x - 2.4, y + 8, x + 2.4, y + 26, 2), metal(colour), puff=0.3, cast=0.5, reach=3)


def eyelets(studio: Studio, points: Iterable[tuple[float, float]], r: float, colour: Colour) -> None:
    """Punch metal-rimmed holes."""
    for x, y in points:
        studio.part(ellipse(x, y, r, r, n=20), metal(colour), puff=0.2, cast=0.35, reach=2)
        studio.shade(ellipse(x, y, r * 0.5, r * 0.5, n=14), 0.9)


def label(studio: Studio, x: float, y: float, w: float, h: float, colour: Colour) -> None:
    """Sew a woven label, with a small abstract mark instead of a name."""
    studio.part(
        box(x - w / 2, y - h / 2, x + w / 2, y + h / 2, 1),
        Cloth(colour, "satin"),
        puff=0.1,
        cast=0.25,
        reach=2,
    )
    ink = darker(colour, 0.6) if luminance(colour) > 0.5 else lighter(colour, 0.7)
    studio.line(np.array([(x - w * 0.26, y), (x + w * 0.26, y)]), ink, h * 0.16, 0.8)


def ring(studio: Studio, x: float, y: float, rx: float, ry: float, thick: float, colour: Colour) -> None:
    """Draw a metal ring."""
    studio.part(
        [ellipse(x, y, rx, ry)],
        metal(colour),
        puff=0.5,
        cast=0.3,
        reach=3,
        holes=[ellipse(x, y, rx - thick, ry - thick)],
    )


def buckle(
    studio: Studio, x: float, y: float, w: float, h: float, colour: Colour, thick: float = 5.0
) -> None:
    """Draw a frame buckle with its prong, lying across a strap that runs left to right."""
    outer, inner = box(x - w / 2, y - h / 2, x + w / 2, y + h / 2, h * 0.18), None
    inner = box(x - w / 2 + thick, y - h / 2 + thick, x + w / 2 - thick, y + h / 2 - thick, h * 0.1)
    studio.part([outer], metal(colour), puff=0.6, cast=0.45, reach=4, holes=[inner])
    prong = band(np.array([(x - w / 2 + thick / 2, y), (x + w / 2, y)]), thick * 0.8)
    studio.part(prong, metal(colour), puff=0.6, cast=0.4, reach=3)


def cord(studio: Studio, points: list, width: float, cloth: Cloth, tip: Colour | None = None) -> None:
    """Hang a drawstring; `tip` adds a metal end."""
    path = curve(points)
    studio.part(band(path, width), cloth, puff=0.6, cast=0.35, reach=4)
    if tip is not None:
        d = path[-1] - path[-3]
        d = d / (np.linalg.norm(d) + 1e-9)
        studio.part(
            band(np.array([path[-1], path[-1] + d * 13]), width + 1.5),
            metal(tip),
            puff=0.6,
            cast=0.35,
            reach=3,
        )


def fringe(
    studio: Studio, edge: Path, length: float, cloth: Cloth, spacing: float = 7.0, spread: float = 0.12
) -> None:
    """Hang tassels from an edge."""
    shapes = []
    for x, y, _ in along(edge, spacing, 2):
        lean = studio.rng.normal(0, spread)
        end = length * studio.rng.uniform(0.85, 1.05)
        path = curve([(x, y - 3), (x + lean * end * 0.4, y + end * 0.5), (x + lean * end, y + end)])
        shapes.append(band(path, spacing * 0.62, spacing * 0.34))
    studio.part(shapes, cloth.plain(), puff=0.35, cast=0.25, reach=4)


def rib_band(
    studio: Studio, part: Part | None, outline: Path, cloth: Cloth, edge: Path | None = None, turn: float = 0
) -> None:
    """Knit a ribbed border into a part."""
    studio.panel(part, outline, cloth.plain(weave="rib"), turn)
    if edge is not None:
        studio.seam(edge, 0.4, clip=part)
