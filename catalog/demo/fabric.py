"""Weaves: small seamless tiles of light and dark that make cotton, denim, knit or leather.

A tile is drawn at three sub-pixels per design unit and averaged over one unit, so that reading the
nearest sub-pixel at any angle is as smooth as filtering would be.
"""

from functools import cache

import numpy as np

FINE = 3  # sub-pixels of a tile per design unit


def soften(tile: np.ndarray, reach: int = FINE) -> np.ndarray:
    """Average a seamless tile over `reach` sub-pixels in both directions, wrapping at its edges."""
    for axis in (0, 1):
        total = np.zeros_like(tile, dtype=np.float32)
        for k in range(reach):
            total += np.roll(tile, k - reach // 2, axis=axis)
        tile = total / reach
    return tile


def _grid(units: int) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y in units for every sub-pixel of a square tile."""
    n = units * FINE
    y, x = np.mgrid[0:n, 0:n].astype(np.float32) / FINE
    return x, y


def _grain(units: int, reach: int, seed: int) -> np.ndarray:
    """Return seamless noise of spread one, soft over `reach` sub-pixels."""
    noise = np.random.default_rng(seed).normal(0, 1, (units * FINE, units * FINE)).astype(np.float32)
    soft = soften(soften(noise, reach), reach)
    return (soft - soft.mean()) / soft.std()


def _plain() -> np.ndarray:
    x, y = _grid(60)
    weave = np.sin(x * np.pi) * np.sin(y * np.pi)
    return 1 + 0.012 * weave + 0.014 * _grain(60, 3, 1) + 0.008 * _grain(60, 9, 2)


def _linen() -> np.ndarray:
    rng = np.random.default_rng(5)
    n = 120 * FINE
    warp = soften(np.repeat(rng.normal(0, 1, (1, n)).astype(np.float32), n, axis=0), 4)
    weft = soften(np.repeat(rng.normal(0, 1, (n, 1)).astype(np.float32), n, axis=1), 4)
    slub = _grain(120, 5, 6)
    return 1 + 0.035 * warp / warp.std() * (1 + 0.3 * slub) + 0.035 * weft / weft.std() * (1 - 0.3 * slub)


def _denim() -> np.ndarray:
    x, y = _grid(120)
    twill = np.sin((x + y) * 2 * np.pi / 3)
    rng = np.random.default_rng(8)
    streak = soften(np.repeat(rng.normal(0, 1, (1, 120 * FINE)).astype(np.float32), 120 * FINE, axis=0), 3)
    return (
        1
        + 0.05 * twill
        + 0.035 * streak / streak.std()
        + 0.04 * _grain(120, 3, 9)
        + 0.025 * _grain(120, 11, 10)
    )


def _twill() -> np.ndarray:
    x, y = _grid(60)
    return 1 + 0.022 * np.sin((x + y) * 2 * np.pi / 3) + 0.012 * _grain(60, 3, 12)


def _wool() -> np.ndarray:
    return 1 + 0.04 * _grain(120, 3, 14) + 0.04 * _grain(120, 7, 15)


def _tweed() -> np.ndarray:
    x, y = _grid(120)
    zigzag = np.abs(((y / 6) % 2) - 1) * 6
    bone = np.sin((x + zigzag) * 2 * np.pi / 4)
    fleck = (_grain(120, 3, 17) > 2.1) * 0.35
    return 1 + 0.09 * bone + 0.05 * _grain(120, 3, 16) + fleck


def _jersey() -> np.ndarray:
    x, _ = _grid(60)
    return 1 + 0.012 * np.sin(x * 2 * np.pi / 1.5) + 0.015 * _grain(60, 3, 20) + 0.01 * _grain(60, 9, 21)


def _fleece() -> np.ndarray:
    return 1 + 0.03 * _grain(90, 5, 22) + 0.02 * _grain(90, 3, 23)


def _teddy() -> np.ndarray:
    curls = _grain(90, 9, 24)
    return 1 + 0.10 * np.abs(curls) - 0.08 + 0.04 * _grain(90, 3, 25)


def _knit() -> np.ndarray:
    """Stocking stitch: columns of little Vs."""
    x, y = _grid(60)
    w, h = 5.0, 4.0
    fx = (x % w) / w
    slope = np.abs(fx - 0.5) * 2
    fy = ((y + slope * 2.6) % h) / h
    loop = np.sin(np.pi * fy) ** 0.7 * (0.55 + 0.45 * np.sin(np.pi * np.minimum(slope, 1)))
    return 0.80 + 0.32 * loop + 0.02 * _grain(60, 3, 30)


def _chunky() -> np.ndarray:
    x, y = _grid(90)
    w, h = 9.0, 7.5
    fx = (x % w) / w
    slope = np.abs(fx - 0.5) * 2
    fy = ((y + slope * 4.5) % h) / h
    loop = np.sin(np.pi * fy) ** 0.7 * (0.5 + 0.5 * np.sin(np.pi * np.minimum(slope, 1)))
    return 0.74 + 0.42 * loop + 0.025 * _grain(90, 3, 31)


def _cable() -> np.ndarray:
    """Twisted strands between ribs, 60 units a repeat."""
    x, y = _grid(60)
    u = x % 60
    tile = 0.92 + 0.06 * np.sin(x * 2 * np.pi / 5) * np.sin(y * 2 * np.pi / 4)
    for phase in (0.0, np.pi):
        centre = 30 + 8.5 * np.sin(y * 2 * np.pi / 30 + phase)
        front = np.cos(y * 2 * np.pi / 30 + phase)
        d = (u - centre) / 7.5
        strand = np.clip(1 - d * d, 0, 1) ** 0.5
        bright = 0.68 + 0.46 * strand + 0.04 * np.sin((y * 2 + u) * 2 * np.pi / 6)
        tile = np.where((strand > 0.05) & (front > -0.2), bright, tile)
    edge = np.minimum(np.abs(u - 10), np.abs(u - 50))
    return tile - 0.22 * np.exp(-((edge / 1.7) ** 2)) + 0.02 * _grain(60, 3, 33)


def _rib() -> np.ndarray:
    x, y = _grid(60)
    wave = np.sin(x * 2 * np.pi / 6)
    return 0.95 + 0.13 * wave + 0.03 * np.sin(y * 2 * np.pi / 3) + 0.015 * _grain(60, 3, 35)


def _cord() -> np.ndarray:
    x, _ = _grid(60)
    wave = np.abs(np.sin(x * np.pi / 5))
    return 0.84 + 0.22 * wave**0.6 + 0.02 * _grain(60, 3, 36)


def _quilt() -> np.ndarray:
    """Diamonds of a quilted jacket or bag."""
    x, y = _grid(60)
    a, b = ((x + y) % 30) / 30, ((x - y) % 30) / 30
    pillow = (np.sin(np.pi * a) * np.sin(np.pi * b)) ** 0.45
    lamp = 0.10 * (np.cos(np.pi * a) + np.cos(np.pi * b) * 0.35)
    return 0.78 + 0.24 * pillow + lamp


def _leather() -> np.ndarray:
    cells = np.abs(_grain(90, 7, 40))
    return 1 - 0.035 * np.exp(-((cells / 0.18) ** 2)) + 0.014 * _grain(90, 5, 41)


def _suede() -> np.ndarray:
    return 1 + 0.03 * _grain(120, 3, 43) + 0.035 * _grain(120, 19, 44)


def _canvas() -> np.ndarray:
    x, y = _grid(60)
    weave = np.sin(x * np.pi / 1.5) * np.sin(y * np.pi / 1.5)
    return 1 + 0.035 * weave + 0.025 * _grain(60, 3, 46)


def _straw() -> np.ndarray:
    x, y = _grid(60)
    over = np.where(
        (np.floor(x / 5) + np.floor(y / 5)) % 2 == 0, np.sin(np.pi * (x % 5) / 5), np.sin(np.pi * (y % 5) / 5)
    )
    return 0.80 + 0.26 * over + 0.04 * _grain(60, 3, 48)


def _mesh() -> np.ndarray:
    x, y = _grid(60)
    hole = np.sin(x * 2 * np.pi / 4) * np.sin(y * 2 * np.pi / 4)
    return 1 - 0.20 * (hole > 0.55) + 0.02 * _grain(60, 3, 50)


def _satin() -> np.ndarray:
    return 1 + 0.006 * _grain(60, 3, 52)


def _nylon() -> np.ndarray:
    x, y = _grid(60)
    rip = (((x % 6) < 0.5) | ((y % 6) < 0.5)) * 0.04
    return 1 + rip + 0.01 * _grain(60, 3, 54)


WEAVES = {
    "plain": _plain,
    "linen": _linen,
    "denim": _denim,
    "twill": _twill,
    "wool": _wool,
    "tweed": _tweed,
    "jersey": _jersey,
    "fleece": _fleece,
    "teddy": _teddy,
    "knit": _knit,
    "chunky": _chunky,
    "cable": _cable,
    "rib": _rib,
    "cord": _cord,
    "quilt": _quilt,
    "leather": _leather,
    "suede": _suede,
    "canvas": _canvas,
    "straw": _straw,
    "mesh": _mesh,
    "satin": _satin,
    "nylon": _nylon,
}


@cache
def weave(name: str) -> np.ndarray:
    """Return the tile (n, n) of a weave: factors around one, float32."""
    tile = soften(WEAVES[name]()).astype(np.float32)
    tile.setflags(write=False)
    return tile
