"""The admin's login, which lets nobody guess for long."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm

from shop import limits

# One client is stopped soon; one account much later, or strangers could lock its owner out.
ACCOUNT_TIMES = 10


def page(request: HttpRequest) -> HttpResponseBase:
    """The admin's own page; 429 once too many passwords were wrong."""
    response = admin.site.login(request)
    form = getattr(response, "context_data", {}).get("form")
    if isinstance(form, LoginForm) and form.wait_s:
        response.status_code = 429
        response["Retry-After"] = str(form.wait_s)
    return response


class LoginForm(AuthenticationForm):
    """Refuses to try any password, right or wrong, once too many were wrong."""

    wait_s = 0

    def clean(self) -> dict[str, Any]:
        counted = [
            (limits.login(), f"client {limits.client(self.request)}"),
            (limits.login(ACCOUNT_TIMES), f"account {self.cleaned_data.get('username', '').casefold()}"),
        ]
        # Each try is counted before its password is looked at, or many at once would all find room; a right
        # one is taken off again. What the client's limit refuses does not count against the account.
        for limit, who in counted:
            self.wait_s = limit.spend(who)
            if self.wait_s:
                minutes = -(-self.wait_s // 60)
                message = _("Too many wrong passwords. Please try again in %(minutes)d minutes.")
                raise ValidationError(message, "limit", {"minutes": minutes})
        cleaned = super().clean()
        for limit, who in counted:
            limit.refund(who)
        return cleaned
