"""Keys to the API."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Enough to tell one token from another in a list, and of no use to a thief.
PREFIX_LENGTH = 9


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def valid(self) -> "ApiTokenQuerySet":
        """Those that open the door: neither revoked nor expired, of somebody who may still log in."""
        unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(unexpired, revoked_at=None, user__is_active=True)

    def issue(self, **fields: Any) -> tuple["ApiToken", str]:
        """Make a token; returns its row and the token itself, which is not to be had again."""
        token = self.model(**fields)
        text = token.begin()
        token.save()
        return token, text


class ApiToken(models.Model):
    """What a program shows instead of a password. Only a hash is kept: a stolen database opens nothing."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("What it is for."))
    prefix = models.CharField(_("begins with"), max_length=PREFIX_LENGTH, editable=False)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    may_write = models.BooleanField(
        _("may write"), default=False, help_text=_("Else it reads only, whatever the user may do.")
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def begin(self) -> str:
        """Draw the token, keep its hash; returns it. Call `save` afterwards."""
        text = f"lk_{secrets.token_urlsafe(32)}"
        self.prefix, self.sha256 = text[:PREFIX_LENGTH], digest(text)
        return text

    @property
    def is_valid(self) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())

    def note_use(self) -> None:
        """Remember that it was used, to the minute: a write per request would cost more than it tells."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > timedelta(minutes=1):
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)


def digest(text: str) -> str:
    """What is stored of a token. It is random and long, so a plain hash is as good as a slow one."""
    return hashlib.sha256(text.encode()).hexdigest()
