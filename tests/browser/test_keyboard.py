"""The whole way of a shopper without a mouse: what is focused is seen, in sight, and never lost."""

import io
import re
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import ready
from tests.factories import make_product
from tests.workers import celery_worker

# Whether the element in focus shows it: itself, its label, or the field that it is part of.
SHOWN = """() => {
  const ringed = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return outlined || style.boxShadow !== "none";
  };
  const focused = document.activeElement;
  const near = [focused, focused.closest(".site-search"), ...(focused.labels ?? [])].filter(Boolean);
  const box = focused.getBoundingClientRect();
  return {
    html: focused.outerHTML.slice(0, 120),
    ringed: near.some((element) => ringed(element)) || ringed(focused, "::after"),
    inSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""

# What is read out with the results; the pictures of this shop look like nothing but themselves.
SAID = re.compile(r"best match: \w+|the \d nearest products?")


def tab_to(page: Page, selector: str, key: str = "Tab", most: int = 60) -> None:
    """Press Tab until that element has the focus; every stop on the way is seen, and in sight."""
    for _press in range(most):
        page.keyboard.press(key)
        shown = page.evaluate(SHOWN)
        assert shown["ringed"], shown["html"]
        assert shown["inSight"], shown["html"]
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{most} times {key} do not lead to {selector}")


def focused(page: Page, selector: str) -> bool:
    return page.evaluate("(selector) => document.activeElement.matches(selector)", selector)


def test_from_the_front_page_by_a_photo_to_a_narrowed_strip(page: Page, shop: str, settings: Any) -> None:
    settings.PHOTO_PER_MINUTE, settings.PHOTO_TIMEOUT_S = 10_000, 30
    photo = Image.new("RGB", (600, 800), "white")
    photo.paste("seagreen", (100, 100, 500, 700))
    out = io.BytesIO()
    photo.save(out, "JPEG")
    # From the beginning on: right before the key it may be overtaken by the key.
    file = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    page.on("filechooser", lambda chooser: chooser.set_files(file))

    page.goto(f"{shop}/")
    tab_to(page, "#q", most=5)
    tab_to(page, ".site-search-photo", most=2)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/photo/")

    tab_to(page, "#image")
    with celery_worker("photo", "keyboard"):
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/photo/results/**", timeout=30_000)
        expect(page.locator("cropper-selection")).to_be_visible()
        assert focused(page, "h1#found")

        # A smaller piece, without dragging: the focus stays on the button, the answer is announced.
        tab_to(page, "[data-crop=smaller]", key="Shift+Tab")
        address = page.url
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: url != address)
        ready(page)
        assert focused(page, "[data-crop=smaller]")
        assert page.get_attribute("#found-count", "role") == "status"
        expect(page.locator("#found-count")).to_have_text(SAID)

    tab_to(page, "#colour")
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**colour=**")
    ready(page)
    assert focused(page, "#colour")
    expect(page.locator("#found-count")).to_have_text(SAID)

    tab_to(page, ".card-more")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/like/**")

    tab_to(page, "#found-cards .card-name a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/**")

    tab_to(page, "#alike-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**?alike=**")
    ready(page)
    assert focused(page, "#alike-1[aria-current]")
    assert page.get_attribute("#strip-count", "role") == "status"
    expect(page.locator("#strip-count")).to_have_text(re.compile(r"\d look-alikes?"))


class TestWhatIsPressedGoesAway:
    def test_taking_a_filter_away_leads_to_the_new_results(self, page: Page, shop: str) -> None:
        page.goto(f"{shop}/c/clothes/?colour=Red&gender=Men")
        tab_to(page, ".chip")
        page.keyboard.press("Enter")
        page.wait_for_url("**/c/clothes/?gender=Men")
        ready(page)
        assert focused(page, "#results h2")
        tab_to(page, ".chip", most=1)

    def test_the_next_page_begins_with_its_first_product(self, page: Page, shop: str) -> None:
        page.goto(f"{shop}/c/clothes/")
        page.focus(".pages-step[rel=next]")
        page.keyboard.press("Enter")
        page.wait_for_url("**/c/clothes/?page=2")
        ready(page)
        assert focused(page, "#results h2")
        expect(page.locator("#count")).to_have_text(re.compile("page 2 of 2"))
        tab_to(page, ".card-name a", most=1)

    def test_what_was_unfolded_stays_so(self, page: Page, shop: str) -> None:
        for colour in ("Beige", "Brown", "Grey", "Pink", "White", "Yellow"):
            make_product(base_colour=colour)
        page.goto(f"{shop}/")
        page.click("#more-colour summary")
        page.check("#colour-white")
        page.wait_for_url("**/?colour=White")
        ready(page)
        assert focused(page, "#colour-white")
        expect(page.locator("#colour-yellow")).to_be_visible()
