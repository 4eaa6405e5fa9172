"""Measures how fast the pages of a running shop come: python -m tests.browser.speed ADDRESS [--runs N].

A phone of 390 px as Lighthouse imagines a slow one (processor four times slower, 150 ms to the server,
1.6 Mbit/s), and the same phone unhindered. Each run begins with an empty cache. Prints one JSON object:
medians by profile and page, and the goals that were missed: exit status 1 if there are any. The products are
the shop's own: start `make demo` first, and leave the machine alone meanwhile.
"""

import argparse
import json
import statistics
import sys
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.browser.chromium import PHONE, launch_options
from tests.browser.screenshots import addresses

# https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md: "Slow 4G", without its estimates.
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
PROFILES: dict[str, dict[str, Any]] = {
    "slow phone": {"cpu": 4, "network": SLOW_4G},
    "phone": {"cpu": 1, "network": None},
}
PAGES = ("home", "listing", "product", "photo", "results")
GOALS = {"lcp_ms": 1500, "cls": 0.02, "blocking_scripts": 0}
PRODUCT_KB = 350

# As the browser sees it, whoever asks later; shifts that follow a person's own input do not count.
WATCH = """
window.seen = { lcp: 0, element: "", cls: 0 };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    window.seen.lcp = entry.startTime;
    window.seen.element = entry.element?.outerHTML.slice(0, 60) ?? "";
  }
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.seen.cls += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
BLOCKING_SCRIPTS = """() => performance.getEntriesByType("resource").filter(
  (entry) => entry.initiatorType === "script" && entry.renderBlockingStatus === "blocking").length"""
# To the end, until every picture on the way has come.
SCROLL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await new Promise((done) => setTimeout(done, 100));
  }
  const pictures = [...document.images].filter((image) => image.getClientRects().length && !image.complete);
  await Promise.all(pictures.map((image) => new Promise((done) => { image.onload = image.onerror = done; })));
}"""


class Transfer:
    """What comes over the wire, headers included."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes, self.requests = 0, 0
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)

    def _sent(self, event: dict[str, Any]) -> None:
        self.requests += not event["request"]["url"].startswith("data:")

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += event["encodedDataLength"]

    def taken_kb(self) -> float:
        """Since this was last asked."""
        taken, self.bytes = self.bytes, 0
        return round(taken / 1000, 1)


def measure(browser: Browser, address: str, cpu: int, network: dict[str, Any] | None) -> dict[str, Any]:
    """One visit with an empty cache, a look at the whole page, and a second visit."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    context.add_init_script(WATCH)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    if network:
        session.send("Network.emulateNetworkConditions", network)
    session.send("Emulation.setCPUThrottlingRate", {"rate": cpu})
    transfer = Transfer(session)
    visit(page, address)
    seen = page.evaluate("window.seen")
    figures = {
        "ttfb_ms": round(page.evaluate("performance.getEntriesByType('navigation')[0].responseStart")),
        "fcp_ms": round(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")),
        "lcp_ms": round(seen["lcp"]),
        "lcp_element": seen["element"],
        "requests": transfer.requests,
        "transfer_kb": transfer.taken_kb(),
        "blocking_scripts": page.evaluate(BLOCKING_SCRIPTS),
    }
    page.evaluate(SCROLL)
    figures["scrolled_kb"] = round(figures["transfer_kb"] + transfer.taken_kb(), 1)
    figures["cls"] = round(page.evaluate("window.seen.cls"), 4)
    visit(page, address)
    figures["again_lcp_ms"] = round(page.evaluate("window.seen.lcp"))
    figures["again_kb"] = transfer.taken_kb()
    context.close()
    return figures


def visit(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")


def median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        name: first if isinstance(first, str) else statistics.median_low(run[name] for run in runs)
        for name, first in runs[0].items()
    }


def missed(figures: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
    """The goals that were not reached, in words."""
    found = []
    for profile, pages in figures.items():
        for page, values in pages.items():
            goals = GOALS | ({"transfer_kb": PRODUCT_KB} if page == "product" else {})
            for name, most in goals.items():
                if values[name] > most:
                    found.append(f"{profile}, {page}: {name} is {values[name]}, more than {most}")
    return found


def main() -> bool:
    """Whether every goal was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shop")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--profile", choices=PROFILES, help="one of them only")
    options = parser.parse_args()
    figures: dict[str, dict[str, dict[str, Any]]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page()
        found = addresses(page, options.shop.rstrip("/"))
        for name in PAGES:
            visit(page, found[name])  # thumbnails are made when they are first asked for
            page.evaluate(SCROLL)
        page.close()
        for profile, settings in PROFILES.items():
            if options.profile not in (None, profile):
                continue
            figures[profile] = {}
            for name in PAGES:
                runs = [measure(browser, found[name], **settings) for _ in range(options.runs)]
                figures[profile][name] = median(runs)
        version = browser.version
        browser.close()
    report = {"runs": options.runs, "chromium": version, "medians": figures, "missed": missed(figures)}
    print(json.dumps(report, indent=1))
    return not report["missed"]


if __name__ == "__main__":
    sys.exit(not main())
