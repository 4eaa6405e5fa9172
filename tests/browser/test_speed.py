"""What of the pages' speed does not hang on the machine: bytes, scripts that block, what jumps.

How fast they come is measured by `make speed`.
"""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from catalog.demo.assortment import products
from catalog.demo.pool import picture_of
from tests.browser import speed
from tests.factories import make_category, make_embedding, make_image, make_product

pytestmark = pytest.mark.slow


def test_a_product_page_is_small_and_nothing_of_it_blocks_or_jumps(
    browser: Browser, live_server: LiveServer
) -> None:
    """With pictures of the demo: those of one colour would weigh nothing."""
    category = make_category("Clothes")
    for number, demo in enumerate(products()[:120:20]):
        product = make_product(category=category)
        for position, view in enumerate(demo.views):
            image = make_image(product, picture_of(view).content, position=position)
            make_embedding(image, 1.0, number / 10)
    address = f"{live_server.url}{product.get_absolute_url()}"
    figures = speed.measure(browser, address, **speed.PROFILES["phone"])
    missed = speed.missed({"phone": {"product": figures}})
    assert [goal for goal in missed if "lcp_ms" not in goal] == []
    assert figures["scrolled_kb"] <= speed.PRODUCT_KB
    assert figures["requests"] >= 12  # six pictures, style and scripts: it was the whole page
