"""The catalogue's pages. Thin: what they show is `catalog.listing`'s and the models'."""

from django.core.paginator import EmptyPage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from catalog.listing import Listing
from catalog.models import Product
from catalog.tree import CategoryTree

# Pictures of the first row are loaded at once, those below when they come near.
EAGER_CARDS = 4


class HtmxRequest(HttpRequest):
    """A request that `HtmxMiddleware` has seen."""

    htmx: HtmxDetails


@require_safe
def listing(request: HtmxRequest, slug: str | None = None) -> HttpResponse:
    """All products, or those of a category, as the address filters and sorts them."""
    tree = CategoryTree()
    category = tree.find(slug) if slug else None
    if slug and category is None:
        raise Http404
    shown = Listing(request.GET, category, tree)
    if "" in request.GET.values():  # a form sent its empty fields along: one listing, one address
        return redirect(shown.address(request.path))
    try:
        page = shown.page(request.GET.get("page"))
    except EmptyPage as error:
        raise Http404 from error
    context = {
        "listing": shown,
        "category": category,
        "path": tree.path(category) if category else [],
        "page": page,
        "is_home": not (category or shown.query or page.number > 1),
        "eager_cards": EAGER_CARDS,
    }
    response = render(request, "catalog/listing.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted"])
    if request.htmx and not request.htmx.boosted:  # the filters' form, which sends all its fields
        response["HX-Push-Url"] = shown.address(request.path)
    return response


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product; 404 when it is not active."""
    found = get_object_or_404(Product.objects.visible().for_cards(), slug=slug)
    return render(
        request, "catalog/product.html", {"product": found, "path": CategoryTree().path(found.category)}
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers are asked to leave alone, and where the site map is."""
    return render(request, "robots.txt", content_type="text/plain")
