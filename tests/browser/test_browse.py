"""Browsing: filters without a reload, the back button, the keyboard, and all of it without scripts."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from catalog.models import Product
from tests.browser.chromium import PHONE
from tests.browser.conftest import ready

pytestmark = pytest.mark.slow


def count(page: Page) -> str:
    return page.inner_text("#count").strip()


class TestFilters:
    def test_a_filter_works_without_a_reload_and_is_in_the_address(self, page: Page, shop: str) -> None:
        page.goto(f"{shop}/c/clothes/")
        page.evaluate("window.stillHere = true")
        page.check("#colour-red")
        page.wait_for_url("**/c/clothes/?colour=Red")
        expect(page.locator("#count")).to_have_text(re.compile("8 products"))
        expect(page.locator(".grid .card")).to_have_count(8)
        assert page.evaluate("window.stillHere") is True
        assert page.is_checked("#colour-red")

    def test_the_focus_stays_where_the_shopper_is(self, page: Page, shop: str) -> None:
        page.goto(f"{shop}/")
        page.focus("#colour-red")
        page.keyboard.press("Space")
        page.wait_for_url("**/?colour=Red")
        ready(page)
        assert page.evaluate("document.activeElement.id") == "colour-red"

    def test_the_back_button_undoes_the_last_filter(self, page: Page, shop: str) -> None:
        page.goto(f"{shop}/")
        page.check("#colour-red")
        page.wait_for_url("**/?colour=Red")
        ready(page)
        page.check("#brand-elm")
        page.wait_for_url("**/?brand=elm&colour=Red")
        ready(page)
        page.go_back()
        expect(page.locator("#brand-elm")).not_to_be_checked()
        expect(page.locator("#colour-red")).to_be_checked()
        assert count(page) == "8 products"
        page.go_back()
        expect(page.locator("#colour-red")).not_to_be_checked()
        assert count(page) == "30 products"

    def test_a_chip_takes_its_filter_away(self, page: Page, shop: str) -> None:
        page.goto(f"{shop}/?colour=Red&gender=Men")
        page.evaluate("window.stillHere = true")
        page.click(".chip:has-text('Red')")
        page.wait_for_url("**/?gender=Men")
        expect(page.locator("#colour-red")).not_to_be_checked()
        assert page.evaluate("window.stillHere") is True

    def test_without_its_words_the_page_is_that_of_all_products(self, page: Page, shop: str) -> None:
        page.goto(f"{shop}/?q=red+dress")
        page.click(".chip:has-text('red dress')")
        page.wait_for_url(f"{shop}/")
        expect(page.locator("h1")).to_have_text("All products")
        expect(page.locator("#sort")).to_have_value("newest")
        expect(page).to_have_title("Lookalike")

    def test_a_price_counts_once_the_field_is_left(self, page: Page, shop: str) -> None:
        page.goto(f"{shop}/")
        page.fill("#price_max", "24")
        page.keyboard.press("Enter")
        page.wait_for_url("**/?price_max=24")
        expect(page.locator(".grid .card")).to_have_count(5)

    def test_sorting_and_paging_keep_the_filters(self, page: Page, shop: str) -> None:
        page.goto(f"{shop}/c/clothes/")
        page.select_option("#sort", "price-up")
        page.wait_for_url("**/c/clothes/?sort=price-up")
        expect(page.locator(".card-name").first).to_have_text("Red dress 00")
        page.click(".pages a:has-text('Next')")
        page.wait_for_url("**/c/clothes/?sort=price-up&page=2")
        expect(page.locator(".card-name").first).to_have_text("Red dress 24")

    def test_on_a_phone_the_filters_are_a_sheet(self, page: Page, shop: str) -> None:
        page.set_viewport_size(PHONE)
        page.goto(f"{shop}/c/clothes/")
        expect(page.locator("#colour-red")).to_be_hidden()
        page.click(".filters-open")
        page.check("#colour-red")
        expect(page.locator(".filters-done")).to_have_text(re.compile("Show 8 products"))
        page.click(".filters-done")
        expect(page.locator("#colour-red")).to_be_hidden()
        assert count(page) == "8 products"

    def test_a_sheet_closes_with_escape(self, page: Page, shop: str) -> None:
        page.set_viewport_size(PHONE)
        page.goto(f"{shop}/")
        page.click(".filters-open")
        page.keyboard.press("Escape")
        expect(page.locator("#colour-red")).to_be_hidden()


class TestWhenTheShopDoesNotAnswer:
    def test_without_a_network_it_is_said_and_tried_again_in_place(
        self, page: Page, context: BrowserContext, shop: str, complaints: list[str]
    ) -> None:
        """On a phone, above the sheet of filters."""
        page.set_viewport_size(PHONE)
        page.goto(f"{shop}/c/clothes/")
        ready(page)
        page.evaluate("window.stillHere = true")
        page.click(".filters-open")
        context.set_offline(True)
        page.check("#colour-red")
        trouble = page.locator("#trouble")
        expect(trouble).to_contain_text("There is no connection to the shop.")
        assert trouble.get_attribute("role") == "alert"
        page.click(".trouble-again")
        expect(trouble).to_contain_text("There is no connection to the shop.")
        context.set_offline(False)
        page.click(".trouble-again")
        page.wait_for_url("**/c/clothes/?colour=Red")
        expect(trouble).to_be_hidden()
        assert count(page) == "8 products"
        assert page.evaluate("window.stillHere") is True
        complaints.clear()  # Chromium and htmx report the lost connection

    def test_a_broken_answer_is_said_and_the_focus_comes_back(
        self, page: Page, shop: str, product: Product, complaints: list[str]
    ) -> None:
        page.goto(shop + product.get_absolute_url())
        page.route("**?alike=**", lambda route: route.fulfill(status=500, body="broken"))
        page.click("#alike-1")
        expect(page.locator("#trouble")).to_contain_text("The shop could not answer.")
        page.unroute("**?alike=**")
        page.keyboard.press("Enter")  # "try again" has the focus
        page.wait_for_url("**?alike=**")
        ready(page)
        expect(page.locator("#trouble")).to_be_hidden()
        assert page.evaluate("document.activeElement.id") == "alike-1"
        complaints.clear()  # Chromium and htmx report the 500

    def test_a_page_of_results_that_is_gone_says_so_itself(
        self, page: Page, shop: str, complaints: list[str]
    ) -> None:
        page.goto(f"{shop}/")
        Product.objects.exclude(pk__in=Product.objects.values("pk")[:20]).update(is_active=False)
        page.click(".pages a:has-text('Next')")
        expect(page.locator("h1")).to_have_text("This page is not here")
        complaints.clear()  # Chromium and htmx report the 404


class TestKeyboard:
    def test_from_the_first_tab_to_a_product(self, page: Page, shop: str) -> None:
        page.goto(f"{shop}/c/dresses/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.focus(".card-name a")
        outline = page.evaluate(
            "getComputedStyle(document.querySelector('.card-name a'), '::after').outlineStyle"
        )
        assert outline == "solid"
        page.keyboard.press("Enter")
        page.wait_for_url("**/p/**")

    def test_searching_by_words(self, page: Page, shop: str) -> None:
        page.goto(f"{shop}/")
        page.fill("#q", "red dress")
        page.keyboard.press("Enter")
        page.wait_for_url("**/?q=red+dress")
        expect(page.locator("h1")).to_have_text(re.compile("Results for “red dress”"))
        assert page.locator(".card-name").first.inner_text().startswith("Red dress")


class TestProduct:
    def test_pictures_are_chosen_by_their_small_ones(self, page: Page, shop: str) -> None:
        product = Product.objects.get(name="Black shirt 27")
        page.goto(shop + product.get_absolute_url())
        second = page.locator("#picture-2 img")
        expect(second).not_to_be_in_viewport()
        page.click(".gallery-thumbs a >> nth=1")
        expect(second).to_be_in_viewport()

    def test_the_strip_is_refined_without_a_reload(self, page: Page, shop: str, product: Product) -> None:
        page.goto(shop + product.get_absolute_url())
        page.evaluate("window.stillHere = true")
        page.click(".strip-ways >> text=same colour")
        page.wait_for_url("**?alike=colour")
        expect(page.locator(".strip .card").first).to_contain_text(product.base_colour)
        expect(page.locator(".strip-ways [aria-current]")).to_have_text("same colour")
        assert page.evaluate("window.stillHere") is True
        page.click(".strip-ways >> text=same colour")
        page.wait_for_url(shop + product.get_absolute_url())
        expect(page.locator(".strip-ways [aria-current]")).to_have_count(0)

    def test_sold_out_on_a_phone_name_and_look_alikes_are_seen_at_once(self, page: Page, shop: str) -> None:
        page.set_viewport_size(PHONE)
        sold_out = Product.objects.filter(stock=0).first()
        assert sold_out
        page.goto(shop + sold_out.get_absolute_url())
        for seen in ("h1", ".product-price", "#similar", ".strip .card >> nth=0"):
            expect(page.locator(seen)).to_be_in_viewport()

    def test_what_is_compared_stays_in_sight_beside_long_results(
        self, page: Page, shop: str, product: Product
    ) -> None:
        page.goto(f"{shop}/search/like/{product.slug}/")
        page.locator(".card >> nth=-1").scroll_into_view_if_needed()
        expect(page.locator(".found-photo img")).to_be_in_viewport(ratio=1)

    def test_the_strip_leads_on(self, page: Page, shop: str, product: Product) -> None:
        page.goto(shop + product.get_absolute_url())
        page.click(".strip .card-name a >> nth=0")
        page.wait_for_url(lambda address: product.slug not in address)
        expect(page.locator(".strip .card")).to_have_count(5)


class TestWhatGoesWell:
    @pytest.fixture
    def phone(self, page: Page, shop: str, dress: Product) -> Page:
        page.set_viewport_size(PHONE)
        page.goto(shop + dress.get_absolute_url())
        ready(page)
        return page

    def test_it_comes_when_it_is_in_sight(self, phone: Page) -> None:
        expect(phone.locator(".strip-awaited")).not_to_be_in_viewport()
        phone.locator("#complements").scroll_into_view_if_needed()
        phone.mouse.wheel(0, 300)
        expect(phone.locator("[aria-labelledby=complements] .card-name")).to_have_text("Plain shoes")
        expect(phone.locator(".strip-awaited")).to_have_count(0)

    def test_who_comes_by_keyboard_stays_where_they_are(self, phone: Page) -> None:
        phone.focus("#complements a")
        phone.mouse.wheel(0, 300)
        expect(phone.locator("[aria-labelledby=complements] .card")).to_have_count(1)
        assert phone.evaluate("document.activeElement.textContent") == "Goes well with"

    def test_what_fails_is_not_complained_about_and_comes_the_next_time(
        self, phone: Page, complaints: list[str]
    ) -> None:
        phone.route("**/search/goes-well/**", lambda route: route.abort(), times=1)
        with phone.expect_console_message():  # the browser's own word, which is expected here
            phone.mouse.wheel(0, 20_000)
        ready(phone)
        expect(phone.locator(".strip-awaited")).to_have_count(1)
        expect(phone.locator("#trouble")).to_be_hidden()
        complaints.clear()
        phone.mouse.wheel(0, -20_000)
        ready(phone)
        phone.mouse.wheel(0, 20_000)
        expect(phone.locator("[aria-labelledby=complements] .card")).to_have_count(1)


class TestWithoutScripts:
    @pytest.fixture
    def plain(self, browser: Browser) -> Page:
        return browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()

    def test_filters_are_a_form(self, plain: Page, shop: str) -> None:
        plain.goto(f"{shop}/c/clothes/")
        plain.click(".filters-open")
        plain.check("#colour-red")
        plain.click("#filters button:has-text('Apply')")
        assert plain.url == f"{shop}/c/clothes/?colour=Red"
        assert count(plain) == "8 products"

    def test_what_goes_well_has_a_page(self, plain: Page, shop: str, dress: Product) -> None:
        plain.goto(shop + dress.get_absolute_url())
        expect(plain.locator(".strip-awaited")).to_be_hidden()
        plain.click("#complements a")
        expect(plain.locator(".card-name")).to_have_text("Plain shoes")

    def test_a_photo_is_sent_by_a_form(self, plain: Page, shop: str, photo_bytes: bytes) -> None:
        plain.goto(f"{shop}/search/photo/")
        plain.set_input_files("#image", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes})
        plain.click("text=Find what looks like it")
        plain.wait_for_url("**/search/photo/results/**")
        assert plain.locator(".card").count() == 5
        plain.select_option("#colour", "Red")
        plain.click(".refine button")
        assert {name.split()[0] for name in plain.locator(".card-name").all_inner_texts()} == {"Red"}

    def test_a_broken_photo_brings_the_form_back_with_the_reason(self, plain: Page, shop: str) -> None:
        plain.goto(f"{shop}/search/photo/")
        plain.set_input_files("#image", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
        plain.click("text=Find what looks like it")
        expect(plain.locator("main .problem")).to_have_text(
            re.compile(r"a\.jpg:\s+The file is not a picture")
        )
        expect(plain.locator("#image")).to_be_visible()
