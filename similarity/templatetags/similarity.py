"""Look-alikes in templates."""

from typing import Any

from babel.numbers import format_percent
from django import template
from django.utils.translation import get_language, to_locale

from catalog import thumbnails
from catalog.models import Product
from similarity import neighbours, samples

register = template.Library()


@register.inclusion_tag("similarity/strip.html")
def looks_similar(product: Product) -> dict[str, Any]:
    """The strip of products that look like `product`; nothing when there are none."""
    return {"product": product, "neighbours": neighbours.of_product(product)}


@register.filter
def percent(similarity: float) -> str:
    """A cosine similarity as the active language writes percentages; never below zero."""
    return format_percent(max(similarity, 0), locale=to_locale(get_language() or "en"))


@register.simple_tag
def sample_url(name: str) -> str:
    """A sample photo as a thumbnail."""
    return thumbnails.url(samples.path(name), 480)
