"""What all bags share: handles, stitched edges, tabs, and the softness of leather."""

import numpy as np

from . import trimmings
from .cloth import Cloth
from .geometry import Path, band, curve, moved, shape
from .palette import Colour, thread
from .shading import Relief, barrel, together, wrinkles
from .studio import Part, Studio


def handle(studio: Studio, points: list, width: float, cloth: Cloth, behind: bool = False) -> None:
    path = curve(points)
    studio.part(
        band(path, width), cloth, puff=0.8, cast=0.0 if behind else 0.35, reach=6, dim=0.72 if behind else 1.0
    )
    studio.stitch([moved(np.asarray(path), 0, 0)], thread(cloth.colour), 0.0 if behind else 0.45)


def stitched_edge(
    studio: Studio,
    outline: Path,
    centre: tuple[float, float],
    ink: Colour,
    part: Part | None,
    inset: float = 0.955,
) -> None:
    c = np.array(centre)
    path = (outline - c) * inset + c
    studio.stitch(np.vstack([path, path[:1]]), ink, 0.6, clip=part)


def soft(depth: float) -> Relief:
    return together(barrel(18), wrinkles(120, 90, 4 * depth), wrinkles(50, 70, 2 * depth, 0.5))


def tabs(studio: Studio, xs: tuple[float, ...], y: float, cloth: Cloth, metal: Colour) -> None:
    """Fasten handles: leather tabs with rings."""
    for x in xs:
        studio.part(
            shape([(x - 13, y, 1), (x + 13, y, 1), (x + 12, y + 42), (x, y + 54), (x - 12, y + 42)]),
            cloth,
            puff=0.5,
            cast=0.35,
            reach=4,
        )
        trimmings.ring(studio, x, y - 4, 14, 12, 4, metal)
        trimmings.button(studio, x, y + 36, 4, metal, holes=False)
