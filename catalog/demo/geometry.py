"""Curves of the drawings: smooth outlines from a few points, mirrored halves, bands along a path.

Points are (x, y) in design units, x = 0 on the centre line of the picture, y downwards from 0 to 800.
A third element marks a sharp corner, so that one list can hold curves and corners: ``(x, y, 1)``.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

Point: TypeAlias = Sequence[float]
Path: TypeAlias = np.ndarray  # shape (n, 2), float64

STEPS_PER_SEGMENT = 9


def _run(points: np.ndarray, closed: bool) -> np.ndarray:
    """Sample a Catmull-Rom curve through `points` (n, 2)."""
    if len(points) < 3:
        return points
    if closed:
        padded = np.vstack([points[-1:], points, points[:2]])
    else:
        first, last = 2 * points[0] - points[1], 2 * points[-1] - points[-2]
        padded = np.vstack([first, points, last])
    s = np.linspace(0, 1, STEPS_PER_SEGMENT, endpoint=False)[None, :, None]
    p0, p1, p2, p3 = (padded[i : len(padded) - 3 + i, None, :] for i in range(4))
    # Tangents are clamped to the length of the segment: a short segment beside a long one would loop.
    length = np.linalg.norm(p2 - p1, axis=2, keepdims=True) + 1e-9
    m1, m2 = (p2 - p0) / 2, (p3 - p1) / 2
    m1 = m1 * np.minimum(1, length / (np.linalg.norm(m1, axis=2, keepdims=True) + 1e-9))
    m2 = m2 * np.minimum(1, length / (np.linalg.norm(m2, axis=2, keepdims=True) + 1e-9))
    curve = (
        (2 * s**3 - 3 * s**2 + 1) * p1
        + (s**3 - 2 * s**2 + s) * m1
        + (3 * s**2 - 2 * s**3) * p2
        + (s**3 - s**2) * m2
    ).reshape(-1, 2)
    return curve if closed else np.vstack([curve, points[-1:]])


def curve(points: Iterable[Point], closed: bool = False) -> Path:
    """Return the smooth path through `points`, broken where a point is marked as a corner."""
    points = list(points)
    xy = np.array([p[:2] for p in points], dtype=float)
    corners = [i for i, p in enumerate(points) if len(p) > 2 and p[2]]
    if not corners:
        return _run(xy, closed)
    if closed:
        xy = np.vstack([np.roll(xy, -corners[0], axis=0), xy[corners[0]]])
        corners = [i - corners[0] for i in corners]
    stops = sorted({0, *corners, len(xy) - 1})
    runs = [_run(xy[a : b + 1], False) for a, b in pairwise(stops)]
    return np.vstack(runs)


def shape(points: Iterable[Point]) -> Path:
    """Return the closed smooth outline through `points`."""
    return curve(points, closed=True)


def mirrored(half: Iterable[Point]) -> list[Point]:
    """Complete the left half of an outline, listed from the top centre down, to the whole outline."""
    half = list(half)
    other = [(-p[0], *p[1:]) for p in reversed(half) if abs(p[0]) > 1e-6]
    return half + other


def flip(path: Iterable[Point]) -> list[Point]:
    """Mirror points at the centre line."""
    return [(-p[0], *p[1:]) for p in path]


def ellipse(cx: float, cy: float, rx: float, ry: float, turn: float = 0.0, n: int = 48) -> Path:
    """Return an ellipse around (cx, cy), turned by `turn` radians."""
    a = np.linspace(0, 2 * np.pi, n, endpoint=False)
    x, y = rx * np.cos(a), ry * np.sin(a)
    c, s = np.cos(turn), np.sin(turn)
    return np.stack([cx + c * x - s * y, cy + s * x + c * y], axis=1)


def arc(cx: float, cy: float, rx: float, ry: float, start: float, end: float, n: int = 24) -> Path:
    """Return an elliptic arc; angles in degrees, clockwise from three o'clock (y points down)."""
    a = np.radians(np.linspace(start, end, n))
    return np.stack([cx + rx * np.cos(a), cy + ry * np.sin(a)], axis=1)


def box(x0: float, y0: float, x1: float, y1: float, r: float = 0.0) -> Path:
    """Return a rectangle with corners rounded by radius `r`."""
    if r <= 0:
        return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], dtype=float)
    return np.vstack(
        [
            arc(x1 - r, y0 + r, r, r, -90, 0, 8),
            arc(x1 - r, y1 - r, r, r, 0, 90, 8),
            arc(x0 + r, y1 - r, r, r, 90, 180, 8),
            arc(x0 + r, y0 + r, r, r, 180, 270, 8),
        ]
    )


def moved(path: Path, x: float, y: float) -> Path:
    """Return a path moved by (x, y)."""
    return np.asarray(path, dtype=float) + np.array([x, y])


def normals(path: Path) -> np.ndarray:
    """Return unit normals (n, 2) along a path, to the right of its direction on screen."""
    d = np.gradient(np.asarray(path, dtype=float), axis=0)
    d /= np.linalg.norm(d, axis=1, keepdims=True) + 1e-9
    return np.stack([-d[:, 1], d[:, 0]], axis=1)


def offset(path: Path, distance: float) -> Path:
    """Return the path moved sideways by `distance` units."""
    return np.asarray(path) + normals(path) * distance


def band(path: Path, width: float, end_width: float | None = None) -> Path:
    """Return the outline of a band along `path`, tapering from `width` to `end_width`."""
    path = np.asarray(path, dtype=float)
    w = np.linspace(width, width if end_width is None else end_width, len(path))[:, None] / 2
    n = normals(path)
    return np.vstack([path + n * w, (path - n * w)[::-1]])


def part_of(path: Path, start: float, end: float) -> Path:
    """Return the stretch of a path between two fractions of its length, evenly resampled."""
    path = np.asarray(path, dtype=float)
    at = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    want = np.linspace(start, end, 24) * at[-1]
    return np.stack([np.interp(want, at, path[:, 0]), np.interp(want, at, path[:, 1])], axis=1)


def along(path: Path, spacing: float, inset: float = 0.0) -> list[tuple[float, float, float]]:
    """Return (x, y, direction in radians) every `spacing` units along a path."""
    path = np.asarray(path, dtype=float)
    at = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    count = max(2, round((at[-1] - 2 * inset) / spacing) + 1)
    want = np.linspace(inset, at[-1] - inset, count)
    x, y = np.interp(want, at, path[:, 0]), np.interp(want, at, path[:, 1])
    ahead = np.minimum(want + 1, at[-1])
    behind = np.maximum(want - 1, 0)
    dx = np.interp(ahead, at, path[:, 0]) - np.interp(behind, at, path[:, 0])
    dy = np.interp(ahead, at, path[:, 1]) - np.interp(behind, at, path[:, 1])
    return [(float(a), float(b), float(np.arctan2(d, c))) for a, b, c, d in zip(x, y, dx, dy, strict=True)]
