"""Takes pictures of every page of a running shop: python -m tests.browser.screenshots ADDRESS FOLDER.

Phone and desktop, light and dark. The products are the shop's own: start `make demo` first.
"""

import re
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import DESKTOP, PHONE, launch_options

SIZES: dict[str, Any] = {"phone": PHONE, "desktop": DESKTOP}


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
        "sold-out": f"{shop}{sold_out}",
        "alike": f"{shop}{alike}",
        "photo": f"{shop}/search/photo/",
        "nothing": f"{shop}/?q=submarine&colour={colour}",
        "missing": f"{shop}/nowhere/",
    }
    page.goto(found["photo"])
    if page.locator(".samples button").count():
        page.click(".samples button >> nth=0")
        page.wait_for_url("**/search/photo/results/**")
        found["results"] = page.url
    return found


def main(shop: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        pages = addresses(browser.new_page(), re.sub("/$", "", shop))
        for size, viewport in SIZES.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
                page = context.new_page()
                for name, address in pages.items():
                    page.goto(address)
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=folder / f"{name}-{size}-{scheme}.png")
                context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
