"""Measures on a catalogue what a model's cosines mean; what is found is a `similarity.bands.Calibration`."""

import io
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from similarity import evaluation, gallery, holdout, pending, photographed, queries
from similarity.bands import SAME_PHOTO, Calibration, Curve
from similarity.gallery import Gallery
from similarity.models import EmbeddingModel
from similarity.photographed import Photos
from similarity.queries import Queries
from similarity.refinement import Projection, search_vectors
from similarity.weights import WeightsError

log = logging.getLogger(__name__)

MIN_PRODUCTS = 50
QUERIES = 2000
PHOTOS = 400
COPIES = 100
# Pairs of each query: with its nearest, as they are shown, and with as many at random, to know the far end.
NEAREST = 20
# What people call alike, as far as the shop knows it.
LABELS = ("articleType", "baseColour")

Advance = Callable[[str, int, int], None]


class CalibrationRefused(Exception):
    """There is too little to measure with; says why in a sentence."""


def calibrate(
    model: EmbeddingModel,
    styles: Path | None = None,
    images: Path | None = None,
    advance: Advance = lambda stage, done, total: None,
) -> Calibration:
    """Measure the model's cosines on the catalogue and keep what they mean in its row.

    Pairs are of products that ask and their neighbours; with `styles` and `images` those labelled pictures
    ask instead (of a network's own training products the figures would be too good). Computes photos in
    this process. Raises `CalibrationRefused`, and OSError for files that cannot be read.
    """
    advance("reading", 0, 1)
    products = gallery.load(model.backbone)
    if len(products) < MIN_PRODUCTS:
        raise CalibrationRefused(
            f"{len(products)} products have features; a calibration needs at least {MIN_PRODUCTS}."
        )
    content = EmbeddingModel.objects.values_list("projection", flat=True).get(pk=model.pk)
    projection = Projection.from_bytes(bytes(content)) if content else None
    advance("photographing", 0, 1)
    if styles and images:
        asked = queries.of_files(styles, images, products, model.backbone)
        shown = asked.own[asked.own >= 0]
    else:
        shown = holdout.rows(products.skus.tolist(), QUERIES)
        asked = queries.of_rows(products, shown)
    try:
        rows = shown[evaluation.sample(len(shown), PHOTOS)]
        photos = photographed.photos_of(products, rows, model.backbone)
        same_photo = same_photo_from(products, projection, model)
    except WeightsError as error:
        log.warning("Calibrated without photos: %s", error)
        photos, same_photo = None, SAME_PHOTO
    advance("measuring", 0, 1)
    found = measure(products, projection, asked, photos, same_photo)
    EmbeddingModel.objects.filter(pk=model.pk).update(calibration=found.as_json())
    return found


def calibrate_active_if_needed() -> None:
    """Calibrate the model that answers if it came without, once there is something to measure with."""
    model = EmbeddingModel.active()
    if model is None or model.calibration is not None:
        return
    counts = pending.counts()
    if counts["pending"] or counts["ready"] < MIN_PRODUCTS:
        return
    try:
        calibrate(model)
    except CalibrationRefused as error:
        log.info("%s", error)


def measure(
    products: Gallery,
    projection: Projection | None,
    asked: Queries,
    photos: Photos | None,
    same_photo: float = SAME_PHOTO,
) -> Calibration:
    """What cosines mean among `products`, by the pairs of `asked` and of `photos` with them."""
    vectors = search_vectors(projection, products.features)
    labels = [name for name in LABELS if name in products.usable()]
    wanted = {name: asked.attributes[name] for name in labels}
    pictures, pairs = curve(vectors, search_vectors(projection, asked.features), asked.own, products, wanted)
    of_photos = None
    if photos is not None and len(photos) >= MIN_PRODUCTS // 2:
        wanted = {name: products.attributes[name][photos.rows] for name in labels}
        nobody = np.full(len(photos), -1)
        asking = search_vectors(projection, photos.features, of_photos=True)
        of_photos, _ = curve(vectors, asking, nobody, products, wanted)
    return Calibration(pictures, of_photos, labels, len(asked), pairs, same_photo)


def curve(
    vectors: np.ndarray,
    asked: np.ndarray,
    own: np.ndarray,
    products: Gallery,
    wanted: dict[str, np.ndarray],
) -> tuple[Curve, int]:
    """The curve of queries (q, d) that want these labels, by name str (q,), and how many pairs made it."""
    rng = np.random.default_rng(0)
    random = rng.integers(len(vectors), size=(len(asked), NEAREST))
    nearest = evaluation.nearest_rows(asked, vectors, own, NEAREST)
    found = np.concatenate([nearest, random], axis=1) if wanted else random
    cosines = np.stack([vectors[rows] @ query for rows, query in zip(found, asked, strict=True)])
    usable = found != own[:, None]
    alike = np.ones(found.shape, bool)
    for name, values in wanted.items():
        usable &= (values != "")[:, None] & (products.attributes[name][found] != "")
        alike &= products.attributes[name][found] == values[:, None]
    if not usable.any():
        return Curve.of_random(cosines.ravel()), cosines.size
    if not wanted:
        return Curve.of_random(cosines[usable]), int(usable.sum())
    return Curve.of_labelled(cosines[usable], alike[usable]), int(usable.sum())


def same_photo_from(products: Gallery, projection: Projection | None, model: EmbeddingModel) -> float:
    """The cosine that 98 of 100 pictures reach with their own smaller, newly compressed copy."""
    rows = evaluation.sample(len(products), COPIES)
    rows, originals = photographed.readable_pictures(products, rows, model.backbone)
    if not len(rows):
        return SAME_PHOTO
    copies = photographed.features_of(copied(originals), model.backbone)
    originally = search_vectors(projection, products.features[rows])
    cosines = (search_vectors(projection, copies) * originally).sum(axis=1)
    return round(float(np.quantile(cosines, 0.02)), 4)


def copied(pictures: Sequence[Image.Image]) -> list[Image.Image]:
    """Each picture as another shop might have it: four fifths of the size, JPEG of quality 70."""
    copies = []
    for picture in pictures:
        out = io.BytesIO()
        size = max(1, picture.width * 4 // 5), max(1, picture.height * 4 // 5)
        picture.resize(size, Image.Resampling.BICUBIC).save(out, "JPEG", quality=70)
        copies.append(Image.open(out).convert("RGB"))
    return copies
