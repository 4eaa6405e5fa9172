"""The pages of photo search. A photo is sent once; what goes on from page to page is its signed vector."""

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from catalog.images import ImageRefused
from catalog.listing import Listing
from catalog.models import Product
from catalog.tree import CategoryTree
from catalog.views import HtmxRequest
from shop import limits
from similarity import complements, curation, matches, neighbours, photo, piece, samples
from similarity.photo import PhotoQuery, PhotoUnavailable
from similarity.piece import Box
from similarity.upload import PhotoUploadHandler
from similarity.wording import WORDS_MAX

# The page of look-alikes has room for more than the strip.
ALIKE = 20
# The facets that results are narrowed by: what a card shows.
NARROWED_BY = ("category", "colour", "brand")


class SeeOther(HttpResponseRedirect):
    """Asks for the next page by GET, whatever this one was asked by."""

    status_code = 303


# A search changes nothing and is done for nobody in particular: without the token no visitor needs a cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The form. A photo sent to it leads to the results, or back to the form with the reason why not.

    Instead of a photo it takes the name of a sample, or the token of a small picture that the browser keeps.
    """
    if request.method != "POST":
        return render(request, "similarity/search.html", {"samples": samples.names()})
    if seconds := limits.photo().spend(limits.client(request)):
        return refusal(request, 429, _("These were many photos in a short time."), retry_after_s=seconds)
    request.upload_handlers = [PhotoUploadHandler(request)]
    sample, upload = request.POST.get("sample", ""), request.FILES.get("image")
    token, box = request.POST.get("piece", ""), Box.read(request.POST)
    try:
        if sample in samples.names():
            with default_storage.open(samples.path(sample)) as file:
                query: PhotoQuery | None = photo.query(file, box)
        elif token:
            query = photo.query_piece(token, box)
        elif upload:
            query = photo.query(upload, box)
        else:
            return refusal(request, 422, _("Please choose a photo first."))
    except ImageRefused as refused:
        sentence = " ".join(refused.messages)
        name = (upload.name if upload else "") or sample
        return refusal(request, 413 if refused.code == "bytes" else 422, sentence, name)
    except PhotoUnavailable as unavailable:
        return refusal(request, 503, str(unavailable.sentence), retry_after_s=unavailable.retry_after_s)
    if query is None:
        return refusal(request, 410, _("Your photo is gone after an hour. Please show it again."))
    target = {"photo": query.to_token()} | ({"sample": sample} if sample in samples.names() else {})
    location = f"{reverse('similarity:results')}?{urlencode(target)}"
    if words := request.POST.get("words", ""):
        location += f"&{urlencode({'words': words})}"
    if filters := Listing(request.POST, None, CategoryTree()).query:
        location += f"&{filters.urlencode()}"
    if asks_for_json(request):
        kept = {"photo": query.photo_id, "piece": piece.sign(query.photo_id, query.picture)}
        return JsonResponse({"location": location, "picture": piece.data_url(query.picture)} | kept)
    return SeeOther(location)


def refusal(
    request: HttpRequest, status: int, sentence: str, file: str = "", retry_after_s: int = 0
) -> HttpResponse:
    """The form again, or JSON for the page's script, with the reason why there is no answer."""
    problem = {"sentence": sentence, "file": file, "retry_after_s": retry_after_s}
    if asks_for_json(request):
        if retry_after_s:
            problem["sentence"] = f"{sentence} {limits.come_again(retry_after_s)}"
        response: HttpResponse = JsonResponse(problem, status=status)
    else:
        context = {"samples": samples.names(), "problem": problem}
        response = render(request, "similarity/search.html", context, status=status)
    if retry_after_s:
        response["Retry-After"] = str(retry_after_s)
    return response


def asks_for_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


@never_cache
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """The products nearest to a photo, among those that the address filters for."""
    token = request.GET.get("photo", "")
    query = PhotoQuery.from_token(token)
    if query is None:
        return render(request, "similarity/ended.html", {"samples": samples.names()}, status=410)
    shown = Listing(request.GET, None, CategoryTree())
    sample = request.GET.get("sample", "")
    words = request.GET.get("words", "").replace("\0", "")[:WORDS_MAX]
    asked = {"photo": token} | ({"sample": sample} if sample in samples.names() else {})
    found = matches.of_photo(query, words, among=shown.filter.matching())
    context = {
        "neighbours": matches.shown(found),
        "nearest": found,
        "listing": shown,
        "facets": [shown.facet(name) for name in NARROWED_BY],
        "query": query,
        "words": words,
        "asked": asked,
        "whole_shop": f"{request.path}?{urlencode(asked | ({'words': words} if words else {}))}",
    }
    return render(request, "similarity/results.html", context)


@require_safe
def alike(request: HttpRequest, slug: str) -> HttpResponse:
    """The products that look most like one, among those that the address filters for."""
    product = get_object_or_404(Product.objects.visible().for_cards(), slug=slug)
    shown = Listing(request.GET, None, CategoryTree())
    found = curation.strip(product, limit=ALIKE, among=shown.filter.matching())
    context = {
        "product": product,
        "neighbours": matches.shown(found),
        "nearest": found[: neighbours.STRIP],
        "listing": shown,
        "facets": [shown.facet(name) for name in NARROWED_BY],
        "whole_shop": request.path,
    }
    return render(request, "similarity/alike.html", context)


@require_safe
def goes_well(request: HtmxRequest, slug: str) -> HttpResponse:
    """What goes well with a product: a page, or for a product's page the cards alone."""
    product = get_object_or_404(Product.objects.visible().for_cards(), slug=slug)
    context = {"product": product, "complements": complements.of_product(product)}
    template = "similarity/complement_cards.html" if request.htmx else "similarity/goes_well.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
