"""What a cosine means to people: a band and a percentage, as calibrated for one model on labelled pairs.

Cosines of different models are not on one scale, and those of phone photos are lower than those of the
shop's own pictures. A `Curve` therefore maps the cosines of one model and one kind of query to the measured
probability that a pair is alike, by isotonic regression (Ayer et al., 1955; for probabilities Zadrozny and
Elkan, 2002).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

BINS = 40
# The cosine from which two pictures may be one photo, where no copy could be measured.
SAME_PHOTO = 0.98


class Band(TextChoices):
    """From the nearest to the furthest that is still shown."""

    CLOSE = "close", pgettext_lazy("look-alikes", "Close match")
    SIMILAR = "similar", pgettext_lazy("look-alikes", "Similar")
    LOOSE = "loose", pgettext_lazy("look-alikes", "Loosely similar")


# The least probability that a pair agrees in kind and colour; what does not reach the last is not shown.
# Two random products of the real catalogue agree in 0.006 of cases (docs/decisions/0009).
LEAST = {Band.CLOSE: 0.5, Band.SIMILAR: 0.25, Band.LOOSE: 0.05}
# Without labels: the share of random pairs that are less alike.
RARER_THAN = {Band.CLOSE: 0.9995, Band.SIMILAR: 0.995, Band.LOOSE: 0.95}


@dataclass(frozen=True)
class Curve:
    """`knots` (cosine, probability), both rising, none without labels; `cuts` is the least cosine by band."""

    knots: Sequence[tuple[float, float]]
    cuts: Mapping[Band, float]

    @classmethod
    def of_labelled(cls, similarities: np.ndarray, alike: np.ndarray) -> "Curve":
        """From pairs: their cosines float (m,), and whether each is alike, bool (m,)."""
        order = np.argsort(similarities)
        parts = np.array_split(order, min(BINS, len(order)))
        values = [(alike[part].mean(), float(len(part))) for part in parts]
        knots = [
            (round(float(similarities[part].mean()), 4), round(probability, 4))
            for part, probability in zip(parts, rising(values), strict=True)
        ]
        knots = [knot for knot in knots if knot[0] < 1]
        knots.append((1.0, 1.0))  # the same picture is alike, whatever its labels say
        return cls(knots, {band: first_at(knots, least) for band, least in LEAST.items()})

    @classmethod
    def of_random(cls, similarities: np.ndarray) -> "Curve":
        """From the cosines (m,) of random pairs, where no label tells which are alike: bands only."""
        cuts = {band: float(np.quantile(similarities, share)) for band, share in RARER_THAN.items()}
        return cls([], {band: round(cut, 4) for band, cut in cuts.items()})

    def probability(self, similarity: float) -> float | None:
        """That a pair with this cosine is alike; None where nothing was labelled."""
        if not self.knots:
            return None
        cosines, probabilities = zip(*self.knots, strict=True)
        return float(np.interp(similarity, cosines, probabilities))

    def bands(self, similarities: Sequence[float]) -> list[Band | None]:
        """The band of each result of one query; None below the floor.

        A result that lies further behind the best one than the band of the similar is wide, is a band less:
        beside a very close match another is not as close as it would be alone.
        """
        best, gap = max(similarities, default=0.0), self.cuts[Band.CLOSE] - self.cuts[Band.SIMILAR]
        found: list[Band | None] = []
        for similarity in similarities:
            band = next((band for band in Band if similarity >= self.cuts[band]), None)
            if band and best - similarity > gap:
                band = Band.SIMILAR if band == Band.CLOSE else Band.LOOSE
            found.append(band)
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "knots": [list(knot) for knot in self.knots],
            "cuts": {band.value: cut for band, cut in self.cuts.items()},
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Curve":
        """Raises KeyError or ValueError when `content` is not `as_json`'s."""
        knots = [(float(cosine), float(probability)) for cosine, probability in content["knots"]]
        return cls(knots, {band: float(content["cuts"][band.value]) for band in Band})


def rising(values: Iterable[tuple[float, float]]) -> list[float]:
    """The nearest sequence that never falls to (value, weight) pairs: pool adjacent violators."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in values:
        count = 1
        while blocks and blocks[-1][0] >= value:
            before, its_weight, its_count = blocks.pop()
            value = (before * its_weight + value * weight) / (its_weight + weight)
            weight, count = weight + its_weight, count + its_count
        blocks.append((float(value), weight, count))
    return [value for value, _, count in blocks for _ in range(count)]


def first_at(knots: Sequence[tuple[float, float]], least: float) -> float:
    """The smallest cosine whose probability is at least `least`, between knots by straight lines."""
    low, before = knots[0]
    if before >= least:
        return -1.0
    for cosine, probability in knots[1:]:
        if probability >= least:
            return round(low + (cosine - low) * (least - before) / (probability - before), 4)
        low, before = cosine, probability
    return 1.0


@dataclass(frozen=True)
class Calibration:
    """What an `EmbeddingModel` knows of its cosines, and the figures behind it.

    `labels` are the attributes that had to agree, [] where the shop has none. `photos` is None where no
    photo could be measured; `same_photo` is the cosine from which two pictures are one photo.
    """

    pictures: Curve
    photos: Curve | None
    labels: Sequence[str]
    queries: int
    pairs: int
    same_photo: float

    def curve(self, of_photo: bool) -> Curve:
        return (self.photos if of_photo else None) or self.pictures

    def as_json(self) -> dict[str, Any]:
        return {
            "labels": list(self.labels),
            "queries": self.queries,
            "pairs": self.pairs,
            "same_photo": self.same_photo,
            "pictures": self.pictures.as_json(),
            "photos": self.photos.as_json() if self.photos else None,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Calibration":
        return cls(
            pictures=Curve.from_json(content["pictures"]),
            photos=Curve.from_json(content["photos"]) if content["photos"] else None,
            labels=content["labels"],
            queries=content["queries"],
            pairs=content["pairs"],
            same_photo=content["same_photo"],
        )
