"""The pictures to learn from, in memory: a catalogue's, or those of files in the Kaggle fashion layout."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from catalog.images import ImageRefused
from catalog.models import Product
from similarity.labelled import labelled_pictures
from similarity.preprocess import border_colour, letterbox, load_rgb

# What the heads learn, and how much each counts: kind and colour are what people call alike.
ATTRIBUTES = {"articleType": 1.0, "baseColour": 1.0, "gender": 0.5, "subCategory": 0.3, "usage": 0.3}
# How far a channel may be from the border's colour and still be ground.
GROUND_TOLERANCE = 24


@dataclass(frozen=True)
class Dataset:
    """Pictures at the network's full input size with their attributes; all arrays have n rows.

    `pictures` uint8 (n, height, width, 3) in RGB, letterboxed. `products` uint8 (n, height, width): 255
    where the product is, 0 on the ground that is reached from the border. `labels` int (n,) per attribute,
    -1 where it is unknown; `classes` how many there are.
    """

    ids: np.ndarray
    pictures: np.ndarray
    products: np.ndarray
    labels: dict[str, np.ndarray]
    classes: dict[str, int]
    values: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.ids)


def of_files(styles: Path, images: Path, height: int, width: int) -> Dataset:
    """Read a CSV and a ZIP (see `similarity.labelled`)."""
    rows = labelled_pictures(styles, images, height, width)
    return _build(
        ((key, row, letterbox(picture, height, width)) for key, row, picture in rows), height, width
    )


def of_catalogue(height: int, width: int) -> Dataset:
    """Read the first picture of each visible product."""
    return _build(_catalogue(height, width), height, width)


def _catalogue(height: int, width: int) -> Iterator[tuple[str, dict[str, str], np.ndarray]]:
    products = Product.objects.visible().select_related("category__parent").prefetch_related("images")
    for product in products.iterator(chunk_size=500):
        cover = next(iter(product.images.all()), None)
        if cover is None:
            continue
        try:
            with cover.picture.open() as file:
                picture = letterbox(load_rgb(file, height, width), height, width)
        except (OSError, ImageRefused):
            continue
        parent = product.category.parent
        attributes = {
            "articleType": product.category.name,
            "baseColour": product.base_colour,
            "gender": product.gender,
            "subCategory": parent.name if parent else "",
            "usage": product.usage,
        }
        yield product.sku, attributes, picture


def _build(rows: Iterable[tuple[str, dict[str, str], np.ndarray]], height: int, width: int) -> Dataset:
    ids, pictures = [], []
    values: dict[str, list[str]] = {name: [] for name in ATTRIBUTES}
    for key, attributes, picture in rows:
        ids.append(key)
        pictures.append(picture)
        for name, column in values.items():
            column.append(attributes.get(name) or "")
    stacked = np.stack(pictures) if pictures else np.empty((0, height, width, 3), np.uint8)
    columns = {name: np.array(column, np.str_) for name, column in values.items()}
    coded = {name: _codes(column) for name, column in columns.items()}
    return Dataset(
        ids=np.array(ids, np.str_),
        pictures=stacked,
        products=np.concatenate(
            [product_masks(stacked[at : at + 1000]) for at in range(0, max(len(stacked), 1), 1000)]
        ),
        labels={name: codes for name, (codes, _) in coded.items()},
        classes={name: count for name, (_, count) in coded.items()},
        values=columns,
    )


def _codes(column: np.ndarray) -> tuple[np.ndarray, int]:
    """Class numbers int (n,), -1 for unknown, and how many classes there are."""
    names = np.unique(column[column != ""])
    codes = np.searchsorted(names, column)
    return np.where(column == "", -1, codes), len(names)


def product_masks(pictures: np.ndarray) -> np.ndarray:
    """255 where a product is, 0 on its ground: uint8 (n, height, width) of uint8 (n, height, width, 3).

    Ground is what is near the border's colour and connected to the border.
    """
    colours = np.array([border_colour(picture) for picture in pictures], np.int16).reshape(-1, 1, 1, 3)
    like_border = (np.abs(pictures.astype(np.int16) - colours) <= GROUND_TOLERANCE).all(axis=3)
    edge = np.zeros_like(like_border)
    edge[:, [0, -1], :] = True
    edge[:, :, [0, -1]] = True
    ground = like_border & edge
    reached = -1
    while reached != (reached := int(ground.sum())):
        grown = ground.copy()
        grown[:, 1:] |= ground[:, :-1]
        grown[:, :-1] |= ground[:, 1:]
        grown[:, :, 1:] |= ground[:, :, :-1]
        grown[:, :, :-1] |= ground[:, :, 1:]
        ground = grown & like_border
    return np.where(ground, 0, 255).astype(np.uint8)
