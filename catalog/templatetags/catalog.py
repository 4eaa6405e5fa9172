"""Pictures, prices and structured data in templates."""

import json
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.defaultfilters import slugify
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, to_locale

from catalog import attribute_names, thumbnails
from catalog.listing import Choice, Facet
from catalog.models import Category, Product, ProductImage

register = template.Library()

# Nothing that ends a <script>, or begins a tag or an entity; the same letters as `json_script` escapes.
SCRIPT_ESCAPES = {ord(letter): f"\\u{ord(letter):04X}" for letter in "<>&"}


@register.filter
def price(product: Product) -> str:
    """The product's price as the active language writes it; imports without prices leave it at 0."""
    if not product.price:
        return gettext("Price on request")
    return money(product.price, product.currency)


def money(amount: Decimal, currency: str) -> str:
    return format_currency(amount, currency, locale=to_locale(get_language() or "en"))


@register.simple_tag
def picture(
    image: ProductImage | None, sizes: str, eager: bool = False, alt: str | None = None
) -> SafeString:
    """`image` as <img> with `srcset`. `sizes` as in HTML; `eager` for what is in sight at once."""
    if image is None or not image.picture.name:
        return render_to_string("catalog/no_picture.html")
    candidates = thumbnails.srcset(image.picture.name, image.width)
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}" {}="{}" decoding="async">',
        candidates[len(candidates) // 2][0],
        ", ".join(f"{url} {width}w" for url, width in candidates),
        sizes,
        image.width,
        image.height,
        image.alt if alt is None else alt,
        *(("fetchpriority", "high") if eager else ("loading", "lazy")),
    )


@register.simple_tag
def choices(facet: Facet, some: list[Choice]) -> SafeString:
    """Check boxes for `some` of a facet's values, each in a list item.

    Written here because a page has hundreds, for which a template takes three times as long.
    """
    return format_html_join(
        "\n",
        '<li><label class="choice" for="{id}">'
        '<input type="checkbox" id="{id}" name="{name}" value="{value}"{checked}>{swatch}'
        '<span class="choice-label">{label}</span> <span class="count">{count}</span></label></li>',
        (
            {
                "id": f"{facet.name}-{slugify(choice.value)}",
                "name": facet.name,
                "value": choice.value,
                "checked": mark_safe(" checked") if choice.chosen else "",
                "swatch": swatch(choice.value) if facet.name == "colour" else "",
                "label": choice.label,
                "count": intcomma(choice.count),
            }
            for choice in some
        ),
    )


@register.simple_tag
def roots() -> list[Category]:
    """The categories at the top, for the shop's navigation. Costs a query."""
    return list(Category.objects.without_tree_fields().filter(parent=None)[:6])


@register.simple_tag
def page_numbers(page: "Page[Product]") -> list[int | str]:
    """Page numbers around this one, the first and the last, and an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


register.filter(attribute_names.named)


@register.filter
def short_name(product: Product) -> str:
    """The name without the brand it begins with, for where the brand stands beside it."""
    brand = product.brand.name if product.brand else ""
    start, rest = product.name[: len(brand)], product.name[len(brand) :]
    return rest.strip() if brand and start.lower() == brand.lower() and rest[:1] == " " else product.name


@register.filter
def swatch(colour: str) -> SafeString:
    """A dot of that colour, for eyes only: its name stands beside it."""
    return format_html('<span class="swatch swatch-{}" aria-hidden="true"></span>', slugify(colour))


@register.simple_tag(takes_context=True)
def json_ld(context: dict[str, Any], product: Product) -> SafeString:
    """The product as schema.org describes it, safe inside <script>."""
    request: HttpRequest = context["request"]
    url = request.build_absolute_uri(product.get_absolute_url())
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.name,
        "sku": product.sku,
        "url": url,
        "category": product.category.name,
        "image": [request.build_absolute_uri(image.picture.url) for image in product.images.all()],
        "offers": {
            "@type": "Offer",
            "url": url,
            "availability": f"https://schema.org/{'InStock' if product.in_stock else 'OutOfStock'}",
        },
    }
    if product.price:
        data["offers"] |= {"price": str(product.price), "priceCurrency": product.currency}
    if product.brand:
        data["brand"] = {"@type": "Brand", "name": product.brand.name}
    optional = {"description": product.description, "color": product.base_colour}
    data |= {name: value for name, value in optional.items() if value}
    return mark_safe(json.dumps(data).translate(SCRIPT_ESCAPES))  # noqa: S308 - <, > and & are escaped
