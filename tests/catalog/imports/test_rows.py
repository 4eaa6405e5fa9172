"""What a row means."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from catalog.imports import formulas, mapping
from catalog.imports.brands import brand_in
from catalog.imports.rows import RowReader, decimal_text, value_of
from catalog.imports.sources import Record
from tests.catalog.imports.files import KAGGLE_HEADER, kaggle_row

HEADER = ["SKU", "Name", "Category", "Brand", "Price", "Currency", "Stock", "Active", "Description", "Images"]


def row(**cells):
    given = {"SKU": "A-1", "Name": "Shirt", "Category": "Apparel > Shirts"} | cells
    return Record(2, [given.get(column, "") for column in HEADER])


def read(record, header=HEADER, **options):
    return RowReader(header, mapping.guess(header), **options).read(record)


def problem(**cells):
    """The one problem of a row that is skipped."""
    product, [found] = read(row(**cells))
    assert product is None
    assert found.skipped
    return found


def test_the_shops_own_layout():
    product, problems = read(
        row(
            Brand="Acme",
            Price="1.234,50",
            Currency="EUR",
            Stock="7",
            Active="no",
            Description="Two\nlines",
            Images="a.jpg; b.jpg",
        )
    )
    assert problems == []
    assert product.sku == "A-1"
    assert product.category == ("Apparel", "Shirts")
    assert product.brand == "Acme"
    assert product.pictures == ("a.jpg", "b.jpg")
    assert product.values == {
        "name": "Shirt",
        "description": "Two\nlines",
        "price": Decimal("1234.50"),
        "currency": "EUR",
        "stock": 7,
        "is_active": False,
    }


def test_empty_cells_of_numbers_say_nothing():
    product, _ = read(row())
    assert product.values == {"name": "Shirt", "description": ""}
    assert product.brand == ""
    assert product.pictures is None


def test_a_column_that_is_not_there_says_nothing():
    product, _ = read(Record(2, ["1", "Shirt", "Shirts"]), ["sku", "name", "category"])
    assert product.values == {"name": "Shirt"}
    assert product.brand is None


def test_white_space_is_evened_out():
    product, _ = read(row(SKU=" A-1 ", Name="  Blue \t shirt "))
    assert (product.sku, product.values["name"]) == ("A-1", "Blue shirt")


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"SKU": ""}, "SKU", "The cell is empty."),
        ({"SKU": "x" * 65}, "SKU", "Ensure this value has at most 64 characters (it has 65)."),
        ({"Name": "null"}, "Name", "The cell is empty."),
        ({"Name": "a\0b"}, "Name", "The cell contains a NUL character."),
        ({"Name": "x" * 10_001}, "Name", "The cell has 10001 characters; at most 10000 are accepted."),
        ({"Category": ""}, "Category", "The row names no category."),
        (
            {"Category": "a > " + "b" * 101},
            "Category",
            "Ensure this value has at most 100 characters (it has 101).",
        ),
        ({"Price": "free"}, "Price", "This is no price; write it as 1234.50."),
        ({"Price": "-1"}, "Price", "This is no price; write it as 1234.50."),
        ({"Price": "123456789.00"}, "Price", "Ensure that there are no more than 10 digits in total."),
        ({"Currency": "euro"}, "Currency", "Three capital letters, such as EUR."),
        ({"Stock": "-3"}, "Stock", "Ensure this value is greater than or equal to 0."),
        ({"Stock": "many"}, "Stock", "“many” value must be an integer."),
        ({"Stock": "99999999999"}, "Stock", "Ensure this value is less than or equal to 2147483647."),
        ({"Active": "maybe"}, "Active", "Write yes or no."),
        ({"Brand": "x" * 101}, "Brand", "Ensure this value has at most 100 characters (it has 101)."),
        (
            {"Images": ";".join("abcdefghijklmnopqrstu")},
            "Images",
            "The cell names 21 pictures; at most 20 are accepted.",
        ),
    ],
)
def test_a_bad_value_is_named_with_column_and_reason(cells, column, reason):
    found = problem(**cells)
    assert found.row == 2
    assert found.column == column
    assert found.reason.startswith(reason)


def test_the_value_is_shown_short_and_readable():
    assert problem(Stock="9\0" + "x" * 500).value == "9\N{REPLACEMENT CHARACTER}" + "x" * 77 + "…"


def test_every_bad_value_of_a_row_is_named():
    product, problems = read(row(Price="x", Stock="y"))
    assert product is None
    assert [p.column for p in problems] == ["Price", "Stock"]


def test_bad_values_may_be_left_out():
    product, problems = read(row(Price="x", Stock="3"), ignore_bad_fields=True)
    assert product.values["stock"] == 3
    assert "price" not in product.values
    assert [(p.column, p.skipped) for p in problems] == [("Price", False)]


def test_what_a_product_cannot_do_without_is_never_left_out():
    product, problems = read(row(Name=""), ignore_bad_fields=True)
    assert product is None
    assert problems[0].skipped


def test_a_row_with_too_many_cells_is_skipped_where_no_text_ends_it():
    product, [found] = read(Record(7, [*row().cells, "more"]))
    assert product is None
    assert found.reason == "The row has 11 cells where the header has 10."


def test_empty_cells_behind_the_last_column_do_not_matter():
    product, problems = read(Record(2, [*row().cells, "", ""]))
    assert product.sku == "A-1"
    assert problems == []


def test_the_kaggle_layout_is_recognised_in_any_order():
    header = KAGGLE_HEADER[::-1]
    product, problems = read(Record(2, kaggle_row()[::-1]), header)
    assert problems == []
    assert product.category == ("Apparel", "Topwear", "Shirts")
    assert (product.brand, product.brand_guess) == (None, "Turtle Check")


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("12", "12"),
        ("12.5", "12.5"),
        ("12,50", "12.50"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1.234.567,8", "1234567.8"),
    ],
)
def test_prices_of_both_halves_of_the_world(text, price):
    assert decimal_text(text) == price


@pytest.mark.parametrize(
    "text", ["1,234", "1.234", "NaN", "Infinity", "1e5", "12.345", "€12", "", "1,2,3.4", "٣"]
)
def test_what_is_ambiguous_or_no_price_is_refused(text):
    with pytest.raises(ValidationError, match="no price"):
        decimal_text(text)


@pytest.mark.parametrize(
    ("name", "colour", "brand"),
    [
        ("Peter England Men Party Blue Jeans", "Blue", "Peter England"),
        ("Titan Women Silver Watch", "Silver", "Titan"),
        ("Gini and Jony Boys Check Blue Shirt", "Blue", "Gini and Jony"),
        ("United Colors of Benetton Women's Solid Top", "Red", "United Colors of Benetton"),
        ("Q&Q Men Black Dial Watch", "Black", "Q&Q"),
        ("Lino Perros Black Women Handbag", "Black", "Lino Perros"),
        ("Red Rose Cream Nightdress", "Cream", ""),
        ("Men Blue Shirt", "Blue", ""),
        ("A very long description before the word Men", "", ""),
        ("Mentos Womenswear Kidskin bag", "", ""),
        ("", "", ""),
    ],
)
def test_the_brand_stands_before_the_gender(name, colour, brand):
    assert brand_in(name, colour) == brand


@given(st.text(st.sampled_from("'=+-@\t\r a1")))
def test_no_text_is_a_formula_on_its_way_out_and_each_is_itself_again_on_its_way_in(text):
    written = formulas.escape(text)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert formulas.unescape(written) == text


@given(st.sampled_from(["sku", *mapping.SHOP]), st.text(max_size=200))
def test_any_cell_has_a_meaning_or_a_reason(name, cell):
    try:
        value_of(name, cell)
    except ValidationError as error:
        assert all(error.messages)  # noqa: PT017 - both ends are right
