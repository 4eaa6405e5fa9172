"""`manage.py import_catalog`: the Kaggle layout, from files to a shop, again and again."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalog.models import Brand, Category, Product, ProductImage
from similarity.models import Embedding
from tests.catalog.imports.files import KAGGLE_HEADER, archive, kaggle, kaggle_row, table
from tests.factories import make_category, make_image, make_product, picture_bytes

pytestmark = pytest.mark.django_db

RED, BLUE, GREEN = (picture_bytes(colour) for colour in ("red", "blue", "green"))


def import_catalog(*args: Any, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import_catalog", *args, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def counts(result: dict[str, Any]) -> dict[str, int]:
    """Those that are not zero."""
    return {name: count for name, count in result.items() if count and name not in ("problems", "rows")}


def writes(queries: CaptureQueriesContext) -> list[str]:
    starts = ("INSERT", "UPDATE", "DELETE", "SAVEPOINT")
    return [query["sql"] for query in queries if query["sql"].startswith(starts)]


def test_a_row_becomes_a_product_with_its_picture(tmp_path):
    result = import_catalog(kaggle(tmp_path, {"id": "15970"}), archive(tmp_path, **{"15970": RED}))
    assert counts(result) == {"created": 1, "images": 1}
    product = Product.objects.get()
    assert (product.sku, product.name) == ("15970", "Turtle Check Men Navy Blue Shirt")
    assert (product.base_colour, product.gender, product.season, product.usage) == (
        "Navy Blue",
        "Men",
        "Fall",
        "Casual",
    )
    assert [node.name for node in product.category.ancestors(include_self=True)] == [
        "Apparel",
        "Topwear",
        "Shirts",
    ]
    assert product.brand.name == "Turtle Check"
    assert (product.price, product.stock, product.is_active) == (0, 1, True)
    assert product.slug == "turtle-check-men-navy-blue-shirt-15970"
    assert Image.open(product.images.get().picture).size == (60, 80)


def test_imported_products_are_found_by_text_search(tmp_path):
    import_catalog(kaggle(tmp_path, {"productDisplayName": "Café Men Shirt"}))
    assert Product.objects.filter(search_vector="cafe").exists()


def test_imported_pictures_wait_for_their_embedding(tmp_path):
    import_catalog(kaggle(tmp_path, {"id": "1"}), archive(tmp_path, **{"1": RED}))
    assert Embedding.objects.get().image.product.sku == "1"
    assert Embedding.objects.get().state == "pending"


def test_price_and_stock_of_new_products_can_be_given(tmp_path):
    import_catalog(kaggle(tmp_path, {}), price="19.90", stock=5)
    product = Product.objects.get()
    assert (str(product.price), product.stock) == ("19.90", 5)


def test_a_product_keeps_the_price_of_which_the_file_does_not_speak(tmp_path):
    import_catalog(kaggle(tmp_path, {}))
    Product.objects.update(price="99.00", stock=7)
    result = import_catalog(kaggle(tmp_path, {"baseColour": "Red"}), price="19.90")
    assert counts(result) == {"changed": 1}
    product = Product.objects.get()
    assert (str(product.price), product.stock, product.base_colour) == ("99.00", 7, "Red")


def test_the_same_files_again_write_and_decode_nothing(tmp_path, monkeypatch):
    files = kaggle(tmp_path, {"id": "1"}, {"id": "2"}), archive(tmp_path, **{"1": RED, "2": BLUE})
    import_catalog(*files)
    monkeypatch.setattr(Image, "open", lambda *args, **kwargs: pytest.fail("a picture was decoded"))
    with CaptureQueriesContext(connection) as queries:
        result = import_catalog(*files)
    assert counts(result) == {"unchanged": 2}
    assert writes(queries) == []


def test_the_number_of_queries_does_not_grow_with_the_rows(tmp_path):
    def queries_for(count: int) -> int:
        rows = [{"id": f"{count}-{n}"} for n in range(count)]
        with CaptureQueriesContext(connection) as queries:
            import_catalog(kaggle(tmp_path, *rows))
        return len(queries)

    queries_for(1)  # makes the categories and the brand
    assert queries_for(2) == queries_for(40)


def test_a_changed_row_leaves_its_picture_alone(tmp_path):
    pictures = archive(tmp_path, **{"1": RED})
    import_catalog(kaggle(tmp_path, {"id": "1"}), pictures)
    before = ProductImage.objects.values().get()
    result = import_catalog(kaggle(tmp_path, {"id": "1", "season": "Winter"}), pictures)
    assert counts(result) == {"changed": 1}
    assert Product.objects.get().season == "Winter"
    assert "Winter" in Product.objects.get().search_text
    assert ProductImage.objects.values().get() == before


def test_a_change_moves_the_date_of_change_and_only_of_that_product(tmp_path):
    import_catalog(kaggle(tmp_path, {"id": "1"}, {"id": "2"}))
    before = dict(Product.objects.values_list("sku", "updated_at"))
    import_catalog(kaggle(tmp_path, {"id": "1", "season": "Winter"}, {"id": "2"}))
    after = dict(Product.objects.values_list("sku", "updated_at"))
    assert after["1"] > before["1"]
    assert after["2"] == before["2"]


def test_an_emptied_cell_empties_the_text(tmp_path):
    import_catalog(kaggle(tmp_path, {"usage": "Casual"}))
    import_catalog(kaggle(tmp_path, {"usage": "NA"}))
    assert Product.objects.get().usage == ""


def test_a_moved_product_moves(tmp_path):
    import_catalog(kaggle(tmp_path, {"articleType": "Shirts"}))
    assert counts(import_catalog(kaggle(tmp_path, {"articleType": "Tshirts"}))) == {"changed": 1}
    assert Product.objects.get().category.name == "Tshirts"


def test_the_same_category_name_in_two_branches_is_two_categories(tmp_path):
    rows = [
        {"id": "1", "masterCategory": "Apparel", "subCategory": "Sets", "articleType": "Shirts"},
        {"id": "2", "masterCategory": "Sporting Goods", "subCategory": "Sets", "articleType": "Shirts"},
        {"id": "3", "masterCategory": "APPAREL", "subCategory": "sets", "articleType": "SHIRTS"},
    ]
    import_catalog(kaggle(tmp_path, *rows))
    first, second, third = (product.category for product in Product.objects.order_by("sku"))
    assert first != second
    assert first == third
    assert [first.slug, second.slug] == ["shirts", "sporting-goods-sets-shirts"]
    assert Category.objects.count() == 6


def test_a_category_that_only_repeats_its_parent_is_left_out(tmp_path):
    rows = {"masterCategory": "Accessories", "subCategory": "Watches", "articleType": "Watches"}
    import_catalog(kaggle(tmp_path, rows))
    assert Product.objects.get().category.parent.name == "Accessories"


def test_categories_and_brands_that_exist_are_used(tmp_path):
    apparel = make_category("Apparel")
    Brand.objects.create(name="TURTLE", slug="turtle")
    import_catalog(kaggle(tmp_path, {"productDisplayName": "Turtle Men Shirt"}))
    assert Product.objects.get().brand.name == "TURTLE"
    assert Product.objects.get().category.parent.parent == apparel
    assert Brand.objects.count() == 1


def test_a_brand_that_staff_has_corrected_stays(tmp_path):
    import_catalog(kaggle(tmp_path, {}))
    Product.objects.update(brand=Brand.objects.create(name="Turtle", slug="turtle"))
    assert counts(import_catalog(kaggle(tmp_path, {}))) == {"unchanged": 1}
    assert Product.objects.get().brand.name == "Turtle"


def test_a_row_without_a_picture_is_imported_with_a_warning(tmp_path):
    result = import_catalog(kaggle(tmp_path, {"id": "1"}, {"id": "2"}), archive(tmp_path, **{"1": RED}))
    assert counts(result) == {"created": 2, "images": 1, "warnings": 1}
    [problem] = result["problems"]
    assert (problem["row"], problem["column"], problem["value"]) == (3, "id", "2")
    assert problem["reason"] == "The archive has no picture for this SKU; the product has none."
    assert problem["skipped"] is False


@pytest.mark.parametrize("name", ["", "NA", "  "])
def test_a_row_without_a_name_is_skipped_and_listed(tmp_path, name):
    result = import_catalog(kaggle(tmp_path, {"id": "1", "productDisplayName": name}, {"id": "2"}))
    assert counts(result) == {"created": 1, "skipped": 1}
    [problem] = result["problems"]
    assert (problem["row"], problem["column"], problem["skipped"]) == (2, "productDisplayName", True)
    assert problem["reason"] == "The cell is empty."


def test_a_name_with_commas_and_no_quotation_marks_is_taken_whole(tmp_path):
    row = [*kaggle_row(productDisplayName="Sushilla Women Kurta"), " Red", " Pack of 2"]
    result = import_catalog(kaggle(tmp_path, row))
    assert counts(result) == {"created": 1, "warnings": 1}
    assert Product.objects.get().name == "Sushilla Women Kurta, Red, Pack of 2"


def test_a_row_with_too_few_cells_is_skipped(tmp_path):
    result = import_catalog(kaggle(tmp_path, kaggle_row()[:7]))
    assert counts(result) == {"skipped": 1}
    assert result["problems"][0]["reason"] == "The row has 7 cells where the header has 10."


def test_an_id_that_comes_twice_counts_once(tmp_path):
    result = import_catalog(kaggle(tmp_path, {"id": "1", "season": "Fall"}, {"id": "1", "season": "Winter"}))
    assert counts(result) == {"created": 1, "skipped": 1}
    assert Product.objects.get().season == "Fall"
    assert result["problems"][0]["reason"] == "This SKU is in row 2 already; the first one counts."


@pytest.mark.parametrize("column", [name for name in KAGGLE_HEADER if name != "year"])
def test_a_missing_column_is_named_before_anything_is_written(tmp_path, column):
    at = KAGGLE_HEADER.index(column)
    lines = [row[:at] + row[at + 1 :] for row in (KAGGLE_HEADER, kaggle_row())]
    with pytest.raises(CommandError, match=f"The file lacks the column {column}. It has: "):
        import_catalog(table(tmp_path / "styles.csv", *lines))
    assert not Product.objects.exists()


def test_a_file_of_another_kind_is_refused_with_the_names_of_what_it_lacks(tmp_path):
    with pytest.raises(CommandError, match="lacks the columns sku, name, category"):
        import_catalog(table(tmp_path / "x.csv", ["a", "b"], ["1", "2"]))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        import_catalog(tmp_path / "styles.csv")


def test_a_row_that_cannot_be_read_stops_the_import_before_it_begins(tmp_path):
    path = kaggle(tmp_path, {"id": "1"})
    with path.open("a") as file:
        file.write('2,"never closed\n' + "x\n" * 100)
    with pytest.raises(CommandError, match="perhaps a quotation mark is never closed"):
        import_catalog(path)
    assert not Product.objects.exists()


def test_only_so_many_rows_are_read(tmp_path):
    result = import_catalog(kaggle(tmp_path, *({"id": str(n)} for n in range(9))), limit=4)
    assert counts(result) == {"created": 4}


def test_skus_that_differ_only_in_punctuation_get_pages_of_their_own(tmp_path):
    rows = [{"id": sku} for sku in ("A/1", "A 1", "A-1", "a-1", "!", "?")]
    assert counts(import_catalog(kaggle(tmp_path, *rows))) == {"created": 6}
    assert len(set(Product.objects.values_list("slug", flat=True))) == 6


def test_a_slug_that_another_product_has_is_not_taken(tmp_path):
    make_product(sku="other", slug="turtle-check-men-navy-blue-shirt-1")
    assert counts(import_catalog(kaggle(tmp_path, {"id": "1"}))) == {"created": 1}


def test_formulas_are_stored_as_the_text_they_are(tmp_path):
    import_catalog(kaggle(tmp_path, {"productDisplayName": '=HYPERLINK("http://x")'}))
    assert Product.objects.get().name == '=HYPERLINK("http://x")'


def test_people_get_counts_and_the_first_problems(tmp_path, capsys):
    rows = [{"id": str(number), "productDisplayName": ""} for number in range(30)]
    call_command("import_catalog", kaggle(tmp_path, *rows))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Row 2, productDisplayName: The cell is empty."
    assert lines[-2] == "… and 10 more; --json lists them all."
    assert lines[-1] == "rows 30, created 0, changed 0, unchanged 0, skipped 30, images 0, warnings 0"


def test_under_the_strict_policy_one_bad_row_stops_everything_and_all_of_them_are_told(tmp_path, capsys):
    path = kaggle(
        tmp_path, *({"id": sku, "productDisplayName": name} for sku, name in zip("123", "A  ", strict=True))
    )
    with pytest.raises(CommandError, match=r"because rows were refused \(2\)"):
        call_command("import_catalog", path, policy="refuse_all")
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(",")[0] for line in lines[:-1]] == ["Row 3", "Row 4"]
    assert lines[-1].startswith("rows 3, created 1, changed 0, unchanged 0, skipped 2")
    assert not Product.objects.exists()
    assert counts(import_catalog(path, policy="refuse_all", preview=True)) == {"created": 1, "skipped": 2}


def test_the_same_file_again_is_told_to_have_changed_nothing(tmp_path, capsys):
    path = kaggle(tmp_path, {"id": "1"})
    call_command("import_catalog", path)
    assert "Nothing changed" not in capsys.readouterr().out
    call_command("import_catalog", path)
    assert capsys.readouterr().out.splitlines()[-1] == "Nothing changed, nothing was written."


def test_a_row_with_two_warnings_counts_as_one_row(tmp_path):
    rows = [{"id": "1", "season": "x" * 31, "usage": "x" * 51}, {"id": "2", "season": "x" * 31}]
    result = import_catalog(kaggle(tmp_path, *rows), policy="ignore_fields")
    assert (result["warnings"], len(result["problems"])) == (2, 3)


def test_under_the_lenient_policy_bad_values_are_left_out(tmp_path):
    rows = {"id": "1", "season": "x" * 31}, {"id": "2", "productDisplayName": "x" * 201}
    result = import_catalog(kaggle(tmp_path, *rows), policy="ignore_fields")
    assert counts(result) == {"created": 1, "skipped": 1, "warnings": 1}
    assert Product.objects.get().season == ""


def test_a_preview_counts_like_the_import_and_writes_nothing(tmp_path):
    import_catalog(kaggle(tmp_path, {"id": "1"}, {"id": "2"}), archive(tmp_path, **{"1": RED, "2": BLUE}))
    rows = (
        {"id": "1"},
        {"id": "2", "season": "Winter"},
        {"id": "3", "articleType": "New"},
        {"id": ""},
        {"id": "5"},
    )
    files = (
        kaggle(tmp_path, *rows),
        archive(tmp_path, **{"1": GREEN, "2": BLUE, "3": RED, "5": b"no picture"}),
    )
    with CaptureQueriesContext(connection) as queries:
        foreseen = import_catalog(*files, preview=True)
    assert writes(queries) == []
    done = import_catalog(*files)
    assert counts(foreseen) == {"created": 2, "changed": 2, "skipped": 1, "images": 2, "warnings": 1}
    assert done == foreseen


def test_a_product_that_has_a_picture_already_needs_none_from_the_archive(tmp_path):
    make_image(make_product(sku="1", name="Old"))
    result = import_catalog(kaggle(tmp_path, {"id": "1"}), archive(tmp_path))
    assert counts(result) == {"changed": 1}
