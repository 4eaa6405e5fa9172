"""A shop on a live server, and a browser that reports whatever a page complains about."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import Product
from similarity import style
from similarity.models import EmbeddingModel
from tests.browser.chromium import CHROMIUM, DESKTOP, launch_options
from tests.factories import make_brand, make_category, make_embedding, make_image, make_product, picture_bytes

# Playwright's loop runs in this thread, and Django takes that for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = pytest.mark.skip(reason="there is no Chromium here; CHROMIUM= names one")
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if not CHROMIUM:
                item.add_marker(missing)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return launch_options()


@pytest.fixture(scope="session")
def base_url() -> str:
    """Pages are opened by the live server's address; see `shop`."""
    return ""


@pytest.fixture
def browser_context_args() -> dict[str, Any]:
    return {"viewport": DESKTOP, "locale": "en-GB", "reduced_motion": "reduce"}


@pytest.fixture(autouse=True)
def complaints(context: BrowserContext) -> Iterator[list[str]]:
    """What the console said; a test fails that leaves any of it unexpected. Clear it where it is expected."""
    said: list[str] = []
    context.on("console", lambda message: message.type == "error" and said.append(message.text))
    context.on("weberror", lambda error: said.append(str(error.error)))
    yield said
    assert said == []


@pytest.fixture(autouse=True)
def _connections_end_with_their_request() -> None:
    """Threads of the live server keep none, or the test database could not be dropped."""
    connections.settings["default"]["CONN_MAX_AGE"] = 0


def _furnish() -> None:
    """The shop's categories, brands and thirty products."""
    clothes = make_category("Clothes")
    categories = [make_category("Dresses", parent=clothes), make_category("Shirts", parent=clothes)]
    brands = [make_brand("Elm"), make_brand("Oak")]
    colours = ["Red", "Blue", "Green", "Black"]
    for number in range(30):
        colour = colours[number % 4]
        category, kind = categories[number % 2], ("dress", "shirt")[number % 2]
        product = make_product(
            name=f"{colour} {kind} {number:02}",
            category=category,
            brand=brands[number % 3 % 2],
            base_colour=colour,
            gender="Women" if number % 2 else "Men",
            price=20 + number,
            stock=number % 5,
            description="Softly woven, and made to be worn often.",
        )
        shade = (number * 8, 60, 120)
        make_embedding(make_image(product, picture_bytes(shade, (600, 800))), 1.0, number / 10)
        if number % 3 == 0:
            make_image(product, picture_bytes(shade, (800, 600)), position=1, alt="The other side")


@pytest.fixture
def shop(live_server: LiveServer) -> str:
    """The address of a shop with dresses and shirts of two brands, ever less alike in their order."""
    with transaction.atomic():  # one commit instead of four hundred
        _furnish()
    return live_server.url


@pytest.fixture
def product(shop: str) -> Product:
    """The newest product that is in stock."""
    found = Product.objects.filter(stock__gt=0).first()
    assert found
    return found


@pytest.fixture
def dress(shop: str) -> Product:
    """One that shoes go well with."""
    shoes = make_product(name="Plain shoes", category=make_category("Footwear"))
    make_embedding(make_image(shoes), 1.0)
    model = EmbeddingModel.active()
    assert model
    style.refresh(model)
    found = Product.objects.filter(category__slug="dresses", stock__gt=0).first()
    assert found
    return found


@pytest.fixture
def photo_bytes(product: Product) -> bytes:
    """The very bytes of that product's picture, which find it without a worker."""
    cover = product.cover
    assert cover
    with cover.picture.open() as file:
        return file.read()


def ready(page: Page) -> None:
    """Wait until scripts have run and htmx has nothing on its way."""
    page.wait_for_load_state("networkidle")
    # Not `wait_for_function`: it evaluates a string, which the pages' policy forbids.
    expect(page.locator(".htmx-request")).to_have_count(0)
