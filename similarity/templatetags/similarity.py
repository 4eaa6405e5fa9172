"""Look-alikes in templates."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from babel.numbers import format_percent
from django import template
from django.http import HttpRequest
from django.utils.translation import get_language, to_locale

from catalog import thumbnails
from catalog.models import Category, Product
from similarity import bands, complements, curation, matches, narrowing, neighbours, samples

register = template.Library()


@dataclass(frozen=True)
class Way:
    """A way to refine the strip, and the parameters of the page with it switched."""

    label: str
    chosen: bool
    address: str


@register.inclusion_tag("similarity/strip.html", takes_context=True)
def looks_similar(context: dict[str, Any], product: Product) -> dict[str, Any]:
    """The strip of products that look like `product`, as the address refines it; nothing without any."""
    request: HttpRequest = context["request"]
    possible = narrowing.ways(product)
    chosen = [way for way in request.GET.getlist("alike") if way in possible]
    among = narrowing.narrowed(neighbours.visible(), product, chosen)
    ways = []
    for way in possible:
        others = [other for other in possible if (other in chosen) != (other == way)]
        query = urlencode({"alike": others}, doseq=True)
        ways.append(Way(str(narrowing.WAYS[way]), way in chosen, f"{request.path}?{query}".removesuffix("?")))
    found = matches.shown(curation.strip(product, among=among))
    return {"product": product, "neighbours": found, "ways": ways, "chosen": chosen, "request": request}


@register.inclusion_tag("similarity/complements.html")
def goes_well_with(product: Product, path: list[Category]) -> dict[str, Any]:
    """A place for the complements of `product`, which come when they are in sight; nothing without any."""
    return {
        "product": product,
        "may_have": complements.may_have(product, path),
        "awaited": range(complements.SHOWN),
    }


@register.filter
def percent(share: float) -> str:
    """A share of one as the active language writes percentages."""
    return format_percent(share, locale=to_locale(get_language() or "en"))


@register.simple_tag
def measured_bands() -> list[tuple[bands.Band, float]]:
    """Each band with the least share of pairs in it that agree in kind and colour."""
    return list(bands.LEAST.items())


@register.simple_tag
def sample_photos(number: int) -> list[str]:
    """So many sample photos, spread over all there are."""
    names = samples.names()
    return names[:: max(1, len(names) // number)][:number]


@register.simple_tag
def sample_url(name: str, width: int) -> str:
    """A sample photo as a thumbnail of one of `thumbnails.WIDTHS_PX`."""
    return thumbnails.url(samples.path(name), width)
