"""Makes of a catalogue picture what a shopper's phone might: to measure, and to train, photo search."""

import io

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter


def spoil(picture: Image.Image, ground: Image.Image, rng: np.random.Generator) -> Image.Image:
    """An RGB picture cropped to 70-90 % of its area, turned up to 12° on `ground`, in other light, as JPEG.

    `ground` is any RGB picture; enlarged and a little blurred it serves as a photographic background.
    """
    kept = rng.uniform(0.7, 0.9) ** 0.5
    width, height = max(1, round(picture.width * kept)), max(1, round(picture.height * kept))
    left = int(rng.integers(0, picture.width - width + 1))
    top = int(rng.integers(0, picture.height - height + 1))
    piece = picture.crop((left, top, left + width, top + height))
    angle = float(rng.uniform(-12, 12))
    mask = Image.new("L", piece.size, 255).rotate(angle, Image.Resampling.BICUBIC, expand=True)
    piece = piece.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    # The middle third of the ground: its own background would be as white as the catalogue's.
    x, y = ground.width // 3, ground.height // 3
    scene = ground.crop((x, y, 2 * x + 1, 2 * y + 1))
    scene = scene.resize(piece.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(1))
    scene.paste(piece, (0, 0), mask)
    scene = ImageEnhance.Brightness(scene).enhance(float(rng.uniform(0.75, 1.2)))
    scene = ImageEnhance.Color(scene).enhance(float(rng.uniform(0.8, 1.2)))
    warmth = rng.uniform(0.92, 1.08, 3)
    scene = Image.fromarray((np.asarray(scene, np.float32) * warmth).clip(0, 255).astype(np.uint8))
    out = io.BytesIO()
    scene.save(out, "JPEG", quality=50)
    return Image.open(out).convert("RGB")
