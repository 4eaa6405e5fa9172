"""axe finds nothing, nothing jumps, nothing overflows: on phone and desktop, light and dark."""

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from catalog.imports.models import ImportJob, ImportProblem
from catalog.models import Product
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import ready
from tests.factories import make_category, make_product, make_user

pytestmark = pytest.mark.slow

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}

# What the admin's theme lacks on each of its pages: a main landmark, and heads for some columns.
OF_THE_THEME = ("landmark-one-main", "landmark-unique", "region", "empty-table-header")


@pytest.fixture
def addresses(page: Page, shop: str, product: Product, dress: Product, photo_bytes: bytes) -> dict[str, str]:
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
        "with complements": shop + dress.get_absolute_url(),
        "what goes well": f"{shop}/search/goes-well/{dress.slug}/",
        "sold out": shop + sold_out.get_absolute_url(),
        "more like this": f"{shop}/search/like/{product.slug}/",
        "photo": f"{shop}/search/photo/",
        "results": page.url,
        "results, none left": f"{page.url}&price_max=1",
        "ended": f"{shop}/search/photo/results/?photo=x",
        "missing": f"{shop}/nowhere/",
    }


def violations(page: Page, context: Any = None, without: tuple[str, ...] = ()) -> list[tuple[str, list[str]]]:
    """What axe finds on the page, or in what the context names, and by rules that are not left out."""
    found = Axe().run(page, context=context, options=RULES).response["violations"]
    return [
        (one["id"], [node["html"][:150] for node in one["nodes"]])
        for one in found
        if one["id"] not in without
    ]


def assert_axe_finds_nothing(page: Page, addresses: dict[str, str], *scope: Any) -> None:
    found = {}
    for name, address in addresses.items():
        page.goto(address)
        page.mouse.wheel(0, 20_000)  # what comes when it is in sight
        ready(page)
        found[name] = violations(page, *scope)
    found = {name: some for name, some in found.items() if some}
    assert not found, json.dumps(found, indent=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(
    browser: Browser, addresses: dict[str, str], size: Any, scheme: Any, complaints: list[str]
) -> None:
    page = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce").new_page()
    assert_axe_finds_nothing(page, addresses)
    page.goto(addresses["photo"])
    page.evaluate("document.querySelector('[data-photo-form]').submit()")  # without a photo
    expect(page.locator("main .problem")).to_be_visible()
    assert violations(page) == []


def test_axe_finds_nothing_in_german(browser: Browser, addresses: dict[str, str]) -> None:
    page = browser.new_context(viewport=PHONE, locale="de-DE").new_page()
    page.goto(addresses["with complements"])
    expect(page.locator("#complements")).to_have_text("Passt gut dazu")
    assert_axe_finds_nothing(page, addresses)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_of_ours_in_the_admin(
    browser: Browser, shop: str, product: Product, size: Any
) -> None:
    staff = Client()
    staff.force_login(make_user(is_superuser=True))
    context = browser.new_context(viewport=size)
    context.add_cookies([{"name": "sessionid", "value": staff.cookies["sessionid"].value, "url": shop}])
    admin = f"{shop}/admin"
    table = SimpleUploadedFile("a.csv", b"sku,name\n1,\n")
    job = ImportJob.objects.create(table=table, state=ImportJob.State.DONE, total=1, rows=1, skipped=1)
    ImportProblem.objects.create(
        job=job, row=2, column="price", value="-1", reason="Too little.", skipped=True
    )
    addresses = {
        "operations": f"{admin}/similarity/operations/",
        "quality": f"{admin}/similarity/run/",
        "import": f"{admin}/catalog/importjob/add/",
        "imported": f"{admin}/catalog/importjob/{job.pk}/change/",
        "product": f"{admin}/catalog/product/{product.pk}/change/",
    }
    page = context.new_page()
    assert_axe_finds_nothing(page, addresses, None, OF_THE_THEME)
    context.clear_cookies()
    assert_axe_finds_nothing(page, {"login": f"{admin}/login/"}, None, OF_THE_THEME)


def test_axe_finds_nothing_of_ours_on_the_page_for_developers(page: Page, shop: str) -> None:
    """What Swagger draws is as it is: its colours have too little contrast, its buttons lie in buttons."""
    assert_axe_finds_nothing(page, {"docs": f"{shop}/api/docs/"}, {"exclude": [["#swagger-ui"]]})


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_in_what_opens(page: Page, shop: str, size: Any) -> None:
    page.set_viewport_size(size)
    page.goto(f"{shop}/")
    if size == PHONE:
        page.click(".filters-open")
    for details in page.locator("details").all():
        details.evaluate("(element) => { element.open = true }")
    assert violations(page) == []
    page.evaluate(
        """() => {
          const trouble = document.getElementById("trouble");
          trouble.querySelector("p").textContent = "There is no connection.";
          trouble.showPopover();
        }"""
    )
    assert violations(page, "#trouble") == []
    page.evaluate("document.getElementById('photo-dialog').showModal()")
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_overflows_sideways(browser: Browser, addresses: dict[str, str], width: int) -> None:
    for number in range(8):  # more categories than a phone has room for
        make_product(category=make_category(f"Accessories {number}"))
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
