"""The studio's ground: light grey paper, brighter in the middle, and the shadow the product throws on it."""

from functools import lru_cache

import numpy as np
from PIL import Image

from . import shading
from .studio import HEIGHT, WIDTH, Studio


@lru_cache(maxsize=1)
def paper() -> np.ndarray:
    """Return the empty ground (800, 600, 3), float32."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    d = ((x - WIDTH * 0.44) / WIDTH) ** 2 + ((y - HEIGHT * 0.42) / HEIGHT) ** 2
    level = 0.975 - 0.055 * d
    tile = level[..., None] * np.array([1.0, 0.998, 0.994], dtype=np.float32)
    tile.setflags(write=False)
    return tile


@lru_cache(maxsize=1)
def film() -> np.ndarray:
    """Return the faint noise of a camera (800, 600, 1): the same in every picture."""
    return np.random.default_rng(7).normal(0, 0.004, (HEIGHT, WIDTH, 1)).astype(np.float32)


def _soft(alpha: np.ndarray, radius: float, dx: float, dy: float) -> np.ndarray:
    """Return coverage moved by (dx, dy) pixels and blurred by `radius` pixels."""
    pad = 48
    small = np.asarray(Image.fromarray(np.pad(alpha, pad)).reduce(4), dtype=np.float32)
    small = np.roll(small, (round(dy / 4), round(dx / 4)), axis=(0, 1))
    small = shading.blur(small, radius / 4 / 1.3)
    size = (small.shape[1] * 4, small.shape[0] * 4)
    grown = np.asarray(Image.fromarray(np.ascontiguousarray(small)).resize(size, Image.Resampling.BILINEAR))
    return grown[pad : pad + HEIGHT, pad : pad + WIDTH]


def standing(alpha: np.ndarray, floor: float) -> np.ndarray:
    """Return the shadow of something that stands on the floor at row `floor` (pixels): flat and dark at its foot."""
    column = alpha[max(0, int(floor) - 46) : int(floor) + 2].max(axis=0) if floor > 0 else alpha.max(axis=0)
    y = np.arange(HEIGHT, dtype=np.float32)[:, None]
    near = np.exp(-(((y - floor - 1) / 7) ** 2)) * 0.42 + np.exp(-(((y - floor - 8) / 20) ** 2)) * 0.20
    wide = shading.blur(column[None, :].repeat(3, axis=0), 12)[1]
    wide = wide / (wide.max() + 1e-6)
    return near * np.minimum(1, wide * 1.1)[None, :]


def develop(studio: Studio, floor: float | None = None) -> Image.Image:
    """Put the product on the ground with its shadow and return the picture (600×800, RGB)."""
    if floor is None:
        shadow = 0.16 * _soft(studio.alpha, 7, 4, 6) + 0.15 * _soft(studio.alpha, 26, 14, 20)
    else:
        shadow = standing(studio.alpha, floor) + 0.05 * _soft(studio.alpha, 26, 10, 8)
    cool = np.array([1.0, 0.985, 0.96], dtype=np.float32)
    ground = paper() * (1 - shadow[..., None] * cool)
    picture = ground * (1 - studio.alpha[..., None]) + studio.rgb
    picture += film()
    return Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))
