"""Words beside a photo: of what looks like it, first what is also called so."""

from functools import reduce
from statistics import median
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import ExpressionWrapper

from catalog.models import Product, fold
from catalog.words import Query, meanings
from similarity import neighbours
from similarity.neighbours import STRIP, Neighbour

if TYPE_CHECKING:  # it brings the broker's client, which not every process needs
    from similarity.photo import PhotoQuery

# Longer than anybody describes a photo.
WORDS_MAX = 200
# So many of the nearest are looked at, and as many of the nearest that all words fit: what looks most like a
# blue shirt is blue, and "in red" would find nothing red among it.
CANDIDATES = 50
# What a word that fits is worth, in cosine similarity; see docs/decisions/0008.
WORTH = 0.4
CHEAPER = frozenset({"cheap", "cheaper", "gunstig", "gunstige", "gunstiger", "billig", "billiger"})


def nearest(
    query: "PhotoQuery", words: str, limit: int = STRIP, among: "QuerySet[Product] | None" = None
) -> list[Neighbour]:
    """`query.nearest`, with what fits `words` before what does not.

    "cheaper" is a word, too: it fits what costs less than most of what looks alike.
    """
    if not words.strip():
        return query.nearest(limit=limit, among=among)
    among = neighbours.visible() if among is None else among
    fitting_all = reduce(lambda some, meaning: some.filter(search_vector=meaning), _meanings(words), among)
    found = query.nearest(limit=CANDIDATES, among=fitting_all)
    known = {one.product.pk for one in found}
    found += [one for one in query.nearest(limit=CANDIDATES, among=among) if one.product.pk not in known]
    fitting = _fitting(found, words)
    found.sort(key=lambda one: (not one.product.in_stock, -one.similarity - WORTH * fitting[one.product.pk]))
    return found[:limit]


def _said(words: str) -> list[str]:
    return [word.strip(",.!?") for word in fold(words.lower()).split()]


def _asks_for_cheaper(words: str) -> bool:
    return not CHEAPER.isdisjoint(_said(words))


def _meanings(words: str) -> list[Query]:
    return meanings(" ".join(word for word in _said(words) if word not in CHEAPER))


def _fitting(found: list[Neighbour], words: str) -> dict[int, int]:
    """How many of the words fit each product."""
    tests: dict[str, Any] = {
        f"fits_{number}": ExpressionWrapper(Q(search_vector=query), output_field=BooleanField())
        for number, query in enumerate(_meanings(words))
    }
    ids = [one.product.pk for one in found]
    rows = Product.objects.filter(pk__in=ids).annotate(**tests).values_list("pk", *tests)
    points = dict.fromkeys(ids, 0) | {pk: sum(map(bool, fits)) for pk, *fits in rows}
    priced = [one.product for one in found if one.product.price]
    if _asks_for_cheaper(words) and priced:
        middle = median(product.price for product in priced)
        for product in priced:
            points[product.pk] += product.price < middle
    return points
