"""Where shoppers lay things down: wooden floors, rugs, sheets, tiles, tables. All at 900×1200 pixels.

Each returns float32 colour (1200, 900, 3) from 0 to 1.
"""

from collections.abc import Callable

import numpy as np
from PIL import Image

PHOTO_WIDTH, PHOTO_HEIGHT = 900, 1200


def clouds(rng: np.random.Generator, columns: int, rows: int) -> np.ndarray:
    """Return smooth noise (1200, 900) of spread one with `columns` by `rows` knots."""
    knots = Image.fromarray(rng.normal(0, 1, (rows, columns)).astype(np.float32))
    return np.asarray(knots.resize((PHOTO_WIDTH, PHOTO_HEIGHT), Image.Resampling.BICUBIC), dtype=np.float32)


def _axes(turn: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[0:PHOTO_HEIGHT, 0:PHOTO_WIDTH].astype(np.float32)
    c, s = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    return x * c + y * s + 2000, y * c - x * s + 2000


def _dye(level: np.ndarray, colour: tuple[float, float, float]) -> np.ndarray:
    return level[..., None] * np.array(colour, dtype=np.float32)


def wood(rng: np.random.Generator) -> np.ndarray:
    """Oak boards, nearly upright."""
    u, v = _axes(0.12)
    wide = 128.0
    row = np.floor(u / wide).astype(int)
    shift = rng.uniform(0, 900, 64)[row % 64]
    board = row * 7 + np.floor((v + shift) / 900).astype(int)
    tone = rng.uniform(0.86, 1.08, 997)[board % 997].astype(np.float32)
    grain = clouds(rng, 220, 9) * 0.045 + clouds(rng, 60, 4) * 0.04 + clouds(rng, 420, 30) * 0.02
    rings = np.sin((u % wide) / 9 + 2.2 * clouds(rng, 8, 7)) * 0.035
    level = tone * (1 + grain + rings)
    gap = np.minimum(u % wide, wide - u % wide) < 1.8
    end = ((v + shift) % 900) < 3
    level = np.where(gap | end, level * 0.55, level)
    return _dye(level, (0.80, 0.68, 0.53))


def dark_wood(rng: np.random.Generator) -> np.ndarray:
    """Walnut parquet in a herringbone."""
    u, v = _axes(0.785)
    wide, long = 62.0, 248.0
    i, j = np.floor(u / wide), np.floor(v / wide)
    upright = ((i + j) % 8) < 4
    block = np.where(
        upright, np.floor((v + i * wide) / long) * 31 + i, np.floor((u + j * wide) / long) * 17 + j * 3
    ).astype(int)
    tone = rng.uniform(0.84, 1.08, 997)[block % 997].astype(np.float32)
    grain = np.where(upright, clouds(rng, 300, 40), clouds(rng, 40, 300)) * 0.06
    edge = (
        np.where(upright, np.minimum(u % wide, wide - u % wide), np.minimum(v % wide, wide - v % wide)) < 1.5
    )
    level = np.where(edge, tone * 0.55, tone) * (1 + grain)
    return _dye(level, (0.64, 0.49, 0.36))


def rug(rng: np.random.Generator) -> np.ndarray:
    """A woven rug with diamonds and a border."""
    u, v = _axes(-0.2)
    d = np.abs((u % 150) - 75) + np.abs((v % 190) - 95)
    bands = np.floor(d / 26).astype(int) % 4
    colours = np.array(
        [(0.74, 0.62, 0.54), (0.86, 0.82, 0.74), (0.62, 0.66, 0.68), (0.82, 0.75, 0.62)], dtype=np.float32
    )
    pile = (
        1 + 0.09 * rng.normal(0, 1, (PHOTO_HEIGHT, PHOTO_WIDTH)).astype(np.float32) + 0.05 * np.sin(v * 1.1)
    )
    return colours[bands] * (pile * (1 + 0.05 * clouds(rng, 6, 8)))[..., None]


def sheet(rng: np.random.Generator) -> np.ndarray:
    """A crumpled bed sheet with a thin blue stripe."""
    u, _ = _axes(0.5)
    folds = clouds(rng, 7, 12) * 26 + clouds(rng, 16, 22) * 7
    gy, gx = np.gradient(folds)
    light = np.clip(0.92 - 0.26 * gx - 0.22 * gy, 0.6, 1.0)
    stripe = ((u + folds * 1.4) % 74) < 9
    colour = np.where(
        stripe[..., None],
        np.array((0.62, 0.70, 0.80), dtype=np.float32),
        np.array((0.90, 0.89, 0.87), dtype=np.float32),
    )
    return (colour * light[..., None]).astype(np.float32)


def blanket(rng: np.random.Generator) -> np.ndarray:
    """A grey knitted blanket with deep folds."""
    u, v = _axes(0.2)
    folds = clouds(rng, 5, 7) * 34
    gy, gx = np.gradient(folds)
    light = np.clip(0.90 - 0.32 * gx - 0.26 * gy, 0.5, 1.0)
    stitch = 1 + 0.12 * np.sin((u + folds) * 0.42) * np.sin((v + folds) * 0.30 + np.abs(np.sin(u * 0.21)))
    return _dye(light * stitch, (0.80, 0.79, 0.78))


def tiles(rng: np.random.Generator) -> np.ndarray:
    """Concrete paving outdoors, with dirt in the joints and a fallen leaf or two."""
    u, v = _axes(0.3)
    size = 330.0
    i, j = np.floor(u / size).astype(int), np.floor(v / size).astype(int)
    tone = rng.uniform(0.88, 1.05, 991)[(i * 13 + j * 7) % 991].astype(np.float32)
    grit = rng.normal(0, 0.05, (PHOTO_HEIGHT, PHOTO_WIDTH)).astype(np.float32) + 0.06 * clouds(rng, 22, 30)
    joint = np.minimum(np.minimum(u % size, size - u % size), np.minimum(v % size, size - v % size))
    level = tone * (1 + grit) * np.where(joint < 5, 0.45, 1.0)
    picture = _dye(level, (0.76, 0.75, 0.73))
    y, x = np.mgrid[0:PHOTO_HEIGHT, 0:PHOTO_WIDTH]
    for cx, cy, a in ((120, 1090, 0.4), (800, 130, 2.0), (760, 1130, 1.2)):
        p = (x - cx) * np.cos(a) + (y - cy) * np.sin(a)
        q = (y - cy) * np.cos(a) - (x - cx) * np.sin(a)
        leaf = (np.abs(q) < 22 * np.clip(1 - (p / 52) ** 2, 0, 1)) & (np.abs(q) > 1.2)
        picture[leaf] = (
            np.array((0.62, 0.40, 0.16), dtype=np.float32) * (0.9 + 0.1 * np.sin(p[leaf] * 0.5))[:, None]
        )
    return picture.astype(np.float32)


def grass(rng: np.random.Generator) -> np.ndarray:
    """A lawn, seen from above."""
    blades = clouds(rng, 380, 120) * 0.16 + clouds(rng, 200, 300) * 0.12 + clouds(rng, 9, 12) * 0.10
    level = np.clip(0.85 + blades, 0.3, 1.4)
    return level[..., None] * np.array((0.52, 0.60, 0.34), dtype=np.float32)


def marble(rng: np.random.Generator) -> np.ndarray:
    """A café table with grey veins, its edge and the floor in a corner."""
    warp = clouds(rng, 6, 8) * 60 + clouds(rng, 20, 26) * 14
    u, _ = _axes(0.7)
    vein = np.exp(-(((np.sin((u + warp) / 130)) / 0.055) ** 2)) * np.clip(clouds(rng, 8, 8), 0, 1.4)
    level = 0.90 - 0.26 * vein + 0.02 * clouds(rng, 12, 14)
    picture = _dye(level, (0.97, 0.96, 0.94))
    y, x = np.mgrid[0:PHOTO_HEIGHT, 0:PHOTO_WIDTH]
    edge = (x - 450) ** 2 / 620**2 + (y - 660) ** 2 / 700**2
    floor = _dye(0.5 + 0.06 * clouds(rng, 30, 40), (0.50, 0.36, 0.27))
    picture = np.where((edge > 1)[..., None], floor, picture)
    return np.where(((edge > 0.975) & (edge <= 1))[..., None], picture * 0.6, picture).astype(np.float32)


def towel(rng: np.random.Generator) -> np.ndarray:
    """A striped beach towel on sand."""
    _, v = _axes(-0.35)
    folds = clouds(rng, 5, 6) * 22
    gy, gx = np.gradient(folds)
    light = np.clip(0.9 - 0.5 * gx - 0.4 * gy, 0.5, 1.05)
    band = np.floor((v + folds) / 82).astype(int) % 3
    colours = np.array([(0.93, 0.90, 0.84), (0.62, 0.74, 0.76), (0.93, 0.90, 0.84)], dtype=np.float32)
    terry = 1 + 0.08 * rng.normal(0, 1, (PHOTO_HEIGHT, PHOTO_WIDTH)).astype(np.float32)
    return colours[band] * (light * terry)[..., None]


def room(rng: np.random.Generator) -> np.ndarray:
    """A bedroom out of focus: wall, window light, a shelf, the edge of a bed."""
    picture = np.empty((PHOTO_HEIGHT, PHOTO_WIDTH, 3), dtype=np.float32)
    picture[:] = np.array((0.74, 0.71, 0.66), dtype=np.float32)
    for _ in range(9):
        x, y = rng.integers(0, PHOTO_WIDTH), rng.integers(0, PHOTO_HEIGHT)
        w, h = rng.integers(60, 240), rng.integers(60, 300)
        picture[y : y + h, x : x + w] *= rng.uniform(0.55, 1.1, 3).astype(np.float32)
    picture[920:] *= np.array((0.62, 0.50, 0.42), dtype=np.float32)
    picture[80:600, 0:150] = (0.96, 0.97, 1.0)
    small = Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8)).resize(
        (30, 40), Image.Resampling.BOX
    )
    big = small.resize((PHOTO_WIDTH, PHOTO_HEIGHT), Image.Resampling.BICUBIC)
    return np.asarray(big, dtype=np.float32) / 255


def street(rng: np.random.Generator) -> np.ndarray:
    """A street in the evening, out of focus, with lights."""
    y, x = np.mgrid[0:PHOTO_HEIGHT, 0:PHOTO_WIDTH].astype(np.float32)
    level = 0.34 + 0.22 * y / PHOTO_HEIGHT + 0.05 * clouds(rng, 5, 6)
    picture = _dye(level, (0.86, 0.92, 1.02))
    for _ in range(16):
        cx, cy, r = rng.uniform(0, 900), rng.uniform(0, 700), rng.uniform(18, 52)
        disc = np.clip((r - np.hypot(x - cx, y - cy)) / 5, 0, 1) * rng.uniform(0.2, 0.5)
        picture += disc[..., None] * np.array(
            (1.0, rng.uniform(0.6, 0.9), rng.uniform(0.3, 0.7)), dtype=np.float32
        )
    return picture.astype(np.float32)


BACKGROUNDS: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    f.__name__: f for f in (wood, dark_wood, rug, sheet, blanket, tiles, grass, marble, towel, room, street)
}
