"""Views of a product to learn from: as the catalogue shows it, and as a phone might photograph it.

Hue is never moved: colour is one of the things to learn.
"""

import io
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image, ImageFilter

from similarity.preprocess import border_colour, letterbox
from similarity.training.dataset import Dataset


def pairs(
    dataset: Dataset,
    rows: np.ndarray,
    size: tuple[int, int],
    rng: np.random.Generator,
    pool: ThreadPoolExecutor,
) -> np.ndarray:
    """Two views of each of `rows` (b,) at `size` (height, width): uint8 (2b, height, width, 3).

    The first b are catalogue views, the next b the same products' phone photos.
    """
    seeds = rng.integers(0, 2**63, len(rows))
    grounds = rng.integers(0, len(dataset), len(rows))

    def both(row: int, ground: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        dice = np.random.default_rng(seed)
        picture = Image.fromarray(np.dstack([dataset.pictures[row], dataset.products[row]]))
        if dice.random() < 0.5:
            picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return (
            catalogue_view(picture, size, dice),
            phone_view(picture, Image.fromarray(dataset.pictures[ground]), size, dice),
        )

    views = list(pool.map(both, rows.tolist(), grounds.tolist(), seeds.tolist()))
    return np.stack([view for view, _ in views] + [view for _, view in views])


def catalogue_view(picture: Image.Image, size: tuple[int, int], dice: np.random.Generator) -> np.ndarray:
    """An RGBA picture (alpha: its product) slightly moved, turned and lit, on its own ground."""
    whole = _opaque(picture)
    canvas = Image.new("RGB", size[::-1], border_colour(np.asarray(whole.convert("RGB"))))
    _place(
        whole,
        canvas,
        zoom=dice.uniform(0.8, 1.12),
        angle=dice.uniform(-6, 6),
        stretch=math.exp(dice.uniform(-0.08, 0.08)),
        shift=dice.uniform(-0.06, 0.06, 2),
    )
    return _light(np.asarray(canvas), dice, 0.12)


def phone_view(
    picture: Image.Image, other: Image.Image, size: tuple[int, int], dice: np.random.Generator
) -> np.ndarray:
    """The same picture cropped, turned, stretched, on a photographic or painted ground, in other light.

    In nearly half of the views the ground behind the product goes, in the others only the corners show it.
    Most photos have the catalogue's aspect; the rest is letterboxed as the pipeline does it.
    """
    height, width = size
    aspect = width / height * (math.exp(dice.uniform(-0.3, 0.3)) if dice.random() < 0.5 else 1.0)
    if aspect > width / height:
        shape = width, max(1, round(width / aspect))
    else:
        shape = max(1, round(height * aspect)), height
    scene = _ground(other, shape, dice)
    cut = dice.random() < 0.45
    piece = _cropped(picture if cut else _opaque(picture), math.sqrt(dice.uniform(0.6, 1.0)), dice)
    _place(
        piece,
        scene,
        zoom=dice.uniform(0.65, 1.05),
        angle=dice.uniform(-15, 15),
        stretch=math.exp(dice.uniform(-0.12, 0.12)),
        shift=dice.uniform(-0.08, 0.08, 2),
    )
    if dice.random() < 0.3:
        scene = scene.filter(ImageFilter.GaussianBlur(dice.uniform(0.3, 0.8)))
    pixels = _light(np.asarray(scene), dice, 0.25)
    if dice.random() < 0.6:
        packed = io.BytesIO()
        Image.fromarray(pixels).save(packed, "JPEG", quality=int(dice.integers(35, 85)))
        pixels = np.asarray(Image.open(packed).convert("RGB"))
    return letterbox(Image.fromarray(pixels), height, width)


def _opaque(picture: Image.Image) -> Image.Image:
    whole = picture.copy()
    whole.putalpha(255)
    return whole


def _cropped(picture: Image.Image, kept: float, dice: np.random.Generator) -> Image.Image:
    width, height = round(picture.width * kept), round(picture.height * kept)
    left = int(dice.integers(0, picture.width - width + 1))
    top = int(dice.integers(0, picture.height - height + 1))
    return picture.crop((left, top, left + width, top + height))


def _place(
    piece: Image.Image, scene: Image.Image, zoom: float, angle: float, stretch: float, shift: np.ndarray
) -> None:
    """Lay `piece` (RGBA) turned by `angle` degrees on `scene`; zoom 1 fits it, turned, into the scene."""
    turn = math.radians(angle)
    cos, sin = math.cos(turn), math.sin(turn)
    across = piece.width * abs(cos) + piece.height * abs(sin)
    down = piece.width * abs(sin) + piece.height * abs(cos)
    scale = zoom * min(scene.width / across, scene.height / down)
    x_scale, y_scale = scale * math.sqrt(stretch), scale / math.sqrt(stretch)
    centre_x = scene.width * (0.5 + shift[0])
    centre_y = scene.height * (0.5 + shift[1])
    # Pillow wants the way back, from the scene to the piece.
    a, b = cos / x_scale, sin / x_scale
    d, e = -sin / y_scale, cos / y_scale
    c = piece.width / 2 - a * centre_x - b * centre_y
    f = piece.height / 2 - d * centre_x - e * centre_y
    laid = piece.transform(scene.size, Image.Transform.AFFINE, (a, b, c, d, e, f), Image.Resampling.BILINEAR)
    scene.paste(laid, (0, 0), laid.getchannel("A"))


def _ground(other: Image.Image, shape: tuple[int, int], dice: np.random.Generator) -> Image.Image:
    """A ground of `shape` (width, height): a piece of another picture, enlarged, or a painted one."""
    if dice.random() < 0.7:
        side = dice.uniform(0.25, 0.6)
        middle = _cropped(other.crop(_inner(other)), side, dice)
        scene = middle.resize(shape, Image.Resampling.BICUBIC)
        return scene.filter(ImageFilter.GaussianBlur(dice.uniform(0, 1.2)))
    corners = dice.integers(0, 256, (2, 2, 3)) if dice.random() < 0.5 else dice.integers(0, 256, (1, 1, 3))
    painted = np.asarray(Image.fromarray(corners.astype(np.uint8)).resize(shape, Image.Resampling.BILINEAR))
    grain = dice.normal(0, dice.uniform(0, 14), (shape[1], shape[0], 1))
    return Image.fromarray((painted + grain).clip(0, 255).astype(np.uint8))


def _inner(picture: Image.Image) -> tuple[int, int, int, int]:
    """The middle of a picture, where its own ground is not."""
    x, y = picture.width // 5, picture.height // 5
    return x, y, picture.width - x, picture.height - y


def _light(pixels: np.ndarray, dice: np.random.Generator, strength: float) -> np.ndarray:
    """Brightness, contrast, saturation and warmth moved by up to `strength`; hue stays."""
    values = pixels.astype(np.float32)
    grey = values.mean(axis=2, keepdims=True)
    values = grey + (values - grey) * (1 + dice.uniform(-strength, strength))
    middle = values.mean()
    values = middle + (values - middle) * (1 + dice.uniform(-strength, strength) * 0.6)
    warmth = 1 + dice.uniform(-strength, strength, 3) * 0.3
    values *= (1 + dice.uniform(-strength, strength)) * warmth
    return values.clip(0, 255).astype(np.uint8)
