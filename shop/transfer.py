"""How answers travel: compressed, and only when they have changed since the browser last saw them.

Pages are made for each request and never grow stale unnoticed, but most are the same as before: they carry
the hash of their content as ETag, and whoever brings it back is answered 304 without a body.
"""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers


class CompressionMiddleware(GZipMiddleware):
    """gzip for what is made at once. Files are pictures and archives: compressed already."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if response.streaming else super().process_response(request, response)


class RevalidationMiddleware:
    """Says what may be kept and what an answer depends on, and answers 304 where nothing is new.

    An answer that says so itself stays as it is: the admin and photo results forbid to be stored, pictures
    never change. All else may be stored by whoever asks each time whether it still holds.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        kept = response.get("Cache-Control", "")
        if "immutable" in kept:
            del response["Vary"]  # the same in every language
            return response
        # The language is a matter of a cookie, too, which Django's LocaleMiddleware does not say.
        patch_vary_headers(response, ["Cookie"])
        if not kept:
            patch_cache_control(response, no_cache=True, **({"private": True} if is_known(request) else {}))
        if "no-store" in kept or request.method != "GET" or not isinstance(response, HttpResponse):
            return response
        if response.status_code == 200 and not response.has_header("ETag"):
            response["ETag"] = etag(response)
        return get_conditional_response(request, response.get("ETag"), response=response) or response


def is_known(request: HttpRequest) -> bool:
    """Whether the answer may be somebody's own."""
    return "Authorization" in request.headers or settings.SESSION_COOKIE_NAME in request.COOKIES


def etag(response: HttpResponse) -> str:
    """Hash of the content, and of the address that htmx is told to show with it: a 304 does not repeat it."""
    told = response.content + response.get("HX-Push-Url", "").encode()
    return f'"{hashlib.sha256(told).hexdigest()[:32]}"'
