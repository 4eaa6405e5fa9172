"""A catalogue imported as a merchandiser does it, in a browser, on a whole shop of its own.

    python -m tests.browser.merchandiser TABLE PICTURES.zip FOLDER [--kill N] [--no-embedding]

Looks first, gives the word, watches, sends the same files again. With `--kill` the worker is ended N times
by `kill -9` at random moments of the import. Prints one JSON object: seconds of each step, the worker's
memory, what the second import wrote, and a checksum of the catalogue to compare runs by. Pictures of the
pages go to FOLDER.
"""

import argparse
import hashlib
import json
import random
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import DESKTOP, PHONE, launch_options
from tests.catalog.imports import snapshot
from tests.shop.services.running import eventually
from tests.site import Site, temporary_site

PASSWORD = "a merchandiser's password"
USER = f"""
from django.contrib.auth.models import Group, User
user = User.objects.create_user("mia", password={PASSWORD!r}, is_staff=True)
user.groups.add(Group.objects.get(name="merchandiser"))
"""
# A picture to begin with: TensorFlow is loaded then, and belongs to the worker's baseline.
FIRST = """
from tests.factories import make_category, make_image, make_product
make_image(make_product(sku="first", category=make_category("first")))
"""
UNFINISHED = """
SELECT count(*) FROM catalog_productimage i
WHERE NOT EXISTS (SELECT FROM similarity_searchvector v WHERE v.image_id = i.id)
"""


def checksum(rows: list[tuple]) -> str:
    """Of all that does not belong to the first picture."""
    return hashlib.sha256(repr([row for row in rows if "first" not in row[0]]).encode()).hexdigest()[:16]


class Memory(threading.Thread):
    """Samples what the embedding worker holds, in MB."""

    def __init__(self, site: Site) -> None:
        super().__init__(daemon=True)
        self.site, self.peak = site, 0.0

    def cpu_s(self) -> float:
        """Seconds of processor time that it has taken: what a shared machine leaves comparable."""
        times = psutil.Process(self.site.programs["embed"].pid).cpu_times()
        return times.user + times.system

    def now(self) -> float:
        return psutil.Process(self.site.programs["embed"].pid).memory_info().rss / 1e6

    def run(self) -> None:
        while True:
            with suppress(psutil.Error):
                self.peak = max(self.peak, self.now())
            time.sleep(0.2)


class Walk:
    def __init__(self, site: Site, page: Page, folder: Path, kill: int = 0, embeds: bool = True) -> None:
        self.site, self.page, self.folder, self.kill, self.embeds = site, page, folder, kill, embeds
        self.figures: dict[str, Any] = {}
        self.memory = Memory(site)

    def open(self, path: str) -> None:
        self.page.goto(f"http://127.0.0.1:{self.site.port}/admin/{path}")

    def look(self, name: str) -> None:
        """Take the page's picture at the size of a desk and of a phone."""
        for size, viewport in {"desktop": DESKTOP, "phone": PHONE}.items():
            self.page.set_viewport_size(viewport)  # type: ignore[arg-type]
            self.page.screenshot(path=self.folder / f"{name}-{size}.png", full_page=True)
        self.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]

    def log_in(self) -> None:
        self.open("login/")
        self.page.fill("[name=username]", "mia")
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_url("**/admin/")

    def send(self, table: Path, archive: Path, look_first: bool) -> None:
        self.open("catalog/importjob/add/")
        self.page.set_input_files("[name=table]", table)
        self.page.set_input_files("[name=archive]", archive)
        self.page.set_checked("[name=look_first]", look_first, force=True)
        self.page.click("[name=_save]")
        self.page.wait_for_selector("#figures")

    def until(self, state: str, name: str) -> float:
        """Wait until the page, which renews itself, shows this state; returns the seconds it took."""
        began, seen, taken = time.monotonic(), False, self.memory.cpu_s()
        moments = random.Random().uniform  # noqa: S311 - no secret
        kills = sorted(moments(5, 40) for _ in range(self.kill)) if state == "done" else []
        while self.page.locator(".look-card h2 .look-state").first.inner_text() != state:
            assert time.monotonic() - began < 1200, f"{state} does not come"
            if kills and time.monotonic() - began > kills[0]:
                kills.pop(0)
                self.site.kill("embed")
                self.site.start_worker("embed")
            if not seen and self.page.locator("progress").count() and time.monotonic() - began > 8:
                seen = True
                self.look(f"{name}-progress")
            time.sleep(0.25)
        self.page.reload()
        self.look(f"{name}-end")
        self.figures[f"{name}_cpu_s"] = round(self.memory.cpu_s() - taken, 1)
        return round(time.monotonic() - began, 1)

    def numbers(self) -> dict[str, str]:
        """What the page says."""
        names = self.page.locator(".look-numbers dt").all_inner_texts()
        return dict(zip(names, self.page.locator(".look-numbers dd").all_inner_texts(), strict=True))

    def embedded(self) -> float:
        """Wait until every picture can be found; returns the seconds since the import was done."""
        began = time.monotonic()
        while self.site.running.sql(UNFINISHED) != [(0,)]:
            assert time.monotonic() - began < 2400, "the embeddings do not come"
            time.sleep(1)
        return round(time.monotonic() - began, 1)

    def walk(self, table: Path, archive: Path) -> None:
        sql = self.site.running.sql
        self.figures["baseline_mb"] = round(self.memory.now())
        self.memory.start()
        self.log_in()
        self.send(table, archive, look_first=True)
        self.figures["preview_s"] = self.until("waits for your word", "preview")
        self.figures["preview"] = self.numbers()
        self.page.click("text=Import now")
        self.figures["import_s"] = self.until("done", "import")
        self.figures["import"] = self.numbers()
        if self.embeds:
            self.figures["embedded_after_s"] = self.embedded()
        self.figures["catalogue"] = checksum(sql(snapshot.CATALOGUE))
        self.figures["peak_mb"] = round(self.memory.peak)
        self.open("catalog/product/")
        self.look("products")
        before, self.kill = sql(snapshot.VERSIONS), 0
        self.send(table, archive, look_first=False)
        self.figures["again_s"] = self.until("done", "again")
        self.figures["again"] = self.numbers()
        self.figures["again_wrote_nothing"] = sql(snapshot.VERSIONS) == before
        self.figures["peak_again_mb"] = round(self.memory.peak)
        self.open("similarity/operations/")
        self.look("operations")


def start_web(site: Site) -> None:
    """The web server; it serves style sheets as they are, which collecting them would take minutes for."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        site.port = free.getsockname()[1]
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(site.port), "--no-ws"]
    debug, site.environment["DEBUG"] = site.environment["DEBUG"], "true"
    site.start(
        "web", "granian", *options, "--workers", "1", "--blocking-threads", "8", "shop.wsgi:application"
    )
    site.environment["DEBUG"] = debug
    eventually(lambda: site.status("/healthz") == 200, within=60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    parser.add_argument("archive", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kill", type=int, default=0)
    parser.add_argument("--no-embedding", action="store_true", help="the import alone")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    more = {"EMBEDDER_WEIGHTS": "/nowhere.weights.h5"} if options.no_embedding else {}
    with temporary_site(**more) as site, sync_playwright() as playwright:
        site.start_beat()
        start_web(site)
        site.start_worker("embed")
        site.manage("shell", "-v0", "-c", USER)
        if not options.no_embedding:
            eventually(lambda: site.running.sql("SELECT 1 FROM similarity_embeddingmodel"), within=120)
            site.manage("shell", "-v0", "-c", FIRST)
            eventually(lambda: site.running.sql("SELECT 1 FROM similarity_searchvector"), within=180)
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
        walk = Walk(site, page, options.folder, options.kill, not options.no_embedding)
        walk.page.set_default_timeout(60_000)
        try:
            walk.walk(options.table, options.archive)
        finally:
            print(json.dumps(walk.figures, indent=1))
            browser.close()


if __name__ == "__main__":
    main()
