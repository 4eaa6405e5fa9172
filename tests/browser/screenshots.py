"""Takes pictures of every page of a running shop: python -m tests.browser.screenshots ADDRESS FOLDER.

Phone and desktop, light and dark; German and the admin in light only. Of a phone's pages the first two
screens are taken, because a strip is what one scrolls to. The products are the shop's own: start `make demo`
first.
"""

import io
import os
import re
import sys
from pathlib import Path
from typing import Any

import django
from django.template.loader import render_to_string
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from shop.services.keyring import stored_secrets
from shop.services.paths import State
from tests.browser.chromium import DESKTOP, PHONE, launch_options

SIZES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": PHONE, "is_mobile": True, "has_touch": True},
    "desktop": {"viewport": DESKTOP},
}
PHONE_SCREENS = 2
# Of the sample photos; a pair of pumps in the demo.
SAMPLE = 8
IN_GERMAN = ("home", "product")
ADMIN = {
    "admin-operations": "similarity/operations/",
    "admin-import": "catalog/importjob/add/",
    "admin-products": "catalog/product/",
}
# Sends the form as it is, without a photo.
SEND = "document.querySelector('[data-photo-form]').submit()"


def addresses(page: Page, shop: str) -> dict[str, str]:
    """One address for every kind of page, found by going there as a shopper would."""
    page.goto(f"{shop}/?in_stock=true")
    product = page.locator(".card-name a").first.get_attribute("href")
    alike = page.locator(".card-more").first.get_attribute("href")
    category = page.locator(".site-nav a").first.get_attribute("href")
    colour = page.locator("input[name=colour]").first.get_attribute("value")
    page.goto(f"{shop}/?in_stock=false")
    sold_out = page.locator(".card-name a").first.get_attribute("href")
    found = {
        "home": f"{shop}/",
        "listing": f"{shop}{category}?colour={colour}",
        "product": f"{shop}{product}",
        "refined": f"{shop}{product}?alike=colour#similar",
        "sold-out": f"{shop}{sold_out}",
        "alike": f"{shop}{alike}",
        "photo": f"{shop}/search/photo/",
        "ended": f"{shop}/search/photo/results/?photo=x",
        "nothing": f"{shop}/?q=submarine&colour={colour}",
        "missing": f"{shop}/nowhere/",
    }
    page.goto(found["photo"])
    if samples := page.locator(".samples button").all():
        samples[min(SAMPLE, len(samples) - 1)].click()
        page.wait_for_url("**/search/photo/results/**")
        found["results"] = page.url
    return found


class Camera:
    """Takes one context's pictures."""

    def __init__(self, browser: Browser, folder: Path, size: str, scheme: str, **context: Any) -> None:
        self.folder, self.size, self.scheme = folder, size, scheme
        options = {"color_scheme": scheme, "reduced_motion": "reduce", **SIZES[size], **context}
        self.page = browser.new_context(**options).new_page()
        self.page.set_default_timeout(90_000)  # the machine may have more to do

    def visit(self, name: str, address: str) -> None:
        self.page.goto(address)
        self.take(name)

    def take(self, name: str) -> None:
        self.page.wait_for_load_state("networkidle")
        # A taller window, not `full_page`: that takes touch away, and what is only for fingers with it.
        if self.size == "phone" and "#" not in self.page.url:
            height = self.page.evaluate("document.documentElement.scrollHeight")
            self.page.set_viewport_size(PHONE | {"height": min(height, PHONE_SCREENS * PHONE["height"])})  # type: ignore[arg-type]
        picture = Image.open(io.BytesIO(self.page.screenshot()))
        self.page.set_viewport_size(SIZES[self.size]["viewport"])
        picture.save(self.folder / f"{name}-{self.size}-{self.scheme}.webp", quality=85, method=6)

    def log_in(self, shop: str, password: str) -> None:
        self.page.goto(f"{shop}/admin/login/")
        self.page.fill("[name=username]", "admin")
        self.page.fill("[name=password]", password)
        self.page.click("button[type=submit]")
        self.page.wait_for_url("**/admin/")


def outage_page() -> str:
    """What is answered while the database is away, which a running shop cannot be asked for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    django.setup()
    return render_to_string("503.html")


def main(shop: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    outage = outage_page()
    password = stored_secrets(State.at()).get("admin", "")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        pages = addresses(browser.new_page(), shop)
        for size in SIZES:
            for scheme in ("light", "dark"):
                camera = Camera(browser, folder, size, scheme)
                for name, address in pages.items():
                    camera.visit(name, address)
                camera.page.goto(pages["photo"])
                camera.page.evaluate(SEND)
                camera.page.wait_for_selector(".problem-sentence")
                camera.take("refused")
                camera.page.route("**/away/", lambda route: route.fulfill(status=503, body=outage))
                camera.visit("away", f"{shop}/away/")
            german = Camera(browser, folder, size, "light", locale="de-DE")
            for name in IN_GERMAN:
                german.visit(f"{name}-german", pages[name])
            if password:
                admin = Camera(browser, folder, size, "light")
                admin.log_in(shop, password)
                for name, address in ADMIN.items():
                    admin.visit(name, f"{shop}/admin/{address}")
        browser.close()


if __name__ == "__main__":
    main(re.sub("/$", "", sys.argv[1]), Path(sys.argv[2]))
