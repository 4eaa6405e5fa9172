"""The strip as shoppers see it: look-alikes, less what people hid, and what they pinned before the rest."""

from dataclasses import replace

from django.db.models import Max, QuerySet

from catalog.models import Product
from similarity import matches, neighbours
from similarity.matches import Match
from similarity.models import Curation
from similarity.neighbours import STRIP

Decision = Curation.Decision


def decisions(product: Product) -> dict[int, str]:
    """What was decided on other products, by their keys; the pinned in their order."""
    return dict(product.curations.values_list("other", "decision"))


def decide(product: Product, other: Product, decision: str) -> None:
    """Pin `other` behind what is pinned, or hide it; anything but a `Decision` takes the word back."""
    curations = product.curations
    if product == other or decision not in Decision.values:
        curations.filter(other=other).delete()
        return
    position = 0
    if decision == Decision.PINNED:
        last = curations.filter(decision=decision).aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
    curations.update_or_create(other=other, defaults={"decision": decision, "position": position})


def strip(product: Product, limit: int = STRIP, among: "QuerySet[Product] | None" = None) -> list[Match]:
    """`matches.of_product`, the pinned first in their order and the hidden never.

    Pinned products have their place only while they are in stock, embedded, and among those asked for: a
    strip of "same colour" stays one. Sold out they count like any other.
    """
    among = neighbours.visible() if among is None else among
    decided = decisions(product)
    pins = [other for other, decision in decided.items() if decision == Decision.PINNED]
    hidden = [other for other, decision in decided.items() if decision == Decision.HIDDEN]
    pinned: list[Match] = []
    if pins:
        stocked = among.filter(pk__in=pins, stock__gt=0)
        found = matches.of_product(product, limit=len(pins), among=stocked)
        found = sorted(found, key=lambda match: pins.index(match.product.pk))[:limit]
        pinned = [replace(match, is_shown=True) for match in found]
    without = hidden + [match.product.pk for match in pinned]
    if without:
        among = among.exclude(pk__in=without)
    return pinned + matches.of_product(product, limit=limit - len(pinned), among=among)
