"""Learns a refinement from the shop's own catalogue, proves it on products it has not seen, and switches.

The old model answers until the new one has a vector for every picture; nothing is embedded again.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.core.files.storage import default_storage
from PIL import Image

from catalog.images import ImageRefused
from catalog.models import ProductImage
from similarity import embedding, evaluation, gallery, switch
from similarity.evaluation import BOTH
from similarity.gallery import Gallery
from similarity.models import Backbone, EmbeddingModel
from similarity.preprocess import letterbox, load_rgb
from similarity.refinement import Projection, fit_pca, fit_supervised

# Fewer products than this prove nothing.
MIN_PRODUCTS = 50
MAX_HELD_OUT = 2000
PHOTOS = 200
# A photo must find its own product as often as before; this much is noise of a few hundred photos.
INSTANCE_SLACK = 0.02

# Told the stage and how far it is, done of total.
Advance = Callable[[str, int, int], None]


class RefinementRefused(Exception):
    """There is nothing to refine, or it would not be better; says why in a sentence with figures."""


@dataclass(frozen=True)
class Report:
    """What was tried, and how it did on held-out products beside the unrefined features."""

    method: str
    products: int
    held_out: int
    attributes: list[str]
    raw: dict[str, float | None]
    refined: dict[str, float | None]
    raw_instance_recall_at_1: float | None
    refined_instance_recall_at_1: float | None
    activated: bool = False

    @property
    def gain(self) -> float:
        """Mean gain in precision@5 over what people call alike: kind, colour, and both together."""
        names = [name for name in ("articleType", "baseColour", BOTH) if self.raw.get(name) is not None]
        names = names or [name for name in self.raw if self.raw[name] is not None]
        gains = [(self.refined[name] or 0) - (self.raw[name] or 0) for name in names]
        return sum(gains) / len(gains) if gains else 0.0

    @property
    def objection(self) -> str:
        """Why this refinement may not be used, in a sentence; empty when it may."""
        lost = (self.raw_instance_recall_at_1 or 0) - (self.refined_instance_recall_at_1 or 0)
        if lost > INSTANCE_SLACK:
            return (
                f"photos would find their own product less often: {self.refined_instance_recall_at_1:.3f} "
                f"instead of {self.raw_instance_recall_at_1:.3f}"
            )
        if self.attributes and self.gain <= 0:
            return f"it is not better on {self.held_out} held-out products: precision@5 {self.gain:+.4f}"
        return ""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "gain": round(self.gain, 4), "objection": self.objection}


def refine(activate: bool, advance: Advance = lambda stage, done, total: None) -> Report:
    """Fit a refinement to the catalogue and, if `activate` and it has proved itself, let it answer.

    Raises `RefinementRefused` when there is too little to learn from, or when it may not be activated;
    `WeightsError` when the photos that prove it cannot be embedded.
    """
    active = EmbeddingModel.active()
    if active is None:
        raise RefinementRefused("There is no embedding model yet: start a worker first.")
    advance("reading", 0, 1)
    products = gallery.load(active.backbone)
    if len(products) < MIN_PRODUCTS:
        raise RefinementRefused(
            f"{len(products)} products have features; a refinement needs at least {MIN_PRODUCTS}."
        )
    report, projection = fit(products, active.backbone, advance)
    if not activate:
        return report
    if report.objection:
        raise RefinementRefused(f"The refinement was not activated, because {report.objection}.")
    model = EmbeddingModel.objects.create(
        backbone=active.backbone,
        refinement=report.method,
        dimensions=projection.dimensions,
        projection=projection.to_bytes(),
    )
    switch.fill(model, lambda done: advance("switching", done, len(products)))
    switch.activate_when_complete()
    model.refresh_from_db(fields=["is_active"])
    return Report(**{**asdict(report), "activated": model.is_active})


def fit(products: Gallery, backbone: Backbone, advance: Advance) -> tuple[Report, Projection]:
    """Learn on nine tenths of the products and measure on the rest."""
    held_out = evaluation.sample(len(products), min(len(products) // 10, MAX_HELD_OUT))
    learnt = np.setdiff1d(np.arange(len(products)), held_out)
    names = products.usable()
    advance("fitting", 0, 100)
    projection, method = fit_pca(products.features[learnt]), EmbeddingModel.Refinement.PCA
    if names:
        attributes = {name: products.attributes[name][learnt] for name in names}
        projection = fit_supervised(
            products.features[learnt],
            attributes,
            projection,
            advance=lambda share: advance("fitting", round(100 * share), 100),
        )
        method = EmbeddingModel.Refinement.SUPERVISED
    advance("proving", 0, 1)
    refined = projection.apply(products.features)
    chosen = held_out[evaluation.sample(len(held_out), PHOTOS)]
    photographed, photos = photo_features(products, chosen, backbone)
    report = Report(
        method=method.value,
        products=len(products),
        held_out=len(held_out),
        attributes=names,
        raw=evaluation.as_json(evaluation.precision(products, products.features, held_out, names)),
        refined=evaluation.as_json(evaluation.precision(products, refined, held_out, names)),
        raw_instance_recall_at_1=_recall_at_1(photos, products.features, photographed),
        refined_instance_recall_at_1=_recall_at_1(projection.apply(photos), refined, photographed),
    )
    return report, projection


def photo_features(products: Gallery, rows: np.ndarray, backbone: Backbone) -> tuple[np.ndarray, np.ndarray]:
    """The rows whose first picture can be read, and features (n, 2048) of it as photographed with a phone."""
    readable, originals = [], []
    for row, picture in zip(rows.tolist(), pictures(products.images[rows], backbone), strict=True):
        if picture is not None:
            readable.append(row)
            originals.append(picture)
    size = backbone.input_height, backbone.input_width
    inputs = [letterbox(photo, *size) for photo in evaluation.spoiled_photos(originals)]
    features = embedding.embedder_for(backbone).features(np.stack(inputs)) if inputs else np.empty((0, 2048))
    return np.array(readable, np.int64), features


def pictures(images: np.ndarray, backbone: Backbone) -> list[Image.Image | None]:
    """The stored pictures of these image ids, in their order and large enough; None where a file is gone."""
    height, width = backbone.input_height, backbone.input_width
    names = dict(ProductImage.objects.filter(pk__in=images.tolist()).values_list("pk", "picture"))
    opened: list[Image.Image | None] = []
    for image in images.tolist():
        try:
            with default_storage.open(names[image]) as file:
                picture = load_rgb(file, 2 * height, 2 * width)
            picture.thumbnail((4 * width, 4 * height))
            opened.append(picture)
        except (OSError, KeyError, ImageRefused):
            opened.append(None)
    return opened


def _recall_at_1(photos: np.ndarray, vectors: np.ndarray, own: np.ndarray) -> float | None:
    if not len(photos):
        return None
    return round(float(evaluation.recall(evaluation.instance_ranks(photos, vectors, own), 1).mean()), 4)
