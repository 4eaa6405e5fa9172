"""Words beside a photo: of what looks like it, first what is also called so."""

from statistics import median
from typing import Any

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import ExpressionWrapper

from catalog.models import Product, fold
from catalog.words import meanings
from similarity.neighbours import STRIP, Neighbour
from similarity.photo import PhotoQuery

# So many of the nearest are looked at: words choose among what looks alike, they find nothing else.
CANDIDATES = 100
# What a word that fits is worth, in cosine similarity; see docs/decisions/0008.
WORTH = 0.4
CHEAPER = frozenset({"cheap", "cheaper", "gunstig", "gunstige", "gunstiger", "billig", "billiger"})


def nearest(
    query: PhotoQuery, words: str, limit: int = STRIP, among: "QuerySet[Product] | None" = None
) -> list[Neighbour]:
    """`query.nearest`, with what fits `words` before what does not.

    "cheaper" is a word, too: it fits what costs less than most of what looks alike.
    """
    if not words.strip():
        return query.nearest(limit=limit, among=among)
    found = query.nearest(limit=CANDIDATES, among=among)
    fitting = _fitting(found, words)
    found.sort(key=lambda one: (not one.product.in_stock, -one.similarity - WORTH * fitting[one.product.pk]))
    return found[:limit]


def _fitting(found: list[Neighbour], words: str) -> dict[int, int]:
    """How many of the words fit each product."""
    said = fold(words.lower()).split()
    cheaper = [word for word in said if word.strip(",.!?") in CHEAPER]
    queries = meanings(" ".join(word for word in said if word not in cheaper))
    tests: dict[str, Any] = {
        f"fits_{number}": ExpressionWrapper(Q(search_vector=query), output_field=BooleanField())
        for number, query in enumerate(queries)
    }
    ids = [one.product.pk for one in found]
    rows = Product.objects.filter(pk__in=ids).annotate(**tests).values_list("pk", *tests)
    points = dict.fromkeys(ids, 0) | {pk: sum(map(bool, fits)) for pk, *fits in rows}
    if cheaper and found:
        middle = median(one.product.price for one in found)
        for one in found:
            points[one.product.pk] += one.product.price < middle
    return points
