"""Which pictures an import stores, and what becomes of those a product has."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from PIL import Image

from catalog.models import Product, ProductImage
from similarity.models import Embedding
from tests.catalog.imports.files import archive, kaggle, table, zip_bytes
from tests.factories import make_image, make_product, picture_bytes

pytestmark = pytest.mark.django_db(transaction=True)

RED, BLUE, GREEN = (picture_bytes(colour) for colour in ("red", "blue", "green"))


def import_catalog(*args: Any, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import_catalog", *args, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def colours(sku: str = "1") -> list[str]:
    """What a product's pictures show, in their order."""
    pixels = [Image.open(i.picture).getpixel((5, 5)) for i in Product.objects.get(sku=sku).images.all()]
    return [("red", "green", "blue")[pixel.index(max(pixel))] for pixel in pixels]


def test_several_pictures_of_a_product_come_in_their_order(tmp_path):
    pictures = archive(
        tmp_path, {"1_10.jpg": GREEN, "1-2.png": picture_bytes("blue", format="PNG"), "1.jpg": RED}
    )
    assert import_catalog(kaggle(tmp_path, {"id": "1"}), pictures)["images"] == 3
    assert colours() == ["red", "blue", "green"]


def test_a_column_may_name_the_pictures(tmp_path):
    rows = [["sku", "name", "category", "images"], ["1", "Shirt", "Shirts", "Back.JPG; front.jpg; gone.jpg"]]
    pictures = archive(tmp_path, {"a/front.jpg": RED, "b/back.jpg": BLUE, "1.jpg": GREEN})
    result = import_catalog(table(tmp_path / "shop.csv", *rows), pictures)
    assert colours() == ["blue", "red"]
    assert [(p["row"], p["value"], p["reason"]) for p in result["problems"]] == [
        (2, "gone.jpg", "The archive has no picture of this name.")
    ]


def test_a_folder_for_each_sku_is_a_usual_layout(tmp_path):
    pictures = {"p/1/1.jpg": RED, "p/1/2.jpg": BLUE, "p/2/1.jpg": GREEN}
    result = import_catalog(kaggle(tmp_path, {"id": "1"}, {"id": "2"}), archive(tmp_path, pictures))
    assert (colours("1"), colours("2"), result["problems"]) == (["red", "blue"], ["green"], [])


def test_a_table_of_skus_and_pictures_adds_pictures_to_products_that_exist(tmp_path):
    make_product(sku="1", name="Kept")
    rows = ["sku", "pictures"], ["1", "a/front.jpg"], ["2", "a/front.jpg"]
    result = import_catalog(table(tmp_path / "p.csv", *rows), archive(tmp_path, {"a/front.jpg": RED}))
    assert (result["changed"], result["skipped"], result["created"]) == (1, 1, 0)
    assert [(p["row"], p["value"], p["reason"]) for p in result["problems"]] == [
        (3, "2", "There is no product with this SKU.")
    ]
    assert colours() == ["red"]
    assert Product.objects.get().name == "Kept"


def test_a_changed_picture_takes_the_place_of_the_old_one(tmp_path):
    table = kaggle(tmp_path, {"id": "1"})
    import_catalog(table, archive(tmp_path, **{"1": RED}))
    before = ProductImage.objects.get()
    old_file = Path(before.picture.path)
    result = import_catalog(table, archive(tmp_path, **{"1": BLUE}))
    assert (result["changed"], result["images"]) == (1, 1)
    after = ProductImage.objects.get()
    assert after.pk == before.pk
    assert colours() == ["blue"]
    assert not old_file.exists()
    assert Embedding.objects.get().checksum == after.checksum


def test_pictures_that_staff_has_added_stay(tmp_path):
    table = kaggle(tmp_path, {"id": "1"})
    import_catalog(table, archive(tmp_path, **{"1": RED}))
    make_image(Product.objects.get(), GREEN, position=1)
    import_catalog(table, archive(tmp_path, **{"1": BLUE}))
    assert colours() == ["blue", "green"]


def test_an_order_that_staff_has_changed_stays(tmp_path):
    files = kaggle(tmp_path, {"id": "1"}), archive(tmp_path, {"1.jpg": RED, "1-1.jpg": BLUE})
    import_catalog(*files)
    ProductImage.objects.filter(position=0).update(position=5)
    assert import_catalog(*files)["unchanged"] == 1
    assert colours() == ["blue", "red"]


def test_a_picture_that_cannot_be_read_is_a_warning_on_its_row(tmp_path):
    rows = {"id": "1"}, {"id": "2"}
    result = import_catalog(kaggle(tmp_path, *rows), archive(tmp_path, **{"1": b"%PDF-1.7", "2": BLUE}))
    assert (result["created"], result["images"], result["warnings"]) == (2, 1, 1)
    [problem] = result["problems"]
    assert (problem["row"], problem["value"]) == (2, "1.jpg")
    assert problem["reason"] == "The file is a PDF; save the picture as JPEG, PNG or WebP and try again."
    assert Product.objects.get(sku="1").images.count() == 0


def test_a_mended_picture_is_taken_the_next_time(tmp_path):
    table = kaggle(tmp_path, {"id": "1"})
    import_catalog(table, archive(tmp_path, **{"1": b"%PDF-1.7"}))
    assert import_catalog(table, archive(tmp_path, **{"1": RED}))["images"] == 1


def test_the_same_picture_twice_in_one_gallery_is_stored_once(tmp_path):
    pictures = {"1.jpg": RED, "1-1.jpg": RED, "1-2.jpg": RED + b"the same pixels"}
    result = import_catalog(kaggle(tmp_path, {"id": "1"}), archive(tmp_path, pictures))
    assert colours() == ["red"]
    assert [p["reason"] for p in result["problems"]] == ["The product has this picture already."]


def test_products_may_share_a_picture(tmp_path, media):
    result = import_catalog(
        kaggle(tmp_path, {"id": "1"}, {"id": "2"}), archive(tmp_path, **{"1": RED, "2": RED})
    )
    assert result["images"] == 2
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


def test_a_file_that_was_deleted_while_it_was_shared_is_stored_anew(tmp_path):
    image = make_image(make_product(), RED)
    Path(image.picture.path).unlink()
    import_catalog(kaggle(tmp_path, {"id": "1"}), archive(tmp_path, **{"1": RED}))
    assert colours() == ["red"]


def test_problems_of_the_archive_are_listed(tmp_path):
    pictures = archive(tmp_path, {"1.jpg": RED, "../2.jpg": RED, "more.zip": zip_bytes({"3.jpg": RED})})
    result = import_catalog(kaggle(tmp_path, {"id": "1"}), pictures)
    assert [(p["row"], p["column"], p["reason"]) for p in result["problems"]] == [
        (0, "../2.jpg", "The file name leads out of the archive."),
        (0, "more.zip", "Archives inside the archive are not opened."),
    ]
