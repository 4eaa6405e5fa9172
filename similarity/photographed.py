"""Products of the catalogue as photographed with a phone: what photo search is measured with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from django.core.files.storage import default_storage
from PIL import Image

from catalog.images import ImageRefused
from catalog.models import ProductImage
from similarity import embedding, evaluation
from similarity.gallery import Gallery
from similarity.models import FEATURES, Backbone
from similarity.preprocess import letterbox, load_rgb

# Pictures that are decoded at a time; each may take 2 MB.
CHUNK = 256


@dataclass(frozen=True)
class Photos:
    """Features float32 (p, 2048) of photos, and the gallery row int (p,) of the product each one shows."""

    rows: np.ndarray
    features: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)


def photos_of(
    products: Gallery,
    rows: np.ndarray,
    backbone: Backbone,
    advance: Callable[[int], None] = lambda done: None,
) -> Photos:
    """The first pictures of these rows, spoiled; without those that cannot be read. Raises `WeightsError`.

    `advance` is told how many rows are done.
    """
    photos = [Photos(np.empty(0, np.int64), np.empty((0, FEATURES), np.float32))]
    for start in range(0, len(rows), CHUNK):
        readable, originals = readable_pictures(products, rows[start : start + CHUNK], backbone)
        spoiled = evaluation.spoiled_photos(originals, seed=start)
        if spoiled:
            features = embedding.of_all_looks(embedding.features_of_looks(spoiled, backbone))
            photos.append(Photos(readable, features))
        advance(start + CHUNK)
    return Photos(
        np.concatenate([each.rows for each in photos]), np.concatenate([each.features for each in photos])
    )


def features_of(pictures: Sequence[Image.Image], backbone: Backbone) -> np.ndarray:
    """Features float32 (n, 2048), computed in this process. Raises `WeightsError`."""
    if not pictures:
        return np.empty((0, FEATURES), np.float32)
    size = backbone.input_height, backbone.input_width
    return embedding.embedder_for(backbone).features(np.stack([letterbox(each, *size) for each in pictures]))


def readable_pictures(
    products: Gallery, rows: np.ndarray, backbone: Backbone
) -> tuple[np.ndarray, list[Image.Image]]:
    """Those of `rows` whose first picture can be read, and the pictures, large enough for the network."""
    height, width = backbone.input_height, backbone.input_width
    images = products.images[rows].tolist()
    names = dict(ProductImage.objects.filter(pk__in=images).values_list("pk", "picture"))
    readable, opened = [], []
    for row, image in zip(rows.tolist(), images, strict=True):
        try:
            with default_storage.open(names[image]) as file:
                picture = load_rgb(file, 2 * height, 2 * width)
        except (OSError, KeyError, ImageRefused):
            continue
        picture.thumbnail((4 * width, 4 * height))
        readable.append(row)
        opened.append(picture)
    return np.array(readable, np.int64), opened
