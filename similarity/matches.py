"""Look-alikes as people are told of them: what `neighbours` finds, with bands, and without what is the same.

Pages and the API ask here; whoever wants the bare nearest asks `neighbours`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from catalog.models import Product
from similarity import duplicates, neighbours, wording
from similarity.bands import Band, Calibration
from similarity.models import EmbeddingModel
from similarity.neighbours import STRIP, Neighbour

if TYPE_CHECKING:  # it brings the broker's client, which not every process needs
    from similarity.photo import PhotoQuery


@dataclass(frozen=True)
class Match:
    """A neighbour as people are told of it. `probability` is None where nothing was labelled."""

    product: Product
    image_id: int
    similarity: float
    band: Band | None
    probability: float | None
    # Below the floor a result is kept from strips; what no calibration has judged is shown without a word.
    is_shown: bool

    @property
    def percent(self) -> int | None:
        """The probability that it is alike, in hundredths."""
        return None if self.probability is None else round(100 * self.probability)


def judged(
    found: Sequence[Neighbour], content: Mapping[str, Any] | None, of_photo: bool = False
) -> list[Match]:
    """The neighbours of one query with their bands, by a model's `calibration`."""
    if content is None:
        return [Match(each.product, each.image_id, each.similarity, None, None, True) for each in found]
    curve = Calibration.from_json(content).curve(of_photo)
    matches = []
    for each, band in zip(found, curve.bands([each.similarity for each in found]), strict=True):
        probability = curve.probability(each.similarity)
        matches.append(
            Match(each.product, each.image_id, each.similarity, band, probability, band is not None)
        )
    return matches


def of_product(product: Product, limit: int = STRIP, among: "QuerySet[Product] | None" = None) -> list[Match]:
    """`neighbours.of_product` with their bands, those below the floor too.

    Another listing of the same picture is the same product, and not similar to it.
    """
    among = neighbours.visible() if among is None else among
    if same := duplicates.other_listings(product):
        among = among.exclude(pk__in=same)
    return judged(neighbours.of_product(product, limit=limit, among=among), _calibration())


def of_photo(query: "PhotoQuery", words: str = "", **options: Any) -> list[Match]:
    """The same for a photo, and for the words beside it."""
    found = wording.nearest(query, words, **options)
    return judged(found, query.model.calibration if query.model else None, of_photo=True)


def shown(matches: Sequence[Match]) -> list[Match]:
    """Those that are not below the floor."""
    return [match for match in matches if match.is_shown]


def _calibration() -> Mapping[str, Any] | None:
    model = EmbeddingModel.active()
    return model.calibration if model else None
