"""Learns a refinement from the shop's own catalogue, proves it on products it has not seen, and switches.

The old model answers until the new one has a vector for every picture; nothing is embedded again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from similarity import (
    calibration,
    evaluation,
    gallery,
    holdout,
    index,
    photographed,
    queries,
    runtime,
    style,
    switch,
)
from similarity.classifier import fit_classifier
from similarity.evaluation import BOTH, Figure
from similarity.gallery import Gallery
from similarity.models import EmbeddingModel
from similarity.photographed import Photos
from similarity.refinement import Projection, fit_pca, fit_photo_whitened

# Fewer products than this prove nothing.
MIN_PRODUCTS = 50
MAX_HELD_OUT = 2000
# With 600 a difference of 0.02 is twice its standard error: the same photos are asked before and after.
PHOTOS = 600
# So many others are photographed to learn what a photo changes: 2,000 teach it as well as 35,000.
PHOTOS_LEARNT = 2000
# A photo must find its own product as often as before; more than this is no noise.
INSTANCE_SLACK = 0.02
# What precision may cost where photos find their own product more often.
PRECISION_SLACK = 0.01

Method = EmbeddingModel.Refinement
# Told the stage and how far it is, done of total.
Advance = Callable[[str, int, int], None]


class RefinementRefused(Exception):
    """There is nothing to refine, or it would not be better; says why in a sentence with figures.

    `report` is what was measured, where it came to that.
    """

    def __init__(self, sentence: str, report: "Report | None" = None) -> None:
        super().__init__(sentence)
        self.report = report


@dataclass(frozen=True)
class Report:
    """What was tried, and how it did on held-out products beside the unrefined features.

    Recall is of photos of held-out products, None without any. `gain` is the mean, over what people call
    alike (kind, colour, both together), of how much precision@5 rose for the same query; `lost` how much
    recall fell for the same photo. `others` were tried before this one, and may not be used.
    """

    method: str
    products: int
    held_out: int
    attributes: list[str]
    raw: dict[str, Figure]
    refined: dict[str, Figure]
    gain: Figure
    raw_instance_recall_at_1: Figure | None
    refined_instance_recall_at_1: Figure | None
    lost: Figure | None
    others: Sequence["Report"] = field(default=())
    activated: bool = False

    @property
    def objection(self) -> str:
        """Why this refinement may not be used, in a sentence; empty when it may."""
        before, after = self.raw_instance_recall_at_1, self.refined_instance_recall_at_1
        if before and after and self.lost and self.lost.value > INSTANCE_SLACK:
            return (
                f"photos would find their own product less often: {after.value:.3f} "
                f"instead of {before.value:.3f} of {before.queries}"
            )
        finds_more = self.lost is not None and self.lost.high < 0 and self.gain.value >= -PRECISION_SLACK
        if self.attributes and self.gain.low <= 0 and not finds_more:
            return (
                f"{self.held_out} held-out products do not show that it is better: "
                f"precision@5 {self.gain.value:+.4f} "
                f"({self.gain.low:+.4f} to {self.gain.high:+.4f})"
            )
        return ""

    def as_json(self) -> dict[str, Any]:
        figures = {name: value for name, value in vars(self).items() if name != "others"}
        return {
            **evaluation.as_json(figures),
            "objection": self.objection,
            "others": [other.as_json() for other in self.others],
        }


def refine(activate: bool, advance: Advance = lambda stage, done, total: None) -> Report:
    """Fit a refinement to the catalogue and, if `activate` and it has proved itself, let it answer.

    Raises `RefinementRefused` when there is too little to learn from, or when it may not be activated;
    `WeightsError` when the photos that prove it cannot be embedded.
    """
    active = EmbeddingModel.active()
    if active is None:
        raise RefinementRefused("There is no embedding model yet: start a worker first.")
    if activate and active.backbone.weights_sha256 != runtime.configured().sha256:
        raise RefinementRefused("New weights are being prepared: refine once they answer.")
    advance("reading", 0, 1)
    products = gallery.load(active.backbone)
    if len(products) < MIN_PRODUCTS:
        raise RefinementRefused(
            f"{len(products)} products have features; a refinement needs at least {MIN_PRODUCTS}."
        )
    held_out = holdout.rows(products.skus.tolist(), min(len(products) // 10, MAX_HELD_OUT))
    learnt = holdout.others(products.skus.tolist(), held_out)
    rows = held_out[evaluation.sample(len(held_out), PHOTOS)]
    lessons = learnt[evaluation.sample(len(learnt), PHOTOS_LEARNT)]

    def photographing(before: int) -> Callable[[int], None]:
        return lambda done: advance("photographing", before + done, len(rows) + len(lessons))

    photographing(0)(0)
    photos = photographed.photos_of(products, rows, active.backbone, photographing(0))
    taught = photographed.photos_of(products, lessons, active.backbone, photographing(len(rows)))
    report, projection = fit(products, learnt, held_out, photos, taught, advance)
    if not activate:
        return report
    if report.objection:
        sentence = "; ".join(f"{each.method}: {each.objection}" for each in (report, *report.others))
        raise RefinementRefused(f"No refinement was activated. {sentence}.", report)
    asked = queries.of_rows(products, held_out)
    same_photo = calibration.same_photo_from(products, projection, active)
    model = EmbeddingModel.objects.create(
        backbone=active.backbone,
        refinement=report.method,
        dimensions=projection.dimensions,
        projection=projection.to_bytes(),
        calibration=calibration.measure(products, projection, asked, photos, same_photo).as_json(),
    )
    try:
        switch.fill(model, lambda done: advance("switching", done, len(products)))
        style.refresh(model)
        for done, kind in enumerate(index.KINDS):
            if index.is_wanted(model, kind):
                advance("indexing", done, len(index.KINDS))
                index.build(model, kind)
    except BaseException:  # stopped on the way: what is half built must not take over later
        model.delete()
        raise
    switch.activate_when_complete()
    model.refresh_from_db(fields=["is_active"])
    return replace(report, activated=model.is_active)


def fit(
    products: Gallery,
    learnt: np.ndarray,
    held_out: np.ndarray,
    photos: Photos,
    taught: Photos,
    advance: Advance,
) -> tuple[Report, Projection]:
    """The first that may be used: learned from attributes, from photos, principal components.

    What is learned from attributes is added to what is learned from photos. All learn from the rows `learnt`
    int (n,) and from photos of some of them, `taught`; `held_out` and their `photos` prove it. If none may be
    used, the report is of the first, and names the others.
    """
    tried: list[tuple[Report, Projection]] = []
    for method, projection in _candidates(products, learnt, taught, advance):
        advance("proving", 0, 1)
        report = prove(method, projection, products, held_out, photos)
        if not report.objection:
            return replace(report, others=[other for other, _ in tried]), projection
        tried.append((report, projection))
    (first, projection), *others = tried
    return replace(first, others=[other for other, _ in others]), projection


def _candidates(
    products: Gallery, learnt: np.ndarray, taught: Photos, advance: Advance
) -> Iterator[tuple[Method, Projection]]:
    """One after another, because the later ones are rarely needed."""
    features, names = products.features[learnt], products.usable()
    advance("fitting", 0, 100)
    if len(taught):
        method = Method.PHOTOS
        start = fit_photo_whitened(features, taught.features, np.searchsorted(learnt, taught.rows))
    else:
        method, start = Method.PCA, fit_pca(features)
    if names:
        attributes = {name: products.attributes[name][learnt] for name in names}
        classifier = fit_classifier(
            features, attributes, start.mean, lambda share: advance("fitting", round(100 * share), 100)
        )
        yield Method.SUPERVISED, start.classifying(classifier)
    yield method, start
    if method != Method.PCA:
        yield Method.PCA, fit_pca(features)


def prove(
    method: Method, projection: Projection, products: Gallery, held_out: np.ndarray, photos: Photos
) -> Report:
    """How `projection` does on the `held_out` rows of the gallery, among all of it."""
    names = products.usable()
    vectors = projection.apply(products.features)
    before = evaluation.shares(products, products.features, held_out, names)
    after = evaluation.shares(products, vectors, held_out, names)
    judged = [name for name in ("articleType", "baseColour", BOTH) if name in before] or list(before)
    gains = np.array([after[name] - before[name] for name in judged]).reshape(len(judged), len(held_out))
    known = ~np.isnan(gains)
    gain = np.where(known, gains, 0).sum(axis=0)[known.any(axis=0)] / known.sum(axis=0)[known.any(axis=0)]
    found = _found_first(photos.features, products.features, photos.rows)
    found_after = _found_first(projection.apply(photos.features, of_photos=True), vectors, photos.rows)
    return Report(
        method=method.value,
        products=len(products),
        held_out=len(held_out),
        attributes=names,
        raw=evaluation.figures(before),
        refined=evaluation.figures(after),
        gain=Figure.of(gain),
        raw_instance_recall_at_1=Figure.of(found) if len(photos) else None,
        refined_instance_recall_at_1=Figure.of(found_after) if len(photos) else None,
        lost=Figure.of(found - found_after) if len(photos) else None,
    )


def _found_first(photos: np.ndarray, vectors: np.ndarray, own: np.ndarray) -> np.ndarray:
    return evaluation.recall(evaluation.instance_ranks(photos, vectors, own), 1)
