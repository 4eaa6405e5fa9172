"""The shop that a long test plays on: one of its own, whose database this process speaks to."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

from tests.site import Site, temporary_site


@contextmanager
def stage(**more: str) -> Iterator[Site]:
    """A shop on servers of its own, with these settings; Django's models are its, from here on."""
    with temporary_site(**more) as site:
        os.environ.update(site.environment, LOG_LEVEL="ERROR", DJANGO_SETTINGS_MODULE="shop.settings")
        django.setup()
        yield site


def open_shop(site: Site, products: int) -> list[str]:
    """Start every program and make so many products; their slugs, once all are embedded and pages served."""
    from tests.soak import goods

    slugs = [goods.make(number).product.slug for number in range(products)]
    site.start_worker("embed")
    site.start_worker("photo")
    site.start_beat()
    _wait_until_embedded()
    site.start_web()
    _wait_until_ready(site)
    return slugs


def _wait_until_embedded() -> None:
    from similarity import pending

    end = time.monotonic() + 600
    while pending.counts()["pending"]:
        assert time.monotonic() < end, "the pictures were not embedded within ten minutes"
        time.sleep(0.5)


def _wait_until_ready(site: Site) -> None:
    end = time.monotonic() + 120
    while json.loads(site.get("/readyz")[2])["workers"] != "ok":
        assert time.monotonic() < end, "the workers did not report"
        time.sleep(0.5)
