"""Text search understands what the catalogue calls things."""

import pytest

from catalog import words
from catalog.listing import ProductFilter
from catalog.models import Product
from tests.factories import make_category, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    dresses, shirts, caps = (make_category(name) for name in ("Dresses", "Shirts", "Hats & Caps"))
    rows = [
        ("Wrap", dresses, "Red", "Women"),
        ("Maxi", dresses, "Navy Blue", "Women"),
        ("Oxford", shirts, "Red", "Men"),
        ("Linen", shirts, "Off White", "Women"),
        ("Wool", caps, "Grey", "Unisex"),
    ]
    for name, category, colour, gender in rows:
        make_product(name=name, category=category, base_colour=colour, gender=gender, sku=f"LK-{name}")


def found(text: str) -> set[str]:
    return {product.name for product in ProductFilter({"q": text}, queryset=Product.objects.all()).qs}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("red dress women", {"Wrap"}),
        ("Red dresses for ladies", {"Wrap"}),
        ("ladies", {"Wrap", "Maxi", "Linen", "Wool"}),
        ("men", {"Oxford", "Wool"}),
        ("blue dress", {"Maxi"}),
        ("ivory shirts", {"Linen"}),
        ("gray cap", {"Wool"}),
        ("rotes Kleid", {"Wrap"}),
        ("Kleider für Damen", {"Wrap", "Maxi"}),
        ("rote Hemden für Herren", {"Oxford"}),
        ("Mützen", {"Wool"}),
        ("dre", {"Wrap", "Maxi"}),
        ("red -dress", {"Oxford"}),
        ("dress or shirt", {"Wrap", "Maxi", "Oxford", "Linen"}),
        ("for the", set()),
        ("LK-Wool", {"Wool"}),
        ("green dress", set()),
    ],
)
def test_words_find_what_they_mean(text: str, names: set[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize("text", ["\0", "'", "a:*&|!", "<->", "(", "x " * 90, "💃", "for :*"])
def test_hostile_words_find_nothing_bad(text: str) -> None:
    found(text)


def test_many_words_stay_one_bounded_query() -> None:
    assert len(words.meanings("word " * 100)) == words.WORDS_MAX


def test_every_line_of_the_synonyms_says_something() -> None:
    for line in words.SYNONYMS.read_text().splitlines():
        assert not line or line.startswith("#") or all(part.strip() for part in line.split(":")), line
