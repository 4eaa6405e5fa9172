"""What the listing finds, counts and sorts. Exact values, on a real PostgreSQL."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.paginator import EmptyPage
from django.http import QueryDict

from catalog.listing import Facet, Listing, ProductFilter
from catalog.models import Category, Product
from catalog.tree import CategoryTree
from tests.factories import make_brand, make_category, make_product

pytestmark = pytest.mark.django_db


def listing(address: str = "", category: Category | None = None) -> Listing:
    return Listing(QueryDict(address), category, CategoryTree())


def names(shown: Listing) -> list[str]:
    return [product.name for product in shown.page(1)]


def facet(shown: Listing, name: str) -> Facet:
    return next(facet for facet in shown.facets if facet.name == name)


def counts(shown: Listing, name: str) -> dict[str, int]:
    return {choice.value: choice.count for choice in facet(shown, name).choices}


@pytest.fixture
def wardrobe() -> dict[str, Any]:
    """Clothes above dresses and shirts; three dresses, two shirts, and a hat beside them."""
    clothes = make_category("Clothes")
    dresses = make_category("Dresses", parent=clothes)
    shirts = make_category("Shirts", parent=clothes)
    hats = make_category("Hats")
    elm, oak = make_brand("Elm"), make_brand("Oak")
    rows = [
        ("Plain red dress", dresses, elm, "Red", "Women", "30.00", 2),
        ("Dotted blue dress", dresses, elm, "Blue", "Women", "50.00", 0),
        ("Long red dress", dresses, oak, "Red", "Women", "80.00", 1),
        ("Striped blue shirt", shirts, oak, "Blue", "Men", "25.00", 4),
        ("Red shirt", shirts, elm, "Red", "Men", "20.00", 0),
        ("Straw hat", hats, None, "", "Unisex", "15.00", 9),
    ]
    for name, category, brand, colour, gender, price, stock in rows:
        make_product(
            name=name,
            category=category,
            brand=brand,
            base_colour=colour,
            gender=gender,
            price=price,
            stock=stock,
        )
    return {"clothes": clothes, "dresses": dresses, "shirts": shirts, "hats": hats}


class TestCategories:
    def test_a_category_shows_what_hangs_anywhere_below_it(self, wardrobe: dict[str, Any]) -> None:
        assert listing("", wardrobe["clothes"]).total == 5
        assert listing("", wardrobe["dresses"]).total == 3

    def test_branches_count_everything_below_them(self, wardrobe: dict[str, Any]) -> None:
        branches = {branch.category.name: branch.count for branch in listing().branches}
        assert branches == {"Clothes": 5, "Hats": 1}

    def test_branches_without_products_are_left_out(self, wardrobe: dict[str, Any]) -> None:
        branches = [branch.category.name for branch in listing("gender=Men").branches]
        assert branches == ["Clothes"]

    def test_the_parameter_finds_descendants_too(self, wardrobe: dict[str, Any]) -> None:
        assert listing("category=clothes").total == 5

    def test_an_unknown_category_finds_nothing(self, wardrobe: dict[str, Any]) -> None:
        assert listing("category=boats").total == 0


class TestFacets:
    def test_values_of_one_facet_are_alternatives(self, wardrobe: dict[str, Any]) -> None:
        assert listing("colour=Red&colour=Blue").total == 5

    def test_facets_narrow_each_other(self, wardrobe: dict[str, Any]) -> None:
        assert sorted(names(listing("colour=Red&brand=elm"))) == ["Plain red dress", "Red shirt"]

    def test_a_facet_counts_with_the_other_filters_applied_but_not_its_own(
        self, wardrobe: dict[str, Any]
    ) -> None:
        shown = listing("colour=Red&gender=Women")
        assert counts(shown, "colour") == {"Red": 2, "Blue": 1}
        assert counts(shown, "gender") == {"Women": 2, "Men": 1}
        assert counts(shown, "brand") == {"elm": 1, "oak": 1}

    def test_categories_are_counted_by_their_own_products(self, wardrobe: dict[str, Any]) -> None:
        assert counts(listing(), "category") == {"dresses": 3, "shirts": 2, "hats": 1}

    def test_products_without_a_value_are_no_choice(self, wardrobe: dict[str, Any]) -> None:
        assert counts(listing(), "colour") == {"Red": 3, "Blue": 2}

    def test_a_facet_with_one_value_is_not_shown(self, wardrobe: dict[str, Any]) -> None:
        shown = listing("", wardrobe["dresses"])
        assert "gender" not in [facet.name for facet in shown.facets]

    def test_a_chosen_value_stays_even_when_it_finds_nothing(self, wardrobe: dict[str, Any]) -> None:
        choices = facet(listing("colour=Teal"), "colour").choices
        assert [(choice.value, choice.count) for choice in choices if choice.chosen] == [("Teal", 0)]

    def test_chosen_values_are_shown_at_once_however_rare(self) -> None:
        category = make_category()
        for number in range(12):
            for _ in range(12 - number):
                make_product(category=category, base_colour=f"Colour {number:02}")
        shown = facet(listing("colour=Colour+11"), "colour")
        assert [choice.value for choice in shown.first][-1] == "Colour 11"
        assert "Colour 11" not in [choice.value for choice in shown.rest]
        assert len(shown.first) + len(shown.rest) == 12

    def test_inactive_products_are_neither_shown_nor_counted(self, wardrobe: dict[str, Any]) -> None:
        Product.objects.filter(name="Red shirt").update(is_active=False)
        assert listing().total == 5
        assert counts(listing(), "colour") == {"Red": 2, "Blue": 2}


class TestPriceAndStock:
    def test_both_ends_of_the_price_belong_to_it(self, wardrobe: dict[str, Any]) -> None:
        found = names(listing("price_min=25&price_max=50&sort=price-up"))
        assert found == ["Striped blue shirt", "Plain red dress", "Dotted blue dress"]

    def test_the_range_is_that_of_the_other_filters(self, wardrobe: dict[str, Any]) -> None:
        prices = listing("colour=Red&price_min=70").prices
        assert prices == {"low": Decimal("20.00"), "high": Decimal("80.00")}

    def test_in_stock_leaves_the_sold_out_away_and_counts_without_itself(
        self, wardrobe: dict[str, Any]
    ) -> None:
        assert listing("in_stock=true").total == 4
        assert listing("colour=Red").stocked == 2


class TestSearch:
    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("red dress women", ["Long red dress", "Plain red dress"]),
            ("dresses", ["Dotted blue dress", "Long red dress", "Plain red dress"]),
            ("RED DRESS -long", ["Plain red dress"]),
            ("red dre", ["Long red dress", "Plain red dress"]),
            ("strip", ["Striped blue shirt"]),
            ('"red dress"', ["Long red dress", "Plain red dress"]),
            ("hat or shirt", ["Red shirt", "Straw hat", "Striped blue shirt"]),
            ("élm shirt", ["Red shirt"]),
            ("men", ["Red shirt", "Straw hat", "Striped blue shirt"]),
            ("the", []),
            ("submarine", []),
        ],
    )
    def test_words_find_products(self, wardrobe: dict[str, Any], words: str, found: list[str]) -> None:
        query = QueryDict(mutable=True)
        query["q"] = words
        shown = Listing(query, None, CategoryTree())
        assert sorted(product.name for product in shown.page(1)) == found

    def test_accents_in_the_catalogue_do_not_matter(self) -> None:
        make_product(name="Béret façon Pyrénées")
        assert names(listing("q=beret+pyrenees")) == ["Béret façon Pyrénées"]

    def test_the_sku_is_a_word(self) -> None:
        product = make_product(sku="LK-4711")
        assert names(listing("q=LK-4711")) == [product.name]

    def test_words_and_facets_work_together(self, wardrobe: dict[str, Any]) -> None:
        shown = listing("q=red&gender=Men")
        assert names(shown) == ["Red shirt"]
        assert counts(shown, "gender") == {"Women": 2, "Men": 1}

    def test_the_best_match_comes_first(self) -> None:
        category = make_category("Scarves")
        make_product(name="Scarf with a wool wool wool fringe", category=category)
        make_product(name="Scarf of wool", category=category)
        assert names(listing("q=wool"))[0] == "Scarf with a wool wool wool fringe"


class TestSorting:
    def test_newest_first_unless_asked_otherwise(self, wardrobe: dict[str, Any]) -> None:
        assert names(listing())[0] == "Straw hat"

    @pytest.mark.parametrize(
        ("sort", "first", "last"),
        [
            ("price-up", "Straw hat", "Long red dress"),
            ("price-down", "Long red dress", "Straw hat"),
            ("name", "Dotted blue dress", "Striped blue shirt"),
            ("newest", "Straw hat", "Plain red dress"),
        ],
    )
    def test_orders(self, wardrobe: dict[str, Any], sort: str, first: str, last: str) -> None:
        found = names(listing(f"sort={sort}"))
        assert (found[0], found[-1]) == (first, last)

    def test_best_match_is_offered_only_for_words(self, wardrobe: dict[str, Any]) -> None:
        assert "relevance" not in listing().sorts
        assert "relevance" in listing("q=red").sorts
        assert listing("sort=relevance").sorting == "newest"


class TestAddress:
    def test_only_what_means_something_is_kept(self, wardrobe: dict[str, Any]) -> None:
        shown = listing("utm=x&colour=Red&colour=Red&price_min=abc&page=2&sort=newest&in_stock=")
        assert shown.address("/") == "/?colour=Red"

    def test_a_chip_takes_its_own_value_away_and_no_other(self, wardrobe: dict[str, Any]) -> None:
        chips = listing("q=dress&colour=Red&colour=Blue&price_max=60&in_stock=true").chips
        assert {chip.label: chip.without.urlencode() for chip in chips} == {
            "“dress”": "colour=Red&colour=Blue&price_max=60&in_stock=true",
            "Red": "q=dress&colour=Blue&price_max=60&in_stock=true",
            "Blue": "q=dress&colour=Red&price_max=60&in_stock=true",
            "up to 60": "q=dress&colour=Red&colour=Blue&in_stock=true",
            "in stock": "q=dress&colour=Red&colour=Blue&price_max=60",
        }

    def test_going_deeper_keeps_the_filters_but_the_category(self, wardrobe: dict[str, Any]) -> None:
        assert listing("category=hats&colour=Red").kept.urlencode() == "colour=Red"

    def test_there_is_no_page_beyond_the_last(self, wardrobe: dict[str, Any]) -> None:
        with pytest.raises(EmptyPage):
            listing().page("2")
        with pytest.raises(EmptyPage):
            listing().page("-1")

    def test_a_page_that_is_no_number_is_the_first(self, wardrobe: dict[str, Any]) -> None:
        assert listing().page("٣").number == 1


def test_the_filter_refuses_what_a_page_ignores(wardrobe: dict[str, Any]) -> None:
    """The API answers 400 where a page shrugs."""
    strict = ProductFilter(QueryDict("price_min=abc&sort=colour"), queryset=Product.objects.visible())
    assert set(strict.errors) == {"price_min", "sort"}
