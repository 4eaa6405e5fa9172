"""A product whose price nobody has given: an import without prices leaves it at 0, which is no gift."""

import json
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client

from catalog.listing import Listing
from catalog.models import Product
from catalog.templatetags.catalog import price
from catalog.tree import CategoryTree
from similarity import narrowing
from tests.factories import make_product


def test_no_price_is_no_gift():
    assert price(Product(price=Decimal(0), currency="EUR")) == "Price on request"


def test_a_cent_is_a_price():
    assert price(Product(price=Decimal("0.01"), currency="EUR")) == "€0.01"


@pytest.fixture
def shelf(db: None) -> None:
    for name, amount in (("On request", 0), ("Dear", 90), ("Cheap", 10), ("Older, on request", 0)):
        make_product(name=name, price=amount)


def names(address: str) -> list[str]:
    return [product.name for product in Listing(QueryDict(address), None, CategoryTree()).page(1)]


@pytest.mark.usefixtures("shelf")
class TestInTheListing:
    @pytest.mark.parametrize(("sort", "first"), [("price-up", "Cheap"), ("price-down", "Dear")])
    def test_it_comes_last_whichever_way_prices_are_sorted(self, sort: str, first: str) -> None:
        found = names(f"sort={sort}")
        assert found[0] == first
        assert all("n request" in name for name in found[2:])

    @pytest.mark.parametrize("bound", ["price_max=50", "price_min=0&price_max=50"])
    def test_it_passes_no_bound_on_prices(self, bound: str) -> None:
        assert names(bound) == ["Cheap"]

    def test_nor_does_the_api_let_it_pass(self, client: Client) -> None:
        answer = client.get("/api/products/?price_max=50&sort=price-up").json()
        assert [product["name"] for product in answer["results"]] == ["Cheap"]

    def test_the_range_of_prices_leaves_it_out(self) -> None:
        assert Listing(QueryDict(), None, CategoryTree()).prices == {"low": Decimal(10), "high": Decimal(90)}

    @pytest.mark.parametrize(
        ("sort", "index"), [("price-up", "product_known_price"), ("price-down", "product_price")]
    )
    def test_either_way_of_sorting_follows_an_index(self, sort: str, index: str) -> None:
        """Many products are not sorted for the 24 of a page."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        plan = Listing(QueryDict(f"sort={sort}"), None, CategoryTree()).filter.qs[:24].explain()
        assert re.search(rf"Index Scan (Backward )?using {index} ", plan)
        assert "Sort" not in plan


@pytest.mark.django_db
class TestOnItsPage:
    def test_machines_are_told_no_price(self, client: Client) -> None:
        page = client.get(make_product(price=0).get_absolute_url()).content.decode()
        data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
        assert "price" not in data["offers"]
        assert data["offers"]["availability"] == "https://schema.org/InStock"
        assert "product:price" not in page

    def test_a_price_is_told(self, client: Client) -> None:
        page = client.get(make_product(price="9.50", currency="EUR").get_absolute_url()).content.decode()
        assert '"price": "9.50", "priceCurrency": "EUR"' in page
        assert re.search(r'product:price:amount"\s+content="9.50"', page)

    def test_its_look_alikes_cannot_be_cheaper(self) -> None:
        assert "cheaper" not in narrowing.ways(make_product(price=0))
        assert "cheaper" in narrowing.ways(make_product(price=1))

    def test_it_is_not_cheaper_than_another(self) -> None:
        make_product(name="On request", price=0)
        make_product(name="Cheap", price=10)
        found = narrowing.narrowed(Product.objects.all(), make_product(price=50), ["cheaper"])
        assert [product.name for product in found] == ["Cheap"]
