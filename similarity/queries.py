"""Labelled pictures that ask for look-alikes: to measure how good these are, and what a cosine means."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from catalog.imports.rows import EMPTY
from similarity.embedding import features_of_looks, of_all_looks
from similarity.evaluation import spoiled_photos
from similarity.gallery import ATTRIBUTES, Gallery
from similarity.labelled import labelled_pictures
from similarity.models import Backbone

# Pictures that are decoded at a time: of a large file all would not fit.
CHUNK = 512


@dataclass(frozen=True)
class Queries:
    """Pictures that ask: features float32 (q, 2048), attributes by name, each str (q,) with "" unknown, and
    the gallery row int (q,) that each may not find, or -1. `as_photos` are the features if shoppers brought
    them; none where products of the catalogue ask."""

    features: np.ndarray
    as_photos: np.ndarray
    attributes: dict[str, np.ndarray]
    own: np.ndarray

    def __len__(self) -> int:
        return len(self.own)


def of_rows(products: Gallery, rows: np.ndarray) -> Queries:
    """The products of these gallery rows as queries."""
    attributes = {name: values[rows] for name, values in products.attributes.items()}
    return Queries(products.features[rows], products.features[:0], attributes, rows)


def of_files(
    styles: Path,
    images: Path,
    products: Gallery,
    backbone: Backbone,
    limit: int | None = None,
    spoiled: bool = False,
) -> Queries:
    """Up to `limit` labelled pictures in Kaggle's layout, embedded in this process; see `labelled_pictures`.

    With `spoiled` each as a phone photo. A picture whose id is a SKU of the gallery may not find that
    product. Raises `WeightsError`, and OSError for files that cannot be read.
    """
    row_of = {sku: row for row, sku in enumerate(products.skus.tolist())}
    # A photo has more pixels than the network takes: a part of them is what is left of the product.
    scale = 2 if spoiled else 1
    size = scale * backbone.input_height, scale * backbone.input_width
    pictures = labelled_pictures(styles, images, *size)
    labels, own, looks = [], [], [np.empty((0, 2, products.features.shape[1]), np.float32)]
    upcoming = islice(pictures, limit)
    while chunk := list(islice(upcoming, CHUNK)):
        asking = [picture for _, _, picture in chunk]
        looks.append(features_of_looks(spoiled_photos(asking) if spoiled else asking, backbone))
        labels += [[known(row.get(name)) for name in ATTRIBUTES] for _, row, _ in chunk]
        own += [row_of.get(identifier, -1) for identifier, _, _ in chunk]
    columns = list(zip(*labels, strict=True)) or [()] * len(ATTRIBUTES)
    features = np.concatenate(looks)
    return Queries(
        features=features[:, 0],
        as_photos=of_all_looks(features),
        attributes={
            name: np.array(values, np.str_) for name, values in zip(ATTRIBUTES, columns, strict=True)
        },
        own=np.array(own, np.int64),
    )


def known(value: str | None) -> str:
    """A label as the import stores it: "" where the file says in one way or another that it has none."""
    text = (value or "").strip()
    return "" if text in EMPTY else text
