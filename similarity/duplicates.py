"""Finds products that show the same photo, or nearly: the vectors propose, the pixels decide.

Many pictures of a shop look alike to the network and are still two photos, so a cosine alone would list half
of the catalogue. A picture is compared with the nearest few products only, once: the cost of a whole
catalogue is one search for each picture, in slices, and afterwards one for each new picture.
"""

import time
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from catalog.images import ImageRefused
from catalog.models import Product, ProductImage
from similarity import neighbours, rounds
from similarity.bands import SAME_PHOTO
from similarity.models import Compared, EmbeddingModel, NearDuplicate, SearchVector
from similarity.preprocess import load_rgb
from similarity.vectors import binary_cursor, to_array

ROUND = "similarity.compared"
CHUNK = 100
CANDIDATES = 6
SIDE_PX = 24
# How much two pictures, brought to 24×24, may differ: as a share of how much the one varies in itself, or
# every two white things on white would be one. Rough copies of 300 real pictures of 60×80 differed by 0.08
# (median) to 0.19, different products that look alike by 0.13 and more (docs/decisions/0010).
MAX_DIFFERENCE = 0.12
VARIATION_MAX = 60.0


@dataclass(frozen=True)
class Counts:
    """How it stands with the active model."""

    pairs: int
    same_file: int
    to_compare: int


def counts() -> Counts:
    """For the operations page; three queries."""
    model = EmbeddingModel.active()
    if model is None:
        return Counts(0, 0, 0)
    pairs = NearDuplicate.objects.filter(model=model)
    compared = Compared.objects.filter(model=model).count()
    vectors = SearchVector.objects.filter(model=model).count()
    return Counts(pairs.count(), pairs.filter(is_same_file=True).count(), max(0, vectors - compared))


def find(seconds: float) -> bool:
    """Compare pictures that were not yet for about `seconds`; returns whether the round goes on.

    Looks at a part of the catalogue (`similarity.rounds`), and at the next once all of it is compared.
    """
    end, model = time.monotonic() + seconds, EmbeddingModel.active()
    if model is None:
        return False
    part = rounds.next_part(ROUND)
    upcoming = _upcoming(model, part.images)
    for start in range(0, len(upcoming), CHUNK):
        if time.monotonic() >= end:
            return True
        for image_id, product_id, vector in _vectors(model, upcoming[start : start + CHUNK]):
            _compare(model, image_id, product_id, to_array(vector))
    part.done()
    return not part.ends


def _upcoming(model: EmbeddingModel, images: list[int]) -> list[int]:
    """Which of these pictures are to be compared."""
    with binary_cursor() as cursor:
        cursor.execute(
            """
            SELECT v.image_id FROM similarity_searchvector v
            WHERE v.model_id = %s AND v.image_id = ANY(%s) AND NOT EXISTS (
                SELECT FROM similarity_compared c WHERE c.model_id = v.model_id AND c.image_id = v.image_id
            )
            ORDER BY v.image_id
            """,
            [model.pk, images],
        )
        return [row[0] for row in cursor.fetchall()]


def _vectors(model: EmbeddingModel, images: list[int]) -> list[tuple]:
    with binary_cursor() as cursor:
        cursor.execute(
            """
            SELECT image_id, product_id, vector FROM similarity_searchvector
            WHERE model_id = %s AND image_id = ANY(%s) ORDER BY image_id
            """,
            [model.pk, images],
        )
        return cursor.fetchall()


def _compare(model: EmbeddingModel, image_id: int, product_id: int, vector: np.ndarray) -> None:
    """Write the near-duplicates of one picture, and that it was compared."""
    least = (model.calibration or {}).get("same_photo", SAME_PHOTO)
    others = neighbours.visible().exclude(pk=product_id)
    near = {
        image: 1 - distance
        for _, image, distance in neighbours.search(vector, model, CANDIDATES, others)
        if 1 - distance >= least
    }
    images = ProductImage.objects.in_bulk([image_id, *near])
    with transaction.atomic():
        if image_id in images:
            NearDuplicate.objects.bulk_create(
                [
                    NearDuplicate(
                        model=model,
                        one_id=min(image_id, other),
                        other_id=max(image_id, other),
                        similarity=near[other],
                        is_same_file=images[other].checksum == images[image_id].checksum,
                    )
                    for other in near
                    if other in images and is_same_photo(images[image_id], images[other])
                ],
                ignore_conflicts=True,
            )
            Compared.objects.bulk_create([Compared(model=model, image_id=image_id)], ignore_conflicts=True)


def is_same_photo(one: ProductImage, other: ProductImage) -> bool:
    """Whether two pictures show the same, pixel by pixel but for size and compression."""
    if one.checksum == other.checksum:
        return True
    if abs(one.width * other.height - other.width * one.height) > 0.05 * one.width * other.height:
        return False
    here, there = _small(one.picture.name), _small(other.picture.name)
    if here is None or there is None:
        return False
    return difference(here, there) <= MAX_DIFFERENCE


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference of the pixels of two pictures (24, 24, 3), as a share of the first one's variation.

    Black on white varies so much that brown would pass for it: more than `VARIATION_MAX` does not count.
    """
    variation = float(np.abs(one - one.mean(axis=(0, 1))).mean())
    return float(np.abs(one - other).mean()) / min(max(variation, 1.0), VARIATION_MAX)


@lru_cache(maxsize=2000)
def _small(name: str) -> np.ndarray | None:
    """The picture as float32 (24, 24, 3); None when it cannot be read. A name means one content for good."""
    try:
        with default_storage.open(name) as file:
            picture = load_rgb(file, SIDE_PX, SIDE_PX)
    except (OSError, ImageRefused):
        return None
    return np.asarray(picture.resize((SIDE_PX, SIDE_PX), Image.Resampling.BOX), np.float32)


def other_listings(product: Product) -> list[int]:
    """Products that show a picture of `product`, byte for byte: the same thing in another listing."""
    checksums = product.images.values("checksum")
    rows = ProductImage.objects.filter(checksum__in=checksums).exclude(product=product)
    return list(rows.order_by().values_list("product_id", flat=True).distinct())
