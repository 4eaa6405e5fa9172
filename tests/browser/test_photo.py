"""Photo search from any page: picked, dropped, pasted; what is said when it does not work."""

import base64
import io
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Response, Route, expect

from catalog.models import Product
from similarity import photo
from tests.browser.chromium import PHONE
from tests.browser.conftest import ready
from tests.factories import make_category, make_image, make_product, picture_bytes
from tests.workers import celery_worker, wait_until

pytestmark = pytest.mark.slow

DIALOG = "#photo-dialog"

# Hands a file to the page as a drop or as the clipboard would.
HAND_OVER = """([way, name, type, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  if (way === "paste") {
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }));
  } else {
    for (const step of ["dragenter", "dragover", "drop"]) {
      document.body.dispatchEvent(
        new DragEvent(step, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }
  }
}"""


def hand_over(
    page: Page, way: str, content: bytes, name: str = "photo.jpg", kind: str = "image/jpeg"
) -> None:
    page.evaluate(HAND_OVER, [way, name, kind, base64.b64encode(content).decode()])


def pick(page: Page, content: bytes, name: str = "photo.jpg") -> None:
    page.set_input_files("#image", {"name": name, "mimeType": "image/jpeg", "buffer": content})


@pytest.fixture(autouse=True)
def _unlimited(settings: Any) -> None:
    settings.PHOTO_PER_MINUTE = 10_000
    settings.PHOTO_TIMEOUT_S = 30  # a busy machine is not what these tests are about


class TestWays:
    def test_a_picked_photo_finds_its_product(
        self, page: Page, shop: str, product: Product, photo_bytes: bytes
    ) -> None:
        page.goto(f"{shop}/search/photo/")
        pick(page, photo_bytes)
        page.wait_for_url("**/search/photo/results/**")
        expect(page.locator(".card-name").first).to_have_text(product.name)

    @pytest.mark.parametrize("way", ["drop", "paste"])
    def test_a_photo_is_dropped_or_pasted_on_any_page(
        self, page: Page, shop: str, product: Product, photo_bytes: bytes, way: str
    ) -> None:
        page.goto(f"{shop}/c/dresses/")
        hand_over(page, way, photo_bytes)
        page.wait_for_url("**/search/photo/results/**")
        expect(page.locator(".card-name").first).to_have_text(product.name)

    def test_the_page_says_where_to_drop(self, page: Page, shop: str, photo_bytes: bytes) -> None:
        page.goto(f"{shop}/")
        page.evaluate(
            """() => {
              const transfer = new DataTransfer();
              transfer.items.add(new File(["x"], "a.jpg", { type: "image/jpeg" }));
              document.body.dispatchEvent(
                new DragEvent("dragenter", { dataTransfer: transfer, bubbles: true }));
            }"""
        )
        expect(page.locator("#drop-target")).to_be_visible()

    def test_text_is_pasted_as_ever(self, page: Page, shop: str) -> None:
        page.goto(f"{shop}/")
        page.evaluate(
            """() => {
              const transfer = new DataTransfer();
              transfer.setData("text/plain", "red dress");
              document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer }));
            }"""
        )
        expect(page.locator(DIALOG)).to_be_hidden()

    @pytest.mark.parametrize(("text", "searches"), [("red\tdress", False), ("", True)])
    def test_in_a_field_words_of_the_clipboard_go_before_its_picture(
        self, page: Page, shop: str, product: Product, photo_bytes: bytes, text: str, searches: bool
    ) -> None:
        """Cells of a spreadsheet bring both."""
        page.goto(f"{shop}/")
        page.evaluate(
            """([content, text]) => {
              const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
              const clipboardData = new DataTransfer();
              clipboardData.items.add(new File([bytes], "image.jpg", { type: "image/jpeg" }));
              if (text) clipboardData.setData("text/plain", text);
              document.getElementById("q").dispatchEvent(
                new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
            }""",
            [base64.b64encode(photo_bytes).decode(), text],
        )
        if searches:
            page.wait_for_url("**/search/photo/results/**")
        else:
            expect(page.locator(DIALOG)).to_be_hidden()

    def test_a_phone_offers_its_camera_and_its_photos(
        self, browser: Browser, shop: str, product: Product, photo_bytes: bytes
    ) -> None:
        page = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
        page.goto(f"{shop}/search/photo/")
        expect(page.get_by_text("Take a photo")).to_be_visible()
        assert page.get_attribute("#camera", "capture") == "environment"
        assert page.get_attribute("#image", "capture") is None  # it would take the stored photos away
        page.set_input_files("#camera", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes})
        page.wait_for_url("**/search/photo/results/**")
        expect(page.locator(".card-name").first).to_have_text(product.name)

    def test_the_kept_copy_is_forgotten_at_a_word(self, page: Page, shop: str, photo_bytes: bytes) -> None:
        page.goto(f"{shop}/search/photo/")
        pick(page, photo_bytes)
        page.wait_for_url("**/search/photo/results/**")
        assert page.evaluate("sessionStorage.getItem('lookalike:photo')")
        page.click(".photo-forget")
        page.wait_for_url("**/search/photo/")
        assert page.evaluate("sessionStorage.getItem('lookalike:photo')") is None

    def test_a_search_that_ended_meanwhile_says_so(
        self,
        page: Page,
        shop: str,
        photo_bytes: bytes,
        monkeypatch: pytest.MonkeyPatch,
        complaints: list[str],
    ) -> None:
        page.goto(f"{shop}/search/photo/")
        pick(page, photo_bytes)
        page.wait_for_url("**/search/photo/results/**")
        ready(page)
        monkeypatch.setattr(photo, "TOKEN_MAX_AGE_S", -1)
        page.select_option("#colour", "Green")
        expect(page.locator("h1")).to_have_text("This search has ended")
        complaints.clear()  # Chromium and htmx report the 410

    def test_the_photo_stays_in_sight_in_this_tab_only(
        self, page: Page, context: BrowserContext, shop: str, photo_bytes: bytes
    ) -> None:
        page.goto(f"{shop}/search/photo/")
        pick(page, photo_bytes)
        page.wait_for_url("**/search/photo/results/**")
        expect(page.locator("cropper-canvas")).to_be_visible()
        page.reload()
        expect(page.locator("cropper-canvas")).to_be_visible()
        other = context.new_page()
        other.goto(page.url)
        expect(other.locator("cropper-canvas")).to_be_hidden()
        expect(other.locator(".found-blank")).to_be_visible()

    def test_results_are_filtered_without_a_reload(self, page: Page, shop: str, photo_bytes: bytes) -> None:
        page.goto(f"{shop}/search/photo/")
        pick(page, photo_bytes)
        page.wait_for_url("**/search/photo/results/**")
        ready(page)
        page.evaluate("window.stillHere = true")
        page.select_option("#colour", "Green")
        page.wait_for_url("**colour=Green**")
        expect(page.locator("#found-cards .card").first).to_contain_text("Green")
        assert page.evaluate("window.stillHere") is True
        expect(page.locator("cropper-canvas")).to_be_visible()


class TestLargePhotos:
    def test_a_large_photo_is_made_smaller_before_it_travels(
        self, page: Page, shop: str, complaints: list[str]
    ) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (2400, 3200, 3), np.uint8)
        out = io.BytesIO()
        Image.fromarray(noise).save(out, "JPEG", quality=90)
        assert len(out.getvalue()) > 5_000_000
        sent: list[bytes] = []

        def intercept(route: Route) -> None:
            sent.append(route.request.post_data_buffer or b"")
            route.fulfill(status=422, json={"sentence": "Stop.", "file": "", "retry_after_s": 0})

        page.route(
            "**/search/photo/", lambda r: intercept(r) if r.request.method == "POST" else r.continue_()
        )
        page.goto(f"{shop}/search/photo/")
        pick(page, out.getvalue())
        expect(page.locator(".photo-dialog-problem")).to_have_text("Stop.")
        body = sent[0]
        picture = Image.open(io.BytesIO(body[body.index(b"\xff\xd8") :]))
        assert picture.size == (1280, 960)
        complaints.clear()  # Chromium reports the 422


def test_what_only_the_browser_understands_is_sent_as_jpeg(
    page: Page, shop: str, complaints: list[str]
) -> None:
    sent: list[bytes] = []

    def intercept(route: Route) -> None:
        sent.append(route.request.post_data_buffer or b"")
        route.fulfill(status=422, json={"sentence": "Stop.", "file": "", "retry_after_s": 0})

    page.route("**/search/photo/", lambda r: intercept(r) if r.request.method == "POST" else r.continue_())
    page.goto(f"{shop}/search/photo/")
    file = {"name": "a.gif", "mimeType": "image/gif", "buffer": picture_bytes("olive", format="GIF")}
    page.set_input_files("#image", file)  # type: ignore[arg-type]
    expect(page.locator(".photo-dialog-problem")).to_have_text("Stop.")
    body = sent[0]
    assert Image.open(io.BytesIO(body[body.index(b"\xff\xd8") :])).format == "JPEG"
    complaints.clear()  # Chromium reports the 422


class TestPiece:
    """The box on the photo. The worker is real; the photo is one that only it can answer for."""

    @pytest.fixture
    def results(self, page: Page, shop: str) -> Iterator[Page]:
        picture = Image.new("RGB", (600, 800), "white")
        picture.paste("seagreen", (100, 100, 500, 700))
        out = io.BytesIO()
        picture.save(out, "JPEG")
        with celery_worker("photo", "piece"):
            page.goto(f"{shop}/search/photo/")
            pick(page, out.getvalue())
            page.wait_for_url("**/search/photo/results/**", timeout=15_000)
            expect(page.locator("cropper-selection")).to_be_visible()
            yield page

    def test_another_piece_is_searched_without_the_photo_or_a_reload(self, results: Page) -> None:
        """By buttons, by dragging, by keys; then kept through a reload, and clean for axe."""
        sent: list[bytes] = []
        results.on("request", lambda r: r.method == "POST" and sent.append(r.post_data_buffer or b""))
        results.evaluate("window.stillHere = true")
        address = results.url
        with results.expect_response(answers):
            results.click("[data-crop=smaller]")
            results.click("[data-crop=smaller]")
        ready(results)
        assert results.url != address
        assert len(sent) == 1  # one pause, one search
        assert b"piece=" in sent[0]
        assert b"image" not in sent[0]
        assert box(results) == pytest.approx([0.1, 0.1, 0.8, 0.8], abs=0.002)

        corner = results.locator("cropper-handle[action=se-resize]").bounding_box()
        frame = results.locator("cropper-canvas").bounding_box()
        assert corner
        assert frame
        results.mouse.move(corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2)
        results.mouse.down()
        with results.expect_response(answers):
            results.mouse.move(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2, steps=4)
            results.mouse.up()
        ready(results)
        assert len(sent) == 2
        assert box(results) == pytest.approx([0.1, 0.1, 0.4, 0.4], abs=0.05)

        results.focus("[data-crop=right]")
        before = box(results)
        with results.expect_response(answers):
            results.keyboard.press("ArrowDown")
            results.keyboard.press("Enter")
        ready(results)
        assert len(sent) == 3
        assert box(results)[:2] == pytest.approx([before[0] + 0.05, before[1] + 0.05], abs=0.002)
        assert results.evaluate("document.activeElement.dataset.crop") == "right"
        assert results.evaluate("window.stillHere") is True

        kept = box(results)
        results.reload()
        expect(results.locator("cropper-selection")).to_be_visible()
        assert box(results) == pytest.approx(kept, abs=0.002)
        assert Axe().run(results).violations_count == 0

    def test_the_filters_stay_and_a_lost_network_is_said(
        self, results: Page, context: BrowserContext, complaints: list[str]
    ) -> None:
        results.check("#in_stock")
        results.wait_for_url("**in_stock=true**")
        ready(results)
        with results.expect_response(answers):
            results.click("[data-crop=smaller]")
        ready(results)
        assert "in_stock=true" in results.url
        context.set_offline(True)
        results.click("[data-crop=up]")
        expect(results.locator(".crop-problem")).to_have_text(re.compile("There is no connection"))
        context.set_offline(False)
        results.click("[data-crop=whole]")
        expect(results.locator(".crop-problem")).to_be_hidden()
        ready(results)
        complaints.clear()  # Chromium and htmx report the lost connection


def answers(response: Response) -> bool:
    """Whether it is the page of results that a new box leads to."""
    return "/search/photo/results/" in response.url


def box(page: Page) -> list[float]:
    return page.evaluate(
        "['left', 'top', 'width', 'height'].map((name) => Number(document.forms.crop.elements[name].value))"
    )


class TestTrouble:
    def test_a_broken_file_is_refused_with_its_name(
        self, page: Page, shop: str, complaints: list[str]
    ) -> None:
        page.goto(f"{shop}/search/photo/")
        pick(page, b"not a picture", "holiday.jpg")
        problem = page.locator(".photo-dialog-problem")
        expect(problem).to_have_text(re.compile(r"^holiday\.jpg: .+\.$"))
        expect(page.locator(".photo-dialog-again")).to_be_hidden()
        expect(page.locator(".photo-dialog-other")).to_be_visible()
        assert any("422" in text for text in complaints)
        complaints.clear()

    def test_a_file_that_is_no_picture_is_not_sent(self, page: Page, shop: str) -> None:
        page.goto(f"{shop}/")
        hand_over(page, "drop", b"%PDF-1.7", "bill.pdf", "application/pdf")
        expect(page.locator(".photo-dialog-problem")).to_have_text(
            re.compile(r"^bill\.pdf: This is not a picture")
        )

    def test_without_a_worker_it_says_so_and_offers_another_try(
        self, page: Page, shop: str, settings: Any, complaints: list[str]
    ) -> None:
        settings.PHOTO_TIMEOUT_S = 0.2
        out = io.BytesIO()
        Image.new("RGB", (300, 400), "olive").save(out, "JPEG")
        page.goto(f"{shop}/search/photo/")
        pick(page, out.getvalue())
        expect(page.locator(".photo-dialog-problem")).to_have_text(
            "Photo search is busy or resting. Please try again in 10 seconds."
        )
        expect(page.locator(".photo-dialog-again")).to_be_visible()
        expect(page.locator(".photo-dialog-preview")).to_be_visible()
        page.click(".photo-dialog-cancel")
        expect(page.locator(DIALOG)).to_be_hidden()
        assert any("503" in text for text in complaints)
        complaints.clear()

    def test_a_file_that_is_too_large_is_said_with_its_name(
        self, page: Page, shop: str, settings: Any, complaints: list[str]
    ) -> None:
        settings.IMAGE_MAX_BYTES = 1000
        page.goto(f"{shop}/search/photo/")
        pick(page, b"\xff\xd8" * 3000, "large.jpg")
        expect(page.locator(".photo-dialog-problem")).to_have_text(
            "large.jpg: The file is larger than 0.001 MB."
        )
        expect(page.locator(".photo-dialog-again")).to_be_hidden()
        complaints.clear()  # Chromium reports the 413

    @pytest.mark.parametrize(
        ("status", "words", "again"),
        [(413, "The photo is too large to be sent.", False), (502, "The shop could not answer.", True)],
    )
    def test_what_a_server_in_between_refuses_has_words_too(
        self, page: Page, shop: str, complaints: list[str], status: int, words: str, again: bool
    ) -> None:
        refuses = "<html><h1>Request refused</h1>"
        page.route(
            "**/search/photo/",
            lambda r: r.fulfill(status=status, body=refuses) if r.request.method == "POST" else r.continue_(),
        )
        page.goto(f"{shop}/search/photo/")
        pick(page, picture_bytes())
        expect(page.locator(".photo-dialog-problem")).to_contain_text(words)
        expect(page.locator(".photo-dialog-again")).to_be_visible(visible=again)
        complaints.clear()  # Chromium reports the status

    def test_without_a_network_it_says_so_and_the_photo_is_still_there(
        self,
        page: Page,
        context: BrowserContext,
        shop: str,
        product: Product,
        photo_bytes: bytes,
        complaints: list[str],
    ) -> None:
        page.goto(f"{shop}/search/photo/")
        context.set_offline(True)
        pick(page, photo_bytes)
        expect(page.locator(".photo-dialog-problem")).to_have_text(re.compile("There is no connection"))
        context.set_offline(False)
        page.click(".photo-dialog-again")
        page.wait_for_url("**/search/photo/results/**")
        expect(page.locator(".card-name").first).to_have_text(product.name)
        complaints.clear()

    def test_waiting_is_announced(self, page: Page, shop: str, photo_bytes: bytes) -> None:
        waiting: list[Route] = []
        page.route(
            "**/search/photo/", lambda r: waiting.append(r) if r.request.method == "POST" else r.continue_()
        )
        page.goto(f"{shop}/search/photo/")
        pick(page, photo_bytes)
        status = page.locator(".photo-dialog-status")
        expect(status).to_have_text("Looking for what looks like it …")
        assert status.get_attribute("role") == "status"
        expect(status).to_have_text(re.compile("Still looking"), timeout=4000)
        waiting[0].continue_()
        page.wait_for_url("**/search/photo/results/**")


def test_a_photo_of_a_product_finds_it_by_the_real_network(page: Page, live_server: Any) -> None:
    """Pictures embedded by a real worker, a changed copy of one searched with by another."""
    painted = {"Circles": "crimson", "Squares": "seagreen", "Sky": "skyblue", "Sand": "tan"}
    category = make_category("Prints")
    for name, colour in painted.items():
        picture = Image.new("RGB", (300, 400), "white")
        picture.paste(colour, (60, 80, 240, 320))
        out = io.BytesIO()
        picture.save(out, "PNG")
        make_image(make_product(name=name, category=category), out.getvalue())
    with celery_worker("embed", "browser"):
        wait_until(lambda: Product.objects.filter(search_vectors__isnull=False).count() == 4)
    changed = Image.new("RGB", (330, 410), "white")
    changed.paste("seagreen", (70, 90, 240, 320))
    out = io.BytesIO()
    changed.save(out, "JPEG", quality=80)
    with celery_worker("photo", "browser"):
        page.goto(f"{live_server.url}/search/photo/")
        pick(page, out.getvalue())
        page.wait_for_url("**/search/photo/results/**", timeout=15_000)
    expect(page.locator(".card-name").first).to_have_text("Squares")
    page.click(".card-name a >> nth=0")
    expect(page.locator(".strip .card")).to_have_count(3)
