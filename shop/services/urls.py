"""Addresses: of the embedded services, and of one Redis-protocol server as each client writes it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from shop.services.paths import State


class ServiceUrls(NamedTuple):
    """The two addresses the settings read from the environment."""

    database: str
    redis: str


def embedded_urls(state: State, secrets: dict[str, str]) -> ServiceUrls | None:
    """Build the addresses from the stored passwords; None while there are none."""
    if "postgres" not in secrets or "valkey" not in secrets:
        return None
    return ServiceUrls(database_url(state, secrets["postgres"]), redis_url(state, secrets["valkey"]))


def database_url(state: State, password: str) -> str:
    # The socket directory as `?host=`: libpq and django-environ both read it there, whereas a
    # percent-encoded host reaches Django still encoded.
    return f"postgresql://lookalike:{password}@/lookalike?host={state.run}"


def redis_url(state: State, password: str) -> str:
    return f"unix://:{password}@{state.run}/vk.sock"


def client_url(redis_url: str, db: int) -> str:
    """Return REDIS_URL with database `db`, as redis-py and Django's cache write it."""
    parts = _split(redis_url)
    options = [(name, value) for name, value in parse_qsl(parts.query) if name != "db"]
    if parts.scheme == "unix":
        return _join("unix", parts.netloc + parts.path, [*options, ("db", str(db))])
    return _join(parts.scheme, f"{parts.netloc}/{db}", options)


def broker_url(redis_url: str, db: int) -> str:
    """Return REDIS_URL with database `db`, as Celery writes it: it has a scheme of its own for sockets."""
    parts = _split(redis_url)
    if parts.scheme != "unix":
        return client_url(redis_url, db)
    options = [(name, value) for name, value in parse_qsl(parts.query) if name != "db"]
    return _join("redis+socket", parts.netloc + parts.path, [*options, ("virtual_host", str(db))])


def _split(redis_url: str) -> SplitResult:
    parts = urlsplit(redis_url)
    if parts.scheme in ("valkey", "valkeys"):
        meant = "redis" if parts.scheme == "valkey" else "rediss"
        raise ValueError(
            f"REDIS_URL: write {meant}:// instead of {parts.scheme}://; it is the same protocol."
        )
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError(f"REDIS_URL: '{parts.scheme}://' is none of redis://, rediss:// and unix://.")
    return parts


def _join(scheme: str, rest: str, options: list[tuple[str, str]]) -> str:
    return f"{scheme}://{rest}" + (f"?{urlencode(options)}" if options else "")
