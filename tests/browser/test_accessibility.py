"""axe finds nothing, nothing jumps, nothing overflows: on phone and desktop, light and dark."""

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import Browser, Page, expect

from catalog.models import Product
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import ready

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@pytest.fixture
def addresses(page: Page, shop: str, product: Product, photo_bytes: bytes) -> dict[str, str]:
    """One address for every kind of page."""
    default_storage.save("samples/LK-1.jpg", ContentFile(photo_bytes))
    page.goto(f"{shop}/search/photo/")
    page.click(".samples button")
    page.wait_for_url("**/search/photo/results/**")
    sold_out = Product.objects.filter(stock=0).first()
    assert sold_out
    return {
        "home": f"{shop}/",
        "listing": f"{shop}/c/clothes/?colour=Red&price_max=45",
        "second page": f"{shop}/?page=2",
        "nothing found": f"{shop}/?q=submarine&colour=Red",
        "product": shop + product.get_absolute_url(),
        "sold out": shop + sold_out.get_absolute_url(),
        "more like this": f"{shop}/search/like/{product.slug}/",
        "photo": f"{shop}/search/photo/",
        "results": page.url,
        "results, none left": f"{page.url}&price_max=1",
        "ended": f"{shop}/search/photo/results/?photo=x",
        "missing": f"{shop}/nowhere/",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(
    browser: Browser, addresses: dict[str, str], size: Any, scheme: Any, complaints: list[str]
) -> None:
    page = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce").new_page()
    found = {}
    for name, address in addresses.items():
        page.goto(address)
        ready(page)
        violations = Axe().run(page, options=RULES).response["violations"]
        found[name] = [
            (violation["id"], [node["html"][:150] for node in violation["nodes"]]) for violation in violations
        ]
    found = {name: violations for name, violations in found.items() if violations}
    assert not found, json.dumps(found, indent=1)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_in_what_opens(page: Page, shop: str, size: Any) -> None:
    page.set_viewport_size(size)
    page.goto(f"{shop}/")
    if size == PHONE:
        page.click(".filters-open")
    for details in page.locator("details").all():
        details.evaluate("(element) => { element.open = true }")
    assert Axe().run(page, options=RULES).violations_count == 0
    page.evaluate("document.getElementById('photo-dialog').showModal()")
    assert Axe().run(page, options=RULES).violations_count == 0


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_overflows_sideways(browser: Browser, addresses: dict[str, str], width: int) -> None:
    for scripts in (True, False):
        size: Any = {"width": width, "height": 800}
        page = browser.new_context(viewport=size, java_script_enabled=scripts).new_page()
        for name, address in addresses.items():
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, scripts)


def test_at_400_percent_everything_is_reached_by_scrolling_down(
    browser: Browser, addresses: dict[str, str], complaints: list[str]
) -> None:
    """A window of 1280 × 1024 px at 400 % has room for 320 × 256: the sheet and the dialog fit in, too."""
    page = browser.new_context(viewport={"width": 320, "height": 256}).new_page()
    page.goto(addresses["listing"])
    page.click(".filters-open")
    page.locator("#in_stock").scroll_into_view_if_needed()
    expect(page.locator("#in_stock")).to_be_in_viewport()
    expect(page.locator(".filters-done")).to_be_in_viewport(ratio=0.9)
    page.goto(addresses["photo"])
    page.set_input_files("#image", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    page.locator(".photo-dialog-other").scroll_into_view_if_needed()
    expect(page.locator(".photo-dialog-other")).to_be_in_viewport(ratio=0.9)
    complaints.clear()  # Chromium reports the 422


def test_whoever_wants_less_motion_gets_none(browser: Browser, addresses: dict[str, str]) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none"
        || style.scrollBehavior === "smooth";
    }).map((element) => element.className)"""
    page = browser.new_context(reduced_motion="reduce").new_page()
    for name, address in addresses.items():
        page.goto(address)
        assert page.evaluate(moving) == [], name


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_jumps_while_a_page_loads(browser: Browser, addresses: dict[str, str], size: Any) -> None:
    page = browser.new_context(viewport=size).new_page()
    page.add_init_script(
        """window.shift = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    shifts = {}
    for name, address in addresses.items():
        page.goto(address)
        ready(page)
        shifts[name] = page.evaluate("window.shift")
    assert max(shifts.values()) <= 0.02, shifts


def test_fingers_find_their_targets(browser: Browser, addresses: dict[str, str]) -> None:
    """Buttons, pills, fields and pages are at least 44 px high on a touch screen; text links are exempt."""
    page = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    small = {}
    for name, address in addresses.items():
        page.goto(address)
        small[name] = page.evaluate(
            """() => [...document.querySelectorAll(
                ".button, .pill, .chip, .pages a, .site-nav a, .site-search a, .logo, select, #q"
              )]
              .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 43.5)
              .map((element) => element.outerHTML.slice(0, 100))"""
        )
    assert not any(small.values()), small
