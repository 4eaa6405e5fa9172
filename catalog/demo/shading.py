"""Light on cloth: a part is inflated to a height field, folds are added, a lamp at the upper left lights it.

Height fields are float32 arrays (rows, columns) in pixels, at a third of the picture's resolution: folds
and volumes are soft, so that the coarse grid is invisible and nine times cheaper.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw

STEP = 3  # picture pixels per cell of a height field
LIGHT = np.array([-0.46, -0.56, 0.69], dtype=np.float32)
HALFWAY = np.array([-0.25, -0.305, 0.919], dtype=np.float32)  # between the lamp and the camera


@dataclass
class Grid:
    """What a fold may depend on; all arrays share the shape of the height field."""

    x: np.ndarray  # design units
    y: np.ndarray
    t: np.ndarray  # -1 at the left edge of the part, 1 at the right, row by row
    v: np.ndarray  # 0 at the top of the part, 1 at the bottom
    scale: float  # pixels per design unit
    to_cell: Callable[[np.ndarray], np.ndarray]  # design points (n, 2) to (column, row)
    rng: np.random.Generator


Relief: TypeAlias = Callable[[Grid], np.ndarray]


def _box(field: np.ndarray, r: int) -> np.ndarray:
    """Average a field over 2r + 1 rows; beyond its edges it counts as zero."""
    rows = field.shape[0]
    total = np.empty((rows + 2 * r + 1, field.shape[1]), dtype=np.float32)
    total[: r + 1] = 0
    np.cumsum(field, axis=0, out=total[r + 1 : r + 1 + rows])
    total[r + 1 + rows :] = total[r + rows]
    out = total[2 * r + 1 :] - total[:rows]
    out *= np.float32(1 / (2 * r + 1))
    return out


def blur(field: np.ndarray, radius: float) -> np.ndarray:
    """Blur a field by two passes of a box of `radius` cells; edges fade to zero."""
    r = max(1, round(radius))
    once = _box(_box(field, r), r)
    return np.ascontiguousarray(_box(_box(np.ascontiguousarray(once.T), r), r).T)


def even(line: np.ndarray, reach: int = 6) -> np.ndarray:
    """Average a line of values over their neighbours; its ends are held."""
    held = np.pad(line, reach, mode="edge")
    return np.convolve(held, np.full(2 * reach + 1, 1 / (2 * reach + 1), dtype=np.float32), mode="valid")


def inflate(mask: np.ndarray, scale: float, puff: float) -> np.ndarray:
    """Return a height field for a flat part (mask 0..1): round at the edges, level in the middle."""
    narrow = blur(mask, 5 * scale / STEP)
    wide = blur(mask, 16 * scale / STEP)
    broad = blur(mask, 42 * scale / STEP)
    return (3.2 * narrow + 12.0 * wide + 26.0 * broad) * (puff * scale)


def lit(height: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (diffuse, facing): light on the field, 1 where it is level, and the gleam's cosine."""
    dy, dx = np.gradient(height, STEP)
    norm = 1.0 / np.sqrt(dx * dx + dy * dy + 1.0)
    diffuse = (LIGHT[2] - LIGHT[0] * dx - LIGHT[1] * dy) * norm / LIGHT[2]
    facing = (HALFWAY[2] - HALFWAY[0] * dx - HALFWAY[1] * dy) * norm
    return diffuse, facing


def _noise_line(rng: np.random.Generator, knots: int, at: np.ndarray) -> np.ndarray:
    """Return smooth noise of `knots` values, read at positions 0..1 (any shape)."""
    values = rng.normal(0, 1, knots + 3).astype(np.float32)
    fine = np.linspace(0, knots, 40 * knots + 1)
    i = np.minimum(fine.astype(int), knots - 1)
    s = fine - i
    s = s * s * (3 - 2 * s)
    table = (values[i] * (1 - s) + values[i + 1] * s).astype(np.float32)
    index = np.clip(at * (40 * knots), 0, 40 * knots).astype(np.int32)
    return table[index]


def barrel(depth: float, bend: float = 0.0) -> Relief:
    """The roundness of a body under the cloth, `depth` units high in the middle."""

    def relief(g: Grid) -> np.ndarray:
        t = g.t * 0.97 + bend
        return np.sqrt(np.maximum(0.02, 1 - t * t)) * depth * g.scale

    return relief


def drape(folds: int, depth: float, top: float = 0.0, power: float = 1.0) -> Relief:
    """Hanging folds that follow the silhouette, from fraction `top` of the height growing downwards."""

    def relief(g: Grid) -> np.ndarray:
        sway = 0.05 * np.sin(g.v * 3 + g.rng.uniform(0, 6))
        line = _noise_line(g.rng, folds, (g.t + 1) / 2 + sway * g.v)
        grow = np.clip((g.v - top) / (1 - top + 1e-6), 0, 1) ** power
        return line * grow * depth * g.scale

    return relief


def pleats(count: int, depth: float, top: float = 0.0, sharp: bool = True) -> Relief:
    """Pressed pleats: one steep and one long flank each."""

    def relief(g: Grid) -> np.ndarray:
        phase = (np.arcsin(np.clip(g.t, -1, 1)) / np.pi + 0.5) * count
        f = phase - np.floor(phase)
        wave = np.where(f < 0.8, f / 0.8, (1 - f) / 0.2) if sharp else 0.5 + 0.5 * np.sin(2 * np.pi * f)
        grow = np.clip((g.v - top) / 0.25, 0, 1) * 0.6 + 0.4
        return wave.astype(np.float32) * grow * depth * g.scale

    return relief


def wrinkles(along: float, across: float, depth: float, turn: float = 0.0) -> Relief:
    """Irregular soft wrinkles, `along` by `across` units large, turned by `turn` radians."""

    def relief(g: Grid) -> np.ndarray:
        c, s = np.cos(turn), np.sin(turn)
        u = (g.x * c + g.y * s) / along
        w = (g.y * c - g.x * s) / across
        table = g.rng.normal(0, 1, (32, 32)).astype(np.float32)
        u, w = u + 64, w + 64
        i, j = np.floor(u).astype(int), np.floor(w).astype(int)
        fu, fw = (u - i).astype(np.float32), (w - j).astype(np.float32)
        fu, fw = fu * fu * (3 - 2 * fu), fw * fw * (3 - 2 * fw)
        i0, j0, i1, j1 = i % 32, j % 32, (i + 1) % 32, (j + 1) % 32
        top = table[j0, i0] * (1 - fu) + table[j0, i1] * fu
        low = table[j1, i0] * (1 - fu) + table[j1, i1] * fu
        return (top * (1 - fw) + low * fw) * depth * g.scale

    return relief


def creases(lines: Iterable[np.ndarray], depth: float, width: float = 5.0) -> Relief:
    """Single folds along given paths: a valley with a ridge beside it, fading out at both ends."""
    lines = [np.asarray(line, dtype=float) for line in lines]

    def relief(g: Grid) -> np.ndarray:
        image = Image.new("F", (g.x.shape[1], g.x.shape[0]), 0.0)
        draw = ImageDraw.Draw(image)
        for line in lines:
            points = g.to_cell(line)
            side = np.array([1.0, 0.6]) * max(1.0, width * g.scale / STEP * 0.9)
            n = len(points) - 1
            for k in range(n):
                fade = float(np.sin(np.pi * (k + 0.5) / n))
                a, b = points[k], points[k + 1]
                draw.line([*(a + side), *(b + side)], fill=0.7 * fade, width=1)
                draw.line([*a, *b], fill=-fade, width=1)
        radius = max(1.0, width * g.scale / STEP / 2)
        return blur(np.asarray(image, dtype=np.float32), radius) * (depth * g.scale * (2 * radius + 1))

    return relief


def together(*reliefs: Relief | None) -> Relief:
    """Add several reliefs."""

    def relief(g: Grid) -> np.ndarray:
        total = np.zeros_like(g.x, dtype=np.float32)
        for one in reliefs:
            if one is not None:
                total = total + one(g)
        return total

    return relief
