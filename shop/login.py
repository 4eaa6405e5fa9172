"""The admin's login form, which lets nobody guess for long."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm

from shop import limits

# One client is stopped soon; one account much later, or strangers could lock its owner out.
ACCOUNT_TIMES = 10


class LoginForm(AuthenticationForm):
    """Refuses to try any password, right or wrong, once too many were wrong."""

    def clean(self) -> dict[str, Any]:
        counted = [
            (limits.login(), f"client {limits.client(self.request)}"),
            (limits.login(ACCOUNT_TIMES), f"account {self.cleaned_data.get('username', '').casefold()}"),
        ]
        if seconds := max(limit.spent(who) for limit, who in counted):
            minutes = -(-seconds // 60)
            message = _("Too many wrong passwords. Please try again in %(minutes)d minutes.")
            raise ValidationError(message, "limit", {"minutes": minutes})
        try:
            return super().clean()
        except ValidationError:
            for limit, who in counted:
                limit.spend(who)
            raise
