"""The studio's ground: light grey paper, brighter in the middle, and the shadow the product throws on it."""

from functools import lru_cache

import numpy as np
from PIL import Image

from . import shading
from .studio import HEIGHT, WIDTH, Studio


@lru_cache(maxsize=1)
def paper() -> np.ndarray:
    """Return the empty ground, one plane a channel (3, 800, 600), float32."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    d = ((x - WIDTH * 0.44) / WIDTH) ** 2 + ((y - HEIGHT * 0.42) / HEIGHT) ** 2
    level = 0.975 - 0.055 * d
    tile = np.stack([level * k for k in (1.0, 0.998, 0.994)]).astype(np.float32)
    tile.setflags(write=False)
    return tile


@lru_cache(maxsize=1)
def film() -> np.ndarray:
    """Return the faint noise of a camera (800, 600) in steps of 255: the same in every picture.

    Half a step is added, so that cutting off the fraction rounds.
    """
    return np.random.default_rng(7).normal(0.5, 1.0, (HEIGHT, WIDTH)).astype(np.float32)


def _cast(alpha: np.ndarray, *lamps: tuple[float, float, float, float]) -> np.ndarray:
    """Return the sum of soft shadows of a coverage, one for each lamp (strength, blur, dx, dy) in pixels."""
    pad = 48
    small = np.asarray(Image.fromarray(np.pad(alpha, pad)).reduce(4), dtype=np.float32)
    total = np.zeros_like(small)
    for strength, radius, dx, dy in lamps:
        moved = np.roll(small, (round(dy / 4), round(dx / 4)), axis=(0, 1))
        total += strength * shading.blur(moved, radius / 5.2)
    size = (total.shape[1] * 4, total.shape[0] * 4)
    grown = np.asarray(Image.fromarray(total).resize(size, Image.Resampling.BILINEAR))
    return grown[pad : pad + HEIGHT, pad : pad + WIDTH].copy()


def standing(alpha: np.ndarray, floor: float) -> np.ndarray:
    """Return the flat, dark shadow at the foot of something that stands on the row `floor` (pixels)."""
    column = alpha[max(0, int(floor) - 46) : int(floor) + 2].max(axis=0) if floor > 0 else alpha.max(axis=0)
    y = np.arange(HEIGHT, dtype=np.float32)[:, None]
    near = np.exp(-(((y - floor + 2) / 6) ** 2)) * 0.42 + np.exp(-(((y - floor - 3) / 15) ** 2)) * 0.20
    wide = shading.blur(column[None, :].repeat(3, axis=0), 12)[1]
    wide = wide / (wide.max() + 1e-6)
    return near * np.minimum(1, wide * 1.1)[None, :]


def develop(studio: Studio, floor: float | None = None) -> Image.Image:
    """Put the product on the ground with its shadow and return the picture (600×800, RGB)."""
    if floor is None:
        shadow = _cast(studio.alpha, (0.16, 7, 4, 6), (0.15, 26, 14, 20))
    else:
        shadow = standing(studio.alpha, floor) + _cast(studio.alpha, (0.05, 26, 10, 8))
    # Channel by channel, in place: a third of the time of the obvious expression.
    picture = np.empty((HEIGHT, WIDTH, 3), dtype=np.uint8)
    clear = 1 - studio.alpha
    shadow *= clear
    for channel, cool in enumerate((1.0, 0.985, 0.96)):
        level = shadow * np.float32(-cool)
        level += clear
        level *= paper()[channel]
        level += studio.rgb[..., channel]
        level *= 255
        level += film()
        np.clip(level, 0, 255, out=level)
        picture[..., channel] = level
    return Image.fromarray(picture)
