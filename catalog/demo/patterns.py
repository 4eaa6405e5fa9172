"""Printed and woven patterns: seamless tiles that say how much of which colour lies where.

A tile has shape (n, n, k): the weight of each of k pattern colours over the ground colour. Colours are
laid on later, so that one tile serves every colourway.
"""

from functools import cache, lru_cache

import numpy as np
from PIL import Image, ImageDraw

from .fabric import FINE, soften

TILE_UNITS = 120


def _axes(units: int = TILE_UNITS) -> tuple[np.ndarray, np.ndarray]:
    n = units * FINE
    y, x = np.mgrid[0:n, 0:n].astype(np.float32) / FINE
    return x, y


def _stack(*weights: np.ndarray) -> np.ndarray:
    return np.stack([soften(w.astype(np.float32)) for w in weights], axis=2)


def _bands(at: np.ndarray, period: float, share: float) -> np.ndarray:
    return (at % period) < period * share


def pinstripe() -> np.ndarray:
    x, _ = _axes()
    return _stack(_bands(x, 12, 0.10))


def stripe_fine() -> np.ndarray:
    x, _ = _axes()
    return _stack(_bands(x, 8, 0.45))


def stripe_wide() -> np.ndarray:
    x, _ = _axes()
    return _stack(_bands(x, 24, 0.5))


def stripe_duo() -> np.ndarray:
    x, _ = _axes()
    return _stack(_bands(x, 30, 0.30), _bands(x - 14, 30, 0.10))


def breton() -> np.ndarray:
    _, y = _axes()
    return _stack(_bands(y, 24, 0.36))


def breton_wide() -> np.ndarray:
    _, y = _axes()
    return _stack(_bands(y, 60, 0.5))


def breton_duo() -> np.ndarray:
    _, y = _axes()
    return _stack(_bands(y, 40, 0.30), _bands(y - 20, 40, 0.12))


def gingham() -> np.ndarray:
    x, y = _axes()
    a, b = _bands(x, 15, 0.5), _bands(y, 15, 0.5)
    return _stack(0.5 * a + 0.5 * b)


def tattersall() -> np.ndarray:
    x, y = _axes()
    first = np.maximum(_bands(x, 30, 0.07), _bands(y, 30, 0.07))
    second = np.maximum(_bands(x - 15, 30, 0.07), _bands(y - 15, 30, 0.07))
    return _stack(first, second)


def plaid() -> np.ndarray:
    x, y = _axes()
    twill = (((x + y) % 3) < 1.5) * 1.0
    wide = _bands(x, 60, 0.42) * (0.35 + 0.3 * twill) + _bands(y, 60, 0.42) * (0.65 - 0.3 * twill)
    thin = np.maximum(_bands(x - 41, 60, 0.05), _bands(y - 41, 60, 0.05)) * 0.85
    return _stack(np.clip(wide, 0, 1), thin)


def tartan() -> np.ndarray:
    x, y = _axes()
    wide = 0.5 * _bands(x, 60, 0.36) + 0.5 * _bands(y, 60, 0.36)
    inner = 0.5 * _bands(x - 7, 60, 0.12) + 0.5 * _bands(y - 7, 60, 0.12)
    thin = np.maximum(_bands(x - 38, 60, 0.035), _bands(y - 38, 60, 0.035)) * 0.9
    return _stack(wide, inner, thin)


def windowpane() -> np.ndarray:
    x, y = _axes()
    return _stack(np.maximum(_bands(x, 40, 0.05), _bands(y, 40, 0.05)))


def houndstooth() -> np.ndarray:
    x, y = _axes()
    i, j = np.floor(x % 12 / 3), np.floor(y % 12 / 3)
    warp = i < 2
    weft = j < 2
    over = (i + j) % 4 < 2
    return _stack(np.where(warp & weft, 1.0, np.where(warp | weft, over * 1.0, 0.0)))


def glen() -> np.ndarray:
    x, y = _axes()
    coarse = (np.floor(x / 2) + np.floor(y / 2)) % 2
    zone = _bands(x, 60, 0.5).astype(np.float32) + _bands(y, 60, 0.5)
    check = np.maximum(_bands(x - 15, 60, 0.03), _bands(y - 15, 60, 0.03)) * 0.8
    return _stack(coarse * (0.25 + 0.3 * zone), check)


def argyle() -> np.ndarray:
    x, y = _axes()
    u, w = (x % 60) / 60, (y % 120) / 120
    d = np.abs(u - 0.5) + np.abs(w - 0.5)
    other = np.abs(((u + 0.5) % 1) - 0.5) + np.abs(((w + 0.5) % 1) - 0.5)
    line = (np.abs(((u + w) * 2 + 0.5) % 1 - 0.5) < 0.03) | (np.abs(((u - w) * 2 + 0.5) % 1 - 0.5) < 0.03)
    return _stack(d < 0.25, (other < 0.25), line & True)


def chevron() -> np.ndarray:
    x, y = _axes()
    zigzag = np.abs((x % 24) - 12)
    return _stack(_bands(y + zigzag, 20, 0.45))


def _canvas() -> tuple[Image.Image, ImageDraw.ImageDraw, int]:
    n = TILE_UNITS * FINE
    image = Image.new("L", (n, n), 0)
    return image, ImageDraw.Draw(image), n


def _wrapped(n: int, x: float, y: float, reach: float) -> list[tuple[float, float]]:
    """Return the places where a motif at (x, y) must be drawn so that the tile stays seamless."""
    return [
        (x + dx, y + dy)
        for dx in (-n, 0, n)
        for dy in (-n, 0, n)
        if -reach < x + dx < n + reach and -reach < y + dy < n + reach
    ]


def _dots(pitch: float, radius: float) -> np.ndarray:
    x, y = _axes()
    u, w = x % pitch - pitch / 2, y % pitch - pitch / 2
    u2, w2 = (x + pitch / 2) % pitch - pitch / 2, (y + pitch / 2) % pitch - pitch / 2
    return _stack((u * u + w * w < radius**2) | (u2 * u2 + w2 * w2 < radius**2))


def dots_small() -> np.ndarray:
    return _dots(15, 2.1)


def dots_large() -> np.ndarray:
    return _dots(30, 5.6)


def _scatter(rng: np.random.Generator, n: int, count: int, apart: float) -> list[tuple[float, float]]:
    """Return points of a tile that keep `apart` from each other across its edges (best of many darts)."""
    points: list[tuple[float, float]] = []
    for _ in range(count * 40):
        x, y = rng.uniform(0, n, 2)
        free = all(
            min(abs(x - a), n - abs(x - a)) ** 2 + min(abs(y - b), n - abs(y - b)) ** 2 > apart**2
            for a, b in points
        )
        if free:
            points.append((float(x), float(y)))
            if len(points) == count:
                break
    return points


def _petal(x: float, y: float, angle: float, length: float, width: float) -> list[tuple[float, float]]:
    s = np.linspace(0, 1, 9)
    half = width / 2 * np.sin(np.pi * s**0.8)
    c, d = np.cos(angle), np.sin(angle)
    along = s * length
    left = [(x + a * c - b * d, y + a * d + b * c) for a, b in zip(along, half, strict=True)]
    right = [(x + a * c + b * d, y + a * d - b * c) for a, b in zip(along, half, strict=True)]
    return left + right[::-1]


def _flowers(seed: int, count: int, size: float, petals: int, leaves: int, buds: int = 0) -> np.ndarray:
    """Blossoms (first colour), leaves (second), hearts and buds (third)."""
    rng = np.random.default_rng(seed)
    bloom, draw_bloom, n = _canvas()
    leaf, draw_leaf, _ = _canvas()
    heart, draw_heart, _ = _canvas()
    size *= FINE
    for x0, y0 in _scatter(rng, n, count, size * 1.75):
        turn, grow = rng.uniform(0, 6.28), rng.uniform(0.75, 1.15)
        for x, y in _wrapped(n, x0, y0, size * 3):
            for k in range(leaves):
                a = turn + 0.5 + k * 2 * np.pi / max(leaves, 1)
                draw_leaf.polygon(_petal(x, y, a, size * 1.55 * grow, size * 0.46), fill=255)
            for k in range(petals):
                a = turn + k * 2 * np.pi / petals
                tone = 255 if k % 2 else 215
                if size < 16 * FINE:
                    draw_bloom.polygon(_petal(x, y, a, size * grow, size * 5.2 / petals), fill=tone)
                    continue
                # Large blossoms need round petals: pointed ones would meet in a plain pentagon.
                cx, cy = x + np.cos(a) * size * 0.5 * grow, y + np.sin(a) * size * 0.5 * grow
                r = size * 0.38 * grow
                draw_bloom.ellipse([cx - r, cy - r, cx + r, cy + r], fill=tone)
            r = size * 0.22 * grow
            draw_heart.ellipse([x - r, y - r, x + r, y + r], fill=255)
    for x0, y0 in _scatter(rng, n, buds, size * 0.9):
        for x, y in _wrapped(n, x0, y0, size):
            r = size * 0.16
            draw_heart.ellipse([x - r, y - r, x + r, y + r], fill=230)
    b, g, h = (np.asarray(i, dtype=np.float32) / 255 for i in (bloom, leaf, heart))
    return _stack(b, g * (1 - b), h)


def floral_ditsy() -> np.ndarray:
    return _flowers(3, 22, 6.0, 5, 2, buds=30)


def floral_meadow() -> np.ndarray:
    return _flowers(11, 12, 11.5, 6, 2, buds=22)


def floral_bold() -> np.ndarray:
    return _flowers(21, 6, 22.0, 5, 3, buds=8)


def leaves() -> np.ndarray:
    """Sprigs of slender leaves, two of three in the first colour."""
    rng = np.random.default_rng(31)
    first, d1, n = _canvas()
    second, d2, _ = _canvas()
    for k, (x0, y0) in enumerate(_scatter(rng, n, 12, 84)):
        turn = rng.uniform(0, 6.28)
        pen = d1 if k % 3 else d2
        for x, y in _wrapped(n, x0, y0, 200):
            c, s = np.cos(turn), np.sin(turn)
            for j in range(4):
                px, py = x + c * j * 24, y + s * j * 24
                for side in (-0.62, 0.62):
                    pen.polygon(_petal(px, py, turn + side, 52 - 6 * j, 15), fill=255)
            pen.polygon(_petal(x + c * 92, y + s * 92, turn, 40, 14), fill=255)
            pen.line([x - c * 14, y - s * 14, x + c * 100, y + s * 100], fill=255, width=4)
    a, b = (np.asarray(i, dtype=np.float32) / 255 for i in (first, second))
    return _stack(a * (1 - b), b)


def camouflage() -> np.ndarray:
    rng = np.random.default_rng(41)
    n = TILE_UNITS * FINE
    layers = []
    for reach, cut in ((41, 0.35), (33, 0.75), (27, 1.0)):
        noise = rng.normal(0, 1, (n, n)).astype(np.float32)
        soft = soften(soften(soften(noise, reach), reach), reach)
        layers.append((soft - soft.mean()) / soft.std() > cut)
    return _stack(*layers)


def marble() -> np.ndarray:
    """Soft heather: a second tone drifting through the ground."""
    rng = np.random.default_rng(47)
    n = TILE_UNITS * FINE
    fine = soften(soften(rng.normal(0, 1, (n, n)).astype(np.float32), 5), 3)
    return _stack(np.clip(0.35 + 0.25 * fine / fine.std(), 0, 1))


def fair_isle() -> np.ndarray:
    """Knitted bands of diamonds, zigzags and dots."""
    n = TILE_UNITS
    small = np.zeros((n // 2, n // 2, 2), dtype=np.float32)
    for j in range(n // 2):
        row = j % 30
        for i in range(n // 2):
            if row in (0, 14):
                small[j, i, 1] = i % 2 == 0
            elif 3 <= row <= 11:
                d = abs(i % 10 - 5) + abs(row - 7)
                small[j, i, 0] = d == 4 or d <= 1
            elif 17 <= row <= 19:
                small[j, i, 1] = abs(i % 6 - 3) == row - 17
            elif row in (23, 25):
                small[j, i, 0] = (i + row) % 3 == 0
    big = small.repeat(2 * FINE, axis=0).repeat(2 * FINE, axis=1)
    return _stack(big[..., 0], big[..., 1])


def leopard() -> np.ndarray:
    rng = np.random.default_rng(61)
    rim, d1, n = _canvas()
    core, d2, _ = _canvas()
    for x0, y0 in _scatter(rng, n, 46, 40):
        turn = rng.uniform(0, 6.28)
        for x, y in _wrapped(n, x0, y0, 40):
            for k in range(3):
                a = turn + k * 2.1
                cx, cy = x + 11 * np.cos(a), y + 11 * np.sin(a)
                d1.polygon(_petal(cx - 8 * np.sin(-a), cy - 8 * np.cos(a), a + 1.6, 22, 12), fill=255)
            d2.ellipse([x - 9, y - 9, x + 9, y + 9], fill=200)
    rims, cores = (np.asarray(i, dtype=np.float32) / 255 for i in (rim, core))
    return _stack(rims, cores * (1 - rims))


PATTERNS = {
    f.__name__: f
    for f in (
        pinstripe,
        stripe_fine,
        stripe_wide,
        stripe_duo,
        breton,
        breton_wide,
        breton_duo,
        gingham,
        tattersall,
        plaid,
        tartan,
        windowpane,
        houndstooth,
        glen,
        argyle,
        chevron,
        dots_small,
        dots_large,
        floral_ditsy,
        floral_meadow,
        floral_bold,
        leaves,
        camouflage,
        marble,
        fair_isle,
        leopard,
    )
}


@cache
def pattern(name: str) -> np.ndarray:
    """Return the weights (n, n, k) of a pattern, float32."""
    tile = PATTERNS[name]()
    tile.setflags(write=False)
    return tile


@lru_cache(maxsize=6)
def coloured(
    name: str, ground: tuple[float, float, float], inks: tuple[tuple[float, float, float], ...]
) -> np.ndarray:
    """Return a pattern's tile (n, n, 3) in its colours; the last ink serves all further weights."""
    weights = pattern(name)
    tile = np.empty((*weights.shape[:2], 3), dtype=np.float32)
    tile[:] = np.array(ground, dtype=np.float32)
    for k in range(weights.shape[2]):
        ink = np.array(inks[min(k, len(inks) - 1)], dtype=np.float32)
        w = weights[..., k : k + 1]
        tile += w * (ink - tile)
    return tile
