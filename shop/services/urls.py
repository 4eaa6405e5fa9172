"""Addresses: of the embedded services, and of one Redis-protocol server as each client writes it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from shop.services.paths import State


class ServiceUrls(NamedTuple):
    """The two addresses the settings read from the environment."""

    database: str
    redis: str

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database, "REDIS_URL": self.redis}


def embedded_urls(state: State, secrets: dict[str, str]) -> ServiceUrls | None:
    """Build the addresses from the stored passwords; None while there are none."""
    if "postgres" not in secrets or "valkey" not in secrets:
        return None
    return ServiceUrls(
        # The socket directory as `?host=`: libpq and django-environ both read it there, whereas a
        # percent-encoded host reaches Django still encoded.
        database=f"postgresql://lookalike:{secrets['postgres']}@/lookalike?host={state.run}",
        redis=f"unix://:{secrets['valkey']}@{state.run}/vk.sock",
    )


def client_url(redis_url: str, db: int) -> str:
    """Return REDIS_URL with database `db`, as redis-py and Django's cache write it."""
    parts = _split(redis_url)
    if parts.scheme == "unix":
        return urlunsplit(parts._replace(query=_with(parts.query, "db", db)))
    return urlunsplit(parts._replace(path=f"/{db}", query=_without(parts.query, "db")))


def broker_url(redis_url: str, db: int) -> str:
    """Return REDIS_URL with database `db`, as Celery writes it: it has a scheme of its own for sockets."""
    parts = _split(redis_url)
    if parts.scheme == "unix":
        query = _with(_without(parts.query, "db"), "virtual_host", db)
        return urlunsplit(parts._replace(scheme="redis+socket", query=query))
    return client_url(redis_url, db)


def _split(redis_url: str) -> SplitResult:
    parts = urlsplit(redis_url)
    if parts.scheme in ("valkey", "valkeys"):
        meant = "redis" if parts.scheme == "valkey" else "rediss"
        raise ValueError(
            f"REDIS_URL: write {meant}:// instead of {parts.scheme}://; Valkey speaks that protocol."
        )
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError(f"REDIS_URL: '{parts.scheme}://' is none of redis://, rediss:// and unix://.")
    return parts


def _without(query: str, name: str) -> str:
    return urlencode([(key, value) for key, value in parse_qsl(query) if key != name])


def _with(query: str, name: str, value: int) -> str:
    rest = _without(query, name)
    return f"{rest}&{name}={value}" if rest else f"{name}={value}"
