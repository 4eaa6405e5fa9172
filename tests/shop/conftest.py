"""A shop on processes of its own, for tests that take its servers away."""

from collections.abc import Iterator

import pytest

from tests.site import Site, temporary_site


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    with temporary_site(PROXIES="1") as site:
        site.start_web()
        yield site
