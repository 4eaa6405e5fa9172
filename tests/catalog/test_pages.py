"""The catalogue's pages as a browser without scripts sees them."""

import json
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Product
from tests.factories import make_brand, make_category, make_image, make_product, picture_bytes
from tests.pages import text

pytestmark = pytest.mark.django_db

# Category tree; navigation; count; products; their pictures; brands; six facets; prices; stock.
LISTING_QUERIES = 14


class TestListing:
    def test_a_card_says_what_a_shopper_wants_to_know(self, client: Client) -> None:
        product = make_product(
            name="Linen shirt",
            brand=make_brand("Elm"),
            price="1234.50",
            currency="EUR",
            base_colour="Sage",
            stock=0,
        )
        words = text(client.get("/"))
        assert "Sold out Elm Linen shirt €1,234.50 Sage" in words
        assert f'href="{product.get_absolute_url()}"' in client.get("/").content.decode()

    @pytest.mark.parametrize("products", [1, 24])
    def test_it_costs_the_same_queries_however_many_products(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries, products: int
    ) -> None:
        for _ in range(products):
            make_image(make_product(brand=make_brand()))
        with django_assert_num_queries(LISTING_QUERIES):
            client.get("/")

    def test_it_pages_by_24_and_says_how_many_there_are(self, client: Client) -> None:
        category = make_category()
        for _ in range(25):
            make_product(category=category)
        assert "25 products" in text(client.get("/"))
        assert len(client.get("/").context["page"]) == 24
        assert len(client.get("/?page=2").context["page"]) == 1
        assert "page=2" in client.get("/").content.decode()

    def test_page_links_keep_the_filters(self, client: Client) -> None:
        category = make_category()
        for _ in range(25):
            make_product(category=category, base_colour="Red")
        assert 'href="/?colour=Red&amp;page=2"' in client.get("/?colour=Red&utm=1").content.decode()

    def test_empty_fields_of_the_form_lead_to_the_clean_address(self, client: Client) -> None:
        response = client.get("/?q=&colour=Red&price_min=&price_max=&sort=newest")
        assert (response.status_code, response["Location"]) == (302, "/?colour=Red")

    def test_a_filter_chosen_by_htmx_pushes_the_clean_address(self, client: Client) -> None:
        make_product()
        response = client.get("/?colour=Red&sort=newest", headers={"HX-Request": "true"})
        assert response["HX-Push-Url"] == "/?colour=Red"

    def test_nothing_found_offers_ways_on(self, client: Client) -> None:
        make_product(base_colour="Red")
        response = client.get("/?colour=Blue&q=shirt")
        words = text(response)
        assert "without Blue" in words
        assert "without “shirt”" in words
        assert 'href="/?q=shirt"' in response.content.decode()
        assert 'href="/search/photo/"' in response.content.decode()

    def test_an_empty_shop_has_a_page(self, client: Client) -> None:
        assert client.get("/").status_code == 200

    def test_the_home_page_greets_and_a_filtered_one_does_not(self, client: Client) -> None:
        make_product(base_colour="Red")
        greeting = "Find what looks like it."
        assert greeting in text(client.get("/"))
        assert greeting not in text(client.get("/?colour=Red"))

    def test_breadcrumbs_lead_up_the_tree(self, client: Client) -> None:
        shirts = make_category("Shirts", parent=make_category("Clothes"))
        make_product(category=shirts)
        words = text(client.get("/c/shirts/"))
        assert "All products Clothes Shirts" in words

    def test_filtered_listings_are_kept_out_of_search_engines(self, client: Client) -> None:
        make_product(category=make_category("Hats"), base_colour="Red")
        assert "noindex" in client.get("/c/hats/?colour=Red").content.decode()
        plain = client.get("/c/hats/").content.decode()
        assert "noindex" not in plain
        assert '<link rel="canonical" href="http://testserver/c/hats/">' in re.sub(r"\s+", " ", plain)


class TestProduct:
    def test_an_inactive_product_is_not_found(self, client: Client) -> None:
        product = make_product(is_active=False)
        assert client.get(product.get_absolute_url()).status_code == 404

    def test_it_shows_facts_price_and_stock(self, client: Client) -> None:
        product = make_product(
            name="Wool coat",
            sku="LK-9",
            price="99.00",
            stock=2,
            base_colour="Navy Blue",
            gender="Women",
            season="Winter",
            usage="Casual",
            description="Warm.\n\nVery warm.",
        )
        words = text(client.get(product.get_absolute_url()))
        for fact in (
            "Wool coat",
            "€99.00",
            "Only 2 left",
            "Navy Blue",
            "Women",
            "Winter",
            "Casual",
            "LK-9",
            "Very warm.",
        ):
            assert fact in words

    def test_all_pictures_are_on_the_page_with_their_sizes(self, client: Client) -> None:
        product = make_product()
        make_image(product, picture_bytes("red", (600, 800)), alt="From the front")
        make_image(product, picture_bytes("blue", (600, 800)), alt="From behind", position=1)
        page = client.get(product.get_absolute_url()).content.decode()
        assert 'alt="From the front"' in page
        assert 'alt="From behind"' in page
        assert page.count('width="600"') == page.count('height="800"') == 4  # two pictures, and two to choose

    def test_a_product_without_pictures_has_a_page(self, client: Client) -> None:
        assert client.get(make_product().get_absolute_url()).status_code == 200

    def test_it_describes_itself_to_machines(self, client: Client) -> None:
        product = make_product(name="Wool coat", price="99.00", brand=make_brand("Elm"), stock=1)
        make_image(product)
        page = client.get(product.get_absolute_url()).content.decode()
        data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
        assert data["name"] == "Wool coat"
        assert data["brand"] == {"@type": "Brand", "name": "Elm"}
        assert data["offers"]["price"] == "99.00"
        assert data["offers"]["availability"] == "https://schema.org/InStock"
        assert data["url"] == f"http://testserver{product.get_absolute_url()}"
        assert data["image"][0].startswith("http://testserver/media/products/")
        assert f'<meta property="og:url" content="{data["url"]}">' in re.sub(r"\s+", " ", page)

    def test_a_hostile_name_stays_inside_its_script(self, client: Client) -> None:
        name = "</script><script>alert('&')</script>"
        page = client.get(make_product(name=name).get_absolute_url()).content.decode()
        assert "<script>alert" not in page
        data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1]  # type: ignore[index]
        assert json.loads(data)["name"] == name

    def test_prices_are_written_as_the_currency_wants(self, client: Client) -> None:
        yen = make_product(price="1200.00", currency="JPY")
        assert "¥1,200" in text(client.get(yen.get_absolute_url()))


class TestSite:
    def test_the_site_map_lists_active_products_and_categories(self, client: Client) -> None:
        product = make_product(category=make_category("Hats"))
        hidden = make_product(is_active=False)
        assert "/sitemap-products.xml" in client.get("/sitemap.xml").content.decode()
        products = client.get("/sitemap-products.xml").content.decode()
        assert f"http://testserver{product.get_absolute_url()}<" in products
        assert hidden.slug not in products
        assert "http://testserver/c/hats/<" in client.get("/sitemap-categories.xml").content.decode()
        assert client.get("/sitemap-nonsense.xml").status_code == 404

    def test_robots_are_told_the_site_map(self, client: Client) -> None:
        assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()

    def test_a_visitor_gets_no_cookie(self, client: Client) -> None:
        product = make_product()
        for address in ("/", product.get_absolute_url(), "/search/photo/"):
            assert not client.get(address).cookies

    def test_pages_forbid_inline_scripts_and_styles_and_have_none(self, client: Client) -> None:
        product = make_product(base_colour="Red")
        for address in ("/", product.get_absolute_url(), "/search/photo/", "/nowhere/"):
            response = client.get(address)
            page = response.content.decode()
            policy = response["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "unsafe" not in policy
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
            assert not re.search(r"<script(?![^>]*(?:src=|application/ld\+json))", page)

    def test_the_admin_has_a_policy_that_its_theme_can_live_with(self, client: Client) -> None:
        policy = client.get("/admin/login/")["Content-Security-Policy"]
        assert "'unsafe-eval'" in policy
        assert "frame-ancestors 'none'" in policy

    def test_posting_to_a_page_is_refused(self, client: Client) -> None:
        assert client.post("/").status_code == 405


class TestErrors:
    def test_a_page_that_is_not_there_says_so_kindly(self, client: Client) -> None:
        response = client.get("/nowhere/")
        assert response.status_code == 404
        assert "This page is not here" in text(response)

    def test_a_crash_shows_a_page_that_needs_no_database(
        self,
        client: Client,
        monkeypatch: pytest.MonkeyPatch,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        def crash(*args: object) -> None:
            raise RuntimeError("crash")

        monkeypatch.setattr("catalog.views.CategoryTree", crash)
        client.raise_request_exception = False
        with django_assert_num_queries(0):
            response = client.get("/")
        assert response.status_code == 500
        assert "Something broke on our side" in text(response)


def test_products_of_a_page_come_in_one_query_each_for_rows_and_pictures(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(3):
        make_image(make_product(brand=make_brand()))
    with django_assert_num_queries(2):
        assert all(p.cover and p.brand and p.category for p in Product.objects.visible().for_cards())
