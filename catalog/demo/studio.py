"""The studio: a picture is built part by part, each inflated, lit, woven and laid over the last.

The product is kept apart from its ground (premultiplied colour and coverage), so that the same drawing can
stand on studio white or lie on somebody's floor.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from . import shading
from .cloth import Cloth
from .fabric import FINE, weave
from .geometry import Path, moved
from .palette import Colour, luminance
from .patterns import coloured

WIDTH, HEIGHT = 600, 800
SMOOTH = 3  # sub-pixels per pixel when a mask is drawn
BORDER = 16  # cells around a part in which its neighbours are seen
MARGIN = 36  # pixels drawn beyond the picture, so that light does not change at its border


@dataclass
class Part:
    """Something already drawn, to which panels, seams and prints can be added."""

    x0: int
    y0: int
    mask: np.ndarray  # (h, w) 0..1
    light: np.ndarray  # (h, w, 3)
    gleam: np.ndarray | None  # (h, w)
    turn: float
    warp: tuple[np.ndarray, np.ndarray] | None


class Studio:
    """One picture in the making."""

    def __init__(self, seed: int = 0, zoom: float = 1.0, focus: tuple[float, float] = (0.0, 400.0)):
        self.rgb = np.zeros((HEIGHT, WIDTH, 3), dtype=np.float32)
        self.alpha = np.zeros((HEIGHT, WIDTH), dtype=np.float32)
        self.worn: Cloth | None = None  # the skin of whoever wears what is drawn
        self.rng = np.random.default_rng(seed)
        self.matrix = np.array([[zoom, 0.0], [0.0, zoom]])
        self.origin = np.array([WIDTH / 2 - focus[0] * zoom, HEIGHT / 2 - focus[1] * zoom])

    # --- places

    @property
    def scale(self) -> float:
        """Pixels per design unit."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix))))

    @contextmanager
    def placed(
        self,
        x: float = 0,
        y: float = 0,
        size: float = 1,
        turn: float = 0,
        flip: bool = False,
        squeeze: float = 1,
    ) -> Iterator[None]:
        """Draw what follows moved to (x, y), scaled, turned by `turn` radians, mirrored, or narrowed."""
        before = self.matrix, self.origin
        c, s = np.cos(turn) * size, np.sin(turn) * size
        local = np.array([[c, -s], [s, c]]) @ np.diag([(-1.0 if flip else 1.0) * squeeze, 1.0])
        self.origin = self.matrix @ np.array([x, y]) + self.origin
        self.matrix = self.matrix @ local
        yield
        self.matrix, self.origin = before

    def pixels(self, points: Path) -> np.ndarray:
        """Return design points as picture pixels."""
        return np.asarray(points, dtype=float)[:, :2] @ self.matrix.T + self.origin

    # --- masks

    def _frame(self, points: np.ndarray, spare: int) -> tuple[int, int, int, int] | None:
        low, high = points.min(axis=0) - spare, points.max(axis=0) + spare
        x0, y0 = max(-MARGIN, int(low[0])), max(-MARGIN, int(low[1]))
        x1, y1 = min(WIDTH + MARGIN, int(high[0]) + 2), min(HEIGHT + MARGIN, int(high[1]) + 2)
        if x1 - x0 < 2 or y1 - y0 < 2:
            return None
        # Whole cells: the height field must cover the mask exactly.
        x1 = x0 + max(2, -(-(x1 - x0) // shading.STEP)) * shading.STEP
        y1 = y0 + max(2, -(-(y1 - y0) // shading.STEP)) * shading.STEP
        return x0, y0, x1, y1

    def _mask(
        self, outlines: Sequence[Path], holes: Sequence[Path] = ()
    ) -> tuple[int, int, np.ndarray] | None:
        """Draw filled outlines; return the place and the coverage (h, w), or nothing if out of sight."""
        drawn = [self.pixels(p) for p in outlines]
        frame = self._frame(np.vstack(drawn), 2)
        if frame is None:
            return None
        x0, y0, x1, y1 = frame
        image = Image.new("L", ((x1 - x0) * SMOOTH, (y1 - y0) * SMOOTH), 0)
        pen = ImageDraw.Draw(image)
        for path, fill in [*((p, 255) for p in drawn), *((self.pixels(p), 0) for p in holes)]:
            pen.polygon(((path - (x0, y0)) * SMOOTH).ravel().tolist(), fill=fill)
        return x0, y0, np.asarray(image.reduce(SMOOTH), dtype=np.float32) * np.float32(1 / 255)

    def _strokes(
        self, paths: Sequence[Path], width: float, dash: tuple[float, float] | None
    ) -> tuple[int, int, np.ndarray] | None:
        drawn = [self.pixels(p) for p in paths]
        frame = self._frame(np.vstack(drawn), int(width * self.scale) + 3)
        if frame is None:
            return None
        x0, y0, x1, y1 = frame
        image = Image.new("L", ((x1 - x0) * SMOOTH, (y1 - y0) * SMOOTH), 0)
        pen = ImageDraw.Draw(image)
        thick = max(1, round(width * self.scale * SMOOTH))
        for path in drawn:
            path = (path - (x0, y0)) * SMOOTH
            if dash is None:
                pen.line(path.ravel().tolist(), fill=255, width=thick, joint="curve")
                continue
            at = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
            on, off = (d * self.scale * SMOOTH for d in dash)
            for start in np.arange(0, at[-1], on + off):
                want = np.array([start, min(start + on, at[-1])])
                x, y = np.interp(want, at, path[:, 0]), np.interp(want, at, path[:, 1])
                pen.line([x[0], y[0], x[1], y[1]], fill=255, width=thick)
        return x0, y0, np.asarray(image.reduce(SMOOTH), dtype=np.float32) * np.float32(1 / 255)

    @staticmethod
    def _overlap(x0: int, y0: int, mask: np.ndarray) -> tuple[slice, slice, slice, slice]:
        """Return the slices of the picture and of the mask that lie over each other."""
        h, w = mask.shape
        left, top = max(0, -x0), max(0, -y0)
        right, bottom = min(w, WIDTH - x0), min(h, HEIGHT - y0)
        right, bottom = max(left, right), max(top, bottom)
        return (
            slice(y0 + top, y0 + bottom),
            slice(x0 + left, x0 + right),
            slice(top, bottom),
            slice(left, right),
        )

    def _within(self, x0: int, y0: int, mask: np.ndarray, part: "Part") -> np.ndarray:
        """Return the mask limited to a part."""
        limit = np.zeros_like(mask)
        dx, dy = part.x0 - x0, part.y0 - y0
        h, w = part.mask.shape
        a, b = max(0, dy), min(mask.shape[0], dy + h)
        c, d = max(0, dx), min(mask.shape[1], dx + w)
        if b > a and d > c:
            limit[a:b, c:d] = part.mask[a - dy : b - dy, c - dx : d - dx]
        return mask * limit

    # --- drawing

    def part(
        self,
        outline: Path | Sequence[Path],
        cloth: Cloth,
        relief: shading.Relief | None = None,
        puff: float = 1.0,
        turn: float = 0.0,
        cast: float = 0.3,
        reach: float = 7.0,
        clip: Part | None = None,
        holes: Sequence[Path] = (),
        dim: float = 1.0,
        opacity: float = 1.0,
        joined: Sequence[Path] = (),
    ) -> Part | None:
        """Lay a new part over the picture.

        `relief` adds folds, `puff` says how round the part is, `turn` is the direction of its cloth in
        radians, `cast` and `reach` are the strength and size (units) of the shadow on what lies below,
        `dim` darkens parts that lie deep, `opacity` is for lenses and tulle, `joined` are the outlines of
        parts sewn to this one: light runs on over the seam instead of falling off as at an edge.
        """
        outlines = [outline] if isinstance(outline, np.ndarray) else list(outline)
        drawn = self._mask(outlines, holes)
        if drawn is None:
            return None
        x0, y0, mask = drawn
        if clip is not None:
            mask = self._within(x0, y0, mask, clip)
        if cast > 0:
            self._shadow(x0, y0, mask, cast, reach)
        body = self._joined_cells(x0, y0, mask, [*outlines, *joined]) if joined else None
        light, gleam, warp = self._light(x0, y0, mask, relief, puff, cloth.gloss, body)
        if dim != 1.0:
            light = light * np.float32(dim)
        part = Part(x0, y0, mask, light, gleam, turn, warp)
        self._lay(part, mask, cloth, turn, opacity)
        return part

    def panel(
        self, part: Part | None, outline: Path | Sequence[Path], cloth: Cloth, turn: float | None = None
    ) -> None:
        """Dye a region of a part in another cloth; the folds run on beneath."""
        if part is None:
            return
        outlines = [outline] if isinstance(outline, np.ndarray) else list(outline)
        drawn = self._mask(outlines)
        if drawn is None:
            return
        x0, y0, mask = drawn
        full = np.zeros_like(part.mask)
        dx, dy = x0 - part.x0, y0 - part.y0
        a, b = max(0, dy), min(full.shape[0], dy + mask.shape[0])
        c, d = max(0, dx), min(full.shape[1], dx + mask.shape[1])
        if b <= a or d <= c:
            return
        full[a:b, c:d] = mask[a - dy : b - dy, c - dx : d - dx]
        self._lay(part, full * part.mask, cloth, part.turn if turn is None else turn, 1.0)

    def _joined_cells(self, x0: int, y0: int, mask: np.ndarray, outlines: Sequence[Path]) -> np.ndarray:
        """Return the coverage of several outlines in cells, with `BORDER` cells around a part's frame."""
        pad = BORDER * shading.STEP
        image = Image.new("L", (mask.shape[1] + 2 * pad, mask.shape[0] + 2 * pad), 0)
        pen = ImageDraw.Draw(image)
        for path in outlines:
            pen.polygon((self.pixels(path) - (x0 - pad, y0 - pad)).ravel().tolist(), fill=255)
        return np.asarray(image.reduce(shading.STEP), dtype=np.float32) * np.float32(1 / 255)

    def _light(
        self,
        x0: int,
        y0: int,
        mask: np.ndarray,
        relief: shading.Relief | None,
        puff: float,
        gloss: float,
        body: np.ndarray | None = None,
    ) -> tuple[np.ndarray, np.ndarray | None, tuple[np.ndarray, np.ndarray] | None]:
        """Return the light (h, w, 3), the gleam (h, w) or None, and how far folds pull the pattern."""
        h, w = mask.shape
        cells = (w // shading.STEP, h // shading.STEP)
        small = np.asarray(Image.fromarray(mask).reduce(shading.STEP), dtype=np.float32)
        wide = small if body is None else body
        height = shading.inflate(wide, self.scale, puff)
        edge = np.clip(shading.blur(wide, 4 * self.scale / shading.STEP), 0, 1)
        if body is not None:
            inner = slice(BORDER, -BORDER)
            height, edge = height[inner, inner], edge[inner, inner]
        warp = None
        if relief is not None:
            folds = relief(self._cells(x0, y0, small)).astype(np.float32)
            reach = small if body is None else body[BORDER:-BORDER, BORDER:-BORDER]
            height = height + folds * reach
            gy, gx = np.gradient(folds, shading.STEP)
            pull_x = self._grown(np.asarray(np.clip(gx, -1, 1) * 5.0), w, h)
            pull_y = self._grown(np.asarray(np.clip(gy, -1, 1) * 5.0), w, h)
            warp = pull_x, pull_y
        diffuse, facing = shading.lit(height)
        # The lamp stands at the left: the far side of the picture gets a little less.
        fall = np.linspace(1.03 - 0.00012 * x0, 1.03 - 0.00012 * (x0 + w), cells[0], dtype=np.float32)[
            None, :
        ]
        shade = np.clip(0.50 + 0.50 * diffuse, 0.40, 1.10) * fall
        shade = shade * (0.90 + 0.10 * np.clip(edge * 1.25 - 0.2, 0, 1))
        grown = self._grown(shade, w, h)[..., None]
        # Shadows are a little cool, as under a daylight lamp.
        light = 1 - (1 - grown) * np.array([1.05, 1.0, 0.92], dtype=np.float32)
        gleam = None
        if gloss > 0:
            sharp = 10 + 34 * gloss
            gleam = self._grown(np.clip(facing, 0, 1) ** sharp, w, h) * np.float32(0.10 + 0.42 * gloss)
        return light, gleam, warp

    @staticmethod
    def _grown(field: np.ndarray, w: int, h: int) -> np.ndarray:
        image = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
        return np.asarray(image.resize((w, h), Image.Resampling.BILINEAR), dtype=np.float32)

    def _cells(self, x0: int, y0: int, small: np.ndarray) -> shading.Grid:
        rows, columns = small.shape
        px = (np.arange(columns, dtype=np.float32) + 0.5) * shading.STEP + x0 - self.origin[0]
        py = (np.arange(rows, dtype=np.float32) + 0.5) * shading.STEP + y0 - self.origin[1]
        m = np.linalg.inv(self.matrix).astype(np.float32)
        x = m[0, 0] * px[None, :] + m[0, 1] * py[:, None]
        y = m[1, 0] * px[None, :] + m[1, 1] * py[:, None]
        inside = small > 0.4
        some = np.asarray(inside.any(axis=1))
        column = np.arange(columns, dtype=np.float32)
        left = np.where(some, np.argmax(inside, axis=1), 0).astype(np.float32)
        right = np.where(some, columns - 1 - np.argmax(inside[:, ::-1], axis=1), columns - 1).astype(
            np.float32
        )
        # A curved hem ends in rows of a few cells: they keep the extent of the rows above.
        for k in range(1, 9):
            left[k:] = np.where(some[:-k], np.minimum(left[k:], left[:-k]), left[k:])
            right[k:] = np.where(some[:-k], np.maximum(right[k:], right[:-k]), right[k:])
        # Whole cells would make steps in folds that follow a slanting edge.
        left, right = shading.even(left), shading.even(right)
        t = (2 * column[None, :] - (left + right)[:, None]) / np.maximum(right - left, 1)[:, None]
        v = np.broadcast_to(np.linspace(0, 1, rows, dtype=np.float32)[:, None], small.shape)

        def to_cell(points: np.ndarray) -> np.ndarray:
            return (self.pixels(points) - (x0, y0)) / shading.STEP

        return shading.Grid(
            x.astype(np.float32), y.astype(np.float32), np.clip(t, -1, 1), v, self.scale, to_cell, self.rng
        )

    def _lay(self, part: Part, mask: np.ndarray, cloth: Cloth, turn: float, opacity: float) -> None:
        ys, xs, my, mx = self._overlap(part.x0, part.y0, mask)
        if ys.stop <= ys.start or xs.stop <= xs.start:
            return
        cover = mask[my, mx, None] * np.float32(opacity)
        colour: np.ndarray = np.array(cloth.colour, dtype=np.float32)
        m = np.linalg.inv(self.matrix)
        c, s = np.cos(-turn), np.sin(-turn)
        m = (np.array([[c, -s], [s, c]]) @ m).astype(np.float32)
        px = np.arange(xs.start, xs.stop, dtype=np.float32) - np.float32(self.origin[0])
        py = np.arange(ys.start, ys.stop, dtype=np.float32) - np.float32(self.origin[1])
        u = m[0, 0] * px[None, :] + m[0, 1] * py[:, None]
        v = m[1, 0] * px[None, :] + m[1, 1] * py[:, None]
        if part.warp is not None and (cloth.pattern or cloth.weave in ("cable", "quilt", "cord", "rib")):
            k = np.float32(1 / self.scale)
            u = u + part.warp[0][my, mx] * k
            v = v + part.warp[1][my, mx] * k
        if cloth.pattern:
            tile = coloured(cloth.pattern, cloth.colour, cloth.inks)
            colour = np.take(
                tile.reshape(-1, 3), self._index(u, v, FINE / cloth.scale, tile.shape[0]), axis=0
            )
        tile = weave(cloth.weave)
        woven = np.take(tile.ravel(), self._index(u, v, FINE / cloth.grain, tile.shape[0]))
        light = part.light[my, mx]
        deep = 0.9 * (1 - luminance(cloth.colour)) ** 3
        if deep > 0.15:
            # Folds in dark cloth would drown: their contrast is raised as a photographer's flash does.
            light = light * np.float32(1 + deep) - np.float32(deep)
            np.maximum(light, 0.25, out=light)
        out = light * (woven[..., None] * colour)
        if part.gleam is not None:
            out += (part.gleam[my, mx] * woven)[..., None]
        np.clip(out, 0, 1, out=out)
        under = self.rgb[ys, xs]
        under += cover * (out - under)
        below = self.alpha[ys, xs]
        below += cover[..., 0] * (1 - below)

    @staticmethod
    def _index(u: np.ndarray, v: np.ndarray, per_unit: float, n: int) -> np.ndarray:
        k = np.float32(per_unit)
        # The offset keeps all coordinates positive, so that truncation is floor.
        far = np.float32(n * 16)
        i = (u * k + far).astype(np.int32) % n
        j = (v * k + far).astype(np.int32) % n
        return j * n + i

    def _shadow(self, x0: int, y0: int, mask: np.ndarray, strength: float, reach: float) -> None:
        """Darken what lies below and around a mask, a little more towards the lower right."""
        r = max(1, round(reach * self.scale))
        pad = r + (-r) % shading.STEP + shading.STEP
        shift = max(1, round(0.25 * r))
        h, w = mask.shape[0] + 2 * pad, mask.shape[1] + 2 * pad
        x, y = x0 - pad + shift, y0 - pad + shift
        left, top, right, bottom = max(0, x), max(0, y), min(WIDTH, x + w), min(HEIGHT, y + h)
        if right <= left or bottom <= top or not self.alpha[top:bottom:4, left:right:4].any():
            return
        small = np.asarray(Image.fromarray(mask).reduce(shading.STEP), dtype=np.float32)
        soft = shading.blur(np.pad(small, pad // shading.STEP), r / shading.STEP / 1.6)
        soft *= np.float32(-strength)
        soft += 1
        grown = self._grown(soft, w, h)
        self.rgb[top:bottom, left:right] *= grown[top - y : bottom - y, left - x : right - x, None]

    def tint(self, x0: int, y0: int, mask: np.ndarray, colour: Colour, opacity: float) -> None:
        """Blend a flat colour over what is there already; never beyond the product."""
        ys, xs, my, mx = self._overlap(x0, y0, mask)
        under = self.rgb[ys, xs]
        cover = mask[my, mx, None] * np.float32(opacity) * self.alpha[ys, xs, None]
        under += cover * (np.array(colour, dtype=np.float32) - under)

    def shade(
        self,
        outline: Path | Sequence[Path],
        strength: float,
        colour: Colour = (0.06, 0.06, 0.09),
        soft: float = 0.0,
    ) -> None:
        """Darken (or colour) a region of what is drawn, its border blurred by `soft` units."""
        drawn = self._mask([outline] if isinstance(outline, np.ndarray) else outline)
        if drawn is None:
            return
        x0, y0, mask = drawn
        if soft > 0:
            pad = int(soft * self.scale * 2) + 2
            mask = shading.blur(np.pad(mask, pad), soft * self.scale / 1.6)
            x0, y0 = x0 - pad, y0 - pad
        self.tint(x0, y0, mask, colour, strength)

    def line(
        self,
        paths: Path | Iterable[Path],
        colour: Colour,
        width: float = 1.2,
        opacity: float = 1.0,
        dash: tuple[float, float] | None = None,
        clip: Part | None = None,
    ) -> None:
        """Draw lines over what is there already; never beyond the product."""
        paths = [paths] if isinstance(paths, np.ndarray) else list(paths)
        drawn = self._strokes(paths, width, dash)
        if drawn is None:
            return
        x0, y0, mask = drawn
        if clip is not None:
            mask = self._within(x0, y0, mask, clip)
        self.tint(x0, y0, mask, colour, opacity)

    def seam(self, paths: Path | Iterable[Path], depth: float = 0.35, clip: Part | None = None) -> None:
        """Draw seams: a dark groove with light catching its lower edge."""
        paths = [paths] if isinstance(paths, np.ndarray) else list(paths)
        self.line([moved(p, 0.9, 1.1) for p in paths], (1, 1, 1), 1.0, depth * 0.35, clip=clip)
        self.line(paths, (0.04, 0.04, 0.07), 1.3, depth, clip=clip)

    def stitch(
        self, paths: Path | Iterable[Path], colour: Colour, opacity: float = 0.75, clip: Part | None = None
    ) -> None:
        """Draw a row of stitches."""
        self.line(paths, colour, 1.0, opacity, dash=(3.4, 2.0), clip=clip)
