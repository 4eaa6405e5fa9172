"""From a picture to the network's input: pure functions over Pillow images, no TensorFlow.

Which height and width the network wants belongs to its weights (`similarity.weights`).
"""

from typing import IO

import numpy as np
from PIL import Image

from catalog.images import open_picture, upright_rgb
from similarity.piece import WHOLE, Box

# What the second look at a photo keeps of it (docs/decisions/0018).
MIDDLE = Box(0.075, 0.075, 0.85, 0.85)


def load_rgb(file: IO[bytes], height: int, width: int) -> Image.Image:
    """Decode `file` upright, in RGB, alpha flattened on white, no smaller than `height` x `width` needs.

    JPEGs are decoded at a fraction of their size where that is still enough: of a 12-megapixel photo
    that saves four fifths of the time. Raises `catalog.images.ImageRefused`.
    """
    return upright_rgb(open_picture(file), 2 * max(height, width))


def border_colour(pixels: np.ndarray) -> tuple[int, int, int]:
    """Median colour of the outermost pixels of a uint8 array (height, width, 3)."""
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    red, green, blue = np.median(border, axis=0).round().astype(int)
    return int(red), int(green), int(blue)


def letterbox(picture: Image.Image, height: int, width: int) -> np.ndarray:
    """Fit an RGB picture whole into `height` x `width`, the rest in its border colour; keeps the aspect.

    Returns uint8 (height, width, 3).
    """
    scale = min(width / picture.width, height / picture.height)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    if size != picture.size:
        picture = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    if size == (width, height):
        return np.asarray(picture)
    canvas = Image.new("RGB", (width, height), border_colour(np.asarray(picture)))
    canvas.paste(picture, ((width - size[0]) // 2, (height - size[1]) // 2))
    return np.asarray(canvas)


def looks(photo: Image.Image, height: int, width: int) -> np.ndarray:
    """A shopper's photo, RGB, as the network looks at it: all of it, and its middle.

    A photo shows more of what is around the product than a catalogue's picture does, and how much more is not
    known. Returns uint8 (2, height, width, 3).
    """
    return np.stack([letterbox(box.cut(photo), height, width) for box in (WHOLE, MIDDLE)])


def network_input(file: IO[bytes], height: int, width: int, box: Box = WHOLE) -> np.ndarray:
    """Decode, cut to `box` and letterbox `file`: uint8 (height, width, 3) in RGB. Raises `ImageRefused`."""
    share = min(box.width, box.height)  # decoded large enough for the part
    picture = load_rgb(file, round(height / share), round(width / share))
    return letterbox(box.cut(picture), height, width)
