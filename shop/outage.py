"""What is answered while PostgreSQL is away: an honest 503, without a stack trace, until it is back."""

import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shop.errors import is_for_programs, server_error

log = logging.getLogger(__name__)

AWAY = (OperationalError, InterfaceError)
RETRY_AFTER_S = 10


class OutageMiddleware:
    """Answers for views that could not reach the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return unavailable(request, exception) if isinstance(exception, AWAY) else None


def handler500(request: HttpRequest) -> HttpResponse:
    """The same for errors outside of views, such as a session that could not be read; else 500."""
    error = sys.exc_info()[1]
    return unavailable(request, error) if isinstance(error, AWAY) else server_error(request)


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """503 in the language of whoever asks: JSON for programs, a page for people."""
    log.error("%s was not answered, the database is away: %s", request.path, error)
    if is_for_programs(request):
        detail = _("The shop cannot reach its database. Please try again in a few seconds.")
        response: HttpResponse = JsonResponse({"code": "unavailable", "detail": detail}, status=503)
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_AFTER_S)
    response["Cache-Control"] = "no-store"
    return response
