"""What the admin's menu shows: to each person only what that person may open."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def item(title: Any, icon: str, address: str, permission: str) -> dict[str, Any]:
    """An entry for who has `permission`; `icon` is one of the theme's Material Symbols."""
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(address),
        "permission": lambda request: request.user.has_perm(permission),
    }


def rows_of(model: str, title: Any, icon: str) -> dict[str, Any]:
    """An entry for the rows of a model, such as `catalog.product`."""
    application, name = model.split(".")
    return item(title, icon, f"admin:{application}_{name}_changelist", f"{application}.view_{name}")


def style(request: HttpRequest) -> str:
    """The style sheet of our own admin pages."""
    return static("admin/lookalike.css")


# The shop's wine red in the theme's shades, from the lightest to the darkest.
WINE = {
    "50": "oklch(97.5% .01 5)",
    "100": "oklch(94.5% .02 5)",
    "200": "oklch(89% .045 5)",
    "300": "oklch(81% .08 5)",
    "400": "oklch(70% .11 5)",
    "500": "oklch(62% .13 8)",
    "600": "oklch(41% .11 8)",
    "700": "oklch(36% .1 8)",
    "800": "oklch(31% .085 8)",
    "900": "oklch(27% .07 8)",
    "950": "oklch(20% .05 8)",
}
SECTIONS = [
    {
        "title": _("Catalogue"),
        "items": [
            rows_of("catalog.product", _("Products"), "apparel"),
            rows_of("catalog.category", _("Categories"), "account_tree"),
            rows_of("catalog.brand", _("Brands"), "sell"),
            rows_of("catalog.importjob", _("Imports"), "upload_file"),
        ],
    },
    {
        "title": _("Similarity"),
        "items": [
            item(_("Operations"), "monitoring", "operations", "similarity.view_embedding"),
            rows_of("similarity.categorygroup", _("Product groups"), "styler"),
            rows_of("similarity.embedding", _("Embeddings"), "image_search"),
            rows_of("similarity.run", _("Quality"), "speed"),
            rows_of("similarity.nearduplicate", _("Near-duplicates"), "filter_none"),
            rows_of("similarity.embeddingmodel", _("Models"), "neurology"),
            rows_of("similarity.worker", _("Workers"), "engineering"),
        ],
    },
    {
        "title": _("Access"),
        "items": [
            rows_of("auth.user", _("Users"), "person"),
            rows_of("auth.group", _("Roles"), "group"),
            rows_of("shop.apitoken", _("API tokens"), "key"),
        ],
    },
]
