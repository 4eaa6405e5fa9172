"""How often one client may do what is costly or worth guessing at. Counted in the shared cache.

A limit protects the machine, not the data: when the cache is down everything is allowed, and logged.
"""

import hashlib
import ipaddress
import logging
import time
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import ngettext

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """At most `times` in each window of `seconds`."""

    name: str
    times: int
    seconds: int

    def spend(self, who: str) -> int:
        """Count one use by `who`; returns the seconds to wait, 0 when the use is within the limit."""
        try:
            cache.add(self._key(who), 0, timeout=2 * self.seconds)
            used = cache.incr(self._key(who))
        except Exception as error:  # redis and socket errors of many kinds
            log.warning("The limit on %s is not enforced, the cache is down: %s", self.name, error)
            return 0
        if used <= self.times:
            return 0
        return self.seconds - int(time.time()) % self.seconds

    def refund(self, who: str) -> None:
        """Take back one use by `who`: it turned out to be harmless."""
        with suppress(Exception):  # the window has ended, or the cache is down: nothing is counted there
            cache.decr(self._key(who))

    def _key(self, who: str) -> str:
        # Hashed, because `who` may hold an address or a user name, which need not lie in a cache.
        digest = hashlib.sha256(who.encode()).hexdigest()[:32]
        return f"limit:{self.name}:{digest}:{int(time.time()) // self.seconds}"


def client(request: HttpRequest) -> str:
    """Who asks: the network address, of IPv6 the /64 that one customer gets.

    X-Forwarded-For is believed only as far as PROXIES says that proxies of ours have written it.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        parts = (part.strip() for part in request.headers.get("X-Forwarded-For", "").split(","))
        forwarded = [part for part in parts if part]
        if len(forwarded) >= settings.PROXIES:
            address = forwarded[-settings.PROXIES]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def come_again(seconds: int) -> str:
    """The sentence for whoever has to wait so long."""
    sentence = ngettext(
        "Please try again in %(seconds)s second.", "Please try again in %(seconds)s seconds.", seconds
    )
    return sentence % {"seconds": seconds}


def photo() -> Limit:
    """On photo searches of one client: each costs the worker a tenth of a second."""
    return Limit("photo", settings.PHOTO_PER_MINUTE, 60)


def login(times: int = 1) -> Limit:
    """On wrong passwords in a quarter of an hour, `times` as many as the settings say."""
    return Limit("login", times * settings.LOGIN_FAILURES_MAX, 900)
