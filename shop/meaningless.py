"""Requests that cannot mean anything are answered 400, as the sender's mistake, where a view would fail."""

from collections.abc import Callable

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import FieldDoesNotExist
from django.db import DataError
from django.http import HttpRequest, HttpResponse

from shop.errors import bad_request


class MeaninglessMiddleware:
    """Answers for views that passed on a value which they had not looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return bad_request(request, exception) if is_meaningless(request, exception) else None


def is_meaningless(request: HttpRequest, exception: Exception) -> bool:
    """Whether the sender is to blame for this exception."""
    # PostgreSQL's text has no NUL, and the filters of the admin's lists hand theirs on as it comes.
    if isinstance(exception, ValueError | DataError) and "NUL (0x00)" in str(exception):
        return True
    # The export's page filters by every parameter, and does not catch what the list's page catches.
    if isinstance(exception, IncorrectLookupParameters):
        return True
    # The admin checks the field that a pop-up asks for only where the name is not empty.
    asked = request.GET.get("_to_field"), request.POST.get("_to_field")
    return isinstance(exception, FieldDoesNotExist) and "" in asked
