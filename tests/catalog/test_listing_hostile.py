"""No address breaks the listing, whatever stands in it."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_product

pytestmark = pytest.mark.django_db

PARAMETERS = [
    "q", "category", "brand", "colour", "gender", "season", "usage", "price_min", "price_max", "in_stock",
    "sort", "page", "unknown", "q[]", "colour[$ne]",
]  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=60),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        [
            "\0",
            "red\0dress",
            "1e400",
            "-1",
            "NaN",
            "Infinity",
            "9" * 400,
            "' OR 1=1 --",
            "<script>",
            ":*",
            "!",
            "& | !",
            '"',
            "-",
            "a:*b",
            "\\",
            "%00",
            "true",
            "price-up",
            "\ud7ff\uffff",
        ]
    ),
)


@given(st.lists(st.tuples(st.sampled_from(PARAMETERS), VALUES), max_size=8))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_address_gives_a_page_or_404(client: Client, parameters: list[tuple[str, str]]) -> None:
    response = client.get(f"/?{urlencode(parameters)}", follow=True)
    assert response.status_code in (200, 404)
    assert response.status_code == 200 or any(name == "page" for name, _ in parameters)


@pytest.mark.parametrize(
    "address",
    [
        "/?page=999999",
        "/?page=0",
        "/?page=-3",
        "/c/no-such-category/",
        "/p/no-such-product/",
        "/c/%00/",
        "/p/a%00b/",
    ],
)
def test_what_is_not_there_is_404(client: Client, address: str) -> None:
    make_product()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/?page=two", "/?page=" + "9" * 5000, "/?sort=upwards", "/?price_min=1e400"]
)
def test_what_means_nothing_is_ignored(client: Client, address: str) -> None:
    product = make_product()
    response = client.get(address)
    assert response.status_code == 200
    assert product.name in response.content.decode()


def test_values_of_a_facet_are_limited(client: Client) -> None:
    make_product()
    many = urlencode([("colour", f"c{number}") for number in range(500)])
    response = client.get(f"/?{many}")
    assert len(response.context["listing"].filter.values["colour"]) == 40


def test_words_of_the_shopper_are_escaped(client: Client) -> None:
    response = client.get("/?q=<script>alert(1)</script>&colour=<b>")
    assert b"<script>alert" not in response.content
    assert b"<b>" not in response.content
