"""One page, one embedding model: all its parts ask the same, which is looked up once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from similarity.models import found_by_request


class OneModelMiddleware:
    """Lets `EmbeddingModel.active` look only once while a page is made.

    Otherwise a model that takes over meanwhile would be asked with its predecessor's vectors. A photo that is
    sent waits for a worker, which may have the successor's by then: only what reads keeps to one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = found_by_request.set([] if request.method in ("GET", "HEAD") else None)
        try:
            return self.get_response(request)
        finally:
            found_by_request.reset(before)
